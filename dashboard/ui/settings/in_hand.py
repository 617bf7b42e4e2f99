"""What has been changed and is not published yet, in words, with the ways on: preview, undo, discard."""

import streamlit as st

from dashboard import formats
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.pieces.messages import plain
from dashboard.ui.settings import basket
from dashboard.ui.settings.basket import SettingsWork

_MOST_LISTED = 12


def show(view: Frame, work: SettingsWork) -> None:
    """Draw the changes in hand; nothing where there are none."""
    t, told = view.t, basket.list_changes(view.t)
    if work.error is not None:
        messages.show_error(view, work.error)
    if not told and not work.basket.can_undo():
        return
    with st.container(border=True, key="settings-changes"):
        count = formats.format_count(len(told), view.lang)
        messages.show_card_title(
            t.plural("{n} change not published yet", "{n} changes not published yet", len(told), n=count)
        )
        list_told(view, told)
        if work.clashing:
            _show_clash(view, work)
        elif work.basket.list_overtaken():
            st.warning(
                t(
                    "Somebody else has changed the same settings meanwhile. The preview combines your changes with "
                    "theirs where they do not conflict."
                ),
                icon=":material/update:",
            )
        with st.container(horizontal=True):
            if told and not work.clashing:
                st.button(
                    t.plural("Preview {n} change", "Preview {n} changes", len(told), n=count),
                    key="settings-preview",
                    type="primary",
                    icon=":material/preview:",
                    on_click=work.make,
                )
            if work.basket.can_undo():
                st.button(
                    t("Undo the last change"), key="settings-undo-edit", icon=":material/undo:", on_click=basket.undo
                )
            st.button(t("Discard"), key="settings-discard", icon=":material/delete:", on_click=basket.forget)


def list_told(view: Frame, told: list[str]) -> None:
    """Draw sentences as a list; of many the first ones, the rest folded away."""
    if told:
        st.markdown("\n".join(f"- {plain(line)}" for line in told[:_MOST_LISTED]))
    if len(told) > _MOST_LISTED:
        more = len(told) - _MOST_LISTED
        with st.expander(view.t.plural("{n} more", "{n} more", more, n=formats.format_count(more, view.lang))):
            st.markdown("\n".join(f"- {plain(line)}" for line in told[_MOST_LISTED:]))


def _show_clash(view: Frame, work: SettingsWork) -> None:
    """Both have changed the same place of a file: only one of the two can stay."""
    t, files = view.t, ", ".join(work.clashing)
    st.warning(
        t(
            "Somebody else has changed the same place meanwhile: {files}. Undo your change, look at theirs, then "
            "redo yours if still needed.",
            files=plain(files),
        ),
        icon=":material/warning:",
    )
    st.button(
        t("Undo mine: {files}", files=files),
        key="settings-give-up",
        icon=":material/undo:",
        on_click=_give_up,
        args=(work,),
    )


def _give_up(work: SettingsWork) -> None:
    basket.guarded(work.basket.give_up, work.clashing)
    work.clashing = []
    work.forget_preview()
