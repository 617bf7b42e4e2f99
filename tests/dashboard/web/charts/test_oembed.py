"""oEmbed: the answer to content systems for a pasted address, and to hostile ones; the computed height of its page."""

from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from fontTools.ttLib import TTFont
from lxml import html
from starlette.applications import Starlette

from dashboard.charts.chart import build_chart
from dashboard.charts.svg.fonts import find_widths
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import oembed, words_font
from dashboard.web.charts.page_height import LOOKS, PageHeight, count_lines, measure
from dashboard.web.charts.requests import ChartRequest
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


def test_an_address_of_a_chart_becomes_a_frame_that_keeps_to_the_room_there_is(app: Starlette) -> None:
    answer = ask(app, f"{BASE}/charts/completion-by-region?region=africa&lang=fr")
    said = answer.json()
    assert (said["type"], said["version"], said["provider_url"]) == ("rich", "1.0", BASE)
    assert said["title"] == "Taux d’achèvement par région – Afrique"
    frame = read_frame(answer)
    assert frame.get("src") == f"{BASE}/charts/completion-by-region?region=africa&lang=fr"
    assert frame.get("title") == said["title"]
    assert (frame.get("width"), frame.get("height")) == ("100%", str(said["height"]))
    assert f"max-width:{said['width']}px" in frame.getparent().get("style")
    assert (said["thumbnail_width"], said["thumbnail_height"]) == (1200, 630)
    assert said["thumbnail_url"].startswith(f"{BASE}/charts/completion-by-region.png?")
    assert answer.headers["access-control-allow-origin"] == "*"
    address = f"{BASE}/{CHART}"
    described = ask(app, address, maxwidth="400", maxheight="300", format="json", dnt="1").json()
    assert (described["width"], described["height"]) == (400, 300)
    assert "thumbnail_url" not in described  # it may be no larger either
    assert ask(app, address, maxwidth="5").json()["width"] == 200
    assert ask(app, address, maxwidth="99999").json()["width"] == 680
    assert ask(app, address, maxwidth="wide").status_code == 400
    assert ask(app, address, format="xml").status_code == 501
    assert charts_over_http.ask(app, "/oembed").status_code == 400, "an address is needed"


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


@pytest.mark.parametrize("weight", [400, 600])
def test_the_font_of_pages_is_as_wide_as_words_are_reckoned(weight: int) -> None:
    """Make it anew by `python -m dashboard.web.charts.words_font` where Streamlit brings another Source Sans."""
    with TTFont(words_font.FILE) as font:
        glyphs, names = font.getGlyphSet(location={"wght": weight}), font.getBestCmap()
        own = {code: round(glyphs[name].width) for code, name in names.items()}
        assert "GPOS" not in font  # pairs that are closed up would be narrower
    widths = find_widths(weight)
    assert own.keys() == {code for code in words_font.list_letters() if code in widths}
    assert max(abs(width - widths[code]) for code, width in own.items()) <= 1  # in thousandths: they are rounded
    assert {ord(letter) for letter in "aZ09éñÇœ’«»–\u00a0\u202f"} <= own.keys()


def test_words_break_where_browsers_break_them() -> None:
    look = LOOKS["finding"]
    room = measure("one two", look) + 0.1
    assert count_lines("one two", room, look) == 1
    assert count_lines("one two three", room, look) == 2
    assert count_lines("one\u00a0two three one", room, look) == 2 + (measure("three one", look) > room)
    assert count_lines("one sub-two", measure("one sub-", look) + 0.1, look) == 2
    assert count_lines("w" * 30, measure("w" * 10, look) + 0.1, look) == 3
    assert count_lines("a " + "w" * 10, measure("w" * 10, look) + 0.1, look) == 2


def test_every_word_of_a_page_counts_and_its_most_does_for_every_width(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-by-theme", Selection())
    page = PageHeight(chart, ["Picture"])
    usual = page.find(680)
    assert PageHeight(chart, ["Picture"], "A title that is so long " * 8).find(680) - usual == 25 * 2
    assert PageHeight(chart, ["Picture"] * 20).find(680) > usual
    assert page.find(320) > usual
    page = PageHeight(build_chart(snapshot, "completion-by-theme", Selection(lang="fr")), ["Picture"] * 5)
    for least, most in ((320, 519), (520, 679)):
        needed = max(page.find(width) for width in range(least, most + 1))
        assert needed <= page.find_most(least, most) <= needed + 15


@pytest.mark.parametrize(
    ("base", "origin"),
    [
        ("https://actions.example.org/dashboard", "https://actions.example.org"),
        ("https://Actions.example.org:443", "https://actions.example.org"),
        ("http://[::1]:8501/x", "http://[::1]:8501"),
    ],
)
def test_the_script_of_a_frame_names_the_origin_of_its_messages(snapshot: Snapshot, base: str, origin: str) -> None:
    settings = Settings.from_environment({"DASHBOARD_BASE_URL": base})
    request = ChartRequest("completion-by-theme", "html", Selection(), snapshot.build_id, title='"Mine" <b>')
    chart = build_chart(snapshot, request.chart_id, request.selection)
    code = oembed.write_embed(chart, request, settings)
    script, plain = code.split("</script>")
    assert f'e.origin!=="{origin}"' in script
    assert "\n" not in code  # editors make paragraphs of lines
    assert not set("&<") & set(script.removeprefix("<script>"))  # and entities of these
    frame = oembed.make_frame(chart, request, base)
    assert (plain, f' height="{frame.height}"' in plain) == (frame.html, True)
    assert "&quot;Mine&quot; &lt;b&gt;" in plain
