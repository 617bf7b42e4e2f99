"""The lists of the data-quality page: complete, in words, by file, and as workbooks; sheets alike and new words."""

import io
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.i18n import translator
from dashboard.lists.declaration import ListRequest, Slice
from dashboard.lists.quality import alike_sheets, open_columns, order, queries
from dashboard.lists.quality.alike_sheets import COUNTS, ROUND, SheetKey, choose, find_answers, read_alike
from dashboard.lists.quality.differences import _name_lists
from dashboard.lists.quality.lists import LISTS
from dashboard.lists.quality.wording import CHECKS, FIELD_NAMES, IDLE, MERGED, REJECTED, SUGGESTED, remedy
from dashboard.lists.quality.workbook import write_lists
from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN
from dashboard.snapshot.selection import Selection
from etl.pipeline.staging import LEFT_OUT
from etl.recipes.fields import FIELDS
from tests.quality_rows import PERSONS, publish_quality
from tests.shipped import LANGUAGES
from tests.snapshots import open_fixture

SQL = PROJECT / "etl" / "sql"
READ_AS_ROWS = [name for name in LISTS if name != "changes"]
LINK = "https://dashboard.example.org/quality"


@pytest.fixture(scope="module")
def dirty(tmp_path_factory):
    """Return a published snapshot with something in every list."""
    return publish_quality(tmp_path_factory.mktemp("quality"))


def phrases(path):
    """Yield the literals of an SQL file, statement by statement, that are several words."""
    plain = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
    for statement in plain.split(";\n"):
        found = {match[1:-1].replace("''", "'") for match in re.findall(r"'(?:[^']|'')*'", statement)}
        yield statement, {words for words in found if re.fullmatch(r"[a-z][a-z',:]* [a-z',: ]*[a-z]", words)}


def ask(snapshot, lang="en", most=queries.MOST_ROWS, **parameters):
    return ListRequest(snapshot, Selection(lang=lang), parameters, Slice(limit=most))


def read(snapshot, list_id, lang="en", **options):
    return LISTS[list_id].read(ask(snapshot, lang, **options))


def written(snapshot, tmp_path, *list_ids, file=None, lang="en", before=None):
    target = tmp_path / "lists.xlsx"
    write_lists(snapshot, list(list_ids), file, lang, target, LINK, before)
    return openpyxl.load_workbook(target)


def test_all_that_the_build_writes_is_known_here_in_words_with_a_remedy():
    told = [found for path in (SQL / "steps").glob("*.sql") for found in phrases(path)]
    tables = re.compile(r"(into|update|table) (rejections|told_rows)\b")
    assert {text for statement, texts in told if tables.search(statement) for text in texts} == set(REJECTED)
    assert all((REJECTED | MERGED).values())
    told = [found for path in (SQL / "suggestions").glob("*.sql") for found in phrases(path)]
    in_python = re.findall(r'"(spelled almost alike)"', (PROJECT / "etl/pipeline/likeness.py").read_text("utf-8"))
    assert {text for _, texts in told for text in texts} | set(in_python) == set(SUGGESTED)
    identity = (PROJECT / "etl/pipeline/identity.py").read_text(encoding="utf-8")
    for text in IDLE:
        assert re.sub('"(this|that)"', '"{side}"', text) in identity
    assert queries.LEFT_OUT == LEFT_OUT
    assert queries.name_reason(translator("en"), f"{LEFT_OUT}a test") == "Left out by the recipe: a test"
    assert "recipe" in remedy(f"{LEFT_OUT}a test")
    fields = {str(kind): {field.name for field in fields} for kind, fields in FIELDS.items()}
    assert set().union(*fields.values()) <= set(FIELD_NAMES)
    assert {kind: set(own) for kind, own in open_columns.FIELDS.items()} == fields


@pytest.mark.parametrize("list_id", READ_AS_ROWS)
def test_every_list_has_its_columns_in_every_language(dirty, list_id):
    wanted = {column.name for column in LISTS[list_id].columns}
    for lang in LANGUAGES:
        listed = read(dirty, list_id, lang)
        assert listed.total == len(listed.frame) > 0
        assert wanted | {"source_file", "sheet", "source_row", "action_id"} <= set(listed.frame.columns)


