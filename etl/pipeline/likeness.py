"""Suggestions of duplicates, and of actions for reports and posts: for staff to decide, never merged.

Candidates come from SQL, by keys; rapidfuzz compares their texts. The work is bounded whatever the inputs hold, and the
snapshot's check_results note a comparison that was cut short. All of it only reads the snapshot until it is finished,
which is packed for the disk meanwhile.
"""

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
from rapidfuzz import fuzz, process

from etl.profiling import timed
from etl.sqlfiles import ask, has_rows, insert_rows, run_file

NAMES_COMPARED_EACH_WITH_EACH = 3_000
NAMES_SHARING_A_RARE_WORD = 30
PAIRS_COMPARED = 200_000
ACTIONS_OF_ONE_STAKEHOLDER = 60
SUGGESTIONS_A_KIND = 5_000
NAMES_ALIKE = 88.0  # of 100, letter by letter, the words sorted
REST_ALIKE = 70.0  # the same for the words that two names do not share
_ROWS_AT_ONCE = 250
_TEXT_COMPARED = 300  # characters of a description


def suggest_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Look for duplicates; the findings wait in the work database for `write_suggestions`."""
    _run(connection, "names")
    _compare_names(connection)
    _run(connection, "scored_names")
    _run(connection, "action_pairs")
    _compare_actions(connection)
    _run(connection, "scored_actions")
    _run(connection, "report_subjects")
    if has_rows(connection, "report_subjects"):
        _compare_makers(connection)
        _run(connection, "report_candidates")
        _score(connection, "title_scores", ask(connection, "suggestions/report_titles"))
        _run(connection, "scored_reports")
    if has_rows(connection, "kept_posts"):
        _run(connection, "posts")


def write_suggestions(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the snapshot's `suggested_duplicates`, and note the comparisons that were left out."""
    run_file(connection, "suggestions/found")


