"""Drafts that bring settings: seen in the preview, put in place with it, and what stood there before is kept."""

import json

import duckdb
import pytest

from dashboard.errors import UserError
from etl.inputs.inbox import list_inbox
from etl.publish import drafts, history, holding, kept_inputs
from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.program import published
from tests.etl.registers import HEADER, action

LIST = "code,label_en,aliases,sort_order\nfarms,Farms,Agriculture|Farming,10\n"


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """A published campaign of one action; tests take a copy."""
    folder = make_campaign(tmp_path_factory.mktemp("settings"), {"a.csv": HEADER + action("1", promise="First")})
    (folder.root / "campaign.toml").write_bytes(folder.campaign_file.read_bytes())
    publish_campaign(folder)
    return folder


@pytest.fixture
def folder(published_once, tmp_path):
    """The published campaign."""
    return copy_campaign(published_once, tmp_path / "c")


def bring(folder, name="0123", **files):
    """The folder of a draft that brings settings; of `codelists__themes` is made codelists/themes.csv."""
    place = folder.private / "drafts" / name
    (place / "uploads").mkdir(parents=True)
    for key, text in files.items():
        ending = "csv" if "codelists" in key else "toml"
        path = place / "settings" / f"{key.replace('__', '/')}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


def make(folder, place):
    """The draft of a folder."""
    return drafts.make_draft(folder, place / "uploads", place, lambda *_: None)


def find_published(folder):
    """The published snapshot."""
    return folder.published / published(folder)["snapshot"]


def label_themes(path):
    """The English labels of the themes of a snapshot, by code."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return dict(connection.execute("select code, label_en from codes where codelist = 'themes'").fetchall())


def test_what_a_draft_brings_is_in_its_preview_and_in_the_folder_when_it_is_published(folder):
    titled = folder.campaign_file.read_text(encoding="utf-8").replace("2021-05-15", "2021-05-16")
    before = (folder.root / "campaign.toml").read_text(encoding="utf-8")
    place = bring(folder, campaign=titled, codelists__themes=LIST)

    draft = make(folder, place)

    assert list(draft.settings) == ["campaign.toml", "codelists/themes.csv"]
    assert label_themes(place / "snapshot.duckdb")["farms"] == "Farms"
    assert (folder.root / "campaign.toml").read_text(encoding="utf-8") == before
    assert "farms" not in label_themes(find_published(folder))

    holding.publish_draft(folder, place)

    assert label_themes(find_published(folder))["farms"] == "Farms"
    assert (folder.root / "campaign.toml").read_text(encoding="utf-8") == titled
    assert history.read_pointer(folder)["how"] == "settings"
    assert kept_inputs.is_built_from(folder, draft.build_id)
    kept = folder.private / "settings" / "0123"
    assert (kept / "before" / "campaign.toml").read_text(encoding="utf-8") == before
    assert not (kept / "before" / "codelists").exists()
    assert (kept / "after" / "codelists" / "themes.csv").read_text(encoding="utf-8") == LIST
    assert json.loads((kept / "change.json").read_text())["build_before"] == draft.base_build_id

    back = bring(folder, "0456", codelists__themes="")
    make(folder, back)
    holding.publish_draft(folder, back)
    assert not (folder.root / "codelists" / "themes.csv").exists()
    assert "farms" not in label_themes(find_published(folder))


def test_a_setting_that_somebody_changed_meanwhile_is_not_overwritten(folder):
    place = bring(folder, campaign=folder.campaign_file.read_text(encoding="utf-8") + "\n# one\n")
    make(folder, place)
    meanwhile = folder.campaign_file.read_text(encoding="utf-8") + "\n# another\n"
    (folder.root / "campaign.toml").write_text(meanwhile, encoding="utf-8")

    with pytest.raises(UserError, match="changed since the preview"):
        holding.publish_draft(folder, place)

    assert (folder.root / "campaign.toml").read_text(encoding="utf-8") == meanwhile
    assert not (folder.private / "settings").exists()


def test_without_any_export_settings_are_checked_and_put_in_place(tmp_path):
    folder = make_campaign(tmp_path, {})
    faulty = bring(folder, "0456", campaign="start = 2021-01-01\n")
    with pytest.raises(UserError, match="is missing"):
        make(folder, faulty)
    place = bring(folder, codelists__themes=LIST)

    draft = make(folder, place)
    brought = place / "settings" / "codelists" / "themes.csv"
    for change in (lambda: brought.write_text(LIST + "x,X,,20\n"), brought.unlink):  # in another tab
        change()
        with pytest.raises(UserError, match="changed since the preview"):
            holding.publish_draft(folder, place)
        brought.write_text(LIST, encoding="utf-8")
    holding.publish_draft(folder, place)

    assert draft.build_id == "" and not place.exists()
    assert (folder.root / "codelists" / "themes.csv").read_text(encoding="utf-8") == LIST
    assert history.read_pointer(folder) is None and not list_inbox(folder)


def test_only_files_of_settings_are_brought(folder):
    place = bring(folder, campaign="")
    (place / "settings" / "decisions.csv").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=r"decisions\.csv is no file of settings"):
        make(folder, place)
