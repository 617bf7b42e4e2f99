"""Letters to the campaign's secretariat, begun in the reader's own mail program: to report mistakes or find contacts.

Nothing is sent from here, and no stakeholder's address is shown: the secretariat passes on what it chooses. Without
an address of the campaign, nothing is offered.
"""

from typing import NamedTuple
from urllib.parse import quote, urlencode

from dashboard.ui.frame.view import View
from dashboard.ui.pieces.list_cells import Cell


class ActionName(NamedTuple):
    """An action in a letter: its title and its id."""

    title: str
    action_id: str


class Desk(NamedTuple):
    """The address for readers' letters, empty where the campaign has none; and the dashboard's address in letters."""

    address: str = ""
    site: str = ""


class Letter(NamedTuple):
    """A letter that is begun: its words as a link, its receiver, its subject and its lines.

    Attributes:
        name: The name of the link where its words alone are unclear.
    """

    words: str
    address: str
    subject: str
    lines: tuple[str, ...]
    intro: str = ""
    name: str = ""

    @property
    def mailto(self) -> str:
        """The letter as an address (RFC 6068)."""
        text = quote("\r\n".join(self.lines), safe="")
        return f"mailto:{quote(self.address, safe='@')}?subject={quote(self.subject, safe='')}&body={text}"

    @property
    def cell(self) -> Cell:
        """The link to it."""
        return Cell(self.name or self.words, self.words, url=self.mailto)


def offer_report(view: View, desk: Desk, action: ActionName, *, is_staff: bool) -> Letter | str:
    """Offer a letter that reports a mistake in an action; for staff, explain how to offer it where it is missing."""
    t = view.t
    if not desk.address:
        how = t("Readers can report errors here once campaign.toml gives an address: [publisher], email.")
        return how if is_staff else ""
    return Letter(
        t("Write to the secretariat"),
        desk.address,
        t("An error in action {id}", id=action.action_id),
        (*_name(view, desk, action), "", t("What is wrong, and how it should be:"), ""),
        intro=t("Something wrong here?"),
    )


def offer_contact(view: View, desk: Desk, action: ActionName, neighbour: ActionName) -> Letter:
    """Offer a letter that asks for contact with the stakeholder of another action.

    `action`: the action whose page the reader comes from.
    `neighbour`: the action whose stakeholder the reader would like to contact.
    """
    t = view.t
    lines = (
        t("We would like to get in touch with those behind this action:"),
        *_name(view, desk, neighbour),
        "",
        t("We come from this action, which is similar:"),
        *_name(view, desk, action),
        "",
        t("Who we are, and what we would like to know:"),
        "",
    )
    words = t("Get in touch through the secretariat")
    subject = t("Please put us in touch: actions {id} and {other}", id=action.action_id, other=neighbour.action_id)
    return Letter(words, desk.address, subject, lines, name=f"{words}, {neighbour.title}")


def _name(view: View, desk: Desk, action: ActionName) -> tuple[str, ...]:
    """Write an action's title, id and address, a line each."""
    place = f"{desk.site}/actions/{quote(action.action_id, safe='')}?{urlencode({'lang': view.lang})}"
    return action.title, view.t("Action ID: {id}", id=action.action_id), place
