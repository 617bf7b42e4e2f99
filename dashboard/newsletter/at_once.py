"""Confirmations sent while the server goes on: by one thread, which only waits for the mail server."""

import logging
import threading
from functools import cache

from dashboard.errors import UserError
from dashboard.logs import request_id
from dashboard.mail.outbox import URGENT, Outbox
from dashboard.mail.sending import send
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)


class Sender:
    """Sends what waits whenever it is called; called while it sends, it looks once more."""

    def __init__(self) -> None:
        """Nothing is being sent."""
        self._lock = threading.Lock()
        self._is_running = False
        self._is_wanted = False

    def call(self, settings: Settings) -> threading.Thread | None:
        """Have confirmations sent; gives the thread where one was started."""
        with self._lock:
            self._is_wanted = True
            if self._is_running:
                return None
            self._is_running = True
        thread = threading.Thread(
            target=self._run, args=(settings, request_id.current()), name="confirmations", daemon=True
        )
        thread.start()
        return thread

    def _run(self, settings: Settings, for_request: str) -> None:
        request_id.adopt(for_request)
        while True:
            with self._lock:
                if not self._is_wanted:
                    self._is_running = False
                    return
                self._is_wanted = False
            try:
                send(Outbox(settings.campaign / "private"), settings, kind=URGENT)
            except UserError as error:  # another sender takes them, or the next one that is called
                LOG.warning("Confirmations wait: %s", error)
            except Exception as error:  # its words might hold an address
                LOG.error("Confirmations could not be sent: %s", type(error).__name__)


@cache
def sender() -> Sender:
    """The sender of this process."""
    return Sender()
