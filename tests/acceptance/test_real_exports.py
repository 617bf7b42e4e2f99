"""Real files of form and survey tools and of registers load by a recipe alone, and count as in the raw file.

The recipes stand in `recipes/`, as the people who know these files would write them. A register becomes actions; a
survey becomes progress reports, which match no action here, and its closed questions become answers.
"""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from dashboard.campaign.file_names import find_names
from dashboard.errors import UserError
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from tests.acceptance.published import EXPORTS, account, actions_by, ask, needs_exports, publish
from tests.etl.campaigns import built, make_campaign

pytestmark = [needs_exports, pytest.mark.nightly]
RECIPES = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "recipes").glob("*.toml")}
FLORA = "odk-central/build_Flora-Quadrat-0-4_1564384341"


def raw(path: str, **options) -> pd.DataFrame:
    """Return a real CSV file as pandas reads it, everything text, blank cells ''."""
    options = {"encoding": "utf-8-sig", "dtype": str, "keep_default_na": False, "nrows": TAKEN.get(path), **options}
    return pd.read_csv(EXPORTS / path, **options)


def book(path: str, sheet: str) -> pd.DataFrame:
    """Return a sheet as openpyxl reads it, the first row as header, wholly blank rows left out."""
    rows = list(openpyxl.load_workbook(EXPORTS / path, data_only=True)[sheet].iter_rows(values_only=True))
    filled = [row for row in rows[1:] if any(cell not in (None, "") for cell in row)]
    return pd.DataFrame(filled, columns=list(rows[0]))


def read_sheets(path: str) -> dict[str, pd.DataFrame]:
    """Read all sheets of a workbook."""
    return {name: book(path, name) for name in openpyxl.load_workbook(EXPORTS / path, read_only=True).sheetnames}


TAKEN = dict.fromkeys(
    ("kobotoolbox/household_individuals_split_select.csv", "typeform/2016-new-coders-part1_first5000.csv"), 500
)
"""By large file, how many of its rows are taken: `tests/outside` builds the whole ones by night."""


def read_content(path: str) -> bytes:
    """Return the content of a file, of a large one that of its first rows."""
    content = (EXPORTS / path).read_bytes()
    return b"".join(content.splitlines(keepends=True)[: TAKEN[path] + 1]) if path in TAKEN else content


SURVEYS = {
    "google-forms/forms_direct_csv_semicolon.csv": (5, 5, 0, 0),
    "google-forms/sheet_responses_comma.xlsx": (3, 3, 0, 0),
    "kobotoolbox/household_individuals_split_select.csv": (500, 500, 0, 0),
    "kobotoolbox/inventory_nested_repeats.xlsx": (24, 24, 0, 0),
    "kobotoolbox/rank_groups.xlsx": (7, 7, 0, 0),
    "kobotoolbox/repeat_demo_project.xlsx": (12, 12, 0, 0),
    "kobotoolbox/select_multiple_dot_separator.xlsx": (17, 17, 0, 0),
    "limesurvey/results-survey673185.csv": (10, 10, 0, 0),
    f"{FLORA}-taxon_encounter.csv": (7, 7, 0, 0),
    f"{FLORA}-vegetation_stratum.csv": (7, 7, 0, 0),
    f"{FLORA}.csv": (2, 2, 0, 0),
    "qualtrics/legacy_2_header_rows_de.csv": (1, 1, 0, 0),
    "qualtrics/nonmturk_wave1.csv": (80, 0, 80, 0),
    "qualtrics/nonmturk_wave1_redownload.csv": (104, 104, 0, 0),
    "qualtrics/pilot_choice_text_3_header_rows.csv": (26, 26, 0, 0),
    "surveymonkey/steak-risk-survey.csv": (550, 550, 0, 0),
    "surveymonkey/thanksgiving-2015.csv": (1058, 1058, 0, 0),
    "surveymonkey/weather-check.csv": (928, 928, 0, 0),
    "typeform/2016-new-coders-part1_first5000.csv": (500, 500, 0, 0),
}
REGISTERS = {
    "canada-mandate-letters/2021-mandate-commitments.csv": (760, 760, 0, 0),
    "microsoft-forms/resource_catalogue_1-9.csv": (9, 9, 0, 0),
    "nasty/frictionless-py/table-with-accents.csv": (638, 638, 0, 0),
    "nasty/messytables/utf-16le_encoded.csv": (327, 327, 0, 0),
    "nz-promises/promises.csv": (347, 347, 0, 0),
    "oyu-tolgoi-scorecard/commitments_2020-05-29.csv": (33, 33, 0, 0),
    "sbti/companies_taking_action_2021-09.xlsx": (1786, 1778, 2, 6),
}
"""By file: the rows read, accepted, merged with an earlier one and rejected."""


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """Put files of ten tools and of registers in one inbox: its recipe reads each, and no other does."""
    files = {Path(path).name: read_content(path) for path in (*SURVEYS, *REGISTERS)}
    return publish(tmp_path_factory.mktemp("together") / "campaign", files, RECIPES)


