"""A workbook that the disk refuses: the error is the system's, whenever it comes."""

import errno
from pathlib import Path

import pytest

from dashboard.ground.files.workbooks import RowsWorkbook


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("rows", [1, 20_000])
def test_a_sheet_on_a_full_disk_raises_the_systems_own_error_at_its_end_or_before(monkeypatch, rows):
    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", lambda: "/dev/full")
    sheet = RowsWorkbook().create_sheet("A")

    def write():
        for _ in range(rows):
            sheet.append(["Fictional"])
        sheet.close()

    with pytest.raises(OSError, match="No space left") as caught:
        write()
    assert caught.value.errno == errno.ENOSPC
