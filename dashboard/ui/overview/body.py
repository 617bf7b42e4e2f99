"""The page Overview: where the selection stands against the clock, who is ahead, behind and silent, and the charts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.cache import Cache
from dashboard.charts import clock
from dashboard.charts.chart import build_chart
from dashboard.charts.finding import say_known
from dashboard.charts.marks import AREAS, sort_key
from dashboard.i18n import N_
from dashboard.measures import counts as measures
from dashboard.measures.counts import DIMENSIONS, Headline
from dashboard.measures.definitions import FEW
from dashboard.measures.standing import Known, Ranking, count_silence, list_without_actions, rank
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import header, link, staff
from dashboard.ui.frame.page import View
from dashboard.ui.overview import replay, speed, whats_new
from dashboard.ui.pieces import chart_card, chart_options, empty_selection, headline, journey, messages
from dashboard.web.charts.oembed import SINCE

PARAMETERS = (*chart_options.PARAMETERS, SINCE)
CURVE, STATUSES = "completion-over-time", "status-overview"
RANKED = ("country", "group")
MOST_RANKED = 3
MOST_STATES = 200


@dataclass(frozen=True)
class _State:
    """What the page concludes for one selection, in its language: shared by all readers and never changed."""

    total: Headline
    sentences: tuple[str, ...]
    rankings: dict[str, Ranking]
    without: tuple[str, ...]


_states = Cache[tuple[str, str, Selection], _State](MOST_STATES)


def show(view: View, selection: Selection) -> None:
    """Draw the sentence of state, the curve beside who is ahead, behind and silent, and what belongs to them."""
    if not measures.headline(view.snapshot, selection).actions:
        empty_selection.show(view, selection)
        return
    stated = replace(selection, q=selection.q.strip())
    key = (view.snapshot.build_id, str(view.snapshot.path), stated)
    state = _states.get(key, lambda: _conclude(view, stated))
    _show_state(view, state)
    replay.show(view, selection)
    with st.container(key="now"):  # gives way to the charts of another day (`style.css`)
        _show_now(view, selection, state)
    with st.container(key="now-too"):
        with st.container(border=True, key="whats-new"):
            whats_new.show(view, selection)
        journey.show(view, selection)
        speed.show(view, selection)
        _show_without(view, state)
        chart_card.show(view, STATUSES, selection)


def _show_now(view: View, selection: Selection, state: _State) -> None:
    """The curve and the totals, beside who is ahead, behind and silent where anybody may be compared."""
    if any(ranking.compared for ranking in state.rankings.values()):
        left, right = st.columns([5, 3], gap="small")
        with left:
            _show_figures(view, selection, state)
        with right, st.container(border=True, gap=None, key="ranks"):
            _show_ranks(view, selection, state)
    else:
        _show_figures(view, selection, state)


def _show_figures(view: View, selection: Selection, state: _State) -> None:
    chart_card.show(view, CURVE, selection, has_finding=False)
    headline.show_tiles(view, state.total)


def _conclude(view: View, selection: Selection) -> _State:
    chart = build_chart(view.snapshot, CURVE, selection)
    countries = view.snapshot.codes.get("countries", {})
    without = (code for code in list_without_actions(view.snapshot, selection, "country") if code not in AREAS)
    return _State(
        total=chart.total,
        sentences=(*chart.caption.findings, *_say_silence(view, selection, chart.total)),
        rankings={dimension: rank(view.snapshot, selection, dimension) for dimension in RANKED},
        without=tuple(sorted((countries[code].labels[view.lang] for code in without), key=sort_key)),
    )


def _say_silence(view: View, selection: Selection, total: Headline) -> Iterator[str]:
    """Who is silent, in numbers; nothing where the sentence before says that all are."""
    if not total.reported:
        return
    silence = count_silence(view.snapshot, selection)
    counts = {"n": total.not_reported, "actions": total.actions, "of": silence.stakeholders}
    words = {name: formats.format_count(count, view.lang) for name, count in counts.items()}
    if not total.not_reported:
        yield view.t("None is silent: every action has a report.")
    elif silence.silent:
        silent = formats.format_count(silence.silent, view.lang)
        yield view.t(
            "Silent: {n} of {actions} actions have no report; {silent} of {of} stakeholders have not reported on any.",
            **words, silent=silent,
        )  # fmt: skip
    else:
        yield view.t("Silent: {n} of {actions} actions have no report; each stakeholder has reported on one.", **words)


def _show_state(view: View, state: _State) -> None:
    """The day, the clock and the sentences; the day is called today only where it is, and the campaign runs."""
    day = formats.format_date(state.total.day, view.lang)
    begins = view.t("Today, {day}", day=day) if clock.is_today(view.snapshot.campaign, state.total.day) else day
    place, sentences = headline.write_clock(view, state.total), " ".join(state.sentences)
    st.html(
        f'<p class="headline"><b>{escape(begins)}</b> · {escape(place)}</p><p class="state">{escape(sentences)}</p>'
    )


def _show_ranks(view: View, selection: Selection, state: _State) -> None:
    """The three lists, countries before groups, each entry a link that filters by it."""
    t, rankings = view.t, state.rankings
    is_over = state.total.day_number == state.total.days_total
    # When all of the time has elapsed nobody can be ahead of it.
    first = N_("Known to have come furthest") if is_over else N_("Ahead of the clock")
    furthest = {name: one.compared if is_over else one.ahead for name, one in rankings.items()}
    _show_list(view, selection, t(first), furthest)
    _show_list(view, selection, t("Behind the clock"), {name: one.behind for name, one in rankings.items()})
    silent = {name: one.silent for name, one in rankings.items()}
    _show_list(view, selection, t("Silent: actions without a report"), silent)
    if staff.may_open() and any(silent.values()):
        query = link.as_query(replace(selection, build="").query_pairs())
        st.page_link(
            header.find("silent").script, label=t("Ask for answers"), icon=":material/mail:", query_params=query
        )
    sides = [known for one in rankings.values() for known in (*one.ahead, *one.behind)]
    untold = sum(len(one.compared) for one in rankings.values()) - len(sides)
    notes = [t("Only those with {few} actions or more are compared.", few=FEW)]
    if untold:
        notes.append(t("Neither ahead nor behind for certain: {n}.", n=formats.format_count(untold, view.lang)))
    messages.show_note(" ".join(notes))


def _show_list(view: View, selection: Selection, title: str, ranked: dict[str, tuple[Known, ...]]) -> None:
    """The first members of each dimension, and how many there are."""
    messages.show_card_title(title)
    if not any(ranked.values()):
        messages.show_note(view.t("None for certain."))
    for dimension, members in ranked.items():
        if members:
            n = formats.format_count(len(members), view.lang)
            messages.show_note(view.t("{name}: {value}", name=view.t(_PLURALS[dimension]), value=n))
        for known in members[:MOST_RANKED]:
            _show_entry(view, selection, dimension, known)


_PLURALS = {"country": N_("Countries"), "group": N_("Stakeholder groups")}


def _show_entry(view: View, selection: Selection, dimension: str, known: Known) -> None:
    one = DIMENSIONS[dimension]
    label = view.snapshot.codes[one.codelist][known.code].labels[view.lang]
    filtered: dict[str, Any] = {one.attribute: (known.code,)}
    said = view.t.say(say_known(known, is_short=True))
    st.page_link(
        header.find(view.page_id).script,
        label=f"{messages.plain(label)}{view.t(': ')}**{messages.plain(said)}**",
        query_params=link.as_query(replace(selection, **filtered).query_pairs()),
    )


def _show_without(view: View, state: _State) -> None:
    """The countries that no action of the selection names, folded."""
    if not state.without:
        return
    n = len(state.without)
    title = view.t.plural(
        "{n} country without any action", "{n} countries without any action", n, n=formats.format_count(n, view.lang)
    )
    with st.expander(title):
        st.html(f'<p class="without">{escape(", ".join(state.without))}</p>')
