"""Links in tables and texts to pages of the dashboard, which lead there without loading everything anew.

They are links of HTML, so that they open in another tab too and their address can be copied; `reading.js`, which every
page has, has a plain click change the page as the browser's own buttons do.
"""

from collections.abc import Iterable
from html import escape

from dashboard.ground import page_addresses
from dashboard.ui.frame import link


def address(page_id: str, target: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The address of a page, as a link on another page has it.

    Args:
        page_id: The page that the link stands on.
        target: The part that it leads to.
        pairs: Its parameters.
    """
    return page_addresses.write(link.site_path(page_id), target, pairs)


def render(text: str, to: str, attributes: str = "") -> str:
    """A link as HTML; its text is escaped.

    Args:
        text: Its words.
        to: The address, as `address` gives it.
        attributes: Further attributes, as HTML.
    """
    return wrap(escape(text), to, attributes)


def wrap(content: str, to: str, attributes: str = "") -> str:
    """A link around HTML, as `render`."""
    return f'<a href="{escape(to)}" data-way{f" {attributes}" if attributes else ""}>{content}</a>'
