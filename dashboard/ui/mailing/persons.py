"""A subscriber's request: found by the exact address, what is kept as a file, and erased."""

import json

import streamlit as st

from dashboard.audit.events import Event
from dashboard.errors import UserError
from dashboard.mail.addresses import check_address
from dashboard.mail.forgetting import forget_person
from dashboard.mail.subscribers import Subscriber
from dashboard.newsletter.joining import Desk
from dashboard.ui.frame.page import View
from dashboard.ui.mailing.next_issue import name_wish
from dashboard.ui.pieces import campaign_commands, messages
from dashboard.ui.pieces.messages import plain

_ADDRESS, _ERASED = "staff-mailing-request", "staff-mailing-erased"


def show(view: View, desk: Desk) -> None:
    """Draw the search, and what is kept about the one who was found."""
    t = view.t
    messages.show_heading(t("Requests of subscribers"))
    st.markdown(t("If somebody asks what is kept about them, or to be deleted, find them by their exact address."))
    with st.form("mailing-request", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(t("E-mail address"), key=_ADDRESS, autocomplete="off", width=360)
        st.form_submit_button(t("Search"), icon=":material/search:")
    if st.session_state.pop(_ERASED, False):
        st.success(t("Deleted."), icon=":material/delete:")
        return
    if not typed.strip():
        return
    try:
        address = check_address(typed)
    except UserError as error:
        messages.show_error(view, error)
        return
    subscriber = desk.subscribers.find(address=address)
    mails = desk.outbox.count_to(address)
    if subscriber is None and not mails:
        st.markdown(t("Nothing is kept about this address."))
        return
    _show_found(view, desk, subscriber, address)


def _show_found(view: View, desk: Desk, subscriber: Subscriber | None, address: str) -> None:
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center"):
        if subscriber is not None:
            is_reader = subscriber.state == "confirmed"
            words = t("Gets the newsletter.") if is_reader else t("Has asked for the newsletter, not confirmed yet.")
            st.markdown(plain(f"{words} {name_wish(view, subscriber.wish)}"), width="content")
            content = json.dumps(subscriber.export(), ensure_ascii=False, indent=1)
            st.download_button(
                t("What is kept (JSON)"),
                content,
                "newsletter-data.json",
                "application/json",
                on_click="ignore",
                icon=":material/download:",
            )
        else:
            st.markdown(t("Does not get the newsletter; mails were sent to this address."), width="content")
        st.button(t("Delete"), key="mailing-erase", icon=":material/delete:", on_click=_erase, args=(desk, address))


def _erase(desk: Desk, address: str) -> None:
    if not campaign_commands.record_act(Event.SUBSCRIBER_REMOVED):
        return
    forget_person(desk.outbox.private, address)
    st.session_state[_ADDRESS] = ""
    st.session_state[_ERASED] = True
