"""Fixtures that several test modules share."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.internal import charmap
from hypothesis.internal.conjecture import providers
from hypothesis.internal.intervalsets import IntervalSet
from starlette.applications import Starlette
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from dashboard import languages
from dashboard.ground.processes import progress, runner
from dashboard.paths import LOCALES
from dashboard.settings import Settings, read_again
from dashboard.snapshot.database import Snapshot, current
from dashboard.web.handouts import Store
from tests.cases import of_which
from tests.charts_over_http import answer_alone, make_app
from tests.once import (
    collect_no_garbage,
    fold_once,
    judge_once,
    leave_what_is_loaded,
    read_shipped_once,
    wait_for_no_disk,
)
from tests.shipped import LANGUAGES
from tests.snapshots import publish_fixture
from tests.worked_here import WorkersHere, clean_here

HERE = Path(__file__).parent
WHOLE_CAMPAIGNS = (
    "acceptance/",
    "etl/pipeline/",
    "etl/commands/",
    "etl/forget/",
    "etl/publish/",
    "etl/recipes/",
)
"""The files in which nearly every test builds a campaign."""
PAGES = "app/"
EVERY_PAGE = "app/test_pages.py"


def _read_settings_after(change: Callable[..., None]) -> Callable[..., None]:
    """Have settings follow a test's environment and folder; pytest notes there, three times a test, which it runs."""

    @wraps(change)
    def change_it(*given: Any) -> None:
        change(*given)
        if change.__name__ == "chdir" or os.fsencode(given[0]).startswith(b"DASHBOARD_"):
            read_again()

    return change_it


for name in ("chdir", "putenv", "unsetenv"):  # the environment is changed by the last two
    setattr(os, name, _read_settings_after(getattr(os, name)))
collect_no_garbage()
read_shipped_once()
fold_once()
judge_once()
wait_for_no_disk()

settings.register_profile("few", max_examples=20, deadline=None, derandomize=True)
settings.register_profile("many", max_examples=200, deadline=None)
settings.load_profile("few")


@cache
def _find_place(path: Path) -> str:
    """Find a file's place in this folder."""
    return path.relative_to(HERE).as_posix()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out by folder for `make test-quick`: builds, and pages one interaction after the other."""
    for item in items:
        place = _find_place(item.path)
        if place.startswith((*WHOLE_CAMPAIGNS, PAGES)) and place != EVERY_PAGE:
            item.add_marker(pytest.mark.slow)


class _GroupsInOrder:
    """Sorts what pytest-randomly has shuffled: groups that take long first, so that no process ends long after others.

    Attributes:
        LONG: Groups of few cases that take long, or wait long for browsers, servers and commands; the longest first.
        COSTS: What a case of a folder takes, in relation to one of `tests/dashboard`.
    """

    LONG = (
        "browser/",
        "deploy/test_documents.py",
        "deploy/test_wheel.py",
        "app/test_first_campaign.py",
        "acceptance/test_planted_people.py",
        "outside/",
        "etl/forget/test_everywhere.py",
        "etl/commands/test_verify.py",
        "dashboard/files/extracts/workbook/",
    )
    COSTS = {"acceptance": 8, "app": 6, "etl": 4, "deploy": 20, "dashboard": 1}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the drawn order within a group, and put the groups in the order of their time."""
        places = [_find_place(item.path) for item in items]
        cases = Counter(places)

        def rank(place: str) -> tuple[int, int]:
            long = next((number for number, start in enumerate(self.LONG) if place.startswith(start)), len(self.LONG))
            return long, -cases[place] * self.COSTS.get(place.partition("/")[0], 1)

        order = sorted(range(len(items)), key=lambda number: rank(places[number]))
        items[:] = [items[number] for number in order]


class _ByWhatIsShared(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """One process runs all tests of a file, which share its campaigns, and one all that share a server and Chromium."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "browser" if file.startswith("tests/browser/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByWhatIsShared:
    """Schedule groups of tests on processes in the order of collection (`_GroupsInOrder`)."""
    config.option.loadscopereorder = False
    return _ByWhatIsShared(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: for a fifth of their time tests wait, for browsers and servers."""
    return len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Draw examples without the constants of every loaded module, unless many are drawn: to find them all is dear.

    Groups of tests are put in order. Hypothesis is told which characters UTF-8 has, all but surrogates: in a fresh copy
    of the project each process of the tests would try every one.
    """
    config.pluginmanager.register(_GroupsInOrder())
    find_intervals, of_utf8 = charmap.intervals_from_codec, IntervalSet([(0, 0xD7FF), (0xE000, 0x10FFFF)])
    vars(charmap)["intervals_from_codec"] = lambda codec: (
        (of_utf8, IntervalSet()) if codec == "utf-8" else find_intervals(codec)
    )
    if config.getoption("--hypothesis-profile") != "many":
        providers._get_local_constants = lambda: providers._local_constants


def pytest_collection_finish() -> None:
    """Everything is loaded and collected."""
    leave_what_is_loaded()


@pytest.fixture(params=of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def lang(request: pytest.FixtureRequest) -> str:
    """Return the reader's language: each in turn by night, and by day one in which an untranslated text is noticed."""
    return request.param


@pytest.fixture(scope="session")
def campaign_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a campaign folder with the fixture snapshot published in it; do not write into it."""
    folder = tmp_path_factory.mktemp("fixture campaign")
    publish_fixture(folder)
    return folder


@pytest.fixture(scope="session")
def snapshot(campaign_folder: Path) -> Snapshot:
    """Return the fixture snapshot, open for reading."""
    return current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign_folder)}))


@pytest.fixture(autouse=True, scope="module")
def languages_of_the_module() -> Iterator[None]:
    """Languages that a module's campaigns have brought along are gone with it, as with a program's end."""
    yield
    others = [place for place in languages._places if place != LOCALES]
    for place in others:
        del languages._places[place]
    if others:
        languages.read_settings.cache_clear()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return an empty store of finished answers, for one test alone."""
    with answer_alone(monkeypatch) as own:
        yield own


@pytest.fixture
def workers_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make files in the test's process."""
    made = WorkersHere()
    monkeypatch.setattr(runner, "default_workers", lambda: made)


@pytest.fixture
def cleaned_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clean files that are handed in in the test's process, without the limits of one of its own."""
    clean_here(monkeypatch)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect the shares of progress that a worker in the test's process reports."""
    shares: list[float] = []

    def note(share: float) -> None:
        first, last = progress._teller.span
        shares.append(first + (last - first) * share)

    monkeypatch.setattr(progress._teller, "tell", note)
    return shares


@pytest.fixture
def app(campaign_folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """Return the charts' server of the fixture campaign, with `store`."""
    return make_app(campaign_folder, monkeypatch)
