"""The intake of a build: every export read and staged by its recipe's plan; rejected rows kept whole.

A file is loaded as it is (`Intake.add`), so that one left out leaves nothing behind; when all are, their rows are
staged (`Intake.stage`). A rejected row is kept as a JSON object of header and text, without its personal columns.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from dashboard.errors import UserError
from etl.build.checks import AccountError
from etl.build.readings import read_dates
from etl.build.staging import stage_contacts, stage_sheet
from etl.build.surveys import SurveyAnswers
from etl.inputs.forgotten import Forgotten
from etl.inputs.inbox import Input, InputError, open_inputs
from etl.readers.exports import ExportFile
from etl.readers.files import INBOX, Limits
from etl.readers.sheets import ReadError, Sheet
from etl.recipes.recognition import KnownRecipes, SheetPlan
from etl.sqlfiles import SQL, run_file


class Intake:
    """Reads file after file into the work database.

    Attributes:
        fingerprints: Name and sha256 of each export that was read.
        sheets: Number, plan and shape of each sheet; its rows are in the table `raw_<number>`.
        skipped: Files left out, with the reason.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        known: KnownRecipes,
        work: Path,
        forgotten: Forgotten,
    ) -> None:
        """Begin with empty tables; archives are unpacked in the folder `work`."""
        self.connection = connection
        self.recipes = known.recipes
        self.fingerprints: list[tuple[str, str]] = []
        self.sheets: list[tuple[int, SheetPlan | None, Sheet]] = []
        self.fold = known.fold
        self._known = known
        self.skipped: list[tuple[str, UserError]] = []
        self._work = work
        self.forgotten = forgotten
        self._rows: dict[str, int] = {}
        self._files: list[str] = []
        self._orders: dict[int, dict[str, str]] = {}
        self.answers = SurveyAnswers(connection, known.fold)

    def add(self, name: str, path: Path, *, may_skip: bool = False, limits: Limits = INBOX) -> None:
        """Read one file; where it may be skipped and is bad, note why.

        Raises:
            ReadError: it cannot be read.
            InputError: no recipe knows it.
        """
        first = len(self.sheets)
        loaded: list[tuple[Input, Sheet, SheetPlan | None, int]] = []
        try:
            with open_inputs(name, path, self._known, limits=limits, work=self._work) as opened:
                # All is loaded before anything is staged, so that a file left out leaves nothing behind.
                for source, export in opened:
                    for sheet, plan in source.plans:
                        loaded.append(
                            (source, sheet, plan, self._load(source, export, sheet, plan, first + len(loaded)))
                        )
        except (ReadError, InputError) as error:
            if not may_skip:
                raise
            for number in range(first, first + len(loaded) + 1):
                self.connection.execute(f"drop table if exists raw_{number}")
            self.skipped.append((name, error))
            return
        for source, _ in opened:
            self.fingerprints.append((source.name, source.sha256))
            self.connection.execute(
                "insert into files values ($name, $sha256, $container)",
                {"name": source.name, "sha256": source.sha256, "container": source.container},
            )
        for source, sheet, plan, rows in loaded:
            self._add_sheet(source, sheet, plan, rows)

    def _load(self, source: Input, export: ExportFile, sheet: Sheet, plan: SheetPlan | None, number: int) -> int:
        rows = export.load(self.connection, sheet, f"raw_{number}", plan.first_row if plan else 1)
        seen = sum(any(row) for row in sheet.preview[(plan.first_row if plan else 1) - 1 :])
        if rows < seen:
            raise AccountError(
                f"{source.name}: {seen} rows were seen at its beginning but {rows} were read.",
                "Nothing was published. Please report this with the file that caused it.",
            )
        return rows

    def _add_sheet(self, source: Input, sheet: Sheet, plan: SheetPlan | None, rows: int) -> None:
        number = len(self.sheets)
        self.sheets.append((number, plan, sheet))
        self._files.append(source.name)
        self.connection.execute(
            "insert into sheets values ($no, $file, $sheet, $recipe, $kind, $rows, $header_row, $headers, $personal)",
            {
                "no": number,
                "file": source.name,
                "sheet": sheet.name,
                "recipe": plan.recipe.id if plan else None,
                "kind": str(plan.recipe.holds) if plan else None,
                "rows": rows,
                "header_row": plan.header_row if plan else None,
                "headers": list(plan.headers) if plan else [],
                "personal": list(plan.personal) if plan else [],
            },
        )

    def stage(self) -> None:
        """Map the rows of all sheets that were read into the staged tables; call once, after the last file."""
        planned = [(number, plan) for number, plan, _ in self.sheets if plan is not None]
        self._orders = read_dates(self.connection, planned)
        for (number, plan, sheet), name in zip(self.sheets, self._files, strict=True):
            if plan is None:
                unread = SQL / "steps" / "25_unread_sheet.sql"
                run_file(self.connection, unread, {"sheet_no": number}, raw=f"raw_{number}")
            else:
                self._stage_sheet(number, plan, sheet, name)

    def _stage_sheet(self, number: int, plan: SheetPlan, sheet: Sheet, file_name: str) -> None:
        kind = str(plan.recipe.holds)
        recipe_no = self.recipes.index(plan.recipe)
        before = self._rows.get(kind, 0)
        stage_sheet(self.connection, plan, number, recipe_no, before, self._orders.get(number, {}))
        self.answers.add(number, recipe_no, plan, sheet)
        stage_contacts(self.connection, plan, file_name, sheet.name, number)
        last = self.connection.execute(f"select max(source_row) from raw_{number}").fetchall()  # noqa: S608  (a number)
        self._rows[kind] = before + (last[0][0] or 0)


def write_rejected(connection: duckdb.DuckDBPyConnection, sheet_no: int, plan: SheetPlan | None, width: int) -> None:
    """Write the rejected rows of one sheet into the snapshot.

    A sheet that no recipe reads has no known headers, so nobody can tell which of its columns are personal:
    its rows are listed by number only.
    """
    shown = [i for i in range(width) if i not in plan.personal] if plan else []
    headers = [(plan.headers[i] if plan and i < len(plan.headers) else None) or f"column {i + 1}" for i in shown]
    cells = ", ".join(f"without_contacts(c{i + 1})" for i in shown)
    pairs = f"list_filter(list_zip($headers::varchar[], [{cells}]::varchar[]), lambda pair: pair[2] is not null)"
    connection.execute(
        "insert into snapshot.rejected_rows "  # noqa: S608  (column and table numbers only)
        f"select f.source_file, f.sheet, j.source_row, j.field, j.value, j.reason, to_json(map_from_entries({pairs})) "
        "from rejections as j inner join sheets as f on j.sheet_no = f.sheet_no "
        f"inner join raw_{sheet_no} as r on j.source_row = r.source_row "
        "where j.sheet_no = $sheet_no order by j.source_row",
        {"headers": _distinct(headers), "sheet_no": sheet_no},
    )


def _distinct(headers: Sequence[str]) -> list[str]:
    """Headers as the keys of a JSON object: a repeated one gets a number, as spreadsheets do."""
    seen: dict[str, int] = {}
    result = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        result.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return result
