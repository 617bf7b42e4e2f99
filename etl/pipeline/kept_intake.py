"""The part of the intake that takes sheets from earlier builds, and leaves them to later ones."""

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import duckdb

from etl.kept_sheets.keeper import KeptSheets, Wanted
from etl.kept_sheets.kept_rows import COUNTRIES, TABLES, KeptRows
from etl.kept_sheets.sheet_keys import hash_texts
from etl.pipeline.free_text import ContactMask
from etl.readers.exports import ExportFile
from etl.readers.sheets import Sheet
from etl.recipes.recognition import SheetPlan


class KeptIntake(Collection[int]):
    """The sheets (by number) that are taken from what another build kept of them; all others are fresh.

    Attributes:
        sheets: What is kept.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, sheets: KeptSheets) -> None:
        """Begin with none."""
        self._connection = connection
        self.sheets = sheets
        self._wanted: dict[int, Wanted] = {}
        self._taken: dict[int, KeptRows] = {}
        self._rows: dict[int, int] = {}
        self._keeping: Future[None] | None = None

    def __contains__(self, number: object) -> bool:
        """Whether a sheet is taken from what is kept."""
        return number in self._taken

    def __iter__(self) -> Iterator[int]:
        """Their numbers."""
        return iter(self._taken)

    def __len__(self) -> int:
        """How many they are."""
        return len(self._taken)

    def show(self, number: int, export: ExportFile, sheet: Sheet, plan: SheetPlan | None, first_row: int) -> int | None:
        """Let `raw_<number>` be the kept rows of a sheet; gives how many were read, None where none are kept."""
        wanted = self.sheets.look_up(export, sheet, plan, first_row)
        if wanted is None:
            return None
        self._wanted[number] = wanted
        if wanted.rows is None:
            return None
        self._taken[number] = wanted.rows
        wanted.rows.show(self._connection, number)
        return wanted.rows.rows

    def note_rows(self, number: int, rows: int) -> None:
        """Note how many rows of a sheet were read."""
        self._rows[number] = rows

    def forget(self, number: int) -> None:
        """Take a sheet back whose file is left out."""
        self._wanted.pop(number, None)
        if self._taken.pop(number, None) is not None:
            self._connection.execute(f"drop view raw_{number}")

    def show_countries(self) -> Collection[int]:
        """Put what the kept sheets write of countries into `country_cells`; gives their numbers."""
        for number, rows in self._taken.items():
            rows.fill(self._connection, number, COUNTRIES)
        return list(self._taken)

    def give_up(self, contacts: ContactMask) -> list[int]:
        """Take back the sheets of which something else would be made now; gives their numbers, to be read again."""
        lost = [number for number, rows in self._taken.items() if not self._holds(rows, contacts)]
        for number in lost:
            del self._taken[number]
            self._connection.execute(f"drop view raw_{number}")
        return lost

    def _holds(self, rows: KeptRows, contacts: ContactMask) -> bool:
        """Whether all that went into rows besides their sheet is still the same."""
        return (
            (not rows.words or rows.words == self.sheets.know_words())
            and (not rows.texts or rows.texts == hash_texts(contacts.describe_texts()) or self._judges(rows, contacts))
            and (not rows.ids or rows.ids == hash_texts(contacts.describe_ids()))
        )

    def _judges(self, rows: KeptRows, contacts: ContactMask) -> bool:
        """Whether contacts are taken out of rows as they were, although other countries are written now."""
        judged = rows.read_judged(self._connection)
        return bool(judged) and list(contacts.clean([written for written, _ in judged])) == [last for _, last in judged]

    def fill(self) -> None:
        """Put what was noted of the kept sheets into the tables of this build."""
        for number, rows in self._taken.items():
            rows.fill(self._connection, number, TABLES)
            rows.remark(self._connection, number)

    def keep(self, contacts: ContactMask) -> None:
        """Begin to keep the fresh sheets that are worth it, beside the work that follows; call right after staging.

        `contacts` is what took contacts out of them.
        """
        fresh = {number: wanted for number, wanted in self._wanted.items() if number not in self._taken}
        if not self.sheets.may_keep(fresh.values()):
            return
        odd = {number for (number,) in self._connection.execute("select distinct sheet_no from odd_rows").fetchall()}
        to_keep: list[tuple[int, Wanted, KeptRows, list[tuple[str, str]]]] = []
        for number, wanted in fresh.items():
            table = f"raw_{number}"
            judged = contacts.list_judged(table)
            rows = KeptRows(
                place=self.sheets.place,
                rows=self._rows[number],
                words=self.sheets.know_words() if number in odd else "",
                texts=hash_texts(contacts.describe_texts()) if judged else "",
                ids=hash_texts(contacts.describe_ids()) if contacts.may_hide(table) else "",
            )
            to_keep.append((number, wanted, rows, judged))
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeping")
        self._keeping = pool.submit(self._keep, _look_beside(self._connection, list(fresh)), to_keep)
        pool.shutdown(wait=False)

    def _keep(
        self,
        beside: duckdb.DuckDBPyConnection,
        to_keep: Iterable[tuple[int, Wanted, KeptRows, list[tuple[str, str]]]],
    ) -> None:
        """Write sheets as they are in another connection to the work database, and end it."""
        with beside:
            for number, wanted, rows, judged in to_keep:
                self.sheets.keep(beside, number, wanted, rows, judged)
            self.sheets.keep_sheets()

    def finish(self) -> None:
        """Wait until all is kept that is to be."""
        if self._keeping is not None:
            self._keeping.result()


def _look_beside(connection: duckdb.DuckDBPyConnection, numbers: Iterable[int]) -> duckdb.DuckDBPyConnection:
    """Another connection to the work database, which goes on seeing it as it is now."""
    beside = connection.cursor()
    beside.execute("use work")
    beside.execute("begin")
    for number in numbers:  # a transaction begins where a database is first asked for something
        beside.execute(f"select 1 from raw_{number} limit 1").fetchall()  # noqa: S608  (a table number)
    beside.execute("select 1 from snapshot.sheet_remarks limit 1").fetchall()
    return beside
