"""The pages behind a stakeholder's link: what is sent is kept once or given back, and nobody learns of another."""

import gzip
import re
import secrets
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import duckdb
import httpx
import pytest
from lxml import html
from starlette.applications import Starlette

from dashboard.campaign.reporting.links import PREFIX, ReportLinks, find_today
from dashboard.campaign.reporting.reports import FOLDER, ReportBox, ReportState
from dashboard.ground.files import json_notes
from dashboard.i18n import translator
from dashboard.mail.outbox import Outbox
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.selection import Selection
from dashboard.web import report_form, report_pages, report_sending
from tests.charts_over_http import ask, ask_all, make_site
from tests.contacts import write_contacts
from tests.dashboard.mail.desks import make_desk, text_of, waiting
from tests.dashboard.web.link_forms import (
    FIRST,
    HOSTILE,
    SECOND,
    make_link,
    open_forms,
    path_of,
    read_fields,
    reports_in,
    send,
)

ADDRESS = "sample.person.001@example.org"
TYPED = {
    "status": "in_progress", "percent": "40,5 %", "completed_on": "2021-12-01", "narrative": "Réunion\r\ntenue.",
    "evidence": "https://example.org/a?b=c&d", "correction": "Le titre.",
}  # fmt: skip


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return open_forms(tmp_path, monkeypatch)


