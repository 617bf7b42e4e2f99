"""Coverage: how often each field is filled, in all and by region or survey wave, as a table that shows the gaps."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.definitions import FEW
from dashboard.quality import queries
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import Reading
from dashboard.quality.wording import KIND_NAMES
from dashboard.ui.frame.page import View
from dashboard.ui.quality import listing

_DIMENSIONS = {"region": N_("By region"), "wave": N_("By survey wave")}


def show(view: View, _file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the table of one kind of rows."""
    t, spec = view.t, LISTS["coverage"]
    frame = queries.read(Reading(view.snapshot, t), spec.list_id).frame
    kinds = {kind: t(name) for kind, name in KIND_NAMES.items() if kind in set(frame["kind"])}
    if not kinds:
        st.info(t(spec.empty))
        return
    st.markdown(
        t("How often each field is filled, of all rows that are shown: the stronger the colour, the more often.")
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = listing.choose_part(view, "quality-coverage-kind", kinds, next(iter(kinds)), t("Rows"))
        of_kind = frame[frame["kind"] == kind]
        dimensions = {name: t(label) for name, label in _DIMENSIONS.items() if name in set(of_kind["dimension"])}
        dimension = next(iter(dimensions), None)
        if dimension is not None and len(dimensions) > 1:
            dimension = listing.choose_part(
                view, "quality-coverage-by", dimensions, dimension, t("Divided"), listing.BY
            )
        listing.show_download(view, spec, None)
    st.html(_render(view, of_kind, dimension))


def _render(view: View, frame: pd.DataFrame, dimension: str | None) -> str:
    """The table: a line a field, the least filled first; a column a member, with how many rows it has."""
    t = view.t
    all_rows = frame[frame["dimension"] == "all"].sort_values(["share", "field_name"], na_position="first")
    parts = frame[frame["dimension"] == dimension]
    members = _in_order(view, parts, dimension)
    cells = {(row["member"], row["field"]): row for row in parts.to_dict("records")}
    totals = parts.groupby("member")["rows_total"].max().to_dict()
    heads = [(t(N_("All", "all rows together")), int(all_rows["rows_total"].max()) if len(all_rows) else 0)]
    heads += [(name, int(totals[member])) for member, name in members]
    head = "".join(_head(view, name, count) for name, count in heads)
    body = ""
    for row in all_rows.to_dict("records"):
        values = [row, *(cells.get((member, row["field"])) for member, _ in members)]
        drawn = "".join(_cell(view, value) for value in values)
        body += f'<tr><th scope="row">{escape(row["field_name"])}</th>{drawn}</tr>'
    table = (
        f'<table class="coverage"><thead><tr><th scope="col">{escape(t("Field"))}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    return f'<div class="figures" tabindex="0">{table}</div>'


def _in_order(view: View, parts: pd.DataFrame, dimension: str | None) -> list[tuple[str, str]]:
    """Members and their names, in the codelist's order; waves by name, what is unclassified last."""
    names = dict(zip(parts["member"], parts["member_name"], strict=True))
    order = {code: place for place, code in enumerate(view.snapshot.codes.get("regions", {}))}
    if dimension != "region":
        order = {code: place for place, code in enumerate(sorted(names)) if code != "unclassified"}
    return sorted(names.items(), key=lambda item: (order.get(item[0], len(order)), item[1]))


def _head(view: View, name: str, count: int) -> str:
    number = formats.format_count(count, view.lang)
    return f'<th scope="col">{escape(name)}<br><span class="muted">n = {number}</span></th>'


def _cell(view: View, row: dict[Any, Any] | None) -> str:
    if row is None:
        return f"<td>{formats.NOTHING}</td>"
    filled, total = int(row["rows_filled"]), int(row["rows_total"])
    share = filled / total if total else 0.0
    count = view.t("{n} of {total}", n=filled, total=total)
    muted = ' class="muted"' if total < FEW else ""
    return (
        f'<td{muted} title="{escape(count)}" style="background: rgba(31,111,178,{share * 0.45:.2f})">'
        f"{formats.format_percent(filled, total, view.lang)}</td>"
    )
