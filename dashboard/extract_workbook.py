"""The Excel extract: the filtered register on one sheet; on others what it is, its figures, and its columns.

Run as a module it is a worker's job (see `dashboard.workers`): the server never loads openpyxl.
Rows go from the snapshot to the file in portions, so that memory does not grow with them. A large register's rows are
written by the database (`dashboard.extract_stream`), the others by openpyxl; the workbook is the same.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.properties import CalcProperties

from dashboard import measures, register, workers
from dashboard.errors import SnapshotError, UserError
from dashboard.extract_about import About, write_about
from dashboard.extract_archive import Package, parts_of
from dashboard.extract_cells import CellWriter, Column, Counts, Styles, unique_headers, wrap_by_default
from dashboard.extract_dictionary import write_dictionary
from dashboard.extract_sheets import add_table, header_cell, lay_out_rows, mark_as_sample, number_formats, print_text
from dashboard.extract_stream import stream_rows
from dashboard.extract_summary import Rows, Summary, write_summary
from dashboard.formats import format_date
from dashboard.i18n import N_, Translator, translator
from dashboard.selection import Selection, parse
from dashboard.snapshot import Snapshot, query_text

MOST_ROWS = 1_048_575
"""Rows that an Excel sheet holds below its header."""

STREAMED_ABOVE = 2_000
"""Above so many rows the database writes them, because openpyxl needs five times as long; below nobody notices."""

HUGE_ABOVE = 500_000
"""Above so many rows the sheet may take more than two gigabytes before it is compressed."""

DATA_SHEET = "xl/worksheets/sheet1.xml"
SUMMARY_SHEET = "xl/worksheets/sheet3.xml"

CALCULATED_BY = 191029
"""Excel's number of its calculation since 2019: results by an older one are calculated anew when a file is opened."""

PORTION = 2_000
"""Rows fetched at a time: large enough that asking is a tenth of the time of writing."""

PRINTED = (
    Column("action_id", N_("Action ID"), 14),
    Column("title", N_("Title"), 44),
    Column("stakeholder", N_("Stakeholder"), 30),
    Column("group", N_("Stakeholder group"), 20),
    Column("category", N_("Category"), 22),
    Column("themes", N_("Themes"), 26),
    Column("regions", N_("Regions"), 18),
    Column("countries", N_("Countries"), 20),
    Column("status", N_("Status"), 16),
    Column("percent", N_("Percent done"), 12, "percent"),
    Column("reported_on", N_("Last report"), 13, "date"),
    Column("completed_on", N_("Completed on"), 13, "date"),
    Column("due_on", N_("Deadline"), 13, "date"),
    Column("is_overdue", N_("Overdue"), 11, "plain"),
)
DETAILS = (
    Column("subregions", N_("Subregions"), 22),
    Column("status_detail", N_("Status as reported"), 20),
    Column("is_on_time", N_("Completed on time"), 14, "plain"),
    Column("submitted_on", N_("Submitted on"), 13, "date"),
    Column("description", N_("Description"), 60),
    Column("impact", N_("Expected impact"), 40),
    Column("communication", N_("Communication"), 30),
    Column("partners", N_("Partners"), 30),
    Column("url", N_("Web address"), 30),
)
CODES = (
    Column("language_code", N_("Language (code)"), 12),
    Column("region_codes", N_("Regions (codes)"), 18),
    Column("subregion_codes", N_("Subregions (codes)"), 18),
    Column("country_codes", N_("Countries (ISO codes)"), 16),
    Column("category_code", N_("Category (code)"), 20),
    Column("theme_codes", N_("Themes (codes)"), 22),
    Column("group_code", N_("Stakeholder group (code)"), 18),
    Column("status_code", N_("Status (code)"), 16),
    Column("status_detail_code", N_("Status as reported (code)"), 18),
    Column("source_file", N_("Source file"), 24),
    Column("source_sheet", N_("Source sheet"), 14),
    Column("source_row", N_("Source row"), 10, "plain"),
)
COLUMNS = (*PRINTED, *DETAILS, *CODES)


def write_workbook(
    snapshot: Snapshot,
    selection: Selection,
    target: Path,
    base_url: str,
    tables: Sequence[str] = ("actions",),
    columns: Sequence[str] = (),
) -> dict[str, int]:
    """Write the extract of a selection to `target`.

    Returns:
        rows written, texts cleaned (characters removed), texts cut.

    Raises:
        UserError: the selection has more rows than a sheet holds.
    """
    numbers = _numbers(snapshot, selection)
    if len(numbers) > MOST_ROWS:
        raise UserError(
            N_("The selection has more actions than an Excel sheet can hold (1,048,575)."),
            N_("Filter to fewer actions, by region for example."),
        )
    file = _File(snapshot, selection, base_url, numbers)
    made_at = datetime.fromisoformat(snapshot.built_at)
    with Package(target, made_at) as package:
        if len(numbers) <= STREAMED_ABOVE:
            with parts_of(file.workbook(_rows(snapshot, selection, numbers)), made_at) as parts:
                package.add_parts(parts, file.formulas)
        else:
            with parts_of(file.workbook(()), made_at) as parts:
                package.add_sheet(parts, DATA_SHEET, file.streamed(), huge=len(numbers) > HUGE_ABOVE)
                if file.counts == Counts():
                    package.add_parts(parts, file.formulas)
            if file.counts != Counts():  # the other sheets anew: About tells what was changed
                with parts_of(file.workbook(()), made_at) as parts:
                    package.add_parts(parts, file.formulas)
    return {"rows": len(numbers), "cleaned": file.counts.cleaned, "cut": file.counts.cut}


