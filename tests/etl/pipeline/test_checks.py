"""The checks: their findings, the ones that stop a build, the listed ones; and how often fields are filled."""

import re
import shutil
from contextlib import ExitStack
from typing import NamedTuple

import duckdb
import pytest

from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.answers.question_kinds import ANSWERS, BY_NAME, KINDS
from dashboard.campaign.file_names import find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.lists.quality.wording import CHECKS as TEXTS
from dashboard.lists.quality.wording import check_text
from etl.inputs.uses_file import check_answer
from etl.pipeline import build as builds
from etl.pipeline import checks
from etl.pipeline.open_questions import QuestionError, refuse_open_questions, say_question
from etl.pipeline.workspace import open_workspace
from etl.readers.exports import ExportFile
from etl.sqlfiles import open_snapshot
from tests.etl.campaigns import RECIPES, ask, built, fields, make_campaign, recipe
from tests.etl.files import write_workbook
from tests.etl.registers import table
from tests.etl.together import Campaign, Together

ACTIONS = (
    "Ref", "Maker", "Promise", "How", "Effect", "Shared", "Sent", "Due", "Kind of maker", "Category", "Themes",
    "Where", "Part", "Language",
)  # fmt: skip
REPORTS = (
    "Report", "Ref", "Maker", "Promise", "Sent", "State", "Progress", "Done on", "Story", "Wave", "Proof", "Seen on",
)  # fmt: skip
MILESTONES = ("Milestone", "Ref", "By", "Reached")
RESULTS = ("Ref", "What", "In", "Before", "Before on", "Goal", "Goal by", "Now", "Now on")
OWN = RECIPES | {
    "office_actions": RECIPES["office_actions"] + fields(impact="Effect", communication="Shared", regions="Part"),
    "office_reports": RECIPES["office_reports"] + fields(wave="Wave", evidence="Proof", reviewed_on="Seen on"),
    "office_milestones": recipe(
        "office_milestones", "milestones", "Milestone",
        called="Milestones of one office", submission_id="Ref", label="Milestone", due_on="By", reached_on="Reached",
    ),
    "office_results": recipe(
        "office_results", "results", "What",
        submission_id="Ref", indicator="What", unit="In", baseline="Before", baseline_on="Before on", target="Goal",
        target_on="Goal by", actual="Now", actual_on="Now on",
    ),
}  # fmt: skip
CODED = recipe("office_codes", "actions", "Ref|Klasse", action_id=("Ref", 'prefix = "OFF-"'), category="Klasse")
REGISTER = recipe("office_list", "actions", "Ref|Category", action_id=("Ref", 'prefix = "OFF-"'), category="Category")
together = Together(OWN | {"office_list": REGISTER, "office_codes": CODED})
GOOD = {"Ref": "1", "Maker": "Imaginary Makers", "Promise": "Weave", "Sent": "2021-03-01", "Language": "English"}
REPORT_THIS = "Nothing was published. Please report this with the file that caused it."
REPORT = {"Report": "r", "Ref": "1", "Sent": "2021-06-01", "State": "In progress"}


class Case(NamedTuple):
    """Rows of four files, each given by its differences from a good row."""

    actions: tuple[dict[str, str], ...]
    reports: tuple[dict[str, str], ...]
    milestones: tuple[dict[str, str], ...]
    results: tuple[dict[str, str], ...]


def rows(*actions, reports=(), milestones=(), results=()) -> Case:
    return Case(actions or ({},), tuple(reports), tuple(milestones), tuple(results))


def files(cases: dict[str, Case]) -> dict[str, str]:
    """Return the rows of all cases as exports; each case has ids and a stakeholder of its own."""
    actions, reports, milestones, results = [], [], [], []
    for name, case in cases.items():
        maker = {"Maker": f"Imaginary {name} Makers"}
        actions += [{**GOOD, **maker, **row, "Ref": f"{name}.{row.get('Ref', 1)}"} for row in case.actions]
        reports += [
            {**REPORT, "Report": f"{name}.{n}", **row, "Ref": f"{name}.{row.get('Ref', 1)}"}
            for n, row in enumerate(case.reports)
        ]
        milestones += [{"Milestone": "First", **row, "Ref": f"{name}.1"} for row in case.milestones]
        results += [{"What": "prevalence", "Before": "12", **row, "Ref": f"{name}.1"} for row in case.results]
    exports = {"a.csv": table(ACTIONS, *actions)}
    if reports:
        exports["b.csv"] = table(REPORTS, *reports)
    if milestones:
        exports["c.csv"] = table(MILESTONES, *milestones)
    if results:
        exports["d.csv"] = table(RESULTS, *results)
    return exports


