"""Take a chart elsewhere: its files, its address and its embed code; on a card behind one button.

Files are the addresses of `dashboard.web.charts`, with the page's filters; nothing is counted before a click.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.options import Options
from dashboard.charts.svg.surround import PRINT, SCALES
from dashboard.files.briefings.order import BRIEFING_FORMATS, BriefingRequest, Item, submit_briefing
from dashboard.files.extracts.order import name_file
from dashboard.ground.base_urls import is_local
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import file_at_once, messages
from dashboard.ui.pieces.file_at_once import File
from dashboard.web.charts import oembed
from dashboard.web.charts.requests import DEFAULT_SIZE, FORMATS, ChartRequest


class Form(NamedTuple):
    """A form of a chart to take away: format, words, purpose, and the scale of a picture."""

    file_format: str
    label: str
    help: str
    scale: str = SCALES[0]


FORMS = {
    "png": Form("png", N_("Picture (PNG)"), N_("For slides, Word and mail")),
    "xlsx": Form("xlsx", N_("Excel"), N_("The figures, and the chart beside them")),
    "pptx": Form("pptx", N_("PowerPoint slide"), N_("A chart that you can edit in PowerPoint")),
    "pdf": Form("pdf", N_("PDF"), N_("To print and send: picture, table, definitions and sources")),
    "csv": Form("csv", N_("CSV"), N_("Codes, counts and rates, for other programs")),
    "svg": Form("svg", N_("SVG"), N_("Sharp at every size, for designers")),
    "fine": Form("png", N_("PNG for print"), N_("300 dots per inch, 17 cm wide"), PRINT),
    "zip": Form("zip", N_("Everything as ZIP"), N_("Pictures, slide, document and figures")),
}
"""The files of a chart, in their order, by the keys of their links."""
EMBEDS = {"live": N_("Live"), "frozen": N_("Frozen")}
HERE_ALONE = N_("The addresses below only work on this computer. Open the dashboard at its public address first.")


@dataclass(frozen=True)
class Embed:
    """A chart in a web page.

    Attributes:
        sentence: How it changes as data comes in.
        warning: A note that its addresses mean nothing to others; else empty.
        address: The page of the chart alone, which content systems turn into the chart.
    """

    sentence: str
    warning: str
    address: str
    code: str


def list_files(
    snapshot: Snapshot, t: Translator, request: ChartRequest, settings: Settings, place: str, path: str = ""
) -> tuple[File, ...]:
    """List the files of a chart.

    `request`: the chart with its filters, choices, size and own title.
    `settings`: with the dashboard's address as others open it.
    `place`: the beginning of the links' keys.
    `path`: the dashboard's path below its host, for the reader's own browser.
    """
    pinned = pin(snapshot, request, settings)
    item = Item(request.chart_id, request.title or "", request.options)
    everything = BriefingRequest((item,), request.selection, request.title or "", request.size)
    bundle = postpone(snapshot, lambda reopened: submit_briefing(reopened, everything, "zip", settings))
    return tuple(
        File(
            f"{place}-{key}",
            t(form.label),
            bundle,
            file_name=name_file(snapshot, request.selection, form.file_format, name_inside(request, form)),
            media_type=BRIEFING_FORMATS["zip"] if key == "zip" else FORMATS[form.file_format].media_type,
            help=t(form.help),
            icon=None,
            type="primary" if key == "png" else "secondary",
            address="" if key == "zip" else find_address(pinned, path, form),
        )
        for key, form in FORMS.items()
    )


def pin(snapshot: Snapshot, request: ChartRequest, settings: Settings) -> ChartRequest:
    """Pin a request to the page's build, so that its answers stay equal to the page after a newer one is published."""
    if request.selection.build or snapshot.build_id == current(settings).build_id:
        return request
    return replace(request, selection=replace(request.selection, build=snapshot.build_id))


