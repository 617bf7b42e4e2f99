"""Every chart is the same in every form and language, and equals the reckoning of pandas.

Figure, drawing, slide, sheet, data and table are each read as their readers get them: over HTTP, by python-pptx and
openpyxl. The campaign is the shipped sample, built as users build it.
"""

import functools
from collections.abc import Callable
from typing import Any

import httpx
import openpyxl
import pytest
from lxml import etree, html
from pptx import Presentation

from dashboard.charts.catalogue import CATALOGUE
from dashboard.files.briefings import pack
from dashboard.files.briefings.content import compose
from dashboard.files.briefings.excel import write_chart_workbook
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import parse
from tests.acceptance.chart_drawn import check_figure, check_svg
from tests.acceptance.chart_oracle import ChartOracle, Expected
from tests.acceptance.chart_written import check_data, check_sheet, check_slide, check_table
from tests.acceptance.extract_oracle import Filters
from tests.cases import of_which
from tests.charts_over_http import BASE, address, answer_alone, ask_all, make_app, read_csv, read_table

SELECTIONS: dict[str, Filters] = {
    "all": {},
    "filtered": {
        "region": ["africa", "arab_states", "global"],
        "theme": ["education", "supply_chains", "unclassified"],
        "as_of": ["2021-09-30"],
    },
}
FORMS = ("json", "svg", "csv", "html")
CHARTS = [chart for chart in CATALOGUE if not chart.startswith("criteria-")]
"""All but those of criteria, whose shares `tests/dashboard/charts/test_criteria_charts.py` reckons."""
CASES = [(chart, which, lang) for which, lang in (("all", "fr"), ("filtered", "es")) for chart in CHARTS]


def each_chart(is_tried: Callable[[int, Any], bool]) -> pytest.MarkDecorator:
    """Mark a test of every chart of all actions and of a few; `is_tried` chooses by place those of every run."""
    return pytest.mark.parametrize(("chart_id", "which", "lang"), of_which(CASES, is_tried))


def is_in_turn(place: int, case: tuple[str, str, str]) -> bool:
    """Choose every other chart of all actions, and those between them of a few."""
    return place % len(CHARTS) % 2 == (case[1] == "filtered")


@pytest.fixture(scope="module")
def reckoned(sample_snapshot: Snapshot) -> Any:
    """Reckon a chart's content, by its id, the name of a selection and the language."""
    oracle = ChartOracle(sample_snapshot)

    @functools.cache
    def reckon(chart_id: str, which: str, lang: str) -> Expected:
        return Expected(oracle, CATALOGUE[chart_id], SELECTIONS[which], lang)

    return reckon


@pytest.fixture(scope="module")
def answers(sample_snapshot: Snapshot) -> Callable[..., httpx.Response]:
    """Return the server's answer for a chart, selection, language and form; all forms are requested at once."""

    @functools.cache
    def ask_case(chart_id: str, which: str, lang: str) -> dict[str, httpx.Response]:
        paths = [address(chart_id, form, SELECTIONS[which] | {"lang": [lang]}) for form in FORMS]
        with pytest.MonkeyPatch.context() as patch, answer_alone(patch):
            responses = ask_all(make_app(sample_snapshot.path.parents[1], patch), paths)
        assert {answer.status_code for answer in responses} == {200}
        return dict(zip(FORMS, responses, strict=True))

    return lambda chart_id, which, lang, form: ask_case(chart_id, which, lang)[form]


@pytest.fixture(scope="module")
def files(sample_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Any, Any]]:
    """Return a chart's slide and sheet, in a deck and a workbook of every other chart, each written once."""
    folder = tmp_path_factory.mktemp("files")

    @functools.cache
    def write(which: str, lang: str, first: int) -> tuple[Any, Any]:
        selection = parse(SELECTIONS[which] | {"lang": [lang]}, sample_snapshot)
        briefing = compose(sample_snapshot, selection, [(c, "") for c in CHARTS[first::2]], BASE)
        deck, book = folder / f"{which}-{lang}-{first}.pptx", folder / f"{which}-{lang}-{first}.xlsx"
        pack.write_briefing(sample_snapshot, briefing, "pptx", deck, {"pptx": folder / "briefing.pptx"})
        write_chart_workbook(sample_snapshot, briefing, book)
        return list(Presentation(str(deck)).slides)[2:-1], openpyxl.load_workbook(book).worksheets

    def find(chart_id: str, which: str, lang: str) -> tuple[Any, Any]:
        place = CHARTS.index(chart_id)
        slides, sheets = write(which, lang, place % 2)
        return slides[place // 2], sheets[place // 2]

    return find


@each_chart(is_in_turn)
def test_figure_drawings_data_and_table_agree(
    reckoned: Any, answers: Any, chart_id: str, lang: str, which: str
) -> None:
    """The drawings are the one that stands alone, and those of the page for wide and for narrow screens."""
    expected = reckoned(chart_id, which, lang)
    check_figure(expected, answers(chart_id, which, lang, "json").json())
    check_data(expected, read_csv(answers(chart_id, which, lang, "csv").content))
    page = answers(chart_id, which, lang, "html").text
    check_table(expected, read_table(page))
    drawings = etree.HTML(page).xpath("//svg")
    assert len(drawings) == 2
    for drawing in (
        answers(chart_id, which, lang, "svg").content, *(html.tostring(one, encoding="utf-8") for one in drawings)
    ):  # fmt: skip
        check_svg(expected, etree.fromstring(drawing))


@each_chart(lambda place, case: is_in_turn(place, case) and case[1] == "all")
def test_slide_and_sheet_agree_and_have_the_title_of_page_and_drawing(
    reckoned: Any, answers: Any, files: Any, chart_id: str, lang: str, which: str
) -> None:
    slide, sheet = files(chart_id, which, lang)
    check_slide(reckoned(chart_id, which, lang), slide)
    check_sheet(reckoned(chart_id, which, lang), sheet)
    answer = answers(chart_id, which, lang, "html")
    page = html.fromstring(answer.text)
    title = page.xpath("string(//h1)")
    assert title
    assert slide.shapes.title.text_frame.text == title
    drawing = etree.fromstring(answers(chart_id, which, lang, "svg").content)
    assert drawing.find("{http://www.w3.org/2000/svg}title").text == title
    assert answer.headers["content-language"] == lang == page.get("lang")


def test_the_selections_have_every_difficulty(reckoned: Any) -> None:
    """Few actions, none at all, more members than drawn ones, silence, and a day with much still open."""
    countries = reckoned("completion-by-country", "all", "fr").marks
    assert len(countries) > 25
    assert (countries["actions"] < 5).any()
    regions = reckoned("completion-by-region", "all", "fr").marks
    assert (regions["not_reported"] > 0).any()
    assert (reckoned("completion-tiles", "all", "fr").marks["actions"] == 0).any()
    assert reckoned("status-overview", "filtered", "es").total["completed"] > 0
    whole = reckoned("completion-by-region", "all", "fr").total["actions"]
    themes = reckoned("completion-by-theme", "all", "fr").marks
    assert themes["actions"].sum() > whole  # an action with several themes counts in each
