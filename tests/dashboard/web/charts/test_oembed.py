"""oEmbed: the answer to content systems for a pasted address, and to hostile addresses."""

from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from lxml import html
from starlette.applications import Starlette

from tests import charts_over_http
from tests.charts_over_http import BASE

CHART = "charts/completion-by-region"


def ask(app: Starlette, address: str, host: str = "test", **more: Any) -> httpx.Response:
    return charts_over_http.ask(app, f"/oembed?{urlencode({'url': address} | more)}", host=host)


def read_frame(answer: httpx.Response) -> html.HtmlElement:
    assert answer.status_code == 200, answer.text
    elements = list(html.fragment_fromstring(answer.json()["html"]).iter())
    assert [element.tag for element in elements] == ["div", "iframe"]
    return elements[1]


def test_an_address_of_a_chart_becomes_a_frame(app: Starlette) -> None:
    answer = ask(app, f"{BASE}/charts/completion-by-region?region=africa&lang=fr")
    said = answer.json()
    assert (said["type"], said["version"], said["provider_url"]) == ("rich", "1.0", BASE)
    assert said["title"] == "Taux d’achèvement par région"
    frame = read_frame(answer)
    assert frame.get("src") == f"{BASE}/charts/completion-by-region?region=africa&lang=fr"
    assert frame.get("title") == said["title"]
    assert (frame.get("width"), frame.get("height")) == ("100%", str(said["height"]))
    assert f"max-width:{said['width']}px" in frame.getparent().get("style")
    assert (said["thumbnail_width"], said["thumbnail_height"]) == (1200, 630)
    assert said["thumbnail_url"].startswith(f"{BASE}/charts/completion-by-region.png?")
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "framed"),
    [
        ("charts/region-by-theme.png?size=slide&scale=2&region=africa", "region-by-theme?region=africa&lang=en"),
        ("charts/region-by-theme/interactive", "region-by-theme?lang=en"),
        ("charts/region-by-theme?build=fixture", "region-by-theme?build=fixture&lang=en"),
        ("charts/region-by-theme?title=A%20%22title%22", "region-by-theme?lang=en&title=A+%22title%22"),
        ("regions?region=africa", "completion-by-region?region=africa&lang=en"),
        (
            "regions?sort=status-overview:name,completion-by-region:rate&large=status-overview&chart=completion-tiles",
            "completion-by-region?lang=en&sort=rate",
        ),
        ("charts/completion-by-theme.csv?measure=pace&peers=1", "completion-by-theme?lang=en&measure=pace&peers=1"),
        ("?lang=es", "completion-over-time?lang=es"),
        ("groups?lang=es", "completion-by-group?lang=es"),
        ("regions?by=group&lang=es", "completion-by-group?lang=es"),
        ("country?country=GHA&lang=es", "completion-over-time?country=GHA&lang=es"),
        ("regions?country=GHA&lang=es", "completion-over-time?country=GHA&lang=es"),
        ("explore?part=compare&theme=mining&vs.theme=&lang=es", "completion-over-time?theme=mining&vs.theme=&lang=es"),
    ],
)
def test_other_addresses_of_a_chart_lead_to_its_page(app: Starlette, path: str, framed: str) -> None:
    assert read_frame(ask(app, f"{BASE}/{path}")).get("src") == f"{BASE}/charts/{framed}"


def test_the_frame_keeps_to_the_room_there_is_and_xml_is_not_implemented(app: Starlette) -> None:
    address = f"{BASE}/{CHART}"
    described = ask(app, address, maxwidth="400", maxheight="300", format="json", dnt="1").json()
    assert (described["width"], described["height"]) == (400, 300)
    assert "thumbnail_url" not in described  # it may be no larger either
    assert ask(app, address, maxwidth="5").json()["width"] == 200
    assert ask(app, address, maxwidth="99999").json()["width"] == 680
    assert ask(app, address, maxwidth="wide").status_code == 400
    assert ask(app, address, format="xml").status_code == 501
    assert charts_over_http.ask(app, "/oembed").status_code == 400, "an address is needed"


def test_what_is_no_chart_of_ours_is_not_found(app: Starlette) -> None:
    for address in (
        f"https://evil.example/{CHART}", f"https://actions.example.org.evil.example/dashboard/{CHART}",
        f"https://actions.example.org@evil.example/dashboard/{CHART}", f"https://actions.example.org/other/{CHART}",
        f"javascript:alert(1)//actions.example.org/dashboard/{CHART}", f"//actions.example.org/dashboard/{CHART}",
        f"{BASE}/charts/no-such-chart", f"{BASE}/{CHART}.exe", f"{BASE}/charts/../healthz",
        f"{BASE}/{CHART}?region=mars", f"{BASE}/{CHART}?build=gone", f"{BASE}/{CHART}?build=..%2F..%2Fx",
        f"{BASE}/upload", f"{BASE}/files", f"{BASE}/actions?part=no-such-part", f"{BASE}/charts",
        "https://[broken", "x" * 10_000,
    ):  # fmt: skip
        answer = ask(app, address)
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store"), address


@pytest.mark.parametrize("parameter", ["title", "q"])
def test_nothing_is_handed_back_as_it_came(app: Starlette, parameter: str) -> None:
    attack = '"><script>alert(1)</script><iframe src="https://evil.example'
    answer = ask(app, f"{BASE}/charts/completion-by-region?{parameter}={quote(attack)}")
    frame = read_frame(answer)
    assert frame.get("src").startswith(f"{BASE}/charts/completion-by-region?")
    assert set(frame.keys()) == {"src", "title", "width", "height", "style", "loading"}
    assert "<script" not in answer.json()["html"]


@pytest.mark.parametrize(
    ("setting", "asked_at", "pasted", "said"),
    [
        ("", "127.0.0.1:8711", "http://127.0.0.1:8711", "http://127.0.0.1:8711"),
        ("", "localhost:8711", "http://127.0.0.1:8711", "http://localhost:8711"),
        ("http://127.0.0.1:8501/figures", "[::1]:8711", "http://[::1]:8711/figures", "http://[::1]:8711/figures"),
        ("", "127.0.0.1:8711", "http://127.0.0.1:8712", "no address of a chart"),
        ("", "127.0.0.1:8711", "https://evil.example", "no address of a chart"),
        ("", "actions.example.org", "https://actions.example.org", "DASHBOARD_BASE_URL"),
        ("", "localhost.evil.example", "http://localhost.evil.example", "DASHBOARD_BASE_URL"),
        ("", "127.0.0.1:1<script>", "http://127.0.0.1:1", "DASHBOARD_BASE_URL"),
        (BASE, "127.0.0.1:8501", "http://127.0.0.1:8501", "no address of a chart"),
        (BASE, "evil.example", BASE, BASE),
    ],
)
def test_it_answers_for_the_address_it_was_asked_at(
    app: Starlette, monkeypatch: pytest.MonkeyPatch, setting: str, asked_at: str, pasted: str, said: str
) -> None:
    monkeypatch.setenv("DASHBOARD_BASE_URL", setting)
    answer = ask(app, f"{pasted}/{CHART}", host=asked_at)
    if said.startswith("http"):
        assert read_frame(answer).get("src") == f"{said}/charts/completion-by-region?lang=en"
        assert answer.json()["provider_url"] == said
    else:
        assert answer.status_code == 404
        assert said in answer.json()["error"]
        assert "evil" not in answer.text
