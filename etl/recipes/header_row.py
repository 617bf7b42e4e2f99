"""A row that may be the headers of a sheet: its cells folded, and which columns the spellings of recipes name there."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import count

from etl.readers.sizes import letter_column
from etl.texts.folding import Folding, select_matching


class Patterns:
    """The pattern of every spelling that a recipe names, and of several spellings together."""

    def __init__(self, spellings: Iterable[str], fold: Folding) -> None:
        """Fold them all in one go."""
        self._of = fold.fold_patterns(spellings)
        self._groups: dict[tuple[str, ...], tuple[frozenset[str], tuple[str, ...]]] = {}

    def __getitem__(self, spelling: str) -> str:
        return self._of[spelling]

    def group(self, spellings: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the texts that several spellings mean, and their patterns with a `*`."""
        if spellings not in self._groups:
            patterns = {self._of[spelling] for spelling in spellings}
            parts = tuple(sorted(pattern for pattern in patterns if "*" in pattern))
            self._groups[spellings] = frozenset(patterns.difference(parts)), parts
        return self._groups[spellings]


_MOST_PATTERNS = 8  # sets of recipes
_known_patterns: dict[tuple[str, ...], Patterns] = {}


def find_patterns(spellings: tuple[str, ...], fold: Folding) -> Patterns:
    """Find the patterns of spellings; the builds of one process share them, as every folding gives the same."""
    if spellings not in _known_patterns:
        if len(_known_patterns) >= _MOST_PATTERNS:
            _known_patterns.clear()
        _known_patterns[spellings] = Patterns(spellings, fold)
    return _known_patterns[spellings]


class Names:
    """The names of a row's columns, folded: their full names and, for grouped headers, their tails."""

    def __init__(self, names: Iterable[str], tails: Iterable[str], patterns: Patterns) -> None:
        """Take full names and tails, both folded."""
        self._known = (frozenset(names), frozenset(tails))
        self._patterns = patterns

    def has(self, spellings: tuple[str, ...]) -> bool:
        """Whether one of the spellings names a column."""
        texts, parts = self._patterns.group(spellings)
        return not all(map(texts.isdisjoint, self._known)) or any(
            select_matching(parts, names) for names in self._known if parts
        )


class HeaderRow:
    """One candidate header row, folded: the columns by full name and, for grouped headers, by tail.

    Where a second header row holds the options of a question (which then stands over its first option only), a column
    also has its option as a name, and question and option together.
    """

    def __init__(
        self,
        row: Sequence[str | None],
        separators: Sequence[str],
        options: Sequence[str | None],
        fold: Folding,
        patterns: Patterns,
    ) -> None:
        """Take the cells of a row; `options` are those of the row below, where that belongs to the headers."""
        joined = _join_options(row, options)
        tails = [list_tails(cell, tuple(separators)) if cell else () for cell in row]
        texts = [cell for cell in row if cell] + [text for column in tails for text in column]
        folded = fold.fold_all(texts + [text for _, _, words in joined for text in words])
        self._patterns = patterns
        self._fold = fold
        self.full = [folded[cell] if cell else "" for cell in row]
        self._by_name: dict[str, list[int]] = {}
        self._by_tail: dict[str, list[int]] = {}
        self._further: dict[int, list[int]] = {}
        for column, name in enumerate(self.full):
            if name:
                self._by_name.setdefault(name, []).append(column)
            for tail in {folded[text] for text in tails[column]}:
                self._by_tail.setdefault(tail, []).append(column)
        for first, column, words in joined:
            for text in words:
                self._by_tail.setdefault(folded[text], []).append(column)
            if first is not None and column > first:
                self._further.setdefault(first, []).append(column)
        self._columns: dict[str, tuple[int, ...]] = {}
        self.names = Names(self._by_name, self._by_tail, patterns)

    def find(self, spellings: Iterable[str]) -> tuple[int, ...]:
        """Find the columns (0-based) under one of the spellings, best spelling first."""
        for spelling in spellings:
            pattern = self._patterns[spelling]
            columns = self._columns.get(pattern)
            if columns is None:
                columns = self._columns[pattern] = self._look_up(pattern)
            if columns:
                return columns
        return ()

    def fold(self, texts: Iterable[str]) -> tuple[str, ...]:
        """These texts as cells are compared with them."""
        return tuple(self._fold.fold_bare(texts).values())

    def without_repeats(self, columns: Iterable[int], *, of_one_table: bool = False) -> tuple[int, ...]:
        """Drop the columns that repeat an earlier column's header: only staff know which of the two is right.

        In one table, drop a column only where one without a header shows that another table stands beside it.
        """
        first = {self.full[column]: column for column in reversed(tuple(columns)) if self.full[column]}
        apart = (lambda start, end: "" in self.full[start:end]) if of_one_table else (lambda start, end: start != end)
        return tuple(column for column in columns if not apart(first.get(self.full[column], column), column))

    def name_columns(self, row: Sequence[str | None]) -> tuple[str | None, ...]:
        """Name the columns by their headers as written, with a number behind a repeated one.

        A column without a header gets its letter, unless that is another column's header.
        """
        used_names = set(self.full)
        names = [
            name or (letter if (letter := letter_column(column)).lower() not in used_names else None)
            for column, name in enumerate(row, 1)
        ]
        earlier_names = set[str]()
        for column, name in enumerate(self.full):
            if name and name in earlier_names:
                number = next(n for n in count(2) if f"{name} {n}" not in used_names)
                used_names.add(f"{name} {number}")
                names[column] = f"{row[column]} ({number})"
            earlier_names.add(name)
        return tuple(names)

    def _look_up(self, pattern: str) -> tuple[int, ...]:
        if "*" not in pattern and pattern not in self._by_name and pattern not in self._by_tail:
            return ()  # as of most spellings of most recipes
        columns = _select(pattern, self._by_name)
        if columns:
            return tuple(sorted(columns.union(*(self._further.get(column, ()) for column in columns))))
        return tuple(sorted(_select(pattern, self._by_tail)))


def _select(pattern: str, columns: dict[str, list[int]]) -> set[int]:
    """Select the columns under every text that a pattern means; look up a pattern without a `*`."""
    texts = select_matching((pattern,), columns) if "*" in pattern else (pattern,)
    return {column for text in texts for column in columns.get(text, ())}


def _join_options(
    row: Sequence[str | None], options: Sequence[str | None]
) -> list[tuple[int | None, int, tuple[str, str]]]:
    """List each option of a second header row: its question's first column, its column, and its words."""
    joined = []
    question, first = None, None
    for column, option in enumerate(options[: len(row)]):
        if row[column]:
            question, first = row[column], column
        if option:
            joined.append((first, column, (option, f"{question or ''} {option}")))
    return joined


@lru_cache(maxsize=8192)
def list_tails(header: str, separators: tuple[str, ...]) -> tuple[str, ...]:
    """List the text behind each separator of a header; cached, since every recipe asks for the same headers."""
    tails: list[str] = []
    for separator in separators:
        if separator not in header:
            continue
        parts = header.split(separator)
        tails += [separator.join(parts[i:]) for i in range(1, len(parts))]
    return tuple(tails)
