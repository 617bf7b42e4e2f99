"""Every part of the program that writes into a campaign writes about a person; forgotten, they stand in no byte of it.

A walk finds all files. Files that are not the program's are cleaned as well, or named.
"""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime

import duckdb
import pytest

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import record
from dashboard.access.rights import Person, Role, SignInWay
from dashboard.access.roles_file import FORMER, NAME, Identity, find_roles
from dashboard.access.sessions import sessions_of
from dashboard.access.signed_links import find_today, open_links, write_maker
from dashboard.campaign import colleagues
from dashboard.campaign.colleagues import Colleague
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, ReportState, number_report
from dashboard.campaign.sources import Source
from dashboard.mail.asked import Addressee, LetterLedger, Plan
from dashboard.mail.message import Mail, make_mail
from dashboard.mail.outbox import Outbox
from dashboard.mail.sending import send
from dashboard.mail.subscribers import Desk, Wish
from dashboard.settings import Settings
from etl.forget.forget import forget
from etl.inputs.reports_file import ANNOTATIONS
from etl.sources.fetching import fetch
from etl.sources.network import Reach
from tests.dashboard.campaign.reporting.handed_in import make_packed
from tests.dashboard.campaign.reporting.sent import make_report
from tests.etl.campaigns import make_campaign
from tests.etl.changing import bring, preview
from tests.etl.files import write_workbook
from tests.etl.forget.test_forget import (
    ADDRESS,
    HEADERS,
    ROWS,
    forget_json,
    list_holders,
    make,
    text_table,
)
from tests.etl.program import run_on
from tests.etl.sources.far_sides import KoboToolbox, serving
from tests.signed_in import sign_in, write_roles

PHONE = "+41 22 000 00 00"
OTHER = "ben@example.org"
SETTINGS = "start = 2021-01-01\nsubmission_deadline = 2021-05-15\naction_deadline = 2021-12-30\nend = 2021-12-31\n"
SETTINGS += 'default_language = "en"\n[title]\nen = "Sample campaign"\n'
PARAGRAPH = f"Whoever has questions, however small and whatever they are about, asks Ann, {ADDRESS}, please."
ANN = Colleague("0123456789abcdef", "Ann Sample", ADDRESS, "upload")
ACTOR = Person(role=Role.STAFF, way=SignInWay.PROVIDER, key="oidc:ann", name="Ann Sample", address=ADDRESS)


def build_and_preview(folder):
    """Make builds, one of which replaces a file and changes settings, and previews that stay open."""
    run_on(folder, "build", "--profile")
    place = bring(folder, "1", {"people.csv": text_table().replace("First", "Again")}, {"campaign.toml": SETTINGS})
    preview(folder, place)
    run_on(folder, "publish-draft", place)
    colleagues.own_draft(bring(folder, "2", (), {"campaign.toml": SETTINGS + "\n"}), ANN)
    bring(folder, "3", {"people.csv": text_table()})  # it was stopped before it was built
    colleagues.note(folder.root, ANN)


def fetch_from_a_source(folder, monkeypatch):
    side = KoboToolbox(["_id", "_submission_time", *HEADERS], [["1", "2021-07-01T09:00:00", "7", *ROWS[0][1:]]])
    with serving(side) as address:
        monkeypatch.setenv("DASHBOARD_SOURCE_YEAR_TOKEN", side.token)
        monkeypatch.setenv("DASHBOARD_SOURCE_YEAR_HOST", address.removeprefix("http://"))
        stated = {"name": "year", "tool": "kobotoolbox", "address": side.address, "form": side.form, "publish": "draft"}
        fetch(folder, Source.model_validate(stated), lambda *_: None, reach=Reach("127.0.0.1"))


def write_mails_and_letters(folder, settings):
    """Write letters to the person and to another who reads about them, as files and as waiting mails."""
    desk, outbox = Desk(settings, None), Outbox(folder.private)
    desk.put_subscribers([(ADDRESS, Wish("en")), (OTHER, Wish("en"))])
    for batch in ("sent", "waiting"):
        for to in (ADDRESS, OTHER):
            mail = make_mail(Mail(to, f"Questions, {PARAGRAPH}", PARAGRAPH, reply_to=ADDRESS), "Us <us@example.org>")
            outbox.put("letters", batch, to, mail, f"{batch} {to}")
        if batch == "sent":
            send(outbox, settings)
    addressee = Addressee(ADDRESS, "en", ("OFF-1",), ("",), frozenset(["OFF-1"]))
    LetterLedger(folder.private, is_sample=False).note(
        [addressee], Plan(date(2021, 12, 1), 14, "", "mail", {"en": PARAGRAPH})
    )


