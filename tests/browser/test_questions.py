"""Questions of a staff member, answered from the pages alone and held against the measures.

`tests/acceptance/test_rates_agree_with_pandas.py` holds those of the same sample against pandas. Every question begins
on Overview without filters. The number beside it is how many clicks its answer takes.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.formats import format_percent
from dashboard.measures.counts import by_dimension, headline
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from tests.browser.ways import find_way, mark, open_page, settle, tile

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Desk:
    """A reader's page; whatever is clicked is counted."""

    def __init__(self, page: Page, server: str) -> None:
        """Take a browser's page."""
        self.page, self.server, self.clicks = page, server, 0

    def begin(self) -> None:
        """Stand on Overview, without filters."""
        open_page(self.page, f"{self.server}/?lang=en")
        self.settle()
        self.clicks = 0

    def click(self, target: Locator) -> None:
        """Click, and wait until the page has answered."""
        target.click()
        self.clicks += 1
        self.settle()

    def go(self, title: str) -> None:
        """Open another page."""
        for link in find_way(self.page, title):
            self.click(link)
        expect(self.page.locator("h1")).to_have_text(title)
        self.settle()

    def sentence(self) -> tuple[str, ...]:
        """Return the figures of Overview's sentence."""
        return tuple(re.findall(r"\d+%?", self.page.locator("h1").inner_text()))

    def unfold(self, title: str) -> Locator:
        """Open a fold of Overview."""
        fold = self.page.locator("details", has=self.page.locator("summary", has_text=title))
        self.click(fold.locator("summary"))
        return fold

    def ranked(self, heading: str, kind: str) -> str:
        """Return the first entry of a list on Overview."""
        lists = self.unfold("Who is ahead, behind and silent")
        expect(lists.get_by_role("link").nth(12)).to_be_visible()
        text = lists.inner_text()
        lines = [line.strip() for line in text.split(heading, 1)[1].splitlines() if line.strip()]
        return lines[next(number for number, line in enumerate(lines) if line.startswith(f"{kind}: ")) + 1]

    def settle(self) -> None:
        settle(self.page)
        self.page.wait_for_timeout(150)
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def numbers(text: str) -> tuple[int, ...]:
    """Return the whole numbers of a text."""
    return tuple(int(number) for number in re.findall(r"\d+", text))


Ask = Callable[[Desk], object]
Expect = Callable[[Snapshot], object]


def read_clock(desk: Desk) -> object:
    words = desk.page.locator(".st-key-card-completion-over-time .finding").inner_text()
    return (words.split(":")[0], *desk.sentence())


def say(snapshot: Snapshot, day: date | None = None) -> tuple[str, ...]:
    """Return the figures of the sentence: the rate, the actions, the bound of the rate, the number of unknown ones."""
    total = headline(snapshot, Selection(as_of=day))
    rate, most = (format_percent(n, total.actions, "en") for n in (total.completed, total.completed + total.unknown))
    return rate, str(total.actions), most, str(total.unknown)


def read_bar(label: str) -> Ask:
    """Read the rate and the counts of a bar on Overview."""

    def ask(desk: Desk) -> object:
        bar = desk.page.locator(".rate-bars a").filter(has=desk.page.get_by_text(label, exact=True))
        return tuple(bar.inner_text().split()[-2:])

    return ask


def count(name: str, **filters: Any) -> Expect:
    """Count the actions of a selection that are completed, silent …"""
    return lambda snapshot: getattr(headline(snapshot, Selection(**filters)), name)


def write_bar(**filters: Any) -> Expect:
    """Count for such a bar."""

    def expect_bar(snapshot: Snapshot) -> object:
        total = headline(snapshot, Selection(**filters))
        return format_percent(total.completed, total.actions, "en"), f"{total.completed}/{total.actions}"

    return expect_bar


def read_since(desk: Desk) -> object:
    rows = desk.unfold("What changed since").locator(".figures table").first.locator("tbody tr")
    return tuple(numbers(" ".join(rows.nth(row).locator("td").all_inner_texts()[:2])) for row in (1, 2))


