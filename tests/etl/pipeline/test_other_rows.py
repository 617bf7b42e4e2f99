"""Rows that are none: totals, headings, headers again, titles, notes; merged cells, hidden and doubled sheets."""

import io
import tomllib

import pytest
from openpyxl.styles import Font, PatternFill

from dashboard.campaign.answers.question_kinds import REFUSAL
from dashboard.i18n import translator
from etl.commands import check
from etl.inputs.inbox import InputError
from etl.pipeline.open_questions import QuestionError
from etl.publish import unchanged
from etl.readers.sheets import ReadError
from tests.etl.campaigns import ask, built, look_at, make_campaign, open_published, publish_campaign, recipe
from tests.etl.files import make_workbook, write_xls, write_zip
from tests.etl.program import building_once, run_on
from tests.etl.registers import MERGED_HEADERS, MERGED_RECIPE, write_register
from tests.etl.together import Campaign, Together

HEADER = "No.,Organisation,Title of action,Country,Theme,Status,Beneficiaries"
BLANK = ",,,,,,"


def action(number: int) -> str:
    return f"{number},Fictional Union {number},Promise number {number},Kenya,Education,Completed,{number * 10}"


FIRST = [action(n) for n in range(1, 5)]
LATER = [action(n) for n in range(5, 9)]
SUM = "its numbers are the sums of those above it"
SUM_BELOW = "its numbers are the sums of those below it"
NOTE = "it is a note or a legend"
PLACE = "it is a heading that names a place"

AMOUNTS = ("850", "1.150", "50")
together = Together({})
# The lines of a register, and why each that is no action is rejected.
CASES: dict[str, tuple[list[str], list[str]]] = {
    "totals": (
        [*FIRST, ",Sous-total,,,,,100", *LATER, "Subtotal Africa,,,,,4,260", "Total général,,,,,8 actions,360"],
        ["it is a total"] * 3,
    ),
    "totals_es": ([*FIRST, ",,Suma,,,,100", *LATER, "Promedio,,,,,,45"], ["it is a total"] * 2),
    "totals_of_places": (
        [*FIRST, ",,Subtotal Côte d'Ivoire,,,3,", *LATER, ",,Subtotal Democratic Republic of the Congo,,,2,"],
        ["it is a total"] * 2,
    ),
    "sums": ([*FIRST, f"{BLANK}100", *LATER, ",Together,,,,,260", ",,All of them,,,,360"], [SUM] * 3),
    "sums_with_commas": (
        [f'{n},Fictional Union,Promise {n},Kenya,Education,Completed,"1,{n}00"' for n in range(2, 6)]
        + [f'{BLANK}"5,400"'],
        [SUM],
    ),
    "sums_with_points": (
        [f"{n},Fictional Union,Promise {n},Kenya,Education,Completed,{amount}" for n, amount in enumerate(AMOUNTS)]
        + [f"{BLANK}2.050"],
        [SUM],
    ),
    "subtotals_above": (
        [f"{BLANK}450", ",,,Africa,,,100", *FIRST, f"Fictional part{BLANK}260", *LATER, "Subtotal Americas,,,,,,90"]
        + [action(9)],
        [SUM_BELOW] * 3 + ["it is a total"],
    ),
    "subtotals_beside_a_promise": (
        [",Fictional Union 0,Promise number 0,,,,99", *FIRST, ",,Fictional part,,,,260", *LATER],
        [SUM_BELOW],
    ),
    "headers_again": (
        [*FIRST, HEADER, *LATER, "Register of promises,,,,,,", HEADER.upper(), action(9), "1,2,3,4,5,6,7"]
        + ["Subtotal,,,,,,", f"Africa{BLANK}", HEADER, action(10)],
        ["it repeats the headers", "it is a title of the table", "it repeats the headers", "it numbers the columns"]
        + ["it is a total", PLACE, "it repeats the headers"],
    ),
    "headings": (
        [f"Africa{BLANK}", *FIRST, ",,2. Región: América Latina (4 acciones),,,,", *LATER],
        [PLACE, PLACE],
    ),
    "headings_of_parts": (
        [",,Promises of ministries,,,,", *FIRST[:2], ",,Promises of the others,,,,", *FIRST[2:], ",,PLEDGED LATE,,,,"]
        + [*LATER, f"Late ones{BLANK}", action(9)],
        ["it is a heading"] * 4,
    ),
    "a_stakeholder_alone": (
        [*FIRST, ",Fictional Union 4,,,,,", *LATER],
        ["neither title nor id: the row names no action"],
    ),
    "stakeholders_above": (
        [*FIRST, ",Fictional Office,,,,,", "6,,Of the office,,,,", "7,,Of it too,,,,"],
        ["it is a heading"],
    ),
    "headings_of_lists": (
        [",,Éducation,,,,", *FIRST, f"Trade unions{BLANK}", *LATER],
        ["it is a heading that names a theme", "it is a heading that names a stakeholder group"],
    ),
    "headings_of_categories": (
        [f"Research{BLANK}", *FIRST, f"Legislation{BLANK}", *LATER[:2], f"Social protection{BLANK}", *LATER[2:]],
        ["it is a heading that names a category", *["it is a heading that names a theme"] * 2],
    ),
    "headings_of_statuses": (
        [f"Completed{BLANK}", *(line.replace(",Completed,", ",,") for line in FIRST)]
        + [f"En cours{BLANK}", *(line.replace(",Completed,", ",,") for line in LATER)],
        ["it is a heading that names a status"] * 2,
    ),
    "notes": (
        [*FIRST, ",,Note: provisional,,,,", *LATER, BLANK, f"* updated 3 March{BLANK}", ",,Source – survey of 2021,,,,"]
        + [f"Legend{BLANK}", "C,Completed,,,,,", "P,In progress,,,,,", ",,Mis à jour le 3 mars 2021,,,,"],
        [NOTE] * 7,
    ),
    "notes_without_the_word": (
        [*FIRST, BLANK, ",,Figures were given by the offices themselves and are not audited.,,,,"],
        [NOTE],
    ),
    "of_tests": ([*FIRST, "5,asdf,,Kenya,,,", "6,Test,A promise,,,Completed,5", *LATER], ["it may be a test"] * 2),
    "of_examples": ([*FIRST, "5,Fictional Union 9,e.g.: dig wells,Kenya,,,", *LATER], ["it may be a test"]),
    "of_help": (
        ["Text,Free text,(text),Choose from list,(drop-down list),list,number", *FIRST, "12,Text,On wells,Kenya,,,"],
        ["it may be a test"],
    ),
    "actions": (
        [
            *FIRST,

            "5,Total,Total,France,,,",
            "6,,Total ban of child labour,,,,",
            ",Fictional Sum,Total ban of child labour,,,,100",
            ",,Train fifty teachers,,,,",
            ",Fictional Society,Africa,,,,",
            *LATER,
            ",Fictional Society,Note: an action of this name,,,,",
            "12,Fictional Union,Test all the wells,Kenya,,,",
        ],
        [],
    ),
}  # fmt: skip


