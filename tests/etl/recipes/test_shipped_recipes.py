"""The shipped recipes: each kind of export, in each language, is read by the recipe meant for it, and as it should."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.etl.campaigns import built, make_campaign
from tests.etl.registers import table
from tests.etl.together import Campaign, Together
from tests.etl.tool_exports import ACTIONS, PROGRESS

Answers = dict[str, list[tuple[Any, ...]]]
EXPORTS: dict[str, tuple[str, str, dict[str, str], Answers]] = {
    "Microsoft Forms, French": (
        "microsoft_forms_actions",
        "Promesses(1-2).csv",
        {"ID": "1", "Heure de début": "3/4/21 9:00:00", "Heure de fin": "3/4/21 9:20:11",
         "Adresse de messagerie": "a@example.org", "Nom": "Personne Exemple",
         "1. Nom de votre organisation*": "Amis fictifs",
         "2. Quel est l'intitulé de votre action ? (20 mots)": "Ouvrir une école",
         "Comment sera-t-elle mise en œuvre ?": "Pas à pas.", "Dans quels pays ?": "Mali;Togo;"},
        {"select action_id, title, stakeholder, submitted_on::varchar, description from actions":
         [("MSF-1", "Ouvrir une école", "Amis fictifs", "2021-03-04", "Pas à pas.")]},
    ),
    "Microsoft Forms, Spanish": (
        "microsoft_forms_actions",
        "Compromisos.csv",
        {"ID": "7", "Hora de inicio": "4/13/21 9:00:00", "Hora de finalización": "4/13/21 9:20:11",
         "Correo electrónico": "a@example.org", "Nombre": "Persona Ejemplo",
         "Nombre de su organización": "Amigos Ficticios", "Nombre de su compromiso de acción": "Abrir una escuela",
         "País": "Perú"},
        {"select action_id, submitted_on::varchar from actions": [("MSF-7", "2021-04-13")],
         "select iso3, region from action_countries": [("PER", "americas")]},
    ),
    "Google Forms, from the form": (
        "google_forms_actions",
        "Form.csv",
        {"Timestamp": "2021/03/13 4:20:37 pm CET", "Email address": "a@example.org",
         "Name of your organization": "Sample Club", "Title of your action": "Mend nets",
         "Which themes does it serve?": "Mining;Education"},
        {"select title, submitted_on::varchar from actions": [("Mend nets", "2021-03-13")],
         "select theme from action_themes order by theme": [("education",), ("mining",)]},
    ),
    "Google Forms, Spanish, from the sheet": (
        "google_forms_actions",
        "Respuestas.csv",
        {"Marca temporal": "03/04/2021 10:00:00", "Nombre de la organización": "Amigos Ficticios",
         "Título de su acción": "Abrir una escuela", "¿Qué temas?": "Minería, Educación",
         "Fecha de fin": "05/11/2021"},
        {"select submitted_on::varchar, due_on::varchar from actions": [("2021-04-03", "2021-11-05")],
         "select theme from action_themes order by theme": [("education",), ("mining",)]},
    ),
    "KoboToolbox, Spanish labels, choices in one cell": (
        "kobotoolbox_progress",
        "encuesta.csv",
        {"start": "", "Su acción/Referencia de su acción": "X1",
         "Avance/¿En qué punto está su acción?": "Completada", "Avance/Porcentaje": "100",
         "challenges": "lack_of_funding no_access", "_id": "5", "_uuid": "u5",
         "_submission_time": "2021-12-01T10:00:00", "_status": "submitted_via_web", "_submitted_by": ""},
        {"select report_id, status, percent, reported_on::varchar from progress_reports":
         [("5", "completed", 100.0, "2021-12-01")],
         "select answer from survey_answers order by answer": [("lack_of_funding",), ("no_access",)]},
    ),
    "register, English": (
        "actions_register",
        "all actions.csv",
        {"No.": "1", "Stakeholder": "Sample Club", "Stakeholder type": "NGO", "Action title": "Mend nets",
         "Country": "Ghana; Togo", "Themes": "Agriculture, Education", "Kind of action": "Training",
         "Status": "Completed", "Progress %": "100%", "Due date": "30/12/2021", "Submitted on": "01/03/2021",
         "Last update": "01/12/2021"},
        {"select status, percent, reported_on::varchar from progress_reports": [("completed", 100.0, "2021-12-01")],
         "select iso3 from action_countries order by iso3": [("GHA",), ("TGO",)],
         "select stakeholder_group, category, submitted_on::varchar from actions":
         [("civil_society", "training_or_capacity", "2021-03-01")],
         "select theme from action_themes order by theme": [("agriculture",), ("education",)]},
    ),
    "register, French": (
        "actions_register",
        "registre.csv",
        {"Partie prenante": "Amis fictifs", "Intitulé de l'action": "Ouvrir une école", "Pays": "Côte d’Ivoire",
         "Thèmes": "Éducation", "Catégorie": "Recherche", "Statut": "En cours", "Avancement %": "40",
         "Mis à jour le": "1er juin 2021"},
        {"select status, percent, reported_on::varchar from progress_reports": [("in_progress", 40.0, "2021-06-01")],
         "select iso3 from action_countries": [("CIV",)]},
    ),
    "register, Spanish, without progress": (
        "actions_register",
        "registro.csv",
        {"Participante": "Amigos Ficticios", "Compromiso": "Abrir una escuela", "Región": "América del Sur",
         "Temas": "Educación", "Fecha de envío": "3 de abril de 2021"},
        {"select count(*) from progress_reports": [(0,)],
         "select region from action_regions": [("americas",)],
         "select submitted_on::varchar from actions": [("2021-04-03",)]},
    ),
}  # fmt: skip
STAKEHOLDERS = (
    "1. Nom de votre organisation*", "Nombre de su organización", "Name of your organization",
    "Nombre de la organización", "Stakeholder", "Partie prenante", "Participante", "Organización",
)  # fmt: skip
together = Together({}, makers=STAKEHOLDERS)


@pytest.mark.parametrize("name", EXPORTS)
@together.test
def test_an_export_is_read_by_its_recipe(name):
    recipe, file_name, row, expected = EXPORTS[name]
    connection = yield {file_name: table(row, row)}
    assert connection.execute("select recipe from input_files").fetchall() == [(recipe,)]
    for sql, rows in expected.items():
        assert connection.execute(sql).fetchall() == rows
    assert connection.execute("select field, value from unmatched_values").fetchall() == []


@together.test
def test_a_sheet_of_staff_is_told_from_a_register_by_its_name():
    head = ["ID", "Organización", "Título", "Categoría", "Temas", "País"]
    rows = (
        ["71", "Amigos Ficticios", "Abrir", "Investigación", "", "Chile"],
        ["71", "Amigos Ficticios", "Abrir", "Otra", "Datos", "Perú"],
    )
    register, classes = (table(head, dict(zip(head, row, strict=True))) for row in rows)
    connection = yield Campaign({"acciones.csv": register, "clasificación.csv": classes})
    recipes = connection.execute("select recipe from input_files order by recipe").fetchall()
    assert recipes == [("actions_register",), ("classification_sheet",)]
    assert connection.execute("select category from actions").fetchall() == [("other",)]
    assert connection.execute("select iso3 from action_countries").fetchall() == [("PER",)]


QUERIES = {
    "recipe": "select recipe from input_files where named(source_file) = $file",
    "account": "select rows_read, rows_accepted, rows_rejected from input_files where named(source_file) = $file",
    "reasons": "select reason from rejected_rows where named(source_file) = $file order by 1",
    "unmatched": "select field, value from unmatched_values where named(source_file) = $file",
    "actions": "select stakeholder, title, submitted_on::varchar from actions "
    "where named(source_file) = $file order by title",
    "themes": "select theme from actions inner join action_themes using (action_no) where named(source_file) = $file "
    "order by title, theme",
    "countries": "select iso3 from actions inner join action_countries using (action_no) "
    "where named(source_file) = $file and iso3 <> 'MLI' order by 1",
    "reports": "select status, percent, completed_on::varchar, reported_on::varchar, action_title "
    "from progress_reports where named(source_file) = $file order by reported_on",
}
MAKERS = ("Imaginary Net Menders", "Fictional School Club")


def name_makers(tool: str) -> list[str]:
    """Name the makers in one tool's exports: every tool has the same two, which would be one in one campaign."""
    return [f"{maker} {tool.replace(',', '')}" for maker in MAKERS]


