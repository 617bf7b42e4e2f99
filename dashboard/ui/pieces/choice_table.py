"""Many questions of one kind as a table: searched, filled downwards and pasted into as a spreadsheet is."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard.i18n import Translator


class Line(NamedTuple):
    """One question: what an answer is about, what stands in the file, what is told of it, and in how many rows."""

    key: Hashable
    subject: str
    note: str
    rows: int


class Asked(NamedTuple):
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
    headings: Asked,
    lines: Sequence[Line],
    choices: Mapping[str, str],
    chosen: Mapping[Any, Any],
    take: Callable[[Any, Any], object],
    *,
    takes_several: bool = False,
    is_disabled: bool = False,
) -> None:
    """Draw the table.

    Args:
        t: Translates.
        name: Tells it from others of the session.
        headings: The headings of the columns.
        lines: The questions.
        choices: The words of each answer; what is pasted is compared with these.
        chosen: What is chosen, by the keys of lines: an answer, or a list of them; nothing for an open one.
        take: Takes a line's key with what was chosen for it: an answer, None, or a list.
        takes_several: Whether several answers can be chosen for one.
        is_disabled: Whether nothing can be chosen.
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
    """The key of the table and its rows as they were first drawn: Streamlit keeps what is edited beside these.

    Both are other ones where something was answered elsewhere, or other questions are asked.
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
    """Take what was edited in the table, by the words of its answers; a widget's callback."""
    for place, cells in st.session_state[key]["edited_rows"].items():
        cell = cells.get("answer", ...)
        if isinstance(cell, list):
            take(lines[int(place)].key, [uses[word] for word in cell if word in uses])
        elif cell is not ...:
            take(lines[int(place)].key, uses.get(str(cell)))
