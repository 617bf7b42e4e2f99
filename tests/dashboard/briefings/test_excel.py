"""A chart's workbook: typed values, the chart that Excel draws from them, and About."""

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard.briefings.content import Briefing
from dashboard.briefings.excel import write_chart_workbook
from dashboard.briefings.excel_charts import FEW_ROWS
from dashboard.briefings.order import Item
from dashboard.charts.options import Options
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.presentations import ONE_A_KIND, compose_some
from tests.shipped import LANGUAGES

TWO = ("completion-by-region", "completion-by-country")
NOTHING = Selection(regions=("global",), countries=("GHA",))


@pytest.fixture(scope="module")
def books(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Briefing, Any]]:
    """By language: a briefing and its workbook, read again; in English of a chart of each kind, else of two."""
    folder = tmp_path_factory.mktemp("workbooks")
    made = {}
    for lang in LANGUAGES:
        briefing = compose_some(snapshot, Selection(lang=lang), *(ONE_A_KIND if lang == "en" else TWO))
        write_chart_workbook(snapshot, briefing, folder / f"{lang}.xlsx")
        made[lang] = (briefing, openpyxl.load_workbook(folder / f"{lang}.xlsx"))
    return made


@pytest.mark.parametrize(("lang", "number_format"), [("en", "0%"), ("fr", '0"\u00a0"%'), ("es", '0"\u00a0"%')])
def test_rates_are_shown_as_percentages_and_about_explains_the_charts(
    books: Any, lang: str, number_format: str
) -> None:
    briefing, book = books[lang]
    t = translator(lang)
    sheet = book.worksheets[0]
    cell = sheet.cell(2, [cell.value for cell in sheet[1]].index(t("Completion rate")) + 1)
    assert isinstance(cell.value, float)
    assert cell.number_format == number_format
    told = "\n".join(str(cell.value) for row in book.worksheets[-1] for cell in row if cell.value)
    for expected in (briefing.campaign, briefing.build_id, briefing.pieces[0].chart.caption.as_of, *briefing.sources):
        assert expected in told
    for name, sentence in briefing.definitions:
        assert name in told
        assert sentence in told
    assert t("Fictional data: these actions and stakeholders are invented. Do not quote the figures.") in told


def test_only_what_excel_can_draw_is_drawn_and_as_on_the_screen(books: Any) -> None:
    briefing, book = books["en"]
    for piece, sheet in zip(briefing.pieces, book.worksheets[:-1], strict=True):
        if piece.chart.spec.kind in ("grid", "tiles", "map", "multiples"):
            assert sheet._charts == []
            continue
        (drawn,) = sheet._charts
        assert drawn.title.overlay is False
        is_short = sheet.tables and len(piece.chart.frame) <= FEW_ROWS
        below = len(piece.chart.frame) + 2
        assert (drawn.anchor._from.col, drawn.anchor._from.row) == (0, below) if is_short else drawn.anchor._from.col
        assert sheet.page_setup.fitToHeight == int(is_short), "on one page with its values"
        if piece.chart.spec.kind == "rates":
            assert drawn.grouping == "stacked"
            assert drawn.x_axis.scaling.orientation == "maxMin"
        if piece.chart.spec.kind == "statuses":
            assert drawn.grouping == "percentStacked"


def test_sheets_are_named_after_their_charts(books: Any) -> None:
    _, book = books["en"]
    assert len(book.sheetnames) == len(ONE_A_KIND) + 1
    assert book.sheetnames[0] == "Completion rate by region"
    assert max(map(len, book.sheetnames)) <= 31
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)


def test_labels_and_titles_stay_text(snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = compose_some(snapshot, Selection(), TWO[0])
    frame = briefing.pieces[0].chart.frame.copy()
    frame["label"] = ["=1+1", "+1", "@x \x0b y", *frame["label"].iloc[3:]]
    chart = dataclasses.replace(briefing.pieces[0].chart, frame=frame)
    piece = dataclasses.replace(briefing.pieces[0], chart=chart, own_title="[=1+1]: 'all' / our own")
    write_chart_workbook(snapshot, dataclasses.replace(briefing, pieces=(piece, piece)), tmp_path / "bad.xlsx")
    book = openpyxl.load_workbook(tmp_path / "bad.xlsx")
    assert [book.worksheets[0].cell(row, 1).value for row in (2, 3, 4)] == ["=1+1", "+1", "@x  y"]
    assert {book.worksheets[0].cell(row, 1).data_type for row in (2, 3, 4)} == {"s"}
    assert book.sheetnames[0] != book.sheetnames[1]
    assert not set("[]:*?/\\") & set("".join(book.sheetnames))


def test_a_selection_without_actions_is_a_workbook_without_chart(snapshot: Snapshot, tmp_path: Path) -> None:
    write_chart_workbook(snapshot, compose_some(snapshot, NOTHING, *ONE_A_KIND), tmp_path / "none.xlsx")
    book = openpyxl.load_workbook(tmp_path / "none.xlsx")
    assert all(not sheet._charts for sheet in book.worksheets)


def test_the_same_content_is_the_same_bytes(snapshot: Snapshot, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        briefing = compose_some(snapshot, Selection(lang="fr", as_of=date(2021, 2, 1)), *TWO, "over-time-by-region")
        write_chart_workbook(snapshot, briefing, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_chart_with_peers_has_a_line_at_the_rate_of_all_together(snapshot: Snapshot, tmp_path: Path) -> None:
    africa = Selection(regions=("africa",))
    chosen = [Item("completion-by-region", "", Options(peers=True, measure=measure)) for measure in ("", "pace")]
    months = Item("explore", "", Options(by="completed"))
    briefing = compose_some(snapshot, africa, *chosen, "completion-by-region", months)
    write_chart_workbook(snapshot, briefing, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    for piece, sheet, scale in zip(briefing.pieces, book.worksheets, (1, 100), strict=False):
        chart = piece.chart
        bars, line = sheet._charts[0]._charts
        [series] = line.series
        assert series.tx.v == chart.reference
        column = series.xVal.numRef.f.split("!$")[1].split("$")[0]
        assert series.xVal.numRef.f.endswith(f"!${column}$2:${column}${len(chart.frame) + 1}")
        [value] = {cell.value for cell in sheet[column][1:]}
        assert value == pytest.approx(scale * chart.value(*chart.reference_counts))
        assert (line.x_axis.scaling.min, line.x_axis.scaling.max) == (bars.y_axis.scaling.min, bars.y_axis.scaling.max)
    assert len(book.worksheets[2]._charts[0]._charts) == 1  # without peers there is nothing to compare with
    counted = book.worksheets[3]._charts[0]
    assert counted.y_axis.scaling.max >= briefing.pieces[3].chart.frame["completed"].max() > 1
