"""The page People and roles: the campaign's openness, the roles, the people signed in; each change with an undo."""

import time
from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.access import roles_edit
from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting
from dashboard.access.passwords import Gate, gate, has_password
from dashboard.access.providers import find_providers
from dashboard.access.rights import ROLE_NAMES, Role, SignInWay
from dashboard.access.roles_edit import Change
from dashboard.access.roles_file import ENTRA, ROLES, Roles, Rule, find_roles
from dashboard.access.sessions import Session, person_of, sessions_of, sign_out
from dashboard.errors import UserError, sentence
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import messages, paging

_OUTCOME = "roles-outcome"


def act(do: Callable[[Path], object], event: Event, about: str, done: str, *, can_undo: bool = False) -> None:
    """Do and record an administrator's click, and keep its outcome.

    A `UserError` of `do` explains a refusal; else `done` is the sentence of success.
    """
    campaign = Settings.from_environment().campaign
    try:
        # A click is carried out before the page is drawn again.
        if staff.person().role < Role.ADMINISTRATOR:
            raise UserError(N_("Only an administrator changes roles."), N_("Sign in again."))
        with acting(campaign, staff.person(), event, about):
            do(campaign)
    except UserError as error:
        st.session_state[_OUTCOME] = error
    else:
        st.session_state[_OUTCOME] = (done, can_undo)


def change(make: Callable[[Path], Change], event: Event, about: str, done: str, *, can_undo: bool = True) -> None:
    """Change the roles' file as by `act`."""
    act(lambda campaign: roles_edit.carry_out(campaign, make(campaign)), event, about, done, can_undo=can_undo)


def show_outcome(view: Frame, campaign: Path) -> None:
    """Draw the last change's outcome and its undo; or its refusal."""
    outcome: UserError | tuple[str, bool] | None = st.session_state.pop(_OUTCOME, None)
    if isinstance(outcome, UserError):
        messages.show_error(view, outcome)
    elif outcome is not None:
        done, can_undo = outcome
        st.success(plain(view.t(done)), icon=":material/check:")
        if can_undo and roles_edit.take_back(campaign) is not None:
            st.button(view.t("Undo"), key="roles-undo", icon=":material/undo:", on_click=_undo)


def _undo() -> None:
    """Take the last change back."""

    def take_back(campaign: Path) -> Change:
        change = roles_edit.take_back(campaign)
        if change is None:
            raise UserError(N_("The roles were changed meanwhile."), N_("Check them again."))
        return change

    change(take_back, Event.ROLES_CHANGED, "undone", N_("The change was undone."), can_undo=False)


SIGN_IN_WAYS = {
    SignInWay.PASSWORD: N_("with the staff password"),
    SignInWay.PROVIDER: N_("with a provider"),
    SignInWay.COMMAND: N_("with a link from the server's command line"),
}
PAGE_SESSIONS = 20
_PAGE = "roles-sessions-page"


def show_sessions(view: Frame, settings: Settings) -> None:
    """Draw the sessions, the one used last first."""
    t, visit = view.t, staff.find_visit()
    messages.show_heading(t("Who is signed in now"))
    sessions = sessions_of(settings).list_all()
    if not sessions:
        st.markdown(t("Nobody is signed in."))
        return
    page = paging.find(_PAGE, PAGE_SESSIONS, len(sessions))
    for one in sessions[page.offset : page.offset + PAGE_SESSIONS]:
        _show_session(view, settings, one, is_own=visit is not None and one.session_hash == visit.session_hash)
    paging.show_others(page, len(sessions))