together.add(
    "rows",
    Campaign({f"{name}.csv": "\n".join([HEADER, *lines]) for name, (lines, _) in CASES.items()}, is_signed=False),
)


def test_rows_that_are_no_actions_are_rejected_with_their_reason_and_no_action_is(campaigns):
    reasons = ask(
        campaigns("rows"),
        "select named(f.source_file), f.rows_accepted + f.rows_merged, list(r.reason order by r.source_row) "
        "filter (r.reason is not null) from input_files as f left join rejected_rows as r using (source_file) "
        "group by all",
    )
    assert {file: (rows, said or []) for file, rows, said in reasons} == {
        f"{case}.csv": (sum(line != BLANK for line in lines) - len(said), said) for case, (lines, said) in CASES.items()
    }


def test_of_a_test_row_the_title_is_shown_and_no_stakeholder_who_may_be_a_person(campaigns):
    shown = "select evidence from questions where kind = 'test_rows' and named(source_file) = 'of_tests.csv'"
    assert ask(campaigns("rows"), shown) == [([{"number": 6, "words": None}, {"number": 7, "words": None}],)]


def test_a_title_alone_that_nothing_tells_apart_counts_and_is_listed(campaigns):
    doubts = "select named(source_file), source_row, value from check_results where check_id = 'title_alone'"
    assert ask(campaigns("rows"), doubts) == [("actions.csv", 9, "Train fifty teachers")]


