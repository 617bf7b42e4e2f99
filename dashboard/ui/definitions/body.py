"""Draw the page Definitions."""

import streamlit as st

from dashboard.ui.definitions.model import make_model
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import html_tables, messages


def show(view: View) -> None:
    """Draw the page, part by part."""
    for section in make_model(view):
        messages.show_heading(section.title)
        for text in section.about:
            st.markdown(text)
        for table in section.tables:
            if table.title:
                html_tables.show_folded(table.title, table.columns, table.rows, table.note)
            else:
                html_tables.show(table.columns, table.rows)
        if section.note:
            messages.show_note(section.note)
        if section.quote:
            st.code(section.quote, language=None, wrap_lines=True)
