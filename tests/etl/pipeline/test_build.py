"""The build on small exports: mapping, resolving, resubmissions, reports, the account, personal data."""

import json
from datetime import date

import pytest

from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.attribution import say_source
from etl.pipeline import build as builds
from tests.etl.campaigns import ACTIONS_RECIPE, RECIPES, built, make_campaign
from tests.etl.files import write_workbook
from tests.etl.registers import CLASS_HEADER, HEADER, REPORT_HEADER, action

DENIED = {
    "Completed?": None, "Complete ?": None, "¿Completada?": None, "complted": "completed",
    "Incomplete": "in_progress", "unfinished": "in_progress", "inachevée": "in_progress",
    "not-delivered": None, "non achevé": None, "no completado": None, "sin completar": None, "unfulfilled": None,
    "no cumplido": None, "à achever": None, "not on trak": None, "semi completed": None,
    "unlaunched": "not_started", "not startd": "not_started", "disontinued": "discontinued",
}  # fmt: skip
"""Words of a status with what is suggested for each; none is taken for a status."""


@pytest.fixture(scope="module")
def registers(tmp_path_factory):
    """Registers that have nothing in common, a file each, read by one build."""
    exports = {
        "places.csv": action("p1", promise="PA", Where="Côte d'Ivoire; GHANA")
        + action("p2", promise="PB", Where="Brésil, Chile")
        + action("p3", promise="PC", Where="Global")
        + action("p4", promise="PD", Where="South-East Asia")
        + action("p5", promise="PE")
        + action("p6", "Ghana - Ministry of Examples", "PF"),
        "letters.csv": action("l1", promise="LA", Where="DE; KE") + action("l2", promise="LB", Where="de; NA"),
        "global.csv": action("g1", promise="GA", Where="Netherlands; Global"),
        "unknown.csv": action("u1", promise="UA", Themes="Education; Minning") + action("u2", promise="UB", Due="soon"),
        "denied.csv": "".join(action(f"d{n}", promise=word, Status=word) for n, word in enumerate(DENIED)),
        "status.csv": action("s1", promise="SA", Status="Fulfilled", Progress="1")
        + action("s2", promise="SB", Status="planning stage", Progress="0.25")
        + action("s3", promise="SC"),
    }
    campaign = make_campaign(
        tmp_path_factory.mktemp("registers") / "c", {name: HEADER + lines for name, lines in exports.items()}
    )
    with built(campaign) as con:
        yield con


def test_places_in_three_languages_become_codes(registers):
    regions = "select action_id, region from action_regions where action_id like 'OFF-p%' order by all"
    assert registers.execute(regions).fetchall() == [
        ("OFF-p1", "africa"),
        ("OFF-p2", "americas"),
        ("OFF-p3", "global"),
        ("OFF-p4", "asia_and_the_pacific"),
        ("OFF-p6", "africa"),
    ]
    countries = "select action_id, iso3 from action_countries where action_id like 'OFF-p%' order by all"
    assert registers.execute(countries).fetchall() == [
        ("OFF-p1", "CIV"), ("OFF-p1", "GHA"), ("OFF-p2", "BRA"), ("OFF-p2", "CHL"), ("OFF-p6", "GHA"),
    ]  # fmt: skip
    scopes = registers.execute("select scope from actions where action_id like 'OFF-p%' order by action_no").fetchall()
    assert [row[0] for row in scopes] == ["countries", "countries", "global", "region", None, "countries"]


def test_two_letter_codes_are_countries_in_capitals_only(registers):
    countries = "select iso3 from action_countries where action_id like 'OFF-l%' order by 1"
    assert registers.execute(countries).fetchall() == [("DEU",), ("KEN",)]
    unmatched = "select value from unmatched_values where named(source_file) = 'letters.csv' order by 1"
    assert registers.execute(unmatched).fetchall() == [("NA",), ("de",)]


def test_global_action_counts_in_global_only_but_keeps_its_country(registers):
    regions = "select region from action_regions where action_id = 'OFF-g1'"
    assert registers.execute(regions).fetchall() == [("global",)]
    countries = "select iso3 from action_countries where action_id = 'OFF-g1'"
    assert registers.execute(countries).fetchall() == [("NLD",)]
    subregions = "select count(*) from action_subregions where action_id = 'OFF-g1'"
    assert registers.execute(subregions).fetchone() == (0,)


