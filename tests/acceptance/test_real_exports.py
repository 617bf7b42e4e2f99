"""Real files of form and survey tools and of registers load by a recipe alone, and count as in the raw file.

The recipes stand in `recipes/`, as the people who know these files would write them. A register becomes actions; a
survey becomes progress reports, which match no action here, and its closed questions become answers.
"""

import re
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dashboard.campaign.file_names import find_names
from dashboard.errors import UserError
from dashboard.measures.counts import by_dimension, headline
from dashboard.snapshot.selection import Selection
from tests.acceptance.published import EXPORTS, account, actions_by, ask, column, needs_exports, publish
from tests.etl.campaigns import built, make_campaign

pytestmark = needs_exports
RECIPES = Path(__file__).parent / "recipes"


def load(root, path: str, *recipes: str, codelists: dict[str, str] | None = None):
    """Publish one real file, read by the named recipes."""
    folder = root / "campaign"
    for name, text in (codelists or {}).items():
        (folder / "codelists").mkdir(parents=True, exist_ok=True)
        (folder / "codelists" / f"{name}.csv").write_text(text, encoding="utf-8")
    texts = {name: (RECIPES / f"{name}.toml").read_text(encoding="utf-8") for name in recipes}
    return publish(folder, {Path(path).name: (EXPORTS / path).read_bytes()}, texts)


def raw(path: str, **options) -> pd.DataFrame:
    """A real CSV file as pandas reads it, everything text, blank cells ''."""
    options = {"encoding": "utf-8-sig", "dtype": str, "keep_default_na": False, **options}
    return pd.read_csv(EXPORTS / path, **options)


def book(path: str, sheet: str) -> pd.DataFrame:
    """A sheet as openpyxl reads it, the first row as header, wholly blank rows left out."""
    rows = list(openpyxl.load_workbook(EXPORTS / path, data_only=True)[sheet].iter_rows(values_only=True))
    filled = [row for row in rows[1:] if any(cell not in (None, "") for cell in row)]
    return pd.DataFrame(filled, columns=list(rows[0]))


SURVEYS = (
    "google-forms/forms_direct_csv_semicolon.csv", "google-forms/sheet_responses_comma.xlsx",
    "kobotoolbox/household_individuals_split_select.csv", "kobotoolbox/inventory_nested_repeats.xlsx",
    "kobotoolbox/rank_groups.xlsx", "kobotoolbox/repeat_demo_project.xlsx",
    "kobotoolbox/select_multiple_dot_separator.xlsx",
    "limesurvey/results-survey673185.csv",
    "odk-central/build_Flora-Quadrat-0-4_1564384341-taxon_encounter.csv",
    "odk-central/build_Flora-Quadrat-0-4_1564384341-vegetation_stratum.csv",
    "odk-central/build_Flora-Quadrat-0-4_1564384341.csv",
    "qualtrics/legacy_2_header_rows_de.csv", "qualtrics/nonmturk_wave1.csv", "qualtrics/nonmturk_wave1_redownload.csv",
    "qualtrics/pilot_choice_text_3_header_rows.csv",
    "surveymonkey/steak-risk-survey.csv", "surveymonkey/thanksgiving-2015.csv", "surveymonkey/weather-check.csv",
    "typeform/2016-new-coders-part1_first5000.csv",
)  # fmt: skip
REGISTERS = {
    "canada-mandate-letters/2021-mandate-commitments.csv": 760,
    "microsoft-forms/resource_catalogue_1-9.csv": 9,
    "nasty/messytables/utf-16le_encoded.csv": 327,
    "nz-promises/promises.csv": 347,
    "oyu-tolgoi-scorecard/commitments_2020-05-29.csv": 33,
}
"""Registers with the actions that each holds."""


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """Files of ten tools in one inbox, beside the recipes of all: each is read by its own, none by another's."""
    recipes = {recipe.stem: recipe.read_text(encoding="utf-8") for recipe in RECIPES.glob("*.toml")}
    files = {Path(path).name: (EXPORTS / path).read_bytes() for path in (*SURVEYS, *REGISTERS)}
    return publish(tmp_path_factory.mktemp("together") / "campaign", files, recipes)


def of_file(snapshot, question: str, path: str) -> list[tuple]:
    """The rows of a question about what stands in one file, whose handle is `$file`."""
    names = find_names(snapshot.path)
    handles = {names.file(handle): handle for (handle,) in ask(snapshot, "select source_file from input_files")}
    with snapshot.cursor() as cursor:
        return cursor.execute(question, {"file": handles[Path(path).name]}).fetchall()


