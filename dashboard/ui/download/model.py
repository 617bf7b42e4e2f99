"""Make the page Extracts: the meaning of a row, the columns, the format; the file's size, and its link."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Generic, TypeVar
from urllib.parse import urlencode

import pandas as pd

from dashboard import formats
from dashboard.errors import SelectionError
from dashboard.files.extracts import estimate, order, package
from dashboard.files.extracts.choice import (
    CSV_LABELS,
    FORMAT_NAMES,
    IDS,
    PARAMETERS,
    PRESETS,
    READY_LABELS,
    WHOLE,
    Choice,
    find_preset,
    read_choice,
    ready_columns,
    ready_kind,
)
from dashboard.files.extracts.estimate import count_rows, estimate_bytes
from dashboard.files.extracts.rows import is_everything
from dashboard.files.extracts.tables import TABLES, Field
from dashboard.ground.files.csv_styles import COMMA, SEMICOLON, WITH_CSV
from dashboard.i18n import N_, Translator
from dashboard.snapshot.attribution import read_publisher
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.markdown import plain
from dashboard.ui.pieces import empty_selection
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.web.odata.odata_answers import SERVICE
from dashboard.web.operation import HEADING

FORMAT_USES = {
    "xlsx": N_("To read, sort and filter: real dates and numbers, a summary with charts, what each column means."),
    "csv": N_("For any spreadsheet or program: one plain table."),
    "parquet": N_("For Power BI and statistics programs: typed columns, the smallest file."),
    "json": N_("For web pages and programs."),
    "zip": N_("Every table as CSV, Parquet and JSON, with a description of all columns."),
    "xml": N_("For the International Aid Transparency Initiative: every action with its results."),
}
CSV_USES = {
    COMMA: N_("For programs, and for spreadsheets in English."),
    SEMICOLON: N_("For a double click in Excel in French, Spanish and other languages with decimal commas."),
}
OWN = "own"
"""The kind of columns that the reader chooses one by one."""
TECHNICAL = ("parquet", "json")
"""Formats for programs: their columns have technical names."""

EXCEL = (
    N_("In Excel choose *Data → From Web*, paste this link and press *OK*:"),
    N_("If Excel asks how to sign in, choose *Anonymous*. In the preview choose *Load*."),
    N_("Later choose *Data → Refresh All*: the table gets the newest data, and your formulas stay."),
)
POWER_BI = (
    N_("In Power BI choose *Get data → Web*, paste this link and press *OK*:"),
    N_("If it asks how to sign in, choose *Anonymous*, then *Load*."),
    N_("Later choose *Refresh*, or let the service refresh it every day."),
)
ODATA = (
    N_(
        "In Excel choose *Data → Get Data → From Other Sources → From OData Feed*, in Power BI *Get data → OData feed*:"
    ),
    N_("If it asks how to sign in, choose *Anonymous*, and the level that ends in *odata*."),
    N_("Tick the tables, then choose *Load*: each has this selection, and *Refresh* fetches the newest data."),
)
SCRIPT = (N_("This command writes the newest file, every time it is run:"),)

Value = TypeVar("Value")


@dataclass(frozen=True)
class Pick(Generic[Value]):
    """A choice: a label, the values with their words and the use of each, and the one in force."""

    label: str
    offered: Mapping[str, str]
    value: Value
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Program:
    """A program's way to fetch the file: its name, the steps with *names of menus*, and the text for the first one."""

    name: str
    steps: tuple[str, ...]
    code: str

    @property
    def pasted(self) -> Iterable[tuple[str, str]]:
        """The steps, each with its text to paste."""
        return zip_longest(self.steps, (self.code,), fillvalue="")


@dataclass(frozen=True)
class LinkModel:
    """The link that refreshes the file.

    Attributes:
        note: A note that it keeps the chosen day; else empty.
        programs: The ways of programs to fetch it; none where they would have to sign in.
        more: The link to all other addresses, as Markdown.
    """

    title: str
    sentence: str
    address: str
    note: str
    programs: tuple[Program, ...]
    more: str


@dataclass(frozen=True)
class FurtherTables:
    """The choice of further tables: its title, its placeholder where none is chosen, and the content of a ZIP.

    Attributes:
        note: The meaning of no choice.
        table_rows: The tables of a ZIP with their rows.
    """

    title: str
    tables: Pick[tuple[str, ...]]
    placeholder: str
    note: str = ""
    table_rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FileModel:
    """The chosen file: its tables, its rows and bytes, the same in words, and whether that can be reset."""

    title: str
    rows: int
    size: int
    facts: tuple[str, ...]
    note: str
    can_reset: bool


@dataclass(frozen=True)
class Nothing:
    """A note that the table has nothing for these actions, and the remedy."""

    sentence: str
    advice: str


@dataclass(frozen=True)
class Heading:
    """A column of the preview: its name, its header in the file, its meaning, its kind, and whether it is short."""

    name: str
    label: str
    meaning: str
    kind: str
    is_short: bool