def test_value_without_code_is_listed_with_the_nearest_and_the_row_kept(registers):
    unmatched = registers.execute(
        "select field, value, rows, nearest_code from unmatched_values where named(source_file) = 'unknown.csv' "
        "order by 1"
    ).fetchall()
    assert unmatched == [("due_on", "soon", 1, None), ("themes", "Minning", 1, "mining")]
    themes = registers.execute("select action_id, theme from action_themes where action_id like 'OFF-u%'").fetchall()
    assert themes == [("OFF-u1", "education")]
    due_on = registers.execute("select due_on from actions where action_id = 'OFF-u2'").fetchone()
    assert due_on == (date(2021, 12, 30),)


def test_status_that_denies_or_asks_is_never_taken_for_its_opposite(registers):
    suggested = "select value, nearest_code from unmatched_values where named(source_file) = 'denied.csv'"
    assert dict(registers.execute(suggested).fetchall()) == DENIED
    taken = "select count(status) from progress_reports where named(source_file) = 'denied.csv'"
    assert registers.execute(taken).fetchone() == (0,)


def test_register_with_a_status_column_reports_by_itself(registers):
    rows = registers.execute(
        "select action_id, status, percent, reported_on from progress_reports "
        "where named(source_file) = 'status.csv' order by 1"
    ).fetchall()
    assert rows == [
        ("OFF-s1", "completed", 100.0, date(2021, 12, 31)),
        ("OFF-s2", "not_started", 25.0, date(2021, 12, 31)),
    ]
    files = "select rows_read, rows_accepted from input_files where named(source_file) = 'status.csv'"
    assert registers.execute(files).fetchall() == [(3, 3)]


def test_option_that_contains_the_separator_is_one_option(tmp_path):
    codelists = tmp_path / "c" / "codelists"
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + action(Themes="Mining, Farming, fishing and forests")})
    codelists.mkdir()
    (codelists / "themes.csv").write_text(
        "code,label_en,label_fr,label_es,aliases,sort_order\n"
        'mining,Mining,Mines,Minas,,1\nland,"Farming, fishing and forests",Terre,Tierra,,2\n',
        encoding="utf-8",
    )
    with built(folder) as con:
        assert con.execute("select theme from action_themes order by 1").fetchall() == [("land",), ("mining",)]
        assert con.execute("select count(*) from unmatched_values").fetchone() == (0,)


def test_resubmission_the_latest_wins_and_the_other_is_merged(tmp_path):
    lines = action("1", Sent="2021-03-01 10:00:00", How="first") + action("7", Sent="2021-04-01 10:00:00", How="second")
    lines += action("8", promise="Another", Sent="2021-04-02 10:00:00")
    with built(make_campaign(tmp_path / "c", {"a.csv": HEADER + lines})) as con:
        kept = con.execute("select action_id, description from actions order by 1").fetchall()
        merged = con.execute("select named(source_file), source_row, kept_action_id from merged_rows").fetchall()
    assert kept == [("OFF-7", "second"), ("OFF-8", None)]
    assert merged == [("a.csv", 2, "OFF-7")]


def test_downloaded_again_later_with_a_changed_title_is_the_same_action(tmp_path):
    exports = {
        "2021-03.csv": HEADER + action("1", promise="Train inspectors"),
        "2021-05.csv": HEADER + action("1", promise="Train 200 inspectors"),
    }
    with built(make_campaign(tmp_path / "c", exports)) as con:
        assert con.execute("select action_id, title from actions").fetchall() == [("OFF-1", "Train 200 inspectors")]


def test_two_offices_that_count_from_one_are_two_actions(tmp_path):
    exports = {
        "africa.csv": HEADER + action("1", "Fictional Farmers", "Plant"),
        "asia.csv": HEADER + action("1", "Fictional Weavers", "Weave"),
        "reports.csv": REPORT_HEADER + "r1,1,Fictional Weavers,Weave,2021-07-01,Completed,,,\n",
    }
    with built(make_campaign(tmp_path / "c", exports)) as con:
        assert con.execute("select action_id, title from actions order by 1").fetchall() == [
            ("OFF-1", "Plant"),
            ("OFF-1~2", "Weave"),
        ]
        assert con.execute("select action_id from progress_reports").fetchall() == [("OFF-1~2",)]


def test_one_page_about_several_makers_is_no_id(tmp_path):
    lines = action("page", "Fictional Ministry A", "National promise") + action(
        "page", "Fictional Ministry B", "National promise"
    )
    with built(make_campaign(tmp_path / "c", {"a.csv": HEADER + lines})) as con:
        assert con.execute("select count(*) from actions").fetchone() == (2,)


