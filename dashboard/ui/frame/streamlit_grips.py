"""All use of Streamlit's internals: a function for each, with the reason, and what would make it superfluous.

All other code uses Streamlit's documented interface: no other module imports from below `streamlit.`, or touches a name
of its that begins with an underscore. `tests/app/test_streamlit_grips.py` checks that, names the version that this
module was written for, and fails with every other version until somebody has checked it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ColumnConfig
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import WidgetMetadata

__all__ = ("AppSession", "BackMsg", "ColumnConfig", "DeltaGenerator", "ForwardMsg", "WidgetMetadata", "WidgetState")
# Types that functions of the program take or return; Streamlit documents none of them.

Take = Callable[[AppSession, BackMsg], None]
"""Takes a browser's message for its session."""
Change = Callable[[AppSession, ForwardMsg], ForwardMsg]
"""What a session's browser is told instead of a message."""


def find_session_id() -> str:
    """Find the session whose page is running; empty outside of one.

    Why: visits, tabs and files are noted by session. Superfluous once `st.context` names the session.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None or not runtime.exists() else context.session_id


def close_session(session_id: str) -> None:
    """End a session with all that it holds, on the server's own thread.

    Why: signing out must leave nothing open. Superfluous once `st.App` can end a session.
    """
    if runtime.exists():
        runtime.get_instance().close_session(session_id)
        forget_files(session_id)


def forget_files(session_id: str) -> None:
    """Drop the files that a session has handed over.

    Why: a session keeps them until it ends, even after they are stored elsewhere. Superfluous once a file field drops
    them when it is gone.
    """
    if runtime.exists():
        runtime.get_instance().uploaded_file_mgr.remove_session_files(session_id)


def weigh_files(session_id: str) -> int:
    """Count the bytes that a session has handed over and that are still in memory.

    Why: a session takes any number of files, whether or not its page is run. Superfluous once that has a limit.
    """
    if not runtime.exists():
        return 0
    session_files = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {}).get(session_id, {})
    return sum(len(file.data) for file in list(session_files.values()))


def find_session(session_id: str) -> AppSession | None:
    """Find a session whose browser is connected, on the server's own thread; None where there is none.

    Why: only the session knows whether its page is running. Superfluous once `st.App` tells of its sessions.
    """
    if not runtime.exists() or not session_id:
        return None
    info = runtime.get_instance()._session_mgr.get_active_session_info(session_id)
    return None if info is None else info.session


def list_connected() -> list[str] | None:
    """List the ids of the sessions whose browser is connected; None outside of a server.

    Why: what a page has left that was closed or loaded anew can be gone on with at once. Superfluous once `st.App`
    tells of its sessions.
    """
    sessions = getattr(runtime.get_instance(), "_session_mgr", None) if runtime.exists() else None  # AppTest has none
    return None if sessions is None else [info.session.id for info in sessions.list_active_sessions()]


def is_running(session: AppSession) -> bool:
    """Whether a session's page is running, or is about to.

    Why: a server that ends lets pages end first. Superfluous once `st.App` waits for them itself.
    """
    return session._state == AppSessionState.APP_IS_RUNNING


def list_drawn(session: AppSession) -> Mapping[str, WidgetMetadata[Any]]:
    """List what the page of a session has drawn, by id.

    Why: a value that no widget of the page sends would break its run. Superfluous once Streamlit leaves such values out
    itself.
    """
    return session.session_state._new_widget_state.widget_metadata


def begin_settling(session: AppSession) -> None:
    """Make a session note when its runs have ended, for `wait_until_settled` and for the same reason."""
    session.track_settling()


async def wait_until_settled(session: AppSession) -> None:
    """Wait until no run of a session's page is under way or due.

    Why: clicks in a page of another server are taken when it has been drawn here. Superfluous once Streamlit lets a
    session go on at another server.
    """
    await session.wait_until_settled()


def leave_pages_to_navigation() -> None:
    """Make every session know its pages by `st.navigation` from its first run on.

    Why: because of the folder `pages` Streamlit would answer a link to a page with that page's script alone, until the
    first reader has come through the front door. Superfluous once Streamlit no longer looks for that folder.
    """
    PagesManager.uses_pages_directory = False


def hold_sessions(take: Callable[[Take], Take], begin: Change, finish: Change) -> None:
    """Filter what every session of this process takes and sends; once, whoever calls again.

    Why: a session tells every browser the path of the script, and on demand that of its repository; it empties the
    caches of all readers, and breaks at values that were made up. Superfluous once `st.App` has a hook for the messages
    of its sessions, or neither takes nor tells these things.

    Args:
        take: Returns the replacement of Streamlit's function that takes a browser's message.
        begin: Changes the message by which a run begins.
        finish: Changes the message by which a run ends.
    """
    if getattr(AppSession.handle_backmsg, "is_held", False):
        return
    handle = take(AppSession.handle_backmsg)

    def handle_held(self: AppSession, msg: BackMsg) -> None:
        handle(self, msg)

    handle_held.is_held = True  # type: ignore[attr-defined]
    AppSession.handle_backmsg = handle_held  # type: ignore[method-assign]
    create, create_finished = AppSession._create_new_session_message, AppSession._create_script_finished_message
    AppSession._create_new_session_message = _changed(create, begin)  # type: ignore[method-assign]
    AppSession._create_script_finished_message = _changed(create_finished, finish)  # type: ignore[method-assign]


def _changed(create: Callable[..., ForwardMsg], change: Change) -> Callable[..., ForwardMsg]:
    def create_changed(self: AppSession, *arguments: Any, **keywords: Any) -> ForwardMsg:
        return change(self, create(self, *arguments, **keywords))

    return create_changed