def test_nothing_of_such_rows_is_shown_but_what_a_heading_is_understood_as(campaigns):
    con = campaigns("rows")
    assert ask(con, "select distinct row::varchar from rejected_rows where reason not like 'neither%'") == [("{}",)]
    assert {value for (value,) in ask(con, "select value from rejected_rows")} == {
        None, "Africa", "2. Región: América Latina (4 acciones)", "Éducation", "Trade unions",
        "Research", "Legislation", "Social protection", "Completed", "En cours",
    }  # fmt: skip


@together.test
def test_a_word_alone_among_ids_is_a_heading_also_where_ids_have_no_digits_or_sums_stand_beside_it():
    lines = [
        HEADER.replace("No.", "Ref") + ",Schools,Teachers", "Africa,,,,,,30,3,6",
        "alpha,Fictional League,Promise one,Kenya,,,10,1,2", "beta,Fictional League,Promise two,Kenya,,,20,2,4",
        f"Promises of the second half{BLANK},,", "gamma,Fictional League,Promise three,Kenya,,,5,1,1",
    ]  # fmt: skip
    connection = yield Campaign({"r.csv": "\n".join(lines)}, {}, is_signed=False)
    reasons = ask(connection, "select source_row, reason from rejected_rows order by 1")
    assert reasons == [(2, SUM_BELOW), (5, "it is a heading")]
    ids = ask(connection, "select list(action_id order by action_id) from actions")
    assert ids == [(["alpha", "beta", "gamma"],)]


ORDERS = {
    "two changed over": "No.,Title of action,Organisation,Country,Theme,Status,Beneficiaries",
    "fewer": "Title of action,No.,Status,,,,",
    "shifted": ",No.,Organisation,Title of action,Country,Theme,Status",
    "others among them": "Organisation,Title of action,Status,Budget,Partners,,",
}
"""Headers that stand again in the sixth row, in another order."""
for number, (order, second) in enumerate(ORDERS.items(), start=1):
    numbered = [action(100 * number + n) for n in range(8)]
    lines = [HEADER, *numbered[:4], second, *numbered[4:]]
    together.add(order, Campaign({"r.csv": "\n".join(lines)}, is_signed=False))


@pytest.mark.parametrize("order", ORDERS)
def test_headers_in_another_order_are_never_read_over(campaigns, order):
    assert campaigns.asked(order) == ["r.csv: Row 6 repeats the headers, but in other columns."]
    assert ask(campaigns(order), "select max(source_row) from actions") == [(5,)]
    assert ask(campaigns(order), "select distinct reason from rejected_rows where source_row > 6") == [
        ("it stands below headers in another order",)
    ]


for number, use in enumerate(("below", "right"), start=7):
    second = f"{number}99,Promise {use},Fictional League {use},Kenya,,,5"
    lines = [HEADER, action(100 * number), ORDERS["two changed over"], second]
    answered = [("headers_moved", "r.csv", "", "", use)]
    together.add(f"headers are {use}", Campaign({"r.csv": "\n".join(lines)}, answered=answered, is_signed=False))


def test_rows_below_other_headers_are_read_as_staff_say(campaigns):
    read = "select title, stakeholder from actions where source_row = 4"
    assert ask(campaigns("headers are below"), read) == [("Promise below", "Fictional League below")]
    assert ask(campaigns("headers are right"), read) == [("Fictional League right", "Promise right")]
    assert campaigns.asked("headers are below") == campaigns.asked("headers are right") == []


def registered(name, first, last):
    """Write the rows of a register with a distinct name."""
    some = ("Completed", "In progress")
    return [[f"{name}-{n}", f"Fictional {name} Union", f"{name} {n}", "Kenya", some[n % 2]] for n in range(first, last)]


REGISTER = ["ID", "Organisation", "Title of action", "Country", "Status"]
# A second sheet beside a register of twelve actions, and the question about it.
FURTHER = {
    "ids": (
        [["ID", "Wave 2"], *([f"ids-{n}", "Completed"] for n in range(1, 8))],
        "has the ids of actions on another sheet",
    ),
    "rows": (registered("rows", 13, 19), "It has no headers, and its rows look like a continuation"),
    "titles": (
        [["Title", "Status"], *([f"titles {n}", "Completed"] for n in range(1, 8))],
        "has the titles of actions",
    ),
    "headers": ([["Status", "Country", "Number"], ["Completed", "Kenya", "3"]], "has headers of another sheet"),
    "side": ([list(row) for row in zip(REGISTER, *registered("side", 1, 9), strict=True)], "is sideways"),
    "legend": ([["Status", "What it means"], ["Completed", "It is done"], ["In progress", "Not yet"]], ""),
    "fields": ([["Column", "Type", "Meaning"], *([header, "text", "words"] for header in REGISTER)], ""),
    "summary": ([["Country", "Actions"], ["Kenya", "6"], ["Total", "6"]], ""),
}
for name, (sheet, _) in FURTHER.items():
    book = {"Register": [REGISTER, *registered(name, 1, 13)], "Further": sheet}
    together.add(f"beside {name}", Campaign({"r.xlsx": book}, is_signed=False))
