"""The intake of a build: every export read and staged by its recipe's plan; rejected rows kept whole.

A file is loaded as it is (`Intake.add`), so that one left out leaves nothing behind; afterwards the cells of all lose
contacts (`Intake.clean`), and `Intake.stage` stages the rows. Until then staff's answers may change (`Intake.answer`),
as long as the same rows are read. A rejected row becomes a JSON object of header and text, of its fields and public
answers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from dashboard.campaign.answers.question_kinds import UNKNOWN
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.inputs.forgotten import Forgotten
from etl.inputs.handles import name_files, name_sheet
from etl.inputs.inbox import (
    Input,
    InputError,
    OpenFile,
    Remark,
    as_named,
    open_inputs,
    plan_inputs,
    refuse_link_out,
)
from etl.pipeline.checks import AccountError
from etl.pipeline.codes import Reader
from etl.pipeline.column_uses import HiddenHeaders, note_columns, note_fields, read_plan_shape
from etl.pipeline.free_text import ContactMask, TextColumn, list_sheet_columns
from etl.pipeline.further_sheets import note_further_sheets
from etl.pipeline.merged_cells import (
    count_colours,
    fill_down,
    fill_merged_cells,
    fills_down,
    note_blank_repeats,
    refuse_unknown_cells,
)
from etl.pipeline.readings import clear_open_choices, read_dates
from etl.pipeline.repeats import key_columns
from etl.pipeline.staging import (
    STAGING,
    DateReading,
    RowsBefore,
    SheetNames,
    SheetNumbers,
    SheetStaging,
    hide_names,
    says_itself,
)
from etl.pipeline.surveys import SurveyAnswers
from etl.profiling import timed
from etl.readers.archives import read_saved_day
from etl.readers.engine import DUCKDB, Engine
from etl.readers.exports import ExportFile, open_export
from etl.readers.files import Limits
from etl.readers.sheets import ReadError, Sheet
from etl.recipes.fields import ACTION_ID, IDS, Kind
from etl.recipes.other_rows import PlannedSheet, reject_other_rows
from etl.recipes.recipe_file import Recipe
from etl.recipes.recognition import KnownRecipes
from etl.recipes.settled_plan import DATA, NOTHING, ROUND, find_sheet_use
from etl.recipes.shapes.model import Shape, Tool
from etl.recipes.shapes.tools import find_tool
from etl.recipes.sheet_plan import SheetPlan
from etl.sqlfiles import has_rows, insert_rows, run_file, run_step

_SAID = {DATA: Remark.COUNTED, ROUND: Remark.ROUND}
ANSWERED_LATE = frozenset({
    "day", "decimal_mark", "error_cells", "no_status", "percent_of", "rows_coloured", "two_statuses", "words",
})  # fmt: skip
"""Kinds of questions whose answers are looked at once the rows are staged, in `staff_answers`."""


class Mark(IntEnum):
    """A point of a build up to which the work may hold although staff give other answers."""

    BEGUN = 0
    LOADED = 1
    CLEANED = 2
    STAGED = 3
    IDENTIFIED = 4
    CODED = 5


class _Loaded(NamedTuple):
    """One file of the inbox whose rows are loaded.

    Attributes:
        inputs: Its exports, which are closed, with the plans of their sheets.
        rows: The number of rows of each planned sheet, in their order.
        saved_days: The day on which each export was saved, where it says so.
    """

    inputs: list[tuple[Input, ExportFile]]
    rows: list[int]
    saved_days: list[date | None]

    @property
    def sheets(self) -> list[tuple[Input, ExportFile, Sheet, SheetPlan | None]]:
        """The sheets whose rows are loaded, in the order of their raw tables."""
        return [(source, export, *planned) for source, export in self.inputs for planned in source.plans]


class Intake:
    """Reads file after file into the work database.

    Attributes:
        fingerprints: Name and sha256 of each export that was read.
        readers: The words that read cells, by reader number: those of each recipe, then those of single files.
        sheets: Number, plan and shape of each sheet; its rows are in the table `raw_<number>`.
        skipped: Files left out, with the reason.
    """

    def __init__(
        self,
        folder: CampaignFolder,
        connection: duckdb.DuckDBPyConnection,
        known_recipes: KnownRecipes,
        work: Path,
        forgotten: Forgotten,
        engine: Engine = DUCKDB,
    ) -> None:
        """Begin with empty tables.

        `known_recipes`: the recipes, and the answers of staff about columns and sheets.
        """
        self._folder = folder
        self.engine = engine
        self.connection = connection
        self.recipes = known_recipes.recipes
        self.readers = [Reader(recipe) for recipe in known_recipes.recipes]
        self._files_with_words: Collection[str] = ()
        self.fingerprints: list[tuple[str, str]] = []
        self.sheets: list[tuple[int, SheetPlan | None, Sheet]] = []
        self.fold = known_recipes.fold
        self._known = known_recipes
        self.skipped: list[tuple[str, UserError]] = []
        self._work = work
        self._loaded: list[_Loaded] = []
        self.forgotten = forgotten
        self._rows: defaultdict[str, int] = defaultdict(int)
        self._files: list[str] = []
        self._row_counts: list[int] = []  # by sheet, as they were read
        self._orders: dict[int, dict[str, DateReading]] = {}
        self._shapes: dict[int, Shape] = {}
        self._said: dict[int, Remark] = {}
        self.answers = SurveyAnswers(connection, known_recipes.fold)

    def add(self, name: str, path: Path, *, may_skip: bool, limits: Limits, open_file: OpenFile | None = None) -> int:
        """Read one file; where it may be skipped and is bad, note why. Return the number of its rows.

        `open_file`: opens an export in place of `open_export`, at once.

        Raises:
            ReadError: it cannot be read.
            InputError: no recipe knows it, or it is a link that leads out of the inbox.
        """
        first = sum(len(loaded.rows) for loaded in self._loaded)
        rows: list[int] = []
        try:
            refuse_link_out(self._folder, name, path)
            opens = open_file or open_export
            with open_inputs(name, path, self._known, limits=limits, work=self._work, open_file=opens) as inputs:
                # All is loaded before anything is staged, so that a file left out leaves nothing behind.
                for source, export in inputs:
                    for sheet, plan in source.plans:
                        rows.append(self._load(source, export, sheet, plan, first + len(rows)))
                saved_days = [read_saved_day(source.path) for source, _ in inputs]
        except (ReadError, InputError) as error:
            if not may_skip:
                raise
            for number in range(first, first + len(rows) + 1):
                self.engine.drop(self.connection, f"raw_{number}")
            self.skipped.append((name, error))
            return 0
        self._loaded.append(_Loaded(inputs, rows, saved_days))
        self._row_counts += rows
        self.fingerprints += [(source.name, source.sha256) for source, _ in inputs]
        return sum(rows)

    def answer(self, known_recipes: KnownRecipes) -> Mark:
        """Take other answers of staff than those that the files were read with; return up to where the work holds.

        Raises:
            UserError: as `add`.
        """
        before = self._describe(self._known)
        self._known = known_recipes
        self._loaded = [
            one._replace(
                inputs=plan_inputs([(as_named(source), export) for source, export in one.inputs], known_recipes)
            )
            for one in self._loaded
        ]
        for one in self._loaded:
            for source, _, sheet, plan in one.sheets:
                if plan is not None:
                    refuse_unknown_cells(source.name, sheet, plan)
        same = [a == b for a, b in zip(before, self._describe(known_recipes), strict=True)]
        return Mark(same.index(False) if False in same else len(same))

    def _describe(self, known_recipes: KnownRecipes) -> tuple[list[Any], list[Any], list[Any]]:
        """Describe what loading, cleaning and staging take from the answers of staff."""
        loaded: list[Any] = []
        cleaned: list[Any] = []
        staged: list[Any] = [(source.container, source.unread) for one in self._loaded for source, _ in one.inputs]
        sheets = [sheet for one in self._loaded for sheet in one.sheets]
        for number, (source, _, sheet, plan) in enumerate(sheets):
            loaded.append((source.name, sheet.name, plan.first_row if plan else sheet.first_row))
            staged.append(find_sheet_use(known_recipes.sheets, source.name, sheet.name))
            if plan is None:
                cleaned.append(None)
                staged.append(_list_unread_answers(known_recipes.answers_about(source.name, sheet)))
            else:
                cleaned.append((plan.recipe, plan.places.get("countries"), [*self._list_columns(number, plan, sheet)]))
                early = {about: use for about, use in plan.answers.items() if about[0] not in ANSWERED_LATE}
                staged.append(replace(plan, answers=early))
        return loaded, cleaned, staged

    def answer_late(self) -> None:
        """Note the answers of `answer` that are looked at once the rows are staged."""
        self.connection.execute("delete from staff_answers")
        sheets = [sheet for one in self._loaded for sheet in one.sheets]
        for number, (source, _, sheet, plan) in enumerate(sheets):
            self._note_answers(number, source, sheet, plan)
        self.sheets = [
            (number, cleaned and replace(cleaned, answers=plan.answers if plan else {}), sheet)
            for (number, cleaned, sheet), (*_, plan) in zip(self.sheets, sheets, strict=True)
        ]

    def _note_answers(self, number: int, source: Input, sheet: Sheet, plan: SheetPlan | None) -> None:
        answers = plan.answers if plan else _list_unread_answers(self._known.answers_about(source.name, sheet))
        insert_rows(self.connection, "staff_answers", [(number, *about, use) for about, use in answers.items()])

    @timed("rows loaded", "detail")
    def _load(self, source: Input, export: ExportFile, sheet: Sheet, plan: SheetPlan | None, number: int) -> int:
        if plan is not None:
            refuse_unknown_cells(source.name, sheet, plan)
        first_row = plan.first_row if plan else sheet.first_row
        may_be_cut = plan is not None and stands_for_itself(plan, sheet)
        rows = self.engine.load(self.connection, export, sheet, f"raw_{number}", first_row, may_be_cut=may_be_cut)
        preview_rows = sum(any(row) for row in sheet.preview[first_row - 1 :])
        if rows < preview_rows:
            raise AccountError(
                f"{source.name}: {preview_rows} rows were seen at its beginning but {rows} were read.",
                "Nothing was published. Please report this with the file that caused it.",
            )
        return rows

    def clean(self) -> None:
        """Take contacts out of the cells of all sheets that were read; call once, after the last file."""
        sheets = [(sheet, plan) for one in self._loaded for *_, sheet, plan in one.sheets]
        planned = [(number, plan) for number, (_, plan) in enumerate(sheets) if plan is not None]
        self.contacts = ContactMask(self._folder, self.connection, planned, self.engine)
        self.contacts.clean_columns(
            column for number, (sheet, plan) in enumerate(sheets) for column in self._list_columns(number, plan, sheet)
        )

    def _note_file(self, loaded: _Loaded) -> None:
        for (source, export), saved_on in zip(loaded.inputs, loaded.saved_days, strict=True):
            self.connection.execute(
                "insert into files values (null, $name, $sha256, $container, $saved_on)",
                {
                    "name": source.name,
                    "sha256": source.sha256,
                    "container": source.container,
                    "saved_on": saved_on,
                },
            )
            insert_rows(
                self.connection,
                "unread_sheets",
                [(source.name, name_sheet(sheet, export.sheets), sheet.name, str(r)) for sheet, r in source.unread],
            )
        for (source, export, sheet, plan), rows in zip(loaded.sheets, loaded.rows, strict=True):
            self._add_sheet(source, sheet, name_sheet(sheet, export.sheets), plan, rows)

    def _add_sheet(self, source: Input, sheet: Sheet, handle: str | None, plan: SheetPlan | None, rows: int) -> None:
        number = len(self.sheets)
        self.sheets.append((number, plan, sheet))
        self._files.append(source.name)
        self.connection.execute(
            "insert into sheets values "
            "($no, null, $file, $handle, $sheet, $recipe, $kind, $rows, $header_row, $headers, $personal, "
            "$names_actions, $one_row, $is_round)",
            {
                "no": number,
                "file": source.name,
                "handle": handle,
                "sheet": sheet.name,
                "recipe": plan.recipe.id if plan else None,
                "kind": str(plan.recipe.holds) if plan else None,
                "rows": rows,
                "header_row": plan.header_row if plan else None,
                "headers": list(plan.headers) if plan else [],
                "personal": list(plan.personal) if plan else [],
                "names_actions": plan is not None and _names_actions(plan, sheet),
                "one_row": plan is not None and plan.recipe.one_row_one_action,
                "is_round": plan is not None and plan.is_round,
            },
        )
        self._note_answers(number, source, sheet, plan)
        use = find_sheet_use(self._known.sheets, source.name, sheet.name)
        if use == DATA:
            insert_rows(self.connection, "settled_sheets", [(number,)])
        if use in _SAID:
            self._said[number] = _SAID[use]

    def stage(self, files_with_words: Collection[str]) -> None:
        """Map the rows of all sheets that were read into the staged tables; call once, after `clean`.

        `files_with_words`: the files with settled words of their own.
        """
        self._files_with_words = files_with_words
        for loaded in self._loaded:
            self._note_file(loaded)
        self._name_files()
        self.sheets = [self._clean_headers(*sheet) for sheet in self.sheets]
        for number, plan, sheet in self.sheets:
            if plan is not None:
                self._reject_unknown_sheet(number, plan)
                self._reject_wide_rows(number, plan, sheet)
                fill_merged_cells(self.connection, number, plan, sheet)
                self._note_remarks(number, sheet)
                if sheet.colours and (colours := count_colours(plan, sheet)):
                    insert_rows(self.connection, "coloured_sheets", [(number, colours)])
        note_further_sheets(self.connection, self._files, self.sheets, self.fold)
        run_step(self.connection, "10_spellings")
        planned_sheets = [
            PlannedSheet(number, plan, sheet, frozenset(key_columns(plan, self.fold)))
            for number, plan, sheet in self.sheets
            if plan is not None and not plan.recipe.is_by_link
        ]
        reject_other_rows(self.connection, planned_sheets, self.fold, self.engine)
        for one in planned_sheets:
            fill_down(self.connection, one.number, one.plan)
        planned = [(number, plan) for number, plan, _ in self.sheets if plan is not None]  # of cleaned headers
        self._orders = read_dates(self.connection, planned, self.engine)
        for (number, plan, sheet), name in zip(self.sheets, self._files, strict=True):
            if plan is not None:
                self._stage_sheet(number, plan, sheet, name)
            else:
                unread = "steps/25_unread_sheet"
                run_file(self.connection, unread, {"sheet_no": number}, raw=f"raw_{number}")

    def _note_remarks(self, number: int, sheet: Sheet) -> None:
        for remark, count in ((Remark.HIDDEN_ROWS, sheet.hidden_rows), (Remark.HIDDEN_COLUMNS, sheet.hidden_columns)):
            if count:
                self._remark(number, remark, count)
        if number in self._said:
            self._remark(number, self._said[number])
        if sheet.errors:
            insert_rows(self.connection, "error_cells", [(number, *cells) for cells in sheet.errors])

    def _remark(self, number: int, remark: Remark, count: int | None = None) -> None:
        self.connection.execute(
            "insert into snapshot.sheet_remarks "
            "select source_file, sheet, $remark, null, $count from sheets where sheet_no = $number",
            {"remark": str(remark), "count": count, "number": number},
        )

    def read_by(self) -> list[tuple[str, SheetPlan]]:
        """List the file of each sheet that a recipe reads, with its plan."""
        return [(name, plan) for name, (_, plan, _) in zip(self._files, self.sheets, strict=True) if plan]

    def _name_files(self) -> None:
        titles: dict[str, str | None] = {name: None for name, _ in self.fingerprints}
        for name, (_, plan, _) in zip(self._files, self.sheets, strict=True):
            if plan is not None:
                titles[name] = titles[name] or plan.recipe.title
        handles = name_files(titles)
        run_step(self.connection, "02_handles", {"names": list(handles), "handles": list(handles.values())})

    def settle_questions(self) -> None:
        """Decide which questions are closed, and then the use of every column; call once, after `stage`."""
        self.answers.settle()
        note_fields(self.connection)
        run_step(self.connection, "17_choice_columns")
        clear_open_choices(self.connection)
        run_step(self.connection, "17_shortened_ids")
        hidden = HiddenHeaders()
        for number, plan, sheet in self.sheets:
            shape = self._shapes.get(number)
            note_columns(self.connection, number, plan, shape, sheet.width, self.answers, self.fold, hidden)
        insert_rows(self.connection, "private.input_headers", hidden.rows())
        note_blank_repeats(self.connection, {number: plan for number, plan, _ in self.sheets if plan is not None})

    def _list_columns(self, number: int, plan: SheetPlan | None, sheet: Sheet) -> Iterable[TextColumn]:
        """List the columns of a sheet to clean of contacts; none of a sheet without a recipe, which is not shown."""
        if plan is None:
            return ()
        ids = {column for name in IDS if name in plan.places for column in plan.places[name].columns}
        return list_sheet_columns(
            number, plan, sheet.width, ids | key_columns(plan, self.fold), self._row_counts[number]
        )

    def _clean_headers(self, number: int, plan: SheetPlan | None, sheet: Sheet) -> tuple[int, SheetPlan | None, Sheet]:
        """Return the sheet without contacts in its headers and above them."""
        if plan is None:
            return number, plan, sheet
        above = sheet.preview[: plan.first_row - 1]
        cleaned = tuple(self.contacts.clean(row) for row in above)
        if cleaned == above:
            return number, plan, sheet
        headers = self.contacts.clean(plan.headers)
        self.connection.execute(
            "update sheets set headers = $headers where sheet_no = $no", {"headers": list(headers), "no": number}
        )
        preview = (*cleaned, *sheet.preview[len(above) :])
        return (
            number,
            replace(plan, headers=headers, names=self.contacts.clean(plan.names)),
            replace(sheet, preview=preview),
        )

    def _reject_unknown_sheet(self, number: int, plan: SheetPlan) -> None:
        """Take out the rows of a sheet read as a register, where staff deny that it is one or do not know."""
        answer = plan.answer("classes_as_register")
        if answer in (UNKNOWN, "classes") and plan.recipe.holds is Kind.ACTIONS:
            parameters = {"kind": str(plan.recipe.holds), "sheet_no": number, "answer": answer}
            with self.engine.whole(self.connection, f"raw_{number}"):
                run_file(self.connection, "steps/03_unknown_sheet", parameters, raw=f"raw_{number}")

    def _reject_wide_rows(self, number: int, plan: SheetPlan, sheet: Sheet) -> None:
        """Take the rows of a text file that have a cell too many out of its raw table."""
        if sheet.row_widths is None:
            return
        header_cells = max(sheet.row_widths[plan.header_row - 1 : plan.first_row - 1])
        if header_cells < sheet.width:
            run_file(
                self.connection,
                "steps/03_wide_rows",
                {"kind": str(plan.recipe.holds), "sheet_no": number, "header_cells": header_cells},
                raw=f"raw_{number}",
            )

    def _stage_sheet(self, number: int, plan: SheetPlan, sheet: Sheet, file_name: str) -> None:
        kind = str(plan.recipe.holds)
        recipe_no = [recipe.id for recipe in self.recipes].index(plan.recipe.id)
        numbers = SheetNumbers(number, recipe_no, self._find_words(plan.recipe, file_name))
        last = self.connection.execute(f"select max(source_row) from raw_{number}").fetchall()[0][0] or 0  # noqa: S608
        reports, results = str(Kind.PROGRESS_REPORTS), str(Kind.RESULTS)
        orders = self._orders.get(number, {})
        is_own = says_itself(plan)
        fresh = RowsBefore(
            self._rows[kind] if is_own else None,
            self._rows[reports] if plan.rounds else None,
            self._rows[results] if plan.results else None,
            last,
        )
        sheet_names = SheetNames(file_name, sheet.name)
        self.engine.run(self.connection, f"raw_{number}", STAGING, plan, numbers, fresh, orders, sheet_names)
        is_plain = not (hangs_on_others(plan) or plan.rounds or plan.results or plan.left_out)
        if plan.recipe.holds is Kind.ACTIONS and is_plain and has_rows(self.connection, "asked_rows"):
            SheetStaging(self.connection, plan, numbers, orders).stage_asked_rows(sheet.width)
        self._rows[kind] += last if is_own else 0
        rounds = ((n, is_own, not one.fields) for n, (one, is_own) in enumerate(plan.rounds, 1))
        insert_rows(
            self.connection,
            "status_columns",
            [
                (number, n, plan.headers[place.columns[0]] if place and place.columns else None, is_round)
                for n, places, is_round in ((None, plan.places, plan.is_round), *rounds)
                for place in [places.get("status")]
            ],
        )
        if plan.recipe.targets:
            insert_rows(self.connection, "target_sheets", [(number, plan.recipe.targets.completed)])
        self._rows[reports] += last * len(plan.rounds)
        self._rows[results] += last * len(plan.results)
        shape = self._shapes[number] = read_plan_shape(plan, sheet)
        self.answers.add(number, recipe_no, plan, sheet, shape)

    def _find_words(self, recipe: Recipe, file_name: str) -> int:
        """Find the number of the words that read the cells of a file."""
        reader = Reader(recipe, file_name if file_name in self._files_with_words else "")
        if reader not in self.readers:
            self.readers.append(reader)
        return self.readers.index(reader)


def _list_unread_answers(answers: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """List staff's answers about a sheet that is not read: a wish to read it is asked again where it cannot be read."""
    return {about: use for about, use in answers.items() if about[0] != "further_sheet" or use in (NOTHING, UNKNOWN)}


