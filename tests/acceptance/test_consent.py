"""No file is public unless its sender has stated all that this needs and staff confirm it; withdrawn, it is nowhere.

Every combination of what can be stated is tried on every way to the public, by day those that lack one thing at most,
and every public place is looked at.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from starlette.applications import Starlette

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.published_files import list_published_files, name_file
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, number_report
from dashboard.campaign.reporting.withdrawal import withdraw
from dashboard.charts.catalogue import CATALOGUE
from dashboard.measures.annotations import list_annotations
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.web.charts import index_page
from dashboard.web.public_files import files_of_build, publishing
from dashboard.web.public_files.files_of_build import PublicSide
from dashboard.web.public_files.publishing import Folder
from etl.inputs.accepted_reports import append_values
from etl.publish.holding import only_build
from tests.charts_over_http import ask, make_site
from tests.etl.campaigns import make_published
from tests.etl.program import published, run_on
from tests.etl.registers import action, register

NOON = datetime(2021, 7, 1, 12, tzinfo=UTC)
LATER = date(2021, 7, 3)
LINK = "ab12"
PICTURE, DOCUMENT = "image/jpeg", "application/pdf"
ENDINGS = {PICTURE: b"\xff\xd8\xff", DOCUMENT: b"%PDF-1.7"}


def send_all(folder: CampaignFolder, most_lacking: int) -> list[Report]:
    """Keep a report with one file for every combination of what its sender can state; each twice, to be decided so.

    `most_lacking`: how many of the things that a public file needs may be missing.
    """
    reports: list[Report] = []
    evidence = folder.private / "evidence"
    evidence.mkdir()
    for is_picture, is_withdrawn, described, has_rights, no_child, consent, is_case, _ in product((0, 1), repeat=8):
        if (not is_picture and (no_child or consent)) or (is_case and not (described and has_rights)):
            continue  # only pictures are asked about children; of a case even what has all that it needs is refused
        lacking = (is_withdrawn, not described, not has_rights, is_picture and not (no_child or consent), is_case)
        if sum(map(bool, lacking)) > most_lacking:
            continue
        number, media_type = len(reports), PICTURE if is_picture else DOCUMENT
        content = ENDINGS[media_type] + str(number).encode()
        file = SentFile(
            sha256=hashlib.sha256(content).hexdigest(), name=f"file {number}", media_type=media_type, size=len(content),
            description="A school" * described, rights="Ours" * has_rights, has_no_child=bool(no_child),
            has_consent=bool(consent), withdrawn_on=date(2021, 7, 2) if is_withdrawn else None,
        )  # fmt: skip
        (evidence / file.sha256).write_bytes(content)
        report = Report(
            report_no=number_report(str(number), "OFF-1", {}), link=LINK, action_id="OFF-1", lang="en",
            received_at=NOON + timedelta(minutes=number), files=(file,), is_case=bool(is_case), narrative="It is done.",
        )  # fmt: skip
        if is_picture:
            report = replace(report, kind=ReportKind.STORY, title=f"Story {number}", on_day=NOON.date())
        reports.append(ReportBox(folder.private).put(report))
    return reports


@pytest.fixture
def folder(tmp_path: Path) -> CampaignFolder:
    return make_published(tmp_path / "campaign", {"a.csv": register(action("1"), action("2", promise="B"))})


@pytest.fixture
def site(folder: CampaignFolder, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    for module in (files_of_build, index_page):  # of the charts, one stands for all
        monkeypatch.setattr(module, "CATALOGUE", {"status-overview": CATALOGUE["status-overview"]})
    return make_site(folder.root, monkeypatch)


def find_public(folder: CampaignFolder, site: Starlette, files: Iterable[SentFile]) -> dict[str, set[str]]:
    """Find which of some files stand in each place that the server shows, by their hashes."""
    annotations = list_annotations(database.current(Settings.from_environment()))
    return {
        "copies": {name[:64] for name in list_published_files(folder.published)},
        "pages": {one.file[:64] for one in annotations if one.file and one.size is not None},
        "addresses": {one.sha256 for one in files if ask(site, f"/evidence/{name_file(one)}").status_code == 200},
    }


def find_written(web: Path, files: Iterable[SentFile]) -> set[str]:
    """Find which files the public side names or holds that is written as files, by their hashes."""
    settings = Settings.from_environment()
    side = PublicSide(database.current(settings), ["en"], settings, "https://web.example", has_data=False)
    publishing.publish(side, Folder(web))
    texts = [path.name.encode() + path.read_bytes() for path in web.rglob("*") if path.is_file()]
    return {one.sha256 for one in files if any(one.sha256.encode() in text for text in texts)}


@pytest.mark.parametrize("most_lacking", [1, pytest.param(5, marks=pytest.mark.nightly)], ids=["one", "all"])
def test_only_what_is_stated_and_confirmed_is_public_and_withdrawn_it_is_nowhere(
    folder: CampaignFolder, site: Starlette, tmp_path: Path, most_lacking: int
) -> None:
    reports, web = send_all(folder, most_lacking), tmp_path / "web"
    files = [report.files[0] for report in reports]
    confirmed, left_out = reports[::2], reports[1::2]
    allowed = [
        one
        for one in confirmed
        if (one.is_case, one.files[0].withdrawn_on) == (False, None)
        and (one.files[0].description, one.files[0].rights) == ("A school", "Ours")
        and (one.files[0].media_type == DOCUMENT or one.files[0].has_no_child or one.files[0].has_consent)
    ]
    assert len(allowed) == 4
    public = [report.files[0] for report in allowed]
    hashes = {file.sha256 for file in public}
    nowhere, everywhere = (dict.fromkeys(("copies", "pages", "addresses"), chosen) for chosen in (set(), hashes))

    with only_build(folder):
        append_values(folder, reports)  # as where figures count at once
    run_on(folder, "build", "--quiet")
    assert find_public(folder, site, public) == nowhere, "what counts at once has no file"
    first, box = allowed[0], ReportBox(folder.private)
    last = replace(first, report_no=number_report("last", "OFF-1", {}), received_at=NOON + timedelta(days=1))
    for word in (replace(last, files=(replace(first.files[0], rights=""),)), replace(last, is_case=True)):
        box.put(word)  # the sender's last word of a file counts, also where an earlier report is accepted
        run_on(folder, "reports", "--accept", first.report_no, "--publish-file", first.files[0].sha256, code=1)
        (folder.private / "reports" / f"{word.report_no}.json").unlink()
    for report in confirmed:
        asked = ("reports", "--accept", report.report_no, "--publish-file", report.files[0].sha256)
        run_on(folder, *asked, code=0 if report in allowed else 1)
    rest = [report.report_no for report in reports if not report.is_case and report not in allowed]
    run_on(folder, "reports", "--accept", *rest)
    run_on(folder, "reports", "--accept", *(report.report_no for report in left_out if report.is_case), code=1)
    assert find_public(folder, site, public) == nowhere | {"copies": hashes}, "no build names them yet"
    run_on(folder, "build", "--quiet")
    assert find_public(folder, site, files) == everywhere and find_written(web, files) == hashes
    with_files = published(folder)["build_id"]

    for file in public:
        assert not withdraw(folder.root, "another", file.sha256, LATER)
        assert withdraw(folder.root, LINK, file.sha256, LATER)
    assert find_public(folder, site, public) == nowhere, "at once"
    run_on(folder, "build", "--quiet")
    assert find_public(folder, site, public) == nowhere
    kept = [ask(site, f"/evidence/{name_file(file)}?build={with_files}").status_code for file in public]
    assert set(kept) == {410}
    run_on(folder, "restore", with_files)
    assert find_public(folder, site, public) == nowhere and find_written(web, files) == set(), "going back brings none"
    run_on(folder, "build", "--quiet")
    for report in allowed:
        asked = ("reports", "--accept", report.report_no, "--publish-file", report.files[0].sha256)
        assert "was withdrawn" in run_on(folder, *asked, code=1).stderr
    assert find_public(folder, site, public) == nowhere
