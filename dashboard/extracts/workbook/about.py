"""The sheet About of an extract: what the rows are, which filters are in force, what the measures mean."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, Protocol

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

from dashboard.extracts.workbook.cells import (
    LINK_BLUE,
    LONGEST_LINK,
    PAPER_A4,
    WRAPPED,
    CellWriter,
    Column,
    Counts,
    as_written,
    bold,
    lay_out_columns,
)
from dashboard.extracts.workbook.sheets import HEADING_BLUE, SAMPLE_RED
from dashboard.formats import format_count, format_date, format_percent
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import Headline
from dashboard.measures.definitions import DEFINITIONS, FICTIONAL, RATES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, describe

COUNTS = ("completed", "in_progress", "not_started", "discontinued", "status_unclassified", "not_reported", "overdue")
SHOWN_RATES = ("completion_rate", "upper_bound", "reporting_rate", "completion_rate_reporting", "on_time_rate")
COLUMNS = (Column("label", "", 34), Column("text", "", 100))

Pair = tuple[str, str]


class Held(NamedTuple):
    """A table of the file: the sheets it is on, how many rows it has, what one row is."""

    sheets: tuple[str, ...]
    rows: int
    description: str


@dataclass(frozen=True)
class About:
    """What the sheet tells.

    Attributes:
        all_actions: How many actions the snapshot holds, whatever the filters.
        held: The tables of the file.
        counts: Cells that had to be changed on their sheets.
        link: Address of the same view on the dashboard.
        refresh: Address of the same file, as it is when it is asked for.
    """

    snapshot: Snapshot
    selection: Selection
    t: Translator
    headline: Headline
    all_actions: int
    held: tuple[Held, ...]
    counts: Counts
    link: str
    refresh: str

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses that are written as links."""
        return (self.link, self.refresh)

    @property
    def title(self) -> str:
        """The campaign's title in the reader's language."""
        return str(self.snapshot.campaign[f"title_{self.selection.lang}"])

    def sections(self) -> Iterator[tuple[str, list[Pair]]]:
        """The sheet's sections: a heading and (label, text) lines each."""
        t = self.t
        yield t(N_("What this file holds")), list(self._rows_held())
        yield t(N_("Filters in force")), self._filters()
        yield t(N_("Progress of these actions")), list(self._figures())
        yield t(N_("Where it comes from")), list(self._origin())
        yield t(N_("Definitions")), [(t(d.name), self._definition(d.id)) for d in DEFINITIONS.values()]

    def _rows_held(self) -> Iterator[Pair]:
        t, lang = self.t, self.selection.lang
        chosen, known = format_count(self.headline.actions, lang), format_count(self.all_actions, lang)
        yield t(N_("Selected")), t(N_("{rows} of {all} actions"), rows=chosen, all=known)
        if self.headline.actions == 0:
            yield t(N_("Note")), t(N_("No action matches these filters."))
        for table in self.held:
            yield ", ".join(table.sheets), self._describe(table)
        yield t(N_("Link to this view")), self.link
        yield t(N_("Link that refreshes this file")), self.refresh
        if self.counts.cleaned:
            n = format_count(self.counts.cleaned, lang)
            yield t(N_("Cells cleaned")), t(N_("{n}: characters that a spreadsheet cannot hold were removed"), n=n)
        if self.counts.cut:
            n = format_count(self.counts.cut, lang)
            yield t(N_("Cells cut")), t(N_("{n}: a cell holds 32,767 characters at most"), n=n)

    def _describe(self, table: Held) -> str:
        t, lang = self.t, self.selection.lang
        rows = t.plural("{n} row.", "{n} rows.", table.rows, n=format_count(table.rows, lang))
        if len(table.sheets) == 1:
            return f"{rows} {table.description}"
        sheets = t(N_("They continue from sheet to sheet, because one holds 1,048,575 rows at most."))
        return f"{rows} {sheets} {table.description}"

    def _filters(self) -> list[Pair]:
        words = describe(self.selection, self.snapshot, self.t, partial(format_date, lang=self.selection.lang))
        if len(words) == 1:
            words.insert(0, (self.t(N_("Filters")), self.t(N_("None: every action is here."))))
        return words

    def _figures(self) -> Iterator[Pair]:
        t, lang = self.t, self.selection.lang
        yield t(DEFINITIONS["actions"].name), format_count(self.headline.actions, lang)
        for name in COUNTS:
            yield t(DEFINITIONS[name].name), format_count(getattr(self.headline, name), lang)
        for name in SHOWN_RATES:
            part = sum(getattr(self.headline, column) for column in RATES[name].parts)
            whole = getattr(self.headline, RATES[name].whole)
            rate = format_percent(part, whole, lang)
            of = t(N_("{n} of {total}"), n=format_count(part, lang), total=format_count(whole, lang))
            yield t(DEFINITIONS[name].name), f"{rate} ({of})"

    def _origin(self) -> Iterator[Pair]:
        t, lang = self.t, self.selection.lang
        built = datetime.fromisoformat(self.snapshot.built_at)
        built_on = f"{format_date(built.date(), lang)}, {built:%H:%M} UTC"
        day = format_date(self.selection.day(self.snapshot), lang)
        yield t(N_("Campaign")), self.title
        yield t(N_("Snapshot")), self.snapshot.build_id
        yield t(N_("Built")), built_on
        yield t(N_("Files")), ", ".join(self.headline.source_files)
        cite = t(N_("{title}: register of actions as of {day}. Snapshot {build}, built {built}. {link}"))
        words = cite.format(title=self.title, day=day, build=self.snapshot.build_id, built=built_on, link=self.link)
        yield t(N_("Cite as")), f"{t(FICTIONAL)} {words}" if self.snapshot.is_sample else words

    def _definition(self, name: str) -> str:
        definition = DEFINITIONS[name]
        sentence = self.t(definition.sentence)
        return f"{sentence}\n{self.t(definition.formula)}" if definition.formula else sentence


