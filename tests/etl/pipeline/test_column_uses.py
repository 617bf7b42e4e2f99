"""Every column is accounted for; one without a use is not counted or published, and asked about where it matters."""

import json

import duckdb
import pytest

from dashboard.i18n import translator
from dashboard.lists.quality.open_columns import REFUSAL
from etl.inputs.uses_file import AnswerError
from etl.pipeline import workspace
from etl.pipeline.column_uses import OpenColumnError
from tests.etl.campaigns import RECIPES, ask, built, make_campaign, open_published, publish_campaign
from tests.etl.program import run_on
from tests.etl.together import Campaign, Together

HEADERS = ("Country/Region", "Theme(s)", "Status (Dec 2021)")
REGISTER = "\n".join(
    [f"Organisation,Title of action,{','.join(HEADERS)},Report date"]
    + [
        f"Fictional Union {i},Promise number {i},{words},2021-06-01"
        for i, words in enumerate(["Ghana,Education; Mining,In progress", *["Kenya,Agriculture,Completed"] * 3] * 5)
    ]
)
"""A register whose last headers no recipe knows."""


together = Together()


def figures(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    """Completed reports, actions with a theme, actions with a country."""
    return connection.execute(
        "select (select count(*) from progress_reports where status = 'completed'),"
        " (select count(distinct action_id) from action_themes),"
        " (select count(distinct action_id) from action_countries)"
    ).fetchone()


def uses(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str | None]]:
    """Return by header: the use, and who decided it."""
    rows = ask(connection, "select headed(header), use, decided_by from input_columns")
    return {header: (use, decided_by) for header, use, decided_by in rows}


def test_a_register_with_other_headers_is_never_a_silent_zero(tmp_path):
    folder = make_campaign(tmp_path / "c", {"july.csv": REGISTER}, {})
    with pytest.raises(OpenColumnError) as refused:
        publish_campaign(folder)
    assert refused.value.what.startswith(REFUSAL)
    place, theme, status = HEADERS
    for header in HEADERS:
        assert f"“{header}”" in refused.value.what
        assert f"la colonne «\u00a0{header}\u00a0» ressemble à " in translator("fr")(refused.value.what)
    assert translator("fr")(refused.value.what).startswith("Il faut d’abord dire ce que sont ces colonnes")
    assert translator("fr")(refused.value.remedy).startswith("Rien n’a été publié. Dites ce qu’est chacune\u00a0: ")
    assert not (folder.published / "current.json").exists()
    listed = json.loads(run_on(folder, "column", "--open", "--json").stdout)["columns"]
    kinds = {column["header"]: (column["values"], column["kinds"]) for column in listed}
    assert kinds[status] == ([["Completed", 15], ["In progress", 5]], 2)
    # A damaged file beside it hides nothing of an upload.
    (folder.inbox / "july.csv").rename(tmp_path / "july.csv")
    (tmp_path / "damaged.xlsx").write_bytes(b"PK")
    (tmp_path / "others.csv").write_text("Qwx,Zyx\n1,2\n", encoding="utf-8")
    assert json.loads(run_on(folder, "column", "--open", "--uploads", tmp_path, "--json").stdout)["columns"] == listed
    (tmp_path / "july.csv").rename(folder.inbox / "july.csv")
    answers = tmp_path / "answers.csv"

    def say(**said: str) -> str:
        uses = {place: "countries", theme: "themes", status: "status"}
        uses |= {{"place": place, "theme": theme, "status": status}[name]: use for name, use in said.items()}
        lines = [f"actions_register,{header},{use}" for header, use in uses.items()]
        answers.write_text("\n".join(["recipe,header,is", *lines]), encoding="utf-8")
        done = run_on(folder, "column", "--list", answers, code=None)
        return done.stdout + done.stderr

    assert "3 kept, 0 taken back, 0 as it was" in say()
    kept = folder.columns_file.read_text(encoding="utf-8")
    assert "can be" in say(place="colour", status="nothing")
    assert folder.columns_file.read_text(encoding="utf-8") == kept  # all or nothing
    (folder.inbox / "july.csv").rename(folder.inbox / "august.csv")  # it holds for the next file of the recipe
    publish_campaign(folder)
    with open_published(folder) as connection:
        assert figures(connection) == (15, 20, 20)
    assert "1 kept, 1 taken back, 1 as it was" in say(status="nothing", theme="")
    with pytest.raises(OpenColumnError, match="themes"):
        publish_campaign(folder)
    run_on(folder, "column", "august.csv", theme, "--is", "themes")
    publish_campaign(folder)
    with open_published(folder) as connection:
        assert figures(connection) == (0, 20, 20)
    run_on(folder, "column", "august.csv", theme, "--undo")
    assert theme not in folder.columns_file.read_text(encoding="utf-8")
    assert theme in run_on(folder, "column", "august.csv", "Themes", "--is", "themes", code=1).stderr


