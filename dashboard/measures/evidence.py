"""Evidence: of the completed actions, behind how many stands more than the stakeholder's word, by a day.

The counts are nested: each of evidenced, reviewed and verified is at most the one before. What no step is stated of is
claimed, since a report says so. The rates are shares of the completed actions; where none is completed there is none.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.campaign.evidence_steps import STEPS
from dashboard.i18n import N_, translator
from dashboard.measures.counts import Columns, compute_rates
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

STEP_PLACES = {"evidenced": 2, "reviewed": 3, "verified": 4}
"""Each step and its `step_no` (`queries/macros.sql`): an action has it from there on."""

EVIDENCE = (*STEP_PLACES, "claimed_only", "evidenced_only", "reviewed_only")
"""Every count: the nested steps, then the furthest steps, which with `verified` add up to the completed actions."""

ROLES = {
    "stakeholder": N_("Stakeholder"),
    "secretariat": N_("Secretariat"),
    "independent": N_("Somebody independent"),
    "staff": N_("Noted by staff"),
}
"""Who decided a step: a role, never a name."""

RATES = ("evidenced_rate", "reviewed_rate", "verified_rate")


def name_evidence(snapshot: Snapshot, lang: str) -> dict[str, list[str]]:
    """The words for steps and roles in a language, as queries of extracts take them: in the order of their macros."""
    t, steps = translator(lang), snapshot.codes["evidence"]
    return {
        "step_words": [steps[step].labels[lang] for step in STEPS],
        "role_words": [t(role) for role in ROLES.values()],
    }


class Evidence(NamedTuple):
    """What stands behind the completed actions of a selection on a day.

    Attributes:
        evidenced: Completed actions of which a document or an address shows it, reviewed and verified ones too.
        reviewed: Of these, those that were reviewed.
        verified: Of these, those that somebody independent verified.
        claimed_only: Completed actions of which only the stakeholder says so.
        evidenced_only: Evidenced and not reviewed.
        reviewed_only: Reviewed and not verified.
    """

    evidenced: int
    reviewed: int
    verified: int
    claimed_only: int
    evidenced_only: int
    reviewed_only: int


def count_evidence(snapshot: Snapshot, selection: Selection) -> Evidence:
    """The evidence of a selection, each action counted once."""
    rows = snapshot.columns("evidence/total", selection.sql_parameters(snapshot))
    counts = _count_steps(rows, np.zeros(len(rows["actions"]), dtype=np.intp), 1)
    return Evidence(**{name: int(counts[name][0]) for name in EVIDENCE})


def evidence_by(snapshot: Snapshot, selection: Selection, dimension: str, codes: Iterable[str]) -> pd.DataFrame:
    """The evidence of each of some members of a dimension; an action with several members counts in each.

    Returns:
        One row a member, in the order of `codes`: the counts of `EVIDENCE`, `evidenced_rate`, `reviewed_rate` and
        `verified_rate` (fractions of 1, NaN where none is completed).
    """
    rows = snapshot.columns("evidence/by_member", {**selection.sql_parameters(snapshot), "dimension": dimension})
    return _frame_counts(rows, list(codes))


def evidence_by_time(snapshot: Snapshot, selection: Selection, time: str, codes: Iterable[str]) -> pd.DataFrame:
    """The evidence of each survey wave or month of submission; returns a frame as `evidence_by`."""
    rows = snapshot.columns("evidence/by_time", {**selection.sql_parameters(snapshot), "time": time})
    return _frame_counts(rows, list(codes))


def cross_evidence(snapshot: Snapshot, selection: Selection, rows: str, columns: str) -> pd.DataFrame:
    """The evidence of each pair of members of two dimensions that has a completed action.

    Returns:
        `row_code`, `column_code`, then columns as `evidence_by`; the pairs in no order.
    """
    parameters = {**selection.sql_parameters(snapshot), "row_dimension": rows, "column_dimension": columns}
    crossed = snapshot.query("evidence/crossed", parameters)
    pairs = crossed[["row_code", "column_code"]].drop_duplicates(ignore_index=True)
    places = pd.MultiIndex.from_frame(pairs).get_indexer(pd.MultiIndex.from_frame(crossed[["row_code", "column_code"]]))
    rows_by_column = {name: crossed[name].to_numpy() for name in ("step_no", "actions")}
    return pairs.assign(**_measure(_count_steps(rows_by_column, places.astype(np.intp), len(pairs))))


def _frame_counts(rows: Columns, codes: list[str]) -> pd.DataFrame:
    place = {code: number for number, code in enumerate(codes)}
    places = np.array([place.get(code, -1) for code in rows["code"].tolist()], dtype=np.intp)
    return pd.DataFrame(_measure(_count_steps(rows, places, len(codes))))


def _measure(counts: Columns) -> Columns:
    """Counts with their rates; the completed actions, of which these are shares, are left out."""
    return {**{name: counts[name] for name in EVIDENCE}, **compute_rates(counts, RATES)}


def _count_steps(rows: Columns, places: npt.NDArray[np.intp], members: int) -> Columns:
    """The counts of `EVIDENCE` of each of some members, and `completed`; a row with the place -1 is of none."""
    is_member = places >= 0
    by_step = np.zeros((max(STEP_PLACES.values()) + 1, members), dtype=np.int64)
    np.add.at(by_step, (rows["step_no"][is_member], places[is_member]), rows["actions"][is_member])
    counts = {name: by_step[place:].sum(axis=0) for name, place in STEP_PLACES.items()}
    return {
        **counts,
        "claimed_only": by_step[: STEP_PLACES["evidenced"]].sum(axis=0),
        "evidenced_only": counts["evidenced"] - counts["reviewed"],
        "reviewed_only": counts["reviewed"] - counts["verified"],
        "completed": by_step.sum(axis=0),
    }
