"""The evidence for a status, step by step: from reports, from its first day, and for its duration."""

from datetime import date, timedelta
from random import Random

from tests.etl.campaigns import ACTIONS_RECIPE, REPORTS_RECIPE, ask, fields
from tests.etl.together import Campaign, Together

PROOF = fields(
    evidence="Proof", reviewed_by="Reviewed by", reviewed_on="Reviewed on", verified_by="Auditor",
    verified_on="Audited on",
)  # fmt: skip
RECIPES = {"office_actions": ACTIONS_RECIPE, "office_reports": REPORTS_RECIPE + PROOF}
ACTIONS = "Ref,Maker,Promise,Sent,Status\n" + "".join(
    f"{ref},Sample Union,Promise {ref},2021-02-01,{'Completed' if ref == 5 else ''}\n" for ref in range(1, 6)
)
HEADER = "Report,Ref,Sent,State,Proof,Reviewed by,Reviewed on,Auditor,Audited on\n"
REPORTS = (
    "r1,1,2021-05-01,Completed,https://example.org/1,,,,\n"
    "r2,1,2021-07-01,Completed,,,,,\n"  # the same status: its evidence goes on
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
    "where s.step <> 'claimed' order by 1, 2"
)
SPELLS = "select valid_from, valid_to, step_no from evidence_spells as e join actions as a using (action_no) "


together = Together(RECIPES)


def spells(connection, ref):
    return [
        (str(first), None if last == date(9999, 12, 31) else str(last), step)
        for first, last, step in ask(connection, SPELLS + "where a.submission_id = ? order by 1", [ref])
    ]


@together.test
def test_a_proof_does_not_name_the_person_who_is_not_named():
    actions = "Ref,Maker,Promise,Sent,Kind of maker\np1,Ann Zzyzx,Read aloud,2021-02-01,Individual\n"
    reports = "Report,Ref,Maker,Sent,State,Proof\np-r1,p1,Ann Zzyzx,2021-05-01,Completed,Diary of ANN ZZYZX\n"
    con = yield Campaign({"a.csv": actions, "r.csv": reports}, is_signed=False)
    told = "select source from evidence_steps where step = 'evidenced' union all "
    told += "select evidence_source from progress_reports"
    assert ask(con, told) == [("Diary of […]",)] * 2


def key_of(connection, name):
    own = "select report_key from progress_reports where report_id = $name or (report_id is null and action_id = $name)"
    return connection.execute(own, {"name": name}).fetchone()[0]


@together.decided
def test_steps_have_dates_sources_and_roles_last_while_the_status_does_and_staff_say_otherwise():
    exports = {"actions.csv": ACTIONS, "reports.csv": HEADER + REPORTS}
    con = yield Campaign(exports, is_signed=False, answered=[("day", "actions.csv", "", "", "rows")])
    assert ask(con, STEPS) == [
        ("r1", "evidenced", "2021-05-01", "https://example.org/1", "stakeholder"),
        ("r5", "reviewed", "2021-06-10", None, "secretariat"),
        ("r5", "verified", "2021-08-20", None, "independent"),
        ("r7", "evidenced", "2021-05-01", "Annual report", "stakeholder"),
        ("r7", "reviewed", "2021-03-01", None, "secretariat"),
        ("r8", "verified", "2022-02-01", None, "independent"),
    ]
    days = "select first_date::varchar, last_date::varchar from campaign"
    assert ask(con, days) == [("2021-01-01", "2021-12-01")]  # the last report's
    assert ask(con, "select count(*) from evidence_steps where step = 'claimed'") == [(9,)]
    assert spells(con, "OFF-1") == [
        ("2021-05-01", "2021-09-01", 2), ("2021-09-01", "2021-10-01", 1), ("2021-10-01", None, 1),
    ]  # fmt: skip
    assert spells(con, "OFF-2") == [
        ("2021-05-01", "2021-06-10", 1), ("2021-06-10", "2021-08-20", 3), ("2021-08-20", None, 4),
    ]  # fmt: skip
    assert spells(con, "OFF-3") == [("2021-05-01", None, 3)]
    assert spells(con, "OFF-4") == [("2021-05-01", "2021-12-01", 1), ("2021-12-01", None, 4)]
    assert spells(con, "OFF-5") == [("2021-02-01", None, 1)]
    second, proven, audited, register, unknown = (key_of(con, name) for name in ("r2", "r7", "r5", "OFF-5", "r9"))
    con = yield [
        f"evidence,report,{second},verified,By the auditors,2021-11-20,2021-08-01,https://example.org/audit",
        f"evidence,,{proven},claimed,The report says nothing of it,2021-11-20,,",
        f"evidence,report,{audited},Reviewed,,2021-11-20,01.07.2021,Minutes of a meeting",
        f"evidence,report,{register},evidenced,,2021-11-20,2021-03-01,write to sample@example.org",
        f"evidence,report,{unknown},reviewed,,2021-11-20,2021-06-01,",
    ]
    assert ask(con, "select is_applied from decisions order by line") == [(True,)] * 4 + [(False,)]
    told = ask(con, STEPS)
    assert told[1:5] == [
        ("r2", "verified", "2021-08-01", "https://example.org/audit", "staff"),
        ("r5", "reviewed", "2021-07-01", "Minutes of a meeting", "staff"),
        ("r5", "verified", "2021-08-20", None, "independent"),
        ("r8", "verified", "2022-02-01", None, "independent"),
    ]
    assert told[5][3] == "write to […]"
    assert ask(con, "select decided_on::varchar, line from evidence_steps where line = 2") == [("2021-11-20", 2)]
    own = "select evidence, reviewed_on::varchar from progress_reports where report_id in ('r2', 'r7') order by 1"
    assert ask(con, own) == [("claimed", None), ("verified", None)]
    assert spells(con, "OFF-1")[:2] == [("2021-05-01", "2021-08-01", 2), ("2021-08-01", "2021-09-01", 4)]
    assert spells(con, "OFF-2")[1] == ("2021-07-01", "2021-08-20", 3)
    assert spells(con, "OFF-3") == [("2021-05-01", None, 1)]
    assert spells(con, "OFF-5") == [("2021-02-01", "2021-03-01", 1), ("2021-03-01", None, 2)]


