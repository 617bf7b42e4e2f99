"""The page Overview, as data: the sentence, the bars, and the folds below them."""

import re
from dataclasses import replace
from datetime import date
from inspect import unwrap

import pytest

from dashboard.charts.marks import AREAS, sort_key
from dashboard.formats import format_counts, format_date, format_percent
from dashboard.i18n import translator
from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.latest import KINDS, Window, count_latest
from dashboard.measures.standing import count_silence, keep_ranked, know_members, rank
from dashboard.snapshot.selection import Selection, parse
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.overview import body, model
from dashboard.ui.overview.body import MOST_RANKED, RANKED, Ranks
from dashboard.ui.overview.model import BY, Figures
from tests.models import assert_filled

JULY = date(2021, 7, 20)


@pytest.fixture
def make(snapshot):
    """Return the page for a selection."""

    def make(lang: str = "en", parameters=None, **selection) -> Figures:
        return model.make_model(snapshot, Selection(lang=lang, **selection), translator(lang), parameters or {})

    return make


@pytest.fixture
def say(snapshot, make):
    """Return the sentence for a selection, and how many actions the link behind each of its figures leads to."""

    def say(**selection) -> tuple[str, dict[str, int]]:
        said = make(**selection).sentence
        counts = {}
        for part in said.parts:
            if isinstance(part, PageLink):
                query: dict[str, list[str]] = {}
                for name, value in part.pairs:
                    query.setdefault(name, []).append(value)
                assert part.page_id == "actions"
                counts[part.label] = headline(snapshot, parse(query, snapshot)).actions
        return said.text.replace("\u00a0", " "), counts

    return say


@pytest.mark.parametrize("day", ["2021-06-25", "2021-07-20", "2021-12-31"])
def test_the_page_begins_with_how_far_the_actions_are_and_each_figure_leads_to_them(snapshot, say, day):
    total = headline(snapshot, Selection(as_of=date.fromisoformat(day)))
    rate, upper = (format_percent(n, 40, "en") for n in (total.completed, total.completed + total.unknown))
    said, counts = say(as_of=date.fromisoformat(day))
    assert said == f"{rate} of 40 actions are completed; it could be up to {upper}: {total.unknown} are not known."
    assert counts == {"40 actions": 40, f"{total.unknown} are not known": total.unknown}
    assert total.unknown > total.not_reported or day != "2021-12-31"  # those without a status that is understood too


def test_the_sentence_stays_true_and_plain_whatever_is_chosen(snapshot, say):
    assert say(as_of=date(2021, 3, 1)) == ("There is no report yet on 40 actions.", {"40 actions": 40})
    africa = headline(snapshot, Selection(regions=("africa",)))
    said, counts = say(regions=("africa",))
    assert said.startswith(
        f"Africa: {format_percent(africa.completed, africa.actions, 'en')} of {africa.actions} actions"
    )
    assert set(counts.values()) == {africa.actions, africa.unknown}
    codes = tuple(snapshot.codes["regions"])[:3]
    assert say(regions=codes, q="a")[0].startswith("Region: 3 · “a”: ")

    completed = headline(snapshot, Selection(statuses=("completed",))).actions
    said, counts = say(statuses=("completed",))
    assert said == f"{completed} of 40 actions: Completed."
    assert counts == {f"{completed}": completed, "40 actions": 40}

    few = Selection(regions=("africa",), themes=("mining",))
    total = headline(snapshot, few)
    assert 0 < total.actions < 5
    said, counts = say(regions=few.regions, themes=few.themes)
    assert f": {total.completed} of {total.actions} action" in said and "%" not in said
    known = Selection(statuses=("completed", "in_progress"))
    reported = replace(headline(snapshot, known), actions=40, unknown=0)
    t = translator("en")
    assert model.make_sentence(snapshot, Selection(), reported, t).text == (
        f"{format_percent(reported.completed, 40, 'en')} of 40 actions are completed."
    )
    one = replace(reported, actions=1, completed=1)
    assert model.make_sentence(snapshot, Selection(), one, t).text == "1 of 1 action completed."
    one = replace(reported, unknown=1)
    assert model.make_sentence(snapshot, Selection(), one, t).text.endswith(": 1 is not known.")


@pytest.mark.nightly
def test_the_browser_has_the_sentence_of_any_other_day(snapshot, make, lang):
    templates = make(lang, regions=("africa",)).replay.sentence
    shown = make(lang, regions=("africa",), as_of=JULY).sentence.text
    total = headline(snapshot, Selection(regions=("africa",), as_of=JULY))
    rate, upper = (format_percent(n, total.actions, lang) for n in (total.completed, total.completed + total.unknown))
    unknown = templates["many" if total.unknown > 1 else "one"].format(n=total.unknown)
    assert templates["more"].format(rate=rate, upper=upper, unknown=unknown) == shown
    assert make(lang, regions=("africa",), as_of=date(2021, 3, 1)).sentence.text == templates["none"]
    assert make(lang, statuses=("completed",)).replay.sentence == {}


