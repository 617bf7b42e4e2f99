"""Rows among the data that are not data: totals, headings, headers again, titles, notes. The build rejects them.

A register that people keep by hand has such rows, and each would count as an action. SQL decides, sheet by sheet
(`02_odd_rows` and the steps after it), from a row's filled cells, from its words in three languages, from sums and
from its neighbours; a row that may be data stays. Where the recipe says so, headings are the value of
a field for the rows below.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import duckdb

from etl.profiling import timed
from etl.readers.engine import DUCKDB, Engine, Work
from etl.readers.sheets import Sheet
from etl.recipes.fields import FIELDS, IDS, NUMBERS, Field, Kind, Role
from etl.recipes.recipe_file import Recipe
from etl.recipes.sheet_plan import SheetPlan
from etl.sqlfiles import ask, insert_rows, run_file, run_step
from etl.texts.folding import Folding

_TITLES = ("title", "label")
_ASKED = ("prepared_rows", "test_rows")
_STEPS = (
    "02_prepared_rows", "02_test_rows", "02_help_rows", "02_asked_rows", "02_misplaced", "02_headers_again",
    "02_totals", "02_notes",
)  # fmt: skip
_LISTS = ("places", "themes", "categories", "stakeholder_groups", "statuses")
_MOST_COUNTED = 12  # columns of fields that are counted: more tell no more
_MOST_NAMES = 4  # columns to search for a total's word
_MOST_PREPARED = 5  # cells of a row that was prepared: its id, its number, a status and zeros
_WIDE = 40  # columns of a sheet up to which all count
_TEST = (
    r"(?i)\b(tests?|testing|tester|essais?|pruebas?|dummy|examples?|exemples?|ejemplos?|asdf\w*|sdfg\w*|qwert\w*|azert\w*"
    r"|h?jkl\w*|x{3,}|lorem|foo|bla|blah|deleted?|removed|ignored?|borrar|borrad[oa]|eliminar|eliminad[oa]|supprim\w+"
    r"|effacer|e\.g|p\. ?ej|par ex)\b"
)
_HELP = r"(?i)(^|\|)\W*((free|short|long|open) )?(text|texte|texto|string)( libre)?\W*(\||$)"
_TOTAL = r"(?i)\b(sub|sous)?-?(total|totals|totaux|totales|sum|suma|sumas|sommes?|averages?|moyennes?|promedios?)\b"


class PlannedSheet(NamedTuple):
    """A sheet in which to find rows that are not data.

    Attributes:
        number: Its number: `raw_<number>` holds its rows.
        keys: The columns (0-based) that join its rows to those of other sheets.
    """

    number: int
    plan: SheetPlan
    sheet: Sheet
    keys: frozenset[int] = frozenset()


@timed("rows that are none")
def reject_other_rows(
    connection: duckdb.DuckDBPyConnection, planned: Sequence[PlannedSheet], fold: Folding, engine: Engine = DUCKDB
) -> None:
    """Take the rows that are none out of the raw tables, each with its reason, before anything is made of them.

    A raw table gets a column `heading_<field>` for the value that a field has by the headings of its sheet.
    """
    for number, plan, *_ in planned:
        for field in plan.recipe.headings.fields if plan.recipe.headings else ():
            connection.execute(f"alter table raw_{number} add column heading_{field} varchar")
    for one in planned:
        if one.sheet.struck:
            with engine.whole(connection, f"raw_{one.number}"):
                _leave_out_struck(connection, one)
    _note_odd_rows(connection, [one for one in planned if not engine.is_shared(f"raw_{one.number}")])
    for one in planned:
        if engine.is_shared(f"raw_{one.number}"):
            engine.run(connection, f"raw_{one.number}", _ODD_ROWS, [one])
    odd = {number for (number,) in connection.execute("select distinct sheet_no from odd_rows").fetchall()}
    of_odd = [one for one in planned if one.number in odd]
    _read_odd_rows(connection, [one for one in of_odd if not engine.is_shared(f"raw_{one.number}")])
    for one in of_odd:
        with engine.whole(connection, f"raw_{one.number}"):
            if engine.is_shared(f"raw_{one.number}"):
                _read_odd_rows(connection, [one])
            _tell(connection, one, fold)


def _leave_out_struck(connection: duckdb.DuckDBPyConnection, planned: PlannedSheet) -> None:
    """Take out rows that are struck through, unless staff said that they count."""
    number, plan, sheet, _ = planned
    insert_rows(connection, "struck_cells", [(number, *row) for row in sheet.struck])
    parameters = {
        "kind": str(plan.recipe.holds),
        "sheet_no": number,
        "is_counted": plan.answer("struck_rows") == "count",
    }
    run_file(connection, "steps/02_struck_rows", parameters, raw=f"raw_{number}")


def _note_odd_rows(connection: duckdb.DuckDBPyConnection, planned: Sequence[PlannedSheet]) -> None:
    """Keep the numbers of rows that may be none: most sheets have none, and are not looked at further.

    One statement for all sheets: planning it takes longest.
    """
    parameters: dict[str, Any] = {"odd_words": f"{_TOTAL}|{_TEST}|{_HELP}"}
    selects = []
    for one in planned:
        words, *tests = _list_tests(one, parameters)
        selects.append(
            f"select {one.number} as sheet_no, source_row, {words} as words, {' or '.join(tests)} as is_odd "  # noqa: S608
            f"from raw_{one.number}"
        )
    if selects:
        connection.execute(
            f"insert into odd_rows select sheet_no, source_row from ({' union all '.join(selects)}) "  # noqa: S608
            "where is_odd or regexp_matches(words, $odd_words)",
            parameters,
        )


_ODD_ROWS = Work(_note_odd_rows, ("odd_rows",))


def _read_odd_rows(connection: duckdb.DuckDBPyConnection, planned: Sequence[PlannedSheet]) -> None:
    """Put the texts of the odd rows of sheets into `odd_texts`; one statement for all, as in `_note_odd_rows`."""
    selects = [
        f"select {number}, source_row, unnest([{cells}]), unnest(range(1, {width + 1})) from raw_{number} "  # noqa: S608
        f"where source_row in (select source_row from odd_rows where sheet_no = {number})"
        for number, _, sheet, _ in planned
        for width in [sheet.width]
        for cells in [", ".join(f"c{column}" for column in range(1, width + 1))]
    ]
    if selects:
        connection.execute(f"insert into odd_words {' union all '.join(selects)}")
        run_step(connection, "02_odd_texts")


def _list_tests(planned: PlannedSheet, parameters: dict[str, Any]) -> Iterator[str]:
    """List the conditions for looking at a row: words to search for words of totals and tests, and the others."""
    number, plan, sheet, keys = planned
    names = sorted({1, *_columns(plan, (*_TITLES, "stakeholder"))})[:_MOST_NAMES]
    yield f"concat_ws('|', {', '.join(f'left(c{c}, 40)' for c in names)})"
    fields = [f for f in FIELDS[plan.recipe.holds] if f.role is not Role.NUMBER and f.name in plan.places]
    every = (c for field in fields for c in plan.places[field.name].all_columns)
    columns = list(dict.fromkeys(every))[:_MOST_COUNTED]  # one column may be two fields
    cell_count = _count(range(sheet.width) if sheet.width <= _WIDE else columns)
    ids = sorted(_columns(plan, IDS) | {c + 1 for c in keys})
    cells_of_ids = ", ".join(f"c{c}" for c in ids)
    is_without_id = f"not regexp_matches(concat({cells_of_ids}), '\\d')" if ids else "true"  # a word is no id alone
    # A case, so that a row's cells are counted only where few of the fields are filled.
    yield (
        f"case {_count(columns)} when 0 then true when 1 then {is_without_id} or {cell_count} <= 2 "
        f"when 2 then {cell_count} <= {_MOST_PREPARED} end"
    )
    if title_columns := sorted(_columns(plan, (*_TITLES, "stakeholder"))):
        yield f"{_count(c - 1 for c in title_columns)} = 0"
    parameters[f"headers_{number}"] = sorted({words.lower() for words, _ in _known_headers(plan)})
    for c in columns[:2]:
        yield f"list_contains($headers_{number}::varchar[], lower(c{c + 1}))"
    if sheet.width > 1:
        yield "(c1 in ('1', 'a', 'A', '(1)', '(a)') and c2 in ('2', 'b', 'B', '(2)', '(b)'))"


def list_understood_headings(connection: duckdb.DuckDBPyConnection, number: int) -> list[tuple[str, int, list[str]]]:
    """List the fields that a sheet's headings, found before, may be values of; how many, and some of them."""
    return ask(connection, "odd_rows/understood_headings", {"sheet_no": number, "lists": list(_LISTS)})


