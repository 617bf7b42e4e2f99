"""`python -m etl reports`: what is sent by link waits, and what staff accept is counted once, as it was sent."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from dashboard.access.audit.entries import find_entries
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportState, number_report
from dashboard.ground.files.csv_editor import parse_rows
from etl.commands.row import read_row
from etl.inputs.accepted_reports import Acceptance
from etl.inputs.reports_file import REPORTS as REPORTS_FILE
from etl.publish.begun import UnfinishedStep
from tests.etl.campaigns import RECIPES, ask, make_campaign, make_published, open_published, recipe
from tests.etl.killed import kill_at
from tests.etl.program import history_file, last_json, published, run_on
from tests.etl.registers import action, register

NOON = datetime(2021, 7, 1, 12, tzinfo=UTC)
NAME = REPORTS_FILE.name
HOSTILE = "=cmd|' /C calc'!A0, \"quoted\";\t,\r\n'\u202eRTL\u202c مرحبا\u200f\n\0@SUM(1)\n" + "é" * 1_940 + "."
READ = HOSTILE.replace("\r\n", "\n").replace("\0", "")
REPORTS = (
    "select report_id, action_id, status, status_code, percent, completed_on, wave, language, narrative, source_row "
    "from progress_reports order by submitted_at"
)


def write_report(form: str, action_id: str = "OFF-1", minutes: int = 0, **stated) -> Report:
    number = number_report(form, action_id, {})
    moment = NOON + timedelta(minutes=minutes)
    return Report(report_no=number, link="ab12", action_id=action_id, received_at=moment, lang="fr", **stated)


ONE = write_report(
    "one", status="completed", percent=62.5, completed_on=date(2021, 6, 30), narrative="Réunion tenue.", wave="final",
    evidence="https://example.org/a",
)  # fmt: skip
LATER = write_report("later", minutes=5, status="substantial", narrative=HOSTILE)
UNKNOWN = write_report("unknown", "GONE-7", minutes=10, percent=0, narrative="@alliance is thanked")
CORRECTION = write_report("correction", "OFF-2", minutes=15, correction="This is not ours.")
OF_TWO_OFFICES = write_report("two", "OFF-7", 20, status="discontinued")
SENT = (ONE, LATER, UNKNOWN, CORRECTION, OF_TWO_OFFICES)
ACTIONS = register(action("1"), action("2", promise="B"), action("7", promise="C"), action("7", "Sample Club", "D"))
OWN = recipe("own", "progress_reports", "action_id|status|submitted_at", action_id="action_id", status="status")
"""A recipe of the campaign that would read the file of accepted reports, too."""
NUMBERS = [report.report_no for report in SENT]


def send(folder: CampaignFolder, reports: Sequence[Report] = SENT) -> ReportBox:
    box = ReportBox(folder.private)
    for report in reports:
        box.put(report)
    return box


@pytest.fixture(scope="module")
def built_with(tmp_path_factory) -> CampaignFolder:
    """Return a campaign with an earlier build, and one with four accepted reports."""
    folder = make_published(
        tmp_path_factory.mktemp("reports") / "c", {"a.csv": ACTIONS}, recipes=RECIPES | {"own": OWN}
    )
    send(folder)
    run_on(folder, "reports", "--accept", *NUMBERS[:1])
    assert "new rows of reports_by_link.csv: 3." in run_on(folder, "reports", "--accept", *NUMBERS).stdout
    run_on(folder, "build", "--quiet")
    return folder


def test_what_a_later_report_by_the_same_link_replaces_needs_no_decision(folder):
    box = send(folder)
    run_on(folder, "reports", "--set-aside", OF_TWO_OFFICES.report_no, "--note", "Ours twice")
    assert "new rows of reports_by_link.csv: 1." in run_on(folder, "reports", "--accept", LATER.report_no).stdout
    states = {report.report_no: (report.state, report.reason) for report in box.list()}
    assert states[ONE.report_no] == (ReportState.SET_ASIDE, f"Replaced by {LATER.report_no}")
    assert states[LATER.report_no] == (ReportState.ACCEPTED, "")
    assert states[UNKNOWN.report_no] == states[CORRECTION.report_no] == (ReportState.WAITING, "")


def test_what_is_accepted_is_read_as_it_was_sent_with_its_line_and_the_later_of_a_day_decides(built_with):
    one, later, unknown, _, of_two = NUMBERS
    with open_published(built_with) as connection:
        assert ask(connection, REPORTS) == [
            (one, "OFF-1", "completed", "completed", 62.5, date(2021, 6, 30), "final", "fr", "Réunion tenue.", 2),
            (later, "OFF-1", "in_progress", "substantial", None, None, None, "fr", READ, 3),
            (unknown, None, None, None, 0.0, None, None, "fr", "[…] is thanked", 4),
            (of_two, "OFF-7", "discontinued", "discontinued", None, None, None, "fr", None, 5),
        ]
        account = "select rows_read, rows_accepted, rows_merged, rows_rejected from input_files where recipe = $1"
        assert ask(connection, account, ["reports_by_link"]) == [(4, 4, 0, 0)]
        in_force = "select status_code from report_spells order by all"
        assert ask(connection, in_force) == [("discontinued",), ("substantial",)]
        uses = "select distinct use from input_columns where source_file = $1"
        handle = ask(connection, "select source_file from input_files where recipe = 'reports_by_link'")[0]
        assert ask(connection, uses, handle) == [("field",)]
    assert read_row(built_with, NAME, 2)["cells"][0] == one
    assert "The files leave nothing open" in run_on(built_with, "answer").stdout
    assert "reports +0" in run_on(built_with, "check", built_with.inbox / NAME).stdout


def test_no_cell_is_a_formula_and_a_correction_alone_has_no_row(built_with):
    text = (built_with.inbox / NAME).read_text(encoding="utf-8-sig")
    rows = parse_rows(text)
    assert (tuple(rows[0]), [row[0] for row in rows[1:]]) == (REPORTS_FILE.columns, [*NUMBERS[:3], NUMBERS[4]])
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    states = {report.state for report in ReportBox(built_with.private).list()}
    assert states == {ReportState.ACCEPTED}


@pytest.mark.nightly
def test_reports_wait_again_after_going_back_and_are_accepted_once_more(built_with):
    now, earlier = (entry["build_id"] for entry in history_file(built_with)[:2])
    box = ReportBox(built_with.private)
    for build_id, waiting in (
        (earlier, [*NUMBERS[:3], NUMBERS[4]]),
        (now, []),
        ("nothing", [*NUMBERS[:3], NUMBERS[4]]),
    ):
        run_on(built_with, "restore", build_id)
        assert [report.report_no for report in box.list(ReportState.WAITING)] == waiting
    run_on(built_with, "restore", earlier)
    assert not (built_with.inbox / NAME).exists()
    assert "new rows of reports_by_link.csv: 4." in run_on(built_with, "reports", "--accept", *NUMBERS).stdout
    assert "new rows of reports_by_link.csv: 0." in run_on(built_with, "reports", "--accept", *NUMBERS).stdout
    run_on(built_with, "build", "--quiet")
    assert published(built_with)["build_id"] == now


def test_a_file_that_staff_have_saved_keeps_every_character_and_its_way_of_writing(folder):
    send(folder, [ONE, replace(LATER, narrative="a;b", link="another")])
    run_on(folder, "reports", "--accept", ONE.report_no)
    path = folder.inbox / NAME
    was = f"Wave;Report no;Action ID;Submitted at;Remark\r\n;{ONE.report_no};OFF-1;2021;Söhne & Töchter\r\n"
    path.write_bytes(was.encode("cp1252"))
    run_on(folder, "reports", "--accept", LATER.report_no)
    header, earlier, added, *end = path.read_bytes().decode("utf-8-sig").split("\r\n")
    assert (header, earlier) == (f"{was.splitlines()[0]};status;what_was_done;language", was.splitlines()[1])
    assert (added[:20], added[-9:], end) == (f";{LATER.report_no};OFF-1", ';"a;b";fr', [""])


def test_what_waits_is_listed_without_its_link_and_set_aside_for_a_reason(folder):
    send(folder)
    one, later, *others = NUMBERS
    assert "ab12" not in run_on(folder, "reports", "--json").stdout
    listed = last_json(run_on(folder, "reports", "--json"))["reports"]
    assert [(entry["report_no"], entry["action_id"]) for entry in listed][0] == (one, "OFF-1")
    assert (listed[0]["percent"], listed[0]["received_at"], len(listed)) == (62.5, "2021-07-01T12:00:00Z", 5)
    run_on(folder, "reports", "--set-aside", *others, "--note", "By telephone: ask one@example.org")
    assert [entry["report_no"] for entry in last_json(run_on(folder, "reports", "--json"))["reports"]] == [one, later]
    assert all(number in run_on(folder, "reports", "--all").stdout for number in NUMBERS)
    aside = ReportBox(folder.private).find(others[0])
    assert aside is not None and (aside.reason, aside.decided_by) == ("By telephone: ask one@example.org", "command")
    entries = find_entries(folder.root).entries
    (details,) = entries[entries["event"] == "reports_set_aside"]["details"]
    assert json.loads(details)["reports"] == others


def test_what_cannot_be_decided_is_refused_whole(folder, tmp_path):
    box = send(folder)
    one, later, *_ = NUMBERS
    for words in (["--accept"], [one], ["--accept", "--set-aside", one], ["--set-aside", one], ["--accept", one, "-x"]):
        run_on(folder, "reports", *words, code=2)
    box.decide(later, ReportState.SET_ASIDE, "staff", "No")
    refused = run_on(folder, "reports", "--accept", one, later, code=1).stderr
    assert f"Somebody has decided about report {later} already." in refused
    assert "R-22222-22222 is not there" in run_on(folder, "reports", "--accept", one, "R-22222-22222", code=1).stderr
    assert not (folder.inbox / NAME).exists()
    unfinished = UnfinishedStep("accept", Acceptance((one,), "staff").write())
    (folder.private / "begun.json").write_text(json.dumps(unfinished._asdict()))
    refused = run_on(folder, "reports", "--set-aside", one, "--note", "No", code=1).stderr
    assert f"Somebody has decided about report {one} already." in refused
    samples = make_campaign(tmp_path / "samples", {})
    samples.samples.mkdir()
    (samples.samples / "a.csv").write_text(register(action("1")))
    send(samples)
    assert "fictional sample data" in run_on(samples, "reports", "--accept", one, code=1).stderr
    (folder.inbox / NAME).write_text("a,b\n1,2\n")
    assert "lacks the column report_no" in run_on(folder, "reports", "--accept", one, code=1).stderr
    assert [report.state for report in box.list(ReportState.WAITING)] == [ReportState.WAITING] * 3


@pytest.mark.kills
@pytest.mark.nightly
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX signal")
def test_reports_from_many_are_there_once_while_accepting_is_killed_again_and_again(tmp_path):
    actions = [f"OFF-{number}" for number in range(1, 41)]
    folder = make_published(tmp_path / "c", {"a.csv": register(*(action(one[4:], promise=one) for one in actions))})
    box = ReportBox(folder.private)
    reports = [
        write_report(str(number), actions[number % 40], number, status="in_progress", narrative=f"Told {number}.")
        for number in range(200)
    ]
    with ThreadPoolExecutor(8) as clients:
        sent = [clients.submit(box.put, report) for report in reports]
        for kills in count():
            is_last = all(one.done() for one in sent)
            waiting = [report.report_no for report in box.list(ReportState.WAITING)]
            if is_last and not waiting:
                break
            words = ["reports", "--accept", *waiting, "--campaign", str(folder.root)]
            if waiting:
                kill_at(folder.root, 3 + 11 * kills, *words)
    assert kills > 5 and [one.result() for one in sent] == reports
    assert box.list(ReportState.WAITING) == []
    rows = parse_rows((folder.inbox / NAME).read_text(encoding="utf-8"))
    assert sorted(row[0] for row in rows[1:]) == sorted(report.report_no for report in reports)
    run_on(folder, "build", "--quiet")
    with open_published(folder) as connection:
        counts = "select count(*), count(distinct report_id), count(action_no) from progress_reports"
        assert ask(connection, counts) == [(200, 200, 200)]
        account = "select rows_read, rows_accepted from input_files where recipe = 'reports_by_link'"
        assert ask(connection, account) == [(200, 200)]
