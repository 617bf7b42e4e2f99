"""The shipped recipes: each kind of export, in each language, is read by the recipe meant for it, and as it should."""

import csv
import io
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.campaign.folder import CampaignFolder
from etl.pipeline.build import build
from tests.etl.campaigns import know_names
from tests.etl.together import Together
from tests.etl.tool_exports import ACTIONS, PROGRESS, ToolExport

EXPORTS: dict[str, tuple[str, str, list[list[str]], dict[str, list[tuple[Any, ...]]]]] = {
    "Microsoft Forms, French": (
        "microsoft_forms_actions",
        "Promesses(1-2).csv",
        [
            [
                "ID",
                "Heure de début",
                "Heure de fin",
                "Adresse de messagerie",
                "Nom",
                "1. Nom de votre organisation*",
                "2. Quel est l'intitulé de votre action ? (20 mots)",
                "Comment sera-t-elle mise en œuvre ?",
                "Dans quels pays ?",
            ],
            [
                "1",
                "3/4/21 9:00:00",
                "3/4/21 9:20:11",
                "a@example.org",
                "Personne Exemple",
                "Amis fictifs",
                "Ouvrir une école",
                "Pas à pas.",
                "Mali;Togo;",
            ],
        ],
        {
            "select action_id, title, stakeholder, submitted_on::varchar, description from actions": [
                ("MSF-1", "Ouvrir une école", "Amis fictifs", "2021-03-04", "Pas à pas.")
            ],
        },
    ),
    "Microsoft Forms, Spanish": (
        "microsoft_forms_actions",
        "Compromisos.csv",
        [
            [
                "ID",
                "Hora de inicio",
                "Hora de finalización",
                "Correo electrónico",
                "Nombre",
                "Nombre de su organización",
                "Nombre de su compromiso de acción",
                "País",
            ],
            [
                "7",
                "4/13/21 9:00:00",
                "4/13/21 9:20:11",
                "a@example.org",
                "Persona Ejemplo",
                "Amigos Ficticios",
                "Abrir una escuela",
                "Perú",
            ],
        ],
        {
            "select action_id, submitted_on::varchar from actions": [("MSF-7", "2021-04-13")],
            "select iso3, region from action_countries": [("PER", "americas")],
        },
    ),
    "Google Forms, from the form": (
        "google_forms_actions",
        "Form.csv",
        [
            [
                "Timestamp",
                "Email address",
                "Name of your organization",
                "Title of your action",
                "Which themes does it serve?",
            ],
            ["2021/03/13 4:20:37 pm CET", "a@example.org", "Sample Club", "Mend nets", "Mining;Education"],
        ],
        {
            "select title, submitted_on::varchar from actions": [("Mend nets", "2021-03-13")],
            "select theme from action_themes order by theme": [("education",), ("mining",)],
        },
    ),
    "Google Forms, Spanish, from the sheet": (
        "google_forms_actions",
        "Respuestas.csv",
        [
            ["Marca temporal", "Nombre de la organización", "Título de su acción", "¿Qué temas?", "Fecha de fin"],
            ["03/04/2021 10:00:00", "Amigos Ficticios", "Abrir una escuela", "Minería, Educación", "05/11/2021"],
        ],
        {
            "select submitted_on::varchar, due_on::varchar from actions": [("2021-04-03", "2021-11-05")],
            "select theme from action_themes order by theme": [("education",), ("mining",)],
        },
    ),
    "KoboToolbox, Spanish labels, choices in one cell": (
        "kobotoolbox_progress",
        "encuesta.csv",
        [
            [
                "start",
                "Su acción/Referencia de su acción",
                "Avance/¿En qué punto está su acción?",
                "Avance/Porcentaje",
                "challenges",
                "_id",
                "_uuid",
                "_submission_time",
                "_status",
                "_submitted_by",
            ],
            [
                "",
                "X1",
                "Completada",
                "100",
                "lack_of_funding no_access",
                "5",
                "u5",
                "2021-12-01T10:00:00",
                "submitted_via_web",
                "",
            ],
        ],
        {
            "select report_id, status, percent, reported_on::varchar from progress_reports": [
                ("5", "completed", 100.0, "2021-12-01")
            ],
            "select answer from survey_answers order by answer": [("lack_of_funding",), ("no_access",)],
        },
    ),
    "register, English": (
        "actions_register",
        "all actions.csv",
        [
            [
                "No.",
                "Stakeholder",
                "Stakeholder type",
                "Action title",
                "Country",
                "Themes",
                "Kind of action",
                "Status",
                "Progress %",
                "Due date",
                "Submitted on",
                "Last update",
            ],
            [
                "1",
                "Sample Club",
                "NGO",
                "Mend nets",
                "Ghana; Togo",
                "Agriculture, Education",
                "Training",
                "Completed",
                "100%",
                "30/12/2021",
                "01/03/2021",
                "01/12/2021",
            ],
        ],
        {
            "select status, percent, reported_on::varchar from progress_reports": [("completed", 100.0, "2021-12-01")],
            "select iso3 from action_countries order by iso3": [("GHA",), ("TGO",)],
            "select stakeholder_group, category, submitted_on::varchar from actions": [
                ("civil_society", "training_or_capacity", "2021-03-01")
            ],
            "select theme from action_themes order by theme": [("agriculture",), ("education",)],
        },
    ),
    "register, French": (
        "actions_register",
        "registre.csv",
        [
            [
                "Partie prenante",
                "Intitulé de l'action",
                "Pays",
                "Thèmes",
                "Catégorie",
                "Statut",
                "Avancement %",
                "Mis à jour le",
            ],
            [
                "Amis fictifs",
                "Ouvrir une école",
                "Côte d’Ivoire",
                "Éducation",
                "Recherche",
                "En cours",
                "40",
                "1er juin 2021",
            ],
        ],
        {
            "select status, percent, reported_on::varchar from progress_reports": [("in_progress", 40.0, "2021-06-01")],
            "select iso3 from action_countries": [("CIV",)],
        },
    ),
    "register, Spanish, without progress": (
        "actions_register",
        "registro.csv",
        [
            ["Participante", "Compromiso", "Región", "Temas", "Fecha de envío"],
            ["Amigos Ficticios", "Abrir una escuela", "América del Sur", "Educación", "3 de abril de 2021"],
        ],
        {
            "select count(*) from progress_reports": [(0,)],
            "select region from action_regions": [("americas",)],
            "select submitted_on::varchar from actions": [("2021-04-03",)],
        },
    ),
}


