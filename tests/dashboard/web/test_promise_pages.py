"""The pages of new actions: staff read what an address has confirmed; what is refused comes back as it was typed."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from lxml import html
from starlette.applications import Starlette

from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.links import find_today
from dashboard.campaign.reporting.promises import PREFIX, PromiseDays, PromiseLinks
from dashboard.campaign.reporting.published_files import find_published_file, name_file
from dashboard.campaign.reporting.reports import FOLDER, Report, ReportBox, ReportKind, ReportState
from dashboard.campaign.reporting.withdrawal import make_public_copy
from dashboard.ground.budgets import Bucket
from dashboard.ground.files import json_notes
from dashboard.i18n import translator
from dashboard.mail import promise_link
from dashboard.mail.reports_mail import send_question
from dashboard.settings import Settings
from dashboard.web import promise_pages
from dashboard.web.promise_form import SECTIONS
from tests.cases import some
from tests.charts_over_http import BASE, ask, ask_all, make_site
from tests.dashboard.campaign.reporting.handed_in import make_document, make_picture
from tests.dashboard.mail.desks import html_of, make_desk, text_of, waiting
from tests.dashboard.web.link_forms import HOSTILE
from tests.snapshots import open_promises, publish_fixture

PROMISE: dict[str, Any] = {
    "title": "Des inspecteurs pour Kisumu", "description": "Former trente\ninspecteurs.", "category": "research",
    "themes": ["mining", "education"], "due_on": "2021-12-01", "address": "https://example.org/a?b=c&d",
    "stakeholder": "Syndicat fictif", "stakeholder_group": "workers_organisation", "partners": "Un ministère",
    "regions": ["africa"], "countries": ["KEN", "UGA"], "contact_name": "Awa Exemple",
    "contact_email": "awa@example.org",
}  # fmt: skip
FORM = "/promise?lang=fr"

Typed = Mapping[str, str | Sequence[str]]


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    publish_fixture(tmp_path)
    monkeypatch.setattr(promise_pages, "LEAST_SECONDS", 0)
    monkeypatch.setattr(promise_pages, "sent_forms", cache(lambda: Bucket(1 / 3600, 30, clock=lambda: 0.0)))
    monkeypatch.setattr(promise_link, "send_confirmations", lambda _settings: None)
    monkeypatch.setenv("DASHBOARD_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("DASHBOARD_SMTP_FROM", "actions@example.org")
    return open_promises(tmp_path)


@pytest.fixture
def app(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    return make_site(campaign, monkeypatch)


def read_form(page: httpx.Response) -> dict[str, str | list[str]]:
    """Read what the fields of a page's form hold."""
    held: dict[str, str | list[str]] = {"themes": [], "regions": [], "countries": []}
    for element in html.fromstring(page.text).xpath("(//form)[1]//*[self::input or self::textarea]"):
        value = (element.text or "").removeprefix("\n") if element.tag == "textarea" else element.get("value", "")
        if isinstance(several := held.get(element.name), list):
            several += [value] if element.checked else []
        elif element.get("type") not in ("radio", "checkbox") or element.checked:
            held[element.name] = value
    return held


def send(app: Starlette, typed: Typed = PROMISE, path: str = FORM, page: httpx.Response | None = None, **more: str):
    """Send a new action by the form of a page, by default a new one."""
    hidden = read_form(ask(app, path) if page is None else page)
    return ask(app, path, "POST", content={**{name: hidden[name] for name in ("form", "website")}, **typed, **more})


def promises_in(campaign: Path) -> list[Report]:
    return ReportBox(campaign / "private").list()


def path_of(campaign: Path, report: Report) -> str:
    return PromiseLinks(campaign / "private").write_address("", report.report_no, "fr")


def words_of(page: httpx.Response) -> str:
    return html.fromstring(page.text).text_content()