def first_rows(cases: dict[str, Case]) -> dict[str, dict[str, int]]:
    """Return, by case and file, the row before its first one."""
    before = {"a.csv": 1, "b.csv": 1, "c.csv": 1, "d.csv": 1}
    placed = {}
    for name, case in cases.items():
        placed[name] = dict(before)
        before = {file: row + len(case[n]) for n, (file, row) in enumerate(before.items())}
    return placed


def found(folder) -> list[tuple]:
    """List the findings of the checks: check, file, row, field, value, expected."""
    with built(folder) as con:
        listed = ask(con, "select check_id, named(source_file), source_row, field, value, expected from check_results")
        totals = con.execute("select sum(rows_found), sum(rows_listed) from check_totals").fetchone()
    assert totals == (len(listed), len(listed))
    return sorted(listed, key=str)


def words(count: int) -> str:
    return " ".join(["word"] * count)


# The findings of a check in a row that differs from a good one: file, difference, field, value, expected.
OF_ONE_ROW = """
submitted_outside_campaign|a|Sent=2019-12-31|submitted_at|2019-12-31|2020-01-01 … 2021-12-31
submitted_after_deadline|a|Sent=2021-05-16|submitted_at|2021-05-16|≤ 2021-05-15
due_before_submitted|a|Due=2021-02-01|due_on|2021-02-01|≥ 2021-03-01
due_after_campaign|a|Due=2023-04-30|due_on|2023-04-30|≤ 2021-12-31
action_without_stakeholder|a|Maker=|stakeholder||
action_without_title|a|Promise=|title||
several_codes|a|Category=Research; Other|category|other|research
country_outside_region|a|Where=Kenya, Peru & Part=Africa|countries|PER (americas)|africa
reported_before_submitted|b|Sent=2021-02-01|reported_on|2021-02-01|≥ 2021-03-01
report_date_implausible|b|Sent=2201-06-01|reported_on|2201-06-01|2020-01-01 … 2022-12-31
reported_long_after_deadline|b|Sent=2022-07-01|reported_on|2022-07-01|≤ 2022-06-30
completed_date_implausible|b|State=Completed & Done on=2201-06-01|completed_on|2201-06-01|2020-01-01 … 2022-12-31
completed_after_report|b|State=Completed & Done on=2021-06-02|completed_on|2021-06-02|≤ 2021-06-01
completed_before_submitted|b|State=Completed & Done on=2021-02-28|completed_on|2021-02-28|≥ 2021-03-01
full_but_not_completed|b|Progress=100|status|in_progress|completed
progress_but_not_started|b|State=Not started & Progress=5|percent|5.0|0
completion_date_without_status|b|Done on=2021-05-01|status|in_progress|completed
evidence_before_report|b|Proof=https://example.org/a?b#c & Seen on=2021-05-31|reviewed_on|2021-05-31|≥ 2021-06-01
evidence_without_status|b|State= & Proof=Minutes|status|Minutes|
milestone_reached_before_submitted|c|Reached=2021-02-01|reached_on|2021-02-01|≥ 2021-03-01
milestone_date_implausible|c|Reached=2201-02-01|reached_on|2201-02-01|2020-01-01 … 2022-12-31
result_target_behind_baseline|d|Goal=13|target|13.0|≤ 12.0
result_reached_before_baseline|d|Before on=2021-03-01 & Now=9 & Now on=2021-02-01|actual_on|2021-02-01|≥ 2021-03-01
result_above_100_percent|d|Goal=8 & Now=120 & Now on=2021-05-01|actual|120.0|≤ 100
result_due_after_deadline|d|Goal=8 & Goal by=2022-02-01|target_on|2022-02-01|≤ 2021-12-30
"""


def of_one_row(file: str, differing: str, *listed: str) -> tuple[Case, list[tuple]]:
    cells = dict(cell.split("=", 1) for cell in differing.split(" & "))
    kinds = {"a": (), "b": (), "c": (), "d": (), file: (cells,)}
    case = rows(*kinds["a"], reports=kinds["b"], milestones=kinds["c"], results=kinds["d"])
    return case, [(f"{file}.csv", 1, *(told or None for told in listed))]


