"""The headline numbers of a selection as tiles, each rate with its n/N and its bounds."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.measures import Headline, headline
from dashboard.selection import Selection
from dashboard.ui import empty_state
from dashboard.ui.page import View

FEW = 5  # below this many actions a rate says little: the count is shown, the rate is muted


def show(view: View, selection: Selection) -> bool:
    """Draw the tiles; where the selection is empty, say so instead and give False."""
    h = headline(view.snapshot, selection)
    if h.actions == 0:
        empty_state.show(view, selection)
        return False
    tiles = "".join(
        f'<div class="tile"><dt>{escape(label)}</dt><dd class="{kind}">{escape(value)}</dd>'
        f'<dd class="note">{escape(note)}</dd></div>'
        for label, value, note, kind in _tiles(view, h)
    )
    st.html(f'<dl class="tiles">{tiles}</dl>')
    return True


def _tiles(view: View, h: Headline) -> list[tuple[str, str, str, str]]:
    """Label, value, note and CSS class of each tile."""
    t, lang = view.t, view.lang
    rate = "value muted" if h.actions < FEW else "value"
    count = lambda n: formats.format_count(n, lang)  # noqa: E731
    percent = lambda n, of: formats.format_percent(n, of, lang)  # noqa: E731
    n_of = lambda n, of: t("{n} of {of}", n=count(n), of=count(of))  # noqa: E731
    upper = percent(h.completed + h.not_reported, h.actions)
    if h.not_reported:
        bounds = t("{n_of_all}; up to {upper} if all that have not reported are completed", n_of_all=n_of(h.completed, h.actions), upper=upper)
    else:
        bounds = t("{n_of_all}; every action has reported", n_of_all=n_of(h.completed, h.actions))
    return [
        (t("Actions"), count(h.actions), t("promised in this selection"), "value"),
        (t("Completed"), count(h.completed), t("{n} completed on time", n=count(h.on_time)), "value"),
        (t("Completion rate"), percent(h.completed, h.actions), bounds, rate),
        (t("Reporting rate"), percent(h.reported, h.actions), n_of(h.reported, h.actions), rate),
        (t("Overdue"), count(h.overdue), t("deadline passed, neither completed nor discontinued"), "value"),
        (t("Pace"), formats.format_points(h.pace, lang), t("completion rate minus time elapsed"), rate),
    ]
