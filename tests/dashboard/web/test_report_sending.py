"""What a link's form takes besides progress: milestones, files, stories, events, cases; and what it tells of others."""

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import httpx
import pytest
from lxml import html
from starlette.applications import Starlette

from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.evidence_store import EvidenceStore
from dashboard.campaign.reporting.links import ReportLinks, find_today
from dashboard.campaign.reporting.numbers import SentNumber
from dashboard.campaign.reporting.published_files import FOLDER as PUBLIC
from dashboard.campaign.reporting.published_files import name_file
from dashboard.campaign.reporting.reports import ReportBox, ReportKind, ReportState
from dashboard.campaign.reporting.withdrawal import make_public_copy
from dashboard.errors import TooOftenError
from dashboard.formats import format_amount, format_date, write_amount
from dashboard.ground.files import json_notes
from dashboard.i18n import translator
from dashboard.mail import reports_mail
from dashboard.web import report_sending, sent_forms
from tests.charts_over_http import ask, make_site
from tests.dashboard.campaign.reporting.handed_in import make_bomb, make_document, make_picture
from tests.dashboard.campaign.reporting.sent import make_report
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

ROADMAP = "FIX-001"
"""An action with milestones: one reached on 28 April, one on 15 August 2021."""
EVENT = {
    "kind": "event", "title": "Forum", "narrative": "Three days.", "on_day": "2022-01-08", "place": "Sampletown",
    "evidence": "https://example.org/forum", "action_id": FIRST,
}  # fmt: skip
LATER = (find_today() + timedelta(days=300)).isoformat()
STATED = {"description": "A workshop", "rights": "Ours", "consent": "no_child"}
Files = list[tuple[str, tuple[str, bytes, str]]]


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return open_forms(tmp_path, monkeypatch)


