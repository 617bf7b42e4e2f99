"""The common parts of every command of `python -m etl`: options, the terminal, progress, refusals as one sentence.

And the account of a build on the terminal: the fate of every row, the reason, and the points to look at.
"""

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dashboard.campaign import changes
from dashboard.campaign.answers.question import Question, say_effects
from dashboard.campaign.answers.question_kinds import A_DAY, UNKNOWN
from dashboard.campaign.file_names import find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.campaign.uncounted import read_uncounted, say_uncounted
from dashboard.command_line import print_json
from dashboard.errors import UserError, pack_parts
from dashboard.faults import computer_faults, told_anyway
from dashboard.ground.processes.progress import Progress as BuildProgress
from dashboard.paths import IS_INSTALLED
from dashboard.settings import Settings, read_campaign
from etl.pipeline.build import Built
from etl.pipeline.open_questions import list_questions, say_question
from etl.profiling import timed
from etl.sqlfiles import open_snapshot, read_query

PIPE_WIDTH = 160
P = ParamSpec("P")
R = TypeVar("R")

CAMPAIGN_VARIABLE = "DASHBOARD_CAMPAIGN"


def _read_option(context: typer.Context, _: typer.CallbackParam, folder: Path) -> Path:
    """Return the named campaign; the variable means the same folder as for the dashboard, and so does none at all."""
    source = context.get_parameter_source("campaign")
    name = source.name if source is not None else ""
    if name == "DEFAULT" and IS_INSTALLED:
        return read_campaign("data")
    return read_campaign(folder) if name == "ENVIRONMENT" else folder


