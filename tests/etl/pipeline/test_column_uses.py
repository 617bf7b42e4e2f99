"""Every column is accounted for; what has no use is neither counted nor published, and asked about where it matters."""

import json

import duckdb
import pytest

from dashboard.i18n import translator
from dashboard.quality.open_columns import REFUSAL
from etl.inputs.columns_file import ColumnError
from etl.pipeline import workspace
from etl.pipeline.column_uses import OpenColumnError
from tests.etl.campaigns import RECIPES, built, know_names, make_campaign, publish_campaign
from tests.etl.program import inbox, published, run_etl
from tests.etl.together import Campaign, Together

REGISTERS = {
    "en": (
        "Organisation,Title of action,Country/Region,Theme(s),Status (Dec 2021)",
        ("Kenya", "Agriculture", "Completed"),
        ("Ghana", "Education; Mining", "In progress"),
    ),
    "fr": (
        "Organisation,Intitulé,Pays concerné,Thème abordé,Statut à la fin",
        ("Kenya", "Agriculture", "Achevée"),
        ("Ghana", "Éducation; Mines", "En cours"),
    ),
    "es": (
        "Organización,Título,País de la acción,Tema principal,Estado final",
        ("Kenia", "Agricultura", "Completada"),
        ("Ghana", "Educación; Minería", "En curso"),
    ),
}
"""Registers with headers that no recipe knows: header line, a completed row, one under way."""

NAMES = ("Amara Exemplar", "Benoît Exemplar", "Carmen Exemplar")
PERSONS = (
    f"Reported by {NAMES[0]}", "Supervisor", "Reviewed by", "Person in charge", "Responsable", "Personne ressource",
    "Persona encargada", "Jefe",
    "Filled in by", "Enumerator", "Validé par", "Point person", "Signataire",
)  # fmt: skip


together = Together()


def register(lang: str) -> str:
    header, done, under_way = REGISTERS[lang]
    rows = [f"Fictional Union {i},Promise number {i},{','.join(done if i % 4 else under_way)}" for i in range(20)]
    return "\n".join([header, *rows])


def figures(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    """Completed reports, actions with a theme, actions with a country."""
    return connection.execute(
        "select (select count(*) from progress_reports where status = 'completed'),"
        " (select count(distinct action_id) from action_themes),"
        " (select count(distinct action_id) from action_countries)"
    ).fetchone()


def uses(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str | None]]:
    """By header: the use, and who decided it."""
    rows = connection.execute("select headed(header), use, decided_by from input_columns").fetchall()
    return {header: (use, decided_by) for header, use, decided_by in rows}


@pytest.mark.parametrize(
    "lang", ["en", *(pytest.param(lang, marks=pytest.mark.nightly) for lang in REGISTERS if lang != "en")]
)
def test_a_register_with_other_headers_is_never_a_silent_zero(tmp_path, lang):
    folder = make_campaign(tmp_path / "c", {"register.csv": register(lang)}, {})
    with pytest.raises(OpenColumnError) as refused:
        publish_campaign(folder)
    assert refused.value.what.startswith(REFUSAL)
    place, theme, status = REGISTERS[lang][0].split(",")[2:]
    for header in (place, theme, status):
        assert f"“{header}”" in refused.value.what
        assert f"la colonne «\u00a0{header}\u00a0» ressemble à " in translator("fr")(refused.value.what)
    assert translator("fr")(refused.value.what).startswith("Il faut d’abord dire ce que sont ces colonnes")
    assert translator("fr")(refused.value.remedy).startswith("Rien n’a été publié. Dites ce qu’est chacune\u00a0: ")
    assert not (folder.published / "current.json").exists()
    for header, use in ((place, "countries"), (theme, "themes"), (status, "status")):
        said = run_etl("column", "register.csv", header, "--is", use, "--campaign", folder.root)
        assert said.returncode == 0, said.stderr
    (folder.inbox / "register.csv").rename(folder.inbox / "august.csv")  # it holds for the next file of the recipe
    publish_campaign(folder)
    with duckdb.connect(folder.published / published(folder)["snapshot"], read_only=True) as connection:
        assert figures(connection) == (15, 20, 20)
    assert run_etl("column", "august.csv", status, "--undo", "--campaign", folder.root).returncode == 0
    with pytest.raises(OpenColumnError, match=status.split()[0]):
        publish_campaign(folder)
    run_etl("column", "august.csv", status, "--is", "nothing", "--campaign", folder.root)
    publish_campaign(folder)
    with duckdb.connect(folder.published / published(folder)["snapshot"], read_only=True) as connection:
        assert figures(connection)[0] == 0


