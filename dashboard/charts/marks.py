"""The values of charts: for each kind the rows that are its marks, labelled and in the order in which they stand.

Tiles and multiples have a block a region. Beside the frame of their marks they have the totals of each block, which
are those of the region itself: an action that names a region but no country counts there, an action in two of its
countries once.
"""

from collections.abc import Callable
from unicodedata import combining, normalize

import numpy as np
import pandas as pd

from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.catalogue import ChartSpec, Kind
from dashboard.measures import counts
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.definitions import FEW
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

_AREA_CODES = """
ABW AIA ALA ANT ASM ATA ATF BES BLM BMU BVT CCK CHA CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN
IOT JEY KOS MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA TKL TWN UMI VGB VIR WLF
"""
AREAS = frozenset(_AREA_CODES.split())
"""Codes of the shipped countries that are neither members of the United Nations or the ILO nor observer states.

A tile says of a state that it has no action; of these it would say what they cannot be expected to have. With an
action they have a tile as any other.
"""

BLOCKED = ("tiles", "multiples")
"""The kinds of charts that have a block a region."""


def member_frame(snapshot: Snapshot, selection: Selection, spec: ChartSpec) -> pd.DataFrame:
    """A row a member, as `measures.by_dimension`, with `label` after `code` and `is_few` at the end, sorted."""
    frame = counts.by_dimension(snapshot, selection, spec.dimension)
    frame.insert(1, "label", label_members(snapshot, spec.dimension, list(frame["code"]), selection.lang))
    frame["is_few"] = frame["actions"] < FEW
    if spec.order != "codelist":
        frame = frame.take(_sorted_places(frame, spec)).reset_index(drop=True)
    return frame


def grid_frame(snapshot: Snapshot, selection: Selection, spec: ChartSpec) -> pd.DataFrame:
    """A row a pair of members, as `measures.cross`, both with their labels, and `is_few`."""
    frame = counts.cross(snapshot, selection, spec.dimension, spec.second)
    frame = frame.rename(columns={"row_code": "code"})
    frame.insert(1, "label", label_members(snapshot, spec.dimension, list(frame["code"]), selection.lang))
    frame.insert(3, "column_label", label_members(snapshot, spec.second, list(frame["column_code"]), selection.lang))
    frame["is_few"] = frame["actions"] < FEW
    return frame


def curve_frame(snapshot: Snapshot, selection: Selection, spec: ChartSpec) -> pd.DataFrame:
    """A row a day, as `measures.over_time`."""
    return counts.over_time(snapshot, selection)


def tile_frame(snapshot: Snapshot, selection: Selection, spec: ChartSpec) -> pd.DataFrame:
    """A row a country: those of the selection, and those of its regions that have no action, which is told too.

    Areas that are no state (`AREAS`) are listed only where an action names them or the reader chose them.

    Returns:
        `code`, `label`, `region`, `region_label`, the counts and rates of `measures.by_dimension`, `is_few`;
        the regions in the codelist's order, the countries by their names in the selection's language. No row if
        no country has an action.
    """
    countries = snapshot.codes.get("countries", {})
    frame = counts.by_dimension(snapshot, selection, spec.dimension, kept=countries.keys() - AREAS)
    frame = frame[frame["code"] != UNCLASSIFIED]
    if not frame["actions"].any():
        frame = frame.head(0)
    regions = [_region_of(snapshot, code) for code in frame["code"]]
    labels = [countries[code].labels[selection.lang] for code in frame["code"]]
    frame.insert(1, "label", labels)
    frame.insert(2, "region", regions)
    frame.insert(3, "region_label", label_members(snapshot, spec.second, regions, selection.lang))
    frame["is_few"] = frame["actions"] < FEW
    region_places = pd.Index(list(snapshot.codes.get("regions", {}))).get_indexer(pd.Index(regions))
    name_places = pd.Index([sort_key(label) for label in labels]).argsort().argsort()
    return frame.take(np.lexsort((name_places, region_places))).reset_index(drop=True)


def multiples_frame(snapshot: Snapshot, selection: Selection, spec: ChartSpec) -> pd.DataFrame:
    """A row a region and day, as `measures.over_time_by`, with `label` after `code` and `is_few` at the end."""
    frame = counts.over_time_by(snapshot, selection, spec.dimension)
    frame.insert(1, "label", label_members(snapshot, spec.dimension, list(frame["code"]), selection.lang))
    frame["is_few"] = frame["actions"] < FEW
    return frame


def block_frame(snapshot: Snapshot, selection: Selection, spec: ChartSpec, frame: pd.DataFrame) -> pd.DataFrame:
    """The totals of each block: a row a region, in the codelist's order.

    Returns:
        `code`, `label`, the counts and rates of `measures.by_dimension`, `is_few`. Not every one has a tile: `global`
        has none, and a country of a region that is not chosen has none.
    """
    dimension = spec.second or spec.dimension
    blocks = counts.by_dimension(snapshot, selection, dimension, kept=set(frame.get("region", ())))
    blocks.insert(1, "label", label_members(snapshot, dimension, list(blocks["code"]), selection.lang))
    blocks["is_few"] = blocks["actions"] < FEW
    return blocks


FRAMES: dict[Kind, Callable[[Snapshot, Selection, ChartSpec], pd.DataFrame]] = {
    "rates": member_frame,
    "statuses": member_frame,
    "grid": grid_frame,
    "curve": curve_frame,
    "tiles": tile_frame,
    "multiples": multiples_frame,
}
"""How the values of each kind of chart are found."""


def label_members(snapshot: Snapshot, dimension: str, codes: list[str], lang: str) -> list[str]:
    """The labels of a dimension's codes in one language."""
    known = snapshot.codes.get(DIMENSIONS[dimension].codelist, {})
    labels = {code: known[code].labels[lang] for code in set(codes)}
    return [labels[code] for code in codes]


def sort_key(label: str) -> str:
    """A name as an index sorts it: without accents, capitals and apostrophes (Égypte between Djibouti and Eswatini)."""
    letters = (letter for letter in normalize("NFKD", label) if not combining(letter))
    return "".join(letters).replace("’", " ").replace("'", " ").casefold()


def _region_of(snapshot: Snapshot, country: str) -> str:
    subregion = snapshot.codes["countries"][country].parent
    known = snapshot.codes.get("subregions", {}).get(subregion or UNCLASSIFIED)
    return (known.parent if known else None) or UNCLASSIFIED


def _sorted_places(frame: pd.DataFrame, spec: ChartSpec) -> np.ndarray:
    """Members by rate (or size), the largest first; few actions below the others, unclassified last."""
    rate = "completion_rate" if spec.kind == "statuses" else spec.measures[0]
    values = frame[rate].fillna(-1).to_numpy()
    size = frame["actions"].to_numpy()
    keys = (-values, -size) if spec.order == "size" else (-size, -values, frame["is_few"].to_numpy())
    return np.lexsort((*keys, (frame["code"] == UNCLASSIFIED).to_numpy()))