def _count(columns: Iterable[int]) -> str:
    """Count the filled ones of these columns (from 0), as SQL."""
    return f"list_count([{', '.join(f'c{c + 1}' for c in columns)}])"


def _tell(connection: duckdb.DuckDBPyConnection, planned: PlannedSheet, fold: Folding) -> None:
    """Find out which rows of a sheet are none; of the steps those are run that something in its odd rows asks for."""
    number, plan, *_ = planned
    parameters = _describe(planned, fold) | _describe_headings(plan.recipe, fold) | {"sheet_no": number}

    def run(step: str) -> None:
        run_file(connection, f"steps/{step}", parameters, raw=f"raw_{number}")

    run("02_odd_rows")
    has_headers, has_misplaced, has_totals, has_few, *flags = ask(
        connection, "odd_rows/asked_steps", {"above": parameters["above"]}
    )[0]
    needed = (*flags, any(flags), has_misplaced, has_headers, has_totals, has_few)
    for step, is_needed in zip(_STEPS, needed, strict=True):
        if is_needed:
            run(step)
    if has_few and ask(connection, "odd_rows/may_have_headings", {"titles": parameters["titles"]}):
        run("02_heading_rows")
        if plan.recipe.headings:
            run("02_headings")
            _fill_headings(connection, number, plan.recipe.headings.fields)
    has_open = _answer_places(connection, planned, parameters["known_at"]) if has_headers or has_misplaced else False
    if has_headers or has_totals or has_few or has_open or any(flags):
        run("02_take_out")


