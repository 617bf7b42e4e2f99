"""The model of a sheet's shape: the tool that wrote it, where its rows begin, the role of each column."""

from dataclasses import dataclass
from enum import StrEnum


class Tool(StrEnum):
    """The writer of a sheet, or its other kind."""

    KOBOTOOLBOX = "kobotoolbox"
    ODK_CENTRAL = "odk_central"
    SURVEYMONKEY = "surveymonkey"
    GOOGLE_FORMS = "google_forms"
    MICROSOFT_FORMS = "microsoft_forms"
    LIMESURVEY = "limesurvey"
    QUALTRICS = "qualtrics"
    ALCHEMER = "alchemer"
    TYPEFORM = "typeform"
    XLSFORM = "xlsform"  # a form's definition, no data
    CROSSTAB = "crosstab"  # answers that were counted already
    PLAIN = "plain"


TITLES = {
    Tool.KOBOTOOLBOX: "KoboToolbox",
    Tool.ODK_CENTRAL: "ODK Central",
    Tool.SURVEYMONKEY: "SurveyMonkey",
    Tool.GOOGLE_FORMS: "Google Forms",
    Tool.MICROSOFT_FORMS: "Microsoft Forms",
    Tool.LIMESURVEY: "LimeSurvey",
    Tool.QUALTRICS: "Qualtrics",
    Tool.ALCHEMER: "Alchemer",
    Tool.TYPEFORM: "Typeform",
    Tool.XLSFORM: "XLSForm (form definition)",
    Tool.CROSSTAB: "Summary table",
    Tool.PLAIN: "Plain table",
}


class Role(StrEnum):
    """The purpose of a column."""

    ID = "id"  # names the response
    TIME = "time"
    META = "meta"  # the tool's own: status, version, device, place, score
    PERSONAL = "personal"
    PARENT = "parent"  # leads to the row of another sheet
    ANSWER = "answer"


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        index: Its place, from 0.
        header: The header row's cell.
        question: The text (else the name) of its question, without the group in front and without the choice;
            the columns of one question with a column a choice share it. None for a column without header.
        choice: The choice that the column stands for; None where the cell holds the answer itself.
        name: The tool's name for the question (`Q4`, `support_received`), where the sheet has one.
        group: The first column of a question with a column a choice, for all of its columns: two questions may have
            the same text. None for a question in one column.
        repeat: 1, or 2, 3, … for further questions with the same text, by the headers alone.
        is_other: Whether it holds what people wrote under "Other (please specify)": no choice's name.
    """

    index: int
    header: str | None
    question: str | None
    choice: str | None
    role: Role
    name: str | None = None
    group: int | None = None
    repeat: int = 1
    is_other: bool = False


@dataclass(frozen=True)
class Shape:
    """The layout of a sheet.

    Attributes:
        title: The tool's name, for people.
        header_row: The spreadsheet row of the headers, from 1.
        rows_after_header: Further header rows below it.
        group_separators: The separators between a group and its question in a header.
        separators: The separators between several choices in one cell.
        date_order: `dmy`, `mdy` or `ymd`: the order in ambiguous dates.
    """

    tool: Tool
    title: str
    header_row: int
    rows_after_header: int
    columns: tuple[Column, ...]
    group_separators: tuple[str, ...]
    separators: tuple[str, ...]
    date_order: str

    @property
    def is_data(self) -> bool:
        """Whether the sheet holds one row a response or entry."""
        return self.tool not in (Tool.XLSFORM, Tool.CROSSTAB)
