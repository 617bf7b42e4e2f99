"""The few styles that Streamlit's theme does not give: tiles, tables, header, footer."""

from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def apply(filters: str) -> None:
    """Add the styles; `filters` is the word for the filters in the reader's language."""
    # On a phone the filters are behind a button that shows only an arrow: it gets their name.
    button = f'[data-testid="stExpandSidebarButton"]::after {{ content: "{filters}"; padding-left: .35rem; }}'
    st.html(f"<style>{_STYLE}{button}</style>")
