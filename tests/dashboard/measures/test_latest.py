"""The journey's entries, against the other measures and an independent reading of the tables."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboard.campaign.builds import FIRST_PUBLISHED
from dashboard.measures.counts import headline
from dashboard.measures.latest import KINDS, NEWS, Window, count_latest, find_entry, first_known, list_latest
from dashboard.measures.over_time import moved
from dashboard.measures.register import count
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.dashboard.measures.test_counts import SELECTIONS
from tests.snapshots import open_fixture

EVERY = Window(kinds=tuple(KINDS))
DAYS = (None, date(2021, 6, 17), date(2021, 11, 25))
FIRST, LATER = datetime(2021, 12, 1, 8, tzinfo=UTC), datetime(2022, 1, 3, 7, 30, tzinfo=UTC)


def everything(snapshot: Snapshot, selection: Selection, window: Window = EVERY) -> pd.DataFrame:
    return list_latest(snapshot, selection, window, limit=10_000)


@pytest.mark.parametrize("day", DAYS)
def test_each_kind_has_what_the_other_measures_count(day: date | None, snapshot: Snapshot) -> None:
    for selection in (replace(each, as_of=day) for each in SELECTIONS[::4]):
        rows = everything(snapshot, selection)
        total = headline(snapshot, selection)
        counts = count_latest(snapshot, selection, EVERY)
        assert rows["kind"].value_counts().to_dict() == {kind: number for kind, number in counts.items() if number}
        assert rows["entry_id"].is_unique
        assert counts["completed"] == total.completed
        submitted = snapshot.ask("select action_id from actions where submitted_on <= $day", {"day": total.day})
        assert set(rows.loc[rows["kind"] == "action", "action_id"]) <= set(submitted["action_id"])
        assert counts["action"] <= count(snapshot, selection)


def test_an_action_is_completed_once_on_the_day_it_became_so(snapshot: Snapshot) -> None:
    spells = snapshot.ask(
        "select action_id, valid_from, s.status, s.completed_on from report_spells as s join actions using (action_no)"
        " order by action_id, valid_from"
    )
    rows = everything(snapshot, Selection()).query("kind == 'completed'").set_index("action_id")["on_date"]
    checked = 0
    for action_id, spell in spells.groupby("action_id"):
        completed = (spell["status"] == "completed").tolist()
        if not completed[-1]:
            assert action_id not in rows.index
            continue
        start = len(completed) - completed[::-1].index(False) if False in completed else 0
        stated = spell["completed_on"].iloc[-1]
        assert rows[action_id] == (spell["valid_from"].iloc[start] if pd.isna(stated) else stated)
        checked += 1
    assert checked == len(rows) > 10


def test_changes_of_status_are_those_that_moved_and_no_first_reports(snapshot: Snapshot) -> None:
    rows = everything(snapshot, Selection()).query("kind == 'status'")
    assert not rows.empty
    assert (rows["before"] != rows["status"]).all()
    assert rows["before"].notna().all()
    fallen = moved(snapshot, Selection(as_of=date(2021, 11, 25)), date(2021, 9, 15)).fell_back
    window = replace(EVERY, kinds=("status",), since=date(2021, 9, 16), until=date(2021, 11, 25))
    back = everything(snapshot, Selection(as_of=date(2021, 11, 25)), window)
    completed = {code for code, each in snapshot.codes["statuses"].items() if "completed" in (code, each.base_status)}
    assert back["before"].isin(completed).sum() == fallen > 0


def test_events_and_stories_belong_to_all_their_actions_and_speak_the_readers_language(snapshot: Snapshot) -> None:
    posts = Window(kinds=("event", "story"))
    of_all = everything(snapshot, Selection(lang="en"), posts)
    assert of_all["title"].tolist() == ["One more school (a made-up story)", "World Day Against Child Labour, imagined"]
    assert of_all["actions"].tolist() == [2, 0]
    french = everything(snapshot, Selection(lang="fr"), posts)
    assert french["language"].tolist() == ["fr", "en"]
    assert french["title"].iloc[0] == "Une école de plus (récit fictif)"
    assert french["entry_id"].tolist() == of_all["entry_id"].tolist()
    second = snapshot.ask("select stakeholder_id from actions where action_id = 'FIX-002'")["stakeholder_id"].iloc[0]
    linked = everything(snapshot, Selection(stakeholders=(second,)), posts)
    assert linked["kind"].tolist() == ["story"]


def test_coming_events_are_apart_pages_follow_one_another_and_one_entry_is_found_by_its_id(snapshot: Snapshot) -> None:
    before = Selection(as_of=date(2021, 6, 13))
    assert everything(snapshot, before, Window(coming=True))["kind"].tolist() == ["event"]  # it ends on the day
    assert "event" not in set(everything(snapshot, before, Window(coming=False))["kind"])
    assert everything(snapshot, Selection(), Window(coming=True)).empty
    dates = everything(snapshot, before, Window(coming=False))["on_date"]
    assert dates.max() <= pd.Timestamp(2021, 6, 13)
    assert dates.is_monotonic_decreasing
    whole = everything(snapshot, Selection())
    parts = [list_latest(snapshot, Selection(), EVERY, limit=30, offset=at) for at in range(0, len(whole), 30)]
    assert pd.concat(parts)["entry_id"].tolist() == whole["entry_id"].tolist()
    entry = whole.iloc[40]
    assert find_entry(snapshot, Selection(), entry["entry_id"])["title"].tolist() == [entry["title"]]
    assert set(list_latest(snapshot, Selection(), limit=1000)["kind"]) == set(NEWS)


def test_what_is_known_since_a_day_or_a_build(snapshot: Snapshot, tmp_path) -> None:
    path = Path(shutil.copy(snapshot.path, tmp_path))
    known = everything(snapshot, Selection())[["entry_id", "kind"]]
    known = known.drop(known[known["kind"] == "report"].index[:3]).assign(known_at=FIRST)
    known.loc[known["kind"] == "story", "known_at"] = LATER
    with duckdb.connect() as connection:
        kept = connection.from_df(known).project("entry_id::uuid as entry_id, known_at::timestamptz as known_at")
        kept.write_parquet(str(tmp_path / FIRST_PUBLISHED))
    recorded = Snapshot(path, snapshot.build_id, "2022-01-10T09:00:00Z", 8)
    whole = everything(recorded, Selection(), replace(EVERY, by="known"))
    assert whole["known_on"].dt.date.tolist()[:4] == [date(2022, 1, 10)] * 3 + [date(2022, 1, 3)]
    assert whole["known_at"].is_monotonic_decreasing
    since = replace(EVERY, by="known", since=date(2022, 1, 3))
    assert count_latest(recorded, Selection(), since) == dict.fromkeys(KINDS, 0) | {"story": 1, "report": 3}
    between = Window(kinds=tuple(KINDS), known_after=FIRST, known_until=LATER)
    assert everything(recorded, Selection(), between)["kind"].tolist() == ["story"]
    assert first_known(recorded) == FIRST
    assert first_known(snapshot) is None
    assert everything(snapshot, Selection())["known_on"].isna().all()


@pytest.mark.nightly
def test_ids_do_not_depend_on_numbers_of_rows_nor_on_tables_made_at_the_same_time(snapshot: Snapshot, tmp_path) -> None:
    path = Path(shutil.copy(snapshot.path, tmp_path))
    with duckdb.connect(path) as connection:
        for table in "actions", "action_members", "progress_reports", "report_spells", "milestones", "post_actions":
            connection.execute(f"update {table} set action_no = 1000 - action_no")  # noqa: S608
        for table in "progress_reports", "report_spells":
            connection.execute(f"update {table} set report_no = report_no + 70")  # noqa: S608
        connection.execute("update milestones set milestone_no = milestone_no + 9, label = upper(label)")
    shifted = everything(Snapshot(path, "shifted", snapshot.built_at, 8), Selection())
    assert set(shifted["entry_id"]) == set(everything(snapshot, Selection())["entry_id"])
    opened = open_fixture(tmp_path)
    with opened.cursor() as other:
        other.execute("begin")
        other.execute("create table kept.main.other as select 1 as n")
        assert count_latest(opened, Selection()) == count_latest(snapshot, Selection())
