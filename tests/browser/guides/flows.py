"""The scenes of the guides' pictures: the steps of each guide, in any language.

They use the fictional sample, and the sample before its last survey, which arrives with the usual faults: an unknown
column, and a word that no codelist has.
"""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Locator, expect

from dashboard.campaign.reporting.links import BY_STAFF, ReportLinks, find_today
from dashboard.campaign.reporting.reports import FOLDER
from dashboard.languages import name_language
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.web.report_sending import LEAST_SECONDS
from tests.browser.guides.camera import Cut, Desk
from tests.browser.ways import SHARE
from tests.etl.program import run_etl
from tests.shipped import LANGUAGES

SAMPLES = SHIPPED_CAMPAIGN / "samples"
LAST_SURVEY = "Progress_of_the_2021_Actions_-_final_-_2022-01-17.csv"
NEW_COLUMN, NEW_WORD = "Status (January 2022)", "Suspended"
_STATUS = "Progress/Where does your action stand?"
_CELLS = ("Completed", "In progress", "")
BUILD_MS = 120_000
CHART = "completion-by-region"
REPORTED = "MSF-96"
"""An action with milestones."""


def publish_sample(root: Path) -> None:
    """Publish the sample as it is shown where nothing has been uploaded yet."""
    _copy_shipped(root)
    _build(root)


def publish_before_the_last_survey(root: Path) -> None:
    """Publish the sample's files but the last survey, as a campaign has them in its inbox."""
    _copy_shipped(root)
    (root / "inbox").mkdir()
    for file in SAMPLES.iterdir():
        if file.suffix in (".xlsx", ".csv", ".xml", ".ics") and file.name != LAST_SURVEY:
            shutil.copyfile(file, root / "inbox" / file.name)
    _build(root)


def write_last_survey() -> bytes:
    """Write the last survey with a column and a word that are new."""
    text = (SAMPLES / LAST_SURVEY).read_text(encoding="utf-8-sig")
    header, *rows = (row for row in csv.reader(io.StringIO(text), delimiter=";") if any(row))
    status = header.index(_STATUS)
    going_on = [number for number, row in enumerate(rows) if row[status] == "In progress"]
    for number in going_on[:3]:
        rows[number][status] = NEW_WORD
    widened = ([*row, _CELLS[number % len(_CELLS)]] for number, row in enumerate(rows))
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows([[*header, NEW_COLUMN], *widened])
    return written.getvalue().encode("utf-8-sig")


def _copy_shipped(root: Path) -> None:
    root.mkdir(parents=True)
    shutil.copyfile(SHIPPED_CAMPAIGN / "campaign.toml", root / "campaign.toml")
    shutil.copytree(SAMPLES, root / "samples", ignore=shutil.ignore_patterns("*.py", "*.toml", "__pycache__"))


def _build(root: Path) -> None:
    built = run_etl("build", "--campaign", root, "--quiet")
    assert built.returncode == 0, built.stderr


def show_partners(desk: Desk) -> Iterator[Cut]:
    """Figures of a region in Excel and Power BI, and how rates are read."""
    page, key = desk.page, desk.key
    desk.open("share?part=download&region=africa")
    region = page.locator("[data-chip=region]")
    ways = [_way(desk, row, words) for row, words in (("nav.pages", SHARE), (".parts", "Extracts"))]
    shown = (page.locator(".chips").first, *_head(desk))
    taken = key("extract-take").locator("a, button").first
    yield Cut("partners/filters", (*shown, key("title-line"), key("extract-file")), (region, ways[1], taken))
    ready, rows, formats = (
        page.locator(f"[class*=st-key-extract-{one}]").first for one in ("preset", "table", "format")
    )
    yield Cut("partners/rows", (ready, rows, formats), (ready,))
    link = page.get_by_test_id("stMain").get_by_test_id("stExpander").first
    link.locator("summary").click()
    tabs, steps = link.get_by_role("tablist"), link.get_by_role("tabpanel").filter(visible=True)
    expect(steps).to_be_visible()
    desk.settle()
    yield Cut("partners/link", (link.locator("summary"), tabs, steps), (steps.get_by_test_id("stCode"),))
    power_bi = link.get_by_role("tab", name="Power BI")
    power_bi.click()
    expect(power_bi).to_have_attribute("aria-selected", "true")
    desk.settle()
    yield Cut("partners/power-bi", (tabs, steps), (steps.get_by_test_id("stCode"),))
    desk.open("regions")
    yield Cut("partners/rates", _chart(desk))


