"""The words around a chart: its selection, sum, definitions, sources, day and notes, and what it shows.

Everything is derived from the rows shown; nothing is typed that could go stale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.catalogue import MOST_MARKS, ChartSpec
from dashboard.formats import format_count, format_date, format_percent
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.counts import DIMENSIONS, Headline, by_dimension
from dashboard.measures.definitions import DEFINITIONS, FEW, RATES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Selection, describe

NAMED_SOURCES = 3
"""How many input files a caption names before it counts the rest."""


@dataclass(frozen=True)
class Caption:
    """What stands around a chart, in one language.

    Attributes:
        title: The chart's title.
        selection: The filters in force, (label, values) pairs; the as-of day is always among them.
        summary: n of N, in a sentence.
        definitions: The measures shown, (name, sentence) pairs.
        source: The input files the figures come from, shortened when many.
        sources: The same files, all of them.
        as_of: The day the figures stand at.
        notes: What a reader must know to read the figures rightly.
    """

    title: str
    selection: tuple[tuple[str, str], ...]
    summary: str
    definitions: tuple[tuple[str, str], ...]
    source: str
    sources: tuple[str, ...]
    as_of: str
    notes: tuple[str, ...]


def build_caption(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, frame: pd.DataFrame, total: Headline
) -> Caption:
    """The words around one chart of a selection, in the selection's language."""
    t = translator(selection.lang)
    words = describe(selection, snapshot, t, lambda day: format_date(day, selection.lang))
    shown = (DEFINITIONS[measure] for measure in spec.measures)
    return Caption(
        title=t(spec.title),
        selection=tuple(words),
        summary=summarise(total, t),
        definitions=tuple((t(definition.name), t(definition.sentence)) for definition in shown),
        source=name_sources(total.source_files, t),
        sources=total.source_files,
        as_of=format_date(total.day, selection.lang),
        notes=tuple(_notes(snapshot, selection, spec, frame, total)),
    )


def summarise(total: Headline, t: Translator) -> str:
    """How many of the selection's actions are completed and have reported, in a sentence."""
    if not total.actions:
        return t(N_("No action is in this selection."))
    lang = t.language
    return t.plural(
        N_("{completed} of {n} action completed ({rate}), {reported} reported ({reporting})."),
        N_("{completed} of {n} actions completed ({rate}), {reported} reported ({reporting})."),
        total.actions,
        n=format_count(total.actions, lang),
        completed=format_count(total.completed, lang),
        rate=format_percent(total.completed, total.actions, lang),
        reported=format_count(total.reported, lang),
        reporting=format_percent(total.reported, total.actions, lang),
    )


def name_sources(files: Sequence[str], t: Translator) -> str:
    """Input files in a line: the first three by name, the others counted."""
    named = ", ".join(files[:NAMED_SOURCES])
    rest = len(files) - NAMED_SOURCES
    if rest <= 0:
        return named
    return t.plural(
        N_("{files} and {n} more file"),
        N_("{files} and {n} more files"),
        rest,
        files=named,
        n=format_count(rest, t.language),
    )


def describe_picture(spec: ChartSpec, frame: pd.DataFrame, total: Headline, t: Translator) -> str:
    """What a chart's picture shows, for those who do not see it."""
    parts = [t(N_("{title}, as of {day}."), title=t(spec.title), day=format_date(total.day, t.language))]
    parts += describe_highlights(spec, frame, total, t)
    parts.append(t(N_("All together: {summary}"), summary=summarise(total, t)))
    return " ".join(parts)


def describe_highlights(spec: ChartSpec, frame: pd.DataFrame, total: Headline, t: Translator) -> list[str]:
    """What stands out in a chart, in sentences; none where its kind has nothing to single out."""
    parts = []
    if spec.kind == "tiles" and not frame.empty:
        count = format_count(int((frame["actions"] > 0).sum()), t.language)
        parts.append(
            t(N_("Countries with an action: {n} of {all}."), n=count, all=format_count(len(frame), t.language))
        )
    if spec.kind in ("rates", "tiles", "multiples"):
        parts += _describe_ends(spec.measures[0], _last_rows(frame), t)
    if spec.kind in ("curve", "multiples") and total.actions:
        parts.append(
            t(
                N_("{elapsed} of the time had elapsed and {rate} of the actions were completed."),
                elapsed=format_percent(total.day_number, total.days_total, t.language),
                rate=format_percent(total.completed, total.actions, t.language),
            )
        )
    return parts