PROOFS = (
    "htp:/example.org/a", "www.example.org", "https://example", "Photographs, see http and www",
    "http://192.0.2.1:8080/x",
)  # fmt: skip
# The findings of each check in its case: file, row of the case, field, value, expected.
CASES: dict[str, tuple[Case, list[tuple]]] = {
    **{check: of_one_row(*told) for check, *told in (line.split("|") for line in OF_ONE_ROW.strip().splitlines())},
    "numbers_disagree": (
        rows({"Promise": "Reach 1,500 villages by 2021", "How": "In 30 villages we meet 1500 families"}),
        [("a.csv", 1, "title", "1500 villag…", "30 villag…")],
    ),
    "language_not_of_campaign": (
        rows({}, {"Ref": "2", "Promise": "Knit", "Language": "Português"}),
        [("a.csv", 2, "language", "pt", "en, es, fr")],
    ),
    "text_over_limit": (
        rows({"Promise": words(21), "How": words(100), "Effect": words(100) + "\nmore", "Shared": "word \n" * 101}),
        [
            ("a.csv", 1, "communication", "101", "≤ 100"),
            ("a.csv", 1, "impact", "101", "≤ 100"),
            ("a.csv", 1, "title", "21", "≤ 20"),
        ],
    ),
    "text_garbled": (
        rows(
            {"Promise": "La mise en Å“uvre d’un plan", "How": "LEIS DA IRMÃ” e da AMANHÃ… São Paulo, Ângela, Å, naïve"},
            {"Ref": "2", "Promise": "Two", "How": "Les entitÃ©s dâ€™Afrique", "Effect": "NIÃ‘OS"},
            {"Ref": "3", "Promise": "Three", "How": "La rÃ©gion"},
            reports=[{"Story": "L‚Äôentit√© et le � perdu"}],
        ),
        [
            ("a.csv", 1, "title", "1 × Å“uvre", None),
            ("a.csv", 2, "description", "2 × entitÃ©s", None),
            ("a.csv", 2, "impact", "1 × NIÃ‘OS", None),
            ("b.csv", 1, "narrative", "1 × L‚Äôentit√©", None),
        ],
    ),
    "group_differs": (
        rows(
            {"Kind of maker": "Business"},
            {"Ref": "2", "Promise": "Knit", "Kind of maker": "Business"},
            {"Ref": "3", "Promise": "Sew", "Kind of maker": "Academia"},
        ),
        [("a.csv", 3, "stakeholder_group", "academia", "business")],
    ),
    "completed_below_100": (
        rows(reports=[{"State": "Completed", "Progress": "90"}, {"State": "Completed", "Sent": "2021-07-01"}]),
        [("b.csv", 1, "percent", "90.0", "100")],
    ),
    "progress_goes_back": (
        rows(reports=[{"State": "Completed"}, {"Sent": "2021-07-01"}, {"Sent": "2021-08-01", "State": "Completed"}]),
        [("b.csv", 2, "status", "in_progress", "completed")],
    ),
    "evidence_not_shown": (
        rows(
            reports=[
                {"Proof": "Minutes"},
                {"Seen on": "2021-07-02", "Sent": "2021-07-01"},
                {"Seen on": "2021-08-02", "Sent": "2021-08-01", "State": "Completed"},
            ]
        ),
        [("b.csv", 3, "evidence", "reviewed", None)],
    ),
    "evidence_no_address": (
        rows(reports=[{"Proof": proof, "Sent": f"2021-07-0{n}"} for n, proof in enumerate(PROOFS, 1)]),
        [("b.csv", n, "evidence", proof, "https://…") for n, proof in enumerate(PROOFS[:3], 1)],
    ),
    "report_id_again": (
        rows(reports=[{"Report": "again"}, {"Report": "again", "State": "Completed", "Sent": "2021-07-01"}]),
        [("b.csv", 1, "report_id", "again: in_progress", "completed")],
    ),
    "milestone_due_after_deadline": (
        rows({"Due": "2021-10-01"}, milestones=[{"By": "2021-11-01"}]),
        [("c.csv", 1, "due_on", "2021-11-01", "≤ 2021-10-01")],
    ),
    "result_two_units": (
        rows(results=[{"Goal": "8"}, {"What": "laws_passed", "Goal": "13"}, {"Goal": "7", "In": "Children"}]),
        [("d.csv", 3, "unit", "children", "percent")],
    ),
}
# An impossible date is wrong in more than one way.
ALONGSIDE: dict[str, list[tuple]] = {
    "completed_date_implausible": [
        ("completed_after_report", "b.csv", 1, "completed_on", "2201-06-01", "≤ 2021-06-01")
    ],
}
FINE = rows(
    {"Where": "Kenya", "Part": "Africa", "Kind of maker": "Business", "Promise": "Reach 50 villages"},
    {"Ref": "2", "Promise": "Knit", "How": "word " * 100},
    reports=[{"Progress": "40"}, {"Sent": "2021-12-01", "State": "Completed", "Done on": "2021-11-30"}],
    milestones=[{"By": "2021-06-01", "Reached": "2021-05-01"}],
    results=[{"Goal": "8", "Goal by": "2021-12-01", "Before on": "2021-01-01", "Now": "9", "Now on": "2021-10-01"}],
)


