"""Make the model of Overview: how far the selection is, in a sentence, over time and by region, category and theme."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.charts.catalogue import ChartSpec
from dashboard.charts.finding import compose_finding, say_clock, say_expected, say_extremes
from dashboard.charts.marks import Marks, gather_marks
from dashboard.charts.options import Options, apply_options, find_spec
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import DIMENSIONS, Headline, by_dimension, headline, list_unused
from dashboard.measures.definitions import FEW
from dashboard.measures.standing import keep_ranked, know_members
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Filter, Selection, chosen_codes
from dashboard.snapshot.shared import shared
from dashboard.ui.frame.header import find
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.overview import replay, speed
from dashboard.ui.overview.replay import ReplayModel
from dashboard.ui.overview.speed import SpeedModel
from dashboard.ui.pieces import chart_card, empty_selection
from dashboard.ui.pieces.chart_card import CardModel
from dashboard.ui.pieces.empty_selection import EmptyModel

UNKNOWN = ("unclassified", "not_reported")
"""The statuses of actions whose progress is unknown (`queries/macros/status_places.sql`, `is_unknown`)."""
DECIDING = ("status", "evidence")
"""The filters that decide the rate themselves."""
MOST_NAMED = 2
"""How many codes of a filter are named; more are counted."""
_MARK = "\N{INFORMATION SEPARATOR ONE}"


@dataclass(frozen=True)
class SentenceModel:
    """The sentence.

    Attributes:
        of: The chosen actions, in words; empty for all.
        parts: Its words, in order; a link leads to the actions that it counts.
        is_decided: Whether a filter decides the actions' rate, so that the sentence states none.
    """

    of: str
    parts: tuple[str | PageLink, ...]
    is_decided: bool

    @property
    def text(self) -> str:
        """Return it as plain words."""
        words = (part if isinstance(part, str) else part.label for part in self.parts)
        return f"{self.of}{''.join(words)}"

    def render(self, page_id: str) -> str:
        """Write it as HTML on the page `page_id`."""
        parts = (escape(part) if isinstance(part, str) else part.render(page_id) for part in self.parts)
        return f"{escape(self.of)}{''.join(parts)}"


def make_sentence(snapshot: Snapshot, selection: Selection, total: Headline, t: Translator) -> SentenceModel:
    """Make the sentence of a selection that has actions; `total`: its totals."""
    deciding = [f for f in FILTERS if f.parameter in DECIDING and selection.codes(f)]
    wider_selection = replace(selection, statuses=(), evidence=())
    wider_total = headline(snapshot, wider_selection) if deciding else total
    links = {
        "actions": _link(t.plural("{n} action", "{n} actions", wider_total.actions), wider_selection),
        "unknown": _link(
            t.plural("{n} is not known", "{n} are not known", total.unknown),
            replace(selection, statuses=UNKNOWN),
        ),
        "chosen": _link(formats.format_count(total.actions, t.language), selection),
    }
    possible = total.completed + total.unknown
    text = t(
        _find_message(total, is_decided=bool(deciding)),
        **{name: f"{_MARK}{name}{_MARK}" for name in links},
        statuses=_join(_name(snapshot, selection, f, t) for f in deciding),
        rate=formats.format_percent(total.completed, total.actions, t.language),
        upper=formats.format_percent(possible, total.actions, t.language),
        part=total.completed,
        most=possible,
    )
    pieces = enumerate(text.split(_MARK))
    parts = tuple(links[piece] if number % 2 else piece for number, piece in pieces if piece)
    return SentenceModel(_say_which(snapshot, selection, t), parts, bool(deciding))


def make_templates(snapshot: Snapshot, selection: Selection, total: Headline, t: Translator) -> dict[str, str]:
    """Write the sentence for other days, for the browser, which puts in the figures; its words by case.

    Empty where a filter decides the actions' rate.
    """
    if selection.statuses or selection.evidence:
        return {}
    actions = t.plural("{n} action", "{n} actions", total.actions)
    placeholders = {name: f"{{{name}}}" for name in ("rate", "upper", "part", "most", "unknown")}
    days = {"more": (1, 1), "all": (1, 0), "none": (0, 1)}
    cases = {name: replace(total, reported=reported, unknown=unknown) for name, (reported, unknown) in days.items()}
    of = _say_which(snapshot, selection, t)
    templates = {
        name: of + t(_find_message(one, is_decided=False), actions=actions, **placeholders)
        for name, one in cases.items()
    }
    one, many = (t.plural("{n} is not known", "{n} are not known", n, n="{n}") for n in (1, 2))
    return {**templates, "one": one, "many": many}


def _find_message(total: Headline, *, is_decided: bool) -> str:
    if is_decided:
        return N_("{chosen} of {actions}: {statuses}.")
    if not total.reported:
        return N_("There is no report yet on {actions}.")
    if total.actions < FEW:
        more, all_of = (
            N_("{part} of {actions} completed, up to {most}: {unknown}."),
            N_("{part} of {actions} completed."),
        )
    else:
        more = N_("{rate} of {actions} are completed; it could be up to {upper}: {unknown}.")
        all_of = N_("{rate} of {actions} are completed.")
    return more if total.unknown else all_of


def _say_which(snapshot: Snapshot, selection: Selection, t: Translator) -> str:
    """Name the actions that filters other than the status choose, as the beginning of the sentence."""
    chosen = [f for f in FILTERS if f.parameter not in DECIDING and selection.codes(f)]
    names = [_name(snapshot, selection, f, t) for f in chosen]
    words = selection.q.strip()
    names += [t("“{words}”", words=words)] if words else []
    return f"{_join(names)}{t(': ')}" if names else ""


def _name(snapshot: Snapshot, selection: Selection, f: Filter, t: Translator) -> str:
    """Name a filter's value; for many codes, how many they are."""
    labels = [code.labels[t.language] for code in chosen_codes(snapshot, selection, f)]
    if len(labels) > MOST_NAMED:
        return t("{name}: {value}", name=t(f.label), value=len(labels))
    return formats.join_list(labels, t.language)