def account_of(snapshot, path: str) -> tuple[int, int, int, int]:
    """The rows of one file read, accepted, merged and rejected."""
    return account(snapshot)[Path(path).name]


def answers(snapshot, question: str, path: str) -> Counter:
    """How often each answer to a question was given in a file."""
    rows = of_file(
        snapshot,
        "select question, answer, count(*) from survey_answers inner join progress_reports using (report_no) "
        "where source_file = $file group by all",
        path,
    )
    return Counter({answer: count for asked, answer, count in rows if asked == question})


def reported(snapshot, name: str, path: str) -> Counter:
    """How often each value of a column stands in a file's progress reports."""
    query = f"select {name}, count(*) from progress_reports where source_file = $file group by all"  # noqa: S608
    return Counter(dict(of_file(snapshot, query, path)))


def counted(values: pd.Series) -> Counter:
    """How often each value stands in a raw column, blank ones aside."""
    return Counter(value for value in values if value not in (None, ""))


def coded(values: pd.Series) -> Counter:
    """How often each value stands in a raw column, as the code that a choice gets: `Some college` is some_college."""
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


def test_new_zealand_promises_by_status_and_area(tmp_path):
    path = "nz-promises/promises.csv"
    rows = raw(path)
    areas = rows[["area", "areaLabel"]].drop_duplicates()
    areas = areas.assign(code=areas["area"].str.replace("-", "_"))
    lines = [f'{a.code},"{a.areaLabel}","{a.areaLabel}","{a.areaLabel}",,{n}' for n, a in enumerate(areas.itertuples())]
    themes = "\n".join(["code,label_en,label_fr,label_es,aliases,sort_order", *lines])
    snapshot = load(tmp_path, path, "nz_promises", codelists={"themes": themes})
    assert account(snapshot) == {"promises.csv": (347, 347, 0, 0)}
    statuses = rows["status"].value_counts()
    codes = column(snapshot, "status_code", "progress_reports")
    assert codes == {
        "completed": statuses["delivered"],
        "substantial": statuses["largely"],
        "limited": statuses["partly"],
        "discontinued": statuses["not-delivered"],
        "superseded": statuses["superseded"],
        "in_progress": statuses["in-progress"],
        "withdrawn": statuses["abandoned"],
    }
    total = headline(snapshot, Selection())
    assert (total.completed, total.reported) == (138, 347)
    assert total.in_progress == statuses[["largely", "partly", "in-progress"]].sum()
    assert total.discontinued == statuses[["not-delivered", "superseded", "abandoned"]].sum()
    frame = by_dimension(snapshot, Selection(), "theme").set_index("code")
    by_area = rows.assign(area=rows["area"].str.replace("-", "_")).groupby("area")["status"]
    assert dict(frame["actions"]) == dict(by_area.size())
    assert dict(frame["completed"]) == dict(by_area.apply(lambda found: (found == "delivered").sum()))


@pytest.mark.nightly
def test_oyu_tolgoi_scorecard_keeps_what_it_cannot_read_as_a_date(tmp_path):
    path = "oyu-tolgoi-scorecard/commitments_2020-05-29.csv"
    rows = raw(path)
    snapshot = load(tmp_path, path, "oyu_tolgoi")
    assert account(snapshot) == {"commitments_2020-05-29.csv": (33, 33, 0, 0)}
    assert column(snapshot, "status_code", "progress_reports") == counted(rows["status"])
    total = headline(snapshot, Selection())
    assert (total.reported, total.completed, total.not_reported) == (32, 10, 1)
    assert actions_by(snapshot, "country") == {"MNG": 33}
    serial = rows["original_timeline"] == "42816"
    periods = rows["original_timeline"].str.fullmatch(r"(Q\d )?\d{4}")  # "Q3 2017" and "2018" end on a known day
    unread = ask(snapshot, "select sum(rows) from unmatched_values where field = 'due_on'")
    assert unread == [(33 - serial.sum() - periods.sum() - (rows["original_timeline"] == "N/A").sum(),)]
    quarter = (rows["original_timeline"] == "Q3 2017").sum()
    assert ask(snapshot, "select count(*) from actions where due_on = date '2017-09-30'") == [(quarter,)]
    assert ask(snapshot, "select count(*) from actions where due_on = date '2017-03-22'") == [(serial.sum(),)]
    assert actions_by(snapshot, "category") == {
        "area_based_programme": rows["category"].isin(["Pasture", "Water"]).sum(),
        "monitoring_system": (rows["category"] == "Monitoring").sum(),
        "other": (rows["category"] == "Individual Compensation").sum(),
    }


