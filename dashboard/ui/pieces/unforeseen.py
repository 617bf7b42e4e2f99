"""What nobody foresaw, while a page waits for work or takes its result: a sentence for staff, an entry in the log.

The entry says what was being done, the kind of the error and the lines of code that it passed through, and nothing else
(`logs.discretion`): the error's own words may quote a cell of an export.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.errors import UnforeseenError, UserError
from dashboard.faults import raise_explained
from dashboard.i18n import N_
from dashboard.logs import discretion

LOG = logging.getLogger(__name__)
_REMEDY = N_("Try again; if it happens again, tell the operator of the dashboard.")


@contextmanager
def told(what: str) -> Iterator[None]:
    """Report whatever goes wrong inside: a `UserError` as it is, an error of the system in its own words.

    Anything else is told with `what` and a number.

    A run of the page that ends early, because the reader went on, passes.

    `what`: what was not done then, one sentence in English, marked for translation.

    Raises:
        UserError: something went wrong.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        raise_explained(error)
        raise explain(error, what) from error


def explain(error: Exception, what: str) -> UnforeseenError:
    """Note an error in the log; gives what staff are told of it, with the number of the entry."""
    code = secrets.token_hex(4)
    LOG.error("%s: %s %s", code, what, discretion.tell_error(error))
    return UnforeseenError(what, _REMEDY, code)
