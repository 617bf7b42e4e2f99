"""What a presenter can say of a chart: whom it is about first, then the figures, with no claim beyond their bounds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.charts.catalogue import STACKS, ChartSpec
from dashboard.charts.finding import (
    HIGHER,
    HIGHEST,
    HIGHEST_ALONE,
    LOWEST_ALONE,
    count_bound,
    find_exception,
    find_extremes,
    find_first_rate,
    say_clock,
    say_known,
)
from dashboard.charts.marks import Marks
from dashboard.i18n import N_, Part, Phrase, phrase, plural
from dashboard.measures.counts import Headline
from dashboard.measures.definitions import FEW
from dashboard.measures.standing import RateBounds, keep_ranked, know_members, know_total
from dashboard.measures.times import COMPLETED, DUE
from dashboard.snapshot.attribution import SEPARATOR

_IN_REGION = {
    "africa": ("Africa", N_("In Africa")),
    "americas": ("Americas", N_("In the Americas")),
    "arab_states": ("Arab States", N_("In the Arab States")),
    "asia_and_the_pacific": ("Asia and the Pacific", N_("In Asia and the Pacific")),
    "europe_and_central_asia": ("Europe and Central Asia", N_("In Europe and Central Asia")),
}
"""The regions whose preposition is known, by code, each with the English label that it is right for."""


@dataclass(frozen=True)
class Subject:
    """Whom a message is about.

    Attributes:
        place: The words of the selection; of two selections those that both have.
        region: Code and English label of its one region, where that is all of it; else empty.
        day: The day, where it was chosen.
    """

    place: str
    region: tuple[str, str] = ("", "")
    day: date | None = None


def compose_messages(
    spec: ChartSpec,
    marks: Marks,
    total: Headline,
    subject: Subject,
    findings: Sequence[Phrase],
    summary: Phrase,
    chosen: Sequence[tuple[str, str]],
) -> tuple[Phrase, ...]:
    """Compose the key message about all of a chart's actions, and where there is one, another about its members.

    `findings` and `summary` are the chart's; other arguments as of `compose_finding`.
    """
    if marks.measured:
        subject = replace(subject, place=SEPARATOR.join(filter(None, (subject.place, marks.measured[0]))))
    is_decided = bool(chosen) and spec.denominator == "actions"
    if marks.sides or is_decided or find_exception(spec, marks, total, chosen):
        return (_name_first(subject, findings[0]),)
    if spec.rate not in _MESSAGES:
        return (_name_first(subject, summary),)
    if total.count(spec.size) < FEW:
        counts = say_known(know_total(total, spec.rate), spec.rate)
        return (_name_first(subject, phrase("{sentence}.", sentence=counts)),)
    member_messages = (_set_behind(subject, message) for message in _find_further(spec, marks, total, findings))
    return (_begin(subject, _say_rate(spec.rate, total)), *member_messages)


def _begin(subject: Subject, message: Phrase) -> Phrase:
    """Let a sentence begin with where it is true, where the preposition is sure to be right."""
    code, label = subject.region
    known_label, beginning = _IN_REGION.get(code, ("", ""))
    if label and label == known_label and subject.day is None:
        return phrase(N_("{where} {message}"), where=phrase(beginning), message=message)
    return _name_first(subject, message)


def _name_first(subject: Subject, message: Phrase) -> Phrase:
    """Set the subject's name and a colon before a sentence; nothing where it is about all actions."""
    if subject.day in message.values.values():
        subject = replace(subject, day=None)
    name = _name(subject)
    if not name:
        return message
    return phrase(N_("{name}: {value}"), name=name, value=replace(message, follows_colon=True))


def _set_behind(subject: Subject, message: Phrase) -> Phrase:
    """Set a message that begins with a name of its own behind the subject's: `Africa · Education: …`."""
    name = _name(subject)
    return phrase(f"{{name}}{SEPARATOR}{{value}}", name=name, value=message) if name else message


def _name(subject: Subject) -> Phrase | None:
    """Name a subject with its day; None where it is about all actions."""
    place = phrase("{place}", place=subject.place)
    if subject.day is None:
        return place if subject.place else None
    return phrase(N_("{place}, as of {day}") if subject.place else N_("As of {day}"), place=place, day=subject.day)


