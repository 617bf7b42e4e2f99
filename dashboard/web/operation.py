"""The words in which a route describes what it takes and answers: operations, parameters, replies, refusals.

Each route stands beside its operations (`ApiRoute`), so that none is without. Texts are English and translated where
they are shown; the values that a parameter takes come from where the route itself looks them up: the filters'
declaration, and the codes of the published build.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from dashboard.ground.files import csv_styles
from dashboard.i18n import N_
from dashboard.snapshot.database import Snapshot, list_offered
from dashboard.snapshot.selection import FILTERS, PARAMETERS, STAKEHOLDER, VERSUS, Filter, list_values

Schema = Mapping[str, Any]
SchemaMaker = Callable[[Snapshot | None], Schema]
"""Makes a schema from the published build; without one it says nothing of codes."""

JSON, HTML = "application/json", "text/html"
PAGE, DATA, EITHER = (HTML,), (JSON,), (JSON, HTML)
"""The forms of a refusal: a page, data, or what the client asks for."""

BASE = "{base}"
"""Stands in an example for the address of the dashboard."""

HEADING = N_("Interface for programs (API)")
"""What people call all of it."""

ABOUT = (
    N_("Charts, extracts and feeds hold no personal data, and are public unless the campaign is closed."),
    N_("A selection is the query string, the same for pages, charts and extracts; a parameter may be repeated."),
    N_("Codes and languages may be written in any case, and an empty value is as if it were not given."),
    N_("What networks and mail programs append to a link (utm_source, fbclid …) is left out."),
    N_("Any other parameter that is not known is refused, with what is allowed."),
    N_("Every GET answers to HEAD and OPTIONS too; an ETag sent back in If-None-Match saves a second sending."),
    N_("Data is published a few times a day: ask at most once an hour."),
    N_("x-depends-on names what else decides which values a parameter takes."),
)
"""What holds of every route."""

PROBED = ("/healthz", "/readyz", "/_stcore/health")
"""Probes ask for these by an address that nobody has named, so they are answered under every name."""

Cost = Literal["page", "picture", "file"]
NOTHING: Mapping[int, tuple[str, ...]] = MappingProxyType({})


class Tag(NamedTuple):
    """A group of routes: its name and its purpose."""

    name: str
    meaning: str


TAGS = {
    "charts": Tag(N_("Charts"), N_("Every chart as a page to embed, a picture, data, and the list of them.")),
    "extracts": Tag(N_("Extracts"), N_("The rows behind the figures as files, for spreadsheets and programs.")),
    "news": Tag(N_("News"), N_("What is new as a feed or a calendar, and which build is published.")),
    "newsletter": Tag(
        N_("Newsletter"), N_("Plain pages to sign up, and the links that stand in a subscriber's mails.")
    ),
    "assistants": Tag(N_("Assistants"), N_("The same figures for assistants, by the Model Context Protocol.")),
    "reports": Tag(
        N_("Reporting by link"),
        N_(
            "Plain pages behind the links by which stakeholders report, where a lost one is asked for, and where a new "
            "action is submitted."
        ),
    ),
    "access": Tag(N_("Signing in"), N_("Plain pages to sign in and out, where the dashboard asks for it.")),
    "site": Tag(N_("Site"), N_("What search engines ask for, files that an open page offers, this description.")),
    "operation": Tag(N_("Server operation"), N_("Whether the process is alive and ready, and what it has done.")),
}

COUNTED = ("charts", "extracts", "news")
"""The groups whose answers are counted for each client where they are made anew."""

REFUSALS = {
    400: N_("A parameter or value is not known here; the answer names what is allowed."),
    401: N_("It is for people who have signed in: the campaign is closed, or this is for staff."),
    403: N_("A page of another site asks for it, or by a signed link that was made for something else."),
    404: N_("There is no such thing; the answer names what there is."),
    406: N_("It answers in none of the forms and versions that the client takes."),
    408: N_("What is sent does not arrive in time."),
    410: N_("The build in the address is no longer kept, the signed link has expired, or the file was withdrawn."),
    413: N_("What is sent is larger than is taken."),
    416: N_("The file has no such part; Content-Range says how long it is."),
    421: N_("It is asked for under a name of a host that is none of the dashboard's."),
    422: N_("What is asked for cannot be made; the answer says why."),
    429: N_("Asked too often from here: try again after the seconds of Retry-After."),
    502: N_("The provider does not answer as it should."),
    501: N_("The standard has it, and this address does not; oEmbed is answered as JSON alone."),
    503: N_("Nothing is published yet, or too much is asked for at once: try again after the seconds of Retry-After."),
}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a route.

    Attributes:
        schema: What one value may be.
        example: A value that works with the published build; empty where none is worth showing.
        place: `query` or `path`.
        depends_on: What else decides which values are accepted, by names of parameters, `data`, or `chart`.
    """

    name: str
    meaning: str
    schema: Schema | SchemaMaker
    example: str | Callable[[Snapshot], str] = ""
    place: Literal["query", "path"] = "query"
    is_repeated: bool = False
    is_needed: bool = False
    depends_on: tuple[str, ...] = ()

    def value_schema(self, snapshot: Snapshot | None) -> dict[str, Any]:
        """Describe one value, as JSON Schema."""
        return dict(self.schema(snapshot) if callable(self.schema) else self.schema)

    def find_example(self, snapshot: Snapshot | None, base: str) -> str:
        """Find the example, for a dashboard at the address `base`; empty where there is none."""
        if callable(self.example):
            return self.example(snapshot) if snapshot is not None else ""
        return self.example.replace(BASE, base)


