"""The selection: the filters in force. One declaration gives its link, its SQL parameters and its words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from dashboard.campaign.codelists import Code
from dashboard.campaign.folder import LANGUAGES
from dashboard.errors import SelectionError
from dashboard.i18n import N_
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import read_build


class Filter(NamedTuple):
    """One filter by codes: its link parameter, attribute, codelist and label."""

    parameter: str
    attribute: str
    codelist: str
    label: str


FILTERS = (
    Filter("region", "regions", "regions", N_("Region")),
    Filter("subregion", "subregions", "subregions", N_("Subregion")),
    Filter("country", "countries", "countries", N_("Country")),
    Filter("category", "categories", "categories", N_("Category")),
    Filter("theme", "themes", "themes", N_("Theme")),
    Filter("group", "groups", "stakeholder_groups", N_("Stakeholder group")),
    Filter("status", "statuses", "statuses", N_("Status")),
)
PARAMETERS = (*(f.parameter for f in FILTERS), "q", "as_of", "build", "lang")


@dataclass(frozen=True)
class Selection:
    """Filters by code (any of the codes, every filter), words sought, the day, the build if frozen, the language."""

    regions: tuple[str, ...] = ()
    subregions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    q: str = ""
    as_of: date | None = None
    build: str = ""
    lang: str = "en"

    def codes(self, chosen: Filter) -> tuple[str, ...]:
        """The codes chosen for one filter."""
        codes: tuple[str, ...] = getattr(self, chosen.attribute)
        return codes

    def day(self, snapshot: Snapshot) -> date:
        """The day the figures stand at."""
        return self.as_of or snapshot.last_date

    def sql_parameters(self, snapshot: Snapshot) -> dict[str, Any]:
        """The parameters every measure query takes; None means no filter."""
        parameters: dict[str, Any] = {f.attribute: list(self.codes(f)) or None for f in FILTERS}
        parameters["q"] = snapshot.fold(self.q) or None
        parameters["as_of"] = self.day(snapshot)
        return parameters

    def query_pairs(self) -> list[tuple[str, str]]:
        """The link's parameters, in a fixed order; defaults are left out."""
        pairs = [(f.parameter, code) for f in FILTERS for code in self.codes(f)]
        if self.q.strip():
            pairs.append(("q", self.q.strip()))
        if self.as_of is not None:
            pairs.append(("as_of", self.as_of.isoformat()))
        if self.build:
            pairs.append(("build", self.build))
        pairs.append(("lang", self.lang))
        return pairs

    def query_string(self) -> str:
        """The link's query string, without the question mark."""
        return urlencode(self.query_pairs())

    def in_order(self) -> "Selection":
        """This selection with its codes in one order, so that equal filters are one link, one file, one key."""
        codes: dict[str, Any] = {f.attribute: tuple(sorted(self.codes(f))) for f in FILTERS}
        return replace(self, q=self.q.strip(), **codes)


def options(snapshot: Snapshot, chosen: Filter) -> list[Code]:
    """The codes a filter offers, in the codelist's order."""
    return list(snapshot.codes.get(chosen.codelist, {}).values())


def list_values(snapshot: Snapshot) -> dict[str, list[str]]:
    """What each parameter of a link takes; nothing stands for any words."""
    codes = {f.parameter: [code.code for code in options(snapshot, f)] for f in FILTERS}
    return codes | {"q": [], "as_of": ["YYYY-MM-DD"], "build": [snapshot.build_id], "lang": list(LANGUAGES)}


def parse(query: Mapping[str, Sequence[str]], snapshot: Snapshot, extra_parameters: Sequence[str] = ()) -> Selection:
    """Read a selection from a link's parameters (name → values).

    Raises:
        SelectionError: a parameter is unknown, or a value is none of the allowed ones.
    """
    allowed = (*PARAMETERS, *extra_parameters)
    for name in query:
        if name not in allowed:
            raise SelectionError(f"Unknown parameter {name!r}.", name, allowed)
    values: dict[str, Any] = {}
    for f in FILTERS:
        known = snapshot.codes.get(f.codelist, {})
        codes = tuple(dict.fromkeys(query.get(f.parameter, ())))
        for code in codes:
            if code not in known:
                raise SelectionError(f"{f.parameter}={code!r} is not in the codelist.", f.parameter, tuple(known), code)
        values[f.attribute] = codes
    values["q"] = _last(query, "q", "")
    values["as_of"] = _parse_day(_last(query, "as_of", ""))
    values["build"] = read_build(query)
    values["lang"] = _last(query, "lang", snapshot.campaign["default_language"])
    if values["lang"] not in LANGUAGES:
        raise SelectionError(f"lang={values['lang']!r} is not a language here.", "lang", LANGUAGES, values["lang"])
    return Selection(**values)


def list_filters(selection: Selection, snapshot: Snapshot) -> list[tuple[str, str | date]]:
    """The filters in force: their English labels, and the words of the values; the as-of day comes last, always."""
    filters: list[tuple[str, str | date]] = []
    for f in FILTERS:
        known = snapshot.codes.get(f.codelist, {})
        labels = [known[code].labels[selection.lang] for code in selection.codes(f)]
        if labels:
            filters.append((f.label, ", ".join(labels)))
    if selection.q.strip():
        filters.append((N_("Words"), selection.q.strip()))
    return [*filters, (N_("As of"), selection.day(snapshot))]


def describe(
    selection: Selection, snapshot: Snapshot, t: Callable[..., str], format_day: Callable[[date], str]
) -> list[tuple[str, str]]:
    """The selection in words: (label, values) pairs, filters in force only, the as-of day always."""
    filters = list_filters(selection, snapshot)
    return [(t(label), value if isinstance(value, str) else format_day(value)) for label, value in filters]


def _last(query: Mapping[str, Sequence[str]], name: str, default: str) -> str:
    values = query.get(name) or (default,)
    return values[-1]


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
