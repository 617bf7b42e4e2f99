"""Who made a signed link, and whether they may still come in: a link gives no more than its maker has now.

What the provider said of a maker when they made the link is kept with it, as sessions keep it, so that `roles.toml` is
asked anew each time. Membership of a group is known as of then: who leaves a group without being named otherwise keeps
their links until somebody revokes them, or their last day.
"""

import json
from dataclasses import asdict
from typing import Any

from dashboard.access.passwords import Gate, gate
from dashboard.access.rights import Role, SignInWay
from dashboard.access.roles_file import Identity
from dashboard.access.sessions import Session
from dashboard.access.signed_links import LinkState, SignedLink
from dashboard.access.who import person_of
from dashboard.settings import Settings


def write_maker(session: Session | None) -> str:
    """How somebody has come in who makes a link, as text: by a session, or None at one's own computer."""
    if session is None:
        return json.dumps({"way": SignInWay.LOCAL.value})
    maker: dict[str, Any] = {"way": session.way.value, "secret": session.secret}
    if session.way is SignInWay.PROVIDER:
        maker["identity"] = asdict(session.identity)
    return json.dumps(maker)


def state_now(link: SignedLink, settings: Settings) -> LinkState:
    """Whether a link opens what it was made for: one whose maker may no longer come in has ended."""
    state = link.state()
    return LinkState.ENDED if state is LinkState.OPEN and role_now(link, settings) < Role.READER else state


def role_now(link: SignedLink, settings: Settings) -> Role:
    """The role that the maker of a link has now; none of a maker who was erased."""
    maker: dict[str, Any] = json.loads(link.made_as or "{}")
    way = SignInWay(maker.get("way", SignInWay.NONE))
    if way is SignInWay.LOCAL:
        return Role.ADMINISTRATOR if gate(settings) is Gate.OPEN else Role.STRANGER
    identity, secret = Identity.read(maker.get("identity", {})), str(maker.get("secret", ""))
    session = Session(
        session_hash=link.handle, way=way, identity=identity, secret=secret, began_at=0.0, seen_at=0.0, ends_at=0.0
    )
    return person_of(session, settings).role
