"""Figures about countries: the files of `context/`, which staff fill from published statistics, one figure a line.

They stand beside completion and change none of it. `docs/settings.md` tells staff how to fill them.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from dashboard.campaign.codelists import load_codelist, read_lines
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import CampaignError, sentence
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.ground.files.csv_editor import parse_rows
from dashboard.ground.files.formula_guard import unguard
from dashboard.i18n import N_

PLACE = "context"
INDICATORS = "context_indicators"
"""The codelist of their indicators; its column `unit` says how a value is read and shown."""
COLUMNS = ("iso3", "indicator", "year", "value", "source", "address")
PERCENT, YEAR = "percent", "year"
ANSWERS = {"yes": 1.0, "no": 0.0}
"""What stands in place of a year where only whether is known."""
_ADDRESS = re.compile(r"https?://\S+")


class ContextFigure(NamedTuple):
    """One figure: a row of the snapshot's table `context_figures`, whose comment says what a value means."""

    iso3: str
    indicator: str
    unit: str
    year: int
    value: float
    source: str
    address: str | None
    file: str
    line: int


def read_context(folder: CampaignFolder, *, is_sample: bool) -> list[ContextFigure]:
    """Read the figures of every file, in their order.

    `is_sample`: whether those of the fictional samples count.

    Raises:
        CampaignError: a file is no CSV in UTF-8 with the columns, a line says something that it cannot mean, or two
            lines say the same.
    """
    files = folder.list_context(is_sample=is_sample)
    if not files:
        return []
    countries = {code.code for place in (folder, folder.shipped) for code in load_codelist(place, "countries")}
    units = {code.code: code.extra["unit"] for code in load_codelist(folder, INDICATORS) if code.code != UNCLASSIFIED}
    figures: dict[tuple[str, str, int], ContextFigure] = {}
    for path in files:
        for line, row in read_lines(path, COLUMNS):
            figure = _read_figure(path.name, line, row, countries - {UNCLASSIFIED}, units)
            earlier = figures.setdefault((figure.iso3, figure.indicator, figure.year), figure)
            if earlier is not figure:
                raise _refuse(
                    path.name,
                    line,
                    sentence(
                        N_("{file}, line {line} states this country, indicator and year already"),
                        file=f"{PLACE}/{earlier.file}",
                        line=earlier.line,
                    ),
                    N_("Keep one of the two lines."),
                )
    return list(figures.values())


def is_context(path: Path) -> bool:
    """Whether a file looks like one of figures about countries, by its first row."""
    if path.suffix.lower() != ".csv":
        return False
    try:
        rows = parse_rows(path.read_text(encoding="utf-8-sig")[:10_000])
    except (OSError, ValueError):
        return False
    return bool(rows) and set(COLUMNS[:-1]) <= {cell.strip() for cell in rows[0]}


def _read_figure(
    file: str, line: int, row: dict[str, str], countries: Iterable[str], units: dict[str, str]
) -> ContextFigure:
    cells = {name: unguard(cell) for name, cell in row.items()}
    iso3, indicator = cells["iso3"].upper(), cells["indicator"]
    if iso3 not in countries:
        what = sentence(N_("{value} is not the code of a country"), value=cells["iso3"] or '""')
        raise _refuse(file, line, what, N_("Use the three capital letters of ISO 3166."))
    if indicator not in units:
        what = sentence(N_("{value} is not an indicator of context_indicators.csv"), value=indicator or '""')
        remedy = N_("Use one of {codes}, or add yours to codelists/context_indicators.csv.")
        raise _refuse(file, line, what, sentence(remedy, codes=", ".join(units)))
    if not re.fullmatch(r"(19|20)\d\d", cells["year"]) or int(cells["year"]) > datetime.now(UTC).year:
        what = sentence(N_("{value} is not a year"), value=cells["year"] or '""')
        raise _refuse(file, line, what, N_("Write the year that the figure is of, such as 2019."))
    year, unit = int(cells["year"]), units[indicator]
    value = _read_value(cells["value"], unit, year)
    if value is None:
        what = sentence(
            N_("{value} cannot be the value of {indicator}"), value=cells["value"] or '""', indicator=indicator
        )
        raise _refuse(file, line, what, _REMEDIES.get(unit, N_("Write a number, such as 12.5.")))
    if not cells["source"]:
        raise _refuse(file, line, sentence(N_("the source is empty")), N_("Write who published the figure, and where."))
    if cells["address"] and not _ADDRESS.fullmatch(cells["address"]):
        what = sentence(N_("{value} is not a web address"), value=cells["address"])
        raise _refuse(file, line, what, N_("Write an address that begins with https://, or none."))
    return ContextFigure(iso3, indicator, unit, year, value, cells["source"], cells["address"] or None, file, line)


_REMEDIES = {
    PERCENT: N_("Write a number from 0 to 100, such as 12.5, without a per cent sign."),
    YEAR: N_("Write the year in which it happened, not after the year that the figure is of; else yes or no."),
}


def _read_value(cell: str, unit: str, year: int) -> float | None:
    """Read a value; None where it is none of its unit."""
    if unit == YEAR and cell.lower() in ANSWERS:
        return ANSWERS[cell.lower()]
    if not re.fullmatch(r"\d+([.,]\d+)?", cell):
        return None
    value = float(cell.replace(",", "."))
    is_possible = {PERCENT: 0 <= value <= 100, YEAR: value.is_integer() and 1900 <= value <= year}
    return value if isfinite(value) and is_possible.get(unit, True) else None


def _refuse(file: str, line: int, what: str, remedy: str) -> CampaignError:
    where = sentence(N_("{path}, line {line}"), path=f"{PLACE}/{file}", line=line)
    return CampaignError(sentence(N_("{where}: {what}."), where=where, what=what), remedy)
