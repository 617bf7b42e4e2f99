"""The fields that exports are mapped to: a closed list, so that names from it may stand in SQL."""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from etl.texts.personal import are_names, reads_as_link, reads_as_organisation

MAKERS = ("stakeholder", "partners")
PAGES = ("url", "evidence", "links")


def fits_field(name: str, cells: Collection[str]) -> bool:
    """Whether a field may publish cells: makers if organisations, pages if addresses, other fields if no names."""
    if name in MAKERS:
        return 2 * sum(map(reads_as_organisation, cells)) >= max(len(cells), 1)
    if name in PAGES:
        return 2 * sum(map(reads_as_link, cells)) >= max(len(cells), 1)
    return not are_names(cells)


class Kind(StrEnum):
    """The kind of an export's rows."""

    ACTIONS = "actions"
    CLASSIFICATION = "classification"
    PROGRESS_REPORTS = "progress_reports"
    MILESTONES = "milestones"
    RESULTS = "results"
    EVENTS = "events"
    STORIES = "stories"
    ANNOTATIONS = "annotations"


TEXT_KINDS = (Kind.EVENTS, Kind.STORIES, Kind.ANNOTATIONS)
"""Kinds whose rows are texts that people write; names of persons that are not public leave them."""


class Role(StrEnum):
    """The way to read a field's text."""

    TEXT = "text"  # a short text
    PROSE = "prose"  # text that people write
    CODES = "codes"  # one or several spellings of codes
    DAY = "day"
    TIME = "time"  # a moment; its day stands beside it
    NUMBER = "number"


class Field(NamedTuple):
    """One field: its name, the way to read it, and the list of its codes.

    Attributes:
        is_person: It names somebody: only the fact that it does is kept, the column itself is personal.
    """

    name: str
    role: Role
    codelist: str | None = None
    several: bool = False
    is_person: bool = False


PLACES = "places"
IDS = (
    "submission_id",
    "report_id",
    "id",
    "translation_of",
    "post_id",
)  # fields that join rows: kept as they are written
# The names of a row's id in a recipe, by the thing identified. Both are the field `submission_id`; that name itself
# leaves open what the id of an action's row identifies.
ACTION_ID = "action_id"
RESPONSE_ID = "response_id"
LANGUAGES = "languages"
STATUSES = "statuses"

_SUBMISSION_ID = Field("submission_id", Role.TEXT)
_STAKEHOLDER = Field("stakeholder", Role.PROSE)
_TITLE = Field("title", Role.PROSE)
_LANGUAGE = Field("language", Role.CODES, LANGUAGES)
_KEYS = (_SUBMISSION_ID, _STAKEHOLDER, _TITLE)
_CLASSES = (
    Field("stakeholder_group", Role.CODES, "stakeholder_groups"),
    Field("category", Role.CODES, "categories"),
    Field("themes", Role.CODES, "themes", several=True),
    Field("countries", Role.CODES, PLACES, several=True),
    Field("regions", Role.CODES, PLACES, several=True),
    _LANGUAGE,
    Field("due_on", Role.DAY),
)
# The program's words in a sheet to fill in, and whether staff accept them.
_SUGGESTIONS = tuple(
    Field(name, Role.TEXT)
    for name in ("accept", "suggested_group", "suggested_category", "suggested_themes", "suggested_places")
)
_PROGRESS = (
    Field("status", Role.CODES, STATUSES),
    Field("percent", Role.NUMBER),
    Field("completed_on", Role.DAY),
    Field("reported_on", Role.DAY),
    Field("wave", Role.TEXT),
    Field("narrative", Role.PROSE),
    Field("evidence", Role.PROSE),
    Field("reviewed_by", Role.TEXT, is_person=True),
    Field("reviewed_on", Role.DAY),
    Field("verified_by", Role.TEXT, is_person=True),
    Field("verified_on", Role.DAY),
)
_POST = (
    Field("id", Role.TEXT),
    Field("on_date", Role.DAY),
    _TITLE,
    _LANGUAGE,
    Field("url", Role.TEXT),
    _SUBMISSION_ID,
    _STAKEHOLDER,
    Field("summary", Role.PROSE),
    Field("body", Role.PROSE),
    Field("links", Role.TEXT),  # web addresses in the text
    Field("tags", Role.TEXT),
    Field("translation_group", Role.TEXT),  # shared by all language versions
    Field("translation_of", Role.TEXT),  # the id of the one that this is a translation of
    Field("version", Role.TEXT),  # a number that grows with each telling
    Field("updated_at", Role.TIME),
)
_EVENT = (
    *_POST,
    Field("ends_on", Role.DAY),
    Field("starts_at", Role.TIME),
    Field("ends_at", Role.TIME),
    Field("place", Role.PROSE),
    Field("cancelled", Role.TEXT),  # a word that says so
    Field("repeats", Role.TEXT),  # the rule of the repetition
)

