"""What stands above every page: the campaign's title, the languages, the way to the other pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
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
from dashboard.ui.frame.page_link import PageLink, find_script


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
DIMENSION_PAGES = {"regions": "region", "categories": "category", "themes": "theme", "groups": "group"}
"""The pages that break the actions down by one dimension, with it."""
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


@dataclass(frozen=True)
class Reader:
    """What the reader of a page may open.

    Attributes:
        classes: The classes of pages.
        has_own: Whether there are pages of their own, as where the campaign is closed.
        is_beginning: Whether there is no campaign yet.
    """

    classes: frozenset[AccessClass] = frozenset({AccessClass.PUBLIC})
    has_own: bool = False
    is_beginning: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether the pages of staff are open."""
        return AccessClass.STAFF in self.classes


@dataclass(frozen=True)
class HeaderModel:
    """What stands above every page.

    Attributes:
        campaign: The campaign's title.
        lang: The language of the page.
        languages: Those that the reader may choose, with their names; none where there is nothing to choose.
        has_search: Whether the search stands there; not where the link is faulty.
        sections: The ways to the sections, each to its first page.
        staff: The way to the pages of staff.
        beside: The ways to the pages of the section that is open, where it has several.
        section: The first page of the section that is open; empty where the page is in none.
    """

    campaign: str
    lang: str
    languages: dict[str, str]
    has_search: bool
    sections: tuple[PageLink, ...]
    staff: PageLink | None
    beside: tuple[PageLink, ...]
    section: str


def make_model(
    campaign: str,
    selection: Selection | None,
    t: Translator,
    page_id: str,
    reader: Reader,
    languages: Sequence[str] = (),
    without_data: frozenset[str] = frozenset(),
) -> HeaderModel:
    """What stands above a page; without a selection (a faulty link) there is no language switch, and no search.

    Each link carries the selection, so that the page can be opened in another tab too. No way leads to pages that have
    nothing to show (`without_data`, by their ids) but from themselves.
    """
    whole = tuple(selection.query_pairs() if selection is not None else [("lang", t.language)])
    one_side = tuple(pair for pair in whole if pair[0] not in VERSUS)
    newest = tuple(pair for pair in one_side if pair[0] != "build")  # pages of staff show what is published

    def link_page(spec: PageSpec, title: str) -> PageLink:
        pairs = newest if spec in STAFF_PAGES else whole if spec.page_id in COMPARING else one_side
        return PageLink(t(title), spec.page_id, pairs)

    beside = _list_beside(page_id, reader)
    has_choice = selection is not None and len(languages) > 1
    sections = [one for one in SECTIONS if one.pages[0].page_id not in without_data or one.holds(page_id)]
    return HeaderModel(
        campaign=campaign,
        lang=t.language,
        languages={lang: name_language(lang) for lang in languages} if has_choice else {},
        has_search=selection is not None,
        sections=tuple(PageLink(t(one.title), one.pages[0].page_id, one_side) for one in sections),
        staff=link_page(STAFF.pages[0], STAFF.title) if reader.is_staff else None,
        beside=tuple(link_page(spec, spec.title) for spec in beside) if len(beside) > 1 else (),
        section=beside[0].page_id if beside else "",
    )


def list_sections(reader: Reader) -> tuple[Section, ...]:
    """The sections with the pages that this reader may open: theirs in Sharing, those for staff last."""
    own = OWN_PAGES if reader.has_own else ()
    public = (
        Section(section.title, (*section.pages, *own)) if section.holds(SHARING) else section for section in SECTIONS
    )
    opened = list_open(reader)
    return (*public, *((Section(STAFF.title, opened),) if opened else ()))


def list_open(reader: Reader) -> tuple[PageSpec, ...]:
    """The staff pages that this reader may open, and that lead somewhere."""
    offered = (*BEGINNING, *STAFF.pages) if reader.is_beginning else STAFF.pages
    return tuple(spec for spec in offered if spec.access in reader.classes)


