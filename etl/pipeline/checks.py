"""The checks: queries that return offending rows. Contradictions stop the build, all others are listed.

`etl/sql/checks/*.sql`, a file a subject. Above each check stand its id and its severity: `error`, `question`, `warning`
or `note`; `dashboard/lists/quality/wording.py` explains in plain words its meaning and the remedy. A question belongs
to the kind of that name (`dashboard/campaign/answers/question_kinds.py`): its subject stays empty, and staff have to
answer before anything is published. `etl/sql/effects` says what its answers change.

A check has an id (`-- query: no_title`; one alone in a file has its name), a severity (`-- severity: warning`), the
question that it answers and its grain. It reads the finished tables (`snapshot.actions` …) and returns `action_no`,
`report_no` or `milestone_no` (else `action_id`, `source_file`, `sheet`, `source_row`), `field`, `value`, `expected`.
`-- Nothing without: snapshot.milestones.` skips it where that table is empty.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

import duckdb

from dashboard.campaign.folder import Campaign
from dashboard.errors import UserError, sentence
from dashboard.i18n import N_
from etl.profiling import execute, part
from etl.sqlfiles import SQL, has_rows, insert_rows, list_needs, parse, read_queries, run_file, run_step

Severity = Literal["error", "question", "warning", "note"]
CHECKS = SQL / "checks"
_EFFECTS = ("figures", "sheets", "reports", "rows", "cells", "readings", "changes")
"""The files that count the changes of figures by each answer, in this order; parsed only where there is a question."""
LISTED = 10_000  # rows that one check lists; check_totals counts all
_SEVERITY = re.compile(r"^-- severity: (error|question|warning|note)$", re.MULTILINE)


class AccountError(UserError):
    """The build contradicts itself; nothing is published."""


class Check(NamedTuple):
    """One check: its id, its severity, its query, and the tables that need rows for it."""

    id: str
    severity: Severity
    sql: str
    needs: tuple[str, ...] = ()


@cache
def load_checks(folder: Path = CHECKS) -> tuple[Check, ...]:
    """Read every check, by id.

    Raises:
        ValueError: a check does not state its severity.
    """
    checks = []
    for name, sql in (query for path in folder.glob("*.sql") for query in read_queries(path).items()):
        severity = _SEVERITY.search(sql)
        if severity is None:
            raise ValueError(f"{name} does not say -- severity: error, question, warning or note")
        checks.append(Check(name, cast(Severity, severity[1]), sql, list_needs(sql)))
    return tuple(sorted(checks))


def run_checks(connection: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Run every check on a finished build; their results wait in the work database for `list_checks`.

    Raises:
        AccountError: a check of severity `error` found rows.
    """
    limits = campaign.limits.model_dump()
    insert_rows(connection, "text_limits", list(limits.items()))
    offered = set(campaign.offered)
    insert_rows(connection, "campaign_languages", [(language, language in offered) for language in campaign.languages])
    insert_rows(connection, "campaign_titles", [(language,) for language in campaign.title])
    checks = list_possible(connection)
    for check in checks:
        if check.severity == "question":
            _ask(connection, check)
    if has_rows(connection, "questions_found") or has_rows(connection, "snapshot.alike_sheets"):
        for name in _EFFECTS:
            run_file(connection, f"effects/{name}")
    for check in checks:
        if check.severity == "error":
            _refuse(connection, check)
    listed_checks = [check for check in load_checks() if check.severity in ("warning", "note")]
    insert_rows(connection, "checks_made", [(no, check.id, check.severity) for no, check in enumerate(listed_checks)])
    for number, check in enumerate(listed_checks):
        if check not in checks:
            continue
        insertion = parse(f"insert into offences by name select $check_no as check_no, * from ({check.sql})")  # noqa: S608
        with part(f"checks/{check.id}"):
            execute(connection, insertion, {"check_no": number})


def list_checks(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill check_results, check_totals and questions with the results of the checks."""
    run_step(connection, "97_list_checks", {"listed": LISTED})


def _ask(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    insertion = parse(f"insert into questions_found by name select $kind as kind, * from ({check.sql})")  # noqa: S608
    with part(f"checks/{check.id}"):
        execute(connection, insertion, {"kind": check.id})


def list_possible(connection: duckdb.DuckDBPyConnection) -> list[Check]:
    """List the checks whose tables have rows: planning a check takes longer than finding them empty."""
    needs = {need for check in load_checks() for need in check.needs}
    filled = {need for need in needs if has_rows(connection, need)}
    return [check for check in load_checks() if filled.issuperset(check.needs)]


def _refuse(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    with part(f"checks/{check.id}"):
        rows = connection.execute(parse(check.sql)).fetchmany(3)
    if rows:
        raise AccountError(
            sentence(
                N_("The build does not hold together ({check}: {rows})."),
                check=check.id.replace("_", " "),
                rows=json.dumps(rows, default=str),
            ),
            N_("Nothing was published. Please report this with the file that caused it."),
        )
