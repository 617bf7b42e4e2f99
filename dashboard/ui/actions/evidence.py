"""Where staff set what stands behind an action's status, and take it back.

A step is a line of decisions.csv, written by the command line as a process of its own; the next build applies it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign.codelists import CLAIMED, EVIDENCED, STEPS
from dashboard.errors import UserError
from dashboard.i18n import N_
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


def show(view: View, rows: Sequence[Row]) -> None:
    """Draw what staff said of the evidence with the way back, and the form that sets a step of the report in force.

    `rows`: the steps of the evidence, as `register.evidence` has them.
    """
    t = view.t
    with st.container(key="evidence-staff"):
        error: UserError | None = st.session_state.pop(_ERROR, None)
        if error is not None:
            messages.show_error(view, error)
        _show_set(view, rows)
        rebuild.show(view)
        report = min(rows, key=lambda row: row["place"])
        with st.expander(t("Record evidence for this status"), icon=":material/check_circle:"):
            if view.snapshot.is_shipped_sample:
                messages.show_sample_note(view)
            _show_form(view, report)


def list_set(
    view: View, rows: Sequence[Row], set_steps: Sequence[Stated], back: Sequence[Stated]
) -> Iterator[tuple[Stated, str, bool]]:
    """List the steps that staff set in this build and since: each with a sentence, and whether it can be taken back.

    Args:
        view: The page.
        rows: The steps of the evidence.
        set_steps: The steps that were set since.
        back: Those that were taken back since.
    """
    t, keys = view.t, {row["report_key"] for row in rows}
    published = {Stated(row["report_key"], row["step"]): row["note"] for row in rows if row["decided_by"] == "staff"}
    for one in (*published, *(one for one in set_steps if one.report_key in keys)):
        label = _name(view, one.step)
        if one in back and one in published:
            yield one, t("{step}: undone; the next build no longer applies it.", step=label), False
            continue
        note = published.get(one)
        sentence = (
            t("Recorded by staff: {step}.", step=label) if one in published else t("Recorded: {step}.", step=label)
        )
        yield one, f":material/check: {sentence}{f' {plain(note)}' if note else ''}", True


def _show_set(view: View, rows: Sequence[Row]) -> None:
    """Draw what staff said of the evidence, each with the way back."""
    for number, (one, sentence, can_undo) in enumerate(list_set(view, rows, _list(view, _SET), _list(view, _BACK))):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(sentence)
            if can_undo:
                st.button(
                    view.t("Undo"),
                    key=f"undo-evidence-{number}",
                    icon=":material/undo:",
                    on_click=_undo,
                    args=(view, one),
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
            "Recorded for the report of {day}: {status}. It holds for newer reports as long as they state the same "
            "status.",
            day=reported,
            status=plain(statuses[code].labels[view.lang]),
        )
    )
    with st.form("evidence-form", border=False):
        left, right = st.columns(2)
        left.selectbox(
            t("Step"), [*STEPS[1:], CLAIMED], format_func=lambda step: _name(view, step), key=_STEP,
            help=t("“No more than claimed” overrides what the report itself states."),
        )  # fmt: skip
        right.date_input(t("Date"), value="today", max_value="today", key=_DAY, format="DD/MM/YYYY")
        st.text_input(t("Web address or document that shows it"), key=_SOURCE, help=t("It is published."))
        st.text_input(t("Note for colleagues"), key=_NOTE)
        st.form_submit_button(
            t("Save"), type="primary", key="evidence-set", on_click=_set, args=(view, report["report_key"]),
            disabled=view.snapshot.is_shipped_sample,
        )  # fmt: skip


def _name(view: View, step: str) -> str:
    return view.t(_NO_MORE) if step == CLAIMED else view.snapshot.codes["evidence"][step].labels[view.lang]


def write_options(step: str, day: date | None, source: str, note: str) -> list[str]:
    """The options of the command for what the form holds.

    Raises:
        UserError: nothing is named that evidences it.
    """
    options = [f"--note={note.strip()}"]
    if step == EVIDENCED and not source.strip():
        raise UserError(N_("“Evidenced” needs a document or a web address."), N_("Enter it in the form."))
    if step != CLAIMED:
        options += [f"--on={day.isoformat() if day else ''}", f"--source={source.strip()}"]
    return options


def _set(view: View, report_key: str) -> None:
    """Write the step of the form down; the button's callback."""
    chosen = st.session_state
    evidence = Stated(report_key, chosen[_STEP])
    try:
        options = write_options(evidence.step, chosen[_DAY], chosen[_SOURCE], chosen[_NOTE])
    except UserError as error:
        chosen[_ERROR] = error
        return
    if _run(evidence, *options):
        _list(view, _SET).append(evidence)
        rebuild.note_change(view)


def _undo(view: View, evidence: Stated) -> None:
    """Take a step back; a button's callback."""
    if not _run(evidence, "--undo"):
        return
    set_steps = _list(view, _SET)
    if evidence in set_steps:
        set_steps.remove(evidence)
        rebuild.take_change_back(view)
    else:
        _list(view, _BACK).append(evidence)
        rebuild.note_change(view)


def _run(evidence: Stated, *options: str) -> bool:
    """Run the command; where it refuses, keep why."""
    try:
        campaign_commands.run("decide", *options, operands=evidence.words)
    except UserError as error:
        st.session_state[_ERROR] = error
        return False
    return True


def _list(view: View, key: str) -> list[Stated]:
    """The steps of this session that wait for a build; kept in the session, to be added to."""
    remembered: list[Stated] = rebuild.remember(view, key, list)
    return remembered