def test_classification_adds_and_corrects_and_the_last_row_stands(tmp_path):
    classes = CLASS_HEADER + "OFF-1,x,,,Research,Mining,Kenya,\n1,x,,,Other,Data;Education,Perú,\n"
    classes += ",x,fictional  UNION,Second promise,Research,,,\nOFF-99,x,,,Research,,,\n"
    exports = {
        "a.csv": HEADER + action("1", Where="France", Category="Research") + action("2", promise="Second promise"),
        "b.csv": classes,
    }
    with built(make_campaign(tmp_path / "c", exports)) as con:
        actions = con.execute("select action_id, category, classification_row from actions order by 1").fetchall()
        assert actions == [("OFF-1", "other", 3), ("OFF-2", "research", 4)]
        assert con.execute("select theme from action_themes order by 1").fetchall() == [("data",), ("education",)]
        assert con.execute("select iso3 from action_countries").fetchall() == [("PER",)]
        assert con.execute("select source_row, reason from rejected_rows").fetchall() == [
            (5, "matches no action by id or by stakeholder and title")
        ]
        assert con.execute("select source_row from merged_rows").fetchall() == [(2,)]


def test_reports_find_their_action_by_id_else_by_name_else_are_kept_apart(tmp_path):
    reports = (
        REPORT_HEADER
        + "r1,1,,,2021-07-01,En cours,40 %,,\nr2,,FICTIONAL UNION.,train inspectors,2021-12-01,Terminé,100,,\n"
    )
    reports += "r3,77,Fictional Nobody,Nothing,2021-12-01,Completed,,,\nr4,,,,2021-12-01,Completed,,,\n"
    with built(make_campaign(tmp_path / "c", {"a.csv": HEADER + action("1"), "r.csv": reports})) as con:
        rows = con.execute(
            "select report_id, action_id, matched_by, status, percent, reported_on from progress_reports order by 1"
        ).fetchall()
        spells = con.execute("select valid_from, valid_to, status from report_spells order by 1").fetchall()
        rejected = con.execute("select source_row from rejected_rows").fetchall()
    assert rows == [
        ("r1", "OFF-1", "id", "in_progress", 40.0, date(2021, 7, 1)),
        ("r2", "OFF-1", "stakeholder_title", "completed", 100.0, date(2021, 12, 1)),
        ("r3", None, None, "completed", None, date(2021, 12, 1)),
    ]
    assert spells == [
        (date(2021, 7, 1), date(2021, 12, 1), "in_progress"),
        (date(2021, 12, 1), date(9999, 12, 31), "completed"),
    ]
    assert rejected == [(5,)]


def test_last_submitted_report_of_a_day_decides(tmp_path):
    reports = REPORT_HEADER + "r1,1,,,2021-07-01 15:00:00,Completed,,,\nr2,1,,,2021-07-01 09:00:00,In progress,,,\n"
    with built(make_campaign(tmp_path / "c", {"a.csv": HEADER + action("1"), "r.csv": reports})) as con:
        assert con.execute("select status from report_spells").fetchall() == [("completed",)]
        assert con.execute("select count(*) from progress_reports").fetchone() == (2,)


def test_report_downloaded_twice_counts_once(tmp_path):
    line = "r1,1,,,2021-07-01,Completed,,,\n"
    exports = {"a.csv": HEADER + action("1"), "r1.csv": REPORT_HEADER + line, "r2.csv": REPORT_HEADER + line}
    with built(make_campaign(tmp_path / "c", exports)) as con:
        assert con.execute("select count(*) from progress_reports").fetchone() == (1,)
        merged = con.execute("select named(source_file), kept_action_id from merged_rows").fetchall()
        assert merged == [("r1.csv", "OFF-1")]


def test_undated_status_of_a_register_yields_to_dated_reports(tmp_path):
    reports = REPORT_HEADER + "r1,1.0,,,2021-12-20,Completed,,,\n"
    exports = {"a.csv": HEADER + action("1", Status="Not started"), "r.csv": reports}
    with built(make_campaign(tmp_path / "c", exports)) as con:
        assert con.execute("select valid_from, status from report_spells").fetchall() == [
            (date(2021, 12, 20), "completed")
        ]
        assert con.execute("select count(*) from progress_reports where action_id = 'OFF-1'").fetchone() == (2,)