def find_address(request: ChartRequest, path: str, form: Form) -> str:
    """Write the address of a chart in a form, below `path`."""
    size = "" if request.size == DEFAULT_SIZE else request.size
    scale = "" if form.scale == SCALES[0] else form.scale
    return request.address(path, form.file_format, size=size, scale=scale)


def name_inside(request: ChartRequest, form: Form) -> str:
    """Name the content of a file: the chart, and the size of a picture."""
    if form.file_format not in ("png", "svg") or (request.size, form.scale) == (DEFAULT_SIZE, SCALES[0]):
        return request.chart_id
    return "-".join([request.chart_id, request.size, *([form.scale] if form.scale != SCALES[0] else [])])


def make_embed(
    snapshot: Snapshot, t: Translator, chart: Chart, request: ChartRequest, settings: Settings, kind: str = "live"
) -> Embed:
    """Make the embed of a chart for a web page.

    `settings`: with the dashboard's address as others open it.
    `kind`: one of `EMBEDS`.
    """
    if kind == "frozen":
        request = replace(request, selection=replace(request.selection, build=request.build_id))
    as_of = request.selection.as_of
    if request.is_frozen:
        built = formats.format_date(datetime.fromisoformat(snapshot.built_at).date(), t.language)
        note = t("Always shows the figures of the build of {day} ({build}).", day=built, build=request.build_id[:12])
    elif as_of is not None:
        day = formats.format_date(as_of, t.language)
        note = t("Shows new data as it arrives, always as known on {day}, the date of the filters.", day=day)
    else:
        note = t("Shows new data as it arrives; no need to copy it again.")
    site = settings.base_url
    code = oembed.write_embed(chart, request, settings)
    return Embed(note, t(HERE_ALONE) if is_local(site) else "", request.address(site, "html"), code)


def find_settings(view: View) -> Settings:
    """Find the settings with the dashboard's address as the reader sees it."""
    return Settings.from_environment().model_copy(update={"base_url": link.site_address(view.page_id)})


def find_request(view: View, chart_id: str, selection: Selection, options: Options) -> ChartRequest:
    """Make the request of a page's chart: its filters in force, and its options."""
    return ChartRequest(chart_id, "html", selection.in_order(), view.snapshot.build_id, options=options)


def show_files(view: View, request: ChartRequest, place: str) -> None:
    """Draw the links of a chart's files; arguments as of `list_files`."""
    files = list_files(view.snapshot, view.t, request, find_settings(view), place, link.site_path(view.page_id))
    file_at_once.show(view, place, request, *files)


def show_embed(view: View, embed: Embed, key: str) -> None:
    """Draw the address and the embed code of a chart, ready to be copied; `key` distinguishes it on the page."""
    t = view.t
    for note in filter(None, (embed.sentence, embed.warning)):
        messages.show_note(note)
    messages.show_section(t("Code for a web page"))
    with st.container(key=f"{key}-code"):
        messages.show_note(t("The chart adapts to the available width and is never cut off."))
        st.code(embed.code, language=None, wrap_lines=True)
    messages.show_section(t("Link to this chart"))
    messages.show_note(t("In WordPress, Notion and SharePoint, paste only this address to show the chart."))
    st.code(embed.address, language=None, wrap_lines=True)
    page_link.show_signed(view, embed.address, key)


def show(view: View, chart_id: str, selection: Selection, options: Options, pairs: tuple[tuple[str, str], ...]) -> None:
    """Draw the button, and the forms behind it; `pairs`: the parameters of the link to all of them."""
    t, key = view.t, f"share-{chart_id}"
    box = st.popover(t("Share this chart"), icon=":material/ios_share:", type="tertiary", key=key, on_change="rerun")
    if not box.open:
        return
    request = find_request(view, chart_id, selection, options)
    chart = build_chart(view.snapshot, chart_id, selection, options)
    with box:
        show_files(view, request, f"{key}-files")
        show_embed(view, make_embed(view.snapshot, t, chart, request, find_settings(view)), key)
        page_link.show(PageLink(t("All ways to use this chart"), "briefing", pairs, ":material/arrow_forward:"))
