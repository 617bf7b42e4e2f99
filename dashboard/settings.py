"""Settings: environment variables → one frozen object. `docs/settings.md` is tested against `SETTINGS`."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

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
        "Public address of the dashboard, for the links inside extracts.",
    ),
    Setting("DASHBOARD_CACHE_MB", "128", "Memory kept for answers to repeated queries, in MB."),
    Setting(
        "DASHBOARD_STAFF_PASSWORD",
        "",
        "Password for the staff pages (data quality, upload); each reader who knows it signs in.",
    ),
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
)


@dataclass(frozen=True)
class Settings:
    """The settings in force."""

    campaign: Path
    base_url: str
    cache_mb: int
    builds_kept: int
    upload_mb: int
    staff_is_open: bool
    frame_ancestors: str
    staff_password: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from `environment` (default: the process's own)."""
        env = os.environ if environment is None else environment
        value = {s.variable: env.get(s.variable) or s.default for s in SETTINGS}
        campaign = value["DASHBOARD_CAMPAIGN"]
        return cls(
            campaign=SHIPPED_CAMPAIGN if campaign == "data" else Path(campaign).resolve(),
            base_url=value["DASHBOARD_BASE_URL"].rstrip("/"),
            cache_mb=int(value["DASHBOARD_CACHE_MB"]),
            builds_kept=max(1, int(value["DASHBOARD_BUILDS_KEPT"])),
            upload_mb=max(1, int(value["DASHBOARD_UPLOAD_MB"])),
            staff_is_open=value["DASHBOARD_STAFF"].strip().lower() == "open",
            frame_ancestors=_read_ancestors(value["DASHBOARD_FRAME_ANCESTORS"]),
            staff_password=value["DASHBOARD_STAFF_PASSWORD"],
        )


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
