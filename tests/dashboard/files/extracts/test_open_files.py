"""Open formats: the selection's rows, typed, complete, harmless in a spreadsheet, and as large as was said."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.cache import Cache
from dashboard.errors import SelectionError, UserError
from dashboard.files.extracts import estimate, open_files, order
from dashboard.files.extracts.choice import OPEN_FORMATS, Choice, read_columns
from dashboard.files.extracts.estimate import SHOWN, Measured, count_rows, estimate_bytes, first_rows
from dashboard.files.extracts.open_files import headers, write_table
from dashboard.files.extracts.tables import TABLES, find_table
from dashboard.ground.files.csv_styles import BOM
from dashboard.i18n import translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.annotations import ACTION, FIRST_REPLY, REPLY, publish_annotated
from tests.cases import of_which, some
from tests.register_oracle import LAST_DAY, expected_register
from tests.shipped import LANGUAGES
from tests.snapshots import BUILT_AT, open_fixture, publish_fixture
from tests.tables import STEPS, Tables

AFRICA = Selection(regions=("africa",), lang="fr")
TWO = Selection(themes=("education", "mining"), groups=("government",), lang="es")
NOTHING = Selection(q="no action says this")
ARROW = {
    "text": pa.string(),
    "date": pa.date32(),
    "percent": pa.float64(),
    "number": pa.float64(),
    "amount": pa.float64(),
    "boolean": pa.bool_(),
}
EVIDENCE = {
    None: (None, None, None, None),
    "claimed": ("claimed", "Déclaré", "Partie prenante", "stakeholder"),
    "reviewed": ("reviewed", "Examiné", "Secrétariat", "secretariat"),
}
HOSTILE = [
    "=1+1", "@SUM(A1)", "-2+3", "+cmd", "\t=1", "\r=1", "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)",
    "-5", "+41,5", 'He said "no", then left', "two\nlines", "two\r\nlines", " spaces ", "00123",
    "🙂 خارطة טקסט", "bell\x07", "x" * 40_000, "", "null",
]  # fmt: skip


@pytest.fixture
def written(snapshot: Snapshot, tmp_path: Path) -> Callable[..., Path]:
    """Writes a table's file."""

    def write(table: str, file_format: str, selection: Selection, *columns: str) -> Path:
        file = tmp_path / f"{table}.{file_format}"
        rows = write_table(snapshot, selection, TABLES[table], file_format, file, columns)
        assert rows == len(READERS[file_format](file))
        return file

    return write


@pytest.fixture
def read(written: Callable[..., Path]) -> Callable[..., list[dict[str, Any]]]:
    """Writes a table, by itself as Parquet, and reads its rows."""
    return lambda table, selection, *columns, form="parquet": READERS[form](written(table, form, selection, *columns))


def read_csv(file: Path) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


READERS: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    "csv": read_csv,
    "parquet": lambda file: list(pq.read_table(file).to_pylist()),
    "json": lambda file: list(json.loads(file.read_text(encoding="utf-8"))),
}


@pytest.mark.nightly
def test_evidence_is_said_with_its_day_and_role_in_words_and_codes(snapshot: Snapshot, read: Any) -> None:
    columns = ("action_id", "evidence", "evidence_on", "evidence_by", "evidence_code", "evidence_by_code")
    rows = read("actions", Selection(lang="fr"), *columns)
    tables = Tables(snapshot)
    furthest = tables.furthest_steps(LAST_DAY)
    latest = tables.on_day(LAST_DAY).set_index("action_id")["status"]
    reviewed = tables.steps[tables.steps["step"] == "reviewed"].merge(tables.reports, on=["report_no", "action_id"])
    last_on = reviewed.groupby("action_id")["reported_on"].max().dt.date
    for row in rows:
        action = row["action_id"]
        code = None if pd.isna(latest[action]) else STEPS[int(furthest.get(action, 0))]
        assert (row["evidence_code"], row["evidence"], row["evidence_by"], row["evidence_by_code"]) == EVIDENCE[code]
        assert code != "reviewed" or row["evidence_on"] == last_on[action]
    assert {row["evidence_code"] for row in rows} == set(EVIDENCE)


