"""Take contacts and other traces of persons out of the rows, before anything is made of them.

They leave the raw tables once all files are loaded and before any row is staged: so names, titles, keys, codes, waves,
answers, the labels of choices, and the values that match nothing all come from cleaned cells, and no later step can
forget to clean them. The row's countries are not resolved yet, and a report or a milestone names none of its own. So
national numbers are tried in all countries in any file of the campaign: an organisation's number is as often its seat's
as that of the country it acts in.

Names of makers, codes and days are compared and counted, so that they lose contacts alone; so do events and stories,
which are published already, and name the speakers, unless they came by link.

Personal columns and columns for staff are not cleaned: they go to the private store unchanged. Ids join rows: an id
that is somebody's address gives way to the same code everywhere (`etl/inputs/handles.py`).
"""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import duckdb

from dashboard.campaign.folder import CampaignFolder
from etl.inputs.handles import HiddenIds
from etl.pipeline.staging import Statement
from etl.profiling import timed
from etl.readers.engine import DUCKDB, Engine
from etl.readers.sheets import in_portions, list_columns
from etl.recipes.fields import FIELDS, Kind, Role
from etl.recipes.recipe_file import Recipe, list_prefixes
from etl.recipes.sheet_plan import Place, SheetPlan
from etl.sqlfiles import ask, has_rows, insert_rows
from etl.texts.contacts import without_contacts, without_persons
from etl.texts.phones import may_hold_phone


class TextColumn(NamedTuple):
    """A column of texts of one of the build's tables, or of ids; both names are the program's own.

    Attributes:
        is_id: Whether it joins rows.
        rows: The number of the table's rows, where known.
        is_exact: Whether it loses contacts alone.
    """

    table: str
    name: str
    is_id: bool = False
    rows: int = sys.maxsize
    is_exact: bool = False


def list_sheet_columns(
    number: int, plan: SheetPlan, width: int, ids: Collection[int], rows: int
) -> Iterator[TextColumn]:
    """List the columns of a sheet's raw rows, except those for staff alone; `ids`: the columns (0-based) of ids."""
    hidden_columns = {*plan.personal, *plan.staff}
    prose_fields = {field.name for field in FIELDS[plan.recipe.holds] if field.role is Role.PROSE} - {"stakeholder"}
    exact = {c for name, place in plan.field_places if name not in prose_fields for c in place.all_columns}
    are_posts = plan.recipe.holds in (Kind.EVENTS, Kind.STORIES) and not plan.recipe.is_by_link
    for column, name in enumerate(list_columns(width)):
        if column not in hidden_columns:
            yield TextColumn(f"raw_{number}", name, column in ids, rows, are_posts or column in exact)


