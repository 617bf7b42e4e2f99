"""Three roles, who has one, and the classes of pages and routes.

Deny by default: a page or route without a class is for nobody.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from dashboard.i18n import N_


class Role(IntEnum):
    """What a person may do; each role may do all that those below it may."""

    STRANGER = 0
    """Nobody has signed in: sees what is public, unless the campaign is closed."""
    READER = 1
    """Signed in to a closed campaign: sees what is public elsewhere."""
    STAFF = 2
    """The secretariat: uploads, decides, publishes, sends."""
    ADMINISTRATOR = 3
    """Says who is staff and what is public, and erases persons."""


ROLE_NAMES = {
    Role.STRANGER: N_("Not signed in"),
    Role.READER: N_("Signed-in reader"),
    Role.STAFF: N_("Staff member"),
    Role.ADMINISTRATOR: N_("Administrator"),
}


class AccessClass(StrEnum):
    """Who may open a page or ask a route."""

    NOBODY = "nobody"
    """What has not said its class."""
    EVERYBODY = "everybody"
    """No data of the campaign, as health and signing in: open even where the campaign is closed."""
    PUBLIC = "public"
    """The campaign's public data: open to everybody, or to readers where the campaign is closed."""
    READER = "reader"
    """What somebody has of their own, as the links that they made: for whoever is signed in."""
    STAFF = "staff"
    ADMINISTRATOR = "administrator"
    TOKEN = "token"  # noqa: S105  (what opens it)
    """Opened by what the address holds and nobody can guess; what that is bound to is looked at by the route."""
    OPERATOR = "operator"
    """For those who run the server; the route looks at whom it answers."""

    def admits(self, role: Role, *, is_closed: bool) -> bool:
        """Whether a person may open a page or route of this class.

        `is_closed`: whether the campaign is closed to people who have not signed in.
        """
        least = {
            AccessClass.EVERYBODY: Role.STRANGER,
            AccessClass.PUBLIC: Role.READER if is_closed else Role.STRANGER,
            AccessClass.READER: Role.READER,
            AccessClass.STAFF: Role.STAFF,
            AccessClass.ADMINISTRATOR: Role.ADMINISTRATOR,
            AccessClass.TOKEN: Role.STRANGER,
            AccessClass.OPERATOR: Role.STRANGER,
        }.get(self)
        return least is not None and role >= least


class SignInWay(StrEnum):
    """How a person has come in."""

    NONE = "none"
    LOCAL = "local"
    """The staff pages of this computer stand open (`DASHBOARD_STAFF=open`)."""
    PASSWORD = "password"  # noqa: S105  (the way)
    PROVIDER = "provider"
    """An OpenID Connect provider."""
    LINK = "link"
    """A signed link."""
    COMMAND = "command"
    """The command line of the server."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person, as far as the dashboard knows them.

    Attributes:
        key: Names them wherever they come back: provider and subject, or the way they came in.
        name: The name to call them by; empty for strangers and those who came by the common password.
        address: Their mail address where the provider vouches for it, else empty. It never authorises alone.
    """

    role: Role
    way: SignInWay
    key: str
    name: str = ""
    address: str = ""


STRANGER = Person(role=Role.STRANGER, way=SignInWay.NONE, key="stranger")
LOCAL = Person(role=Role.ADMINISTRATOR, way=SignInWay.LOCAL, key="local")
COMMON_PASSWORD = Person(role=Role.STAFF, way=SignInWay.PASSWORD, key="password")
COMMAND_LINE = Person(role=Role.ADMINISTRATOR, way=SignInWay.COMMAND, key="command")
