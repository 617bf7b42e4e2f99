"""Charts over HTTP: the content of every form, headers, conditional requests, refusals, frozen builds."""

import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx
import pandas as pd
import pytest
from lxml import etree, html
from PIL import Image
from starlette.applications import Starlette

from dashboard.campaign import builds as frozen
from dashboard.charts.catalogue import CATALOGUE, RESULTS
from dashboard.charts.chart import build_chart
from dashboard.charts.geometry.world import read_world
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.png import render_png
from dashboard.charts.svg.surround import SIZES
from dashboard.files.briefings import order
from dashboard.ground.processes.runner import WorkerError
from dashboard.i18n import translator
from dashboard.paths import PROJECT
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui import dimension
from dashboard.web.charts import embed_page, routes
from dashboard.web.charts.requests import FORMATS, FRONT_PAGE, find_page
from dashboard.web.handouts import Store
from tests.cases import of_which
from tests.charts_over_http import BASE, BROWSER, address, ask, ask_all, hash_of, read_csv
from tests.shipped import LANGUAGES
from tests.snapshots import publish_fixture

OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    **dict.fromkeys(("html", "interactive"), "text/html; charset=utf-8"), "svg": "image/svg+xml", "png": "image/png",
    "csv": "text/csv; charset=utf-8", **dict.fromkeys(("json", "metadata.json"), "application/json"),
    "xlsx": f"{OFFICE}.spreadsheetml.sheet", "pptx": f"{OFFICE}.presentationml.presentation", "pdf": "application/pdf",
}  # fmt: skip
"""The media types of the forms."""
CHART = "/charts/completion-by-region"


# The numbers


def test_rates_are_fractions_unknown_is_empty_and_the_description_says_what_the_data_is(app, snapshot) -> None:
    body = ask(app, f"{CHART}.csv?theme=education").content
    assert body.startswith("\ufeffcode,label,actions,reported,completed,completion_rate".encode())
    assert b"\r\n" in body
    frame = read_csv(body)
    shares = frame.loc[frame["actions"] > 0]
    assert (shares["completion_rate"] == shares["completed"] / shares["actions"]).all()
    assert frame.loc[frame["actions"] == 0, "completion_rate"].isna().all()
    plain, other, comma, usual = ask_all(
        app, [f"{CHART}.csv?{q}" for q in ("lang=fr", "lang=fr&csv=semicolon", "csv=comma", "")]
    )
    read = pd.read_csv(io.BytesIO(other.content), sep=";", decimal=",", encoding="utf-8-sig")
    pd.testing.assert_frame_equal(read, pd.read_csv(io.BytesIO(plain.content), encoding="utf-8-sig"))
    assert b"0," in other.content
    assert plain.headers["etag"] != other.headers["etag"]
    assert comma.headers["etag"] == usual.headers["etag"]
    said = ask(app, "/charts/region-by-theme.metadata.json?region=africa&lang=es").json()
    data = read_csv(ask(app, "/charts/region-by-theme.csv?region=africa&lang=es").content)
    assert [column["name"] for column in said["columns"]] == list(data.columns)
    assert said["build_id"] == "fixture"
    assert said["as_of"] == snapshot.last_date.isoformat()
    assert said["selection"]["parameters"] == {"region": ["africa"], "lang": ["es"]}
    assert said["sources"] == list(build_chart(snapshot, "region-by-theme", Selection(("africa",))).caption.sources)
    assert said["definitions"][0]["id"] == "completion_rate"
    assert said["addresses"]["csv"] == f"{BASE}/charts/region-by-theme.csv?region=africa&lang=es"
    assert said["is_sample"] is True
    assert all(found.startswith(BASE) for found in said["addresses"].values())


def test_pictures_have_their_sizes_and_titles(app: Starlette) -> None:
    for name, size in SIZES.items():
        root = etree.fromstring(ask(app, f"/charts/status-overview.svg?size={name}&title=Our%20own%20title").content)
        assert root.get("width") == str(size.width)
        assert "Our own title" in " ".join(root.itertext())
    for name, scale, width, dots in (
        ("square", "1", 1080, 96),
        ("social", "2", 2400, 192),
        ("slide", "print", 2008, 300),
    ):
        body = ask(app, f"/charts/status-overview.png?size={name}&scale={scale}").content
        with Image.open(io.BytesIO(body)) as picture:
            high = round(width * SIZES[name].height / SIZES[name].width)
            assert (picture.format, picture.width, abs(picture.height - high) <= 1) == ("PNG", width, True)
            assert picture.info["dpi"] == pytest.approx((dots, dots), abs=0.1)
    assert pytest.approx(17, abs=0.01) == 2008 / 300 * 2.54, "centimetres across on paper"


