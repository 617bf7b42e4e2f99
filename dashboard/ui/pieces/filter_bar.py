"""The filters: widgets in the sidebar, and above the page its title in a line with what is in force.

The widgets never hold the truth: each run they are set to the selection that `dashboard.ui.frame.link`
keeps, and each change of one goes there before the page is drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any
from unicodedata import combining, normalize

import streamlit as st

from dashboard import formats
from dashboard.campaign.codelists import UNCLASSIFIED, Code
from dashboard.charts.sides import name_sides
from dashboard.i18n import Translator
from dashboard.measures.counts import headline, list_unused
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, STAKEHOLDER, Filter, Selection, chosen_codes, options
from dashboard.snapshot.shared import shared
from dashboard.ui.frame import link, page, page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_days, messages
from dashboard.ui.pieces.campaign_days import NamedDay

MAIN = ("region", "theme", "category", "group", "status")
MORE = ("subregion", "grouping", "country", "stakeholder", "evidence")
_COUNTRY = next(f for f in FILTERS if f.parameter == "country")
COMPARED_FROM = ("overview", "regions", "categories", "themes", "groups", "country", "explore")
"""The pages whose selection can be put beside another."""
MOST_CHIPS = 8
"""How many codes of one filter have a button each."""


@dataclass(frozen=True)
class Box:
    """The box of one filter: its label, what it offers, by code, what is chosen, and what stands in it otherwise."""

    filter: Filter
    label: str
    offered: dict[str, str]
    chosen: tuple[str, ...]
    placeholder: str


@dataclass(frozen=True)
class DayBox:
    """The choice of the day, and of the days that have a name.

    Attributes:
        day: The day in force.
        said: It in words: the box cannot say which number is the month.
        first: The first day that can be chosen.
        last: The last one.
        data_last: The day of the latest data, which a link leaves out.
        named: The days with a name, by their number among all.
        chosen: The number of the one that is in force.
    """

    label: str
    help: str
    day: date
    said: str
    first: date
    last: date
    data_last: date
    named: dict[int, NamedDay]
    chosen: int | None


@dataclass(frozen=True)
class Chip:
    """One filter in force: its label, what it is set to, and the selection's values without it; None: it stays."""

    key: str
    label: str
    value: str
    without: dict[str, Any] | None


@dataclass(frozen=True)
class FilterBarModel:
    """The filters of a page.

    Attributes:
        main: The boxes that are always open.
        more: Those that are folded away.
        is_more_open: Whether one of them is in force.
        words: What is sought.
        day: The choice of the day.
        chips: What is in force.
        compare: The way to a comparison.
        links: The ways to the actions and to the only country that is chosen.
    """

    main: tuple[Box, ...]
    more: tuple[Box, ...]
    is_more_open: bool
    words: str
    day: DayBox
    chips: tuple[Chip, ...]
    compare: PageLink | None
    links: tuple[PageLink, ...]


@shared
def make_model(snapshot: Snapshot, selection: Selection, t: Translator, page_id: str) -> FilterBarModel:
    """The filters as a page shows them for a selection."""
    filters = {f.parameter: f for f in FILTERS}
    unused = list_unused(snapshot)
    main = [filters[one] for one in MAIN if one not in unused or selection.codes(filters[one])]
    more = [filters[parameter] for parameter in MORE]
    links = (_link_actions(snapshot, selection, t, page_id), _link_country(snapshot, selection, t, page_id))
    return FilterBarModel(
        main=tuple(make_box(snapshot, selection, t, f) for f in main),
        more=tuple(make_box(snapshot, selection, t, f) for f in more if _is_shown(snapshot, selection, f)),
        is_more_open=any(selection.codes(f) for f in more),
        words=selection.q,
        day=_make_day(snapshot, selection, t),
        chips=tuple(_list_chips(snapshot, selection, t, page_id)),
        compare=_link_comparison(selection, t, page_id),
        links=tuple(one for one in links if one is not None),
    )


def make_box(snapshot: Snapshot, selection: Selection, t: Translator, chosen: Filter) -> Box:
    """The box of one filter."""
    codes = offered(snapshot, selection, chosen)
    if chosen.parameter == "country":  # the codelist has them in English order
        codes.sort(key=lambda code: _without_accents(code.labels[t.language]))
    labels = {code.code: code.labels[t.language] for code in codes}
    return Box(chosen, t(chosen.label), labels, tuple(selection.codes(chosen)), t(chosen.everything))


def _is_shown(snapshot: Snapshot, selection: Selection, chosen: Filter) -> bool:
    """Whether a filter can tell actions apart; stakeholders are chosen by the search and dropped here."""
    if selection.codes(chosen) or chosen.parameter in ("subregion", "country"):
        return True
    return len(snapshot.present.get(chosen.parameter, ())) > 1


