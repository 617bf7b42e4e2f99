"""To decide: mails that are uncertain, came back or could not be sent; their readers are hinted at, not named."""

import streamlit as st

from dashboard.audit.events import Event
from dashboard.i18n import N_
from dashboard.mail.outbox import OPEN_STATES, Delivery
from dashboard.newsletter.joining import Desk
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import html_tables, messages, recorded

MOST = 200
_KINDS = {
    "newsletter": N_("Newsletter"),
    "confirmation": N_("Confirmation"),
    "test": N_("Test", "a newsletter sent to try it"),
    "letters": N_("Letter"),
}
_MEANINGS = {
    "uncertain": N_("Uncertain: the program or the connection failed; it may or may not have arrived."),
    "bounced": N_("Bounced: the mail server refused it for good. This reader gets no further issues until you decide."),
    "failed": N_("Failed: the mail server deferred it too often."),
}


def show(view: View, desk: Desk) -> None:
    """Draw what is to be decided; nothing where nothing is."""
    t = view.t
    found = [delivery for state in OPEN_STATES for delivery in desk.outbox.listed(state)][:MOST]
    if not found:
        return
    messages.show_heading(t("Mails to decide about"))
    for state in dict.fromkeys(delivery.state for delivery in found):
        messages.show_note(t(_MEANINGS[state]))
    columns = html_tables.words(
        t("Mail"),
        t("Kind"),
        t(N_("State", "how far the sending of a mail is")),
        t("Recipient"),
        t("Answer of the mail server"),
        t("When (UTC)"),
    )
    rows = [
        [
            str(delivery.delivery_no),
            t(_KINDS.get(delivery.kind, delivery.kind)),
            t(_MEANINGS[delivery.state]).partition(":")[0].rstrip("\u00a0"),
            hint(delivery.recipient),
            delivery.codes,
            delivery.changed_at[:16].replace("T", " "),
        ]
        for delivery in found
    ]
    st.html(html_tables.render(columns, rows, is_long=True))
    _show_choice(view, desk, found)


def hint(address: str) -> str:
    """So much of an address that staff recognise a request about it, and others do not learn it."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if domain else "…"


def _show_choice(view: View, desk: Desk, found: list[Delivery]) -> None:
    t = view.t
    numbers = [delivery.delivery_no for delivery in found]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(t("Mail"), numbers, key="staff-mailing-number", width=160)
        st.button(t("Send again"), key="mailing-again", on_click=_settle, args=(desk, number, True))
        st.button(t("Leave as is"), key="mailing-leave", on_click=_settle, args=(desk, number, False))
        if len(found) > 1:
            st.button(t("Send none of them"), key="mailing-leave-all", on_click=_leave_all, args=(desk, numbers))


def _settle(desk: Desk, number: int, is_again: bool) -> None:
    if not recorded.may(Event.NEWSLETTER_CHANGED, f"mail {number}", again=is_again):
        return
    if is_again:
        desk.outbox.send_again(number)
    else:
        desk.outbox.leave(number)


def _leave_all(desk: Desk, numbers: list[int]) -> None:
    if not recorded.may(Event.NEWSLETTER_CHANGED, "leave all", mails=len(numbers)):
        return
    for number in numbers:
        desk.outbox.leave(number)
