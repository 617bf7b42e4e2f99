"""How the page of one action is drawn."""

from html import escape

import streamlit as st

from dashboard.campaign.folder import read_publisher
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.actions import action_model, evidence
from dashboard.ui.actions.action_model import ActionModel, Fact, Origin, Ways
from dashboard.ui.actions.secretariat import Desk, Letter
from dashboard.ui.frame import link, page, page_link, reading, staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import account, html_tables, list_cells, messages
from dashboard.ui.pieces.list_cells import Cell, Line


def show(view: View, action_id: str) -> None:
    """Draw the action, or say that there is none of this id."""
    _show_ways(view, action_model.find_ways(view, action_id))
    publisher = read_publisher(Settings.from_environment().campaign, is_fictional=view.snapshot.is_sample)
    desk = Desk(publisher.email, link.site_address(view.page_id))
    action = action_model.make_model(view, action_id, desk, is_staff=staff.may_open())
    if action is None:
        quoted_id = f"`{action_id.replace('`', '')[:80]}`"
        st.error(view.t("There is no action with the ID {id} in this data.", id=quoted_id))
        return
    _show_head(view, action)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _show_texts(view, action)
    with right:
        facts = "".join(_draw_fact(view, fact) for fact in action.facts)
        st.html(f'<h3 class="card-title">{escape(view.t("Facts"))}</h3><dl class="action-facts">{facts}</dl>')
    for section in (action.timeline, action.reports, action.evidence):
        list_cells.show_items(view, section)
    if action.evidence.items and staff.may_open():
        evidence.show(view, action.evidence_rows)
    for section in (action.posts, *action.similar_actions):
        list_cells.show_items(view, section)
    _show_origin(view, action.origin)
    _show_letter(view, action.letter)


def _show_ways(view: View, ways: Ways) -> None:
    drawn = zip(("back", "prev", "place", "next"), (ways.back, *ways.steps), strict=False)
    cells = "".join(
        f'<span class="{side}">{list_cells.draw_cell(view, cell, is_cut=bool(cell.excerpt))}</span>'
        for side, cell in drawn
    )
    st.html(f'<nav class="action-ways" aria-label="{escape(ways.label)}">{cells}</nav>')


def _show_head(view: View, action: ActionModel) -> None:
    """Its title, also in the browser's tab, who promised it, and how far it is."""
    st.set_page_config(page_title=action.tab)
    heading = reading.heading(action.title.text, page.find_place(view.page_id), 2, action.title.lang)
    about = list_cells.draw_line(view, Line("about", (action.maker, Cell(action.action_id))))
    st.html(f'{heading}{about}<p class="about">{list_cells.draw_status(action.status)}</p>')


def _show_texts(view: View, action: ActionModel) -> None:
    """Draw the texts of an action, in its own language."""
    if not action.texts:
        messages.show_note(view.t("The submission contains no other text."))
    html = "".join(
        f'<h3 class="card-title">{escape(label)}</h3>{list_cells.draw_line(view, Line("text", (words,)))}'
        for label, words in action.texts
    )
    html += list_cells.draw_line(view, Line("text", (action.url,)))
    if html:
        st.html(f'<div class="texts">{html}</div>')


def _draw_fact(view: View, fact: Fact) -> str:
    value = view.t("; ").join(f"<bdi>{page_link.render(way, view.page_id)}</bdi>" for way in fact.ways)
    if fact.percent is not None:
        width = min(max(fact.percent, 0), 100)
        value += f' <span class="bar" aria-hidden="true"><span style="width:{width:.0f}%"></span></span>'
    return f"<dt>{escape(fact.label)}</dt><dd>{value}</dd>"


def _show_letter(view: View, letter: Letter | str) -> None:
    """Draw the way to say that something is wrong about the action."""
    if isinstance(letter, Letter):
        st.html(list_cells.draw_line(view, Line("about to-secretariat", (letter.cell,), letter.intro)))
    elif letter:
        messages.show_note(letter)


def _show_origin(view: View, origin: Origin) -> None:
    """Draw where the action comes from: a line, or for staff every place and the rows themselves."""
    t = view.t
    heading = messages.part(t("Where it comes from"))
    if not origin.rows:
        st.html(heading + messages.note(origin.sentence))
        return
    st.html(heading)
    html_tables.show(
        html_tables.words(t(N_("Part", "a record an action is made of")), t("Source"), t("Reason")), origin.rows
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("Original row"),
            origin.originals,
            format_func=lambda where: account.place(view, *account.name_place(view, *where[:2]), where[2]),
            key="original",
            width=560,
        )
        account.show_button(view, *chosen, key="action")
