"""Headers that are nearly those of a recipe: misspelt, dated or with a remark, so that no column takes their field."""

import re
from collections.abc import Mapping
from itertools import islice

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from etl.recipes.recognition import SheetPlan
from etl.texts.folding import Folding, matches

COLUMNS_LOOKED_AT = 500
"""Open columns of a sheet whose headers are compared; more only a survey has, whose questions have no fields."""
_LONG = 12  # letters from which on a part of a question is enough to know it by
_ALIKE = 92  # of 100: the part of a question that must agree
_REMARK = re.compile(r"\([^)]*\)|\[[^]]*\]|\b(19|20)\d\d\b")


def find_near_fields(plan: SheetPlan, open_headers: Mapping[int, str], fold: Folding) -> dict[int, str]:
    """The fields that open columns would be if their header were written as the recipe writes it.

    Args:
        plan: How the sheet is read; fields that have a column are not looked for.
        open_headers: The headers of columns (from 0) without a use.
        fold: Folds headers as recognition does.
    """
    found = [plan.places, *(places for _, places in plan.rounds)]
    stated = [plan.recipe.fields, *(one.fields for one, _ in plan.rounds)]
    for one in plan.recipe.rounds:
        if one not in [known for known, _ in plan.rounds]:  # none of its columns is there
            found.append({})
            stated.append(one.fields)
    spellings = [
        (name, fold.pattern(spelling))
        for fields, places in zip(stated, found, strict=True)
        for name, mapping in fields.items()
        if name not in places
        for spelling in mapping.spellings
    ]
    near = {}
    for column, header in islice(open_headers.items(), COLUMNS_LOOKED_AT):
        folded, bare = fold(header), fold(_REMARK.sub(" ", header))
        name = next((name for name, pattern in spellings if _is_near(pattern, folded, bare)), None)
        if name is not None:
            near[column] = name
    return near


def _is_near(pattern: str, header: str, bare: str) -> bool:
    """Whether a header (also without its remarks: `bare`) is a spelling but for letters that slipped."""
    if bare != header and matches(pattern, bare):
        return True
    words = " ".join(pattern.replace("*", " ").split())
    if "*" in pattern:
        return len(words) >= _LONG and fuzz.partial_ratio(words, header, score_cutoff=_ALIKE) > 0
    slips = len(words) // 9 + 1 if len(words) > 3 else 0
    return OSA.distance(words, header, score_cutoff=slips) <= slips