def test_recipe_values_map_spellings_of_one_export(tmp_path):
    reports = REPORT_HEADER + "r1,1,,,2021-07-01,Nearly there,,,\n"
    asking = RECIPES | {"office_reports": RECIPES["office_reports"] + '"Nearly there?" = "not_started"\n'}
    both = reports + "r2,1,,,2021-07-02,Nearly there?,,,\n"
    with built(make_campaign(tmp_path / "d", {"a.csv": HEADER + action("1"), "r.csv": both}, asking)) as con:
        assert con.execute("select status_code from progress_reports order by 1").fetchall() == [
            ("in_progress",),
            ("not_started",),
        ]


def test_account_adds_up_and_every_fate_is_traced(tmp_path):
    lines = action("1") + action("", "Fictional Union", "") + "\n" + action("1", Sent="2021-05-01") + ",,,,,,,,,,,,,\n"
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + lines})
    (folder.inbox / "office").mkdir()
    (folder.inbox / "a.csv").rename(folder.inbox / "office" / "a.csv")
    with built(folder) as con:
        assert con.execute(
            "select named(source_file), rows_read, rows_accepted, rows_merged, rows_rejected from input_files"
        ).fetchall() == [("office/a.csv", 3, 1, 1, 1)]
        assert con.execute("select source_row, reason from rejected_rows").fetchall() == [
            (3, "neither title nor id: the row names no action")
        ]
        assert con.execute("select source_row from actions").fetchall() == [(5,)]


DATED_RECIPE = """
id = "office_{kind}"
title = "Dated {kind} of one office"
holds = "{kind}"
[recognise]
headers = ["{title}", "When"]
[fields.title]
headers = ["{title}"]
required = true
[fields.on_date]
headers = ["When"]
"""


def test_account_of_a_workbook_is_the_sum_of_its_sheets(tmp_path):
    header = ["Ref", "Maker", "Promise", "Sent"]
    sheets = {
        name: [
            header,
            *([f"{name}{n}", f"Fictional {name} {n}", f"Promise {n}", "2021-03-01"] for n in range(accepted)),
            [f"{name}0", f"Fictional {name} 0", "Promise 0", "2021-03-02"],
            *[["", f"Fictional {name} of no promise", "", "2021-03-03"]] * rejected,
        ]
        for name, accepted, rejected in (("first", 2, 1), ("second", 3, 2))
    }
    sheets["events"] = [["Event", "When"], ["Fictional march", "2021-06-12"], ["Fictional fair", "2021-07-01"]]
    sheets["events"].append(["Fictional day", "2021-07-02"])
    sheets["aside"] = [["Nothing", "that a recipe knows"], ["x", "y"]]
    sheets["stories"] = [["Story", "When"], ["A fictional school opens", "2021-09-01"]]
    path = write_workbook(tmp_path / "office.xlsx", sheets)
    recipes = {
        "office_actions": ACTIONS_RECIPE,
        "office_events": DATED_RECIPE.format(kind="events", title="Event"),
        "office_stories": DATED_RECIPE.format(kind="stories", title="Story"),
    }
    with built(make_campaign(tmp_path / "c", {"office.xlsx": path.read_bytes()}, recipes)) as con:
        assert con.execute(
            "select rows_read, rows_accepted, rows_merged, rows_rejected from input_files"
        ).fetchall() == [(16, 9, 2, 5)]
        assert con.execute(
            "select rows_read, rows_accepted, rows_merged, rows_rejected from input_sheets order by rows_read"
        ).fetchall() == [(1, 1, 0, 0), (2, 0, 0, 2), (3, 3, 0, 0), (4, 2, 1, 1), (6, 3, 1, 2)]
        assert con.execute(
            "select kind, count(distinct id), count(*) from post_texts group by kind order by kind"
        ).fetchall() == [("event", 3, 3), ("story", 1, 1)]


def test_blank_rows_in_one_file_do_not_disturb_the_next(tmp_path):
    exports = {
        "a.csv": HEADER + action("1", promise="A") + "\n" * 9 + action("2", promise="B"),
        "b.csv": HEADER + "".join(action(str(n), promise=f"C{n}") for n in range(3, 15)),
    }
    with built(make_campaign(tmp_path / "c", exports)) as con:
        rows = con.execute("select action_id, named(source_file), source_row from actions order by 2, 3").fetchall()
        assert con.execute("select count(distinct action_no) from actions").fetchone() == (14,)
    assert rows[:2] == [("OFF-1", "a.csv", 2), ("OFF-2", "a.csv", 12)]
    assert rows[2:] == [(f"OFF-{n}", "b.csv", n - 1) for n in range(3, 15)]


