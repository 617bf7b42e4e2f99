"""One chart to take away: what it will look like, its files, its place in a web page, and the words to go with it."""

from dataclasses import replace
from datetime import datetime
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.briefings import bookmarks
from dashboard.briefings.order import LONGEST_TITLE, Item
from dashboard.campaign import builds
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.explore import EXPLORE
from dashboard.charts.marks import is_filtered
from dashboard.charts.options import ALONE
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings, is_local
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing import chart_files, choice
from dashboard.ui.frame import header, link, page, reading
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_options, link_way, messages
from dashboard.web.charts import frames
from dashboard.web.charts.metadata import cite_chart
from dashboard.web.charts.requests import ChartRequest

SIZE_NAMES = {"slide": N_("Slide"), "social": N_("Social media"), "square": N_("Square"), "column": N_("Text column")}
EMBEDS = {"live": N_("Follows the data"), "frozen": N_("Stays as it is")}
FITS = {"fits": N_("Fits itself (needs a script)"), "plain": N_("Plain")}
_ABOUT_FITS = {
    "fits": N_("A short script gives the frame the height that the chart needs on each screen."),
    "plain": N_("For sites that take no scripts: as high as a column of text needs; on a telephone the frame scrolls."),
}
_FROZEN = "frozen builds"


def show(view: View, selection: Selection, item: Item) -> None:
    """Draw the chart in use with all that can be had of it."""
    t = view.t
    settings = Settings.from_environment().model_copy(update={"base_url": link.site_address(view.page_id)})
    chart = build_chart(view.snapshot, item.chart_id, selection, item.options)
    request = ChartRequest(
        item.chart_id,
        "png",
        selection.in_order(),
        view.snapshot.build_id,
        size=choice.size(),
        title=item.title or None,
        options=chart.options,
    )
    with st.container(border=True, key="use-chart"):
        _show_head(view, chart, item)
        _show_choices(view, chart, selection)
        _show_options(view, chart, item)
        left, right = st.columns([5, 3], gap="medium")
        with left, st.container(key=f"use-picture-{request.size}"):
            picture = chart_files.find_png(view.snapshot, request, settings)
            st.image(picture, width="stretch", output_format="PNG", alt=chart.alt)
        with right:
            chart_files.show(view, request, settings)
        messages.show_section(t("In a web page"))
        _show_web(view, chart, request, settings)
        messages.show_section(t("Words to go with it"))
        _show_words(view, chart, request, settings)


def _show_head(view: View, chart: Chart, item: Item) -> None:
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center", key="use-head"):
        st.html(
            f"{reading.heading(chart.title, page.find_place(view.page_id), 2)}"
            f'<p class="finding">{escape(chart.caption.finding)}</p>'
        )
        if item in choice.items():
            st.html(f'<span class="done">✓ {escape(t("In the briefing"))}</span>', width="content")
        else:
            st.button(
                t("Add to the briefing"),
                key="use-add",
                icon=":material/add:",
                on_click=choice.add,
                args=(item,),
            )
        st.button(t("Close"), key="use-close", type="tertiary", icon=":material/close:", on_click=choice.stop_use)


def _show_choices(view: View, chart: Chart, selection: Selection) -> None:
    """Draw the menus of what the chart offers; of one that readers put together, the way to where that is done."""
    has_peers = is_filtered(chart.spec, selection) and chart.spec.kind not in ALONE
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="use-choices"):
        chart_options.show_menus(view, "use", chart.spec, chart.options, choice.choose_of_used, has_peers=has_peers)
        if chart.spec.id == EXPLORE:
            pairs = replace(chart.options, peers=False).query_pairs()
            st.page_link(
                header.find(EXPLORE).script,
                label=view.t("Put it together anew"),
                icon=":material/tune:",
                query_params=link.as_query([*pairs, *selection.first.query_pairs()]),
            )


def _show_options(view: View, chart: Chart, item: Item) -> None:
    t = view.t
    left, right = st.columns([5, 5], gap="medium")
    with left:
        link.keep("use-title", item.title)
        st.text_input(
            t("Title of your own"),
            key="use-title",
            placeholder=chart.title,
            max_chars=LONGEST_TITLE,
            on_change=_take_title,
        )
    with right:
        link.keep("use-size", choice.size())
        st.pills(
            t("Size of the picture"),
            list(SIZES),
            format_func=lambda name: t(SIZE_NAMES[name]),
            required=True,
            wrap=True,
            key="use-size",
            on_change=_take_size,
        )
        messages.show_note(_describe_size(view, choice.size()))


