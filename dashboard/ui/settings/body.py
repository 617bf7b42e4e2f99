"""The page Settings: the unpublished changes, and the sections that change the settings.

A section is a module of this room with `show(view)`, and a line in `SECTIONS`; it reads and changes the settings by
`basket` alone, whose docstring is the contract. Sources are those of Upload, and change at once: no figure can tell.
"""

import streamlit as st

from dashboard.access.rights import AccessClass
from dashboard.access.roles_file import find_roles
from dashboard.campaign.licences import find_text
from dashboard.errors import UserError, map_text
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame import header, page_link, staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import campaign_commands, draft_work, messages, page_parts
from dashboard.ui.pieces.page_parts import Section
from dashboard.ui.settings import basket, campaign_forms, changes, code_lists
from dashboard.ui.sources import fetched


def _show_people(view: Frame) -> None:
    """Draw what is public and to whom, and the link to administrators' settings."""
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


PARAMETERS = (page_parts.PARAMETER,)
SECTIONS = {
    "campaign": Section(N_("Campaign"), campaign_forms.show),
    "lists": Section(N_("Lists"), code_lists.show),
    "groupings": Section(N_("Groupings"), code_lists.show_groupings),
    "sources": Section(N_("Sources"), fetched.show),
    "people": Section(N_("People"), _show_people),
    "history": Section(N_("History"), changes.show_history),
}
"""The sections by their names in the link, in the order of the page."""


def show(view: Frame) -> None:
    """Draw the stage of the working copy: changed, at work, looked at, published."""
    campaign_commands.prepare()
    error = basket.take_refusal()
    if error is not None:
        messages.show_error(view, error)
    try:
        changes.show_elsewhere(view)
        is_section = _show_stage(view)
    except UserError as fault:  # somebody has edited a file by hand
        messages.show_error(view, fault)
        is_section = True
        if basket.find() is not None:
            st.button(view.t("Discard"), key="settings-discard", icon=":material/delete:", on_click=basket.forget)
    if not is_section:
        return
    section = page_parts.open_section(view, "settings-section", SECTIONS)
    try:
        section.show(view)
    except UserError as fault:  # which names a file as it stands in the campaign folder
        root = f"{basket.folder().root}/"
        messages.show_error(view, UserError(map_text(fault.what, lambda text: text.replace(root, "")), fault.remedy))


def _show_stage(view: Frame) -> bool:
    """Draw the work in hand; return whether to show the sections below it."""
    work = basket.find()
    if work is not None and work.job is not None:
        st.fragment(draft_work.show_work, run_every=campaign_commands.POLL_SECONDS)(
            view, work, "settings-cancel", work.stop
        )
        return False
    if work is not None and work.note is not None and work.published is None:
        changes.show_preview(view, work)
        return False
    if work is not None and work.published is not None:
        changes.show_published(view, work)
    elif work is not None:
        changes.show_in_hand(view, work)
    return True
