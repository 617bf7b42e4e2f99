"""`private/providers.toml`: the OpenID Connect providers by which people sign in; it holds secrets.

Also what their tokens say of a person, as far as a role can rest on it.
"""

import logging
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from dashboard.access.roles_file import ENTRA, GOOGLE, OIDC, Identity, say_fault
from dashboard.access.roles_file import PROVIDERS as NAME
from dashboard.errors import UserError
from dashboard.i18n import N_

LOG = logging.getLogger(__name__)
WELL_KNOWN = "/.well-known/openid-configuration"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GRAPH = "https://graph.microsoft.com/v1.0"

GROUPS = "groups"
KEPT = (GROUPS, "roles")
"""The claims that are kept in any case; others where `roles.toml` names them."""
MOST_VALUES = 5_000
LONGEST_NAME = 120


class Provider(BaseModel):
    """One provider.

    Attributes:
        provider_id: Its id in `roles.toml` and in the address of its callback.
        kind: `entra`, `google`, or `oidc` for any other.
        name: The text of its button.
        tenant: Of Entra: the directory's id.
        discovery: The address of its description; Entra's and Google's are built in.
        issuer: Its issuer, where that is not the address of its description without the well-known end.
        client_secret: Its secret, or
        client_secret_env: the environment variable that holds it.
        scopes: The scopes asked for beside `openid`; Entra gets `User.Read` too, to look up groups.
        graph: Where Entra lists the groups of somebody who is in too many for a token.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    provider_id: str = Field(alias="id", pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")
    kind: Literal["entra", "google", "oidc"] = "oidc"
    name: str = ""
    tenant: str = ""
    discovery: str = ""
    issuer: str = ""
    client_id: str = Field(min_length=1)
    client_secret: SecretStr = SecretStr("")
    client_secret_env: str = ""
    scopes: tuple[str, ...] = ("profile", "email")
    graph: str = GRAPH

    @field_validator("tenant")
    @classmethod
    def _small(cls, text: str) -> str:
        return text.lower()

    @model_validator(mode="after")
    def _is_whole(self) -> "Provider":
        if self.kind == ENTRA and not GUID.fullmatch(self.tenant):
            raise ValueError("tenant must be the directory's id, as 00000000-0000-0000-0000-000000000000")
        if self.kind == OIDC and not self.discovery:
            raise ValueError(f"discovery must be the address that ends in {WELL_KNOWN}")
        return self

    @property
    def label(self) -> str:
        """Return the text of the button."""
        return self.name or {ENTRA: "Microsoft", GOOGLE: "Google"}.get(self.kind, self.provider_id)

    @property
    def metadata_url(self) -> str:
        """Return the address of its description."""
        if self.discovery:
            return self.discovery
        if self.kind == GOOGLE:
            return f"https://accounts.google.com{WELL_KNOWN}"
        return f"https://login.microsoftonline.com/{self.tenant}/v2.0{WELL_KNOWN}"

    @property
    def stated_issuer(self) -> str:
        """Return the issuer that its tokens must state."""
        return self.issuer or self.metadata_url.removesuffix(WELL_KNOWN)

    @property
    def all_scopes(self) -> str:
        """Return the scopes to ask for."""
        extra_scopes = ("User.Read",) if self.kind == ENTRA else ()
        return " ".join(dict.fromkeys(("openid", *self.scopes, *extra_scopes)))

    def find_secret(self) -> str:
        """Find the client's secret."""
        return os.environ.get(self.client_secret_env, "") or self.client_secret.get_secret_value()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    provider: tuple[Provider, ...] = ()

    @field_validator("provider")
    @classmethod
    def _differ(cls, providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
        names = [one.provider_id for one in providers]
        if len(set(names)) < len(names):
            raise ValueError("two providers have one id")
        return providers


class Providers(NamedTuple):
    """The providers, and what is wrong with their file; None where nothing is.

    Attributes:
        has_file: Whether the file exists, faulty or not: then nobody is let in without signing in.
    """

    usable: tuple[Provider, ...]
    has_file: bool
    problem: UserError | None = None

    def find(self, provider_id: str) -> Provider | None:
        """Find the provider of an id."""
        return next((one for one in self.usable if one.provider_id == provider_id), None)


_REMEDY = N_("Correct it; docs/security.md has an example.")
_cache: dict[Path, tuple[tuple[int, int] | None, Providers]] = {}


def find_providers(campaign: Path) -> Providers:
    """Find the providers of a campaign; read them anew where the file has changed."""
    path = campaign / "private" / NAME
    try:
        stat = path.stat()
        mark = (stat.st_mtime_ns, stat.st_size)
    except OSError:
        return Providers((), has_file=False)
    before = _cache.get(path)
    if before is not None and before[0] == mark:
        return before[1]
    try:
        providers = Providers(_read(path), has_file=True)
    except UserError as error:
        LOG.error("%s", error)
        providers = Providers((), has_file=True, problem=error)
    _cache[path] = (mark, providers)
    return providers


def _read(path: Path) -> tuple[Provider, ...]:
    """Read the providers of a file.

    Raises:
        UserError: the file is faulty; its words name no secret.
    """
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig"))).provider
    except OSError as error:
        raise UserError(f"{NAME} cannot be read: {error.strerror}.", _REMEDY) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{NAME} is no TOML: {error}.", _REMEDY) from None
    except ValidationError as error:
        raise UserError(f"{NAME}: {say_fault(error, 'provider', 'provider')}.", _REMEDY) from None


def read_identity(
    provider: Provider, claims: Mapping[str, Any], claim_names: Iterable[str] = (), groups: Iterable[str] | None = None
) -> Identity:
    """Read the identity in a provider's token, after its signature, issuer, audience, age and nonce have been checked.

    `claim_names`: further claims by which `roles.toml` names people; dots lead into objects. `groups`: the groups,
    where they were fetched apart from the token.

    Raises:
        UserError: the token is of another tenant, or names nobody.
    """
    tenant, object_id = (_text(claims.get(name)).lower() for name in ("tid", "oid"))
    if provider.kind == ENTRA and (tenant != provider.tenant or not object_id):
        raise UserError(N_("This account belongs to another organisation."), N_("Sign in with an account of this one."))
    subject = _text(claims.get("sub"))
    if not subject:
        raise UserError(N_("The provider does not say who you are."), N_("Tell the operator of the dashboard."))
    identity_claims = {name: _values(claims, name) for name in dict.fromkeys((*KEPT, *claim_names))}
    if groups is not None:
        identity_claims[GROUPS] = tuple(groups)[:MOST_VALUES]
    if provider.kind == ENTRA:
        identity_claims[GROUPS] = tuple(group.lower() for group in identity_claims[GROUPS])
    return Identity(
        provider=provider.provider_id,
        kind=provider.kind,
        subject=subject,
        name=_text(claims.get("name"))[:LONGEST_NAME],
        address=_text(claims.get("email") or claims.get("preferred_username")).lower(),
        is_verified=claims.get("email_verified") is True and bool(claims.get("email")),
        hosted=_text(claims.get("hd")).lower() if provider.kind == GOOGLE else "",
        tenant=tenant if provider.kind == ENTRA else "",
        object_id=object_id if provider.kind == ENTRA else "",
        claims={name: values for name, values in identity_claims.items() if values},
    )


def has_too_many_groups(claims: Mapping[str, Any]) -> bool:
    """Whether Entra left the groups out because there are too many, and says where to ask for them."""
    names = claims.get("_claim_names")
    return bool(claims.get("hasgroups")) or (isinstance(names, Mapping) and GROUPS in names)


def suggest_entry(identity: Identity) -> str:
    """Suggest an entry of `roles.toml` for a person, which an administrator can copy."""
    if identity.kind == ENTRA:
        lines = {"tenant": identity.tenant, "object": identity.object_id}
    elif identity.own_address:
        lines = {"address": identity.own_address}
    else:
        lines = {"provider": identity.provider, "subject": identity.subject}
    fields = (f'{name} = "{_plain(value)}"' for name, value in lines.items())
    return "\n".join(["[[people]]", 'role = "reader"', *fields])


def _values(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """List the values of a claim, also of one inside others (`realm_access.roles`)."""
    claim: Any = claims.get(name)
    if claim is None and "." in name:
        claim = claims
        for part in name.split("."):
            claim = claim.get(part) if isinstance(claim, Mapping) else None
    values = claim if isinstance(claim, list | tuple) else [claim]
    return tuple(value for value in values if isinstance(value, str) and value)[:MOST_VALUES]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _plain(value: str) -> str:
    return "".join(sign for sign in value if sign.isprintable() and sign not in '"\\')
