"""What the dashboard says of itself to programs that read for people: `/llms.txt`, by the proposal of llmstxt.org."""

from collections.abc import Iterable
from typing import NamedTuple

from starlette.requests import Request

from dashboard.access.rights import AccessClass
from dashboard.formats import clean
from dashboard.ground import page_addresses
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.database import Snapshot
from dashboard.web.api_route import ApiRoute
from dashboard.web.assistants.assistant_tools import NOTICE
from dashboard.web.handouts import Handout, hand_out, hold_text
from dashboard.web.operation import EITHER, Operation, Reply
from dashboard.web.refusals import explained
from dashboard.web.site import find_base

PATH = "/llms.txt"
PLAIN = "text/plain"


class Source(NamedTuple):
    """A place to read more: its name, its address, and what is there."""

    name: str
    address: str
    words: str


ON_SERVER = (
    Source("Tools (Model Context Protocol)", "/mcp", "measure, compare, list_actions, latest, definitions, verify"),
    Source("OpenAPI", "/openapi.json", "every route with its parameters and codes"),
    Source("Charts", "/charts", "the list of charts; each as a page, picture, CSV and JSON"),
    Source("Extracts", "/extracts", "the tables behind the figures as CSV, JSON, Parquet and Excel"),
    Source("OData", "/odata/", "the same tables and the measures by dimension, to filter and page through"),
    Source("Data package", "/extracts/datapackage.json", "every column described"),
    Source("News", "/latest.json", "what is new, as JSON Feed"),
)
HONESTY = (
    "A rate is a lower bound. Actions without a report are unknown, not failed; the upper bound counts them in.",
    "Two selections differ only where their bounds do not overlap; otherwise they cannot be told apart.",
    "An action with several regions, countries or themes counts once in each: parts do not add up to the total.",
    "Of fewer than 5 actions say the count and no rate.",
    "State n of N, the day of the figures, and the link. An address with build= keeps its figures.",
    NOTICE.replace("below", "in the data"),
)
OPERATION = Operation(
    PATH,
    "llms",
    "assistants",
    N_("For assistants"),
    N_("What the dashboard is, how its figures are to be read, and where programs find them"),
    (Reply(PLAIN),),
    refusals={503: EITHER},
)


def routes() -> list[ApiRoute]:
    """The route for `st.App`."""
    return [ApiRoute(PATH, hand_out(_read, explained), (OPERATION,), AccessClass.PUBLIC)]


def write_llms(snapshot: Snapshot, sources: Iterable[Source]) -> str:
    """Write the text, in English as its readers expect."""
    attribution = attribute(snapshot.campaign, "en")
    publisher = f" Published by {clean(attribution.author)}." if attribution.author else ""
    sample = " The data is fictional." if snapshot.is_sample else ""
    lines = [
        f"# {clean(attribution.campaign)}",
        "",
        "> A dashboard of a campaign's progress: the actions that stakeholders promised, and what they report. "
        f"Figures as of {snapshot.last_date.isoformat()}, build {snapshot.build_id}.{publisher}{sample}",
        "",
        "## How to read the figures",
        "",
        *(f"- {line}" for line in HONESTY),
        "",
        "## Where they are",
        "",
        *(f"- [{one.name}]({one.address}): {one.words}" for one in sources),
        "",
    ]
    return "\n".join(lines)


def _read(request: Request) -> Handout:
    settings = Settings.from_environment()
    snapshot, base = database.current(settings), find_base(request, settings)
    definitions = page_addresses.write(base, "definitions")
    sources = (
        Source("Definitions", definitions, "what each measure means, and all codes"),
        *(one._replace(address=f"{base}{one.address}") for one in ON_SERVER),
    )
    return hold_text(PLAIN, ("llms", snapshot.build_id, snapshot.built_at, base), lambda: write_llms(snapshot, sources))
