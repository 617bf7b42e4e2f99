"""The notes below a chart: what a reader must know to read its figures rightly, as phrases in no language."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from dashboard.charts.catalogue import MOST_MARKS, STACKS, TIMED, ChartSpec
from dashboard.charts.finding import say_known
from dashboard.charts.marks import Marks
from dashboard.charts.said_and_known import note_spoken
from dashboard.charts.sides import SIDES
from dashboard.charts.survey_answers import note_answers
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, Part, Phrase, phrase, plural
from dashboard.measures.context import Indicator, list_sources
from dashboard.measures.counts import Headline, name_dimension
from dashboard.measures.definitions import DEFINITIONS, FEW
from dashboard.measures.facts import CRITERIA_OUTCOMES, count_in_all
from dashboard.measures.standing import RateBounds
from dashboard.measures.times import COMPLETED, DUE, SPOKEN, SUBMITTED, TIMES, WAVE
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

TIME = "time"


def name_value(name: Phrase | str, value: object) -> Phrase:
    """Compose a name and its value, with the colon as the language sets it."""
    return phrase(N_("{name}: {value}"), name=name, value=value)


def _note_unknown_days(snapshot: Snapshot, totals: Sequence[Headline]) -> Iterator[Phrase]:
    """Note from when on nothing is known, where the figures stand at a later day."""
    if max(total.day for total in totals) > snapshot.last_date:
        yield phrase(N_("Nothing is known yet about the days after {day}."), day=snapshot.last_date)


def compose_notes(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, marks: Marks, total: Headline
) -> Iterator[Phrase]:
    """Compose the notes of a chart, in the order of reading.

    `marks`: its values; `total`: the totals of the selection.
    """
    frame = marks.frame
    if snapshot.is_sample:
        yield phrase(N_("The data is fictional."))
    yield from _note_unknown_days(snapshot, (total, *(side.total for side in marks.sides)))
    if marks.sides or spec.kind == "answers":
        yield from _compose_side_notes(spec, marks) if marks.sides else note_answers(marks.question)
        return
    yield from _compare_completion(snapshot, selection, spec)
    if marks.wider_total is not None:
        yield compare_total(spec, marks.wider_total)
        total = marks.wider_total
    if spec.dimension == COMPLETED:
        yield from _compose_month_notes(spec, frame, total)
    elif spec.kind in ("rates", *STACKS, "multiples", "table"):
        yield from _compose_member_notes(spec, marks.members(), total)
        yield from _compose_cut_note(spec, len(marks.blocks if spec.kind == "multiples" else frame))
    if spec.kind in ("tiles", "map") and not frame.empty:
        yield from _compose_country_notes(spec, marks.blocks)
    yield from _compose_beside_notes(snapshot, spec, marks.beside)
    if spec.kind == "grid":
        yield from _compose_cell_notes(spec, marks, total)
    yield from (phrase(_ABOUT_TIMES[name]) for name in (spec.dimension, spec.second) if name in _ABOUT_TIMES)
    if _has_few(frame, spec):
        yield phrase(_FEW_SAY_LITTLE[spec.size], few=FEW)
    if spec.kind in ("curve", "multiples"):
        yield from _compose_curve_notes(selection, marks)
    yield from _compose_unknown_notes(spec, total)


def _compare_completion(snapshot: Snapshot, selection: Selection, spec: ChartSpec) -> Iterator[Phrase]:
    """Say whether actions that meet the chart's criterion are completed more often; nothing where either are few."""
    if spec.denominator != "judged" or selection.statuses or selection.evidence:
        return
    counts = count_in_all(snapshot, selection, CRITERIA_OUTCOMES)
    sides = []
    for side in ("met", "unmet"):
        denominator, part, unknown = (counts[f"{spec.part}_{side}{what}"] for what in ("", "_completed", "_unknown"))
        sides.append(RateBounds("", "", part, part + unknown, denominator))
    met, unmet = sides
    if min(met.denominator, unmet.denominator) < FEW:
        return
    verdict = _MORE_OFTEN[met.is_above(unmet), unmet.is_above(met)]
    name, (first, second) = phrase(DEFINITIONS[spec.rate].name), map(say_known, sides)
    yield phrase(
        N_("{name}: {known}. The others: {other}. {verdict}"),
        name=name,
        known=first,
        other=second,
        verdict=phrase(verdict),
    )


