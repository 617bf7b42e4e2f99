"""A publication while pages are open: nothing changes until the reader says so, and a link may keep its build."""

import gc
import weakref
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.i18n import translator
from dashboard.snapshot.database import current
from dashboard.ui.frame.header import PAGES
from tests.app.conftest import elements, kept_query, mounted, switch, text_of, trigger
from tests.app.test_pages import figures
from tests.charts_over_http import republish
from tests.snapshots import publish_fixture

WITHOUT = 10


@pytest.fixture
def campaign_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DASHBOARD_STAFF", "open")  # staff see which build is shown
    publish_fixture(tmp_path)
    return tmp_path


def shown(app: AppTest) -> str:
    """Return the number of actions on the page."""
    return str(figures(app, app.session_state["link"].page_id)[0])


def notice(app: AppTest) -> dict:
    [(_, data)] = mounted(app, "figures")
    return data


def answer(app: AppTest, event: str, value: object = True) -> None:
    """Send the notice's answer from the reader, or from the page by itself."""
    [(component_id, _)] = mounted(app, "figures")
    trigger(app, component_id, event, value)


def test_a_session_stays_with_its_build_until_the_reader_has_the_new_one_shown_or_keeps_it_in_the_link(
    open_page, campaign_folder
):
    app, kept = open_page("regions", theme=["education"]), open_page("regions", region=["africa"])
    by_staff = open_page("regions", build="fixture")
    before, before_kept = shown(app), shown(kept)
    assert (notice(app)["build"], notice(app)["actions"], notice(app)["is_kept"]) == ("fixture", 40, False)
    republish(campaign_folder, "second", without=WITHOUT)
    assert shown(app.run()) == before
    switch(app, "themes")
    assert shown(app) == before
    app.session_state["figures-completion-by-theme"] = True
    assert "fixture" in text_of(app.run()) and "survey_final.xlsx" in text_of(app)
    assert "build" not in kept_query(app)
    answer(app, "show")
    assert notice(app)["build"] == "second"
    assert int(shown(app)) < int(before)
    assert kept_query(app) == {"theme": ["education"], "lang": ["en"]}
    assert notice(app.run())["build"] == "second"
    assert shown(open_page("themes", theme=["education"])) == shown(app)  # whoever comes now sees the same

    answer(kept, "keep")
    assert kept_query(kept) == {"region": ["africa"], "build": ["fixture"], "lang": ["en"]}
    assert notice(kept)["is_kept"]
    assert shown(kept) == before_kept == shown(open_page("regions", region=["africa"], build="fixture"))
    answer(kept, "show")
    after_kept = shown(kept)
    assert int(after_kept) < int(before_kept) and kept_query(kept) == {"region": ["africa"], "lang": ["en"]}
    answer(kept, "stay", "fixture")  # a page that outlives its server goes on with its build
    assert (notice(kept)["build"], shown(kept)) == ("fixture", before_kept)
    answer(kept, "stay", "never published")
    assert notice(kept)["is_newest"]
    assert (notice(kept)["build"], shown(kept)) == ("second", after_kept)

    switch(by_staff, "quality")  # staff see the published build
    assert "second" in text_of(by_staff)
    assert "build" not in kept_query(by_staff)
    switch(by_staff, "regions")
    assert shown(by_staff) == str(40 - WITHOUT)

    app, t = open_page("regions", build="never", region=["africa"], lang="fr"), translator("fr")
    assert t("These figures are no longer kept") in text_of(app)
    assert "never" in app.error[0].value
    (way,) = (e.proto for e in elements(app, "page_link") if e.proto.label == t("Show the newest figures"))
    assert way.query_string == "region=africa&lang=fr"
    assert not elements(app, "plotly_chart")


@pytest.mark.nightly
def test_a_session_whose_build_is_gone_is_told_so_and_goes_on_and_a_code_that_is_gone_is_refused_once(
    open_page, campaign_folder
):
    app, other = open_page("themes"), open_page("themes", region=["africa"])
    for name in ("second", "third"):  # the one before the last stays open as long as it is there
        republish(campaign_folder, name, without=WITHOUT)
    with duckdb.connect(campaign_folder / "published" / "snapshot-third.duckdb") as connection:
        connection.execute("delete from codes where codelist = 'regions' and code = 'africa'")
    answer(other, "show")
    assert "africa" in other.error[0].value
    other.query_params.clear()
    other.query_params["lang"] = "en"
    assert not other.run().error
    assert shown(other) == str(40 - WITHOUT)
    (campaign_folder / "published" / "snapshot-fixture.duckdb").unlink()
    assert "no longer kept" in app.run().info[0].value
    assert shown(app) == str(40 - WITHOUT)
    assert not app.run().info


ASKING_MOST = ("overview", "actions", "briefing")
"""Pages that ask a snapshot in the most different ways."""
OTHERS = [spec.page_id for spec in PAGES if spec.page_id not in ASKING_MOST]


@pytest.mark.nightly
@pytest.mark.parametrize("page_ids", [ASKING_MOST, pytest.param(OTHERS, marks=pytest.mark.nightly)], ids=len)
def test_pages_that_nobody_touches_hold_no_snapshot_open(open_page, campaign_folder, page_ids):
    charts = {"briefing": {"charts": "completion-by-theme"}}
    apps = {page_id: open_page(page_id, **charts.get(page_id, {})) for page_id in page_ids}
    seen = weakref.ref(current())
    for build_id in ("second", "third"):  # the one before the last stays open for those who look at it
        republish(campaign_folder, build_id)
        current()
    gc.collect()
    assert seen() is None
    for page_id, app in apps.items():
        assert notice(app.run())["build"] == "fixture", page_id
