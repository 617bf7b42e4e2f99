"""Small campaigns that have nothing in common are built as one, and each is asked as if it stood alone.

A module's `together = Together()` gathers the campaigns of its tests: `@together.test` above one that yields its
exports, `test_it = together.table(cases)` for a table of them with questions. One build reads them all. So that none
has to do with another, the ids and stakeholders of each bear its sign, and the files its name; a test is shown the
rows of its own campaign, without sign and name.
"""

import csv
import inspect
import io
import re
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import cached_property, wraps
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import duckdb
import pytest
from _pytest.mark.structures import ParameterSet

from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.answers.question import Question
from dashboard.campaign.answers.question_kinds import ANSWERS
from dashboard.campaign.file_names import find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.measures.counts import headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from etl.inputs.uses_file import keep_answers
from etl.pipeline import build as builds
from etl.pipeline.open_questions import list_questions, say_question
from etl.sqlfiles import open_snapshot
from tests.etl.campaigns import RECIPES, ask, know_names, make_campaign
from tests.etl.files import make_workbook, pack_zip

Rows = Sequence[Sequence[object]]
Content = str | bytes | Mapping[str, Rows] | Mapping[str, str]
Exports = Mapping[str, Content]
Asking = Generator["Campaign | Exports | Sequence[str]", "Shown", None]
Cases = Mapping[str, tuple["Campaign | Exports", Mapping[str, list[Any]]]]
"""Campaigns, each with its queries and the rows of their answers."""

DECISIONS = "decision,subject,this,that,note,decided_on,on_date,source"
_MADE_ID = re.compile("[a-z]+_[0-9a-f]{6,}$")
_OF_MOST = ("day", "no_status")
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
    **dict.fromkeys(
        ("survey_questions", "survey_choices"),
        "question in (select question from snapshot.survey_answers inner join snapshot.progress_reports "
        "using (report_no) where {of_files})",
    ),
    "stakeholders": f"stakeholder_id in ({_MAKERS_OF})",
    "suggested_duplicates": f"left_id in {_ANY_OF} and right_id in {_ANY_OF}",
}
"""The condition for a campaign's rows in a table that names neither file nor action."""
_CROSSING = """
with makers as (select distinct stakeholder_id, source_file from actions)
select distinct named(a.source_file), named(p.source_file)
from progress_reports as p inner join actions as a using (action_no)
union
select distinct named(a.source_file), named(m.source_file)
from merged_rows as m inner join actions as a on m.kept_action_id = a.action_id
union
select named(a.source_file), named(b.source_file) from makers as a inner join makers as b using (stakeholder_id)
"""


_IN_FORCE = "from report_spells, campaign where valid_from <= last_date and last_date < valid_to"
FIGURES = {
    "actions": "select count(*) from actions",
    "reported": f"select count(*) {_IN_FORCE}",
    "completed": f"select count(*) {_IN_FORCE} and status = 'completed'",
    "unknown": f"select count(*) from actions where action_no not in (select action_no {_IN_FORCE} and status <> '')",  # noqa: S608
    "without_category": "select count(*) from actions where category is null",
    "without_theme": "select count(*) from actions where action_no not in (select action_no from action_themes)",
    "without_place": "select count(*) from actions where scope is null",
    "dates": "select count(*) from actions where due_on <> date '2021-12-30'",  # the campaign's deadline, else
    "percentages": "select count(percent) from progress_reports",
}
"""Counts of the figures that answers claim to change."""


class Campaign(NamedTuple):
    """The parts of a campaign.

    Attributes:
        exports: Its files: text of a CSV file, rows by the sheets of a workbook, texts by the members of a ZIP,
            or bytes, which get no sign.
        recipes: Those that read its files alone, beside the module's.
        is_signed: Whether its ids and stakeholders get its sign; else they must not occur in another campaign.
        decisions: Lines of its decisions.csv.
        answers: The uses of columns from staff: a recipe, the header, and its use.
        answered: Their answers to questions of the build: its kind, the file that it applies to, its sheet,
            field and the answer.
    """

    exports: Exports
    recipes: Mapping[str, str] = {}
    is_signed: bool = True
    decisions: Sequence[str] = ()
    answers: Collection[tuple[str, str, str]] = ()
    answered: Collection[tuple[str, str, str, str, str]] = ()


