"""The sheets that explain the others of a workbook: About, Dictionary and Codes.

About states the meaning of the rows, the filters in force and the meaning of the measures; Dictionary explains each
column and the unit of its values, and Codes lists the codes behind the labels.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

from dashboard.files.extracts.tables import REGISTER, Field
from dashboard.files.extracts.tables import Kind as FieldKind
from dashboard.files.extracts.workbook.layout import (
    COUNT_FORMAT,
    HEADING_BLUE,
    LINE_HEIGHT,
    LONGEST_LINK,
    SAMPLE_RED,
    WRAPPED,
    CellWriter,
    Column,
    add_table,
    as_written,
    bold,
    count_lines,
    header_cell,
    lay_out_columns,
    lay_out_rows,
    link_font,
    mark_as_sample,
    set_up_page,
)
from dashboard.formats import format_count, format_date, format_moment, format_percent
from dashboard.ground.base_urls import find_check_page
from dashboard.ground.codelist_codes import CODELISTS
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import Headline
from dashboard.measures.definitions import DEFINITIONS, FICTIONAL, RATES
from dashboard.measures.facts import EVIDENCE, MILESTONES, count_in_all
from dashboard.snapshot.attribution import cite, name_origin
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.snapshot.selection_words import describe, entitle, name_place

COUNTS = (
    "completed",
    "in_progress",
    "not_started",
    "discontinued",
    "status_unclassified",
    "not_reported",
    "unknown",
    "overdue",
)
SHOWN_RATES = ("completion_rate", "upper_bound", "reporting_rate", "completion_rate_reporting", "on_time_rate")
ABOUT_COLUMNS = (Column("label", "", 34), Column("text", "", 100))
DICTIONARY_COLUMNS = (
    Column("sheet", N_("Sheet"), 22),
    Column("column", N_("Column"), 30),
    Column("name", N_("Name in links"), 24),
    Column("meaning", N_("Meaning"), 62),
    Column("type", N_("Type"), 24),
    Column("unit", N_("Unit"), 20),
    Column("codelist", N_("Codelist"), 20),
)
CODE_COLUMNS = (
    Column("codelist", N_("Codelist"), 22),
    Column("label", N_("Label"), 48),
    Column("code", N_("Code"), 34),
    Column("within", N_("Belongs to"), 48),
)
UNITS: dict[FieldKind, str] = {
    "percent": N_("%, from 0 to 100"),
    "number": N_("part of 1"),
    "date": N_("day"),
}
TYPES: dict[FieldKind, str] = {
    "text": N_("Text"),
    "date": N_("Date"),
    "percent": N_("Number", "type of a column"),
    "number": N_("Number", "type of a column"),
    "amount": N_("Number", "type of a column"),
    "integer": N_("Number", "type of a column"),
    "boolean": N_("TRUE or FALSE"),
}
LABEL, LABELS = N_("Label of a code"), N_("Labels, joined by “; ”")
CODE, CODES = N_("Code"), N_("Codes, joined by “; ”")
CLEANED, CUT = N_("Cells cleaned"), N_("Cells cut")
SEPARATOR = " · "
TOLD_LATER = "…"
"""The placeholder of a text that is ready only when all rows are written."""

Pair = tuple[str, str | int]
"""A label and its text; a count is a number, fit for calculation."""


class SheetContent(NamedTuple):
    """A table of the file: its sheets, its number of rows, the meaning of a row."""

    sheets: tuple[str, ...]
    rows: int
    description: str


@dataclass(frozen=True)
class About:
    """The content of the sheet.

    Attributes:
        all_actions: The number of actions in the snapshot, whatever the filters.
        tables: The tables of the file.
        link: Address of the same view on the dashboard; empty where there are only files, in a folder.
        refresh: Address of the same file with the newest data.
    """

    snapshot: Snapshot
    selection: Selection
    t: Translator
    headline: Headline
    all_actions: int
    tables: tuple[SheetContent, ...]
    link: str
    refresh: str

    @property
    def title(self) -> str:
        """The campaign's title in the reader's language."""
        return str(self.snapshot.campaign[f"title_{self.selection.lang}"])

    @cached_property
    def _in_force(self) -> list[tuple[str, str]]:
        return describe(self.selection, self.snapshot, self.t, partial(format_date, lang=self.selection.lang))

    @property
    def heading(self) -> str:
        """The filters in force in one line, for the head of printed pages."""
        words = [self.t(N_("{name}: {value}"), name=name, value=value) for name, value in self._in_force]
        return SEPARATOR.join(words if len(words) > 1 else [self.t(N_("All actions")), *words])

    def sections(self) -> Iterator[tuple[str, list[Pair]]]:
        """Return the sheet's sections: a heading and (label, text) lines each."""
        t = self.t
        yield t(N_("What this file holds")), list(self._rows_held())
        yield t(N_("Filters in force")), self._filters()
        yield t(N_("Progress of these actions")), list(self._figures())
        yield t(N_("Where it comes from")), list(self._origin())
        yield t(N_("Definitions")), [(t(d.name), self._definition(d.id)) for d in DEFINITIONS.values()]

    def _rows_held(self) -> Iterator[Pair]:
        t, lang = self.t, self.selection.lang
        chosen, all_actions = format_count(self.headline.actions, lang), format_count(self.all_actions, lang)
        yield t(N_("Selected")), t(N_("{rows} of {all} actions"), rows=chosen, all=all_actions)
        if self.headline.actions == 0:
            yield t(N_("Note")), t(N_("No action matches these filters."))
        for table in self.tables:
            yield ", ".join(table.sheets), self._describe(table)
        if self.link:
            yield t(N_("Link to this view")), self.link
            yield t(N_("Link that refreshes this file")), self.refresh
        yield t(CLEANED), TOLD_LATER
        yield t(CUT), TOLD_LATER

    def describe_changes(self, cleaned: int, cut: int) -> dict[str, str | None]:
        """Describe the changed cells, by label; None where there were none."""
        t, lang = self.t, self.selection.lang
        n = format_count(cleaned, lang)
        of_cleaned = t(N_("{n}: characters that a spreadsheet cannot hold were removed"), n=n)
        of_cut = t(N_("{n}: a cell holds 32,767 characters at most"), n=format_count(cut, lang))
        return {t(CLEANED): of_cleaned if cleaned else None, t(CUT): of_cut if cut else None}

    def _describe(self, table: SheetContent) -> str:
        t, lang = self.t, self.selection.lang
        rows = t.plural("{n} row.", "{n} rows.", table.rows, n=format_count(table.rows, lang))
        if len(table.sheets) == 1:
            return f"{rows} {table.description}"
        sheets = t(N_("They continue from sheet to sheet, because one holds 1,048,575 rows at most."))
        return f"{rows} {sheets} {table.description}"

    def _filters(self) -> list[Pair]:
        words = self._in_force
        everything = (self.t(N_("Filters")), self.t(N_("None: every action is here.")))
        return [*words] if len(words) > 1 else [everything, *words]

    def _figures(self) -> Iterator[Pair]:
        t, lang = self.t, self.selection.lang
        yield t(DEFINITIONS["actions"].name), self.headline.actions
        for name in COUNTS:
            yield t(DEFINITIONS[name].name), getattr(self.headline, name)
        for name in SHOWN_RATES:
            part = sum(getattr(self.headline, column) for column in RATES[name].parts)
            whole_count = getattr(self.headline, RATES[name].denominator)
            rate = format_percent(part, whole_count, lang)
            of = t(N_("{n} of {total}"), n=format_count(part, lang), total=format_count(whole_count, lang))
            yield t(DEFINITIONS[name].name), f"{rate} ({of})"
        for fact in (MILESTONES, EVIDENCE):
            counts = count_in_all(self.snapshot, self.selection, fact)
            yield from ((t(DEFINITIONS[name].name), n) for name, n in counts.items() if name in DEFINITIONS)

    def _origin(self) -> Iterator[Pair]:
        t, lang = self.t, self.selection.lang
        yield from name_origin(self.snapshot.campaign, lang)
        yield t(N_("Snapshot")), self.snapshot.build_id
        yield t(N_("Built")), f"{format_moment(self.snapshot.built_at, lang)} UTC"
        yield t(N_("Files")), ", ".join(self.headline.source_files)
        day = self.selection.day(self.snapshot)
        title = entitle(t(REGISTER), name_place(self.snapshot, self.selection))
        if check_page := find_check_page(self.refresh):
            yield t(N_("Check this file")), check_page
        yield t(N_("Cite as")), cite(self.snapshot.campaign, lang, title, day, self.link)

    def _definition(self, name: str) -> str:
        definition = DEFINITIONS[name]
        sentence = self.t(definition.sentence)
        return f"{sentence}\n{self.t(definition.formula)}" if definition.formula else sentence


