"""The checks: which were made, how much each found, and the rows of the one that is chosen.

Coverage: how often each field is filled, in all and by region or survey wave, as a table that shows the gaps.

The account: what became of the rows of each file and sheet.

Rejected rows: why, how many and what to do; then the rows themselves.
"""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign import builds, uploads
from dashboard.i18n import N_
from dashboard.quality import queries, wording
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import MOST_ROWS, SEVERITIES, Reading, name_reason
from dashboard.quality.wording import KIND_NAMES, check_text
from dashboard.settings import Settings
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import tables
from dashboard.ui.pieces.messages import plain
from dashboard.ui.quality import rows
from dashboard.ui.quality import rows as quality_rows


def show(view: View, file: str | None) -> None:
    """Draw the checks that found something, and their findings."""
    t = view.t
    made = view.snapshot.query("quality_check_totals", {"file": file})
    found = made[made["rows_found"] > 0]
    if found.empty:
        st.success(t(LISTS["checks"].empty), icon=":material/check_circle:")
        return
    columns = (
        tables.Column(t("What was found")),
        tables.Column(t("Severity"), True),
        tables.Column(t("Rows")),
        tables.Column(t("What to do"), True),
    )
    rows = [
        [
            t(check_text(row["check_id"]).title),
            t(SEVERITIES.get(row["severity"], row["severity"])),
            formats.format_count(row["rows_found"], view.lang),
            t(check_text(row["check_id"]).remedy),
        ]
        for row in found.to_dict("records")
    ]
    tables.show(columns, rows)
    well = len(made) - len(found)
    st.caption(
        t.plural("{n} further check found nothing.", "{n} further checks found nothing.", well)
        + f" {t('A warning is likely a mistake; a note may be right.')}"
    )
    st.html(f'<h3 class="card-title">{escape(t("Rows"))}</h3>')
    titles = {check: t(check_text(check).title) for check in found["check_id"]}
    chosen = st.selectbox(
        t("Check"),
        list(titles),
        format_func=titles.__getitem__,
        index=None,
        placeholder=t("All checks"),
        key="quality-check",
        width=420,
    )
    quality_rows.show(view, LISTS["checks"], file, check_id=chosen)


_DIMENSIONS = {"region": N_("By region"), "wave": N_("By survey wave")}
_FEW = 5  # a share of fewer rows says little


def show_coverage(view: View) -> None:
    """Draw the table of one kind of rows."""
    t, spec = view.t, LISTS["coverage"]
    frame = queries.read(Reading(view.snapshot, t, most=MOST_ROWS), spec.list_id).frame
    kinds = [kind for kind in KIND_NAMES if kind in set(frame["kind"])]
    if not kinds:
        st.info(t(spec.empty))
        return
    st.markdown(
        t("How often each field is filled, of all rows that are shown. Dark cells are filled often, white ones never.")
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            t("Rows"),
            kinds,
            default=kinds[0],
            required=True,
            format_func=lambda name: t(KIND_NAMES[name]),
            key="quality-coverage-kind",
        )
        of_kind = frame[frame["kind"] == kind]
        dimensions = [name for name in _DIMENSIONS if name in set(of_kind["dimension"])]
        dimension = dimensions[0] if dimensions else None
        if len(dimensions) > 1:
            dimension = st.segmented_control(
                t("Divided"),
                dimensions,
                default=dimensions[0],
                required=True,
                format_func=lambda name: t(_DIMENSIONS[name]),
                key="quality-coverage-by",
            )
        rows.show_download(view, spec, None)
    st.html(_render(view, of_kind, dimension))


