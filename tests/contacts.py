"""A private store beside a fixture snapshot: addresses at example.org in the rows of actions and of reports."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

STORE = "private/contacts/fixture.duckdb"


def write_contacts(campaign: Path, actions: Mapping[str, str], reports: Mapping[int, str] | None = None) -> Path:
    """Write the store of the fixture's build; `actions` and `reports` give the cell that stands in their rows."""
    store = campaign / STORE
    store.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{campaign / 'published' / 'snapshot-fixture.duckdb'}' as snapshot (read_only)")
        connection.execute(f"attach '{store}' as private")
        connection.execute(
            "create table private.contacts (source_file varchar, sheet varchar, source_row bigint, header varchar, "
            "value varchar)"
        )
        connection.execute(
            "create table private.input_names as select distinct source_file, source_sheet as sheet, "
            "'really ' || source_file as file_name, source_sheet as sheet_name from ("
            "select source_file, source_sheet from snapshot.actions union all "
            "select source_file, source_sheet from snapshot.progress_reports)"
        )
        for table, key, cells in (("actions", "action_id", actions), ("progress_reports", "report_no", reports or {})):
            for name, cell in cells.items():
                row = f"from snapshot.{table} where {key} = $name"
                statement = "insert into private.contacts select 'really ' || source_file, source_sheet, source_row, "
                connection.execute(f"{statement} 'E-mail', $cell {row}", {"cell": cell, "name": name})
    store.chmod(0o600)
    return store