STATES = {"Completed": "completed", "In progress": "in_progress", "Nearly there": "in_progress", "Qwx": None, "": None}


def draw_reports(rng):
    """Draw reports about forty actions on various days: each one's statements, days of review and verification."""
    reports = []
    for ref in range(1, 41):
        days = sorted(rng.sample(range(290), rng.randrange(1, 6)))
        for day in (date(2021, 2, 10) + timedelta(days) for days in days):
            later = [day + timedelta(rng.randrange(-20, 90)) if rng.random() < 0.35 else None for _ in range(2)]
            state = rng.choices(list(STATES), (6, 3, 2, 1, 1))[0]
            reports.append((ref, day, state, rng.choice(("", "", "https://example.org/proof")), *later))
    return reports


def find_furthest(reports, ref, day, last_day):
    """Find the furthest step behind an action's status on a day, report by report; None where there is none."""
    known = [report for report in reports if report[0] == ref and report[1] <= day]
    status = STATES[known[-1][2]] if known else None
    if status is None:
        return None
    furthest = 1
    for _, sent, state, proof, reviewed_on, verified_on in reversed(known):
        if STATES[state] != status:
            break
        steps = [(2, sent)] if proof else []
        steps += [(step, on) for step, on in ((3, reviewed_on), (4, verified_on)) if on]
        furthest = max([furthest, *(step for step, on in steps if min(on, last_day) <= day)])
    return furthest


@together.test
def test_every_day_has_the_step_that_a_person_would_find():
    reports = draw_reports(Random(13))  # noqa: S311  (a fixed draw)
    lines = "".join(
        f"r{number},{ref},{day},{state},{proof},,{reviewed or ''},,{verified or ''}\n"
        for number, (ref, day, state, proof, reviewed, verified) in enumerate(reports)
    )
    actions = "Ref,Maker,Promise,Sent\n" + "".join(f"{n},Sample Union,Promise {n},2021-02-01\n" for n in range(1, 41))
    days = [date(2021, 2, 10) + timedelta(days) for days in range(0, 330, 11)]
    con = yield {"actions.csv": actions, "reports.csv": HEADER + lines}
    (last_day,) = con.execute("select last_date from campaign").fetchone()
    days = [day for day in days if day <= last_day] + [last_day]
    on = (
        "select a.submission_id, e.step_no from evidence_spells as e join actions as a using (action_no) "
        "where e.valid_from <= $day and $day < e.valid_to"
    )
    found = {day: dict(ask(con, on, {"day": day})) for day in days}
    expected = {day: {f"OFF-{ref}": find_furthest(reports, ref, day, last_day) for ref in range(1, 41)} for day in days}
    expected = {day: {ref: step for ref, step in told.items() if step} for day, told in expected.items()}
    assert found == expected
    assert {step for told in expected.values() for step in told.values()} == {1, 2, 3, 4}
