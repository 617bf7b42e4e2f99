"""Folders that all processes of one run of the tests share: the first that needs one makes it, the others wait."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def share_folder(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of that name of this run, filled by `make` where no process has done so yet; do not write into it."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / "shared between processes" / name
    folder.parent.mkdir(exist_ok=True)
    done = folder.with_name(f"{name} is whole")
    with FileLock(folder.with_name(f"{name}.lock")):
        if not done.exists():
            make(folder)
            done.touch()
    return folder