def stands_for_itself(plan: SheetPlan, sheet: Sheet) -> bool:
    """Return whether each row of a sheet is complete without those above it, and has no cell too many."""
    row_widths = (sheet.row_widths or ())[plan.header_row - 1 : plan.first_row - 1]
    return not hangs_on_others(plan) and max(row_widths, default=0) >= sheet.width


def hangs_on_others(plan: SheetPlan) -> bool:
    """Return whether a row of a sheet may take values from those above it."""
    mappings = {**plan.recipe.questions, **plan.recipe.fields}
    return plan.recipe.headings is not None or any(
        mapping.fill_merged or plan.answer("merged_cells", name) == "all" or fills_down(plan, name)
        for name, mapping in mappings.items()
    )


def _names_actions(plan: SheetPlan, sheet: Sheet) -> bool:
    """Return whether a sheet's ids name its actions: as its recipe states, else unless a form tool wrote it."""
    if plan.recipe.named_id is None and plan.recipe.holds is Kind.ACTIONS:
        return not plan.header_row or find_tool(sheet, plan.header_row)[0] is Tool.PLAIN
    return plan.recipe.named_id == ACTION_ID


@timed("rejected rows")
def write_rejected(
    connection: duckdb.DuckDBPyConnection, sheets: Iterable[tuple[int, SheetPlan | None, Sheet]], contacts: ContactMask
) -> None:
    """Write the rejected rows of sheets into the snapshot; their ids join nothing any more and are cleaned as well.

    They show the columns that are fields or public questions. A sheet without a recipe has none: its rows are listed by
    number only; so is a row with a cell too many, whose cells may stand under other headers.
    """
    rejected = {number for (number,) in connection.execute("select distinct sheet_no from rejections").fetchall()}
    shown_columns = {number: _list_shown(plan) for number, plan, _ in sheets if number in rejected}
    plans = {number: plan for number, plan, _ in sheets if plan is not None and number in rejected}
    for number in shown_columns:
        connection.execute(
            f"create temp table rejected_{number} as from raw_{number} "  # noqa: S608  (a table number)
            "where source_row in (select source_row from rejections where sheet_no = $sheet_no)",
            {"sheet_no": number},
        )
    contacts.clean_columns(
        TextColumn(f"rejected_{n}", f"c{i + 1}") for n, columns in shown_columns.items() for i in columns
    )
    hide_names(connection, [(plan, n, shown_columns[n]) for n, plan in plans.items()])
    for number, columns in shown_columns.items():
        headers = plans[number].headers if number in plans else ()
        names = [(headers[i] if i < len(headers) else None) or f"column {i + 1}" for i in columns]
        cells = ", ".join(f"c{i + 1}" for i in columns)
        pairs = f"list_filter(list_zip($headers::varchar[], [{cells}]::varchar[]), lambda pair: pair[2] is not null)"
        connection.execute(
            "insert into snapshot.rejected_rows "  # noqa: S608  (column numbers only)
            f"select f.source_file, f.sheet, j.source_row, j.field, j.value, j.reason, "
            f"to_json(map_from_entries({pairs})) "
            "from rejections as j inner join sheets as f on j.sheet_no = f.sheet_no "
            f"left join rejected_{number} as r on j.source_row = r.source_row "
            "where j.sheet_no = $sheet_no order by j.source_row",
            {"headers": _distinct(names), "sheet_no": number},
        )


def _list_shown(plan: SheetPlan | None) -> list[int]:
    """List the columns (0-based) of a sheet that its rejected rows show."""
    if plan is None:
        return []
    places = [*(place for _, place in plan.field_places), *plan.questions.values()]
    columns = {i for place in places for i in place.all_columns}.union(plan.public)
    return sorted(columns.difference(plan.personal))


def _distinct(headers: Sequence[str]) -> list[str]:
    """Make headers the keys of a JSON object: a repeated one gets a number, as in spreadsheets."""
    counts: dict[str, int] = {}
    result = []
    for header in headers:
        counts[header] = counts.get(header, 0) + 1
        result.append(header if counts[header] == 1 else f"{header} ({counts[header]})")
    return result
