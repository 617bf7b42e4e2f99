"""A chart in somebody else's page: the code, and the link that content systems turn into the chart."""

from dataclasses import replace
from datetime import datetime

import streamlit as st

from dashboard import formats
from dashboard.campaign import frozen
from dashboard.charts.chart import Chart
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame import address
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import error_box, note
from dashboard.web.charts import oembed
from dashboard.web.charts.requests import Wanted

KINDS = {"live": N_("Follows the data"), "frozen": N_("Stays as it is")}
_KEPT = "frozen builds"


def show(view: View, chart: Chart, wanted: Wanted, settings: Settings) -> None:
    """Draw the choice between an embed that follows the data and one that never changes, and its code.

    Args:
        view: The page.
        chart: The chart.
        wanted: What is asked for: the chart, its filters, its own title.
        settings: Where the dashboard is, as the reader sees it.
    """
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
    if kind == "frozen" and not _keep_build(view, settings):
        return
    embed = replace(wanted, file_format="html", is_frozen=kind == "frozen")
    link = embed.address(settings.base_url, "html")
    note.show(_explain(view, embed))
    if address.is_local(settings.base_url):
        note.show(t("The addresses below work on this computer only: open the dashboard at its public address first."))
    left, right = st.columns(2, gap="medium")
    with left:
        note.show(t("Code for the page's HTML:"))
        st.code(write_code(view, chart, embed, settings), language="html", wrap_lines=True)
    with right:
        note.show(t("Link to paste into WordPress, Notion or SharePoint, which show the chart by themselves:"))
        st.code(link, language=None, wrap_lines=True)


def write_code(view: View, chart: Chart, embed: Wanted, settings: Settings) -> str:
    """The HTML that shows a chart in a page: as wide as its column, as high as it needs there."""
    height = int(oembed.describe(view.snapshot, embed, settings, None, None)["height"])
    return oembed.write_frame(embed.address(settings.base_url, "html"), embed.title or chart.title, "100%", height)


def _explain(view: View, embed: Wanted) -> str:
    t, lang, as_of = view.t, view.lang, embed.selection.as_of
    if embed.is_frozen:
        built = formats.format_date(datetime.fromisoformat(view.snapshot.built_at).date(), lang)
        return t("Shows for ever the figures of the build of {day} ({build}).", day=built, build=embed.build_id[:12])
    if as_of is not None:
        day = formats.format_date(as_of, lang)
        return t("Shows new data as it comes in, always as it was known on {day}, the day of the filters.", day=day)
    return t("Shows new data as it comes in; nothing has to be copied again.")


def _keep_build(view: View, settings: Settings) -> bool:
    """Have the build kept for as long as the embed may be shown; says so where that cannot be done."""
    build_id = view.snapshot.build_id
    kept: set[str] = st.session_state.setdefault(_KEPT, set())
    if build_id in kept:
        return True
    try:
        frozen.keep(settings.campaign, build_id)
    except UserError as error:
        error_box.show(view, error)
        return False
    kept.add(build_id)
    return True
