"""The part of the intake that takes sheets from earlier builds, and leaves them to later ones."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

import duckdb

from etl.build.free_text import ContactMask
from etl.build.staging import SheetNumbers
from etl.kept_sheets.keeper import KeptSheets, Wanted
from etl.kept_sheets.kept_rows import COUNTRIES, TABLES, KeptRows
from etl.kept_sheets.sheet_keys import hash_texts
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
        self._before: defaultdict[int, dict[str, int]] = defaultdict(dict)

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

    def stage(self, kind: str, numbers: SheetNumbers, rows_before: int, orders: Mapping[str, str]) -> bool:
        """Put the kept rows of a kind into its staged table; gives whether there were any that hold.

        They do not where other columns decide now how this sheet writes its dates. Arguments as of `stage_sheet`.
        """
        self._before[numbers.sheet_no][kind] = rows_before
        rows = self._taken.get(numbers.sheet_no)
        if rows is None or rows.orders != orders:
            return False
        rows.stage(self._connection, kind, numbers, rows_before)
        return True

    def keep(self, contacts: ContactMask, orders: Mapping[int, Mapping[str, str]]) -> None:
        """Keep the fresh sheets that are worth it; call right after staging.

        Args:
            contacts: What took contacts out of them.
            orders: By sheet and field, how its dates are read.
        """
        fresh = {number: wanted for number, wanted in self._wanted.items() if number not in self._taken}
        if not self.sheets.may_keep(fresh.values()):
            return
        odd = {number for (number,) in self._connection.execute("select distinct sheet_no from odd_rows").fetchall()}
        for number, wanted in fresh.items():
            table = f"raw_{number}"
            judged = contacts.list_judged(table)
            rows = KeptRows(
                place=self.sheets.place,
                rows=self._rows[number],
                orders=dict(orders.get(number, {})),
                words=self.sheets.know_words() if number in odd else "",
                texts=hash_texts(contacts.describe_texts()) if judged else "",
                ids=hash_texts(contacts.describe_ids()) if contacts.may_hide(table) else "",
                staged=list(self._before[number]),
            )
            self.sheets.keep(number, wanted, rows, self._before[number], judged)
        self.sheets.keep_sheets()
