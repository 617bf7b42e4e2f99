"""The page of one country, the only one that the selection names.

Its neighbours are the countries of its subregion. A choice in their chart leads to that country's page, since it
becomes the country of the selection.
"""

from dataclasses import replace
from html import escape

import streamlit as st

from dashboard.ground.codelist_codes import Code
from dashboard.measures import context, register
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options, empty_selection, journey, messages, promised
from dashboard.ui.pieces.headline import make_tiles, show_tiles

PARAMETERS = chart_options.PARAMETERS
MOST_ACTIONS = 8
"""The most actions of a country's list; the register has them all."""


def name_country(view: View) -> str:
    """Name the country."""
    return _find(view, view.selection).labels[view.lang]


def show(view: View, selection: Selection) -> None:
    """Draw the page."""
    country = _find(view, selection)
    _show_place(view, country)
    messages.show_lines(list_figures(view, country))
    total = headline(view.snapshot, selection)
    if total.actions == 0:
        empty_selection.show(view, selection)
    else:
        show_tiles(make_tiles(total, view.t))
        journey.show(view, selection)
        promised.show(view, selection)
        for chart_id in ("completion-over-time", "status-by-theme"):
            chart_card.show(view, chart_id, selection)
        _show_actions(view, selection)
    if country.parent:
        subregion_selection = replace(selection, regions=(), subregions=(country.parent,), groupings=(), countries=())
        messages.show_heading(view.t("Countries of {subregion}", subregion=_name(view, "subregions", country.parent)))
        chart_card.show(view, "completion-by-country", subregion_selection)


def _find(view: View, selection: Selection) -> Code:
    (country,) = selection.countries
    return view.snapshot.codes["countries"][country]


def _show_place(view: View, country: Code) -> None:
    """Draw the country's place and groupings, each as the link to all of its actions."""
    subregion = view.snapshot.codes.get("subregions", {}).get(country.parent or "")
    groupings = view.snapshot.codes.get("groupings", {})
    places = [("region", "regions", subregion.parent)] if subregion and subregion.parent else []
    places += [("subregion", "subregions", subregion.code)] if subregion else []
    places += [
        ("grouping", "groupings", code) for code in groupings if country.code in view.snapshot.groupings.get(code, ())
    ]
    links = (
        PageLink(_name(view, codelist, code), "regions", ((name, code), *view.day_pairs()))
        for name, codelist, code in places
    )
    st.html(f'<p class="card-note">{" · ".join(one.render(view.page_id) for one in links)}</p>')


def list_figures(view: View, country: Code) -> list[str]:
    """List what others publish about the country, a line each as HTML, with the year and a link to the source."""
    lines = []
    for indicator, value, year, source, address in context.list_figures(view.snapshot, country.code, view.lang):
        figure = view.t("{name}: {value}", name=indicator.name, value=indicator.write_dated(value, year, view.lang))
        way = f'<a href="{escape(address)}">{escape(source)}</a>' if address else escape(source)
        lines.append(f"{escape(figure)} · {way}")
    return lines


def _show_actions(view: View, selection: Selection) -> None:
    """Draw the first of the country's actions, and the links to all of them, also as a file."""
    t = view.t
    frame = register.page(view.snapshot, selection, sort="reported_on", descending=True, limit=MOST_ACTIONS)
    messages.show_heading(t("Actions, latest reports first"))
    items = []
    for row in register.labelled(frame, view.snapshot, view.lang).to_dict("records"):
        title, *details = (str(row[name]) for name in ("title", "stakeholder", "status") if row[name])
        pairs = (*selection.query_pairs(), ("action", row["action_id"]))
        way = PageLink(title, "actions", pairs).render(view.page_id)
        items.append(" · ".join((way, *map(escape, details))))
    messages.show_lines(items)
    with st.container(horizontal=True, key="country-ways"):
        pairs = tuple(selection.query_pairs())
        page_link.show(PageLink(t("All of them"), "actions", pairs, ":material/list:"))
        page_link.show(PageLink(t("Download"), "download", pairs, ":material/download:"))


def _name(view: View, codelist: str, code: str) -> str:
    return view.snapshot.codes[codelist][code].labels[view.lang]
