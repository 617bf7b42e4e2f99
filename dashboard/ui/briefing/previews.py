"""The charts of the catalogue as small pictures with their titles: made once for all readers of a selection."""

import base64
from dataclasses import dataclass, replace

from dashboard.cache import Cache
from dashboard.charts.chart import build_chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

MOST_PREVIEWS = 400
WIDTH = 360


@dataclass(frozen=True)
class Preview:
    """One chart as the catalogue shows it: shared by all readers and never changed.

    Attributes:
        title: The chart's title.
        picture: The drawing, as an address that holds it.
        alt: What the picture shows.
        highlight: What stands out in it, or n of N.
    """

    title: str
    picture: str
    alt: str
    highlight: str


_previews = Cache[tuple[str, str, str, Selection], Preview](MOST_PREVIEWS)


def find(snapshot: Snapshot, chart_id: str, selection: Selection) -> Preview:
    """The preview of one chart of a selection."""
    key = (snapshot.build_id, str(snapshot.path), chart_id, replace(selection, q=selection.q.strip()))
    return _previews.get(key, lambda: _make(snapshot, chart_id, selection))


def _make(snapshot: Snapshot, chart_id: str, selection: Selection) -> Preview:
    chart = build_chart(snapshot, chart_id, selection)
    return Preview(
        title=chart.title,
        picture=embed_svg(draw_svg(chart, None, width=WIDTH)),
        alt=chart.alt,
        highlight=chart.caption.finding,
    )


def embed_svg(svg: str) -> str:
    """A drawing as an address for `<img>`: its styles stay inside, and it cannot run anything."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
