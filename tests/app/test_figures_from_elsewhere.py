"""Pages of figures that another version of the program has made, and of a server that shows copies."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from dashboard.i18n import translator
from dashboard.snapshot import kept_builds
from tests.app.conftest import OpenPage, elements, page_links, text_of
from tests.snapshots import mark_as_others, publish_fixture

SENTENCE = "These figures were made by another version of the program and cannot be shown."
REMEDY = "Build them again where the exports are: python -m etl build."


@pytest.fixture
def published(tmp_path: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of a campaign's published build."""
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
    assert way.page == "files"
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


COPY = "This server shows a copy of the figures. Changes are made where the exports are kept."


def test_staff_pages_lead_to_where_the_figures_are_made_and_are_offered_only_where_there_is_an_inbox(
    open_page, tmp_path, campaign_folder, monkeypatch
):
    (tmp_path / "published").mkdir()
    for path in (campaign_folder / "published").iterdir():
        (tmp_path / "published" / path.name).symlink_to(path)
    note = {"made_at": "https://builder.example.org"}
    (tmp_path / "published" / "copied.json").write_text(json.dumps(note))
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    monkeypatch.setenv("DASHBOARD_STORE", "s3://copies/campaign")
    app = open_page("quality", lang="fr")
    (said,) = app.info
    assert said.value.startswith(translator("fr")(COPY))
    assert "(https://builder.example.org/files?part=quality)" in said.value
    assert not app.button
    overview = open_page()
    assert not {"upload", "quality"} & set(page_links(overview))
    (tmp_path / "inbox").mkdir()
    assert "upload" in page_links(overview.run())
    assert translator("fr")(COPY) not in text_of(app.run())
