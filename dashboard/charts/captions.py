"""The words around a chart: its selection, summary, definitions, source, day and notes, and its finding.

Everything is derived from the values shown; nothing is typed that could go stale. The sentences are composed as
phrases, in no language; `say_words` translates all of them at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import pandas as pd

from dashboard.campaign.reporting.numbers import says_unit
from dashboard.charts.catalogue import MOST_MARKS, STACKS, STATUS_COLUMNS, TIMED, ChartSpec, Kind
from dashboard.charts.finding import NONE_BESIDE, NOTHING, compose_finding, say_expected, say_known
from dashboard.charts.marks import Marks
from dashboard.charts.options import own_measures
from dashboard.charts.said_and_known import NOTHING_SAID, note_spoken, summarise_spoken
from dashboard.charts.sides import RANGE, SIDES
from dashboard.charts.survey_answers import note_answers, summarise_answers
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, Part, Phrase, phrase, plural, translator
from dashboard.measures.context import Indicator, list_sources
from dashboard.measures.counts import Headline, name_dimension
from dashboard.measures.definitions import DEFINITIONS, FEW
from dashboard.measures.facts import CRITERIA_OUTCOMES, count_in_all
from dashboard.measures.spoken_days import CAUSES
from dashboard.measures.standing import RateBounds
from dashboard.measures.surveys import name_code
from dashboard.measures.times import COMPLETED, DUE, SPOKEN, SUBMITTED, TIMES, WAVE
from dashboard.snapshot.attribution import compose_source, find_data_day
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection, list_filters

TIME = "time"
NAMED_SOURCES = 3
"""How many input files a caption names before it counts the rest."""


@dataclass(frozen=True)
class Caption:
    """The words around a chart, in one language.

    Attributes:
        selection: The filters in force, (label, values) pairs; the as-of day is always among them.
        findings: The finding, in one sentence or two that its values carry.
        summary: n of N, in a sentence.
        definitions: The measures shown, (name, sentence) pairs.
        formulas: How the measures shown are computed, in a sentence each.
        source_line: Who publishes the figures, of which day, under which licence; readers see it.
        files_line: The input files the figures come from, shortened when many, as a sentence; empty where none is.
        sources: The same files, all of them.
        notes: What a reader must know to read the figures rightly.
        alt: A description of the picture for those who do not see it.
    """

    title: str
    selection: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]
    summary: str
    definitions: tuple[tuple[str, str], ...]
    formulas: tuple[str, ...]
    source_line: str
    files_line: str
    sources: tuple[str, ...]
    as_of: str
    notes: tuple[str, ...]
    alt: str

    @property
    def finding(self) -> str:
        """Return the finding as one text."""
        return " ".join(self.findings)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the finding, then n of N; once where the selection is empty."""
        return tuple(dict.fromkeys((self.finding, self.summary)))


def say_words(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, marks: Marks, total: Headline
) -> tuple[Caption, dict[str, str]]:
    """Write the caption of a chart, and the words of its picture and table, in the selection's language."""
    composed = {
        "words": _compose_picture(snapshot, selection.lang, spec, marks),
        "caption": _compose_caption(snapshot, selection, spec, marks, total),
    }
    texts = translator(selection.lang).say_all(composed)
    alt = " ".join(texts["caption"].pop("alt"))
    return Caption(**texts["caption"], alt=alt), texts["words"]


