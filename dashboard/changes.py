"""What changed between two snapshots."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Changes:
    """What one snapshot has that another has not."""


def compare(before: Path | None, after: Path) -> Changes:
    """Compare two snapshots; without `before` everything is new."""
    return Changes()
