"""Staff see who has not answered, make letters to them as files, and take the note of it back, in a real browser."""

import io
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from dashboard.letters.asked import Asked
from dashboard.measures.silent import list_silent
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.browser import looks
from tests.browser.ways import find_way

pytestmark = pytest.mark.browser


def test_staff_go_from_who_is_silent_to_letters_and_back(
    reader: Page, staff_server: str, staff_campaign: Path, snapshot: Snapshot
) -> None:
    silent = list_silent(snapshot, Selection())
    reader.goto(f"{staff_server}/quality")
    find_way(reader, "Silent")[-1].click()
    expect(reader.locator("h1")).to_have_text("Silent")
    expect(reader.locator(".headline")).to_contain_text(f"No report yet: {len(silent)} of")
    expect(reader.get_by_test_id("stDataFrame")).to_be_visible()

    reader.get_by_role("radio", name="Letters").click()
    reader.get_by_role("radio", name="Everybody who is silent").click()
    expect(reader.get_by_role("radiogroup", name="Who counts as silent")).to_be_visible()
    looks.wait(reader)
    reader.get_by_role("button", name="Make files, and note them as asked").click()
    expect(reader.get_by_text("letters are noted as asked.")).to_be_visible()
    (batch,) = Asked(staff_campaign / "private", is_sample=True).batches()
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Mails as files").click()
    with ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as letters:
        mails = [message_from_bytes(letters.read(name)) for name in letters.namelist() if name.endswith(".eml")]
    assert sorted(str(mail["To"]) for mail in mails) == ["contact008@example.org", "contact014@example.org"]
    assert batch.letters > len(mails)  # of the others no address is known

    reader.get_by_role("radio", name="Who was asked").click()
    expect(reader.get_by_text(f"{batch.letters} letters as files")).to_be_visible()
    reader.get_by_role("button", name="Not sent after all").click()
    reader.get_by_role("button", name="Take back").click()
    expect(reader.get_by_role("button", name="Take back")).to_have_count(0)
    expect(reader.get_by_text("letters are noted as asked.")).to_have_count(0)
    assert Asked(staff_campaign / "private", is_sample=True).times() == {}
