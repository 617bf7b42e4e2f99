"""The header of every page: the campaign's title, the languages, the links to the other pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard.access.rights import AccessClass, Role
from dashboard.campaign.blank import is_blank
from dashboard.campaign.folder import read_reports_by_link
from dashboard.campaign.reporting.reports import ReportBox
from dashboard.ground.page_addresses import find_page
from dashboard.i18n import N_, Translator
from dashboard.languages import name_language
from dashboard.settings import Settings
from dashboard.snapshot.selection import VERSUS, Selection
from dashboard.ui.frame import link, search_box, staff
from dashboard.ui.frame.page_link import PageLink


class PageSpec(NamedTuple):
    """One part of a page: its id, its title, and who may open it. `page_addresses` has its address."""

    page_id: str
    title: str
    access: AccessClass = AccessClass.NOBODY


class Section(NamedTuple):
    """A page with its parts: the header links to the first one, and each of them to the others."""

    title: str
    pages: tuple[PageSpec, ...]

    def holds(self, page_id: str) -> bool:
        """Whether a part stands on this page."""
        return any(spec.page_id == page_id for spec in self.pages)


def _public(page_id: str, title: str) -> PageSpec:
    return PageSpec(page_id, title, AccessClass.PUBLIC)


def _staff(page_id: str, title: str, access: AccessClass = AccessClass.STAFF) -> PageSpec:
    return PageSpec(page_id, title, access)


def _alone(page_id: str, title: str) -> Section:
    return Section(title, (_public(page_id, title),))


SECTIONS = (
    _alone("overview", N_("Overview")),
    Section(
        N_("Regions"),
        (
            _public("regions", N_("Regions")),
            _public("subregions", N_("Subregions")),
            _public("countries", N_("Countries")),
            _public("groupings", N_("Groupings")),
            _public("groups", N_("Groups")),
        ),
    ),
    _alone("categories", N_("Categories")),
    _alone("themes", N_("Themes")),
    Section(
        N_("Actions"),
        (
            _public("actions", N_("Actions")),
            _public("stakeholders", N_("Stakeholders")),
            _public("milestones", N_("Milestones")),
        ),
    ),
    _alone("latest", N_("Latest news")),
    Section(
        N_("Explore"),
        (_public("explore", N_("Explore")), _public("compare", N_("Compare")), _public("surveys", N_("Surveys"))),
    ),
    Section(
        N_("Share", "verb: pass on"),
        (
            _public("briefing", N_("Briefing")),
            _public("download", N_("Extracts")),
            _public("newsletter", N_("Newsletter")),
        ),
    ),
    Section(N_("Help"), (_public("help", N_("Help")), _public("definitions", N_("Definitions")))),
)
DIMENSION_PAGES = {
    "regions": "region",
    "subregions": "subregion",
    "countries": "country",
    "groupings": "grouping",
    "categories": "category",
    "themes": "theme",
    "groups": "group",
}
"""The parts that break the actions down by one dimension, with it: each leads to the others."""
SHARING = "briefing"
"""The first part of the page on which readers find what is their own."""
OWN_PAGES = (PageSpec("shared_links", N_("Signed links"), AccessClass.READER),)
"""What those who have signed in have of their own, where the campaign is closed."""
STAFF = (
    Section(N_("Files"), (_staff("upload", N_("Upload")), _staff("quality", N_("Data quality")))),
    Section(
        N_("Ask and tell"),
        (
            _staff("silent", N_("Missing reports")),
            _staff("mailing", N_("Mailing")),
            _staff("reports", N_("Reports received")),
        ),
    ),
    Section(
        N_("Settings"),
        (
            _staff("settings", N_("Settings")),
            _staff("roles", N_("People and roles"), AccessClass.ADMINISTRATOR),
            _staff("audit", N_("Audit log"), AccessClass.ADMINISTRATOR),
        ),
    ),
)
REPORTS = "reports"
"""The part for what stakeholders send by link: offered where they may, or ever did; first where reports wait."""
BEGINNING = (_staff("new_campaign", N_("New campaign")),)
"""First among the settings while there is no campaign."""
PAGES = tuple(spec for section in SECTIONS for spec in section.pages)
COMPARING = ("compare", "briefing")
"""The parts that put two selections side by side."""
DETAIL_PAGES = (_public("country", N_("Country")),)
"""Reached from other pages and from the search, and not by the header."""
STAFF_PAGES = (*(spec for section in STAFF for spec in section.pages), *BEGINNING)
"""Drawn for staff only: each is opened by `page.open_staff` or `page.open_first`."""
ALL = (*PAGES, *DETAIL_PAGES, *OWN_PAGES, *STAFF_PAGES)
"""Every part of every page."""


def find(page_id: str) -> PageSpec:
    """Find the part of this id."""
    return next(spec for spec in ALL if spec.page_id == page_id)


@dataclass(frozen=True)
class Reader:
    """What the reader of a page may open.

    Attributes:
        has_own: Whether there are pages of their own, as where the campaign is closed.
        waiting_reports: The reports by link that wait for staff; None where nobody reports by link.
    """

    classes: frozenset[AccessClass] = frozenset({AccessClass.PUBLIC})
    has_own: bool = False
    is_beginning: bool = False
    waiting_reports: int | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the pages of staff are open."""
        return AccessClass.STAFF in self.classes