def test_lists_speak_words_and_say_what_to_do_and_what_columns_are_used_for(dirty):
    columns = read(dirty, "columns").frame
    assert columns["use_name"].tolist() == ["No use yet", "No use yet", "Title"]
    assert columns["remark"].tolist()[:2] == [
        "It looks like: Status; 75% of its cells would be understood", "It may be a closed question, and about persons"
    ]  # fmt: skip
    assert [bool(remedy) for remedy in columns["remedy"]] == [True, True, False]
    rejected = read(dirty, "rejected").frame
    assert rejected["reason_text"].tolist()[0] == "Neither title nor id: the row names no action"
    assert rejected["content"].tolist()[0] == "Comments: =1+1\nPlace: Nowhere"
    unmatched = read(dirty, "unmatched").frame.set_index("value")
    assert unmatched.loc["Cote dIvoir", "nearest"] == dirty.codes["countries"]["CIV"].labels["en"]
    assert "0 to 100" in unmatched.loc["150", "remedy"]
    assert "Say what it means" in unmatched.loc["sort of", "remedy"]
    checks = read(dirty, "checks").frame
    assert checks["check_title"].tolist() == [CHECKS["completed_below_100"].title, CHECKS["due_after_campaign"].title]
    assert checks["severity_name"].tolist() == ["Warning", "Note"]
    decisions = read(dirty, "decisions").frame.set_index("line")
    assert decisions.loc[2, "applied"] == "Yes"
    assert decisions.loc[3, "applied"].startswith("No: what stands under")


def test_a_file_and_a_check_narrow_a_list_and_unclassified_actions_carry_what_suggests_their_classes(dirty):
    assert set(read(dirty, "rejected", file="survey_final.xlsx").frame["source_row"]) == {12, 13}
    assert [read(dirty, name, file="no such file").total for name in ("rejected", "duplicates")] == [0, 0]
    assert read(dirty, "checks", check="due_after_campaign").frame["action_id"].tolist() == ["FIX-002"]
    listed = read(dirty, "rejected", most=1)
    assert (len(listed.frame), listed.total) == (1, 3)
    with dirty.cursor() as cursor:
        expected = cursor.execute("select count(*) from actions where category is null").fetchall()[0][0]
    frame = read(dirty, "unclassified").frame
    lacking = frame[frame["missing"].str.contains("Category")]
    assert len(lacking) == expected
    assert set(lacking["word_list"]) == {"courses, teachers"}
    assert all(lacking["category_names"])


def test_a_workbook_has_typed_safe_cells_and_for_one_office_the_rows_of_its_file_only(dirty, tmp_path):
    names = ("rejected", "orphans", "duplicates")
    workbook = written(dirty, tmp_path, *names)
    assert [sheet.title for sheet in workbook][1:] == [LISTS[name].title for name in names]
    sheet = workbook[LISTS["rejected"].title]
    heads = [cell.value for cell in sheet[1]]
    assert heads == [translator("en")(column.label) for column in LISTS["rejected"].columns]
    assert sheet.freeze_panes == "B2"
    assert sheet.tables["rejected"].autoFilter.ref == f"A1:H{sheet.max_row}"
    assert sheet.max_row == 4
    assert sheet.cell(2, heads.index("Row") + 1).value == 36
    assert sheet.cell(2, heads.index("Content of the row") + 1).value.startswith("Comments: =1+1")
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    orphans = workbook[LISTS["orphans"].title]
    assert isinstance(orphans.cell(2, 3).value, datetime)
    pairs = workbook[LISTS["duplicates"].title]
    assert pairs.cell(2, 4).value == pytest.approx(93)
    assert pairs.cell(2, 4).number_format == '0"%"'
    file = "survey_final.xlsx"
    workbook = written(dirty, tmp_path, *order.FOR_AN_OFFICE, file=file, lang="fr")
    about = " ".join(str(cell.value) for row in workbook.worksheets[0] for cell in row if cell.value)
    assert file in about
    t = translator("fr")
    assert t(LISTS["unclassified"].empty) in about  # this file has no such rows, and the list says so
    assert t(LISTS["unclassified"].title) not in workbook.sheetnames
    for name in ("rejected", "unmatched", "checks", "orphans"):
        sheet = workbook[t(LISTS[name].title)[:31]]
        place = [column.name for column in LISTS[name].columns].index("source_file") + 1
        assert {sheet.cell(row, place).value for row in range(2, sheet.max_row + 1)} == {file}


@pytest.mark.usefixtures("workers_here")
def test_a_workbook_is_made_by_a_worker_and_its_name_is_plain(dirty):
    made = order.make_lists(dirty, ["rejected"], "fr").result()
    assert order.name_file(dirty, ["rejected"], "fr") == "2021-quality_rejected_fr.xlsx"
    workbook = openpyxl.load_workbook(io.BytesIO(made.content))
    assert workbook.sheetnames[1] == translator("fr")(LISTS["rejected"].title)[:31]
    name = order.name_file(dirty, order.FOR_AN_OFFICE, "en", "a/b: c.xlsx")
    assert name == "2021-quality_to-put-right_a-b-c.xlsx_en.xlsx"


