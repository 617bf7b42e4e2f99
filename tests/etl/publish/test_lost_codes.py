"""Neither a draft by hand nor the page loses a code in use; the preview shows the changes."""

from contextlib import nullcontext
from dataclasses import replace

import duckdb
import pytest

from dashboard.campaign import code_uses, codelist_edit
from dashboard.campaign.codelists import load_codelist, load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.ground.codelist_codes import CODELISTS
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.publish import drafts, holding
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.changing import bring, preview
from tests.etl.program import published
from tests.etl.registers import action, register, reports


def read_shipped(name):
    """Read the text of a shipped list."""
    return (SHIPPED_CAMPAIGN / "codelists" / f"{name}.csv").read_bytes().decode()


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """Return a published campaign of three actions and two reports; tests take a copy."""
    actions = register(
        action("1", promise="First", Themes="Agriculture", Where="Kenya", Kind_of_maker="Government"),
        action("2", promise="Second", Themes="Agriculture", Where="Kenya"),
        action("3", promise="Third", Themes="Tea gardens"),
    )
    told = reports("r1,OFF-1,Fictional Union,First,2021-06-01,Withdrawn")
    folder = make_campaign(tmp_path_factory.mktemp("lists"), {"a.csv": actions, "r.csv": told})
    folder.spellings_file.write_text("codelist,word,means\nthemes,Mica pits,mining\n", encoding="utf-8")
    publish_campaign(folder)
    return folder


def bring_lists(folder, name="0123", **lists):
    """Return the folder of a draft that brings codelists."""
    return bring(folder, name, settings={f"codelists/{one}.csv": text for one, text in lists.items()})


@pytest.mark.parametrize(
    ("name", "code", "uses"),
    [
        ("themes", "mining", "one word of spellings"),
        ("countries", "KEN", "is used: 2 actions"),
        ("statuses", "withdrawn", "one progress report"),
        ("stakeholder_groups", "individual", "persons who are not named"),
        ("themes", "data", ""),
        ("countries", "NRU", ""),
    ],
)
def test_what_uses_a_code_is_counted(published_once, tmp_path, name, code, uses):
    (tmp_path / "codelists").mkdir()
    text = codelist_edit.remove_member(read_shipped(name), name, code)
    (tmp_path / "codelists" / f"{name}.csv").write_bytes(text.encode())
    of_draft = CampaignFolder(published_once.root, tmp_path)
    with pytest.raises(UserError, match=uses) if uses else nullcontext():
        drafts.refuse_lost_codes(published_once, of_draft)


def test_codes_are_named_by_other_lists_by_keywords_and_by_recipes(folder):
    lists = {name: load_codelist(folder, name) for name in CODELISTS}
    shipped = code_uses.list_named(folder, lists)
    assert ("regions", "africa") not in shipped and ("themes", "data") not in shipped
    (folder.root / "codelists").mkdir()
    for name in ("subregions", "countries", "groupings"):
        (folder.root / "codelists" / f"{name}.csv").write_bytes(read_shipped(name).encode())
    keywords = "codelist,code,language,keyword\nthemes,data,en,statistics\n"
    (folder.root / "codelists" / "keywords.csv").write_text(keywords, encoding="utf-8")
    named = code_uses.list_named(folder, lists)
    assert named["themes", "data"] == {"keywords": 1}
    assert named["subregions", "eastern_africa"]["countries"] > 10 and named["regions", "africa"]["subregions"] == 5
    assert named["countries", "KEN"] == {"groupings": 2}
    assert named["statuses", "in_progress"] == {"recipes": 1}
    assert str(code_uses.say({"keywords": 1, "actions": 3})) == "3 actions, one keyword"


@pytest.mark.nightly
def test_what_is_changed_counts_in_the_preview_and_a_used_code_is_lost_by_no_draft(folder):
    codes = load_codelists(folder)["themes"]
    agriculture = next(code for code in codes if code.code == "agriculture")
    wanted = replace(agriculture, aliases=(*agriculture.aliases, "Tea gardens"))
    text = codelist_edit.change_member(read_shipped("themes"), codes, wanted, "en")
    text = codelist_edit.move_member(text, "agriculture", 3)
    sport = replace(agriculture, code="gardens", aliases=(), labels=type(agriculture.labels)({"en": "Gardens"}))
    text = codelist_edit.add_member(text, codes, sport, "en")
    place = bring_lists(folder, themes=text)
    preview(folder, place)
    with duckdb.connect(str(place / "snapshot.duckdb"), read_only=True) as connection:
        counted = connection.execute("select theme, count(*) from action_themes group by theme").fetchall()
        order = connection.execute("select code from codes where codelist = 'themes' order by sort_order").fetchall()
    assert counted == [("agriculture", 3)]
    assert [code for (code,) in order][:4] == ["mining", "supply_chains", "education", "agriculture"]
    holding.publish_draft(folder, place)
    uses = code_uses.read_published(folder.published / published(folder)["snapshot"])
    assert uses["themes", "agriculture"] == {"actions": 3}
    moved = codelist_edit.change_member(text, codes, agriculture, "en")
    for name, lost in (
        ("0345", codelist_edit.remove_member(moved, "themes", "agriculture")),
        ("0346", codelist_edit.rename_member(text, codes, "themes", "agriculture", "farming")),
    ):
        used = bring_lists(folder, name, themes=lost)
        with pytest.raises(UserError, match=r"agriculture of themes\.csv is used: 3 actions") as refusal:
            preview(folder, used)
        assert not (used / "snapshot.duckdb").exists() and "labels" in refusal.value.remedy
    drafts.refuse_lost_codes(folder, CampaignFolder(folder.root, bring_lists(folder, "0456", themes="") / "settings"))
