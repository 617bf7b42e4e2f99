"""Draw the page Briefing: a chart to take away, several of them as a briefing, and the catalogue."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.campaign import builds
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import UserError
from dashboard.files.briefings import order, saved
from dashboard.files.briefings.order import (
    BRIEFING_FORMATS,
    LONGEST,
    LONGEST_TITLE,
    USED,
    WORDED,
    BriefingRequest,
    Choice,
    Item,
    Kind,
    clean_own,
    clean_title,
    find_template,
    list_items,
    submit_briefing,
)
from dashboard.files.extracts.order import name_file
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import VERSUS, Selection
from dashboard.ui.briefing import choice, page_pictures, saving
from dashboard.ui.briefing.choice import REGION_CHARTS, BriefingChoice
from dashboard.ui.briefing.model import (
    FILE_WORDS,
    KIND_NAMES,
    WITH_FIGURES,
    CatalogueCard,
    CatalogueModel,
    PackModel,
    Row,
    UsedModel,
    has_several,
    make_model,
    write_screen,
)
from dashboard.ui.frame import browser_part, figures, link, page, page_link, reading
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_options, chart_share, empty_selection, file_at_once, messages
from dashboard.ui.pieces.chart_share import EMBEDS
from dashboard.ui.pieces.file_at_once import File
from dashboard.web.charts import show_page

_REMEMBERED = "briefing remembered"
_UNDO = "briefing undo"


def read() -> BriefingChoice:
    """Read the link as it is now."""
    return choice.parse(link.page_parameters(), link.selection(), figures.reopen)


def change(how: Callable[..., BriefingChoice], *arguments: Any) -> None:
    """Change the choice; a widget's callback. A change that takes charts away can be undone until the next one.

    `how` is one of the changes of `Chosen`.
    """
    before = read()
    after = how(before, *arguments)
    if Counter(item.chart_id for item in before.items) - Counter(item.chart_id for item in after.items):
        st.session_state[_UNDO] = before.items
    elif before.items != after.items:
        st.session_state.pop(_UNDO, None)
    parameters = after.write() if after.items else after.write() | {saved.PARAMETER: ""}
    link.change_page_parameters(**{name: value or None for name, value in parameters.items()})


def take_region(code: str) -> None:
    """Replace the briefing's charts by the set for a region, and filter by that; a widget's callback."""
    link.change(regions=(code,), subregions=(), countries=())
    take_set(REGION_CHARTS)


def take_set(charts: Iterable[Choice]) -> None:
    """Replace the briefing's charts by a set, without charts of one bar; a widget's callback."""
    snapshot, selection = figures.reopen(), link.selection()
    change(BriefingChoice.take_set, [one for one in list_items(charts) if has_several(snapshot, selection, one)])


def can_undo() -> bool:
    """Return whether charts were taken away just now."""
    return _UNDO in st.session_state


def undo() -> None:
    """Bring back the charts as they were before they were taken away; a widget's callback."""
    before: tuple[Item, ...] = st.session_state.pop(_UNDO, ())
    change(BriefingChoice.take_items, before)
    st.session_state.pop(_UNDO, None)


def bind_title(key: str, title: str, take: Callable[[str], None], kind: Kind = "chart") -> dict[str, Any]:
    """Bind a text field to the presenter's own words for a block of a kind, which `take` puts into the link."""
    link.keep(key, title)
    longest = LONGEST.get(kind, LONGEST_TITLE)
    return {"key": key, "max_chars": longest, "on_change": _take_words, "args": (key, take, kind)}


def _take_words(key: str, take: Callable[[str], None], kind: Kind) -> None:
    take(clean_own(kind, st.session_state[key]))


def remember(chosen: BriefingChoice) -> None:
    """Keep the briefing while the reader looks at other pages."""
    st.session_state[_REMEMBERED] = choice.remember(link.page_parameters(), chosen)


def restore() -> None:
    """Open the saved briefing of the link, or bring back the one before another page was visited; the address wins."""
    saving.open_saved()
    values: dict[str, str] = st.session_state.get(_REMEMBERED, {})
    if link.is_arrival() and values and link.page_parameter("charts") is None:
        link.add_page_parameters(values, choice.bring_back(link.page_parameters(), values))


