"""Builds whose rows are shared out: a campaign with all that whole columns decide, and who takes the shares."""

import csv
import io
import os
import pickle
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from dashboard.campaign.folder import CampaignFolder
from etl.pipeline import build as builds
from etl.readers.engine import DUCKDB, Engine
from etl.spark.buckets import Filled, Piece, Source
from etl.spark.sharing import Cut, SharingEngine, Work
from tests.etl.campaigns import make_campaign, recipe

ROUNDS = """
[fields.themes.choices]
education = ["Theme: Education"]
agriculture = ["Theme: Agriculture"]
[[rounds]]
wave = "mid_term"
reported_on = "2021-06-30"
[rounds.fields.status]
headers = ["State in June"]
[rounds.fields.percent]
headers = ["Done in June"]
[[rounds]]
wave = "end"
reported_on = "2021-12-30"
[rounds.fields.status]
headers = ["State in December"]
[rounds.fields.percent]
headers = ["Done in December"]
[[results]]
indicator = "children_withdrawn"
[results.fields.target]
headers = ["Children"]
[results.fields.actual]
headers = ["Children in December"]
[[leave_out]]
reason = "a test of the form"
headers = ["Maker"]
values = ["Test"]
"""
REGISTER = recipe(
    "register", "actions", "Ref|Maker|Promise",
    '[read]\nseparators = [";"]', ROUNDS,
    called="Register with rounds", submission_id="Ref", stakeholder="Maker", title=("Promise", "required = true"),
    description="How", submitted_at="Sent", due_on="Due", countries="Where",
)  # fmt: skip
SURVEY = recipe(
    "survey", "progress_reports", "Report|Ref|State",
    '[read]\nquestions = "all"\nseparators = [";"]',
    '[questions.help]\nheaders = ["Which help did you get?"]\nseparators = [";"]',
    called="Survey of progress", report_id="Report", submission_id="Ref", submitted_at="Sent", status="State",
    percent="Done", narrative="Story",
)  # fmt: skip

TALLY = recipe(
    "tally", "results", "Maker|What",
    called="Tally of numbers", stakeholder="Maker", title="Promise", indicator="What", target="Goal", actual="Now",
    told_at="Told",
)  # fmt: skip


