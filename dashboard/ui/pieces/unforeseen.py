"""What nobody foresaw, while a page waits for work or takes its result: a sentence for staff, an entry in the log.

The entry says what was being done, the kind of the error and the lines of the program that it passed through. It leaves
out the error's own words, which may quote a cell of an export.
"""

import logging
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.errors import UnforeseenError, UserError
from dashboard.i18n import N_
from dashboard.paths import PROJECT

LOG = logging.getLogger(__name__)
_MOST_LINES = 12
_REMEDY = N_("Try again; if it happens again, tell the operator of the dashboard.")


@contextmanager
def told(what: str) -> Iterator[None]:
    """Let whatever goes wrong inside be told: a `UserError` as it is, anything else with `what` and a number.

    A run of the page that ends early, because the reader went on, passes.

    Args:
        what: What was not done then, one sentence in English, marked for translation.

    Raises:
        UserError: something went wrong.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        raise explain(error, what) from error


def explain(error: Exception, what: str) -> UnforeseenError:
    """Note an error in the log; gives what staff are told of it, with the number of the entry."""
    code = secrets.token_hex(4)
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    LOG.error("%s: %s Error of the kind %s, at %s", code, what, kind, " < ".join(_list_lines(error)))
    return UnforeseenError(what, _REMEDY, code)


def _list_lines(error: Exception) -> list[str]:
    """The lines of the program that an error passed through, the last one first."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return [f"{_name(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames][:_MOST_LINES]


def _name(file: str) -> str:
    path = Path(file)
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.name
