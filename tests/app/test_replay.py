"""The time machine and the speed on Overview: what the browser gets, what it may ask for, and who moved since when."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.charts import clock
from dashboard.measures.moved import moved
from dashboard.snapshot.selection import Selection
from tests.app.conftest import elements, kept_query, mounted, page_links, text_of, trigger
from tests.shipped import LANGUAGES


def machine(app) -> tuple[str, dict]:
    [found] = mounted(app, "replay")
    return found


def test_the_slider_asks_for_one_answer_whatever_the_day(open_page):
    app = open_page("overview", region="africa", as_of="2021-07-20", lang="fr")
    _, data = machine(app)
    assert (data["first"], data["last"], data["day"]) == ("2021-01-01", "2021-12-31", "2021-07-20")
    address = urlsplit(data["address"])
    asked = parse_qs(address.query)
    assert address.path == "/charts/replay.json"
    assert {name: asked[name] for name in ("region", "build", "lang")} == {
        "region": ["africa"], "build": ["fixture"], "lang": ["fr"],
    }  # fmt: skip
    assert asked.keys() == {"region", "build", "lang", "edition"}
    assert machine(open_page("overview", region="africa", lang="fr"))[1]["address"] == data["address"]
    assert not data["note"]
    by_status = machine(open_page("overview", status="completed", as_of="2021-12-20"))[1]
    assert by_status["last"] == "2021-12-20"
    assert by_status["end"] == "2021-12-31"
    assert "as_of=2021-12-20" in by_status["address"]
    assert "20 December 2021" in by_status["note"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_marks_are_waves_deadline_end_and_the_latest_day(open_page, snapshot, lang):
    marks = machine(open_page("overview", lang=lang))[1]["marks"]
    waves = [mark for mark in marks if mark["first"] != mark["day"]]
    assert waves
    assert {"2021-12-30", "2021-12-31"} <= {mark["day"] for mark in marks}
    assert [mark["day"] for mark in marks] == sorted(mark["day"] for mark in marks)
    assert all(mark["label"] and mark["label"] not in ("", mark["day"]) for mark in marks)
    assert len(marks) == len(waves) + 3


def test_today_is_marked_only_while_the_campaign_runs(open_page, monkeypatch):
    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2021, 7, 20, 12, tzinfo=UTC)

    assert "Today" not in {mark["label"] for mark in machine(open_page("overview"))[1]["marks"]}
    monkeypatch.setattr(clock, "datetime", Then)
    marks = machine(open_page("overview"))[1]["marks"]
    assert {mark["day"] for mark in marks if mark["label"] == "Today"} == {"2021-07-20"}


def test_the_page_follows_to_a_day_and_to_nothing_else(open_page):
    app = open_page("overview", theme="education")
    trigger(app, machine(app)[0], "day", "2021-06-17")
    assert kept_query(app)["as_of"] == ["2021-06-17"]
    assert machine(app)[1]["said"] == "17 June 2021"
    trigger(app, machine(app)[0], "day", "<script>")
    assert kept_query(app)["as_of"] == ["2021-06-17"]
    trigger(app, machine(app)[0], "day", "2021-12-31")
    assert kept_query(app) == {"theme": ["education"], "lang": ["en"]}


def test_an_empty_selection_has_neither(open_page):
    app = open_page("overview", region="global", country="GHA")
    assert not mounted(app, "replay")
    assert "Who moved" not in text_of(app)


def test_who_moved_is_counted_since_a_day_that_the_link_keeps(open_page, snapshot):
    app = open_page("overview", as_of="2021-12-20", since="2021-11-20", lang="en")
    change = moved(snapshot, Selection(as_of=date(2021, 12, 20)), date(2021, 11, 20))
    said = text_of(app)
    assert change.fell_back
    assert f"{change.newly_completed} newly, {change.fell_back} fell back" in said
    assert f"{change.newly_reported} for the first time" in said
    assert f"{change.still_unknown} remain unknown" in said
    silent = [link for link in page_links(app)["actions"] if link.get("status") == ["not_reported"]]
    assert silent[0]["as_of"] == ["2021-12-20"]
    [compared] = [link for link in page_links(app)["compare"] if "vs.as_of" in link]
    assert (compared["as_of"], compared["vs.as_of"]) == (["2021-12-20"], ["2021-11-20"])
    assert f"The actions that moved\\: {change.changed}" in [link.proto.label for link in elements(app, "page_link")]
    [choice] = [box for box in app.date_input if box.key == "since"]
    assert choice.value == date(2021, 11, 20)
    choice.set_value(date(2021, 9, 1)).run()
    assert kept_query(app)["since"] == ["2021-09-01"]


@pytest.mark.parametrize("since", ["2021-12-20", "yesterday"])
def test_a_day_that_is_not_before_is_said_and_replaced(open_page, since):
    app = open_page("overview", as_of="2021-12-20", since=since)
    assert not app.exception
    assert since in " ".join(warning.value for warning in elements(app, "warning"))
    assert "for the first time" in text_of(app)


def test_who_moved_is_counted_only_where_it_is_opened(open_page):
    app = open_page("overview", as_of="2021-12-20")
    assert "Who moved since" in text_of(app)
    assert "for the first time" not in text_of(app)


def test_every_page_offers_the_days_with_a_name(open_page):
    app = open_page("themes", as_of="2021-07-01", lang="en")
    [days] = [pills for pills in elements(app, "button_group") if pills.key == "filter-named-day"]
    assert days.value is None
    days.set_value(list(days.options).index("Deadline")).run()
    assert kept_query(app)["as_of"] == ["2021-12-30"]
