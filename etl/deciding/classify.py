"""What staff accept or change of the suggestions: checked, and kept in the inbox as a classification sheet.

The sheet is an input like any other: a build applies it, and removing a line undoes it.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dashboard.campaign.codelists import UNCLASSIFIED, load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.inputs.inbox import ACCEPTED_FILE, list_exports
from etl.publish.history import published_snapshot, sync
from etl.sqlfiles import ask, open_snapshot

# A field of an answer, the sheet's column for it (a header of the recipe classification_sheet), its codelists.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "stakeholder_group": ("Stakeholder group", ("stakeholder_groups",)),
    "category": ("Category", ("categories",)),
    "themes": ("Themes", ("themes",)),
    "countries": ("Countries", ("countries",)),
    "regions": ("Regions", ("regions", "subregions")),
}
SEVERAL = frozenset({"themes", "countries", "regions"})
_KEYS = ("Action ID", "Stakeholder", "Title")
_COLUMNS = (*_KEYS, *(header for header, _ in FIELDS.values()))
_SEPARATOR = ";"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Answer = dict[str, list[str]]


class ClassifyError(UserError):
    """What was to be accepted cannot be used; the sheet is as it was."""


def read_answers(lines: Iterable[str], codes: Mapping[str, set[str]]) -> dict[str, Answer]:
    """By action and field, the codes that the last line says; an empty list takes an earlier answer back.

    Args:
        lines: One JSON object a line: action_id and any of the fields.
        codes: The codes of each field.

    Raises:
        ClassifyError: a line is no such object, or names a field or code that does not exist.
    """
    answers: dict[str, Answer] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        entry = _parse(number, line)
        action_id = entry.pop("action_id", None)
        if not isinstance(action_id, str) or not action_id.strip():
            raise ClassifyError(f"Line {number} names no action_id.", 'Write {"action_id": "…", "category": "…"}.')
        answers.setdefault(action_id.strip(), {}).update(
            {field: _codes(number, field, value, codes) for field, value in entry.items()}
        )
    if not answers:
        raise ClassifyError("There is nothing to accept.", "Write one JSON object a line on standard input.")
    return answers


def accept(folder: CampaignFolder, lines: Iterable[str]) -> int:
    """Merge answers into the inbox's sheet in one step; returns how many actions they are about.

    Call under `etl.publish.publish.only_build`.

    Raises:
        UserError: the campaign shows sample data or nothing is published, or an answer cannot be used.
    """
    refuse_samples(folder)
    codes = known_codes(folder)
    answers = read_answers(lines, codes)
    path = folder.inbox / ACCEPTED_FILE
    rows = _read_sheet(path.read_text(encoding="utf-8-sig") if path.is_file() else "")
    names = _names(folder, answers)
    unknown = sorted(set(answers) - set(names) - set(rows))
    if unknown:
        raise ClassifyError(
            f"There is no action {unknown[0]} in the published data.", "Build again, or correct the action_id."
        )
    for action_id, answer in answers.items():
        row = rows.setdefault(action_id, dict.fromkeys(_COLUMNS, ""))
        stakeholder, title = names.get(action_id, (row["Stakeholder"], row["Title"]))
        row |= {"Action ID": action_id, "Stakeholder": _plain(stakeholder), "Title": _plain(title)}
        row |= {FIELDS[field][0]: _SEPARATOR.join(codes) for field, codes in answer.items()}
        rows[action_id] = row
    _replace(path, _write_sheet(rows))
    return len(answers)


def known_codes(folder: CampaignFolder) -> dict[str, set[str]]:
    """The codes that each field may be given.

    Raises:
        CampaignError: a codelist cannot be used.
    """
    codelists = load_codelists(folder)
    return {
        field: {code.code for name in lists for code in codelists[name] if code.code != UNCLASSIFIED}
        for field, (_, lists) in FIELDS.items()
    }


def refuse_samples(folder: CampaignFolder) -> None:
    """Refuse to classify the fictional samples: a file in the inbox would take their place.

    Raises:
        ClassifyError: the inbox is empty.
    """
    if list_exports(folder)[1]:
        raise ClassifyError(
            "What is shown is the fictional sample data; it cannot be classified.",
            f"Copy the exports into {folder.inbox} and build first.",
        )


def query_published(folder: CampaignFolder, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of one query of `etl/sql/report` over the published snapshot.

    Raises:
        ClassifyError: nothing is published.
    """
    snapshot = published_snapshot(folder)
    if snapshot is None:
        raise ClassifyError("Nothing is published yet.", "Build first: python -m etl build.")
    with open_snapshot(snapshot) as connection:
        return ask(connection, f"report/{name}", parameters)


def _parse(number: int, line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise ClassifyError(f"Line {number} is no JSON: {error}.", "Write one JSON object a line.") from error
    if not isinstance(entry, dict):
        raise ClassifyError(f"Line {number} is no JSON object.", "Write one JSON object a line.")
    unknown = sorted(set(entry) - {"action_id", *FIELDS})
    if unknown:
        raise ClassifyError(f"Line {number}: {unknown[0]} is no field.", f"Use {', '.join(FIELDS)}.")
    return entry


def _codes(number: int, field: str, value: object, codes: Mapping[str, set[str]]) -> list[str]:
    chosen = value if isinstance(value, list) else [] if value in (None, "") else [value]
    if len(chosen) > 1 and field not in SEVERAL:
        raise ClassifyError(f"Line {number}: {field} takes one code.", "Give the one that fits best.")
    for code in chosen:
        if not isinstance(code, str) or code not in codes[field]:
            lists = " or ".join(f"{name}.csv" for name in FIELDS[field][1])
            raise ClassifyError(f"Line {number}: {code!r} is no code for {field}.", f"Use a code of {lists}.")
    return list(dict.fromkeys(chosen))


def _names(folder: CampaignFolder, answers: Mapping[str, Answer]) -> dict[str, tuple[str, str]]:
    """Stakeholder and title of each action: they find it again should its id change."""
    rows = query_published(folder, "action_names", {"action_ids": sorted(answers)})
    return {action_id: (stakeholder or "", title or "") for action_id, stakeholder, title in rows}


def _read_sheet(text: str) -> dict[str, dict[str, str]]:
    """The sheet's rows by action; a spreadsheet may have saved it with semicolons."""
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    missing = [header for header in _COLUMNS if header not in (reader.fieldnames or [])] if text.strip() else []
    if missing:
        raise ClassifyError(
            f"{ACCEPTED_FILE} in the inbox has lost its column {missing[0]}.", "Give it back its column, or remove it."
        )
    return {row["Action ID"]: {header: row[header] or "" for header in _COLUMNS} for row in reader if row["Action ID"]}


def _write_sheet(rows: Mapping[str, dict[str, str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for _, row in sorted(rows.items()):
        if any(row[header] for header in _COLUMNS[len(_KEYS) :]):
            writer.writerow(row)
    return "\ufeff" + text.getvalue()


def _replace(path: Path, text: str) -> None:
    """Replace the sheet in one step; what a killed run leaves behind is no export (its name begins with a dot)."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(text.encode("utf-8"))
    sync(draft)
    draft.replace(path)


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula; names are compared without punctuation."""
    return f"'{text}" if text.startswith(_FORMULA) else text
