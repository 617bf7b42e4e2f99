"""Columns of persons, by headers and cells in several languages: none becomes public by itself, none is in "all"."""

import re

import pytest

from dashboard.lists.quality.open_columns import Key, OpenColumn, list_at_once
from etl.texts.personal import may_name_person
from tests.etl.campaigns import ask, built, look_at, make_campaign
from tests.etl.files import write_workbook
from tests.etl.texts.test_contacts import PERSONS, STAY

NAMES = ("Amara Exemplar", "Benoît Exemplar", "EXEMPLAR, Carmen", "D. de la Exemplar")
HEADERS: dict[str, tuple[str, ...]] = dict.fromkeys(
    (
        "Responsable", "Participante", "Participant", "Enlace", "Enlace del proyecto", "Punto focal", "Contact person",
        "Nom du répondant", "Referente", "Référent", "Encargado/a", "Encargada", "Interlocutor", "Interlocuteur",
        "Signature", "Firma", "Signataire", "Nombre y apellidos", "Nom et prénom", "Focal point", "Respondent",
        "Répondante", "Encuestado", "Informante", "Submitted by", "Filled in by", "Rempli par", "Llenado por",
        "Completed by", "Reported by", "Prepared by", "Reviewed by", "Approved by", "Validé par", "Aprobado por",
        "Person in charge", "Persona a cargo", "Personne en charge", "Persona de contacto", "Supervisor", "Superviseur",
        "Project manager", "Chef de projet", "Jefa de proyecto", "Coordinator", "Coordonnateur", "Coordinador(a)",
        "Team leader", "Auteur", "Autor", "Owner", "Action lead", "Responsible", "Liaison officer", "Representative",
        "Représentant", "Representante legal", "Member", "Counterpart", "Porte-parole", "Volunteer", "Responsável",
        "Ponto focal", "Preenchido por", "Nome completo", "Beneficiary name", "Enquêteur", "Interviewer", "Who",
        "Facilitador", "Observateur", "Attendee", "Assigned to", "Dueño", "Madre", "Celular", "Móvil", "Enumerator",
        "Point person", "Personne ressource", "Persona encargada", "Jefe",
    ),
    NAMES,
)  # fmt: skip
HEADERS |= {
    "LinkedIn profile": ("in/amara-exemplar", "in/b-exemplar"), "WhatsApp": ("0700 exemplar", "0701 exemplar"),
    "Skype ID": ("live:amara.exemplar", "exemplar_b"), "Telegram": ("t.me/exemplar", "t.me/b_exemplar"),
    "Facebook": ("fb.com/amara.exemplar", "fb.com/b.exemplar"), "Twitter handle": ("@amara_exemplar", "@b_exemplar"),
    "Instagram": ("@amaraexemplar", "@bexemplar"), "Passport no.": ("EXEMPLAR12345", "EXEMPLAR67890"),
    "N° de passeport": ("EXEMPLAR2345", "EXEMPLAR7890"), "National ID": ("EXEMPLAR-1-85", "EXEMPLAR-2-90"),
    "Cédula": ("EXEMPLAR 1098", "EXEMPLAR 1099"), "IBAN": ("EX70EXEMPLAR01", "EX70EXEMPLAR02"),
    "Fecha de nacimiento": ("1985-03-12 exemplar", "1990-07-30 exemplar"), "Date of birth": ("12.03.1985", "3.7.1990"),
    "Date de naissance": ("12/03/1985", "30/07/1990"), "GPS": ("-1.29218 36.82194", "-1.30001 36.80001"),
    "Coordonnées GPS": ("14.69371 -17.44405", "14.70001 -17.45001"), "IP address": ("203.0.113.7", "203.0.113.9"),
    "Adresse IP": ("198.51.100.7", "198.51.100.9"), "Home address": ("7 Exemplar Road", "9 Exemplar Road"),
    "Domicilio": ("Calle Exemplar 7", "Calle Exemplar 9"), "Photo of the person": ("exemplar_a.jpg", "exemplar_b.jpg"),
}  # fmt: skip
"""Headers with repeated answers below them, as below closed questions."""
BY_CELLS = {"Question 7": NAMES, "Pregunta 8": ("Sra. Amara Exemplar", "Sr. Benoît Exemplar")}
"""Questions whose answers alone say that they are of persons."""
CLOSED = {"Did it help?": ("Yes", "No"), "How satisfied are you?": ("Very Satisfied", "Not Satisfied")}
OF_PARTIES = ("Autres parties prenantes responsables de la mise en œuvre", "Otras partes interesadas responsables")
UNTITLED = ("Référent", "Case_worker", "Prepared_for", "Rapporteuse", "Column_7")
SURVEY = ("Timestamp", "What is the status of your action?", "Title of your action")
WRITTEN = [*(text for text, _ in PERSONS), *STAY]
THINGS = {
    "Participante": ("Ministerio de Trabajo Ficticio", "Sindicato Ficticio"),
    "Enlace": ("https://example.org/1",),
}


