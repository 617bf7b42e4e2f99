"""`private/providers.toml`: the OpenID Connect providers by which people sign in. It holds secrets: it is private."""

import logging
import os
import re
import tomllib
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from dashboard.access.roles_file import ENTRA, GOOGLE, OIDC
from dashboard.access.roles_file import PROVIDERS as NAME
from dashboard.errors import UserError
from dashboard.i18n import N_

LOG = logging.getLogger(__name__)
WELL_KNOWN = "/.well-known/openid-configuration"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GRAPH = "https://graph.microsoft.com/v1.0"


class Provider(BaseModel):
    """One provider.

    Attributes:
        provider_id: What `roles.toml` and the address of its callback call it.
        kind: `entra`, `google`, or `oidc` for any other.
        name: What the button says.
        tenant: Of Entra: the directory's id.
        discovery: The address of its description; Entra's and Google's are known.
        issuer: Who it says that it is, where that is not the address of its description without the well-known end.
        client_secret: Its secret, or
        client_secret_env: the environment variable that holds it.
        scopes: What it is asked for beside `openid`; Entra is asked for `User.Read` too, to look up groups.
        graph: Where Entra is asked for the groups of somebody who is in too many for a token.
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
        """What the button says."""
        return self.name or {ENTRA: "Microsoft", GOOGLE: "Google"}.get(self.kind, self.provider_id)

    @property
    def metadata_url(self) -> str:
        """The address of its description."""
        if self.discovery:
            return self.discovery
        if self.kind == GOOGLE:
            return f"https://accounts.google.com{WELL_KNOWN}"
        return f"https://login.microsoftonline.com/{self.tenant}/v2.0{WELL_KNOWN}"

    @property
    def stated_issuer(self) -> str:
        """Who it has to say that it is."""
        return self.issuer or self.metadata_url.removesuffix(WELL_KNOWN)

    @property
    def all_scopes(self) -> str:
        """What it is asked for."""
        extra_scopes = ("User.Read",) if self.kind == ENTRA else ()
        return " ".join(dict.fromkeys(("openid", *self.scopes, *extra_scopes)))

    def find_secret(self) -> str:
        """The client's secret."""
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
        has_file: Whether there is such a file, faulty or not: then nobody is let in without signing in.
    """

    usable: tuple[Provider, ...]
    has_file: bool
    problem: UserError | None = None

    def find(self, provider_id: str) -> Provider | None:
        """The provider of an id."""
        return next((one for one in self.usable if one.provider_id == provider_id), None)


_cache: dict[Path, tuple[tuple[int, int] | None, Providers]] = {}


def find_providers(campaign: Path) -> Providers:
    """The providers of a campaign, read anew where the file has changed."""
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
    """The providers of a file.

    Raises:
        UserError: it is no such file; its words name no secret.
    """
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig"))).provider
    except OSError as error:
        raise UserError(f"{NAME} cannot be read: {error.strerror}.", _REMEDY) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{NAME} is no TOML: {error}.", _REMEDY) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ", ".join(f"provider {part + 1}" if isinstance(part, int) else part for part in first["loc"][1:])
        raise UserError(f"{NAME}: {place}: {str(first['msg']).removeprefix('Value error, ')}.", _REMEDY) from None


_REMEDY = N_("Correct it; docs/security.md has an example.")
