"""The content of a briefing in any format: its charts with their titles, sums, notes and links.

Decks, documents and workbooks are made from it, so that they agree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.charts.chart import Chart, build_chart, format_fraction
from dashboard.charts.csv import hash_chart
from dashboard.charts.options import name_charts, write_choices
from dashboard.files.briefings.order import Choice, Item, list_items, write_items
from dashboard.formats import clean, format_count, format_counts, format_date, format_percent
from dashboard.ground.base_urls import portable, shareable
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.definitions import COUNTED_BY, DEFINITIONS, FEW
from dashboard.snapshot.attribution import cite
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.receipt import Receipt, hash_all, issue
from dashboard.snapshot.selection import Selection

SEPARATOR = " · "
MOST_MESSAGES = 6
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
    def source(self) -> str:
        """The publisher of the figures, their day and licence."""
        return clean(self.chart.caption.source_line)

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


@dataclass(frozen=True)
class Briefing:
    """A whole briefing.

    Attributes:
        own_title: The presenter's title; empty for the campaign's.
        made_at: The time of the data's build, in UTC; files carry it, so that the same content is the same bytes.
        link: Address of the dashboard with this selection; empty where others cannot open it.
        receipt: The receipt of all its charts; its address is the page Briefing with the same choice.
    """

    pieces: tuple[Piece, ...]
    lang: str
    campaign: str
    own_title: str
    build_id: str
    made_at: datetime
    is_sample: bool
    link: str
    receipt: Receipt

    def issue(self, form: str, **chosen: str) -> Receipt:
        """Issue the receipt of the briefing in a form, with its other choices, such as the size of pictures."""
        return replace(self.receipt, form=form, of=_extend(self.receipt.of, chosen))

    def issue_chart(self, piece: Piece, form: str, **chosen: str) -> Receipt:
        """Issue the receipt of one chart's file, picture or slide."""
        place, _, query = piece.address.partition("?")
        title = {"title": piece.own_title} if piece.own_title else {}
        of = _extend(f"{place}.{form}?{query}", title | chosen)
        return replace(self.receipt, form=form, of=of, values=hash_chart(piece.chart))

    @cached_property
    def t(self) -> Translator:
        """The words of the reader's language."""
        return translator(self.lang)

    def lead_to(self, link: str) -> list[str]:
        """Write the line that leads to the latest figures; none without a link."""
        return [self.t(N_("Live view: {link}"), link=link)] if link else []

    @property
    def title(self) -> str:
        """The title at the top."""
        return self.own_title or self.campaign

    @property
    def names(self) -> list[str]:
        """A name for each chart, no two equal, for files: its id, with a number where that occurs again."""
        return [name.replace(".", "-") for name in name_charts(piece.chart.spec.id for piece in self.pieces)]

    @property
    def selection(self) -> str:
        """The filters in force and the day, in a line."""
        return join_pairs(self.pieces[0].chart)

    @property
    def as_of(self) -> str:
        """The day of the figures, in words."""
        return self.t(N_("As of {day}"), day=self.pieces[0].chart.caption.as_of)

    @property
    def origin(self) -> str:
        """The build, and when it was made."""
        built = format_date(self.made_at.date(), self.lang)
        return self.t(N_("Snapshot {build}, built {day}"), build=self.build_id, day=built)

    @property
    def source(self) -> str:
        """The publisher of the figures, their day and licence."""
        return self.pieces[0].source

    @property
    def citation(self) -> str:
        """The citation."""
        first = self.pieces[0].chart
        return cite(first.campaign, self.lang, self.title, first.total.day, self.link)

    @property
    def sources(self) -> list[str]:
        """The input files of the figures."""
        return list(dict.fromkeys(clean(file) for piece in self.pieces for file in piece.chart.caption.sources))

    @property
    def messages(self) -> list[tuple[str, str]]:
        """The findings of the first charts, for readers of nothing else: title and sentence; none of a single chart."""
        titles = {clean(piece.chart.caption.findings[0]): piece.title for piece in self.pieces if not piece.is_empty}
        messages = [(title, finding) for finding, title in titles.items()][:MOST_MESSAGES]
        return messages if len(messages) > 1 else []

    @property
    def definitions(self) -> list[tuple[str, str]]:
        """Every measure shown, once: name and sentence, with the formula where it has one."""
        measures = {measure for piece in self.pieces for measure in piece.chart.spec.measures}
        return [self.define(measure) for measure in DEFINITIONS if measure in measures]

    def define(self, measure: str) -> tuple[str, str]:
        """Return a measure's name, and its meaning with its formula."""
        definition = DEFINITIONS[measure]
        name, sentence = self.t(definition.name), self.t(definition.sentence)
        return name, f"{sentence} {name} = {self.t(definition.formula)}." if definition.formula else sentence


def compose(
    snapshot: Snapshot,
    selection: Selection,
    charts: Sequence[Choice],
    base_url: str,
    title: str = "",
) -> Briefing:
    """Compose a briefing of a selection.

    Its title is the campaign's by default; `base_url` is that of the dashboard, without a slash at the end.

    Raises:
        SelectionError: there is no such chart, or it does not offer the choice.
    """
    query, base_url = selection.query_string(), portable(base_url)
    items = list_items(charts)
    pieces = tuple(_compute(snapshot, selection, items, base_url))
    pairs = [*selection.query_pairs(), *_state(items, clean(title).strip())]
    of = f"{base_url}/briefing?{urlencode(pairs)}"  # the subject of a receipt keeps its name
    values = hash_all(hash_chart(piece.chart) for piece in pieces)
    return Briefing(
        pieces=pieces,
        lang=selection.lang,
        campaign=clean(str(snapshot.campaign[f"title_{selection.lang}"])),
        own_title=clean(title).strip(),
        build_id=snapshot.build_id,
        made_at=datetime.fromisoformat(snapshot.built_at),
        is_sample=snapshot.is_sample,
        link=shareable(f"{base_url}/?{query}"),
        receipt=issue(snapshot, of, "", values, states_time=True),
    )


def _state(items: Sequence[Item], title: str) -> list[tuple[str, str]]:
    """Return a briefing's charts, their choices and its title, as parameters of the page Briefing."""
    names = name_charts(item.chart_id for item in items)
    chosen = write_choices({name: item.options.query_pairs() for name, item in zip(names, items, strict=True)})
    parameters = {"charts": write_items(items), **chosen, "heading": title}
    return [(name, value) for name, value in parameters.items() if value]


def _extend(address: str, chosen: Mapping[str, str]) -> str:
    """Extend an address by further parameters."""
    return f"{address}&{urlencode(chosen)}" if chosen else address


def _compute(snapshot: Snapshot, selection: Selection, items: Sequence[Item], base_url: str) -> Iterator[Piece]:
    for number, (chart_id, own_title, options) in enumerate(items, start=1):
        chart = build_chart(snapshot, chart_id, selection, options)
        tell_progress(number, len(items))
        query = urlencode([*selection.query_pairs(), *chart.options.query_pairs()])
        yield Piece(chart, clean(own_title).strip(), f"{base_url}/charts/{chart_id}?{query}")


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
