"""Mails that staff send again or leave: uncertain, refused, put off too often; a line each."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from dashboard.mail.outbox import Delivery
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages
from dashboard.ui.pieces.mail_sending import STATES

MOST = 50


def show(
    view: View,
    mails: Sequence[Delivery],
    describe: Callable[[Delivery], str],
    settle: Callable[[Sequence[Delivery], bool], None],
) -> None:
    """Draw what is to be decided of each mail.

    Args:
        view: The page.
        mails: The mails.
        describe: Says which mail it is.
        settle: Sends mails again (True) or leaves them as they are.
    """
    t = view.t
    for mail in mails[:MOST]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"open-mail-{mail.delivery_no}"):
            words = " · ".join(filter(None, (describe(mail), t(STATES[mail.state]), mail.codes)))
            st.html(f'<p class="advice">{escape(words)}</p>', width="content")
            for name, label, icon, is_again in (
                ("again", t("Send again"), ":material/send:", True),
                ("leave", t("Leave as is"), ":material/close:", False),
            ):
                key = f"{name}-{mail.delivery_no}"
                st.button(label, key=key, icon=icon, on_click=_settle, args=(settle, [mail], is_again))
    if len(mails) > MOST:
        messages.show_note(t("The first {shown} of {total}.", shown=MOST, total=len(mails)))
    if len(mails) > 1:
        st.button(t("Send none of them"), key="leave-all", on_click=_settle, args=(settle, mails, False))


def _settle(settle: Callable[[Sequence[Delivery], bool], None], mails: Sequence[Delivery], is_again: bool) -> None:
    link.hold()
    settle(mails, is_again)