def test_each_check_finds_its_case_and_nothing_else(tmp_path):
    cases = {"fine": FINE} | {name: case for name, (case, _) in CASES.items()}
    placed = first_rows(cases)
    expected = [
        (check_id, file, row + placed[name][file], *rest)
        for name, (_, own) in CASES.items()
        for check_id, file, row, *rest in [*((name, *listed) for listed in own), *ALONGSIDE.get(name, ())]
    ]
    assert found(make_campaign(tmp_path / "c", files(cases), OWN)) == sorted(expected, key=str)


@together.test
def test_garbled_headers_and_values_without_a_code_are_listed_too():
    lines = "".join(f"{n},Imaginary Union,P{n},PÃ©rou,x\n" for n in range(3))
    con = yield {"a.csv": f"Ref,Maker,Promise,Where,RÃ©gion\n{lines}"}
    listed = (
        "select named(source_file), source_row, field, value, expected from check_results "
        "where check_id = 'text_garbled' order by source_row nulls last"
    )
    header, value = ask(con, listed)
    assert header == ("a.csv", 1, "header", "1 × Ã©", None)  # it is not public
    assert value == ("a.csv", None, "countries", "3 × PÃ©rou", None)


def test_every_listed_check_has_a_case():
    here = {"language_without_interface", "label_not_translated"}
    elsewhere = {"event_repeats", "post_names_unknown_action", "title_alone", "question_gone"}
    listed = {check.id for check in checks.load_checks() if check.severity in ("warning", "note")}
    assert {*CASES, *here, *elsewhere} == listed


def several(**columns: list[str]) -> str:
    """Return an export of actions, a row a cell of these columns."""
    number = max(len(cells) for cells in columns.values())
    some = [{name: cells[n] for name, cells in columns.items() if n < len(cells)} for n in range(number)]
    return table(ACTIONS, *[{**GOOD, "Ref": str(n), "Promise": f"Promise {n}", **row} for n, row in enumerate(some)])


