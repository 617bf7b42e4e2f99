"""How long it takes to classify a thousand submissions on the page, by the sheet, by one command; and that all arrives.

    python -m benchmarks.classify [--actions 1000]

Time is that of the program. How long a person reads is theirs: the page needs of them one tick for a hundred lines.
"""

import argparse
import csv
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.processes import describe_machine
from benchmarks.servers import run_dashboard
from dashboard.campaign.accepted import read_accepted
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import PROJECT, quote_path
from dashboard.ui.quality.classify import PAGE_LINES
from tests.chromium import find_chromium

MAKERS = (
    "Ministry of Labour of {}",
    "Syndicat des enseignants, {}",
    "Universidad Ficticia de {}",
    "Example Cocoa Ltd, {}",
    "{} Employers' Federation",
    "Fondation des enfants, {}",
)
TITLES = (
    "Train cocoa farmers in {}",
    "Campagne de sensibilisation dans les écoles: {}",
    "Encuesta sobre trabajo doméstico en {}",
    "Awareness campaign about mining in {}",
    "Recherche sur le travail forcé: {}",
    "Formación de inspectores del trabajo en {}",
)
PLACES = ("Kenya", "Ghana", "Senegal", "Peru", "Colombia", "Nepal", "Fiji", "Tunisia", "Malawi", "Ecuador")
PATIENCE = 120_000


def write_campaign(folder: Path, actions: int) -> CampaignFolder:
    """Write a campaign of made-up submissions without any class, built and published."""
    (folder / "inbox").mkdir(parents=True)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("Reference", "Organisation", "Title of the action", "Description"))
    for n in range(actions):
        place = PLACES[n // 6 % len(PLACES)]
        maker, title = MAKERS[n % len(MAKERS)].format(place), TITLES[n // 3 % len(TITLES)].format(place)
        writer.writerow((f"A-{n:05}", f"{maker} {n}", f"{title}, part {n}", "A made-up text without any meaning."))
    (folder / "inbox" / "submissions.csv").write_text(text.getvalue(), encoding="utf-8")
    campaign = CampaignFolder(folder)
    run_etl(campaign, "build", "--quiet")
    return campaign


def run_etl(campaign: CampaignFolder, *words: str) -> float:
    """Run a command to its end; the seconds that it took."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "etl", *words, "--campaign", str(campaign.root)]
    subprocess.run(command, check=True, cwd=PROJECT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def classify_on_the_page(campaign: CampaignFolder, actions: int) -> dict[str, float]:
    """Tick and save page after page, as a person does who agrees with every line."""
    opened, saved = [], []
    os.environ["DASHBOARD_STAFF"] = "open"
    with run_dashboard(campaign.root) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        opened.append(_time(lambda: _open(page, server.url)))
        who = page.get_by_role("textbox", name="Your name or initials")
        who.fill("AB")
        who.press("Enter")
        for done in range(0, actions, PAGE_LINES):
            lines = min(PAGE_LINES, actions - done)
            ticks = page.locator("label").filter(has_text="Tick all of this page")
            expect(ticks).to_have_count(1)  # the earlier drawing is gone
            ticks.click()
            button = page.get_by_role("button", name=f"Save {lines} action")
            expect(button).to_be_enabled()
            left = f"{actions - done - lines:,}" if actions > done + lines else None
            saved.append(_time(lambda: _save(page, button, left)))  # noqa: B023  (called at once)
        browser.close()
    return {
        f"page: opened with {PAGE_LINES} lines": opened[0],
        f"page: {PAGE_LINES} lines saved and the next drawn, median": sorted(saved)[len(saved) // 2],
        "page: all lines saved": sum(saved),
    }


def _open(page: Page, url: str) -> None:
    page.goto(f"{url}/files?part=quality&section=classify")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def _save(page: Page, button: Any, left: str | None) -> None:
    button.click()
    if left is None:
        expect(page.get_by_text("Every action has a stakeholder group")).to_be_visible()
    else:
        expect(page.get_by_role("button", name=f"Accept suggestions of all {left}", exact=False)).to_be_visible()


def classify_by_the_sheet(campaign: CampaignFolder) -> dict[str, float]:
    """Write the sheet, say yes in every row, and build with it."""
    path = campaign.inbox / "classification to fill in.xlsx"
    written = run_etl(campaign, "classify", "--sheet", str(path))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    column = headers.index("Accept the suggestions") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column).value = "Yes"
    book.save(path)
    return {"sheet: written": written, "sheet: built and published": run_etl(campaign, "build", "--quiet")}


def count_classified(campaign: CampaignFolder) -> int:
    """Count the actions of the published snapshot that are classified whole."""
    snapshot = max((campaign.published).glob("snapshot-*.duckdb"), key=lambda path: path.stat().st_mtime)
    with duckdb.connect() as connection:
        connection.execute(f"attach {quote_path(snapshot)} as s (read_only)")
        query = (
            "select count(*) from s.actions where stakeholder_group is not null and category is not null "
            "and scope is not null and action_no in (select action_no from s.action_themes)"
        )
        return int(connection.execute(query).fetchall()[0][0])


def _time(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actions", type=int, default=1000)
    actions = parser.parse_args().actions
    print(f"{describe_machine()}\n\n| {actions:,} submissions | seconds |\n|---|---:|")
    with tempfile.TemporaryDirectory() as scratch:
        figures: dict[str, float] = {}
        by_page = write_campaign(Path(scratch) / "page", actions)
        figures |= classify_on_the_page(by_page, actions)
        figures["page: built and published"] = run_etl(by_page, "build", "--quiet")
        by_sheet = write_campaign(Path(scratch) / "sheet", actions)
        figures |= classify_by_the_sheet(by_sheet)
        at_once = write_campaign(Path(scratch) / "once", actions)
        figures["command: all suggestions accepted"] = run_etl(at_once, "classify", "--accept-suggested", "--by", "AB")
        run_etl(at_once, "build", "--quiet")
        for name, seconds in figures.items():
            print(f"| {name} | {seconds:.1f} |")
        found = {
            name: count_classified(c) for name, c in (("page", by_page), ("sheet", by_sheet), ("command", at_once))
        }
        print(f"\nClassified whole: {found}; {len(read_accepted(by_page))} answers kept by the page")
        if set(found.values()) != {actions}:
            raise SystemExit("Not every action has arrived.")


if __name__ == "__main__":
    main()