@dataclass(frozen=True)
class HeaderModel:
    """The contents of the header.

    Attributes:
        languages: The languages to choose from, with their names; none where there is no choice.
        has_search: Whether the search is shown; not where the link is faulty.
        beside: The links to the parts of the open page, where it has several.
    """

    campaign: str
    lang: str
    languages: dict[str, str]
    has_search: bool
    sections: tuple[PageLink, ...]
    staff: tuple[PageLink, ...]
    beside: tuple[PageLink, ...]
    page: str


def make_model(
    campaign: str,
    selection: Selection | None,
    t: Translator,
    page_id: str,
    reader: Reader,
    languages: Sequence[str] = (),
    without_data: frozenset[str] = frozenset(),
) -> HeaderModel:
    """Make the header's model; without a selection (a faulty link) there is no language switch, and no search.

    Each link carries the selection, so that it works in another tab too. No link leads to pages without anything to
    show (`without_data`, by their ids) except from themselves.
    """
    all_pairs = tuple(selection.query_pairs() if selection is not None else [("lang", t.language)])
    one_side = tuple(pair for pair in all_pairs if pair[0] not in VERSUS)
    newest = tuple(pair for pair in one_side if pair[0] != "build")  # pages of staff show what is published

    def link_page(spec: PageSpec, title: str) -> PageLink:
        waiting = f" ({reader.waiting_reports})" if spec.page_id == REPORTS and reader.waiting_reports else ""
        pairs = newest if spec in STAFF_PAGES else all_pairs if spec.page_id in COMPARING else one_side
        return PageLink(f"{t(title)}{waiting}", spec.page_id, pairs)

    def lead_to(section: Section) -> PageLink | None:
        offered = [spec for spec in section.pages if spec.page_id not in without_data or section.holds(page_id)]
        pairs = newest if offered and offered[0] in STAFF_PAGES else one_side
        return PageLink(t(section.title), offered[0].page_id, pairs) if offered else None

    beside = _list_beside(page_id, reader, without_data)
    has_choice = selection is not None and len(languages) > 1
    return HeaderModel(
        campaign=campaign,
        lang=t.language,
        languages={lang: name_language(lang) for lang in languages} if has_choice else {},
        has_search=selection is not None,
        sections=tuple(filter(None, map(lead_to, SECTIONS))),
        staff=tuple(filter(None, map(lead_to, list_staff(reader)))),
        beside=tuple(link_page(spec, spec.title) for spec in beside) if len(beside) > 1 else (),
        page=find_page(page_id),
    )


def list_sections(reader: Reader) -> tuple[Section, ...]:
    """List the pages with the parts that this reader may open: theirs on Share, those for staff last."""
    pages = OWN_PAGES if reader.has_own else ()
    public = (
        Section(section.title, (*section.pages, *pages)) if section.holds(SHARING) else section for section in SECTIONS
    )
    return (*public, *list_staff(reader))


def list_staff(reader: Reader) -> tuple[Section, ...]:
    """List the pages of staff with the parts that this reader may open, and that have something to show."""
    *sections, settings = STAFF
    offered = settings._replace(pages=(*BEGINNING, *settings.pages)) if reader.is_beginning else settings
    permitted_sections = (
        section._replace(pages=tuple(_list_permitted(section, reader))) for section in (*sections, offered)
    )
    return tuple(section for section in permitted_sections if section.pages)


