"""Making a signed link: what it opens, whom it is for, until when."""

from datetime import timedelta
from urllib.parse import urlsplit

import streamlit as st

from dashboard.access.link_makers import write_maker
from dashboard.access.signed_links import LONGEST_LABEL, find_today, open_links
from dashboard.audit.events import Event
from dashboard.audit.log import acting
from dashboard.errors import UserError
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages
from dashboard.ui.pieces.link_way import TO
from dashboard.ui.shared_links import given_link
from dashboard.web.link_targets import Target, find_target, is_ready, list_targets, say_selection

_WHAT, _FORM, _LABEL, _LAST_DAY = "links-what", "links-form", "links-label", "links-last-day"
_REFUSED = "links-refused"


def show(view: View, selection: Selection, settings: Settings) -> None:
    """Draw the choices and the button."""
    t = view.t
    with st.container(border=True, key="links-new"):
        messages.show_card_title(t("Create a link"))
        requested = link.page_parameter(TO)
        target, query = _read(view, requested) if requested else (None, "")
        if target is None:
            target, query = _choose(view), selection.first.in_order().query_string()
        messages.show_note(_say(view, target, query))
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


def _read(view: View, requested: str) -> tuple[Target | None, str]:
    """What the page was opened for; where no link can open it, that is said."""
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
    """The choice of a table, the news or a chart, and of its form; the filters of the page are the selection."""
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


def _say(view: View, target: Target, query: str) -> str:
    """What the link will open, in words."""
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
    given_link.give(signed_link, token)
    chosen[_LABEL] = ""
