"""The filters: a row of chips above the content, each with its list, and below it the page's title and its links.

One component draws all chips of a place, and what they open: an element of its own for each costs the server a third of
a run. It never holds the truth: each run sets it to the selection that `dashboard.ui.frame.link` keeps, and each change
goes there before the page is drawn. On a telephone the chips without a value are behind one button.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.charts.marks import sort_key
from dashboard.ground.codelist_codes import UNCLASSIFIED, Code
from dashboard.i18n import Translator
from dashboard.measures.counts import headline, list_unused
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, STAKEHOLDER, Filter, Selection, chosen_codes, options
from dashboard.snapshot.selection_words import name_sides
from dashboard.snapshot.shared import shared
from dashboard.ui.frame import browser_part, header, link, page, page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import day_choice, tolerant_list
from dashboard.ui.pieces.day_choice import DayChoice

MAIN = ("region", "theme", "category", "group", "status")
MORE = ("subregion", "grouping", "country", "stakeholder", "evidence")
_COUNTRY = next(f for f in FILTERS if f.parameter == "country")
COMPARED_FROM = ("overview", *header.DIMENSION_PAGES, "country", "explore")
"""The pages whose selection can be put beside another."""
_MOUNT = browser_part.register(
    "filter_bar",
    Path(__file__),
    '<div class="chips"></div><template class="more"><details class="more-chips"><summary><span class="narrow"></span>'
    f'<span class="wide"></span></summary></details></template><template class="list">{tolerant_list.HTML}</template>'
    f'<template class="day">{day_choice.HTML}</template>',
    uses=[Path(__file__).with_name(name) for name in ("tolerant_list", "day_choice")],
)
MOST_NAMES = 2
"""How many of the chosen codes a chip names."""


@dataclass(frozen=True)
class Box:
    """The box of one filter: its label, its options by code, its choice, and its text while none is chosen."""

    filter: Filter
    label: str
    offered: dict[str, str]
    chosen: tuple[str, ...]
    placeholder: str


@dataclass(frozen=True)
class Chip:
    """One chip: its label, its value, and the selection's values without that.

    Attributes:
        without: The values that lift it; empty where there is nothing to lift.
        box: The list that it opens; with neither a box nor a day it only shows its value.
        is_more: Whether it is behind the button for more while it has no value.
    """

    key: str
    label: str
    value: str = ""
    without: Mapping[str, Any] = field(default_factory=dict)
    box: Box | None = None
    day: DayChoice | None = None
    is_more: bool = False


class Changes(NamedTuple):
    """Callbacks for the chosen codes of a filter, for the day, for the `without` of a lifted chip, and for a reset."""

    take_codes: Callable[[Filter, tuple[str, ...]], None]
    take_day: Callable[[date | None], None]
    lift: Callable[..., None]
    reset: Callable[[], None] = link.hold


@dataclass(frozen=True)
class FilterBarModel:
    """The filters of a page."""

    chips: tuple[Chip, ...]
    as_of: Chip
    compare: PageLink | None
    links: tuple[PageLink, ...]


@shared
def make_model(snapshot: Snapshot, selection: Selection, t: Translator, page_id: str) -> FilterBarModel:
    """Make the filters of a page for a selection."""
    filters = {f.parameter: f for f in FILTERS}
    unused = list_unused(snapshot)
    main = [filters[one] for one in MAIN if one not in unused or selection.codes(filters[one])]
    main += [filters[one] for one in MORE if _is_shown(snapshot, selection, filters[one])]
    chips = [make_chip(make_box(snapshot, selection, t, f), t) for f in main]
    links = (_link_actions(snapshot, selection, t, page_id), _link_country(snapshot, selection, t, page_id))
    day = day_choice.make_model(snapshot, selection, t)
    return FilterBarModel(
        chips=(*chips, *_list_others(snapshot, selection, t, page_id)),
        as_of=Chip(
            "as_of",
            t("As of"),
            formats.format_date(day.day, t.language),
            {} if selection.as_of is None else {"as_of": None},
            day=day,
        ),
        compare=_link_comparison(selection, t, page_id),
        links=tuple(one for one in links if one is not None),
    )


def make_chip(box: Box, t: Translator) -> Chip:
    """Make the chip of a filter, with the names of the chosen codes; of many the first, and how many more."""
    parameter, names = box.filter.parameter, [box.offered.get(code, code) for code in box.chosen]
    value = ", ".join(names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        value = t("{names} and {n} more", names=value, n=len(names) - MOST_NAMES)
    without = {box.filter.attribute: ()} if names else {}
    return Chip(parameter, box.label, value, without, box, is_more=parameter in MORE)


def _list_others(snapshot: Snapshot, selection: Selection, t: Translator, page_id: str) -> list[Chip]:
    """List what is in force beside the filters: search words, and the other side of a comparison."""
    chips = []
    if selection.q.strip():
        chips.append(Chip("q", t("Words"), selection.q.strip(), {"q": ""}))
    if selection.other is not None and page_id != "compare":
        name = name_sides(snapshot, selection.first, selection.other)[1]
        chips.append(Chip("versus", t("Compared with"), name, {"versus": ()}))
    return chips


def make_box(snapshot: Snapshot, selection: Selection, t: Translator, chosen: Filter) -> Box:
    """Make the box of one filter."""
    codes = offered(snapshot, selection, chosen)
    if chosen.parameter == "country":  # the codelist has them in English order
        codes.sort(key=lambda code: sort_key(code.labels[t.language]))
    labels = {code.code: code.labels[t.language] for code in codes}
    return Box(chosen, t(chosen.label), labels, tuple(selection.codes(chosen)), t(chosen.everything))


def _is_shown(snapshot: Snapshot, selection: Selection, chosen: Filter) -> bool:
    """Whether a filter can separate actions; the search chooses stakeholders, and a chip drops them."""
    if selection.codes(chosen) or chosen.parameter in ("subregion", "country"):
        return True
    return len(snapshot.present.get(chosen.parameter, ())) > 1


def offered(snapshot: Snapshot, selection: Selection, chosen: Filter) -> list[Code]:
    """List the codes that a filter offers: those that occur in the data or are chosen, inside the chosen regions."""
    if chosen is STAKEHOLDER:
        return chosen_codes(snapshot, selection, chosen)
    present = snapshot.present.get(chosen.parameter, frozenset())
    selected = set(selection.codes(chosen))
    return [
        code
        for code in options(snapshot, chosen)
        if code.code in selected or (code.code in present and _is_inside(snapshot, selection, chosen, code))
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


def _link_comparison(selection: Selection, t: Translator, page_id: str) -> PageLink | None:
    if page_id not in COMPARED_FROM or selection.other is not None:
        return None
    pairs = tuple(selection.first.query_pairs())
    help_text = t("These actions beside others, or on another date")
    return PageLink(t("Compare with …"), "compare", pairs, ":material/compare_arrows:", help_text)


def _link_actions(snapshot: Snapshot, selection: Selection, t: Translator, page_id: str) -> PageLink | None:
    selection = selection.first
    is_filtered = selection != Selection(as_of=selection.as_of, lang=t.language)
    actions = headline(snapshot, selection).actions if is_filtered and page_id != "actions" else 0
    if not actions:
        return None
    label = t.plural("Show {n} action", "Show these {n} actions", actions)
    return PageLink(label, "actions", tuple(selection.query_pairs()), ":material/list:")


def _link_country(snapshot: Snapshot, selection: Selection, t: Translator, page_id: str) -> PageLink | None:
    countries = [code for code in chosen_codes(snapshot, selection, _COUNTRY) if code.code != UNCLASSIFIED]
    if len(countries) != 1 or page_id == "country":
        return None
    label = t("About {country}", country=countries[0].labels[t.language])
    return PageLink(label, "country", tuple(selection.first.query_pairs()), ":material/public:")


def show(view: View, name: str = "", *, has_day: bool = True, has_title: bool = True) -> Selection:
    """Draw the filters, and below them the page's title with its links; return the selection.

    `name`: the page's subject, where that is its title.
    `has_day`: whether the day is one of the chips; else the page draws it (`show_day`).
    `has_title`: whether to draw the title; else the page draws its own.
    """
    t, model = view.t, make_model(view.snapshot, view.selection, view.t, view.page_id)
    is_filtered = any(chip.without for chip in (*model.chips, model.as_of))
    more = {"narrow": t("Filters"), "wide": t("More"), "reset": t("Reset the filters") if is_filtered else ""}
    show_chips(t, "chips", (*model.chips, *((model.as_of,) if has_day else ())), more=more)
    if has_title:
        with st.container(horizontal=True, vertical_alignment="center", key="title-line"):
            page.show_title(view, name, width="content")
            show_ways(view, model)
    return view.selection


def show_day(view: View) -> None:
    """Draw the chip of the day where a page has a separate place for it."""
    show_chips(view.t, "day", (make_model(view.snapshot, view.selection, view.t, view.page_id).as_of,))


def show_ways(view: View, model: FilterBarModel | None = None) -> None:
    """Draw the links from the filters: to their actions, to a comparison, and to the page itself."""
    t = view.t
    model = model or make_model(view.snapshot, view.selection, t, view.page_id)
    for one in model.links:
        page_link.show(one)
    if model.compare is not None:
        with st.container(width="content", key="way-to-compare"):
            page_link.show(model.compare)
    with st.popover(t("Link"), icon=":material/link:", help=t("A link that opens this view again"), type="tertiary"):
        st.caption(t("This link opens the same view again, in any language:"))
        st.code(f"{link.page_address()}?{link.query_string()}", language=None, wrap_lines=True)


_PAGE = Changes(
    lambda chosen, codes: link.change(**{chosen.attribute: codes}),
    lambda day: link.change(as_of=day),
    link.change,
    link.reset,
)


def show_chips(
    t: Translator, key: str, chips: Sequence[Chip], changes: Changes = _PAGE, more: Mapping[str, str] | None = None
) -> None:
    """Draw the chips of a place: each opens its list or its day, and beside it stands the button that lifts its value.

    `changes`: the callbacks; by default those of the page's own filters.
    `more`: the words of the button for further chips, and of the one that lifts all where there is something to lift.
    """
    words = {"colon": t(": "), "lift": t("Remove this filter"), **tolerant_list.write_words(t)}
    data = {"chips": [_write_chip(chip) for chip in chips], "words": words, "more": dict(more or {})}
    take = partial(_take, key, {chip.key: chip for chip in chips}, changes)
    _MOUNT(key=key, data=data, width="stretch" if more else "content", on_changes_change=take)


def _write_chip(chip: Chip) -> dict[str, Any]:
    """Write a chip for the browser."""
    written: dict[str, Any] = {"key": chip.key, "label": chip.label, "value": chip.value}
    written |= {"lifts": bool(chip.without), "is_more": chip.is_more}
    if chip.box is not None:
        box = chip.box
        chosen = {"options": list(box.offered.items()), "chosen": list(box.chosen), "all": box.placeholder}
        return {**written, "list": chosen}
    return written if chip.day is None else {**written, "day": day_choice.write(chip.day)}


def _take(key: str, chips: Mapping[str, Chip], changes: Changes) -> None:
    """Make the changes that the browser sends, the earliest first; ignore any that is none of these chips'.

    The browser sends those again that it has not yet seen drawn: of two clicks the server may get the second alone.
    """
    sent = st.session_state[key].get("changes")
    for change in sent if isinstance(sent, list) else ():
        try:
            _make_change(change, chips, changes)
        except ValueError:
            link.hold()


def _make_change(change: object, chips: Mapping[str, Chip], changes: Changes) -> None:
    match change:
        case {"chip": str(key), "codes": codes} if key in chips and (box := chips[key].box):
            changes.take_codes(box.filter, tolerant_list.read(codes, box.offered))
        case {"chip": str(key), "day": day} if key in chips and (choice := chips[key].day):
            changes.take_day(day_choice.read(choice, day))
        case {"chip": str(key)} if key in chips and (without := chips[key].without):
            changes.lift(**without)
        case {"reset": _}:
            changes.reset()
        case _:
            link.hold()
