"""Rows of a register that are filled with a few colours, where no column says how far its actions have come.

What colours mean is nowhere written: staff are asked (the check `rows_coloured`), and nothing is read from them.
"""

from collections import Counter

from etl.readers.sheets import Sheet
from etl.recipes.fields import Kind
from etl.recipes.sheet_plan import SheetPlan

_PROGRESS = ("status", "percent", "completed_on")
_MOST = 6  # colours, those without any among them
_FEWEST_ROWS = 2  # of a colour
_STRIPED = 0.8  # of the rows differ from the one above


def count_colours(plan: SheetPlan, sheet: Sheet) -> int:
    """How many colours may say how far actions have come; 0 where none do. Stripes are only decoration."""
    last = max((row for row, _ in sheet.colours), default=0)
    if plan.recipe.holds is not Kind.ACTIONS or plan.rounds or any(name in plan.places for name in _PROGRESS):
        return 0
    colours = dict(sheet.colours)
    rows = [colours.get(row) for row in range(plan.first_row, last + 1)]
    row_counts = Counter(rows)
    changes = sum(one != next_colour for one, next_colour in zip(rows, rows[1:], strict=False))
    if changes >= _STRIPED * max(len(rows) - 1, 1) or not 2 <= len(row_counts) <= _MOST:
        return 0
    return len(row_counts) if min(row_counts.values()) >= _FEWEST_ROWS else 0
