"""How long the fewest answers take: the exact search at its limit, and the other far beyond it.

    python -m benchmarks.fewest_answers [--runs 5]

The campaigns are drawn: unknown actions in members of six dimensions, of one of which they name two, in sizes as uneven
as real ones, and as many known actions or a tenth of them.
"""

import argparse
import statistics
import time

import numpy as np

from benchmarks.processes import describe_machine
from dashboard.measures.definitions import FEW
from dashboard.measures.fewest_answers import MOST_EXACT, Booleans, Numbers, count_needs, propose

DIMENSIONS = ((5, 1), (12, 2), (9, 1), (11, 1), (60, 1), (20, 1))
"""Members of a dimension, and how many of them an action names."""
POINTS = 10
CASES = ((MOST_EXACT, 1.0), (MOST_EXACT, 0.1), (3_000, 1.0), (10_000, 1.0), (10_000, 0.1))
HEADER = """
| unknown | known | members | search | answers | at least | median s | worst s |
|---:|---:|---:|---|---:|---:|---:|---:|"""


def draw_campaign(unknown: int, known: int, seed: int) -> tuple[Booleans, Numbers]:
    """Unknown actions × members, and how many answers each member needs."""
    rng = np.random.default_rng(seed)
    actions = unknown + known
    belongs = [np.ones((actions, 1), dtype=bool)]
    for members, named in DIMENSIONS:
        sizes = rng.dirichlet(np.full(members, 0.7))
        part = np.zeros((actions, members), dtype=bool)
        for _ in range(named):
            part[np.arange(actions), rng.choice(members, actions, p=sizes)] = True
        belongs.append(part)
    whole = np.concatenate(belongs, axis=1)
    whole = whole[:, whole.sum(axis=0) >= FEW]
    silent = whole[:unknown]
    return silent, count_needs(silent.sum(axis=0).tolist(), whole.sum(axis=0).tolist(), POINTS)


def main() -> None:
    """Measure every case, each run with a campaign of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(describe_machine())
    print(HEADER)
    for unknown, share in CASES:
        seconds = []
        for seed in range(runs):
            belongs, needs = draw_campaign(unknown, round(unknown * share), seed)
            begun = time.perf_counter()
            proposal = propose(belongs, needs)
            seconds.append(time.perf_counter() - begun)
        cells = (
            f"{unknown:,}", f"{round(unknown * share):,}", belongs.shape[1], proposal.method, len(proposal.answers),
            proposal.at_least, f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}",
        )  # fmt: skip
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