PREPARED = (
    "Ref,Maker,Promise,Status,Progress,Where,Due\n1,Imaginary Union,Weave,Completed,\n9,,Knit\n8,Imaginary Union\n"
    + "".join(f"{n},,,{words},Kenya,2021-12-31\n" for n, words in ((2, "Not started,0"), (3, "Not started,"), (4, ",")))
)
TWICE = "Ref,Maker,Promise,Sent,Status\n" + "".join(
    f"{n},Imaginary Union,Promise {n},{day},{status}\n"
    for n, day, status in (
        (1, "2021-06-01", "Completed"), (1, "2021-06-01", "In progress"),
        (2, "2021-06-01", "In progress"), (2, "2021-06-02", "Completed"), (3, "2021-06-01", "completed"),
        (3, "2021-06-01", "Completed"),
    )
)  # fmt: skip
UNSAID = "Ref,Maker,Promise,Sent,Progress\n" + "".join(
    f"{n},Imaginary Union,Promise {n},2021-06-01,{percent}\n" for n, percent in enumerate(("100", "40", "0", ""))
)
TESTS = [
    "TEST",
    "asdf",
    "EJEMPLO (borrar)",
    "Ligne de test à supprimer",
    "xxx",
    "Example: Ministry of Labour",
    "Prueba 2",
    "dummy",
    "Delete this row",
    "[DELETED] Weave",
]
CLASSES = ["Research", "Advocacy", "Legislation"]
# The subject of each of these questions, and its sentence; by answer, the next questions and the values read.
ASKED: dict[str, tuple[dict[str, str], str]] = {
    "rows_misplaced": (
        {"a.csv": several(Category=["", *CLASSES * 3]) + ",,,,,,,,,Legislation,,,,\n"},
        "a.csv, column “Category”: The column starts one row too low; its last cell is alone in row 12.",
    ),
    "prepared_rows": (
        {"a.csv": PREPARED},
        "a.csv: Rows have an ID but no title or stakeholder, as if prepared for later. Rows: 3 of 6.",
    ),
    "test_rows": (
        {"a.csv": several(Promise=["Test the water of schools", *TESTS], Maker=["Imaginary Test Union (example)"])},
        "a.csv: Rows look like tests or examples of how to fill the file in. Rows: 10 of 11.",
    ),
    "two_statuses": (
        {"a.csv": TWICE},
        "a.csv: Rows of one action have the same date, or none, but different statuses. Actions: 1.",
    ),
    "test_rows with reports": (
        {
            "a.csv": several(Ref=["r1", "r2"], Promise=["Weave", "TEST"], Maker=["Imaginary Reported Makers"] * 2),
            "b.csv": table(REPORTS, {**REPORT, "Ref": "r2"}),
        },
        "a.csv: Rows look like tests or examples of how to fill the file in. Rows: 1 of 2.",
    ),
    "two_statuses of reports": (
        files({"twice": rows(reports=[{"State": "Completed"}, {"State": "Not started"}])}),
        "b.csv: Rows of one action have the same date, or none, but different statuses. Actions: 1.",
    ),
    "no_status": (
        {"a.csv": UNSAID},
        "a.csv: No column gives the status. Rows with a completion date: 0; with 100%: 1.",
    ),
    "repeats_blank": (
        {"a.csv": several(Category=[word for one in CLASSES for word in (one, "", "")])},
        "a.csv, column “Category”: Each of its 3 values appears once, with blank cells "
        "below.",
    ),
    "error_cells": (
        {"a.csv": several(Category=["Research", "#N/A", "#N/A"])},
        "a.csv (category): Cells hold an error (#N/A) instead of a value. Cells: 2.",
    ),
    "ids_shortened": (
        {"a.csv": several(Ref=["1.23E+11", "1.23E+11"])},
        "a.csv (submission_id): IDs are shortened to numbers such as 1.23E+11, so different ones look alike. "
        "IDs: 2.",
    ),
    "day": (
        {"a.csv": "Ref,Maker,Promise,Status\n1,Imaginary Makers,Weave,Completed\n2,Imaginary Makers,Knit,\n"},
        "a.csv: No column says when the statuses were true, so they do not count yet. Rows: 1 of 2.",
    ),
    "classes_as_register": (
        {"a.csv": several(Category=CLASSES), "b.csv": "Ref,Category\n0,Research\n1,Advocacy\n2,Legislation\n"},
        "b.csv: 3 of its 3 rows are submissions that are also in a form’s file, with only their "
        "classes added.",
    ),
    "classes_as_register that no recipe reads": (
        {"a.csv": several(Category=CLASSES), "b.csv": "Ref,Klasse\n0,Research\n1,Advocacy\n2,Legislation\n"},
        "b.csv: 3 of its 3 rows are submissions that are also in a form’s file, with only their "
        "classes added.",
    ),
}  # fmt: skip
CATEGORIES = "select category from actions order by source_file, source_row"
STATUSES = (
    "select arg_max(status_code, (reported_on, source_row)) from progress_reports group by action_no order by action_no"
)
IN_FORCE = "select status_code from report_spells order by action_no"
C = "completed"
COUNT = "select count(*) from actions"
R, A, L = "research", "awareness_advocacy", "legislation_or_procurement"
ANSWERED: dict[tuple[str, str, str], dict[str, tuple[str, list[object]]]] = {
    ("rows_misplaced", "a.csv", ""): {
        "": (CATEGORIES, [None] * 10),
        "unknown": (CATEGORIES, [None] * 10),
        "right": (CATEGORIES, [None, *[R, A, L] * 3]),
        "up": (CATEGORIES, [*[R, A, L] * 3, L]),
    },
    ("prepared_rows", "a.csv", ""): {
        "": (COUNT, [3]),
        "unknown": (COUNT, [3]),
        "none": (COUNT, [3]),
        "count": (COUNT, [6]),
    },
    ("test_rows", "a.csv", ""): {
        "": (COUNT, [1]),
        "unknown": (COUNT, [1]),
        "none": (COUNT, [1]),
        "count": (COUNT, [11]),
    },
    ("test_rows with reports", "a.csv", ""): {"none": (IN_FORCE, []), "count": (IN_FORCE, ["in_progress"])},
    ("two_statuses", "a.csv", ""): {
        "": (STATUSES, [None, C, C]),
        "unknown": (STATUSES, [None, C, C]),
        "lower": (STATUSES, ["in_progress", C, C]),
        "upper": (STATUSES, [C, C, C]),
    },
    ("two_statuses of reports", "b.csv", ""): {
        "": (IN_FORCE, [None]),
        "unknown": (IN_FORCE, [None]),
        "lower": (IN_FORCE, ["not_started"]),
        "upper": (IN_FORCE, [C]),
    },
    ("no_status", "a.csv", ""): {
        "": (IN_FORCE, [None, None, None]),
        "unknown": (IN_FORCE, [None, None, None]),
        "completed": (IN_FORCE, [C, "in_progress", "not_started"]),
        "nothing": (IN_FORCE, [None, None, None]),
    },
    ("repeats_blank", "a.csv", "category"): {
        "unknown": (CATEGORIES, [R, None, None, A, None, None, L, None, None]),
        "above": (CATEGORIES, [R, R, R, A, A, A, L, L, L]),
        "blank": (CATEGORIES, [R, None, None, A, None, None, L, None, None]),
    },
    ("error_cells", "a.csv", "category"): {"empty": (CATEGORIES, [R, None, None])},
    ("ids_shortened", "a.csv", "submission_id"): {"": (COUNT, [2]), "unknown": (COUNT, [2]), "right": (COUNT, [1])},
    ("classes_as_register that no recipe reads", "b.csv", ""): {
        "unknown": (COUNT, [3]),
        "register": (COUNT, [6]),
        "classes": (COUNT, [3]),
    },
    ("classes_as_register", "b.csv", ""): {"unknown": (COUNT, [3]), "register": (COUNT, [6]), "classes": (COUNT, [3])},
}


