"""Old addresses outside of the dashboard, from before its pages had parts, still lead to their targets."""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import pytest
from starlette.applications import Starlette

from dashboard.ground import page_addresses
from dashboard.ground.page_addresses import BY, FORMER, PAGES, PART
from dashboard.ui.frame.header import ALL
from tests.charts_over_http import BASE, ask, make_site
from tests.charts_over_http import PAGES as SITE
from tests.signed_in import cheapen, write_roles
from tests.snapshots import FIXTURES


class Address(NamedTuple):
    """An address, and the part that it led to."""

    part: str
    written: str


def read_addresses() -> list[Address]:
    """Read the list that was kept."""
    lines = (FIXTURES / "addresses.txt").read_text(encoding="utf-8").splitlines()
    return [Address(*line.split()[-2:]) for line in lines if not line.startswith("#")]


ADDRESSES = read_addresses()


def test_every_part_of_former_times_is_listed_and_what_a_page_opens_has_an_address(
    campaign_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {urlsplit(one.written).path.strip("/") for one in ADDRESSES}
    new = {"share", "files", "ask", "subregions", "countries", "groupings", "reports"}
    assert names == {"", *FORMER, *PAGES} - new
    assert {spec.page_id for spec in ALL} == set(page_addresses.PARTS)
    site, below = make_site(campaign_folder, monkeypatch), urlsplit(BASE).path
    for written, there in (
        ("/stakeholders/st_1?lang=fr", "/actions?part=stakeholders&stakeholder=st_1&lang=fr"),
        ("/stakeholders/a%2Fb/", "/actions?part=stakeholders&stakeholder=a%2Fb"),
        ("/country/KEN?theme=education", "/regions?country=KEN&theme=education"),
    ):
        answer = ask(site, f"{below}{written}")
        assert answer.status_code == 308
        assert urljoin(f"{BASE}{written}", answer.headers["location"]) == f"{BASE}{there}"


@pytest.mark.parametrize("base", [pytest.param("https://example.org", marks=pytest.mark.nightly), BASE])
def test_every_address_leads_to_the_part_it_meant_with_all_its_parameters(
    campaign_folder: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    site, below = make_site(campaign_folder, monkeypatch, base), urlsplit(base).path
    for part, written in ADDRESSES:
        path = f"{below}{written}"
        answer = ask(site, path)
        if urlsplit(written).path.strip("/") in FORMER:
            assert answer.status_code == 308, written
            path = urljoin(f"https://example.org{path}", answer.headers["location"]).removeprefix("https://example.org")
            answer = ask(site, path)
        there = urlsplit(path.removeprefix(below))
        stated = parse_qsl(there.query, keep_blank_values=True)
        shown, pairs = page_addresses.read(there.path.strip("/"), stated)
        assert shown == part, written
        assert pairs == parse_qsl(urlsplit(written).query, keep_blank_values=True), written
        assert {name for name, _ in stated} - {name for name, _ in pairs} <= {PART, BY}
        assert answer.status_code == 200, path
        if part not in SITE.private:  # search engines keep the new address from now on
            [canonical] = [line for line in answer.text.split("<link ") if line.startswith('rel="canonical"')] or [""]
            assert not any(f"{base}/{name}" in canonical for name in FORMER), canonical


def test_an_address_of_former_times_tells_a_stranger_no_more_than_before(
    campaign_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheapen(monkeypatch)
    site: Starlette = make_site(tmp_path, monkeypatch, "http://test")
    monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", "an imaginary password")
    write_roles(tmp_path, closed=True)
    for part in FORMER:
        answer = ask(site, f"/{part}?region=africa", accept="text/html")
        way = urlsplit(answer.headers["location"])
        assert (answer.status_code, way.path, parse_qs(way.query)) == (
            303,
            "/sign-in",
            {"next": [f"/{part}?region=africa"]},
        )
