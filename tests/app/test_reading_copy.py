"""Pages of a server that shows copies: what changes something is not offered, and says where it is."""

import json

from dashboard.i18n import translator
from tests.app.conftest import page_links, text_of

SAID = "This server shows a copy of the figures. They are changed where the exports are kept."


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
    assert said.value.startswith(translator("fr")(SAID))
    assert "(https://builder.example.org/quality)" in said.value
    assert not app.button
    overview = open_page()
    assert not {"upload", "quality"} & set(page_links(overview))
    (tmp_path / "inbox").mkdir()
    assert "quality" in page_links(overview.run())
    assert translator("fr")(SAID) not in text_of(app.run())
