"""People planted in every place of a campaign's files: nothing public holds them.

Full names stand in columns whose headers speak of people in three languages, in such headers themselves, in authors,
properties, hidden sheets, the names of files and sheets, and as stakeholders that are persons; e-mail addresses and
phone numbers in every text as well, since no promise covers names in free texts. The data of staff (the private store,
the inbox, the terminal) are not public; contacts are not in the terminal either.
"""

import gc
import io
import json
import logging
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import duckdb
import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from typer.testing import CliRunner

from dashboard import server
from dashboard.__main__ import app as dashboard_app
from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.links import BY_STAFF, ReportLinks, find_today
from dashboard.campaign.reporting.promises import PromiseLinks
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind
from dashboard.charts.catalogue import CATALOGUE
from dashboard.files.briefings.order import BRIEFING_FORMATS, BriefingRequest, submit_briefing
from dashboard.files.extracts.choice import list_files
from dashboard.ground.page_addresses import choose, find_page, write
from dashboard.mail.subscribers import Desk, Wish
from dashboard.measures import stakeholders
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from dashboard.ui import navigation
from dashboard.ui.frame.header import PAGES, STAFF_PAGES
from dashboard.web import first_page, offers
from dashboard.web.assistants.assistant_tools import TOOLS
from dashboard.web.charts.requests import FORMATS
from dashboard.web.first_page import FirstPage
from dashboard.web.odata.entity_sets import SETS
from dashboard.web.static import scripts
from etl.inputs.uses_file import keep_answers
from etl.recipes.settled_plan import QUESTION
from tests.app.conftest import SCRIPT
from tests.assistants import Call, call_all
from tests.charts_over_http import ask
from tests.etl.campaigns import RECIPES, count_from_submission, make_campaign, publish_campaign
from tests.etl.files import write_zip
from tests.etl.forget.test_forget import all_bytes
from tests.etl.program import run_etl
from tests.etl.registers import texts
from tests.papers import Paper
from tests.shipped import LANGUAGES
from tests.snapshots import open_promises

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
CONTACTS = ("planted.person", "711 000 222", "711000222")
PLANTED = ("exemplar", *CONTACTS)
NAMED_HEADERS = (
    f"Reported by {NAMES[0]} {PHONE}", f"Notes ({MAIL})", f"What {NAMES[1]} says", f"Vu par {NAMES[2]}, {PHONE}",
    f"Notas de {NAMES[0]}",
)  # fmt: skip
FIELDS = ("Ref", "Maker", "Promise", "How", "Category", "Themes", "Where", "Status", "Kind of maker", "E-mail")
PUBLIC_QUESTION, OPEN_QUESTION = f"Did it help? {BOTH}", f"Does {NAMES[2]} help? {BOTH}"
PUBLIC_HEADER = "Did it help? ask […] or […]"
"""The build's name for the question that is made public."""
HOST = "127.0.0.1:8501"
FILE, ARCHIVE = f"{NAMES[0]} {MAIL}.xlsx", f"sent by {MAIL}.zip"


