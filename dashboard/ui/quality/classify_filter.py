"""Which actions to classify are listed: search, what is missing, group, country, suggested or not."""

import streamlit as st

from dashboard.campaign.codelists import UNCLASSIFIED, Code
from dashboard.i18n import N_
from dashboard.quality.classifying import LACKS, Wanted
from dashboard.ui.frame.page import View

_SUGGESTED = {
    "any": (N_("With or without"), None),
    "with": (N_("With suggestions"), True),
    "without": (N_("Without suggestions"), False),
}


def show(view: View, file: str | None) -> Wanted:
    """Draw the filters; what they choose."""
    t = view.t
    with st.container(horizontal=True, vertical_alignment="bottom", key="classify-filters"):
        words = st.text_input(t("Search"), key="classify-search", placeholder=t("Stakeholder, title or id"), width=230)
        lacks = st.selectbox(
            t(N_("Missing", "fields that an action lacks")),
            list(LACKS),
            format_func=lambda name: t(LACKS[name]),
            key="classify-lacks",
            width=190,
        )
        suggested = st.selectbox(
            t("Suggestions"),
            list(_SUGGESTED),
            format_func=lambda choice: t(_SUGGESTED[choice][0]),
            key="classify-suggested",
            width=190,
        )
        groups = _choose(view, t("Stakeholder group"), "stakeholder_groups", "groups")
        countries = _choose(view, t("Country"), "countries", "countries")
    return Wanted(file, words, lacks, groups, countries, _SUGGESTED[suggested][1])


def list_codes(view: View, codelists: tuple[str, ...]) -> dict[str, Code]:
    """The codes that a field may be given, in their codelists' order; countries by name."""
    codes = {
        code: entry
        for name in codelists
        for code, entry in view.snapshot.codes.get(name, {}).items()
        if code != UNCLASSIFIED
    }
    if codelists == ("countries",):
        return dict(sorted(codes.items(), key=lambda item: item[1].labels[view.lang].casefold()))
    return codes


def _choose(view: View, label: str, codelist: str, name: str) -> tuple[str, ...]:
    codes = list_codes(view, (codelist,))
    chosen = st.multiselect(
        label,
        list(codes),
        format_func=lambda code: codes[code].labels[view.lang],
        key=f"classify-{name}",
        placeholder=view.t("Stated or suggested"),
        width=240,
    )
    return tuple(chosen)
