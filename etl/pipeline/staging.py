"""Raw rows → fields: one statement a sheet, generated from the recipe's plan.

A statement has two floors: the inner select names the column of each field (`title` is `c3`), the outer one reads it
(`read_id(w.report_id)`). Identifiers come from closed lists (fields, column numbers); every value of a
recipe is a bound parameter.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import duckdb

from dashboard.ground.files.formula_guard import GUARDED
from etl.profiling import timed
from etl.readers.engine import Work
from etl.recipes.fields import FIELDS, NUMBERS, TEXT_KINDS, Field, Kind, Role, columns
from etl.recipes.recipe_file import Recipe
from etl.recipes.sheet_plan import ALL_OTHERS, LeftOut, Place, SheetPlan
from etl.sqlfiles import has_rows

CHOICE_SEPARATOR = "\x1f"
LEFT_OUT = "left out, as the recipe says: "
_SAYS = ("status", "percent", "completed_on")  # without any of them a row of a register is no report
_REPORTING = (Kind.ACTIONS, Kind.PROGRESS_REPORTS)
_NAMING = ("submission_id", "submission_ref", "report_id", "stakeholder", "title")
"""What names the action or the report of a row."""
_KEYS = ("row_no", "sheet_no", "recipe_no", "words_no", "source_row")


class RowsBefore(NamedTuple):
    """The numbers at which a sheet's rows begin.

    Attributes:
        of_kind: The highest row number of the sheet's kind so far; None where its rows have no kind.
        reports: The highest number of progress reports, for its rounds; None where it has none.
        results: The highest number of results, for those in its rows; None where it has none.
        last: The number of the sheet's last row.
    """

    of_kind: int | None
    reports: int | None
    results: int | None
    last: int


class DateReading(NamedTuple):
    """The reading of a field's dates.

    Attributes:
        order: `dmy` or `mdy`; `none` where nobody knows, so that ambiguous dates stay empty.
        real_dates: The state of a workbook's own dates: `right`, `turned` (day and month are turned back), `none`.
    """

    order: str = "dmy"
    real_dates: str = "right"


class SheetNames(NamedTuple):
    """The names of a sheet: its file, and its own name if it has one."""

    file: str
    sheet: str | None


class SheetNumbers(NamedTuple):
    """The numbers of a sheet: its own, its recipe's, and that of the words that read its cells."""

    sheet_no: int
    recipe_no: int
    words_no: int


