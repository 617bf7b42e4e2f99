"""Completion rates of the members of one dimension as bars of HTML, each a link to its page filtered by it.

They are there with the first message of a page, before any script is; their values are those of the chart.
"""

from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.finding import say_extremes
from dashboard.charts.options import Options
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import DIMENSIONS, by_dimension, headline
from dashboard.measures.standing import keep_ranked, know_members
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared
from dashboard.ui.frame.header import find
from dashboard.ui.frame.page_link import PageLink

LAST = ("global", UNCLASSIFIED)
"""What stands below the others: what is done everywhere, and what is not classified yet."""


@dataclass(frozen=True)
class Bar:
    """One member.

    Attributes:
        most: The upper bound of the rate in words; empty where all is known.
        lower: The rate in percent.
        upper: The upper bound, in percent.
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
    """The bars of a dimension.

    Attributes:
        finding: Their finding, in a sentence; empty where a filter decides it.
        mean: The rate of all together, in percent.
        mean_words: That rate in words.
    """

    title: str
    finding: str
    bars: tuple[Bar, ...]
    mean: float
    mean_words: str
    more: PageLink


@shared
def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, dimension: str, page_id: str, most: int
) -> Bars | None:
    """Make the bars of a dimension; None where no action has a value of it.

    Where a filter by status or evidence decides the rate, a bar is the share of the member's actions that it chooses.

    `page_id`: the page with all of the dimension.
    `most`: the number of members to show: of more, those that are highest and lowest for certain.
    """
    wider_selection = replace(selection, statuses=(), evidence=())
    chart = build_chart(snapshot, f"completion-by-{dimension}", wider_selection, Options(sort="rate", peers=True))
    frame = chart.frame[chart.frame["actions"] > 0]
    numerator, denominator = chart.reference_counts or chart.total.fraction("completion_rate")
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
        finding=_say_finding(chart, t) if wider_selection == selection else "",
        bars=tuple(_make_bars(chart, _choose(frame, most), selection, t, page_id)),
        mean=100 * numerator / denominator,
        mean_words=t("all {rate}", rate=formats.format_percent(numerator, denominator, t.language)),
        more=PageLink(t("all {n}", n=len(frame)) if len(frame) > most else t(find(page_id).title), page_id, pairs),
    )


def _say_finding(chart: Chart, t: Translator) -> str:
    """Write the highest and lowest chosen members, whose counts stand at their bars; else the chart's finding."""
    frame = chart.frame
    chosen = frame[~frame["is_peer"].astype(bool)] if "is_peer" in frame else frame
    extremes = say_extremes(know_members(chosen)) if chart.total.reported else None
    return t.say(extremes) if extremes else chart.caption.finding


_TITLES = {"region": N_("By region"), "category": N_("By category"), "theme": N_("By theme")}


def _count_chosen(snapshot: Snapshot, selection: Selection, dimension: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Count for each member the actions that a selection chooses, in place of the completed ones, most first."""
    chosen_counts = by_dimension(snapshot, selection, dimension).set_index("code")["actions"]
    chosen = frame["code"].map(chosen_counts).fillna(0).astype(int)
    frame = frame.assign(completed=chosen, unknown=0, share=chosen / frame["actions"])
    return frame.sort_values(["is_few", "share"], ascending=[True, False], kind="stable")


def _choose(frame: pd.DataFrame, most: int) -> pd.DataFrame:
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


def _make_bars(chart: Chart, frame: pd.DataFrame, selection: Selection, t: Translator, page_id: str) -> list[Bar]:
    attribute, lang = DIMENSIONS[chart.spec.dimension].attribute, t.language
    peers = frame["is_peer"] if "is_peer" in frame else frame["is_few"] & False
    bars = []
    for member, is_pale in zip(know_members(frame), frame["is_few"] | peers, strict=True):
        chosen: dict[str, Any] = {attribute: (member.code,)}
        upper = formats.format_percent(member.most, member.whole, lang)
        bars.append(
            Bar(
                link=PageLink(member.label, page_id, tuple(replace(selection, **chosen).query_pairs())),
                rate=formats.format_percent(member.part, member.whole, lang),
                counts=formats.format_counts(member.part, member.whole, lang),
                most=t("could be up to {rate}", rate=upper) if member.most > member.part else "",
                lower=float(100 * member.lower),
                upper=float(100 * member.upper),
                is_pale=bool(is_pale),
            )
        )
    return bars


def render(model: Bars, page_id: str) -> str:
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