def count_since(snapshot: Snapshot) -> object:
    days = [headline(snapshot, Selection(as_of=day)) for day in (date(2021, 11, 24), None)]
    return tuple(tuple(getattr(one, name) for one in days) for name in ("completed", "unknown"))


def count_groups(snapshot: Snapshot) -> list[dict[Any, Any]]:
    """Count for each stakeholder group that has actions."""
    rows = by_dimension(snapshot, Selection(), "group").to_dict("records")
    return [row for row in rows if row["actions"] and row["code"] != "unclassified"]


def read_furthest_behind(desk: Desk) -> object:
    words = desk.ranked("Behind the clock", "Stakeholder groups")
    return (words.split(":")[0], *numbers(words.split(":")[1]))


def find_furthest_behind(snapshot: Snapshot) -> object:
    rows = [row for row in count_groups(snapshot) if row["actions"] >= 5]
    row = min(rows, key=lambda row: (row["completed"] + row["unknown"]) / row["actions"])
    label = snapshot.codes["stakeholder_groups"][row["code"]].labels["en"]
    return label, row["completed"], row["actions"], row["completed"] + row["unknown"]


def read_most_silent(desk: Desk) -> object:
    return numbers(desk.ranked("Silent: actions without a report", "Stakeholder groups").split(":")[1])[0]


def search_for(words: str, option: str, title: str) -> Ask:
    """Search from the header and open the first result, which is called `option`."""

    def ask(desk: Desk) -> object:
        field = desk.page.get_by_role("combobox", name="Search")
        desk.click(field)
        field.press_sequentially(words)
        first = desk.page.get_by_role("option").first
        expect(first).to_contain_text(option)
        field.press("Enter")
        expect(desk.page.locator("h1")).to_have_text(title)
        desk.settle()
        counts = desk.page.locator(".list-count")
        return numbers(counts.first.inner_text()) if counts.count() else ()

    return ask


def read_mark(chart_id: str, stands_for: str, *names: str, before: Ask) -> Ask:
    """Read the figures of a chart's mark under the pointer, by their names."""

    def ask(desk: Desk) -> object:
        before(desk)
        shown = mark(desk.page, chart_id, stands_for)
        expect(shown).to_be_visible()
        said = shown.get_attribute("aria-label") or ""
        return tuple(re.findall(rf"{name}: ([^.]+)", said)[0] for name in names)

    return ask


def rate(name: str, **filters: Any) -> Expect:
    """Count for such a mark: a share with its counts."""

    def expect_rate(snapshot: Snapshot) -> object:
        total = headline(snapshot, Selection(**filters))
        part = getattr(total, name)
        return (f"{format_percent(part, total.actions, 'en')} ({part}/{total.actions})",)

    return expect_rate


def go(title: str, part: str = "") -> Ask:
    """Open a page, or one of its parts."""

    def ask(desk: Desk) -> object:
        desk.go(title)
        if part:
            desk.click(desk.page.locator("nav.parts").get_by_role("link", name=part, exact=True))
        return None

    return ask


def go_to_the_first_of_july(desk: Desk) -> object:
    desk.click(desk.page.locator("[data-chip=as_of] > button").first)
    desk.page.get_by_label("As of", exact=True).and_(desk.page.locator("[type=date]")).fill("2021-07-01")
    expect(desk.page).to_have_url(re.compile("as_of=2021-07-01"))
    expect(desk.page.locator("[data-chip=as_of]")).to_contain_text("1 July 2021")
    desk.settle()
    return desk.sentence()


def read_kenya(desk: Desk) -> object:
    search_for("kenia", "Kenya", "Kenya")(desk)  # as it is written elsewhere
    return tuple(tile(desk.page, name).inner_text() for name in ("Actions", "Completed"))


