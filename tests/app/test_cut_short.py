"""Runs cut short by a quick click, after which the browser gets the widgets' state again, or broken off."""

from datetime import date

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.i18n import translator
from dashboard.logs import request_id
from dashboard.ui.frame import header, link, page


def is_told(app, kind: str, key: str) -> bool:
    """Whether the last run told the browser the value of a widget."""
    return bool(next(widget for widget in app.get(kind) if widget.key == key).proto.set_value)


def test_widgets_are_told_their_values_until_a_run_has_ended(open_page, monkeypatch):
    cut, close = [True, True], page.close  # the first two runs are cut short just before their end
    monkeypatch.setattr(page, "close", lambda: None if cut and cut.pop() else close())
    app = open_page("latest", since="2021-12-01", by="known", lang="fr")
    for _ in range(3):  # the last is the first one that ends
        assert is_told(app, "date_input", "latest-day")
        app.run()
    assert not is_told(app, "date_input", "latest-day")  # quick typing is not undone
    assert app.date_input(key="latest-day").value == date(2021, 12, 1)


def test_a_language_is_taken_of_those_that_there_are(monkeypatch):
    taken = []
    monkeypatch.setattr(link, "change", lambda **values: taken.append(values))
    for sent in (None, "es"):
        monkeypatch.setattr(st, "session_state", {"lang": sent})
        header._take_language()
    assert taken == [{"lang": "es"}]


def break_off() -> None:
    """End a page's run with an unforeseen error."""
    from dashboard.ui.frame import page

    page.show_error(ValueError("Sample Person 001"))


@pytest.mark.parametrize(("lang", "number"), [("en", "5f0e8044e62dcb91"), ("fr", "")])
def test_the_reader_of_a_page_that_broke_off_is_told_and_can_quote_the_number_of_the_log(monkeypatch, lang, number):
    monkeypatch.setattr(request_id, "_finders", [lambda: number])
    app = AppTest.from_function(break_off)
    app.query_params["lang"] = lang
    app.run()
    assert not app.exception
    (said,) = [error.value for error in app.error]
    assert translator(lang)("This page could not be shown in full.").rstrip(".") in said
    assert (number in said) and ("5f0e" in said) == bool(number)
    assert "Person" not in said
