"""The newsletter's plain pages: opening a link changes nothing, a button does, and nothing is stored or passed on."""

import logging
import re
import sqlite3
import sys
from pathlib import Path

import httpx
import pytest
from lxml import html
from starlette.applications import Starlette

from dashboard.ground.budgets import WIDTHS, Bucket
from dashboard.mail import sending, subscribers
from dashboard.mail.sending import send
from dashboard.mail.subscribers import Desk, Wish
from dashboard.web.guard.allowances import name_network
from tests.charts_over_http import ask, make_app
from tests.dashboard.mail.desks import make_desk, text_of, waiting
from tests.dashboard.mail.relay import environment, running
from tests.snapshots import publish_fixture

ADDRESS = "sample.person.001@example.org"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    publish_fixture(tmp_path)
    monkeypatch.setenv("DASHBOARD_NEWSLETTER", "on")
    own = Bucket(1 / subscribers.SECONDS, subscribers.MOST_SIGN_UPS, clock=lambda: 0.0)
    monkeypatch.setattr(subscribers, "sign_ups", lambda: own)
    monkeypatch.setattr(sending, "send_confirmations", lambda _settings: None)
    return make_app(tmp_path, monkeypatch)


@pytest.fixture
def desk(app: Starlette, tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def request(app: Starlette, path: str, form: dict[str, object] | None = None) -> httpx.Response:
    """GET, or POST of a form as browsers and mail programs send it."""
    return ask(app, path) if form is None else ask(app, path, "POST", content=form)


def path_in(desk: Desk, use: str) -> str:
    """Return the path of the last mail's link for a use."""
    return re.search(rf"/newsletter/{use}\?\S+", text_of(waiting(desk)[-1]))[0]


def join(app: Starlette, desk: Desk) -> str:
    """Sign up and confirm; gives the subscriber's id."""
    request(app, "/newsletter/sign-up?lang=fr", {"address": ADDRESS, "lang": "fr", "regions": ["africa", "atlantis"]})
    assert request(app, path_in(desk, "confirm"), {}).status_code == 200
    return desk.find(address=ADDRESS).subscriber_id


def own_path(desk: Desk, use: str, subscriber_id: str) -> str:
    return desk.make_link(use, subscriber_id, "fr").removeprefix(desk.settings.base_url)


def test_signing_up_works_without_scripts_and_opening_links_changes_nothing(app: Starlette, desk: Desk) -> None:
    page = html.fromstring(request(app, "/newsletter/sign-up?lang=fr").text)
    assert page.get("lang") == "fr"
    assert not page.xpath("//script | //link | //img | //iframe")
    fields = {field.get("name") for field in page.xpath("//form//input | //form//select")}
    assert fields == {"address", "lang", "regions", "themes", "website"}
    assert "unclassified" not in page.xpath("//input/@value")
    assert all(label.xpath("@for | .//input") for label in page.xpath("//label"))
    request(app, "/newsletter/sign-up", {"address": ADDRESS, "lang": "fr", "regions": ["africa", "atlantis"]})
    asked = request(app, path_in(desk, "confirm"))  # as scanners do, which open every link
    assert asked.status_code == 200 and '<form method="post">' in asked.text
    assert desk.readers() == {}
    request(app, path_in(desk, "confirm"), {})
    subscriber_id = desk.find(address=ADDRESS).subscriber_id
    for use in ("unsubscribe", "preferences"):
        assert request(app, own_path(desk, use, subscriber_id)).status_code == 200
    ((wish, readers),) = desk.readers().items()
    assert (wish, len(readers)) == (Wish("fr", ("africa",)), 1)


def full(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def test_on_a_full_disk_what_is_wanted_is_refused_in_a_sentence_and_nothing_of_it_stays(app, desk, monkeypatch) -> None:
    leave = own_path(desk, "unsubscribe", join(app, desk))
    sign_up = ("/newsletter/sign-up?lang=fr", {"address": "sample.person.002@example.org", "lang": "fr"})
    for place, path, form in (("outbox", *sign_up), ("subscribers", *sign_up), ("subscribers", leave, {})):
        with monkeypatch.context() as patch:
            patch.setattr(f"dashboard.mail.{place}.change", full)
            answer = request(app, path, form)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert "n’a pas pu être enregistré" in answer.text and str(desk.settings.campaign) not in answer.text
    assert {state: number for (state, _), number in desk.count_subscribers().items()} == {"confirmed": 1}
    assert len(waiting(desk)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="this system sets no limit to what a process writes")
def test_a_disk_that_takes_nothing_from_the_first_on_is_told_too(app: Starlette, desk: Desk) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        statuses = [request(app, "/newsletter/sign-up", {"address": ADDRESS}).status_code]
        statuses += [
            request(app, "/newsletter/confirm?t=x").status_code,
            request(app, "/newsletter/sign-up").status_code,
        ]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert statuses == [503, 503, 200]
    assert [path.name for path in (desk.settings.campaign / "private").glob("*key*")] == []
    assert desk.count_subscribers() == {}


MULTIPART = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (MULTIPART, "multipart/form-data; boundary=x"),
    ],
)
def test_one_click_leaves_by_the_post_of_a_mail_program(app: Starlette, desk: Desk, body: bytes, kind: str) -> None:
    path = own_path(desk, "unsubscribe", join(app, desk))
    for _ in range(2):  # twice is as good
        answer = ask(app, path, "POST", content=body, content_type=kind)  # without cookies, referrer or a page before
        assert answer.status_code == 200  # RFC 8058 allows no redirect
        assert desk.count_subscribers() == {("left", "fr"): 1}


