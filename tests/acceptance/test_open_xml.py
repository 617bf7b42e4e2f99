"""Every workbook, deck and document before Microsoft's Open XML SDK: no complaint but those listed with a reason."""

import dataclasses
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.options import EXPLORE, Options
from dashboard.charts.sides import COMPARED
from dashboard.files.briefings.content import compose
from dashboard.files.briefings.excel import write_chart_workbook
from dashboard.files.briefings.order import Item
from dashboard.files.briefings.slides.deck import write_chart_slide, write_deck
from dashboard.files.briefings.word.word_document import write_document
from dashboard.files.extracts.tables import TABLES
from dashboard.files.extracts.workbook.book import write_workbook
from dashboard.lists.quality.lists import LISTS
from dashboard.lists.quality.workbook import write_lists
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests import libreoffice, openxml, templates
from tests.dashboard.files.briefings.word.test_document import WRITTEN, make_template
from tests.presentations import BASE_URL, share_all

pytestmark = pytest.mark.nightly

LANGUAGES = ("en", "fr", "es")
SELECTIONS = {
    "everything": Selection(),
    "filtered": Selection(regions=("africa", "americas"), themes=("education",), as_of=date(2021, 9, 30)),
    "nothing": Selection(q="no such words anywhere"),
    "compared": Selection(regions=("africa",), versus=(("region", ("americas",)),)),
}
CHOSEN = (
    Item("completion-by-region", "", Options(measure="pace", peers=True)),
    Item("completion-by-theme", "", Options(sort="name", peers=True)),
    *(
        Item(EXPLORE, "", options)
        for options in (
            Options(by="completed"),
            Options(by="wave", form="table"),
            Options(by="group", second="category"),
            Options(by="theme", second="region", measure="pace"),
            Options(by="region", form="bars", measure="milestones"),
            Options(by="category", form="bars", measure="verified"),
        )
    ),
)
"""Charts of further measures, kinds and orders."""


@pytest.fixture(scope="module")
def validator() -> Path:
    try:
        return openxml.find_validator()
    except openxml.MissingValidatorError as error:
        pytest.skip(f"Microsoft's validator of Open XML files is missing: {error}")


def faults(validator: Path, files: Iterable[Path]) -> list[str]:
    """List the faults in files, and in the workbooks inside decks, that are on no list."""
    found = []
    for file in files:
        found += [f"{file.name}: {one}" for one in openxml.unknown(openxml.complaints(validator, file))]
        with zipfile.ZipFile(file) as parts:
            inside = [name for name in parts.namelist() if name.endswith(".xlsx")]
            scratch = file.parent / f"inside {file.stem}"
            for name in inside:
                one = Path(parts.extract(name, scratch))
                found += [f"{file.name}, {name}: {fault}" for fault in openxml.complaints(validator, one)]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["everything", "filtered", "nothing"])
def test_extracts(validator: Path, snapshot: Snapshot, tmp_path: Path, name: str, lang: str) -> None:
    selection = dataclasses.replace(SELECTIONS[name], lang=lang)
    whole = tmp_path / "all tables.xlsx"
    write_workbook(snapshot, selection, whole, BASE_URL, tuple(TABLES))
    files = [whole]
    for table in TABLES:  # the words differ by language, a table's own shape does not
        if lang == "en":
            files.append(tmp_path / f"{table}.xlsx")
            write_workbook(snapshot, selection, files[-1], BASE_URL, (table,))
    files.append(tmp_path / "columns.xlsx")
    write_workbook(snapshot, selection, files[-1], BASE_URL, ("actions",), ("title", "percent", "url", "status_code"))
    assert faults(validator, files) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SELECTIONS)
def test_briefings(validator: Path, snapshot: Snapshot, tmp_path: Path, name: str, lang: str) -> None:
    selection = dataclasses.replace(SELECTIONS[name], lang=lang)
    if name == "compared":
        briefing = compose(snapshot, selection, COMPARED, BASE_URL)
    else:
        briefing = share_all(snapshot, selection)
    files = [tmp_path / "charts.xlsx", tmp_path / "deck.pptx", tmp_path / "report.docx"]
    write_chart_workbook(snapshot, briefing, files[0])
    write_deck(briefing, files[1])
    write_document(briefing, files[2])
    assert faults(validator, files) == []


