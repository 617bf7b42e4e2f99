"""What a list is sorted by, kept in the link: by its headings, and by boxes, since telephones show no headings."""

from collections.abc import Mapping

import streamlit as st

from dashboard.ui.frame import link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces.row_cards import Order

SORT, ORDER, DESCENDING = "sort", "order", "desc"
PARAMETERS = (SORT, ORDER)


def parse(view: View, sorts: Mapping[str, str]) -> tuple[Order, tuple[str, ...]]:
    """What the list is sorted by, as the link says, and a sentence for each part of it that it cannot be sorted by.

    Args:
        view: The page.
        sorts: What it may be sorted by, with English names; the first one is its own order.
    """
    stated, order = view.own.get(SORT), view.own.get(ORDER)
    refused = []
    for name, value, allowed in ((SORT, stated, sorts), (ORDER, order, (DESCENDING,))):
        if value is not None and value not in allowed:
            asked = plain(f"{name}={value}"[:80])
            refused.append(view.t("The link asks for an unknown order: {order}.", order=asked))
    sort = stated if stated is not None and stated in sorts else next(iter(sorts))
    return Order(sort, order == DESCENDING), tuple(refused)


def read(view: View, sorts: Mapping[str, str]) -> Order:
    """As `parse`, and what the list cannot be sorted by is drawn."""
    order, refused = parse(view, sorts)
    for sentence in refused:
        st.warning(sentence)
    return order


def show(view: View, key: str, sorts: Mapping[str, str], order: Order) -> None:
    """Draw the choice of the order; the keys of its widgets begin with `key`."""
    t = view.t
    keys = f"{key}-sort", f"{key}-descending"
    link.keep(keys[0], order.sort)
    link.keep(keys[1], order.is_descending)
    st.selectbox(
        t("Sort by"),
        list(sorts),
        format_func=lambda name: t(sorts[name]) if name in sorts else name,
        key=keys[0],
        width=230,
        on_change=_take,
        args=(*keys, next(iter(sorts))),
    )
    st.toggle(t("Largest or latest first"), key=keys[1], on_change=_take, args=(*keys, next(iter(sorts))))


def lead_to(view: View, sorts: Mapping[str, str], order: Order) -> PageLink:
    """The way to the list in another order, from its first page on."""
    return PageLink("", view.page_id, view.own_pairs(**write(order, next(iter(sorts)))))


def turn(order: Order | None, name: str, *, begins_with_latest: bool) -> Order:
    """The order that a column's heading leads to: the other direction where the list is sorted by it already."""
    if order is not None and order.sort == name:
        return Order(name, not order.is_descending)
    return Order(name, begins_with_latest)


def write(order: Order, usual: str) -> dict[str, str | None]:
    """An order as the link's parameters; the list then begins on its first page."""
    sort = None if order.sort == usual else order.sort
    return {SORT: sort, ORDER: DESCENDING if order.is_descending else None, link.PAGE: None}


def _take(sort_key: str, descending_key: str, usual: str) -> None:
    order = Order(str(st.session_state[sort_key]), bool(st.session_state[descending_key]))
    link.change_page_parameters(**write(order, usual))