def _show_session(view: Frame, settings: Settings, one: Session, *, is_own: bool) -> None:
    t, now, key = view.t, time.time(), one.session_hash[:12]
    name = one.identity.name or one.identity.address or t("Somebody")
    current_role = person_of(one, settings).role
    role = t(ROLE_NAMES[current_role]) if current_role is not Role.STRANGER else t("no longer has a role")
    notes = (
        " · ".join(filter(None, (t(SIGN_IN_WAYS[one.way]), one.identity.own_address))),
        t(
            "Used {when}; ends {end}",
            when=formats.format_since(max(0.0, now - one.seen_at), view.lang),
            end=formats.format_since(now - one.ends_at, view.lang),
        ),
    )
    own_mark = f" · {t('this is you')}" if is_own else ""
    with messages.show_entry(f"session-{key}", name, *notes, role=f"{role}{own_mark}"):
        st.button(
            t("End the session"),
            key=f"roles-end-{key}",
            icon=":material/logout:",
            on_click=act,
            args=(
                lambda _campaign: sign_out(one.session_hash, settings),
                Event.SIGNED_OUT,
                f"ended for {one.identity.key or one.way.value}",
                sentence(N_("Signed out in every tab: {name}."), name=name),
            ),
        )


ORDER = ("administrator", "staff", "reader")
FIELDS = {
    "address": N_("Mail address"),
    "domain": N_("Mail domain"),
    "tenant": N_("Directory (tenant)"),
    "object": N_("Person (object id)"),
    "group": N_("Group (object id)"),
    "provider": N_("Provider"),
    "subject": N_("Subject (sub)"),
    "claim": N_("Claim"),
    "value": N_("Value", "what a sign-in token says"),
}
"""The ways in which an entry may name somebody, as in its file, for people."""


def say_rule(t: Translator, rule: Rule) -> str:
    """Write the people of an entry, in the reader's language."""
    if rule.address:
        return rule.address
    if rule.domain:
        return t("everybody at {domain}", domain=rule.domain)
    values = rule.model_dump(by_alias=True)
    return " · ".join(f"{t(words)}{t(': ')}{values[name]}" for name, words in FIELDS.items() if values[name])


def count_signed_in(settings: Settings, roles: Roles) -> Counter[int]:
    """Count the people signed in under each entry, by its place."""
    identities = [one.identity for one in sessions_of(settings).list_all() if one.way is SignInWay.PROVIDER]
    return Counter(number for number, rule in enumerate(roles.people) for who in identities if rule.names(who))


def show_entries(view: Frame, settings: Settings, roles: Roles) -> None:
    """Draw the entries by role, administrators first."""
    t, sessions = view.t, count_signed_in(settings, roles)
    messages.show_heading(t("Who has which role"))
    if not roles.people:
        st.markdown(t("Nobody is listed yet. Start with yourself as administrator."))
    for number, rule in sorted(enumerate(roles.people), key=lambda pair: ORDER.index(pair[1].role)):
        signed_in = t("Signed in now: {n}", n=str(sessions[number])) if sessions[number] else ""
        note = " · ".join(filter(None, (rule.note, signed_in)))
        with (
            messages.show_entry(f"roles-{number}", say_rule(t, rule), note, role=t(ROLE_NAMES[rule.given])),
            st.popover(t("Change or remove"), key=f"roles-change-{number}-{rule.role}", width="content"),
        ):
            if sessions[number]:
                messages.show_note(t("Open pages of people signed in reload within seconds with the new role."))
            _show_changes(t, number, rule)


def _show_changes(t: Translator, number: int, rule: Rule) -> None:
    for role in (name for name in ORDER if name != rule.role):
        name = t(ROLE_NAMES[ROLES[role]])
        st.button(
            t("Make it {role}", role=name),
            key=f"roles-give-{number}-{role}",
            width="stretch",
            on_click=change,
            args=(
                lambda campaign, role=role: roles_edit.give(campaign, number, rule, role),
                Event.ROLES_CHANGED,
                f"{rule.role} to {role}: {rule.say()}",
                sentence(N_("From now on {who}: {role}."), who=say_rule(t, rule), role=name),
            ),
        )
    st.button(
        t("Remove"),
        key=f"roles-remove-{number}",
        icon=":material/delete:",
        width="stretch",
        on_click=change,
        args=(
            lambda campaign: roles_edit.remove(campaign, number, rule),
            Event.ROLES_CHANGED,
            f"{rule.role} removed: {rule.say()}",
            sentence(N_("Removed: {who}."), who=say_rule(t, rule)),
        ),
    )


