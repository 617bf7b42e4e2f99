"""The Excel extract: tables of a selection on sheets of their own; on others what they are, figures, and their columns.

Run as a module it is a worker's job (see `dashboard.processes.runner`): the server never loads openpyxl.
Rows go from the snapshot to the file in portions, so that memory does not grow with them. The rows of a large table are
written by the database (`dashboard.extracts.workbook.data`), the others by openpyxl; the workbook is the same.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from openpyxl.workbook import Workbook
from openpyxl.workbook.properties import CalcProperties

from dashboard.extracts.open_files import open_build
from dashboard.extracts.rows import Source, sparing
from dashboard.extracts.tables import arrange_tables, find_table
from dashboard.extracts.workbook.about import About, Held, write_about
from dashboard.extracts.workbook.archive import (
    Change,
    Package,
    name_relations,
    name_sheet,
    parts_of,
    with_formulas,
    with_links,
    with_relations,
)
from dashboard.extracts.workbook.cells import Counts, Links, Styles, wrap_by_default
from dashboard.extracts.workbook.data import DataSheet, DataWriter, spread
from dashboard.extracts.workbook.dictionary import Explained, write_dictionary
from dashboard.extracts.workbook.summary import Rows, Summary, write_summary
from dashboard.i18n import N_, translator
from dashboard.measures import counts as measures
from dashboard.measures import register
from dashboard.processes import runner
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

HUGE_ABOVE = 500_000
"""Above so many rows the sheet may take more than two gigabytes before it is compressed."""

CALCULATED_BY = 191029
"""Excel's number of its calculation since 2019: results by an older one are calculated anew when a file is opened."""

AS_ROWS = 4_000
"""As how many rows of a table the other sheets and the end of the file count, where it is told how far the work is."""

OTHER_SHEETS = (N_("About"), N_("Summary"), N_("Dictionary"))


def write_workbook(
    snapshot: Snapshot,
    selection: Selection,
    target: Path,
    base_url: str,
    tables: Sequence[str] = ("actions",),
    columns: Sequence[str] = (),
) -> dict[str, int]:
    """Write the extract of a selection to `target`.

    Args:
        snapshot: What is read.
        selection: The filters in force; its language is the one of the workbook.
        target: The file; overwritten.
        base_url: Where the dashboard is, for the links back.
        tables: Names of `extract_tables.TABLES`, the main one first.
        columns: Names of the main table's columns wanted, in their order; all by default.

    Returns:
        rows of all tables written, texts cleaned (characters removed), texts cut.

    Raises:
        SelectionError: a table or a column is unknown.
        UserError: the texts are too long for one file.
    """
    file = _File(snapshot, selection, base_url, tables, columns)
    made_at = datetime.fromisoformat(snapshot.built_at)
    with Package(target, made_at) as package:
        with parts_of(file.workbook(), made_at) as parts:
            for number, data in enumerate(file.sheets, start=1):
                if data.is_streamed:
                    with file.told(data):
                        package.add_sheet(
                            parts, name_sheet(number), file.stream(data), file.links[data.table].cells,
                            huge=data.rows > HUGE_ABOVE,
                        )  # fmt: skip
            if file.streamed == Counts():
                package.add_parts(parts, file.changes())
        if file.streamed != Counts():  # the other sheets anew: About tells what was changed
            with file.told_at_last(), parts_of(file.workbook(), made_at) as parts:
                package.add_parts(parts, file.changes())
    return {"rows": sum(data.rows for data in file.sheets), "cleaned": file.counts.cleaned, "cut": file.counts.cut}


