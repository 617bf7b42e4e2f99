"""The page Definitions: what the measures and statuses mean, the codes of every codelist, and the input files."""

from datetime import datetime
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.definitions import DEFINITIONS
from dashboard.snapshot.attribution import attribute, cite
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import account, html_tables, messages

CODELISTS = {
    "regions": N_("Regions"),
    "subregions": N_("Subregions"),
    "groupings": N_("Groupings of countries"),
    "categories": N_("Categories"),
    "themes": N_("Themes"),
    "stakeholder_groups": N_("Stakeholder groups"),
}


def show(view: View) -> None:
    """Draw the page, part by part."""
    _show_measures(view)
    _show_statuses(view)
    _show_codelists(view)
    _show_input_files(view)
    _show_attribution(view)
    _show_accessibility(view)


def _show_measures(view: View) -> None:
    """Each measure with its meaning and its formula."""
    t = view.t
    messages.show_heading(t("Measures"))
    columns = html_tables.words(t("Measure"), t("Meaning"), t("Formula"))
    html_tables.show(columns, [[t(d.name), t(d.sentence), t(d.formula)] for d in DEFINITIONS.values()])


def _show_statuses(view: View) -> None:
    """Each status code with the base status it counts as."""
    t = view.t
    codes = view.snapshot.codes["statuses"]
    messages.show_heading(t("Statuses"))
    st.markdown(
        t(
            "A report gives an action one status. The campaign's own statuses count as one of four base statuses; "
            "“{not_reported}” and “{overdue}” are derived from reports and deadlines.",
            not_reported=codes["not_reported"].labels[view.lang],
            overdue=codes["overdue"].labels[view.lang],
        )
    )
    derived = t("derived")
    rows = [
        [code.labels[view.lang], codes[code.base_status].labels[view.lang] if code.base_status else derived, code.code]
        for code in codes.values()
    ]
    columns = html_tables.words(t("Status"), t("Counts as"), t("Code"))
    html_tables.show(columns, rows)


def _show_codelists(view: View) -> None:
    """The codes of each dimension, folded away."""
    t = view.t
    messages.show_heading(t("Codes used in links and extracts"))
    for name, title in CODELISTS.items():
        with st.expander(t(title)):
            columns = html_tables.words(t("Name"), t("Code"))
            html_tables.show(
                columns, [[c.labels[view.lang], c.code] for c in view.snapshot.codes.get(name, {}).values()]
            )


def _show_input_files(view: View) -> None:
    """The files that the figures come from, and what became of each of their rows."""
    t = view.t
    files = view.snapshot.query("input_files")
    messages.show_heading(t("Data"))
    st.markdown(
        t(
            "Every row of every file is accounted for: rows read = accepted + merged + rejected. A merged row "
            "repeats another, such as an earlier submission of the same action; a rejected row cannot be what its "
            "file says."
        )
    )
    columns = (*html_tables.words(t("File")), *account.name_columns(view))
    rows = [[file["source_file"], *account.write_counts(view, file)] for file in files.to_dict("records")]
    html_tables.show(columns, [*rows, [t("All files"), *account.write_totals(view, files)]])
    built = datetime.fromisoformat(view.snapshot.built_at)
    moment = f"{formats.format_date(built.date(), view.lang)}, {built:%H:%M}"
    messages.show_note(t("Build {build}, made on {day} (UTC)", build=view.snapshot.build_id, day=moment))


def _show_attribution(view: View) -> None:
    """Who publishes the figures, under which licence, and how to cite them."""
    t, campaign, lang = view.t, view.snapshot.campaign, view.lang
    stated, day = attribute(campaign, lang), view.selection.day(view.snapshot)
    messages.show_heading(t("Use and citation"))
    rows = [(t("Publisher"), stated.publisher, stated.url), (t("Licence"), stated.licence, stated.licence_url)]
    if any(text for _, text, _ in rows):
        st.html("".join(_describe(label, text, address) for label, text, address in rows if text))
    site = f"{link.site_address(view.page_id)}/?{view.selection.query_string()}"
    messages.show_note(t("How to cite the figures of this selection:"))
    st.code(cite(campaign, lang, stated.campaign, day, site), language=None, wrap_lines=True)


def _describe(label: str, text: str, address: str) -> str:
    """A text below its label, as a link where it has an address, as HTML."""
    shown = escape(text)
    linked = f'<a href="{escape(address)}" target="_blank" rel="noopener">{shown}</a>' if address else shown
    return f'<p class="about"><b>{escape(label)}</b><br>{linked}</p>'


def _show_accessibility(view: View) -> None:
    """For whom the pages can be used, and what is known to be amiss."""
    t = view.t
    messages.show_heading(t("Accessibility"))
    st.markdown(
        t(
            "These pages are designed to meet WCAG 2.2, level AA. They are checked with axe-core, but not yet by a "
            "screen reader user. Everything works by keyboard, and each chart is also a table."
        )
    )
    st.markdown(
        t(
            "Known limits: screen readers hear only the visible rows of large tables; the extracts have all of them. "
            "If you meet another barrier, tell whoever sent you the link."
        )
    )
