"""The page Newsletter: its purpose, the way to leave, the data kept; and the sign-up."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.errors import UserError
from dashboard.languages import name_language
from dashboard.mail import sending, subscribers
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame import staff
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import messages

_FIELDS = "newsletter"
_OUTCOME = "newsletter-outcome"


def show(view: View) -> None:
    """Draw the page; where the newsletter is not set up, it says so and takes no address."""
    t, settings = view.t, Settings.from_environment()
    st.markdown(t(subscribers.ABOUT))
    if not settings.has_newsletter:
        st.info(t(subscribers.CLOSED[0]), icon=":material/mail:")
        if staff.may_open():
            messages.show_note(t(subscribers.CLOSED[1]))
        return
    st.markdown(f"{t(subscribers.LEAVING)} {t(subscribers.PRIVACY)}")
    _show_form(view)
    outcome: UserError | str | None = st.session_state.pop(_OUTCOME, None)
    if isinstance(outcome, UserError):
        messages.show_error(view, outcome)
    elif outcome:
        st.success(t(outcome), icon=":material/mail:")
    address = f"{settings.base_url}{subscribers.PATH}/sign-up?{urlencode({'lang': view.lang})}"
    st.markdown(f"[{t('The same form as a plain page')}]({address})")


def _show_form(view: View) -> None:
    t = view.t
    with st.form(_FIELDS, width=640):
        st.text_input(t("E-mail address"), key=f"{_FIELDS}-address", autocomplete="email", max_chars=254)
        st.selectbox(
            t("Language"),
            view.snapshot.languages,
            index=view.snapshot.languages.index(view.lang),
            format_func=name_language,
            key=f"{_FIELDS}-lang-{view.lang}",
        )
        _show_codes(view, "regions", t("Regions"), t("All regions"))
        _show_codes(view, "themes", t("Themes"), t("All themes"))
        st.form_submit_button(
            t("Sign up"), type="primary", icon=":material/mail:", on_click=_sign_up, args=(view.lang, view.snapshot)
        )


def _show_codes(view: View, name: str, label: str, everything: str) -> None:
    """Draw the field for one kind of codes; the page's filters are chosen already."""
    labels = subscribers.list_choices(view.snapshot, name, view.lang)
    chosen = [code for code in getattr(view.selection, name) if code in labels]
    key = f"{_FIELDS}-{name}-{view.lang}"
    st.multiselect(label, list(labels), chosen, labels.__getitem__, placeholder=everything, key=key)


def _sign_up(lang: str, snapshot: Snapshot) -> None:
    """Ask the owner of the address; the page answers the same for every address."""
    settings, chosen = Settings.from_environment(), st.session_state
    wish = subscribers.Wish(
        chosen[f"{_FIELDS}-lang-{lang}"],
        tuple(chosen[f"{_FIELDS}-regions-{lang}"]),
        tuple(chosen[f"{_FIELDS}-themes-{lang}"]),
    )
    visit = staff.find_visit()
    is_allowed = subscribers.sign_ups().allows("" if visit is None else visit.client)
    try:
        desk = subscribers.Desk(settings, snapshot)
        with subscribers.written_down():
            desk.sign_up(chosen[f"{_FIELDS}-address"], wish, is_allowed=is_allowed)
    except UserError as error:
        chosen[_OUTCOME] = error
        return
    sending.send_confirmations(settings)
    chosen[_OUTCOME] = subscribers.ASKED
    chosen[f"{_FIELDS}-address"] = ""
