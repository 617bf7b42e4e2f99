"""A page whose run ends by an error that nobody foresaw says so, with the number that the log has."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.i18n import translator
from dashboard.logs import request_id


def break_off() -> None:
    from dashboard.ui.frame import broken

    broken.show(ValueError("Sample Person 001"))


@pytest.mark.parametrize(("lang", "number"), [("en", "5f0e8044e62dcb91"), ("fr", "")])
def test_the_reader_is_told_and_can_quote_the_number(monkeypatch, lang, number):
    monkeypatch.setattr(request_id, "_finders", [lambda: number])
    app = AppTest.from_function(break_off)
    app.query_params["lang"] = lang
    app.run()
    assert not app.exception
    (said,) = [error.value for error in app.error]
    assert translator(lang)("This page could not be shown to its end.").rstrip(".") in said
    assert (number in said) and ("5f0e" in said) == bool(number)
    assert "Person" not in said
