"""The links that were made: one's own, and for administrators everybody's; each can be revoked."""

import streamlit as st

from dashboard import formats
from dashboard.access.link_makers import state_now
from dashboard.access.rights import Role
from dashboard.access.signed_links import LINK_STATES, LinkState, SignedLink, open_links
from dashboard.audit.events import Event
from dashboard.audit.log import acting
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import entry_lines, messages, paging
from dashboard.web.link_targets import find_target, say_selection

PAGE_LINKS = 20
_WHOSE, _OUTCOME, _PAGE = "links-whose", "links-outcome", "links-page"
MINE, ALL = "mine", "all"
WHOSE = {MINE: N_("My links"), ALL: N_("Everybody's links")}
_ICONS = {LinkState.OPEN: "●", LinkState.ENDED: "○", LinkState.REVOKED: "×"}


def show(view: View, settings: Settings) -> None:
    """Draw the list, the newest link first."""
    t, person = view.t, staff.person()
    links = open_links(settings.campaign / "private")
    messages.show_heading(t("Links created"))
    outcome: UserError | str | None = st.session_state.pop(_OUTCOME, None)
    if isinstance(outcome, UserError):
        messages.show_error(view, outcome)
    elif outcome:
        st.success(t("Revoked: {label}. It no longer works.", label=messages.plain(outcome)), icon=":material/check:")
    is_all = person.role >= Role.ADMINISTRATOR and _choose_whose(view) == ALL
    signed_links = links.list(None if is_all else person.key)
    if not signed_links:
        st.markdown(t("Nobody has created a link yet.") if is_all else t("You have not created a link yet."))
        return
    page = paging.find(_PAGE, PAGE_LINKS, len(signed_links))
    for one in signed_links[page.offset : page.offset + PAGE_LINKS]:
        _show_link(view, one, settings, has_maker=is_all)
    paging.show_others(page, len(signed_links))


def _choose_whose(view: View) -> str:
    names = {whose: view.t(name) for whose, name in WHOSE.items()}
    chosen = st.segmented_control(
        view.t("Whose links"), list(names), format_func=names.__getitem__, default=MINE, required=True,
        key=_WHOSE, label_visibility="collapsed",
    )  # fmt: skip
    return str(chosen)


def _show_link(view: View, one: SignedLink, settings: Settings, *, has_maker: bool) -> None:
    t, state = view.t, state_now(one, settings)
    name = f"{_ICONS[state]} {t(LINK_STATES[state])}"
    if state is not one.state():
        name = f"{name} · {t('Its creator no longer has access')}"
    with entry_lines.entry(f"link-{one.handle}", one.label, *_say(view, one, has_maker=has_maker), role=name):
        if one.state() is LinkState.OPEN:  # also where it opens nothing now: its maker might come back
            _show_revoking(view, one, settings)


def _say(view: View, one: SignedLink, *, has_maker: bool) -> list[str]:
    """What it opens; since when, until when and by whom; how often it was used."""
    t, lang = view.t, view.lang
    target = find_target(one.path)
    try:
        selection = say_selection(one.query, view.snapshot, t)
    except UserError:  # a code that the published build no longer knows
        selection = one.query
    name = f"{t(target.what)} · {t(target.form)}" if target else one.path
    days = [
        t("Created on {day}", day=formats.format_date(one.made_on, lang)),
        t("Last day {day}", day=formats.format_date(one.ends_on, lang)),
    ]
    if one.revoked_on is not None:
        days.append(t("Revoked on {day}", day=formats.format_date(one.revoked_on, lang)))
    if has_maker:
        days.append(t("Created by {name}", name=one.made_name or one.made_by))
    return [f"{name} · {selection}", " · ".join(days), _say_uses(view, one)]


def _say_uses(view: View, one: SignedLink) -> str:
    t = view.t
    if one.last_used_on is None:
        return t("Not used yet")
    day = formats.format_date(one.last_used_on, view.lang)
    return t.plural("Used {n} time, last on {day}", "Used {n} times, last on {day}", one.uses, day=day)


def _show_revoking(view: View, one: SignedLink, settings: Settings) -> None:
    t = view.t
    with st.popover(t("Revoke"), icon=":material/block:", key=f"revoke-box-{one.handle}", width="content"):
        st.markdown(
            t("Within seconds the link stops working for everybody. This cannot be undone; you can create a new link.")
        )
        st.button(
            t("Revoke the link"), key=f"revoke-{one.handle}", type="primary", on_click=_revoke, args=(one, settings),
        )  # fmt: skip


def _revoke(one: SignedLink, settings: Settings) -> None:
    person = staff.person()
    whose = None if person.role >= Role.ADMINISTRATOR else person.key
    opens = f"{one.path}?{one.query}"
    try:
        with acting(settings.campaign, person, Event.REVOKED, one.label, link=one.handle, opens=opens):
            revoked = open_links(settings.campaign / "private").revoke(one.handle, whose)
    except UserError as error:
        st.session_state[_OUTCOME] = error
        return
    st.session_state[_OUTCOME] = one.label if revoked is not None else None