class Together:
    """Campaigns that one build reads.

    Args:
        recipes: Those of all campaigns; the office's three by default.
        ids: The headers of ids, and `makers` those of stakeholders.
    """

    def __init__(
        self,
        recipes: Mapping[str, str] = RECIPES,
        ids: Collection[str] = ("Ref", "Report"),
        makers: Collection[str] = ("Maker",),
    ) -> None:
        self._recipes, self._headers = recipes, (ids, makers)
        self._cases = dict[str, Campaign]()
        self._tests = list[tuple[Callable[..., Asking], Callable[..., None]]]()
        self._deciding = set[str]()

    def add(self, case: str, campaign: Campaign) -> None:
        """Gather a campaign under a name."""
        assert case not in self._cases, case
        self._cases[case] = campaign

    def test(self, asking: Callable[..., Asking]) -> Callable[..., None]:
        """Make a test of a generator that yields its campaign and gets it built; it may have one `parametrize`."""

        @wraps(asking)
        def run(campaigns: BuiltTogether, request: pytest.FixtureRequest, **_arguments: object) -> None:
            places = getattr(request.node, "callspec", None)
            campaigns.run(f"{asking.__name__}{(next(iter(places.indices.values())) if places else 0) or ''}")

        del run.__wrapped__
        own = inspect.signature(asking).parameters
        fixtures = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in ("campaigns", "request")]
        run.__signature__ = inspect.Signature([*own.values(), *fixtures])  # type: ignore[attr-defined]
        self._tests.append((asking, run))
        return run

    def decided(self, asking: Callable[..., Asking]) -> Callable[..., None]:
        """Make a test that also yields lines of decisions.csv, and gets its campaign built with them."""
        self._deciding.add(asking.__name__)
        return self.test(asking)

    def table(self, cases: Cases) -> Callable[..., None]:
        """Make a test of campaigns with the answers of each."""
        for case, (campaign, _) in cases.items():
            self.add(case, _campaign(campaign))

        @pytest.mark.parametrize("case", cases)
        def run(campaigns: BuiltTogether, case: str) -> None:
            for query, rows in cases[case][1].items():
                assert ask(campaigns(case), query) == rows, query

        return run

    @contextmanager
    def built(self, root: Path) -> Iterator["BuiltTogether"]:
        """Build them all, in a folder that is not there yet; then those again that decide."""
        asking = {
            name: one(**arguments) for one, run in self._tests for name, arguments in _parameters(one, run).items()
        }
        cases = {**self._cases, **{name: _campaign(next(one)) for name, one in asking.items()}}
        signs = {
            case: f"qz{chr(97 + number // 26)}{chr(97 + number % 26)}x" if campaign.is_signed else ""
            for number, (case, campaign) in enumerate(cases.items())
        }
        with ExitStack() as stack:
            built = stack.enter_context(self._build(root / "first", cases, signs))
            built.asking |= asking
            decided = dict[str, Campaign]()
            for case in (one for one in asking if one.rstrip("0123456789") in self._deciding):
                try:
                    decided[case] = cases[case]._replace(decisions=asking[case].send(built(case)))
                except Exception as error:
                    built.failed[case] = error
            if decided:
                built.decided = stack.enter_context(self._build(root / "decided", decided, signs))
            yield built

    @contextmanager
    def _build(self, root: Path, cases: Mapping[str, Campaign], signs: Mapping[str, str]) -> Iterator["BuiltTogether"]:
        exports, recipes, decisions = dict[str, str | bytes](), dict(self._recipes), [DECISIONS]
        lines, answers = dict[str, range](), list[Answer]()
        for number, (case, campaign) in enumerate(cases.items()):
            for name, content in campaign.exports.items():
                place = PurePosixPath(name)
                exports[f"{place.parent}/{{{case}}}{place.name}"] = _write(content, Sign(signs[case], *self._headers))
            own = {name: text for name, text in campaign.recipes.items() if self._recipes.get(name) != text}
            for name, text in (campaign.recipes if campaign.answers else own).items():
                recipes[f"{name}_of_{number}"] = _read_only(text, f"{{{case}}}*", f"{name}_of_{number}")
            answers += [
                Answer(0, "column", f"{name}_of_{number}", "", "", header, use)
                for name, header, use in campaign.answers
            ]
            answers += [
                Answer(0, kind, "", f"{{{case}}}{file}", sheet, field, use)
                for kind, file, sheet, field, use in campaign.answered
            ]
            lines[case] = range(len(decisions) + 1, len(decisions) + 1 + len(campaign.decisions))
            decisions += [Sign(signs[case]).decision(line) for line in campaign.decisions]
        folder = make_campaign(root, exports, recipes)
        if len(decisions) > 1:
            folder.decisions_file.write_text("\n".join(decisions) + "\n", encoding="utf-8")
        keep_answers(folder, answers)
        with ExitStack() as stack:
            early_figures = list[dict[str, int]]()
            result = stack.enter_context(builds.build(folder, folder.published, tell_figures=early_figures.append))
            assert early_figures == [count_figures(result.snapshot)], "what is told half way is what comes of it"
            connection = stack.enter_context(duckdb.connect(result.snapshot, read_only=True))
            together = BuiltTogether(folder, result, connection, signs, lines)
            together.refuse_crossings()
            yield together


