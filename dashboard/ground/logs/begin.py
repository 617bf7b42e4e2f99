"""Set up the logging of a process: its own lines and those of libraries, in one form, where the operator wants them."""

import logging
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO

from dashboard.ground.logs.lines import JsonLines, TextLines, is_own
from dashboard.settings import FIELDS, LogSettings

LIBRARIES = ("streamlit", "uvicorn", "websockets", "asyncio", "starlette", "watchfiles", "httpx", "authlib")
"""Those that bring handlers of their own along, or may."""

LOG = logging.getLogger(__name__)


class ForwardedLogger(logging.Logger):
    """A library's logger whose lines take the program's way, whatever the library sets up, and whenever."""

    @property
    def propagate(self) -> bool:
        """Always."""
        return True

    @propagate.setter
    def propagate(self, _value: bool) -> None: ...

    def addHandler(self, hdlr: logging.Handler) -> None:  # noqa: N802
        """Ignore the handler."""


class _Standard(logging.StreamHandler[TextIO]):
    """Writes to the present standard error."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Do nothing: a closed terminal must not stop the program, nor show the words of a line."""


def begin(environment: Mapping[str, str] | None = None, is_command: bool = False) -> None:
    """Set up the logging of this process; a second call changes it. A wrong setting stops nothing.

    `is_command`: whether it may run in a terminal, which then gets warnings and worse as text.
    """
    root = logging.getLogger()
    if any(getattr(handler, "is_relay", False) for handler in root.handlers):
        return  # the server that started this process takes its lines
    end()
    settings, error = LogSettings.from_environment(environment)
    faults = error.faults if error is not None else {}
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    warnings = [f"{name} is wrong: {FIELDS[name].default} holds. {remedy}" for name, (_, remedy) in faults.items()]
    for handler in _make_handlers(settings, warnings):
        is_terminal = is_command and settings.format == "text" and isinstance(handler, _Standard)
        handler.setLevel(max(level, logging.WARNING) if is_terminal else level)
        handler.addFilter(is_wanted)
        handler.is_log = True  # type: ignore[attr-defined]
        root.addHandler(handler)
    root.setLevel(level)
    join_libraries()
    if not (is_command and sys.stderr.isatty()):  # who sits there sees the whole error, once
        sys.excepthook = _tell_end
    threading.excepthook = _tell_end_of_thread
    sys.unraisablehook = _tell_ignored
    for sentence in warnings:
        LOG.warning("%s", sentence)


def end() -> None:
    """Remove the handlers that `begin` has set up."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if getattr(handler, "is_log", False)]:
        root.removeHandler(handler)
        handler.close()


def _make_handlers(settings: LogSettings, warnings: list[str]) -> Iterator[logging.Handler]:
    lines = JsonLines() if settings.format == "json" else TextLines()
    standard = _Standard()
    standard.setFormatter(lines)
    yield standard
    if settings.file is not None:
        from dashboard.ground.logs.days import DailyFile  # few use it

        try:
            daily = DailyFile(settings.file, settings.days)
        except OSError as error:
            warnings.append(
                f"DASHBOARD_LOG_FILE cannot be written ({error.strerror}); logs go to standard error alone."
            )
            return
        daily.setFormatter(lines)
        yield daily


def is_wanted(record: logging.LogRecord) -> bool:
    """Whether a line is the program's, or a library's warning; libraries' other lines may name who asks for what."""
    return is_own(record.name) or record.levelno >= logging.WARNING


def join_libraries() -> None:
    """Make the libraries' loggers, present and future, take the program's form."""
    logging.raiseExceptions = False  # would print a line's words and its arguments
    logging.setLoggerClass(ForwardedLogger)
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name.partition(".")[0] in LIBRARIES:
            logger.handlers.clear()
            logger.__class__ = ForwardedLogger


@contextmanager
def logged_command(program: str, commands: Iterable[str]) -> Iterator[None]:
    """Set up a command line program; log at its end which command it was, how it ended and how long it took.

    `commands`: its commands; no other word of its command line is logged, since it may name a person.
    """
    begin(is_command=True)
    command_names = set(commands)
    command = next((word for word in sys.argv[1:] if word in command_names), "")
    started, code = time.monotonic(), 0
    try:
        yield
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        raise
    except BaseException:
        code = 1
        raise
    finally:
        ms = round((time.monotonic() - started) * 1000)
        words = {"command": f"{program} {command}".strip(), "exit_code": code, "ms": ms}
        LOG.info("%s ended with %s after %s ms.", *words.values(), extra=words)


def _tell_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    LOG.critical("The program ended by an error that it did not foresee.", exc_info=(kind, error, trace))


def _tell_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        exception = (ended.exc_type, ended.exc_value, ended.exc_traceback)
        LOG.error("A thread ended by an error that it did not foresee.", exc_info=exception)


def _tell_ignored(ignored: "sys.UnraisableHookArgs") -> None:
    """Log an error that nobody can catch, as of a file that is collected; most follow an error already logged."""
    if ignored.exc_value is not None:
        error = (ignored.exc_type, ignored.exc_value, ignored.exc_traceback)
        LOG.info("An error was ignored where something was cleared away.", exc_info=error)