STAGES = "\n".join(
    ["Organisation,Title of action,Country,Status,Status (2020),Report date,Final status"]
    + [
        f"Fictional Union {i},Promise {i},Kenya,{'Completed' if i % 2 else 'In progress'},Not started,2021-06-01,"
        f"{'In progress' if i % 3 else 'Completed'}"
        for i in range(24)
    ]
)
"""A register with three columns of statuses; the recipe reads the first: 12 completed there, 8 in the last."""


HEADLESS = "\n".join(
    ["Organisation,Title of action,Country,,,Report date"]
    + [f"Fictional Club {i},Pledge {i},Kenya,{'Completed' if i % 3 else 'In progress'},,2021-06-01" for i in range(9)]
)


@pytest.mark.nightly
def test_of_several_columns_of_statuses_the_one_counts_that_staff_name_and_a_column_without_a_header_has_a_letter(
    tmp_path,
):
    folder = make_campaign(tmp_path / "c", {"headless.csv": HEADLESS, "stages.csv": STAGES}, {})

    def say(file: str, header: str, use: str) -> str:
        return run_on(folder, "column", file, header, "--is", use, code=None).stderr

    with pytest.raises(OpenColumnError, match="“Final status” looks like status, which “Status” is already") as refused:
        publish_campaign(folder)
    assert "column D, which has no header, looks like status" in refused.value.what
    assert "Where “Status” counts: python -m etl column" in refused.value.remedy
    assert "which “Status” is already" not in translator("fr")(refused.value.what)
    listed = run_on(folder, "answer", "--list").stdout
    assert listed.count("which “Status” is already, and one column counts") == 2
    assert "column,actions_register,,,D," in listed
    values = json.loads(run_on(folder, "column", "--open", "--json").stdout)["columns"]
    assert ["D", [["Completed", 6], ["In progress", 3]]] in [[one["header"], one["values"]] for one in values]
    assert "“Status” of stages.csv is status already" in say("stages.csv", "Final status", "status")
    assert not folder.columns_file.exists()
    assert say("headless.csv", "D", "status") == ""
    # A list cannot foresee the files: the build asks about two of its columns.
    with folder.columns_file.open("a", encoding="utf-8") as file:
        file.write("actions_register,Final status,status\n")
    with built(folder) as connection:
        assert uses(connection)["Status"] == ("open", None)
        assert uses(connection)["D"] == ("field", "staff") and "E" not in uses(connection)
        asked = ask(
            connection, "select headed(header), looks_like from input_columns where is_asked order by column_no"
        )
        assert asked == [("Status", "status"), ("Status (2020)", "status")]
    with folder.columns_file.open("a", encoding="utf-8") as file:
        file.write("actions_register,Status,status\nactions_register,Status (2020),status\n")
    with pytest.raises(OpenColumnError, match="“Status” looks like status, which “Status .2020.” is already"):
        publish_campaign(folder)
    assert say("stages.csv", "Status (2020)", "staff") + say("stages.csv", "Status", "nothing") == ""
    publish_campaign(folder)
    with open_published(folder) as connection:
        completed = "select named(source_file), count(*) from progress_reports where status = 'completed' group by 1"
        assert dict(ask(connection, completed)) == {"headless.csv": 6, "stages.csv": 8}


@together.test
def test_a_second_column_of_a_field_that_takes_several_counts_beside_the_first():
    export = "Ref,Maker,Promise,Themes,Further subjects\n1,Fictional Union,Open a school,Mining,Education\n"
    said = [("office_actions", "Further subjects", "themes")]
    own = {"office_actions": RECIPES["office_actions"]}
    connection = yield Campaign({"one.csv": export}, own, answers=said)
    assert ask(connection, "select theme from action_themes order by 1") == [("education",), ("mining",)]


@together.test
def test_a_personal_column_says_whether_the_recipe_or_the_header_decided():
    recipe = RECIPES["office_actions"] + '[personal]\nheaders = ["Visitor"]\n'
    export = "Ref,Maker,Promise,Visitor,Contact\n1,Fictional Union,Open a school,Amara Exemplar,a@example.org\n"
    found = uses((yield Campaign({"one.csv": export}, {"office_actions": recipe})))
    assert found["Visitor"] == ("personal", "recipe")
    assert found["Contact"] == ("personal", "header")


QUESTION = "Which help came?"
ASKED = "\n".join(
    [f"Report,Ref,State,{QUESTION},Remarks for the office"]
    + [f"R{i},A{i},completed,{'Money' if i % 2 else 'Advice'},Seen {i}" for i in range(10)]
)


FOR_STAFF = "Remarks for the office"


@together.test
def test_a_question_that_nobody_has_made_public_is_proposed_and_not_published():
    connection = yield {"survey.csv": ASKED}
    assert ask(connection, "from survey_questions") == []
    assert uses(connection)[QUESTION][0] == "open"
    [(proposed,)] = ask(connection, "select proposed from input_columns where headed(header) = $1", [QUESTION])
    assert proposed


