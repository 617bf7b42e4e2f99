"""The page Compare: both sides with the filters of the other one, their differences, and charts of both.

Below stand the days that publications have spoken of: what was said then, and what is known now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.charts.catalogue import CATALOGUE, SAID_AND_KNOWN
from dashboard.charts.finding import say_known
from dashboard.charts.options import Options
from dashboard.charts.said_and_known import NOTHING_SAID
from dashboard.charts.sides import join_difference, say_difference
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, Translator, phrase
from dashboard.measures.counts import DIMENSIONS, Headline, headline
from dashboard.measures.definitions import DEFINITIONS, FEW
from dashboard.measures.over_time import Moved, list_moved, moved
from dashboard.measures.register import labelled
from dashboard.measures.spoken_days import CAUSES, KEPT, KEPT_COUNTS, SpokenDay, is_kept, list_spoken_days
from dashboard.measures.standing import are_days, know_total
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, VERSUS, Filter, Selection
from dashboard.snapshot.selection_words import name_sides
from dashboard.snapshot.shared import shared
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options, day_choice, filter_bar, html_tables, messages, paging
from dashboard.ui.pieces.filter_bar import Changes, Chip
from dashboard.ui.pieces.journey import say_moves

BROKEN_DOWN = (
    "completion-by-theme", "completion-by-category", "completion-by-group", "completion-by-region",
    "completion-by-subregion", "completion-by-country", "completion-by-grouping", "reporting-by-region",
    "status-by-theme", "status-by-category", "status-by-group", "status-overview",
)  # fmt: skip
_COUNTS = ("actions", "reported", "completed", "unknown")
_RATES = ("completion_rate", "reporting_rate", "on_time_rate")
_REST_OF = ("region", "category", "theme", "group")
"""The filters for which a link can choose all other codes."""
_SHOWN = (*filter_bar.MAIN, "subregion", "grouping", "country")


@dataclass(frozen=True)
class Side:
    """One selection: its owner, its name, its figures in a sentence, and the link to its actions, if any."""

    kicker: str
    name: str
    summary: str
    actions: PageLink | None


@dataclass(frozen=True)
class CompareModel:
    """The page.

    Attributes:
        chips: The filters of the other side and its day; its own ones can be lifted.
        picks: The usual comparisons of this selection, each with the selection of both sides.
        rows: The figures by these columns; none where neither side has actions, or there is no other one.
        moves: For two days, the changes between them.
    """

    first: Side
    second: Side | None
    chips: tuple[Chip, ...]
    picks: tuple[tuple[str, Selection], ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    moves: Moved | None = None
    chart_ids: tuple[str, ...] = ()


@shared
def make_model(snapshot: Snapshot, selection: Selection, t: Translator) -> CompareModel:
    """Make the page of a selection and its other side."""
    first_side, second_side = selection.first, selection.other
    unfiltered = Selection(as_of=first_side.as_of, build=first_side.build, lang=first_side.lang)
    names = name_sides(snapshot, first_side, second_side or unfiltered)
    picks = (pick for pick in _list_picks(snapshot, first_side, t) if pick[1].other not in (first_side, second_side))
    first = _make_side(snapshot, first_side, t, t("This selection"), names[0])
    chips = tuple(_list_chips(snapshot, selection, t))
    if second_side is None:
        return CompareModel(first, None, chips, tuple(picks))
    totals = headline(snapshot, first_side), headline(snapshot, second_side)
    is_days = are_days(snapshot, first_side, second_side)
    sides = sorted(zip(names, totals, strict=True), key=lambda side: side[1].day if is_days else 0)
    earlier, later = sorted((first_side, second_side), key=lambda side: side.day(snapshot))
    moves = moved(snapshot, later, earlier.day(snapshot)) if is_days else None
    filtered = {name for name, f in DIMENSIONS.items() if first_side.codes(f) or second_side.codes(f)}
    return CompareModel(
        first=first,
        second=_make_side(snapshot, second_side, t, t("Compared with"), names[1]),
        chips=chips,
        picks=tuple(picks),
        columns=(t("Figure"), *(name for name, _ in sides), t("Difference")),
        rows=tuple(_list_rows(sides[0][1], sides[1][1], t, moves)) if any(side.actions for side in totals) else (),
        moves=moves,
        # Charts by which a side is filtered have few members, and come last.
        chart_ids=tuple(sorted(BROKEN_DOWN, key=lambda chart_id: CATALOGUE[chart_id].dimension in filtered)),
    )


def _make_side(snapshot: Snapshot, side: Selection, t: Translator, kicker: str, name: str) -> Side:
    total = headline(snapshot, side)
    if not total.actions:
        return Side(kicker, name, t("No action is in this selection."), None)
    label = t.plural("Show {n} action", "Show these {n} actions", total.actions)
    way = PageLink(label, "actions", tuple(side.query_pairs()), ":material/list:")
    return Side(kicker, name, t.say(say_known(know_total(total))), way)


def _list_chips(snapshot: Snapshot, selection: Selection, t: Translator) -> Iterator[Chip]:
    """List the filters of the other side. Lift its own, to none where the first side has some, else to those."""
    first_side, second_side, differing = selection.first, selection.other or selection.first, dict(selection.versus)
    for f in sorted(FILTERS, key=lambda f: _SHOWN.index(f.parameter) if f.parameter in _SHOWN else len(_SHOWN)):
        box = filter_bar.make_box(snapshot, second_side, t, f)
        if (f.parameter in _SHOWN and box.offered) or f.parameter in differing:
            chip = filter_bar.make_chip(box, t)
            is_lifted = bool(differing.get(f.parameter)) and bool(first_side.codes(f))
            lifted = _state(selection, f.parameter, () if is_lifted else None) if f.parameter in differing else {}
            value = chip.value or (t("all") if f.parameter in differing else "")
            yield replace(chip, key=f"vs-{chip.key}", value=value, without=lifted, is_more=False)
    if "q" in differing:
        yield Chip("vs-q", t("Words"), second_side.q or t("all"), _state(selection, "q", None))
    day = day_choice.make_model(snapshot, second_side, t)
    is_stated = "as_of" in differing
    value = formats.format_date(day.day, t.language) if is_stated else ""
    lifted = _state(selection, "as_of", None) if is_stated else {}
    yield Chip("vs-as_of", t("On the day"), value, lifted, day=day)


def _state(selection: Selection, name: str, values: tuple[str, ...] | None) -> dict[str, Any]:
    return {"selection": selection.state(name, values)}


def _list_rows(first: Headline, second: Headline, t: Translator, moves: Moved | None) -> Iterator[tuple[str, ...]]:
    """List the headline figures of both with their difference; for two days, with the changes between them."""
    changes = say_moves(moves, t) if moves else {}
    for name in _COUNTS:
        counts = (formats.format_count(getattr(total, name), t.language) for total in (first, second))
        yield t(DEFINITIONS[name].name), *counts, changes.get(name, "")
    for rate in _RATES:
        difference = say_difference(know_total(first, rate), know_total(second, rate), moves is not None)
        rates = (_write_rate(total, rate, t) for total in (first, second))
        yield t(DEFINITIONS[rate].name), *rates, join_difference([t.say(part) for part in difference])


def _write_rate(total: Headline, rate: str, t: Translator) -> str:
    rate_bounds = know_total(total, rate)
    if rate_bounds.denominator < FEW:
        return formats.format_counts(rate_bounds.part, rate_bounds.denominator, t.language)
    text = formats.format_rate(rate_bounds.part, rate_bounds.denominator, t.language)
    most = formats.format_percent(rate_bounds.most, rate_bounds.denominator, t.language)
    return text if rate_bounds.most == rate_bounds.part else t(N_("{rate}, up to {most}"), rate=text, most=most)


def _list_picks(snapshot: Snapshot, one: Selection, t: Translator) -> Iterator[tuple[str, Selection]]:
    """List the usual comparisons: everyone, others of a filter, each wave's last day; without filters two regions."""
    yield t("All actions"), one.against(Selection(as_of=one.as_of, build=one.build, lang=one.lang))
    filtered = [f for f in FILTERS if one.codes(f)]
    if len(filtered) == 1 and filtered[0].parameter in _REST_OF:
        picks = _list_others(snapshot, one, filtered[0])
        if picks:
            values: dict[str, Any] = {filtered[0].attribute: picks}
            yield t("All the others"), one.against(replace(one, **values))
    regions = [code for code in snapshot.codes["regions"].values() if code.code in snapshot.present.get("region", ())]
    if not filtered and len(regions) > 1:
        names = (code.labels[t.language] for code in regions)
        sides = (replace(one, regions=(code.code,)) for code in regions)
        yield t("{one} and {other}", one=next(names), other=next(names)), next(sides).against(next(sides))
    day = one.day(snapshot)
    for wave in list_waves(snapshot, snapshot.last_date):
        if wave.last_on != day:
            label = f"{t(name_code(wave.name))}{t(': ')}{formats.format_date(wave.last_on, t.language)}"
            yield label, one.against(replace(one, as_of=wave.last_on))
    if day != snapshot.last_date:
        yield formats.format_date(snapshot.last_date, t.language), one.against(replace(one, as_of=None))


