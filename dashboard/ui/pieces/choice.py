"""A choice among answers, by buttons or from a list: what is chosen is the caller's, and the widget follows it.

A value that the server writes into the state of widgets that are drawn already is lost now and then, where several are
written at once: the browser then sends the old one with its next click. So a widget that shows anything else than what
is chosen is drawn anew, under another key.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import streamlit as st

WIDTH = 360
"""Pixels of a list."""

Take = Callable[[Any], object]
"""Takes what was chosen: a value, or None for nothing; of a list that takes several, a list."""


def find_key(name: str, chosen: object) -> str:
    """The key of a widget that shows what is chosen: a further one where the widget shows something else.

    Args:
        name: The key of the first one.
        chosen: What it must show, as its state has it.
    """
    count = f"{name}-anew"
    times = st.session_state.get(count, 0)
    if st.session_state.get(_write_key(name, times), chosen) != chosen:
        times = st.session_state[count] = times + 1
    return _write_key(name, times)


def show_buttons(
    name: str, label: str, choices: Mapping[str, str], chosen: str | None, take: Take, *, is_disabled: bool = False
) -> None:
    """Draw a button an answer; the label is for who does not see them.

    Args:
        name: Tells the widget from others of the session.
        label: What is asked.
        choices: The words of each answer.
        chosen: The answer that is chosen; none of these for nothing.
        take: Takes what was chosen; it is called before the page is drawn again.
        is_disabled: Whether nothing can be chosen.
    """
    value = chosen if chosen in choices else None
    key = find_key(name, value)
    st.segmented_control(
        label,
        list(choices),
        default=value,
        format_func=choices.__getitem__,
        key=key,
        label_visibility="collapsed",
        disabled=is_disabled,
        on_change=_hand_over,
        args=(take, key),
    )


def show_list(
    name: str,
    label: str,
    choices: Mapping[Any, str],
    chosen: Any,
    take: Take,
    *,
    placeholder: str = "",
    is_label_hidden: bool = False,
    is_disabled: bool = False,
    width: int | Literal["stretch"] = WIDTH,
) -> None:
    """Draw a list of answers, of which several can be chosen where `chosen` is a list.

    Args:
        name: Tells the widget from others of the session.
        label: What is asked.
        choices: The words of each answer.
        chosen: The answer that is chosen, or those.
        take: Takes what was chosen; it is called before the page is drawn again.
        placeholder: What stands there while nothing is chosen; without it one always is.
        is_label_hidden: Whether the label is only for who does not see the list.
        is_disabled: Whether nothing can be chosen.
        width: In pixels, or as wide as there is room.
    """
    options = list(choices)
    takes_several = isinstance(chosen, list)
    value = [one for one in chosen if one in choices] if takes_several else chosen if chosen in choices else None
    key = find_key(name, value)
    common: dict[str, Any] = {
        "format_func": choices.__getitem__,
        "key": key,
        "placeholder": placeholder or None,
        "label_visibility": "collapsed" if is_label_hidden else "visible",
        "disabled": is_disabled,
        "width": width,
        "on_change": _hand_over,
        "args": (take, key),
    }
    if takes_several:
        st.multiselect(label, options, default=value, select_all=False, wrap=True, **common)
    else:
        index = None if value is None and placeholder else options.index(value) if value in choices else 0
        st.selectbox(label, options, index=index, **common)


def _write_key(name: str, times: int) -> str:
    return f"{name}-{times}" if times else name


def _hand_over(take: Take, key: str) -> None:
    take(st.session_state[key])
