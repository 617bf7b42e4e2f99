"""The link that refreshes: the address of the file itself, and how Excel, Power BI and a script ask for it."""

import shlex
from dataclasses import replace
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from dashboard.extracts import order
from dashboard.extracts.choice import Choice
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import link_way
from dashboard.web.openapi.operation import HEADING

EXCEL = (
    N_("In Excel choose *Data → From Web*, paste this link and press *OK*:"),
    N_("If Excel asks how to sign in, choose *Anonymous*. In the preview choose *Load*."),
    N_("Later choose *Data → Refresh All*: the table is filled with the newest data, and your formulas stay."),
)
POWER_BI = (
    N_("In Power BI choose *Get data → Web*, paste this link and press *OK*:"),
    N_("If it asks how to sign in, choose *Anonymous*, then *Load*."),
    N_("Later choose *Refresh*, or let the service refresh it every day."),
)
SCRIPT = (N_("This command writes the newest file, every time it is run:"),)


def show(view: View, selection: Selection, choice: Choice) -> None:
    """Draw the link, and the instructions below it."""
    t = view.t
    with st.expander(t("A link that refreshes the file, in Excel or Power BI"), icon=":material/sync:"):
        st.markdown(t("Each time a program opens this link it gets the same choice with the newest data:"))
        address = choice.address(base_url(), selection)
        st.code(address, language=None, wrap_lines=True)
        link_way.show(view, address, "extract")
        if selection.as_of is not None:
            st.caption(t("The link keeps the day you have chosen. Reset the filters for the latest day of the data."))
        if staff.has_own():
            return  # these programs cannot sign in: the page of the signed link has the steps
        excel, power_bi, script = st.tabs(["Excel", "Power BI", t("Script")])
        with excel:
            _show_steps(view, EXCEL, _readable(choice, ("xlsx", "csv")).address(base_url(), selection))
        with power_bi:
            _show_steps(view, POWER_BI, _readable(choice, ("parquet", "csv", "xlsx")).address(base_url(), selection))
        with script:
            name = order.name_file(view.snapshot, selection, choice.file_format, choice.table, choice.include)
            _show_steps(view, SCRIPT, f"curl --fail --output {name} {shlex.quote(address)}")
            way = f"{base_url()}/openapi?lang={view.lang}"
            st.markdown(t("Every other address, with code to copy: [{name}]({way})", name=t(HEADING), way=way))


def base_url() -> str:
    """Where the dashboard is: as set, else as this reader's browser asks for it."""
    stated = Settings.from_environment().base_url
    here = urlsplit(st.context.url or "")
    is_stated = stated != Settings.model_fields["base_url"].default
    return stated if is_stated or not here.netloc else f"{here.scheme}://{here.netloc}"


def _readable(choice: Choice, formats: tuple[str, ...]) -> Choice:
    """The choice in a format that a program reads: its own if it is one of them, else the first."""
    return choice if choice.file_format in formats else replace(choice, file_format=formats[0], include=())


def _show_steps(view: View, steps: tuple[str, ...], code: str) -> None:
    for number, step in enumerate(steps):
        st.html(f'<p class="card-note">{_italic(view.t(step))}</p>')
        if number == 0:
            st.code(code, language=None, wrap_lines=True)


def _italic(text: str) -> str:
    """A sentence with `*names of menus*` as HTML."""
    parts = escape(text).split("*")
    return "".join(f"<i>{part}</i>" if number % 2 else part for number, part in enumerate(parts))
