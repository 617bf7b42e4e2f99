"""The build on small exports: mapping, resolving, resubmissions, reports, the account, personal data."""

import json
from datetime import date

import pytest

from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.attribution import say_source
from tests.etl.campaigns import ACTIONS_RECIPE, RECIPES, built, make_campaign
from tests.etl.registers import CLASS_HEADER, HEADER, REPORT_HEADER, action
from tests.etl.together import Campaign, Together

DENIED = {
    "Completed?": None, "Complete ?": None, "¿Completada?": None, "complted": "completed",
    "Incomplete": "in_progress", "unfinished": "in_progress", "inachevée": "in_progress",
    "not-delivered": None, "non achevé": None, "no completado": None, "sin completar": None, "unfulfilled": None,
    "no cumplido": None, "à achever": None, "not on trak": None, "semi completed": None,
    "unlaunched": "not_started", "not startd": "not_started", "disontinued": "discontinued",
}  # fmt: skip
"""Words of a status with what is suggested for each; none is taken for a status."""


together = Together()


@together(
    {
        "places.csv": HEADER
        + action("1", promise="PA", Where="Côte d'Ivoire; GHANA")
        + action("2", promise="PB", Where="Brésil, Chile")
        + action("3", promise="PC", Where="Global")
        + action("4", promise="PD", Where="South-East Asia")
        + action("5", promise="PE")
        + action("6", "Ghana - Ministry of Examples", "PF")
    }
)
def test_places_in_three_languages_become_codes(con):
    assert con.execute("select action_id, region from action_regions order by all").fetchall() == [
        ("OFF-1", "africa"),
        ("OFF-2", "americas"),
        ("OFF-3", "global"),
        ("OFF-4", "asia_and_the_pacific"),
        ("OFF-6", "africa"),
    ]
    assert con.execute("select action_id, iso3 from action_countries order by all").fetchall() == [
        ("OFF-1", "CIV"), ("OFF-1", "GHA"), ("OFF-2", "BRA"), ("OFF-2", "CHL"), ("OFF-6", "GHA"),
    ]  # fmt: skip
    scopes = con.execute("select scope from actions order by action_no").fetchall()
    assert [row[0] for row in scopes] == ["countries", "countries", "global", "region", None, "countries"]


@together(
    {"letters.csv": HEADER + action("1", promise="LA", Where="DE; KE") + action("2", promise="LB", Where="de; NA")}
)
def test_two_letter_codes_are_countries_in_capitals_only(con):
    assert con.execute("select iso3 from action_countries order by 1").fetchall() == [("DEU",), ("KEN",)]
    assert con.execute("select value from unmatched_values order by 1").fetchall() == [("NA",), ("de",)]


@together({"global.csv": HEADER + action("1", promise="GA", Where="Netherlands; Global")})
def test_global_action_counts_in_global_only_but_keeps_its_country(con):
    assert con.execute("select region from action_regions").fetchall() == [("global",)]
    assert con.execute("select iso3 from action_countries").fetchall() == [("NLD",)]
    assert con.execute("select count(*) from action_subregions").fetchone() == (0,)


@together(
    {
        "unknown.csv": HEADER
        + action("1", promise="UA", Themes="Education; Minning")
        + action("2", promise="UB", Due="soon")
    }
)
def test_value_without_code_is_listed_with_the_nearest_and_the_row_kept(con):
    unmatched = con.execute("select field, value, rows, nearest_code from unmatched_values order by 1").fetchall()
    assert unmatched == [("due_on", "soon", 1, None), ("themes", "Minning", 1, "mining")]
    assert con.execute("select action_id, theme from action_themes").fetchall() == [("OFF-1", "education")]
    assert con.execute("select due_on from actions where action_id = 'OFF-2'").fetchone() == (date(2021, 12, 30),)


@together({"denied.csv": HEADER + "".join(action(f"d{n}", promise=word, Status=word) for n, word in enumerate(DENIED))})
def test_status_that_denies_or_asks_is_never_taken_for_its_opposite(con):
    assert dict(con.execute("select value, nearest_code from unmatched_values").fetchall()) == DENIED
    assert con.execute("select count(status) from progress_reports").fetchone() == (0,)


@together(
    {
        "status.csv": HEADER
        + action("1", promise="SA", Status="Fulfilled", Progress="1")
        + action("2", promise="SB", Status="planning stage", Progress="0.25")
        + action("3", promise="SC")
    }
)
def test_register_with_a_status_column_reports_by_itself(con):
    rows = con.execute("select action_id, status, percent, reported_on from progress_reports order by 1").fetchall()
    assert rows == [
        ("OFF-1", "completed", 100.0, date(2021, 12, 31)),
        ("OFF-2", "not_started", 25.0, date(2021, 12, 31)),
    ]
    assert con.execute("select rows_read, rows_accepted from input_files").fetchall() == [(3, 3)]


