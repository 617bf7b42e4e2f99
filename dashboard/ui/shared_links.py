"""The page Signed links: their purpose, the new link, the form for a further one, the existing ones.

A link opens every form of a table, a chart or the news that a route gives; the page names them in words.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlsplit

import streamlit as st

from dashboard import formats
from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting
from dashboard.access.rights import Role
from dashboard.access.sessions import is_closed
from dashboard.access.signed_links import (
    LINK_STATES,
    LONGEST_LABEL,
    LinkState,
    SignedLink,
    add_token,
    find_today,
    open_links,
    state_now,
    write_maker,
)
from dashboard.charts.catalogue import PLAIN
from dashboard.charts.chart import build_chart
from dashboard.errors import UserError
from dashboard.formats import format_date
from dashboard.i18n import N_, Translator
from dashboard.languages import name_language
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import PARAMETERS as FILTERS
from dashboard.snapshot.selection import VERSUS, Selection, parse
from dashboard.snapshot.selection_words import describe
from dashboard.ui.frame import link, staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import TO
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import messages, paging
from dashboard.web import extracts, news_feeds
from dashboard.web.assistants import protocol
from dashboard.web.charts import chart_operations
from dashboard.web.charts.oembed import write_embed
from dashboard.web.charts.requests import read
from dashboard.web.guard.link_tokens import read_pairs
from dashboard.web.odata.odata_answers import SERVICE


class Target(NamedTuple):
    """One address: what it gives and in which form, both in English."""

    path: str
    what: str
    form: str

    @property
    def is_chart(self) -> bool:
        """Whether it is a chart."""
        return self.path.startswith("/charts/")

    @property
    def is_page(self) -> bool:
        """Whether it is a chart's page, which can stand in frames."""
        return self.is_chart and "." not in self.path


@cache
def list_targets() -> dict[str, Target]:
    """List what a link can open, by its path: the tables first, then the news, then the charts."""
    return {target.path: target for target in _list_all()}


def find_target(path: str) -> Target | None:
    """Find what stands at a path; None where no link opens it."""
    return list_targets().get(path)


def is_ready(target: Target) -> bool:
    """Whether the address needs nothing but a selection."""
    return not target.is_chart or target.path.removeprefix("/charts/").partition(".")[0] in PLAIN


def say_selection(query: str, snapshot: Snapshot, t: Translator) -> str:
    """Describe what a link's query string chooses: its filters, its language, and its own parameters as they stand.

    Raises:
        SelectionError: the published build lacks one of its codes.
    """
    parameters = read_pairs(query)
    selection = parse({name: parameters[name] for name in parameters if name in (*FILTERS, *VERSUS)}, snapshot)
    filters = describe(replace(selection.first, lang=t.language), snapshot, t, lambda day: format_date(day, t.language))
    chosen = filters if selection.as_of else filters[:-1]
    filter_words = [t("{name}: {value}", name=name, value=value) for name, value in chosen]
    own_pairs = [f"{name}={value}" for name, value in parse_qsl(query) if name not in FILTERS]
    return " · ".join([*filter_words, *own_pairs, name_language(selection.lang)])


def _list_all() -> Iterator[Target]:
    for operation in extracts.describe_files():
        yield Target(operation.path, operation.family, operation.summary)
    yield Target(SERVICE.path, SERVICE.family, SERVICE.summary)
    for ending, form in news_feeds.FORMS.items():
        yield Target(f"/latest.{ending}", news_feeds.FAMILY, form.name)
    yield Target(protocol.OPERATION.path, protocol.OPERATION.family, N_("Model Context Protocol"))
    taking = [operation for operation in chart_operations.list_file_forms() if operation.takes_link]
    for chart_id, spec in PLAIN.items():
        for operation in taking:
            if "{chart_id}" in operation.path:
                yield Target(operation.path.replace("{chart_id}", chart_id), spec.title, operation.summary)
    yield from (Target(o.path, o.family, o.summary) for o in taking if "{" not in o.path)


PAGE_LINKS = 20
_WHOSE, _OUTCOME, _PAGE = "links-whose", "links-outcome", "links-page"
MINE, ALL = "mine", "all"
WHOSE = {MINE: N_("My links"), ALL: N_("Everybody's links")}
_ICONS = {LinkState.OPEN: "●", LinkState.ENDED: "○", LinkState.REVOKED: "×"}


