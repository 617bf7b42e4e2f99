"""The page Settings: a change in words, its preview, published, undone; refusals beside their form; who may open it."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from streamlit.testing.v1 import AppTest

from dashboard.campaign.settings_basket import CAMPAIGN
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.ui.pieces import comparison
from dashboard.ui.settings.body import SECTIONS
from tests.app.conftest import text_of
from tests.app.uploads import (
    button,
    has_button,
)
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.program import history_file
from tests.etl.registers import HEADER, action

SHIPPED = (SHIPPED_CAMPAIGN / CAMPAIGN).read_text(encoding="utf-8")
OpenSettings = Callable[..., AppTest]


@pytest.fixture
def open_settings(open_upload: OpenSettings, campaign: Path) -> OpenSettings:
    """Opens the page for a campaign that has a file of its own."""
    (campaign / CAMPAIGN).write_text(SHIPPED, encoding="utf-8")
    return lambda **more: open_upload("settings", **more)


def field(app: AppTest, kind: str, name: str) -> Any:
    """A field of a form, whatever its key ends with."""
    return next(found for found in app.get(kind) if found.key.startswith(f"settings-{name}-"))


def change_title(app: AppTest, words: str) -> AppTest:
    """Take another English title into the working copy."""
    field(app, "text_input", "title-en").input(words)
    return button(app, "settings-keep-title").click().run()


def find_draft(campaign: Path) -> Path:
    """The folder of the one working copy with changes."""
    (place,) = (path.parent for path in (campaign / "private" / "drafts").glob("*/settings"))
    return place


def put_in_place(campaign: Path, place: Path) -> None:
    """What publishing a draft of settings does to the files (tests/etl/publish/test_drafts.py)."""
    kept = campaign / "private" / "settings" / place.name
    (kept / "before").mkdir(parents=True)
    shutil.copytree(place / "settings", kept / "after")
    for name in (CAMPAIGN,):
        shutil.copyfile(campaign / name, kept / "before" / name)
        shutil.copyfile(place / "settings" / name, campaign / name)
    note = {"at": f"2022-01-11T09:0{len(list(kept.parent.iterdir()))}:00+00:00", "files": [CAMPAIGN]}
    (kept / "change.json").write_text(json.dumps(note), encoding="utf-8")
    shutil.rmtree(place)


def test_a_title_is_changed_previewed_published_and_taken_back(open_settings, stand_in, campaign):
    app = change_title(open_settings(), "Another title")
    place = find_draft(campaign)
    assert "→ “Another title”" in text_of(app) and has_button(app, "settings-undo-edit")
    assert (campaign / CAMPAIGN).read_text(encoding="utf-8") == SHIPPED

    button(app, "settings-preview").click().run()
    assert stand_in.asked[-1][:5] == ["draft", "--uploads", str(place / "uploads"), "--to", str(place)]
    assert "No figure changes, and no action." in text_of(app)

    button(app, "settings-publish").click()
    put_in_place(campaign, place)
    app.run()
    assert stand_in.asked[-1][:2] == ["publish-draft", str(place)]
    assert "→ “Another title”" in text_of(app)
    work = app.session_state["staff-settings"]

    mine = (campaign / CAMPAIGN).read_text(encoding="utf-8")
    (campaign / CAMPAIGN).write_text(mine + "# by hand\n", encoding="utf-8")
    button(app, "settings-undo").click().run()
    assert "Somebody else has changed the same settings since" in text_of(app) and has_button(app, "settings-publish")
    button(app, "settings-discard").click().run()
    (campaign / CAMPAIGN).write_text(mine, encoding="utf-8")
    app.session_state["staff-settings"] = work
    button(app.run(), "settings-undo").click().run()
    assert [asked[0] for asked in stand_in.asked[-2:]] == ["draft", "publish-draft"], "one click"
    back = find_draft(campaign)
    assert (back / "settings" / CAMPAIGN).read_text(encoding="utf-8") == SHIPPED
    put_in_place(campaign, back)

    app.query_params["section"] = "history"
    app.run()
    told = text_of(app)
    assert told.count("Another title") == 3 and "1 later change of the same files would go with it." in told
    button(app, f"settings-put-back-{place.name}").click().run()
    assert [error.value for error in app.error] == ["These settings are as they were before already."]


def test_figures_that_change_are_shown_and_those_of_no_other_group_and_one_that_falls_is_warned_of(
    open_settings, stand_in, monkeypatch
):
    stand_in.change = "delete from actions; update campaign set starts_on = starts_on + 30, ends_on = ends_on + 30"
    app = change_title(open_settings(), "Another title")
    button(app, "settings-preview").click().run()
    assert "Look at this before you publish" in text_of(app) and "Time elapsed" in text_of(app)
    assert button(app, "settings-publish").label == "Publish anyway"
    button(app, "settings-back").click().run()
    assert has_button(app, "settings-preview")
    button(app, "settings-discard").click().run()
    assert "→ “Another title”" not in text_of(app)

    stand_in.change = """
        delete from action_members where dimension = 'grouping' and member in ('cocoa_coast', 'empty_circle');
        delete from codes where codelist = 'groupings' and code = 'empty_circle';
    """
    app.query_params["lang"] = "fr"
    change_title(app.run(), "Another title")
    button(app, "settings-preview").click().run()
    assert "Aucun chiffre ne change" not in text_of(app)
    (groups,) = (one for one in app.expander if "chang" in one.label)
    assert groups.label == "Groupement de pays\u00a0: 2 changent, 2 ne changent pas" and groups.proto.expanded
    (table,) = (one.proto.body for one in app.get("html") if "Côte du cacao" in one.proto.body)
    assert [
        [cell.text_content().replace("\u00a0", " ") for cell in row]
        for row in html.fromstring(table).xpath(".//tbody/tr")
    ] == [
        ["Côte du cacao imaginaire", "7 → 0", "7 → 0", "4 → 0", "57 % → —", "57 % → —"],
        ["Cercle vide imaginaire (n’est plus dans la liste)", "3 → —", "2 → —", "1 → —", "1/3 → —", "2/3 → —"],
    ]
    assert "Ici, aucun groupe ne change\u00a0: Région, Sous-région, Pays, Catégorie, Thème" in text_of(app)

    monkeypatch.setattr(comparison, "_MOST_GROUPS", 1)
    monkeypatch.setattr(comparison, "_FEW_GROUPS", 1)
    (groups,) = (one for one in app.run().expander if "chang" in one.label)
    assert "2 changent" in groups.label and "aux 1 premiers, sur 2" in groups.markdown[0].value
    assert not groups.proto.expanded and "Cercle vide" not in text_of(app)


def test_another_build_or_a_file_changed_by_hand_makes_the_preview_outdated(open_settings, stand_in, campaign):
    app = change_title(open_settings(), "Another title")
    button(app, "settings-preview").click().run()
    theirs = SHIPPED.replace("# The campaign", "# Our campaign")
    (campaign / CAMPAIGN).write_text(theirs, encoding="utf-8")
    app.run()
    assert "Somebody else has changed the same settings since" in text_of(app) and not has_button(
        app, "settings-publish"
    )
    button(app, "settings-remake").click().run()
    mine = (find_draft(campaign) / "settings" / CAMPAIGN).read_text(encoding="utf-8")
    assert "# Our campaign" in mine and "Another title" in mine and has_button(app, "settings-publish")
    assert stand_in.asked[-1][0] == "draft"

    button(app, "settings-back").click().run()
    (campaign / CAMPAIGN).write_text(change_by_hand(theirs, "Their title"), encoding="utf-8")
    button(app, "settings-preview").click().run()
    assert "has changed the same place meanwhile: campaign" in text_of(app).replace("\\", "")
    button(app, "settings-give-up").click().run()
    assert "Another title" not in text_of(app) and field(app, "text_input", "title-en").value == "Their title"


def change_by_hand(text: str, title: str) -> str:
    """The file with another English title."""
    return "\n".join(f'en = "{title}"' if line.startswith('en = "2021') else line for line in text.split("\n"))


def test_what_was_begun_before_a_reload_is_offered_again(open_settings, stand_in):
    first = change_title(open_settings(), "Another title")
    second = open_settings()
    assert "are not published" in text_of(second) and "→ “Another title”" in text_of(second)
    button(second, "settings-take-up").click().run()
    assert has_button(second, "settings-preview")
    assert not has_button(first.run(), "settings-preview"), "and is in one tab only"
    assert first.session_state


def test_each_section_is_drawn_also_where_nothing_is_published(open_settings, campaign):
    app = open_settings()
    (campaign / "published" / "current.json").rename(campaign / "aside.json")
    bare = open_settings()
    (campaign / "aside.json").rename(campaign / "published" / "current.json")
    for section in SECTIONS:
        app.query_params["section"] = section
        app.run()
    (campaign / "published" / "current.json").unlink()
    for section in SECTIONS:
        bare.session_state["settings-section"] = section
        bare.run()


def test_a_stranger_does_not_open_it(open_settings):
    app = open_settings(staff="", password="an imaginary password")  # noqa: S106
    assert not app.get("text_input") or not any(one.key.startswith("settings-") for one in app.get("text_input"))
    assert not has_button(app, "settings-keep-title")


def test_what_cannot_be_so_is_said_beside_its_form_and_a_file_that_somebody_broke_by_hand_named(
    open_settings, campaign
):
    app = open_settings(lang="fr")
    field(app, "date_input", "end").set_value(date(2020, 1, 1))
    button(app, "settings-keep-days").click().run()
    assert [error.value for error in app.error] == ["Le dernier jour ne peut pas précéder le premier."]
    field(app, "text_input", "citation-en").input("{titel}")
    button(app, "settings-keep-publisher").click().run()
    assert "titel" in app.error[0].value and "placeholder" not in app.error[0].value
    assert not list((campaign / "private").glob("drafts/*/settings/*"))
    app.query_params["lang"] = "en"
    (campaign / CAMPAIGN).write_text("title = [", encoding="utf-8")
    app.run()
    assert "is not valid TOML" in app.error[0].value
    app.query_params["lang"] = "fr"
    (campaign / CAMPAIGN).write_text(SHIPPED.replace("end = 20", 'end = "soon" # 20', 1), encoding="utf-8")
    assert "ce n’est pas une date" in app.run().error[0].value and "Corrigez" in app.error[0].value
    app.query_params["lang"] = "en"
    app.query_params["section"] = "history"
    assert not app.run().error
    del app.query_params["section"]
    (campaign / CAMPAIGN).write_text(SHIPPED, encoding="utf-8")
    change_title(app.run(), "Another title")
    (campaign / CAMPAIGN).write_bytes(SHIPPED.encode("cp1252", "replace"))
    app.run()
    assert "is not written in UTF-8" in app.error[0].value
    button(app, "settings-discard").click().run()


def test_an_undo_that_could_not_begin_publishes_nothing_later(open_settings, stand_in):
    app = change_title(open_settings(), "Another title")
    work = app.session_state["staff-settings"]
    work.is_undo = True  # as the click on Undo says, where the command cannot be started then
    work.start = lambda *_: None
    work.make()
    del work.start
    button(app.run(), "settings-preview").click().run()
    assert [asked[0] for asked in stand_in.asked] == ["draft"] and has_button(app, "settings-publish")


@pytest.mark.nightly
def test_the_commands_themselves_publish_a_title_and_take_it_back(open_page, tmp_path, monkeypatch):
    made = make_campaign(tmp_path / "c", {"a.csv": HEADER + action("1", promise="First")})
    (made.root / CAMPAIGN).write_text(SHIPPED, encoding="utf-8")
    publish_campaign(made)
    app = open_page()
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(made.root))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    app = change_title(app.switch_page("../../pages/settings.py").run(), "Another title")

    click_and_wait(app, "settings-preview")
    assert "No figure changes, and no action." in text_of(app)
    click_and_wait(app, "settings-publish")
    written = (made.root / CAMPAIGN).read_text(encoding="utf-8").splitlines()
    changed = [line for line in written if line not in SHIPPED.splitlines()]
    assert changed == ['en = "Another title"'] and has_button(app, "settings-undo")
    click_and_wait(app, "settings-undo", commands=2)
    assert (made.root / CAMPAIGN).read_text(encoding="utf-8") == SHIPPED
    assert [entry["how"] for entry in history_file(made)][:2] == ["settings", "settings"]


def click_and_wait(app: AppTest, key: str, commands: int = 1) -> None:
    """Click a button that starts commands, and draw the page when the last of them has ended."""
    button(app, key).click().run()
    for _ in range(commands):
        if (job := app.session_state["staff-settings"].job) is not None:
            job.result()
            app.run()
