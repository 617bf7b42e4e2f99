"""Widgets whose choice the server changes: drawn anew, under another key.

A value that the server writes into the state of widgets that are drawn already is lost now and then, where several are
written at once: the browser then sends the old one with its next click.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import streamlit as st

K = TypeVar("K", bound=Hashable)


def name_key(name: str) -> str:
    """The key of a widget, or the beginning of those of several, as often as it was drawn anew."""
    times = st.session_state.get(f"{name}-anew", 0)
    return f"{name}-{times}" if times else name


def draw(name: str) -> None:
    """Have a widget drawn anew from its default; in a callback."""
    st.session_state[f"{name}-anew"] = st.session_state.get(f"{name}-anew", 0) + 1


def draw_others(before: Mapping[K, object], after: Mapping[K, object], key: K, name: Callable[[K], str]) -> None:
    """Have the widgets drawn anew whose answers have changed with that of `key`; in a callback.

    Args:
        before: The answers before.
        after: Those now.
        key: What was answered.
        name: The widget of an answer.
    """
    for other in before.keys() | after.keys():
        if other != key and before.get(other) != after.get(other):
            draw(name(other))
