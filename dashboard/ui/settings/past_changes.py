"""The section History: what was changed of the settings and when, each with the way to put it back."""

import streamlit as st

from dashboard import formats
from dashboard.campaign import settings_history
from dashboard.campaign.settings_history import Change
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.settings import basket
from dashboard.ui.settings.in_hand import list_told

_MOST_SHOWN = 20


def show(view: Frame) -> None:
    """Draw the changes, the newest first."""
    t = view.t
    changes = settings_history.list_changes(Settings.from_environment().campaign)
    messages.show_heading(t("History"))
    if not changes:
        st.markdown(t("Nothing has been changed on this page yet. Changes made in files by hand are not listed."))
        return
    st.markdown(
        t(
            "What was published from this page, newest first. Restoring one starts a change with the files as they "
            "were before; you preview and publish it like any other."
        )
    )
    for change in changes[:_MOST_SHOWN]:
        _show_change(view, changes, change)
    if len(changes) > _MOST_SHOWN:
        more = len(changes) - _MOST_SHOWN
        messages.show_note(
            t.plural("{n} older change", "{n} older changes", more, n=formats.format_count(more, view.lang))
        )


def _show_change(view: Frame, changes: list[Change], change: Change) -> None:
    t, later = view.t, settings_history.list_later(changes, change)
    with st.container(border=True, key=f"settings-change-{change.change_id}"):
        moment = f"{formats.format_date(change.at.date(), view.lang)}, {change.at:%H:%M} UTC"
        messages.show_card_title(moment, level=3)
        list_told(view, change.describe(t) or [", ".join(change.files)])
        if later:
            messages.show_note(
                t.plural(
                    "{n} later change to the same files would be undone too.",
                    "{n} later changes to the same files would be undone too.",
                    len(later),
                    n=formats.format_count(len(later), view.lang),
                )
            )
        st.button(
            t("Restore the previous state"),
            key=f"settings-put-back-{change.change_id}",
            icon=":material/settings_backup_restore:",
            on_click=basket.guarded,
            args=(_put_back, change),
            disabled=bool(basket.list_changes(t)),
            help=t("Publish or discard your unpublished changes first.") if basket.list_changes(t) else None,
        )


def _put_back(change: Change) -> None:
    """Begin a change in which the files are as before, and make its preview; a button's callback."""
    _begin(change).make()


def undo(change_id: str) -> None:
    """Take back what was just published: as before, made and published at once; a button's callback.

    Where somebody has changed the same files since, that would go with it: then it is only looked at.
    """
    campaign = Settings.from_environment().campaign
    changes = settings_history.list_changes(campaign)
    change = next((one for one in changes if one.change_id == change_id), None)
    if change is None:
        raise UserError(N_("The previous state is no longer kept."), N_("Change it by hand."))
    is_last = change.is_last(campaign)
    work = _begin(change)
    work.is_undo, work.is_over_others = is_last, not is_last
    work.make()


def _begin(change: Change) -> basket.SettingsWork:
    work = basket.begin(change.list_back())
    if not work.basket.list_names():
        basket.forget()
        raise UserError(N_("These settings are already as they were."))
    return work
