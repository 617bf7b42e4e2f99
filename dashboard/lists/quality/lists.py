"""The lists of the data-quality page: their columns, subjects, and texts for empty ones.

Page and workbook read a list the same way: in words, in the reader's language, with the file, sheet and row that each
line comes from.
"""

from dataclasses import replace
from functools import partial

from dashboard.access.rights import AccessClass
from dashboard.i18n import N_
from dashboard.lists.declaration import Column, Kind, List, Way
from dashboard.lists.quality.differences import read_changes
from dashboard.lists.quality.queries import USUAL_ORDER, read

ROW = "row"
"""The parameter of the row in view."""
_UNSORTED = ("source_file", "sheet", "header", "remedy", "remark", "content")
"""Columns of replacements or sentences, which do not sort."""
_TO_ROW = Way("quality", ROW, "row_number", keeps="list")


def _column(name: str, label: str, letters: float, kind: Kind = "text", missing: str = "") -> Column:
    column = Column(name, label, kind, letters, missing)
    if name in _UNSORTED:
        return column
    return replace(column, begins="ascending" if kind == "text" or name == "source_row" else "descending")


def _declare(
    list_id: str,
    title: str,
    columns: tuple[Column, ...],
    note: str,
    empty: str,
    page_columns: tuple[str, ...] = (),
) -> List:
    """Declare a list; a page shows its `page_columns`, and the first of these leads to the whole row."""
    linked_columns = tuple(replace(one, way=_TO_ROW) if one.name in page_columns[:1] else one for one in columns)
    return List(
        list_id,
        title,
        linked_columns,
        read_changes if list_id == "changes" else partial(read, list_id),
        order=USUAL_ORDER,
        empty=empty,
        note=note,
        page_columns=page_columns,
        who=AccessClass.STAFF,
    )


_PLACE = (
    _column("source_file", N_("File"), 34),
    _column("sheet", N_("Sheet"), 14),
    _column("source_row", N_("Row", "a row of a file"), 8, "count"),
)
_ACTION = _column("action_id", N_("Action ID"), 14)