@together.test
def test_a_question_is_published_when_staff_say_so_and_an_answer_for_staff_stays_private():
    said = [("office_reports", QUESTION, "question"), ("office_reports", FOR_STAFF, "staff")]
    reports = {"office_reports": RECIPES["office_reports"]}
    connection = yield Campaign({"survey.csv": ASKED}, reports, answers=said)
    answers = ask(connection, "select answer, count(*) from survey_answers group by 1 order by 1")
    assert answers == [("advice", 5), ("money", 5)]
    assert uses(connection)[QUESTION] == ("question", "staff")
    assert uses(connection)[FOR_STAFF] == ("staff", "staff")
    assert ask(connection, "select count(*) from contacts where header = $1", [FOR_STAFF]) == [(10,)]


CHANGED = "\n".join(
    ["Ref,Maker,Promise,Where,Category", *(f"C{n},Sample Trust,Swap {n},Research,Kenya" for n in range(4))]
)


@pytest.mark.parametrize(
    ("said", "figures"), [((), (0, 0)), ((("Where", "category"), ("Category", "countries")), (4, 4))]
)
@together.test
def test_columns_under_each_other_s_headers_are_asked_about_and_read_as_staff_say(said, figures):
    actions = {"office_actions": RECIPES["office_actions"]}
    name = f"changed {len(said)}.csv"
    connection = yield Campaign({name: CHANGED}, actions, answers=[("office_actions", *one) for one in said])
    asked = ask(connection, "select headed(header), looks_like from input_columns where is_asked order by column_no")
    assert asked == ([] if said else [("Where", "category"), ("Category", "countries")])
    read = "select count(*) filter (category = 'research'), (select count(*) from action_countries) from actions"
    assert ask(connection, read) == [figures]


TWICE = "\n".join(
    ["Ref,Maker,Promise,Where,Status,Status,,Where,Target"]
    + [f"A{i},Sample Trust {i},Promise {i},Kenya,{'In progress' if i else ''},Completed,,Ghana,10" for i in range(4)]
)
"""The status twice, and beside the register, behind an empty column, another table that begins with a place."""


@pytest.mark.parametrize(
    ("counts", "said", "asked", "completed"),
    [
        ("", (), ["Status (2)", "Where (2)"], 0),
        ("the first", (("Status (2)", "staff"), ("Where (2)", "nothing")), [], 0),
        ("the second", (("Status", "staff"), ("Status (2)", "status"), ("Where (2)", "nothing")), [], 4),
    ],
)
@together.test
def test_of_two_columns_of_one_name_the_second_is_open_and_has_a_name_of_its_own(counts, said, asked, completed):
    actions = {"office_actions": RECIPES["office_actions"]}
    answers = [("office_actions", *one) for one in said]
    connection = yield Campaign({f"r{counts}.csv": TWICE}, actions, answers=answers)
    told = ask(connection, "select headed(header), use, is_asked from input_columns where headed(header) like '% (2)'")
    assert sorted(header for header, use, is_asked in told if is_asked) == asked
    assert {use for header, use, is_asked in told if header in asked} == ({"open"} if asked else set())
    assert figures(connection) == (completed, 0, 4)
    assert ask(connection, "select distinct iso3 from action_countries") == [("KEN",)]


@pytest.mark.nightly
@pytest.mark.parametrize("number", [500, pytest.param(3_000, marks=pytest.mark.nightly)])
def test_a_very_wide_sheet_is_accounted_for_in_little_memory(tmp_path, monkeypatch, number):
    monkeypatch.setattr(workspace, "MEMORY_LIMIT", "250MB")
    headers = ",".join(f"Column {place}" for place in range(number))
    rows = [f"{row},Fictional Union,Promise {row},{','.join([f'value {row % 7}'] * number)}" for row in range(300)]
    folder = make_campaign(tmp_path / "c", {"a.csv": "\n".join([f"Ref,Maker,Promise,{headers}", *rows])})
    with built(folder) as connection:
        told = ask(connection, "select use, count(*), min(filled) from input_columns group by use")
        assert sorted(told) == [("field", 3, 300), ("open", number, 300)]


def test_a_line_that_cannot_be_meant_is_refused_by_its_row(tmp_path):
    folder = make_campaign(tmp_path / "c", {"register.csv": REGISTER}, {})
    folder.columns_file.write_text("recipe,header,is\nactions_register,Theme(s),topics\n", encoding="utf-8")
    with pytest.raises(AnswerError, match=r"row 2: “topics”"), built(folder):
        pass
    folder.columns_file.write_text(
        "recipe;header;is\nactions_register;Theme(s);themes\nactions_register;theme(s);nothing\n", encoding="utf-8"
    )
    with pytest.raises(AnswerError, match="row 3: .* row 2 says themes"), built(folder):
        pass