def _join(names: Iterable[str]) -> str:
    return " · ".join(names)


def _link(label: str, selection: Selection) -> PageLink:
    return PageLink(label, "actions", tuple(selection.query_pairs()))


LAST = ("global", UNCLASSIFIED)
"""What stands below the others: what is done everywhere, and what is not classified yet."""


@dataclass(frozen=True)
class Bar:
    """One member.

    Attributes:
        most: The upper bound of the rate in words; empty where all is known.
        is_pale: Whether it has few actions, or is a peer.
    """

    link: PageLink
    rate: str
    counts: str
    most: str
    lower: float
    upper: float
    is_pale: bool


@dataclass(frozen=True)
class Bars:
    """The rates of the members of a dimension as bars of HTML, there with the first message of a page.

    Attributes:
        finding: Their finding, in a sentence; empty where a filter decides it.
        mean: The rate of all together, in percent.
    """

    title: str
    finding: str
    bars: tuple[Bar, ...]
    mean: float
    mean_words: str
    more: PageLink


@shared
def make_bars(
    snapshot: Snapshot, selection: Selection, t: Translator, dimension: str, page_id: str, most: int
) -> Bars | None:
    """Make the bars of a dimension; None where no action has a value of it.

    Where a filter by status or evidence decides the rate, a bar is the share of the member's actions that it chooses.

    `page_id`: the page with all of the dimension.
    `most`: the number of members to show: of more, those that are highest and lowest for certain.
    """
    wider_selection = replace(selection, statuses=(), evidence=())
    spec = apply_options(find_spec(f"completion-by-{dimension}"), Options(sort="rate"))
    total = headline(snapshot, wider_selection)
    marks = gather_marks(snapshot, wider_selection, spec, total, has_peers=True)
    frame = marks.frame[marks.frame["actions"] > 0]
    whole = marks.wider_total if marks.wider_total is not None and len(marks.frame) > 1 else total
    numerator, denominator = whole.fraction(spec.rate)
    if frame.empty or not denominator:
        return None
    if wider_selection != selection:
        lifted: dict[str, Any] = {DIMENSIONS[dimension].attribute: ()}
        everywhere = replace(selection, **lifted)
        frame, numerator = _count_chosen(snapshot, everywhere, dimension, frame), headline(snapshot, everywhere).actions
    frame = frame.sort_values("code", key=lambda codes: codes.isin(LAST), kind="stable")
    pairs = tuple(selection.query_pairs())
    return Bars(
        title=t(_TITLES[dimension]),
        finding=_say_finding(spec, marks.chosen(), total, t) if wider_selection == selection else "",
        bars=tuple(_list_member_bars(dimension, _choose_members(frame, most), selection, t, page_id)),
        mean=100 * numerator / denominator,
        mean_words=t("all {rate}", rate=formats.format_percent(numerator, denominator, t.language)),
        more=PageLink(t("all {n}", n=len(frame)) if len(frame) > most else t(find(page_id).title), page_id, pairs),
    )