def test_changes_are_listed_with_the_values_before_and_after(dirty, tmp_path):
    later = publish_quality(
        Path(tmp_path),
        "update actions set title = 'Another title' where action_id = 'FIX-001';"
        "delete from actions where action_id = 'FIX-003';"
        "update actions set category = null where action_id = 'FIX-002';",
    )
    listed = read(later, "changes", before=str(dirty.path))
    rows = listed.frame.set_index(["change", "action_id"])
    assert set(rows.index) == {("Removed", "FIX-003"), ("Changed", "FIX-001"), ("Changed", "FIX-002")}
    assert rows.loc[("Changed", "FIX-001"), "after"] == "Another title"
    assert rows.loc[("Changed", "FIX-002"), "field_name"] == "Category"
    labels = {code.labels["en"] for code in dirty.codes["categories"].values()}
    assert rows.loc[("Changed", "FIX-002"), "before"] in labels
    sheet = written(later, tmp_path, "changes", before=dirty.path)[LISTS["changes"].title]
    assert sheet.max_row == 4


@pytest.mark.nightly
def test_persons_are_called_in_the_readers_language_in_every_list_and_a_formula_stays_text(tmp_path):
    formula = "insert into unmatched_values values ('forms.xlsx', 'category', '=HYPERLINK(1)', 9, null, 'forms', 'x');"
    snapshot = publish_quality(tmp_path, PERSONS + formula)
    names = {"en": "Individual, Kenya", "fr": "Particulier, Kenya", "es": "Particular, Kenia"}
    for lang in ("en", "fr"):
        texts = {name: str(read(snapshot, name, lang).frame.to_dict("records")) for name in READ_AS_ROWS}
        changes = read(snapshot, "changes", lang)
        texts["changes"] = str(changes.frame.to_dict("records"))
        for one, words in names.items():
            shown = {name for name, text in texts.items() if words in text}
            assert shown == ({"duplicates", "orphans", "unclassified", "changes"} if one == lang else set())
    sheet = written(snapshot, tmp_path, "unmatched")[LISTS["unmatched"].title]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("=HYPERLINK(1)", "s", True)


OUT = alike_sheets.LEFT_OUT
A, B, C = (SheetKey("r.xlsx", name) for name in "ABC")


def test_sheets_that_hold_the_same_actions_stand_together(tmp_path):
    rows = (
        "insert into alike_sheets values ('r.xlsx', 'A', 9, 5, 'B', 8, 4, 7, null, null),"
        " ('r.xlsx', 'D', 3, 0, 'E', 3, 0, 3, null, null), ('r.xlsx', 'B', 8, 4, 'C', 6, 0, 6, null, null),"
        " ('s.xlsx', 'A', 2, 0, 'B', 2, 0, 2, null, null)"
    )
    groups = read_alike(open_fixture(tmp_path, (rows,)))
    assert [[f"{sheet.key.file} {sheet.key.sheet} {sheet.same}" for sheet in group] for group in groups] == [
        ["r.xlsx A 7", "r.xlsx B 7", "r.xlsx C 6"], ["r.xlsx D 3", "r.xlsx E 3"], ["s.xlsx A 2", "s.xlsx B 2"],
    ]  # fmt: skip


@pytest.mark.parametrize(("clicks", "answers"), [
    ([(A, COUNTS)], {B: OUT, C: OUT}),
    ([(A, COUNTS), (C, COUNTS)], {A: COUNTS, B: OUT, C: COUNTS}),
    ([(A, OUT)], {}),
    ([(A, OUT), (C, OUT)], {A: OUT, C: OUT}),
    ([(A, COUNTS), (A, OUT)], {}),
    ([(A, COUNTS), (B, None)], {}),
    ([(A, ROUND), (C, OUT)], {A: ROUND, C: OUT}),
], ids=["one-counts", "two-count", "one-left-out", "two-left-out", "none-counts", "taken-back", "a-round"])  # fmt: skip
def test_a_choice_says_what_becomes_of_the_others(clicks, answers):
    choices: dict[SheetKey, str] = {}
    for key, use in clicks:
        choose([A, B, C], choices, key, use)
    assert find_answers([A, B, C], choices) == answers


WORDS = pd.DataFrame(
    [("themes", "Water", 3, None), ("themes", "Foresst", 2, "forest"), ("status", "Halfway", 2, None),
     ("category", "Law", 1, None)], columns=["field", "word", "row_count", "nearest_code"],
).assign(words_in_all=4)  # fmt: skip


def test_a_new_word_of_an_own_list_is_offered_and_a_likely_misspelling_is_asked_about(tmp_path):
    (tmp_path / "codelists").mkdir()
    (tmp_path / "codelists" / "themes.csv").write_text("code,label_en,aliases,sort_order\nforest,Forest,,10\n")
    own = _name_lists(CampaignFolder(tmp_path), WORDS)["own_list"]
    assert own.eq("themes").tolist() == (WORDS["field"] == "themes").tolist()
    shipped = _name_lists(CampaignFolder(SHIPPED_CAMPAIGN), WORDS)["own_list"]
    assert shipped.isna().all(), "the shipped lists take no word in"
