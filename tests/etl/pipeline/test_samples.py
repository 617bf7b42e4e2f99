"""The sample exports: reproducible, fictional, varied, and read by the build with only the intended losses."""

import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from functools import cache

import duckdb
import openpyxl
import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import PROJECT
from etl.pipeline.build import build
from tests.etl.campaigns import ask, know_names

SAMPLES = PROJECT / "data" / "samples"
MICROSOFT = "2021 Action submissions (Microsoft Forms).xlsx"
GOOGLE = "Promesses d'action 2021 (Google Forms).csv"
CODING = "classification of submissions.xlsx"
MID_YEAR = "Progress_of_the_2021_Actions_-_mid-year_-_2021-07-19.xlsx"
FINAL = "Progress_of_the_2021_Actions_-_final_-_2022-01-17.csv"
SITE = "Sample stories (WordPress export) 2022-01-20.xml"
CALENDAR = "Sample events.ics"
LISTED = "Calendrier des événements d'exemple.csv"
RESULTS = "Sample results framework 2022-01-20.xlsx"
FILES = {MICROSOFT, GOOGLE, CODING, MID_YEAR, FINAL}
POSTS = {SITE, CALENDAR, LISTED}
REPORTS, ANNOTATIONS = "reports_by_link.csv", "annotations_by_link.csv"
BY_LINK = {REPORTS, ANNOTATIONS}
INVENTED = re.compile(
    r"fictional|fictifs?\b|fictives?\b|fictici[oa]s?\b|\bsample\b|\bexemple\b|\bejemplo\b", re.IGNORECASE
)


def contents(name: str, data: bytes) -> object:
    """Return a file's bytes; of a workbook those of its parts, because compression differs between builds of zlib."""
    if not name.endswith(".xlsx"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(part.filename, part.date_time, archive.read(part)) for part in archive.infolist()]


@cache
def open_book(name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(SAMPLES / name)


@cache
def sheet_rows(name: str, sheet: str | None = None) -> list[dict[str, object]]:
    """Return the rows of a sample as dictionaries, wholly blank ones left out."""
    if name.endswith(".csv"):
        text = (SAMPLES / name).read_bytes().decode("utf-8-sig")
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if name == FINAL else ","))
    else:
        table = [list(row) for row in open_book(name)[sheet or open_book(name).sheetnames[0]].values]
    table = table[2:] if name == CODING else table
    filled = [row for row in table[1:] if any(cell not in (None, "") for cell in row)]
    return [dict(zip(table[0], row, strict=True)) for row in filled]


def column(name: str, header: str) -> list[str]:
    return [str(row[header] or "").strip() for row in sheet_rows(name)]


STAKEHOLDERS = {
    MICROSOFT: "Name of your organisation\u00a0",
    GOOGLE: "Nom de votre organisation",
    CODING: "Stakeholder",
    MID_YEAR: "action/stakeholder",
    FINAL: "About your action/Name of your organisation",
}


@pytest.mark.nightly
def test_the_script_makes_the_committed_files_whatever_the_order_of_sets(tmp_path):
    command = [sys.executable, "-B", str(SAMPLES / "make_samples.py"), "--to", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "1"})
    made = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    documents = {path.relative_to(SAMPLES).as_posix() for path in (SAMPLES / "files").iterdir()}
    assert set(made) == FILES | POSTS | BY_LINK | {RESULTS} | documents
    for name, content in made.items():
        assert contents(name, content) == contents(name, (SAMPLES / name).read_bytes())
    assert sum(map(len, made.values())) < 500_000


