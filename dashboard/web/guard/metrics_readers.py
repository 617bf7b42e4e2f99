"""Who reads `/metrics`: whoever has the token; where none is set, programs on this computer."""

import hmac

from starlette.types import Scope

from dashboard.settings import Settings
from dashboard.web.guard.clients import is_direct_and_local
from dashboard.web.http import read_header

SCHEME = "bearer"


def may_read_metrics(scope: Scope, settings: Settings) -> bool:
    """Whether a request has the token, or comes from this computer and by no proxy while no token is set."""
    if not settings.metrics_token:
        return is_direct_and_local(scope)
    scheme, _, token = read_header(scope, b"authorization").partition(" ")
    is_right = hmac.compare_digest(token.strip().encode(), settings.metrics_token.encode())
    return scheme.lower() == SCHEME and is_right
