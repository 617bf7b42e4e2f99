"""`private/roles.toml`: who is administrator, staff or reader, and whether the campaign is closed.

Deny by default: a person who is not named has no role. The file is read anew when it has changed. A faulty file changes
nothing: the former one stays in force, and without a former one it lets nobody in. An empty file is faulty, since an
editor leaves one on a full disk; so is one that no longer closes a campaign which was closed. Where people sign in with
a provider and there is no file, the campaign is closed.
"""

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from dashboard.access.rights import Role
from dashboard.errors import UserError
from dashboard.i18n import N_

LOG = logging.getLogger(__name__)
NAME = "roles.toml"
FORMER = "roles.former.toml"
"""The file as it was before the last change by a command or a click."""
PROVIDERS = "providers.toml"
ENTRA, GOOGLE, OIDC = "entra", "google", "oidc"
LARGEST = 1_000_000

RoleName = Literal["reader", "staff", "administrator"]
ROLES: Mapping[str, Role] = {"reader": Role.READER, "staff": Role.STAFF, "administrator": Role.ADMINISTRATOR}


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a provider vouches for.

    Attributes:
        provider: The id of the provider in `providers.toml`.
        kind: `entra`, `google` or `oidc`.
        subject: The provider's own name of the person, which never changes.
        address: Their mail address, in small letters, as the provider states it.
        hosted: The organisation's domain that Google says manages the account (`hd`).
        tenant: Of Entra: the tenant's id.
        object_id: Of Entra: the person's object id.
        claims: Groups, roles and other claims that `roles.toml` asks for, each with its values.
    """

    provider: str = ""
    kind: str = ""
    subject: str = ""
    name: str = ""
    address: str = ""
    is_verified: bool = False
    hosted: str = ""
    tenant: str = ""
    object_id: str = ""
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Identity":
        """Read an identity that was stored as JSON."""
        claims = {str(name): tuple(map(str, texts)) for name, texts in values.get("claims", {}).items()}
        return cls(**{**values, "claims": claims})

    @property
    def key(self) -> str:
        """Return the key that names the person wherever they come back."""
        if self.kind == ENTRA:
            return f"{self.provider}:{self.tenant}:{self.object_id}"
        return f"{self.provider}:{self.subject}"

    @property
    def own_address(self) -> str:
        """Return the address if the provider vouches for it; never Entra's, whose tenants write their own."""
        return self.address if self.is_verified and self.kind != ENTRA else ""


class Rule(BaseModel):
    """An entry of the file: a role, and for whom."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    role: RoleName
    address: str = ""
    domain: str = ""
    tenant: str = ""
    object_id: str = Field(default="", alias="object")
    group: str = ""
    provider: str = ""
    subject: str = ""
    claim: str = ""
    value: str = ""
    note: str = ""

    @field_validator("address", "domain", "tenant", "object_id", "group")
    @classmethod
    def _small(cls, text: str) -> str:
        return text.lower()

    @model_validator(mode="after")
    def _is_one_way(self) -> "Rule":
        fields = {name for name in WAYS_NAMED if getattr(self, name)}
        if fields not in map(set, FORMS):
            raise ValueError("it must name somebody in one of the ways that the file's head lists")
        if self.address and self.address.count("@") != 1:
            raise ValueError(f"{self.address!r} is no address")
        if self.domain and ("@" in self.domain or "." not in self.domain):
            raise ValueError(f"{self.domain!r} is no domain such as example.org")
        return self

    @property
    def given(self) -> Role:
        """Return the role that it gives."""
        return ROLES[self.role]

    def names(self, who: Identity) -> bool:
        """Whether it names a person."""
        address = who.own_address
        if self.address:
            return address == self.address
        if self.domain:
            return address.rpartition("@")[2] == self.domain and (who.kind != GOOGLE or who.hosted == self.domain)
        if self.tenant:
            is_there = who.kind == ENTRA and bool(who.tenant) and who.tenant == self.tenant
            is_named = self.group in who.claims.get("groups", ()) if self.group else who.object_id == self.object_id
            return is_there and is_named
        is_there = who.provider == self.provider
        return is_there and (
            self.value in who.claims.get(self.claim, ()) if self.claim else who.subject == self.subject
        )

    def say(self) -> str:
        """Describe for whom it is, in the words of the file."""
        pairs = ((name, getattr(self, name)) for name in WAYS_NAMED)
        return ", ".join(f"{'object' if name == 'object_id' else name} {value}" for name, value in pairs if value)


WAYS_NAMED = ("address", "domain", "tenant", "object_id", "group", "provider", "subject", "claim", "value")
FORMS = (
    ("address",),
    ("domain",),
    ("tenant", "object_id"),
    ("tenant", "group"),
    ("provider", "subject"),
    ("provider", "claim", "value"),
)
"""What an entry may name somebody by."""


class Roles(BaseModel):
    """The contents of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    closed: bool = False
    people: tuple[Rule, ...] = ()

    def role_of(self, who: Identity) -> Role:
        """Find the highest role that an entry gives a person; none where no entry names them."""
        return max((rule.given for rule in self.people if rule.names(who)), default=Role.STRANGER)

    @property
    def claims_asked(self) -> frozenset[str]:
        """List the claims by which entries name somebody."""
        return frozenset(rule.claim for rule in self.people if rule.claim)


