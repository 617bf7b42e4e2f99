"""The data-quality page: which file, which section, and how much there is to look at in each."""

from collections.abc import Callable, Mapping
from functools import partial

import duckdb
import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.quality import order
from dashboard.quality.lists import LISTS
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import file_at_once, tables
from dashboard.ui.quality import build, changes, checks, classify, decide
from dashboard.ui.quality import rows as quality_rows

PARAMETERS = ("section", "file")
_SUMMARY = "summary"

SECTIONS: dict[str, str] = {
    _SUMMARY: N_("Summary"),
    "files": N_("Files"),
    "rejected": N_("Rejected rows"),
    "unmatched": N_("Unmatched values"),
    "decide": N_("To decide"),
    "orphans": N_("Reports without action"),
    "classify": N_("To classify"),
    "checks": N_("Checks"),
    "coverage": N_("Coverage"),
    "changes": N_("Changes"),
}

_COUNTED: dict[str, tuple[str, ...]] = {
    "files": ("files",),
    "rejected": ("rejected",),
    "unmatched": ("unmatched",),
    "decide": ("stakeholders", "actions", "reports"),
    "orphans": ("orphans",),
    "classify": ("unclassified",),
    "checks": ("warnings", "notes"),
}

_ADVICE: dict[str, str] = {
    "rejected": N_("Rows that count nowhere: correct them in the file, or send them back to the office."),
    "unmatched": N_("Spellings that were not understood: their field stays empty until they are."),
    "decide": N_("Stakeholders, actions and reports that may be one: you decide once, every build remembers."),
    "orphans": N_("Reports that belong to no known action: they are counted apart."),
    "classify": N_("Actions without category, themes or place: accept or change what their words suggest."),
    "checks": N_("Unlikely or contradictory entries: they count as they are, but deserve a look."),
}


def show(view: View) -> None:
    """Draw the page; a snapshot that an earlier version of the program made has no such lists."""
    try:
        file = _choose_file(view)
        found = view.snapshot.query("quality_counts", {"file": file}).iloc[0]
        counts = {str(name): int(count) for name, count in found.items()}
        section = _choose_section(view, counts)
        build.show(view)
        _SHOWN[section](view, file, counts)
    except duckdb.CatalogException:
        st.info(
            view.t("These figures were made by an earlier version of the program. Build again to see their quality."),
            icon=":material/update:",
        )
        build.offer(view)


def _choose_file(view: View) -> str | None:
    """The file that the lists are about, kept in the link; with everything about it as a workbook."""
    t = view.t
    names = view.snapshot.query("quality_file_names")["source_file"].tolist()
    asked = link.page_parameter("file")
    chosen = asked if asked in names else None
    if asked is not None and chosen is None:
        st.warning(t("The file {file} is not in this build; all files are shown.", file=f"`{asked.replace('`', '')}`"))
    link.keep("quality-file", chosen)
    with st.container(horizontal=True, vertical_alignment="bottom", key="quality-which"):
        st.selectbox(
            t("File"),
            names,
            index=None,
            key="quality-file",
            placeholder=t("All files"),
            on_change=_take_file,
            width=420,
        )
        label = t("Everything to put right, as Excel") if chosen is None else t("Everything about this file, as Excel")
        excel = file_at_once.File(
            "download-office",
            label,
            partial(_make_all, view, chosen),
            order.name_file(view.snapshot, order.FOR_AN_OFFICE, view.lang, chosen),
            order.MEDIA_TYPE,
            help=t("One sheet a list, ready to be sent back to the office that sent the file; no names of contacts."),
        )
        file_at_once.show(view, "staff-files-office", chosen, excel)
    if view.selection != Selection(lang=view.lang):
        st.caption(t("The filters of the other pages do not apply here: every row of the files counts."))
    return chosen


def _take_file() -> None:
    link.change_page_parameter("file", st.session_state["quality-file"])


def _make_all(view: View, file: str | None) -> bytes:
    return order.make_lists(view.snapshot, order.FOR_AN_OFFICE, view.lang, file).content


def _choose_section(view: View, counts: Mapping[str, int]) -> str:
    """The section in view, kept in the link."""
    t = view.t
    asked = link.page_parameter("section")
    section = asked if asked in SECTIONS else _SUMMARY
    if asked is not None and asked != section:
        st.warning(t("This page has no section {name}.", name=f"`{asked.replace('`', '')[:80]}`"))
    link.keep("quality-section", section)
    st.pills(
        t("Section"),
        list(SECTIONS),
        format_func=lambda name: _name_section(view, name, counts),
        key="quality-section",
        required=True,
        label_visibility="collapsed",
        on_change=_take_section,
    )
    return section


def _take_section() -> None:
    section = st.session_state["quality-section"]
    link.change_page_parameter("section", None if section == _SUMMARY else section)


def _name_section(view: View, name: str, counts: Mapping[str, int]) -> str:
    if name not in _COUNTED:
        return view.t(SECTIONS[name])
    return f"{view.t(SECTIONS[name])} · {formats.format_count(_count(name, counts), view.lang)}"


def _count(name: str, counts: Mapping[str, int]) -> int:
    return sum(counts[column] for column in _COUNTED[name])


def _show_summary(view: View, file: str | None, counts: Mapping[str, int]) -> None:
    """What there is to do, section by section, and that all is well where there is nothing."""
    t = view.t
    waiting = [name for name in _ADVICE if _count(name, counts)]
    if not waiting:
        st.success(t("All is well: no row is rejected, no value unmatched, nothing waits for a decision."))
        return
    columns = (tables.Column(t("Section")), tables.Column(t("Number")), tables.Column(t("What to do"), True))
    rows = [
        [t(SECTIONS[name]), formats.format_count(_count(name, counts), view.lang), t(_ADVICE[name])] for name in waiting
    ]
    tables.show(columns, rows)
    well = [t(SECTIONS[name]) for name in _ADVICE if name not in waiting]
    if well:
        st.caption(t("Nothing to do: {sections}.", sections=", ".join(well)))
    checks.show_account(view, file)


def _show_list(list_id: str, view: View, file: str | None, counts: Mapping[str, int]) -> None:
    quality_rows.show(view, LISTS[list_id], file)


_SHOWN: dict[str, Callable[[View, str | None, Mapping[str, int]], None]] = {
    _SUMMARY: _show_summary,
    "files": lambda view, file, counts: checks.show_files(view, file),
    "rejected": lambda view, file, counts: checks.show_rejected(view, file),
    "unmatched": partial(_show_list, "unmatched"),
    "decide": decide.show,
    "orphans": partial(_show_list, "orphans"),
    "classify": lambda view, file, counts: classify.show(view, file),
    "checks": lambda view, file, counts: checks.show(view, file),
    "coverage": lambda view, file, counts: checks.show_coverage(view),
    "changes": lambda view, file, counts: changes.show(view),
}