def _list_others(snapshot: Snapshot, one: Selection, f: Filter) -> tuple[str, ...]:
    present = snapshot.present.get(f.parameter, frozenset()) - {UNCLASSIFIED, *one.codes(f)}
    return tuple(code for code in snapshot.codes[f.codelist] if code in present)


@dataclass(frozen=True)
class SpokenModel:
    """What was said and is known now of the first side.

    Attributes:
        days: The days that earlier publications have spoken of, the latest first.
        sentence: The sentence in place of the chart where nothing was said, or no figures are kept of these filters.
        rows: What each later publication has changed of the chosen day, by these columns.
    """

    days: tuple[date, ...] = ()
    chosen: date | None = None
    sentence: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def make_spoken(snapshot: Snapshot, selection: Selection, t: Translator) -> SpokenModel:
    """Make what was said and is known now: of the selection's day, else of the last one before it."""
    if not is_kept(selection):
        return SpokenModel(sentence=t(KEPT))
    spoken_days = [one for one in list_spoken_days(snapshot, replace(selection, as_of=None)) if not one.is_own]
    if not spoken_days:
        return SpokenModel(sentence=t(NOTHING_SAID))
    days = tuple(one.day for one in spoken_days)
    chosen = next((one for one in spoken_days if selection.as_of is None or one.day <= selection.as_of), None)
    if chosen is None:
        return SpokenModel(days)
    causes = [cause for cause in CAUSES if any(cause in step.parts for step in chosen.steps)]
    columns = (t("Published on"), *(t(CAUSES[cause]) for cause in causes), t("Completed after this"))
    return SpokenModel(days, chosen.day, "", columns, tuple(_list_steps(chosen, causes, t)))