def write_register(rows: int) -> str:
    """Write a register kept by hand: all cells of its columns together decide their meaning."""
    header = ["Ref", "Maker", "Promise", "How", "Sent", "Due", "Where", "Theme: Education", "Theme: Agriculture"]
    header += ["State in June", "Done in June", "State in December", "Done in December", "Children"]
    header += ["Children in December", "Contact"]
    lines = [header]
    for n in range(1, rows + 1):
        places = [["Kenya"], ["Peru", "Chile"], ["Atlantis"], []][n % 4]
        maker = "Test" if n % 17 == 0 else f"Fictional Union {n % 7}"
        how = f'In "two"\nlines, {n}' if n % 3 else f"Write to person{n}@example.org or call +41 22 799 {6000 + n}"
        lines.append([
            f"R-{n % (rows - 4)}", maker, f"Promise {n % (rows - 6)}", how,
            f"{1 + n % 12:02}/{1 + n % 28:02}/2021", "03/04/2021" if n % 2 else "2021-11-30", ";".join(places),
            str(n % 2), str(n % 3 // 2), ["Completed", "In progress", "", "Nearly"][n % 4], f"{n % 100},5",
            ["", "Completed"][n % 2], "" if n % 5 else "100", f"{n},5 children" if n % 3 else "", str(n % 4),
            f"Sample Person {n:03}",
        ])  # fmt: skip
        if n in (10, rows - 10):
            lines.append(header)
    lines += [["", "Total", *[""] * 8, "999", *[""] * 5], ["Note: counted by hand", *[""] * 15]]
    return _write(lines)


DECISIONS = """decision,subject,this,that
same,stakeholder,Fictional Union 1,Fictional Union 2
rename,stakeholder,Fictional Union 3,Fictional Union Three
different,stakeholder,Fictional Union 4,Union That No File Names
"""


def write_survey(rows: int) -> str:
    """Write a survey whose answers are few, with some that were sent again."""
    lines = [["Report", "Ref", "Sent", "State", "Done", "Story", "Which help did you get?", "Are you content?"]]
    for n in range(1, rows + 1):
        state = ["Completed", "In progress", "Not started", "Adapted"][n % 4]
        lines.append([
            f"S-{n % (rows - 5)}", f"R-{n % 60}", f"2021-{1 + n % 12:02}-{1 + n % 28:02} 10:00:00", state, str(n % 101),
            f"What we did,\nin words {n}", ["Money;Advice", "Advice", "", "Money"][n % 4],
            ["Yes", "No", "Partly"][n % 3],
        ])  # fmt: skip
    return _write(lines)


def write_tally(rows: int) -> str:
    """Write a list of numbers, a row each; some are told again, some belong to no action."""
    lines = [["Maker", "Promise", "What", "Goal", "Now", "Told"]]
    for n in range(1, rows + 1):
        what = ["laws_passed", "Inspectors trained", "Hours of sunshine"][n % 3]
        lines.append([
            f"Fictional Union {n % 7}", f"Promise {n}", what, f"1.{n:03}" if n % 2 else "", "" if n % 2 else f"{n},5",
            f"2021-{1 + n % 12:02}-{1 + n % 28:02}",
        ])  # fmt: skip
    return _write([*lines, *lines[1:20]])


def _write(lines: Sequence[Sequence[str]]) -> str:
    with io.StringIO(newline="") as text:
        csv.writer(text, lineterminator="\n").writerows(lines)
        return text.getvalue()


def make_messy_campaign(root: Path) -> CampaignFolder:
    """Make a campaign of a register, a survey and a tally, whose stakeholders staff have joined and renamed."""
    exports = {"register.csv": write_register(80), "survey.csv": write_survey(150), "tally.csv": write_tally(90)}
    folder = make_campaign(root, exports, {"register": REGISTER, "survey": SURVEY, "tally": TALLY})
    folder.decisions_file.write_text(DECISIONS, encoding="utf-8")
    return folder


class InTurn(SharingEngine):
    """This process takes all shares, one after another; it pickles inputs and results all the same."""

    def _map(self, function: Callable[[Any], Any], things: Sequence[Any]) -> list[Any]:
        sent = pickle.loads(pickle.dumps(function))  # noqa: S301  (its own)
        return [pickle.loads(pickle.dumps(sent(thing))) for thing in things]  # noqa: S301

    def _exchange(self, split: Cut, sources: Sequence[Source], work: Work, buckets: int) -> list[tuple[Filled, float]]:
        come: dict[int, list[Piece]] = {bucket: [] for bucket in range(buckets)}
        for piece in (piece for source in sources for piece in split(source)):
            come[piece.bucket].append(piece)
        sent: Work = pickle.loads(pickle.dumps(work))  # noqa: S301  (its own)
        return [pickle.loads(pickle.dumps(sent(bucket, pieces))) for bucket, pieces in come.items()]  # noqa: S301


class Contents(NamedTuple):
    """The products of a build: the id of the snapshot's content, the private store, and the derived copies."""

    content_id: str
    contacts: list[tuple[Any, ...]]
    derived: dict[str, tuple[Any, ...]]


def contents(folder: CampaignFolder, engine: Engine = DUCKDB, *, skip_bad_files: bool = False) -> Contents:
    """Build a campaign by an engine, without publishing it."""
    with builds.build(folder, folder.published, engine=engine, skip_bad_files=skip_bad_files) as built:
        with duckdb.connect(built.snapshot, read_only=True) as connection:
            ((content_id,),) = connection.execute("select content_id from campaign").fetchall()
            tables = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'derived'"
            ).fetchall()
            sums = "select count(*), sum(hash(t)) from derived.{} as t"
            derived = {table: connection.execute(sums.format(table)).fetchall()[0] for (table,) in tables}
        with duckdb.connect(built.contacts, read_only=True) as connection:
            return Contents(content_id, connection.execute("from contacts order by all").fetchall(), derived)


def die_once(marker: Path, function: Callable[..., Any], *things: Any) -> Any:
    """Do a task; whoever does the first one kills its whole executor before it can say that it is done."""
    given = function(*things)
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return given
    status = Path(f"/proc/{os.getppid()}/status").read_text(encoding="utf-8")  # of the process that forks the workers
    (executor,) = (int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))
    os.kill(executor, signal.SIGKILL)
    time.sleep(600)
    return given