def count_figures(file: Path) -> dict[str, int]:
    """Count the figures that a build tells half way, as the pages count them."""
    snapshot = Snapshot(file, "", "2022-01-01T00:00:00+00:00", cache_mb=1)
    total, (further,) = headline(snapshot, Selection()), snapshot.query("draft_figures").to_dict("records")
    counts = {name: getattr(total, name) for name in ("actions", "reported", "completed", "unknown")}
    return counts | {name: further[name] for name in ("without_category", "without_place", "without_theme")}


def _campaign(told: "Campaign | Exports | Sequence[str]") -> Campaign:
    if isinstance(told, Campaign):
        return told
    assert isinstance(told, Mapping)
    return Campaign(told)


def _parameters(asking: Callable[..., Asking], run: Callable[..., None]) -> dict[str, dict[str, object]]:
    """Return the arguments that a test is called with, by the name of their campaign."""
    marks = [mark for mark in getattr(run, "pytestmark", ()) if mark.name == "parametrize"]
    if not marks:
        return {asking.__name__: {}}
    [mark] = marks
    names, sets = mark.args
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else names
    values = [one.values if isinstance(one, ParameterSet) else one if len(names) > 1 else (one,) for one in sets]
    return {f"{asking.__name__}{place or ''}": dict(zip(names, own, strict=True)) for place, own in enumerate(values)}


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
        lines: Mapping[str, range],
    ) -> None:
        self.folder, self.snapshot, self._signs, self._lines = folder, built.snapshot, signs, lines
        self.asking, self.failed = dict[str, Asking](), dict[str, Exception]()
        self.decided: BuiltTogether | None = None
        self._whole, self._shown = connection, dict[str, Shown]()
        know_names(connection, built.contacts)
        self._columns = dict[str, dict[str, str]]()
        for table, column, kind in connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where database_name = 'snapshot' and not internal"
        ).fetchall():
            self._columns.setdefault(table, {})[column] = kind

    def __call__(self, case: str) -> "Shown":
        """Asks one of the campaigns: tables hold its rows alone, `contacts` its part of the private store."""
        if case not in self._shown:
            self._shown[case] = self._show(case)
        return self._shown[case]

    def run(self, case: str) -> None:
        """Go on with a test that has yielded its campaign."""
        if case in self.failed:
            raise self.failed[case]
        built = self.decided if self.decided and case in self.decided._lines else self
        with suppress(StopIteration):
            self.asking[case].send(built(case))
            raise AssertionError(f"{case} yields more campaigns than it gets")

    def questions(self, case: str) -> list[Question]:
        """Return the questions to staff about the files of a campaign, with its name removed from its files.

        Most campaigns raise the questions of `_OF_MOST`: only campaigns of that name return them.
        """
        mark = f"{{{case}}}"
        return [
            replace(one, subject=replace(one.subject, file=one.subject.file.replace(mark, "")))
            for one in self._questions
            if mark in one.subject.file
            and one.kind.file == ANSWERS
            and (one.kind.name not in _OF_MOST or one.kind.name == case.partition(" ")[0])
        ]

    @cached_property
    def _questions(self) -> list[Question]:
        with open_snapshot(self.snapshot) as connection:
            return list_questions(connection, find_names(self.snapshot))

    def asked(self, case: str) -> list[str]:
        """Return the unanswered ones as sentences."""
        return [str(say_question(one)) for one in self.questions(case) if one.is_open]

    def check_effects(self, case: str, kind: str, uses: Iterable[str], about: str = "") -> set[str]:
        """Compare a question's claims about its answers with their effects.

        Args:
            case: The campaign of the question.
            kind: The kind of the question.
            uses: The answers, each given in the campaign `case is answer`.
            about: The field or sheet, where several questions of the kind are asked.

        Returns:
            The figures that it makes a claim about.
        """
        mark = f"{{{case}}}"
        asked = [one for one in self._questions if mark in one.subject.file and one.kind.name == kind]
        [question] = (one for one in asked if about in (one.key.field, one.key.sheet) or not about)
        told = set[str]()
        for one in question.candidates:
            for figure, before, after in one.effects if one.value in uses else ():
                now, then = (ask(self(name), FIGURES[figure])[0][0] for name in (case, f"{case} is {one.value}"))
                assert (figure, after - before) == (figure, then - now), (case, one.value)
                told.add(figure)
        return told

    def list_asked(self) -> set[str]:
        """List the campaigns about which staff would have been asked something."""
        return {case for case in self._signs if self.asked(case)}

    def _files(self, mark: str) -> list[tuple[str, str]]:
        """Return the names of a campaign's files in the snapshot, and their names without its mark."""
        return self._whole.execute(
            "select distinct source_file, replace(file_name, $mark, '') from names.input_names "
            "where contains(file_name, $mark)",
            {"mark": mark},
        ).fetchall()

    def refuse_crossings(self) -> None:
        """Fail where a row of one campaign has joined another's."""
        found = {
            tuple(sorted((one, other)))
            for one, other in self._whole.execute(_CROSSING).fetchall()
            if _case_of(one) != _case_of(other)
        }
        assert not found, f"campaigns that are built together have something in common: {sorted(found)}"

    def _show(self, case: str) -> "Shown":
        cursor, mark = self._whole.cursor(), f"{{{case}}}"
        files = self._files(mark)
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
        marked = mark.replace("'", "''")
        cursor.execute(
            f"create temp view contacts as select * replace (replace(source_file, '{marked}', '') as source_file) "  # noqa: S608
            f"from names.contacts where contains(source_file, '{marked}')"
        )
        views = dict[str, str]()
        for table, kinds in self._columns.items():
            condition, shown = _condition(table, kinds), _without_sign(kinds, self._signs[case])
            if table == "decisions":
                of_case = self._lines.get(case, range(2, 2))
                shown = re.sub("^line,", f"line - {of_case.start - 2} as line,", shown)
                condition = f"line between {of_case.start} and {of_case.stop - 1}"
            if condition:
                views[table] = f"create temp view {table} as select {shown} from snapshot.{table} where {condition}"  # noqa: S608
        return Shown(cursor, views, self.snapshot)


