"""The sheet Summary of an extract: completion by region, category and theme, as formulas over the sheet of rows.

Every figure is a formula with its result: a reader who opens the file sees the numbers of the dashboard, also where
nothing is calculated, and one who changes the rows sees them follow. Formulas count by codes, which depend on no
language. A cell with several codes, joined by `; `, is matched whole: `mining` is not found in `artisanal_mining`.
Below each breakdown stands a chart that Excel draws from its cells, and each is printed on a page of its own.
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

from dashboard import theme
from dashboard.files.extracts.workbook.about import CODE, LABEL, Explanation
from dashboard.files.extracts.workbook.drawn_charts import ChartDescription, finish_chart
from dashboard.files.extracts.workbook.layout import (
    COUNT_FORMAT,
    HEADING_BLUE,
    LINE_HEIGHT,
    SAMPLE_RED,
    TO_RIGHT,
    Column,
    as_written,
    bold,
    count_lines,
    head_height,
    header_cell,
    lay_out_columns,
    mark_as_sample,
    scale_to_page,
    set_up_page,
)
from dashboard.formats import excel_percent_format, format_count, format_date
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import DIMENSIONS, Headline, by_dimension
from dashboard.measures.definitions import DEFINITIONS, FEW, FICTIONAL
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.selection_words import entitle, name_place

LIVE_UP_TO = 100_000
"""The number of rows above which Excel would recalculate longer than a reader waits; there the figures are numbers."""

_STATUS = "status_code"
COLUMNS = (
    Column("label", "", 44),
    Column("code", N_("Code"), 22),
    Column("actions", N_("Actions (N)"), 12, "plain"),
    Column("completed", N_("Completed (n)"), 13, "plain"),
    Column("reported", N_("Reported"), 12, "plain"),
    Column("unknown", N_("Unknown"), 12, "plain"),
    Column("completion_rate", N_("Completion rate (lower bound)"), 18, "percent"),
    Column("upper_bound", N_("Completion rate, up to"), 14, "percent"),
    Column("reporting_rate", N_("Reporting rate"), 14, "percent"),
    Column("possible", N_("Could be completed"), 18, "percent"),
)
_BETWEEN = N_("Unknown ÷ actions: the gap between the lower and upper completion rate.")
EXPLAINED = ("unknown", "completion_rate", "upper_bound", "reporting_rate")
"""The measures with definitions at the top."""
NOTHING = N_("no actions")
"""The rate of nothing, which is no 0%."""

_MUTED = "6B6B6B"
_COUNTS = ("actions", "completed", "reported", "unknown")
_NAMES, _RATE, _POSSIBLE = 1, 7, 10
_LAST = get_column_letter(len(COLUMNS))
_WIDTH = sum(column.width for column in COLUMNS)
_INCHES = (_WIDTH * 7 + 5 * len(COLUMNS)) / 96
_LETTER = 0.085
"""Inches of a letter at the axis of a chart."""
_FEWEST_LINES = 12
"""The least height of a chart in lines, so that it can be read."""
_AROUND = 7
"""Lines of its title, axis and legend."""


class Section(NamedTuple):
    """One breakdown: its dimension, heading, the column of rows with its codes, and whether that is a list."""

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

_COUNTED = (_STATUS, *(section.column for section in SECTIONS))


@dataclass
class Rows:
    """The place of all the actions' rows, for formulas that count them: their sheet, its columns and headers."""

    sheet: str
    columns: Sequence[str]
    headers: Sequence[str]
    count: int

    @property
    def can_be_counted(self) -> bool:
        """Whether every column that a formula needs is there, and not too many rows."""
        return self.count <= LIVE_UP_TO and set(_COUNTED) <= set(self.columns)

    @property
    def counted(self) -> list[str]:
        """The headers of the columns that the formulas read."""
        return [self.headers[self.columns.index(name)] for name in _COUNTED]

    def range(self, name: str) -> str:
        """Return all cells of a column, as a formula names them."""
        letter = get_column_letter(self.columns.index(name) + 1)
        return f"{quote_sheetname(self.sheet)}!${letter}$2:${letter}${max(self.count, 1) + 1}"