@pytest.fixture(scope="session")  # a process may come back to this module after another one's tests
def read_export(tmp_path_factory) -> Callable[[str, str], Answers]:
    """Return the shipped recipes' reading of one tool's export of submissions or of answers, built all at once."""
    contents: dict[str, str] = {}
    files: dict[tuple[str, str], str] = {}  # names that tell nothing
    for kind, exports in (("submissions", ACTIONS), ("answers", PROGRESS)):
        for tool, export in exports.items():
            content = export.content().decode()
            for maker, own in zip(MAKERS, name_makers(tool), strict=True):
                content = content.replace(maker, own)
            files[kind, tool] = f"{len(files)}.csv"
            contents[files[kind, tool]] = content
    with built(make_campaign(tmp_path_factory.mktemp("exports") / "campaign", contents, {})) as connection:
        answers = {
            file: {key: connection.execute(sql, {"file": file}).fetchall() for key, sql in QUERIES.items()}
            for file in contents
        }
    return lambda kind, tool: answers[files[kind, tool]]


@pytest.mark.parametrize("tool", list(ACTIONS))
def test_the_2021_form_is_read_from_every_tool(read_export, tool):
    answers = read_export("submissions", tool)
    assert answers["recipe"] == [(ACTIONS[tool].recipe,)]
    menders, club = name_makers(tool)
    assert answers["actions"] == [
        (menders, "Mend nets with parents", "2021-03-29"),
        (club, "Open an evening school", "2021-04-02"),
    ]
    assert answers["themes"] == [("agriculture",), ("education",), ("education",)]
    assert answers["countries"] == [("GHA",), ("TGO",)]
    assert answers["unmatched"] == []


@pytest.mark.parametrize("tool", list(PROGRESS))
def test_the_progress_survey_is_read_from_every_tool(read_export, tool):
    answers = read_export("answers", tool)
    assert answers["recipe"] == [(PROGRESS[tool].recipe,)]
    assert answers["reports"] == [
        ("completed", 100.0, "2021-03-28", "2021-03-29", "Mend nets with parents"),
        ("in_progress", 40.0, None, "2021-04-02", "Open an evening school"),
    ]
    assert answers["unmatched"] == []


LEFT_OUT = {
    "KoboToolbox": ["not approved"],
    "ODK Central": ["rejected in the review"],
    "LimeSurvey": ["not sent to its end"],
    "Qualtrics": ["a trial or spam", "not finished"],
    "Alchemer": ["partial or disqualified"] * 2,
}


@pytest.mark.parametrize("tool", list(LEFT_OUT))
def test_answers_that_the_tool_marks_as_not_valid_are_left_out_and_accounted_for(read_export, tool):
    for kind in ("submissions", "answers"):
        answers = read_export(kind, tool)
        assert answers["reasons"] == [(f"left out, as the recipe says: {word}",) for word in LEFT_OUT[tool]]
        assert answers["account"] == [(2 + len(LEFT_OUT[tool]), 2, len(LEFT_OUT[tool]))]
