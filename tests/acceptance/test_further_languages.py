"""A further language is a folder of the campaign: docs/settings.md is followed for Portuguese and Arabic, no code.

The catalogues are small (`tests/fixtures/locales`), so that untranslated texts are visibly English.
"""

import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import openpyxl
import pytest
import typer
from babel.messages.pofile import read_po
from docx import Document
from lxml import etree, html
from pptx.oxml.ns import qn
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard import languages
from dashboard.campaign.folder import CampaignFolder
from dashboard.charts.chart import build_chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.errors import CampaignError, SelectionError
from dashboard.files.briefings.content import compose
from dashboard.files.briefings.html import render_html
from dashboard.files.briefings.order import Item
from dashboard.files.briefings.paper.document import write_paper
from dashboard.files.briefings.word.word_document import write_document
from dashboard.files.extracts.workbook.book import write_workbook
from dashboard.i18n import name_entry, read_catalogue, translator
from dashboard.locales import update
from dashboard.paths import LOCALES, PROJECT, SHIPPED_CAMPAIGN
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, parse
from tests.acceptance.published import ask, open_published, publish_folder
from tests.app.conftest import mounted, text_of
from tests.charts_over_http import ask as ask_http
from tests.charts_over_http import make_app
from tests.etl.campaigns import built, make_campaign
from tests.papers import Paper
from tests.presentations import read_deck
from tests.shipped import LANGUAGES

