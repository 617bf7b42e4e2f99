"""Letters to the campaign's secretariat, begun in the reader's own mail program: what is wrong, and being put in touch.

Nothing is sent from here, and no stakeholder's address is shown: the secretariat passes on what it thinks right. Where
the campaign names no address, nothing is offered.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import quote, urlencode

import streamlit as st

from dashboard.campaign.publisher import read_publisher
from dashboard.settings import Settings
from dashboard.ui.frame import link, staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages


class Named(NamedTuple):
    """An action in a letter: its title and its id."""

    title: str
    action_id: str


def find_address(view: View) -> str:
    """Whom readers may write to; empty where the campaign names nobody."""
    root = Settings.from_environment().campaign
    return read_publisher(root, is_fictional=view.snapshot.is_sample).email


def show_report(view: View, title: str, action_id: str) -> None:
    """Draw the way to say that something is wrong about an action; for staff, how to offer it where it is not."""
    t, address = view.t, find_address(view)
    if not address:
        if staff.may_open():
            messages.show_note(
                t("Readers can report errors here when campaign.toml names an address: [publisher], email.")
            )
        return
    subject = t("Something is wrong about action {id}", id=action_id)
    lines = [*_name(view, Named(title, action_id)), "", t("What is wrong, and how it should be:"), ""]
    words = escape(t("Write to the secretariat"))
    st.html(
        f'<p class="about to-secretariat"><strong>{escape(t("Something wrong here?"))}</strong> '
        f'<a href="{escape(_write(address, subject, lines))}">{words}</a></p>'
    )


def link_contact(view: View, address: str, asked: Named, other: Named) -> str:
    """The way to be put in touch with those who do another action, as HTML.

    Args:
        view: The page.
        address: The secretariat's.
        asked: The action that the reader comes from.
        other: The action of those that the reader would like to write to.
    """
    t = view.t
    subject = t("Please put us in touch: actions {id} and {other}", id=asked.action_id, other=other.action_id)
    lines = [
        t("We would like to get in touch with those who do this action:"),
        *_name(view, other),
        "",
        t("We come from this action, which is near it:"),
        *_name(view, asked),
        "",
        t("Who we are, and what we would like to know:"),
        "",
    ]
    words = t("Get in touch through the secretariat")
    letter = escape(_write(address, subject, lines))
    label = escape(f"{words}, {other.title}")
    return f'<a class="to-secretariat" href="{letter}" aria-label="{label}">{escape(words)}</a>'


def _name(view: View, action: Named) -> list[str]:
    """An action's title, id and address, a line each."""
    query = urlencode({"lang": view.lang})
    place = f"{link.site_address(view.page_id)}/actions/{quote(action.action_id, safe='')}?{query}"
    return [action.title, view.t("Action ID: {id}", id=action.action_id), place]


def _write(address: str, subject: str, lines: Sequence[str]) -> str:
    """A letter that is begun, as an address (RFC 6068)."""
    text = quote("\r\n".join(lines), safe="")
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}&body={text}"
