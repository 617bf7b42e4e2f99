"""The page of one country, the only one that the selection names; else the choice of one.

Its neighbours are the countries of its subregion. Choosing one in their chart leads to that country's page, since it
becomes the country of the selection.
"""

from dataclasses import replace

import streamlit as st

from dashboard.campaign.codelists import UNCLASSIFIED, Code
from dashboard.measures import register
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import header, link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_card, empty_selection, journey, messages
from dashboard.ui.pieces.headline import make_tiles, show_tiles

MOST_ACTIONS = 8
"""How many of a country's actions are listed; the register has them all."""


def name_country(view: View) -> str:
    """The country's name; empty where the selection names none, or several."""
    country = _find(view, view.selection)
    return country.labels[view.lang] if country else ""


def show(view: View, selection: Selection) -> None:
    """Draw the page."""
    country = _find(view, selection)
    if country is None:
        _show_choice(view)
        return
    _show_place(view, country)
    total = headline(view.snapshot, selection)
    if total.actions == 0:
        empty_selection.show(view, selection)
    else:
        show_tiles(make_tiles(total, view.t))
        journey.show(view, selection)
        for chart_id in ("completion-over-time", "status-by-theme"):
            chart_card.show(view, chart_id, selection)
        _show_actions(view, selection)
    if country.parent:
        around = replace(selection, regions=(), subregions=(country.parent,), groupings=(), countries=())
        messages.show_heading(view.t("Countries of {subregion}", subregion=_name(view, "subregions", country.parent)))
        chart_card.show(view, "completion-by-country", around)


def _find(view: View, selection: Selection) -> Code | None:
    countries = [code for code in selection.countries if code != UNCLASSIFIED]
    return view.snapshot.codes["countries"][countries[0]] if len(countries) == 1 else None


def _show_choice(view: View) -> None:
    """The countries with an action, to choose one of."""
    known, present = view.snapshot.codes.get("countries", {}), view.snapshot.present.get("country", frozenset())
    labels = {code: known[code].labels[view.lang] for code in known if code in present and code != UNCLASSIFIED}
    st.selectbox(
        view.t("Choose a country"),
        sorted(labels, key=lambda code: labels[code]),
        index=None,
        format_func=labels.__getitem__,
        key="country-choice",
        on_change=_take_country,
    )


def _take_country() -> None:
    code = st.session_state["country-choice"]
    if code is not None:
        link.change(countries=(code,))


def _show_place(view: View, country: Code) -> None:
    """Where the country lies and which groupings it is in, each as the way to all of its actions."""
    subregion = view.snapshot.codes.get("subregions", {}).get(country.parent or "")
    groupings = view.snapshot.codes.get("groupings", {})
    places = [("region", "regions", subregion.parent)] if subregion and subregion.parent else []
    places += [("subregion", "subregions", subregion.code)] if subregion else []
    places += [
        ("grouping", "groupings", code) for code in groupings if country.code in view.snapshot.groupings.get(code, ())
    ]
    with st.container(horizontal=True, key="country-places"):
        for parameter, codelist, code in places:
            pairs = [(parameter, code), *_kept_pairs(view)]
            label = messages.plain(_name(view, codelist, code))
            st.page_link(header.find("regions").script, label=label, query_params=link.as_query(pairs))


def _show_actions(view: View, selection: Selection) -> None:
    """The first of the country's actions, the way to all of them, and to them as a file."""
    t = view.t
    frame = register.page(view.snapshot, selection, sort="reported_on", descending=True, limit=MOST_ACTIONS)
    messages.show_heading(t("Actions, latest reports first"))
    for row in register.labelled(frame, view.snapshot, view.lang).to_dict("records"):
        words = [messages.plain(str(row[name])) for name in ("title", "stakeholder", "status") if row[name]]
        pairs = [*selection.query_pairs(), ("action", row["action_id"])]
        st.page_link(header.find("actions").script, label=" · ".join(words), query_params=link.as_query(pairs))
    with st.container(horizontal=True, key="country-ways"):
        query = link.as_query(selection.query_pairs())
        st.page_link(header.find("actions").script, label=t("All of them"), icon=":material/list:", query_params=query)
        label = t("Download")
        st.page_link(header.find("download").script, label=label, icon=":material/download:", query_params=query)


def _kept_pairs(view: View) -> list[tuple[str, str]]:
    """The day, the build and the language, which stay when the filters go."""
    kept = view.selection
    return Selection(as_of=kept.as_of, build=kept.build, lang=view.lang).query_pairs()


def _name(view: View, codelist: str, code: str) -> str:
    return view.snapshot.codes[codelist][code].labels[view.lang]
