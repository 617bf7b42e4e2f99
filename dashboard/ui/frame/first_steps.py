"""The steps to the first figures: make the campaign, drop a file, classify its columns, see the figures."""

import time
from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from dashboard.campaign.copies.reading_copy import is_copy
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.uploads import has_inbox
from dashboard.errors import UserError
from dashboard.ground.processes import commands
from dashboard.i18n import N_, Translator
from dashboard.languages import name_language
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from dashboard.ui.frame import header, page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink

_STEP = "staff-first-step"
POLL_SECONDS = 0.2


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


def may_build_sample(settings: Settings) -> bool:
    """Return whether the pages may build the sample by themselves: in the shipped campaign as it was fetched."""
    folder = CampaignFolder(SHIPPED_CAMPAIGN)
    is_untouched = (
        not (has_inbox(folder.root) or (folder.published / "current.json").exists()) and folder.samples.is_dir()
    )
    return settings.campaign == SHIPPED_CAMPAIGN and is_untouched and not is_copy(settings)


@cache
def _start_sample(campaign: Path) -> commands.Job:
    """Start the build once for all readers who come meanwhile."""
    return commands.start(["build", "--campaign", str(campaign), "--json"], {})


def build_sample(t: Translator) -> None:
    """Build the fictional sample while the reader sees how far it is, then show the page.

    A build that failed leaves its sentence; the next reader starts it again.
    """
    st.markdown(t("The fictional sample is being prepared, since there are no exports yet. It takes some seconds."))
    bar = st.progress(0.0, text=t("Starting …"))
    try:
        job = _start_sample(SHIPPED_CAMPAIGN)
        while not job.done():
            if job.progress is not None:
                bar.progress(job.progress.share, text=plain(t(job.progress.what)))
            time.sleep(POLL_SECONDS)
        job.result()
    except UserError as error:
        _start_sample.cache_clear()
        st.error(plain(f"{t(error.what)} {t(error.remedy)}"), icon=":material/error:")
        return
    st.rerun()


def show_languages(page_id: str, languages: Sequence[str], lang: str) -> None:
    """Draw links to this page in other languages, while there are no figures to choose them with."""
    other_languages = [one for one in languages if one != lang]
    if not other_languages:
        return
    with st.container(horizontal=True, gap="small", key="first-languages"):
        for one in other_languages:
            page_link.show(PageLink(name_language(one), page_id, (("lang", one),)))
