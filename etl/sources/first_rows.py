"""The first rows of what a source would bring, as its recipe reads them: fields of a snapshot, so no contacts."""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.campaign.file_names import find_names
from dashboard.paths import QUERIES
from etl.sqlfiles import ask, open_snapshot

MOST = 5
FIELDS = ("action_id", "stakeholder", "title", "category", "countries", "status", "percent", "on_date")


class FirstRows(NamedTuple):
    """What the first rows become.

    Attributes:
        rows: One a row of a file: `file`, `sheet`, `row`, and the fields; codes stay codes.
        labels: The labels of these codes, by code and language.
        account: Rows read, accepted, merged and rejected of all files together.
    """

    rows: list[dict[str, Any]]
    labels: dict[str, dict[str, str]]
    account: dict[str, int]


def read_first_rows(snapshot: Path, files: Collection[str]) -> FirstRows:
    """The first rows of some files of a build, and the account of all of their rows.

    Args:
        snapshot: The build's.
        files: The files by their own names; of an archive its own.
    """
    names = find_names(snapshot)
    handles = [handle for name in files for handle in names.handles_in(name)]
    with open_snapshot(snapshot) as connection:
        account_rows = ask(connection, "sources/account", {"files": handles})
        labels = {code: dict(labels) for code, labels in ask(connection, "sources/labels")}
        connection.execute("use snapshot")
        text = (QUERIES / "draft_first_rows.sql").read_text(encoding="utf-8")
        cursor = connection.execute(text, {"files": handles, "most": MOST})
        columns = [column[0] for column in cursor.description]
        records = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    rows = [
        {
            "file": names.file(row["source_file"]),
            "sheet": names.sheet(row["source_file"], row["source_sheet"]),
            "row": row["source_row"],
            **{field: _write(row[field]) for field in FIELDS},
        }
        for row in records
    ]
    codes = {code for row in rows for field in ("category", "countries", "status") for code in _list(row[field])}
    account = dict(zip(("read", "accepted", "merged", "rejected"), account_rows[0], strict=True))
    return FirstRows(rows, {code: labels[code] for code in sorted(codes & labels.keys())}, account)


def _write(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
