"""The page Settings: a change, its preview, published, undone; refusals beside their form; lists and groupings."""

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from lxml import html
from streamlit.testing.v1 import AppTest

from dashboard.campaign import codelist_edit, uploads
from dashboard.campaign.working_copy import CAMPAIGN
from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import comparison
from dashboard.ui.pieces.page_parts import Section
from dashboard.ui.settings import code_lists, member_form
from dashboard.ui.settings.basket import SettingsWork
from dashboard.ui.settings.body import SECTIONS
from tests import templates
from tests.app.conftest import OpenPage, press, text_of
from tests.app.uploads import field, has_button

SHIPPED = (SHIPPED_CAMPAIGN / CAMPAIGN).read_text(encoding="utf-8")


@pytest.fixture
def open_settings(open_upload: OpenPage, campaign: Path) -> OpenPage:
    """Opens the page for a campaign that has a file of its own."""
    (campaign / CAMPAIGN).write_text(SHIPPED, encoding="utf-8")
    return lambda **more: open_upload("settings", **more)


def change_title(app: AppTest, words: str) -> AppTest:
    """Take another English title into the working copy."""
    field(app, "text_input", "title-title-en").input(words)
    return press(app, "settings-title-keep")


def find_draft(campaign: Path) -> Path:
    """Find the folder of the one working copy with changes."""
    (place,) = (path.parent for path in (campaign / "private" / "drafts").glob("*/settings"))
    return place


def put_in_place(campaign: Path, place: Path) -> None:
    """Change the files as publishing a draft of settings does (tests/etl/publish/test_drafts.py)."""
    kept = campaign / "private" / "settings" / place.name
    (kept / "before").mkdir(parents=True)
    shutil.copytree(place / "settings", kept / "after")
    shutil.copyfile(campaign / CAMPAIGN, kept / "before" / CAMPAIGN)
    shutil.copyfile(place / "settings" / CAMPAIGN, campaign / CAMPAIGN)
    note = {"at": f"2022-01-11T09:0{len(list(kept.parent.iterdir()))}:00+00:00", "files": [CAMPAIGN]}
    (kept / "change.json").write_text(json.dumps(note), encoding="utf-8")
    shutil.rmtree(place)


def test_a_title_is_changed_previewed_published_and_taken_back(open_settings, stand_in, campaign):
    app = change_title(open_settings(), "Another title")
    place = find_draft(campaign)
    assert "→ “Another title”" in text_of(app) and has_button(app, "settings-undo-edit")
    assert (campaign / CAMPAIGN).read_text(encoding="utf-8") == SHIPPED

    press(app, "settings-preview")
    assert stand_in.asked[-1][:5] == ["draft", "--uploads", str(place / "uploads"), "--to", str(place)]
    assert "No figures and no actions change." in text_of(app)

    app.button(key="settings-publish").click()
    put_in_place(campaign, place)
    assert "→ “Another title”" in text_of(app.run())
    assert stand_in.asked[-1][:2] == ["publish-draft", str(place)]
    work = app.session_state["staff-settings"]

    mine = (campaign / CAMPAIGN).read_text(encoding="utf-8")
    (campaign / CAMPAIGN).write_text(mine + "# by hand\n", encoding="utf-8")
    press(app, "settings-undo")
    assert "Somebody else has since changed the same settings" in text_of(app) and has_button(app, "settings-publish")
    press(app, "settings-discard")
    (campaign / CAMPAIGN).write_text(mine, encoding="utf-8")
    app.session_state["staff-settings"] = work
    press(app.run(), "settings-undo")
    assert [asked[0] for asked in stand_in.asked[-2:]] == ["draft", "publish-draft"], "one click"
    back = find_draft(campaign)
    assert (back / "settings" / CAMPAIGN).read_text(encoding="utf-8") == SHIPPED
    put_in_place(campaign, back)

    app.query_params["section"] = "history"
    told = text_of(app.run())
    assert told.count("Another title") == 3 and "1 later change to the same files would be undone too." in told
    press(app, f"settings-put-back-{place.name}")
    assert [error.value for error in app.error] == ["These settings are already as they were."]


