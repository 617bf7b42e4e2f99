"""What stands above every page: the campaign's title, the languages, the way to the other pages."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard.access.rights import AccessClass, Role
from dashboard.campaign.blank import is_blank
from dashboard.i18n import N_, Translator
from dashboard.languages import name_language
from dashboard.settings import Settings
from dashboard.snapshot.selection import VERSUS, Selection
from dashboard.ui.frame import link, search_box, staff
from dashboard.ui.frame.page_link import find_script


class PageSpec(NamedTuple):
    """One page: its id, which is its address too, its title, and who may open it."""

    page_id: str
    title: str
    access: AccessClass = AccessClass.NOBODY

    @property
    def script(self) -> Path:
        """The page's script."""
        return find_script(self.page_id)


class Section(NamedTuple):
    """Pages that belong together: the header leads to the first one, and from each of them to the others."""

    title: str
    pages: tuple[PageSpec, ...]

    def holds(self, page_id: str) -> bool:
        """Whether a page belongs to it."""
        return any(spec.page_id == page_id for spec in self.pages)


def _public(page_id: str, title: str) -> PageSpec:
    return PageSpec(page_id, title, AccessClass.PUBLIC)


def _alone(page_id: str, title: str) -> Section:
    return Section(title, (_public(page_id, title),))


SECTIONS = (
    _alone("overview", N_("Overview")),
    _alone("regions", N_("Regions")),
    _alone("categories", N_("Categories")),
    _alone("themes", N_("Themes")),
    _alone("groups", N_("Groups")),
    Section(
        N_("Actions"),
        (
            _public("actions", N_("Actions")),
            _public("stakeholders", N_("Stakeholders")),
            _public("latest", N_("Latest news")),
            _public("milestones", N_("Milestones")),
        ),
    ),
    Section(
        N_("Explore"),
        (_public("explore", N_("Explore")), _public("compare", N_("Compare")), _public("surveys", N_("Surveys"))),
    ),
    Section(
        N_("Sharing"),
        (
            _public("briefing", N_("Briefing")),
            _public("download", N_("Extracts")),  # /extracts is the address of the files
            _public("newsletter", N_("Newsletter")),
        ),
    ),
    Section(N_("Help"), (_public("help", N_("Help")), _public("definitions", N_("Definitions")))),
)
SHARING = "briefing"
"""The first page of the section in which readers find the pages of their own."""
OWN_PAGES = (PageSpec("shared_links", N_("Signed links"), AccessClass.READER),)
"""What those who have signed in have of their own, where the campaign is closed."""
STAFF = Section(
    N_("Staff"),
    (
        PageSpec("quality", N_("Data quality"), AccessClass.STAFF),
        PageSpec("upload", N_("Upload"), AccessClass.STAFF),
        PageSpec("settings", N_("Settings"), AccessClass.STAFF),
        PageSpec("silent", N_("Silent"), AccessClass.STAFF),
        PageSpec("mailing", N_("Mailing"), AccessClass.STAFF),
        PageSpec("roles", N_("People and roles"), AccessClass.ADMINISTRATOR),
        PageSpec("audit", N_("Audit log"), AccessClass.ADMINISTRATOR),
    ),
)
BEGINNING = (PageSpec("new_campaign", N_("New campaign"), AccessClass.STAFF),)
"""Among the staff pages of the header while there is no campaign."""
PAGES = tuple(spec for section in SECTIONS for spec in section.pages)
COMPARING = ("compare", "briefing")
"""The pages that put two selections side by side."""
DETAIL_PAGES = (_public("country", N_("Country")),)
"""Reached from other pages and from the search, and not by the header."""
STAFF_PAGES = (*STAFF.pages, *BEGINNING)
"""Open to staff only: none of their scripts runs for anybody else, and each begins with `page.open_staff`."""


def find(page_id: str) -> PageSpec:
    """The page of this id."""
    return next(spec for spec in (*PAGES, *DETAIL_PAGES, *OWN_PAGES, *STAFF_PAGES) if spec.page_id == page_id)


