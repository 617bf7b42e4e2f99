"""An entry more: which role, for whom, by what they are known, and what it would do before it is done."""

from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard.access import roles_edit
from dashboard.access.providers import find_providers
from dashboard.access.rights import ROLE_NAMES
from dashboard.access.roles_file import ENTRA, ROLES, Roles
from dashboard.audit.events import Event
from dashboard.errors import UserError, sentence
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.roles import changing
from dashboard.ui.roles.role_entries import FIELDS, ORDER, count_signed_in, say_rule


class Way(NamedTuple):
    """How somebody can be named: what that is called, the fields that it takes, where to find what stands in them."""

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


def show(view: Frame, settings: Settings, roles: Roles) -> None:
    """Draw the form, what it would do, and the button."""
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
    """One field; ids of providers and directories that are set up are offered."""
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
        one, many = "{n} person now signed in gets this role.", "{n} people now signed in get this role."
        messages.show_note(t.plural(one, many, sessions, n=str(sessions)))
    return True


def _add(entry: dict[str, str], role_name: str) -> None:
    texts = [value for name, value in entry.items() if name not in ("role", "note") and value]
    done = sentence(N_("From now on {who}: {role}."), who=", ".join(texts), role=role_name)

    def add(campaign: Path) -> None:
        roles_edit.carry_out(campaign, roles_edit.add(campaign, entry))
        for key in (_NOTE, *(f"{_FIELD}-{name}" for name in entry if name not in ("tenant", "provider"))):
            st.session_state[key] = ""

    changing.act(add, Event.ROLES_CHANGED, f"{entry['role']} added: {', '.join(texts)}", done, can_undo=True)
