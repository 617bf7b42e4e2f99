"""A chart's workbook: its values on a sheet, typed, beside the chart that Excel draws; and About.

Several charts make a workbook with a sheet each.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.packaging.custom import StringProperty

from dashboard.campaign.context_files import YEAR
from dashboard.charts.catalogue import STACKS
from dashboard.charts.chart import Chart, name_causes
from dashboard.charts.sides import VERDICTS
from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.excel_charts import (
    FEW_ROWS,
    LEVEL,
    REFERENCE,
    HeatTable,
    add_bar_chart,
    add_line_chart,
    add_scatter_chart,
)
from dashboard.files.briefings.pieces import Piece
from dashboard.files.briefings.series import name_expected, name_pace_parts, name_pairs, pace_columns
from dashboard.files.extracts.workbook.about import Pair, write_about
from dashboard.files.extracts.workbook.archive import save
from dashboard.files.extracts.workbook.layout import (
    LINE_HEIGHT,
    LONGEST_BESIDE_SAMPLE,
    CellWriter,
    Column,
    Kind,
    add_table,
    count_lines,
    create_sheet,
    head_height,
    header_cell,
    lay_out_columns,
    mark_as_sample,
    set_up_page,
    unique_headers,
)
from dashboard.formats import POINTS_FORMAT, clean, excel_date_format, excel_percent_format
from dashboard.ground.files.row_workbooks import RowsWorkbook
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.counts import name_dimension
from dashboard.measures.definitions import DEFINITIONS
from dashboard.measures.facts import find_fact
from dashboard.measures.times import COMPLETED, WAVE
from dashboard.snapshot.attribution import cite, name_origin
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.office import list_properties

LONGEST_NAME = 31
"""The longest name of a sheet in Excel."""

_NO_NAMES = {ord(letter): " " for letter in "[]:*?/\\"}
_RATES = ("completion_rate", "upper_bound", "reporting_rate")
_COUNTS = ("actions", "reported", "completed", "not_reported", "unknown")


def _explain(snapshot: Snapshot, briefing: Briefing, link: str) -> Iterator[tuple[str, Sequence[Pair]]]:
    """Explain on the sheet About: the content of the charts, the filters in force, the meaning of the measures."""
    t, pieces = briefing.t, briefing.pieces
    chart = pieces[0].chart
    described_charts = [
        (piece.title, "\n".join([*piece.chart.caption.sentences, *piece.chart.caption.notes])) for piece in pieces
    ]
    yield t(N_("What this file holds")), [*described_charts, *([(t(N_("Link to this view")), link)] if link else [])]
    yield t(N_("Filters in force")), list(chart.caption.selection)
    origin = [
        *name_origin(snapshot.campaign, briefing.lang),
        (t(N_("Snapshot")), briefing.origin),
        (t(N_("Files")), ", ".join(briefing.sources)),
        (t(N_("Cite as")), cite(snapshot.campaign, briefing.lang, briefing.full_title, chart.total.day, link)),
    ]
    yield t(N_("Where it comes from")), origin
    yield t(N_("Definitions")), [*briefing.definitions, *briefing.doubts]


def _list_words(briefing: Briefing) -> Iterator[tuple[str, list[Pair]]]:
    """List a presenter's words and messages below their headings; nothing without any."""
    heading, pairs = briefing.selection, list[Pair]()
    for block in briefing.blocks:
        if block.kind == "heading":
            if pairs or heading != briefing.selection:
                yield heading, pairs
            heading, pairs = block.text, []
        elif block.kind == "message":
            pairs.append(briefing.write_message(block))
        elif block.kind == "text":
            pairs.append((briefing.t(N_("Text")), "\n".join(one.text for one in block.paragraphs)))
    if pairs or heading != briefing.selection:
        yield heading, pairs


