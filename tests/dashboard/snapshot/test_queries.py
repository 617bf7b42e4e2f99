"""Queries: each is planned and takes its declared parameters; without idle filters, and many at once, all is equal."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from dashboard.campaign.builds import FIRST_PUBLISHED, REVISIONS
from dashboard.ground.codelist_codes import EVIDENCE_STEPS
from dashboard.i18n import translator
from dashboard.measures.counts import COUNTS, by_dimension, headline, rank_files
from dashboard.measures.definitions import ROLES, name_evidence
from dashboard.measures.facts import ACTIONS, CRITERIA_MET, STATUS_PLACES, add_up, count_in_all
from dashboard.measures.latest import first_known
from dashboard.paths import QUERIES
from dashboard.snapshot.database import MACROS, MOST_IDLE, Snapshot, query_text
from dashboard.snapshot.query_templates import COUNTED, FACTS, GROUPINGS, MEMBER, VARIANTS, name_count
from dashboard.snapshot.query_texts import FILTERS, call_lean_selection, lean_selection, whole_selection
from dashboard.snapshot.selection import Selection
from etl.sqlfiles import run_file
from tests.cases import of_which
from tests.shipped import LANGUAGES

FILES = sorted(path.stem for path in QUERIES.glob("*.sql") if path.stem not in MACROS)
VARIANTS_OF = {
    **{template: [f"{template}/{variant}" for variant in variants] for template, variants in VARIANTS.items()},
    COUNTED: [
        name_count(fact, *by)
        for fact in FACTS
        for by in ((), *product(GROUPINGS), *product((MEMBER, "wave"), GROUPINGS))
    ],
}
NAMES = [name for file in FILES for name in VARIANTS_OF.get(file, [file])]


def declared_parameters(text: str) -> set[str]:
    """Return the names in the comment's `Parameters:` sentence, explanations in brackets left out."""
    comment = "\n".join(line[2:].strip() for line in text.splitlines() if line.startswith("--"))
    stated = comment.split("Parameters:", 1)[1]
    stated = re.split(r"\.(?:\s|$)", re.sub(r"\([^)]*\)", "", stated).replace("\n", " "))[0]
    names = {name.strip() for name in re.split(r"[,;]", stated)} - {"", "none"}
    return names - {"selection"} | ({"as_of", *FILTERS} if "selection" in names else set())


def test_a_query_says_its_question_grain_and_parameters_and_is_one_statement_that_takes_them() -> None:
    for name in FILES:
        text, taken = query_text(name), set()
        assert text.startswith("-- "), name
        comment = "\n".join(line for line in text.splitlines() if line.startswith("--"))
        assert [word for word in ("?", "Grain:", "Parameters:") if word not in comment] == [], name
        for variant in VARIANTS_OF.get(name, [name]):
            (statement,) = duckdb.extract_statements(query_text(variant))
            taken |= set(statement.named_parameters)
        assert taken == declared_parameters(text), name


@pytest.mark.nightly
def test_a_query_can_be_planned(snapshot: Snapshot, tmp_path: Path) -> None:
    first_known(snapshot)  # which makes the tables that some queries read
    count_in_all(snapshot, Selection(), CRITERIA_MET)  # and this another one
    file = str(tmp_path / FIRST_PUBLISHED)
    with duckdb.connect() as connection:
        rows = connection.sql("select uuid() as entry_id, timestamptz '2022-01-10 09:00:00Z' as known_at")
        rows.write_parquet(file)
        run_file(connection, "revisions/begin")
        connection.table("revisions").write_parquet(str(tmp_path / REVISIONS))
    for name in NAMES:
        # Of texts and patterns, and of rates, not of a snapshot: the tests of criteria and of OData run them.
        if name in ("commitments", "measures_by_member"):
            continue
        text = query_text(name)
        if name in ("quality_in_order", "odata_rows"):  # of any rows
            text = re.sub("from listed(_rows)?", "from actions", text)
        (statement,) = duckdb.extract_statements(text)
        values = _VALUES | {"file": str(tmp_path / REVISIONS) if name == "revisions" else file}
        parameters = {one: values.get(one) for one in statement.named_parameters}
        with snapshot.cursor() as cursor:
            assert cursor.execute(f"explain {text}", parameters).fetchall(), name


