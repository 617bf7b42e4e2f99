"""The time of a source's next request, the thread that makes it, and an hour of it with nobody at hand."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.unattended import Fault, find_wait, join_faults
from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import FetchNote, Outcome, SourceNote
from dashboard.campaign.sources import Source
from dashboard.errors import UserError
from dashboard.paths import PROJECT
from etl.commands import watch
from etl.commands.source import add_source
from etl.commands.watch import Fetcher
from etl.sources import fetching

NOW = datetime(2021, 7, 1, 12, tzinfo=UTC)
SOURCE = Source.model_validate(
    {"name": "midyear", "tool": "web", "address": "https://forms.example.org/a.csv", "every": "15m"}
)


def wait(failures: int, asked_to: float | None = None, chance: float = 0.0) -> timedelta:
    return fetching.plan_next(SOURCE, failures, asked_to, NOW, lambda: chance) - NOW


def test_after_failures_it_is_asked_later_and_later():
    for failures, hours in {1: 0.25, 2: 0.5, 3: 1, 5: 4, 6: 6, 60: 6}.items():
        assert wait(failures) == timedelta(hours=hours)
        assert wait(failures) < wait(failures, chance=1.0) <= wait(failures) * 1.1


def test_on_schedule_it_is_asked_no_later_than_its_interval_and_a_pause_is_given_within_reason():
    assert (wait(0), wait(0, chance=1.0)) == (SOURCE.every, SOURCE.every * 0.9)
    assert wait(1, 3600) == timedelta(hours=1)
    assert wait(1, 1e9) == fetching.LONGEST_PAUSE


def test_a_clock_that_was_put_back_stops_no_source():
    planned = {"": True, "2021-07-01T12:00:00+00:00": True, "2021-07-01T12:14:00+00:00": False,
               "2031-01-01T00:00:00+00:00": True}  # fmt: skip
    assert {at: fetching.is_due(SOURCE, SourceNote(next_at=at), NOW) for at in planned} == planned


def test_the_fetcher_asks_what_is_due_once_and_goes_on_after_every_failure(tmp_path, monkeypatch):
    folder = CampaignFolder(tmp_path)
    for name in "abc":
        address = f"https://forms.example.org/{name}.csv"
        add_source(folder, SOURCE.model_copy(update={"name": name, "address": address}))
    said: list[str] = []
    asked: list[str] = []

    def ask(folder, source, _progress):
        asked.append(source.name)
        if source.name == "a":
            raise UserError("The log is in use.", "Wait.")
        if source.name == "b":
            raise ZeroDivisionError
        note = FetchNote(fetching.now().isoformat(), Outcome.NEW, added=3, answers=8)
        later = (fetching.now() + timedelta(minutes=5)).isoformat()
        source_notes.write(folder.private, source.name, SourceNote(next_at=later).after(note))
        return note

    monkeypatch.setattr(watch, "fetch", ask)
    watching = Fetcher(folder, said.append)
    for _ in range(3):
        watching.look()
    assert asked == ["a", "b", "c"]
    assert said == [
        "Web, a: The log is in use. Wait.",
        "Web, b: The program has an error. The program will try again automatically; the log has details.",
        "Web, c: 8 answers, 3 new.",
    ]
    assert source_notes.read(folder.private, "b").failures == 1
    (tmp_path / "campaign.toml").write_text("no TOML")
    watching.look()
    watching.look()
    assert len(said) == 4 and "not fetched" in said[-1]


@pytest.mark.browser
@pytest.mark.nightly
@pytest.mark.parametrize("minutes", [12])
def test_every_answer_reaches_every_open_page_though_the_tools_fail_meanwhile(minutes, tmp_path):
    words = ["--minutes", str(minutes), "--gap", "40", "--slack", "60", "--log", str(tmp_path / "unattended.log")]
    command = [sys.executable, "-m", "benchmarks.unattended", *words]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_faults_between_which_a_tool_is_not_asked_count_as_one():
    first, second, other = Fault("kobo", "500", 0, 130), Fault("kobo", "away", 300, 370), Fault("lime", "cut", 310, 380)
    later = Fault("kobo", "500", 2000, 2010)
    joined = join_faults([second, first, other, later], 60)
    assert [(one.source, one.start, one.end) for one in joined] == [
        ("kobo", 0, 370),
        ("kobo", 2000, 2010),
        ("lime", 310, 380),
    ]
    assert find_wait(joined[0], 60) == pytest.approx(430 * 1.1)
