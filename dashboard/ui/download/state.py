"""The reader's choice of an extract, kept in the page's link; widgets are set to it before each run.

A callback changes the choice as it is in the link at that moment, not as it was when the page was drawn: a quick reader
clicks a second time before that.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.errors import SelectionError
from dashboard.extracts.choice import PARAMETERS, PRESETS, Choice, find_preset, read_choice, ready_columns
from dashboard.extracts.csv_styles import WITH_CSV
from dashboard.extracts.order import WITH_TABLES
from dashboard.extracts.tables import TABLES
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces.messages import plain

_OWN = "extract columns are own"
_REPLACED = "extract widgets replaced"
"""By the name of a widget the values that it had when it was replaced, the first one first."""


def read(view: View) -> Choice:
    """The choice that the link states; one that cannot be is said, and the default shown instead."""
    try:
        return read_choice(_stated())
    except SelectionError as error:
        words = view.t(
            "The link asks for a file that there is not ({parameter}: {value}). The usual one is shown instead.",
            parameter=plain(error.parameter),
            value=plain((error.value or _stated().get(error.parameter, ""))[:80]),
        )
        st.warning(words, icon=":material/warning:")
        return Choice()


def bind(name: str, value: Any, action: Callable[..., None], *arguments: Any) -> dict[str, Any]:
    """What ties a widget to the choice: its key, under which it has this value, and what its changes do.

    Args:
        name: The widget's name on the page.
        value: What the choice says.
        action: Takes the arguments and the widget's new value.
        arguments: What `action` takes first.
    """
    key = _keep(name, value)
    return {"key": key, "on_change": _take, "args": (action, key, *arguments)}


def _keep(name: str, value: Any) -> str:
    """The key of a widget that has this value.

    A widget that another one has changed gets a new key. With its old one a browser that has not drawn the change yet
    would send the old value back with the reader's next click, and undo the change.
    """
    replaced: dict[str, list[Any]] = st.session_state.setdefault(_REPLACED, {})
    old_values = replaced.setdefault(name, [])
    key = f"{name}-{len(old_values)}"
    if key in st.session_state and st.session_state[key] != value:
        old_values.append(st.session_state[key])
        key = f"{name}-{len(old_values)}"
    link.keep(key, value)
    return key


def _take(action: Callable[..., None], key: str, *arguments: Any) -> None:
    """The callback of every widget here: hands its value to `action`, unless it is only what a replaced one had."""
    link.hold()
    name, _, number = key.rpartition("-")
    replaced = st.session_state[_REPLACED][name]
    value = st.session_state.get(key)
    is_old = int(number) < len(replaced) and replaced[int(number)] == value
    if not is_old and (value is not None or action is take_preset):  # other choices cannot be taken back
        action(*arguments, value)


def take_preset(name: str | None) -> None:
    """Take a ready choice; a filter that only another ready choice had set goes with it."""
    preset = next((preset for preset in PRESETS if preset.name == name), None)
    if preset is None:
        return
    before = find_preset(_now(), link.selection().statuses)
    if preset.statuses:
        link.change(statuses=preset.statuses)
    elif before is not None and before.statuses:
        link.change(statuses=())
    _change(preset.choice)


def take_table(name: str) -> None:
    """Take another table."""
    _change(_now().with_table(name))


def take_format(file_format: str) -> None:
    """Take another format."""
    _change(_now().with_format(file_format))


def take_csv(name: str) -> None:
    """Write CSV in this way."""
    choice = _now()
    if choice.file_format in WITH_CSV:
        _change(replace(choice, csv=name))


def take_include(names: list[str]) -> None:
    """Take these further tables."""
    choice = _now()
    if choice.file_format not in WITH_TABLES:
        return
    include = tuple(name for name in TABLES if name in names)
    is_all = choice.file_format == "zip" and len(include) == len(TABLES)
    _change(replace(choice, include=() if is_all else include))


def take_ready_columns(kind: str) -> None:
    """Take a ready choice of columns, or one's own, which begins with what is chosen now."""
    choice = _now()
    ready = ready_columns(TABLES[choice.table])
    if kind in ready and choice.file_format != "zip":
        _change(replace(choice, columns=ready[kind]))
    st.session_state[_OWN] = choice.table if kind not in ready else None


def is_own(choice: Choice) -> bool:
    """Whether the reader chooses columns of this table one by one, though they may be a ready choice now."""
    return bool(st.session_state.get(_OWN) == choice.table)


def take_columns(table: str, columns: list[str]) -> None:
    """Take these columns of a table, unless another has been chosen meanwhile."""
    choice = _now()
    if choice.table == table and choice.file_format != "zip":
        st.session_state[_OWN] = table
        _change(replace(choice, columns=tuple(columns)))


def _stated() -> dict[str, str]:
    return {name: value for name in PARAMETERS if (value := link.page_parameter(name)) is not None}


def _now() -> Choice:
    """The choice in the link; the default where it cannot be, which the page has said."""
    try:
        return read_choice(_stated())
    except SelectionError:
        return Choice()


def _change(choice: Choice) -> None:
    for name, value in choice.parameters().items():
        link.change_page_parameter(name, value)
