"""The suggestions that staff accept or change, kept in the inbox's sheet of them (`dashboard.campaign.accepted`).

They come as lines of JSON. Several persons may work at once: a change touches only the fields that it names, and one
that rests on a value that a colleague has changed meanwhile is not kept but reported, with both values.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from dashboard.campaign.accepted import ACCEPTED_FILE, FIELDS, AcceptedRow, FieldAnswer, read_accepted, write_accepted
from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.ground.files.writing import write_file
from etl.commands.keep_answer import open_published, refuse_samples
from etl.publish.kept_inputs import make_private
from etl.sqlfiles import ask
from etl.steps import Step, reached

_SEEN = "was"
NOT_CLASSIFIED = "it cannot be classified"  # a file in the inbox would take the place of the samples


class ClassifyError(UserError):
    """An accepted class cannot be used; the sheet is as it was."""


class Change(NamedTuple):
    """The new codes of an action's field (none withdraws an answer).

    Attributes:
        was: The codes at the time of the answer; None where they do not matter.
    """

    codes: tuple[str, ...]
    was: tuple[str, ...] | None = None


Changes = dict[str, dict[str, Change]]
"""By action id and field."""


def read_changes(lines: Iterable[str], codes: Mapping[str, set[str]]) -> Changes:
    """Read the changes of the last line for each action and field.

    Each line is a JSON object: action_id, any of the fields, and in `was` the codes seen there, by field.

    Raises:
        ClassifyError: a line is no such object, or names a field or code that does not exist.
    """
    changes: Changes = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        entry = _parse(number, line)
        action_id, was = entry.pop("action_id", None), entry.pop(_SEEN, {})
        if not isinstance(action_id, str) or not action_id.strip():
            raise ClassifyError(f"Line {number} names no action_id.", 'Write {"action_id": "…", "category": "…"}.')
        changes.setdefault(action_id.strip(), {}).update(
            {
                field: Change(_codes(number, field, value, codes), _list(was[field]) if field in was else None)
                for field, value in entry.items()
            }
        )
    if not changes:
        raise ClassifyError("There is nothing to accept.", "Write one JSON object a line on standard input.")
    return changes


def write_line(action_id: str, changes: Mapping[str, Change]) -> dict[str, Any]:
    """Make the line, as an object, for some changes of an action."""
    line: dict[str, Any] = {"action_id": action_id} | {field: list(change.codes) for field, change in changes.items()}
    return line | {_SEEN: {field: list(change.was or ()) for field, change in changes.items()}}


def _parse(number: int, line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise ClassifyError(f"Line {number} is no JSON: {error}.", "Write one JSON object a line.") from error
    if not isinstance(entry, dict) or not isinstance(entry.get(_SEEN, {}), dict):
        raise ClassifyError(f"Line {number} is no JSON object.", "Write one JSON object a line.")
    unknown = sorted(set(entry) - {"action_id", _SEEN, *FIELDS})
    if unknown:
        raise ClassifyError(f"Line {number}: {unknown[0]} is no field.", f"Use {', '.join(FIELDS)}.")
    return entry


def _codes(number: int, field: str, value: object, codes: Mapping[str, set[str]]) -> tuple[str, ...]:
    chosen = _list(value)
    if len(chosen) > 1 and not FIELDS[field].takes_several:
        raise ClassifyError(f"Line {number}: {field} takes one code.", "Give the one that fits best.")
    for code in chosen:
        if not isinstance(code, str) or code not in codes[field]:
            lists = " or ".join(f"{name}.csv" for name in FIELDS[field].codelists)
            raise ClassifyError(f"Line {number}: {code!r} is no code for {field}.", f"Use a code of {lists}.")
    return tuple(dict.fromkeys(chosen))


def _list(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else () if value in (None, "") else (value,)


_LONGEST_NAME = 40
_LAST = ("classification", "undo.jsonl")  # in the private store: lines that undo the last change


class Conflict(NamedTuple):
    """A field that somebody changed since it was seen: the new value, and the present one, by whom and when."""

    action_id: str
    field: str
    yours: tuple[str, ...]
    theirs: tuple[str, ...]
    by: str
    at: str


class Outcome(NamedTuple):
    """The outcome of changes.

    Attributes:
        undo: Lines, as objects, that undo exactly these changes.
    """

    actions: int
    undo: list[dict[str, Any]]
    conflicts: list[Conflict]


class _Published(NamedTuple):
    """An action in the published snapshot: its names and classes there."""

    stakeholder: str
    title: str
    codes: dict[str, tuple[str, ...]]


def accept(folder: CampaignFolder, lines: Iterable[str], by: str = "") -> Outcome:
    """Merge answers into the inbox's sheet in one step. Call under `etl.publish.holding.only_build`.

    `lines`: input of `read_changes`; `by`: a name or initials.

    Raises:
        UserError: the campaign shows sample data or nothing is published, or an answer cannot be used.
    """
    refuse_samples(folder, NOT_CLASSIFIED)
    return _keep(folder, read_changes(lines, known_codes(folder)), by)


def accept_suggested(folder: CampaignFolder, fields: Collection[str], by: str = "") -> Outcome:
    """Accept every suggestion for fields that nobody has answered yet; else as `accept`."""
    refuse_samples(folder, NOT_CLASSIFIED)
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise ClassifyError(f"{unknown[0]} is no field.", f"Use {', '.join(FIELDS)}.")
    rows = read_accepted(folder)
    changes: Changes = {}
    for action_id, field, codes in query_published(folder, "suggested_answers", {"fields": sorted(fields)}):
        if not rows.get(action_id, AcceptedRow()).settles(field):
            changes.setdefault(action_id, {})[field] = Change(tuple(codes), ())
    return _keep(folder, changes, by) if changes else Outcome(0, [], [])


def take_back(folder: CampaignFolder, by: str = "") -> Outcome:
    """Undo the last change of the sheet, whoever made it; a second call brings it again.

    Raises:
        UserError: nothing was changed yet; else as `accept`.
    """
    path = folder.private.joinpath(*_LAST)
    if not path.is_file():
        raise ClassifyError("There is nothing to take back.", "Classify something first.")
    return accept(folder, path.read_text(encoding="utf-8").splitlines(), by)


def known_codes(folder: CampaignFolder) -> dict[str, set[str]]:
    """List the possible codes of each field.

    Raises:
        CampaignError: a codelist cannot be used.
    """
    codelists = load_codelists(folder)
    return {
        name: {code.code for codelist in field.codelists for code in codelists[codelist] if code.code != UNCLASSIFIED}
        for name, field in FIELDS.items()
    }


def query_published(folder: CampaignFolder, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of one query of `etl/sql/report` over the published snapshot.

    Raises:
        UserError: nothing is published, or another version of the program made it.
    """
    with open_published(folder) as connection:
        return ask(connection, f"report/{name}", parameters)


