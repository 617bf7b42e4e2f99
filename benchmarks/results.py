"""Print all that `results.json` keeps as a table, or write those with an aim into `docs/performance.md`.

    python -m benchmarks.results [docs/performance.md]

A benchmark prints by `write_aims` what its run measured, beside these aims.

A result has what was measured, by which benchmark and perhaps on which day, its value (two: the least and the most of
some runs) and unit. It may have the value of its baseline (`against`), and an aim: `most`, `least`, or the `most_ratio`
of the two values. An aim that is missed is bold.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")
AIMS = ("most", "least", "most_ratio")
HEADER = "| what (`benchmarks.…`) | measured | against | ratio | aim |\n|---|---:|---:|---:|---:|\n"

Result = Mapping[str, Any]
Values = tuple[float | list[float], float | None]
"""A value, and that of the baseline in the same run."""
Measured = dict[str, Values]
"""The values by what was measured, as `results.json` names it."""


def read_results() -> list[Result]:
    """Read every result, in the order of the tables."""
    results: list[Result] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return results


def write_into(document: str) -> str:
    """Return the document with its table made anew."""
    table = write_table(result for result in read_results() if result.keys() & {*AIMS})
    return re.sub(rf"{re.escape(HEADER)}(\|.*\n)*", lambda _: table, document)


def write_aims(by: str, measured: Mapping[str, Values]) -> str:
    """Write the same table of what one run of a benchmark measured; what has no aim is left out."""
    aims = {result["what"]: result for result in read_results() if result["by"] == by and result.keys() & {*AIMS}}
    rows = [
        {**aims[what], "value": value} | ({} if against is None else {"against": against})
        for what, (value, against) in measured.items()
        if what in aims
    ]
    return "\n" + write_table(rows) if rows else ""


def write_table(results: Iterable[Result]) -> str:
    """Write a Markdown table, a result a line."""
    return HEADER + "".join(map(_write_row, results))


def _write_row(result: Result) -> str:
    values, baselines = _list_values(result["value"]), _list_values(result.get("against", []))
    ratio = values[0] / baselines[0] if len(values) == len(baselines) == 1 else None
    cells = (
        f"{result['what']} (`{result['by']}`)",
        _write_values(values, result["unit"]),
        _write_values(baselines, result["unit"]),
        "" if ratio is None else f"{ratio:.2f}" if ratio < 1 else f"{ratio:.1f}",
        _write_aim(result, values, ratio),
    )
    return f"| {' | '.join(cells)} |\n"


def _write_aim(result: Result, values: list[float], ratio: float | None) -> str:
    kind = next((kind for kind in AIMS if kind in result), None)
    if kind is None:
        return ""
    limit = result[kind]
    reached = {"most": max(values), "least": -min(values), "most_ratio": ratio and round(ratio, 2)}[kind]
    is_met = reached is not None and reached <= (-limit if kind == "least" else limit)
    aim = f"{limit}" if kind == "most_ratio" else _write_values([limit], result["unit"])
    return aim if is_met else f"**{aim}**"


def _list_values(value: float | list[float]) -> list[float]:
    return value if isinstance(value, list) else [value]


def _write_values(values: list[float], unit: str) -> str:
    return f"{'–'.join(f'{round(value, 2):,}' for value in values)} {unit}" if values else ""


if __name__ == "__main__":
    if sys.argv[1:]:
        page = Path(sys.argv[1])
        page.write_text(write_into(page.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        sys.stdout.write(write_table(read_results()))
