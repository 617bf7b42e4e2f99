"""Choose the as-of day of figures: a slider over the year, a calendar, and named days.

These are the ends of survey waves, the deadline, the campaign's end, the day of the latest figures, and today.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from dashboard.charts import clock
from dashboard.i18n import N_, Translator
from dashboard.languages import find_tag
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared


class NamedDay(NamedTuple):
    """A named day, short and in full; for a survey wave its last day, with its first beside it.

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
    """List the named days, the earliest first; today is one of them while the campaign runs."""
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


HTML = (
    '<div role="group" class="day-choice"><p class="names"></p><input type="range" step="1"><p class="calendar">'
    '<label></label><input type="date"></p><p class="about"></p></div>'
)


@dataclass(frozen=True)
class DayChoice:
    """The days to choose from.

    Attributes:
        data_last: The day of the latest data, which a link leaves out.
    """

    day: date
    label: str
    about: str
    first: date
    last: date
    data_last: date
    lang: str
    named_days: tuple[NamedDay, ...]


def make_model(snapshot: Snapshot, selection: Selection, t: Translator) -> DayChoice:
    """Make the choice of a snapshot's days."""
    day, first, last = selection.day(snapshot), snapshot.campaign["first_date"], snapshot.last_date
    return DayChoice(
        day=day,
        label=t("As of"),
        about=t("Progress as known on this date."),
        first=min(first, day),
        last=max(last, day),
        data_last=last,
        lang=find_tag(t.language),
        named_days=tuple(one for one in list_days(snapshot, t) if first <= one.day <= last),
    )


def state_day(chosen: object, data_last: date) -> date | None:
    """Write a chosen day for the link; None for the latest one, where the link follows the data.

    Raises:
        ValueError: the browser sent no day.
    """
    day = date.fromisoformat(str(chosen))
    return None if day == data_last else day


def write(model: DayChoice) -> dict[str, Any]:
    """Write the choice for the browser."""
    data = {name: getattr(model, name).isoformat() for name in ("day", "first", "last")}
    days = [{"day": one.day.isoformat(), "label": one.label, "about": one.about} for one in model.named_days]
    return {**data, "named": days, "label": model.label, "about": model.about, "lang": model.lang}


def read(model: DayChoice, sent: object) -> date | None:
    """Read the chosen day that the browser sends, as the link has it.

    Raises:
        ValueError: it is none of these days.
    """
    day = state_day(sent, model.data_last)
    if day is not None and not model.first <= day <= model.last:
        raise ValueError
    return day
