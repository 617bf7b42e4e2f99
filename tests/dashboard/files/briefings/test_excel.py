"""A chart's workbook: typed values, Excel's drawing, About; and further measures of Explore in every form."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from pptx import Presentation

from dashboard.charts.chart import build_chart
from dashboard.charts.options import EXPLORE, Options
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.errors import SelectionError
from dashboard.files.briefings.content import Briefing
from dashboard.files.briefings.excel import write_chart_workbook
from dashboard.files.briefings.excel_charts import FEW_ROWS
from dashboard.files.briefings.order import Item
from dashboard.files.briefings.slides.deck import write_deck
from dashboard.i18n import translator
from dashboard.measures.counts import cross, listed_members
from dashboard.measures.facts import add_counts
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.drawings import assert_tidy, parsed
from tests.presentations import ONE_A_KIND, compose_some, embedded, graphic, series
from tests.shipped import LANGUAGES

TWO = ("completion-by-region", "completion-by-country")


@pytest.fixture(scope="module")
def books(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Briefing, Any]]:
    """Return by language: a briefing and its workbook, read again; in English of a chart of each kind, else of two."""
    folder = tmp_path_factory.mktemp("workbooks")
    made = {}
    for lang in LANGUAGES:
        briefing = compose_some(snapshot, Selection(lang=lang), *(ONE_A_KIND if lang == "en" else TWO))
        write_chart_workbook(snapshot, briefing, folder / f"{lang}.xlsx")
        made[lang] = (briefing, openpyxl.load_workbook(folder / f"{lang}.xlsx"))
    return made


@pytest.mark.parametrize(("lang", "number_format"), [("en", "0%"), ("fr", '0"\u00a0"%'), ("es", '0"\u00a0"%')])
def test_rates_are_shown_as_percentages_and_about_explains_the_charts(books, lang: str, number_format: str) -> None:
    briefing, book = books[lang]
    t = translator(lang)
    sheet = book.worksheets[0]
    cell = sheet.cell(2, [cell.value for cell in sheet[1]].index(t("Completion rate")) + 1)
    assert isinstance(cell.value, float)
    assert cell.number_format == number_format
    told = "\n".join(str(cell.value) for row in book.worksheets[-1] for cell in row if cell.value)
    fictional = t("Fictional data: these actions and stakeholders are invented. Do not quote the figures.")
    expected = (briefing.campaign, briefing.build_id, briefing.pieces[0].chart.caption.as_of, fictional)
    assert all(words in told for words in (*expected, *briefing.sources, *sum(briefing.definitions, ())))


def test_only_what_excel_can_draw_is_drawn_and_as_on_the_screen(books: Any) -> None:
    briefing, book = books["en"]
    names = book.sheetnames
    assert (len(names), names[0]) == (len(ONE_A_KIND) + 1, "Completion rate by region")
    assert max(map(len, names)) <= 31 and len({name.casefold() for name in names}) == len(names)
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


@pytest.mark.nightly
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


MEASURES = {
    "milestones": ("milestone_rate", "milestones_reached", "milestones_due"),
    "evidenced": ("evidenced_rate", "evidenced", "completed"),
    "reviewed": ("reviewed_rate", "reviewed", "completed"),
    "verified": ("verified_rate", "verified", "completed"),
}
each_measure = pytest.mark.parametrize("measure", some(MEASURES, 2))


@each_measure
def test_bars_and_a_grid_show_the_counts_that_are_measured(snapshot: Snapshot, measure: str) -> None:
    rate, part, whole = MEASURES[measure]
    for by in ("region", "country", "wave"):
        chart = build_chart(snapshot, EXPLORE, Selection(lang="fr"), Options(by=by, form="bars", measure=measure))
        data = chart.data().set_index("code")
        if by != "wave":
            codes = [code for code in listed_members(snapshot, Selection(), by) if code in data.index]
            own = add_counts(snapshot, Selection(), pd.DataFrame({"code": codes}), rate, by)
            assert data.loc[codes, part].tolist() == own[part].tolist()
            assert data.loc[codes, rate].fillna(-1).tolist() == own[rate].fillna(-1).tolist()
        drawing = draw_svg(chart)
        written = {
            group.get("data-code"): int(bar.get("data-n"))
            for group in etree.fromstring(drawing.encode()).iterfind(".//*[@data-code]")
            for bar in group.iterfind(".//*[@data-n]")
        }
        assert {code: n for code, n in written.items() if n} == {code: n for code, n in data[part].items() if n}
        assert_tidy(parsed(drawing))
        ends = [n and f"{n}/{of}" for n, of in zip(data[part], data[whole], strict=True)]
        assert all(end in drawing for end in ends if end)
        figure = draw(chart).to_dict()
        shown = [share for share in figure["data"][0]["x"] if share is not None]
        assert shown == pytest.approx([round(one, 4) for one in chart.frame[rate].dropna()])
        assert {chart.words[part], chart.words[rate]} <= set(chart.table().columns)
        assert chart.caption.definitions[0][0] == chart.words[rate]
        assert "{" not in chart.alt
    chart = build_chart(snapshot, EXPLORE, Selection(), Options(by="theme", second="region", measure=measure))
    pairs = cross(snapshot, Selection(), "theme", "region")
    pairs = add_counts(snapshot, Selection(), pairs, rate, "theme", "region")
    counted = pairs.set_index(["row_code", "column_code"])[part]
    frame = chart.frame.set_index(["code", "column_code"])
    assert not frame.empty and (frame[whole] > 0).all()
    assert frame.loc[frame[part] > 0, part].to_dict() == counted[counted > 0].to_dict()
    drawn = re.findall(r'data-n="(\d+)" data-of="(\d+)"', draw_svg(chart))
    assert sorted((int(n), int(of)) for n, of in drawn) == sorted(zip(frame[part], frame[whole], strict=True))
    assert draw(chart).to_dict()["data"]


@pytest.mark.nightly
def test_decks_and_workbooks_hold_them(snapshot: Snapshot, tmp_path: Any) -> None:
    wanted = [("milestones", "bars"), ("verified", "bars"), ("milestones", "grid"), ("evidenced", "table")]
    items = [
        Item(EXPLORE, "", Options(by="theme", second="region" if form == "grid" else "", form=form, measure=measure))
        for measure, form in wanted
    ]
    briefing = compose_some(snapshot, Selection(), *items)
    write_deck(briefing, tmp_path / "deck.pptx")
    slides = list(Presentation(str(tmp_path / "deck.pptx")).slides)[2:-1]
    chart = briefing.pieces[0].chart
    frame = chart.drawn
    found = series(graphic(slides[0]).chart)
    assert [value or 0 for value in found["Milestones reached"]] == frame["milestone_rate"].fillna(0).tolist()
    assert "Could be reached" in found
    ends = [cell.value for cell in embedded(graphic(slides[0]).chart)["D"][1:]]
    counts = zip(frame["milestones_reached"], frame["milestones_due"], ends, strict=True)
    assert all((f"{n}/{of}" if of else "no milestone due") in end for n, of, end in counts)
    assert briefing.pieces[0].headline.counts.endswith("milestones due")
    assert briefing.pieces[1].headline.counts.endswith("completed actions")
    write_chart_workbook(snapshot, briefing, tmp_path / "book.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "book.xlsx").worksheets
    for sheet, (measure, _) in zip(sheets, wanted, strict=False):
        assert chart.words[MEASURES[measure][0]] in [cell.value for cell in sheet[1]]
    assert len(sheets[0]._charts) == len(sheets[1]._charts) == 1


@pytest.mark.parametrize("options", [
    Options(by="country", form="map", measure="milestones"), Options(by="country", form="tiles", measure="verified"),
    Options(by="theme", second="wave", measure="milestones"), Options(by="all", measure="milestones"),
])  # fmt: skip
def test_where_they_say_nothing_they_are_not_offered(snapshot: Snapshot, options: Options) -> None:
    with pytest.raises(SelectionError, match="not offered|takes no measure"):
        build_chart(snapshot, EXPLORE, Selection(), options)


def test_two_sides_are_compared_by_their_actions_alone(snapshot: Snapshot) -> None:
    versus = Selection(regions=("africa",), versus=(("region", ("americas",)),))
    with pytest.raises(SelectionError, match="compared by their actions"):
        build_chart(snapshot, EXPLORE, versus, Options(by="theme", form="bars", measure="milestones"))
    with pytest.raises(SelectionError, match="does not put two selections"):
        build_chart(snapshot, "milestones-by-region", versus)