def of_file(snapshot, question: str, path: str) -> list[tuple]:
    """Return the rows of a question about one file, whose handle is `$file`."""
    names = find_names(snapshot.path)
    handles = {names.file(handle): handle for (handle,) in ask(snapshot, "select source_file from input_files")}
    with snapshot.cursor() as cursor:
        return cursor.execute(question, {"file": handles[Path(path).name]}).fetchall()


def column(snapshot, name: str, path: str, table: str = "progress_reports") -> Counter:
    """Count each value of a column in the rows of a table that come from a file."""
    query = f"select {name}, count(*) from {table} where source_file = $file group by all"  # noqa: S608
    return Counter(dict(of_file(snapshot, query, path)))


def answers(snapshot, question: str, path: str) -> Counter:
    """Count each answer to a question in a file."""
    table = "survey_answers inner join progress_reports using (report_no)"
    counts = column(snapshot, "(question, answer)", path, table)
    return Counter({answer: count for (asked, answer), count in counts.items() if asked == question})


def members(snapshot, dimension: str, path: str) -> Counter:
    """Count the actions of a file for each member of a dimension."""
    counts = column(snapshot, "(dimension, member)", path, "actions inner join action_members using (action_no)")
    return Counter({member: count for (of, member), count in counts.items() if of == dimension})


def counted(values: pd.Series) -> Counter:
    """Count each value of a raw column, blank ones aside."""
    return Counter(value for value in values if value not in (None, ""))


def coded(values: pd.Series) -> Counter:
    """Count each value of a raw column, as the code for the choice: `Some college` is some_college."""
    signs = {"<": " under ", ">": " over ", "+": " plus "}
    codes: Counter = Counter()
    for value, count in counted(values).items():
        text = "".join(signs.get(sign, sign) for sign in value)
        codes["_".join(re.findall(r"[^\W_]+", text.lower()))] += count
    return codes


def by_country(values: pd.Series, other: dict[str, str]) -> Counter:
    """Raw country names counted by ISO code, by ILOSTAT's table and the names it writes otherwise."""
    table = raw("reference/ilostat_country_groupings.csv")
    codes = {**dict(zip(table["Country"], table["ISO3 Code"], strict=True)), **other}
    return Counter(codes[name] for name in values)


def test_every_row_of_all_files_is_read_by_its_own_recipe_and_accounted_for(together):
    files = {**SURVEYS, **REGISTERS}
    assert account(together) == {Path(path).name: rows for path, rows in files.items()}
    assert headline(together, Selection()).actions == sum(accepted for _, accepted, _, _ in REGISTERS.values())
    of_people = (b"testing1", b"Maryam", b"Alex Example", b"res01@example.org", b"Robin Example")
    public, contacts = together.path.read_bytes(), together.path.parents[1] / "private" / "contacts.duckdb"
    assert [word for word in of_people if word in public] == []
    assert [word for word in of_people[-2:] if word not in contacts.read_bytes()] == []


def test_promises_with_a_status_of_seven_points(together):
    path = "nz-promises/promises.csv"
    statuses = raw(path)["status"].value_counts()
    codes = {
        "completed": "delivered", "substantial": "largely", "limited": "partly", "discontinued": "not-delivered",
        "superseded": "superseded", "in_progress": "in-progress", "withdrawn": "abandoned",
    }  # fmt: skip
    assert column(together, "status_code", path) == {code: statuses[word] for code, word in codes.items()}
    in_progress = statuses[["largely", "partly", "in-progress"]].sum()
    discontinued = statuses[["not-delivered", "superseded", "abandoned"]].sum()
    bases = {"completed": 138, "in_progress": in_progress, "discontinued": discontinued}
    assert column(together, "status", path) == bases


