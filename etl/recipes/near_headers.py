"""Headers that are nearly those of a recipe: misspelt, dated or with a remark, so that no column takes their place.

The search is for what a sheet lacks: fields, questions that the recipe names, choices of them, and questions that
staff made public. Of two columns of the same name the second may be the right one, so it is near as well.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from etl.recipes.header_row import list_tails
from etl.recipes.recipe_file import Question, RowPart
from etl.recipes.settled_plan import NAMED_QUESTION, QUESTION
from etl.recipes.sheet_plan import Place, SheetPlan
from etl.texts.folding import Folding, matches

COLUMNS_LOOKED_AT = 500
"""Open columns of a sheet whose headers are compared; more only a survey has, whose questions a recipe seldom names."""
_LONG = 12  # letters from which on a part of a question identifies it
_ALIKE = 92  # of 100: the part of a question that must agree
_MOST_SLIPS = 4  # in a question: many are asked in nearly the same words
_REMARK = re.compile(r"\([^)]*\)|\[[^]]*\]|\b(19|20)\d\d\b")
_DATE = re.compile(r"\([^)]*\d[^)]*\)|\b(19|20)\d\d\b")


class Lacking(NamedTuple):
    """A question that a recipe names, or a choice of it, without a column in a sheet.

    Attributes:
        target: The use of the column that would be it.
    """

    target: str
    spellings: tuple[str, ...]

    @property
    def is_choice(self) -> bool:
        """Whether it is a choice."""
        return "/" in self.target


def list_lacking(plan: SheetPlan, fold: Folding) -> list[Lacking]:
    """List the recipe's questions without a column and, of those with a column a choice, the choices without one.

    Leave out those that staff gave another use.
    """
    lacking = []
    for name, question in plan.recipe.questions.items():
        place = plan.questions.get(name, Place())
        if not place.all_columns and question.spellings:
            lacking.append(Lacking(f"{NAMED_QUESTION}{name}", question.spellings))
        if place.choices or not place.all_columns:
            lacking += _list_choices(name, question, place)
    if lacking and plan.decided:
        pairs = [pair for i in plan.decided if (header := plan.headers[i]) for pair in _fold_header(plan, header, fold)]
        patterns = {one: [(one.target, fold.pattern(spelling)) for spelling in one.spellings] for one in lacking}
        lacking = [one for one in lacking if not _find(pairs, patterns[one], _is_or_is_near)]
    return lacking


def _list_choices(name: str, question: Question, place: Place) -> Iterator[Lacking]:
    choices = dict(place.choices)
    for code, spellings in question.choices.items():
        if code not in choices:
            yield Lacking(f"{NAMED_QUESTION}{name}/{code}", spellings)


def find_near_targets(
    plan: SheetPlan, open_headers: Mapping[int, str], lacking: Sequence[Lacking], fold: Folding
) -> dict[int, str]:
    """Find what open columns would be if their header were written as the recipe (or staff) write it.

    Skip fields that have a column, and questions and choices that are not lacking.

    Returns:
        By column a field, a question as `columns.csv` names it, or `question` alone for one that staff made public.
    """
    if not open_headers:
        return {}
    fields = [(name, fold.pattern(spelling)) for name, spelling in _list_fields(plan)]
    questions = [(one.target, fold.pattern(spelling)) for one in lacking for spelling in one.spellings]
    awaited = [(fold(header), fold(_DATE.sub(" ", header))) for header in plan.awaited]
    twice = {fold(header): target for header, target in _list_used(plan)}
    near = {}
    for column, header in islice(open_headers.items(), COLUMNS_LOOKED_AT):
        pairs = _fold_header(plan, header, fold)
        dated = fold(_DATE.sub(" ", header)) if awaited else ""
        target = (
            _find(pairs, fields, _is_near)
            or _find(pairs, questions, _is_nearly_asked)
            or next((QUESTION for _, bare in awaited if dated and dated == bare), None)
            or _find(pairs[:1], [(QUESTION, text) for text, _ in awaited], _is_nearly_asked)
            or twice.get(pairs[0][0])
        )
        if target is not None:
            near[column] = target
    return near


def _list_fields(plan: SheetPlan) -> Iterator[tuple[str, str]]:
    """List the fields without a column, with the spellings of their headers."""
    parts: tuple[tuple[RowPart, dict[str, Place]], ...] = (*plan.rounds, *plan.results)
    place_maps = [plan.places, *(places for _, places in parts)]
    field_maps = [plan.recipe.fields, *(one.fields for one, _ in parts)]
    of_recipe: tuple[RowPart, ...] = (*plan.recipe.rounds, *plan.recipe.results)
    for one in of_recipe:
        if one not in [planned for planned, _ in parts]:  # none of its columns is there
            place_maps.append({})
            field_maps.append(one.fields)
    for fields, places in zip(field_maps, place_maps, strict=True):
        for name, mapping in fields.items():
            if name not in places:
                yield from ((name, spelling) for spelling in mapping.spellings)


def _list_used(plan: SheetPlan) -> Iterator[tuple[str, str]]:
    """List the headers of fields, of the recipe's questions and of their choices, with their targets."""
    for name, place in plan.field_places:
        yield from ((header, name) for column in place.columns if (header := plan.headers[column]))
    for name, place in plan.questions.items():
        for code, columns in (("", place.columns), *((f"/{code}", columns) for code, columns in place.choices)):
            for column in columns:
                if column not in plan.decided and (header := plan.headers[column]):
                    yield header, f"{NAMED_QUESTION}{name}{code}"