def test_many_columns_are_settled_and_taken_back_in_one_run(tmp_path):
    folder = make_campaign(tmp_path / "c", {"july.csv": register("en")}, {})
    listed = json.loads(run_etl("column", "--open", "--campaign", folder.root, "--json").stdout)["columns"]
    assert [(c["header"], c["values"], c["kinds"]) for c in listed if c["header"].startswith("Status")] == [
        ("Status (Dec 2021)", [["Completed", 15], ["In progress", 5]], 2)
    ]
    answers = tmp_path / "answers.csv"
    uses = {"Country/Region": "countries", "Theme(s)": "themes", "Status (Dec 2021)": "status"}

    def say(uses: dict[str, str]) -> str:
        lines = [f"actions_register,{header},{use}" for header, use in uses.items()]
        answers.write_text("\n".join(["recipe,header,is", *lines]), encoding="utf-8")
        done = run_etl("column", "--list", answers, "--campaign", folder.root)
        return done.stdout + done.stderr

    assert "3 kept, 0 taken back, 0 as it was" in say(uses)
    publish_campaign(folder)
    kept = folder.columns_file.read_text(encoding="utf-8")
    assert "can be" in say({"Theme(s)": "themes", "Country/Region": "colour"})
    assert folder.columns_file.read_text(encoding="utf-8") == kept  # all or nothing
    assert "1 kept, 1 taken back, 1 as it was" in say(uses | {"Country/Region": "nothing", "Theme(s)": ""})
    with pytest.raises(OpenColumnError, match="themes"):
        publish_campaign(folder)


@together.test
def test_a_personal_column_says_whether_the_recipe_or_the_header_decided():
    recipe = RECIPES["office_actions"] + '[personal]\nheaders = ["Visitor"]\n'
    export = "Ref,Maker,Promise,Visitor,Contact\n1,Fictional Union,Open a school,Amara Exemplar,a@example.org\n"
    found = uses((yield Campaign({"one.csv": export}, {"office_actions": recipe})))
    assert found["Visitor"] == ("personal", "recipe")
    assert found["Contact"] == ("personal", "header")


@together.test
def test_people_in_columns_that_nobody_mapped_reach_nothing_public():
    rows = [",".join([f"R{i}", f"A{i}", "completed", *(NAMES[i % 3] for _ in PERSONS)]) for i in range(12)]
    rows.append(",".join(["", "", "", *(NAMES[0] for _ in PERSONS)]))  # rejected
    connection = yield {"survey.csv": "\n".join([",".join(["Report", "Ref", "State", *PERSONS]), *rows])}
    assert connection.execute("select count(*) from rejected_rows").fetchone() == (1,)
    tables = connection.execute("select table_name from duckdb_tables() where database_name = 'snapshot'").fetchall()
    for (table,) in tables:
        text = str(connection.execute(f"from snapshot.{table}").fetchall())
        assert "Exemplar" not in text, table
    account = connection.execute("select use, count(*) from input_columns group by use").fetchall()
    assert {"open", "personal", "field"} >= {use for use, _ in account}
    assert sum(count for _, count in account) == 3 + len(PERSONS)


QUESTION = "Which help came?"
ASKED = "\n".join(
    [f"Report,Ref,State,{QUESTION},Remarks for the office"]
    + [f"R{i},A{i},completed,{'Money' if i % 2 else 'Advice'},Seen {i}" for i in range(10)]
)


