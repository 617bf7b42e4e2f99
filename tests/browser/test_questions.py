"""Questions of a staff member, answered from the pages alone and held against pandas, which reads the exports itself.

Every question begins on Overview without filters. `docs/testing.md` lists them with their numbers of clicks.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import NamedTuple

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.paths import PROJECT
from tests.acceptance import samples
from tests.acceptance.reckoning import Reckoning
from tests.browser.ways import find_way, mark, open_page, settle, tile

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LAST = date(2022, 1, 13)
FILES = {"group": "stakeholder_groups", "country": "countries", "region": "regions", "theme": "themes"}


class Desk:
    """A reader's page; whatever is clicked is counted."""

    def __init__(self, page: Page, server: str) -> None:
        """Take a browser's page."""
        self.page = page
        self.server = server
        self.clicks = 0

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

    def choose(self, target: Locator, choice: str, role: str = "option") -> None:
        """Open a box or a menu and choose in it."""
        self.click(target)
        self.click(self.page.get_by_role(role, name=choice, exact=True))  # type: ignore[arg-type]

    def filter(self, parameter: str, choice: str) -> None:
        """Choose in a filter beside the page."""
        self.choose(self.page.locator(f".st-key-filter-{parameter} input"), choice)
        expect(self.page).to_have_url(re.compile(f"{parameter}="))
        self.settle()

    def mark(self, chart_id: str, stands_for: str) -> None:
        """Click a mark of a chart."""
        self.click(mark(self.page, chart_id, stands_for))
        expect(self.page).to_have_url(re.compile(stands_for.split()[-1].replace(":", "=")))
        self.settle()

    def row(self, chart_id: str, label: str) -> dict[str, str]:
        """A row of a chart's table by its headings, unfolded where it is not to be seen."""
        card = self.page.locator(f".st-key-card-{chart_id}")
        table = card.locator("table")
        expect(table).to_be_attached()
        if not table.is_visible():
            self.click(card.get_by_text("The same figures as a table"))
        read = "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent.trim()))"
        heading, *rows = table.evaluate(read)
        found = next(row for row in rows if label in row[:2])
        return dict(zip(heading, found, strict=True))

    def tile(self, name: str) -> str:
        """The value of a tile."""
        return tile(self.page, name).inner_text()

    def state(self) -> str:
        """Overview's sentences."""
        return self.page.locator("p.state").inner_text()

    def ranked(self, heading: str, kind: str) -> str:
        """The first entry of a list on Overview."""
        lists = self.page.locator(".st-key-ranks")
        expect(lists.get_by_role("link").nth(12)).to_be_visible()
        text = lists.inner_text()
        lines = [line.strip() for line in text.split(heading, 1)[1].splitlines() if line.strip()]
        return lines[next(number for number, line in enumerate(lines) if line.startswith(f"{kind}: ")) + 1]

    def settle(self) -> None:
        settle(self.page)
        self.page.wait_for_timeout(150)
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


class Truth:
    """What pandas makes of the exports."""

    def __init__(self, reckoning: Reckoning) -> None:
        """Take what pandas has read."""
        self.reckoning = reckoning

    def actions(self, day: date = LAST, **members: str) -> pd.DataFrame:
        """What is known on a day about the actions with all of these members, as `region="africa"`."""
        state = self.reckoning.state(day)
        known = self.reckoning.members
        for dimension, member in members.items():
            of = known[(known["dimension"] == dimension) & (known["member"] == member)]
            state = state[state.index.isin(of["action"])]
        return state

    def count(self, name: str, day: date = LAST, **members: str) -> int:
        """How many of them are completed, unknown …"""
        return int(self.actions(day, **members)[name].sum())

    def compared(self, dimension: str) -> dict[str, tuple[int, int, int]]:
        """By label: completed, unknown and all actions of the members that have five or more."""
        members = self.reckoning.members
        codes = [code for code in set(members[members["dimension"] == dimension]["member"]) if code != "unclassified"]
        counted = {
            code: tuple(self.count(name, **{dimension: code}) for name in ("completed", "unknown", "actions"))
            for code in codes
        }
        return {label(dimension, code): (c, u, n) for code, (c, u, n) in counted.items() if n >= 5}


@cache
def _labels(file: str) -> dict[str, str]:
    frame = pd.read_csv(PROJECT / "data" / "codelists" / f"{file}.csv", dtype=str, encoding="utf-8-sig")
    return dict(zip(frame["code"], frame["label_en"], strict=True))


def label(dimension: str, code: str) -> str:
    """A code in words, as the codelist's file has it."""
    return _labels(FILES[dimension])[code]


def numbers(text: str) -> tuple[int, ...]:
    """The whole numbers of a text."""
    return tuple(int(number) for number in re.findall(r"\d+", text))