class _File:
    """The workbook of one extract, which may be made twice; what its cells had to lose is counted in `counts`."""

    def __init__(self, snapshot: Snapshot, selection: Selection, base_url: str, numbers: list[int]) -> None:
        self.counts = Counts()
        self.formulas: dict[str, Mapping[str, str]] = {}
        self._snapshot = snapshot
        self._selection = selection
        self._base_url = base_url
        self._numbers = numbers
        self._styles: Styles | None = None

    def workbook(self, rows: Iterable[tuple[Any, ...]]) -> Workbook:
        """All sheets; the sheet of actions is laid out for every action and holds `rows`."""
        snapshot, selection = self._snapshot, self._selection
        t = translator(selection.lang)
        workbook = Workbook(write_only=True)
        wrap_by_default(workbook)
        title = t(N_("Actions (fictional data)")) if snapshot.is_sample else t(N_("Actions"))
        sheet = workbook.create_sheet(title)
        about_sheet = workbook.create_sheet(t(N_("About")))
        summary_sheet = workbook.create_sheet(t(N_("Summary")))
        dictionary_sheet = workbook.create_sheet(t(N_("Dictionary")))
        headers = unique_headers(t(column.header) for column in COLUMNS)
        _lay_out(sheet, snapshot, selection, t, len(self._numbers))
        sheet.append([header_cell(sheet, text, snapshot.is_sample) for text in headers])
        mark = t(N_(" […] The rest does not fit into a cell."))
        writer = CellWriter(sheet, COLUMNS, number_formats(selection.lang), mark, self.counts)
        self._styles = writer.styles()
        for row in rows:
            sheet.append(writer.row(row))
        add_table(sheet, "actions", headers, len(self._numbers))
        headline = measures.headline(snapshot, selection)
        about = About(
            snapshot,
            selection,
            t,
            headline,
            register.count(snapshot, Selection(as_of=selection.as_of)),
            self.counts,
            f"{self._base_url}/actions?{selection.query_string()}",
        )
        write_about(about_sheet, about)
        counted = Rows(title, [column.name for column in COLUMNS], len(self._numbers))
        self.formulas[SUMMARY_SHEET] = write_summary(summary_sheet, Summary(snapshot, selection, t, headline, counted))
        write_dictionary(dictionary_sheet, COLUMNS, headers, t, is_sample=snapshot.is_sample)
        workbook.calculation = CalcProperties(calcId=CALCULATED_BY, fullCalcOnLoad=False)
        workbook.properties.title = f"{about.title}: {title}"
        workbook.properties.creator = about.title
        return workbook

    def streamed(self) -> Iterator[memoryview]:
        """The rows of the sheet of actions as XML; the workbook must have been made before."""
        assert self._styles is not None  # noqa: S101  (its styles are the workbook's)
        parameters = {"as_of": self._selection.day(self._snapshot), "lang": self._selection.lang}
        return stream_rows(
            self._snapshot, "register_extract", parameters, self._numbers, COLUMNS, self._styles, self.counts
        )


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """A worker's job: open the build that the server read, and no other, and write its workbook.

    Args:
        arguments: `snapshot` (file), `build_id`, `built_at`, `query` (the selection's link parameters as pairs),
            `base_url`, `to`.

    Raises:
        SnapshotError: the file is gone or holds another build.
        SelectionError: a parameter of the selection is unknown.
    """
    snapshot = Snapshot(Path(arguments["snapshot"]), arguments["build_id"], arguments["built_at"], cache_mb=16)
    if snapshot.campaign["build_id"] != arguments["build_id"]:
        raise SnapshotError(N_("The data was published anew while the export was made."), N_("Try again."))
    query: dict[str, list[str]] = {}
    for name, value in arguments["query"]:
        query.setdefault(name, []).append(value)
    return dict(write_workbook(snapshot, parse(query, snapshot), Path(arguments["to"]), arguments["base_url"]))


def _numbers(snapshot: Snapshot, selection: Selection) -> list[int]:
    with snapshot.cursor() as cursor:
        found = cursor.execute(query_text("register_numbers"), selection.sql_parameters(snapshot)).fetchnumpy()
    return [int(number) for number in found["action_no"]]


def _rows(snapshot: Snapshot, selection: Selection, numbers: list[int]) -> Iterator[tuple[Any, ...]]:
    """The columns of `register_extract.sql`, which are `COLUMNS`, of each action, fetched portion by portion.

    Without any action it is one row of nothing, because Excel calls a table without a row damaged.
    """
    parameters = {"as_of": selection.day(snapshot), "lang": selection.lang}
    query = query_text("register_extract")
    with snapshot.cursor() as cursor:
        for first in range(0, len(numbers), PORTION):
            portion = numbers[first : first + PORTION]
            cursor.execute(query, parameters | {"numbers": portion})
            yield from cursor.fetchall()
    if not numbers:
        yield (None,) * len(COLUMNS)


def _lay_out(sheet: Any, snapshot: Snapshot, selection: Selection, t: Translator, rows: int) -> None:
    """What the sheet looks like on screen and paper."""
    lay_out_rows(sheet, COLUMNS, rows, freeze="C2", printed=len(PRINTED))
    for number in range(len(COLUMNS) - len(CODES) + 1, len(COLUMNS) + 1):
        sheet.column_dimensions[get_column_letter(number)].outlineLevel = 1  # folds away with one click
    sheet.oddFooter.left.text = print_text(f"{snapshot.campaign[f'title_{selection.lang}']}")
    sheet.oddFooter.center.text = print_text(format_date(selection.day(snapshot), selection.lang))
    if snapshot.is_sample:
        mark_as_sample(sheet, t(N_("Fictional data")))


if __name__ == "__main__":
    sys.exit(workers.answer(answer_job))
