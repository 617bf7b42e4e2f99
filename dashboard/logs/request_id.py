"""The number of the request that is being answered: in each line of the log, in the answer, on pages of errors.

It goes where the request goes: into threads that take its context along, into work that `processes.runner` starts for
it, and, by a finder, to what runs elsewhere for a reader's open page.
"""

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

HEADER = "x-request-id"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")
"""What is taken from a proxy: nothing that could be a sentence, an address or a second line."""

_NUMBER: ContextVar[str] = ContextVar("request_id", default="")
_finders: list[Callable[[], str]] = []


def new(proxy_number: str = "") -> str:
    """The number that a request has from now on: what a proxy gave it, where that is well-formed, else a new one."""
    number = proxy_number if WELL_FORMED.fullmatch(proxy_number) else secrets.token_hex(8)
    _NUMBER.set(number)
    return number


def adopt(number: str) -> None:
    """Go on for the request of a number, in a thread of one's own."""
    _NUMBER.set(number)


def current() -> str:
    """The number of the request that this is done for; empty where it is for none."""
    return _NUMBER.get() or next(filter(None, (find() for find in _finders)), "")


def find_also_by(finder: Callable[[], str]) -> None:
    """Ask `finder` where there is no number, once for each name: it tells that of a reader's open page, or nothing."""
    _finders[:] = [
        earlier_finder for earlier_finder in _finders if earlier_finder.__qualname__ != finder.__qualname__
    ] + [finder]
