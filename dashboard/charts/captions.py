"""The words around a chart: its selection, summary, definitions, source, day and notes, and its finding.

Everything is derived from the values shown; nothing is typed that could go stale. The sentences are composed as
phrases, in no language; `say_words` translates all of them at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from dashboard.campaign.reporting.numbers import says_unit
from dashboard.charts.catalogue import STACKS, STATUS_COLUMNS, ChartSpec, Kind
from dashboard.charts.chart_notes import compare_total, compose_notes, name_value, say_first
from dashboard.charts.finding import NONE_BESIDE, NOTHING, compose_finding, say_expected
from dashboard.charts.key_messages import Subject, compose_messages
from dashboard.charts.marks import Marks
from dashboard.charts.options import own_measures
from dashboard.charts.said_and_known import NOTHING_SAID, summarise_spoken
from dashboard.charts.sides import RANGE
from dashboard.charts.survey_answers import summarise_answers
from dashboard.i18n import N_, Part, Phrase, phrase, plural, translator
from dashboard.languages import SOURCE
from dashboard.measures.counts import Headline, name_dimension
from dashboard.measures.definitions import DEFINITIONS, FEW
from dashboard.measures.spoken_days import CAUSES
from dashboard.measures.surveys import name_code
from dashboard.measures.times import COMPLETED, SPOKEN
from dashboard.snapshot.attribution import compose_source, find_data_day
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.snapshot.selection_words import compare_names, entitle, list_filters, name_place, name_shared

NAMED_SOURCES = 3
"""How many input files a caption names before it counts the rest."""


@dataclass(frozen=True)
class Caption:
    """The words around a chart, in one language.

    Attributes:
        title: The chart's title, for above it where the filters are shown; it names two selections side by side.
        plain_title: The same without the two.
        place: The words of the selection without the day, `Africa · Education`; of a comparison with both of its
            sides. Empty where everything is selected.
        place_and_day: The same with the day, where one was chosen.
        selection: The filters in force, (label, values) pairs; the as-of day is always among them.
        findings: The finding, in one sentence or two that its values carry.
        summary: n of N, in a sentence.
        messages: What can be said aloud: a sentence about all of the actions, the selection first; and where the
            chart has more to say, another.
        definitions: The measures shown, (name, sentence) pairs.
        formulas: How the measures shown are computed, in a sentence each.
        source_line: Who publishes the figures, of which day, under which licence; readers see it.
        files_line: The input files the figures come from, shortened when many, as a sentence; empty where none is.
        sources: The same files, all of them.
        notes: What a reader must know to read the figures rightly.
        alt: A description of the picture for those who do not see it, with the selection and the day.
    """

    title: str
    place: str
    place_and_day: str
    plain_title: str
    selection: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]
    summary: str
    messages: tuple[str, ...]
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
    def key_message(self) -> str:
        """Return the sentence to say about all of the actions."""
        return self.messages[0]

    @property
    def full_title(self) -> str:
        """The title with the selection, for what goes out."""
        return self.entitle("")

    def entitle(self, own_title: str | None, longest: int | None = None) -> str:
        """Return a presenter's own title, or else the chart's, with the selection; of at most so many characters."""
        return entitle(own_title or self.plain_title, self.place_and_day, longest)

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
    chosen_marks = marks.chosen()
    findings = compose_finding(spec, chosen_marks, total, chosen)
    if marks.expected is not None and total.actions:
        findings = (*findings, *say_expected(marks.expected, total))
    name, sides = _compose_name(spec, marks), _name_sides(spec, marks)
    place, shared = name_place(snapshot, selection), name_shared(snapshot, selection)
    full_title = phrase("{title} – {place}", title=name, place=place) if place else name
    day = _compare([phrase("{day}", day=one.day) for one in totals])
    data_days = [phrase("{day}", day=find_data_day(snapshot.campaign, one.day)) for one in totals]
    heading = N_("{title}, as of {day}.") if marks.question is None else N_("{title} – as of {day}.")
    if selection.other is not None and totals[0].day != totals[-1].day:  # the place names both days
        heading = "{title}."
    picture = [phrase(heading, title=full_title, day=day), *findings]
    if any(one.actions for one in totals):
        picture.append(phrase(N_("All together: {summary}"), summary=replace(summary, follows_colon=True)))
    if marks.wider_total is not None:
        picture.append(compare_total(spec, marks.wider_total))
    definitions = [DEFINITIONS[measure] for measure in spec.measures]
    return {
        "title": phrase(N_("{title}: {names}"), title=name, names=sides) if sides else name,
        "plain_title": name,
        "place": place,
        "place_and_day": name_place(snapshot, selection, has_day=True),
        "findings": findings,
        "summary": summary,
        "messages": compose_messages(
            spec, chosen_marks, total, _find_subject(snapshot, selection, shared), findings, summary, chosen
        ),
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
        "notes": tuple(compose_notes(snapshot, selection, spec, marks, total)),
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
    return first if first == last else compare_names(first, last)


def _summarise_all(marks: Marks, spec: ChartSpec, total: Headline) -> Phrase:
    """Summarise how many actions are completed and have reported; for two selections each of them."""
    if marks.question is not None:
        return summarise_answers(marks.question)
    if spec.dimension == SPOKEN:
        return summarise_spoken(marks.spoken)
    if not marks.sides or marks.sides[0] == marks.sides[1]:
        return _summarise(total, spec)
    first, second = (
        name_value(side.name, replace(_summarise(side.total, spec), follows_colon=True)) for side in marks.sides
    )
    return phrase("{one} {other}", one=first, other=second)


def _compose_name(spec: ChartSpec, marks: Marks) -> Phrase:
    """Compose the title of a chart without any selection; a survey's question as it was asked."""
    title = compose_title(spec) if marks.question is None else phrase("{text}", text=marks.question.text)
    if marks.measured:
        indicator, unit = marks.measured
        title = replace(title, is_inside=True)
        words = N_("{indicator}: {title}") if says_unit(indicator, unit) else N_("{indicator} ({unit}): {title}")
        title = phrase(words, indicator=indicator, unit=unit, title=title)
    return title if marks.beside is None else phrase(_BESIDE[spec.kind], title=title, indicator=marks.beside.name)


def _name_sides(spec: ChartSpec, marks: Marks) -> Phrase | None:
    """Name two selections that differ; nothing where there are no two."""
    if not marks.sides or marks.sides[0].name == marks.sides[1].name or spec.dimension == SPOKEN:
        return None
    return compare_names(marks.sides[0].name, marks.sides[1].name)


def _find_subject(snapshot: Snapshot, selection: Selection, shared: str) -> Subject:
    """Find whom the key messages are about: `shared`, and its one region where nothing else is chosen."""
    region = ("", "")
    if len(selection.regions) == 1 and selection == Selection(
        regions=selection.regions, as_of=selection.as_of, build=selection.build, lang=selection.lang
    ):
        code = selection.regions[0]
        region = code, snapshot.codes["regions"][code].labels.get(SOURCE, "")
    return Subject(shared, region, selection.as_of)


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
        reported=total.reported,
        reporting=Part(total.reported, total.actions),
        **values,
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
    words["first_drawn"] = say_first(spec, "{drawn}", "{all}")
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
