"""The page of each part, and the addresses of parts, written and read.

A page has parts: `/actions` shows the register, `/actions?part=stakeholders` the stakeholders. The first part needs no
parameter. Elsewhere ids name parts, and only addresses name pages; an id is also the name of a former page, whose
address leads on.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

FRONT = "overview"
"""The front page: its address has no name."""
PART, BY = "part", "by"
PLACES = "regions"
"""The page of one dimension of places or actors at a time, and of one country where the link names one alone."""
COUNTRY = "country"
_UNKNOWN_COUNTRY = "unclassified"


class Page(NamedTuple):
    """A page: the parameter that chooses its parts, and their ids by its values; the first one needs none."""

    parameter: str
    parts: dict[str, str]

    @property
    def first(self) -> str:
        """The part at the page's bare address."""
        return next(iter(self.parts.values()))


def _hold(*parts: str) -> Page:
    return Page(PART, {part: part for part in parts})


PAGES = {
    FRONT: _hold(FRONT),
    PLACES: Page(
        BY,
        {
            "region": "regions",
            "subregion": "subregions",
            "country": "countries",
            "grouping": "groupings",
            "group": "groups",
        },
    ),
    "categories": _hold("categories"),
    "themes": _hold("themes"),
    "actions": _hold("actions", "stakeholders", "milestones"),
    "latest": _hold("latest"),
    "explore": _hold("explore", "compare", "surveys"),
    "share": _hold("briefing", "download", "newsletter", "shared_links"),
    "help": _hold("help", "definitions"),
    "files": _hold("upload", "quality"),
    "ask": _hold("silent", "mailing", "reports"),
    "settings": _hold("settings", "roles", "audit", "new_campaign"),
}
"""The pages, by the last part of their addresses."""
_CHOICES = {part: (name, page.parameter, value) for name, page in PAGES.items() for value, part in page.parts.items()}
PARTS = (*_CHOICES, COUNTRY)
"""The ids of all parts."""
FORMER = tuple(part for part in PARTS if part not in PAGES or part == FRONT)
"""The parts without a page of their own, as most had in former times: their addresses lead on."""

Pairs = Sequence[tuple[str, str]]


def find_page(part: str) -> str:
    """Find the page of a part; a name that is no part's stays as it is."""
    return PLACES if part == COUNTRY else _CHOICES[part][0] if part in _CHOICES else part


def choose(part: str, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parameters that choose a part of a page, before the other ones of the link."""
    link_pairs = list(pairs)
    is_one = is_one_country(link_pairs)
    if part == COUNTRY and is_one:
        return link_pairs
    part = "countries" if part == COUNTRY else part
    if part not in _CHOICES:
        return link_pairs
    name, parameter, value = _CHOICES[part]
    is_first = part == PAGES[name].first
    return link_pairs if is_first and not (name == PLACES and is_one) else [(parameter, value), *link_pairs]


def write(base: str, part: str, pairs: Iterable[tuple[str, str]] = (), safe: str = "") -> str:
    """Write the address of a part.

    `base`: the dashboard's own address, without a slash at its end.
    `pairs`: the parameters of the link.
    `safe`: signs to leave unescaped.
    """
    page, query = find_page(part), urlencode(choose(part, pairs), safe=safe)
    return f"{base}/{'' if page == FRONT else page}{query and f'?{query}'}"


def read(name: str, pairs: Iterable[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """Read the part that an address asks for, and its parameters without the one that chooses it.

    `name`: the last part of the address, of today or of former times; empty for the front page.

    Returns:
        An empty part where the page has none of that name, with all parameters; the name where it is no page's.
    """
    link_pairs = list(pairs)
    page = PAGES.get(name or FRONT)
    if page is None:
        return "countries" if name == COUNTRY and not is_one_country(link_pairs) else name, link_pairs
    if len(page.parts) == 1:
        return page.first, link_pairs
    rest = [pair for pair in link_pairs if pair[0] != page.parameter]
    part_name = next((value for parameter, value in reversed(link_pairs) if parameter == page.parameter), "")
    if part_name:
        part = page.parts.get(part_name, "")
        return part, rest if part else link_pairs
    return COUNTRY if name == PLACES and is_one_country(link_pairs) else page.first, rest


def read_query(name: str, query: str) -> str:
    """Read the part that an address asks for by its query string; the page's first where it has none of that name."""
    part, _ = read(name, parse_qsl(query, keep_blank_values=True))
    return part or PAGES[name].first


def lead_on(name: str, query: str) -> str | None:
    """Find the present address for a part's former one, beside it, with its query string; None where there is none."""
    if name not in FORMER:
        return None
    part, link_pairs = read(name if name != FRONT else "", parse_qsl(query, keep_blank_values=True))
    chosen = urlencode(choose(part, link_pairs)[: -len(link_pairs) or None])
    page = find_page(part)
    full_query = "&".join(filter(None, (chosen, query)))
    return f"{'./' if page == FRONT else page}{full_query and f'?{full_query}'}"


def is_one_country(pairs: Iterable[tuple[str, str]]) -> bool:
    """Return whether parameters name one country and no other."""
    codes = {value.strip().casefold() for name, value in pairs if name == COUNTRY and value.strip()}
    return len(codes) == 1 and codes != {_UNKNOWN_COUNTRY}
