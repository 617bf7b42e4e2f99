"""The profile of a command as a table on the terminal, and as a trace among what is private."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from dashboard.campaign.folder import CampaignFolder
from dashboard.ground.files.writing import PRIVATE, write_file
from etl.profiling import Line, Profile
from etl.publish.kept_inputs import make_private

TRACE = "profile.json"
_SMALL = 0.005
"""Of the whole time: lines with less are one line together."""

ProfileOption = Annotated[
    bool, typer.Option("--profile", help="Print where the time went, and write a trace for ui.perfetto.dev.")
]


def keep_trace(folder: CampaignFolder, profile: Profile) -> Path:
    """Write a profile's trace to the campaign's private store, in place of the one before; gives the file."""
    path = make_private(folder) / TRACE
    write_file(path, json.dumps(profile.as_trace()) + "\n", PRIVATE)
    return path


def print_profile(console: Console, profile: Profile, trace: str) -> None:
    """Print a line for each stage, and below it one for each of its parts that took some time; they add up."""
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
    """The lines, those that took less than `least` seconds as one."""
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