def offered(snapshot: Snapshot, selection: Selection, chosen: Filter) -> list[Code]:
    """The codes a filter offers: those that occur in the data or are chosen, inside the chosen regions."""
    if chosen is STAKEHOLDER:
        return chosen_codes(snapshot, selection, chosen)
    known = snapshot.present.get(chosen.parameter, frozenset())
    selected = set(selection.codes(chosen))
    return [
        code
        for code in options(snapshot, chosen)
        if code.code in selected or (code.code in known and _is_inside(snapshot, selection, chosen, code))
    ]


def _is_inside(snapshot: Snapshot, selection: Selection, chosen: Filter, code: Code) -> bool:
    """Whether a subregion or country lies inside the chosen regions and subregions."""
    regions, subregions = selection.regions, selection.subregions
    if chosen.parameter == "subregion":
        return not regions or code.parent in regions
    if chosen.parameter == "country":
        subregion = snapshot.codes.get("subregions", {}).get(code.parent or "")
        is_in_region = not regions or (subregion is not None and subregion.parent in regions)
        return is_in_region and (not subregions or code.parent in subregions)
    return True


def _without_accents(label: str) -> str:
    return "".join(letter for letter in normalize("NFKD", label.casefold()) if not combining(letter))


def _make_day(snapshot: Snapshot, selection: Selection, t: Translator) -> DayBox:
    day = selection.day(snapshot)
    first, last = snapshot.campaign["first_date"], snapshot.last_date
    known = {number: one for number, one in enumerate(campaign_days.list_days(snapshot, t)) if first <= one.day <= last}
    chosen = [number for number, one in known.items() if one.day == day]
    return DayBox(
        label=t("As of"),
        help=t("Progress as it was known on this day."),
        day=day,
        said=formats.format_date(day, t.language),
        first=min(first, day),
        last=max(last, day),
        data_last=last,
        named=known,
        chosen=chosen[-1] if chosen else None,
    )


def state_named_day(box: DayBox, chosen: int | None) -> date | None:
    """The day that the link states after a named day has been chosen, or its name lifted.

    At the latest day, and where no name is chosen, the link follows the data.
    """
    day = box.named[chosen].day if chosen in box.named else box.data_last
    return None if day == box.data_last else day


def _list_chips(snapshot: Snapshot, selection: Selection, t: Translator, page_id: str) -> list[Chip]:
    """What is in force: codes, words, the day and the other side of a comparison."""
    chips = [chip for f in FILTERS for chip in _list_chosen(snapshot, selection, t, f)]
    if selection.q.strip():
        chips.append(Chip("q", t("Words"), selection.q.strip(), {"q": ""}))
    day = formats.format_date(selection.day(snapshot), t.language)
    chips.append(Chip("as_of", t("As of"), day, None if selection.as_of is None else {"as_of": None}))
    if selection.other is not None and page_id != "compare":
        name = name_sides(snapshot, selection.first, selection.other)[1]
        chips.append(Chip("versus", t("Compared with"), name, {"versus": ()}))
    return chips


def _list_chosen(snapshot: Snapshot, selection: Selection, t: Translator, f: Filter) -> list[Chip]:
    """The chosen codes of a filter, each with a button that lifts it; of very many codes one button for all."""
    chosen = selection.codes(f)
    label = t(f.label)
    names = {code.code: code.labels[t.language] for code in chosen_codes(snapshot, selection, f)}
    if len(chosen) > MOST_CHIPS:
        return [Chip(f.parameter, label, ", ".join(names.values()), {f.attribute: ()})]
    return [
        Chip(f"{f.parameter}-{code}", label, name, {f.attribute: tuple(other for other in chosen if other != code)})
        for code, name in names.items()
    ]


def _link_comparison(selection: Selection, t: Translator, page_id: str) -> PageLink | None:
    """The way to a comparison, from pages that have one and are not part of one already."""
    if page_id not in COMPARED_FROM or selection.other is not None:
        return None
    pairs = tuple(selection.first.query_pairs())
    told = t("These actions beside others, or on another day")
    return PageLink(t("Compare with …"), "compare", pairs, ":material/compare_arrows:", told)


def _link_actions(snapshot: Snapshot, selection: Selection, t: Translator, page_id: str) -> PageLink | None:
    """The register of what the filters choose."""
    selection = selection.first
    is_filtered = selection != Selection(as_of=selection.as_of, lang=t.language)
    actions = headline(snapshot, selection).actions if is_filtered and page_id != "actions" else 0
    if not actions:
        return None
    n = formats.format_count(actions, t.language)
    label = t.plural("Show {n} action", "Show these {n} actions", actions, n=n)
    return PageLink(label, "actions", tuple(selection.query_pairs()), ":material/list:")


