"""The program's own command line, run by the tests: in their own process, or in one of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.campaign.folder import CampaignFolder
from dashboard.engines import lend
from dashboard.paths import PROJECT
from etl.__main__ import app
from etl.pipeline.build import Built, build

FILLED_TABLES = "select table_name from duckdb_tables() where estimated_size > 0"
"""Those that have rows: two in three have none."""


def run_etl(*arguments, stdin=None) -> subprocess.CompletedProcess[str]:
    """Run `python -m etl` without a separate process; raise an error that it does not expect.

    Its stderr is the part after the line that names the command's campaign.
    """
    command = [*map(str, arguments)]
    answer = CliRunner().invoke(app, command, input=stdin, catch_exceptions=False, prog_name="python -m etl")
    return subprocess.CompletedProcess(command, answer.exit_code, answer.stdout, leave_out_campaign(answer.stderr))


def run_on(folder: CampaignFolder, *arguments, code: int | None = 0, stdin=None) -> subprocess.CompletedProcess[str]:
    """Run a command on a campaign; fail unless it ends with this exit code, or with any for None."""
    done = run_etl(*arguments, "--campaign", folder.root, stdin=stdin)
    assert code in (None, done.returncode), f"{arguments}: {done.stdout}{done.stderr}"
    return done


@contextmanager
def building_once(place: Path, *modules: ModuleType) -> Iterator[None]:
    """Let modules that build the same inputs one after another build them once, into a folder."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        made = list[Built]()

        def build_once(folder: CampaignFolder, _place: Path, **options: Any) -> nullcontext[Built]:
            if not made:
                made.append(stack.enter_context(build(folder, place, **options)))
            return nullcontext(made[0])

        for module in modules:
            patch.setattr(module, "build", build_once)
        yield


def leave_out_campaign(said: str) -> str:
    """Return a command's stderr after the line that names its campaign."""
    return re.sub(r"\ACampaign: .+\n", "", said)


def start_etl(*arguments, timeout=120) -> subprocess.CompletedProcess[str]:
    """Run `python -m etl` as a process, to test its start, its exit code and its streams."""
    return subprocess.run(
        [sys.executable, "-m", "etl", *map(str, arguments)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def last_json(process) -> dict:
    """Return the last line that a command printed, as JSON."""
    return json.loads(process.stdout.splitlines()[-1])


def published(folder: CampaignFolder) -> dict:
    """Read the pointer."""
    return json.loads((folder.published / "current.json").read_text(encoding="utf-8"))


def history_file(folder: CampaignFolder) -> list[dict]:
    """Read the history file."""
    return json.loads((folder.published / "history.json").read_text(encoding="utf-8"))


def titles(snapshot: Path) -> set[str]:
    """Return the titles of a snapshot's actions."""
    with lend({"snapshot": snapshot}) as engine:
        return {title for (title,) in engine.execute("select title from snapshot.actions").fetchall()}


def published_titles(folder: CampaignFolder) -> set[str]:
    """Return the titles of the published snapshot's actions."""
    return titles(folder.published / published(folder)["snapshot"])


def inbox(folder: CampaignFolder) -> dict[str, bytes]:
    """Return the inbox's files and their contents."""
    return read_files(folder.inbox)


def read_files(root: Path) -> dict[str, bytes]:
    """Read the files of a folder and their contents, but for locks and logs."""
    files = [path for path in sorted(root.rglob("*")) if not path.name.endswith((".lock", ".jsonl"))]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files if path.is_file()}
