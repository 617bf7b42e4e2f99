"""The code and the addresses that put a chart into somebody else's page."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboard import formats, frozen, pictures
from dashboard.charts import Chart
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.selection import Selection
from dashboard.settings import Settings
from dashboard.ui import error_box
from dashboard.ui.page import View

AROUND = 210
"""CSS pixels of an embed page above and below its drawing: title, n of N, notes, source."""
KINDS = {"live": N_("Follows the data"), "frozen": N_("Stays as it is")}
_KEPT = "frozen builds"

Pairs = Sequence[tuple[str, str]]


def chart_address(site: str, chart_id: str, pairs: Pairs, *, build_id: str = "", title: str = "", end: str = "") -> str:
    """The address of one chart of a selection.

    Args:
        site: The dashboard's address.
        chart_id: The chart.
        pairs: The selection's parameters.
        build_id: The build it stays at for ever; empty to follow the data.
        title: The presenter's own title.
        end: The ending of a file (`png`, `csv`); empty for the page that is made to be embedded.
    """
    own = [("title", title)] if title else []
    frozen = [("build", build_id)] if build_id else []
    ending = f".{end}" if end else ""
    return f"{site}/charts/{chart_id}{ending}?{urlencode([*pairs, *own, *frozen])}"


def iframe_code(address: str, title: str, height: int) -> str:
    """The HTML that shows the chart at `address` in a page: as wide as its column, `height` CSS pixels high."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{height}" '
        'loading="lazy" style="border:0"></iframe>'
    )


def show(view: View, selection: Selection, chart: Chart, site: str, title: str) -> None:
    """Draw the choice between an embed that follows the data and one that never changes, and its code."""
    t = view.t
    kind = st.segmented_control(
        t("The chart in the web page"),
        list(KINDS),
        format_func=lambda name: t(KINDS[name]),
        default="live",
        required=True,
        key="use-embed",
        label_visibility="collapsed",
    )
    build_id = ""
    if kind == "frozen":
        if not _keep_build(view):
            return
        build_id = view.snapshot.build_id
    address = chart_address(site, chart.spec.id, selection.query_pairs(), build_id=build_id, title=title)
    st.caption(_explain(view, selection, build_id))
    left, right = st.columns(2, gap="medium")
    with left:
        st.caption(t("Code for the page's HTML:"))
        code = iframe_code(address, title or chart.title, embed_height(chart))
        st.code(code, language="html", wrap_lines=True)
    with right:
        st.caption(t("Link to paste into WordPress, Notion or SharePoint, which show the chart by themselves:"))
        st.code(address, language=None, wrap_lines=True)


def _explain(view: View, selection: Selection, build_id: str) -> str:
    t, lang = view.t, view.lang
    if build_id:
        built = formats.format_date(datetime.fromisoformat(view.snapshot.built_at).date(), lang)
        return t("Shows for ever the figures of the build of {day} ({build}).", day=built, build=build_id[:12])
    if selection.as_of is not None:
        day = formats.format_date(selection.as_of, lang)
        return t("Shows new data as it comes in, always as it was known on {day}, the day of the filters.", day=day)
    return t("Shows new data as it comes in; nothing has to be copied again.")


def _keep_build(view: View) -> bool:
    """Have the build kept for as long as the embed may be shown; says so where that cannot be done."""
    build_id = view.snapshot.build_id
    kept: set[str] = st.session_state.setdefault(_KEPT, set())
    if build_id in kept:
        return True
    try:
        frozen.keep(Settings.from_environment().campaign, build_id)
    except UserError as error:
        error_box.show(view, error)
        return False
    kept.add(build_id)
    return True


def embed_height(chart: Chart) -> int:
    """The height in CSS pixels that shows the whole of a chart's embed in a column of a usual width."""
    box = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', pictures.draw_svg(chart, None, width=680))
    drawing = float(box.group(2)) if box else 400.0
    return round((drawing + AROUND) / 10) * 10
