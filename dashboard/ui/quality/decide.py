"""To decide: stakeholders, actions and reports that may be one, a card each, with the buttons that settle it."""

from collections.abc import Mapping
from html import escape
from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.register import join_labels
from dashboard.quality.lists import LISTS
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import error_box
from dashboard.ui.quality import decided, origin
from dashboard.ui.quality import rows as quality_rows
from dashboard.ui.quality.decided import Choice

PAGE = 10
_KINDS = {
    "stakeholder": ("stakeholders", N_("Stakeholders")),
    "action": ("actions", N_("Actions")),
    "report": ("reports", N_("Reports")),
    "decided": ("decisions", N_("Decided")),
}
_HELP = {
    "stakeholder": N_("The same stakeholder under two names? Nothing is merged before you say so."),
    "action": N_("The same action submitted twice? Nothing is merged before you say so."),
    "report": N_("Which action is this report about? Until you say so, it changes no rate."),
}
_LONGEST = 300  # characters of a report's text on a card


def show(view: View, file: str | None, counts: Mapping[str, int]) -> None:
    """Draw the suggestions of one kind, or what was decided."""
    t = view.t
    names = list(_KINDS)
    first = next((name for name in names if counts[_KINDS[name][0]]), names[0])
    kind = st.segmented_control(
        t("About"),
        names,
        default=first,
        required=True,
        format_func=lambda name: f"{t(_KINDS[name][1])} · {formats.format_count(counts[_KINDS[name][0]], view.lang)}",
        key="quality-decide-kind",
        label_visibility="collapsed",
    )
    error = decided.refused()
    if error is not None:
        error_box.show(view, error)
    if view.snapshot.is_sample:
        st.info(t("This is the fictional sample: there is nothing to decide about it. Upload your own exports first."))
    if kind == "decided":
        decided.show(view)
    elif not counts[_KINDS[str(kind)][0]]:
        st.success(t(LISTS["duplicates"].empty), icon=":material/check_circle:")
    else:
        st.markdown(t(_HELP[str(kind)]))
        quality_rows.show_download(view, LISTS["duplicates"], file)
        _show_cards(view, str(kind), file, counts[_KINDS[str(kind)][0]])


def _show_cards(view: View, kind: str, file: str | None, total: int) -> None:
    """One page of cards."""
    pages = ceil(total / PAGE)
    key = f"quality-page-{kind}-{file}-{view.snapshot.build_id[:12]}"
    number = min(int(st.session_state.get(key, 1)), pages)
    parameters = {"file": file, "most": PAGE, "first": (number - 1) * PAGE}
    if kind == "report":
        frame = view.snapshot.query("quality_unassigned", parameters)
        for place, (_, rows) in enumerate(frame.groupby("left_id", sort=False)):
            _show_report(view, rows.to_dict("records"), f"report-{place}")
    else:
        frame = view.snapshot.query("quality_pairs", parameters | {"kind": kind})
        for place, pair in enumerate(frame.to_dict("records")):
            _show_pair(view, kind, pair, f"{kind}-{place}")
    if pages > 1:
        st.pagination(pages, key=key, width="content")
    first = (number - 1) * PAGE + 1
    last = min(first + PAGE - 1, total)
    st.caption(
        view.t(
            "{first} to {last} of {total}, the most alike first.",
            first=formats.format_count(first, view.lang),
            last=formats.format_count(last, view.lang),
            total=formats.format_count(total, view.lang),
        )
    )


def _show_pair(view: View, kind: str, pair: dict[Any, Any], key: str) -> None:
    t = view.t
    with st.container(border=True, key=f"card-{key}"):
        left, right = st.columns(2, gap="medium")
        for column, side in ((left, "left"), (right, "right")):
            with column:
                st.html(_describe_side(view, kind, pair, side))
                if kind == "action":
                    origin.show_action(view, pair[f"{side}_id"], t("Open the action {id}", id=pair[f"{side}_id"]))
        st.html(_say_why(view, pair))
        wanted = [
            Choice("same", kind, pair["left_id"], pair["right_id"]),
            Choice("different", kind, pair["left_id"], pair["right_id"]),
        ]
        labels = (t("Same"), t("Different"))
        decided.show_buttons(view, list(zip(labels, wanted, strict=True)), key, _note(pair))


