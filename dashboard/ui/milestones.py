"""The page Milestones: the outcomes of those that were due, the next ones due, and the list of each."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.lists.declaration import ListRequest
from dashboard.lists.for_readers import BY_STATE, MILESTONES, STATE
from dashboard.measures import facts
from dashboard.measures.definitions import FEW
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options, headline, journey, list_table, messages

PARAMETERS = (*chart_options.PARAMETERS, *(name for name in list_table.PARAMETERS if name != list_table.SORT), STATE)


def show(view: View, selection: Selection) -> None:
    """Draw the totals, the lists and the charts; where there is no milestone, say so instead."""
    if not headline.show(view, selection):
        return
    counts = facts.count_in_all(view.snapshot, selection, facts.MILESTONES)
    if not counts["milestones"]:
        _show_nothing(view)
        return
    _show_totals(view, counts)
    _show_list(view, selection)
    for chart_id in ("milestones-by-month", "milestones-by-region"):
        chart_card.show(view, chart_id, selection)
    chart_card.show_choice(view, selection, ("milestones-by-category", "milestones-by-theme"))


def _show_nothing(view: View) -> None:
    t = view.t
    st.html(f'<div class="empty rows"><b>{escape(t("No action of this selection has a milestone."))}</b></div>')
    st.markdown(
        t(
            "Milestones come from submissions, reports or a separate sheet. Once an export has them, they appear "
            "here after the next build."
        )
    )


def _show_totals(view: View, counts: dict[str, int]) -> None:
    """Draw the sentence of the rate with its bounds, and the milestones outside the rate."""
    t, lang, due = view.t, view.lang, counts["milestones_due"]
    messages.show_finding(journey.say_milestones(counts, t))
    if 0 < due < FEW:
        st.caption(t("Fewer than {few} milestones are due: read the counts rather than the rates.", few=FEW))
    notes = []
    if due:
        most = formats.format_percent(counts["milestones_reached"] + counts["milestones_unknown"], due, lang)
        notes.append(
            t(
                "Reached late: {late}. Up to {most} if all unknown ones were reached.",
                late=counts["milestones_late"],
                most=most,
            )
        )
    notes.append(
        t("A milestone past its date counts as missed only if a later report says so; otherwise it is unknown.")
    )
    if outside := counts["milestones_ahead"] + counts["milestones_undated"]:
        notes.append(
            t.plural(
                "{n} milestone that was reached before it was due, or has no date, is not in the rate.",
                "{n} milestones that were reached before they were due, or have no date, are not in the rate.",
                outside,
            )
        )
    messages.show_note(" ".join(notes))


def _show_list(view: View, selection: Selection) -> None:
    """Draw one list of milestones, as the link or the reader chooses; the last report explains an unknown one."""
    messages.show_card_title(view.t("All milestones"))
    states = BY_STATE.read(ListRequest(view.snapshot, view.selection, view.parameters)).codes
    columns = MILESTONES.columns if "unknown" in states else MILESTONES.columns[:-1]
    list_table.show(view, list_table.make_model(view, MILESTONES, columns))
    label, pairs = view.t("Download all milestones"), (("table", "milestones"), *selection.query_pairs())
    page_link.show(PageLink(label, "download", pairs, ":material/download:"))
