"""`make audit`: known weaknesses and licences of the packages, and the list of what is in the program.

The exit code tells a fault from an open question: 1 where a package is weak or may not be used, 3 where only the
question about weaknesses is open, since no database could be reached or knows every package; 2 for wrong words.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from dashboard.paths import PROJECT
from tests.supply import licences, sbom
from tests.supply.pins import DEVELOPMENT, PROGRAM, Pin, read_pins

FAULT, WRONG_USE, OPEN = 1, 2, 3
HELP = "docs/operations.md#where-no-database-can-be-reached says how to ask from another computer."
DATABASES = {"pypi": "PyPI", "osv": "OSV"}
COMMAND = ("-m", "pip_audit", "--require-hashes", "--disable-pip", "--format=json", "--progress-spinner=off")
SECONDS = 15


@dataclass(frozen=True)
class Answer:
    """An answer of a database.

    Attributes:
        source: Its database, or its report; empty where none answered.
        found: A sentence for each weakness.
        not_known: The pins without an answer; all of them where none answered.
    """

    source: str
    found: list[str]
    not_known: list[str]


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


def _hear(report: Path | None, pins: Sequence[Pin]) -> Answer:
    if report is None:
        return _ask(DEVELOPMENT, pins)
    return _read_report(report.name, json.loads(report.read_text(encoding="utf-8")), pins)


def _ask(requirements: Path, pins: Sequence[Pin]) -> Answer:
    """Ask the databases in turn, until one knows every package."""
    answer = _read_report("", {}, pins)
    for service, name in DATABASES.items():
        command = [sys.executable, *COMMAND, f"--timeout={SECONDS}", "-s", service, "-r", str(requirements)]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            report = json.loads(said.stdout)
        except ValueError:  # no report: it could not be reached
            continue
        answer = _read_report(name, report, pins)
        if not answer.not_known:
            break
    return answer


def _read_report(source: str, report: dict[str, Any], pins: Sequence[Pin]) -> Answer:
    """Read the weaknesses of the pins in use from a report of pip-audit (its JSON)."""
    asked = {
        (canonicalize_name(entry["name"]), entry["version"]): entry["vulns"]
        for entry in report.get("dependencies", [])
        if "vulns" in entry
    }
    here = [pin for pin in pins if pin.holds()]
    return Answer(
        source if asked else "",
        [_say_weakness(pin, weakness) for pin in here for weakness in asked.get((pin.name, pin.version), [])],
        [f"{pin.name} {pin.version}" for pin in here if (pin.name, pin.version) not in asked],
    )


def _say_weakness(pin: Pin, weakness: dict[str, Any]) -> str:
    mended = ", ".join(weakness.get("fix_versions", [])) or "no version yet"
    ids = ", ".join([weakness["id"], *weakness.get("aliases", [])])
    return f"{pin.name} {pin.version}: {ids}; mended in {mended}"


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


def _tell_open(answer: Answer) -> str:
    if not answer.source:
        return f"Weaknesses: not asked, for no database could be reached. {HELP}"
    count = len(answer.not_known)
    named = ", ".join(answer.not_known[:5]) + (", …" if count > 5 else "")
    return f"Weaknesses: {answer.source} has no word on {count} packages ({named}). {HELP}"


if __name__ == "__main__":
    sys.exit(main())
