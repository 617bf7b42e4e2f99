"""Saved briefings on the page Briefing: the one that a link opens; for staff the form, the list, former versions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting
from dashboard.campaign.settings_fields import Kind
from dashboard.campaign.settings_history import AFTER, Change, change_at_once, list_changes
from dashboard.campaign.working_copy import MISSING, find_version
from dashboard.errors import SelectionError, UserError
from dashboard.faults import computer_faults
from dashboard.files.briefings import saved
from dashboard.files.briefings.order import LONGEST_TITLE, clean_title
from dashboard.files.briefings.pieces import SEPARATOR
from dashboard.files.briefings.saved import PARAMETER, Saved
from dashboard.formats import format_moment
from dashboard.ground import page_addresses
from dashboard.i18n import Translator, translator
from dashboard.settings import Settings
from dashboard.ui.briefing import choice
from dashboard.ui.frame import figures, link, page_link, staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import forms, messages
from dashboard.ui.pieces.forms import Faults, Field, Form

_SEEN = "briefing saved seen"
"""The version of each file that this session has seen, so that nobody replaces what others have saved."""
_OUTCOME = "briefing saved outcome"
_MOST_VERSIONS = 10


def open_saved() -> None:
    """Open the saved briefing that the link names in its place; a link with blocks of its own stands as it is."""
    name = link.page_parameter(PARAMETER)
    if not name or link.page_parameter("charts"):
        return
    campaign = Settings.from_environment().campaign
    query = {key: values for key, values in link.as_query(link.list_pairs()).items() if key != page_addresses.PART}
    try:
        query = saved.expand(campaign, query, is_staff=staff.may_open())
    except SelectionError:
        t = translator(link.selection().lang)
        st.warning(t("There is no saved briefing “{name}” here, or it is not shared.", name=plain(name)))
        return
    if query.get("charts"):
        _see(saved.name_file(name))
        link.lead_to({**query, PARAMETER: [name]})
        st.rerun()


def _see(file: str) -> None:
    st.session_state.setdefault(_SEEN, {})[file] = find_version(Settings.from_environment().campaign / file)


def show(view: View) -> None:
    """Draw what staff have saved, with the form that saves the present briefing; nothing for others."""
    if not staff.may_open():
        return
    t, campaign = view.t, Settings.from_environment().campaign
    briefings, name = saved.list_saved(campaign), link.page_parameter(PARAMETER)
    current = next((one for one in briefings if one.name == name), None)
    outcome: str | UserError | None = st.session_state.pop(_OUTCOME, None)
    with st.expander(t("Saved briefings"), icon=":material/bookmark:", expanded=bool(current or outcome)):
        messages.show_note(
            t("Blocks, words, talking points and filters under a name; each opening shows the newest figures.")
        )
        if isinstance(outcome, UserError):
            messages.show_error(view, outcome)
        elif outcome:
            _show_done(view, campaign, outcome)
        if link.page_parameter("charts"):
            _show_form(view, current)
        if current:
            address = page_addresses.write(link.site_address(view.page_id), "briefing", ((PARAMETER, current.name),))
            st.code(address, language=None, wrap_lines=True)
            _show_versions(view, campaign, current)
        with st.container(gap="xsmall", key="saved-list"):
            for one in briefings:
                _show_one(t, campaign, one)


def _show_one(t: Translator, campaign: Path, one: Saved) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"saved-one-{one.name}"):
        page_link.show(PageLink(one.title, "briefing", ((PARAMETER, one.name),)))
        words = t("Remove: {chart}", chart=one.title)
        st.button(
            words,
            key=f"saved-out-{one.name}",
            type="tertiary",
            icon=":material/delete:",
            help=words,
            on_click=_guard,
            args=(_put, one.file, "", find_version(campaign / one.file)),
        )


def _show_form(view: View, current: Saved | None) -> None:
    t, heading = view.t, choice.read_heading(link.page_parameters())
    fields = [
        Field("title", t("Name"), value=current.title if current else heading, longest=LONGEST_TITLE, is_wide=True),
        Field("is_shared", t("Readers can open it by its link"), Kind.FLAG, bool(current and current.is_shared)),
    ]
    if current:
        if current.file not in st.session_state.get(_SEEN, {}):
            _see(current.file)
        fields.append(Field("is_another", t("Save as another one"), Kind.FLAG, False))
    forms.show_bare(view, Form("saved", "", "", fields, t("Save"), ":material/save:"), partial(_save, t, current))


def _save(t: Translator, current: Saved | None, values: dict[str, Any]) -> Faults:
    """Save the briefing of the link; a form's callback."""
    title = clean_title(values["title"])
    if not title:
        return {"title": t("Give it a name.")}
    campaign, parameters = Settings.from_environment().campaign, link.page_parameters()
    chosen = choice.remember(parameters, choice.parse(parameters, link.selection(), figures.reopen))
    chosen.pop(PARAMETER, None)
    query = link.as_query([*link.selection().query_pairs(), *chosen.items()])
    is_new = current is None or bool(values.get("is_another"))
    name = saved.choose_name(campaign, title) if current is None or is_new else current.name
    briefing = Saved(name, title, values["is_shared"], query)
    _put(briefing.file, briefing.write(), MISSING if is_new else st.session_state[_SEEN][briefing.file])
    link.change_page_parameter(PARAMETER, briefing.name)
    return {}


def _put(file: str, text: str, version: str) -> None:
    """Put the text of a saved briefing in place; an empty one removes it.

    Raises:
        UserError: somebody has changed it since this version was seen, or it cannot be written.
    """
    campaign = Settings.from_environment().campaign
    with acting(campaign, staff.person(), Event.SETTING_CHANGED, file, files=[file]) as act, computer_faults():
        st.session_state[_OUTCOME] = change_at_once(campaign, file, text, version)
        act.say(draft=st.session_state[_OUTCOME])
    _see(file)


def _guard(act: Callable[..., None], *arguments: Any) -> None:
    """Change something in a callback; the page explains a refusal."""
    try:
        act(*arguments)
    except UserError as error:
        st.session_state[_OUTCOME] = error


def _show_done(view: View, campaign: Path, change_id: str) -> None:
    """Say what was changed, with the button that undoes it."""
    for change in list_changes(campaign):
        if change.change_id == change_id:
            st.success(plain(" ".join(change.describe(view.t))), icon=":material/check:")
            undo, words = partial(_undo, change), view.t("Undo")
            st.button(words, key="saved-undo", type="tertiary", icon=":material/undo:", on_click=_guard, args=(undo,))


def _undo(change: Change) -> None:
    for file, text in change.list_back().items():
        after = change.place / AFTER / file
        _put(file, str(text), find_version(after) if after.stat().st_size else MISSING)


def _show_versions(view: View, campaign: Path, current: Saved) -> None:
    """Draw the former versions, each of which the page can show: saved anew, it is in force again."""
    changes = [change for change in list_changes(campaign) if current.file in change.files][1:]
    with st.popover(
        view.t("Earlier versions"), icon=":material/settings_backup_restore:", type="tertiary", disabled=not changes
    ):
        for change in changes[:_MOST_VERSIONS]:
            version = saved.read(change.place / AFTER, current.name)
            if version is not None:
                st.button(
                    f"{format_moment(change.at, view.lang)} UTC{SEPARATOR}{plain(version.title)}",
                    key=f"saved-version-{change.change_id}",
                    type="tertiary",
                    on_click=link.lead_to,
                    args=({**version.query, PARAMETER: [current.name]},),
                )
