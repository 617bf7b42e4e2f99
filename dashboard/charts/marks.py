"""Gather the values of charts: for each kind the rows of its marks, labelled and in order.

A chart asks the snapshot here for everything but its total. Tiles and multiples have a block for each region. Beside
the frame of their marks they have the totals of each block, which are those of the region itself: an action that names
a region but no country counts there, an action in two of its countries once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from unicodedata import combining, normalize

import numpy as np
import pandas as pd

from dashboard.charts.catalogue import ChartSpec, Kind
from dashboard.charts.survey_answers import SurveyQuestion, gather_answers
from dashboard.formats import format_date
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, translator
from dashboard.measures import counts, times
from dashboard.measures.context import Indicator, add_context, choose_figure, list_indicators
from dashboard.measures.counts import DIMENSIONS, Headline
from dashboard.measures.definitions import FEW, RATES
from dashboard.measures.expected import Expected, expect
from dashboard.measures.facts import add_counts, compute_rates
from dashboard.measures.over_time import over_time, over_time_by
from dashboard.measures.results import reached_over_time
from dashboard.measures.spoken_days import CAUSES, KEPT_COUNTS, SpokenDay, list_spoken_days
from dashboard.measures.surveys import Wave, list_waves
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

_AREA_CODES = """
ABW AIA ALA ANT ASM ATA ATF BES BLM BMU BVT CCK CHA CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN
IOT JEY KOS MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA TKL TWN UMI VGB VIR WLF
"""
AREAS = frozenset(_AREA_CODES.split())
"""Codes of the shipped countries that are neither members of the United Nations or the ILO nor observer states.

A tile says of a state that it has no action; of these it would say what they cannot be expected to have. With an
action they have a tile as any other. On a map they are then land outside the selection.
"""


class Side(NamedTuple):
    """One of two selections side by side: its name in the reader's language, and its totals."""

    name: str
    total: Headline


@dataclass(frozen=True, eq=False)
class Marks:
    """The values of a chart.

    Attributes:
        frame: A row a mark. Kinds `rates`, `statuses`, `outcomes`, `evidence` and `table`: a row a member (`code`,
            `label`, counts, rates, `is_few`); `curve`: a row a day, as `over_time`; `grid`: a row a pair (`code`,
            `label`, `column_code`, `column_label`, counts, rates, `is_few`); `tiles` and `map`: a row a country, with
            `region` and `region_label`; `multiples`: a row a member and day; `counts`: a row a month (`code`, `label`,
            `completed`, `is_few`); `answers`: as `gather_answers`; `pairs` and `curves`: as `sides.gather_sides`.
        columns: The grid's columns, (code, label), in order; empty for other kinds.
        blocks: Kinds `tiles`, `map` and `multiples`: the totals of each region, as `measures.by_dimension`, in the
            codelist's order, with `label` after `code` and `is_few` at the end. Not every one has a tile: `global`
            has none, and a country of a region that is not chosen has none.
        wider_total: Where peers are shown: the totals of the selection without the filters by its own dimensions.
            Frames then have `is_peer`: whether a mark is of a member that is not chosen.
        waves: Kinds `curve` and `curves`: the survey waves that had begun by the day, the earliest first.
        sides: Kinds `pairs` and `curves`: the two selections.
        is_days: Whether the two sides are the same actions on two days, or on one day known twice.
        question: Kind `answers`: the question.
        measured: The indicator and the unit that are summed, in words; empty where nothing is.
        expected: What is expected by the deadline, of a curve that goes on to it.
        indicators: Of countries: the published figures that stand beside their counts, as `context.add_context`.
        beside: The one of them that a scatter or a map draws.
        places: Kind `scatter`: how many countries have actions, with that figure or without.
        spoken: Of the days that publications have spoken of, the last one up to the selection's day.
    """

    frame: pd.DataFrame
    columns: tuple[tuple[str, str], ...] = ()
    blocks: pd.DataFrame = field(default_factory=pd.DataFrame)
    wider_total: Headline | None = None
    waves: tuple[Wave, ...] = ()
    sides: tuple[Side, ...] = ()
    is_days: bool = False
    question: SurveyQuestion | None = None
    measured: tuple[str, ...] = ()
    expected: Expected | None = None
    indicators: tuple[Indicator, ...] = ()
    beside: Indicator | None = None
    places: int = 0
    spoken: SpokenDay | None = None

    def members(self) -> pd.DataFrame:
        """Return a row for each member: on the last day, where there are several days."""
        return self.frame.drop_duplicates("code", keep="last") if "on_date" in self.frame else self.frame

    def chosen(self) -> "Marks":
        """Return the rows that are no peers."""
        frames = {name: frame for name in ("frame", "blocks") if "is_peer" in (frame := getattr(self, name))}
        return replace(self, **{name: frame[~frame["is_peer"]] for name, frame in frames.items()})


