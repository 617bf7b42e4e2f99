"""Signing in by a provider that really answers: the tokens that admit, and those that are refused."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey

from dashboard.access.providers import find_providers
from dashboard.access.sessions import sessions_of
from dashboard.settings import Settings
from dashboard.web.sign_in import by_provider
from dashboard.web.site import read_next
from tests.charts_over_http import ask, stand_before_all
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, SHARED_SECRET, OidcProvider, running_provider

TENANT, OTHER_TENANT = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
OBJECT, GROUP = "33333333-3333-3333-3333-333333333333", "44444444-4444-4444-4444-444444444444"
ROLES = f"""
[[people]]
role = "administrator"
provider = "local"
subject = "person-1"

[[people]]
role = "staff"
address = "Staff.Person@example.org"

[[people]]
role = "reader"
domain = "example.org"

[[people]]
role = "staff"
provider = "local"
claim = "realm_access.roles"
value = "dashboard-staff"

[[people]]
role = "administrator"
tenant = "{TENANT}"
object = "{OBJECT}"

[[people]]
role = "staff"
tenant = "{TENANT}"
group = "{GROUP}"
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with running_provider() as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path, provider: OidcProvider, monkeypatch: pytest.MonkeyPatch) -> Settings:
    provider.reset()
    by_provider._failed_at.clear()
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://figures.example.org/dashboard")
    monkeypatch.setenv("IMAGINARY_SECRET", CLIENT_SECRET)
    private = tmp_path / "private"
    private.mkdir()
    (private / "roles.toml").write_text(ROLES)
    state_provider(private, provider, "oidc")
    return Settings.from_environment()


def state_provider(private: Path, provider: OidcProvider, kind: str) -> None:
    tenant = f'tenant = "{TENANT}"\n' if kind == "entra" else ""
    (private / "providers.toml").write_text(
        f'[[provider]]\nid = "local"\nkind = "{kind}"\nname = "A local provider"\n{tenant}'
        f'discovery = "{provider.address}/.well-known/openid-configuration"\n'
        f'client_id = "{CLIENT_ID}"\nclient_secret_env = "IMAGINARY_SECRET"\ngraph = "{provider.address}/graph"\n'
    )


