"""What a page says when the selection holds no action: which filter to drop to see some.

A line of small print; Streamlit's own caption is too pale for readers with weak eyes.

Text that others wrote (names of files, cells, sentences with them) inside Streamlit's Markdown.

What went wrong, as a reader is told it.
"""

from dataclasses import replace
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.page import Frame, View
from dashboard.ui.pieces import tables


def show_empty(view: View, selection: Selection) -> None:
    """Say that nothing matches, and offer to drop each filter that stands in the way."""
    t = view.t
    st.html(f'<div class="empty"><b>{escape(t("No action matches these filters."))}</b></div>')
    offers = [offer for offer in _offers(view, selection) if offer.remaining]
    if not offers:
        _show_each_alone(view, selection)
        return
    st.markdown(t("Drop one of these filters to see actions:"))
    for offer in offers:
        st.button(
            t.plural(
                "Drop “{filter}”: {n} action",
                "Drop “{filter}”: {n} actions",
                offer.remaining,
                filter=t(offer.label),
                n=formats.format_count(offer.remaining, view.lang),
            ),
            key=f"drop-{offer.parameter}",
            on_click=link.change,
            kwargs=offer.without,
        )


class _Offer(NamedTuple):
    """One filter in force, what drops it, and how many actions there are without it."""

    parameter: str
    label: str
    without: dict[str, Any]
    remaining: int


def _offers(view: View, selection: Selection) -> list[_Offer]:
    return [
        _Offer(parameter, label, without, _count(view, replace(selection, **without)))
        for parameter, label, without in _in_force(selection)
    ]


def _in_force(selection: Selection) -> list[tuple[str, str, dict[str, Any]]]:
    """Parameter, label, and what drops it, of each filter in force."""
    found: list[tuple[str, str, dict[str, Any]]] = [
        (f.parameter, f.label, {f.attribute: ()}) for f in FILTERS if selection.codes(f)
    ]
    if selection.q.strip():
        found.append(("q", N_("Words"), {"q": ""}))
    return found


def _show_each_alone(view: View, selection: Selection) -> None:
    """Where dropping one filter is not enough: how many actions each of them finds by itself."""
    t = view.t
    everything = Selection(as_of=selection.as_of, lang=selection.lang)
    rows = []
    for _parameter, label, without in _in_force(selection):
        alone = {attribute: getattr(selection, attribute) for attribute in without}
        rows.append([t(label), formats.format_count(_count(view, replace(everything, **alone)), view.lang)])
    if rows:
        st.markdown(t("Dropping one filter is not enough. Each of them alone finds:"))
        tables.show((tables.Column(t("Filter")), tables.Column(t("Actions"))), rows)
    st.button(t("Reset the filters"), key="empty-reset", on_click=link.reset)


def _count(view: View, selection: Selection) -> int:
    return headline(view.snapshot, selection).actions


def show_note(text: str) -> None:
    """Draw the line; `text` is shown as it is."""
    st.html(f'<p class="card-note">{escape(text)}</p>')


_MARKS = frozenset("\\`*_{}[]()<>#+!|~$:")


def plain(text: str) -> str:
    """`text` so that Markdown shows it as it is: no emphasis, links, formulas or icons."""
    return "".join(f"\\{c}" if c in _MARKS else c for c in text)


def show_error(view: Frame, error: UserError) -> None:
    """Draw what went wrong, with its remedy; the sentences name files, which Markdown must not take apart."""
    st.error(plain(f"{view.t(error.what)} {view.t(error.remedy)}".strip()), icon=":material/error:")