def gather_marks(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, total: Headline, *, has_peers: bool = False
) -> Marks:
    """Gather the values of a chart for a selection, labelled in its language.

    With peers, the filters by the chart's own dimensions mark the members that are not chosen as peers, and leave none
    out. Frames have the measure that is shown beside those of `measures.by_dimension`: `on_time_rate`; or `pace` with
    its `pace_upper_bound`, both as fractions of 1.
    """
    chart_dimensions = [DIMENSIONS[name] for name in (spec.dimension, spec.second) if has_peers and name in DIMENSIONS]
    chosen_codes = selection.codes(DIMENSIONS[spec.dimension]) if has_peers and spec.dimension in DIMENSIONS else ()
    lifted: dict[str, Any] = {one.attribute: () for one in chart_dimensions}
    wider_selection = replace(selection, **lifted)
    marks = _GATHER[spec.kind](snapshot, wider_selection, spec, chosen_codes)
    if spec.amount and spec.indicator:
        codes = snapshot.codes["indicators"][spec.indicator], snapshot.codes["units"][spec.unit]
        marks = replace(marks, measured=tuple(code.labels[selection.lang] for code in codes))
    if has_peers:
        _tell_peers(marks, spec, selection)
        wider_total = None
        if wider_selection != selection:
            headline = counts.headline(snapshot, wider_selection)
            wider_total = counts.count_further(snapshot, wider_selection, headline, spec.rate, spec.amount)
        marks = replace(marks, wider_total=wider_total)
    if spec.dimension == "country" and spec.kind in _WITH_FIGURES:
        marks = put_figures_beside(snapshot, marks, spec, selection.lang)
    for frame in (marks.frame, marks.blocks):
        if spec.rate != "on_time_rate" and "on_time_unknown" in frame:
            del frame["on_time_unknown"]
        if spec.measures[0] == "on_time_rate" and "on_time" in frame:
            columns = {name: frame[name].to_numpy() for name in ("on_time", "actions")}
            frame["on_time_rate"] = compute_rates(columns, ["on_time_rate"])["on_time_rate"]
        if spec.is_pace and "completion_rate" in frame:
            frame["pace"] = frame["completion_rate"] - total.elapsed
            frame["pace_upper_bound"] = frame["upper_bound"] - total.elapsed
    return marks


_WITH_FIGURES: tuple[Kind, ...] = ("rates", "tiles", "map", "table", "scatter")


def put_figures_beside(snapshot: Snapshot, marks: Marks, spec: ChartSpec, lang: str) -> Marks:
    """Put the published figures about countries beside their counts; a scatter keeps the countries that have both.

    Raises:
        SelectionError: the campaign has no figures of the indicator, or they are years.
    """
    indicators, is_scatter = list_indicators(snapshot, lang), spec.kind == "scatter"
    beside = choose_figure(snapshot, spec.indicator, lang) if spec.indicator or is_scatter else None
    frame = add_context(snapshot, marks.frame)
    if is_scatter:
        places = frame[(frame["actions"] > 0) & (frame["code"] != UNCLASSIFIED)]
        frame = places[places[beside.column].notna()] if beside else places.head(0)
        marks = replace(marks, frame=frame.reset_index(drop=True), places=len(places))
    return replace(marks, indicators=indicators, beside=beside)


def is_filtered(spec: ChartSpec, selection: Selection) -> bool:
    """Whether a selection is filtered by the chart's own dimensions, so that it can have peers."""
    return any(selection.codes(DIMENSIONS[name]) for name in (spec.dimension, spec.second) if name in DIMENSIONS)


