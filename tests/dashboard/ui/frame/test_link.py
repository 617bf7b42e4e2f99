"""Where links for others lead."""

import pytest

from dashboard.ui.frame import link


@pytest.mark.parametrize(
    ("here", "public", "expected"),
    [
        ("https://example.org/dash/share?lang=fr", "http://127.0.0.1:8501", "https://example.org/dash"),
        ("https://example.org/share", "https://other.example.org", "https://example.org"),
        ("http://127.0.0.1:8501/share", "https://example.org/dash", "https://example.org/dash"),
        ("http://localhost:8501/share", "http://127.0.0.1:8501", "http://localhost:8501"),
        ("", "https://example.org", "https://example.org"),
    ],
)
def test_links_for_others_have_the_readers_address_or_the_public_one(monkeypatch, here, public, expected):
    monkeypatch.setenv("DASHBOARD_BASE_URL", public)
    monkeypatch.setattr(link, "page_address", lambda: here.split("?")[0])
    assert link.site_address("briefing") == expected
