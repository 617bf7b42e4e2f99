"""Two days of one selection: how many actions moved, fell back and remain unknown, and which ones moved."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.measures.moved import list_moved, moved
from dashboard.measures.register import labelled
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import html_tables, paging

PAGE_ROWS = 25


def show(view: View, one: Selection, other: Selection) -> None:
    """Draw what became known between the days, in whichever order they are given."""
    t, lang = view.t, view.lang
    earlier, later = sorted((one, other), key=lambda side: side.day(view.snapshot))
    since = earlier.day(view.snapshot)
    told = moved(view.snapshot, later, since)
    counts = {
        "completed": told.newly_completed,
        "reported": told.newly_reported,
        "back": told.fell_back,
        "unknown": told.still_unknown,
    }
    words = t(
        "Newly completed: {completed}; first reports: {reported}; no longer completed: {back}; still unknown: "
        "{unknown}.",
        **{name: formats.format_count(number, lang) for name, number in counts.items()},
    )
    st.html(f'<p class="state">{escape(words)}</p>')
    total = told.changed
    if not total:
        return
    title = t("Actions whose status changed: {n}", n=formats.format_count(total, lang))
    with st.expander(title, key="moved-actions"):
        page = paging.find(f"moved-page-{since}-{abs(hash(later.query_string()))}", PAGE_ROWS, total)
        frame = list_moved(view.snapshot, later, since, limit=page.size, offset=page.offset)
        shown = labelled(frame, view.snapshot, lang).fillna(formats.NOTHING)
        labels = {code: known.labels[lang] for code, known in view.snapshot.codes.get("statuses", {}).items()}
        rows = [
            [title, stakeholder, labels.get(before, before), labels.get(after, after), action_id]
            for title, stakeholder, before, after, action_id in zip(
                *(shown[name] for name in ("title", "stakeholder", "before", "after", "action_id")), strict=True
            )
        ]
        days = (formats.format_date(day, lang) for day in (since, later.day(view.snapshot)))
        html_tables.show(html_tables.words(t("Action"), t("Stakeholder"), *days, t("Action ID")), rows)
        paging.show_others(page, total)
        st.caption(t("Actions {first} to {last} of {total}.", **paging.name_range(view.t, page, len(rows), total)))
