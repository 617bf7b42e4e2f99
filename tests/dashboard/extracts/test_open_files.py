"""Open formats: the selection's rows, typed, complete, harmless in a spreadsheet, and as large as was said."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.cache import Cache
from dashboard.errors import SelectionError, UserError
from dashboard.extracts import estimate, open_files, order
from dashboard.extracts.estimate import SHOWN, Measured, count_rows, estimate_bytes, first_rows
from dashboard.extracts.open_files import BOM, OPEN_FORMATS, headers, read_columns, write_table
from dashboard.extracts.tables import TABLES, find_table
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.register_oracle import LAST_DAY, expected_register, join, matching
from tests.shipped import LANGUAGES
from tests.snapshots import open_fixture
from tests.tables import STEPS, Tables

SELECTIONS = {
    "all": (Selection(), {}),
    "africa": (Selection(regions=("africa",), lang="fr"), {"regions": {"africa"}}),
    "two": (
        Selection(themes=("education", "mining"), groups=("government",), lang="es"),
        {"themes": {"education", "mining"}, "group": {"government"}},
    ),
    "then": (Selection(statuses=("in_progress",), as_of=date(2021, 7, 1)), {"status": {"in_progress"}}),
    "unclassified": (Selection(categories=("unclassified",)), {"category": {"unclassified"}}),
    "nothing": (Selection(q="no action says this"), {"action_id": set()}),
}
ARROW = {
    "text": pa.string(),
    "date": pa.date32(),
    "percent": pa.float64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
EVIDENCE = {
    None: (None, None, None, None),
    "claimed": ("claimed", "Déclaré", "Partie prenante", "stakeholder"),
    "reviewed": ("reviewed", "Examiné", "Secrétariat", "secretariat"),
}
HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "\t=1",
    "\r=1",
    "＝1+1",
    "-5",
    "+41,5",
    'He said "no", then left',
    "two\nlines",
    "two\r\nlines",
    " spaces ",
    "00123",
    "🙂 خارطة טקסט",
    "bell\x07",
    "x" * 40_000,
    "",
    "null",
]


@pytest.fixture
def written(snapshot: Snapshot, tmp_path: Path) -> Callable[..., Path]:
    def write(table: str, file_format: str, selection: Selection, *columns: str) -> Path:
        file = tmp_path / f"{table}.{file_format}"
        rows = write_table(snapshot, selection, TABLES[table], file_format, file, columns)
        assert rows == len(READERS[file_format](file))
        return file

    return write


def read_csv(file: Path) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def read_parquet(file: Path) -> list[dict[str, Any]]:
    return list(pq.read_table(file).to_pylist())


def read_json(file: Path) -> list[dict[str, Any]]:
    return list(json.loads(file.read_text(encoding="utf-8")))


READERS = {"csv": read_csv, "parquet": read_parquet, "json": read_json}


def expected(name: str) -> tuple[Selection, pd.DataFrame]:
    selection, filters = SELECTIONS[name]
    return selection, matching(expected_register(selection.as_of or LAST_DAY), **filters)


@pytest.mark.parametrize("name", SELECTIONS)
def test_parquet_is_the_selection_as_pandas_filters_it(written: Callable[..., Path], name: str) -> None:
    selection, frame = expected(name)
    rows = read_parquet(written("actions", "parquet", selection))
    assert [row["action_id"] for row in rows] == frame["action_id"].tolist()
    for row, (_, known) in zip(rows, frame.iterrows(), strict=True):
        for column in ("title", "stakeholder", "due_on", "submitted_on", "is_overdue", "is_on_time", "source_row"):
            assert row[column] == known[column], (row["action_id"], column)
        for column in ("percent", "reported_on", "completed_on"):
            assert row[column] == (None if pd.isna(known[column]) else known[column])
        assert row["themes"] == join(known["themes"], "themes", selection.lang)
        assert row["countries"] == join(known["countries"], "countries", selection.lang)
        assert set(row["theme_codes"].split("; ")) == known["themes"]
        assert row["status_code"] == known["status"]
        assert row["category_code"] == known["category"]


def test_evidence_is_said_with_its_day_and_role_in_words_and_codes(snapshot: Snapshot, written: Any) -> None:
    columns = ("action_id", "evidence", "evidence_on", "evidence_by", "evidence_code", "evidence_by_code")
    rows = read_parquet(written("actions", "parquet", Selection(lang="fr"), *columns))
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
    ("table", "name"), [*((table, "all") for table in TABLES), ("reports", "africa"), ("themes_countries", "two")]
)
def test_the_three_formats_say_the_same_also_in_portions(
    written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, table: str, name: str
) -> None:
    selection = SELECTIONS[name][0]
    whole = pq.read_table(written(table, "parquet", selection))
    monkeypatch.setattr(open_files, "PORTION", 16)
    in_portions = pq.read_table(written(table, "parquet", selection))
    typed = in_portions.to_pylist()
    assert typed == whole.to_pylist()
    assert (in_portions.schema.names, in_portions.schema.types) == (whole.schema.names, whole.schema.types)
    as_json = read_json(written(table, "json", selection))
    assert [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in typed] == as_json
    as_csv = read_csv(written(table, "csv", selection))
    named = headers(TABLES[table].fields, selection.lang)
    for row, same in zip(as_csv, typed, strict=True):
        for field, header in zip(TABLES[table].fields, named, strict=True):
            value = same[field.name]
            if value is None:
                assert row[header] == ""
            elif field.kind == "boolean":
                assert row[header] == str(value).lower()
            elif field.kind in ("percent", "number"):
                assert float(row[header]) == value
            elif field.kind == "text" and row[header] != value:
                assert row[header] == f"'{value}"
            else:
                assert row[header] == str(value)


def test_parquet_is_typed_also_without_a_row(written: Callable[..., Path]) -> None:
    for name, table in TABLES.items():
        schema = pq.read_schema(written(name, "parquet", SELECTIONS["nothing"][0]))
        assert schema.names == [field.name for field in table.fields]
        for field in table.fields:
            kind = schema.field(field.name).type
            assert pa.types.is_integer(kind) if field.kind == "integer" else kind == ARROW[field.kind], field.name
        assert schema.metadata[b"build_id"] == b"fixture"
        assert b"no+action" in schema.metadata[b"query"]


def test_headers_are_unique_and_need_no_quotes() -> None:
    for table in TABLES.values():
        for lang in LANGUAGES:
            named = headers(table.fields, lang)
            assert len({header.casefold() for header in named}) == len(table.fields)
            assert not any(set(header) & set('",;\r\n') for header in named)
        assert len({field.name for field in table.fields}) == len(table.fields)
        assert {name for name in table.key} <= {field.name for field in table.fields}
        assert all(field.description for field in table.fields)


def test_csv_is_for_excel(written: Callable[..., Path]) -> None:
    content = written("actions", "csv", Selection(lang="fr")).read_bytes()
    first = content.split(b"\r\n")[0].decode()
    t = translator("fr")
    assert first.startswith(BOM + t("Action ID"))
    assert first.count(",") == len(TABLES["actions"].fields) - 1
    assert content.endswith(b"\r\n")
    assert b"2021-12-30" in content
    percents = {row["Percent done"] for row in read_csv(written("actions", "csv", Selection()))}
    assert "100" in percents
    assert not any(text.endswith(".0") for text in percents)


def test_columns_are_chosen_and_ordered(written: Callable[..., Path]) -> None:
    wanted = ("status_code", "title", "percent", "title")
    for file_format in ("parquet", "json"):
        rows = READERS[file_format](written("actions", file_format, Selection(), *wanted))
        assert [list(row) for row in rows] == [["status_code", "title", "percent"]] * 40
    rows = read_csv(written("actions", "csv", Selection(), *wanted))
    assert list(rows[0]) == ["Status (code)", "Title", "Percent done"]
    alone = read_csv(written("actions", "csv", Selection(), "percent"))
    assert [row["Percent done"] for row in alone] == [row["Percent done"] for row in rows], "also empty rows"
    assert "" in {row["Percent done"] for row in alone}


def test_an_unknown_column_names_the_allowed_ones(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match="e_mail") as caught:
        write_table(snapshot, Selection(), TABLES["events"], "csv", tmp_path / "x.csv", ["title", "e_mail"])
    assert caught.value.parameter == "columns"
    assert caught.value.value == "e_mail"
    assert "on_date" in caught.value.allowed
    assert not (tmp_path / "x.csv").exists()


def test_names_of_columns_come_with_commas_or_repeated() -> None:
    for values, names in (([], ()), (["a,b", " c "], ("a", "b", "c")), ([""], ()), (["a,,b"], ("a", "b"))):
        assert read_columns(values) == names


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The fixture with unpleasant texts, and one action of a person."""
    return open_fixture(
        tmp_path_factory.mktemp("hostile"),
        (
            "update actions set description = list_extract($texts, action_no) where action_no <= len($texts)",
            {"texts": HOSTILE},
        ),
        ("update actions set submitted_on = '1899-12-31' where action_no = 1",),
        (
            "insert into person_names values ('Individual, Kenya', "
            "map {'en': 'Individual, Kenya', 'fr': 'Particulier, Kenya', 'es': 'Particular, Kenia'})",
        ),
        ("update actions set stakeholder = 'Individual, Kenya' where action_id = 'FIX-001'",),
    )


