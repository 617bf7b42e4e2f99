"""The page that checks files: each figure as published, changed or of an earlier build; nothing leaks or stays."""

import io
import resource
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pikepdf
import pytest
from docx import Document
from PIL import Image
from pptx import Presentation

from dashboard.campaign.folder import CampaignFolder
from dashboard.files.briefings.order import BriefingRequest, Item, find_template, write_items
from dashboard.files.briefings.pack import write_request
from dashboard.i18n import translator
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from dashboard.snapshot import kept_builds
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web import check_page
from dashboard.web.verifying import checking
from dashboard.web.verifying.proof import Prover
from tests.cases import of_which
from tests.charts_over_http import BASE, ask, make_site, republish
from tests.forged import forge
from tests.signed_in import write_roles
from tests.snapshots import copy_published
from tests.templates import save as save_template
from tests.verified import Here, make

FRENCH, SPANISH, ENGLISH = (("--lang", lang) for lang in ("fr", "es", "en"))
AFRICA = ("--region", "africa")
_BLOCKS = (
    Item(title="Où nous en sommes", kind="heading"),
    Item(title="Sur {actions} actions, **peu** sont achevées.", kind="text"),
    Item("completion-by-region"),
    Item("completion-by-theme", kind="table"),
)
LINK = urlencode({"charts": write_items(_BLOCKS), "region": "africa", "vs.region": "americas", "lang": "fr"})
WRITTEN = ("briefing", "--link", f"{BASE}/briefing?{LINK}")
"""A briefing in French with a presenter's words, of two selections beside each other, in templates."""
FILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("a.svg", ("chart", "completion-by-region", *AFRICA, *FRENCH)),
    ("b.bar.svg", ("chart", "completion-by-theme", *SPANISH)),
    ("c.png", ("chart", "status-overview", *FRENCH)),
    ("d.html", ("chart", "completion-by-group", *AFRICA, *SPANISH)),
    ("e.xlsx", ("chart", "completion-by-country", *FRENCH)),
    ("f.pptx", ("chart", "completion-by-region", "--theme", "education", *ENGLISH)),
    ("g.pptx", WRITTEN),
    ("h.xlsx", ("extract", *AFRICA, *SPANISH)),
    ("i.pdf", ("chart", "completion-over-time", *FRENCH)),
    ("j.parquet", ("extract", "--table", "reports", *ENGLISH)),
    ("k.docx", WRITTEN),
    ("l.zip", ("extract", *AFRICA, *FRENCH)),
    ("m.html", WRITTEN),
    ("n.metadata.json", ("chart", "completion-by-region", *FRENCH)),
    ("o.pdf", WRITTEN),
)
"""Each is checked as it left the house, and changed in one figure."""


@pytest.fixture
def settings(campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)
    return Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign_folder), "DASHBOARD_BASE_URL": BASE})


def check(path: Path, settings: Settings, designs: Mapping[str, Path] | None = None) -> dict[str, Any]:
    return Prover(settings, designs).prove(path.read_bytes()).write(translator("en"))


