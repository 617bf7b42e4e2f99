"""Snapshots that were built by an earlier version of the program still open, and give the same figures."""

import shutil
from datetime import date

import duckdb
import pytest

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.measures.counts import headline
from dashboard.measures.group_changes import compare_groups
from dashboard.measures.latest import KINDS, Window, list_latest
from dashboard.measures.similar import find_similar
from dashboard.measures.surveys import answers, questions
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.shipped import LANGUAGES

BY_LANGUAGE = (
    ("codes", "labels", ""),
    ("campaign", "titles", "title"),
    ("survey_questions", "texts", "text"),
    ("survey_choices", "labels", "label"),
    ("person_names", "names", "name"),
)
"""What has a text for each language, and the columns that held it when there were three."""


@pytest.fixture(scope="module")
def older(snapshot, tmp_path_factory) -> Snapshot:
    """The fixture snapshot without what later versions added."""
    path = tmp_path_factory.mktemp("older") / "snapshot-older.duckdb"
    shutil.copy(snapshot.path, path)
    with duckdb.connect(path) as connection:
        connection.execute("alter table report_spells drop column source_file")
        for column in ("evidence", "evidence_source", "reviewed_on", "verified_on"):
            connection.execute(f"alter table progress_reports drop column {column}")
        connection.execute("alter table milestones drop column told_on")
        for column in ("ends_on", "starts_at", "ends_at", "place"):
            connection.execute(f"alter table events drop column {column}")
        for table in ("post_texts", "post_actions", "evidence_steps", "evidence_spells", "grouping_countries"):
            connection.execute(f"drop table {table}")
        connection.execute("delete from action_members where dimension = 'grouping'")
        connection.execute("delete from codes where codelist = 'groupings'")
        connection.execute("insert into person_names values ('Person, Togo', map {'fr': 'Particulier, Togo'})")
        for table, column, before in BY_LANGUAGE:
            for lang in LANGUAGES if before else ():
                connection.execute(f"alter table {table} add column {before}_{lang} varchar")
                connection.execute(f"update {table} set {before}_{lang} = {column}['{lang}']")  # noqa: S608
            connection.execute(f"alter table {table} drop column {column}")
        connection.execute("alter table campaign drop column languages")
    return Snapshot(path, snapshot.build_id, snapshot.built_at, 8)


def test_their_words_are_there_in_their_three_languages(snapshot, older):
    assert older.languages == snapshot.languages == LANGUAGES
    for lang in LANGUAGES:
        assert older.campaign[f"title_{lang}"] == snapshot.campaign[f"title_{lang}"]
        asked = [questions(each, Selection(lang=lang)) for each in (older, snapshot)]
        assert asked[0] == asked[1] != []
        chosen = [answers(each, Selection(lang=lang), asked[0][0].code) for each in (older, snapshot)]
        assert chosen[0] == chosen[1]
    assert older.codes["themes"]["education"].labels == snapshot.codes["themes"]["education"].labels
    assert older.person_names["Person, Togo"]["fr"] == "Particulier, Togo"


@pytest.mark.parametrize("day", [None, date(2021, 6, 30), date(2020, 12, 1)])
def test_their_totals_and_files_are_the_same(snapshot, older, day):
    for selection in (Selection(as_of=day), Selection(as_of=day, regions=("africa",), statuses=("completed",))):
        assert headline(older, selection) == headline(snapshot, selection)


def test_their_groups_are_compared_with_those_of_a_later_build(snapshot, older):
    changed = {one.dimension: one.changed for one in compare_groups(older, snapshot) if one.changed}
    assert list(changed) == ["grouping"] and all(each.before is None for each in changed["grouping"])


def test_all_their_charts_are_the_same(snapshot, older):
    assert build_chart(older, "completion-by-grouping", Selection()).frame.empty
    assert (
        "0 of 11 completed actions with evidence"
        in build_chart(older, "evidence-by-region", Selection(themes=("education",))).caption.finding
    )
    for chart_id in CATALOGUE.keys() - {"completion-by-grouping", "evidence-by-region"}:
        chart, expected = (build_chart(each, chart_id, Selection(themes=("education",))) for each in (older, snapshot))
        assert chart.caption == expected.caption
        assert chart.frame.equals(expected.frame)


def test_their_events_and_stories_have_one_text_and_at_most_one_action(snapshot, older):
    timed = "select id, on_date, ends_on, starts_at, ends_at, place, title from events"
    assert older.ask(timed).columns.equals(snapshot.ask(timed).columns)
    texts = older.ask("select kind, id, language, title from post_texts order by kind").to_numpy().tolist()
    assert texts == [
        ["event", "EV-1", "en", "World Day Against Child Labour, imagined"],
        ["story", "ST-1", "fr", "Une école de plus (récit fictif)"],
    ]
    linked = older.ask(
        "select p.kind, p.id, a.action_id from post_actions as p inner join actions as a using (action_no)"
    )
    assert linked.to_numpy().tolist() == [["story", "ST-1", "FIX-001"]]


def test_those_who_do_the_same_are_found_without_their_words(snapshot, older):
    found = {neighbour.action_id: neighbour.shared for neighbour in find_similar(older, "FIX-010")}
    assert "FIX-009" in found  # the other one of that ministry, on education in Peru
    assert found["FIX-009"] == {"theme": ("education",), "country": ("PER",)}


def test_their_journey_has_the_same_entries(snapshot, older):
    every = Window(kinds=tuple(KINDS))
    entries = [list_latest(each, Selection(), every, limit=1000)["entry_id"].tolist() for each in (older, snapshot)]
    assert entries[0] == entries[1]
    assert len(entries[0]) > 100