@pytest.mark.nightly
def test_mandate_letters_have_no_status_and_get_none(tmp_path):
    snapshot = load(tmp_path, "canada-mandate-letters/2021-mandate-commitments.csv", "mandate_letters")
    assert account(snapshot) == {"2021-mandate-commitments.csv": (760, 760, 0, 0)}
    total = headline(snapshot, Selection())
    assert (total.actions, total.reported, total.completed, total.upper_bound) == (760, 0, 0, 1.0)
    assert ask(snapshot, "select count(*) from progress_reports") == [(0,)]
    assert actions_by(snapshot, "country") == {"CAN": 760}
    makers = column(snapshot, "stakeholder", "actions")
    assert makers == counted(raw("canada-mandate-letters/2021-mandate-commitments.csv")["Reporting Lead"])


def test_companies_of_2021_blank_rows_are_no_rows(tmp_path):
    path, sheet = "sbti/companies_taking_action_2021-09.xlsx", "Worksheet"
    rows = book(path, sheet)
    companies = rows[rows["Company Name"].notna()]
    assert (len(rows), len(companies)) == (1786, 1780)
    snapshot = load(tmp_path, path, "sbti_2021")
    assert account(snapshot) == {"companies_taking_action_2021-09.xlsx": (1786, 1778, 2, 6)}
    last = companies.sort_values("Date Committed / Target published", kind="stable")
    last = last.drop_duplicates("Company Name", keep="last")
    assert headline(snapshot, Selection()).completed == (last["Status"] == "Targets Set").sum()
    assert column(snapshot, "status_code", "progress_reports") == {"completed": 895, "in_progress": 885}
    other = {
        "Czech Republic": "CZE", "Hong Kong": "HKG", "Russia": "RUS", "South Korea": "KOR", "Vietnam": "VNM",
        "Taiwan, Province of China": "TWN", "United Arab Emirates (UAE)": "ARE", "United Kingdom (UK)": "GBR",
        "United States of America (USA)": "USA",
    }  # fmt: skip
    kept = companies.drop_duplicates("Company Name", keep="last")
    assert actions_by(snapshot, "country") == by_country(kept["Country"], other)
    # One company has no date: what is said of it counts from the campaign's end.
    days = companies["Date Committed / Target published"].fillna(pd.Timestamp(2021, 12, 31)).dt.date
    assert column(snapshot, "reported_on", "progress_reports") == Counter(days)


@pytest.mark.nightly
def test_companies_of_2023_dates_as_text_and_a_status_spelled_twice(tmp_path):
    path, sheet = "sbti/companies_taking_action_2023-02.xlsx", "Worksheet"
    rows = book(path, sheet)
    snapshot = load(tmp_path, path, "sbti_2023")
    assert account(snapshot) == {"companies_taking_action_2023-02.xlsx": (4469, 4467, 2, 0)}
    written = rows["Near term - Target Status"].value_counts()
    assert set(written.index) >= {"Targets Set", "Targets set"}
    codes = column(snapshot, "status_code", "progress_reports")
    assert codes["completed"] == written["Targets Set"] + written["Targets set"]
    assert codes["in_progress"] == written["Committed"]
    days = pd.to_datetime(rows["Date"], format="%d/%m/%Y").dt.date
    assert column(snapshot, "reported_on", "progress_reports") == Counter(days)
    other = {
        "Czech Republic": "CZE", "Macau, Province of China": "MAC", "Myanmar (Burma)": "MMR", "Russia": "RUS",
        "South Korea": "KOR", "Taiwan, Province of China": "TWN", "Trinidad And Tobago": "TTO", "Vietnam": "VNM",
        "United Arab Emirates (UAE)": "ARE", "United Kingdom (UK)": "GBR", "United States of America (USA)": "USA",
    }  # fmt: skip
    kept = rows.drop_duplicates("Company Name", keep="last")
    assert actions_by(snapshot, "country") == by_country(kept["Location"], other)
    assert ask(snapshot, "select count(*) from unmatched_values") == [(0,)]


