"""Make the page Compare: two selections side by side, the other one's filters, and the differences of both."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from dashboard import formats
from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.finding import say_known
from dashboard.charts.sides import join_difference, name_sides, say_difference
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import DIMENSIONS, Headline, headline
from dashboard.measures.definitions import DEFINITIONS, FEW
from dashboard.measures.over_time import Moved, moved
from dashboard.measures.standing import are_days, know_total
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Filter, Selection
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import day_choice, filter_bar
from dashboard.ui.pieces.filter_bar import Chip
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
    other: Side | None
    chips: tuple[Chip, ...]
    picks: tuple[tuple[str, Selection], ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    moves: Moved | None = None
    chart_ids: tuple[str, ...] = ()


def make_model(snapshot: Snapshot, selection: Selection, t: Translator) -> CompareModel:
    """Make the page of a selection and its other side."""
    one, other = selection.first, selection.other
    names = name_sides(snapshot, one, other or Selection(as_of=one.as_of, build=one.build, lang=one.lang))
    picks = (pick for pick in _list_picks(snapshot, one, t) if pick[1].other not in (one, other))
    first = _make_side(snapshot, one, t, t("This selection"), names[0])
    chips = tuple(_list_chips(snapshot, selection, t))
    if other is None:
        return CompareModel(first, None, chips, tuple(picks))
    totals = headline(snapshot, one), headline(snapshot, other)
    is_days = are_days(snapshot, one, other)
    sides = sorted(zip(names, totals, strict=True), key=lambda side: side[1].day if is_days else 0)
    earlier, later = sorted((one, other), key=lambda side: side.day(snapshot))
    moves = moved(snapshot, later, earlier.day(snapshot)) if is_days else None
    return CompareModel(
        first=first,
        other=_make_side(snapshot, other, t, t("Compared with"), names[1]),
        chips=chips,
        picks=tuple(picks),
        columns=(t("Figure"), *(name for name, _ in sides), t("Difference")),
        rows=tuple(_list_rows(sides[0][1], sides[1][1], t, moves)) if any(side.actions for side in totals) else (),
        moves=moves,
        chart_ids=_order_charts(one, other),
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
    one, other, differing = selection.first, selection.other or selection.first, dict(selection.versus)
    for f in sorted(FILTERS, key=lambda f: _SHOWN.index(f.parameter) if f.parameter in _SHOWN else len(_SHOWN)):
        box = filter_bar.make_box(snapshot, other, t, f)
        if (f.parameter in _SHOWN and box.offered) or f.parameter in differing:
            chip = filter_bar.make_chip(box, t)
            is_lifted = bool(differing.get(f.parameter)) and bool(one.codes(f))
            lifted = _state(selection, f.parameter, () if is_lifted else None) if f.parameter in differing else {}
            value = chip.value or (t("all") if f.parameter in differing else "")
            yield replace(chip, key=f"vs-{chip.key}", value=value, without=lifted, is_more=False)
    if "q" in differing:
        yield Chip("vs-q", t("Words"), other.q or t("all"), _state(selection, "q", None))
    day = day_choice.make_model(snapshot, other, t)
    is_stated = "as_of" in differing
    value = formats.format_date(day.day, t.language) if is_stated else ""
    lifted = _state(selection, "as_of", None) if is_stated else {}
    yield Chip("vs-as_of", t("On the day"), value, lifted, day=day)


def _state(selection: Selection, name: str, values: tuple[str, ...] | None) -> dict[str, Any]:
    return {"selection": selection.state(name, values)}


def _list_rows(one: Headline, other: Headline, t: Translator, moves: Moved | None) -> Iterator[tuple[str, ...]]:
    """List the headline figures of both with their difference; for two days, with the changes between them."""
    changes = say_moves(moves, t) if moves else {}
    for name in _COUNTS:
        counts = (formats.format_count(getattr(total, name), t.language) for total in (one, other))
        yield t(DEFINITIONS[name].name), *counts, changes.get(name, "")
    for rate in _RATES:
        difference = say_difference(know_total(one, rate), know_total(other, rate), moves is not None)
        rates = (_write_rate(total, rate, t) for total in (one, other))
        yield t(DEFINITIONS[rate].name), *rates, join_difference([t.say(part) for part in difference])


def _write_rate(total: Headline, rate: str, t: Translator) -> str:
    rate_bounds = know_total(total, rate)
    if rate_bounds.whole < FEW:
        return formats.format_counts(rate_bounds.part, rate_bounds.whole, t.language)
    text = formats.format_rate(rate_bounds.part, rate_bounds.whole, t.language)
    most = formats.format_percent(rate_bounds.most, rate_bounds.whole, t.language)
    return text if rate_bounds.most == rate_bounds.part else t(N_("{rate}, up to {most}"), rate=text, most=most)


def _order_charts(one: Selection, other: Selection) -> tuple[str, ...]:
    """Order the charts by a dimension; those by which a side is filtered come last, since they have few members."""
    filtered = {name for name, f in DIMENSIONS.items() if one.codes(f) or other.codes(f)}
    return tuple(sorted(BROKEN_DOWN, key=lambda chart_id: CATALOGUE[chart_id].dimension in filtered))


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
