"""`python -m etl build`: read everything, write and publish a snapshot."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import (
    CampaignOption,
    QuietOption,
    SkipOption,
    open_console,
    print_account,
    progress_bar,
    send_copies,
)
from etl.pipeline.build import Built
from etl.profiling import Line, Profile, profiled
from etl.publish.history import How
from etl.publish.holding import only_build
from etl.publish.kept_inputs import make_private
from etl.publish.publish import publish
from etl.publish.unchanged import build_if_changed
from etl.readers.engine import DUCKDB, Engine

TRACE = "profile.json"
_SMALL = 0.005
"""The smallest share of the whole time for a line of its own; smaller ones are one line together."""

ProfileOption = Annotated[
    bool, typer.Option("--profile", help="Print where the time went, and write a trace for ui.perfetto.dev.")
]


def keep_trace(folder: CampaignFolder, profile: Profile) -> Path:
    """Write a profile's trace to the campaign's private store, in place of the one before; return the file."""
    path = make_private(folder) / TRACE
    write_file(path, json.dumps(profile.as_trace()) + "\n", PRIVATE)
    return path


def print_profile(console: Console, profile: Profile, trace: str) -> None:
    """Print a line for each stage, and below it one for each of its slower parts; they add up."""
    lines = [*profile.list_lines(), profile.read_rest()]
    wall = sum(line.wall for line in lines)
    table = Table("Step")
    for name in ("Times", "Seconds", "Processor", "Rows", "Rows a second", "Share"):
        table.add_column(name, justify="right")
    for name, group in groupby(lines, lambda line: line.stage):
        parts = list(group)
        total = _sum(parts, "")
        table.add_row(name, "", *_cells(total, wall), style="bold")
        for line in _join_small(parts, wall * _SMALL) if len(parts) > 1 else ():
            table.add_row(f"  {line.name or 'else'}", str(line.times), *_cells(line, wall))
    total = _sum(lines, "")
    table.add_section()
    table.add_row("all", "", *_cells(total, wall), style="bold")
    console.print(table)
    console.print(f"Before it began, Python and its libraries took {profile.before:.2f} s of processor time.")
    console.print(f"Trace, for ui.perfetto.dev or chrome://tracing: {trace}", markup=False, soft_wrap=True)


def _join_small(lines: Iterable[Line], least: float) -> Iterator[Line]:
    """Return the lines, those below `least` seconds as one."""
    small = []
    for line in lines:
        if line.wall < least and line.name:
            small.append(line)
        else:
            yield line
    if small:
        yield _sum(small, f"{len(small)} others")


def _sum(lines: list[Line], name: str) -> Line:
    row_counts = [line.rows for line in lines if line.rows is not None]
    return Line(
        lines[0].stage,
        name,
        sum(line.times for line in lines),
        sum(line.wall for line in lines),
        sum(line.processor for line in lines),
        sum(row_counts) if row_counts else None,
    )


def _cells(line: Line, wall: float) -> tuple[str, ...]:
    rows = "" if line.rows is None else f"{line.rows:,}"
    speed = "" if not line.rows or line.wall < 0.001 else f"{line.rows / line.wall:,.0f}"
    return f"{line.wall:.3f}", f"{line.processor:.3f}", rows, speed, f"{line.wall / wall:.1%}"


class EngineName(StrEnum):
    """The engines that work through rows."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def build(
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    quiet: QuietOption = False,
    skip_bad_files: SkipOption = False,
    decided: Annotated[bool, typer.Option("--decided", hidden=True, help="Note in the history: a decision.")] = False,
    from_nothing: Annotated[
        bool, typer.Option("--from-nothing", help="Build also where nothing has changed since what is published.")
    ] = False,
    as_json: JsonOption = False,
    profile: ProfileOption = False,
    engine: Annotated[EngineName, typer.Option("--engine", help="Who works through rows.")] = EngineName.DUCKDB,
    master: Annotated[
        str, typer.Option("--master", help="With spark: where it runs, as local[4], yarn or spark://host:7077.")
    ] = "",
    partitions: Annotated[
        int, typer.Option("--partitions", min=0, help="With spark: into how many parts a large sheet is cut.")
    ] = 0,
    shared: Annotated[
        Path | None,
        typer.Option("--shared", help="With spark: a folder that all its machines see; the campaign's by default."),
    ] = None,
) -> None:
    """Read everything in the inbox, write and publish a snapshot, print the account per file."""
    console = open_console(quiet or as_json)
    folder = CampaignFolder(campaign)
    how: How = "decide" if decided else "build"
    is_asked = from_nothing or engine is not EngineName.DUCKDB
    with (
        profiled() if profile else nullcontext() as timings,
        acting_here(folder.root, Event.PUBLISHED, how=how) as act,
        only_build(folder),
        progress_bar(quiet, as_json) as progress,
        _open_engine(engine, master, partitions, shared) as by,
        build_if_changed(
            folder, from_nothing=is_asked, skip_bad_files=skip_bad_files, engine=by, progress=progress
        ) as built,
    ):
        if not console.quiet:
            print_account(console, built)
        target = publish(folder, built, how=how)
        act.say(built.build_id, build=built.build_id, files=[name for name, _ in built.exports])
    trace = {} if timings is None else {"profile": str(keep_trace(folder, timings))}
    not_sent = send_copies(folder)
    if as_json:
        same = {"nothing_changed": True} if built.is_published else {}
        print_json({"ok": True, "build_id": built.build_id, **same, **trace, **not_sent})
    elif timings is not None:
        print_profile(open_console(), timings, trace["profile"])
    _say(console, built, target)


def _say(console: Console, built: Built, target: Path) -> None:
    """Report the published build."""
    if built.is_sample:
        console.print("The inbox is empty: this is the fictional sample data.")
    if built.is_published:
        console.print("Nothing has changed since this build was made: it stays. --from-nothing builds all the same.")
    console.print(f"Published {target.name}.")


@contextmanager
def _open_engine(name: EngineName, master: str, partitions: int, shared: Path | None) -> Iterator[Engine]:
    """Open the engine of that name, for one build."""
    if name is EngineName.DUCKDB:
        for option, value in (("--master", master), ("--partitions", partitions), ("--shared", shared)):
            if value:
                raise UserError(f"{option} is for --engine spark.", "Add that, or leave it out.")
        yield DUCKDB
        return
    from etl.spark.spark_engine import SparkEngine, open_session

    with open_session(master) as spark:
        yield SparkEngine(spark, partitions, shared=shared)
