"""What a column of an extract is, and the columns that several tables share, each defined once."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from dashboard.errors import SelectionError
from dashboard.i18n import N_

Kind = Literal["text", "date", "percent", "number", "integer", "boolean"]
Part = Literal["printed", "detail", "code"]

_WIDTHS: dict[Kind, float] = {"text": 24, "date": 13, "percent": 12, "number": 10, "integer": 10, "boolean": 12}


class Field(NamedTuple):
    """One column.

    Attributes:
        name: Its name in the query, in links and in the files for programs.
        header: Its header for readers.
        description: What it means.
        kind: The kind of its values.
        width: Its width in a workbook, in characters; by its kind where none is given.
        part: Whether a workbook prints it, shows it beside what is printed, or folds it away with the codes.
        codelist: The codelist of its codes or of the labels it shows; nothing for other columns.
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


def text(name: str, header: str, description: str, width: float, part: Part = "printed") -> Field:
    """A column of texts."""
    return Field(name, header, description, width=width, part=part)


def label(name: str, header: str, description: str, codelist: str, width: float, part: Part = "printed") -> Field:
    """A column of labels of one codelist."""
    return Field(name, header, description, width=width, part=part, codelist=codelist)


def labels(name: str, header: str, description: str, codelist: str, width: float, part: Part = "printed") -> Field:
    """A column of labels of one codelist, several of them in one value."""
    return Field(name, header, description, width=width, part=part, codelist=codelist, is_list=True)


def code(name: str, header: str, description: str, codelist: str, width: float) -> Field:
    """A column of codes of one codelist."""
    return Field(name, header, description, width=width, part="code", codelist=codelist)


def codes(name: str, header: str, description: str, codelist: str, width: float) -> Field:
    """A column of codes of one codelist, several of them in one value."""
    return Field(name, header, description, width=width, part="code", codelist=codelist, is_list=True)


ACTION_ID = text("action_id", N_("Action ID"), N_("Identifies the action; the same in every table."), 14)
TITLE = text("title", N_("Title"), N_("What the action is called, in the language it was submitted in."), 44)
ACTION_TITLE = text("action_title", N_("Title of the action"), N_("Title of the action this row belongs to."), 40)
STAKEHOLDER = text("stakeholder", N_("Stakeholder"), N_("Organisation that submitted the action."), 30)
GROUP = label("group", N_("Stakeholder group"), N_("Kind of stakeholder."), "stakeholder_groups", 20)
CATEGORY = label("category", N_("Category"), N_("Kind of action."), "categories", 22)
STATUS = label(
    "status",
    N_("Status"),
    N_("What the latest report by the day says; not reported where there is none."),
    "statuses",
    16,
)
STATUS_DETAIL = label(
    "status_detail", N_("Status as reported"), N_("The status in the survey's own words."), "statuses", 20, "detail"
)
PERCENT = Field("percent", N_("Percent done"), N_("As stated in the report, 0 to 100."), "percent")
COMPLETED_ON = Field(
    "completed_on", N_("Completed on"), N_("Day of completion, as stated, else of the report."), "date"
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
WAVE = text("wave", N_("Wave"), N_("Round of the survey."), 16)