def show_kept(view: View, settings: Settings) -> None:
    """Draw the list, the newest link first."""
    t, person = view.t, staff.person()
    links = open_links(settings.campaign / "private")
    messages.show_heading(t("Links created"))
    outcome: UserError | str | None = st.session_state.pop(_OUTCOME, None)
    if isinstance(outcome, UserError):
        messages.show_error(view, outcome)
    elif outcome:
        st.success(t("Revoked: {label}. It no longer works.", label=plain(outcome)), icon=":material/check:")
    is_all = person.role >= Role.ADMINISTRATOR and _choose_whose(view) == ALL
    signed_links = links.list(None if is_all else person.key)
    if not signed_links:
        st.markdown(t("Nobody has created a link yet.") if is_all else t("You have not created a link yet."))
        return
    page = paging.find(_PAGE, PAGE_LINKS, len(signed_links))
    for one in signed_links[page.offset : page.offset + PAGE_LINKS]:
        _show_link(view, one, settings, has_maker=is_all)
    paging.show_others(page, len(signed_links))


def _choose_whose(view: View) -> str:
    names = {whose: view.t(name) for whose, name in WHOSE.items()}
    chosen = st.segmented_control(
        view.t("Whose links"), list(names), format_func=names.__getitem__, default=MINE, required=True,
        key=_WHOSE, label_visibility="collapsed",
    )  # fmt: skip
    return str(chosen)


def _show_link(view: View, one: SignedLink, settings: Settings, *, has_maker: bool) -> None:
    t, state = view.t, state_now(one, settings)
    name = f"{_ICONS[state]} {t(LINK_STATES[state])}"
    if state is not one.state():
        name = f"{name} · {t('Its creator no longer has access')}"
    with messages.show_entry(
        f"link-{one.handle}", one.label, *_describe_link(view, one, has_maker=has_maker), role=name
    ):
        if one.state() is LinkState.OPEN:  # also where it opens nothing now: its maker might come back
            _show_revoking(view, one, settings)


def _describe_link(view: View, one: SignedLink, *, has_maker: bool) -> list[str]:
    """Describe a link: its content; since when, until when and by whom; how often it was used."""
    t, lang = view.t, view.lang
    target = find_target(one.path)
    try:
        selection = say_selection(one.query, view.snapshot, t)
    except UserError:  # a code that the published build no longer knows
        selection = one.query
    name = f"{t(target.what)} · {t(target.form)}" if target else one.path
    days = [
        t("Created on {day}", day=formats.format_date(one.made_on, lang)),
        t("Last day {day}", day=formats.format_date(one.ends_on, lang)),
    ]
    if one.revoked_on is not None:
        days.append(t("Revoked on {day}", day=formats.format_date(one.revoked_on, lang)))
    if has_maker:
        days.append(t("Created by {name}", name=one.made_name or one.made_by))
    return [f"{name} · {selection}", " · ".join(days), _say_uses(view, one)]


def _say_uses(view: View, one: SignedLink) -> str:
    t = view.t
    if one.last_used_on is None:
        return t("Not used yet")
    day = formats.format_date(one.last_used_on, view.lang)
    return t.plural("Used {n} time, last on {day}", "Used {n} times, last on {day}", one.uses, day=day)


def _show_revoking(view: View, one: SignedLink, settings: Settings) -> None:
    t = view.t
    with st.popover(t("Revoke"), icon=":material/block:", key=f"revoke-box-{one.handle}", width="content"):
        st.markdown(
            t("Within seconds the link stops working for everybody. This cannot be undone; you can create a new link.")
        )
        st.button(
            t("Revoke the link"), key=f"revoke-{one.handle}", type="primary", on_click=_revoke, args=(one, settings),
        )  # fmt: skip


def _revoke(one: SignedLink, settings: Settings) -> None:
    person = staff.person()
    whose = None if person.role >= Role.ADMINISTRATOR else person.key
    opens = f"{one.path}?{one.query}"
    try:
        with acting(settings.campaign, person, Event.REVOKED, one.label, link=one.handle, opens=opens):
            revoked = open_links(settings.campaign / "private").revoke(one.handle, whose)
    except UserError as error:
        st.session_state[_OUTCOME] = error
        return
    st.session_state[_OUTCOME] = one.label if revoked is not None else None


_GIVEN = "staff-link-given"
"""The new link's key in the session; signing out drops it, as every key that begins so."""
USER = "link"