def _compose_caption(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, marks: Marks, total: Headline
) -> dict[str, Any]:
    """Compose the fields of a caption, as phrases."""
    totals = [side.total for side in marks.sides] or [total]
    files = tuple(dict.fromkeys(file for one in totals for file in one.source_files))
    summary = _summarise_all(marks, spec, total)
    chosen = [(label, str(value)) for label, value in list_filters(selection, snapshot) if label in _DECIDING]
    findings = compose_finding(spec, marks.chosen(), total, chosen)
    if marks.expected is not None and total.actions:
        findings = (*findings, *say_expected(marks.expected, total))
    title, day = _compose_title(spec, marks), _compare([phrase("{day}", day=one.day) for one in totals])
    data_days = [phrase("{day}", day=find_data_day(snapshot.campaign, one.day)) for one in totals]
    heading = N_("{title}, as of {day}.") if marks.question is None else N_("{title} – as of {day}.")
    picture = [phrase(heading, title=title, day=day), *findings]
    if any(one.actions for one in totals):
        picture.append(phrase(N_("All together: {summary}"), summary=summary))
    if marks.wider_total is not None:
        picture.append(_compare_whole(spec, marks.wider_total))
    definitions = [DEFINITIONS[measure] for measure in spec.measures]
    return {
        "title": title,
        "findings": findings,
        "summary": summary,
        "definitions": tuple((phrase(one.name), phrase(one.sentence)) for one in definitions),
        "formulas": tuple(
            phrase("{sentence}.", sentence=name_value(phrase(one.name), phrase(one.formula)))
            for one in definitions
            if one.formula
        ),
        "source_line": compose_source(snapshot.campaign, selection.lang, _compare(data_days)),
        "files_line": phrase(N_("Files: {files}"), files=name_sources(files)) if files else phrase(""),
        "sources": files,
        "as_of": day,
        "notes": tuple(_compose_notes(snapshot, selection, spec, marks, total)),
        "alt": tuple(picture),
        "selection": tuple(_list_filters(snapshot, selection)),
    }


_DECIDING = frozenset(f.label for f in FILTERS if f.parameter in ("status", "evidence"))
"""The filters that decide a rate of completion themselves, by their labels."""


def _list_filters(snapshot: Snapshot, selection: Selection) -> Iterator[tuple[Phrase, Phrase]]:
    """List the filters in force and the day; where two selections differ in a filter, the values of both."""
    sides = (selection.first, selection.other or selection.first)
    first, second = (dict(list_filters(side, snapshot)) for side in sides)
    day = {"As of": first.pop("As of")}
    for label in (*first, *(label for label in second if label not in first and label not in day), *day):
        values = [(side | day if side is first else side).get(label) for side in (first, second)]
        shown_values = [phrase(N_("all")) if value is None else phrase("{value}", value=value) for value in values]
        yield phrase(label), _compare(shown_values)


def _compare(values: Sequence[Phrase]) -> Phrase:
    """Compose one value, or both values of two selections that differ."""
    first, last = values[0], values[-1]
    return first if first == last else phrase(_COMPARED, one=first, other=last)


def _summarise_all(marks: Marks, spec: ChartSpec, total: Headline) -> Phrase:
    """Summarise how many actions are completed and have reported; for two selections each of them."""
    if marks.question is not None:
        return summarise_answers(marks.question)
    if spec.dimension == SPOKEN:
        return summarise_spoken(marks.spoken)
    if not marks.sides or marks.sides[0] == marks.sides[1]:
        return _summarise(total, spec)
    first, second = (name_value(side.name, _summarise(side.total, spec)) for side in marks.sides)
    return phrase("{one} {other}", one=first, other=second)


def _compose_title(spec: ChartSpec, marks: Marks) -> Phrase:
    """Compose the title of a chart; with the names of two selections, or a survey's question as it was asked."""
    title = compose_title(spec) if marks.question is None else phrase("{text}", text=marks.question.text)
    if marks.measured:
        indicator, unit = marks.measured
        title = replace(title, is_inside=True)
        words = N_("{indicator}: {title}") if says_unit(indicator, unit) else N_("{indicator} ({unit}): {title}")
        title = phrase(words, indicator=indicator, unit=unit, title=title)
    if marks.beside is not None:
        title = phrase(_BESIDE[spec.kind], title=title, indicator=marks.beside.name)
    if not marks.sides or marks.sides[0].name == marks.sides[1].name or spec.dimension == SPOKEN:
        return title
    names = phrase(_COMPARED, one=marks.sides[0].name, other=marks.sides[1].name)
    return phrase(N_("{title}: {names}"), title=title, names=names)


_COMPARED = N_("{one} compared with {other}")
_BESIDE: dict[Kind, str] = {
    "scatter": N_("Completion rate by country – {indicator}"),
    "map": N_("{title} – {indicator}"),
}
"""Titles with the name of the published figure beside completion."""


