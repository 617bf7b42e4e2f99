"""Addresses of a chart's choices, and of two selections side by side: every form, its page, and refusals."""

import io

import pytest
from lxml import html
from openpyxl import load_workbook
from starlette.applications import Starlette

from dashboard.charts.chart import build_chart
from dashboard.charts.csv import write_csv
from dashboard.charts.options import Options
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.charts_over_http import BASE, ask, ask_all, read_csv

CHOSEN = "region=africa&lang=fr"
COMPARED = "region=africa&theme=education&vs.region=americas&lang=fr"


@pytest.mark.parametrize(
    ("chart_id", "query", "options", "live"),
    [
        (
            "completion-by-theme", "sort=name&measure=pace", Options(sort="name", measure="pace"),
            f"themes?{CHOSEN}&sort=completion-by-theme:name&measure=completion-by-theme:pace",
        ),
        (
            "explore", "by=group&and=category&measure=pace", Options(measure="pace", by="group", second="category"),
            f"explore?{CHOSEN}&by=group&and=category&measure=pace",
        ),
        (
            "survey-answers", "question=support_received&wave=final",
            Options(question="support_received", wave="final"),
            f"explore?part=surveys&{CHOSEN}&question=support_received&wave=final",
        ),
    ],
    ids=("sorted", "put together", "survey"),
)  # fmt: skip
def test_what_is_chosen_of_a_chart_is_kept_in_every_form_and_link(
    app: Starlette, snapshot: Snapshot, chart_id: str, query: str, options: Options, live: str
) -> None:
    chart = build_chart(snapshot, chart_id, Selection(("africa",), lang="fr"), options)
    path = f"/charts/{chart_id}{{}}?{CHOSEN}&{query}"
    forms = ("csv", "svg", "json", "metadata.json")
    data, picture, figure, described = ask_all(app, [path.format(f".{form}") for form in forms])
    assert data.content == write_csv(chart)
    assert chart.title in picture.text
    assert figure.json()["data"]
    told = described.json()
    assert [column["name"] for column in told["columns"]] == list(read_csv(data.content).columns)
    addresses = told["addresses"]
    assert addresses["png"] == f"{BASE}{path.format('.png')}"
    assert addresses["live"] == f"{BASE}/{live}"
    page = html.fromstring(ask(app, path.format("")).text)
    assert chart.title in page.text_content()
    links = [link for link in page.xpath("//a/@href") if link.startswith(chart_id)]
    assert links
    assert all(query in link for link in links)
    escaped = query.replace("&", "&amp;")
    interactive = ask(app, path.format("/interactive")).text
    assert f"{chart_id}.json?{CHOSEN}&{query}".replace("&", "&amp;") in interactive
    for pasted in ("live", "html"):
        framed = ask(app, f"/oembed?url={addresses[pasted].replace('&', '%26')}").json()
        assert framed["title"] == chart.caption.full_title
        assert escaped in framed["html"]
    queries = ("", *query.split("&")[:1], query)
    assert len({ask(app, f"/charts/{chart_id}?{q}", "HEAD").headers["etag"] for q in queries}) == len(queries)


def test_what_is_chosen_is_described_and_the_usual_choice_is_no_other_chart(app: Starlette, snapshot: Snapshot) -> None:
    described = ask(app, "/charts/completion-by-theme.metadata.json?sort=name&measure=pace").json()
    assert described["options"] == {"sort": "name", "measure": "pace"}
    assert next(c for c in described["columns"] if c["name"] == "pace")["unit"] == "fraction of 1"
    usual = ask(app, "/charts/completion-by-theme.csv?sort=rate&measure=completion")
    assert usual.content == write_csv(build_chart(snapshot, "completion-by-theme", Selection()))
    drawn = ("by=theme", "by=theme&as=multiples")
    assert len({ask(app, f"/charts/explore?{q}", "HEAD").headers["etag"] for q in drawn}) == 2


@pytest.mark.usefixtures("workers_here")
def test_every_form_of_an_address_shows_both_sides(app: Starlette) -> None:
    data = read_csv(ask(app, f"/charts/completion-by-group.csv?{COMPARED}").content)
    assert set(zip(data["side"], data["side_label"], strict=True)) == {("this", "Afrique"), ("vs", "Amériques")}
    assert {"difference_low", "difference_high", "verdict"} <= set(data)
    described = ask(app, f"/charts/completion-by-group.metadata.json?{COMPARED}").json()
    assert [side["name"] for side in described["sides"]] == ["Afrique", "Amériques"]
    assert described["addresses"]["live"] == f"{BASE}/explore?part=compare&{COMPARED}&chart=completion-by-group"
    assert described["addresses"]["svg"] == f"{BASE}/charts/completion-by-group.svg?{COMPARED}"
    for ending in ("", ".svg", "/interactive"):
        assert "Amériques" in ask(app, f"/charts/completion-by-group{ending}?{COMPARED}").text
    for pasted in ("live", "html"):
        framed = ask(app, f"/oembed?url={described['addresses'][pasted].replace('&', '%26')}").json()
        assert "completion-by-group?region=africa&amp;theme=education&amp;vs.region=americas" in framed["html"]
    book = load_workbook(io.BytesIO(ask(app, f"/charts/completion-by-group.xlsx?{COMPARED}").content))
    named = [row[0].value.rpartition(" – ")[2] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert set(named) == {"Afrique", "Amériques"}
    assert ask(app, f"/show?{COMPARED}").text.count('class="slide"') == 4