@together(
    {
        "a.csv": HEADER
        + action("1", Sent="2021-03-01 10:00:00", How="first")
        + action("7", Sent="2021-04-01 10:00:00", How="second")
        + action("8", promise="Another", Sent="2021-04-02 10:00:00")
    }
)
def test_resubmission_the_latest_wins_and_the_other_is_merged(con):
    kept = con.execute("select action_id, description from actions order by 1").fetchall()
    merged = con.execute("select named(source_file), source_row, kept_action_id from merged_rows").fetchall()
    assert kept == [("OFF-7", "second"), ("OFF-8", None)]
    assert merged == [("a.csv", 2, "OFF-7")]


@together(
    {
        "2021-03.csv": HEADER + action("1", promise="Train inspectors"),
        "2021-05.csv": HEADER + action("1", promise="Train 200 inspectors"),
    }
)
def test_downloaded_again_later_with_a_changed_title_is_the_same_action(con):
    assert con.execute("select action_id, title from actions").fetchall() == [("OFF-1", "Train 200 inspectors")]


@together(
    {
        "africa.csv": HEADER + action("1", "Fictional Farmers", "Plant"),
        "asia.csv": HEADER + action("1", "Fictional Weavers", "Weave"),
        "reports.csv": REPORT_HEADER + "r1,1,Fictional Weavers,Weave,2021-07-01,Completed,,,\n",
    }
)
def test_two_offices_that_count_from_one_are_two_actions(con):
    assert con.execute("select action_id, title from actions order by 1").fetchall() == [
        ("OFF-1", "Plant"),
        ("OFF-1~2", "Weave"),
    ]
    assert con.execute("select action_id from progress_reports").fetchall() == [("OFF-1~2",)]


@together(
    {
        "a.csv": HEADER
        + action("page", "Fictional Ministry A", "National promise")
        + action("page", "Fictional Ministry B", "National promise")
    }
)
def test_one_page_about_several_makers_is_no_id(con):
    assert con.execute("select count(*) from actions").fetchone() == (2,)


@together(
    {
        "a.csv": HEADER + action("1", Where="France", Category="Research") + action("2", promise="Second promise"),
        "b.csv": CLASS_HEADER
        + "OFF-1,x,,,Research,Mining,Kenya,\n1,x,,,Other,Data;Education,Perú,\n"
        + ",x,fictional  UNION,Second promise,Research,,,\nOFF-99,x,,,Research,,,\n",
    }
)
def test_classification_adds_and_corrects_and_the_last_row_stands(con):
    actions = con.execute("select action_id, category, classification_row from actions order by 1").fetchall()
    assert actions == [("OFF-1", "other", 3), ("OFF-2", "research", 4)]
    assert con.execute("select theme from action_themes order by 1").fetchall() == [("data",), ("education",)]
    assert con.execute("select iso3 from action_countries").fetchall() == [("PER",)]
    assert con.execute("select source_row, reason from rejected_rows").fetchall() == [
        (5, "matches no action by id or by stakeholder and title")
    ]
    assert con.execute("select source_row from merged_rows").fetchall() == [(2,)]


@together(
    {
        "a.csv": HEADER + action("1"),
        "r.csv": REPORT_HEADER
        + "r1,1,,,2021-07-01,En cours,40 %,,\nr2,,FICTIONAL UNION.,train inspectors,2021-12-01,Terminé,100,,\n"
        + "r3,77,Fictional Nobody,Nothing,2021-12-01,Completed,,,\nr4,,,,2021-12-01,Completed,,,\n",
    }
)
def test_reports_find_their_action_by_id_else_by_name_else_are_kept_apart(con):
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


@together(
    {
        "a.csv": HEADER + action("1"),
        "r.csv": REPORT_HEADER + "r1,1,,,2021-07-01 15:00:00,Completed,,,\nr2,1,,,2021-07-01 09:00:00,In progress,,,\n",
    }
)
def test_last_submitted_report_of_a_day_decides(con):
    assert con.execute("select status from report_spells").fetchall() == [("completed",)]
    assert con.execute("select count(*) from progress_reports").fetchone() == (2,)


@together(
    {
        "a.csv": HEADER + action("1"),
        "r1.csv": REPORT_HEADER + "r1,1,,,2021-07-01,Completed,,,\n",
        "r2.csv": REPORT_HEADER + "r1,1,,,2021-07-01,Completed,,,\n",
    }
)
def test_report_downloaded_twice_counts_once(con):
    assert con.execute("select count(*) from progress_reports").fetchone() == (1,)
    merged = con.execute("select named(source_file), kept_action_id from merged_rows").fetchall()
    assert merged == [("r1.csv", "OFF-1")]