@pytest.mark.parametrize(
    ("table", "selection"),
    some([*((table, Selection(lang="fr")) for table in TABLES), ("reports", AFRICA), ("themes_countries", TWO)], 5),
    ids=lambda value: value if isinstance(value, str) else value.query_string(),
)
def test_the_formats_the_preview_and_the_count_say_the_same_also_in_portions(
    written: Any, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, table: str, selection: Selection
) -> None:
    fields = TABLES[table].fields
    whole = pq.read_table(written(table, "parquet", selection))
    monkeypatch.setattr(open_files, "PORTION", 16)
    in_portions = pq.read_table(written(table, "parquet", selection))
    typed = in_portions.to_pylist()
    assert typed == whole.to_pylist()
    assert (in_portions.schema.names, in_portions.schema.types) == (whole.schema.names, whole.schema.types)
    plain = [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in typed]
    assert plain == READERS["json"](written(table, "json", selection))
    assert count_rows(snapshot, selection)[table] == len(typed)
    columns = [field.name for field in fields[:5]][::-1]
    for portion in (3, 100):
        monkeypatch.setattr(estimate, "PORTION", portion)
        frame = first_rows(snapshot, selection, TABLES[table], columns)
        assert list(frame.columns) == columns
        for column in frame.select_dtypes("datetime"):  # the columns that the file has as days
            frame[column] = frame[column].dt.strftime("%Y-%m-%d")
        shown = json.loads(frame.to_json(orient="records"))
        assert shown == [{name: row[name] for name in columns} for row in plain[:SHOWN]]
    named = headers(fields, selection.lang)
    for row, same in zip(read_csv(written(table, "csv", selection)), typed, strict=True):
        for field, header in zip(fields, named, strict=True):
            value = same[field.name]
            if value is None:
                assert row[header] == ""
            elif field.kind == "boolean":
                assert row[header] == str(value).lower()
            elif field.kind in ("percent", "number", "amount"):
                assert float(row[header]) == value
            else:
                assert row[header] == str(value) or (field.kind == "text" and row[header] == f"'{value}")


@pytest.mark.nightly
def test_parquet_is_typed_also_without_a_row(written: Callable[..., Path]) -> None:
    for name, table in TABLES.items():
        schema = pq.read_schema(written(name, "parquet", NOTHING))
        assert schema.names == [field.name for field in table.fields]
        for field in table.fields:
            kind = schema.field(field.name).type
            assert pa.types.is_integer(kind) if field.kind == "integer" else kind == ARROW[field.kind], field.name
        assert schema.metadata[b"build_id"] == b"fixture"
        assert b"no+action" in schema.metadata[b"query"]
    for form in ("csv", "json"):
        written("events", form, NOTHING)  # and reads it again


def test_headers_are_unique_and_need_no_quotes_and_names_of_columns_come_with_commas_or_repeated() -> None:
    for table in TABLES.values():
        for lang in LANGUAGES:
            named = headers(table.fields, lang)
            assert len({header.casefold() for header in named}) == len(table.fields)
            assert not any(set(header) & set('",;\r\n') for header in named)
        fields = {field.name for field in table.fields}
        assert len(fields) == len(table.fields)
        assert set(table.key) <= fields
        assert all(field.description for field in table.fields)
    for values, names in (([], ()), (["a,b", " c "], ("a", "b", "c")), ([""], ()), (["a,,b"], ("a", "b"))):
        assert read_columns(values) == names


def test_csv_is_for_excel(written: Callable[..., Path]) -> None:
    content = written("actions", "csv", Selection(lang="fr")).read_bytes()
    first = content.split(b"\r\n")[0].decode()
    assert first.startswith(BOM + translator("fr")("Action ID"))
    assert first.count(",") == len(TABLES["actions"].fields) - 1
    assert content.endswith(b"\r\n")
    assert b"2021-12-30" in content
    percents = {row["Percent done"] for row in read_csv(written("actions", "csv", Selection()))}
    assert "100" in percents
    assert not any(text.endswith(".0") for text in percents)