def write_chart_workbook(snapshot: Snapshot, briefing: Briefing, target: Path, *, is_single: bool = False) -> None:
    """Write the charts of a briefing to a workbook, each on a sheet of its own.

    `is_single` says that it is the file of the one chart, not of a briefing of one.
    """
    workbook = RowsWorkbook()
    words = list(_list_words(briefing))
    first = [briefing.t(N_("Briefing"))] if words else []
    names = _sheet_names([*first, *(piece.title for piece in briefing.pieces)])[len(first) :]
    if words:
        sheet = create_sheet(workbook, first[0], briefing.lang)
        write_about(sheet, snapshot, briefing.t, briefing.title, words, (), briefing.source)
    for number, (piece, name) in enumerate(zip(briefing.pieces, names, strict=True), start=1):
        _write_piece(create_sheet(workbook, name, briefing.lang), briefing, piece, number)
    about = create_sheet(workbook, _sheet_names([*names, briefing.t(N_("About"))])[-1], briefing.lang)
    link = briefing.pieces[0].link if len(briefing.pieces) == 1 else briefing.link
    sections = _explain(snapshot, briefing, link)
    write_about(about, snapshot, briefing.t, briefing.title, sections, (link,), briefing.source)
    workbook.properties.title = briefing.full_title if len(briefing.pieces) > 1 else briefing.pieces[0].full_title
    workbook.properties.creator = briefing.campaign
    receipt = briefing.issue_chart(briefing.pieces[0], "xlsx") if is_single else briefing.issue("xlsx")
    for name, text in list_properties(receipt):
        workbook.custom_doc_props.append(StringProperty(name=name, value=text))
    save(workbook, target, briefing.made_at)


def _write_piece(sheet: Any, briefing: Briefing, piece: Piece, number: int) -> None:
    chart = piece.chart
    columns = _COLUMNS.get(chart.spec.kind, _rate_columns)(chart, briefing.t)
    frame = _rows(chart)
    headers = unique_headers(column.header for column in columns)
    heads = list(zip(headers, columns, strict=True))
    heat = HeatTable(sheet, chart, len(columns) + 2) if chart.spec.kind == "grid" and not piece.is_empty else None
    lay_out_columns(sheet, [*columns, Column("", "", 3), *(heat.columns if heat else ())])
    _lay_out(sheet, briefing, piece, pages=int(_is_short(piece, frame)))
    sheet.row_dimensions[1].height = head_height((text, column.width) for text, column in heads)
    headings = [header_cell(sheet, text, briefing.is_sample, column.kind) for text, column in heads]
    sheet.append([*headings, None, *(heat.headings(briefing.is_sample) if heat else ())])
    _write_rows(sheet, piece, columns, frame, heat)
    add_table(sheet, f"chart_{number}", headers, len(frame))
    if piece.is_empty:
        return
    if heat is not None:
        heat.colour()
    elif draw := _DRAWINGS.get(chart.spec.kind):
        draw(sheet, piece, [column.name for column in columns])


def _write_rows(
    sheet: Any, piece: Piece, columns: Sequence[Column], frame: pd.DataFrame, heat: HeatTable | None
) -> None:
    """Write the rows below the headers, a blank one for an empty chart, and those of the heat table beside them."""
    chart = piece.chart
    formats: dict[Kind, str] = {"date": excel_date_format(chart.lang), "percent": excel_percent_format(chart.lang)}
    formats |= {"number": POINTS_FORMAT if chart.spec.is_pace else "General"}
    writer = CellWriter(sheet, columns, formats, translator(chart.lang)(N_(" […] The rest does not fit into a cell.")))
    rows = frame[[column.name for column in columns]].itertuples(index=False, name=None)
    beside = heat.rows() if heat else iter(())
    is_short = _is_short(piece, frame)
    for place, row in enumerate(chain(rows, [(None,) * len(columns)] if frame.empty else []), start=2):
        if is_short:
            sheet.row_dimensions[place].height = _row_height(row, columns)
        cells = chain(writer.row(row), [None], next(beside, ()))
        sheet.append(cell for cell in cells)  # one after the other: the writer reuses its cells


