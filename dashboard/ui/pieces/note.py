"""A line of small print; Streamlit's own caption is too pale for readers with weak eyes."""

from html import escape

import streamlit as st


def show(text: str) -> None:
    """Draw the line; `text` is shown as it is."""
    st.html(f'<p class="card-note">{escape(text)}</p>')
