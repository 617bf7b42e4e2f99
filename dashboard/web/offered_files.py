"""Files that the page of one session offers, made when they are asked for.

Streamlit's own deferred downloads name a file anew at every run of a page and lose the answer that comes during one:
clicked just then, a button waited for ever. An offer keeps its token for as long as its page holds the offer.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from dashboard.errors import UserError
from dashboard.i18n import Translator

TOKEN_BYTES = 18


@dataclass(eq=False)
class Offer:
    """A file that whoever has the token can ask for; only the page it stands on has it.

    Attributes:
        make: Makes the content; may wait for a worker.
        explain: Why there is no file, given what `make` raised.
        t: The reader's language.
        token: Cannot be guessed.
    """

    make: Callable[[], bytes]
    file_name: str
    media_type: str
    explain: Callable[[Exception], UserError]
    t: Translator
    token: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES))

    def __post_init__(self) -> None:
        """Make the offer known, until nobody holds it any more."""
        with _lock:
            _offers[self.token] = self


def find_offer(token: str) -> Offer | None:
    """The offer of a token; None when its page is gone, or shows something else by now."""
    with _lock:
        return _offers.get(token)


_offers: "WeakValueDictionary[str, Offer]" = WeakValueDictionary()
_lock = threading.Lock()
