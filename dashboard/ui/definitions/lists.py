"""What the words mean: the measures, and the codes of every codelist as the data uses them."""

from html import escape

import streamlit as st

from dashboard.i18n import N_
from dashboard.measures.definitions import DEFINITIONS
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import tables

CODELISTS = (
    ("regions", N_("Regions")),
    ("subregions", N_("Subregions")),
    ("categories", N_("Categories")),
    ("themes", N_("Themes")),
    ("stakeholder_groups", N_("Stakeholder groups")),
)


def show_measures(view: View) -> None:
    """Draw each measure with its meaning and its formula."""
    t = view.t
    st.html(f"<h2>{escape(t('Measures'))}</h2>")
    columns = (
        tables.Column(t("Measure")),
        tables.Column(t("Meaning"), is_words=True),
        tables.Column(t("Formula"), is_words=True),
    )
    tables.show(columns, [[t(d.name), t(d.sentence), t(d.formula)] for d in DEFINITIONS.values()])


def show_statuses(view: View) -> None:
    """Draw each status code with the base status it counts as."""
    t = view.t
    codes = view.snapshot.codes["statuses"]
    st.html(f"<h2>{escape(t('Statuses'))}</h2>")
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
    columns = (
        tables.Column(t("Status")),
        tables.Column(t("Counts as"), is_words=True),
        tables.Column(t("Code"), is_words=True),
    )
    tables.show(columns, rows)


def show_dimensions(view: View) -> None:
    """Draw the codes of each dimension, folded away."""
    t = view.t
    st.html(f"<h2>{escape(t('Codes used in links and extracts'))}</h2>")
    for name, title in CODELISTS:
        with st.expander(t(title)):
            columns = (tables.Column(t("Name")), tables.Column(t("Code"), is_words=True))
            tables.show(columns, [[c.labels[view.lang], c.code] for c in view.snapshot.codes[name].values()])
