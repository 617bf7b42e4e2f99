"""What a reader chooses about an extract: which rows, which columns, which format. Its link, and ready choices.

The link's parameters have the names of the route's, so that a page's link and a file's address are read alike.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from dashboard.extracts import csv_styles, order
from dashboard.extracts.csv_styles import COMMA, SEMICOLON, WITH_CSV
from dashboard.extracts.open_files import read_columns
from dashboard.extracts.package import PACKAGE
from dashboard.extracts.tables import TABLES, Table, arrange_tables, find_table
from dashboard.i18n import N_
from dashboard.snapshot.selection import Selection

PARAMETERS = ("table", "format", "columns", "include", csv_styles.PARAMETER)

ALL, SHORT, CODES = "all", "short", "codes"
READY_LABELS = {ALL: N_("All columns"), SHORT: N_("Essentials"), CODES: N_("Codes only")}

CSV_LABELS = {
    COMMA: N_("Commas, decimal points"),
    SEMICOLON: N_("Semicolons, decimal commas"),
}

FORMAT_NAMES = {"xlsx": "Excel", "csv": "CSV", "parquet": "Parquet", "json": "JSON", "zip": "ZIP"}

IDS = ("action_id", "report_id", "id")


@dataclass(frozen=True)
class Choice:
    """One file: its main table, format, columns (all where none is named), further tables, the way to write CSV.

    That is the usual one of the reader's language where it is empty.
    """

    table: str = "actions"
    file_format: str = "xlsx"
    columns: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    csv: str = ""

    def parameters(self) -> dict[str, str | None]:
        """The parameters of the page's link; None where the choice is the default one."""
        default = Choice()
        return {
            "table": None if self.table == default.table else self.table,
            "format": None if self.file_format == default.file_format else self.file_format,
            "columns": ",".join(self.columns) or None,
            "include": ",".join(self.include) or None,
            csv_styles.PARAMETER: self.csv or None,
        }

    def csv_style(self, lang: str) -> str:
        """How CSV is written for a reader of a language; commas in a file that holds none."""
        return (self.csv or csv_styles.usual_style(lang)) if self.file_format in WITH_CSV else COMMA

    def tables(self) -> tuple[str, ...]:
        """The names of the tables in the file, the main one first."""
        if self.file_format == "zip":
            return arrange_tables(self.include or TABLES)
        return (self.table, *order.further_tables(self.table, self.include))

    def address(self, base_url: str, selection: Selection) -> str:
        """The address of the file of a selection, which answers with the newest data each time it is asked.

        It says how CSV is written unless that is as in every address that says nothing: with commas.
        """
        file = PACKAGE if self.file_format == "zip" else f"{self.table}.{self.file_format}"
        style = self.csv_style(selection.lang)
        parameters = self.parameters() | {csv_styles.PARAMETER: None if style == COMMA else style}
        choice = [(name, value) for name in ("columns", "include", csv_styles.PARAMETER) if (value := parameters[name])]
        return f"{base_url}/extracts/{file}?{urlencode([*selection.query_pairs(), *choice], safe=',')}"

    def with_table(self, table: str) -> "Choice":
        """The same for another table: a ready choice of columns stays, names of the other table's columns go."""
        kind = ready_kind(find_table(self.table), self.columns)
        columns = ready_columns(find_table(table)).get(kind or ALL, ())
        return replace(
            self, table=table, columns=columns, include=tuple(name for name in self.include if name != table)
        )

    def with_format(self, file_format: str) -> "Choice":
        """The same in another format, without what that one cannot hold."""
        csv = self.csv if file_format in WITH_CSV else ""
        if file_format == "zip":
            return Choice(file_format="zip", csv=csv)
        include = self.include if file_format == "xlsx" and self.file_format == "xlsx" else ()
        return replace(self, file_format=file_format, include=include, csv=csv)

    def with_csv(self, name: str, lang: str) -> "Choice":
        """The same with CSV written in another way, for a reader of a language; the same without CSV in the file."""
        csv = "" if name == csv_styles.usual_style(lang) else name
        return replace(self, csv=csv) if self.file_format in WITH_CSV else self

    def with_include(self, names: Collection[str]) -> "Choice":
        """The same with these further tables; the same where the format holds one table."""
        if self.file_format not in order.WITH_TABLES:
            return self
        include = tuple(name for name in TABLES if name in names)
        is_all = self.file_format == "zip" and len(include) == len(TABLES)
        return replace(self, include=() if is_all else include)

    def with_columns(self, table: str, columns: Iterable[str]) -> "Choice":
        """The same with these columns of a table; the same where it is another's, or the file has all columns."""
        if self.table != table or self.file_format == "zip":
            return self
        return replace(self, columns=tuple(columns))