def show_presenters(desk: Desk) -> Iterator[Cut]:
    """Yield a chart on a slide and in a web page, and several in one file."""
    page, key = desk.page, desk.key
    desk.open("regions")
    use = key(f"card-head-{CHART}").get_by_role("button", name=desk.t("Share this chart"))
    yield Cut("presenters/use", _chart(desk), (use,))
    desk.open(f"share?chart={CHART}")
    picture, slide = (find_button(desk, "use-chart", words) for words in ("Picture (PNG)", "PowerPoint slide"))
    shown = (key("use-title"), key("use-size"), key("use-picture-slide"), key("use-files"))
    yield Cut("presenters/take", shown, (key("use-title"), picture, slide))
    code = key("use-code")
    yield Cut("presenters/web", (key("use-embed"), code), (key("use-embed"), code.get_by_test_id("stCode")))
    page.set_content(WEBSITE.format(chart=f"{desk.server}/charts/{CHART}?lang={desk.lang}", lang=desk.lang))
    drawn = page.frame_locator("iframe").locator("svg").filter(visible=True).first
    expect(drawn).to_be_visible()
    yield Cut("presenters/website", (page.locator("main"), drawn))
    desk.open("share")
    desk.press("preset-overview")
    pack = key("briefing-pack")
    made = [find_button(desk, "briefing-pack", words) for words in ("PowerPoint deck", "PDF")]
    yield Cut("presenters/several", (pack,), (key("preset-overview"), *made))


def show_staff(desk: Desk) -> Iterator[Cut]:
    """From a new export to figures that are published; where figures come from by themselves; letters."""
    yield from _take_in(desk)
    page, key = desk.page, desk.key
    desk.open("files")
    form = page.get_by_test_id("stExpander").filter(has_text=desk.t("Add a source")).last
    form.locator("summary").click()
    desk.settle()
    desk.fill(key("source-title"), desk.t("Survey"))
    desk.fill(key("source-address-kobotoolbox"), "https://kf.kobotoolbox.org")
    desk.fill(key("source-form"), "aSampleFormOfKobo00000")
    marked = (key("source-tool"), key("source-forms"), key("source-try"), key("source-add"))
    yield Cut("staff/source", (form,), marked)
    desk.open("files?part=quality")
    waiting = (key("waiting"), key("waiting-claims"))
    yield Cut("staff/quality", (*_head(desk), page.locator("h1"), key("quality-which"), *waiting), (waiting[0],))
    desk.open("settings")
    title = key("settings-title-block").get_by_test_id("stTextInput").nth(LANGUAGES.index(desk.lang))
    words = title.locator("input").input_value()
    title.locator("input").fill(f"{words} (2021)")
    desk.press("settings-title-keep")
    shown = (*_head(desk), page.locator("h1"), key("settings-changes"), key("settings-title-block"))
    yield Cut("staff/settings", shown, (title, key("settings-title-keep"), key("settings-preview")))
    desk.open("ask?section=letters")
    page.locator("[class*=st-key-silent-letter-lang]").get_by_text(name_language(desk.lang), exact=True).click()
    expect(key("card-letter").locator(f".letter[lang={desk.lang}]")).to_be_visible()
    desk.settle()
    yield Cut("staff/letters", (key("card-letter"), key("letter-ways")), (key("letter-ways"),))


def show_stakeholders(desk: Desk, campaign: Path) -> Iterator[Cut]:
    """From the link to the receipt, on the pages without scripts."""
    shutil.rmtree(campaign / "private" / FOLDER, ignore_errors=True)  # what the guide of another language has sent
    page, links = desk.page, ReportLinks(campaign / "private")
    link = links.make(BY_STAFF, [REPORTED], find_today() + timedelta(days=90))
    page.goto(links.write_address(desk.server, link, desk.lang))
    action, end = page.locator("section").first, page.locator("section").last
    status, percent = action.locator("fieldset").first, page.get_by_label(desk.t("How much is done, in percent"))
    page.get_by_role("radio", name=desk.t("I do not state it")).first.check()
    page.get_by_role("radio").nth(1).check()
    percent.fill("60")
    completed_on = page.get_by_label(desk.t("Day of completion"))
    yield Cut("stakeholders/status", (action.locator("h2"), status, percent, completed_on), (status, percent))
    milestones = action.locator("fieldset").filter(has=page.locator("input[type=date]")).last
    words = page.get_by_label(desk.t("What was done and learned"))
    address = page.get_by_label(desk.t("Web address that shows it")).first
    yield Cut("stakeholders/words", (milestones, words, address), (words, address))
    files = action.locator("details").first
    files.locator("summary").click()
    yield Cut("stakeholders/files", (files,), (files.locator("summary"),))
    send = page.get_by_role("button", name=desk.t("Send"), exact=True)
    yield Cut("stakeholders/send", (end,), (send,))
    page.wait_for_timeout(1_000 * (LEAST_SECONDS + 1))
    send.click()
    again = page.get_by_role("link", name=desk.t("Change or add something"))
    expect(again).to_be_visible()
    yield Cut("stakeholders/receipt", (page.locator("h1"), page.locator("section dl").first, again), (again,))


