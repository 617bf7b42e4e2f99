"""The page Help: how to read the dashboard, the use of each page, the keys, the contact, the guides with pictures."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard.access.rights import AccessClass
from dashboard.campaign.folder import read_publisher
from dashboard.campaign.licences import find_text
from dashboard.i18n import N_
from dashboard.measures.definitions import FEW
from dashboard.paths import PROGRAM
from dashboard.settings import Settings
from dashboard.ui.frame import header, link, page, staff
from dashboard.ui.frame.header import PageSpec
from dashboard.ui.frame.page_help import PAGE_HELP
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import messages

GUIDE = "guide"
FOLDER = PROGRAM / "docs" / "guides"
GUIDES = {
    "partners": AccessClass.PUBLIC,
    "presenters": AccessClass.PUBLIC,
    "stakeholders": AccessClass.PUBLIC,
    "staff": AccessClass.STAFF,
}
"""Each guide, and its readers."""
SOURCE_LANGUAGE = "en"
"""The language of a guide in languages that have none of their own."""
PIXELS = 1.5
"""The pixels of a picture for one of the page, each way."""
_PICTURE = re.compile(r"^ *!\[(?P<alt>[^\]]*)\]\((?P<file>[^)]*)\)$", flags=re.MULTILINE)


class Picture(NamedTuple):
    """A picture of a guide, and its content in words."""

    file: Path
    alt: str


def find_guide_file(name: str, lang: str) -> Path:
    """Find the file of a guide in a language, else in English."""
    path = FOLDER / f"{name}.{lang}.md"
    return path if path.is_file() else FOLDER / f"{name}.{SOURCE_LANGUAGE}.md"


@cache
def read_guide_title(file: Path) -> str:
    """Read the title of a guide."""
    return file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def read_guide_parts(file: Path) -> Iterator[str | Picture]:
    """Read the text below a guide's title, in order: Markdown, and the pictures in it."""
    _, _, text = file.read_text(encoding="utf-8").partition("\n")
    at = 0
    for match in _PICTURE.finditer(text):
        yield text[at : match.start()]
        yield Picture(file.parent / match["file"], match["alt"])
        at = match.end()
    yield text[at:]


def list_own_guides() -> list[str]:
    """List the guides that this reader may open."""
    return [name for name, access in GUIDES.items() if access is AccessClass.PUBLIC or staff.may_open(access)]


def find_opened_guide(view: Frame) -> str:
    """Find the guide that the link opens, where the reader may open it; else return an empty text."""
    requested = link.page_parameter(GUIDE) if isinstance(view, View) else st.query_params.get(GUIDE)
    return requested if requested in list_own_guides() else ""


def show_guides(view: Frame) -> None:
    """Draw the links to the guides."""
    messages.show_heading(view.t("Guides with pictures"))
    pairs = page.list_carried(view)
    links = (
        PageLink(read_guide_title(find_guide_file(name, view.lang)), view.page_id, (*pairs, (GUIDE, name)))
        for name in list_own_guides()
    )
    items = "".join(f"<li>{one.render(view.page_id)}</li>" for one in links)
    st.html(f'<ul class="help-guides">{items}</ul>')


def show_guide(view: Frame, name: str) -> None:
    """Draw a guide in the place of the rest of the page, with a link back."""
    file = find_guide_file(name, view.lang)
    back = PageLink(view.t("All of the help"), view.page_id, page.list_carried(view)).render(view.page_id)
    st.html(f'<p class="help-back">{back}</p>')
    messages.show_heading(read_guide_title(file))
    with st.container(key="guide"):
        for part in read_guide_parts(file):
            if isinstance(part, Picture):
                _show_picture(part)
            elif part.strip():
                st.markdown(re.sub("^## ", "### ", part, flags=re.MULTILINE), anchors=False)


def _show_picture(picture: Picture) -> None:
    """Draw a picture as it is on disk, at its real size; given a width, Streamlit would make a smaller one."""
    with st.container(width=_find_width(picture.file)):
        st.image(str(picture.file), width="stretch", output_format="PNG", alt=picture.alt)


@cache
def _find_width(file: Path) -> int:
    from PIL import Image  # Streamlit needs it for pictures, too

    with Image.open(file) as image:
        return round(image.width / PIXELS)


