"""What a session of Streamlit takes from a browser and tells it: what the pages need, and nothing of the server.

By itself a session tells every browser the path of the script, and on demand that of its repository; it empties the
caches of all readers and writes files of its own beside the script for whoever sends the message for it. What is taken
here of Streamlit's private names stands in this file alone; a test says when one of them is gone.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import exists, get_instance
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.state.common import WidgetMetadata

TAKEN = frozenset(("rerun_script", "stop_script", "file_urls_request", "app_heartbeat"))
OPERATIONS_TAKEN = frozenset(("dataframe_chunk", "deferred_file"))


def is_taken(message: BackMsg) -> bool:
    """Whether a browser's message is of a kind that the pages need."""
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in OPERATIONS_TAKEN
    return kind in TAKEN


def leave_out_forged(message: BackMsg, widgets: Mapping[str, WidgetMetadata[Any]]) -> None:
    """Leave out of a message what no widget of the page sends: a value of another kind, or JSON that is none.

    The page's run would break at it.

    Args:
        message: Is changed.
        widgets: What the session's page has drawn, by id; of what it has not drawn yet any kind is taken.
    """
    if message.WhichOneof("type") != "rerun_script":
        return
    states = message.rerun_script.widget_states.widgets
    right = [state for state in states if _is_right(state, widgets.get(state.id))]
    if len(right) < len(states):
        kept = [WidgetState.FromString(state.SerializeToString()) for state in right]
        del states[:]
        states.extend(kept)


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
        session.track_settling()
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
            await session.wait_until_settled()
            while waiting:
                take(waiting.pop(0))
                if waiting:
                    await session.wait_until_settled()
        finally:
            self._opening.pop(session, None)


def list_drawn(session: AppSession) -> Mapping[str, WidgetMetadata[Any]]:
    """What the page of a session has drawn, by id."""
    return session.session_state._new_widget_state.widget_metadata


def _names_undrawn(message: BackMsg, drawn: Mapping[str, WidgetMetadata[Any]]) -> bool:
    return any(state.id not in drawn for state in message.rerun_script.widget_states.widgets)


def _as_opened(message: BackMsg) -> BackMsg:
    """What a browser would have sent that had just opened the page's address."""
    opened = BackMsg()
    opened.CopyFrom(message)
    for name in ("widget_states", "fragment_id", "is_auto_rerun"):
        opened.rerun_script.ClearField(name)
    return opened


_catching_up = CatchingUp()


def is_busy(tab_id: str) -> bool:
    """Whether a session's page is being run, or is about to be; on the server's own thread."""
    info = get_instance()._session_mgr.get_active_session_info(tab_id) if exists() and tab_id else None
    if info is None:
        return False
    return info.session._state == AppSessionState.APP_IS_RUNNING or _catching_up.is_behind(info.session)


def install() -> None:
    """Hold every session of this process to it, once."""
    if getattr(AppSession.handle_backmsg, "is_held", False):
        return
    handle, create = AppSession.handle_backmsg, AppSession._create_new_session_message
    create_finished = AppSession._create_script_finished_message
    catching_up = _catching_up

    def take(self: AppSession, msg: BackMsg) -> None:
        leave_out_forged(msg, list_drawn(self))
        handle(self, msg)

    def handle_taken(self: AppSession, msg: BackMsg) -> None:
        if is_taken(msg) and not catching_up.take(self, msg, partial(take, self)):
            take(self, msg)

    def create_discreetly(self: AppSession, *args: Any, **named: Any) -> ForwardMsg:
        return hide_place(create, self, *args, **named)

    def finish(self: AppSession, *args: Any, **named: Any) -> ForwardMsg:
        return catching_up.finish(self, create_finished(self, *args, **named))

    handle_taken.is_held = True  # type: ignore[attr-defined]
    AppSession.handle_backmsg = handle_taken  # type: ignore[method-assign]
    AppSession._create_new_session_message = create_discreetly  # type: ignore[method-assign]
    AppSession._create_script_finished_message = finish  # type: ignore[method-assign]


def hide_place(create: Callable[..., ForwardMsg], *args: Any, **named: Any) -> ForwardMsg:
    """A session's first message, with the script's name in place of its path and without what runs it."""
    message = create(*args, **named)
    told = message.new_session
    told.main_script_path = Path(told.main_script_path).name
    told.initialize.environment_info.python_version = ""
    told.initialize.environment_info.server_os = ""
    return message