# A number that an action promises or reaches.
_RESULT = (
    Field("indicator", Role.CODES, "indicators"),
    Field("unit", Role.CODES, "units"),
    Field("baseline", Role.NUMBER),
    Field("baseline_on", Role.DAY),
    Field("target", Role.NUMBER),
    Field("target_on", Role.DAY),
    Field("actual", Role.NUMBER),
    Field("actual_on", Role.DAY),
    Field("how_known", Role.PROSE),
)

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.ACTIONS: (
        *_KEYS,
        Field("description", Role.PROSE),
        Field("impact", Role.PROSE),
        Field("communication", Role.PROSE),
        Field("partners", Role.PROSE),
        Field("url", Role.TEXT),
        Field("submitted_at", Role.TIME),
        *_CLASSES,
        *_PROGRESS,
    ),
    Kind.CLASSIFICATION: (*_KEYS, *_CLASSES, *_SUGGESTIONS),
    Kind.PROGRESS_REPORTS: (
        Field("report_id", Role.TEXT),
        *_KEYS,
        Field("submitted_at", Role.TIME),
        *_PROGRESS,
        _LANGUAGE,
    ),
    Kind.MILESTONES: (
        *_KEYS,
        Field("report_id", Role.TEXT),
        Field("told_at", Role.TIME),
        Field("label", Role.PROSE),
        Field("due_on", Role.DAY),
        Field("reached_on", Role.DAY),
    ),
    Kind.RESULTS: (*_KEYS, Field("report_id", Role.TEXT), Field("told_at", Role.TIME), *_RESULT),
    Kind.EVENTS: _EVENT,
    Kind.STORIES: _POST,
    Kind.ANNOTATIONS: (
        Field("id", Role.TEXT),
        _SUBMISSION_ID,
        Field("post_id", Role.TEXT),  # of the event or story that it stands beside
        Field("kind", Role.TEXT),  # reply, document, picture
        Field("said_on", Role.DAY),
        Field("words", Role.PROSE),
        _LANGUAGE,
        Field("file", Role.TEXT),  # the kept file's hash and ending
        Field("rights", Role.PROSE),
        Field("withdrawn_on", Role.DAY),
    ),
}


PERSONS = frozenset(field.name for fields in FIELDS.values() for field in fields if field.is_person)
"""Fields whose columns name persons."""

SEVERAL = frozenset(field.name for fields in FIELDS.values() for field in fields if field.several)
"""Fields that may take several columns of a sheet, with several values in a cell."""

ROUND_FIELDS = tuple(field.name for field in _PROGRESS if field.name != "wave")
"""The fields of a round of reporting; the recipe gives the round's name."""


RESULT_FIELDS = tuple(field.name for field in _RESULT)
"""The fields of one result among the columns of an action or a report."""

NUMBERS = ("target", "actual", "baseline")
"""The numbers of a result, the most telling first."""


def field_names(kind: Kind) -> tuple[str, ...]:
    """List the names of a kind's fields."""
    return tuple(field.name for field in FIELDS[kind])


def columns(field: Field) -> tuple[tuple[str, str], ...]:
    """List the columns (name, SQL type) of a field in its staged table."""
    name = field.name
    if field.role is Role.DAY:
        return ((name, "date"), (f"{name}_unread", "varchar"))
    if field.role is Role.TIME:
        return ((name, "timestamptz"), (f"{name}_day", "date"), (f"{name}_unread", "varchar"))
    if name == "submission_id":
        return ((name, "varchar"), ("submission_ref", "varchar"))
    return ((name, "varchar"),)
