"""Find the silent: the actions with a missing report, the members that they keep open, and the answers to letters.

An action without a report by the day is silent. Some reports do not state progress; their actions are unknown too.
Since a wave of the survey began, an action without a report of that time is silent, unless it was completed or
discontinued before: then there is nothing left to report.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.measures.counts import by_dimension
from dashboard.measures.definitions import FEW
from dashboard.measures.fewest_answers import Booleans, Proposal, count_needs, propose
from dashboard.measures.register import count
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

Kind = Literal["never", "unknown", "since"]
USUAL_DIMENSIONS = ("region", "theme", "group")
USUAL_POINTS = 10
"""The default members to know, and the default width of their bounds."""


class Member(NamedTuple):
    """A target of more answers: a member of a dimension, or all actions together (no dimension, no code).

    Attributes:
        actions: Its number of the selection's actions.
        unknown: How many of them have unknown progress.
    """

    dimension: str
    code: str
    actions: int
    unknown: int


class Gap(NamedTuple):
    """The unknown actions of a selection and the members that they keep open.

    Attributes:
        action_ids: The unknown actions, in order of preference.
        members: All actions together first, then the members of each dimension in the codelist's order.
        belongs: Actions × members: which action is in which member.
        small: The members left out because they have few actions.
        pending: The actions whose answers may be on their way, by the column `is_pending` of `unknown`.
    """

    action_ids: tuple[str, ...]
    members: tuple[Member, ...]
    belongs: Booleans
    small: tuple[Member, ...]
    pending: Booleans

    def propose(self, points: int) -> Proposal:
        """Find the fewest answers after which each member's bounds are at most `points` percentage points apart."""
        unknown, actions = ([getattr(member, name) for member in self.members] for name in ("unknown", "actions"))
        return propose(self.belongs, count_needs(unknown, actions, points), self.pending)


def list_silent(
    snapshot: Snapshot, selection: Selection, kind: Kind = "never", since: date | None = None
) -> pd.DataFrame:
    """List the actions with a missing answer on the selection's day, the one silent for longest first.

    `kind`: `never`: no report yet; `unknown`: none that states its progress; `since`: none since a day.
    `since`: the day of the kind `since`.

    Returns:
        action_no, action_id, title, stakeholder_id, stakeholder, stakeholder_group, category, language, submitted_on,
        due_on, reported_on, status, status_code, percent (0 to 100), silent_days (since the last report, else since
        the submission).
    """
    parameters = {**selection.sql_parameters(snapshot), "kind": kind, "since": since}
    return snapshot.query("silent_actions", parameters)


def find_gap(
    snapshot: Snapshot,
    selection: Selection,
    dimensions: Sequence[str],
    unknown: pd.DataFrame,
    *,
    only: Collection[tuple[str, str]] = (),
    has_small: bool = False,
) -> Gap:
    """Find the members of some dimensions, and the unknown actions of each.

    *Not yet classified* is not among the members.

    Args:
        snapshot: The snapshot to read.
        selection: The filters in force.
        dimensions: The dimensions whose members count.
        unknown: The unknown actions (`list_silent`), in order of preference.
        only: The members that count, as (dimension, code); all of them by default.
        has_small: Whether members with fewer than `FEW` actions count too.
    """
    all_members = [
        member
        for dimension in dimensions
        for member in _list_members(snapshot, selection, dimension)
        if not only or (dimension, member.code) in only
    ]
    small = tuple(member for member in all_members if member.actions < FEW and not has_small)
    members = (
        Member("", "", count(snapshot, selection), len(unknown)),
        *(member for member in all_members if member not in small),
    )
    return Gap(
        tuple(unknown["action_id"].tolist()),
        members,
        _place(snapshot, selection, dimensions, unknown, members),
        small,
        unknown["is_pending"].to_numpy(dtype=np.bool_) if "is_pending" in unknown else np.zeros(len(unknown), np.bool_),
    )


def _list_members(snapshot: Snapshot, selection: Selection, dimension: str) -> list[Member]:
    frame = by_dimension(snapshot, selection, dimension)
    columns = (frame[name].tolist() for name in ("code", "actions", "unknown"))
    return [
        Member(dimension, code, actions, unknown)
        for code, actions, unknown in zip(*columns, strict=True)
        if actions and code != UNCLASSIFIED
    ]


def _place(
    snapshot: Snapshot,
    selection: Selection,
    dimensions: Sequence[str],
    unknown: pd.DataFrame,
    members: Sequence[Member],
) -> Booleans:
    """Return which unknown action is in which member."""
    belongs = np.zeros((len(unknown), len(members)), dtype=np.bool_)
    belongs[:, 0] = True
    pairs = snapshot.query("unknown_members", {**selection.sql_parameters(snapshot), "dimensions": list(dimensions)})
    rows = pd.Index(unknown["action_no"]).get_indexer(pd.Index(pairs["action_no"]))
    member_index = pd.MultiIndex.from_tuples([(member.dimension, member.code) for member in members])
    columns = member_index.get_indexer(pd.MultiIndex.from_frame(pairs[["dimension", "code"]]))
    is_member = (rows >= 0) & (columns >= 0)
    belongs[rows[is_member], columns[is_member]] = True
    return belongs


def answers_since(snapshot: Snapshot, selection: Selection, requests: Iterable[tuple[date, str]]) -> pd.DataFrame:
    """Count the actions asked on a day, and those of them that have reported on that day or later.

    `requests`: the days of letters, with the ids of their actions.

    Returns:
        asked_on, actions, answered; one row a day of letters about its actions, up to the selection's day.
    """
    lines = sorted({f"{day.isoformat()} {action_id}" for day, action_id in requests})
    return snapshot.query("answers_since", {**selection.sql_parameters(snapshot), "asked": lines})