def create_staged_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create one staged table a kind, with the columns of its fields, and the views of all rows and cells of one sort.

    `staged_rows`: `is_own` is false of what stands in the row of something else, which is staged too.
    """
    coded, unread, rows = [], [], []
    for kind, fields in FIELDS.items():
        types = dict(column for field in fields for column in columns(field))
        keys = "row_no bigint, sheet_no integer, recipe_no integer, words_no integer, source_row bigint"
        if kind in _REPORTING:  # whether the recipe states the day of reporting, and no cell
            keys += ", is_day_of_recipe boolean default false"
        if kind is Kind.PROGRESS_REPORTS:  # a round of a row; `in_register`: of an action's
            keys += ", round_no integer, in_register boolean default false"
        if kind is Kind.RESULTS:  # which of the results in a row of actions or reports
            keys += ", block_no integer"
        connection.execute(f"create table staged_{kind} ({keys}, {', '.join(map(' '.join, types.items()))})")
        names = [name if name in types else f"null::varchar as {name}" for name in _NAMING]
        is_own = {Kind.PROGRESS_REPORTS: "not in_register", Kind.RESULTS: "block_no is null"}.get(kind, "true")
        rows.append(
            f"select '{kind}' as kind, row_no, sheet_no, source_row, {is_own} as is_own, {', '.join(names)} "  # noqa: S608
            f"from staged_{kind}"
        )
        coded += [
            f"select '{kind}' as kind, row_no, sheet_no, words_no, source_row, '{field.name}' as field, "  # noqa: S608
            f"'{field.codelist}' as list, {field.name} as cell from staged_{kind}"
            for field in fields
            if field.codelist
        ]
        unread += [
            f"select sheet_no, '{field.name}' as field, {field.name}_unread as value from staged_{kind}"  # noqa: S608
            for field in fields
            if field.role in _QUICK
        ]
    connection.execute(f"create view staged_rows as {' union all '.join(rows)}")
    connection.execute(f"create view row_cells as {' union all '.join(coded)}")
    connection.execute(f"create view unread_cells as {' union all '.join(unread)}")
    connection.execute("create table asked_actions as from staged_actions")


class SheetStaging(NamedTuple):
    """One sheet whose rows are staged: `raw_<sheet_no>` of the work database holds them, `written_dates` their dates.

    Attributes:
        orders: The reading of each field's dates, where it matters.
    """

    connection: duckdb.DuckDBPyConnection
    plan: SheetPlan
    numbers: SheetNumbers
    orders: Mapping[str, DateReading]

    @timed("map a sheet")
    def stage_rows(self, rows_before: int) -> None:
        """Map the rows into their kind's staged table.

        `rows_before`: the highest row number of the kind so far; a row's own is this plus its place in the sheet.
        """
        self._stage(rows_before, f"staged_{self.plan.recipe.holds}", f"raw_{self.numbers.sheet_no}")

    @timed("map rows that are asked about")
    def stage_asked_rows(self, width: int) -> None:
        """Map rows into `asked_actions` where staff are asked whether they count; they are used for nothing else.

        `width`: the number of the sheet's columns.
        """
        cells = ", ".join(f"cells[{column}] as c{column}" for column in range(1, width + 1))
        rows = f"(select source_row, {cells} from asked_rows where sheet_no = {self.numbers.sheet_no})"  # noqa: S608  (numbers)
        self._stage(0, "asked_actions", rows)

    @timed("map rounds")
    def stage_rounds(self, rows_before: int, last: int) -> None:
        """Stage the rounds side by side in the rows, each as a progress report of its own.

        A round without status, percent and completion date is none. A row of reports still has one where all its rounds
        are empty: somebody has answered. `last` is the number of the sheet's last row.
        """
        plan, statement = self.plan, Statement(self.plan.recipe)
        in_register = plan.recipe.holds is not Kind.PROGRESS_REPORTS
        rounds = [
            (places, one.constants)
            if in_register
            else ({**plan.places, **places}, {**plan.recipe.constants, **one.constants})
            for one, places in plan.rounds
        ]
        texts = [statement.part_fields(Kind.PROGRESS_REPORTS, *one) for one in rounds]
        fields = [field for field in FIELDS[Kind.PROGRESS_REPORTS] if any(field in one for one in texts)]
        days = [statement.is_day_of_recipe(*one) for one in rounds]
        row_no = f"{statement.bind(rows_before)} + {statement.bind(last)} * (w.nth - 1) + w.source_row"
        readings = self._read_keys(statement, row_no)
        readings |= {"round_no": "w.round_no", "in_register": statement.bind(in_register)}
        readings["is_day_of_recipe"] = "w.is_day_of_recipe"
        rows = _select_rounds(fields, texts, days, self._raw, in_register)
        self._insert(statement, "staged_progress_reports", readings, fields, rows)

    @timed("map results")
    def stage_results(self, rows_before: int, last: int) -> None:
        """Stage the results side by side in the rows of actions or reports; without a number it is none."""
        statement = Statement(self.plan.recipe)
        texts = [statement.part_fields(Kind.RESULTS, places, one.constants) for one, places in self.plan.results]
        fields = [field for field in FIELDS[Kind.RESULTS] if any(field in one for one in texts)]
        number_columns = ", ".join(["null", *(field.name for field in fields if field.name in NUMBERS)])
        parts = _stack_parts("block_no", [_name_texts(fields, one) for one in texts], self._raw)
        rows = f"select * from ({parts}) where coalesce({number_columns}) is not null"  # noqa: S608  (closed lists)
        row_no = f"{statement.bind(rows_before)} + {statement.bind(last)} * (w.block_no - 1) + w.source_row"
        readings = self._read_keys(statement, row_no) | {"block_no": "w.block_no"}
        self._insert(statement, "staged_results", readings, fields, rows)

    @property
    def _raw(self) -> str:
        return f"raw_{self.numbers.sheet_no}{rows_kept(self.plan, self.numbers.sheet_no)}"

    def _stage(self, rows_before: int, into: str, raw: str) -> None:
        """Stage rows by the fields of their recipe; the inner floor has the text of each, by the field's name."""
        recipe, statement = self.plan.recipe, Statement(self.plan.recipe)
        fields = statement.fields(self.plan)
        readings = self._read_keys(statement, f"{statement.bind(rows_before)} + w.source_row")
        texts = [f"{text} as {field.name}" for field, text in fields.items()]
        if recipe.holds in _REPORTING:
            readings["is_day_of_recipe"] = "w.is_day_of_recipe"
            texts.append(f"{statement.is_day_of_recipe(self.plan.places, recipe.constants)} as is_day_of_recipe")
        condition = rows_kept(self.plan, self.numbers.sheet_no)
        rows = f"select {', '.join(['source_row', *texts])} from {raw}{condition}"  # noqa: S608  (closed lists)
        self._insert(statement, into, readings, fields, rows)

    def _read_keys(self, statement: "Statement", row_no: str) -> dict[str, str]:
        """Read the keys of a row, by column; `row_no` is an expression."""
        return dict(zip(_KEYS, (row_no, *map(statement.bind, self.numbers), "w.source_row"), strict=True))

    def _insert(
        self, statement: "Statement", into: str, readings: Mapping[str, str], fields: Iterable[Field], rows: str
    ) -> None:
        """Insert the rows of a select (`w`) into a staged table: expressions by column, then what fields hold."""
        names, expressions, joins = [*readings], [*readings.values()], list[str]()
        for field in fields:
            names += [name for name, _ in columns(field)]
            expressions += _read(statement, field, joins, self.orders)
        self.connection.execute(
            f"insert into {into} ({', '.join(names)}) "  # noqa: S608  (names from closed lists)
            f"select {', '.join(expressions)} from ({rows}) as w{''.join(joins)}",
            statement.parameters,
        )


