"""Every real export beside this project is read to its last row, or refused in one clear sentence."""

import re
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import pytest

from etl.readers.exports import open_export
from etl.readers.files import EXTENSIONS
from etl.readers.sheets import ReadError
from tests.cases import of_which
from tests.etl.files import EXPORTS, load_sheet, read_with_csv_module

NOT_FOR_OPENPYXL = {"issue_419.xlsx"}
REFUSED = {"pass_protected.xlsx": "password", "too_small.xls": "has the name of a workbook", "promises.json": "JSON"}
ENCODINGS = {"utf-16le_encoded.csv": "utf-16", "table-with-accents.csv": "latin-1"}
SEMICOLONS = {"results-survey673185.csv", "simple.ssv", "issue-1232.csv", "table-with-accents.csv",
              "weird_head_padding.csv"}  # fmt: skip
FILES = sorted(path for path in EXPORTS.rglob("*") if path.is_file() and path.suffix.lower() in EXTENSIONS | {".json"})

pytestmark = pytest.mark.skipif(not FILES, reason="the real exports are not beside this project")


def _name(path: Path) -> str:
    return path.relative_to(EXPORTS).as_posix()


def _is_tried(place: int, path: Path) -> bool:
    """Choose the small ones of rare formats, and every third of the others."""
    return path.stat().st_size < 300_000 and (path.suffix not in {".csv", ".xlsx"} or place % 3 == 0)


def _decode(text: str) -> str:
    """Text with the characters that workbooks write as _x000D_, which openpyxl leaves so."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def _filled(rows):
    return [(row[0], [str(cell) for cell in row[1:] if cell is not None]) for row in rows]


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@pytest.mark.parametrize("path", of_which(FILES, _is_tried), ids=_name)
def test_every_export_is_read_to_its_last_row_or_refused_clearly(path):
    if path.name in REFUSED:
        with pytest.raises(ReadError, match=REFUSED[path.name]) as caught:
            open_export(path)
        assert re.fullmatch(r"[^\n]+\.", caught.value.what)
        assert re.fullmatch(r"[^\n]+\.", caught.value.remedy)
        return
    with open_export(path) as export:
        read: list[tuple[Any, list[Any]]] = [(sheet, load_sheet(export, sheet)) for sheet in export.sheets]
    for sheet, rows in read:
        assert all(len(row) == sheet.width + 1 for row in rows)
        numbers = [row[0] for row in rows]
        assert numbers == sorted(set(numbers))
        shown = {number: row for number, row in enumerate(sheet.preview, 1) if any(row)}
        assert shown == {number: tuple(row) for number, *row in rows if number <= len(sheet.preview)}
    if path.suffix in {".csv", ".ssv"}:
        [(_, rows)] = read
        text = path.read_bytes().decode(ENCODINGS.get(path.name, "utf-8-sig"))
        expected = read_with_csv_module(text, ";" if path.name in SEMICOLONS else ",")
        assert len(rows) == len(expected)
        assert _filled(rows) == _filled(expected)
    elif path.suffix in {".xlsx", ".xlsm"} and path.name not in NOT_FOR_OPENPYXL:
        _compare_with_openpyxl(path, {sheet.name: rows for sheet, rows in read})
    elif path.suffix in {".xls", ".xlsb", ".ods"}:
        reader = fastexcel.read_excel(path)
        for number, (_, rows) in enumerate(read):
            batch = reader.load_sheet(number, header_row=None, dtypes="string").to_arrow().to_pylist()
            assert len(rows) == sum(any((cell or "").strip() for cell in row.values()) for row in batch)


def _compare_with_openpyxl(path: Path, sheets):
    """Numbers and dates are written in another way; rows and texts are the same."""
    book = openpyxl.load_workbook(path, data_only=True)
    assert list(sheets) == [sheet.title for sheet in book.worksheets]
    for sheet in book.worksheets:
        cells = [
            (row, cell.value)
            for (row, _), cell in sorted(sheet._cells.items())
            if cell.value is not None and cell.data_type != "e" and str(cell.value).strip()
        ]
        assert [row[0] for row in sheets[sheet.title]] == sorted({row for row, _ in cells})
        texts = [text for _, texts in _filled(sheets[sheet.title]) for text in texts]
        assert [t for t, (_, v) in zip(texts, cells, strict=True) if isinstance(v, str)] == [
            _decode(v).strip() for _, v in cells if isinstance(v, str)
        ]