@pytest.fixture
def app(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    return make_site(campaign, monkeypatch)


def test_from_the_link_to_a_report_that_waits_and_back(app: Starlette, campaign: Path) -> None:
    path = path_of(campaign, link := make_link(campaign, FIRST))
    page = ask(app, path)
    assert (page.status_code, len(gzip.compress(page.content)) < 6_000) == (200, True)
    assert not (campaign / "private" / FOLDER).exists(), "opening a link changes nothing"
    drawn = html.fromstring(page.text)
    assert drawn.get("lang") == "fr" and not drawn.xpath("//link | //img | //iframe")
    assert drawn.xpath("//h2[@lang]/text()") == ["Global guidance on supply chains", "Global online course"]
    assert not drawn.xpath("//input[@checked]"), "nothing is chosen beforehand"
    assert {field.get("value") for field in drawn.xpath(f"//input[@name='{FIRST}/status']")} == {
        "", "not_started", "in_progress", "completed", "adapted", "discontinued",
    }  # fmt: skip
    receipt = send(app, path, page, FIX_030=TYPED)
    (report,) = reports_in(campaign)
    assert (receipt.status_code, report.report_no in receipt.text) == (200, True)
    assert report.report_no not in ask(app, path_of(campaign, make_link(campaign, FIRST))).text, "it is its link's"
    values = {name: getattr(report, name) for name in TYPED}
    assert values == {
        **TYPED, "percent": 40.5, "completed_on": date(2021, 12, 1), "narrative": "Réunion\ntenue.",
    }  # fmt: skip
    assert (report.link, report.action_id, report.wave, report.lang) == (link.handle, FIRST, "final", "fr")
    assert (report.state, report.build_id) == (ReportState.WAITING, "fixture")
    again = ask(app, path)
    assert report.report_no in again.text
    held = read_fields(again)
    assert {name: held[f"{FIRST}/{name}"] for name in TYPED} == {
        **TYPED, "percent": "40.5", "narrative": "Réunion\ntenue.",
    }  # fmt: skip
    assert f"{SECOND}/status" not in held and held[f"{SECOND}/narrative"] == ""
    assert translator("fr")("This is not right") in again.text
    ReportBox(campaign / "private").decide(report.report_no, ReportState.ACCEPTED, "staff")
    decided = ask(app, path)
    assert read_fields(decided)[f"{FIRST}/narrative"] == "" and report.report_no in decided.text


@pytest.mark.nightly
def test_what_is_sent_twice_is_kept_once_and_a_change_is_a_report_of_its_own(app: Starlette, campaign: Path) -> None:
    path = path_of(campaign, make_link(campaign, FIRST))
    page = ask(app, path)
    receipts = [send(app, path, page, FIX_030={"percent": percent}).text for percent in ("40", "40,0 %", "50", "40")]
    kept = reports_in(campaign)
    assert [report.percent for report in kept] == [40, 50, 40]
    for report, receipt in zip((kept[0], *kept), receipts, strict=True):
        assert report.report_no in receipt
    send(app, path, ask(app, path), FIX_031={"narrative": "Fait."})
    assert [report.action_id for report in reports_in(campaign)] == [FIRST] * 3 + [SECOND], "what waits is not new"
    (report,) = reports_in(campaign)[-1:]
    empty = {name: "" for name in TYPED}
    for answer in (
        send(app, path, page, FIX_031=empty),
        send(app, path, page, FIX_030={"percent": "60"}, FIX_031=empty),
    ):
        still = translator("fr")(report_sending.STILL_WAITS, number=report.report_no)
        assert still in html.fromstring(answer.text).text_content(), "an emptied answer takes nothing back"
    hint = translator("fr")("Do you know the day of completion? Then add it: it shows whether it was in time.")
    assert hint in html.fromstring(send(app, path, page, FIX_031={"status": "completed"}).text).text_content()
    contradictory = send(
        app, path, page, FIX_031={"status": "completed", "percent": "40", "completed_on": "2021-12-01"}
    )
    assert contradictory.status_code == 200 and hint not in html.fromstring(contradictory.text).text_content()


FAULTS = {
    "status": ("overdue", "unclassified", "done"),
    "percent": ("101", "-1", "nan", "1e1", "forty"),
    "completed_on": ("31.12.2021", "2021-02-30", "0021-06-30", (find_today() + timedelta(days=3)).isoformat()),
    "narrative": ("x" * 2001,),
    "evidence": ("example.org/a", "javascript:alert(1)", "ftp://example.org", "https://[", "https:// x.org", "http://"),
    "correction": ("é" * 2001,),
}


@pytest.mark.parametrize("field", FAULTS)
def test_a_refusal_gives_back_every_word_and_says_what_is_wrong_beside_it(app, campaign: Path, field: str) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    page = ask(app, path)
    for wrong in FAULTS[field]:
        refused = send(app, path, page, FIX_030=TYPED, FIX_031={**TYPED, field: wrong})
        assert (refused.status_code, refused.headers["cache-control"]) == (400, "private, no-store")
        drawn = html.fromstring(refused.text)
        assert drawn.findtext(".//title") == drawn.findtext(".//h1") == "1 answer needs a correction"
        held = read_fields(refused)
        for action_id, typed in ((FIRST, TYPED), (SECOND, {**TYPED, field: wrong})):
            typed = {name: value.replace("\r\n", "\n") for name, value in typed.items()}
            if (action_id, field) == (SECOND, "status"):
                typed = {name: value for name, value in typed.items() if name != field}
            assert {name: held[f"{action_id}/{name}"] for name in typed} == typed
        (mark,) = drawn.xpath("//*[@class='wrong']//a/@href")
        (fault,) = drawn.xpath("//p[@class='fault']")
        assert fault.get("id") == f"{mark[1:]}-fault" and fault.text
        assert drawn.xpath(f"//*[@id='{mark[1:]}']"), "the link leads to the field"
        assert [fault.get("id") in one.split() for one in drawn.xpath("//*/@aria-describedby")].count(True) == 1
    assert reports_in(campaign) == []


def test_forms_of_machines_of_too_many_and_empty_ones_come_back_filled(app, campaign: Path, monkeypatch) -> None:
    path = path_of(campaign, link := make_link(campaign, FIRST), "en")
    page = ask(app, path)
    typed = {f"{FIRST}/{name}": value for name, value in TYPED.items()}
    form = read_fields(page)["form"]

    def post(status: int, **more: str) -> None:
        answer = ask(app, path, "POST", content={**typed, **more})
        held = read_fields(answer)
        assert (answer.status_code, held.get("website", "")) == (status, "")
        assert {name: held[name] for name in typed} == {
            name: value.replace("\r\n", "\n") for name, value in typed.items()
        }
        assert (held["form"] == form) is (more.get("form") == form), "what comes back is the same form"

    other = ask(app, path_of(campaign, make_link(campaign, FIRST)))
    for more in ({}, {"form": "forged"}, {"form": f"{form}x"}, {"form": read_fields(other)["form"]}):
        post(400, **more)
    post(400, form=form, website="x")
    monkeypatch.setattr(report_sending, "LEAST_SECONDS", 60)
    post(400, form=form)
    monkeypatch.setattr(report_sending, "LEAST_SECONDS", 0)
    nothing = send(app, path, page, FIX_030={"narrative": " \r\n\t"})
    assert nothing.status_code == 400 and report_sending.NOTHING_TYPED in nothing.text

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(json_notes, "write_file", refuse)
        post(503, form=form)
    while report_pages.limit(report_pages.SENT_BY_LINK).allows(link.handle):
        pass
    post(429, form=form)
    while report_pages.limit(report_pages.SENT_BY_CLIENT).allows(""):
        pass
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    form = read_fields(ask(app, path))["form"]
    post(429, form=form)
    assert reports_in(campaign) == []


def test_what_was_typed_is_text_wherever_it_comes_back(app: Starlette, campaign: Path) -> None:
    path = path_of(campaign, make_link(campaign, "FIX-002", FIRST), "en")
    words = {"narrative": f"{HOSTILE}\0\x1b‮", "correction": HOSTILE}
    page = ask(app, path)
    pages = [
        page,
        send(app, path, page, FIX_002={**words, "percent": HOSTILE, "status": HOSTILE, "completed_on": HOSTILE}),
    ]
    pages += [send(app, path, page, FIX_002=words), ask(app, path)]
    ReportLinks(campaign / "private").end()
    pages.append(send(app, path, page, FIX_002=words))
    assert [one.status_code for one in pages] == [200, 400, 200, 200, 400]
    for one in pages:
        drawn = html.fromstring(one.text)
        assert [script.text for script in drawn.xpath("//script")] in ([], [report_sending.DRAFTS])
        assert not drawn.xpath("//img | //*[@onerror]")
        assert one is page or HOSTILE in drawn.text_content()
        assert "default-src 'none'" in one.headers["content-security-policy"]
        assert "\x1b" not in one.text and "\0" not in one.text
    (report,) = reports_in(campaign)
    assert (report.narrative, report.correction) == (f"{HOSTILE}‮", HOSTILE)


def test_forged_guessed_ended_and_cut_links_are_one_page(app: Starlette, campaign: Path) -> None:
    token = ReportLinks(campaign / "private").write_token(make_link(campaign, FIRST))
    ended = ReportLinks(campaign / "private").write_token(make_link(campaign, FIRST, days=-1))
    tokens = [f"{PREFIX}{secrets.token_hex(8)}.{secrets.token_urlsafe(32)}" for _ in range(50)]
    tokens += ["", token[:-1], f"{token}x", ended, "é", "\0", "x" * 5000]
    paths = [f"/report/form?{urlencode({'t': one, 'lang': 'fr'})}" for one in tokens]
    answers = [*ask_all(app, paths), *ask_all(app, paths[-20:], "POST", content={"form": "x"})]
    assert {(answer.status_code, answer.content) for answer in answers} == {(400, answers[0].content)}
    (form,) = html.fromstring(answers[0].text).xpath("//form")
    assert (form.get("action"), "address" in form.fields) == ("lost?lang=fr", True)
    typed = ask(app, paths[-1], "POST", content={"A/narrative": "Écrit avant.", "B/correction": "Faux.", "form": "x"})
    assert typed.status_code == 400 and "Écrit avant." in typed.text and "Faux." in typed.text


def test_a_campaign_that_takes_no_reports_and_a_server_that_only_reads_say_so(app, campaign: Path, monkeypatch) -> None:
    path = path_of(campaign, make_link(campaign, FIRST))
    (campaign / "campaign.toml").unlink()
    closed = [ask(app, path), ask(app, "/report/lost?lang=fr"), send(app, path, FIX_030={"narrative": "Écrit."})]
    assert [answer.status_code for answer in closed] == [404] * 3
    assert "Écrit." in closed[2].text
    monkeypatch.setenv("DASHBOARD_STORE", "file:///nowhere")
    assert "chiffres" in ask(app, path).text
    (campaign / "published" / "copied.json").write_text('{"made_at": "https://made.example.org/d/"}')
    led = ask(app, path)
    assert (led.status_code, led.headers["location"]) == (303, f"https://made.example.org/d{path}")


def test_a_damaged_store_is_told_and_what_was_written_comes_back(app: Starlette, campaign: Path) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    for file in (campaign / "private").glob("report_links.sqlite*"):
        file.write_bytes(b"no database" * 1_000)
    answer = send(app, path, FIX_030={"narrative": "Written."})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "Written." in answer.text and str(campaign) not in answer.text


def test_a_page_has_twenty_actions_and_says_what_a_report_does(app, campaign: Path, monkeypatch) -> None:
    file = campaign / "published" / "snapshot-fixture.duckdb"
    with duckdb.connect(file) as connection:
        connection.execute("update actions set stakeholder_id = 'stakeholder_26'")
    snapshot = database.current(Settings.from_environment())
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    assert "With yours" not in ask(app, path).text, "the figures do not count what comes years after the campaign"
    monkeypatch.setattr(report_form, "find_today", lambda: date(2022, 12, 31))
    pages = [ask(app, f"{path}{query}") for query in ("", "&page=2", "&page=x", "&page=99999")]
    titles = [html.fromstring(page.text).xpath("count(//h2)") for page in pages]
    assert titles == [21, 21, 21, 21], "a story or an event stands below"
    assert "Actions 21 to 40 of 40" in pages[0].text and "Actions 1 to 20 of 40" in pages[1].text
    send(app, path, pages[1], **{read_first(pages[1]).replace("-", "_"): {"percent": "5"}})
    assert [report.action_id for report in reports_in(campaign)] == [read_first(pages[1])]
    assert read_first(send(app, f"{path}&page=2", **{read_first(pages[1]).replace("-", "_"): TYPED})) == read_first(
        pages[1]
    )
    effect = re.search(r"With yours, what is unknown of (.+?) falls from (\d+) to (\d+) actions?\.", pages[0].text)
    (region,) = [code for code, one in snapshot.codes["regions"].items() if one.labels["en"] == effect[1]]
    assert int(effect[2]) == headline(snapshot, Selection(regions=(region,))).unknown > int(effect[3])


def read_first(page: httpx.Response) -> str:
    """Read the id of a form's first action."""
    return next(name for name in read_fields(page) if "/" in name).partition("/")[0]


def test_whoever_lost_a_link_gets_a_mail_and_nobody_learns_who_is_on_file(app, campaign: Path, monkeypatch) -> None:
    monkeypatch.setenv("DASHBOARD_WORK_PER_MINUTE", "0")
    write_contacts(campaign, {FIRST: ADDRESS, "FIX-005": ADDRESS, "FIX-001": "b@example.org"})
    earlier = make_link(campaign, FIRST)
    page = ask(app, "/report/lost?lang=fr")
    assert page.status_code == 200 and "address" in html.fromstring(page.text).xpath("//form")[0].fields

    def ask_link(address: str, **more: str) -> httpx.Response:
        return ask(app, "/report/lost?lang=fr", "POST", content={"address": address, **more})

    answers = [ask_link("nobody@example.org"), ask_link(ADDRESS.upper()), ask_link(ADDRESS, website="x")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    (mail,) = waiting(make_desk(campaign))
    assert mail["To"] == ADDRESS
    address = urlsplit(re.search(r"https://\S+", text_of(mail))[0])
    link = ReportLinks(campaign / "private").open(dict(parse_qsl(address.query))["t"])
    assert (link.action_ids, link.wave, link.origin) == (("FIX-005", FIRST, SECOND), earlier.wave, "request")
    assert link.ends_on == find_today() + timedelta(days=90)
    assert ask(app, f"{address.path.removeprefix('/dashboard')}?{address.query}").status_code == 200
    for _ in range(3):
        ask_link(ADDRESS)
    assert len(waiting(make_desk(campaign))) == 3, "so many a day to one address"
    wrong = ask_link("no address")
    assert wrong.status_code == 400 and read_fields(wrong)["address"] == "no address"
    while report_pages.limit(report_pages.ASKED_BY_CLIENT).allows(""):
        pass
    assert ask_link("c@example.org").status_code == 429


def test_a_mail_that_cannot_be_made_is_logged_without_the_address(app, campaign: Path, monkeypatch, caplog) -> None:
    write_contacts(campaign, {FIRST: ADDRESS})

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(ADDRESS)

    monkeypatch.setattr(Outbox, "put", fail)
    assert ask(app, "/report/lost", "POST", content={"address": ADDRESS}).status_code == 200
    assert "A lost link could not be sent: RuntimeError" in caplog.text and ADDRESS not in caplog.text


def test_more_than_a_form_can_hold_is_refused_and_all_that_it_can_hold_is_taken(app, campaign: Path) -> None:
    path = path_of(campaign, make_link(campaign, FIRST))
    page = ask(app, path)
    full = {"narrative": "字" * 2000, "correction": "字" * 2000}
    assert send(app, path, page, FIX_030=full, FIX_031=full).status_code == 200
    assert len(reports_in(campaign)) == 2
    long = [send(app, path, page, FIX_030={"narrative": "x" * size}) for size in (900_000, 1_000_000, 2_000_000)]
    assert [answer.status_code for answer in long] == [400, 413, 413]
    assert ask(app, "/report/lost", "POST", content={"address": "x" * 70_000}).status_code == 413


def test_nothing_is_kept_and_no_token_goes_to_other_sites(app: Starlette, campaign: Path) -> None:
    for path in (path_of(campaign, make_link(campaign, FIRST)), "/report/form?t=forged", "/report/lost"):
        answer = ask(app, path)
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "private, no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "etag" not in answer.headers


def test_in_a_closed_campaign_a_link_opens_its_actions_and_nothing_else_is_told(app: Starlette, campaign: Path) -> None:
    title = database.current(Settings.from_environment()).campaign["title_en"]
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    assert title in ask(app, "/report/lost?lang=en").text
    (campaign / "private" / "roles.toml").write_text("closed = true\n")
    page = ask(app, path)
    assert page.status_code == 200 and "Global online course" in page.text
    assert send(app, path, page, FIX_030={"percent": "5"}).status_code == 200
    for closed in (ask(app, "/report/lost?lang=en"), ask(app, "/report/form?t=forged&lang=en")):
        assert title not in closed.text and "address" in html.fromstring(closed.text).xpath("//form")[0].fields
