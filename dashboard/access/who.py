"""Who somebody is: from a sign-in session to a person with the role that they have now."""

import logging

from dashboard.access import passwords
from dashboard.access.passwords import Gate, gate
from dashboard.access.presence import presence
from dashboard.access.rights import COMMON_PASSWORD, LOCAL, STRANGER, Person, Role, SignInWay
from dashboard.access.roles_file import Identity, find_roles
from dashboard.access.sessions import Session, sessions_of
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)


def who_asks(session: Session | None, settings: Settings) -> Person:
    """Whose request it is that comes with this session, or with none."""
    if gate(settings) is Gate.OPEN:
        return LOCAL
    return STRANGER if session is None else person_of(session, settings)


def person_of(session: Session, settings: Settings) -> Person:
    """Who has a session, with the role that they have now; a stranger where it gives none any more."""
    if session.way is SignInWay.PASSWORD:
        return COMMON_PASSWORD if passwords.is_sealed(session.secret, settings) else STRANGER
    if session.way is SignInWay.COMMAND:
        key = f"command:{session.session_hash[:8]}"
        return Person(role=Role.ADMINISTRATOR, way=SignInWay.COMMAND, key=key)
    if session.way is SignInWay.PROVIDER:
        return describe(session.identity, settings)
    return STRANGER


def describe(identity: Identity, settings: Settings) -> Person:
    """Whom a provider vouches for, with the role that `roles.toml` gives them."""
    role = find_roles(settings.campaign).roles.role_of(identity)
    if role is Role.STRANGER:
        return STRANGER
    name, address = identity.name or identity.address, identity.own_address
    return Person(role=role, way=SignInWay.PROVIDER, key=identity.key, name=name, address=address)


def is_closed(settings: Settings) -> bool:
    """Whether the campaign is closed to people who have not signed in."""
    return find_roles(settings.campaign).roles.closed


def sign_out(session_hash: str, settings: Settings) -> None:
    """End a session: in this process at once with its pages, in others as soon as they look."""
    sessions_of(settings).end(session_hash)
    presence().end(session_hash)