STAKEHOLDERS = (
    "1. Nom de votre organisation*", "Nombre de su organización", "Name of your organization",
    "Nombre de la organización", "Stakeholder", "Partie prenante", "Participante",
)  # fmt: skip
together = Together({}, makers=STAKEHOLDERS)


def as_text(table: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue()


@pytest.mark.parametrize("name", EXPORTS)
@together.test
def test_an_export_is_read_by_its_recipe(name):
    recipe, file_name, table, wanted = EXPORTS[name]
    connection = yield {file_name: as_text(table)}
    assert connection.execute("select recipe from input_files").fetchall() == [(recipe,)]
    for sql, rows in wanted.items():
        assert connection.execute(sql).fetchall() == rows
    assert connection.execute("select field, value from unmatched_values").fetchall() == []


def test_a_classification_is_told_from_a_register_by_its_name(tmp_path):
    (tmp_path / "inbox").mkdir()
    table = [
        ["ID", "Organización", "Título", "Categoría", "Temas", "País"],
        ["1", "Amigos Ficticios", "Abrir", "Investigación", "", "Chile"],
    ]
    (tmp_path / "inbox" / "acciones.csv").write_text(as_text(table), encoding="utf-8", newline="")
    table[1][3:] = ["Otra", "Datos", "Perú"]
    (tmp_path / "inbox" / "clasificación.csv").write_text(as_text(table), encoding="utf-8", newline="")
    with (
        build(CampaignFolder(tmp_path), tmp_path / "published") as built,
        duckdb.connect(str(built.snapshot), read_only=True) as connection,
    ):
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
    """The makers of one tool's exports: every tool's tell of the same two, which would be one in one campaign."""
    return [f"{maker} {tool.replace(',', '')}" for maker in MAKERS]


@pytest.fixture(scope="session")  # a process may come back to this module after another one's tests
def read_export(tmp_path_factory) -> Callable[[str, str], dict[str, list[tuple[Any, ...]]]]:
    """Gives what the shipped recipes make of one tool's export of submissions or of answers, many built at once."""
    rest = [("submissions", *item) for item in ACTIONS.items()] + [("answers", *item) for item in PROGRESS.items()]
    answers: dict[tuple[str, str], dict[str, list[tuple[Any, ...]]]] = {}
    while rest:
        # Two exports of one recipe have the same ids: in one campaign the second would be the first, sent again.
        apart = {export.recipe: (kind, tool, export) for kind, tool, export in rest}.values()
        answers |= _build_together(tmp_path_factory.mktemp("exports"), apart)
        rest = [item for item in rest if item not in apart]
    return lambda kind, tool: answers[kind, tool]


def _build_together(
    folder: Path, exports: Collection[tuple[str, str, ToolExport]]
) -> dict[tuple[str, str], dict[str, list[tuple[Any, ...]]]]:
    (folder / "inbox").mkdir()
    for number, (_, tool, export) in enumerate(exports):
        content = export.content().decode()
        for maker, own in zip(MAKERS, name_makers(tool), strict=True):
            content = content.replace(maker, own)
        (folder / "inbox" / f"{number}.csv").write_text(content, encoding="utf-8", newline="")
    with (
        build(CampaignFolder(folder), folder / "published") as built,
        duckdb.connect(str(built.snapshot), read_only=True) as connection,
    ):
        know_names(connection, built.contacts)
        return {
            (kind, tool): {
                key: connection.execute(sql, {"file": f"{number}.csv"}).fetchall() for key, sql in QUERIES.items()
            }
            for number, (kind, tool, _) in enumerate(exports)
        }


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
