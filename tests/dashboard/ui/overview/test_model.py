"""What Overview shows, as data: a sentence of state, who is ahead, behind and silent, and what belongs to them."""

import re
from dataclasses import replace
from datetime import date
from inspect import unwrap

import pytest

from dashboard.charts.chart import build_chart
from dashboard.charts.marks import AREAS, sort_key
from dashboard.formats import format_date
from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.measures.latest import KINDS, Window, count_latest
from dashboard.measures.standing import count_silence, rank
from dashboard.snapshot.selection import Selection
from dashboard.ui.overview import model
from dashboard.ui.overview.model import MOST_RANKED, RANKED, OverviewModel
from tests.models import assert_filled, list_texts, stop_clock

JULY = date(2021, 7, 20)


@pytest.fixture
def make(snapshot):
    """The page for a selection."""

    def make(lang: str = "en", parameters=None, *, is_staff: bool = False, **selection) -> OverviewModel:
        chosen = Selection(lang=lang, **selection)
        staff = {"is_staff": True} if is_staff else {}
        return model.make_model(snapshot, chosen, translator(lang), parameters or {}, **staff)

    return make


@pytest.mark.parametrize("day", ["2021-03-01", "2021-07-20", "2021-12-31"])
def test_the_page_begins_with_a_sentence_of_state(make, snapshot, day, lang):
    day = date.fromisoformat(day)
    selection, t = Selection(as_of=day, lang=lang), translator(lang)
    shown = make(lang, as_of=day).figures
    chart, silence = build_chart(snapshot, "completion-over-time", selection), count_silence(snapshot, selection)
    said = shown.standing.sentences
    assert said[: len(chart.caption.findings)] == tuple(chart.caption.findings)
    assert shown.standing.day == format_date(day, lang)
    silent = t(
        "Silent: {n} of {actions} actions have no report; {silent} of {of} stakeholders have not reported on any.",
        n=chart.total.not_reported,
        actions=chart.total.actions,
        silent=silence.silent,
        of=silence.stakeholders,
    )
    assert (silent in said) == (chart.total.reported > 0)
    assert not shown.curve.has_finding and shown.statuses.has_finding
    assert [shown.curve.chart_id, shown.statuses.chart_id] == ["completion-over-time", "status-overview"]
    statuses = build_chart(snapshot, "status-overview", selection).caption.finding
    is_repeated = chart.caption.findings[0] in statuses  # only where the card does not show its finding
    assert is_repeated == (not chart.total.reported), "what the page says at its top does not stand below it again"
    assert_filled(replace(shown, replay=None))  # the browser fills its words


def test_the_day_is_called_today_only_while_the_campaign_runs(make, monkeypatch, lang):
    t, day = translator(lang), format_date(JULY, lang)
    assert make(lang, as_of=JULY).figures.standing.day == day
    stop_clock(monkeypatch)
    assert make(lang, as_of=JULY).figures.standing.day == t("Today, {day}", day=day)
    yesterday = date(2021, 7, 19)
    assert make(lang, as_of=yesterday).figures.standing.day == format_date(yesterday, lang)


@pytest.mark.parametrize("day", ["2021-07-20", "2021-12-31"])
def test_the_lists_name_whom_the_bounds_place_and_each_filters_by_a_click(make, snapshot, day, lang):
    selection, t = Selection(as_of=date.fromisoformat(day), lang=lang), translator(lang)
    total = headline(snapshot, selection)
    rankings = {dimension: rank(snapshot, selection, dimension) for dimension in RANKED}
    assert rankings["group"].behind or rankings["group"].ahead or total.day_number == total.days_total
    furthest = "compared" if total.day_number == total.days_total else "ahead"
    codelists = {"country": "countries", "group": "stakeholder_groups"}
    ranks = make(lang, as_of=selection.as_of).figures.ranks
    for shown, side in zip(ranks.lists, (furthest, "behind", "silent"), strict=True):
        members = {dimension: getattr(one, side) for dimension, one in rankings.items() if getattr(one, side)}
        assert (shown.nobody == t("None for certain.")) == (not members)
        for group, (dimension, known) in zip(shown.groups, members.items(), strict=True):
            assert group.heading == t("{name}: {value}", name=t(RANKED[dimension]), value=str(len(known)))
            labels = {code: entry.labels[lang] for code, entry in snapshot.codes[codelists[dimension]].items()}
            assert [entry.link.label for entry in group.entries] == [labels[one.code] for one in known[:MOST_RANKED]]
            for entry, one in zip(group.entries, known, strict=False):
                assert {str(one.part), str(one.whole)} <= set(re.findall(r"\d+", entry.said))
                assert (dimension, one.code) in entry.link.pairs and ("as_of", day) in entry.link.pairs
                assert entry.link.page_id == "overview"
    untold = sum(len(one.compared) - len(one.ahead) - len(one.behind) for one in rankings.values())
    assert untold or total.day_number == total.days_total
    assert ranks.note.endswith(t("Neither ahead nor behind for certain: {n}.", n=untold)) == bool(untold)
    assert_filled(ranks)


def test_staff_are_led_to_ask_the_silent_and_others_are_not(make):
    assert make(as_of=JULY, build="fixture").figures.ranks.ask is None
    ask = make(as_of=JULY, build="fixture", is_staff=True).figures.ranks.ask
    assert (ask.page_id, ask.pairs) == ("silent", (("as_of", "2021-07-20"), ("lang", "en")))


def test_a_selection_of_few_actions_has_no_lists_and_an_empty_one_nothing_but_what_to_drop(make):
    shown = make(regions=("africa",), themes=("mining",)).figures
    assert shown.ranks is None and shown.tiles.warning
    assert "Behind the clock" not in set(list_texts(shown))
    empty = make(regions=("africa",), q="no action has these words")
    assert empty.figures is None
    assert [offer.parameter for offer in empty.empty.offers] == ["q"]


def test_it_says_what_is_new_since_monday_and_leads_there(make, snapshot, lang):
    monday, t = date(2021, 12, 27), translator(lang)
    counts = count_latest(snapshot, Selection(), Window(kinds=tuple(KINDS), since=monday, coming=False))
    assert counts["report"] > 0
    shown = make(lang).figures.whats_new
    assert shown.title.label == t("What is new since Monday, {day}", day=format_date(monday, lang))
    assert shown.said.split(" · ") == [
        t("{name}: {value}", name=t(KINDS[kind]), value=str(n)) for kind, n in counts.items() if n
    ]
    assert (shown.title.page_id, shown.title.pairs) == ("latest", (("since", "monday"), ("lang", lang)))
    assert shown.everything.pairs == (("lang", lang),)
    assert make(lang, as_of=date(2021, 1, 1)).figures.whats_new.said == t("Nothing.")


def test_countries_without_an_action_are_counted_and_named(make, snapshot, monkeypatch, lang):
    assert make(lang).figures.without is None
    names = [snapshot.codes["countries"][code].labels[lang] for code in ("GHA", "NPL", "BRA")]
    monkeypatch.setattr(model, "list_without_actions", lambda *_: ["NPL", "GHA", "BRA", next(iter(AREAS))])
    for name in ("_conclude", "make_model"):
        monkeypatch.setattr(model, name, unwrap(getattr(model, name)))
    shown = make(lang).figures.without
    assert shown.names == tuple(sorted(names, key=sort_key))
    words = ("{n} country without any action", "{n} countries without any action")
    assert shown.title == translator(lang).plural(*words, 3)
