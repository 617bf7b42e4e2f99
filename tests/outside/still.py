"""A world that stands still: the shipped sample, at a fixed time, of a build and a program with fixed names.

These are fixed before an answer is made, not masked afterwards: they also stand in the compressed parts of papers,
workbooks and pictures, and decide how long a line is.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard import edition
from dashboard.campaign.folder import CampaignFolder
from dashboard.ground.files import private_store
from dashboard.ground.processes import runner
from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN
from dashboard.web import first_page
from etl.pipeline import build
from etl.publish import kept_inputs
from tests.charts_over_http import answer_alone
from tests.worked_here import WorkersHere

MOMENT = datetime(2022, 3, 1, 12, tzinfo=UTC)
"""The time of all builds and requests."""
BUILD_ID = "5a3b1e0c5a3b1e0c"
PROGRAM = "9" * 64
"""The program's edition, a part of receipts."""
_READS_CLOCK = re.compile(r"\b(?:datetime\.now|date\.today)\(")


class _StandsFor(type):
    """Makes an instance of a replaced class an instance of its replacement too."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.__mro__[1])


class _Date(date, metaclass=_StandsFor):
    """`date` on the day of `MOMENT`."""

    def __new__(cls, *parts: Any, **named: Any) -> date:  # type: ignore[misc]
        return date(*parts, **named)

    @classmethod
    def today(cls) -> date:  # type: ignore[override]
        return MOMENT.date()


class _Datetime(datetime, metaclass=_StandsFor):
    """`datetime` at `MOMENT`."""

    def __new__(cls, *parts: Any, **named: Any) -> datetime:  # type: ignore[misc]
        return datetime(*parts, **named)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return MOMENT.astimezone(tz)


@contextmanager
def stand_still() -> Iterator[pytest.MonkeyPatch]:
    """Stop the clock, name build and program, set nothing, and have files made in this process, as long as it lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DASHBOARD_")]:
            patch.delenv(name)
        _stop_clock(patch)
        for module in (build, kept_inputs):
            patch.setattr(module, "build_id", lambda *_, **__: BUILD_ID)
        patch.setattr(private_store, "secrets", SimpleNamespace(token_hex=lambda size: "0" * 2 * size))
        patch.setattr(edition, "hash_package", lambda *_: PROGRAM)
        workers = WorkersHere()
        patch.setattr(runner, "default_workers", lambda: workers)
        patch.setattr(first_page, "MOST_SECONDS", 60)
        edition.edition.cache_clear()
        try:
            with answer_alone(patch):
                yield patch
        finally:
            edition.edition.cache_clear()


def _stop_clock(patch: pytest.MonkeyPatch) -> None:
    """Have every module that asks for the time get the same."""
    for path in [*(PROJECT / "dashboard").rglob("*.py"), *(PROJECT / "etl").rglob("*.py")]:
        if _READS_CLOCK.search(path.read_text(encoding="utf-8")):
            module = import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts))
            for name, real, fixed in (("datetime", datetime, _Datetime), ("date", date, _Date)):
                if getattr(module, name, None) is real:
                    patch.setattr(module, name, fixed)


def copy_shipped(root: Path) -> CampaignFolder:
    """Return a campaign folder as a fresh clone has it: the shipped files, nothing published."""
    for name in ("codelists", "recipes", "samples"):
        shutil.copytree(SHIPPED_CAMPAIGN / name, root / name)
    shutil.copyfile(SHIPPED_CAMPAIGN / "campaign.toml", root / "campaign.toml")
    return CampaignFolder(root)
