"""`python -m dashboard audit`: the audit log as lines of JSON or CSV, for other programs and for the archive."""

import csv
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.command_line import JsonOption
from dashboard.commands.console import Campaign, find_settings, print_done, refusals, write_in_place
from dashboard.errors import SelectionError
from dashboard.ground.files.formula_guard import guard

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".jsonl", ".csv")


def audit(
    campaign: Campaign = None,
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The first day, in UTC."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day, in UTC.")
    ] = None,
    event: Annotated[list[str] | None, typer.Option(metavar="EVENT", help="What was done; may be repeated.")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(metavar="OUTCOME", help="What came of it; may be repeated.")
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Who: a name, or the key of whom has none; repeatable.")
    ] = None,
    words: Annotated[str, typer.Option(metavar="WORDS", help="What an entry must contain.")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="File to write: .jsonl, .csv; default: the terminal.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of lines of JSON.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the audit log, the newest entry first: who did what, when, and what came of it."""
    from dashboard.access.audit.entries import Filters, find_entries, find_people
    from dashboard.access.audit.events import Event, Outcome
    from dashboard.access.audit.log import find_actor, record

    with refusals(as_json):
        folder = find_settings(campaign).campaign
        is_csv = _is_csv(file, as_csv)
        filters = Filters(
            since.date() if since else None,
            until.date() if until else None,
            tuple(Event(name) for name in _check("event", event, list(Event))),
            tuple(Outcome(name) for name in _check("outcome", outcome, list(Outcome))),
            tuple(person or ()),
            words,
        )
        audit_entries = find_entries(folder, filters)
        record(folder, find_actor().person, Event.AUDIT_TAKEN, "csv" if is_csv else "jsonl", words=words)
        write = _write_csv if is_csv else _write_lines
        text = write(audit_entries.entries)
        if file is None:
            sys.stdout.write(text)
        else:
            write_in_place(file, lambda path: path.write_text(text, encoding="utf-8"))
            print_done(f"{file}: {audit_entries.total} entries.", as_json, file=file, entries=audit_entries.total)
        damaged = find_people(folder, filters).damaged
        if damaged:
            print(f"{damaged} lines of these months cannot be read.", file=sys.stderr)


def _is_csv(file: Path | None, as_csv: bool) -> bool:
    """Return whether CSV is asked for; by the file's ending, where there is a file.

    Raises:
        SelectionError: the file has another ending.
    """
    if file is None:
        return as_csv
    if file.suffix.lower() not in ENDINGS:
        raise SelectionError(f"--file {file} has an ending that cannot be written here.", "file", ENDINGS)
    return file.suffix.lower() == ".csv"


def _check(option: str, names: Sequence[str] | None, allowed: Sequence[str]) -> Sequence[str]:
    """Return the names, if all of them are allowed.

    Raises:
        SelectionError: one is not.
    """
    for name in names or ():
        if name not in allowed:
            raise SelectionError(f"--{option} {name!r} is none.", option, tuple(allowed), name)
    return names or ()


def _write_lines(entries: "pd.DataFrame") -> str:
    return entries.to_json(orient="records", lines=True, date_format="iso", date_unit="ms", force_ascii=False)


def _write_csv(entries: "pd.DataFrame") -> str:
    """Write CSV in which no cell is a formula for a spreadsheet, and none ends at a carriage return."""
    texts = [name for name in entries.columns if name != "moment"]
    guarded = entries.assign(**{name: entries[name].map(guard, na_action="ignore") for name in texts})
    return str(guarded.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, date_format="%Y-%m-%dT%H:%M:%SZ"))