def write_about(
    sheet: Any,
    snapshot: Snapshot,
    t: Translator,
    title: str,
    sections: Iterable[tuple[str, Sequence[Pair]]],
    links: Sequence[str],
    source: str,
) -> dict[str, int]:
    """Fill the sheet, which prints on portrait pages as wide as the paper; return the first row of every label.

    `sections` are headings with (label, text) lines, of which `links` are written as links; `source` stands below each
    printed page.
    """
    lay_out_columns(sheet, ABOUT_COLUMNS)
    set_up_page(sheet, source, is_upright=True)
    sheet.sheet_view.showGridLines = False
    sheet.append([_cell(sheet, title, bold(16, HEADING_BLUE))])
    if snapshot.is_sample:
        banner = bold(14, "FFFFFF")
        fill = PatternFill("solid", fgColor=SAMPLE_RED)
        sheet.append([_cell(sheet, t(FICTIONAL), banner, fill), _cell(sheet, None, banner, fill)])
    writer = CellWriter(sheet, ABOUT_COLUMNS, {}, "…")
    row = 2 if snapshot.is_sample else 1
    places: dict[str, int] = {}
    for heading, pairs in sections:
        sheet.append([])
        sheet.append([_cell(sheet, heading, bold(13, HEADING_BLUE))])
        row += 2
        for label, text in pairs:
            row += 1
            places.setdefault(label, row)
            sheet.append(_write_pair(sheet, writer, label, text, links))
    return places


