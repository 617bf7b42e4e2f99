"""A campaign whose own codelists have names of two hundred characters, and names that run from right to left."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import html
from PIL import Image
from pptx import Presentation
from starlette.applications import Starlette

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.png import render_png
from dashboard.charts.svg.surround import SIZES
from dashboard.charts.svg.texts import width
from dashboard.files.briefings import pack
from dashboard.files.briefings.content import compose
from dashboard.files.briefings.excel import write_chart_workbook
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.acceptance.published import publish_folder
from tests.cases import some
from tests.charts_over_http import BASE, address, answer_alone, ask_all, make_app
from tests.drawings import SVG, assert_tidy, parsed, view
from tests.etl.campaigns import make_campaign
from tests.presentations import ONE_A_KIND

LONG = "Protección social y medios de vida dignos para las familias de los niños que trabajan en los mercados "
NAMES = {
    "themes": [
        (LONG * 2)[:200],
        "التعليم المجاني والجيد لجميع الأطفال في الدول العربية (ILO) " * 3,
        "W" * 200,
        "زراعة",
    ],
    "categories": ["Donaudampfschifffahrtsgesellschaft" * 6, "חינוך לכל הילדים בעולם 2021", (LONG * 2)[-200:]],
    "stakeholder_groups": ["منظمة العمل الدولية", 'Say "so" & <b>so</b>, ' * 9],
}
LISTS = {"themes": "theme", "categories": "category", "stakeholder_groups": "group"}


def write_codelist(names: list[str], code: str) -> str:
    """Write a codelist with these labels in every language, as a campaign folder has it."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["code", "label_en", "label_fr", "label_es", "aliases", "sort_order"])
    for number, name in enumerate(names, start=1):
        writer.writerow([f"{code}_{number}", *[name.strip()] * 3, f"{code} {number}", number * 10])
    none = ["Not yet classified", "Pas encore classé", "Sin clasificar"]
    writer.writerow(["unclassified", *none, "", 999])
    return target.getvalue()


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Sixty actions of that campaign, built from exports as any other."""
    rows = ["Ref;Maker;Promise;Sent;Due;Kind of maker;Category;Themes;Where;Status;Progress"]
    places = ("Ghana", "Jordan", "Brazil", "France", "Nepal", "Egypt")
    for n in range(60):
        state = ("Completed", "In progress", "")[n % 3]
        rows.append(
            f"{n};Fictional maker {n};Promise {n};2021-02-0{n % 9 + 1};2021-12-30;group {n % 2 + 1};"
            f"category {n % 3 + 1};theme {n % 4 + 1};{places[n % 6]};{state};"
        )
    folder = make_campaign(tmp_path_factory.mktemp("long") / "campaign", {"actions.csv": "\n".join(rows)})
    (folder.root / "answers.csv").write_text("kind,is\nday,rows\n")  # the statuses are those of the submissions
    (folder.root / "codelists").mkdir()
    for name, code in LISTS.items():
        file = folder.root / "codelists" / f"{name}.csv"
        file.write_text(write_codelist(NAMES[name], code), encoding="utf-8")
    return publish_folder(folder)


@pytest.fixture
def app(campaign: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starlette]:
    """Yield the server of that campaign."""
    with answer_alone(monkeypatch):
        yield make_app(campaign.path.parents[1], monkeypatch)


def test_the_names_came_through_the_build(campaign: Snapshot) -> None:
    for name, code in LISTS.items():
        labels = {c.code: c.labels["en"] for c in campaign.codes[name].values()}
        assert [labels[f"{code}_{n}"] for n in range(1, len(NAMES[name]) + 1)] == [n.strip() for n in NAMES[name]]
    themes = build_chart(campaign, "completion-by-theme", Selection())
    assert themes.frame["actions"].tolist() == [15] * 4
    assert themes.total.completed == 20


@pytest.mark.nightly
def test_the_page_shows_them_whole(app: Starlette, campaign: Snapshot) -> None:
    charts = ("completion-by-theme", "status-by-category", "completion-by-group", "region-by-theme")
    for chart_id, answer in zip(charts, ask_all(app, [address(c, "html") for c in charts]), strict=True):
        assert answer.status_code == 200
        page = html.fromstring(answer.text)
        shown = page.xpath("//table")[0].text_content()
        for label in build_chart(campaign, chart_id, Selection()).frame["label"]:
            assert label in shown
        assert all(row.get("dir") == "auto" for row in page.xpath("//tbody//th"))


@pytest.mark.nightly
@pytest.mark.parametrize("chart_id", some(CATALOGUE, 4))
def test_drawings_and_pictures_keep_them_inside(campaign: Snapshot, chart_id: str) -> None:
    chart = build_chart(campaign, chart_id, Selection())
    named = [draw_svg(chart, size, link=f"{BASE}/charts/{chart_id}") for size in SIZES]
    for drawing in (*named, *(draw_svg(chart, width=wide) for wide in (680, 360))):
        root = parsed(drawing)
        assert_tidy(root)
        assert root.find(f".//{SVG}text") is not None
    svg = draw_svg(chart, "column")
    with Image.open(io.BytesIO(render_png(svg))) as picture:
        assert picture.size == tuple(map(round, view(parsed(svg))))
        assert len(set(picture.convert("L").tobytes())) > 10  # something is drawn on it


@pytest.mark.nightly
def test_slides_and_sheets_hold_them(campaign: Snapshot, tmp_path: Path) -> None:
    briefing = compose(campaign, Selection(lang="es"), [(chart_id, "") for chart_id in ONE_A_KIND], BASE)
    briefing = replace(briefing, own_title=NAMES["themes"][1].strip())
    pack.write_briefing(campaign, briefing, "pptx", tmp_path / "deck.pptx", {"pptx": tmp_path / "briefing.pptx"})
    deck = Presentation(str(tmp_path / "deck.pptx"))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert_inside(shape, deck)
    write_chart_workbook(campaign, briefing, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    for piece, sheet in zip(briefing.pieces, book.worksheets, strict=False):
        if piece.chart.spec.kind in ("rates", "statuses"):
            shown = [sheet.cell(row, 1).value for row in range(2, len(piece.chart.frame) + 2)]
            assert shown == piece.chart.frame["label"].tolist()


def assert_inside(shape: Any, deck: Any) -> None:
    """Check that a shape lies on its slide, and that a native chart's names are cut to the room on an axis."""
    assert shape.left >= 0
    assert shape.top >= 0
    assert shape.left + shape.width <= deck.slide_width
    assert shape.top + shape.height <= deck.slide_height
    if shape.has_chart:
        assert max(len(str(name)) for name in shape.chart.plots[0].categories) <= 64
        assert max(width(str(name), 1.0) for name in shape.chart.plots[0].categories) <= 36
    if shape.has_table:
        assert sum(row.height for row in shape.table.rows) <= deck.slide_height - shape.top
