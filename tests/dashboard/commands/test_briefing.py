"""`python -m dashboard briefing`: the page's briefing, from options or from the page's link, and refusals."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import html
from pptx import Presentation
from typer.testing import CliRunner, Result

from dashboard.__main__ import app
from dashboard.charts.options import Options
from dashboard.files.briefings.content import compose
from dashboard.files.briefings.order import OVERVIEW, BriefingRequest, Item, read_briefing, submit_briefing
from dashboard.snapshot.selection import Selection


@pytest.fixture
def briefing(campaign_folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://actions.example.org")

    def run(*words: object) -> Result:
        return CliRunner().invoke(app, ["briefing", "--campaign", str(campaign_folder), *map(str, words)])

    return run


@pytest.mark.nightly
def test_a_deck_by_options_is_that_of_the_page_or_by_a_template(
    briefing, snapshot, campaign_folder, tmp_path, monkeypatch, workers_here
):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    to = tmp_path / "deck.pptx"
    words = ["--chart", "completion-by-theme:Our themes, first: 100 %", "--chart", "status-overview"]
    done = briefing("--to", to, *words, "--region", "africa", "--lang", "fr", "--title", "Monday")
    assert done.exit_code == 0, done.output
    assert "2 charts" in done.stdout
    items = (Item("completion-by-theme", "Our themes, first: 100 %"), Item("status-overview"))
    request = BriefingRequest(items, Selection(regions=("africa",), lang="fr"), "Monday")
    assert to.read_bytes() == submit_briefing(snapshot, request, "pptx").result().content
    assert [path.name for path in tmp_path.iterdir()] == ["deck.pptx"]
    design = Presentation()
    design.slide_width, design.slide_height = 9_144_000, 6_858_000
    design.save(str(tmp_path / "design.pptx"))
    done = briefing("--to", to, "--chart", "status-overview", "--template", tmp_path / "design.pptx")
    assert done.exit_code == 0, done.output
    assert Presentation(str(to)).slide_width == 9_144_000


def test_the_link_of_the_page_makes_the_same_briefing_in_every_format(briefing, snapshot, tmp_path, monkeypatch):
    link = (
        "https://actions.example.org/briefing?region=africa&lang=es&heading=Lunes&charts=completion-by-theme:A%252CB,"
        "explore.2&sort=completion-by-theme:name&by=explore.2:group&utm_source=mail"
    )
    for ending in ("html", "xlsx", "zip"):
        done = briefing("--to", tmp_path / f"briefing.{ending}", "--link", link, "--lang", "fr")
        assert done.exit_code == 0, done.output
    page = (tmp_path / "briefing.html").read_text(encoding="utf-8")
    assert 'lang="fr"' in page
    assert "Lunes" in page
    assert "A,B" in page
    assert len(openpyxl.load_workbook(tmp_path / "briefing.xlsx").sheetnames) == 3  # two charts, and about them
    with zipfile.ZipFile(tmp_path / "briefing.zip") as archive:
        assert archive.testzip() is None
        assert "briefing.pptx" in archive.namelist()
    charts = ("text~:Own words, 4711", "text~:{completed}", "status-overview")
    done = briefing("--to", tmp_path / "short.html", "--json", *(f"--chart={chart}" for chart in charts))
    assert "4711" in done.stderr and json.loads(done.stdout)["doubtful"] == ["4711"]
    assert "Own words, 4711" in (tmp_path / "short.html").read_text(encoding="utf-8")
    worded = "/share?charts=heading~:Part,message~status-overview,status-overview"
    assert ": 1 charts, " in briefing("--to", tmp_path / "short.html", "--link", worded).stdout  # of three blocks
    monkeypatch.delenv("DASHBOARD_BASE_URL")
    names = ("briefing", "share", "share?part=briefing")  # the address of former times, that of today, and it in full
    own = [f"https://actions.example.org/{name}{'&' if '?' in name else '?'}region=africa" for name in names]
    led = [(("--link", link), ["https://actions.example.org/?region=africa&lang=en"]) for link in own]
    for words, leads in (*led, ((), [])):
        done = briefing("--to", tmp_path / "short.html", *words, "--chart", "status-overview")
        page = html.fromstring((tmp_path / "short.html").read_text(encoding="utf-8"))
        assert page.xpath("//dd/a/@href") == leads and not page.xpath("//a[contains(@href, '127.0.0.1')]")
        assert ("DASHBOARD_BASE_URL" in done.stderr) == (not leads)
    local = compose(snapshot, Selection(), ["status-overview"], "http://127.0.0.1:8501")
    assert local.issue_chart(local.pieces[0], "png").of.startswith("/charts/status-overview.png?")
    query = {"charts": ["completion-by-theme"], "sort": ["completion-by-theme:name"]}
    assert read_briefing(query, snapshot).items == [Item("completion-by-theme", options=Options(sort="name"))]
    assert [item.chart_id for item in read_briefing({}, snapshot).items] == list(OVERVIEW)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--to", "{}/deck.odp"], 2, ".pptx"),
        (["--to", "{}/deck.pptx", "--chart", "completion-by-mood"], 2, "completion-by-region"),
        (["--to", "{}/deck.pptx", "--region", "mars"], 2, "africa"),
        (["--to", "{}/deck.pptx", "--template", "{}/none.potx"], 2, "none.potx"),
        (["--to", "{}/deck.html", "--template", "{}/broken.pptx"], 2, ".zip"),
        (["--to", "{}/deck.pptx", "--template", "{}/broken.pptx"], 1, "broken.pptx"),
        (["--to", "{}/none/deck.html"], 1, "cannot be written"),
        (["--to", "{}/deck.pptx", "--link", "/briefing?sort=status-overview:name&charts=completion-map"], 2, "sort"),
        (["--to", "{}/deck.pptx", "--link", "/briefing?build=gone"], 1, "gone"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_leaves_nothing(briefing, tmp_path: Path, words, code, said):
    (tmp_path / "broken.pptx").write_bytes(b"PK no presentation")
    done = briefing(*(word.format(tmp_path) for word in words))
    assert done.exit_code == code, done.output
    assert said in done.stderr
    assert "Traceback" not in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["broken.pptx"]
