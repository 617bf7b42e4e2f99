"""Pages of a campaign that another version of the program has built: a sentence with the remedy, and no traceback."""

import shutil
from pathlib import Path

import duckdb
import pytest

from dashboard.i18n import translator
from dashboard.snapshot import kept_builds
from tests.app.conftest import OpenPage, elements, text_of
from tests.snapshots import mark_as_others, publish_fixture

SENTENCE = "Another version of the program made these figures, and this one does not show them."
REMEDY = "They are shown as soon as they are built again, where the exports are: python -m etl build."


@pytest.fixture
def published(tmp_path: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a campaign's published build."""
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    file = publish_fixture(tmp_path)
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    return file


def test_a_page_says_what_there_is_to_do_and_pages_of_staff_say_it_or_do_without(published, open_page, tmp_path):
    mark_as_others(published)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.csv").write_text("Ref\n1\n", encoding="utf-8")
    app, t = open_page("overview", lang="fr"), translator("fr")
    assert app.info[0].value == f"{t(SENTENCE)} {t(REMEDY)}"
    assert t("No data has been published yet, so there are no figures to show.") not in text_of(app)
    (way,) = (e.proto for e in elements(app, "page_link") if e.proto.label == t("Preview the inbox as it is"))
    assert way.page == "upload"
    assert REMEDY in text_of(open_page("quality")) and REMEDY in text_of(open_page("upload"))
    assert not open_page("settings").error


def test_a_link_to_a_kept_build_of_another_says_so_and_leads_on(published, open_page):
    former = published.with_name("snapshot-former.duckdb")
    shutil.copy(published, former)
    with duckdb.connect(former) as connection:
        connection.execute("update campaign set build_id = 'former'")
    mark_as_others(former)
    kept_builds.close()
    app = open_page("overview", build="former", region=["africa"])
    assert app.error[0].value.startswith("Another version of the program made this build")
    (way,) = (e.proto for e in elements(app, "page_link") if e.proto.label == "Show the newest figures")
    assert way.query_string == "region=africa"
