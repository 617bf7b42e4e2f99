"""The checks: SQL files that return offending rows. What contradicts itself stops the build, the rest is listed.

`etl/sql/checks/*.sql`, each with its severity in its header: `error`, `warning` or `note`. The file's name is the
check's id; `dashboard/quality/wording.py` says in plain words what it means and what to do.
"""

import json
import re
from pathlib import Path
from typing import Literal, NamedTuple, cast

import duckdb

from dashboard.campaign.folder import Campaign
from dashboard.errors import UserError
from etl.sqlfiles import SQL

Severity = Literal["error", "warning", "note"]
CHECKS = SQL / "checks"
LISTED = 10_000  # rows that one check lists; check_totals has the number of all
_SEVERITY = re.compile(r"^-- severity: (error|warning|note)$", re.MULTILINE)


class AccountError(UserError):
    """The build contradicts itself; nothing is published."""


class Check(NamedTuple):
    """One check: its id, how grave what it finds is, and the query that finds it."""

    id: str
    severity: Severity
    sql: str


def load_checks(folder: Path = CHECKS) -> list[Check]:
    """Every check, by id.

    Raises:
        ValueError: a file does not state its severity.
    """
    checks = []
    for path in sorted(folder.glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        stated = _SEVERITY.search(sql)
        if stated is None:
            raise ValueError(f"{path.name} does not say -- severity: error, warning or note")
        checks.append(Check(path.stem, cast(Severity, stated[1]), sql))
    return checks


def run_checks(connection: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Run every check on a finished build; fill check_results and check_totals.

    Raises:
        AccountError: a check of severity `error` found rows.
    """
    limits = campaign.limits.model_dump()
    connection.execute(
        "create table text_limits as select unnest($fields::varchar[]) as field, unnest($words::integer[]) as words",
        {"fields": list(limits), "words": list(limits.values())},
    )
    connection.execute(
        "create table campaign_languages as select unnest($languages::varchar[]) as language",
        {"languages": list(campaign.languages)},
    )
    for check in load_checks():
        if check.severity == "error":
            _refuse(connection, check)
        else:
            _list(connection, check)


def _refuse(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    rows = connection.execute(check.sql).fetchmany(3)
    if rows:
        raise AccountError(
            f"The build does not hold together ({check.id.replace('_', ' ')}: {json.dumps(rows, default=str)}).",
            "Nothing was published. Please report this with the file that caused it.",
        )


def _list(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    connection.execute(f"create or replace temp table found as {check.sql}")
    connection.execute(
        "insert into snapshot.check_results select $check_id, $severity, * from ("
        "select action_id, source_file, sheet, source_row, field, value, expected from found "
        "order by source_row, source_file, sheet, action_id, field, value, expected limit $listed)",
        {"check_id": check.id, "severity": check.severity, "listed": LISTED},
    )
    connection.execute(
        "insert into snapshot.check_totals select $check_id, $severity, count(*), least(count(*), $listed) from found",
        {"check_id": check.id, "severity": check.severity, "listed": LISTED},
    )