CampaignOption = Annotated[
    Path,
    typer.Option(
        "--campaign",
        envvar=CAMPAIGN_VARIABLE,
        callback=_read_option,
        help="Campaign folder: campaign.toml, codelists, recipes, inbox.",
    ),
]
SkipOption = Annotated[
    bool, typer.Option("--skip-bad-files", help="Leave out files that cannot be read or recognised.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]
NoteOption = Annotated[str, typer.Option("--note", help="Why, for colleagues.")]
SeenOption = Annotated[
    str | None,
    typer.Option(
        "--seen",
        metavar="VERSION",
        help="The file's SHA-256 (or none) when it was looked at: what was said otherwise since is not overwritten.",
    ),
]


_TOLD_COMMAND = re.compile(r"python -m etl (?!new\b)[a-z][a-z-]*")
_CAMPAIGN_WORDS: ContextVar[str] = ContextVar("campaign_words", default="")
"""The words that commands in messages need after their name, to work on the same campaign."""


class _Terminal(Console):
    """A terminal whose sentences name the campaign in their commands, where those would take another."""

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(_name_campaign(thing) if isinstance(thing, str) else thing for thing in objects), **options)


def _name_campaign(text: str) -> str:
    words = _CAMPAIGN_WORDS.get()
    return _TOLD_COMMAND.sub(lambda match: match[0] + words, text) if words else text


def on_campaign(command: Callable[P, R]) -> Callable[P, R]:
    """Make a command that first names its campaign on stderr, names it in the commands of its sentences, and refuses.

    See `refusals`; `as_json` and `quiet` are options of the command.
    """

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> R:
        folder, token = options.get("campaign"), None
        if isinstance(folder, Path):
            if not options.get("quiet"):
                with suppress(OSError):  # stderr may lie on a full disk
                    open_errors().print(f"Campaign: {folder.resolve()}", markup=False, highlight=False)
            default = read_campaign(os.environ.get(CAMPAIGN_VARIABLE) or "data")
            campaign_option = "" if folder.resolve() == default else f" --campaign {shlex.quote(str(folder))}"
            token = _CAMPAIGN_WORDS.set(campaign_option)
        try:
            with refusals(bool(options.get("as_json"))):
                return command(*arguments, **options)
        finally:
            if token is not None:
                _CAMPAIGN_WORDS.reset(token)

    return run


def open_console(quiet: bool = False) -> Console:
    """Open the terminal; a file or a pipe gets lines wide enough for the tables."""
    return _Terminal(quiet=quiet, width=None if sys.stdout.isatty() else PIPE_WIDTH, emoji=False)


def print_line(text: str, quiet: bool = False) -> None:
    """Print a line as it is, however long."""
    open_console(quiet).print(text, markup=False, highlight=False, soft_wrap=True)


def open_errors() -> Console:
    """Open stderr for refusals and notes outside the answer, a line each."""
    return _Terminal(stderr=True, soft_wrap=True, emoji=False)


BUILD_TO_APPLY = "Build to apply it: python -m etl build."


def print_said(message: str, as_json: bool, **facts: object) -> None:
    """Print the result of a command: as one sentence, or with its facts for other programs."""
    with told_anyway(message):
        if as_json:
            print_json({"ok": True, **facts, "did": message})
        else:
            print_line(message)


def read_list(path: Path) -> str:
    """Read the text of a list of answers; `-` is standard input.

    Raises:
        UserError: it cannot be read as text.
    """
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read as text.", "Name a CSV file in UTF-8.") from error


@contextmanager
def refusals(as_json: bool = False) -> Iterator[None]:
    """Turn an error that a person can correct into a sentence on stderr and exit code 1; `as_json`: also on stdout."""
    try:
        with computer_faults():
            Settings.from_environment()  # a wrong one is reported before any work begins
            yield
    except UserError as error:
        if as_json:
            print_json({"ok": False, "what": error.what, "remedy": error.remedy, **pack_parts(error)})
        open_errors().print(str(error), markup=False, highlight=False)
        raise typer.Exit(1) from None


def send_copies(folder: CampaignFolder, *, is_forgetting: bool = False) -> dict[str, str]:
    """Send the published builds to the object store, where one is set; stderr and the answer report a failure.

    Args:
        folder: The campaign, no longer under a lock: sending takes its time.
        is_forgetting: Whether a person has just been erased.
    """
    if not Settings.from_environment().store:
        return {}
    from etl.publish.send_copies import send_if_set  # stores alone need its library

    failed = send_if_set(folder, is_forgetting=is_forgetting)
    if failed is None:
        return {}
    open_errors().print(failed, markup=False, highlight=False)
    return {"not_sent": failed}


@contextmanager
def progress_bar(quiet: bool = False, as_json: bool = False) -> Iterator[BuildProgress]:
    """Show a progress bar on stderr, where that is a terminal; for other programs print progress as lines of JSON."""
    if as_json:
        yield lambda what, done, total: print_json({"what": what, "done": done, "total": total})
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=quiet or not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


UNMATCHED_SHOWN = 20
OPEN_SHOWN = 20


@timed("account printed", "stage")
def print_account(console: Console, built: Built, *, only: set[str] | None = None) -> dict[str, Any]:
    """Print the account per file, the most frequent reasons, the unmatched values and the totals.

    Where nothing has changed since it was published, print the totals alone: the rest was printed then. Return the
    account of the rows of each file, and the files left out, for other programs.

    `only`: names of the files (archives as such) to print the account of; all by default.
    """
    with _open(built.snapshot) as report:
        if uncounted := say_uncounted(read_uncounted(built.snapshot, date.today())):
            console.print(uncounted, markup=False)
        files = [row for row in report("account") if _is_of(row["source_file"], only)]
        if not built.is_published:
            _print_files(console, files)
            _print_columns(console, report, only)
            _print_readings(console, report, only)
            _print_remarks(console, report, only)
            _print_reasons(console, report)
            _print_unmatched(console, report)
        _print_totals(console, report)
    all_questions = [one for one in read_questions(built.snapshot) if _is_of(one.subject.file, only)]
    questions = [question for question in all_questions if question.is_open]
    print_questions(console, questions)
    for question in all_questions:
        if question.answer == UNKNOWN:
            console.print(f"Not known, as staff said: {say_question(question)} {question.kind.unknown}.", markup=False)
    for name, reason in built.skipped:
        console.print(f"Left out: {name}. {reason}", markup=False)
    return {
        "files": files,
        "left_out": {name: str(reason) for name, reason in built.skipped},
        "questions": [describe_question(question) for question in questions],
    }


def print_changes(console: Console, built: Built, published: Path | None) -> dict[str, int] | None:
    """Print the changes that publishing this build would make to the published snapshot.

    Return them for other programs too; None where there is nothing to compare with.
    """
    if published is None:
        console.print("Nothing real is published yet: everything above would be new.")
        return None
    try:
        difference = changes.compare(published, built.snapshot, most=1)
    except OtherSchemaError as error:
        console.print(f"Nothing to compare with: {error}", markup=False)
        return None
    before, after = _figures(published), _figures(built.snapshot)
    facts = {
        "actions_added": difference.actions_added,
        "actions_changed": difference.actions_changed,
        "actions_removed": difference.actions_removed,
        "reports": after["reports"] - before["reports"],
        "rejected_rows": after["rejected"] - before["rejected"],
        "completed_before": before["completed"],
        "completed_after": after["completed"],
    }
    template = (
        "Compared with what is published now: {actions_added} actions added, {actions_changed} changed, "
        "{actions_removed} removed; reports {reports:+d}; rejected rows {rejected_rows:+d}; "
        "completed {completed_before} → {completed_after}."
    )
    console.print(template.format(**facts), markup=False)
    return facts


def _figures(snapshot: Path) -> dict[str, Any]:
    with _open(snapshot) as report:
        return report("figures")[0]


_Report = Callable[..., list[dict[str, Any]]]


@contextmanager
def _open(snapshot: Path) -> Iterator[_Report]:
    """Answer the questions of `etl/sql/report` about a snapshot, with the files' own names: staff read it."""
    names = find_names(snapshot)
    with open_snapshot(snapshot) as connection:

        def ask(question: str, **parameters: Any) -> list[dict[str, Any]]:
            text = read_query(f"report/{question}")
            result = connection.execute(text, parameters)
            columns = [column[0] for column in result.description]
            return [names.rename(dict(zip(columns, row, strict=True))) for row in result.fetchall()]

        yield ask


_READINGS = {
    "day_first": "day first",
    "month_first": "month first",
    "of_one": "1 is the whole (0.4 is 40 %)",
    "of_hundred": "100 is the whole",
    "decimal_comma": "a comma before the decimals",
    "decimal_point": "a point before the decimals",
    "separated_by": "“{sign}” between several values",
    "part_of_values": "“{sign}” is part of the values",
}


def _print_readings(console: Console, report: _Report, only: set[str] | None) -> None:
    """Print a line for each column that could have been read otherwise: its reading, and the reason."""
    for row in report("readings"):
        if _is_of(row["source_file"], only):
            name, _, sign = row["reading"].partition(" ")
            what = "cells" if sign else "numbers" if row["field"] == "percent" else "dates"
            is_whole = name in ("of_one", "of_hundred")
            why = {
                "values": f"from {row['evidence']:,} of {row['cells']:,} {what}",
                "recipe": "as the recipe says",
                "staff": "as staff said",
                "other_columns": "as the status says" if is_whole else f"as the other {what} of the file",
            }[row["decided_by"]]
            sheet = f", sheet {row['sheet']}" if row["sheet"] else ""
            how = _READINGS[name].format(sign=sign)
            console.print(f"{row['field']}: {how}, {why} ({row['source_file']}{sheet}).", markup=False)


_REMARKS = {
    "hidden": "it is hidden, and not read.",
    "left_out": "it is not read, as sheets.csv says.",
    "counted": "it counts, as sheets.csv says.",
    "round": "its rows are reports about the actions of another sheet, as sheets.csv says.",
    "hidden_rows": "hidden rows are read like the others: {number:,}.",
    "hidden_columns": "hidden columns are read like the others: {number:,}.",
    "merged_filled": "{number:,} cells of {field} have the value of the merged cells that they are part of.",
    "merged_blank": "{number:,} cells of {field} are blank because they are part of merged cells; if these mean all "
    "their rows: python -m etl answer merged_cells --file FILE --field {field} --is all.",
}


def _print_remarks(console: Console, report: _Report, only: set[str] | None) -> None:
    """Print a line for each sheet that is not read, and for hidden or merged parts of a spreadsheet."""
    for row in report("sheet_remarks"):
        if _is_of(row["source_file"], only):
            what = _REMARKS[row["remark"]].format(**row)
            console.print(f"{row['source_file']}, sheet {row['sheet']}: {what}", markup=False)


def read_questions(snapshot: Path) -> list[Question]:
    """Read the questions to staff about a build, with the files' own names."""
    with open_snapshot(snapshot) as connection:
        return list_questions(connection, find_names(snapshot))


def print_questions(console: Console, questions: Sequence[Question]) -> None:
    """Print the questions to staff: each with rows of the file, and the possible answers."""
    for number, question in enumerate(questions, 1):
        console.print(f"Question {number}. {question.kind.title} {say_question(question)}", markup=False)
        for row in question.evidence:
            console.print(f"  row {row.number}{f': {row.words}' if row.words else ''}", markup=False)
        for candidate in question.candidates:
            rows = f" → {'; '.join(candidate.rows)}" if any(candidate.rows) else ""
            console.print(f"  {candidate.value}: {candidate.words}{rows}", markup=False)
            if effects := say_effects(candidate.effects):
                console.print(f"    {effects}", markup=False)
        if question.kind.takes_day:
            effects = say_effects(question.effects)
            console.print(f"  {A_DAY}: any other day{f' ({effects})' if effects else ''}", markup=False)
        if remedy := question.kind.say_correct():
            console.print(f"  {remedy}", markup=False)
    if questions:
        console.print("Answer them: python -m etl answer --list writes them as a list, --from FILE reads it.")


def describe_question(question: Question) -> dict[str, Any]:
    """Describe a question for other programs."""
    return {
        **question.key._asdict(),
        "question": str(say_question(question)),
        "rows": [{"row": row.number, "cell": row.words} for row in question.evidence],
        "answers": {
            candidate.value: {
                "words": str(candidate.words),
                "rows": list(candidate.rows),
                "effects": [effect._asdict() for effect in candidate.effects],
            }
            for candidate in question.candidates
        },
        "effects": [effect._asdict() for effect in question.effects],  # of any other day
        "answer": question.answer,
        "decided_by": question.decided_by,
    }


def _is_of(source_file: str, only: set[str] | None) -> bool:
    """Return whether a file is one of these, or stands in an archive of theirs; None: all are meant."""
    return only is None or any(f"{source_file}/".startswith(f"{name}/") for name in only)


def _print_files(console: Console, files: list[dict[str, Any]]) -> None:
    table = Table("File", "Recipe")
    for name in ("Read", "Accepted", "Merged", "Rejected"):
        table.add_column(name, justify="right")
    for row in files:
        numbers = (row["rows_read"], row["rows_accepted"], row["rows_merged"], row["rows_rejected"])
        table.add_row(row["source_file"], row["recipe"], *(f"{n:,}" for n in numbers))
    console.print(table)


def _print_columns(console: Console, report: _Report, only: set[str] | None) -> None:
    table = Table("File")
    for name in ("Columns", "Fields", "Questions", "Staff only", "Personal", "Set aside", "Open"):
        table.add_column(name, justify="right")
    counts = ("columns", "fields", "questions", "staff", "personal", "set_aside", "open")
    for row in report("columns"):
        if _is_of(row["source_file"], only):
            table.add_row(row["source_file"], *(f"{row[name]:,}" for name in counts))
    console.print(table)
    columns = [row for row in report("open_columns") if _is_of(row["source_file"], only)]
    if not columns:
        return
    table = Table("Column without a use", "May be", "Understood", "Filled", "File")
    for row in columns[:OPEN_SHOWN]:
        share = "" if row["understood"] is None else f"{row['understood']:.0%}"
        may_be = row["looks_like"] or row["proposed"] or ""
        table.add_row((row["header"] or "")[:60], may_be, share, f"{row['filled']:,}", row["source_file"])
    console.print(table)
    if len(columns) > OPEN_SHOWN:
        console.print(f"… and {len(columns) - OPEN_SHOWN:,} more; the table input_columns of the snapshot lists all.")
    console.print(
        "Nothing of these columns is counted or published. Say what one is: python -m etl column FILE HEADER --is …"
    )


def _print_reasons(console: Console, report: _Report) -> None:
    rows = report("reasons")
    if rows:
        table = Table("Merged or rejected because", "Rows", "First")
        for row in rows:
            table.add_row(row["reason"], f"{row['row_count']:,}", f"{row['first_file']}, row {row['first_row']}")
        console.print(table)


def _print_unmatched(console: Console, report: _Report) -> None:
    rows = report("unmatched", most=UNMATCHED_SHOWN)
    if not rows:
        return
    table = Table("Value that matches no code", "Field", "Rows", "Nearest code", "File")
    for row in rows:
        table.add_row(
            str(row["value"])[:60], row["field"], f"{row['rows']:,}", row["nearest_code"] or "", row["source_file"]
        )
    console.print(table)
    more = rows[0]["values_in_all"] - len(rows)
    if more > 0:
        console.print(f"… and {more:,} more; the table unmatched_values of the snapshot lists them all.")
    console.print("The field is empty in those rows. Say what a word means: python -m etl spelling WORD --means CODE.")


def _print_totals(console: Console, report: _Report) -> None:
    total = report("figures")[0]
    console.print(
        f"{total['actions']:,} actions, {total['completed']:,} completed by {total['last_date']}; "
        f"{total['reports']:,} progress reports, {total['reports_without_action']:,} of them match no action. "
        f"Not yet classified: {total['without_category']:,} without category, {total['without_place']:,} without place."
    )