def _list_beside(page_id: str, reader: Reader) -> tuple[PageSpec, ...]:
    """The pages of the section that a page is in; none of a page that is in no section."""
    sharing = next(section for section in SECTIONS if section.pages[0].page_id == SHARING)
    if page_id in {spec.page_id for spec in OWN_PAGES} or (sharing.holds(page_id) and reader.has_own):
        return (*sharing.pages, *OWN_PAGES)
    sections = (*SECTIONS, Section(STAFF.title, list_open(reader))) if reader.is_staff else SECTIONS
    return next((section.pages for section in sections if section.holds(page_id)), ())


def find_reader() -> Reader:
    """What the reader of this session may open."""
    classes = frozenset(access for access in AccessClass if staff.may_open(access))
    return Reader(classes, staff.has_own(), is_blank(Settings.from_environment().campaign))


def draw(model: HeaderModel, page_id: str, t: Translator, reader: Reader, selection: Selection | None = None) -> None:
    """Draw the header.

    Args:
        model: What stands in it.
        page_id: The page.
        t: The reader's language.
        reader: What the search leads to.
        selection: What the search keeps.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        st.html(_write_pages(t, model, page_id), width="stretch")
        if model.has_search and selection is not None:
            search_box.show(t, page_id, list_titles(t, reader), selection)
        if model.languages:
            _show_languages(model)
        if staff.person().role is not Role.STRANGER:
            staff.show_who(t)
    if model.beside:
        beside = "".join(_write_way(one, page_id, "page" if one.page_id == page_id else "") for one in model.beside)
        title = next(one.label for one in (*model.sections, model.staff) if one and one.page_id == model.section)
        st.html(f'<nav class="parts" aria-label="{escape(title)}"><ul>{beside}</ul></nav>')


def list_titles(t: Translator, reader: Reader) -> dict[str, str]:
    """The titles of the pages that the search finds, by their ids: of those that the reader may open."""
    return {spec.page_id: t(spec.title) for spec in (*PAGES, *list_open(reader))}


def _show_languages(model: HeaderModel) -> None:
    """The languages behind the name of the page's own."""
    st.menu_button(
        model.languages[model.lang],
        list(model.languages),
        format_func=model.languages.__getitem__,
        key="lang",
        on_click=_take_language,
        type="tertiary",
    )


def _take_language() -> None:
    lang = st.session_state["lang"]
    if lang is not None:
        link.change(lang=lang)


def _write_pages(t: Translator, model: HeaderModel, page_id: str) -> str:
    """The campaign and the ways to its pages, those of staff after a line, or the way to sign in."""
    mark = "true" if model.beside else "page"
    ways = [_write_way(one, page_id, mark if one.page_id == model.section else "") for one in model.sections]
    if model.staff is not None:
        is_open = model.staff.page_id == model.section
        ways.append(_write_way(model.staff, page_id, mark if is_open else "", "staff-pages"))
    elif staff.person().role is Role.STRANGER and staff.has_sign_in():
        ways.append(f"<li>{staff.write_sign_in(t, STAFF.pages[0].page_id)}</li>")
    name, rest = _divide(model.campaign)
    campaign = f'<div class="campaign" title="{escape(model.campaign)}">{escape(name)}<span>{escape(rest)}</span></div>'
    return f'<div class="bar">{campaign}<nav aria-label="{escape(t("Pages"))}"><ul>{"".join(ways)}</ul></nav></div>'


def _divide(campaign: str) -> tuple[str, str]:
    """The campaign's title up to its colon, which stands in the header, and the rest of it."""
    name = campaign.split(":", 1)[0].rstrip()
    return name, campaign[len(name) :]


def _write_way(one: PageLink, page_id: str, current: str, name: str = "") -> str:
    """A way to a page, as an item of a list; `current`: how that is marked which is open (`aria-current`)."""
    item = f"<li class={name}>" if name else "<li>"
    return f"{item}{one.render(page_id, f'aria-current={current}' if current else '')}</li>"
