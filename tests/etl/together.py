"""Small campaigns that have nothing in common are built as one, and each is asked as if it stood alone.

A module's `together = Together()` gathers the exports of its tests (`@together(exports)` above a test, or `add`), which
one build reads, a folder of the inbox each. So that none has to do with another, the ids and stakeholders of each bear
its sign; the fixture `con` (tests/etl/conftest.py) shows a test the rows of its own campaign, without the sign.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

import duckdb
import openpyxl

from dashboard.campaign.folder import CampaignFolder
from etl.pipeline import build as builds
from tests.etl.campaigns import RECIPES, know_names, make_campaign

Test = TypeVar("Test", bound=Callable[..., object])
Rows = Sequence[Sequence[object]]
Exports = Mapping[str, str | bytes | Mapping[str, Rows]]

IDS, MAKERS = ("Ref", "Report"), ("Maker",)
_PREFIX = re.compile("(?i)^(off-)?(?=.)")
_ACTIONS_OF = "action_no in (select action_no from snapshot.actions where {of_files})"
_MAKERS_OF = "select stakeholder_id from snapshot.actions where {of_files}"
_POSTS_OF = "select id from snapshot.events where {of_files} union all select id from snapshot.stories where {of_files}"
_ANY_OF = " union all ".join(
    (
        "(select action_id from snapshot.actions where {of_files}",
        "select report_key from snapshot.progress_reports where {of_files}",
        _MAKERS_OF,
        f"{_POSTS_OF})",
    )
)
_ROWS_OF = {
    **dict.fromkeys(
        ("evidence_steps", "survey_answers"),
        "report_no in (select report_no from snapshot.progress_reports where {of_files})",
    ),
    **dict.fromkeys(("post_texts", "post_actions"), f"id in ({_POSTS_OF})"),
    "stakeholders": f"stakeholder_id in ({_MAKERS_OF})",
    "suggested_duplicates": f"left_id in {_ANY_OF} and right_id in {_ANY_OF}",
}
"""Which rows of a table are a campaign's, where it names neither file nor action."""
_CROSSING = """
select named(a.source_file), named(p.source_file) from progress_reports as p inner join actions as a using (action_no)
union all
select named(a.source_file), named(m.source_file)
from merged_rows as m inner join actions as a on m.kept_action_id = a.action_id
union all
select named(a.source_file), named(b.source_file) from actions as a inner join actions as b using (stakeholder_id)
"""


class _Case(NamedTuple):
    exports: Exports
    recipes: Mapping[str, str]
    is_signed: bool


class Together:
    """Campaigns that one build reads."""

    def __init__(self) -> None:
        self._cases = dict[str, _Case]()

    def __call__(
        self, exports: Exports, recipes: Mapping[str, str] | None = None, *, is_signed: bool = True
    ) -> Callable[[Test], Test]:
        """Give a test the campaign of these exports; arguments as of `add`."""

        def gather(test: Test) -> Test:
            self.add(test.__name__, exports, recipes, is_signed=is_signed)
            return test

        return gather

    def add(
        self, case: str, exports: Exports, recipes: Mapping[str, str] | None = None, *, is_signed: bool = True
    ) -> None:
        """Gather a campaign.

        Args:
            case: What it is called.
            exports: Its files: text of a CSV file, rows by the sheets of a workbook, or bytes, which get no sign.
            recipes: Those that read its files alone, where they are not the office's three.
            is_signed: Whether its ids and stakeholders get its sign; else nothing in it may be in another's.
        """
        assert case not in self._cases, case
        self._cases[case] = _Case(exports, recipes or {}, is_signed)

    @contextmanager
    def built(self, root: Path) -> Iterator["BuiltTogether"]:
        """Build them all, in a folder that is not there yet."""
        exports, recipes, signs = dict[str, str | bytes](), dict(RECIPES), dict[str, str]()
        for number, (case, of_case) in enumerate(self._cases.items()):
            signs[case] = f"qz{chr(97 + number // 26)}{chr(97 + number % 26)}x" if of_case.is_signed else ""
            for name, content in of_case.exports.items():
                place = PurePosixPath(name)
                exports[f"{place.parent}/{{{case}}}{place.name}"] = _write(content, signs[case])
            for name, text in of_case.recipes.items():
                recipes[f"{name}_of_{number}"] = _read_only(text, f"{{{case}}}*", f"{name}_of_{number}")
        folder = make_campaign(root, exports, recipes)
        with (
            builds.build(folder, folder.published) as result,
            duckdb.connect(result.snapshot, read_only=True) as connection,
        ):
            together = BuiltTogether(folder, result, connection, signs)
            together.refuse_crossings()
            yield together