@dataclass
class Summary:
    """The content of the sheet, and the formulas that its cells get when the file is finished.

    `rows` is None where the file holds no sheet of all the actions.
    """

    snapshot: Snapshot
    selection: Selection
    t: Translator
    headline: Headline
    rows: Rows | None
    source: str
    heading: str
    formulas: dict[str, str] = field(default_factory=dict)


class _Line(NamedTuple):
    """One row of the sheet: its cells, its height in points, and whether its text runs over all columns."""

    cells: Sequence[Any]
    height: float = LINE_HEIGHT
    is_wide: bool = False


def explain_columns(t: Translator) -> Iterator[Explanation]:
    """Yield the rows of the sheet Dictionary about the columns of this one."""
    sheet, members = t(N_("Summary")), ", ".join(t(DIMENSIONS[section.dimension].label) for section in SECTIONS)
    codelists = "regions, categories, themes"
    what = t(N_("What is counted in the line; the last one counts each action once."))
    yield sheet, members, None, what, t(LABEL), None, codelists
    yield sheet, t(COLUMNS[1].header), None, t(N_("The code behind the label.")), t(CODE), None, codelists
    for column in COLUMNS[2:]:
        definition = DEFINITIONS.get(column.name)
        meaning = t(definition.sentence) if definition else t(_BETWEEN)
        unit = t(N_("actions")) if column.kind == "plain" else t(N_("%, kept as a part of 1"))
        yield sheet, t(column.header), None, meaning, t(N_("Number", "type of a column")), unit, None


def write_summary(sheet: Any, summary: Summary) -> None:
    """Fill the sheet with results, and `summary.formulas` with the formulas of its cells."""
    writer = _Writer(sheet, summary)
    pages = [[*(writer.top() if number == 0 else ()), *writer.section(s)] for number, s in enumerate(SECTIONS)]
    tallest = max(sum(line.height for line in page) for page in pages)
    _lay_out(sheet, summary, scale_to_page((column.width for column in COLUMNS), tallest))
    row = 0
    for number, page in enumerate(pages):
        if number:
            sheet.row_breaks.append(Break(id=row))
        for line in page:
            row += 1
            sheet.row_dimensions[row].height = line.height
            if line.is_wide:
                sheet.merged_cells.add(f"A{row}:{_LAST}{row}")
            sheet.append(line.cells)
    sheet.print_area = f"A1:{_LAST}{row}"