def _describe_size(view: View, name: str) -> str:
    size = SIZES[name]
    measure = f"{size.width} × {size.height}" if size.height else str(size.width)
    return view.t("{reason}, {measure} pixels", reason=view.t(size.reason), measure=measure)


def _take_title() -> None:
    choice.change_used(bookmarks.clean_title(st.session_state["use-title"]))


def _take_size() -> None:
    size = st.session_state["use-size"]
    link.change_page_parameter("size", None if size == bookmarks.FIRST_SIZE else size)


def _show_web(view: View, chart: Chart, request: ChartRequest, settings: Settings) -> None:
    """The choice between an embed that follows the data and one that never changes, with its code and its link."""
    t = view.t
    names = {kind: t(name) for kind, name in EMBEDS.items()}
    kind = st.segmented_control(
        t("The chart in the web page"),
        list(names),
        format_func=names.__getitem__,
        default="live",
        required=True,
        key="use-embed",
        label_visibility="collapsed",
    )
    if kind == "frozen" and not _keep_build(view, settings):
        return
    selection = replace(request.selection, build=request.build_id if kind == "frozen" else "")
    embed = replace(request, file_format="html", selection=selection)
    address = embed.address(settings.base_url, "html")
    messages.show_note(_explain(view, embed))
    if is_local(settings.base_url):
        messages.show_note(
            t("The addresses below work on this computer only: open the dashboard at its public address first.")
        )
    left, right = st.columns(2, gap="medium")
    with left:
        messages.show_note(t("Code for the page's HTML:"))
        _show_code(view, chart, embed, settings)
    with right:
        messages.show_note(t("Link to paste into WordPress, Notion or SharePoint, which show the chart by themselves:"))
        st.code(address, language=None, wrap_lines=True)
    link_way.show(view, address, "embed")


def _show_code(view: View, chart: Chart, embed: ChartRequest, settings: Settings) -> None:
    """The HTML that shows a chart in a page as wide as its column, with the choice whether a script fits its height."""
    t = view.t
    names = {kind: t(name) for kind, name in FITS.items()}
    kind = st.segmented_control(
        t("The height of the chart in the web page"),
        list(names),
        format_func=names.__getitem__,
        default="fits",
        required=True,
        key="use-fit",
        label_visibility="collapsed",
    )
    messages.show_note(t(_ABOUT_FITS[kind or "fits"]))
    write = frames.write_plain if kind == "plain" else frames.write_fitting
    st.code(write(chart, embed, settings), language="html", wrap_lines=True)


def _explain(view: View, embed: ChartRequest) -> str:
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
    frozen: set[str] = st.session_state.setdefault(_FROZEN, set())
    if build_id in frozen:
        return True
    try:
        builds.keep(settings.campaign, build_id)
    except UserError as error:
        messages.show_error(view, error)
        return False
    frozen.add(build_id)
    return True


def _show_words(view: View, chart: Chart, request: ChartRequest, settings: Settings) -> None:
    """The source line, the citation and the alternative text, ready to be copied."""
    t = view.t
    left, right = st.columns(2, gap="medium")
    with left:
        messages.show_note(t("Source line, to stand under the chart:"))
        st.code(_write_source(view, chart, request, settings.base_url), language=None, wrap_lines=True)
        messages.show_note(t("How to cite the chart:"))
        st.code(cite_chart(request, chart, settings.base_url), language=None, wrap_lines=True)
    with right:
        messages.show_note(t("Alternative text, for readers who do not see the picture:"))
        st.code(chart.alt, language=None, wrap_lines=True)


def _write_source(view: View, chart: Chart, request: ChartRequest, site: str) -> str:
    """What a chart shows, of which actions, from where and as of when, in a line for under the picture."""
    t, caption = view.t, chart.caption
    filters = "; ".join(t("{name}: {value}", name=name, value=value) for name, value in caption.selection[:-1])
    parts = [request.title or chart.title, *([filters] if filters else []), caption.source_line]
    sentences = [f"{part.rstrip('.')}." for part in parts]
    if view.snapshot.is_sample:
        sentences.append(t("The data is fictional."))
    return " ".join([*sentences, request.address(site, "html")])
