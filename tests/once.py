"""Shipped files that no test changes and nearly every one reads: read once in each process of the tests.

A build reads the shipped codelists, and the keywords; a program that builds once gains nothing from keeping them,
five hundred builds in one process do.
"""

import gc
import os
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from typing import Any

import duckdb
from streamlit.components.v2 import manifest_scanner

from dashboard.campaign import codelists
from dashboard.campaign.commitments import criteria
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.pipeline import build, listed_words
from etl.sqlfiles import insert_rows

_FINDINGS = (
    "create or replace table commitment_findings "
    "(commitment_no integer, criterion varchar, is_met boolean, reason varchar, words varchar)"
)


def read_shipped_once() -> None:
    """Read shipped files once; the files of a test's campaign are read at every build, as by the program."""
    read_codes, of_suggest = codelists._read_codes, vars(listed_words)
    read_lines = of_suggest["read_lines"]
    kept_codes = _kept_if_shipped(read_codes)
    codelists._read_codes = lambda path, name: list(kept_codes(path, name))  # the caller adds to it
    of_suggest["read_lines"] = _kept_if_shipped(lambda path, columns: list(read_lines(path, columns)))
    of_suggest["_fault"] = cache(of_suggest["_fault"])  # of a line of the keywords
    # The first page that AppTest opens looks through all installed packages for components, and none brings any.
    manifest_scanner.scan_component_manifests = lambda max_workers=None: []


def fold_once() -> None:
    """Have each spelling folded by SQL once: commands fold those of the shipped codelists to the same."""
    fold_spellings, spelled = codelists.fold_spellings, dict[str, str]()

    def fold_new(spellings: Iterable[str]) -> dict[str, str]:
        distinct = set(spellings)
        if new := distinct - spelled.keys():
            spelled.update(fold_spellings(new))
        return {spelling: spelled[spelling] for spelling in sorted(distinct)}

    codelists.fold_spellings = fold_new


def judge_once() -> None:
    """Have the criteria judge each commitment once: to compile their patterns is a tenth of a build of one row."""
    of_build, judged = vars(build), dict[tuple[Any, ...], list[tuple[Any, ...]]]()
    run_file = of_build["run_file"]

    def judge_new(connection: duckdb.DuckDBPyConnection, source: str | Path, *more: Any, **options: Any) -> None:
        if source != criteria.RULES:
            run_file(connection, source, *more, **options)
            return
        patterns = repr(more[0]["patterns"])
        rows = {row[0]: (*row[1:], patterns) for row in connection.execute("from commitments").fetchall()}
        if not judged.keys() >= set(rows.values()):
            run_file(connection, source, *more, **options)
            findings = {number: list[tuple[Any, ...]]() for number in rows}
            for number, *finding in connection.execute("from commitment_findings").fetchall():
                findings[number].append(tuple(finding))
            judged.update({row: findings[number] for number, row in rows.items()})
            return
        connection.execute(_FINDINGS)
        insert_rows(
            connection, "commitment_findings", [(number, *one) for number, row in rows.items() for one in judged[row]]
        )

    of_build["run_file"] = judge_new


def wait_for_no_disk() -> None:
    """Have files not wait until they are on the disk: no test outlives its computer, and a build waits ten times."""
    os.fsync = lambda fd: None


def collect_no_garbage() -> None:
    """Have the garbage collector wait until all tests are loaded: it would find nothing and look through all of it."""
    gc.disable()


def leave_what_is_loaded() -> None:
    """Have the garbage collector pass over the modules, tests and fixtures that are there for good.

    Little of it is garbage, and to find that takes longer than it is worth.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)  # the leftovers of a test go soon enough with every thirtieth of these
    gc.enable()


def _kept_if_shipped(read: Callable[..., Any]) -> Callable[..., Any]:
    kept = cache(read)

    @wraps(read)
    def read_it(path: Path, *arguments: Any, **options: Any) -> Any:
        return (kept if path.is_relative_to(SHIPPED_CAMPAIGN) else read)(path, *arguments, **options)

    return read_it
