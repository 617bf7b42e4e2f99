"""Who has a page open: the connections of pages, their persons, and their ends.

    a visit     one connection of a page (a websocket), from its handshake on; it belongs to a sign-in, or to none
    a tab       what Streamlit calls a session: it outlives its connection for a while, so that one that broke goes on

A tab belongs to the sign-in session that opened it: no other may go on with it, have its files, or hand files to it.
When a sign-in session ends, so do its visits and tabs, in this process at once, in others when they look (`Watch`).
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from dashboard.access.rights import Person

HEADER = "x-dashboard-visit"
"""The header of the handshake by which a page's script finds its visit; whatever a client writes there is dropped."""
MOST_TABS = 20_000
STRANGERS = ""
"""The session of those who have none."""
ENDED = "ended"
"""The session of tabs whose own has ended: nobody's."""


@dataclass(eq=False)
class Visit:
    """An open connection of a page.

    Attributes:
        person: The person, with the role that they had when it began.
        session_hash: The sign-in session; `STRANGERS` for none.
        client: The name under which the client is counted; empty for this computer.
        close: Closes the connection; may be called from any thread, and several times.
        move: Closes it so that the page connects again, to another server; as `close`.
        visit_id: An id that cannot be guessed.
        tab: Streamlit's session; empty until its script has run.
        asked_tab: The tab that the browser wants to go on with; differs from `tab` where its server is gone.
    """

    person: Person
    session_hash: str
    close: Callable[[], None]
    move: Callable[[], None] = lambda: None
    client: str = ""
    visit_id: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    tab: str = ""
    asked_tab: str = ""

    @property
    def former_tab(self) -> str:
        """Return the tab that this one continues: of another server, or of this one before its restart."""
        return self.asked_tab if self.asked_tab != self.tab else ""


@dataclass(eq=False)
class _Tab:
    session_hash: str
    visit: Visit | None
    takes_files: bool = False
    left_at: float = 0.0


class Presence:
    """The visits and tabs of this process."""

    def __init__(self) -> None:
        """Start without visits."""
        self._lock = threading.RLock()
        self._visits: dict[str, Visit] = {}
        self._tabs = OrderedDict[str, _Tab]()
        self.close_tab: Callable[[str], None] = lambda tab: None
        """Ends a tab, as the pages set it; called on the server's own thread."""
        self.is_busy: Callable[[str], bool] = lambda tab: False
        """Whether a tab's page is being run, as the pages set it; called on the server's own thread."""
        self.weigh_files: Callable[[str], int] = lambda tab: 0
        """How many bytes of files a tab has handed over that are still in memory, as the pages set it."""

    def begin(self, visit: Visit) -> None:
        """Note a visit."""
        with self._lock:
            self._visits[visit.visit_id] = visit

    def leave(self, visit: Visit) -> None:
        """End a visit; its tab stays for a while."""
        with self._lock:
            self._visits.pop(visit.visit_id, None)
            tab = self._tabs.get(visit.tab)
            if tab is not None and tab.visit is visit:
                tab.visit = None
                tab.left_at = time.monotonic()

    def find(self, visit_id: str, tab_id: str) -> Visit | None:
        """Find the open visit of a header and give it the tab; None where it is over, or the tab another session's."""
        with self._lock:
            visit = self._visits.get(visit_id)
            if visit is None:
                return None
            tab = self._tabs.get(tab_id)
            if tab is None:
                tab = self._tabs[tab_id] = _Tab(visit.session_hash, visit)
                self._forget_oldest()
            elif tab.session_hash != visit.session_hash:
                return None
            tab.visit = visit
            visit.tab = tab_id
            return visit

    def may_resume(self, tab_id: str, session_hash: str) -> bool:
        """Whether a connection of a session may go on with a tab: its own, or an unknown one."""
        tab = self._tabs.get(tab_id)
        return tab is None or tab.session_hash == session_hash

    def is_open(self, tab_id: str, session_hash: str) -> bool:
        """Whether a tab is open and belongs to a session."""
        tab = self._tabs.get(tab_id)
        return tab is not None and tab.visit is not None and tab.session_hash == session_hash

    def let_hand_over(self, tab_id: str) -> None:
        """Let a tab hand files to the server, once it has opened a staff page."""
        with self._lock:
            tab = self._tabs.get(tab_id)
            if tab is not None:
                tab.takes_files = True

    def may_hand_over(self, tab_id: str, session_hash: str) -> bool:
        """Whether a request of a session may hand a tab's files to the server."""
        tab = self._tabs.get(tab_id)
        return tab is not None and tab.takes_files and self.is_open(tab_id, session_hash)

    def weigh_held(self, session_hash: str) -> tuple[int, int]:
        """Count the bytes of files in memory from the tabs of a sign-in session, and from all tabs."""
        with self._lock:
            sizes = [
                (tab.session_hash, self.weigh_files(tab_id)) for tab_id, tab in self._tabs.items() if tab.takes_files
            ]
        return sum(size for owner, size in sizes if owner == session_hash), sum(size for _, size in sizes)

    def drop_left(self, seconds: float) -> list[str]:
        """Drop the tabs that took files and whose page has been gone for long; they take no more files."""
        until = time.monotonic() - seconds
        with self._lock:
            gone = [
                tab_id
                for tab_id, tab in self._tabs.items()
                if tab.takes_files and tab.visit is None and tab.left_at < until
            ]
            for tab_id in gone:
                self._tabs[tab_id].takes_files = False
        return gone

    def find_tab(self, visit_id: str) -> str:
        """Find the tab of an open visit; empty where its page has not run yet."""
        visit = self._visits.get(visit_id)
        return "" if visit is None else visit.tab

    def list_visits(self) -> list[Visit]:
        """List the open visits."""
        with self._lock:
            return list(self._visits.values())

    def list_sessions(self) -> set[str]:
        """List the sign-in sessions that have tabs."""
        with self._lock:
            return {tab.session_hash for tab in self._tabs.values()} - {STRANGERS, ENDED}

    def end(self, session_hash: str) -> int:
        """End the visits of a sign-in session with their tabs; return how many there were."""
        visits = [visit for visit in self.list_visits() if visit.session_hash == session_hash != STRANGERS]
        for visit in visits:
            visit.close()
        return len(visits)

    def drop(self, session_hash: str) -> list[str]:
        """Forget the tabs of a sign-in session that has ended; return their ids, so that they can be closed."""
        with self._lock:
            gone = [tab_id for tab_id, tab in self._tabs.items() if tab.session_hash == session_hash != STRANGERS]
            for tab_id in gone:
                self._tabs[tab_id].session_hash = ENDED
                self._tabs[tab_id].takes_files = False
            return gone

    def _forget_oldest(self) -> None:
        while len(self._tabs) > MOST_TABS:
            oldest = next((tab_id for tab_id, tab in self._tabs.items() if tab.visit is None), next(iter(self._tabs)))
            del self._tabs[oldest]


_presence = Presence()


def presence() -> Presence:
    """Return the presence of this process."""
    return _presence