def test_columns_are_chosen_and_ordered(read: Any) -> None:
    wanted = ("status_code", "title", "percent", "title")
    for form in ("parquet", "json"):
        rows = read("actions", Selection(), *wanted, form=form)
        assert [list(row) for row in rows] == [["status_code", "title", "percent"]] * 40
    rows = read("actions", Selection(), *wanted, form="csv")
    assert list(rows[0]) == ["Status (code)", "Title", "Percent done"]
    percents = [row["Percent done"] for row in read("actions", Selection(), "percent", form="csv")]
    assert percents == [row["Percent done"] for row in rows], "also empty rows"
    assert "" in percents


def test_hostile_texts_are_complete_and_in_csv_formulas_alone_are_disarmed(tmp_path: Path) -> None:
    person = (
        "insert into person_names values ('Individual, Kenya', "
        "map {'en': 'Individual, Kenya', 'fr': 'Particulier, Kenya', 'es': 'Particular, Kenia'})"
    )
    texts = "update actions set description = list_extract($texts, action_no) where action_no <= len($texts)"
    hostile = open_fixture(
        tmp_path,
        (texts, {"texts": HOSTILE}),
        ("update actions set submitted_on = '1899-12-31' where action_no = 1",),
        (person,),
        ("update actions set stakeholder = 'Individual, Kenya' where action_id = 'FIX-001'",),
    )
    for form in ("parquet", "json"):
        file = tmp_path / f"x.{form}"
        write_table(hostile, Selection(), TABLES["actions"], form, file, ["description", "submitted_on"])
        rows = READERS[form](file)
        assert [row["description"] for row in rows][: len(HOSTILE)] == HOSTILE
        assert str(rows[0]["submitted_on"]) == "1899-12-31"
    file = tmp_path / "x.csv"
    write_table(hostile, Selection(), TABLES["actions"], "csv", file)
    rows = read_csv(file)
    assert [row["Description"] for row in rows][: len(HOSTILE)] == [
        *(f"'{text}" for text in HOSTILE[:10]),
        *HOSTILE[10:],
    ]
    assert rows[0]["Submitted on"] == "1899-12-31"
    assert rows[1]["Title"].startswith("'=HYPERLINK")
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    assert frame.shape == (40, len(TABLES["actions"].fields))
    file = tmp_path / "actions.csv"
    for lang, shown in (("fr", "Particulier, Kenya"), ("es", "Particular, Kenia"), ("en", "Individual, Kenya")):
        write_table(hostile, Selection(lang=lang), TABLES["actions"], "csv", file, ["action_id", "stakeholder"])
        names = pd.read_csv(file).iloc[:, 1]
        assert list(names[names.str.contains("Ken", na=False)]) == [shown]


@pytest.mark.nightly
def test_the_latest_reply_stands_beside_its_action_by_a_chosen_day_as_text(tmp_path: Path) -> None:
    annotated = Snapshot(publish_annotated(tmp_path), "fixture", BUILT_AT, 8)
    columns = ["action_id", "stakeholder_says", "stakeholder_says_on"]
    said = {None: (REPLY, "2021-11-05"), date(2021, 10, 1): (FIRST_REPLY, "2021-08-02"), date(2021, 7, 1): (None, None)}
    for day, (words, said_on) in said.items():
        for form in ("json", "csv"):
            file = tmp_path / f"actions.{form}"
            write_table(annotated, Selection(as_of=day, lang="fr"), TABLES["actions"], form, file, columns)
            first, *others = [list(row.values()) for row in READERS[form](file)]
            in_csv = f"'{words}" if words == REPLY else words or ""
            assert first == [ACTION, *((in_csv, said_on or "") if form == "csv" else (words, said_on))]
            assert not any(any(row[1:]) for row in others)
    assert headers(TABLES["actions"].choose(columns), "fr")[1:] == ["La partie prenante dit", "Dit le"]


