"""The parameters that many routes take: the selection, the other side of a comparison, how CSV is written.

What each takes is read from where routes look it up: the filters' declaration, and the codes of the published build.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from dashboard.extracts import csv_styles
from dashboard.i18n import N_
from dashboard.snapshot.database import Snapshot, list_offered
from dashboard.snapshot.selection import FILTERS, PARAMETERS, STAKEHOLDER, VERSUS, Filter, list_values
from dashboard.web.openapi.operation import Parameter, choose_one, match_language_tags

TEXT = {"type": "string"}
_IN_28, _IN_30, _IN_31 = "(?:0[1-9]|1[0-9]|2[0-8])", "(?:0[13-9]|1[0-2])-(?:29|30)", "(?:0[13578]|1[02])-31"
DAY = {
    "type": "string",
    "pattern": f"^(?:(?!0000)[0-9]{{4}}-(?:(?:0[1-9]|1[0-2])-{_IN_28}|{_IN_30}|{_IN_31}))?$",
}
"""A day or nothing; the 29 February, which only some years have, is left to the route."""


_MEANINGS = {
    "region": N_("Actions in these regions."),
    "subregion": N_("Actions in these subregions."),
    "grouping": N_("Actions in countries of these groupings."),
    "country": N_("Actions in these countries, by their ISO 3166 codes of three letters."),
    "category": N_("Actions of these kinds."),
    "theme": N_("Actions on these subjects."),
    "group": N_("Actions of stakeholders of these groups."),
    "stakeholder": N_("Actions of these stakeholders, by the ids in the column stakeholder_id of an extract."),
    "status": N_("Actions with these statuses on the day."),
    "evidence": N_("Actions with at least this behind their status on the day."),
    "q": N_("Actions whose texts hold all of these words."),
    "as_of": N_("The day at which the figures stand; without it the last day of the data."),
    "build": N_("Freezes the answer at a build that is kept; without it the answer follows the data."),
    "lang": N_("The language of words, by its code; any tag of it (fr-CA) is read too."),
}
_VERSUS = N_("The other side of a comparison: as the parameter without vs., which is the first side.")


def _language_schema(snapshot: Snapshot | None) -> dict[str, Any]:
    languages = snapshot.languages if snapshot is not None else list_offered()
    return {"type": "string", "anyOf": [{"enum": list(languages)}, {"pattern": match_language_tags(languages)}]}


def _code_schema(chosen: Filter, snapshot: Snapshot | None) -> dict[str, Any]:
    codes = list_values(snapshot)[chosen.parameter] if snapshot is not None else []
    return choose_one(codes, any_case=True) if codes else dict(TEXT)


def _first_code(chosen: Filter, snapshot: Snapshot) -> str:
    codes = list_values(snapshot)[chosen.parameter]
    return codes[0] if codes else ""


def _describe(name: str) -> Parameter:
    chosen = next((f for f in FILTERS if f.parameter == name), None)
    plain = Parameter(name, _MEANINGS[name], TEXT)
    if chosen is STAKEHOLDER:
        return replace(plain, is_repeated=True, depends_on=("data",))
    if chosen is not None:
        schema, example = partial(_code_schema, chosen), partial(_first_code, chosen)
        return replace(plain, schema=schema, example=example, is_repeated=True)
    return {
        "q": plain,
        "as_of": replace(
            plain, schema=DAY, example=lambda snapshot: snapshot.last_date.isoformat(), depends_on=("data",)
        ),
        "build": replace(
            plain,
            schema={"type": "string", "pattern": "^[0-9A-Za-z_-]{0,64}$"},
            example=lambda snapshot: snapshot.build_id,
            depends_on=("data",),
        ),
        "lang": replace(plain, schema=_language_schema, example="fr"),
    }[name]


SELECTION: tuple[Parameter, ...] = tuple(map(_describe, PARAMETERS))
"""The parameters of a selection, which every answer with figures takes."""

_BY_NAME = {parameter.name: parameter for parameter in SELECTION}
COMPARED: tuple[Parameter, ...] = tuple(
    replace(_BY_NAME[name.removeprefix("vs.")], name=name, meaning=_VERSUS, depends_on=("chart",), example="")
    for name in VERSUS
)
"""The parameters of a comparison's other side."""

CSV = Parameter(
    csv_styles.PARAMETER,
    N_("How CSV is written: with commas and decimal points, or with semicolons and decimal commas."),
    choose_one(tuple(csv_styles.STYLES), any_case=True),
    example=csv_styles.SEMICOLON,
)


def pick(names: Sequence[str], parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """The parameters of these names, in their order; a `KeyError` names one that is not described."""
    by_name = {parameter.name: parameter for parameter in parameters}
    return tuple(by_name[name] for name in names)
