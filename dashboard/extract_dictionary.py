"""The sheet Dictionary of an extract: what each column of the rows means, its type, and where its codes are listed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboard.extract_cells import CellWriter, Column
from dashboard.extract_sheets import add_table, header_cell, lay_out_rows, mark_as_sample
from dashboard.i18n import N_, Translator

TEXT, DATE, NUMBER, YES_NO = N_("Text"), N_("Date"), N_("Number"), N_("TRUE or FALSE")
LABEL, LABELS = N_("Label of a code"), N_("Labels, joined by “; ”")
CODE, CODES = N_("Code"), N_("Codes, joined by “; ”")
COLUMNS = (
    Column("column", N_("Column"), 28),
    Column("meaning", N_("Meaning"), 76),
    Column("type", N_("Type"), 24),
    Column("codelist", N_("Codelist"), 22),
)


class Meaning(NamedTuple):
    """What a column holds; `codelist` is the name of the file that lists its codes."""

    text: str
    type: str = TEXT
    codelist: str = ""


MEANINGS: Mapping[str, Meaning] = {
    "action_id": Meaning(N_("The number or name that identifies the action; the same in every extract.")),
    "title": Meaning(N_("What the action is called, in the language it was submitted in.")),
    "stakeholder": Meaning(N_("Who committed to the action.")),
    "group": Meaning(N_("Which kind of stakeholder that is."), LABEL, "stakeholder_groups"),
    "category": Meaning(N_("What kind of action it is."), LABEL, "categories"),
    "themes": Meaning(N_("What the action is about; one action may have several themes."), LABELS, "themes"),
    "regions": Meaning(N_("The regions of its countries, or those it names itself."), LABELS, "regions"),
    "countries": Meaning(N_("Where the action takes place."), LABELS, "countries"),
    "status": Meaning(
        N_("How far it is by the day of the extract: what its latest report says, or that there is none."),
        LABEL,
        "statuses",
    ),
    "percent": Meaning(
        N_("How much is done according to the latest report, from 0 to 100; empty where it does not say."), NUMBER
    ),
    "reported_on": Meaning(N_("The day of the latest report; empty where nothing was reported."), DATE),
    "completed_on": Meaning(
        N_("The day it was completed: the day the report names, else the report's own day; empty unless completed."),
        DATE,
    ),
    "due_on": Meaning(N_("The day by which the action was to be completed."), DATE),
    "is_overdue": Meaning(N_("Neither completed nor discontinued after its deadline, reported or not."), YES_NO),
    "subregions": Meaning(N_("The subregions of its countries, or those it names itself."), LABELS, "subregions"),
    "status_detail": Meaning(N_("The status in the finer words of the report."), LABEL, "statuses"),
    "is_on_time": Meaning(N_("Completed on or before its own deadline."), YES_NO),
    "submitted_on": Meaning(N_("The day the action was submitted."), DATE),
    "description": Meaning(N_("What is to be done, in the stakeholder's words.")),
    "impact": Meaning(N_("What the stakeholder expects to change.")),
    "communication": Meaning(N_("How the stakeholder makes the action known.")),
    "partners": Meaning(N_("Organisations that take part.")),
    "url": Meaning(N_("A page about the action, as it was submitted.")),
    "language_code": Meaning(N_("The language the action was submitted in (ISO 639-1)."), CODE),
    "region_codes": Meaning(N_("The codes of the column of regions."), CODES, "regions"),
    "subregion_codes": Meaning(N_("The codes of the column of subregions."), CODES, "subregions"),
    "country_codes": Meaning(
        N_("The codes of the column of countries (ISO 3166-1, three letters)."), CODES, "countries"
    ),
    "category_code": Meaning(N_("The code of the category; “unclassified” where none fits."), CODE, "categories"),
    "theme_codes": Meaning(N_("The codes of the column of themes."), CODES, "themes"),
    "group_code": Meaning(
        N_("The code of the stakeholder group; “unclassified” where none fits."), CODE, "stakeholder_groups"
    ),
    "status_code": Meaning(N_("The code of the status that the measures count by."), CODE, "statuses"),
    "status_detail_code": Meaning(N_("The code of the status as reported."), CODE, "statuses"),
    "source_file": Meaning(N_("The file that the action was read from.")),
    "source_sheet": Meaning(N_("The sheet in that file; empty for files without sheets.")),
    "source_row": Meaning(N_("The row in that file or sheet, as a spreadsheet counts."), NUMBER),
}
"""What each column of an extract means, by its name in the query."""


def write_dictionary(
    sheet: Any, columns: Sequence[Column], headers: Sequence[str], t: Translator, *, is_sample: bool
) -> None:
    """Fill the sheet: a table of one row a column.

    Args:
        sheet: The sheet.
        columns: The columns that are explained.
        headers: Their names on the sheet of rows.
        t: The words of the reader's language.
        is_sample: Whether the data is fictional.
    """
    lay_out_rows(sheet, COLUMNS, len(columns), freeze="B2")
    sheet.sheet_format.defaultRowHeight = 15
    sheet.sheet_format.customHeight = None
    if is_sample:
        mark_as_sample(sheet, t(N_("Fictional data")))
    names = [t(column.header) for column in COLUMNS]
    sheet.append([header_cell(sheet, name, is_sample) for name in names])
    writer = CellWriter(sheet, COLUMNS, {}, "…")
    for column, header in zip(columns, headers, strict=True):
        meaning = MEANINGS[column.name]
        sheet.append(writer.row((header, t(meaning.text), t(meaning.type), meaning.codelist or None)))
    add_table(sheet, "dictionary", names, len(columns))