class Shown:
    """Asks one of the campaigns; a table is narrowed to its rows as soon as a query names it."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, views: dict[str, str], snapshot: Path) -> None:
        self._cursor, self._views, self.snapshot = cursor, views, snapshot

    def execute(self, query: str, parameters: object = None) -> duckdb.DuckDBPyConnection:
        for table in self._views.keys() & set(re.findall(r"\w+", query)):
            self._cursor.execute(self._views.pop(table))
        return self._cursor.execute(query, parameters)


def _case_of(file_name: str) -> str:
    return file_name.partition("{")[2].partition("}")[0]


def _condition(table: str, columns: Mapping[str, str]) -> str | None:
    """Return the condition for a table's rows of the case's files; None for a table of the whole campaign."""
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


class Sign(NamedTuple):
    """The mark on the ids and stakeholders of a campaign."""

    sign: str
    ids: Collection[str] = ()
    makers: Collection[str] = ()

    def rows(self, rows: Rows) -> Rows:
        """Return a table with the sign, its headers in the first row."""
        headers, *others = rows
        return [headers, *([*map(self._cell, headers, row), *row[len(headers) :]] for row in others)]

    def text(self, text: str) -> str:
        """Return a CSV file with the sign."""
        written = io.StringIO(newline="")
        rows = self.rows(list(csv.reader(io.StringIO(text, newline=""))))
        csv.writer(written, lineterminator="\n").writerows(rows)
        return written.getvalue()

    def _cell(self, header: object, cell: object) -> object:
        if header in self.ids:
            return self.id(cell)
        return self.maker(cell) if header in self.makers else cell

    def id(self, cell: object) -> str:
        """Return an id with the sign behind its prefix."""
        written = "" if cell is None else str(cell).strip()
        if _MADE_ID.match(written):
            return written
        return _PREFIX.sub(rf"\g<1>{self.sign}", written)

    def maker(self, cell: object) -> str:
        """Return a name with the sign as its last word."""
        written = "" if cell is None else str(cell).strip()
        return f"{written} {self.sign.capitalize()}" if written and self.sign else written

    def decision(self, line: str) -> str:
        """Return a line of decisions.csv about ids and stakeholders with the sign."""
        decision, subject, this, that, *others = next(csv.reader([line]))
        if subject == "stakeholder":
            this, that = (name if _MADE_ID.match(name) else self.maker(name) for name in (this, that))
        elif subject == "action":
            this = self.id(this)
        if (subject == "action" and decision != "rename") or (decision == "assign" and that != "none"):
            that = self.id(that)
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="").writerow([decision, subject, this, that, *others])
        return written.getvalue()


def _write(content: Content, sign: Sign) -> str | bytes:
    """Write a file with the sign of its campaign."""
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return sign.text(content) if sign.sign else content
    if all(isinstance(member, str) for member in content.values()):
        return pack_zip({name: sign.text(f"{text}") for name, text in content.items()})
    return make_workbook({name: sign.rows(rows) for name, rows in content.items() if not isinstance(rows, str)})


def _read_only(recipe: str, files: str, named: str) -> str:
    """Limit a recipe to these files, under a separate id."""
    condition = f'[recognise]\nfile_names = ["{files}"]\n'
    has_part = "[recognise]\n" in recipe
    limited = recipe.replace("[recognise]\n", condition, 1) if has_part else f"{recipe}\n{condition}"
    return re.sub(r'^id = ".*"$', f'id = "{named}"', limited, count=1, flags=re.MULTILINE)
