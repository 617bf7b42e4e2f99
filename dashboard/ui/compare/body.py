"""Draw the page Compare: both sides, their differences, and the charts that put them side by side."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.measures.over_time import Moved, list_moved
from dashboard.measures.register import labelled
from dashboard.snapshot.selection import VERSUS, Selection
from dashboard.ui.compare.model import CompareModel, Side, make_model
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options, filter_bar, html_tables, messages, paging
from dashboard.ui.pieces.filter_bar import Changes

PARAMETERS = (*VERSUS, *chart_options.PARAMETERS)
OVER_TIME = "completion-over-time"
PAGE_ROWS = 25
_REMEMBERED = "compare remembered"


def _restore(selection: Selection) -> Selection:
    """Return the selection; if it is unchanged since the reader left the page, with its other side."""
    remembered: Selection | None = st.session_state.get(_REMEMBERED)
    if link.is_arrival() and remembered is not None and not selection.versus and _is_same(selection, remembered.first):
        selection = link.put(selection.against(remembered.other))
    st.session_state[_REMEMBERED] = selection
    return selection


def _is_same(one: Selection, other: Selection) -> bool:
    """Return whether two selections are the same, in whatever language they are read."""
    first, second = ([pair for pair in side.query_pairs() if pair[0] != "lang"] for side in (one, other))
    return first == second


def show(view: View, selection: Selection) -> None:
    """Draw both sides; with another side, their differences."""
    selection = _restore(selection)
    model = make_model(view.snapshot, selection, view.t)
    with st.container(key="sides", horizontal=True, gap="medium"):
        with st.container(border=True, key="side-this"):
            _show_side(model.first)
            if selection.other is not None:
                swapped = selection.other.against(selection.first)
                label = view.t("Swap sides")
                st.button(label, icon=":material/swap_horiz:", key="swap", on_click=link.select, args=(swapped,))
        with st.container(border=True, key="side-vs"):
            _show_other(view, model, selection)
    if model.other is None:
        return
    if not model.rows:
        st.html(f'<div class="empty"><b>{escape(view.t("Neither side has any actions."))}</b></div>')
        return
    html_tables.show(html_tables.figures(*model.columns), model.rows)
    if model.moves is not None:
        _show_moved(view, selection, model.moves)
    chart_card.show(view, OVER_TIME, selection)
    chart_card.show_choice(view, selection, model.chart_ids)


def _show_side(side: Side) -> None:
    messages.show_note(side.kicker)
    messages.show_card_title(side.name)
    messages.show_finding(side.summary)
    if side.actions is not None:
        page_link.show(side.actions)


def _show_other(view: View, model: CompareModel, selection: Selection) -> None:
    """Draw the other side, the filters that it has or shares, and suggestions for it."""
    t = view.t
    if model.other is None:
        messages.show_card_title(t("Compared with"))
        messages.show_note(t("Choose another selection, or another date for this one."))
        messages.show_note(t("Anything you do not choose here stays as on the first side."))
    else:
        _show_side(model.other)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="side-choices"):
        for chip in model.chips:
            filter_bar.show_chip(t, chip, _OTHER)
        if model.other is not None:
            label = t("Stop comparing")
            st.button(label, key="stop", type="tertiary", on_click=link.select, args=(selection.first,))
    if model.picks:
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="side-picks"):
            st.html(f'<span class="card-note">{escape(t("Quick choices:"))}</span>', width="content")
            for number, (label, chosen) in enumerate(model.picks):
                st.button(plain(label), key=f"pick-{number}", type="tertiary", on_click=link.select, args=(chosen,))


_OTHER = Changes(
    lambda chosen, codes: link.select(link.selection().state(chosen.parameter, codes)),
    lambda day: link.select(link.selection().state("as_of", None if day is None else (day.isoformat(),))),
    link.select,
)


def _show_moved(view: View, selection: Selection, moves: Moved) -> None:
    """Draw the actions that changed their status between two days of one selection, in pages."""
    t, lang, total = view.t, view.lang, moves.changed
    if not total:
        return
    later = max(selection.first, selection.other or selection.first, key=lambda side: side.day(view.snapshot))
    title = t("Actions whose status changed: {n}", n=total)
    with st.expander(title, key="moved-actions"):
        page = paging.find(f"moved-page-{moves.since}-{abs(hash(later.query_string()))}", PAGE_ROWS, total)
        frame = list_moved(view.snapshot, later, moves.since, limit=page.size, offset=page.offset)
        labels = labelled(frame, view.snapshot, lang).fillna(formats.NOTHING)
        statuses = {code: status.labels[lang] for code, status in view.snapshot.codes.get("statuses", {}).items()}
        labels[["before", "after"]] = labels[["before", "after"]].map(lambda code: statuses.get(code, code))
        rows = labels[["title", "stakeholder", "before", "after", "action_id"]].to_numpy().tolist()
        days = (formats.format_date(day, lang) for day in (moves.since, moves.day))
        html_tables.show(html_tables.words(t("Action"), t("Stakeholder"), *days, t("Action ID")), rows)
        paging.show_others(page, total)
        st.caption(t("Actions {first} to {last} of {total}.", **paging.name_range(page, len(rows), total)))
