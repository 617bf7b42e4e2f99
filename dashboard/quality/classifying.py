"""Actions to classify: which are asked for, how each stands by now, and what staff say of it as the command takes it.

How an action stands is what the snapshot says and, over it, what staff have accepted since in the inbox's sheet.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dashboard.campaign.accepted import FIELDS, PLACES, AcceptedRow
from dashboard.i18n import N_
from dashboard.quality.queries import EVERY_ACTION, as_list
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
"""What may be missing, by which actions are chosen; the last takes those that lack nothing too."""
Codes = tuple[str, ...]
Accepted = Mapping[str, AcceptedRow]


class ClassificationFilter(NamedTuple):
    """Which actions are asked for; empty: any."""

    file: str | None = None
    words: str = ""
    lacks: str = "anything"
    groups: Codes = ()
    countries: Codes = ()
    is_suggested: bool | None = None


class Action(NamedTuple):
    """An action to classify.

    Attributes:
        standing: By field, the codes that stand; none where nothing is known.
        suggested: By field, the codes that its words suggest for what is missing.
        lacks: What is missing, of `LACKS`.
        words: The words that suggest them.
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
        """What a field's cell shows: what stands, else what is suggested."""
        return self.standing[field] or self.suggested[field]


@dataclass(frozen=True)
class Progress:
    """How many actions there are, how many of them are classified whole, and how many lack each field."""

    actions: int
    classified: int
    lacking: dict[str, int]


def read_actions(
    snapshot: Snapshot, accepted: Accepted, filters: ClassificationFilter, most: int, first: int = 0
) -> tuple[list[Action], int]:
    """Read some of the actions that the filters choose, and count all of these."""
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
    """How far the classifying of a file's actions (or of all) is."""
    row = snapshot.query("quality_classified", {"file": file} | _answered(accepted)).iloc[0]
    lacking = {name: int(row[name]) for name in LACKS if name in row}
    return Progress(int(row["actions"]), int(row["classified"]), lacking)


def answer(action: Action, chosen: Mapping[str, Iterable[str]]) -> dict[str, Any] | None:
    """What is said of an action, as the command takes it; None where it is what stands already.

    Args:
        action: The action as it was seen.
        chosen: By field, the codes that it shall have.
    """
    changes = {
        field: list(codes)
        for field, codes in ((field, tuple(codes)) for field, codes in chosen.items())
        if set(codes) != set(action.standing[field])
    }
    if not changes:
        return None
    return {"action_id": action.action_id, **changes, "was": {field: list(action.standing[field]) for field in changes}}


def accept_suggestions(actions: Iterable[Action], fields: Collection[str]) -> list[dict[str, Any]]:
    """The answers that accept what is suggested for some fields."""
    answers = (
        answer(action, {field: codes for field, codes in action.suggested.items() if codes and field in fields})
        for action in actions
    )
    return [one for one in answers if one is not None]


def _answered(accepted: Accepted) -> dict[str, list[str]]:
    """By parameter, the actions that staff have classified."""
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
