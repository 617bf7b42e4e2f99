"""The campaign's clock: the day of the year, the days that are left, the share of time elapsed."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View


def show(view: View, selection: Selection) -> None:
    """Draw the clock as one line and a bar."""
    t, lang = view.t, view.lang
    h = headline(view.snapshot, selection)
    day = t(
        "Day {n} of {total}",
        n=formats.format_count(h.day_number, lang),
        total=formats.format_count(h.days_total, lang),
    )
    text = f"<b>{escape(day)}</b> · {escape(_deadline(view, h.days_to_deadline))}"
    share = f"{max(0.0, min(1.0, h.elapsed)) * 100:.1f}"
    st.html(
        f'<div class="clock"><div>{text}</div>'
        f'<div class="bar" role="img" aria-label="{escape(day)}"><div style="width:{share}%"></div></div></div>'
    )


def _deadline(view: View, days: int) -> str:
    t = view.t
    on = formats.format_date(view.snapshot.campaign["action_deadline_on"], view.lang)
    if days > 0:
        return t.plural("{n} day to the deadline of {day}", "{n} days to the deadline of {day}", days, day=on)
    if days == 0:
        return t("The deadline is today, {day}", day=on)
    return t.plural("{n} day after the deadline of {day}", "{n} days after the deadline of {day}", -days, day=on)
