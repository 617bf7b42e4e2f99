"""Staff sign in, write to who is silent, publish an export and take it back, in a real browser on the real server."""

import io
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.reports import ReportBox
from dashboard.mail.asked import LetterLedger
from dashboard.measures.silent import list_silent
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.app.test_first_campaign import REGISTER
from tests.browser import looks, ways
from tests.browser.conftest import PASSWORD, running_server, stand_again
from tests.browser.ways import find_way
from tests.contacts import write_contacts
from tests.dashboard.campaign.reporting.sent import make_report
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.program import published_titles
from tests.snapshots import open_reports

pytestmark = pytest.mark.browser

BUILD_MS = 120_000  # a build on a busy machine
MOST_CLICKS = 16
"""From no folder to the first published figures; `tests/app/test_first_campaign.py` goes the same way."""
HEADER = "Ref;Maker;Promise;Sent;Due;Category;Themes;Where;Status\n"
FIRST, SECOND = (
    HEADER + "".join(f"{number};Imaginary office {number};Promise {number};2021-03-01;;;;;\n" for number in numbers)
    for numbers in ((1, 2), (5, 6, 7))
)


@pytest.fixture
def inbox(campaign: Path, campaign_folder: Path) -> Iterator[CampaignFolder]:
    """Yield the campaign with two actions published from its inbox, for one test."""
    folder = make_campaign(campaign, {"first.csv": FIRST})
    publish_campaign(folder)
    yield folder
    stand_again(campaign, campaign_folder)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Staff password").fill(PASSWORD)
    press(page, "Sign in")


def expect_actions(page: Page, number: int) -> None:
    """Check that Overview, reached by its link so that the session stays, shows this many actions."""
    page.locator("nav.pages").get_by_role("link", name="Overview").click()
    ways.expect_actions(page, number)


def files_of(folder: CampaignFolder) -> set[str]:
    return {path.name for path in folder.inbox.iterdir()}


