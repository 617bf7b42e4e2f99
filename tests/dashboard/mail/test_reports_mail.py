"""Mails about reports by link: to whom they go, what they say, how often, and that no typed word is markup."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import html

from dashboard.campaign.reporting.links import BY_REQUEST, BY_STAFF, PERSONAL, ReportLink, ReportLinks, find_today
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, ReportState, number_report
from dashboard.mail import reports_mail
from dashboard.mail.outbox import Outbox, now
from dashboard.mail.reports_mail import send_case, send_lost_link, send_question, send_receipt, tell_both
from dashboard.mail.subscribers import KINDS, MOST_ASKS
from tests.contacts import write_contacts
from tests.dashboard.mail.desks import html_of, make_desk, settings_of, text_of, waiting
from tests.snapshots import open_reports, publish_fixture

FIRST, OTHERS = "FIX-030", "FIX-005"
"""Actions of two stakeholders."""
ADDRESS, SECOND, CASES = "first@example.org", "second@example.org", "cases@example.org"
HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {day} %s\nBcc: x@example.org'


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    publish_fixture(tmp_path)
    with (open_reports(tmp_path) / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write(f'case_contact = "{CASES}"\n')
    write_contacts(tmp_path, {FIRST: ADDRESS, OTHERS: SECOND})
    monkeypatch.setattr(reports_mail, "send_confirmations", lambda _settings: None)
    return tmp_path


def make_link(campaign: Path, *action_ids: str, days: int = 30) -> ReportLink:
    return ReportLinks(campaign / "private").make(BY_STAFF, action_ids, find_today() + timedelta(days=days))


def put(campaign: Path, link: ReportLink, action_id: str = FIRST, **stated: object) -> str:
    """Keep a report; return its number."""
    stated = stated or {"status": "in_progress"}
    number = number_report(f"{link.handle}{stated}", action_id, {})
    report = Report(report_no=number, link=link.handle, action_id=action_id, received_at=datetime.now(UTC), lang="fr")
    return ReportBox(campaign / "private").put(replace(report, **stated)).report_no


def mails_in(campaign: Path) -> list[EmailMessage]:
    return waiting(make_desk(campaign))


def test_every_mail_goes_to_the_address_on_file_and_no_typed_word_is_markup(campaign: Path) -> None:
    link, settings = make_link(campaign, FIRST), settings_of(campaign)
    typed = {"narrative": HOSTILE, "correction": HOSTILE, "evidence": f"https://example.org/?{HOSTILE}"}
    more = {"percent": 40.0, "milestones": {HOSTILE: date(2021, 6, 1)}, "completed_on": date(2021, 7, 1)}
    number = put(campaign, link, status="in_progress", **typed, **more)
    story = put(campaign, link, kind=ReportKind.STORY, title=HOSTILE, place=HOSTILE, narrative=HOSTILE)
    case = put(campaign, link, narrative=HOSTILE, is_case=True)
    second = put(campaign, make_link(campaign, OTHERS, FIRST), status="completed", narrative="SECRET")
    ReportBox(campaign / "private").ask(number, HOSTILE, "staff")
    send_receipt(settings, [number, story, case], "fr")
    assert send_question(settings, number)
    for one in (number, second):
        tell_both(settings, one)
    send_case(settings, [number, case])
    mails = mails_in(campaign)
    assert [mail["To"] for mail in mails] == [ADDRESS, ADDRESS, ADDRESS, CASES]
    receipt, question, both, of_case = mails
    for mail in mails:
        page = html.fromstring(html_of(mail))
        assert not page.xpath("//script | //img | //@onerror") and mail["Bcc"] is None
        assert "SECRET" not in text_of(mail) and "<script>" not in mail["Subject"]
    for mail in mails[:3]:
        (way,) = html.fromstring(html_of(mail)).xpath("//a/@href")
        opened = ReportLinks(campaign / "private").open(re.search(r"t=([^&]+)", way)[1])
        assert (FIRST in opened.action_ids, opened == link or mail is both) == (True, True)
        assert way in text_of(mail)
    assert all(words in text_of(receipt) for words in (number, story, "Bcc: x@example.org", "En cours"))
    assert case not in text_of(receipt), "who reads there is not known"
    send_receipt(settings, [put(campaign, make_link(campaign, OTHERS), percent=1.0)], "fr")
    of_another_s_link = mails_in(campaign)[-1]
    assert (of_another_s_link["To"], "t=rl_" in text_of(of_another_s_link)) == (ADDRESS, False)
    assert HOSTILE.splitlines()[0] in text_of(question) and HOSTILE.splitlines()[0] not in text_of(both)
    assert case in text_of(of_case) and number not in text_of(of_case) and "onerror" in text_of(of_case)


def test_what_is_asked_twice_or_at_once_is_one_mail_and_so_many_a_day(campaign: Path) -> None:
    link, settings = make_link(campaign, FIRST), settings_of(campaign)
    number, case = put(campaign, link), put(campaign, link, narrative="x", is_case=True)
    other = put(campaign, make_link(campaign, OTHERS), FIRST, percent=3.0)
    ReportBox(campaign / "private").ask(number, "How many?", "staff")
    for _ in range(2):
        send_receipt(settings, [number], "fr")
        assert send_question(settings, number)
        for one in (number, other):
            tell_both(settings, one)
        send_case(settings, [case])
    desk = make_desk(campaign)
    desk.outbox.store.change("forget_deliveries", address=ADDRESS, kinds=json.dumps(KINDS), now=now())  # as who leaves
    assert sorted(mail["To"] for mail in mails_in(campaign)) == sorted([ADDRESS, ADDRESS, ADDRESS, SECOND, CASES])
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: send_lost_link(settings, ADDRESS, "fr"), range(6)))
    assert len(mails_in(campaign)) == 5 + MOST_ASKS
    assert len(ReportLinks(campaign / "private").list()) == 2 + MOST_ASKS, "what is not mailed is not made"
    for percent in range(6):
        send_receipt(settings, [put(campaign, link, percent=float(percent))], "fr")
    assert len(mails_in(campaign)) == 5 + MOST_ASKS + MOST_ASKS - 1


def test_a_new_link_belongs_to_the_wave_of_the_last_one_that_reports(campaign: Path) -> None:
    links, today = ReportLinks(campaign / "private"), find_today()
    links.make(BY_STAFF, [FIRST], today, "final")
    personal = links.make(f"{PERSONAL}ab", [FIRST], today)
    assert links.list()[0] == personal
    send_lost_link(settings_of(campaign), ADDRESS, "fr")
    assert [link.wave for link in links.list() if link.origin == BY_REQUEST] == ["final"]


def test_nothing_is_mailed_where_nobody_could_answer_or_is_on_file(campaign: Path) -> None:
    link, settings = make_link(campaign, FIRST), settings_of(campaign)
    number, unknown = put(campaign, link), put(campaign, make_link(campaign, "FIX-001"), "FIX-001")
    for one in (number, unknown):
        ReportBox(campaign / "private").ask(one, "How many?", "staff")
    local = settings_of(campaign, DASHBOARD_BASE_URL="http://127.0.0.1:8501")
    send_receipt(local, [number], "fr")
    send_lost_link(local, ADDRESS, "fr")
    assert not send_question(local, number)
    send_receipt(settings, [unknown, "R-22222-22222", "../x"], "fr")
    send_lost_link(settings, "nobody@example.org", "fr")
    assert not send_question(settings, unknown) and not send_question(settings, "R-22222-22222")
    put(campaign, make_link(campaign, OTHERS), FIRST, is_case=True, status="completed")
    tell_both(settings, number)
    assert mails_in(campaign) == []
    settings_file = campaign / "campaign.toml"
    settings_file.write_text(settings_file.read_text().replace(f'"{CASES}"', '"https://example.org/help"'))
    send_case(settings, [put(campaign, link, narrative="x", is_case=True)])
    assert mails_in(campaign) == [], "a page is no mail address, and nobody else gets it"


def test_a_question_opens_the_link_again_and_an_earlier_decision_is_no_second_report(campaign: Path) -> None:
    settings, box = settings_of(campaign), ReportBox(campaign / "private")
    number = put(campaign, old := make_link(campaign, FIRST, days=-1))
    box.ask(number, "How many?", "staff")
    assert send_question(settings, number) and send_question(settings, number)
    new, *rest = ReportLinks(campaign / "private").list()
    assert rest == [old] and new.is_open() and new.action_ids == old.action_ids
    later = put(campaign, make_link(campaign, OTHERS), FIRST, status="completed")
    box.decide(number, ReportState.SET_ASIDE, "staff", "no")
    tell_both(settings, later)
    assert len(mails_in(campaign)) == 1


def test_a_fault_names_no_address_and_no_word(campaign: Path, monkeypatch, caplog) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(ADDRESS)

    number = put(campaign, make_link(campaign, FIRST), narrative="SECRET", is_case=True)
    monkeypatch.setattr(Outbox, "put", fail)
    send_case(settings_of(campaign), [number])
    assert "could not be sent: RuntimeError" in caplog.text
    assert not any(word in caplog.text for word in (ADDRESS, CASES, "SECRET"))
