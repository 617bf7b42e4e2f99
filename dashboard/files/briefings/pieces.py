"""One chart of a briefing in words: its titles, its message, its one number, its selection in a line."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.charts.chart import Chart, format_fraction
from dashboard.formats import clean, format_count, format_counts, format_percent
from dashboard.ground.base_urls import shareable
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.definitions import COUNTED_BY, DEFINITIONS, FEW

SEPARATOR = " · "
_OTHER_RATES = {
    "reporting_rate": ("completion_rate", "upper_bound"),
    "on_time_rate": ("completion_rate", "reporting_rate"),
    "milestone_rate": ("milestone_upper_bound", "completion_rate"),
    "evidenced_rate": ("reviewed_rate", "verified_rate"),
    "reviewed_rate": ("evidenced_rate", "verified_rate"),
    "verified_rate": ("evidenced_rate", "reviewed_rate"),
    "targets_met_rate": ("targets_met_upper_bound", "completion_rate"),
    "reached_share": ("reached_upper_bound", "completion_rate"),
    **{f"{criterion}_rate": ("completion_rate", "upper_bound") for criterion in CRITERIA},
}
"""The rates below another one than the completion rate."""


@dataclass(frozen=True)
class Piece:
    """One chart of a briefing.

    Attributes:
        own_title: The presenter's title; empty for the chart's own.
        address: The address of the chart with the latest data; without a host where others cannot open the dashboard.
    """

    chart: Chart
    own_title: str
    address: str

    @property
    def link(self) -> str:
        """Its address where others can follow it, else empty."""
        return shareable(self.address)

    @property
    def title(self) -> str:
        """The title above the chart."""
        return self.own_title or clean(self.chart.title)

    @property
    def full_title(self) -> str:
        """The title with the selection."""
        return self.fit_title(None)

    def fit_title(self, longest: int | None) -> str:
        """Return the title with the selection, of at most so many characters."""
        return clean(self.chart.caption.entitle(self.own_title, longest))

    @property
    def source(self) -> str:
        """The publisher of the figures, their day and licence."""
        return clean(self.chart.caption.source_line)

    @property
    def messages(self) -> tuple[str, ...]:
        """What can be said about the chart: a sentence about all its actions, and maybe one that adds to it."""
        return tuple(map(clean, self.chart.caption.messages))

    @property
    def message(self) -> str:
        """The one sentence to say about the chart."""
        return clean(self.chart.caption.key_message)

    def choose_message(self, used_messages: Container[str]) -> str:
        """Choose its first sentence that is not used yet; empty where all are."""
        return next((text for text in self.messages if text not in used_messages), "")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.chart.is_empty

    @property
    def nothing(self) -> str:
        """The sentence in place of an empty chart."""
        return self.chart.nothing

    @property
    def headline(self) -> "Headline":
        """The chart's one number, and its details."""
        total, lang = self.chart.total, self.chart.lang
        t = translator(lang)
        rate = self.chart.spec.rate if self.chart.spec.rate in _OTHER_RATES else "completion_rate"
        part, denominator = total.fraction(rate)
        if self.chart.sides:
            return self._head_sides(rate)
        other_rates = _OTHER_RATES.get(rate, ("upper_bound", "reporting_rate"))
        facts = [(t(DEFINITIONS[name].name), self._write_rate(name)) for name in other_rates]
        is_pace = self.chart.spec.is_pace
        if is_pace:
            facts.insert(0, (t(DEFINITIONS["completion_rate"].name), self._write_rate("completion_rate")))
        if self.chart.spec.kind == "curve" or is_pace:
            elapsed = format_percent(total.day_number, total.days_total, lang)
            facts.insert(0, (self.chart.words["elapsed"], elapsed))
        has_pace = is_pace and denominator >= FEW
        return Headline(
            number=self.chart.write_value(part, denominator) if has_pace else self._write_rate(rate),
            name=self.chart.words["pace_points"] if is_pace else t(DEFINITIONS[rate].name),
            counts=_count(t, self.chart.spec.denominator, part, denominator),
            facts=tuple(facts[:2]),
            is_few=total.count(self.chart.spec.size) < FEW,
        )

    def _head_sides(self, rate: str) -> "Headline":
        """Return the rate of one of two selections, and below it the other's, both with their counts."""
        (one, total), (other_name, other_total) = self.chart.sides
        lang = self.chart.lang
        beside = f"{other_name}{SEPARATOR}{format_counts(*other_total.fraction(rate), lang)}"
        facts = ((beside, format_fraction(*other_total.fraction(rate), lang)),)
        part, denominator = total.fraction(rate)
        number, counts = format_fraction(part, denominator, lang), format_counts(part, denominator, lang)
        return Headline(number, one, counts, facts, denominator < FEW)

    def _write_rate(self, rate: str) -> str:
        """Write one of the selection's rates; for few actions the counts."""
        total = self.chart.total
        size = total.count(COUNTED_BY[rate]) if rate in COUNTED_BY else None
        return format_fraction(*total.fraction(rate), self.chart.lang, size)


@dataclass(frozen=True)
class Headline:
    """A chart's one number: the rate, its name, n of N, and up to two further figures as (name, value)."""

    number: str
    name: str
    counts: str
    facts: tuple[tuple[str, str], ...]
    is_few: bool


def _count(t: Translator, of: str, part: int, total: int) -> str:
    """Write a rate's counts in words, by the count that it is a share of."""
    words = {"part": format_count(part, t.language), "n": format_count(total, t.language)}
    if of == "milestones_due":
        return t.plural(N_("{part} of {n} milestone due"), N_("{part} of {n} milestones due"), total, **words)
    if of == "results":
        return t.plural(N_("{part} of {n} promised number"), N_("{part} of {n} promised numbers"), total, **words)
    if of == "promised":
        return t(N_("{part} of {n} promised"), **words)
    if of == "completed":
        return t.plural(N_("{part} of {n} completed action"), N_("{part} of {n} completed actions"), total, **words)
    return t.plural(N_("{part} of {n} action"), N_("{part} of {n} actions"), total, **words)


def join_pairs(chart: Chart) -> str:
    """Join a chart's selection in a line: `Region: Africa · As of: 31 December 2021`."""
    return SEPARATOR.join(pairs_of(chart, chart.caption.selection))


def pairs_of(chart: Chart, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Join names to their values, with the colon as the language sets it."""
    return [clean(chart.words["pair"].format(name=name, value=value)) for name, value in pairs]
