"""The compiled lists of requirements, as pins: the version of each package, its marker, and the hashes of its files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dashboard.paths import PROJECT

PROGRAM = PROJECT / "requirements.txt"
DEVELOPMENT = PROJECT / "requirements-dev.txt"

_VIA = re.compile(r"^    #(?: via)? +(?!via$)(\S.*)$")
_OWN = re.compile(r"^actions-dashboard \((.+)\)$")
"""The program itself, by the file that says what it needs."""


@dataclass(frozen=True)
class Pin:
    """One package of a list.

    Attributes:
        requirement: Name, version and marker.
        hashes: SHA-256 of the files that may be installed, as `--hash` takes them.
        wanted_by: Its dependents: other packages, or `-r FILE`.
    """

    requirement: Requirement
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the name as indexes normalise it."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """Return the one version."""
        return str(self.requirement.specifier).removeprefix("==")

    def holds(self, environment: Mapping[str, str] | None = None) -> bool:
        """Whether it is installed in `environment` (names as PEP 508 has them; default: this one)."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate(dict(environment) if environment else None)

    def as_line(self) -> str:
        """Return the pin without its marker, as pip reads it."""
        return " \\\n    ".join([f"{self.name}=={self.version}", *(f"--hash={hash_}" for hash_ in self.hashes)])


def read_pins(file: Path) -> list[Pin]:
    """Read the pins of a list, in its order."""
    text = file.read_text(encoding="utf-8")
    return [_read(block) for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]]


def _read(block: str) -> Pin:
    head = block.split("\n", maxsplit=1)[0]
    wanted_by = [_OWN.sub(r"-r \1", match[1].strip()) for line in block.splitlines() if (match := _VIA.match(line))]
    return Pin(Requirement(head.removesuffix("\\")), tuple(re.findall(r"--hash=(\S+)", block)), tuple(wanted_by))
