"""The one-file briefing in a real browser, without a server: complete, accessible, as wide as the screen."""

from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from dashboard.briefings.html import render_html
from dashboard.charts.catalogue import CATALOGUE
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.papers import Paper
from tests.presentations import share_all

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def document(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a briefing's file."""
    file = tmp_path_factory.mktemp("briefing") / "briefing.html"
    file.write_text(render_html(share_all(snapshot, Selection(lang="fr"))), encoding="utf-8")
    return Path(file).as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), pytest.param(1280, "light", marks=pytest.mark.nightly)])
def test_the_document_stands_alone_at_every_width_and_in_both_schemes(
    browser: Browser, document: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: complaints.append(request.url) if request.url != document else None)
    page.goto(document)
    visible = page.locator("svg:visible")
    assert visible.count() == len(CATALOGUE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert complaints == []
    context.close()


def test_the_document_prints_a_page_for_every_chart_and_none_has_only_a_few_rows(
    browser: Browser, document: str
) -> None:
    page = browser.new_page()
    page.goto(document)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") >= len(CATALOGUE) + 2
    page.evaluate(
        """document.querySelectorAll('details').forEach((one, number) => {
            const rows = one.querySelector('tbody'), count = 12 + number;
            one.open = true;
            while (rows.rows.length > count) rows.deleteRow(0);
            while (rows.rows.length < count) rows.append(rows.rows[0].cloneNode(true));
        })"""
    )
    paper = Paper(BytesIO(page.pdf(prefer_css_page_size=True, tagged=True)))
    page.close()
    rows = [[row for row in table.find("TR") if row.find("TD")] for table in paper.tree.find("Table")]
    together = [Counter(min(row.pages) for row in table) for table in rows]
    assert [sum(counts.values()) for counts in together] == list(range(12, 12 + len(CATALOGUE)))
    assert any(len(counts) > 1 for counts in together)
    assert all(min(counts.values()) >= 4 for counts in together)
