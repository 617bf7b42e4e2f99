"""Pages of a server that shows copies: what changes something is not offered, and says where it is."""

import json

import pytest

from dashboard.i18n import translator
from tests.app.conftest import elements, text_of
from tests.cases import of_which
from tests.shipped import LANGUAGES

SAID = "This server shows a copy of the figures. They are changed where the exports are kept."


@pytest.fixture
def on_a_copy(open_page, tmp_path, campaign_folder, monkeypatch):
    (tmp_path / "published").mkdir()
    for path in (campaign_folder / "published").iterdir():
        (tmp_path / "published" / path.name).symlink_to(path)
    note = {"made_at": "https://builder.example.org"}
    (tmp_path / "published" / "copied.json").write_text(json.dumps(note))
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    monkeypatch.setenv("DASHBOARD_STORE", "s3://copies/campaign")
    return tmp_path


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_staff_pages_lead_to_where_the_figures_are_made(on_a_copy, open_page, lang):
    app = open_page("quality", lang=lang)
    assert not app.exception
    (said,) = app.info
    assert said.value.startswith(translator(lang)(SAID))
    assert "(https://builder.example.org/quality)" in said.value
    assert not app.button


def test_the_header_offers_them_only_where_there_is_an_inbox(on_a_copy, open_page):
    def offered() -> set[str]:
        return {element.proto.page for element in elements(open_page(), "page_link")}

    assert "upload" not in offered()
    assert "quality" not in offered()
    (on_a_copy / "inbox").mkdir()
    assert "quality" in offered()
    assert "copy of the figures" not in text_of(open_page("quality"))
