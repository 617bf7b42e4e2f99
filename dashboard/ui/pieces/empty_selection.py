"""What a page says when the selection holds no action: which filter to drop to see some."""

from dataclasses import replace
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import html_tables


class _Part(NamedTuple):
    """One filter in force: its parameter, its label, and the selection's values without it."""

    parameter: str
    label: str
    without: dict[str, Any]


def show(view: View, selection: Selection) -> None:
    """Say that nothing matches, and offer to drop each filter that stands in the way."""
    t = view.t
    st.html(f'<div class="empty"><b>{escape(t("No action matches these filters."))}</b></div>')
    offers = [
        (part, actions)
        for part in _list_parts(selection)
        if (actions := _count(view, replace(selection, **part.without)))
    ]
    if not offers:
        _show_each_alone(view, selection)
        return
    st.markdown(t("Drop one of these filters to see actions:"))
    for part, actions in offers:
        st.button(
            t.plural(
                "Drop “{filter}”: {n} action",
                "Drop “{filter}”: {n} actions",
                actions,
                filter=t(part.label),
                n=formats.format_count(actions, view.lang),
            ),
            key=f"drop-{part.parameter}",
            on_click=link.change,
            kwargs=part.without,
        )


def _show_each_alone(view: View, selection: Selection) -> None:
    """Where dropping one filter is not enough: how many actions each of them finds by itself."""
    t = view.t
    everything = Selection(as_of=selection.as_of, lang=selection.lang)
    rows = []
    for part in _list_parts(selection):
        alone = {attribute: getattr(selection, attribute) for attribute in part.without}
        rows.append([t(part.label), formats.format_count(_count(view, replace(everything, **alone)), view.lang)])
    if rows:
        st.markdown(t("Dropping one filter is not enough. Each of them alone finds:"))
        html_tables.show((*html_tables.words(t("Filter")), *html_tables.figures(t("Actions"))), rows)
    st.button(t("Reset the filters"), key="empty-reset", on_click=link.reset)


def _list_parts(selection: Selection) -> list[_Part]:
    codes = [_Part(f.parameter, f.label, {f.attribute: ()}) for f in FILTERS if selection.codes(f)]
    words = [_Part("q", N_("Words"), {"q": ""})] if selection.q.strip() else []
    return codes + words


def _count(view: View, selection: Selection) -> int:
    return headline(view.snapshot, selection).actions