CATALOGUES = PROJECT / "tests" / "fixtures" / "locales"
REGIONS = {"africa": ("África", "أفريقيا"), "americas": ("Américas", "الأمريكتان")}
CHARTS = [("completion-by-region", ""), ("status-overview", "")]
CAMPAIGN = """
start = 2021-01-01
submission_deadline = 2021-05-15
action_deadline = 2021-12-30
end = 2021-12-31
[title]
en = "Actions"
pt = "Ações de 2021"
[publisher]
name = {en = "Office", pt = "Secretaria"}
[individuals]
shown_as = {pt = "Pessoa"}
"""
FILES = {
    "actions.csv": "Ref,Maker,Promise,How,Kind of maker,Themes,Where,Language\n"
    "A1,Imaginary Union,One,x,Workers' organizations,Education,Kenya,português\n"
    "A2,Imaginary House,Two,x,Employers' organizations,Education,Brazil,English\n"
    "A3,Sample Person 001,Three,x,Individuals,Education,Togo,English\n",
    "reports.csv": "Report,Ref,State,Sent\nR1,A1,Completed,2021-06-01\nR2,A2,In progress,2021-06-01\n",
}


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Add both languages to a campaign as the document says: two folders, labels in a codelist."""
    folder = make_campaign(tmp_path_factory.mktemp("further") / "c", FILES)
    (folder.root / "campaign.toml").write_text(CAMPAIGN, encoding="utf-8")
    shutil.copytree(CATALOGUES, folder.locales)
    (folder.root / "codelists").mkdir()
    written = (SHIPPED_CAMPAIGN / "codelists" / "regions.csv").read_text(encoding="utf-8-sig").splitlines()
    lines = [f"{written[0]},label_pt,label_ar"]
    for line in written[1:]:
        portuguese, arabic = REGIONS.get(line.split(",")[0], ("", ""))
        lines.append(f"{line},{portuguese},{arabic}")
    (folder.root / "codelists" / "regions.csv").write_text("\n".join(lines), encoding="utf-8")
    publish_folder(folder)
    yield folder.root
    shutil.rmtree(folder.locales)
    languages.look_in(folder.locales)
    assert languages.list_languages() == LANGUAGES


@pytest.fixture(scope="module")
def snapshot(campaign: Path) -> Snapshot:
    return open_published(campaign)


def test_the_languages_are_offered_and_others_refused_with_their_list(snapshot):
    assert snapshot.languages == ("en", "ar", "fr", "pt", "es")
    assert [parse({"lang": [tag]}, snapshot).lang for tag in ("pt", "pt-BR", "AR")] == ["pt", "pt", "ar"]
    with pytest.raises(SelectionError, match="Allowed: en, ar, fr, pt, es"):
        parse({"lang": ["de"]}, snapshot)


def test_labels_titles_and_countries_are_translated_or_fall_back_and_are_listed(snapshot):
    assert snapshot.campaign["title_pt"] == "Ações de 2021"
    assert snapshot.campaign["title_fr"] == "Actions"
    assert snapshot.codes["regions"]["africa"].labels["pt"] == "África"
    assert snapshot.codes["themes"]["education"].labels["pt"] == "Education"
    assert snapshot.codes["countries"]["BRA"].labels["pt"] == "Brasil"
    assert snapshot.codes["countries"]["BRA"].labels["ar"] == "البرازيل"
    columns = "select label_en, label_fr, label_es from codes where codelist = 'countries' and code = 'BRA'"
    assert ask(snapshot, columns) == [("Brazil", "Brésil", "Brasil")]
    assert snapshot.person_names["Individual, Togo"]["pt"] == "Pessoa, Togo"
    assert ask(snapshot, "select language from actions where title = 'One'") == [("pt",)]
    listed = ask(snapshot, "select field, value, expected from check_results where check_id = 'label_not_translated'")
    assert {("themes", "education", "pt"), ("regions", "global", "ar"), ("title", None, "fr")} <= set(listed)
    assert not {("regions", "africa", "pt"), ("countries", "BRA", "pt"), ("title", None, "pt")} & set(listed)


def test_each_language_counts_in_its_own_way_and_what_its_catalogue_lacks_or_gets_wrong_is_in_english(snapshot):
    one, many = "{n} action", "{n} actions"
    arabic = [translator("ar").plural(one, many, n) for n in (0, 1, 2, 3, 11, 100, 103)]
    wanted = ["لا إجراءات", "إجراء واحد", "إجراءان", "3 إجراءات", "11 إجراءً", "100 إجراء", "103 إجراءات"]
    assert arabic == wanted
    assert [translator("pt").plural(one, many, n) for n in (0, 1, 2)] == ["0 ação", "1 ação", "2 ações"]
    t = translator("pt")
    assert (t("Overview"), t("Upload")) == ("Visão geral", "Upload")
    assert t("Definitions") == "Definitions", "marked fuzzy"
    assert t("Build {build}", build="abc") == "Build abc", "with another placeholder"


@pytest.mark.parametrize(("lang", "direction", "words"), [
    ("pt", "ltr", ("Visão geral", "Ações", "Fonte: Secretaria", "By region")),
    ("ar", "rtl", ("نظرة عامة", "المصدر: Office", "By region")),
])  # fmt: skip
def test_pages_speak_it_in_its_direction(campaign, monkeypatch, lang, direction, words):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
    page = AppTest.from_file(PROJECT / "tests" / "app" / "script.py", default_timeout=60)
    page.query_params["lang"] = lang
    page.run()
    assert not page.exception
    text = text_of(page)
    assert [word for word in words if word not in text] == []
    (told,) = [data for _, data in mounted(page, "reading")]
    assert (told["lang"], told["dir"]) == (lang, direction)


@pytest.mark.nightly
def test_what_leaves_the_house_speaks_it_and_says_its_direction(campaign, monkeypatch):
    app = make_app(campaign, monkeypatch)
    page = ask_http(app, "/charts/completion-by-region?lang=pt").text
    assert ">Taxa de conclusão por região</h1>" in page
    assert 'hreflang="ar"' in page
    assert html.fromstring(page).xpath("//meta[@property='og:locale']/@content") == ["pt_BR"]
    for path in ("/charts/completion-by-region?lang=ar", "/show?lang=ar", "/charts/nothing?lang=ar"):
        assert '<html lang="ar" dir="rtl"' in ask_http(app, path).text, path
    assert ask_http(app, "/charts?lang=de").status_code == 400
    rows = ask_http(app, "/extracts/actions.csv?lang=pt").text
    assert "África" in rows
    assert "Quênia" in rows


def test_drawings_keep_their_labels_where_the_page_runs_the_other_way(snapshot):
    drawn = {
        lang: draw_svg(build_chart(snapshot, "completion-by-region", Selection(lang=lang))) for lang in ("ar", "pt")
    }
    assert etree.fromstring(drawn["ar"].encode()).get("direction") == "ltr"
    assert etree.fromstring(drawn["pt"].encode()).get("direction") is None
    assert "أفريقيا" in drawn["ar"]
    assert "África" in drawn["pt"]


@pytest.mark.nightly
def test_decks_documents_and_workbooks_begin_on_the_right(snapshot, tmp_path):
    blocks = [Item("status-overview", kind="message"), *CHARTS]
    briefings = {lang: compose(snapshot, Selection(lang=lang), blocks, "https://example.org") for lang in ("ar", "pt")}
    write_paper(briefings["ar"], tmp_path / "ar.pdf")
    paper = Paper(tmp_path / "ar.pdf")
    assert (str(paper.root.Lang), str(paper.root.ViewerPreferences.Direction)) == ("ar", "/R2L")
    slides = {lang: read_deck(briefing, tmp_path / f"{lang}.pptx").slides for lang, briefing in briefings.items()}
    found = {
        lang: [paragraph.get("rtl") for slide in every for paragraph in slide.element.iter(qn("a:pPr"))]
        for lang, every in slides.items()
    }
    assert found["ar"].count("1") > 2
    assert "1" not in found["pt"]
    assert slides["pt"][1].shapes.title.text_frame.text == "Mensagens principais"
    for lang, briefing in briefings.items():
        write_document(briefing, tmp_path / f"{lang}.docx")
        body = Document(str(tmp_path / f"{lang}.docx")).element.body
        turned = [len(list(body.iter(f"{{*}}{name}"))) for name in ("bidi", "rtl", "bidiVisual")]
        assert all(turned) if lang == "ar" else not any(turned)
    assert '<html lang="ar" dir="rtl">' in render_html(briefings["ar"])
    for lang in ("ar", "pt"):
        write_workbook(snapshot, Selection(lang=lang), tmp_path / f"{lang}.xlsx", "https://example.org")
        sheets = openpyxl.load_workbook(tmp_path / f"{lang}.xlsx").worksheets
        assert {bool(sheet.sheet_view.rightToLeft) for sheet in sheets} == {lang == "ar"}


def test_a_folder_that_is_no_language_is_refused(tmp_path):
    (tmp_path / "locales" / "portugues").mkdir(parents=True)
    with pytest.raises(CampaignError, match=r"portugues is not named by a language\. .*such as pt or ar"):
        CampaignFolder(tmp_path).load()


def test_a_broken_catalogue_is_refused_and_named(tmp_path):
    folder = make_campaign(tmp_path / "c", FILES)
    path = folder.locales / "pt" / "LC_MESSAGES" / "dashboard.po"
    path.parent.mkdir(parents=True)
    path.write_bytes('msgid "Overview"\nmsgstr "Visão"\n'.encode("cp1252"))
    with pytest.raises(CampaignError, match=r"dashboard\.po is not a catalogue .*Poedit"), built(folder):
        pass
    path.write_text('msgid "Overview"\nmsgstr "Visão"\n', encoding="utf-8-sig")  # as Notepad saves it
    assert read_catalogue(path)[0] == {"Overview": "Visão"}
    path.unlink()
    languages.look_in(folder.locales)


@pytest.mark.nightly
def test_a_catalogue_is_begun_brought_up_to_date_and_checked(tmp_path, monkeypatch):
    with (LOCALES / "fr" / "LC_MESSAGES" / "dashboard.po").open("rb") as file:  # has them all; to find them takes long
        messages = {name_entry(m): update.Place(m.id, (), "") for m in read_po(file, locale="fr") if m.id}
    monkeypatch.setattr(update, "find_places", lambda: messages)
    command = typer.Typer()
    command.command()(update.main)
    run = partial(CliRunner().invoke, command)
    assert run(["--add", "pt", "--campaign", str(tmp_path)]).exit_code == 0
    path = tmp_path / "locales" / "pt" / "LC_MESSAGES" / "dashboard.po"
    assert "Plural-Forms: nplurals=2" in path.read_text(encoding="utf-8")
    shutil.copy(CATALOGUES / "pt" / "LC_MESSAGES" / "dashboard.po", path)
    texts, written = len(messages), path.read_text(encoding="utf-8")
    said = run(["--check", "--campaign", str(tmp_path)])
    assert said.exit_code == 1
    assert f"(Português): {texts} texts, 0% done, {texts - 22} to translate" in said.output
    assert "other placeholders): Build {build}" in said.output
    assert path.read_text(encoding="utf-8") == written
    run(["--campaign", str(tmp_path)])
    kept = path.read_text(encoding="utf-8")
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);' in kept, "the file's own way of counting"
    assert "#, fuzzy" in kept
    assert "Isto ninguém conferiu" in kept
    assert run(["--add", "xx", "--campaign", str(tmp_path)]).exit_code == 2


def test_no_list_of_languages_stands_in_the_code():
    either, word = "(?:en|fr|es)", r"\b\w+_(?:fr|es)\b(?!\.xlsx)"
    quoted = f"""["']{either}["']"""
    listed = re.compile(rf"{quoted},\s*{quoted}|{quoted}:|\['(?:fr|es)'\]|when '{either}'|{word}")
    files = [path for room in ("dashboard", "etl", "pages") for path in sorted((PROJECT / room).rglob("*.*"))]
    found = {
        path.relative_to(PROJECT).as_posix()
        for path in [*files, PROJECT / "app.py"]
        if path.suffix in (".py", ".sql", ".js") and listed.search(path.read_text(encoding="utf-8"))
    }
    contract = {"etl/sql/schema.sql", "etl/sql/steps/95_write_campaign.sql"}  # the columns label_en, label_fr, label_es
    assert found == contract