class _Writer:
    """A maker of the sheet's lines; `row` is the number of the last one."""

    def __init__(self, sheet: Any, summary: Summary) -> None:
        self.row = 0
        self._sheet = sheet
        self._summary = summary
        self._nothing = summary.t(NOTHING)

    def top(self) -> Iterator[_Line]:
        """Yield the title, and the explanation of the figures."""
        t, summary = self._summary.t, self._summary
        yield self._text(t(N_("Summary")), bold(16, HEADING_BLUE), height=2 * LINE_HEIGHT)
        if summary.snapshot.is_sample:
            yield self._text(t(FICTIONAL), bold(color=SAMPLE_RED))
        day = format_date(summary.selection.day(summary.snapshot), summary.selection.lang)
        yield self._text(t(N_("As of {day}. The filters of the sheet About are in force."), day=day))
        yield self._text(self._how_counted())
        yield self._text(t(N_("Grey: fewer than {n} actions. Read the counts there, not the rates."), n=FEW))
        for name in EXPLAINED:
            definition = DEFINITIONS[name]
            yield self._text(t(N_("{name}: {meaning}"), name=t(definition.name), meaning=t(definition.sentence)))
        yield self._blank()

    def _how_counted(self) -> str:
        t, rows = self._summary.t, self._summary.rows
        if rows is not None and rows.can_be_counted:
            explanation = N_(
                "The figures are formulas that count the rows of the sheet {sheet} by its columns {columns}. They "
                "follow when you change a code there, not a label."
            )
            return t(
                explanation, sheet=rows.sheet, columns=", ".join(t(N_("“{text}”"), text=name) for name in rows.counted)
            )
        if rows is not None and rows.count > LIVE_UP_TO:
            return t(N_("The figures are fixed numbers, because this many rows would be slow to recount."))
        return t(N_("The figures are fixed numbers: this file lacks columns that formulas would need."))

    def section(self, section: Section) -> Iterator[_Line]:
        """Yield a heading, a line for each member, one for all actions, and the chart below them."""
        t, sheet = self._summary.t, self._sheet
        yield self._text(t(section.heading), bold(13, HEADING_BLUE), height=1.4 * LINE_HEIGHT)
        if section.note:
            yield self._text(t(section.note), Font(name="Calibri", family=2, color=_MUTED))
        yield self._head(section)
        members = list(self._members(section))
        first = self.row + 1
        for label, code, counts in members:
            yield self._figures(section, label, code, counts)
        last = self.row
        headline = self._summary.headline
        yield self._figures(
            section, t(N_("All actions, each counted once")), "", {name: getattr(headline, name) for name in _COUNTS}
        )
        grey = FormulaRule(formula=[f"$C{first}<{FEW}"], font=Font(color=_MUTED))
        sheet.conditional_formatting.add(f"A{first}:{_LAST}{self.row}", grey)
        yield self._blank()
        if not members:
            return
        height = max(_FEWEST_LINES, _AROUND + len(members))
        self._draw(section, members, (first, last), (self.row, self.row + height))
        yield from (self._blank() for _ in range(height))

    def _head(self, section: Section) -> _Line:
        t, is_sample = self._summary.t, self._summary.snapshot.is_sample
        headers = [t(DIMENSIONS[section.dimension].label), *(t(column.header) for column in COLUMNS[1:])]
        cells = [
            header_cell(self._sheet, text, is_sample, column.kind)
            for text, column in zip(headers, COLUMNS, strict=True)
        ]
        height = head_height((text, column.width) for text, column in zip(headers, COLUMNS, strict=True))
        return self._line(_Line(cells, height))

    def _members(self, section: Section) -> Iterator[tuple[str, str, dict[str, int]]]:
        snapshot, selection = self._summary.snapshot, self._summary.selection
        frame: pd.DataFrame = by_dimension(snapshot, selection, section.dimension)
        labels = snapshot.codes["categories" if section.dimension == "category" else f"{section.dimension}s"]
        for code, counts in zip(frame["code"], frame[[*_COUNTS]].to_dict("records"), strict=True):
            yield labels[code].labels[selection.lang], code, {str(name): int(n) for name, n in counts.items()}

    def _figures(self, section: Section, label: str, code: str, counts: dict[str, int]) -> _Line:
        """Make one line with its cells; note its formulas."""
        row = self.row + 1
        rows = self._summary.rows
        if rows is not None and rows.can_be_counted:
            for letter, formula in _formulas(section, rows, row, self._nothing, total=not code).items():
                self._summary.formulas[f"{letter}{row}"] = formula
        n, done, unknown = counts["actions"], counts["completed"], counts["unknown"]
        cells = [
            _text(self._sheet, label, bold() if not code else None),
            _text(self._sheet, code, Font(name="Calibri", family=2, size=9, color=_MUTED)) if code else None,
            *(_figure(self._sheet, counts[name], COUNT_FORMAT) for name in _COUNTS),
        ]
        style = excel_percent_format(self._summary.selection.lang)
        for part in (done, done + unknown, counts["reported"], unknown):
            cells.append(_figure(self._sheet, part / n if n else self._nothing, style))
        lines = max(count_lines(label, COLUMNS[0].width, is_bold=not code), count_lines(code, COLUMNS[1].width * 1.2))
        return self._line(_Line(cells, LINE_HEIGHT * lines))

    def _draw(
        self,
        section: Section,
        members: Sequence[tuple[str, str, dict[str, int]]],
        lines: tuple[int, int],
        covered: tuple[int, int],
    ) -> None:
        t, lang = self._summary.t, self._summary.selection.lang
        descriptions = (
            t(
                N_("{name}: {n} of {total} completed, {unknown} unknown"),
                name=label,
                n=format_count(counts["completed"], lang),
                total=format_count(counts["actions"], lang),
                unknown=format_count(counts["unknown"], lang),
            )
            for label, _, counts in members
        )
        heading = t(section.heading)
        full_title = entitle(heading, name_place(self._summary.snapshot, self._summary.selection, has_day=True))
        words = t(N_("Stacked bars: the share of completed actions, then the share whose status is unknown."))
        drawn = _completion_chart(self._sheet, [label for label, _, _ in members], lines, covered)
        finish_chart(
            drawn,
            heading,
            excel_percent_format(lang),
            ChartDescription(full_title, f"{full_title}. {words} {t(N_('; ')).join(descriptions)}."),
        )

    def _text(self, text: str, font: Font | None = None, height: float | None = None) -> _Line:
        """Make a text over all columns."""
        lines = count_lines(text, _WIDTH, is_bold=font is not None)
        return self._line(_Line([_text(self._sheet, text, font)], height or LINE_HEIGHT * lines, is_wide=True))

    def _blank(self) -> _Line:
        return self._line(_Line([]))

    def _line(self, line: _Line) -> _Line:
        """Count a line, and set its height: left to guess it, programs put the charts in different places."""
        self.row += 1
        return line