@pytest.mark.parametrize("dimension", BY)
def test_bars_say_what_is_counted_and_each_leads_to_its_page_filtered_by_it(snapshot, make, dimension, lang):
    selection = Selection(as_of=JULY, lang=lang)
    [shown] = [one.bars for one in make(lang, as_of=JULY).bars if one.bars.more.page_id == BY[dimension][0]]
    frame = by_dimension(snapshot, selection, dimension)
    members = {known.code: known for known in know_members(frame[frame["actions"] > 0])}
    codes = []
    for bar in shown.bars:
        [code] = [value for name, value in bar.link.pairs if name == dimension]
        known = members[code]
        assert bar.counts == format_counts(known.part, known.denominator, lang)
        assert (bar.lower, bar.upper) == (float(100 * known.lower), float(100 * known.upper))
        assert bar.rate == format_percent(known.part, known.denominator, lang)
        assert bool(bar.most) == (known.most > known.part)
        assert bar.is_pale == (known.denominator < 5)
        assert (bar.link.page_id, ("as_of", "2021-07-20") in bar.link.pairs) == (BY[dimension][0], True)
        codes.append(code)
    total, most = headline(snapshot, selection), BY[dimension][1]
    assert shown.mean == pytest.approx(100 * total.completed / total.actions)
    assert len(codes) == min(most, len(members))
    assert (str(len(members)) in shown.more.label) == (len(members) > most)
    assert model.render_bars(shown, "overview").count('tabindex="-1"') == len(codes) - 1  # one stop of the Tab key
    if len(members) > most:  # the highest for certain and the lowest for certain
        ranked = keep_ranked(list(members.values()))
        assert max(ranked, key=lambda known: known.lower).lower in {members[code].lower for code in codes}
        assert min(ranked, key=lambda known: known.upper).upper in {members[code].upper for code in codes}
    assert_filled(shown)


def test_of_actions_that_are_chosen_by_their_status_a_bar_is_their_share(snapshot, make):
    shown = make(statuses=("completed",), regions=("africa",))
    completed, everywhere = headline(snapshot, Selection(statuses=("completed",))), headline(snapshot, Selection())
    africa = [headline(snapshot, Selection(regions=("africa",), statuses=one)).actions for one in (("completed",), ())]
    bars = shown.bars[0].bars
    [bar] = [bar for bar in bars.bars if bar.link.label == "Africa"]
    assert bar.counts == format_counts(africa[0], africa[1], "en") and not bar.is_pale
    assert ("status", "completed") in bar.link.pairs
    assert bars.mean == pytest.approx(100 * completed.actions / everywhere.actions)
    assert not any(bar.most for bar in bars.bars) and not bars.finding and not shown.key
    rates = [bar.lower for bar in bars.bars[:-2] if int(bar.counts.split("/")[1]) >= 5]
    assert rates == sorted(rates, reverse=True) and 0 < rates[-1] < rates[0] < 100


def test_a_region_that_is_chosen_stands_beside_the_others_and_what_has_no_values_is_left_out(make, monkeypatch):
    shown = make(regions=("africa",)).bars[0].bars
    everywhere = make().bars[0].bars
    assert shown.mean == everywhere.mean and len(shown.bars) == len(everywhere.bars)  # nothing moves
    assert [bar.link.label for bar in shown.bars if not bar.is_pale] == ["Africa"]
    here = model.render_bars(shown, "overview")
    assert here.count("<a ") == len(shown.bars) + 1 and 'class="pale"' in here

    monkeypatch.setattr(model, "list_unused", lambda _: frozenset({"theme"}))
    monkeypatch.setattr(model, "make_model", unwrap(model.make_model))
    assert [one.bars.more.page_id for one in make().bars] == ["regions", "categories"]


def test_the_curve_stands_there_with_the_clock_alone_since_the_sentence_has_its_figures(make):
    shown = make(as_of=JULY, parameters={"large": "completion-over-time"})
    assert shown.curve.finding == "Ahead or behind cannot be told: 55% of the time has elapsed."
    assert shown.curve.is_half and shown.curve.is_large
    assert make().curve.finding == "Behind the clock: all of the time has elapsed."
    assert "chosen" in make(statuses=("completed",)).curve.finding
    assert_filled(replace(shown, replay=None))  # the browser fills its words


def test_an_empty_selection_says_what_to_drop(make):
    empty = make(regions=("africa",), q="no action has these words")
    assert [offer.parameter for offer in empty.offers] == ["q"]


