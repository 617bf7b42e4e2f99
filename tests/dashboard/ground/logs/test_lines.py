"""A line of the log in both forms: its content, its omissions, and the processes that write it."""

import io
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.errors import UserError
from dashboard.ground.logs import begin, lines_home, request_id
from dashboard.ground.logs.days import DailyFile
from dashboard.ground.logs.lines import JsonLines, TextLines

NAME, MAIL, SEARCH = "Sample Person 001", "person1@example.org", "brick kilns"
PLANTED = (NAME, "Person", "person1", "example.org", SEARCH, "kilns")
SETTINGS = ("DASHBOARD_LOG_FORMAT", "DASHBOARD_LOG_LEVEL", "DASHBOARD_LOG_FILE", "DASHBOARD_LOG_DAYS")


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., io.StringIO]]:
    """Begin to log as a server does, or a command; yield a reader of standard error. Undo all afterwards."""
    root, kind = logging.getLogger(), logging.getLoggerClass()
    level, raising = root.level, logging.raiseExceptions
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    classes = {logger: logger.__class__ for logger in logging.root.manager.loggerDict.values()}

    def start(is_command: bool = False, **settings: str) -> io.StringIO:
        said = io.StringIO()
        monkeypatch.setattr(sys, "stderr", said)
        named = {f"DASHBOARD_LOG_{name.upper()}": value for name, value in settings.items()}
        begin.begin(named, is_command)
        return said

    yield start
    begin.end()
    root.setLevel(level)
    logging.setLoggerClass(kind)
    logging.raiseExceptions = raising
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    for logger, its in classes.items():
        logger.__class__ = its


def read(said: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in said.getvalue().splitlines()]


def fail() -> None:
    cell = f"{NAME} {MAIL}"
    try:
        raise KeyError(cell)
    except KeyError as error:
        raise ValueError(f"could not convert string to float: '{cell}'") from error


def test_a_line_of_json_says_when_how_grave_where_and_for_which_request(logged) -> None:
    said = logged(format="json")
    request_id.adopt("abc-12345678")
    before = datetime.now(UTC)
    logging.getLogger("dashboard.web").warning("Two %s.\nwait", "mails")
    request_id.adopt("")
    logging.getLogger("etl").info("Alone.", extra={"ms": 12})
    record = logging.makeLogRecord({"name": "dashboard.web", "levelname": "INFO", "msg": "Ready.", "created": 0})
    assert TextLines().format(record) == "1970-01-01 00:00:00 INFO dashboard.web Ready."
    assert json.loads(JsonLines().format(record))["time"] == "1970-01-01T00:00:00.000+00:00"
    record.request_id = "abc"
    assert TextLines().format(record).endswith(" INFO dashboard.web [abc] Ready.")
    first, second = read(said)
    assert abs((datetime.fromisoformat(first.pop("time")) - before).total_seconds()) < 60
    told = {"level": "warning", "logger": "dashboard.web", "message": "Two mails. wait", "process": os.getpid()}
    assert first == told | {"request_id": "abc-12345678"}
    assert (second["ms"], "request_id" in second) == (12, False)


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_holds_values_addresses_or_searches(logged, form: str) -> None:
    said = logged(format=form, level="debug")
    own, library = logging.getLogger("dashboard.web"), logging.getLogger("streamlit.runtime")
    for log in (own, library):
        try:
            fail()
        except ValueError as error:
            log.exception("Broken")
            log.error("Broken: %s", error)
            log.error(error)
        log.error("Mail to <%s> and %s", MAIL, MAIL.replace("@", "%40"))
        log.error("%s is asked for", f"/charts/x.png?q={SEARCH.replace(' ', '+')}&stakeholder={MAIL}")
        log.error("Refused: %s", UserError(f"The link asks for '{SEARCH}' of “{NAME}”.", "It can't."))
        log.error("No such thing: %s", FileNotFoundError(2, "No such file", f"{NAME}.xlsx"))
    library.error("GET '%s' by %r", SEARCH, NAME)
    library.error(f"GET /files/{'kilnsPerson' * 4}")
    library.error("%d and %s", 1, NAME, MAIL)  # cannot be put together
    text = said.getvalue()
    assert [word for word in PLANTED if word.lower() in text.lower()] == []
    assert "ValueError at tests/dashboard/ground/logs/test_lines.py:" in text
    assert "; because of KeyError at tests/dashboard/ground/logs/test_lines.py:" in text
    assert " fail < " in text
    assert "FileNotFoundError (No such file)" in text
    assert len(text.splitlines()) == 16


def test_libraries_write_warnings_alone_and_in_the_same_form_whatever_they_set_up(logged) -> None:
    said = logged(format="json")
    for name in ("uvicorn.error", "streamlit.web.a_module_that_is_loaded_later"):
        library = logging.getLogger(name)
        library.propagate = False
        own = io.StringIO()
        library.addHandler(logging.StreamHandler(own))
        library.setLevel(logging.INFO)
        library.info('127.0.0.1:55 - "WebSocket /_stcore/stream?q=%s" [accepted]', SEARCH)
        library.warning("Slow.")
        assert own.getvalue() == ""
    assert [line["message"] for line in read(said)] == ["Slow.", "Slow."]


