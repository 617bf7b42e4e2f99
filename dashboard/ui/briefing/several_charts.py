"""The briefing: its charts in their order, its title, and the deck, the document and the ZIP made from them."""

from functools import partial
from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboard.briefings.order import BRIEFING_FORMATS, LONGEST_TITLE, TEMPLATE, BriefingRequest, submit_briefing
from dashboard.charts.catalogue import CATALOGUE
from dashboard.extracts.order import Extract
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.ui.briefing import choice
from dashboard.ui.briefing.choice import PRESETS, REGION_CHARTS, Item
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import file_job, filter_bar, messages
from dashboard.web.charts import show_page

FILE_WORDS = {
    "pptx": (
        N_("PowerPoint deck"),
        N_("A title slide and a slide for each chart; the charts can be edited in PowerPoint."),
        ":material/slideshow:",
    ),
    "html": (
        N_("Document for the browser"),
        N_(
            "One HTML file with all charts, tables and definitions: opens without network, prints well, goes in a mail."
        ),
        ":material/description:",
    ),
    "zip": (
        N_("Everything as ZIP"),
        N_("Deck, document, pictures and the data of every chart."),
        ":material/folder_zip:",
    ),
}
"""For each format of a briefing: the words on its button, what it is, and its icon."""

SCREEN_SECONDS = (10, show_page.SECONDS, 40, 60)
SCHEMES = {"dark": N_("Dark"), "light": N_("Light")}


def show(view: View, selection: Selection) -> None:
    """Draw the briefing as it stands, or how to begin one."""
    t = view.t
    items = choice.items()
    with st.container(border=True, key="briefing-pack"):
        words = t("Several charts as one file: add them from the list below, or begin with a ready-made set.")
        note = "" if items else f'<p class="card-note">{escape(words)}</p>'
        st.html(f'<h2 class="card-title">{escape(t("Your briefing"))}</h2>{note}')
        _show_presets(view)
        if items:
            _show_heading(view)
            for number, item in enumerate(items):
                _show_item(view, item, number, len(items))
            _show_files(view, selection, items)
            _show_screen(view, selection, items)


def _show_presets(view: View) -> None:
    t = view.t
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="briefing-presets"):
        for preset in PRESETS:
            st.button(
                t(preset.label),
                key=f"preset-{preset.id}",
                help=t(preset.help),
                on_click=choice.take_set,
                args=(preset.charts,),
            )
        with st.popover(t("My region"), help=t("A set for one region; the filter is set to it too.")):
            _show_regions(view)
        if choice.items():
            st.button(
                t("Clear"), key="briefing-clear", type="tertiary", icon=":material/delete:",
                on_click=choice.clear,
            )  # fmt: skip
        if choice.can_undo():
            st.button(t("Undo"), key="briefing-undo", type="tertiary", icon=":material/undo:", on_click=choice.undo)


def _show_regions(view: View) -> None:
    region = next(f for f in FILTERS if f.parameter == "region")
    for code in filter_bar.offered(view, region):
        st.button(
            code.labels[view.lang], key=f"region-set-{code.code}", type="tertiary", on_click=_take_region,
            args=(code.code,),
        )  # fmt: skip


def _take_region(code: str) -> None:
    link.change(regions=(code,), subregions=(), countries=())
    choice.take_set(REGION_CHARTS)


def _show_heading(view: View) -> None:
    link.keep("briefing-heading", choice.heading())
    st.text_input(
        view.t("Title of the briefing"),
        key="briefing-heading",
        placeholder=str(view.snapshot.campaign[f"title_{view.lang}"]),
        max_chars=LONGEST_TITLE,
        on_change=_take_heading,
    )


def _take_heading() -> None:
    heading = choice.clean_title(st.session_state["briefing-heading"])
    link.change_page_parameter("heading", heading or None)