def _list_steps(spoken: SpokenDay, causes: list[str], t: Translator) -> Iterator[tuple[str, ...]]:
    """List what each publication has changed of a day, and how many actions were completed then."""
    figures = spoken.figures_then.copy()
    for step in spoken.steps:
        step.add_to(figures)
        changes = (_write_changes(step.parts.get(cause, {}), t) for cause in causes)
        counts = formats.format_counts(figures["completed"], figures["actions"], t.language)
        yield formats.format_moment(step.published_at, t.language), *changes, counts


def _write_changes(figures: Mapping[str, int], t: Translator) -> str:
    changed = [(name, figures[name]) for name in KEPT_COUNTS if figures.get(name)]
    names = (replace(phrase(DEFINITIONS[name].name), is_inside=True) for name, _ in changed)
    texts = [
        t.say(phrase(N_("{name} {change}"), name=name, change=formats.format_change(change, t.language)))
        for name, (_, change) in zip(names, changed, strict=True)
    ]
    return ", ".join(texts)


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


def _is_same(first: Selection, second: Selection) -> bool:
    """Return whether two selections are the same, in whatever language they are read."""
    first_pairs, second_pairs = ([pair for pair in side.query_pairs() if pair[0] != "lang"] for side in (first, second))
    return first_pairs == second_pairs


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
    if model.second is not None:
        _show_differences(view, model, selection)
    _show_spoken(view, selection.first)


def _show_differences(view: View, model: CompareModel, selection: Selection) -> None:
    """Draw the differences of the two sides, as figures and as charts."""
    if not model.rows:
        st.html(f'<div class="empty"><b>{escape(view.t("Neither side has any actions."))}</b></div>')
        return
    html_tables.show(html_tables.figures(*model.columns), model.rows)
    if model.moves is not None:
        _show_moved(view, selection, model.moves)
    chart_card.show(view, OVER_TIME, selection)
    chart_card.show_choice(view, selection, model.chart_ids)


def _show_spoken(view: View, selection: Selection) -> None:
    """Draw the days that publications have spoken of, and the changes of the chosen one, publication by publication."""
    t, model = view.t, make_spoken(view.snapshot, selection, view.t)
    if model.sentence:
        messages.show_heading(t(SAID_AND_KNOWN.title))
        messages.show_note(model.sentence)
        return
    chart_card.show(view, SAID_AND_KNOWN.id, selection, options=Options())
    if model.chosen is None:
        return
    st.selectbox(
        t("Day spoken of"),
        model.days,
        index=model.days.index(model.chosen),
        format_func=lambda day: formats.format_date(day, t.language),
        key=f"spoken-{model.chosen}",
        on_change=_choose_day,
        args=(f"spoken-{model.chosen}",),
        width=260,
    )
    if model.rows:
        html_tables.show(html_tables.words(*model.columns), model.rows)


def _choose_day(key: str) -> None:
    link.select(replace(link.selection(), as_of=st.session_state[key]))


def _show_side(side: Side) -> None:
    messages.show_note(side.kicker)
    messages.show_card_title(side.name)
    messages.show_finding(side.summary)
    if side.actions is not None:
        page_link.show(side.actions)


def _show_other(view: View, model: CompareModel, selection: Selection) -> None:
    """Draw the other side, the filters that it has or shares, and suggestions for it."""
    t = view.t
    if model.second is None:
        messages.show_card_title(t("Compared with"))
        messages.show_note(t("Choose another selection, or another date for this one."))
        messages.show_note(t("Anything you do not choose here stays as on the first side."))
    else:
        _show_side(model.second)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="side-choices"):
        filter_bar.show_chips(t, "other-side", model.chips, _OTHER)
        if model.second is not None:
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
