"""The profile of a command's time: stages, parts of them, and details such as statements, with seconds and rows.

Nothing is noted, and nothing costs anything, unless somebody called `profiled`. A profile has the program's own names
and numbers: no name of a file or of a person, and no content of a file.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import wraps
from threading import get_ident
from typing import Any, Literal, ParamSpec, TypeVar

import duckdb

_P = ParamSpec("_P")
_R = TypeVar("_R")

Kind = Literal["stage", "part", "detail"]
ELSEWHERE = "elsewhere"
"""The work outside of all stages."""


@dataclass
class Span:
    """One piece of work, from its beginning to its end.

    Attributes:
        name: Its name; parts of one name are one line of the table.
        kind: A stage has parts, a part may have others; a detail, such as a statement, stands in the trace only.
        began: Seconds since the profile began.
        processor: Seconds of all threads.
        inner_wall: Of `wall`, those of the parts inside; details are the part's own.
        inner_processor: Of `processor`, likewise.
        is_outermost: Whether it stands in no stage and no part.
    """

    name: str
    kind: Kind
    stage: str
    began: float
    wall: float = 0.0
    processor: float = 0.0
    inner_wall: float = 0.0
    inner_processor: float = 0.0
    rows: int | None = None
    is_outermost: bool = False

    def count(self, rows: int | None) -> None:
        """Add rows."""
        if rows is not None:
            self.rows = (self.rows or 0) + rows

    def as_event(self) -> dict[str, Any]:
        """Return its entry in a trace."""
        began, ended = round(self.began * 1e6), round((self.began + self.wall) * 1e6)
        rows = {} if self.rows is None else {"rows": self.rows}
        return {
            "name": self.name,
            "cat": self.kind,
            "ph": "X",
            "ts": began,
            "dur": ended - began,
            "pid": 1,
            "tid": 1,
            "args": {"processor_ms": round(self.processor * 1e3, 3)} | rows,
        }


@dataclass(frozen=True)
class Line:
    """One line of the table: all parts of one name in one stage, without the parts inside them.

    Attributes:
        name: The part's name; empty for the stage's work outside of its parts.
    """

    stage: str
    name: str
    times: int
    wall: float
    processor: float
    rows: int | None


@dataclass
class Profile:
    """All work since `began`.

    Attributes:
        before: Seconds of processor time that the program had used when the profile began: Python, and its imports.
        spans: All pieces of work, in the order of their ends.
    """

    began: float = field(default_factory=time.perf_counter)
    before: float = field(default_factory=time.process_time)
    spans: list[Span] = field(default_factory=list)
    _open: list[Span] = field(default_factory=list)

    @contextmanager
    def span(self, name: str, kind: Kind) -> Iterator[Span]:
        """Note how long the block takes."""
        outer = next((one for one in reversed(self._open) if one.kind != "detail"), None)
        stage = name if kind == "stage" else outer.stage if outer else ELSEWHERE
        wall, processor = time.perf_counter(), time.process_time()
        one = Span(name, kind, stage, wall - self.began, is_outermost=outer is None)
        self._open.append(one)
        try:
            yield one
        finally:
            self._open.pop()
            one.wall, one.processor = time.perf_counter() - wall, time.process_time() - processor
            self.spans.append(one)
            if outer is not None and kind != "detail":
                outer.inner_wall += one.wall
                outer.inner_processor += one.processor
            elif outer is not None:
                outer.count(one.rows)

    def list_lines(self) -> list[Line]:
        """List the lines of the table, stages in order, slowest first; their seconds add up to those of all stages."""
        order: dict[str, int] = {}
        sums: dict[tuple[str, str], Line] = {}
        for one in sorted(self.spans, key=lambda span: span.began):
            order.setdefault(one.stage, len(order))
            if one.kind == "detail":
                continue
            key = (one.stage, "" if one.kind == "stage" else one.name)
            had = sums.get(key, Line(*key, 0, 0.0, 0.0, None))
            rows = had.rows if one.rows is None else (had.rows or 0) + one.rows
            wall, processor = one.wall - one.inner_wall, one.processor - one.inner_processor
            sums[key] = Line(*key, had.times + 1, had.wall + wall, had.processor + processor, rows)
        order[ELSEWHERE] = len(order)
        return sorted(sums.values(), key=lambda line: (order[line.stage], line.name == "", -line.wall))

    def read_rest(self) -> Line:
        """Return the work outside of all stages and parts until now, as a line."""
        inside = [one for one in self.spans if one.is_outermost and one.kind != "detail"]
        wall = time.perf_counter() - self.began - sum(one.wall for one in inside)
        processor = time.process_time() - self.before - sum(one.processor for one in inside)
        return Line(ELSEWHERE, "", 1, wall, processor, None)

    def as_trace(self) -> dict[str, Any]:
        """Return the spans as a trace for https://ui.perfetto.dev and chrome://tracing; times in microseconds."""
        spans = sorted(self.spans, key=lambda span: (span.began, -span.wall))
        return {"displayTimeUnit": "ms", "traceEvents": [one.as_event() for one in spans]}


_profile: Profile | None = None
_thread = 0  # whose work it is; processor time is that of all threads
_NOTHING: AbstractContextManager[None] = nullcontext()


@contextmanager
def profiled() -> Iterator[Profile]:
    """Note all work in the block, in this thread."""
    global _profile, _thread
    before, _profile, _thread = _profile, Profile(), get_ident()
    try:
        yield _profile
    finally:
        _profile = before


def _find_profile() -> Profile | None:
    """Find the profile of this thread's work; nothing for a thread that works beside."""
    return _profile if _profile is not None and get_ident() == _thread else None


def stage(name: str) -> AbstractContextManager[Span | None]:
    """Return a stage of the command: a heading of the table."""
    profile = _find_profile()
    return _NOTHING if profile is None else profile.span(name, "stage")


def part(name: str) -> AbstractContextManager[Span | None]:
    """Return a part of a stage: a line of the table. `name` must be the program's own."""
    profile = _find_profile()
    return _NOTHING if profile is None else profile.span(name, "part")


def timed(name: str, kind: Kind = "part") -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Have every call of a function be a part, a stage or a detail."""

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            profile = _find_profile()
            if profile is None:
                return function(*args, **kwargs)
            with profile.span(name, kind):
                return function(*args, **kwargs)

        return call

    return decorate


def execute(
    connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement, parameters: dict[str, Any]
) -> int | None:
    """Run a statement of the program's own and return the number of rows it made or changed, None if it makes none."""
    profile = _find_profile()
    if profile is None:
        return _count(connection.execute(statement, parameters), statement)
    with profile.span(_head(statement.query), "detail") as one:
        rows = _count(connection.execute(statement, parameters), statement)
        one.count(rows)
    return rows


def _count(result: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> int | None:
    may_change = duckdb.ExpectedResultType.CHANGED_ROWS in statement.expected_result_type
    row = result.fetchone() if may_change else None
    return row[0] if row else None


def _head(sql: str) -> str:
    """Return the first words of a statement."""
    lines = (line.split("--")[0].strip() for line in sql.splitlines())
    return " ".join(" ".join(line for line in lines if line).split()[:6])
