"""The page Stakeholders: those of the selection as a list, or the only one that the link names."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures import stakeholders
from dashboard.measures.register import join_labels
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, ways
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import action_list, chart_options, empty_selection, messages, paging, reader_list
from dashboard.ui.pieces.reader_list import Column, Order
from dashboard.ui.stakeholders import profile

NAME = "name"
"""The link's parameter for words that a stakeholder's name holds."""
PARAMETERS = (*chart_options.PARAMETERS, reader_list.ORDER, NAME, link.PAGE)  # these have `sort` already
PAGE_ROWS = 50
SORTS = {
    "name": N_("Name"),
    "group": N_("Stakeholder group"),
    "actions": N_("Number of actions"),
    "completed": N_("Completed"),
    "reported": N_("Reported"),
    "milestones": N_("Milestones reached"),
    "reported_on": N_("Last report"),
}
_FIGURES = ("actions", "completed", "reported", "milestones")


def name_one(view: View) -> str:
    """The name of the only stakeholder that the selection names; empty where it names none, or several."""
    one = profile.find(view, view.selection)
    return one.names[view.lang] if one else ""


def show(view: View, selection: Selection) -> None:
    """Draw the page of the only stakeholder that is chosen, else the list."""
    one = profile.find(view, selection)
    if one is not None:
        profile.show(view, selection, one)
    else:
        _show_list(view, selection)


def _show_list(view: View, selection: Selection) -> None:
    words = (link.page_parameter(NAME) or "").strip()
    found = stakeholders.count(view.snapshot, selection, words)
    if not (found.stakeholders or found.actions_of_none or words):
        empty_selection.show(view, selection)
        return
    if found.stakeholders:
        _show_page(view, selection, words, found.stakeholders)
    else:
        _show_search(view, words)
        st.html(
            f'<div class="empty rows"><b>{escape(view.t("No stakeholder in this selection has this name."))}</b></div>'
        )
    if found.actions_of_none and not words:
        _say_unnamed(view, found.actions_of_none)


def _show_search(view: View, words: str) -> None:
    link.keep("stakeholders-name", words)
    st.text_input(
        view.t("Find by name"),
        key="stakeholders-name",
        type="search",
        max_chars=200,
        placeholder=view.t("Find by name"),
        label_visibility="collapsed",
        on_change=_take_name,
        width=260,
    )


def _take_name() -> None:
    words = (st.session_state["stakeholders-name"] or "").strip()
    link.change_page_parameters(**{NAME: words or None, link.PAGE: None})


def _show_page(view: View, selection: Selection, words: str, total: int) -> None:
    order, refused = reader_list.parse_order(view, SORTS)
    page, warning = paging.read(view.t, view.own.get(link.PAGE), PAGE_ROWS, total)
    for sentence in filter(None, (*refused, warning)):
        st.warning(sentence)
    frame = stakeholders.page(
        view.snapshot,
        selection,
        words=words,
        sort=order.sort,
        descending=order.is_descending,
        limit=page.size,
        offset=page.offset,
    )
    numbers, ways = paging.name_range(view.t, page, len(frame), total), paging.list_ways(view, page, total)
    with st.container(horizontal=True, vertical_alignment="center", key="stakeholders-top"):
        said = view.t("Stakeholders {first} to {last} of {total}.", **numbers)
        reader_list.show_top(view, said, pages=ways)
        _show_search(view, words)
    reader_list.show(view, view.t("Stakeholders"), _list_columns(view, order), _list_lines(view, frame), order)
    paging.draw_ways(view, ways)


def _list_columns(view: View, order: Order) -> list[Column]:
    columns = []
    for name, label in SORTS.items():
        is_latest = name in (*_FIGURES, "reported_on")
        way = reader_list.turn(view, SORTS, order, name, begins_with_latest=is_latest)
        kind = "name" if name == "name" else "figure" if name in _FIGURES else "words" if name == "group" else "short"
        columns.append(Column(name, view.t(label), kind, way))
    return columns


def _list_lines(view: View, frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    lang, groups = view.lang, view.snapshot.codes.get("stakeholder_groups", {})
    for row in frame.to_dict("records"):
        whole = formats.format_count(row["actions"], lang)
        counts = {name: _count(view, row[name], row["actions"]) for name in ("completed", "reported")}
        counts["milestones"] = _count(view, row["milestones_reached"], row["milestones_due"])
        theirs = replace(view.selection, stakeholders=(row["stakeholder_id"],)).query_pairs()
        day = row["reported_on"]
        yield counts | {
            "name": action_list.link_stakeholder(view, row["stakeholder_id"], row["name"]),
            "group": escape(join_labels(tuple(row["groups"]), groups, lang)),
            "actions": ways.render(whole, ways.address(view.page_id, "actions", theirs)),
            "reported_on": "" if pd.isna(day) else formats.format_short_date(pd.Timestamp(day).date(), lang),
        }


def _count(view: View, part: int, whole: int) -> str:
    """How many of how many, as HTML; empty where there are none."""
    counts = {"part": formats.format_count(part, view.lang), "whole": formats.format_count(whole, view.lang)}
    return escape(view.t("{part} of {whole}", **counts)) if whole else ""


def _say_unnamed(view: View, actions: int) -> None:
    messages.show_note(
        view.t.plural(
            "{n} action in this selection has no stakeholder.",
            "{n} actions in this selection have no stakeholder.",
            actions,
            n=formats.format_count(actions, view.lang),
        )
    )
