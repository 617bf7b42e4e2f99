"""People planted in every place of a campaign's files: nothing public holds them, and `etl forget` leaves no byte.

Full names stand in columns whose headers speak of people in three languages, in authors, properties, hidden sheets and
the names of files and sheets; e-mail addresses and phone numbers in every text as well, since of free texts no names
are promised. What staff see (the private store, the inbox) is not public.
"""

import asyncio
import io

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from starlette.applications import Starlette
from typer.testing import CliRunner

from dashboard import server
from dashboard.__main__ import app as dashboard_app
from dashboard.web import extracts
from dashboard.web.charts import routes as charts
from etl.inputs.columns_file import columns_csv
from etl.recipes.settlements import Settlement
from tests.etl.build.test_free_text import texts
from tests.etl.campaigns import RECIPES, built, make_campaign, publish_campaign
from tests.etl.files import write_zip
from tests.etl.forget.test_forget import all_bytes, list_holders
from tests.etl.program import run_etl

HEADERS = (
    "Supervisor", "Reviewed by", "Person in charge", "Focal point", "Line manager", "Enumerator", "Interviewer",
    "Filled in by", "Approved by", "Signed", "Team leader", "Mentor", "Desk officer", "Author of this report",
    "Responsable", "Nom du référent", "Enquêteur", "Personne ressource", "Validé par", "Chef de projet",
    "Rédigé par", "Point focal", "Chargé de suivi", "Signataire", "Correspondant", "Agent de saisie",
    "Encargado", "Persona de contacto", "Revisado por", "Jefa de equipo", "Elaborado por", "Enlace",
    "Coordinadora", "Firmante", "Encuestadora",
)  # fmt: skip
NAMES = ("Amara Exemplar", "Benoît Exemplar", "Carmen Exemplar")
MAIL, PHONE = "planted.person@example.org", "+254 711 000 222"
BOTH = f"ask {MAIL} or {PHONE}"
PLANTED = ("exemplar", "planted.person", "711 000 222", "711000222")
PATHS = (
    "/charts", "/charts/completion-by-region", *(
        f"/charts/completion-by-region.{kind}" for kind in ("svg", "csv", "xlsx", "json", "metadata.json")
    ),
    "/charts/status-overview", "/extracts",
    "/extracts/datapackage.json", *(f"/extracts/actions.{kind}" for kind in ("csv", "json", "xlsx", "parquet")),
    "/extracts/reports.csv", "/extracts/milestones.csv", "/metrics",
)  # fmt: skip


def plant() -> bytes:
    """A register with people in every place of a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = NAMES[0]
    fields = ["Ref", "Maker", "Promise", "How", "Category", "Themes", "Where", "Status", "E-mail"]
    sheet.append([*fields, *HEADERS, f"Ask {MAIL}"])
    for i in range(1, 13):
        ref = MAIL if i == 7 else PHONE if i == 8 else str(i)
        texts_of_row = [f"Fictional Union {i} {BOTH}", f"Promise {i}, {BOTH}", f"Story {i}. {BOTH}", BOTH, "", "Kenya"]
        sheet.append([ref, *texts_of_row, "Completed", MAIL, *(NAMES[i % 3] for _ in HEADERS), NAMES[0]])
    sheet.append([None, None, None, BOTH, *[None] * 5, *(NAMES[0] for _ in HEADERS)])  # rejected
    sheet["C2"].comment = Comment(f"By {NAMES[1]}", f"{NAMES[0]} <{MAIL}>")
    sheet["D3"].hyperlink = f"mailto:{MAIL}"
    sheet.row_dimensions[4].hidden = sheet.column_dimensions["D"].hidden = True
    other = book.create_sheet(MAIL)
    other.append([NAMES[2], MAIL])
    other.sheet_state = "hidden"
    book.properties.creator, book.properties.lastModifiedBy, book.properties.title = NAMES[0], MAIL, BOTH
    book.custom_doc_props.append(StringProperty(name="Owner", value=MAIL))
    book.defined_names["who"] = DefinedName("who", attr_text=f'"{MAIL}"')
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The campaign, with the columns settled that publishing asks about."""
    root = tmp_path_factory.mktemp("planted") / "c"
    folder = make_campaign(root, {f"{NAMES[0]} {MAIL}.xlsx": plant()}, RECIPES)
    reports = "".join(f"r{i},{i},2021-07-0{i},Completed,{BOTH}\n" for i in range(1, 7))
    members = {f"{NAMES[1]}.csv": f"Report,Ref,Sent,State,Story\n{reports}r9,{MAIL},2021-07-09,{BOTH},{BOTH}\n"}
    write_zip(folder.inbox / f"sent by {MAIL}.zip", members | {"README.txt": f"Questions to {NAMES[2]}, {MAIL}"})
    with built(folder) as connection:
        asked = connection.execute("select distinct recipe, header from input_columns where is_asked").fetchall()
    for recipe, header in asked:
        columns_csv(folder.columns_file).say(Settlement(0, recipe, header, "nothing"))
    return folder


def find(content: bytes | str) -> list[str]:
    """What of the planted stands in it."""
    words = content.lower() if isinstance(content, str) else content.decode("utf-8", "replace").lower()
    return [planted for planted in PLANTED if planted in words]


def fetch(paths):
    async def ask():
        routes = Starlette(routes=[*server.routes(), *charts.routes(), *extracts.routes()])
        transport = httpx.ASGITransport(app=routes)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=300) as client:
            return [await client.get(path) for path in paths]

    return asyncio.run(ask())


def test_nothing_public_holds_a_planted_person_and_forgetting_leaves_no_byte(folder, monkeypatch, tmp_path):
    assert len(HEADERS) == 35
    pointer = publish_campaign(folder)
    snapshot = folder.published / pointer["snapshot"]
    with built(folder) as connection:
        leaks = [(table, column, text) for table, column, text in texts(connection) if find(text)]
        joined = connection.execute("select count(*) from progress_reports where action_no is not null").fetchone()
    assert leaks == []
    assert joined == (19,)  # 12 of the register, and 7 of the survey, one by an id that is an address
    assert [path.name for path in folder.published.glob("*.*") if find(path.read_bytes())] == []
    assert find(snapshot.read_bytes()) == []

    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder.root))
    for path, answer in zip(PATHS, fetch(PATHS), strict=True):
        assert answer.status_code == 200, (path, answer.text[:300])
        assert [name for name, content in all_bytes(path, answer.content) if find(content)] == [], path
        if path.endswith(".parquet"):
            assert find(str(pq.read_table(io.BytesIO(answer.content)).to_pylist())) == [], path

    for kind in ("pptx", "png"):
        target = tmp_path / f"chart.{kind}"
        options = ["completion-by-region", "--campaign", str(folder.root), "--to", str(target)]
        done = CliRunner().invoke(dashboard_app, ["chart", *options])
        assert done.exit_code == 0, done.output
        assert [name for name, content in all_bytes(target.name, target.read_bytes()) if find(content)] == []

    said = run_etl("forget", MAIL, "--campaign", folder.root)
    assert said.returncode == 0, said.stdout + said.stderr
    assert list_holders(folder.root, MAIL) == []
    assert [path for path in folder.root.rglob("*") if MAIL in str(path)] == []
    with built(folder) as connection:
        assert connection.execute("select count(*) from actions").fetchone() == (12,)