def _rows(chart: Chart) -> pd.DataFrame:
    """Return the values as plain Python, as on the sheet: with the part between the two completion rates."""
    # The drawn rows come first, since the sheet's chart draws the first rows.
    drawn = chart.drawn
    has_peers = chart.wider_total is not None
    frame = pd.concat([drawn, chart.frame.drop(drawn.index)], ignore_index=True) if has_peers else chart.days.copy()
    unknown, whole_column = chart.spec.unknown, chart.spec.denominator
    if unknown in frame and len(frame):
        frame["possible"] = frame[unknown] / frame[whole_column].where(frame[whole_column] > 0)
    else:
        frame["possible"] = pd.Series(dtype="float64")
    if chart.spec.amount and chart.spec.kind == "curve":
        frame[LEVEL] = 1.0
    if chart.reference_counts is not None:
        frame[REFERENCE] = chart.value(*chart.reference_counts) * (100 if chart.spec.is_pace else 1)
    if chart.spec.is_pace:
        frame["pace"] *= 100
    if chart.spec.is_pace and chart.spec.kind == "rates":
        # Members beyond those that are drawn have no parts: the chart ends before them.
        parts = pace_columns(chart)
        frame[list(parts)] = pd.DataFrame(parts).reindex(frame.index)
    if chart.spec.kind == "pairs":
        frame["name"] = [clean(name) for name in name_pairs(frame)]
        words = translator(chart.lang)
        frame["verdict"] = [words(VERDICTS[verdict]) if verdict in VERDICTS else None for verdict in frame["verdict"]]
    if "label" in frame:
        frame["label"] = [clean(label) for label in frame["label"]]
    if "on_date" in frame:
        frame["on_date"] = frame["on_date"].dt.date
    return frame.astype(object).where(frame.notna(), None)


def _list_defined(t: Translator, names: Iterable[str], width: float, kind: Kind = "plain") -> list[Column]:
    """List the columns of measures under their own names."""
    return [Column(name, t(DEFINITIONS[name].name), width, kind) for name in names if name in DEFINITIONS]


def _list_usual(t: Translator, *further_rates: str) -> list[Column]:
    """List the columns of the usual counts and rates."""
    return [*_list_defined(t, _COUNTS, 14), *_list_defined(t, (*_RATES, *further_rates), 16, "percent")]


def _label_column(chart: Chart, t: Translator, width: float = 34) -> Column:
    return Column("label", t(name_dimension(chart.spec.dimension)), width)


def _code_column(t: Translator, name: str = "code") -> Column:
    return Column(name, t(N_("Code")), 28)


def _rate_columns(chart: Chart, t: Translator) -> list[Column]:
    between = Column("possible", chart.words["possible"], 22, "percent")
    shown_columns = (*_measure_columns(chart, t), *_peer_columns(chart, t), *_figure_columns(chart, t))
    return [_label_column(chart, t), *_list_usual(t), between, *shown_columns, _code_column(t)]


def _figure_columns(chart: Chart, t: Translator) -> Iterator[Column]:
    """Yield the columns of published figures about countries, each with the year that it is of."""
    for indicator in chart.indicators:
        yield Column(indicator.column, indicator.name, 16, "plain" if indicator.unit == YEAR else "number")
        yield Column(f"{indicator.column}_year", t(N_("{name}: year"), name=indicator.name), 16, "plain")


def _count_columns(chart: Chart, t: Translator) -> list[Column]:
    return [_label_column(chart, t), *_list_defined(t, ["completed"], 13), _code_column(t)]


def _answer_columns(chart: Chart, t: Translator) -> list[Column]:
    waves = [Column("wave_label", t(name_dimension(WAVE)), 16)] if "wave" in chart.frame else []
    reports = Column("reports", chart.words["reports"], 13, "plain")
    answered = Column("answered", t(N_("Answered")), 13, "plain")
    share = Column("share", chart.words["share"], 16, "percent")
    return [Column("label", chart.words["answer"], 44), *waves, reports, answered, share, _code_column(t)]


