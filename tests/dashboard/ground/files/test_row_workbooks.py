"""A workbook that the disk refuses: the error is the system's, whenever it comes."""

import errno
import gc
import sys
from pathlib import Path

import pytest

from dashboard.ground.files.row_workbooks import RowsWorkbook


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("rows", [1, 20_000])
def test_a_sheet_on_a_full_disk_raises_the_systems_own_error_at_its_end_or_before(monkeypatch, rows):
    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", lambda: "/dev/full")

    with pytest.raises(OSError, match="No space left") as caught:
        _write(rows)
    assert caught.value.errno == errno.ENOSPC
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)  # openpyxl cannot close its open files either
    del caught
    gc.collect()


def _write(rows: int) -> None:
    sheet = RowsWorkbook().create_sheet("A")
    for _ in range(rows):
        sheet.append(["Fictional"])
    sheet.close()