def _say_rate(rate: str, total: Headline) -> Phrase:
    """Compose a rate with its counts and, where something is unknown, how high it could be."""
    bounds = know_total(total, rate)
    values = {"part": bounds.part, "n": bounds.denominator, "rate": Part(bounds.part, bounds.denominator)}
    message = replace(_MESSAGES[rate], values=values, count=int(bounds.part))
    if bounds.most == bounds.part:
        return phrase("{sentence}.", sentence=message)
    return phrase(
        N_("{message}; with those not known it could be {rate}."),
        message=message, rate=Part(bounds.most, bounds.denominator),
    )  # fmt: skip


_MESSAGES: dict[str, Phrase] = {
    "completion_rate": plural(
        N_("{part} of {n} actions is completed ({rate})"),
        N_("{part} of {n} actions are completed ({rate})"),
        0,
    ),
    "on_time_rate": plural(
        N_("{part} of {n} actions was completed on time ({rate})"),
        N_("{part} of {n} actions were completed on time ({rate})"),
        0,
    ),
    "reporting_rate": plural(
        N_("{part} of {n} actions has a report ({rate})"),
        N_("{part} of {n} actions have a report ({rate})"),
        0,
    ),
    "completion_rate_reporting": plural(
        N_("{part} of {n} actions with a report is completed ({rate})"),
        N_("{part} of {n} actions with a report are completed ({rate})"),
        0,
    ),
    "milestone_rate": plural(
        N_("{part} of {n} milestones due was reached ({rate})"),
        N_("{part} of {n} milestones due were reached ({rate})"),
        0,
    ),
    "evidenced_rate": plural(
        N_("{part} of {n} completed actions has evidence ({rate})"),
        N_("{part} of {n} completed actions have evidence ({rate})"),
        0,
    ),
    "reviewed_rate": plural(
        N_("{part} of {n} completed actions was reviewed ({rate})"),
        N_("{part} of {n} completed actions were reviewed ({rate})"),
        0,
    ),
    "verified_rate": plural(
        N_("{part} of {n} completed actions was verified ({rate})"),
        N_("{part} of {n} completed actions were verified ({rate})"),
        0,
    ),
    "targets_met_rate": plural(
        N_("{part} of {n} promised numbers was met ({rate})"),
        N_("{part} of {n} promised numbers were met ({rate})"),
        0,
    ),
}
"""What is said of each rate, for any counts; of other rates the chart's summary is."""


def _find_further(spec: ChartSpec, marks: Marks, total: Headline, findings: Sequence[Phrase]) -> Iterator[Phrase]:
    """Find what a chart has to say beside its total: who differs for certain, or what no rate says."""
    if spec.kind == "curve":
        yield say_clock(total)
    elif spec.kind == "statuses" or spec.dimension == COMPLETED:
        yield findings[0]
    elif spec.dimension == DUE:
        yield from findings[1:]
    elif spec.kind != "evidence":
        rate = spec.rate if spec.kind in STACKS else find_first_rate(spec, marks.frame)
        extremes = find_extremes(keep_ranked(know_members(marks.members(), rate)))
        if extremes is not None:
            message, high, low = extremes
            yield phrase(_DIFFERENCES[message], **_name_ends(high, low, rate))


def _name_ends(high: RateBounds | None, low: RateBounds | None, rate: str) -> dict[str, Phrase | str]:
    """Name the highest and the lowest member, each with the bound that counts."""
    ends: dict[str, Phrase | str] = {}
    for end, counts, member in (("one", "high", high), ("other", "low", low)):
        if member is not None:
            is_short = end == "other" and high is not None
            ends[end] = member.label
            ends[counts] = count_bound(member, rate, is_lower=member is high, is_short=is_short)
    return ends


_DIFFERENCES = {
    HIGHEST: N_("{one}: {high}, the highest share; {other}: {low}, the lowest."),
    HIGHER: N_("{one}: {high}, a higher share than {other}: {low}."),
    HIGHEST_ALONE: N_("{one}: {high}, the highest share."),
    LOWEST_ALONE: N_("{other}: {low}, the lowest share."),
}
"""How a message about members begins with them, by the words of the finding."""
