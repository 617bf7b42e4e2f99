"""A link that was just made: its address and its token, shown once, with what to do with them in each program."""

from dataclasses import replace
from urllib.parse import parse_qs

import streamlit as st

from dashboard.access.signed_links import SignedLink, add_token
from dashboard.charts.chart import build_chart
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages
from dashboard.web.charts.frames import write_embed
from dashboard.web.charts.requests import read
from dashboard.web.link_targets import Target, find_target

_GIVEN = "staff-link-given"
"""Signing out drops it, as all that begins so."""
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


def give(signed_link: SignedLink, token: str) -> None:
    """Have a link shown at the next run of the page; the token is nowhere else."""
    st.session_state[_GIVEN] = (signed_link, token)


def show(view: View) -> None:
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
        st.button(t("I have copied it"), key="links-done", icon=":material/check:", on_click=_put_away)


def _show_uses(view: View, target: Target, signed_link: SignedLink, token: str) -> None:
    t, plain = view.t, f"{link.site_address(view.page_id)}{signed_link.path}?{signed_link.query}"
    full_address = add_token(plain, token)
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
    """The HTML that shows a chart's page in another page, as high as it is."""
    settings = Settings.from_environment().model_copy(update={"base_url": link.site_address(view.page_id)})
    request = read(signed_link.path.rpartition("/")[2], "html", parse_qs(signed_link.query), view.snapshot)
    chart = build_chart(view.snapshot, request.chart_id, request.selection, request.options)
    return write_embed(chart, replace(request, token=token), settings)


def _put_away() -> None:
    st.session_state.pop(_GIVEN, None)