def answered(case: str, file: str, field: str, use: str) -> Campaign:
    said = [(case.split()[0], file, "", field, use)] if use else []
    exports, is_signed = ASKED[case][0], case != "ids_shortened"
    if not is_signed:  # they stay distinct all the same
        own = f"{use or field or 'not'} answered"
        exports = {
            "a.csv": exports["a.csv"].replace("E+11", f"{len(own)}E+11").replace("Imaginary", f"Imaginary {own}")
        }
    return Campaign(exports, is_signed=is_signed, answered=said)


for case in ASKED:
    together.add(case, answered(case, "", "", ""))
for about, by_answer in ANSWERED.items():
    for use in filter(None, by_answer):
        together.add(f"{about[0]} is {use}", answered(*about, use))


@pytest.mark.parametrize("check_id", ASKED)
def test_each_question_is_asked_of_its_case_alone(campaigns, check_id):
    assert campaigns.asked(check_id) == [ASKED[check_id][1]]


COUNTED = {
    "prepared_rows": {"actions"},  # no other row shows the meaning of their status
    "test_rows": {"actions", "reported", "completed", "unknown"},
    "two_statuses": {"reported", "completed", "unknown"},
    "repeats_blank": {"without_category"},
    "classes_as_register": {"actions"},
}


@pytest.mark.parametrize("about", ANSWERED)
def test_rows_are_read_as_staff_answer_and_as_was_said_and_stay_empty_where_nobody_knows(campaigns, about):
    for use, (query, expected) in ANSWERED[about].items():
        case = f"{about[0]} is {use}" if use else about[0]
        assert [row[0] for row in ask(campaigns(case), query)] == expected, case
        assert bool(campaigns.asked(case)) == (not use), case
    kind = about[0].split()[0]
    counted = {"actions"} if "with reports" in about[0] else COUNTED.get(kind, set())
    assert campaigns.check_effects(about[0], kind, ANSWERED[about]) == counted


def test_each_refusal_names_a_command_that_answers_it_and_every_answer_is_taken(campaigns):
    with open_snapshot(campaigns.snapshot) as connection, pytest.raises(QuestionError) as refused:
        refuse_open_questions(connection, find_names(campaigns.snapshot))
    assert refused.value.remedy.startswith(
        "Nothing was published. Answer them on the page Upload, or by a command: python"
    )
    for case in ASKED:
        [question] = (one for one in campaigns.questions(case) if one.is_open)
        assert not re.search(r"toml|\[fields|= ?[\"\[]", f"{say_question(question)} {refused.value}"), case
        for candidate in question.candidates:
            kind, recipe, file, sheet, field = question.key
            check_answer(Answer(0, kind, recipe, file, sheet, field, candidate.value), case)


