"""Which kinds of entries are shown: the link's, as toggles with how many there are of each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard import formats
from dashboard.errors import SelectionError
from dashboard.i18n import Translator
from dashboard.measures.latest import KINDS, read_kinds
from dashboard.ui.frame import link
from dashboard.ui.pieces import paging

KIND = "kind"


@dataclass(frozen=True)
class KindsModel:
    """The toggles: their label, the kinds with what they are called, those chosen, and those of a link without any."""

    label: str
    names: dict[str, str]
    chosen: tuple[str, ...]
    usual: tuple[str, ...]
    key: str


def join_repeated() -> None:
    """Before the link is read: kinds that it repeats, as feeds have them, become one parameter, as pages have them."""
    named = st.query_params.get_all(KIND)
    if len(named) > 1:
        st.query_params[KIND] = ",".join(named)


def read(stated: str | None, usual: tuple[str, ...], t: Translator) -> tuple[tuple[str, ...], str]:
    """The kinds that the link names; the usual ones where it names none, or an unknown one, and what is said of it."""
    if stated is None or not stated.strip(" ,"):
        return usual, ""
    try:
        return read_kinds([stated]), ""
    except SelectionError:
        return usual, paging.say_unknown(t, KIND, stated)


def make_model(chosen: tuple[str, ...], usual: tuple[str, ...], counts: Mapping[str, int], t: Translator) -> KindsModel:
    """The toggles, each with its number; by other numbers they are others: a browser knows them by words."""
    names = {kind: f"{t(name)} · {formats.format_count(counts[kind], t.language)}" for kind, name in KINDS.items()}
    return KindsModel(
        t("Kinds of entries"), names, chosen, usual, f"latest-kinds-{'-'.join(map(str, counts.values()))}"
    )


def state_kinds(chosen: Collection[str], usual: tuple[str, ...]) -> str | None:
    """How the link says the kinds that are chosen; the usual ones are left out of it, and so is none."""
    kinds = tuple(kind for kind in KINDS if kind in chosen)
    return ",".join(kinds) if kinds and kinds != usual else None


def draw(model: KindsModel) -> None:
    """Draw the toggles."""
    link.keep(model.key, list(model.chosen))
    st.pills(
        model.label,
        list(model.names),
        format_func=model.names.__getitem__,
        selection_mode="multi",
        key=model.key,
        on_change=_take,
        args=(model.key, model.usual),
    )


def _take(key: str, usual: tuple[str, ...]) -> None:
    link.change_page_parameters(**{KIND: state_kinds(st.session_state[key], usual), link.PAGE: None})
