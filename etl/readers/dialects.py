"""Find the character that separates the cells of a text file."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SAMPLE = 1 << 18
DELIMITERS = (",", ";", "\t", "|")

_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_DECLARED = re.compile(r"\ufeff?\"?sep=([,;|\t])\"?\r?\n?\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """The notation of a text file.

    Attributes:
        declared: Whether the first line says so (`sep=;`), a line that spreadsheets do not show.
    """

    delimiter: str
    declared: bool = False


def detect_dialect(path: Path) -> Dialect:
    """Return the dialect of a UTF-8 text file, judged by its beginning."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        declared = _DECLARED.match(stream.readline(100))
        if declared:
            return Dialect(declared[1], declared=True)
        stream.seek(0)
        sample = stream.read(SAMPLE)
        if stream.read(1):
            sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    widths = {delimiter: _list_widths(sample, delimiter) for delimiter in DELIMITERS}
    if any(_score(widths[delimiter])[0] >= 0.8 for delimiter in DELIMITERS[1:]):
        # 1,5;2,3: here commas between digits are decimal.
        widths[","] = _list_widths(_DECIMAL_COMMA.sub(".", sample), ",")
    best = max(DELIMITERS, key=lambda delimiter: (*_rank(widths[delimiter]), -_share_before_blank(sample, delimiter)))
    return Dialect(best)


def _list_widths(sample: str, delimiter: str) -> list[int]:
    lines = io.StringIO(sample, newline="")
    try:
        return [len(record) for record in csv.reader(lines, delimiter=delimiter) if record]
    except csv.Error:
        return []


def _score(widths: list[int]) -> tuple[float, int]:
    """Return which share of the records has the commonest width of two or more, and that width."""
    common = Counter(width for width in widths if width > 1).most_common(1)
    return (common[0][1] / len(widths), common[0][0]) if common else (0.0, 1)


def _rank(widths: list[int]) -> tuple[bool, float]:
    share, width = _score(widths)
    perfect = share == 1.0
    return perfect, width if perfect else share * (1 - 1 / width)


def _share_before_blank(sample: str, delimiter: str) -> float:
    """Return how often a blank follows the character, as it does in prose and lists but hardly between cells."""
    count = sample.count(delimiter)
    return sample.count(delimiter + " ") / count if count else 0.0