def refuse_a_file(page: Page, server: str) -> None:
    """Check that a file from a session that has not signed in is refused."""
    answer = page.request.put(
        f"{server}/_stcore/upload_file/some-session/some-file",
        multipart={"file": {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Ref\n1\n"}},
    )
    assert answer.status == 401


def test_staff_sign_in_upload_publish_and_undo(reader: Page, server: str, inbox: CampaignFolder) -> None:
    refuse_a_file(reader, server)
    sign_in(reader, f"{server}/files")
    upload = {"name": "second.csv", "mimeType": "text/csv", "buffer": SECOND.encode()}
    empty = {"name": "empty.csv", "mimeType": "text/csv", "buffer": b""}
    reader.locator("input[type=file]").set_input_files([upload, empty])
    press(reader, "Preview 2 files")
    expect(reader.get_by_role("heading", name="Preview: what publishing would change")).to_be_visible(timeout=BUILD_MS)
    figures = reader.locator("table", has_text="Difference")
    expect(figures.get_by_role("row", name="Actions")).to_contain_text("+3")
    expect(reader.get_by_text("Actions added: 3")).to_be_visible()
    expect(reader.get_by_role("alert")).to_contain_text("empty.csv is left out")
    assert files_of(inbox) == {"first.csv"}

    press(reader, "Publish")
    expect(reader.get_by_text("Published. The pages now show build")).to_be_visible(timeout=BUILD_MS)
    assert files_of(inbox) == {"first.csv", "second.csv"}
    expect_actions(reader, 5)

    for link in find_way(reader, "Upload"):
        link.click()
    press(reader, "Undo")
    expect(reader.get_by_text("Undone")).to_be_visible(timeout=BUILD_MS)
    assert files_of(inbox) == {"first.csv"}
    assert list((inbox.private / "drafts").iterdir()) == []
    expect_actions(reader, 2)


@pytest.mark.nightly
def test_staff_accept_a_report_by_link_and_its_figure_stands(reader: Page, server: str, inbox: CampaignFolder) -> None:
    report = make_report("OFF-1", status="completed", percent=100.0, narrative="Deux ateliers <b>tenus</b>.")
    ReportBox(open_reports(inbox.root) / "private").put(report)
    sign_in(reader, f"{server}/ask?part=reports")
    reader.get_by_text("Promise 1", exact=True).click()
    effect = "unknown falls from 2 to 1, completed rises from 0 to 1."
    expect(reader.get_by_text(f"1 report: {effect}")).to_be_visible()
    expect(reader.get_by_text("Deux ateliers <b>tenus</b>.")).to_be_visible()
    looks.wait(reader)
    assert [one for one in looks.examine(reader) if looks.name_known(one) is None] == []

    press(reader, "Accept")
    expect(reader.get_by_text("No report is waiting.")).to_be_visible(timeout=BUILD_MS)
    press(reader, "Build now")
    expect(reader.get_by_text(f"In the new figures, {effect}")).to_be_visible(timeout=BUILD_MS)
    reader.get_by_text("Decided reports").click()
    reader.get_by_role("link", name="Promise 1").click()
    expect(reader.locator(".about .status-completed")).to_be_visible()
    expect(reader.get_by_text("Deux ateliers <b>tenus</b>.")).to_be_visible()


@pytest.mark.nightly
def test_staff_go_from_who_is_silent_to_letters_and_back_and_sign_out_in_every_tab(
    reader: Page, server: str, campaign: Path, snapshot: Snapshot
) -> None:
    write_contacts(campaign, {"FIX-008": "contact008@example.org", "FIX-014": "contact014@example.org"})
    silent = list_silent(snapshot, Selection())
    sign_in(reader, f"{server}/files?part=quality")
    find_way(reader, "Missing reports")[-1].click()
    expect(reader.locator("h1")).to_have_text("Missing reports")
    expect(reader.locator(".headline")).to_contain_text(f"No report yet: {len(silent)} of")
    expect(reader.locator("table.cards tbody tr")).to_have_count(len(silent))

    reader.get_by_role("radio", name="Letters").click()
    reader.get_by_role("radio", name="Everybody without a report").click()
    expect(reader.get_by_role("radiogroup", name="Who is included")).to_be_visible()
    looks.wait(reader)
    press(reader, "Create files and record as asked")
    expect(reader.get_by_text("letters recorded as sent.")).to_be_visible()
    (batch,) = LetterLedger(campaign / "private", is_sample=True).batches()
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Mails as files").click()
    with ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as letters:
        mails = [message_from_bytes(letters.read(name)) for name in letters.namelist() if name.endswith(".eml")]
    assert sorted(str(mail["To"]) for mail in mails) == ["contact008@example.org", "contact014@example.org"]
    assert batch.letters > len(mails)  # the others have no known address

    reader.get_by_role("radio", name="Who was asked").click()
    expect(reader.get_by_text(f"{batch.letters} letters as files")).to_be_visible()
    press(reader, "Mark as not sent")
    press(reader, "Undo")
    expect(reader.get_by_role("button", name="Undo")).to_have_count(0)
    expect(reader.get_by_text("letters recorded as sent.")).to_have_count(0)
    assert LetterLedger(campaign / "private", is_sample=True).times() == {}

    other_tab = reader.context.new_page()
    other_tab.goto(f"{server}/files?part=quality")
    expect(other_tab.get_by_role("heading", name="Data quality")).to_be_visible()
    reader.get_by_role("button", name="Staff member", exact=True).click()
    reader.get_by_text("Sign out", exact=True).click()
    expect(other_tab.get_by_label("Staff password")).to_be_visible()
    expect(reader.get_by_role("link", name="Upload")).to_have_count(0)


class Hand:
    """A person's actions with mouse and keyboard, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, where: Locator) -> None:
        where.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True))


@pytest.mark.nightly
def test_the_first_figures_are_published_without_an_editor(reader: Page, tmp_path: Path) -> None:
    root, hand = tmp_path / "mes-engagements", Hand(reader)
    with running_server(root, tmp_path, DASHBOARD_STAFF="open") as address:
        reader.goto(f"{address}/?lang=fr")
        hand.click(reader.get_by_role("link", name="Nouvelle campagne").first)
        reader.get_by_role("textbox", name="Titre (français)").fill("Nos engagements")
        reader.get_by_role("textbox", name="Titre (français)").press("Tab")
        hand.click(reader.get_by_text("Actions d’un autre type"))
        hand.click(reader.locator('[class*="st-key-campaign-end-"]').get_by_role("spinbutton").first)
        reader.keyboard.type("30062029")  # the last typed text counts, also where the button is pressed at once
        hand.press("Créer la campagne")

        upload = {"name": "registre.csv", "mimeType": "text/csv", "buffer": REGISTER.encode()}
        reader.locator("input[type=file]").set_input_files([upload])
        hand.clicks += 2  # the button that opens the computer's own window, and the file in it
        hand.press("Aperçu de 1 fichier")
        expect(reader.get_by_role("button", name="Oui, tout cela est juste")).to_be_visible(timeout=BUILD_MS)
        hand.click(reader.get_by_role("button", name="Oui, tout cela est juste"))
        hand.click(reader.get_by_text("le jour d’abord"))
        expect(reader.get_by_text("Tout ce qui est nécessaire est là.")).to_be_visible(timeout=BUILD_MS)
        assert "one@example.org" not in reader.content()
        column = reader.locator('[class*="st-key-new-0-0-5-"] input').first  # “À réaliser avant le”
        expect(column).to_have_value("Échéance")
        hand.press("L’utiliser et faire l’aperçu")
        expect(reader.get_by_text("Répondu : 0 sur 1")).to_be_visible(timeout=BUILD_MS)
        hand.click(reader.locator(".st-key-question-item-0").get_by_role("spinbutton").first)
        reader.keyboard.type("01032026")
        reader.keyboard.press("Escape")
        reader.get_by_role("heading", level=1).click()
        expect(reader.get_by_text("Répondu : 1 sur 1")).to_be_visible()
        hand.click(reader.get_by_role("button", name="tous ceux sans réponse : 3").first)
        hand.press("Aperçu avec ces réponses")
        expect(reader.get_by_role("heading", name="Ce que vos réponses changent")).to_be_visible(timeout=BUILD_MS)
        hand.press("Publier")
        hand.click(reader.get_by_role("link", name="Voir les chiffres"))
        ways.expect_actions(reader, 4, timeout=BUILD_MS)
    assert hand.clicks <= MOST_CLICKS
    assert CampaignFolder(root).load().end == date(2029, 6, 30)
    assert len(published_titles(CampaignFolder(root))) == 4
    themes = {entry.labels["fr"] for entry in load_codelist(CampaignFolder(root), "themes")}
    assert {"Formation", "Écoles rurales", "Filières"} <= themes, "what one button has said of several is not lost"
