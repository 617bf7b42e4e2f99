"""Runs that a quick click cuts short: the browser is told again what its widgets show, until a run has ended."""

import streamlit as st

from dashboard.ui.frame import header, link, page


def is_told(app, kind: str, key: str) -> bool:
    """Whether the last run told the browser the value of a widget."""
    return bool(next(widget for widget in app.get(kind) if widget.key == key).proto.set_value)


WIDGETS = (("multiselect", "filter-region"), ("text_input", "filter-q"), ("date_input", "filter-as_of"))


def test_widgets_are_told_their_values_until_a_run_has_ended_and_on_another_page_anew(open_page, monkeypatch):
    cut, close = [True, True], page.close  # the first two runs are cut short just before their end
    monkeypatch.setattr(page, "close", lambda: None if cut and cut.pop() else close())
    app = open_page("overview", region="africa", q="child", as_of="2021-10-01")
    for _ in range(3):  # the last is the first one that ends
        assert all(is_told(app, *widget) for widget in WIDGETS)
        app.run()
    assert not any(is_told(app, *widget) for widget in WIDGETS)  # quick typing is not undone
    assert app.multiselect(key="filter-region").value == ["africa"]
    cut.append(True)
    app.switch_page("../../pages/regions.py").run()
    assert is_told(app.run(), *WIDGETS[0])
    assert not is_told(app.run(), *WIDGETS[0])


def test_a_browser_without_a_language_changes_nothing(open_page, monkeypatch):
    app = open_page("overview", lang="fr")
    app.session_state["lang"] = None
    app.run()
    assert app.session_state["lang"] == "fr"

    taken = []
    monkeypatch.setattr(link, "change", lambda **values: taken.append(values))
    for sent in (None, "es"):
        monkeypatch.setattr(st, "session_state", {"lang": sent})
        header._take_language()
    assert taken == [{"lang": "es"}]
