"""The page Stakeholders: those of the selection as a list, or the only one that the link names."""

from dataclasses import replace
from html import escape

import streamlit as st

from dashboard.charts.options import Options
from dashboard.lists.declaration import List
from dashboard.lists.for_readers import NAME, REPORTS, STAKEHOLDERS, THEIR_ACTIONS, THEIR_MILESTONES, THEIR_POSTS
from dashboard.measures import stakeholders
from dashboard.measures.counts import headline
from dashboard.measures.register import join_labels
from dashboard.measures.stakeholders import Stakeholder
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link, staff
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options, empty_selection, list_table, messages, promised, report_link
from dashboard.ui.pieces.headline import make_tiles, show_tiles

PARAMETERS = (*chart_options.PARAMETERS, *(name for name in list_table.PARAMETERS if name != list_table.SORT), NAME)


def name_one(view: View) -> str:
    """Name the selection's only stakeholder; empty where it names none, or several."""
    one = find(view, view.selection)
    return one.names[view.lang] if one else ""


def show(view: View, selection: Selection) -> None:
    """Draw the page of the only stakeholder that is chosen, else the list."""
    one = find(view, selection)
    if one is not None:
        show_one(view, selection, one)
    else:
        _show_list(view, selection)


def _show_list(view: View, selection: Selection) -> None:
    words = view.parameters.get(NAME, "").strip()
    model = list_table.make_model(view, STAKEHOLDERS)
    unnamed = 0 if words else stakeholders.count(view.snapshot, selection).actions_of_none
    if not (model.total or unnamed or words):
        empty_selection.show(view, selection)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="stakeholders-top"):
        list_table.show_top(view, model)
        _show_search(view, words)
    list_table.show_lines(view, model)
    if unnamed:
        _say_unnamed(view, unnamed)


def _show_search(view: View, words: str) -> None:
    st.text_input(
        view.t("Find by name"),
        type="search",
        max_chars=200,
        placeholder=view.t("Find by name"),
        label_visibility="collapsed",
        width=260,
        **link.bind("stakeholders-name", NAME, words, "", str.strip, instead={link.PAGE: None}),
    )


def _say_unnamed(view: View, actions: int) -> None:
    messages.show_note(
        view.t.plural(
            "{n} action in this selection has no stakeholder.",
            "{n} actions in this selection have no stakeholder.",
            actions,
        )
    )


def find(view: View, selection: Selection) -> Stakeholder | None:
    """Find the selection's only stakeholder; None where it names none, or several."""
    if len(selection.stakeholders) != 1:
        return None
    return stakeholders.find(view.snapshot, selection.stakeholders[0])


def show_one(view: View, selection: Selection, one: Stakeholder) -> None:
    """Draw the page; its title is drawn already."""
    st.set_page_config(page_title=f"{one.names[view.lang]} · {view.t('Stakeholders')}")
    _show_about(view, one)
    total = headline(view.snapshot, selection)
    if total.actions == 0:
        empty_selection.show(view, selection)
    else:
        show_tiles(make_tiles(total, view.t))
        promised.show(view, selection)
        _show_actions(view, selection)
        if total.reported:
            chart_card.show(view, "completion-over-time", selection, options=Options())
        for spec in (REPORTS, THEIR_MILESTONES, THEIR_POSTS):
            _show_first(view, spec)
    if staff.may_open():
        report_link.show(view, one.stakeholder_id)
        _show_spellings(view, one)


def _show_head(text: str) -> None:
    st.html(f'<h2 class="card-title apart">{escape(text)}</h2>')


def _show_about(view: View, one: Stakeholder) -> None:
    t = view.t
    groups = view.snapshot.codes.get("stakeholder_groups", {})
    parts = [escape(join_labels(one.groups, groups, view.lang))] if one.groups else []
    if one.is_person:
        parts.append(escape(t("A person, not named in public.")))
    pairs = [pair for pair in view.selection.query_pairs() if pair[0] != "stakeholder"]
    parts.append(PageLink(t("All stakeholders"), "stakeholders", tuple(pairs)).render(view.page_id))
    st.html(f'<p class="about">{" · ".join(parts)}</p>')


def _show_actions(view: View, selection: Selection) -> None:
    _show_head(view.t("Actions"))
    model = list_table.make_model(view, THEIR_ACTIONS)
    if model.pages:
        list_table.show_top(view, model)
    list_table.show_lines(view, model)
    with st.container(horizontal=True, key="stakeholder-ways"):
        pairs = tuple(selection.query_pairs())
        page_link.show(PageLink(view.t("Download"), "download", pairs, ":material/download:"))


def _show_first(view: View, spec: List) -> None:
    """Draw the first rows of a list, and how many there are where these are not all."""
    _show_head(view.t(spec.title))
    model = list_table.make_model(replace(view, parameters={}), spec)
    if not model.total:
        messages.show_note(model.summary)
        return
    st.html(list_table.render(view, model))
    line_count = len(model.lines)
    if model.total > line_count:
        messages.show_note(
            view.t("{shown} of {total}; an extract has all of them.", shown=line_count, total=model.total)
        )


def _show_spellings(view: View, one: Stakeholder) -> None:
    """Draw its spellings in files, for staff; a person's are not in the snapshot."""
    t = view.t
    if len(one.spellings) < 2 and not one.is_person:
        return
    _show_head(t("Merged spellings"))
    if one.is_person:
        messages.show_note(t("The spellings of a person's name are kept privately."))
        return
    items = "".join(f"<li><bdi>{escape(spelling)}</bdi></li>" for spelling in one.spellings)
    st.html(f"<ul>{items}</ul>")
    pairs = (("lang", view.lang), ("section", "decide"))
    page_link.show(PageLink(t("Decide which are the same"), "quality", pairs))
