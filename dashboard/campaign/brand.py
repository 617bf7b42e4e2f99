"""The publisher's look on what leaves the dashboard: two colours and a logo, as the campaign folder has them now.

Colours of marks mean statuses and stay: the look stands in the line on top, the campaign's name, links and the logo.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from dashboard.campaign.folder import LOGO, read_campaign
from dashboard.campaign.licences import find_text
from dashboard.theme import DARK, PAPER, blend, contrast

LEGIBLE = 4.5
LOGO_HEIGHT = 40
"""The height of the logo on pages and in mails, in CSS pixels."""
LOGO_BELOW = 8
"""The space below a logo on pages, in CSS pixels."""
_LOGO_STYLE = (
    f".logo{{display:block;height:{LOGO_HEIGHT}px;max-width:100%;object-fit:contain;object-position:left;"
    f"margin:0 0 {LOGO_BELOW}px;background:#fff}}"
)


class Look(NamedTuple):
    """The look: colour of words and of the line on top (empty for the program's), a PNG, the publisher's names."""

    colour: str = ""
    accent: str = ""
    logo: bytes = b""
    names: Mapping[str, str] = {}

    @property
    def key(self) -> str:
        """Return what stands for it; empty for a plain one."""
        parts = b"".join((self.colour.encode(), self.accent.encode(), self.logo))
        return hashlib.sha256(parts).hexdigest() if parts else ""

    @property
    def keys(self) -> list[str]:
        """Return what stands for it in the key of an answer; nothing for a plain one."""
        return [self.key] if self.key else []

    @property
    def on_dark(self) -> str:
        """Return the colour of words on a dark ground: lighter, until it is legible."""
        shades = (blend(self.colour, PAPER, step / 10) for step in range(11))
        return next(shade for shade in shades if contrast(shade, DARK["paper"]) >= LEGIBLE)

    @property
    def logo_address(self) -> str:
        """Return the logo as an address that holds it."""
        return f"data:image/png;base64,{b64encode(self.logo).decode('ascii')}"

    @property
    def logo_width(self) -> int:
        """Return the width of the logo where it has its height on pages and in mails."""
        width, height = (int.from_bytes(self.logo[start : start + 4]) for start in (16, 20))
        return round(LOGO_HEIGHT * width / max(1, height))

    @property
    def styles(self) -> str:
        """Return a page's styles: its links (`--link`), the line on top, the logo on white; empty for a plain look."""
        dark = f"@media screen and (prefers-color-scheme:dark){{:root{{--link:{self.on_dark}}}}}" if self.colour else ""
        colours = f":root{{--link:{self.colour}}}{dark}" if self.colour else ""
        line = f"body{{box-shadow:inset 0 6px {self.accent}}}" if self.accent else ""
        return f"{colours}{line}{_LOGO_STYLE if self.logo else ''}"

    def draw_logo(self, lang: str) -> str:
        """Return the logo as an image on a page; empty where there is none."""
        size = f'width="{self.logo_width}" height="{LOGO_HEIGHT}"' if self.logo else ""
        return size and f'<img class="logo" src="{self.logo_address}" {size} alt="{escape(self.name(lang))}">'

    def name(self, lang: str) -> str:
        """Return the alternative text of the logo."""
        return find_text(self.names, lang)


PLAIN = Look()


def read_look(campaign: Path) -> Look:
    """Read the look of a campaign folder; plain where its settings cannot be read."""
    settings, logo = read_campaign(campaign), campaign / LOGO
    if settings is None:
        return PLAIN
    names = settings.publisher.name or settings.titles
    try:
        content = _read(logo, logo.stat().st_mtime_ns)
    except OSError:
        content = b""
    return Look(settings.brand.colour, settings.brand.accent, content, names)


@lru_cache(8)
def _read(path: Path, _changed_at: int) -> bytes:
    return path.read_bytes()