@dataclass(frozen=True)
class ColumnsModel:
    """The choice of columns, and the first rows of the file with them.

    Attributes:
        kinds: The ready choices, and the reader's own.
        own_columns: The columns one by one, where the reader chooses them so.
    """

    kinds: Pick[str]
    own_columns: Pick[tuple[str, ...]] | None
    rows: pd.DataFrame
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class ExtractsModel:
    """The page.

    Attributes:
        warning: A warning that the link's file does not exist, as Markdown; else empty.
        file: The file; None where it would be empty.
        empty: The explanation of a selection without actions, or of an empty table.
        tables: The meaning of a row; None of a ZIP.
        more_tables: Further sheets of a workbook, or the tables of a ZIP; None of other formats.
        csv: The way to write CSV, where the file has any.
        columns: The columns; None where the file has all of them, or nothing.
    """

    choice: Choice
    warning: str
    file: FileModel | None
    empty: EmptyModel | Nothing | None
    presets: Pick[str | None]
    tables: Pick[str] | None
    formats: Pick[str]
    more_tables: FurtherTables | None
    csv: Pick[str] | None
    columns: ColumnsModel | None
    link: LinkModel | None
    cite: str


def make_model(
    snapshot: Snapshot,
    selection: Selection,
    t: Translator,
    parameters: Mapping[str, str],
    base_url: str,
    *,
    own_table: str | None = None,
    is_closed: bool = False,
) -> ExtractsModel:
    """Make the page.

    `own_table` is the table whose columns the reader chooses one by one, though they may be a ready choice now.
    """
    choice, warning = read(t, parameters)
    rows = count_rows(snapshot, selection)
    total = sum(rows[name] for name in choice.tables())
    is_empty = total == 0 or rows[choice.tables()[0]] == 0 == rows["actions"]
    is_whole = choice.file_format in WHOLE
    preset = find_preset(choice, selection.statuses)
    return ExtractsModel(
        choice=choice,
        warning=warning,
        file=None if is_empty else _describe_file(snapshot, selection, t, choice, total),
        empty=_say_nothing(snapshot, selection, t, choice, rows) if is_empty else None,
        presets=Pick(
            t("Presets"), {one.name: t(one.label) for one in PRESETS}, None if preset is None else preset.name
        ),
        tables=None if is_whole else _pick_table(t, choice, rows),
        formats=_pick_format(snapshot, t, choice),
        more_tables=_list_further(t, choice, rows),
        csv=_pick_csv(t, choice) if choice.file_format in WITH_CSV else None,
        columns=None if is_empty or is_whole else _list_columns(snapshot, selection, t, choice, own_table),
        link=None if is_empty else make_link(snapshot, selection, t, choice, base_url, is_closed=is_closed),
        cite="" if is_empty else package.cite_register(snapshot, selection, base_url),
    )


def read(t: Translator, parameters: Mapping[str, str]) -> tuple[Choice, str]:
    """Read the choice of the link; for an impossible one the default, and a sentence on it."""
    requested = {name: parameters[name] for name in PARAMETERS if name in parameters}
    try:
        return read_choice(requested), ""
    except SelectionError as error:
        warning = t(
            "The link asks for a file that does not exist ({parameter}: {value}). The default is shown instead.",
            parameter=plain(error.parameter),
            value=plain((error.value or requested.get(error.parameter, ""))[:80]),
        )
        return Choice(), warning


def _describe_file(snapshot: Snapshot, selection: Selection, t: Translator, choice: Choice, total: int) -> FileModel:
    """Describe the file's content and size."""
    size = estimate_bytes(snapshot, selection, choice)
    tables, width = choice.tables(), len(TABLES[choice.tables()[0]].choose(choice.columns))
    inside = t("{n} tables", n=len(tables)) if len(tables) > 1 else t.plural("{n} column", "{n} columns", width)
    about = t("about {size}", size=formats.format_bytes(size, t.language))
    return FileModel(
        title=t("{name}: {value}", name=t("Your file"), value=", ".join(t(TABLES[name].title) for name in tables)),
        rows=total,
        size=size,
        facts=(_count_rows(t, total), inside, about),
        note=t("It contains what the filters select. Rows, format and columns can be changed below."),
        can_reset=choice != Choice(),
    )


def _count_rows(t: Translator, n: int) -> str:
    return t.plural("{n} row", "{n} rows", n)


def _say_nothing(
    snapshot: Snapshot, selection: Selection, t: Translator, choice: Choice, rows: Mapping[str, int]
) -> EmptyModel | Nothing:
    """Explain an empty file: the reason, and the remedy."""
    if rows["actions"] == 0:
        return empty_selection.make_model(snapshot, selection, t)
    if choice.file_format == "zip":
        sentence = t("The chosen tables are empty for these actions.")
    else:
        title = t(TABLES[choice.table].title)
        sentence = t("The table “{table}” is empty for these actions.", table=title)
    everything = is_everything(selection)
    return Nothing(
        sentence, t("Choose other rows above.") if everything else t("Choose other rows above, or remove a filter.")
    )


def _name_tables(t: Translator, rows: Mapping[str, int], names: Sequence[str]) -> dict[str, str]:
    """Name tables by their titles, each with its rows in the selection."""
    return {name: f"{t(TABLES[name].title)} · {_count_rows(t, rows[name])}" for name in names}