def _stack_parts(part_no: str, parts: Iterable[Sequence[str]], raw: str) -> str:
    """Write a select with a row for each part of each row of a sheet, numbered from 1 in the column `part_no`."""
    return " union all ".join(
        f"select source_row, {number} as {part_no}, {', '.join(expressions)} from {raw}"  # noqa: S608  (closed lists)
        for number, expressions in enumerate(parts, 1)
    )


def _name_texts(fields: Iterable[Field], texts: Mapping[Field, str]) -> list[str]:
    return [f"{texts.get(field, 'null::varchar')} as {field.name}" for field in fields]


def _select_rounds(
    fields: Sequence[Field],
    texts: Sequence[Mapping[Field, str]],
    days: Sequence[str],
    raw: str,
    in_register: bool,
) -> str:
    """Write the inner floor of rounds: a row for each filled round, `nth` counting a row's from its last one."""
    says = ", ".join(["null", *(field.name for field in fields if field.name in _SAYS)])
    parts = [[f"{day} as is_day_of_recipe", *_name_texts(fields, one)] for one, day in zip(texts, days, strict=True)]
    rounds = _stack_parts("round_no", parts, raw)
    judged = (
        f"select *, coalesce({says}) is not null as is_said, bool_or(coalesce({says}) is not null) "  # noqa: S608
        f"over (partition by source_row) as is_row_said from ({rounds})"
    )
    answered = "false" if in_register else f"not is_row_said and round_no = {len(texts)}"
    return (
        "select *, row_number() over (partition by source_row order by round_no desc) as nth "  # noqa: S608
        f"from ({judged}) where is_said or ({answered})"
    )


