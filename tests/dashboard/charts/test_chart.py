"""Charts: the values and the words that one shows."""

import re
from datetime import date
from itertools import product
from typing import Any

import pandas as pd
import pytest

from dashboard.charts.captions import name_sources
from dashboard.charts.catalogue import CATALOGUE, MOST_MARKS
from dashboard.charts.chart import Chart, build_chart
from dashboard.errors import SelectionError
from dashboard.i18n import translator
from dashboard.measures import counts
from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.definitions import DEFINITIONS
from dashboard.paths import PROJECT
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import of_which

NAMED_IN_DESIGN = {
    "completion-by-region",
    "completion-by-country",
    "completion-by-category",
    "completion-by-theme",
    "completion-by-group",
    "completion-over-time",
    "reporting-by-region",
    "region-by-theme",
    "status-overview",
}
CSV_COLUMNS = ["code", "label", "actions", "reported", "completed", "completion_rate", "reporting_rate", "upper_bound"]
NOTHING = Selection(regions=("global",), countries=("GHA",))


def notes(chart: Chart) -> str:
    return " ".join(chart.caption.notes)


def test_the_catalogue_has_the_public_ids() -> None:
    assert set(CATALOGUE) >= NAMED_IN_DESIGN
    for chart_id, spec in CATALOGUE.items():
        assert spec.id == chart_id
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", chart_id)
        assert all(measure in DEFINITIONS for measure in spec.measures)


def test_every_chart_is_explained_in_the_documents() -> None:
    text = (PROJECT / "docs" / "charts.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)) == {*CATALOGUE, "explore", "survey-answers"}


def test_an_unknown_chart_is_refused_with_the_known_ones(snapshot: Snapshot) -> None:
    with pytest.raises(SelectionError, match="completion-by-region") as refused:
        build_chart(snapshot, "completion-by-moon", Selection())
    assert refused.value.allowed == (*CATALOGUE, "explore", "survey-answers")


@pytest.mark.parametrize(
    ("chart_id", "lang"),
    of_which(list(product(CATALOGUE, ("en", "fr", "es"))), lambda place, _: place % 3 == place // 3 % 3),  # one a chart
)
def test_every_chart_has_values_words_and_tables_in_every_language(
    chart_id: str, lang: str, snapshot: Snapshot
) -> None:
    for selection in (Selection(lang=lang, regions=("africa",)), NOTHING):
        chart = build_chart(snapshot, chart_id, selection)
        assert list(chart.data().columns[: len(CSV_COLUMNS)]) == CSV_COLUMNS or chart.spec.kind == "grid"
        assert set(CSV_COLUMNS) <= set(chart.data().columns)
        table = chart.table()
        assert table.columns.is_unique
        assert len(table) == len(chart.frame) or chart.spec.kind in ("grid", "curve", "multiples")
        assert chart.caption.as_of
        assert chart.title in chart.alt
        words = [word for name, word in chart.words.items() if name not in ("pair", "first_drawn")]
        assert chart.words["pair"].format(name="a", value="b").replace("\u00a0", "").replace(" ", "") == "a:b"
        assert all(word and "{" not in word for word in (*words, *chart.caption.notes, chart.alt))


def test_the_caption_states_sum_selection_day_sources_and_definitions(snapshot: Snapshot) -> None:
    selection = Selection(regions=("africa",), themes=("education", "mining"), as_of=date(2021, 11, 30))
    caption = build_chart(snapshot, "completion-by-category", selection).caption
    total = headline(snapshot, selection)
    assert caption.summary.startswith(f"{total.completed} of {total.actions} actions completed")
    assert caption.selection == (
        ("Region", "Africa"),
        ("Theme", "Education, Mining"),
        ("As of", "30 November 2021"),
    )
    assert caption.as_of == "30 November 2021"
    assert caption.sources == total.source_files
    assert caption.files_line.startswith(f"Files: {total.source_files[0]}")
    assert caption.source_line == (
        "Source: Sample Secretariat, Fixture campaign · data of 30 November 2021 · CC BY 4.0"
    )
    assert caption.definitions[0] == (DEFINITIONS["completion_rate"].name, DEFINITIONS["completion_rate"].sentence)


def test_sources_are_named_up_to_three_and_then_counted() -> None:
    say = translator("en").say
    assert say(name_sources(["a.csv"])) == "a.csv"
    assert say(name_sources(["a.csv", "b.csv", "c.csv"])) == "a.csv, b.csv, c.csv"
    assert say(name_sources(["a.csv", "b.csv", "c.csv", "d.csv"])) == "a.csv, b.csv, c.csv and 1 more file"
    assert say(name_sources(list("abcdefg"))) == "a, b, c and 4 more files"


def test_notes_say_where_parts_do_not_add_up_and_of_what_is_unknown_few_or_stray(snapshot: Snapshot) -> None:
    def notes_of(chart_id: str, day: date | None = None, **filters: Any) -> str:
        return notes(build_chart(snapshot, chart_id, Selection(as_of=day, **filters)))

    themes = build_chart(snapshot, "completion-by-theme", Selection())
    parts = int(themes.frame["actions"].sum())
    assert parts > themes.total.actions
    assert f"add up to {parts}, the total is {themes.total.actions}" in notes(themes)
    assert "add up" not in notes_of("completion-by-category")
    regions = notes_of("completion-by-region")
    for note in ("The data is fictional.", "fewer than 5 actions", "2 reports match no action"):
        assert note in regions
    assert "match no action" not in notes_of("completion-by-category", date(2021, 2, 1))
    unknown, africa = "The latest report of 1 action states no status", {"regions": ("africa",)}
    assert unknown in notes_of("completion-by-theme", date(2021, 12, 31), **africa)
    assert unknown in notes_of("completion-over-time", date(2021, 7, 31), **africa)
    assert "states no status" not in notes_of("completion-by-theme", date(2021, 7, 1), **africa)
    assert "states no status" not in notes_of("reporting-by-region", date(2021, 12, 31), **africa)


def test_a_long_list_is_cut_in_the_picture_and_the_caption_says_so(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = pd.DataFrame({"code": [f"C{n:02}" for n in range(MOST_MARKS + 7)]})
    few = by_dimension(snapshot, Selection(), "country").iloc[[0] * len(many)].reset_index(drop=True)
    codes = {code: next(iter(snapshot.codes["countries"].values())) for code in many["code"]}
    monkeypatch.setitem(snapshot.codes, "countries", codes)
    monkeypatch.setattr(counts, "by_dimension", lambda *_: few.assign(code=many["code"]))
    chart = build_chart(snapshot, "completion-by-country", Selection())
    assert len(chart.frame) == len(chart.table()) == MOST_MARKS + 7
    assert len(chart.drawn) == MOST_MARKS
    assert f"The first {MOST_MARKS} of {MOST_MARKS + 7} by the measure “Completion rate” are drawn" in notes(chart)


def test_an_empty_selection_says_so(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-by-theme", NOTHING)
    assert chart.frame.empty
    assert chart.caption.summary == "No action is in this selection."
    assert chart.caption.files_line == ""
    assert chart.words["none_selected"] in chart.alt
