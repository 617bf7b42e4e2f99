"""The time machine as data: the browser's input, and the page's target."""

from datetime import date
from urllib.parse import parse_qs

import pytest

from dashboard.formats import format_date
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.overview import replay
from dashboard.ui.overview.replay import WORDS, ReplayModel
from tests.models import stop_clock


@pytest.fixture
def make(snapshot):
    """Return the slider for a selection."""

    def make(lang: str = "en", **selection) -> ReplayModel | None:
        return replay.make_model(snapshot, Selection(lang=lang, **selection), translator(lang))

    return make


def test_the_slider_asks_for_one_answer_whatever_the_day(make, lang):
    day = date(2021, 7, 20)
    shown = make(lang, regions=("africa",), as_of=day)
    assert (shown.first, shown.last, shown.day) == (date(2021, 1, 1), date(2021, 12, 31), day)
    asked = parse_qs(shown.query)
    assert {name: asked[name] for name in ("region", "build", "lang")} == {
        "region": ["africa"], "build": ["fixture"], "lang": [lang],
    }  # fmt: skip
    assert asked.keys() == {"region", "build", "lang", "edition"}
    assert make(lang, regions=("africa",)).query == shown.query
    assert shown.said == format_date(day, lang)
    assert not shown.note
    assert shown.words == {name: translator(lang)(text) for name, text in WORDS.items()}


def test_what_other_days_choose_otherwise_is_followed_back_from_the_day(make, lang):
    day = date(2021, 12, 20)
    shown = make(lang, statuses=("completed",), as_of=day)
    assert (shown.last, shown.end) == (day, date(2021, 12, 31))
    assert "as_of=2021-12-20" in shown.query
    assert format_date(day, lang) in shown.note


def test_the_marks_are_waves_deadline_end_the_latest_day_and_today_while_the_campaign_runs(make, monkeypatch, lang):
    marks = make(lang).marks
    waves = [mark for mark in marks if mark["first"] != mark["day"]]
    assert waves and len(marks) == len(waves) + 3
    assert {"2021-12-30", "2021-12-31"} <= {mark["day"] for mark in marks}
    assert [mark["day"] for mark in marks] == sorted(mark["day"] for mark in marks)
    named = [mark for mark in marks if mark["label"]]
    assert [mark for mark in named if mark not in waves] == [
        {**named[-1], **mark} for mark in named if mark["day"] == "2021-12-30"
    ]
    assert "Today" not in {mark["label"] for mark in make().marks}
    stop_clock(monkeypatch)
    assert {mark["day"] for mark in make().marks if mark["label"] == "Today"} == {"2021-07-20"}


def test_the_first_day_alone_has_no_slider(make):
    assert make(statuses=("not_reported",), as_of=date(2021, 1, 1)) is None
