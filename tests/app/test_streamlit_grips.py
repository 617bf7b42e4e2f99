"""The grips on Streamlit's inside: they stand in one file, and were looked at for the version that is pinned."""

import ast
import inspect
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.session_manager import ActiveSessionInfo, SessionManager
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from dashboard.paths import PROJECT
from dashboard.ui.frame import streamlit_grips
from tests.supply.pins import PROGRAM, read_pins

WRITTEN_FOR = "1.67.0"
GRIPS = PROJECT / "dashboard/ui/frame/streamlit_grips.py"
SIGNATURES = {
    get_script_run_ctx: "(suppress_warning)",
    runtime.exists: "()",
    runtime.get_instance: "()",
    Runtime.close_session: "(self, session_id)",
    MemoryUploadedFileManager.remove_session_files: "(self, session_id)",
    SessionManager.get_active_session_info: "(self, session_id)",
    SessionManager.list_active_sessions: "(self)",
    AppSession.handle_backmsg: "(self, msg)",
    AppSession._create_new_session_message: "(self, page_script_hash, run_descriptor, pages)",
    AppSession._create_script_finished_message: "(self, status, run_descriptor)",
    AppSession.track_settling: "(self)",
    AppSession.wait_until_settled: "(self)",
}
"""The functions called or replaced, with the names of their parameters."""


def test_the_grips_were_looked_at_for_the_version_that_is_pinned():
    (pinned,) = (pin.version for pin in read_pins(PROGRAM) if pin.name == "streamlit")
    assert pinned == version("streamlit") == WRITTEN_FOR, (
        f"Streamlit is {pinned} now: look at these grips again (dashboard/ui/frame/streamlit_grips.py), and at what is "
        "taken of its pages and addresses (dashboard/web: first_page, streamlit_words, unknown, guard/admission, "
        "guard/streamlit_routes); then change WRITTEN_FOR."
    )


@pytest.mark.parametrize("called", SIGNATURES, ids=lambda called: called.__qualname__)
def test_what_is_gripped_takes_what_it_took(called: object):
    assert f"({', '.join(inspect.signature(called).parameters)})" == SIGNATURES[called]


def test_what_is_gripped_is_there():
    assert inspect.iscoroutinefunction(AppSession.wait_until_settled)
    assert PagesManager.__annotations__["uses_pages_directory"] == "bool | None"
    assert {"session_id"} <= ScriptRunContext.__dataclass_fields__.keys()
    assert "session" in ActiveSessionInfo.__dataclass_fields__
    assert "value_type" in WidgetMetadata.__dataclass_fields__
    assert SessionState()._new_widget_state.widget_metadata == {}
    assert isinstance(AppSessionState.APP_IS_RUNNING, AppSessionState)
    assert "self._session_mgr = " in inspect.getsource(Runtime.__init__)
    assert "self._state = " in inspect.getsource(AppSession.__init__)
    assert isinstance(ContextProxy.headers, property)


def test_the_files_of_a_session_are_weighed_and_let_go_of(monkeypatch: pytest.MonkeyPatch):
    files, ended = MemoryUploadedFileManager("/files"), list[str]()
    own = SimpleNamespace(uploaded_file_mgr=files, close_session=ended.append)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: own)
    for session, size in (("a", 3), ("a", 4), ("b", 5)):
        files.add_file(session, UploadedFileRec(str(size), "actions.csv", "text/csv", b"x" * size))
    assert [streamlit_grips.weigh_files(session) for session in "abc"] == [7, 5, 0]
    streamlit_grips.forget_files("a")
    streamlit_grips.close_session("b")
    assert [streamlit_grips.weigh_files(session) for session in "ab"] == [0, 0]
    assert ended == ["b"]


def list_inside(file: Path) -> set[str]:
    """List a file's uses of Streamlit's inside: modules below it, and names of `st` that begin with an underscore."""
    text = file.read_text(encoding="utf-8")
    taken: set[str] = set()
    for node in ast.walk(ast.parse(text)) if "streamlit" in text else ():
        if isinstance(node, ast.Import):
            taken |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            taken |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            taken.add(ast.unparse(node).replace("st.", "streamlit.", 1))
    return {name for name in taken if name.startswith("streamlit.")}


def test_no_other_file_of_the_program_takes_hold_of_the_inside():
    files = [PROJECT / "app.py", *(PROJECT / "pages").glob("*.py"), *(PROJECT / "dashboard").rglob("*.py")]
    assert {file for file in files if list_inside(file)} == {GRIPS}
