"""Compare two snapshots: actions added, changed field by field, and removed; reports; statuses; posts.

Each snapshot counts on its last day, as on the pages.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from dashboard.campaign.snapshot_schema import OtherSchemaError, is_of_another
from dashboard.errors import N_, SnapshotError, sentence
from dashboard.ground.query_files import SHARED_MACROS, read_sql_file
from dashboard.paths import quote_path

if TYPE_CHECKING:  # the command line counts only, and pandas takes half a second to load
    import pandas as pd

MOST_LISTED = 500
_TABLES = {"facts": "compare/facts", "reports": "compare/reports", "posts": "compare/posts"}


@dataclass(frozen=True)
class Changes:
    """The differences of two snapshots. The lists hold the first ones; the counts count all.

    Attributes:
        added: Actions that only the later has: `action_id`, `title`, `stakeholder`.
        removed: Actions that only the earlier has, with the same columns.
        changed: Fields with another value: `action_id`, `title`, `field`, `before`, `after`; statuses come first.
        reports_added: Progress reports that only the later has; a corrected report counts here and below.
    """

    added: "pd.DataFrame"
    removed: "pd.DataFrame"
    changed: "pd.DataFrame"
    actions_added: int
    actions_removed: int
    actions_changed: int
    statuses_changed: int
    reports_added: int
    reports_removed: int
    events_added: int
    events_removed: int
    stories_added: int
    stories_removed: int


def compare(before: Path | None, after: Path, most: int = MOST_LISTED) -> Changes:
    """Compare two snapshots; without `before` everything is new.

    Raises:
        SnapshotError: one of them cannot be opened, or another version of the program made it.
    """
    try:
        with duckdb.connect(config={"threads": 2}) as connection:
            _gather(connection, "after", after)
            _gather(connection, "before", before)
            return _compare(connection, most)
    except duckdb.Error as error:
        raise SnapshotError(
            sentence(N_("The builds cannot be compared ({reason})."), reason=str(error).splitlines()[0]),
            N_("Build again: python -m etl build."),
        ) from error


def _gather(connection: duckdb.DuckDBPyConnection, side: str, file: Path | None) -> None:
    """Read the compared rows of one snapshot; without a file, an empty table with the other side's columns."""
    if file is None:
        for table in _TABLES:
            connection.execute(f"create table {side}_{table} as from after_{table} limit 0")
        return
    if is_of_another(file):
        raise OtherSchemaError(file)
    connection.execute(f"attach {quote_path(file)} as {side} (read_only)")
    connection.execute(f"create schema {side}_macros")  # a macro belongs to the tables beside it
    connection.execute(f"set search_path = 'memory.{side}_macros,{side}.main'")
    for name in SHARED_MACROS:
        connection.execute(read_sql_file(name))
    for table, query in _TABLES.items():
        connection.execute(f"create table memory.main.{side}_{table} as {read_sql_file(query)}")
    connection.execute("set search_path = 'memory.main'")


def _compare(connection: duckdb.DuckDBPyConnection, most: int) -> Changes:
    one_sided = connection.execute(read_sql_file("compare/one_sided"), {"most": most}).df()
    changed = connection.execute(read_sql_file("compare/changed"), {"most": most}).df()
    reports = connection.execute(read_sql_file("compare/reports_changed")).df()
    posts = connection.execute(read_sql_file("compare/posts_changed")).df()
    added, removed = (one_sided[one_sided["is_added"] == side] for side in (True, False))
    columns = ["action_id", "title", "stakeholder"]
    return Changes(
        added=added[columns].reset_index(drop=True),
        removed=removed[columns].reset_index(drop=True),
        changed=changed[["action_id", "title", "field", "before", "after"]],
        actions_added=_first(added, "actions_in_all"),
        actions_removed=_first(removed, "actions_in_all"),
        actions_changed=_first(changed, "actions_in_all"),
        statuses_changed=_first(changed, "statuses_in_all"),
        **{name: _first(frame, name) for frame in (reports, posts) for name in frame.columns},
    )


def _first(frame: "pd.DataFrame", column: str) -> int:
    """Return the number that every row of a list has; 0 where the list is empty."""
    return int(frame[column].iloc[0]) if len(frame) else 0
