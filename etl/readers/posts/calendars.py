"""A calendar (iCalendar, `.ics`): its entries one by one, with their days where they are and their moments in UTC.

An event that repeats is one entry, with its first date and its rule. No text is read of entries marked private.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone
from icalendar.timezone import tzp

from etl.readers.posts.settled_text import list_links, main_language, read_html, read_line
from etl.readers.sheets import ReadError

MARK = re.compile(r"\s*BEGIN:VCALENDAR\s*$", re.IGNORECASE | re.MULTILINE)
COLUMNS = (
    "UID", "entry SUMMARY", "first day", "last day", "starts at", "ends at", "LOCATION", "DESCRIPTION", "links", "URL",
    "CATEGORIES", "language", "STATUS", "CLASS", "RRULE", "RECURRENCE-ID", "SEQUENCE", "LAST-MODIFIED", "component",
    "ORGANIZER", "ATTENDEE", "CONTACT",
)  # fmt: skip
Cells = dict[str, str]
_ENTRIES = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
_LONGEST = 4 << 20  # characters of one entry
_PRIVATE = frozenset({"PRIVATE", "CONFIDENTIAL"})
_MIDNIGHT = datetime.min.time()


def read(path: Path, name: str, keep: Callable[[str, Cells], None]) -> None:
    """Read a calendar, as `PostFile` says.

    Raises:
        ReadError: It is none, or is cut short.
    """
    Calendar(keep).read(path, name)


class Calendar:
    """Reads a calendar, entry by entry."""

    def __init__(self, keep: Callable[[str, Cells], None]) -> None:
        """`keep` takes each entry: its kind, and its cells by column."""
        self._keep = keep
        self._zones: dict[str, tzinfo] = {}
        self._zone: tzinfo | None = None

    def read(self, path: Path, name: str) -> None:
        """Read a file to its end; time zones that it defines may stand below the entries that use them."""
        with path.open(encoding="utf-8-sig") as stream:
            if not MARK.match(stream.read(1 << 16)):
                raise ReadError(f"“{name}” is named like a calendar but is none.", "Export it again as .ics.")
        for kind, block in _iterate_blocks(path, name, frozenset({"VTIMEZONE"})):
            self._note_zone(kind, block)
        for kind, block in _iterate_blocks(path, name, _ENTRIES):
            self._keep("entry", {column: text for column, text in self._read_entry(kind, block).items() if text})

    def _note_zone(self, kind: str, block: str) -> None:
        """Note a time zone that the calendar defines, or the one that it names as its zone."""
        if kind == "X-WR-TIMEZONE":
            self._zone = _find_zone(block)
            return
        try:
            zone = Timezone.from_ical(block)
            if isinstance(zone, Timezone):
                self._zones[str(zone.get("TZID", ""))] = zone.to_tz()
        except (ValueError, KeyError, TypeError, IndexError, OverflowError, AttributeError):
            return  # its times are read as those of the place, without a moment

    def _read_entry(self, kind: str, block: str) -> Cells:
        try:
            return self._read_component(kind, Component.from_ical(block))
        except (ValueError, KeyError, TypeError, IndexError, OverflowError):
            return {"component": kind}  # a row without a title, which is rejected

    def _read_component(self, kind: str, entry: Any) -> Cells:
        cells = {name: _text(entry, name) for name in ("UID", "STATUS", "CLASS", "RECURRENCE-ID", "URL")}
        cells |= {"component": kind, "SEQUENCE": _text(entry, "SEQUENCE") or "0"}
        cells["RRULE"] = _first(entry, "RRULE").to_ical().decode() if _first(entry, "RRULE") is not None else ""
        cells |= {name: _join_persons(entry, name) for name in ("ORGANIZER", "ATTENDEE", "CONTACT")}
        cells |= self._read_times(entry)
        if cells["RECURRENCE-ID"]:
            cells["SEQUENCE"] = ""  # a changed day of a series never stands for the series
        if cells["CLASS"].upper() in _PRIVATE:
            return cells | {"entry SUMMARY": "[…]", "URL": ""}
        description = _text(entry, "DESCRIPTION")
        summary = _first(entry, "SUMMARY")
        return cells | {
            "entry SUMMARY": read_line(_text(entry, "SUMMARY")),
            "DESCRIPTION": read_html(description),
            "links": "\n".join(list_links(description)),
            "LOCATION": read_line(_text(entry, "LOCATION")),
            "CATEGORIES": "; ".join(_list_categories(entry)),
            "language": main_language(str(getattr(summary, "params", {}).get("LANGUAGE", ""))),
        }

    def _read_times(self, entry: Any) -> Cells:
        modified = self._place_time(_first(entry, "LAST-MODIFIED"))
        start, end = (self._place_time(_first(entry, name)) for name in ("DTSTART", "DTEND"))
        duration = _value(_first(entry, "DURATION"))
        if end is None and start is not None and isinstance(duration, timedelta):
            end = start + duration
        cells = {"LAST-MODIFIED": _utc(modified)}
        if start is None:
            return cells | {"first day": _text(entry, "DTSTART")[:100]}
        is_whole = not isinstance(start, datetime) or (_text(entry, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE")
        cells |= {"first day": _day(start).isoformat(), "last day": _last_day(start, end).isoformat()}
        return cells if is_whole else cells | {"starts at": _utc(start), "ends at": _utc(end)}

    def _place_time(self, prop: Any) -> date | None:
        """Return the day or the time at the event's place; without a zone where the calendar has none."""
        value = _value(prop)
        if not isinstance(value, datetime):
            return value if isinstance(value, date) else None
        if value.tzinfo is None:
            zone_name = str(prop.params.get("TZID", "")) if hasattr(prop, "params") else ""
            zone = self._zones.get(zone_name) or (_find_zone(zone_name) if zone_name else self._zone)
            return value.replace(tzinfo=zone) if zone else value
        is_utc = value.utcoffset() == timedelta(0)
        return value.astimezone(self._zone) if is_utc and self._zone else value


