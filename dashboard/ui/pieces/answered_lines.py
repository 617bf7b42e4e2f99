"""Answers that stand, a line each with its way back."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces.messages import plain


class AnsweredLine(NamedTuple):
    """One answer in words, and what takes it back."""

    words: str
    take_back: Callable[[], None]


def show(view: Frame, lines: Sequence[AnsweredLine], key: str, *, title: str = "", is_disabled: bool = False) -> None:
    """Draw the answers; nothing where there is none.

    Args:
        view: The page.
        lines: The answers.
        key: How the keys of their buttons begin.
        title: The words, with the number of answers, under which they are folded away; empty where they are not.
        is_disabled: Whether none can be taken back.
    """
    if not lines:
        return
    t = view.t
    with st.expander(f"{title} · {formats.format_count(len(lines), view.lang)}") if title else st.container():
        for number, line in enumerate(lines):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(line.words))
                st.button(
                    t("Undo"),
                    key=f"{key}-{number}",
                    icon=":material/undo:",
                    on_click=line.take_back,
                    disabled=is_disabled,
                )
