"""Commands about who may do what: a password's hash."""

import getpass
import sys

from dashboard.commands.console import refusals
from dashboard.errors import UserError

LEAST = 8


def hash_password() -> None:
    """Print what DASHBOARD_STAFF_PASSWORD_HASH takes, from a password that is typed, or read from the input."""
    with refusals():
        from dashboard.access.passwords import hash_password as make

        if sys.stdin.isatty():
            password = getpass.getpass("Password: ")
            if getpass.getpass("The same again: ") != password:
                raise UserError("The two are not the same.", "Try again.")
        else:
            password = sys.stdin.readline().rstrip("\n")
        if len(password) < LEAST:
            raise UserError(f"The password has fewer than {LEAST} letters.", "Choose a longer one.")
        print(make(password))