def compose_title(spec: ChartSpec) -> Phrase:
    """Compose the chart's own title; without one, or with another measure, the measure's name and the dimensions."""
    if spec.title and spec.measures[0] == own_measures(spec)[0]:
        return phrase(spec.title)
    if spec.dimension == COMPLETED:
        return phrase(_COUNTED[spec.kind == "table"])
    names = {name: replace(phrase(name_dimension(one)), is_inside=True) for name, one in _dimensions(spec) if one}
    return phrase(_TITLES[spec.kind], measure=phrase(DEFINITIONS[spec.measures[0]].name), **names)


_TITLES: dict[Kind, str] = {
    "rates": N_("{measure} by {dimension}"),
    "table": N_("{measure} by {dimension}, as a table"),
    "grid": N_("{measure} by {dimension} and {second}"),
    "multiples": N_("{measure} over time by {dimension}"),
    "tiles": N_("{measure} by {dimension}, as tiles"),
    "map": N_("{measure} by {dimension}, as a map"),
    "pairs": N_("{measure} by {dimension}"),
}

_COUNTED = {False: N_("Actions completed in each month"), True: N_("Actions completed in each month, as a table")}


def _summarise(total: Headline, spec: ChartSpec) -> Phrase:
    """Summarise how many of the selection's actions are completed and have reported; or the chart's other measure."""
    if not total.actions:
        return phrase(N_("No action is in this selection."))
    if spec.denominator != "actions":
        return _summarise_further(total, spec)
    values = {"completed": total.completed, "rate": Part(total.completed, total.actions)}
    if spec.rate == "on_time_rate":
        return plural(
            N_("{on_time} of {n} action completed on time ({on_time_rate}), {completed} completed in all ({rate})."),
            N_("{on_time} of {n} actions completed on time ({on_time_rate}), {completed} completed in all ({rate})."),
            total.actions,
            on_time=total.on_time,
            on_time_rate=Part(total.on_time, total.actions),
            **values,
        )
    if spec.is_pace:
        return plural(
            N_("{completed} of {n} action completed ({rate}, up to {upper}), with {elapsed} of the time elapsed."),
            N_("{completed} of {n} actions completed ({rate}, up to {upper}), with {elapsed} of the time elapsed."),
            total.actions,
            upper=Part(total.completed + total.unknown, total.actions),
            elapsed=Part(total.day_number, total.days_total),
            **values,
        )
    return plural(
        N_("{completed} of {n} action completed ({rate}), {reported} reported ({reporting})."),
        N_("{completed} of {n} actions completed ({rate}), {reported} reported ({reporting})."),
        total.actions,
        completed=total.completed,
        rate=Part(total.completed, total.actions),
        reported=total.reported,
        reporting=Part(total.reported, total.actions),
    )


def _summarise_further(total: Headline, spec: ChartSpec) -> Phrase:
    """Summarise the outcomes of milestones due, the evidence behind completed actions, or promised numbers."""
    part, due = total.fraction(spec.rate)
    if spec.rate == "milestone_rate":
        coming = {name: total.count(f"milestones_{name}") for name in ("missed", "unknown", "soon", "undated")}
        return plural(
            N_("{part} of {n} milestone due was reached ({rate}); missed {missed}, unknown {unknown}; "
               "due in the next 30 days {soon}, without a date {undated}."),
            N_("{part} of {n} milestones due were reached ({rate}); missed {missed}, unknown {unknown}; "
               "due in the next 30 days {soon}, without a date {undated}."),
            due, part=part, rate=Part(part, due), **coming,
        )  # fmt: skip
    if spec.amount:
        unknown = total.count("promised_unknown")
        return phrase(
            N_("{part} of {whole} promised were reached ({rate}, up to {upper}); of {unknown} it is not known."),
            part=part, whole=due, rate=Part(part, due), upper=Part(part + unknown, due), unknown=unknown,
        )  # fmt: skip
    if spec.rate == "targets_met_rate":
        counts = {name: total.count(f"results_{name}") for name in ("short", "unknown")}
        return plural(
            N_("{part} of {n} promised number was met ({rate}); not reached {short}, unknown {unknown}."),
            N_("{part} of {n} promised numbers were met ({rate}); not reached {short}, unknown {unknown}."),
            due, part=part, rate=Part(part, due), **counts,
        )  # fmt: skip
    if spec.denominator == "judged":
        return plural(
            N_("{n} commitment read; {name}: {part} ({rate})."), N_("{n} commitments read; {name}: {part} ({rate})."),
            due, name=replace(phrase(DEFINITIONS[spec.part].name), is_inside=True), part=part, rate=Part(part, due),
        )  # fmt: skip
    steps = {name: total.count(name) for name in ("evidenced", "reviewed", "verified")}
    return plural(
        N_("{n} completed action; with evidence: {evidenced}, reviewed: {reviewed}, verified: {verified}."),
        N_("{n} completed actions; with evidence: {evidenced}, reviewed: {reviewed}, verified: {verified}."),
        due, **steps,
    )  # fmt: skip


