"""Compare the figures of a file with the expected ones, whatever its format.

Presenters may change the words of a slide: where no number changed with them, they are only a remark. Everywhere else,
names of rows and members included, a difference is a deviation.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from io import BytesIO
from itertools import zip_longest
from math import isclose
from typing import Any, Literal, NamedTuple

from PIL import Image, ImageChops

from dashboard.errors import N_, Sentence, sentence
from dashboard.web.verifying.deviation import (
    NOTHING,
    OTHER_WORDS,
    Comparison,
    find_number,
    have_same_numbers,
    join_words,
    say_place,
    show,
    squeeze,
    write,
)

WORDS_FOR_PICTURE = sentence(N_("words for the picture"))
WHOLE_FILE, TABLE, CHART = sentence(N_("the whole file")), sentence(N_("the table")), sentence(N_("chart"))
MISSING = N_("It is not there, and is not compared: {place}.")
FOREIGN = N_("It is not the dashboard’s, and is not compared: {place}.")
OTHERWISE_DRAWN = sentence(N_("something else")), sentence(N_("what this program draws"))
OTHERWISE_PAINTED = N_(
    "The picture is as it was made, and this computer paints it otherwise: it has other fonts, or the figures and the "
    "receipt were both forged. Compare it with the picture at the receipt’s address."
)
MOST_PIXELS = 60_000_000
_CLOSE = 1e-9
_MOST_TITLED = 1_000
"""The rows of a table in which a presenter's words are looked for."""
_LONGEST_DIFF = 20_000
"""The number of figures above which they are compared in their order, without the best match."""


class Figure(NamedTuple):
    """A text, or a row of values, of a file.

    Attributes:
        place: Empty in a table, which names its cells.
        cells: A text alone, or the values of a row.
        is_free: Whether a presenter may put it in other words.
    """

    place: str
    cells: Sequence[Any]
    is_free: bool = False


class Block(NamedTuple):
    """Figures of a file that stand together.

    Attributes:
        kind: How they are compared. `texts` and `chart`: in their order. `table`, `sheet` and `values`: by the names
            of rows and columns, which the first row has. `additions`: what was added. `shapes`, `letters` and `pages`
            are drawn, `pictures` painted.
        columns: What the cells of a shape are.
    """

    name: str
    figures: Sequence[Figure]
    kind: Literal["texts", "chart", "table", "sheet", "values", "additions", "shapes", "letters", "pages", "pictures"]
    columns: Sequence[str] = ()
    formulas: Any = None
    """A function that gives the formula at a row and a column."""

    def read_cell(self, row: int, column: int) -> Any:
        """Return the value of a cell; None where the row is shorter."""
        cells = self.figures[row].cells
        return cells[column] if column < len(cells) else None

    def name_cell(self, row: int, column: int) -> str:
        """Name the place of a cell, for people."""
        place, header = self.figures[row].place, self.figures[0].cells
        if place:
            return say_place(place, self.columns[column]) if self.columns else place
        if self.kind == "sheet":
            return say_place(self.name, sentence(N_("cell {cell}"), cell=f"{name_column(column)}{row + 1}"))
        name = header[column] if column < len(header) else None
        return say_place(self.name, *say_cell(row + 1, column + 1 if name in (None, "") else name))


_TABLES, _DRAWN = ("table", "sheet", "values"), ("shapes", "letters", "pages")
_COUNTS = {"shapes": N_("{number} shapes"), "letters": N_("{number} shapes"), "pages": N_("{number} pages")}
_COUNTS |= {"texts": N_("{number} texts"), "chart": N_("{number} texts")}


def say_cell(row: Any, column: Any) -> tuple[Sentence, Sentence]:
    """Say in which row and column something stands, by their numbers or names."""
    return sentence(N_("row {row}"), row=str(row)), sentence(N_("column {column}"), column=str(column))


