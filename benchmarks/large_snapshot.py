"""A snapshot of very many actions, made from one of 100,000 by multiplying its rows, and what questions to it cost.

python -m benchmarks.large_snapshot make 1000000 FOLDER      builds 100,000 made-up actions, multiplies, publishes
python -m benchmarks.large_snapshot ask FOLDER [--rounds 5]  the program's queries against SQL written by hand
python -m benchmarks.large_snapshot visit FOLDER             pages, each for the first time, and the server's memory

A build of ten million would take an hour; its rows, as far as pages ask for them, are those of a hundred builds of
100,000 with other numbers, ids and words. What is multiplied is held against the checks of a build. Not multiplied are
what staff alone see (rejected rows, suggestions, findings) and what actions have in common.
"""

import argparse
import asyncio
import json
import resource
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import duckdb

from benchmarks.processes import describe_machine, read_peak_mb, read_processor_seconds
from benchmarks.readers import open_reader
from benchmarks.results import Measured, write_aims
from benchmarks.servers import Server, run_dashboard
from benchmarks.synthetic import build_snapshot, write_campaign
from dashboard.campaign.snapshot_schema import schema_mark
from dashboard.measures import register
from dashboard.paths import quote_path
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.query_templates import MEMBER, name_count
from dashboard.snapshot.selection import Selection
from etl.pipeline.checks import load_checks
from etl.pipeline.derived import derive
from etl.sqlfiles import run_file

HERE = Path(__file__).parent / "sql" / "large"
SOURCE_ACTIONS = 100_000
INVARIANTS = ("unique_actions", "unique_numbers", "relations_whole")


def make(actions: int, folder: Path) -> Path:
    """Build `SOURCE_ACTIONS` made-up actions in `folder`/source, multiply them and publish the result in `folder`."""
    source = folder / "source"
    if not (source / "published").is_dir():
        write_campaign(SOURCE_ACTIONS, source)
        build_snapshot(source)
    published = folder / "published"
    shutil.rmtree(published, ignore_errors=True)
    published.mkdir(parents=True)
    build_id = f"{actions:016d}"
    target = published / f"snapshot-{build_id}.duckdb"
    pointer = json.loads((source / "published" / "current.json").read_text(encoding="utf-8"))
    _multiply(source / "published" / pointer["snapshot"], target, -(-actions // SOURCE_ACTIONS), build_id)
    started = time.perf_counter()
    derive(target)
    print(f"derived in {time.perf_counter() - started:.1f} s, file {target.stat().st_size / 1e6:.0f} MB")
    pointer |= {"snapshot": target.name, "build_id": build_id}
    (published / "current.json").write_text(json.dumps(pointer), encoding="utf-8")
    return target


def _multiply(source: Path, target: Path, copies: int, build_id: str) -> None:
    with duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(target.parent / "spill")}) as connection:
        connection.execute(f"attach {quote_path(source)} as source (read_only)")
        connection.execute(f"attach {quote_path(target)} as snapshot")
        connection.execute("use snapshot")
        run_file(connection, "schema")
        run_file(connection, "mark_schema", {"schema_mark": schema_mark()})
        connection.execute("use memory")
        for name in ("words", "rest"):
            run_file(connection, HERE / f"{name}.sql", {"build_id": build_id})
        row = connection.execute((HERE / "offsets.sql").read_text(encoding="utf-8")).fetchone()
        assert row is not None  # noqa: S101  (an aggregate without groups has one row)
        actions, reports, dimensions = row
        for copy in range(copies):
            run_file(connection, HERE / "copied.sql", {"copy": copy, "actions": actions, "reports": reports})
        for dimension in dimensions:
            for copy in range(copies):
                parameters: dict[str, Any] = {"dimension": dimension, "copy": copy, "actions": actions}
                run_file(connection, HERE / "members.sql", parameters)
        connection.execute("checkpoint snapshot")
        for check in (check for check in load_checks() if check.id in INVARIANTS):
            count = f"select count(*) from ({check.sql})"  # noqa: S608  (the program's own query)
            offending = connection.execute(count).fetchone()
            assert offending == (0,), check.id  # noqa: S101  (a benchmark on a wrong snapshot says nothing)


class Question(NamedTuple):
    """One question: its name, its query by the program, and its query `by_hand` with its parameters."""

    what: str
    asked: Callable[[Snapshot], Any]
    by_hand: str
    parameters: dict[str, Any]


FEW = Selection(regions=("africa", "americas"), groups=("government",))
EARLIER = date(2021, 9, 1)


def _query(name: str, selection: Selection, **more: Any) -> Callable[[Snapshot], Any]:
    return lambda snapshot: snapshot.columns(name, selection.sql_parameters(snapshot) | more)


def _page(selection: Selection, sort: str, limit: int) -> Callable[[Snapshot], Any]:
    return lambda snapshot: register.page(snapshot, selection, sort=sort, descending=True, limit=limit)


