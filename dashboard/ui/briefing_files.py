"""The files of one chart: pictures and figures made on the click, slides and workbooks by a worker."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard import briefing, chart_files, extracts, pictures
from dashboard.briefing import BriefingRequest
from dashboard.charts import build_chart
from dashboard.errors import UserError
from dashboard.extracts import Extract
from dashboard.i18n import N_
from dashboard.selection import Selection
from dashboard.snapshot import Snapshot
from dashboard.ui import error_box
from dashboard.ui.page import View

FINE = 2
"""How many times as many pixels the picture for print has each way."""
MOST_PICTURES = 60
MEDIA_TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "pptx": chart_files.CHART_FORMATS["pptx"].media_type,
    "xlsx": chart_files.CHART_FORMATS["xlsx"].media_type,
    "zip": briefing.BRIEFING_FORMATS["zip"].media_type,
}
_FAILED = "use failed"


class Wanted(NamedTuple):
    """The chart in use, in every respect that a picture of it depends on."""

    chart_id: str
    selection: Selection
    size: str
    title: str
    link: str


class _File(NamedTuple):
    """One file on offer: its key, its ending, the words on the button, what it is for, and what makes it."""

    key: str
    ending: str
    label: str
    help: str
    make: Callable[[Snapshot, Wanted], bytes]


def show(view: View, wanted: Wanted) -> None:
    """Draw the downloads in groups; say so when the last one could not be made."""
    failed: dict[str, UserError] = st.session_state.setdefault(_FAILED, {})
    for error in failed.values():
        error_box.show(view, error)
    failed.clear()
    for title, files in GROUPS.items():
        st.html(f'<h3 class="section">{escape(view.t(title))}</h3>')
        with st.container(horizontal=True, gap="small", key=f"use-{files[0].key}-group"):
            for file in files:
                _offer(view, wanted, file, failed)


def _offer(view: View, wanted: Wanted, file: _File, failed: dict[str, UserError]) -> None:
    st.download_button(
        view.t(file.label),
        data=partial(_make, view.snapshot, wanted, file, failed),
        file_name=extracts.name_file(view.snapshot, wanted.selection, file.ending, name_picture(wanted, file.key)),
        mime=MEDIA_TYPES[file.ending],
        on_click="ignore",
        key=f"use-{file.key}",
        help=view.t(file.help),
        type="primary" if file.key == "png" else "secondary",
    )


def name_picture(wanted: Wanted, key: str) -> str:
    """What a file's name says of its inside: the chart, and of a picture its size."""
    if key in ("png", "svg"):
        return f"{wanted.chart_id}-{wanted.size}"
    return f"{wanted.chart_id}-{wanted.size}-{FINE}x" if key == "fine" else wanted.chart_id


def _make(snapshot: Snapshot, wanted: Wanted, file: _File, failed: dict[str, UserError]) -> bytes:
    """Make a file when its button is clicked, outside a run of the page; what goes wrong is said at the next one."""
    try:
        return file.make(snapshot, wanted)
    except UserError as error:
        failed[file.key] = error
        raise


def find_png(snapshot: Snapshot, wanted: Wanted, scale: float = 1) -> bytes:
    """The chart as a PNG; the last ones made are kept for all readers."""
    key = (snapshot.build_id, str(snapshot.path), wanted, scale)
    with _lock:
        if key in _pictures:
            _pictures.move_to_end(key)
            return _pictures[key]
    chart = build_chart(snapshot, wanted.chart_id, wanted.selection)
    picture = pictures.draw_png(chart, wanted.size, scale=scale, title=wanted.title or None, link=wanted.link)
    with _lock:
        _pictures[key] = picture
        while len(_pictures) > MOST_PICTURES:
            _pictures.popitem(last=False)
    return picture


_pictures: OrderedDict[tuple[str, str, Wanted, float], bytes] = OrderedDict()
_lock = threading.Lock()


def _make_svg(snapshot: Snapshot, wanted: Wanted) -> bytes:
    chart = build_chart(snapshot, wanted.chart_id, wanted.selection)
    return pictures.draw_svg(chart, wanted.size, title=wanted.title or None, link=wanted.link).encode()


def _make_csv(snapshot: Snapshot, wanted: Wanted) -> bytes:
    frame = build_chart(snapshot, wanted.chart_id, wanted.selection).data()
    return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _submit_one(snapshot: Snapshot, wanted: Wanted, ending: str) -> Extract:
    if ending == "zip":
        request = BriefingRequest(((wanted.chart_id, wanted.title),), wanted.selection, wanted.title, wanted.size)
        return briefing.submit_briefing(snapshot, request, "zip")
    return chart_files.submit_chart_file(
        snapshot, wanted.selection, wanted.chart_id, ending, title=wanted.title or None
    )


def _by_worker(ending: str) -> Callable[[Snapshot, Wanted], bytes]:
    return lambda snapshot, wanted: _submit_one(snapshot, wanted, ending).result().content


GROUPS: dict[str, tuple[_File, ...]] = {
    N_("As a picture"): (
        _File("png", "png", N_("PNG"), N_("For slides, Word and mail"), find_png),
        _File("fine", "png", N_("PNG, double size"), N_("For print"), partial(find_png, scale=FINE)),
        _File("svg", "svg", N_("SVG"), N_("Sharp at every size, for designers"), _make_svg),
    ),
    N_("For PowerPoint and Excel"): (
        _File(
            "pptx", "pptx", N_("PowerPoint slide"), N_("A chart that you can edit in PowerPoint"), _by_worker("pptx")
        ),
        _File("xlsx", "xlsx", N_("Excel"), N_("The figures, and the chart beside them"), _by_worker("xlsx")),
    ),
    N_("The figures"): (
        _File("csv", "csv", N_("CSV"), N_("Codes, counts and rates, for other programs"), _make_csv),
        _File("zip", "zip", N_("Everything as ZIP"), N_("Pictures, slide, document and figures"), _by_worker("zip")),
    ),
}
"""What can be had of one chart, under the headings that it stands below."""