def _describe_ends(rate: str, frame: pd.DataFrame, t: Translator) -> list[str]:
    """The highest and lowest rate among members with enough actions."""
    column = RATES[rate].parts[0]
    members = zip(
        frame["code"].tolist(), frame["label"], frame[column].tolist(), frame["actions"].tolist(), strict=True
    )
    rated = [
        (part / whole, label, part, whole)
        for code, label, part, whole in members
        if whole >= FEW and code != UNCLASSIFIED
    ]
    if len(rated) < 2:
        return []
    ends = [
        t(
            N_("{name} {rate} ({part} of {whole})"),
            name=label,
            rate=format_percent(part, whole, t.language),
            part=format_count(part, t.language),
            whole=format_count(whole, t.language),
        )
        for _, label, part, whole in (max(rated), min(rated))
    ]
    return [t(N_("Highest: {highest}; lowest: {lowest}."), highest=ends[0], lowest=ends[1])]


def _notes(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, frame: pd.DataFrame, total: Headline
) -> list[str]:
    t = translator(selection.lang)
    notes = []
    if snapshot.is_sample:
        notes.append(t(N_("The data is fictional.")))
    if spec.kind in ("rates", "statuses", "multiples"):
        notes += _member_notes(spec, _last_rows(frame), total, t)
    if spec.kind == "tiles" and not frame.empty:
        notes += _tile_notes(snapshot, selection, spec, t)
    if spec.kind == "grid":
        notes.append(
            t(N_("The stronger a cell's colour, the higher the completion rate; the table has completed/actions."))
        )
    if spec.kind == "grid" and frame["actions"].sum() > total.actions:
        notes.append(t(N_("An action counts in every cell it belongs to, so the cells add up to more than the total.")))
    if spec.kind != "curve" and bool((frame["is_few"] & (frame["actions"] > 0)).any()):
        notes.append(t(N_("Rates of fewer than {few} actions say little and are shown in grey."), few=FEW))
    if spec.kind in ("curve", "multiples") and selection.statuses:
        notes.append(
            t(N_("The actions are those that have the chosen status on the last day; the curve looks back on them."))
        )
    if total.unmatched_reports:
        notes.append(
            t.plural(
                N_("{n} report matches no action and is not counted."),
                N_("{n} reports match no action and are not counted."),
                total.unmatched_reports,
                n=format_count(total.unmatched_reports, t.language),
            )
        )
    return notes


def _last_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """A row a member: as it is on the last day, where there are several days."""
    return frame.drop_duplicates("code", keep="last") if "on_date" in frame else frame


def _tile_notes(snapshot: Snapshot, selection: Selection, spec: ChartSpec, t: Translator) -> list[str]:
    """What the shades mean, and the actions that no tile shows, with their numbers."""
    regions = by_dimension(snapshot, selection, spec.second)
    codes = snapshot.codes[DIMENSIONS[spec.second].codelist]
    counts = zip(regions["code"], regions["actions"].tolist(), strict=True)
    beside = [
        t(N_("{name}: {value}"), name=codes[code].labels[t.language], value=format_count(actions, t.language))
        for code, actions in counts
        if actions and code in ("global", UNCLASSIFIED)
    ]
    notes = [
        t(N_("The stronger a tile’s colour, the higher the completion rate; an outlined one has no action here.")),
        t(N_("An action counts in each of its countries; one that names only a region counts in its heading.")),
    ]
    if beside:
        notes.append(t(N_("On no tile: {actions}."), actions=", ".join(beside)))
    return notes


def _member_notes(spec: ChartSpec, frame: pd.DataFrame, total: Headline, t: Translator) -> list[str]:
    notes = []
    parts = int(frame["actions"].sum())
    if parts != total.actions:
        dimension = next(f.label for f in FILTERS if f.parameter == spec.dimension)
        notes.append(
            t(
                N_("By {dimension}, the parts add up to {parts}, the total is {total}: {why}"),
                dimension=t(dimension).lower(),
                parts=format_count(parts, t.language),
                total=format_count(total.actions, t.language),
                why=t(_WHY_PARTS_DIFFER[spec.dimension in ("country", "subregion")]),
            )
        )
    if len(frame) > MOST_MARKS:
        notes.append(
            t(
                N_("The first {drawn} of {all} are drawn; the table has them all."),
                drawn=format_count(MOST_MARKS, t.language),
                all=format_count(len(frame), t.language),
            )
        )
    return notes


_WHY_PARTS_DIFFER = {
    False: N_("an action with several counts once in each."),
    True: N_("an action with several counts once in each, and one that names none is in the total only."),
}
