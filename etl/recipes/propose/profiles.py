"""Profiles of the columns of an unknown export, from their cells.

A profile a column (how full, how long, which share are dates, numbers, links, persons), the share of its cells that
are codes of each codelist, and their notation: words for "no answer", the order of day and month, separators, and
the likely codes of unknown words.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from etl.recipes.fields import PLACES, Field
from etl.sqlfiles import ask, run_file, run_step
from etl.texts.folding import Folding
from etl.texts.plain import LOOK_ALIKES, QUESTION

ROWS_SEEN = 20_000
MOST_CELLS = 400  # more distinct cells than this, and longer ones, are texts
LONGEST_CELL = 300
# Tried in this order: separators that few words contain first.
SEPARATORS = (";", "|", "\n", " / ", ", ", ",", " ")
_ALSO_ANSWERS = ("NA", "NO")  # country codes of two letters that are answers as well


@dataclass(frozen=True)
class Codes:
    """The match of a column's cells to the codes of one list.

    Attributes:
        share: The share of filled rows with known choices.
        separators: The separators between several choices.
        unknown: The choices that match nothing, with their rows, the most frequent first.
        matched: The codes that occur.
    """

    codelist: str
    share: float
    separators: tuple[str, ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()
    matched: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Profile:
    """One column's cells: the number of filled rows and of distinct cells, and the share of each kind.

    `clocks` is the share of days with a time other than midnight, `names` of two to four words with capitals, as
    persons' names have, `organisations` of texts with a word such as *Ministry* or *Union*. `day_first`,
    `month_first` and `ambiguous` count the dates that prove an order of day and month, or could be read both ways.
    """

    filled: int = 0
    kinds: int = 0
    most: int = 0
    letters: float = 0.0
    days: float = 0.0
    clocks: float = 0.0
    day_first: int = 0
    month_first: int = 0
    ambiguous: int = 0
    middle_day: datetime | None = None
    numbers: float = 0.0
    greatest: float | None = None
    wholes: float = 0.0
    percents: float = 0.0
    percent_signs: float = 0.0
    links: float = 0.0
    mails: float = 0.0
    phones: float = 0.0
    names: float = 0.0
    organisations: float = 0.0
    blanks: float = 0.0
    cells: tuple[tuple[str, int], ...] = ()
    codes: dict[str, Codes] = field(default_factory=dict)

    @property
    def is_unique(self) -> bool:
        """Whether every filled row has a cell of its own."""
        return self.filled > 0 and self.most == 1

    @property
    def is_personal(self) -> bool:
        """Whether the cells are e-mail addresses or phone numbers."""
        return self.mails > 0.3 or self.phones > 0.3

    def best(self, codelist: str) -> Codes:
        """Return the best match of the cells to the codes of a list."""
        return self.codes.get(codelist) or Codes(codelist, 0.0)


class Spellings:
    """The codelists' spellings, to look words up in."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, fold: Folding) -> None:
        """Take the spellings of a work database that holds the campaign's codelists."""
        run_step(connection, "10_spellings")
        self.fold = fold
        self._connection = connection
        self.codes: dict[str, dict[str, str]] = defaultdict(dict)
        for codelist, folded, _, code in connection.execute("from spellings").fetchall():
            self.codes[codelist][folded] = code
        alpha2 = connection.execute("select iso2, code from codelist_countries where iso2 is not null").fetchall()
        self._alpha2 = {iso2: code for iso2, code in alpha2 if iso2 not in _ALSO_ANSWERS}

    def look_up(self, codelist: str, word: str) -> str | None:
        """Look up the code of one word; None where there is none."""
        code = self.codes[codelist].get(self.fold(word))
        return code or (self._alpha2.get(word.strip()) if codelist == PLACES else None)

    def suggest(self, field: str, words: Sequence[str]) -> dict[str, str]:
        """Suggest the codes of a field for misspelt words, by the word; a build suggests the same ones."""
        parameters = {"field": field, "words": list(words)}
        run_file(self._connection, "recipe/asked_words", parameters)
        run_step(self._connection, "85_suggest_codes", {"question": QUESTION, "look_alikes": LOOK_ALIKES})
        return dict(self._connection.execute("select value, code from suggested_codes").fetchall())

    def match(self, codelist: str, cells: Sequence[tuple[str, int]]) -> Codes:
        """Match cells (with their rows) to the codes of a list, with the best separator."""
        unsplit = self._with(codelist, cells, ())
        best = unsplit
        for separator in SEPARATORS:
            if any(separator in cell.strip() for cell, _ in cells):
                tried = self._with(codelist, cells, (separator,))
                gain = 0.15 if separator in (" ", ",") else 0.02
                if tried.share > best.share + gain:
                    best = tried
        return best

    def _with(self, codelist: str, cells: Sequence[tuple[str, int]], separators: tuple[str, ...]) -> Codes:
        known_rows = total = 0.0
        unknown: dict[str, int] = defaultdict(int)
        met = set()
        for cell, rows in cells:
            pieces = [cell] if self.look_up(codelist, cell) else split(cell, separators)
            codes = [self.look_up(codelist, piece) for piece in pieces]
            total += rows
            known_rows += rows * sum(code is not None for code in codes) / max(len(codes), 1)
            met |= {code for code in codes if code}
            for piece, code in zip(pieces, codes, strict=True):
                if code is None:
                    unknown[piece] += rows
        unknown_cells = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))
        return Codes(codelist, known_rows / total if total else 0.0, separators, tuple(unknown_cells), frozenset(met))