@pytest.mark.nightly
def test_pictures_are_painted_by_another_process_as_they_are_here(snapshot: Snapshot, store: Store) -> None:
    chart = build_chart(snapshot, "status-overview", Selection())
    for _ in range(2):
        assert routes.desk().paint(draw_svg(chart, "social"), 2) == render_png(draw_svg(chart, "social"), 2)
        with pytest.raises(WorkerError, match="could not be created"):
            routes.desk().paint("no picture")


def test_slide_and_workbook_come_from_a_worker(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Made:
        content = b"made"

        def __init__(self, *arguments: Any) -> None:
            asked.append(arguments)

        def result(self) -> "Made":
            return self

    monkeypatch.setattr(order, "submit_briefing", Made)
    head = ask(app, "/charts/region-by-theme.pptx?title=Mine", "HEAD")
    assert (head.status_code, asked) == (200, [])  # a HEAD request starts no worker
    answer = ask(app, "/charts/region-by-theme.pptx?title=Mine&region=africa")
    assert (answer.content, answer.headers["content-type"]) == (b"made", FORMATS["pptx"].media_type)
    assert 'filename="region-by-theme_en.pptx"' in answer.headers["content-disposition"]
    _, request, file_format, _ = asked[0]
    assert (request.is_single, request.selection.regions, file_format) == (True, ("africa",), "pptx")
    assert [item[:2] for item in request.items] == [("region-by-theme", "Mine")]


# The page


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_the_page_is_complete_without_scripts(app: Starlette, snapshot: Snapshot, lang: str) -> None:
    answer = ask(app, f"/charts/completion-by-theme?lang={lang}&region=africa&q=cocoa")
    chart = build_chart(snapshot, "completion-by-theme", Selection(("africa",), q="cocoa", lang=lang))
    body = html.fromstring(answer.text)
    text = " ".join(body.text_content().split())
    assert body.get("lang") == lang == answer.headers["content-language"]
    scripts = body.xpath("//script[@type!='application/ld+json' or not(@type)]")
    assert [script.text for script in scripts] == [embed_page.TELLING]  # which shows nothing
    assert "set-cookie" not in answer.headers
    caption = chart.caption
    for words in (chart.title, caption.finding, caption.summary, caption.source_line, *caption.notes):
        assert " ".join(words.split()) in text
    for _, value in chart.caption.selection:
        assert value in text
    links = [a.get("href") for a in body.xpath("//nav//a")]
    assert f"{BASE}/themes?region=africa&q=cocoa&lang={lang}" in links
    for name in ("interactive", "csv", "png"):
        path = next(link for link in links if not link.startswith(BASE) and name in link)
        assert ask(app, f"/charts/{path}").status_code == 200


def test_the_head_tells_other_sites_what_they_need_and_names_the_page_in_every_language(app: Starlette) -> None:
    body = html.fromstring(ask(app, "/charts/completion-by-region?region=africa&title=%22Mine%22%20%3C1").text)
    seen = {m.get("property") or m.get("name"): m.get("content") for m in body.xpath("//meta[@content]")}
    assert seen["og:title"] == seen["twitter:title"] == '"Mine" <1 – Africa'
    assert seen["og:image"] == seen["twitter:image"]
    assert seen["twitter:card"] == "summary_large_image"
    picture = ask(app, seen["og:image"].removeprefix(BASE))
    assert picture.headers["content-type"] == "image/png"
    assert int.from_bytes(picture.content[16:20]) == int(seen["og:image:width"]) == 1200
    (canonical,) = body.xpath("//link[@rel='canonical']/@href")
    assert canonical == seen["og:url"]
    (link,) = body.xpath("//head/link[@rel='alternate'][@type='application/json+oembed']/@href")
    described = ask(app, link.removeprefix(BASE)).json()  # as a content system finds the chart by its address alone
    (frame,) = html.fragment_fromstring(described["html"]).iter("iframe")
    framed = html.fromstring(ask(app, frame.get("src").removeprefix(BASE)).text)
    assert framed.xpath("//*[local-name()='svg']//*[@data-measure='completion_rate']")
    assert framed.xpath("string(//h1)") == described["title"]
    assert described["thumbnail_url"] == seen["og:image"]
    (paper,) = body.xpath("//link[@type='application/pdf']/@href")
    head = ask(app, paper.removeprefix(BASE), "HEAD")
    assert (head.status_code, head.headers["content-type"]) == (200, "application/pdf")
    assert head.headers["content-disposition"].startswith("inline; ")
    page = html.fromstring(ask(app, "/charts/completion-by-theme?region=Africa&lang=fr&fbclid=x&sort=name").text)
    kept = f"{BASE}/charts/completion-by-theme?region=africa"
    others = {link.get("hreflang"): link.get("href") for link in page.xpath("//link[@hreflang]")}
    assert others == {"x-default": f"{kept}&sort=name"} | {lang: f"{kept}&lang={lang}&sort=name" for lang in LANGUAGES}
    assert page.xpath("//link[@rel='canonical']/@href") == [others["fr"]]
    assert page.xpath("//meta[@property='og:locale']/@content") == ["fr_FR"]
    assert page.xpath("//meta[@property='og:locale:alternate']/@content") == ["en_US", "es_ES"]


def test_every_chart_leads_to_the_page_that_shows_it() -> None:
    for spec in CATALOGUE.values():
        page = find_page(spec)
        declared = (*dimension.CHARTS.get(page, ()), *dimension.MORE.get(page, ()))
        sources = (PROJECT / "dashboard" / "ui" / name for name in (f"{page}.py", f"{page}/body.py"))
        drawn = "".join(path.read_text(encoding="utf-8") for path in sources if path.exists())
        assert spec.id in declared or page == FRONT_PAGE or spec.id in drawn, spec.id


def test_the_figures_are_described_as_data_and_no_title_breaks_out(app: Starlette, snapshot: Snapshot) -> None:
    title = "</script><script>alert(1)</script>"
    page = html.fromstring(ask(app, f"/charts/completion-by-theme?region=africa&lang=fr&title={quote(title)}").text)
    (block,) = page.xpath("//head/script")
    data = json.loads(block.text)
    assert (data["@type"], data["name"], data["version"]) == ("Dataset", f"{title} – Afrique", snapshot.build_id)
    assert data["dateModified"] == snapshot.built_at
    assert data["publisher"] == data["creator"]
    assert (data["creator"]["name"], data["creator"]["url"]) == ("Secrétariat d’essai", "https://example.org/office")
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    endings = [urlsplit(file["contentUrl"]).path.rpartition(".")[2] for file in data["distribution"]]
    assert endings == ["csv", "json", "xlsx"]
    assert data["isAccessibleForFree"] is True
    figures = ask(app, data["distribution"][0]["contentUrl"].removeprefix(BASE))
    assert figures.headers["content-type"].startswith(data["distribution"][0]["encodingFormat"])
    frozen = html.fromstring(ask(app, f"/charts/completion-by-theme?build={snapshot.build_id}").text)
    assert "dateModified" not in json.loads(frozen.xpath("//script")[0].text)


# Headers and caching


def test_each_encoding_has_its_own_tag_the_same_content_and_is_not_drawn_again(app: Starlette, store: Store) -> None:
    answers = {form: ask(app, CHART, accept_encoding=form) for form in ("br", "gzip", "identity")}
    plain = answers["identity"]
    for encoding, answer in answers.items():
        assert answer.content == plain.content  # unpacked by the client
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert (answer.headers["etag"] == plain.headers["etag"]) == (encoding == "identity")
    assert store.made["html"] == 1
    picture = ask(app, f"{CHART}.png", accept_encoding="br, gzip")
    assert not {"content-encoding", "vary"} & picture.headers.keys(), "a picture is not compressed again"


@pytest.mark.nightly
def test_a_tag_is_of_chart_format_filters_language_size_title_and_build(app: Starlette, monkeypatch) -> None:
    forms = ["", ".csv", ".svg", "/interactive", "?lang=fr", "?region=africa", "?title=x", ".svg?size=social", ".png"]
    forms += [".png?scale=2", "?q=a", "?as_of=2021-07-01", "?build=fixture"]
    paths = ["/charts/completion-by-theme", *(f"{CHART}{form}" for form in forms)]
    tags = {answer.headers["etag"] for answer in ask_all(app, paths, "HEAD")}
    assert len(tags) == len(paths)
    same = ("region=africa&region=global&q=cocoa", "q=%20cocoa&region=global&region=africa&lang=en")
    assert len({answer.headers["etag"] for answer in ask_all(app, [f"{CHART}?{query}" for query in same], "HEAD")}) == 1
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://elsewhere.example.org")  # which stands in the answers
    assert ask(app, CHART, "HEAD").headers["etag"] not in tags


def test_pages_may_be_framed_by_all_or_the_sites_of_the_setting_and_run_nothing_but_their_own(app, monkeypatch) -> None:
    page, interactive, data = ask_all(
        app, [address("completion-by-region", form) for form in ("html", "interactive", "csv")]
    )
    policy = read_policy(page)
    assert policy["default-src"] == ["'none'"]
    assert "frame-ancestors" not in policy  # anyone
    assert "x-frame-options" not in page.headers
    (script,) = re.findall(r"<script>(.*?)</script>", page.text)
    assert policy["script-src"] == [hash_of(script)]
    assert policy["font-src"] == ["'self'"]
    assert all(source.startswith("'sha256-") for source in policy["style-src"])
    styles = re.findall(r"<style>(.*?)</style>", page.text, re.S)
    assert set(map(hash_of, styles)) <= set(policy["style-src"])
    assert not re.search(r"<[^>]+ style=", page.text)
    wider = read_policy(interactive)
    assert (wider["script-src"], wider["connect-src"]) == (["'self'", *policy["script-src"]], ["'self'"])
    assert "unsafe-eval" not in interactive.headers["content-security-policy"]
    for answer in (page, interactive, data):
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
    monkeypatch.setenv("DASHBOARD_FRAME_ANCESTORS", "https://example.org, https://*.example.net")
    policy = read_policy(ask(app, "/charts/completion-by-region"))
    assert policy["frame-ancestors"] == ["https://example.org", "https://*.example.net"]


def read_policy(answer: httpx.Response) -> dict[str, list[str]]:
    parts = (part.split() for part in answer.headers["content-security-policy"].split(";"))
    return {name: sources for name, *sources in parts}


@pytest.mark.nightly
def test_scripts_of_the_interactive_page_and_shapes_of_maps_never_change_under_their_names(app: Starlette) -> None:
    body = html.fromstring(ask(app, f"{CHART}/interactive").text)
    (drawing,) = body.xpath("//script/@src")
    (font,) = re.findall(r"url\((\.\./assets/[^)]+)", body.xpath("string(//style)"))
    (plotly,), (figure,) = body.xpath("//*[@id='figure']/@data-plotly"), body.xpath("//*[@id='figure']/@data-figure")
    assets: dict[str, str | None] = {path.removeprefix("../"): None for path in (drawing, plotly, font)}
    assets |= {f"assets/{level.file_name}": level.shapes for level in read_world().levels}
    for path, expected in assets.items():
        answer = ask(app, f"/charts/{path}", accept_encoding="br")
        assert (answer.status_code, answer.headers["content-encoding"]) == (200, "br")
        assert "immutable" in answer.headers["cache-control"]
        assert ask(app, answer.url.path, accept_encoding="br", if_none_match=answer.headers["etag"]).status_code == 304
        if expected is not None:
            assert (answer.text, answer.headers["content-type"]) == (expected, "image/svg+xml")
    assert len(ask(app, f"/charts/{plotly.removeprefix('../')}").text) > 1_000_000
    assert set(ask(app, f"/charts/{figure.removeprefix('../')}").json()) >= {"data", "layout"}
    assert ask(app, "/charts/assets/other.js").status_code == 404


# Refusals


def test_a_page_refuses_in_words_and_hostile_words_stay_words(app: Starlette) -> None:
    answer = ask(app, f"{CHART}?region=%3Cb%3Emars&lang=fr")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert html.fromstring(answer.text).get("lang") == "fr"
    assert "africa" in answer.text
    assert "<b>mars" not in answer.text
    assert "frame-ancestors" not in answer.headers["content-security-policy"]
    unknown = ask(app, "/charts/completion-by-regio")
    assert (unknown.status_code, "completion-by-region" in unknown.text) == (404, True)
    long = f"{CHART}?title={'x' * 201}"
    assert [ask(app, path).status_code for path in (long, long[:-1])] == [400, 200]
    attack = "%3C/title%3E%3Cscript%3Ealert(1)%3C/script%3E%22%20onload%3D%22x"
    for form in ("html", "interactive", "svg"):
        extra = "&size=social" if form == "svg" else ""
        answer = ask(app, f"{address('completion-by-region', form)}?q={attack}&title={attack}{extra}")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        parsed = etree.fromstring(answer.content) if form == "svg" else html.fromstring(answer.text)
        assert not parsed.xpath("//@onload")
        assert "alert(1)" in answer.text


# Frozen at a build


def test_builds_are_kept_for_embeds_once_and_released(tmp_path: Path) -> None:
    publish_fixture(tmp_path)
    frozen.keep(tmp_path, "fixture")
    file = tmp_path / "published" / frozen.LIST
    first = file.read_text()
    frozen.keep(tmp_path, "fixture")
    assert file.read_text() == first
    assert frozen.read_kept(tmp_path) == {"fixture"}
    with pytest.raises(Exception, match="no longer there"):
        frozen.keep(tmp_path, "never")
    frozen.release(tmp_path, ["fixture", "never"])
    assert frozen.read_kept(tmp_path) == frozenset()
    file.write_text("[]")
    with pytest.raises(Exception, match="damaged"):
        frozen.keep(tmp_path, "fixture")


# Many at once


def test_metrics_count_what_was_answered(app: Starlette, store: Store) -> None:
    first = ask(app, "/charts/completion-by-region.csv")
    ask(app, "/charts/completion-by-region.csv")
    ask(app, "/charts/completion-by-region.csv", if_none_match=first.headers["etag"])
    lines = ask(app, "http://127.0.0.1:8501/metrics").text.splitlines()
    for outcome in ("made", "kept", "unmodified"):
        assert f'dashboard_chart_requests_total{{kind="csv",outcome="{outcome}"}} 1.0' in lines
    assert 'dashboard_charts_made_total{kind="csv"} 1.0' in lines
    assert any(line.startswith("dashboard_chart_bytes_kept ") and not line.endswith(" 0.0") for line in lines)


# The list


def test_the_list_names_every_chart_with_addresses_that_answer(app: Starlette) -> None:
    for accept in ("*/*", "application/json", ""):
        answer = ask(app, "/charts?region=africa&lang=fr", accept=accept)
        assert (answer.headers["content-type"], answer.headers["vary"]) == (
            "application/json",
            "Accept, Accept-Encoding",
        )
        assert [chart["id"] for chart in answer.json()["charts"]] == [*CATALOGUE, *RESULTS]
    listed = answer.json()
    chart = listed["charts"][0]
    assert set(chart["titles"]) == set(LANGUAGES)
    assert "africa" in listed["parameters"]["region"]
    assert {chart["id"] for chart in listed["charts"] if chart["is_compared"]} >= {"completion-by-region"}
    assert "vs.region" in listed["versus"]
    assert "theme" in listed["explore"]["by"]["region"]["and"]
    assert listed["survey"]["question"] == {"support_received": ["final", "each"]}
    paths = {form: chart["addresses"][form].removeprefix(BASE) for form in KINDS}
    assert all("region=africa&lang=fr" in path for path in paths.values())
    heads = dict(zip(paths, ask_all(app, [*paths.values()], "HEAD"), strict=True))
    assert {form: head.headers["content-type"] for form, head in heads.items()} == KINDS
    quick = [path for form, path in paths.items() if form not in order.CHART_FORMATS]
    assert {answer.status_code for answer in ask_all(app, quick)} == {200}
    tags = {accept: ask(app, "/charts", accept=accept).headers["etag"] for accept in ("*/*", BROWSER)}
    assert len(set(tags.values())) == 2
    assert ask(app, "/charts", if_none_match=tags["*/*"]).status_code == 304


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_people_get_every_chart_with_its_picture_and_every_link_leads_somewhere(
    app: Starlette, snapshot: Snapshot, lang: str
) -> None:
    path = f"/charts?region=africa&theme=education&lang={lang}"
    answer = ask(app, path, accept=BROWSER)
    assert (answer.status_code, answer.headers["vary"]) == (200, "Accept, Accept-Encoding")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page, t = html.fromstring(answer.text), translator(lang)
    assert page.get("lang") == lang
    titles = page.xpath("//h2/a/text()")
    assert titles[: len(CATALOGUE)] == [t(spec.title) for spec in CATALOGUE.values()]
    assert all(title.startswith(snapshot.codes["indicators"]["children_withdrawn"].labels[lang])
               for title in titles[len(CATALOGUE) :])  # fmt: skip
    addresses = [urljoin(path, address) for address in page.xpath("//a/@href") if not address.startswith("openapi")]
    assert len(page.xpath("//*[local-name()='svg']")) == len(titles) == len(CATALOGUE) + len(RESULTS)
    assert all("region=africa" in address and "theme=education" in address for address in addresses)
    (picture,) = page.xpath("//meta[@property='og:image']/@content")
    assert f"{CHART}.png?region=africa&theme=education" in picture
    (canonical,) = page.xpath("//link[@rel='canonical']/@href")
    assert canonical.endswith(path)
    assert set(page.xpath("//link/@hreflang")) == {*LANGUAGES, "x-default"}
    linked = [link for link in dict.fromkeys(addresses) if link.startswith("/charts/") and ".png" not in link]
    assert {urlsplit(link).path.split("/")[2].split(".")[0] for link in linked} == {*CATALOGUE, *RESULTS}
    some = [link for link in linked if CHART in link or "over-time" in link]
    assert {answer.status_code for answer in ask_all(app, some, "HEAD", accept=BROWSER)} == {200}
