"""The grips on Streamlit's inside: where they stand, for which version; a session's messages, and runs cut short."""

import ast
import asyncio
from datetime import date
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.state import SessionState
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from dashboard.ground.logs import request_id
from dashboard.i18n import translator
from dashboard.paths import PROJECT
from dashboard.ui.frame import header, link, page, session_messages, streamlit_grips
from dashboard.ui.frame.session_messages import hide_place, is_taken, leave_out_forged
from tests.supply.pins import PROGRAM, read_pins

WRITTEN_FOR = "1.67.0"
GRIPS = PROJECT / "dashboard/ui/frame/streamlit_grips.py"


def test_the_grips_were_looked_at_for_the_version_that_is_pinned():
    (pinned,) = (pin.version for pin in read_pins(PROGRAM) if pin.name == "streamlit")
    assert pinned == version("streamlit") == WRITTEN_FOR, (
        f"Streamlit is {pinned} now: look at these grips again (dashboard/ui/frame/streamlit_grips.py), and at what is "
        "taken of its pages and addresses (dashboard/web: first_page, streamlit_words, unknown, guard/admission, "
        "guard/streamlit_routes); then change WRITTEN_FOR."
    )


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


OPERATIONS = [field.name for field in BackMsg().backend_operation_request.DESCRIPTOR.oneofs_by_name["payload"].fields]


def test_only_what_the_pages_need_is_taken():
    taken = set()
    for field in BackMsg.DESCRIPTOR.fields:
        message = BackMsg()
        if field.message_type is None:
            setattr(message, field.name, True)
        else:
            getattr(message, field.name).SetInParent()
        taken |= {field.name} if is_taken(message) else set()
    assert taken == {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}
    assert not is_taken(BackMsg())
    for name in OPERATIONS:
        message = BackMsg()
        getattr(message.backend_operation_request, name).SetInParent()
        assert is_taken(message) == (name in ("dataframe_chunk", "deferred_file")), name
    assert "install_skills" in OPERATIONS


def test_values_that_no_widget_of_the_page_sends_are_left_out():
    message = BackMsg()
    widgets = message.rerun_script.widget_states.widgets
    widgets.add(id="chosen").string_array_value.data.append("africa")
    widgets.add(id="chosen", int_value=7)
    widgets.add(id="chosen")
    widgets.add(id="mark", json_value='{"picked": 1}')
    widgets.add(id="mark", json_value="{")
    widgets.add(id="not drawn yet", bool_value=True)
    widgets.add(id="not drawn yet", json_value="[" * 100_000)
    drawn = {
        "chosen": SimpleNamespace(value_type="string_array_value"),
        "mark": SimpleNamespace(value_type="json_value"),
    }
    leave_out_forged(message, drawn)
    left = [(widget.id, widget.WhichOneof("value")) for widget in message.rerun_script.widget_states.widgets]
    assert left == [("chosen", "string_array_value"), ("mark", "json_value"), ("not drawn yet", "bool_value")]
    assert message.rerun_script.widget_states.widgets[1].json_value == '{"picked": 1}'


def test_the_first_message_names_no_place():
    message = ForwardMsg()
    message.new_session.main_script_path = "/srv/dashboard/app.py"
    message.new_session.initialize.environment_info.python_version = "3.11.7"
    message.new_session.initialize.environment_info.server_os = "linux"
    raw = hide_place(None, message).SerializeToString()
    assert b"app.py" in raw
    for told in (b"/srv", b"3.11", b"linux"):
        assert told not in raw


def test_sessions_are_held_to_it(monkeypatch):
    handled: list[str] = []
    monkeypatch.setattr(AppSession, "handle_backmsg", lambda _, msg: handled.append(msg.WhichOneof("type")))
    for name in ("_create_new_session_message", "_create_script_finished_message"):
        monkeypatch.setattr(AppSession, name, getattr(AppSession, name))
    session_messages.install()
    held = AppSession.handle_backmsg
    session_messages.install()
    assert AppSession.handle_backmsg is held
    session = SimpleNamespace(session_state=SessionState())
    for message in (BackMsg(clear_cache=True), BackMsg(load_git_info=True), BackMsg(stop_script=True)):
        held(session, message)
    assert handled == ["stop_script"]


class Session:
    """A stub of Streamlit's session: the calls that are used, and the end of its runs."""

    def __init__(self, *drawn: str) -> None:
        self.ended = asyncio.Event()
        self.is_tracked = False
        self.session_state = SessionState()
        self.session_state._new_widget_state.widget_metadata.update(dict.fromkeys(drawn))  # type: ignore[arg-type]

    def track_settling(self) -> None:
        self.is_tracked = True

    async def wait_until_settled(self) -> None:
        assert self.is_tracked
        await self.ended.wait()