def test_a_command_tells_warnings_to_its_terminal_and_everything_to_programs(logged, tmp_path: Path) -> None:
    file = tmp_path / "of its own" / "etl.log"
    said = logged(is_command=True, file=str(file))
    logging.getLogger("etl").info("Begun.")
    logging.getLogger("etl").warning("Old.")
    assert said.getvalue().endswith(" WARNING etl Old.\n")
    assert [line.split(" etl ")[1] for line in file.read_text().splitlines()] == ["Begun.", "Old."]
    said = logged(is_command=True, format="json")
    logging.getLogger("etl").info("Begun.")
    assert [line["message"] for line in read(said)] == ["Begun."]


def test_a_command_says_at_its_end_which_it_was_and_none_of_its_words(logged, monkeypatch) -> None:
    monkeypatch.setenv("DASHBOARD_LOG_FORMAT", "json")
    monkeypatch.setattr(sys, "argv", ["etl", "forget", MAIL])
    said = logged()

    def forget() -> None:
        with begin.logged_command("etl", {"forget": 1, "build": 2}):
            sys.exit(3)

    with pytest.raises(SystemExit):
        forget()
    (line,) = read(said)
    assert (line["command"], line["exit_code"]) == ("etl forget", 3)
    assert MAIL not in said.getvalue()


def test_a_wrong_setting_is_told_and_stops_nothing(logged, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    said = logged(format="xml", level="loud", days="few", file=str(tmp_path / "a file" / "x.log"))
    text = said.getvalue()
    for words in (
        "FORMAT is wrong: text holds. It can be one of: text, json.",
        "LEVEL is wrong: info holds. It can be one of: debug, info, warning, error.",
        "DAYS is wrong: 30 holds. Write a whole number.",
        "FILE cannot be written",
    ):
        assert f"DASHBOARD_LOG_{words}" in text


def test_an_end_that_nobody_foresaw_is_a_line_too(logged) -> None:
    said = logged(format="json")
    try:
        fail()
    except ValueError:
        sys.excepthook(*sys.exc_info())
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    closed = _FailsWhenCollected()
    del closed
    assert [line["level"] for line in read(said)] == ["critical", "error", "info"]
    assert all("ValueError at" in line["error"] for line in read(said))
    assert NAME not in said.getvalue()
    said = logged(is_command=True)
    closed = _FailsWhenCollected()
    del closed
    assert said.getvalue() == "", "it would follow the one sentence of a refusal"


class _FailsWhenCollected:
    def __del__(self) -> None:
        fail()


def test_lines_of_a_process_come_home_under_the_number_of_who_asked(logged, monkeypatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    handler = lines_home.Relay()
    try:
        fail()
    except ValueError:
        record = logging.makeLogRecord({"name": "etl.publish", "levelno": 30, "exc_info": sys.exc_info(), "process": 7})
    record.msg, record.args = "%s stay: %s", (3, OSError(13, "Permission denied"))
    handler.emit(record)
    complaint = f"No room.\n{written.getvalue()}{lines_home.MARK}{{half of"
    said = logged(format="json")
    request_id.adopt("abc-12345678")
    assert lines_home.take(complaint) == "No room.\n"
    request_id.adopt("")
    (line,) = read(said)
    assert (line["message"], line["request_id"], line["process"]) == (
        "3 stay: PermissionError (Permission denied)", "abc-12345678", 7,
    )  # fmt: skip
    assert "KeyError at" in line["error"]
    assert NAME not in written.getvalue()


def test_a_file_begins_anew_each_day_for_any_number_of_processes(tmp_path: Path) -> None:
    file = tmp_path / "dashboard.log"
    writers = [DailyFile(file, days=2) for _ in range(2)]
    for writer in writers:
        writer.setFormatter(TextLines())
    days = [date(2026, 11, day) for day in (23, 24, 25, 27)]
    for day in days:
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
        for number, writer in enumerate(writers):
            line = {"name": "etl", "msg": f"{day} {number}", "created": moment, "levelname": "INFO"}
            writer.handle(logging.makeLogRecord(line))
        os.utime(file, (moment, moment))
    for writer in writers:
        writer.close()
    kept = {path.name: path.read_text().count("\n") for path in tmp_path.iterdir() if not path.name.startswith(".")}
    assert kept == {"dashboard.log": 2, "dashboard.log.2026-11-25": 2}
    assert file.stat().st_mode & 0o007 == 0


def test_numbers_are_made_here_or_taken_where_they_are_well_formed() -> None:
    assert request_id.new("5f0e8044e62dcb91") == "5f0e8044e62dcb91" == request_id.current()
    for given in ("", "short", f"{NAME}!", "a" * 65, "abc\ndefghijk", MAIL, "-abcdefghij"):
        made = request_id.new(given)
        assert (len(made), made != given, request_id.current()) == (16, True, made)
    request_id.adopt("")