def list_questions(last_date: date) -> list[Question]:
    """List every question that is measured."""
    by_member, pairs = name_count("actions", MEMBER), name_count("actions", MEMBER, MEMBER)
    region_theme = {"row_dimension": "region", "column_dimension": "theme"}
    day = {"as_of": last_date}
    questions = [
        Question("headline", _query("headline", Selection()), "headline", {}),
        Question("headline, two filters", _query("headline", FEW), "headline_filtered", {}),
        Question(
            "headline, an earlier day",
            _query("headline", Selection(as_of=EARLIER)),
            "headline_earlier",
            {"as_of": EARLIER},
        ),
    ]
    for dimension in ("region", "country", "theme"):
        named = {"dimension": dimension}
        questions += [
            Question(f"breakdown by {dimension}", _query(by_member, Selection(), **named), "breakdown", named),
            Question("the same, two filters", _query(by_member, FEW, **named), "breakdown_filtered", named),
        ]
    questions += [
        Question("regions by themes", _query(pairs, Selection(), **region_theme), "crossed", {}),
        Question("the same, two filters", _query(pairs, FEW, **region_theme), "crossed_filtered", {}),
        Question("curve", _query("changes/in_all", Selection()), "curve", day),
        Question("the same, two filters", _query("changes/in_all", FEW), "curve_filtered", day),
        Question(
            "page of 50, latest first", _page(Selection(), "submitted_on", 50), "page_by_number", day | {"most": 50}
        ),
        Question(
            "page of 500, latest first", _page(Selection(), "submitted_on", 500), "page_by_number", day | {"most": 500}
        ),
        Question("page of 500 by title", _page(Selection(), "title", 500), "page_by_title", day | {"most": 500}),
    ]
    for one, other in SOUGHT:
        words = {"one": one, "other": other} if other else {"one": one}
        selection = Selection(q=f"{one} {other}")
        by_hand = "search_two" if other else "search_one"
        questions.append(
            Question(f"actions with {selection.q.strip()}", _query("register_count", selection), by_hand, words)
        )
    questions.append(
        Question(
            "two words against reading all texts",
            _query("register_count", Selection(q="protec mining")),
            "search_without",
            {"one": "protec", "other": "mining"},
        )
    )
    return questions


SOUGHT = (("mining", ""), ("4711", ""), ("zzyzx", ""), ("protec", "mining"), ("babababa", "lama"))


def ask(folder: Path, rounds: int) -> None:
    """Ask every question in both ways, in turn, and print a table."""
    pointer = json.loads((folder / "published" / "current.json").read_text(encoding="utf-8"))
    path = folder / "published" / pointer["snapshot"]
    snapshot = Snapshot(path, pointer["build_id"], pointer["built_at"], cache_mb=0)
    print("| question | by hand, CPU ms | program, CPU ms | ratio | by hand, ms | program, ms |")
    print("|---|---:|---:|---:|---:|---:|")
    with snapshot.cursor() as cursor:
        for what, asked, by_hand, parameters in list_questions(snapshot.last_date):
            statement = (HERE / "by_hand" / f"{by_hand}.sql").read_text(encoding="utf-8")
            times: list[tuple[float, ...]] = []
            for _ in range(rounds + 1):
                hand = _measure(lambda s=statement, p=parameters: cursor.execute(s, p).df())  # type: ignore[misc]
                times.append(hand + _measure(lambda a=asked: a(snapshot)))  # type: ignore[misc]
            hand_s, hand_cpu, own_s, own_cpu = (median(column) * 1000 for column in zip(*times[1:], strict=True))
            ratio = own_cpu / hand_cpu
            print(f"| {what} | {hand_cpu:.0f} | {own_cpu:.0f} | {ratio:.2f} | {hand_s:.0f} | {own_s:.0f} |", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"\npeak of this process: {peak:.0f} MB")


VISITS = (
    ("Overview", "", ""),
    ("Overview, two filters", "", "region=africa&region=americas&group=government"),
    ("Actions, a page of the register", "actions", ""),
    ("Actions, two filters", "actions", "region=africa&region=americas&group=government"),
    ("Actions, two words", "actions", "q=protec%20mining"),
    ("Latest news", "latest", ""),
    ("Latest news, two filters", "latest", "region=africa&region=americas&group=government"),
)
"""What is visited: its name, the page, and the query of its link."""


def visit(folder: Path) -> None:
    """Open each page once, each by a new reader of one server that has just started; print a table."""
    print(describe_machine())
    print("\n| page | s | processor s | peak of the server, MB |\n|---|---:|---:|---:|")
    measured: Measured = {}
    with run_dashboard(folder) as server:
        for name, page, query in VISITS:
            spent = read_processor_seconds(server.pid)
            seconds = asyncio.run(_open(server, page, query))
            spent, peak = read_processor_seconds(server.pid) - spent, read_peak_mb(server.pid)
            print(f"| {name} | {seconds:.2f} | {spent:.2f} | {peak:.0f} |", flush=True)
            measured[f"ten million: {name}"] = seconds, None
    measured["ten million: peak of the server's memory"] = peak, None
    print(write_aims("large_snapshot", measured))


async def _open(server: Server, page: str, query: str) -> float:
    """Open a page as a link does; return the seconds until its run has finished."""
    async with open_reader(server, page) as reader:
        reader.query = query
        seconds = await reader.run(None)
    if reader.failure:
        raise SystemExit(f"{page or 'Overview'}: {reader.failure}")
    return seconds


def _measure(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    before, started = _spent(), time.perf_counter()
    work()
    return time.perf_counter() - started, _spent() - before


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Make or ask, as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    made = commands.add_parser("make")
    made.add_argument("actions", type=int)
    made.add_argument("folder", type=Path)
    asked = commands.add_parser("ask")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--rounds", type=int, default=5)
    visited = commands.add_parser("visit")
    visited.add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.command == "make":
        print(make(options.actions, options.folder))
    elif options.command == "ask":
        ask(options.folder, options.rounds)
    else:
        visit(options.folder)


if __name__ == "__main__":
    main()