def _link_country(snapshot: Snapshot, selection: Selection, t: Translator, page_id: str) -> PageLink | None:
    """The page of the only country that is chosen."""
    countries = [code for code in chosen_codes(snapshot, selection, _COUNTRY) if code.code != UNCLASSIFIED]
    if len(countries) != 1 or page_id == "country":
        return None
    label = t("About {country}", country=countries[0].labels[t.language])
    return PageLink(label, "country", tuple(selection.first.query_pairs()), ":material/public:")


def show(view: View, name: str = "") -> Selection:
    """Draw the page's title and the filters, and beside the title which are in force; gives the selection.

    `name`: what the page is about, where that is its title.
    """
    t, model = view.t, make_model(view.snapshot, view.selection, view.t, view.page_id)
    with st.sidebar:
        messages.show_card_title(t("Filters"))
        _show_words(t, model.words)
        for box in model.main:
            _show_own(box)
        with st.expander(t("More filters"), expanded=model.is_more_open):
            for box in model.more:
                _show_own(box)
        _show_day(t, model.day)
        st.button(t("Reset the filters"), key="reset", on_click=link.reset, icon=":material/filter_alt_off:")
    _show_in_force(view, name, model)
    return view.selection


def _show_own(box: Box) -> None:
    key = f"filter-{box.filter.parameter}"
    show_box(box, key, _take_codes, (box.filter.attribute, key))


def show_box(box: Box, key: str, take: Callable[..., None], args: tuple[str, ...]) -> None:
    """Draw the box of one filter; `take` gets `args` when its codes change."""
    in_widget = list(st.session_state.get(key, ()))
    # In the order of the clicks, where they are the same: a widget that is set again may undo a quick click.
    link.keep(key, in_widget if set(in_widget) == set(box.chosen) else list(box.chosen))
    st.multiselect(
        box.label,
        list(box.offered),
        format_func=lambda code: box.offered.get(code, code),
        key=key,
        placeholder=box.placeholder,
        on_change=take,
        args=args,
        select_all=False,
    )


def _show_words(t: Translator, words: str) -> None:
    link.keep("filter-q", words)
    st.text_input(
        t("Words"),
        key="filter-q",
        type="search",
        placeholder=t("Search titles and stakeholders"),
        max_chars=200,
        on_change=_take_words,
    )


def _show_day(t: Translator, box: DayBox) -> None:
    link.keep("filter-as_of", box.day)
    st.date_input(
        box.label,
        min_value=box.first,
        max_value=box.last,
        key="filter-as_of",
        format="DD/MM/YYYY",
        help=box.help,
        on_change=_take_day,
    )
    st.caption(box.said)
    link.keep("filter-named-day", box.chosen)
    st.pills(
        t("Days with a name"),
        list(box.named),
        format_func=lambda number: box.named[number].label if number in box.named else "",
        key="filter-named-day",
        label_visibility="collapsed",
        on_change=_take_named_day,
        args=(box,),
    )


def _take_codes(attribute: str, key: str) -> None:
    link.change(**{attribute: tuple(st.session_state[key])})


def _take_words() -> None:
    link.change(q=(st.session_state["filter-q"] or "").strip())


def _take_day() -> None:
    value = st.session_state["filter-as_of"]
    link.change(as_of=value if isinstance(value, date) else None)


def _take_named_day(box: DayBox) -> None:
    link.change(as_of=state_named_day(box, st.session_state["filter-named-day"]))


def _show_in_force(view: View, name: str, model: FilterBarModel) -> None:
    """The title; the filters in force, each with a way to lift it; the way to the rows behind them, and to the link."""
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center", key="in-force"):
        page.show_title(view, name, width="content")
        for chip in model.chips:
            _show_chip(t, chip)
        if model.compare is not None:
            with st.container(width="content", key="way-to-compare"):
                page_link.show(model.compare)
        for one in model.links:
            page_link.show(one)
        with st.popover(t("Link"), icon=":material/link:", help=t("A link that opens this view again")):
            st.caption(t("This link opens the same view again, in any language:"))
            st.code(f"{link.page_address()}?{link.query_string()}", language=None, wrap_lines=True)


def _show_chip(t: Translator, chip: Chip) -> None:
    """One filter in force, as the button that lifts it; the punctuation of its words is the language's own."""
    if chip.without is None:
        label = f"{escape(chip.label)}{escape(t(': '))}<b>{escape(chip.value)}</b>"
        st.html(f'<span class="chip in-force">{label}</span>', width="content")
        return
    st.button(
        f"{messages.plain(chip.label)}{t(': ')}**{messages.plain(chip.value)}**",
        key=f"lift-{chip.key}",
        icon=":material/close:",
        icon_position="right",
        help=t("Remove this filter"),
        on_click=link.change,
        kwargs=chip.without,
    )
