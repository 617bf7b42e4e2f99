"""The choice of a file of tables: main table, format, columns, further tables, the way to write CSV.

Pages, routes, commands and receipts read and check a choice here. A page's link and a file's address share the
names of their parameters. Ready choices are here too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from dashboard.errors import SelectionError
from dashboard.files.extracts.tables import TABLES, Table, arrange_tables, find_table
from dashboard.ground.files import csv_styles
from dashboard.ground.files.csv_styles import COMMA, SEMICOLON, WITH_CSV
from dashboard.i18n import N_
from dashboard.snapshot.selection import Selection

PARAMETERS = ("table", "format", "columns", "include", csv_styles.PARAMETER)
OF_A_FILE = PARAMETERS[2:]
"""The parameters of a file's address beside those in its name."""

OPEN_FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}
"""The media types of the formats that the database writes."""
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"xlsx": EXCEL, **OPEN_FORMATS, "zip": "application/zip", "xml": "application/xml"}
"""The media types of all formats."""
WITH_TABLES = ("xlsx", "zip")
"""The formats that hold several tables."""
WHOLE = ("zip", "xml")
"""The formats without a main table and a choice of columns: all tables, and the actions for IATI."""

ALL_TABLES = "all-tables"
PACKAGE = f"{ALL_TABLES}.zip"
IATI = "iati.xml"
DESCRIPTOR = "datapackage.json"

ALL, SHORT, CODES = "all", "short", "codes"
READY_LABELS = {ALL: N_("All columns"), SHORT: N_("Essentials"), CODES: N_("Codes only")}

CSV_LABELS = {
    COMMA: N_("Commas, decimal points"),
    SEMICOLON: N_("Semicolons, decimal commas"),
}

FORMAT_NAMES = {"xlsx": "Excel", "csv": "CSV", "parquet": "Parquet", "json": "JSON", "zip": "ZIP", "xml": "IATI"}

IDS = ("action_id", "report_id", "id")


@dataclass(frozen=True)
class Choice:
    """One file: its main table, format, columns (all where none is named), further tables, the way to write CSV.

    An empty `csv` means the usual way of the reader's language. A ZIP holds every table, or those of
    `include`; its main table is that of the actions.
    """

    table: str = "actions"
    file_format: str = "xlsx"
    columns: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    csv: str = ""

    def check(self) -> None:
        """Check that there is such a file.

        Raises:
            SelectionError: a table or a column is unknown, the ZIP is asked for as one table's file, columns are chosen
                for the ZIP, which holds all of them, or further tables for a file that holds one.
        """
        definition = find_table(self.table)
        formats = table_formats(self.table)
        if self.file_format not in formats:
            what = f"{self.table} cannot be had as {self.file_format}."
            raise SelectionError(what, "format", formats, self.file_format)
        if self.columns and self.file_format in WHOLE:
            allowed = table_formats("reports")
            what = f"Columns cannot be chosen for {self.file_format}, only for other formats."
            raise SelectionError(what, "columns", allowed)
        if self.include and self.file_format not in WITH_TABLES:
            raise SelectionError(
                f"A file of the format {self.file_format} holds one table; include goes with other formats.",
                "include",
                WITH_TABLES,
            )
        definition.choose(self.columns)
        arrange_tables(self.include)

    @property
    def is_open(self) -> bool:
        """Whether the database writes the file; a worker makes the others."""
        return self.file_format in OPEN_FORMATS

    def parameters(self) -> dict[str, str | None]:
        """Return the parameters of the page's link; None where the choice is the default one."""
        default = Choice()
        return {
            "table": None if self.table == default.table else self.table,
            "format": None if self.file_format == default.file_format else self.file_format,
            "columns": ",".join(self.columns) or None,
            "include": ",".join(self.include) or None,
            csv_styles.PARAMETER: self.csv or None,
        }

    def csv_style(self, lang: str) -> str:
        """Return the way to write CSV for a reader of a language; commas in a file without CSV."""
        return (self.csv or csv_styles.usual_style(lang)) if self.file_format in WITH_CSV else COMMA

    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables in the file, the main one first."""
        if self.file_format == "zip":
            return arrange_tables(self.include or TABLES)
        if self.file_format == "xml":
            return ("actions", "results")
        return (self.table, *(name for name in arrange_tables(self.include) if name != self.table))

    def name_content(self) -> str:
        """Name the content for the file's name: further tables follow the first, all are `all-tables`."""
        if self.file_format == "xml":
            return "iati"
        names = self.tables()
        if set(names) == set(TABLES):
            return ALL_TABLES
        first, *added_names = (name.replace("_", "-") for name in names)
        if not added_names:
            return first
        joined = "-".join(added_names)
        return f"{first}-{joined}" if self.file_format == "zip" else f"{first}-with-{joined}"

    def address(self, base_url: str, selection: Selection) -> str:
        """Write the address of a selection's file; each request gets the newest data.

        It states the way to write CSV unless that is the default of addresses: with commas.
        """
        file = {"zip": PACKAGE, "xml": IATI}.get(self.file_format, f"{self.table}.{self.file_format}")
        style = self.csv_style(selection.lang)
        parameters = self.parameters() | {csv_styles.PARAMETER: None if style == COMMA else style}
        choice = [(name, value) for name in ("columns", "include", csv_styles.PARAMETER) if (value := parameters[name])]
        return f"{base_url}/extracts/{file}?{urlencode([*selection.query_pairs(), *choice], safe=',')}"

    def with_table(self, table: str) -> "Choice":
        """Return the same for another table: a ready choice of columns stays, names of the other table's columns go."""
        kind = ready_kind(find_table(self.table), self.columns)
        columns = ready_columns(find_table(table)).get(kind or ALL, ())
        return replace(
            self, table=table, columns=columns, include=tuple(name for name in self.include if name != table)
        )

    def with_format(self, file_format: str) -> "Choice":
        """Return the same in another format, without the parts that this one cannot hold."""
        csv = self.csv if file_format in WITH_CSV else ""
        if file_format in WHOLE:
            return Choice(file_format=file_format, csv=csv)
        include = self.include if file_format == "xlsx" and self.file_format == "xlsx" else ()
        return replace(self, file_format=file_format, include=include, csv=csv)

    def with_csv(self, name: str, lang: str) -> "Choice":
        """Return the same with CSV written in another way, for a reader of a language; unchanged without CSV."""
        csv = "" if name == csv_styles.usual_style(lang) else name
        return replace(self, csv=csv) if self.file_format in WITH_CSV else self

    def with_include(self, names: Collection[str]) -> "Choice":
        """Return the same with these further tables; the same where the format holds one table."""
        if self.file_format not in WITH_TABLES:
            return self
        include = tuple(name for name in TABLES if name in names)
        is_all = self.file_format == "zip" and len(include) == len(TABLES)
        return replace(self, include=() if is_all else include)

    def with_columns(self, table: str, columns: Iterable[str]) -> "Choice":
        """Return the same with these columns of a table; unchanged where it is another's, or the file has all."""
        if self.table != table or self.file_format in WHOLE:
            return self
        return replace(self, columns=tuple(columns))


