"""How long it takes to find those who do the same as one action, against comparing its text with every other's.

    python -m benchmarks.similar [--actions 10000 100000] [--asked 100]

The baseline is what one writes in an afternoon: `rapidfuzz.process.extract` with `token_set_ratio` over titles and
descriptions. It knows neither themes nor places, nor how rare a word is. Both take turns, on the same actions; no
answer is kept from one to the next. The first question, which also opens the snapshot, is not counted.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
from rapidfuzz import fuzz, process

from benchmarks.synthetic import build_snapshot, write_campaign
from dashboard.measures.register import find_similar
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current

HERE = Path(__file__).parent


def make_campaign(actions: int, folder: Path) -> Snapshot:
    """Build, publish and open a campaign of so many actions whose texts have many words."""
    register = write_campaign(actions, folder)[0]
    statement = (HERE / "sql" / "worded_actions.sql").read_text(encoding="utf-8")
    worded = register.with_suffix(".worded")
    with duckdb.connect() as connection:
        values = {"source": str(register), "target": str(worded)}
        connection.execute(f"copy ({statement}) to $target (format csv, header)", values)
    worded.replace(register)
    build_snapshot(folder)
    return current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder)}))


def read_texts(snapshot: Snapshot) -> dict[str, str]:
    """Title and description of every action, by its id."""
    with snapshot.cursor() as cursor:
        rows = cursor.execute("select action_id, concat_ws(' ', title, description) from actions").fetchall()
    return dict(rows)


def take_times(ask: Callable[[str], object], asked: Sequence[str]) -> list[float]:
    """Return the milliseconds of each question."""
    times = []
    for action_id in asked:
        began = time.perf_counter()
        ask(action_id)
        times.append((time.perf_counter() - began) * 1000)
    return times


def measure(actions: int, asked: int) -> None:
    """Print one line a contender."""
    with tempfile.TemporaryDirectory() as folder:
        snapshot = make_campaign(actions, Path(folder))
        texts = read_texts(snapshot)
        chosen = list(texts)[:: max(1, len(texts) // asked)][:asked]
        find_similar(snapshot, chosen.pop())
        contenders = {
            "dashboard": lambda action_id: find_similar(snapshot, action_id),
            "baseline": lambda action_id: process.extract(
                texts[action_id], texts, scorer=fuzz.token_set_ratio, limit=8
            ),
        }
        for name, ask in contenders.items():
            times = take_times(ask, chosen if name == "dashboard" else chosen[:10])
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"| {actions:,} | {name} | {statistics.median(times):.1f} | {p95:.1f} |")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--actions", type=int, nargs="+", default=[10_000])
    parser.add_argument("--asked", type=int, default=100)
    options = parser.parse_args()
    print("| actions | contender | p50 ms | p95 ms |\n|---:|---|---:|---:|")
    for actions in options.actions:
        measure(actions, options.asked)


if __name__ == "__main__":
    main()
