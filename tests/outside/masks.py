"""The parts that differ from one run to the next, removed before the comparison. There is no other mask.

The clock, the build's id, the program's edition and private keys need none: `still` has them fixed.
"""

import re
from collections.abc import Mapping

from dashboard.paths import PROJECT

HEADERS_OF_ANSWERS = ("content-disposition", "content-language", "content-type", "link", "location", "set-cookie")
"""The headers that depend on the request; all other headers are recorded once a route."""
CHANGING_HEADERS = ("date", "x-request-id", "content-length")
"""The moment, a random number, and headers that follow from the body and from its compression."""
ETAG = re.compile(r'"[^"]+"')
"""The program's mark of an answer; its presence is recorded."""
POLICY_HASHES = re.compile(r"'sha256-[^']+'(?: 'sha256-[^']+')*")
"""The hashes of scripts and styles in the body, which is recorded."""
METRIC = re.compile(rb"^\w+(?:\{.*\})? [\d.e+-]+\n", re.MULTILINE)
"""The process's counts so far; the names and meanings of all metrics are recorded."""
BUILT_AT = re.compile(rb'(?<=DTSTAMP:)\d{8}T\d{6}Z|(?<="created": ")[^"]+|(?<="built_at": ")[^"]+')
"""The time of a build, where a link names the build: the sample is built at the computer's time."""
FILE_TOKEN = re.compile(r"(?<=/files/)[\w-]{20,}")
"""The address of a file that an open page offers, made by chance."""
MADE_BY_PLACE = ("id", "elementId", "formId", "pageScriptHash")
"""Ids that Streamlit makes of keys and of the program's folder."""


def list_headers(headers: Mapping[str, str]) -> list[str]:
    """List the headers that count, as lines in order."""
    counted = {name.lower(): value for name, value in headers.items() if name.lower() not in CHANGING_HEADERS}
    if "etag" in counted:
        counted["etag"] = ETAG.sub('"…"', counted["etag"])
    return [f"{name}: {POLICY_HASHES.sub('sha256-…', value)}" for name, value in sorted(counted.items())]


def mask_metrics(body: bytes) -> bytes:
    """Metrics without their numbers."""
    return METRIC.sub(b"", body)


def mask_place(help_text: str) -> str:
    """Return a command's help without the program's folder, and without the blanks that fill its lines."""
    return re.sub(r" {2,}", " ", help_text.replace(str(PROJECT), "{project}"))