def test_nothing_is_kept_framed_loaded_or_told_to_other_sites(app: Starlette, desk: Desk) -> None:
    subscriber_id = join(app, desk)
    for path in ("/newsletter/sign-up", own_path(desk, "preferences", subscriber_id), "/newsletter/confirm?t=wrong"):
        answer = request(app, path)
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "noindex" in answer.headers["x-robots-tag"]
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
    assert request(app, "/newsletter/confirm?t=wrong").status_code == 400
    assert request(app, "/newsletter/sign-up", {"address": "x" * 50_000}).status_code == 400


def test_preferences_export_and_erasing_on_ones_own_page(app: Starlette, desk: Desk) -> None:
    subscriber_id = join(app, desk)
    path = own_path(desk, "preferences", subscriber_id)
    changed = request(app, path, {"action": "save", "lang": "es", "themes": ["mining", "mining"]})
    assert 'role="status"' in changed.text and html.fromstring(changed.text).get("lang") == "es"
    assert list(desk.readers()) == [Wish("es", (), ("mining",))]
    exported = request(app, path.replace("/preferences", "/export"))
    told = exported.json()
    assert (told["address"], told["themes"], bool(told["confirmed_at"])) == (ADDRESS, ["mining"], True)
    assert exported.headers["content-disposition"].startswith("attachment")
    send(desk.outbox, desk.settings)  # a file, since there is no relay
    assert request(app, path, {"action": "erase"}).status_code == 200
    assert desk.find(address=ADDRESS) is None
    content = b"".join(path.read_bytes() for path in desk.outbox.private.rglob("*") if path.is_file())
    assert ADDRESS.encode() not in content
    assert request(app, path).status_code == request(app, path, {"action": "erase"}).status_code == 400


def test_every_address_gets_the_same_page_and_programs_that_fill_in_everything_get_no_mail(
    app: Starlette, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(app, desk)
    known, unknown, trapped = (
        request(app, "/newsletter/sign-up", {"lang": "en", **form})
        for form in ({"address": ADDRESS}, {"address": "b@example.org"}, {"address": "c@example.org", "website": "x"})
    )
    assert known.text == unknown.text == trapped.text
    assert desk.find(address="c@example.org") is None
    monkeypatch.setenv("DASHBOARD_NEWSLETTER", "off")
    closed = request(app, "/newsletter/sign-up?lang=es")
    assert closed.status_code == 400 and "no está configurado" in closed.text


@pytest.mark.parametrize(
    ("clients", "most"),
    [
        ("2001:db8:1:1::{}", subscribers.MOST_SIGN_UPS),
        ("2001:db8:1:{}00::1", subscribers.MOST_SIGN_UPS * WIDTHS[48]),
        (
            "127.0.0.1",
            subscribers.MOST_SIGN_UPS * WIDTHS[32],
        ),  # any number of readers, by a proxy that no setting names
    ],
)
def test_a_network_signs_up_so_many_and_another_one_still(app: Starlette, desk: Desk, clients: str, most: int) -> None:
    def try_it(number: int, client: str) -> int:
        form = {"address": f"sample{number}@example.org"}
        forged = {"x_forwarded_for": f"203.0.113.{number}"}
        return ask(app, "/newsletter/sign-up", "POST", client=client, content=form, **forged).status_code

    own = subscribers.sign_ups()  # half an hour would fill it again by half
    for number in range(most - 2):
        own.take(name_network(clients.format(f"{number:x}")), 1 if ":" in clients else 1 / WIDTHS[32])
    assert [try_it(number, clients.format(f"{most + number:x}")) for number in range(3)] == [200, 200, 429]
    assert desk.find(address="sample2@example.org") is None, "nothing is written for it"
    assert try_it(4, "2001:db8:2::1") == try_it(5, "192.0.2.1") == 200


def test_confirmations_are_sent_at_once_and_no_address_is_logged(app, desk: Desk, monkeypatch, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.undo()
    desk.sign_up(ADDRESS, Wish("en"))
    with running(lambda address, n: f"451 <{address}> not now" if n == 1 and "002" in address else None) as (
        relay,
        smtp,
    ):
        server = make_desk(desk.settings.campaign, **environment(smtp.smtp_port))
        sending.send_confirmations(server.settings).join()
        assert relay.recipients == [ADDRESS]
        desk.sign_up("sample.person.002@example.org", Wish("en"))
        sending.send_confirmations(server.settings).join()
    sending.send_confirmations(server.settings).join()  # nobody listens any more: it waits
    own = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    assert own and not [line for line in own if "@" in line]
