"""The secrets of a source: from the environment or from files of their owner alone, for one host and no other.

`DASHBOARD_SOURCE_<NAME>_HOST` says for which host they are; an administrator sets it beside them. So an address that
somebody types on a page, or writes into `campaign.toml`, cannot have a secret sent elsewhere.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.campaign.sources import NEEDED, SECRETS, Source
from dashboard.errors import UserError, map_text, sentence
from dashboard.i18n import N_

SHORTEST_HIDDEN = 4
"""Letters of a secret that is looked for in what is said; shorter ones would make words unreadable."""


class SecretError(UserError):
    """A secret is missing, may be read by others, or is for another host."""


@dataclass(frozen=True)
class Credentials:
    """The secrets of one source, and the one host that they may be sent to; nothing prints them."""

    host: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, kind: str) -> str:
        """One of them; empty where it is not set."""
        return self.values.get(kind, "")

    def hide(self, text: str) -> str:
        """A text without them, for whatever is said, written or logged; a sentence stays one."""
        return map_text(text, self._hide)

    def clean(self, error: UserError) -> UserError:
        """What a fault says, without them."""
        return UserError(self.hide(error.what), self.hide(error.remedy))

    def _hide(self, text: str) -> str:
        for value in sorted(self.values.values(), key=len, reverse=True):
            if len(value) >= SHORTEST_HIDDEN:
                text = text.replace(value, "…")
        return text


def read_credentials(source: Source, environment: Mapping[str, str] | None = None) -> Credentials:
    """The secrets of a source, from the program's environment where no other is given.

    Raises:
        SecretError: one that the tool needs is missing, a file of one may be read by others, or they are for another
            host than the source's.
    """
    variables = os.environ if environment is None else environment
    values = {kind: value for kind in SECRETS[source.tool] if (value := _read(source, kind, variables))}
    missing = [source.variables + kind for kind in NEEDED.get(source.tool, ()) if kind not in values]
    if missing:
        what = N_("{variable} is not set.") if len(missing) == 1 else N_("{variable} and {other} are not set.")
        raise SecretError(
            sentence(what, variable=missing[0], other=missing[-1]),
            sentence(
                N_(
                    "Set what is missing for this program, or {variable}_FILE to a file that only its user can read "
                    "(docs/sources.md says how to get one with the least rights)."
                ),
                variable=missing[0],
            ),
        )
    if not values and source.tool not in NEEDED:
        return Credentials()
    host = variables.get(f"{source.variables}HOST", "").strip().lower()
    if not host:
        raise SecretError(
            N_("The secret of this source is bound to no host."),
            sentence(
                N_("Set {variable}={host}, so that it is never sent anywhere else."),
                variable=f"{source.variables}HOST",
                host=source.host,
            ),
        )
    if host != source.host:
        raise SecretError(
            sentence(
                N_("The secret of this source is for {host}, and its address names {other}."),
                host=host,
                other=source.host,
            ),
            sentence(
                N_("Correct the address, or have an administrator set {variable}."), variable=f"{source.variables}HOST"
            ),
        )
    return Credentials(host, values)


def _read(source: Source, kind: str, variables: Mapping[str, str]) -> str:
    """One secret, from its variable or the file that another variable names, which others must not read."""
    variable = source.variables + kind
    if variables.get(variable, "").strip():
        return variables[variable].strip()
    name = variables.get(f"{variable}_FILE", "")
    if not name:
        return ""
    path = Path(name)
    try:
        status = path.stat()
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        what = sentence(N_("The file of {variable} cannot be read."), variable=f"{variable}_FILE")
        raise SecretError(what, N_("Correct its path or its rights.")) from error
    if os.name != "nt" and stat.S_IMODE(status.st_mode) & 0o077:
        raise SecretError(
            sentence(N_("Others can read the file of {variable}."), variable=f"{variable}_FILE"),
            sentence(N_("Take their rights away: chmod 600 {path}"), path=str(path)),
        )
    if not text:
        what = sentence(N_("The file of {variable} is empty."), variable=f"{variable}_FILE")
        raise SecretError(what, N_("Write the secret into it."))
    return text
