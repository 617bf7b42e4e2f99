"""`/.well-known/security.txt` says whom to tell about a weakness, as RFC 9116 wants it, where somebody is set."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette

from dashboard.errors import UserError
from dashboard.settings import Settings
from dashboard.web.security_contact import PATH, write_security_contact
from tests.charts_over_http import BASE, ask


def test_the_contact_is_told_with_a_day_on_which_that_ends(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(app, PATH).status_code == 404
    monkeypatch.setenv("DASHBOARD_SECURITY_CONTACT", "security@example.org, https://example.org/report")
    monkeypatch.setenv("DASHBOARD_SECURITY_POLICY", "https://example.org/policy")
    answer = ask(app, PATH)
    fields = [line.split(": ", 1) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert [value for name, value in fields if name == "Contact"] == [
        "mailto:security@example.org", "https://example.org/report",
    ]  # fmt: skip
    single = {name: value for name, value in fields if name != "Contact"}
    assert len(single) == len(fields) - 2, "each other field once"
    assert single["Canonical"] == f"{BASE}{PATH}" and single["Policy"] == "https://example.org/policy"
    assert {"en", "fr", "es"} <= set(single["Preferred-Languages"].split(", "))
    remaining = datetime.fromisoformat(single["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < remaining < timedelta(days=365)
    assert ask(app, PATH, if_none_match=answer.headers["etag"]).status_code == 304


def test_what_is_answered_is_the_same_for_a_day() -> None:
    settings = Settings.from_environment({"DASHBOARD_SECURITY_CONTACT": "security@example.org"})
    first, second, later = (
        write_security_contact(settings, BASE, datetime(2021, 6, day, hour, tzinfo=UTC))
        for day, hour in ((1, 0), (1, 23), (2, 0))
    )
    assert first == second != later
    assert "Policy" not in first


@pytest.mark.parametrize(
    "text", ["security", "http://example.org", "a@b\u00e9.example", "https://", "javascript:alert(1)@b"]
)
def test_what_is_no_contact_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="DASHBOARD_SECURITY_CONTACT names"):
        Settings.from_environment({"DASHBOARD_SECURITY_CONTACT": text})