class Browser:
    """A browser: it keeps cookies, follows the way to the provider and back, and stops on demand."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> httpx.Response:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = ask(stand_before_all(), f"https://figures.example.org{path}", cookie=kept, accept="text/html")
        for written in answer.headers.get_list("set-cookie"):
            name, _, value = written.partition(";")[0].partition("=")
            self.cookies.pop(name, None)
            if "Max-Age=0" not in written:
                self.cookies[name] = value
        return answer

    def go(self, next_path: str = "/dashboard/quality") -> str:
        """Go to the provider and back; return the address of the redirect."""
        answer = self.get(f"/sign-in/local?next={next_path}&lang=fr")
        assert answer.status_code == 303, answer.text
        sent = httpx.get(answer.headers["location"], verify=False)  # noqa: S501  (it is asked without TLS)
        assert sent.status_code == 302, sent.text
        back = sent.headers["location"]
        assert back.startswith("https://figures.example.org/dashboard/sign-in/local/callback?")
        return back.removeprefix("https://figures.example.org/dashboard")

    def sign_in(self, next_path: str = "/dashboard/quality") -> httpx.Response:
        return self.get(self.go(next_path))

    @property
    def status_of_staff(self) -> int:
        return self.get("/files?part=quality").status_code


def test_who_has_a_role_gets_a_session_of_their_own(settings: Settings, provider: OidcProvider) -> None:
    browser = Browser()
    page = browser.get("/sign-in?next=/dashboard/quality&lang=en")
    assert "Sign in with A local provider" in page.text
    answer = browser.sign_in("/dashboard/quality%3Fregion%3Dafrica")
    assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard/quality?region=africa")
    written = {c.partition("=")[0]: c for c in answer.headers.get_list("set-cookie")}
    session = written["__Host-dashboard-session"]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(session.split("; "))
    assert "Domain" not in session
    assert "Max-Age=0" in written["__Host-dashboard-flow"]
    assert browser.status_of_staff == 200
    (kept,) = sessions_of(settings).list_all()
    assert (kept.identity.subject, kept.identity.name) == ("person-1", "Sample Person 001")
    first = browser.cookies["__Host-dashboard-session"]
    browser.sign_in()
    assert browser.cookies["__Host-dashboard-session"] != first  # a new name at each sign-in,
    browser.cookies["__Host-dashboard-session"] = first
    assert browser.status_of_staff == 303  # and the former one opens nothing


OF_STAFF, ANOTHER = {"email": "staff.person@example.org"}, {"email": "another@example.org"}
VERIFIED, UNVERIFIED = {"email_verified": True}, {"email_verified": False}
TOO_MANY = {"tid": TENANT, "_claim_names": {"groups": "src1"}}


@pytest.mark.parametrize(
    ("kind", "claims", "groups", "staff_page"),
    [
        ("oidc", {"sub": "person-1"}, None, 200),
        ("oidc", {"sub": "person-2"}, None, 303),
        ("oidc", OF_STAFF | VERIFIED, None, 200),
        ("oidc", {"email": "STAFF.person@example.org"} | VERIFIED, None, 200),
        ("oidc", OF_STAFF | UNVERIFIED, None, 303),
        ("oidc", OF_STAFF | {"email_verified": "true"}, None, 303),
        ("oidc", OF_STAFF, None, 303),
        ("oidc", {"preferred_username": "staff.person@example.org"} | VERIFIED, None, 303),
        ("oidc", ANOTHER | VERIFIED, None, 403),  # a reader
        ("oidc", {"email": "another@evil-example.org"} | VERIFIED, None, 303),
        ("oidc", {"email": "example.org@evil.example"} | VERIFIED, None, 303),
        ("oidc", {"realm_access": {"roles": ["dashboard-staff"]}}, None, 200),
        ("oidc", {"realm_access": {"roles": "dashboard-staff-not"}}, None, 303),
        ("oidc", {"tid": TENANT, "oid": OBJECT}, None, 303),  # of Entra alone
        ("oidc", {"groups": [GROUP]}, None, 303),
        # Entra: by tenant and object or group, and never by an address
        ("entra", {"tid": TENANT, "oid": OBJECT}, None, 200),
        ("entra", {"tid": OTHER_TENANT, "oid": OBJECT}, None, 303),
        ("entra", {"oid": OBJECT}, None, 303),
        ("entra", {"tid": TENANT, "oid": OTHER_TENANT}, None, 303),
        ("entra", {"tid": TENANT, "oid": "x"} | OF_STAFF | VERIFIED, None, 303),
        ("entra", {"tid": TENANT, "oid": "x"} | OF_STAFF, None, 303),
        ("entra", {"tid": TENANT, "oid": "x", "groups": [GROUP]}, None, 200),
        ("entra", {"tid": OTHER_TENANT, "oid": "x", "groups": [GROUP]}, None, 303),
        ("entra", TOO_MANY | {"oid": "x"}, [GROUP], 200),
        ("entra", TOO_MANY | {"oid": "x"}, [OTHER_TENANT], 303),
        ("entra", TOO_MANY | {"oid": "x"}, None, 303),
        ("entra", TOO_MANY | {"oid": OBJECT}, None, 200),
        # Google: a domain counts where it manages the account, not a private account with such an address
        ("google", ANOTHER | VERIFIED | {"hd": "example.org"}, None, 403),
        ("google", ANOTHER | VERIFIED, None, 303),
        ("google", ANOTHER | VERIFIED | {"hd": "evil.example"}, None, 303),
        ("google", ANOTHER | UNVERIFIED | {"hd": "example.org"}, None, 303),
    ],
)
def test_a_role_rests_on_what_the_provider_vouches_for(
    settings: Settings, provider: OidcProvider, kind: str, claims: dict[str, Any], groups: Any, staff_page: int
) -> None:
    """A staff page has 403 for readers, 303 for strangers."""
    state_provider(settings.campaign / "private", provider, kind)
    provider.claims, provider.groups = {"sub": "x", **claims}, groups
    browser = Browser()
    browser.sign_in()
    assert browser.status_of_staff == staff_page
    assert ("/graph/me/getMemberObjects" in provider.asked) == ("_claim_names" in claims)


def leave_out(name: str, claims: dict[str, Any]) -> dict[str, Any]:
    return {own: value for own, value in claims.items() if own != name}


FAULTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another issuer": lambda claims: claims | {"iss": "https://evil.example"},
    "another audience": lambda claims: claims | {"aud": "another-application"},
    "several audiences": lambda claims: claims | {"aud": ["another-application", "evil"]},
    "an old token": lambda claims: claims | {"exp": 1, "iat": 0},
    "another nonce": lambda claims: claims | {"nonce": "another"},
    **{f"without {name}": partial(leave_out, name) for name in ("nonce", "sub", "aud", "exp", "iss")},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_that_was_made_for_others_or_leaves_something_out_is_refused(settings, provider, fault: str) -> None:
    provider.forge = FAULTS[fault]
    assert_refused(Browser(), settings)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_a_token_that_the_provider_has_not_signed_is_refused(settings, provider: OidcProvider, algorithm: str) -> None:
    provider.algorithm = algorithm
    if algorithm != "none":
        provider.key = SHARED_SECRET if algorithm == "HS256" else RSAKey.generate_key(2048, {"kid": "own"})
    assert_refused(Browser(), settings)


def assert_refused(browser: Browser, settings: Settings) -> None:
    answer = browser.sign_in()
    assert answer.status_code == 400
    assert "n’est pas valable" in answer.text
    assert sessions_of(settings).list_all() == []
    assert browser.status_of_staff == 303


def test_a_way_back_that_was_not_begun_here_or_too_long_ago_is_refused(settings, provider, monkeypatch) -> None:
    victim, attacker = Browser(), Browser()
    back = attacker.go()
    for browser, address in [
        (victim, back),  # the attacker's own code, in the victim's browser
        (attacker, re.sub("state=[^&]+", "state=another", back)),
        (attacker, back.replace("state=", "stat=")),
    ]:
        answer = browser.get(address)
        assert answer.status_code == 400
        assert browser.status_of_staff == 303
    back = attacker.go()
    assert attacker.get(back).status_code == 303
    assert attacker.get(back).status_code == 400  # once
    back, name = attacker.go(), "__Host-dashboard-flow"
    kept = attacker.cookies[name]
    attacker.cookies[name] = f"{kept[:-2]}xx"  # forged
    assert attacker.get(back).status_code == 400
    monkeypatch.setattr(by_provider, "SECONDS_TO_SIGN_IN", -1)
    attacker.cookies[name] = kept
    assert attacker.get(back).status_code == 400


def test_who_has_no_role_is_told_what_would_give_one(settings: Settings, provider: OidcProvider) -> None:
    provider.claims = {"sub": "person-<2>", "name": "Sample Person 002"}
    answer = Browser().sign_in()
    assert answer.status_code == 403
    assert "subject = &quot;person-&lt;2&gt;&quot;" in answer.text
    assert "Sample Person 002" in answer.text
    assert sessions_of(settings).list_all() == []


def test_a_provider_that_is_down_is_a_sentence(settings: Settings, provider: OidcProvider, caplog) -> None:
    by_provider._clients.clear()
    provider.is_down = True
    browser = Browser()
    answer = browser.get("/sign-in/local?lang=en")
    assert answer.status_code == 502
    assert "This way to sign in is not working at the moment." in answer.text
    asked = len(provider.asked)
    assert browser.get("/sign-in/local").status_code == 502
    assert len(provider.asked) == asked  # nobody makes it be asked again and again
    provider.is_down = False
    by_provider._failed_at.clear()
    back = browser.go()
    provider.is_down = True
    assert browser.get(back).status_code == 400
    assert CLIENT_SECRET not in caplog.text
    assert "code=" not in caplog.text
    assert Browser().get("/sign-in/unknown").status_code == 404
    by_provider._clients.clear()
    provider.is_down, provider.issuer = False, "https://evil.example"  # one that says that it is another
    assert Browser().get("/sign-in/local").status_code == 502


def test_after_the_sign_in_it_goes_on_to_the_dashboard_alone(settings: Settings, provider: OidcProvider) -> None:
    assert Browser().sign_in("/dashboard//evil.example").headers["location"] == "/dashboard/"
    elsewhere = ("https://evil.example/", "//evil.example/", "/dashboard//evil.example", "/dashboard/\\evil.example")
    for stated in (*elsewhere, "/other", "x"):
        assert read_next(stated, settings) == "/dashboard/", stated


def test_secrets_are_in_no_words(settings: Settings, provider: OidcProvider, caplog: pytest.LogCaptureFixture) -> None:
    path = settings.campaign / "private" / "providers.toml"
    text = path.read_text()
    path.write_text(text.replace('client_secret_env = "IMAGINARY_SECRET"', f'client_secret = "{CLIENT_SECRET}"'))
    found = find_providers(settings.campaign)
    assert found.usable[0].find_secret() == CLIENT_SECRET
    assert CLIENT_SECRET not in repr(found)
    path.write_text(text.replace('kind = "oidc"', f'kind = "oidc"\nclient_secret = ["{CLIENT_SECRET}"]'))
    faulty = find_providers(settings.campaign)
    assert str(faulty.problem) in caplog.text, "the operator reads there what is wrong"
    assert CLIENT_SECRET not in caplog.text
    assert Browser().get("/sign-in").status_code == 200
