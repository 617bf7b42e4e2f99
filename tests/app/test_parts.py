"""The parts of the pages: the readers of each, its parameters after a click, and the way on from former addresses."""

from dataclasses import replace
from itertools import product

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.access.rights import COMMON_PASSWORD, STRANGER, Role
from dashboard.ground.page_addresses import FORMER, FRONT
from dashboard.ui.frame import reading, staff
from dashboard.ui.frame.header import ALL
from dashboard.ui.pieces.page_parts import Part
from tests.app.conftest import SCRIPT, drawings, filter_by, kept_query, lift, mounted, switch, text_of


@pytest.mark.nightly
def test_every_part_is_drawn_for_those_whom_its_class_admits_and_for_nobody_else(open_page, come, monkeypatch):
    """The same admission over HTTP: `tests/dashboard/web/guard/test_admission.py`."""
    drawn: list[str] = []

    def draw(_: Part, page_id: str) -> None:
        drawn.append(page_id)
        st.html(reading.heading(page_id, page_id))

    monkeypatch.setattr(Part, "draw", draw)
    monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", "an imaginary password")
    for closed, role in product((False, True), Role):
        monkeypatch.setattr(staff, "is_closed", lambda _, closed=closed: closed)
        come(replace(COMMON_PASSWORD, role=role) if role is not Role.STRANGER else STRANGER)
        for spec in ALL:
            open_page(spec.page_id, country="GHA")
        admitted = [spec.page_id for spec in ALL if spec.access.admits(role, is_closed=closed)]
        assert drawn == admitted, (role, closed)
        drawn.clear()


def test_an_unknown_part_is_refused_and_named(open_page):
    app = open_page("actions", part="everything", lang="fr")
    (error,) = app.error
    assert "part" in error.value and "everything" in error.value
    assert "stakeholders" in text_of(app)


@pytest.mark.nightly
def test_a_click_stays_on_its_part_and_only_a_countrys_own_view_ends_with_its_country(open_page):
    app = open_page("regions", lang="en")
    filter_by(app, "country", "GHA")
    assert "completion-by-region" in drawings(app)
    assert kept_query(app)["by"] == ["region"], "the same link without it is the country's own view"
    switch(app, "countries")
    assert kept_query(app) == {"by": ["country"], "country": ["GHA"], "lang": ["en"]}
    switch(app, "country")
    assert kept_query(app) == {"country": ["GHA"], "lang": ["en"]}
    assert "status-by-theme" in drawings(app)
    filter_by(app, "country", "GHA", "CIV")
    assert kept_query(app) == {"country": ["GHA", "CIV"], "lang": ["en"]}
    assert "completion-map" in drawings(app)
    switch(app, "stakeholders")
    lift(app, "country")
    assert kept_query(app) == {"lang": ["en"]} and app.query_params["part"] == "stakeholders"


def test_a_browser_that_is_on_a_page_of_former_times_loads_it_again(campaign_folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    for name in FORMER:
        app = AppTest.from_file(SCRIPT, default_timeout=60)
        app._page_hash = calc_hash(name)
        [(_, data)] = mounted(app.run(), "reading")
        assert data.get("loads", False) == (name != FRONT)