def _fold_header(plan: SheetPlan, header: str, fold: Folding) -> list[tuple[str, str]]:
    """Fold a header for comparison, with and without its remarks: whole, then without the groups in front of it."""
    groups = tuple(plan.recipe.read.group_separators)
    return [(fold(text), fold(_REMARK.sub(" ", text))) for text in (header, *list_tails(header, groups))]


def _find(
    pairs: Sequence[tuple[str, str]],
    targets: Sequence[tuple[str, str]],
    is_near: Callable[[str, str, str], bool],
) -> str | None:
    """Find the first of the known patterns that a header nearly is."""
    return next((target for target, pattern in targets if any(is_near(pattern, *pair) for pair in pairs)), None)


def _is_near(pattern: str, header: str, bare: str) -> bool:
    """Whether a header (also without its remarks: `bare`) is a spelling but for letters that slipped."""
    if bare != header and matches(pattern, bare):
        return True
    words = " ".join(pattern.replace("*", " ").split())
    if "*" in pattern:
        return _holds_long(words, header)
    slips = len(words) // 9 + 1 if len(words) > 3 else 0
    return OSA.distance(words, header, score_cutoff=slips) <= slips


def _is_or_is_near(pattern: str, header: str, bare: str) -> bool:
    return matches(pattern, header) or _is_nearly_asked(pattern, header, bare)


def _is_nearly_asked(pattern: str, header: str, bare: str) -> bool:
    """Compare a question in the same way; two that differ only in a number are different questions."""
    if bare != header and matches(pattern, bare):
        return True
    if "*" not in pattern:
        return _numbers(pattern) in (_numbers(header), _numbers(bare)) and _is_misspelt(pattern, header)
    parts = [part.strip() for part in pattern.split("*") if part.strip()]
    if not set(_numbers(pattern)) <= set(_numbers(header)):
        return False
    if len(parts) == 1:
        return _holds_long(parts[0], header)
    astray = [part for part in parts if f" {part} " not in f" {header} "]
    return len(astray) == 1 and _holds_misspelt(astray[0], header)


def _is_misspelt(words: str, header: str) -> bool:
    if len(words) <= 3:  # Q2 became Q2a
        return header[:-1] == words and header[-1:].isalpha()
    slips = min(len(words) // 9 + 1, _MOST_SLIPS)
    return OSA.distance(words, header, score_cutoff=slips) <= slips


def _holds_long(words: str, header: str) -> bool:
    return len(words) >= _LONG and fuzz.partial_ratio(words, header, score_cutoff=_ALIKE) > 0


def _holds_misspelt(words: str, header: str) -> bool:
    """Whether as many words that stand together in a header are these but for a slip."""
    several, count = header.split(), len(words.split())
    return len(words) > 3 and any(
        _is_misspelt(words, " ".join(several[i : i + count])) for i in range(len(several) - count + 1)
    )


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)
