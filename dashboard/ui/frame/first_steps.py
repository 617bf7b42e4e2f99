"""The steps to the first figures: make the campaign, drop a file, classify its columns, see the figures."""

from collections.abc import Sequence
from enum import IntEnum
from html import escape

import streamlit as st

from dashboard.i18n import N_, Translator
from dashboard.languages import name_language
from dashboard.ui.frame import header, page_link
from dashboard.ui.frame.page_link import PageLink

_STEP = "staff-first-step"


class FirstStep(IntEnum):
    """The next step while nothing is published."""

    DROP = 1
    COLUMNS = 2
    FIGURES = 3


_NAMES = {
    FirstStep.DROP: N_("Drop a file"),
    FirstStep.COLUMNS: N_("Assign its columns"),
    FirstStep.FIGURES: N_("See the figures"),
}
_WHAT = {
    FirstStep.DROP: N_("an export of your form, or the table in which you keep your register"),
    FirstStep.COLUMNS: N_("if it is of a new kind; next month’s file is then read automatically"),
    FirstStep.FIGURES: N_("as a preview first; you publish when they are right"),
}


def show(t: Translator, step: FirstStep) -> None:
    """Draw the steps, and remember where the reader is, for the other pages."""
    st.session_state[_STEP] = step
    _draw(t, step)


def show_where(t: Translator) -> None:
    """Draw the steps as they stand on the page Upload."""
    _draw(t, st.session_state.get(_STEP, FirstStep.DROP))


def _draw(t: Translator, step: FirstStep) -> None:
    items = []
    for one in FirstStep:
        state = "now" if one == step else "done" if one < step else "later"
        current = ' aria-current="step"' if one == step else ""
        done = f'<span class="unseen">{escape(t("done"))}</span>' if state == "done" else ""
        items.append(
            f'<li class="step-{state}"{current}><b>{escape(t(_NAMES[one]))}</b> {done}'
            f"<span>{escape(t(_WHAT[one]))}</span></li>"
        )
    st.html(f'<ol class="first-steps" aria-label="{escape(t("To the first figures"))}">{"".join(items)}</ol>')


def lead_to_campaign(t: Translator) -> None:
    """Say that there is no campaign yet, and link to where to make one."""
    sentence = t("There is no campaign here yet. A few answers create one; no files to write by hand.")
    st.info(sentence, icon=":material/flag:")
    title = t(header.find("new_campaign").title)
    page_link.show(PageLink(title, "new_campaign", (("lang", t.language),), ":material/add:"))


def show_languages(page_id: str, languages: Sequence[str], lang: str) -> None:
    """Draw links to this page in other languages, while there are no figures to choose them with."""
    other_languages = [one for one in languages if one != lang]
    if not other_languages:
        return
    with st.container(horizontal=True, gap="small", key="first-languages"):
        for one in other_languages:
            page_link.show(PageLink(name_language(one), page_id, (("lang", one),)))
