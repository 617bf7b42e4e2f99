"""A link to a page of the dashboard: as models of pages have it, and as it is drawn."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st

from dashboard.paths import PROJECT
from dashboard.ui.frame import link, ways
from dashboard.ui.frame.markdown import plain


@dataclass(frozen=True)
class PageLink:
    """Where a link leads, and what it says.

    Attributes:
        label: Its words.
        page_id: The page.
        pairs: The parameters of the link.
        icon: An icon of Material, as `:material/mail:`.
        help: What is said where one points at it.
        lang: The language of its words, where it may be another than the page's.
    """

    label: str
    page_id: str
    pairs: tuple[tuple[str, str], ...] = ()
    icon: str = ""
    help: str = ""
    lang: str = ""

    def address(self, here: str) -> str:
        """Its address on the page `here`."""
        return ways.address(here, self.page_id, self.pairs)

    def render(self, here: str, attributes: str = "") -> str:
        """It as HTML on the page `here`, with further attributes."""
        return self.wrap(escape(self.label), here, attributes)

    def wrap(self, content: str, here: str, attributes: str = "") -> str:
        """It around HTML that says its words, as `render`."""
        spoken = f'lang="{escape(self.lang)}"' if self.lang else ""
        return ways.wrap(content, self.address(here), " ".join(filter(None, (spoken, attributes))))


def render(one: PageLink | str, here: str) -> str:
    """A link as HTML on the page `here`; words that lead nowhere as they are."""
    return escape(one) if isinstance(one, str) else one.render(here)


def find_script(page_id: str) -> Path:
    """The script of a page; absolute, so that it does not depend on which script runs the pages."""
    return PROJECT / "pages" / f"{page_id}.py"


def show(one: PageLink, markdown: str = "") -> None:
    """Draw a link; `markdown`: its words where some of them are marked."""
    st.page_link(
        find_script(one.page_id),
        label=markdown or plain(one.label),
        icon=one.icon or None,
        help=one.help or None,
        query_params=link.as_query(one.pairs),
    )
