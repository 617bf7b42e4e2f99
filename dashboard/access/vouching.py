"""What a provider's token says of somebody, as far as a role can rest on it."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.access.providers import Provider
from dashboard.access.roles_file import ENTRA, GOOGLE, Identity
from dashboard.errors import UserError
from dashboard.i18n import N_

GROUPS = "groups"
KEPT = (GROUPS, "roles")
"""The claims that are kept in any case; others where `roles.toml` names them."""
MOST_VALUES = 5_000
LONGEST_NAME = 120


def read_identity(
    provider: Provider, claims: Mapping[str, Any], claim_names: Iterable[str] = (), groups: Iterable[str] | None = None
) -> Identity:
    """The identity in a provider's token, whose signature, issuer, audience, age and nonce have been checked.

    Args:
        provider: Who made it.
        claims: What it says.
        claim_names: The names of further claims by which `roles.toml` names people; dots lead into objects.
        groups: The groups, where they were asked for apart from the token.

    Raises:
        UserError: it is of another tenant, or does not say who somebody is.
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
    """Whether Entra left the groups out because they are too many, and says where they can be asked for."""
    names = claims.get("_claim_names")
    return bool(claims.get("hasgroups")) or (isinstance(names, Mapping) and GROUPS in names)


def suggest_entry(identity: Identity) -> str:
    """An entry of `roles.toml` that is about somebody, for an administrator to take in."""
    if identity.kind == ENTRA:
        lines = {"tenant": identity.tenant, "object": identity.object_id}
    elif identity.own_address:
        lines = {"address": identity.own_address}
    else:
        lines = {"provider": identity.provider, "subject": identity.subject}
    fields = (f'{name} = "{_plain(value)}"' for name, value in lines.items())
    return "\n".join(["[[people]]", 'role = "reader"', *fields])


def _values(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The values of a claim, also of one inside others (`realm_access.roles`)."""
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