def _answer_places(connection: duckdb.DuckDBPyConnection, planned: PlannedSheet, known_at: Sequence[str]) -> bool:
    """Read rows below other headers, and rows out of place, as staff said; leave out those without an answer.

    Return whether rows are left out. `known_at` are the headers of the sheet, each with its column (`themes@3`).
    """
    number, plan = planned.number, planned.plan
    ranges: list[tuple[int, int, str]] = []
    moved = ask(connection, "odd_rows/moved_tables", {"sheet_no": number})
    answer = plan.answer("headers_moved")
    if moved and answer == "below":
        for header_row, last_row in moved:
            _move_columns(connection, planned, (header_row, last_row), known_at)
    elif moved and answer != "right":
        ranges.append((moved[0][0] + 1, moved[-1][1], "moved"))
    answer = plan.answer("rows_misplaced")
    for what, first_row, last_row, column in ask(connection, "odd_rows/misplaced", {"sheet_no": number}):
        if what == "apart" and answer != "right":
            ranges.append((first_row, last_row, what))
        elif what == "column" and answer != "right":
            _move_up(connection, number, column, is_known=answer == "up")
            ranges.append((first_row, last_row, what))
    for first_row, last_row, what in ranges:
        parameters = {"first_row": first_row, "last_row": last_row, "what": what}
        run_file(connection, "steps/02_left_open", parameters, raw=f"raw_{number}")
    return bool(ranges)


def _move_columns(
    connection: duckdb.DuckDBPyConnection, planned: PlannedSheet, rows: tuple[int, int], known_at: Sequence[str]
) -> None:
    """Put the cells below a second header row under the headers of the first; a column that it lacks stays empty."""
    columns = {words: int(column) for words, _, column in (text.rpartition("@") for text in known_at) if column != "0"}
    headers = ask(connection, "odd_rows/header_cells", {"source_row": rows[0]})
    moved = {columns[words]: column for words, column in headers if words in columns}
    cells = [f"c{to} = {f'c{moved[to]}' if to in moved else 'null'}" for to in range(1, planned.sheet.width + 1)]
    connection.execute(
        f"update raw_{planned.number} set {', '.join(cells)} "  # noqa: S608  (column numbers)
        "where source_row > $first and source_row <= $last",
        {"first": rows[0], "last": rows[1]},
    )


def _move_up(connection: duckdb.DuckDBPyConnection, number: int, column: int, *, is_known: bool) -> None:
    """Move the cells of a column up by one row; where nobody knows that, it stays empty."""
    words = f"lead(c{column}) over (order by source_row)" if is_known else "null"
    connection.execute(
        f"update raw_{number} set c{column} = m.words "  # noqa: S608  (column and table numbers)
        f"from (select source_row, {words} as words from raw_{number}) as m "
        f"where raw_{number}.source_row = m.source_row"
    )


