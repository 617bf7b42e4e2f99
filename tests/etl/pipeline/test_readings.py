"""A column as a whole decides the reading of its cells: day and month, percentages of 1 or of 100."""

import re
from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from tests.etl.campaigns import ACTIONS_RECIPE, ask, make_campaign, recipe
from tests.etl.intake import ask_intake
from tests.etl.program import run_on
from tests.etl.registers import HEADER, REPORT_HEADER, action
from tests.etl.together import Campaign, Cases, Exports, Together

together = Together(makers=("Maker", "Name of your organisation"))
STYLES = {
    "iso": "{d:%Y-%m-%d}",
    "iso_time": "{d:%Y-%m-%d} 10:15:00",
    "day": "{d:%d/%m/%Y}",
    "day_short": "{d.day}.{d.month}.{d:%y}",
    "day_time": "{d.day}-{d.month}-{d.year} 4:20 pm",
    "month": "{d:%m/%d/%Y}",
    "month_short": "{d.month}/{d.day}/{d:%y}",
    "month_time": "{d.month}/{d.day}/{d.year} 10:15",
    "words": "{d.day} {d:%B} {d.year}",
    "digits": "{d:%Y%m%d}",
}
SURE = [date(2021, 3, 4), date(2021, 12, 5), date(2021, 6, 30)]
UNSURE = [date(2021, 3, 4), date(2021, 12, 5), date(2021, 7, 7)]
ALIKE = [date(2021, 3, 3), date(2021, 12, 12), date(2021, 6, 6)]
# Days due, days of sending (read by no recipe where they stand under `Opened`), and whether the two tell together.
DATES = {
    "by_itself": (SURE, [], True),
    "by_another_field": (UNSURE, {"Sent": SURE}, True),
    "by_a_column_without_use": (UNSURE, {"Opened": SURE}, True),
    "by_nothing": (UNSURE, {"Sent": ALIKE, "Opened": UNSURE}, False),
    "does_not_matter": (ALIKE, {"Sent": ALIKE}, True),
}


