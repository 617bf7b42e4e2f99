"""A replay of the campaign: charts of its last day, and every day's counts, by which a browser moves them.

One answer for a whole selection, so that a frame costs no run of a page and no question to the server. The counts are
those of the measures over time: the knowledge of each day about the actions of the selection.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.colours import divide_chart
from dashboard.charts.options import Options
from dashboard.charts.svg.draw import draw_on_page
from dashboard.charts.svg.styles import page_style_sheet
from dashboard.formats import format_date, format_percent
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.measures.definitions import FEW
from dashboard.measures.over_time import over_time, over_time_by
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, parse
from dashboard.web.static import ASSETS

CURVE, MAP = "completion-over-time", "completion-map"
RANKS = ("completion-by-region", "completion-by-country")
"""The ranked dimension: the regions, or the countries where the selection has no two regions."""

WIDTHS = {"curve": (560, 360), "map": (560, 350)}
"""Widths in CSS pixels of each drawing: at a desk, where the ranking stands beside them, and on a telephone."""

EDITION = "edition"
"""The version parameter of the address: an answer is kept for ever, but the program that reads it may change."""


def read_replay(query: Mapping[str, Sequence[str]], snapshot: Snapshot) -> Selection:
    """Read the selection of an address.

    Raises:
        SelectionError: a parameter is unknown, or a value is none of the allowed ones.
    """
    return follow(parse(query, snapshot, (EDITION,)).in_order())


def follow(selection: Selection) -> Selection:
    """Return the selection whose actions a replay follows: the same from every day, so that all days are one answer.

    By status or evidence other actions are chosen on each day; a replay then follows those of the selection's day, up
    to this day.
    """
    return selection if selection.statuses or selection.evidence else replace(selection, as_of=None)


def write_replay(snapshot: Snapshot, selection: Selection) -> str:
    """Write the answer as JSON: `drawings` with their `style`, names of days and ranked members, and the counts.

    The counts of a selection or member are `actions`, and from 0 on the `steps` of each day on which they change: how
    many `days` after the step before, and by how much more are `completed`, `known` (with a status that is understood)
    and `reported`.
    """
    lang = selection.lang
    curve, on_map = (build_chart(snapshot, name, selection) for name in (CURVE, MAP))
    ranks = _rank(snapshot, selection)
    total = over_time(snapshot, selection)
    days = [moment.date() for moment in total["on_date"]]
    days_total = curve.total.days_total
    passed = np.round(total["elapsed"].to_numpy() * days_total).astype(int).tolist()
    content = {
        "first": days[0].isoformat(),
        "dates": [format_date(day, lang) for day in days],
        "elapsed": [format_percent(number, days_total, lang) for number in passed],
        "percents": [format_percent(part, 100, lang) for part in range(101)],
        "few": FEW,
        "steps": [(step.low, step.shade) for step in divide_chart(on_map)],
        "unclassified": UNCLASSIFIED,
        "possible": ranks.words["possible"],
        "mean": ranks.words["all_at"],
        "names": dict(zip(ranks.frame["code"].tolist(), ranks.frame["label"].tolist(), strict=True)),
        "total": _write_steps(total)[0],
        "ranks": _write_members(over_time_by(snapshot, selection, ranks.spec.dimension)),
        "map": _write_members(over_time_by(snapshot, selection, "country")),
        "titles": {"curve": curve.title, "ranks": ranks.title, "map": on_map.title},
        "drawings": {
            name: [draw_on_page(chart, width, ASSETS) for width in WIDTHS[name]]
            for name, chart in {"curve": curve, "map": on_map}.items()
        },
        "style": page_style_sheet("curve", "map"),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def list_days(snapshot: Snapshot, selection: Selection) -> tuple[date, date, date]:
    """Return the first and the last day of a selection's replay, and the end of the time shown."""
    last = follow(selection).day(snapshot)
    return min(snapshot.campaign["starts_on"], last), last, max(snapshot.campaign["ends_on"], snapshot.last_date)


def _rank(snapshot: Snapshot, selection: Selection) -> Chart:
    regions = build_chart(snapshot, RANKS[0], selection, Options(sort="rate"))
    if (regions.frame["actions"] > 0).sum() > 1:
        return regions
    countries = build_chart(snapshot, RANKS[1], selection, Options(sort="rate"))
    return regions if countries.frame.empty else countries


def _write_members(frame: pd.DataFrame) -> dict[str, Any]:
    """Write the counts of each member, by its code; `frame` as `over_time_by` gives it."""
    codes = frame["code"].drop_duplicates().tolist()
    return dict(zip(codes, _write_steps(frame, len(codes)), strict=True)) if codes else {}


def _write_steps(frame: pd.DataFrame, members: int = 1) -> list[dict[str, Any]]:
    """Write the counts of each member whose days follow each other in a frame, as changes of a day."""
    columns = frame["completed"], frame["actions"] - frame["unknown"], frame["reported"]
    counts = np.stack([column.to_numpy() for column in columns]).reshape(len(columns), members, -1)
    steps = np.diff(counts, axis=2, prepend=0)
    actions = frame["actions"].to_numpy().reshape(members, -1)[:, 0].tolist()
    member_steps = []
    for member in range(members):
        changed = np.flatnonzero(steps[:, member].any(axis=0))
        completed, known_counts, reported = steps[:, member, changed].tolist()
        days = np.diff(changed, prepend=0).tolist()
        member_steps.append(
            {
                "actions": actions[member],
                "days": days,
                "completed": completed,
                "known": known_counts,
                "reported": reported,
            }
        )
    return member_steps