def _show_item(view: View, item: Item, number: int, count: int) -> None:
    """One chart: its place, its title, up, down, out."""
    t, chart_id = view.t, item.chart_id
    name = t(CATALOGUE[chart_id].title)
    key = f"briefing-title-{chart_id}"
    with st.container(horizontal=True, wrap=False, gap="xsmall", vertical_alignment="center", key=f"item-{chart_id}"):
        st.html(f'<span class="place">{number + 1}</span>', width="content")
        link.keep(key, item.title)
        st.text_input(
            t("Own title for: {chart}", chart=name),
            key=key,
            placeholder=name,
            max_chars=LONGEST_TITLE,
            label_visibility="collapsed",
            on_change=_take_title,
            args=(chart_id, key),
        )
        last = count - 1
        _show_button("up", ":material/arrow_upward:", t("Move up: {chart}", chart=name), chart_id, number == 0)
        _show_button("down", ":material/arrow_downward:", t("Move down: {chart}", chart=name), chart_id, number == last)
        _show_button("out", ":material/close:", t("Take out: {chart}", chart=name), chart_id)


def _show_button(what: str, icon: str, words: str, chart_id: str, is_disabled: bool = False) -> None:
    """A button that shows its icon only; its words are for screen readers (the style sheet) and the tooltip."""
    st.button(
        words,
        key=f"{what}-{chart_id}",
        icon=icon,
        help=words,
        type="tertiary",
        disabled=is_disabled,
        on_click=_change,
        args=(what, chart_id),
    )


def _change(what: str, chart_id: str) -> None:
    if what == "out":
        choice.remove(chart_id)
    else:
        choice.move(chart_id, -1 if what == "up" else 1)


def _take_title(chart_id: str, key: str) -> None:
    choice.rename(chart_id, choice.clean_title(st.session_state[key]))


def _show_files(view: View, selection: Selection, items: tuple[Item, ...]) -> None:
    request = BriefingRequest(
        charts=tuple((item.chart_id, item.title) for item in items),
        selection=selection,
        title=choice.heading(),
        size=choice.size(),
    )
    offers = [
        file_job.Offer(
            name,
            view.t(label),
            view.t(label),
            postpone(view.snapshot, partial(_submit, request, name)),
            help=view.t(words),
            icon=icon,
        )
        for name, (label, words, icon) in FILE_WORDS.items()
        if name in BRIEFING_FORMATS
    ]
    file_job.show(view, "briefing-file", request, offers)
    messages.show_note(_about(view))


def _submit(request: BriefingRequest, file_format: str, snapshot: Snapshot) -> Extract:
    return submit_briefing(snapshot, request, file_format)


def _show_screen(view: View, selection: Selection, items: tuple[Item, ...]) -> None:
    """The way to the charts in turn on the screen of a hall, with its link."""
    t = view.t
    with st.expander(t("On the screen of a hall"), icon=":material/tv:"):
        messages.show_note(
            t("The charts one after the other, over the campaign’s clock. New figures appear there by themselves.")
        )
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="screen-choice"):
            seconds = st.segmented_control(
                t("Seconds for each chart"),
                SCREEN_SECONDS,
                default=show_page.SECONDS,
                required=True,
                key="screen-seconds",
            )
            schemes = {name: t(label) for name, label in SCHEMES.items()}
            scheme = st.segmented_control(
                t("Ground"),
                list(schemes),
                format_func=schemes.__getitem__,
                default=show_page.SCHEMES[0],
                required=True,
                key="screen-scheme",
            )
        screen = show_page.Show(tuple(item.chart_id for item in items), int(seconds), str(scheme), selection)
        address = f"{link.site_address(view.page_id)}/show?{urlencode(show_page.write_query(screen))}"
        st.link_button(t("Open the screen"), address, icon=":material/open_in_new:")
        st.code(address, language=None, wrap_lines=True)


def _about(view: View) -> str:
    t = view.t
    words = t("The link above holds this briefing: open it again next week for the same charts with the new figures.")
    if (Settings.from_environment().campaign / TEMPLATE).is_file():
        return f"{words} {t('The deck uses the template {file} of the campaign folder.', file=TEMPLATE)}"
    return words