def test_microsoft_forms_choices_end_with_a_separator(tmp_path):
    path = "microsoft-forms/resource_catalogue_1-9.csv"
    rows = raw(path)
    snapshot = load(tmp_path, path, "ms_forms_resources")
    assert account(snapshot) == {"resource_catalogue_1-9.csv": (9, 9, 0, 0)}
    kinds = rows["What type of resource is this?"].str.rstrip(";").str.split(";")
    meant = {"Data Science": "data", "Cartography": "data", "AGOL": "supply_chains"}
    themes = Counter(theme for cell in kinds for theme in {meant[k] for k in cell if k in meant} or {"unclassified"})
    assert actions_by(snapshot, "theme") == themes
    unmatched = dict(ask(snapshot, "select value, rows from unmatched_values where field = 'themes'"))
    assert unmatched == counted(kinds.explode()[~kinds.explode().isin(meant)])
    assert column(snapshot, "submitted_on::varchar", "actions") == {"2020-07-02": 9}
    contacts = (tmp_path / "campaign" / "private" / "contacts.duckdb").read_bytes()
    for secret in (b"res01@example.org", b"Robin Example"):
        assert secret in contacts
        assert secret not in snapshot.path.read_bytes()


@pytest.mark.nightly
def test_google_forms_own_download_as_a_workbook(tmp_path):
    check_google_forms(
        load(tmp_path, "google-forms/forms_direct_semicolon.xlsx", "google_forms_days"), "forms_direct_semicolon.xlsx"
    )


def test_google_forms_own_download(together):
    check_google_forms(together, "forms_direct_csv_semicolon.csv")


def check_google_forms(snapshot, file):
    rows = raw("google-forms/forms_direct_csv_semicolon.csv")
    assert account_of(snapshot, file) == (5, 5, 0, 0)
    assert answers(snapshot, "days", file) == coded(rows["Select all that apply"].str.split(";").explode())
    assert answers(snapshot, "fruit", file) == coded(rows["Your fave fruit?"])
    query = (
        "select strftime(submitted_at, '%Y-%m-%d %H:%M:%S') from progress_reports where source_file = $file order by 1"
    )
    times = of_file(snapshot, query, file)
    # 4:20:37 pm CET, an hour before UTC
    assert [time for (time,) in times] == [f"2023-11-13 15:{clock}" for clock in (
        "20:37", "20:44", "20:51", "20:57", "21:09",
    )]  # fmt: skip
    assert b"testing1" not in snapshot.path.read_bytes()


def test_google_sheet_has_real_times(together):
    assert account_of(together, "sheet_responses_comma.xlsx") == (3, 3, 0, 0)
    assert answers(together, "options", "sheet_responses_comma.xlsx") == {
        "option_1": 1,
        "option_2": 2,
        "option_3": 3,
        "option_4": 1,
    }
    assert reported(together, "reported_on::varchar", "sheet_responses_comma.xlsx") == {"2024-01-17": 3}
    assert b"Maryam" not in together.path.read_bytes()


def test_kobo_repeat_sheet_and_ranking_columns(together):
    path = "kobotoolbox/repeat_demo_project.xlsx"
    assert account_of(together, path) == (12, 12, 0, 0)
    rows = book(path, "Demo Project")
    first = next(header for header in rows.columns if str(header).endswith("_1st_choice"))
    assert answers(together, "first_colour", path) == coded(rows[first])
    members = book(path, "family_members")
    told = of_file(
        together,
        "select action_title is null, count(*) from progress_reports where wave = 'Demo Project' "
        "and source_file = $file group by all",
        path,
    )
    assert told == [(True, len(members))]


def test_kobo_nested_repeats(together):
    path = "kobotoolbox/inventory_nested_repeats.xlsx"
    sheets = {name: book(path, name) for name in ("Inventory Form", "categories", "items", "suppliers")}
    number = sum(map(len, sheets.values()))
    assert account_of(together, path) == (number, number, 0, 0)
    assert answers(together, "item", path) == coded(sheets["items"]["group_ka9xg61/categories/items/Item_name"])
    assert answers(together, "category", path) == coded(sheets["categories"]["group_ka9xg61/categories/Category_name"])
    suppliers = sheets["suppliers"]["group_ka9xg61/categories/suppliers/Supplier_name"]
    assert answers(together, "supplier", path) == coded(suppliers.str.strip())


