"""Read the values in a cell and their meanings; the column as a whole decides which signs separate several.

A recipe names separators. A comma (or another sign of names) that nowhere in the column stands between two understood
values belongs to names, as in *Congo, Dem. Rep.*, once another sign separates. A separator that the recipe does not
name is found where it explains values that were not understood.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cache, lru_cache
from typing import NamedTuple

from etl.pipeline.staging import CHOICE_SEPARATOR
from etl.recipes.fields import PLACES, STATUSES
from etl.texts.folding import Folding
from etl.texts.plain import is_question, plain

ALPHA2 = "alpha-2"  # ISO 3166 codes of two letters: known in capitals only, and not where they are answers as well
_IN_NAMES = (",", "/", "-", "&", "and", "et", "y")  # other signs that names hold
_OTHER_SEPARATORS = (";", "|", "\n", "/", ",")
_FEWEST_CELLS = 2  # that a separator missing in the recipe must explain
_MOSTLY = 0.9
_SIGNS = frozenset(";,|/\n\t&-" + CHOICE_SEPARATOR)  # signs that folding makes a blank, whatever stands beside them
_LONGEST_JOIN = 4  # pieces that are tried together: an option may contain the separator
_MAKER_OF_COUNTRY = re.compile(r"\s+[-–—]\s+")
# A body of a country behind its name: no company or person that a country's name stands before (Jordan - Smith & Co.).
_OF_STATE = re.compile(
    r"\b(?:minist|govern|gouvern|gobiern|department|departement|departamento|secretari|direct|parliament|parlement"
    r"|parlamento|municip|city|ciudad|ville|county|provinc|court|tribunal|attorney|ombuds|defensor|embass|ambassade"
    r"|embajada|inspec|national|nacional|federal|office|oficina|bureau|agenc|commission|comision|council|conseil"
    r"|consejo|authorit|autorid|autorite|institut|polic|labou?r|travail|trabajo|public|state)"
)
# The words behind the comma in inverted names of countries: `Congo, Dem. Rep.`
_REST_OF_PLACE = re.compile(
    r"(?:(?:the|of|and|du|de|la|les|el|los|dem|democratic|democratique|democratica|rep|republic|republique|republica"
    r"|islamic|islamique|islamica|arab|arabe|fed|federal|federated|federation|states|state|sts|etats?|estados?|united"
    r"|unie?|unida|unidos|province|people|peoples|s|populaire|popular|plurinational|plurinacional|bolivarian"
    r"|bolivarienne|bolivariana|former|yugoslav|south|north|east|west|sud|nord|sur|norte|sar|rb|fyr|pdr|dr)(?: |$))+"
)


# The mark of a footnote behind a word: `Completed¹`, `Ghana (2)`, `Niger [a]`.
_FOOTNOTE = re.compile(r"(?<=[\w)\]])\s*(?:[¹²³⁰⁴-⁹*†‡§]+|\[(?:\d{1,2}|[a-z])\]|\((?:\d{1,2}|[a-z])\))\s*$")


class Meaning(NamedTuple):
    """The meaning of one spelling, and the line of `spellings.csv` that settles it, if one does."""

    codelist: str
    code: str
    line: int | None = None


class Value(NamedTuple):
    """One of the values in a cell.

    Attributes:
        meanings: Its meanings; none where it is unknown.
        mark: The sign between it and the value before; None for the first.
    """

    text: str
    meanings: tuple[Meaning, ...]
    mark: str | None = None


class Mark(NamedTuple):
    """A sign in one cell: whether it stands between values, the reason, and whether all values are known."""

    cell: str
    sign: str
    is_separator: bool
    decided_by: str
    is_understood: bool


class Words(NamedTuple):
    """The possible meanings of the words of one field.

    Attributes:
        settled_meanings: The meanings that staff settled, by list and the form for comparisons.
        recipe_meanings: The recipe's value map, by field and folded spelling.
        meanings: The codelists' spellings, by list and folded spelling.
        starts: Lists the beginnings of longer spellings, as whole words (`list_starts`); None where any may.
    """

    field: str
    codelist: str
    settled_meanings: Mapping[tuple[str, str], list[Meaning]]
    recipe_meanings: Mapping[tuple[str, str], list[Meaning]]
    meanings: Mapping[tuple[str, str], Meaning]
    fold: Folding
    starts: Callable[[], Set[str]] | None = None

    def look_up(self, text: str) -> list[Meaning]:
        """Look up the meanings of one text; nothing where it is unknown, or a status asks instead of stating."""
        asks = self.codelist == STATUSES and is_question(text)
        key = text.strip() if asks else self.fold(text)
        mapped = self.settled_meanings.get((self.codelist, key)) or self.recipe_meanings.get((self.field, key))
        if asks:
            return mapped or []
        if mapped is not None:
            return mapped
        meaning = self.meanings.get((self.codelist, self.fold(text)))
        if meaning is None and self.codelist == PLACES:
            meaning = self.meanings.get((ALPHA2, text.strip()))
        if meaning is None and (bare := _FOOTNOTE.sub("", text)) != text:
            return self.look_up(bare)
        return [meaning] if meaning else []


def list_starts(folded: Iterable[str]) -> set[str]:
    """List the beginnings of these folded spellings: their first word, their first two and so on, but never all."""
    starts = set()
    for spelling in folded:
        blank = spelling.find(" ")
        while blank >= 0:
            starts.add(spelling[:blank])
            blank = spelling.find(" ", blank + 1)
    return starts


def learn_cells(cells: Iterable[tuple[str, Sequence[str]]], fold: Folding) -> None:
    """Fold every text in cells that a look-up may need where these separators are tried; `_read` joins the others."""
    texts: set[str] = set()
    for cell, separators in cells:
        pieces = [piece for piece, _ in _split(cell, separators)]
        if len(pieces) < 2 or not _are_signs(separators):
            texts.add(cell)
        texts.update(pieces)
        if _MAKER_OF_COUNTRY.search(cell):
            texts.update(_MAKER_OF_COUNTRY.split(text)[0] for text in (cell, *pieces))
    fold.learn(texts)


@lru_cache(maxsize=256)
def _are_signs(separators: tuple[str, ...]) -> bool:
    """Return whether a cell folds to its folded pieces in a row, since nothing but signs stands between them."""
    return _SIGNS.issuperset("".join(separators))


def read_cells(cells: Iterable[str], separators: Sequence[str], words: Words) -> dict[str, list[Value]]:
    """Read the values of each cell of a field, each cell by itself."""
    look_up = cache(words.look_up)
    return {cell: _read(cell, tuple(separators), words, look_up) for cell in cells}


def read_column(
    cells: Iterable[str], separators: Sequence[str], words: Words
) -> tuple[dict[str, list[Value]], list[Mark]]:
    """Read the values of each cell of a column that takes several; list its signs as separators or parts of names."""
    read = read_cells(cells, separators, words)
    proven = {value.mark for values in read.values() for value in _behind_another(values)}
    bare = {(sign or "").strip() for sign in proven}
    unproven = [
        sign for sign in separators
        if proven and sign.strip() in _IN_NAMES and sign.strip() not in bare and any(sign in cell for cell in read)
    ]  # fmt: skip
    counting = tuple(sign for sign in separators if sign not in unproven)
    if unproven:
        holding = [cell for cell in read if any(sign in cell for sign in unproven)]
        learn_cells(((cell, counting) for cell in holding), words.fold)
        read |= read_cells(holding, counting, words)
    split = _find_separator(read, (*separators, *counting), counting, words)
    for cell, (_, values) in split.items():
        read[cell] = values
    begins_large = all(
        _begins_large(v.text) for values in read.values() if len(values) > 1 for v in values if v.meanings
    )
    read = {cell: _join_rests(values, words, begins_large) for cell, values in read.items()}
    read = _join_whole(read)
    decided_by = "values" if unproven else "recipe"
    marks: list[Mark] = []
    for cell, values in read.items():
        is_understood = all(value.meanings for value in values)
        signs = {value.mark for value in values if value.mark}
        marks += [
            Mark(cell, sign, True, "values" if cell in split and sign == split[cell][0] else decided_by, is_understood)
            for sign in sorted(signs - {CHOICE_SEPARATOR})
        ]
        marks += [Mark(cell, sign, False, "values", is_understood) for sign in unproven if sign in cell]
    return read, marks


def _behind_another(values: Sequence[Value]) -> Iterable[Value]:
    """List the understood values right behind another understood one."""
    return (value for before, value in zip(values, values[1:], strict=False) if before.meanings and value.meanings)


def _find_separator(
    read: Mapping[str, list[Value]], separators: Sequence[str], counting: Sequence[str], words: Words
) -> dict[str, tuple[str, list[Value]]]:
    """Find a separator that the recipe does not name; return the cells that it explains, with it and their values.

    All cells of a column decide together: it must explain nine in ten of those that hold it and were not understood,
    and at least two.
    """
    unknown = [cell for cell, values in read.items() if not all(value.meanings for value in values)]
    best: dict[str, tuple[str, list[Value]]] = {}
    for sign in _OTHER_SEPARATORS:
        holding = [cell for cell in unknown if sign in cell and sign not in separators]
        if len(holding) < _FEWEST_CELLS:
            continue
        learn_cells(((cell, (*counting, sign)) for cell in holding), words.fold)
        explained = {
            cell: (sign, values)
            for cell, values in read_cells(holding, (*counting, sign), words).items()
            if len(values) > 1 and all(value.meanings for value in values)
        }
        if len(explained) >= max(_FEWEST_CELLS, _MOSTLY * len(holding), len(best) + 1):
            best = explained
    return best


def _join_rests(values: list[Value], words: Words, begins_large: bool) -> list[Value]:
    """Join the rests of names to the values before them: an unknown name is not cut.

    A rest is an unknown value. It stands behind the comma in names of countries, or begins with a small letter in a
    column whose values begin with a capital.
    """
    if all(value.meanings for value in values):
        return values
    joined: list[Value] = []
    for value in values:
        is_behind_comma = bool(joined) and value.mark is not None and value.mark.strip() == ","
        if (
            is_behind_comma
            and not value.meanings
            and (
                (begins_large and _begins_large(joined[-1].text) and not _begins_large(value.text))
                or (words.codelist == PLACES and _REST_OF_PLACE.fullmatch(words.fold(value.text)))
            )
        ):
            joined[-1] = Value(f"{joined[-1].text}, {value.text}", (), joined[-1].mark)
        else:
            joined.append(value)
    return joined


def _join_whole(read: dict[str, list[Value]]) -> dict[str, list[Value]]:
    """Join values around commas into one where none of it is known, or stands without the rest; by cell.

    As in `Corruption: Laws, Systems, and Whistleblowing`: cut, it would be several values that nobody wrote.
    """
    runs = {cell: _list_runs(values) for cell, values in read.items() if not all(v.meanings for v in values)}
    runs_of_text = defaultdict[str, set[tuple[str, ...]]](set)
    for cell, values in read.items():
        for run in runs.get(cell) or [[value] for value in values]:
            for value in run:
                runs_of_text[value.text].add(tuple(one.text for one in run))
    return read | {
        cell: [value for run in of_cell for value in _join_run(run, runs_of_text)] for cell, of_cell in runs.items()
    }


def _join_run(run: list[Value], runs_of_text: Mapping[str, Set[tuple[str, ...]]]) -> list[Value]:
    if any(value.meanings or len(runs_of_text[value.text]) > 1 for value in run):
        return run
    return [Value(", ".join(value.text for value in run), (), run[0].mark)]


def _list_runs(values: Iterable[Value]) -> list[list[Value]]:
    """Group the values between signs other than a comma."""
    runs: list[list[Value]] = []
    for value in values:
        if runs and (value.mark or "").strip() == ",":
            runs[-1].append(value)
        else:
            runs.append([value])
    return runs


def _begins_large(text: str) -> bool:
    return not text[:1].islower()


def _read(cell: str, separators: tuple[str, ...], words: Words, look_up: Callable[[str], list[Meaning]]) -> list[Value]:
    """Read the values in one cell; join the pieces of one option."""
    if words.field == "stakeholder":
        country, *rest = _MAKER_OF_COUNTRY.split(cell, maxsplit=1)
        is_state = not rest or _OF_STATE.search(plain(rest[0]))
        countries = tuple(m for m in words.look_up(country) if is_state and m.codelist == "countries")
        return [Value(cell, countries)] if countries else []
    pieces = _split(cell, separators)
    texts = [piece for piece, _ in pieces]
    if len(texts) < 2 or not _are_signs(separators) or _find_longest(texts, words) > 1:
        if len(texts) > 1 and _are_signs(separators):
            words.fold.join(cell, texts)
        if whole_cell := words.look_up(cell):
            return [Value(cell, tuple(whole_cell))]
    values: list[Value] = []
    start = 0
    while start < len(pieces):
        for length in range(_find_longest(texts[start : start + _LONGEST_JOIN], words), 0, -1):
            text = words.fold.join_texts(texts[start : start + length]) if length > 1 else texts[start]
            meanings = look_up(text)
            if meanings or length == 1:
                break
        if not meanings and words.codelist == PLACES:
            meanings = look_up(_MAKER_OF_COUNTRY.split(text)[0])
        values.append(Value(text, tuple(meanings), pieces[start][1]))
        start += length
    if words.codelist == STATUSES and len({meaning.code for value in values for meaning in value.meanings}) > 1:
        return [Value(cell, ())]  # it says two things
    return values


def _find_longest(pieces: Sequence[str], words: Words) -> int:
    """Count the pieces that may be one option together: one, where no longer spelling begins with the first."""
    if words.starts is None or len(pieces) == 1:
        return len(pieces)
    folded = words.fold.list_bare(pieces)
    return len(pieces) if folded[0] in words.starts() or not all(folded) else 1


def _split(cell: str, separators: Sequence[str]) -> list[tuple[str, str | None]]:
    """Split a cell into pieces, each with the sign in front of it."""
    parts = _cut_at(tuple(separators)).split(cell)
    pieces: list[tuple[str, str | None]] = []
    for i in range(0, len(parts), 2):
        if piece := parts[i].strip():
            pieces.append((piece, parts[i - 1] if pieces else None))
    return pieces


@lru_cache(maxsize=256)
def _cut_at(separators: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(" + "|".join(re.escape(sign) for sign in (CHOICE_SEPARATOR, *separators) if sign) + ")")
