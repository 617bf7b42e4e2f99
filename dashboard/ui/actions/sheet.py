"""One action: what was promised, what has been reported, and the file, sheet and row each of it came from."""

from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures import register
from dashboard.measures.register import ActionDetails, join_labels
from dashboard.snapshot.selection import Selection
from dashboard.ui.actions import evidence
from dashboard.ui.frame import link, page, reading, staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import html_tables, messages, original_row
from dashboard.ui.pieces.original_row import place

TEXTS = (
    ("description", N_("Description")),
    ("impact", N_("Expected impact")),
    ("communication", N_("Communication")),
    ("partners", N_("Partners")),
)
CODED_FACTS = (
    ("group", "stakeholder_groups", N_("Stakeholder group")),
    ("category", "categories", N_("Category")),
    ("themes", "themes", N_("Themes")),
    ("regions", "regions", N_("Regions")),
    ("subregions", "subregions", N_("Subregions")),
    ("countries", "countries", N_("Countries")),
    ("groupings", "groupings", N_("Groupings of countries")),
)
DATED_FACTS = (
    ("submitted_on", N_("Submitted on")),
    ("due_on", N_("Deadline")),
    ("reported_on", N_("Last report")),
    ("completed_on", N_("Completed on")),
)


def show(view: View, selection: Selection, action_id: str) -> None:
    """Draw the action, or say that there is none of this id."""
    t = view.t
    st.button(
        t("Back to the register"),
        key="back",
        icon=":material/arrow_back:",
        on_click=link.change_page_parameter,
        args=("action", None),
    )
    action = register.details(view.snapshot, action_id, selection.day(view.snapshot))
    if action is None:
        st.error(t("There is no action with the ID {id} in this data.", id=f"`{action_id.replace('`', '')[:80]}`"))
        return
    facts = action.facts
    maker = register.name_stakeholder(facts["stakeholder"], view.snapshot.person_names, view.lang)
    st.html(
        f"{reading.heading(facts['title'] or t('Untitled action'), page.find_place(view.page_id), 2)}"
        f'<p class="card-note">{escape(maker or t("Stakeholder not stated"))} · {escape(action_id)}</p>'
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _show_texts(view, facts)
    with right:
        _show_facts(view, facts)
    _show_milestones(view, action, selection.day(view.snapshot))
    _show_reports(view, action, selection.day(view.snapshot))
    evidence.show(view, action_id, selection.day(view.snapshot))
    _show_sources(view, action)
    if staff.may_open():
        _offer_original_rows(view, action)


def _show_texts(view: View, facts: dict[str, Any]) -> None:
    texts = [(view.t(label), facts[name]) for name, label in TEXTS if facts[name]]
    if not texts:
        st.caption(view.t("The submission has no further text."))
    text = "".join(
        f'<h3 class="card-title">{escape(label)}</h3><p class="text">{escape(value)}</p>' for label, value in texts
    )
    url = facts["url"] or ""
    if url.startswith(("http://", "https://")):
        text += f'<p><a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(url)}</a></p>'
    st.html(f'<div lang="{escape(facts["language"] or "")}">{text}</div>')


def _show_facts(view: View, facts: dict[str, Any]) -> None:
    t, codes = view.t, view.snapshot.codes
    rows = [[t("Status"), _status(view, facts["status"], facts["status_code"])]]
    if facts["percent"] is not None:
        rows.append([t("Percent done"), formats.format_share(facts["percent"] / 100, view.lang)])
    if facts["is_overdue"]:
        rows.append([t("Overdue"), t("Yes")])
    for name, codelist, label in CODED_FACTS:
        if facts[name]:
            rows.append([t(label), join_labels(facts[name], codes.get(codelist, {}), view.lang)])
    rows += [[t(label), formats.format_date(facts[name], view.lang)] for name, label in DATED_FACTS if facts[name]]
    if facts["language"]:
        rows.append([t("Language"), formats.format_language(facts["language"], view.lang)])
    html_tables.show(html_tables.words(t("Fact"), t("Value")), rows)


def _status(view: View, status: str, status_code: str | None) -> str:
    """The campaign's own status, with the base status it counts as where they differ."""
    codes = view.snapshot.codes["statuses"]
    base = codes[status].labels[view.lang] if status in codes else status
    own = codes[status_code].labels[view.lang] if status_code in codes else base
    return own if own == base else view.t("{own} (counts as: {base})", own=own, base=base)


def _show_milestones(view: View, action: ActionDetails, day: date) -> None:
    t = view.t
    messages.show_heading(t("Milestones"), level=3)
    if action.milestones.empty:
        st.caption(t("No milestones were submitted."))
        return
    columns = html_tables.words(t("Milestone"), t("Due on"), t("Reached on"))
    rows = [
        [
            m["label"],
            _day(view, m["due_on"]),
            _day(view, m["reached_on"]) if _is_known(m["reached_on"], day) else t("not reached"),
        ]
        for m in action.milestones.to_dict("records")
    ]
    html_tables.show(columns, rows)


def _is_known(reached_on: Any, day: date) -> bool:
    """Whether a milestone had been reached by the day shown."""
    return not pd.isna(reached_on) and pd.Timestamp(reached_on).date() <= day


def _show_reports(view: View, action: ActionDetails, day: date) -> None:
    """The reports that were known on the day shown, the latest first."""
    t = view.t
    known = action.reports[pd.to_datetime(action.reports["reported_on"]) <= pd.Timestamp(day)]
    messages.show_heading(t("Progress reports"), level=3)
    if known.empty:
        st.caption(t("No progress has been reported yet."))
        return
    columns = (
        *html_tables.words(t("Reported on"), t("Status")),
        *html_tables.figures(t("Percent done")),
        *html_tables.words(t("Text"), t("Source")),
    )
    rows = [
        [
            _day(view, report["reported_on"]),
            _status(view, report["status"], report["status_code"]),
            "" if pd.isna(report["percent"]) else formats.format_share(report["percent"] / 100, view.lang),
            "" if pd.isna(report["narrative"]) else report["narrative"],
            place(view, report["source_file"], report["source_sheet"], report["source_row"]),
        ]
        for report in known.to_dict("records")
    ]
    html_tables.show(columns, rows)


def _show_sources(view: View, action: ActionDetails) -> None:
    """Where the action and its classification stand in the files, and which rows were merged into it."""
    t, facts = view.t, action.facts
    rows = [[t("Submission"), place(view, facts["source_file"], facts["source_sheet"], facts["source_row"]), ""]]
    if facts["classification_file"]:
        where = place(view, facts["classification_file"], facts["classification_sheet"], facts["classification_row"])
        rows.append([t("Classification"), where, ""])
    rows += [
        [t("Merged row"), place(view, row["source_file"], row["source_sheet"], row["source_row"]), view.t(row["why"])]
        for row in action.merged.to_dict("records")
    ]
    messages.show_heading(t("Where it comes from"), level=3)
    html_tables.show(html_tables.words(t("Part"), t("Source"), t("Reason")), rows)


def _offer_original_rows(view: View, action: ActionDetails) -> None:
    """For staff: choose one of the rows that the action, its classification and its reports came from, and see it."""
    facts = action.facts
    rows = [
        (facts["source_file"], facts["source_sheet"], facts["source_row"]),
        (facts["classification_file"], facts["classification_sheet"], facts["classification_row"]),
    ]
    for frame in (action.merged, action.reports):
        rows += list(frame[["source_file", "source_sheet", "source_row"]].itertuples(index=False, name=None))
    places = list(
        dict.fromkeys((file, None if pd.isna(sheet) else sheet, int(row)) for file, sheet, row in rows if file)
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            view.t("Original row"),
            places,
            format_func=lambda where: place(view, *original_row.name_place(view, *where[:2]), where[2]),
            key="original",
            width=560,
        )
        original_row.show_button(view, *chosen, key="action")


def _day(view: View, value: Any) -> str:
    return formats.NOTHING if pd.isna(value) else formats.format_date(pd.Timestamp(value).date(), view.lang)
