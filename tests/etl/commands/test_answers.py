"""Open questions of files, answered on the command line: asked, refused until then, listed, filled in, taken back."""

import csv
import io
from datetime import date

import pytest

from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.answers.question import Question, Subject
from dashboard.campaign.answers.question_kinds import BY_NAME, UNKNOWN
from dashboard.campaign.answers.staff_file import StaffFile
from dashboard.errors import sentence
from etl.commands import check
from etl.commands.answer import write_list
from etl.inputs.uses_file import UsesFile, read_answers
from etl.pipeline.open_questions import _command
from etl.publish import unchanged
from tests.etl.campaigns import ACTIONS_RECIPE, ask, make_campaign, open_published
from tests.etl.program import building_once, last_json, run_on
from tests.etl.registers import HEADER, action

DAYS = ["03/04/2021", "05/06/2021"]
LINES = [action(str(n), promise=f"Promise {n}", Due=day, Category="#N/A", Where=places)
         for n, (day, places) in enumerate(zip(DAYS, ("Zambbia", "Ghana"), strict=True))]  # fmt: skip
DUE = "select due_on::varchar from actions order by source_row"


@pytest.fixture
def folder(tmp_path):
    """Make a campaign whose one file leaves open the order of day and month, and the meaning of an error."""
    return make_campaign(tmp_path / "c", {"a.csv": HEADER + "".join(LINES)}, {"office_actions": ACTIONS_RECIPE})


def test_publishing_waits_for_every_question_and_a_list_filled_in_answers_them(folder, tmp_path):
    with building_once(tmp_path, unchanged, check):
        told = run_on(folder, "check", folder.inbox / "a.csv").stdout
        refused = run_on(folder, "build", code=1)  # which keeps that build
    said = " ".join(refused.stderr.split()).replace(f" --campaign {folder.root}", "")
    assert "a.csv, column “Due”: Dates can be read with the day or the month first" in said
    assert 'python -m etl answer date_order --recipe "office_actions" --field "due_on" --is dmy' in said
    assert "Question 1. Does the day or the month come first?" in told
    assert "row 2: 03/04/2021" in told and "dmy: The day comes first → 2021-04-03; 2021-06-05" in told
    assert "Dates that are read: 0 → 2" in told
    listed = run_on(folder, "answer", "--list").stdout
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert [(row["kind"], row["recipe"], row["file"], row["field"]) for row in rows] == [
        ("date_order", "office_actions", "", "due_on"), ("error_cells", "", "a.csv", "category"),
        ("word", "", "", "countries/Zambbia"),
    ]  # fmt: skip
    assert "It looks like ZMB" in rows[-1]["question"] and "CODE: a code" in rows[-1]["answers"]
    run_on(folder, "answer", "--from", "-", stdin=listed)
    assert not folder.answers_file.exists()  # an empty line stays a question
    answers = iter(("mdy", "empty", "ZMB"))
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "is": next(answers)} for row in rows)
    run_on(folder, "answer", "--from", "-", stdin=text.getvalue())
    run_on(folder, "build")
    with open_published(folder) as connection:
        assert ask(connection, DUE) == [("2021-03-04",), ("2021-05-06",)]
        assert ask(connection, "select reading, decided_by from column_readings where field = 'due_on'") == [
            ("month_first", "staff")
        ]
        assert ask(connection, "select iso3 from action_countries order by action_no") == [("ZMB",), ("GHA",)]
    assert run_on(folder, "answer", "--kept").stdout.splitlines() == [
        "date_order office_actions due_on: mdy", "error_cells a.csv category: empty",
        "word countries/Zambbia: ZMB",
    ]  # fmt: skip
    run_on(folder, "answer", "word", "--field", "countries/Zambbia", "--undo")
    assert "Zambbia" not in folder.spellings_file.read_text()


