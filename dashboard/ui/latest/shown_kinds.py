"""Which kinds of entries are shown: the link's, as toggles with how many there are of each."""

from collections.abc import Mapping

import streamlit as st

from dashboard import formats
from dashboard.errors import SelectionError
from dashboard.measures.latest import KINDS, read_kinds
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import paging

KIND = "kind"


def join_repeated() -> None:
    """Before the link is read: kinds that it repeats, as feeds have them, become one parameter, as pages have them."""
    named = st.query_params.get_all(KIND)
    if len(named) > 1:
        st.query_params[KIND] = ",".join(named)


def read(view: View, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that the link names; the usual ones where it names none, or an unknown one, which is said."""
    stated = link.page_parameter(KIND)
    if stated is None:
        return usual
    try:
        return read_kinds([stated]) if stated.strip(" ,") else usual
    except SelectionError:
        paging.warn(view, KIND, stated)
        return usual


def show(view: View, chosen: tuple[str, ...], usual: tuple[str, ...], counts: Mapping[str, int]) -> None:
    """Draw the toggles, each with its number; by other numbers they are others: a browser knows them by words."""
    t, lang = view.t, view.lang
    key = f"latest-kinds-{'-'.join(map(str, counts.values()))}"
    names = {kind: f"{t(name)} · {formats.format_count(counts[kind], lang)}" for kind, name in KINDS.items()}
    link.keep(key, list(chosen))
    st.pills(
        t("Kinds of entries"),
        list(KINDS),
        format_func=names.__getitem__,
        selection_mode="multi",
        key=key,
        on_change=_take,
        args=(key, usual),
    )


def _take(key: str, usual: tuple[str, ...]) -> None:
    chosen = tuple(kind for kind in KINDS if kind in st.session_state[key])
    stated = ",".join(chosen) if chosen and chosen != usual else None
    link.change_page_parameters(**{KIND: stated, link.PAGE: None})
