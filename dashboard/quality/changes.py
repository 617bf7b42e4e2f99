"""The list of what changed since the build before, field by field, in words."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.campaign import changes
from dashboard.quality.field_names import name_field
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import Listed, Reading, label_codes

_CODED = frozenset({"status", "stakeholder_group", "category", "themes", "regions", "countries"})
_DATES = frozenset({"submitted_on", "reported_on", "due_on"})


def read_changes(reading: Reading, before: Path | None) -> Listed:
    """Actions added and removed, and each field with another value; without a build before everything is added.

    Raises:
        SnapshotError: one of the snapshots cannot be opened, or another version of the program made it.
    """
    t = reading.t
    found = changes.compare(before, reading.snapshot.path, most=reading.most)
    fields = found.changed
    parts = [
        found.added.assign(change=t("Added")),
        found.removed.assign(change=t("Removed")),
        fields.assign(
            change=t("Changed"),
            field_name=[t(name_field(field)) for field in fields["field"]],
            before=_say_all(reading, fields["field"], fields["before"]),
            after=_say_all(reading, fields["field"], fields["after"]),
        ),
    ]
    columns = [column.name for column in LISTS["changes"].columns]
    frame = pd.concat([part.reindex(columns=columns).astype(object) for part in parts], ignore_index=True)
    frame = frame.assign(source_file=None, sheet=None, source_row=None)
    return Listed(frame, len(frame) if len(frame) < reading.most else _count(found))


def _count(found: changes.Changes) -> int:
    return max(found.actions_added + found.actions_removed + len(found.changed), 1)


def _say_all(reading: Reading, fields: pd.Series, values: pd.Series) -> pd.Series:
    said = [_say(reading, field, value) for field, value in zip(fields, values, strict=True)]
    return pd.Series(said, index=values.index, dtype=object)


def _say(reading: Reading, field: str, value: Any) -> str | None:
    """A value as a reader knows it: labels for codes, dates and percentages as they are written."""
    if pd.isna(value):
        return None
    text = str(value)
    if field in _CODED:
        return label_codes(reading.snapshot, field, text.split(", "), reading.lang)
    if field in _DATES:
        return formats.format_date(date.fromisoformat(text), reading.lang)
    if field == "percent":
        return formats.format_share(float(text) / 100, reading.lang)
    return text
