"""Files that workers make, made in the test's process: most tests are about their content, not their maker.

`ground/processes/test_runner.py`, and one test of each kind of file, cover the process itself.
"""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dashboard.campaign.reporting import evidence_cleaning, evidence_store
from dashboard.errors import UserError
from dashboard.ground.processes.child import RESULT
from dashboard.ground.processes.runner import Handle, Result, Workers


class WorkersHere(Workers):
    """Workers that start no process: a job is done when it has been asked for."""

    def start(
        self,
        module: str,
        arguments: Sequence[str] = (),
        text: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> Handle:
        """Do the job of that module; `result` raises its refusal, as that of a process."""
        handle = Handle(lambda: self._begin(module, arguments, text, environment), self.words)
        try:
            handle.set_result(_work(module, json.loads(text)))
        except UserError as refusal:
            handle.set_exception(refusal)
        return handle


def _work(module: str, arguments: dict[str, Any]) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, RESULT)
        report = json.dumps(import_module(module).answer_job(arguments | {"to": str(target)}))
        return Result(json.loads(report), report, target.read_bytes())


def clean_here(patch: pytest.MonkeyPatch) -> None:
    """Have files that are handed in cleaned here, without limits of memory; `test_evidence.py` covers the process."""
    from PIL import Image

    patch.setattr(evidence_store, "cleaners", WorkersHere())
    patch.setattr(evidence_cleaning, "answer_job", evidence_cleaning.clean, raising=False)
    if sys.platform != "win32":
        patch.setattr("resource.setrlimit", lambda *_: None)
    patch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)  # which the cleaning changes