_MORE_OFTEN = {
    (True, False): N_("The former are completed more often."),
    (False, True): N_("The former are completed less often."),
    (False, False): N_("Which are completed more often cannot be told."),
}


def _compose_beside_notes(snapshot: Snapshot, spec: ChartSpec, beside: Indicator | None) -> Iterator[Phrase]:
    """Explain the marks of a published figure, and name those who published it."""
    if beside is None:
        return
    if spec.kind == "scatter":
        yield phrase(N_("Each dot is a country: the larger, the more actions. The line above it is what is unknown."))
        yield phrase(N_("No line is drawn through the dots: one figure beside the other says nothing about a cause."))
    else:
        yield phrase(N_("The larger a circle, the higher the figure “{name}”."), name=beside.name)
    for code, source, _, countries in list_sources(snapshot):
        if code == beside.code:
            yield plural(
                N_("{name}: {source}, {n} country."), N_("{name}: {source}, {n} countries."), countries,
                name=beside.name, source=source,
            )  # fmt: skip


def _compose_cell_notes(spec: ChartSpec, marks: Marks, total: Headline) -> Iterator[Phrase]:
    yield _explain_shades(spec, _ABOUT_CELLS)
    if marks.frame["actions"].sum() > total.actions:
        yield phrase(N_("An action counts in every cell it belongs to, so the cells add up to more than the total."))
    yield from _compose_cut_note(spec, marks.frame["code"].nunique())
    if len(marks.columns) > MOST_MARKS and spec.second not in TIMES:
        yield phrase(_FIRST_COLUMNS, drawn=MOST_MARKS, all=len(marks.columns))