class Preset(NamedTuple):
    """A ready choice: its name in widgets, its label, what it chooses, and the statuses it filters by."""

    name: str
    label: str
    choice: Choice
    statuses: tuple[str, ...] = ()


PRESETS = (
    Preset("register", N_("Register, one row an action"), Choice()),
    Preset("pivot", N_("For pivot tables"), Choice(table="themes_countries")),
    Preset("reports", N_("All progress reports"), Choice(table="reports")),
    Preset("everything", N_("Everything (ZIP)"), Choice(file_format="zip")),
    Preset(
        "missing",
        N_("What is missing: actions without a report"),
        Choice(
            columns=(
                "action_id", "title", "stakeholder", "group", "category", "themes", "regions", "countries",
                "submitted_on", "due_on", "is_overdue",
            )
        ),
        ("not_reported",),
    ),
)  # fmt: skip


def find_preset(choice: Choice, statuses: tuple[str, ...]) -> Preset | None:
    """The preset that a reader's choice is; its filter counts only where it sets one."""
    return next((p for p in PRESETS if p.choice == choice and p.statuses in ((), statuses)), None)


def take_preset(name: str | None, choice: Choice, statuses: tuple[str, ...]) -> tuple[Choice, tuple[str, ...]]:
    """The choice and the statuses after a ready choice is taken; a filter that another one had set goes with that.

    Args:
        name: The preset; with none nothing changes.
        choice: What is chosen before.
        statuses: The statuses filtered by before.
    """
    preset = next((preset for preset in PRESETS if preset.name == name), None)
    if preset is None:
        return choice, statuses
    before = find_preset(choice, statuses)
    remaining_statuses = () if before is not None and before.statuses else statuses
    return preset.choice, preset.statuses or remaining_statuses


def read_choice(parameters: Mapping[str, str]) -> Choice:
    """The choice of a link's parameters; what is not stated is the default.

    Raises:
        SelectionError: as `extracts.check_choice` and `csv_styles.read_style`.
    """
    file_format = parameters.get("format", Choice.file_format)
    table = parameters.get("table", Choice.table)
    columns, include = (read_columns([parameters.get(name, "")]) for name in ("columns", "include"))
    order.check_choice(file_format, table, columns, include)
    style = parameters.get(csv_styles.PARAMETER, "").strip()
    csv = csv_styles.read_style([style], file_format) if style else ""
    columns = tuple(dict.fromkeys(columns))
    added_tables = arrange_tables(include)
    if file_format == "xlsx":
        added_tables = order.further_tables(table, added_tables)
    elif len(added_tables) == len(TABLES):
        added_tables = ()
    return Choice(table, file_format, _plain(find_table(table), columns), added_tables, csv)


def ready_columns(table: Table) -> dict[str, tuple[str, ...]]:
    """The ready choices of columns by their kind; only those that say something else than all of them."""
    short = tuple(field.name for field in table.fields if field.part == "printed")
    codes = tuple(
        field.name
        for field in table.fields
        if field.is_code
        or field.name in (*IDS, *table.key)
        or (field.kind != "text" and not field.name.startswith("source_"))
    )
    ready_choices: dict[str, tuple[str, ...]] = {ALL: (), SHORT: short}
    if sum(field.is_code for field in table.fields) > 1:
        ready_choices[CODES] = codes
    return ready_choices


def ready_kind(table: Table, columns: tuple[str, ...]) -> str | None:
    """Which ready choice these columns are; None if they are the reader's own."""
    return next((kind for kind, ready_names in ready_columns(table).items() if ready_names == columns), None)


def _plain(table: Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    """All columns in the table's own order are no choice."""
    return () if columns == tuple(field.name for field in table.fields) else columns
