"""What Overview shows: where the selection stands against the clock, who is ahead, behind and silent, its charts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard import formats
from dashboard.charts import clock
from dashboard.charts.chart import build_chart
from dashboard.charts.finding import say_known
from dashboard.charts.marks import AREAS, sort_key
from dashboard.i18n import N_, Translator
from dashboard.measures import counts as measures
from dashboard.measures.counts import DIMENSIONS, Headline
from dashboard.measures.definitions import FEW
from dashboard.measures.standing import Known, Ranking, count_silence, list_without_actions, rank
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.overview import replay, speed, whats_new
from dashboard.ui.overview.replay import ReplayModel
from dashboard.ui.overview.speed import SpeedModel
from dashboard.ui.overview.whats_new import NewModel
from dashboard.ui.pieces import chart_card, empty_selection, headline, journey
from dashboard.ui.pieces.chart_card import CardModel
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.headline import Tiles
from dashboard.ui.pieces.journey import JourneyModel

CURVE, STATUSES = "completion-over-time", "status-overview"
RANKED = {"country": N_("Countries"), "group": N_("Stakeholder groups")}
"""The dimensions whose members are ranked, and what these are called."""
MOST_RANKED = 3


@dataclass(frozen=True)
class Standing:
    """The day, the clock and the sentences of state; the day is called today where it is, and the campaign runs."""

    day: str
    clock: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class RankEntry:
    """A member of a list: what is known of it, and the way that filters by it."""

    said: str
    link: PageLink


@dataclass(frozen=True)
class RankGroup:
    """The first members of one dimension, below how many there are."""

    heading: str
    entries: tuple[RankEntry, ...]


@dataclass(frozen=True)
class RankList:
    """One of the lists: its title, its members by dimension; without any what is said instead."""

    title: str
    nobody: str
    groups: tuple[RankGroup, ...]


@dataclass(frozen=True)
class Ranks:
    """The lists of who is ahead, behind and silent, the way to ask the silent for answers, and what must be known."""

    lists: tuple[RankList, ...]
    ask: PageLink | None
    note: str


@dataclass(frozen=True)
class Without:
    """The countries that no action names, and how many they are."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """What the page shows of a selection that has actions; None where there is no such part."""

    standing: Standing
    replay: ReplayModel | None
    curve: CardModel
    tiles: Tiles
    ranks: Ranks | None
    whats_new: NewModel
    journey: JourneyModel | None
    speed: SpeedModel | None
    without: Without | None
    statuses: CardModel


@dataclass(frozen=True)
class OverviewModel:
    """What the page shows: figures, or what is said of a selection without actions."""

    figures: Figures | None = None
    empty: EmptyModel | None = None


@dataclass(frozen=True)
class _Conclusions:
    """What is concluded of one selection, in its language: shared by all readers and never changed."""

    total: Headline
    sentences: tuple[str, ...]
    rankings: dict[str, Ranking]
    without: tuple[str, ...]


@shared
def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str], *, is_staff: bool = False
) -> OverviewModel:
    """What the page shows.

    Args:
        snapshot: The data.
        selection: The filters in force.
        t: The reader's language.
        parameters: The page's own parameters of its link.
        is_staff: Whether the reader may ask for answers.
    """
    if not measures.headline(snapshot, selection).actions:
        return OverviewModel(empty=empty_selection.make_model(snapshot, selection, t))
    conclusions = _conclude(snapshot, replace(selection, q=selection.q.strip()), t)
    has_ranks = any(ranking.compared for ranking in conclusions.rankings.values())
    return OverviewModel(
        Figures(
            standing=_make_standing(snapshot, conclusions, t),
            replay=replay.make_model(snapshot, selection, t),
            curve=chart_card.make_model(selection, t, parameters, CURVE, has_finding=False),
            tiles=headline.make_tiles(conclusions.total, t),
            ranks=_make_ranks(snapshot, selection, conclusions, t, is_staff=is_staff) if has_ranks else None,
            whats_new=whats_new.make_model(snapshot, selection, t),
            journey=journey.make_model(snapshot, selection, t),
            speed=speed.make_model(snapshot, selection, t, parameters),
            without=_make_without(conclusions, t),
            statuses=chart_card.make_model(selection, t, parameters, STATUSES),
        )
    )


@shared
def _conclude(snapshot: Snapshot, selection: Selection, t: Translator) -> _Conclusions:
    chart = build_chart(snapshot, CURVE, selection)
    countries = snapshot.codes.get("countries", {})
    without = (code for code in list_without_actions(snapshot, selection, "country") if code not in AREAS)
    return _Conclusions(
        total=chart.total,
        sentences=(*chart.caption.findings, *_say_silence(snapshot, selection, chart.total, t)),
        rankings={dimension: rank(snapshot, selection, dimension) for dimension in RANKED},
        without=tuple(sorted((countries[code].labels[t.language] for code in without), key=sort_key)),
    )


def _say_silence(snapshot: Snapshot, selection: Selection, total: Headline, t: Translator) -> Iterator[str]:
    """Who is silent, in numbers; nothing where the sentence before says that all are."""
    if not total.reported:
        return
    silence = count_silence(snapshot, selection)
    counts = {"n": total.not_reported, "actions": total.actions, "of": silence.stakeholders}
    words = {name: formats.format_count(count, t.language) for name, count in counts.items()}
    if not total.not_reported:
        yield t("None is silent: every action has a report.")
    elif silence.silent:
        silent = formats.format_count(silence.silent, t.language)
        yield t(
            "Silent: {n} of {actions} actions have no report; {silent} of {of} stakeholders have not reported on any.",
            **words, silent=silent,
        )  # fmt: skip
    else:
        yield t("Silent: {n} of {actions} actions have no report; each stakeholder has reported on one.", **words)


def _make_standing(snapshot: Snapshot, conclusions: _Conclusions, t: Translator) -> Standing:
    day = formats.format_date(conclusions.total.day, t.language)
    begins = t("Today, {day}", day=day) if clock.is_today(snapshot.campaign, conclusions.total.day) else day
    return Standing(begins, headline.write_clock(conclusions.total, snapshot.campaign, t), conclusions.sentences)


def _make_ranks(
    snapshot: Snapshot, selection: Selection, conclusions: _Conclusions, t: Translator, *, is_staff: bool
) -> Ranks:
    """The three lists, countries before groups, each entry a link that filters by it."""
    rankings = conclusions.rankings
    is_over = conclusions.total.day_number == conclusions.total.days_total
    # When all of the time has elapsed nobody can be ahead of it.
    first = N_("Known to have come furthest") if is_over else N_("Ahead of the clock")
    furthest = {name: one.compared if is_over else one.ahead for name, one in rankings.items()}
    silent = {name: one.silent for name, one in rankings.items()}
    ranked = (
        (t(first), furthest),
        (t("Behind the clock"), {name: one.behind for name, one in rankings.items()}),
        (t("Silent: actions without a report"), silent),
    )
    pairs = tuple(replace(selection, build="").query_pairs())
    return Ranks(
        lists=tuple(_make_list(snapshot, selection, t, title, members) for title, members in ranked),
        ask=PageLink(t("Ask for answers"), "silent", pairs, ":material/mail:")
        if is_staff and any(silent.values())
        else None,
        note=_say_who_is_compared(rankings, t),
    )


def _say_who_is_compared(rankings: dict[str, Ranking], t: Translator) -> str:
    sides = [known for one in rankings.values() for known in (*one.ahead, *one.behind)]
    untold = sum(len(one.compared) for one in rankings.values()) - len(sides)
    notes = [t("Only those with {few} actions or more are compared.", few=FEW)]
    if untold:
        notes.append(t("Neither ahead nor behind for certain: {n}.", n=formats.format_count(untold, t.language)))
    return " ".join(notes)


def _make_list(
    snapshot: Snapshot, selection: Selection, t: Translator, title: str, ranked: dict[str, tuple[Known, ...]]
) -> RankList:
    """The first members of each dimension, and how many there are."""
    groups = []
    for dimension, members in ranked.items():
        if members:
            n = formats.format_count(len(members), t.language)
            heading = t("{name}: {value}", name=t(RANKED[dimension]), value=n)
            entries = (_make_entry(snapshot, selection, t, dimension, known) for known in members[:MOST_RANKED])
            groups.append(RankGroup(heading, tuple(entries)))
    return RankList(title, "" if groups else t("None for certain."), tuple(groups))


def _make_entry(snapshot: Snapshot, selection: Selection, t: Translator, dimension: str, known: Known) -> RankEntry:
    one = DIMENSIONS[dimension]
    filtered: dict[str, Any] = {one.attribute: (known.code,)}
    label = snapshot.codes[one.codelist][known.code].labels[t.language]
    pairs = tuple(replace(selection, **filtered).query_pairs())
    return RankEntry(t.say(say_known(known, is_short=True)), PageLink(label, "overview", pairs))


def _make_without(conclusions: _Conclusions, t: Translator) -> Without | None:
    if not conclusions.without:
        return None
    n = len(conclusions.without)
    count = formats.format_count(n, t.language)
    title = t.plural("{n} country without any action", "{n} countries without any action", n, n=count)
    return Without(title, conclusions.without)