def plant(hidden_sheet: str = MAIL) -> bytes:
    """Return a register with people in every place of a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = NAMES[0]
    sheet.append([*FIELDS, *HEADERS, *NAMED_HEADERS, f"Ask {MAIL}"])
    people = [NAMES[0]] * (len(NAMED_HEADERS) + 1)
    for i in range(1, 13):
        ref = MAIL if i == 7 else PHONE if i == 8 else str(i)
        category = BOTH if i % 2 else "Research"  # where most were not understood, staff would be asked
        told = [f"Fictional Union {i} {BOTH}", f"Promise {i}, {BOTH}", f"Story {i}. {BOTH}"]
        texts_of_row = [*told, category, "", "Kenya"]
        sheet.append([ref, *texts_of_row, "Completed", None, MAIL, *(NAMES[i % 3] for _ in HEADERS), *people])
    for i, name in enumerate((*NAMES, NAMES[0])):  # persons themselves, without ids, one of them twice
        texts_of_row = [name, f"A promise by {name}", f"I, {name}", "", "", "Kenya" if i else ""]
        sheet.append([None, *texts_of_row, "Completed", "Individual", MAIL, *(name for _ in HEADERS), *people])
    sheet.append([None, None, None, BOTH, *[None] * 6, *(NAMES[0] for _ in HEADERS)])  # rejected
    sheet["C2"].comment = Comment(f"By {NAMES[1]}", f"{NAMES[0]} <{MAIL}>")
    sheet["D3"].hyperlink = f"mailto:{MAIL}"
    sheet.row_dimensions[4].hidden = sheet.column_dimensions["D"].hidden = True
    other = book.create_sheet(hidden_sheet)
    other.append([NAMES[2], MAIL])
    other.sheet_state = "hidden"
    book.properties.creator, book.properties.lastModifiedBy, book.properties.title = NAMES[0], MAIL, BOTH
    book.custom_doc_props.append(StringProperty(name="Owner", value=MAIL))
    book.defined_names["who"] = DefinedName("who", attr_text=f'"{MAIL}"')
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> CampaignFolder:
    """Return the campaign, published."""
    folder = make_campaign(tmp_path_factory.mktemp("planted") / "c", {FILE: plant()}, RECIPES)
    plant_survey(folder, ARCHIVE, f"{NAMES[1]}.csv")
    open_promises(folder.root)
    keep_answers(
        count_from_submission(folder), [Answer(0, "column", "office_reports", "", "", PUBLIC_HEADER, QUESTION)]
    )
    publish_campaign(folder)
    return folder


def plant_survey(folder: CampaignFolder, archive: str, member: str) -> None:
    """Put a survey into the inbox, packed, with people in its headers, answers, texts and in a note beside it."""
    lines = [f"r{i},{i},,2021-07-0{i},Completed,{BOTH},{'yes' if i % 2 else 'no'},yes" for i in range(1, 7)]
    lines += [f"r9,{MAIL},,2021-07-09,{BOTH},{BOTH},no,yes", f",,{NAMES[0]},2021-07-09,Completed,By {NAMES[0]},no,yes"]
    header = f'Report,Ref,Maker,Sent,State,Story,"{PUBLIC_QUESTION}","{OPEN_QUESTION}"'
    members = {member: "\n".join([header, *lines]), "README.txt": f"Questions to {NAMES[2]}, {MAIL}"}
    write_zip(folder.inbox / archive, members)


@pytest.fixture
def snapshot(folder, monkeypatch) -> Snapshot:
    """Return the published snapshot, as the server of this process sees it."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder.root))
    return current(Settings.from_environment())


def find(content: bytes | str, planted: Iterable[str] = PLANTED) -> list[str]:
    """Find the planted texts in it."""
    words = content.lower() if isinstance(content, str) else content.decode("utf-8", "replace").lower()
    return [one for one in planted if one in words]


def unpack(name: str, content: bytes) -> Iterator[tuple[str, bytes | str]]:
    """Yield all that stands in a file: its members where it is packed, the rows of Parquet, the texts of a picture."""
    for member, inside in all_bytes(name, content):
        yield member, inside
        if inside[:4] == b"PAR1":
            yield member, str(pq.read_table(io.BytesIO(inside)).to_pylist())
        if inside[:4] == b"%PDF":
            paper = Paper(io.BytesIO(inside))
            yield member, f"{paper.tree.text} {paper.pdf.docinfo} {paper.bookmarks}"
        if inside[:4] == b"\x89PNG":
            with Image.open(io.BytesIO(inside)) as picture:
                picture.load()  # also the data behind the pixels
                yield member, str(picture.info)


def leaks(name: str, content: bytes) -> list[str]:
    """List the places of planted texts in a file."""
    return [member for member, inside in unpack(name, content) if find(inside)]


def fetch(paths: Iterable[str], **headers: str) -> Iterator[tuple[str, httpx.Response]]:
    """Fetch the server's answer for each of the paths, including its pages before Streamlit draws them."""
    app = Starlette(routes=server.routes(), middleware=[Middleware(FirstPage, pages=navigation.list_pages())])
    for path in paths:
        yield path, ask(app, path, host=HOST, **headers)


