"""Delimited text of every encoding, delimiter, line end and defect; both ways, and ranges, give the same table."""

import csv
import io
import itertools
import random
import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from etl.readers import delimited, text
from etl.readers.delimited import DelimitedFile
from etl.readers.exports import open_export
from etl.readers.files import Limits
from etl.readers.sheets import ReadError
from etl.readers.text_ranges import TextCut, cut_ranges, load_range, scan_block
from tests.cases import of_which, some
from tests.etl.files import load, load_sheet, read_with_csv_module, write

FRENCH = "réf;thème\n1;Éducation – « accès »\n2;œuvre d’État\n"
FRENCH_ROWS = [(1, "réf", "thème"), (2, "1", "Éducation – « accès »"), (3, "2", "œuvre d’État")]


def read(path, allow_fast=True):
    """Way taken, width, preview and rows of a text file."""
    file = DelimitedFile(path, allow_fast=allow_fast)
    try:
        sheet = file.sheets[0]
        return "fast" if file._plain else "slow", sheet.width, sheet.preview, load_sheet(file, sheet)
    finally:
        file.close()


def test_encodings(tmp_path, monkeypatch):
    contents = [
        FRENCH.encode(name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")
    ]
    contents.append("\ufeff".encode("utf-16-be") + FRENCH.encode("utf-16-be"))  # the other way round
    for chunk in (text.CHUNK, 7):  # letters stand across two of them
        monkeypatch.setattr(text, "CHUNK", chunk)
        for content in contents:
            assert load(write(tmp_path / "a.csv", content)) == FRENCH_ROWS
    assert load(write(tmp_path / "a.csv", b"nom\nCaf\xe9"))[-1] == (2, "Café")  # which UTF-8 would go on with
    latin = b"nom;x\nFran\xe7ois;\x81a\n"  # and a byte without a meaning
    assert load(write(tmp_path / "a.csv", latin)) == [(1, "nom", "x"), (2, "François", "\x81a")]


@pytest.mark.nightly
def test_one_late_letter_decides_the_encoding_of_the_whole_file(tmp_path):
    count = 2 * text.CHUNK // len("1,Training\n")
    lines = "ref,title\n" + "1,Training\n" * count
    for encoding in ("cp1252", "utf-8"):
        assert load(write(tmp_path / "a.csv", lines + "2,État\n", encoding))[-1] == (count + 2, "2", "État")


def test_two_files_of_different_separators_in_one_are_refused_and_signs_in_texts_are_not(tmp_path):
    rows = ["a,b,c,d", "1,x,y,z", "2,x; y; z; w,y,z", "3,x; y; z; w,y,z"]
    with pytest.raises(ReadError, match="“both.csv” has rows that “;” separates, such as row 5, and others with “,”"):
        load(write(tmp_path / "both.csv", "\n".join([*rows, "4;x;y;z", "5;x, and y;y;z", ""])))
    assert len(load(write(tmp_path / "one.csv", "\n".join([*rows, "4,x", ""])))) == 5


def test_two_files_of_different_encodings_glued_together_and_one_cut_short(tmp_path):
    content = "ref,title\n1,Éducation – accès à l’école\n".encode() + "2,État\n".encode("cp1252")
    assert load(write(tmp_path / "a.csv", content))[1:] == [(2, "1", "Éducation – accès à l’école"), (3, "2", "État")]
    assert load(write(tmp_path / "b.csv", b"\xef\xbb\xbf" + content))[0] == (1, "ref", "title")
    with pytest.raises(ReadError, match="cut short"):
        load(write(tmp_path / "c.csv", FRENCH.encode("utf-16")[:-1]))


def test_delimiters_whatever_the_name(tmp_path):
    for name in ("a.csv", "a.tsv", "a.txt", "a.ssv", "A.CSV"):
        for delimiter in (",", ";", "\t", "|"):
            path = write(tmp_path / name, f"ref{delimiter}title\n1{delimiter}A\n2{delimiter}B\n")
            assert load(path) == [(1, "ref", "title"), (2, "1", "A"), (3, "2", "B")]


def test_the_delimiter_is_told_from_other_characters(tmp_path):
    for content, width in (
        ("ref;share\n1;2,5\n2;3,5\n", 2),  # decimal commas
        ("1,5;2,5\n3,5;4,5\n", 2),
        ("Register\n\nref;share;part\n1;2,5;0,5\n2;3,5;0,1\n", 3),
        ("Time,Themes\n2021,a;b;c\n2022,d;\n", 2),  # choices joined by semicolons
        ("Name,Themes (a; b)\n", 2),
        ("Nom;Thèmes, s'il y en a\n", 2),
        ('ref,"Title; or name"\n1,"a; b"\n2,"c; d"\n', 2),
        ("1,2,3\n4,5,6\n", 3),
        ("comment\nI like it very much\nyes\n", 1),
        ("ref|title\n1|a, b, c\n2|d, e, f\n", 2),
        ("ref\ttitle\n1\ta, b\n2\tc, d\n", 2),
        ("Prose, with commas, of no table\nref;a;b\n1;2;3\n4;5;6\n7;8;9\n", 3),
    ):
        assert max(len(row) - 1 for row in load(write(tmp_path / "a.csv", content))) == width, content


def test_a_declared_delimiter_is_no_row(tmp_path):
    for mark in ("", "\ufeff"):
        for line in ("sep=;\n", "sep=;\r\n", '"sep=;"\n', "SEP=;\r\n"):
            path = write(tmp_path / "a.csv", mark + line + "a,b;c\n1,2;3\n")
            assert load(path) == [(1, "a,b", "c"), (2, "1,2", "3")]


def test_blank_lines_count_as_rows_but_are_none(tmp_path):
    path = write(tmp_path / "a.csv", "\nTitle of the register\n\nref,title\n1,A\n \n,\n\n2,B\n\n\n")
    way, width, preview, rows = read(path)
    assert rows == [(2, "Title of the register", None), (4, "ref", "title"), (5, "1", "A"), (9, "2", "B")]
    assert (way, width) == ("slow", 2)
    assert preview[:4] == ((None, None), ("Title of the register", None), (None, None), ("ref", "title"))


def test_a_wide_row_far_down_makes_the_table_as_wide(tmp_path):
    path = write(tmp_path / "a.csv", "a,b\n" + "1,2\n" * 5000 + "1,2,lost?\n" + "1,2,,,\n")
    way, width, preview, rows = read(path)
    assert (way, width) == ("slow", 3)
    assert all(len(row) == 3 for row in preview)
    assert rows[-2:] == [(5002, "1", "2", "lost?"), (5003, "1", "2", None)]


def test_white_space_around_values_is_no_part_of_them(tmp_path):
    odd = "\u00a0\u202f\u3000\ufeff\u200b"
    path = write(tmp_path / "a.csv", f"a,b,c\n x ,\t\u00a0é\u00a0,{odd}\n\u00a0,,   \n{odd}y{odd},a\u00a0b,'z'\n")
    expected = [(1, "a", "b", "c"), (2, "x", "é", None), (4, "y", "a\u00a0b", "'z'")]
    assert load(path) == expected
    assert read(path)[2][1:4] == (("x", "é", None), (None, None, None), ("y", "a\u00a0b", "'z'"))
    wide = ",".join(f"\u00a0{n} " for n in range(300))
    assert load(write(tmp_path / "b.csv", wide + "\n")) == [(1, *map(str, range(300)))]


def test_values_stay_as_they_are_written_but_for_stray_nul_bytes(tmp_path):
    written = ["00123", "1e5", "TRUE", "NULL", "nan", "2021-09-01", "1,5", "#note", "\\N", "a\\", "=1+1", "'"]
    written += ["+1", "-1", "@a", "'quoted", "NA", "None"]
    content = "".join(f"{value};x\n" for value in written)
    assert [row[1] for row in load(write(tmp_path / "a.csv", content))] == written
    stray = b"ref,title\n1,A\0B\n\0,\0\n"
    assert load(write(tmp_path / "a.csv", stray)) == [(1, "ref", "title"), (2, "1", "AB")]


def test_preview_has_forty_rows_as_a_spreadsheet_shows_them(tmp_path):
    content = 'n,"two\nlines"\n' + "".join(f"{n},x\n\n" for n in range(100))
    _, _, preview, _ = read(write(tmp_path / "a.csv", content))
    assert len(preview) == 40
    assert preview[:4] == (("n", "two\nlines"), ("0", "x"), (None, None), ("1", "x"))


def test_a_quotation_that_never_ends_or_is_too_long_to_be_a_cell_names_its_row(tmp_path):
    for rest in ("", "2,B\n", "2,B\n" * 2000):
        with pytest.raises(ReadError, match=r"begins in row 3 of “a\.csv” is never closed"):
            load(write(tmp_path / "a.csv", 'ref,title\n\n1,"A\n' + rest))
    path = write(tmp_path / "a.csv", 'ref,title\n1,"A\n' + "2,B\n" * 1000 + '"\n')
    limit = csv.field_size_limit()
    try:
        with pytest.raises(ReadError, match="begins in row 2"):
            open_export(path, limits=Limits(cell_characters=1000))
    finally:
        csv.field_size_limit(limit)


def test_a_long_text_is_a_cell_but_a_line_without_end_and_a_row_wider_than_any_spreadsheet_are_no_table(
    tmp_path, monkeypatch
):
    long = "child labour, " * 150_000
    assert load(write(tmp_path / "a.csv", f'a,b\n1,"{long}x"\n')) == [(1, "a", "b"), (2, "1", long + "x")]
    with pytest.raises(ReadError, match=r"a row of 20,001 cells, more than a spreadsheet can hold"):
        load(write(tmp_path / "a.csv", "a,b\n" + "," * 20_000 + "x\n"))
    monkeypatch.setattr(text, "CHUNK", 1000)
    with pytest.raises(ReadError, match="not a table"):
        open_export(write(tmp_path / "a.csv", "x" * 9000), limits=Limits(line_bytes=3000))


def test_plain_text_is_read_the_fast_way_and_other_text_the_exact_way(tmp_path):
    for content in (
        "ref,title\n1,A\n",
        "ref,title\r\n1,A",
        "ref,title\r\n1,A\r\n\r\n\r\n",  # blank lines at the end
        'ref,title\r\n1,"A, B"\r\n',
        'ref,title\r\n1,"A\nB\n\nC"\r\n2,D\r\n',
        'ref,title\n1,"A\r\nB"\n',
        "\ufeffref;title\n1;A\n",
        "a,a,,a\n1,2,3,4\n",  # headers that repeat or are empty
    ):
        way, *fast = read(write(tmp_path / "a.csv", content))
        slow_way, *slow = read(tmp_path / "a.csv", allow_fast=False)
        assert (way, slow_way) == ("fast", "slow"), content
        assert fast == slow
    assert fast[2][0] == (1, "a", "a", None, "a")
    for content in (
        "ref,title\n1\n",  # short
        "ref,title\n\n1,A\n",  # blank line
        "ref,title\r1,A\r",  # old line ends
        'ref,title\n1,"A"\r\n2,"B"\n',  # both line ends
        'ref,title\n1, "A, B"\n',  # blank before a quotation mark
        'ref,title\n1,"A"B\n',  # text after a quotation
        "sep=,\nref,title\n1,A\n",
    ):
        assert read(write(tmp_path / "a.csv", content))[0] == "slow", content


def test_a_wrong_count_sends_the_file_the_exact_way(tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", "ref,title\n1,A\n2,B\n")
    file = DelimitedFile(path)
    assert file._plain is not None
    object.__setattr__(file._plain, "rows", 2)
    monkeypatch.setattr(file, "_load_records", lambda *_: pytest.fail("taken"), raising=True)
    with pytest.raises(pytest.fail.Exception, match="taken"):
        load_sheet(file, file.sheets[0])
    file.close()


NASTY = st.text(st.sampled_from(list("ab é,;|\t\"'\\#\n\r\u00a0")), max_size=6)
PIECES = st.sampled_from(['"', '""', '" ', ' "', ",", ";", "\n", "\r\n", "\n\n", " ", "a", "é", "\t", "|", "1,5", "\\"])


def _write_table(rows, delimiter, end, quoting):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return stream.getvalue()


TABLES = st.builds(
    _write_table,
    st.lists(st.lists(NASTY, min_size=3, max_size=3), min_size=1, max_size=6)
    | st.lists(st.lists(NASTY, max_size=4), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
PATCHWORK = st.lists(PIECES, min_size=1, max_size=30).map("".join)


@pytest.mark.drawn
@given(content=TABLES | PATCHWORK, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@example(content='a,b\r\n"1",2\r\n', encoding="utf-8")
@example(content='"""\r\n é\'""" ""\n ', encoding="utf-8")
@example(content=' "a,b"\n1,2\n', encoding="utf-8")
@example(content='"', encoding="utf-8")
@example(content=' ""', encoding="utf-8-sig")
@example(content='a,b\n1,"A\r\n\r\nB"\n', encoding="utf-8")
@example(content="a,b,,,\n1,2\n", encoding="utf-8")
@example(content='a,"b\n\n\nc"\n1,2\n\n', encoding="utf-8")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_give_the_same_table(tmp_path, content, encoding):
    assume(not content.startswith(("[", "{", "<")))
    path = write(tmp_path / "a.csv", content, encoding)

    def attempt(allow_fast):
        try:
            return read(path, allow_fast)[1:]
        except ReadError as error:
            return str(error)

    fast, slow = attempt(True), attempt(False)
    assert fast == slow
    if not isinstance(slow, str):
        _, preview, rows = slow
        for number, *cells in rows[:40]:
            if number <= len(preview):
                assert tuple(cells) == preview[number - 1]


@pytest.mark.drawn
@given(content=TABLES | PATCHWORK, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
@example(content=',\n,\n,\n""', encoding="utf-8")
@example(content='ref,title\r1,A\r2,"B"\r', encoding="utf-8")  # old line ends
@example(content='ref,title\r\n1,"A\nand\r\nmore"\r\n2,B\n3,C\r4,"D\rE"\r\n', encoding="utf-8")  # mixed ones
@example(content='ref,title\n1,"a, ""b"" and\n\nc"\n2,5" pipe\n3,""\n4,"""x"""\n', encoding="utf-8")
@example(content="a,b,c\n1\n1,2,3,4,5\n1,2\n1,2,3,,,\n", encoding="utf-8")  # shorter and longer than the header
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_rows_are_those_of_the_csv_module(tmp_path, content, encoding):
    path = write(tmp_path / "a.csv", content, encoding)
    try:
        file = DelimitedFile(path)
    except ReadError as error:
        if "breaks off" in str(error):
            assert not content.endswith(("\n", "\r"))
        else:
            assert "never closed" in str(error) or not content.strip("\r\n")
        return
    try:
        rows = load_sheet(file, file.sheets[0])
        assert not file._dialect.declared
        expected = read_with_csv_module(content, file._dialect.delimiter)
        assert [_trim(row) for row in rows] == [_trim(row) for row in expected]
    finally:
        file.close()


def _trim(row):
    return tuple(itertools.dropwhile(lambda cell: cell is None, reversed(row)))


LINES = 150_000


@pytest.fixture(scope="module")
def large_files(tmp_path_factory):
    """Return files that several threads read in parts: one of plain lines, one with line ends inside quotations."""
    folder = tmp_path_factory.mktemp("large")
    filler = "Programme de formation, for the “elimination” of child labour " * 2
    for name, head, line in (
        ("plain.csv", "number,text,other\r\n", '{n},"{filler} and ""{n}""",{other}\r\n'),
        ("broken.csv", "number,text,other\n", '{n},"{filler}\n{n},2,3\n\n",{other}\n'),
    ):
        rows = "".join(line.format(n=n, filler=filler, other=n % 7) for n in range(2, LINES + 2))
        write(folder / name, head + rows)
    return folder


PARALLEL = {"plain.csv": True, "broken.csv": False}


@pytest.mark.parametrize(
    ("setting", "name"),
    of_which(
        list(itertools.product(("plain", "transaction", "unordered"), PARALLEL)),
        lambda _, case: case == ("plain", "broken.csv"),
    ),
)
def test_rows_of_a_large_file_keep_their_numbers(large_files, name, setting):
    file = DelimitedFile(large_files / name)
    with duckdb.connect() as connection:
        connection.execute("set threads = 4")
        if setting == "unordered":
            connection.execute("set preserve_insertion_order = false")
        if setting == "transaction":
            connection.begin()
        assert file._plain is not None
        assert (file._plain.parallel, file._plain.rows) == (PARALLEL[name], LINES + 1)
        file._load_records = lambda *_: pytest.fail("the fast way was not exact")
        assert file.load(connection, file.sheets[0], "raw", 2) == LINES
        wrong = "source_row != c1::bigint or c3 != (c1::bigint % 7)::varchar or not contains(c2, c1)"
        found = connection.execute(f"select count(*), count(distinct c1) from raw where {wrong}").fetchone()  # noqa: S608
        assert found == (0, 0)
        assert connection.execute("select count(distinct source_row) from raw").fetchone() == (LINES,)
    file.close()


def test_memory_of_the_exact_way_is_bounded_by_batches(tmp_path):
    path = write(tmp_path / "a.csv", "a,b\n\n" + "1,2\n" * 50_000 + '3,"' + "x" * 3_000_000 + '"\n' + "4,5\n" * 10)
    file = DelimitedFile(path)
    schema_width = file.sheets[0].width
    batches = list(delimited._group(file._read_records(), delimited.BATCH_CELLS // schema_width))
    assert sum(map(len, batches)) == 50_013
    assert max(map(len, batches)) <= delimited.BATCH_CELLS // schema_width
    many = list(delimited._group(iter([["x" * 1_000_000]] * 40), 1000))
    assert [len(batch) for batch in many] == [17, 17, 6]
    file.close()


def test_every_white_space_character_is_stripped_the_same_way_twice(tmp_path):
    odd = [chr(code) for code in range(0x10000) if chr(code).isspace() and not re.match(r"[\r\n]", chr(code))]
    content = "n;x\n" + "".join(f"{n};{c}a{c}\n" for n, c in enumerate(odd))
    path = write(tmp_path / "a.csv", content)
    assert [row[2] for row in load(path)[1:]] == ["a"] * len(odd)
    assert [row[1] for row in read(path)[2][1:]] == ["a"] * len(odd)


RANGED = ["", "plain", "a, b", 'say "yes"', "two\nlines", 'a\n\n"quoted"\nend', "'12", "  padded ", "é" * 40, '"']


def write_cells(path: Path, rows: int, line_end: str, last_end: bool) -> None:
    drawn = random.Random(rows)  # noqa: S311
    lines = [["Ref", "Text", "Other"], *([f"r{n}", *drawn.choices(RANGED, k=2)] for n in range(rows))]
    with io.StringIO(newline="") as text:
        csv.writer(text, lineterminator=line_end).writerows(lines)
        written = text.getvalue()
    path.write_bytes((written if last_end else written.removesuffix(line_end)).encode())


@pytest.mark.parametrize(("line_end", "last_end"), some([("\r\n", True), ("\n", True), ("\n", False)], 2))
def test_ranges_come_to_the_whole_file(tmp_path: Path, line_end: str, last_end: bool) -> None:
    path = tmp_path / "export.csv"
    write_cells(path, 200, line_end, last_end)
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
    write_cells(path, 50, "\n", True)
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