def test_hostile_texts_are_complete_in_parquet_and_json(hostile: Snapshot, tmp_path: Path) -> None:
    for file_format in ("parquet", "json"):
        file = tmp_path / f"x.{file_format}"
        write_table(hostile, Selection(), TABLES["actions"], file_format, file, ["description", "submitted_on"])
        rows = READERS[file_format](file)
        assert [row["description"] for row in rows][: len(HOSTILE)] == HOSTILE
        assert str(rows[0]["submitted_on"]) == "1899-12-31"


def test_formulas_are_disarmed_in_csv_and_nothing_else_is_changed(hostile: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    write_table(hostile, Selection(), TABLES["actions"], "csv", file)
    rows = read_csv(file)
    assert len(rows) == 40
    found = [row["Description"] for row in rows][: len(HOSTILE)]
    assert found[:6] == [f"'{text}" for text in HOSTILE[:6]]
    assert found[6:] == HOSTILE[6:]
    assert rows[0]["Submitted on"] == "1899-12-31"
    assert rows[1]["Title"].startswith("'=HYPERLINK")
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    assert frame.shape == (40, len(TABLES["actions"].fields))


def test_a_report_counts_from_its_own_day_and_the_latest_decides(written: Callable[..., Path]) -> None:
    then = Selection(as_of=date(2021, 7, 1))
    rows = read_parquet(written("reports", "parquet", then))
    assert max(row["reported_on"] for row in rows) <= date(2021, 7, 1)
    decisive = {row["action_id"]: row["status_code"] for row in rows if row["is_latest"]}
    register = expected_register(date(2021, 7, 1))
    known = {a: s for a, s in zip(register["action_id"], register["status"], strict=True) if s != "not_reported"}
    assert decisive == known


def test_answers_have_their_words_in_the_readers_language(written: Callable[..., Path]) -> None:
    rows = read_parquet(written("answers", "parquet", Selection(countries=("CIV",), lang="fr")))
    assert [(row["action_id"], row["question"], row["answer"], row["answer_code"]) for row in rows[:2]] == [
        ("FIX-001", "Quel soutien avez-vous reçu ?", "Formation", "training"),
        ("FIX-001", "Quel soutien avez-vous reçu ?", "Financement", "funding"),
    ]
    spanish = read_parquet(written("answers", "parquet", Selection(lang="es")))
    assert spanish[0]["question"] == "Which support did you receive?"


def test_milestones_are_due_and_reached_by_the_day(written: Callable[..., Path]) -> None:
    rows = read_parquet(written("milestones", "parquet", Selection(as_of=date(2021, 8, 1), q="cocoa")))
    own = [row for row in rows if row["action_id"] == "FIX-001"]
    assert [(row["milestone"], row["is_due"], row["is_reached"]) for row in own] == [
        ("First consultation", True, True),
        ("Draft roadmap", True, False),
        ('Adoption; signature, and "launch"', False, False),
    ]


def test_events_and_stories_of_the_selected_actions_or_all(written: Callable[..., Path]) -> None:
    assert len(read_parquet(written("events", "parquet", Selection()))) == 1
    assert not read_parquet(written("events", "parquet", Selection(countries=("CIV",))))
    stories = read_parquet(written("stories", "parquet", Selection(countries=("CIV",))))
    assert [(s["id"], s["action_title"]) for s in stories] == [("ST-1", "Roadmap against child labour in cocoa")]


def test_shares_of_themes_and_countries_add_up(written: Callable[..., Path]) -> None:
    rows = pd.DataFrame(read_parquet(written("themes_countries", "parquet", Selection())))
    register = expected_register()
    key = list(TABLES["themes_countries"].key)
    assert not rows.duplicated(key).any()
    shares = rows.groupby("action_id")["share"].sum()
    assert shares.round(9).eq(1).all()
    assert sorted(shares.index) == sorted(register["action_id"])
    statuses = register.set_index("action_id")["status"][rows["action_id"]]
    assert rows["is_reported"].tolist() == statuses.ne("not_reported").tolist()
    assert rows["is_completed"].tolist() == statuses.eq("completed").tolist()


def test_semicolons_and_decimal_commas_hold_the_same_values(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file is written in portions."""
    monkeypatch.setattr(open_files, "PORTION", 40)
    for table in ("reports", "themes_countries"):
        tables = []
        for style, mark in (("comma", ","), ("semicolon", ";")):
            file = tmp_path / f"{style}.csv"
            write_table(snapshot, Selection(lang="fr"), TABLES[table], "csv", file, csv=style)
            with file.open(encoding="utf-8-sig", newline="") as text:
                tables.append(list(csv.reader(text, delimiter=mark)))
        numbers = [n for n, field in enumerate(TABLES[table].fields) if field.kind in ("number", "percent")]
        plain, other = tables
        assert [[c.replace(".", ",") if n in numbers else c for n, c in enumerate(row)] for row in plain] == other
        assert table == "reports" or any("," in row[n] for row in other[1:] for n in numbers)


@pytest.mark.parametrize("file_format", some(OPEN_FORMATS, 1))
def test_a_worker_writes_the_same_file(snapshot: Snapshot, tmp_path: Path, file_format: str) -> None:
    selection = Selection(regions=("africa",), lang="fr")
    export = order.submit_extract(
        snapshot, selection, file_format, table="reports", columns=["action_id", "percent"]
    ).result()
    write_table(snapshot, selection, TABLES["reports"], file_format, tmp_path / "x", ["action_id", "percent"])
    assert export.content == (tmp_path / "x").read_bytes()
    assert export.file_name == f"sample_2021-reports_africa_2021-12-31_fr.{file_format}"
    assert export.media_type == OPEN_FORMATS[file_format]


def test_one_that_takes_too_long_is_stopped(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = "select sum(a.range * b.range) as id from range(10000000) as a, range(10000000) as b"
    monkeypatch.setattr(open_files, "query_text", lambda name: endless)
    monkeypatch.setattr(open_files, "MOST_SECONDS", 0.2)
    with pytest.raises(UserError, match="too long"):
        write_table(snapshot, Selection(), TABLES["events"], "parquet", tmp_path / "x", ["id"])


def test_unknown_names_are_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match="milestones"):
        find_table("people")
    with pytest.raises(SelectionError, match="parquet"):
        write_table(snapshot, Selection(), TABLES["events"], "xml", tmp_path / "x")
    with pytest.raises(OSError, match="No such file"):
        write_table(snapshot, Selection(), TABLES["events"], "csv", tmp_path / "no" / "x")
    for arguments in (
        ("docx", "actions", ()),
        ("zip", "reports", ()),
        ("zip", "actions", ("title",)),
        ("xlsx", "reports", ("themes",)),
    ):
        with pytest.raises(SelectionError):
            order.check_choice(*arguments)


def test_persons_are_shown_in_the_language_of_the_reader(hostile: Snapshot, tmp_path: Path) -> None:
    frame = register.page(hostile, Selection(), sort="action_id")
    assert register.labelled(frame, hostile, "es")["stakeholder"].iloc[0] == "Particular, Kenia"
    written = tmp_path / "actions.csv"
    for lang, shown in (("fr", "Particulier, Kenya"), ("es", "Particular, Kenia"), ("en", "Individual, Kenya")):
        write_table(hostile, Selection(lang=lang), TABLES["actions"], "csv", written, ["action_id", "stakeholder"])
        names = pd.read_csv(written).iloc[:, 1]
        assert list(names[names.str.contains("Ken", na=False)]) == [shown]


CHOSEN = [chosen for chosen, _ in SELECTIONS.values()] + [
    Selection(regions=("global",)),
    Selection(subregions=("northern_africa", "south_america")),
    Selection(regions=("africa", "arab_states"), themes=("education",)),
]


def read_written(snapshot: Snapshot, selection: Selection, name: str, folder: Path, columns=()) -> list[dict]:
    target = folder / "table.json"
    write_table(snapshot, selection, TABLES[name], "json", target, columns)
    return json.loads(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("selection", some(CHOSEN, 2), ids=lambda chosen: chosen.query_string())
def test_counted_rows_are_those_that_are_written(snapshot, tmp_path, selection) -> None:
    assert count_rows(snapshot, selection) == {
        name: len(read_written(snapshot, selection, name, tmp_path)) for name in TABLES
    }


@pytest.mark.parametrize("name", TABLES)
def test_the_preview_is_the_beginning_of_the_file(snapshot, tmp_path, monkeypatch, name) -> None:
    table = TABLES[name]
    columns = [field.name for field in table.fields[:5]][::-1]
    selection = Selection(lang="fr")
    expected = read_written(snapshot, selection, name, tmp_path, columns)[:SHOWN]
    for portion in (3, 100):
        monkeypatch.setattr(estimate, "PORTION", portion)
        frame = first_rows(snapshot, selection, table, columns)
        assert list(frame.columns) == columns
        shown = json.loads(frame.to_json(orient="records", date_format="iso"))
        assert [without_times(row) for row in shown] == [without_times(row) for row in expected]


def without_times(row: dict) -> dict:
    """A row with its dates as days; a frame has them as moments."""
    return {
        name: value.removesuffix("T00:00:00.000").removesuffix("T00:00:00") if isinstance(value, str) else value
        for name, value in row.items()
    }


def test_a_column_that_there_is_not_is_refused(snapshot) -> None:
    with pytest.raises(SelectionError):
        first_rows(snapshot, Selection(), TABLES["actions"], ["salary"])


@pytest.mark.parametrize("file_format", ["csv", "json", "parquet"])
def test_the_size_of_a_small_file_is_measured_whole(snapshot, tmp_path, file_format) -> None:
    target = tmp_path / "file"
    for name, columns in (("actions", ()), ("actions", ("title", "status")), ("reports", ())):
        write_table(snapshot, Selection(lang="es"), TABLES[name], file_format, target, columns)
        size = estimate_bytes(snapshot, Selection(lang="es"), file_format, table=name, columns=columns)
        # Parquet holds the build's name and the filters as well.
        assert 0.9 * target.stat().st_size - 200 <= size <= 1.1 * target.stat().st_size


def test_the_size_of_a_large_file_follows_from_a_sample(snapshot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(estimate, "PORTION", 5)
    monkeypatch.setattr(estimate, "_measured", Cache(10))
    target = tmp_path / "file.csv"
    for name in ("actions", "themes_countries"):
        write_table(snapshot, Selection(), TABLES[name], "csv", target)
        size = estimate_bytes(snapshot, Selection(), "csv", table=name)
        assert size == pytest.approx(target.stat().st_size, rel=0.35)
        assert size != target.stat().st_size  # fifteen of forty actions were measured


@pytest.mark.usefixtures("workers_here")
@pytest.mark.parametrize("file_format", ["zip", pytest.param("xlsx", marks=pytest.mark.nightly)])
def test_the_size_of_files_of_several_tables_is_near(snapshot, file_format) -> None:
    tables = ("actions", "reports", "events")
    size = estimate_bytes(snapshot, Selection(), file_format, include=tables)
    content = order.submit_extract(snapshot, Selection(), file_format, include=tables).result().content
    assert 0.5 * len(content) < size < 2 * len(content)
    assert estimate_bytes(snapshot, Selection(), file_format, include=("actions",)) < size


def test_a_measured_sample_is_drawn_on() -> None:
    measured = Measured(half_rows=100, half_bytes=1_500, rows=200, bytes=2_500)
    assert measured.extrapolate(200) == 2_500
    assert measured.extrapolate(1_200) == 12_500
    assert Measured(0, 40, 0, 40).extrapolate(0) == 40
    assert Measured(0, 40, 1, 60).extrapolate(1) == 60
