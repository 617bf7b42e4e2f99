"""How long staff wait from dropping a file on the page Upload until they see the figures it would give.

    python -m benchmarks.upload_preview [--runs 7] [--against FOLDER]

The sample's campaign, one of whose files is dropped: the others are its inbox and published. In a real Chromium, which
presses *Preview* as soon as it can; another checkout takes turns, with a server of its own. The parts are what the page
shows one after the other: the file is taken, the work is begun, and what it gives is drawn.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser, expect

from benchmarks.pages import open_browser
from benchmarks.processes import describe_machine, read_resident_mb, run
from benchmarks.results import write_aims
from benchmarks.servers import Server, run_dashboard
from dashboard.paths import PROJECT, SHIPPED_CAMPAIGN

DROPPED = "Progress_of_the_2021_Actions_-_final_-_2022-01-17.csv"
WAIT_MS = 60_000
PARTS = ("drop → button", "press → work begun", "work → figures")
HEADER = f"| checkout | drop → figures p50 s | worst | {' | '.join(PARTS)} |\n|---|---:|---:|{'---:|' * len(PARTS)}"
WATCH = """() => {
  window.begunAt = 0;
  new MutationObserver(() => {
    const isAtWork = document.body.innerText.includes("Preparing the preview.");
    if (isAtWork && !window.begunAt) window.begunAt = performance.now();
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def make_campaign(folder: Path) -> None:
    """Publish a campaign with the sample's exports except one in its inbox."""
    (folder / "inbox").mkdir(parents=True)
    (folder / "campaign.toml").write_bytes((SHIPPED_CAMPAIGN / "campaign.toml").read_bytes())
    for path in (SHIPPED_CAMPAIGN / "samples").iterdir():
        if path.suffix in (".csv", ".xlsx", ".xml", ".ics") and path.name != DROPPED:
            (folder / "inbox" / path.name).write_bytes(path.read_bytes())
    code, _ = run(["-m", "etl", "build", "--quiet", "--campaign", str(folder)])
    if code:
        raise SystemExit("The campaign cannot be built.")


def drop(browser: Browser, server: Server) -> list[float]:
    """Drop the file once and take it back; the seconds of each part."""
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    try:
        page = context.new_page()
        page.goto(f"{server.url}/files")
        field = page.locator("input[type=file]")
        field.wait_for(state="attached", timeout=WAIT_MS)
        time.sleep(3)  # who comes to upload chooses a file first
        page.evaluate(WATCH)
        began = page.evaluate("() => performance.now()")
        field.set_input_files(SHIPPED_CAMPAIGN / "samples" / DROPPED)
        button = page.get_by_role("button", name="Preview 1 file")
        button.wait_for(timeout=WAIT_MS)
        pressed = page.evaluate("() => performance.now()")
        button.click()
        page.locator("table", has_text="Completion rate").first.wait_for(timeout=WAIT_MS)
        figures = page.evaluate("() => performance.now()")
        begun = page.evaluate("() => window.begunAt")
        page.get_by_role("button", name="Discard").click()
        expect(field).to_be_attached(timeout=WAIT_MS)
        return [(b - a) / 1000 for a, b in pairwise((began, pressed, begun, figures))]
    finally:
        context.close()


def describe(name: str, runs: list[list[float]]) -> str:
    """Return one line of the table."""
    totals = [sum(parts) for parts in runs]
    medians = " | ".join(f"{statistics.median(part):.2f}" for part in zip(*runs, strict=True))
    return f"| {name} | {statistics.median(totals):.2f} | {max(totals):.2f} | {medians} |"


def measure(projects: dict[str, Path], runs: int) -> Iterator[str]:
    """Yield the lines of the table, and the memory of each server at the end."""
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = {}
        for number, (name, project) in enumerate(projects.items()):
            make_campaign(scratch / str(number))
            servers[name] = stack.enter_context(run_dashboard(scratch / str(number), project=project))
        browser = stack.enter_context(open_browser())
        costs: dict[str, list[list[float]]] = {name: [] for name in servers}
        for attempt in range(runs + 1):
            for name, server in servers.items():
                cost = drop(browser, server)
                if attempt:  # the first one warms the server
                    costs[name].append(cost)
        yield from (describe(name, cost) for name, cost in costs.items())
        drops = statistics.median(map(sum, costs["this"]))
        yield write_aims("upload_preview", {"a preview of an upload, from the drop": (drops, None)})
        for name, server in servers.items():
            yield f"\n{name}: {read_resident_mb(server.pid):.0f} MB with children"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--against", type=Path, help="another checkout of the project")
    chosen = parser.parse_args()
    os.environ["DASHBOARD_STAFF"] = "open"
    projects = {"this": PROJECT} | ({"the other": chosen.against.resolve()} if chosen.against else {})
    print(f"{describe_machine()}, {chosen.runs} drops\n\n{HEADER}")
    for line in measure(projects, chosen.runs):
        print(line, flush=True)


if __name__ == "__main__":
    main()