@pytest.mark.nightly
def test_figures_that_change_are_shown_and_those_of_no_other_group_and_one_that_falls_is_warned_of(
    open_settings, stand_in, monkeypatch
):
    stand_in.change = "delete from actions; update campaign set starts_on = starts_on + 30, ends_on = ends_on + 30"
    app = press(change_title(open_settings(), "Another title"), "settings-preview")
    assert "Check before you publish" in text_of(app) and "Time elapsed" in text_of(app)
    assert app.button(key="settings-publish").label == "Publish anyway"
    press(app, "settings-back")
    assert has_button(app, "settings-preview")

    stand_in.change = """
        delete from action_members where dimension = 'grouping' and member in ('cocoa_coast', 'empty_circle');
        delete from codes where codelist = 'groupings' and code = 'empty_circle';
    """
    app.query_params["lang"] = "fr"
    press(app, "settings-preview")
    assert "Aucun chiffre ne change" not in text_of(app)
    (groups,) = (one for one in app.expander if "chang" in one.label)
    assert groups.label == "Groupement de pays\u00a0: 2 changent, 2 inchangés" and groups.proto.expanded
    (table,) = (one.proto.body for one in app.get("html") if "Côte du cacao" in one.proto.body)
    first, gone = html.fromstring(table.replace("\u00a0", " ")).xpath(".//tbody/tr")
    shown = ["Côte du cacao imaginaire", "7 → 0", "7 → 0", "4 → 0", "57 % → —", "57 % → —"]
    assert [cell.text_content() for cell in first] == shown
    shown = ["Cercle vide imaginaire (n’est plus dans la liste)", "3 → —", "2 → —", "1 → —", "1/3 → —", "2/3 → —"]
    assert [cell.text_content() for cell in gone] == shown
    assert "Ici, aucun groupe ne change\u00a0: Région, Sous-région, Pays, Catégorie, Thème" in text_of(app)

    monkeypatch.setattr(comparison, "_MOST_GROUPS", 1)
    monkeypatch.setattr(comparison, "_FEW_GROUPS", 1)
    (groups,) = (one for one in app.run().expander if "chang" in one.label)
    assert "2 changent" in groups.label and "aux 1 premiers, sur 2" in groups.markdown[0].value
    assert not groups.proto.expanded and "Cercle vide" not in text_of(app)


@pytest.mark.nightly
def test_another_build_or_a_file_changed_by_hand_makes_the_preview_outdated(open_settings, stand_in, campaign):
    app = change_title(open_settings(), "Another title")
    press(app, "settings-preview")
    theirs = SHIPPED.replace("# The campaign", "# Our campaign")
    (campaign / CAMPAIGN).write_text(theirs, encoding="utf-8")
    assert "Somebody else has changed the same settings since this preview was made" in text_of(app.run())
    assert not has_button(app, "settings-publish")
    press(app, "settings-remake")
    mine = (find_draft(campaign) / "settings" / CAMPAIGN).read_text(encoding="utf-8")
    assert "# Our campaign" in mine and "Another title" in mine and has_button(app, "settings-publish")
    assert stand_in.asked[-1][0] == "draft"

    press(app, "settings-back")
    (campaign / CAMPAIGN).write_text(change_by_hand(theirs, "Their title"), encoding="utf-8")
    press(app, "settings-preview")
    assert "has changed the same place meanwhile: campaign" in text_of(app).replace("\\", "")
    press(app, "settings-give-up")
    assert "Another title" not in text_of(app) and field(app, "text_input", "title-title-en").value == "Their title"


def change_by_hand(text: str, title: str) -> str:
    """Return the file with another English title."""
    return "\n".join(f'en = "{title}"' if line.startswith('en = "2021') else line for line in text.split("\n"))


def test_what_was_begun_before_a_reload_is_offered_again_and_a_stranger_is_not_let_in(
    open_settings, stand_in, monkeypatch
):
    first = change_title(open_settings(), "Another title")
    second = open_settings()
    assert "are not published" in text_of(second) and "→ “Another title”" in text_of(second)
    press(second, "settings-take-up")
    assert has_button(second, "settings-preview")
    assert not has_button(first.run(), "settings-preview"), "and is in one tab only"
    assert first.session_state
    monkeypatch.setenv("DASHBOARD_STAFF", "closed")
    assert not any(str(one.key).startswith("settings-") for one in (*first.run().text_input, *first.button))


