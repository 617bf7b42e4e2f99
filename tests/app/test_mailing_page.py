"""The pages of the newsletter: signing up, and for staff the next issue, its sending, decisions and requests."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ground.budgets import Bucket
from dashboard.mail import issue, sending, subscribers
from dashboard.mail.digest import gather
from dashboard.mail.issue import make_issue
from dashboard.mail.sending import send
from dashboard.mail.subscribers import Desk, Wish
from dashboard.ui import mailing
from tests.app.conftest import OpenPage, elements, press, text_of
from tests.app.uploads import Ended, set_sample
from tests.dashboard.mail.desks import make_desk
from tests.dashboard.mail.relay import running
from tests.snapshots import copy_published

ADDRESS = "sample.person.001@example.org"


@pytest.fixture
def desk(campaign_folder: Path, tmp_path: Path) -> Desk:
    folder = copy_published(campaign_folder, tmp_path / "campaign")
    return make_desk(folder)


@pytest.fixture
def open_it(open_page: OpenPage, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(desk.settings.campaign))
    monkeypatch.setenv("DASHBOARD_NEWSLETTER", "on")
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    monkeypatch.setattr(sending, "send_confirmations", lambda _settings: None)
    monkeypatch.setattr(subscribers, "sign_ups", lambda: Bucket(1, subscribers.MOST_SIGN_UPS))
    monkeypatch.setattr(issue, "gather", partial(gather, has_pictures=False))
    return open_page


def test_the_page_takes_a_sign_up_and_says_where_there_is_none(open_it, desk, monkeypatch):
    app = open_it("newsletter", lang="fr", region="africa")
    for address in (ADDRESS, "nonsense"):
        app.text_input(key="newsletter-address").set_value(address)
        press(app, "FormSubmitter:newsletter-S’abonner")
        assert bool(app.success) == (not app.error) == (address == ADDRESS)
    assert desk.find(address=ADDRESS).wish == Wish("fr", ("africa",))
    monkeypatch.setenv("DASHBOARD_NEWSLETTER", "off")
    app.query_params["lang"] = "en"
    assert "not set up" in app.run().info[0].value
    assert not [field for field in elements(app, "text_input") if field.key == "newsletter-address"]


def test_staff_look_at_try_and_send_the_next_issue(open_it, desk, monkeypatch):
    desk.put_subscribers([(ADDRESS, Wish("en")), ("b@example.org", Wish("en"))])
    shown = {"subject": "New: things", "html": "<html><head></head><body>Inside</body></html>", "text": "Plain"}
    answers = {"preview": shown, "test": {"counts": {"written": 1}}, "send": {"counts": {"sent": 2}}}
    asked: list[tuple[str, ...]] = []

    def start(_workers: object, *words: str) -> Ended:
        asked.append(words)
        return Ended(answers[words[0]])

    monkeypatch.setattr(mailing, "start", start)
    app = open_it("mailing", lang="en")
    assert "English: everything" in text_of(app)
    assert ADDRESS not in text_of(app)
    press(app, "mailing-preview")
    assert asked == [("preview", "--lang", "en")]
    (frame,) = elements(app, "iframe")
    assert 'sandbox="allow-popups"' in frame.proto.srcdoc and "&lt;body&gt;Inside" in frame.proto.srcdoc
    app.text_input(key="staff-mailing-address").set_value("staff.person@example.org")
    next(b for b in app.button if b.label == "Send a test").click().run()
    assert asked[1:] == [("test", "--lang", "en", "--", "staff.person@example.org")]
    press(app, "mailing-send", "mailing-confirm")
    assert asked[2:] == [("send",)]
    assert "Sent: 2" in app.success[0].value.replace("\\", "")
    assert not app.run().success, "what became of it is said once"


def test_invented_subscribers_are_put_beside_the_sample(open_it, desk):
    set_sample(desk.settings.campaign, True)
    app = press(open_it("mailing", lang="es"), "mailing-sample")
    assert sum(desk.count_subscribers().values()) == 24
    assert "Español: todo" in text_of(app)


def test_staff_settle_what_came_back_and_answer_requests(open_it, desk, snapshot):
    desk.put_subscribers([(ADDRESS, Wish("en"))])
    make_issue(desk, snapshot)
    with running(lambda _a, _n: "550 5.1.1 no") as (_, smtp):
        send(desk.outbox, smtp)
    app = open_it("mailing", lang="en")
    text = text_of(app)
    assert [word in text for word in ("Bounced", "Failed")] == [True, False], "only states that mails are in"
    assert "550 5.1.1" in text and "s…@example.org" in text and ADDRESS not in text
    press(app, "leave-1")
    assert desk.outbox.counts()["left"] == 1
    app.text_input(key="staff-mailing-request").set_value(ADDRESS)
    next(b for b in app.button if b.label == "Search").click().run()
    assert "Gets the newsletter." in text_of(app) + " ".join(m.value for m in app.markdown)
    press(app, "mailing-erase")
    assert desk.find(address=ADDRESS) is None