PERSONS = {
    (MICROSOFT, "Name"): r"(Sample Person \d{3})?",
    (MICROSOFT, "Focal point for coordination (telephone)"): r"\+000 000 0\d{3}",
    (GOOGLE, "Personne de contact"): r"(Personne Exemple \d{3})?",
    (GOOGLE, "Téléphone"): r"(\+000 00 00 0\d{3})?",
    (MID_YEAR, "contact/contact_name"): r"Sample Person \d{3}",
    (FINAL, "Contact/Name of the person answering"): r"Sample Person \d{3}",
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_stakeholder_address_person_and_phone_is_plainly_invented(name):
    names = [stakeholder for stakeholder in column(name, STAKEHOLDERS[name]) if stakeholder]
    assert len(names) > 60
    assert [stakeholder for stakeholder in names if not INVENTED.search(stakeholder)] == []
    sheets: list[str | None] = [None, "milestones"] if name == MID_YEAR else [None]
    cells = [str(cell) for sheet in sheets for row in sheet_rows(name, sheet) for cell in row.values()]
    addresses = [address for cell in cells for address in re.findall(r"\S+@\S+", cell)]
    assert [address for address in addresses if not address.strip(".").endswith("@example.org")] == []
    assert bool(addresses) == (name != CODING)
    for header, invented in ((header, invented) for (file, header), invented in PERSONS.items() if file == name):
        persons = column(name, header)
        assert persons
        assert [cell for cell in persons if not re.fullmatch(invented, cell)] == []


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """Yield a snapshot built from the samples, in a campaign folder that has nothing else."""
    folder = tmp_path_factory.mktemp("campaign")
    (folder / "inbox").mkdir()
    for name in FILES | POSTS | BY_LINK | {RESULTS}:
        shutil.copy(SAMPLES / name, folder / "inbox")
    with build(CampaignFolder(folder), folder / "published") as built:
        connection = duckdb.connect(str(built.snapshot), read_only=True)
        know_names(connection, built.contacts)
        yield connection
        connection.close()


def test_each_file_is_read_by_its_recipe(snapshot):
    assert dict(ask(snapshot, "select named(source_file), recipe from input_files")) == {
        MICROSOFT: "microsoft_forms_actions",
        GOOGLE: "google_forms_actions",
        CODING: "classification_sheet",
        MID_YEAR: "kobotoolbox_milestones, kobotoolbox_progress",
        FINAL: "kobotoolbox_progress",
        SITE: "wordpress_stories",
        CALENDAR: "icalendar_events",
        RESULTS: "results_list",
        REPORTS: "reports_by_link",
        ANNOTATIONS: "annotations_by_link",
        LISTED: "events_calendar",
    }


def test_every_row_is_accounted_for(snapshot):
    counts = "select named(source_file), rows_read, rows_accepted, rows_merged, rows_rejected from input_files"
    account = {file: numbers for file, *numbers in ask(snapshot, counts)}
    rows = {name: len(sheet_rows(name)) for name in FILES}
    rows[MID_YEAR] += len(sheet_rows(MID_YEAR, "milestones"))
    assert {name: account[name][0] for name in FILES} == rows
    assert all(read == accepted + merged + rejected for read, accepted, merged, rejected in account.values())
    assert {name: account[name][2:] for name in FILES} == {
        MICROSOFT: [7, 0], GOOGLE: [3, 1], CODING: [1, 2], FINAL: [0, 1], MID_YEAR: [12, 1],
    }  # fmt: skip


def test_there_are_330_actions_everywhere_in_three_languages_and_two_reports_a_wave_find_none(snapshot):
    assert ask(snapshot, "select count(*) from actions") == [(330,)]
    languages = {row[0] for row in ask(snapshot, "select distinct language from actions where language is not null")}
    assert languages == {"en", "fr", "es"}
    regions = Counter(dict(ask(snapshot, "select region, count(*) from action_regions group by region")))
    assert set(regions) == {
        "africa", "americas", "arab_states", "asia_and_the_pacific", "europe_and_central_asia", "global",
    }  # fmt: skip
    assert min(regions.values()) >= 15
    lost = "select wave, count(*) from progress_reports where action_id is null group by wave order by wave"
    assert ask(snapshot, lost) == [("final", 2), ("mid_year", 2)]


def test_some_sixty_actions_promise_numbers_of_which_some_are_not_known_and_one_was_never_promised(snapshot):
    promised, actions, unknown, beyond, not_promised = ask(
        snapshot,
        """
        select
            count(r.promised), count(distinct r.action_no), count(r.promised) filter (s.result_no is null),
            count(*) filter (s.reached > r.promised), count(*) filter (r.target is null)
        from results as r
        left join result_spells as s on r.result_no = s.result_no and s.valid_to = date '9999-12-31'
        """,
    )[0]
    assert (55 <= actions <= 65, promised > actions, not_promised) == (True, True, 1)
    assert min(unknown, beyond) >= 5
    assert ask(snapshot, "select distinct unit from results where indicator = 'money_spent' order by 1") == [
        ("eur_2021",), ("usd_2021",),
    ]  # fmt: skip
    falling = "select distinct promised = baseline - target from results where indicator = 'prevalence'"
    assert ask(snapshot, falling) == [(True,)]


def test_only_the_intended_values_match_nothing(snapshot):
    unmatched = {(field, value) for field, value in ask(snapshot, "select distinct field, value from unmatched_values")}
    assert unmatched == {
        ("stakeholder_group", "Civl socity"), ("countries", "Zambbia"), ("countries", "West Coast"),
        ("category", "Awarness campaing"), ("themes", "Minning"), ("themes", "Rural childhoods"),
        ("due_on", "fin d'année"), ("percent", "120"),
    }  # fmt: skip


def test_the_campaign_ends_where_charts_are_worth_looking_at(snapshot):
    rate, reported = ask(
        snapshot,
        """
        with latest as (
            select action_no, arg_max(status, (reported_on, submitted_at, report_no)) as status
            from progress_reports where action_no is not null group by action_no
        )
        select count(*) filter (where l.status = 'completed') / count(*), count(l.action_no) / count(*)
        from actions left join latest as l using (action_no)
        """,
    )[0]
    assert 0.40 <= rate <= 0.46
    assert 0.75 <= reported <= 0.90


def test_an_action_is_once_in_each_grouping_that_one_of_its_countries_is_in(snapshot):
    path = PROJECT / "data" / "codelists" / "groupings.csv"
    lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    members = {line["code"]: set(line["countries"].split("|")) for line in lines if line["countries"]}
    assert {code: len(countries) for code, countries in members.items()} == {
        "african_union": 55, "asean": 10, "ecowas": 15, "mena": 21, "maghreb": 5, "sahel": 5, "sub_saharan_africa": 53,
        "lac": 52,
    }  # fmt: skip
    named = {(number, country) for number, country in ask(snapshot, "select action_no, iso3 from action_countries")}
    expected = {(code, number) for code, countries in members.items() for number, one in named if one in countries}
    nowhere = {("unclassified", n) for (n,) in ask(snapshot, "select action_no from actions where scope is null")}
    found = ask(snapshot, "select member, action_no from action_members where dimension = 'grouping'")
    assert sorted(found) == sorted(expected | nowhere)
    pairs = {(code, country) for code, countries in members.items() for country in countries}
    assert set(ask(snapshot, "select grouping_code, iso3 from grouping_countries")) == pairs


def test_an_action_is_found_by_its_id_and_by_the_names_of_its_codes_in_every_language(snapshot):
    searched = dict(ask(snapshot, "select action_no, search_text from actions"))
    for language in ("en", "fr", "es"):
        for table, column, codelist in (
            ("action_countries", "iso3", "countries"),
            ("action_themes", "theme", "themes"),
            ("actions", "category", "categories"),
            ("actions", "stakeholder_group", "stakeholder_groups"),
        ):
            rows = ask(
                snapshot,
                f"select a.action_no, strip_accents(lower(c.label_{language})) from {table} as a "  # noqa: S608  (names of this test)
                f"inner join codes as c on c.codelist = '{codelist}' and a.{column} = c.code",
            )
            assert len(rows) > 200
            for number, label in rows:
                assert [word for word in re.findall(r"[a-z0-9]+", label) if word not in searched[number]] == []
    for number, action_id in ask(snapshot, "select action_no, action_id from actions"):
        assert re.sub(r"[^a-z0-9]+", " ", action_id.lower()) in searched[number]


def test_each_step_of_evidence_stands_behind_some_of_the_completed_actions(snapshot):
    steps = ask(
        snapshot,
        "select e.step_no, count(*) from evidence_spells as e inner join report_spells as r using (action_no) "
        "where e.valid_to > r.valid_from and r.valid_to > date '9000-01-01' and e.valid_to > date '9000-01-01' "
        "and r.status = 'completed' group by 1",
    )
    assert min(dict(steps)[step] for step in (1, 2, 3, 4)) > 20
    checked = dict(ask(snapshot, "select check_id, rows_found from check_totals where check_id like 'evidence%'"))
    assert checked == {
        "evidence_before_report": 1, "evidence_no_address": 1, "evidence_not_shown": 2, "evidence_without_status": 1,
    }  # fmt: skip


def test_stories_and_events_are_told_in_three_languages_and_belong_to_actions(snapshot):
    versions = "select count(*) from post_texts where kind = 'story' group by id"
    assert Counter(n for (n,) in ask(snapshot, versions)) == {3: 12, 1: 8}
    assert ask(snapshot, "select count(*), count(distinct language) from events") == [(15, 3)]
    assert {way for (way,) in ask(snapshot, "select distinct matched_by from post_actions")} == {
        "id", "address", "stakeholder"
    }  # fmt: skip
    (linked,) = ask(snapshot, "select count(distinct id) from post_actions where kind = 'story'")[0]
    suggested = "select count(distinct left_id) from suggested_duplicates where kind = 'story'"
    assert linked + ask(snapshot, suggested)[0][0] == 20
    assert "<" not in "".join(text for (text,) in ask(snapshot, "select body from post_texts where body is not null"))
    for title, *_ in ask(snapshot, "select title from post_texts where kind = 'story'"):
        assert INVENTED.search(title)


def test_a_dozen_reports_came_by_link_with_a_reply_and_two_documents_that_are_there(snapshot):
    reports = "select count(*), count(distinct action_no) from progress_reports where named(source_file) = $name"
    assert ask(snapshot, reports, {"name": REPORTS}) == [(12, 12)]
    rows = ask(snapshot, "select kind, file, words from annotations where action_no is not null order by kind")
    assert [kind for kind, _, _ in rows] == ["document", "document", "reply"]
    for _, file, words in rows:
        assert INVENTED.search(words)
        if file:
            assert hashlib.sha256((SAMPLES / "files" / file).read_bytes()).hexdigest() == file.removesuffix(".pdf")
