"""The derived copies in a large snapshot: the same answers with them as without, without reading all rows."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.campaign.builds import FIRST_PUBLISHED
from dashboard.files.extracts.estimate import count_rows
from dashboard.measures import counts, over_time, register, search
from dashboard.measures.latest import KINDS, Window, count_latest, find_entry, first_known, list_latest
from dashboard.paths import QUERIES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.large_snapshots import Ways, choose_ways, list_parts
from dashboard.snapshot.query_templates import MEMBER, name_count
from dashboard.snapshot.query_texts import query_text
from dashboard.snapshot.selection import Selection
from etl.pipeline import build as builds
from etl.pipeline import derived
from etl.sqlfiles import open_snapshot
from tests.cases import of_which, some
from tests.etl.campaigns import ask, make_campaign, publish_campaign

TEXTS = (
    "école primaire d’Ouagadougou",
    "École-école: la Côte d'Ivoire — MSF-19",
    "子どもの労働をなくす 学校",
    "การศึกษา เด็ก",
    "बाल श्रम %_ 100%",
    "Дети в школе; ÆØ œuvre straße",
    "x y z x",
    "a" * 300,
    "school schools preschool",
    "MSF 190 msf 19",
)
SOUGHT = (
    "ecole", "e", "é", "19", "msf 19", "MSF-19", "d'ivoire", "労働", "子", "学校 労働", "ศึก", "श्रम", "%", "_", "100%",
    "дет", "oeuvre", "strasse", "school pre", "x z", "aaaa", "f 1", "msf-19 school", "fixture", "nowhere", "x y z x",
    "*", "a b c d e f g h",
)  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, campaign_folder: Path) -> tuple[Snapshot, Snapshot]:
    """Return the fixture snapshot with some more texts, plain and as a large one."""
    folder = tmp_path_factory.mktemp("derived")
    plain, large = folder / "snapshot-plain.duckdb", folder / "snapshot-large.duckdb"
    shutil.copy(campaign_folder / "published" / "snapshot-fixture.duckdb", plain)
    fold = (QUERIES / "fold.sql").read_text(encoding="utf-8")
    with duckdb.connect(plain) as connection:
        connection.execute(fold.replace("create macro", "create temp macro"))
        for number, text in enumerate(TEXTS):
            connection.execute(
                "update actions set search_text = search_text || ' ' || fold($text) where action_no % 10 = $number",
                {"text": text, "number": number},
            )
    shutil.copy(plain, large)
    derived.derive(large)
    found = Snapshot(plain, "plain", "2022-01-10T09:00:00Z", 8), Snapshot(large, "large", "2022-01-10T09:00:00Z", 8)
    assert [each.is_large for each in found] == [False, True]
    return found


def in_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return None if pd.isna(value) else value


def answers(snapshot: Snapshot, selection: Selection) -> Iterator[Any]:
    yield counts.headline(snapshot, selection)
    for dimension in ("country", "theme"):
        yield in_rows(counts.by_dimension(snapshot, selection, dimension))
    yield in_rows(counts.cross(snapshot, selection, "region", "theme"))
    yield over_time.over_time(snapshot, selection).to_csv()
    yield count_rows(snapshot, selection)
    yield over_time.over_time_by(snapshot, selection, "theme").to_csv()
    for sort in ("submitted_on", "title", "status"):
        page = register.page(snapshot, selection, sort=sort, descending=sort != "title", limit=7)
        yield in_rows(page)
        yield [register.find_place(snapshot, selection, action, sort=sort) for action in page["action_id"][-1:]]


def compare_answers(both: tuple[Snapshot, Snapshot], filters: dict[str, Any], day: date | None) -> None:
    plain, large = (list(answers(each, Selection(as_of=day, **filters))) for each in both)
    assert large == plain


CODES = {
    "regions": ("africa", "americas", "global", "unclassified"),
    "countries": ("GHA", "BRA", "unclassified"),
    "groupings": ("cocoa_coast",),
    "categories": ("law_policy", "unclassified"),
    "themes": ("education", "mining", "unclassified"),
    "groups": ("government", "business", "unclassified"),
    "statuses": ("completed", "overdue", "not_reported"),
    "evidence": ("reviewed", "claimed"),
}
ANY_DAY = st.sampled_from((None, date(2021, 12, 31), date(2021, 9, 15), date(2021, 1, 1), date(2022, 3, 1)))
ONE = st.sampled_from([(name, (code,)) for name, codes in CODES.items() for code in codes])
SEVERAL = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.lists(st.sampled_from(codes), max_size=2, unique=True).map(tuple) for name, codes in CODES.items()},
        "q": st.sampled_from(SOUGHT),
    },
)
chosen: st.SearchStrategy[dict[str, Any]] = st.one_of(st.just({}), ONE.map(lambda pair: dict([pair])), SEVERAL)


EXAMPLES: tuple[tuple[dict[str, Any], date | None], ...] = (
    ({}, None),
    ({"regions": ("africa",)}, None),
    ({"themes": ("education",)}, date(2021, 9, 15)),
    ({"themes": ("education", "mining"), "countries": ("GHA", "unclassified")}, None),
    ({"q": "school", "statuses": ("completed",)}, None),
    ({"statuses": ("overdue", "not_reported"), "groupings": ("cocoa_coast",)}, date(2021, 12, 31)),
    ({"groups": ("business",), "evidence": ("reviewed",)}, date(2022, 3, 1)),
    ({"q": "msf-19", "categories": ("unclassified", "law_policy")}, date(2021, 1, 1)),
)


@pytest.mark.parametrize(("filters", "day"), some(EXAMPLES, 1))
def test_answers_are_the_same_with_it_and_without(
    both: tuple[Snapshot, Snapshot], filters: dict[str, Any], day: date | None
) -> None:
    compare_answers(both, filters, day)


@pytest.mark.nightly
@pytest.mark.drawn
@given(chosen, ANY_DAY)
def test_answers_to_anything_are_the_same_with_it_and_without(
    both: tuple[Snapshot, Snapshot], filters: dict[str, Any], day: date | None
) -> None:
    compare_answers(both, filters, day)


SEARCH = {"search_uses", "search_words"}
BY_MEMBER, PAIRS = name_count("actions", MEMBER), name_count("actions", MEMBER, MEMBER)
JOURNEY: dict[str, Any] = dict.fromkeys(("posts_until", "coming", "since", "until"))
JOURNEY |= {"everything": True, "this_day": date(2021, 12, 31), "kinds": ["action"]}


@pytest.mark.parametrize(
    ("name", "more", "filters", "read"),
    [
        ("headline", {}, {}, {"standings"}),
        ("headline", {}, {"regions": ("africa",)}, {"standings"}),
        ("headline", {}, {"regions": ("africa", "americas")}, {"last_day", "action_members", "milestones"}),
        (BY_MEMBER, {"dimension": "theme"}, {"countries": ("GHA",)}, {"pairs"}),
        (BY_MEMBER, {"dimension": "theme"}, {"statuses": ("completed",)}, {"last_day", "action_members"}),
        (PAIRS, {"row_dimension": "region", "column_dimension": "theme"}, {}, {"pairs"}),
        ("changes/in_all", {}, {"groups": ("business",), "as_of": date(2021, 9, 15)}, {"changes"}),
        ("changes/by_member", {"dimension": "region"}, {}, {"changes"}),
        ("entry_counts/by_kind", JOURNEY, {}, {"journey_counts"}),
        (
            "extract_counts",
            {"everything": True},
            {},
            {"extract_days", "extract_sizes", "indicators", "results", "result_spells"},
        ),
        ("register_count", {}, {"q": "school ghana"}, SEARCH),
        ("register_count", {}, {"q": "school msf-19"}, {"actions", *SEARCH}),
        ("register_count", {}, {"q": "school", "statuses": ("completed",)}, {"last_day", *SEARCH}),
    ],
)
def test_no_more_is_read_than_has_to_be(
    both: tuple[Snapshot, Snapshot], name: str, more: dict[str, Any], filters: dict[str, Any], read: set[str]
) -> None:
    _, large = both
    asked, parameters = large._prepared(name, {**Selection(**filters).sql_parameters(large), **more})
    with large.cursor() as cursor:
        statement = large._lean(query_text(asked), parameters, cursor)
        ((_, plan),) = ask(cursor, f"explain (format json) {statement}", parameters)
    assert set(re.findall(r'"Table": "(?:\w+\.)*(\w+)"', plan.replace('\\"', ""))) == read, plan


@pytest.mark.parametrize("words", [SOUGHT[::2], pytest.param(SOUGHT[1::2], marks=pytest.mark.nightly)])
def test_words_are_found_where_reading_every_text_finds_them(
    both: tuple[Snapshot, Snapshot], words: tuple[str, ...]
) -> None:
    plain, large = both
    missed = []
    for sought in words:
        found, expected = (search.search(each, sought, "en") for each in (large, plain))
        assert found == expected, sought
        number = len(TEXTS) * 4 if found is None else found.all_actions
        assert register.count(large, Selection(q=sought)) == number, sought
        missed += [sought] * (number == 0)
    assert 0 < len(missed) < len(words), missed


def test_each_word_is_looked_for_in_the_cheaper_way() -> None:
    words = ["a", "msf 19", "school"]
    assert list_parts(words) == ["a", "msf", "19", "school"]
    assert choose_ways(words, [False, True, True, True]) == Ways(("string_split(q[2], ' ')[1]", "q[3]"), (1, 2))
    assert choose_ways(words, [False, False, False, False]) is None
    many = [f"word{number}" for number in range(9)]
    assert choose_ways(many, [True] * 9) == Ways(tuple(f"q[{n}]" for n in range(1, 7)), (7, 8, 9))


FIRST, LATER = datetime(2021, 12, 1, 8, tzinfo=UTC), datetime(2022, 1, 3, 7, 30, tzinfo=UTC)
NOTED = {"nothing": "where false", "in one go": "", "in two": "", "not all": "where kind <> 'report' or part_no > 3"}


@pytest.fixture(scope="module", params=of_which(NOTED, lambda _, noted: noted == "in two"))
def journeys(
    request: pytest.FixtureRequest, both: tuple[Snapshot, Snapshot], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Snapshot, Snapshot]:
    """Return both, with publishing's notes of the first day of some entries beside them."""
    folder = tmp_path_factory.mktemp("journeys")
    plain, large = (shutil.copy(each.path, folder / each.path.name) for each in both)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{large}' as snapshot (read_only)")
        later = "kind_no = 1" if request.param == "in two" else "false"
        rows = connection.sql(
            f"select distinct on (entry_id) entry_id, if({later}, $later, $first)::timestamptz as known_at"  # noqa: S608
            f" from snapshot.derived.journey {NOTED[request.param]}",
            params={"first": FIRST, "later": LATER},
        )
        if request.param != "nothing":
            rows.write_parquet(str(folder / FIRST_PUBLISHED))
    return Snapshot(plain, "plain", "2022-01-10T09:00:00Z", 8), Snapshot(large, "large", "2022-01-10T09:00:00Z", 8)


