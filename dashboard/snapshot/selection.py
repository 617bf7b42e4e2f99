"""The selection: the filters in force. One declaration defines its link, its SQL parameters and its words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from dashboard.errors import SelectionError
from dashboard.ground.codelist_codes import Code, furthest_steps
from dashboard.ground.tracking import is_tracking
from dashboard.i18n import N_
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import read_build


class Filter(NamedTuple):
    """One filter by codes: its link parameter, attribute, codelist and label, and whether it is a dimension too.

    `everything` is its text where nothing is chosen.

    Stakeholders are no codelist: there may be very many, and only requested ones are looked up.
    """

    parameter: str
    attribute: str
    codelist: str
    label: str
    everything: str
    is_dimension: bool = True


STAKEHOLDER = Filter(
    "stakeholder", "stakeholders", "stakeholders", N_("Stakeholder"), N_("All stakeholders"), is_dimension=False
)
FILTERS = (
    Filter("region", "regions", "regions", N_("Region"), N_("All regions")),
    Filter("subregion", "subregions", "subregions", N_("Subregion"), N_("All subregions")),
    Filter("grouping", "groupings", "groupings", N_("Grouping of countries"), N_("All groupings")),
    Filter("country", "countries", "countries", N_("Country"), N_("All countries")),
    Filter("category", "categories", "categories", N_("Category"), N_("All categories")),
    Filter("theme", "themes", "themes", N_("Theme"), N_("All themes")),
    Filter("group", "groups", "stakeholder_groups", N_("Stakeholder group"), N_("All stakeholder groups")),
    STAKEHOLDER,
    Filter("status", "statuses", "statuses", N_("Status"), N_("All statuses"), is_dimension=False),
    Filter("evidence", "evidence", "evidence", N_("Evidence"), N_("Any evidence"), is_dimension=False),
)
PARAMETERS = (*(f.parameter for f in FILTERS), "q", "as_of", "build", "lang")
MOST_YEARS = 10
"""The most years of a day after the campaign and the data; curves have a value for each day."""

_NO_TEXT = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ufffe\\uffff]+")
"""Characters that are in no word, and could not be written into pictures, slides and workbooks."""
_VS = "vs."
VERSUS = tuple(f"{_VS}{name}" for name in PARAMETERS if name not in ("build", "lang"))
"""The parameters of a comparison's other side; build and language are those of both sides."""

_NESTED = ("region", "subregion", "country")
"""Places that contain one another: where the other side names one of them, it drops the others."""