def _pick_table(t: Translator, choice: Choice, rows: Mapping[str, int]) -> Pick[str]:
    uses = tuple(t(table.description) for table in TABLES.values())
    return Pick(t("One row per"), _name_tables(t, rows, tuple(TABLES)), choice.table, uses)


def _list_further(t: Translator, choice: Choice, rows: Mapping[str, int]) -> FurtherTables | None:
    """Make the choice of further tables; a ZIP has no main one, so it offers all of them."""
    is_zip = choice.file_format == "zip"
    offered = tuple(name for name in TABLES if is_zip or name != choice.table)
    pick = Pick(t("More tables"), _name_tables(t, rows, offered), choice.include)
    if is_zip:
        note = t("If you choose none, all tables are included. Each has all its columns.")
        table_rows = tuple(
            (t(TABLES[name].title), formats.format_count(rows[name], t.language)) for name in choice.tables()
        )
        return FurtherTables(t("Tables in the ZIP"), pick, t("All tables"), note, table_rows)
    return FurtherTables(t("More sheets"), pick, t("No more sheets")) if choice.file_format == "xlsx" else None


def _pick_format(snapshot: Snapshot, t: Translator, choice: Choice) -> Pick[str]:
    """Make the choice of formats; the file for IATI is offered where the campaign states who reports."""
    is_reported = read_publisher(snapshot.campaign).reports_to_iati or choice.file_format == "xml"
    offered = {name: words for name, words in FORMAT_NAMES.items() if name != "xml" or is_reported}
    return Pick(t("Format"), offered, choice.file_format, tuple(t(FORMAT_USES[name]) for name in offered))


def _pick_csv(t: Translator, choice: Choice) -> Pick[str]:
    labels = {name: t(label) for name, label in CSV_LABELS.items()}
    return Pick(
        t("Separators in CSV files"), labels, choice.csv_style(t.language), tuple(t(use) for use in CSV_USES.values())
    )


def _list_columns(
    snapshot: Snapshot, selection: Selection, t: Translator, choice: Choice, own_table: str | None
) -> ColumnsModel:
    """Make the choice of columns, and the first rows with them."""
    table = TABLES[choice.table]
    column_set = ready_kind(table, choice.columns)
    kind = OWN if column_set is None or own_table == choice.table else column_set
    labels = {
        name: f"{t(READY_LABELS[name])} ({len(table.choose(columns))})"
        for name, columns in ready_columns(table).items()
    }
    headers = {field.name: t(field.header) for field in table.fields}
    return ColumnsModel(
        kinds=Pick(t("Columns"), labels | {OWN: t("Choose and order")}, kind),
        own_columns=Pick(t("Columns in their order"), headers, choice.columns) if kind == OWN else None,
        rows=estimate.first_rows(snapshot, selection, table, choice.columns),
        headings=tuple(_describe_column(t, field, choice) for field in table.choose(choice.columns)),
    )


def _describe_column(t: Translator, field: Field, choice: Choice) -> Heading:
    label = field.name if choice.file_format in TECHNICAL else t(field.header)
    is_short = field.name in IDS or field.part == "code"
    return Heading(field.name, label, t(field.description), field.kind, is_short)


def make_link(
    snapshot: Snapshot, selection: Selection, t: Translator, choice: Choice, base_url: str, *, is_closed: bool
) -> LinkModel:
    """Make the link that refreshes a file; arguments as of the page's `make_model`."""
    address = choice.address(base_url, selection)
    note = t("The link keeps the date you chose. Reset the filters to follow the latest data.")
    programs: tuple[Program, ...] = ()
    if not is_closed:  # else these programs cannot sign in: the page of the signed link has the steps
        excel, power_bi = (
            _readable(choice, formats_tried).address(base_url, selection)
            for formats_tried in (("xlsx", "csv"), ("parquet", "csv", "xlsx"))
        )
        name = order.name_extract(snapshot, selection, choice)
        curl = f"curl --fail --output {name} {shlex.quote(address)}"
        programs = (
            Program("Excel", _say(t, EXCEL), excel),
            Program("Power BI", _say(t, POWER_BI), power_bi),
            Program("OData", _say(t, ODATA), f"{base_url}{SERVICE.path}?{urlencode(selection.query_pairs())}"),
            Program(t("Script"), _say(t, SCRIPT), curl),
        )
    way = f"{base_url}/openapi?lang={t.language}"
    return LinkModel(
        title=t("A link that refreshes the file, in Excel or Power BI"),
        sentence=t("Each time a program opens this link, it gets the same selection with the newest data:"),
        address=address,
        note="" if selection.as_of is None else note,
        programs=programs,
        more=t("All other addresses, with code to copy: [{name}]({way})", name=t(HEADING), way=way),
    )


def _say(t: Translator, steps: Iterable[str]) -> tuple[str, ...]:
    return tuple(t(step) for step in steps)


def _readable(choice: Choice, formats: tuple[str, ...]) -> Choice:
    """Return the choice in a format that a program reads: its own if it is one of them, else the first."""
    return choice if choice.file_format in formats else replace(choice, file_format=formats[0], include=())
