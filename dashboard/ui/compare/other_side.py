"""The two sides above a comparison: the first is the page's own filters, the other is chosen here.

What the other side states stands in the link with `vs.`; what it does not state is as on the first side.
"""

from dataclasses import replace
from datetime import date
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.finding import say_known
from dashboard.i18n import N_
from dashboard.measures.counts import headline
from dashboard.measures.standing import know_total
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.selection import FILTERS, Filter, Selection, chosen_codes
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.page import View
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import day_choice, filter_bar, messages

_REST_OF = ("region", "category", "theme", "group")
"""The filters of which all other codes can be chosen in a link."""
_SHOWN = (*filter_bar.MAIN, "subregion", "grouping", "country")


def show_first(view: View, selection: Selection, name: str) -> None:
    """Draw the first side: its name and what is known of it; its filters are the page's own."""
    with st.container(border=True, key="side-this"):
        t = view.t
        _show_head(view, selection.first, t("This selection"), name)
        with st.container(horizontal=True, gap="small"):
            other = selection.other
            if other is not None:
                swapped = other.against(selection.first)
                st.button(
                    t("Swap sides"), icon=":material/swap_horiz:", key="swap", on_click=link.select, args=(swapped,)
                )


def show(view: View, selection: Selection, name: str) -> None:
    """Draw the other side: its name, what it states, and what it could be."""
    t, other = view.t, selection.other
    with st.container(border=True, key="side-vs"):
        if other is None:
            messages.show_card_title(t("Compared with"))
            messages.show_note(t("Choose another selection, or another date for this one."))
            messages.show_note(t("Anything you do not choose here stays as on the first side."))
        else:
            _show_head(view, other, t("Compared with"), name)
            _show_stated(view, selection)
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="side-choices"):
            for parameter in _SHOWN:
                _show_codes(view, selection, next(f for f in FILTERS if f.parameter == parameter))
            with st.popover(t("On the day"), key="chip-vs-as_of-open"):
                day_choice.show(
                    day_choice.make_model(view.snapshot, other or selection.first, t), "vs-as_of", _take_day
                )
            if other is not None:
                label = t("Stop comparing")
                st.button(label, key="stop", type="tertiary", on_click=link.select, args=(selection.first,))
        _show_picks(view, selection)


def _show_head(view: View, side: Selection, kicker: str, name: str) -> None:
    """A side's name, and what is known of it, with the way to its actions."""
    total = headline(view.snapshot, side)
    known = view.t.say(say_known(know_total(total))) if total.actions else view.t("No action is in this selection.")
    st.html(
        f'<p class="card-note">{escape(kicker)}</p><h2 class="card-title">{escape(name)}</h2>'
        f'<p class="finding">{escape(known)}</p>'
    )
    if total.actions:
        n = formats.format_count(total.actions, view.lang)
        label = view.t.plural("Show {n} action", "Show these {n} actions", total.actions, n=n)
        page_link.show(PageLink(label, "actions", tuple(side.query_pairs()), ":material/list:"))


def _show_stated(view: View, selection: Selection) -> None:
    """What the other side states, each with a button that takes it back; what both share stands without one."""
    t, one, other = view.t, selection.first, selection.other or selection.first
    labels = {f.parameter: f.label for f in FILTERS} | {"q": N_("Words"), "as_of": N_("As of")}
    filters = {f.parameter: f for f in FILTERS}
    with st.container(horizontal=True, gap="small", key="side-stated"):
        for name, values in selection.versus:
            if name in filters:
                words = [code.labels[view.lang] for code in chosen_codes(view.snapshot, other, filters[name])]
            else:
                words = [formats.format_date(other.day(view.snapshot), view.lang)] if name == "as_of" else list(values)
            is_lifted = bool(values) and name in filters and bool(one.codes(filters[name]))
            st.button(
                f"{messages.plain(t(labels[name]))}{t(': ')}**{messages.plain(', '.join(words) or t('all'))}**",
                key=f"lift-vs-{name}",
                icon=":material/close:",
                icon_position="right",
                help=t("Remove this filter") if is_lifted else t("As on the first side"),
                on_click=link.select,
                args=(selection.state(name, () if is_lifted else None),),
            )
        shared = [f for f in FILTERS if one.codes(f) and one.codes(f) == other.codes(f)]
        for f in shared:
            words = [code.labels[view.lang] for code in chosen_codes(view.snapshot, one, f)]
            text = t("{filter}: {values}, on both sides", filter=t(f.label), values=", ".join(words))
            st.html(f'<span class="chip in-force">{escape(text)}</span>', width="content")


def _show_codes(view: View, selection: Selection, chosen: Filter) -> None:
    key, other = f"vs-{chosen.parameter}", selection.other or selection.first
    box = filter_bar.make_box(view.snapshot, other, view.t, chosen)
    if box.offered:
        with st.popover(box.label, key=f"chip-{key}-open"):
            filter_bar.show_box(view.t, box, key, partial(_take_codes, chosen.parameter))


def _take_codes(parameter: str, codes: tuple[str, ...]) -> None:
    link.select(link.selection().state(parameter, codes))


def _take_day(day: date | None) -> None:
    link.select(link.selection().state("as_of", None if day is None else (day.isoformat(),)))


def _show_picks(view: View, selection: Selection) -> None:
    """What this selection is usually compared with, each by one click."""
    picks = _list_picks(view, selection.first)
    shown = [(label, chosen) for label, chosen in picks if chosen.other not in (chosen.first, selection.other)]
    if shown:
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="side-picks"):
            st.html(f'<span class="card-note">{escape(view.t("Quick choices:"))}</span>', width="content")
            for number, (label, chosen) in enumerate(shown):
                st.button(label, key=f"pick-{number}", type="tertiary", on_click=link.select, args=(chosen,))


def _list_picks(view: View, one: Selection) -> list[tuple[str, Selection]]:
    """Everyone, all the others of what is filtered by, and each survey wave's last day; two regions where none is."""
    t, snapshot = view.t, view.snapshot
    everyone = Selection(as_of=one.as_of, build=one.build, lang=one.lang)
    picks = [(t("All actions"), one.against(everyone))]
    filtered = [f for f in FILTERS if one.codes(f)]
    if len(filtered) == 1 and filtered[0].parameter in _REST_OF:
        [only] = filtered
        known = snapshot.present.get(only.parameter, frozenset()) - {UNCLASSIFIED, *one.codes(only)}
        others = [code for code in snapshot.codes[only.codelist] if code in known]
        values: dict[str, Any] = {only.attribute: tuple(others)}
        if others:
            picks.append((t("All the others"), one.against(replace(one, **values))))
    regions = [code for code in snapshot.codes["regions"].values() if code.code in snapshot.present.get("region", ())]
    if not filtered and len(regions) > 1:
        names = (messages.plain(code.labels[view.lang]) for code in regions)
        sides = (replace(one, regions=(code.code,)) for code in regions)
        picks.append((t("{one} and {other}", one=next(names), other=next(names)), next(sides).against(next(sides))))
    day = one.day(snapshot)
    for wave in list_waves(snapshot, snapshot.last_date):
        if wave.last_on != day:
            label = f"{t(name_code(wave.name))}{t(': ')}{formats.format_date(wave.last_on, view.lang)}"
            picks.append((label, one.against(replace(one, as_of=wave.last_on))))
    if day != snapshot.last_date:
        picks.append((formats.format_date(snapshot.last_date, view.lang), one.against(replace(one, as_of=None))))
    return picks
