"""Since when entries are public: noted once for good, whatever is built, taken back, put back or damaged."""

import logging
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import duckdb
import pytest

from dashboard.campaign.builds import FIRST_PUBLISHED
from dashboard.measures.latest import KINDS, Window, count_latest, first_known, list_latest
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.selection import Selection
from etl.publish import history, holding, publish
from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign, switch_to_copy
from tests.etl.program import published
from tests.etl.registers import action, register, reports

EVERY = Window(kinds=tuple(KINDS), by="known")


@pytest.fixture(scope="module")
def published_twice(tmp_path_factory):
    """Return a campaign of two actions, published the first time without and the second time with a report."""
    rows = register(action("1", promise="First"), action("2", promise="Second"))
    folder = make_campaign(tmp_path_factory.mktemp("twice") / "c", {"actions.csv": rows})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "read_clock", lambda: published_on(1))
        publish_campaign(folder)
        put_reports(folder, FIRST_REPORT)
        patch.setattr(publish, "read_clock", lambda: published_on(2))
        publish_campaign(folder)
    return folder


@pytest.fixture
def folder(published_twice, tmp_path, monkeypatch):
    """Copy that campaign, with a clock that moves on by a day with each further publication."""
    days = count(3)
    monkeypatch.setattr(publish, "read_clock", lambda: published_on(next(days)))
    return copy_campaign(published_twice, tmp_path / "c")


def published_on(number: int) -> datetime:
    """Return the day on which a campaign of the tests is published for the first, second … time."""
    return datetime(2021, 10, 1, tzinfo=UTC) + timedelta(days=number)


def noted(folder) -> dict[str, datetime]:
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(folder.published / FIRST_PUBLISHED)).fetchall()
    assert len({entry_id for entry_id, _ in rows}) == len(rows)
    return {str(entry_id): known_at.astimezone(UTC) for entry_id, known_at in rows}


def shown(folder):
    snapshot = database.current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)}))
    rows = list_latest(snapshot, Selection(), EVERY, limit=1000)
    return snapshot, rows


def put_reports(folder, *lines: str) -> None:
    (folder.inbox / "reports.csv").write_text(reports(*lines))


FIRST_REPORT, OTHER_REPORT = "r1,1,,,2021-07-01,Completed", "r2,2,,,2021-08-01,Ongoing"
DAMAGES = {"none": lambda _: None, "damaged": lambda file: file.write_bytes(b"PAR1 no more"), "missing": Path.unlink}


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("damage", "times"),
    [("damaged", 1), *(pytest.param(*case, marks=pytest.mark.nightly) for case in (("missing", 1), ("none", 100)))],
)
def test_rebuilding_gives_no_entry_twice_though_the_file_is_made_again(folder, damage, times, caplog):
    before = noted(folder)
    DAMAGES[damage](folder.published / FIRST_PUBLISHED)
    assert shown(folder)[1]["known_on"].isna().all() == (damage != "none")  # readers do without the file
    for number in range(times):  # the same content in other bytes, files and rows
        put_reports(folder, *[FIRST_REPORT, OTHER_REPORT][:: 1 if number % 2 else -1])
        head, *rows = (folder.inbox / "actions.csv").read_text().splitlines(keepends=True)
        (folder.inbox / "actions.csv").write_text(head + "".join(reversed(rows)))
        with caplog.at_level(logging.WARNING):
            publish_campaign(folder)
    after = noted(folder)
    snapshot, rows = shown(folder)
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
    assert set(rows["entry_id"]) == set(after)  # each once, none twice under another id
    assert count_latest(snapshot, Selection(), EVERY) == dict.fromkeys(KINDS, 0) | {
        "action": 2, "completed": 1, "report": 2,
    }  # fmt: skip
    assert sorted(set(after.values())) == [published_on(number) for number in (1, 2, 3)]
    assert first_known(snapshot) == published_on(1)
    assert ("is damaged and is made again" in caplog.text) == (damage == "damaged")


def test_what_goes_and_comes_back_keeps_its_first_day(folder):
    days, snapshot = noted(folder), history.published_snapshot(folder)
    put_reports(folder, OTHER_REPORT)
    publish_campaign(folder)
    more = noted(folder)
    assert days.items() < more.items()
    assert count_latest(shown(folder)[0], Selection(), EVERY)["report"] == 1
    with holding.only_build(folder):
        publish.switch(folder, snapshot, how="restore")
    assert noted(folder) == more
    assert set(shown(folder)[1]["known_at"]) == set(days.values()) == {published_on(1), published_on(2)}


def test_a_file_that_cannot_be_written_stops_no_publishing(folder, caplog):
    (folder.published / FIRST_PUBLISHED).unlink()
    (folder.published / f".{FIRST_PUBLISHED}.new").mkdir()
    with caplog.at_level(logging.WARNING):
        switch_to_copy(folder, "later")
    assert published(folder)["build_id"] == "later"
    assert "could not be noted" in caplog.text
