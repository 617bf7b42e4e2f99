"""Lists and groupings on the page Settings: a member changed, added, moved, taken out, in the reader's language."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.campaign import codelist_edit, codelist_sheet
from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.ui.frame.view import Frame
from dashboard.ui.settings import code_lists, member_form
from tests.app.conftest import press, text_of
from tests.app.uploads import field, has_button

OpenSettings = Callable[..., AppTest]


def read_shipped(name: str) -> str:
    """Read the text of a shipped list."""
    return (SHIPPED_CAMPAIGN / "codelists" / f"{name}.csv").read_bytes().decode()


def read_draft(campaign: Path, name: str) -> str:
    """Read a list as the one working copy has it."""
    (path,) = campaign.glob(f"private/drafts/*/settings/codelists/{name}.csv")
    return path.read_bytes().decode()


def test_a_members_labels_spellings_and_order_are_changed_and_nothing_else(open_upload, campaign, stand_in):
    """The allowed changes, and their notation: `tests/dashboard/campaign/test_codelist_edit.py`."""
    word = ("f", "themes", "Carrières *", 3, "mining", "r", "carrieres")
    with duckdb.connect(campaign / "published" / "snapshot-fixture.duckdb") as connection:
        connection.execute("insert into unmatched_values values (?, ?, ?, ?, ?, ?, ?)", word)
    app = open_upload("settings", section="lists", lang="fr")
    assert "Thèmes\u00a0: utilisés" in app.selectbox[0].options[0] and "utilisé par" in text_of(app)
    app.text_input(key="settings-find-themes").input("secteur minier").run()
    assert has_button(app, "settings-open-themes-mining") and not has_button(app, "settings-open-themes-education")

    press(app, "settings-open-themes-mining")
    assert "Le code «\u00a0mining\u00a0» ne peut pas changer" in text_of(app).replace("\\", "")
    assert not has_button(app, "settings-remove-themes")
    field(app, "text_area", "member-themes-mining-aliases").input("Mine\nArdoisières")
    words = field(app, "button_group", "member-themes-mining-words")
    assert words.options == ["Carrières \\* \\(3\\)"]
    words.set_value(["Carrières *"])
    field(app, "text_input", "member-themes-mining-labels-es").input("Minas y canteras")
    field(app, "selectbox", "member-themes-mining-behind").set_value("education")
    press(app, "settings-member-themes-mining-keep")
    draft, shipped = read_draft(campaign, "themes"), read_shipped("themes")
    assert "mining,Mining,Secteur minier,Minas y canteras,Mine|Ardoisières|Carrières *," in draft
    assert codelist_edit.list_order(draft)[:4] == ["agriculture", "supply_chains", "education", "mining"]
    others = [[line for line in text.splitlines() if not line.startswith("mining,")] for text in (draft, shipped)]
    assert others[0] == others[1]
    told = text_of(app).replace("\\", "")
    assert "Secteur minier vient après Éducation" in told and "libellé (espagnol)" in told
    press(app, "settings-undo-edit")
    assert not list(campaign.glob("private/drafts/*/settings/codelists/*"))


def test_a_member_is_added_moved_renamed_and_taken_out_again(open_upload, campaign, stand_in):
    app = open_upload("settings", section="lists")
    app.selectbox[0].set_value("statuses").run()
    press(app, "settings-new-statuses")
    field(app, "text_input", "member-statuses--labels-en").input("On hold")
    press(app, "settings-member-statuses--keep")
    assert "no base status" in app.error[0].value
    assert "Counts as completed." in str(app.radio[0].proto.captions)
    app.radio[0].set_value("in_progress")
    press(app, "settings-member-statuses--keep")
    order = codelist_edit.list_order(read_draft(campaign, "statuses"))
    assert order.index("on_hold") + 1 == order.index("not_reported")
    press(app, "settings-open-statuses-on_hold", "settings-move-statuses-up")
    assert codelist_edit.list_order(read_draft(campaign, "statuses")).index("on_hold") == order.index("on_hold") - 1
    field(app, "text_input", "member-statuses-on_hold-code").input("paused")
    press(app, "settings-member-statuses-on_hold-keep", "settings-open-statuses-paused", "settings-remove-statuses")
    assert not list(campaign.glob("private/drafts/*/settings/codelists/*"))


def test_a_grouping_takes_countries_by_their_names(open_upload, campaign, stand_in):
    app = press(open_upload("settings", section="groupings", lang="es"), "settings-new-groupings")
    field(app, "text_input", "member-groupings--labels-es").input("Estados del río")
    countries = field(app, "multiselect", "member-groupings--countries")
    assert {"Alemania", "Timor-Leste"} <= {*countries.options}, "as they are: these are not Markdown"
    countries.set_value(["KEN", "UGA"])
    field(app, "text_input", "member-groupings--source").input("Comisión, 1 de marzo de 2021")
    press(app, "settings-member-groupings--keep")
    written = read_draft(campaign, "groupings").splitlines()[-2]
    assert written == 'estados_del_rio,,,Estados del río,,90,KEN|UGA,"Comisión, 1 de marzo de 2021"'


def test_a_list_that_was_broken_by_hand_is_said_and_not_changed(open_upload, campaign):
    (campaign / "codelists").mkdir()
    (campaign / "codelists" / "themes.csv").write_text("code,label_en,aliases\nfarms,Farms,\n", encoding="utf-8")
    app = open_upload("settings", section="lists", lang="fr")
    assert app.error[0].value.replace("\\", "").startswith("codelists/themes.csv n’a pas de colonne sort_order.")


def test_a_list_that_came_back_from_a_spreadsheet_is_compared_and_keeps_what_is_used(campaign, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
    text, t = read_shipped("stakeholder_groups"), translator("en")
    listed = member_form.read(Frame(page_id="settings", t=t, lang="en"), "stakeholder_groups")
    rows = codelist_sheet.read_rows(codelist_sheet.write_workbook(text, "list"), "list.xlsx")
    edited = text.replace("Governments,", "Governments and cities,")
    after = code_lists.make(listed, text, edited.encode(), "list.csv")
    assert after == edited
    told = "Governments and cities, label in English: “Governments” → “Governments and cities”"
    assert code_lists.describe_sheet(t, "stakeholder_groups", text, after) == [told]
    without = "\n".join(line for line in text.splitlines() if not line.startswith("individual"))
    with pytest.raises(UserError, match="individual of .* is used: the persons who are not named"):
        code_lists.make(listed, text, without.encode(), "list.csv")
    assert len(rows) == len(listed.codes)