class Way(NamedTuple):
    """A way to name somebody: its title, its fields, and where to find their values."""

    label: str
    fields: tuple[str, ...]
    hint: str


WAYS = {
    "address": Way(
        N_("One person by mail address"),
        ("address",),
        N_("Only if the provider says the address is verified; never for Microsoft Entra."),
    ),
    "domain": Way(
        N_("Everybody at a mail domain"),
        ("domain",),
        N_("For Google if it manages the domain’s accounts; never for Microsoft Entra."),
    ),
    "object": Way(
        N_("One person of Microsoft Entra"),
        ("tenant", "object"),
        N_("Entra shows both ids on the person’s page. Anyone who signs in without a role sees them too."),
    ),
    "group": Way(
        N_("A group of Microsoft Entra"), ("tenant", "group"), N_("Entra shows both ids on the group’s page.")
    ),
    "subject": Way(
        N_("One person of another provider"),
        ("provider", "subject"),
        N_("The provider's own name (sub) for the person. Anyone who signs in without a role sees it."),
    ),
    "claim": Way(
        N_("A group or role of another provider"),
        ("provider", "claim", "value"),
        N_("A name in the provider's tokens, such as groups or realm_access.roles."),
    ),
}
_ROLE, _WAY, _FIELD, _NOTE = "roles-new-role", "roles-new-way", "roles-new-field", "roles-new-note"


def show_new_entry(view: Frame, settings: Settings, roles: Roles) -> None:
    """Draw the form, its effect, and the button."""
    t = view.t
    messages.show_heading(t("Give somebody a role"))
    with st.container(border=True, key="roles-new"):
        names = {name: t(ROLE_NAMES[ROLES[name]]) for name in reversed(ORDER)}
        first = "reader" if roles.people else "administrator"
        role = st.segmented_control(
            t("Role"), list(names), format_func=names.__getitem__, default=first, required=True, key=_ROLE
        )
        way = WAYS[st.selectbox(t("For whom"), list(WAYS), format_func=lambda one: t(WAYS[one].label), key=_WAY)]
        messages.show_note(t(way.hint))
        columns = st.columns(len(way.fields), gap="medium")
        values = {name: _ask(column, view, settings, name) for column, name in zip(columns, way.fields, strict=True)}
        note = st.text_input(t("Note"), key=_NOTE, help=t("Why, or since when; for the next administrator."))
        entry = {"role": str(role), **values, "note": note.strip()}
        st.button(
            t("Add"), key="roles-add", type="primary", icon=":material/add:",
            disabled=not (all(values.values()) and _show_preview(view, settings, entry)),
            on_click=_add, args=(entry, names[str(role)]),
        )  # fmt: skip


def _ask(place: st.delta_generator.DeltaGenerator, view: Frame, settings: Settings, name: str) -> str:
    """Draw one field; offer ids of providers and directories that are set up."""
    label, key = view.t(FIELDS[name]), f"{_FIELD}-{name}"
    usable = find_providers(settings.campaign).usable
    offered = {
        "provider": [one.provider_id for one in usable],
        "tenant": [one.tenant for one in usable if one.kind == ENTRA],
    }
    if options := offered.get(name):
        return str(place.selectbox(label, options, key=key))
    return str(place.text_input(label, key=key)).strip()