PAIRS = [(case, style) for case in DATES for style in STYLES]
SOME = [
    pair
    for number, pair in enumerate(PAIRS)
    if pair[0] in ("by_itself", "by_nothing") or (number + number // len(STYLES)) % 2
]


@pytest.mark.parametrize("pairs", [SOME, pytest.param(PAIRS, marks=pytest.mark.nightly)], ids=["some", "all"])
def test_dates_in_any_one_style_give_the_same_days_or_a_question(tmp_path, pairs):
    exports = {}
    for case, style in pairs:
        due, others, _ = DATES[case]
        columns = {"Due": due, **dict(others)}
        rows = [[STYLES[style].format(d=days[n]) for days in columns.values()] for n in range(len(due))]
        lines = [f"{n},Fictional Union,Promise {n},{','.join(row)}" for n, row in enumerate(rows)]
        exports[f"{case}.{style}.csv"] = "\n".join(["Ref,Maker,Promise," + ",".join(columns), *lines])
    folder = make_campaign(tmp_path / "c", exports, {"office_actions": ACTIONS_RECIPE})
    rows = ask_intake(
        folder,
        "select s.file_name, a.due_on, o.question from staged_actions as a inner join sheets as s using (sheet_no) "
        "left join date_orders as o on a.sheet_no = o.sheet_no and o.field = 'due_on' order by s.sheet_no, a.row_no",
    )
    days, questions = defaultdict(list), {}
    for file, due_on, question in rows:
        case, style, _ = file.split(".")
        days[case, style].append(due_on)
        questions[case, style] = question
    for (case, style), read in days.items():
        due, _, is_told = DATES[case]
        asks = not is_told and style.startswith(("day", "month"))
        assert questions[case, style] == ("unknown" if asks else None), (case, style)
        assert asks or read == due, (case, style)
    assert len(days) == len(pairs)


def due(*days, **others):
    return [action(str(n), promise=f"Promise {n}", Due=day, **others) for n, day in enumerate(days)]


def progress(*written):
    return [action(str(n), promise=f"Promise {n}", Progress=text) for n, text in enumerate(written)]


def stating(order, field="Due"):
    return ACTIONS_RECIPE.replace(f'headers = ["{field}"]', f'headers = ["{field}"]\n{order}')


ROUNDS = """
[[rounds]]
wave = "mid_term"
reported_on = "2021-06-30"
[rounds.fields.percent]
headers = ["Sent"]
[[rounds]]
wave = "end"
reported_on = "2021-12-30"
[rounds.fields.percent]
headers = ["Progress"]
"""
IN_ROUNDS = ACTIONS_RECIPE + ROUNDS
for field, header in (("submitted_at", "Sent"), ("percent", "Progress")):
    IN_ROUNDS = IN_ROUNDS.replace(f'[fields.{field}]\nheaders = ["{header}"]\n', "")

PLAIN = due("2021-03-01", "03/04/2021", "", "5/6/2021", "7/8/2021", "9/8/2021")
TWO_ORDERS = due("25/04/2021", "26/04/2021", "03/04/2021", "04/27/2021 10:00")
TURNED = due("03/25/2021", "2021-04-03", "03/30/2021", "2021-12-11", "2021-01-12 10:00:00")
DAY_FIRST = ACTIONS_RECIPE.replace("[read]", '[read]\ndate_order = "dmy"')
COMMA = ACTIONS_RECIPE.replace("[read]", '[read]\ndecimal_mark = ","')
BLANK = ACTIONS_RECIPE.replace("[read]", '[read]\nblank = ["-"]')
BOTH_MARKS = ("12,5", "62.5", "12,500")


def ones(status):
    return [action(Progress="1", Status=status), action("2", promise="B", Progress="0", Status="In progress")]


CHOICES = recipe(
    "office_choices", "actions", "Ref|Maker|Farms",
    '[fields.themes.choices]\nagriculture = ["Farms"]\neducation = ["Schools"]', submission_id="Ref", title="Promise",
)  # fmt: skip


def with_choices(cells, key=""):
    lines = [f"{n},Fictional Union,Promise {n},{farms},{schools}\n" for n, (farms, schools) in enumerate(cells)]
    recipe = CHOICES.replace("[fields.themes.choices]", f"[fields.themes]\n{key}\n[fields.themes.choices]")
    text = "Ref,Maker,Promise,Farms,Schools\n" + "".join(lines)
    return Campaign({"choices.csv": text}, {"office_choices": recipe})


MAYBE_NO = {"2": "1", "Not really": "Yes"}
"""Words that may mean no, each with the yes beside it."""
for no, yes in MAYBE_NO.items():
    cells = [(yes, no), (no, yes)]
    together.add(f"{no} asked", with_choices(cells))
    together.add(f"{no} is no", with_choices(cells, f'not_taken = ["{no}"]'))
    together.add(f"{no} is yes", with_choices(cells, "not_taken = []"))

FIRST_DAY = "select min(due_on)::varchar from actions"
PERCENTS = "select percent from progress_reports order by source_row"
MARKS = "select reading, decided_by, cells, evidence, ambiguous from column_readings where reading like 'dec%'"
SAID = "select field, reading, decided_by from column_readings order by field"
# Registers, each with a separate recipe, in one build; and the answers to some of them.
REGISTERS: dict[str, tuple[list[str], str, dict[str, list[Any]]]] = {
    "plain": (PLAIN, ACTIONS_RECIPE, {}),
    "plain, stated": (
        PLAIN, stating('date_order = "mdy"'),
        {
            "select due_on::varchar from actions where source_row = 3": [("2021-03-04",)],
            "select * exclude (source_file) from column_readings": [
                (None, "Due", "due_on", "month_first", "recipe", 4, 0, 4)
            ],
        },
    ),
    "two orders": (TWO_ORDERS, ACTIONS_RECIPE, {}),
    "two orders, file stated": (TWO_ORDERS, DAY_FIRST, {}),
    "two orders, stated": (
        TWO_ORDERS, stating('date_order = "dmy"'),
        {"select due_on::varchar from actions where source_row = 4": [("2021-04-03",)]},
    ),
    "turned": (TURNED, ACTIONS_RECIPE, {}),
    "turned, stated": (TURNED, stating('date_order = "mdy"'), {FIRST_DAY: [("2021-01-12",)]}),
    "turned, one not": ([*TURNED, *due("-", "2021-03-13")], BLANK, {FIRST_DAY: [("2021-01-12",)]}),
    "disagreeing": (due("03/04/2021", Sent="03/25/2021"), DAY_FIRST, {}),
    "agreeing": (
        due("03/04/2021", Sent="25/03/2021"), DAY_FIRST,
        {SAID: [("due_on", "day_first", "recipe"), ("submitted_at", "day_first", "values")]},
    ),
    "ones, told": (
        ones("Completed"), ACTIONS_RECIPE,
        {
            PERCENTS: [(100,), (0,)],
            "select decided_by, evidence, ambiguous from column_readings": [("other_columns", 1, 1)],
        },
    ),
    "ones": (ones("In progress"), ACTIONS_RECIPE, {}),
    "ones of 1": (ones("In progress"), stating("percent_of = 1", "Progress"), {PERCENTS: [(100,), (0,)]}),
    "ones of 100": (ones("In progress"), stating("percent_of = 100", "Progress"), {PERCENTS: [(1,), (0,)]}),
    "shares": (progress("40", "0.4", "80"), ACTIONS_RECIPE, {}),
    "mark": (progress("50", "12,500"), ACTIONS_RECIPE, {}),
    "mark, comma": (
        progress("50", "12,500"), stating('decimal_mark = ","', "Progress"),
        {PERCENTS: [(50,), (12.5,)], MARKS: [("decimal_comma", "recipe", 2, 0, 1)]},
    ),
    "mark, point": (
        progress("50", "12,500"), stating('decimal_mark = "."', "Progress"), {PERCENTS: [(50,), (None,)]},
    ),
    "mark, file comma": (progress("50", "12,500"), COMMA, {PERCENTS: [(50,), (12.5,)]}),
    "mark, file disagrees": (progress("50", "12,500") + due("", How="1.5"), COMMA, {}),
    "both marks": (progress(*BOTH_MARKS), ACTIONS_RECIPE, {}),
    "both marks, comma": (
        progress(*BOTH_MARKS), stating('decimal_mark = ","', "Progress"), {PERCENTS: [(12.5,), (62.5,), (12.5,)]},
    ),
    "rounds": (
        [action(str(n), promise=f"P {n}", Sent="0,4", Progress=f"{n + 40}.5") for n in range(3)], IN_ROUNDS,
        {
            "select wave, list(percent order by source_row) from progress_reports group by all order by 1": [
                ("end", [40.5, 41.5, 42.5]), ("mid_term", [40, 40, 40]),
            ],
            "select header, reading from column_readings order by all": [
                ("Progress", "decimal_point"), ("Progress", "of_hundred"), ("Sent", "decimal_comma"),
                ("Sent", "of_one"),
            ],
        },
    ),
    "rounds, unclear": ([action(str(n), promise=f"P {n}", Sent="1", Progress="50") for n in range(3)], IN_ROUNDS, {}),
}  # fmt: skip
test_what_the_recipe_states_or_the_cells_tell = together.table(
    {
        case: (Campaign({"a.csv": HEADER + "".join(lines)}, {"office_actions": read_by}), answers)
        for case, (lines, read_by, answers) in REGISTERS.items()
    }
)

# The questions to staff: the sentence, with … for omitted words, the rows, and the effect of each answer on them.
ASKED: dict[str, tuple[str, list[tuple[int, str]], dict[str, tuple[str, ...]]]] = {
    "plain": (
        "a.csv, column “Due”: Dates can be read with the day or the month first, and nothing shows which is right. "
        "Dates: 4.",
        [(3, "03/04/2021"), (5, "5/6/2021"), (6, "7/8/2021")],
        {"dmy": ("2021-04-03", "2021-06-05", "2021-08-07"), "mdy": ("2021-03-04", "2021-05-06", "2021-07-08")},
    ),
    "two orders": (
        "…Some dates have the day first (2), others the month (1)…",
        [(2, "25/04/2021"), (4, "03/04/2021"), (5, "04/27/2021 10:00")],
        {"dmy": ("2021-04-25", "2021-04-03", "2021-04-27"), "mdy": ("2021-04-25", "2021-03-04", "2021-04-27")},
    ),
    "two orders, file stated": ("…Some dates have the day first…", [], {}),
    "turned": (
        "…all 3 real dates a day up to 12…",
        [(3, "2021-04-03"), (5, "2021-12-11"), (6, "2021-01-12")],
        {"right": ("2021-04-03", "2021-12-11", "2021-01-12"), "turned": ("2021-03-04", "2021-11-12", "2021-12-01")},
    ),
    "disagreeing": ("…and the recipe disagrees with the file’s other dates…", [], {}),
    "ones": (
        "…1 can be the whole or one percent, and no other number shows which.",
        [(2, "1")],
        {"1": ("100",), "100": ("1",)},
    ),
    "shares": ("…can be shares of 1 (1), but others exceed 1 (2).", [(3, "0.4")], {"1": ("40",), "100": ("0.4",)}),
    "mark": ("…nothing shows which…", [(3, "12,500")], {"comma": ("12.5",), "point": ("12500",)}),
    "mark, file disagrees": ("…recipe disagrees…", [], {}),
    "both marks": ("…uses both a comma and a point for decimals…", [(4, "12,500")], {}),
    "rounds, unclear": ("a.csv, column “Sent”: 1 can be the whole…", [], {}),
    "2 asked": ("…2 cells contain 1 and 2 contain 2, and 2 can mean no.", [(2, "2")], {"taken": (), "not_taken": ()}),
    "Not really asked": ("…“not really” appears beside “yes”…", [(2, "not really")], {}),
}


def test_what_nothing_tells_is_asked_about_and_nothing_else(campaigns):
    assert campaigns.list_asked() == ASKED.keys()
    for case, (told, rows, answers) in ASKED.items():
        [asked] = campaigns.asked(case)
        assert re.fullmatch(re.escape(told).replace("…", ".*"), asked), (case, asked)
        [question] = (one for one in campaigns.questions(case) if one.is_open)
        assert not rows or [(row.number, row.words) for row in question.evidence] == rows, case
        candidates = {one.value: one.rows for one in question.candidates if one.value != "unknown"}
        assert not answers or candidates == answers, case


# The answers of staff, and the values read: where nobody knows, the cells in question stay empty.
DAYS = "select nullif(due_on, date '2021-12-30')::varchar from actions order by source_row"  # without the deadline
MANY = "select count(*) from action_themes"
ANSWERED: dict[tuple[str, str, str], dict[str, tuple[str, list[Any]]]] = {
    ("plain", "date_order", "due_on"): {
        "": (DAYS, ["2021-03-01", None, None, None, None, None]),
        "unknown": (DAYS, ["2021-03-01", None, None, None, None, None]),
        "dmy": (DAYS, ["2021-03-01", "2021-04-03", None, "2021-06-05", "2021-08-07", "2021-08-09"]),
        "mdy": (DAYS, ["2021-03-01", "2021-03-04", None, "2021-05-06", "2021-07-08", "2021-09-08"]),
    },
    ("plain, stated", "date_order", "due_on"): {
        "dmy": (DAYS, ["2021-03-01", "2021-04-03", None, "2021-06-05", "2021-08-07", "2021-08-09"]),
        "unknown": (DAYS, ["2021-03-01", None, None, None, None, None]),
    },
    ("two orders", "date_order", "due_on"): {
        "": (DAYS, ["2021-04-25", "2021-04-26", None, "2021-04-27"]),
        "mdy": (DAYS, ["2021-04-25", "2021-04-26", "2021-03-04", "2021-04-27"]),
    },
    ("turned", "dates_converted", "due_on"): {
        "unknown": (DAYS, ["2021-03-25", None, "2021-03-30", None, None]),
        "right": (DAYS, ["2021-03-25", "2021-04-03", "2021-03-30", "2021-12-11", "2021-01-12"]),
        "turned": (DAYS, ["2021-03-25", "2021-03-04", "2021-03-30", "2021-11-12", "2021-12-01"]),
    },
    ("ones", "percent_of", "percent"): {
        "": (PERCENTS, [None, 0]), "1": (PERCENTS, [100, 0]), "100": (PERCENTS, [1, 0]),
    },
    ("shares", "percent_of", "percent"): {
        "unknown": (PERCENTS, [40, None, 80]), "100": (PERCENTS, [40, 0.4, 80]),
    },
    ("mark", "decimal_mark", "percent"): {
        "": (PERCENTS, [50, None]), "comma": (PERCENTS, [50, 12.5]), "point": (PERCENTS, [50, None]),
    },
    ("mark, comma", "decimal_mark", "percent"): {"unknown": (PERCENTS, [50, None])},
    ("rounds, unclear", "percent_of", "percent/1"): {
        "1": ("select list(percent order by source_row) from progress_reports group by wave order by wave",
              [[50, 50, 50], [100, 100, 100]]),
    },
    **{
        (f"{no} asked", "choices", "themes"): {
            "": (MANY, [0]), "unknown": (MANY, [0]), "taken": (MANY, [4]), "not_taken": (MANY, [2]),
        }
        for no in MAYBE_NO
    },
}  # fmt: skip


def read_as(case: str, kind: str, field: str, use: str) -> Campaign:
    """Read the campaign of a case with an answer."""
    if " asked" in case:
        campaign = with_choices([(MAYBE_NO[no := case.removesuffix(" asked")], no), (no, MAYBE_NO[no])])
    else:
        lines, read_by, _ = REGISTERS[case]
        campaign = Campaign({"a.csv": HEADER + "".join(lines)}, {"office_actions": read_by})
    [file] = campaign.exports
    return campaign._replace(answered=[(kind, file, "", field, use)])


for about, by_answer in ANSWERED.items():
    for use in filter(None, by_answer):
        together.add(f"{about[0]} is {use}", read_as(*about, use))


@pytest.mark.parametrize("about", ANSWERED)
def test_a_column_is_read_as_staff_answer_and_as_was_said_and_stays_empty_where_nobody_knows(campaigns, about):
    for use, (query, expected) in ANSWERED[about].items():
        case = f"{about[0]} is {use}" if use else about[0]
        assert [row[0] for row in ask(campaigns(case), query)] == expected, case
        asked = [
            (one.kind.name, one.subject.field, one.answer)
            for one in campaigns.questions(case)
            if one.answer in ("", "unknown")
        ]
        assert asked == ([about[1:] + (use,)] if use in ("", "unknown") else []), case
        unmatched = "select value from unmatched_values where field in ('due_on', 'percent')"
        assert use not in ("", "unknown") or ask(campaigns(case), unmatched) == [], case  # it is asked, and no more
    case, kind, _ = about
    counted = {"date_order": {"dates"}, "dates_converted": {"dates"}, "percent_of": {"percentages"}}
    assert campaigns.check_effects(case, kind, ANSWERED[about]) == counted.get(kind, set())


@pytest.mark.nightly
def test_report_says_what_was_not_plain(tmp_path):
    folder = make_campaign(
        tmp_path / "c",
        {
            "a.csv": HEADER + "".join(due("03/04/2021", "25/04/2021", "2021-05-06", "6/6/2021", Sent="6/5/2021")),
            "r.csv": REPORT_HEADER + "r1,1,,,2021-07-01,Completed,1,,\nr2,0,,,2021-07-01,In progress,0.4,,\n",
        },
    )
    done = run_on(folder, "build")
    assert "due_on: day first, from 1 of 3 dates (a.csv)." in done.stdout
    assert "submitted_at: day first, as the other dates of the file (a.csv)." in done.stdout
    assert "percent: 1 is the whole (0.4 is 40 %), from 1 of 2 numbers (r.csv)." in done.stdout


POINT, COMMA_SIGN, OF_ONE, OF_HUNDRED = "decimal_point", "decimal_comma", "of_one", "of_hundred"
# Cells of a column, the percentages that they are, and how they were read.
PERCENTAGES = [
    (["0.4", "1", "0,25", "50 %", "1.05", "0"], [40, 100, 25, 50, None, 0], [COMMA_SIGN, POINT, OF_ONE]),
    (["40", "1", "12,5", "50 %", "0"], [40, 1, 12.5, 50, 0], [COMMA_SIGN, OF_HUNDRED]),
    (["0.4 %", "0,5%", "3"], [0.4, 0.5, 3], [COMMA_SIGN, POINT, OF_HUNDRED]),
    (["0.4", "0.75"], [40, 75], [POINT, OF_ONE]),
    (["0.5", *["40"] * 10], [0.5, *[40] * 10], [POINT, OF_HUNDRED]),
    (["0", "0"], [0, 0], []),
    (["45 per cent", "0.5 pour cent"], [45, 0.5], [POINT]),
    (["12,5 %", "12,500", "1.200", "50"], [12.5, 12.5, None, 50], [COMMA_SIGN, OF_HUNDRED]),
    (["12.5", "1,200 %", "12.500", "50"], [12.5, None, 12.5, 50], [POINT, OF_HUNDRED]),
    (["0,4", "0,250", "1,2", "1"], [40, 25, None, 100], [COMMA_SIGN, OF_ONE]),
    (["1.234,5", "12,500"], [None, 12.5], [COMMA_SIGN, OF_HUNDRED]),
    (["12,5", "12.5"], [12.5, 12.5], [COMMA_SIGN, POINT, OF_HUNDRED]),
]


together.add(
    "percentages",
    Campaign(
        {
            f"{case}.csv": HEADER
            + "".join(action(f"{case}-{n}", promise=f"{case}-{n}", Progress=text) for n, text in enumerate(written))
            for case, (written, _, _) in enumerate(PERCENTAGES)
        }
    ),
)


def test_percentages_as_their_column_says(campaigns):
    con = campaigns("percentages")
    read = "select named(source_file), list(percent order by source_row) from progress_reports group by all"
    assert dict(ask(con, read)) == {f"{case}.csv": percents for case, (_, percents, _) in enumerate(PERCENTAGES)}
    said = "select named(source_file), list(reading order by reading) from column_readings group by all"
    assert dict(ask(con, said)) == {f"{case}.csv": said for case, (*_, said) in enumerate(PERCENTAGES) if said}


@pytest.mark.parametrize("no", MAYBE_NO)
def test_words_that_may_mean_no_are_settled_by_the_recipe(campaigns, no):
    con = campaigns(f"{no} is no")
    assert ask(con, "select count(*) from action_themes") == [(2,)]
    assert ask(con, "select reading, decided_by from column_readings") == [("stated", "recipe")]
    assert campaigns(f"{no} is yes").execute("select count(*) from action_themes").fetchall() == [(4,)]


PLACES = ("Ghana/Togo", "Mali / Kenya", "Ghana; Mali", "Kenya, Togo", "N/A land")
TIMED = "Timestamp,Name of your organisation,Name of your action,End date\n"
OF_CELLS: list[tuple[object, ...]] = [("Ref", "Maker", "Promise", "Progress")]
OF_CELLS += [(n, "Fictional Union", f"Promise {n}", told) for n, told in enumerate((62.375, "12,5", 50, "37,500 %"))]
READ = "select reading, decided_by from column_readings"


def placed(*written: str) -> Campaign:
    """Return a register of these places."""
    lines = "".join(action(str(n), promise=f"P{n}", Where=words) for n, words in enumerate(written))
    return Campaign({"a.csv": HEADER + lines}, {"office_actions": ACTIONS_RECIPE})


def with_budget(amount: str) -> Exports:
    """Percentages that can be read in two ways, beside an amount."""
    first, second = action(Progress="12,500").strip(), action("2", promise="B", Progress="50")
    return {"a.csv": f'{HEADER.strip()},Budget\n{first},"{amount}"\n{second}'}


CASES: Cases = {
    **{
        f"the decimal mark as other numbers of the file tell it, {amount}": (
            with_budget(amount),
            {
                PERCENTS: [(percent,), (50,)],
                "select decided_by from column_readings where reading like 'dec%'": [("other_columns",)],
                "select value from unmatched_values where field = 'percent'": [] if percent else [("12,500",)],
            },
        )
        for amount, percent in {"1200,75": 12.5, "1,200.75": None}.items()
    },
    "numbers of a workbook's own cells have a point, whatever texts beside them say": (
        {"a.xlsx": {"Now": OF_CELLS}}, {PERCENTS: [(62.375,), (12.5,), (50,), (37.5,)]},
    ),
    **{
        f"a shipped recipe yields to what the file says and serves where nothing does, {stamp}": (
            {"a.csv": f"{TIMED}{stamp} 10:00:00,Fictional Union,Train inspectors,3/4/2021\n"},
            {"select due_on from actions": [(day,)]},
        )
        for stamp, day in {"3/25/2021": date(2021, 3, 4), "2021-03-25": date(2021, 4, 3)}.items()
    },
    **{
        f"what says that a choice was taken is listed: {reading}": (
            with_choices(cells),
            {
                READ: [(reading, "values")],
                "select action_id, theme from action_themes order by 1": [("0", "agriculture"), ("1", "education")],
            },
        )
        for reading, cells in {
            "one_zero": [("1", "0"), ("0", "1")], "yes_no": [("Yes", "No"), ("no", "yes")],
            "filled": [("Farms", ""), ("", "x")],
        }.items()
    },
    "a separator that the recipe does not name is found by the whole column": (
        placed(*PLACES[:4]),
        {
            "select action_id, count(*) from action_countries group by 1 order by 1": [
                (f"OFF-{n}", 2) for n in range(4)
            ],
            "select reading, decided_by, cells, evidence from column_readings order by 1": [
                ("separated_by ,", "recipe", 1, 1), ("separated_by /", "values", 2, 2),
                ("separated_by ;", "recipe", 1, 1),
            ],
        },
    ),
    "a separator that the recipe does not name is not found by few cells": (
        placed(*PLACES[3:], PLACES[0], "Kenya"),
        {"select value from unmatched_values order by 1": [("Ghana/Togo",), ("N/A land",)]},
    ),
}  # fmt: skip
test_what_else_tells_how_cells_are_read = together.table(CASES)


def listing(separators, **files):
    """Registers whose rows are a cell of places and one of themes."""
    exports = {}
    for name, rows in files.items():
        lines = (action(f"{name}{n}", promise=f"{name} {n}", Where=w, Themes=t) for n, (w, t) in enumerate(rows))
        exports[f"{name}.csv"] = HEADER + "".join(lines)
    recipe = ACTIONS_RECIPE.replace('separators = [";", ","]', f"separators = {separators}")
    return Campaign(exports, {"office_actions": recipe})


def read_lists(con):
    """Return the codes by file and row, the values without a code, and the remarks on the signs between the values."""
    codes = ask(
        con,
        "select string_agg(code, ' ' order by code) from actions inner join (select action_no, lower(iso3) as code "
        "from action_countries union all select action_no, theme from action_themes) using (action_no) "
        "group by named(source_file), source_row order by named(source_file), source_row",
    )
    unknown = ask(con, "select named(source_file), value from unmatched_values order by all")
    signs = ask(
        con, "select named(source_file), field, reading, decided_by, cells, evidence from column_readings order by all"
    )
    return [code for (code,) in codes], unknown, signs


SEMICOLONS = [
    ("Ghana; Mali", "Education; Mining"),
    ("Congo, Democr. Republic", "Fishing, hunting and trapping; Mining"),
    ("Congo, Dem. Rep.; Togo", "Agriculture, forestry and fishing"),
]
READ_BY_SEMICOLONS = ["education gha mining mli", "mining", "agriculture cod tgo"]
NAMES = [("a.csv", "Congo, Democr. Republic"), ("a.csv", "Fishing, hunting and trapping")]


@together.test
def test_each_file_says_which_separators_it_uses_and_names_keep_their_commas():
    commas = [
        ("Ghana, Mali", "Education, Mining"),
        ("Congo, Dem. Rep., Togo", "Fishing, hunting and trapping, Mining"),
        ("Congo, Rep. Islamic", "Agriculture, forestry and fishing, Education"),
        ("Ghana, Togoo", "Farming, Fishing"),
        ("Togo", "Corruption: Laws, Systems, and Whistleblowing"),
    ]
    con = yield listing('[";", ","]', a=SEMICOLONS, b=commas)
    codes, unknown, signs = read_lists(con)
    assert codes == [
        *READ_BY_SEMICOLONS, "education gha mining mli", "cod mining tgo", "agriculture education", "agriculture gha",
        "tgo",
    ]  # fmt: skip
    assert unknown == [
        *NAMES, ("b.csv", "Congo, Rep. Islamic"), ("b.csv", "Corruption: Laws, Systems, and Whistleblowing"),
        ("b.csv", "Fishing, hunting and trapping"), ("b.csv", "Togoo"),
    ]  # fmt: skip
    assert signs == [
        ("a.csv", "countries", "part_of_values ,", "values", 2, 1),
        ("a.csv", "countries", "separated_by ;", "values", 2, 2),
        ("a.csv", "themes", "part_of_values ,", "values", 2, 1),
        ("a.csv", "themes", "separated_by ;", "values", 2, 1),
        ("b.csv", "countries", "separated_by ,", "recipe", 3, 2),
        ("b.csv", "themes", "separated_by ,", "recipe", 4, 3),
    ]


@together.test
def test_a_separator_is_found_in_one_file_beside_another_of_the_same_recipe():
    commas = [
        ("Ghana, Mali", "Education, Mining"),
        ("Congo, Dem. Rep., Togo", "Agriculture, forestry and fishing, Mining"),
    ]
    con = yield listing('[";"]', a=SEMICOLONS, b=commas)
    codes, unknown, signs = read_lists(con)
    assert codes == [*READ_BY_SEMICOLONS, "education gha mining mli", "agriculture cod mining tgo"]
    assert unknown == NAMES
    assert signs == [
        ("a.csv", "countries", "separated_by ;", "recipe", 2, 2),
        ("a.csv", "themes", "separated_by ;", "recipe", 2, 1),
        ("b.csv", "countries", "separated_by ,", "values", 2, 2),
        ("b.csv", "themes", "separated_by ,", "values", 2, 2),
    ]


@together.test
def test_marks_of_footnotes_are_no_part_of_words_and_a_cell_with_two_statuses_says_neither():
    words = ("Completed¹", "In progress [a]", "Completed (2)*", "Completed; In progress", "Completed; Done")
    places = ("Niger (1)", "Ghana²; Togo [b]", "Kenya", "Peru", "Chad")
    lines = [
        action(str(n), promise=f"Note {n}", Status=status, Where=place, Sent="2021-06-01")
        for n, (status, place) in enumerate(zip(words, places, strict=True))
    ]
    con = yield {"a.csv": HEADER + "".join(lines)}
    said = ask(con, "select status from progress_reports order by source_row")
    assert [status for (status,) in said] == ["completed", "in_progress", "completed", None, "completed"]
    codes = ask(con, "select list(iso3 order by iso3) from action_countries group by action_no order by action_no")
    assert [code for (code,) in codes] == [["NER"], ["GHA", "TGO"], ["KEN"], ["PER"], ["TCD"]]
    assert ask(con, "select field, value from unmatched_values") == [("status", "Completed; In progress")]
