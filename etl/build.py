"""The build: inputs → snapshot file, a pure function. Publishing is `etl.publish`'s business."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from dashboard.campaign import Campaign, CampaignFolder
from dashboard.codelists import load_codelists as read_codelists
from dashboard.errors import UserError
from dashboard.paths import quote_path
from etl.folding import Folding
from etl.inputs import Input, InputError, build_id, list_exports, open_input
from etl.readers import ExportFile, ReadError, Sheet
from etl.recipes import Recipe, load_recipes
from etl.recognition import SheetPlan, learn_spellings
from etl.rejections import write_rejected
from etl.resolution import load_codelists, resolve_cells
from etl.staging import create_staged_tables, stage_contacts, stage_sheet

SQL = Path(__file__).parent / "sql"
STEPS_AFTER_ROOTS = (
    "40_actions",
    "50_references",
    "60_classification",
    "65_places",
    "70_write_actions",
    "71_write_themes",
    "72_write_places",
    "73_write_members",
    "79_report_rows",
    "80_write_reports",
    "81_write_answers",
    "82_write_milestones",
    "83_write_events",
    "84_write_stories",
    "85_write_unmatched",
    "90_write_account",
    "95_write_campaign",
)
MEMORY_LIMIT = "2500MB"

Progress = Callable[[str, int, int], None]


class AccountError(UserError):
    """The build contradicts itself; nothing is published."""


@dataclass
class Built:
    """A finished build, not yet published.

    Attributes:
        snapshot: The snapshot file, inside the build's own temporary folder.
        contacts: The private store's file, there too.
        skipped: Files left out under --skip-bad-files, with the reason.
    """

    build_id: str
    snapshot: Path
    contacts: Path
    is_sample: bool
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def dates(self) -> tuple[str, str]:
        """The snapshot's first and last date, ISO 8601."""
        with duckdb.connect(str(self.snapshot), read_only=True) as connection:
            row = connection.execute("select first_date::varchar, last_date::varchar from campaign").fetchone()
        assert row is not None  # noqa: S101  (the table has exactly one row)
        return row[0], row[1]


@contextmanager
def build(
    folder: CampaignFolder,
    work_in: Path,
    *,
    exports: Sequence[tuple[str, Path]] | None = None,
    skip_bad_files: bool = False,
    progress: Progress = lambda _what, _done, _total: None,
) -> Iterator[Built]:
    """Build a snapshot in a temporary folder under `work_in`, which is removed on leaving.

    Args:
        folder: The campaign.
        work_in: A folder on the disk that will hold the snapshot.
        exports: The files to build from (name, path); the inbox's (or the samples) by default.
        skip_bad_files: Leave out files that cannot be read or that no recipe knows.
        progress: Told (what, done, total) as work goes on.

    Raises:
        UserError: a file, recipe, codelist or the campaign cannot be used, or the account does not add up.
    """
    campaign = folder.load()
    recipes = load_recipes(folder)
    codelists = read_codelists(folder)
    is_sample = False
    if exports is None:
        exports, is_sample = list_exports(folder)
    work_in.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".build-", dir=work_in, ignore_cleanup_errors=True) as temporary:
        work = Path(temporary)
        built = Built("", work / "snapshot.duckdb", work / "contacts.duckdb", is_sample)
        with _work_database(work) as connection:
            fold = Folding(connection)
            run_file(connection, SQL / "macros.sql")
            load_codelists(connection, codelists)
            learn_spellings(recipes, fold)
            staging = _Staging(connection, recipes, fold, built, skip_bad_files)
            for done, (name, path) in enumerate(exports):
                progress(name, done, len(exports) + len(STEPS_AFTER_ROOTS))
                staging.add(name, path)
            built.build_id = build_id(folder, staging.fingerprints, is_sample=is_sample)
            _run_steps(connection, staging, campaign, built, len(exports), progress)
            _check(connection)
        yield built