def test_kobo_several_choices_as_a_cell_and_as_columns(together):
    path = "kobotoolbox/select_multiple_dot_separator.xlsx"
    rows, members = book(path, "Sample Dataset KoboloadeR"), book(path, "members")
    assert account_of(together, path) == (17, 17, 0, 0)
    assert (len(rows), len(members)) == (5, 12)
    in_cells = counted(rows["profile.reason"].str.split(" ").explode())
    prefix = "profile.reason."
    in_columns = Counter({c.removeprefix(prefix): rows[c].sum() for c in rows.columns if c.startswith(prefix)})
    assert answers(together, "reason", path) == in_cells == +in_columns
    assert answers(together, "reason_by_columns", path) == in_cells
    assert answers(together, "sex", path) == coded(members["members.sex"])


def test_kobo_times_are_utc_and_rows_without_an_id_are_all_kept(together):
    rows = book("kobotoolbox/rank_groups.xlsx", "Kobo Platform Test")
    assert account_of(together, "rank_groups.xlsx") == (len(rows), len(rows), 0, 0)
    assert reported(together, "reported_on", "rank_groups.xlsx") == Counter(rows["_submission_time"].dt.date)
    assert answers(together, "fruit", "rank_groups.xlsx") == coded(rows["Choose_one"])
    rows = raw("kobotoolbox/household_individuals_split_select.csv")
    assert account_of(together, "household_individuals_split_select.csv") == (6284, 6284, 0, 0)
    assert answers(together, "city", "household_individuals_split_select.csv") == coded(rows["City"])
    assert answers(together, "age", "household_individuals_split_select.csv") == coded(rows["Age_group"])


def test_surveymonkey_second_header_row_is_no_answer(together):
    path = "surveymonkey/steak-risk-survey.csv"
    rows = raw(path, skiprows=[1])
    assert account_of(together, path) == (550, 550, 0, 0)
    assert answers(together, "steak", path) == coded(rows["Do you eat steak?"])
    assert answers(together, "region", path) == coded(rows["Location (Census Region)"])


def test_surveymonkey_choice_columns_and_dashes(together):
    path = "surveymonkey/thanksgiving-2015.csv"
    rows = raw(path)
    assert account_of(together, path) == (1058, 1058, 0, 0)
    pies = {name: next(c for c in rows.columns if "type of pie" in c and c.endswith(f"- {name}")) for name in
            ("Apple", "Pumpkin", "None")}  # fmt: skip
    assert answers(together, "pie", path) == {name: (rows[header] != "").sum() for name, header in pies.items()}
    assert answers(together, "celebrates", path) == coded(rows["Do you celebrate Thanksgiving?"])
    rows = raw("surveymonkey/weather-check.csv")
    assert account_of(together, "weather-check.csv") == (928, 928, 0, 0)
    assert answers(together, "region", "weather-check.csv") == coded(rows["US Region"].replace("-", ""))


def test_limesurvey_one_column_a_subquestion(together):
    path = "limesurvey/results-survey673185.csv"
    rows = raw(path, sep=";")
    assert account_of(together, path) == (10, 10, 0, 0)
    starts = {"raw": "TYPresQL[QLraw]", "coded": "TYPresQL[QLcoded]", "codebook": "TYPresQL[QLcBook]"}
    taken = {name: (rows.filter(like=start).iloc[:, 0] == "Y").sum() for name, start in starts.items()}
    assert answers(together, "results", path) == taken
    assert answers(together, "human", path) == coded(rows.filter(like="SCREEN1dataFromHuman").iloc[:, 0])
    assert reported(together, "language", path) == {"en": 10}


def test_qualtrics_downloaded_again_counts_each_response_once(together):
    first, again = ("qualtrics/nonmturk_wave1.csv", "qualtrics/nonmturk_wave1_redownload.csv")
    rows, more = raw(first, skiprows=[1, 2]), raw(again, skiprows=[1, 2])
    assert (len(rows), len(more)) == (80, 104)
    assert set(rows["ResponseId"]) < set(more["ResponseId"])
    assert account_of(together, first) == (80, 0, 80, 0)
    assert account_of(together, again) == (104, 104, 0, 0)
    assert answers(together, "voter", again) == coded(more["Q2"])
    assert reported(together, "report_id", again) == Counter(more["ResponseId"])


def test_qualtrics_other_layouts(together):
    path = "qualtrics/pilot_choice_text_3_header_rows.csv"
    rows = raw(path, skiprows=[1, 2])
    assert account_of(together, path) == (26, 26, 0, 0)
    assert answers(together, "voter", path) == coded(rows["Q2"])
    assert account_of(together, "legacy_2_header_rows_de.csv") == (1, 1, 0, 0)
    assert reported(together, "reported_on::varchar", "legacy_2_header_rows_de.csv") == {"2017-07-18": 1}