def name_sources(files: Sequence[str]) -> Phrase:
    """Name input files in a line: the first three by name, the others counted."""
    quoted = [phrase(N_("“{text}”"), text=file) for file in files[:NAMED_SOURCES]]
    first_files = reduce(lambda one, following: phrase(N_("{one}, {other}"), one=one, other=following), quoted)
    rest = len(files) - NAMED_SOURCES
    if rest <= 0:
        return first_files
    return plural(N_("{files} and {n} more file"), N_("{files} and {n} more files"), rest, files=first_files)


def name_value(name: Phrase | str, value: object) -> Phrase:
    """Compose a name and its value, with the colon as the language sets it."""
    return phrase(N_("{name}: {value}"), name=name, value=value)


def _note_unknown_days(snapshot: Snapshot, totals: Sequence[Headline]) -> Iterator[Phrase]:
    """Note from when on nothing is known, where the figures stand at a later day."""
    if max(total.day for total in totals) > snapshot.last_date:
        yield phrase(N_("Nothing is known yet about the days after {day}."), day=snapshot.last_date)


def _compose_notes(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, marks: Marks, total: Headline
) -> Iterator[Phrase]:
    frame = marks.frame
    if snapshot.is_sample:
        yield phrase(N_("The data is fictional."))
    yield from _note_unknown_days(snapshot, (total, *(side.total for side in marks.sides)))
    if marks.sides or spec.kind == "answers":
        yield from _compose_side_notes(spec, marks) if marks.sides else note_answers(marks.question)
        return
    yield from _compare_completion(snapshot, selection, spec)
    if marks.wider_total is not None:
        yield _compare_whole(spec, marks.wider_total)
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


def _compare_whole(spec: ChartSpec, selection_total: Headline) -> Phrase:
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
        yield _say_first(spec, MOST_MARKS, members)


def _say_first(spec: ChartSpec, drawn: int | str, total: int | str) -> Phrase:
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


_POSSIBLE = {
    "milestone_rate": N_("Could be reached"),
    "reached_share": N_("Could be reached", "a number"),
    "targets_met_rate": N_("Could be met"),
}


