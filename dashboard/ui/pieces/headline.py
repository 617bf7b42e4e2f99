"""The headline numbers of a selection as tiles, each rate with n/N and bounds; or its size and the clock in a line."""

from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.charts import clock
from dashboard.measures.counts import Headline, headline
from dashboard.measures.definitions import DEFINITIONS, FEW
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import empty_selection


class Tile(NamedTuple):
    """One number: which measure, how it is written, what stands below it."""

    measure: str
    value: str
    note: str
    is_rate: bool = False


def show(view: View, selection: Selection) -> bool:
    """Draw how many actions there are and the clock, in a line; where there is none, say so instead and give False."""
    h = headline(view.snapshot, selection)
    if not h.actions:
        empty_selection.show(view, selection)
        return False
    t = view.t
    counts = t.plural(
        "{n} action, {reported} with a report",
        "{n} actions, {reported} with a report",
        h.actions,
        n=formats.format_count(h.actions, view.lang),
        reported=formats.format_count(h.reported, view.lang),
    )
    st.html(f'<p class="headline"><b>{escape(counts)}</b> · {escape(write_clock(view, h))}</p>')
    _warn_of_few(view, h)
    return True


def show_tiles(view: View, h: Headline) -> None:
    """Draw the totals of a selection as tiles."""
    st.html(f'<dl class="tiles">{"".join(_render(view, tile, h.actions < FEW) for tile in _tiles(view, h))}</dl>')
    _warn_of_few(view, h)


def _warn_of_few(view: View, h: Headline) -> None:
    if h.actions < FEW:
        st.caption(view.t("Fewer than {few} actions: read the counts rather than the rates.", few=FEW))


def _render(view: View, tile: Tile, is_muted: bool) -> str:
    definition = DEFINITIONS[tile.measure]
    muted = " muted" if tile.is_rate and is_muted else ""
    return (
        f'<div class="tile" title="{escape(view.t(definition.sentence))}"><dt>{escape(view.t(definition.name))}</dt>'
        f'<dd class="value{muted}">{escape(tile.value)}</dd><dd class="note">{escape(tile.note)}</dd></div>'
    )


def _tiles(view: View, h: Headline) -> tuple[Tile, ...]:
    t, lang = view.t, view.lang

    def count(name: str) -> str:
        return formats.format_count(getattr(h, name), lang)

    def percent(rate: str) -> str:
        return formats.format_percent(*h.fraction(rate), lang)

    def n_of(rate: str) -> str:
        part, whole = (formats.format_count(n, lang) for n in h.fraction(rate))
        return t("{part} of {whole}", part=part, whole=whole)

    bounds = t("{part_of_whole}; at most {upper}", part_of_whole=n_of("completion_rate"), upper=percent("upper_bound"))
    heard = t.plural("{n} has reported", "{n} have reported", h.reported, n=count("reported"))
    elapsed = t(
        "points; {elapsed} of the time has elapsed", elapsed=formats.format_percent(h.day_number, h.days_total, lang)
    )
    return (
        Tile("actions", count("actions"), heard),
        Tile("completed", count("completed"), t("{n} on time", n=count("on_time"))),
        Tile("completion_rate", percent("completion_rate"), bounds, is_rate=True),
        Tile("reporting_rate", percent("reporting_rate"), n_of("reporting_rate"), is_rate=True),
        Tile("overdue", count("overdue"), t("deadline passed")),
        Tile("pace", formats.format_points(h.pace, lang), elapsed, is_rate=True),
    )


def write_clock(view: View, h: Headline) -> str:
    """The day of the campaign, and how far the deadline is."""
    return f"{clock.say_day(view.t, h)} · {clock.say_deadline(view.t, h, view.snapshot.campaign)}"