_VALUES: dict[str, Any] = {
    "as_of": "2021-12-31", "dimension": "theme", "row_dimension": "theme", "column_dimension": "region",
    "words": ["cote", "d ivoire"], "limit": 10, "offset": 0, "sort": "title", "descending": False, "last": 10,
    "action_id": "FIX-001", "held_table": "snapshot.main.actions",
}  # fmt: skip


def test_steps_and_roles_of_evidence_are_called_as_on_the_pages(snapshot: Snapshot) -> None:
    with snapshot.cursor() as cursor:
        for lang in LANGUAGES:
            words = name_evidence(snapshot, lang)
            for step in EVIDENCE_STEPS:
                asked = {"code": step, "words": words["step_words"]}
                [(word,)] = cursor.execute("select step_in($code, $words)", asked).fetchall()
                assert word == snapshot.codes["evidence"][step].labels[lang]
            for role, label in ROLES.items():
                asked = {"code": role, "words": words["role_words"]}
                [(word,)] = cursor.execute("select role_in($code, $words)", asked).fetchall()
                assert word == translator(lang)(label)


CHOSEN: dict[str, tuple[str, ...] | str] = {
    "categories": ("law_policy", "unclassified"),
    "groups": ("government",),
    "statuses": ("completed", "overdue"),
    "evidence": ("reviewed",),
    "stakeholders": ("stakeholder_14",),
    "q": "for school",
    "regions": ("africa", "americas"),
    "subregions": ("western_africa", "south_america"),
    "countries": ("GHA", "BRA"),
    "groupings": ("cocoa_coast", "river_league"),
    "themes": ("education", "mining"),
}
CASES: list[dict[str, Any]] = [
    {},
    CHOSEN,
    *({name: value} for name, value in CHOSEN.items()),
    *({name: value for name, value in CHOSEN.items() if name != left_out} for left_out in CHOSEN),
    *({one: CHOSEN[one], other: CHOSEN[other]} for one, other in combinations(CHOSEN, 2)),
]
TRIED = of_which(CASES, lambda place, _: place < 5 or place % 20 == 0)
WRITTEN = (
    "select action_no from selected_actions("
    "$as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders, "
    "$statuses, $evidence, $q)"
)

COUNTED = WRITTEN.replace("action_no from selected_actions", "action_no, status_no, is_overdue from counted_actions")
TABLES = "select table_name from duckdb_tables() where database_name = 'memory'"


def test_every_filter_can_be_left_out_and_each_finds_actions(snapshot: Snapshot) -> None:
    assert FILTERS.keys() == CHOSEN.keys()
    for name, condition in FILTERS.items():
        assert f"({name} is null or {condition})" in whole_selection()
        assert condition in lean_selection([name])
        assert condition not in lean_selection([other for other in FILTERS if other != name])
    assert "members" not in lean_selection([])
    sizes = [
        len(snapshot.ask(WRITTEN, Selection(as_of=date(2021, 9, 15), **{name: value}).sql_parameters(snapshot)))  # type: ignore[arg-type]
        for name, value in CHOSEN.items()
    ]
    assert all(0 < size < 40 for size in sizes), sizes


@pytest.mark.parametrize("chosen", TRIED, ids=lambda case: "-".join(case) or "none")
def test_a_statement_without_idle_filters_finds_the_same_actions(chosen: dict[str, Any], snapshot: Snapshot) -> None:
    for day in (date(2021, 9, 15), snapshot.last_date):
        parameters = Selection(as_of=day, **chosen).sql_parameters(snapshot)
        with snapshot.cursor() as cursor:
            told = cursor.execute(WRITTEN, parameters).fetchall()
        assert sorted(snapshot.ask(WRITTEN, parameters)["action_no"]) == sorted(number for (number,) in told)
        with snapshot.cursor() as cursor:
            told = cursor.execute(COUNTED, parameters).fetchall()
        found = snapshot.ask(COUNTED, parameters)
        assert sorted(found.itertuples(index=False, name=None)) == sorted(told)


