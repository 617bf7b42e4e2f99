"""What a list is sorted by, kept in the link: by its headings, and by boxes, since telephones show no headings."""

from collections.abc import Mapping

import streamlit as st

from dashboard.ui.frame import link, ways
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages
from dashboard.ui.pieces.row_cards import Order

SORT, ORDER, DESCENDING = "sort", "order", "desc"
PARAMETERS = (SORT, ORDER)


def read(view: View, sorts: Mapping[str, str]) -> Order:
    """What the list is sorted by, as the link says; what it cannot be sorted by is said.

    Args:
        view: The page.
        sorts: What it may be sorted by, with English names; the first one is its own order.
    """
    stated, order = link.page_parameter(SORT), link.page_parameter(ORDER)
    for name, value, allowed in ((SORT, stated, sorts), (ORDER, order, (DESCENDING,))):
        if value is not None and value not in allowed:
            asked = messages.plain(f"{name}={value}"[:80])
            st.warning(view.t("The link asks for an order that is not known here: {order}.", order=asked))
    return Order(stated if stated is not None and stated in sorts else next(iter(sorts)), order == DESCENDING)


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


def address(view: View, sorts: Mapping[str, str], sort: str, is_descending: bool) -> str:
    """The address of the list in another order, from its first page on."""
    pairs = link.own_pairs(**_state(sort, is_descending, next(iter(sorts))))
    return ways.address(view.page_id, view.page_id, pairs)


def _take(sort_key: str, descending_key: str, usual: str) -> None:
    sort, is_descending = str(st.session_state[sort_key]), bool(st.session_state[descending_key])
    link.change_page_parameters(**_state(sort, is_descending, usual))


def _state(sort: str, is_descending: bool, usual: str) -> dict[str, str | None]:
    """An order as the link's parameters."""
    return {SORT: None if sort == usual else sort, ORDER: DESCENDING if is_descending else None, link.PAGE: None}
