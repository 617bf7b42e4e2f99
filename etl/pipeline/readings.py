"""The reading of cells that mean different things in different columns: each column as a whole decides.

`date_orders` and `number_columns`, and `column_readings` in the snapshot, hold each decision, its reason and the
amount of evidence. Staff are asked about columns without a decision (`etl/sql/checks`, severity `question`), and about
the day of a file's statuses where its rows have none, with the days in its names and cells.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb

from etl.pipeline.staging import DateReading, note_dates, note_real_dates
from etl.pipeline.versions import date_in_name
from etl.profiling import timed
from etl.readers.engine import DUCKDB, Engine, Work
from etl.recipes.fields import FIELDS, Kind, Role
from etl.recipes.recipe_file import RowPart
from etl.recipes.sheet_plan import Place, SheetPlan
from etl.sqlfiles import ask, insert_rows, run_file, run_step


@timed("days suggested")
def note_day_hints(connection: duckdb.DuckDBPyConnection, campaign: Mapping[str, Any]) -> None:
    """Note the days in the names of each such file, sheet and column, and the latest in cells; none is taken unasked.

    Args:
        connection: The work database; `report_rows` holds the reports, `raw_<number>` each sheet's rows.
        campaign: The first and last day of the campaign, `starts_on` and `ends_on`.
    """
    untold = ask(connection, "readings/untold_days")
    names = {name for *_, title, header in untold for name in (title, header) if name and any(map(str.isdigit, name))}
    days = dict(ask(connection, "readings/days_in_titles", {"titles": sorted(names)})) if names else {}
    for number, round_no, file, title, header in untold:
        facts = {"sheet_no": number, "round_no": round_no, "in_title": days.get(title), "in_header": days.get(header)}
        facts["in_name"] = date_in_name(file, with_years=False)
        run_file(connection, "steps/79_day_hints", {**campaign, **facts}, raw=f"raw_{number}")


_DECIDED = (Role.DAY, Role.TIME, Role.NUMBER)
_LONGEST_MARK = 200  # letters of a cell; longer ones are texts and never say yes or no


@timed("dates")
def read_dates(
    connection: duckdb.DuckDBPyConnection,
    planned: Sequence[tuple[int, SheetPlan]],
    engine: Engine = DUCKDB,
) -> dict[int, dict[str, DateReading]]:
    """Read the dates of all sheets, column by column.

    `connection`: the work database; `raw_<number>` holds each sheet's rows.

    Returns:
        For each sheet the reading of each field where it matters. `written_dates` has the texts and their dates, by
        their order of day and month.
    """
    insert_rows(connection, "columns_to_decide", [row for planned_sheet in planned for row in _columns(*planned_sheet)])
    for number, plan in planned:
        engine.run(connection, f"raw_{number}", _EVIDENCE, plan, number)
    run_step(connection, "03_date_evidence")
    for number in _undecided(connection):
        run_file(connection, "steps/03_other_dates", {"sheet_no": number}, raw=f"raw_{number}")
    too_sure = _too_sure(connection)
    for number, plan in planned:
        if names := too_sure.get(number):
            engine.run(connection, f"raw_{number}", _REAL_DATES, plan, number, names)
    run_step(connection, "04_date_orders")
    run_step(connection, "05_read_dates")  # once for all sheets: planning it takes longest
    orders: dict[int, dict[str, DateReading]] = defaultdict(dict)
    query = (
        "select sheet_no, field, coalesce(date_order, 'dmy'), real_dates from date_orders "
        "where date_order is not null or real_dates <> 'right'"
    )
    for number, field, *reading in connection.execute(query).fetchall():
        orders[number][field] = DateReading(*reading)
    return orders


@timed("numbers that may be read otherwise")
def look_at_other_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Note the decimal mark of other columns, in the files whose numbers do not reveal their own.

    Args:
        connection: The work database; `number_cells` holds the numbers, `raw_<number>` each sheet's rows.
    """
    for (number,) in ask(connection, "readings/undecided_numbers"):
        run_file(connection, "steps/78_other_numbers", {"sheet_no": number}, raw=f"raw_{number}")