def test_a_scorecard_keeps_what_it_cannot_read_as_a_date(together):
    path = "oyu-tolgoi-scorecard/commitments_2020-05-29.csv"
    rows = raw(path)
    assert column(together, "status_code", path) == counted(rows["status"])
    assert column(together, "status", path).total() == 32  # of one there is no report
    assert members(together, "country", path) == {"MNG": 33}
    days = column(together, "due_on::varchar", path, "actions")
    assert days["2017-09-30"] == (rows["original_timeline"] == "Q3 2017").sum()
    assert days["2017-03-22"] == (rows["original_timeline"] == "42816").sum()
    periods = rows["original_timeline"].str.fullmatch(r"42816|(Q\d )?\d{4}|N/A")  # "Q3 2017" ends on a known day
    unread = "select sum(rows) from unmatched_values where field = 'due_on' and source_file = $file"
    assert of_file(together, unread, path) == [(33 - periods.sum(),)]
    assert members(together, "category", path) == {
        "area_based_programme": rows["category"].isin(["Pasture", "Water"]).sum(),
        "monitoring_system": (rows["category"] == "Monitoring").sum(),
        "other": (rows["category"] == "Individual Compensation").sum(),
    }


def test_mandate_letters_have_no_status_and_get_none(together):
    path = "canada-mandate-letters/2021-mandate-commitments.csv"
    assert column(together, "status", path) == {}
    assert members(together, "country", path) == {"CAN": 760}
    assert column(together, "stakeholder", path, "actions") == counted(raw(path)["Reporting Lead"])


def test_companies_of_2021_blank_rows_are_no_rows(together):
    path, sheet = "sbti/companies_taking_action_2021-09.xlsx", "Worksheet"
    rows, day = book(path, sheet), "Date Committed / Target published"
    companies = rows[rows["Company Name"].notna()]
    assert (len(rows), len(companies)) == (1786, 1780)
    last = companies.sort_values(day, kind="stable").drop_duplicates("Company Name", keep="last")
    completed = (
        "select count(*) from report_spells inner join actions using (action_no) "
        "where status = 'completed' and valid_to > date '2021-12-31' and actions.source_file = $file"
    )
    assert of_file(together, completed, path) == [((last["Status"] == "Targets Set").sum(),)]
    assert column(together, "status_code", path) == {"completed": 895, "in_progress": 885}
    other = {
        "Czech Republic": "CZE", "Hong Kong": "HKG", "Russia": "RUS", "South Korea": "KOR", "Vietnam": "VNM",
        "Taiwan, Province of China": "TWN", "United Arab Emirates (UAE)": "ARE", "United Kingdom (UK)": "GBR",
        "United States of America (USA)": "USA",
    }  # fmt: skip
    kept = companies.drop_duplicates("Company Name", keep="last")
    assert members(together, "country", path) == by_country(kept["Country"], other)
    # One company has no date: its statements count from the day that the recipe gives.
    days = companies[day].fillna(pd.Timestamp(2021, 12, 31)).dt.date
    assert column(together, "reported_on", path) == Counter(days)


def test_microsoft_forms_choices_end_with_a_separator(together):
    path = "microsoft-forms/resource_catalogue_1-9.csv"
    kinds = raw(path)["What type of resource is this?"].str.rstrip(";").str.split(";")
    meant = {"Data Science": "data", "Cartography": "data", "AGOL": "supply_chains"}
    themes = Counter(theme for cell in kinds for theme in {meant[k] for k in cell if k in meant} or {"unclassified"})
    assert members(together, "theme", path) == themes
    listed = "select value, rows from unmatched_values where field = 'themes' and source_file = $file"
    assert dict(of_file(together, listed, path)) == counted(kinds.explode()[~kinds.explode().isin(meant)])
    assert column(together, "submitted_on::varchar", path, "actions") == {"2020-07-02": 9}


def test_every_encoding_and_delimiter(together):
    path = "nasty/frictionless-py/table-with-accents.csv"
    rows = raw(path, sep=";", encoding="latin-1")
    assert column(together, "title", path, "actions") == counted(rows["Quartier"].str.strip())
    days = pd.to_datetime(rows["Date"], format="%d-%m-%y").dt.date
    assert column(together, "due_on", path, "actions") == Counter(days)
    path = "nasty/messytables/utf-16le_encoded.csv"
    rows = raw(path, encoding="utf-16")
    groups = rows["Organisation_classification"].str.strip().map({"NHS Facilities": "government"})
    assert members(together, "group", path) == dict(groups.fillna("unclassified").value_counts())


def several(rows: pd.DataFrame, starts: dict[str, str]) -> dict[str, int]:
    """Count each code, where every choice has a column that begins so."""
    chosen = {code: next(c for c in rows.columns if c.startswith(start)) for code, start in starts.items()}
    return {code: (~rows[header].isin(["", "N"])).sum() for code, header in chosen.items()}


