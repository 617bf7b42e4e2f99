"""How the briefing is drawn: its charts in their order, its title, its files, and the way to the screen of a hall."""

from collections.abc import Callable
from functools import partial
from html import escape

import streamlit as st

from dashboard.briefings.order import BRIEFING_FORMATS, BriefingRequest, Item, submit_briefing
from dashboard.extracts.order import Extract, name_file
from dashboard.i18n import N_, Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing import state
from dashboard.ui.briefing.choice import Chosen
from dashboard.ui.briefing.model import FILE_WORDS, PackModel, Row, write_screen
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import file_at_once, messages
from dashboard.ui.pieces.file_at_once import File
from dashboard.web.charts import show_page

SCREEN_SECONDS = (10, show_page.SECONDS, 40, 60)
SCHEMES = {"dark": N_("Dark", "colours of a screen"), "light": N_("Light", "colours of a screen")}


def show(view: View, selection: Selection, pack: PackModel) -> None:
    """Draw the briefing as it stands, or how to begin one."""
    with st.container(border=True, key="briefing-pack"):
        note = f'<p class="card-note">{escape(pack.note)}</p>' if pack.note else ""
        st.html(f'<h2 class="card-title">{escape(pack.title)}</h2>{note}')
        _show_presets(view.t, pack)
        if pack.request is not None:
            _show_heading(view.t, pack)
            for row in pack.rows:
                _show_row(view.t, row)
            _show_files(view, pack, pack.request)
            _show_screen(view, selection, pack.items)


def _show_presets(t: Translator, pack: PackModel) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="briefing-presets"):
        for preset_id, label, words, charts in pack.presets:
            st.button(
                label, key=f"preset-{preset_id}", help=words, on_click=state.change, args=(Chosen.take_set, charts)
            )
        with st.popover(t("My region"), help=t("A set for one region; it also sets the filter.")):
            for code, label in pack.regions.items():
                st.button(label, key=f"region-set-{code}", type="tertiary", on_click=state.take_region, args=(code,))
        if pack.can_clear:
            st.button(
                t("Clear all"),
                key="briefing-clear",
                type="tertiary",
                icon=":material/delete:",
                on_click=state.change,
                args=(Chosen.take_items, ()),
            )
        if state.can_undo():
            st.button(t("Undo"), key="briefing-undo", type="tertiary", icon=":material/undo:", on_click=state.undo)


def _show_heading(t: Translator, pack: PackModel) -> None:
    bound = state.bind_title("briefing-heading", pack.heading, _take_heading)
    st.text_input(t("Title of the briefing"), placeholder=pack.placeholder, **bound)


def _take_heading(heading: str) -> None:
    link.change_page_parameter("heading", heading or None)


def _show_row(t: Translator, row: Row) -> None:
    """Draw one chart: its place, its title, what is chosen of it, up, down, out."""
    bound = state.bind_title(
        f"briefing-title-{row.name}", row.own_title, partial(state.change, Chosen.rename, row.name)
    )
    with st.container(horizontal=True, wrap=False, gap="xsmall", vertical_alignment="center", key=f"item-{row.name}"):
        st.html(f'<span class="place">{row.number}</span>', width="content")
        st.text_input(row.words["title"], placeholder=row.title, label_visibility="collapsed", **bound)
        if row.offered:
            _show_choices(t, row)
        _show_button(row, "up", ":material/arrow_upward:", Chosen.move, -1, is_disabled=row.number == 1)
        _show_button(row, "down", ":material/arrow_downward:", Chosen.move, 1, is_disabled=row.is_last)
        _show_button(row, "out", ":material/close:", Chosen.remove)


def _show_choices(t: Translator, row: Row) -> None:
    """One menu of all that the chart offers, which says what is chosen."""
    st.menu_button(
        row.chosen,
        list(row.offered),
        key=f"choices-{row.name}",
        type="tertiary",
        icon=":material/tune:",
        help=t("Sort and measure of this chart"),
        format_func=row.offered.__getitem__,
        on_click=_take_choice,
        args=(row.name,),
    )


def _take_choice(name: str) -> None:
    value = st.session_state[f"choices-{name}"]
    if value is None:
        link.hold()
    else:
        state.change(Chosen.choose, name, *str(value).split(":"))


def _show_button(
    row: Row, what: str, icon: str, how: Callable[..., Chosen], *arguments: int, is_disabled: bool = False
) -> None:
    """A button that shows its icon only; its words are for screen readers (the style sheet) and the tooltip."""
    st.button(
        row.words[what],
        key=f"{what}-{row.name}",
        icon=icon,
        help=row.words[what],
        type="tertiary",
        disabled=is_disabled,
        on_click=state.change,
        args=(how, row.name, *arguments),
    )


def _show_files(view: View, pack: PackModel, request: BriefingRequest) -> None:
    file_at_once.show(view, "briefing-file", request, *(_offer(view, request, one) for one in FILE_WORDS))
    messages.show_note(pack.about)


def _offer(view: View, request: BriefingRequest, file_format: str) -> File:
    label, words, icon = FILE_WORDS[file_format]
    return File(
        file_format,
        view.t(label),
        **file_at_once.wait_for(postpone(view.snapshot, partial(_submit, request, file_format))),
        file_name=name_file(view.snapshot, request.selection, file_format, "briefing"),
        media_type=BRIEFING_FORMATS[file_format].media_type,
        help=view.t(words),
        icon=icon,
    )


def _submit(request: BriefingRequest, file_format: str, snapshot: Snapshot) -> Extract:
    return submit_briefing(snapshot, request, file_format)


def _show_screen(view: View, selection: Selection, items: tuple[Item, ...]) -> None:
    """The way to the charts in turn on the screen of a hall, with its link."""
    t = view.t
    with st.expander(t("Presentation screen"), icon=":material/tv:"):
        messages.show_note(t("One chart after another, above the campaign’s clock. New figures appear automatically."))
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
                t("Background"),
                list(schemes),
                format_func=schemes.__getitem__,
                default=show_page.SCHEMES[0],
                required=True,
                key="screen-scheme",
            )
        site = link.site_address(view.page_id)
        address = write_screen(site, items, selection, int(seconds), str(scheme))
        st.link_button(t("Open the screen"), address, icon=":material/open_in_new:")
        st.code(address, language=None, wrap_lines=True)