def _describe_side(view: View, kind: str, pair: Mapping[str, Any], side: str) -> str:
    """One side of a pair: its name, and what tells it from the other."""
    t = view.t
    lines = []
    if kind == "stakeholder":
        count = int(_number(pair[f"{side}_actions"]))
        lines.append(t.plural("{n} action", "{n} actions", count, n=formats.format_count(count, view.lang)))
        spellings = pair[f"{side}_spellings"]
        others = [] if spellings is None else [name for name in spellings if name != pair[f"{side}_name"]]
        if others:
            lines.append(t("Also written: {names}", names="; ".join(others[:5])))
    else:
        lines.append(_text(pair[f"{side}_stakeholder"]) or t("Stakeholder not stated"))
        if not pd.isna(pair[f"{side}_submitted_on"]):
            day = formats.format_date(pd.Timestamp(pair[f"{side}_submitted_on"]).date(), view.lang)
            lines.append(t("Submitted on {day}", day=day))
        count = int(_number(pair[f"{side}_reports"]))
        lines.append(t.plural("{n} report", "{n} reports", count, n=formats.format_count(count, view.lang)))
        if _text(pair[f"{side}_file"]):
            lines.append(t("{file}, row {row}", file=pair[f"{side}_file"], row=int(_number(pair[f"{side}_row"]))))
    name = _text(pair[f"{side}_name"]) or t("Untitled action")
    notes = "".join(f'<p class="card-note">{escape(line)}</p>' for line in lines)
    return f'<p class="card-title">{escape(name)}</p>{notes}'


def _show_report(view: View, rows: list[dict[Any, Any]], key: str) -> None:
    """One report and the actions it may be about."""
    t, report = view.t, rows[0]
    with st.container(border=True, key=f"card-{key}"):
        st.html(_describe_report(view, report))
        origin.show(view, report["source_file"], report["sheet"], report["source_row"], None, key)
        for place, row in enumerate(rows):
            st.html(f'<p class="card-title">→ {escape(row["right_name"])}</p>{_say_why(view, row)}')
            with st.container(horizontal=True, vertical_alignment="center"):
                choice = Choice("assign", "report", report["left_id"], row["right_id"])
                decided.show_buttons(view, [(t("It is about this action"), choice)], f"{key}-{place}", _note(row))
                origin.show_action(view, row["right_id"], t("Open the action {id}", id=row["right_id"]))
        none = Choice("assign", "report", report["left_id"], "none")
        decided.show_buttons(view, [(t("It is about no action"), none)], f"{key}-none", _text(report["left_name"]))


def _describe_report(view: View, report: Mapping[str, Any]) -> str:
    t = view.t
    statuses = view.snapshot.codes.get("statuses", {})
    facts = [_text(report["stakeholder"]) or t("Stakeholder not stated")]
    if not pd.isna(report["reported_on"]):
        day = formats.format_date(pd.Timestamp(report["reported_on"]).date(), view.lang)
        facts.append(t("Reported on {day}", day=day))
    if _text(report["status"]):
        facts.append(join_labels(report["status"], statuses, view.lang))
    narrative = _text(report["narrative"])
    short = narrative if len(narrative) <= _LONGEST else f"{narrative[:_LONGEST]} …"
    title = _text(report["action_title"]) or t("Report without a title")
    return (
        f'<p class="card-title">{escape(title)}</p><p class="card-note">{escape(" · ".join(facts))}</p>'
        f'<p class="card-note">{escape(short)}</p>'
    )


def _say_why(view: View, row: Mapping[str, Any]) -> str:
    share = formats.format_share(float(row["score"]), view.lang)
    why = view.t(row["why"])
    text = view.t("Alike: {share}, because: {why}", share=share, why=why)
    return f'<p class="card-note">{escape(text)}</p>'


def _note(row: Mapping[str, Any]) -> str:
    return " / ".join(_text(row[name]) for name in ("left_name", "right_name"))


def _number(value: Any) -> float:
    return 0 if value is None or pd.isna(value) else float(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
