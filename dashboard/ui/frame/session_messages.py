"""What a session of Streamlit takes from a browser and tells it: what the pages need, and nothing of the server.

By itself a session tells every browser the path of the script, and on demand that of its repository; it empties the
caches of all readers and writes files of its own beside the script for whoever sends the message for it. What is taken
here of Streamlit's private names stands in this file alone; a test says when one of them is gone.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession
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


def install() -> None:
    """Hold every session of this process to it, once."""
    if getattr(AppSession.handle_backmsg, "is_held", False):
        return
    handle, create = AppSession.handle_backmsg, AppSession._create_new_session_message

    def handle_taken(self: AppSession, msg: BackMsg) -> None:
        if is_taken(msg):
            leave_out_forged(msg, self.session_state._new_widget_state.widget_metadata)
            handle(self, msg)

    def create_discreetly(self: AppSession, *args: Any, **named: Any) -> ForwardMsg:
        return hide_place(create, self, *args, **named)

    handle_taken.is_held = True  # type: ignore[attr-defined]
    AppSession.handle_backmsg = handle_taken  # type: ignore[method-assign]
    AppSession._create_new_session_message = create_discreetly  # type: ignore[method-assign]


def hide_place(create: Callable[..., ForwardMsg], *args: Any, **named: Any) -> ForwardMsg:
    """A session's first message, with the script's name in place of its path and without what runs it."""
    message = create(*args, **named)
    told = message.new_session
    told.main_script_path = Path(told.main_script_path).name
    told.initialize.environment_info.python_version = ""
    told.initialize.environment_info.server_os = ""
    return message