def pie(name: str) -> str:
    return f"Which type of pie is typically served at your Thanksgiving dinner? Please select all that apply. - {name}"


def kobo(sheet: str, end: str) -> Callable[[dict[str, pd.DataFrame]], Counter]:
    """Counts the choices in the first column of a workbook's sheet whose header ends so."""

    def count(sheets: dict[str, pd.DataFrame]) -> Counter:
        header = next(header for header in sheets[sheet].columns if str(header).endswith(end))
        return coded(sheets[sheet][header].str.strip())

    return count


def reasons_by_columns(sheets: dict[str, pd.DataFrame]) -> Counter:
    rows, start = sheets["Sample Dataset KoboloadeR"], "profile.reason."
    return +Counter({name.removeprefix(start): rows[name].sum() for name in rows.columns if name.startswith(start)})


ANSWERS: dict[str, dict[str, Callable[[Any], Counter | dict[str, int]]]] = {
    "google-forms/sheet_responses_comma.xlsx": {
        "options": lambda _: {"option_1": 1, "option_2": 2, "option_3": 3, "option_4": 1},  # several in a cell
    },
    "kobotoolbox/household_individuals_split_select.csv": {
        "city": lambda rows: coded(rows["City"]),
        "age": lambda rows: coded(rows["Age_group"]),
    },
    "kobotoolbox/inventory_nested_repeats.xlsx": {
        "category": kobo("categories", "/Category_name"),
        "item": kobo("items", "/Item_name"),
        "supplier": kobo("suppliers", "/Supplier_name"),
    },
    "kobotoolbox/rank_groups.xlsx": {"fruit": kobo("Kobo Platform Test", "Choose_one")},
    "kobotoolbox/repeat_demo_project.xlsx": {"first_colour": kobo("Demo Project", "_1st_choice")},
    "kobotoolbox/select_multiple_dot_separator.xlsx": {
        "reason": lambda sheets: counted(
            sheets["Sample Dataset KoboloadeR"]["profile.reason"].str.split(" ").explode()
        ),
        "reason_by_columns": reasons_by_columns,
        "sex": kobo("members", "members.sex"),
    },
    "limesurvey/results-survey673185.csv": {
        "results": lambda rows: several(
            rows, {"raw": "TYPresQL[QLraw]", "coded": "TYPresQL[QLcoded]", "codebook": "TYPresQL[QLcBook]"}
        ),
        "human": lambda rows: coded(rows.filter(like="SCREEN1dataFromHuman").iloc[:, 0]),
    },
    f"{FLORA}-taxon_encounter.csv": {"life_form": lambda rows: coded(rows["life_form"])},
    f"{FLORA}.csv": {"form_of_land": lambda _: {"mid_slope": 1, "flat": 1}},
    "qualtrics/nonmturk_wave1_redownload.csv": {"voter": lambda rows: coded(rows["Q2"])},
    "qualtrics/pilot_choice_text_3_header_rows.csv": {"voter": lambda rows: coded(rows["Q2"])},
    "surveymonkey/steak-risk-survey.csv": {
        "steak": lambda rows: coded(rows["Do you eat steak?"]),
        "region": lambda rows: coded(rows["Location (Census Region)"]),
    },
    "surveymonkey/thanksgiving-2015.csv": {
        "pie": lambda rows: several(rows, {name: pie(name) for name in ("Apple", "Pumpkin", "None")}),
        "celebrates": lambda rows: coded(rows["Do you celebrate Thanksgiving?"]),
    },
    "surveymonkey/weather-check.csv": {"region": lambda rows: coded(rows["US Region"].replace("-", ""))},
    "typeform/2016-new-coders-part1_first5000.csv": {
        "platforms": lambda rows: several(
            rows, {"edx": "EdX", "coursera": "Coursera", "free_code_camp": "Free Code Camp"}
        ),
        "role": lambda rows: coded(rows.filter(regex="^Which one of these roles").iloc[:, 0].str.strip()),
    },
}
"""By file and question of its recipe: how often each answer stands in the raw file, or in the sheets of a workbook."""
HEADER_ROWS = {"qualtrics/": {"skiprows": [1, 2]}, "surveymonkey/steak": {"skiprows": [1]}, "limesurvey/": {"sep": ";"}}
"""The arguments with which pandas reads files: rows below their header, or separators of their cells."""


