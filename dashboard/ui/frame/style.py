"""What the style of the pages (`dashboard/web/pages.css`, which their first HTML names) has no words for."""

import streamlit as st


def apply(filters: str) -> None:
    """Name the button that opens the filters on a phone, where it shows only an arrow, in the reader's language."""
    button = f'[data-testid="stExpandSidebarButton"]::after {{ content: "{filters}"; padding-inline-start: .35rem; }}'
    st.html(f"<style>{button}</style>")
