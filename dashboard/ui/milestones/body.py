"""The page Milestones: what became of those that were due, which are due next, and the list of each."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.definitions import FEW
from dashboard.measures.milestones import Milestones, State, count_milestones, list_milestones
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link, ways
from dashboard.ui.frame.page import View
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import (
    action_list,
    chart_card,
    chart_options,
    headline,
    messages,
    milestone_tiles,
    paging,
    reader_list,
)
from dashboard.ui.pieces.reader_list import Chip, Column
from dashboard.web.charts.oembed import STATE

PARAMETERS = (*chart_options.PARAMETERS, STATE, link.PAGE)
PAGE_SIZE = 50

_STATES: dict[State, tuple[str, str]] = {
    "soon": (N_("Due in the next 30 days"), "milestones_soon"),
    "missed": (N_("Missed"), "milestones_missed"),
    "unknown": (N_("Unknown"), "milestones_unknown"),
    "ahead": (N_("Reached before due"), "milestones_ahead"),
    "undated": (N_("Without a date"), "milestones_undated"),
}
"""The lists that there are: what each is called, and the count that says how long it is."""


def show(view: View, selection: Selection) -> None:
    """Draw the totals, the lists and the charts; where there is no milestone, say so instead."""
    if not headline.show(view, selection):
        return
    counts = count_milestones(view.snapshot, selection)
    if not counts.milestones:
        _show_nothing(view)
        return
    _show_totals(view, counts)
    _show_lists(view, selection, counts)
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


def _show_totals(view: View, counts: Milestones) -> None:
    """The sentence of the rate, the tiles, and what the rate does not count."""
    t = view.t
    with st.container(key="milestone-tiles"):
        milestone_tiles.show(view, counts)
    if 0 < counts.milestones_due < FEW:
        st.caption(t("Fewer than {few} milestones are due: read the counts rather than the rates.", few=FEW))
    notes = [t("A milestone past its date counts as missed only if a later report says so; otherwise it is unknown.")]
    if outside := counts.milestones_ahead + counts.milestones_undated:
        notes.append(
            t.plural(
                "{n} milestone that was reached before it was due, or has no date, is not in the rate.",
                "{n} milestones that were reached before they were due, or have no date, are not in the rate.",
                outside,
                n=formats.format_count(outside, view.lang),
            )
        )
    messages.show_note(" ".join(notes))


def _show_lists(view: View, selection: Selection, counts: Milestones) -> None:
    """One list of milestones, as the link or the reader chooses, each with the way to its action."""
    sizes = {state: getattr(counts, column) for state, (_, column) in _STATES.items()}
    stated = view.own.get(STATE)
    if stated is not None and stated not in _STATES:
        st.warning(view.t("The link asks for a list of milestones that does not exist here. Choose one below."))
    first: State = next((state for state in ("soon", "missed") if sizes[state]), "soon")
    state = next((state for state in _STATES if state == stated), first)
    page, warning = paging.read(view.t, view.own.get(link.PAGE), PAGE_SIZE, sizes[state])
    if warning:
        st.warning(warning)
    messages.show_card_title(view.t("All milestones"))
    rows = list_milestones(view.snapshot, selection, state, limit=PAGE_SIZE, offset=page.offset)
    numbers = paging.name_range(view.t, page, len(rows), sizes[state])
    said = view.t("{first} to {last} of {total}", **numbers) if len(rows) else view.t("None.")
    ways_on = paging.list_ways(view, page, sizes[state])
    reader_list.show_top(view, said, tuple(_make_chip(view, one, sizes[one], state) for one in _STATES), ways_on)
    if rows.empty:
        return
    columns = [
        Column("label", view.t("Milestone"), "name"),
        Column("due_on", view.t("Due on"), "short"),
        Column("action", view.t("Action")),
        Column("stakeholder", view.t("Stakeholder")),
        Column("reported_on", view.t("Last report"), "short"),
    ]
    lines = (_write(view, row) for row in rows.to_dict("records"))
    reader_list.show(view, view.t(_STATES[state][0]), columns, lines)
    paging.draw_ways(view, ways_on)
    label, pairs = view.t("Download all milestones"), (("table", "milestones"), *selection.query_pairs())
    page_link.show(PageLink(label, "download", pairs, ":material/download:"))


def _make_chip(view: View, one: State, size: int, chosen: State) -> Chip:
    way = PageLink(view.t(_STATES[one][0]), view.page_id, view.own_pairs(**{STATE: one, link.PAGE: None}))
    return Chip(one, way, formats.format_count(size, view.lang), is_on=one == chosen, is_lifted=False)


def _write(view: View, row: Mapping[Any, Any]) -> dict[str, str]:
    """A milestone as a line of the list, its action a link, in its own language."""
    language = "" if pd.isna(row["language"]) else f'lang="{escape(row["language"])}"'
    title = view.t("Untitled action") if pd.isna(row["title"]) else str(row["title"])
    address = ways.address(view.page_id, "actions", [*action_list.kept_pairs(view), ("action", row["action_id"])])
    return {
        "label": f"<span {language}>{escape(row['label'])}</span>",
        "due_on": _day(view, row["due_on"]) or escape(view.t("without a date")),
        "action": ways.render(title, address, language if pd.notna(row["title"]) else ""),
        "stakeholder": action_list.link_stakeholder(view, row["stakeholder_id"], row["stakeholder"]),
        "reported_on": _day(view, row["reported_on"]),
    }


def _day(view: View, value: Any) -> str:
    return "" if pd.isna(value) else formats.format_short_date(pd.Timestamp(value).date(), view.lang)
