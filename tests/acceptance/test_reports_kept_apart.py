"""Which reports are the same report, and which only look alike: every loss of one is a wrong number."""

from datetime import date

import pytest

from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from tests.acceptance.published import account, ask, publish
from tests.cases import some
from tests.etl.campaigns import RECIPES

ACTIONS = "Ref,Maker,Promise\n" + "".join(f"{n},Fictional Union {n},Promise {n}\n" for n in range(1, 7))
HEADER = "Report,Ref,Maker,Promise,Sent,State,Progress,Done on,Story\n"


def load(tmp_path, **files: str):
    """The six actions with these files of reports."""
    exports = {"actions.csv": ACTIONS, **{f"{name}.csv": HEADER + lines for name, lines in files.items()}}
    return publish(tmp_path / "campaign", exports, RECIPES)


def test_two_surveys_that_both_count_from_one(tmp_path):
    first = "1,1,,,2021-07-01 10:00:00,In progress,,,\n2,2,,,2021-07-02 10:00:00,Completed,,,\n"
    last = "1,3,,,2021-12-01 10:00:00,Completed,,,\n2,4,,,2021-12-02 10:00:00,Completed,,,\n"
    snapshot = load(tmp_path, first=first, last=last)
    assert account(snapshot)["first.csv"] == (2, 2, 0, 0)
    total = headline(snapshot, Selection(as_of=date(2021, 12, 31)))
    assert (total.reported, total.completed, total.in_progress) == (4, 3, 1)


def test_answer_edited_and_downloaded_again(tmp_path):
    first = "1,1,,,2021-07-01 10:00:00,In progress,,,\n2,2,,,2021-07-02 10:00:00,In progress,,,\n"
    # The second answer named the wrong action: its moment is the tool's, its reference was corrected.
    again = "1,1,,,2021-07-05 10:00:00,Completed,,,\n2,3,,,2021-07-02 10:00:00,Completed,,,\n"
    snapshot = load(tmp_path, first=first, second=again)
    assert account(snapshot)["first.csv"] == (2, 0, 2, 0)
    assert ask(snapshot, "select action_id, status from progress_reports order by 1") == [
        ("OFF-1", "completed"),
        ("OFF-3", "completed"),
    ]


@pytest.mark.parametrize("refs", some([(("77", "78"),), (("", ""),)], 1))
def test_reports_about_unknown_actions_are_counted_one_by_one(tmp_path, refs):
    makers = ("", "") if refs[0] else ("Fictional Nobody", "Fictional Someone")
    lines = "".join(
        f",{ref},{maker},,2021-12-01,Completed,,,\n" for ref, maker in zip(refs, makers, strict=True)
    )  # fmt: skip
    snapshot = load(tmp_path, reports=lines)
    assert account(snapshot)["reports.csv"] == (2, 2, 0, 0)
    assert headline(snapshot, Selection(as_of=date(2021, 12, 31))).unmatched_reports == 2


def test_a_date_in_another_column_is_another_report(tmp_path):
    lines = ",1,,,2021-07-01,,,,Planting\n,1,,,,,,2021-07-01,Planting\n"
    snapshot = load(tmp_path, reports=lines)
    assert account(snapshot)["reports.csv"] == (2, 2, 0, 0)


def test_same_answers_downloaded_twice_count_once(tmp_path):
    lines = ",1,,,2021-07-01,Completed,,,\n,9,Fictional Nobody,Nothing,2021-07-01,Completed,,,\n"
    snapshot = load(tmp_path, first=lines, second=lines)
    assert account(snapshot)["first.csv"] == (2, 0, 2, 0)
    assert account(snapshot)["second.csv"] == (2, 2, 0, 0)


MILESTONES_RECIPE = """
id = "office_milestones"
title = "Milestones told with a report"
holds = "milestones"
[recognise]
headers = ["Report", "Milestone"]
[fields.report_id]
headers = ["Report"]
[fields.label]
headers = ["Milestone"]
[fields.due_on]
headers = ["Due"]
[fields.reached_on]
headers = ["Reached"]
"""


@pytest.mark.parametrize("names", some([(("b", "a"),), (("a", "b"),)], 1))
def test_milestone_told_again_in_a_later_report_whatever_the_files_are_called(tmp_path, names):
    first, last = names
    reports = "r1,1,,,2021-06-01 10:00:00,In progress,,,\nr2,1,,,2021-12-01 10:00:00,In progress,,,\n"
    exports = {
        "actions.csv": ACTIONS,
        "reports.csv": HEADER + reports,
        f"{first}.csv": "Report,Milestone,Due,Reached\nr1,Train ten inspectors,2021-07-01,\n",
        f"{last}.csv": "Report,Milestone,Due,Reached\nr2,Train ten inspectors,2021-07-01,2021-08-15\n",
    }
    snapshot = publish(tmp_path / "campaign", exports, {**RECIPES, "office_milestones": MILESTONES_RECIPE})
    assert account(snapshot)[f"{first}.csv"] == (1, 0, 1, 0)
    end = headline(snapshot, Selection(as_of=date(2021, 12, 31)))
    assert (end.milestones_due, end.milestones_reached) == (1, 1)
    before = headline(snapshot, Selection(as_of=date(2021, 8, 14)))
    assert (before.milestones_due, before.milestones_reached) == (1, 0)


def test_countries_in_several_columns_all_count(tmp_path):
    recipe = RECIPES["office_actions"].replace('headers = ["Where"]', 'headers = ["Country*"]')
    lines = "Ref,Maker,Promise,Country 1,Country 2,Country 3\n1,Fictional Union,Plant,Kenya,,Ghana; Perú\n"
    snapshot = publish(tmp_path / "campaign", {"a.csv": lines}, {"office_actions": recipe})
    found = ask(snapshot, "select iso3 from action_countries order by 1")
    assert found == [("GHA",), ("KEN",), ("PER",)]
