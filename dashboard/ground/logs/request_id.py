"""The number of the present request: in each line of the log, in the answer, on pages of errors.

It follows the request into threads that take its context along, into work that `processes.runner` starts for it, and,
by a finder, into what runs elsewhere for a reader's open page.
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
    """Number a request: take the number from a proxy if it is well-formed, else make one."""
    number = proxy_number if WELL_FORMED.fullmatch(proxy_number) else secrets.token_hex(8)
    _NUMBER.set(number)
    return number


def adopt(number: str) -> None:
    """Work for the request of a number, in another thread."""
    _NUMBER.set(number)


def current() -> str:
    """Return the number of the request that this code works for; empty where there is none."""
    return _NUMBER.get() or next(filter(None, (find() for find in _finders)), "")


def find_also_by(finder: Callable[[], str]) -> None:
    """Ask `finder`, one for each name, where there is no number; it returns that of a reader's open page, or ""."""
    _finders[:] = [
        earlier_finder for earlier_finder in _finders if earlier_finder.__qualname__ != finder.__qualname__
    ] + [finder]