def _formulas(section: Section, rows: Rows, row: int, nothing: str, *, total: bool) -> dict[str, str]:
    """Return the formulas of one line by their column."""

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
    statuses = {"C": ("?*",), "D": ("completed",), "E": ("<>not_reported",), "F": ("not_reported", UNCLASSIFIED)}
    formulas = {letter: "+".join(count(code) for code in codes) for letter, codes in statuses.items()}
    for letter, part in {"G": f"D{row}", "H": f"(D{row}+F{row})", "I": f"E{row}", "J": f"F{row}"}.items():
        formulas[letter] = f'IF(C{row}=0,"{nothing}",{part}/C{row})'
    return formulas


def _lay_out(sheet: Any, summary: Summary, scale: int) -> None:
    lay_out_columns(sheet, COLUMNS)
    sheet.sheet_view.showGridLines = False
    set_up_page(sheet, summary.source, summary.heading, scale=scale)
    if summary.snapshot.is_sample:
        mark_as_sample(sheet, summary.t(N_("Fictional data")))


def _text(sheet: Any, text: str, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(sheet, as_written(text))
    cell.data_type = "s"  # a label may begin with "="
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if font is not None:
        cell.font = font
    return cell


def _figure(sheet: Any, value: float | str, number_format: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = number_format
    cell.alignment = TO_RIGHT
    return cell


def _completion_chart(sheet: Any, labels: Sequence[str], lines: tuple[int, int], covered: tuple[int, int]) -> BarChart:
    """Draw bars of the completed share and beyond it the unknown one, up to the upper bound; the first line on top.

    `sheet`: the sheet that holds the lines; their names stand in column A, the shares in G and J.
    `lines`: the first and the last line; the row above the first holds the names of the measures.
    `covered`: the last row above the chart, and the last one that it covers.
    """
    first, last = lines
    chart = BarChart()
    chart.type = "bar"
    chart.grouping = "stacked"
    chart.gapWidth, chart.overlap = 40, 100
    for column, fill, edge in ((_RATE, theme.COMPLETED, None), (_POSSIBLE, theme.POSSIBLE, theme.POSSIBLE_EDGE)):
        chart.add_data(Reference(sheet, min_col=column, min_row=first - 1, max_row=last), titles_from_data=True)
        look = GraphicalProperties(solidFill=fill[1:])
        if edge:
            look.line = LineProperties(solidFill=edge[1:])
        chart.series[-1].graphicalProperties = look
    chart.set_categories(Reference(sheet, min_col=_NAMES, min_row=first, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"  # the first line on top
    chart.x_axis.tickLblSkip = 1
    chart.y_axis.crosses = "max"  # the percentages below the bars
    left = min(0.4, (max(map(len, labels)) * _LETTER + 0.2) / _INCHES)
    height = covered[1] - covered[0]
    top, below = 2.4 / height, 3.2 / height
    chart.layout = Layout(
        ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=left, y=top, w=0.97 - left, h=1 - top - below)
    )
    # Tied to cells at both ends: rows are not as high in every program.
    start, end = AnchorMarker(col=0, row=covered[0]), AnchorMarker(col=len(COLUMNS), row=covered[1])
    chart.anchor = TwoCellAnchor(_from=start, to=end)
    sheet.add_chart(chart)
    return chart
