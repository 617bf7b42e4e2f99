"""One chart to take away: what it will look like, and every form it can be had in."""

import time
from functools import partial
from html import escape

import streamlit as st

from dashboard import pictures
from dashboard.chart_files import LONGEST_TITLE
from dashboard.charts import Chart, build_chart
from dashboard.i18n import N_
from dashboard.selection import Selection
from dashboard.ui import address, briefing_choice, briefing_files, briefing_web, kept_widgets, link
from dashboard.ui.briefing_files import Wanted
from dashboard.ui.page import View

SIZE_WORDS = {
    "slide": (N_("Slide"), N_("fills a PowerPoint slide")),
    "social": (N_("Social media"), N_("for posts and link previews")),
    "square": (N_("Square"), N_("for Instagram and tiles")),
    "column": (N_("Text column"), N_("for Word, a mail or a web article; as high as it needs")),
}
"""For each size of a picture: its name, and what it is for."""
_COME_INTO_VIEW = 'document.querySelector(".st-key-use-chart")?.scrollIntoView({block: "start"});'


def show(view: View, selection: Selection, chart_id: str) -> None:
    """Draw the chart in use with all that can be had of it."""
    t = view.t
    site = address.site_address(view.page_id)
    chart = build_chart(view.snapshot, chart_id, selection)
    with st.container(border=True, key="use-chart"):
        _show_head(view, chart)
        left, right = st.columns([5, 3], gap="medium")
        with right:
            _show_options(view, chart)
        title = briefing_choice.own_title()
        live = briefing_web.chart_address(site, chart_id, selection.query_pairs())
        wanted = Wanted(chart_id, selection, briefing_choice.size(), title, live)
        with left:
            _show_picture(view, wanted, chart)
        with right:
            briefing_files.show(view, wanted)
        st.html(f'<h3 class="section">{escape(t("In a web page"))}</h3>')
        briefing_web.show(view, selection, chart, site, title)
        st.html(f'<h3 class="section">{escape(t("Words to go with it"))}</h3>')
        _show_words(view, chart, title, live)
    if briefing_choice.was_opened():
        # The chart was chosen further down, where the reader still is.
        st.html(f"<script>/* {time.monotonic()} */ {_COME_INTO_VIEW}</script>", unsafe_allow_javascript=True)


def _show_head(view: View, chart: Chart) -> None:
    t, chart_id = view.t, chart.spec.id
    with st.container(horizontal=True, vertical_alignment="center", key="use-head"):
        st.html(
            f'<h2 class="card-title">{escape(chart.title)}</h2><p class="card-note">{escape(chart.caption.summary)}</p>'
        )
        title = briefing_choice.own_title()
        if any(item == (chart_id, title) for item in briefing_choice.items()):
            st.html(f'<span class="done">✓ {escape(t("In the briefing"))}</span>', width="content")
        else:
            st.button(
                t("Add to the briefing"), key="use-add", icon=":material/add:", on_click=briefing_choice.add,
                args=(chart_id, title),
            )  # fmt: skip
        st.button(
            t("Close"), key="use-close", type="tertiary", icon=":material/close:", on_click=briefing_choice.stop_use
        )


def _show_options(view: View, chart: Chart) -> None:
    t = view.t
    kept_widgets.keep("use-title", briefing_choice.own_title())
    st.text_input(
        t("Title of your own"),
        key="use-title",
        placeholder=chart.title,
        max_chars=LONGEST_TITLE,
        on_change=_take_title,
    )
    kept_widgets.keep("use-size", briefing_choice.size())
    st.selectbox(
        t("Size of the picture"),
        list(pictures.SIZES),
        format_func=partial(_name_size, view),
        key="use-size",
        on_change=_take_size,
    )


def _name_size(view: View, name: str) -> str:
    width, height = pictures.SIZES[name].width, pictures.SIZES[name].height
    label, purpose = SIZE_WORDS[name]
    measure = f"{width} × {height}" if height else f"{width}"
    return view.t("{size} ({measure}): {purpose}", size=view.t(label), measure=measure, purpose=view.t(purpose))


def _take_title() -> None:
    link.change_page_parameter("title", briefing_choice.clean_title(st.session_state["use-title"]) or None)


def _take_size() -> None:
    size = st.session_state["use-size"]
    link.change_page_parameter("size", None if size == briefing_choice.FIRST_SIZE else size)


def _show_picture(view: View, wanted: Wanted, chart: Chart) -> None:
    picture = briefing_files.find_png(view.snapshot, wanted)
    with st.container(key=f"use-picture-{wanted.size}"):
        st.image(picture, width="stretch", output_format="PNG", alt=chart.alt)


def _show_words(view: View, chart: Chart, title: str, live: str) -> None:
    """The source line and the alternative text, ready to be copied."""
    t = view.t
    left, right = st.columns(2, gap="medium")
    with left:
        st.caption(t("Source line, to stand under the chart:"))
        st.code(cite(view, chart, title, live), language=None, wrap_lines=True)
    with right:
        st.caption(t("Alternative text, for readers who do not see the picture:"))
        st.code(chart.alt, language=None, wrap_lines=True)


def cite(view: View, chart: Chart, title: str, live: str) -> str:
    """The line that says what a chart is, where it comes from and how it stands, for under the picture."""
    t, caption = view.t, chart.caption
    filters = "; ".join(t("{name}: {value}", name=name, value=value) for name, value in caption.selection[:-1])
    parts = [
        title or chart.title,
        *([filters] if filters else []),
        t(
            "{campaign}, figures as of {day} (version {build})",
            campaign=str(view.snapshot.campaign[f"title_{view.lang}"]),
            day=caption.as_of,
            build=view.snapshot.build_id[:12],
        ),
        *([t("The data is fictional.").rstrip(".")] if view.snapshot.is_sample else []),
        live,
    ]
    return ". ".join(parts)