def _fill_headings(connection: duckdb.DuckDBPyConnection, number: int, fields: Iterable[str]) -> None:
    for field in fields:
        connection.execute(
            f"update raw_{number} set heading_{field} = h.words from heading_values as h "  # noqa: S608  (closed lists)
            f"where h.field = $field and raw_{number}.source_row = h.source_row",
            {"field": field},
        )


def _describe(planned: PlannedSheet, fold: Folding) -> dict[str, Any]:
    """Describe a sheet's columns, as far as they separate rows; columns count from 1."""
    _, plan, sheet, keys = planned
    fields = FIELDS[plan.recipe.holds]
    titles = (*_TITLES, "stakeholder") if plan.recipe.holds is Kind.PROGRESS_REPORTS else _TITLES
    ids = _columns(plan, IDS) | {c + 1 for c in keys}
    unsummed = [f.name for f in fields if f.role in (Role.DAY, Role.TIME, Role.NUMBER) and f.name not in NUMBERS]
    rounds = {c + 1 for _, places in plan.rounds for place in places.values() for c in place.all_columns}
    headers = [*plan.headers, *[None] * (sheet.width - len(plan.headers))][: sheet.width]
    header_places = [(fold(words), column) for words, column in _known_headers(plan)]
    naming = ids | _columns(plan, (*titles, "stakeholder"))
    return {
        "headers": [fold(header) if header else None for header in headers],
        "known": sorted({words for words, _ in header_places}),
        "known_at": sorted({f"{words}@{column}" for words, column in header_places}),
        "names": sorted({words for words, column in header_places if column in naming}),
        "above": [fold(cell) for row in sheet.preview[: max(plan.header_row, 1) - 1] for cell in row if cell],
        "titles": sorted(_columns(plan, titles)),
        "makers": sorted(_columns(plan, ("stakeholder",))),
        "ids": sorted(ids),
        "statuses": sorted(_columns(plan, ("status",))),
        "counted": [kind for kind in _ASKED if plan.answer(kind) == "count"],
        "coded": sorted(_columns(plan, [f.name for f in fields if f.role not in (Role.TEXT, Role.PROSE)])),
        "unsummed": sorted(ids | _columns(plan, unsummed) | rounds),
        "wide": list(_wide_rows(plan, sheet)),
        "lists": list(_LISTS),
        "kind": str(plan.recipe.holds),
    }


def _known_headers(plan: SheetPlan) -> Iterator[tuple[str, int]]:
    """List the possible cells of a header row of such a table, each with its column (from 1) here; 0 for none.

    Besides the sheet's own headers these are the other spellings of its fields that the recipe knows.
    """
    for column, header in enumerate(plan.headers, 1):
        if header:
            yield header, column
    for name, mapping in plan.recipe.fields.items():
        place = plan.places.get(name)
        for spelling in mapping.spellings:
            if "*" not in spelling:
                for column in place.columns if place else (-1,):
                    yield spelling, column + 1


def _columns(plan: SheetPlan, names: Iterable[str]) -> set[int]:
    return {c + 1 for name in names if name in plan.places for c in plan.places[name].all_columns}


def _wide_rows(plan: SheetPlan, sheet: Sheet) -> Iterable[int]:
    """List the rows with a cell that is merged over at least half of the columns that have a header."""
    width = max(2, sum(1 for header in plan.headers if header) / 2)
    return (m.first_row for m in sheet.merged or () if m.first_row == m.last_row and m.columns >= width)


def _describe_headings(recipe: Recipe, fold: Folding) -> dict[str, Any]:
    """Describe the fields that headings are values of, with their codelists, and the recipe's words for codes."""
    names = list(recipe.headings.fields) if recipe.headings else []
    fields_by_name: dict[str, Field] = {field.name: field for field in FIELDS[Kind(recipe.holds)]}
    value_words = [(name, fold(word)) for name in names for word in recipe.values.get(name, {})]
    return {
        "fields": names,
        "field_lists": [fields_by_name[name].codelist for name in names],
        "own_fields": [name for name, _ in value_words],
        "own_words": [word for _, word in value_words],
    }
