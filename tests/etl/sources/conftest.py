"""Spare every test of sources the pauses, and reading all of this computer's authorities each time."""

from functools import cache
from pathlib import Path

import pytest

from dashboard import outbound
from etl.sources import kobotoolbox

_make_tls = cache(outbound.make_tls)


@pytest.fixture(autouse=True)
def nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Exports are asked for at once, authorities are read once, and the test's own folder is released to sources."""
    monkeypatch.setattr(kobotoolbox, "_PAUSES", (0.0,))
    monkeypatch.setattr(outbound, "make_tls", _make_tls)
    monkeypatch.setenv("DASHBOARD_SOURCE_FOLDERS", str(tmp_path))
