"""The link that refreshes: the address of the file itself, and how Excel, Power BI and a script ask for it."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest

import streamlit as st

from dashboard.extracts import order
from dashboard.extracts.choice import Choice
from dashboard.i18n import N_, Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import link_way, messages
from dashboard.web.openapi.operation import HEADING

EXCEL = (
    N_("In Excel choose *Data → From Web*, paste this link and press *OK*:"),
    N_("If Excel asks how to sign in, choose *Anonymous*. In the preview choose *Load*."),
    N_("Later choose *Data → Refresh All*: the table gets the newest data, and your formulas stay."),
)
POWER_BI = (
    N_("In Power BI choose *Get data → Web*, paste this link and press *OK*:"),
    N_("If it asks how to sign in, choose *Anonymous*, then *Load*."),
    N_("Later choose *Refresh*, or let the service refresh it every day."),
)
SCRIPT = (N_("This command writes the newest file, every time it is run:"),)


@dataclass(frozen=True)
class Program:
    """How a program asks for the file: its name, the steps with *names of menus*, and what is pasted at the first."""

    name: str
    steps: tuple[str, ...]
    code: str

    @property
    def pasted(self) -> Iterable[tuple[str, str]]:
        """The steps, each with what is pasted at it."""
        return zip_longest(self.steps, (self.code,), fillvalue="")


@dataclass(frozen=True)
class LinkModel:
    """The link that refreshes the file.

    Attributes:
        title: What it is.
        sentence: What it gives.
        address: The address of the file.
        note: That it keeps the day that is chosen; else empty.
        programs: How programs ask for it; none where they would have to sign in.
        more: The way to all other addresses, as Markdown.
    """

    title: str
    sentence: str
    address: str
    note: str
    programs: tuple[Program, ...]
    more: str


def make_link(
    snapshot: Snapshot, selection: Selection, t: Translator, choice: Choice, base_url: str, *, is_closed: bool
) -> LinkModel:
    """The link that refreshes a file; arguments as of the page's `make_model`."""
    address = choice.address(base_url, selection)
    note = t("The link keeps the date you chose. Reset the filters to follow the latest data.")
    programs: tuple[Program, ...] = ()
    if not is_closed:  # else these programs cannot sign in: the page of the signed link has the steps
        excel, power_bi = (
            _readable(choice, formats_tried).address(base_url, selection)
            for formats_tried in (("xlsx", "csv"), ("parquet", "csv", "xlsx"))
        )
        name = order.name_file(snapshot, selection, choice.file_format, choice.table, choice.include)
        curl = f"curl --fail --output {name} {shlex.quote(address)}"
        programs = (
            Program("Excel", _say(t, EXCEL), excel),
            Program("Power BI", _say(t, POWER_BI), power_bi),
            Program(t("Script"), _say(t, SCRIPT), curl),
        )
    way = f"{base_url}/openapi?lang={t.language}"
    return LinkModel(
        title=t("A link that refreshes the file, in Excel or Power BI"),
        sentence=t("Each time a program opens this link, it gets the same selection with the newest data:"),
        address=address,
        note="" if selection.as_of is None else note,
        programs=programs,
        more=t("All other addresses, with code to copy: [{name}]({way})", name=t(HEADING), way=way),
    )


def _say(t: Translator, steps: Iterable[str]) -> tuple[str, ...]:
    return tuple(t(step) for step in steps)


def _readable(choice: Choice, formats: tuple[str, ...]) -> Choice:
    """The choice in a format that a program reads: its own if it is one of them, else the first."""
    return choice if choice.file_format in formats else replace(choice, file_format=formats[0], include=())


def show(view: View, link: LinkModel) -> None:
    """Draw the link, and the instructions below it."""
    with st.expander(link.title, icon=":material/sync:"):
        st.markdown(link.sentence)
        st.code(link.address, language=None, wrap_lines=True)
        link_way.show(view, link.address, "extract")
        if link.note:
            st.caption(link.note)
        if not link.programs:
            return
        tabs = st.tabs([program.name for program in link.programs])
        for tab, program in zip(tabs, link.programs, strict=True):
            with tab:
                messages.show_steps(program.pasted)
        with tabs[-1]:
            st.markdown(link.more)
