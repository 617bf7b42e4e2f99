"""Two builds side by side: the headline figures of each, and what changed from the one to the other."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.campaign import changes
from dashboard.campaign.changes import Changes
from dashboard.campaign.codelists import Code
from dashboard.measures.counts import Headline, headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection


@dataclass(frozen=True)
class Comparison:
    """What one build shows that the build before did not.

    Attributes:
        before: The headline figures of the build before, on its own last day; None where there is none.
        after: Those of the later build.
        changes: What is added, changed and removed.
        codes: The later build's codelists, for the labels of changed values.
    """

    before: Headline | None
    after: Headline
    changes: Changes
    codes: dict[str, dict[str, Code]]


def compare_builds(before: Snapshot | None, after: Snapshot) -> Comparison:
    """Compare two builds; without `before` everything is new.

    Raises:
        SnapshotError: another version of the program made one of them.
    """
    return Comparison(
        None if before is None else headline(before, Selection()),
        headline(after, Selection()),
        _compare(None if before is None else before.path, after.path),
        after.codes,
    )


@lru_cache(maxsize=4)
def _compare(before: Path | None, after: Path) -> Changes:
    """A published snapshot's file never changes, so two of them are compared once."""
    return changes.compare(before, after)
