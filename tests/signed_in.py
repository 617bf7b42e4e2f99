"""People of every role who have signed in to a campaign, and the cookies that their browsers send."""

from datetime import timedelta
from pathlib import Path

import argon2
import pytest

from dashboard.access import passwords
from dashboard.access.rights import Person, Role, SignInWay
from dashboard.access.roles_file import NAME, Identity
from dashboard.access.sessions import Session, sessions_of
from dashboard.access.signed_links import SignedLink, SignedLinks, find_today, write_maker
from dashboard.settings import Settings

ROLES = """
closed = {closed}

[[people]]
role = "reader"
address = "reader@example.org"

[[people]]
role = "staff"
address = "staff@example.org"

[[people]]
role = "administrator"
address = "administrator@example.org"
"""


def write_roles(campaign: Path, *, closed: bool = False, text: str = ROLES) -> None:
    """Let one person have each role, whose address is the role's name at example.org."""
    private = campaign / "private"
    private.mkdir(exist_ok=True)
    (private / NAME).write_text(text.replace("{closed}", str(closed).lower()), encoding="utf-8")


def identify(name: str) -> Identity:
    """Return a provider's statement about a person."""
    return Identity(
        provider="local",
        kind="oidc",
        subject=name,
        name=f"Sample Person {name}",
        address=f"{name}@example.org",
        is_verified=True,
    )


def make_link(
    links: SignedLinks, path: str, query: str, days: int = 90, name: str = "reader"
) -> tuple[SignedLink, str]:
    """Make a signed link in the name of somebody signed in; return it and its token."""
    who = identify(name)
    session = Session(
        session_hash="x", way=SignInWay.PROVIDER, identity=who, secret="", began_at=0.0, seen_at=0.0, ends_at=0.0
    )
    person = Person(role=Role.READER, way=SignInWay.PROVIDER, key=who.key, name=who.name)
    ends_on = find_today() + timedelta(days=days)
    return links.make(person, "a test", path, query, ends_on, 730, write_maker(session))


def sign_in(settings: Settings, role: Role) -> dict[str, str]:
    """Return the headers of somebody who has signed in and has a role; none for strangers."""
    if role is Role.STRANGER:
        return {}
    token = sessions_of(settings).begin(SignInWay.PROVIDER, identify(role.name.lower()))
    return {"cookie": f"dashboard-session-80={token}"}


def cheapen(patch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing, and nobody's wrong passwords remembered."""
    patch.setattr(passwords, "_hasher", lambda: argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._hash.cache_clear()
    passwords.default_door.cache_clear()