def table(first, more, row, rows=12):
    """Return a CSV file: columns of every row's own, then others whose cells take turns."""
    lines = [(*first, *more)] + [(*row(i), *(cells[i % len(cells)] for cells in more.values())) for i in range(rows)]
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines) + "\n"


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    """Read a register without a column for makers, a survey, and a register of organisations and pages."""
    register = ("Action ID", "Title of action", "Country", "Status")
    exports = {
        "persons.csv": table(register, HEADERS, lambda i: (f"A{i}", f"Promise {i}", "Kenya", "Completed")),
        "survey.csv": table(
            SURVEY, {**HEADERS, **BY_CELLS, **CLOSED}, lambda i: (f"2021-07-{i + 1:02} 10:00:00", "Completed", f"P {i}")
        ),
        "texts.csv": table(
            (*register, "Description"),
            {},
            lambda i: (f"C{i}", f"Text {i}", "Kenya", "Completed", WRITTEN[i].replace('"', '""')),
            len(WRITTEN),
        ),
        "things.csv": table(register, THINGS, lambda i: (f"B{i}", f"Pledge {i}", "Kenya", "Completed")),
    }
    with built(make_campaign(tmp_path_factory.mktemp("persons") / "c", exports, {})) as connection:
        yield connection


def test_no_column_of_persons_is_public_by_itself(connection):
    assert len(HEADERS) > 80
    tables = [
        f"select t::varchar as words from {name} as t"  # noqa: S608
        for (name,) in ask(
            connection, "select table_name from duckdb_tables() where database_name = current_database()"
        )
    ]
    everything = "\n".join(words for (words,) in ask(connection, " union all ".join(tables))).lower()
    cells = {cell.lower() for cells in (*HEADERS.values(), *BY_CELLS.values()) for cell in cells}
    assert sorted(cell for cell in cells if cell in everything) == []
    assert "exemplar" not in everything
    uses = "select headed(header), use from input_columns where named(source_file) in ('persons.csv', 'survey.csv')"
    public = {header for header, use in ask(connection, uses) if use in ("field", "question")}
    assert public == {"Action ID", "Title of action", "Country", "Status", *SURVEY}


def test_what_is_of_persons_in_a_text_is_in_no_table_and_all_else_stays(connection):
    assert len(PERSONS) > 60
    left = dict(ask(connection, "select title, description from actions where named(source_file) = 'texts.csv'"))
    assert left == {f"Text {i}": dict(PERSONS).get(text, text) for i, text in enumerate(WRITTEN)}


def test_no_question_about_persons_is_published_with_all_others(connection):
    rows = ask(
        connection,
        "select headed(header), may_be_persons from input_columns where proposed is not null order by column_no",
    )
    columns = [
        OpenColumn(Key("r", (header,)), "progress_reports", header, "s", None, 12, None, None, "q", False, is_persons)
        for header, is_persons in rows
    ]
    at_once = list_at_once(columns)
    assert [headers[0] for _, headers in at_once["question"]] == list(CLOSED)
    assert {"Question 7", "Responsable"} < {headers[0] for _, headers in at_once["staff"]}
    assert not any(map(may_name_person, (*CLOSED, *OF_PARTIES))) and all(map(may_name_person, HEADERS))


def test_who_acts_is_asked_about_and_organisations_and_pages_under_the_same_headers_are_read(connection):
    asked = "select headed(header), looks_like from input_columns where is_asked and named(source_file) = 'persons.csv'"
    assert {look for _, look in ask(connection, asked)} == {"stakeholder"}
    assert ("Participante", "stakeholder") in ask(connection, asked)
    read = "select distinct stakeholder, url from actions where named(source_file) = 'things.csv' order by 1"
    assert ask(connection, read) == [(maker, *THINGS["Enlace"]) for maker in THINGS["Participante"]]


def test_no_recipe_is_proposed_that_publishes_persons(tmp_path):
    folder = make_campaign(tmp_path / "c", {}, {})
    cells = {"persons": NAMES, "things": ("Ministry of Samples", "Fictional Union", "Office of Examples")}
    headers = ("Responsable", "Participante", "Participant", "Responsible", "Member", "Auteur", "Enlace")
    sheets = {
        f"{what} {header}": [["Key", "Title of action", "State of play", header]]
        + [[f"k{i}", f"Promise about {i} things", "Completed", below[i % len(below)]] for i in range(12)]
        for what, below in cells.items()
        for header in headers[: 2 if what == "things" else None]
    }
    # Where no header is like a title or an id, a near or long enough one does not count if it is of persons.
    persons = [f"{NAMES[i % 4].removesuffix('plar')}{'abcdefghijkl'[i]} / Benoît Exemplar" for i in range(12)]
    for header in UNTITLED:
        rows = [[f"Fictional Union {i}", f"Promise {i}", "Completed", two] for i, two in enumerate(persons)]
        sheets[f"persons {header}"] = [["Einrichtung", "Vorhaben", "Stand", header.replace("_", " ")], *rows]
    write_workbook(tmp_path / "register.xlsx", sheets)
    for proposal in look_at(folder, tmp_path / "register.xlsx").recipes:
        what, header = (proposal.sheet or "").split()
        named = re.findall(rf'\[fields\.(\w+)\].*\nheaders = \["{header.replace("_", " ")}"', proposal.text)
        assert named == (["stakeholder"] if what == "things" else []), proposal.sheet
