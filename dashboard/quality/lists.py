"""The lists of the data-quality page: their columns, what they are about, what is said where they are empty."""

from typing import Literal, NamedTuple

from dashboard.i18n import N_

Kind = Literal["text", "date", "percent", "plain"]


class ListColumn(NamedTuple):
    """One column of a list: its name in the frame, its header, its width in letters and its kind."""

    name: str
    header: str
    width: float
    kind: Kind = "text"


_PLACE = (
    ListColumn("source_file", N_("File"), 34),
    ListColumn("sheet", N_("Sheet"), 14),
    ListColumn("source_row", N_("Row", "a row of a file"), 8, "plain"),
)
_ACTION = ListColumn("action_id", N_("Action ID"), 14)


class QualityList(NamedTuple):
    """One list.

    Attributes:
        note: What the lines are and what to do about them.
        empty: What is said where there is none: that all is well, and what would stand here.
    """

    list_id: str
    title: str
    columns: tuple[ListColumn, ...]
    note: str
    empty: str

    @property
    def query(self) -> str:
        """The query that answers it."""
        return f"quality_{self.list_id}"


LISTS: dict[str, QualityList] = {
    one.list_id: one
    for one in (
        QualityList(
            "files",
            N_("Files"),
            (
                *_PLACE[:2],
                ListColumn("kind_name", N_("Contains"), 18),
                ListColumn("recipe", N_("Recipe"), 26),
                ListColumn("rows_read", N_("Rows read"), 11, "plain"),
                ListColumn("rows_accepted", N_("Accepted"), 11, "plain"),
                ListColumn("rows_merged", N_("Merged"), 11, "plain"),
                ListColumn("rows_rejected", N_("Rejected"), 11, "plain"),
                ListColumn("remark", N_("Remarks"), 60),
            ),
            N_("Every row of every file is accounted for: rows read = accepted + merged + rejected."),
            N_("No file has been read."),
        ),
        QualityList(
            "columns",
            N_("Columns"),
            (
                *_PLACE[:2],
                ListColumn("header", N_("Column"), 44),
                ListColumn("use_name", N_("Used for"), 24),
                ListColumn("decided_name", N_("Decided by"), 26),
                ListColumn("filled", N_("Filled cells"), 11, "plain"),
                ListColumn("remark", N_("What it may be"), 44),
                ListColumn("remedy", N_("What to do"), 50),
            ),
            N_("Every column of every file is accounted for. Unassigned columns are neither counted nor published."),
            N_("No file has been read."),
        ),
        QualityList(
            "readings",
            N_("How columns were read"),
            (
                *_PLACE[:2],
                ListColumn("header", N_("Column"), 36),
                ListColumn("field_name", N_("Field"), 20),
                ListColumn("reading_name", N_("Read as"), 34),
                ListColumn("reading_decided", N_("Decided by"), 30),
                ListColumn("cells", N_("Cells"), 9, "plain"),
                ListColumn("evidence", N_("Cells that prove it"), 14, "plain"),
                ListColumn("ambiguous", N_("Cells that could be read otherwise"), 16, "plain"),
                ListColumn("remedy", N_("What to do"), 50),
            ),
            N_(
                "A column whose cells could be read in several ways is read as a whole: what was decided, and why. "
                "What staff do not know stays empty."
            ),
            N_("No column could be read in several ways."),
        ),
        QualityList(
            "rejected",
            N_("Rejected rows"),
            (
                *_PLACE,
                ListColumn("reason_text", N_("What is wrong"), 36),
                ListColumn("content", N_("Content of the row"), 70),
                ListColumn("remedy", N_("What to do"), 44),
                ListColumn("field_name", N_("Field"), 18),
                ListColumn("value", N_("Value", "a word in a cell"), 20),
            ),
            N_(
                "These rows cannot be what their file says, so they count nowhere. Correct them in the file and "
                "upload it again under the same name."
            ),
            N_("No rows were rejected. Rows that cannot be what their file says would be listed here."),
        ),
        QualityList(
            "merged",
            N_("Merged rows"),
            (
                ListColumn("reason_text", N_("Why it was merged"), 48),
                *_PLACE,
                _ACTION,
                ListColumn("title", N_("Title of the action"), 44),
                ListColumn("remedy", N_("What to do"), 40),
            ),
            N_("These rows repeat another one, as an earlier submission of the same action does."),
            N_("No row repeats another one."),
        ),
        QualityList(
            "unmatched",
            N_("Values that match no code"),
            (
                ListColumn("value", N_("Value in the file"), 30),
                ListColumn("field_name", N_("Field"), 20),
                ListColumn("row_count", N_("Rows"), 8, "plain"),
                ListColumn("nearest", N_("Nearest entry"), 26),
                ListColumn("remedy", N_("What to do"), 50),
                _PLACE[0],
            ),
            N_("The rows are kept and count, but this field is empty in them until the value is understood."),
            N_("Every value was understood. Spellings that are in no codelist would be listed here."),
        ),
        QualityList(
            "duplicates",
            N_("Pairs to decide"),
            (
                ListColumn("kind_name", N_("About"), 16),
                ListColumn("left_name", N_("First of the pair"), 46),
                ListColumn("right_name", N_("Second of the pair"), 46),
                ListColumn("score", N_("Similarity"), 9, "percent"),
                ListColumn("why_text", N_("Why"), 36),
                ListColumn("left_id", N_("ID of the first"), 20),
                ListColumn("right_id", N_("ID of the second"), 20),
            ),
            N_("These may be duplicates. They stay separate until somebody decides on the page Data quality."),
            N_("Nothing to decide. Stakeholders and actions that look alike would be listed here."),
        ),
        QualityList(
            "gone",
            N_("Missing from their register"),
            (
                _ACTION,
                ListColumn("title", N_("Title"), 44),
                *_PLACE,
            ),
            N_(
                "These actions are in an older version of the register but not in the newest. They count nowhere "
                "unless somebody keeps them."
            ),
            N_("The newest version of every register holds the actions of the older ones."),
        ),
        QualityList(
            "orphans",
            N_("Reports without action"),
            (
                ListColumn("stakeholder", N_("Stakeholder"), 34),
                ListColumn("title", N_("Title as reported"), 44),
                ListColumn("reported_on", N_("Reported on"), 13, "date"),
                ListColumn("status_name", N_("Status"), 16),
                ListColumn("wave", N_("Survey wave"), 14),
                ListColumn("likely_action", N_("Likeliest action"), 44),
                *_PLACE,
            ),
            N_(
                "These reports match no action by ID or by stakeholder and title. They are counted separately and "
                "change no rate."
            ),
            N_("Every report belongs to an action. Reports that match none would be listed here."),
        ),
        QualityList(
            "unclassified",
            N_("Actions to classify"),
            (
                _ACTION,
                ListColumn("title", N_("Title"), 44),
                ListColumn("stakeholder", N_("Stakeholder"), 32),
                ListColumn("missing", N_("Still missing"), 24),
                ListColumn("group_names", N_("Suggested stakeholder group"), 24),
                ListColumn("category_names", N_("Suggested category"), 24),
                ListColumn("theme_names", N_("Suggested themes"), 28),
                ListColumn("place_names", N_("Suggested places"), 24),
                ListColumn("word_list", N_("Words that suggest it"), 36),
                *_PLACE,
            ),
            N_("These actions count in every total; in breakdowns they appear as “Not yet classified”."),
            N_(
                "Every action has a stakeholder group, a category, themes and a place. "
                "Actions that lack one would be listed here."
            ),
        ),
        QualityList(
            "checks",
            N_("Checks"),
            (
                ListColumn("severity_name", N_("Severity"), 16),
                ListColumn("check_title", N_("What was found"), 38),
                ListColumn("remedy", N_("What to do"), 44),
                _ACTION,
                ListColumn("title", N_("Title of the action"), 40),
                ListColumn("field_name", N_("Field"), 18),
                ListColumn("value", N_("Value", "a word in a cell"), 22),
                ListColumn("expected", N_("Expected", "the value that a check expects"), 22),
                *_PLACE,
            ),
            N_("These rows count as they are, but something in them is unlikely or contradicts itself."),
            N_("The checks found nothing. Unlikely dates and contradictions would be listed here."),
        ),
        QualityList(
            "coverage",
            N_("Coverage"),
            (
                ListColumn("kind_name", N_("Rows"), 18),
                ListColumn("field_name", N_("Field"), 28),
                ListColumn("dimension_name", N_("By", "breakdown of a table of fields"), 14),
                ListColumn("member_name", N_("Part", "one part of a breakdown"), 26),
                ListColumn("rows_filled", N_("Filled", "cells with a content"), 10, "plain"),
                ListColumn("rows_total", N_("Rows"), 10, "plain"),
                ListColumn("share", N_("Share filled"), 12, "percent"),
            ),
            N_("How often each field is filled: in all, by region and by survey wave."),
            N_("There are no rows yet whose fields could be counted."),
        ),
        QualityList(
            "decisions",
            N_("Decisions"),
            (
                ListColumn("line", N_("Line", "of a file of decisions"), 8, "plain"),
                ListColumn("decision_name", N_("Decision"), 14),
                ListColumn("subject_name", N_("About"), 18),
                ListColumn("note", N_("Note"), 60),
                ListColumn("applied", N_("Applied", "whether a build used a decision"), 30),
                ListColumn("this", N_("This"), 30),
                ListColumn("that", N_("That"), 30),
            ),
            N_("What staff decided, as kept in decisions.csv in the campaign folder; each build applies it."),
            N_("Nothing has been decided yet."),
        ),
        QualityList(
            "changes",
            N_("Changes"),
            (
                ListColumn("change", N_("What changed"), 14),
                _ACTION,
                ListColumn("title", N_("Title"), 44),
                ListColumn("stakeholder", N_("Stakeholder"), 32),
                ListColumn("field_name", N_("Field"), 18),
                ListColumn("before", N_("Before"), 40),
                ListColumn("after", N_("After"), 40),
            ),
            N_("What this build shows that the one before did not: actions added, removed and changed."),
            N_("No action was added, removed or changed."),
        ),
    )
}
