"""Settings: environment variables → one frozen object. `docs/settings.md` is tested against `SETTINGS`."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN


class Setting(NamedTuple):
    """One environment variable: its name, its default as text, and what it does."""

    variable: str
    default: str
    help: str


SETTINGS = (
    Setting("DASHBOARD_CAMPAIGN", "data", "Folder of the campaign that the pages show."),
    Setting(
        "DASHBOARD_BASE_URL",
        "http://127.0.0.1:8501",
        "Public address of the dashboard: it stands in extracts, previews, feeds, the sitemap and oEmbed.",
    ),
    Setting(
        "DASHBOARD_PUBLIC_NAMES",
        "",
        "Further host names under which the dashboard may be asked, as `figures.example.org 192.0.2.7 "
        "*.intern.example.org`; that of `DASHBOARD_BASE_URL` and this computer's own are always taken.",
    ),
    Setting(
        "DASHBOARD_TRUSTED_PROXIES",
        "",
        "Addresses or networks of the proxies before the dashboard, as `127.0.0.1 10.0.0.0/8`; from these alone is "
        "believed who asks and under which name (`X-Forwarded-For`, `X-Forwarded-Host`, `X-Forwarded-Proto`).",
    ),
    Setting(
        "DASHBOARD_SERVER_NAME",
        "",
        "What this server is called among several behind one proxy, as `8501`: a cookie of each page says it, by which "
        "the proxy leads what belongs to the page to the server that runs it. Small letters, digits and hyphens.",
    ),
    Setting(
        "DASHBOARD_METRICS_TOKEN",
        "",
        "Who sends it as a bearer token reads `/metrics`; without one only this computer does, by no proxy.",
    ),
    Setting(
        "DASHBOARD_WORK_PER_MINUTE",
        "1200",
        "What one client may have made anew in a minute: a page or table counts 1, a picture 3, a workbook, deck or "
        "PDF 10, what is kept nothing; `0` for any amount.",
    ),
    Setting("DASHBOARD_PAGES_PER_CLIENT", "300", "How many pages one client may have open; `0` for any number."),
    Setting(
        "DASHBOARD_CLICKS_PER_SECOND",
        "10",
        "Clicks of one client in all its pages that are taken in a second, four times as many at once; others wait. "
        "`0` for any number.",
    ),
    Setting("DASHBOARD_CACHE_MB", "128", "Memory kept for answers to repeated queries, in MB."),
    Setting(
        "DASHBOARD_STAFF_PASSWORD",
        "",
        "Password for the staff pages (data quality, upload); each reader who knows it signs in.",
    ),
    Setting(
        "DASHBOARD_STAFF_PASSWORD_HASH",
        "",
        "The same as a hash, which `python -m dashboard hash-password` makes: the password itself then stands nowhere.",
    ),
    Setting("DASHBOARD_SESSION_IDLE_MINUTES", "120", "After how many minutes without use somebody is signed out."),
    Setting("DASHBOARD_SESSION_HOURS", "12", "After how many hours somebody is signed out at the latest."),
    Setting(
        "DASHBOARD_STAFF",
        "closed",
        "`open` opens the staff pages to everyone who reaches the dashboard, unless a password is set: "
        "for one's own computer. `make run` sets it.",
    ),
    Setting("DASHBOARD_UPLOAD_MB", "200", "Largest file that the upload page takes, in MB."),
    Setting(
        "DASHBOARD_FRAME_ANCESTORS",
        "*",
        "Sites that may put charts into their pages, as `https://example.org https://*.example.net`; `*` for all.",
    ),
    Setting("DASHBOARD_BUILDS_KEPT", "10", "How many builds are kept to go back to, the published one included."),
    Setting(
        "DASHBOARD_STORE",
        "",
        "Object store of finished builds, as `s3://bucket/campaign`, `gs://…`, `abfss://…` or `file:///…`: builds are "
        "sent there, and a server whose campaign folder has no inbox shows what is there. Credentials are those of the "
        "cloud's own programs.",
    ),
    Setting("DASHBOARD_STORE_SECONDS", "3", "How often such a server looks for a new build there."),
    Setting(
        "DASHBOARD_LOG_FORMAT",
        "text",
        "`json` writes the log as one JSON object a line, for programs that collect logs.",
    ),
    Setting(
        "DASHBOARD_KEPT_SHEETS_MB",
        "4096",
        "Disk for what exports gave, so that a build does not read those again that have not changed, in MB; what was "
        "not used for longest goes first. `0` keeps nothing.",
    ),
    Setting("DASHBOARD_LOG_LEVEL", "info", "The least that is logged: `debug`, `info`, `warning` or `error`."),
    Setting("DASHBOARD_LOG_FILE", "", "File that the log goes to besides standard error; it begins anew every day."),
    Setting("DASHBOARD_LOG_DAYS", "30", "How many days of that file are kept."),
    Setting(
        "DASHBOARD_BACKUP_TO",
        "",
        "Folder for backups, where `etl backup` is told no other; best on another computer's disk.",
    ),
    Setting("DASHBOARD_BACKUPS_KEPT", "14", "How many backups such a folder keeps; `0` for all."),
    Setting(
        "DASHBOARD_BACKUP_PASSPHRASE",
        "",
        "What seals the personal data in a backup; only `etl backup` and `etl restore-backup` read it.",
    ),
    Setting("DASHBOARD_DRAFT_DAYS", "7", "Days after which previews of uploads that nobody published are removed."),
    Setting(
        "DASHBOARD_MAIL_DAYS",
        "90",
        "Days for which mails written as files, and the addresses of mails that went out, are kept.",
    ),
    Setting(
        "DASHBOARD_ASKED_DAYS",
        "1095",
        "Days for which is kept which letters went out, about which actions, and which came back.",
    ),
    Setting("DASHBOARD_AUDIT_DAYS", "1095", "Days for which is kept who did what (the audit log)."),
    Setting(
        "DASHBOARD_SET_ASIDE_DAYS", "90", "Days for which files of the inbox that an upload has replaced are kept."
    ),
    Setting("DASHBOARD_FORMER_DAYS", "30", "Days for which a folder is kept that restoring a backup has put aside."),
    Setting(
        "DASHBOARD_TEMPORARY_HOURS", "24", "Hours after which temporary files that ended processes left are removed."
    ),
    Setting(
        "DASHBOARD_SMTP_HOST",
        "",
        "Mail server that takes the mails; without one they are written as `.eml` files to `private/mails/`.",
    ),
    Setting(
        "DASHBOARD_LINK_DAYS", "90", "For how many days a signed link holds, unless who makes it chooses another day."
    ),
    Setting("DASHBOARD_LINK_MOST_DAYS", "730", "For how many days a signed link can hold at most."),
    Setting("DASHBOARD_SMTP_PORT", "587", "Its port."),
    Setting(
        "DASHBOARD_SMTP_SECURITY",
        "starttls",
        "`starttls`, `tls` (from the first byte, mostly on port 465) or `none` (on this computer or a closed network).",
    ),
    Setting("DASHBOARD_SMTP_USER", "", "User at the mail server, where it asks for one."),
    Setting("DASHBOARD_SMTP_PASSWORD", "", "That user's password; only the processes that send mails are told it."),
    Setting(
        "DASHBOARD_SMTP_FROM", "", "Sender of the mails, as `2021 Actions <news@example.org>`; bounces go there too."
    ),
    Setting("DASHBOARD_SMTP_PORTION", "100", "Mails over one connection, before a new one is made."),
    Setting("DASHBOARD_SMTP_PER_MINUTE", "0", "Most mails in a minute, as the mail server allows; `0` for any number."),
    Setting(
        "DASHBOARD_CA_FILE",
        "",
        "PEM file of authorities whose certificates are believed besides the system's, when mails are sent and other "
        "servers are asked.",
    ),
    Setting(
        "DASHBOARD_SOURCE_NETWORKS",
        "",
        "Hosts and networks of one's own that sources may be fetched from, as `kobo.intern.example.org 10.1.0.0/16`: "
        "others that are not public are refused, and so is what is not encrypted.",
    ),
    Setting("DASHBOARD_SOURCE_MB", "500", "Largest file that a source may send, in MB."),
    Setting(
        "DASHBOARD_SECURITY_CONTACT",
        "",
        "Who is told about a weakness: addresses, as `security@example.org https://example.org/report`; they stand in "
        "`/.well-known/security.txt`, which is not there without one.",
    ),
    Setting(
        "DASHBOARD_SECURITY_POLICY", "", "Address of the page that says how reports are dealt with; it stands there."
    ),
    Setting(
        "DASHBOARD_NEWSLETTER",
        "off",
        "`on` lets readers sign up for the newsletter. Without a mail server staff send its files by hand. "
        "`make run` sets it.",
    ),
)


Network = IPv4Network | IPv6Network
SECURITIES = ("starttls", "tls", "none")
NOBODY = "Dashboard <nobody@dashboard.invalid>"
"""The sender of mails that become files where no sender is set."""


@dataclass(frozen=True)
class Smtp:
    """The relay that takes mails.

    Attributes:
        host: Its name; empty for none.
        security: One of `SECURITIES`.
        sender: Who the mails are from, as the setting says.
        portion: Mails over one connection.
        per_minute: Most mails in a minute; 0 for any number.
        ca_file: File of further authorities that its certificate may be of; empty for none.
    """

    host: str
    port: int
    security: str
    user: str
    sender: str
    portion: int
    per_minute: int
    ca_file: str
    password: str = field(repr=False)

    @classmethod
    def read(cls, value: Mapping[str, str]) -> "Smtp":
        """Read the relay's settings.

        Raises:
            UserError: one of them is no such value, or they do not go together.
        """
        host, security = value["DASHBOARD_SMTP_HOST"].strip(), value["DASHBOARD_SMTP_SECURITY"].strip().lower()
        if security not in SECURITIES:
            raise UserError(f"DASHBOARD_SMTP_SECURITY is {security!r}.", f"It can be one of: {', '.join(SECURITIES)}.")
        return cls(
            host=host,
            port=_read_number(value, "DASHBOARD_SMTP_PORT"),
            security=security,
            user=value["DASHBOARD_SMTP_USER"],
            sender=value["DASHBOARD_SMTP_FROM"] or NOBODY,
            portion=max(1, _read_number(value, "DASHBOARD_SMTP_PORTION")),
            per_minute=_read_number(value, "DASHBOARD_SMTP_PER_MINUTE"),
            ca_file=value["DASHBOARD_CA_FILE"],
            password=value["DASHBOARD_SMTP_PASSWORD"],
        )


def _read_number(value: Mapping[str, str], variable: str) -> int:
    if not value[variable].strip().isdecimal():
        raise UserError(f"{variable} is {value[variable]!r}.", "Write a whole number.")
    return int(value[variable])


@dataclass(frozen=True)
class Retention:
    """How long things are kept: in days, but for temporary files; 0 is for ever.

    Attributes:
        backup_folder: Where backups go; None where it is not said.
        backups: How many of them that folder keeps.
        drafts: Previews of uploads that nobody published.
        mails: Mails written as files, and addresses of mails that went out.
        asked: Which letters went out, about what, and which came back.
        audit: Who did what.
        set_aside: Files of the inbox that an upload has replaced.
        kept_sheets_mb: What is kept of exports so that they are not read again, in MB; 0 keeps nothing.
        former: Folders that restoring a backup has put aside.
        temporary_hours: What processes that ended left in temporary folders.
    """

    backup_folder: Path | None
    backups: int
    drafts: int
    mails: int
    asked: int
    audit: int
    set_aside: int
    kept_sheets_mb: int
    former: int
    temporary_hours: int

    @classmethod
    def read(cls, value: Mapping[str, str]) -> "Retention":
        """Read these settings.

        Raises:
            UserError: one of them is no whole number.
        """
        folder = value["DASHBOARD_BACKUP_TO"].strip()
        return cls(
            backup_folder=Path(folder) if folder else None,
            backups=_read_number(value, "DASHBOARD_BACKUPS_KEPT"),
            drafts=_read_number(value, "DASHBOARD_DRAFT_DAYS"),
            mails=_read_number(value, "DASHBOARD_MAIL_DAYS"),
            asked=_read_number(value, "DASHBOARD_ASKED_DAYS"),
            audit=_read_number(value, "DASHBOARD_AUDIT_DAYS"),
            set_aside=_read_number(value, "DASHBOARD_SET_ASIDE_DAYS"),
            kept_sheets_mb=_read_number(value, "DASHBOARD_KEPT_SHEETS_MB"),
            former=_read_number(value, "DASHBOARD_FORMER_DAYS"),
            temporary_hours=_read_number(value, "DASHBOARD_TEMPORARY_HOURS"),
        )


@dataclass(frozen=True)
class Settings:
    """The settings in force."""

    campaign: Path
    base_url: str
    cache_mb: int
    builds_kept: int
    store: str
    store_seconds: int
    upload_mb: int
    staff_is_open: bool
    frame_ancestors: str
    has_newsletter: bool
    link_days: int
    link_most_days: int
    ca_file: str
    source_networks: str
    source_mb: int
    security_contact: tuple[str, ...]
    security_policy: str
    smtp: Smtp
    retention: Retention
    public_names: tuple[str, ...]
    work_per_minute: int
    pages_per_client: int
    clicks_per_second: int
    trusted_proxies: tuple[Network, ...]
    server_name: str
    metrics_token: str = field(repr=False)
    session_idle_minutes: int
    session_hours: int
    staff_password: str = field(repr=False)
    staff_password_hash: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """The settings of `environment` (default: the process's own); read anew only when that has changed."""
        env = os.environ if environment is None else environment
        folder = "" if (env.get("DASHBOARD_CAMPAIGN") or os.sep).startswith(os.sep) else str(Path.cwd())
        return _read_once(tuple(map(env.get, _VARIABLES)), folder)

    @classmethod
    def read(cls, value: Mapping[str, str]) -> "Settings":
        """Read the settings from the texts of all variables.

        Raises:
            UserError: one of them is no such value.
        """
        campaign = value["DASHBOARD_CAMPAIGN"]
        return cls(
            campaign=SHIPPED_CAMPAIGN if campaign == "data" else Path(campaign).resolve(),
            base_url=value["DASHBOARD_BASE_URL"].rstrip("/"),
            cache_mb=int(value["DASHBOARD_CACHE_MB"]),
            builds_kept=max(1, int(value["DASHBOARD_BUILDS_KEPT"])),
            store=_read_store(value["DASHBOARD_STORE"].strip()),
            store_seconds=max(1, _read_number(value, "DASHBOARD_STORE_SECONDS")),
            upload_mb=max(1, int(value["DASHBOARD_UPLOAD_MB"])),
            staff_is_open=value["DASHBOARD_STAFF"].strip().lower() == "open",
            frame_ancestors=_read_ancestors(value["DASHBOARD_FRAME_ANCESTORS"]),
            link_days=_read_number(value, "DASHBOARD_LINK_DAYS"),
            link_most_days=max(1, _read_number(value, "DASHBOARD_LINK_MOST_DAYS")),
            has_newsletter=value["DASHBOARD_NEWSLETTER"].strip().lower() == "on",
            ca_file=value["DASHBOARD_CA_FILE"],
            source_networks=value["DASHBOARD_SOURCE_NETWORKS"].strip(),
            source_mb=max(1, _read_number(value, "DASHBOARD_SOURCE_MB")),
            security_contact=_read_contacts("DASHBOARD_SECURITY_CONTACT", value),
            security_policy="".join(_read_contacts("DASHBOARD_SECURITY_POLICY", value)[:1]),
            smtp=Smtp.read(value),
            retention=Retention.read(value),
            public_names=_read_names(value["DASHBOARD_PUBLIC_NAMES"]),
            work_per_minute=_read_number(value, "DASHBOARD_WORK_PER_MINUTE"),
            pages_per_client=_read_number(value, "DASHBOARD_PAGES_PER_CLIENT"),
            clicks_per_second=_read_number(value, "DASHBOARD_CLICKS_PER_SECOND"),
            trusted_proxies=_read_networks(value["DASHBOARD_TRUSTED_PROXIES"]),
            server_name=_read_server_name(value["DASHBOARD_SERVER_NAME"].strip()),
            metrics_token=value["DASHBOARD_METRICS_TOKEN"].strip(),
            session_idle_minutes=max(1, _read_number(value, "DASHBOARD_SESSION_IDLE_MINUTES")),
            session_hours=max(1, _read_number(value, "DASHBOARD_SESSION_HOURS")),
            staff_password=value["DASHBOARD_STAFF_PASSWORD"],
            staff_password_hash=_read_hash(value["DASHBOARD_STAFF_PASSWORD_HASH"].strip()),
        )


_VARIABLES = tuple(setting.variable for setting in SETTINGS)


def is_of_source(variable: str) -> bool:
    """Whether a variable is a source's secret or its host, which no process is told that does not fetch."""
    return variable.startswith("DASHBOARD_SOURCE_") and variable not in _VARIABLES


@lru_cache(64)
def _read_once(values: tuple[str | None, ...], _folder: str) -> Settings:
    """The settings of the variables' texts; a campaign that is named by a way is looked for in the folder."""
    return Settings.read({s.variable: value or s.default for s, value in zip(SETTINGS, values, strict=True)})


STORES = ("s3", "s3a", "gs", "abfs", "abfss", "az", "azure", "file")
"""The schemes of object stores' addresses."""


def _read_store(text: str) -> str:
    """The address of an object store, without a slash at its end.

    Raises:
        UserError: it is none, or holds what is secret; then it is not repeated.
    """
    parts = urlsplit(text)
    if text and (parts.query or parts.fragment or parts.password or (parts.username and "abfs" not in parts.scheme)):
        raise UserError(
            "DASHBOARD_STORE holds more than an address.",
            "Give credentials as the cloud's own programs take them (docs/replicas.md), never in the address.",
        )
    place = parts.path.startswith("/") and not parts.netloc if parts.scheme == "file" else bool(parts.netloc)
    if text and (parts.scheme not in STORES or not place):
        raise UserError(
            f"DASHBOARD_STORE is {text!r}, which is no address of an object store.",
            "Write s3://bucket/campaign, gs://bucket/campaign, abfss://container@account.dfs.core.windows.net/campaign "
            "or file:///srv/copies.",
        )
    return text.rstrip("/")


_CONTACT = re.compile(r"(https://|tel:)[\x21-\x7e]+|(mailto:)?[^\s@:/<>]+@[^\s@:/<>]+", re.IGNORECASE)


def _read_contacts(variable: str, value: Mapping[str, str]) -> tuple[str, ...]:
    """Addresses as links, one of mail with `mailto:`.

    Raises:
        UserError: an item is no address.
    """
    contacts = value[variable].replace(",", " ").split()
    for contact in contacts:
        if not (_CONTACT.fullmatch(contact) and contact.isascii()):
            raise UserError(
                f"{variable} names {contact!r}, which is no address.",
                "Write security@example.org or https://example.org/report.",
            )
    return tuple(c if ":" in c else f"mailto:{c}" for c in contacts)


def _read_hash(text: str) -> str:
    """A password's hash.

    Raises:
        UserError: it is none.
    """
    if text and not text.startswith("$argon2"):
        raise UserError(
            "DASHBOARD_STAFF_PASSWORD_HASH is no hash.",
            "Make one by `python -m dashboard hash-password`; put it between single quotes, for it has dollar signs.",
        )
    return text


_ANCESTOR = re.compile(r"\*|'self'|'none'|https?:|(https?://)?(\*\.)?[A-Za-z0-9.-]+(:([0-9]+|\*))?")


def _read_ancestors(text: str) -> str:
    """The sites, as a content policy takes them; an item that is no site would open or break the policy.

    Raises:
        UserError: an item is no site.
    """
    sites = text.replace(",", " ").split()
    for site in sites:
        if not _ANCESTOR.fullmatch(site):
            raise UserError(
                f"DASHBOARD_FRAME_ANCESTORS names {site!r}, which is no site.",
                "Write sites as https://example.org, with spaces between them.",
            )
    return " ".join(sites)


_NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[?[0-9a-f:]*:[0-9a-f:.]*\]?")


def _read_names(text: str) -> tuple[str, ...]:
    """Names of hosts in small letters, IPv6 addresses without brackets; `*.` before a name stands for all below it.

    Raises:
        UserError: an item is no name of a host.
    """
    names = tuple(text.lower().replace(",", " ").split())
    for name in names:
        if not _NAME.fullmatch(name):
            raise UserError(
                f"DASHBOARD_PUBLIC_NAMES names {name!r}, which is no name of a host.",
                "Write names as figures.example.org, without https:// and port, with spaces between them.",
            )
    return tuple(name.strip("[]") for name in names)


def _read_server_name(text: str) -> str:
    """A name that stands in a cookie as it is.

    Raises:
        UserError: it is none.
    """
    if text and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", text):
        raise UserError(
            f"DASHBOARD_SERVER_NAME is {text!r}.", "Use up to 32 small letters, digits and hyphens, as 8501 or left-1."
        )
    return text


def _read_networks(text: str) -> tuple[Network, ...]:
    """Networks; an address alone is one too.

    Raises:
        UserError: an item is neither an address nor a network.
    """
    networks = []
    for item in text.replace(",", " ").split():
        try:
            networks.append(ip_network(item, strict=False))
        except ValueError:
            raise UserError(
                f"DASHBOARD_TRUSTED_PROXIES names {item!r}, which is neither an address nor a network.",
                "Write addresses as 127.0.0.1 or networks as 10.0.0.0/8, with spaces between them.",
            ) from None
    return tuple(networks)


_LOOPBACK = re.compile(r"127(\.[0-9]{1,3}){3}")  # whole, since 127.example.org is anybody's


def is_local(address: str) -> bool:
    """Whether an address means something on this computer only."""
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or bool(_LOOPBACK.fullmatch(host))
