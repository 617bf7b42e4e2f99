"""Who asks: the ways in which a request can be known, the session's cookie first, then a signed link.

Headers in which somebody merely claims to be someone (`X-Forwarded-User` and the like) are no way.
"""

import logging
import sqlite3
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from dashboard.access.presence import STRANGERS
from dashboard.access.rights import STRANGER, Person, SignInWay
from dashboard.access.sessions import Session, name_hash, sessions_of
from dashboard.access.who import who_asks
from dashboard.settings import Settings
from dashboard.web.cookies import read_cookie
from dashboard.web.guard.link_tokens import find_link_reader

LOG = logging.getLogger(__name__)
STATE = "known"


class Known(NamedTuple):
    """Whose a request is.

    Attributes:
        session: The sign-in session that it came with; None for none that holds.
    """

    person: Person
    session: Session | None = None

    @property
    def session_hash(self) -> str:
        """What the session is known by."""
        return STRANGERS if self.session is None else self.session.session_hash


NOBODY = Known(STRANGER)


async def recognise(scope: Scope, settings: Settings) -> Known:
    """Recognise the visitor, and note them in the scope for all that comes after."""
    visitor = await _find(scope, settings)
    scope.setdefault("state", {})[STATE] = visitor
    return visitor


def find_known(scope: Scope) -> Known:
    """The visitor that `recognise` has noted; a stranger where it was not called."""
    visitor = scope.get("state", {}).get(STATE)
    return visitor if isinstance(visitor, Known) else NOBODY


def find_person(scope: Scope) -> Person:
    """Who asks, with the role that they have now."""
    return find_known(scope).person


async def look_again(session_hash: str, settings: Settings) -> Known:
    """Who has a session now; the file is asked at most once a second."""
    if session_hash == STRANGERS:
        return Known(who_asks(None, settings))
    if sessions_of(settings).is_remembered(session_hash):
        return _look(session_hash, settings)
    return await run_in_threadpool(_look, session_hash, settings)


def _look(session_hash: str, settings: Settings) -> Known:
    try:
        session = sessions_of(settings).find(session_hash)
    except (sqlite3.Error, OSError):  # whose session cannot be read has none; everybody else is answered
        LOG.exception("The sessions cannot be read.")
        session = None
    person = who_asks(session, settings)
    return Known(person, session if person.way is not SignInWay.NONE else None)


async def _find(scope: Scope, settings: Settings) -> Known:
    token = read_cookie(scope, settings)
    visitor = await look_again(name_hash(token) if token else STRANGERS, settings)
    reader = find_link_reader(scope)
    return Known(reader) if reader is not None and visitor.person is STRANGER else visitor
