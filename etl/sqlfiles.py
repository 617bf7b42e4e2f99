"""The statements of the ETL's SQL files, run one file at a time."""

from pathlib import Path
from typing import Any

import duckdb

SQL = Path(__file__).parent / "sql"


def run_file(
    connection: duckdb.DuckDBPyConnection, path: Path, parameters: dict[str, Any] | None = None, *, raw: str = ""
) -> None:
    """Run the statements of one SQL file, each with those of `parameters` that it names.

    `raw` is the name of the sheet's raw table, for the two files that read one: a table's name cannot be bound.
    """
    text = path.read_text(encoding="utf-8")
    if raw:
        text = text.replace("raw_rows", raw)
    for statement in duckdb.extract_statements(text):
        wanted = statement.named_parameters
        connection.execute(statement, {k: v for k, v in (parameters or {}).items() if k in wanted})


def run_step(connection: duckdb.DuckDBPyConnection, step: str, parameters: dict[str, Any] | None = None) -> None:
    """Run one step of the build by its file name without `.sql`."""
    run_file(connection, SQL / "steps" / f"{step}.sql", parameters)
