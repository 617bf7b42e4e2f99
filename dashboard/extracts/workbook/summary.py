"""The sheet Summary of an extract: completion by region, category and theme, as formulas over the sheet of rows.

Every figure is a formula that has its result with it: who opens the file sees the numbers of the dashboard, also where
nothing is calculated, and who changes the rows sees them follow. Formulas count by codes, which do not depend on the
language. A cell with several codes, joined by `; `, is matched whole: `mining` is not found in `artisanal_mining`.
Beside each breakdown stands a chart that Excel draws from its cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.pagebreak import Break

from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.extracts.workbook.layout import (
    HEADING_BLUE,
    PAPER_A4,
    SAMPLE_RED,
    Column,
    as_written,
    bold,
    header_cell,
    lay_out_columns,
    mark_as_sample,
    print_text,
)
from dashboard.formats import format_date
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import DIMENSIONS, Headline, by_dimension
from dashboard.measures.definitions import DEFINITIONS, FEW, FICTIONAL
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

LIVE_UP_TO = 100_000
"""Above so many rows a recalculation would take Excel longer than a reader waits; there the figures are numbers."""

_STATUS = "status_code"
COLUMNS = (
    Column("label", "", 44),
    Column("code", N_("Code"), 30),
    Column("actions", N_("Actions (N)"), 11),
    Column("completed", N_("Completed (n)"), 12),
    Column("reported", N_("Reported"), 11),
    Column("unknown", N_("Unknown"), 11),
    Column("completion_rate", N_("Completion rate (lower bound)"), 16),
    Column("upper_bound", N_("Upper bound"), 15),
    Column("reporting_rate", N_("Reporting rate"), 15),
)
_PERCENT = {"en": "0%", "fr": "0\u202f%", "es": "0\u00a0%"}
NOTHING = N_("no actions")
"""The rate of nothing, which is no 0%."""

_MUTED = "8A8A8A"
_GRID = "D9D9D9"
_DONE = "1F4E79"
_POSSIBLE = "B7CCE3"
_COUNTS = ("actions", "completed", "reported", "unknown")
_NAMES, _RATE, _BOUND = 1, 7, 8
_CHART_COLUMNS = 10, 18
_LINE_HEIGHT = 15
_LINE_LENGTH = 46
_FEWEST_ROWS = 17
"""Rows of a section at least, so that its chart can be read."""


class Section(NamedTuple):
    """One breakdown: its dimension, heading, the column of rows that holds its codes, and whether that is a list."""

    dimension: str
    heading: str
    column: str
    is_list: bool
    note: str = ""


SECTIONS = (
    Section(
        "region", N_("Completion by region"), "region_codes", True, N_("An action in several regions counts in each.")
    ),
    Section("category", N_("Completion by category"), "category_code", False),
    Section(
        "theme", N_("Completion by theme"), "theme_codes", True, N_("An action with several themes counts in each.")
    ),
)


@dataclass
class Rows:
    """Where the rows of all the actions stand that the formulas count."""

    sheet: str
    columns: Sequence[str]
    count: int

    @property
    def can_be_counted(self) -> bool:
        """Whether every column that a formula needs is there, and not too many rows."""
        return self.count <= LIVE_UP_TO and {_STATUS, *(section.column for section in SECTIONS)} <= set(self.columns)

    def range(self, name: str) -> str:
        """All cells of a column, as a formula names them."""
        letter = get_column_letter(self.columns.index(name) + 1)
        return f"{quote_sheetname(self.sheet)}!${letter}$2:${letter}${max(self.count, 1) + 1}"


@dataclass
class Summary:
    """What the sheet shows, and the formulas that its cells get when the file is finished.

    `rows` is nothing where the file holds no sheet of all the actions.
    """

    snapshot: Snapshot
    selection: Selection
    t: Translator
    headline: Headline
    rows: Rows | None
    formulas: dict[str, str] = field(default_factory=dict)


def write_summary(sheet: Any, summary: Summary) -> None:
    """Fill the sheet with results, and `summary.formulas` with the formulas of its cells."""
    _lay_out(sheet, summary)
    writer = _Writer(sheet, summary)
    writer.top()
    for number, section in enumerate(SECTIONS):
        if number:
            sheet.row_breaks.append(Break(id=writer.row))
        writer.section(section)


class _Writer:
    """Appends rows to the sheet; `row` is the number of the last one."""

    def __init__(self, sheet: Any, summary: Summary) -> None:
        self.row = 0
        self._sheet = sheet
        self._summary = summary
        self._count = _cell(sheet, "#,##0")
        self._nothing = summary.t(NOTHING)
        self._rate = _cell(sheet, _PERCENT[summary.selection.lang])

    def top(self) -> None:
        """The title, and what the figures are."""
        t, summary = self._summary.t, self._summary
        self._append([_text(self._sheet, t(N_("Summary")), bold(16, HEADING_BLUE), wraps=False)], lines=2)
        if summary.snapshot.is_sample:
            self._line(t(FICTIONAL), bold(color=SAMPLE_RED))
        day = format_date(summary.selection.day(summary.snapshot), summary.selection.lang)
        self._line(t(N_("As of {day}. The filters of the sheet About are in force."), day=day))
        self._line(self._how_counted())
        self._line(t(N_("Grey: fewer than {n} actions. Read the counts there, not the rates."), n=FEW))
        for name in ("unknown", "completion_rate", "upper_bound", "reporting_rate"):
            self._line(f"{t(DEFINITIONS[name].name)}: {t(DEFINITIONS[name].sentence)}")

    def _how_counted(self) -> str:
        t, rows = self._summary.t, self._summary.rows
        if rows is not None and rows.can_be_counted:
            return t(N_("The figures are formulas: they count all rows of the sheet {sheet}."), sheet=rows.sheet)
        if rows is not None and rows.count > LIVE_UP_TO:
            return t(N_("The figures are numbers, because so many rows would be slow to count again."))
        return t(N_("The figures are numbers: this file does not hold every column of the actions that formulas need."))

    def section(self, section: Section) -> None:
        """A heading, a line for each member, one for all actions, and the chart beside them."""
        t, sheet = self._summary.t, self._sheet
        self._append([])
        self._line(t(section.heading), bold(13, HEADING_BLUE))
        start = self.row
        self._line(t(section.note) if section.note else "", Font(name="Calibri", family=2, color=_MUTED))
        sample = self._summary.snapshot.is_sample
        headers = [t(DIMENSIONS[section.dimension].label), *(t(column.header) for column in COLUMNS[1:])]
        self._append([header_cell(sheet, text, sample) for text in headers], lines=2)
        first = self.row + 1
        for label, code, counts in self._members(section):
            self._append(self._figures(section, label, code, counts), lines=1 + len(label) // _LINE_LENGTH)
        last = self.row
        headline = self._summary.headline
        totals = {name: getattr(headline, name) for name in _COUNTS}
        self._append(self._figures(section, t(N_("All actions, each counted once")), "", totals))
        grey = FormulaRule(formula=[f"$C{first}<{FEW}"], font=Font(color=_MUTED))
        sheet.conditional_formatting.add(f"A{first}:I{self.row}", grey)
        while self.row < max(start + _FEWEST_ROWS, last + 4):
            self._append([])
        if last >= first:
            _add_completion_chart(
                sheet, t(section.heading), (first, last), (start - 1, self.row), self._rate.number_format
            )

    def _members(self, section: Section) -> Iterator[tuple[str, str, dict[str, int]]]:
        snapshot, selection = self._summary.snapshot, self._summary.selection
        frame: pd.DataFrame = by_dimension(snapshot, selection, section.dimension)
        labels = snapshot.codes["categories" if section.dimension == "category" else f"{section.dimension}s"]
        for code, counts in zip(frame["code"], frame[[*_COUNTS]].to_dict("records"), strict=True):
            yield labels[code].labels[selection.lang], code, {str(name): int(n) for name, n in counts.items()}

    def _figures(self, section: Section, label: str, code: str, counts: dict[str, int]) -> Iterator[Any]:
        """The cells of one line; its formulas are noted as they are made."""
        row = self.row
        rows = self._summary.rows
        if rows is not None and rows.can_be_counted:
            for letter, formula in _formulas(section, rows, row, self._nothing, total=not code).items():
                self._summary.formulas[f"{letter}{row}"] = formula
        n, done = counts["actions"], counts["completed"]
        yield _text(self._sheet, label, bold() if not code else None)
        yield _text(self._sheet, code, Font(name="Calibri", family=2, color=_MUTED), wraps=False) if code else None
        for name in _COUNTS:
            self._count.value = counts[name]
            yield self._count
        for part in (done, done + counts["unknown"], counts["reported"]):
            self._rate.value = part / n if n else self._nothing
            yield self._rate

    def _line(self, text: str, font: Font | None = None) -> None:
        self._append([_text(self._sheet, text, font, wraps=False)] if text else [])

    def _append(self, cells: Any, lines: int = 1) -> None:
        """One row, with its height: left to guess it, programs put the charts in different places."""
        self.row += 1
        self._sheet.row_dimensions[self.row].height = _LINE_HEIGHT * lines
        self._sheet.append(cells)


def _formulas(section: Section, rows: Rows, row: int, nothing: str, *, total: bool) -> dict[str, str]:
    """The formulas of one line by their column."""

    def count(status_code: str) -> str:
        # An empty sheet has one empty row, which is neither reported nor counted.
        conditions = f'{status},"{status_code}"' + (f',{status},"?*"' if status_code.startswith("<>") else "")
        if total:
            return f"COUNTIFS({conditions})"
        if section.is_list:
            # The code alone, last, first, and in between: exactly one of them is true where it stands.
            codes = f'{{"","*; ","","*; "}}&$B{row}&{{"","","; *","; *"}}'
            return f"SUMPRODUCT(COUNTIFS({rows.range(section.column)},{codes},{conditions}))"
        return f"COUNTIFS({rows.range(section.column)},$B{row},{conditions})"

    status = rows.range(_STATUS)
    counted = {"C": ("?*",), "D": ("completed",), "E": ("<>not_reported",), "F": ("not_reported", UNCLASSIFIED)}
    formulas = {letter: "+".join(count(code) for code in codes) for letter, codes in counted.items()}
    for letter, part in {"G": f"D{row}", "H": f"(D{row}+F{row})", "I": f"E{row}"}.items():
        formulas[letter] = f'IF(C{row}=0,"{nothing}",{part}/C{row})'
    return formulas


def _lay_out(sheet: Any, summary: Summary) -> None:
    lay_out_columns(sheet, COLUMNS)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = PAPER_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.sheet_view.showGridLines = False
    sheet.oddFooter.left.text = print_text(str(summary.snapshot.campaign[f"title_{summary.selection.lang}"]))
    sheet.oddFooter.right.text = "&P / &N"
    if summary.snapshot.is_sample:
        mark_as_sample(sheet, summary.t(N_("Fictional data")))


def _text(sheet: Any, text: str, font: Font | None = None, *, wraps: bool = True) -> Any:
    cell = WriteOnlyCell(sheet, as_written(text))
    cell.data_type = "s"  # a label may begin with "="
    cell.alignment = Alignment(vertical="top", wrap_text=wraps)
    if font is not None:
        cell.font = font
    return cell


def _cell(sheet: Any, number_format: str) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    cell.alignment = Alignment(horizontal="right", vertical="top")
    return cell


def _add_completion_chart(
    sheet: Any, title: str, lines: tuple[int, int], covered: tuple[int, int], number_format: str
) -> None:
    """Bars of the completion rate and its upper bound, one pair a line, in the lines' order from the top.

    Args:
        sheet: The sheet that holds the lines; their names stand in column A, the rates in G and H.
        title: The chart's title.
        lines: The first and the last line; the row above the first holds the names of the measures.
        covered: The first and the last row that the chart covers, to the right of the table.
        number_format: How the axis writes percentages.
    """
    first, last = lines
    chart = BarChart()
    chart.type = "bar"
    chart.grouping = "clustered"
    chart.title = title
    chart.gapWidth = 40
    chart.overlap = 0
    for column, color in ((_RATE, _DONE), (_BOUND, _POSSIBLE)):
        chart.add_data(Reference(sheet, min_col=column, min_row=first - 1, max_row=last), titles_from_data=True)
        chart.series[-1].graphicalProperties = GraphicalProperties(solidFill=color)
    chart.set_categories(Reference(sheet, min_col=_NAMES, min_row=first, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"  # the first line on top
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.majorUnit = 0.25
    chart.y_axis.number_format = number_format
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    chart.y_axis.crosses = "max"  # the percentages below the bars
    chart.y_axis.title = chart.x_axis.title = None
    chart.legend.position = "b"
    chart.layout = Layout(ManualLayout(xMode="edge", yMode="edge", x=0.36, y=0.12, w=0.6, h=0.7))
    # Tied to cells at both ends: rows are not as high in every program.
    start, end = (AnchorMarker(col=column, row=row) for column, row in zip(_CHART_COLUMNS, covered, strict=True))
    chart.anchor = TwoCellAnchor(_from=start, to=end)
    sheet.add_chart(chart)
