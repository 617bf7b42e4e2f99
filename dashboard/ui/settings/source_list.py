"""The section Sources: where exports come from by themselves, as far as the settings say it; fetched on Upload."""

import streamlit as st

from dashboard.campaign.sources import NAMES
from dashboard.ui.frame import header
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.pieces.messages import plain
from dashboard.ui.settings import basket


def show(view: Frame) -> None:
    """Draw the sources by their names, and the way to the page on which they are added, changed and fetched."""
    t, sources = view.t, basket.folder().load().source
    messages.show_heading(t("Sources"))
    if sources:
        st.markdown(t("Exports come from here by themselves. What is new is read as if somebody had dropped it."))
        st.markdown("\n".join(f"- **{plain(source.label)}** · {plain(t(NAMES[source.tool]))}" for source in sources))
    else:
        st.markdown(t("Exports can come by themselves, from the tool that holds them or from where a file lies."))
    st.markdown(t("They are added, changed and fetched on the page Upload: there one sees at once what they bring."))
    upload = header.find("upload")
    st.page_link(
        upload.script, label=t(upload.title), icon=":material/arrow_forward:", query_params={"lang": view.lang}
    )
