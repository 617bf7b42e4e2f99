"""Write entries of the audit log in a reader's words: who, what, the subject, and the outcome."""

import json
from collections.abc import Mapping
from typing import Any

from dashboard.access.rights import COMMAND_LINE, COMMON_PASSWORD, LOCAL, ROLE_NAMES, STRANGER, Role, SignInWay
from dashboard.audit.events import Event, Outcome
from dashboard.audit.forgetting import ERASED
from dashboard.i18n import N_, Translator

_NAMELESS = {
    COMMON_PASSWORD.key: N_("Common password"),
    LOCAL.key: N_("Whoever uses this computer"),
    COMMAND_LINE.key: N_("Command line"),
    STRANGER.key: N_("Somebody not signed in"),
    ERASED: N_("An erased person"),
}
"""What those are called who have no name of their own."""
WAYS = {
    SignInWay.NONE: N_("without signing in"),
    SignInWay.LOCAL: N_("on this computer"),
    SignInWay.PASSWORD: N_("with the common password"),
    SignInWay.PROVIDER: N_("with their own account"),
    SignInWay.LINK: N_("by a link"),
    SignInWay.COMMAND: N_("on the command line"),
}
DETAILS = {
    "files": N_("Files"),
    "without": N_("Without the files"),
    "refused": N_("Refused files"),
    "build": N_("Build"),
    "base": N_("Based on the build"),
    "draft": N_("Preview"),
    "how": N_("How", "how somebody signed in"),
    "why": N_("Why"),
    "by": N_("Name entered"),
    "row": N_("Row of the file"),
    "use": N_("Column use"),
    "recipe": N_("Recipe"),
    "answers": N_("Answers"),
    "actions": N_("Actions"),
    "action_ids": N_("Action IDs"),
    "conflicts": N_("Not kept, because a colleague had changed it"),
    "changed": N_("Changed"),
    "letters": N_("Letters"),
    "mails": N_("Mails"),
    "client": N_("Client", "address of a computer"),
    "tries": N_("Tries"),
    "put_back": N_("Back in the inbox"),
    "taken_out": N_("Out of the inbox"),
    "places": N_("Places"),
}
"""What is said of an act, by its name in the log; another name is shown as it is."""


def name_event(t: Translator, event: str) -> str:
    """Name an event."""
    return t(Event(event).words) if event in set(Event) else event


def name_outcome(t: Translator, outcome: str) -> str:
    """Name an outcome."""
    return t(Outcome(outcome).words) if outcome in set(Outcome) else outcome


def name_person(t: Translator, name: str) -> str:
    """Name a person, as `entries.find_people` writes them: a name, or the key of somebody without one."""
    return t(_NAMELESS[name]) if name in _NAMELESS else name


def name_actor(t: Translator, entry: Mapping[Any, Any]) -> str:
    """Name who acted in an entry; on the command line with the system's user."""
    name = name_person(t, entry["person_name"] or entry["person_key"])
    return f"{t(_NAMELESS[COMMAND_LINE.key])} · {name}" if entry["way"] == SignInWay.COMMAND else name


def describe(t: Translator, entry: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """Describe an entry as pairs of a label and words."""
    role, way = entry["role"] or "", entry["way"]
    pairs = [
        (t("When (UTC)"), f"{entry['moment']:%Y-%m-%d %H:%M:%S}"),
        (t("Operation"), name_event(t, entry["event"])),
        (t("Outcome"), name_outcome(t, entry["outcome"])),
        (t("Who"), name_actor(t, entry)),
        (t("Address"), entry["person_address"] or ""),
        (t("Role"), t(ROLE_NAMES[Role[role.upper()]]) if role.upper() in Role.__members__ else role),
        (t("Signed in"), t(WAYS[SignInWay(way)]) if way in set(SignInWay) else way or ""),
        (t("About"), entry["about"] or ""),
        *((t(DETAILS.get(name, name)), _write(t, value)) for name, value in _read(entry["details"]).items()),
        (t("Request"), entry["request"] or ""),
        (t("Operation number"), entry["act"]),
    ]
    return [(label, words) for label, words in pairs if words]


def _read(details: str | None) -> dict[str, Any]:
    try:
        read = json.loads(details or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _write(t: Translator, value: Any) -> str:
    if isinstance(value, bool):
        return t("Yes") if value else t("No")
    if isinstance(value, list):
        return "; ".join(_write(t, one) for one in value)
    if isinstance(value, dict):
        return " · ".join(_write(t, one) for one in value.values())
    return "" if value is None else str(value)