def test_each_section_is_drawn_also_where_nothing_is_published(open_settings, campaign, monkeypatch):
    sections = [section.show for section in SECTIONS.values()]
    monkeypatch.setitem(SECTIONS, "campaign", Section("All at once", lambda view: [show(view) for show in sections]))
    published = open_settings()
    (campaign / "published" / "current.json").unlink()
    for app in (published, open_settings()):
        assert not app.error and has_button(app, "settings-title-keep") and has_button(app, "settings-new-groupings")


@pytest.mark.nightly
def test_what_cannot_be_so_is_said_beside_its_form_and_a_file_that_somebody_broke_by_hand_named(
    open_settings, campaign
):
    """The refusals: `tests/dashboard/campaign/test_folder.py` and `test_publisher.py`."""
    app = open_settings(lang="fr")
    field(app, "date_input", "days-end").set_value(date(2020, 1, 1))
    press(app, "settings-days-keep")
    assert [error.value for error in app.error] == [
        "«\u00a0Dernier jour\u00a0» doit venir après «\u00a0Premier jour\u00a0»."
    ]
    field(app, "text_input", "publisher-publisher-citation-en").input("{titel}")
    field(app, "text_input", "publisher-publisher-email").input("nobody")
    press(app, "settings-publisher-keep")
    mail, citation = (error.value.replace("\\", "") for error in app.error)
    assert "nobody" in mail and "titel" in citation and "placeholder" not in citation
    assert field(app, "text_input", "publisher-publisher-email").value == "nobody", "what was typed stays"
    drawn = [(one.type, str(getattr(one, "key", "")).removeprefix("settings-publisher-")) for one in app.main]
    beside = [drawn[number - 1][1].rpartition("-")[0] for number, (kind, _) in enumerate(drawn) if kind == "error"]
    assert beside == ["publisher-email", "publisher-citation-en"]
    assert not list((campaign / "private").glob("drafts/*/settings/*"))
    (campaign / CAMPAIGN).write_text(SHIPPED.replace("end = 20", 'end = "soon" # 20', 1), encoding="utf-8")
    assert "ce n’est pas une date" in app.run().error[0].value and "Corrigez" in app.error[0].value
    app.query_params["section"] = "history"
    assert not app.run().error
    del app.query_params["section"]
    (campaign / CAMPAIGN).write_text(SHIPPED, encoding="utf-8")
    change_title(app.run(), "Another title")
    (campaign / CAMPAIGN).write_bytes(SHIPPED.encode("cp1252", "replace"))
    assert "UTF-8" in app.run().error[0].value
    press(app, "settings-discard")


@pytest.mark.nightly
def test_a_wave_of_the_survey_is_added_refused_beside_its_field_and_taken_out(open_settings, campaign):
    app = press(open_settings(), "settings-wave-0-keep")
    assert "a name, a day or an address" in app.error[0].value
    field(app, "text_input", "wave-0-wave").input("midyear")
    field(app, "text_input", "wave-0-link-en").input("ftp://example.org")
    press(app, "settings-wave-0-keep")
    assert "contain no spaces" in app.error[0].value and not list((campaign / "private").glob("drafts/*/settings/*"))
    field(app, "text_input", "wave-0-link-en").input("https://example.org/{action}")
    press(app, "settings-wave-0-keep")
    draft = (find_draft(campaign) / "settings" / CAMPAIGN).read_text(encoding="utf-8")
    assert draft == f'{SHIPPED}\n[[survey]]\nwave = "midyear"\nlink = {{en = "https://example.org/{{action}}"}}\n'
    (remove,) = (one.key for one in app.button if str(one.key).startswith("settings-wave-remove-0"))
    assert field(app, "text_input", "wave-1-wave").value == ""
    press(app, remove)
    assert not list((campaign / "private").glob("drafts/*/settings/*"))