def show(
    t: Translator,
    campaign_title: str,
    selection: Selection | None,
    page_id: str = "",
    languages: Sequence[str] = (),
) -> None:
    """Draw the header; without a selection (a faulty link) there is no language switch, and no search."""
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        st.html(f'<div class="campaign">{campaign_title}</div>', width="stretch")
        if selection is not None:
            search_box.show(t, page_id, _list_sites(t), selection)
            if len(languages) > 1:
                _show_languages(t, selection, languages)
    _show_pages(t, selection, page_id)


def _list_sites(t: Translator) -> dict[str, search_box.Site]:
    """The pages that the search leads to, those by their titles that the reader may open."""
    titled = (*PAGES, *_list_open())
    sites = {spec.page_id: search_box.Site(t(spec.title), spec.script) for spec in titled}
    return sites | {spec.page_id: search_box.Site("", spec.script) for spec in DETAIL_PAGES}


def _list_open() -> tuple[PageSpec, ...]:
    """The staff pages that this reader may open, and that lead somewhere."""
    offered = (*BEGINNING, *STAFF.pages) if is_blank(Settings.from_environment().campaign) else STAFF.pages
    return tuple(spec for spec in offered if staff.may_open(spec.access))


def _show_languages(t: Translator, selection: Selection, languages: Sequence[str]) -> None:
    link.keep("lang", selection.lang)
    st.segmented_control(
        t("Language"),
        languages,
        format_func=name_language,
        key="lang",
        required=True,
        label_visibility="collapsed",
        on_change=_take_language,
    )


def _take_language() -> None:
    lang = st.session_state["lang"]
    if lang is not None:
        link.change(lang=lang)


def _show_pages(t: Translator, selection: Selection | None, page_id: str) -> None:
    """The sections, and below them the pages of the one that is open, where it has several.

    Each link carries the selection, so that the page can be opened in another tab too.
    """
    pairs = selection.query_pairs() if selection is not None else [("lang", t.language)]
    whole = link.as_query(pairs)
    query = {name: values for name, values in whole.items() if name not in VERSUS}
    staff_query = {name: values for name, values in query.items() if name != "build"}  # they show what is published
    is_staff = staff.may_open()
    with st.container(gap=None, key="pages"):
        with st.container(horizontal=True, gap=None, key="sections"):
            for section in SECTIONS:
                st.page_link(section.pages[0].script, label=t(section.title), query_params=query)
            if is_staff:
                with st.container(horizontal=True, gap=None, width="content", key="staff-pages"):
                    st.page_link(STAFF.pages[0].script, label=t(STAFF.title), query_params=staff_query)
                    staff.show_who(t)
            elif staff.person().role is not Role.STRANGER:
                staff.show_who(t)
            elif staff.has_sign_in():
                staff.show_sign_in(t, STAFF.pages[0].page_id)
        beside = _list_beside(page_id, is_staff=is_staff)
        if len(beside) > 1:
            with st.container(horizontal=True, gap=None, key="section-pages"):
                for spec in beside:
                    kept = staff_query if spec in STAFF_PAGES else whole if spec.page_id in COMPARING else query
                    st.page_link(spec.script, label=t(spec.title), query_params=kept)


def list_sections() -> tuple[Section, ...]:
    """The sections with the pages that this reader may open: theirs in Sharing, those for staff last."""
    own = OWN_PAGES if staff.has_own() else ()
    public = (
        Section(section.title, (*section.pages, *own)) if section.holds(SHARING) else section for section in SECTIONS
    )
    opened = _list_open()
    return (*public, *((Section(STAFF.title, opened),) if opened else ()))


def _list_beside(page_id: str, *, is_staff: bool) -> tuple[PageSpec, ...]:
    """The pages of the section that a page is in; none of a page that is in no section."""
    sharing = next(section for section in SECTIONS if section.pages[0].page_id == SHARING)
    whole = (*sharing.pages, *OWN_PAGES)
    if page_id in {spec.page_id for spec in OWN_PAGES} or (sharing.holds(page_id) and staff.has_own()):
        return whole
    sections = (*SECTIONS, Section(STAFF.title, _list_open())) if is_staff else SECTIONS
    return next((section.pages for section in sections if section.holds(page_id)), ())