def _show_preview(view: Frame, settings: Settings, entry: dict[str, str]) -> bool:
    """Draw the entry to add and how many people now signed in it is about, or why it cannot be added."""
    t = view.t
    try:
        roles = roles_edit.add(settings.campaign, entry).roles
    except UserError as error:
        messages.show_error(view, error)
        return False
    rule = roles.people[-1]
    who, role = say_rule(t, rule), t(ROLE_NAMES[rule.given])
    st.html(f"<p>{escape(t('Would be added: {who}: {role}.', who=who, role=role))}</p>")
    if sessions := count_signed_in(settings, roles)[len(roles.people) - 1]:
        gains = t.plural(
            "{n} person now signed in gets this role.",
            "{n} people now signed in get this role.",
            sessions,
            n=str(sessions),
        )
        messages.show_note(gains)
    return True


def _add(entry: dict[str, str], role_name: str) -> None:
    texts = [value for name, value in entry.items() if name not in ("role", "note") and value]
    done = sentence(N_("From now on {who}: {role}."), who=", ".join(texts), role=role_name)

    def add(campaign: Path) -> None:
        roles_edit.carry_out(campaign, roles_edit.add(campaign, entry))
        for key in (_NOTE, *(f"{_FIELD}-{name}" for name in entry if name not in ("tenant", "provider"))):
            st.session_state[key] = ""

    act(add, Event.ROLES_CHANGED, f"{entry['role']} added: {', '.join(texts)}", done, can_undo=True)


_CLOSING = N_(
    "Pages, charts, embeds, feeds and extracts will then open only for the people below and for signed links. Other "
    "connections end within seconds."
)
_OPENING = N_("Pages, charts, embeds, feeds and extracts will then open for everybody again.")


def show(view: Frame) -> None:
    """Draw the page."""
    settings = Settings.from_environment()
    state = find_roles(settings.campaign)
    _say_ways(view, settings)
    for problem in (state.problem, find_providers(settings.campaign).problem):
        if problem is not None:
            messages.show_error(view, problem)
    show_outcome(view, settings.campaign)
    _show_openness(view, state.roles)
    show_entries(view, settings, state.roles)
    show_new_entry(view, settings, state.roles)
    show_sessions(view, settings)


def _say_ways(view: Frame, settings: Settings) -> None:
    """Draw the ways to sign in that roles do not state."""
    t = view.t
    if gate(settings) is Gate.OPEN:
        text = t(
            "On this computer everybody is an administrator. Roles apply as soon as a way to sign in is set up "
            "(docs/security.md)."
        )
        st.info(text, icon=":material/info:")
    elif not find_providers(settings.campaign).usable:
        st.info(
            t("No sign-in provider is set up yet for the people below (docs/security.md)."),
            icon=":material/info:",
        )
    if has_password(settings):
        messages.show_note(t("Whoever knows the staff password is staff, whatever this list says."))


def _show_openness(view: Frame, roles: Roles) -> None:
    """Draw whether the campaign is closed, and the switch, with its effect before the click."""
    t, number = view.t, len(roles.people)
    messages.show_heading(t("Who sees this campaign"))
    if roles.closed:
        title = t("The campaign is closed to everybody who has not signed in.")
        note = t.plural("{n} entry gives a role.", "{n} entries give a role.", number, n=str(number))
        label, effect = t("Open it to everybody"), t(_OPENING)
    else:
        title, note = t("The campaign is open: everybody sees what is public. The staff pages are for staff."), ""
        label, effect = t("Close the campaign"), t(_CLOSING)
    with (
        messages.show_entry("roles-openness", title, note),
        st.popover(label, key=f"roles-switch-{roles.closed}", width="content"),
    ):
        st.markdown(effect)
        st.button(label, key="roles-switch-do", type="primary", on_click=_switch, kwargs={"closed": not roles.closed})


def _switch(*, closed: bool) -> None:
    event = Event.CAMPAIGN_CLOSED if closed else Event.CAMPAIGN_OPENED
    done = N_("The campaign is closed to the public.") if closed else N_("The campaign is open to everybody.")
    change(lambda campaign: roles_edit.close(campaign, closed=closed), event, "", done)