SCREEN_SECONDS = (10, show_page.SECONDS, 40, 60)
SCHEMES = {"dark": N_("Dark", "colours of a screen"), "light": N_("Light", "colours of a screen")}


def show_pack(view: View, selection: Selection, pack: PackModel) -> None:
    """Draw the briefing as it stands, or how to begin one."""
    with st.container(border=True, key="briefing-pack"):
        note = f'<p class="card-note">{escape(pack.note)}</p>' if pack.note else ""
        st.html(f'<h2 class="card-title">{escape(pack.title)}</h2>{note}')
        _show_presets(view.t, pack)
        if pack.rows:
            heading = link.bind("briefing-heading", "heading", pack.heading, "", clean_title)
            title = view.t("Title of the briefing")
            st.text_input(title, placeholder=pack.placeholder, max_chars=LONGEST_TITLE, **heading)
            with st.container(gap="xsmall", key="briefing-rows"):
                for row in pack.rows:
                    _show_row(view.t, row, pack.figures)
            _MOUNT_ORDER(key="briefing-order", data={}, on_moved_change=_take_move)
        _show_further(view.t)
        if pack.doubts:
            st.warning(pack.doubts, icon=":material/warning:")
        if pack.request is not None:
            _show_files(view, pack, pack.request)
            charts = tuple(item for item in pack.items if item.kind == "chart")
            if charts:
                _show_screen(view, selection, charts)
        saving.show(view)


_MOUNT_ORDER = browser_part.register("block_order", Path(__file__).with_name("block_order"), "<i hidden></i>")


def _take_move() -> None:
    moved, names = st.session_state["briefing-order"].get("moved"), list(read().name_items())
    if isinstance(moved, Mapping) and 0 <= int(moved["from"]) < len(names):
        change(BriefingChoice.move_to, names[int(moved["from"])], int(moved["to"]))
    else:
        link.hold()


