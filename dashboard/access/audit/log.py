"""The audit log: lines of JSON, a file for each month in `private/audit/`, only ever added to.

An act is recorded as begun before it is done, and with its outcome afterwards, under the same number. Where the first
line cannot be written, because the disk is full, the act is refused: nothing privileged is done unrecorded. A line is
on the disk when `record` returns. Servers and the command line write to one campaign at once.

The system's log (logger `dashboard.audit`) gets the same entries without the person's name and address: nobody could
erase a person there, and `person_key` says who it was.

The page that starts a process names the actor in its environment, which other users of the computer cannot see; without
that, the actor is whoever typed the command.
"""

import getpass
import json
import logging
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.access.audit.events import Event, Outcome
from dashboard.access.rights import COMMAND_LINE, Person, Role, SignInWay
from dashboard.errors import UserError
from dashboard.faults import computer_faults
from dashboard.ground.files import locking
from dashboard.ground.files.writing import sync_folder
from dashboard.ground.logs import request_id
from dashboard.ground.processes.runner import ACTOR
from dashboard.i18n import N_


class Actor(NamedTuple):
    """Who acts, and the request by which they do, where there is one."""

    person: Person
    request: str = ""


def write_actor(person: Person) -> dict[str, str]:
    """Write the environment of a process that acts for a person: that person and the number of the request."""
    actor = {
        "key": person.key,
        "name": person.name,
        "address": person.address,
        "role": person.role.name,
        "way": person.way.value,
        "request": request_id.current(),
    }
    return {ACTOR: json.dumps(actor)}


def find_actor(environment: Mapping[str, str] | None = None) -> Actor:
    """Find who acts in this process: the person its environment names, else the system's user on the command line."""
    text = (os.environ if environment is None else environment).get(ACTOR, "")
    try:
        actor = json.loads(text)
        person = Person(
            role=Role[actor["role"]],
            way=SignInWay(actor["way"]),
            key=str(actor["key"]),
            name=str(actor["name"]),
            address=str(actor["address"]),
        )
        return Actor(person, str(actor["request"]))
    except (ValueError, KeyError, TypeError):
        return Actor(replace(COMMAND_LINE, name=_find_user()))


def _find_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have a number only
        return str(os.getuid()) if hasattr(os, "getuid") else ""


FOLDER = "audit"
LOCK = ".lock"
LOCK_SECONDS = 20
LONGEST = 2_000
"""Characters of a text in an entry's details."""
MOST_LISTED = 50
HIDDEN = "[…]"
"""In place of a mail address, which no entry holds but that of who acts."""
LOGGER, FIELD = "dashboard.audit", "audit"
ABOUT_PEOPLE = frozenset({Event.ROLES_CHANGED, Event.INVITED, Event.REVOKED})
"""Acts that say nothing without whom they are about: of an address they keep its first letter and its domain."""
PERSONAL = ("person_name", "person_address")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@/\\]+@[^\s<>()\[\]\"',;:@/\\]+\.[^\s<>()\[\]\"',;:@/\\.]+")

Details = dict[str, Any]


class AuditError(UserError):
    """An act cannot be recorded, so it is not done."""


class Act:
    """An operation under way; its subject can be added while it runs.

    Attributes:
        is_quiet: Whether to leave out a refusal's sentence, because it may name a person.
    """

    def __init__(self, campaign: Path, person: Person, event: Event, request: str = "") -> None:
        """Start unrecorded."""
        self.campaign, self.person, self.event = campaign, person, event
        self.request = request or request_id.current()
        self.number = secrets.token_hex(8)
        self.about = ""
        self.details: Details = {}
        self.is_quiet = False

    def say(self, about: str = "", **details: object) -> None:
        """Set the subject: a short text (a file, a build, a decision), and further details by name."""
        self.about = about or self.about
        self.details |= details

    def write(self, outcome: Outcome) -> None:
        """Record the act as it stands.

        Raises:
            AuditError: the line cannot be written.
        """
        entry = {
            "act": self.number,
            "moment": _now(),
            "event": self.event.value,
            "outcome": outcome.value,
            "person_key": self.person.key,
            "person_name": self.person.name,
            "person_address": self.person.address,
            "role": self.person.role.name.lower(),
            "way": self.person.way.value,
            "about": _clean(self.about, self.event in ABOUT_PEOPLE),
            "details": _clean(self.details, self.event in ABOUT_PEOPLE),
            "request": self.request,
        }
        _append(self.campaign, entry)
        ship({name: value for name, value in entry.items() if name not in PERSONAL})


def record(
    campaign: Path,
    person: Person,
    event: Event,
    about: str = "",
    *,
    outcome: Outcome = Outcome.DONE,
    request: str = "",
    **details: object,
) -> None:
    """Record one act in one line; call it before doing the act.

    `about`: the subject in short: a file, a build, a decision. No contact of anybody. `request`: the id of the request
    by which they act, where there is one. `details`: more about it, as JSON takes it; texts that look like mail
    addresses are taken out.

    Raises:
        AuditError: the line cannot be written: then do not act.
    """
    act = Act(campaign, person, event, request)
    act.say(about, **details)
    act.write(outcome)


