"""How the chart in use is drawn: its picture, its files, its place in a web page, and the words to go with it."""

from functools import partial
from html import escape

import streamlit as st

from dashboard.briefings import bookmarks
from dashboard.campaign import builds
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import UserError
from dashboard.settings import Settings
from dashboard.ui.briefing import state
from dashboard.ui.briefing.choice import USED, Chosen
from dashboard.ui.briefing.model import UsedModel
from dashboard.ui.frame import link, page, page_link, reading
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_options, chart_share, messages
from dashboard.ui.pieces.chart_share import EMBEDS

_FROZEN = "frozen builds"


def show(view: View, model: UsedModel, settings: Settings) -> None:
    """Draw the chart in use with all that can be had of it; `settings`: where the dashboard is, as the reader sees."""
    t, request = view.t, model.request
    with st.container(border=True, key="use-chart"):
        _show_head(view, model)
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="use-choices"):
            chart_options.draw_menus(t, "use", model.menus, partial(state.change, Chosen.choose, USED))
            if model.anew is not None:
                page_link.show(model.anew)
        _show_options(view, model)
        left, right = st.columns([5, 3], gap="medium")
        with left, st.container(key=f"use-picture-{request.size}"):
            st.html(_write_picture(view, model, settings))
        with right, st.container(key="use-files"):
            chart_share.show_files(view, request, "use")
        messages.show_section(t("In a web page"))
        _show_web(view, model, settings)
        messages.show_section(t("Source and alternative text"))
        _show_words(view, model)


def _write_picture(view: View, model: UsedModel, settings: Settings) -> str:
    """Write the picture as it is downloaded, with its size, so that its place is kept until it arrives."""
    request = chart_share.pin(view.snapshot, model.request, settings)
    address = chart_share.find_address(request, link.site_path(view.page_id), chart_share.FORMS["png"])
    size = SIZES[request.size]
    room = f'width="{size.width}" height="{size.height}"' if size.height else ""
    return f'<img src="{escape(address)}" alt="{escape(model.chart.alt)}" {room}>'


def _show_head(view: View, model: UsedModel) -> None:
    t, chart = view.t, model.chart
    with st.container(horizontal=True, vertical_alignment="center", key="use-head"):
        st.html(
            f"{reading.heading(chart.title, page.find_place(view.page_id), 2)}"
            f'<p class="finding">{escape(chart.caption.finding)}</p>'
        )
        if model.is_added:
            st.html(f'<span class="done">✓ {escape(t("In the briefing"))}</span>', width="content")
        else:
            st.button(
                t("Add to the briefing"),
                key="use-add",
                icon=":material/add:",
                on_click=state.change,
                args=(Chosen.add, model.item),
            )
        st.button(
            t("Close"),
            key="use-close",
            type="tertiary",
            icon=":material/close:",
            on_click=state.change,
            args=(Chosen.remove, USED),
        )


def _show_options(view: View, model: UsedModel) -> None:
    t = view.t
    left, right = st.columns([5, 5], gap="medium")
    with left:
        bound = state.bind_title("use-title", model.item.title, partial(state.change, Chosen.rename, USED))
        st.text_input(t("Custom title"), placeholder=model.chart.title, **bound)
    with right:
        bound = link.bind("use-size", "size", model.request.size, bookmarks.FIRST_SIZE)
        names = model.sizes
        st.pills(
            t("Size of the picture"), list(names), format_func=names.__getitem__, required=True, wrap=True, **bound
        )
        messages.show_note(model.about_size)


def _show_web(view: View, model: UsedModel, settings: Settings) -> None:
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
    embed = chart_share.make_embed(view.snapshot, t, model.chart, model.request, settings, str(kind))
    chart_share.show_embed(view, embed, "use")


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


def _show_words(view: View, model: UsedModel) -> None:
    """The source line, the citation and the alternative text, ready to be copied."""
    t = view.t
    left, right = st.columns(2, gap="medium")
    with left:
        messages.show_note(t("Source line to put below the chart:"))
        st.code(model.source, language=None, wrap_lines=True)
        messages.show_note(t("How to cite the chart:"))
        st.code(model.citation, language=None, wrap_lines=True)
    with right:
        messages.show_note(t("Alternative text for readers who cannot see the picture:"))
        st.code(model.chart.alt, language=None, wrap_lines=True)