def _tell_peers(marks: Marks, spec: ChartSpec, selection: Selection) -> None:
    """Add `is_peer` to the frames of marks: whether codes of its dimension are chosen, and its own is not."""
    second = {"grid": "column_code", "tiles": "region"}.get(spec.kind, "")
    frames = [(marks.frame, {spec.dimension: "code", spec.second: second})]
    if not marks.blocks.empty:
        frames.append((marks.blocks, {spec.second or spec.dimension: "code"}))
    for frame, columns in frames:
        is_peer = np.zeros(len(frame), dtype=bool)
        for dimension, column in columns.items():
            if dimension in DIMENSIONS and (codes := selection.codes(DIMENSIONS[dimension])):
                is_peer |= ~frame[column].isin(codes).to_numpy()
        frame["is_peer"] = is_peer


def _gather_members(snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]) -> Marks:
    """Gather a row a member, as `measures.by_dimension`, with `label` after `code` and `is_few` at the end, sorted."""
    return Marks(_sort(_count_members(snapshot, selection, spec, chosen_codes), spec))


def _count_members(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]
) -> pd.DataFrame:
    """Count the chart's first dimension: a row a member, labelled, as the codelist sorts them; chosen codes always."""
    frame = counts.by_dimension(snapshot, selection, spec.dimension, chosen_codes)
    frame = add_counts(snapshot, selection, frame, spec.rate, spec.dimension, amount=spec.amount)
    return _label(snapshot, frame, spec.dimension, selection.lang, spec.size)


def _gather_grid(snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]) -> Marks:
    """Gather a row for each pair of members, as `measures.cross`, both with their labels, and `is_few`."""
    frame = counts.cross(snapshot, selection, spec.dimension, spec.second)
    if spec.rate != "on_time_rate":
        frame = frame.drop(columns="on_time")
    frame = add_counts(snapshot, selection, frame, spec.rate, spec.dimension, spec.second)
    if spec.denominator != "actions":  # a rate of nothing is no cell
        frame = frame[frame[spec.denominator] > 0].reset_index(drop=True)
    frame = _label(snapshot, frame.rename(columns={"row_code": "code"}), spec.dimension, selection.lang, spec.size)
    frame.insert(3, "column_label", _label_members(snapshot, spec.second, list(frame["column_code"]), selection.lang))
    labels = dict(zip(frame["column_code"], frame["column_label"], strict=True))
    if spec.order != "codelist":
        rows = pd.Index(_sort(_count_members(snapshot, selection, spec, chosen_codes), spec)["code"])
        frame = frame.take(np.argsort(rows.get_indexer(pd.Index(frame["code"])), kind="stable")).reset_index(drop=True)
    columns = counts.list_codes(snapshot, selection, spec.second, set(labels))
    return Marks(frame, columns=tuple((code, labels[code]) for code in columns))


def _gather_answers(snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]) -> Marks:
    """Gather a row for each answer, with waves side by side for each answer and wave, as `gather_answers`."""
    frame, asked_question = gather_answers(snapshot, selection, spec)
    return Marks(frame, question=asked_question)


def _gather_counts(snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]) -> Marks:
    """A row a month of completion, as `completed_by_month`, with `label` after `code` and `is_few` at the end."""
    frame = counts.completed_by_month(snapshot, selection)
    frame.insert(1, "label", [times.name_time(code, selection.lang) for code in frame["code"]])
    return Marks(frame.assign(is_few=False))


def _gather_table(snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]) -> Marks:
    """Gather what bars would show."""
    gather = _gather_counts if spec.dimension == times.COMPLETED else _gather_members
    return gather(snapshot, selection, spec, chosen_codes)


def _gather_curve(snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]) -> Marks:
    """Gather a row for each day, as `over_time`, up to the last day with any data."""
    waves = list_waves(snapshot, selection.day(snapshot))
    expected = expect(snapshot, selection) if spec.is_expected else None
    frame = reached_over_time(snapshot, selection, spec.amount) if spec.amount else over_time(snapshot, selection)
    return Marks(_cut_unknown_days(snapshot, frame), waves=waves, expected=expected)