for use in ("rows", "nothing", "unknown"):
    book = {"Register": [REGISTER, *registered(f"be_{use}", 1, 13)], "Further": registered(f"be_{use}", 13, 19)}
    answered = [("further_sheet", "r.xlsx", "Further", "", use)]
    together.add(f"further is {use}", Campaign({"r.xlsx": book}, is_signed=False, answered=answered))

# Sheets with a later round of reports about such a register: their headers, and which of its columns they have.
ROUNDS = {
    "alike": ([], "abcde"),
    "narrow": (["ID", "Status"], "ae"),
    "under another header": (["Our code", "State"], "ae"),
    "titles": (["Title", "Status"], "ce"),
}
UNTOLD_ROUNDS = {"without headers": ([], "ae"), "under a new header": (["Code", "Wave 2"], "ae")}
for name, (headers, columns) in (ROUNDS | UNTOLD_ROUNDS).items():
    later = registered(f"later {name}", 1, 13)
    for n, row in enumerate(later):
        row[4] = "Completed" if n < 7 else "Not started"
    later = [[row["abcde".index(column)] for column in columns] for row in later]
    book = {
        "Register": [REGISTER, *registered(f"later {name}", 1, 13)],
        "Round": [headers, *later] if headers else later,
    }
    answered = [("further_sheet", "r.xlsx", "Round", "", "round")]
    together.add(f"round {name}", Campaign({"r.xlsx": book}, is_signed=False, answered=answered))


two_registers = {
    "Other": [REGISTER, *registered("other register", 1, 13)],
    "Register": [REGISTER, *registered("later of two", 1, 13)],
    "Round": [["ID", "Status"], *([row[0], "Completed"] for row in registered("later of two", 1, 13))],
}
answered = [("further_sheet", "r.xlsx", "Round", "", "round")]
together.add("round of two", Campaign({"r.xlsx": two_registers}, is_signed=False, answered=answered))


def test_of_two_registers_a_round_is_about_the_one_whose_actions_it_names(campaigns):
    matched = "select a.source_sheet, count(*) from progress_reports as r inner join actions as a using (action_no)"
    of_round = f"{matched} where r.source_sheet = '3' group by all"
    assert ask(campaigns("round of two"), of_round) == [("2", 12)]


@pytest.mark.parametrize("name", ROUNDS)
def test_a_later_round_on_a_further_sheet_is_reports_about_the_actions_of_the_register(campaigns, name):
    case = campaigns(f"round {name}")
    assert campaigns.asked(f"round {name}") == []
    assert ask(case, "select count(*), max(source_sheet) from actions") == [(12, "1")]
    reported = (
        "select status, count(distinct action_id) from progress_reports where source_sheet = '2' group by 1 order by 1"
    )
    assert ask(case, reported) == [("completed", 7), ("not_started", 5)]


@pytest.mark.parametrize(("name", "header"), [("without headers", "B"), ("under a new header", "Wave 2")])
def test_of_a_round_a_column_is_asked_about_that_no_header_tells(campaigns, name, header):
    """The register's header in the same place is no header of a narrower sheet."""
    asked = "select headed(header), looks_like, is_asked from input_columns where sheet = '2' order by column_no"
    key, status = ask(campaigns(f"round {name}"), asked)
    assert (key[2], status) == (False, (header, "status", True))


@pytest.mark.parametrize("sheet", FURTHER)
def test_a_sheet_that_seems_to_belong_to_a_register_is_never_left_out_in_silence(campaigns, sheet):
    asked, words = campaigns.asked(f"beside {sheet}"), FURTHER[sheet][1]
    assert len(asked) == bool(words) and all(one.startswith("r.xlsx, sheet Further: ") for one in asked)
    assert words in "".join(asked)
    assert ask(campaigns(f"beside {sheet}"), "select count(*) from actions") == [(12,)]