def test_a_page_that_is_taken_over_is_run_as_it_was_opened_before_its_clicks_are_taken():
    def click(words: str) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = "region=africa"
        message.rerun_script.widget_states.widgets.add(id="find", string_value=words)
        return message

    async def play() -> None:
        session, taken, catching_up = Session(), list[BackMsg](), session_messages.CatchingUp()

        def hand(message: BackMsg) -> bool:
            return catching_up.take(session, message, taken.append)  # type: ignore[arg-type]

        assert hand(click("first")) and hand(click("second"))
        assert not hand(BackMsg(stop_script=True))
        (opened,) = taken
        assert opened.rerun_script.query_string == "region=africa" and not opened.rerun_script.HasField("widget_states")
        ended = catching_up.finish(session, ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY))  # type: ignore[arg-type]
        assert ended.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN, "the browser waits for what it has asked"
        session.ended.set()
        while len(taken) < 3:
            await asyncio.sleep(0)
        assert taken[1:] == [click("first"), click("second")]
        ended = catching_up.finish(session, ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY))  # type: ignore[arg-type]
        assert ended.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        await asyncio.sleep(0)
        assert not hand(click("third")), "known by now"

    asyncio.run(asyncio.wait_for(play(), 30))


def test_in_a_page_that_is_being_opened_only_clicks_on_what_it_has_not_drawn_wait():
    def ask(*clicked: str) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = "region=africa"
        for name in clicked:
            message.rerun_script.widget_states.widgets.add(id=name, string_value="solar")
        return message

    async def play() -> None:
        session, taken, catching_up = Session("drawn"), list[BackMsg](), session_messages.CatchingUp()

        def hand(message: BackMsg) -> bool:
            return catching_up.take(session, message, taken.append)  # type: ignore[arg-type]

        assert not hand(ask()), "a page that is opened is run once"
        assert not hand(ask("drawn")) and not catching_up.is_behind(session)  # type: ignore[arg-type]
        assert hand(ask("drawn", "of before")) and catching_up.is_behind(session)  # type: ignore[arg-type]
        assert hand(ask("drawn")), "in the order in which they come"
        session.ended.set()
        while len(taken) < 2:
            await asyncio.sleep(0)
        assert taken == [ask("drawn", "of before"), ask("drawn")]
        await asyncio.sleep(0)
        assert not hand(ask("of before")), "open by now"

    asyncio.run(asyncio.wait_for(play(), 30))


def is_told(app, kind: str, key: str) -> bool:
    """Whether the last run told the browser the value of a widget."""
    return bool(next(widget for widget in app.get(kind) if widget.key == key).proto.set_value)


def test_widgets_are_told_their_values_until_a_run_has_ended(open_page, monkeypatch):
    cut, close = [True, True], page.close  # the first two runs are cut short just before their end
    monkeypatch.setattr(page, "close", lambda: None if cut and cut.pop() else close())
    app = open_page("latest", since="2021-12-01", by="known", lang="fr")
    for _ in range(3):  # the last is the first one that ends
        assert is_told(app, "date_input", "latest-day")
        app.run()
    assert not is_told(app, "date_input", "latest-day")  # quick typing is not undone
    assert app.date_input(key="latest-day").value == date(2021, 12, 1)


def test_a_language_is_taken_of_those_that_there_are(monkeypatch):
    taken = []
    monkeypatch.setattr(link, "change", lambda **values: taken.append(values))
    for sent in (None, "es"):
        monkeypatch.setattr(st, "session_state", {"lang": sent})
        header._take_language()
    assert taken == [{"lang": "es"}]


def break_off() -> None:
    """End a page's run with an unforeseen error."""
    from dashboard.ui.frame import page

    page.show_error(ValueError("Sample Person 001"))


@pytest.mark.parametrize(("lang", "number"), [("en", "5f0e8044e62dcb91"), ("fr", "")])
def test_the_reader_of_a_page_that_broke_off_is_told_and_can_quote_the_number_of_the_log(monkeypatch, lang, number):
    monkeypatch.setattr(request_id, "_finders", [lambda: number])
    app = AppTest.from_function(break_off)
    app.query_params["lang"] = lang
    app.run()
    assert not app.exception
    (said,) = [error.value for error in app.error]
    assert translator(lang)("This page could not be shown in full.").rstrip(".") in said
    assert (number in said) and ("5f0e" in said) == bool(number)
    assert "Person" not in said
