"""Overview: where the campaign stands against its clock, who is ahead, behind and silent."""

import streamlit as st

from dashboard.ui.frame import page
from dashboard.ui.overview import body
from dashboard.ui.pieces import filter_bar, headline

view = page.open("overview")
with st.container(horizontal=True, vertical_alignment="center", key="title"):
    page.show_title(view)
    headline.show_clock(view)
selection = filter_bar.show(view)
if headline.show_tiles(view, selection):
    body.show(view, selection)