def _keep(folder: CampaignFolder, changes: Changes, by: str) -> Outcome:
    """Write the changes that rest on present values; the others come back as conflicts."""
    rows = read_accepted(folder)
    published = _read_published(folder, changes)
    unknown = sorted(set(changes) - set(published) - set(rows))
    if unknown:
        raise ClassifyError(
            f"There is no action {unknown[0]} in the published data.", "Build again, or correct the action_id."
        )
    signature = (" ".join(by.split())[:_LONGEST_NAME], datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    undo, conflicts = [], []
    for action_id, field_changes in changes.items():
        row = rows.setdefault(action_id, AcceptedRow())
        action = published.get(action_id, _Published(row.stakeholder, row.title, {}))
        row.stakeholder, row.title = action.stakeholder, action.title
        refused = _find_conflicts(action_id, field_changes, row, action)
        conflicts += refused
        reverse = _change(row, field_changes, {conflict.field for conflict in refused}, signature)
        if reverse:
            undo.append(write_line(action_id, reverse))
    if undo:
        _write(folder, rows, undo)
    return Outcome(len(undo), undo, conflicts)


def _find_conflicts(
    action_id: str, field_changes: Mapping[str, Change], row: AcceptedRow, action: _Published
) -> list[Conflict]:
    """Find the fields whose present value differs from the one seen, and from the new one."""
    conflicts = []
    for field, change in field_changes.items():
        answer = (
            row.answers.get(field, FieldAnswer()) if row.settles(field) else FieldAnswer(action.codes.get(field, ()))
        )
        if change.was is not None and set(answer.codes) not in (set(change.was), set(change.codes)):
            conflicts.append(Conflict(action_id, field, change.codes, *answer))
    return conflicts


def _change(
    row: AcceptedRow, field_changes: Mapping[str, Change], refused: Collection[str], signature: tuple[str, str]
) -> dict[str, Change]:
    """Change a row but for the refused fields; return the undoing changes. Unchanged values keep their signature."""
    reverse = {}
    for field, change in field_changes.items():
        before = row.codes(field)
        if field not in refused and set(before) != set(change.codes):
            reverse[field] = Change(before, change.codes)
            row.answers[field] = FieldAnswer(change.codes, *signature)
    return reverse


def _read_published(folder: CampaignFolder, changes: Changes) -> dict[str, _Published]:
    rows = query_published(folder, "action_classes", {"action_ids": sorted(changes)})
    return {
        action_id: _Published(
            stakeholder or "",
            title or "",
            {name: tuple(filter(None, field_codes or ())) for name, field_codes in zip(FIELDS, codes, strict=True)},
        )
        for action_id, stakeholder, title, *codes in rows
    }


def _write(folder: CampaignFolder, rows: Mapping[str, AcceptedRow], undo: list[dict[str, Any]]) -> None:
    path = folder.inbox / ACCEPTED_FILE
    text = write_accepted(rows)
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in undo)
    reached(Step.NOTE_UNDO)  # first: undoing an unchanged value after all changes changes nothing
    write_file(make_private(folder, *_LAST[:-1]) / _LAST[-1], lines)
    reached(Step.CLASSIFY)
    if text:
        write_file(path, text)
    else:
        path.unlink(missing_ok=True)
