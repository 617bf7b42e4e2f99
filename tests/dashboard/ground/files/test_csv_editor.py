"""CSV text changed cell by cell: read as Python's reader does, and nothing else is written otherwise."""

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.ground.files.csv_editor import CsvError, CsvText, parse_rows

WORDS = st.text(st.sampled_from("ab é,;\t\"|\n'="), max_size=6)
LINE_END = re.compile(r"\r\n|\r")
ENDS = ("\n", "\r\n", "\r")


def read(text, delimiter):
    """Return the lines of a text as Python's reader has them, where line ends are those of the program."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return [line or [""] for line in csv.reader(io.StringIO(plain), delimiter=delimiter)]


@st.composite
def files(draw):
    """Return a file as a spreadsheet or a person writes it: its text, its delimiter and its line end."""
    delimiter, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(ENDS))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    rows = draw(st.lists(st.lists(WORDS, min_size=1, max_size=5), min_size=1, max_size=5))
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([["code", "label", "notes", "more"], *rows])
    text = draw(st.sampled_from(["", "\ufeff"])) + target.getvalue().replace("\n", end if "\r" not in end else "\n")
    return (text.rstrip("\r\n") if draw(st.booleans()) else text), delimiter


@given(st.sampled_from(",;\t"), st.text(st.sampled_from('"ab ,;\t\n\ré'), max_size=20))
@example(",", '"a""')
@example(";", '"a"b;"c')
@example(",", "a,\r\r\n,")
def test_whatever_stands_in_a_file_is_taken_apart_as_the_reader_takes_it(delimiter, rest):
    text = f"code{delimiter}label{delimiter}more\n{rest}"

    lines = [[cell.value for cell in line.cells] for line in CsvText(text).lines]

    assert lines == read(text, delimiter)[1:]
    rows = [[LINE_END.sub("\n", cell) for cell in row] or [""] for row in parse_rows(text)]
    assert rows[1:] == lines


@given(files(), st.data())
def test_a_changed_cell_leaves_all_other_characters_as_they_are(file, data):
    text, delimiter = file
    before = CsvText(text)
    if not before.lines:
        return
    line = data.draw(st.sampled_from(before.lines))
    column, value = data.draw(st.sampled_from(["code", "label", "more"])), data.draw(WORDS)
    place = before.header.index(column)

    after = before.with_cells(line, {column: value})

    expected = read(text, delimiter)
    cells = expected[line.number - 1]
    cells += [""] * (place + 1 - len(cells))
    cells[place] = value
    assert read(after, delimiter) == expected
    start, kept = line.start, len(text) - line.end
    assert after.startswith(text[:start]) and after.endswith(text[len(text) - kept :])
    others = [cell for number, cell in enumerate(line.cells) if number != place]
    assert all(text[cell.start : cell.end] in after for cell in others)


@given(files(), st.data())
def test_a_line_more_or_fewer_leaves_all_other_lines_as_they_are(file, data):
    text, delimiter = file
    before, values = CsvText(text), {"code": data.draw(WORDS), "more": data.draw(WORDS)}
    after = data.draw(st.sampled_from([None, *before.lines]))

    more = before.with_line(values, after)

    expected = read(text, delimiter)
    place = after.number if after else len(expected)
    expected.insert(place, [values["code"], "", "", values["more"]])
    assert read(more, delimiter) == expected
    with_more = CsvText(more)
    back = with_more.without_lines([with_more.lines[place - 1]])
    assert back.rstrip("\r\n") == text.rstrip("\r\n") or back == text
    fewer = before.without_lines(before.lines[::2])
    assert read(fewer, delimiter) == [rows[0], *rows[2::2]] if (rows := read(text, delimiter)) else not fewer
    wider = CsvText(before.with_column("label_pt"))
    assert wider.header == ["code", "label", "notes", "more", "label_pt"]
    assert len(wider.lines) == len(before.lines) and wider.text.endswith(
        text[before.lines[0].start :] if before.lines else ""
    )


def test_a_file_whose_quote_is_never_closed_is_not_changed():
    file = CsvText('code,label\na,b\nc,"d\n')

    with pytest.raises(CsvError, match="never closed"):
        file.with_line({"code": "e"})