LISTS: dict[str, List] = {
    one.list_id: one
    for one in (
        _declare(
            "files",
            N_("Files"),
            (
                *_PLACE[:2],
                _column("kind_name", N_("Contains"), 18),
                _column("recipe", N_("Recipe"), 26),
                _column("rows_read", N_("Rows read"), 11, "count"),
                _column("rows_accepted", N_("Accepted"), 11, "count"),
                _column("rows_merged", N_("Merged"), 11, "count"),
                _column("rows_rejected", N_("Rejected"), 11, "count"),
                _column("remark", N_("Remarks"), 60),
            ),
            N_("Every row of every file is accounted for: rows read = accepted + merged + rejected."),
            N_("No file has been read."),
        ),
        _declare(
            "columns",
            N_("Columns"),
            (
                *_PLACE[:2],
                _column("header", N_("Column"), 44),
                _column("use_name", N_("Used for"), 24),
                _column("decided_name", N_("Decided by"), 26),
                _column("filled", N_("Filled cells"), 11, "count"),
                _column("remark", N_("What it may be"), 44),
                _column("remedy", N_("What to do"), 50),
            ),
            N_("Every column of every file is accounted for. Unassigned columns are neither counted nor published."),
            N_("No file has been read."),
            ("header", "source_file", "sheet", "use_name", "decided_name", "filled", "remark"),
        ),
        _declare(
            "readings",
            N_("How columns were read"),
            (
                *_PLACE[:2],
                _column("header", N_("Column"), 36),
                _column("field_name", N_("Field"), 20),
                _column("reading_name", N_("Read as"), 34),
                _column("reading_decided", N_("Decided by"), 30),
                _column("cells", N_("Cells"), 9, "count"),
                _column("evidence", N_("Cells that prove it"), 14, "count"),
                _column("ambiguous", N_("Cells that could be read otherwise"), 16, "count"),
                _column("remedy", N_("What to do"), 50),
            ),
            N_(
                "A column whose cells could be read in several ways is read as a whole: what was decided, and why. "
                "What staff do not know stays empty."
            ),
            N_("No column could be read in several ways."),
            (
                "header",
                "source_file",
                "sheet",
                "field_name",
                "reading_name",
                "reading_decided",
                "cells",
                "evidence",
                "ambiguous",
            ),
        ),
        _declare(
            "rejected",
            N_("Rejected rows"),
            (
                *_PLACE,
                _column("reason_text", N_("What is wrong"), 36),
                _column("content", N_("Content of the row"), 70),
                _column("remedy", N_("What to do"), 44),
                _column("field_name", N_("Field"), 18),
                _column("value", N_("Value", "a word in a cell"), 20),
            ),
            N_(
                "These rows cannot be what their file says, so they count nowhere. Correct them in the file and "
                "upload it again under the same name."
            ),
            N_("No rows were rejected. Rows that cannot be what their file says would be listed here."),
            ("reason_text", "content", "field_name", "value", "source_file", "sheet", "source_row"),
        ),
        _declare(
            "merged",
            N_("Merged rows"),
            (
                _column("reason_text", N_("Why it was merged"), 48),
                *_PLACE,
                _ACTION,
                _column("title", N_("Title of the action"), 44),
                _column("remedy", N_("What to do"), 40),
            ),
            N_("These rows repeat another one, as an earlier submission of the same action does."),
            N_("No row repeats another one."),
            ("reason_text", "title", "action_id", "source_file", "sheet", "source_row"),
        ),
        _declare(
            "unmatched",
            N_("Values that match no code"),
            (
                _column("value", N_("Value in the file"), 30),
                _column("field_name", N_("Field"), 20),
                _column("row_count", N_("Rows"), 8, "count"),
                _column("nearest", N_("Nearest entry"), 26),
                _column("remedy", N_("What to do"), 50),
                _PLACE[0],
            ),
            N_("The rows are kept and count, but this field is empty in them until the value is understood."),
            N_("Every value was understood. Spellings that are in no codelist would be listed here."),
            ("value", "field_name", "row_count", "nearest", "remedy", "source_file"),
        ),
        _declare(
            "duplicates",
            N_("Pairs to decide"),
            (
                _column("kind_name", N_("About"), 16),
                _column("left_name", N_("First of the pair"), 46),
                _column("right_name", N_("Second of the pair"), 46),
                _column("score", N_("Similarity"), 9, "percent"),
                _column("why_text", N_("Why"), 36),
                _column("left_id", N_("ID of the first"), 20),
                _column("right_id", N_("ID of the second"), 20),
            ),
            N_("These may be duplicates. They stay separate until somebody decides on the page Data quality."),
            N_("Nothing to decide. Stakeholders and actions that look alike would be listed here."),
        ),
        _declare(
            "gone",
            N_("Missing from their register"),
            (
                _ACTION,
                _column("title", N_("Title"), 44),
                *_PLACE,
            ),
            N_(
                "These actions are in an older version of the register but not in the newest. They count nowhere "
                "unless somebody keeps them."
            ),
            N_("The newest version of every register holds the actions of the older ones."),
        ),
        _declare(
            "orphans",
            N_("Reports without action"),
            (
                _column("stakeholder", N_("Stakeholder"), 34),
                _column("title", N_("Title as reported"), 44, missing=N_("Untitled action")),
                _column("reported_on", N_("Reported on"), 13, "date"),
                _column("status_name", N_("Status"), 16),
                _column("wave", N_("Survey wave"), 14),
                _column("likely_action", N_("Likeliest action"), 44),
                *_PLACE,
            ),
            N_(
                "These reports match no action by ID or by stakeholder and title. They are counted separately and "
                "change no rate."
            ),
            N_("Every report belongs to an action. Reports that match none would be listed here."),
            (
                "title",
                "stakeholder",
                "reported_on",
                "status_name",
                "wave",
                "likely_action",
                "source_file",
                "source_row",
            ),
        ),
        _declare(
            "unclassified",
            N_("Actions to classify"),
            (
                _ACTION,
                _column("title", N_("Title"), 44),
                _column("stakeholder", N_("Stakeholder"), 32),
                _column("missing", N_("Still missing"), 24),
                _column("group_names", N_("Suggested stakeholder group"), 24),
                _column("category_names", N_("Suggested category"), 24),
                _column("theme_names", N_("Suggested themes"), 28),
                _column("place_names", N_("Suggested places"), 24),
                _column("word_list", N_("Words that suggest it"), 36),
                *_PLACE,
            ),
            N_("These actions count in every total; in breakdowns they appear as “Not yet classified”."),
            N_(
                "Every action has a stakeholder group, a category, themes and a place. "
                "Actions that lack one would be listed here."
            ),
        ),
        _declare(
            "checks",
            N_("Checks"),
            (
                _column("severity_name", N_("Severity"), 16),
                _column("check_title", N_("What was found"), 38),
                _column("remedy", N_("What to do"), 44),
                _ACTION,
                _column("title", N_("Title of the action"), 40),
                _column("field_name", N_("Field"), 18),
                _column("value", N_("Value", "a word in a cell"), 22),
                _column("expected", N_("Expected", "the value that a check expects"), 22),
                *_PLACE,
            ),
            N_("These rows count as they are, but something in them is unlikely or contradicts itself."),
            N_("The checks found nothing. Unlikely dates and contradictions would be listed here."),
            (
                "check_title",
                "severity_name",
                "action_id",
                "title",
                "field_name",
                "value",
                "expected",
                "source_file",
                "source_row",
            ),
        ),
        _declare(
            "coverage",
            N_("Coverage"),
            (
                _column("kind_name", N_("Rows"), 18),
                _column("field_name", N_("Field"), 28),
                _column("dimension_name", N_("By", "breakdown of a table of fields"), 14),
                _column("member_name", N_("Part", "one part of a breakdown"), 26),
                _column("rows_filled", N_("Filled", "cells with a content"), 10, "count"),
                _column("rows_total", N_("Rows"), 10, "count"),
                _column("share", N_("Share filled"), 12, "percent"),
            ),
            N_("How often each field is filled: in all, by region and by survey wave."),
            N_("There are no rows yet whose fields could be counted."),
        ),
        _declare(
            "decisions",
            N_("Decisions"),
            (
                _column("line", N_("Line", "of a file of decisions"), 8, "count"),
                _column("decision_name", N_("Decision"), 14),
                _column("subject_name", N_("About"), 18),
                _column("note", N_("Note"), 60),
                _column("applied", N_("Applied", "whether a build used a decision"), 30),
                _column("this", N_("This"), 30),
                _column("that", N_("That"), 30),
            ),
            N_("What staff decided, as kept in decisions.csv in the campaign folder; each build applies it."),
            N_("Nothing has been decided yet."),
            ("decision_name", "subject_name", "note", "applied", "line"),
        ),
        _declare(
            "changes",
            N_("Changes"),
            (
                _column("change", N_("What changed"), 14),
                _ACTION,
                _column("title", N_("Title"), 44),
                _column("stakeholder", N_("Stakeholder"), 32),
                _column("field_name", N_("Field"), 18),
                _column("before", N_("Before"), 40),
                _column("after", N_("After"), 40),
            ),
            N_("What this build shows that the one before did not: actions added, removed and changed."),
            N_("No action was added, removed or changed."),
        ),
    )
}
