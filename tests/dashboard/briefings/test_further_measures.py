"""The milestone rate and the shares of evidence as measures of Explore: the same counts in every form."""

import re
from typing import Any

import openpyxl
import pytest
from lxml import etree
from pptx import Presentation

from dashboard.briefings.excel import write_chart_workbook
from dashboard.briefings.order import Item
from dashboard.briefings.slides.deck import write_deck
from dashboard.charts.chart import build_chart
from dashboard.charts.explore import EXPLORE
from dashboard.charts.options import Options
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.errors import SelectionError
from dashboard.measures.counts import listed_members
from dashboard.measures.evidence import cross_evidence, evidence_by
from dashboard.measures.milestones import cross_milestones, milestones_by
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.drawings import assert_tidy, parsed
from tests.presentations import compose_some, embedded, graphic, series

MEASURES = {
    "milestones": ("milestone_rate", "milestones_reached", "milestones_due"),
    "evidenced": ("evidenced_rate", "evidenced", "completed"),
    "reviewed": ("reviewed_rate", "reviewed", "completed"),
    "verified": ("verified_rate", "verified", "completed"),
}
each_measure = pytest.mark.parametrize("measure", MEASURES)


@each_measure
def test_bars_show_the_counts_that_are_measured(snapshot: Snapshot, measure: str) -> None:
    rate, part, whole = MEASURES[measure]
    for by in ("region", "country", "wave"):
        chart = build_chart(snapshot, EXPLORE, Selection(lang="fr"), Options(by=by, form="bars", measure=measure))
        data = chart.data().set_index("code")
        if by != "wave":
            codes = [code for code in listed_members(snapshot, Selection(), by) if code in data.index]
            count = milestones_by if measure == "milestones" else evidence_by
            own = count(snapshot, Selection(), by, codes)
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


@each_measure
def test_a_grid_has_a_cell_for_each_pair_with_something_to_divide_by(snapshot: Snapshot, measure: str) -> None:
    _, part, whole = MEASURES[measure]
    chart = build_chart(snapshot, EXPLORE, Selection(), Options(by="theme", second="region", measure=measure))
    crossed = cross_milestones if measure == "milestones" else cross_evidence
    own = crossed(snapshot, Selection(), "theme", "region").set_index(["row_code", "column_code"])[part]
    shown = chart.frame.set_index(["code", "column_code"])[part]
    assert not chart.frame.empty
    assert (chart.frame[whole] > 0).all()
    assert {pair: n for pair, n in shown.items() if n} == {pair: n for pair, n in own.items() if n}
    drawn = re.findall(r'data-n="(\d+)" data-of="(\d+)"', draw_svg(chart))
    assert sorted((int(n), int(of)) for n, of in drawn) == sorted(zip(shown, chart.frame[whole], strict=True))
    assert draw(chart).to_dict()["data"]


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
    assert "Unknown: could be reached" in found
    ends = [cell.value for cell in embedded(graphic(slides[0]).chart)["E"][1:]]
    counts = zip(frame["milestones_reached"], frame["milestones_due"], ends, strict=True)
    assert all((f"{n}/{of}" if of else "no milestone due") in end for n, of, end in counts)
    assert briefing.pieces[0].headline.counts.endswith("milestones due")
    assert briefing.pieces[1].headline.counts.endswith("completed actions")
    write_chart_workbook(snapshot, briefing, tmp_path / "book.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "book.xlsx").worksheets
    for sheet, (measure, _) in zip(sheets, wanted, strict=False):
        rate, *_ = MEASURES[measure]
        headings = [cell.value for cell in sheet[1]]
        assert chart.words[rate] in headings
    assert len(sheets[0]._charts) == len(sheets[1]._charts) == 1


@pytest.mark.parametrize(
    "options",
    [
        Options(by="country", form="map", measure="milestones"),
        Options(by="country", form="tiles", measure="verified"),
        Options(by="theme", second="wave", measure="milestones"),
        Options(by="all", measure="milestones"),
    ],
)
def test_where_they_say_nothing_they_are_not_offered(snapshot: Snapshot, options: Options) -> None:
    with pytest.raises(SelectionError, match="not offered|takes no measure"):
        build_chart(snapshot, EXPLORE, Selection(), options)


def test_two_sides_are_compared_by_their_actions_alone(snapshot: Snapshot) -> None:
    versus = Selection(regions=("africa",), versus=(("region", ("americas",)),))
    with pytest.raises(SelectionError, match="compared by their actions"):
        build_chart(snapshot, EXPLORE, versus, Options(by="theme", form="bars", measure="milestones"))
    with pytest.raises(SelectionError, match="does not put two selections"):
        build_chart(snapshot, "milestones-by-region", versus)
