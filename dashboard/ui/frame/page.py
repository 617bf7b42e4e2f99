"""The frame of a page: what is open, what stands above and below it, and what to say when nothing can be shown."""

import shlex
from collections.abc import Sequence
from html import escape
from typing import Literal

import streamlit as st

from dashboard.campaign.blank import is_blank
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.campaign.uploads import has_inbox
from dashboard.errors import SelectionError, SnapshotError, UserError
from dashboard.i18n import Translator, translator
from dashboard.languages import list_languages
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.kept_builds import GoneError
from dashboard.ui.frame import figures, first_steps, header, link, page_help, page_link, reading, refused, staff
from dashboard.ui.frame.model import make_model, name_campaign
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame as Frame
from dashboard.ui.frame.view import View as View

_FOOTER = "footer"
_OPENED = {"actions": "action", "briefing": "chart", "quality": "row"}
"""The parameter by which a page's link opens one thing on it."""


def open(page_id: str, extra_parameters: Sequence[str] = (), *, is_newest: bool = False) -> View:  # noqa: A001
    """Open a part: read the link, draw the header, say so and stop when nothing can be shown. Read as `page.open`.

    `extra_parameters`: parameters that this page takes beside the selection's.
    `is_newest`: whether it shows what is published now, whatever build the reader has been looking at.
    """
    st.session_state.pop(_FOOTER, None)
    try:
        published = current()
    except SnapshotError as error:
        _refuse_without_snapshot(page_id, error)
    default = str(published.campaign["default_language"])
    try:
        snapshot = figures.choose(published, link.read_build(page_id), is_newest=is_newest)
        selection = link.read(page_id, snapshot, extra_parameters)
    except GoneError as error:
        _refuse_build(error, published, page_id, link.read_language(default))
    except SelectionError as error:
        _refuse_link(error, published, link.read_language(default))
    if is_newest and selection.build:
        selection = link.follow()
    t, lang = translator(selection.lang), selection.lang
    view = View(
        page_id=page_id,
        snapshot=snapshot,
        selection=selection.in_order(),
        t=t,
        lang=lang,
        parameters=link.page_parameters(),
    )
    link.begin((page_id, lang, snapshot.build_id))
    reader = header.find_reader()
    model = make_model(snapshot, view.selection, t, page_id, reader, is_newest=is_newest)
    reading.follow(t, find_place(page_id), model.spoken)
    header.draw(model.header, page_id, t, reader, view.selection)
    figures.show(t, lang, page_id, snapshot, is_kept=bool(selection.build), is_newest=is_newest)
    if model.notice:
        st.html(f'<div class="sample" role="note">{escape(model.notice)}</div>')
    # As text, so that no session holds an old snapshot open.
    st.session_state[_FOOTER] = f'<footer class="footer">{" · ".join(map(escape, model.footer))}</footer>'
    return view


def open_staff(page_id: str, extra_parameters: Sequence[str] = ()) -> View:
    """Open a staff page: as `open`, for those who may; others get the sign-in, or why it is closed."""
    view = open(page_id, extra_parameters, is_newest=True)
    _require(view)
    return view


def open_first(page_id: str, extra_parameters: Sequence[str] = ()) -> Frame:
    """Open a staff page that needs no snapshot, so that it can take in the first exports."""
    return _open_bare(page_id) or open_staff(page_id, extra_parameters)


def open_always(page_id: str, extra_parameters: Sequence[str] = ()) -> Frame:
    """Open a page for everybody that does without a snapshot; where there is one, as `open`."""
    return _open_bare(page_id) or open(page_id, extra_parameters)


def _open_bare(page_id: str) -> Frame | None:
    """Open a page while nothing is published; None where something is."""
    try:
        current()
    except SnapshotError:
        st.session_state.pop(_FOOTER, None)
        lang, title, languages = _read_campaign()
        frame = Frame(page_id=page_id, t=translator(lang), lang=lang)
        _begin_bare(frame.t, title, page_id, page_id)
        first_steps.show_languages(page_id, languages, lang)
        _require(frame)
        return frame
    return None


def refuse(page_id: str) -> None:
    """Draw, in the place of a page that this session may not open, why not, and the way to sign in."""
    st.session_state.pop(_FOOTER, None)
    lang = link.read_language("en")
    frame = Frame(page_id=page_id, t=translator(lang), lang=lang)
    _begin_bare(frame.t, "", page_id)
    _require(frame)


def _begin_bare(t: Translator, campaign: str, place: str, page_id: str = "") -> None:
    """Draw what stands above a page that shows no figures.

    Args:
        t: The reader's language.
        campaign: The campaign's title.
        place: Where the reader is.
        page_id: The page, where the pages of its section stand beside it.
    """
    reader = header.find_reader()
    reading.follow(t, place, "")
    header.draw(header.make_model(campaign, None, t, page_id, reader), page_id, t, reader)