def test_counting_reads_its_table_and_calls_the_actions_that_its_parameters_choose(own: Snapshot) -> None:
    for chosen in ({"q": "school"}, {"as_of": date(2021, 9, 15)}):
        own.ask(COUNTED, Selection(**chosen).sql_parameters(own))  # type: ignore[arg-type]
    own.ask(WRITTEN, Selection().sql_parameters(own))
    with own.cursor() as cursor:
        assert not cursor.execute(TABLES).fetchall()
        own.ask(COUNTED, Selection(regions=("africa",)).sql_parameters(own))
        assert cursor.execute(TABLES).fetchall() == [("last_day",)]
    own.ask(WRITTEN, Selection(regions=("africa",), q="school").sql_parameters(own))
    with own.cursor() as cursor:
        idle = ", ".join(["null"] * 9)
        lean = f"from selected_actions_by_regions_q($day, ['africa'], {idle}, ['school'])"
        assert cursor.execute(lean, {"day": own.last_date}).fetchall()
    assert call_lean_selection(WRITTEN, ["regions", "q"]) != WRITTEN
    assert call_lean_selection(query_text("unmatched_days"), []) == query_text("unmatched_days")


def test_like_actions_add_up_to_what_pandas_counts_and_files_are_ranked_by_what_comes_from_them() -> None:
    chance = np.random.default_rng(7)
    actions = pd.DataFrame({"status_no": chance.integers(1, 7, 500).astype("uint8")})
    actions = actions.assign(is_overdue=chance.random(500) < 0.3, is_on_time=chance.random(500) < 0.4)
    actions["place"] = chance.integers(-1, 4, 500)
    rows = actions.groupby(list(actions), as_index=False).size()
    columns = {name: rows[name].to_numpy() for name in ("status_no", "is_overdue", "is_on_time")}
    found = add_up(ACTIONS, columns | {"number": rows["size"].to_numpy()}, rows["place"].to_numpy(), 5)
    assert tuple(found) == COUNTS
    for member in range(5):
        own = actions[actions["place"] == member]
        assert found["actions"][member] == len(own)
        assert found["overdue"][member] == own["is_overdue"].sum()
        assert found["on_time"][member] == own["is_on_time"].sum()
        assert found["reported"][member] == (own["status_no"] < 6).sum()
        for name, number in STATUS_PLACES.items():
            assert found[name][member] == (own["status_no"] == number).sum()
    empty = {name: np.array([], dtype=kind) for name, kind in (("status_no", "uint8"), ("number", "int64"))}
    empty |= {name: np.array([], dtype=bool) for name in ("is_overdue", "is_on_time")}
    found = add_up(ACTIONS, empty, np.array([], dtype=np.intp), 2)
    assert {name: counts.tolist() for name, counts in found.items()} == dict.fromkeys(COUNTS, [0, 0])
    files = {
        "source_file": np.array(["b.csv", "a.csv"], dtype=object),
        "classification_file": np.array(["sheet.xlsx", None], dtype=object),
        "report_file": np.array([None, "survey.csv"], dtype=object),
        "actions": np.array([3, 3]),
    }
    assert rank_files(files) == ("a.csv", "b.csv", "sheet.xlsx", "survey.csv")


@pytest.mark.nightly
def test_many_at_once_get_the_answers_that_each_gets_alone(snapshot: Snapshot, own: Snapshot) -> None:
    days = [date(2021, month, day) for month in range(1, 13, 2) for day in (1, 15)]

    def ask(asked: Snapshot, day: date) -> tuple[Any, ...]:
        selection = Selection(as_of=day, regions=("africa",) if day.day == 1 else ())
        return headline(asked, selection), by_dimension(asked, selection, "theme").to_csv()

    with ThreadPoolExecutor(2 * MOST_IDLE) as pool:
        found = list(pool.map(lambda day: ask(own, day), days))
    assert found == [ask(snapshot, day) for day in days]
    assert 1 <= len(own._idle) <= MOST_IDLE


def test_a_failed_statement_and_additions_to_columns_leave_the_next_answers_unharmed(own: Snapshot) -> None:
    assert headline(own, Selection()).actions
    for _ in range(3):
        with pytest.raises(duckdb.Error):
            own.ask("select error('no')")
    assert headline(own, Selection(as_of=date(2021, 5, 1))).day == date(2021, 5, 1)
    parameters = Selection().sql_parameters(own)
    first = own.columns("headline", parameters)
    first["more"] = np.array([1])
    again = own.columns("headline", parameters)
    assert "more" not in again
    assert again["actions"] is first["actions"]
    assert again["actions"].sum() == own.query("headline", parameters)["actions"].sum()


@pytest.fixture
def own(snapshot: Snapshot) -> Snapshot:
    """Return the fixture snapshot with a cache and cursors of its own."""
    return Snapshot(snapshot.path, snapshot.build_id, snapshot.built_at, 8)