def test_further_rows_on_a_sheet_without_headers_are_read_as_staff_say(campaigns):
    for use, actions in (("rows", 18), ("nothing", 12), ("unknown", 12)):
        case = f"further is {use}"
        assert campaigns.asked(case) == []
        assert ask(campaigns(case), "select count(*) from actions") == [(actions,)], use
    assert ask(campaigns("further is rows"), "select max(source_row) from actions where source_sheet = '2'") == [(6,)]


def test_a_table_that_lies_on_its_side_is_refused_with_how_to_turn_it(tmp_path):
    turned = "\n".join(map(",".join, FURTHER["side"][0]))
    folder = make_campaign(tmp_path / "c", {"r.csv": turned}, {})
    with pytest.raises(InputError) as refused, built(folder):
        pass
    assert refused.value.what == (
        "The table in r.csv is sideways: headers in the first column, one action in each of the others."
    )
    assert "Transpose" in refused.value.remedy


def strike_out(book):
    """Strike out the third row of a register, and one cell of the fourth."""
    sheet = book.worksheets[0]
    for cell in (*sheet[3], sheet["C4"]):
        cell.font = Font(strike=True)
    sheet["C5"].font = Font(bold=True)


for use in ("", "none", "count"):
    answered = [("struck_rows", "r.xlsx", "", "", use)] if use else []
    book = {"r.xlsx": make_workbook({"Sheet": [REGISTER, *registered(f"struck_{use}", 1, 5)]}, strike_out)}
    together.add(f"struck is {use}" if use else "struck", Campaign(book, is_signed=False, answered=answered))
    tried = [REGISTER, *registered(f"tried_{use}", 1, 5)]
    tried[4][2] = "TEST"
    beside_test = {"r.xlsx": make_workbook({"Sheet": tried}, strike_out)}
    together.add(f"struck beside a test is {use}", Campaign(beside_test, is_signed=False, answered=answered))


def test_rows_that_are_struck_through_count_only_if_staff_say_so(campaigns):
    assert campaigns.asked("struck") == ["r.xlsx, sheet Sheet: Rows are struck through. Rows: 1 of 4."]
    for use, rows in (("", [2, 4, 5]), ("none", [2, 4, 5]), ("count", [2, 3, 4, 5])):
        read = "select list(source_row order by source_row) from actions"
        assert ask(campaigns(f"struck is {use}" if use else "struck"), read) == [(rows,)], use
        rows_beside_test = [row for row in rows if row != 5]
        assert ask(campaigns(f"struck beside a test is {use}"), read) == [(rows_beside_test,)], use
    assert campaigns.asked("struck is none") == campaigns.asked("struck is count") == []
    assert ask(campaigns("struck is none"), "select reason from rejected_rows") == [("it is struck through",)]
    told = campaigns.check_effects("struck", "struck_rows", ("none", "count"))
    assert told == {"actions", "reported", "completed", "unknown"}


def coloured_book(name, colours, headers=REGISTER[:4]):
    """Return a register whose rows have these colours, of `-` for none."""

    def colour(book):
        for row, sign in zip(book.worksheets[0].iter_rows(), f"h{colours}", strict=True):
            for cell in row if sign != "-" else ():
                cell.fill = PatternFill("solid", fgColor={"h": "DDDDDD", "g": "00FF00", "r": "FF0000"}[sign])

    rows = (REGISTER, *registered(name, 1, len(colours) + 1))
    return make_workbook({"Sheet": [row[: len(headers)] for row in rows]}, colour)


COLOURED = {
    "told": (coloured_book("told", "gg-rr-gg"), ["3"]),
    "striped": (coloured_book("striped", "g-g-g-g-"), []),
    "bare": (coloured_book("bare", "--------"), []),
    "stated": (coloured_book("stated", "gg-rr-gg", REGISTER), []),
}
for name in COLOURED:
    together.add(f"coloured {name}", Campaign({"r.xlsx": COLOURED[name][0]}, is_signed=False))


@pytest.mark.parametrize("book", COLOURED)
def test_colours_of_rows_are_asked_about_where_no_column_says_how_far_actions_have_come(campaigns, book):
    questions = campaigns.asked(f"coloured {book}")
    assert [one.rpartition(": ")[2].rstrip(".") for one in questions] == COLOURED[book][1]
    assert all("no column gives the progress of the actions" in one for one in questions)


