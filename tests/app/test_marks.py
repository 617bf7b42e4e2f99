"""A click on a mark of a chart is wired to the filters of the page; what it does to them is tested as data."""

from tests.app.conftest import choose, drawings, kept_query

AFRICA, AMERICAS = "region:africa", "region:americas"
CHART = "completion-by-region"


def test_a_mark_filters_the_page_and_the_link_and_is_added_and_lifted_again(open_page):
    app = choose(open_page("regions", theme="education", lang="fr"), CHART, AFRICA)
    assert not app.exception
    kept = {"theme": ["education"], "lang": ["fr"]}
    assert kept_query(app) == {"region": ["africa"], **kept}
    assert app.multiselect(key="filter-region").value == ["africa"]
    assert all(drawing["chosen"] == [AFRICA, "theme:education"] for drawing in drawings(app).values())
    app = choose(app, CHART, AMERICAS, is_added=True)
    assert kept_query(app)["region"] == ["africa", "americas"]
    app = choose(app, CHART, AFRICA, is_added=True)
    assert kept_query(app) == {"region": ["americas"], **kept}
    segment = f"{AFRICA} status:completed"
    app = choose(app, "status-overview", segment)
    assert kept_query(app) == {"region": ["africa"], "status": ["completed"], **kept}
    app = choose(app, "status-overview", segment)
    assert kept_query(app) == kept


def test_what_is_no_mark_changes_nothing(open_page):
    app = open_page("regions", region="africa", lang="en")
    for mark in ("region:atlantis", "build:1", "region:africa lang:fr", "", None):
        app = choose(app, CHART, mark)
        assert not app.exception
        assert kept_query(app) == {"region": ["africa"], "lang": ["en"]}
