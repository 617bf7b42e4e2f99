"""What stands behind an action's status, step by step; staff set a step and take it back here.

A step is a line of decisions.csv, written by the command line as a process of its own; the next build applies it.
"""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign.evidence_steps import CLAIMED, EVIDENCED, STEPS
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.measures import register
from dashboard.measures.evidence import ROLES
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import campaign_commands, messages, rebuild
from dashboard.ui.pieces.messages import plain

_NO_MORE = N_("No more than claimed")
_SET, _BACK = "staff-evidence-set", "staff-evidence-back"
_ERROR = "staff-evidence-refused"
_STEP, _DAY, _SOURCE, _NOTE = "evidence-step", "evidence-day", "evidence-source", "evidence-note"

Row = dict[Any, Any]


class Stated(NamedTuple):
    """A step of a report's evidence that staff set."""

    report_key: str
    step: str

    @property
    def words(self) -> list[str]:
        """The command's words for it."""
        return ["evidence", "report", self.report_key, self.step]


def show(view: View, action_id: str, day: date) -> None:
    """Draw what stands behind the action's status on a day, and for staff the means to set it."""
    t = view.t
    frame = register.evidence(view.snapshot, action_id, day)
    heading = messages.part(t("Evidence"))
    if frame.empty:
        st.html(heading + messages.note(t("No status is known that something could stand behind.")))
        return
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    items = "".join(_describe(view, step, rows) for step in STEPS)
    st.html(f'{heading}<ol class="evidence">{items}</ol>')
    if staff.may_open():
        _show_means(view, rows)


def _describe(view: View, step: str, rows: Sequence[Row]) -> str:
    """One step of the list: whether it was taken, each time it was stated, and what a later one says of it."""
    t = view.t
    label = view.snapshot.codes["evidence"][step].labels[view.lang]
    stated = [row for row in rows if row["step"] == step]
    if step == CLAIMED:  # every report does: since when, or who said that it is no more than that
        stated = [row for row in stated if row["decided_by"] == "staff"] or stated[:1]
    furthest = max(STEPS.index(row["step"]) for row in rows)
    is_taken = STEPS.index(step) <= furthest
    if stated:
        said = "".join(f"<li>{_say(view, row)}</li>" for row in stated)
        said = f"<ul>{said}</ul>" if len(stated) > 1 else f" · {_say(view, stated[0])}"
    elif is_taken:
        said = f' · <span class="muted">{escape(t("not stated by itself; a later step includes it"))}</span>'
    else:
        said = f' · <span class="muted">{escape(t("not yet"))}</span>'
    mark = "✓" if is_taken else "○"
    return f'<li><span aria-hidden="true">{mark}</span> <strong>{escape(label)}</strong>{said}</li>'


def _say(view: View, row: Row) -> str:
    """When a step was taken, who decided it, and what shows it, as HTML."""
    t = view.t
    day = row["on_date"] or row["reported_on"]
    said = [formats.format_date(pd.Timestamp(day).date(), view.lang)]
    if row["on_date"] is None:
        said[0] = t("no day stated; counted from {day}", day=said[0])
    said.append(t(ROLES[row["decided_by"]]))
    if row["decided_on"] is not None:
        noted = formats.format_date(pd.Timestamp(row["decided_on"]).date(), view.lang)
        said[-1] = t("Noted by staff on {day}", day=noted)
    parts = [escape(text) for text in said]
    if row["source"]:
        parts.append(_link(row["source"]))
    return " · ".join(parts)


def _link(source: str) -> str:
    """A source, as a link where it is an address of the web."""
    if not source.startswith(("http://", "https://")):
        return escape(source)
    return f'<a href="{escape(source)}" target="_blank" rel="noopener noreferrer">{escape(source)}</a>'


def _show_means(view: View, rows: Sequence[Row]) -> None:
    """For staff: what they said of it with the way back, and the form that sets a step of the report in force."""
    t = view.t
    with st.container(key="evidence-staff"):
        error: UserError | None = st.session_state.pop(_ERROR, None)
        if error is not None:
            messages.show_error(view, error)
        _show_set(view, rows)
        rebuild.show(view)
        report = min(rows, key=lambda row: row["place"])
        if report["report_key"] is None:  # a build of an older program names no status of a register
            return
        with st.expander(t("Set what stands behind this status"), icon=":material/check_circle:"):
            if view.snapshot.is_shipped_sample:
                messages.show_sample_note(view)
            _show_form(view, report)


