"""What goes with each public file: what it is, and for how long whoever stands in between may keep it.

Files below `builds/` and `assets/` never change under their name; every other one follows the data.
"""

from pathlib import PurePosixPath

from dashboard.web.charts.requests import FORMATS
from dashboard.web.feeds.answering import FORMS
from dashboard.web.http import FOREVER, FRESH, OPEN, name_type

BUILDS, ASSETS = "builds", "assets"
UNCHANGING = (BUILDS, ASSETS)
HEADERS_FILE = "_headers"
"""The name of the file in which Netlify, Cloudflare Pages and others look for headers."""

_TYPES = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "txt": "text/plain; charset=utf-8",
    "woff2": "font/woff2",
    "xml": "application/xml; charset=utf-8",
    "zip": "application/zip",
    **{ending: FORMATS[ending].media_type for ending in ("svg", "png")},
    **{ending: f"{FORMS[ending].media_type}; charset=utf-8" for ending in ("atom", "ics")},
}


def name_headers(name: str) -> dict[str, str]:
    """The headers of a file, by its name below the folder: names in small letters."""
    path = PurePosixPath(name)
    is_forever = path.parts[0] in UNCHANGING
    media_type = _TYPES.get(path.suffix.removeprefix("."), "text/plain; charset=utf-8")
    if path.name == f"latest.{'json'}":
        media_type = f"{FORMS['json'].media_type}; charset=utf-8"
    return {"content-type": name_type(media_type), "cache-control": FOREVER if is_forever else FRESH}


def write_headers_file() -> str:
    """The headers of all files for hosts of static sites, as Netlify and Cloudflare Pages read them.

    A later block adds to an earlier one, so what holds for few takes away first what holds for all.
    """
    blocks = [("/*", {"cache-control": FRESH, **OPEN})]
    blocks += [(f"/{folder}/*", {"! cache-control": "", "cache-control": FOREVER}) for folder in UNCHANGING]
    blocks += [
        (f"/*/latest.{ending}", {"content-type": name_headers(f"en/latest.{ending}")["content-type"]})
        for ending in FORMS
    ]
    return "\n".join(_write_block(path, headers) for path, headers in blocks)


def _write_block(path: str, headers: dict[str, str]) -> str:
    lines = [f"  {name}" if name.startswith("!") else f"  {name}: {value}" for name, value in headers.items()]
    return "\n".join([path, *lines, ""])
