"""Traits of all addresses: tags appended to a link, unchanged answers, and faults."""

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Match

from dashboard import server
from dashboard.ground.page_addresses import write as write_page
from dashboard.ground.tracking import APPENDED, BEGINNINGS, drop_tracking
from dashboard.i18n import translator
from tests.cases import some
from tests.charts_over_http import BASE, BROWSER, PAGES, ask, make_site
from tests.snapshots import copy_published, open_promises

TRACKED = urlencode(
    [
        *((name.upper() if name == "fbclid" else name, "IwAR0/x=y&z") for names in APPENDED.values() for name in names),
        *((f"{beginning}x", "a b") for beginning in BEGINNINGS),
        ("utm_source", "one"),
        ("utm_source", "two"),
        ("utm_campaign", ""),
    ]
)
"""Every name of the list at once, some twice and some without a value."""

AS_WRITTEN = {
    "Facebook": "fbclid=IwY2xjawE7&mibextid=Zxz2cZ&sfnsn=mo",
    "Instagram": "igsh=MzRlODBiNWFlZA%3D%3D&utm_source=ig_web_copy_link",
    "X": "twclid=2-1a2b&ref_src=twsrc%5Etfw%7Ctwcamp%5Etweetembed&ref_url=https%3A%2F%2Fexample.org",
    "LinkedIn": "trk=feed_main-feed-card&li_fat_id=c0ffee-1&lipi=urn%3Ali%3Apage%3Ad_flagship3",
    "TikTok": "ttclid=E.C.P.v3&is_from_webapp=1&sender_device=pc",
    "Google": "gclid=Cj0KCQ&gad_source=1&gad_campaignid=22&gbraid=0AAAA&srsltid=AfmBO&_gl=1*1x*_ga*MTI",
    "Microsoft": "msclkid=4a2b&msdynttrid=Zk3",
    "Pinterest, Reddit, Snapchat, Quora": "epik=dj0yJnU&rdt_cid=5&ScCid=1a&qclid=q1",
    "Mailchimp": "mc_cid=0a1b2c&mc_eid=d4e5f6&utm_medium=email&utm_campaign=0a1b&utm_term=0_x-0a-1",
    "HubSpot": "_hsenc=p2ANqtz&_hsmi=88&__hstc=7.1&__hssc=7.2&__hsfp=9&hsCtaTracking=a%7Cb&hsa_acc=1&hsa_cam=2",
    "Brevo, Klaviyo, Kit": "_se=aGVsbG8&_kx=abc.Xy&ck_subscriber_id=17",
    "Salesforce and Marketo": "sfmc_id=4&et_rid=5&mkt_tok=MTIzLUFCQw",
    "Acoustic and Emarsys": "spMailingID=1&spUserID=2&spJobID=3&spReportId=4&sc_src=email_5&sc_lid=6&sc_uid=7",
    "Matomo and AT Internet": "mtm_campaign=a&pk_kwd=b&matomo_source=c&xtor=EPR-1&at_medium=email",
    "Yandex and VK": "yclid=7&ysclid=lx0&rb_clickid=3",
}
"""The tags that networks and mail programs append, as they write them."""
SELECTED, OTHERWISE = "region=africa&theme=education&theme=mining&", "theme=education&theme=MINING&country=&as_of=&"

DECLARED = server.routes(PAGES)
CHART = "/charts/completion-by-region"
ROUTES = (
    CHART, *(f"{CHART}{ending}" for ending in ("/interactive", ".svg", ".png", ".csv", ".json", ".metadata.json")),
    "/charts/survey-answers", "/charts/explore", "/charts", "/charts/replay.json", "/show", "/oembed",
    "/extracts", "/extracts/actions.csv", "/extracts/actions.json", "/extracts/datapackage.json",
    "/odata/", "/odata/$metadata", "/odata/actions", "/odata/measures",
    "/latest.atom", "/latest.json", "/latest.ics", "/latest-build", "/newsletter/sign-up", "/report/lost", "/promise",
    "/check", "/sign-in", "/sign-out", "/sign-in-link", "/robots.txt", "/sitemap.xml", "/.well-known/security.txt",
    "/openapi.json", "/openapi", *(write_page("", page_id) for page_id in PAGES.titles),
)  # fmt: skip
FOR_WORKERS = (f"{CHART}.xlsx", f"{CHART}.pptx", f"{CHART}.pdf", "/extracts/actions.xlsx", "/extracts/all-tables.zip")
"""Answers that a worker process makes: their headers carry their validators."""


WITHOUT_TAGS = ("/newsletter/sign-up", "/report/lost", "/promise", "/check", "/sign-in", "/sign-out", "/sign-in-link")
"""Pages that are made for whoever asks."""
SIGNED = re.compile(rb'(?<=name="form" value=")[^"]+')
"""What tells a form from the same one asked for again."""


