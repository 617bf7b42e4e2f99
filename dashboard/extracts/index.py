"""What there is below `/extracts`: the names of the files, and the list that programs and people read first."""

from typing import Any

from dashboard.extracts.order import ALL_TABLES, table_formats
from dashboard.extracts.tables import TABLES, Table
from dashboard.i18n import Translator, translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, list_values

PACKAGE = f"{ALL_TABLES}.zip"
DESCRIPTOR = "datapackage.json"


def list_files() -> list[str]:
    """The names of all files."""
    return [*(f"{table}.{ending}" for table in TABLES for ending in _endings(table)), PACKAGE, DESCRIPTOR]


def find_file(name: str) -> tuple[str, str] | None:
    """Table and format of a file's name; None if there is no such file."""
    if name == PACKAGE:
        return "actions", "zip"
    table, _, ending = name.rpartition(".")
    return (table, ending) if table in TABLES and ending in _endings(table) else None


def describe_all(snapshot: Snapshot, selection: Selection, base_url: str) -> dict[str, Any]:
    """The list: what the parameters take, and every table with its columns and addresses for the selection."""
    query = selection.query_string()
    t = translator(selection.lang)
    return {
        "title": snapshot.campaign[f"title_{selection.lang}"],
        "is_sample": snapshot.is_sample,
        "build_id": snapshot.build_id,
        "as_of": selection.day(snapshot).isoformat(),
        "parameters": {
            **list_values(snapshot),
            "columns": [],  # those of the table, below
            "include": list(TABLES),
        },
        "tables": [_describe(table, t, f"{base_url}/extracts/{{}}?{query}") for table in TABLES.values()],
        "package": f"{base_url}/extracts/{PACKAGE}?{query}",
        "datapackage": f"{base_url}/extracts/{DESCRIPTOR}?{query}",
    }


def _describe(table: Table, t: Translator, address: str) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": t(table.title),
        "description": t(table.description),
        "files": {ending: address.replace("{}", f"{table.name}.{ending}", 1) for ending in _endings(table.name)},
        "columns": [
            {"name": field.name, "title": t(field.header), "kind": field.kind, "description": t(field.description)}
            for field in table.fields
        ],
    }


def _endings(table: str) -> list[str]:
    """The formats of one table's own files."""
    return [ending for ending in table_formats(table) if ending != "zip"]
