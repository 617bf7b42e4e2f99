"""In which order one would ask the silent: those whose answers may be on their way, whom letters reach, asked least."""

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from dashboard.letters.asked import USUAL_DAYS, Times


def add_notes(silent: pd.DataFrame, times: Mapping[str, Times], reached: Collection[str]) -> pd.DataFrame:
    """Silent actions with how often each was asked about (`asked`), when last (`asked_on`), and `has_address`.

    Args:
        silent: The actions (`measures.silent.list_silent`).
        times: How often each was asked about.
        reached: The actions whose address is known.
    """
    ids = silent["action_id"]
    last = ids.map({action_id: one.last_on for action_id, one in times.items()})
    return silent.assign(
        asked=ids.map({action_id: one.times for action_id, one in times.items()}).fillna(0).astype(int),
        asked_on=pd.to_datetime(last),
        has_address=ids.isin(list(reached)),
    )


def prefer(silent_actions: pd.DataFrame, today: date) -> pd.DataFrame:
    """Silent actions (`add_notes`) in the order in which one would ask, with a column `is_pending`.

    First those asked within the usual days: their answers are pending, and nobody else is asked in their place. Then
    those whose address is known, asked least often, silent for longest.
    """
    days = (pd.Timestamp(today) - silent_actions["asked_on"]).dt.days
    silent_actions = silent_actions.assign(is_pending=days < USUAL_DAYS)
    ranked = silent_actions.assign(
        is_settled=~silent_actions["is_pending"], is_unreached=~silent_actions["has_address"]
    )
    order = ranked.sort_values(["is_settled", "is_unreached", "asked"], kind="stable").index
    return silent_actions.loc[order].reset_index(drop=True)
