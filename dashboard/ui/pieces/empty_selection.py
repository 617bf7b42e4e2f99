"""Tell which filter to drop when the selection holds no action."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import DIMENSIONS, headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import html_tables


@dataclass(frozen=True)
class Offer:
    """A button that drops a filter: its words, its parameter, and the selection's values without it."""

    label: str
    parameter: str
    without: dict[str, Any]


@dataclass(frozen=True)
class EmptyModel:
    """The explanation of a selection without actions.

    Attributes:
        rows: Where no single filter is to blame: each by itself, with how many actions it finds.
        reset: The words of the button that drops all filters; empty where single ones are offered.
    """

    sentence: str
    advice: str
    offers: tuple[Offer, ...] = ()
    columns: tuple[str, str] = ("", "")
    rows: tuple[tuple[str, str], ...] = ()
    reset: str = ""


def make_model(snapshot: Snapshot, selection: Selection, t: Translator) -> EmptyModel:
    """Explain a selection that holds no action."""
    sentence = t("No action matches these filters.")
    offers = tuple(_list_offers(snapshot, selection, t))
    if offers:
        return EmptyModel(sentence, t("Remove one of these filters to see actions:"), offers)
    bare = Selection(as_of=selection.as_of, lang=selection.lang)
    alone = ((f, replace(bare, **{name: getattr(selection, name) for name in f[2]})) for f in _list_filters(selection))
    rows = tuple((t(f[1]), formats.format_count(headline(snapshot, one).actions, t.language)) for f, one in alone)
    advice = t("Removing one filter is not enough. Each of them alone finds:") if rows else ""
    return EmptyModel(sentence, advice, (), (t("Filter"), t("Actions")), rows, t("Reset the filters"))


def make_unused(dimensions: Iterable[str], t: Translator) -> EmptyModel:
    """Explain that no action of the build has a value of the dimensions that divide the actions."""
    names = formats.join_list([t(DIMENSIONS[name].label) for name in dimensions], t.language)
    sentence = t("No action of this campaign has a value here: {names}.", names=names)
    return EmptyModel(
        sentence, t("So there is nothing to break the actions down by. See the other pages for their figures.")
    )


def _list_filters(selection: Selection) -> list[tuple[str, str, dict[str, Any]]]:
    """List the filters in force: the parameter of each, its label, and the selection's values without it."""
    codes = [(f.parameter, f.label, {f.attribute: ()}) for f in FILTERS if selection.codes(f)]
    return [*codes, *([("q", N_("Words"), {"q": ""})] if selection.q.strip() else [])]


def _list_offers(snapshot: Snapshot, selection: Selection, t: Translator) -> Iterator[Offer]:
    for parameter, label, without in _list_filters(selection):
        n = headline(snapshot, replace(selection, **without)).actions
        if n:
            label = t.plural("Remove “{filter}”: {n} action", "Remove “{filter}”: {n} actions", n, filter=t(label))
            yield Offer(label, parameter, without)


def show(view: View, selection: Selection) -> None:
    """Show that nothing matches, and offer to drop each filter that excludes all."""
    draw(make_model(view.snapshot, selection, view.t))


def draw(model: EmptyModel) -> None:
    """Draw the explanation of a selection without actions, with its buttons."""
    st.html(f'<div class="empty"><b>{escape(model.sentence)}</b></div>')
    if model.advice:
        st.markdown(model.advice)
    for offer in model.offers:
        st.button(offer.label, key=f"drop-{offer.parameter}", on_click=link.change, kwargs=offer.without)
    if model.rows:
        label, figure = model.columns
        html_tables.show((*html_tables.words(label), *html_tables.figures(figure)), model.rows)
    if model.reset:
        st.button(model.reset, key="empty-reset", on_click=link.reset)
