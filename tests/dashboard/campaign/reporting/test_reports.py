"""A report is kept once, whole, and waits until staff decide, once."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.campaign.reporting.reports import (
    FOLDER,
    UNCONFIRMED_KEPT,
    Report,
    ReportBox,
    ReportGoneError,
    ReportKind,
    ReportState,
    find_replaced,
    number_report,
)

_ANSWERS = {"status": "completed", "narrative": "Réunion tenue."}
REPORT = Report(
    report_no=number_report("form-1", "A-1", _ANSWERS), link="ab12", action_id="A-1", lang="fr", wave="final",
    received_at=datetime(2021, 7, 1, 12, 30, tzinfo=UTC), build_id="b1", status="completed", percent=0.0,
    completed_on=date(2021, 6, 30), narrative="Réunion tenue.", evidence="https://example.org/a", correction="No",
)  # fmt: skip


@pytest.fixture
def box(tmp_path: Path) -> ReportBox:
    return ReportBox(tmp_path)


def test_a_report_is_read_as_it_was_kept(box: ReportBox, tmp_path: Path) -> None:
    assert box.list() == []
    assert box.put(REPORT) == REPORT == box.find(REPORT.report_no)
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / FOLDER).glob("R-*")] == [0o600]


def test_a_form_sent_twice_is_one_report_and_a_change_another(box: ReportBox) -> None:
    box.put(REPORT)
    later = datetime(2021, 7, 2, tzinfo=UTC)
    assert box.put(replace(REPORT, received_at=later)) == REPORT
    changed = number_report("form-1", "A-1", {**_ANSWERS, "narrative": "Réunion tenue le 30."})
    other_form = number_report("form-2", "A-1", _ANSWERS)
    assert len({REPORT.report_no, changed, other_form, number_report("form-1", "A-2", _ANSWERS)}) == 4
    box.put(replace(REPORT, report_no=changed, received_at=later))
    assert [one.report_no for one in box.list(ReportState.WAITING, "ab12")] == [REPORT.report_no, changed]
    assert box.list(link="other") == []


def test_a_promise_waits_for_staff_once_its_address_is_confirmed(box: ReportBox) -> None:
    promise = {"title": "Une action", "themes": ["education", "mining"]}
    sent = {"report_no": REPORT.report_no, "received_at": REPORT.received_at, "lang": "fr"}
    unconfirmed = Report(**sent, kind=ReportKind.PROMISE, promise=promise, state=ReportState.UNCONFIRMED)
    box.put(unconfirmed)
    assert (box.list(ReportState.WAITING), box.count_waiting()) == ([], 0)
    assert box.list_unconfirmed(REPORT.received_at) == ()
    assert len(box.list_unconfirmed(REPORT.received_at + UNCONFIRMED_KEPT)) == 1
    waiting = replace(unconfirmed, state=ReportState.WAITING)
    assert box.confirm(REPORT.report_no) == box.confirm(REPORT.report_no) == box.find(REPORT.report_no) == waiting
    assert box.list_unconfirmed(REPORT.received_at + UNCONFIRMED_KEPT) == ()
    accepted = box.decide(REPORT.report_no, ReportState.ACCEPTED, "staff")
    assert box.confirm(REPORT.report_no) == accepted, "a decision stays"
    assert box.confirm("R-22222-22222") is None


def test_staff_may_take_a_promise_whose_mail_never_came(box: ReportBox) -> None:
    box.put(replace(REPORT, state=ReportState.UNCONFIRMED))
    assert box.decide(REPORT.report_no, ReportState.ACCEPTED, "staff").state is ReportState.ACCEPTED


def test_a_later_report_by_the_same_link_replaces_those_about_the_same_action(box: ReportBox) -> None:
    moments = [datetime(2021, 7, day, tzinfo=UTC) for day in (3, 1, 2)]
    numbers = [number_report(f"form-{place}", "A-1", _ANSWERS) for place in range(5)]
    sent = [replace(REPORT, report_no=number, received_at=at) for number, at in zip(numbers, moments, strict=False)]
    others = [
        replace(REPORT, report_no=numbers[3], link="cd34"),
        replace(REPORT, report_no=numbers[4], action_id="A-2"),
    ]
    for report in (*sent, *others):
        box.put(report)
    assert find_replaced([*sent, *others]) == {numbers[1]: numbers[0], numbers[2]: numbers[0]}
    assert box.count_waiting() == 3


def test_a_story_is_replaced_by_a_change_of_it_and_a_case_of_abuse_by_nothing(box: ReportBox) -> None:
    accepted, story, change, other, case, later = (number_report(f"form-{place}", "", {}) for place in range(6))
    reports = [
        replace(REPORT, report_no=story, kind=ReportKind.STORY, replaces=accepted),
        replace(REPORT, report_no=change, kind=ReportKind.STORY, replaces=story, received_at=datetime.now(UTC)),
        replace(REPORT, report_no=other, kind=ReportKind.STORY, replaces=story, link="cd34"),
        replace(REPORT, report_no=case),
        replace(REPORT, report_no=later, received_at=datetime.now(UTC)),
    ]
    for report in reports:
        box.put(report)
    reports[3] = box.mark_case(case)
    assert reports[3].is_case and find_replaced(reports) == {story: change}
    assert box.count_waiting() == 4, "an accepted story is not one of those that wait"
    box.decide(case, ReportState.SET_ASIDE, "staff", "passed on")
    with pytest.raises(ReportGoneError):
        box.mark_case(case)


def test_one_of_two_decides(box: ReportBox) -> None:
    box.put(REPORT)
    states = [ReportState.ACCEPTED, ReportState.SET_ASIDE] * 4

    def decide(state: ReportState) -> ReportState | None:
        try:
            return box.decide(REPORT.report_no, state, "staff", " why ").state
        except ReportGoneError:
            return None

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(decide, states))
    final = box.find(REPORT.report_no)
    assert final is not None
    assert [outcome for outcome in outcomes if outcome] == [final.state] * 4
    assert (final.decided_by, final.reason) == ("staff", "why")
    assert replace(final, state=REPORT.state, decided_by="", decided_at=None, reason="") == REPORT


def test_names_that_are_no_numbers_and_damaged_files_are_no_reports(box: ReportBox, tmp_path: Path) -> None:
    box.put(REPORT)
    (tmp_path / "R-22222-33333.json").write_text(json.dumps({"report_no": "R-22222-33333"}))
    (tmp_path / FOLDER / "R-22222-44444.json").write_text('{"report_no": "R-2')
    for name in ("../R-22222-33333", "R-22222-33333/..", "", "R-11111-00000", "R-22222-44444"):
        assert box.find(name) is None
        with pytest.raises(ReportGoneError):
            box.decide(name, ReportState.ACCEPTED, "staff")
    assert box.list() == [REPORT]
