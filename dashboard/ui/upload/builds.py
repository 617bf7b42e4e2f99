"""The builds of the campaign: the files of each, the way back to one, and taking a single file out."""

from dataclasses import asdict
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign import builds, source_notes
from dashboard.campaign.builds import Build
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import account, campaign_commands, comparison, html_tables, messages
from dashboard.ui.pieces.html_tables import Cells
from dashboard.ui.upload import state

_RESTORED = "staff-restored"
_REFUSED = "staff-restore-refused"
_HOW = {
    "build": N_("Build"),
    "upload": N_("Upload"),
    "restore": N_("Restored"),
    "watch": N_("Inbox changed"),
    "fetch": N_("Fetched from a source"),
    "settings": N_("Settings changed"),
    "forget": N_("Person removed"),
    "decide": N_("Decision"),
}
_FIGURES = {
    "actions": N_("Actions"),
    "reported": N_("Reported"),
    "completed": N_("Completed"),
    "reports": N_("Progress reports"),
    "reports_without_action": N_("Reports without action"),
    "rejected": N_("Rejected rows"),
}
_OUTCOMES = {
    "put_back": N_("Back in the inbox: {names}"),
    "taken_out": N_("Removed from the inbox (kept with their builds): {names}"),
    "set_aside": N_("Never built, so set aside before being replaced: {names}"),
    "left_alone": N_("Never built: they stay in the inbox for the next build: {names}"),
    "changed_since": N_("Changed since that build and not restored: {names}"),
}


def show(view: Frame) -> None:
    """Draw the builds, the newest first."""
    t = view.t
    history = builds.read_builds(Settings.from_environment().campaign)
    if not history:
        return
    messages.show_heading(t("Builds"))
    st.markdown(
        t(
            "Each build is one published state of the figures. Restoring one shows it immediately and resets the "
            "inbox to its files. Newer builds stay in this list."
        )
    )
    outcome: dict[str, Any] | None = st.session_state.pop(_RESTORED, None)
    if outcome is not None:
        st.success(t("Restored: the pages now show build {build}.", build=outcome["build_id"][:12]))
    _show_builds(view, history)
    _show_restore(view, history)
    current = next((build for build in history if build.is_current), None)
    if current is not None:
        _show_files(view, current)


def _show_builds(view: Frame, history: list[Build]) -> None:
    t = view.t

    def name_files(build: Build) -> str:
        return t("fictional sample") if build.is_sample else ", ".join(_name_files(build))

    def count(name: str, build: Build) -> str:
        return formats.format_count(build.figures[name], view.lang)

    figures = [Cells(t(label), partial(count, name), is_words=False) for name, label in _FIGURES.items()]
    columns = (
        Cells(t("Published on (UTC)"), lambda build: comparison.name_moment(view, build)),
        Cells(t(N_("By", "who published a build")), lambda build: t(_HOW.get(build.how, build.how))),
        *figures,
        Cells(t("Files"), name_files),
    )
    html_tables.show_records(history, columns, is_long=True)


def _name_files(build: Build) -> list[str]:
    """Name the files of a build, each with its source."""
    build_origins = source_notes.read_of_build(Settings.from_environment().campaign, build.build_id)
    file_origins = ((file.name, source_notes.find_origin(build_origins, file.name)) for file in build.files)
    return [name if origin is None else f"{name} ({origin.title})" for name, origin in file_origins]


def _show_restore(view: Frame, history: list[Build]) -> None:
    t = view.t
    earlier = {build.build_id: build for build in history if not build.is_current}
    if not earlier:
        st.caption(t("There is no earlier build to restore yet."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("Restore the build of"),
            list(earlier),
            format_func=lambda build_id: f"{comparison.name_moment(view, earlier[build_id])} · {build_id[:12]}",
            key="staff-restore-choice",
        )
        if st.button(t("Restore …"), key="restore", icon=":material/settings_backup_restore:") and chosen in earlier:
            st.dialog(t("Restore this build?"), width="medium")(_confirm)(view, earlier[chosen])


def _confirm(view: Frame, build: Build) -> None:
    """Draw the exact effect of restoring, by a rehearsal of the command itself; then do it."""
    t = view.t
    st.markdown(
        t(
            "The pages will show the build of {moment}: {actions} actions, {completed} of them completed.",
            moment=comparison.name_moment(view, build),
            actions=build.figures["actions"],
            completed=build.figures["completed"],
        )
    )
    if _RESTORED in st.session_state:
        st.rerun()  # done: the page itself says so
    refused: UserError | None = st.session_state.pop(_REFUSED, None)
    try:
        if refused is not None:
            raise refused
        for line in _describe(view, _restore(build, "--dry-run")):
            st.markdown(line)
    except UserError as error:
        messages.show_error(view, error)
        return
    st.button(t("Restore this build"), type="primary", key="confirm-restore", on_click=_take_restore, args=(build,))


def _take_restore(build: Build) -> None:
    """Restore a build; a button's callback, so that it is done before anything is drawn."""
    try:
        st.session_state[_RESTORED] = _restore(build)
    except UserError as error:
        st.session_state[_REFUSED] = error


def _restore(build: Build, *options: str) -> dict[str, Any]:
    return campaign_commands.run("restore", build.build_id, *options)


def _describe(view: Frame, outcome: dict[str, Any]) -> list[str]:
    """Describe the changes of files, as lines of a list."""
    lines = [
        f"- {view.t(text, names=plain(', '.join(outcome[name])))}"
        for name, text in _OUTCOMES.items()
        if outcome.get(name)
    ]
    lines = lines or [view.t("The inbox already has exactly the files of that build.")]
    if outcome.get("changed_since"):
        lines.append(view.t("Changes made on the page Settings are undone there, under History."))
    return lines


def _show_files(view: Frame, current: Build) -> None:
    """Draw the files of the inbox with their account, each with a button for a draft without it."""
    t = view.t
    if current.is_sample or not current.files:
        return
    messages.show_heading(t("Files that the figures come from"))
    files = pd.DataFrame([{**asdict(file), "source_file": file.name} for file in current.files])
    html_tables.show(*account.lay_out(view, files, build_id=current.build_id))
    names = builds.list_inbox_files(Settings.from_environment().campaign, current)
    if len(names) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(t("Remove a file"), names, index=None, placeholder=t("Choose a file"), key="staff-take-out")
        st.button(
            t("Preview without it"),
            key="take-out",
            icon=":material/preview:",
            disabled=name is None,
            on_click=state.take_out,
            args=(name,),
        )