def _table_columns(chart: Chart, t: Translator) -> list[Column]:
    """Return the columns of bars of the same dimension."""
    return (_count_columns if chart.spec.dimension == COMPLETED else _rate_columns)(chart, t)


def _pair_columns(chart: Chart, t: Translator) -> list[Column]:
    """Return the columns of rates, a row a member and side; the last one tells the two sides apart."""
    label, *rate_columns = _rate_columns(chart, t)
    bounds = {"difference_low": N_("Difference, at least"), "difference_high": N_("Difference, at most")}
    ends = [Column(column, heading, 20, "plain") for column, heading in name_causes(chart)] or [
        Column("verdict", chart.words["difference"], 13),
        *(Column(name, t(heading), 16, "percent") for name, heading in bounds.items()),
    ]
    return [label._replace(name="name", width=44), *rate_columns, label, _side_column(chart), *ends]


def _side_column(chart: Chart) -> Column:
    return Column("side_label", chart.words["side"], 24)


def _curves_columns(chart: Chart, t: Translator) -> list[Column]:
    """Return the columns of a curve, for each side."""
    return [_side_column(chart), *_curve_columns(chart, t)]


def _peer_columns(chart: Chart, t: Translator) -> list[Column]:
    """Return columns that mark rows for comparison alone, and give the rate of all together, the chart's line."""
    columns = [Column("is_peer", t(N_("For comparison")), 13, "plain")] if "is_peer" in chart.frame else []
    if chart.reference_counts is not None:
        kind: Kind = "number" if chart.spec.is_pace else "percent"
        columns.append(Column(REFERENCE, chart.words["all_together"], 13, kind))
    return columns


def _measure_columns(chart: Chart, t: Translator) -> list[Column]:
    """Return columns for a chart's measures beyond the usual rates."""
    if chart.spec.is_pace:
        pace_parts = name_pace_parts(chart) if chart.spec.kind == "rates" else {}
        pace = Column("pace", chart.words["pace_points"], 13, "number")
        return [pace, *(Column(name, heading, 20, "number") for name, heading in pace_parts.items())]
    if chart.spec.rate == "on_time_rate":
        return [*_list_defined(t, ["on_time"], 13), *_list_defined(t, ["on_time_rate"], 16, "percent")]
    further_rate = find_fact(chart.spec.rate)
    if further_rate is None:
        return []
    counts = _list_defined(t, (name for name in further_rate.counts if name in chart.frame), 14)
    return [*counts, *_list_defined(t, further_rate.rates, 16, "percent")]


def _tile_columns(chart: Chart, t: Translator) -> list[Column]:
    """Return the columns of rates, with the region of a country's tile."""
    label, *rate_columns = _rate_columns(chart, t)
    return [label, Column("region_label", t(name_dimension(chart.spec.second)), 24), *rate_columns]


def _multiple_columns(chart: Chart, t: Translator) -> list[Column]:
    """Return the columns of a curve, for each member."""
    return [_label_column(chart, t), *_curve_columns(chart, t), _code_column(t)]


def _status_columns(chart: Chart, t: Translator) -> list[Column]:
    statuses = [Column(one.column, chart.words[one.word], 16, "plain") for one in STACKS["statuses"].segments]
    counts = [*_list_defined(t, ["actions"], 13), *statuses, *_list_defined(t, ("unknown", "overdue"), 14)]
    rates = _list_defined(t, _RATES, 16, "percent")
    return [_label_column(chart, t), *counts, *rates, *_peer_columns(chart, t), _code_column(t)]