def _compose_picture(snapshot: Snapshot, lang: str, spec: ChartSpec, marks: Marks) -> dict[str, Phrase | str]:
    """Compose the words of pictures and tables.

    Returns:
        The measures by their ids, the statuses as `status_…`, `dimension` and `second` for the chart's dimensions,
        the texts of `_PICTURE_WORDS`; `pair` and `first_drawn` have placeholders.
    """
    words: dict[str, Phrase | str] = {name: phrase(definition.name) for name, definition in DEFINITIONS.items()}
    words |= {name: phrase(text) for name, text in _PICTURE_WORDS.items()}
    words["first_drawn"] = _say_first(spec, "{drawn}", "{all}")
    words |= {name: phrase(name_dimension(one)) for name, one in _dimensions(spec) if one}
    if spec.is_pace:
        words |= {name: phrase(text) for name, text in _PACE_WORDS.items()}
    if marks.sides or spec.is_expected:
        side_words = _SPOKEN_WORDS if spec.dimension == SPOKEN else _SIDE_WORDS
        words |= {name: phrase(text) for name, text in side_words.items()}
    if spec.kind == "answers":
        words |= {name: phrase(text) for name, text in _ANSWER_WORDS.items()}
    if marks.wider_total is not None:
        words["peer"] = phrase(N_("{name} (for comparison)"))
    if spec.kind == "rates":
        words |= {"all_together": phrase(N_("All together")), "all_at": phrase(N_("all {rate}"), rate="{rate}")}
    if spec.amount:
        promised = phrase(DEFINITIONS["promised"].name)
        words |= {"all_together": promised, "all_at": phrase(N_("promised: {rate}"), rate="{rate}"), "level": promised}
    words["up_to"] = phrase(N_("up to {rate}"), rate="{rate}")
    words["few"] = phrase(N_("fewer than {few} actions"), few=FEW)
    words["deadline"] = phrase(N_("Deadline: {day}"), day=snapshot.campaign["action_deadline_on"])
    words["deadline_name"] = phrase(N_("Deadline"))
    if spec.rate in _POSSIBLE:
        words["possible"] = phrase(_POSSIBLE[spec.rate])
    words["nothing_to_count"], words["none_counted"] = (phrase(text) for text in NOTHING[spec.size])
    if spec.kind in STACKS and (sizes := [size for size in marks.frame[spec.size].tolist() if size]):
        words["first_actions"] = _count(spec.size, sizes[0])
    words |= {f"wave_{wave.name}": phrase(name_code(wave.name)) for wave in marks.waves}
    labels = {code: status.labels[lang] for code, status in snapshot.codes.get("statuses", {}).items()}
    return words | {f"status_{code}": labels.get(code, words[column]) for code, column in STATUS_COLUMNS.items()}


def _count(size: str, n: int) -> Phrase:
    """Count in words what bars stand for."""
    if size == "milestones":
        return plural(N_("{n} milestone"), N_("{n} milestones"), n)
    if size == "completed":
        return plural(N_("{n} completed action"), N_("{n} completed actions"), n)
    return plural(N_("{n} action"), N_("{n} actions"), n)


def _dimensions(spec: ChartSpec) -> tuple[tuple[str, str], ...]:
    return ("dimension", spec.dimension), ("second", spec.second)


_SIDE_WORDS = {
    "side": N_("Selection"),
    "difference": N_("Difference"),
    "range": RANGE,
}
_SPOKEN_WORDS = {**_SIDE_WORDS, **CAUSES, "side": N_("Said or known"), "none_shown": NOTHING_SAID}
_ANSWER_WORDS = {"answer": N_("Answer"), "reports": N_("Reports"), "share": N_("Share", "part of a whole")}
_PACE_WORDS = {
    "ahead": N_("Ahead of the time elapsed"),
    "behind": N_("Behind the time elapsed"),
    "points": N_("{points} percentage points"),
    "pace_points": N_("Pace, in percentage points"),
}
_PICTURE_WORDS = {
    "expected": N_("Expected"),
    "reviewed_only": N_("Reviewed, not verified"),
    "evidenced_only": N_("Evidenced, not reviewed"),
    "milestones_late": N_("Milestones reached late"),
    "milestones_soon": N_("Milestones due in the next 30 days"),
    "no_actions": N_("no actions"),
    "none_selected": N_("No action is in this selection."),
    "none_shown": N_("No action in this selection states this."),
    "none_beside": NONE_BESIDE,
    "possible": N_("Could be completed"),
    "not_yet_known": N_("Not yet known"),
    "at_most": N_("Up to"),
    "day": N_("Day"),
    "waves": N_("Survey waves"),
    "pair": N_("{name}: {value}"),
    "uncoded": N_("assigned to no country"),
    "outside": N_("outside the selection"),
    "not_on_map": N_("Not on the map"),
    "disclaimer": N_(
        "The boundaries and names shown and the designations used on this map do not imply official endorsement or "
        "acceptance by the United Nations."
    ),
}
