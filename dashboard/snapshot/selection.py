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
from dashboard.snapshot.database import EVIDENCE, Snapshot
from dashboard.snapshot.kept_builds import read_build


class Filter(NamedTuple):
    """One filter by codes: its link parameter, attribute, codelist and label, and whether it is a dimension too.

    Stakeholders are no codelist: there may be very many, and those that are asked for are looked up.
    """

    parameter: str
    attribute: str
    codelist: str
    label: str
    is_dimension: bool = True


STAKEHOLDER = Filter("stakeholder", "stakeholders", "stakeholders", N_("Stakeholder"), is_dimension=False)
FILTERS = (
    Filter("region", "regions", "regions", N_("Region")),
    Filter("subregion", "subregions", "subregions", N_("Subregion")),
    Filter("grouping", "groupings", "groupings", N_("Grouping of countries")),
    Filter("country", "countries", "countries", N_("Country")),
    Filter("category", "categories", "categories", N_("Category")),
    Filter("theme", "themes", "themes", N_("Theme")),
    Filter("group", "groups", "stakeholder_groups", N_("Stakeholder group")),
    STAKEHOLDER,
    Filter("status", "statuses", "statuses", N_("Status"), is_dimension=False),
    Filter("evidence", "evidence", "evidence", N_("Evidence"), is_dimension=False),
)
PARAMETERS = (*(f.parameter for f in FILTERS), "q", "as_of", "build", "lang")
_TRACKING = """
_ga _gl _hsenc _hsmi dclid fbclid gad_source gbraid gclid gclsrc igsh igshid li_fat_id mkt_tok msclkid rb_clickid
s_cid srsltid ttclid twclid vero_conv vero_id wbraid wickedid yclid
"""
_TRACKING_PREFIXES = ("hsa_", "mc_", "mtm_", "matomo_", "oly_", "piwik_", "pk_", "utm_")
"""What mail programs, social networks and statistics append to links by themselves; it is no filter and is left out."""


@dataclass(frozen=True)
class Selection:
    """Filters by code (any of the codes, every filter), words sought, the day, the build if frozen, the language."""

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
        if self.evidence:  # each step counts among those before it
            parameters["evidence"] = list(EVIDENCE[min(EVIDENCE.index(step) for step in self.evidence) :])
        parameters["q"] = snapshot.search_words(self.q) or None
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
    """The codes a filter offers, in the codelist's order; none of the stakeholders."""
    return list(snapshot.codes.get(chosen.codelist, {}).values())


def chosen_codes(snapshot: Snapshot, selection: Selection, chosen: Filter) -> list[Code]:
    """The codes chosen for one filter, with their labels, as they stand in the link."""
    known = _find_codes(snapshot, chosen, selection.codes(chosen))
    return [known[code.casefold()] for code in selection.codes(chosen)]


def _find_codes(snapshot: Snapshot, chosen: Filter, codes: Sequence[str]) -> dict[str, Code]:
    """What a filter's codes mean, those asked for at least, by the code in small letters."""
    if chosen is STAKEHOLDER:
        return {code.code.casefold(): code for code in (snapshot.find_stakeholders(codes) if codes else ())}
    return {code.code.casefold(): code for code in options(snapshot, chosen)}


def is_tracking(parameter: str) -> bool:
    """Whether a parameter of a link is one that was appended on the way and means nothing here."""
    name = parameter.casefold()
    return name in _TRACKING.split() or name.startswith(_TRACKING_PREFIXES)


def parse_language(text: str) -> str | None:
    """The language of a tag (`FR`, `fr-FR`, `es_419`), if it is one of the dashboard's."""
    lang = text.strip().replace("_", "-").split("-", 1)[0].lower()
    return lang if lang in LANGUAGES else None


def list_values(snapshot: Snapshot) -> dict[str, list[str]]:
    """What each parameter of a link takes; nothing stands for any words, and for any id of a stakeholder."""
    codes = {f.parameter: [code.code for code in options(snapshot, f)] for f in FILTERS}
    return codes | {"q": [], "as_of": ["YYYY-MM-DD"], "build": [snapshot.build_id], "lang": list(LANGUAGES)}


def parse(query: Mapping[str, Sequence[str]], snapshot: Snapshot, extra_parameters: Sequence[str] = ()) -> Selection:
    """Read a selection from a link's parameters (name → values), without what was appended to it on the way.

    Raises:
        SelectionError: a parameter is unknown, or a value is none of the allowed ones.
    """
    allowed = (*PARAMETERS, *extra_parameters)
    for name in query:
        if name not in allowed and not is_tracking(name):
            raise SelectionError(f"Unknown parameter {name!r}.", name, allowed)
    values: dict[str, Any] = {f.attribute: _parse_codes(query.get(f.parameter, ()), f, snapshot) for f in FILTERS}
    values["q"] = _last(query, "q", "")
    values["as_of"] = _parse_day(_last(query, "as_of", ""))
    values["build"] = read_build(query)
    lang = _last(query, "lang", "")
    values["lang"] = parse_language(lang) if lang else snapshot.campaign["default_language"]
    if values["lang"] is None:
        raise SelectionError(f"lang={lang!r} is not a language here.", "lang", LANGUAGES, lang)
    return Selection(**values)


def _parse_codes(written: Sequence[str], chosen: Filter, snapshot: Snapshot) -> tuple[str, ...]:
    """The codes of one filter, each once; read without regard to case, and nothing where nothing is written."""
    texts = {text: text.strip().casefold() for text in written if text.strip()}
    known = _find_codes(snapshot, chosen, list(texts.values()))
    for text, code in texts.items():
        if code not in known:
            allowed = tuple(code.code for code in known.values())
            if chosen is STAKEHOLDER:
                allowed = ("the ids in the column stakeholder_id of an extract",)
            raise SelectionError(
                f"{chosen.parameter}={text!r} is not in the codelist.", chosen.parameter, allowed, text
            )
    return tuple(dict.fromkeys(known[code].code for code in texts.values()))


def list_filters(selection: Selection, snapshot: Snapshot) -> list[tuple[str, str | date]]:
    """The filters in force: their English labels, and the words of the values; the as-of day comes last, always."""
    filters: list[tuple[str, str | date]] = []
    for f in FILTERS:
        labels = [code.labels[selection.lang] for code in chosen_codes(snapshot, selection, f)]
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
