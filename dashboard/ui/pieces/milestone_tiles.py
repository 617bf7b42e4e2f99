"""The totals of milestones as tiles: due and reached with the rate, missed, unknown, due soon, without a date."""

from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.definitions import DEFINITIONS, FEW
from dashboard.measures.milestones import Milestones
from dashboard.ui.frame.page import View


class _Tile(NamedTuple):
    """One figure with its name, what belongs to it, and what it means."""

    name: str
    value: str
    note: str
    meaning: str
    is_muted: bool = False


def show(view: View, counts: Milestones) -> None:
    """Draw the tiles of a selection's milestones."""
    st.html(f'<dl class="tiles">{"".join(map(_render, _list_tiles(view, counts)))}</dl>')


def _render(tile: _Tile) -> str:
    muted = " muted" if tile.is_muted else ""
    return (
        f'<div class="tile" title="{escape(tile.meaning)}"><dt>{escape(tile.name)}</dt>'
        f'<dd class="value{muted}">{escape(tile.value)}</dd><dd class="note">{escape(tile.note)}</dd></div>'
    )


def _list_tiles(view: View, counts: Milestones) -> tuple[_Tile, ...]:
    t, lang = view.t, view.lang
    n = {name: formats.format_count(number, lang) for name, number in counts._asdict().items()}
    due = counts.milestones_due
    rate = formats.format_percent(counts.milestones_reached, due, lang)
    most = formats.format_percent(counts.milestones_reached + counts.milestones_unknown, due, lang)

    def tile(measure: str, value: str, note: str, *, is_muted: bool = False) -> _Tile:
        definition = DEFINITIONS[measure]
        return _Tile(t(definition.name), value, note, t(definition.sentence), is_muted)

    bounds = t(
        "{part} of {whole} due, up to {most}", part=n["milestones_reached"], whole=n["milestones_due"], most=most
    )
    return (
        tile("milestone_rate", rate, bounds, is_muted=due < FEW),
        tile("milestones_due", n["milestones_due"], t("of {n} in all", n=n["milestones"])),
        tile("milestones_reached", n["milestones_reached"], t("{n} of them late", n=n["milestones_late"])),
        tile("milestones_missed", n["milestones_missed"], t("{n} more unknown", n=n["milestones_unknown"])),
        tile("milestones_coming", n["milestones_coming"], t("{n} in the next 30 days", n=n["milestones_soon"])),
        tile("milestones_undated", n["milestones_undated"], t(N_("due date unknown"))),
    )
