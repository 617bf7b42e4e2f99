"""Stakeholders: those of a selection as a list, and one of them with its reports and milestones.

Persons who are unnamed in public have no name in the snapshot: here they have its replacement everywhere.
"""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from dashboard.errors import UserError
from dashboard.languages import SOURCE, Texts
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

SORTS = ("name", "group", "actions", "reported", "completed", "milestones", "reported_on")


class Count(NamedTuple):
    """The number of stakeholders in a selection, and that of actions without one."""

    stakeholders: int
    actions_of_none: int


@dataclass(frozen=True)
class Stakeholder:
    """One stakeholder.

    Attributes:
        names: Its name by language; for an unnamed person the replacement.
        spellings: Every spelling in its submissions.
        groups: The codes of the groups that its actions are in.
        is_person: Whether it is an unnamed person.
    """

    stakeholder_id: str
    names: dict[str, str]
    spellings: tuple[str, ...]
    groups: tuple[str, ...]
    is_person: bool


def count(snapshot: Snapshot, selection: Selection, words: str = "") -> Count:
    """Count the stakeholders with an action in the selection, and all of the words in their name."""
    parameters = selection.sql_parameters(snapshot) | {"words": _words(snapshot, words)}
    row = snapshot.query("stakeholders_count", parameters).iloc[0]
    return Count(int(row["stakeholders"]), int(row["actions_of_none"]))


def page(
    snapshot: Snapshot,
    selection: Selection,
    *,
    words: str = "",
    sort: str = "name",
    descending: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> pd.DataFrame:
    """List one page of the stakeholders that have an action in the selection, one row each.

    Names sort without regard to case and accents, groups in their codelist's order, milestones by how many are reached;
    those who never reported, or had no milestone due, come last in both directions.

    Args:
        snapshot: The snapshot to read.
        selection: The filters in force.
        words: The required words of a name, in any language.
        sort: One of `SORTS`.
        descending: Most, latest or last in the alphabet first.
        limit: Rows at most.
        offset: Rows to skip before the first.

    Returns:
        stakeholder_id, name (in the selection's language), groups (array of codes), actions, reported, completed,
        unknown (counts, of the selection's actions), reported_on (the latest report in force; NaT where there is none),
        milestones_due, milestones_reached (of these actions, by the day; reached of those that were due).

    Raises:
        UserError: `sort` is no column to sort by.
    """
    if sort not in SORTS:
        raise UserError(f"Stakeholders cannot be sorted by {sort!r}.", f"Use one of {', '.join(SORTS)}.")
    parameters = selection.sql_parameters(snapshot)
    parameters |= {"words": _words(snapshot, words), "lang": selection.lang, "sort": sort, "descending": descending}
    parameters["code_order"] = list(snapshot.codes.get("stakeholder_groups", {}))
    return snapshot.query("stakeholders_page", parameters | {"row_limit": limit, "row_offset": offset})


def find(snapshot: Snapshot, stakeholder_id: str) -> Stakeholder | None:
    """Find the stakeholder of an id; None where there is none."""
    frame = snapshot.query("stakeholder_facts", {"stakeholder_id": stakeholder_id})
    if frame.empty:
        return None
    row = frame.iloc[0]
    groups = row["groups"]
    return Stakeholder(
        stakeholder_id,
        Texts(row["names"] if isinstance(row["names"], dict) else {SOURCE: row["name"]}),
        tuple(row["spellings"]),
        () if groups is None else tuple(groups),
        bool(row["is_person"]),
    )


def list_reports(snapshot: Snapshot, selection: Selection, most: int) -> pd.DataFrame:
    """List the latest progress reports about the actions of a selection, the latest first.

    Returns:
        action_id, title, language (of the action), reported_on, status, status_code, percent (0 to 100), narrative,
        narrative_language, found (how many there are in all); at most `most` rows.
    """
    return snapshot.query("selected_reports", selection.sql_parameters(snapshot) | {"most": most})


def list_milestones(snapshot: Snapshot, selection: Selection, most: int) -> pd.DataFrame:
    """List the milestones of the actions of a selection, the earliest due first.

    Returns:
        action_id, title, language (of the action), label, due_on, reached_on (NaT where not reached by the day),
        outcome_no (as `dashboard.measures.facts` numbers them), found (how many there are in all); at most
        `most` rows.
    """
    return snapshot.query("selected_milestones", selection.sql_parameters(snapshot) | {"most": most})


def _words(snapshot: Snapshot, text: str) -> list[str]:
    """Split a search into words, without blanks."""
    return " ".join(snapshot.search_words(text)).split()