def name_column(number: int) -> str:
    """Return a column's letters, counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def compare(actual: Iterable[Block], expected: Iterable[Block]) -> Comparison:
    """Compare all figures of a file with those of the file made again."""
    result = Comparison()
    ours, theirs = _number_blocks(actual), _number_blocks(expected)
    for key, block in theirs.items():
        our_block = ours.pop(key, None)
        if our_block is not None:
            _compare_blocks(result, our_block, block)
        elif block.kind == "chart":
            result.differ(block.name, NOTHING, CHART)
        elif block.kind not in ("letters", "additions"):  # pictures of earlier editions have no letters
            result.remark(sentence(MISSING, place=block.name))
    for block in ours.values():
        if block.kind not in ("letters", "additions"):
            result.remark(sentence(FOREIGN, place=block.name))
    return result


def _number_blocks(blocks: Iterable[Block]) -> dict[tuple[str, str, int], Block]:
    """Return blocks by kind and name, those that share them in their order."""
    occurrences: Counter[tuple[str, str]] = Counter()
    numbered: dict[tuple[str, str, int], Block] = {}
    for block in blocks:
        occurrences[block.kind, block.name] += 1
        numbered[block.kind, str(block.name), occurrences[block.kind, block.name]] = block
    return numbered


def _compare_blocks(result: Comparison, ours: Block, theirs: Block) -> None:
    is_table, is_drawn = theirs.kind in _TABLES, theirs.kind in _DRAWN
    if theirs.kind == "pages" and result.deviations:
        return
    number = len(theirs.figures) if is_drawn else sum(len(one.cells) for one in theirs.figures)
    result.compared += number
    if theirs.kind == "pictures":
        _compare_pictures(result, ours, theirs)
        return
    if not is_drawn:
        titled = ours.figures[:_MOST_TITLED] if is_table else ours.figures
        result.words += join_words(cell for one in titled for cell in one.cells if isinstance(cell, str))
    if theirs.kind == "additions":
        _compare_additions(result, ours, theirs)
    elif [len(one.cells) for one in ours.figures] == [len(one.cells) for one in theirs.figures] and (
        len(cells := _list_differing(ours, theirs)) <= max(20 if is_table else 3, number // 10) or is_drawn
    ):
        for cell in cells:
            _note(result, ours, theirs, cell)
    elif is_table:
        _compare_by_names(result, ours, theirs)
    elif is_drawn or max(len(ours.figures), len(theirs.figures)) > _LONGEST_DIFF:
        _count(result, ours, theirs)
    else:
        _compare_in_order(result, ours, theirs)


Cell = tuple[int, int, int, int]
"""Where a cell stands: its row and column in the file, then in the one made again."""


def _list_differing(ours: Block, theirs: Block) -> list[Cell]:
    return [
        (row, column, row, column)
        for row, (actual, expected) in enumerate(zip(ours.figures, theirs.figures, strict=True))
        if actual.cells != expected.cells
        for column in range(len(expected.cells))
        if not _is_same(ours, theirs, (row, column, row, column))
    ]


def _is_same(ours: Block, theirs: Block, cell: Cell) -> bool:
    """Return whether two cells are the same; a program that computes no formulas leaves no values of unchanged ones."""
    says, should = ours.read_cell(*cell[:2]), theirs.read_cell(*cell[2:])
    if says is None and should is not None and theirs.formulas is not None:
        formula = theirs.formulas(*cell[2:])
        return formula is not None and formula == ours.formulas(*cell[:2])
    return same(says, should)


def _note(result: Comparison, ours: Block, theirs: Block, cell: Cell) -> None:
    is_free = ours.figures[cell[0]].is_free or theirs.figures[cell[2]].is_free
    says, should = ours.read_cell(*cell[:2]), theirs.read_cell(*cell[2:])
    place = ours.name_cell(*cell[:2])
    if theirs.kind in _DRAWN:
        words = OTHERWISE_DRAWN if theirs.kind == "pages" else (says, should)
        result.differ(place, *words, is_text=False)
    else:
        _note_text(result, place, says, should, is_free=is_free)


def _note_text(result: Comparison, place: str, says: Any, should: Any, *, is_free: bool) -> None:
    """Note a text that differs: as a remark, where it is free and its numbers are the same."""
    if is_free and have_same_numbers(says, should):
        result.remark(sentence(OTHER_WORDS, place=place))
    else:
        result.differ(place, says, should)


def _count(result: Comparison, ours: Block, theirs: Block) -> None:
    """Note that there are more or fewer figures, where nothing says which is which."""
    count = _COUNTS.get(theirs.kind, N_("{number} rows"))
    numbers = (sentence(count, number=len(block.figures)) for block in (ours, theirs))
    result.differ(theirs.name, *numbers, is_text=theirs.kind not in _DRAWN)


def _compare_in_order(result: Comparison, ours: Block, theirs: Block) -> None:
    """Compare texts by the best match; distinguish missing and added ones from changed ones."""
    texts, expected = ([squeeze(one.cells[0]) for one in block.figures] for block in (ours, theirs))
    for what, begin, end, begin_made, end_made in SequenceMatcher(None, texts, expected, autojunk=False).get_opcodes():
        if what != "equal":
            for actual, remade in zip_longest(ours.figures[begin:end], theirs.figures[begin_made:end_made]):
                first, second = actual or remade._replace(cells=("",)), remade or actual._replace(cells=("",))
                is_free = first.is_free or second.is_free
                if not same(first.cells[0], second.cells[0]):
                    _note_text(result, first.place, first.cells[0], second.cells[0], is_free=is_free)


def _compare_by_names(result: Comparison, ours: Block, theirs: Block) -> None:
    """Compare columns by their headers and rows by their first cell that names them."""
    columns = _pair_columns(result, ours, theirs) if ours.figures and theirs.figures else {}
    key = _find_key(theirs, columns)
    if key is None:
        _count(result, ours, theirs)
        return
    rows = {write(ours.read_cell(number, columns[key])): number for number in range(1, len(ours.figures))}
    matched = []
    for expected_row, expected in enumerate(theirs.figures[1:], start=1):
        name = expected.cells[key]
        row = rows.pop(write(name), None)
        if row is None:
            place = say_place(ours.name, say_cell(show(name), "")[0])
            result.differ(place, sentence(N_("is not there")), sentence(N_("a row")))
            continue
        matched.append(row)
        for expected_column, column in columns.items():
            cell = (row, column, expected_row, expected_column)
            if not _is_same(ours, theirs, cell):
                _note(result, ours, theirs, cell)
    for name, row in rows.items():
        if name:
            result.differ(say_place(ours.name, say_cell(row + 1, "")[0]), name, NOTHING)
    if matched != sorted(matched):
        result.remark(sentence(N_("Rows stand in another order: {place}."), place=ours.name))


def _pair_columns(result: Comparison, ours: Block, theirs: Block) -> dict[int, int]:
    """Find each column of the one in the other, by its header; note missing ones as remarks."""
    headers = [write(cell) for cell in ours.figures[0].cells]
    header_by_place = {place: write(cell) for place, cell in enumerate(theirs.figures[0].cells)}
    for header in header_by_place.values():
        if header and header not in headers:
            missing = N_("The column {column} is not there, and is not compared: {place}.")
            result.remark(sentence(missing, column=show(header), place=ours.name))
    return {place: headers.index(header) for place, header in header_by_place.items() if header in headers}


def _find_key(expected: Block, columns: Iterable[int]) -> int | None:
    """Find the first column whose cells name the rows: filled, and each once."""
    for place in columns:
        cells = [write(expected.read_cell(row, place)) for row in range(1, len(expected.figures))]
        if all(cells) and len(set(cells)) == len(cells):
            return place
    return None


def _compare_additions(result: Comparison, ours: Block, theirs: Block) -> None:
    """Compare texts of which only those count that were added: programs drop others when they save a file."""
    expected = defaultdict[str, list[str]](list)
    for one in theirs.figures:
        expected[one.place].append(squeeze(one.cells[0]))
    for one in dict.fromkeys(ours.figures):
        text, near_texts = squeeze(one.cells[0]), expected[one.place]
        if text not in near_texts:
            near = next(iter(get_close_matches(text, near_texts, 1, 0)), NOTHING)
            if not (one.is_free and have_same_numbers(text, near)):
                result.differ(one.place, text, near, is_text="!" not in text)


def _compare_pictures(result: Comparison, ours: Block, theirs: Block) -> None:
    """Compare pictures by their look: each expected one must be there; what others show cannot be read."""
    for one in theirs.figures:
        if not any(_look_same(picture.cells[0], one.cells[0]) for picture in ours.figures):
            says, should = sentence(N_("another picture")), sentence(N_("the picture of the chart"))
            result.differ(one.place, says, should, is_text=False)
    if len(ours.figures) > len(theirs.figures):
        added = N_("A picture was added, and what it shows cannot be read: {place}.")
        result.remark(sentence(added, place=theirs.name))


def _look_same(actual: bytes, expected: bytes) -> bool:
    try:
        return actual == expected or find_difference(actual, expected) is None
    except ValueError:
        return False


def find_difference(actual: bytes, expected: bytes) -> Sentence | None:
    """Find between which corners, in pixels, two pictures differ; None where they look the same.

    Raises:
        ValueError: one is no readable picture.
    """
    ours, theirs = (_open_picture(content) for content in (actual, expected))
    are_alike = ours.size == theirs.size
    box = ImageChops.difference(ours, theirs).getbbox(alpha_only=False) if are_alike else (0, 0, *ours.size)
    if box is None:
        return None
    corner, other = f"({box[0]}, {box[1]})", f"({box[2]}, {box[3]})"
    return sentence(N_("the picture, between {corner} and {other}"), corner=corner, other=other)


def _open_picture(content: bytes) -> Any:
    try:
        picture = Image.open(BytesIO(content))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too large")
        return picture.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error


def same(actual: Any, expected: Any) -> bool:
    """Return whether two values are the same: numbers as numbers, in any saved form; blanks do not count."""
    if actual == expected:
        return True
    if isinstance(actual, bool) or isinstance(expected, bool):
        return str(actual).casefold() == str(expected).casefold()
    numbers = find_number(actual), find_number(expected)
    if numbers[0] is not None and numbers[1] is not None:
        return isclose(*numbers, rel_tol=_CLOSE, abs_tol=1e-12)  # type: ignore[arg-type]
    return squeeze(write(actual)) == squeeze(write(expected))
