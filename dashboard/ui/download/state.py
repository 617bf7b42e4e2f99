"""The reader's choice of an extract, kept in the page's link; widgets are set to it before each run.

A callback changes the choice as it is in the link at that moment, not as it was when the page was drawn: a quick reader
clicks a second time before that.
"""

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from dashboard.errors import SelectionError
from dashboard.extracts import choice
from dashboard.extracts.choice import PARAMETERS, Choice, read_choice, ready_columns
from dashboard.extracts.tables import TABLES
from dashboard.ui.frame import link

_OWN = "extract columns are own"
_REPLACED = "extract widgets replaced"
"""By the name of a widget the values that it had when it was replaced, the first one first."""


def bind(
    name: str, value: Any, offered: Collection[Any], action: Callable[..., None], *arguments: Any
) -> dict[str, Any]:
    """What ties a widget to the choice: its key, under which it has this value, and what its changes do.

    The callback calls `action` with the arguments and the new value of the widget.
    """
    key = _keep(name, value)
    return {"key": key, "on_change": _take, "args": (action, key, tuple(offered), *arguments)}


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


def _take(action: Callable[..., None], key: str, offered: tuple[Any, ...], *arguments: Any) -> None:
    """The callback of every widget here: hands its value to `action`, unless it is only what a replaced one had.

    A browser sends the label of an option. Where a filter has changed the number of rows in it, Streamlit takes the
    former label for the value: that is no choice of the reader.
    """
    link.hold()
    name, _, number = key.rpartition("-")
    replaced = st.session_state[_REPLACED][name]
    value = st.session_state.get(key)
    if not set(value if isinstance(value, list) else [value]) <= {None, *offered}:
        return
    is_old = int(number) < len(replaced) and replaced[int(number)] == value
    if not is_old and (value is not None or action is take_preset):  # other choices cannot be taken back
        action(*arguments, value)


def take_preset(name: str | None) -> None:
    """Take a ready choice; a filter that only another ready choice had set goes with it."""
    if name is None:
        return
    before = link.selection().statuses
    chosen, statuses = choice.take_preset(name, _now(), before)
    if statuses != before:
        link.change(statuses=statuses)
    _change(chosen)


def change(how: Callable[..., Choice], value: Any) -> None:
    """Change the choice by one of its own changes, to what a widget says."""
    _change(how(_now(), value))


def take_csv(name: str) -> None:
    """Write CSV in this way."""
    _change(_now().with_csv(name, link.selection().lang))


def take_ready_columns(kind: str) -> None:
    """Take a ready choice of columns, or the reader's own, which begins with the present columns."""
    now = _now()
    columns_by_kind = ready_columns(TABLES[now.table])
    if kind in columns_by_kind:
        _change(now.with_columns(now.table, columns_by_kind[kind]))
    st.session_state[_OWN] = now.table if kind not in columns_by_kind else None


def own_table() -> str | None:
    """The table whose columns the reader chooses one by one, though they may be a ready choice now."""
    table: str | None = st.session_state.get(_OWN)
    return table


def take_columns(table: str, columns: list[str]) -> None:
    """Take these columns of a table, unless another has been chosen meanwhile."""
    now = _now()
    if now.table == table and now.file_format != "zip":
        st.session_state[_OWN] = table
    _change(now.with_columns(table, columns))


def _now() -> Choice:
    """The choice in the link; the default where it cannot be, which the page has said."""
    try:
        return read_choice({name: value for name, value in link.page_parameters().items() if name in PARAMETERS})
    except SelectionError:
        return Choice()


def _change(chosen: Choice) -> None:
    link.change_page_parameters(**chosen.parameters())