def _write_pair(sheet: Any, writer: CellWriter, label: str, value: str | int, links: Sequence[str]) -> tuple[Any, Any]:
    label_cell = _cell(sheet, label, bold(), wraps=True)
    if isinstance(value, int):
        count = WriteOnlyCell(sheet, value)
        count.number_format = COUNT_FORMAT
        count.alignment = Alignment(horizontal="left", vertical="top")
        return label_cell, count
    if value not in links or len(value) > LONGEST_LINK:
        return label_cell, writer.text(value)
    # LibreOffice does not break a link into lines, so a long one would run past the page.
    fits = len(value) <= ABOUT_COLUMNS[1].width
    return (label_cell, _link(sheet, value, value)) if fits else (_link(sheet, label, value), writer.text(value))


class SheetColumns(NamedTuple):
    """A sheet of rows: its name, its columns and their headers there."""

    sheet: str
    fields: tuple[Field, ...]
    headers: tuple[str, ...]


Explanation = tuple[str | None, ...]
"""A row of Dictionary: a value for each of its columns."""


def write_dictionary(
    sheet: Any,
    sheets: Sequence[SheetColumns],
    further_columns: Iterable[Explanation],
    snapshot: Snapshot,
    t: Translator,
    source: str,
) -> None:
    """Fill the sheet: a table of one row a column of the workbook.

    `further_columns` are those of further sheets; `source` stands below each printed page.
    """
    rows = [*(row for one in sheets for row in _explain_columns(one, t)), *further_columns]
    _write_table(sheet, "dictionary", DICTIONARY_COLUMNS, rows, snapshot, t, source)


