"""The first rows of a file as its recipe reads them, as a table."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from dashboard.campaign.codelists import Code
from dashboard.i18n import N_
from dashboard.quality.differences import say_value
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces.record_tables import Cells

_FIELDS: Mapping[str, str] = {
    "action_id": N_("Action ID"),
    "stakeholder": N_("Stakeholder"),
    "title": N_("Title"),
    "category": N_("Category"),
    "countries": N_("Countries"),
    "status": N_("Status"),
    "percent": N_("Percent"),
    "on_date": N_("Date"),
}


def list_columns(
    view: Frame,
    rows: Sequence[Mapping[Any, Any]],
    codes: Mapping[str, dict[str, Code]],
    persons: Mapping[str, Mapping[str, str]],
) -> list[Cells]:
    """The columns of a table of rows as they are read; fields that all of them lack are left out.

    Args:
        view: The page.
        rows: Each with `file`, `row` and the fields; None for what it lacks, lists and codes as they are.
        codes: The codelists.
        persons: What stands for persons who are not named, by language.
    """
    t = view.t

    def write(field: str, row: Mapping[Any, Any]) -> str:
        return say_value(view.lang, codes, persons, field, row[field]) or ""

    fields = [field for field in _FIELDS if any(row[field] is not None for row in rows)]
    is_several = len({row["file"] for row in rows}) > 1
    return [
        *([Cells(t("File"), lambda row: str(row["file"]))] if is_several else []),
        Cells(t(N_("Row", "a row of a file")), lambda row: str(row["row"])),
        *(Cells(t(_FIELDS[field]), partial(write, field)) for field in fields),
    ]
