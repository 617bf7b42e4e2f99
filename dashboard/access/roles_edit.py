"""Change `roles.toml` by a command or a click; the rest of the file stays as it was written, with its remarks.

The former text is kept beside the file, so that the last change can be undone. No change removes the last
administrator.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from dashboard.access.roles_file import FORMER, NAME, Roles, Rule, parse, path_of
from dashboard.errors import UserError
from dashboard.ground.files import locking
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.i18n import N_

LOCK = ".roles.lock"
LOCK_SECONDS = 10
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
    """A change of the file, to be checked before it is made.

    Attributes:
        before: The text that it changes; if the file has another text by then, the change is refused.
    """

    before: str
    after: str

    @property
    def roles(self) -> Roles:
        """Return the roles after the change."""
        return parse(self.after.encode())


def read_text(campaign: Path) -> str:
    """Read the file's text; where there is no file, what a new one begins with.

    Raises:
        UserError: the file cannot be read.
    """
    try:
        return path_of(campaign).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return HEAD
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{NAME} cannot be read.", N_("Correct it by hand.")) from error


def add(campaign: Path, values: dict[str, str]) -> Change:
    """Add an entry, of fields as the file has them.

    Raises:
        UserError: it names nobody in a way that the file knows, or exists already.
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
    """Remove an entry.

    `number`: its place, from 0 on. `expected`: its text.

    Raises:
        UserError: its text has changed, or no administrator would remain.
    """
    before = read_text(campaign)
    document, people = _open(before)
    _check_place(before, number, expected)
    del people[number]
    return _make(before, document)


def give(campaign: Path, number: int, expected: Rule, role: str) -> Change:
    """Give another role to those whom an entry names; arguments and errors as of `remove`."""
    before = read_text(campaign)
    document, people = _open(before)
    _check_place(before, number, expected)
    people[number]["role"] = role
    return _make(before, document)


def close(campaign: Path, *, closed: bool) -> Change:
    """Close the campaign, or open it again.

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
    """Make a change in one step; the former text is kept.

    Raises:
        UserError: the file has changed meanwhile, is in use, or cannot be written.
    """
    path = path_of(campaign)
    refusal = UserError(N_("The roles are being changed by somebody else."), N_("Try again in a minute."))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locking.hold(path.with_name(LOCK), LOCK_SECONDS, refusal):
            if read_text(campaign) != change.before:
                raise UserError(N_("The roles were changed meanwhile."), N_("Check them again."))
            if path.exists():
                write_file(path.with_name(FORMER), change.before, PRIVATE, is_shared=True)
            write_file(path, change.after, PRIVATE, is_shared=True)
    except OSError as error:
        raise UserError(f"{NAME} cannot be written: {error.strerror}.", N_("Make room there.")) from error


def take_back(campaign: Path) -> Change | None:
    """Undo the last change; None where no former text is kept, or it would be faulty."""
    former = path_of(campaign).with_name(FORMER)
    try:
        after, before = former.read_text(encoding="utf-8"), read_text(campaign)
        parse(after.encode())
    except (OSError, UserError):
        return None
    return Change(before, after) if after != before else None


def _open(text: str) -> tuple[tomlkit.TOMLDocument, Any]:
    """Open the file's document and its entries; refuse a file that is faulty already."""
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
