"""What is new since Monday, in a line with the way to it."""

from datetime import timedelta
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.measures.latest import KINDS, Window, count_latest
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import ways
from dashboard.ui.frame.page import View


def show(view: View, selection: Selection) -> None:
    """Draw how much is new of each kind since the Monday before the day, and the ways to it and to all else."""
    t, lang, day = view.t, view.lang, selection.day(view.snapshot)
    monday = day - timedelta(days=day.weekday())
    window = Window(kinds=tuple(KINDS), since=monday, coming=False)
    counts = count_latest(view.snapshot, selection, window)
    numbers = [
        t("{name}: {value}", name=t(KINDS[kind]), value=formats.format_count(number, lang))
        for kind, number in counts.items()
        if number
    ]
    pairs = selection.query_pairs()
    since = ways.address(view.page_id, "latest", [("since", "monday"), *pairs])
    title = ways.render(t("What is new since Monday, {day}", day=formats.format_date(monday, lang)), since)
    latest = ways.render(t("All that happened"), ways.address(view.page_id, "latest", pairs))
    said = escape(" · ".join(numbers) or t("Nothing."))
    st.html(f'<h2 class="card-title">{title}</h2><p class="about">{said}</p><p class="about">{latest}</p>')
