"""Refusals that only charts' addresses know."""

from dashboard.errors import UserError
from dashboard.i18n import N_

GONE = N_("This build is no longer kept here, so what was frozen at it cannot be shown: {build}.")


class GoneError(UserError):
    """The build that an address is frozen at is not kept.

    Attributes:
        build_id: The build.
    """

    def __init__(self, build_id: str) -> None:
        """Name the build."""
        super().__init__(
            GONE.format(build=build_id), N_("Take the address without build= to see the figures of today.")
        )
        self.build_id = build_id
