"""The messages that a browser may send to a session, and the server's details that it gets."""

import asyncio
from types import SimpleNamespace

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.state import SessionState

from dashboard.ui.frame import session_messages
from dashboard.ui.frame.session_messages import hide_place, is_taken, leave_out_forged

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
