"""The frame of a page: open it, draw what stands above and below it, and explain when nothing can be shown."""

import difflib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from dashboard import faults, formats
from dashboard.campaign.blank import is_blank
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting import promises
from dashboard.campaign.snapshot_schema import OtherSchemaError
from dashboard.campaign.uploads import has_inbox
from dashboard.errors import SelectionError, SnapshotError, UserError
from dashboard.ground.logs import request_id
from dashboard.ground.logs.request_id import HEADER
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import list_languages
from dashboard.measures.counts import headline, list_unused
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from dashboard.snapshot.attribution import say_source
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.kept_builds import OTHER, GoneError
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.snapshot.selection_words import list_filters
from dashboard.snapshot.shared import shared
from dashboard.ui.frame import figures, first_steps, header, link, page_help, page_link, reading, staff
from dashboard.ui.frame.header import HeaderModel, Reader
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.streamlit_grips import find_session_id
from dashboard.ui.frame.view import Frame, View
from dashboard.web import check_page
from dashboard.web.refusals import SEVERAL_UNITS, is_of_several_units
from dashboard.web.site import write_way

SAMPLE_NOTICE = N_("Fictional data: these actions and stakeholders are invented.")


@dataclass(frozen=True)
class FrameModel:
    """The words around a page.

    Attributes:
        spoken: The filters in words, for readers who cannot see the figures change; empty on pages of staff.
        notice: A note that the figures are invented; empty where they are not.
        footer: The line below it: the source, its day, and for staff the build.
    """

    header: HeaderModel
    spoken: str
    notice: str
    footer: tuple[str, ...]


@shared
def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, page_id: str, reader: Reader, *, is_newest: bool = False
) -> FrameModel:
    """Make the words around a page.

    `reader`: what its reader may open.
    `is_newest`: whether it shows the published build, whatever build the reader has been looking at.
    """
    build = (t("Build {build}", build=snapshot.build_id[:12]),) if reader.is_staff else ()
    unused = list_unused(snapshot)
    without_data = frozenset(page for page, dimension in header.DIMENSION_PAGES.items() if dimension in unused)
    title = name_campaign(snapshot, t)
    return FrameModel(
        header=header.make_model(title, selection, t, page_id, reader, snapshot.languages, without_data),
        spoken="" if is_newest else say_figures(snapshot, selection, t),
        notice=_say_sample(snapshot, t, is_staff=reader.is_staff),
        footer=(say_source(snapshot.campaign, t.language, selection.day(snapshot)), *build),
    )


def name_campaign(snapshot: Snapshot, t: Translator) -> str:
    """Return the campaign's title in the reader's language."""
    return str(snapshot.campaign[f"title_{t.language}"])


def say_figures(snapshot: Snapshot, selection: Selection, t: Translator) -> str:
    """Write what the filters choose, and how much of it is completed; for a comparison both sides."""
    filters = list_filters(selection.first, snapshot)
    chosen = filters if selection.as_of else filters[:-1]
    names = [value if isinstance(value, str) else formats.format_date(value, t.language) for _, value in chosen]
    h = headline(snapshot, selection.first)
    sentence = t.plural(
        "{what}: {n} action, {completed} completed",
        "{what}: {n} actions, {completed} completed",
        h.actions,
        what=", ".join(names) or t("All actions"),
        completed=h.completed,
    )
    return sentence if selection.other is None else f"{sentence}. {say_figures(snapshot, selection.other, t)}"


def _say_sample(snapshot: Snapshot, t: Translator, *, is_staff: bool) -> str:
    """Write that the figures are invented, and for staff how to remove them."""
    if not snapshot.is_sample:
        return ""
    if not is_staff:
        return t(SAMPLE_NOTICE)
    if snapshot.is_shipped_sample:
        return f"{t(SAMPLE_NOTICE)} {t('Your own exports replace them.')}"
    way = t("Before you publish your own exports, restore the fictional sample on the page Upload.")
    return f"{t(SAMPLE_NOTICE)} {way}"


@dataclass(frozen=True)
class RefusalModel:
    """The explanation of a link that cannot be shown.

    Attributes:
        near: What the reader may have meant, as Markdown; else empty.
    """

    heading: str
    error: str
    near: str
    sentence: str
    allowed: tuple[tuple[str, str], ...]
    link: PageLink


def explain_link(error: SelectionError, snapshot: Snapshot, t: Translator) -> RefusalModel:
    """Explain a link with an unknown parameter or value."""
    parameter = f"`{_cut(error.parameter)}`"
    if error.value is None:
        what = t("The link has an unknown parameter: {parameter}.", parameter=parameter)
    elif is_of_several_units(error):
        what = t(SEVERAL_UNITS)
    else:
        what = t(
            "The link has an unknown value: {parameter}={value}.",
            parameter=parameter,
            value=f"`{_cut(error.value)}`",
        )
    near = difflib.get_close_matches(error.value or error.parameter, error.allowed, n=3)
    return RefusalModel(
        heading=t("This link cannot be read"),
        error=what,
        near=t("Did you mean {values}?", values=", ".join(f"`{value}`" for value in near)) if near else "",
        sentence=t("Nothing is shown, because the figures would not be those the link asks for. Allowed values:"),
        allowed=_list_allowed(error, snapshot, t.language),
        link=PageLink(t("Open the dashboard without filters"), "overview", (("lang", t.language),)),
    )