def report_by_link(folder):
    """Send a report that names the person in every field and in a file, and accept another one with all of it."""
    box, moment = ReportBox(folder.private), datetime(2021, 7, 1, tzinfo=UTC)
    files = [keep(folder, words) for words in (f"Ask) -12 (: {ADDRESS[:6]}) 8.5 ({ADDRESS[6:]}", "Ask nobody")]
    usual = {"link": "l", "action_id": "1", "received_at": moment, "lang": "en", "narrative": PARAGRAPH, "files": files}
    for form in ("waits", "accepted"):
        number = number_report(form, "1", {})
        report = Report(report_no=number, correction=f"Not right:\n{ADDRESS}", may_publish=True, **usual)
        box.put(report)
    others = {
        ReportKind.STORY: {"title": PARAGRAPH, "narrative": PARAGRAPH},
        ReportKind.PROMISE: {
            "promise": {
                "title": "Promise",
                "stakeholder": "Sample",
                "contact_name": "Ann Sample",
                "contact_email": ADDRESS,
            }
        },
    }
    numbers = [number, *(number_report(kind, "", {}) for kind in others)]
    for kind, its_number in zip(others, numbers[1:], strict=True):
        box.put(Report(report_no=its_number, kind=kind, received_at=moment, lang="en", **others[kind]))
    box.put(make_report("1", 9, received_at=moment, kind=ReportKind.ERASURE, correction=ADDRESS))
    confirmed = [word for file in files for word in ("--publish-file", file.sha256)]
    run_on(folder, "reports", "--accept", *numbers, "--reply", number, *confirmed)
    run_on(folder, "build", "--quiet")


def keep(folder, words):
    """Keep a PDF with words on its page, packed as programs do, as if it had been handed in."""
    content = make_packed(words)
    assert ADDRESS.encode() not in content
    sha256 = hashlib.sha256(content).hexdigest()
    (folder.private / "evidence").mkdir(exist_ok=True)
    (folder.private / "evidence" / sha256).write_bytes(content)
    stated = {"name": f"{ADDRESS}.pdf", "description": f"By {ADDRESS}", "rights": f"Of {ADDRESS}"}
    return SentFile(sha256=sha256, media_type="application/pdf", size=len(content), **stated)


def sign_in_and_act(folder, settings):
    identity = Identity(
        provider="local", kind="oidc", subject="ann", name="Ann Sample", address=ADDRESS, is_verified=True
    )
    sessions_of(settings).begin(SignInWay.PROVIDER, identity)
    maker = write_maker(sessions_of(settings).list_all()[0])
    open_links(folder.private).make(ACTOR, f"For {ADDRESS}", "/show", f"q={ADDRESS}", find_today(), 9, maker)
    record(folder.root, ACTOR, Event.PUBLISHED, "b1", note=f"asked {ADDRESS}")
    for name in (NAME, FORMER):
        (folder.private / name).write_text(f'closed = false\n[[people]]\nrole = "staff"\naddress = "{ADDRESS}"\n')


def list_left(place, *words):
    """List the files that hold any of the words, wherever a mail breaks its lines."""
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    whole = {
        path.name: path.read_bytes().replace(b"=\r\n", b"") for path in files if path.suffix in (".eml", ".sqlite")
    }
    found = [name for name, content in whole.items() for word in words if word.encode() in content]
    return {*found, *list_holders(place, *words)}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = make(tmp_path / "in" / "c", {"people.csv": text_table()})
    (folder.root / "campaign.toml").write_text(f"{SETTINGS}# Ask {ADDRESS}\n")
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)})
    write_workbook(folder.inbox / "book.xlsx", {"People": [HEADERS, ["31", *ROWS[0][1:]]]})
    build_and_preview(folder)
    fetch_from_a_source(folder, monkeypatch)
    write_mails_and_letters(folder, settings)
    report_by_link(folder)
    sign_in_and_act(folder, settings)
    shutil.copytree(folder.root, folder.root.with_name("c.before-20211201T000000Z"))  # as restoring puts it aside
    return folder


