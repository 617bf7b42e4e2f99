"""The sheet Dictionary of an extract: what each column of the rows means, and the codes behind the labels."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.pagebreak import Break

from dashboard.campaign.codelists import CODELISTS
from dashboard.extracts.tables import Field, Kind
from dashboard.extracts.workbook.cells import CellWriter, Column, bold, lay_out_columns
from dashboard.extracts.workbook.sheets import HEADING_BLUE, add_table, header_cell, lay_out_rows, mark_as_sample
from dashboard.i18n import N_, Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS

TYPES: dict[Kind, str] = {
    "text": N_("Text"),
    "date": N_("Date"),
    "percent": N_("Number"),
    "number": N_("Number"),
    "integer": N_("Number"),
    "boolean": N_("TRUE or FALSE"),
}
LABEL, LABELS = N_("Label of a code"), N_("Labels, joined by “; ”")
CODE, CODES = N_("Code"), N_("Codes, joined by “; ”")
COLUMNS = (
    Column("sheet", N_("Sheet"), 24),
    Column("column", N_("Column"), 30),
    Column("name", N_("Name in links"), 24),
    Column("meaning", N_("Meaning"), 76),
    Column("type", N_("Type"), 24),
    Column("codelist", N_("Codelist"), 20),
)
CODE_COLUMNS = (
    Column("codelist", N_("Codelist"), 24),
    Column("label", N_("Label"), 30),
    Column("code", N_("Code"), 24),
    Column("within", N_("Belongs to"), 76),
)
_ABOVE_CODES = 3
"""Rows between the two tables: an empty one, a heading, the headers."""


class Explained(NamedTuple):
    """A sheet of rows: its name, its columns and their headers there."""

    sheet: str
    fields: tuple[Field, ...]
    headers: tuple[str, ...]


def write_dictionary(sheet: Any, explained: Sequence[Explained], snapshot: Snapshot, t: Translator) -> None:
    """Fill the sheet: a table of one row a column, and below it one of the codes that the columns speak of.

    Args:
        sheet: The sheet.
        explained: The sheets of rows.
        snapshot: Where the codes come from.
        t: The words of the reader's language.
    """
    columns = [row for one in explained for row in _explain(one, t)]
    codelists = {field.codelist for one in explained for field in one.fields}
    codes = [row for codelist in CODELISTS if codelist in codelists for row in _list_codes(codelist, snapshot, t)]
    below = len(columns) + 1 + _ABOVE_CODES
    lay_out_rows(sheet, COLUMNS, below + len(codes) - 1 if codes else len(columns), freeze="A2")
    lay_out_columns(sheet, COLUMNS)
    sheet.sheet_format.defaultRowHeight = 15
    sheet.sheet_format.customHeight = None
    if snapshot.is_sample:
        mark_as_sample(sheet, t(N_("Fictional data")))
    _write(sheet, "dictionary", COLUMNS, columns, 1, snapshot, t)
    if codes:
        sheet.print_title_rows = None  # the headers of the first table say nothing about the codes
        sheet.row_breaks.append(Break(id=len(columns) + 2))
        sheet.append([])
        heading = WriteOnlyCell(sheet, t(N_("The codes and their labels")))
        heading.font = bold(13, HEADING_BLUE)
        sheet.append([heading])
        _write(sheet, "codes", CODE_COLUMNS, codes, below, snapshot, t)


def _write(
    sheet: Any,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[tuple[str | None, ...]],
    top: int,
    snapshot: Snapshot,
    t: Translator,
) -> None:
    headers = [t(column.header) for column in columns]
    sheet.append([header_cell(sheet, header, snapshot.is_sample) for header in headers])
    writer = CellWriter(sheet, columns, {}, "…")
    for row in rows:
        sheet.append(writer.row(row))
    add_table(sheet, name, headers, len(rows), top)


def _explain(one: Explained, t: Translator) -> Iterator[tuple[str | None, ...]]:
    for field, header in zip(one.fields, one.headers, strict=True):
        yield one.sheet, header, field.name, t(field.description), t(_name_type(field)), field.codelist or None


def _name_type(field: Field) -> str:
    if not field.codelist:
        return CODE if field.name == "language_code" else TYPES[field.kind]
    if field.is_code:
        return CODES if field.is_list else CODE
    return LABELS if field.is_list else LABEL


def _list_codes(codelist: str, snapshot: Snapshot, t: Translator) -> Iterator[tuple[str | None, ...]]:
    """The codes of a codelist; of the countries, which are many, those that occur."""
    parameter = next(f.parameter for f in FILTERS if f.codelist == codelist)
    present = snapshot.present.get(parameter, frozenset())
    for code in snapshot.codes.get(codelist, {}).values():
        if codelist == "countries" and code.code not in present:
            continue
        yield codelist, code.labels[t.language], code.code, _belongs(code.parent, code.base_status, snapshot, t)


def _belongs(parent: str | None, base_status: str | None, snapshot: Snapshot, t: Translator) -> str | None:
    """The label of the wider place or of the base status."""
    for codelist, code in (("subregions", parent), ("regions", parent), ("statuses", base_status)):
        found = snapshot.codes.get(codelist, {}).get(code or "")
        if found is not None:
            return found.labels[t.language]
    return None