def test_personal_data_goes_to_the_private_store_only(tmp_path):
    address = "someone@example.org"
    lines = action("1", Email=address, How=f"Write to {address} or +00 22 555 01 01")
    lines += action("", "Fictional Union", "", Email=address, How=f"Ask {address}")
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + lines})
    with builds.build(folder, folder.published) as result:
        assert address.encode() not in result.snapshot.read_bytes()
        assert b"555 01 01" not in result.snapshot.read_bytes()
        import duckdb

        with duckdb.connect(result.contacts) as con:
            rows = con.execute("select source_file, source_row, header, value from contacts order by 2").fetchall()
        with duckdb.connect(result.snapshot) as con:
            row = json.loads(con.execute("select row from rejected_rows").fetchone()[0])
    assert rows == [("a.csv", 2, "Email", address), ("a.csv", 3, "Email", address)]
    assert row == {"Maker": "Fictional Union", "How": "Ask […]"}


WRITTEN = {"plain": ("", ""), "quoted": ('"', ""), "plain, trailing": ("", ",,"), "quoted, trailing": ('"', ",,")}
"""The sign around cells and the end of each line."""


@pytest.fixture(scope="module")
def cells_too_many(tmp_path_factory):
    """A register of two thousand rows for each of `WRITTEN`, two of them with a cell too many."""
    exports = {}
    for number, (quote, end) in enumerate(WRITTEN.values()):

        def line(*cells, quote=quote, end=end):
            return ",".join(f"{quote}{cell}{quote}" for cell in cells) + end + "\n"

        lines = [
            line("Ref", "Maker", "Promise", "Email", "How").replace(end + "\n", "\n"),
            line(f"{number}-1", "Fictional Union", f"First {number}", f"a{number}@example.org", "Well"),
            f"{number}-2,Fictional Union,Train, inspectors,b@example.org,Well\n",
            line(f"{number}-3", "Fictional Union", f"Third {number}"),
            *(line(f"{number}-{n}", "Fictional Union", f"Promise {number}-{n}", "", "Well") for n in range(4, 2000)),
            f"{number}-2000,Fictional Union,Inspect,,, ,Sally Sample\n",
        ]
        exports[f"{number}.csv"] = "".join(lines)
    with built(make_campaign(tmp_path_factory.mktemp("cells") / "c", exports)) as con:
        yield con


@pytest.mark.parametrize("written", WRITTEN)
def test_a_row_with_a_cell_too_many_is_rejected_and_shows_nothing(cells_too_many, written):
    number = list(WRITTEN).index(written)

    def ask(query):
        return cells_too_many.execute(query, {"file": f"{number}.csv"}).fetchall()

    account = ask(
        "select rows_read, rows_accepted, rows_merged, rows_rejected from input_files where named(source_file) = $file"
    )
    assert account == [(2000, 1998, 0, 2)]
    reason = "it has more cells than there are headers"
    rejected = ask(
        "select source_row, reason, row::varchar from rejected_rows where named(source_file) = $file "
        "order by source_row"
    )
    assert rejected == [(3, reason, "{}"), (2001, reason, "{}")]
    firsts = ask("select title from actions where named(source_file) = $file and source_row < 5 order by source_row")
    assert firsts == [(f"First {number}",), (f"Third {number}",)]
    contacts = ask("select source_row, value from names.contacts where source_file = $file")
    assert contacts == [(2, f"a{number}@example.org")]


def test_a_cell_below_no_header_is_none_too_many(tmp_path):
    lines = "Ref,Maker,Promise,\n1,Fictional Union,First,mine\n"
    with built(make_campaign(tmp_path / "c", {"a.csv": lines})) as con:
        assert con.execute("select rows_accepted, rows_rejected from input_files").fetchall() == [(1, 0)]