def plant_unknown(place):
    """Write files that no part of the program writes."""
    with closing(sqlite3.connect(place / "unknown.db")) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute('create table "some notes" (who text primary key, "what else" blob)')
        connection.execute('insert into "some notes" values (?, ?)', (f"Ask {ADDRESS}", b"\0"))
        connection.commit()
    with duckdb.connect(place / "unknown.data") as connection:
        connection.execute("create table notes as select 'ask ' || $1 as who from range(3000)", [ADDRESS])
    (place / "unknown.json").write_text(json.dumps([f"Ask\n{ADDRESS}"]))
    write_workbook(place / "unknown.xlsx", {"People": [HEADERS, *ROWS]})
    with zipfile.ZipFile(place / "unknown.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", text_table())
    (place / "unknown.pdf").write_bytes(f"%PDF ({ADDRESS})".encode())


def test_a_person_is_forgotten_in_all_that_any_part_of_the_program_or_another_has_written(folder):
    outer = folder.root.parent
    private = {path.relative_to(folder.private).parts[0] for path in folder.private.rglob("*") if path.is_file()}
    assert len(private) > 15 and len(list(outer.glob("c.before-*/private/drafts/*"))) > 2, "the writers have written"
    (folder.private / "new" / "kind").mkdir(parents=True)
    for place in (folder.root, *map(folder.private.joinpath, ("audit", "contacts", "new/kind"))):
        plant_unknown(place)
    code, done = forget_json(folder)
    named = {outer / folder.root.name / name for name, _ in done["by_hand"]}
    named = {path if path.exists() else outer / path.relative_to(folder.root) for path in named}
    assert (code, {path.name for path in named}) == (1, {NAME, "unknown.data", "unknown.pdf"})
    files = [path for path in outer.rglob("*") if path.is_file() and path not in named]
    assert {path.relative_to(outer) for path in files if list_left(path, ADDRESS, "Ann Sample", PHONE)} == set()
    assert [path for path in outer.rglob("*") if ADDRESS in path.name] == []

    corrections = {report.correction for report in ReportBox(folder.private).list()}
    assert corrections == {"Not right:\n[…]", ""}
    (asked,) = [one for one in ReportBox(folder.private).list() if one.kind is ReportKind.ERASURE]
    assert asked.state is ReportState.SET_ASIDE, "the person's own request is done with it"
    assert "asks Ann, […], please." in (folder.inbox / "reports_by_link.csv").read_text(encoding="utf-8")
    reply, gone, stays, withdrawn = [cells for _, cells in ANNOTATIONS.open(folder).rows()]
    assert (reply["words"], stays["rights"], withdrawn["annotation_no"]) == (
        "Not right:\n[…]",
        "Of […]",
        gone["annotation_no"],
    )
    left = [path.name for path in folder.root.rglob("*") if path.stem in (gone["file"][:64], stays["file"][:64])]
    assert sorted(left) == [stays["file"][:64], stays["file"]]
    assert Outbox(folder.private).counts()["waiting"] == 1, "the letter to the other goes out"
    assert list_left(folder.private, OTHER) and list_left(folder.private, "Whoever has questions")
    with closing(sqlite3.connect(folder.root / "unknown.db")) as connection:
        assert connection.execute('select * from "some notes"').fetchall() == [("Ask […]", b"\0")]


GONE, STAYS = "staff@example.org", "reader@example.org"


def test_sessions_end_and_the_entry_that_gives_a_role_is_named(tmp_path):
    folder = make_campaign(tmp_path / "c", {})
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)})
    for role in (Role.STAFF, Role.STAFF, Role.READER):
        sign_in(settings, role)
    write_roles(folder.root)
    former = folder.private / FORMER
    former.write_text((folder.private / NAME).read_text())
    held = {f"private/{NAME}", f"private/{FORMER}", "private/sessions.sqlite: sessions"}
    for dry_run in (True, False):
        done = forget(folder, GONE, dry_run=dry_run)
        assert {place.file for place in done.places} == held
        assert [name for name, _ in done.by_hand] == [f"private/{NAME}"]
        assert former.exists() == dry_run
    assert [session.identity.address for session in sessions_of(settings).list_all()] == [STAYS]
    assert len(find_roles(folder.root).roles.people) == 3, "nobody loses a role by it unseen"
    kept = b"".join(path.read_bytes() for path in folder.private.glob("sessions.sqlite*"))
    assert GONE.encode() not in kept and STAYS.encode() in kept
    assert {place.file for place in forget(folder, GONE).places} == {f"private/{NAME}"}