def note_dates(connection: duckdb.DuckDBPyConnection, plan: SheetPlan, sheet_no: int) -> None:
    """Collect the texts of a sheet that must be taken apart to be read as dates, by field, in `dates_to_read`."""
    statement = Statement(plan.recipe)
    dates = statement.dates(plan)
    if not dates:
        return
    unread = [
        f"select {statement.bind(field.name)} as field, d{n} as words, source_row "  # noqa: S608
        f"from written where d{n} is not null and {_QUICK[field.role]}(d{n}) is null"
        for n, (field, _) in enumerate(dates)
    ]
    connection.execute(
        f"insert into dates_to_read with written as ({_select_dates(dates, sheet_no)}) "  # noqa: S608
        f"select {statement.bind(sheet_no)}, field, words, count(*), min(source_row) "
        f"from ({' union all '.join(unread)}) group by field, words",
        statement.parameters,
    )


def note_real_dates(
    connection: duckdb.DuckDBPyConnection, plan: SheetPlan, sheet_no: int, names: Collection[str]
) -> None:
    """Count the real dates in some fields of a sheet, in `dates_beside`."""
    statement = Statement(plan.recipe)
    dates = statement.dates(plan)
    days = [
        f"select {statement.bind(field.name)} as field, quick_day(d{n}) as on_day, source_row from written"  # noqa: S608
        for n, (field, _) in enumerate(dates)
        if field.name in names
    ]
    connection.execute(
        f"insert into dates_beside with written as ({_select_dates(dates, sheet_no)}) "  # noqa: S608
        f"select {statement.bind(sheet_no)}, field, count(*), max(day(on_day)), "
        "list_sort(list({'number': source_row, 'words': on_day::varchar}))[:3] "
        f"from ({' union all '.join(days)}) where on_day is not null group by field",
        statement.parameters,
    )


@timed("contacts of a sheet")
def stage_contacts(
    connection: duckdb.DuckDBPyConnection, plan: SheetPlan, source_file: str, sheet: str | None, sheet_no: int
) -> None:
    """Copy personal cells and those for staff alone to the tables that fill the private store at the end."""
    columns = (*plan.personal, *plan.staff)
    if not columns:
        return
    cells = ", ".join(f"c{column + 1}" for column in columns)
    connection.execute(
        "insert into contacts select $file, $sheet, source_row, header, value from ("  # noqa: S608  (column numbers)
        f"select source_row, unnest($headers::varchar[]) as header, unnest([{cells}]) as value from raw_{sheet_no}"
        ") where value is not null",
        {"file": source_file, "sheet": sheet, "headers": [plan.headers[column] for column in columns]},
    )


@timed("names of persons")
def hide_names(
    connection: duckdb.DuckDBPyConnection, rejected: Iterable[tuple[SheetPlan, int, Collection[int]]]
) -> None:
    """Take the names of persons out of the rejected rows of sheets, in the tables `rejected_<number>`.

    A name is a person's where it is hidden elsewhere, or where its row states that its stakeholder is a person. It
    leaves the other visible columns as well; texts lose it as those that are published do.

    `rejected`: the plan of each sheet that has rejected rows, its number, and its visible columns.
    """
    has_hidden, has_groups = (has_rows(connection, table) for table in ("hidden_names", "person_groups"))
    parameters: dict[str, Any] = {}
    selects: list[str] = []
    cells: list[tuple[int, int, Collection[int]]] = []
    for plan, number, visible in rejected:
        if has_hidden and visible and plan.recipe.holds in TEXT_KINDS:
            texts = ", ".join(f"c{column + 1} = without_names(c{column + 1})" for column in visible)
            connection.execute(f"update rejected_{number} set {texts}")  # noqa: S608  (column and table numbers)
        group = next(iter(Statement(plan.recipe, parameters).fields(plan, names=("stakeholder_group",)).values()), None)
        place = plan.places.get("stakeholder")
        for column in place.all_columns if place and (has_hidden or (has_groups and group)) else ():
            selects.append(
                f"select {len(cells)} as place, source_row, c{column + 1} as words, {group or 'null'} as group_words "  # noqa: S608
                f"from rejected_{number}"
            )
            cells.append((number, column, visible))
    if not selects:
        return
    tests = ["fold(group_words) in (select folded from person_groups)"] if has_groups else []
    if has_hidden:
        tests += [
            "words in (select spelling from hidden_names)",
            "name_key(words) in (select base_key from hidden_keys)",
        ]
    # One statement, over cells gathered before: to plan a name's key and to begin with it takes longer than all else.
    connection.execute(
        f"create temp table cells_of_persons as with cells as materialized ({' union all '.join(selects)}) "  # noqa: S608
        f"select place, source_row from cells where {' or '.join(tests)}",
        parameters,
    )
    for (place,) in connection.execute("select distinct place from cells_of_persons order by place").fetchall():
        _hide_cells(connection, place, *cells[place])


