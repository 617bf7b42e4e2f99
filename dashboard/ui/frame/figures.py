"""Choose which build a session sees, and announce newer figures: nothing changes until the reader says so.

A session stays with the build that it opened. Its page asks the server which build is published by small requests of
its own (`figures.js`, answered by `dashboard.web.latest_build`), not by runs of the page; the reader then switches to
the new figures, or keeps the old ones in the link.
"""

from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_, Translator
from dashboard.languages import find_tag
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot import kept_builds
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import browser_part, link
from dashboard.web import latest_build

_SEEN = "build seen"
_GONE = "build gone"
_ASKED = "newest build asked for"
_HERE = Path(__file__).with_name("figures")
_MOUNT = browser_part.register(
    "figures",
    _HERE,
    '<div class="notice" hidden><p role="status"></p><div class="choice"></div></div>',
)
WORDS = {
    "new": N_("New figures from {time}: {before} → {after} actions."),
    "same": N_("New figures from {time}, still {after} actions."),
    "kept": N_("This page keeps the figures of build {build}."),
    "newer": N_("Newer ones are from {time}: {before} → {after} actions."),
    "show": N_("Show"),
    "keep": N_("Keep the current figures"),
    "follow": N_("Show the newest figures"),
    "away": N_("The server does not answer"),
    "waiting": N_("The page continues automatically as soon as it answers again. Are you connected to the internet?"),
}
"""What the notice says; the browser puts in the numbers and the time in the reader's own zone."""


def choose(published: Snapshot, build_id: str, *, is_newest: bool) -> Snapshot:
    """Choose the snapshot that the session sees from now on.

    `build_id`: the build that the link keeps; empty where it follows the data.
    `is_newest`: whether the page shows what is published in any case.

    Raises:
        GoneError: the build that the link keeps is gone.
    """
    settings = Settings.from_environment()
    snapshot = published
    if not is_newest:
        session_build_id = build_id or st.session_state.get(_SEEN, published.build_id)
        try:
            snapshot = kept_builds.open_seen(settings, session_build_id)
        except GoneError:
            if build_id:
                raise
            st.session_state[_GONE] = True
    st.session_state[_SEEN] = snapshot.build_id
    return snapshot


def reopen() -> Snapshot:
    """Open the snapshot that the session sees, for a widget's callback; the published one where that is gone.

    Raises:
        SnapshotError: nothing is published.
    """
    settings = Settings.from_environment()
    try:
        return kept_builds.open_seen(settings, str(st.session_state.get(_SEEN, "")))
    except GoneError:
        return current(settings)


def show(t: Translator, page_id: str, snapshot: Snapshot, *, is_kept: bool, is_newest: bool) -> None:
    """Draw the place of the notice, and tell the reader where their last build is gone."""
    is_gone = bool(st.session_state.pop(_GONE, False))
    is_newest = bool(st.session_state.pop(_ASKED, False)) or is_newest or is_gone
    data = {
        "address": f"{link.site_path(page_id)}{latest_build.PATH}",
        "build": snapshot.build_id,
        "actions": headline(snapshot, Selection()).actions,
        "lang": find_tag(t.language),
        "is_kept": is_kept,
        "is_newest": is_newest,
        "words": {name: t(text, time="{time}", before="{before}", after="{after}", build=snapshot.build_id[:12])
                  for name, text in WORDS.items()},
    }  # fmt: skip
    key = "figures-kept" if is_kept else "figures"
    _MOUNT(key=key, data=data, on_show_change=_show_newest, on_keep_change=_keep, on_stay_change=partial(_stay, key))
    if is_gone:
        moment = f"{formats.format_moment(snapshot.built_at, t.language)} UTC"
        words = t("The figures you were looking at are no longer kept. These are from {moment}.", moment=moment)
        st.info(words, icon=":material/update:")


def see_newest() -> None:
    """Switch to the published build from the next run on, for staff who have just published it."""
    st.session_state.pop(_SEEN, None)
    st.session_state[_ASKED] = True


def _show_newest() -> None:
    """Switch to the published build; filters, page and day stay. The notice's callback."""
    st.session_state.pop(_SEEN, None)
    link.change(build="")


def _keep() -> None:
    """Keep the present build in the link. The notice's callback."""
    link.change(build=st.session_state[_SEEN])


def _stay(key: str) -> None:
    """Go back to the build that the page showed before a restart of the server, which forgot the session.

    The notice's callback; what is no build is found gone when the page is drawn.
    """
    st.session_state[_SEEN] = str(st.session_state[key].get("stay"))
    link.hold()
