"""The moves since an earlier day, and their speed, as data."""

from datetime import date

import pytest

from dashboard.formats import format_date
from dashboard.i18n import translator
from dashboard.measures.facts import STATUS_PLACES
from dashboard.measures.over_time import Moved, moved, over_time
from dashboard.snapshot.selection import Selection
from dashboard.ui.overview import speed
from tests.models import assert_filled

DAY, SINCE = date(2021, 12, 20), date(2021, 11, 20)


@pytest.fixture
def make(snapshot):
    """Return the fold for the selection of a day."""

    def make(day: date = DAY, lang: str = "en", **parameters: str) -> speed.SpeedModel | None:
        return speed.make_model(snapshot, Selection(as_of=day, lang=lang), translator(lang), parameters)

    return make


def test_the_fold_compares_with_the_day_that_the_link_states_else_the_usual_one(make, lang):
    t, usual = translator(lang), make(lang=lang)
    assert not usual.is_stated and not usual.warning and usual.since == usual.chip.day.data_last
    assert not usual.chip.without
    stated = make(lang=lang, since="2021-11-20")
    choice = stated.chip.day
    assert (stated.since, stated.is_stated, choice.day, choice.data_last) == (SINCE, True, SINCE, usual.since)
    assert stated.chip.value == format_date(SINCE, lang) and stated.chip.without == {"name": "since", "value": None}
    assert stated.title == t("What changed since {day}", day=format_date(SINCE, lang))
    assert (choice.first, choice.last) == (date(2021, 1, 1), date(2021, 12, 19))
    assert choice.named_days and all(choice.first <= one.day <= choice.last for one in choice.named_days)
    assert_filled(stated)


def test_the_usual_day_is_the_one_before_the_latest_wave_else_thirty_days_before(make):
    assert make(date(2021, 3, 1)).since == date(2021, 1, 30)
    assert make(date(2021, 1, 8)).since == date(2021, 1, 1)
    assert make(date(2021, 9, 1)).since < date(2021, 7, 20)  # before the wave that ended on that day
    assert make(date(2021, 1, 1)) is None


def test_a_day_that_is_not_before_is_said_and_replaced(make, lang):
    for since in ("2021-12-20", "yesterday", "2020-12-31"):
        shown = make(lang=lang, since=since)
        assert f"`{since}`" in shown.warning and format_date(shown.since, lang) in shown.warning
        assert shown.since == make(lang=lang).since


def test_who_moved_is_counted_and_leads_to_the_actions(snapshot, lang):
    t, selection = translator(lang), Selection(as_of=DAY, lang=lang)
    shown, change = speed.make_moves(snapshot, selection, t, SINCE), moved(snapshot, selection, SINCE)
    assert change.fell_back
    reported, completed, unknown = (row[1:] for row in shown.rows)
    newly = t("{n} newly", n=change.newly_completed)
    assert completed[2] == t("{moves}, {n} fell back", moves=newly, n=change.fell_back)
    assert reported[2] == t("{n} for the first time", n=change.newly_reported)
    assert unknown[2] == t.plural("{n} remains unknown", "{n} remain unknown", change.still_unknown)
    for cells, counts in ((reported, change.reported), (completed, change.completed), (unknown, change.unknown)):
        assert cells[:2] == tuple(map(str, counts))
    assert shown.headings[1:3] == (format_date(SINCE, lang), format_date(DAY, lang))
    compared, silent = shown.links
    assert compared.label == t("Actions whose status changed: {n}", n=change.changed)
    assert {("as_of", "2021-12-20"), ("vs.as_of", "2021-11-20")} <= set(compared.pairs)
    assert silent.label == t("Still without a report: {n}", n=change.still_silent)
    assert silent.pairs == (("status", "not_reported"), ("as_of", "2021-12-20"), ("lang", lang))
    assert [compared.page_id, silent.page_id] == ["compare", "actions"]
    assert_filled(shown)


@pytest.mark.parametrize(("number", "weekly"), [(15, 11), (0, 0), (1, 1), (2, 1)])
def test_how_fast_is_said_in_whole_actions_a_week(number, weekly, lang):
    t, since = translator(lang), date(2021, 7, 1)
    moves = {(STATUS_PLACES["not_reported"], STATUS_PLACES["completed"]): number}
    said = t("{n} a week", n=weekly)  # of 15 in ten days 10.5
    words = (
        "Over this {n} day: first reports {reported}, newly completed {completed}.",
        "Over these {n} days: first reports {reported}, newly completed {completed}.",
    )
    assert speed._say_speed(Moved(since, date(2021, 7, 11), moves), t) == t.plural(
        *words, 10, reported=said, completed=said
    )
    if number == 1:
        said = t("less than 1 a week")
        slow = speed._say_speed(Moved(since, date(2021, 7, 16), moves), t)
        assert slow == t.plural(*words, 15, reported=said, completed=said)


def test_each_month_up_to_the_day_has_what_it_brought(snapshot):
    shown = speed.make_moves(snapshot, Selection(as_of=DAY), translator("en"), SINCE)
    last = over_time(snapshot, Selection(as_of=DAY)).iloc[-1]
    assert [month.name.split()[-1] for month in shown.months] == ["2021"] * 12
    assert sum(month.reported for month in shown.months) == last["reported"]
    assert sum(month.completed for month in shown.months) == last["completed"]
