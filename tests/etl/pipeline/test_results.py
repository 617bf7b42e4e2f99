"""What actions promise and reach in numbers: how rows and columns become results, and the fate of each row."""

from typing import Any

import pytest

from etl.pipeline.open_questions import say_question
from tests.etl.campaigns import ask, recipe
from tests.etl.together import Campaign, Cases, Together

_NUMBERS = {
    "indicator": "What", "unit": "In", "baseline": "Before", "target": "Promised", "target_on": "Until",
    "actual": "Reached", "actual_on": "On", "how_known": "Known by",
}  # fmt: skip
ACTIONS = recipe(
    "actions", "actions", ("Ref|Promise", 'without = ["What", "State"]'),
    '[[results]]\nindicator = "children_withdrawn"\nunit = "children"\ntarget_on = "2021-12-01"\n'
    '[results.fields]\ntarget = {headers = ["Children"]}\nactual = {headers = ["Children out"]}',
    '[[results]]\n[results.fields]\nindicator = {headers = ["Indicator"]}\ntarget = {headers = ["Goal"]}',
    submission_id="Ref", stakeholder="Maker", title="Promise", submitted_at="Sent", reported_on="As of",
)  # fmt: skip
REPORTS = recipe(
    "reports", "progress_reports", "Report|State",
    '[[results]]\nindicator = "children_withdrawn"\n[results.fields]\nactual = {headers = ["Out of work"]}',
    report_id="Report", submission_id="Ref", submitted_at="Sent", status="State",
)  # fmt: skip
LIST = recipe(
    "numbers", "results", "Ref|What",
    submission_id="Ref", stakeholder="Maker", title="Promise", report_id="Report", told_at="Told", **_NUMBERS,
)  # fmt: skip
together = Together({"actions": ACTIONS, "reports": REPORTS, "numbers": LIST}, ids=("Ref", "Report"), makers=("Maker",))

REGISTER = "Ref,Maker,Promise,Sent\n1,Imaginary Club,Mend nets,2021-02-01\n2,Fictional Union,Open a school,2021-02-02\n"
HEADER = "Ref,What,In,Before,Promised,Until,Reached,On,Told\n"
RESULTS = "select action_id, indicator, unit, baseline, target, promised from results order by result_no"
REACHED = (
    "select r.action_id, r.indicator, s.valid_from::varchar, s.actual, s.reached from result_spells as s "
    "inner join results as r using (result_no) order by result_no, valid_from"
)
LOST = "select source_row, field, value, reason from rejected_rows order by source_row"
MERGED = "select source_row, why from merged_rows order by source_row"
UNREAD = "select field, value from unmatched_values order by all"
ADDS_UP = "select bool_and(rows_read = rows_accepted + rows_merged + rows_rejected) from input_files"
AGAIN = "told again further on: the last telling is kept"


def tell(*lines: str, **others: str) -> Campaign:
    """Return the register beside a list of numbers, and further files."""
    files = {f"{name}.csv": text for name, text in others.items()}
    return Campaign({"register.csv": REGISTER, "numbers.csv": HEADER + "\n".join(lines) + "\n", **files})


def reads(results: list[Any], reached: list[Any], **further: list[Any]) -> dict[str, list[Any]]:
    """Return the answers: results, what is in force, and the rows of other queries."""
    others = {"lost": LOST, "merged": MERGED, "unread": UNREAD}
    return {RESULTS: results, REACHED: reached, ADDS_UP: [(True,)]} | {others[name]: further[name] for name in further}