def _list_permitted(section: Section, reader: Reader) -> list[PageSpec]:
    """List the parts of a page that the reader may open; reports stand first where some wait."""
    parts = [spec for spec in section.pages if spec.access in reader.classes]
    if reader.waiting_reports is None:
        return [spec for spec in parts if spec.page_id != REPORTS]
    return sorted(parts, key=lambda spec: spec.page_id != REPORTS) if reader.waiting_reports else parts


def _list_beside(page_id: str, reader: Reader, without_data: frozenset[str]) -> tuple[PageSpec, ...]:
    """List the other parts of the page of a part; for a dimension, the other dimensions that have data."""
    if page_id in (*DIMENSION_PAGES, *(spec.page_id for spec in DETAIL_PAGES)):
        return tuple(find(one) for one in DIMENSION_PAGES if one not in without_data or one == page_id)
    is_own = page_id in {spec.page_id for spec in OWN_PAGES}
    sections = list_sections(replace(reader, has_own=reader.has_own or is_own))
    return next((section.pages for section in sections if section.holds(page_id)), ())


def find_reader() -> Reader:
    """Find what the reader of this session may open."""
    classes = staff.list_open()
    campaign = Settings.from_environment().campaign
    waiting = _count_reports(campaign) if AccessClass.STAFF in classes else None
    return Reader(classes, staff.has_own(), is_blank(campaign), waiting)


def _count_reports(campaign: Path) -> int | None:
    """Count the reports by link that wait; None where nobody may report by link, and nobody has."""
    waiting = ReportBox(campaign / "private").count_waiting()
    return 0 if waiting is None and read_reports_by_link(campaign).open else waiting


def draw(model: HeaderModel, page_id: str, t: Translator, reader: Reader, selection: Selection | None = None) -> None:
    """Draw the header.

    `reader`: decides which pages the search finds.
    `selection`: the selection that the search keeps.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="header"):
        name = model.campaign.split(":", 1)[0].rstrip()
        rest = model.campaign[len(name) :]
        title = (
            f'<span class="campaign" title="{escape(model.campaign)}">{escape(name)}<span>{escape(rest)}</span></span>'
        )
        st.html(title, width="content")
        st.html(_write_pages(t, model, page_id), width="stretch")
        if model.has_search and selection is not None:
            search_box.show(t, page_id, list_titles(t, reader), selection)
        if model.languages:
            _show_languages(model)
        if staff.person().role is not Role.STRANGER:
            staff.show_who(t)
    if model.beside:
        beside = "".join(_write_way(one, page_id, "page" if one.page_id == page_id else "") for one in model.beside)
        labels = (one.label for one in (*model.sections, *model.staff) if find_page(one.page_id) == model.page)
        title = next(labels, "")
        with st.container(key="parts"):
            st.html(f'<nav class="parts" aria-label="{escape(title)}"><ul>{beside}</ul></nav>')


def list_titles(t: Translator, reader: Reader) -> dict[str, str]:
    """List by id the parts that the reader may open, as the search names them: `Files · Upload`."""
    return {
        spec.page_id: t(spec.title) if spec.title == section.title else f"{t(section.title)} · {t(spec.title)}"
        for section in list_sections(reader)
        for spec in section.pages
    }


def _show_languages(model: HeaderModel) -> None:
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
    """Write the links to the pages, those of staff after a line, or the link to sign in."""
    mark = "true" if model.beside else "page"
    first = model.staff[:1]
    ways = [
        _write_way(one, page_id, mark if find_page(one.page_id) == model.page else "", "staff-pages" * (one in first))
        for one in (*model.sections, *model.staff)
    ]
    if not model.staff and staff.person().role is Role.STRANGER and staff.has_sign_in():
        ways.append(f"<li>{staff.write_sign_in(t, STAFF_PAGES[0].page_id)}</li>")
    return f'<nav class="pages" aria-label="{escape(t("Pages"))}"><ul>{"".join(ways)}</ul></nav>'


def _write_way(one: PageLink, page_id: str, current: str, name: str = "") -> str:
    """Write a link to a page as an item of a list; `current`: the value of `aria-current` on the open page."""
    item = f"<li class={name}>" if name else "<li>"
    return f"{item}{one.render(page_id, f'aria-current={current}' if current else '')}</li>"
