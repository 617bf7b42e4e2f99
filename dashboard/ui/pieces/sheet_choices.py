"""Sheets that hold the same actions, with a choice each."""

from collections.abc import MutableMapping, Sequence
from functools import partial
from hashlib import sha256

import streamlit as st

from dashboard import formats
from dashboard.answers.effect_words import say_effects
from dashboard.answers.question_kinds import BY_NAME
from dashboard.quality.alike_sheets import COUNTS, LEFT_OUT, USES, AlikeSheet, SheetKey, choose, name_sheet_use
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import choice
from dashboard.ui.pieces.messages import plain


def show_group(view: Frame, group: Sequence[AlikeSheet], choices: MutableMapping[SheetKey, str]) -> None:
    """Draw the sheets of a workbook that hold the same actions; what is chosen is put into `choices`."""
    t, keys = view.t, [sheet.key for sheet in group]
    uses = {use: t(BY_NAME["sheet"].choices[use]) for use in USES}
    st.markdown(f"**{plain(keys[0].file)}**")
    st.markdown(
        t(
            "These sheets of one workbook contain the same actions, so an old one could override the current one. "
            "Say which counts before publishing."
        )
    )
    for sheet in group:
        name = f"sheet-choice-{sha256(repr(sheet.key).encode()).hexdigest()[:12]}"
        st.markdown(plain(sheet.key.sheet))
        st.caption(_describe(view, sheet))
        label, take = t("Sheet {sheet}", sheet=sheet.key.sheet), partial(choose, keys, choices, sheet.key)
        choice.show_buttons(name, label, uses, choices.get(sheet.key), take)
        if effects := say_effects(sheet.effects):
            st.caption(plain(f"{uses[LEFT_OUT]} — {t(effects)}"))
    counting = sum(choices.get(key) == COUNTS for key in keys)
    if counting > 1:
        st.caption(t("Where several sheets count, the last row of each action wins."))
    elif not counting and all(key in choices for key in keys):
        st.caption(t("One of them must count."))


def _describe(view: Frame, sheet: AlikeSheet) -> str:
    """What it holds, so that one is told from the other."""
    t = view.t
    actions = t.plural("{n} action", "{n} actions", sheet.actions, n=formats.format_count(sheet.actions, view.lang))
    completed = t("{n} of them completed", n=formats.format_count(sheet.completed, view.lang))
    same = t("{n} of them also on another sheet", n=formats.format_count(sheet.same, view.lang))
    return f"{actions}, {completed}, {same}"


def say_answer(view: Frame, key: SheetKey, use: str) -> str:
    """What was said of a sheet, in a line."""
    place = view.t("{file}, sheet {sheet}", file=key.file, sheet=key.sheet)
    return f"{place}: {name_sheet_use(view.t, use)}"