class Explained(Protocol):
    """What a sheet tells about its workbook: a title, sections of (label, text) lines, an address to link."""

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that the rows come from."""
        ...

    @property
    def t(self) -> Translator:
        """The words of the reader's language."""
        ...

    @property
    def title(self) -> str:
        """What stands at the top."""
        ...

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses that are written as links."""
        ...

    def sections(self) -> Iterable[tuple[str, list[Pair]]]:
        """Headings with their lines."""
        ...


def write_about(sheet: Any, about: Explained) -> None:
    """Fill the sheet; it prints on portrait pages as wide as the paper."""
    lay_out_columns(sheet, COLUMNS)
    sheet.page_setup.fitToHeight = 0
    sheet.page_setup.paperSize = PAPER_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.sheet_view.showGridLines = False
    sheet.oddFooter.right.text = "&P / &N"
    sheet.append([_cell(sheet, about.title, bold(16, HEADING_BLUE))])
    if about.snapshot.is_sample:
        banner = bold(14, "FFFFFF")
        fill = PatternFill("solid", fgColor=SAMPLE_RED)
        sheet.append([_cell(sheet, about.t(FICTIONAL), banner, fill), _cell(sheet, None, banner, fill)])
    write = CellWriter(sheet, COLUMNS, {}, "…").text
    for heading, pairs in about.sections():
        sheet.append([])
        sheet.append([_cell(sheet, heading, bold(13, HEADING_BLUE))])
        for label, text in pairs:
            is_link = text in about.links and len(text) <= LONGEST_LINK
            # LibreOffice does not break a link into lines, so a long one would run past the page.
            fits = len(text) <= COLUMNS[1].width
            sheet.append(
                [
                    _link(sheet, label, text) if is_link and not fits else _cell(sheet, label, bold(), wraps=True),
                    _link(sheet, text, text) if is_link and fits else write(text),
                ]
            )


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
    cell = _cell(sheet, words, Font(name="Calibri", family=2, underline="single", color=LINK_BLUE), wraps=True)
    cell.hyperlink = Hyperlink(ref="", target=address)
    return cell