EXCEL = (
    N_("In Excel choose *Data → From Web*, paste this address and press *OK*:"),
    N_("When Excel asks how to sign in, choose *Basic*. The user name is *link* and the password is this token:"),
    N_("Choose *Connect*, then *Load*. Later *Data → Refresh All* fetches the newest data; Excel keeps the token."),
)
POWER_BI = (
    N_("In Power BI choose *Get data → Web*, paste this address and press *OK*:"),
    N_("When it asks how to sign in, choose *Basic*. The user name is *link* and the password is this token:"),
    N_("Choose *Connect*, then *Load*. For the service, state the same under *Data source credentials*."),
)

ODATA = (
    N_(
        "In Excel choose *Data → Get Data → From Other Sources → From OData Feed*, in Power BI *Get data → OData feed*:"
    ),
    POWER_BI[1],
    N_("Tick the tables, then choose *Load*. A refresh fetches the newest data; the token is kept."),
)


def give(signed_link: SignedLink, token: str) -> None:
    """Have a link shown at the next run of the page; the token is nowhere else."""
    st.session_state[_GIVEN] = (signed_link, token)


def show_given(view: View) -> None:
    """Draw the link that was just made, until the reader has it or leaves the page."""
    if link.is_arrival():
        st.session_state.pop(_GIVEN, None)
    link_and_token: tuple[SignedLink, str] | None = st.session_state.get(_GIVEN)
    target = link_and_token and find_target(link_and_token[0].path)
    if not link_and_token or not target:
        return
    t, (signed_link, token) = view.t, link_and_token
    with st.container(border=True, key="links-given"):
        messages.show_card_title(t("Link created: {label}", label=signed_link.label))
        st.warning(t("Its token is shown only once and not kept. Copy what you need."), icon=":material/key:")
        _show_uses(view, target, signed_link, token)
        put_away = partial(st.session_state.pop, _GIVEN, None)
        st.button(t("I have copied it"), key="links-done", icon=":material/check:", on_click=put_away)


def _show_uses(view: View, target: Target, signed_link: SignedLink, token: str) -> None:
    t, plain = view.t, f"{link.site_address(view.page_id)}{signed_link.path}?{signed_link.query}"
    full_address = add_token(plain, token)
    if target.path == SERVICE.path:  # a program asks for more than this one address, and shows the token each time
        messages.show_steps(zip(map(t, ODATA), (plain, token, ""), strict=True))
        return
    messages.show_note(t("The address with the token opens it anywhere, without signing in:"))
    st.code(full_address, language=None, wrap_lines=True)
    if target.is_page:
        messages.show_note(t("Code for a web page, which shows the chart in a frame:"))
        st.code(_write_frame(view, signed_link, token), language=None, wrap_lines=True)
        messages.show_note(t("WordPress and similar tools show the chart when you paste the address above."))
        return
    if target.path.startswith("/latest."):
        messages.show_note(t("Paste the address into a feed reader or a calendar program."))
        return
    ending = target.path.rpartition(".")[2]
    if ending in ("csv", "xlsx", "json", "parquet"):
        *programs, script = st.tabs(["Excel", "Power BI", t("Script")])
        for tab, steps in zip(programs, (EXCEL, POWER_BI), strict=True):
            with tab:
                messages.show_steps(zip(map(t, steps), (plain, token, ""), strict=True))
        with script:
            messages.show_note(t("This way, the token does not appear in the address:"))
            name = target.path.rpartition("/")[2]
            st.code(f"curl --fail --user '{USER}:{token}' --output {name} '{plain}'", language=None, wrap_lines=True)


def _write_frame(view: View, signed_link: SignedLink, token: str) -> str:
    """Write the HTML that shows a chart's page in another page, at its full height."""
    settings = Settings.from_environment().model_copy(update={"base_url": link.site_address(view.page_id)})
    request = read(signed_link.path.rpartition("/")[2], "html", parse_qs(signed_link.query), view.snapshot)
    chart = build_chart(view.snapshot, request.chart_id, request.selection, request.options)
    return write_embed(chart, replace(request, token=token), settings)


_WHAT, _FORM, _LABEL, _LAST_DAY = "links-what", "links-form", "links-label", "links-last-day"
_REFUSED = "links-refused"


