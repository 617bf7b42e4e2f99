"""The section People: who sees and does what, and what of stakeholders is public, told in one place."""

import streamlit as st

from dashboard.access.rights import AccessClass
from dashboard.access.roles_file import find_roles
from dashboard.campaign.licences import find_text
from dashboard.settings import Settings
from dashboard.ui.frame import header, page_link, staff
from dashboard.ui.frame.page import Frame
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import messages
from dashboard.ui.pieces.messages import plain
from dashboard.ui.settings import basket


def show(view: Frame) -> None:
    """Draw what is public and for whom, and the way to what administrators set."""
    t, campaign = view.t, basket.folder().load()
    roles = find_roles(Settings.from_environment().campaign).roles
    messages.show_heading(t("What is public"))
    individuals, licence = campaign.individuals, campaign.publisher.licence
    name = find_text(licence.name, view.lang)
    lines = [
        t("The campaign is closed to everybody who has not signed in.")
        if roles.closed
        else t("The campaign is open: everybody sees what is public. The staff pages are for staff."),
        t("Stakeholders that are persons are named: they agreed.")
        if individuals.agreed_to_be_named
        else t("Stakeholders that are persons are not named: readers see a word and the country instead."),
        t("The figures may be used under this licence: {licence}", licence=name or licence.url)
        if name or licence.url
        else t("No licence is stated for the use of the figures."),
        t("Names, mail addresses and telephone numbers of contacts are never public, whatever the settings."),
    ]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    st.markdown(t("Persons and the licence are set under Campaign."))
    messages.show_heading(t("Who is staff"))
    if not staff.may_open(AccessClass.ADMINISTRATOR):
        st.markdown(
            t("Administrators say who is staff and whether the campaign is open, on the page People and roles.")
        )
        return
    st.markdown(t("Roles, and whether the campaign is open, are set on a separate page."))
    pairs = (("lang", view.lang),)
    page_link.show(PageLink(t(header.find("roles").title), "roles", pairs, ":material/arrow_forward:"))
