"""The page Signed links: what they are for, the link that was just made, a new one, those that there are."""

import streamlit as st

from dashboard.access.rights import Role
from dashboard.access.who import is_closed
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages
from dashboard.ui.pieces.link_way import TO
from dashboard.ui.shared_links import given_link, kept_links, new_link

PARAMETERS = (TO,)


def show(view: View, selection: Selection) -> None:
    """Draw the page for whoever has signed in; others are told that it is theirs once they have."""
    t, settings = view.t, Settings.from_environment()
    if staff.person().role < Role.READER:
        st.info(t("Sign in to see the links you created."), icon=":material/lock:")
        return
    if is_closed(settings):
        messages.show_note(
            t(
                "Excel, Power BI and web pages cannot sign in. A signed link opens one selection in one format for "
                "anyone who has it, until it ends or is revoked. Share it only with those allowed to see the figures."
            )
        )
    else:
        st.info(
            t("This campaign is open to everybody: its addresses work without a signed link."), icon=":material/info:"
        )
    given_link.show(view)
    new_link.show(view, selection, settings)
    kept_links.show(view, settings)
