"""The charts of a page as one PDF: noted while they are drawn, offered below the page with its filters."""

import streamlit as st

from dashboard.files.briefings import order
from dashboard.files.briefings.order import BriefingRequest, Item
from dashboard.files.extracts.order import name_file
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import header, link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import file_at_once
from dashboard.ui.pieces.file_at_once import File

NOTED = "charts of the page"
"""Where the session has them while the page is drawn."""
_FORMAT = "pdf"


def note(view: View, selection: Selection, item: Item) -> None:
    """Note that the page shows a chart.

    `selection`: the filters in force for the chart.
    `item`: the chart, with its options.
    """
    st.session_state.setdefault(NOTED, []).append((view, selection, item))


def forget() -> None:
    """Drop the noted charts, so that no session holds an old snapshot open."""
    st.session_state.pop(NOTED, None)


def show() -> None:
    """Draw the link to the PDF of the noted charts that share the first one's selection, in their order."""
    charts: list[tuple[View, Selection, Item]] = st.session_state.get(NOTED, [])
    if not charts:
        return
    view, selection, _ = charts[0]
    items = tuple(dict.fromkeys(item for _, chosen, item in charts if chosen == selection))[: order.MOST_CHARTS]
    title = view.t(header.find(view.page_id).title)
    is_single = len(items) == 1  # which needs no cover
    request = BriefingRequest(items, selection, "" if is_single else title, is_single=is_single)
    settings = Settings.from_environment().model_copy(update={"base_url": link.site_address(view.page_id)})
    file = File(
        "page-paper",
        view.t(N_("Download as PDF")),
        postpone(view.snapshot, lambda snapshot: order.submit_briefing(snapshot, request, _FORMAT, settings)),
        name_file(view.snapshot, selection, _FORMAT, view.page_id),
        order.BRIEFING_FORMATS[_FORMAT],
        help=view.t(N_("The charts of this page with their tables, to print and send")),
    )
    with st.container(key="page-paper"):
        file_at_once.show(view, "page-paper-files", request, file)
