"""The tables that can be taken away, each defined once: its query, its columns, what they mean.

Open formats, the data package and its dictionary all follow from `TABLES`. Texts are translated when written.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from dashboard.errors import SelectionError
from dashboard.i18n import N_

Kind = Literal["text", "date", "percent", "number", "integer", "boolean"]


class Field(NamedTuple):
    """One column: its name in the query, its header, what it means, the kind of its values."""

    name: str
    header: str
    description: str
    kind: Kind = "text"


class Table(NamedTuple):
    """One table: its name in links, title, what one row is, its query, columns and the columns that identify a row."""

    name: str
    title: str
    description: str
    query: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]

    def choose(self, columns: Sequence[str] = ()) -> tuple[Field, ...]:
        """The columns of these names, in this order and each once; all of them where none is named.

        Raises:
            SelectionError: a name is none of the table's columns.
        """
        known = {field.name: field for field in self.fields}
        for name in columns:
            if name not in known:
                raise SelectionError(f"There is no column {name!r} in {self.name}.", "columns", tuple(known), name)
        return tuple(known[name] for name in dict.fromkeys(columns)) or self.fields


_ACTION_ID = Field("action_id", N_("Action ID"), N_("Identifies the action; the same in every table."))
_ACTION_TITLE = Field("action_title", N_("Title of the action"), N_("Title of the action this row belongs to."))
_STAKEHOLDER = Field("stakeholder", N_("Stakeholder"), N_("Organisation that submitted the action."))
_GROUP = Field("group", N_("Stakeholder group"), N_("Kind of stakeholder."))
_CATEGORY = Field("category", N_("Category"), N_("Kind of action."))
_STATUS = Field("status", N_("Status"), N_("What the latest report by the day says; not reported where there is none."))
_STATUS_DETAIL = Field("status_detail", N_("Status as reported"), N_("The status in the survey's own words."))
_PERCENT = Field("percent", N_("Percent done"), N_("As stated in the report, 0 to 100."), "percent")
_COMPLETED_ON = Field(
    "completed_on", N_("Completed on"), N_("Day of completion, as stated, else of the report."), "date"
)
_DUE_ON = Field("due_on", N_("Deadline"), N_("Day by which the action is due."), "date")
_OVERDUE = Field("is_overdue", N_("Overdue"), N_("Past its deadline, neither completed nor discontinued."), "boolean")
_ON_TIME = Field("is_on_time", N_("Completed on time"), N_("Completed on or before the deadline."), "boolean")
_LANGUAGE = Field("language_code", N_("Language (code)"), N_("Language the texts were written in."))
_CATEGORY_CODE = Field("category_code", N_("Category (code)"), N_("Code of the category."))
_GROUP_CODE = Field("group_code", N_("Stakeholder group (code)"), N_("Code of the stakeholder group."))
_STATUS_CODE = Field("status_code", N_("Status (code)"), N_("Code of the status."))
_DETAIL_CODE = Field("status_detail_code", N_("Status as reported (code)"), N_("Code of the status as reported."))
_URL = Field("url", N_("Web address"), N_("Where to read more."))
_SOURCE = (
    Field("source_file", N_("Source file"), N_("Export that the row came from.")),
    Field("source_sheet", N_("Source sheet"), N_("Sheet of that file; empty for text files.")),
    Field("source_row", N_("Source row"), N_("Row on that sheet."), "integer"),
)
_REPORT_NO = Field(
    "report_no",
    N_("Report number"),
    N_("Joins reports and answers of the same snapshot; may differ in another."),
    "integer",
)
_REPORT_ID = Field("report_id", N_("Report ID"), N_("Identifies the report in the survey tool."))
_REPORTED_ON = Field("reported_on", N_("Reported on"), N_("Day of the report."), "date")
_WAVE = Field("wave", N_("Wave"), N_("Round of the survey."))

_ITEM = (
    Field("id", N_("ID"), N_("Identifies the item.")),
    Field("on_date", N_("Date"), N_("Day it took place or was published."), "date"),
    Field("title", N_("Title"), N_("Its title.")),
    _URL,
    _ACTION_ID,
    _ACTION_TITLE,
    _LANGUAGE,
    *_SOURCE,
)

_TABLES = (
    Table(
        "actions",
        N_("Actions"),
        N_("One row an action: what was promised, and how far it is on the day."),
        "register_extract",
        (
            _ACTION_ID,
            Field("title", N_("Title"), N_("Title of the action.")),
            _STAKEHOLDER,
            _GROUP,
            _CATEGORY,
            Field("themes", N_("Themes"), N_("Subjects of the action; several are joined by a semicolon.")),
            Field("regions", N_("Regions"), N_("Where it takes place; several are joined by a semicolon.")),
            Field("countries", N_("Countries"), N_("Where it takes place; several are joined by a semicolon.")),
            _STATUS,
            _PERCENT,
            Field("reported_on", N_("Last report"), N_("Day of the latest report by the day."), "date"),
            _COMPLETED_ON,
            _DUE_ON,
            _OVERDUE,
            Field("subregions", N_("Subregions"), N_("Where it takes place; several are joined by a semicolon.")),
            _STATUS_DETAIL,
            _ON_TIME,
            Field("submitted_on", N_("Submitted on"), N_("Day of submission."), "date"),
            Field("description", N_("Description"), N_("What will be done.")),
            Field("impact", N_("Expected impact"), N_("What it shall change.")),
            Field("communication", N_("Communication"), N_("How it will be made known.")),
            Field("partners", N_("Partners"), N_("Who takes part.")),
            _URL,
            _LANGUAGE,
            Field("region_codes", N_("Regions (codes)"), N_("Codes of the regions.")),
            Field("subregion_codes", N_("Subregions (codes)"), N_("Codes of the subregions.")),
            Field("country_codes", N_("Countries (ISO codes)"), N_("ISO 3166 codes of the countries.")),
            _CATEGORY_CODE,
            Field("theme_codes", N_("Themes (codes)"), N_("Codes of the themes.")),
            _GROUP_CODE,
            _STATUS_CODE,
            _DETAIL_CODE,
            *_SOURCE,
        ),
        ("action_id",),
    ),
    Table(
        "themes_countries",
        N_("Actions by theme and country"),
        N_("One row an action, theme and country, for pivot tables; the sum of Share counts each action once."),
        "extract_themes_countries",
        (
            _ACTION_ID,
            Field("title", N_("Title"), N_("Title of the action.")),
            _STAKEHOLDER,
            _GROUP,
            _CATEGORY,
            Field("theme", N_("Theme"), N_("One subject of the action.")),
            Field("region", N_("Region"), N_("Region of the country, or the region that the action states.")),
            Field("subregion", N_("Subregion"), N_("Subregion of the country, or as the action states.")),
            Field("country", N_("Country"), N_("One country of the action; empty where it names none.")),
            _STATUS,
            _PERCENT,
            Field("is_reported", N_("Reported"), N_("Has a report by the day."), "boolean"),
            Field("is_completed", N_("Completed"), N_("The latest report by the day says completed."), "boolean"),
            _COMPLETED_ON,
            _DUE_ON,
            _OVERDUE,
            _ON_TIME,
            Field("share", N_("Share"), N_("1 divided by the rows of the action: adds up to the actions."), "number"),
            _CATEGORY_CODE,
            Field("theme_code", N_("Theme (code)"), N_("Code of the theme.")),
            Field("region_code", N_("Region (code)"), N_("Code of the region.")),
            Field("subregion_code", N_("Subregion (code)"), N_("Code of the subregion.")),
            Field("country_code", N_("Country (ISO code)"), N_("ISO 3166 code of the country.")),
            _GROUP_CODE,
            _STATUS_CODE,
        ),
        ("action_id", "theme_code", "region_code", "subregion_code", "country_code"),
    ),
    Table(
        "reports",
        N_("Progress reports"),
        N_("One row a progress report by the day. Without a filter those that match no action are here too."),
        "extract_reports",
        (
            _ACTION_ID,
            _ACTION_TITLE,
            _STAKEHOLDER,
            _REPORTED_ON,
            Field("status", N_("Status"), N_("What the report says; not recognised where it states no known status.")),
            _STATUS_DETAIL,
            _PERCENT,
            Field("completed_on", N_("Completed on"), N_("Day of completion, as stated."), "date"),
            _WAVE,
            Field("narrative", N_("Narrative"), N_("The report in words.")),
            Field("is_latest", N_("Latest"), N_("The report that decides the action's status on the day."), "boolean"),
            _REPORT_NO,
            _REPORT_ID,
            _LANGUAGE,
            _STATUS_CODE,
            _DETAIL_CODE,
            *_SOURCE,
        ),
        ("report_no",),
    ),
    Table(
        "milestones",
        N_("Milestones"),
        N_("One row a milestone."),
        "extract_milestones",
        (
            _ACTION_ID,
            _ACTION_TITLE,
            _STAKEHOLDER,
            Field("milestone", N_("Milestone"), N_("What shall be reached.")),
            Field("due_on", N_("Due on"), N_("Day by which it shall be reached."), "date"),
            Field("reached_on", N_("Reached on"), N_("Day it was reached."), "date"),
            Field("is_due", N_("Due"), N_("Due by the day."), "boolean"),
            Field("is_reached", N_("Reached"), N_("Reached by the day."), "boolean"),
            *_SOURCE,
        ),
        (),
    ),
    Table(
        "answers",
        N_("Survey answers"),
        N_(
            "One row a report, question and choice, by the day. Without a filter those of reports that match no "
            "action are here too."
        ),
        "extract_answers",
        (
            _ACTION_ID,
            _ACTION_TITLE,
            _STAKEHOLDER,
            _REPORTED_ON,
            _WAVE,
            Field("question", N_("Question"), N_("Text of the question, in the reader's language where there is one.")),
            Field("answer", N_("Answer"), N_("Text of the choice, in the reader's language where there is one.")),
            Field("question_code", N_("Question (code)"), N_("Code of the question.")),
            Field("answer_code", N_("Answer (code)"), N_("Code of the choice.")),
            _REPORT_NO,
            _REPORT_ID,
        ),
        ("report_no", "question_code", "answer_code"),
    ),
    Table(
        "events",
        N_("Events"),
        N_("One row an event. Without a filter those of no known action are here too; the day does not matter."),
        "extract_events",
        _ITEM,
        (),
    ),
    Table(
        "stories",
        N_("Stories"),
        N_("One row a story. Without a filter those of no known action are here too; the day does not matter."),
        "extract_stories",
        _ITEM,
        (),
    ),
)

TABLES = {table.name: table for table in _TABLES}


def find_table(name: str) -> Table:
    """The table of this name.

    Raises:
        SelectionError: there is none.
    """
    if name not in TABLES:
        raise SelectionError(f"There is no table {name!r}.", "table", tuple(TABLES), name)
    return TABLES[name]


def arrange_tables(names: Iterable[str]) -> tuple[str, ...]:
    """The names of tables each once, in the order of `TABLES`, so that the same choice is the same file.

    Raises:
        SelectionError: there is no table of one of these names; the parameter is `include`.
    """
    wanted = dict.fromkeys(names)
    for name in wanted:
        if name not in TABLES:
            raise SelectionError(f"There is no table {name!r}.", "include", tuple(TABLES), name)
    return tuple(name for name in TABLES if name in wanted)