def test_a_long_list_is_kept_in_one_step_whatever_is_said_twice(tmp_path, monkeypatch):
    path = tmp_path / "answers.csv"
    lines = [
        "date_order,r,,,due_on,dmy",
        *(f"day,,{name}.csv,,h,unknown" for name in "aAb"),
        "day,,d.csv,,h,2021-12-24",
    ]
    lines.append("day,,D.csv,,h,unknown")
    path.write_text("\n".join(["kind,recipe,file,sheet,field,is", *lines]))  # without an end of the last line
    read_text, texts = StaffFile._text, list[str]()

    def note(file: StaffFile) -> str:
        texts.append(read_text(file))
        return texts[-1]

    def day(name: object, use: str) -> Answer:
        return Answer(0, "day", "", f"{name}.csv", "", "h", use)

    monkeypatch.setattr(StaffFile, "_text", note)
    said = [
        *(day(n, "2021-12-01") for n in range(50)),
        day(0, "2021-12-02"),
        day(1, ""),
        day("a", ""),
        day("A", UNKNOWN),
    ]
    same = [day("b", UNKNOWN), day("c", ""), day("d", UNKNOWN)]
    assert UsesFile(path).keep([*said, Answer(0, "date_order", "r", "", "", "due_on", "mdy"), *same]) == (53, 2)
    assert len(texts) == 2  # to see the answer, and to change it
    assert UsesFile(path).keep([day("e", UNKNOWN)]) == (1, 0)
    assert UsesFile(path).keep([day("B", "")]) == (0, 1)
    kept = [("d.csv", "2021-12-24"), ("D.csv", UNKNOWN)]
    new = [
        *((f"{n}.csv", "2021-12-01") for n in range(2, 50)),
        ("0.csv", "2021-12-02"),
        ("A.csv", UNKNOWN),
        ("", "mdy"),
    ]
    read = read_answers(path)
    assert [(one.file, one.use) for one in read] == [*kept, *new, ("e.csv", UNKNOWN)]
    assert {one.decided_on for one in read[2:]} == {date.today().isoformat()} != {one.decided_on for one in read[:2]}


def test_a_list_and_a_refusal_say_that_any_day_is_an_answer():
    question = Question(BY_NAME["day"], Subject(file="a.csv", field="hash"), sentence("When?"))
    assert "YYYY-MM-DD: any other day" in write_list([question])
    assert '--file "a.csv" --field "hash" --is YYYY-MM-DD' in _command(question)


def test_what_nobody_knows_is_published_as_empty_and_an_answer_taken_back_is_a_question_again(folder):
    error = ("answer", "error_cells", "--file", "a.csv", "--field", "category", "--is", "empty")
    order = ("answer", "date_order", "--recipe", "office_actions", "--field", "due_on")
    run_on(folder, *error)
    run_on(folder, *order, "--is", "unknown")
    assert "Not known, as staff said: a.csv, column “Due”" in run_on(folder, "build").stdout
    with open_published(folder) as connection:
        assert ask(connection, DUE) == [("2021-12-30",)] * 2  # the campaign's deadline, as for rows without a day
        assert ask(connection, "select kind, answer from questions where answer = 'unknown'") == [
            ("date_order", "unknown")
        ]
    run_on(folder, *order, "--undo")
    assert "These questions must be answered first" in last_json(run_on(folder, "build", "--json", code=1))["what"]
    questions = last_json(run_on(folder, "answer", "--json"))["questions"]
    assert (questions[0]["kind"], list(questions[0]["answers"])) == ("date_order", ["dmy", "mdy", "unknown"])
    assert [one["kind"] for one in questions] == ["date_order", "word"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("date_ordr", "--field", "x", "--is", "dmy"), "there is no question date_ordr. Did you mean date_order?"),
        (("date_order", "--is", "dmy"), "date_order is asked of a field. Write the field."),
        (
            ("headers_moved", "--field", "x", "--is", "right"),
            "headers_moved is asked of a sheet. Leave the field empty.",
        ),
        (
            ("date_order", "--field", "x", "--is", "ymd"),
            "“ymd” is no answer to date_order. Write one of dmy, mdy, unkn",
        ),
        (("date_order", "--field", "x"), "Give --is ANSWER, or --undo."),
        (("--from", "-"), "The list is empty."),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence_and_nothing_is_kept(folder, words, what):
    done = run_on(folder, "answer", *words, code=None, stdin="")
    assert done.returncode != 0 and what in " ".join(done.stderr.split())
    assert not folder.answers_file.exists()