def list_addresses(tokens: Iterable[str]) -> Iterator[str]:
    """Yield every address that the routes declare; the values for a route's path stand here, or the test fails."""
    charts = [*CATALOGUE, *(f"{chart}.{kind}" for chart in CATALOGUE for kind in FORMATS if kind != "interactive")]
    taken = {
        "/charts/{name}": charts,
        "/charts/{chart_id}/interactive": list(CATALOGUE),
        "/charts/assets/{name}": list(scripts().files),
        "/extracts/{file}": list_files(),
        "/odata{name:path}": ["/", "/$metadata", *(f"/{name}" for name in SETS)],
        "/files/{token}": list(tokens),
        "/evidence/{file}": [],  # nobody has handed in any
        "/sitemap/{number}.xml": ["1.xml"],
        "/sign-in/{provider}": [],  # there is no provider here
        "/sign-in/{provider}/callback": [],
    }
    asked = {"/oembed": [f"?url=http://{HOST}/charts/{chart}" for chart in CATALOGUE], **list_own_links()}
    for route in server.routes():
        assert isinstance(route, Route)
        values = taken[route.path] if "{" in route.path else [None]
        for value in values:
            path = route.path if value is None else f"{route.path.partition('{')[0]}{value}"
            path += "/interactive" if route.path.endswith("}/interactive") else ""
            yield from (f"{path}{query}" for query in asked.get(route.path, [""]))


def one_of_each_kind(addresses: Iterable[str]) -> Iterator[str]:
    """Yield the first address of each route and ending."""
    seen = set()
    for address in addresses:
        place, _, name = address.partition("?")[0].rpartition("/")
        kind = (place, name.partition(".")[2] if "." in name else "charts" in place or name)
        if kind not in seen:
            seen.add(kind)
            yield address


def list_own_links() -> dict[str, list[str]]:
    """List links of others than the planted people: a subscriber's, one to report on all actions, a new action's."""
    desk = Desk(Settings.from_environment(), None)
    desk.put_subscribers([("sample.reader@example.org", Wish("en"))])
    asker = desk.find(address="sample.reader@example.org")
    uses = {"confirm": "confirm", "preferences": "preferences", "export": "preferences", "unsubscribe": "unsubscribe"}
    links = {name: desk.make_link(use, asker.subscriber_id, "en") for name, use in uses.items()}
    own_links = {f"/newsletter/{name}": [f"?{link.partition('?')[2]}"] for name, link in links.items()}
    settings = Settings.from_environment()
    action_ids = current(settings).ask("select action_id from actions")["action_id"].tolist()
    report_links = ReportLinks(settings.campaign / "private")
    report_link = report_links.make(BY_STAFF, action_ids, find_today() + timedelta(days=1))
    address = report_links.write_address("", report_link, "en")
    values = {"received_at": datetime.now(UTC), "lang": "en", "promise": {"title": "An invented action"}}
    promise = Report(report_no="R-22222-22222", kind=ReportKind.PROMISE, **values)
    ReportBox(settings.campaign / "private").put(promise)
    promised = PromiseLinks(settings.campaign / "private").write_address("", promise.report_no, "en")
    held = {path: address for path in ("/report/form", "/report/held", "/report/held.xlsx")}
    reported = {**held, "/promise/confirm": promised}
    own_links["/mcp"] = []  # it answers messages: `call_all`
    own_links["/report/personal"] = []  # it shows a person their own data: `test_held_pages`
    return {**own_links, **{path: [f"?{link.partition('?')[2]}"] for path, link in reported.items()}}


