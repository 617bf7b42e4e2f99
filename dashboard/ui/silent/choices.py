"""The choices of the page Silent, kept in the link: the definition of silence, and how close the bounds should be."""

from datetime import date
from typing import NamedTuple

import streamlit as st

from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.measures.counts import DIMENSIONS, by_dimension
from dashboard.measures.silent import USUAL_DIMENSIONS, USUAL_POINTS, Kind
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View

KIND, BY, ONLY, WIDTH, SMALL = PARAMETERS = ("silent", "by", "members", "width", "small")
MOST_WIDTH = 50
_COMMA = ","


class Silence(NamedTuple):
    """A definition of silence: its kind, and for a wave its first day; `code` is its value in the link."""

    code: str
    label: str
    kind: Kind
    since: date | None = None


class Narrowing(NamedTuple):
    """How close the bounds should be, in percentage points, and of which members."""

    dimensions: tuple[str, ...]
    only: frozenset[tuple[str, str]]
    points: int
    has_small: bool


def list_kinds(view: View, day: date) -> dict[str, Silence]:
    """List the definitions of silence, by their values in the link: no report, no status, none since a wave."""
    t = view.t
    kinds = [
        Silence("never", t("No report yet"), "never"),
        Silence("unknown", t("No status known"), "unknown"),
        *(
            Silence(wave.name, t("Not since: {wave}", wave=t(name_code(wave.name))), "since", wave.first_on)
            for wave in list_waves(view.snapshot, day)
        ),
    ]
    return {one.code: one for one in kinds}


def choose_kind(view: View, selection: Selection) -> Silence:
    """Draw the choice of a definition of silence, kept in the link."""
    kinds = list_kinds(view, selection.day(view.snapshot))
    requested = link.page_parameter(KIND)
    if requested is not None and requested not in kinds:
        st.warning(view.t("The link asks for a survey wave that had not begun by this date."))
    chosen = requested if requested in kinds else next(iter(kinds))
    st.segmented_control(
        view.t("Who is included"),
        list(kinds),
        format_func=lambda code: kinds[code].label if code in kinds else code,
        required=True,
        **link.bind("silent-kind", KIND, chosen, next(iter(kinds))),
    )
    return kinds[chosen]


def read_narrowing() -> Narrowing:
    """Read the choice from the link; a wrong value means the usual one."""
    requested = [name for name in (link.page_parameter(BY) or "").split(_COMMA) if name in DIMENSIONS]
    pairs = (pair.partition(":") for pair in (link.page_parameter(ONLY) or "").split(_COMMA) if pair)
    dimensions = tuple(dict.fromkeys(requested)) or USUAL_DIMENSIONS
    width = link.page_parameter(WIDTH) or ""
    return Narrowing(
        dimensions,
        frozenset((dimension, code) for dimension, _, code in pairs if dimension in dimensions),
        min(int(width), MOST_WIDTH) if width.isascii() and width.isdigit() else USUAL_POINTS,
        link.page_parameter(SMALL) == "1",
    )


def choose_narrowing(view: View, selection: Selection) -> Narrowing:
    """Draw the choice of dimensions, members and width, kept in the link."""
    t, narrowing = view.t, read_narrowing()
    st.pills(
        t("Narrow the rates by"),
        list(DIMENSIONS),
        selection_mode="multi",
        format_func=lambda name: t(DIMENSIONS[name].label),
        **link.bind("silent-by", BY, list(narrowing.dimensions), list(USUAL_DIMENSIONS), _COMMA.join),
    )
    names = name_members(view, selection, narrowing.dimensions)
    only = [pair for pair in (f"{one}:{code}" for one, code in sorted(narrowing.only)) if pair in names]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            t("Only these members"),
            list(names),
            format_func=lambda pair: names.get(pair, pair),
            placeholder=t("All of them"),
            select_all=False,
            width=420,
            **link.bind("silent-only", ONLY, only, [], _COMMA.join),
        )
        st.number_input(
            t("Margin in points, at most"),
            min_value=0,
            max_value=MOST_WIDTH,
            step=1,
            width=220,
            help=t("How far apart the lower and upper completion rate may be, in percentage points."),
            **link.bind("silent-width", WIDTH, narrowing.points, USUAL_POINTS),
        )
        small = link.bind("silent-small", SMALL, narrowing.has_small, usual=False, write=lambda _: "1")
        st.toggle(t("Include small members"), **small)
    return narrowing


def name_members(view: View, selection: Selection, dimensions: tuple[str, ...]) -> dict[str, str]:
    """Name the members to choose from, by `dimension:code`."""
    names = {}
    for dimension in dimensions:
        one = DIMENSIONS[dimension]
        labels = view.snapshot.codes.get(one.codelist, {})
        for code in by_dimension(view.snapshot, selection, dimension)["code"].tolist():
            if code != UNCLASSIFIED and code in labels:
                label = labels[code].labels[view.lang]
                names[f"{dimension}:{code}"] = view.t("{name}: {value}", name=view.t(one.label), value=label)
    return names
