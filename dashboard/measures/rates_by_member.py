"""The rates in all and of every member of every dimension, a row each, with what they count and what is not known."""

import pandas as pd

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.i18n import N_, translator
from dashboard.measures.counts import DIMENSIONS, by_dimension, list_unused
from dashboard.measures.definitions import DEFINITIONS, FEW, RATES
from dashboard.measures.facts import ACTIONS, ask_groups, find_fact
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared

ALL, ALL_NAME = "all", N_("All actions")
"""The dimension with one member, in which each action counts once."""

UNKNOWN_COUNTS = {
    "completion_rate": "unknown",
    "reporting_rate": "",
    "on_time_rate": "on_time_unknown",
    "milestone_rate": "milestones_unknown",
    "evidenced_rate": "",
    "reviewed_rate": "",
    "verified_rate": "",
    "targets_met_rate": "results_unknown",
    **{f"{criterion}_rate": "" for criterion in CRITERIA},
}
"""The rates, each with the count of what may belong to its numerator; none where all is known."""


@shared
def list_rates(snapshot: Snapshot, selection: Selection) -> pd.DataFrame:
    """Count the rates of every member with actions, in the language of the selection.

    Returns:
        One row a dimension, measure and member, in the order of declarations and codelists: their codes and names,
        `numerator`, `denominator`, `unknown`, `is_few`.
    """
    unused = list_unused(snapshot)
    frames = [_list_rates_of(snapshot, selection, name) for name in (ALL, *DIMENSIONS) if name not in unused]
    return pd.concat(frames, ignore_index=True)


def _list_rates_of(snapshot: Snapshot, selection: Selection, dimension: str) -> pd.DataFrame:
    """Count the rates of the members of one dimension: a statement for each fact."""
    t, lang, is_all = translator(selection.lang), selection.lang, dimension == ALL
    entries = {} if is_all else snapshot.codes[DIMENSIONS[dimension].codelist]
    codes = [ALL] if is_all else by_dimension(snapshot, selection, dimension)["code"].tolist()
    frames, counts = [], {}
    for rate, unknown in UNKNOWN_COUNTS.items():
        fact = find_fact(rate) or ACTIONS
        if fact.name not in counts:
            groups = ask_groups(snapshot, selection, fact, *(() if is_all else (dimension,)))
            counts[fact.name] = groups.add_up([()] if is_all else [(code,) for code in codes])
        columns = counts[fact.name]
        frame = {
            "dimension": dimension,
            "dimension_name": t(ALL_NAME if is_all else DIMENSIONS[dimension].label),
            "member": codes,
            "member_name": [t(ALL_NAME) if is_all else entries[code].labels[lang] for code in codes],
            "measure": rate,
            "measure_name": t(DEFINITIONS[rate].name),
            "numerator": sum(columns[part] for part in RATES[rate].parts),
            "denominator": columns[RATES[rate].denominator],
            "unknown": columns[unknown] if unknown else 0,
            "is_few": columns[RATES[rate].denominator] < FEW,
        }
        frames.append(pd.DataFrame(frame, index=range(len(codes))))
    return pd.concat(frames)
