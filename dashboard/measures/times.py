"""The counts of a selection by when: the survey wave last heard in, the month of submission, the month of completion.

Each action has one wave and one month of submission, so that their parts add up to the total. These are no filters, and
what is known of them is what was known on the day.
"""

from datetime import date

import numpy as np
import pandas as pd

from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.formats import format_month_of_year
from dashboard.i18n import N_, translator
from dashboard.measures.counts import (
    BREAKDOWN_RATES,
    DIMENSIONS,
    compute_rates,
    count_states,
    listed_members,
)
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

WAVE, SUBMITTED, COMPLETED, DUE = "wave", "submitted", "completed", "due"
TIMES = {
    WAVE: N_("Survey wave"),
    SUBMITTED: N_("Month of submission"),
    COMPLETED: N_("Month of completion"),
    DUE: N_("Month due"),
}
"""The times by which actions, or their milestones, are broken down, with their names."""

NO_WAVE, NOT_REPORTED = OUTSIDE = ("no_wave", "not_reported")
"""What stands in the place of a wave: a report that was given in none, and no report."""
_NAMES = {
    NO_WAVE: N_("Outside the waves"),
    NOT_REPORTED: N_("Not reported"),
    UNCLASSIFIED: N_("Date not stated"),
}


def name_dimension(name: str) -> str:
    """What a dimension or a time is called, in English."""
    return TIMES[name] if name in TIMES else DIMENSIONS[name].label


def name_time(code: str, lang: str) -> str:
    """A wave or month in a language: `Mid year`, `March 2021`."""
    if code in _NAMES:
        return translator(lang)(_NAMES[code])
    year, _, month = code.partition("-")
    if year.isdigit() and month.isdigit():
        return format_month_of_year(date(int(year), int(month), 1), lang)
    return translator(lang)(name_code(code))


def by_time(snapshot: Snapshot, selection: Selection, time: str) -> pd.DataFrame:
    """The counts and rates of each wave that actions were last heard in, or of each month in which they were submitted.

    Returns:
        A frame as `by_dimension`, the earliest time first; what has none is last.
    """
    rows = snapshot.columns("breakdown_by_time", {**selection.sql_parameters(snapshot), "time": time})
    codes = order_times(snapshot, selection, set(rows["code"].tolist()))
    place = {code: number for number, code in enumerate(codes)}
    places = np.array([place[code] for code in rows["code"].tolist()], dtype=np.intp)
    columns = count_states(rows, places, len(codes))
    return pd.DataFrame({"code": pd.Series(codes, dtype="str"), **columns, **compute_rates(columns, BREAKDOWN_RATES)})


def cross_by_time(snapshot: Snapshot, selection: Selection, time: str, dimension: str) -> pd.DataFrame:
    """The counts and rates of each pair of a wave or month and a member of a dimension that has at least one action.

    Returns:
        A frame as `cross`, the times as its rows.
    """
    parameters = {**selection.sql_parameters(snapshot), "time": time, "dimension": dimension}
    pairs = snapshot.query("crossed_by_time", parameters)
    times = order_times(snapshot, selection, set(pairs["row_code"]))
    rows = pd.Index(times).get_indexer(pd.Index(pairs["row_code"]))
    # A member that is not listed (not chosen, outside the chosen places) has the place -1.
    columns = pd.Index(listed_members(snapshot, selection, dimension)).get_indexer(pd.Index(pairs["column_code"]))
    order = np.lexsort((columns, rows))
    frame = pairs.take(order[columns[order] >= 0]).reset_index(drop=True)
    counts = {name: frame[name].to_numpy() for name in ("actions", "reported", "completed", "unknown")}
    return frame.assign(**compute_rates(counts, BREAKDOWN_RATES))


def order_times(snapshot: Snapshot, selection: Selection, codes: set[str]) -> list[str]:
    """Waves or months, the earliest first; what has none is last."""
    waves = [wave.name for wave in list_waves(snapshot, selection.day(snapshot))]
    last = (NO_WAVE, NOT_REPORTED, UNCLASSIFIED)
    dated = codes - {*waves, *last}
    return [*(wave for wave in waves if wave in codes), *sorted(dated), *(code for code in last if code in codes)]


def completed_by_month(snapshot: Snapshot, selection: Selection) -> pd.DataFrame:
    """How many of the actions that are completed on the day were completed in each month.

    Returns:
        One row a month in which one was completed, or that lies between two such months and in the campaign, and last
        those of which nobody said when: `code`, `completed`.
    """
    rows = snapshot.query("completed_by_month", selection.sql_parameters(snapshot)).set_index("code")["completed"]
    campaign = pd.period_range(snapshot.campaign["starts_on"], snapshot.campaign["ends_on"], freq="M").astype(str)
    dated = rows.index.drop(UNCLASSIFIED, errors="ignore")
    between = {month for month in campaign if len(dated) and dated.min() <= month <= dated.max()}
    months = [*sorted(between.union(dated)), *rows.index.difference(dated)]
    counts = rows.reindex(months, fill_value=0).to_numpy(dtype="int64")
    return pd.DataFrame({"code": pd.Series(months, dtype="str"), "completed": counts})