def _show_set(view: View, rows: Sequence[Row]) -> None:
    """What staff said in this build and what they say since, each with the way back."""
    t, made, back = view.t, _list(view, _SET), _list(view, _BACK)
    keys = {row["report_key"] for row in rows}
    published = {Stated(row["report_key"], row["step"]): row["note"] for row in rows if row["decided_by"] == "staff"}
    waiting = [stated for stated in made if stated.report_key in keys]
    for number, stated in enumerate([*published, *waiting]):
        label = _name(view, stated.step)
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if stated in back and stated in published:
                st.markdown(t("{step}: taken back; the next build no longer applies it.", step=label))
                continue
            note = published.get(stated)
            said = t("Set by staff: {step}.", step=label) if stated in published else t("Set: {step}.", step=label)
            st.markdown(f":material/check: {said}{f' {plain(note)}' if note else ''}")
            st.button(
                t("Undo"),
                key=f"undo-evidence-{number}",
                icon=":material/undo:",
                on_click=_undo,
                args=(view, stated),
                disabled=view.snapshot.is_shipped_sample,
            )


def _show_form(view: View, report: Row) -> None:
    """The form for one step of the report in force."""
    t = view.t
    reported = formats.format_date(pd.Timestamp(report["reported_on"]).date(), view.lang)
    statuses = view.snapshot.codes["statuses"]
    code = report["status_code"] if report["status_code"] in statuses else report["status"]
    st.markdown(
        t(
            "It is noted for the report of {day}: {status}. Newer reports keep it for as long as they state the same.",
            day=reported,
            status=plain(statuses[code].labels[view.lang]),
        )
    )
    with st.form("evidence-form", border=False):
        left, right = st.columns(2)
        left.selectbox(
            t("Step"), [*STEPS[1:], CLAIMED], format_func=lambda step: _name(view, step), key=_STEP,
            help=t("“No more than claimed” sets aside what the report itself states."),
        )  # fmt: skip
        right.date_input(t("Day on which it was done"), value="today", max_value="today", key=_DAY, format="YYYY-MM-DD")
        st.text_input(t("Address or document that shows it"), key=_SOURCE, help=t("It is published."))
        st.text_input(t("Note for colleagues"), key=_NOTE)
        st.form_submit_button(
            t("Set"), type="primary", key="evidence-set", on_click=_set, args=(view, report["report_key"]),
            disabled=view.snapshot.is_shipped_sample,
        )  # fmt: skip


def _name(view: View, step: str) -> str:
    return view.t(_NO_MORE) if step == CLAIMED else view.snapshot.codes["evidence"][step].labels[view.lang]


def _set(view: View, report_key: str) -> None:
    """Write the step of the form down; the button's callback."""
    chosen = st.session_state
    stated = Stated(report_key, chosen[_STEP])
    options = [f"--note={chosen[_NOTE].strip()}"]
    if stated.step != CLAIMED:
        day = chosen[_DAY]
        options += [f"--on={day.isoformat() if day else ''}", f"--source={chosen[_SOURCE].strip()}"]
    if stated.step == EVIDENCED and not chosen[_SOURCE].strip():
        chosen[_ERROR] = UserError(
            N_("It is evidenced by a document or an address."), N_("Write which one into the form.")
        )
        return
    if _run(stated, *options):
        _list(view, _SET).append(stated)
        rebuild.note_change(view)


def _undo(view: View, stated: Stated) -> None:
    """Take a step back; a button's callback."""
    if not _run(stated, "--undo"):
        return
    made = _list(view, _SET)
    if stated in made:
        made.remove(stated)
        rebuild.take_change_back(view)
    else:
        _list(view, _BACK).append(stated)
        rebuild.note_change(view)


def _run(stated: Stated, *options: str) -> bool:
    """Run the command; where it refuses, keep why."""
    try:
        campaign_commands.run("decide", *options, operands=stated.words)
    except UserError as error:
        st.session_state[_ERROR] = error
        return False
    return True


def _list(view: View, key: str) -> list[Stated]:
    """The steps of this session that wait for a build; kept in the session, to be added to."""
    kept: list[Stated] = rebuild.remember(view, key, list)
    return kept
