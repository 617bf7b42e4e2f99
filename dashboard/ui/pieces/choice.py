"""A choice among answers, by buttons, from a list or in a table: the caller keeps it, and the widget follows.

In a table many questions of one kind are searched, filled downwards and pasted into as in a spreadsheet.

Streamlit now and then loses a value that the server writes into the state of widgets that are drawn already, where
several are written at once: the browser then sends the old one with its next click. So a widget that differs from the
choice is drawn again under another key.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import pandas as pd
import streamlit as st

from dashboard.i18n import Translator


class Line(NamedTuple):
    """One question: its subject, the value in the file, a note, and the number of its rows."""

    key: Hashable
    subject: str
    note: str
    rows: int


class ChoiceHeadings(NamedTuple):
    """The headings of the columns, the table's name for readers who cannot see it, and the width of the notes."""

    subject: str
    answer: str
    note: str
    rows: str
    alt: str
    note_width: int = 180


def show(
    t: Translator,
    name: str,
    headings: ChoiceHeadings,
    lines: Sequence[Line],
    choices: Mapping[str, str],
    chosen: Mapping[Any, Any],
    take: Callable[[Any, Any], object],
    *,
    takes_several: bool = False,
    is_disabled: bool = False,
) -> None:
    """Draw the table.

    `choices`: the words of each answer; pasted words are compared with these.
    `chosen`: the choice, by the keys of lines: an answer, or a list of them; nothing for an open one.
    `take`: takes a line's key with its choice: an answer, None, or a list.
    """
    uses = Counter(choices.values())
    names = {use: word if uses[word] == 1 else f"{word} ({use})" for use, word in choices.items()}
    key, frame = _find_table(name, _make_frame(lines, names, chosen, takes_several=takes_several))
    config = st.column_config
    answer = config.MultiselectColumn if takes_several else config.SelectboxColumn
    columns: dict[str, Any] = {
        "subject": config.TextColumn(headings.subject, disabled=True, width=150),
        "answer": answer(headings.answer, options=list(names.values()), width=170),
        "note": config.TextColumn(headings.note, disabled=True, width=headings.note_width),
        "rows": config.NumberColumn(headings.rows, disabled=True, width=70),
    }
    st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        column_config=columns,
        column_order=[one for one in columns if one != "note" or frame["note"].any()],
        disabled=is_disabled,
        key=key,
        placeholder="",
        alt=headings.alt,
        on_change=_take_edits,
        args=(key, lines, {word: use for use, word in names.items()}, take),
    )
    st.caption(t("Ctrl+D fills the marked cells below a choice; you can paste a column of choices from a spreadsheet."))


def _make_frame(
    lines: Sequence[Line], names: Mapping[str, str], chosen: Mapping[Any, Any], *, takes_several: bool
) -> pd.DataFrame:
    answers = [chosen.get(line.key) for line in lines]
    cells = [[names[use] for use in one or ()] if takes_several else names.get(str(one)) for one in answers]
    frame = pd.DataFrame(lines, columns=list(Line._fields)).drop(columns="key")
    return frame.assign(answer=pd.Series(cells, dtype=object))


def _find_table(name: str, frame: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """Find the key of the table and its rows as first drawn: Streamlit keeps edits beside these.

    Both change where something was answered elsewhere, or other questions are asked.
    """
    times, first = st.session_state.get(name, (0, frame))
    edits = st.session_state.get(f"{name}-{times}", {}).get("edited_rows", {})
    cells = [edits.get(place, {}).get("answer", cell) or None for place, cell in enumerate(first["answer"])]
    is_same = first["subject"].tolist() == frame["subject"].tolist()
    if not is_same or cells != [cell or None for cell in frame["answer"]]:
        times, first = times + 1, frame
    st.session_state[name] = (times, first)
    return f"{name}-{times}", first


def _take_edits(key: str, lines: Sequence[Line], uses: Mapping[str, str], take: Callable[[Any, Any], object]) -> None:
    """Take the edits in the table, by the words of its answers; a widget's callback."""
    for place, cells in st.session_state[key]["edited_rows"].items():
        cell = cells.get("answer", ...)
        if isinstance(cell, list):
            take(lines[int(place)].key, [uses[word] for word in cell if word in uses])
        elif cell is not ...:
            take(lines[int(place)].key, uses.get(str(cell)))


WIDTH = 360
"""Pixels of a list."""

Take = Callable[[Any], object]
"""Takes what was chosen: a value, or None for nothing; of a list that takes several, a list."""


def find_key(name: str, chosen: object) -> str:
    """Find the key of a widget that shows the choice: a further one where the widget shows something else.

    `name`: the key of the first one.
    `chosen`: the value that it must show, as its state has it.
    """
    count = f"{name}-anew"
    times = st.session_state.get(count, 0)
    if st.session_state.get(_write_key(name, times), chosen) != chosen:
        times = st.session_state[count] = times + 1
    return _write_key(name, times)


def show_buttons(
    name: str, label: str, choices: Mapping[str, str], chosen: str | None, take: Take, *, is_disabled: bool = False
) -> None:
    """Draw a button for each answer; the label is for readers who cannot see them.

    `name`: distinguishes the widget from others of the session.
    `choices`: the words of each answer.
    `chosen`: the chosen answer; none of these for nothing.
    `take`: takes the choice; it is called before the page is drawn again.
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

    `take`: takes the choice; it is called before the page is drawn again.
    `placeholder`: the text while nothing is chosen; without it an answer is always chosen.
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
