"""Days in words: a month, a quarter, a year, its beginning or end, a date, or a time before the day of the figures.

A time means its last day. Without a year it is the latest one that is over; one that is not is offered too. Where day
and month may be taken for each other, both are offered.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from dashboard.asking.vocabulary import Meaning, Unit

DAY = "day"
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def join_days(units: Sequence[Unit], today: date, end: date, furthest: int) -> list[Unit]:
    """Put together the units that are a day.

    `today`: the day of the figures.
    `end`: the last day of the campaign.
    `furthest`: the last year that a link may have.
    """
    joined, place = [], 0
    while place < len(units):
        length, days = _read(units[place:], today, end)
        days = [day for day in days if day.year <= furthest]
        if days:
            text = " ".join(unit.text for unit in units[place : place + length])
            joined.append(Unit(text, tuple(Meaning(DAY, day.isoformat()) for day in dict.fromkeys(days))))
        else:
            joined.append(units[place])
        place += length if days else 1
    return joined


def _read(units: Sequence[Unit], today: date, end: date) -> tuple[int, list[date]]:
    """Read the day at the beginning; returns the number of its units, and the days that it may be."""
    if ago := units[0].find("ago"):
        return 1, [end if ago == "campaign" else _go_back(today, ago)]
    edge = units[0].find("edge")
    if edge:
        length, first, last = _read_period(_skip(units, 1), today)
        return length + len(units) - len(_skip(units, 1)), [
            _choose(edge, *both) for both in zip(first, last, strict=True)
        ]
    numbers = _read_date(units, today)
    if numbers[0]:
        return numbers
    length, _, last = _read_period(units, today)
    return length, last


def _skip(units: Sequence[Unit], place: int) -> Sequence[Unit]:
    """Leave out the small words from a place on."""
    while place < len(units) and units[place].find("small"):
        place += 1
    return units[place:]


def _choose(edge: str, first: date, last: date) -> date:
    return {"end": last, "start": first}.get(edge) or first + (last - first) / 2


def _go_back(today: date, unit: str) -> date:
    """Find the end of the month or year before a day; a day or a week before it."""
    if unit == "month":
        return today.replace(day=1) - timedelta(days=1)
    if unit == "year":
        return date(today.year - 1, 12, 31)
    return today - timedelta(days=1 if unit == "day" else 7)


def _number(unit: Unit, least: int, most: int) -> int:
    """Read a number within limits, with the ending of an ordinal (`1st`, `1er`); 0 where it is none."""
    digits = unit.text.rstrip("abcdefghijklmnopqrstuvwxyz")
    is_number = digits.isdecimal() and len(unit.text) - len(digits) <= 2 and len(digits) <= 4
    return int(digits) if is_number and least <= int(digits) <= most else 0


def _year(unit: Unit) -> int:
    return _number(unit, _FIRST_YEAR, _LAST_YEAR) if unit.text.isdecimal() else 0


def _read_date(units: Sequence[Unit], today: date) -> tuple[int, list[date]]:
    """Read a day of a month: `2021-07-15`, `15/07/2021`, `15 July 2021`, `15 de julio`, `July 15th`."""
    if len(units) >= 3 and all(unit.text.isdecimal() for unit in units[:3]):
        one, two, three = (int(unit.text) for unit in units[:3])
        if _year(units[0]):
            return 3, _dates((one, two, three))
        if _year(units[2]):
            return 3, _dates((three, two, one), (three, one, two))
    first = 1 if _number(units[0], 1, 31) else 0
    rest = _skip(units, 1) if first else units
    if not rest or not (month := int(rest[0].find("month") or 0)):
        return 0, []
    place = len(units) - len(rest) + 1
    day = _number(units[0], 1, 31)
    if not day and place < len(units) and not _year(units[place]):
        day = _number(units[place], 1, 31)
        place += 1
    if not day:
        return 0, []
    rest = _skip(units, place)
    if rest and (year := _year(rest[0])):
        return len(units) - len(rest) + 1, _dates((year, month, day))
    latest = [one for one in _dates((today.year, month, day), (today.year - 1, month, day)) if one <= today]
    return place, latest[:1]


def _dates(*parts: tuple[int, int, int]) -> list[date]:
    """Make the days that there are."""
    return [
        date(year, month, day)
        for year, month, day in parts
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    ]


def _read_period(units: Sequence[Unit], today: date) -> tuple[int, list[date], list[date]]:
    """Read a month, a quarter or a year; returns the number of units, its first days and its last ones."""
    if not units:
        return 0, [], []
    if year := _year(units[0]):
        month = _number(units[1], 1, 12) if len(units) > 1 and units[1].text.isdecimal() else 0
        months = [(year, month, month)] if month else [(year, 1, 12)]
        return (2 if month else 1), *_span(months)
    month, quarter = int(units[0].find("month") or 0), int(units[0].find("quarter") or 0)
    first, last = (month, month) if month else (3 * quarter - 2, 3 * quarter)
    if last <= 0:
        return 0, [], []
    rest = _skip(units, 1)
    if rest and (year := _year(rest[0])):
        return len(units) - len(rest) + 1, *_span([(year, first, last)])
    years = [today.year - 1] if (today.month, today.day) < (last, monthrange(today.year, last)[1]) else [today.year]
    if years[0] < today.year and first <= today.month <= last:
        years.append(today.year)
    return 1, *_span([(year, first, last) for year in years])


def _span(months: Sequence[tuple[int, int, int]]) -> tuple[list[date], list[date]]:
    firsts = [date(year, first, 1) for year, first, _ in months]
    return firsts, [date(year, last, monthrange(year, last)[1]) for year, _, last in months]
