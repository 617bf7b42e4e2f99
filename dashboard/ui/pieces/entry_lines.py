"""A list that staff change: a line an entry, what it is, what is known of it, and its controls at the line's end."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import streamlit as st

from dashboard.ui.pieces import messages


@contextmanager
def entry(key: str, title: str, *notes: str, role: str = "") -> Iterator[None]:
    """Draw one entry; its controls are drawn inside.

    Args:
        key: What tells it from the others of the page.
        title: What it is.
        notes: What is known of it, a line of small print each; empty ones are left out.
        role: What it counts as, set off from its notes.
    """
    words = f'<h3 class="card-title" dir="auto">{escape(title)}</h3>'
    words += f'<p class="card-note"><b>{escape(role)}</b></p>' if role else ""
    with st.container(horizontal=True, vertical_alignment="center", key=f"entry-{key}"):
        st.html(words + "".join(messages.note(line) for line in notes if line), width="stretch")
        yield