READING = (
    (
        N_("What is shown"),
        N_(
            "The filters at the top choose the actions that all pages show. They are part of the link: whoever opens "
            "it sees the same, in any language."
        ),
    ),
    (
        N_("On which day"),
        N_(
            "“As of” is the date of the figures: the latest in the data, or an earlier one you choose. A report "
            "counts from its own date on."
        ),
    ),
    (
        N_("What is not known"),
        N_(
            "No report does not mean failure: actions without one are shown as such, never left out and never "
            "counted as unsuccessful."
        ),
    ),
    (
        N_("How sure a rate is"),
        N_(
            "A completion rate is what is known at least. “Up to” is what it would be if all actions of unknown "
            "status were completed; the true rate lies between the two. Two rates are called different only where "
            "these ranges do not overlap."
        ),
    ),
    (
        N_("Small numbers"),
        N_("Every rate comes with its counts. For fewer than {few} actions, read the counts rather than the rate."),
    ),
    (
        N_("Parts and totals"),
        N_(
            "An action of several countries or with several themes counts once in each of them, and once in a total: "
            "the parts may add up to more."
        ),
    ),
    (
        N_("Charts"),
        N_(
            "Choose a mark of a chart to filter by it, and choose it again to lift the filter. “Figures and "
            "notes” below each chart holds its table; “Share this chart” takes it into slides, documents and web pages."
        ),
    ),
)
"""The reading of the figures, a name and a sentence or two each."""

KEYS = (
    (N_("Tab, Shift+Tab"), N_("The next or the previous control. The first one of each page leads past the filters.")),
    (N_("Enter, Space"), N_("Open or choose what has the focus; at a mark of a chart, filter by it.")),
    (N_("Arrow keys"), N_("In a chart from mark to mark; at the campaign day by day, a day earlier or later.")),
    (N_("Shift+Arrow, Page up, Page down"), N_("At the campaign day by day, a week earlier or later.")),
    (N_("Escape"), N_("Close what is open above the page: help, search, a list, the large view of a chart.")),
)
"""The use of the keys."""


def show(view: Frame) -> None:
    """Draw the page, part by part; in its place the guide that the link opens."""
    guide = find_opened_guide(view)
    if guide:
        show_guide(view, guide)
        return
    t = view.t
    show_guides(view)
    messages.show_heading(t("In a minute"))
    _show_list((escape(t(name)), escape(t(sentence, few=FEW))) for name, sentence in READING)
    _show_pages(view)
    messages.show_heading(t("By keyboard"))
    _show_list((escape(t(keys)), escape(t(sentence))) for keys, sentence in KEYS)
    _show_contact(view)


def _show_pages(view: Frame) -> None:
    """Draw the pages that the reader may open, each with its content; those without other parts under one heading."""
    t = view.t
    messages.show_heading(t("What each page is for"))
    messages.show_note(t("“Help” beside the title of a page says more: what you can do there, what its figures mean."))
    sections = header.list_sections(header.find_reader())
    alone = [  # all of their page, or breakdowns by one dimension
        one
        for section in sections
        for one in section.pages
        if len(section.pages) == 1 or one.page_id in header.DIMENSION_PAGES
    ]
    _show_section(view, t("Progress"), alone)
    for section in sections:
        _show_section(view, t(section.title), [one for one in section.pages if one not in alone])
    _show_section(view, t("Reached from other pages"), header.DETAIL_PAGES)


def _show_section(view: Frame, title: str, pages: Sequence[PageSpec]) -> None:
    """Draw the links to parts, each with its content; those with the same content stand beside each other."""
    ways: dict[str, list[str]] = {}
    for spec in pages:
        if spec.page_id != view.page_id:
            ways.setdefault(view.t(PAGE_HELP[spec.page_id].shows), []).append(_link(view, spec))
    if ways:
        messages.show_section(title)
        _show_list((", ".join(links), escape(shows)) for shows, links in ways.items())


def _link(view: Frame, spec: PageSpec) -> str:
    """Link a page, as HTML; those of staff without the build, since they show the published one."""
    pairs = page.list_carried(view)
    if spec in header.STAFF_PAGES:
        pairs = tuple(pair for pair in pairs if pair[0] != "build")
    return PageLink(view.t(spec.title), spec.page_id, pairs).render(view.page_id)


def _show_contact(view: Frame) -> None:
    t = view.t
    messages.show_heading(t("Where to ask"))
    is_fictional = isinstance(view, View) and view.snapshot.is_sample
    publisher = read_publisher(Settings.from_environment().campaign, is_fictional=is_fictional)
    name = find_text(publisher.name, view.lang)
    lines = [escape(name)] if name else []
    if publisher.email:
        lines.append(f'<a href="mailto:{escape(publisher.email)}">{escape(publisher.email)}</a>')
    if publisher.url:
        lines.append(f'<a href="{escape(publisher.url)}" target="_blank" rel="noopener">{escape(publisher.url)}</a>')
    if publisher.email or publisher.url:
        messages.show_note(t("About the figures, and about anything on these pages:"))
        st.html(f'<p class="about">{"<br>".join(lines)}</p>')
        return
    st.markdown(t("Ask whoever sent you the link; the campaign gives no address here."))
    if staff.may_open():
        messages.show_note(t("Readers find an address here once the campaign’s settings give one."))


def _show_list(rows: Iterable[tuple[str, str]]) -> None:
    st.html(f'<dl class="help-list">{"".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in rows)}</dl>')
