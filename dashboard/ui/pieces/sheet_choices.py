"""Sheets that hold the same actions, a card a workbook with a choice each; and what staff said of sheets before."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import partial
from hashlib import sha256

import streamlit as st

from dashboard import formats
from dashboard.answers.effect_words import say_effects
from dashboard.answers.question_kinds import BY_NAME
from dashboard.quality.alike_sheets import (
    COUNTS,
    LEFT_OUT,
    USES,
    AlikeSheet,
    SheetKey,
    choose,
    name_sheet_use,
    write_sheet_answers,
)
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import anew, campaign_commands, seen_files
from dashboard.ui.pieces.messages import plain


def show_group(view: Frame, group: Sequence[AlikeSheet], choices: MutableMapping[SheetKey, str]) -> None:
    """Draw the sheets of a workbook that hold the same actions; what is chosen is put into `choices`."""
    t = view.t
    keys = [sheet.key for sheet in group]
    st.markdown(f"**{plain(keys[0].file)}**")
    st.markdown(
        t(
            "These sheets of one workbook contain the same actions, so an old one could override the current one. "
            "Say which counts before publishing."
        )
    )
    for sheet in group:
        _show_sheet(view, sheet, keys, choices)
    counting = sum(choices.get(key) == COUNTS for key in keys)
    if counting > 1:
        st.caption(t("Where several sheets count, the last row of each action wins."))
    elif not counting and all(key in choices for key in keys):
        st.caption(t("One of them must count."))


def _show_sheet(
    view: Frame, sheet: AlikeSheet, keys: Sequence[SheetKey], choices: MutableMapping[SheetKey, str]
) -> None:
    t = view.t
    name = anew.name_key(_name_card(sheet.key))
    st.markdown(plain(sheet.key.sheet))
    st.caption(_describe(view, sheet))
    st.segmented_control(
        t("Sheet {sheet}", sheet=sheet.key.sheet),
        USES,
        default=choices.get(sheet.key),
        format_func=lambda use: t(BY_NAME["sheet"].choices[use]),
        key=name,
        label_visibility="collapsed",
        on_change=_take,
        args=(keys, choices, sheet.key, name),
    )
    if effects := say_effects(sheet.effects):
        st.caption(plain(f"{t(BY_NAME['sheet'].choices[LEFT_OUT])} — {t(effects)}"))


def _describe(view: Frame, sheet: AlikeSheet) -> str:
    """What it holds, so that one is told from the other."""
    t = view.t
    actions = t.plural("{n} action", "{n} actions", sheet.actions, n=formats.format_count(sheet.actions, view.lang))
    completed = t("{n} of them completed", n=formats.format_count(sheet.completed, view.lang))
    same = t("{n} of them also on another sheet", n=formats.format_count(sheet.same, view.lang))
    return f"{actions}, {completed}, {same}"


def _take(keys: Sequence[SheetKey], choices: MutableMapping[SheetKey, str], key: SheetKey, name: str) -> None:
    before = dict(choices)
    choose(keys, choices, key, st.session_state[name])
    anew.draw_others(before, choices, key, _name_card)


def _name_card(key: SheetKey) -> str:
    return f"sheet-choice-{sha256(repr(key).encode()).hexdigest()[:12]}"


def keep(answers: Mapping[SheetKey, str]) -> None:
    """Keep what was said of sheets; an empty answer takes back.

    Raises:
        UserError: one of them cannot be kept; then none is.
    """
    command = ("sheet", "--list", "-", *seen_files.options("sheets.csv"))
    campaign_commands.run(*command, stdin=write_sheet_answers(answers))
    seen_files.renew("sheets.csv")


def show_settled(
    view: Frame, settled: Mapping[SheetKey, str], undo: Callable[[SheetKey], None], *, is_disabled: bool = False
) -> None:
    """Draw what staff said of sheets, each with its way back."""
    t = view.t
    for number, (key, use) in enumerate(settled.items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            place = t("{file}, sheet {sheet}", file=key.file, sheet=key.sheet)
            st.markdown(plain(f"{place}: {name_sheet_use(t, use)}"))
            st.button(
                t("Undo"),
                key=f"undo-sheet-{number}",
                icon=":material/undo:",
                on_click=partial(undo, key),
                disabled=is_disabled,
            )