SURVEY = recipe(
    "office_survey", "progress_reports", "Which action?|State", '[questions.help]\nheaders = ["Which help?"]',
    title="Which action?", status="State",
)  # fmt: skip


@together.test
def test_a_copied_row_of_a_survey_counts_once_and_names_the_row_that_it_repeats():
    lines = [
        "Which action?,State,Which help?,Remark", "A school,Completed,Money,one", "A well,In progress,Money,two",
        "A school,Completed,Money,one", "A school,Completed,Money,another", "A school,Completed,Money,one",
    ]  # fmt: skip
    connection = yield Campaign({"s.csv": "\n".join(lines)}, {"office_survey": SURVEY}, is_signed=False)
    repeats = ask(connection, "select source_row, value, reason from rejected_rows order by 1")
    assert repeats == [(row, "row 2", "it repeats an earlier row, every cell alike") for row in (4, 6)]
    counted = "select count(*), count(*) filter (status = 'completed') from progress_reports"
    assert ask(connection, counted) == [(3, 2)]
    assert ask(connection, "select count(*) from survey_answers") == [(3,)]
    account = "select rows_read, rows_accepted, rows_merged, rows_rejected from input_files"
    assert ask(connection, account) == [(5, 3, 0, 2)]


HEADINGS = recipe(
    "register_by_parts", "actions", "Title of action|Beneficiaries",
    '[headings]\nfields = ["regions", "stakeholder"]', '[values.regions]\n"Our continent" = ["africa"]',
    submission_id="No.", title=("Title of action", "required = true"), stakeholder="Organisation", themes="Theme",
    regions="Country",
)  # fmt: skip


@together.test
def test_headings_are_the_value_of_a_field_for_the_rows_below_where_the_recipe_says_so():
    lines = [
        HEADER, f"1. Our continent{BLANK}", ",Fictional Ministry,,,,,", "1,,One,,Education,,",
        "2,Own Union,Two,Kenya,,,5", ",,Another Ministry,,,,", "3,,Three,,,,7",
        f"Region: Europe and Central Asia{BLANK}", "4,,Four,,Education,,", "5,,Five,,,,3", ",,,,,,15",
        "Asia and the Pacific,,,,,,11", "6,,Six,,,,5", "7,,Seven,,,,6",
        f"Source: the offices{BLANK}",
    ]  # fmt: skip
    connection = yield Campaign({"r.csv": "\n".join(lines)}, {"register_by_parts": HEADINGS}, is_signed=False)
    rows = ask(
        connection,
        "select title, stakeholder, list(distinct region) from actions left join action_regions using (action_no)"
        " group by all order by min(source_row)",
    )
    assert rows == [
        ("One", "Fictional Ministry", ["africa"]),
        ("Two", "Own Union", ["africa"]),
        ("Three", "Another Ministry", ["africa"]),
        ("Four", None, ["europe_and_central_asia"]),
        ("Five", None, ["europe_and_central_asia"]),
        ("Six", None, ["asia_and_the_pacific"]),
        ("Seven", None, ["asia_and_the_pacific"]),
    ]
    fields = connection.execute("select field from rejected_rows where field is not null order by source_row")
    assert fields.fetchall() == [("regions",), ("stakeholder",), ("stakeholder",), ("regions",), ("regions",)]
    assert ask(connection, "select count(*) from rejected_rows") == [(7,)]


def test_headings_and_merged_cells_are_proposed_where_a_register_is_built_so(tmp_path):
    folder = make_campaign(tmp_path / "c", {"r.csv": "\n".join([HEADER, *CASES["headings"][0]])}, {})
    [one] = look_at(folder, folder.inbox / "r.csv").recipes
    assert tomllib.loads(one.text)["headings"] == {"fields": ["regions"]}
    write_register(folder.inbox / "r.xlsx", {"Now": "Completed", "Old": "Completed"}, ["Old"])
    [one] = look_at(folder, folder.inbox / "r.xlsx").recipes
    assert one.sheet == "Now"
    assert [name for name, field in tomllib.loads(one.text)["fields"].items() if field.get("fill_merged")] == [
        "regions"
    ]


