"""`make audit`: known weaknesses and licences of the packages, and the list of what is in the program.

The exit code tells a fault from an open question: 1 where a package is weak or may not be used, 3 where only the
question about weaknesses is open, since no database could be reached or knows every package; 2 for wrong words.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from dashboard.paths import PROJECT
from tests.supply import licences, sbom, weaknesses
from tests.supply.pins import DEVELOPMENT, PROGRAM, Pin, read_pins

FAULT, WRONG_USE, OPEN = 1, 2, 3
HELP = "docs/operations.md#where-no-database-can-be-reached says how to ask from another computer."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the three checks and print a sentence for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.supply.audit", description=__doc__)
    parser.add_argument("--to", type=Path, default=PROJECT / "audit", help="folder for the list (default: audit)")
    parser.add_argument("--report", type=Path, help="a report that pip-audit wrote elsewhere (--format=json)")
    options = parser.parse_args(arguments)
    pins = read_pins(DEVELOPMENT)
    try:
        answer = _hear(options.report, pins)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        print(f"{options.report} is no report of pip-audit: make it with --format=json.", file=sys.stderr)
        return WRONG_USE
    faults = answer.found + _check_licences(pins, options.to)
    for fault in faults:
        print(f"Fault: {fault}.", file=sys.stderr)
    if answer.not_known:
        print(_tell_open(answer), file=sys.stderr)
    else:
        print(f"Weaknesses: {answer.source} knows {len(answer.found) or 'none'} in {len(pins)} packages.")
    return FAULT if faults else OPEN if answer.not_known else 0


def _hear(report: Path | None, pins: Sequence[Pin]) -> weaknesses.Answer:
    if report is None:
        return weaknesses.ask(DEVELOPMENT, pins)
    return weaknesses.read_report(report.name, json.loads(report.read_text(encoding="utf-8")), pins)


def _check_licences(pins: Sequence[Pin], to: Path) -> list[str]:
    """Sentences about licences that are not allowed; the list is written on the way."""
    rules = licences.Rules.read()
    found = licences.installed_licences(rules, licences.written_licences())
    refused = licences.find_refused(rules, found, [pin.name for pin in pins])
    print(f"Licences: {len(found)} packages are installed, {len(refused) or 'none'} under one that is not allowed.")
    file = to / "sbom.cdx.json"
    count = sbom.write_sbom(PROGRAM, read_pins(PROGRAM), found, file)
    print(f"What is in the program (SBOM, CycloneDX 1.6): {file}, {count} packages.")
    return refused


def _tell_open(answer: weaknesses.Answer) -> str:
    if not answer.source:
        return f"Weaknesses: not asked, for no database could be reached. {HELP}"
    count = len(answer.not_known)
    named = ", ".join(answer.not_known[:5]) + (", …" if count > 5 else "")
    return f"Weaknesses: {answer.source} has no word on {count} packages ({named}). {HELP}"


if __name__ == "__main__":
    sys.exit(main())
