"""Why reports that are to count at once do not yet, above the queue."""

import streamlit as st

from dashboard.campaign.folder import read_reports_by_link
from dashboard.campaign.reporting.at_once import read_note
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View


def show(view: View) -> None:
    """Say why the last build of such reports was refused; nothing where it was not, or they wait for staff anyway."""
    t, campaign = view.t, Settings.from_environment().campaign
    note = read_note(campaign / "private")
    if note is None or note.refusal is None or read_reports_by_link(campaign).publish != "at_once":
        return
    why = " ".join(filter(None, (t(note.refusal.what), t(note.refusal.remedy))))
    words = t("Reports that count at once are not in the figures yet. The program tries again every ten minutes.")
    st.warning(f"{words}  \n{plain(why)}", icon=":material/schedule:")