@pytest.mark.parametrize("fills", [False, True])
@together.test
def test_merged_cells_fill_their_rows_where_the_recipe_says_so_and_are_counted_where_not(fills):
    recipe = MERGED_RECIPE if fills else MERGED_RECIPE.replace("fill_merged = true", "")
    file = io.BytesIO()
    write_register(file, {"Now": "Completed"}, maker=f"Fictional {'Filled' if fills else 'Blank'} Union")
    connection = yield Campaign({"r.xlsx": file.getvalue()}, {"merged_register": recipe}, is_signed=False)
    regions = ask(connection, "select region, count(*) from action_regions group by all order by all")
    assert regions == ([("africa", 5), ("americas", 4)] if fills else [("africa", 2), ("americas", 1)])
    assert ask(connection, "select sheet, remark, field, number from sheet_remarks order by all") == [
        ("1", "hidden_columns", None, 1),
        ("1", "hidden_rows", None, 2),
        ("1", "merged_filled" if fills else "merged_blank", "regions", 6),
    ]
    assert ask(connection, "select count(*) from input_columns where is_asked") == [(0,)]
    reasons = ask(connection, "select source_row, reason from rejected_rows")
    assert reasons == [(10, "it is a heading")]


CLASSES = ["Research", *[""] * 4, "Advocacy", *[""] * 5, "Legislation", "", "Monitoring system", "Social dialogue", ""]
REPEATS = [f"R{n},Fictional Office of Classes,Class {n},{words}" for n, words in enumerate(CLASSES)]
together.add("repeats", Campaign({"r.csv": "\n".join(["Ref,Organisation,Title,Category", *REPEATS])}, is_signed=False))


def test_merged_cells_headings_and_blank_repeats_of_which_nothing_tells_are_asked_about(campaigns):
    merged = test_merged_cells_fill_their_rows_where_the_recipe_says_so_and_are_counted_where_not.__name__
    cells = "r.xlsx, sheet Now, column “Region”: Cells are merged across several rows. Places: 2."
    assert campaigns.asked(merged) == [cells]
    assert campaigns.asked(f"{merged}1") == []
    named = "Heading rows that name a known place, theme or other value"
    assert sorted(asked for asked in campaigns.asked("rows") if named in asked) == [
        f"headings_of_categories.csv (category): {named}: 3.",
        f"headings_of_lists.csv (stakeholder_group): {named}: 1.",
        f"headings_of_statuses.csv (status): {named}: 2.",
    ]
    repeats = "r.csv, column “Category”: Each of its 5 values appears once, with blank cells "
    assert campaigns.asked("repeats") == [f"{repeats}below."]


ALL_AND_BELOW = (("merged_cells", "r.xlsx", "", "regions", "all"), ("headings", "parts.csv", "", "regions", "below"))
NEITHER = (("merged_cells", "r.xlsx", "", "regions", "first"), ("headings", "parts.csv", "", "regions", "nothing"))


def places_above(name, *answered):
    """Return a register with merged regions, and one with regions, a theme and a word of its own as headings."""
    file = io.BytesIO()
    write_register(file, {"Now": "Completed"}, maker=f"Fictional {name} Union")
    parts = [f"Europe and Central Asia{BLANK}", action(1), action(2), f"Education{BLANK}", action(3)]
    parts = [HEADER, *parts, f"Africa{BLANK}", action(4), action(5)]
    lines = [line.replace(",Kenya,", ",,").replace("Fictional", f"Fictional {name}") for line in parts]
    read_by = {"merged_register": MERGED_RECIPE.replace("fill_merged = true", "")}
    exports = {"r.xlsx": file.getvalue(), "parts.csv": "\n".join(lines)}
    return Campaign(exports, read_by, is_signed=False, answered=answered)


together.add("places", places_above("Asked"))
for answers in (ALL_AND_BELOW, NEITHER):
    for answer in answers:
        together.add(f"places is {answer[-1]}", places_above(answer[-1].title(), answer))


def test_merged_cells_and_headings_hold_for_the_rows_that_staff_say_without_a_word_of_the_recipe(campaigns):
    regions = (
        "select region, count(*) from action_regions inner join actions using (action_no) "
        "where named(source_file) = '{}' group by all order by all"
    )
    merged, headings = regions.format("r.xlsx"), regions.format("parts.csv")
    assert ask(campaigns("places is all"), merged) == [("africa", 5), ("americas", 4)]
    assert ask(campaigns("places is below"), headings) == [
        ("africa", 2), ("europe_and_central_asia", 2),
    ]  # fmt: skip
    for kind, uses in (("merged_cells", ("all", "first")), ("headings", ("below", "nothing"))):
        assert campaigns.check_effects("places", kind, uses, "regions") == {"without_place"}, kind


