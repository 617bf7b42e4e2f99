"""Files that look like exports but hold no responses: what they are, and what to export instead."""

from collections.abc import Sequence

from etl.readers.sheets import Sheet
from etl.shapes.tools import is_crosstab, is_form_definition


def explain_no_data(name: str, sheets: Sequence[Sheet]) -> tuple[str, str] | None:
    """What a file is that holds no responses, and the remedy; None for a file that may hold some.

    Args:
        name: The file's name.
        sheets: Its sheets, those without any cell left out.
    """
    if any(is_form_definition(sheet) for sheet in sheets):
        return (
            f"{name} defines a form (XLSForm: its questions and choices); it holds no answers.",
            "Export the submissions instead (KoboToolbox: DATA, Downloads; ODK Central: Submissions, Download), "
            "and take this file out of the inbox.",
        )
    if sheets and all(is_crosstab(sheet) for sheet in sheets):
        return (
            f"{name} is a summary (answers that have been counted, by group), not the single responses.",
            "Export the single responses instead (SurveyMonkey: All responses data, not Summary data), "
            "and take this file out of the inbox.",
        )
    return None