@pytest.mark.parametrize("path", ANSWERS)
def test_answers_to_closed_questions_are_those_of_the_file(together, path):
    options = next((how for start, how in HEADER_ROWS.items() if path.startswith(start)), {})
    rows: Any = raw(path, **options) if path.endswith(".csv") else read_sheets(path)
    assert (sum(map(len, rows.values())) if isinstance(rows, dict) else len(rows)) == SURVEYS[path][0]
    for question, count in ANSWERS[path].items():
        assert answers(together, question, path) == count(rows), question


def test_surveys_keep_their_days_ids_languages_and_repeats(together):
    again = raw("qualtrics/nonmturk_wave1_redownload.csv", skiprows=[1, 2])
    first = raw("qualtrics/nonmturk_wave1.csv", skiprows=[1, 2])
    assert set(first["ResponseId"]) < set(again["ResponseId"])
    moments = book("kobotoolbox/rank_groups.xlsx", "Kobo Platform Test")["_submission_time"]  # of UTC
    for name, path, expected in (
        ("report_id", "qualtrics/nonmturk_wave1_redownload.csv", Counter(again["ResponseId"])),
        ("reported_on::varchar", "qualtrics/legacy_2_header_rows_de.csv", {"2017-07-18": 1}),
        ("reported_on::varchar", "google-forms/sheet_responses_comma.xlsx", {"2024-01-17": 3}),
        ("reported_on", "kobotoolbox/rank_groups.xlsx", Counter(moments.dt.date)),
        ("language", "limesurvey/results-survey673185.csv", {"en": 10}),
    ):
        assert column(together, name, path) == expected, path
    family = len(book("kobotoolbox/repeat_demo_project.xlsx", "family_members"))
    told = column(together, "(wave, action_title is null)", "kobotoolbox/repeat_demo_project.xlsx")
    assert told["Demo Project", True] == family


def test_google_forms_own_download(together):
    check_google_forms(together, "forms_direct_csv_semicolon.csv")


@pytest.mark.nightly
def test_google_forms_own_download_as_a_workbook(tmp_path):
    path, name = "google-forms/forms_direct_semicolon.xlsx", "google_forms_days"
    snapshot = publish(tmp_path, {Path(path).name: (EXPORTS / path).read_bytes()}, {name: RECIPES[name]})
    check_google_forms(snapshot, Path(path).name)


def check_google_forms(snapshot, file):
    rows = raw("google-forms/forms_direct_csv_semicolon.csv")
    assert account(snapshot)[file] == (5, 5, 0, 0)
    assert answers(snapshot, "days", file) == coded(rows["Select all that apply"].str.split(";").explode())
    assert answers(snapshot, "fruit", file) == coded(rows["Your fave fruit?"])
    # 4:20:37 pm CET, an hour before UTC
    clocks = ("20:37", "20:44", "20:51", "20:57", "21:09")
    moments = column(snapshot, "strftime(submitted_at, '%Y-%m-%d %H:%M:%S')", file)
    assert moments == {f"2023-11-13 15:{clock}": 1 for clock in clocks}


@pytest.mark.nightly
def test_goods_list_of_a_workbook_of_ten_sheets(tmp_path):
    path = "dol-sweat-and-toil/master_data_2018.xlsx"
    rows = book(path, "goods_list")
    recipes = {"dol_goods": RECIPES["dol_goods"]}
    snapshot = publish(tmp_path, {Path(path).name: (EXPORTS / path).read_bytes()}, recipes)
    assert account(snapshot) == {Path(path).name: (418, 418, 0, 0)}
    other = {
        "Burma": "MMR", "Côte d'Ivoire": "CIV", "Iran": "IRN", "Kyrgyz Republic": "KGZ", "North Korea": "PRK",
        "Russia": "RUS", "Tanzania": "TZA", "Vietnam": "VNM",
    }  # fmt: skip
    assert actions_by(snapshot, "country") == by_country(rows["Country"], other)
    assert headline(snapshot, Selection()).reported == 0


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("kobotoolbox/inventory_form_definition.xlsx", "defines a form"),
        ("kobotoolbox/household_form_Abidjan_2022.xls", "defines a form"),
        ("surveymonkey/nfl-fandom-crosstab.csv", "is a summary"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path, path, what):
    folder = make_campaign(tmp_path / "c", {Path(path).name: (EXPORTS / path).read_bytes()}, RECIPES)
    with pytest.raises(UserError, match=f"{Path(path).name} {what}.* instead"), built(folder):
        pass
    assert not list((folder.root / "published").glob("*.duckdb"))
