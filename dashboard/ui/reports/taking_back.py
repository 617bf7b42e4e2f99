"""What is public of reports and can be taken back: files and replies by staff, figures that count by themselves."""

from collections.abc import Collection, Sequence

import streamlit as st

from dashboard import formats
from dashboard.campaign.reporting.reports import Report
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.ui.frame.view import View
from dashboard.ui.reports import deciding

LONGEST_REASON = 300
_WHAT, _WHY = "staff-report-back-what", "staff-report-back-why"


def list_public(view: View, reports: Sequence[Report]) -> dict[str, str]:
    """List what can be taken back, the latest first: words by what the command takes, a file's hash or a number."""
    t = view.t
    public: dict[str, str] = {}
    for report in reversed(reports):
        name = formats.clean(str(report.promise.get("title", "")) or report.title or report.action_id)
        if report.counts_by_itself:
            words = t("Figures that count by themselves: {report} · {action}", report=report.report_no, action=name)
            public[report.report_no] = words
        if report.is_reply:
            words = formats.shorten(formats.clean(report.correction), 60)
            public[report.report_no] = t("Reply: {words} · {action}", words=words, action=name)
        for file in report.files:
            if file.is_public:
                public.setdefault(file.sha256, t("File: {words} · {action}", words=file.description, action=name))
    return public


def show(view: View, reports: Sequence[Report]) -> None:
    """Draw the form that takes one thing back, folded; nothing where nothing is public."""
    t, public = view.t, list_public(view, reports)
    if not public:
        return
    by_itself = {report.report_no for report in reports if report.counts_by_itself}
    label = t("What can be taken back: {n}", n=formats.format_count(len(public), view.lang))
    with st.expander(label, icon=":material/public:"), st.form("reports-back-form", border=False):
        st.selectbox(
            t("What is taken back"), list(public), index=None, format_func=public.__getitem__, key=_WHAT,
            placeholder=t("Choose a file, a reply or figures"),
        )  # fmt: skip
        st.text_input(t("Why it is taken back"), key=_WHY, max_chars=LONGEST_REASON)
        st.form_submit_button(
            t("Take it back"), key="reports-back", icon=":material/undo:", on_click=_take_back, args=(view, by_itself),
            help=t("A file leaves the public pages at once; all else follows with the next build."),
        )  # fmt: skip


def _take_back(view: View, by_itself: Collection[str]) -> None:
    what, why = st.session_state[_WHAT], str(st.session_state[_WHY]).strip()
    if not what or not why:
        deciding.note(UserError(N_("Choose what is taken back, and say why.")))
    elif deciding.take_back(view, "--set-aside" if what in by_itself else "--withdraw", what, why):
        st.session_state[_WHY] = ""
