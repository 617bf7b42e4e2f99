"""Reports that no figure counts because of their day: the page names them first, and they alone are not published."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dashboard.engines import lend
from dashboard.errors import N_, Sentence, UserError, join, sentence
from dashboard.ground.query_files import read_sql_file

SayDay = Callable[[date], str]


class Uncounted(NamedTuple):
    """The reports about an action, and those that their day leaves uncounted.

    Attributes:
        without_day: Reports without the day on which they were true.
        too_late: Reports of a day after the figures' day.
        in_time: Reports of a past day up to it.
    """

    reports: int
    without_day: int
    too_late: int
    first_too_late: date | None
    last_too_late: date | None
    in_time: int
    first_day: date | None
    last_day: date | None
    ends_on: date | None


def read_uncounted(snapshot: Path, today: date) -> Uncounted:
    """Count the reports of a snapshot's file whose day leaves them out; `today` is the last day that can count.

    Raises:
        duckdb.Error: the file cannot be opened.
    """
    with lend({"snapshot": snapshot}) as connection:
        connection.execute("use snapshot")
        row = connection.execute(read_sql_file("uncounted_reports"), {"today": today}).fetchone()
    assert row is not None  # noqa: S101  (counts are one row)
    return Uncounted(*row)


def say_uncounted(uncounted: Uncounted, say_day: SayDay = date.isoformat) -> Sentence | None:
    """Write the sentence before all figures; None where every report counts."""
    sentences: list[Sentence] = []
    if uncounted.first_too_late and uncounted.last_too_late and uncounted.ends_on:
        what = N_(
            "Progress reports that do not count: {n} of {total}. Their day ({days}) is more than a year after the end "
            "of the campaign, {end}."
        )
        days = _say_days(uncounted.first_too_late, uncounted.last_too_late, say_day)
        sentences.append(
            sentence(what, n=uncounted.too_late, total=uncounted.reports, days=days, end=say_day(uncounted.ends_on))
        )
    if uncounted.without_day:
        what = N_("Progress reports that do not count: {n} of {total}. The date they were true is unknown.")
        sentences.append(sentence(what, n=uncounted.without_day, total=uncounted.reports))
    return join(sentences) if sentences else None


def refuse_uncounted(snapshot: Path, today: date) -> None:
    """Refuse a snapshot in which no report counts, because their days are in the future or too late.

    Raises:
        UserError: no report counts; the message names the days.
    """
    if refusal := find_refusal(read_uncounted(snapshot, today), today):
        raise refusal


def find_refusal(uncounted: Uncounted, today: date) -> UserError | None:
    """Explain why nothing is published where no report counts because of its day; None where one counts."""
    if uncounted.in_time or not (uncounted.first_day and uncounted.last_day and uncounted.ends_on):
        return None
    return UserError(
        sentence(
            N_("No progress report counts: their day ({days}) is in the future.")
            if uncounted.first_day > today
            else N_("No progress report counts: their day ({days}) is after the end of the campaign, {end}."),
            days=_say_days(uncounted.first_day, uncounted.last_day),
            end=uncounted.ends_on.isoformat(),
        ),
        N_("Correct the days in the file, or those of the campaign (campaign.toml, page Settings)."),
    )


def _say_days(first: date, last: date, say_day: SayDay = date.isoformat) -> str:
    return say_day(first) if first == last else f"{say_day(first)} – {say_day(last)}"
