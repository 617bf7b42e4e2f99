"""The numbers that actions promise and have reached, one by one."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.measures.register import plain_rows
from dashboard.snapshot.database import Snapshot

MOST_OF_ACTION = 12
"""The numbers of one action that are shown and asked about."""


class ActionNumber(NamedTuple):
    """A number that an action promises or has reached: the columns of `queries/action_numbers.sql`.

    Attributes:
        outcome: As in the macro `results_on`.
        source_file: Where the level comes from that is in force, else the promise.
    """

    action_id: str
    indicator: str
    unit: str
    baseline: float | None = None
    target: float | None = None
    target_on: date | None = None
    promised: float | None = None
    actual: float | None = None
    actual_on: date | None = None
    reached: float | None = None
    outcome: str = ""
    how_known: str | None = None
    source_file: str = ""
    source_sheet: str | None = None
    source_row: int = 0

    @property
    def is_classified(self) -> bool:
        """Whether it is known what is counted, and in which unit: others are told apart by words alone."""
        return UNCLASSIFIED not in (self.indicator, self.unit)

    @property
    def field_names(self) -> tuple[str, str, str]:
        """Name the fields of a form, of the level, its day and how it is known; the same in every build."""
        level, day, how = (f"{kind}-{self.indicator}-{self.unit}" for kind in ("actual", "actual_on", "how_known"))
        return level, day, how


def list_numbers(snapshot: Snapshot, action_ids: Sequence[str], day: date | None = None) -> list[ActionNumber]:
    """List the numbers of some actions as they stand on a day (default: the snapshot's last), in the files' order."""
    parameters = {"as_of": day or snapshot.last_date, "action_ids": list(action_ids), "most": MOST_OF_ACTION}
    return [ActionNumber(**row) for row in plain_rows(snapshot.query("action_numbers", parameters))]
