"""The actions of a selection as a file of the International Aid Transparency Initiative: `iati-activities` 2.03.

The standard asks for more than a register knows, and nothing is made up for it:

- `activity-status` must have a code: an action without a report has that of what is known, that it was promised
  (1, identification), and beside it `register:status` with the register's own.
- An action begins, as planned, on the campaign's first day, and the file says so; it has ended only if somebody said
  so.
- Places and themes share an action equally, since nobody states their parts. Regions and themes are the register's own
  (vocabulary 99).
- A baseline without a day, for which there is no place, stands in words.

Rows come from the database portion by portion; lxml writes them one after the other, in constant memory.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from babel.core import get_global
from lxml import etree

from dashboard.campaign.folder import Publisher
from dashboard.campaign.licences import ANY
from dashboard.errors import UserError
from dashboard.files.extracts.rows import PORTION, bind, cut_portions, query_values, run
from dashboard.formats import clean
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, translator
from dashboard.snapshot.attribution import FICTIONAL, read_publisher
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.selection import Selection

VERSION = "2.03"
REGISTER = "urn:x-actions-register:1"
"""The namespace of what the register adds."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_OWN = "99"
"""A vocabulary of the reporting organisation."""
_STATUSES = {"in_progress": "2", "completed": "4", "discontinued": "5"}
"""Codes of statuses; others are promised (1)."""
_ORGANISATIONS = {"government": "10", "un_international_organisation": "40", "business": "70", "academia": "80"}
"""Types of organisations by the shipped stakeholder groups that are one of them."""
_IMPLEMENTING, _PLANNED_START, _PLANNED_END, _ACTUAL_END, _OTHER_RESULT = "4", "1", "3", "4", "9"
_GLOBAL, _REGIONAL, _MULTINATIONAL, _NATIONAL = "1", "2", "3", "4"
_UNSAFE = {character: f"%{ord(character):02X}" for character in "%/&|?"}
"""Characters that identifiers may not have, and the one that stands for them."""
_BLOCK = 500


def write_activities(snapshot: Snapshot, selection: Selection, target: Path) -> int:
    """Write the actions of a selection to `target` and return their number.

    Raises:
        UserError: the campaign does not state the organisation that reports.
        OSError: the file cannot be written.
    """
    reporter = read_publisher(snapshot.campaign)
    if not reporter.reports_to_iati:
        raise UserError(
            N_("A file for IATI needs the identifier and the type of the organisation that publishes it."),
            N_(
                "State them in campaign.toml as iati_identifier and iati_type of [publisher], or on the page Settings, "
                "and make a build."
            ),
        )
    activities = _Activities(snapshot, selection, reporter)
    root = {
        "version": VERSION,
        "generated-datetime": snapshot.built_at,
        f"{{{REGISTER}}}build": snapshot.build_id,
        f"{{{REGISTER}}}as-of": selection.day(snapshot).isoformat(),
        f"{{{REGISTER}}}query": selection.query_string(),
    }
    count = 0
    with target.open("wb") as file, etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        if snapshot.is_sample:
            xml.write(etree.Comment(f" {FICTIONAL} "))
        with xml.element("iati-activities", root, nsmap={"register": REGISTER}):
            for row in _read_rows(snapshot, selection):
                xml.write(activities.make(row))
                count += 1
    return count


def _read_rows(snapshot: Snapshot, selection: Selection) -> Iterator[dict[str, Any]]:
    """Read the rows of `extract_iati.sql`, portion by portion."""
    query, values = query_text("extract_iati"), query_values(snapshot, selection) | {"portion": PORTION}
    with snapshot.cursor() as cursor:
        spans = run(cursor, query_text("extract_portions"), values).fetchall()
        for portion in cut_portions(spans, query, everything=False):
            bound = values | portion._asdict()
            for block in cursor.sql(query, params=bind(query, bound)).to_arrow_reader(_BLOCK):
                yield from block.to_pylist()


