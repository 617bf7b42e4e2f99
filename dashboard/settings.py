"""Settings: each is declared once, by its variable's name, its default, one sentence, and its allowed values.

`DASHBOARD_` and a field's name in capitals is its environment variable. The text below a field is its sentence in the
table of `docs/settings.md`, which `python -m dashboard.settings docs/settings.md` makes anew.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from dashboard.errors import UserError
from dashboard.paths import CAMPAIGN_FILE, IS_INSTALLED, SAMPLE_FOLDER, SHIPPED_CAMPAIGN

Network = IPv4Network | IPv6Network
Read = TypeVar("Read", bound="_Declaration")
NOBODY = "Dashboard <nobody@dashboard.invalid>"
"""The sender of mails that become files where no sender is set."""
STORES = ("s3", "s3a", "gs", "abfs", "abfss", "az", "azure", "file")
"""The schemes of object stores' addresses."""
_STORE = (
    "Write s3://bucket/campaign, gs://bucket/campaign, abfss://container@account.dfs.core.windows.net/campaign or "
    "file:///srv/copies."
)

_NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[?[0-9a-f:]*:[0-9a-f:.]*\]?")
_CONTACT = re.compile(r"(https://|tel:)[\x21-\x7e]+|(mailto:)?[^\s@:/<>]+@[^\s@:/<>]+", re.IGNORECASE)
_ANCESTOR = re.compile(r"\*|'self'|'none'|https?:|(https?://)?(\*\.)?[A-Za-z0-9.-]+(:([0-9]+|\*))?")


class SettingsError(UserError):
    """Settings have invalid values.

    Attributes:
        faults: By variable, the fault of its value and the remedy: two sentences.
    """

    def __init__(self, faults: Mapping[str, tuple[str, str]]) -> None:
        """Tell all of them; the last one's remedy is the error's."""
        *first_faults, (what, remedy) = faults.values()
        super().__init__("\n".join([*map(" ".join, first_faults), what]), remedy)
        self.faults = dict(faults)


def _refuse(what: str, remedy: str) -> ValueError:
    """Make the error of a check: the rest of a sentence that begins with the variable's name, and a sentence."""
    return ValueError(what, remedy)


def _check_address(text: str) -> str:
    """Check an address of this program; return it without a slash at its end."""
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that are none
        is_address = False
    if not is_address or parts.query or parts.fragment or parts.username or parts.password:
        raise _refuse("is no address of a site", "Write https://figures.example.org, with a path where there is one.")
    return text.rstrip("/")


def _check_store(text: str) -> str:
    """Check an object store's address; return it without a slash at its end. A secret in it is not repeated."""
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that are none
        raise _refuse("is no address of an object store", _STORE) from None
    if text and (parts.query or parts.fragment or parts.password or (parts.username and "abfs" not in parts.scheme)):
        raise _refuse(
            "holds more than an address",
            "Give credentials as the cloud's own programs take them (docs/operations.md), never in the address.",
        )
    place = parts.path.startswith("/") and not parts.netloc if parts.scheme == "file" else bool(parts.netloc)
    if text and (parts.scheme not in STORES or not place):
        raise _refuse(f"is {text!r}, which is no address of an object store", _STORE)
    return text.rstrip("/")


def _check_ancestors(text: str) -> str:
    """Read the sites for a content policy; an item that is no site would open or break the policy."""
    sites = text.replace(",", " ").split()
    for site in sites:
        if not _ANCESTOR.fullmatch(site):
            raise _refuse(
                f"names {site!r}, which is no site", "Write sites as https://example.org, with spaces between them."
            )
    return " ".join(sites)


def _check_server_name(text: str) -> str:
    """Check a name that goes into a cookie as it is."""
    if text and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", text):
        raise _refuse(f"is {text!r}", "Use up to 32 small letters, digits and hyphens, as 8501 or left-1.")
    return text


def _check_hash(text: str) -> str:
    if text and not text.startswith("$argon2"):
        raise _refuse(
            "is no hash",
            "Make one by `python -m dashboard hash-password`; put it between single quotes, for it has dollar signs.",
        )
    return text


def read_campaign(folder: str | Path) -> Path:
    """Return a folder as seen from where the program was started; `data` is the shipped campaign.

    An installed program writes nothing beside itself: for it, `data` is the campaign in whose folder it was started,
    else the sample that `actions-dashboard start` has put there.
    """
    if str(folder) != "data" or (IS_INSTALLED and (Path.cwd() / folder / CAMPAIGN_FILE).is_file()):
        return Path(folder).resolve()
    if not IS_INSTALLED:
        return SHIPPED_CAMPAIGN
    started_in = Path.cwd()
    return started_in if (started_in / CAMPAIGN_FILE).is_file() else started_in / SAMPLE_FOLDER