CASES: Cases = {
    "the last telling counts, from the day on that tells it": (
        tell(
            "1,Children withdrawn from work,,,100,2021-12-01,,,2021-02-01",
            "1,Enfants retirés,Enfants,,120,2021-12-01,,,2021-03-01",
            "1,children_withdrawn,,,,,30,2021-06-01,2021-07-01",
            "1,children_withdrawn,,,,,30,2021-06-01,2021-07-01",
            "1,children_withdrawn,,,,,50,2021-08-01,",
            "1,children_withdrawn,,20,,,,,2021-02-01",
        ),
        reads(
            [("1", "children_withdrawn", "children", 20, 120, 100)],
            [("1", "children_withdrawn", "2021-07-01", 30, 10), ("1", "children_withdrawn", "2021-08-01", 50, 30)],
            merged=[(2, AGAIN), (4, AGAIN)], lost=[], unread=[],
        ),
    ),
    "a falling number starts from its baseline, and at it or behind it nothing is promised": (
        tell(
            "1,prevalence,,12 %,8 %,,9%,2021-06-01,",
            "2,prevalence,,,8,,7,2021-06-01,",
            "2,laws_passed,,5,3,,,,",
            "1,people_trained,,10,10,,25,2021-06-01,",
        ),
        reads(
            [("1", "prevalence", "percent", 12, 8, 4), ("2", "prevalence", "percent", None, 8, None),
             ("2", "laws_passed", "laws", 5, 3, None), ("1", "people_trained", "people", 10, 10, None)],
            [("1", "prevalence", "2021-06-01", 9, 3), ("2", "prevalence", "2021-06-01", 7, None),
             ("1", "people_trained", "2021-06-01", 25, 15)],
        ),
    ),
    "what is reached without a unit joins the only promised one": (
        tell(
            "1,Money spent,EUR,,500,,,,",
            "1,Money spent,,,,,200,2021-06-01,",
            "2,Money spent,EUR,,500,,,,",
            "2,Money spent,US$,,700,,,,",
            "2,Money spent,,,,,200,2021-06-01,",
        ),
        reads(
            [("1", "money_spent", "eur_2021", None, 500, 500), ("2", "money_spent", "eur_2021", None, 500, 500),
             ("2", "money_spent", "usd_2021", None, 700, 700)],
            [("1", "money_spent", "2021-06-01", 200, 200), ("2", "money_spent", "2021-06-01", 200, 200)],
        ),
    ),
    "words beside a number are its unit, or nobody reads it": (
        tell(
            '1,Money spent,,,"US$ 1,200.50",,,,', '1,people_trained,,,"1 300 people",,,,',
            "1,Money spent,,,€ 30,,,,", "1,Money spent,EUR,,€ 40,,,,", "2,people_trained,,,5k,,,,",
            "2,people_trained,people,,12 schools,,,,",
        ),
        reads(
            [("1", "money_spent", "usd_2021", None, 1200.5, 1200.5),
             ("1", "people_trained", "people", None, 1300, 1300),
             ("1", "money_spent", "unclassified", None, 30, 30), ("1", "money_spent", "eur_2021", None, 40, 40)],
            [],
            lost=[(6, "target", "5k", "the result has no number that can be read"),
                  (7, "target", "12 schools", "the result has no number that can be read")],
            unread=[("target", "12 schools"), ("target", "5k"), ("unit", "€")],
        ),
    ),
    "an unknown indicator is kept, and counts as none of the list": (
        tell("1,Moon landings,,,3,,,,", "1,Sun landings,,,4,,1,2021-05-01,", "3,Moon landings,,,3,,,,",
             "1,laws_passed,,,,,,,"),
        reads(
            [("1", "unclassified", "unclassified", None, 3, 3), ("1", "unclassified", "unclassified", None, 4, 4)],
            [("1", "unclassified", "2021-05-01", 1, 1)],
            lost=[(4, "submission_id", "3", "it belongs to no action that is known"),
                  (5, "target", None, "the result has no number that can be read")],
            unread=[("indicator", "Moon landings"), ("indicator", "Sun landings")],
        ),
    ),
    "what is beyond all counting is no number": (
        tell("1,laws_passed,,,NaN,,,,", "1,people_trained,,,inf,,,,", "2,people_trained,,,-1e15,,,,",
             "2,laws_passed,,,999999999999999,,nan,2021-05-01,"),
        reads(
            [("2", "laws_passed", "laws", None, 999_999_999_999_999, 999_999_999_999_999)], [],
            lost=[(row, "target", words, "the result has no number that can be read")
                  for row, words in ((2, "NaN"), (3, "inf"), (4, "-1e15"))],
            unread=[("actual", "nan"), ("target", "-1e15"), ("target", "NaN"), ("target", "inf")],
        ),
    ),
    "columns of a register and of a survey are results, and an action sent twice has them once": (
        Campaign({
            "register.csv": "Ref,Maker,Promise,Sent,Children,Children out,Indicator,Goal,As of\n"
            "1,Imaginary Club,Mend nets,2021-02-01,40,,Laws adopted,2,\n"
            "1,Imaginary Club,Mend nets,2021-03-01,60,10,Laws adopted,1,2021-06-01\n"
            "2,Fictional Union,Open a school,2021-02-02,,,,,\n",
            "survey.csv": "Report,Ref,State,Sent,Out of work\n"
            "7,1,In progress,2021-07-01,25\n8,2,Completed,2021-07-02,3\n",
        }),
        reads(
            [("1", "children_withdrawn", "children", None, 60, 60), ("1", "laws_passed", "laws", None, 1, 1),
             ("2", "children_withdrawn", "children", None, None, None)],
            [("1", "children_withdrawn", "2021-06-01", 10, 10), ("1", "children_withdrawn", "2021-07-01", 25, 25),
             ("2", "children_withdrawn", "2021-07-02", 3, 3)],
        )
        | {"select target_on::varchar, told_on::varchar from results where target = 60": [("2021-12-01", "2021-03-01")],
           "select count(report_no) from result_reports": [(2,)]},
    ),
    "a number told with a report counts from the report's day": (
        Campaign({
            "register.csv": REGISTER,
            "survey.csv": "Report,Ref,State,Sent\n7,2,In progress,2021-07-01\n",
            "numbers.csv": "Ref,Report,What,Reached\n,7,laws_passed,2\n,9,laws_passed,2\n",
        }),
        reads([("2", "laws_passed", "laws", None, None, None)], [("2", "laws_passed", "2021-07-01", 2, 2)],
              lost=[(3, "submission_id", "9", "it belongs to no action that is known")]),
    ),
    "day of numbers that nobody told, none": (
        tell("1,laws_passed,,,2,,1,,"), reads([("1", "laws_passed", "laws", None, 2, 2)], []),
    ),
    "day of numbers reached when they were sent": (
        Campaign(
            {"register.csv": "Ref,Maker,Promise,Sent,Children,Children out\n"
             "1,Imaginary Club,Mend nets,2021-02-01,40,7\n"},
            answered=[("day", "register.csv", "", "", "rows")],
        ),
        reads(
            [("1", "children_withdrawn", "children", None, 40, 40)],
            [("1", "children_withdrawn", "2021-02-01", 7, 7)],
        ),
    ),
    "mark that may part thousands": (
        tell('1,laws_passed,,,"1,200",,,,'), reads([], []),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def campaigns(tmp_path_factory):
    with together.built(tmp_path_factory.mktemp("results") / "together") as built:
        yield built


test_numbers_become_results = together.table(CASES)


def test_staff_are_asked_about_what_no_file_tells_of_numbers(campaigns):
    [untold] = campaigns.questions("day of numbers that nobody told, none")
    assert (untold.kind.name, [(row.number, row.words) for row in untold.evidence]) == ("day", [(2, "1")])
    assert f"{say_question(untold)}" == (
        "numbers.csv: No column says on which day the numbers were reached, so they do not count yet. Rows: 1 of 1."
    )
    assert campaigns.asked("mark that may part thousands") == [
        "numbers.csv, column “Promised”: The mark can separate thousands or decimals, and nothing shows which. "
        "Numbers: 1."
    ]
    assert ask(campaigns("mark that may part thousands"), UNREAD) == []