WINDOWS = (
    Window(),
    Window(kinds=tuple(KINDS), coming=False),
    Window(kinds=("report", "completed"), since=date(2021, 6, 1), until=date(2021, 11, 30)),
    Window(kinds=tuple(KINDS), by="known"),
    Window(kinds=tuple(KINDS), by="known", since=date(2022, 1, 2)),
    Window(kinds=("event",), coming=True),
    Window(kinds=("story", "action"), known_until=LATER),
)
PAGES = ((0, 9), (9, 31), (40, 10_000))


def test_the_journey_is_the_same_with_its_entries_in_it_and_without(
    journeys: tuple[Snapshot, Snapshot], request: pytest.FixtureRequest
) -> None:
    plain, large = journeys
    assert [each.is_large for each in journeys] == [False, True]
    assert first_known(large) == first_known(plain)
    asked: list[tuple[dict[str, Any], Window]] = [({}, window) for window in WINDOWS]
    if request.node.callspec.params["journeys"] == "in two":
        asked += [({"as_of": date(2021, 9, 15)}, WINDOWS[1])]
        asked += [({"regions": ("africa", "global"), "q": "school"}, window) for window in WINDOWS[1:5:2]]
    else:  # the notes decide nothing but the first day of entries
        asked = [(filters, window) for filters, window in asked if window.by == "known" or window.known_until]
    shown = 0
    for filters, window in asked:
        selection = Selection(**filters)
        assert count_latest(large, selection, window) == count_latest(plain, selection, window), window
        expected = in_rows(list_latest(plain, selection, window, limit=10_000))
        pages = [list_latest(large, selection, window, limit=rows, offset=start) for start, rows in PAGES]
        assert [row for page in pages for row in in_rows(page)] == expected, (filters, window)
        shown += len(expected)
        for row in expected[:1]:
            assert in_rows(find_entry(large, selection, row["entry_id"])) == [row]
    assert shown > 50, shown
    for snapshot, held in ((plain, "BASE TABLE"), (large, "VIEW")):  # not taken into memory
        kinds = snapshot.ask("select table_type from information_schema.tables where table_name = 'known_entries'")
        assert kinds["table_type"].tolist() == [held]