def _hide_cells(
    connection: duckdb.DuckDBPyConnection, place: int, number: int, column: int, visible: Collection[int]
) -> None:
    """Take the names of persons in one column of a sheet's rejected rows out of all visible columns."""
    cell = f"c{column + 1}"
    updates = "".join(
        f", {text} = if(length({cell}) > 3, regexp_replace({text}, regexp_escape({cell}), '[…]', 'gi'), {text})"
        for text in (f"c{i + 1}" for i in visible if i != column)
    )
    connection.execute(
        f"update rejected_{number} set {cell} = '[…]'{updates} from cells_of_persons as p "  # noqa: S608  (numbers)
        f"where p.place = $place and rejected_{number}.source_row = p.source_row",
        {"place": place},
    )


def says_itself(plan: SheetPlan) -> bool:
    """Return whether a sheet's rows count by themselves, besides their rounds."""
    return plan.recipe.holds is not Kind.PROGRESS_REPORTS or not plan.rounds


def stage_rows(
    connection: duckdb.DuckDBPyConnection,
    plan: SheetPlan,
    numbers: SheetNumbers,
    before: RowsBefore,
    orders: Mapping[str, DateReading],
    sheet_names: SheetNames,
) -> None:
    """Map the rows and rounds of one sheet; reject those that its recipe leaves out; set personal cells apart."""
    leave_out(connection, plan, numbers.sheet_no)
    sheet = SheetStaging(connection, plan, numbers, orders)
    if before.of_kind is not None:
        sheet.stage_rows(before.of_kind)
    if before.reports is not None:
        sheet.stage_rounds(before.reports, before.last)
    if before.results is not None:
        sheet.stage_results(before.results, before.last)
    stage_contacts(connection, plan, sheet_names.file, sheet_names.sheet, numbers.sheet_no)


_GUARDED = rf"{GUARDED}|^'\[…\]"
"""The guard of a text, also where a contact stood behind it."""

STAGING = Work(stage_rows, (*(f"staged_{kind}" for kind in FIELDS), "rejections", "contacts"), needs=("written_dates",))
"""Rows → fields."""