def test_reports_by_link_are_off_until_staff_turn_them_on_for_some_days(open_settings, campaign):
    app = open_settings()
    assert not field(app, "checkbox", "reports-reports_by_link-open").value
    field(app, "checkbox", "reports-reports_by_link-open").check()
    field(app, "text_input", "reports-reports_by_link-days").input("500")
    press(app, "settings-reports-keep")
    assert "400" in app.error[0].value and not list((campaign / "private").glob("drafts/*/settings/*"))
    field(app, "text_input", "reports-reports_by_link-days").input("30")
    field(app, "selectbox", "reports-reports_by_link-publish").select("at_once")
    field(app, "text_input", "reports-reports_by_link-case_contact").input("protection@office.int")
    press(app, "settings-reports-keep")
    draft = (find_draft(campaign) / "settings" / CAMPAIGN).read_text(encoding="utf-8")
    contact = 'publish = "at_once"\ncase_contact = "protection@office.int"\n'
    assert draft == f"{SHIPPED}\n[reports_by_link]\nopen = true\ndays = 30\n{contact}"
    assert "Stakeholders may report by a link of their own" in text_of(app) and "no → yes" in text_of(app)
    assert "90 → 30" in text_of(app) and "“Once staff have accepted them” → “At once" in text_of(app)


def test_an_undo_that_could_not_begin_publishes_nothing_later(open_settings, campaign, monkeypatch):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
    work = SettingsWork(uploads.new_draft(campaign))
    work.is_undo = True  # as the click on Undo says
    monkeypatch.setattr(work, "start", lambda *_: None)  # the command cannot be started
    work.make()
    assert not work.is_undo


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
    listed = member_form.read(Frame(page_id="settings", t=t), "stakeholder_groups")
    rows = codelist_edit.read_rows(codelist_edit.write_workbook(text, "list"), "list.xlsx")
    edited = text.replace("Governments,", "Governments and cities,")
    after = code_lists.make(listed, text, edited.encode(), "list.csv")
    assert after == edited
    told = "Governments and cities, label in English: “Governments” → “Governments and cities”"
    assert code_lists.describe_sheet(t, "stakeholder_groups", text, after) == [told]
    without = "\n".join(line for line in text.splitlines() if not line.startswith("individual"))
    with pytest.raises(UserError, match="individual of .* is used: the persons who are not named"):
        code_lists.make(listed, text, without.encode(), "list.csv")
    assert len(rows) == len(listed.codes)


def test_a_template_and_a_logo_are_judged_taken_over_undone_and_removed(open_settings, campaign, tmp_path, request):
    """The first by the real worker; `tests/dashboard/files/briefings/design` tries what else templates hold."""
    app = open_settings(section="look", lang="fr")
    given = templates.save("PowerPoint 365", tmp_path / "given.potx").read_bytes()
    upload(app, "settings-look-file-pptx", "given.potx", given)
    request.getfixturevalue("workers_here")
    told = text_of(app)
    assert "diapositives d’exemple" in told and "un fond uni" in told
    assert "comme dans un document sans modèle" not in told
    (preview,) = (one.proto.body for one in app.get("html") if "<img" in one.proto.body)
    assert preview.count("<img") == 4 and "<svg" not in preview  # a page's HTML would lose the SVG itself
    labels = [one.label for one in app.get("file_uploader")]
    assert len(set(labels)) == len(labels) == 3
    press(app, "settings-look-take-pptx")
    overlay = find_draft(campaign) / "settings"
    taken = (overlay / "briefing.pptx").read_bytes()
    assert b"Sample Person" not in taken and not (campaign / "briefing.pptx").exists()
    told = text_of(app)
    assert "Modèle PowerPoint" in told and "création" in told and "1 modification" in told

    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><script>x</script><rect width="4" height="1"/></svg>'
    )
    upload(app, "settings-look-file-logo", "logo.svg", drawing.encode())
    press(app, "settings-look-take-logo")
    assert (overlay / "logo.png").read_bytes()[:4] == b"\x89PNG"
    press(app, "settings-look-remove-pptx")
    assert not (overlay / "briefing.pptx").exists()
    press(app, "settings-undo-edit")
    assert (overlay / "briefing.pptx").read_bytes() == taken

    upload(app, "settings-look-file-docx", "given.docx", given)
    assert "convient à l’autre modèle" in " ".join(error.value for error in app.error)
    field(app, "text_input", "brand-brand-colour").input("#9FD0EE")
    press(app, "settings-brand-keep")
    assert "#9FD0EE a un contraste de 1,6" in " ".join(error.value for error in app.error).replace("\u00a0", " ")


def upload(app: AppTest, key: str, name: str, content: bytes) -> None:
    """Choose a file in the field whose key begins so."""
    (chosen,) = (one for one in app.file_uploader if str(one.key).startswith(key))
    chosen.set_value((name, content, "application/octet-stream")).run(timeout=60)