def _list_allowed(error: SelectionError, snapshot: Snapshot, lang: str) -> tuple[tuple[str, str], ...]:
    parameter = error.parameter.removeprefix("vs.")
    codelist = next((f.codelist for f in FILTERS if f.parameter == parameter and error.value is not None), "")
    labels = {code: entry.labels[lang] for code, entry in snapshot.codes.get(codelist, {}).items()}
    return tuple((value, labels.get(value, "")) for value in error.allowed)


def explain_build(error: GoneError, t: Translator, page_id: str, pairs: tuple[tuple[str, str], ...]) -> RefusalModel:
    """Explain a link to figures that are no longer kept, or that another program version made.

    `error`: which figures.
    `pairs`: the link's other parameters.
    """
    build = _cut(error.build_id)
    if error.reason == OTHER:
        what = t(OTHER, build=f"`{build}`")
    else:
        what = t("The link asks for the figures of build `{build}`, which is not kept here.", build=build)
    return RefusalModel(
        heading=t("These figures are no longer kept"),
        error=what,
        near="",
        sentence=t("Nothing is shown, because the figures would not be those the link asks for."),
        allowed=(),
        link=PageLink(t("Show the newest figures"), page_id, pairs, ":material/update:"),
    )


def _cut(text: str) -> str:
    """Cut the text of a link, without the characters that would end a code span."""
    return text.replace("`", "'")[:80]


def _draw_refusal(model: RefusalModel) -> None:
    st.html(reading.heading(model.heading, ""))
    st.error(model.error, icon=":material/error:" if model.allowed else None)
    if model.near:
        st.markdown(model.near)
    st.markdown(model.sentence)
    if model.allowed:
        items = (
            f"<li><code>{escape(value)}</code>{' ' + escape(label) if label else ''}</li>"
            for value, label in model.allowed
        )
        st.html(f'<ul class="allowed">{"".join(items)}</ul>')
    page_link.show(model.link)


_FOOTER = "footer"
_OPENED = {"actions": "action", "briefing": "chart", "quality": "row"}
"""The parameter by which a page's link opens one thing on it."""


def open(page_id: str, extra_parameters: Sequence[str] = (), *, is_newest: bool = False) -> View:  # noqa: A001
    """Open a part: read the link, draw the header, say so and stop when nothing can be shown. Read as `page.open`.

    `extra_parameters`: the page's parameters beside the selection's.
    `is_newest`: whether it shows the published build, whatever build the reader has been looking at.
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
    except (GoneError, SelectionError) as error:
        _refuse_link(error, published, page_id, link.read_language(default))
    if is_newest and selection.build:
        selection = link.follow()
    t, parameters = translator(selection.lang), link.page_parameters()
    view = View(page_id=page_id, snapshot=snapshot, selection=selection.in_order(), t=t, parameters=parameters)
    link.begin((page_id, view.lang, snapshot.build_id))
    reader = header.find_reader()
    model = make_model(snapshot, view.selection, t, page_id, reader, is_newest=is_newest)
    reading.follow(t, find_place(page_id), model.spoken)
    header.draw(model.header, page_id, t, reader, view.selection)
    figures.show(t, page_id, snapshot, is_kept=bool(selection.build), is_newest=is_newest)
    if model.notice:
        st.html(f'<div class="sample" role="note">{escape(model.notice)}</div>')
    # As text, so that no session holds an old snapshot open.
    footer = " · ".join(filter(None, (*map(escape, model.footer), link_promise_form(t), link_check(t))))
    st.session_state[_FOOTER] = f'<footer class="footer">{footer}</footer>'
    return view


def link_check(t: Translator) -> str:
    """Link the page that checks a file, as HTML."""
    address = write_way(Settings.from_environment(), lang=t.language, way=check_page.PATH)
    return f'<a href="{escape(address)}" target="_self">{escape(t(check_page.HEADING))}</a>'


def link_promise_form(t: Translator) -> str:
    """Link the form for new actions, as HTML; empty while the campaign takes none."""
    settings = Settings.from_environment()
    if not promises.takes_promises(settings.campaign):
        return ""
    address = write_way(settings, lang=t.language, way=promises.PATH)
    return f'<a href="{escape(address)}" target="_self">{escape(t("Submit a new action"))}</a>'


def open_staff(page_id: str, extra_parameters: Sequence[str] = ()) -> View:
    """Open a staff page as `open` does, for people with access; others get the sign-in, or the reason."""
    view = open(page_id, extra_parameters, is_newest=True)
    _require(view)
    return view


def open_first(page_id: str, extra_parameters: Sequence[str] = ()) -> Frame:
    """Open a staff page that needs no snapshot, so that it can take in the first exports."""
    return _open_bare(page_id) or open_staff(page_id, extra_parameters)


def open_always(page_id: str, extra_parameters: Sequence[str] = ()) -> Frame:
    """Open a page for everybody that works without a snapshot; where there is one, as `open`."""
    return _open_bare(page_id) or open(page_id, extra_parameters)


def _open_bare(page_id: str) -> Frame | None:
    """Open a page while nothing is published; None where something is."""
    try:
        current()
    except SnapshotError:
        st.session_state.pop(_FOOTER, None)
        lang, title, languages = _read_campaign()
        frame = Frame(page_id=page_id, t=translator(lang))
        _begin_bare(frame.t, title, page_id, page_id)
        first_steps.show_languages(page_id, languages, lang)
        _require(frame)
        return frame
    return None


def refuse(page_id: str) -> None:
    """Draw, in place of a page that this session may not open, the reason and the link to sign in."""
    st.session_state.pop(_FOOTER, None)
    frame = Frame(page_id=page_id, t=translator(link.read_language("en")))
    _begin_bare(frame.t, "", page_id)
    _require(frame)


def _begin_bare(t: Translator, campaign: str, place: str, page_id: str = "") -> None:
    """Draw the header of a page that shows no figures.

    `place`: where the reader is.
    `page_id`: the page, where the pages of its section stand beside it.
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
    """Draw the page's title, or the name of its subject, with its help except on the page Help itself.

    `width`: whether it is as wide as the page, or as its words among others in a line.
    `content`: HTML in place of the title.
    """
    place = find_place(view.page_id) if name else view.page_id
    with st.container(horizontal=True, vertical_alignment="center", width=width, key="title"):
        title = name or view.t(header.find(view.page_id).title)
        st.html(reading.heading(title, place, content=content), width="content")
        if view.page_id != page_help.HELP:
            page_help.show(view.lang, view.page_id, list_carried(view))


