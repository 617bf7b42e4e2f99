"""The Excel extract: tables of a selection on sheets of their own; on others explanations, figures, and their columns.

The server never loads this. openpyxl makes the workbook, with the sheets of rows empty; then rows go from the snapshot
to the file in portions, as XML that the database writes (`dashboard.files.extracts.workbook.data`), so that memory
does not grow with them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook import Workbook
from openpyxl.workbook.properties import CalcProperties

from dashboard.files.extracts.rows import Source
from dashboard.files.extracts.tables import arrange_tables, find_table
from dashboard.files.extracts.workbook.about import (
    About,
    SheetColumns,
    SheetContent,
    list_codes,
    write_about,
    write_codes,
    write_dictionary,
)
from dashboard.files.extracts.workbook.archive import Change, Package, name_sheet, parts_of, with_formulas, with_lines
from dashboard.files.extracts.workbook.data import DataWriter, spread
from dashboard.files.extracts.workbook.layout import create_sheet
from dashboard.files.extracts.workbook.summary import Rows, Summary, explain_columns, write_summary
from dashboard.ground.base_urls import is_folder
from dashboard.ground.files.row_workbooks import RowsWorkbook
from dashboard.ground.processes.progress import stage
from dashboard.i18n import N_, translator
from dashboard.measures import counts as measures
from dashboard.snapshot.attribution import say_source
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.office import PROPERTIES, write_properties
from dashboard.snapshot.receipts.receipt import NAME as RECEIPT
from dashboard.snapshot.receipts.receipt import Receipt, issue
from dashboard.snapshot.selection import Selection

HUGE_ABOVE = 500_000
"""The number of rows above which the sheet may take more than two gigabytes before it is compressed."""

CALCULATED_BY = 191029
"""Excel's number of its calculation since 2019: results by an older one are calculated anew when a file is opened."""

AS_ROWS = 4_000
"""The weight of the other sheets in the report of progress, in rows of a table."""

OTHER_SHEETS = (N_("About"), N_("Summary"), N_("Dictionary"))
CODES = N_("Codes")
"""The sheet of codes, present where columns hold any."""


def write_workbook(
    snapshot: Snapshot,
    selection: Selection,
    target: Path,
    base_url: str,
    tables: Sequence[str] = ("actions",),
    columns: Sequence[str] = (),
) -> dict[str, int]:
    """Write the extract of a selection to `target`.

    The first table is the main one, whose columns can be chosen; all by default.

    Returns:
        rows of all tables written, texts cleaned (characters removed), texts cut.

    Raises:
        SelectionError: a table or a column is unknown.
        UserError: the texts are too long for one file.
    """
    book = _Book(snapshot, selection, base_url, tables, columns)
    built_at = datetime.fromisoformat(snapshot.built_at)
    with Package(target, built_at) as package, parts_of(book.make(), built_at) as parts:
        for number, (data, writer) in enumerate(zip(book.sheets, book.writers, strict=True), start=1):
            with book.told(number):
                rows = book.hashed(writer.rows())
                package.add_sheet(parts, number, rows, writer.links, huge=data.rows > HUGE_ABOVE)
        package.add_parts(parts, book.changes())
    return {"rows": sum(data.rows for data in book.sheets), "cleaned": book.cleaned, "cut": book.cut}


