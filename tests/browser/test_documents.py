"""Documents of one file, in a real browser without a server: a briefing in HTML, a digest."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from dashboard.campaign.brand import PLAIN
from dashboard.charts.catalogue import CATALOGUE
from dashboard.files.briefings.html import render_html
from dashboard.mail.digest import CHART_WIDTH, Period, gather, show_pictures, write_html
from dashboard.mail.subscribers import Wish
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.browser.looks import examine
from tests.papers import Paper
from tests.presentations import ONE_A_KIND, compose_some

pytestmark = pytest.mark.browser
OF_PAGES = ("landmark-one-main", "region")
"""Landmarks are those of the program that shows the mail, among which it is one article."""


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("charts", "width", "scheme"),
    [(ONE_A_KIND, 320, "dark"), pytest.param(tuple(CATALOGUE), 1280, "light", marks=pytest.mark.nightly)],
    ids=["few", "all"],
)
def test_a_briefing_stands_alone_at_every_width_in_both_schemes_and_prints_a_page_for_every_chart(
    desk_page: Page, snapshot: Snapshot, tmp_path: Path, charts: tuple[str, ...], width: int, scheme: Any
) -> None:
    file = tmp_path / "briefing.html"
    file.write_text(render_html(compose_some(snapshot, Selection(lang="fr"), *charts)), encoding="utf-8")
    page = desk_page.context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda asked: complaints.append(asked.url) if asked.url != file.as_uri() else None)
    page.goto(file.as_uri())
    assert page.locator("svg:visible").count() == len(charts)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert examine(page) == []
    assert complaints == []
    page.set_viewport_size({"width": 1000, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    cut = "tables => tables.filter(table => table.scrollWidth > table.clientWidth).map(table => table.ariaLabel)"
    assert page.locator(".table").evaluate_all(cut) == [], "every column is seen on an ordinary screen"
    check_prints(page, len(charts))
    page.close()


def check_prints(page: Page, charts: int) -> None:
    """Check that every chart has a page, and no page only a few rows of its table."""
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") >= charts + 2
    page.evaluate(
        """document.querySelectorAll('details').forEach((one, number) => {
            const rows = one.querySelector('tbody'), count = 12 + number;
            one.open = true;
            while (rows.rows.length > count) rows.deleteRow(0);
            while (rows.rows.length < count) rows.append(rows.rows[0].cloneNode(true));
        })"""
    )
    paper = Paper(BytesIO(page.pdf(prefer_css_page_size=True, tagged=True)))
    rows = [[row for row in table.find("TR") if row.find("TD")] for table in paper.tree.find("Table")]
    together = [Counter(min(row.pages) for row in table) for table in rows]
    assert [sum(counts.values()) for counts in together] == list(range(12, 12 + charts))
    assert any(len(counts) > 1 for counts in together)
    assert all(min(counts.values()) >= 4 for counts in together)


@pytest.mark.nightly
def test_a_digest_is_drawn_whole_without_fetching_anything(desk_page: Page, snapshot: Snapshot) -> None:
    period = Period(None, datetime(2022, 1, 10, tzinfo=UTC), date(2021, 6, 1))
    digest = replace(
        gather(snapshot, Wish("fr"), period, "https://actions.example.org", "office@example.org"), is_sample=True
    )
    page = desk_page.context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(show_pictures(digest, write_html(digest), PLAIN))
    check_looks(page, "light", 390)
    check_looks(page, "dark", 1280)
    assert [url for url in asked if not url.startswith("data:")] == []
    page.close()


def check_looks(page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """Check that the mail fits with all its pictures, is as dark as its reader's program, and accessible."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    pictures = page.locator("img")
    assert pictures.count() == 2
    drawn = [pictures.nth(place).evaluate("img => img.decode().then(() => img.naturalWidth)") for place in range(2)]
    assert drawn == [2 * CHART_WIDTH] * 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".sheet").evaluate("sheet => sheet.offsetWidth") <= 632
    ground = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    assert [finding for finding in examine(page) if finding.rule not in OF_PAGES] == []