def percent(part: int, whole: int) -> str:
    """A rate as the pages write it: halves round up."""
    return f"{(200 * part + whole) // (2 * whole)}%"


Ask = Callable[[Desk], object]
Expect = Callable[[Truth], object]


class Question(NamedTuple):
    """What is asked, how the pages answer, what pandas says, and how many clicks it takes."""

    words: str
    ask: Ask
    expect: Expect
    clicks: int


QUESTIONS: dict[str, Question] = {}


def question(words: str, clicks: int, expected: Expect) -> Callable[[Ask], Ask]:
    """Add the way to an answer to the questions."""

    def add(ask: Ask) -> Ask:
        QUESTIONS[ask.__name__] = Question(words, ask, expected, clicks)
        return ask

    return add


def _bounds(truth: Truth, day: date = LAST, **members: str) -> tuple[int, int, int]:
    completed, unknown, actions = (truth.count(name, day, **members) for name in ("completed", "unknown", "actions"))
    return completed, actions, completed + unknown


@question("Where are we against the clock?", 0, lambda truth: ("Behind the clock", *_bounds(truth)))
def clock(desk: Desk) -> object:
    words, counts = desk.state().split(":", 1)
    return (words, *numbers(counts)[:3])


@question("How many actions are silent?", 0, lambda t: (t.count("not_reported"), t.count("actions")))
def silent(desk: Desk) -> object:
    return numbers(desk.state().split("Silent:")[1])[:2]


def _since(truth: Truth) -> object:
    eve = date(2021, 11, 24)
    return tuple(truth.count(name, day) for name in ("completed", "unknown") for day in (eve, LAST))


@question("What has become known since the final wave began?", 0, _since)
def since(desk: Desk) -> object:
    return numbers(desk.state().split("completed")[-1])[:4]


def _least(truth: Truth) -> object:
    name, (c, u, n) = min(truth.compared("group").items(), key=lambda one: (one[1][0] + one[1][1]) / one[1][2])
    return name, c, n, c + u


@question("Which stakeholder group is furthest behind?", 0, _least)
def behind(desk: Desk) -> object:
    words = desk.ranked("Behind the clock", "Stakeholder groups")
    return (words.split(":")[0], *numbers(words.split(":")[1]))


@question(
    "Of which stakeholder group do most actions have no report?",
    0,
    lambda t: max(t.count("not_reported", group=code) for code in set(_codes(t, "group")) - {"unclassified"}),
)
def group_silent(desk: Desk) -> object:
    return numbers(desk.ranked("Silent: actions without a report", "Stakeholder groups").split(":")[1])[0]


def _codes(truth: Truth, dimension: str) -> list[str]:
    members = truth.reckoning.members
    return list(members[members["dimension"] == dimension]["member"])


def _row(truth: Truth, **members: str) -> object:
    names = ("actions", "reported", "completed", "unknown")
    return tuple(str(truth.count(name, **members)) for name in names)


def _figures(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("Actions", "Reported", "Completed", "Unknown"))


@question("How does Africa stand?", 1, lambda truth: _row(truth, region="africa"))
def africa(desk: Desk) -> object:
    desk.go("Regions")
    return _figures(desk.row("completion-by-region", "Africa"))


@question(
    "And how do the rest stand beside it?",
    2,
    lambda t: (_row(t, region="africa"), _row(t, region="americas"), _row(t, region="arab_states")),
)
def rest(desk: Desk) -> object:
    desk.go("Regions")
    desk.mark("completion-by-region", "region:africa")
    others = (f"{name} (for comparison)" for name in ("Americas", "Arab States"))
    return tuple(_figures(desk.row("completion-by-region", name)) for name in ("Africa", *others))


@question("What lies behind this bar: Africa, completed?", 3, lambda t: t.count("completed", region="africa"))
def behind_bar(desk: Desk) -> object:
    desk.go("Regions")
    desk.mark("status-overview", "region:africa status:completed")
    desk.click(desk.page.get_by_role("link", name=re.compile("Show these")))
    expect(desk.page.locator("h1")).to_have_text("Actions")
    return numbers(desk.page.get_by_text(re.compile(r"^Actions \d+ to \d+ of")).inner_text())[2]


@question("What was it on 1 July?", 1, lambda truth: _bounds(truth, date(2021, 7, 1)))
def first_of_july(desk: Desk) -> object:
    day = desk.page.locator(".st-key-filter-as_of").get_by_role("spinbutton").first
    desk.click(day)
    desk.page.keyboard.type("01072021")
    desk.page.keyboard.press("Escape")  # closes the calendar, and the day is taken
    expect(desk.page).to_have_url(re.compile("as_of=2021-07-01"))
    expect(desk.page.locator(".headline")).to_contain_text("1 July 2021")
    desk.settle()
    return numbers(desk.state().split(":", 1)[1])[:3]


