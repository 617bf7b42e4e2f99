"""What a step of a replay costs in a real Chromium, against one run of the page for each step.

    python -m benchmarks.replay [--campaign FOLDER] [--actions 100000] [--steps 120] [--runs 12]

A step is measured from the moved slider until its frame has been painted; a run of the page from the click that has it
follow until its last change. The answer that all steps are drawn from is fetched once, by the first of them.
"""

import statistics
from contextlib import ExitStack

from playwright.sync_api import Page

from benchmarks.pages import QUIET, WATCHER, find_percentile, make_parser, open_browser, open_campaign
from benchmarks.processes import describe_machine
from benchmarks.servers import run_dashboard

CHARTS = 1
HEADER = """
| | p50 ms | p95 ms | worst ms |
|---|---:|---:|---:|"""
_SLIDER = """
  const host = [...document.querySelectorAll(".st-key-time-machine *")].find((one) => one.shadowRoot);
  const slider = host.shadowRoot.querySelector("input");
  const move = (day) => { slider.value = day; slider.dispatchEvent(new Event("input", { bubbles: true })); };
  const frame = () => new Promise((done) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => done(performance.now());
    after.port2.postMessage(0);
  }));"""
BEGIN = f"""async () => {{ {_SLIDER}
  const begun = performance.now();
  move(1);
  while (!host.hasAttribute("data-replaying")) await frame();
  const done = await frame();
  const [answer] = performance.getEntriesByType("resource").filter((one) => one.name.includes("/charts/replay.json"));
  return [done - begun, answer.encodedBodySize, answer.decodedBodySize];
}}"""
STEP = f"""async (share) => {{ {_SLIDER}
  await frame();
  const begun = performance.now();
  move(Math.round(share * slider.max));
  return (await frame()) - begun;
}}"""
PLAY = f"""async (seconds) => {{ {_SLIDER}
  move(0);
  host.shadowRoot.querySelector(".play").click();
  const gaps = [];
  for (let last = await frame(), end = last + 1000 * seconds; last < end;) {{
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }}
  host.shadowRoot.querySelector(".play").click();
  return gaps;
}}"""


def measure_runs(page: Page, runs: int) -> list[float]:
    """Measure the same by runs of the page: each day shown on the page, one after the other."""
    times = []
    for number in range(runs):
        page.evaluate(STEP, (number + 1) / (runs + 2))
        page.locator(".time .apply").click()
        clicked = page.evaluate("window.__bench.clickedAt")
        page.wait_for_function(QUIET, arg=[CHARTS, clicked], timeout=60_000)
        times.append(float(page.evaluate("window.__bench.changedAt")) - clicked)
    return times


def write_row(name: str, times: list[float]) -> str:
    """Write one line of the table."""
    return f"| {name} | {statistics.median(times):.0f} | {find_percentile(times, 0.95):.0f} | {max(times):.0f} |"


def main() -> None:
    """Print the table."""
    parser = make_parser(__doc__, 100_000)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--runs", type=int, default=12)
    options = parser.parse_args()
    with ExitStack() as stack:
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        server = stack.enter_context(run_dashboard(campaign))
        browser = stack.enter_context(open_browser())
        page = browser.new_page(viewport={"width": 1400, "height": 1200})
        page.add_init_script(path=WATCHER)
        page.goto(server.url)
        page.wait_for_function(QUIET, arg=[CHARTS, 0], timeout=60_000)
        first, packed, plain = page.evaluate(BEGIN)
        # Days here and there, so that every step changes much.
        steps = [float(page.evaluate(STEP, (number * 0.618) % 1)) for number in range(options.steps)]
        gaps = page.evaluate(PLAY, 6)
        runs = measure_runs(page, options.runs)
    print(f"Replay in Chromium: {describe_machine()}")
    print(f"The answer: {packed / 1000:.0f} kB ({plain / 1000:.0f} kB unpacked), first frame after {first:.0f} ms")
    print(HEADER)
    print(write_row("a step of the replay", steps))
    print(write_row("between two frames while it plays", gaps))
    print(write_row("one run of the page a step", runs))
    print(f"\nA step takes {find_percentile(steps, 0.95) / find_percentile(runs, 0.95):.2f} of a run's time (p95).")


if __name__ == "__main__":
    main()