def refuse_to_write(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_the_form_asks_by_the_campaigns_lists_and_chooses_nothing(app: Starlette, campaign: Path) -> None:
    page = ask(app, FORM)
    drawn = html.fromstring(page.text)
    assert (page.status_code, drawn.get("lang")) == (200, "fr")
    assert not drawn.xpath("//script | //link | //img | //iframe | //*[@checked] | //*[@selected] | //details[@open]")
    folder = CampaignFolder(campaign)
    for name, listed in {
        "category": "categories", "themes": "themes", "stakeholder_group": "stakeholder_groups", "regions": "regions",
        "countries": "countries",
    }.items():  # fmt: skip
        codes = {code.code for code in load_codelist(folder, listed)} - {"unclassified"}
        assert sorted(drawn.xpath(f"//input[@name='{name}']/@value")) == sorted(codes)
    folds = {one.findtext("summary"): one.xpath(".//input/@value") for one in drawn.xpath("//details")}
    assert "KEN" in folds["Afrique"] and "PER" in folds["Amériques"]
    labels = [label.text_content().strip() for label in drawn.xpath("//details[1]//label")]
    assert labels.index("Égypte") < labels.index("Érythrée") < labels.index("Gabon"), "an accent changes no order"
    assert not (campaign / "private" / FOLDER).exists(), "opening a page changes nothing"


def test_from_the_form_by_a_mail_to_staff(app: Starlette, campaign: Path, monkeypatch) -> None:
    box = ReportBox(campaign / "private")
    page = ask(app, FORM)
    answers = [send(app, page=page) for _ in range(2)]
    (report,) = promises_in(campaign)
    assert [answer.status_code for answer in answers] == [200, 200], "a form that is sent twice is one promise"
    assert report.report_no in answers[0].text and PROMISE["title"] in words_of(answers[0])
    assert report.promise == PROMISE and set(PROMISE) == {name for names in SECTIONS.values() for name in names}
    assert (report.kind, report.lang, report.state) == (ReportKind.PROMISE, "fr", ReportState.UNCONFIRMED)
    assert (box.list(ReportState.WAITING), box.count_waiting()) == ([], 0), "staff do not see it"
    (mail,) = waiting(make_desk(campaign))
    text = text_of(mail)
    assert mail["To"] == PROMISE["contact_email"] and report.report_no in text
    for written in ("title", "description", "stakeholder", "contact_name"):
        assert PROMISE[written] not in str(mail), "whoever types an address sends it no words"
    address = urlsplit(re.search(rf"{BASE}\S+", text)[0])
    path = f"{address.path.removeprefix('/dashboard')}?{address.query}"

    with monkeypatch.context() as patch:
        patch.setattr(json_notes, "write_file", refuse_to_write)
        full = ask(app, path, "POST")
    assert (full.status_code, full.headers["retry-after"]) == (503, "30")
    asked = ask(app, path)
    assert asked.status_code == 200 and PROMISE["description"] in words_of(asked)
    assert box.list(ReportState.WAITING) == [], "a scanner that opens the link confirms nothing"
    confirmed = [ask(app, path, "POST") for _ in range(2)]
    assert {(answer.status_code, answer.content) for answer in confirmed} == {(200, ask(app, path).content)}
    assert [one.report_no for one in box.list(ReportState.WAITING)] == [report.report_no]
    send(app, page=page)
    assert len(waiting(make_desk(campaign))) == 1 == len(promises_in(campaign))
    box.decide(report.report_no, ReportState.ACCEPTED, "staff")
    accepted = words_of(ask(app, path))
    assert translator("fr")("Your action is accepted") in accepted and PROMISE["contact_name"] not in accepted


def test_without_mail_a_promise_waits_for_staff_at_once(app: Starlette, campaign: Path, monkeypatch) -> None:
    monkeypatch.delenv("DASHBOARD_SMTP_HOST")
    answer = send(app, {**PROMISE, "due_on": "", "partners": "", "address": "", "regions": []})
    (report,) = promises_in(campaign)
    assert translator("fr")(promise_pages.UNMAILED) in words_of(answer)
    assert (report.state, waiting(make_desk(campaign))) == (ReportState.WAITING, [])
    assert report.promise == {**PROMISE, "due_on": "", "partners": "", "address": "", "regions": []}


def test_the_answer_is_the_same_whatever_the_address_and_one_gets_few_mails(app: Starlette, campaign: Path) -> None:
    def take(address: str, title: str) -> str:
        answer = send(app, {**PROMISE, "contact_email": address, "title": title})
        (report,) = [one for one in promises_in(campaign) if one.promise["title"] == title]
        return answer.text.replace(report.report_no, "").replace(address, "").replace(title, "")

    addresses = ["Awa@example.org"] * (promise_link.MOST_MAILS + 1) + ["nobody@example.org"]
    answers = {take(address.lower(), f"Titre {number}") for number, address in enumerate(addresses)}
    assert len(answers) == 1
    assert [mail["To"] for mail in waiting(make_desk(campaign))] == [
        *["awa@example.org"] * promise_link.MOST_MAILS, "nobody@example.org",
    ]  # fmt: skip


FAULTS: Mapping[str, Sequence[str | list[str]]] = {
    "title": ("", " \r\n", "mot " * 21, "x" * 301),
    "description": ("", "mot " * 101, "x" * 2001),
    "category": ("", "unclassified", "nonsense"),
    "themes": ([], ["education", "nonsense"], ["unclassified"]),
    "due_on": ("31.12.2021", "2021-02-30", "2020-12-31", "2022-01-01"),
    "address": ("example.org/a", "javascript:alert(1)", "ftp://example.org", "https://["),
    "stakeholder": ("", "x" * 301),
    "stakeholder_group": ("", "unclassified"),
    "partners": ("x" * 2001,),
    "regions": (["nonsense"], ["unclassified"]),
    "countries": (["XXX"], ["ken"]),
    "contact_name": ("", "x" * 301),
    "contact_email": ("", "nobody", "a@b@example.org", "a b@example.org", "a@example.org\nBcc: b@example.org"),
}


@pytest.mark.parametrize("field", some(FAULTS, 5))
def test_a_refusal_gives_back_every_word_and_says_what_is_wrong_beside_it(app, campaign: Path, field: str) -> None:
    page = ask(app, FORM)
    assert set(FAULTS) == set(PROMISE)
    for wrong in FAULTS[field]:
        refused = send(app, {**PROMISE, field: wrong}, page=page)
        assert (refused.status_code, refused.headers["cache-control"]) == (400, "private, no-store")
        held, drawn = read_form(refused), html.fromstring(refused.text)
        for name, typed in PROMISE.items():
            assert name == field or held[name] == typed
        if isinstance(wrong, str) and field not in ("category", "stakeholder_group"):
            assert held[field] == "\n".join(line.strip() for line in wrong.strip().splitlines())
        (mark,) = drawn.xpath("//*[@class='wrong']//a/@href")
        (fault,) = drawn.xpath("//p[@class='fault']")
        assert fault.get("id") == f"{field}-fault" == f"{mark[1:]}-fault" and fault.text
        assert drawn.xpath(f"//*[@id='{field}']") and drawn.xpath(f"//*[contains(@aria-describedby, '{field}-fault')]")
    assert promises_in(campaign) == []


@pytest.mark.nightly
def test_what_a_good_action_would_say_too_is_advice_before_and_after_it_is_sent(app, campaign: Path) -> None:
    vague = {**PROMISE, "description": "Agir.", "title": "Inspection", "partners": "", "due_on": "", "contact_name": ""}
    advised = send(app, vague, action="advice")
    lacks = [item.text_content() for item in html.fromstring(advised.text).xpath("//section[1]//li")]
    fr = translator("fr")
    missing = {
        "Measurable": "No number or finish line is stated.",
        "Achievable": "No steps, partners, means or existing programme are named.",
        "Time-bound": "No day, month, quarter or year is stated.",
    }
    assert lacks == [fr("{name}: {value}", name=fr(name), value=fr(reason)) for name, reason in missing.items()]
    assert (advised.status_code, promises_in(campaign)) == (200, [])
    assert {name: held for name, held in read_form(advised).items() if name in vague} == vague
    counted = send(app, {**vague, "indicator_1": "laws_passed", "target_1": "2"}, action="advice")
    assert not any(lacks[0] in words for words in words_of(counted).splitlines()), "its numbers are measurable"
    sent = send(app, {**vague, "contact_name": "Awa"})
    (report,) = promises_in(campaign)
    confirming = ask(app, path_of(campaign, report))
    for page in (sent, confirming):
        assert all(words in words_of(page) for words in lacks), "as it is, it is taken"
    good = send(app, action="advice")
    assert fr("This action says what is done, how much, by what means and by when.") in words_of(good)


NUMBERS = {
    "indicator_1": "children_withdrawn", "baseline_1": "1 000", "target_1": "1 200,5", "target_on_1": "2021-11-30",
    "indicator_3": "money_spent", "unit_3": "eur_2021", "target_3": "١٢٣٤٥٦٧",
}  # fmt: skip
"""The last number is written in Arabic digits."""


def test_up_to_five_numbers_are_promised_and_come_back_for_a_change(app: Starlette, campaign: Path) -> None:
    page = ask(app, FORM)
    drawn = html.fromstring(page.text)
    assert len(drawn.xpath("//select[starts-with(@name, 'indicator_')]")) == 5
    assert drawn.xpath("//select[@name='indicator_1']/option[@selected]") == []
    assert drawn.xpath("count(//details[.//select[starts-with(@name, 'indicator_')]])") == 4
    for wrong, name in (
        ({"indicator_1": ""}, "indicator_1"),
        ({"indicator_1": "nonsense"}, "indicator_1"),
        ({"target_1": ""}, "target_1"),
        ({"target_1": "1.234"}, "target_1"),
        ({"target_1": "900"}, "target_1"),
        ({"indicator_1": "prevalence", "baseline_1": ""}, "baseline_1"),
        ({"indicator_3": "children_withdrawn", "unit_3": ""}, "indicator_3"),
    ):
        refused = send(app, {**PROMISE, **NUMBERS, **wrong}, page=page)
        assert refused.status_code == 400
        assert html.fromstring(refused.text).xpath("//p[@class='fault']/@id") == [f"{name}-fault"]
    assert promises_in(campaign) == []
    assert "1\u202f200,5" in words_of(send(app, {**PROMISE, **NUMBERS}, page=page))
    (report,) = promises_in(campaign)
    first, second = report.results
    assert (first.indicator, first.unit, first.baseline, first.target) == (
        "children_withdrawn", "children", 1000, 1200.5,
    )  # fmt: skip
    assert (str(first.target_on), second.unit, second.target, second.target_on) == (
        "2021-11-30", "eur_2021", 1234567, None,
    )  # fmt: skip
    change = f"/promise?{path_of(campaign, report).partition('?')[2]}"
    held = read_form(ask(app, change))
    assert [held[f"{name}_1"] for name in ("baseline", "target", "target_on")] == ["1000", "1200,5", "2021-11-30"]
    typed = {**PROMISE, "indicator_1": "laws_passed", "target_1": "2"}
    assert send(app, typed, change).status_code == 200
    assert [one.indicator for one in promises_in(campaign)[-1].results] == ["laws_passed"]


def test_an_action_is_somewhere(app: Starlette, campaign: Path) -> None:
    refused = send(app, {**PROMISE, "regions": [], "countries": []})
    assert translator("fr")("Choose at least one region or country.") in words_of(refused)
    assert send(app, {**PROMISE, "regions": []}).status_code == 200


def test_forms_of_machines_and_of_too_many_come_back_filled(app, campaign: Path, monkeypatch) -> None:
    page = ask(app, FORM)
    form = read_form(page)["form"]

    def post(status: int, **more: str) -> None:
        held = read_form(answer := send(app, page=page, **more))
        assert (answer.status_code, held["website"]) == (status, "")
        assert {name: held[name] for name in PROMISE} == PROMISE
        assert (held["form"] == form) is (more.get("form", form) == form), "what comes back is the same form"

    for forged in ("", "forged", f"{form}x"):
        post(400, form=forged)
    post(400, website="x")
    monkeypatch.setattr(promise_pages, "LEAST_SECONDS", 60)
    post(400)
    monkeypatch.setattr(promise_pages, "LEAST_SECONDS", 0)

    with monkeypatch.context() as patch:
        patch.setattr(json_notes, "write_file", refuse_to_write)
        post(503)
    with monkeypatch.context() as patch:
        patch.setattr(promise_pages, "MOST_UNCONFIRMED", 0)
        post(503)
    while promise_pages.sent_forms().allows(""):
        pass
    post(429)
    assert promises_in(campaign) == []


def test_what_was_typed_is_text_wherever_it_comes_back(app: Starlette, campaign: Path, monkeypatch) -> None:
    names = ("title", "description", "stakeholder", "partners", "contact_name")
    hostile = {**PROMISE, **dict.fromkeys(names, f"{HOSTILE}\0\x1b")}
    pages = [send(app, {**hostile, "category": HOSTILE, "due_on": HOSTILE, "address": HOSTILE}), send(app, hostile)]
    (report,) = promises_in(campaign)
    path = path_of(campaign, report)
    pages += [ask(app, path), ask(app, f"/promise?{path.partition('?')[2]}"), ask(app, path, "POST")]
    page = ask(app, FORM)
    open_promises(campaign, "last_day = 2021-05-15")
    pages.append(send(app, hostile, page=page))
    assert [one.status_code for one in pages] == [400, 200, 200, 200, 200, 404]
    for one in pages:
        drawn = html.fromstring(one.text)
        assert not drawn.xpath("//script | //img | //*[@onerror]") and HOSTILE in drawn.text_content()
        assert "default-src 'none'" in one.headers["content-security-policy"]
        assert "\x1b" not in one.text and "\0" not in one.text
    assert {report.promise[name] for name in names} == {HOSTILE}


def test_forged_guessed_and_cut_links_are_one_page(app: Starlette, campaign: Path) -> None:
    send(app)
    (report,) = promises_in(campaign)
    token = PromiseLinks(campaign / "private").write_token(report.report_no)
    gone = PromiseLinks(campaign / "private").write_token("R-22222-22222")
    tokens = [f"{PREFIX}{report.report_no}.{secrets.token_urlsafe(32)}" for _ in range(200)]
    tokens += ["", token[:-1], f"{token}x", token.removeprefix(PREFIX), gone, "é", "\0", "x" * 5000]
    paths = [f"/promise/confirm?{urlencode({'t': one, 'lang': 'fr'})}" for one in tokens]
    answers = [*ask_all(app, paths), *ask_all(app, paths[-20:], "POST")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(400, answers[0].content)}
    assert promises_in(campaign) == [report]


@pytest.mark.nightly
def test_the_link_changes_a_promise_until_staff_decide(app: Starlette, campaign: Path) -> None:
    send(app)
    (first,) = promises_in(campaign)
    path, box = path_of(campaign, first), ReportBox(campaign / "private")
    change = f"/promise?{path.partition('?')[2]}"
    ask(app, path, "POST")
    page = ask(app, change)
    assert {name: read_form(page)[name] for name in PROMISE} == PROMISE
    assert first.link == first.report_no
    send(app, path=change)
    assert len(promises_in(campaign)) == 1, "what says the same is the same"
    open_promises(campaign, "last_day = 2021-05-15")
    assert send(app, {**PROMISE, "title": "Nouveau titre"}, change).status_code == 200, "also after the last day"
    (second,) = [one for one in promises_in(campaign) if one.replaces]
    assert (second.replaces, second.state) == (first.report_no, ReportState.WAITING)
    assert "Nouveau titre" in ask(app, path).text, "the first link opens the latest"
    send(app, {**PROMISE, "title": "Nouveau titre", "contact_email": "other@example.org"}, change)
    (third,) = [one for one in promises_in(campaign) if one.replaces == second.report_no]
    assert third.state is ReportState.UNCONFIRMED, "another address is confirmed first"
    assert "other@example.org" not in ask(app, path).text
    assert len(waiting(make_desk(campaign))) == 2
    box.decide(second.report_no, ReportState.SET_ASIDE, "staff", "Twice")
    assert [ask(app, change).status_code, send(app, PROMISE, change, page).status_code] == [404, 404]
    assert translator("fr")("The secretariat has not taken your action") in words_of(ask(app, path))


def hand_in(app: Starlette, path: str, *files: tuple[str, bytes], **typed: str) -> httpx.Response:
    """Send files behind a link, as browsers do."""
    chosen = [("files", (name, content, "application/octet-stream")) for name, content in files]
    request = httpx.Request("POST", "http://test", data={"action": "files", **typed}, files=chosen)
    return ask(app, path, "POST", content=request.read(), content_type=request.headers["content-type"])


@pytest.mark.usefixtures("cleaned_here")
def test_files_are_taken_from_the_confirmation_to_the_decision(app: Starlette, campaign: Path) -> None:
    send(app)
    (report,) = promises_in(campaign)
    path, box, photo = path_of(campaign, report), ReportBox(campaign / "private"), ("photo.jpg", make_picture())
    stated = {"description": "A workshop", "rights": "Ours", "consent": "no_child"}
    assert 'name="files"' not in ask(app, path).text and hand_in(app, path, photo, **stated).status_code == 200
    assert (promises_in(campaign), (campaign / "private" / "evidence").exists()) == ([report], False)
    page = ask(app, path, "POST")
    assert not html.fromstring(page.text).xpath("//*[@checked]"), "nothing is stated beforehand"
    refused = hand_in(app, path, photo, ("drawing.svg", b"<svg/>"), **stated)
    assert (refused.status_code, promises_in(campaign)[0].files) == (400, ())
    (fault,) = html.fromstring(refused.text).xpath("//p[@class='fault']/@id")
    held = {name: value for name, value in read_form(refused).items() if isinstance(value, str)}
    assert fault == "files-files-fault" and held["kept"]
    assert ask(app, path, "POST", content={**held, "action": "files"}).status_code == 200
    assert hand_in(app, path, ("report.pdf", make_document()), description=HOSTILE).status_code == 200
    (changed,) = promises_in(campaign)
    assert [(one.name, one.can_be_public, one.is_public) for one in changed.files] == [
        ("photo.jpg", True, False), ("report.pdf", False, False),
    ]  # fmt: skip
    shown = html.fromstring(ask(app, path).text)
    assert HOSTILE in shown.xpath("//input[contains(@name, '/description')]/@value") and not shown.xpath("//img")
    send(app, {**PROMISE, "title": "Autre titre"}, f"/promise?{path.partition('?')[2]}")
    (later,) = [one for one in promises_in(campaign) if one.replaces]
    assert later.files == changed.files, "a change keeps what was handed in"

    make_public_copy(campaign, changed.files[0])
    box.decide(later.report_no, ReportState.ACCEPTED, "staff")
    box.note_public(later.report_no, {file.sha256 for file in later.files}, is_reply=False)
    hand_in(app, path, ("late.jpg", make_picture((20, 20))), **stated)
    assert len(box.find(later.report_no).files) == 2, "once staff have decided, none is taken"
    asked = ask(app, path, "POST", content={"withdraw": changed.files[0].sha256})
    assert asked.status_code == 200 and find_published_file(campaign / "published", name_file(changed.files[0]))
    ask(app, path, "POST", content={"withdraw": changed.files[0].sha256, "sure": "yes"})
    assert find_published_file(campaign / "published", name_file(changed.files[0])) is None
    assert box.find(later.report_no).files[0].withdrawn_on == find_today()


def test_what_staff_ask_back_comes_by_mail_and_stands_behind_the_link(app: Starlette, campaign: Path) -> None:
    send(app)
    (report,) = promises_in(campaign)
    path, box, settings = path_of(campaign, report), ReportBox(campaign / "private"), Settings.from_environment()
    box.ask(report.report_no, "Too early?", "staff")
    assert not send_question(settings, report.report_no), "an address that nobody has confirmed gets no words"
    ask(app, path, "POST")
    box.ask(report.report_no, f"Où ? {HOSTILE}", "staff")
    assert [send_question(settings, report.report_no) for _ in range(2)] == [True, True]
    _, mail = waiting(make_desk(campaign))
    assert (
        mail["To"] == PROMISE["contact_email"] and HOSTILE in text_of(mail) and path.partition("?")[2] in text_of(mail)
    )
    assert not html.fromstring(html_of(mail)).xpath("//script | //img")
    page = ask(app, path)
    assert HOSTILE in words_of(page) and not html.fromstring(page.text).xpath("//script | //img")


def test_new_actions_are_taken_when_the_campaign_says_so(app: Starlette, campaign: Path, monkeypatch) -> None:
    page, t = ask(app, FORM), translator("fr")
    for days, words in {
        "first_day = 2090-05-01\nlast_day = 2091-05-15": "1er mai 2090",
        "last_day = 2021-05-15": "15 mai 2021",
        "": "15 mai 2021",
    }.items():
        open_promises(campaign, days)
        closed = [ask(app, FORM), send(app, page=page)]
        assert [answer.status_code for answer in closed] == [404, 404]
        assert words in words_of(closed[0]) and PROMISE["description"] in words_of(closed[1]), "nothing is lost"
    (campaign / "campaign.toml").unlink()
    assert t("The campaign takes no new actions on this server.") in words_of(ask(app, FORM))
    monkeypatch.setenv("DASHBOARD_STORE", "file:///nowhere")
    assert "chiffres" in ask(app, FORM).text
    (campaign / "published" / "copied.json").write_text('{"made_at": "https://made.example.org/d/"}')
    for path in (FORM, "/promise/confirm?t=x&lang=fr"):
        led = ask(app, path)
        assert (led.status_code, led.headers["location"]) == (303, f"https://made.example.org/d{path}")


def test_a_day_lasts_everywhere_on_earth() -> None:
    days = PromiseDays(datetime(2021, 5, 1).date(), datetime(2021, 5, 15).date())
    held = {
        moment: days.hold(datetime.fromisoformat(moment).replace(tzinfo=UTC))
        for moment in ("2021-04-30T09:59", "2021-04-30T10:01", "2021-05-16T11:59", "2021-05-16T12:01")
    }
    assert list(held.values()) == [False, True, True, False]


def test_an_action_of_this_title_is_named_as_a_hint_unless_the_campaign_is_closed(app, campaign: Path) -> None:
    typed = {**PROMISE, "title": "GLOBAL online, course"}
    (link,) = html.fromstring(send(app, typed).text).xpath("//a[contains(@href, 'action=')]")
    assert (link.text, "FIX-031" in link.get("href")) == ("Global online course", True)
    (campaign / "private" / "roles.toml").write_text("closed = true\n")
    closed = send(app, {**typed, "description": "Autre"})
    assert closed.status_code == 200 and "FIX-031" not in closed.text


def test_all_that_the_form_can_hold_is_taken_and_more_refused(app: Starlette, campaign: Path) -> None:
    folder = CampaignFolder(campaign)
    countries = [one.code for one in load_codelist(folder, "countries") if one.code != "unclassified"]
    full = {**PROMISE, "description": "字" * 2000, "partners": "字" * 2000, "countries": countries}
    assert send(app, full).status_code == 200
    assert len(promises_in(campaign)[0].promise["countries"]) == len(countries)
    page = ask(app, FORM)
    assert [send(app, {**PROMISE, "partners": "x" * size}, page=page).status_code for size in (150_000, 250_000)] == [
        400, 413,
    ]  # fmt: skip
