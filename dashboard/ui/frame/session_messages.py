"""What a session of Streamlit takes from a browser and tells it: what the pages need, and nothing of the server.

By itself a session tells every browser the path of the script, and on demand that of its repository; it empties the
caches of all readers and writes files of its own beside the script for whoever sends the message for it.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from dashboard.ui.frame import streamlit_grips
from dashboard.ui.frame.streamlit_grips import AppSession, BackMsg, ForwardMsg, WidgetMetadata, WidgetState, list_drawn

TAKEN = frozenset(("rerun_script", "stop_script", "file_urls_request", "app_heartbeat"))
OPERATIONS_TAKEN = frozenset(("dataframe_chunk", "deferred_file"))


def is_taken(message: BackMsg) -> bool:
    """Whether a browser's message is of a kind that the pages need."""
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in OPERATIONS_TAKEN
    return kind in TAKEN


def leave_out_forged(message: BackMsg, widgets: Mapping[str, WidgetMetadata[Any]]) -> None:
    """Leave out of a message what no widget of the page sends: a value of another kind, or invalid JSON.

    The page's run would break at it.

    `widgets`: what the session's page has drawn, by id; of what it has not drawn yet any kind is taken.
    """
    if message.WhichOneof("type") != "rerun_script":
        return
    states = message.rerun_script.widget_states.widgets
    right = [state for state in states if _is_right(state, widgets.get(state.id))]
    if len(right) < len(states):
        copies = [WidgetState.FromString(state.SerializeToString()) for state in right]
        del states[:]
        states.extend(copies)


def _is_right(state: WidgetState, drawn: WidgetMetadata[Any] | None) -> bool:
    kind = state.WhichOneof("value")
    if kind is None or (drawn is not None and kind != drawn.value_type):
        return False
    if kind not in ("json_value", "json_trigger_value"):
        return True
    try:
        json.loads(getattr(state, kind))
    except (ValueError, RecursionError):
        return False
    return True


class CatchingUp:
    """Clicks of pages that a new session takes over: of another server, or of this one before it was started again.

    Of such a page the session knows nothing yet, neither its widgets nor what they do, so that a click would be taken
    for what was there at the beginning. The page is run as its address says first; then what the reader did is taken,
    and what they do meanwhile waits its turn. The same holds for a click in a page whose other server had not drawn it
    to the end, and which is therefore opened again: it names what this session has not drawn yet.
    """

    def __init__(self) -> None:
        """No page is taken over."""
        self._opening: WeakKeyDictionary[AppSession, list[BackMsg]] = WeakKeyDictionary()
        self._known: WeakSet[AppSession] = WeakSet()
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, session: AppSession, message: BackMsg, take: Callable[[BackMsg], None]) -> bool:
        """Whether a message waits its turn here; `take` takes it then, as it would have otherwise."""
        if message.WhichOneof("type") != "rerun_script":
            return False
        if session not in self._known:
            return self._open(session, message, take)
        waiting = self._opening.get(session)
        if waiting is None or not (waiting or _names_undrawn(message, list_drawn(session))):
            return False
        waiting.append(message)
        return True

    def _open(self, session: AppSession, message: BackMsg, take: Callable[[BackMsg], None]) -> bool:
        self._known.add(session)
        streamlit_grips.begin_settling(session)
        is_taken_over = bool(message.rerun_script.widget_states.widgets or message.rerun_script.fragment_id)
        waiting = self._opening[session] = [message] if is_taken_over else []
        if is_taken_over:
            take(_as_opened(message))
        task = asyncio.get_running_loop().create_task(self._go_on(session, waiting, take))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return is_taken_over

    def is_behind(self, session: AppSession) -> bool:
        """Whether clicks wait their turn."""
        return bool(self._opening.get(session))

    def finish(self, session: AppSession, message: ForwardMsg) -> ForwardMsg:
        """The end of a run, as the browser is told: of one after which another is due, that it is not the last."""
        if self.is_behind(session):
            message.script_finished = ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return message

    async def _go_on(self, session: AppSession, waiting: list[BackMsg], take: Callable[[BackMsg], None]) -> None:
        try:
            await streamlit_grips.wait_until_settled(session)
            while waiting:
                take(waiting.pop(0))
                if waiting:
                    await streamlit_grips.wait_until_settled(session)
        finally:
            self._opening.pop(session, None)


def _names_undrawn(message: BackMsg, drawn: Mapping[str, WidgetMetadata[Any]]) -> bool:
    return any(state.id not in drawn for state in message.rerun_script.widget_states.widgets)


def _as_opened(message: BackMsg) -> BackMsg:
    """Make the message that a browser sends when it opens the page's address."""
    fresh_message = BackMsg()
    fresh_message.CopyFrom(message)
    for name in ("widget_states", "fragment_id", "is_auto_rerun"):
        fresh_message.rerun_script.ClearField(name)
    return fresh_message


_catching_up = CatchingUp()


def is_busy(tab_id: str) -> bool:
    """Whether a session's page is being run, or is about to be; on the server's own thread."""
    session = streamlit_grips.find_session(tab_id)
    return session is not None and (streamlit_grips.is_running(session) or _catching_up.is_behind(session))


def install() -> None:
    """Hold every session of this process to it, once."""
    streamlit_grips.hold_sessions(_take_what_is_needed, hide_place, _catching_up.finish)


def _take_what_is_needed(handle: streamlit_grips.Take) -> streamlit_grips.Take:
    def take(session: AppSession, message: BackMsg) -> None:
        leave_out_forged(message, list_drawn(session))
        handle(session, message)

    def take_in_turn(session: AppSession, message: BackMsg) -> None:
        if is_taken(message) and not _catching_up.take(session, message, partial(take, session)):
            take(session, message)

    return take_in_turn


def hide_place(_session: AppSession, message: ForwardMsg) -> ForwardMsg:
    """A session's first message, with the script's name in place of its path and without what runs it."""
    session = message.new_session
    session.main_script_path = Path(session.main_script_path).name
    session.initialize.environment_info.python_version = ""
    session.initialize.environment_info.server_os = ""
    return message