@pytest.mark.nightly
def test_a_report_that_names_its_action_by_id_alone_has_its_title_and_stakeholder(tmp_path: Path) -> None:
    path = publish_fixture(tmp_path)
    with duckdb.connect(path) as connection:
        connection.execute("update progress_reports set action_title = null, stakeholder = null")
    tables = []
    for name in ("actions", "reports"):
        write_table(Snapshot(path, "fixture", BUILT_AT, 8), Selection(), TABLES[name], "csv", tmp_path / name)
        tables.append([row for row in read_csv(tmp_path / name) if row["Action ID"]])
    actions, reports = tables
    named = {(row["Action ID"], row["Title"], row["Stakeholder"]) for row in actions}
    assert {(row["Action ID"], row["Title of the action"], row["Stakeholder"]) for row in reports} <= named


def test_the_latest_report_decides_and_shares_of_themes_and_countries_add_up(read: Any) -> None:
    day = date(2021, 7, 1)
    rows = read("reports", Selection(as_of=day))
    assert max(row["reported_on"] for row in rows) <= day
    statuses = expected_register(day).set_index("action_id")["status"]
    decisive = {row["action_id"]: row["status_code"] for row in rows if row["is_latest"]}
    assert decisive == statuses[statuses != "not_reported"].to_dict()
    rows = pd.DataFrame(read("themes_countries", Selection()))
    register = expected_register()
    assert not rows.duplicated(list(TABLES["themes_countries"].key)).any()
    shares = rows.groupby("action_id")["share"].sum()
    assert shares.round(9).eq(1).all()
    assert sorted(shares.index) == sorted(register["action_id"])
    statuses = register.set_index("action_id")["status"][rows["action_id"]]
    assert rows["is_reported"].tolist() == statuses.ne("not_reported").tolist()
    assert rows["is_completed"].tolist() == statuses.eq("completed").tolist()


@pytest.mark.nightly
def test_rows_of_further_tables_say_what_happened_by_the_day_in_the_readers_language(read: Any) -> None:
    answers = read("answers", Selection(countries=("CIV",), lang="fr"))
    assert [(row["action_id"], row["question"], row["answer"], row["answer_code"]) for row in answers[:2]] == [
        ("FIX-001", "Quel soutien avez-vous reçu ?", "Formation", "training"),
        ("FIX-001", "Quel soutien avez-vous reçu ?", "Financement", "funding"),
    ]
    assert read("answers", Selection(lang="es"))[0]["question"] == "Which support did you receive?"
    milestones = read("milestones", Selection(as_of=date(2021, 8, 1), q="cocoa"))
    own = [row for row in milestones if row["action_id"] == "FIX-001"]
    assert [(row["milestone"], row["is_due"], row["is_reached"]) for row in own] == [
        ("First consultation", True, True),
        ("Draft roadmap", True, False),
        ('Adoption; signature, and "launch"', False, False),
    ]
    assert len(read("events", Selection())) == 1
    assert not read("events", Selection(countries=("CIV",)))
    stories = read("stories", Selection(countries=("CIV",)))
    assert [(row["id"], row["action_title"]) for row in stories] == [("ST-1", "Roadmap against child labour in cocoa")]


def test_semicolons_and_decimal_commas_hold_the_same_values(snapshot: Snapshot, tmp_path: Path, monkeypatch) -> None:
    """Also where the file is written in portions."""
    monkeypatch.setattr(open_files, "PORTION", 40)
    for table in ("reports", "themes_countries"):
        tables = []
        for style, mark in (("comma", ","), ("semicolon", ";")):
            file = tmp_path / f"{style}.csv"
            write_table(snapshot, Selection(lang="fr"), TABLES[table], "csv", file, csv=style)
            with file.open(encoding="utf-8-sig", newline="") as text:
                tables.append(list(csv.reader(text, delimiter=mark)))
        numbers = [n for n, field in enumerate(TABLES[table].fields) if field.kind in ("number", "percent", "amount")]
        plain, other = tables
        assert [[c.replace(".", ",") if n in numbers else c for n, c in enumerate(row)] for row in plain] == other
        assert table == "reports" or any("," in row[n] for row in other[1:] for n in numbers)


