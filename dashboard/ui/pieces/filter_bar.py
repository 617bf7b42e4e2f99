"""The filters: widgets in the sidebar, and above the page its title in a line with what is in force.

The widgets never hold the truth: each run they are set to the selection that `dashboard.ui.frame.link`
keeps, and each change of one goes there before the page is drawn.
"""

from collections.abc import Callable
from datetime import date
from html import escape
from typing import Any
from unicodedata import combining, normalize

import streamlit as st

from dashboard import formats
from dashboard.campaign.codelists import UNCLASSIFIED, Code
from dashboard.charts.sides import name_sides
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import FILTERS, STAKEHOLDER, Filter, Selection, chosen_codes, options
from dashboard.ui.frame import header, link, page
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import campaign_days, messages

MAIN = ("region", "theme", "category", "group", "status")
MORE = ("subregion", "grouping", "country", "stakeholder", "evidence")
_COUNTRY = next(f for f in FILTERS if f.parameter == "country")
COMPARED_FROM = ("overview", "regions", "categories", "themes", "groups", "country", "explore")
"""The pages whose selection can be put beside another."""
MOST_CHIPS = 8
"""How many codes of one filter have a button each."""


def show(view: View, name: str = "") -> Selection:
    """Draw the page's title and the filters, and beside the title which are in force; gives the selection.

    `name`: what the page is about, where that is its title.
    """
    filters = {f.parameter: f for f in FILTERS}
    with st.sidebar:
        messages.show_card_title(view.t("Filters"))
        _show_words(view)
        for parameter in MAIN:
            _show_codes(view, filters[parameter])
        is_open = any(view.selection.codes(filters[parameter]) for parameter in MORE)
        with st.expander(view.t("More filters"), expanded=is_open):
            for parameter in MORE:
                if _is_shown(view, filters[parameter]):
                    _show_codes(view, filters[parameter])
        _show_day(view)
        st.button(view.t("Reset the filters"), key="reset", on_click=link.reset, icon=":material/filter_alt_off:")
    _show_in_force(view, name)
    return view.selection


def _is_shown(view: View, chosen: Filter) -> bool:
    """Whether a filter can tell actions apart; stakeholders are chosen by the search and dropped here."""
    if view.selection.codes(chosen) or chosen.parameter in ("subregion", "country"):
        return True
    return len(view.snapshot.present.get(chosen.parameter, ())) > 1


def offered(view: View, chosen: Filter) -> list[Code]:
    """The codes a filter offers: those that occur in the data or are chosen, inside the chosen regions."""
    if chosen is STAKEHOLDER:
        return chosen_codes(view.snapshot, view.selection, chosen)
    known = view.snapshot.present.get(chosen.parameter, frozenset())
    selected = set(view.selection.codes(chosen))
    return [
        code
        for code in options(view.snapshot, chosen)
        if code.code in selected or (code.code in known and _is_inside(view, chosen, code))
    ]


def _is_inside(view: View, chosen: Filter, code: Code) -> bool:
    """Whether a subregion or country lies inside the chosen regions and subregions."""
    regions, subregions = view.selection.regions, view.selection.subregions
    if chosen.parameter == "subregion":
        return not regions or code.parent in regions
    if chosen.parameter == "country":
        subregion = view.snapshot.codes.get("subregions", {}).get(code.parent or "")
        is_in_region = not regions or (subregion is not None and subregion.parent in regions)
        return is_in_region and (not subregions or code.parent in subregions)
    return True


def _without_accents(label: str) -> str:
    return "".join(letter for letter in normalize("NFKD", label.casefold()) if not combining(letter))


def _show_codes(view: View, chosen: Filter) -> None:
    key = f"filter-{chosen.parameter}"
    show_codes(view, chosen, key, _take_codes, (chosen.attribute, key))


def show_codes(view: View, chosen: Filter, key: str, take: Callable[..., None], args: tuple[str, ...]) -> None:
    """Draw the box of one filter of a view's selection; `take` gets `args` when its codes change."""
    codes = offered(view, chosen)
    if chosen.parameter == "country":  # the codelist has them in English order
        codes.sort(key=lambda code: _without_accents(code.labels[view.lang]))
    labels = {code.code: code.labels[view.lang] for code in codes}
    link.keep(key, list(view.selection.codes(chosen)))
    st.multiselect(
        view.t(chosen.label),
        list(labels),
        format_func=lambda code: labels.get(code, code),
        key=key,
        placeholder=view.t(chosen.everything),
        on_change=take,
        args=args,
        select_all=False,
    )


def _show_words(view: View) -> None:
    link.keep("filter-q", view.selection.q)
    st.text_input(
        view.t("Words"),
        key="filter-q",
        type="search",
        placeholder=view.t("Search titles and stakeholders"),
        max_chars=200,
        on_change=_take_words,
    )


