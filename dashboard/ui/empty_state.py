"""What a page says when the selection holds no action: which filter to drop to see some."""

from dataclasses import replace
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures import headline
from dashboard.selection import FILTERS, Selection
from dashboard.ui import link
from dashboard.ui.page import View


def show(view: View, selection: Selection) -> None:
    """Say that nothing matches, and offer to drop each filter that stands in the way."""
    t = view.t
    st.html(f'<div class="empty"><b>{escape(t("No actions match these filters."))}</b></div>')
    offers = [(label, values, count) for label, values, count in _offers(view, selection) if count]
    if not offers:
        st.button(t("Reset the filters"), key="empty-reset", on_click=link.reset)
        return
    st.markdown(t("Drop one of these filters to see actions:"))
    for label, values, count in offers:
        st.button(
            t.plural(
                "Drop “{filter}”: {n} action",
                "Drop “{filter}”: {n} actions",
                count,
                filter=label,
                n=formats.format_count(count, view.lang),
            ),
            key=f"drop-{next(iter(values))}",
            on_click=link.change,
            kwargs=values,
        )


def _offers(view: View, selection: Selection) -> list[tuple[str, dict[str, object], int]]:
    """For each filter in force: its label, what drops it, how many actions there are without it."""
    without: list[tuple[str, dict[str, object]]] = [(f.label, {f.attribute: ()}) for f in FILTERS if selection.codes(f)]
    if selection.q.strip():
        without.append((N_("Words"), {"q": ""}))
    return [
        (view.t(label), values, headline(view.snapshot, replace(selection, **values)).actions)  # type: ignore[arg-type]
        for label, values in without
    ]