def test_what_is_not_known_cannot_be_written_or_takes_too_long_is_refused(snapshot, tmp_path, monkeypatch) -> None:
    target = tmp_path / "x.csv"
    with pytest.raises(SelectionError, match="e_mail") as caught:
        write_table(snapshot, Selection(), TABLES["events"], "csv", target, ["title", "e_mail"])
    assert (caught.value.parameter, caught.value.value) == ("columns", "e_mail")
    assert "on_date" in caught.value.allowed
    assert not target.exists()
    with pytest.raises(SelectionError):
        first_rows(snapshot, Selection(), TABLES["actions"], ["salary"])
    with pytest.raises(SelectionError, match="milestones"):
        find_table("people")
    with pytest.raises(SelectionError, match="parquet"):
        write_table(snapshot, Selection(), TABLES["events"], "xml", target)
    with pytest.raises(OSError, match="No such file"):
        write_table(snapshot, Selection(), TABLES["events"], "csv", tmp_path / "no" / "x")
    endless = "select sum(a.range * b.range) as id from range(10000000) as a, range(10000000) as b"
    monkeypatch.setattr(open_files, "query_text", lambda name: endless)
    monkeypatch.setattr(open_files, "MOST_SECONDS", 0.2)
    with pytest.raises(UserError, match="too long"):
        write_table(snapshot, Selection(), TABLES["events"], "parquet", tmp_path / "x", ["id"])


@pytest.mark.parametrize("form", of_which(OPEN_FORMATS, lambda _, form: form == "parquet"))
def test_the_size_of_a_small_file_is_measured_whole(written: Any, snapshot: Snapshot, form: str) -> None:
    selection = Selection(lang="es")
    for name, columns in (("actions", ()), ("actions", ("title", "status")), ("reports", ())):
        size = written(name, form, selection, *columns).stat().st_size
        estimated = estimate_bytes(snapshot, selection, Choice(name, form, tuple(columns)))
        assert 0.9 * size - 200 <= estimated <= 1.1 * size, "Parquet holds the build's name and the filters as well"


@pytest.mark.nightly
def test_the_size_of_a_large_file_follows_from_a_sample(written: Any, snapshot: Snapshot, monkeypatch) -> None:
    monkeypatch.setattr(estimate, "PORTION", 5)
    monkeypatch.setattr(estimate, "_measured", Cache(10))
    for name in ("actions", "themes_countries"):
        size = written(name, "csv", Selection()).stat().st_size
        estimated = estimate_bytes(snapshot, Selection(), Choice(name, "csv"))
        assert estimated == pytest.approx(size, rel=0.35)
        assert estimated != size  # fifteen of forty actions were measured


@pytest.mark.nightly
def test_what_a_row_of_large_files_takes_is_measured_once_for_all_filters(written, snapshot, monkeypatch) -> None:
    monkeypatch.setattr(estimate, "MOST_ROWS", 5)
    monkeypatch.setattr(estimate, "_measured", Cache(10))
    for regions in (("africa",), ("americas",), ("africa", "americas")):
        selection = Selection(regions=regions)
        estimated = estimate_bytes(snapshot, selection, Choice(file_format="csv"))
        assert estimated == pytest.approx(written("actions", "csv", selection).stat().st_size, rel=0.35)
    assert estimate._measured.made == 1


@pytest.mark.nightly
@pytest.mark.usefixtures("workers_here")
@pytest.mark.parametrize("file_format", ["zip", pytest.param("xlsx", marks=pytest.mark.nightly)])
def test_the_size_of_files_of_several_tables_is_near(snapshot: Snapshot, file_format: str) -> None:
    tables = ("actions", "reports", "events")
    size = estimate_bytes(snapshot, Selection(), Choice("actions", file_format, include=tables))
    content = (
        order.submit_extract(snapshot, Selection(), Choice("actions", file_format, include=tables)).result().content
    )
    assert 0.5 * len(content) < size < 2 * len(content)
    assert estimate_bytes(snapshot, Selection(), Choice("actions", file_format, include=("actions",))) < size


def test_a_measured_sample_is_drawn_on() -> None:
    measured = Measured(half_rows=100, half_bytes=1_500, rows=200, bytes=2_500)
    assert [measured.extrapolate(rows) for rows in (200, 1_200)] == [2_500, 12_500]
    assert Measured(0, 40, 0, 40).extrapolate(0) == 40
    assert Measured(0, 40, 1, 60).extrapolate(1) == 60
