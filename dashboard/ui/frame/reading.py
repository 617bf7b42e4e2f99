"""Support for screen readers and the keyboard beside Streamlit's: landmarks, focus on headings, spoken changes.

Streamlit replaces one page by another silently, and the focus is lost with its element.
"""

from html import escape
from pathlib import Path

from dashboard.i18n import Translator
from dashboard.languages import find_direction
from dashboard.ui.frame import browser_part

_MOUNT = browser_part.register("reading", Path(__file__), '<p role="status"></p>')


def follow(t: Translator, place: str, announcement: str) -> None:
    """Tell the browser the language and the reader's place.

    `place`: the page or its subject; the heading of this place (`heading`) gets the focus when it changes.
    `announcement`: the text that is read out when it changes at the same place.
    """
    _MOUNT(
        key="reading",
        data={"lang": t.language, "dir": find_direction(t.language), "place": place, "said": announcement},
    )


def load_again() -> None:
    """Make the browser load its address again: it belongs to a former page, and the server redirects it."""
    _MOUNT(key="reading", data={"loads": True})


def heading(text: str, place: str, level: int = 1, lang: str = "", content: str = "") -> str:
    """Write the heading of a place as HTML; with the language of its words where that is not the page's.

    `content`: HTML that says its words.
    """
    spoken = f' lang="{escape(lang)}"' if lang else ""
    return f'<h{level} data-place="{escape(place)}"{spoken}>{content or escape(text)}</h{level}>'