def _take_in(desk: Desk) -> Iterator[Cut]:
    """Yield an export from its drop to the figures that are published with it."""
    page, key = desk.page, desk.key
    desk.open("files")
    field, preview = page.get_by_test_id("stFileUploader").first, key("make-preview").locator("button")
    file = {"name": LAST_SURVEY, "mimeType": "text/csv", "buffer": write_last_survey()}
    field.locator("input[type=file]").set_input_files([file])
    expect(preview).to_be_enabled()
    desk.settle()
    shown = (*_head(desk), page.locator("h1"), field, preview)
    yield Cut(
        "staff/drop",
        shown,
        (_way(desk, ".parts", "Upload"), page.get_by_test_id("stFileUploaderDropzone"), preview),
    )
    preview.click()
    expect(key("try-answers")).to_be_visible(timeout=BUILD_MS)
    desk.settle()
    head, tried, asked = _heading(desk, "Questions"), key("try-answers"), key("question-item-0")
    read, other = (asked.get_by_test_id("stButtonGroup").nth(number) for number in (0, 1))
    for group, use in ((other, "Not used"), (read, "This one counts")):
        group.get_by_text(desk.t(use), exact=True).click()
        desk.settle()
    yield Cut("staff/columns", (head, asked), (read, other))
    word = key("question-item-1")
    own = desk.t("A status of its own, counted as: {status}", status=_label("discontinued", desk.lang))
    desk.choose(word, own)
    yield Cut("staff/words", (word, tried), (word.get_by_test_id("stSelectbox").first, tried))
    tried.locator("button").click()
    expect(_heading(desk, "What your answers change")).to_be_visible(timeout=BUILD_MS)
    expect(key("question-item-0")).to_have_count(0, timeout=BUILD_MS)
    expect(key("publish-upload")).to_be_visible(timeout=BUILD_MS)
    desk.settle()
    head, publish = _heading(desk, "Preview: what publishing would change"), key("publish-upload")
    figures = [
        page.locator(".figures").filter(has_text=desk.t(words)).first
        for words in ("Completion rate, up to", "Rows read")
    ]
    yield Cut("staff/figures", (head, publish, key("discard-upload"), *figures), (publish, *figures))
    publish.locator("button").click()
    undo = key("undo-upload")
    expect(undo).to_be_visible(timeout=BUILD_MS)
    desk.settle()
    yield Cut("staff/published", (page.get_by_test_id("stAlert").first, undo), (undo,))


def _label(status: str, lang: str) -> str:
    """Return the name of a status in a language."""
    with (SHIPPED_CAMPAIGN / "codelists" / "statuses.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(row[f"label_{lang}"] for row in csv.DictReader(file) if row["code"] == status)


def _head(desk: Desk) -> tuple[Locator, ...]:
    """Return the elements above every page."""
    return desk.key("header"), desk.page.locator(".sample")


def _way(desk: Desk, row: str, words: str) -> Locator:
    """Return a way of the header."""
    return desk.page.locator(row).get_by_role("link", name=desk.t(words), exact=True)


def _chart(desk: Desk) -> tuple[Locator, Locator]:
    """Return the chart by region, with its head."""
    return desk.key(f"card-head-{CHART}"), desk.key(f"card-{CHART}").locator("svg").filter(visible=True).first


def find_button(desk: Desk, key: str, words: str) -> Locator:
    """Return the button of these words, or the way to a file, in the part of the page that has this key."""
    exact = re.compile(rf"{re.escape(desk.t(words))}\s*$")  # an icon's name stands before them
    return desk.key(key).locator("a, button").filter(has_text=exact).first


def _heading(desk: Desk, words: str) -> Locator:
    return desk.page.get_by_role("heading", name=desk.t(words), exact=True).first


WEBSITE = """<!DOCTYPE html><html lang="{lang}"><body style="margin:0;background:#FFF;font:18px/1.5 Georgia,serif">
<main style="margin:70px 40px 0;width:720px;border:1px solid #CCC;padding:0 28px 16px">
<p style="margin:0 -28px 18px;padding:8px 28px;background:#EEE;font:14px/1.5 sans-serif;color:#444">
https://www.example.org</p>
<iframe src="{chart}" style="border:0;width:100%;height:620px"></iframe></main></body></html>"""
