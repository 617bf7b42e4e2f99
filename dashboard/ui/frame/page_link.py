"""A link to a page of the dashboard, as models hold it and as it is drawn.

As HTML it also opens in another tab, and its address can be copied; `reading.js`, which every page has, makes a plain
click change the page as the browser's own buttons do, without loading everything again. Where the campaign is closed,
readers find beside an address the button to make a signed link.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal, NoReturn
from urllib.parse import urlsplit

import streamlit as st

from dashboard.ground import page_addresses
from dashboard.paths import PROGRAM
from dashboard.ui.frame import link, staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View

TO = "to"
"""The parameter of the page of links that says what is to be opened: the path and query string of an address."""


def show_signed(view: View, address: str, key: str) -> None:
    """Draw the button to make a signed link; nothing where addresses need none, or the reader may make none.

    `address`: the address that the link is to open, with or without the dashboard's own address.
    `key`: distinguishes this button from others on the page.
    """
    if not staff.has_own():
        return
    parts = urlsplit(address.removeprefix(link.site_address(view.page_id)))
    with st.container(key=f"link-way-{key}", gap=None):
        st.caption(
            view.t("The campaign is closed: in programs and web pages this address only works with a signed link.")
        )
        help_text = view.t(
            "Excel, Power BI and web pages cannot sign in: a signed link opens only this, until its last day"
        )
        pairs = ((TO, f"{parts.path}?{parts.query}"), *view.selection.query_pairs())
        label = view.t("Create a signed link")
        show(PageLink(label, "shared_links", pairs, ":material/key:", help_text))


@dataclass(frozen=True)
class PageLink:
    """A link: its target and its words.

    Attributes:
        icon: An icon of Material, as `:material/mail:`.
        lang: The language of its words, where it may differ from the page's.
    """

    label: str
    page_id: str
    pairs: tuple[tuple[str, str], ...] = ()
    icon: str = ""
    help: str = ""
    lang: str = ""

    def address(self, page_id: str) -> str:
        """Return its address on the page `page_id`."""
        return page_addresses.write(link.site_path(page_id), self.page_id, self.pairs)

    def render(self, page_id: str, attributes: str = "") -> str:
        """Write it as HTML on the page `page_id`, with further attributes."""
        return self.wrap(escape(self.label), page_id, attributes)

    def wrap(self, content: str, page_id: str, attributes: str = "") -> str:
        """Wrap it around HTML that holds its words, as `render`."""
        spoken = f'lang="{escape(self.lang)}"' if self.lang else ""
        words = " ".join(filter(None, ("data-way", spoken, attributes)))
        return f'<a href="{escape(self.address(page_id))}" {words}>{content}</a>'


def render(one: PageLink | str, page_id: str) -> str:
    """Write a link as HTML on the page `page_id`; words without a target as they are."""
    return escape(one) if isinstance(one, str) else one.render(page_id)


def find_script(page: str) -> Path:
    """Find the script of a page; its path is absolute, so that it does not depend on which script runs the pages."""
    return PROGRAM / "pages" / f"{page}.py"


def show(one: PageLink, markdown: str = "", width: int | Literal["content"] = "content") -> None:
    """Draw a link.

    `markdown`: its words where some of them are marked.
    `width`: its width, in pixels.
    """
    st.page_link(
        find_script(page_addresses.find_page(one.page_id)),
        label=markdown or plain(one.label),
        icon=one.icon or None,
        help=one.help or None,
        query_params=link.as_query(page_addresses.choose(one.page_id, one.pairs)),
        width=width,
    )


def follow(one: PageLink) -> NoReturn:
    """Go to the target of a link."""
    query = link.as_query(page_addresses.choose(one.page_id, one.pairs))
    st.switch_page(find_script(page_addresses.find_page(one.page_id)), query_params=query)
