"""Known weaknesses of the pinned packages, as pip-audit hears them from a public database."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tests.supply.pins import Pin

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


def ask(requirements: Path, pins: Sequence[Pin]) -> Answer:
    """Ask the databases in turn, until one knows every package."""
    answer = read_report("", {}, pins)
    for service, name in DATABASES.items():
        command = [sys.executable, *COMMAND, f"--timeout={SECONDS}", "-s", service, "-r", str(requirements)]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            report = json.loads(said.stdout)
        except ValueError:  # no report: it could not be reached
            continue
        answer = read_report(name, report, pins)
        if not answer.not_known:
            break
    return answer


def read_report(source: str, report: dict[str, Any], pins: Sequence[Pin]) -> Answer:
    """Read the weaknesses of the pins in use from a report of pip-audit (its JSON)."""
    asked = {
        (canonicalize_name(entry["name"]), entry["version"]): entry["vulns"]
        for entry in report.get("dependencies", [])
        if "vulns" in entry
    }
    here = [pin for pin in pins if pin.holds()]
    return Answer(
        source if asked else "",
        [_tell(pin, weakness) for pin in here for weakness in asked.get((pin.name, pin.version), [])],
        [f"{pin.name} {pin.version}" for pin in here if (pin.name, pin.version) not in asked],
    )


def _tell(pin: Pin, weakness: dict[str, Any]) -> str:
    mended = ", ".join(weakness.get("fix_versions", [])) or "no version yet"
    ids = ", ".join([weakness["id"], *weakness.get("aliases", [])])
    return f"{pin.name} {pin.version}: {ids}; mended in {mended}"
