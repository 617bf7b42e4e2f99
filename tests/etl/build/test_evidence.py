"""What stands behind a status, step by step: from reports, from which day on, and for how long."""

from datetime import date

from tests.etl.campaigns import ACTIONS_RECIPE, REPORTS_RECIPE, built, make_campaign

PROOF = """
[fields.evidence]
headers = ["Proof"]
[fields.reviewed_by]
headers = ["Reviewed by"]
[fields.reviewed_on]
headers = ["Reviewed on"]
[fields.verified_by]
headers = ["Auditor"]
[fields.verified_on]
headers = ["Audited on"]
"""
RECIPES = {
    "office_actions": ACTIONS_RECIPE,
    "office_reports": REPORTS_RECIPE.replace("[values.status]", f"{PROOF}\n[values.status]"),
}
ACTIONS = "Ref,Maker,Promise,Sent,Status\n" + "".join(
    f"{ref},Sample Union,Promise {ref},2021-02-01,{'Completed' if ref == 5 else ''}\n" for ref in range(1, 6)
)
HEADER = "Report,Ref,Sent,State,Proof,Reviewed by,Reviewed on,Auditor,Audited on\n"
REPORTS = (
    "r1,1,2021-05-01,Completed,https://example.org/1,,,,\n"
    "r2,1,2021-07-01,Completed,,,,,\n"  # the same status: what showed it goes on
    "r3,1,2021-09-01,In progress,,,,,\n"  # another one: nothing shows it
    "r4,1,2021-10-01,Completed,,,,,\n"  # nor this one again
    "r5,2,2021-05-01,Completed,,,2021-06-10,Sample Auditor,2021-08-20\n"  # each step from its own day on
    "r6,2,2021-12-01,Completed,,,,,\n"
    "r7,3,2021-05-01,Completed,Annual report,Sample Reviewer,2021-03-01,,\n"  # not before the report itself
    "r8,4,2021-05-01,Completed,,,,,2022-02-01\n"  # after the last day: it counts on that day
    "r9,99,2021-05-01,Completed,https://example.org/9,,,,\n"  # about no action
)
STEPS = (
    "select r.report_id, s.step, s.on_date::varchar, s.source, s.decided_by "
    "from evidence_steps as s join progress_reports as r using (report_no) "
    "where s.step <> 'claimed' order by 1, s.rowid"
)
SPELLS = "select valid_from, valid_to, step_no from evidence_spells as e join actions as a using (action_no) "


def make(root, reports=REPORTS):
    return make_campaign(root, {"actions.csv": ACTIONS, "reports.csv": HEADER + reports}, RECIPES)


def spells(connection, ref):
    return [
        (str(first), None if last == date(9999, 12, 31) else str(last), step)
        for first, last, step in connection.execute(SPELLS + "where a.submission_id = ? order by 1", [ref]).fetchall()
    ]


def test_steps_have_dates_sources_and_roles_and_last_while_the_status_does(tmp_path):
    with built(make(tmp_path / "c")) as con:
        assert con.execute(STEPS).fetchall() == [
            ("r1", "evidenced", "2021-05-01", "https://example.org/1", "stakeholder"),
            ("r5", "reviewed", "2021-06-10", None, "secretariat"),
            ("r5", "verified", "2021-08-20", None, "independent"),
            ("r7", "evidenced", "2021-05-01", "Annual report", "stakeholder"),
            ("r7", "reviewed", "2021-03-01", None, "secretariat"),
            ("r8", "verified", "2022-02-01", None, "independent"),
        ]
        assert con.execute("select last_date from campaign").fetchone() == (date(2021, 12, 1),)
        assert con.execute("select count(*) from evidence_steps where step = 'claimed'").fetchone() == (9,)
        assert spells(con, "OFF-1") == [
            ("2021-05-01", "2021-09-01", 2), ("2021-09-01", "2021-10-01", 1), ("2021-10-01", None, 1),
        ]  # fmt: skip
        assert spells(con, "OFF-2") == [
            ("2021-05-01", "2021-06-10", 1), ("2021-06-10", "2021-08-20", 3), ("2021-08-20", None, 4),
        ]  # fmt: skip
        assert spells(con, "OFF-3") == [("2021-05-01", None, 3)]
        assert spells(con, "OFF-4") == [("2021-05-01", "2021-12-01", 1), ("2021-12-01", None, 4)]
        assert spells(con, "OFF-5") == [("2021-02-01", None, 1)]
