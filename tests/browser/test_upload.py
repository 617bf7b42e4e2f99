"""Staff take in an export, see what it changes, publish it and take it back, in a real browser on the real server."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import Outcome
from etl.sources.fetching import fetch
from etl.sources.stated import add_source, read_source
from tests.browser.conftest import running_server
from tests.browser.ways import find_way
from tests.etl.campaigns import make_campaign, publish_campaign

pytestmark = pytest.mark.browser

PASSWORD = "an imaginary password"  # noqa: S105
BUILD_MS = 120_000  # a build on a busy machine
HEADER = "Ref;Maker;Promise;Sent;Due;Category;Themes;Where;Status\n"
FIRST = HEADER + "".join(
    f"{number};Imaginary office {number};Promise number {number};2021-03-0{number};2021-12-30;;;France;\n"
    for number in (1, 2)
)
SECOND = HEADER + "".join(
    f"{number};Fictional union {number};Another promise {number};2021-04-0{number};2021-12-30;;;Kenya;Completed\n"
    for number in (5, 6, 7)
)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> CampaignFolder:
    """A campaign with two actions published; who publishes more takes it back."""
    folder = make_campaign(tmp_path_factory.mktemp("upload") / "campaign", {"first.csv": FIRST})
    publish_campaign(folder)
    return folder


@pytest.fixture(scope="module")
def upload_server(campaign: CampaignFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard of that campaign, its staff pages behind a password."""
    with running_server(campaign.root, tmp_path_factory.mktemp("server"), DASHBOARD_STAFF_PASSWORD=PASSWORD) as address:
        yield address


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def expect_actions(page: Page, number: int) -> None:
    """The overview, reached by its link so that the session stays, shows this many actions."""
    page.get_by_test_id("stPageLink").get_by_role("link", name="Overview").first.click()
    tile = page.locator(".tile", has=page.get_by_text("Actions", exact=True)).locator(".value")
    expect(tile).to_have_text(str(number))


def let_a_source_bring(folder: CampaignFolder, files: dict[str, str]) -> None:
    """State a folder as a source, and fetch it: what it brings waits for staff."""
    drive = folder.root.parent / "drive"
    drive.mkdir()
    for name, text in files.items():
        (drive / name).write_text(text, encoding="utf-8")
        os.utime(drive / name, (1_600_000_000, 1_600_000_000))
    add_source(folder, read_source({"name": "drive", "tool": "folder", "address": drive.as_uri()}))
    note = fetch(folder, folder.load().source[0], lambda *_: None)
    assert note.outcome is Outcome.WAITS, note.what


def files_of(folder: CampaignFolder) -> set[str]:
    return {path.name for path in folder.inbox.iterdir()}


def refuse_a_file(page: Page, server: str) -> None:
    """A file from a session that has not signed in is refused."""
    answer = page.request.put(
        f"{server}/_stcore/upload_file/some-session/some-file",
        multipart={"file": {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Ref\n1\n"}},
    )
    assert answer.status == 401


def test_staff_sign_in_upload_publish_and_undo(reader: Page, upload_server: str, campaign: CampaignFolder) -> None:
    reader.goto(upload_server)
    expect_actions(reader, 2)
    expect(reader.get_by_role("link", name="Sign in")).to_be_visible()
    reader.goto(f"{upload_server}/upload")
    expect(reader.get_by_label("Password for staff")).to_be_visible()
    refuse_a_file(reader, upload_server)
    reader.get_by_label("Password for staff").fill(PASSWORD)
    press(reader, "Sign in")

    upload = {"name": "second.csv", "mimeType": "text/csv", "buffer": SECOND.encode()}
    empty = {"name": "empty.csv", "mimeType": "text/csv", "buffer": b""}
    reader.locator("input[type=file]").set_input_files([upload, empty])
    reader.get_by_role("button", name="Preview 2 files").click()
    expect(reader.get_by_role("heading", name="Preview: what publishing would change")).to_be_visible(timeout=BUILD_MS)
    figures = reader.locator("table", has_text="Difference")
    expect(figures.get_by_role("row", name="Actions")).to_contain_text("+3")
    expect(reader.get_by_text("Actions added: 3")).to_be_visible()
    expect(reader.get_by_role("alert")).to_contain_text("empty.csv is left out")
    assert files_of(campaign) == {"first.csv"}

    press(reader, "Publish")
    expect(reader.get_by_text("Published. The pages show build")).to_be_visible(timeout=BUILD_MS)
    assert files_of(campaign) == {"first.csv", "second.csv"}
    expect_actions(reader, 5)

    for link in find_way(reader, "Upload"):
        link.click()
    press(reader, "Undo")
    expect(reader.get_by_text("Undone")).to_be_visible(timeout=BUILD_MS)
    assert files_of(campaign) == {"first.csv"}
    assert list((campaign.private / "drafts").iterdir()) == []
    expect_actions(reader, 2)
    let_a_source_bring(campaign, {"third.csv": SECOND})
    reader.goto(f"{upload_server}/upload")
    press(reader, "Look at what came")
    expect(reader.get_by_text("Actions added: 3")).to_be_visible()
    press(reader, "Discard")
    expect(reader.get_by_role("button", name="Look at what came")).to_be_hidden()
    other_tab = reader.context.new_page()
    other_tab.goto(f"{upload_server}/quality")
    expect(other_tab.get_by_role("heading", name="Data quality")).to_be_visible()
    press(reader, "Sign out")
    expect(other_tab.get_by_label("Password for staff")).to_be_visible(timeout=10_000)
    expect(reader.get_by_role("link", name="Upload")).to_have_count(0)
