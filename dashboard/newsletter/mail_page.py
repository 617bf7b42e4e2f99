"""A mail's HTML: one column that needs no table, in light and dark, with its language stated."""

from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from dashboard import theme
from dashboard.i18n import Translator
from dashboard.languages import write_attributes
from dashboard.measures.definitions import FICTIONAL

_STYLE = Path(__file__).with_name("mail.css")
_COLOURS = {
    "paper": theme.PAPER,
    "text": theme.TEXT,
    "muted": theme.MUTED,
    "line": theme.GRID,
    "link": theme.COMPLETED,
    "completed": theme.COMPLETED,
    "elapsed": theme.ELAPSED,
    "dark-paper": theme.DARK["paper"],
    "dark-text": theme.DARK["text"],
    "dark-muted": theme.DARK["muted"],
    "dark-line": theme.DARK["axis"],
    "dark-link": "#6FB3DB",
}


class Page(NamedTuple):
    """What a mail shows: the campaign, a heading, the HTML below it, the HTML of its foot."""

    t: Translator
    campaign: str
    heading: str
    body: str
    foot: str = ""
    is_sample: bool = False


def draw_page(page: Page) -> str:
    """The HTML, with its styles in a `<style>`."""
    note = f'<p class="note">{escape(page.t(FICTIONAL))}</p>' if page.is_sample else ""
    foot = f'<div class="foot">{page.foot}</div>' if page.foot else ""
    spoken = write_attributes(page.t.language)
    return (
        f'<!doctype html><html {spoken}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(page.heading)}</title><style>{style()}</style></head>"
        f'<body><div class="sheet" role="article" aria-label="{escape(page.heading)}" {spoken}>'
        f'{note}<p class="kicker">{escape(page.campaign)}</p>'
        f"<h1>{escape(page.heading)}</h1>{page.body}{foot}</div></body></html>"
    )


@cache
def style() -> str:
    """The style sheet of mails, with the theme's colours in place of their names."""
    text = _STYLE.read_text(encoding="utf-8").replace("\n", "")
    for name, colour in _COLOURS.items():
        text = text.replace(f"theme({name})", colour)
    return text
