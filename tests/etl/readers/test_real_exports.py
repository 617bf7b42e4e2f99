"""Every real export beside this project is read to its last row, or refused in one clear sentence."""

import re
from pathlib import Path

import fastexcel
import openpyxl
import pytest

from etl.readers.exports import open_export
from etl.readers.files import EXTENSIONS
from etl.readers.sheets import ReadError
from tests.cases import some
from tests.etl.files import EXPORTS, load_sheet, read_with_csv_module

REFUSED = {"pass_protected.xlsx": "password", "too_small.xls": "named like a workbook", "promises.json": "JSON"}
ENCODINGS = {"utf-16le_encoded.csv": "utf-16", "table-with-accents.csv": "latin-1"}
SEMICOLONS = {
    "results-survey673185.csv",
    "simple.ssv",
    "issue-1232.csv",
    "table-with-accents.csv",
    "weird_head_padding.csv",
}
FILES = sorted(path for path in EXPORTS.rglob("*") if path.is_file() and path.suffix.lower() in EXTENSIONS | {".json"})

pytestmark = pytest.mark.skipif(not FILES, reason="the real exports are not beside this project")


def _name(path: Path) -> str:
    return path.relative_to(EXPORTS).as_posix()


def _read_all(path: Path):
    with open_export(path) as export:
        return [(sheet, load_sheet(export, sheet)) for sheet in export.sheets]


def _decode(text: str) -> str:
    """Text with the characters that workbooks write as _x000D_, which openpyxl leaves so."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def _filled(rows):
    return [(row[0], [str(cell) for cell in row[1:] if cell is not None]) for row in rows]


@pytest.mark.parametrize("path", some(FILES, 23), ids=_name)
def test_every_export_loads_or_is_refused_clearly(path):
    if path.name in REFUSED:
        with pytest.raises(ReadError, match=REFUSED[path.name]) as caught:
            open_export(path)
        assert re.fullmatch(r"[^\n]+\.", caught.value.what)
        assert re.fullmatch(r"[^\n]+\.", caught.value.remedy)
        return
    for sheet, rows in _read_all(path):
        assert all(len(row) == sheet.width + 1 for row in rows)
        numbers = [row[0] for row in rows]
        assert numbers == sorted(set(numbers))
        shown = {number: row for number, row in enumerate(sheet.preview, 1) if any(row)}
        assert shown == {number: tuple(row) for number, *row in rows if number <= len(sheet.preview)}


@pytest.mark.parametrize("path", some([path for path in FILES if path.suffix in {".csv", ".ssv"}], 8), ids=_name)
def test_text_has_the_rows_of_the_csv_module(path):
    ((_, rows),) = _read_all(path)
    text = path.read_bytes().decode(ENCODINGS.get(path.name, "utf-8-sig"))
    expected = read_with_csv_module(text, ";" if path.name in SEMICOLONS else ",")
    assert len(rows) == len(expected)
    assert _filled(rows) == _filled(expected)


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@pytest.mark.parametrize(
    "path", some([p for p in FILES if p.suffix in {".xlsx", ".xlsm"} and p.name not in REFUSED], 5), ids=_name
)
def test_workbooks_have_the_rows_of_openpyxl(path):
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except KeyError:
        pytest.skip("openpyxl cannot open it")
    sheets = {sheet.name: rows for sheet, rows in _read_all(path)}
    assert list(sheets) == [sheet.title for sheet in book.worksheets]
    for sheet in book.worksheets:
        cells = [
            (row, cell.value)
            for (row, _), cell in sorted(sheet._cells.items())
            if cell.value is not None and cell.data_type != "e" and str(cell.value).strip()
        ]
        numbers = sorted({row for row, _ in cells})
        assert [row[0] for row in sheets[sheet.title]] == numbers
        texts = [text for _, texts in _filled(sheets[sheet.title]) for text in texts]
        assert len(texts) == len(cells)
        # Numbers and dates are written in another way; texts are the same.
        assert [t for t, (_, v) in zip(texts, cells, strict=True) if isinstance(v, str)] == [
            _decode(v).strip() for _, v in cells if isinstance(v, str)
        ]


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix in {".xls", ".xlsb", ".ods"}], ids=_name)
def test_other_workbooks_have_the_filled_rows_of_calamine(path):
    if path.name in REFUSED:
        pytest.skip("it is refused")
    reader = fastexcel.read_excel(path)
    for number, (_, rows) in enumerate(_read_all(path)):
        batch = reader.load_sheet(number, header_row=None, dtypes="string").to_arrow().to_pylist()
        assert len(rows) == sum(any((cell or "").strip() for cell in row.values()) for row in batch)