class _File:
    """The workbook of one extract, which may be made twice.

    Attributes:
        sheets: The sheets of rows.
        streamed: What the cells that the database wrote had to lose.
        links: Where the cells of each sheet of rows lead, by the name of its table.
    """

    def __init__(
        self, snapshot: Snapshot, selection: Selection, base_url: str, tables: Sequence[str], columns: Sequence[str]
    ) -> None:
        self.streamed = Counts()
        self.links: dict[str, Links] = {}
        self._snapshot = snapshot
        self._selection = selection
        self._base_url = base_url
        self._t = translator(selection.lang)
        self._written = Counts()
        self._formulas: Mapping[str, str] = {}
        self._styles: dict[str, Styles] = {}
        self._tables = tuple(dict.fromkeys(tables))
        self._columns = tuple(dict.fromkeys(columns))
        sources = [
            Source(snapshot, selection, find_table(name), self._columns if number == 0 else ())
            for number, name in enumerate(self._tables)
        ]
        taken = [self._t(name) for name in OTHER_SHEETS]
        self.sheets = spread(sources, taken, self._t, is_sample=snapshot.is_sample)

    @property
    def counts(self) -> Counts:
        """What all cells had to lose."""
        return Counts(self.streamed.cleaned + self._written.cleaned, self.streamed.cut + self._written.cut)

    def workbook(self) -> Workbook:
        """All sheets; those whose rows the database writes are laid out for them and empty."""
        t = self._t
        self._written = Counts()
        workbook = Workbook(write_only=True)
        wrap_by_default(workbook)
        sheets = [workbook.create_sheet(data.title) for data in self.sheets]
        about_sheet, summary_sheet, dictionary_sheet = (workbook.create_sheet(t(name)) for name in OTHER_SHEETS)
        writer = DataWriter(self._snapshot, self._selection, t)
        for sheet, data in zip(sheets, self.sheets, strict=True):
            links = self.links.setdefault(data.table, Links())
            if not data.is_streamed:
                links.cells.clear()
            with self.told(data):
                self._styles[data.table] = writer.write(sheet, data, self._written, links)
        about = self._about()
        write_about(about_sheet, about)
        summary = Summary(self._snapshot, self._selection, t, about.headline, self._counted_rows())
        self._formulas = write_summary(summary_sheet, summary)
        explained = [Explained(d.title, d.source.fields, tuple(d.headers(t))) for d in self.sheets if not d.skip]
        write_dictionary(dictionary_sheet, explained, self._snapshot, t)
        workbook.calculation = CalcProperties(calcId=CALCULATED_BY, fullCalcOnLoad=False)
        workbook.properties.title = f"{about.title}: {self.sheets[0].title}"
        workbook.properties.creator = about.title
        return workbook

    def stream(self, data: DataSheet) -> Any:
        """The rows of a sheet as XML; the workbook must have been made before, since the styles are its own."""
        writer = DataWriter(self._snapshot, self._selection, self._t)
        return writer.stream(data, self._styles[data.table], self.streamed, self.links[data.table])

    @contextmanager
    def told(self, data: DataSheet) -> Iterator[None]:
        """What is told about the progress of one sheet of rows is a share of the whole file."""
        # openpyxl's sheets are written first.
        ordered = sorted(self.sheets, key=lambda sheet: sheet.is_streamed)
        before = ordered[: ordered.index(data)]
        begin, rows = sum(d.rows for d in before), sum(d.rows for d in self.sheets)
        with runner.stage(begin, begin + data.rows, rows + AS_ROWS):
            yield

    @contextmanager
    def told_at_last(self) -> Iterator[None]:
        """Rows that are written once more belong to the end of the work."""
        rows = sum(data.rows for data in self.sheets)
        with runner.stage(rows, rows + AS_ROWS, rows + AS_ROWS):
            yield

    def changes(self) -> dict[str, Change]:
        """What is done to the parts that openpyxl made, by their names: formulas and links."""
        changes: dict[str, Change] = {name_sheet(len(self.sheets) + 2): partial(with_formulas, formulas=self._formulas)}
        for number, data in enumerate(self.sheets, start=1):
            links = self.links[data.table].cells
            if links:
                changes[name_sheet(number)] = partial(with_links, links=links)
                changes[name_relations(number)] = partial(with_relations, links=links)
        return changes

    def _about(self) -> About:
        snapshot, selection = self._snapshot, self._selection
        query = selection.query_pairs()
        refresh = [*query, *([("columns", ",".join(self._columns))] if self._columns else [])]
        refresh += [("include", ",".join(arrange_tables(self._tables[1:])))] if self._tables[1:] else []
        return About(
            snapshot,
            selection,
            self._t,
            measures.headline(snapshot, selection),
            register.count(snapshot, Selection(as_of=selection.as_of)),
            self._held(),
            self.counts,
            f"{self._base_url}/actions?{selection.query_string()}",
            f"{self._base_url}/extracts/{self._tables[0]}.xlsx?{urlencode(refresh, safe=',')}",
        )

    def _held(self) -> tuple[Held, ...]:
        held = []
        for name in self._tables:
            sheets = [data for data in self.sheets if data.source.table.name == name]
            source = sheets[0].source
            held.append(Held(tuple(data.title for data in sheets), source.rows, self._t(source.table.description)))
        return tuple(held)

    def _counted_rows(self) -> Rows | None:
        """Where all the actions stand, if they stand on one sheet."""
        sheets = [data for data in self.sheets if data.source.table.name == "actions"]
        if len(sheets) != 1:
            return None
        return Rows(sheets[0].title, [field.name for field in sheets[0].source.fields], sheets[0].rows)


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """A worker's job: write the workbook of the build that the server read, and of no other.

    Args:
        arguments: As in `extracts.submit_extract`, with `to`.

    Raises:
        SnapshotError: the file is gone or holds another build.
        SelectionError: a parameter of the selection, a table or a column is unknown.
        UserError: as `write_workbook`.
    """
    snapshot, selection = open_build(arguments)
    table = arguments["table"]
    tables = (table, *(name for name in arguments["include"] if name != table))
    target = Path(arguments["to"])
    with sparing(snapshot):
        return dict(write_workbook(snapshot, selection, target, arguments["base_url"], tables, arguments["columns"]))


if __name__ == "__main__":
    sys.exit(runner.answer(answer_job))