def list_carried(view: Frame) -> tuple[tuple[str, str], ...]:
    """List what a link to another page carries: the selection, where there is one, and the language."""
    return tuple(view.selection.first.query_pairs()) if isinstance(view, View) else (("lang", view.lang),)


def find_place(page_id: str) -> str:
    """Find the reader's place: the page, or what the link opens on it."""
    opened_id = link.page_parameter(_OPENED.get(page_id, ""))
    if page_id == "stakeholders" and len(link.selection().stakeholders) == 1:
        (opened_id,) = link.selection().stakeholders
    return f"{page_id}/{opened_id}" if opened_id else page_id


def close() -> None:
    """Draw the footer of the open page; this completes the page."""
    footer = st.session_state.pop(_FOOTER, None)
    if footer is not None:
        st.html(footer)
        link.end()


def _read_campaign() -> tuple[str, str, tuple[str, ...]]:
    """Read a page's language while nothing is published, the campaign's title in it, and its languages."""
    root = Settings.from_environment().campaign
    try:
        campaign = None if is_blank(root) else CampaignFolder(root).load()
    except UserError:  # whoever builds learns what is wrong with it
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
    if first_steps.may_build_sample(Settings.from_environment()):
        first_steps.build_sample(t)
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


def _refuse_link(error: GoneError | SelectionError, published: Snapshot, page_id: str, lang: str) -> None:
    t = translator(lang)
    _begin_bare(t, name_campaign(published, t), "")
    if isinstance(error, GoneError):
        names = [name for name in st.query_params if name != "build"]
        pairs = tuple((name, value) for name in names for value in st.query_params.get_all(name))
        _draw_refusal(explain_build(error, t, page_id, pairs))
    else:
        _draw_refusal(explain_link(error, published, t))
    st.stop()


def find_request_id() -> str:
    """Find the number of the request by which the page is connected; empty outside a page."""
    return st.context.headers.get(HEADER, "") if find_session_id() else ""


def show_error(error: Exception) -> bool:
    """Show the error below the drawn part, with the number of Streamlit's entry in the log.

    Staff see faults that they can correct, such as a damaged file, in the error's own words.

    Returns:
        True: Streamlit need not show it in its own way.
    """
    t = translator(link.read_language("en"))
    explained = error if isinstance(error, UserError) else faults.explain(error)
    if explained is not None and staff.may_open():  # it may name a file of the server, which readers have no use for
        st.error(plain(f"{t(explained.what)} {t(explained.remedy)}".strip()), icon=":material/error:")
        return True
    sentences = [
        t(N_("This page could not be shown in full.")),
        t(N_("Try again; if it happens again, tell the operator of the dashboard.")),
    ]
    if number := request_id.current():
        sentences.append(t(N_("See number {code} in the server’s log."), code=number))
    st.error(plain(" ".join(sentences)), icon=":material/error:")
    return True