class Preset(NamedTuple):
    """A ready choice: its name in widgets, its label, its choice, and the statuses it filters by."""

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
    """Find the preset that equals a reader's choice; its filter counts only where it sets one."""
    return next((p for p in PRESETS if p.choice == choice and p.statuses in ((), statuses)), None)


def take_preset(name: str | None, choice: Choice, statuses: tuple[str, ...]) -> tuple[Choice, tuple[str, ...]]:
    """Take a ready choice: return the choice and the statuses; a filter of the former ready choice goes with it."""
    preset = next((preset for preset in PRESETS if preset.name == name), None)
    if preset is None:
        return choice, statuses
    before = find_preset(choice, statuses)
    remaining_statuses = () if before is not None and before.statuses else statuses
    return preset.choice, preset.statuses or remaining_statuses


def table_formats(table: str) -> tuple[str, ...]:
    """Return the formats of one table; those of `WHOLE` count as ones of the actions."""
    return tuple(name for name in FORMATS if table == "actions" or name not in WHOLE)


def list_files() -> list[str]:
    """List the names of all files below `/extracts` that every campaign has."""
    names = (f"{table}.{ending}" for table in TABLES for ending in table_formats(table) if ending not in WHOLE)
    return [*names, PACKAGE, DESCRIPTOR]


def find_file(name: str) -> Choice | None:
    """Find the file of a name below `/extracts`, with all columns; None if there is none, and for the descriptor."""
    if name in (PACKAGE, IATI):
        return Choice(file_format="zip" if name == PACKAGE else "xml")
    table, _, ending = name.rpartition(".")
    return Choice(table, ending) if table in TABLES and ending not in WHOLE and ending in FORMATS else None


def read_columns(values: Sequence[str]) -> tuple[str, ...]:
    """Read names of columns from a link or a command: several parameters, or one with commas."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def read_file(file: Choice, query: Mapping[str, Sequence[str]]) -> Choice:
    """Read a file's choice from the parameters `OF_A_FILE` of its address; CSV has commas by default.

    Raises:
        SelectionError: as `Choice.check` and `csv_styles.read_style`.
    """
    columns, include = (read_columns(query.get(name, ())) for name in ("columns", "include"))
    chosen = replace(file, columns=columns, include=include)
    chosen.check()
    csv = csv_styles.read_style(query.get(csv_styles.PARAMETER, ()), file.file_format)
    added_tables = tuple(name for name in arrange_tables(include) if file.file_format == "zip" or name != file.table)
    return replace(chosen, include=added_tables, csv=csv)


def read_choice(parameters: Mapping[str, str]) -> Choice:
    """Read the choice of a page's link; missing parameters mean the default.

    Raises:
        SelectionError: as `read_file`.
    """
    file = Choice(parameters.get("table", Choice.table), parameters.get("format", Choice.file_format))
    chosen = read_file(file, {name: [parameters.get(name, "")] for name in OF_A_FILE})
    is_all = chosen.file_format == "zip" and len(chosen.include) == len(TABLES)
    return replace(
        chosen,
        columns=_plain(find_table(chosen.table), tuple(dict.fromkeys(chosen.columns))),
        include=() if is_all else chosen.include,
        csv=chosen.csv if parameters.get(csv_styles.PARAMETER, "").strip() else "",
    )


def ready_columns(table: Table) -> dict[str, tuple[str, ...]]:
    """Return the ready choices of columns by their kind; without those that equal all of them."""
    short = tuple(field.name for field in table.fields if field.part == "printed")
    codes = tuple(
        field.name
        for field in table.fields
        if field.is_code or field.name in (*IDS, *table.key) or (field.kind != "text" and "source_" not in field.name)
    )
    ready_choices: dict[str, tuple[str, ...]] = {ALL: (), SHORT: short}
    if sum(field.is_code for field in table.fields) > 1:
        ready_choices[CODES] = codes
    return ready_choices


def ready_kind(table: Table, columns: tuple[str, ...]) -> str | None:
    """Find the ready choice that has these columns; None for the reader's own."""
    return next((kind for kind, ready_names in ready_columns(table).items() if ready_names == columns), None)


def _plain(table: Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return no columns for all of them in the table's own order, since these are no choice."""
    return () if columns == tuple(field.name for field in table.fields) else columns
