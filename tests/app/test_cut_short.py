"""Runs that a quick click cuts short: the browser is told again what its widgets show, until a run has ended."""

import pytest
import streamlit as st

from dashboard.ui.frame import header, link, page


@pytest.fixture
def runs(monkeypatch):
    """Runs of the page; those in it are cut short just before their end."""
    cut: list[bool] = []
    close = page.close

    def end() -> None:
        if cut and cut.pop():
            return
        close()

    monkeypatch.setattr(page, "close", end)
    return cut


def is_told(app, kind: str, key: str) -> bool:
    """Whether the last run told the browser the value of a widget."""
    return bool(next(widget for widget in app.get(kind) if widget.key == key).proto.set_value)


WIDGETS = (("multiselect", "filter-region"), ("text_input", "filter-q"), ("date_input", "filter-as_of"))


def test_widgets_are_told_their_values_until_a_run_has_ended(open_page, runs):
    runs += [True, True]
    app = open_page("overview", region="africa", q="child", as_of="2021-10-01")
    assert all(is_told(app, *widget) for widget in WIDGETS)
    app.run()  # cut short too
    assert all(is_told(app, *widget) for widget in WIDGETS)
    app.run()  # the first one that ends
    assert all(is_told(app, *widget) for widget in WIDGETS)
    app.run()
    assert not any(is_told(app, *widget) for widget in WIDGETS)  # quick typing is not undone
    assert app.multiselect(key="filter-region").value == ["africa"]


def test_another_page_and_another_language_are_told_anew(open_page, runs):
    app = open_page("overview", region="africa", lang="en")
    app.run()
    assert not is_told(app, "multiselect", "filter-region")
    runs += [True]
    app.switch_page("../../pages/regions.py").run()
    app.run()
    assert is_told(app, "multiselect", "filter-region")
    app.run()
    assert not is_told(app, "multiselect", "filter-region")


def test_a_browser_without_a_language_changes_nothing(open_page, monkeypatch):
    app = open_page("overview", lang="fr")
    app.session_state["lang"] = None
    app.run()
    assert not app.exception
    assert app.session_state["lang"] == "fr"

    taken = []
    monkeypatch.setattr(link, "change", lambda **values: taken.append(values))
    for sent in (None, "es"):
        monkeypatch.setattr(st, "session_state", {"lang": sent})
        header._take_language()
    assert taken == [{"lang": "es"}]