def _show_day(view: View) -> None:
    day = view.selection.day(view.snapshot)
    first, last = view.snapshot.campaign["first_date"], view.snapshot.last_date
    link.keep("filter-as_of", day)
    st.date_input(
        view.t("As of"),
        min_value=min(first, day),
        max_value=max(last, day),
        key="filter-as_of",
        format="DD/MM/YYYY",
        help=view.t("Progress as it was known on this day."),
        on_change=_take_day,
    )
    st.caption(formats.format_date(day, view.lang))  # the box cannot say which number is the month
    known = {number: one for number, one in enumerate(campaign_days.list_days(view)) if first <= one.day <= last}
    chosen = [number for number, one in known.items() if one.day == day]
    link.keep("filter-named-day", chosen[-1] if chosen else None)
    st.pills(
        view.t("Days with a name"),
        list(known),
        format_func=lambda number: known[number].label if number in known else "",
        key="filter-named-day",
        label_visibility="collapsed",
        on_change=_take_named_day,
        args=({number: one.day for number, one in known.items()}, last),
    )


def _take_codes(attribute: str, key: str) -> None:
    link.change(**{attribute: tuple(st.session_state[key])})


def _take_words() -> None:
    link.change(q=(st.session_state["filter-q"] or "").strip())


def _take_day() -> None:
    value = st.session_state["filter-as_of"]
    link.change(as_of=value if isinstance(value, date) else None)


def _take_named_day(days: dict[int, date], last: date) -> None:
    """Stand at the named day; at the latest one, and where its name is lifted, the link follows the data."""
    day = days.get(st.session_state["filter-named-day"], last)
    link.change(as_of=None if day == last else day)


def _show_in_force(view: View, name: str) -> None:
    """The title; the filters in force, each with a way to lift it; the way to the rows behind them, and to the link."""
    with st.container(horizontal=True, vertical_alignment="center", key="in-force"):
        page.show_title(view, name, width="content")
        for f in FILTERS:
            _show_chosen(view, f)
        if view.selection.q.strip():
            _show_chip(view, "q", view.t("Words"), view.selection.q.strip(), {"q": ""})
        _show_stated_day(view)
        _show_other_side(view)
        _show_way_to_actions(view)
        _show_way_to_country(view)
        with st.popover(view.t("Link"), icon=":material/link:", help=view.t("A link that opens this view again")):
            st.caption(view.t("This link opens the same view again, in any language:"))
            st.code(f"{link.page_address()}?{link.query_string()}", language=None, wrap_lines=True)


def _show_chosen(view: View, f: Filter) -> None:
    """The chosen codes of a filter, each with a button that lifts it; of very many codes one button for all."""
    chosen = view.selection.codes(f)
    codes = chosen_codes(view.snapshot, view.selection, f)
    label, names = view.t(f.label), {code.code: code.labels[view.lang] for code in codes}
    if len(chosen) > MOST_CHIPS:
        _show_chip(view, f.parameter, label, ", ".join(names.values()), {f.attribute: ()})
        return
    for code, name in names.items():
        others = tuple(other for other in chosen if other != code)
        _show_chip(view, f"{f.parameter}-{code}", label, name, {f.attribute: others})


def _show_stated_day(view: View) -> None:
    label, day = view.t("As of"), formats.format_date(view.selection.day(view.snapshot), view.lang)
    if view.selection.as_of is None:
        between = escape(view.t(": "))
        st.html(f'<span class="chip in-force">{escape(label)}{between}<b>{escape(day)}</b></span>', width="content")
    else:
        _show_chip(view, "as_of", label, day, {"as_of": None})


def _show_chip(view: View, key: str, label: str, value: str, without: dict[str, Any]) -> None:
    """One filter in force, as the button that lifts it; the punctuation of its words is the language's own."""
    st.button(
        f"{messages.plain(label)}{view.t(': ')}**{messages.plain(value)}**",
        key=f"lift-{key}",
        icon=":material/close:",
        icon_position="right",
        help=view.t("Lift this filter"),
        on_click=link.change,
        kwargs=without,
    )


def _show_other_side(view: View) -> None:
    """The other side of a comparison, and the way to one; on the page that compares it has a place of its own."""
    one, other = view.selection.first, view.selection.other
    if other is not None and view.page_id != "compare":
        name = name_sides(view.snapshot, one, other)[1]
        _show_chip(view, "versus", view.t("Compared with"), name, {"versus": ()})
    elif view.page_id in COMPARED_FROM:
        with st.container(width="content", key="way-to-compare"):
            st.page_link(
                header.find("compare").script,
                label=view.t("Compare with …"),
                icon=":material/compare_arrows:",
                help=view.t("These actions beside others, or on another day"),
                query_params=link.as_query(one.query_pairs()),
            )


def _show_way_to_actions(view: View) -> None:
    """The register of what the filters choose."""
    selection = view.selection.first
    is_filtered = selection != Selection(as_of=selection.as_of, lang=view.lang)
    if view.page_id == "actions" or not is_filtered:
        return
    actions = headline(view.snapshot, selection).actions
    if actions:
        n = formats.format_count(actions, view.lang)
        st.page_link(
            header.find("actions").script,
            label=view.t.plural("Show {n} action", "Show these {n} actions", actions, n=n),
            icon=":material/list:",
            query_params=link.as_query(selection.query_pairs()),
        )


def _show_way_to_country(view: View) -> None:
    """The page of the only country that is chosen."""
    countries = [code for code in chosen_codes(view.snapshot, view.selection, _COUNTRY) if code.code != UNCLASSIFIED]
    if len(countries) == 1 and view.page_id != "country":
        st.page_link(
            header.find("country").script,
            label=view.t("About {country}", country=messages.plain(countries[0].labels[view.lang])),
            icon=":material/public:",
            query_params=link.as_query(view.selection.first.query_pairs()),
        )