@question(
    "What share has reported in Asia and the Pacific?",
    1,
    lambda t: percent(*(t.count(name, region="asia_and_the_pacific") for name in ("reported", "actions"))),
)
def reported_in_asia(desk: Desk) -> object:
    desk.go("Regions")
    return desk.row("completion-by-region", "Asia and the Pacific")["Reporting rate"]


@question("How many actions are overdue in the Americas?", 2, lambda t: str(t.count("overdue", region="americas")))
def overdue(desk: Desk) -> object:
    desk.go("Regions")
    return desk.row("status-overview", "Americas")["Overdue"]


@question("How does Western Africa stand?", 2, lambda truth: _row(truth, subregion="western_africa"))
def subregion(desk: Desk) -> object:
    desk.go("Regions")
    desk.mark("completion-by-region", "region:africa")
    return _figures(desk.row("completion-by-subregion", "Western Africa"))


@question("How far is mining?", 1, lambda truth: _row(truth, theme="mining"))
def mining(desk: Desk) -> object:
    desk.go("Themes")
    return _figures(desk.row("completion-by-theme", "Mining"))


@question("How far is mining in Africa?", 3, lambda truth: _row(truth, theme="mining", region="africa"))
def mining_in_africa(desk: Desk) -> object:
    desk.go("Themes")
    desk.filter("region", "Africa")
    return _figures(desk.row("completion-by-theme", "Mining"))


@question(
    "Which themes go well where: education in Africa?",
    2,
    lambda t: "/".join(str(t.count(name, theme="education", region="africa")) for name in ("completed", "actions")),
)
def education_in_africa(desk: Desk) -> object:
    desk.go("Explore")
    return desk.row("explore", "Education")["Africa"]


@question("How far are the governments?", 1, lambda truth: _row(truth, group="government"))
def governments(desk: Desk) -> object:
    desk.go("Groups")
    return _figures(desk.row("completion-by-group", "Governments"))


@question(
    "How many research actions have been given up?", 2, lambda t: str(t.count("discontinued", category="research"))
)
def research(desk: Desk) -> object:
    desk.go("Categories")
    return desk.row("status-by-category", "Research")["Discontinued"]


@question(
    "How is Kenya doing?", 3, lambda t: tuple(str(t.count(name, country="KEN")) for name in ("actions", "completed"))
)
def kenya(desk: Desk) -> object:
    desk.click(desk.page.get_by_role("button", name="Search"))
    box = desk.page.get_by_test_id("stPopoverBody").get_by_role("searchbox")
    desk.click(box)
    box.fill("Kenya")
    box.press("Enter")
    desk.click(desk.page.get_by_test_id("stPopoverBody").get_by_role("link", name="Kenya", exact=True))
    expect(desk.page.locator("h1")).to_have_text("Kenya")
    desk.settle()
    return desk.tile("Actions"), desk.tile("Completed")


@question("How many were completed in time?", 0, lambda truth: truth.count("on_time"))
def on_time(desk: Desk) -> object:
    return numbers(desk.page.locator(".tile", has_text="on time").inner_text())[-1]


@question(
    "What share was completed in time in Europe and Central Asia?",
    3,
    lambda t: percent(*(t.count(name, region="europe_and_central_asia") for name in ("on_time", "actions"))),
)
def on_time_in_europe(desk: Desk) -> object:
    desk.go("Regions")
    desk.choose(desk.page.locator(".st-key-measure-completion-by-region button"), "On-time rate", "menuitem")
    expect(desk.page).to_have_url(re.compile("measure="))
    desk.settle()
    return desk.row("completion-by-region", "Europe and Central Asia")["On-time rate"]


IN_EVERY_RUN = ("behind_bar", "first_of_july")


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth(samples.reckon())


@pytest.mark.parametrize(
    "names", [IN_EVERY_RUN, pytest.param(tuple(QUESTIONS), marks=pytest.mark.nightly)], ids=["some", "all"]
)
def test_the_pages_answer_as_pandas_does(
    reader: Page, sample_server: str, truth: Truth, names: tuple[str, ...]
) -> None:
    desk = Desk(reader, sample_server)
    wrong = []
    for name in names:
        asked = QUESTIONS[name]
        desk.begin()
        answer, expected = asked.ask(desk), asked.expect(truth)
        if (answer, desk.clicks) != (expected, asked.clicks):
            wrong.append((asked.words, answer, expected, desk.clicks))
    assert wrong == []


def test_the_document_lists_every_question_with_its_clicks() -> None:
    document = (PROJECT / "docs" / "testing.md").read_text(encoding="utf-8")
    missing = [line for one in QUESTIONS.values() if (line := f"| {one.words} | {one.clicks} |") not in document]
    assert missing == []