def test_typeform_header_without_a_letter_and_headers_that_repeat(together):
    path = "typeform/2016-new-coders-part1_first5000.csv"
    rows = raw(path)
    assert account_of(together, path) == (5000, 5000, 0, 0)
    assert rows["#"].is_unique
    taken = {"edx": "EdX", "coursera": "Coursera", "free_code_camp": "Free Code Camp"}
    assert answers(together, "platforms", path) == {code: (rows[header] != "").sum() for code, header in taken.items()}
    roles = rows[next(header for header in rows.columns if header.startswith("Which one of these roles"))]
    assert answers(together, "role", path) == coded(roles.str.strip())


def test_odk_central_rows_shorter_than_the_header_and_repeat_tables(together):
    start = "odk-central/build_Flora-Quadrat-0-4_1564384341"
    for part, rows in (("", 2), ("-taxon_encounter", 7), ("-vegetation_stratum", 7)):
        assert account_of(together, f"{start}{part}.csv") == (rows, rows, 0, 0)
    taxa = raw(f"{start}-taxon_encounter.csv")
    assert answers(together, "life_form", f"{start}-taxon_encounter.csv") == coded(taxa["life_form"])
    assert answers(together, "form_of_land", f"{start}.csv") == {"mid_slope": 1, "flat": 1}
    assert b"Alex Example" not in together.path.read_bytes()


@pytest.mark.nightly
def test_goods_list_of_a_workbook_of_ten_sheets(tmp_path):
    path = "dol-sweat-and-toil/master_data_2018.xlsx"
    rows = book(path, "goods_list")
    snapshot = load(tmp_path, path, "dol_goods")
    assert account(snapshot) == {"master_data_2018.xlsx": (418, 418, 0, 0)}
    other = {
        "Burma": "MMR", "Côte d'Ivoire": "CIV", "Iran": "IRN", "Kyrgyz Republic": "KGZ", "North Korea": "PRK",
        "Russia": "RUS", "Tanzania": "TZA", "Vietnam": "VNM",
    }  # fmt: skip
    assert actions_by(snapshot, "country") == by_country(rows["Country"], other)
    assert headline(snapshot, Selection()).reported == 0


@pytest.mark.nightly
def test_every_encoding_and_delimiter(tmp_path):
    path = "nasty/frictionless-py/table-with-accents.csv"
    rows = raw(path, sep=";", encoding="latin-1")
    snapshot = load(tmp_path / "latin", path, "hotels_latin1")
    assert account(snapshot) == {"table-with-accents.csv": (638, 638, 0, 0)}
    assert column(snapshot, "title", "actions") == counted(rows["Quartier"].str.strip())
    days = pd.to_datetime(rows["Date"], format="%d-%m-%y").dt.date
    assert column(snapshot, "due_on", "actions") == Counter(days)
    path = "nasty/messytables/utf-16le_encoded.csv"
    rows = raw(path, encoding="utf-16")
    snapshot = load(tmp_path / "utf16", path, "trusts_utf16")
    assert account(snapshot) == {"utf-16le_encoded.csv": (327, 327, 0, 0)}
    groups = rows["Organisation_classification"].str.strip().map({"NHS Facilities": "government"})
    assert actions_by(snapshot, "group") == dict(groups.fillna("unclassified").value_counts())


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("kobotoolbox/inventory_form_definition.xlsx", "defines a form"),
        ("kobotoolbox/household_form_Abidjan_2022.xls", "defines a form"),
        ("surveymonkey/nfl-fandom-crosstab.csv", "is a summary"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path, path, what):
    recipes = {recipe.stem: recipe.read_text(encoding="utf-8") for recipe in RECIPES.glob("*.toml")}
    folder = make_campaign(tmp_path / "c", {Path(path).name: (EXPORTS / path).read_bytes()}, recipes)
    with pytest.raises(UserError, match=f"{Path(path).name} {what}.* instead"), built(folder):
        pass
    assert not list((folder.root / "published").glob("*.duckdb"))


def test_all_real_exports_together(together):
    """Each is read by its own recipe, none by another's, and no row of a register is lost."""
    told = account(together)
    assert told.keys() == {Path(path).name for path in (*SURVEYS, *REGISTERS)}
    assert {path: told[Path(path).name] for path in REGISTERS} == {
        path: (rows, rows, 0, 0) for path, rows in REGISTERS.items()
    }
    assert headline(together, Selection()).actions == sum(REGISTERS.values())
