"""The days of a campaign that readers look for by name: survey waves, deadline, end, the latest figures, today."""

from datetime import date
from typing import NamedTuple

from dashboard.charts import clock
from dashboard.i18n import N_, Translator
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.shared import shared


class NamedDay(NamedTuple):
    """A day that has a name, short and in full; of a survey wave the last one, its first beside it.

    Attributes:
        is_named: Whether its name stands on the line of the year, which has room for few.
    """

    day: date
    label: str
    about: str
    first_on: date
    is_named: bool = True


@shared
def list_days(snapshot: Snapshot, t: Translator) -> tuple[NamedDay, ...]:
    """The named days, the earliest first; today is one of them while the campaign runs."""
    campaign = snapshot.campaign
    days = [
        NamedDay(
            wave.last_on,
            t("{wave} survey", wave=t(name_code(wave.name))),
            t("Survey wave, until its latest report"),
            wave.first_on,
        )
        for wave in list_waves(snapshot, snapshot.last_date)
    ]
    today = clock.find_today(campaign)
    campaign_dates = [
        (campaign["action_deadline_on"], N_("Deadline"), N_("Deadline of actions")),
        (campaign["ends_on"], N_("Campaign end"), N_("End of the campaign")),
        (snapshot.last_date, N_("Latest data"), N_("Date of the latest report")),
        *([(today, N_("Today"), N_("Today"))] if today else []),
    ]
    unnamed = ("Campaign end", "Latest data")
    days += [NamedDay(day, t(label), t(about), day, label not in unnamed) for day, label, about in campaign_dates]
    return tuple(sorted(days, key=lambda one: one.day))