def _read_folders(text: str) -> tuple[Path, ...]:
    """Read whole paths, separated as in PATH."""
    folders = tuple(Path(name.strip()) for name in text.split(os.pathsep) if name.strip())
    for folder in folders:
        if not folder.is_absolute():
            raise _refuse(
                f"names {str(folder)!r}, which is no whole path",
                f"Write folders as /srv/shared/registers, with {os.pathsep} between them.",
            )
    return folders


def _read_names(text: str) -> tuple[str, ...]:
    """Read names of hosts in small letters, IPv6 addresses without brackets; `*.` before a name covers all below it."""
    names = tuple(text.lower().replace(",", " ").split())
    for name in names:
        if not _NAME.fullmatch(name):
            raise _refuse(
                f"names {name!r}, which is no name of a host",
                "Write names as figures.example.org, without https:// and port, with spaces between them.",
            )
    return tuple(name.strip("[]") for name in names)


def _read_networks(text: str) -> tuple[Network, ...]:
    """Read networks; an address alone is one too."""
    networks = []
    for item in text.replace(",", " ").split():
        try:
            networks.append(ip_network(item, strict=False))
        except ValueError:
            raise _refuse(
                f"names {item!r}, which is neither an address nor a network",
                "Write addresses as 127.0.0.1 or networks as 10.0.0.0/8, with spaces between them.",
            ) from None
    return tuple(networks)


def _read_contacts(text: str) -> tuple[str, ...]:
    """Read addresses as links, one of mail with `mailto:`."""
    contacts = text.replace(",", " ").split()
    for contact in contacts:
        if not (_CONTACT.fullmatch(contact) and contact.isascii()):
            raise _refuse(
                f"names {contact!r}, which is no address", "Write security@example.org or https://example.org/report."
            )
    return tuple(c if ":" in c else f"mailto:{c}" for c in contacts)


def _read_contact(text: str) -> str:
    """Read the first of them; empty for none."""
    return "".join(_read_contacts(text)[:1])


def _lower(text: str) -> str:
    return text.strip().lower()


Number = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
Secret = Annotated[str, Field(repr=False)]
Password = Annotated[str, StringConstraints(strip_whitespace=False), Field(repr=False)]


class _Declaration(BaseSettings):
    """The rules of every setting: an empty variable means the default, and a value never changes once it is read."""

    model_config = SettingsConfigDict(
        env_prefix="DASHBOARD_",
        enable_decoding=False,
        frozen=True,
        str_strip_whitespace=True,
        validate_default=False,
        use_attribute_docstrings=__name__ == "__main__",  # for the table; reading them takes longer than all else here
    )


