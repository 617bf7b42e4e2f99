"""What publications said of their last days, and what is known of these days now, in all or of one member.

Publishing keeps these counts beside the builds (`published/revisions.parquet`), and splits by cause what each later
publication changed; the changes and what was said add up to what is known.
"""

from collections import Counter
from datetime import date, datetime
from typing import NamedTuple

import duckdb
import pandas as pd

from dashboard.errors import SelectionError
from dashboard.i18n import N_
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection

KEPT_COUNTS = ("actions", "reported", "completed", "unknown")
CAUSES = {
    "new_actions": N_("New actions"),
    "new_reports": N_("New reports"),
    "corrections": N_("Corrections"),
    "decisions": N_("Decisions"),
    "removals": N_("Removals"),
    "unsplit": N_("Not told apart"),
}
"""Why figures of a day changed since they were published, in the order of tables. `unsplit`: the build before was gone,
or another version of the program had made it."""
KEPT_BY = ("region", "category", "theme", "group")
"""The dimensions whose members' figures are kept."""
KEPT = N_(
    "Earlier publications are kept as counts, in all and by one region, category, theme or stakeholder group; "
    "they cannot be filtered otherwise."
)

Figures = Counter[str]
"""Counts, or changes of counts, by the names of `KEPT_COUNTS`."""


class Step(NamedTuple):
    """What one publication changed of a day: by cause, and when it was published."""

    published_at: datetime
    parts: dict[str, Figures]

    def add_to(self, figures: Figures) -> None:
        """Add what it changed to the figures before it."""
        for changes in self.parts.values():
            figures.update(changes)


class SpokenDay(NamedTuple):
    """A day that publications have spoken of.

    Attributes:
        figures_then: What the first one said of it; it was its last day.
        figures_now: What is known of it now.
        steps: What later publications changed, the earliest first.
        is_own: Whether the build itself is the first to speak of it.
    """

    day: date
    figures_then: Figures
    figures_now: Figures
    steps: tuple[Step, ...]
    is_own: bool

    def add_causes(self) -> dict[str, Figures]:
        """Add the steps up by cause."""
        causes = {name: Figures() for name in CAUSES}
        for step in self.steps:
            for cause, figures in step.parts.items():
                causes[cause].update(figures)
        return causes


def is_kept(selection: Selection) -> bool:
    """Return whether figures of earlier publications are kept of a selection: in all, and of one member."""
    chosen = [f.parameter for f in FILTERS for _ in selection.codes(f)]
    return len(chosen) <= 1 and {*chosen} <= {*KEPT_BY} and not selection.q.strip() and not selection.versus


def find_member(selection: Selection) -> tuple[str, str]:
    """Return the dimension and the member whose figures are kept; `all` twice without a filter.

    Raises:
        SelectionError: it is filtered in another way.
    """
    chosen = [(f.parameter, code) for f in FILTERS for code in selection.codes(f)]
    if not is_kept(selection):
        name = next((name for name, _ in chosen if name not in KEPT_BY), "q" if selection.q.strip() else KEPT_BY[0])
        raise SelectionError(KEPT, name, tuple(f"{one}=" for one in KEPT_BY))
    return chosen[0] if chosen else ("all", "all")


def list_spoken_days(snapshot: Snapshot, selection: Selection) -> list[SpokenDay]:
    """List the days that publications have spoken of up to the selection's day, the latest first.

    It is empty where the file is missing or damaged, or lacks this build; the next publication makes it again.

    Raises:
        SelectionError: it is filtered as no figures are kept.
    """
    dimension, member = find_member(selection)
    parameters = {
        "file": str(snapshot.revisions_file),
        "build_id": snapshot.build_id,
        "is_sample": snapshot.is_shipped_sample,
        "dimension": dimension,
        "member": member,
    }
    try:
        frame = snapshot.query("revisions", parameters)
    except duckdb.Error:
        return []
    last = frame["publication"].max()
    days = []
    for day, rows in frame.fillna(0).groupby("day", sort=False):
        on_day = pd.Timestamp(str(day)).date()
        if selection.as_of is None or on_day <= selection.as_of:
            days.append(_read_day(on_day, rows, last))
    return days


def _read_day(day: date, rows: pd.DataFrame, last: int) -> SpokenDay:
    """Read the rows of a day; `last`: the number of the build's own publication."""
    figures_then, steps, is_own = Figures(), dict[int, Step](), False
    for row in rows.to_dict("records"):
        figures = Figures({name: int(row[name]) for name in KEPT_COUNTS})
        if row["cause"] == "said":
            figures_then, is_own = figures, row["publication"] == last
        elif any(figures.values()):
            step = steps.setdefault(row["publication"], Step(row["published_at"].to_pydatetime(), {}))
            step.parts[row["cause"]] = figures
    figures_now = Figures(figures_then)
    for step in steps.values():
        step.add_to(figures_now)
    return SpokenDay(day, figures_then, figures_now, tuple(steps.values()), is_own)
