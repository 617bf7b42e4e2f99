"""Which reports are the same report, and which only look alike: every loss of one is a wrong number."""

from collections.abc import Sequence

import duckdb
import pytest

from tests.etl.campaigns import RECIPES, recipe
from tests.etl.together import Campaign, Together

ACTIONS = "Ref,Maker,Promise\n" + "".join(f"{n},Fictional Union {n},Promise {n}\n" for n in range(1, 7))
HEADER = "Report,Ref,Maker,Promise,Sent,State,Progress,Done on,Story\n"
together = Together()


def reports(**files: str) -> dict[str, str]:
    """The six actions with these files of reports."""
    return {"actions.csv": ACTIONS, **{f"{name}.csv": HEADER + lines for name, lines in files.items()}}


def account(con: duckdb.DuckDBPyConnection, name: str) -> tuple[int, ...]:
    """Rows read, accepted, merged and rejected of a file."""
    counts = "rows_read, rows_accepted, rows_merged, rows_rejected"
    [row] = con.execute(f"select {counts} from input_files where named(source_file) = $name", {"name": name}).fetchall()  # noqa: S608
    return row


def statuses(con: duckdb.DuckDBPyConnection) -> Sequence[tuple[str | None, str]]:
    """Action and status of each report."""
    return con.execute("select action_id, status from progress_reports order by all").fetchall()


@together(
    reports(
        first="1,1,,,2021-07-01 10:00:00,In progress,,,\n2,2,,,2021-07-02 10:00:00,Completed,,,\n",
        last="1,3,,,2021-12-01 10:00:00,Completed,,,\n2,4,,,2021-12-02 10:00:00,Completed,,,\n",
    )
)
def test_two_surveys_that_both_count_from_one(con):
    assert account(con, "first.csv") == (2, 2, 0, 0)
    done = [(f"OFF-{number}", "completed") for number in (2, 3, 4)]
    assert statuses(con) == [("OFF-1", "in_progress"), *done]


@together(
    reports(
        first="1,1,,,2021-07-01 10:00:00,In progress,,,\n2,2,,,2021-07-02 10:00:00,In progress,,,\n",
        # The second answer named the wrong action: its moment is the tool's, its reference was corrected.
        second="1,1,,,2021-07-05 10:00:00,Completed,,,\n2,3,,,2021-07-02 10:00:00,Completed,,,\n",
    )
)
def test_answer_edited_and_downloaded_again(con):
    assert account(con, "first.csv") == (2, 0, 2, 0)
    assert statuses(con) == [("OFF-1", "completed"), ("OFF-3", "completed")]


@pytest.mark.parametrize("lines", [",77,,,{rest},78,,,{rest}", ",,Fictional Nobody,,{rest},,Fictional Someone,,{rest}"])
@together.test
def test_reports_about_unknown_actions_are_counted_one_by_one(lines):
    con = yield reports(reports=lines.format(rest="2021-12-01,Completed,,,\n"))
    assert account(con, "reports.csv") == (2, 2, 0, 0)
    assert statuses(con) == [(None, "completed")] * 2


@together(reports(reports=",1,,,2021-07-01,,,,Planting\n,1,,,,,,2021-07-01,Planting\n"))
def test_a_date_in_another_column_is_another_report(con):
    assert account(con, "reports.csv") == (2, 2, 0, 0)


TWICE = ",1,,,2021-07-01,Completed,,,\n,9,Fictional Nobody,Nothing,2021-07-01,Completed,,,\n"


@together(reports(first=TWICE, second=TWICE))
def test_same_answers_downloaded_twice_count_once(con):
    assert account(con, "first.csv") == (2, 0, 2, 0)
    assert account(con, "second.csv") == (2, 2, 0, 0)


MILESTONES_RECIPE = recipe(
    "office_milestones", "milestones", "Report|Milestone",
    report_id="Report", label="Milestone", due_on="Due", reached_on="Reached",
)  # fmt: skip


@pytest.mark.parametrize(("first", "last"), [("b", "a"), ("a", "b")])
@together.test
def test_milestone_told_again_in_a_later_report_whatever_the_files_are_called(first, last):
    lines = "r1,1,,,2021-06-01 10:00:00,In progress,,,\nr2,1,,,2021-12-01 10:00:00,In progress,,,\n"
    exports = {
        **reports(reports=lines),
        f"{first}.csv": "Report,Milestone,Due,Reached\nr1,Train ten inspectors,2021-07-01,\n",
        f"{last}.csv": "Report,Milestone,Due,Reached\nr2,Train ten inspectors,2021-07-01,2021-08-15\n",
    }
    con = yield Campaign(exports, {"office_milestones": MILESTONES_RECIPE})
    assert account(con, f"{first}.csv") == (1, 0, 1, 0)
    told = con.execute("select due_on::varchar, reached_on::varchar from milestones").fetchall()
    assert told == [("2021-07-01", "2021-08-15")]


ANY_COUNTRY = RECIPES["office_actions"].replace('headers = ["Where"]', 'headers = ["Country*"]')
PLACES = "Ref,Maker,Promise,Country 1,Country 2,Country 3\n1,Fictional Union,Plant,Kenya,,Ghana; Perú\n"


@together({"places.csv": PLACES}, {"any_country": ANY_COUNTRY})
def test_countries_in_several_columns_all_count(con):
    assert con.execute("select iso3 from action_countries order by 1").fetchall() == [("GHA",), ("KEN",), ("PER",)]