@pytest.fixture
def app(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    return make_site(campaign, monkeypatch)


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """The mails that are asked for, each with what it is about."""
    sent: list[tuple[str, object]] = []
    for name in ("send_case", "send_receipt", "tell_both"):
        monkeypatch.setattr(reports_mail, name, lambda _settings, about, *_, name=name: sent.append((name, about)))
    return sent


def hand_in(app: Starlette, path: str, page: httpx.Response, files: Files, **typed: str) -> httpx.Response:
    """Send the form of a page with files, as browsers do."""
    request = httpx.Request("POST", "http://test", data=read_fields(page) | typed, files=files)
    return ask(app, path, "POST", content=request.read(), content_type=request.headers["content-type"])


def choose(*files: tuple[str, bytes], action_id: str = FIRST) -> Files:
    return [(f"{action_id}/files", (name, content, "application/octet-stream")) for name, content in files]


def read_text(page: httpx.Response) -> str:
    return html.fromstring(page.text).text_content()


def list_faults(page: httpx.Response) -> list[str]:
    return html.fromstring(page.text).xpath("//p[@class='fault']/@id")


def name_milestones(page: httpx.Response) -> list[str]:
    return [name for name in read_fields(page) if name.startswith(f"{ROADMAP}/reached-")]


def test_milestones_state_what_is_new_beside_what_is_public(app: Starlette, campaign: Path) -> None:
    path = path_of(campaign, make_link(campaign, ROADMAP), "en")
    page = ask(app, path)
    first, second, _ = name_milestones(page)
    held = read_fields(page)
    assert (held[first], held[second]) == ("2021-04-28", "2021-08-15")
    drawn = html.fromstring(page.text)
    assert drawn.xpath("//label[@lang]/text()")[:2] == ["First consultation", "Draft roadmap"]
    assert report_sending.NOTHING_TYPED in send(app, path, page).text, "what is public already is no report"
    for day, status in (("", 400), ("2999-01-01", 400), ("soon", 400)):
        refused = ask(app, path, "POST", content=held | {first: day, f"{ROADMAP}/percent": "40"})
        assert (refused.status_code, read_fields(refused)[first]) == (status, day)
        assert list_faults(refused) == [f"a1-{first.partition('/')[2]}-fault"]
    assert reports_in(campaign) == []
    receipt = ask(app, path, "POST", content=held | {second: "2021-08-20"})
    (report,) = reports_in(campaign)
    assert (receipt.status_code, dict(report.milestones)) == (200, {"Draft roadmap": date(2021, 8, 20)})
    assert "Draft roadmap" in read_text(receipt) and "First consultation" not in read_text(receipt)
    again = ask(app, path)
    assert read_fields(again)[second] == "2021-08-20"
    del held[first], held[second]
    ask(app, path, "POST", content=held | {f"{ROADMAP}/percent": "40"})
    assert not reports_in(campaign)[-1].milestones, "a form of an older page says nothing of milestones"


LEVEL, DAY, HOW = (f"{ROADMAP}/{name}-children_withdrawn-children" for name in ("actual", "actual_on", "how_known"))


@pytest.mark.parametrize(
    ("lang", "typed", "wrong"),
    [("en", "1,240.5", "1.234"), ("fr", "1 240,5", "1,234"), ("es", "1.240,5", "1,234")],
)
def test_what_an_action_promised_is_asked_for_in_the_numbers_of_the_readers_language(
    app: Starlette, campaign: Path, lang: str, typed: str, wrong: str
) -> None:
    path = path_of(campaign, make_link(campaign, ROADMAP), lang)
    page = ask(app, path)
    held, t = read_fields(page), translator(lang)
    assert (held[LEVEL], held[f"{ROADMAP}/actual-laws_passed-laws"]) == ("", "")
    promised = t("promised: from {baseline} to {target}", baseline="20", target="220")
    last = t("last reported: {number}", number=t("{n} on {day}", n="240", day=format_date(date(2021, 10, 31), lang)))
    day = t("by {day}", day=format_date(date(2021, 12, 30), lang))
    assert f"{promised} · {day} · {last}" in read_text(page)
    assert t("nothing reported yet") in read_text(page)
    for level, told_on in ((wrong, ""), ("many", "2021-05-01"), ("-5", ""), ("", "2021-05-01"), ("1 2", "")):
        refused = ask(app, path, "POST", content=held | {LEVEL: level, DAY: told_on})
        assert (refused.status_code, read_fields(refused)[LEVEL]) == (400, level)
        assert list_faults(refused) == ["a1-actual-children_withdrawn-children-fault"]
    assert reports_in(campaign) == []
    receipt = ask(app, path, "POST", content=held | {LEVEL: typed, DAY: "2021-12-01", HOW: "Lists"})
    (report,) = reports_in(campaign)
    told = SentNumber(
        indicator="children_withdrawn", unit="children", actual=1240.5, actual_on=date(2021, 12, 1), how_known="Lists"
    )
    assert (receipt.status_code, report.results, report.states_progress) == (200, (told,), False)
    assert format_amount(1240.5, lang) in read_text(receipt) and "Lists" in read_text(receipt)
    again = read_fields(ask(app, path))
    assert (again[LEVEL], again[DAY], again[HOW]) == (write_amount(1240.5, lang), "2021-12-01", "Lists")
    assert ask(app, path, "POST", content=again).status_code == 200
    assert reports_in(campaign) == [report], "the same is the same report"
    (number,) = report.keep_values().results
    assert (number.actual, number.how_known) == (1240.5, "")


def test_numbers_of_which_nobody_knows_what_they_count_are_not_asked_for(app: Starlette, campaign: Path) -> None:
    with duckdb.connect(campaign / "published" / "snapshot-fixture.duckdb") as connection:
        for number, unclassified in enumerate(("indicator", "unit"), start=91):
            connection.execute(
                f"insert into results select * replace ({number} as result_no, 'unclassified' as {unclassified}) "  # noqa: S608
                "from results where result_no = 1"
            )
    held = read_fields(ask(app, path_of(campaign, make_link(campaign, ROADMAP), "en")))
    assert LEVEL in held and not any("unclassified" in name for name in held)


@pytest.mark.nightly
def test_files_are_kept_as_they_arrive_and_named_by_the_report_that_comes_in_the_end(app, campaign: Path) -> None:
    path, photo = path_of(campaign, link := make_link(campaign, FIRST), "en"), make_picture((300, 200))
    page = ask(app, path)
    hostile = {"drawing.svg": b"<svg/>", "x.pdf": b"MZ\x90\0", "no.jpg": b"", "vast.png": make_bomb(60_000, 60_000)}
    files = choose(("photo.jpg", photo), ("report.pdf", make_document()), *hostile.items())
    typed = {f"{FIRST}/{name}": value for name, value in STATED.items()} | {f"{FIRST}/percent": "140"}
    refused = hand_in(app, path, page, files, **typed)
    assert (refused.status_code, sorted(list_faults(refused))) == (400, ["a1-files-fault", "a1-percent-fault"])
    (fault,) = html.fromstring(refused.text).xpath("//p[@id='a1-files-fault']/text()")
    assert [name for name in hostile if name not in fault] == [] and reports_in(campaign) == []
    held = read_fields(refused)
    assert [value for name, value in held.items() if name.endswith("/description")] == ["A workshop"] * 2 + [""] * 3
    ticks = html.fromstring(refused.text).xpath("//input[@type='checkbox']/@name")
    assert sum(name.endswith("/leave_out") for name in ticks) == 2, "what is kept can be left out again"
    assert sum(name.endswith("/consent") for name in held) == 1, "of a document nothing is asked about children"
    receipt = ask(app, path, "POST", content=held | {f"{FIRST}/percent": "40"})
    assert receipt.status_code == 200, read_text(receipt)
    (report,) = reports_in(campaign)
    assert [(one.name, one.media_type, one.can_be_public, one.is_public) for one in report.files] == [
        ("photo.jpg", "image/jpeg", True, False), ("report.pdf", "application/pdf", True, False),
    ]  # fmt: skip
    store = EvidenceStore(campaign / "private")
    for one in report.files:
        assert store.find(one.sha256).stat().st_size == one.size
    assert ask(app, path, "POST", content=held | {f"{FIRST}/percent": "40"}).status_code == 200
    assert hand_in(app, path, page, files[:2], **typed | {f"{FIRST}/percent": "40"}).status_code == 200
    assert reports_in(campaign) == [report], "sent twice, it is one report"
    again = ask(app, path)
    names = {name: value for name, value in read_fields(again).items() if name.endswith("/rights")}
    assert list(names.values()) == ["Ours", "Ours", "", "", ""] and "kept" not in again.text
    assert link.handle in again.text and path.partition("t=")[2].partition("&")[0] not in read_text(again)
    send(app, path, again, FIX_030={f"{report.files[0].sha256[:12]}/rights": ""})
    changed = reports_in(campaign)[-1]
    assert [one.can_be_public for one in changed.files] == [False, True]
    assert "never published as it is; unanswered: Whose rights" in read_text(send(app, path, ask(app, path)))


@pytest.mark.usefixtures("cleaned_here")
def test_what_is_not_answered_about_a_picture_is_never_public(app: Starlette, campaign: Path) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    page = ask(app, path)
    assert not html.fromstring(page.text).xpath("//input[contains(@name, 'consent')][@checked]")
    receipt = hand_in(app, path, page, choose(("photo.png", make_picture(kind="PNG"))), **{f"{FIRST}/rights": "Ours"})
    (report,) = reports_in(campaign)
    assert receipt.status_code == 200 and not report.files[0].can_be_public
    assert "unanswered: What it shows, Children in the picture" in read_text(receipt)
    lonely = send(app, path, page, FIX_031={"description": "Without a file"})
    assert list_faults(lonely) == ["a2-files-fault"]
    held = read_fields(
        hand_in(
            app, path, page, choose(("a.png", make_picture(kind="PNG")), action_id=SECOND), **{f"{SECOND}/percent": "x"}
        )
    )
    (tick,) = [
        name.replace("/rights", "/leave_out")
        for name in held
        if name.count("/") == 2 and name.endswith("/rights") and name.startswith(SECOND)
    ]
    send_again = ask(app, path, "POST", content=held | {f"{SECOND}/percent": "5", tick: "yes"})
    assert send_again.status_code == 200 and reports_in(campaign)[-1].files == ()


@pytest.mark.usefixtures("cleaned_here")
def test_forged_and_forgotten_kept_files_are_told(app: Starlette, campaign: Path) -> None:
    path, photo = path_of(campaign, make_link(campaign, FIRST), "en"), make_picture()
    page = ask(app, path)
    refused = hand_in(app, path, page, choose(("a.jpg", photo)), **{f"{FIRST}/percent": "x"})
    held = read_fields(refused) | {f"{FIRST}/percent": "5"}
    foreign = path_of(campaign, make_link(campaign, FIRST), "en")
    kept = held[f"{FIRST}/kept"]
    other_page = read_fields(ask(app, foreign))
    for address, values in (
        (path, held | {f"{FIRST}/kept": f"{kept}x"}),
        (path, held | {f"{FIRST}/kept": json.dumps([["x"]])}),
        (foreign, other_page | {f"{FIRST}/kept": kept, f"{FIRST}/percent": "5"}),
    ):
        answer = ask(app, address, "POST", content=values)
        assert (answer.status_code, list_faults(answer)) == (400, ["a1-files-fault"])
    for file in (campaign / "private" / "evidence").glob("*"):
        file.unlink()
    gone = ask(app, path, "POST", content=held)
    assert (gone.status_code, list_faults(gone)) == (400, ["a1-files-fault"]) and reports_in(campaign) == []


@pytest.mark.usefixtures("cleaned_here")
def test_what_is_too_large_or_cut_is_told_and_files_are_for_open_links_alone(app: Starlette, campaign: Path) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    page, photo = ask(app, path), choose(("a.jpg", make_picture()))
    answers = [
        hand_in(app, path, page, photo, **{f"{FIRST}/narrative": "x" * 2_000_000}),
        hand_in(app, path, page, photo, **{f"{FIRST}/{number}": "x" * 500_000 for number in range(5)}),
        hand_in(app, path, page, photo * 30),
        ask(app, path, "POST", content=b"--x\r\nnothing", content_type="multipart/form-data; boundary=x"),
        ask(app, path, "POST", content=b"", content_type="multipart/form-data"),
        hand_in(app, "/report/form?t=forged&lang=en", page, choose(("a.jpg", b"x" * 1_100_000))),
    ]
    assert [answer.status_code for answer in answers] == [413, 413, 413, 400, 413, 400]
    for answer in (one for one in answers if one.status_code == 413):
        assert report_sending.DRAFTS not in answer.text and "too large, or was cut" in read_text(answer)
    assert read_text(answers[-1]) == read_text(ask(app, "/report/form?t=other&lang=en")), "the link opens nothing"
    assert not (campaign / "private" / "evidence").exists() and reports_in(campaign) == []


@pytest.mark.nightly
def test_large_forms_of_one_client_are_read_in_turn(app: Starlette, campaign: Path, monkeypatch) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    page, lanes = ask(app, path), []

    async def take_turn(_scope: object, lane: str) -> ExitStack:
        lanes.append(lane)
        if len(lanes) > 1:
            raise TooOftenError("Too many wait.", "Wait.", 5)
        return ExitStack()

    monkeypatch.setattr(sent_forms, "take_turn", take_turn)
    large = choose(("a.jpg", b"x" * 1_100_000))
    answers = [hand_in(app, path, page, files) for files in (choose(("a.jpg", make_picture())), large, large)]
    assert ([answer.status_code for answer in answers], lanes) == ([200, 400, 429], [sent_forms.LANE] * 2)


@pytest.mark.usefixtures("cleaned_here")
def test_files_stay_listed_where_the_disk_refuses_the_report(app, campaign: Path, monkeypatch) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(json_notes, "write_file", refuse)
        full = hand_in(app, path, ask(app, path), choose(("a.jpg", make_picture())), **{f"{FIRST}/percent": "5"})
    assert full.status_code == 503 and f"{FIRST}/kept" in read_fields(full)
    again = "Files have to be chosen again."
    too_early = hand_in(app, path, ask(app, path), choose(("a.jpg", make_picture())), website="x")
    assert again not in read_text(full) and again in read_text(too_early)
    assert ask(app, path, "POST", content=read_fields(full)).status_code == 200
    assert [one.name for one in reports_in(campaign)[0].files] == ["a.jpg"]


@pytest.mark.nightly
def test_a_story_or_an_event_stands_for_itself_and_is_changed_by_a_new_one(app: Starlette, campaign: Path) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    page = ask(app, path)
    held = read_fields(page)

    def post(prefix: str = "post", **typed: str) -> httpx.Response:
        return ask(app, path, "POST", content=held | {f"{prefix}/{name}": value for name, value in typed.items()})

    for typed, fault in (
        ({"title": "x"}, ["p0-kind-fault", "p0-narrative-fault"]),
        (EVENT | {"on_day": ""}, ["p0-on_day-fault"]),
        (EVENT | {"on_day": "2999-01-01"}, ["p0-on_day-fault"]),
        (EVENT | {"kind": "promise"}, ["p0-kind-fault"]),
        (EVENT | {"action_id": "FIX-002"}, ["p0-action_id-fault"]),
        (EVENT | {"kind": "story"}, ["p0-place-fault"]),
        (EVENT | {"kind": "story", "place": "", "on_day": LATER}, ["p0-on_day-fault"]),
        (EVENT | {"title": "x" * 301}, ["p0-title-fault"]),
    ):
        refused = post(**typed)
        assert (refused.status_code, list_faults(refused)) == (400, fault)
    assert report_sending.NOTHING_TYPED in post(kind="story", action_id=FIRST).text
    assert reports_in(campaign) == []
    assert post(**EVENT).status_code == post(**EVENT).status_code == 200
    (event,) = reports_in(campaign)
    assert {name: getattr(event, name) for name in EVENT} == EVENT | {"on_day": date(2022, 1, 8)}
    assert (event.kind, event.replaces) == (ReportKind.EVENT, "")
    again = ask(app, path)
    held = read_fields(again)
    assert {name: held[f"{event.report_no}/{name}"] for name in EVENT} == EVENT and held["post/title"] == ""
    assert post(event.report_no, title="Forum, moved").status_code == 200
    (_, moved) = reports_in(campaign)
    assert (moved.title, moved.replaces) == ("Forum, moved", event.report_no)
    held = read_fields(ask(app, path))
    assert f"{moved.report_no}/title" in held and f"{event.report_no}/title" not in held
    ReportBox(campaign / "private").decide(moved.report_no, ReportState.ACCEPTED, "staff")
    assert post(moved.report_no, narrative="Two days.").status_code == 200, "accepted while the form was open"
    assert reports_in(campaign)[-1].replaces == moved.report_no
    emptied = {f"{reports_in(campaign)[-1].report_no}/{name}": "" for name in EVENT}
    page = ask(app, path, "POST", content=read_fields(ask(app, path)) | emptied | {f"{FIRST}/percent": "5"})
    assert "still waits" in read_text(page), "an emptied answer takes nothing back"


def test_a_case_of_abuse_goes_to_the_contact_and_is_not_shown_again(app, campaign: Path, mails) -> None:
    with (campaign / "campaign.toml").open("a") as file:
        file.write('case_contact = "cases@example.org"\n')
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    page = ask(app, path)
    assert "cases@example.org" in read_text(page) and "is_case" not in read_fields(page)
    values = {f"{FIRST}/narrative": "What happened", f"{SECOND}/percent": "5", "is_case": "yes", "receipt": "yes"}
    answer = ask(app, path, "POST", content=read_fields(page) | values)
    reports = reports_in(campaign)
    assert "It has arrived" in read_text(answer) and "waits for the secretariat" not in read_text(answer)
    assert answer.status_code == 200 and [one.is_case for one in reports] == [True, True]
    assert mails == [("send_case", [one.report_no for one in reports])]
    again = ask(app, path)
    assert "What happened" not in again.text and "is_case" not in read_fields(again)
    held = ask(app, path.replace("/form", "/held"))
    assert "its words are for the campaign’s contact alone" in read_text(held) and "What happened" not in held.text
    other = ask(app, path_of(campaign, make_link(campaign, FIRST), "en"))
    assert "by another link" not in read_text(other)


def test_what_waits_already_is_of_the_case_too_once_that_is_told(app: Starlette, campaign: Path, mails) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    for percent in ("5", "6"):
        send(app, path, ask(app, path), FIX_030={"percent": percent}, post=EVENT | {"title": f"Forum {percent}"})
        held = read_fields(ask(app, path))
        *_, title = [name for name in held if name.startswith("R-") and name.endswith("/title")]
        ask(app, path, "POST", content=held | {title: f"Forum {percent}, moved"})
    before = reports_in(campaign)
    send(app, path, ask(app, path), FIX_031={"percent": "5"})
    ask(app, path, "POST", content=read_fields(ask(app, path)) | {"is_case": "yes"})
    assert all(one.is_case for one in reports_in(campaign)) and len(reports_in(campaign)) == len(before) + 1
    assert {one.report_no for one in before} < set(mails[-1][1])


def test_a_copy_is_asked_for_only_where_mail_is_set_up(app, campaign: Path, mails, monkeypatch) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    assert "receipt" not in html.fromstring(ask(app, path).text).xpath("//input/@name")
    monkeypatch.setenv("DASHBOARD_SMTP_HOST", "localhost")
    page = ask(app, path)
    assert "receipt" in html.fromstring(page.text).xpath("//input/@name")
    ask(app, path, "POST", content=read_fields(page) | {f"{FIRST}/percent": "5"})
    assert mails == []
    ask(app, path, "POST", content=read_fields(page) | {f"{FIRST}/percent": "6", "receipt": "yes"})
    assert mails == [("send_receipt", [reports_in(campaign)[-1].report_no])]


def test_what_staff_ask_and_that_another_link_has_reported_stand_beside_the_action(app, campaign, mails) -> None:
    mine, other = (path_of(campaign, make_link(campaign, FIRST), "en") for _ in range(2))
    send(app, mine, ask(app, mine), FIX_030={"narrative": "Written by one.", "correction": "Wrong"})
    (first,) = reports_in(campaign)
    ReportBox(campaign / "private").ask(first.report_no, "Which “year”?", "staff")
    page = ask(app, mine)
    assert "The secretariat asks" in read_text(page) and "Which “year”?" in read_text(page)
    assert "by another link" not in read_text(page) and mails == []
    page = ask(app, other)
    assert "by another link" in read_text(page)
    assert "Written by one." not in page.text and "Which" not in read_text(page) and first.report_no not in page.text
    receipt = send(app, other, page, FIX_030={"percent": "5"})
    assert "by another link" in read_text(receipt)
    assert mails == [("tell_both", reports_in(campaign)[-1].report_no)]
    assert "by another link" in read_text(ask(app, mine))
    ReportBox(campaign / "private").decide(reports_in(campaign)[-1].report_no, ReportState.ACCEPTED, "staff")
    assert "by another link" in read_text(ask(app, mine)), "what was accepted just now too"


@pytest.mark.parametrize(
    ("publish", "words"),
    [("after_review", "Once the secretariat has read it, this becomes"), ("at_once", "public at once")],
)
def test_the_form_says_what_becomes_public_when(app, campaign: Path, publish: str, words: str) -> None:
    with (campaign / "campaign.toml").open("a") as file:
        file.write(f'publish = "{publish}"\n')
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    page = ask(app, path)
    assert words in read_text(page)
    typed = {"may_publish": "yes"}
    receipt = send(app, path, page, FIX_030=typed | {"correction": "No"}, FIX_031=typed | {"percent": "5"})
    assert reports_mail.UNDERSTOOD[publish] in read_text(receipt)
    assert [one.may_publish for one in reports_in(campaign)] == [True, False], "words that are not there cannot stand"


@pytest.mark.usefixtures("cleaned_here")
def test_a_file_is_withdrawn_once_it_is_asked_and_no_other_links_file_is(app, campaign: Path) -> None:
    path = path_of(campaign, make_link(campaign, FIRST), "en")
    stranger = path_of(campaign, make_link(campaign, "FIX-002"), "en")
    typed = {f"{FIRST}/{name}": value for name, value in STATED.items()}
    hand_in(app, path, ask(app, path), choose(("photo.jpg", make_picture())), **typed)
    box, (report,) = ReportBox(campaign / "private"), reports_in(campaign)
    (file,) = report.files
    box.note_public(report.report_no, {file.sha256}, is_reply=False)
    box.decide(report.report_no, ReportState.ACCEPTED, "staff")
    make_public_copy(campaign, file)
    copy = campaign / "published" / PUBLIC / name_file(file)
    assert copy.is_file() and "photo.jpg: public" in read_text(ask(app, path))
    assert ask(app, stranger, "POST", content={"withdraw": file.sha256, "sure": "yes"}).status_code == 400
    asked = ask(app, path, "POST", content={"withdraw": file.sha256})
    assert "Withdraw photo.jpg?" in read_text(asked) and copy.is_file(), "the first click changes nothing"
    done = ask(app, path, "POST", content=read_fields(asked))
    assert "photo.jpg is withdrawn" in read_text(done) and "already remain" in read_text(done)
    assert not copy.exists() and not any(one.is_public for one in reports_in(campaign)[0].files)
    assert "photo.jpg" not in ask(app, path).text
    assert ask(app, path, "POST", content=read_fields(asked)).status_code == 400


def test_a_later_link_of_the_stakeholder_withdraws_what_is_public_by_an_earlier_one(app, campaign: Path) -> None:
    ended, later = make_link(campaign, SECOND), path_of(campaign, make_link(campaign, FIRST), "en")
    box, waiting = ReportBox(campaign / "private"), SentFile(sha256="b" * 64, name="b", media_type="image/png", size=1)
    stated = {"description": "A forum", "rights": "Ours", "has_no_child": True, "is_confirmed": True}
    public = replace(waiting, sha256="a" * 64, name="mine.png", **stated)
    box.put(make_report("", link=ended.handle, kind=ReportKind.STORY, title="S", files=(public, waiting)))
    box.decide(reports_in(campaign)[0].report_no, ReportState.ACCEPTED, "staff")
    ReportLinks(campaign / "private").end(ended.handle)
    words = read_text(ask(app, later))
    assert "A forum: public" in words and "mine.png" not in words, "what the other one says stays with it"
    assert ask(app, later, "POST", content={"withdraw": waiting.sha256, "sure": "yes"}).status_code == 400
    assert "A forum is withdrawn" in read_text(ask(app, later, "POST", content={"withdraw": "a" * 64, "sure": "yes"}))
    assert [file.withdrawn_on is None for file in reports_in(campaign)[0].files] == [False, True]


def test_words_of_stakeholders_and_staff_are_text_in_every_field(app: Starlette, campaign: Path) -> None:
    path = path_of(campaign, link := make_link(campaign, FIRST), "en")
    box, file = ReportBox(campaign / "private"), SentFile(sha256="a" * 64, name=HOSTILE, media_type="image/png", size=1)
    stated = {"link": link.handle, "files": (replace(file, description=HOSTILE, rights=HOSTILE),)}
    story = {"kind": ReportKind.STORY, "title": HOSTILE, "narrative": HOSTILE, "place": HOSTILE}
    asked = {"question": HOSTILE, "asked_by": "staff", "asked_at": datetime.now(UTC)}
    box.put(make_report(FIRST, 1, narrative=HOSTILE, **stated, **asked))
    box.put(make_report("", 2, **stated, **story, **asked))
    page = ask(app, path)
    withdrawal = ask(app, path, "POST", content={"withdraw": file.sha256})
    posted = {f"post/{name}": HOSTILE for name in EVENT} | {f"{FIRST}/{name}": HOSTILE for name in STATED}
    refused = hand_in(app, path, page, choose((HOSTILE, b"x")), **posted)
    assert [one.status_code for one in (page, withdrawal, refused)] == [200, 200, 400]
    for one in (page, withdrawal, refused):
        drawn = html.fromstring(one.text)
        assert [script.text for script in drawn.xpath("//script")] in ([], [report_sending.DRAFTS])
        assert not drawn.xpath("//img | //*[@onerror]") and HOSTILE in drawn.text_content()
