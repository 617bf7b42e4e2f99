"""The tables to take away, each defined once: its query, its columns and their meaning.

The workbook, the open formats and the data package all follow from `TABLES`; columns that several tables share are
defined once too. Texts are translated when written.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from dashboard.errors import SelectionError
from dashboard.i18n import N_

Kind = Literal["text", "date", "percent", "number", "amount", "integer", "boolean"]
Part = Literal["printed", "detail", "code"]

REGISTER = N_("Register of actions")
"""The name of an extract in citations."""

_WIDTHS: dict[Kind, float] = {
    "text": 24,
    "date": 13,
    "percent": 15,
    "number": 11,
    "amount": 13,
    "integer": 11,
    "boolean": 15,
}


class Field(NamedTuple):
    """One column.

    Attributes:
        name: Its name in the query, in links and in the files for programs.
        width: Its width in a workbook, in characters; by its kind where none is given.
        part: Whether a workbook prints it, shows it beside the printed columns, or folds it away with the codes.
        codelist: The codelist of its codes or of the labels it shows; empty for other columns.
        is_list: Whether a value may join several by `; `.
        is_link: Whether a web address in it may be followed.
    """

    name: str
    header: str
    description: str
    kind: Kind = "text"
    width: float = 0
    part: Part = "printed"
    codelist: str = ""
    is_list: bool = False
    is_link: bool = False

    @property
    def shown_width(self) -> float:
        """The width in a workbook."""
        return self.width or _WIDTHS[self.kind]

    @property
    def is_code(self) -> bool:
        """Whether it holds codes, not their labels."""
        return self.part == "code" and bool(self.codelist)


class Table(NamedTuple):
    """One table: its name in links, title, the meaning of a row, its query, columns and those that identify a row."""

    name: str
    title: str
    description: str
    query: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]

    def choose(self, columns: Sequence[str] = (), parameter: str = "columns") -> tuple[Field, ...]:
        """Return the columns of these names, in this order and each once; all of them where none is named.

        Raises:
            SelectionError: a name in the parameter is none of the table's columns.
        """
        fields = {field.name: field for field in self.fields}
        for name in columns:
            if name not in fields:
                raise SelectionError(f"There is no column {name!r} in {self.name}.", parameter, tuple(fields), name)
        return tuple(fields[name] for name in dict.fromkeys(columns)) or self.fields


def text(name: str, header: str, description: str, width: float, part: Part = "printed") -> Field:
    """Make a column of texts."""
    return Field(name, header, description, width=width, part=part)


def label(name: str, header: str, description: str, codelist: str, width: float, part: Part = "printed") -> Field:
    """Make a column of labels of one codelist."""
    return Field(name, header, description, width=width, part=part, codelist=codelist)


def labels(name: str, header: str, description: str, codelist: str, width: float, part: Part = "printed") -> Field:
    """Make a column of labels of one codelist, several of them in one value."""
    return Field(name, header, description, width=width, part=part, codelist=codelist, is_list=True)


def code(name: str, header: str, description: str, codelist: str, width: float) -> Field:
    """Make a column of codes of one codelist."""
    return Field(name, header, description, width=width, part="code", codelist=codelist)


def codes(name: str, header: str, description: str, codelist: str, width: float) -> Field:
    """Make a column of codes of one codelist, several of them in one value."""
    return Field(name, header, description, width=width, part="code", codelist=codelist, is_list=True)


ACTION_ID = text("action_id", N_("Action ID"), N_("Identifies the action; the same in every table."), 14)
TITLE = text("title", N_("Title"), N_("What the action is called, in the language it was submitted in."), 44)
ACTION_TITLE = text("action_title", N_("Title of the action"), N_("Title of the action this row belongs to."), 40)
STAKEHOLDER = text("stakeholder", N_("Stakeholder"), N_("Stakeholder that submitted the action."), 30)
GROUP = label("group", N_("Stakeholder group"), N_("Kind of stakeholder."), "stakeholder_groups", 20)
CATEGORY = label("category", N_("Category"), N_("Kind of action."), "categories", 22)
STATUS = label(
    "status",
    N_("Status"),
    N_("What the latest report by that date says; not reported if there is none."),
    "statuses",
    16,
)
STATUS_DETAIL = label(
    "status_detail", N_("Status as reported"), N_("The status in the survey's own words."), "statuses", 20, "detail"
)
PERCENT = Field("percent", N_("Percent done"), N_("As stated in the report, 0 to 100."), "percent")
COMPLETED_ON = Field(
    "completed_on", N_("Completed on"), N_("Completion date as stated, or else the date of the report."), "date"
)
DUE_ON = Field("due_on", N_("Deadline"), N_("Day by which the action is due."), "date")
OVERDUE = Field(
    "is_overdue", N_("Overdue"), N_("Past its deadline, neither completed nor discontinued."), "boolean", width=11
)
ON_TIME = Field(
    "is_on_time",
    N_("Completed on time"),
    N_("Completed on or before the deadline."),
    "boolean",
    width=14,
    part="detail",
)
URL = Field("url", N_("Web address"), N_("Where to read more."), width=30, part="detail", is_link=True)
EVIDENCE_SOURCE = text(
    "evidence_source", N_("Proof"), N_("Address or name of the document that shows it."), 40, "detail"
)
EVIDENCE_BY = text(
    "evidence_by",
    N_("Evidence by"),
    N_("Who decided it: a role, never a name."),
    18,
    "detail",
)
EVIDENCE_CODES = (
    text(
        "evidence_code",
        N_("Evidence (code)"),
        N_("The code of that step: claimed, evidenced, reviewed or verified."),
        14,
        "code",
    ),
    text(
        "evidence_by_code",
        N_("Evidence by (code)"),
        N_("The code of that role: stakeholder, secretariat, independent or staff."),
        14,
        "code",
    ),
)
LANGUAGE = text("language_code", N_("Language (code)"), N_("Language the texts were written in."), 12, "code")
CATEGORY_CODE = code(
    "category_code",
    N_("Category (code)"),
    N_("The code of the category; “unclassified” where none fits."),
    "categories",
    20,
)
GROUP_CODE = code(
    "group_code",
    N_("Stakeholder group (code)"),
    N_("The code of the stakeholder group; “unclassified” where none fits."),
    "stakeholder_groups",
    18,
)
STATUS_CODE = code(
    "status_code", N_("Status (code)"), N_("The code of the status that the measures count by."), "statuses", 16
)
DETAIL_CODE = code(
    "status_detail_code", N_("Status as reported (code)"), N_("The code of the status as reported."), "statuses", 18
)
SOURCE = (
    text("source_file", N_("Source file"), N_("Export that the row came from."), 24, "code"),
    text("source_sheet", N_("Source sheet"), N_("Sheet of that file; empty for text files."), 14, "code"),
    Field("source_row", N_("Source row"), N_("Row on that sheet."), "integer", part="code"),
)
REPORT_NO = Field(
    "report_no",
    N_("Report number"),
    N_("Joins reports and answers of the same snapshot; may differ in another."),
    "integer",
    part="code",
)
REPORT_ID = text("report_id", N_("Report ID"), N_("Identifies the report in the survey tool."), 16, "code")
REPORTED_ON = Field("reported_on", N_("Reported on"), N_("Day of the report."), "date")
WAVE = text("wave", N_("Wave", "of a survey"), N_("Round of the survey."), 16)


__all__ = ["TABLES", "Field", "Table", "arrange_tables", "find_table"]

_WHERE = N_("Where it takes place; several are separated by semicolons.")

_ITEM_ID = Field("id", N_("ID"), N_("Identifies the item."), width=14)
_ON_DATE = Field("on_date", N_("Date"), N_("Day it took place or was published."), "date")
_ITEM = (
    Field("title", N_("Title"), N_("Its title, in the reader’s language where there is one."), width=50),
    text("summary", N_("Summary"), N_("Its introduction, in the same language."), 40),
    URL,
    ACTION_ID,
    text("action_ids", N_("Action IDs"), N_("Every action it belongs to; several are separated by semicolons."), 20),
    ACTION_TITLE,
    text("languages", N_("Languages"), N_("Languages in which it exists; several are separated by semicolons."), 12),
    text("body", N_("Text"), N_("The whole text, without pictures and mark-up."), 60, "detail"),
    LANGUAGE,
    *SOURCE,
)

_TABLES = (
    Table(
        "actions",
        N_("Actions"),
        N_("One row per action: what was promised, and its progress by that date."),
        "register_extract",
        (
            ACTION_ID,
            TITLE,
            STAKEHOLDER,
            GROUP,
            CATEGORY,
            labels(
                "themes", N_("Themes"), N_("Subjects of the action; several are separated by semicolons."), "themes", 26
            ),
            labels("regions", N_("Regions"), _WHERE, "regions", 18),
            labels("countries", N_("Countries"), _WHERE, "countries", 20),
            STATUS,
            PERCENT,
            Field("reported_on", N_("Last report"), N_("Date of the latest report by that date."), "date"),
            COMPLETED_ON,
            DUE_ON,
            OVERDUE,
            labels("subregions", N_("Subregions"), _WHERE, "subregions", 22, "detail"),
            labels(
                "groupings",
                N_("Groupings of countries"),
                N_("The groupings one of its countries belongs to; several are separated by semicolons."),
                "groupings",
                22,
                "detail",
            ),
            STATUS_DETAIL,
            ON_TIME,
            text(
                "evidence",
                N_("Evidence"),
                N_("The furthest step that supports the status on that date."),
                14,
                "detail",
            ),
            Field("evidence_on", N_("Evidence since"), N_("Day of that step."), "date", part="detail"),
            EVIDENCE_SOURCE,
            EVIDENCE_BY,
            Field("results", N_("Numbers promised"), N_("How many numbers it promises."), "integer", part="detail"),
            Field(
                "results_met",
                N_("Targets met"),
                N_("How many of them are at their target or beyond by that date."),
                "integer",
                part="detail",
            ),
            Field("submitted_on", N_("Submitted on"), N_("Day of submission."), "date", part="detail"),
            text("description", N_("Description"), N_("What will be done."), 60, "detail"),
            text("impact", N_("Expected impact"), N_("What it is meant to change."), 40, "detail"),
            text("communication", N_("Communication"), N_("How it will be made known."), 30, "detail"),
            text("partners", N_("Partners"), N_("Who takes part."), 30, "detail"),
            URL,
            text(
                "stakeholder_says",
                N_("The stakeholder says"),
                N_("Its latest reply to what is shown, in its own words; it changes no figure."),
                40,
                "detail",
            ),
            Field("stakeholder_says_on", N_("Said on"), N_("Day of that reply."), "date", part="detail"),
            LANGUAGE,
            codes("region_codes", N_("Regions (codes)"), N_("Codes of the regions."), "regions", 18),
            codes("subregion_codes", N_("Subregions (codes)"), N_("Codes of the subregions."), "subregions", 18),
            codes(
                "country_codes", N_("Countries (ISO codes)"), N_("ISO 3166 codes of the countries."), "countries", 16
            ),
            codes(
                "grouping_codes",
                N_("Groupings of countries (codes)"),
                N_("Codes of the groupings of countries."),
                "groupings",
                18,
            ),
            CATEGORY_CODE,
            codes("theme_codes", N_("Themes (codes)"), N_("Codes of the themes."), "themes", 22),
            GROUP_CODE,
            text("stakeholder_id", N_("Stakeholder ID"), N_("Identifies the stakeholder, in links too."), 14, "code"),
            STATUS_CODE,
            DETAIL_CODE,
            *EVIDENCE_CODES,
            *SOURCE,
        ),
        ("action_id",),
    ),
    Table(
        "themes_countries",
        N_("Actions by theme and country"),
        N_("One row per action, theme and country, for pivot tables; the sum of Share counts each action once."),
        "extract_themes_countries",
        (
            ACTION_ID,
            TITLE,
            STAKEHOLDER,
            GROUP,
            CATEGORY,
            label("theme", N_("Theme"), N_("One subject of the action."), "themes", 26),
            label(
                "region",
                N_("Region"),
                N_("Region of the country, or the region that the action states."),
                "regions",
                20,
            ),
            label(
                "subregion", N_("Subregion"), N_("Subregion of the country, or as the action states."), "subregions", 22
            ),
            label(
                "country", N_("Country"), N_("One country of the action; empty where it names none."), "countries", 20
            ),
            STATUS,
            PERCENT,
            Field("is_reported", N_("Reported"), N_("Has a report by that date."), "boolean", part="detail"),
            Field(
                "is_completed",
                N_("Completed"),
                N_("The latest report by that date says completed."),
                "boolean",
                part="detail",
            ),
            COMPLETED_ON,
            DUE_ON,
            OVERDUE,
            ON_TIME,
            Field(
                "share",
                N_("Share", "part of a whole"),
                N_("1 divided by the action’s rows: the sum is the number of actions."),
                "number",
            ),
            CATEGORY_CODE,
            code("theme_code", N_("Theme (code)"), N_("Code of the theme."), "themes", 20),
            code("region_code", N_("Region (code)"), N_("Code of the region."), "regions", 16),
            code("subregion_code", N_("Subregion (code)"), N_("Code of the subregion."), "subregions", 18),
            code("country_code", N_("Country (ISO code)"), N_("ISO 3166 code of the country."), "countries", 12),
            GROUP_CODE,
            STATUS_CODE,
        ),
        ("action_id", "theme_code", "region_code", "subregion_code", "country_code"),
    ),
    Table(
        "reports",
        N_("Progress reports"),
        N_("One row per progress report by that date. Without filters, reports that match no action are included."),
        "extract_reports",
        (
            ACTION_ID,
            ACTION_TITLE,
            STAKEHOLDER,
            REPORTED_ON,
            label(
                "status",
                N_("Status"),
                N_("What the report says; not recognised where it states no known status."),
                "statuses",
                18,
            ),
            STATUS_DETAIL,
            PERCENT,
            Field("completed_on", N_("Completed on"), N_("Day of completion, as stated."), "date"),
            WAVE,
            text("narrative", N_("Narrative"), N_("The report in words."), 60),
            text(
                "evidence",
                N_("Evidence"),
                N_("The furthest step recorded by the report or by staff: what supports its status."),
                14,
                "detail",
            ),
            EVIDENCE_SOURCE,
            Field("reviewed_on", N_("Reviewed on"), N_("Day on which it was reviewed."), "date", part="detail"),
            Field("verified_on", N_("Verified on"), N_("Day on which it was verified."), "date", part="detail"),
            EVIDENCE_BY,
            Field(
                "is_latest",
                N_("Latest", "the newest report of an action"),
                N_("The report that decides the action's status on that date."),
                "boolean",
            ),
            REPORT_NO,
            REPORT_ID,
            LANGUAGE,
            STATUS_CODE,
            DETAIL_CODE,
            *EVIDENCE_CODES,
            *SOURCE,
        ),
        ("report_no",),
    ),
    Table(
        "milestones",
        N_("Milestones"),
        N_("One row per milestone."),
        "extract_milestones",
        (
            ACTION_ID,
            ACTION_TITLE,
            STAKEHOLDER,
            text("milestone", N_("Milestone"), N_("What is to be reached."), 50),
            Field("due_on", N_("Due on"), N_("Date by which it is to be reached."), "date"),
            Field("reached_on", N_("Reached on"), N_("Day it was reached."), "date"),
            Field("is_due", N_("Due", "whether a milestone is due"), N_("Due by that date."), "boolean"),
            Field("is_reached", N_("Reached"), N_("Reached by that date."), "boolean"),
            text(
                "outcome",
                N_("Outcome"),
                N_(
                    "Its outcome by that date: reached, missed, unknown, ahead (reached before due), coming or undated."
                ),
                12,
            ),
            Field("told_on", N_("Told on"), N_("Date of the submission or report it came from."), "date"),
            *SOURCE,
        ),
        (),
    ),
    Table(
        "results",
        N_("Numbers promised and reached"),
        N_("One row per number that an action promises, or has reached, with the one in force by that date."),
        "extract_results",
        (
            ACTION_ID,
            ACTION_TITLE,
            STAKEHOLDER,
            label("indicator", N_("Indicator"), N_("What is counted."), "indicators", 34),
            label("unit", N_("Unit"), N_("In which unit."), "units", 20),
            Field("baseline", N_("Baseline"), N_("The level before the action, as stated."), "amount"),
            Field("target", N_("Target"), N_("The level that is promised."), "amount"),
            Field("target_on", N_("Target by"), N_("Day by which it is promised."), "date"),
            Field(
                "promised",
                N_("Promised"),
                N_("From the baseline to the target; a rising number without a baseline starts from 0."),
                "amount",
            ),
            Field("actual", N_("Level reached"), N_("The last level that was told by that date."), "amount"),
            Field("actual_on", N_("Level of the day"), N_("Day of that level, as stated."), "date"),
            Field("reached", N_("Reached"), N_("From the baseline to that level."), "amount"),
            text(
                "outcome",
                N_("Outcome"),
                N_(
                    "met (at its target or beyond), short, unknown (nothing is told by that date), or unpromised "
                    "(reached, but never promised)."
                ),
                12,
            ),
            text("how_known", N_("How it is known"), N_("In the stakeholder’s words."), 40),
            Field("baseline_on", N_("Baseline of the day"), N_("Day of the baseline."), "date", part="detail"),
            Field(
                "told_on", N_("Told on"), N_("Date of the submission or report it came from."), "date", part="detail"
            ),
            REPORTED_ON._replace(description=N_("Day on which the level was told."), part="detail"),
            code("indicator_code", N_("Indicator (code)"), N_("Code of the indicator."), "indicators", 24),
            code("unit_code", N_("Unit (code)"), N_("Code of the unit."), "units", 14),
            REPORT_ID,
            *SOURCE,
            *(
                text(f"reached_{name}", header, N_("Of the level reached."), 14, "code")
                for name, header in (
                    ("source_file", N_("Source file of the level")),
                    ("source_sheet", N_("Source sheet of the level")),
                    ("source_row", N_("Source row of the level")),
                )
            ),
        ),
        (),
    ),
    Table(
        "answers",
        N_("Survey answers"),
        N_(
            "One row per report, question and choice, by that date. Without filters, answers from reports that match "
            "no action are included."
        ),
        "extract_answers",
        (
            ACTION_ID,
            ACTION_TITLE,
            STAKEHOLDER,
            REPORTED_ON,
            WAVE,
            text(
                "question", N_("Question"), N_("Text of the question, in the reader's language where there is one."), 44
            ),
            text("answer", N_("Answer"), N_("Text of the choice, in the reader's language where there is one."), 36),
            text("question_code", N_("Question (code)"), N_("Code of the question."), 24, "code"),
            text("answer_code", N_("Answer (code)"), N_("Code of the choice."), 20, "code"),
            REPORT_NO,
            REPORT_ID,
        ),
        ("report_no", "question_code", "answer_code"),
    ),
    Table(
        "events",
        N_("Events"),
        N_("One row per event, whatever the date. Without filters, events of no known action are included."),
        "extract_posts/events",
        (
            _ITEM_ID,
            _ON_DATE,
            Field("ends_on", N_("Last day"), N_("Last day of an event, where it is stated."), "date"),
            text("place", N_("Place"), N_("Where it takes place."), 26),
            *_ITEM,
        ),
        (),
    ),
    Table(
        "stories",
        N_("Stories"),
        N_("One row per story, whatever the date. Without filters, stories of no known action are included."),
        "extract_posts/stories",
        (_ITEM_ID, _ON_DATE, *_ITEM),
        (),
    ),
)

TABLES = {table.name: table for table in _TABLES}


def find_table(name: str) -> Table:
    """Find the table of this name.

    Raises:
        SelectionError: there is none.
    """
    if name not in TABLES:
        raise SelectionError(f"There is no table {name!r}.", "table", tuple(TABLES), name)
    return TABLES[name]


def arrange_tables(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of tables each once, in the order of `TABLES`, so that the same choice is the same file.

    Raises:
        SelectionError: there is no table of one of these names; the parameter is `include`.
    """
    chosen = dict.fromkeys(names)
    for name in chosen:
        if name not in TABLES:
            raise SelectionError(f"There is no table {name!r}.", "include", tuple(TABLES), name)
    return tuple(name for name in TABLES if name in chosen)
