"""Find what a page's link opens on it before the page is drawn, and lead there from the thing's own address.

A person who is not named in public appears under the text that stands for the name, as everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

from starlette.requests import Request

from dashboard.ground import page_addresses
from dashboard.ground.tracking import is_tracking
from dashboard.i18n import N_, translator
from dashboard.snapshot.database import Snapshot
from dashboard.web.http import Answer
from dashboard.web.refusals import STREAMLITS_OWN


class Opening(NamedTuple):
    """How a page opens one thing: the parameter that names it, and the page's title for it in a language."""

    parameter: str
    name: Callable[[Snapshot, str, str], str]


def name_action(snapshot: Snapshot, action_id: str, lang: str) -> str:
    """Name the page of an action; empty where no action has this id."""
    titles = snapshot.columns("action_titled", {"action_id": action_id})["title"]
    if not len(titles):
        return ""
    t = translator(lang)
    title = titles[0] if isinstance(titles[0], str) else t(N_("Untitled action"))
    return f"{title} · {t(N_('Actions'))}"


def name_stakeholder(snapshot: Snapshot, stakeholder_id: str, lang: str) -> str:
    """Name the page of a stakeholder; empty where no stakeholder has this id."""
    names = [code.labels[lang] for code in snapshot.find_stakeholders([stakeholder_id])]
    return f"{names[0]} · {translator(lang)(N_('Stakeholders'))}" if names else ""


def name_country(snapshot: Snapshot, country: str, lang: str) -> str:
    """Name the page of a country; empty where no country has this code."""
    code = next((code for iso3, code in snapshot.codes["countries"].items() if iso3 == country.strip().upper()), None)
    return f"{code.labels[lang]} · {translator(lang)(N_('Country'))}" if code else ""


NO_CACHE = {"cache-control": "no-cache", "content-length": "0"}

OPENINGS: Mapping[str, Opening] = {
    "actions": Opening("action", name_action),
    "stakeholders": Opening("stakeholder", name_stakeholder),
    "country": Opening("country", name_country),
}
"""By page."""


def find_opened(page_id: str, query: Sequence[tuple[str, str]]) -> tuple[Opening, str] | None:
    """Find how a page opens the one thing that its link names, and its id; None where it opens none, or several."""
    opening = OPENINGS.get(page_id)
    opened_ids = [value for name, value in query if opening is not None and name == opening.parameter and value]
    return (opening, opened_ids[0]) if opening is not None and len(opened_ids) == 1 else None


def find_page(name: str) -> str:
    """Find the page that opens the thing with this address; empty where there is none."""
    page_id, _, opened_id = name.rstrip("/").partition("/")
    return page_id if page_id in OPENINGS and opened_id and opened_id.partition("/")[0] not in STREAMLITS_OWN else ""


def lead_to(name: str, request: Request) -> Answer | None:
    """Redirect a former address, or a thing's own (`actions/ID`), to the present one with all parameters of the link.

    `name`: the path below the dashboard's own, without a slash before it.
    `request`: the request; a proxy may have taken the dashboard's own path away.

    Returns:
        A lasting redirect to an address beside it; None where this is no such address.
    """
    address = page_addresses.lead_on(name, str(request.url.query))
    if address is not None:
        return Answer(308, b"", {"location": address, **NO_CACHE})
    page_id = find_page(name)
    if not page_id:
        return None
    opening, opened_id = OPENINGS[page_id], name.rstrip("/").partition("/")[2]
    query = parse_qsl(str(request.url.query), keep_blank_values=True)
    other_pairs = (pair for pair in query if pair[0] != opening.parameter and not is_tracking(pair[0]))
    pairs = [(opening.parameter, opened_id), *other_pairs]
    path = (request.scope.get("raw_path") or quote(request.url.path).encode()).decode("ascii", "replace")
    place = path.rfind(f"/{page_id}/")
    if place < 0:  # the page's own name is written with percent signs: nobody's link
        return None
    below = path[place + 1 :]
    address = page_addresses.write("..", page_id, pairs)
    return Answer(308, b"", {"location": f"{'../' * (below.count('/') - 1)}{address}", **NO_CACHE})