@dataclass(frozen=True)
class Selection:
    """Filters by code (any of the codes, every filter), search words, the day, the build if frozen, the language.

    With `versus` it is a comparison: the other side's parameters with their values, in the link's order; without a
    value a filter is lifted there. All other parameters are the same on both sides.
    """

    regions: tuple[str, ...] = ()
    subregions: tuple[str, ...] = ()
    groupings: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    stakeholders: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    q: str = ""
    as_of: date | None = None
    build: str = ""
    lang: str = "en"
    versus: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def first(self) -> "Selection":
        """One side of a comparison: this selection by itself."""
        return replace(self, versus=()) if self.versus else self

    @property
    def other(self) -> "Selection | None":
        """The other side of a comparison."""
        if not self.versus:
            return None
        side_values = dict(self.versus)
        if not side_values.keys().isdisjoint(_NESTED):
            side_values = dict.fromkeys(_NESTED, ()) | side_values
        values: dict[str, Any] = {f.attribute: side_values[f.parameter] for f in FILTERS if f.parameter in side_values}
        if "q" in side_values:
            values["q"] = "".join(side_values["q"])
        if "as_of" in side_values:
            values["as_of"] = _parse_day("".join(side_values["as_of"]))
        return replace(self, versus=(), **values)

    def against(self, side: "Selection | None") -> "Selection":
        """Return the comparison of this side with another one; without it, this side by itself."""
        if side is None:
            return self.first
        mine, other_values = _values(self), _values(side)
        differing = {name for name in other_values if other_values[name] != mine[name]} or {"as_of"}
        if not differing.isdisjoint(_NESTED):
            nested = {name for name in _NESTED if other_values[name]} or {_NESTED[0]}
            differing = differing.difference(_NESTED) | nested
        return replace(self, versus=tuple((name, other_values[name]) for name in other_values if name in differing))

    def state(self, parameter: str, values: Sequence[str] | None) -> "Selection":
        """Return this comparison with a parameter stated for the other side; with None it is as on this side."""
        side_values = dict(self.versus) | {parameter: tuple(values or ())}
        order = [name for name in _values(self) if name in side_values and (values is not None or name != parameter)]
        return replace(self, versus=tuple((name, side_values[name]) for name in order))

    def codes(self, chosen: Filter) -> tuple[str, ...]:
        """Return the codes chosen for one filter."""
        codes: tuple[str, ...] = getattr(self, chosen.attribute)
        return codes

    def day(self, snapshot: Snapshot) -> date:
        """The day of the figures."""
        return self.as_of or snapshot.last_date

    def sql_parameters(self, snapshot: Snapshot) -> dict[str, Any]:
        """Return the parameters of every measure query; None means no filter."""
        parameters: dict[str, Any] = {f.attribute: list(self.codes(f)) or None for f in FILTERS}
        if self.evidence:  # each step counts among those before it
            parameters["evidence"] = furthest_steps(self.evidence)
        parameters["q"] = snapshot.search_words(self.q) or None
        parameters["as_of"] = self.day(snapshot)
        return parameters

    def query_pairs(self) -> list[tuple[str, str]]:
        """Return the link's parameters, in a fixed order, without defaults."""
        pairs = [(name, value) for name, values in _values(self).items() for value in values]
        pairs += [(f"{_VS}{name}", value) for name, values in self.versus for value in values or ("",)]
        if self.build:
            pairs.append(("build", self.build))
        pairs.append(("lang", self.lang))
        return pairs

    def query_string(self) -> str:
        """Return the link's query string, without the question mark."""
        return urlencode(self.query_pairs())

    def in_order(self) -> "Selection":
        """Return this selection with its codes in one order, so that equal filters are one link, one file, one key."""
        codes: dict[str, Any] = {f.attribute: tuple(sorted(self.codes(f))) for f in FILTERS}
        versus = tuple((name, tuple(sorted(values))) for name, values in self.versus)
        return replace(self, q=self.q.strip(), versus=versus, **codes)


def _values(selection: Selection) -> dict[str, tuple[str, ...]]:
    """Return the values of each filter, of the words and of the day, as in the link."""
    values = {f.parameter: selection.codes(f) for f in FILTERS}
    values["q"] = (selection.q.strip(),) if selection.q.strip() else ()
    return values | {"as_of": (selection.as_of.isoformat(),) if selection.as_of else ()}


def options(snapshot: Snapshot, chosen: Filter) -> list[Code]:
    """List the codes of a filter, in the codelist's order; none of the stakeholders."""
    return list(snapshot.codes.get(chosen.codelist, {}).values())


def chosen_codes(snapshot: Snapshot, selection: Selection, chosen: Filter) -> list[Code]:
    """List the codes chosen for one filter, with their labels, in the link's order."""
    codes = selection.codes(chosen)
    entries = _find_codes(snapshot, chosen, codes) if codes else {}
    return [entries[code.casefold()] for code in codes]


def _find_codes(snapshot: Snapshot, chosen: Filter, codes: Sequence[str]) -> dict[str, Code]:
    """Find a filter's codes, the requested ones at least, by the code in small letters."""
    if chosen is STAKEHOLDER:
        return {code.code.casefold(): code for code in (snapshot.find_stakeholders(codes) if codes else ())}
    return {code.code.casefold(): code for code in options(snapshot, chosen)}


def parse_language(text: str, languages: Sequence[str]) -> str | None:
    """Return the language of a tag (`FR`, `fr-FR`, `es_419`), if it is one of these."""
    lang = text.strip().replace("_", "-").split("-", 1)[0].lower()
    return lang if lang in languages else None