class ContactMask:
    """Takes contacts out of texts, from the build's tables or given ones; it judges each distinct text once."""

    def __init__(
        self,
        folder: CampaignFolder,
        connection: duckdb.DuckDBPyConnection,
        planned: Iterable[tuple[int, SheetPlan]],
        engine: Engine = DUCKDB,
    ) -> None:
        """Begin for the sheets (number, plan) of a build, whose rows are in `raw_<number>`."""
        self._engine = engine
        self._connection = connection
        self._planned = list(planned)
        self._hidden = HiddenIds(folder, list_prefixes(plan.recipe for _, plan in self._planned))
        self._regions: tuple[str, ...] | None = None
        self._judged: dict[bool, dict[str, str]] = {True: {}, False: {}}  # by whether they lose contacts alone
        self._codes: dict[str, str] = {}

    @timed("contacts in free text")
    def clean_columns(self, columns: Iterable[TextColumn]) -> None:
        """Replace texts with a contact by their cleaned form, and ids with one by their codes."""
        by_table = sorted(columns, key=lambda column: column.table)
        local = [column for column in by_table if not self._engine.is_shared(column.table)]
        filled = [
            column
            for table, members in groupby(local, key=lambda column: column.table)
            for columns in [list(members)]
            if _hold_text(self._connection, table, columns)
            for column in columns
        ]
        cells = {
            cell
            for portion in in_portions(filled, lambda column: column.rows)
            for cell in find_cells(self._connection, portion)
        }
        for table, members in groupby(sorted(set(by_table).difference(local)), key=lambda column: column.table):
            cells.update(self._engine.ask(self._connection, table, find_cells, list(members)))
        for is_exact in self._judged:
            texts = {words for column, words in cells if not column.is_id and column.is_exact is is_exact}
            self._judge(texts, is_exact=is_exact)
        self._hide({words for column, words in cells if column.is_id})
        changed = {column for column, words in cells if self._find_cleaned(column)[words] != words}
        for table, members in groupby(sorted(changed), key=lambda column: column.table):
            self._engine.rewrite(self._connection, table, replace_cells, list(members), needs=_CLEANED)

    def _find_cleaned(self, column: TextColumn) -> Mapping[str, str]:
        return self._codes if column.is_id else self._judged[column.is_exact]

    def _hide(self, ids: set[str]) -> None:
        """Learn the codes for ids that hold a contact, everywhere."""
        new = {text: self._hidden.hide(text) for text in sorted(ids - self._codes.keys())}
        self._codes |= new
        insert_rows(self._connection, "hidden_ids", [pair for pair in new.items() if pair[0] != pair[1]])

    def clean(self, texts: Sequence[str | None]) -> tuple[str | None, ...]:
        """Return these texts, such as headers, without contacts."""
        self._judge({text for text in texts if text}, is_exact=True)
        return tuple(self._judged[True][text] if text else text for text in texts)

    def _judge(self, texts: set[str], *, is_exact: bool) -> None:
        """Learn the rest of each text that may hold traces of a person."""
        judged = self._judged[is_exact]
        new = sorted(texts - judged.keys())
        if not new:
            return
        regions = self._know_regions() if any(map(may_hold_phone, new)) else ()
        clean = without_contacts if is_exact else without_persons
        cleaned = [(text, clean(text, regions)) for text in new]
        judged.update(cleaned)
        insert_rows(
            self._connection,
            "exact_texts" if is_exact else "free_texts",
            [pair for pair in cleaned if pair[0] != pair[1]],
        )

    def _note_countries(self, number: int, recipe: Recipe, place: Place) -> None:
        """Put a sheet's texts on countries into `country_cells`."""
        statement = Statement(recipe)
        self._connection.execute(
            f"insert into country_cells select distinct {statement.place(place, several=True)} from raw_{number}",  # noqa: S608
            statement.parameters,
        )

    def _know_regions(self) -> tuple[str, ...]:
        if self._regions is None:
            self._regions = self._list_regions()
        return self._regions

    def _list_regions(self) -> tuple[str, ...]:
        """List the countries (ISO 3166, two letters) that the sheets write, or that a recipe's value map means."""
        countries: set[str] = set()
        for number, plan in self._planned:
            countries.update(code for codes in plan.recipe.values.get("countries", {}).values() for code in codes)
            countries.update({plan.recipe.constants.get("countries", "")} - {""})
            if place := plan.places.get("countries"):
                self._note_countries(number, plan.recipe, place)
        insert_rows(self._connection, "country_cells", [(code,) for code in sorted(countries)])
        return tuple(iso2 for (iso2,) in ask(self._connection, "contact_regions"))


def _hold_text(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[TextColumn]) -> bool:
    """Return whether these columns of a table hold anything: planning the search for contacts takes longer."""
    texts = ", ".join(column.name for column in columns)
    return has_rows(connection, table) and has_rows(connection, f"{table} where coalesce({texts}) is not null")


def find_cells(connection: duckdb.DuckDBPyConnection, columns: Sequence[TextColumn]) -> list[tuple[TextColumn, str]]:
    """Find the distinct cells of columns that may hold traces of a person, by one statement that is planned once."""
    parameters: dict[str, list[Any]] = {}
    selects: list[str] = []
    for table, group in groupby(enumerate(columns), key=lambda one: one[1].table):
        members = list(group)
        places, kinds = f"places_{len(selects)}", f"kinds_{len(selects)}"
        parameters[places] = [place for place, _ in members]
        parameters[kinds] = [_name_kind(column) for _, column in members]
        selects.append(
            f"select unnest(${places}::integer[]) as place, unnest(${kinds}::varchar[]) as kind, "  # noqa: S608  (as above)
            f"unnest([{', '.join(column.name for _, column in members)}]) as words from {table}"
        )
    if not selects:
        return []
    cells = connection.execute(
        # A look takes longer than to find the same words in other rows.
        f"with cells as materialized (select distinct place, kind, words from ({' union all '.join(selects)})) "  # noqa: S608
        "select place, words from cells where may_be_cleaned(kind, words) order by all",
        parameters,
    ).fetchall()
    return [(columns[place], words) for place, words in cells]


def _name_kind(column: TextColumn) -> str:
    """Name the kind of a column for the macro `may_be_cleaned`."""
    return "id" if column.is_id else "exact" if column.is_exact else "free"


_CLEANED = ("hidden_ids", "exact_texts", "free_texts")


def replace_cells(connection: duckdb.DuckDBPyConnection, columns: Sequence[TextColumn]) -> None:
    """Replace cells of columns by their values in `_CLEANED`."""
    for column in columns:
        cleaned = "hidden_ids" if column.is_id else f"{_name_kind(column)}_texts"
        connection.execute(
            f"update {column.table} set {column.name} = t.cleaned from {cleaned} as t "  # noqa: S608
            f"where {column.name} = t.written"
        )