def list_codes(sheets: Sequence[SheetColumns], snapshot: Snapshot, t: Translator) -> list[Explanation]:
    """List the rows of the sheet Codes: the codes of the codelists behind the columns of these sheets."""
    codelists = {field.codelist for one in sheets for field in one.fields}
    return [row for codelist in CODELISTS if codelist in codelists for row in _list_codes(codelist, snapshot, t)]


def write_codes(sheet: Any, codes: Sequence[Explanation], snapshot: Snapshot, t: Translator, source: str) -> None:
    """Fill the sheet with a table of codes; arguments as in `write_dictionary`."""
    _write_table(sheet, "codes", CODE_COLUMNS, codes, snapshot, t, source)


def _write_table(
    sheet: Any,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Explanation],
    snapshot: Snapshot,
    t: Translator,
    source: str,
) -> None:
    """Write a table that fills its sheet, with rows as high as their texts."""
    lay_out_rows(sheet, columns, len(rows), source, freeze="A2")
    sheet.sheet_format.defaultRowHeight = LINE_HEIGHT
    sheet.sheet_format.customHeight = None
    if snapshot.is_sample:
        mark_as_sample(sheet, t(N_("Fictional data")))
    headers = [t(column.header) for column in columns]
    sheet.append([header_cell(sheet, header, snapshot.is_sample) for header in headers])
    writer = CellWriter(sheet, columns, {}, "…")
    for number, row in enumerate(rows, start=2):
        texts = zip(row, columns, strict=True)
        lines = max(count_lines(text, column.width) for text, column in texts if text is not None)
        sheet.row_dimensions[number].height = LINE_HEIGHT * lines
        sheet.append(writer.row(row))
    add_table(sheet, name, headers, len(rows))


def _explain_columns(one: SheetColumns, t: Translator) -> Iterator[Explanation]:
    for field, header in zip(one.fields, one.headers, strict=True):
        unit = t(UNITS[field.kind]) if field.kind in UNITS else None
        meaning, kind = t(field.description), t(_name_type(field))
        yield one.sheet, header, field.name, meaning, kind, unit, field.codelist or None


def _name_type(field: Field) -> str:
    if not field.codelist:
        return CODE if field.name == "language_code" else TYPES[field.kind]
    if field.is_code:
        return CODES if field.is_list else CODE
    return LABELS if field.is_list else LABEL


def _list_codes(codelist: str, snapshot: Snapshot, t: Translator) -> Iterator[Explanation]:
    """List the codes of a codelist; of the many countries, those that occur."""
    parameter = next((f.parameter for f in FILTERS if f.codelist == codelist), "")
    present = snapshot.present.get(parameter, frozenset())
    for code in snapshot.codes.get(codelist, {}).values():
        if codelist == "countries" and code.code not in present:
            continue
        yield codelist, code.labels[t.language], code.code, _belongs(code.parent, code.base_status, snapshot, t)


def _belongs(parent: str | None, base_status: str | None, snapshot: Snapshot, t: Translator) -> str | None:
    """Return the label of the wider place or of the base status."""
    for codelist, code in (("subregions", parent), ("regions", parent), ("statuses", base_status)):
        entry = snapshot.codes.get(codelist, {}).get(code or "")
        if entry is not None:
            return entry.labels[t.language]
    return None


def _cell(sheet: Any, value: str | None, font: Font, fill: PatternFill | None = None, *, wraps: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value and as_written(value))
    if value is not None:
        cell.data_type = "s"  # a campaign may be called "=…"
    cell.font = font
    cell.alignment = WRAPPED if wraps else Alignment(vertical="top")
    if fill is not None:
        cell.fill = fill
    return cell


def _link(sheet: Any, words: str, address: str) -> Any:
    cell = _cell(sheet, words, link_font(), wraps=True)
    cell.hyperlink = Hyperlink(ref="", target=address)
    return cell