@pytest.mark.parametrize("chart_id", CATALOGUE)
def test_each_chart_as_a_file_of_its_own(validator: Path, snapshot: Snapshot, tmp_path: Path, chart_id: str) -> None:
    briefing = compose(snapshot, Selection(lang="fr"), [(chart_id, "")], BASE_URL)
    files = [tmp_path / "chart.xlsx", tmp_path / "chart.pptx"]
    write_chart_workbook(snapshot, briefing, files[0])
    write_chart_slide(briefing, files[1])
    assert faults(validator, files) == []


def test_charts_with_chosen_measures(validator: Path, snapshot: Snapshot, tmp_path: Path) -> None:
    briefing = compose(snapshot, Selection(), CHOSEN, BASE_URL)
    files = [tmp_path / "charts.xlsx", tmp_path / "deck.pptx", tmp_path / "report.docx"]
    write_chart_workbook(snapshot, briefing, files[0])
    write_deck(briefing, files[1])
    write_document(briefing, files[2])
    assert faults(validator, files) == []


@libreoffice.needed("Impress")
@pytest.mark.parametrize("size", templates.SIZES)
@pytest.mark.parametrize("kind", templates.KINDS)
def test_decks_of_templates(validator: Path, snapshot: Snapshot, tmp_path: Path, kind: str, size: str) -> None:
    briefing = compose(snapshot, Selection(), ["completion-by-region", "region-by-theme"], BASE_URL)
    decks = []
    for ending in ("pptx", "potx"):
        decks.append(tmp_path / f"{ending}.pptx")
        write_deck(briefing, decks[-1], templates.save(kind, tmp_path / f"template.{ending}", size))
    assert faults(validator, decks) == []
    pages = libreoffice.convert(decks[0], "pdf").read_bytes()
    assert pages.count(b"/Type/Page\n") + pages.count(b"/Type/Page/") == 5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_documents_of_written_blocks_and_templates(
    validator: Path, snapshot: Snapshot, tmp_path: Path, lang: str
) -> None:
    briefing = compose(snapshot, Selection(regions=("africa",), lang=lang), WRITTEN, BASE_URL, "Our <own> report")
    make_template(tmp_path / "briefing.docx")
    files = [tmp_path / "own.docx", tmp_path / "made.docx"]
    write_document(briefing, files[0])
    write_document(briefing, files[1], tmp_path / "briefing.docx")
    assert faults(validator, files) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lists_of_the_quality_page(validator: Path, snapshot: Snapshot, tmp_path: Path, lang: str) -> None:
    file = tmp_path / "quality.xlsx"
    write_lists(snapshot, list(LISTS), None, lang, file, f"{BASE_URL}/quality")
    assert faults(validator, [file]) == []


def test_what_is_wrong_is_found(validator: Path, snapshot: Snapshot, tmp_path: Path) -> None:
    """Else the validator would be asked in vain."""
    book, deck = tmp_path / "book.xlsx", tmp_path / "deck.pptx"
    write_workbook(snapshot, SELECTIONS["nothing"], book, BASE_URL)
    write_chart_slide(compose(snapshot, Selection(), ["completion-by-region"], BASE_URL), deck)
    for file, part, old, new in (
        (book, "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetDate>"),
        (book, "xl/styles.xml", b"<fonts ", b'<fonts odd="1" '),
        (deck, "ppt/charts/chart1.xml", b'<c:axId val="1"/>', b'<c:axId val="-1"/>'),
        (deck, "ppt/slides/slide1.xml", b"<p:spTree>", b"<p:spTree><p:odd/>"),
    ):
        broken = tmp_path / f"broken{file.suffix}"
        with zipfile.ZipFile(file) as parts, zipfile.ZipFile(broken, "w") as made:
            for name in parts.namelist():
                content = parts.read(name)
                assert name != part or old in content
                made.writestr(name, content.replace(old, new) if name == part else content)
        assert faults(validator, [broken]), part
    empty = tmp_path / "empty.xlsx"
    empty.write_bytes(b"no archive")
    assert [one.kind for one in openxml.complaints(validator, empty)] == ["Exception"]


def test_every_listed_complaint_is_still_made(validator: Path, snapshot: Snapshot, tmp_path: Path) -> None:
    """A complaint that no file causes any more comes off the list."""
    deck = tmp_path / "deck.pptx"
    write_chart_slide(compose(snapshot, Selection(), ["completion-by-region"], BASE_URL), deck)
    found = openxml.complaints(validator, deck)
    assert [known for known in openxml.KNOWN if openxml.unknown(found) or not _has(found, known)] == []
    assert all(len(known.reason) > 40 for known in openxml.KNOWN)


def _has(found: list[openxml.Complaint], known: openxml.Known) -> bool:
    return any(one.place.endswith(known.place) and one.words.endswith(known.words) for one in found)