class Settings(_Declaration):
    """The settings in force."""

    campaign: Annotated[Path, BeforeValidator(read_campaign)] = Field(Path("data"), validate_default=True)
    """Folder of the campaign that the pages show."""
    base_url: Annotated[str, AfterValidator(_check_address)] = "http://127.0.0.1:8501"
    """Public address of the dashboard, which stands in extracts, previews, feeds, the sitemap and oEmbed."""
    public_names: Annotated[tuple[str, ...], BeforeValidator(_read_names)] = ()
    """Further host names of the dashboard, as `figures.example.org 192.0.2.7 *.intern.example.org`."""
    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(_read_networks)] = ()
    """Addresses or networks of the proxies before the dashboard, as `127.0.0.1 10.0.0.0/8`; only their
    `X-Forwarded-For`, `X-Forwarded-Host` and `X-Forwarded-Proto` count."""
    server_name: Annotated[str, AfterValidator(_check_server_name)] = ""
    """Name of this server among several behind one proxy, as `8501`: small letters, digits and hyphens. A cookie
    of each page carries it."""
    metrics_token: Secret = ""
    """Bearer token that opens `/metrics`; without one only this computer reads it, by no proxy."""
    work_per_minute: Number = 1200
    """What one client may have made anew in a minute; `0`: no limit."""
    requests_per_second: Number = 50
    """Requests of one client in a second; `0`: no limit."""
    pages_per_client: Number = 300
    """Open pages of one client; `0`: no limit."""
    clicks_per_second: Number = 10
    """Clicks of one client in a second, in all its pages; `0`: no limit."""
    cache_mb: Number = 128
    """Memory kept for answers to repeated queries, in MB."""
    database_mb: AtLeastOne = 2000
    """Memory of the database behind the pages, for each open build, in MB; what is more goes to the disk."""
    staff_password: Password = ""
    """Password of the staff pages."""
    staff_password_hash: Annotated[Secret, AfterValidator(_check_hash)] = ""
    """Its hash, which `python -m dashboard hash-password` makes: the password itself then stands nowhere."""
    session_idle_minutes: AtLeastOne = 120
    """Minutes without use after which somebody is signed out."""
    session_hours: AtLeastOne = 12
    """Hours after which somebody is signed out at the latest."""
    staff: Annotated[Literal["closed", "open"], BeforeValidator(_lower)] = "closed"
    """`open` opens the staff pages to everyone, unless a password or a provider is set: for your own computer.
    `make run` sets it."""
    upload_mb: AtLeastOne = 200
    """Largest file that the upload page takes, in MB."""
    evidence_mb: AtLeastOne = 2_000
    """Room for the files that stakeholders hand in with their reports, in MB."""
    frame_ancestors: Annotated[str, AfterValidator(_check_ancestors)] = "*"
    """Sites that may put charts into their pages, as `https://example.org https://*.example.net`; `*`: all."""
    builds_kept: AtLeastOne = 10
    """Builds that are kept with their inputs and contacts, the published one included."""
    store: Annotated[str, AfterValidator(_check_store)] = ""
    """Object store of finished builds, as `s3://bucket/campaign`, `gs://…`, `abfss://…` or `file:///…`."""
    store_seconds: AtLeastOne = 3
    """Seconds after which a server without an inbox looks for a new build there."""
    backup_to: Path | None = None
    """Folder for backups, unless `etl backup --to` names another; best on another computer's disk."""
    backups_kept: Number = 14
    """Backups that such a folder keeps; `0`: all."""
    backup_passphrase: Password = ""
    """Passphrase that seals the personal data in a backup; only `etl backup` and `etl restore-backup` read it."""
    draft_days: Number = 7
    """Days for previews that nobody published; one that was stopped is kept a day."""
    mail_days: Number = 90
    """Days for mails written as files, and for the addresses of mails that went out."""
    asked_days: Number = 1095
    """Days for the record of letters: which went out, about which actions, which came back or failed; and for reports
    by link after their decision."""
    audit_days: Number = 1095
    """Days for the audit log."""
    set_aside_days: Number = 90
    """Days for files of the inbox that an upload replaced and no build has, and for those of reports set aside."""
    former_days: Number = 30
    """Days for a folder that restoring a backup put aside."""
    temporary_hours: Number = 24
    """Hours for temporary files that killed processes left."""
    link_days: Number = 90
    """Days for which a signed link holds, unless its maker chooses another day."""
    link_most_days: AtLeastOne = 730
    """Most days for which a signed link can hold."""
    smtp_host: str = ""
    """Mail server; without one, mails are written as `.eml` files to `private/mails/`."""
    smtp_port: Annotated[int, Field(ge=1, le=65_535)] = 587
    """Its port."""
    smtp_security: Annotated[Literal["starttls", "tls", "none"], BeforeValidator(_lower)] = "starttls"
    """`starttls`, `tls` (from the first byte, mostly on port 465) or `none` (on this computer or a closed
    network)."""
    smtp_user: str = ""
    """Its user, if it asks for one."""
    smtp_password: Password = ""
    """That user's password; only processes that send mails get it."""
    smtp_from: str = ""
    """Sender of the mails, as `2021 Actions <news@example.org>`; bounces go there too."""
    smtp_portion: AtLeastOne = 100
    """Mails over one connection."""
    smtp_per_minute: Number = 0
    """Most mails in a minute; `0`: no limit."""
    ca_file: str = ""
    """PEM file of authorities whose certificates count besides the system's, for mails and for requests to other
    servers."""
    source_networks: str = ""
    """Hosts and networks of your own that sources may be fetched from, as `kobo.intern.example.org 10.1.0.0/16`;
    all others must be public and encrypted."""
    source_folders: Annotated[tuple[Path, ...], BeforeValidator(_read_folders)] = ()
    """Folders of this computer that sources may take files from, as `/srv/shared/registers:/mnt/partners`; none
    may lie in a campaign folder."""
    source_mb: AtLeastOne = 500
    """Largest file that a source may send, in MB."""
    security_contact: Annotated[tuple[str, ...], BeforeValidator(_read_contacts)] = ()
    """Addresses for those who find a weakness, as `security@example.org https://example.org/report`, in
    `/.well-known/security.txt`; without one there is no such file."""
    security_policy: Annotated[str, AfterValidator(_read_contact)] = ""
    """Address of the page that says how reports are dealt with, in the same file."""
    newsletter: Annotated[Literal["off", "on"], BeforeValidator(_lower)] = "off"
    """`on` lets readers sign up for the newsletter; without a mail server staff send its files by hand. `make run`
    sets it."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings of `environment` (default: the process's own, which is read once, until `read_again`).

        Raises:
            SettingsError: at least one value is invalid.
        """
        return _read_own() if environment is None else _read(cls, environment)

    @property
    def staff_is_open(self) -> bool:
        """Whether the staff pages are open to everyone, unless there is a way to sign in."""
        return self.staff == "open"

    @property
    def has_newsletter(self) -> bool:
        """Whether readers can sign up."""
        return self.newsletter == "on"

    @property
    def mail_sender(self) -> str:
        """The sender of mails; `NOBODY` where none is set."""
        return self.smtp_from or NOBODY


