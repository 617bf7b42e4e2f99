"""The campaign's clock in words: its day, and the time until the deadline."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.counts import Headline


def is_today(campaign: Mapping[str, Any], day: date) -> bool:
    """Whether a day is today for the reader, while the campaign runs."""
    return day == find_today(campaign)


def find_today(campaign: Mapping[str, Any]) -> date | None:
    """Find today for the reader, while the campaign runs."""
    today = datetime.now(UTC).date()
    return today if is_running(campaign, today) else None


def is_running(campaign: Mapping[str, Any], day: date) -> bool:
    """Whether a day lies in the campaign."""
    return bool(campaign["starts_on"] <= day <= campaign["ends_on"])


def say_day(t: Translator, totals: Headline) -> str:
    """Write the place of the day in the campaign: `Day 12 of 365`."""
    return t(
        "Day {n} of {total}",
        n=formats.format_count(totals.day_number, t.language),
        total=formats.format_count(totals.days_total, t.language),
    )


def say_deadline(t: Translator, totals: Headline, campaign: Mapping[str, Any]) -> str:
    """Write how many days are left until the deadline of actions, or how many have passed since."""
    days = totals.days_to_deadline
    on = formats.format_date(campaign["action_deadline_on"], t.language)
    if days > 0:
        return t.plural("{n} day to the deadline of {day}", "{n} days to the deadline of {day}", days, day=on)
    if days < 0:
        return t.plural("{n} day after the deadline of {day}", "{n} days after the deadline of {day}", -days, day=on)
    return (
        t("The deadline is today, {day}", day=on)
        if is_today(campaign, totals.day)
        else t("The day of the deadline, {day}", day=on)
    )