def _say_finding(spec: ChartSpec, chosen_marks: Marks, total: Headline, t: Translator) -> str:
    """Write the highest and lowest chosen members, whose counts stand at their bars; else the chart's finding."""
    extremes = say_extremes(know_members(chosen_marks.frame)) if total.reported else None
    return " ".join(map(t.say, (extremes,) if extremes else compose_finding(spec, chosen_marks, total)))


_TITLES = {"region": N_("By region"), "category": N_("By category"), "theme": N_("By theme")}


def _count_chosen(snapshot: Snapshot, selection: Selection, dimension: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Count for each member the actions that a selection chooses, in place of the completed ones, most first."""
    chosen_counts = by_dimension(snapshot, selection, dimension).set_index("code")["actions"]
    chosen = frame["code"].map(chosen_counts).fillna(0).astype(int)
    frame = frame.assign(completed=chosen, unknown=0, share=chosen / frame["actions"])
    return frame.sort_values(["is_few", "share"], ascending=[True, False], kind="stable")


def _choose_members(frame: pd.DataFrame, most: int) -> pd.DataFrame:
    """Choose the rows of the members to show, in their order."""
    if len(frame) <= most:
        return frame
    ranked = keep_ranked(know_members(frame))
    highest = sorted(ranked, key=lambda member: -member.lower)[: most - most // 2]
    lowest = sorted((member for member in ranked if member not in highest), key=lambda member: member.upper)[
        : most // 2
    ]
    chosen = {member.code for member in (*highest, *lowest)}
    codes_left = [code for code in frame["code"] if code not in chosen]  # where few have enough actions to be compared
    return frame[frame["code"].isin(chosen | {*codes_left[: most - len(chosen)]})]


def _list_member_bars(
    dimension: str, frame: pd.DataFrame, selection: Selection, t: Translator, page_id: str
) -> list[Bar]:
    attribute, lang = DIMENSIONS[dimension].attribute, t.language
    bars = []
    for member, is_pale in zip(know_members(frame), frame["is_few"] | frame["is_peer"], strict=True):
        chosen: dict[str, Any] = {attribute: (member.code,)}
        upper = formats.format_percent(member.most, member.denominator, lang)
        bars.append(
            Bar(
                link=PageLink(member.label, page_id, tuple(replace(selection, **chosen).query_pairs())),
                rate=formats.format_percent(member.part, member.denominator, lang),
                counts=formats.format_counts(member.part, member.denominator, lang),
                most=t("could be up to {rate}", rate=upper) if member.most > member.part else "",
                lower=float(100 * member.lower),
                upper=float(100 * member.upper),
                is_pale=bool(is_pale),
            )
        )
    return bars


def render_bars(model: Bars, page_id: str) -> str:
    """Write the bars as HTML on the page `page_id`."""
    rows = "".join(f"<li>{_render_bar(bar, page_id, number)}</li>" for number, bar in enumerate(model.bars))
    mean = f'<p class="mean"><span>{escape(model.mean_words)}</span></p>'
    more = f'<p class="more">{model.more.render(page_id)}</p>'
    return f'<div class="rate-bars" style="--mean:{model.mean:.2f}%"><ul>{rows}</ul>{mean}</div>{more}'


def _render_bar(bar: Bar, page_id: str, number: int) -> str:
    """Write one bar; the Tab key stops at the first, arrows lead to the others (`chart_marks.js`)."""
    could = f'<i class="could" style="width:{bar.upper:.2f}%"></i>' if bar.most else ""
    track = f'<span class="track">{could}<i class="done" style="width:{bar.lower:.2f}%"></i></span>'
    words = (
        f'<span class="name"><bdi>{escape(bar.link.label)}</bdi></span>{track}'
        f'<b>{escape(bar.rate)}</b><span class="of">{escape(bar.counts)}</span>'
    )
    pale = ' class="pale"' if bar.is_pale else ""
    tip = f' title="{escape(bar.most)}"' if bar.most else ""
    stop = ' tabindex="-1"' if number else ""
    return bar.link.wrap(words, page_id, f"{pale}{tip}{stop}".strip())


CURVE = "completion-over-time"
BY = {"region": ("regions", 7), "category": ("categories", 5), "theme": ("themes", 5)}
"""The dimensions that have bars, each with its page, and how many members are shown of it."""


@dataclass(frozen=True)
class BarCard:
    """The bars of a dimension, and their chart for other places."""

    bars: Bars
    card: CardModel


@dataclass(frozen=True)
class Figures:
    """The figures of a selection that has actions; None for a missing part.

    Attributes:
        bars: By region, category and theme, each where there is any.
        key: The names of the dark and the pale part of a bar; empty where bars count a filter's choice.
    """

    sentence: SentenceModel
    replay: ReplayModel | None
    curve: CardModel
    bars: tuple[BarCard, ...]
    source: str
    key: dict[str, str]
    speed: SpeedModel | None


@shared
def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str]
) -> Figures | EmptyModel:
    """Make the page, or the explanation of a selection without actions."""
    selection = selection.first
    total = headline(snapshot, selection)
    if not total.actions:
        return empty_selection.make_model(snapshot, selection, t)
    model = make_sentence(snapshot, selection, total, t)
    curve = chart_card.make_model(selection, t, parameters, CURVE, is_half=True, snapshot=snapshot)
    chart = chart_card.find(snapshot, curve)
    expected = say_expected(chart.expected, total) if chart.expected else ()
    finding = chart.caption.finding if model.is_decided else " ".join(map(t.say, (say_clock(total), *expected)))
    return Figures(
        sentence=model,
        replay=replay.make_model(snapshot, selection, t, make_templates(snapshot, selection, total, t)),
        curve=replace(curve, finding=finding),
        bars=tuple(_list_bars(snapshot, selection, t)),
        source=chart.caption.source_line,
        key={} if model.is_decided else {"done": chart.words["completed"], "could": chart.words["possible"]},
        speed=speed.make_model(snapshot, selection, t, parameters),
    )


def _list_bars(snapshot: Snapshot, selection: Selection, t: Translator) -> list[BarCard]:
    unused, cards = list_unused(snapshot), []
    for dimension, (page_id, most) in BY.items():
        bars = None
        if dimension not in unused:
            bars = make_bars(snapshot, selection, t, dimension, page_id, most)
        if bars is not None:
            card = chart_card.make_model(selection, t, {}, f"completion-by-{dimension}", options=Options())
            cards.append(BarCard(bars, card))
    return cards