def _require(frame: Frame) -> None:
    spec = header.find(frame.page_id)
    staff.require(frame.t, spec.page_id, frame.t(spec.title), spec.access)


def show_title(
    view: Frame, name: str = "", width: Literal["stretch", "content"] = "stretch", *, content: str = ""
) -> None:
    """Draw the page's title, or the name of what it is about, with its help but on the page Help itself.

    Args:
        view: The page.
        name: What the page is about.
        width: Whether it is as wide as the page, or among others in a line as its words.
        content: HTML in place of the title.
    """
    place = find_place(view.page_id) if name else view.page_id
    with st.container(horizontal=True, vertical_alignment="center", width=width, key="title"):
        title = name or view.t(_title(view.page_id))
        st.html(reading.heading(title, place, content=content), width="content")
        if view.page_id != page_help.HELP:
            page_help.show(view.lang, view.page_id, list_carried(view))


def list_carried(view: Frame) -> list[tuple[str, str]]:
    """What a link from a page to another carries: the selection, where there is one, and the language."""
    return view.selection.first.query_pairs() if isinstance(view, View) else [("lang", view.lang)]


def find_place(page_id: str) -> str:
    """Where the reader is: the page, or what the link opens on it."""
    opened_id = link.page_parameter(_OPENED.get(page_id, ""))
    if page_id == "stakeholders" and len(link.selection().stakeholders) == 1:
        (opened_id,) = link.selection().stakeholders
    return f"{page_id}/{opened_id}" if opened_id else page_id


def _title(page_id: str) -> str:
    return header.find(page_id).title


def close() -> None:
    """Draw the footer of the page that is open; with it the page is drawn."""
    footer = st.session_state.pop(_FOOTER, None)
    if footer is not None:
        st.html(footer)
        link.end()


def _read_campaign() -> tuple[str, str, tuple[str, ...]]:
    """The language in which a page is drawn while nothing is published, the campaign's title in it, its languages."""
    root = Settings.from_environment().campaign
    try:
        campaign = None if is_blank(root) else CampaignFolder(root).load()
    except UserError:  # who builds is told what is wrong with it
        campaign = None
    if campaign is None:
        return link.read_language("en"), "", list_languages()
    lang = link.read_language(campaign.interface_language)
    return lang, campaign.titles[lang], campaign.offered


def _refuse_without_snapshot(page_id: str, error: SnapshotError) -> None:
    lang, title, languages = _read_campaign()
    t = translator(lang)
    _begin_bare(t, title, "")
    first_steps.show_languages(page_id, languages, lang)
    st.html(reading.heading(t("Nothing to show yet"), ""))
    if isinstance(error, OtherSchemaError):
        st.info(" ".join(map(t, error.for_readers or ())), icon=":material/update:")
        if staff.may_open() and has_inbox(Settings.from_environment().campaign):  # for those without a terminal
            label = t("Preview the inbox as it is")
            page_link.show(PageLink(label, "upload", (("lang", lang),), ":material/inbox:"))
        st.stop()
    st.info(t("No data has been published yet, so there are no figures to show."), icon=":material/info:")
    root = Settings.from_environment().campaign
    if staff.may_open() and is_blank(root):
        first_steps.lead_to_campaign(t)
    elif staff.may_open():
        first_steps.show_where(t)
    if staff.may_open() and root.is_dir():
        st.markdown(t("Drop your exports on the page Upload: you see what they contain before anything is published."))
        page_link.show(PageLink(t(header.find("upload").title), "upload", (("lang", lang),), ":material/upload:"))
        st.caption(t("Or put them into the inbox folder of the campaign, and run this command:"))
        campaign_option = "" if root == SHIPPED_CAMPAIGN else f" --campaign {shlex.quote(str(root))}"
        st.code(f"python -m etl build{campaign_option}", language=None, wrap_lines=True)
    st.caption(t("This page shows the figures when it is loaded again after they have been published."))
    st.stop()


def _refuse_build(error: GoneError, published: Snapshot, page_id: str, lang: str) -> None:
    t = translator(lang)
    names = [name for name in st.query_params if name != "build"]
    pairs = tuple((name, value) for name in names for value in st.query_params.get_all(name))
    _begin_bare(t, name_campaign(published, t), "")
    refused.draw(refused.make_build(error, t, page_id, pairs))
    st.stop()


def _refuse_link(error: SelectionError, snapshot: Snapshot, lang: str) -> None:
    t = translator(lang)
    _begin_bare(t, name_campaign(snapshot, t), "")
    refused.draw(refused.make_link(error, snapshot, t))
    st.stop()
