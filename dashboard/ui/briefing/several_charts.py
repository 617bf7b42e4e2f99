"""The briefing: its charts in their order, its title, and the deck, the document and the ZIP made from them."""

from functools import partial
from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboard.briefings import bookmarks
from dashboard.briefings.order import (
    BRIEFING_FORMATS,
    LONGEST_TITLE,
    BriefingRequest,
    Item,
    find_template,
    submit_briefing,
)
from dashboard.charts.catalogue import SURVEY
from dashboard.charts.chart import name_chart
from dashboard.charts.explore import find_spec
from dashboard.charts.marks import is_filtered
from dashboard.charts.options import ALONE, Options, place_options
from dashboard.charts.survey_answers import find_asked
from dashboard.extracts.order import Extract
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.ui.briefing import choice
from dashboard.ui.briefing.choice import PRESETS, REGION_CHARTS
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_options, file_job, filter_bar, messages
from dashboard.web.charts import show_page

FILE_WORDS = {
    "pptx": (
        N_("PowerPoint deck"),
        N_("A title slide, the key messages, a slide for each chart; the charts can be edited in PowerPoint."),
        ":material/slideshow:",
    ),
    "pdf": (
        N_("PDF"),
        N_("To read, print and send: cover, key messages, every chart with its table; screen readers can read it."),
        ":material/picture_as_pdf:",
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
    items = choice.name_items()
    with st.container(border=True, key="briefing-pack"):
        words = t("Several charts as one file: add them from the list below, or begin with a ready-made set.")
        note = "" if items else f'<p class="card-note">{escape(words)}</p>'
        st.html(f'<h2 class="card-title">{escape(t("Your briefing"))}</h2>{note}')
        _show_presets(view)
        if items:
            _show_heading(view)
            for number, (name, item) in enumerate(items.items()):
                _show_item(view, selection, name, item, (number, len(items)))
            _show_files(view, selection, tuple(items.values()))
            _show_screen(view, selection, tuple(items.values()))


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
    for code in filter_bar.offered(view.snapshot, view.selection, region):
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
    heading = bookmarks.clean_title(st.session_state["briefing-heading"])
    link.change_page_parameter("heading", heading or None)


def _show_item(view: View, selection: Selection, name: str, item: Item, place: tuple[int, int]) -> None:
    """One chart: its place, its title, what is chosen of it, up, down, out.

    Args:
        view: The page.
        selection: The filters in force.
        name: The chart's name in the link.
        item: The chart.
        place: Its place from 0 on, and how many charts there are.
    """
    t, (number, count) = view.t, place
    title = _name(view, item)
    key = f"briefing-title-{name}"
    with st.container(horizontal=True, wrap=False, gap="xsmall", vertical_alignment="center", key=f"item-{name}"):
        st.html(f'<span class="place">{number + 1}</span>', width="content")
        link.keep(key, item.title)
        st.text_input(
            t("Own title for: {chart}", chart=title),
            key=key,
            placeholder=title,
            max_chars=LONGEST_TITLE,
            label_visibility="collapsed",
            on_change=_take_title,
            args=(name, key),
        )
        _show_choices(view, selection, name, item)
        last = count - 1
        _show_button("up", ":material/arrow_upward:", t("Move up: {chart}", chart=title), name, number == 0)
        _show_button("down", ":material/arrow_downward:", t("Move down: {chart}", chart=title), name, number == last)
        _show_button("out", ":material/close:", t("Take out: {chart}", chart=title), name)


def _name(view: View, item: Item) -> str:
    """A chart's own title; that of a survey's question is the question."""
    asked = item.chart_id == SURVEY.id
    found = find_asked(view.snapshot, view.lang, item.options.question, item.options.wave) if asked else None
    return found[0].text if found else name_chart(item.chart_id, view.lang, item.options)


def _show_choices(view: View, selection: Selection, name: str, item: Item) -> None:
    """One menu of all that the chart offers, which says what is chosen."""
    t, plain = view.t, find_spec(item.chart_id)
    spec = place_options(plain, item.options)
    has_peers = is_filtered(spec, selection) and spec.kind not in ALONE
    menus = chart_options.list_menus(spec, item.options, has_peers=has_peers)
    offered = {
        f"{parameter}:{value}": f"{t(label)}{t(': ')}{t(word)}"
        for parameter, (label, values, _) in menus.items()
        for value, word in values.items()
    }
    if not offered:
        return
    own = chart_options.list_menus(spec, Options(), has_peers=has_peers)
    chosen = [offered[f"{name}:{menus[name][2]}"] for name in menus if menus[name][2] != own[name][2]]
    st.menu_button(
        ", ".join(chosen) or t("As it is"),
        list(offered),
        key=f"choices-{name}",
        type="tertiary",
        icon=":material/tune:",
        help=t("Sort and measure of this chart"),
        format_func=offered.__getitem__,
        on_click=_take_choice,
        args=(name,),
    )


def _take_choice(name: str) -> None:
    value = st.session_state[f"choices-{name}"]
    if value is None:
        link.hold()
    else:
        choice.choose(name, *str(value).split(":"))


def _show_button(what: str, icon: str, words: str, name: str, is_disabled: bool = False) -> None:
    """A button that shows its icon only; its words are for screen readers (the style sheet) and the tooltip."""
    st.button(
        words,
        key=f"{what}-{name}",
        icon=icon,
        help=words,
        type="tertiary",
        disabled=is_disabled,
        on_click=_change,
        args=(what, name),
    )


def _change(what: str, name: str) -> None:
    if what == "out":
        choice.remove(name)
    else:
        choice.move(name, -1 if what == "up" else 1)


def _take_title(name: str, key: str) -> None:
    choice.rename(name, bookmarks.clean_title(st.session_state[key]))


def _show_files(view: View, selection: Selection, items: tuple[Item, ...]) -> None:
    request = BriefingRequest(items, selection, title=choice.heading(), size=choice.size())
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
        screen = show_page.Show(items, int(seconds), str(scheme), selection)
        address = f"{link.site_address(view.page_id)}/show?{urlencode(show_page.write_query(screen))}"
        st.link_button(t("Open the screen"), address, icon=":material/open_in_new:")
        st.code(address, language=None, wrap_lines=True)


def _about(view: View) -> str:
    t = view.t
    words = t("The link above holds this briefing: open it again next week for the same charts with the new figures.")
    template = find_template(Settings.from_environment().campaign)
    if template.is_file():
        return f"{words} {t('The deck uses the template {file} of the campaign folder.', file=template.name)}"
    return words
