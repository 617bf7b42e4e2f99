"""Charts over HTTP when much is asked for at once, and when a snapshot is published in the middle."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
from lxml import etree, html
from starlette.applications import Starlette

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import parse
from dashboard.web import handouts
from dashboard.web.handouts import LANES, MEGABYTES, Store
from tests.acceptance.extract_oracle import Filters
from tests.cases import some
from tests.charts_over_http import address, answer_alone, ask_all, make_app, read_csv, read_table, republish
from tests.snapshots import publish_fixture

SVG = "{http://www.w3.org/2000/svg}"
Asked = tuple[str, Filters, str]


def many(count: int) -> list[Asked]:
    """So many different charts: every chart, language and form, with days and filters that differ."""
    regions = ("africa", "americas", "arab_states", "asia_and_the_pacific", "europe_and_central_asia", "global")
    found = []
    for number in range(count):
        filters: Filters = {"as_of": [(date(2021, 2, 1) + timedelta(days=number % 300)).isoformat()]}
        if number % 3:
            filters["region"] = sorted({regions[number % 6], regions[number // 6 % 6]})
        if number % 4 == 1:
            filters["theme"] = ["education", "agriculture"]
        filters["lang"] = [("en", "fr", "es")[number % 3]]
        chart_id = list(CATALOGUE)[number % len(CATALOGUE)]
        found.append((chart_id, filters, ("svg", "csv", "html")[number // 3 % 3]))
    return found


def check(snapshot: Snapshot, asked: Asked, answer: httpx.Response) -> None:
    """Check that an answer has the numbers of the requested chart, and of no other."""
    chart_id, filters, form = asked
    chart = build_chart(snapshot, chart_id, parse(filters, snapshot))
    if form == "csv":
        pd.testing.assert_frame_equal(read_csv(answer.content), chart.data(), check_dtype=False, check_exact=True)
        return
    if form == "html":
        assert chart.caption.summary in html.fromstring(answer.text).text_content()
        table = [list(map(str, row)) for row in chart.table().to_numpy()]
        assert (read_table(answer.text)[1:] if table else []) == table
        return
    root = etree.fromstring(answer.content)
    assert root.get("lang") == chart.lang
    assert root.find(f"{SVG}desc").text == chart.alt
    codes = {group.get("data-code") for group in root.iter(f"{SVG}g") if group.get("data-code")}
    if chart.spec.kind == "curve":
        assert chart.total.day.isoformat() in codes
    else:
        assert codes == (set() if chart.is_empty else set(chart.drawn["code"]))  # a sentence stands in its place


def few_and_many(few: int, selections: int) -> pytest.MarkDecorator:
    """Runs a test with some selections, and in `make test-nightly` with many."""
    return pytest.mark.parametrize("count", [few, pytest.param(selections, marks=pytest.mark.nightly)])


@pytest.mark.nightly
@few_and_many(15, 300)
def test_selections_at_once_are_right_and_bounded(
    app: Starlette, snapshot: Snapshot, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fewer are drawn at once than are asked for: the others are asked to come again, and then get theirs."""
    page = LANES["page"]._replace(threads=2, waiting=count * 2 // 3)
    narrow = Store(0.5, lanes={**LANES, "page": page})
    monkeypatch.setattr(handouts, "store", lambda: narrow)
    left = many(count)
    held: list[int] = []
    waves = 0
    while left:
        waves += 1
        paths = [address(chart_id, form, filters) for chart_id, filters, form in left]
        answers = ask_all(app, paths, answered=lambda _: held.append(narrow.bodies.size), accept_encoding="br")
        again = []
        for asked, answer in zip(left, answers, strict=True):
            if answer.status_code == 503:
                assert 0 < int(answer.headers["retry-after"]) <= 120
                assert "Too many" in answer.text or asked[1]["lang"] != ["en"]
                again.append(asked)
                continue
            assert answer.status_code == 200, answer.text
            check(snapshot, asked, answer)
        assert len(again) < len(left)
        left = again
    assert max(held) <= 500_000
    assert waves <= 3
    assert narrow.refused == len(held) - count
    narrow.close()


@pytest.mark.nightly
@few_and_many(20, 1_000)
def test_the_servers_own_queue_takes_as_many_at_once(
    app: Starlette, store: Store, snapshot: Snapshot, count: int
) -> None:
    """Each is right and made once, those too that are asked for twice, and nothing is left behind."""
    asked = many(count)
    paths = [address(chart_id, form, filters) for chart_id, filters, form in asked]
    assert len(set(paths)) == count
    answers = ask_all(app, [*paths, *paths[::10]], accept_encoding="br")
    assert {answer.status_code for answer in answers} == {200}
    for one, answer in zip(asked, answers, strict=False):
        check(snapshot, one, answer)
    assert [a.content for a in answers[:count:10]] == [a.content for a in answers[count:]]
    assert sum(store.made.values()) == count
    assert store.bodies.size <= MEGABYTES * 1_000_000
    assert store.bodies.is_idle


def test_a_snapshot_published_in_the_middle_never_mixes_with_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every answer equals, to the byte and with its tag, the answer of one of the two builds alone."""
    publish_fixture(tmp_path)
    forms = (("en", "csv"), ("fr", "svg"))
    asked = [(chart, {"lang": [lang]}, form) for chart in list(CATALOGUE)[::2] for lang, form in forms]
    paths = [address(chart_id, form, filters) for chart_id, filters, form in asked]

    def answers(at_once: int = 20, answered: Any = lambda count: None) -> list[tuple[str, bytes]]:
        with monkeypatch.context() as patch, answer_alone(patch):
            made = ask_all(make_app(tmp_path, patch), paths, at_once=at_once, answered=answered)
        assert {answer.status_code for answer in made} == {200}
        return [(answer.headers["etag"], answer.content) for answer in made]

    before = answers()
    mixed = answers(8, lambda count: republish(tmp_path, "second", without=10) if count == 10 else None)
    after = answers()
    assert all(old != new for old, new in zip(before, after, strict=True))
    sides = [(found == old, found == new) for found, old, new in zip(mixed, before, after, strict=True)]
    assert all(sum(side) == 1 for side in sides)
    assert {side.index(True) for side in sides} == {0, 1}


@pytest.mark.nightly
@pytest.mark.parametrize("chart_id", some(CATALOGUE, 3))
def test_a_selection_that_matches_nothing_is_said_in_every_form(
    app: Starlette, snapshot: Snapshot, chart_id: str
) -> None:
    filters: Filters = {"q": ["nothing is called this"], "lang": ["fr"]}
    page, svg, data, figure, said = ask_all(
        app, [address(chart_id, form, filters) for form in ("html", "svg", "csv", "json", "metadata.json")]
    )
    words = "Cette sélection ne contient aucune action."
    assert build_chart(snapshot, chart_id, parse(filters, snapshot)).words["none_selected"] == words
    assert words in html.fromstring(page.text).text_content()
    assert words in " ".join("".join(text.itertext()) for text in etree.fromstring(svg.content).iter(f"{SVG}text"))
    assert [note["text"] for note in figure.json()["layout"]["annotations"]] == [words]
    assert figure.json()["data"] == []
    rows = read_csv(data.content)
    assert (rows["actions"] == 0).all()
    assert rows["completion_rate"].isna().all()
    assert said.json()["build_id"] == "fixture"