class Statement:
    """Builds the expressions of one statement and collects their parameters."""

    def __init__(self, recipe: Recipe, parameters: dict[str, Any] | None = None) -> None:
        """Begin for the sheets of one recipe; `parameters`: those of the statement that this is a part of."""
        self.recipe = recipe
        self.parameters = {} if parameters is None else parameters
        self._blank = [text.lower() for text in recipe.read.blank]

    def bind(self, value: object) -> str:
        """Name a parameter that holds `value`."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    def fields(
        self, plan: SheetPlan, roles: Collection[Role] = tuple(Role), names: Collection[str] = ()
    ) -> dict[Field, str]:
        """Write the text of each field (of these roles, of these names) that is a column or a constant of the sheet."""
        kind = FIELDS[plan.recipe.holds]
        fields = [field for field in kind if field.role in roles and (not names or field.name in names)]
        texts = {field: self._field(field, plan.places.get(field.name), self.recipe.constants) for field in fields}
        return {field: text for field, text in texts.items() if text is not None}

    def part_fields(
        self,
        kind: Kind,
        places: Mapping[str, Place],
        constants: Mapping[str, str],
        roles: Collection[Role] = tuple(Role),
    ) -> dict[Field, str]:
        """Write the text of each field of a kind that a part of a row has, from its columns or its constants."""
        fields = [field for field in FIELDS[kind] if field.role in roles]
        texts = {field: self._field(field, places.get(field.name), constants) for field in fields}
        return {field: text for field, text in texts.items() if text is not None}

    def is_day_of_recipe(self, places: Mapping[str, Place], constants: Mapping[str, str]) -> str:
        """Write whether the recipe states the day from which a row's report counts, and none of its cells does."""
        if "reported_on" not in constants:
            return "false"
        return f"{self.place(places['reported_on'])} is null" if "reported_on" in places else "true"

    def dates(self, plan: SheetPlan) -> list[tuple[Field, str]]:
        """Write the text of each day and moment, at each of its places, those of rounds and results as well."""
        dates = list(self.fields(plan, _QUICK).items())
        for kind, parts in ((Kind.PROGRESS_REPORTS, plan.rounds), (Kind.RESULTS, plan.results)):
            for one, places in parts:
                dates += self.part_fields(kind, places, one.constants, _QUICK).items()
        return dates

    def _field(self, field: Field, place: Place | None, constants: Mapping[str, str]) -> str | None:
        texts = [self.place(place, field.several)] if place else []
        if self.recipe.headings and field.name in self.recipe.headings.fields:
            texts.append(f"heading_{field.name}")
        if field.name in constants:
            texts.append(f"{self.bind(constants[field.name])}::varchar")
        return f"coalesce({', '.join(texts)})" if len(texts) > 1 else next(iter(texts), None)

    def place(self, place: Place, several: bool = False) -> str:
        """Write the text at one place: the taken choices, else the first filled column (all of them for `several`)."""
        options = []
        if place.choices:
            options.append(self._joined(self.chosen(value, places, place.not_taken) for value, places in place.choices))
        if place.is_key:
            return self._key(place.columns)
        for group in place.first_of or (place.columns,):
            cells = [self.cell(column) for column in group]
            options += [self._joined(cells)] if several and len(cells) > 1 else cells  # Country 1, Country 2, …
        return options[0] if len(options) == 1 else f"coalesce({', '.join(options)})"

    def _joined(self, texts: Iterable[str]) -> str:
        return f"nullif(concat_ws({self.bind(CHOICE_SEPARATOR)}, {', '.join(texts)}), '')"

    def _key(self, columns: Iterable[int]) -> str:
        """Join the parts of a key so that no two keys are alike; nothing where a part is missing."""
        return " || '/' || ".join(f"key_part({self.cell(column)})" for column in columns)

    def chosen(self, value: str, places: Iterable[int], not_taken: Sequence[str] | None = None) -> str:
        """Write a choice's value where one of its columns marks it as taken; `not_taken`: the words for no."""
        is_chosen = "is_surely_chosen" if not_taken == ALL_OTHERS else "is_chosen"
        tests = [f"{is_chosen}({self.cell(c)})" for c in places]
        if not_taken and not_taken != ALL_OTHERS:
            words = self.bind([word.strip().lower() for word in not_taken])
            tests = [
                f"{test} and not list_contains({words}, lower({self.cell(c)}))"
                for test, c in zip(tests, places, strict=True)
            ]
        return f"case when {' or '.join(tests)} then {self.bind(value)} end"

    def is_left_out(self, one: LeftOut) -> str:
        """Write whether the recipe leaves a row out by this rule; never null."""
        cells = [f"c{column + 1}" for column in one.columns]
        tests = [f"list_contains({self.bind(list(one.folded))}::varchar[], fold({c}))" for c in cells if one.folded]
        if "" in one.rule.values:  # nothing is written there
            tests.append(f"coalesce({', '.join(cells)}) is null")
        return f"coalesce({' or '.join(tests)}, false)"

    def cell(self, column: int) -> str:
        """Write the text of one column, without its guard; nothing where it holds a word for "no answer"."""
        cell = f"c{column + 1}"
        if self.recipe.read.guarded:
            cell = f"if(regexp_matches({cell}, {self.bind(_GUARDED)}), {cell}[2:], {cell})"
        if not self._blank:
            return cell
        return f"case when not list_contains({self.bind(self._blank)}, lower({cell})) then {cell} end"


