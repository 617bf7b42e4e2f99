"""The times of a count: the wave of an action's last report, the months of submission, completion, dates due.

Each action has one wave and one month of submission, so that their parts add up to the total. These are no filters, and
they depend only on data up to the day.
"""

from datetime import date

import pandas as pd

from dashboard.formats import format_month_of_year
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, translator
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

WAVE, SUBMITTED, COMPLETED, DUE, SPOKEN = "wave", "submitted", "completed", "due", "spoken"
TIMES = {
    WAVE: N_("Survey wave"),
    SUBMITTED: N_("Month of submission"),
    COMPLETED: N_("Month of completion"),
    DUE: N_("Month due"),
    SPOKEN: N_("Day spoken of"),
}
"""The times of breakdowns of actions, or their milestones, with their names."""

NO_WAVE, NOT_REPORTED = OUTSIDE = ("no_wave", "not_reported")
"""The words in place of a wave: for a report outside any, and for no report."""
_NAMES = {
    NO_WAVE: N_("Outside the waves"),
    NOT_REPORTED: N_("Not reported"),
    UNCLASSIFIED: N_("Date not stated"),
}


def name_time(code: str, lang: str) -> str:
    """Name a wave or month in a language: `Mid year`, `March 2021`."""
    if code in _NAMES:
        return translator(lang)(_NAMES[code])
    year, _, month = code.partition("-")
    if year.isdigit() and month.isdigit():
        return format_month_of_year(date(int(year), int(month), 1), lang)
    return translator(lang)(name_code(code))


def order_times(snapshot: Snapshot, selection: Selection, codes: set[str]) -> list[str]:
    """Sort waves or months, the earliest first; actions without one come last."""
    waves = [wave.name for wave in list_waves(snapshot, selection.day(snapshot))]
    last = (NO_WAVE, NOT_REPORTED, UNCLASSIFIED)
    dated = codes - {*waves, *last}
    return [*(wave for wave in waves if wave in codes), *sorted(dated), *(code for code in last if code in codes)]


def months_between(snapshot: Snapshot, codes: set[str]) -> set[str]:
    """List the months of the campaign that lie between two of these codes, as far as these are months."""
    months = codes - {UNCLASSIFIED}
    campaign = pd.period_range(snapshot.campaign["starts_on"], snapshot.campaign["ends_on"], freq="M").astype(str)
    return {month for month in campaign if months and min(months) <= month <= max(months)}
