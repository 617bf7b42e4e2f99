"""The files of one chart, each made when its button is clicked, as its address answers it."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard import briefing, extracts
from dashboard.briefing import BRIEFING_FORMATS, BriefingRequest
from dashboard.embeds import making
from dashboard.embeds.requests import FORMATS, Wanted
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import Snapshot
from dashboard.ui import error_box
from dashboard.ui.page import View

FINE = 2
"""How many times as many pixels the picture for print has each way."""
MOST_PICTURES = 60
_CLICKS = "use clicks"


class _File(NamedTuple):
    """One file on offer: its key, its format, the words on the button, and what it is for."""

    key: str
    file_format: str
    label: str
    help: str


GROUPS: dict[str, tuple[_File, ...]] = {
    N_("As a picture"): (
        _File("png", "png", N_("PNG"), N_("For slides, Word and mail")),
        _File("fine", "png", N_("PNG, double size"), N_("For print")),
        _File("svg", "svg", N_("SVG"), N_("Sharp at every size, for designers")),
    ),
    N_("For PowerPoint and Excel"): (
        _File("pptx", "pptx", N_("PowerPoint slide"), N_("A chart that you can edit in PowerPoint")),
        _File("xlsx", "xlsx", N_("Excel"), N_("The figures, and the chart beside them")),
    ),
    N_("The figures"): (
        _File("csv", "csv", N_("CSV"), N_("Codes, counts and rates, for other programs")),
        _File("zip", "zip", N_("Everything as ZIP"), N_("Pictures, slide, document and figures")),
    ),
}
"""What can be had of one chart, under the headings that it stands below."""


@dataclass
class _Clicks:
    """How many files were asked for and have been made, and why the last one could not be: known only afterwards."""

    asked: int = 0
    done: int = 0
    error: UserError | None = None

    def ask(self) -> None:
        """Noted when a button is pressed."""
        self.asked += 1
        self.error = None


def show(view: View, wanted: Wanted, settings: Settings) -> None:
    """Draw the downloads in groups; say so when the last one could not be made.

    Args:
        view: The page.
        wanted: What is asked for: the chart, its filters, size and own title.
        settings: Where the dashboard is, as the reader sees it.
    """
    clicks: _Clicks = st.session_state.setdefault(_CLICKS, _Clicks())
    for title, files in GROUPS.items():
        st.html(f'<h3 class="section">{escape(view.t(title))}</h3>')
        with st.container(horizontal=True, gap="small", key=f"use-{files[0].key}-group"):
            for file in files:
                _offer(view, wanted, settings, file, clicks)
    if clicks.asked > clicks.done:
        st.fragment(_watch, run_every=1.0)(clicks)
    elif clicks.error is not None:
        error_box.show(view, clicks.error)


def _offer(view: View, wanted: Wanted, settings: Settings, file: _File, clicks: _Clicks) -> None:
    asked = replace(wanted, file_format=file.file_format, scale=FINE if file.key == "fine" else 1)
    st.download_button(
        view.t(file.label),
        data=partial(_make, view.snapshot, asked, settings, clicks),
        file_name=extracts.name_file(view.snapshot, wanted.selection, file.file_format, name_inside(asked)),
        mime=(FORMATS.get(file.file_format) or BRIEFING_FORMATS[file.file_format]).media_type,
        on_click=clicks.ask,
        key=f"use-{file.key}",
        help=view.t(file.help),
        type="primary" if file.key == "png" else "secondary",
    )


def name_inside(wanted: Wanted) -> str:
    """What a file's name says of its inside: the chart, and of a picture its size."""
    if wanted.file_format not in ("png", "svg"):
        return wanted.chart_id
    sharper = f"-{wanted.scale}x" if wanted.scale > 1 else ""
    return f"{wanted.chart_id}-{wanted.size}{sharper}"


def _watch(clicks: _Clicks) -> None:
    """Draw the page anew once the browser has its file, or it is known why there is none."""
    if clicks.asked <= clicks.done:
        st.rerun()


def _make(snapshot: Snapshot, wanted: Wanted, settings: Settings, clicks: _Clicks) -> bytes:
    """A file's content, made in a thread of Streamlit's that cannot draw."""
    try:
        return make_file(snapshot, wanted, settings)
    except UserError as error:
        clicks.error = error
        raise
    finally:
        clicks.done += 1


def make_file(snapshot: Snapshot, wanted: Wanted, settings: Settings) -> bytes:
    """The content of a file; waits for a worker where one makes it.

    Raises:
        UserError: the worker could not make it, or too many are at work.
    """
    if wanted.file_format == "zip":
        title = wanted.title or ""
        request = BriefingRequest(((wanted.chart_id, title),), wanted.selection, title, wanted.size)
        return briefing.make_briefing(snapshot, request, "zip", settings).content
    if wanted.file_format == "png":
        return find_png(snapshot, wanted, settings)
    return making.make(snapshot, wanted, settings)


def find_png(snapshot: Snapshot, wanted: Wanted, settings: Settings) -> bytes:
    """The chart as a PNG; the last ones made are kept for all readers."""
    wanted = replace(wanted, file_format="png")
    key = (str(snapshot.path), settings.base_url, wanted)
    with _lock:
        if key in _pictures:
            _pictures.move_to_end(key)
            return _pictures[key]
    picture = making.make(snapshot, wanted, settings)
    with _lock:
        _pictures[key] = picture
        while len(_pictures) > MOST_PICTURES:
            _pictures.popitem(last=False)
    return picture


_pictures: OrderedDict[tuple[str, str, Wanted], bytes] = OrderedDict()
_lock = threading.Lock()
