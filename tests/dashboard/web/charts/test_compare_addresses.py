"""Addresses of two selections side by side: every form, its page, and refusals."""

import io

import pandas as pd
import pytest
from openpyxl import load_workbook
from starlette.applications import Starlette

from tests.charts_over_http import BASE, ask

QUERY = "region=africa&theme=education&vs.region=americas&lang=fr"


@pytest.mark.usefixtures("workers_here")
def test_every_form_of_an_address_shows_both_sides(app: Starlette) -> None:
    data = pd.read_csv(io.BytesIO(ask(app, f"/charts/completion-by-group.csv?{QUERY}").content))
    assert set(zip(data["side"], data["side_label"], strict=True)) == {("this", "Afrique"), ("vs", "Amériques")}
    assert {"difference_low", "difference_high", "verdict"} <= set(data)
    described = ask(app, f"/charts/completion-by-group.metadata.json?{QUERY}").json()
    assert [side["name"] for side in described["sides"]] == ["Afrique", "Amériques"]
    assert described["addresses"]["live"] == f"{BASE}/compare?{QUERY}&chart=completion-by-group"
    assert described["addresses"]["svg"] == f"{BASE}/charts/completion-by-group.svg?{QUERY}"
    for ending in ("", ".svg", "/interactive"):
        assert "Amériques" in ask(app, f"/charts/completion-by-group{ending}?{QUERY}").text
    for pasted in ("live", "html"):
        found = ask(app, f"/oembed?url={described['addresses'][pasted].replace('&', '%26')}").json()
        assert "completion-by-group?region=africa&amp;theme=education&amp;vs.region=americas" in found["html"]
    book = load_workbook(io.BytesIO(ask(app, f"/charts/completion-over-time.xlsx?{QUERY}").content))
    assert {row[0].value for row in book.worksheets[0].iter_rows(min_row=2)} == {"Afrique", "Amériques"}
    assert ask(app, f"/show?{QUERY}").text.count('class="slide"') == 4


def test_addresses_that_do_not_compare_say_so(app: Starlette) -> None:
    refused = ask(app, f"/charts/completion-map.svg?{QUERY}")
    assert refused.status_code == 400
    assert "completion-by-theme" in refused.json()["allowed"]
    faulty = ask(app, "/charts/completion-by-theme.csv?vs.region=atlantis")
    assert (faulty.status_code, faulty.json()["parameter"]) == (400, "vs.region")
    for path in ("/extracts/actions.csv", "/charts", "/extracts/datapackage.json"):
        assert ask(app, f"{path}?vs.region=americas").status_code == 400
    listed = ask(app, "/charts", accept="application/json").json()
    assert {chart["id"] for chart in listed["charts"] if chart["is_compared"]} >= {"completion-by-region"}
    assert "vs.region" in listed["versus"]
