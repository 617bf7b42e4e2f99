"""How a chart is taken elsewhere: its files, its address and its embed code, behind one button of its card.

They are the addresses of `dashboard.web.charts`, with the page's filters; nothing is counted before it is opened.
"""

from dataclasses import dataclass, replace

import streamlit as st

from dashboard.charts.chart import build_chart
from dashboard.charts.options import Options
from dashboard.extracts.order import name_file
from dashboard.ground.base_urls import is_local
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import file_at_once, link_way, messages
from dashboard.ui.pieces.file_at_once import AddressedFile
from dashboard.web.charts import frames
from dashboard.web.charts.requests import ChartRequest

FILES = {
    "png": (N_("Picture (PNG)"), N_("For slides, Word and mail")),
    "pptx": (N_("PowerPoint slide"), N_("A chart that you can edit in PowerPoint")),
    "xlsx": (N_("Excel"), N_("The figures, and the chart beside them")),
    "pdf": (N_("PDF"), N_("To print and send: picture, table, definitions and sources")),
    "csv": (N_("CSV"), N_("Codes, counts and rates, for other programs")),
}
"""The files of a chart, by their endings: the words on the link, and what each is for."""
HERE_ALONE = N_("The addresses below only work on this computer. Open the dashboard at its public address first.")


@dataclass(frozen=True)
class ShareModel:
    """How a chart is taken elsewhere.

    Attributes:
        files: Its files, at their addresses below the dashboard's.
        address: The page of the chart alone, which content systems turn into the chart.
        code: The HTML that shows it in a web page, with new data as it comes in.
        warning: Said where its addresses mean nothing to others; else empty.
    """

    files: tuple[AddressedFile, ...]
    address: str
    code: str
    warning: str


def make_model(
    snapshot: Snapshot,
    t: Translator,
    chart_id: str,
    selection: Selection,
    options: Options,
    settings: Settings,
    path: str = "",
) -> ShareModel:
    """How a chart is taken elsewhere.

    Args:
        snapshot: The data.
        t: The reader's language.
        chart_id: The chart.
        selection: The filters in force.
        options: What is chosen of it.
        settings: Where the dashboard is, as others open it.
        path: Where below its host the dashboard is for the reader's own browser.
    """
    request = ChartRequest(chart_id, "html", selection.in_order(), snapshot.build_id, options=options)
    shown = request
    if not selection.build and snapshot.build_id != current(settings).build_id:  # the files say what the page says
        shown = replace(request, selection=replace(request.selection, build=snapshot.build_id))
    files = tuple(
        AddressedFile(
            ending,
            t(label),
            shown.address(path, ending),
            name_file(snapshot, selection, ending, chart_id),
            t(words),
            is_primary=ending == "png",
        )
        for ending, (label, words) in FILES.items()
    )
    site = settings.base_url
    code = frames.write_embed(build_chart(snapshot, chart_id, selection, options), request, settings)
    return ShareModel(files, request.address(site, "html"), code, t(HERE_ALONE) if is_local(site) else "")


def show(view: View, chart_id: str, selection: Selection, options: Options, pairs: tuple[tuple[str, str], ...]) -> None:
    """Draw the button, and behind it the ways; `pairs`: the parameters of the link to all of them."""
    t = view.t
    box = st.popover(
        t("Share this chart"), icon=":material/ios_share:", type="tertiary", key=f"share-{chart_id}", on_change="rerun"
    )
    if not box.open:
        return
    settings = Settings.from_environment().model_copy(update={"base_url": link.site_address(view.page_id)})
    path = link.site_path(view.page_id)
    model = make_model(view.snapshot, t, chart_id, selection, options, settings, path)
    with box:
        file_at_once.show_addressed(view, f"share-{chart_id}-files", model.files)
        if model.warning:
            messages.show_note(model.warning)
        messages.show_section(t("Link to this chart"))
        st.code(model.address, language=None, wrap_lines=True)
        messages.show_section(t("Code for a web page"))
        st.code(model.code, language=None, wrap_lines=True)
        link_way.show(view, model.address, f"share-{chart_id}")
        page_link.show(PageLink(t("All ways to use this chart"), "briefing", pairs, ":material/arrow_forward:"))