class LogSettings(_Declaration, env_prefix="DASHBOARD_LOG_"):
    """The operator's settings of logs; apart, since a wrong one stops no program."""

    format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = "text"
    """`json` writes the log as one JSON object a line, for programs that collect logs."""
    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    """Least level that is logged: `debug`, `info`, `warning` or `error`."""
    file: Annotated[Path, AfterValidator(Path.absolute)] | None = None
    """File that the log goes to besides standard error; a new one begins every day."""
    days: Number = 30
    """Days for these files."""

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None
    ) -> "tuple[LogSettings, SettingsError | None]":
        """Read those of `environment` (default: the process's own), and their faults: there the default holds."""
        env = os.environ if environment is None else environment
        try:
            return _read(cls, env), None
        except SettingsError as error:
            return _read(cls, {name: text for name, text in env.items() if name not in error.faults}), error


def _list_fields(declaration: type[_Declaration]) -> Iterator[tuple[str, FieldInfo]]:
    """List the variables of a declaration, each with its field."""
    for name, field in declaration.model_fields.items():
        yield f"{declaration.model_config['env_prefix']}{name}".upper(), field


FIELDS = dict([*_list_fields(Settings), *_list_fields(LogSettings)])
"""All settings: the variable's name, and the field with default and sentence (`description`)."""
SECRETS = frozenset(name for name, field in FIELDS.items() if not field.repr)
"""The variables with secret values."""
OTHERS = frozenset({"DASHBOARD_ACTOR", "DASHBOARD_CHROMIUM", "DASHBOARD_SETTINGS_FILE"})
"""Variables of the program that are no settings: the acting user, the browser of tests, the file of the services."""


@cache
def _read_own() -> Settings:
    return _read(Settings, os.environ)


def read_again() -> None:
    """Have the process's own settings read anew; called by whatever changes its environment or working directory."""
    _read_own.cache_clear()


def _read(declaration: type[Read], environment: Mapping[str, str]) -> Read:
    source = EnvSettingsSource(declaration)
    source.env_vars = {name.lower(): text for name, text in environment.items() if text}
    try:
        return declaration(_build_sources=((source,), {}))
    except ValidationError as error:
        prefix = declaration.model_config["env_prefix"]
        faults = [(f"{prefix}{fault['loc'][0]}".upper(), fault) for fault in error.errors(include_url=False)]
    raise SettingsError({name: _explain(name, fault) for name, fault in faults})  # outside, for it knows no secret


def _explain(variable: str, fault: Mapping[str, Any]) -> tuple[str, str]:
    """Explain the fault of a variable's value, and the remedy."""
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        what, remedy = context["error"].args
        return f"{variable} {what}.", remedy
    what = f"{variable} is {fault['input']!r}."
    if fault["type"] == "literal_error":
        allowed = context["expected"].replace("'", "").replace(" or ", ", ")
        return what, f"It can be one of: {allowed}."
    if "ge" in context or "le" in context:
        least, most = context.get("ge"), context.get("le")
        return what, f"Write a whole number, {least} at least." if most is None else f"The most is {most}."
    return what, "Write a whole number."


def is_of_source(variable: str) -> bool:
    """Return whether a variable is a source's secret or its host; only processes that fetch get these."""
    return variable.startswith("DASHBOARD_SOURCE_") and variable not in FIELDS


def make_table() -> str:
    """Make the table of all settings for `docs/settings.md`; needs this module run as the program."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in FIELDS.items():
        default = f"`{field.default}`" if field.default not in ("", None, ()) else "none"
        lines.append(f"| `{name}` | {default} | {' '.join((field.description or '').split())} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(
        re.sub(r"\| variable \| default .*\n(\|.*\n)+", lambda _: make_table(), page.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