def test_nothing_that_is_published_holds_a_planted_person(folder, snapshot):
    assert len(HEADERS) == 35
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        found = [(table, column, text) for table, column, text in texts(connection) if find(text)]
        joined = connection.execute("select count(*) from progress_reports where action_no is not null").fetchone()
        questions = connection.execute("select texts['en'] from survey_questions").fetchall()
        unsaid = connection.execute("select count(*) from input_columns where use = 'open'").fetchone()
    assert found == []
    assert joined[0] > 20  # those of the register, and of the survey, one by an id that is an address
    assert questions == [(PUBLIC_HEADER,)]
    assert unsaid[0] >= 20
    assert [path.name for path in folder.published.rglob("*") if path.is_file() and find(path.read_bytes())] == []
    assert len(snapshot.person_names) == len(NAMES)


def read_page(page_id: str, **query: str) -> tuple[AppTest, bytes]:
    """Read a page as a stranger opens it, and all that it sends to the browser."""
    app = AppTest.from_file(SCRIPT, default_timeout=120)
    for name, value in choose(page_id, query.items()):
        app.query_params[name] = value
    if page_id != PAGES[0].page_id:
        app._page_hash = calc_hash(find_page(page_id))  # as a link opens it
    app.run()
    assert not app.exception
    protos = [getattr(node, "proto", None) for node in app._tree]
    return app, b"\n".join(proto.SerializeToString() for proto in protos if proto is not None)


some_or_all = pytest.mark.parametrize("nth", [5, pytest.param(1, marks=pytest.mark.nightly)], ids=["some", "all"])


@some_or_all
def test_no_page_and_no_route_holds_a_planted_person(snapshot, caplog, monkeypatch, workers_here, nth):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("DASHBOARD_NEWSLETTER", "on")
    monkeypatch.setenv("DASHBOARD_SECURITY_CONTACT", "security@example.org")
    of_others = set(offers._offers)  # pages of other tests, not collected yet
    opened = []
    for spec in (*PAGES, *STAFF_PAGES)[::nth]:
        app, sent = read_page(spec.page_id, lang="fr")
        assert len(sent) > 1_000
        assert find(sent) == [], spec.page_id
        opened.append(app)  # the downloads of a page exist as long as the page does
    ids = snapshot.ask("select action_id from actions order by action_no")["action_id"].tolist()
    assert [action_id for action_id in ids[:: nth * 2 - 1] if find(read_page("actions", action=action_id)[1])] == []
    persons = "select stakeholder_id from stakeholders order by name not in (select name from person_names), name"
    makers = snapshot.ask(persons)["stakeholder_id"].tolist()
    pages = {maker: read_page("stakeholders", stakeholder=maker, lang="fr")[1] for maker in makers[:: nth * 2 - 1]}
    assert [maker for maker, sent in pages.items() if find(sent)] == []
    assert b"Particulier" in pages[makers[0]]
    assert stakeholders.count(snapshot, Selection(), NAMES[0]).stakeholders == 0  # a name finds nobody
    assert stakeholders.count(snapshot, Selection(), "particulier").stakeholders == len(NAMES)

    gc.collect()  # pages that are closed offer nothing from now on
    tokens = set(offers._offers) - of_others
    addresses = list(dict.fromkeys(list_addresses(tokens)))
    assert nth > 1 or any(address.startswith("/files/") for address in addresses)
    some = list(one_of_each_kind(addresses))
    for number, headers in enumerate(({}, {"accept": "text/html"})):
        for path, answer in fetch(addresses if nth == 1 else some[number::2], **headers):
            assert answer.status_code == 200, (path, answer.text[:300])
            assert leaks(path, answer.content) == []
    calls: list[Call] = [(name, {"lang": "fr"}) for name in TOOLS if name not in ("compare", "verify")]
    calls += [("measure", {"by": "country"}), ("compare", {"vs.region": "africa", "lang": "es"})]
    calls += [("list_actions", {"limit": 50, "q": word}) for word in ("promise", "story")]
    site = Starlette(routes=server.routes())
    for call, told in zip(calls, call_all(site, calls, path=f"http://{HOST}/mcp"), strict=True):
        assert find(json.dumps(told, ensure_ascii=False)) == [], call
    wrong = [f"{route.path.partition('{')[0]}nothing" for route in server.routes()]
    wrong += [f"/charts/{chart}?{name}=nothing" for chart in list(CATALOGUE)[:1] for name in Selection.__annotations__]
    for path, answer in fetch([*wrong, "/extracts/actions.csv?columns=nothing", "/extracts?q=exempla"]):
        assert leaks(path, answer.content) == []
    assert find(caplog.text) == []