def test_every_question_has_a_kind_and_words_for_what_it_finds_and_for_each_answer():
    asked = {check.id: check.sql for check in checks.load_checks() if check.severity == "question"}
    assert asked.keys() == {kind.name for kind in KINDS if kind.file == ANSWERS}
    found = {(name, variant) for name, sql in asked.items() for variant in re.findall(r"'(\w+)' as variant", sql)}
    found |= {(name, "read") for name in ("date_order", "percent_of", "decimal_mark")}
    wordings = {(kind.name, variant) for kind in KINDS for variant in kind.asks}
    assert found <= wordings and {name for name, _ in wordings} == asked.keys()
    for name, sql in asked.items():
        written = re.findall(r"'(\w+)': \w+\.\w+::varchar" if BY_NAME[name].takes_day else r"candidate\('(\w+)'", sql)
        written += re.findall(r"candidate\('(\w+)'", sql) if BY_NAME[name].takes_day else []
        assert {*written} - {"n", "until"} == BY_NAME[name].choices.keys(), name


def test_every_check_has_words_and_words_have_a_check():
    assert all(re.match(r"-- severity: \w+\n-- .+\?", check.sql) for check in checks.load_checks())
    assert set(TEXTS) == {check.id for check in checks.load_checks() if check.severity != "question"}
    assert all(text.title and text.remedy for text in TEXTS.values())
    assert check_text("not_known_here").title == "Not known here"


def test_a_check_without_severity_is_refused(tmp_path):
    (tmp_path / "mute.sql").write_text("-- Which rows?\nselect 1", encoding="utf-8")
    with pytest.raises(ValueError, match="mute"):
        checks.load_checks(tmp_path)


def test_an_error_refuses_and_shows_a_few_of_its_rows(tmp_path, monkeypatch):
    offending = "select 'OFF-' || n as action_id, date '2021-03-01' as on_day from range(5) as r (n) order by n"
    monkeypatch.setattr(checks, "load_checks", lambda: [checks.Check("broken_promise", "error", offending)])
    with open_workspace(tmp_path, 0) as connection, pytest.raises(checks.AccountError) as refused:
        checks.run_checks(connection, CampaignFolder(tmp_path).load())
    assert refused.value.what == (
        "The build does not hold together (broken promise: "
        '[["OFF-0", "2021-03-01"], ["OFF-1", "2021-03-01"], ["OFF-2", "2021-03-01"]]).'
    )
    assert refused.value.remedy == REPORT_THIS


@pytest.mark.parametrize("sheet", ["Promises", "Notes"])
def test_a_row_that_is_lost_in_reading_stops_the_build_by_its_file(tmp_path, monkeypatch, sheet):
    load = ExportFile.load

    def begin_too_late(self, connection, read, table, first_row):
        return load(self, connection, read, table, first_row + (read.name == sheet))

    monkeypatch.setattr(ExportFile, "load", begin_too_late)
    promises = [["Ref", "Maker", "Promise"], ["1", "Imaginary Makers", "Weave"], ["2", "Imaginary Makers", "Knit"]]
    notes = [["Nothing that", "a recipe knows"], ["x", "y"]]
    book = write_workbook(tmp_path / "office.xlsx", {"Promises": promises, "Notes": notes})
    folder = make_campaign(tmp_path / "c", {"office.xlsx": book.read_bytes()})
    with pytest.raises(checks.AccountError) as refused, builds.build(folder, folder.published):
        pass
    assert refused.value.what == "office.xlsx: 2 rows were seen at its beginning but 1 were read."
    assert refused.value.remedy == REPORT_THIS


