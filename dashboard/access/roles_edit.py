"""`roles.toml` changed by a command or a click: what stands in it stays as it was written, remarks too.

The former text is kept beside it, so that the last change can be taken back. No change takes the last administrator
away.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from dashboard.access.roles_file import FORMER, NAME, Roles, Rule, parse, path_of
from dashboard.errors import UserError
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.i18n import N_

HEAD = """\
# Who may do what on this dashboard. It is read anew when it has changed; `python -m dashboard roles` checks it.
#
# closed = true      closes the campaign: nothing is shown to anybody who has not signed in and is not named here.
#
# Each [[people]] gives a role, reader, staff or administrator, to whom it names in one of these ways:
#   address = "sample.person@example.org"          where the provider says that the address is verified; never of Entra
#   domain = "example.org"                         all such addresses; of Google where it manages the domain's accounts
#   tenant = "…" and object = "…"                  of Microsoft Entra: the directory's id and the person's object id
#   tenant = "…" and group = "…"                   of Microsoft Entra: the directory's id and a group's object id
#   provider = "…" and subject = "…"               any provider of providers.toml: its own name (sub) of the person
#   provider = "…", claim = "…", value = "…"       any provider: a group or role that its tokens name
# note = "…" says why. Who is not named has no role; of several entries about somebody the highest role counts.

closed = false

"""


@dataclass(frozen=True)
class Change:
    """A change of the file, to be looked at before it is made.

    Attributes:
        before: The text that it changes; another one meanwhile, and it is not made.
        after: The text that it makes.
    """

    before: str
    after: str

    @property
    def roles(self) -> Roles:
        """What is said afterwards."""
        return parse(self.after.encode())


def read_text(campaign: Path) -> str:
    """The file's text; what a new one begins with where there is none.

    Raises:
        UserError: it cannot be read.
    """
    try:
        return path_of(campaign).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return HEAD
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{NAME} cannot be read.", N_("Correct it by hand.")) from error


def add(campaign: Path, values: dict[str, str]) -> Change:
    """An entry more, of fields as the file has them.

    Raises:
        UserError: it names nobody in a way that the file knows, or stands there already.
    """
    before = read_text(campaign)
    document, people = _open(before)
    table = tomlkit.table()
    for name, value in values.items():
        if value:
            table.add(name, value)
    people.append(table)
    change = _make(before, document)
    added, earlier_people = change.roles.people[-1], change.roles.people[:-1]
    if any(_names(rule) == _names(added) for rule in earlier_people):
        raise UserError(N_("They are already listed."), N_("Change the role of that entry."))
    return change


def remove(campaign: Path, number: int, expected: Rule) -> Change:
    """An entry less.

    `number`: its place, from 0 on. `expected`: what it says.

    Raises:
        UserError: it says something else by now, or nobody would be administrator.
    """
    before = read_text(campaign)
    document, people = _open(before)
    _check_place(before, number, expected)
    del people[number]
    return _make(before, document)


def give(campaign: Path, number: int, expected: Rule, role: str) -> Change:
    """Another role for whom an entry names; arguments and errors as of `remove`."""
    before = read_text(campaign)
    document, people = _open(before)
    _check_place(before, number, expected)
    people[number]["role"] = role
    return _make(before, document)


def close(campaign: Path, *, closed: bool) -> Change:
    """The campaign closed, or opened again.

    Raises:
        UserError: nobody is named yet, so that it would be closed to everybody.
    """
    before = read_text(campaign)
    document, _ = _open(before)
    if "closed" not in document and "people" in document:  # before the entries, or it would belong to the last of them
        before_all = tomlkit.parse(f"closed = {str(closed).lower()}\n\n{tomlkit.dumps(document)}")
        change = _make(before, before_all)
    else:
        document["closed"] = closed
        change = _make(before, document)
    if closed and not change.roles.people:
        raise UserError(N_("Nobody is listed yet, so nobody could sign in."), N_("Add an administrator first."))
    return change


def carry_out(campaign: Path, change: Change) -> None:
    """Make a change, in one step; the former text is kept.

    Raises:
        UserError: the file has changed meanwhile, or cannot be written.
    """
    if read_text(campaign) != change.before:
        raise UserError(N_("The roles were changed meanwhile."), N_("Check them again."))
    path = path_of(campaign)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            write_file(path.with_name(FORMER), change.before, PRIVATE, is_shared=True)
        write_file(path, change.after, PRIVATE, is_shared=True)
    except OSError as error:
        raise UserError(f"{NAME} cannot be written: {error.strerror}.", N_("Make room there.")) from error


def take_back(campaign: Path) -> Change | None:
    """The last change taken back; None where nothing is kept, or it would be faulty."""
    former = path_of(campaign).with_name(FORMER)
    try:
        after, before = former.read_text(encoding="utf-8"), read_text(campaign)
        parse(after.encode())
    except (OSError, UserError):
        return None
    return Change(before, after) if after != before else None


def _open(text: str) -> tuple[tomlkit.TOMLDocument, Any]:
    """The file's document and its entries; refused where it is faulty as it is."""
    parse(text.encode())
    document = tomlkit.parse(text)
    if "people" not in document:
        document.append("people", AoT([]))
    return document, document["people"]


def _make(before: str, document: tomlkit.TOMLDocument) -> Change:
    text = tomlkit.dumps(document)
    change = Change(before, text if text.endswith("\n") else f"{text}\n")
    had, has = (
        any(rule.role == "administrator" for rule in roles.people) for roles in (parse(before.encode()), change.roles)
    )
    if had and not has:
        raise UserError(N_("This is the last administrator."), N_("Make somebody else administrator first."))
    return change


def _check_place(text: str, number: int, expected: Rule) -> None:
    people = parse(text.encode()).people
    if not 0 <= number < len(people) or people[number] != expected:
        raise UserError(N_("The roles were changed meanwhile."), N_("Check them again."))


def _names(rule: Rule) -> str:
    return rule.say()