NOTHING = Roles()
SHUT = Roles(closed=True)
"""In force where the file is faulty and none was in force before."""


class State(NamedTuple):
    """The roles in force, and what is wrong with the file as it stands; None where nothing is."""

    roles: Roles
    problem: UserError | None = None


_states: dict[Path, tuple[tuple[int, int] | None, State]] = {}


def find_roles(campaign: Path) -> State:
    """Find the roles in force in a campaign; read them anew where the file has changed."""
    path = path_of(campaign)
    try:
        stat = path.stat()
        mark = (stat.st_mtime_ns, stat.st_size)
    except OSError:
        mark = None
    before = _states.get(path)
    if before is not None and before[0] == mark:
        return before[1]
    state = _read_anew(path, None if before is None else before[1].roles, is_there=mark is not None)
    _states[path] = (mark, state)
    return state


def _read_anew(path: Path, in_force: Roles | None, *, is_there: bool) -> State:
    try:
        if not is_there and in_force not in (None, NOTHING):  # gone by mistake, it would open the campaign
            raise UserError(f"{NAME} is gone.", _OPENED)
        if not is_there and in_force is None and (path.parent / PROVIDERS).exists():
            raise UserError(f"There is {PROVIDERS} and no {NAME}: the campaign is closed.", _FIRST)
        roles = read(path)
        if in_force is not None and in_force.closed and "closed" not in roles.model_fields_set:
            raise UserError(f"{NAME} no longer says that the campaign is closed.", _OPENED)
        return State(roles)
    except UserError as error:
        LOG.error("%s What was in force stays so.", error)
        return State(SHUT if in_force is None else in_force, error)


def path_of(campaign: Path) -> Path:
    """Return the path of a campaign's file."""
    return campaign / "private" / NAME


def read(path: Path) -> Roles:
    """Read a file; empty roles where there is none."""
    try:
        text = path.read_bytes()[: LARGEST + 1]
    except FileNotFoundError:
        return NOTHING
    except OSError as error:
        raise UserError(f"{NAME} cannot be read: {error.strerror}.", _REMEDY) from error
    return parse(text)


def parse(text: bytes) -> Roles:
    """Parse a file's text."""
    try:
        entries = tomllib.loads(text.decode("utf-8-sig"))
        if not entries:
            raise UserError(f"{NAME} is empty.", _OPENED)
        return Roles.model_validate(entries)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{NAME} is no TOML: {error}.", _REMEDY) from error
    except ValidationError as error:
        raise UserError(f"{NAME}: {say_fault(error, 'people', 'entry')}.", _REMEDY) from error


def say_fault(error: ValidationError, entries: str, entry: str) -> str:
    """Describe the first fault of a TOML file and its place: the number of the entry of a list, its field."""
    first = error.errors(include_input=False, include_url=False)[0]
    loc = first["loc"][1:] if first["loc"][:1] == (entries,) else first["loc"]
    place = ", ".join(f"{entry} {part + 1}" if isinstance(part, int) else part for part in loc)
    words = str(first["msg"]).removeprefix("Value error, ")
    return f"{place}: {words}" if place else words


_OPENED = N_("Put it back as it was. `closed = false` says that the campaign is open.")
_FIRST = N_("Name the first administrator: `python -m dashboard roles add administrator`.")
_REMEDY = N_("Correct it; `python -m dashboard roles` says whether it can be read.")