def test_kinds_of_entries_are_in_one_order_everywhere(both: tuple[Snapshot, Snapshot]) -> None:
    assert tuple(KINDS) == derived.KINDS
    rows = both[1].ask("select distinct kind, kind_no from journey order by kind_no")
    assert rows["kind_no"].tolist() == [list(KINDS).index(kind) + 1 for kind in rows["kind"]]


def test_a_large_build_has_it_and_the_content_id_of_one_without_also_of_a_file_of_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = {"actions.csv": "Ref;Maker;Promise;Sent\n1;Office A;Train inspectors;2021-02-03\n2;Office B;Schools;\n"}
    folder = make_campaign(tmp_path / "campaign", exports)
    plain = publish_campaign(folder)
    monkeypatch.setattr(derived, "LARGE", 2)
    (folder.inbox / "actions.csv").rename(folder.inbox / "renamed.csv")
    with builds.build(folder, tmp_path) as built:
        snapshot = Snapshot(built.snapshot, built.build_id, "2022-01-10T09:00:00Z", 8)
        assert snapshot.is_large
        assert built.build_id != plain["build_id"]
        assert register.page(snapshot, Selection(q="inspect"))["title"].tolist() == ["Train inspectors"]
        assert snapshot.query("campaign")["content_id"].tolist() == [plain["content_id"]]
    with open_snapshot(folder.published / plain["snapshot"]) as connection:
        assert not ask(connection, "select 1 from duckdb_tables() where schema_name = 'derived'")
