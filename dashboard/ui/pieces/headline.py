"""The headline numbers of a selection as tiles, each rate with n/N and bounds; or its size and the clock in a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.charts import clock
from dashboard.i18n import Translator
from dashboard.measures.counts import Headline, headline
from dashboard.measures.definitions import DEFINITIONS, FEW
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import empty_selection


@dataclass(frozen=True)
class Tile:
    """One number: its name, its meaning, its text, and the words below it."""

    name: str
    meaning: str
    value: str
    note: str
    is_muted: bool = False


@dataclass(frozen=True)
class Tiles:
    """The totals of a selection, and the warning where it has few actions."""

    tiles: tuple[Tile, ...]
    warning: str


@dataclass(frozen=True)
class Line:
    """How many actions there are, the campaign's clock, and the warning where they are few."""

    counts: str
    clock: str
    warning: str


def make_line(snapshot: Snapshot, selection: Selection, t: Translator) -> Line | None:
    """Make the line of a selection; None where it has no action."""
    h = headline(snapshot, selection)
    if not h.actions:
        return None
    counts = t.plural(
        "{n} action, {reported} with a report", "{n} actions, {reported} with a report", h.actions, reported=h.reported
    )
    return Line(counts, write_clock(h, snapshot.campaign, t), warn_of_few(h.actions, t))


def make_tiles(h: Headline, t: Translator) -> Tiles:
    """Make tiles of the totals of a selection."""
    lang = t.language

    def count(name: str) -> str:
        return formats.format_count(getattr(h, name), lang)

    def percent(rate: str) -> str:
        return formats.format_percent(*h.fraction(rate), lang)

    def n_of(rate: str) -> str:
        numerator, denominator = h.fraction(rate)
        return t("{part} of {whole}", part=numerator, whole=denominator)

    def tile(measure: str, value: str, note: str, *, is_rate: bool = False) -> Tile:
        one = DEFINITIONS[measure]
        return Tile(t(one.name), t(one.sentence), value, note, is_muted=is_rate and h.actions < FEW)

    bounds = t("{part_of_whole}, up to {upper}", part_of_whole=n_of("completion_rate"), upper=percent("upper_bound"))
    heard = t.plural("{n} has reported", "{n} have reported", h.reported)
    share = formats.format_percent(h.day_number, h.days_total, lang)
    elapsed = t("points; {elapsed} of the time has elapsed", elapsed=share)
    tiles = (
        tile("actions", count("actions"), heard),
        tile("completed", count("completed"), _say_on_time(h, t)),
        tile("completion_rate", percent("completion_rate"), bounds, is_rate=True),
        tile("reporting_rate", percent("reporting_rate"), n_of("reporting_rate"), is_rate=True),
        tile("overdue", count("overdue"), t("deadline passed")),
        tile("pace", formats.format_points(h.pace, lang), elapsed, is_rate=True),
    )
    return Tiles(tiles, warn_of_few(h.actions, t))


def _say_on_time(h: Headline, t: Translator) -> str:
    """Write how many of the completed actions were in time, and for how many the day is unknown."""
    if not h.on_time_untold:
        return t("{n} on time", n=h.on_time)
    if not h.on_time:
        return t("on time: not known")
    return t("{n} on time, {untold} not known", n=h.on_time, untold=h.on_time_untold)


def write_clock(h: Headline, campaign: Mapping[str, Any], t: Translator) -> str:
    """Write the day of the campaign, the distance to the deadline, and from when on nothing is known yet."""
    sentences = [clock.say_day(t, h), clock.say_deadline(t, h, campaign)]
    if h.day > campaign["last_date"]:
        day = formats.format_date(campaign["last_date"], t.language)
        sentences.append(t("nothing is known yet about the days after {day}", day=day))
    return " · ".join(sentences)


def warn_of_few(actions: int, t: Translator) -> str:
    """Warn of rates of few actions; empty for many."""
    return t("Fewer than {few} actions: read the counts rather than the rates.", few=FEW) if actions < FEW else ""


def show(view: View, selection: Selection) -> bool:
    """Draw the number of actions and the clock in a line; where there is no action, explain that and return False."""
    line = make_line(view.snapshot, selection, view.t)
    if line is None:
        empty_selection.show(view, selection)
        return False
    show_line(line)
    return True


def show_line(line: Line) -> None:
    """Draw the line of a selection."""
    st.html(f'<p class="headline"><b>{escape(line.counts)}</b> · {escape(line.clock)}</p>')
    _show_warning(line.warning)


def show_tiles(tiles: Tiles) -> None:
    """Draw the totals of a selection as tiles."""
    st.html(f'<dl class="tiles">{"".join(map(_render, tiles.tiles))}</dl>')
    _show_warning(tiles.warning)


def _show_warning(warning: str) -> None:
    if warning:
        st.caption(warning)


def _render(tile: Tile) -> str:
    muted = " muted" if tile.is_muted else ""
    return (
        f'<div class="tile" title="{escape(tile.meaning)}"><dt>{escape(tile.name)}</dt>'
        f'<dd class="value{muted}">{escape(tile.value)}</dd><dd class="note">{escape(tile.note)}</dd></div>'
    )
