"""`python -m etl reports --publish`: the values of reports count at once, their words wait, and undoing it holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.at_once import list_publishable
from dashboard.campaign.reporting.numbers import SentNumber
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, ReportState, number_report
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.inputs.accepted_reports import append_values
from etl.inputs.reports_file import REPORTS
from etl.inputs.reports_file import VALUES as VALUE_FILES
from tests.etl.campaigns import ask, copy_campaign, make_campaign, open_published, publish_campaign
from tests.etl.killed import kill_at
from tests.etl.program import history_file, last_json, run_on
from tests.etl.registers import action, register

NOON = datetime(2021, 7, 1, 12, tzinfo=UTC)
ACTIONS = register(*(action(str(number), promise=f"Promise {number}") for number in range(1, 7)))
TOLD = "select action_id, status, percent, narrative, evidence from progress_reports order by action_id, submitted_at"
REACHED = "select action_id, actual, told_on, how_known from result_reports order by source_row"
ACCOUNT = (
    "select rows_read, rows_accepted, rows_merged, rows_rejected from input_files where recipe = 'reports_by_link'"
)


def write_report(number: int, link: str = "", minutes: int = 0, **stated: object) -> Report:
    name, moment = number_report(f"{number}{link}{minutes}", "", {}), NOON + timedelta(minutes=minutes)
    action_id = f"OFF-{number}" if number else ""
    report = Report(report_no=name, link=link or f"link{number}", action_id=action_id, received_at=moment, lang="fr")
    return replace(report, **stated)


WORDS = {"narrative": "Words.", "evidence": "https://example.org/a", "correction": "Not ours."}
NUMBER = SentNumber(indicator="laws_passed", unit="laws", actual=3, how_known="Words.")
BOTH = write_report(
    1, status="completed", percent=60.0, milestones={"Begun": date(2021, 6, 1)}, results=(NUMBER,), **WORDS
)
VALUES = write_report(2, status="in_progress")
ONLY_WORDS = write_report(3, **WORDS)
STORY = write_report(4, kind=ReportKind.STORY, title="A story", narrative="Told.", on_day=date(2021, 6, 1))
CASE = write_report(5, status="completed", is_case=True)
EARLIER = write_report(6, "link", percent=10.0, narrative="First.")
LATER = write_report(6, "link", 5, percent=20.0, narrative="Second.")
SENT = (BOTH, VALUES, ONLY_WORDS, STORY, CASE, EARLIER, LATER)


@pytest.fixture(scope="module")
def sent(tmp_path_factory) -> CampaignFolder:
    """Return a published campaign to which reports were sent; do not write into it."""
    folder = make_campaign(tmp_path_factory.mktemp("at_once") / "c", {"a.csv": ACTIONS})
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    settings = f'{shipped}\n[reports_by_link]\nopen = true\npublish = "at_once"\n'
    (folder.root / "campaign.toml").write_text(settings, encoding="utf-8")
    publish_campaign(folder)
    for report in SENT:
        ReportBox(folder.private).put(report)
    return folder


@pytest.fixture
def folder(sent, tmp_path) -> CampaignFolder:
    return copy_campaign(sent, tmp_path / "c")


def ask_published(folder: CampaignFolder, statement: str) -> list[tuple]:
    with open_published(folder) as connection:
        return ask(connection, statement)


def build(folder: CampaignFolder) -> list[tuple]:
    """Build; return what the figures hold of the reports."""
    run_on(folder, "build", "--quiet")
    with open_published(folder) as connection:
        return ask(connection, TOLD)


def read_rows(folder: CampaignFolder) -> list[dict[str, str]]:
    """Read the rows that the next build counts, as `test_the_values_count_at_once...` shows."""
    return [cells for _, cells in REPORTS.open(folder).rows()]


def find_state(folder: CampaignFolder, report: Report) -> ReportState:
    return ReportBox(folder.private).find(report.report_no).state


def test_the_values_count_at_once_and_the_words_once_they_are_accepted(folder):
    assert last_json(run_on(folder, "reports", "--publish", "--json"))["reports"] == 3
    counted = [
        ("OFF-1", "completed", 60.0, None, "claimed"),
        ("OFF-2", "in_progress", None, None, "claimed"),
        ("OFF-6", None, 20.0, None, None),
    ]
    assert build(folder) == counted
    assert ask_published(folder, REACHED) == [("OFF-1", 3.0, date(2021, 7, 1), None)]
    assert "Words" not in "".join(path.read_text(encoding="utf-8") for path in folder.inbox.glob("*_by_link.csv"))
    states = [find_state(folder, report) for report in SENT]
    assert states == [ReportState.WAITING, ReportState.ACCEPTED, *[ReportState.WAITING] * 5]
    assert last_json(run_on(folder, "reports", "--publish", "--json"))["reports"] == 0
    run_on(folder, "reports", "--accept", BOTH.report_no)
    assert build(folder) == [("OFF-1", "completed", 60.0, "Words.", "evidenced"), *counted[1:]]
    with open_published(folder) as connection:
        assert ask(connection, ACCOUNT) == [(4, 3, 1, 0)]
        assert ask(connection, "select label, reached_on from milestones") == [("Begun", date(2021, 6, 1))]
        assert ask(connection, REACHED)[-1] == ("OFF-1", 3.0, date(2021, 7, 1), "Words.")
        assert ask(connection, "select actual, valid_from from result_spells") == [(3.0, date(2021, 7, 1))]


@pytest.mark.nightly
def test_what_is_set_aside_or_taken_back_counts_no_longer_and_not_by_itself_again(folder):
    before = history_file(folder)[-1]["build_id"]
    run_on(folder, "reports", "--publish")
    assert len(read_rows(folder)) == 3
    run_on(folder, "reports", "--set-aside", LATER.report_no, "--note", "No")
    assert [row[0] for row in build(folder)] == ["OFF-1", "OFF-2"]
    run_on(folder, "restore", before)
    run_on(folder, "reports", "--publish")
    assert read_rows(folder) == [] and list_publishable(ReportBox(folder.private)) == []
    assert [find_state(folder, report) for report in (BOTH, VALUES)] == [ReportState.WAITING] * 2
    run_on(folder, "reports", "--accept", BOTH.report_no, VALUES.report_no)
    assert [row["what_was_done"] for row in read_rows(folder)] == ["Words.", ""]


@pytest.mark.nightly
def test_setting_aside_takes_out_what_a_link_sent_before_about_the_action_too(folder):
    box = ReportBox(folder.private)
    for minutes in (0, 5):
        last = box.put(write_report(3, "pair", minutes, percent=float(minutes), narrative="Words."))
        run_on(folder, "reports", "--publish")
    assert [float(row["percent"]) for row in read_rows(folder) if row["action_id"] == "OFF-3"] == [0.0, 5.0]
    run_on(folder, "reports", "--set-aside", last.report_no, "--note", "No")
    assert "OFF-3" not in [row["action_id"] for row in read_rows(folder)]


@pytest.mark.nightly
def test_killed_anywhere_each_report_has_one_row_of_its_values(folder, tmp_path):
    words = ("reports", "--publish", "--campaign")
    for number in count():
        if not kill_at(folder.root, 2 + 5 * number, *words, str(folder.root)):
            break
        run_on(folder, "reports", "--accept", "R-22222-22222", code=1)  # any command settles first
    assert number > 1 and find_state(folder, BOTH) is ReportState.WAITING
    rows = [sorted(cells["report_no"] for _, cells in file.open(folder).rows()) for file in VALUE_FILES]
    assert rows == [sorted(report.report_no for report in (BOTH, VALUES, LATER)), [BOTH.report_no], [BOTH.report_no]]


@pytest.mark.nightly
def test_a_case_has_no_row_also_where_publishing_was_stopped_before_it_was_noted(folder):
    append_values(folder, [BOTH])
    ReportBox(folder.private).mark_case(BOTH.report_no)
    run_on(folder, "reports", "--publish")
    assert BOTH.report_no not in "".join(
        path.read_text(encoding="utf-8") for path in folder.inbox.glob("*_by_link.csv")
    )


@pytest.mark.nightly
def test_without_the_setting_nothing_counts_by_itself(folder):
    settings = folder.root / "campaign.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("at_once", "after_review"), encoding="utf-8")
    assert "waits for staff" in run_on(folder, "reports", "--publish", code=1).stderr
    assert not (folder.inbox / REPORTS.name).exists()