def show_new(view: View, selection: Selection, settings: Settings) -> None:
    """Draw the choices and the button."""
    t = view.t
    with st.container(border=True, key="links-new"):
        messages.show_card_title(t("Create a link"))
        requested = link.page_parameter(TO)
        target, query = _read_target(view, requested) if requested else (None, "")
        if target is None:
            target, query = _choose(view), selection.first.in_order().query_string()
        messages.show_note(_say_target(view, target, query))
        if requested:
            st.button(
                t("Choose something else"),
                key="links-other",
                type="tertiary",
                icon=":material/undo:",
                on_click=link.change_page_parameter,
                args=(TO, None),
            )
        _show_terms(view, target, query, settings)
        refused: UserError | None = st.session_state.pop(_REFUSED, None)
        if refused is not None:
            messages.show_error(view, refused)


def _read_target(view: View, requested: str) -> tuple[Target | None, str]:
    """Read the target that the page was opened for, and a note where no link can open it."""
    parts = urlsplit(requested)
    target = find_target(parts.path)
    try:
        if target is not None:
            say_selection(parts.query, view.snapshot, view.t)
            return target, parts.query
    except UserError:
        pass
    st.warning(view.t("No link can be created to the requested address. Choose below."), icon=":material/warning:")
    return None, ""


def _choose(view: View) -> Target:
    """Choose a table, the news or a chart, and its form; the filters of the page are the selection."""
    t = view.t
    offered = [target for target in list_targets().values() if is_ready(target)]
    titles = list(dict.fromkeys(target.what for target in offered))
    left, right = st.columns(2, gap="medium")
    what = left.selectbox(t("What it opens"), titles, format_func=t, key=_WHAT)
    forms = {target.path: target for target in offered if target.what == what}
    path = right.selectbox(
        t("Format"), list(forms), format_func=lambda path: t(forms[path].form) if path in forms else path,
        key=f"{_FORM}-{titles.index(what)}",
    )  # fmt: skip
    return forms[path]


def _say_target(view: View, target: Target, query: str) -> str:
    selection = say_selection(query, view.snapshot, view.t)
    return view.t(
        "It opens: {what} · {form} · {selection}",
        what=view.t(target.what),
        form=view.t(target.form),
        selection=selection,
    )


def _show_terms(view: View, target: Target, query: str, settings: Settings) -> None:
    t, today = view.t, find_today()
    left, right = st.columns(2, gap="medium")
    left.text_input(
        t("For whom or what purpose"),
        key=_LABEL,
        max_chars=LONGEST_LABEL,
        placeholder=t("Monthly report of the ministry"),
        help=t("You and administrators see it in the list. Do not write names of persons."),
        autocomplete="off",
    )
    right.date_input(
        t("Last day"),
        value=today + timedelta(days=min(settings.link_days, settings.link_most_days)),
        min_value=today,
        max_value=today + timedelta(days=settings.link_most_days),
        key=_LAST_DAY,
        format="DD/MM/YYYY",
    )
    st.button(
        t("Create the link"), key="links-make", type="primary", icon=":material/key:",
        on_click=_make, args=(target, query, settings),
    )  # fmt: skip


def _make(target: Target, query: str, settings: Settings) -> None:
    chosen, person, links = st.session_state, staff.person(), open_links(settings.campaign / "private")
    label, ends_on, made_as = chosen[_LABEL], chosen[_LAST_DAY], write_maker(staff.find_session())
    opens = f"{target.path}?{query}"
    try:
        with acting(settings.campaign, person, Event.INVITED, label, opens=opens, ends_on=str(ends_on)) as act:
            signed_link, token = links.make(
                person, label, target.path, query, ends_on, settings.link_most_days, made_as
            )
            act.say(link=signed_link.handle)
    except UserError as error:
        chosen[_REFUSED] = error
        return
    give(signed_link, token)
    chosen[_LABEL] = ""


PARAMETERS = (TO,)


def show(view: View, selection: Selection) -> None:
    """Draw the page for a reader who has signed in; tell others that they must sign in first."""
    t, settings = view.t, Settings.from_environment()
    if staff.person().role < Role.READER:
        st.info(t("Sign in to see the links you created."), icon=":material/lock:")
        return
    if is_closed(settings):
        messages.show_note(
            t(
                "Excel, Power BI and web pages cannot sign in. A signed link opens one selection in one format for "
                "anyone who has it, until it ends or is revoked. Share it only with those allowed to see the figures."
            )
        )
    else:
        st.info(
            t("This campaign is open to everybody: its addresses work without a signed link."), icon=":material/info:"
        )
    show_given(view)
    show_new(view, selection, settings)
    show_kept(view, settings)