def _outcome_columns(chart: Chart, t: Translator) -> list[Column]:
    """Return the columns of milestones' outcomes or of completed actions' evidence: the counts, then their rates."""
    further_rate = find_fact(chart.spec.rate)
    if further_rate is None:
        return []
    counts = ("completed", *further_rate.counts) if chart.spec.kind == "evidence" else further_rate.counts
    columns = [Column(name, chart.words[name], 16, "plain") for name in counts]
    columns += [Column(name, chart.words[name], 16, "percent") for name in further_rate.rates]
    return [_label_column(chart, t), *columns, *_peer_columns(chart, t), _code_column(t)]


def _curve_columns(chart: Chart, t: Translator) -> list[Column]:
    day = Column("on_date", t(N_("Day")), 13, "date")
    if chart.spec.amount:
        return [day, *_measure_columns(chart, t), Column(LEVEL, chart.words["level"], 16, "percent")]
    expected = [Column(one.column, one.name, 16, "percent") for one in name_expected(chart)]
    return [day, *_list_usual(t, "elapsed"), *expected]


def _grid_columns(chart: Chart, t: Translator) -> list[Column]:
    second = Column("column_label", t(name_dimension(chart.spec.second)), 24)
    shown_columns = (*_measure_columns(chart, t), *_peer_columns(chart, t))
    codes = (_code_column(t), _code_column(t, "column_code"))
    return [_label_column(chart, t, 30), second, *_list_usual(t), *shown_columns, *codes]


_COLUMNS: dict[str, Callable[[Chart, Translator], list[Column]]] = {
    "rates": _rate_columns,
    "statuses": _status_columns,
    "outcomes": _outcome_columns,
    "evidence": _outcome_columns,
    "counts": _count_columns,
    "curve": _curve_columns,
    "grid": _grid_columns,
    "tiles": _tile_columns,
    "map": _tile_columns,
    "multiples": _multiple_columns,
    "table": _table_columns,
    "answers": _answer_columns,
    "pairs": _pair_columns,
    "curves": _curves_columns,
    "scatter": _rate_columns,
}
_DRAWINGS: dict[str, Callable[[Any, Piece, Sequence[str]], None]] = {
    "rates": add_bar_chart,
    "statuses": add_bar_chart,
    "outcomes": add_bar_chart,
    "evidence": add_bar_chart,
    "pairs": add_bar_chart,
    "counts": add_bar_chart,
    "curve": add_line_chart,
    "scatter": add_scatter_chart,
}


def _is_short(piece: Piece, frame: pd.DataFrame) -> bool:
    """Return whether the chart stands below its values, on one page with them."""
    return not piece.is_empty and piece.chart.spec.kind in _DRAWINGS and len(frame) <= FEW_ROWS


def _row_height(row: Sequence[Any], columns: Sequence[Column]) -> float:
    """Return a row's height above a chart; left to guess it, programs put the chart in different places."""
    texts = ((text, column.width) for text, column in zip(row, columns, strict=True) if isinstance(text, str))
    return LINE_HEIGHT * max((count_lines(text, width) for text, width in texts), default=1)


def _lay_out(sheet: Any, briefing: Briefing, piece: Piece, pages: int) -> None:
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    set_up_page(sheet, piece.source, piece.fit_title(LONGEST_BESIDE_SAMPLE), pages=pages)
    if briefing.is_sample:
        mark_as_sample(sheet, briefing.t(N_("Fictional data")))


def _sheet_names(titles: Iterable[str]) -> list[str]:
    """Make names that Excel takes: short, without certain characters, no two equal."""
    folded_names: set[str] = set()
    names = []
    for title in titles:
        plain = clean(title).translate(_NO_NAMES).strip(" '") or "Chart"
        name, number = plain[:LONGEST_NAME].strip(" '"), 2
        while name.casefold() in folded_names:
            end = f" {number}"
            name, number = f"{plain[: LONGEST_NAME - len(end)].strip()}{end}", number + 1
        folded_names.add(name.casefold())
        names.append(name)
    return names