def note_choices(
    connection: duckdb.DuckDBPyConnection,
    plan: SheetPlan,
    number: int,
    name: str,
    place: Place,
    text_columns: Collection[int] = (),
) -> None:
    """Put the columns of choices of a field or question into `choice_cells`, for a judgement as a whole.

    `connection`: the work database; `raw_<number>` holds the sheet's rows.
    `place`: its place; without columns of choices nothing is done.
    `text_columns`: columns of the texts under "Other".
    """
    columns = [c for _, columns in place.choices for c in columns if c not in text_columns]
    if not columns:
        return
    cells = ", ".join(f"c{column + 1}" for column in dict.fromkeys(columns))
    labels = [header for column in columns if column < len(plan.headers) and (header := plan.headers[column])]
    labels += [value for value, _ in place.choices]
    connection.execute(
        "insert into choice_cells select $number, $name, $header, $is_stated, lower(value), "  # noqa: S608  (numbers)
        "coalesce(list_contains($not_taken::varchar[], lower(value)), false), "
        "len(list_filter($labels::varchar[], lambda label: contains(label, lower(value)))) > 0, count(*), "
        f"min(source_row) from (unpivot (select source_row, {cells} from raw_{number}) "
        "on columns(* exclude (source_row)) into name column_name value value) "
        "where length(value) <= $longest and not list_contains($blank::varchar[], lower(value)) group by all",
        {
            "number": number,
            "name": name,
            "header": plan.headers[columns[0]] if columns[0] < len(plan.headers) else None,
            "is_stated": place.not_taken is not None,
            "not_taken": [word.strip().lower() for word in place.not_taken or ()],
            "labels": [label.lower() for label in labels],
            "longest": _LONGEST_MARK,
            "blank": [word.lower() for word in plan.recipe.read.blank],
        },
    )


def clear_open_choices(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget the cells of columns of choices where nobody knows the sign of a taken choice.

    Args:
        connection: The work database; `choice_columns` has the reading of such columns.
    """
    run_step(connection, "18_open_answers")
    fields = connection.execute(
        "select c.sheet_no, s.kind, c.field from choice_columns as c inner join sheets as s using (sheet_no) "
        "inner join kind_fields as k using (kind, field) where c.question is not null"
    ).fetchall()
    for number, kind, field in fields:
        connection.execute(f"update staged_{kind} set {field} = null where sheet_no = $number", {"number": number})  # noqa: S608


def _note_evidence(connection: duckdb.DuckDBPyConnection, plan: SheetPlan, number: int) -> None:
    """Note the values of a sheet's columns whose cells decide together how they are read."""
    note_dates(connection, plan, number)
    for name, place in plan.field_places:
        note_choices(connection, plan, number, name, place)


_EVIDENCE = Work(_note_evidence, ("dates_to_read", "choice_cells"))
_REAL_DATES = Work(note_real_dates, ("dates_beside",))


def _columns(number: int, plan: SheetPlan) -> Iterator[tuple[object, ...]]:
    """List the places of a sheet's columns that are read as a whole, with the recipe's statements on them."""
    recipe = plan.recipe
    for field in FIELDS[recipe.holds]:
        if field.role is Role.NUMBER:
            id_places = [plan.places[field.name]] if field.name in plan.places else []
            date_settings = recipe.stated(field.name, recipe.fields)
            yield number, field.name, None, _headers(plan, id_places), *date_settings, recipe.is_own
        elif field.role in _DECIDED or field.several:
            places = [place for name, place in plan.field_places if name == field.name]
            yield number, field.name, None, _headers(plan, places), *recipe.stated(field.name), recipe.is_own
    of_kinds: tuple[tuple[Kind, Sequence[tuple[RowPart, dict[str, Place]]]], ...]
    of_kinds = ((Kind.PROGRESS_REPORTS, plan.rounds), (Kind.RESULTS, plan.results))
    for kind, parts in of_kinds:
        for nth, (one, places_of) in enumerate(parts, 1):
            for name in (f.name for f in FIELDS[kind] if f.role is Role.NUMBER and f.name in places_of):
                settings = recipe.stated(name, one.fields)
                yield number, name, nth, _headers(plan, [places_of[name]]), *settings, recipe.is_own
    for field in FIELDS[Kind.RESULTS] if plan.results else ():
        if field.role is Role.DAY:
            places = [places[field.name] for _, places in plan.results if field.name in places]
            yield number, field.name, None, _headers(plan, places), *recipe.stated(field.name), recipe.is_own


def _headers(plan: SheetPlan, places: Iterable[Place]) -> str | None:
    """Join the headers of the columns at some places into one text."""
    headers = [plan.headers[i] for place in places for i in place.columns if i < len(plan.headers)]
    return " / ".join(dict.fromkeys(text for text in headers if text)) or None


def _undecided(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """List the sheets of exports with a column of dates that does not reveal how it is written."""
    return [
        number
        for (number,) in connection.execute(
            "select s.sheet_no from sheets as s inner join files as f using (source_file) "
            "where s.recipe is not null and f.container in ("
            "select i.container from date_evidence as e inner join sheets as t using (sheet_no) "
            "inner join files as i using (source_file) "
            "where e.ambiguous > 0 and e.day_first = 0 and e.month_first = 0) order by 1"
        ).fetchall()
    ]


def _too_sure(connection: duckdb.DuckDBPyConnection) -> dict[int, list[str]]:
    """List by sheet the columns in which every written date proves the same order: the others may have been turned."""
    fields: dict[int, list[str]] = defaultdict(list)
    for number, field in connection.execute(
        "select sheet_no, field from date_evidence where cells = greatest(day_first, month_first)"
    ).fetchall():
        fields[number].append(field)
    return fields