RATE = "Completion rate"
QUESTIONS: dict[str, tuple[int, Ask, Expect]] = {
    "Where are we against the clock?": (0, read_clock, lambda snapshot: ("Behind the clock", *say(snapshot))),
    "How many actions are silent?": (
        1,
        lambda desk: numbers(desk.unfold("Who is ahead, behind and silent").locator(".finding").inner_text())[:2],
        lambda snapshot: (count("not_reported")(snapshot), count("actions")(snapshot)),
    ),
    "What has become known since the final wave began?": (1, read_since, count_since),
    "Which stakeholder group is furthest behind?": (1, read_furthest_behind, find_furthest_behind),
    "Of which stakeholder group do most actions have no report?": (
        1,
        read_most_silent,
        lambda snapshot: max(row["not_reported"] for row in count_groups(snapshot)),
    ),
    "How does Africa stand?": (0, read_bar("Africa"), write_bar(regions=("africa",))),
    "And how do the rest stand beside it?": (
        0,
        lambda desk: [read_bar(label)(desk) for label in ("Americas", "Arab States")],
        lambda snapshot: [write_bar(regions=(code,))(snapshot) for code in ("americas", "arab_states")],
    ),
    "What lies behind this bar: Africa, completed?": (
        1,
        lambda desk: search_for("completed africa", "Africa · Completed", "Actions")(desk)[-1],
        count("completed", regions=("africa",)),
    ),
    "What was it on 1 July?": (1, go_to_the_first_of_july, lambda snapshot: say(snapshot, date(2021, 7, 1))),
    "What share has reported in Asia and the Pacific?": (
        1,
        read_mark("completion-by-region", "region:asia_and_the_pacific", "Reporting rate", before=go("Regions")),
        rate("reported", regions=("asia_and_the_pacific",)),
    ),
    "How many actions are overdue in the Americas?": (
        1,
        lambda desk: search_for("overdue americas", "Americas · Overdue", "Actions")(desk)[-1],
        count("overdue", regions=("americas",)),
    ),
    "How does Western Africa stand?": (
        2,
        read_mark("completion-by-subregion", "subregion:western_africa", RATE, before=go("Regions", "Subregions")),
        rate("completed", subregions=("western_africa",)),
    ),
    "How far is mining?": (0, read_bar("Mining"), write_bar(themes=("mining",))),
    "How far is mining in Africa?": (
        1,
        read_mark("explore", "theme:mining region:africa", "Completed", before=go("Explore")),
        rate("completed", themes=("mining",), regions=("africa",)),
    ),
    "Which themes go well where: education in Africa?": (
        1,
        read_mark("explore", "theme:education region:africa", "Completed", before=go("Explore")),
        rate("completed", themes=("education",), regions=("africa",)),
    ),
    "How far are the governments?": (
        2,
        read_mark("completion-by-group", "group:government", RATE, before=go("Regions", "Groups")),
        rate("completed", groups=("government",)),
    ),
    "How many research actions have no report?": (
        1,
        read_mark(
            "status-by-category", "category:research status:not_reported", "No report yet", before=go("Categories")
        ),
        rate("not_reported", categories=("research",)),
    ),
    "How is Kenya doing?": (
        1,
        read_kenya,
        lambda snapshot: tuple(str(count(name, countries=("KEN",))(snapshot)) for name in ("actions", "completed")),
    ),
    "How many were completed in time?": (
        1,
        lambda desk: numbers(
            desk.unfold("More figures").locator(".tile", has_text="on time").inner_text().split(" on time")[0]
        )[-1],
        count("on_time"),
    ),
    "What share was completed in time in Europe and Central Asia?": (
        1,
        read_mark(
            "explore",
            "region:europe_and_central_asia",
            "On-time rate",
            before=search_for("in time", "Completed on time", "Explore"),
        ),
        rate("on_time", regions=("europe_and_central_asia",)),
    ),
}
"""The questions: the number of clicks, the pages' answer, the answer of the measures."""


@pytest.fixture(scope="module")
def sample(sample_published: Path) -> Snapshot:
    """Return the published sample, which the server shows."""
    return current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(sample_published.parent)}))


@pytest.mark.nightly
def test_the_pages_answer_as_the_measures_do(reader: Page, sample_server: str, sample: Snapshot) -> None:
    desk = Desk(reader, sample_server)
    wrong = []
    for words, (clicks, ask, expected) in QUESTIONS.items():
        desk.begin()
        answers = ((ask(desk), desk.clicks), (expected(sample), clicks))
        if answers[0] != answers[1]:
            wrong.append((words, *answers))
    assert wrong == []