def _cut_unknown_days(snapshot: Snapshot, frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the days after the last one with any data; the first day stays."""
    last = max(pd.Timestamp(snapshot.last_date), frame["on_date"].min())
    until_last: pd.DataFrame = frame[frame["on_date"] <= last]
    return until_last.reset_index(drop=True)


def _gather_tiles(snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]) -> Marks:
    """Gather a row for each country: those of the selection, and those of its regions without an action.

    Areas that are no state (`AREAS`) are listed only where an action names them or the reader chose them.

    The frame has `code`, `label`, `region`, `region_label`, the counts and rates of `measures.by_dimension`, `is_few`;
    the regions in the codelist's order, the countries in each by their names in the selection's language, if nothing
    else is chosen. It has no row if no country has an action.
    """
    countries = snapshot.codes.get("countries", {})
    frame = counts.by_dimension(
        snapshot, selection, spec.dimension, besides=(countries.keys() - AREAS).union(chosen_codes)
    )
    frame = frame[frame["code"] != UNCLASSIFIED]
    if not frame["actions"].any():
        frame = frame.head(0)
    regions = [_region_of(snapshot, code) for code in frame["code"]]
    labels = [countries[code].labels[selection.lang] for code in frame["code"]]
    frame.insert(1, "label", labels)
    frame.insert(2, "region", regions)
    frame.insert(3, "region_label", _label_members(snapshot, spec.second, regions, selection.lang))
    frame["is_few"] = frame["actions"] < FEW
    region_places = pd.Index(list(snapshot.codes.get("regions", {}))).get_indexer(pd.Index(regions))
    frame = frame.take(np.lexsort((*_sort_keys(frame, spec), region_places))).reset_index(drop=True)
    blocks = counts.by_dimension(snapshot, selection, spec.second, besides=set(regions))
    return Marks(frame, blocks=_label(snapshot, blocks, spec.second, selection.lang))


def _gather_multiples(snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]) -> Marks:
    """Gather a row for each region and day, as `_gather_curve`, with `label` after `code` and `is_few` at the end."""
    days = _cut_unknown_days(snapshot, over_time_by(snapshot, selection, spec.dimension))
    frame = _label(snapshot, days, spec.dimension, selection.lang)
    blocks = _sort(_count_members(snapshot, selection, spec, ()), spec)
    if spec.order != "codelist":
        members = pd.Index(blocks["code"]).get_indexer(pd.Index(frame["code"]))
        frame = frame.take(np.argsort(members, kind="stable")).reset_index(drop=True)
    return Marks(frame, blocks=blocks)


def _gather_spoken_days(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, chosen_codes: Sequence[str]
) -> Marks:
    """Gather two rows for each day that earlier publications have spoken of: what was said, and what is known now.

    The frame is as that of two sides; besides, `<figure>_<cause>` is how much known figures changed by each cause.
    """
    t = translator(selection.lang)
    names = (t(N_("Said then")), t(N_("Known now")))
    days = [spoken for spoken in list_spoken_days(snapshot, selection) if not spoken.is_own]
    rows: list[dict[str, Any]] = []
    for spoken in days:
        causes = spoken.add_causes()
        for side, name, figures in zip(SPOKEN_SIDES, names, (spoken.figures_then, spoken.figures_now), strict=True):
            parts = {
                f"{figure}_{cause}": changes[figure] if side == SPOKEN_SIDES[1] else 0
                for figure in KEPT_COUNTS
                for cause, changes in causes.items()
            }
            head = {"code": spoken.day.isoformat(), "side": side, "side_label": name}
            head["label"] = format_date(spoken.day, selection.lang)
            rows.append(head | {figure: figures[figure] for figure in KEPT_COUNTS} | parts)
    columns = [*_SPOKEN_COLUMNS, *KEPT_COUNTS, *(f"{figure}_{cause}" for figure in KEPT_COUNTS for cause in CAUSES)]
    frame = pd.DataFrame(rows, columns=columns)
    frame["not_reported"] = frame["actions"] - frame["reported"]
    columns_of_counts = {name: frame[name].to_numpy(dtype="int64") for name in (*KEPT_COUNTS, "not_reported")}
    frame = frame.assign(**compute_rates(columns_of_counts, counts.BREAKDOWN_RATES), is_few=frame["actions"] < FEW)
    frame["verdict"] = pd.Series([None] * len(frame), dtype="str")
    frame["difference_low"], frame["difference_high"] = np.nan, np.nan
    day = days[0].day if days else selection.day(snapshot)
    total_now = counts.headline(snapshot, replace(selection, as_of=day))
    figures_then: dict[str, Any] = {figure: days[0].figures_then[figure] for figure in KEPT_COUNTS} if days else {}
    sides = (Side(names[0], replace(total_now, **figures_then)), Side(names[1], total_now))
    return Marks(frame, sides=sides, is_days=True, spoken=days[0] if days else None)


SPOKEN_SIDES = ("said", "known")
_SPOKEN_COLUMNS = ("code", "label", "side", "side_label")

_GATHER: dict[Kind, Callable[[Snapshot, Selection, ChartSpec, Sequence[str]], Marks]] = {
    "rates": _gather_members,
    "statuses": _gather_members,
    "outcomes": _gather_members,
    "evidence": _gather_members,
    "counts": _gather_counts,
    "grid": _gather_grid,
    "curve": _gather_curve,
    "tiles": _gather_tiles,
    "map": _gather_tiles,
    "multiples": _gather_multiples,
    "table": _gather_table,
    "scatter": _gather_members,
    "answers": _gather_answers,
    "pairs": _gather_spoken_days,
}


def _label(snapshot: Snapshot, frame: pd.DataFrame, dimension: str, lang: str, size: str = "actions") -> pd.DataFrame:
    """Label a frame of members behind their codes, and add at its end whether they have few of a count."""
    frame.insert(1, "label", _label_members(snapshot, dimension, list(frame["code"]), lang))
    frame["is_few"] = frame[size] < FEW
    return frame


def _label_members(snapshot: Snapshot, dimension: str, codes: list[str], lang: str) -> list[str]:
    """Return the labels of a dimension's codes in one language."""
    if dimension in times.TIMES:
        return [times.name_time(code, lang) for code in codes]
    codelist_entries = snapshot.codes.get(DIMENSIONS[dimension].codelist, {})
    labels = {code: codelist_entries[code].labels[lang] for code in set(codes)}
    return [labels[code] for code in codes]


def sort_key(label: str) -> str:
    """Fold a name as an index sorts it: no accents, capitals, apostrophes (Égypte between Djibouti and Eswatini)."""
    letters = (letter for letter in normalize("NFKD", label) if not combining(letter))
    return "".join(letters).replace("’", " ").replace("'", " ").casefold()


def _region_of(snapshot: Snapshot, country: str) -> str:
    subregion = snapshot.codes["countries"][country].parent
    subregion_entry = snapshot.codes.get("subregions", {}).get(subregion or UNCLASSIFIED)
    return (subregion_entry.parent if subregion_entry else None) or UNCLASSIFIED


def _sort(frame: pd.DataFrame, spec: ChartSpec) -> pd.DataFrame:
    """Sort members as a chart does; those that are not classified yet are never ranked, and stand last."""
    if spec.order == "codelist":
        return frame
    is_unclassified = frame["code"].isin((UNCLASSIFIED, *times.OUTSIDE)).to_numpy()
    return frame.take(np.lexsort((*_sort_keys(frame, spec), is_unclassified))).reset_index(drop=True)


def _sort_keys(frame: pd.DataFrame, spec: ChartSpec) -> tuple[np.ndarray, ...]:
    """The keys of members for `lexsort`, the last one first: the highest on top, few actions below, by a rate.

    Pace is the completion rate less what is the same for all.
    """
    if spec.order == "name":
        return (pd.Index([sort_key(label) for label in frame["label"]]).argsort().argsort(),)
    rate = {"pace": "completion_rate", "reporting": "reporting_rate"}.get(spec.order, spec.rate)
    columns = {name: frame[name].to_numpy() for name in (RATES[rate].denominator, *RATES[rate].parts)}
    values, size = np.nan_to_num(compute_rates(columns, [rate])[rate], nan=-1), frame[spec.size].to_numpy()
    return (-values, -size) if spec.order == "actions" else (-size, -values, frame["is_few"].to_numpy())
