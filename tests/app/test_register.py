"""The Actions page: the register, one action opened, the download."""

import pandas as pd
import pytest

from dashboard import register
from dashboard.i18n import translator
from dashboard.selection import Selection
from tests.app.conftest import kept_query, text_of


def shown(app):
    return app.dataframe[0].value


def test_the_register_lists_the_selection(open_page, snapshot):
    selection = Selection(regions=("africa",))
    app = open_page("actions", region="africa")
    assert not app.exception
    expected = register.page(snapshot, selection)
    assert shown(app)["action_id"].tolist() == expected["action_id"].tolist()
    assert len(expected) == register.count(snapshot, selection) > 0


def test_words_are_those_of_the_language(open_page, snapshot):
    frame = shown(open_page("actions", lang="es"))
    labels = {code.labels["es"] for code in snapshot.codes["statuses"].values()}
    assert set(frame["status"]) <= labels


def test_sorting_sorts_all_of_it(open_page, snapshot):
    app = open_page("actions")
    app.selectbox(key="register-sort").set_value("title").run()
    app.toggle(key="register-descending").set_value(True).run()
    expected = register.page(snapshot, Selection(), sort="title", descending=True)
    assert shown(app)["action_id"].tolist() == expected["action_id"].tolist()


def test_a_page_is_all_that_is_sent(open_page, snapshot, monkeypatch):
    from dashboard.ui import register_table

    monkeypatch.setattr(register_table, "PAGE_ROWS", 7)
    app = open_page("actions")
    assert shown(app)["action_id"].tolist() == register.page(snapshot, Selection(), limit=7)["action_id"].tolist()
    app.get("pagination")[0].set_value(2).run()
    second = register.page(snapshot, Selection(), limit=7, offset=7)["action_id"].tolist()
    assert shown(app)["action_id"].tolist() == second
    app.multiselect(key="filter-region").select("africa").run()
    first = register.page(snapshot, Selection(regions=("africa",)), limit=7)["action_id"].tolist()
    assert shown(app)["action_id"].tolist() == first  # another list begins on its first page


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_every_action_opens_and_says_where_it_comes_from(open_page, snapshot, lang):
    for action_id in register.page(snapshot, Selection())["action_id"].tolist()[:: 1 if lang == "fr" else 8]:
        app = open_page("actions", action=action_id, lang=lang)
        assert not app.exception
        assert not app.error
        text = text_of(app)
        action = register.details(snapshot, action_id)
        assert action is not None
        facts = action.facts
        assert facts["source_file"] in text
        assert str(facts["source_row"]) in text
        if facts["title"]:
            assert facts["title"] in text


def test_reports_made_later_than_the_day_are_not_shown(open_page, snapshot):
    frame = register.page(snapshot, Selection(), sort="reported_on", descending=True, limit=1)
    action_id = frame["action_id"].iloc[0]
    action = register.details(snapshot, action_id)
    assert action is not None
    reports = action.reports
    days = pd.to_datetime(reports["reported_on"])
    before = (days.max() - pd.Timedelta(days=1)).date()
    assert len(reports) == reported_rows(open_page("actions", action=action_id)) > 0
    assert int((days.dt.date <= before).sum()) == reported_rows(
        open_page("actions", action=action_id, as_of=before.isoformat())
    )


def reported_rows(app) -> int:
    """How many rows the table of progress reports has; it is left out where there are none."""
    bodies = [element.proto.body for element in app.get("html")]
    return sum(body.count("<tr>") - 1 for body in bodies if "Reported on" in body)


def test_an_unknown_action_is_said_to_be_unknown(open_page):
    app = open_page("actions", action="no-such-action")
    assert not app.exception
    assert "no-such-action" in app.error[0].value


def test_going_back_returns_to_the_filtered_register(open_page, snapshot):
    action_id = register.page(snapshot, Selection(regions=("africa",)))["action_id"].iloc[0]
    app = open_page("actions", action=action_id, region="africa", lang="fr")
    assert kept_query(app)["action"] == [action_id]
    app.button(key="back").click().run()
    assert kept_query(app) == {"region": ["africa"], "lang": ["fr"]}
    assert len(shown(app)) == register.count(snapshot, Selection(regions=("africa",)))


def test_an_empty_register_says_which_filter_to_drop(open_page):
    app = open_page("actions", q="no action has these words", lang="fr")
    assert translator("fr")("No actions match these filters.") in text_of(app)
    assert not app.dataframe