@pytest.mark.nightly
def test_the_first_html_of_every_page_is_the_same_for_everybody(snapshot, monkeypatch):
    monkeypatch.setattr(first_page, "MOST_SECONDS", 60.0)  # however long a title takes that is made the first time
    makers = snapshot.ask("select stakeholder_id from stakeholders semi join person_names using (name)").iloc[:, 0]
    actions = snapshot.ask("select action_id from actions semi join person_names on stakeholder = name").iloc[:, 0]
    assert len(makers) == len(NAMES) <= len(actions)
    pages = [write("", spec.page_id) for spec in (*PAGES, *STAFF_PAGES)]
    pages += [write("", "stakeholders", [("stakeholder", str(maker)), ("lang", "fr")]) for maker in makers]
    pages += [write("", "actions", [("action", str(action)), ("lang", "fr")]) for action in actions]
    for page, answer in fetch(pages, accept="text/html"):
        assert answer.status_code == 200, page
        assert find(answer.text) == []
        assert ("stakeholder=" in page) == ("<title>Particulier" in answer.text)


@some_or_all
def test_no_copy_that_is_handed_out_holds_a_planted_person(folder, snapshot, tmp_path, workers_here, nth):
    """Static copies, single files of the command line, whole decks and documents of every chart."""
    made, every = tmp_path / "made", nth == 1
    made.mkdir()
    of_charts = ("png", "html", "svg", "pptx", "pdf", "xlsx")
    commands = [
        ["chart", "completion-by-country", "--to", made / f"chart.{form}"] for form in of_charts[:: 3 - 2 * every]
    ]
    commands.append(["extract", "--to", made / "all.zip"])
    if every:  # a copy of every chart in every form and language
        commands.append(["publish-embeds", made])
    for command in commands:
        done = CliRunner().invoke(dashboard_app, [*map(str, command), "--campaign", str(folder.root)])
        assert done.exit_code == 0, done.output
        assert find(done.output) == []
    for lang in LANGUAGES[::nth]:
        for file_format in BRIEFING_FORMATS if every else ("zip",):  # which holds the others
            request = BriefingRequest(tuple(CATALOGUE)[:: 1 if every else 2 * nth], Selection(lang=lang))
            content = submit_briefing(snapshot, request, file_format).result().content
            (made / f"{lang}.{file_format}").write_bytes(content)
    files = [path for path in made.rglob("*") if path.is_file()]
    assert len(files) > (len(CATALOGUE) * len(LANGUAGES) * 5 if every else 3)
    assert [path.name for path in files if leaks(path.name, path.read_bytes())] == []


def test_no_contact_stands_in_the_terminal(folder, caplog, tmp_path):
    """Staff read it, and see there how files, sheets and columns are called; the contacts in them they do not need."""
    caplog.set_level(logging.DEBUG)
    named = make_campaign(tmp_path / "c", {"register.xlsx": plant(hidden_sheet="Old")}, RECIPES)
    plant_survey(named, "sent.zip", "survey.csv")
    shutil.copy(folder.columns_file, named.columns_file)  # the columns are the same
    count_from_submission(named)
    place, file = ("--campaign", named.root), named.inbox / "register.xlsx"
    commands = [
        ("build", *place), ("check", file, *place), ("recipe", file, *place), ("column", "--open", *place),
        ("column", file, *place), ("history", *place), ("spelling", *place),
        *(("row", "register.xlsx", number, "--sheet", NAMES[0], *place) for number in (2, 3, 8, 14, 18)),
        ("row", "sent.zip/survey.csv", 8, *place),
    ]  # fmt: skip
    for command in commands:
        done = run_etl(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        said = done.stdout + done.stderr
        assert find("".join(said.split()), [contact.replace(" ", "") for contact in CONTACTS]) == [], command
    assert find(caplog.text) == []