class _Staging:
    """Reads file after file into the work database."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        recipes: Sequence[Recipe],
        fold: Folding,
        built: Built,
        skip_bad_files: bool,
    ) -> None:
        self.connection = connection
        self.recipes = recipes
        self.fingerprints: list[tuple[str, str]] = []
        self.sheets: list[tuple[int, SheetPlan | None, Sheet]] = []
        self.fold = fold
        self._built = built
        self._skip = skip_bad_files
        self._rows: dict[str, int] = {}
        create_staged_tables(connection)

    def add(self, name: str, path: Path) -> None:
        """Read one file, or note why it was left out."""
        try:
            with open_input(name, path, self.recipes, self.fold) as (source, export):
                for sheet, plan in source.plans:
                    self._add_sheet(source, export, sheet, plan)
        except (ReadError, InputError) as error:
            if not self._skip:
                raise
            self._built.skipped.append((name, str(error)))
            return
        self.fingerprints.append((name, source.sha256))
        self.connection.execute("insert into files values ($name, $sha256)", {"name": name, "sha256": source.sha256})

    def _add_sheet(self, source: Input, export: ExportFile, sheet: Sheet, plan: SheetPlan | None) -> None:
        number = len(self.sheets)
        self.sheets.append((number, plan, sheet))
        rows = export.load(self.connection, sheet, f"raw_{number}", plan.first_row if plan else 1)
        seen = sum(any(row) for row in sheet.preview[(plan.first_row if plan else 1) - 1 :])
        if rows < seen:
            raise AccountError(
                f"{source.name}: {seen} rows were seen at its beginning but {rows} were read.",
                "Nothing was published. Please report this with the file that caused it.",
            )
        self.connection.execute(
            "insert into sheets values ($no, $file, $sheet, $recipe, $kind, $rows)",
            {
                "no": number,
                "file": source.name,
                "sheet": sheet.name,
                "recipe": plan.recipe.id if plan else None,
                "kind": str(plan.recipe.holds) if plan else None,
                "rows": rows,
            },
        )
        if plan is None:
            run_file(self.connection, SQL / "steps" / "25_unread_sheet.sql", {"sheet_no": number}, raw=f"raw_{number}")
            return
        kind = str(plan.recipe.holds)
        before = self._rows.get(kind, 0)
        stage_sheet(self.connection, plan, number, self.recipes.index(plan.recipe), before)
        stage_contacts(self.connection, plan, source.name, sheet.name, number)
        last = self.connection.execute(f"select max(source_row) from raw_{number}").fetchall()  # noqa: S608  (a number)
        self._rows[kind] = before + (last[0][0] or 0)


def run_file(
    connection: duckdb.DuckDBPyConnection, path: Path, parameters: dict[str, Any] | None = None, *, raw: str = ""
) -> None:
    """Run the statements of one SQL file, each with those of `parameters` that it names.

    `raw` is the name of the sheet's raw table, for the two files that read one: a table's name cannot be bound.
    """
    text = path.read_text(encoding="utf-8")
    if raw:
        text = text.replace("raw_rows", raw)
    for statement in duckdb.extract_statements(text):
        wanted = statement.named_parameters
        connection.execute(statement, {k: v for k, v in (parameters or {}).items() if k in wanted})


@contextmanager
def _work_database(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The work database with the new snapshot and private store attached; nothing of it outlives the build."""
    with duckdb.connect(
        str(work / "work.duckdb"), config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(work / "spill")}
    ) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, file in (("snapshot", "snapshot.duckdb"), ("private", "contacts.duckdb")):
            connection.execute(f"attach {quote_path(work / file)} as {name}")
        connection.execute("use snapshot")
        run_file(connection, SQL / "schema.sql")
        connection.execute("use work")
        run_file(connection, SQL / "work.sql")
        yield connection
        for name in ("snapshot", "private"):
            connection.execute(f"detach {name}")


def _run_steps(
    connection: duckdb.DuckDBPyConnection,
    staging: _Staging,
    campaign: Campaign,
    built: Built,
    done: int,
    progress: Progress,
) -> None:
    total = done + len(STEPS_AFTER_ROOTS)
    progress("codes", done, total)
    for step in ("10_spellings", "20_cells"):
        run_file(connection, SQL / "steps" / f"{step}.sql")
    resolve_cells(connection, staging.recipes, staging.fold)
    run_file(connection, SQL / "steps" / "30_action_keys.sql")
    _settle_roots(connection)
    parameters = {
        "build_id": built.build_id,
        "title_en": campaign.title.en,
        "title_fr": campaign.title.fr,
        "title_es": campaign.title.es,
        "starts_on": campaign.start,
        "submission_deadline_on": campaign.submission_deadline,
        "action_deadline_on": campaign.action_deadline,
        "ends_on": campaign.end,
        "default_language": campaign.default_language,
        "is_sample": built.is_sample,
    }
    for number, step in enumerate(STEPS_AFTER_ROOTS):
        progress(step.split("_", 1)[1].replace("_", " "), done + number, total)
        run_file(connection, SQL / "steps" / f"{step}.sql", parameters)
    for sheet_no, plan, sheet in staging.sheets:
        write_rejected(connection, sheet_no, plan, sheet.width)
    progress("done", total, total)


def _settle_roots(connection: duckdb.DuckDBPyConnection) -> None:
    """Carry the smallest root along the links until nothing changes: linked submissions are one action."""
    changed = (
        "select count(*) from action_roots_next as n "
        "inner join action_roots as r on n.row_no = r.row_no and n.root <> r.root"
    )
    while True:
        run_file(connection, SQL / "steps" / "31_spread_roots.sql")
        row = connection.execute(changed).fetchone()
        connection.execute("create or replace table action_roots as from action_roots_next")
        if not row or not row[0]:
            return


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    """Run every check; each returns offending rows, so that none means pass.

    Raises:
        AccountError: a check returned rows.
    """
    for path in sorted((SQL / "checks").glob("*.sql")):
        rows = connection.execute(path.read_text(encoding="utf-8")).fetchmany(3)
        if rows:
            raise AccountError(
                f"The build does not hold together ({path.stem.replace('_', ' ')}: {json.dumps(rows, default=str)}).",
                "Nothing was published. Please report this with the file that caused it.",
            )


def remove_leftovers(work_in: Path) -> None:
    """Remove the temporary folders of builds that were killed."""
    for path in work_in.glob(".build-*"):
        shutil.rmtree(path, ignore_errors=True)