def _iterate_blocks(path: Path, name: str, kinds: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield the outermost components of these kinds as written; also the one that names the calendar's zone."""
    block: list[str] = []
    inside: list[str] = []  # the components that have begun, below the calendar
    size, is_whole = 0, False
    with path.open(encoding="utf-8-sig") as stream:
        for line in stream:
            word, _, rest = line.strip().partition(":")
            word, rest = word.upper(), rest.strip()
            if not inside and word == "X-WR-TIMEZONE" and "VTIMEZONE" in kinds:
                yield word, rest
            is_whole = is_whole or (not inside and (word, rest.upper()) == ("END", "VCALENDAR"))
            if not inside and (word != "BEGIN" or rest.upper() not in kinds):
                continue
            if not inside:
                block, size = [], 0
            block.append(line.rstrip("\r\n"))
            size += len(line)
            if size > _LONGEST:
                raise ReadError(f"“{name}” has an entry that is too long to be read.", "Export it again.")
            if word == "BEGIN":
                inside.append(rest.upper())
            elif word == "END" and rest.upper() != inside.pop():
                raise _make_cut_error(name)
            if not inside:
                yield rest.upper(), "\r\n".join(block) + "\r\n"
    if inside or not is_whole:
        raise _make_cut_error(name)


def _make_cut_error(name: str) -> ReadError:
    return ReadError(f"“{name}” is cut short: an entry or the calendar has no end.", "Export or download it again.")


def _find_zone(zone_name: str) -> tzinfo | None:
    zone: tzinfo | None = tzp.timezone(zone_name.strip('"')) if zone_name else None
    if zone is not None:
        return zone
    try:
        return ZoneInfo("/".join(zone_name.split("/")[-2:]) if zone_name.startswith("/") else zone_name)
    except (KeyError, ValueError, OSError):
        return None


def _first(entry: Any, name: str) -> Any:
    value = entry.get(name)
    return value[0] if isinstance(value, list) else value


def _text(entry: Any, name: str) -> str:
    value = _first(entry, name)
    if value is None:
        return ""
    when = _value(value)
    return when.isoformat() if isinstance(when, date) else str(value).strip()


def _value(prop: Any) -> Any:
    """Return the date, time or duration that a property holds; None where it holds none, or an unknown form."""
    try:
        return getattr(prop, "dt", None)
    except ValueError:
        return None


def _list_categories(entry: Any) -> list[str]:
    categories = entry.get("CATEGORIES")
    each = categories if isinstance(categories, list) else [categories] if categories is not None else []
    return list(dict.fromkeys(str(name) for one in each for name in getattr(one, "cats", [one])))


def _join_persons(entry: Any, name: str) -> str:
    persons = entry.get(name)
    each = persons if isinstance(persons, list) else [persons] if persons is not None else []
    names = (f"{getattr(one, 'params', {}).get('CN', '')} {str(one).removeprefix('mailto:')}".strip() for one in each)
    return "; ".join(dict.fromkeys(names))


def _day(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


def _last_day(start: date, end: date | None) -> date:
    """Return the last day of an event: one that ends at midnight does not touch the day that begins then."""
    if end is None:
        return _day(start)
    is_midnight = not isinstance(end, datetime) or end.time() == _MIDNIGHT
    return max(_day(start), _day(end) - timedelta(days=1) if is_midnight else _day(end))


def _utc(when: date | None) -> str:
    """Return a moment in UTC; empty for a day, and for a time without a place."""
    if not isinstance(when, datetime) or when.tzinfo is None:
        return ""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")
