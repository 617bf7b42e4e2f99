"""State in a sentence what a chart's values show, with no claim that the bounds do not carry.

One member is called higher than another only where its lower bound lies above the other's upper bound. *Not yet
classified* and members with few actions are never compared. Everything is composed as phrases, in no language.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from dashboard.charts.catalogue import STACKS, STATUS_COLUMNS, ChartSpec, Kind
from dashboard.charts.marks import Marks
from dashboard.charts.said_and_known import find_spoken
from dashboard.charts.survey_answers import find_answers
from dashboard.formats import divide
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, Part, Phrase, phrase, plural
from dashboard.measures.counts import Headline
from dashboard.measures.definitions import DEFINITIONS, FEW, RATES
from dashboard.measures.expected import LEAST_COMPLETIONS, Expected, Reason
from dashboard.measures.standing import (
    UNKNOWN_IN,
    RateBounds,
    Side,
    Verdict,
    counted_rate,
    keep_ranked,
    know_members,
    know_total,
    stand,
    tell_apart,
)
from dashboard.measures.surveys import name_code
from dashboard.measures.times import COMPLETED, DUE, SPOKEN

MOST_NAMED = 3
"""How many members a sentence names before it counts the rest."""


_COMPLETION = N_("{part} of {whole} completed")
_RATES = {
    "completion_rate": _COMPLETION,
    "pace": _COMPLETION,
    "on_time_rate": N_("{part} of {whole} completed on time"),
    "reporting_rate": N_("{part} of {whole} with a report"),
    "completion_rate_reporting": N_("{part} of {whole} with a report completed"),
    "milestone_rate": N_("{part} of {whole} milestones due reached"),
    "evidenced_rate": N_("{part} of {whole} completed actions with evidence"),
    "reviewed_rate": N_("{part} of {whole} completed actions reviewed"),
    "verified_rate": N_("{part} of {whole} completed actions verified"),
    "targets_met_rate": N_("{part} of {whole} targets met"),
    "reached_share": N_("{part} reached of {whole} promised"),
    "specific_rate": N_("{part} of {whole} commitments specific"),
    "measurable_rate": N_("{part} of {whole} commitments measurable"),
    "achievable_rate": N_("{part} of {whole} commitments achievable"),
    "relevant_rate": N_("{part} of {whole} commitments relevant"),
    "time_bound_rate": N_("{part} of {whole} commitments time-bound"),
}
_COUNTS = N_("{part} of {whole}")
NOTHING = {
    "actions": (N_("no actions"), N_("No action is in this selection.")),
    "milestones": (N_("no milestones"), N_("No action of this selection has a milestone.")),
    "milestones_due": (N_("no milestone due"), N_("No milestone of this selection is due by the day.")),
    "completed": (N_("none completed"), N_("No action of this selection is completed by the day.")),
    "results": (N_("nothing promised"), N_("No action of this selection promises such a number.")),
    "judged": (N_("none read"), N_("No action of this selection has a text that was read.")),
}
"""What is said where there is nothing of the count that a mark stands for: of a member, and of the selection."""


def compose_finding(
    spec: ChartSpec, marks: Marks, total: Headline, chosen: Sequence[tuple[str, str]] = ()
) -> tuple[Phrase, ...]:
    """Compose a chart's finding: one sentence, and maybe one that adds to it.

    `spec`: the chart; the finding is about its first measure. `chosen`: the filters in force that decide the rate
    themselves, (label, values) pairs: actions that are chosen by their status have no finding but that choice.
    """
    exception = find_exception(spec, marks, total, chosen)
    if exception:
        return exception
    if spec.denominator == "judged" and not marks.sides:  # who meets more criteria is not ranked
        return (phrase("{sentence}.", sentence=say_known(know_total(total, spec.rate), spec.rate)),)
    find = _BY_TIME.get(spec.dimension) or _FINDINGS.get(spec.kind, _find_rates)
    return tuple(find(find_first_rate(spec, marks.frame), marks, total))


def find_exception(
    spec: ChartSpec, marks: Marks, total: Headline, chosen: Sequence[tuple[str, str]]
) -> tuple[Phrase, ...]:
    """Compose the finding where no rate is found, arguments as of `compose_finding`; empty where one is."""
    if spec.dimension == SPOKEN:
        return tuple(find_spoken(marks.spoken))
    if not any(side.total.actions for side in marks.sides) and not total.actions:
        return (phrase(N_("No action is in this selection.")),)
    if spec.kind == "answers":
        return tuple(find_answers(marks.question))
    if spec.kind == "scatter":
        return (_find_scatter(marks),)
    if marks.frame.empty:
        return (phrase(N_("No action in this selection states this.")),)
    if not total.reported and not marks.sides and spec.denominator == "actions":
        return (_say_silent(total),)
    if spec.denominator != "actions" and not total.count(spec.size):
        return (phrase(NOTHING[spec.size][1]),)
    is_decided = bool(chosen) and not marks.sides and spec.denominator == "actions"
    if is_decided and spec.kind not in STACKS and spec.dimension not in _BY_TIME:
        return (_say_chosen(total, chosen),)
    return ()


NONE_BESIDE = N_("No country of this selection has both figures.")


def _find_scatter(marks: Marks) -> Phrase:
    """Count the countries that have both figures; nothing is said about how one goes with the other."""
    if marks.frame.empty:
        return phrase(NONE_BESIDE)
    both = len(marks.frame)
    return plural(
        N_("{both} of {n} country with actions has both figures."),
        N_("{both} of {n} countries with actions have both figures."),
        marks.places, both=both,
    )  # fmt: skip


def _say_chosen(total: Headline, chosen: Sequence[tuple[str, str]]) -> Phrase:
    filters = _join([phrase(N_("{name}: {value}"), name=phrase(name), value=value) for name, value in chosen])
    return plural(
        N_("{n} action chosen – {filters}."), N_("{n} actions chosen – {filters}."), total.actions, filters=filters
    )


def _find_pairs(rate: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    """Compare the two selections, and find the members in which they differ for certain."""
    yield from _find_sides(rate, marks, total)
    rows, name = marks.frame.iloc[::2], marks.sides[0].name
    if marks.is_days or marks.sides[0] == marks.sides[1] or len(rows) < 2:
        return
    members_by_verdict = [(verdict, rows["label"][rows["verdict"] == verdict].tolist()) for verdict in _APART]
    parts = [
        phrase(_APART[verdict], name=name, names=_name_first(names)) for verdict, names in members_by_verdict if names
    ]
    if parts:
        yield phrase(N_("One by one – {parts}."), parts=_join(parts))


_APART = {
    "higher": N_("{name} is higher in {names}"),
    "lower": N_("{name} is lower in {names}"),
    "untold": N_("cannot be told apart: {names}"),
}


def _find_sides(rate: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    """Compare two selections; for two days of the same actions, find what became known."""
    first, second = (know_total(side.total, rate)._replace(label=side.name) for side in marks.sides)
    if marks.is_days:
        yield say_became_known(marks.sides[0].total, marks.sides[1].total, rate)
    elif marks.sides[0] == marks.sides[1]:
        yield phrase(N_("Both sides are the same – {known}."), known=say_known(first, rate))
    else:
        verdict = tell_apart(first, second)
        if verdict in _TOLD:
            words = _say_member(first, rate=rate), _say_member(second, rate=rate, is_short=True)
            yield phrase(_TOLD[verdict], one=words[0], other=words[1])
        else:
            yield _say_apart(HIGHER, *((first, second) if verdict == "higher" else (second, first)), rate)


_TOLD: dict[Verdict, str] = {
    "equal": N_("No difference – {one}; {other}."),
    "untold": N_("Cannot be told apart – {one}; {other}."),
    "unranked": N_("Too few actions to compare – {one}; {other}."),
}


def say_became_known(first: Headline, second: Headline, rate: str = "completion_rate") -> Phrase:
    """Compose what became known of the same actions from one day to another, in whichever order they are given."""
    before, after = sorted((first, second), key=lambda total: total.day)
    changes = [
        phrase(
            N_("{name} {before} → {after}"),
            name=_inside(DEFINITIONS[name].name), before=getattr(before, name), after=getattr(after, name),
        )
        for name in _list_counts(rate)
    ]  # fmt: skip
    return phrase(
        N_("From {day} to {then}, of {n}: {changes}."),
        day=before.day, then=after.day, n=after.actions, changes=changes,
    )  # fmt: skip


def _say_silent(total: Headline) -> Phrase:
    return plural(
        N_("The only action has no report by {day}: it is not known how far it is."),
        N_("None of the {n} actions has a report by {day}: it is not known how far they are."),
        total.actions,
        day=total.day,
    )


def say_known(bounds: RateBounds, rate: str = "completion_rate", *, is_short: bool = False) -> Phrase:
    """Compose what is known of a rate, `38 of 71 completed, could be up to 47`; the short form leaves out the total."""
    message = _COUNTS if is_short else _RATES[rate]
    counts = phrase(message, part=bounds.part, whole=bounds.denominator)
    if bounds.most == bounds.part:
        return counts
    return phrase(N_("{counts}, could be up to {most}"), counts=counts, most=bounds.most)


def say_clock(total: Headline) -> Phrase:
    """Compose where a selection stands against the clock, beside its figures."""
    bounds, elapsed = know_total(total), Part(total.day_number, total.days_total)
    is_over = elapsed.numerator == elapsed.denominator
    message = N_("All of the time has elapsed") if is_over else N_("{elapsed} of the time has elapsed")
    time = phrase(message, elapsed=elapsed)
    if bounds.denominator < FEW or not total.day_number:
        return phrase("{sentence}.", sentence=time)
    side = phrase(_SIDES_OF_CLOCK[stand(bounds, divide(*elapsed))])
    return phrase("{sentence}.", sentence=phrase(N_("{name}: {value}"), name=side, value=replace(time, is_inside=True)))


_SIDES_OF_CLOCK: dict[Side, str] = {
    "ahead": N_("Ahead of the clock"),
    "behind": N_("Behind the clock"),
    "level": N_("Level with the clock"),
    "untold": N_("Ahead or behind cannot be told"),
}


def say_standing(total: Headline, rate: str = "completion_rate") -> Phrase:
    """Compose whether a selection is ahead of the clock or behind it, with what is known; for few actions only that."""
    bounds = know_total(total, rate)
    elapsed = Part(total.day_number, total.days_total)
    words = {"known": say_known(bounds, rate), "elapsed": elapsed}
    if bounds.denominator < FEW or not total.day_number or rate not in ("completion_rate", "pace"):
        return phrase(N_("{known}; {elapsed} of the time has elapsed."), **words)
    return phrase(_STANDINGS[stand(bounds, divide(*elapsed))], **words)


def say_since_wave(marks: Marks, total: Headline, rate: str = "completion_rate") -> Phrase | None:
    """Compose what became known since the latest survey wave began; None without a wave or a day before it."""
    frame = marks.frame
    if not marks.waves:
        return None
    wave = marks.waves[-1]
    before = frame[frame["on_date"] == pd.Timestamp(wave.first_on - timedelta(days=1))]
    columns = _list_counts(rate)
    if before.empty:
        return None
    changes = [
        phrase(N_("{name} {before} → {after}"), name=_inside(DEFINITIONS[name].name), before=was, after=now)
        for name, was, now in zip(
            columns, before[columns].iloc[0].tolist(), frame[columns].iloc[-1].tolist(), strict=True
        )
    ]
    return phrase(
        N_("Since the survey wave “{wave}” began on {day}, of {n}: {changes}."),
        wave=phrase(name_code(wave.name)), day=wave.first_on, n=total.count(RATES[rate].denominator), changes=changes,
    )  # fmt: skip


_STANDINGS: dict[Side, str] = {
    "ahead": N_("Ahead of the clock: {known}, while {elapsed} of the time has elapsed."),
    "behind": N_("Behind the clock: {known}, while {elapsed} of the time has elapsed."),
    "level": N_("Level with the clock: {known}, while {elapsed} of the time has elapsed."),
    "untold": N_("Ahead or behind cannot be told: {known}, while {elapsed} of the time has elapsed."),
}


def find_first_rate(spec: ChartSpec, frame: pd.DataFrame) -> str:
    """Find the chart's first measure, if it is a rate whose counts the chart's values have."""
    rate = spec.measures[0]
    return rate if rate in _RATES and set(_list_counts(rate)) <= set(frame) else "completion_rate"


def _list_counts(rate: str) -> list[str]:
    """List the counts that are part of a rate, and those that may be."""
    return [*RATES[counted_rate(rate)].parts, *UNKNOWN_IN[rate]]


def _find_rates(rate: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    yield from _tell_members(know_members(marks.frame, rate), rate, total)


def _find_tiles(rate: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    with_action = marks.frame[marks.frame["actions"] > 0]
    yield phrase(N_("Countries with an action: {n} of {all}."), n=len(with_action), all=len(marks.frame))
    yield from _tell_members(know_members(with_action, rate), rate, total)


def _find_curve(rate: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    yield say_standing(total, rate)
    since = say_since_wave(marks, total, rate)
    if since is not None and marks.expected is None:
        yield since


def say_expected(expected: Expected, total: Headline) -> Iterator[Phrase]:
    """Compose what is expected by the deadline, and what that rests on; or why nothing is."""
    if expected.reason:
        yield phrase(_NOT_EXPECTED[expected.reason], n=expected.completions, least=LEAST_COMPLETIONS)
        return
    last = expected.days.iloc[-1]
    yield phrase(
        N_("If the rest goes on as until now – completed by {day}: {low} to {high} of {n}. This rests on {completions} "
           "completions whose day is known, and takes the speed beyond an age of {age} days as constant."),
        day=last["on_date"].date(), low=int(last["expected_low"]), high=int(last["expected_high"]), n=total.actions,
        completions=expected.completions, age=expected.oldest_age,
    )  # fmt: skip
    if expected.silent:
        yield phrase(
            N_("Of unknown status: {n}. If none of them is completed, about {none} in all; if they are like the "
               "others, about {others}."),
            n=expected.silent, none=expected.none_complete, others=expected.as_others,
        )  # fmt: skip


_NOT_EXPECTED: dict[Reason, str] = {
    "few": N_("How many to expect by the deadline cannot be told: completions whose day is known: {n}; it takes "
              "{least}."),
    "over": N_("There is nothing to expect any more: the deadline has passed."),
    "early": N_("How many to expect by the deadline cannot be told before the campaign begins."),
    "chosen": N_("How many to expect by the deadline cannot be told of actions chosen by their status."),
}  # fmt: skip


def _find_multiples(rate: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    yield from _tell_sides(know_members(marks.members(), rate), rate, total)


def _tell_members(members: list[RateBounds], rate: str, total: Headline) -> Iterator[Phrase]:
    """Compare members; for their pace, where they stand against the clock."""
    if rate == "pace":
        yield from _tell_sides(members, rate, total)
    else:
        yield _compare(members, rate, total)


def _tell_sides(members: list[RateBounds], rate: str, total: Headline) -> Iterator[Phrase]:
    """Name the members ahead of the time elapsed and those behind; compare them where this separates none."""
    ranked = keep_ranked(members)
    elapsed = Part(total.day_number, total.days_total)
    standings = {member.code: stand(member, divide(*elapsed)) for member in ranked}
    sides = [
        phrase(message, names=_name_first([member.label for member in ranked if standings[member.code] == side]))
        for side, message in _SIDES.items()
        if side in standings.values()
    ]
    if sides and total.day_number:
        yield phrase(N_("With {elapsed} of the time elapsed – {sides}."), elapsed=elapsed, sides=_join(sides))
    if len(sides) < 2 or not total.day_number:
        yield _compare(members, rate, total)


_SIDES: dict[Side, str] = {
    "ahead": N_("ahead: {names}"),
    "level": N_("level: {names}"),
    "behind": N_("behind: {names}"),
    "untold": N_("cannot be told: {names}"),
}


def _find_statuses(_: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    """Count the actions of each status, and find the member with the most unknown ones: counts can be ranked."""
    if marks.sides:
        yield from _find_sides("completion_rate", marks, total)
        sides = dict.fromkeys(marks.sides)
        yield from (
            phrase(N_("{name}: {value}"), name=side.name, value=replace(_tell_statuses(side.total), follows_colon=True))
            for side in sides
        )
        return
    yield _tell_statuses(total)
    frame = marks.frame
    columns = (frame[name].tolist() for name in ("code", "label", "unknown", "unknown", "actions"))
    ranked = sorted(
        keep_ranked([RateBounds(*row) for row in zip(*columns, strict=True)]), key=lambda member: -member.lower
    )
    if len(ranked) > 1 and ranked[0].is_above(ranked[1]):
        least = ranked[0]
        yield phrase(
            N_("Least is known of: {name}, {part} of {whole} unknown."),
            name=least.label, part=least.part, whole=least.denominator,
        )  # fmt: skip


def _find_outcomes(_: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    """Count the outcomes of milestones, and find the members with the highest and the lowest rate for certain."""
    yield _tell_outcomes(total)
    if total.count("milestones_due") and len(marks.frame) > 1:
        yield _compare(know_members(marks.frame, "milestone_rate"), "milestone_rate", total)


def _find_due(_: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    """Count the outcomes of milestones, and find the month in which most are due: counts can be ranked."""
    yield _tell_outcomes(total)
    dated = marks.frame[marks.frame["code"] != UNCLASSIFIED]
    most = int(dated["milestones"].max()) if len(dated) else 0
    months = dated.loc[dated["milestones"] == most, "label"].tolist()
    if len(months) == 1:
        yield phrase(N_("Most are due in {name}: {n}."), name=months[0], n=most)
    elif most:
        yield phrase(N_("Most are due, {n} each, in {names}."), names=months, n=most)


def _tell_outcomes(total: Headline) -> Phrase:
    if not total.count("milestones_due"):
        return phrase(N_("None is due yet."))
    return phrase("{sentence}.", sentence=say_known(know_total(total, "milestone_rate"), "milestone_rate"))


def _find_evidence(_: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    """Count the completed actions with more than a claim behind them, step by step."""
    part, completed = total.fraction("evidenced_rate")
    steps = {name: total.count(name) for name in ("reviewed", "verified")}
    yield phrase(
        N_("{known}; {reviewed} reviewed, {verified} verified."),
        known=phrase(_RATES["evidenced_rate"], part=part, whole=completed), **steps,
    )  # fmt: skip


def _tell_statuses(total: Headline) -> Phrase:
    status_counts = [(column, getattr(total, column)) for column in STATUS_COLUMNS.values()]
    parts = [phrase(N_("{n} {name}"), n=n, name=_inside(DEFINITIONS[column].name)) for column, n in status_counts if n]
    return plural(N_("Of {n} action: {parts}."), N_("Of {n} actions: {parts}."), total.actions, parts=parts)


def _find_counts(_: str, marks: Marks, total: Headline) -> Iterator[Phrase]:
    """Find the month in which most were completed: counts can be ranked."""
    frame = marks.frame
    most = int(frame["completed"].max())
    months = frame.loc[frame["completed"] == most, "label"].tolist()
    words = {"part": most, "whole": total.completed}
    if len(months) == 1:
        yield phrase(N_("Most: {name}, {part} of {whole} completed actions."), name=months[0], **words)
    else:
        yield phrase(N_("Most – {part} of {whole} completed actions each: {names}."), names=months, **words)


def _compare(members: list[RateBounds], rate: str, total: Headline) -> Phrase:
    """Name the highest and the lowest member, or one of both; else two that differ; only what is certain."""
    ranked = keep_ranked(members)
    if len(members) == 1 or len(ranked) == 1:
        return phrase("{sentence}.", sentence=_say_member(*(ranked or members), rate=rate))
    if not ranked:
        return phrase(
            _NONE_COMPARED[RATES[counted_rate(rate)].denominator], known=say_known(know_total(total, rate), rate)
        )
    extremes = find_extremes(ranked)
    if extremes is not None:
        message, high, low = extremes
        bounds = [_say_bound(high, rate, is_lower=True)] if high else []
        bounds += [_say_bound(low, rate, is_lower=False, is_short=bool(high))] if low else []
        return phrase(message, **dict(zip(("one", "other"), bounds, strict=False)))
    high = max(ranked, key=lambda member: (member.lower, member.upper))
    if all(member.lower == member.upper == high.lower for member in ranked):
        return phrase(N_("No difference: {rate} in each."), rate=Part(high.part, high.denominator))
    low = min((member for member in ranked if member is not high), key=lambda member: (member.lower, member.upper))
    return phrase(
        N_("No difference is certain: {one}; {other}."), one=_say_range(high, rate), other=_say_range(low, rate)
    )


def say_extremes(members: list[RateBounds]) -> Phrase | None:
    """Name the highest and the lowest member without their counts; None where neither is certain."""
    extremes = find_extremes(keep_ranked(members))
    if extremes is None:
        return None
    message, *certain = extremes
    return phrase(message, **dict(zip(("one", "other"), (member.label for member in certain if member), strict=False)))


def find_extremes(ranked: list[RateBounds]) -> tuple[str, RateBounds | None, RateBounds | None] | None:
    """Find the certain highest and lowest members and their words; None where nothing is certain."""
    if len(ranked) < 2:
        return None
    high = max(ranked, key=lambda member: (member.lower, member.upper))
    low = min((member for member in ranked if member is not high), key=lambda member: (member.upper, member.lower))
    is_highest = all(high.is_above(member) for member in ranked if member is not high)
    is_lowest = all(member.is_above(low) for member in ranked if member is not low)
    if is_highest and is_lowest:
        return (HIGHER if len(ranked) == 2 else HIGHEST), high, low
    if is_highest:
        return HIGHEST_ALONE, high, None
    if is_lowest:
        return LOWEST_ALONE, None, low
    return (HIGHER, high, low) if high.is_above(low) else None


HIGHEST = N_("Highest: {one}; lowest: {other}.")
HIGHER = N_("Higher: {one}; lower: {other}.")
HIGHEST_ALONE, LOWEST_ALONE = N_("Highest for certain: {one}."), N_("Lowest for certain: {one}.")
_NONE_COMPARED = {
    "actions": N_("Too few actions to compare. In total: {known}."),
    "reported": N_("Too few actions to compare. In total: {known}."),
    "milestones_due": N_("Too few milestones due to compare. In total: {known}."),
    "completed": N_("Too few completed actions to compare. In total: {known}."),
    "results": N_("Too few promised numbers to compare. In total: {known}."),
    "promised": N_("Too few promised numbers to compare. In total: {known}."),
    "judged": N_("Too few commitments to compare. In total: {known}."),
}


def _say_apart(message: str, high: RateBounds, low: RateBounds, rate: str) -> Phrase:
    """Compose two members, one of which is above the other for certain."""
    high_bound, low_bound = _say_bound(high, rate, is_lower=True), _say_bound(low, rate, is_lower=False, is_short=True)
    return phrase(message, one=high_bound, other=low_bound)


def _say_bound(member: RateBounds, rate: str, *, is_lower: bool, is_short: bool = False) -> Phrase:
    """Compose a member with the bound of its rate that matters: `Americas, at least 38 of 71`."""
    is_short = is_short or _RATES[rate] == _COMPLETION
    return phrase(
        N_("{name}, {value}"), name=member.label, value=count_bound(member, rate, is_lower=is_lower, is_short=is_short)
    )


def count_bound(member: RateBounds, rate: str, *, is_lower: bool, is_short: bool) -> Phrase:
    """Compose the counts of one bound of a rate: `at least 38 of 71`."""
    part = member.part if is_lower else member.most
    counts = phrase(_COUNTS if is_short else _RATES[rate], part=part, whole=member.denominator)
    if member.most == member.part:
        return counts
    return phrase(N_("at least {counts}") if is_lower else N_("at most {counts}"), counts=counts)


def _say_range(member: RateBounds, rate: str) -> Phrase:
    """Compose a member with both bounds of its rate: `Americas, 38 to 47 of 71`."""
    is_open = member.most > member.part
    counts = N_("{part} to {most} of {whole}") if is_open else _COUNTS if _RATES[rate] == _COMPLETION else _RATES[rate]
    value = phrase(counts, part=member.part, most=member.most, whole=member.denominator)
    return phrase(N_("{name}, {value}"), name=member.label, value=value)


def _say_member(member: RateBounds, *, rate: str, is_short: bool = False) -> Phrase:
    return phrase(N_("{name}: {value}"), name=member.label, value=say_known(member, rate, is_short=is_short))


def _name_first(names: Sequence[str]) -> Phrase:
    first_names, rest = list(names[:MOST_NAMED]), len(names) - MOST_NAMED
    return (
        phrase("{names}", names=first_names)
        if rest <= 0
        else phrase(N_("{names} and {n} more"), names=first_names, n=rest)
    )


def _inside(name: str) -> Phrase:
    return replace(phrase(name), is_inside=True)


def _join(parts: Sequence[Phrase]) -> Phrase:
    """Join parts of a sentence, each of which may have commas."""
    joined, *further_parts = parts
    for part in further_parts:
        joined = phrase(N_("{first}; {then}"), first=joined, then=part)
    return joined


_FINDINGS: dict[Kind, Callable[[str, Marks, Headline], Iterator[Phrase]]] = {
    "statuses": _find_statuses,
    "outcomes": _find_outcomes,
    "evidence": _find_evidence,
    "tiles": _find_tiles,
    "map": _find_tiles,
    "curve": _find_curve,
    "multiples": _find_multiples,
    "pairs": _find_pairs,
    "curves": _find_sides,
}
_BY_TIME = {COMPLETED: _find_counts, DUE: _find_due}
