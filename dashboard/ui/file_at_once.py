"""Files that a button gives at once: a worker makes them while the browser waits for them.

Where there is no file the page says why, in the reader's language. Streamlit's own sentence, which is English and names
no reason, is hidden (`style`), and its traceback kept out of the log.
"""

import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import streamlit as st
from streamlit.runtime import backend_operation_handler

from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.snapshot import current
from dashboard.ui import error_box, link
from dashboard.ui.page import View

LOG = logging.getLogger(__name__)
ICON = ":material/download:"
_WAIT_SECONDS = 600
"""How long the page looks whether a file has been made; a worker is stopped long before that."""


class File(NamedTuple):
    """A file whose button gives it at once: key and words of the button, what makes the content, the file's name."""

    key: str
    label: str
    make: Callable[[], bytes]
    file_name: str
    media_type: str
    help: str | None = None
    icon: str | None = ICON
    type: Literal["primary", "secondary"] = "secondary"
    is_disabled: bool = False


@dataclass
class Clicks:
    """What became of the files of a place that were asked for at once; what went wrong is known only afterwards."""

    wanted: Hashable
    build_id: str
    asked: int = 0
    done: int = 0
    asked_at: float = 0.0
    error: UserError | None = None

    def ask(self) -> None:
        """Noted when a button is pressed."""
        link.hold()
        self.asked += 1
        self.asked_at = time.monotonic()
        self.error = None

    def make(self, make: Callable[[], bytes]) -> bytes:
        """A file's content, made in a thread of Streamlit's that cannot draw.

        Raises:
            ToldError: there is no file; `error` says why.
        """
        try:
            return make()
        except Exception as error:
            self.error = explain(error, self.build_id)
            raise ToldError(self.error.what) from None
        finally:
            self.done += 1

    def is_waiting(self) -> bool:
        """Whether a file is still being made."""
        return self.asked > self.done and time.monotonic() < self.asked_at + _WAIT_SECONDS


class ToldError(Exception):
    """Ends Streamlit's part of a download of which the page itself says why there is no file."""


def clicks(view: View, place: str, wanted: Hashable) -> Clicks:
    """The clicks of a place, which a session keeps as long as the same is wanted."""
    kept: Clicks | None = st.session_state.get(place)
    if kept is None or (kept.wanted, kept.build_id) != (wanted, view.snapshot.build_id):
        kept = st.session_state[place] = Clicks(wanted, view.snapshot.build_id)
    return kept


def show(view: View, place: str, wanted: Hashable, *files: File) -> None:
    """Draw the buttons of files that take a few seconds, and why the last one asked for could not be made.

    Args:
        view: The page.
        place: Names what the session keeps about them.
        wanted: What the files are made from; what went wrong with anything else is forgotten.
        files: The files.
    """
    noted = clicks(view, place, wanted)
    for file in files:
        show_button(noted, file)
    tell(view, noted)


def show_button(noted: Clicks, file: File) -> None:
    """Draw one button; `tell` follows once, below all of a place."""
    st.download_button(
        file.label,
        data=lambda: noted.make(file.make),
        file_name=file.file_name,
        mime=file.media_type,
        on_click=noted.ask,
        key=file.key,
        help=file.help,
        icon=file.icon,
        type=file.type,
        disabled=file.is_disabled,
    )


def tell(view: View, noted: Clicks) -> None:
    """Say why there is no file, as soon as it is known."""
    if noted.is_waiting():
        st.fragment(_watch, run_every=1.0)(noted)
    elif noted.error is not None:
        error_box.show(view, noted.error)


def _watch(noted: Clicks) -> None:
    """Draw the page anew once the browser has its file, or it is known why there is none."""
    if not noted.is_waiting():
        st.rerun()


def explain(error: Exception, build_id: str) -> UserError:
    """Why there is no file: where the build that it was asked of is published no more, that is why."""
    if not isinstance(error, UserError):
        LOG.error("A file could not be made.", exc_info=error)
        return UserError(N_("The export stopped before it was finished."), N_("Try again."))
    LOG.warning("A file could not be made: %s", error.what)
    try:
        published = current()
    except UserError:
        return error
    if published.build_id == build_id and published.path.exists():
        return error
    return UserError(N_("The data was published anew while the export was made."), N_("Try again."))


def _is_news(record: logging.LogRecord) -> bool:
    """Whether Streamlit logs anything but the end of a download that the page and this module's log explain."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(getattr(error, "__cause__", None), ToldError)


logging.getLogger(backend_operation_handler.__name__).addFilter(_is_news)
