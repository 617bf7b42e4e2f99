"""Those who do the same as one action: by theme, kind of action, place and words, and what makes them near.

Only what is written in one language has words in common; across languages themes, kinds and places decide.
`queries/similar_actions.sql` says how they count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.measures.register import plain_cell
from dashboard.snapshot.database import Snapshot

MOST = 8
"""How many are named, of other stakeholders and of its own each."""
LEAST = 0.38
"""From this likeness on an action is near: one theme alone is not enough, nor one kind of action in one region."""
WORDS = 4
"""How many words in common are named."""
PLACES = ("country", "subregion", "region")
"""The kinds of places, the nearest first."""


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """An action that is near another one; codes, None where unknown.

    Attributes:
        is_own: Whether it is the same stakeholder's.
        likeness: From `LEAST` to 1.25, the nearer the larger.
        shared: What both have, by kind (theme, category, the nearest kind of place, word): codes, and words as the
            other one, that was asked about, writes them; the most telling first.
    """

    action_id: str
    title: str | None
    language: str | None
    stakeholder_id: str | None
    stakeholder: str | None
    status: str
    status_code: str | None
    is_completed: bool
    completed_on: date | None
    is_own: bool
    likeness: float
    shared: dict[str, tuple[str, ...]]


def find_similar(snapshot: Snapshot, action_id: str, day: date | None = None, most: int = MOST) -> list[Neighbour]:
    """The actions nearest to one, the completed ones first, then the nearest; what is far is left out.

    Args:
        snapshot: The snapshot to read.
        action_id: The action.
        day: The day that statuses stand at; the snapshot's last by default.
        most: How many at most, of other stakeholders and of its own each.
    """
    traits = snapshot.query("similar_actions", {"action_id": action_id, "least": LEAST, "most": most})
    if traits.empty:
        return []
    near: dict[Any, pd.DataFrame] = dict(iter(traits.groupby("action_no", sort=False)))
    parameters: dict[str, Any] = {"numbers": [int(number) for number in near], "as_of": day or snapshot.last_date}
    facts = snapshot.query("actions_named", parameters).set_index("action_no").loc[list(near)]
    neighbours = [_describe(near[number], row) for number, row in zip(near, facts.to_dict("records"), strict=True)]
    return sorted(neighbours, key=lambda neighbour: not neighbour.is_completed)


def _describe(rows: pd.DataFrame, facts: Mapping[Any, Any]) -> Neighbour:
    """One action that is near, from the traits that it shares."""
    shared = {str(kind): tuple(texts) for kind, texts in rows.groupby("kind", sort=False)["written"]}
    place = next((kind for kind in PLACES if kind in shared), "")
    shown_traits = {kind: shared[kind] for kind in ("theme", "category", place, "word") if kind in shared}
    if "word" in shown_traits:
        shown_traits["word"] = shown_traits["word"][:WORDS]
    first = rows.iloc[0]
    plain = {str(name): plain_cell(value) for name, value in facts.items()}
    return Neighbour(**plain, is_own=bool(first["is_own"]), likeness=float(first["likeness"]), shared=shown_traits)