@pytest.mark.parametrize("day", ["2021-03-01", "2021-07-20", "2021-12-31"])
def test_the_lists_name_whom_the_bounds_place_and_each_filters_by_a_click(snapshot, day, lang):
    selection, t = Selection(as_of=date.fromisoformat(day), lang=lang), translator(lang)
    total = headline(snapshot, selection)
    rankings = {dimension: rank(snapshot, selection, dimension) for dimension in RANKED}
    furthest = "compared" if total.day_number == total.days_total else "ahead"
    codelists = {"country": "countries", "group": "stakeholder_groups"}
    shown_ranks: Ranks = body.make_ranks(snapshot, selection, t)
    for shown, side in zip(shown_ranks.lists, (furthest, "behind", "silent"), strict=True):
        members = {dimension: getattr(one, side) for dimension, one in rankings.items() if getattr(one, side)}
        assert (shown.nobody == t("None for certain.")) == (not members)
        for group, (dimension, known) in zip(shown.groups, members.items(), strict=True):
            assert group.heading == t("{name}: {value}", name=t(RANKED[dimension]), value=str(len(known)))
            labels = {code: entry.labels[lang] for code, entry in snapshot.codes[codelists[dimension]].items()}
            assert [entry.link.label for entry in group.entries] == [labels[one.code] for one in known[:MOST_RANKED]]
            for entry, one in zip(group.entries, known, strict=False):
                assert {str(one.part), str(one.denominator)} <= set(re.findall(r"\d+", entry.sentence))
                assert (dimension, one.code) in entry.link.pairs and ("as_of", day) in entry.link.pairs
                assert entry.link.page_id == "overview"
    untold = sum(len(one.compared) - len(one.ahead) - len(one.behind) for one in rankings.values())
    assert untold or total.day_number == total.days_total
    assert shown_ranks.note.endswith(t("Neither ahead nor behind for certain: {n}.", n=untold)) == bool(untold)
    silence = count_silence(snapshot, selection)
    numbers = [total.not_reported, total.actions, silence.silent, silence.stakeholders] if total.reported else []
    assert re.findall(r"\d+", shown_ranks.silence) == list(map(str, numbers))
    assert_filled(shown_ranks)


def test_countries_without_an_action_are_counted_and_named(snapshot, monkeypatch, lang):
    t, names = translator(lang), [snapshot.codes["countries"][code].labels[lang] for code in ("GHA", "NPL", "BRA")]
    assert not body.make_ranks(snapshot, Selection(lang=lang), t).without
    monkeypatch.setattr(body, "list_without_actions", lambda *_: ["NPL", "GHA", "BRA", next(iter(AREAS))])
    said = unwrap(body.make_ranks)(snapshot, Selection(lang=lang), t).without
    words = ("{n} country without any action", "{n} countries without any action")
    assert said == t("{name}: {value}", name=t.plural(*words, 3), value=", ".join(sorted(names, key=sort_key)))


def test_staff_are_led_to_what_waits_and_nowhere_where_nothing_does(snapshot):
    selection, t = Selection(as_of=date(2021, 12, 31), build="fixture"), translator("en")
    total, silence = headline(snapshot, selection), count_silence(snapshot, selection)
    draft, settings, silent, unsettled, upload = body.list_steps(snapshot, selection, t, uploads=2, settings=1)
    assert (draft.page_id, draft.label) == ("upload", "Finish 2 uploads that are not published")
    assert (settings.page_id, settings.label) == ("settings", "Publish 1 set of changed settings")
    assert [one.page_id for one in body.list_steps(snapshot, selection, t)] == ["silent", "quality", "upload"]
    assert (silent.page_id, silent.pairs) == ("silent", (("as_of", "2021-12-31"), ("lang", "en")))
    assert str(silence.silent) in silent.label
    assert str(total.unmatched_reports + total.status_unclassified) in unsettled.label
    assert [unsettled.page_id, upload.page_id] == ["quality", "upload"]


def test_it_says_what_is_new_since_monday_and_leads_there(snapshot, lang):
    monday, t, selection = date(2021, 12, 27), translator(lang), Selection(lang=lang)
    counts = count_latest(snapshot, Selection(), Window(kinds=tuple(KINDS), since=monday, coming=False))
    assert counts["report"] > 0
    title = body.name_news(snapshot, selection, t)
    assert title == t("What is new since Monday, {day}", day=format_date(monday, lang))
    counted, everything = body.make_news(snapshot, selection, t)
    assert isinstance(counted, PageLink)
    assert counted.label.split(" · ") == [
        t("{name}: {value}", name=t(KINDS[kind]), value=str(n)) for kind, n in counts.items() if n
    ]
    assert (counted.page_id, counted.pairs) == ("latest", (("since", "monday"), ("lang", lang)))
    assert everything.pairs == (("lang", lang),)
    first = Selection(lang=lang, as_of=date(2021, 1, 1))
    assert body.make_news(snapshot, first, t)[0] == t("Nothing.")