@pytest.fixture(scope="module")
def covered(tmp_path_factory):
    """Yield the snapshot's file of a campaign with other limits, which list three rows of each check."""
    late = ({"Ref": str(n), "Promise": f"Promise {n}", "Sent": "2021-05-20"} for n in range(2, 12))
    more: dict[str, dict[str, str]] = {"2": {"Where": "Kenya", "Themes": "Data"}}
    case = rows(
        {"Promise": words(6), "How": words(200), "Where": "Kenya, Peru", "Category": "Research", "Due": "2021-10-01"},
        *(row | more.get(row["Ref"], {}) for row in late),
        reports=[
            {"Wave": "mid_year", "Progress": "10"},
            {"Sent": "2021-07-01", "Ref": "3", "Wave": "final"},
            {"Ref": "99"},
        ],
        milestones=[{"By": "2021-06-01"}],
    )
    folder = make_campaign(tmp_path_factory.mktemp("covered") / "c", files({"x": case}), OWN)
    text = folder.campaign_file.read_text(encoding="utf-8")
    for shipped, own in {
        "\ntitle = 20\n": "\ntitle = 5\n",
        "\ndescription = 100\n": "\ndescription = 0\n",
        '# languages = ["en", "fr", "es"]': 'languages = ["en", "pt"]',
        "[title]": '[title]\npt = "x"',
    }.items():
        assert text.count(shipped) == 1
        text = text.replace(shipped, own)
    (folder.root / "campaign.toml").write_text(text, encoding="utf-8")
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checks, "LISTED", 3)
            patch.setattr(builds, "run_checks", lose_a_row)
            result = stack.enter_context(builds.build(folder, folder.published))
        yield result.snapshot


def lose_a_row(connection, campaign):
    """Make a file's rows not add up, which refuses the build by the file's name; then put them back."""
    accepted = (
        "update snapshot.input_files as i set rows_accepted = rows_accepted + $more from files as f "
        "where f.source_file = i.source_file and f.file_name = 'b.csv'"
    )
    connection.execute(accepted, {"more": -1})
    with pytest.raises(checks.AccountError) as refused:
        checks.run_checks(connection, campaign)
    assert '[["b.csv", 3, 2, 0, 0]]' in refused.value.what
    connection.execute("truncate text_limits; truncate campaign_languages; truncate campaign_titles")
    connection.execute(accepted, {"more": 1})
    checks.run_checks(connection, campaign)


def test_limits_are_the_campaigns_own_and_only_so_many_rows_of_a_check_are_listed(covered):
    with duckdb.connect(covered, read_only=True) as con:
        totals = "select rows_found, rows_listed from check_totals where check_id = 'submitted_after_deadline'"
        assert ask(con, totals) == [(10, 3)]  # all are counted
        listed = ask(con, "select field, source_row, value, expected from check_results order by all")
    assert listed == [
        ("language", None, "pt", "en"),
        *(("submitted_at", row, "2021-05-20", "≤ 2021-05-15") for row in (3, 4, 5)),
        ("title", 2, "6", "≤ 5"),
    ]


def test_a_relation_that_is_not_whole_is_found(covered, tmp_path):
    relations = next(check for check in checks.load_checks() if check.id == "relations_whole")
    shutil.copy(covered, tmp_path / "broken.duckdb")
    with duckdb.connect() as con:
        con.execute(f"attach '{tmp_path / 'broken.duckdb'}' as snapshot")
        assert ask(con, relations.sql) == []
        con.execute("update snapshot.milestones set action_no = 99")
        assert ask(con, relations.sql) == [("milestones", "OFF-x.1")]
        con.execute("delete from snapshot.actions")
        spoken_in = {row[0] for row in ask(con, relations.sql)}
        evidence = {"evidence_steps", "evidence_spells"}
        places = {"action_countries", "action_regions", "action_subregions", "action_themes"}
        assert spoken_in == {"milestones", "progress_reports", "report_spells", "action_members"} | evidence | places


def test_coverage_of_fields_in_all_by_region_and_by_wave(covered):
    with duckdb.connect(covered, read_only=True) as con:
        rows = ask(con, "select kind, dimension, field, member, rows_filled, rows_total from field_coverage order by 4")
    filled = {key: [row[3:] for row in rows if row[:3] == key] for key in {row[:3] for row in rows}}
    assert filled["actions", "all", "category"] == [("all", 1, 11)]
    assert filled["actions", "all", "due_on"] == [("all", 1, 11)]
    assert filled["actions", "all", "places"] == [("all", 2, 11)]
    assert filled["actions", "all", "progress_report"] == [("all", 2, 11)]
    assert filled["actions", "region", "themes"] == [("africa", 1, 2), ("americas", 0, 1), ("unclassified", 0, 9)]
    assert filled["progress_reports", "all", "percent"] == [("all", 1, 3)]
    assert filled["progress_reports", "wave", "percent"] == [
        ("final", 0, 1), ("mid_year", 1, 1), ("unclassified", 0, 1),
    ]  # fmt: skip
    reported = [("africa", 1, 1), ("americas", 1, 1), ("unclassified", 2, 2)]
    assert filled["progress_reports", "region", "status"] == reported
    assert filled["milestones", "region", "reached_on"] == [("africa", 0, 1), ("americas", 0, 1)]