@dataclass(frozen=True)
class Reply:
    """What a route answers with success.

    Attributes:
        schema: The shape of JSON, mostly a reference to one of `shapes`; None for other media types.
        headers: Names of the headers that it always has, of `HEADERS`.
    """

    media_type: str
    schema: Schema | None = None
    headers: tuple[str, ...] = ("ETag", "Cache-Control")


@dataclass(frozen=True)
class Operation:
    """The answer of one path of a route to one method.

    Attributes:
        path: Its path, as OpenAPI writes templates.
        operation_id: Its name for programs.
        tag: One of `TAGS`.
        family: For people, the resource that it is a form of: paths of one family stand together.
        summary: What it answers, in a few words.
        replies: Its answers; the first one is the usual one.
        refusals: The statuses that it may refuse with, each with the media types of the refusal.
        form: The fields of the form that it takes, by name, each with its schema.
        message: The shape of the JSON that it takes in place of a form.
        details: More about it, in a sentence or two.
        tried: The names of the parameters whose examples make a good first try.
        cost: How much work an answer is: milliseconds, a picture, or a file by a worker process.
        is_open: Whether scripts of every site may read its answer.
        takes_link: Whether a signed link opens it where the campaign is closed.
    """

    path: str
    operation_id: str
    tag: str
    family: str
    summary: str
    replies: tuple[Reply, ...]
    parameters: tuple[Parameter, ...] = ()
    refusals: Mapping[int, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    method: str = "get"
    form: Mapping[str, Schema] | None = None
    message: Schema | None = None
    details: str = ""
    tried: tuple[str, ...] = ()
    cost: Cost = "page"
    is_open: bool = False
    takes_link: bool = False

    def find_first_try(self, snapshot: Snapshot | None, base: str) -> tuple[str, list[tuple[str, str]]]:
        """Return the path and parameters of a good first try: the required ones, and the examples of `tried`."""
        path, pairs = self.path, list[tuple[str, str]]()
        for parameter in self.parameters:
            value = parameter.find_example(snapshot, base)
            if parameter.place == "path":
                path = path.replace(f"{{{parameter.name}}}", value)
            elif value and (parameter.is_needed or parameter.name in self.tried):
                pairs.append((parameter.name, value))
        return path, pairs

    @property
    def all_refusals(self) -> Mapping[int, tuple[str, ...]]:
        """Return its own refusals and those of the middleware before it (`guard`)."""
        before = {403: EITHER, 408: EITHER, 413: EITHER} if self.method == "post" else {}
        if self.tag in COUNTED:
            before[429] = EITHER
        if self.path not in PROBED:
            before |= {401: EITHER, 421: EITHER}
        if self.takes_link:
            before[403] = EITHER
        return {**before, **self.refusals, **({410: EITHER} if self.takes_link else {})}

    @property
    def can_be_tried(self) -> bool:
        """Whether a plain link shows its answer."""
        return self.method == "get" and all(p.example or p.place != "path" and not p.is_needed for p in self.parameters)


def refer(shape: str) -> Schema:
    """Refer to a shape that the description holds once."""
    return {"$ref": f"#/components/schemas/{shape}"}


def choose_one(values: Sequence[str], *, any_case: bool = False) -> dict[str, Any]:
    """Describe one of some values; an empty one counts as not given.

    `any_case`: whether it is read without regard to case and surrounding blanks.
    """
    if not any_case:
        return {"type": "string", "enum": [*values, ""]}
    return {"type": "string", "anyOf": [{"enum": list(values)}, {"pattern": match_any_case(values)}]}


def match_any_case(values: Sequence[str]) -> str:
    """Write a pattern that matches some values in any case with blanks around them, or nothing.

    JSON Schema has no way to say that the case of letters does not matter.
    """
    return f"^[ \\t]*(?:{'|'.join(map(_spell, values))})?[ \\t]*$"


def list_with_commas(values: Sequence[str], *, any_case: bool = False) -> dict[str, Any]:
    """Describe some of several values, with commas between them; an empty one counts as not given."""
    each = "|".join(_spell(value) if any_case else re.escape(value).replace("\\-", "-") for value in values)
    return {
        "type": "string",
        "anyOf": [
            {"enum": list(values)},
            {"pattern": f"^[ \\t,]*(?:(?:{each})[ \\t]*(?:,[ \\t,]*|$))*$"},
        ],
    }


def _spell(text: str) -> str:
    """Write a text as a pattern that accepts its letters in both cases."""
    signs = (f"[{sign.upper()}{sign.lower()}]" if sign.isalpha() else sign.replace(".", "\\.") for sign in text)
    return "".join(signs)


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
    return {
        "type": "string",
        "anyOf": [
            {"enum": list(languages)},
            {"pattern": f"^(?:(?:{'|'.join(map(_spell, languages))})(?:[-_][A-Za-z0-9_-]*)?)?$"},
        ],
    }


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
    """Pick the parameters of these names, in their order; a `KeyError` names one that is not described."""
    by_name = {parameter.name: parameter for parameter in parameters}
    return tuple(by_name[name] for name in names)