def _run(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    run_file(connection, f"suggestions/{query}", _bounds())


def _bounds() -> dict[str, int]:
    return {
        "names": NAMES_COMPARED_EACH_WITH_EACH,
        "shared": NAMES_SHARING_A_RARE_WORD,
        "pairs": PAIRS_COMPARED,
        "actions": ACTIONS_OF_ONE_STAKEHOLDER,
        "suggestions": SUGGESTIONS_A_KIND,
    }


@timed("names compared")
def _compare_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the pairs of names that are spelled almost alike to `name_pairs`."""
    names = connection.execute("select name_no, words, numbers from likely_names order by name_no").fetchall()
    texts = {number: " ".join(sorted(words)) for number, words, _ in names}
    digits = {number: digit_text for number, _, digit_text in names}
    order = sorted(texts)
    existing = _count(connection, "all_names")
    if existing <= NAMES_COMPARED_EACH_WITH_EACH:
        pairs = _near(order, texts)
    else:
        bounds = {name: bound for name, bound in _bounds().items() if name in ("pairs", "shared")}
        pairs = _near_among(ask(connection, "suggestions/blocked_names", bounds), texts)
        _note_limit(connection, "stakeholder", NAMES_COMPARED_EACH_WITH_EACH, existing)
    alike = [(a, b, score / 100, "spelled almost alike") for a, b, score in pairs if digits[a] == digits[b]]
    insert_rows(connection, "name_pairs", alike)


def _near(order: Sequence[int], texts: dict[int, str]) -> list[tuple[int, int, float]]:
    """Find every pair of texts that are alike, each compared with each, some rows at a time."""
    words = [texts[number] for number in order]
    alike = []
    for start in range(0, len(order), _ROWS_AT_ONCE):
        part = words[start : start + _ROWS_AT_ONCE]
        scores = process.cdist(part, words[start:], scorer=fuzz.ratio, score_cutoff=NAMES_ALIKE, dtype=np.float32)
        for row, column in np.argwhere(scores >= NAMES_ALIKE):
            first, second = start + int(row), start + int(column)
            if first < second and _rest_is_alike(words[first], words[second]):
                alike.append((order[first], order[second], float(scores[row, column])))
    return alike


def _near_among(pairs: Sequence[tuple[int, int]], texts: dict[int, str]) -> list[tuple[int, int, float]]:
    """List those of the pairs whose texts are alike."""
    scores = process.cpdist([texts[a] for a, _ in pairs], [texts[b] for _, b in pairs], scorer=fuzz.ratio)
    return [
        (a, b, float(score))
        for (a, b), score in zip(pairs, scores, strict=True)
        if score >= NAMES_ALIKE and _rest_is_alike(texts[a], texts[b])
    ]


def _rest_is_alike(first_name: str, second_name: str) -> bool:
    """Return whether two names differ, and their other words are alike: `weavers` and `teachers` are not."""
    if first_name == second_name:
        return False  # another reason covers them
    first_words, second_words = set(first_name.split()), set(second_name.split())
    mine, theirs = sorted(first_words - second_words), sorted(second_words - first_words)
    if not mine or not theirs:
        return True
    return fuzz.ratio(" ".join(mine), " ".join(theirs)) >= REST_ALIKE


@timed("actions compared")
def _compare_actions(connection: duckdb.DuckDBPyConnection) -> None:
    """Compare the titles and descriptions of the pairs in `action_pairs`."""
    if has_rows(connection, "action_pairs") or has_rows(connection, "shared_titles"):
        _score(connection, "title_scores", ask(connection, "suggestions/action_titles"))
        descriptions = ask(connection, "suggestions/action_descriptions", {"compared": _TEXT_COMPARED})
        _score(connection, "description_scores", descriptions)
    if not has_rows(connection, "maker_counts"):
        return
    count = _count(connection, "action_pairs")
    if count >= PAIRS_COMPARED:
        _note_limit(connection, "title", PAIRS_COMPARED, None)
    large = connection.execute(
        "select count(*) from maker_counts where actions > ?", (ACTIONS_OF_ONE_STAKEHOLDER,)
    ).fetchall()[0][0]
    if large:
        _note_limit(connection, "title", ACTIONS_OF_ONE_STAKEHOLDER, None)


@timed("makers compared")
def _compare_makers(connection: duckdb.DuckDBPyConnection) -> None:
    """Find the stakeholders that are spelled almost alike, for those that only reports name."""
    unknown = [row[0] for row in connection.execute("select written from unknown_makers order by 1").fetchall()]
    maker_names = [
        row[0]
        for row in connection.execute(
            "select distinct stakeholder_key from action_keys where stakeholder_key <> '' order by 1"
        ).fetchall()
    ]
    most = NAMES_COMPARED_EACH_WITH_EACH**2 // max(1, len(maker_names))
    if len(unknown) > most:
        _note_limit(connection, "report", most, len(unknown))
    rows: list[tuple[str, str, float]] = []
    words = [" ".join(sorted(name.split())) for name in maker_names]
    for start in range(0, min(len(unknown), most), _ROWS_AT_ONCE):
        part = unknown[start : min(start + _ROWS_AT_ONCE, most)]
        scores = process.cdist(
            [" ".join(sorted(name.split())) for name in part],
            words,
            scorer=fuzz.ratio,
            score_cutoff=NAMES_ALIKE,
            dtype=np.float32,
        )
        rows += [
            (part[int(row)], maker_names[int(column)], float(scores[row, column]) / 100)
            for row, column in np.argwhere(scores >= NAMES_ALIKE)
            if _rest_is_alike(part[int(row)], maker_names[int(column)])
        ]
    insert_rows(connection, "near_makers", rows)


def _score(connection: duckdb.DuckDBPyConnection, table: str, pairs: Sequence[tuple[Any, ...]]) -> None:
    """Fill a table of (left_no, right_no, score from 0 to 1) with the likeness of the two texts of each pair."""
    connection.execute(f"create or replace table {table} (left_no bigint, right_no bigint, score double)")
    if not pairs:
        return
    first, second, one, two = zip(*pairs, strict=True)
    scores = process.cpdist([text or "" for text in one], [text or "" for text in two], scorer=fuzz.token_sort_ratio)
    insert_rows(connection, table, list(zip(first, second, (float(score) / 100 for score in scores), strict=True)))


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()  # noqa: S608  (this module's own names)
    return int(row[0]) if row else 0


def _note_limit(connection: duckdb.DuckDBPyConnection, what: str, compared: int, existing: int | None) -> None:
    run_file(
        connection,
        "suggestions/limited",
        {"what": what, "compared": str(compared), "existing": None if existing is None else str(existing)},
    )
