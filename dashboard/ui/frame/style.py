"""The few styles that Streamlit's theme does not give: tiles, tables, header, footer."""

from functools import cache
from pathlib import Path

import streamlit as st

from dashboard.theme import DARK_STATUS_INKS, STATUS_INKS

_STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def apply(filters: str) -> None:
    """Add the styles; `filters` is the word for the filters in the reader's language."""
    # On a phone the filters are behind a button that shows only an arrow: it gets their name.
    button = f'[data-testid="stExpandSidebarButton"]::after {{ content: "{filters}"; padding-inline-start: .35rem; }}'
    st.html(f"<style>{_STYLE}{_colour_statuses()}{button}</style>")


@cache
def _colour_statuses() -> str:
    """The colours of words for statuses (`dashboard.ui.pieces.status_mark`): those of charts."""
    return "".join(
        f".status-{status} {{ background: light-dark({ink.fill}, {DARK_STATUS_INKS[status].fill});"
        f" color: light-dark({ink.text}, {DARK_STATUS_INKS[status].text}); }}"
        for status, ink in STATUS_INKS.items()
    )