@together(
    {
        "a.csv": HEADER + action("1"),
        "r.csv": REPORT_HEADER + "r1,1,,,2021-07-01,Nearly there,,,\nr2,1,,,2021-07-02,Nearly there?,,,\n",
    },
    {"office_reports": RECIPES["office_reports"] + '"Nearly there?" = "not_started"\n'},
)
def test_recipe_values_map_spellings_of_one_export(con):
    assert con.execute("select status_code from progress_reports order by 1").fetchall() == [
        ("in_progress",),
        ("not_started",),
    ]


@together(
    {
        "office/a.csv": HEADER
        + action("1")
        + action("", "Fictional Union", "")
        + "\n"
        + action("1", Sent="2021-05-01")
        + ",,,,,,,,,,,,,\n"
    }
)
def test_account_adds_up_and_every_fate_is_traced(con):
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


def office_sheet(name, accepted, rejected):
    return [
        ["Ref", "Maker", "Promise", "Sent"],
        *([f"{name}{n}", f"Fictional {name} {n}", f"Promise {n}", "2021-03-01"] for n in range(accepted)),
        [f"{name}0", f"Fictional {name} 0", "Promise 0", "2021-03-02"],
        *[["", f"Fictional {name} of no promise", "", "2021-03-03"]] * rejected,
    ]


@together(
    {
        "office.xlsx": {
            "first": office_sheet("first", 2, 1),
            "second": office_sheet("second", 3, 2),
            "events": [
                ["Event", "When"],
                ["Fictional march", "2021-06-12"],
                ["Fictional fair", "2021-07-01"],
                ["Fictional day", "2021-07-02"],
            ],
            "aside": [["Nothing", "that a recipe knows"], ["x", "y"]],
            "stories": [["Story", "When"], ["A fictional school opens", "2021-09-01"]],
        }
    },
    {
        "office_actions": ACTIONS_RECIPE,
        "office_events": DATED_RECIPE.format(kind="events", title="Event"),
        "office_stories": DATED_RECIPE.format(kind="stories", title="Story"),
    },
)
def test_account_of_a_workbook_is_the_sum_of_its_sheets(con):
    assert con.execute("select rows_read, rows_accepted, rows_merged, rows_rejected from input_files").fetchall() == [
        (16, 9, 2, 5)
    ]
    assert con.execute(
        "select rows_read, rows_accepted, rows_merged, rows_rejected from input_sheets order by rows_read"
    ).fetchall() == [(1, 1, 0, 0), (2, 0, 0, 2), (3, 3, 0, 0), (4, 2, 1, 1), (6, 3, 1, 2)]
    assert con.execute(
        "select kind, count(distinct id), count(*) from post_texts group by kind order by kind"
    ).fetchall() == [("event", 3, 3), ("story", 1, 1)]


@together(
    {
        "a.csv": HEADER + action("1", promise="A") + "\n" * 9 + action("2", promise="B"),
        "b.csv": HEADER + "".join(action(str(n), promise=f"C{n}") for n in range(3, 15)),
    }
)
def test_blank_rows_in_one_file_do_not_disturb_the_next(con):
    rows = con.execute("select action_id, named(source_file), source_row from actions order by 2, 3").fetchall()
    assert con.execute("select count(distinct action_no) from actions").fetchone() == (14,)
    assert rows[:2] == [("OFF-1", "a.csv", 2), ("OFF-2", "a.csv", 12)]
    assert rows[2:] == [(f"OFF-{n}", "b.csv", n - 1) for n in range(3, 15)]


ADDRESS = "someone@example.org"


@together(
    {
        "a.csv": HEADER
        + action("1", Email=ADDRESS, How=f"Write to {ADDRESS} or +00 22 555 01 01")
        + action("", "Fictional Union", "", Email=ADDRESS, How=f"Ask {ADDRESS}")
    }
)
def test_personal_data_goes_to_the_private_store_only(con, campaigns):
    snapshot = campaigns.snapshot.read_bytes()
    assert ADDRESS.encode() not in snapshot
    assert b"555 01 01" not in snapshot
    rows = con.execute("select source_file, source_row, header, value from contacts order by 2").fetchall()
    assert rows == [("a.csv", 2, "Email", ADDRESS), ("a.csv", 3, "Email", ADDRESS)]
    row = json.loads(con.execute("select row from rejected_rows").fetchone()[0])
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


@together({"a.csv": "Ref,Maker,Promise,\n1,Fictional Union,First,mine\n"})
def test_a_cell_below_no_header_is_none_too_many(con):
    assert con.execute("select rows_accepted, rows_rejected from input_files").fetchall() == [(1, 0)]