class _Book:
    """The workbook of one extract.

    Attributes:
        workbook: The parts that openpyxl makes.
    """

    def __init__(
        self, snapshot: Snapshot, selection: Selection, base_url: str, tables: Sequence[str], columns: Sequence[str]
    ) -> None:
        self._snapshot = snapshot
        self._selection = selection
        self._base_url = base_url
        self._t = translator(selection.lang)
        self._tables = tuple(dict.fromkeys(tables))
        self._columns = tuple(dict.fromkeys(columns))
        sources = [
            Source(snapshot, selection, find_table(name), self._columns if number == 0 else ())
            for number, name in enumerate(self._tables)
        ]
        reserved_names = [self._t(name) for name in (*OTHER_SHEETS, CODES)]
        self._source = say_source(snapshot.campaign, selection.lang, selection.day(snapshot))
        self.sheets = spread(sources, reserved_names, self._t, is_sample=snapshot.is_sample)
        self._about = self._describe()
        heading = self._about.heading
        self.writers = [DataWriter(snapshot, selection, self._t, data, self._source, heading) for data in self.sheets]
        self.workbook = RowsWorkbook()
        self._about_rows: dict[str, int] = {}
        self._digest = hashlib.sha256()
        headline, rows = self._about.headline, self._counted_rows()
        self._summary = Summary(snapshot, selection, self._t, headline, rows, self._source, heading)

    @property
    def cleaned(self) -> int:
        """The number of written texts with removed characters."""
        return sum(writer.cleaned for writer in self.writers)

    @property
    def cut(self) -> int:
        """The number of written texts that were too long for a cell."""
        return sum(writer.cut for writer in self.writers)

    def make(self) -> Workbook:
        """Make all sheets; those of rows are laid out and empty."""
        workbook, t = self.workbook, self._t
        for data, writer in zip(self.sheets, self.writers, strict=True):
            writer.lay_out(create_sheet(workbook, data.title, t.language))
        about_sheet, summary_sheet, dictionary_sheet = (
            create_sheet(workbook, t(name), t.language) for name in OTHER_SHEETS
        )
        about = self._about
        links = about.link, about.refresh
        self._about_rows = write_about(
            about_sheet, self._snapshot, t, about.title, about.sections(), links, self._source
        )
        write_summary(summary_sheet, self._summary)
        explained = [SheetColumns(d.title, d.source.fields, tuple(d.headers(t))) for d in self.sheets if not d.skip]
        write_dictionary(dictionary_sheet, explained, explain_columns(t), self._snapshot, t, self._source)
        if codes := list_codes(explained, self._snapshot, t):
            write_codes(create_sheet(workbook, t(CODES), t.language), codes, self._snapshot, t, self._source)
        workbook.calculation = CalcProperties(calcId=CALCULATED_BY, fullCalcOnLoad=False)
        workbook.properties.title = t(N_("{name}: {value}"), name=self._about.title, value=self.sheets[0].title)
        workbook.properties.creator = self._about.title
        workbook.custom_doc_props.append(StringProperty(name=RECEIPT, value=""))  # written when all rows are
        return workbook

    def hashed(self, blocks: Iterable[memoryview]) -> Iterator[memoryview]:
        """Yield the rows as they go into the file, and add them to the hash of its receipt."""
        for block in blocks:
            self._digest.update(block)
            yield block

    @contextmanager
    def told(self, number: int) -> Iterator[None]:
        """Count the progress of the sheet of rows with this number as a share of the whole file."""
        rows = [AS_ROWS, *(data.rows for data in self.sheets)]  # the other sheets come first
        with stage(sum(rows[:number]), sum(rows[: number + 1]), sum(rows)):
            yield

    def changes(self) -> dict[str, Change]:
        """Return the changes to openpyxl's parts when all rows are written, by their names."""
        texts_by_label = self._about.describe_changes(self.cleaned, self.cut)
        lines = {self._about_rows[label]: text for label, text in texts_by_label.items()}
        return {
            name_sheet(len(self.sheets) + 1): partial(with_lines, texts=lines),
            name_sheet(len(self.sheets) + 2): partial(with_formulas, formulas=self._summary.formulas),
            PROPERTIES: lambda _: write_properties(self._issue()),
        }

    def _issue(self) -> Receipt:
        values = f"sha256:{self._digest.hexdigest()}"
        return issue(self._snapshot, self._about.refresh, "xlsx", values, states_time=True)

    def _describe(self) -> About:
        snapshot, selection = self._snapshot, self._selection
        query = selection.query_pairs()
        refresh = [*query, *([("columns", ",".join(self._columns))] if self._columns else [])]
        refresh += [("include", ",".join(arrange_tables(self._tables[1:])))] if self._tables[1:] else []
        return About(
            snapshot,
            selection,
            self._t,
            measures.headline(snapshot, selection),
            measures.headline(snapshot, Selection(as_of=selection.as_of)).actions,
            self._held(),
            "" if is_folder(self._base_url) else f"{self._base_url}/actions?{selection.query_string()}",
            f"{self._base_url}/extracts/{self._tables[0]}.xlsx?{urlencode(refresh, safe=',')}",
        )

    def _held(self) -> tuple[SheetContent, ...]:
        held_tables = []
        for name in self._tables:
            sheets = [data for data in self.sheets if data.source.table.name == name]
            source = sheets[0].source
            held_tables.append(
                SheetContent(tuple(data.title for data in sheets), source.rows, self._t(source.table.description))
            )
        return tuple(held_tables)

    def _counted_rows(self) -> Rows | None:
        """Find the sheet of all the actions, if they stand on one."""
        sheets = [data for data in self.sheets if data.source.table.name == "actions"]
        if len(sheets) != 1:
            return None
        columns = [field.name for field in sheets[0].source.fields]
        return Rows(sheets[0].title, columns, sheets[0].headers(self._t), sheets[0].rows)