def _render(view: View, frame: pd.DataFrame, dimension: str | None) -> str:
    """The table: a line a field, the least filled first; a column a member, with how many rows it has."""
    t = view.t
    whole = frame[frame["dimension"] == "all"].sort_values(["share", "field_name"], na_position="first")
    parts = frame[frame["dimension"] == dimension]
    members = _in_order(view, parts, dimension)
    cells = {(row["member"], row["field"]): row for row in parts.to_dict("records")}
    totals = parts.groupby("member")["rows_total"].max().to_dict()
    heads = [(t("All"), int(whole["rows_total"].max()) if len(whole) else 0)]
    heads += [(name, int(totals[member])) for member, name in members]
    head = "".join(_head(view, name, count) for name, count in heads)
    body = ""
    for row in whole.to_dict("records"):
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
    count = view.t(
        "{n} of {total}",
        n=formats.format_count(filled, view.lang),
        total=formats.format_count(total, view.lang),
    )
    muted = ' class="muted"' if total < _FEW else ""
    return (
        f'<td{muted} title="{escape(count)}" style="background: rgba(31,111,178,{share * 0.45:.2f})">'
        f"{formats.format_percent(filled, total, view.lang)}</td>"
    )


_COUNTS = ("rows_read", "rows_accepted", "rows_merged", "rows_rejected")


def show_files(view: View, file: str | None) -> None:
    """Draw the account of each file, and the rows that were merged."""
    quality_rows.show_download(view, LISTS["files"], file)
    show_account(view, file)
    _show_unread(view)
    t = view.t
    st.html(f'<h3 class="card-title">{escape(t(LISTS["merged"].title))}</h3>')
    quality_rows.show(view, LISTS["merged"], file)


def _show_unread(view: View) -> None:
    """The files of the inbox that this build does not hold."""
    if view.snapshot.is_sample:
        return
    read = view.snapshot.query("quality_file_names")["source_file"]
    unread = builds.list_unread_files(Settings.from_environment().campaign, read, uploads.KINDS)
    if unread:
        text = view.t(
            "In the inbox, but not in this build: {names}. They were added since, or left out because they could not "
            "be read; the next build tells why.",
            names=", ".join(unread),
        )
        st.warning(plain(text), icon=":material/block:")


def show_account(view: View, file: str | None) -> None:
    """Draw one line a sheet, with the total."""
    t = view.t
    st.html(f'<h3 class="card-title">{escape(t("What became of the rows"))}</h3>')
    st.markdown(t(LISTS["files"].note))
    frame = queries.read(Reading(view.snapshot, t, file, most=MOST_ROWS), "files").frame
    labels = (t("Rows read"), t("Accepted"), t("Merged"), t("Rejected"))
    columns = (
        tables.Column(t("File")),
        tables.Column(t("Sheet"), True),
        tables.Column(t("Holds"), True),
        tables.Column(t("Recipe"), True),
        *(tables.Column(label) for label in labels),
    )
    rows = [
        [
            *(_text(row[name]) for name in ("source_file", "sheet")),
            _text(row["kind_name"]) or t("Not read: no recipe"),
            _text(row["recipe"]),
            *(formats.format_count(row[name], view.lang) for name in _COUNTS),
        ]
        for row in frame.to_dict("records")
    ]
    total = [formats.format_count(int(frame[name].sum()), view.lang) for name in _COUNTS]
    st.html(tables.render(columns, [*rows, [t("Total"), "", "", "", *total]], is_long=True))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def show_rejected(view: View, file: str | None) -> None:
    """Draw the reasons with their remedies, and the rows."""
    t = view.t
    found = view.snapshot.query("quality_reasons", {"file": file})
    if not found.empty:
        columns = (
            tables.Column(t("What is wrong")),
            tables.Column(t("Rows")),
            tables.Column(t("What to do"), True),
        )
        rows = [
            [
                name_reason(t, row["reason"]),
                formats.format_count(row["row_count"], view.lang),
                t(wording.remedy(row["reason"])),
            ]
            for row in found.to_dict("records")
        ]
        st.html(tables.render(columns, rows, is_long=True))
    quality_rows.show(view, LISTS["rejected"], file)