def split(cell: str, separators: Iterable[str]) -> list[str]:
    """Split a cell into its choices."""
    for separator in separators:
        cell = cell.replace(separator, "\x1f")
    return [piece.strip() for piece in cell.split("\x1f") if piece.strip()]


def profile_columns(
    connection: duckdb.DuckDBPyConnection, raw: str, width: int, spellings: Spellings, blanks: Iterable[str]
) -> list[Profile]:
    """Profile every column of a raw table; cells that mean "no answer" do not count among the codes."""
    if width == 0:
        return []
    connection.execute(
        "create or replace table column_cells as "  # noqa: S608  (a table's number)
        "select substr(name, 2)::integer - 1 as column_no, cell, count(*) as row_count, min(source_row) as first_row "
        f"from (unpivot (from {raw} order by source_row limit $most) "
        "on columns(* exclude (source_row)) into name name value cell) group by all",
        {"most": ROWS_SEEN},
    )
    run_file(connection, "recipe/profile")
    result = connection.execute("from column_profiles")
    names = [column[0] for column in result.description]
    figures = {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in result.fetchall()}
    cells = _few_cells(connection)
    ignored = {word.casefold() for word in blanks}
    spellings.fold.learn(
        piece
        for column in cells.values()
        for cell, _ in column
        for piece in (cell, *(p for separator in SEPARATORS for p in split(cell, (separator,))))
    )
    profiles = []
    for number in range(width):
        column_cells = cells.get(number, [])
        words = [(cell, rows) for cell, rows in column_cells if cell.casefold() not in ignored]
        codes = {name: spellings.match(name, words) for name in spellings.codes} if words else {}
        profiles.append(Profile(**figures.get(number, {}), cells=tuple(column_cells), codes=codes))
    return profiles


def _few_cells(connection: duckdb.DuckDBPyConnection) -> dict[int, list[tuple[str, int]]]:
    """Read the distinct cells of the columns with few and short ones, the most frequent first."""
    rows = ask(connection, "recipe/few_cells", {"most": MOST_CELLS, "longest": LONGEST_CELL})
    cells: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for number, cell, count in rows:
        cells[number].append((cell, count))
    return cells


BLANKS = (
    "-", "–", "—", "--", "?", ".", "n/a", "N/A", "#N/A", "na", "NA", "n.a.", "nil", "none", "null", "not applicable",
    "tbc", "tbd", "sans objet", "s/o", "non applicable", "no aplica", "n/d", "sin datos", "ninguno", "ninguna", "aucun",
    "aucune", "no data", "unknown",
)  # fmt: skip
MOST_WORDS = 40  # unknown words of one field that are listed
LONGEST_WORD = 60
_PERSONAL_WORD = re.compile(r"@|\d{6,}")


@dataclass(frozen=True)
class Nearest:
    """A word that matches no code, and the one that it is a typing error of."""

    word: str
    rows: int
    code: str | None


def find_blanks(profiles: Sequence[Profile], columns: Iterable[int]) -> tuple[str, ...]:
    """Find the words of these columns that mean "no answer", as written."""
    blanks = {word.casefold() for word in BLANKS} - {"none", "unknown", "ninguno", "ninguna", "aucun", "aucune"}
    blank_words = {
        cell.casefold()
        for column in columns
        for cell, _ in profiles[column].cells
        if cell.casefold() in blanks and not _is_choice(cell, profiles[column])
    }
    return tuple(sorted(blank_words))


def _is_choice(cell: str, profile: Profile) -> bool:
    """Whether the word is a choice's name beside others in code (`NA` among `yes no NA`)."""
    return cell == "NA" and all(" " not in c for c, _ in profile.cells) and profile.kinds > 1


def nearest_codes(field: Field, codes: Codes, spellings: Spellings) -> list[Nearest]:
    """List the words of a field's column that match no code, with their likely codes; skip long and personal ones."""
    words = [(w, n) for w, n in codes.unknown if len(w) <= LONGEST_WORD and not _PERSONAL_WORD.search(w)]
    blanks = {blank.casefold() for blank in BLANKS}
    words = [(w, n) for w, n in words if w.casefold() not in blanks][:MOST_WORDS]
    suggested = spellings.suggest(field.name, [word for word, _ in words])
    return [Nearest(word, rows, suggested.get(word)) for word, rows in words]