def test_merged_cells_that_a_file_does_not_tell_are_refused_and_what_is_left_out_leaves_nothing(tmp_path):
    def register(number):
        return [MERGED_HEADERS, (str(number), f"Fictional Union {number}", f"Promise {number}", "Africa", "Completed")]

    csv = {number: "\n".join(map(",".join, register(number))) for number in (1, 2, 3)}
    old = write_xls(tmp_path / "old.xls", register(4))
    archive = write_zip(tmp_path / "r.zip", {"a.csv": csv[2], "old.xls": old.read_bytes()})
    exports = {"first.csv": csv[1], "r.zip": archive.read_bytes(), "then.csv": csv[3]}
    folder = make_campaign(tmp_path / "c", exports, {"merged_register": MERGED_RECIPE})
    with pytest.raises(ReadError) as refused, built(folder):
        pass
    assert refused.value.what == (
        "The recipe merged_register fills merged cells of regions, but “r.zip/old.xls” is of a kind that does not tell "
        "which cells are merged."
    )
    with built(folder, skip_bad_files=True) as connection:
        assert ask(connection, "select title from actions order by 1") == [("Promise 1",), ("Promise 3",)]
        assert ask(connection, "select count(*) from input_files") == [(2,)]


for use in ("", "nothing"):
    now, before = registered(f"twin_{use}", 1, 8), registered(f"twin_{use}", 3, 11)
    sheets = {"2021": [REGISTER, *now], "2020": [REGISTER, *([*row[:-1], "Completed"] for row in before)]}
    answered = [("sheet", "r.xlsx", "2020", "", use)] if use else []
    twins = Campaign({"r.xlsx": sheets}, {"merged_register": MERGED_RECIPE}, is_signed=False, answered=answered)
    together.add(f"twins is {use}" if use else "twins", twins)


def test_two_sheets_with_the_same_actions_are_compared_and_without_one_figures_change_as_was_said(campaigns):
    pair = "select actions, completed, other_actions, other_completed, same from alike_sheets"
    assert ask(campaigns("twins"), pair) == [(7, 3, 8, 8, 5)]
    figures = {"actions", "reported", "completed", "unknown"}
    assert campaigns.check_effects("twins", "sheet", ["nothing"], "2020") == figures


def test_two_sheets_with_the_same_actions_are_a_question_that_one_command_answers(tmp_path):
    folder = make_campaign(tmp_path / "c", {}, {"merged_register": MERGED_RECIPE})
    sheets = {"2021": "Completed", "2020": "In progress", "Old": "Discontinued"}
    write_register(folder.inbox / "r.xlsx", sheets, ["Old"])
    same = "sheet 2020: It holds the same actions as the sheet “2021”"
    with building_once(tmp_path, unchanged, check):
        tried = run_on(folder, "check", folder.inbox / "r.xlsx")
        with pytest.raises(QuestionError, match=same) as asked:
            publish_campaign(folder)
    assert asked.value.what.startswith(REFUSAL)
    what, remedy = (translator("fr")(text) for text in (asked.value.what, asked.value.remedy))
    assert "Elle contient les mêmes actions que la feuille «\u00a02021\u00a0» (9 sur 9 et 9)" in what
    assert 'python -m etl answer sheet --file "r.xlsx" --sheet "2021" --is data (or round, nothing)' in remedy
    assert "It holds the same actions as the sheet “2021” (9 of 9 and 9)." in tried.stdout
    listed = run_on(folder, "sheet", "r.xlsx")
    assert listed.stdout.count("merged_register") == 3
    assert "hidden: not read" in listed.stdout
    run_on(folder, "sheet", "r.xlsx", "2020", "--is", "data")
    report = run_on(folder, "build").stdout
    assert "r.xlsx, sheet Old: it is hidden, and not read." in report
    assert "r.xlsx, sheet 2020: it counts, as sheets.csv says." in report
    with open_published(folder) as connection:
        assert ask(connection, "select count(*) from progress_reports where status = 'completed'") == [(9,)]
    run_on(folder, "sheet", "r.xlsx", "2020", "--undo")
    assert "2020" not in folder.sheets_file.read_text(encoding="utf-8")
