"""An entry more: which role, for whom, by what they are known, and what it would do before it is done."""

from html import escape

import streamlit as st

from dashboard.access import roles_edit
from dashboard.access.providers import find_providers
from dashboard.access.rights import ROLE_NAMES, SignInWay
from dashboard.access.roles_edit import Change
from dashboard.access.roles_file import ENTRA, ROLES, Roles
from dashboard.access.sessions import sessions_of
from dashboard.audit.events import Event
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.roles import changing
from dashboard.ui.roles.changing import Outcome
from dashboard.ui.roles.rule_words import FIELDS, say_rule

WAYS = {
    "address": (N_("One person by mail address"), ("address",)),
    "domain": (N_("Everybody at a mail domain"), ("domain",)),
    "object": (N_("One person of Microsoft Entra"), ("tenant", "object_id")),
    "group": (N_("A group of Microsoft Entra"), ("tenant", "group")),
    "subject": (N_("One person of another provider"), ("provider", "subject")),
    "claim": (N_("A group or role of another provider"), ("provider", "claim", "value")),
}
"""How somebody can be named, with the fields that it takes."""

HINTS = {
    "address": N_("Only if the provider says the address is verified; never for Microsoft Entra."),
    "domain": N_("For Google if it manages the domain’s accounts; never for Microsoft Entra."),
    "object": N_("Entra shows both ids on the person’s page. Anyone who signs in without a role sees them too."),
    "group": N_("Entra shows both ids on the group’s page."),
    "subject": N_("The provider's own name (sub) for the person. Anyone who signs in without a role sees it."),
    "claim": N_("A name in the provider's tokens, such as groups or realm_access.roles."),
}
ROLE_ORDER = ("reader", "staff", "administrator")
TYPED = ("address", "domain", "object", "group", "subject", "claim", "value")
_ROLE, _WAY, _FIELD, _NOTE = "roles-new-role", "roles-new-way", "roles-new-field", "roles-new-note"


def show(view: Frame, settings: Settings, roles: Roles) -> None:
    """Draw the form, what it would do, and the button."""
    t = view.t
    messages.show_heading(t("Give somebody a role"))
    with st.container(border=True, key="roles-new"):
        names = {name: t(ROLE_NAMES[ROLES[name]]) for name in ROLE_ORDER}
        first = "reader" if roles.people else "administrator"
        role = st.segmented_control(
            t("Role"), ROLE_ORDER, format_func=names.__getitem__, default=first, required=True, key=_ROLE
        )
        way = st.selectbox(t("For whom"), list(WAYS), format_func=lambda one: t(WAYS[one][0]), key=_WAY)
        messages.show_note(t(HINTS[way]))
        fields = WAYS[way][1]
        values = {}
        for column, name in zip(st.columns(len(fields), gap="medium"), fields, strict=True):
            with column:
                values[name] = _ask(view, settings, name)
        note = st.text_input(t("Note"), key=_NOTE, help=t("Why, or since when; for the next administrator."))
        _show_preview(view, settings, {"role": str(role), **values, "note": note.strip()})


def _ask(view: Frame, settings: Settings, name: str) -> str:
    """One field; ids of providers and directories that are known are offered."""
    t, key = view.t, f"{_FIELD}-{'object' if name == 'object_id' else name}"
    usable = find_providers(settings.campaign).usable
    known = [one.provider_id for one in usable] if name == "provider" else []
    known += [one.tenant for one in usable if one.kind == ENTRA] if name == "tenant" else []
    if known:
        return str(st.selectbox(t(FIELDS[name]), known, key=key))
    return str(st.text_input(t(FIELDS[name]), key=key)).strip()


def _show_preview(view: Frame, settings: Settings, values: dict[str, str]) -> None:
    """What would be added, and how many of those who are here it is about; why not where it cannot be."""
    t = view.t
    written = {("object" if name == "object_id" else name): value for name, value in values.items()}
    is_whole = all(value for name, value in values.items() if name != "note")
    change: Change | None = None
    if is_whole:
        try:
            change = roles_edit.add(settings.campaign, written)
        except UserError as error:
            messages.show_error(view, error)
    if change is not None:
        rule = change.roles.people[-1]
        who, role = say_rule(t, rule), t(ROLE_NAMES[rule.given])
        identities = [one.identity for one in sessions_of(settings).list_all() if one.way is SignInWay.PROVIDER]
        here = sum(rule.names(identity) for identity in identities)
        st.html(f"<p>{escape(t('Would be added: {who}: {role}.', who=who, role=role))}</p>")
        if here:
            people = t.plural(
                "{n} person now signed in gets this role.",
                "{n} people now signed in get this role.",
                here,
                n=str(here),
            )
            messages.show_note(people)
    st.button(
        t("Add"), key="roles-add", type="primary", icon=":material/add:", disabled=change is None,
        on_click=_add, args=(written, t(ROLE_NAMES[ROLES[values["role"]]])),
    )  # fmt: skip


def _add(values: dict[str, str], role_name: str) -> None:
    def change(settings: Settings) -> Change:
        return roles_edit.add(settings.campaign, values)

    named = [value for name, value in values.items() if name not in ("role", "note") and value]
    done = Outcome(N_("From now on {who}: {role}."), {"who": ", ".join(named), "role": role_name})
    if changing.make(change, Event.ROLES_CHANGED, f"{values['role']} added: {', '.join(named)}", done):
        for key in [_NOTE, *(f"{_FIELD}-{name}" for name in TYPED if name in values)]:
            st.session_state[key] = ""
