"""Properties of any table: every row and every text of it is read back."""

import csv
import datetime as dt
import math
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.readers.exports import open_export
from etl.readers.sheets import strip_text
from tests.etl.files import load_sheet

slow = settings(suppress_health_check=list(HealthCheck))

# Characters that break readers more often than others, and any other that a file may hold.
CHARACTERS = st.sampled_from(list("aé ,;|\t\n\"'=+-@#0\u00a0\ufeff’🌍中")) | st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
)
TEXTS = st.text(CHARACTERS, max_size=12)
WESTERN = st.text("abc éàñüçÉ ,;|\t\n\"'=+-", max_size=12)
NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda n: round(n, 6))
DATES = st.datetimes(dt.datetime(1905, 1, 1), dt.datetime(2199, 1, 1)).map(lambda day: day.replace(microsecond=0))


def tables(texts):
    """Tables of three columns: texts, numbers, dates and nothing."""
    cell = st.none() | texts | NUMBERS | DATES
    return st.lists(st.tuples(cell, cell, cell), max_size=12)


def make_frame(rows):
    """Make a table as pandas holds it, with every cell as it was given."""
    return pd.DataFrame([list(row) for row in rows], columns=["Ref", "Maker", "Promise"], dtype=object)


def read(path):
    """Return rows of the only sheet: number and cells."""
    with open_export(path) as export:
        (sheet,) = export.sheets
        return load_sheet(export, sheet)


def assert_same(found, rows):
    """Fail unless every row that is not blank is there under its number, with every cell as written."""
    kept = [(number, row) for number, row in enumerate(rows, 2) if any(_is_value(cell) for cell in row)]
    assert [row[0] for row in found] == [1, *(number for number, _ in kept)]
    assert found[0][1:] == ("Ref", "Maker", "Promise")
    for (_, *cells), (_, row) in zip(found[1:], kept, strict=True):
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, float):
                assert math.isclose(float(cell), value, rel_tol=1e-14)
            elif isinstance(value, dt.datetime):
                assert dt.datetime.fromisoformat(cell) == value
            else:
                assert cell == strip_text(None if value is None else str(value))


def _is_value(cell):
    return strip_text(cell) is not None if isinstance(cell, str) else cell is not None


WRITTEN = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]).flatmap(
    lambda encoding: st.tuples(st.just(encoding), tables(WESTERN if encoding == "cp1252" else TEXTS))
)


@pytest.mark.drawn
@settings(slow)
@given(
    WRITTEN,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_comes_back_from_csv(written, delimiter, line_end, quoting):
    encoding, rows = written
    delimiter = delimiter if encoding != "cp1252" else {"\t": ",", "|": ";"}.get(delimiter, delimiter)
    with TemporaryDirectory() as place:
        path = Path(place) / "a.csv"
        make_frame(rows).to_csv(
            path, index=False, sep=delimiter, encoding=encoding, lineterminator=line_end, quoting=quoting
        )
        assert_same(read(path), rows)


@pytest.mark.drawn
@settings(slow)
@given(tables(TEXTS))
def test_any_table_comes_back_from_xlsx(rows):
    book = openpyxl.Workbook()
    for row in [("Ref", "Maker", "Promise"), *rows]:
        book.active.append(row)
    for row in book.active:
        for cell in row:
            if cell.data_type in "fe":  # a text that begins with =, or is the name of an error
                cell.data_type = "s"
    with TemporaryDirectory() as place:
        path = Path(place) / "a.xlsx"
        book.save(path)
        assert_same(read(path), rows)
