"""What a question in words may mean: pages with filters, days and choices, as links have them; no model, no guess.

The words are split into units (`vocabulary`), days and names of stakeholders are put together, and each choice of
meanings is read by the same few rules. What has two meanings gives two readings; what has none is named.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice, product
from typing import Any, NamedTuple

from dashboard.asking.days_in_words import DAY, SINCE, join_days
from dashboard.asking.vocabulary import AMOUNT, LONGEST, QUESTION, STATE, Meaning, Unit, split
from dashboard.charts.options import EXPLORE, MEASURED, PAIRS, find_spec, parse_options
from dashboard.errors import SelectionError
from dashboard.ground.codelist_codes import BASE_STATUSES, EVIDENCE_STEPS, UNCLASSIFIED
from dashboard.measures.counts import DIMENSIONS
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, MOST_YEARS, STAKEHOLDER, Selection
from dashboard.snapshot.shared import shared

MOST, MOST_LETTERS = 4, 200
"""The most readings of a question, and the most letters that are read."""
_MOST_NAMES, _MOST_TRIED = 50, 32
"""The most names in which whole words are looked for, and the most choices of meanings that are read."""
PAGE_OF = {
    "region": "regions",
    "subregion": "regions",
    "grouping": "regions",
    "country": "country",
    "category": "categories",
    "theme": "themes",
    "group": "groups",
    STAKEHOLDER.parameter: "stakeholders",
}
"""The page that shows one code of each filter."""
_ATTRIBUTES = {f.parameter: f.attribute for f in FILTERS}
_SUMMED_BY = ("region", "category", "theme", "group")
"""By what the numbers of an indicator are summed."""
_NESTED = ("region", "subregion", "country")
_GLOBAL = "global"
_RELATIVE = ("who", "qui", "quienes")
"""Words that ask for stakeholders, but after the name of a dimension refer to it."""
_UNLISTED = ("country", "grouping")
"""The dimensions of which all others are too many to be filters."""
_FIGURES = ("number", "rate", "progress")
"""What is asked for where figures are meant, and no list."""
_TOLD_APART = (*_ATTRIBUTES, DAY, SINCE, STATE, AMOUNT, QUESTION, "measure", "dimension")
"""The kinds of words of which a question needs one, if it has words that nothing knows."""


class _State(NamedTuple):
    """How actions stand: their statuses or the step of their evidence, and what measures it.

    `complement` is the state of all other actions, empty where no filter finds these.
    """

    statuses: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    measure: str = ""
    complement: str = ""


_STATUSES = (*BASE_STATUSES, "not_reported", UNCLASSIFIED)
"""The statuses of which each action has one."""


def _all_but(status: str) -> tuple[str, ...]:
    return tuple(one for one in _STATUSES if one != status)


_STATES = {
    **{status: _State((status,), complement=f"other_than_{status}") for status in _STATUSES},
    **{f"other_than_{status}": _State(_all_but(status)) for status in _STATUSES},
    **{step: _State(steps=(step,), measure=step) for step in EVIDENCE_STEPS[2:]},
    "completed": _State(("completed",), measure="completion", complement="unfinished"),
    "unfinished": _State(_all_but("completed"), complement="completed"),
    "reported": _State(_all_but("not_reported"), measure="reporting", complement="not_reported"),
    "not_reported": _State(("not_reported",), measure="reporting", complement="reported"),
    "started": _State(("in_progress",), complement="not_started"),
    "on_time": _State(measure="on_time", complement="on_time"),
    "evidenced": _State(steps=("evidenced",), measure="evidenced", complement="claimed_only"),
    "claimed_only": _State(steps=("claimed_only",), measure="evidenced", complement="evidenced"),
}
"""The states that are more than a code of the campaign."""


@dataclass(frozen=True)
class Reading:
    """One meaning of a question.

    Attributes:
        page_id: The part of a page that answers it.
        selection: The filters and the day, or both sides of a comparison; without a day, that of the reader.
        choices: The page's own parameters: the measure, the dimensions and the form of a chart, a list's state.
    """

    page_id: str
    selection: Selection
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the parameters of its link, without a language."""
        return (*(pair for pair in self.selection.query_pairs() if pair[0] != "lang"), *self.choices)


