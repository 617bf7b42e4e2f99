"""From a folder that is not there to the first published figures, in French and in a browser: timed, clicks counted.

`tests/app/test_first_campaign.py` is its lesser twin, without a browser and a server.
"""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.campaign.folder import CampaignFolder
from tests.app.test_first_campaign import REGISTER
from tests.browser.conftest import running_server
from tests.etl.program import published_titles

pytestmark = [pytest.mark.browser, pytest.mark.nightly]

BUILD_MS = 120_000  # a build on a busy machine
MOST_CLICKS = 16


class Hand:
    """What a person does with mouse and keyboard, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, where: Locator) -> None:
        where.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True))


def test_the_first_figures_are_published_without_an_editor(reader: Page, tmp_path: Path) -> None:
    root, hand = tmp_path / "mes-engagements", Hand(reader)
    with running_server(root, tmp_path, DASHBOARD_STAFF="open") as address:
        reader.goto(f"{address}/?lang=fr")
        started = time.monotonic()
        hand.click(reader.get_by_role("link", name="Nouvelle campagne").first)
        reader.get_by_label("Titre (Français)").fill("Nos engagements")
        reader.get_by_label("Titre (Français)").press("Tab")
        hand.click(reader.get_by_text("Actions d’un autre type"))
        hand.press("Créer la campagne")

        upload = {"name": "registre.csv", "mimeType": "text/csv", "buffer": REGISTER.encode()}
        reader.locator("input[type=file]").set_input_files([upload])
        hand.clicks += 2  # the button that opens the computer's own window, and the file in it
        hand.press("Aperçu de 1 fichier")
        expect(reader.get_by_text("Tout ce qui est nécessaire est là.")).to_be_visible(timeout=BUILD_MS)
        assert "one@example.org" not in reader.content()
        column = reader.locator('[class*="st-key-new-0-0-5-"] input').first  # “À réaliser avant le”
        expect(column).to_have_value("Échéance")
        hand.press("L’utiliser et faire l’aperçu")
        expect(reader.get_by_role("heading", name="Nouveaux mots")).to_be_visible(timeout=BUILD_MS)
        hand.press("Ajouter 3 mots")
        expect(reader.get_by_text("Cet aperçu ajoute des entrées")).to_be_visible(timeout=BUILD_MS)
        hand.press("Publier")
        hand.click(reader.get_by_role("link", name="Voir les chiffres"))
        tile = reader.locator(".tile", has=reader.get_by_text("Actions", exact=True)).locator(".value")
        expect(tile).to_have_text("4", timeout=BUILD_MS)
        seconds = time.monotonic() - started
        print(
            f"\nFrom the empty folder to the first figures: {hand.clicks} clicks, {seconds:.0f} seconds of the program"
        )
    assert hand.clicks <= MOST_CLICKS
    assert len(published_titles(CampaignFolder(root))) == 4
