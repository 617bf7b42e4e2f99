"""How many addresses one client may sign up, and the networks around it."""

from functools import cache

from dashboard.access.budgets import WIDTHS, Bucket

MOST_SIGN_UPS, SECONDS = 10, 3600.0


@cache
def sign_ups() -> Bucket:
    """What may be signed up in this process."""
    return Bucket(MOST_SIGN_UPS / SECONDS, MOST_SIGN_UPS)


def may_sign_up(client: str) -> bool:
    """Count one more sign-up; whether it is within what its client may have.

    Args:
        client: As the server names it; empty for this computer, behind which there may be a proxy that no setting names
            and so any number of readers: it has as much as the widest network.
    """
    return not sign_ups().take(client, 1 if client else 1 / max(WIDTHS.values()))
