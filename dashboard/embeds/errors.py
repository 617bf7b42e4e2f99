"""Refusals that only charts' addresses know."""

from dashboard.errors import UserError


class GoneError(UserError):
    """The build that an address is frozen at is not kept."""
