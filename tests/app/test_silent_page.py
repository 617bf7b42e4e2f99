"""The page Silent: who has not answered, the fewest answers, letters that are noted, and those that came back."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.campaign.reporting.links import find_today
from dashboard.campaign.working_copy import CAMPAIGN
from dashboard.mail import letter_batch
from dashboard.mail.asked import Addressee, Channel, LetterLedger, Plan
from dashboard.mail.message import Mail, make_mail
from dashboard.mail.outbox import LETTERS, Outbox
from dashboard.mail.sending import send
from dashboard.measures.silent import find_gap, list_silent
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.selection import Selection
from tests.app.conftest import bodies, file_links, page_links, press, text_of
from tests.contacts import write_contacts
from tests.dashboard.mail.relay import running
from tests.snapshots import copy_published
from tests.worked_here import WorkersHere


@pytest.fixture
def campaign(campaign_folder, tmp_path) -> Path:
    """Copy the fixture campaign, with addresses of two of its silent actions."""
    copy = copy_published(campaign_folder, tmp_path / "campaign")
    write_contacts(copy, {"FIX-008": "contact008@example.org", "FIX-014": "contact014@example.org"})
    return copy


@pytest.fixture
def open_silent(open_upload):
    """Opens the page on the copy, for staff."""
    return partial(open_upload, "silent")


def list_opened(app: AppTest) -> list[str]:
    """List the actions that the lines of the list lead to."""
    return [query["action"][0] for query in page_links(app)["actions"] if "action" in query]


def test_the_list_is_the_silent_of_the_filters_and_the_fewest_answers_are_told_and_listed(open_silent, snapshot):
    app = open_silent(region="africa", lang="fr")
    silent = list_silent(snapshot, Selection(regions=("africa",)))
    assert list_opened(app) == silent["action_id"].tolist()
    assert bodies(app).count(">Oui<") == 1, "an address is known of one"
    by_title = open_silent(region="africa", sort="title", order="desc")
    assert list_opened(by_title) == silent.sort_values("title", ascending=False)["action_id"].tolist()
    app = open_silent(silent="final")
    assert len(list_opened(app)) > len(list_silent(snapshot, Selection()))
    unknown = list_silent(snapshot, Selection(), "unknown")
    needed = len(find_gap(snapshot, Selection(), ("region",), unknown).propose(5).answers)
    app = open_silent(section="fewest", by="region", width="5")
    assert f"{needed} more answers would narrow every rate" in text_of(app)
    assert text_of(app).count("· FIX-") == needed


def test_letters_are_noted_once(open_silent, campaign):
    """And taken back, in a browser: `tests/browser/test_staff.py`."""
    app = open_silent(section="letters")
    app.button_group(key="silent-whom").set_value("all").run()
    assert "contact008@example.org" in text_of(app)
    press(app, "letters-files")
    asked = LetterLedger(campaign / "private", is_sample=True)
    (batch,) = asked.batches()
    assert batch.letters > 2
    assert [said.value for said in app.success] == [f"{batch.letters} letters recorded as sent."]
    assert {key.split("-")[0] for key in file_links(app)} == {"eml", "xlsx"}
    assert "There is nobody to write to." in text_of(app)  # until some days have passed
    app.query_params["as_of"] = "2021-11-30"
    assert "You can only write letters on the latest day" in text_of(app.run())
    assert not [button for button in app.button if button.key == "letters-files"]


def test_the_preview_of_a_letter_shows_where_its_link_stands_and_makes_none(open_silent, campaign, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")
    text = (SHIPPED_CAMPAIGN / CAMPAIGN).read_text(encoding="utf-8")
    (campaign / CAMPAIGN).write_text(f"{text}\n[reports_by_link]\nopen = true\n", encoding="utf-8")
    app = open_silent(section="letters")
    assert "https://actions.example.org/report/form?t=…&lang=en" in text_of(app)
    assert "No survey has an address" not in text_of(app)
    assert not list((campaign / "private").glob("report_links*"))


def ask(campaign: Path, *action_ids: str, day: date, address: str = "", channel: Channel = "files") -> str:
    """Note one letter; its batch."""
    one = Addressee(address, "en", action_ids, ("",) * len(action_ids), frozenset(action_ids))
    return LetterLedger(campaign / "private", is_sample=True).note([one], Plan(day, 1, "final", channel)).batch_id


def test_the_days_of_letters_are_marked_on_the_curve(open_silent, campaign):
    ask(campaign, "FIX-001", "FIX-008", day=date(2021, 12, 1))
    ask(campaign, "FIX-001", day=date(2031, 12, 1))
    app = open_silent(section="time")
    assert "1 December 2021: 2 actions asked about; reports since: 1 (50%)." in text_of(app)
    spec = app.get("plotly_chart")[0].proto.spec  # a mark, both ends of its line, and its number
    assert (spec.count('"2021-12-01"'), "2031" in spec) == (4, False)


def test_a_letter_that_came_back_is_left_and_counts_for_nothing(open_silent, campaign):
    batch_id = ask(campaign, "FIX-008", day=date(2021, 12, 1), address="contact008@example.org", channel="mail")
    ask(campaign, "FIX-014", day=date(2021, 12, 1), address="contact014@example.org", channel="mail")
    outbox = Outbox(campaign / "private")
    mail = make_mail(Mail("contact008@example.org", "Subject", "Text"), "news@example.org")
    outbox.put(LETTERS, batch_id, "contact008@example.org", mail, f"{batch_id}-00001")
    with running(lambda _address, _n: "550 5.1.1 nobody of that name") as (_, smtp):
        send(outbox, smtp, kind=LETTERS)
    app = open_silent(section="asked")
    assert "Decide what happens to these letters" in text_of(app)
    press(app, "leave-1")
    assert "Decide what happens to these letters" not in text_of(app)
    assert LetterLedger(campaign / "private", is_sample=True).times().keys() == {"FIX-014"}


def test_reminders_are_sent_from_the_page_in_the_last_days_of_a_wave(open_silent, campaign, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")
    monkeypatch.setattr(letter_batch, "workers", WorkersHere())
    today = find_today()
    text = (SHIPPED_CAMPAIGN / CAMPAIGN).read_text(encoding="utf-8")
    survey = f'[reports_by_link]\nopen = true\n[[survey]]\nwave = "final"\nanswer_by = {today + timedelta(days=5)}\n'
    (campaign / CAMPAIGN).write_text(f"{text}\n{survey}", encoding="utf-8")
    for action_id in ("FIX-008", "FIX-014"):
        ask(campaign, action_id, day=today - timedelta(days=20), channel="mail")
    app = open_silent(section="asked")
    assert "2 letters have no answer yet." in text_of(app)
    press(app, "silent-remind")
    app.run()
    assert len(list((campaign / "private" / "mails").rglob("*.eml"))) == 2
    app = open_silent(section="asked")
    assert not [button for button in app.button if button.key == "silent-remind"]
