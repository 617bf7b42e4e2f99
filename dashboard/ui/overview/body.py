"""Draw the page Overview, and its folds, each counted when it is opened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.campaign.colleagues import list_drafts
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.finding import say_known
from dashboard.charts.marks import AREAS, sort_key
from dashboard.files.briefings.order import Item
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import DIMENSIONS, Headline, headline
from dashboard.measures.definitions import FEW
from dashboard.measures.latest import KINDS, Window, count_latest
from dashboard.measures.results import list_amounts
from dashboard.measures.standing import Ranking, RateBounds, count_silence, list_without_actions, rank
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared
from dashboard.ui.frame import page, page_link, staff
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.overview import replay, speed
from dashboard.ui.overview.model import BarCard, make_model, render_bars
from dashboard.ui.pieces import (
    chart_card,
    chart_options,
    chart_share,
    empty_selection,
    filter_bar,
    journey,
    messages,
    page_paper,
    promised,
)
from dashboard.ui.pieces import headline as tiles
from dashboard.ui.pieces.chart_card import CardModel
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.web.charts.oembed import SINCE


def list_steps(
    snapshot: Snapshot, selection: Selection, t: Translator, uploads: int = 0, settings: int = 0
) -> Iterator[PageLink]:
    """List the next steps: publish drafts, ask the silent, settle what was not understood; empty where nothing waits.

    `uploads`: how many uploads are previewed and not published.
    `settings`: how many people have changes of settings that are not published.
    """
    total = headline(snapshot, selection)
    silent = count_silence(snapshot, selection).silent
    lang = (("lang", t.language),)
    if uploads:
        label = t.plural(
            "Finish {n} upload that is not published", "Finish {n} uploads that are not published", uploads
        )
        yield PageLink(label, "upload", lang, ":material/preview:")
    if settings:
        label = t.plural("Publish {n} set of changed settings", "Publish {n} sets of changed settings", settings)
        yield PageLink(label, "settings", lang, ":material/tune:")
    if silent:
        pairs = tuple(pair for pair in selection.query_pairs() if pair[0] != "build")
        label = t.plural("Ask {n} silent stakeholder for a report", "Ask {n} silent stakeholders for a report", silent)
        yield PageLink(label, "silent", pairs, ":material/mail:")
    waiting = total.unmatched_reports + total.status_unclassified
    if waiting:
        label = t.plural(
            "Settle {n} report that was not understood", "Settle {n} reports that were not understood", waiting
        )
        yield PageLink(label, "quality", lang, ":material/rule:")
    yield PageLink(t("Upload new files"), "upload", lang, ":material/upload:")


def name_news(snapshot: Snapshot, selection: Selection, t: Translator) -> str:
    """Name the fold of news."""
    return t("What is new since Monday, {day}", day=formats.format_date(_find_monday(snapshot, selection), t.language))


def _find_monday(snapshot: Snapshot, selection: Selection) -> date:
    day = selection.day(snapshot)
    return day - timedelta(days=day.weekday())


def make_news(snapshot: Snapshot, selection: Selection, t: Translator) -> tuple[PageLink | str, PageLink]:
    """Count the new entries of each kind since the Monday before the day, as a link to them; and link to all."""
    window = Window(kinds=tuple(KINDS), since=_find_monday(snapshot, selection), coming=False)
    counts = count_latest(snapshot, selection, window)
    numbers = [t("{name}: {value}", name=t(KINDS[kind]), value=number) for kind, number in counts.items() if number]
    pairs = tuple(selection.query_pairs())
    summary = " · ".join(numbers)
    latest = PageLink(summary, "latest", (("since", "monday"), *pairs)) if summary else t("Nothing.")
    return latest, PageLink(t("All that happened"), "latest", pairs)


def show_news(view: View, selection: Selection) -> None:
    """Draw the fold of news."""
    lines = (page_link.render(one, view.page_id) for one in make_news(view.snapshot, selection, view.t))
    st.html("".join(f'<p class="about">{line}</p>' for line in lines))


RANKED = {"country": N_("Countries"), "group": N_("Stakeholder groups")}
"""The dimensions whose members are ranked, and what these are called."""
MOST_RANKED = 3


@dataclass(frozen=True)
class RankEntry:
    """A member in a list: what is known of it, and the link that filters by it."""

    sentence: str
    link: PageLink


@dataclass(frozen=True)
class RankGroup:
    """The first members of one dimension, below how many there are."""

    heading: str
    entries: tuple[RankEntry, ...]


@dataclass(frozen=True)
class RankList:
    """One of the lists: its title, its members by dimension; without any, the words in their place."""

    title: str
    nobody: str
    groups: tuple[RankGroup, ...]


@dataclass(frozen=True)
class Ranks:
    """The lists of who is ahead, behind and silent, with the number of the silent above them and notes below."""

    silence: str
    lists: tuple[RankList, ...]
    note: str
    without: str


@shared
def make_ranks(snapshot: Snapshot, selection: Selection, t: Translator) -> Ranks:
    """Make the lists of who is ahead, behind and silent."""
    rankings = {dimension: rank(snapshot, selection, dimension) for dimension in RANKED}
    total = headline(snapshot, selection)
    is_over = total.day_number == total.days_total
    # When all of the time has elapsed nobody can be ahead of it.
    first = N_("Furthest ahead (known)") if is_over else N_("Ahead of the clock")
    ranked = (
        (t(first), {name: one.compared if is_over else one.ahead for name, one in rankings.items()}),
        (t("Behind the clock"), {name: one.behind for name, one in rankings.items()}),
        (t("Silent: actions without a report"), {name: one.silent for name, one in rankings.items()}),
    )
    return Ranks(
        silence=_say_silence(snapshot, selection, total, t),
        lists=tuple(_make_list(snapshot, selection, t, title, members) for title, members in ranked),
        note=_say_who_is_compared(rankings, t),
        without=_say_without(snapshot, selection, t),
    )


def _say_silence(snapshot: Snapshot, selection: Selection, total: Headline, t: Translator) -> str:
    """Count who is silent; empty where the sentence of the page says that all are."""
    if not total.reported:
        return ""
    if not total.not_reported:
        return t("None is silent: every action has a report.")
    silence = count_silence(snapshot, selection)
    counts = {"n": total.not_reported, "actions": total.actions, "of": silence.stakeholders, "silent": silence.silent}
    if not silence.silent:
        return t("Silent: {n} of {actions} actions have no report; each stakeholder has reported on one.", **counts)
    return t(
        "Silent: {n} of {actions} actions have no report; {silent} of {of} stakeholders have not reported on any.",
        **counts,
    )


def _say_who_is_compared(rankings: dict[str, Ranking], t: Translator) -> str:
    sides = [member for one in rankings.values() for member in (*one.ahead, *one.behind)]
    untold = sum(len(one.compared) for one in rankings.values()) - len(sides)
    notes = [t("Only those with {few} actions or more are compared.", few=FEW)]
    if untold:
        notes.append(t("Neither ahead nor behind for certain: {n}.", n=untold))
    return " ".join(notes)


def _say_without(snapshot: Snapshot, selection: Selection, t: Translator) -> str:
    """Name the countries without an action in the selection; leave out areas that are no state."""
    countries = snapshot.codes.get("countries", {})
    codes = (code for code in list_without_actions(snapshot, selection, "country") if code not in AREAS)
    names = sorted((countries[code].labels[t.language] for code in codes), key=sort_key)
    if not names:
        return ""
    title = t.plural("{n} country without any action", "{n} countries without any action", len(names))
    return t("{name}: {value}", name=title, value=", ".join(names))


def _make_list(
    snapshot: Snapshot, selection: Selection, t: Translator, title: str, ranked: dict[str, tuple[RateBounds, ...]]
) -> RankList:
    groups = []
    for dimension, members in ranked.items():
        if members:
            heading = t("{name}: {value}", name=t(RANKED[dimension]), value=len(members))
            entries = (_make_entry(snapshot, selection, t, dimension, member) for member in members[:MOST_RANKED])
            groups.append(RankGroup(heading, tuple(entries)))
    return RankList(title, "" if groups else t("None for certain."), tuple(groups))


def _make_entry(
    snapshot: Snapshot, selection: Selection, t: Translator, dimension: str, member: RateBounds
) -> RankEntry:
    one = DIMENSIONS[dimension]
    filtered: dict[str, Any] = {one.attribute: (member.code,)}
    label = snapshot.codes[one.codelist][member.code].labels[t.language]
    pairs = tuple(replace(selection, **filtered).query_pairs())
    return RankEntry(t.say(say_known(member, is_short=True)), PageLink(label, "overview", pairs))


def show_ranks(view: View, selection: Selection) -> None:
    """Draw the lists side by side."""
    model = make_ranks(view.snapshot, selection, view.t)
    if model.silence:
        messages.show_finding(model.silence)
    st.html(f'<div class="ranks">{"".join(_write_list(view, one) for one in model.lists)}</div>')
    for text in filter(None, (model.note, model.without)):
        messages.show_note(text)


def _write_list(view: View, model: RankList) -> str:
    groups = (
        f"{messages.note(group.heading)}<ul>{''.join(_write_entry(view, entry) for entry in group.entries)}</ul>"
        for group in model.groups
    )
    nobody = messages.note(model.nobody) if model.nobody else ""
    return f'<section><h3 class="card-title">{escape(model.title)}</h3>{nobody}{"".join(groups)}</section>'


def _write_entry(view: View, entry: RankEntry) -> str:
    words = f"{escape(entry.link.label)}{escape(view.t(': '))}<strong>{escape(entry.sentence)}</strong>"
    return f"<li>{entry.link.wrap(words, view.page_id)}</li>"


PARAMETERS = (*chart_options.PARAMETERS, SINCE)


def show(view: View, selection: Selection) -> None:
    """Draw the sentence, the line of the year, the bars beside the curve, and their folds."""
    model = make_model(view.snapshot, selection, view.t, view.parameters)
    if isinstance(model, EmptyModel):
        page.show_title(view)
        filter_bar.show_day(view)
        empty_selection.draw(model)
        return
    t, selection = view.t, selection.first
    with st.container(key="sentence"):
        page.show_title(view, content=model.sentence.render(view.page_id))
    with st.container(horizontal=True, key="time-line"):
        replay.draw(model.replay, view.page_id)
        filter_bar.show_day(view)
    with st.container(key="now"):  # gives way to the charts of another day (`pages.css`)
        with st.container(key="cards"):
            first, *more_bars = model.bars or (None,)
            if first is not None:
                _show_bars(view, first)
            chart_card.draw_card(view, model.curve)
            for one in more_bars:
                _show_bars(view, one)
        key = " ".join(f'<span><i class="{part}"></i>{escape(word)}</span>' for part, word in model.key.items())
        st.html(f'<p class="card-note bars-key">{escape(model.source)} {key}</p>')
    with st.container(key="now-too", gap="small"):
        show_figures = partial(_show_figures, model.curve)
        _fold(view, selection, "figures", t("More figures, milestones and evidence"), show_figures)
        _fold(view, selection, "ranks", t("Who is ahead, behind and silent"), show_ranks)
        if list_amounts(view.snapshot):
            _fold(view, selection, "results", t("Promised numbers, and what was reached"), _show_results)
        speed.draw(view, selection, model.speed)
        _fold(view, selection, "new", name_news(view.snapshot, selection, t), show_news)
        if staff.may_open():
            _fold(view, selection, "next", t("What staff can do next"), _show_next)
        with st.container(horizontal=True, vertical_alignment="center", key="ways"):
            filter_bar.show_ways(view)


def _show_bars(view: View, model: BarCard) -> None:
    card = model.card
    page_paper.note(view, card.selection, Item(card.chart_id, options=card.shared_options))
    with st.container(key=f"card-{card.chart_id}"):
        with st.container(
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            key=f"card-head-{card.chart_id}",
        ):
            st.html(f'<h2 class="card-title">{escape(model.bars.title)}</h2>', width="content")
            with st.container(width="content", key=f"card-tools-{card.chart_id}"):
                chart_share.show(view, card.chart_id, card.selection, card.shared_options, card.pairs)
        if model.bars.finding:
            messages.show_finding(model.bars.finding)
        st.html(render_bars(model.bars, view.page_id))


def _fold(
    view: View, selection: Selection, key: str, title: str, show_content: Callable[[View, Selection], None]
) -> None:
    """Draw a fold; its content is counted when it is opened."""
    fold = st.expander(title, key=f"fold-{key}", on_change="rerun")
    if fold.open:
        with fold:
            show_content(view, selection)


def _show_figures(curve: CardModel, view: View, selection: Selection) -> None:
    total = headline(view.snapshot, selection)
    st.html(f'<p class="about">{escape(tiles.write_clock(total, view.snapshot.campaign, view.t))}</p>')
    tiles.show_tiles(tiles.make_tiles(total, view.t))
    journey.show(view, selection)
    messages.show_heading(view.t(CATALOGUE[curve.chart_id].title))
    chart_card.draw_figures(view, curve)


def _show_results(view: View, selection: Selection) -> None:
    promised.show(view, selection)
    chart_card.show(view, "results-over-time", selection)


def _show_next(view: View, selection: Selection) -> None:
    campaign = Settings.from_environment().campaign
    uploads, settings = (len(list_drafts(campaign, "", is_of_settings=one)) for one in (False, True))
    for one in list_steps(view.snapshot, selection, view.t, uploads, settings):
        page_link.show(one)