def _select_dates(dates: Sequence[tuple[Field, str]], sheet_no: int) -> str:
    """Write the inner query for dates: a field may stand in several places, one a round."""
    texts = [f"{text} as d{n}" for n, (_, text) in enumerate(dates)]
    return f"select {', '.join(['source_row', *texts])} from raw_{sheet_no}"  # noqa: S608  (numbers)


@timed("rows left out")
def leave_out(connection: duckdb.DuckDBPyConnection, plan: SheetPlan, sheet_no: int) -> None:
    """Reject the rows that the recipe leaves out, each by the first rule that fits, with the recipe's word for it."""
    if not plan.left_out:
        return
    statement = Statement(plan.recipe)
    rules = [f"when {statement.is_left_out(one)} then {number}" for number, one in enumerate(plan.left_out)]
    cells = [f"coalesce({', '.join(f'c{column + 1}' for column in one.columns)})" for one in plan.left_out]
    headers = [plan.headers[one.columns[0]] for one in plan.left_out]
    reasons = [LEFT_OUT + one.rule.reason for one in plan.left_out]
    connection.execute(
        f"insert into rejections select {statement.bind(str(plan.recipe.holds))}, {sheet_no}, source_row, "  # noqa: S608
        f"{statement.bind(headers)}[rule + 1], [{', '.join(cells)}][rule + 1], {statement.bind(reasons)}[rule + 1] "
        f"from (select *, case {' '.join(rules)} end as rule from raw_{sheet_no}) where rule is not null",
        statement.parameters,
    )


def rows_kept(plan: SheetPlan, sheet_no: int) -> str:
    """Write the condition on staged rows, after `leave_out`; empty where the recipe leaves none out."""
    if not plan.left_out:
        return ""
    return (
        " where source_row not in (select source_row from rejections "  # noqa: S608  (a number)
        f"where sheet_no = {sheet_no} and starts_with(reason, '{LEFT_OUT}'))"
    )


# The macro that reads a date written the ISO way; other texts are taken apart once, in `written_dates`.
_QUICK = {Role.DAY: "quick_day", Role.TIME: "quick_time"}
_USUAL = DateReading()
_REAL_DAYS = {"right": "{}", "turned": "turn_day({})", "none": "null::date"}


def _read(statement: Statement, field: Field, joins: list[str], orders: Mapping[str, DateReading]) -> list[str]:
    """Write the outer floor: the expression of each column of a field; add its joins to `joins`."""
    text = f"w.{field.name}"
    if field.role in _QUICK:
        alias = f"d{len(joins)}"
        order, real_dates = orders.get(field.name, _USUAL)
        join = f"{alias}.date_order = {statement.bind(order)} and {alias}.words = {text}"
        joins.append(f" left join written_dates as {alias} on {join}")
        day = f"coalesce({_REAL_DAYS[real_dates].format(f'quick_day({text})')}, {alias}.on_day)"
        quick = f"quick_time({text})" if real_dates == "right" else f"{day}::timestamp::timestamptz"
        moment = f"coalesce({quick}, {alias}.at_moment)"
        is_open = f" and pair_proves({text}) is distinct from 'either'" if order == "none" else ""
        is_open += f" and quick_day({text}) is null" if real_dates == "none" else ""
        unread = f"case when {day} is null{is_open} then {text} end"
        return [day, unread] if field.role is Role.DAY else [moment, day, unread]
    if field.is_person:
        return [f"if(names_somebody({text}), 'yes', null)"]
    if field.name == "report_id":
        return [f"read_id({text})"]
    if field.name == "submission_id":
        mapping = statement.recipe.fields.get(field.name)
        id_text = f"read_id({text})"
        return [f"{statement.bind(mapping.prefix)} || {id_text}" if mapping and mapping.prefix else id_text, id_text]
    return [text]
