"""Numbers that a stakeholder sends by link: what a new action promises, and what an action has reached."""

from collections.abc import Mapping
from datetime import date

from pydantic.dataclasses import dataclass

from dashboard.formats import format_amount, format_date
from dashboard.ground.codelist_codes import Code
from dashboard.i18n import N_, Translator

MOST_PROMISED = 5
"""The numbers that a new action may promise in its form."""
SEPARATOR = " · "

Codelists = Mapping[str, Mapping[str, Code]]
"""Codes with their labels, by codelist and code."""


@dataclass(frozen=True, kw_only=True)
class SentNumber:
    """One number: of a new action what it promises, of a report the level that was reached; None for what is not said.

    Attributes:
        how_known: How the stakeholder knows it; public once it is accepted.
    """

    indicator: str
    unit: str
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    target_on: date | None = None
    actual: float | None = None
    actual_on: date | None = None
    how_known: str = ""


def says_unit(indicator: str, unit: str) -> bool:
    """Whether the words of an indicator say its unit already: *Children enrolled in school* are children."""
    return unit.casefold() in indicator.casefold()


def name_number(t: Translator, codelists: Codelists, indicator: str, unit: str) -> str:
    """Name a number by its indicator, and by its unit where the indicator does not say it, in the campaign's words."""
    labels = []
    for codelist, code in (("indicators", indicator), ("units", unit)):
        entry = codelists.get(codelist, {}).get(code)
        labels.append(entry.labels[t.language] if entry else code)
    name, unit_name = labels
    return name if says_unit(name, unit_name) else t(N_("{indicator} ({unit})"), indicator=name, unit=unit_name)


def say_promised(t: Translator, baseline: float | None, target: float | None, target_on: date | None) -> str:
    """Say what a number is promised to become; empty where it is not promised."""
    if target is None:
        return ""
    words = t(N_("promised: {target}"), target=format_amount(target, t.language))
    if baseline is not None:
        levels = {"baseline": format_amount(baseline, t.language), "target": format_amount(target, t.language)}
        words = t(N_("promised: from {baseline} to {target}"), **levels)
    until = t(N_("by {day}"), day=format_date(target_on, t.language)) if target_on else ""
    return SEPARATOR.join(filter(None, (words, until)))


def say_reached(t: Translator, actual: float | None, actual_on: date | None) -> str:
    """Say the level that was reached, with its day where it has one; empty where none was told."""
    if actual is None:
        return ""
    amount = format_amount(actual, t.language)
    return t(N_("{n} on {day}"), n=amount, day=format_date(actual_on, t.language)) if actual_on else amount


def say_number(t: Translator, codelists: Codelists, number: SentNumber) -> str:
    """Say all that a sent number states."""
    words = (
        say_promised(t, number.baseline, number.target, number.target_on),
        say_reached(t, number.actual, number.actual_on),
        number.how_known,
    )
    name = name_number(t, codelists, number.indicator, number.unit)
    return t(N_("{name}: {value}"), name=name, value=SEPARATOR.join(filter(None, words)))
