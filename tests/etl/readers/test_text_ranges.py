"""Text files cut into ranges: whatever is cut where, the rows are those of the whole, with their numbers."""

import csv
import io
import random
from pathlib import Path

import duckdb
import pytest

from etl.readers.exports import open_export
from etl.readers.text_ranges import TextCut, cut_ranges, load_range, scan_block
from tests.cases import some

CELLS = ["", "plain", "a, b", 'say "yes"', "two\nlines", 'a\n\n"quoted"\nend', "'12", "  padded ", "é" * 40, '"']


def write(path: Path, rows: int, line_end: str, last_end: bool) -> None:
    drawn = random.Random(rows)  # noqa: S311
    lines = [["Ref", "Text", "Other"], *([f"r{n}", *drawn.choices(CELLS, k=2)] for n in range(rows))]
    with io.StringIO(newline="") as text:
        csv.writer(text, lineterminator=line_end).writerows(lines)
        written = text.getvalue()
    path.write_bytes((written if last_end else written.removesuffix(line_end)).encode())


@pytest.mark.parametrize(("line_end", "last_end"), some([("\r\n", True), ("\n", True), ("\n", False)], 2))
def test_ranges_come_to_the_whole_file(tmp_path: Path, line_end: str, last_end: bool) -> None:
    path = tmp_path / "export.csv"
    write(path, 200, line_end, last_end)
    with open_export(path) as export, duckdb.connect() as connection:
        plain, marked = export.plain
        assert export.load(connection, export.sheets[0], "whole", 2) == 200
        whole = connection.execute("from whole order by source_row").fetchall()
        for count in (1, 2, 7, 25):
            cut = TextCut(plain, 3, marked, path.stat().st_size)
            ranges = cut_ranges([scan_block(path, *block) for block in cut.blocks(count)], cut.size, plain.rows)
            assert count / 2 < len(ranges) <= count  # in some stretches no record begins
            rows = []
            for records in ranges:
                assert load_range(connection, cut, records, "part", 2, tmp_path)
                rows += connection.execute("from part order by source_row").fetchall()
                connection.execute("drop table part")
            assert rows == whole


def test_a_range_that_is_not_as_counted_refuses_itself(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    write(path, 50, "\n", True)
    with open_export(path) as export, duckdb.connect() as connection:
        plain, marked = export.plain
        cut = TextCut(plain, 3, marked, path.stat().st_size)
        first, second = cut_ranges([scan_block(path, *block) for block in cut.blocks(2)], cut.size, plain.rows)
        assert not load_range(connection, cut, first._replace(rows=first.rows + 1), "short", 2, tmp_path)
        assert not load_range(
            connection, cut, second._replace(start=second.start + 1, end=cut.size - 9), "t", 2, tmp_path
        )


def test_a_block_need_not_hold_the_beginning_of_a_record(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text('Ref,Text\n1,"' + "long\n" * 2000 + '"\n2,short\n', encoding="utf-8")
    blocks = [(start, min(start + 100, path.stat().st_size)) for start in range(0, path.stat().st_size, 100)]
    ranges = cut_ranges([scan_block(path, *block) for block in blocks], path.stat().st_size, 3)
    assert [(r.rows_before, r.rows) for r in ranges] == [(0, 2), (2, 1)]