class _Activities:
    """What makes the element of each action."""

    def __init__(self, snapshot: Snapshot, selection: Selection, reporter: Publisher) -> None:
        self._snapshot, self._reporter = snapshot, reporter
        self._day = selection.day(snapshot)
        self._default = str(snapshot.campaign["default_language"])
        self._starts_on: date = snapshot.campaign["starts_on"]
        self._aliases: Mapping[str, Sequence[str]] = get_global("territory_aliases")  # by three letters too

    def make(self, row: Mapping[str, Any]) -> etree._Element:
        """Make the element of an action."""
        lang = row["language"] or self._default
        activity = etree.Element("iati-activity", {_LANG: lang}, nsmap={"register": REGISTER})
        identifier = "".join(_UNSAFE.get(character, character) for character in row["action_id"])
        _add(activity, "iati-identifier").text = f"{self._reporter.iati_identifier}-{clean(identifier)}"
        self._add_reporter(activity)
        title = row["title"] or translator(lang if lang in self._snapshot.languages else "en")(N_("Untitled action"))
        _narrate(_add(activity, "title"), title)
        _narrate(_add(activity, "description", type="1"), row["description"] or title)
        if row["impact"]:
            _narrate(_add(activity, "description", type="2"), row["impact"])
        group = {"type": code} if (code := _ORGANISATIONS.get(row["stakeholder_group"])) else {}
        maker = _add(activity, "participating-org", role=_IMPLEMENTING, **group)
        if row["stakeholder"]:
            _narrate(maker, row["stakeholder"])
        else:
            self._narrate_all(maker, self._translate(N_("Stakeholder not stated")))
        status = _add(activity, "activity-status", code=_STATUSES.get(row["status"], "1"))
        status.set(f"{{{REGISTER}}}status", row["status"])
        self._add_days(activity, row)
        self._add_places(activity, row)
        themes = row["themes"] or [UNCLASSIFIED]
        for theme, share in _share(themes):
            sector = _add(activity, "sector", vocabulary=_OWN, code=theme, percentage=share)
            self._narrate_all(sector, self._label("themes", theme))
        for result in row["results"] or ():
            self._add_result(activity, row, result)
        return activity

    def _add_reporter(self, activity: etree._Element) -> None:
        reporter = self._reporter
        names = reporter.name or {self._default: str(self._snapshot.campaign[f"title_{self._default}"])}
        place = _add(
            activity,
            "reporting-org",
            ref=reporter.iati_identifier,
            type=reporter.iati_type,
            **{"secondary-reporter": "1"},
        )
        self._narrate_all(place, {"" if lang == ANY else lang: name for lang, name in names.items()})

    def _add_days(self, activity: etree._Element, row: Mapping[str, Any]) -> None:
        start = _add(
            activity, "activity-date", type=_PLANNED_START, **_on(min(self._starts_on, row["due_on"]))
        )  # fmt: skip
        self._narrate_all(start, self._translate(N_("First day of the campaign")))
        _add(activity, "activity-date", type=_PLANNED_END, **_on(row["due_on"]))
        if row["status"] == "completed" and row["completed_on"] is not None:
            _add(activity, "activity-date", type=_ACTUAL_END, **_on(row["completed_on"]))

    def _add_places(self, activity: etree._Element, row: Mapping[str, Any]) -> None:
        """Add the scope and the countries, or else the regions that the action states; nothing where it states none."""
        countries = [code for code in row["countries"] or () if code != UNCLASSIFIED]
        regions = [code for code in row["regions"] or () if code != UNCLASSIFIED]
        if scope := _find_scope(countries, regions):
            _add(activity, "activity-scope", code=scope)
        places = [("countries", code, share) for code, share in _share(countries)]
        places = places or [("regions", code, share) for code, share in _share(regions)]
        two_letters = {code: aliases[0] for code in countries if len(aliases := self._aliases.get(code, ())) == 1}
        for _, code, share in places:
            if code in two_letters:
                _add(activity, "recipient-country", code=two_letters[code], percentage=share)
        for codelist, code, share in places:
            if code not in two_letters:
                place = _add(activity, "recipient-region", code=code, vocabulary=_OWN, percentage=share)
                self._narrate_all(place, self._label(codelist, code))

    def _add_result(self, activity: etree._Element, row: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        """Add a number as a result with one indicator and one period."""
        baseline, target = result["baseline"], result["target"]
        labels = self._label("indicators", result["indicator"])
        place = _add(activity, "result", type=_OTHER_RESULT)
        self._narrate_all(_add(place, "title"), labels)
        indicator = _add(
            place,
            "indicator",
            measure="2" if result["unit"] == "percent" else "1",
            ascending="false" if result["direction"] == "down" else "true",
            **{"aggregation-status": "true" if result["is_summable"] else "false"},
        )
        self._narrate_all(_add(indicator, "title"), labels)
        units = self._label("units", result["unit"])
        if baseline is not None and result["baseline_on"] is None:
            words = self._translate(N_("{unit}. Baseline: {baseline}, of a day that is not stated."))
            units = {
                lang: text.format(unit=units.get(lang, result["unit"]), baseline=_write_number(baseline))
                for lang, text in words.items()
            }
        self._narrate_all(_add(indicator, "description"), units)
        _add(indicator, "reference", vocabulary=_OWN, code=result["indicator"])
        start = self._starts_on
        if result["baseline_on"] is not None:
            start = result["baseline_on"]
            if baseline is not None:
                year = {"year": f"{start.year:04}", "value": _write_number(baseline)}
                _add(indicator, "baseline", **_on(start), **year)
        end = result["target_on"] or row["due_on"]
        period = _add(indicator, "period")
        _add(period, "period-start", **_on(min(start, end)))
        _add(period, "period-end", **_on(end))
        if target is not None:
            _add(period, "target", value=_write_number(target))
        if result["actual"] is not None:
            actual = _add(period, "actual", value=_write_number(result["actual"]))
            if result["how_known"]:
                _narrate(_add(actual, "comment"), result["how_known"])

    def _label(self, codelist: str, code: str) -> Mapping[str, str]:
        entry = self._snapshot.codes.get(codelist, {}).get(code)
        return {"": code} if entry is None else {lang: entry.labels[lang] for lang in self._snapshot.languages}

    def _translate(self, text: str) -> dict[str, str]:
        return {lang: translator(lang)(text) for lang in self._snapshot.languages}

    def _narrate_all(self, place: etree._Element, texts: Mapping[str, str]) -> None:
        for lang, text in texts.items():
            _narrate(place, text, lang)


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, name, attributes)


def _narrate(place: etree._Element, text: str, lang: str = "") -> None:
    """Add a text, in the activity's language where none is named."""
    _add(place, "narrative", **({_LANG: lang} if lang else {})).text = clean(text)


def _on(day: date) -> dict[str, str]:
    return {"iso-date": day.isoformat()}


def _find_scope(countries: Sequence[str], regions: Sequence[str]) -> str:
    if countries:
        return _NATIONAL if len(countries) == 1 else _MULTINATIONAL
    return "" if not regions else _GLOBAL if "global" in regions else _REGIONAL


def _share(codes: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Share 100 % equally; the first has the rest of what cannot be."""
    each = round(100 / len(codes), 2) if codes else 0
    first = round(100 - each * (len(codes) - 1), 2)
    return [(code, f"{first if number == 0 else each:g}") for number, code in enumerate(codes)]


def _write_number(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)
