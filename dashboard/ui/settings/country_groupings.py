"""The section Groupings: named sets of countries, each with its source."""

import streamlit as st

from dashboard.ui.frame.page import Frame
from dashboard.ui.settings import list_by_sheet, list_members, list_reading


def show(view: Frame) -> None:
    """Draw the groupings."""
    t = view.t
    st.markdown(
        t(
            "A grouping is a named set of countries across regions. An action belongs to it when one of its "
            "countries does. A source is required: who lists these countries, and as of when."
        )
    )
    listed = list_reading.read_or_say(view, "groupings")
    if listed is None:
        return
    list_members.show(view, listed, t("Groupings of countries"))
    list_by_sheet.show(view, listed, t("Groupings of countries"))
