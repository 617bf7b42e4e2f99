"""What a report by link becomes in the inbox: rows of several files, and of its files only what both sides confirm."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.links import ReportLinks, find_today
from dashboard.campaign.reporting.numbers import SentNumber
from dashboard.campaign.reporting.published_files import list_published_files
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, ReportState
from dashboard.campaign.reporting.withdrawal import withdraw
from etl.inputs.accepted_reports import append_values, settle_reports
from etl.inputs.reports_file import ANNOTATIONS, LINK_FILES
from etl.steps import Step, listen
from tests.etl.campaigns import ask, copy_campaign, make_published, open_published
from tests.etl.program import last_json, published, run_on
from tests.etl.registers import action, register

NOON = datetime(2021, 7, 1, 12, tzinfo=UTC)
TODAY = date(2022, 1, 9)
PICTURE = SentFile(
    sha256="a1" * 32, name="us.jpg", media_type="image/jpeg", size=3, description="A hall", rights="Ours",
    has_no_child=True,
)  # fmt: skip
PAPER = SentFile(
    sha256="b2" * 32, name="=plan.pdf", media_type="application/pdf", size=3, description="Plan", rights="Ours"
)


REACHED = SentNumber(
    indicator="laws_passed", unit="laws", actual=2, actual_on=date(2021, 6, 1), how_known="=The gazette"
)
TARGET = SentNumber(
    indicator="money_spent", unit="usd_2021", baseline=0.25, target=12345678.5, target_on=date(2021, 12, 1)
)


def make_report(number: int, **stated) -> Report:
    """Make a report of a number, which arrives a minute after that before it."""
    usual = {"link": "ab12", "action_id": "OFF-1", "lang": "fr", "received_at": NOON + timedelta(minutes=number)}
    return Report(report_no=f"R-22222-{number:05}".replace("0", "Z").replace("1", "Y"), **{**usual, **stated})


PROGRESS = make_report(
    2, status="completed", percent=100, milestones={"Opening": date(2021, 5, 1), "Close": date(2021, 6, 1)},
    correction="@staff: it is Mali.", may_publish=True, files=(PICTURE, PAPER), results=(REACHED,),
)  # fmt: skip
STORY = make_report(
    3, kind=ReportKind.STORY, title="A day", narrative="One\r\ntwo", on_day=TODAY, evidence="https://example.org",
    files=(replace(PAPER, sha256="c3" * 32),),
)  # fmt: skip
CHANGED = replace(
    make_report(4, kind=ReportKind.STORY, title="A better day", narrative="Two"), replaces=STORY.report_no
)
EVENT = make_report(5, kind=ReportKind.EVENT, action_id="", title="=1+1", place="Dakar", on_day=TODAY)
PROMISE = make_report(
    6, kind=ReportKind.PROMISE, link="", action_id="",
    promise={
        "title": "Train", "stakeholder": "Sample Club", "themes": ["education", "mining"],
        "contact_email": "ann@example.org", "odd": "x",
    },
    results=(TARGET,),
)  # fmt: skip
CASE = make_report(7, narrative="A child was beaten", is_case=True, link="cd34")
SENT = (PROGRESS, STORY, EVENT, PROMISE, CASE)


@pytest.fixture(scope="module")
def waiting(tmp_path_factory) -> CampaignFolder:
    """Return a campaign with a report of each kind that waits; do not write into it."""
    folder = make_published(tmp_path_factory.mktemp("waiting") / "c", {"a.csv": register(action("1"))})
    (folder.private / "evidence").mkdir()
    for report in SENT:
        ReportBox(folder.private).put(report)
        for file in report.files:
            (folder.private / "evidence" / file.sha256).write_bytes(b"abc")
    return folder


@pytest.fixture
def campaign(waiting, tmp_path) -> CampaignFolder:
    return copy_campaign(waiting, tmp_path / "c")


def read_files(folder: CampaignFolder) -> dict[str, list[list[str]]]:
    """Read the link files that are there: the filled cells of each row."""
    files = {file.name: [cells for _, cells in file.open(folder).rows()] for file in LINK_FILES}
    return {name: [[cell for cell in row.values() if cell] for row in rows] for name, rows in files.items() if rows}


def accept(folder: CampaignFolder, *words: str, code: int = 0) -> str:
    done = run_on(folder, "reports", "--accept", *words, code=code)
    return done.stderr if code else done.stdout


def find(folder: CampaignFolder, report: Report) -> Report:
    found = ReportBox(folder.private).find(report.report_no)
    assert found is not None
    return found


def test_each_kind_becomes_rows_of_its_files_and_nothing_else_is_public_unasked(campaign):
    numbers = [report.report_no for report in SENT[:4]]
    said = accept(campaign, *numbers)
    assert "Accepted: 4; new rows of reports_by_link.csv: 1, milestones_by_link.csv: 2, results_by_link.csv: 2," in said
    progress, story, event, promise = numbers
    moments = [f"{report.received_at:%Y-%m-%dT%H:%M:%S.%fZ}" for report in SENT]
    assert read_files(campaign) == {
        "reports_by_link.csv": [[progress, "OFF-1", moments[0], "completed", "100", "fr"]],
        "milestones_by_link.csv": [
            [progress, "OFF-1", moments[0], label, day]
            for label, day in (("Opening", "2021-05-01"), ("Close", "2021-06-01"))
        ],
        "results_by_link.csv": [
            [progress, moments[0], "OFF-1", "laws_passed", "laws", "2", "2021-06-01", "=The gazette"],
            [promise, moments[3], promise, "money_spent", "usd_2021", "0.25", "12345678.5", "2021-12-01"],
        ],
        "stories_by_link.csv": [[story, "OFF-1", "2022-01-09", "A day", "One\ntwo", "https://example.org", "fr"]],
        "events_by_link.csv": [[event, "2022-01-09", "=1+1", "Dakar", "fr"]],
        "actions_by_link.csv": [
            [promise, moments[3], "Train", "Sample Club", "education;mining", "fr", "ann@example.org"],
        ],
    }  # fmt: skip
    assert "'=1+1" in (campaign.inbox / "events_by_link.csv").read_text(encoding="utf-8")
    assert list(list_published_files(campaign.published)) == []
    assert find(campaign, PROGRESS).state is ReportState.ACCEPTED and not find(campaign, PROGRESS).is_reply
    later = accept(campaign, progress, "--reply", progress, "--publish-file", PAPER.sha256)
    assert "new rows of annotations_by_link.csv: 2." in later
    assert read_files(campaign)["annotations_by_link.csv"] == [
        [progress, "OFF-1", "reply", "2021-07-01", "@staff: it is Mali.", "fr"],
        [f"{progress}-b2b2b2b2b2b2", "OFF-1", "document", "2021-07-01", "Plan", "fr", f"{'b2' * 32}.pdf", "Ours"],
    ]
    assert list(list_published_files(campaign.published)) == [f"{'b2' * 32}.pdf"]
    now = find(campaign, PROGRESS)
    assert (now.is_reply, [file.is_public for file in now.files]) == (True, [False, True])
    assert "new rows of reports_by_link.csv: 0." in accept(campaign, *numbers, "--publish-file", PAPER.sha256.upper())

    run_on(campaign, "build", "--quiet")
    with open_published(campaign) as connection:
        account = "select recipe, rows_read, rows_accepted from input_files where recipe like '%by_link' order by all"
        names = ("actions", "annotations", "events", "milestones", "reports", "results", "stories")
        counts = {"annotations": 2, "milestones": 2, "results": 2}
        rows = [(f"{name}_by_link", counts.get(name, 1), counts.get(name, 1)) for name in names]
        assert ask(connection, account) == rows
        results = "select action_id, target, target_on, promised from results where target is not null"
        assert ask(connection, results) == [(promise, 12345678.5, date(2021, 12, 1), 12345678.25)]
        reached = "select action_id, actual, actual_on, told_on, how_known from result_reports"
        assert ask(connection, reached) == [("OFF-1", 2.0, date(2021, 6, 1), NOON.date(), "=The gazette")]
        themes = "select list(theme order by theme) from action_themes where action_id like '%' || $1"
        assert ask(connection, themes, [promise]) == [(["education", "mining"],)]
        assert ask(connection, "select id, action_id from stories") == [(story, "OFF-1")]


def test_a_changed_story_keeps_its_number_and_each_telling_is_accepted_once(campaign):
    accept(campaign, STORY.report_no, "--publish-file", "c3" * 32)
    ReportBox(campaign.private).put(CHANGED)
    ReportBox(campaign.private).put(replace(CHANGED, report_no="R-33333-33333", link="cd34", title="Of another link"))
    settle_reports(campaign)
    assert find(campaign, CHANGED).state is ReportState.WAITING
    accept(campaign, CHANGED.report_no)
    files = read_files(campaign)
    told = [(row[0], row[2 if len(row) < 7 else 3]) for row in files["stories_by_link.csv"]]
    assert told == [(STORY.report_no, "A day"), (STORY.report_no, "A better day")]
    assert files["annotations_by_link.csv"][0][2] == STORY.report_no
    stories = campaign.inbox / "stories_by_link.csv"
    stories.write_text("".join(stories.read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8")
    settle_reports(campaign)  # as after going back
    assert [find(campaign, one).state for one in (STORY, CHANGED)] == [ReportState.ACCEPTED, ReportState.WAITING]


def test_what_lacks_a_confirmation_is_refused_whole(campaign):
    box, number = ReportBox(campaign.private), PROGRESS.report_no
    box.put(make_report(8, correction="No", link="a"))
    box.put(make_report(9, kind=ReportKind.ERASURE, correction="ann@example.org", may_publish=True, link="b"))
    unstated = [
        ("what it shows", replace(PICTURE, description=" ")),
        ("whose rights", replace(PICTURE, rights="")),
        ("neither that no child", replace(PICTURE, has_no_child=False)),
        ("was withdrawn", replace(PICTURE, withdrawn_on=TODAY)),
        ("no longer kept", replace(PICTURE, sha256="d4" * 32)),
    ]
    for n, (why, file) in enumerate(unstated, 10):
        report = box.put(make_report(n, percent=1, link=f"link-{n}", files=(file,)))
        assert why in accept(campaign, number, report.report_no, "--publish-file", file.sha256, code=1)
    for why, words in (
        ("tells of a case of abuse", [CASE.report_no]),
        ("has not agreed", [make_report(8).report_no, "--reply", make_report(8).report_no]),
        ("does not say what is not right", [STORY.report_no, "--reply", STORY.report_no]),
        ("asks for the erasure", [make_report(9).report_no, "--reply", make_report(9).report_no]),
        ("None of these reports has the file", ["--publish-file", "c3" * 32]),
    ):
        assert why in accept(campaign, number, *words, code=1)
    for words in (
        ["--reply", CASE.report_no], ["--set-aside"], ["--ask"],
    ):  # fmt: skip
        run_on(campaign, "reports", "--accept", number, *words, code=2)
    run_on(campaign, "reports", "--publish-file", PAPER.sha256, code=2)
    assert (read_files(campaign), list(list_published_files(campaign.published))) == ({}, [])
    assert {report.state for report in box.list()} == {ReportState.WAITING}
    listed = last_json(run_on(campaign, "reports", "--json"))
    assert listed["cases"] == [CASE.report_no] and "beaten" not in str(listed)


def test_a_withdrawn_file_goes_at_once_and_its_row_says_so_with_the_next_command(campaign):
    number = PROGRESS.report_no
    accept(campaign, number, "--reply", number, "--publish-file", PAPER.sha256, "--publish-file", PICTURE.sha256)
    withdraw(campaign.root, "ab12", PICTURE.sha256, TODAY)
    assert list(list_published_files(campaign.published)) == [f"{PAPER.sha256}.pdf"]
    for _ in range(2):
        settle_reports(campaign)
    rows = [cells for _, cells in ANNOTATIONS.open(campaign).rows()]
    assert [(row["annotation_no"][14:], row["withdrawn_on"]) for row in rows] == [
        ("", ""), ("a1a1a1a1a1a1", ""), ("b2b2b2b2b2b2", ""), ("a1a1a1a1a1a1", "2022-01-09"),
    ]  # fmt: skip
    assert "was withdrawn" in accept(campaign, number, "--publish-file", PICTURE.sha256, code=1)
    run_on(campaign, "reports", "--withdraw", number, PAPER.sha256, "--note", "They asked us to", code=0)
    rows = [cells for _, cells in ANNOTATIONS.open(campaign).rows()]
    assert [bool(row["withdrawn_on"]) for row in rows[4:]] == [True, True]
    assert list(list_published_files(campaign.published)) == [] and not find(campaign, PROGRESS).is_reply
    assert find(campaign, PROGRESS).state is ReportState.ACCEPTED
    refused = run_on(campaign, "reports", "--withdraw", number, "--note", "Again", code=1)
    assert "Nothing public has the number" in refused.stderr
    assert "new rows of annotations_by_link.csv: 1." in accept(campaign, number, "--reply", number)


def test_a_file_that_is_withdrawn_while_it_is_accepted_is_not_public(campaign):
    def withdraw_in_between(step: Step) -> None:
        if step is Step.SAY:
            withdraw(campaign.root, "ab12", PAPER.sha256, TODAY)

    stop = listen(withdraw_in_between)
    accept(campaign, PROGRESS.report_no, "--publish-file", PAPER.sha256)
    stop()
    assert list(list_published_files(campaign.published)) == []
    assert [bool(cells["withdrawn_on"]) for _, cells in ANNOTATIONS.open(campaign).rows()] == [False, True]


@pytest.mark.nightly
def test_what_was_withdrawn_leaves_the_figures_with_the_next_build_and_does_not_come_back(campaign):
    def list_built() -> list[str]:
        with open_published(campaign) as connection:
            return [name for (name,) in ask(connection, "select file from annotations order by kind")]

    both = [f"{PAPER.sha256}.pdf", f"{PICTURE.sha256}.jpg"]
    stated = {"status": "in_progress", "percent": 1, "link": "a", "files": (PAPER, PICTURE)}
    ReportBox(campaign.private).put(report := make_report(8, **stated))
    accept(campaign, report.report_no, "--publish-file", PAPER.sha256, "--publish-file", PICTURE.sha256)
    run_on(campaign, "build", "--quiet")
    first = published(campaign)["build_id"]
    with open_published(campaign) as connection:
        steps = ask(connection, "select source from evidence_steps where step = 'evidenced'")
        assert steps == [(f"{PAPER.description}; {PICTURE.description}",)], "a file is evidence as an address is"
    assert (list_built(), list(list_published_files(campaign.published))) == (both, both[::-1])
    withdraw(campaign.root, "a", PICTURE.sha256, TODAY)
    assert list(list_published_files(campaign.published)) == both[:1]
    run_on(campaign, "build", "--quiet")
    assert (list_built(), published(campaign)["build_id"] != first) == (both[:1], True)
    run_on(campaign, "restore", first)
    assert (list_built(), list(list_published_files(campaign.published))) == (both, both[:1])
    run_on(campaign, "build", "--quiet")
    assert list_built() == both[:1]
    for name in ("e5" * 32, "f6" * 32):
        (campaign.published / "files" / f"{name}.pdf").write_bytes(b"x")
    run_on(campaign, "tidy")
    assert list(list_published_files(campaign.published)) == both[:1]
    run_on(campaign, "restore", "nothing")
    assert (find(campaign, report).state, find(campaign, report).files[0].is_confirmed) == (ReportState.WAITING, False)
    run_on(campaign, "tidy")
    assert list(list_published_files(campaign.published)) == both[:1], "a kept build shows it"


def test_figures_that_count_at_once_leave_the_rest_waiting_and_go_when_it_is_set_aside(campaign):
    box, plain = ReportBox(campaign.private), make_report(8, percent=50, link="a")
    words = replace(PROGRESS, report_no=make_report(9).report_no, narrative="Done", link="b")
    for report in (plain, words):
        box.put(report)
    assert [append_values(campaign, [plain, words]) for _ in range(2)] == [5, 0]
    assert [find(campaign, one).state for one in (plain, words)] == [ReportState.ACCEPTED, ReportState.WAITING]
    run_on(campaign, "reports", "--set-aside", words.report_no, "--note", "Not theirs")
    assert read_files(campaign) == {"reports_by_link.csv": [read_files(campaign)["reports_by_link.csv"][0]]}
    run_on(campaign, "reports", "--set-aside", plain.report_no, "--note", "Not theirs either")
    assert (read_files(campaign), find(campaign, plain).state) == ({}, ReportState.SET_ASIDE)
    box.put(case := replace(words, report_no=make_report(11).report_no, link="d"))
    append_values(campaign, [case])
    box.note_published(case.report_no)
    box.mark_case(case.report_no)
    settle_reports(campaign)
    assert (read_files(campaign), find(campaign, case).state) == ({}, ReportState.WAITING)
    box.put(other := replace(words, report_no=make_report(10).report_no, link="c"))
    append_values(campaign, [other])
    assert "reports_by_link.csv: 1, results_by_link.csv: 1." in accept(campaign, other.report_no)
    assert ["Done" in row for row in read_files(campaign)["reports_by_link.csv"]] == [False, True]


def test_asking_back_opens_the_link_again_and_the_report_goes_on_to_wait(campaign):
    links = ReportLinks(campaign.private)
    link = links.make("staff", ["OFF-1"], find_today() - timedelta(days=3))
    report = ReportBox(campaign.private).put(make_report(8, percent=5, link=link.handle))
    done = last_json(run_on(campaign, "reports", "--ask", report.report_no, "--note", " How many? ", "--json"))
    assert done["mailed"] is False, "nobody's address is on file"
    now = find(campaign, report)
    assert (now.question, now.asked_by, now.state) == ("How many?", "command", ReportState.WAITING)
    assert links.open(links.write_token(link)).ends_on == find_today() + timedelta(days=90)
    assert "case of abuse" in run_on(campaign, "reports", "--ask", CASE.report_no, "--note", "?", code=1).stderr