def test_sheet_that_no_recipe_reads_is_rejected_row_by_row_without_content(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for line in (HEADER + action("1", Email="a@example.org")).splitlines():
        sheet.append([cell.strip('"') or None for cell in line.split(",")])
    other = book.create_sheet("Notes")
    other.append(["Call", "someone@example.org"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    with built(make_campaign(tmp_path / "c", {"book.xlsx": path.read_bytes()})) as con:
        assert con.execute("select rows_read, rows_accepted, rows_rejected from input_files").fetchall() == [(2, 1, 1)]
        assert con.execute("select sheet, source_row, row::varchar from rejected_rows").fetchall() == [("2", 1, "{}")]
        assert con.execute("select personal_columns from input_sheets order by rows_read, sheet").fetchall() == [
            ([13],), ([],)
        ]  # fmt: skip
        assert con.execute("select source_file, sheet, source_row, header, value from names.contacts").fetchall() == [
            ("book.xlsx", "Sheet", 2, "Email", "a@example.org")
        ]


@pytest.mark.parametrize(
    ("order", "days"),
    [
        (
            "dmy",
            {
                "2021-03-04": date(2021, 3, 4),
                "03/04/2021": date(2021, 4, 3),
                "4.5.21": date(2021, 5, 4),
                "44256": date(2021, 3, 1),
                "1er juin 2021": date(2021, 6, 1),
                "3 août 2021": date(2021, 8, 3),
                "12 de septiembre de 2021": date(2021, 9, 12),
                "March 12, 2021": date(2021, 3, 12),
                "20 December 2021": date(2021, 12, 20),
                "20 de diciembre de 2021": date(2021, 12, 20),
                "12 d'août 2021": date(2021, 8, 12),
                "5-Dec-21": date(2021, 12, 5),
                "2023/11/13 4:20:37 pm CET": date(2023, 11, 13),
                "2021-02-30": None,
                "next year": None,
            },
        ),
        (
            "mdy",
            {
                "03/04/2021": date(2021, 3, 4),
                "25/04/2021": date(2021, 4, 25),
                "04/26/2021": date(2021, 4, 26),
            },
        ),
    ],
)
def test_days_as_tools_and_people_write_them(tmp_path, order, days):
    recipe = ACTIONS_RECIPE.replace('headers = ["Due"]', f'headers = ["Due"]\ndate_order = "{order}"')
    lines = "".join(action(str(n), promise=written, Due=written) for n, written in enumerate(days))
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + lines}, {"office_actions": recipe})
    with built(folder) as con:
        read = dict(con.execute("select title, due_on from actions").fetchall())
        unread = {value for (value,) in con.execute("select value from unmatched_values").fetchall()}
    assert read == {written: day or date(2021, 12, 30) for written, day in days.items()}
    assert unread == {written for written, day in days.items() if day is None}


def test_last_date_is_the_latest_submission_or_report(tmp_path):
    exports = {
        "a.csv": HEADER + action("1", Sent="2021-03-01"),
        "r.csv": REPORT_HEADER + "r1,1,,,2021-07-09,Completed,,,\n",
    }
    with built(make_campaign(tmp_path / "c", exports)) as con:
        assert con.execute("select first_date, last_date from campaign").fetchone() == (
            date(2021, 1, 1),
            date(2021, 7, 9),
        )
    with built(make_campaign(tmp_path / "d", {"a.csv": HEADER + action("1")})) as con:
        assert con.execute("select last_date from campaign").fetchone() == (date(2021, 12, 31),)


def test_a_build_keeps_who_publishes_it_and_not_whom_to_write_to(tmp_path):
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + action("1")})
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8").partition("[publisher]")[0]
    names = (
        '[publisher]\nname = { en = "Office", fr = "Bureau" }\nemail = "office@example.org"\nlicence = "CC-BY-4.0"\n'
    )
    (folder.root / "campaign.toml").write_text(shipped + names, encoding="utf-8")
    with built(folder) as con:
        row = con.execute("select * from campaign").df().iloc[0].to_dict()
    row |= {f"title_{lang}": title for lang, title in row["titles"].items()}
    said = say_source(row, "fr", date(2021, 12, 31)).replace("\u00a0", " ")
    assert said == "Source : Bureau, Actions pour 2021 · données au 31 décembre 2021 · CC BY 4.0"
    assert say_source(row, "es", date(2021, 12, 31)).startswith("Fuente: Office, Acciones para 2021 · ")
    assert "office@" not in row["publisher"]


def test_recipe_that_maps_to_an_unknown_code_is_named(tmp_path):
    recipe = ACTIONS_RECIPE + '\n[values.status]\n"Done" = "finished"\n'
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + action("1")}, {"office_actions": recipe})
    with pytest.raises(UserError, match=r"office_actions: values.status maps 'Done' to 'finished'"), built(folder):
        pass