def _show_further(t: Translator) -> None:
    """Draw the buttons that add words."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="briefing-words"):
        for kind in WORDED:
            st.button(
                t(KIND_NAMES[kind]),
                key=f"add-{kind}",
                icon=":material/add:",
                type="tertiary",
                on_click=change,
                args=(BriefingChoice.add, Item(kind=kind)),
            )
        st.caption(t("Move a block by dragging its number, or there by the arrow keys."))


def _show_presets(t: Translator, pack: PackModel) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="briefing-presets"):
        for preset_id, label, words, charts in pack.presets:
            st.button(
                label,
                key=f"preset-{preset_id}",
                help=words,
                on_click=take_set,
                args=(charts,),
            )
        with st.popover(t("My region"), help=t("A set for one region; it also sets the filter.")):
            for code, label in pack.regions.items():
                st.button(label, key=f"region-set-{code}", type="tertiary", on_click=take_region, args=(code,))
        if pack.can_clear:
            st.button(
                t("Clear all"),
                key="briefing-clear",
                type="tertiary",
                icon=":material/delete:",
                on_click=change,
                args=(BriefingChoice.take_items, ()),
            )
        if can_undo():
            st.button(t("Undo"), key="briefing-undo", type="tertiary", icon=":material/undo:", on_click=undo)


def _show_row(t: Translator, row: Row, offered_figures: Mapping[str, str]) -> None:
    """Draw one block: its place, its words, its choices, what stands beside it, up, down, out."""
    rename = partial(change, BriefingChoice.rename, row.name)
    bound = bind_title(f"briefing-title-{row.name}", row.own_title, rename, row.kind)
    with st.container(horizontal=True, wrap=False, gap="xsmall", vertical_alignment="center", key=f"item-{row.name}"):
        name = escape(row.words["drag"])
        st.html(
            f'<span class="place" draggable="true" role="button" tabindex="0" aria-label="{name}">{row.number}</span>',
            width="content",
        )
        if row.kind == "text":
            st.text_area(row.words["title"], placeholder=row.title, label_visibility="collapsed", height=120, **bound)
        elif row.kind == "break":
            st.html(f'<p class="card-note">{escape(row.title)}</p>')
        else:
            st.text_input(row.words["title"], placeholder=row.title, label_visibility="collapsed", **bound)
        if row.kind in WITH_FIGURES:
            with st.popover(t("Figure"), icon=":material/tag:", help=row.words["figure"], type="tertiary"):
                key = f"figures-{row.name}"
                st.selectbox(
                    row.words["figure"],
                    list(offered_figures),
                    index=None,
                    key=key,
                    format_func=offered_figures.__getitem__,
                    on_change=chart_options.take_from_menu,
                    args=(key, row, _take_figure),
                )
        if row.offered:
            help_text = t("Sort and measure of this chart")
            _show_menu(row, "choices", row.chosen, row.offered, ":material/tune:", help_text, _take_choice)
        if row.kind != "break":
            icon = ":material/description:" if row.notes else ":material/edit:"
            with st.popover(t("Talking points"), icon=icon, help=row.words["notes"], type="tertiary"):
                take = partial(change, BriefingChoice.annotate, row.name)
                text_options = bind_title(f"briefing-notes-{row.name}", row.notes, take, "text")
                st.text_area(row.words["notes"], height=120, **text_options)
        kinds: dict[str, str] = {kind: t(KIND_NAMES[kind]) for kind in WORDED}
        _show_menu(row, "after", t("Add"), kinds, ":material/add:", row.words["add"], _take_addition)
        _show_button(row, "up", ":material/arrow_upward:", BriefingChoice.move, -1, is_disabled=row.number == 1)
        _show_button(row, "down", ":material/arrow_downward:", BriefingChoice.move, 1, is_disabled=row.is_last)
        _show_button(row, "out", ":material/close:", BriefingChoice.remove)


def _show_menu(
    row: Row,
    what: str,
    label: str,
    offered: Mapping[str, str],
    icon: str,
    help_text: str,
    take: Callable[[Row, str], None],
) -> None:
    """Draw a menu of what may be chosen for a block."""
    key = f"{what}-{row.name}"
    st.menu_button(
        label,
        list(offered),
        key=key,
        type="tertiary",
        icon=icon,
        help=help_text,
        format_func=offered.__getitem__,
        on_click=chart_options.take_from_menu,
        args=(key, row, take),
    )


def _take_choice(row: Row, value: str) -> None:
    change(BriefingChoice.choose, row.name, *value.split(":"))


def _take_figure(row: Row, name: str) -> None:
    words = row.own_title or (row.title if row.kind == "message" else "")
    st.session_state[f"figures-{row.name}"] = None
    change(BriefingChoice.rename, row.name, f"{words} {{{name}}}".strip())


def _take_addition(row: Row, kind: str) -> None:
    change(BriefingChoice.add, Item(kind=next(one for one in WORDED if one == kind)), row.name)


def _show_button(
    row: Row, what: str, icon: str, how: Callable[..., BriefingChoice], *arguments: int, is_disabled: bool = False
) -> None:
    """Draw a button with an icon only; its words are for screen readers (the style sheet) and the tooltip."""
    st.button(
        row.words[what],
        key=f"{what}-{row.name}",
        icon=icon,
        help=row.words[what],
        type="tertiary",
        disabled=is_disabled,
        on_click=change,
        args=(how, row.name, *arguments),
    )


def _show_files(view: View, pack: PackModel, request: BriefingRequest) -> None:
    file_at_once.show(view, "briefing-file", request, *(_offer(view, request, one) for one in FILE_WORDS))
    if any(item.notes for item in pack.items):
        notes = link.bind("briefing-with-notes", order.WITH_NOTES, request.has_notes, False, lambda _: "1")
        st.checkbox(view.t("Talking points in the Word document as well"), **notes)
    messages.show_note(pack.about)
    page_pictures.show(view, request)


def _offer(view: View, request: BriefingRequest, file_format: str) -> File:
    label, words, icon = FILE_WORDS[file_format]
    return File(
        file_format,
        view.t(label),
        postpone(view.snapshot, lambda snapshot: submit_briefing(snapshot, request, file_format)),
        file_name=name_file(view.snapshot, request.selection, file_format, "briefing"),
        media_type=BRIEFING_FORMATS[file_format],
        help=view.t(words),
        icon=icon,
    )


def _show_screen(view: View, selection: Selection, items: tuple[Item, ...]) -> None:
    """Draw the link to the charts in turn on the screen of a hall."""
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


_FROZEN = "frozen builds"


def show_used(view: View, model: UsedModel, settings: Settings) -> None:
    """Draw the chart in use with all that can be had of it; `settings`: where the dashboard is, as the reader sees."""
    t, request = view.t, model.request
    with st.container(border=True, key="use-chart"):
        _show_head(view, model)
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="use-choices"):
            chart_options.draw_menus(t, "use", model.menus, partial(change, BriefingChoice.choose, USED))
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
    """Write the picture with its size, so that the page keeps its place until it arrives."""
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
                on_click=change,
                args=(BriefingChoice.add, model.item),
            )
        st.button(
            t("Close"),
            key="use-close",
            type="tertiary",
            icon=":material/close:",
            on_click=change,
            args=(BriefingChoice.remove, USED),
        )


def _show_options(view: View, model: UsedModel) -> None:
    t = view.t
    left, right = st.columns([5, 5], gap="medium")
    with left:
        bound = bind_title("use-title", model.item.title, partial(change, BriefingChoice.rename, USED))
        st.text_input(t("Custom title"), placeholder=model.chart.title, **bound)
    with right:
        bound = link.bind("use-size", "size", model.request.size, order.FIRST_SIZE)
        names = model.sizes
        st.pills(
            t("Size of the picture"), list(names), format_func=names.__getitem__, required=True, wrap=True, **bound
        )
        messages.show_note(model.about_size)


def _show_web(view: View, model: UsedModel, settings: Settings) -> None:
    """Draw the choice between an embed that follows the data and one that never changes, with its code and its link."""
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
    """Draw the source line, the citation and the alternative text, ready for copying."""
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


PARAMETERS = (saved.PARAMETER, *order.PARAMETERS, *VERSUS)


def show(view: View, selection: Selection) -> None:
    """Draw the page."""
    settings = Settings.from_environment().model_copy(update={"base_url": link.site_address(view.page_id)})
    template = find_template(settings.campaign)
    model = make_model(
        view.snapshot,
        selection,
        view.t,
        link.page_parameters(),
        settings,
        template=template.name if template.is_file() else "",
    )
    if model.unknown:
        st.warning(model.unknown)
    for warning in model.refused:
        chart_options.show_warning(warning)
    if model.empty is not None:
        empty_selection.draw(model.empty)
    if model.lead:
        st.html(f'<p class="lead">{escape(model.lead)}</p>')
    if model.in_use is not None:
        show_used(view, model.in_use, settings)
    if model.pack is not None:
        show_pack(view, selection, model.pack)
    if model.catalogue is not None:
        _show_catalogue(view.t, model.catalogue)
    remember(model.chosen)


def _show_catalogue(t: Translator, catalogue: CatalogueModel) -> None:
    st.html(f'<h2 class="card-title">{escape(catalogue.title)}</h2><p class="card-note">{escape(catalogue.note)}</p>')
    with st.container(key="catalogue"):
        for card in catalogue.cards:
            _show_card(t, card)
        with st.container(border=True, key="preview-explore"):
            title, note = escape(catalogue.own_title), escape(catalogue.own_note)
            st.html(f'<h3 class="card-title">{title}</h3><p class="card-note">{note}</p>')
            page_link.show(catalogue.explore)


def _show_card(t: Translator, card: CatalogueCard) -> None:
    """Draw one chart of the list."""
    preview, chart_id = card.preview, card.chart_id
    with st.container(border=True, key=f"preview-{chart_id}"):
        st.html(
            f'<div class="preview"><div role="img" aria-label="{escape(preview.alt)}" style="background-image:'
            f"url('{preview.picture}')\"></div></div>"
            f'<h3 class="card-title">{escape(preview.title)}</h3>'
            f'<p class="card-note">{escape(preview.highlight)}</p>'
        )
        with st.container(horizontal=True, gap="small", key=f"preview-buttons-{chart_id}"):
            st.button(
                t("Use this chart"),
                key=f"use-{chart_id}",
                on_click=change,
                args=(BriefingChoice.use, chart_id),
                help=t("Picture, slide, embed code and data of this chart"),
            )
            if card.name is not None:
                key, label, icon, words = "drop", t("Added"), ":material/check:", t("Remove from the briefing")
            else:
                key, label, icon, words = "add", t("Add"), ":material/add:", t("Add to the briefing")
            st.button(
                label,
                key=f"{key}-{chart_id}",
                icon=icon,
                type="tertiary",
                on_click=change,
                args=(BriefingChoice.add, Item(chart_id)) if card.name is None else (BriefingChoice.remove, card.name),
                help=words,
            )