@pytest.fixture(scope="module")
def app(campaign_folder: Path, kept: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    kept.setenv("DASHBOARD_NEWSLETTER", "on")
    kept.setenv("DASHBOARD_SECURITY_CONTACT", "security@example.org")
    kept.setenv("DASHBOARD_STAFF", "open")
    return make_site(open_promises(copy_published(campaign_folder, tmp_path_factory.mktemp("open"))), kept)


def write(path: str, query: str) -> str:
    """Write an address with a selection; the description of a chart has it in the pasted address.

    The description of all routes takes the language alone.
    """
    if path.startswith("/openapi"):
        query = query.removeprefix("region=Africa&").replace(SELECTED, "").replace(OTHERWISE, "")
    if path != "/oembed":
        return f"{path}{'&' if '?' in path else '?'}{query}"
    return f"/oembed?url={quote(f'{BASE}{CHART}?{query}', safe='')}"


def assert_who_may_read(path: str, answer: httpx.Response) -> None:
    """Check that scripts of every site may read, where the route says so; none with the browser's credentials."""
    scope = {"type": "http", "method": "GET", "path": path.partition("?")[0], "headers": []}
    is_open = next((route.is_open for route in DECLARED if route.matches(scope)[0] is Match.FULL), False)
    assert answer.headers.get("access-control-allow-origin") == ("*" if is_open else None), path
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", some([*ROUTES, *FOR_WORKERS], 20))
def test_a_link_says_the_same_with_all_that_was_appended_to_it_and_is_not_sent_again(app: Starlette, path: str) -> None:
    method = "HEAD" if path in FOR_WORKERS else "GET"
    address = write(path, f"{SELECTED}lang=fr")
    plain = ask(app, address, method)
    shared = f"region=Africa&{TRACKED}&{OTHERWISE}lang=fr-FR"
    is_private = path in {write_page("", page_id) for page_id in PAGES.private}
    if is_private:  # these reveal nothing to anybody
        shared = f"region=africa&{TRACKED}&theme=education&theme=mining&lang=fr"
    answer = ask(app, write(path, shared), method)
    assert plain.status_code == answer.status_code == 200, answer.text
    assert answer.headers.get("etag") == plain.headers.get("etag")
    assert SIGNED.sub(b"", answer.content) == SIGNED.sub(b"", plain.content)
    assert_who_may_read(path, plain)
    if path == "/charts" or path.startswith("/extracts"):
        way = "" if path.count("/") == 1 else "../"
        assert f'<{way}openapi.json>; rel="service-desc"' in plain.headers["link"]
    if is_private or path in WITHOUT_TAGS:
        assert plain.headers["cache-control"] == "private, no-store"
        return
    policy = "content-security-policy"
    for asked in {method, "HEAD"}:
        again = ask(app, address, asked, if_none_match=plain.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "cache-control", "access-control-allow-origin"):
            assert again.headers.get(name) == plain.headers.get(name)
        assert again.headers.get(policy) in (None, plain.headers[policy])  # without one, that which the browser had
    assert plain.headers["cache-control"].startswith(("public", "no-cache"))
    head = ask(app, address, "HEAD", if_none_match='"other"')
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", plain.headers["etag"])
    if path.startswith(CHART) and path not in FOR_WORKERS:
        for answer in (head, plain):
            del answer.headers["x-request-id"]
        assert head.headers == plain.headers
        assert plain.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
        assert int(head.headers["content-length"]) > 0


@pytest.mark.parametrize("who", AS_WRITTEN)
def test_all_that_is_appended_is_left_out_as_it_is_written(who: str) -> None:
    stated, ours = parse_qs(AS_WRITTEN[who]), {"region": ["africa"], "lang": ["fr-FR"]}
    assert drop_tracking(stated) == {}
    assert drop_tracking({**ours, **stated}) == ours


def test_no_route_is_left_out_and_the_address_of_a_thing_leads_on_without_what_was_appended(app: Starlette) -> None:
    tried = {path.split("/")[1].split("?")[0] for path in (*ROUTES, *FOR_WORKERS)}
    without_links = {
        "files",
        "evidence",
        "healthz",
        "readyz",
        "metrics",
        "sitemap",
        "mcp",
        "llms.txt",
    }  # no reader is led to these by a link
    assert {re.split("[/{]", route.path)[1] for route in DECLARED} - without_links <= tried
    everything = "&".join(AS_WRITTEN.values())
    answer = ask(app, f"/actions/FIX-001?region=africa&{everything}&lang=fr")
    assert answer.headers["location"] == "../actions?action=FIX-001&region=africa&lang=fr"


CURVE, BY_REGION, BY_THEME = (f"charts/completion-{name}" for name in ("over-time", "by-region", "by-theme"))
ACTIONS = "extracts/actions.csv"
MISTYPED = ("ref", "cid", "source", "campaign", "regoin", "utm", "mc")
REFUSED = {
    ("regions", "region"): [f"{BY_REGION}.csv?regions=africa", f"{ACTIONS}?regions=africa"],
    ("region", "africa"): [
        f"{BY_REGION}.csv?region=mars", "charts?region=<b>mars", "charts/replay.json?region=nowhere",
        f"{ACTIONS}?region=mars", f"{ACTIONS}?region=&region=mars", "extracts?region=<b>mars",
        "extracts/actions.xlsx?region=afrika", "show?region=atlantis", "latest.json?region=atlantis",
    ],
    ("vs.region", "africa"): [f"{BY_THEME}.csv?vs.region=atlantis"],
    ("vs.region", "region"): [f"{path}?vs.region=africa" for path in ("charts", ACTIONS, "extracts/datapackage.json")],
    ("vs.", "completion-by-theme"): [f"charts/{n}.svg?vs.region=africa" for n in ("completion-map", "survey-answers")],
    ("lang", "fr"): [f"{path}?lang=de" for path in (f"{BY_REGION}.metadata.json", ACTIONS, "show")],
    ("as_of", "YYYY-MM-DD"): [f"{BY_REGION}.json?as_of=tomorrow", f"{ACTIONS}?as_of=31.12.2021"],
    ("size", "build"): [f"{BY_REGION}.csv?size=slide"],
    ("size", "social"): [f"{BY_REGION}.svg?size=huge"],
    ("scale", "2"): [f"{BY_REGION}.png?scale=9"],
    ("csv", "semicolon"): [f"{path}?csv=tab" for path in (f"{BY_REGION}.csv", ACTIONS, "extracts/datapackage.json")],
    ("csv", "region"): [f"{BY_REGION}.json?csv=semicolon"],
    ("csv", "zip"): ["extracts/actions.xlsx?csv=semicolon"],
    ("sort", "reporting"): [f"{BY_THEME}.csv?sort=moon"],
    ("sort", "no value"): [f"{CURVE}.csv?sort=moon"],
    ("sort", "columns"): [f"{ACTIONS}?sort=title"],
    ("sort", "name"): ["show?sort=status-overview:size"],
    ("sort", "completion-by-region:…"): ["show?sort=completion-map:name", "show?sort=name"],
    ("measure", "on_time"): [f"{BY_THEME}.csv?measure=moon"],
    ("measure", "completion"): [f"{BY_THEME}.csv?sort=codelist&measure=Rate"],
    ("measure", "no value"): [f"{CURVE}.csv?measure=moon"],
    ("by", "sort"): [f"{BY_THEME}.csv?by=region"],
    ("question", "support_received"): ["charts/survey-answers.json?question=nonsense"],
    ("day", "region"): ["charts/replay.json?day=1"],
    ("columns", "action_id"): [f"{ACTIONS}?columns=title,e_mail"],
    ("columns", "narrative"): ["extracts/reports.xlsx?columns=themes"],
    ("columns", "csv"): ["extracts/all-tables.zip?columns=title"],
    ("include", "zip"): [f"{ACTIONS}?include=reports"],
    ("include", "milestones"): ["extracts/actions.xlsx?include=people"],
    ("included", "include"): ["extracts/actions.xlsx?included=reports"],
    ("seconds", "5–600"): [f"show?seconds={text}" for text in ("1", "601", "²")],
    ("scheme", "dark"): ["show?scheme=blue"],
    ("colour", "chart"): ["show?colour=red"],
    ("kind", "story"): ["latest.json?kind=news"],
    ("since", "region"): ["latest.json?since=2021-01-01"],
    **{(name, "region"): [f"{BY_REGION}.csv?{name}=x"] for name in MISTYPED},
    ("format", "svg"): [f"{BY_REGION}.{name}?q=x" for name in ("gif", "interactive")],
    ("chart", "completion-by-region"): ["charts/completion-by-regio.csv?q=x", "charts/Completion-By-Region.csv?q=x"],
    ("extract", "actions.csv"): [
        f"extracts/{name}?q=x"
        for name in ("people.csv", "reports.zip", "actions.pdf", "actions", "actions.zip", "actoins.csv")
    ],
}  # fmt: skip
"""Faulty addresses by the parameter that is named and something that it may be."""


@pytest.mark.parametrize(("parameter", "allowed"), REFUSED)
def test_what_is_wrong_is_said_with_what_is_allowed(app: Starlette, parameter: str, allowed: str) -> None:
    """To programs as JSON, to people who have followed a link on a page; charts' files are for programs alone."""
    status = 404 if parameter in ("chart", "extract", "format") else 400
    for path in REFUSED[parameter, allowed]:
        for method in ("HEAD", "GET"):
            answer = ask(app, f"/{path}", method, accept="application/json")
            assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store"), path
            assert_who_may_read(f"/{path}", answer)
        refused = answer.json()
        assert set(refused) - {"near"} == {"error", "parameter", "value", "allowed"}
        assert refused["error"]
        assert (refused["parameter"], allowed in refused["allowed"]) == (parameter, True), (path, refused)
        assert refused["value"] is None or refused["value"].strip(":").lower() in path.lower()
        page = ask(app, f"/{path}" if parameter == "lang" else f"/{path}&lang=fr", accept=BROWSER)
        assert page.status_code == status
        if page.headers["content-type"] == "application/json":
            assert path.startswith("charts/") and not path.startswith("charts/replay"), path
            continue
        assert page.headers["content-language"] == ("en" if parameter == "lang" else "fr")
        assert "content-disposition" not in page.headers
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert parameter == "lang" or translator("fr")("This link cannot be answered") in page.text
        assert allowed in page.text or ":" in allowed or "–" in allowed
        assert "<b>mars" not in page.text
