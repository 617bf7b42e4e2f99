"""What Overview shows: how far the selection is, in a sentence, over time and by region, category and theme."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.charts.chart import build_chart
from dashboard.charts.finding import say_clock
from dashboard.charts.options import Options
from dashboard.i18n import Translator
from dashboard.measures.counts import list_unused
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared
from dashboard.ui.overview import replay, sentence, speed
from dashboard.ui.overview.replay import ReplayModel
from dashboard.ui.overview.sentence import SentenceModel
from dashboard.ui.overview.speed import SpeedModel
from dashboard.ui.pieces import chart_card, empty_selection, rate_bars
from dashboard.ui.pieces.chart_card import CardModel
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.rate_bars import Bars

CURVE = "completion-over-time"
BY = {"region": ("regions", 7), "category": ("categories", 5), "theme": ("themes", 5)}
"""The dimensions that have bars, each with its page, and how many members are shown of it."""


@dataclass(frozen=True)
class BarCard:
    """The bars of a dimension, and their chart as it is taken elsewhere."""

    bars: Bars
    card: CardModel


@dataclass(frozen=True)
class Figures:
    """What the page shows of a selection that has actions; None where there is no such part.

    Attributes:
        sentence: How far it is.
        replay: The line of the year.
        curve: The card of the curve.
        bars: By region, category and theme, each where there is any.
        source: Whose figures they are.
        key: What the dark and the pale part of a bar are called; nothing where they count what is chosen.
        speed: The fold of who moved.
    """

    sentence: SentenceModel
    replay: ReplayModel | None
    curve: CardModel
    bars: tuple[BarCard, ...]
    source: str
    key: dict[str, str]
    speed: SpeedModel | None


@dataclass(frozen=True)
class OverviewModel:
    """What the page shows: figures, or what is said of a selection without actions."""

    figures: Figures | None = None
    empty: EmptyModel | None = None


@shared
def make_model(snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str]) -> OverviewModel:
    """What the page shows."""
    selection = selection.first
    chart = build_chart(snapshot, CURVE, selection)
    if not chart.total.actions:
        return OverviewModel(empty=empty_selection.make_model(snapshot, selection, t))
    model = sentence.make_model(snapshot, selection, chart.total, t)
    finding = chart.caption.finding if model.is_decided else t.say(say_clock(chart.total))
    return OverviewModel(
        Figures(
            sentence=model,
            replay=replay.make_model(
                snapshot, selection, t, sentence.make_templates(snapshot, selection, chart.total, t)
            ),
            curve=chart_card.make_model(selection, t, parameters, CURVE, finding=finding, is_half=True),
            bars=tuple(_list_bars(snapshot, selection, t)),
            source=chart.caption.source_line,
            key={} if model.is_decided else {"done": chart.words["completed"], "could": chart.words["possible"]},
            speed=speed.make_model(snapshot, selection, t, parameters),
        )
    )


def _list_bars(snapshot: Snapshot, selection: Selection, t: Translator) -> list[BarCard]:
    unused, cards = list_unused(snapshot), []
    for dimension, (page_id, most) in BY.items():
        bars = None
        if dimension not in unused:
            bars = rate_bars.make_model(snapshot, selection, t, dimension, page_id, most)
        if bars is not None:
            card = chart_card.make_model(selection, t, {}, f"completion-by-{dimension}", options=Options())
            cards.append(BarCard(bars, card))
    return cards
