"""From a new answer on the far side to every open page, with nobody at hand: how long each takes, over an hour.

    python -m benchmarks.unattended [--minutes 60] [--every 1m] [--gap 70] [--slack 15] [--log unattended.log]

A local KoboToolbox and a local LimeSurvey get answers at random moments; some of LimeSurvey's are begun first and
finished later. `python -m etl watch` fetches both on their schedule, and the dashboard serves what is published. Three
pages are open that nobody touches: one in English, one in French, and a screen for a hall. Meanwhile the tools fail:
status 500, then 429 with `Retry-After`, a server that is away and started again, answers that break off.

The table has a line an answer. *Waited* is the time until it was asked for, *fetched and built* is the fetch that
brought it, up to its publication; then for each page the seconds from the answer to the moment that the page showed
it. *Allowed* is the interval, the fetches and builds that ran meanwhile, the ten seconds of the notice and the slack;
an answer that comes while its tool fails counts from when the tool is well again and the back-off is over. The exit
code is 1 where an answer is lost, a page ends with other figures, or one came later than is allowed.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import duckdb
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.pages import find_percentile, open_browser
from benchmarks.processes import describe_machine
from benchmarks.sample_build import SAMPLE
from benchmarks.servers import Server, run_dashboard
from dashboard.campaign import source_notes
from dashboard.campaign.source_notes import FetchNote, Outcome
from dashboard.campaign.sources import read_span
from dashboard.i18n import translator
from dashboard.paths import PROJECT
from tests.etl.sources.far_sides import Answer, FarSide, KoboToolbox, LimeSurvey, as_json, serving

NOTICE = 10.0
"""Seconds in which an open page announces new figures (docs/links-and-charts.md)."""
SPREAD = 1.1
"""The factor by which a fetch after failures may come later than planned."""
PATIENCE = 30.0
"""Seconds beyond the allowed time after which the program stops waiting."""
PAGES = {"en": "/?lang=en", "fr": "/?lang=fr", "hall": "/show?chart=status-overview&lang=fr"}
SOURCES = ("kobo", "lime")
FIRST = 5
"""Answers that are there from the beginning, for each tool."""
FAULTS = (
    ("kobo", "500", 0.20, 130.0, 0.0),
    ("lime", "429", 0.40, 70.0, 90.0),
    ("kobo", "away", 0.60, 70.0, 0.0),
    ("lime", "cut", 0.80, 70.0, 0.0),
)
"""The tool, the fault, the part of the time before it, its seconds, and those of `Retry-After`."""
SECRETS = {
    "KOBO_TOKEN": KoboToolbox.token,
    "LIME_USER": LimeSurvey.user,
    "LIME_PASSWORD": LimeSurvey.password,
}
HEADER = """
| answer | minute | waited | fetched and built | English page | French page | hall | allowed | meanwhile |
|---|---:|---:|---:|---:|---:|---:|---:|---|"""


@dataclass
class Arrived:
    """An answer that came at `at` (seconds since 1970)."""

    key: str
    source: str
    at: float


@dataclass
class Fault:
    """A fault of a tool, its beginning and end, and the pause that it asks for."""

    source: str
    name: str
    start: float
    end: float
    pause: float = 0.0
    is_on: bool = False


@dataclass
class Published:
    """A build published at `at`: the number of its actions, and their ids."""

    at: float
    actions: int
    keys: frozenset[str]


@dataclass
class Seen:
    """The record so far; `told` has for each page the moments at which it showed another number of actions."""

    arrived: list[Arrived] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    told: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: {page: [] for page in PAGES})
    fetches: dict[tuple[str, str], FetchNote] = field(default_factory=dict)


class FarSides:
    """Both tools, their answers and their faults; a fault that is due begins and ends by `look`."""

    def __init__(self) -> None:
        """Prepare both, with the answers that are there from the beginning."""
        self.kobo = KoboToolbox(["start", "action_title", "organisation", "_id", "_uuid", "_submission_time"], [])
        self.lime = LimeSurvey(["id", "submitdate", "lastpage", "startlanguage", "action_title", "organisation"], [])
        self.sides: dict[str, FarSide] = {"kobo": self.kobo, "lime": self.lime}
        self._servers = {name: ExitStack() for name in self.sides}
        self._begun = 0
        self.unfinished: list[tuple[float, list[str]]] = []
        self.faults: list[Fault] = []
        for source in self.sides:
            for _ in range(FIRST):
                self.add(source)

    def plan_faults(self, start: float, minutes: float) -> None:
        """Plan the times of the faults, for a run of so many minutes."""
        for source, name, part, seconds, pause in FAULTS:
            begun = start + 60 * minutes * part
            self.faults.append(Fault(source, name, begun, begun + seconds, pause))

    def add(self, source: str) -> str:
        """Let an answer come; gives the action's id."""
        self._begun += 1
        number = self._begun
        title, who = f"Made-up action number {number}", f"Organisation {number}"
        if source == "kobo":
            self.kobo.rows.append(["", title, who, str(number), f"uuid-{number}", _now().strftime("%Y-%m-%dT%H:%M:%S")])
            return f"KOBO-{number}"
        self.lime.rows.append([str(number), _now().strftime("%Y-%m-%d %H:%M:%S"), "3", "en", title, who])
        return f"LIME-{number}"

    def begin(self, finish_at: float) -> None:
        """Begin an answer at LimeSurvey, that is finished later."""
        self.add("lime")
        row = self.lime.rows[-1]
        row[1], row[2] = "", "1"
        self.unfinished.append((finish_at, row))

    def finish(self, now: float) -> list[str]:
        """Finish the answers that are due; gives their actions' ids."""
        due = [row for at, row in self.unfinished if at <= now]
        self.unfinished = [(at, row) for at, row in self.unfinished if at > now]
        for row in due:
            row[1], row[2] = _now().strftime("%Y-%m-%d %H:%M:%S"), "3"
        return [f"LIME-{row[0]}" for row in due]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Serve both."""
        try:
            for name in self.sides:
                self._serve(name)
            yield
        finally:
            for server in self._servers.values():
                server.close()

    def _serve(self, name: str) -> None:
        side = self.sides[name]
        port = int(side.address.rpartition(":")[2]) if side.address else 0
        self._servers[name].enter_context(serving(side, port=port))

    def look(self, now: float) -> None:
        """Begin and end faults."""
        for fault in self.faults:
            is_due = fault.start <= now < fault.end
            if is_due == fault.is_on:
                continue
            fault.is_on = is_due
            if fault.name == "away":
                self._servers[fault.source].close() if is_due else self._serve(fault.source)
            else:
                self._spoil(self.sides[fault.source], fault if is_due else None)

    def _spoil(self, side: FarSide, fault: Fault | None) -> None:
        side.cut = {"/": 10} if fault and fault.name == "cut" else {}
        answers = {
            "500": Answer(b"oops", 500),
            "429": as_json({}, 429),
        }
        answer = answers.get(fault.name) if fault else None
        if answer is None:
            side.spoil = lambda _asked, own: own
            return
        if fault and fault.pause:
            answer.headers["Retry-After"] = f"{fault.pause:.0f}"
        side.spoil = lambda _asked, _own: answer


def _now() -> datetime:
    return datetime.now(UTC)


def write_campaign(folder: Path, sides: FarSides, every: str) -> None:
    """Write the sample's campaign with both sources."""
    shutil.copytree(SAMPLE, folder)
    stated = ""
    for name, tool in (("kobo", "kobotoolbox"), ("lime", "limesurvey")):
        side: Any = sides.sides[name]
        stated += (
            f'\n[[source]]\nname = "{name}"\ntool = "{tool}"\naddress = "{side.address}"\nform = "{side.form}"\n'
            f'every = "{every}"\npublish = "at_once"\n'
        )
    with (folder / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write(stated)


@contextmanager
def run_watch(folder: Path, sides: FarSides, log_file: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`python -m etl watch`, with the secrets of both sources, as an administrator sets them."""
    told = {f"DASHBOARD_SOURCE_{name}": value for name, value in SECRETS.items()}
    told |= {f"DASHBOARD_SOURCE_{name.upper()}_HOST": side.address[7:] for name, side in sides.sides.items()}
    environment = {**os.environ, **told, "DASHBOARD_SOURCE_NETWORKS": "127.0.0.1"}
    command = [sys.executable, "-m", "etl", "watch", "--campaign", str(folder)]
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def read_published(folder: Path) -> Published | None:
    """Read the published build; None while there is none."""
    try:
        pointer = json.loads((folder / "published" / "current.json").read_text(encoding="utf-8"))
        with duckdb.connect(str(folder / "published" / pointer["snapshot"]), read_only=True) as connection:
            keys = frozenset(key for (key,) in connection.execute("select action_id from actions").fetchall())
    except (OSError, ValueError, duckdb.Error):  # between two builds
        return None
    return Published(time.time(), len(keys), keys)


def read_count(page: Page, name: str, known: list[int]) -> int | None:
    """Read the number of actions that a page announces or shows; None for no news."""
    if name == "hall":
        text = " ".join(page.locator("main").inner_text().split())
        return next((count for count in reversed(known) if str(count) in text), None)
    text = page.locator(".notice [role=status]").text_content() or ""
    digits = "".join(letter for letter in text.partition("→")[2] if letter.isdigit())
    return int(digits) if digits else None


class Watching:
    """Looks at everything, twice a second."""

    def __init__(self, folder: Path, sides: FarSides, pages: dict[str, Page]) -> None:
        """Prepare; nothing is looked at yet."""
        self._folder, self._sides, self._pages = folder, sides, pages
        self._stamp = 0
        self.seen = Seen()

    def look(self) -> None:
        """Begin and end faults, and record published, announced and fetched answers."""
        self._sides.look(time.time())
        stamp = (self._folder / "published" / "current.json").stat().st_mtime_ns
        if stamp != self._stamp and (published := read_published(self._folder)) is not None:
            self._stamp = stamp
            self.seen.published.append(published)
        known = sorted({one.actions for one in self.seen.published})
        for name, page in self._pages.items():
            count, told = read_count(page, name, known), self.seen.told[name]
            if count is not None and (not told or told[-1][1] != count):
                told.append((time.time(), count))
        for source in SOURCES:
            for note in source_notes.read(self._folder / "private", source).fetches:
                self.seen.fetches[source, note.at] = note

    def find_publication(self, key: str) -> Published | None:
        """Find the first publication with an action."""
        return next((one for one in self.seen.published if key in one.keys), None)

    def find_told(self, page: str, key: str) -> float | None:
        """Find when a page first announced an action: at the first number as large as its publication's."""
        published = self.find_publication(key)
        if published is None:
            return None
        told = self.seen.told[page]
        return next((at for at, count in told if count >= published.actions and at >= published.at - NOTICE), None)

    def is_all_told(self) -> bool:
        """Whether every page has told of every answer."""
        return all(self.find_told(page, one.key) is not None for one in self.seen.arrived for page in PAGES)


def send_answers(watching: Watching, sides: FarSides, options: argparse.Namespace, start: float) -> None:
    """Let answers come at random moments, and look, until the time is up."""
    rng = random.Random(options.seed)  # noqa: S311
    until, following = start + 60 * options.minutes, start + rng.expovariate(1 / options.gap)
    while (now := time.time()) < until:
        for key in sides.finish(now):
            watching.seen.arrived.append(Arrived(key, "lime", now))
        if now >= following:
            following = now + rng.expovariate(1 / options.gap)
            source = rng.choice(SOURCES)
            if source == "lime" and rng.random() < 0.4:
                sides.begin(min(now + rng.uniform(30, 200), until - 1))
            else:
                watching.seen.arrived.append(Arrived(sides.add(source), source, now))
        watching.look()
        time.sleep(0.5)


def read_end(note: FetchNote) -> tuple[float, float]:
    """Read the beginning and the end of a fetch; the note has whole seconds."""
    begun = datetime.fromisoformat(note.at).timestamp()
    return begun, begun + 1 + note.seconds


@dataclass
class Line:
    """One answer: seconds until its request, to its publication, until each page's announcement; the allowed ones."""

    answer: Arrived
    waited: float
    built: float
    told: dict[str, float | None]
    allowed: float
    meanwhile: str


def find_wait(fault: Fault, every: float) -> float:
    """Seconds after a fault until its tool is asked again at the latest: each wait after a failure doubles."""
    return max(every + fault.end - fault.start, fault.pause) * SPREAD


def join_faults(faults: list[Fault], every: float) -> list[Fault]:
    """Faults of a tool as one, where the next one begins before the back-off of the one before is over."""
    joined: list[Fault] = []
    for fault in sorted(faults, key=lambda one: (one.source, one.start)):
        last = joined[-1] if joined else None
        if last is not None and last.source == fault.source and fault.start < last.end + find_wait(last, every) + every:
            pause = max(last.pause, fault.pause)
            joined[-1] = Fault(fault.source, f"{last.name}, {fault.name}", last.start, max(last.end, fault.end), pause)
        else:
            joined.append(fault)
    return joined


def judge_answer(watching: Watching, answer: Arrived, faults: list[Fault], options: argparse.Namespace) -> Line:
    """Judge an answer."""
    every = read_span(options.every).total_seconds()
    told = {page: watching.find_told(page, answer.key) for page in PAGES}
    last = max((at for at in told.values() if at is not None), default=time.time())
    notes = {key: read_end(note) for key, note in watching.seen.fetches.items()}
    busy = sum(end - begun for begun, end in notes.values() if begun < last and end > answer.at)
    due, meanwhile = answer.at + every, ""
    for fault in join_faults(faults, every):
        wait = find_wait(fault, every)
        if fault.source == answer.source and fault.start - every <= answer.at < fault.end + wait:
            due, meanwhile = max(due, fault.end + wait), fault.name
    published = watching.find_publication(answer.key)
    bringing = [
        (begun, end)
        for (source, at), (begun, end) in notes.items()
        if published is not None
        and source == answer.source
        and watching.seen.fetches[source, at].outcome is Outcome.NEW
        and begun <= published.at
    ]
    begun = max(bringing)[0] if bringing else answer.at
    return Line(
        answer,
        max(begun - answer.at, 0.0),
        published.at - max(begun, answer.at) if published else 0.0,
        {page: None if at is None else at - answer.at for page, at in told.items()},
        due - answer.at + busy + NOTICE + options.slack,
        meanwhile,
    )


def write_line(line: Line, start: float) -> str:
    """Write one line of the table."""
    told = " | ".join("never" if seconds is None else f"{seconds:.0f}" for seconds in line.told.values())
    minute = (line.answer.at - start) / 60
    return (
        f"| {line.answer.key} | {minute:.1f} | {line.waited:.0f} | {line.built:.1f} | {told} "
        f"| {line.allowed:.0f} | {line.meanwhile} |"
    )


def show_all(pages: dict[str, Page], last: int, say: Callable[[str], None]) -> list[str]:
    """Touch the pages at last: have them show the news; return those that do not show the last number of actions."""
    other = []
    for lang in ("en", "fr"):
        page, t = pages[lang], translator(lang)
        page.locator(".notice").get_by_role("button", name=t("Show")).click()
        tile = page.locator(".tile", has=page.get_by_text(t("Actions"), exact=True)).locator(".value")
        try:
            tile.get_by_text(str(last), exact=True).wait_for(timeout=1000 * PATIENCE)
        except PlaywrightTimeout:
            other.append(lang)
    say(f"Pages that show the last {last} actions: {', '.join(sorted({'en', 'fr'} - set(other)))}.")
    return other


def judge(watching: Watching, sides: FarSides, pages: dict[str, Page], start: float, options: Any, log: IO[str]) -> int:
    """Print the table and the figures; gives how many things are not as they should be."""

    def say(text: str) -> None:
        print(text, flush=True)
        print(text, file=log, flush=True)

    lines = [judge_answer(watching, one, sides.faults, options) for one in watching.seen.arrived]
    say(HEADER)
    for line in lines:
        say(write_line(line, start))
    seen, last = watching.seen, watching.seen.published[-1]
    lost = [one.key for one in seen.arrived if one.key not in last.keys]
    late = [line for line in lines if any(told is None or told > line.allowed for told in line.told.values())]
    for name, chosen in (("all", lines), ("without faults", [line for line in lines if not line.meanwhile])):
        delays = sorted(told for line in chosen for told in line.told.values() if told is not None)
        if delays:
            say(
                f"{name}: {len(chosen)} answers; seconds until a page told: median {statistics.median(delays):.0f}, "
                f"p95 {find_percentile(delays, 0.95):.0f}, worst {delays[-1]:.0f}"
            )
    after = sorted(told - line.waited - line.built for line in lines for told in line.told.values() if told is not None)
    built = sorted(line.built for line in lines)
    say(f"from publication to a page: median {statistics.median(after):.1f} s, worst {after[-1]:.1f} s")
    say(f"fetched, built and published: median {statistics.median(built):.1f} s, worst {built[-1]:.1f} s")
    outcomes = [note.outcome.value for note in seen.fetches.values()]
    say(f"{len(seen.published)} publications; fetches: { {one: outcomes.count(one) for one in sorted(set(outcomes))} }")
    other = show_all(pages, last.actions, say)
    say(f"{len(lost)} answers lost {lost}, {len(late)} later than allowed, {len(other)} pages with other figures.")
    return len(lost) + len(late) + len(other)


def open_pages(browser: Browser, server: Server) -> dict[str, Page]:
    """Open the pages, each in a window of its own."""
    pages = {}
    for name, path in PAGES.items():
        pages[name] = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        pages[name].goto(server.url + path)
        pages[name].locator("#clock" if name == "hall" else ".footer").wait_for(timeout=60_000)
    return pages


def wait_for_first(folder: Path, watch: "subprocess.Popen[bytes]") -> None:
    """Wait until the answers from the beginning are published."""
    until = time.time() + 300
    wanted = 2 * FIRST
    while time.time() < until and watch.poll() is None:
        published = read_published(folder) if (folder / "published").is_dir() else None
        if published and sum(key.startswith(("KOBO-", "LIME-")) for key in published.keys) == wanted:
            return
        time.sleep(0.5)
    raise SystemExit("The first answers were not published.")


def run(options: argparse.Namespace, work: Path, log: IO[str]) -> int:
    """Let it run for its time; gives how many things are not as they should be."""
    with ExitStack() as stack:
        sides = FarSides()
        stack.enter_context(sides.open())
        folder = work / "campaign"
        write_campaign(folder, sides, options.every)
        watch = stack.enter_context(run_watch(folder, sides, options.log.with_suffix(".watch.log")))
        wait_for_first(folder, watch)
        server = stack.enter_context(run_dashboard(folder, log_file=options.log.with_suffix(".server.log")))
        browser = stack.enter_context(open_browser())
        pages = open_pages(browser, server)
        watching, start = Watching(folder, sides, pages), time.time()
        sides.plan_faults(start, options.minutes)
        send_answers(watching, sides, options, start)
        every = read_span(options.every).total_seconds()
        well = max(fault.end + find_wait(fault, every) for fault in join_faults(sides.faults, every))
        until = max(time.time() + 4 * every, well + every) + NOTICE + options.slack + PATIENCE
        while not watching.is_all_told() and time.time() < until:
            watching.look()
            time.sleep(0.5)
        watching.look()
        return judge(watching, sides, pages, start, options, log)


def main() -> None:
    """Measure, print the table, and say whether all came in time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--every", default="1m", help="how often each source is asked")
    parser.add_argument("--gap", type=float, default=70, help="seconds between two answers, on average")
    parser.add_argument("--slack", type=float, default=15, help="seconds beyond what is promised")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--log", type=Path, default=Path("unattended.log"), help="the table; other logs beside it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work, options.log.open("w", encoding="utf-8") as log:
        print(f"{options.minutes:.0f} minutes, every {options.every}; {describe_machine()}", flush=True)
        wrong = run(options, Path(work), log)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