@pytest.fixture(scope="module")
def designs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return templates of decks and documents, as those of a campaign."""
    place = tmp_path_factory.mktemp("designs")
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Sample Office 17"
    document.save(str(place / "design.docx"))
    return {"pptx": save_template("PowerPoint 2013", place / "design.pptx"), "docx": place / "design.docx"}


@pytest.mark.parametrize(("name", "arguments"), of_which(FILES, lambda _, file: file[0][0] == "a"))
def test_a_changed_figure_is_found_and_no_other(
    name: str, arguments: tuple[str, ...], settings: Settings, designs: Mapping[str, Path], tmp_path: Path
) -> None:
    kind = name.rpartition(".")[2]
    template = ("--template", str(designs[kind])) if arguments is WRITTEN and kind in designs else ()
    path = make(CampaignFolder(settings.campaign), tmp_path / name, *arguments, *template)
    found = check(path, settings, designs if template else None)
    assert (found["ok"], found["state"], [part["changed"] for part in found["parts"] if part["changed"]]) == (
        True, "as_published", [],
    )  # fmt: skip
    assert [part["remarks"] for part in found["parts"] if part["remarks"]] == []
    forged = forge(path)
    found = check(path, settings, designs if template else None)
    changed = [one for part in found["parts"] for one in part["changed"]]
    assert (found["ok"], found["state"]) == (False, "changed")
    assert forged.place in changed[0]["place"] and forged.says in changed[0]["says"]
    assert sum(part["state"] == "changed" for part in found["parts"]) == 1
    assert {one["says"] for one in changed} == {changed[0]["says"]}, "the figure alone"


def change_words_for_picture(path: Path) -> None:
    deck = Presentation(str(path))
    (picture,) = [one for one in deck.slides[0]._element.iter() if "12" in (one.get("descr") or "")][:1]
    picture.set("descr", picture.get("descr").replace("12", "87"))
    deck.save(str(path))


def lay_over(path: Path) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Contents="87 %", Rect=[0, 0, 9, 9]
        )
        pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))
        pdf.save(path)


def write_digits(path: Path) -> None:
    rewrite(path, "xl/styles.xml", lambda text: text.replace('formatCode="dd/mm/yyyy"', 'formatCode="&quot;87&quot;"'))


def paste_picture(path: Path) -> None:
    path.write_text(path.read_text().replace("</svg>", '<image href="data:image/png;base64,AA"/></svg>'))


def rewrite(path: Path, member: str, change: Callable[[str], str]) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    parts[member] = change(parts[member].decode()).encode()
    with zipfile.ZipFile(path, "w") as package:
        for one, content in parts.items():
            package.writestr(one, content)


@pytest.mark.parametrize(
    ("name", "change"),
    of_which(
        [("a.svg", paste_picture), ("f.pptx", change_words_for_picture), ("h.xlsx", write_digits), ("i.pdf", lay_over)],
        lambda place, _: place == 0,
    ),
)
def test_what_is_shown_beside_the_values_is_compared_too(
    name: str, change: Callable[[Path], None], settings: Settings, tmp_path: Path
) -> None:
    arguments = ("chart", "completion-by-region", *AFRICA) if name == "f.pptx" else dict(FILES)[name]
    path = make(CampaignFolder(settings.campaign), tmp_path / name, *arguments)
    change(path)
    assert check(path, settings)["state"] == "changed"


def test_numbers_in_the_presenters_words_are_told_apart(settings: Settings, snapshot: Snapshot, tmp_path: Path) -> None:
    items = (Item("completion-by-region", "My 87 points"), Item("completion-by-theme", "My {actions} actions"))
    template = find_template(settings.campaign)
    write_request(snapshot, BriefingRequest(items, Selection()), "html", tmp_path / "a.html", BASE, template)
    found = check(tmp_path / "a.html", settings)
    assert (found["ok"], found["state"]) == (True, "own_words")
    assert ["87" in one for one in found["parts"][0]["own_words"]] == [True]


def test_of_an_earlier_build_it_says_what_the_figure_is_now(
    settings: Settings, campaign_folder: Path, tmp_path: Path
) -> None:
    path = make(CampaignFolder(campaign_folder), tmp_path / "a.svg", *dict(FILES)["a.svg"])
    campaign = copy_published(campaign_folder, tmp_path / "c")
    republish(campaign, "newer0123456789a", without=3)
    later = settings.model_copy(update={"campaign": campaign})
    found = check(path, later)
    (part,) = found["parts"]
    assert (found["ok"], part["state"], part["changed"]) == (True, "older", [])
    assert any("6 sur 12" in one["says"] and "4 sur 9" in one["now"] for one in part["now"])
    forge(path)
    assert check(path, later)["state"] == "changed"
    kept_builds.close()
    for snapshot_file in (campaign / "published").glob("snapshot-fixture*"):
        snapshot_file.unlink()
    found = check(path, later)
    assert (found["ok"], found["state"]) == (False, "unsure")
    assert "Its build is no longer here." in found["parts"][0]["remarks"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    checker = Here(tmp_path)
    monkeypatch.setattr(check_page, "checkers", checker)
    return checker


def send(app: Any, name: str, content: bytes, lang: str = "fr", accept: str = "text/html") -> httpx.Response:
    form = httpx.Request("POST", "http://test", files={"file": (name, content)})
    headers = {"content_type": form.headers["content-type"], "accept": accept}
    return ask(app, f"{check_page.PATH}?lang={lang}", "POST", content=form.read(), **headers)


def test_a_worker_answers_people_in_their_language_and_programs(
    campaign_folder: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_site(campaign_folder, monkeypatch, BASE)
    path = make(CampaignFolder(campaign_folder), tmp_path / "a.svg", *dict(FILES)["a.svg"])
    assert 'type="file"' in ask(app, check_page.PATH).text
    forge(path)
    page = send(app, "a.svg", path.read_bytes())
    assert page.status_code == 200 and page.headers["cache-control"] == "private, no-store"
    assert all(words in page.text for words in ("Modifié.", "Un texte du dessin", "987", "6 sur 12"))


def test_hostile_and_strange_files_are_refused_in_words(
    campaign_folder: Path, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_site(campaign_folder, monkeypatch, BASE)
    entities = io.BytesIO()
    with zipfile.ZipFile(entities, "w") as package:
        package.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(3):
            package.writestr(f"xl/{number}.bin", bytes(400_000))
    assert checking.MOST_UNPACKED == 300_000_000
    monkeypatch.setattr(checking, "MOST_UNPACKED", 1_000_000)
    for content in (entities.getvalue(), bomb.getvalue(), b"PK\x03\x04 no archive", b"%PDF-1.7 nothing"):
        answer = send(app, "a.xlsx", content, "en", "application/json")
        assert answer.status_code == 422 and "cannot be read" in answer.json()["error"]
    for content in (b"\xff\xd8\xff photo", b"code,actions\r\nafrica,1\r\n"):
        answer = send(app, "a.jpg", content, "en", "application/json")
        assert (answer.json()["ok"], answer.json()["state"]) == (False, "no_receipt")
    assert ask(app, check_page.PATH, "POST", content={}, accept="application/json").status_code == 422
    assert send(app, "a.xlsx", bytes(check_page.BODY.size), accept="application/json").status_code == 413
    assert not list(tmp_path.glob("**/sent"))


def test_a_closed_campaign_checks_nothing_for_strangers(
    campaign_folder: Path, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = copy_published(campaign_folder, tmp_path / "closed")
    write_roles(campaign, closed=True)
    app = make_site(campaign, monkeypatch, BASE)
    assert send(app, "a.svg", b"<svg/>", accept="application/json").status_code == 401
    assert here.jobs == 0
    shutil.rmtree(campaign)


@pytest.mark.nightly
def test_what_was_made_under_another_logo_is_never_called_changed(
    settings: Settings, campaign_folder: Path, tmp_path: Path
) -> None:
    look = copy_published(campaign_folder, tmp_path / "look")
    Image.new("RGB", (48, 16), "navy").save(look / "logo.png")
    titles = (look / "campaign.toml", SHIPPED_CAMPAIGN / "campaign.toml")
    text = next(file for file in titles if file.is_file()).read_text(encoding="utf-8")
    titles[0].write_text(f'{text}\n[brand]\naccent = "#7a1f5c"\n', encoding="utf-8")
    for name in ("a.svg", "c.png", "d.html"):
        path = make(CampaignFolder(look), tmp_path / name, *dict(FILES)[name])
        found = check(path, settings.model_copy(update={"campaign": look}))
        assert found["state"] == "as_published"
        found = check(path, settings)
        assert found["state"] in ("as_published", "unsure"), (name, found["parts"])
        assert found["state"] == "as_published" or "another logo" in found["parts"][0]["remarks"][-1]
    forge(tmp_path / "a.svg")
    assert check(tmp_path / "a.svg", settings)["state"] == "changed", "a text"
