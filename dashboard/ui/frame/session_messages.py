"""Filter the messages between Streamlit's sessions and browsers: what the pages need, and nothing of the server.

Streamlit's own session sends every browser the path of the script, and on demand that of its repository; for whoever
sends the message for it, it empties the caches of all readers and writes files of its own beside the script.
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
    """Clicks of pages that a new session takes over, from another server or from this one before its restart.

    The session does not know such a page's widgets or what they do, so it would take a click for the initial state. The
    page first runs as its address says; then the reader's click is carried out, and further clicks wait their turn. The
    same holds for a click in a page that its other server had not drawn to the end, and which is therefore opened
    again: it names widgets that this session has not drawn yet.
    """

    def __init__(self) -> None:
        """Start without pages."""
        self._opening: WeakKeyDictionary[AppSession, list[BackMsg]] = WeakKeyDictionary()
        self._known: WeakSet[AppSession] = WeakSet()
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, session: AppSession, message: BackMsg, take: Callable[[BackMsg], None]) -> bool:
        """Whether a message waits its turn here; `take` carries it out then, as it would have otherwise."""
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
        """Change the message about the end of a run: where another run is due, it was not the last."""
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
    """Filter the messages of every session of this process, once."""
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
    """Hide the script's path in a session's first message, leave its name, and leave out what runs it."""
    session = message.new_session
    session.main_script_path = Path(session.main_script_path).name
    session.initialize.environment_info.python_version = ""
    session.initialize.environment_info.server_os = ""
    return message
