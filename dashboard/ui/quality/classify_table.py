"""The table of actions to classify: what stands and what is suggested, changed cell by cell or for many at once."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.campaign.accepted import FIELDS
from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.measures.register import name_stakeholder
from dashboard.quality import classifying
from dashboard.quality.classifying import LABELS, LACKS, Action
from dashboard.quality.queries import as_list
from dashboard.ui.frame.page import View
from dashboard.ui.quality import classify_answers
from dashboard.ui.quality.classify_answers import Classified

_ROWS_IN_VIEW = 10
_HEAD_HEIGHT, _ROW_HEIGHT = 36, 68
"""Pixels; a row has three lines of text: Streamlit wraps words in rows of more than 64."""
_WIDTHS = {"stakeholder_group": 150, "category": 170, "themes": 190, "countries": 160, "regions": 130}


def show(view: View, actions: Sequence[Action], key: str) -> None:
    """Draw the table and what can be done with it; what is saved draws the whole page anew.

    `actions`: the actions of one page, as they were first shown under this key.
    `key`: tells this page of actions from others.
    """
    classified = classify_answers.find()
    if classified.is_changed:
        st.rerun()
    t, may_save = view.t, classified.may_save(view)
    with st.container(horizontal=True, vertical_alignment="bottom", key="classify-bar"):
        is_sample = view.snapshot.is_shipped_sample
        ticks_all = st.toggle(t("Tick all of this page"), key=f"{key}-all", disabled=is_sample)
        many = st.container(horizontal=True, vertical_alignment="bottom", width="content")
    before = _frame(view, actions, set(classified.ticked), ticks_all=ticks_all)
    after = _show_table(view, before, f"{key}-{ticks_all}")
    titles = {action.action_id: action.title for action in actions}
    with many:
        ticked = [action for action, takes in zip(actions, after["accept"], strict=True) if takes]
        _show_many(view, classified, ticked, titles)
    answers = gather(actions, before, after)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t.plural("Save {n} action", "Save {n} actions", len(answers)) if answers else t("Save"),
            key="save-classes",
            type="primary",
            icon=":material/save:",
            disabled=not answers or not may_save,
            on_click=classified.save,
            args=(view, answers, titles, ()),
        )
        if classified.savings:
            last = len(classified.savings[-1])
            label, undo = t.plural("Undo the last {n} action", "Undo the last {n} actions", last), classified.undo
            st.button(label, key="undo-classes", icon=":material/undo:", on_click=undo, args=(view,))
        if answers and not may_save:
            st.caption(t("Enter your name before you save."))


def gather(actions: Sequence[Action], before: pd.DataFrame, after: pd.DataFrame) -> list[dict[str, Any]]:
    """What the table says, as the command takes it: the whole line where it is ticked, else the cells that changed.

    Args:
        actions: The actions of the table.
        before: The table as it was drawn, by action id.
        after: The table as it is now.
    """
    answers = []
    drawn, edited = before.to_dict("index"), after.to_dict("index")
    for action in actions:
        old, new = drawn[action.action_id], edited[action.action_id]
        row = {field: _codes(new[field]) for field in FIELDS}
        if not new["accept"]:
            row = {field: codes for field, codes in row.items() if codes != _codes(old[field])}
        answers.append(classifying.answer(action, row))
    return [answer for answer in answers if answer is not None]


def _codes(cell: Any) -> tuple[str, ...]:
    """The codes of a cell: one, several or none."""
    return (cell,) if isinstance(cell, str) else tuple(as_list(cell))


def _show_many(view: View, classified: Classified, ticked: Sequence[Action], titles: Mapping[str, str]) -> None:
    """One choice for every ticked action."""
    t, labels = view.t, {name: view.t(LABELS[name]) for name in FIELDS}
    name = st.selectbox(
        t("Apply to the ticked"), list(labels), format_func=labels.__getitem__, key="classify-field", width=240
    )
    codes = list_codes(view, FIELDS[name].codelists)
    chosen = st.multiselect(
        labels[name],
        list(codes),
        format_func=codes.__getitem__,
        max_selections=None if FIELDS[name].takes_several else 1,
        key=f"classify-value-{name}",
        label_visibility="collapsed",
        placeholder=t("Choose"),
        width=240,
    )
    answers = [answer for action in ticked if chosen and (answer := classifying.answer(action, {name: chosen}))]
    st.button(
        t.plural("Apply to {n} action", "Apply to {n} actions", len(answers)) if answers else t("Apply"),
        key="set-classes",
        icon=":material/done_all:",
        disabled=not answers or not classified.may_save(view),
        on_click=classified.save,
        args=(view, answers, titles, [action.action_id for action in ticked]),
    )


def list_codes(view: View, codelists: Sequence[str]) -> dict[str, str]:
    """The codes that a field may be given with their labels, in their codelists' order; countries by name."""
    entries = {code: entry for name in codelists for code, entry in view.snapshot.codes.get(name, {}).items()}
    labels = {code: entry.labels[view.lang] for code, entry in entries.items() if code != UNCLASSIFIED}
    if tuple(codelists) == ("countries",):
        return dict(sorted(labels.items(), key=lambda item: item[1].casefold()))
    return labels


def _frame(view: View, actions: Sequence[Action], ticked: set[str], *, ticks_all: bool) -> pd.DataFrame:
    """The table's rows, by action id, so that what was changed never moves to another action."""
    t = view.t
    rows = [
        {
            "accept": ticks_all or action.action_id in ticked,
            "stakeholder": name_stakeholder(action.stakeholder, view.snapshot.person_names, view.lang),
            "title": action.title,
            **{
                name: list(action.shown(name)) if field.takes_several else next(iter(action.shown(name)), None)
                for name, field in FIELDS.items()
            },
            "missing": ", ".join(t(LACKS[name]) for name in action.lacks),
            "words": ", ".join(action.words),
        }
        for action in actions
    ]
    frame = pd.DataFrame(rows, index=pd.Index([action.action_id for action in actions]))
    single = [name for name, field in FIELDS.items() if not field.takes_several]
    return frame.astype(dict.fromkeys(single, "string"))


def _show_table(view: View, frame: pd.DataFrame, key: str) -> pd.DataFrame:
    t, config = view.t, st.column_config
    columns: dict[str, Any] = {
        "accept": config.CheckboxColumn(t("Accept"), width=60, pinned=True),
        "stakeholder": config.TextColumn(t("Stakeholder"), width=180, disabled=True),
        "title": config.TextColumn(t("Title"), width=260, disabled=True),
        "missing": config.TextColumn(t("Still missing"), width=150, disabled=True),
        "words": config.TextColumn(t("Words that suggest it"), width=220, disabled=True),
    }
    for name, field in FIELDS.items():
        codes = list_codes(view, field.codelists)
        column = config.MultiselectColumn if field.takes_several else config.SelectboxColumn
        write = partial(_name_code, codes)
        columns[name] = column(t(LABELS[name]), options=list(codes), format_func=write, width=_WIDTHS[name])
    edited = st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        column_order=["accept", "stakeholder", "title", *FIELDS, "missing", "words"],
        column_config=columns,
        disabled=view.snapshot.is_shipped_sample,
        key=key,
        height=min(len(frame), _ROWS_IN_VIEW) * _ROW_HEIGHT + _HEAD_HEIGHT,
        row_height=_ROW_HEIGHT,
        placeholder="",
        alt=t("Actions to classify, with what their words suggest"),
    )
    return pd.DataFrame(edited)


def _name_code(codes: Mapping[str, str], code: str) -> str:
    return codes.get(code, code)