def _compose_side_notes(spec: ChartSpec, marks: Marks) -> Iterator[Phrase]:
    """Compose how two selections are compared, and the notes on each."""
    if spec.dimension == SPOKEN:
        yield from note_spoken(marks.spoken)
        yield from _compose_cut_note(spec, len(marks.frame) // len(marks.sides))
        return
    if marks.is_days:
        yield phrase(N_("The same actions on two dates: the difference is what became known in between."))
    else:
        yield phrase(N_("One is called higher or lower only where the bounds do not overlap."))
        yield phrase(N_("An action that both sides choose counts on both."))
    if spec.kind in TIMED:
        return
    for side, code in zip(marks.sides, SIDES, strict=True):  # neither may have any member
        for note in _compose_member_notes(spec, marks.frame[marks.frame["side"] == code], side.total):
            yield name_value(side.name, note)
    yield from _compose_cut_note(spec, len(marks.frame) // len(marks.sides))
    if spec.kind == "pairs" and _has_few(marks.frame, spec):
        yield phrase(N_("Rates of fewer than {few} actions say little and are not compared."), few=FEW)


def _compose_unknown_notes(spec: ChartSpec, total: Headline) -> Iterator[Phrase]:
    """Compose what is unknown about the actions, and the reports that belong to none."""
    if spec.rate == "on_time_rate" and total.unknown:
        yield plural(
            N_("The status of {n} action is unknown: it may have been completed on time as well."),
            N_("The status of {n} actions is unknown: they may have been completed on time as well."),
            total.unknown,
        )
    if spec.rate == "on_time_rate" and total.on_time_untold:
        yield plural(
            N_("On which day {n} action was completed is not known, and its report came after the deadline."),
            N_("On which day {n} actions were completed is not known, and their reports came after the deadline."),
            total.on_time_untold,
        )
    yield from _compose_further_notes(spec, total)
    if "upper_bound" in spec.measures and total.status_unclassified:
        yield plural(
            N_("The latest report of {n} action states no status that is understood: it counts as unknown."),
            N_("The latest reports of {n} actions state no status that is understood: they count as unknown."),
            total.status_unclassified,
        )
    if total.unmatched_reports:
        yield plural(
            N_("{n} report matches no action and is not counted."),
            N_("{n} reports match no action and are not counted."),
            total.unmatched_reports,
        )


def _compose_further_notes(spec: ChartSpec, total: Headline) -> Iterator[Phrase]:
    """Compose the notes on milestones, on evidence and on promised numbers."""
    if spec.rate in ("targets_met_rate", "reached_share"):
        yield phrase(N_("What nobody has reported may be anything from nothing to its target."))
        unpromised = total.count("reached_unpromised" if spec.amount else "results_unpromised")
        if unpromised:
            yield phrase(_UNPROMISED[bool(spec.amount)], n=unpromised)
    if spec.rate == "milestone_rate":
        yield phrase(
            N_("A milestone past its date counts as missed only if a later report says so; otherwise it is unknown.")
        )
        outside = total.count("milestones_ahead") + total.count("milestones_undated")
        if spec.kind != "outcomes" and outside:
            yield plural(
                N_("{n} milestone that was reached before it was due, or has no date, is not in the rate."),
                N_("{n} milestones that were reached before they were due, or have no date, are not in the rate."),
                outside,
            )
    elif spec.denominator == "completed":
        yield phrase(N_("Each step includes the later ones: what is verified was reviewed and has evidence."))
    elif spec.denominator == "judged":
        yield phrase(N_("Rules look for words in the text of the action, as it was promised; they can err."))


_UNPROMISED = {
    False: N_("Numbers reached that nobody had promised, and that are in no share: {n}."),
    True: N_("Reached without having been promised, and in no share: {n}."),
}


def _compose_curve_notes(selection: Selection, marks: Marks) -> Iterator[Phrase]:
    if selection.statuses:
        yield phrase(N_("The actions that have the chosen status on the last day, followed back in time."))
    if marks.waves:
        yield phrase(N_("Bars below the months are survey waves, from the first report to the latest."))


def compare_total(spec: ChartSpec, selection_total: Headline) -> Phrase:
    """Explain what is grey, and give the rate of the selection without the filters by the chart's own dimensions."""
    part, all_of = selection_total.fraction(spec.rate)
    return phrase(
        N_(
            "Grey: not chosen, for comparison. All together, without this choice: {measure} {rate} ({part} of {whole})."
        ),
        measure=replace(phrase(DEFINITIONS[spec.rate].name), is_inside=True),
        rate=Part(part, all_of),
        part=part,
        whole=all_of,
    )


def _has_few(frame: pd.DataFrame, spec: ChartSpec) -> bool:
    """Whether the chart shows a rate of few actions or milestones."""
    return {"is_few", spec.size} <= set(frame) and bool((frame["is_few"] & (frame[spec.size] > 0)).any())


_FEW_SAY_LITTLE = {
    "actions": N_("Rates of fewer than {few} actions say little and are shown in grey."),
    "milestones": N_("Rates of fewer than {few} milestones say little and are shown in grey."),
    "milestones_due": N_("Rates of fewer than {few} milestones due say little and are shown in grey."),
    "completed": N_("Rates of fewer than {few} completed actions say little and are shown in grey."),
    "results": N_("Rates of fewer than {few} promised numbers say little and are shown in grey."),
    "judged": N_("Rates of fewer than {few} commitments say little and are shown in grey."),
}


def _compose_month_notes(spec: ChartSpec, frame: pd.DataFrame, total: Headline) -> Iterator[Phrase]:
    """Explain what a month of completion is, and what it may lack."""
    yield phrase(N_("An action is completed on the date its latest report states, or else on the date of that report."))
    if total.unknown:
        yield plural(
            N_("The status of {n} action is unknown: it may have been completed as well."),
            N_("The status of {n} actions is unknown: they may have been completed as well."),
            total.unknown,
        )
    yield from _compose_cut_note(spec, len(frame))


_ABOUT_TIMES = {
    WAVE: N_("Each action counts once, in the survey wave of its latest report."),
    SUBMITTED: N_("Each action counts once, in the month it was submitted."),
    DUE: N_("A milestone counts in the month it is due; those without a date come last."),
}


def _explain_shades(spec: ChartSpec, of_completion: str) -> Phrase:
    """Explain the colours of cells or countries."""
    if spec.is_pace:
        return phrase(N_("Blue is ahead of the time elapsed, orange behind it: the stronger, the further."))
    if spec.rate != "completion_rate":
        name = phrase(DEFINITIONS[spec.rate].name)
        return phrase(N_("The stronger the colour, the higher the measure “{measure}”."), measure=name)
    return phrase(of_completion)


def _compose_country_notes(spec: ChartSpec, blocks: pd.DataFrame) -> Iterator[Phrase]:
    """Explain the shades of countries, and count the actions that no country shows."""
    shades, adding, beside = _ABOUT_MAP if spec.kind == "map" else _ABOUT_TILES
    yield _explain_shades(spec, shades)
    yield phrase(adding)
    totals = zip(blocks["code"], blocks["label"], blocks["actions"].tolist(), strict=True)
    actions = [name_value(label, actions) for code, label, actions in totals if actions and code in _WITHOUT_TILES]
    if actions:
        yield phrase(beside, actions=actions)


_WITHOUT_TILES = ("global", UNCLASSIFIED)


def _compose_member_notes(spec: ChartSpec, frame: pd.DataFrame, total: Headline) -> Iterator[Phrase]:
    size = spec.denominator if spec.amount else spec.size
    parts, total_count = sum(frame[size].tolist()), total.count(size)
    if parts != total_count:
        yield phrase(
            N_("By {dimension}, the parts add up to {parts}, the total is {total}: {why}"),
            dimension=replace(phrase(name_dimension(spec.dimension)), is_inside=True),
            parts=parts,
            total=total_count,
            why=phrase(_WHY_PARTS_DIFFER[spec.dimension in ("country", "subregion", "grouping")]),
        )


_ABOUT_CELLS = N_("The stronger a cell's colour, the higher the completion rate; the table has completed/actions.")


_ABOUT_TILES = (
    N_("The stronger a tile’s colour, the higher the completion rate; an outlined one has no action here."),
    N_("An action counts in each of its countries; one that names only a region counts in its heading."),
    N_("On no tile: {actions}."),
)


_ABOUT_MAP = (
    N_("The stronger a country’s colour, the higher the rate; each step has about as many countries."),
    N_("An action counts in each of its countries; one that names only a region is not on the map."),
    N_("Not on the map: {actions}."),
)


_FIRST_DRAWN = {
    "rate": N_("The first {drawn} of {all} by the measure “{measure}” are drawn; the table has them all."),
    "pace": N_("The first {drawn} of {all} by pace are drawn; the table has them all."),
    "reporting": N_("The first {drawn} of {all} by reporting rate are drawn; the table has them all."),
    "actions": N_("The first {drawn} of {all} by number of actions are drawn; the table has them all."),
    "name": N_("The first {drawn} of {all} by name are drawn; the table has them all."),
    "codelist": N_("The first {drawn} of {all} in the order of the list are drawn; the table has them all."),
    TIME: N_("The first {drawn} of {all} in the order of time are drawn; the table has them all."),
}


_FIRST_COLUMNS = N_("The first {drawn} of {all} columns are drawn; the table has them all.")


def _compose_cut_note(spec: ChartSpec, members: int) -> Iterator[Phrase]:
    """Note that a very long list is cut, where it is."""
    if members > MOST_MARKS:
        yield say_first(spec, MOST_MARKS, members)


def say_first(spec: ChartSpec, drawn: int | str, total: int | str) -> Phrase:
    """Say that only the first members are drawn, and by which order."""
    if spec.kind == "answers":
        return phrase(N_("The first {drawn} of {all} are drawn; the table has them all."), drawn=drawn, all=total)
    is_by_time = spec.dimension == COMPLETED or (spec.order == "codelist" and spec.dimension in TIMES)
    message = _FIRST_DRAWN[TIME if is_by_time else spec.order]
    return phrase(message, measure=phrase(DEFINITIONS[spec.rate].name), drawn=drawn, all=total)


_WHY_PARTS_DIFFER = {
    False: N_("an action with several counts once in each."),
    True: N_("an action with several counts once in each, and one that names none is in the total only."),
}
