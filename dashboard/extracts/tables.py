"""The tables that can be taken away, each defined once: its query, its columns, what they mean.

The workbook, the open formats and the data package all follow from `TABLES`. Texts are translated when written.
"""

from collections.abc import Iterable

from dashboard.errors import SelectionError
from dashboard.extracts import fields as f
from dashboard.extracts.fields import Field, Table
from dashboard.i18n import N_

__all__ = ["TABLES", "Field", "Table", "arrange_tables", "find_table"]

_WHERE = N_("Where it takes place; several are joined by a semicolon.")

_ITEM = (
    f.Field("id", N_("ID"), N_("Identifies the item."), width=14),
    f.Field("on_date", N_("Date"), N_("Day it took place or was published."), "date"),
    f.Field("title", N_("Title"), N_("Its title."), width=50),
    f.URL,
    f.ACTION_ID,
    f.ACTION_TITLE,
    f.LANGUAGE,
    *f.SOURCE,
)

_TABLES = (
    Table(
        "actions",
        N_("Actions"),
        N_("One row an action: what was promised, and how far it is on the day."),
        "register_extract",
        (
            f.ACTION_ID,
            f.TITLE,
            f.STAKEHOLDER,
            f.GROUP,
            f.CATEGORY,
            f.labels(
                "themes", N_("Themes"), N_("Subjects of the action; several are joined by a semicolon."), "themes", 26
            ),
            f.labels("regions", N_("Regions"), _WHERE, "regions", 18),
            f.labels("countries", N_("Countries"), _WHERE, "countries", 20),
            f.STATUS,
            f.PERCENT,
            f.Field("reported_on", N_("Last report"), N_("Day of the latest report by the day."), "date"),
            f.COMPLETED_ON,
            f.DUE_ON,
            f.OVERDUE,
            f.labels("subregions", N_("Subregions"), _WHERE, "subregions", 22, "detail"),
            f.STATUS_DETAIL,
            f.ON_TIME,
            f.Field("submitted_on", N_("Submitted on"), N_("Day of submission."), "date", part="detail"),
            f.text("description", N_("Description"), N_("What will be done."), 60, "detail"),
            f.text("impact", N_("Expected impact"), N_("What it shall change."), 40, "detail"),
            f.text("communication", N_("Communication"), N_("How it will be made known."), 30, "detail"),
            f.text("partners", N_("Partners"), N_("Who takes part."), 30, "detail"),
            f.URL,
            f.LANGUAGE,
            f.codes("region_codes", N_("Regions (codes)"), N_("Codes of the regions."), "regions", 18),
            f.codes("subregion_codes", N_("Subregions (codes)"), N_("Codes of the subregions."), "subregions", 18),
            f.codes(
                "country_codes", N_("Countries (ISO codes)"), N_("ISO 3166 codes of the countries."), "countries", 16
            ),
            f.CATEGORY_CODE,
            f.codes("theme_codes", N_("Themes (codes)"), N_("Codes of the themes."), "themes", 22),
            f.GROUP_CODE,
            f.STATUS_CODE,
            f.DETAIL_CODE,
            *f.SOURCE,
        ),
        ("action_id",),
    ),
    Table(
        "themes_countries",
        N_("Actions by theme and country"),
        N_("One row an action, theme and country, for pivot tables; the sum of Share counts each action once."),
        "extract_themes_countries",
        (
            f.ACTION_ID,
            f.TITLE,
            f.STAKEHOLDER,
            f.GROUP,
            f.CATEGORY,
            f.label("theme", N_("Theme"), N_("One subject of the action."), "themes", 26),
            f.label(
                "region",
                N_("Region"),
                N_("Region of the country, or the region that the action states."),
                "regions",
                20,
            ),
            f.label(
                "subregion", N_("Subregion"), N_("Subregion of the country, or as the action states."), "subregions", 22
            ),
            f.label(
                "country", N_("Country"), N_("One country of the action; empty where it names none."), "countries", 20
            ),
            f.STATUS,
            f.PERCENT,
            f.Field("is_reported", N_("Reported"), N_("Has a report by the day."), "boolean", part="detail"),
            f.Field(
                "is_completed",
                N_("Completed"),
                N_("The latest report by the day says completed."),
                "boolean",
                part="detail",
            ),
            f.COMPLETED_ON,
            f.DUE_ON,
            f.OVERDUE,
            f.ON_TIME,
            f.Field("share", N_("Share"), N_("1 divided by the rows of the action: adds up to the actions."), "number"),
            f.CATEGORY_CODE,
            f.code("theme_code", N_("Theme (code)"), N_("Code of the theme."), "themes", 20),
            f.code("region_code", N_("Region (code)"), N_("Code of the region."), "regions", 16),
            f.code("subregion_code", N_("Subregion (code)"), N_("Code of the subregion."), "subregions", 18),
            f.code("country_code", N_("Country (ISO code)"), N_("ISO 3166 code of the country."), "countries", 12),
            f.GROUP_CODE,
            f.STATUS_CODE,
        ),
        ("action_id", "theme_code", "region_code", "subregion_code", "country_code"),
    ),
    Table(
        "reports",
        N_("Progress reports"),
        N_("One row a progress report by the day. Without a filter those that match no action are here too."),
        "extract_reports",
        (
            f.ACTION_ID,
            f.ACTION_TITLE,
            f.STAKEHOLDER,
            f.REPORTED_ON,
            f.label(
                "status",
                N_("Status"),
                N_("What the report says; not recognised where it states no known status."),
                "statuses",
                18,
            ),
            f.STATUS_DETAIL,
            f.PERCENT,
            f.Field("completed_on", N_("Completed on"), N_("Day of completion, as stated."), "date"),
            f.WAVE,
            f.text("narrative", N_("Narrative"), N_("The report in words."), 60),
            f.Field(
                "is_latest", N_("Latest"), N_("The report that decides the action's status on the day."), "boolean"
            ),
            f.REPORT_NO,
            f.REPORT_ID,
            f.LANGUAGE,
            f.STATUS_CODE,
            f.DETAIL_CODE,
            *f.SOURCE,
        ),
        ("report_no",),
    ),
    Table(
        "milestones",
        N_("Milestones"),
        N_("One row a milestone."),
        "extract_milestones",
        (
            f.ACTION_ID,
            f.ACTION_TITLE,
            f.STAKEHOLDER,
            f.text("milestone", N_("Milestone"), N_("What shall be reached."), 50),
            f.Field("due_on", N_("Due on"), N_("Day by which it shall be reached."), "date"),
            f.Field("reached_on", N_("Reached on"), N_("Day it was reached."), "date"),
            f.Field("is_due", N_("Due"), N_("Due by the day."), "boolean"),
            f.Field("is_reached", N_("Reached"), N_("Reached by the day."), "boolean"),
            *f.SOURCE,
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
            f.ACTION_ID,
            f.ACTION_TITLE,
            f.STAKEHOLDER,
            f.REPORTED_ON,
            f.WAVE,
            f.text(
                "question", N_("Question"), N_("Text of the question, in the reader's language where there is one."), 44
            ),
            f.text("answer", N_("Answer"), N_("Text of the choice, in the reader's language where there is one."), 36),
            f.text("question_code", N_("Question (code)"), N_("Code of the question."), 24, "code"),
            f.text("answer_code", N_("Answer (code)"), N_("Code of the choice."), 20, "code"),
            f.REPORT_NO,
            f.REPORT_ID,
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