def test_a_question_is_published_when_staff_say_so_and_an_answer_for_staff_stays_private(tmp_path):
    folder = make_campaign(tmp_path / "c", {"survey.csv": ASKED}, RECIPES)
    with built(folder) as connection:
        assert connection.execute("from survey_questions").fetchall() == []
        assert uses(connection)[QUESTION][0] == "open"
        assert connection.execute(
            "select proposed from input_columns where headed(header) = $1", [QUESTION]
        ).fetchone()[0]
    run_etl("column", "survey.csv", QUESTION, "--is", "question", "--campaign", folder.root)
    run_etl("column", "survey.csv", "Remarks for the office", "--is", "staff", "--campaign", folder.root)
    publish_campaign(folder)
    with duckdb.connect(folder.published / published(folder)["snapshot"], read_only=True) as connection:
        answers = connection.execute("select answer, count(*) from survey_answers group by 1 order by 1").fetchall()
        assert answers == [("advice", 5), ("money", 5)]
        know_names(connection, folder.private / "contacts.duckdb")
        assert uses(connection)[QUESTION] == ("question", "staff")
        assert uses(connection)["Remarks for the office"] == ("staff", "staff")
    with duckdb.connect(folder.private / "contacts.duckdb", read_only=True) as private:
        header = "Remarks for the office"
        kept = private.execute("select count(*) from contacts where header = $1", [header]).fetchone()
        assert kept == (10,)


@together.test
def test_of_two_columns_of_one_name_the_second_is_open():
    rows = "\n".join(f"A{i},Sample Trust {i},Promise {i},{'In progress' if i else ''},Completed" for i in range(4))
    connection = yield {"r.csv": f"Ref,Maker,Promise,Status,Status\n{rows}"}
    said = connection.execute(
        "select column_no, use, is_asked from input_columns where headed(header) = 'Status'"
    ).fetchall()
    assert said == [(4, "field", False), (5, "open", True)]
    assert figures(connection)[0] == 0


@pytest.mark.parametrize("number", [500, pytest.param(3_000, marks=pytest.mark.nightly)])
def test_a_very_wide_sheet_is_accounted_for_in_little_memory(tmp_path, monkeypatch, number):
    monkeypatch.setattr(workspace, "MEMORY_LIMIT", "250MB")
    headers = ",".join(f"Column {place}" for place in range(number))
    rows = [f"{row},Fictional Union,Promise {row},{','.join([f'value {row % 7}'] * number)}" for row in range(300)]
    folder = make_campaign(tmp_path / "c", {"a.csv": "\n".join([f"Ref,Maker,Promise,{headers}", *rows])})
    with built(folder) as connection:
        told = connection.execute("select use, count(*), min(filled) from input_columns group by use").fetchall()
        assert sorted(told) == [("field", 3, 300), ("open", number, 300)]


def test_a_line_that_cannot_be_meant_is_refused_by_its_row(tmp_path):
    folder = make_campaign(tmp_path / "c", {"register.csv": register("en")}, {})
    folder.columns_file.write_text("recipe,header,is\nactions_register,Theme(s),topics\n", encoding="utf-8")
    with pytest.raises(ColumnError, match=r"row 2: “topics”"), built(folder):
        pass
    folder.columns_file.write_text(
        "recipe;header;is\nactions_register;Theme(s);themes\nactions_register;theme(s);nothing\n", encoding="utf-8"
    )
    with pytest.raises(ColumnError, match="row 3: .* row 2 says themes"), built(folder):
        pass
    folder.columns_file.unlink()
    said = run_etl("column", "register.csv", "Themes", "--is", "themes", "--campaign", folder.root)
    assert said.returncode == 1
    assert "Theme(s)" in said.stderr


def test_a_draft_is_shown_with_its_question_and_not_published_before_the_answer(tmp_path):
    folder = make_campaign(tmp_path / "c", {}, {})
    uploads = folder.private / "drafts" / "one" / "uploads"
    uploads.mkdir(parents=True)
    (uploads / "register.csv").write_text(register("en"), encoding="utf-8")
    place = uploads.parent
    draft = ("draft", "--uploads", uploads, "--to", place, "--campaign", folder.root, "--json")
    assert run_etl(*draft).returncode == 0
    refused = run_etl("publish-draft", place, "--campaign", folder.root, "--json")
    assert refused.returncode == 1
    assert "“Status (Dec 2021)” looks like status" in refused.stderr
    assert inbox(folder) == {}
    for header, use in (("Country/Region", "countries"), ("Theme(s)", "themes"), ("Status (Dec 2021)", "status")):
        run_etl("column", uploads / "register.csv", header, "--is", use, "--campaign", folder.root)
    assert run_etl(*draft).returncode == 0
    published_now = run_etl("publish-draft", place, "--campaign", folder.root, "--json")
    assert published_now.returncode == 0, published_now.stderr
    assert list(inbox(folder)) == ["register.csv"]
