"""The page Data quality: the choice of a file and a section, and the number of cases in each."""

from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign.codelists import CLAIMED_ONLY
from dashboard.campaign.file_names import find_names
from dashboard.i18n import N_
from dashboard.measures.counts import headline
from dashboard.quality import order
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import FILE
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import file_at_once, page_parts, rebuild
from dashboard.ui.quality import classify, decide, listing, sections, settling

PARAMETERS = (page_parts.PARAMETER, *listing.PARAMETERS)


class Section(NamedTuple):
    """One section of the page.

    Attributes:
        counts: The numbers that add up to its cases, by their names in the query.
        advice: The advice on them; empty where it only informs.
    """

    title: str
    show: Callable[[View, str | None, Mapping[str, int]], None]
    counts: tuple[str, ...] = ()
    advice: str = ""

    def total(self, numbers: Mapping[str, int]) -> int:
        """Count its cases."""
        return sum(numbers[name] for name in self.counts)

    def name(self, view: View, numbers: Mapping[str, int]) -> str:
        """Write its title, with the number of its cases."""
        title = view.t(self.title)
        return f"{title} · {formats.format_count(self.total(numbers), view.lang)}" if self.counts else title


def show(view: View) -> None:
    """Draw the page."""
    file = _choose_file(view)
    row = view.snapshot.query("quality_counts", {"file": file}).iloc[0]
    numbers = {str(name): int(number) for name, number in row.items()}
    titles = {name: section.name(view, numbers) for name, section in SECTIONS.items()}
    section = SECTIONS[page_parts.choose(view, "quality-section", titles, instead=listing.OTHER_LIST)]
    rebuild.show(view)
    section.show(view, file, numbers)


def _choose_file(view: View) -> str | None:
    """Choose the file of the lists, kept in the link; return its handle. Offer everything about it as a workbook."""
    t = view.t
    handles = view.snapshot.query("input_files")["source_file"].tolist()
    names = find_names(view.snapshot.path)
    requested = view.parameters.get(FILE)
    file = requested if requested in handles else None
    if requested is not None and file is None:
        name = f"`{requested.replace('`', '')}`"
        st.warning(t("The file {file} is not in this build; all files are shown.", file=name))
    with st.container(horizontal=True, vertical_alignment="bottom", key="quality-which"):
        st.selectbox(
            t("File"),
            sorted(handles, key=names.file),
            format_func=names.file,
            index=None,
            placeholder=t("All files"),
            width=420,
            **link.bind("quality-file", FILE, file, None, instead=listing.OTHER_LIST),
        )
        label = t("Everything to correct, as Excel") if file is None else t("Everything about this file, as Excel")
        excel = listing.name_excel(view, "office", label, order.FOR_AN_OFFICE, file)
        words = t("One sheet a list, ready to be sent back to the office that sent the file; no names of contacts.")
        file_at_once.show(view, "staff-files-office", file, excel._replace(help=words))
    if view.selection != Selection(lang=view.lang):
        st.caption(t("The filters of the other pages do not apply here: every row of the files counts."))
    return file


def _show_summary(view: View, file: str | None, numbers: Mapping[str, int]) -> None:
    """Draw the tasks, section by section, or a note that all is well."""
    t = view.t
    advised = [section for section in SECTIONS.values() if section.advice]
    waiting = [section for section in advised if section.total(numbers)]
    if not waiting:
        st.success(t("All is well: no row is rejected, no value unmatched, nothing waits for a decision."))
        _show_claims(view, file)
        return
    with st.container(gap=None, key="waiting"):
        for section_id, section in SECTIONS.items():
            if section in waiting:
                pairs = (("section", section_id), ("lang", view.lang), *((("file", file),) if file else ()))
                name = section.name(view, numbers)
                _show_way(PageLink(name, view.page_id, pairs, ":material/arrow_forward:"), t(section.advice))
    _show_claims(view, file)
    well = [t(section.title) for section in advised if section not in waiting]
    if well:
        st.caption(t("Nothing to do: {sections}.", sections=", ".join(well)))
    sections.show_account(view, file)


_CLAIMS = Selection(statuses=("completed",), evidence=(CLAIMED_ONLY,))


def _show_claims(view: View, file: str | None) -> None:
    """Draw the completed actions with no evidence but the claim, for staff to work through."""
    count = 0 if file else headline(view.snapshot, _CLAIMS).actions
    if not count:
        return
    t = view.t
    name = t("Completed, only claimed · {n}", n=count)
    pairs = (("status", "completed"), ("evidence", CLAIMED_ONLY), ("lang", view.lang))
    advice = t("Only the stakeholder says so. Open one to record the evidence you have seen.")
    with st.container(gap=None, key="waiting-claims"):
        _show_way(PageLink(name, "actions", pairs, ":material/arrow_forward:"), advice, f"**{name}**")


def _show_way(way: PageLink, advice: str, words: str = "") -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page_link.show(way, words, 230)
        st.html(f'<p class="advice">{escape(advice)}</p>', width="stretch")


SECTIONS = {
    "summary": Section(N_("Summary"), _show_summary),
    "files": Section(N_("Files"), sections.show_files, ("files",)),
    "columns": Section(
        N_("Columns"),
        settling.show_columns,
        ("open_columns",),
        N_("Unassigned columns: not counted or published until you say what they are."),
    ),
    "rejected": Section(
        N_("Rejected rows"),
        sections.show_rejected,
        ("rejected",),
        N_("Rows that count nowhere: correct them in the file, or send them back to the office."),
    ),
    "unmatched": Section(
        N_("Unmatched values"),
        settling.show_words,
        ("unmatched",),
        N_("Words that were not understood: their field stays empty until you say what they mean."),
    ),
    "decide": Section(
        N_("To decide"),
        decide.show,
        ("stakeholders", "actions", "reports", "posts", "versions", "gone"),
        N_("Stakeholders, actions and reports that may be duplicates: decide once, every build remembers."),
    ),
    "orphans": Section(
        N_("Reports without action"),
        lambda view, file, _: listing.show(view, LISTS["orphans"], file),
        ("orphans",),
        N_("Reports that belong to no known action: counted separately."),
    ),
    "classify": Section(
        N_("To classify"),
        classify.show,
        ("unclassified",),
        N_("Actions without stakeholder group, category, themes or place: accept or change what their words suggest."),
    ),
    "checks": Section(
        N_("Checks"),
        sections.show_checks,
        ("warnings", "notes"),
        N_("Unlikely or contradictory entries: they count as they are, but should be checked."),
    ),
    "coverage": Section(N_("Coverage"), sections.show_coverage),
    "changes": Section(N_("Changes"), sections.show_changes),
}
"""The sections by their ids in the link, in their order on the page."""
