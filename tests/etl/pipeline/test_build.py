"""The build on small exports: mapping, resolving, resubmissions, reports, the account."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.attribution import say_source
from tests.etl.campaigns import ACTIONS_RECIPE, RECIPES, ask, built, make_campaign, recipe
from tests.etl.registers import CLASS_HEADER, HEADER, action, register, reports
from tests.etl.together import Campaign, Cases, Together

DENIED = {
    "Completed?": None, "Complete ?": None, "¿Completada?": None, "complted": "completed",
    "Incomplete": None, "unfinished": None, "inachevée": None,
    "not-delivered": None, "non achevé": None, "no completado": None, "sin completar": None, "unfulfilled": None,
    "no cumplido": None, "à achever": None, "not on trak": None, "acabnado": None, "semi completed": None,
    "unlaunched": None, "not startd": "not_started", "disontinued": "discontinued",
}  # fmt: skip
"""Words of a status with the suggestion for each; none becomes a status."""


together = Together()


def places(*written: str) -> str:
    return register(*(action(str(n), promise=f"P{n}", Where=where) for n, where in enumerate(written, start=1)))


REGIONS = "select action_id, region from action_regions order by all"
COUNTRIES = "select action_id, iso3 from action_countries order by all"
THEMES = "select action_id, theme from action_themes order by all"
UNMATCHED = "select field, value, rows, nearest_code from unmatched_values order by all"
REPORTED = (
    "select report_id, action_id, matched_by, status, percent, reported_on::varchar from progress_reports order by 1"
)
SPELLS = "select valid_from::varchar, valid_to::varchar, status from report_spells order by 1"
ACTIONS = "select action_id, title from actions order by 1"
MERGED = "select named(source_file), source_row, kept_action_id from merged_rows order by all"
REJECTED = "select source_row, reason from rejected_rows order by all"
ACCOUNT = "select named(source_file), rows_read, rows_accepted, rows_merged, rows_rejected from input_files order by 1"
COUNTED = "select rows_read, rows_accepted, rows_merged, rows_rejected from"
FOREVER = "9999-12-31"


def dated(kind, title):
    """Write a recipe of rows with a title and a day."""
    return recipe(f"office_{kind}", kind, f"{title}|When", title=(title, "required = true"), on_date="When")


def office_sheet(name, accepted, rejected):
    return [
        ["Ref", "Maker", "Promise", "Sent"],
        *([f"{name}{n}", f"Fictional {name} {n}", f"Promise {n}", "2021-03-01"] for n in range(accepted)),
        [f"{name}0", f"Fictional {name} 0", "Promise 0", "2021-03-02"],
        *[["", f"Fictional {name} of no promise", "", "2021-03-03"]] * rejected,
    ]


TWICE = (",1,,,2021-07-01,Completed", ",9,Fictional Nobody,Nothing,2021-07-01,Completed")
ANY_COUNTRY = ACTIONS_RECIPE.replace('headers = ["Where"]', 'headers = ["Country*"]')
PLACES = "Ref,Maker,Promise,Country 1,Country 2,Country 3\n1,Fictional Union,Plant,Kenya,,Ghana; Perú\n"
STATES = "select action_id, status from progress_reports order by all"
MILESTONES_RECIPE = recipe(
    "office_milestones", "milestones", "Report|Milestone",
    report_id="Report", label="Milestone", due_on="Due", reached_on="Reached",
)  # fmt: skip


def about_six(**files: Sequence[str]) -> dict[str, str]:
    """Six actions with these files of reports."""
    six = register(*(action(str(n), f"Fictional Union {n}", f"Promise {n}") for n in range(1, 7)))
    return {"actions.csv": six, **{f"{name}.csv": reports(*lines) for name, lines in files.items()}}


def six_and(**files: tuple[int, ...]) -> list[tuple[Any, ...]]:
    """Return rows read, accepted, merged and rejected of the six actions and of these files."""
    return sorted([("actions.csv", 6, 6, 0, 0), *((f"{name}.csv", *counts) for name, counts in files.items())])


def told_again(first: str, last: str) -> Campaign:
    """Return a milestone in two files, each about another report."""
    rows = [f"r{n},1,,,2021-{month}-01 10:00:00,In progress" for n, month in ((1, "06"), (2, "12"))]
    header = "Report,Milestone,Due,Reached\n"
    files = {
        f"{first}.csv": f"{header}r1,Train ten inspectors,2021-07-01,\n",
        f"{last}.csv": f"{header}r2,Train ten inspectors,2021-07-01,2021-08-15\n",
    }
    return Campaign(about_six(reports=rows) | files, {"office_milestones": MILESTONES_RECIPE})


CASES: Cases = {
    "places in three languages become codes": (
        {
            "a.csv": places("Côte d'Ivoire; GHANA", "Brésil, Chile", "Global", "South-East Asia", "")
            + action("6", "Ghana - Ministry of Examples", "P6")
            + action("7", "Jordan - Imaginary Smith Associates", "P7")
        },
        {
            REGIONS: [
                ("OFF-1", "africa"), ("OFF-2", "americas"), ("OFF-3", "global"), ("OFF-4", "asia_and_the_pacific"),
                ("OFF-6", "africa"),
            ],
            COUNTRIES: [("OFF-1", "CIV"), ("OFF-1", "GHA"), ("OFF-2", "BRA"), ("OFF-2", "CHL"), ("OFF-6", "GHA")],
            "select list(scope order by action_id) from actions": [
                (["countries", "countries", "global", "region", None, "countries", None],)
            ],
        },
    ),
    "two-letter codes are countries in capitals only": (
        {"a.csv": places("DE; KE", "de; NA")},
        {
            COUNTRIES: [("OFF-1", "DEU"), ("OFF-1", "KEN")],
            "select value from unmatched_values order by 1": [("NA",), ("de",)],
        },
    ),
    "a global action counts in global only but keeps its country": (
        {"a.csv": places("Netherlands; Global")},
        {
            REGIONS: [("OFF-1", "global")],
            COUNTRIES: [("OFF-1", "NLD")],
            "select count(*) from action_subregions": [(0,)],
        },
    ),
    "a value without code is listed with the nearest and the row kept": (
        {"a.csv": register(action(Themes="Education; Minning"), action("2", promise="B", Due="soon"))},
        {
            UNMATCHED: [("due_on", "soon", 1, None), ("themes", "Minning", 1, "mining")],
            THEMES: [("OFF-1", "education")],
            "select due_on from actions where action_id = 'OFF-2'": [(date(2021, 12, 30),)],
        },
    ),
    "a status that denies or asks is never taken for its opposite": (
        {"a.csv": register(*(action(f"d{n}", promise=word, Status=word) for n, word in enumerate(DENIED)))},
        {
            "select value, nearest_code from unmatched_values order by 1": sorted(DENIED.items()),
            "select count(status) from progress_reports": [(0,)],
        },
    ),
    "a register with a status column reports by itself, on no day where none is told": (
        {
            "a.csv": register(
                action("1", promise="A", Status="Fulfilled", Progress="1"),
                action("2", promise="B", Status="planning stage", Progress="0.25"),
                action("3", promise="C"),
            )
        },
        {
            "select action_id, status, percent, reported_on::varchar from progress_reports order by 1": [
                ("OFF-1", "completed", 100.0, None), ("OFF-2", "not_started", 25.0, None),
            ],
            SPELLS: [],
            ACCOUNT: [("a.csv", 3, 3, 0, 0)],
        },
    ),
    "of resubmissions the latest wins and the other is merged": (
        {
            "a.csv": register(
                action("1", Sent="2021-03-01 10:00:00", How="first"),
                action("7", Sent="2021-04-01 10:00:00", How="second"),
                action("8", promise="Another", Sent="2021-04-02 10:00:00"),
            )
        },
        {
            "select action_id, description from actions order by 1": [("OFF-7", "second"), ("OFF-8", None)],
            MERGED: [("a.csv", 2, "OFF-7")],
        },
    ),
    "an action that is downloaded again later with a changed title is the same": (
        {
            "2021-03.csv": register(action("1", promise="Train inspectors")),
            "2021-05.csv": register(action("1", promise="Train 200 inspectors")),
        },
        {ACTIONS: [("OFF-1", "Train 200 inspectors")]},
    ),
    "two offices that count from one have two actions": (
        {
            "africa.csv": register(action("1", "Fictional Farmers", "Plant")),
            "asia.csv": register(action("1", "Fictional Weavers", "Weave")),
            "reports.csv": reports("r1,1,Fictional Weavers,Weave,2021-07-01,Completed"),
        },
        {
            ACTIONS: [("OFF-1", "Plant"), ("OFF-1~2", "Weave")],
            "select action_id from progress_reports": [("OFF-1~2",)],
        },
    ),
    "one page about several makers is no id": (
        {"a.csv": register(*(action("page", f"Fictional Ministry {name}", "National promise") for name in "AB"))},
        {"select count(*) from actions": [(2,)]},
    ),
    "a classification adds and corrects and its last row stands": (
        {
            "a.csv": register(action("1", Where="France", Category="Research"), action("2", promise="Second promise")),
            "b.csv": CLASS_HEADER
            + "OFF-1,x,,,Research,Mining,Kenya,\n1,x,,,Other,Data;Education,Perú,\n"
            + ",x,fictional  UNION (FU),Second promise,Research,,,\nOFF-99,x,,,Research,,,\n",
        },
        {
            "select action_id, category, classification_row from actions order by 1": [
                ("OFF-1", "other", 3), ("OFF-2", "research", 4),
            ],
            THEMES: [("OFF-1", "data"), ("OFF-1", "education")],
            COUNTRIES: [("OFF-1", "PER")],
            REJECTED: [(5, "matches no action by id or by stakeholder and title")],
            MERGED: [("b.csv", 2, "OFF-1")],
            "select len(spellings) from stakeholders": [(2,)],
        },
    ),
    "reports find their action by id, else by name, else are kept apart": (
        {
            "a.csv": register(action("1")),
            "r.csv": reports(
                "r1,1,,,2021-07-01,En cours,40 %", "r2,,FICTIONAL UNION.,train inspectors,2021-12-01,Terminé,100",
                "r3,77,Fictional Nobody,Nothing,2021-12-01,Completed", "r4,,,,2021-12-01,Completed",
            ),
        },
        {
            REPORTED: [
                ("r1", "OFF-1", "id", "in_progress", 40.0, "2021-07-01"),
                ("r2", "OFF-1", "stakeholder_title", "completed", 100.0, "2021-12-01"),
                ("r3", None, None, "completed", None, "2021-12-01"),
            ],
            SPELLS: [("2021-07-01", "2021-12-01", "in_progress"), ("2021-12-01", FOREVER, "completed")],
            "select source_row from rejected_rows": [(5,)],
            "select len(spellings) from stakeholders": [(2,)],
        },
    ),
    "of a day the last submitted report decides": (
        {
            "a.csv": register(action("1")),
            "r.csv": reports("r1,1,,,2021-07-01 15:00:00,Completed", "r2,1,,,2021-07-01 09:00:00,In progress"),
        },
        {SPELLS: [("2021-07-01", FOREVER, "completed")], "select count(*) from progress_reports": [(2,)]},
    ),
    "a report that is downloaded twice counts once": (
        {
            "a.csv": register(action("1")),
            **dict.fromkeys(("r1.csv", "r2.csv"), reports("r1,1,,,2021-07-01,Completed")),
        },
        {"select count(*) from progress_reports": [(1,)], MERGED: [("r1.csv", 2, "OFF-1")]},
    ),
    "the account adds up and every fate is traced": (
        {
            "office/a.csv": register(
                action("1"), action("", "Fictional Union", ""), "\n", action("1", Sent="2021-05-01"), ",,,,,,,,,,,,,\n"
            )
        },
        {
            ACCOUNT: [("office/a.csv", 3, 1, 1, 1)],
            REJECTED: [(3, "neither title nor id: the row names no action")],
            "select source_row from actions": [(5,)],
        },
    ),
    "blank rows in one file do not disturb the next": (
        {
            "a.csv": register(action("1", promise="A"), "\n" * 9, action("2", promise="B")),
            "b.csv": register(*(action(str(n), promise=f"C{n}") for n in range(3, 15))),
        },
        {
            "select count(distinct action_no) from actions": [(14,)],
            "select action_id, named(source_file), source_row from actions order by 2, 3": [
                ("OFF-1", "a.csv", 2), ("OFF-2", "a.csv", 12), *((f"OFF-{n}", "b.csv", n - 1) for n in range(3, 15)),
            ],
        },
    ),
    "a cell below no header is none too many": (
        {"a.csv": "Ref,Maker,Promise,\n1,Fictional Union,First,mine\n"},
        {ACCOUNT: [("a.csv", 1, 1, 0, 0)]},
    ),
    "a sheet that no recipe reads is rejected row by row without content": (
        {
            "book.xlsx": {
                "Sheet": [["Ref", "Maker", "Promise", "Email"], ["1", "Fictional Union", "Train", "a@example.org"]],
                "Notes": [["Call", "someone@example.org"]],
            }
        },
        {
            ACCOUNT: [("book.xlsx", 2, 1, 0, 1)],
            "select sheet, source_row, row::varchar from rejected_rows": [("2", 1, "{}")],
            "select personal_columns from input_sheets order by rows_read, sheet": [([3],), ([],)],
            "select source_file, sheet, source_row, header, value from contacts": [
                ("book.xlsx", "Sheet", 2, "Email", "a@example.org")
            ],
        },
    ),
    "values of a recipe map the spellings of one export": (
        Campaign(
            {
                "a.csv": HEADER + action("1"),
                "r.csv": reports("r1,1,,,2021-07-01,Nearly there", "r2,1,,,2021-07-02,Nearly there?"),
            },
            {"office_reports": RECIPES["office_reports"] + '"Nearly there?" = "not_started"\n'},
        ),
        {"select status_code from progress_reports order by 1": [("in_progress",), ("not_started",)]},
    ),
    "the account of a workbook is the sum of its sheets": (
        Campaign(
            {
                "office.xlsx": {
                    "first": office_sheet("first", 2, 1),
                    "second": office_sheet("second", 3, 2),
                    "events": [["Event", "When"], *([f"Fictional day {n}", f"2021-06-0{n}"] for n in (1, 2, 3))],
                    "aside": [["Nothing", "that a recipe knows"], ["x", "y"]],
                    "stories": [["Story", "When"], ["A fictional school opens", "2021-09-01"]],
                }
            },
            {"actions": ACTIONS_RECIPE, "events": dated("events", "Event"), "stories": dated("stories", "Story")},
        ),
        {
            f"{COUNTED} input_files": [(16, 9, 2, 5)],
            f"{COUNTED} input_sheets order by rows_read": [
                (1, 1, 0, 0), (2, 0, 0, 2), (3, 3, 0, 0), (4, 2, 1, 1), (6, 3, 1, 2),
            ],
            "select kind, count(distinct id), count(*) from post_texts group by kind order by kind": [
                ("event", 3, 3), ("story", 1, 1)
            ],
        },
    ),
    # Reports that are the same report, and reports that only look alike: every loss of one is a wrong number.
    "two surveys that both count from one": (
        about_six(
            first=["1,1,,,2021-07-01 10:00:00,In progress", "2,2,,,2021-07-02 10:00:00,Completed"],
            last=["1,3,,,2021-12-01 10:00:00,Completed", "2,4,,,2021-12-02 10:00:00,Completed"],
        ),
        {
            ACCOUNT: six_and(first=(2, 2, 0, 0), last=(2, 2, 0, 0)),
            STATES: [("OFF-1", "in_progress"), *((f"OFF-{number}", "completed") for number in (2, 3, 4))],
        },
    ),
    "an answer that is edited and downloaded again": (
        about_six(
            first=["1,1,,,2021-07-01 10:00:00,In progress", "2,2,,,2021-07-02 10:00:00,In progress"],
            # The second answer named the wrong action: its moment is the tool's, its reference was corrected.
            second=["1,1,,,2021-07-05 10:00:00,Completed", "2,3,,,2021-07-02 10:00:00,Completed"],
        ),
        {
            ACCOUNT: six_and(first=(2, 0, 2, 0), second=(2, 2, 0, 0)),
            STATES: [("OFF-1", "completed"), ("OFF-3", "completed")],
        },
    ),
    **{
        f"reports about unknown {what} are counted one by one": (
            about_six(reports=[line + "2021-12-01,Completed" for line in lines]),
            {ACCOUNT: six_and(reports=(2, 2, 0, 0)), STATES: [(None, "completed")] * 2},
        )
        for what, lines in {
            "actions": (",77,,,", ",78,,,"), "makers": (",,Fictional Nobody,,", ",,Fictional Someone,,"),
        }.items()
    },
    "a date in another column is another report": (
        about_six(reports=[",1,,,2021-07-01,,,,Planting", ",1,,,,,,2021-07-01,Planting"]),
        {ACCOUNT: six_and(reports=(2, 2, 0, 0))},
    ),
    "the same answers downloaded twice count once": (
        about_six(first=TWICE, second=TWICE), {ACCOUNT: six_and(first=(2, 0, 2, 0), second=(2, 2, 0, 0))},
    ),
    **{
        f"a milestone is told again in a later report in {last}.csv": (
            told_again(first, last),
            {
                ACCOUNT: six_and(**{first: (1, 0, 1, 0), last: (1, 1, 0, 0), "reports": (2, 2, 0, 0)}),
                "select due_on::varchar, reached_on::varchar from milestones": [("2021-07-01", "2021-08-15")],
            },
        )
        for first, last in ("ab", "ba")
    },
    "countries in several columns all count": (
        Campaign({"places.csv": PLACES}, {"any_country": ANY_COUNTRY}),
        {"select iso3 from action_countries order by 1": [("GHA",), ("KEN",), ("PER",)]},
    ),
}  # fmt: skip
test_what_becomes_of_small_exports = together.table(CASES)


WRITTEN = {"plain": ("", ""), "quoted": ('"', ""), "plain, trailing": ("", ",,"), "quoted, trailing": ('"', ",,")}
"""The sign around cells and the end of each line."""


def write_cells(number: int, quote: str, end: str) -> str:
    """Write a register of two thousand rows, two of them with a cell too many."""

    def line(*cells):
        return ",".join(f"{quote}{cell}{quote}" for cell in cells) + end + "\n"

    lines = [
        line("Ref", "Maker", "Promise", "Email", "How").replace(end + "\n", "\n"),
        line(f"{number}-1", "Fictional Union", f"First {number}", f"a{number}@example.org", "Well"),
        f"{number}-2,Fictional Union,Train, inspectors,b@example.org,Well\n",
        line(f"{number}-3", "Fictional Union", f"Third {number}"),
        *(line(f"{number}-{n}", "Fictional Union", f"Promise {number}-{n}", "", "Well") for n in range(4, 2000)),
        f"{number}-2000,Fictional Union,Inspect,,, ,Sally Sample\n",
    ]
    return "".join(lines)


too_many = {f"{number}.csv": write_cells(number, *written) for number, written in enumerate(WRITTEN.values())}
together.add("cells too many", Campaign(too_many, is_signed=False))


@pytest.mark.parametrize("written", WRITTEN)
def test_a_row_with_a_cell_too_many_is_rejected_and_shows_nothing(campaigns, written):
    number = list(WRITTEN).index(written)

    def of_file(query):
        return ask(campaigns("cells too many"), query, {"file": f"{number}.csv"})

    assert of_file(f"{COUNTED} input_files where named(source_file) = $file") == [(2000, 1998, 0, 2)]
    rejected = "select source_row, reason, row::varchar from rejected_rows where named(source_file) = $file order by 1"
    reason = "it has more cells than there are headers"
    assert of_file(rejected) == [(3, reason, "{}"), (2001, reason, "{}")]
    firsts = "select title from actions where named(source_file) = $file and source_row < 5 order by source_row"
    assert of_file(firsts) == [(f"First {number}",), (f"Third {number}",)]
    contacts = "select source_row, value from contacts where source_file = $file"
    assert of_file(contacts) == [(2, f"a{number}@example.org")]


@pytest.mark.nightly
def test_undated_statuses_yield_to_dated_reports_unasked_and_the_last_report_is_the_last_day(tmp_path):
    """Also where the reports say less: that was so on their day, and nobody knows when the register was true."""
    exports = {
        "a.csv": register(
            action("1", Status="Not started"), action("2", promise="Inspect", Sent="2021-03-01"),
            action("3", promise="Train", Status="Completed"),
        ),
        "r.csv": reports("r1,1.0,,,2021-12-20,Completed", "r3,3,,,2021-06-01,In progress"),
    }  # fmt: skip
    with built(make_campaign(tmp_path / "c", exports)) as con:
        days = "select first_date::varchar, last_date::varchar from campaign"
        assert ask(con, days) == [("2021-01-01", "2021-12-20")]
        assert ask(con, SPELLS) == [("2021-06-01", FOREVER, "in_progress"), ("2021-12-20", FOREVER, "completed")]
        assert ask(con, "select count(*) from progress_reports where action_id = 'OFF-1'") == [(2,)]
        assert ask(con, "select kind from questions") == []


@pytest.mark.nightly
def test_a_campaign_with_a_publisher_themes_and_keywords_of_its_own_and_without_any_day_of_its_rows(tmp_path):
    themes = "Mining, Farming, fishing and forests"  # an option that contains the separator is one option
    line = action(maker="Imaginary Makers", promise="Knitting and mining in Nairobi", How="We train", Themes=themes)
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + line})
    (folder.root / "codelists").mkdir()
    (folder.root / "codelists" / "themes.csv").write_text(
        "code,label_en,label_fr,label_es,aliases,sort_order\n"
        'mining,Mining,Mines,Minas,,1\nland,"Farming, fishing and forests",Terre,Tierra,,2\n',
        encoding="utf-8",
    )
    keywords = "codelist,code,language,keyword\ncategories,research,en,knit*\nthemes,,en,-mining\n"
    (folder.root / "codelists" / "keywords.csv").write_text(keywords, encoding="utf-8")
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8").partition("[publisher]")[0]
    names = '[publisher]\nname = { en = "Office", fr = "Bureau" }\n'
    names += 'email = "office@example.org"\nlicence = "CC-BY-4.0"\n'
    (folder.root / "campaign.toml").write_text(shipped + names, encoding="utf-8")
    with built(folder) as con:
        assert ask(con, "select theme from action_themes order by 1") == [("land",), ("mining",)]
        assert ask(con, "select count(*) from unmatched_values") == [(0,)]
        found = ask(con, "select field, code, words from suggested_classes")
        assert found == [("category", "research", ["Knitting"])]  # by its own words alone
        assert ask(con, "select last_date::varchar from campaign") == [("2021-01-01",)]  # no report of a later day
        row = con.execute("select * from campaign").df().iloc[0].to_dict()
    row["last_date"] = date(2021, 12, 31)
    row |= {f"title_{lang}": title for lang, title in row["titles"].items()}
    said = say_source(row, "fr", date(2021, 12, 31)).replace("\u00a0", " ")
    assert said == "Source : Bureau, Actions pour 2021 · données au 31 décembre 2021 · CC BY 4.0"
    assert say_source(row, "es", date(2021, 12, 31)).startswith("Fuente: Office, Acciones para 2021 · ")
    assert "office@" not in row["publisher"]  # the publisher is public, a contact is not


def test_recipe_that_maps_to_an_unknown_code_is_named(tmp_path):
    recipe = ACTIONS_RECIPE + '\n[values.status]\n"Done" = "finished"\n'
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + action("1")}, {"office_actions": recipe})
    with pytest.raises(UserError, match=r"office_actions: values.status maps 'Done' to 'finished'"), built(folder):
        pass
