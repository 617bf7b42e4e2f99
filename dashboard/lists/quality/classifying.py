"""Actions to classify: their filters, their present classes, and staff's answers for the command.

An action's classes are those of the snapshot and, over them, staff's newer ones in the inbox's sheet.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dashboard.campaign.accepted import FIELDS, PLACES, AcceptedRow
from dashboard.i18n import N_
from dashboard.lists.quality.queries import EVERY_ACTION, as_list
from dashboard.snapshot.database import Snapshot

LABELS = {
    "stakeholder_group": N_("Stakeholder group"),
    "category": N_("Category"),
    "themes": N_("Themes"),
    "countries": N_("Countries"),
    "regions": N_("Region"),
}
LACKS = {
    "anything": N_("Anything"),
    "stakeholder_group": N_("Stakeholder group"),
    "category": N_("Category"),
    "themes": N_("Themes"),
    "places": N_("Country or region"),
    "nothing": N_("All actions"),
}
"""The missing fields, as filters of actions; the last takes actions that lack nothing too."""
Codes = tuple[str, ...]
Accepted = Mapping[str, AcceptedRow]


class ClassificationFilter(NamedTuple):
    """A filter of actions; empty for any."""

    file: str | None = None
    words: str = ""
    lacks: str = "anything"
    groups: Codes = ()
    countries: Codes = ()
    is_suggested: bool | None = None


class Action(NamedTuple):
    """An action to classify.

    Attributes:
        standing: By field, the present codes; none where unknown.
        suggested: By field, the codes that its words suggest for missing ones.
        lacks: The missing fields, of `LACKS`.
    """

    action_id: str
    title: str
    stakeholder: str
    description: str
    standing: dict[str, Codes]
    suggested: dict[str, Codes]
    lacks: Codes
    words: Codes
    source: tuple[str, str | None, int]

    def shown(self, field: str) -> Codes:
        """Return the codes in a field's cell: the present ones, else the suggested ones."""
        return self.standing[field] or self.suggested[field]


@dataclass(frozen=True)
class Progress:
    """The numbers of all actions, of fully classified ones, and of those that lack each field."""

    actions: int
    classified: int
    lacking: dict[str, int]


def read_actions(
    snapshot: Snapshot, accepted: Accepted, filters: ClassificationFilter, most: int, first: int = 0
) -> tuple[list[Action], int]:
    """Read some of the filtered actions, and count all of these."""
    parameters = EVERY_ACTION | {
        "file": filters.file,
        "q": snapshot.search_words(filters.words) or None,
        "typed": filters.words.strip().lower(),
        "lacks": filters.lacks,
        "groups": list(filters.groups) or None,
        "countries": list(filters.countries) or None,
        "is_suggested": filters.is_suggested,
        "most": most,
        "first": first,
    }
    frame = snapshot.query("quality_unclassified", parameters | _answered(accepted))
    total = int(frame["rows_in_all"].iloc[0]) if len(frame) else 0
    return [_read(row, accepted) for row in frame.to_dict("records")], total


def count(snapshot: Snapshot, accepted: Accepted, file: str | None) -> Progress:
    """Count the classified actions of a file (or of all)."""
    row = snapshot.query("quality_classified", {"file": file} | _answered(accepted)).iloc[0]
    lacking = {name: int(row[name]) for name in LACKS if name in row}
    return Progress(int(row["actions"]), int(row["classified"]), lacking)


def answer(action: Action, chosen: Mapping[str, Iterable[str]]) -> dict[str, Any] | None:
    """Make the answer about an action for the command; None where it changes nothing."""
    changes = {
        field: list(codes)
        for field, codes in ((field, tuple(codes)) for field, codes in chosen.items())
        if set(codes) != set(action.standing[field])
    }
    if not changes:
        return None
    return {"action_id": action.action_id, **changes, "was": {field: list(action.standing[field]) for field in changes}}


def accept_suggestions(actions: Iterable[Action], fields: Collection[str]) -> list[dict[str, Any]]:
    """Make the answers that accept the suggestions for some fields."""
    answers = (
        answer(action, {field: codes for field, codes in action.suggested.items() if codes and field in fields})
        for action in actions
    )
    return [one for one in answers if one is not None]


def _answered(accepted: Accepted) -> dict[str, list[str]]:
    """List the actions that staff have classified, by parameter."""
    fields_by_parameter = {
        "answered_group": ("stakeholder_group",),
        "answered_category": ("category",),
        "answered_themes": ("themes",),
        "answered_places": PLACES,
    }
    return {
        parameter: [action_id for action_id, row in accepted.items() if any(map(row.codes, fields))]
        for parameter, fields in fields_by_parameter.items()
    }


def _read(row: Mapping[Any, Any], accepted: Accepted) -> Action:
    answers = accepted.get(row["action_id"], AcceptedRow())
    standing = {
        field: answers.codes(field) if answers.settles(field) else tuple(as_list(row[f"{field}_stated"]))
        for field in FIELDS
    }
    lacks = {
        "stakeholder_group": row["lacks_group"],
        "category": row["lacks_category"],
        "themes": row["lacks_themes"],
        "places": row["lacks_places"],
    }
    suggested = {
        field: tuple(as_list(row[field])) if lacks["places" if field in PLACES else field] else () for field in FIELDS
    }
    title, stakeholder, description = (
        row[name] if isinstance(row[name], str) else "" for name in ("title", "stakeholder", "description")
    )
    return Action(
        action_id=row["action_id"],
        title=title,
        stakeholder=stakeholder,
        description=description,
        standing=standing,
        suggested=suggested,
        lacks=tuple(name for name, is_missing in lacks.items() if is_missing),
        words=tuple(as_list(row["words"])),
        source=(row["source_file"], row["sheet"] if isinstance(row["sheet"], str) else None, int(row["source_row"])),
    )