@together(
    {
        "book.xlsx": {
            "Sheet": [["Ref", "Maker", "Promise", "Email"], ["1", "Fictional Union", "Train", "a@example.org"]],
            "Notes": [["Call", "someone@example.org"]],
        }
    }
)
def test_sheet_that_no_recipe_reads_is_rejected_row_by_row_without_content(con):
    assert con.execute("select rows_read, rows_accepted, rows_rejected from input_files").fetchall() == [(2, 1, 1)]
    assert con.execute("select sheet, source_row, row::varchar from rejected_rows").fetchall() == [("2", 1, "{}")]
    assert con.execute("select personal_columns from input_sheets order by rows_read, sheet").fetchall() == [
        ([3],), ([],)
    ]  # fmt: skip
    assert con.execute("select source_file, sheet, source_row, header, value from contacts").fetchall() == [
        ("book.xlsx", "Sheet", 2, "Email", "a@example.org")
    ]


DAYS = {
    "dmy": {
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
    "mdy": {
        "03/04/2021": date(2021, 3, 4),
        "25/04/2021": date(2021, 4, 25),
        "04/26/2021": date(2021, 4, 26),
    },
}
for order, days in DAYS.items():
    together.add(
        order,
        Campaign(
            {"a.csv": HEADER + "".join(action(str(n), promise=written, Due=written) for n, written in enumerate(days))},
            {"office": ACTIONS_RECIPE.replace('headers = ["Due"]', f'headers = ["Due"]\ndate_order = "{order}"')},
        ),
    )


@pytest.mark.parametrize("order", DAYS)
def test_days_as_tools_and_people_write_them(campaigns, order):
    days, con = DAYS[order], campaigns(order)
    read = dict(con.execute("select title, due_on from actions").fetchall())
    unread = {value for (value,) in con.execute("select value from unmatched_values").fetchall()}
    assert read == {written: day or date(2021, 12, 30) for written, day in days.items()}
    assert unread == {written for written, day in days.items() if day is None}


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    """A campaign with a submission, a report after it, and a status of no day."""
    exports = {
        "a.csv": HEADER + action("1", Status="Not started") + action("2", promise="Inspect", Sent="2021-03-01"),
        "r.csv": REPORT_HEADER + "r1,1.0,,,2021-12-20,Completed,,,\n",
    }
    with built(make_campaign(tmp_path_factory.mktemp("dated") / "c", exports)) as con:
        yield con


def test_last_date_is_the_latest_submission_or_report(dated):
    assert dated.execute("select first_date, last_date from campaign").fetchone() == (
        date(2021, 1, 1),
        date(2021, 12, 20),
    )


def test_undated_status_of_a_register_yields_to_dated_reports(dated):
    assert dated.execute("select valid_from, status from report_spells").fetchall() == [
        (date(2021, 12, 20), "completed")
    ]
    assert dated.execute("select count(*) from progress_reports where action_id = 'OFF-1'").fetchone() == (2,)


@pytest.fixture(scope="module")
def of_its_own(tmp_path_factory):
    """A campaign with a publisher and themes of its own, and without any day of its rows."""
    folder = make_campaign(
        tmp_path_factory.mktemp("own") / "c", {"a.csv": HEADER + action(Themes="Mining, Farming, fishing and forests")}
    )
    (folder.root / "codelists").mkdir()
    (folder.root / "codelists" / "themes.csv").write_text(
        "code,label_en,label_fr,label_es,aliases,sort_order\n"
        'mining,Mining,Mines,Minas,,1\nland,"Farming, fishing and forests",Terre,Tierra,,2\n',
        encoding="utf-8",
    )
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8").partition("[publisher]")[0]
    names = (
        '[publisher]\nname = { en = "Office", fr = "Bureau" }\nemail = "office@example.org"\nlicence = "CC-BY-4.0"\n'
    )
    (folder.root / "campaign.toml").write_text(shipped + names, encoding="utf-8")
    with built(folder) as con:
        yield con


def test_option_that_contains_the_separator_is_one_option(of_its_own):
    assert of_its_own.execute("select theme from action_themes order by 1").fetchall() == [("land",), ("mining",)]
    assert of_its_own.execute("select count(*) from unmatched_values").fetchone() == (0,)


def test_last_date_of_a_campaign_without_days_is_its_end(of_its_own):
    assert of_its_own.execute("select last_date from campaign").fetchone() == (date(2021, 12, 31),)


def test_a_build_keeps_who_publishes_it_and_not_whom_to_write_to(of_its_own):
    row = of_its_own.execute("select * from campaign").df().iloc[0].to_dict()
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