@dataclass(frozen=True)
class Answer:
    """The readings of a question, the likeliest first, and the words that were not understood, in small letters."""

    readings: tuple[Reading, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass
class _Parts:
    """What the units of a question say, by kinds, in their order.

    `other_sides`: filters in the place of those of the same name, each what the other side of a comparison may be.
    """

    filters: dict[str, list[str]] = field(default_factory=dict)
    states: list[_State] = field(default_factory=list)
    words: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, str] = field(default_factory=dict)
    other_sides: list[dict[str, list[str]]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def select(self, states: Iterable[_State] = (), **filters: list[str]) -> Selection:
        """Make the selection of the filters, or of those given in their place, and of some states."""
        chosen = {
            **(filters or self.filters),
            "status": [one for state in states for one in state.statuses],
            "evidence": [one for state in states for one in state.steps],
        }
        days = chosen.pop(DAY, [])
        values: dict[str, Any] = {_ATTRIBUTES[name]: tuple(dict.fromkeys(codes)) for name, codes in chosen.items()}
        return Selection(**values, as_of=date.fromisoformat(days[0]) if days else None)

    @property
    def unmeasured(self) -> list[_State]:
        """The states that no measure shows: they are filters of figures too."""
        return [state for state in self.states if not state.measure]


@shared
def ask(snapshot: Snapshot, text: str) -> Answer:
    """Read a question in words, in any language."""
    end = snapshot.campaign["ends_on"]
    furthest = max(end, snapshot.last_date).year + MOST_YEARS
    units = join_days(split(snapshot, text[:MOST_LETTERS]), snapshot.last_date, end, furthest)
    units = [unit for unit in _join_names(snapshot, units) if not unit.find("small")]
    units = _restrict(_leave_campaign(units, end.year))
    unknown = tuple(unit.text for unit in units if not unit.meanings)
    if unknown and not any(unit.is_exact and unit.find(*_TOLD_APART) for unit in units):
        return Answer(unknown=tuple(unit.text for unit in units if not unit.meanings or not unit.is_exact))
    readings: dict[Reading, None] = {}
    combined = product(*(unit.meanings or (Meaning("", ""),) for unit in units))
    for meanings in islice(combined, _MOST_TRIED):
        parts = _collect(snapshot, units, meanings)
        readings |= dict.fromkeys(_read(parts))
        unknown = tuple(dict.fromkeys((*unknown, *parts.unknown)))
        if len(readings) >= MOST:
            break
    first = sorted(readings, key=lambda one: len(one.selection.versus) > 1 or ("region", ()) in one.selection.versus)
    return Answer(tuple(first)[:MOST], unknown)


def _leave_campaign(units: Sequence[Unit], year: int) -> list[Unit]:
    """Leave out the campaign's year where it stands beside the word for its actions: it is part of their name."""
    beside = [{one.find("target") for one in units[max(place - 1, 0) : place + 2]} for place in range(len(units))]
    return [
        unit for unit, targets in zip(units, beside, strict=True) if unit.text != str(year) or "actions" not in targets
    ]


def _restrict(units: Sequence[Unit]) -> list[Unit]:
    """Keep the meanings of a code that the name of its dimension beside it allows: `theme education`.

    What refers to the name of a dimension asks for no stakeholders: *countries who*.
    """
    before = (Unit(""), *units)
    remaining_units = [
        unit
        for unit, other in zip(units, before, strict=False)
        if unit.text not in _RELATIVE or not other.find("dimension")
    ]
    for place in range(len(remaining_units) - 1, -1, -1):
        name = remaining_units[place].find("dimension")
        if not name or (place and remaining_units[place - 1].find("by")):
            continue
        for beside in (place + 1, place - 1):
            if 0 <= beside < len(remaining_units) and remaining_units[beside].find(name):
                meanings = tuple(one for one in remaining_units[beside].meanings if one.kind == name)
                remaining_units[beside] = remaining_units[beside]._replace(meanings=meanings)
                del remaining_units[place]
                break
    return remaining_units


def _join_names(snapshot: Snapshot, units: Sequence[Unit]) -> list[Unit]:
    """Put together the units that are the name of a stakeholder: words that nothing else knows, and those beside."""
    joined, place = list(units), 0
    while place < len(joined):
        unit = joined[place]
        first, last = place, place + 1
        is_name = not unit.meanings and len(unit.text) >= 4 and not unit.text.isdecimal()
        stakeholder_ids = _find_names(snapshot, [unit]) if is_name else ()
        wider = _widen(joined, first, last) if stakeholder_ids else []
        while wider and last - first < LONGEST:
            start, end = wider.pop(0)
            if names := _find_names(snapshot, joined[start:end]):
                first, last, stakeholder_ids = start, end, names
                wider = _widen(joined, first, last)
        if 0 < len(stakeholder_ids) <= MOST:
            text = " ".join(one.text for one in joined[first:last])
            meanings = tuple(Meaning(STAKEHOLDER.parameter, one) for one in stakeholder_ids)
            joined[first:last] = [Unit(text, meanings, is_exact=len(meanings) == 1)]
            last = first + 1
        place = last
    return joined


def _widen(units: Sequence[Unit], first: int, last: int) -> list[tuple[int, int]]:
    """List what is one unit wider to the right or left, over small words."""
    content = [place for place, unit in enumerate(units) if not unit.find("small", "join")]
    after, before = [place for place in content if place >= last], [place for place in content if place < first]
    return [(first, place + 1) for place in after[:1]] + [(place, last) for place in before[-1:]]


def _find_names(snapshot: Snapshot, units: Iterable[Unit]) -> tuple[str, ...]:
    """Find the stakeholders with all of these words in their name; more than can be offered if there are many."""
    words = {word for unit in units if not unit.find("small", "join") for word in unit.text.split()}
    frame = snapshot.query("find_stakeholders", {"words": sorted(words), "most": _MOST_NAMES})
    folded = snapshot.fold(frame["name"])
    names = zip(frame["stakeholder_id"], frame["name"], strict=True)
    return tuple(one for one, name in names if words.issubset(folded[name].split()))


def _collect(snapshot: Snapshot, units: Sequence[Unit], meanings: Sequence[Meaning]) -> _Parts:
    """Collect what the units say in these meanings, from the first to the last."""
    parts = _Parts()
    denial, joined, before = "", "", Meaning("", "")
    excluded = _find_excluded(meanings)
    is_listed = any(one.kind == "target" and one.value in ("actions", "stakeholders") for one in meanings)
    for place, unit in enumerate(units):
        one = kind, value = meanings[place]
        if kind == "negation":
            denial = unit.text
        elif kind == STATE:
            _add_state(parts, unit, value, denial, is_both=joined != "or")
            denial = ""
        elif place in excluded:
            _exclude(snapshot, parts, one, f"{denial} {unit.text}".strip())
            denial = ""
        elif kind in _ATTRIBUTES or kind == DAY:
            if kind == DAY and "other" in parts.words["span"]:
                parts.unknown.append(unit.text)
            elif value not in parts.filters.setdefault(kind, []):
                parts.filters[kind].append(value)
            parts.words["which"] += [value] * (kind == "group" and before.value == "which")
        elif kind != "dimension" or before.kind in ("", "by", "dimension") or before.value == "number" or not is_listed:
            parts.words[kind.replace("where", "dimension")].append(value)
            parts.texts[value] = unit.text
        joined = joined if kind == "negation" else value * (kind == "join")
        before = before if kind == "join" else one
    if len(parts.filters.get(DAY, [])) > 1:
        parts.words["versus"].append("days")
    _add_other_sides(snapshot, parts)
    no_days = [*parts.words["edge"], *(span for span in parts.words["span"] if span in ("before", "after"))]
    parts.unknown += [*([denial] if denial else []), *(parts.texts[one] for one in no_days)]
    return parts


def _add_other_sides(snapshot: Snapshot, parts: _Parts) -> None:
    """Add all other codes, or all actions, as the other side of a comparison; name the word where they are no side.

    With codes of several dimensions, each may be the one whose others are meant, unless its name says which.
    """
    which = next(iter(parts.words["rest"]), "")
    names = [name for name in DIMENSIONS if name in parts.filters]
    nested = [name for name in names if name in _NESTED]
    if not which or (which == "all" and len(nested) > 1):
        return
    if parts.words["versus"] and len(nested) < 2:
        names = (which == "world" and nested) or [one for one in names if one in parts.words["dimension"]] or names
        for name in names if which == "all" else [one for one in names if one not in _UNLISTED]:
            codes = () if which == "all" else snapshot.codes[DIMENSIONS[name].codelist]
            side = [code for code in codes if code not in (*parts.filters[name], UNCLASSIFIED)]
            parts.other_sides.append({name: side})
    if not parts.other_sides:
        parts.unknown.append(parts.texts[which])


def _find_excluded(meanings: Sequence[Meaning]) -> set[int]:
    """Find the places of the codes after a denial, and of those further ones that an *and* or *or* adds."""
    places, before, is_joined = set[int](), -1, False
    for place, one in enumerate(meanings):
        if one.kind == "join":
            is_joined = True
            continue
        is_further = before in places and (is_joined or one.kind == meanings[before].kind)
        if one.kind in DIMENSIONS and before >= 0 and (meanings[before].kind == "negation" or is_further):
            places.add(place)
        before, is_joined = place, False
    return places


def _add_state(parts: _Parts, unit: Unit, value: str, denial: str, *, is_both: bool) -> None:
    """Add a state, or that of all other actions; `is_both`: a denial narrows the state before it."""
    state = _STATES.get(value, _State((value,)))
    parts.texts[state.measure] = unit.text
    if denial and not state.complement:
        parts.unknown.append(f"{denial} {unit.text}")
        return
    state = _STATES[state.complement] if denial else state
    if denial and is_both and parts.states:
        before = parts.states[-1].statuses
        if shared_statuses := tuple(one for one in before if one in state.statuses):
            parts.states.pop()
            state = _State(shared_statuses)
        elif before and state.statuses:
            parts.unknown.append(f"{denial} {unit.text}")
            return
    parts.states.append(state)


def _exclude(snapshot: Snapshot, parts: _Parts, one: Meaning, text: str) -> None:
    """Leave a code out of those of its dimension, of which no other is chosen or all; name it where they are many."""
    codes = [code for code in snapshot.codes[DIMENSIONS[one.kind].codelist] if code != UNCLASSIFIED]
    chosen = parts.filters.get(one.kind, [])
    remaining_codes = [code for code in (chosen if chosen not in ([], [_GLOBAL]) else codes) if code != one.value]
    if one.kind in _UNLISTED and not chosen or not remaining_codes:
        parts.unknown.append(text)
    else:
        parts.filters[one.kind] = remaining_codes


def _read(parts: _Parts) -> Iterator[Reading]:
    """Read what was collected: a comparison, a chart, a list, or the page of a selection."""
    if "definitions" in parts.words["target"]:
        yield Reading("definitions", Selection())
    elif questions := parts.words[QUESTION]:
        yield Reading("surveys", parts.select(parts.unmeasured), ((QUESTION, questions[0]),))
    elif amounts := parts.words[AMOUNT]:
        yield _read_amount(parts, amounts[0])
    elif since := parts.words[SINCE]:
        then = parts.select(parts.unmeasured, **{**parts.filters, DAY: since})
        yield Reading("compare", parts.select(parts.unmeasured).against(then))
        if "latest" in parts.words["target"]:
            yield Reading("latest", parts.select(parts.unmeasured), ((SINCE, since[0]),))
    elif parts.words["versus"] and (comparisons := _compare(parts)):
        yield from comparisons
    elif parts.words["form"] == ["curve"] and "milestones" in parts.words["measure"]:
        yield Reading("milestones", parts.select(parts.unmeasured))
    elif parts.words["dimension"] or any(form != "table" for form in parts.words["form"]):
        chart = _read_chart(parts, list(dict.fromkeys(parts.words["dimension"])))
        if "number" in parts.words["target"] and [name for name, _ in chart.choices] == ["by"]:
            yield replace(chart, choices=(*chart.choices, ("as", "table"), ("sort", "actions")))
        yield chart
    else:
        yield from _read_list(parts)


def _compare(parts: _Parts) -> tuple[Reading, ...]:
    """Read two sides that differ in one filter, or in two kinds of filters; whatever else is said is of both.

    None where more than two are compared, as by a chart, or nothing is; several where the other side may be several.
    """
    filters = parts.filters
    if parts.other_sides:
        choices = (parts.select(parts.unmeasured, **{**filters, **side}) for side in parts.other_sides)
        return tuple(Reading("compare", parts.select(parts.unmeasured).against(choice)) for choice in choices)
    several = [name for name, codes in filters.items() if len(codes) > 1]
    if any(len(filters[name]) > 2 for name in several):
        parts.words["dimension"] += [name for name in several if name in PAIRS]
        return ()
    if several:
        name = next((one for one in several if one != DAY), DAY)
        sides = [{**filters, name: [code]} for code in filters[name]]
    else:
        nested = [name for name in filters if name in _NESTED]
        names = nested if len(nested) == 2 else list(filters)
        if len(names) != 2 or "versus" not in parts.words["versus"]:
            parts.unknown += [parts.texts[name] for name in parts.words["dimension"]] if filters else []
            return (Reading("compare", parts.select(parts.unmeasured)),) if filters else ()
        both = {name: codes for name, codes in filters.items() if name not in names}
        sides = [{**both, name: filters[name]} for name in names]
    first, second = (parts.select(parts.unmeasured, **side) for side in sides)
    return (Reading("compare", first.against(second)),)


def _read_amount(parts: _Parts, amount: str) -> Reading:
    """Read the chart of what was promised and reached of an indicator, large on the page of its dimension."""
    dimensions = [name for name in parts.words["dimension"] if name in _SUMMED_BY]
    parts.unknown += [parts.texts[name] for name in parts.words["dimension"] if name not in _SUMMED_BY]
    by = next(iter(dimensions), "") or _choose_dimension(parts)
    chart_id = f"results-by-{by}"
    choices = [(name, f"{chart_id}:{code}") for name, code in zip(MEASURED, amount.split("/"), strict=True)]
    return Reading(PAGE_OF[by], parts.select(parts.unmeasured), (*choices, ("large", chart_id)))


def _read_chart(parts: _Parts, dimensions: Sequence[str]) -> Reading:
    """Read a chart that readers put together; a state that no measure shows is a filter, and actions are counted."""
    measures = [*parts.words["measure"], *(state.measure for state in reversed(parts.states) if state.measure)]
    measure = next((one for one in measures if one != "completion"), "")
    by, second = ([*dimensions, "", ""])[:2]
    form = next(iter(parts.words["form"]), "")
    if form == "map":
        by, second = "country", next((one for one in dimensions if one != "country"), "")
    elif form == "curve":
        by, form = (by, "multiples") if by else ("all", "")
    elif parts.unmeasured and not measures:
        form = "table"
    elif form == "table" and second:
        form = "grid"
    pairs = [(by, second), (second, by), (by, "")] if second else [(by, "")]
    sort = "actions" if parts.unmeasured and not measures and form == "table" else ""
    tries = [{"measure": measure, "by": outer, "and": inner, "as": form, "sort": sort} for outer, inner in pairs]
    tries += [one | dict.fromkeys(left_out, "") for left_out in (("as", "sort"), ("measure",)) for one in tries]
    tries.append({"by": by})
    for choices in tries:
        filled = {name: value for name, value in choices.items() if value}
        if _is_offered(filled):
            break
    steps = [state for state in parts.states if state.steps and state.measure not in ("", *filled.values())]
    lost = {measure, form if form != "multiples" else "", *dimensions} - {*filled.values()}
    lost -= {state.measure for state in steps}
    parts.unknown += sorted(parts.texts[one] for one in lost if one and one in parts.texts)
    return Reading(EXPLORE, parts.select([*parts.unmeasured, *steps]), tuple(filled.items()))


def _is_offered(choices: dict[str, str]) -> bool:
    try:
        parse_options({name: [value] for name, value in choices.items()}, find_spec(EXPLORE))
    except SelectionError:
        return False
    return True


def _read_list(parts: _Parts) -> Iterator[Reading]:
    """Read a list of milestones, stakeholders or actions, or the page that has the figures of a selection."""
    parts.unknown += parts.words["form"]
    target = next((one for one in parts.words["target"] if one not in _FIGURES), "")
    is_figure = bool(parts.words["measure"]) or any(one in _FIGURES for one in parts.words["target"])
    full = parts.select(parts.states)
    measures = [*parts.words["measure"], *(state.measure for state in parts.states if state == _STATES["on_time"])]
    if "milestones" in measures:
        is_missed = any(state.statuses in (_STATES["unfinished"].statuses, ("overdue",)) for state in parts.states)
        states = (*parts.words["milestone"], *(["missed"] if is_missed else []))
        yield Reading("milestones", parts.select(), tuple(("state", state) for state in states[:1]))
    elif target == "latest":
        yield Reading("latest", parts.select(parts.unmeasured))
    elif target == "stakeholders" and not {*measures} - {"completion", "reporting"}:
        yield Reading("stakeholders", full)
    elif {*measures} - {"completion", "reporting"}:
        yield _read_chart(parts, [_choose_dimension(parts)])
    elif parts.states and "rate" not in parts.words["target"] and not measures:
        yield Reading("actions", full)
        if parts.words["which"] or (not target and "group" in parts.filters):
            yield Reading("stakeholders", full)
        if is_figure or (not target and parts.filters and any(state.measure for state in parts.states)):
            yield from _read_figures(parts, is_figure=True)
    elif target == "actions" and not is_figure:
        yield Reading("actions", full)
    else:
        yield from _read_figures(parts, is_figure=is_figure)


def _choose_dimension(parts: _Parts) -> str:
    """Choose what a measure is broken down by where nothing is said: regions, unless places are chosen."""
    names = ("theme", "category", "group") if {*_NESTED, "grouping"} & parts.filters.keys() else ("region", "theme")
    return next((one for one in names if one not in parts.filters), "region")


def _read_figures(parts: _Parts, *, is_figure: bool) -> Iterator[Reading]:
    """Read the page of one code, or the overview of a selection, and a chart of what stands on neither."""
    selection = parts.select(parts.unmeasured)
    codes = [(name, code) for name, codes in parts.filters.items() if name != DAY for code in codes]
    name = codes[0][0] if len(codes) == 1 else ""
    if any(state.measure in EVIDENCE_STEPS for state in parts.states) or "reporting" in parts.words["measure"]:
        yield _read_chart(parts, [_choose_dimension(parts)])
    if name and (name in ("country", STAKEHOLDER.parameter) or not is_figure):
        yield Reading(PAGE_OF[name], selection)
    elif parts.filters or is_figure or parts.states:
        yield Reading("overview", selection)
    if "group" in parts.filters and not name and not is_figure:
        yield Reading("stakeholders", selection)