@contextmanager
def acting(
    campaign: Path, person: Person, event: Event, about: str = "", *, request: str = "", **details: object
) -> Iterator[Act]:
    """Record that the work inside begins, and whether it was done, refused (`UserError`) or failed.

    Arguments as in `record`; inside, `Act.say` adds what only the work finds out.

    Raises:
        AuditError: it cannot be recorded; nothing inside has been done.
    """
    act = Act(campaign, person, event, request)
    act.say(about, **details)
    act.write(Outcome.BEGUN)
    try:
        yield act
    except BaseException as error:
        is_refused = isinstance(error, UserError)
        act.say(why=str(error) if is_refused and not act.is_quiet else type(error).__name__)
        _end(act, Outcome.REFUSED if is_refused else Outcome.FAILED)
        raise
    _end(act, Outcome.DONE)


@contextmanager
def acting_here(campaign: Path, event: Event, about: str = "", **details: object) -> Iterator[Act]:
    """Record as `acting` does, for a command: the actor is named by its environment, else the user who typed it.

    Raises:
        OSError: the computer refuses, as for any file: commands have words for it.
        AuditError: the log is in use; in both cases nothing inside has been done.
    """
    person, request = find_actor()
    try:
        with acting(campaign, person, event, about, request=request, **details) as act, computer_faults():
            yield act
    except AuditError as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from None
        raise


def find_folder(campaign: Path) -> Path:
    """Return the folder of a campaign's log; it may not exist yet."""
    return campaign / "private" / FOLDER


@contextmanager
def hold(campaign: Path) -> Iterator[Path]:
    """Hold a campaign's log, so that nobody else writes; return its folder, which is made.

    Raises:
        AuditError: another program holds it for too long, or the folder cannot be written to.
    """
    folder = find_folder(campaign)
    refusal = AuditError(
        N_("The audit log is in use, so nothing could be recorded in it."), N_("Try again in a minute.")
    )
    try:
        for place in (folder.parent, folder):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.chmod(0o700)
        with locking.hold(folder / LOCK, LOCK_SECONDS, refusal, mode=0o600):
            yield folder
    except OSError as error:
        error.filename = error.filename or str(folder)
        raise AuditError(
            N_("The audit log cannot be written, so the request was not carried out: nothing is done unrecorded."),
            N_("Tell the operator of the dashboard: the disk may be full, or the folder private/audit read-only."),
        ) from error


def ship(entry: Mapping[str, Any]) -> None:
    """Send an entry to the system's log: in JSON as the field `audit`; it names the person by the key alone."""
    arguments = (entry["event"], entry["outcome"], entry["person_key"], entry["act"])
    logging.getLogger(LOGGER).info("%s: %s, by %s (act %s)", *arguments, extra={FIELD: dict(entry)})


def _end(act: Act, outcome: Outcome) -> None:
    """Record how an act ended; where that fails, its beginning stands, and the system's log says so."""
    try:
        act.write(outcome)
    except AuditError as error:
        level = logging.INFO if outcome is Outcome.REFUSED else logging.ERROR  # nothing was done, and the user knows it
        message = "The end of act %s (%s, %s) is not recorded: %s"
        logging.getLogger(__name__).log(level, message, act.number, act.event, outcome, error)


def _append(campaign: Path, entry: Mapping[str, Any]) -> None:
    """Append a line and sync it to the disk; one that does not fit whole leaves nothing behind."""
    line = (json.dumps(entry, ensure_ascii=False, default=str) + "\n").encode("utf-8", "replace")
    with hold(campaign) as folder:
        path = folder / f"{str(entry['moment'])[:7]}.jsonl"
        is_new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            size = os.fstat(handle).st_size
            if size and _last_byte(handle, size) != b"\n":  # a writer was killed in the middle of its line
                line = b"\n" + line
            try:
                _write_all(handle, line)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, size)
                raise
        finally:
            os.close(handle)
        if is_new:
            sync_folder(folder)


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _last_byte(handle: int, size: int) -> bytes:
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1)


def _clean(value: Any, hints: bool = False) -> Any:
    """Clean a value for an entry: mail addresses are hidden or shortened, long texts and lists cut."""
    if isinstance(value, str):
        return _ADDRESS.sub(_hint if hints else HIDDEN, value)[:LONGEST]
    if isinstance(value, Mapping):
        return {str(name): _clean(one, hints) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        values = [_clean(one, hints) for one in value]
        more = len(values) - MOST_LISTED
        return values if more <= 0 else [*values[:MOST_LISTED], f"+ {more}"]
    return value if value is None or isinstance(value, (bool, int, float)) else _clean(str(value), hints)


def _hint(match: re.Match[str]) -> str:
    """Shorten an address so that administrators still recognise its owner."""
    name, _, domain = match[0].partition("@")
    return f"{name[:1]}…@{domain}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
