"""Days in words: a date, a month, a quarter, a year, its beginning or end, a time before the day of the figures.

A time means its last day. Without a year it is the latest one that is over; one that is not is offered too. Where day
and month may be taken for each other, both are offered.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from dashboard.asking.vocabulary import Meaning, Unit

DAY, SINCE = "day", "since"
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|e|o)?")
_DAY_AND_MONTH = re.compile(r"\D*\d{1,2}[/.-]\d{1,2}\D?")
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_OF = ("of", "the", "de", "del", "du")
"""The small words that stand inside a day."""
_SHAPES = {
    "ynn": ("ymd",), "nny": ("dmy", "mdy"), "nmy": ("dmy",), "mny": ("mdy",), "nm": ("dm",), "mn": ("md",),
    "nn": ("dm", "md"), "my": ("my",), "qy": ("qy",), "yn": ("ym",), "m": ("m",), "q": ("q",), "y": ("y",),
}  # fmt: skip
"""What numbers, months, quarters and years in a row may be: days, months, quarters, years."""
_ONE = timedelta(days=1)

Period = tuple[date, date]


def join_days(units: Sequence[Unit], today: date, end: date, furthest: int) -> list[Unit]:
    """Put together the units that are a day, or a day since when.

    `today`: the day of the figures.
    `end`: the last day of the campaign.
    `furthest`: the last year that a link may have.
    """
    joined: list[Unit] = []
    place = 0
    while place < len(units):
        span = units[place].find("span")
        start = place + bool(span)
        length, periods = _read(units[start:], today, end)
        periods = [period for period in periods if period[1].year <= furthest]
        is_rest = bool(joined) and joined[-1].text.isdecimal()  # of a day that there is not
        if not periods or is_rest or span == "other":
            joined.append(units[place])
            place += 1
            continue
        text = " ".join(unit.text for unit in units[place : start + length])
        days = dict.fromkeys(_choose(span, *period).isoformat() for period in periods)
        kind = SINCE if span in ("since", "after") else DAY
        joined.append(Unit(text, tuple(Meaning(kind, day) for day in days)))
        place = start + length
    return joined


def _choose(word: str, first: date, last: date) -> date:
    """Choose the day of a time that a word before it means."""
    if word == "start":
        return first
    if word == "middle":
        return first + (last - first) / 2
    is_day = first == last
    return first - _ONE if word == "before" or (word == SINCE and not is_day) else last


def _read(units: Sequence[Unit], today: date, end: date) -> tuple[int, list[Period]]:
    """Read the times at the beginning; returns the number of their units, and which they may be."""
    if not units:
        return 0, []
    if edge := units[0].find("edge"):
        small = 1 + sum(1 for unit in units[1:2] if unit.text in _OF)
        length, periods = _read(units[small:], today, end)
        return small + length, [(day, day) for day in (_choose(edge, *period) for period in periods)]
    if ago := units[0].find("ago"):
        day = _go_back(today, ago, end)
        return 1, [(day, day)]
    places = [place for place, unit in enumerate(units[:6]) if unit.text not in _OF or not place]
    row = [_read_number(units[place]) for place in places[:3]]
    shape = "".join(sign for sign, _ in row)
    for length in range(len(row), 0, -1):
        numbers = [number for _, number in row[:length]]
        orders = _SHAPES.get(shape[:length], ())
        if shape[:length] == "nn" and not _DAY_AND_MONTH.fullmatch(units[0].typed):
            continue
        if periods := [
            period for order in orders for period in _list_periods(dict(zip(order, numbers, strict=True)), today)
        ]:
            return places[length - 1] + 1, periods
    return 0, []


def _go_back(today: date, ago: str, end: date) -> date:
    """Go back some days, weeks, months, quarters or years; without a number to the last day of the time before."""
    number, _, unit = ago.rpartition(" ")
    if unit in ("day", "week"):
        return today - int(number or 1) * (_ONE if unit == "day" else 7 * _ONE)
    if not number:
        months = {"month": today.month, "quarter": (today.month - 1) // 3 * 3 + 1, "year": 1}
        return today.replace(month=months[unit], day=1) - _ONE if unit in months else end
    length = {"year": 12, "quarter": 3}.get(unit, 1)
    year, month = divmod(12 * today.year + today.month - 1 - int(number) * length, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _read_number(unit: Unit) -> tuple[str, int]:
    """Read a month, quarter, year or number of days, with the sign of its kind."""
    for sign, kind in (("m", "month"), ("q", "quarter")):
        if value := unit.find(kind):
            return sign, int(value)
    if _YEAR.fullmatch(unit.text):
        return "y", int(unit.text)
    number = _NUMBER.fullmatch(unit.text)
    return ("n", int(number[1])) if number else (" ", 0)


def _list_periods(numbers: Mapping[str, int], today: date) -> Iterator[Period]:
    """List the times of these numbers, the likeliest first: of the year, or of those around the day of the figures."""
    month, quarter, day = (numbers.get(name, 0) for name in "mqd")
    first, last = (month, month) if month else (3 * quarter - 2, 3 * quarter) if quarter else (1, 12)
    if last > 12 or 0 in numbers.values():
        return
    years = [numbers["y"]] if "y" in numbers else [today.year, today.year - 1]
    lengths = [(year, monthrange(year, last)[1]) for year in years]
    periods = [(date(year, first, day or 1), date(year, last, day or most)) for year, most in lengths if day <= most]
    if "y" in numbers:
        yield from periods
        return
    yield from [period for period in periods if period[1] <= today][:1]
    yield from (period for period in periods if period[0] <= today < period[1])
