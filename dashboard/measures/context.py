"""Figures about countries that others publish, beside completion: they are part of no rate.

Of several years of an indicator the latest is shown. A campaign without such figures shows nothing of them.
"""

from typing import Any, NamedTuple

import pandas as pd

from dashboard.campaign.context_files import ANSWERS, INDICATORS, PERCENT, YEAR
from dashboard.errors import SelectionError
from dashboard.formats import NOTHING, format_count, format_share
from dashboard.i18n import N_, translator
from dashboard.snapshot.database import Snapshot

PREFIX = "context_"
"""Begins their columns beside a country's counts: `context_ratified_c138`, `context_ratified_c138_year`."""
_ANSWERED = {ANSWERS["yes"]: N_("yes, year not stated"), ANSWERS["no"]: N_("no")}


class Indicator(NamedTuple):
    """What a figure is about: its code, its name in a language, and its unit (`context_figures` in the schema)."""

    code: str
    name: str
    unit: str

    @property
    def column(self) -> str:
        """Return the name of its column beside a country's counts."""
        return f"{PREFIX}{self.code}"

    @property
    def is_measured(self) -> bool:
        """Whether its figures are more or less; a year of ratification is neither."""
        return self.unit != YEAR

    def write(self, value: float | None, lang: str) -> str:
        """Write a figure in its unit: `12.5%`, `1979`, `no`; a dash for none."""
        if value is None or pd.isna(value):
            return NOTHING
        if self.unit == YEAR:
            return translator(lang)(_ANSWERED[value]) if value in _ANSWERED else str(int(value))
        if self.unit == PERCENT:
            return format_share(value / 100, lang, decimals=int(value % 1 != 0))
        return format_count(value, lang)

    def write_dated(self, value: float | None, year: float, lang: str) -> str:
        """Write a figure with the year that it is of: `12.5% (2019)`, `no (2021)`; when it happened stands alone."""
        text = self.write(value, lang)
        is_alone = text == NOTHING or (self.unit == YEAR and value not in _ANSWERED)
        return text if is_alone else f"{text} ({int(year)})"


class CountryFigure(NamedTuple):
    """A country's figure of an indicator, with the year that it is of, who published it, and the address of that."""

    indicator: Indicator
    value: float
    year: int
    source: str
    address: str | None


def list_indicators(snapshot: Snapshot, lang: str) -> tuple[Indicator, ...]:
    """List the indicators that any country has a figure of, in the codelist's order."""
    names = snapshot.codes.get(INDICATORS, {})
    frame = snapshot.query("context_figures").drop_duplicates("indicator")
    return tuple(
        Indicator(code, names[code].labels[lang] if code in names else code, unit)
        for code, unit in zip(frame["indicator"], frame["unit"], strict=True)
    )


def choose_figure(snapshot: Snapshot, indicator: str, lang: str) -> Indicator | None:
    """Choose what stands beside completion: the indicator of a link, else the first one; None without any.

    Raises:
        SelectionError: there is no such figure, or it is a year.
    """
    offered = {one.code: one for one in list_indicators(snapshot, lang) if one.is_measured}
    if indicator and indicator not in offered:
        what = f"There is no figure of {indicator!r} to stand beside completion."
        raise SelectionError(what, "indicator", tuple(offered) or ("no value",), indicator)
    return offered[indicator] if indicator else next(iter(offered.values()), None)


def list_figures(snapshot: Snapshot, iso3: str, lang: str) -> list[CountryFigure]:
    """List the figures of a country, in the codelist's order."""
    indicators = {one.code: one for one in list_indicators(snapshot, lang)}
    frame = snapshot.query("context_figures")
    rows = frame[frame["iso3"] == iso3][["indicator", "value", "year", "source", "address"]]
    return [
        CountryFigure(indicators[code], value, year, source, address or None)
        for code, value, year, source, address in zip(*(column.tolist() for _, column in rows.items()), strict=True)
    ]


def add_context(snapshot: Snapshot, frame: pd.DataFrame) -> pd.DataFrame:
    """Add to countries, by their codes in `code`, a column of each indicator, and one of its year; empty for none.

    What is more or less is a float; years are whole numbers, or None, so that nothing counts with them.
    """
    figures = snapshot.query("context_figures")
    for (code, unit), rows in figures.groupby(["indicator", "unit"], sort=False):
        by_country = rows.set_index("iso3")
        values, years = (frame["code"].map(by_country[name]).astype("float64") for name in ("value", "year"))
        frame[f"{PREFIX}{code}"] = _as_years(values) if unit == YEAR else values
        frame[f"{PREFIX}{code}_year"] = _as_years(years)
    return frame


def _as_years(values: "pd.Series[float]") -> "pd.Series[Any]":
    return pd.Series([None if pd.isna(value) else int(value) for value in values], values.index, dtype=object)


def list_sources(snapshot: Snapshot) -> list[tuple[str, str, str, int]]:
    """List whose figures are shown: the code of the indicator, source, address, and the number of countries."""
    figures = snapshot.query("context_figures").fillna({"address": ""})
    rows = figures.groupby(["indicator", "source", "address"], sort=False).size().reset_index(name="countries")
    return [(str(code), str(source), str(address), int(n)) for code, source, address, n in rows.to_numpy().tolist()]
