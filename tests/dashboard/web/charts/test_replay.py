"""The answer that a replay is drawn from: each day's counts are those of the measures, whatever the selection."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml import etree
from starlette.applications import Starlette

from dashboard.formats import format_date
from dashboard.measures.counts import by_dimension, headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.charts.replay import follow
from tests.cases import of_which, some
from tests.charts_over_http import ask
from tests.shipped import LANGUAGES

DAYS = [date(2021, *day) for day in ((1, 1), (6, 16), (6, 17), (9, 15), (11, 25), (12, 31))]
SELECTIONS = (
    Selection(),
    Selection(regions=("africa", "global"), themes=("education",)),
    Selection(regions=("africa",)),
    Selection(groupings=("cocoa_coast",), groups=("government", "unclassified")),
    Selection(q="school"),
)


def fetch(app: Starlette, selection: Selection) -> dict[str, Any]:
    answer = ask(app, f"/charts/replay.json?{selection.query_string()}")
    assert answer.status_code == 200
    content: dict[str, Any] = answer.json()
    return content


def count_on(counts: dict[str, Any], number: int) -> dict[str, int]:
    """Add up a day's counts, as the browser does."""
    places = list(accumulate(counts["days"]))
    added = {
        name: sum(step for place, step in zip(places, counts[name], strict=True) if place <= number)
        for name in ("completed", "known", "reported")
    }
    return {"actions": counts["actions"], **added}


def expect_counts(row: Any) -> dict[str, int]:
    known = int(row["actions"]) - int(row["unknown"])
    return {"known": known, **{name: int(row[name]) for name in ("actions", "completed", "reported")}}


@pytest.mark.parametrize("selection", some(SELECTIONS, 2), ids=range(len(SELECTIONS)))
def test_each_days_counts_are_those_of_the_measures_on_that_day(selection: Selection, app, snapshot: Snapshot) -> None:
    answer = fetch(app, selection)
    first = date.fromisoformat(answer["first"])
    assert len(answer["dates"]) == (snapshot.last_date - first).days + 1
    for day in DAYS:
        asked, number = replace(selection, as_of=day), (day - first).days
        assert count_on(answer["total"], number) == expect_counts(vars(headline(snapshot, asked)))
        ranked = "region" if "region" in answer["titles"]["ranks"] else "country"
        for name, dimension in (("ranks", ranked), ("map", "country")):
            frame = by_dimension(snapshot, asked, dimension)
            found = {code: count_on(counts, number) for code, counts in answer[name].items()}
            assert found == {row["code"]: expect_counts(row) for row in frame.to_dict("records")}


def test_by_status_actions_of_the_day_are_followed_and_a_build_is_kept_for_ever(app, snapshot: Snapshot) -> None:
    selection = Selection(statuses=("completed",), as_of=date(2021, 11, 20))
    answer = fetch(app, selection)
    last = len(answer["dates"]) - 1
    assert answer["dates"][last] == "20 November 2021"
    assert count_on(answer["total"], last) == expect_counts(vars(headline(snapshot, selection)))
    assert count_on(answer["total"], last)["completed"] == answer["total"]["actions"]
    assert count_on(answer["total"], 0)["completed"] == 0
    assert follow(selection) == selection
    assert follow(replace(selection, statuses=())).as_of is None
    query = urlencode({"region": "africa", "build": "fixture", "edition": "any"})
    kept = ask(app, f"/charts/replay.json?{query}")
    assert "immutable" in kept.headers["cache-control"]
    other = ask(app, "/charts/replay.json?region=africa&as_of=2021-07-01")
    assert "immutable" not in other.headers["cache-control"]
    assert json.loads(other.content)["total"] == kept.json()["total"]


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_the_drawings_have_what_the_browser_moves(lang: str, app: Starlette, snapshot: Snapshot) -> None:
    answer = fetch(app, Selection(lang=lang))
    first = date.fromisoformat(answer["first"])
    assert answer["dates"] == [
        format_date(first + timedelta(days=number), lang) for number in range(len(answer["dates"]))
    ]
    for drawing in answer["drawings"]["curve"]:
        (spans,) = etree.fromstring(drawing).xpath("//*[@data-part='spans']")
        x, _, width, _ = map(float, spans.get("data-plot").split())
        middle = spans.xpath(".//*[@data-code]")[0].get("data-code")
        (strip,) = spans.xpath(f".//*[@data-code='{middle}']/*[@class='hit']")
        end = float(strip.get("x")) + float(strip.get("width"))
        share = (date.fromisoformat(middle) - first).days / int(spans.get("data-days"))
        assert end == pytest.approx(x + width * share, abs=0.2)
    labels = {code: region.labels[lang] for code, region in snapshot.codes["regions"].items()}
    assert answer["names"] and answer["names"].items() <= labels.items()
    assert answer["ranks"].keys() >= answer["names"].keys() and "{rate}" in answer["mean"]
    for drawing in answer["drawings"]["map"]:
        codes = set(etree.fromstring(drawing).xpath("//*[@data-actions > 0]/@data-code"))
        assert codes
        assert codes <= answer["map"].keys()
