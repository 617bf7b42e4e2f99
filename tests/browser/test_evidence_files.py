"""What stakeholders say and hand in, as a browser shows it: words as words, pictures as pictures, documents to save."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from dashboard.campaign.reporting.published_files import FOLDER
from tests.annotations import (
    ACTION,
    ALT,
    ANGLES,
    DOCUMENT,
    OF_EVENT,
    OF_STORY,
    PICTURE,
    REPLY,
    RIGHTS,
    publish_annotated,
)
from tests.browser import looks
from tests.browser.conftest import show_published, stand_again
from tests.browser.ways import open_page
from tests.charts_over_http import republish

pytestmark = pytest.mark.browser


@pytest.fixture
def annotated(server: str, campaign: Path, campaign_folder: Path, tmp_path: Path) -> Iterator[str]:
    """Yield the address of the dashboard while it shows a build with annotations, and pictures that can be drawn."""
    publish_annotated(tmp_path)
    republish(tmp_path, "annotated")
    copies = campaign / "published" / FOLDER
    shutil.copytree(tmp_path / "published" / FOLDER, copies)
    for name in (PICTURE, OF_STORY, OF_EVENT):
        Image.new("RGB", (40, 30), "teal").save(copies / name)
    show_published(tmp_path / "published", campaign / "published")
    yield server
    shutil.rmtree(copies)
    stand_again(campaign, campaign_folder)


def test_words_are_words_pictures_are_drawn_and_documents_are_saved(reader: Page, annotated: str) -> None:
    asked: list[str] = []
    reader.on("dialog", lambda dialog: asked.append(dialog.message))
    open_page(reader, f"{annotated}/actions?action={ACTION}&lang=en")
    expect(reader.locator(".replies .text").first).to_have_text(REPLY)
    pictures = reader.locator(".picture img")
    expect(pictures).to_have_count(3)
    for number in range(3):
        pictures.nth(number).scroll_into_view_if_needed()
        expect(pictures.nth(number)).to_have_js_property("naturalWidth", 40)
        expect(pictures.nth(number)).to_have_attribute("alt", ALT.translate(ANGLES))
    expect(reader.locator("figcaption").first).to_have_text(RIGHTS)
    assert [finding for finding in looks.examine(reader) if looks.name_known(finding) is None] == []
    with reader.expect_download() as saved:
        reader.locator(".file a").first.click()
    assert saved.value.path().read_bytes() == DOCUMENT.encode() * 1_000
    assert reader.url.endswith(f"/actions?action={ACTION}&lang=en")
    open_page(reader, f"{annotated}/latest?kind=story,event&lang=fr")
    expect(reader.locator(".cards .pictures img")).to_have_count(2)
    expect(reader.locator(":is(.picture, .file, .replies) :is(script, b, i, img[onerror])")).to_have_count(0)
    assert asked == []
    assert [finding for finding in looks.examine(reader) if looks.name_known(finding) is None] == []