def list_values(snapshot: Snapshot) -> dict[str, list[str]]:
    """List the values of each parameter of a link; nothing for any words, and for any id of a stakeholder."""
    codes = {f.parameter: [code.code for code in options(snapshot, f)] for f in FILTERS}
    return codes | {"q": [], "as_of": ["YYYY-MM-DD"], "build": [snapshot.build_id], "lang": list(snapshot.languages)}


def parse(query: Mapping[str, Sequence[str]], snapshot: Snapshot, extra_parameters: Sequence[str] = ()) -> Selection:
    """Read a selection from a link's parameters (name → values), without parts appended to it on the way.

    Raises:
        SelectionError: a parameter is unknown, or a value is none of the allowed ones.
    """
    allowed = (*PARAMETERS, *extra_parameters)
    for name in query:
        if name not in allowed and not is_tracking(name):
            raise SelectionError(f"Unknown parameter {name!r}.", name, allowed)
    values: dict[str, Any] = {f.attribute: _parse_codes(query.get(f.parameter, ()), f, snapshot) for f in FILTERS}
    values["q"] = _NO_TEXT.sub(" ", _last(query, "q", ""))
    values["as_of"] = _check_day(_parse_day(_last(query, "as_of", "")), snapshot)
    values["versus"] = _parse_versus(query, snapshot)
    values["build"] = read_build(query)
    lang = _last(query, "lang", "")
    values["lang"] = parse_language(lang, snapshot.languages) if lang else snapshot.campaign["default_language"]
    if values["lang"] is None:
        raise SelectionError(f"lang={lang!r} is not a language here.", "lang", snapshot.languages, lang)
    return Selection(**values)


def _parse_versus(query: Mapping[str, Sequence[str]], snapshot: Snapshot) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Read the statements of a comparison's other side as other parameters are read."""
    side_query = {name.removeprefix(_VS): values for name, values in query.items() if name in VERSUS}
    if not side_query:
        return ()
    try:
        side = _values(parse(side_query, snapshot))
    except SelectionError as error:
        raise SelectionError(f"{_VS}{error.what}", f"{_VS}{error.parameter}", error.allowed, error.value) from None
    return tuple((name, values) for name, values in side.items() if name in side_query)


def _parse_codes(values: Sequence[str], chosen: Filter, snapshot: Snapshot) -> tuple[str, ...]:
    """Read the codes of one filter, each once and without regard to case; none for an empty value."""
    texts = {text: text.strip().casefold() for text in values if text.strip()}
    entries = _find_codes(snapshot, chosen, list(texts.values()))
    for text, code in texts.items():
        if code not in entries:
            allowed = tuple(code.code for code in entries.values())
            if chosen is STAKEHOLDER:
                allowed = ("the ids in the column stakeholder_id of an extract",)
            raise SelectionError(
                f"{chosen.parameter}={text!r} is not in the codelist.", chosen.parameter, allowed, text
            )
    return tuple(dict.fromkeys(entries[code].code for code in texts.values()))


def _last(query: Mapping[str, Sequence[str]], name: str, default: str) -> str:
    values = query.get(name) or (default,)
    return values[-1]


def _check_day(day: date | None, snapshot: Snapshot) -> date | None:
    """Check a day, and refuse one so far off that a curve up to it would have no end.

    Raises:
        SelectionError: it lies more than `MOST_YEARS` after the campaign and the data.
    """
    latest = max(snapshot.campaign["ends_on"], snapshot.last_date)
    if day is not None and day.year > latest.year + MOST_YEARS:
        allowed = (f"YYYY-MM-DD, up to {latest.year + MOST_YEARS}-12-31",)
        raise SelectionError(f"as_of={day.isoformat()!r} is too far off.", "as_of", allowed, day.isoformat())
    return day


def _parse_day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:
            raise ValueError("another way to write a date than the link's own")
        return day
    except ValueError:
        raise SelectionError(f"as_of={text!r} is not a date.", "as_of", ("YYYY-MM-DD",), text) from None
