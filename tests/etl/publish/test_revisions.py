"""What publications said and what is known since: parts sum to the whole, whatever happens in between."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import duckdb
import pytest

from dashboard.campaign.builds import REVISIONS
from dashboard.errors import SelectionError
from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.spoken_days import KEPT_BY, KEPT_COUNTS, SpokenDay, list_spoken_days
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection
from etl.publish import history, publish
from etl.publish.holding import restore
from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.program import run_on
from tests.etl.registers import action, register, reports

PLACES, THEMES = (
    ("Kenya", "Brazil", "Nepal", "Kenya; Brazil"),
    ("Education", "Social protection", "Education; Research"),
)
WORDS = ("Zzz", "Yyy")
"""Statuses that staff settle later."""
ATTRIBUTES = {f.parameter: f.attribute for f in FILTERS}


class Campaign:
    """A campaign whose files change at random, as those of a year do."""

    def __init__(self, root, seed: int) -> None:
        """Begin with ten actions and three reports."""
        self.draw = Random(seed)  # noqa: S311
        self.folder = make_campaign(root, {})
        self.actions: dict[str, str] = {}
        self.reports: dict[str, tuple[str, date, str]] = {}
        self.settled: dict[str, str] = {}
        self.day = date(2021, 6, 1)
        for _ in range(10):
            self.add_action()
        self.add_report()
        self.publish()

    def add_action(self) -> None:
        ref = str(len(self.actions) + 1)
        where, theme = self.draw.choice(PLACES), self.draw.choice(THEMES)
        self.actions[ref] = action(ref, f"Maker {ref}", f"Promise {ref}", Where=where, Themes=theme, Sent="2021-02-01")

    def add_report(self) -> None:
        """Add three reports of any days up to the present one: some come late."""
        self.day += timedelta(days=self.draw.choice((0, 3)))
        states = ("Completed", "Ongoing", self.draw.choice(WORDS))
        for ref, state in zip(self.draw.sample(list(self.actions), 3), states, strict=True):
            on_day = self.day - timedelta(days=self.draw.choice((0, 0, 5, 20)))
            self.reports[f"r{len(self.reports) + 1}"] = (ref, on_day, state)

    def correct(self) -> None:
        if standing := [name for name, (_, _, state) in self.reports.items() if state]:
            ref, on_day, state = self.reports[name := self.draw.choice(standing)]
            is_moved = self.draw.random() < 0.5
            self.reports[name] = (ref, on_day - timedelta(days=9), state) if is_moved else (ref, on_day, "Completed")

    def remove(self) -> None:
        if (standing := [name for name, (_, _, state) in self.reports.items() if state]) and self.draw.random() < 0.7:
            ref, on_day, _ = self.reports[name := self.draw.choice(standing)]
            self.reports[name] = (ref, on_day, "")
        elif len(living := [ref for ref, row in self.actions.items() if row]) > 4:
            self.actions[self.draw.choice(living)] = ""

    def decide(self) -> None:
        """Settle a word, or settle it otherwise than before."""
        word = self.draw.choice(WORDS)
        self.settled[word] = "in_progress" if self.settled.get(word) == "completed" else "completed"

    def publish(self) -> None:
        rows = [
            f"{name},{ref},,,{day}T10:{int(name[1:]) % 60:02}:00,{state}"
            for name, (ref, day, state) in self.reports.items()
            if state
        ]
        (self.folder.inbox / "actions.csv").write_text(register(*self.actions.values()))
        (self.folder.inbox / "reports.csv").write_text(reports(*rows))
        if self.settled:
            lines = "".join(f"statuses,{word},{code}\n" for word, code in self.settled.items())
            (self.folder.root / "spellings.csv").write_text(f"codelist,word,means\n{lines}")
        publish_campaign(self.folder)


CHANGES: dict[str, Callable[[Campaign], None]] = {
    "new_actions": Campaign.add_action,
    "new_reports": Campaign.add_report,
    "corrections": Campaign.correct,
    "decisions": Campaign.decide,
    "removals": Campaign.remove,
}
"""Changes, by the only cause that they may have where nothing else changes."""


def open_current(folder) -> Snapshot:
    return database.current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)}))


def read_rows(folder) -> list[tuple]:
    with duckdb.connect() as connection:
        return connection.execute(f"from '{folder.published / REVISIONS}' order by all").fetchall()


def count_anew(snapshot: Snapshot) -> dict[tuple[str, str], Selection]:
    """List a selection for all actions, and one for each member with an action, by dimension and member."""
    found = {("all", "all"): Selection()}
    for name in KEPT_BY:
        for code in by_dimension(snapshot, Selection(), name)["code"]:
            found[name, code] = replace(Selection(), **{ATTRIBUTES[name]: (code,)})
    return found


def assert_sums(snapshot: Snapshot) -> list[SpokenDay]:
    """Check that what is known is what pages show of each day, in all and of each member; return the days of all."""
    for selection in count_anew(snapshot).values():
        for spoken in list_spoken_days(snapshot, selection):
            total = headline(snapshot, replace(selection, as_of=spoken.day))
            assert spoken.figures_now == {name: getattr(total, name) for name in KEPT_COUNTS}, (selection, spoken)
    return list_spoken_days(snapshot, Selection())


def list_causes(folder, since: int) -> set[str]:
    """List the causes of the publications after so many."""
    return {row[7] for row in read_rows(folder) if row[0] > since} - {"said", "published"}


@pytest.mark.nightly
@pytest.mark.parametrize("publications", [5, pytest.param(50, marks=pytest.mark.nightly)])
def test_parts_sum_to_the_whole_over_many_publications(publications, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "4")
    campaign = Campaign(tmp_path / "c", seed=publications)
    said: dict[date, tuple[int, ...]] = {}
    seen, changed = set[str](), 0
    for number in range(1, publications):
        names, before = list(CHANGES), read_rows(campaign.folder)[-1][0]
        chosen = [names[number % len(names)]] if number % 3 else campaign.draw.sample(names, 3)
        if number == publications - 2:
            kept = [entry["build_id"] for entry in history.read_history(campaign.folder)]
            restore(campaign.folder, kept[2])
        else:
            for name in chosen:
                CHANGES[name](campaign)
            campaign.publish()
        causes = list_causes(campaign.folder, before)
        seen |= causes
        if len(chosen) == 1 and number not in (publications - 2, publications - 1):
            assert causes <= {*chosen}, (number, chosen)
        snapshot = open_current(campaign.folder)
        days = assert_sums(snapshot)
        figures = {day.day: tuple(day.figures_then[name] for name in KEPT_COUNTS) for day in days}
        said = figures | said
        assert figures == said  # what was said stays
        changed += sum(day.figures_then != day.figures_now for day in days)
    assert changed
    assert seen == {*CHANGES} if publications == 50 else seen < {*CHANGES}


@pytest.fixture(scope="module")
def published_thrice(tmp_path_factory):
    """Publish a campaign of two actions, then a report, then an earlier one that came late; do not write into it."""
    rows = register(action("1", promise="First", Where="Kenya"), action("2", promise="Second"))
    folder = make_campaign(tmp_path_factory.mktemp("thrice") / "c", {"actions.csv": rows})
    for lines in ((), ("r1,1,,,2021-07-01,Completed",), ("r1,1,,,2021-07-01,Completed", "r2,2,,,2021-06-01,Completed")):
        (folder.inbox / "reports.csv").write_text(reports(*lines))
        publish_campaign(folder)
    return folder


@pytest.fixture
def folder(published_thrice, tmp_path):
    return copy_campaign(published_thrice, tmp_path / "c")


def test_each_change_has_its_publication_and_cause(folder):
    (newest, oldest), snapshot = assert_sums(open_current(folder)), open_current(folder)
    assert (newest.day, newest.figures_then["completed"], newest.figures_now["completed"]) == (date(2021, 7, 1), 1, 2)
    assert [set(step.parts) for step in newest.steps] == [{"new_reports"}]
    assert (oldest.day, oldest.figures_then, oldest.steps) == (date(2021, 1, 1), oldest.figures_now, ())
    (africa, _) = list_spoken_days(snapshot, Selection(regions=("africa",)))
    assert (africa.figures_then["completed"], africa.figures_now["completed"], africa.steps) == (1, 1, ())
    assert list_spoken_days(snapshot, Selection(as_of=date(2021, 3, 1))) == [oldest]
    with pytest.raises(SelectionError, match="cannot be filtered otherwise"):
        list_spoken_days(snapshot, Selection(countries=("KEN",)))


@pytest.mark.nightly
def test_publishing_the_same_again_adds_nothing_and_the_same_content_no_change(folder):
    before = read_rows(folder)
    publish_campaign(folder)
    assert read_rows(folder) == before
    (folder.inbox / "reports.csv").rename(folder.inbox / "answers.csv")  # another build, the same content
    publish_campaign(folder)
    assert [row[7] for row in read_rows(folder)[len(before) :]] == ["published"]


@pytest.mark.nightly
@pytest.mark.parametrize("content", [b"PAR1 no more", pytest.param(None, marks=pytest.mark.nightly)])
def test_a_damaged_or_missing_file_is_begun_anew_from_the_builds_that_are_kept(folder, content):
    before = read_rows(folder)
    (folder.published / REVISIONS).unlink()
    if content is not None:
        (folder.published / REVISIONS).write_bytes(content)
    assert list_spoken_days(open_current(folder), Selection()) == []
    (folder.inbox / "reports.csv").rename(folder.inbox / "answers.csv")
    publish_campaign(folder)
    assert read_rows(folder)[: len(before)] == before
    assert_sums(open_current(folder))


@pytest.mark.nightly
@pytest.mark.parametrize("content", [b"no database", pytest.param(None, marks=pytest.mark.nightly)])
def test_a_kept_build_that_cannot_be_read_is_passed_over(folder, content):
    newest, *others, oldest = history.read_history(folder)
    (folder.published / REVISIONS).unlink()
    (folder.published / oldest["snapshot"]).unlink()
    if content is not None:
        (folder.published / oldest["snapshot"]).write_bytes(content)
    (folder.inbox / "reports.csv").rename(folder.inbox / "answers.csv")
    publish_campaign(folder)
    coming = history.read_pointer(folder)["build_id"]
    assert {row[2] for row in read_rows(folder)} == {coming, *(entry["build_id"] for entry in (newest, *others))}
    assert_sums(open_current(folder))


@pytest.mark.nightly
def test_a_change_since_a_build_that_is_gone_is_not_told_apart(folder, caplog):
    history.published_snapshot(folder).unlink()
    (folder.inbox / "reports.csv").write_text(reports("r1,1,,,2021-07-01,Completed"))
    with caplog.at_level(logging.WARNING):
        publish_campaign(folder)
    assert {row[7] for row in read_rows(folder) if row[0] == 4} == {"unsplit", "published"}
    assert "is not split by cause" in caplog.text
    assert_sums(open_current(folder))


@pytest.mark.nightly
def test_a_publication_that_a_kill_stopped_is_no_publication(folder):
    before = read_rows(folder)
    pointer = (folder.published / "current.json").read_text()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(publish, "write_file", stop)
        (folder.inbox / "reports.csv").write_text(reports("r4,2,,,2021-09-01,Completed"))
        publish_campaign(folder)
    assert {row[0] for row in read_rows(folder)} == {1, 2, 3, 4}
    assert (folder.published / "current.json").read_text() == pointer
    assert {day.day for day in list_spoken_days(open_current(folder), Selection())} == {
        date(2021, 1, 1), date(2021, 7, 1)
    }  # fmt: skip
    (folder.inbox / "reports.csv").write_text(reports("r5,2,,,2021-10-01,Completed"))
    publish_campaign(folder)
    assert date(2021, 9, 1) not in {row[4] for row in read_rows(folder)}
    assert read_rows(folder)[: len(before)] == before


def stop(*_: object, **__: object) -> None:
    """Stop as a kill does."""
    raise KeyboardInterrupt


def test_tidying_and_forgetting_leave_what_was_said(folder, monkeypatch):
    before = read_rows(folder)
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    run_on(folder, "tidy")
    assert len(list(folder.published.glob("snapshot-*.duckdb"))) == 1
    assert read_rows(folder) == before
    rows = register(action("1", promise="First", Where="Kenya", Email="ana@example.org"), action("2", promise="Second"))
    (folder.inbox / "actions.csv").write_text(rows)
    run_on(folder, "build", "--quiet")
    between = read_rows(folder)
    run_on(folder, "forget", "ana@example.org")
    after = read_rows(folder)
    assert between[: len(before)] == before
    assert after[: len(between)] == between
    assert {row[7] for row in after[len(before) :]} == {"published"}  # the figures are the same without the address
    assert_sums(open_current(folder))
