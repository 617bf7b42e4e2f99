"""To whom the campaign is open: the one switch, with what it does before it is done."""

from html import escape

import streamlit as st

from dashboard.access import roles_edit
from dashboard.access.roles_edit import Change
from dashboard.access.roles_file import Roles
from dashboard.audit.events import Event
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.roles import changing
from dashboard.ui.roles.changing import Outcome

CLOSING = N_(
    "Pages, charts, embeds, feeds and extracts will then open only for the people below and for signed links. Other "
    "connections end within seconds."
)
OPENING = N_("Pages, charts, embeds, feeds and extracts will then open for everybody again.")


def show(view: Frame, settings: Settings, roles: Roles) -> None:
    """Draw whether it is closed, and the switch."""
    t = view.t
    messages.show_heading(t("Who sees this campaign"))
    with st.container(border=True, key="roles-openness"):
        named = len(roles.people)
        if roles.closed:
            entries = t.plural("{n} entry gives a role.", "{n} entries give a role.", named, n=str(named))
            words = f"{t('The campaign is closed to everybody who has not signed in.')} {entries}"
        else:
            words = t("The campaign is open: everybody sees what is public. The staff pages are for staff.")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.html(f"<p>{escape(words)}</p>", width="stretch")
            label = t("Open it to everybody") if roles.closed else t("Close the campaign")
            with st.popover(label, key=f"roles-switch-{roles.closed}", width="content"):
                st.markdown(t(OPENING) if roles.closed else t(CLOSING))
                st.button(
                    label, key="roles-switch-do", type="primary", on_click=_switch, kwargs={"closed": not roles.closed}
                )


def _switch(*, closed: bool) -> None:
    def change(settings: Settings) -> Change:
        return roles_edit.close(settings.campaign, closed=closed)

    event = Event.CAMPAIGN_CLOSED if closed else Event.CAMPAIGN_OPENED
    said = N_("The campaign is closed to the public.") if closed else N_("The campaign is open to everybody.")
    changing.make(change, event, "", Outcome(said))
