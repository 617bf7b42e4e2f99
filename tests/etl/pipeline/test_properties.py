"""What holds for any table: every row and text is read back, and only the content of the files decides the result."""

import csv
import datetime as dt
import io
import math
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from etl.pipeline.build import build
from etl.readers.exports import open_export
from etl.readers.sheets import strip_text
from tests.etl.campaigns import ask, make_campaign
from tests.etl.files import load_sheet

PROVENANCE = {"source_file", "source_row", "sheet", "action_no", "report_no", "row", "first_file", "first_row"}
PER_FILE = {"input_files", "input_sheets", "merged_rows", "rejected_rows", "unmatched_values", "check_results"}

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
    """A table as pandas holds it, with every cell as it was given."""
    return pd.DataFrame([list(row) for row in rows], columns=["Ref", "Maker", "Promise"], dtype=object)


def read(path):
    """Rows of the only sheet: number and cells."""
    with open_export(path) as export:
        (sheet,) = export.sheets
        return load_sheet(export, sheet)


def assert_same(found, rows):
    """Every row that is not blank is there under its number, and every cell holds what was written."""
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


SENT = st.dates(dt.date(2021, 1, 1), dt.date(2021, 12, 30)).map(str)
MAKERS = st.sampled_from(["Imaginary Union", "imaginary union ", "Fictional Farms", "Sample Co-op"])
ACTIONS = st.lists(
    st.tuples(
        st.integers(1, 6).map(str),
        MAKERS,
        st.sampled_from(["Train inspectors", "Survey farms", "Map the cocoa", ""]),
        SENT,
        st.sampled_from(["Kenya", "France; Peru", "Nowhere", ""]),
    ),
    max_size=8,
    unique_by=lambda row: row[3],  # of two sent in the same moment, the lower row stands
)
REPORTS = st.lists(
    st.tuples(
        st.integers(1, 8).map("OFF-{}".format),
        MAKERS,
        SENT,
        st.sampled_from(["Completed", "In progress", "Nearly there", "Who knows", ""]),
        st.sampled_from(["", "0", "45", "100"]),
    ),
    max_size=8,
    unique_by=lambda row: row[2],
)
HEADERS = {
    "a": ["Ref", "Maker", "Promise", "Sent", "Where"],
    "r": ["Report", "Ref", "Maker", "Sent", "State", "Progress"],
}


def write_files(actions, reports, parts, reverse=False):
    """The exports of a campaign: rows dealt out to `parts` files, in order or backwards, under swapped names."""
    files = {}
    numbered = [(str(n), *row) for n, row in enumerate(reports, 1)]
    for kind, rows in (("a", actions), ("r", numbered)):
        for part in range(parts):
            stream = io.StringIO(newline="")
            dealt = rows[part::parts]
            csv.writer(stream).writerows([HEADERS[kind], *(reversed(dealt) if reverse else dealt)])
            files[f"{kind}{parts - part if reverse else part}.csv"] = stream.getvalue()
    return files


def build_content(folder):
    """Build id and content of a snapshot: every table without what says where rows came from, as sorted rows."""
    with build(folder, folder.published) as result, duckdb.connect(result.snapshot) as connection:
        content = {}
        for (table,) in ask(connection, "select table_name from duckdb_tables()"):
            columns = [row[0] for row in ask(connection, f"describe {table}")]
            wanted = [column for column in columns if column not in PROVENANCE]
            rows = ask(connection, f"select {', '.join(wanted)} from {table}")  # noqa: S608
            content[table] = sorted(map(repr, rows))
        return result.build_id, content


def without(content):
    """The content that belongs to the campaign, not to a file or a build."""
    return {table: rows for table, rows in content.items() if table not in PER_FILE | {"campaign"}}


# Each example is four builds, so there are few, the same in every run, and none is made smaller by trying.
# What `make test` tries of this stands in tests/acceptance/test_order_independence.py.
@pytest.mark.nightly
@settings(slow, max_examples=3, phases=(Phase.explicit, Phase.generate), derandomize=True)
@given(ACTIONS, REPORTS, st.integers(1, 3))
def test_only_content_decides(actions, reports, parts):
    with TemporaryDirectory() as place:
        files = write_files(actions, reports, parts)
        folder = make_campaign(Path(place) / "one", files)
        build_id, content = build_content(folder)
        other = make_campaign(Path(place) / "other", write_files(actions, reports, parts, reverse=True))
        assert without(build_content(other)[1]) == without(content), "order of rows and files"
        extra = folder.inbox / "extra.csv"
        extra.write_text(
            "Ref,Maker,Promise,Sent\n3,Imaginary Union,Another promise,2021-07-01\n99,New,Other,2021-01-01\n"
        )
        assert build_content(folder)[0] != build_id
        extra.unlink()
        assert build_content(folder) == (build_id, content), "a file taken out again, and building twice"


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@a", "'quoted", '"', "a\nb", "1e5", "00012", "TRUE", "NA", "None"]
)
def test_texts_that_programs_like_to_change(tmp_path, value):
    make_frame([("x", value, "y")]).to_csv(tmp_path / "a.csv", index=False)
    assert read(tmp_path / "a.csv")[1] == (2, "x", value, "y")