class BuiltTogether:
    """The snapshot of campaigns that were built as one.

    Attributes:
        folder: The campaign that holds them all.
        snapshot: The snapshot's file.
    """

    def __init__(
        self,
        folder: CampaignFolder,
        built: builds.Built,
        connection: duckdb.DuckDBPyConnection,
        signs: Mapping[str, str],
    ) -> None:
        self.folder, self.snapshot, self._signs = folder, built.snapshot, signs
        self._whole, self._shown = connection, dict[str, duckdb.DuckDBPyConnection]()
        know_names(connection, built.contacts)

    def __call__(self, case: str) -> duckdb.DuckDBPyConnection:
        """Asks one of the campaigns: tables hold its rows alone, `contacts` its part of the private store."""
        if case not in self._shown:
            self._shown[case] = self._show(case)
        return self._shown[case]

    def refuse_crossings(self) -> None:
        """Fail where a row of one campaign has joined another's."""
        found = {
            tuple(sorted((one, other)))
            for one, other in self._whole.execute(_CROSSING).fetchall()
            if _case_of(one) != _case_of(other)
        }
        assert not found, f"campaigns that are built together have something in common: {sorted(found)}"

    def _show(self, case: str) -> duckdb.DuckDBPyConnection:
        cursor, mark = self._whole.cursor(), f"{{{case}}}"
        files = cursor.execute(
            "select distinct source_file, replace(file_name, $mark, '') from names.input_names "
            "where contains(file_name, $mark)",
            {"mark": mark},
        ).fetchall()
        assert files, f"nothing of {case} was read"
        cursor.execute("create temp table files_of_case (source_file varchar, file_name varchar)")
        cursor.executemany("insert into files_of_case values (?, ?)", files)
        cursor.execute(
            "create temp macro named(handle) as "
            "(select map(list(source_file), list(file_name)) from files_of_case)[handle]"
        )
        cursor.execute(
            "create temp macro headed(written) as "
            "coalesce((select map(list(handle), list(header)) from names.input_headers)[written], written)"
        )
        cursor.execute(
            f"create temp view contacts as select * replace (replace(source_file, '{mark}', '') as source_file) "  # noqa: S608
            f"from names.contacts where contains(source_file, '{mark}')"
        )
        columns = dict[str, dict[str, str]]()
        for table, column, kind in cursor.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where database_name = 'snapshot' and not internal"
        ).fetchall():
            columns.setdefault(table, {})[column] = kind
        for table, kinds in columns.items():
            if condition := _condition(table, kinds):
                shown = _without_sign(kinds, self._signs[case])
                cursor.execute(f"create temp view {table} as select {shown} from snapshot.{table} where {condition}")  # noqa: S608
        return cursor


def _case_of(file_name: str) -> str:
    return file_name.partition("{")[2].partition("}")[0]


def _condition(table: str, columns: Mapping[str, str]) -> str | None:
    """Which rows of a table belong to the case's files; None for a table of the whole campaign."""
    rows = _ROWS_OF.get(table)
    if rows is None and "source_file" in columns:
        rows = "{of_files}"
    elif rows is None and "action_no" in columns:
        rows = _ACTIONS_OF
    return rows and rows.format(of_files="source_file in (select source_file from files_of_case)")


def _without_sign(columns: Mapping[str, str], sign: str) -> str:
    shown = []
    for name, kind in columns.items():
        plain = f"replace(replace(replace({{}}, ' {sign.capitalize()}', ''), ' {sign}', ''), '{sign}', '')"
        if sign and kind in ("VARCHAR", "JSON"):
            shown.append(f"{plain.format(f'{name}::varchar')} as {name}")
        elif sign and kind == "VARCHAR[]":
            shown.append(f"list_transform({name}, lambda one: {plain.format('one')}) as {name}")
        else:
            shown.append(name)
    return ", ".join(shown)


def _write(content: str | bytes | Mapping[str, Rows], sign: str) -> str | bytes:
    """A file whose ids and stakeholders bear a sign."""
    if isinstance(content, bytes) or (isinstance(content, str) and not sign):
        return content
    if isinstance(content, str):
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(_sign(list(csv.reader(io.StringIO(content, newline=""))), sign))
        return text.getvalue()
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for sheet, rows in content.items():
        to = book.create_sheet(sheet)
        for row in _sign(rows, sign):
            to.append(list(row))
    book.save(file)
    return file.getvalue()


def _sign(rows: Rows, sign: str) -> Rows:
    headers, *others = rows
    return [headers, *([*map(partial(_sign_cell, sign), headers, row), *row[len(headers) :]] for row in others)]


def _sign_cell(sign: str, header: object, cell: object) -> object:
    written = "" if cell is None else str(cell).strip()
    if not sign or not written:
        return cell
    if header in IDS:
        return _PREFIX.sub(rf"\g<1>{sign}", written)
    return f"{written} {sign.capitalize()}" if header in MAKERS else cell


def _read_only(recipe: str, files: str, named: str) -> str:
    """A recipe that reads these files alone, under an id of its own."""
    limited = recipe.replace("[recognise]\n", f'[recognise]\nfile_names = ["{files}"]\n', 1)
    return re.sub(r'^id = ".*"$', f'id = "{named}"', limited, count=1, flags=re.MULTILINE)
