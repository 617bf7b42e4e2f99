"""How the cells of an unknown export are written: words for "no answer", dates, separators, words that are no code."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from etl.recipes.fields import Field
from etl.recipes.propose.columns import Codes, Profile, Spellings

BLANKS = (
    "-", "–", "—", "--", "?", ".", "n/a", "N/A", "#N/A", "na", "NA", "n.a.", "nil", "none", "null", "not applicable",
    "tbc", "tbd", "sans objet", "s/o", "non applicable", "no aplica", "n/d", "sin datos", "ninguno", "ninguna", "aucun",
    "aucune", "no data", "unknown",
)  # fmt: skip
MOST_WORDS = 40  # unknown words of one field that are listed
LONGEST_WORD = 60
_NEAR = 80  # of 100
_SAME_WORDS = 90
_SHORTEST = 4
# What is "mostly" or "partly" done is not completed, whatever word it is like; what is "not" something is not that.
_MOST = re.compile(
    r"\b(mostly|largely|nearly|almost|majoritairement|largement|presque|casi|en gran parte|mayormente)\b"
)
_PART = re.compile(r"\b(partly|partially|partial|some|limited|in part|partiellement|partiel|parcial|parcialmente)\b")
_NOT = re.compile(r"\b(not|never|pas|non|no|sin|un|cancel\w*|abandon\w*)\b")
_PAIR = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b")
_PERSONAL_WORD = re.compile(r"@|\d{6,}")


@dataclass(frozen=True)
class Nearest:
    """A word that matches no code: the code it is most like, and how much (of 100)."""

    word: str
    rows: int
    code: str | None
    likeness: float = 0.0


def find_blanks(profiles: Sequence[Profile], columns: Iterable[int]) -> tuple[str, ...]:
    """The words of these columns that mean "no answer", as they are written."""
    wanted = {word.casefold() for word in BLANKS} - {"none", "unknown", "ninguno", "ninguna", "aucun", "aucune"}
    found = {
        cell.casefold()
        for column in columns
        for cell, _ in profiles[column].cells
        if cell.casefold() in wanted and not _is_choice(cell, profiles[column])
    }
    return tuple(sorted(found))


def _is_choice(cell: str, profile: Profile) -> bool:
    """Whether the word is a choice's name beside others in code (`NA` among `yes no NA`)."""
    return cell == "NA" and all(" " not in c for c, _ in profile.cells) and profile.kinds > 1


def find_date_order(cells: Iterable[str]) -> tuple[str | None, bool]:
    """The order of day and month, and whether some cell could be read in two ways; None where nothing tells."""
    order, doubtful = None, False
    for cell in cells:
        pair = _PAIR.match(cell)
        if not pair:
            continue
        first, second = int(pair[1]), int(pair[2])
        if first > 12 >= second:
            order = "dmy"
        elif second > 12 >= first:
            order = "mdy"
        elif first != second:
            doubtful = True
    return order, doubtful


def nearest_codes(field: Field, codes: Codes, spellings: Spellings) -> list[Nearest]:
    """The words of a field's column that match no code, each with the nearest; long or personal ones are left out."""
    words = [(w, n) for w, n in codes.unknown if len(w) <= LONGEST_WORD and not _PERSONAL_WORD.search(w)]
    blanks = {blank.casefold() for blank in BLANKS}
    words = [(w, n) for w, n in words if w.casefold() not in blanks][:MOST_WORDS]
    known = spellings.codes[field.codelist or ""]
    long = [spelling for spelling in known if len(spelling) >= _SHORTEST]
    return [Nearest(word, rows, *_nearest(field, spellings.fold(word), known, long)) for word, rows in words]


def _nearest(field: Field, folded: str, known: dict[str, str], long: Sequence[str]) -> tuple[str | None, float]:
    """The code whose spelling is most like a word, and how much."""
    same = process.extractOne(folded, long, scorer=fuzz.token_set_ratio, score_cutoff=_SAME_WORDS)
    match = process.extractOne(folded, long, scorer=fuzz.ratio, score_cutoff=_NEAR) or same
    code = known[match[0]] if match else None
    if field.name == "status":
        if _MOST.search(folded) and "substantial" in known.values():
            return "substantial", 0.0
        if _MOST.search(folded) or _PART.search(folded):
            return "in_progress", 0.0
        if code is not None and _NOT.search(folded) and not _NOT.search(match[0] if match else ""):
            code = None
    return code, match[1] if match and code else 0.0
