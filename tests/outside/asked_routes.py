"""The answers of every route: to the forty selections, to the example of each parameter, to HEAD and to empty forms.

Routes come from the program's own list, so that a new one is asked too.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httpx
from starlette.applications import Starlette

from dashboard import server
from dashboard.charts.catalogue import CATALOGUE
from dashboard.ground.page_addresses import write as write_page
from dashboard.snapshot.database import Snapshot
from dashboard.web.api_route import list_operations
from dashboard.web.operation import Operation
from tests.charts_over_http import BROWSER, PAGES, ask
from tests.described import BASE, list_examples
from tests.outside.entries import Entries, digest
from tests.outside.masks import BUILT_AT, HEADERS_OF_ANSWERS, list_headers, mask_metrics
from tests.shipped import LANGUAGES

SELECTIONS = (
    "lang=en",
    "lang=fr",
    "lang=es",
    "region=africa&lang=en",
    "region=africa&region=americas&lang=fr",
    "region=arab_states&lang=es",
    "region=global&lang=en",
    "region=unclassified&lang=fr",
    "region=asia_and_the_pacific&theme=education&lang=es",
    "subregion=western_africa&lang=en",
    "subregion=caribbean&subregion=south_america&lang=fr",
    "grouping=ecowas&lang=es",
    "grouping=asean&grouping=lac&lang=en",
    "country=GHA&lang=fr",
    "country=BRA&country=PER&country=COL&lang=es",
    "country=unclassified&lang=en",
    "category=research&lang=fr",
    "category=awareness_advocacy&category=training_or_capacity&lang=es",
    "theme=mining&lang=en",
    "theme=education&theme=covid_19&lang=fr",
    "theme=unclassified&lang=es",
    "group=government&lang=en",
    "group=business&group=workers_organisation&lang=fr",
    "group=individual&lang=es",
    "status=completed&lang=en",
    "status=not_reported&status=overdue&lang=fr",
    "status=continuing_after_deadline&lang=es",
    "evidence=evidenced&lang=en",
    "evidence=verified&lang=fr",
    "q=school&lang=en",
    "q=trabajo+infantil&lang=es",
    "q=no+action+has+these+words&lang=fr",
    "as_of=2021-01-01&lang=en",
    "as_of=2021-07-20&lang=fr",
    "as_of=2021-12-30&region=europe_and_central_asia&lang=es",
    "region=africa&vs.region=americas&lang=en",
    "vs.as_of=2021-07-20&lang=fr",
    "theme=mining&vs.theme=&vs.region=africa&lang=es",
    "region=atlantis&lang=fr",
    "as_of=2021-07-20&theme=agriculture&group=civil_society&status=completed&status=in_progress&lang=en",
)
"""As in a link: each filter, several values and filters, comparisons, days, nothing, a fault; in all languages."""

LIGHT = tuple(SELECTIONS[place] for place in (1, 4, 11, 35))
"""The selections for each form of every chart and table; CSV and SVG are requested in all."""
FEW = SELECTIONS[4:5]
"""The selections for files of workers."""

CHART = "chart_id"
IN_ALL_SELECTIONS = (".csv", ".svg")
"""The endings of every chart for requests in all selections."""
WITHOUT_ANSWER = (
    "/charts/completion-by-region?region=atlantis",
    "/extracts/people.csv",
    "/regions?lang=fr",
    "/nowhere",
)
"""A page of the dashboard, and refusals, whose headers are recorded too."""
FILES_BY_DAY = ("chart_xlsx", "chart_pptx", "chart_pdf", "extract_actions_xlsx")
"""Files of workers that are made by day too; all are asked for their headers."""


class Asked(NamedTuple):
    """One request: its address without the server's, how it is asked, and whether that is done by day too."""

    address: str
    method: str = "GET"
    accept: str = "*/*"
    is_by_day: bool = False

    @property
    def name(self) -> tuple[str, str]:
        """Return the request, without the ending of the file; and the ending."""
        parts = urlsplit(self.address)
        folder, _, file = parts.path.rpartition("/")
        stem, _, ending = file.partition(".")
        form = ending or ("page" if self.accept == BROWSER else "answer")
        thing = f"{folder}/{stem}{f'?{parts.query}' if parts.query else ''}"
        return (thing, form) if self.method == "GET" else (f"{self.method} {thing}", form)


@cache
def operations() -> list[Operation]:
    """List the operations of all routes."""
    return list_operations(server.routes(PAGES))


def list_asked(snapshot: Snapshot) -> dict[tuple[str, str], Asked]:
    """List all requests, each once."""
    asked = [*_ask_selections(), *_ask_examples(snapshot), *_ask_pages(), *_ask_forms()]
    return {one.name: one for one in sorted(asked)}  # of two that are equal, the one by day comes last


def ask_routes(app: Starlette, snapshot: Snapshot, *, by_day: bool) -> Entries:
    """Return the answers."""
    asked = {name: one for name, one in list_asked(snapshot).items() if one.is_by_day or not by_day}
    return {name: _describe(_send(app, one), one) for name, one in asked.items()}


def list_all_headers(app: Starlette, snapshot: Snapshot) -> Entries:
    """Return the headers of every route, by their content: the operations that have each."""
    having: dict[str, set[str]] = {}
    tried = [operation for operation in operations() if operation.can_be_tried]
    answers = {one.operation_id: ask(app, list_examples(one, snapshot)[0], "HEAD") for one in tried}
    answers |= {f"{one.method} {one.address.partition('?')[0]}": _send(app, one) for one in _ask_forms()}
    answers |= {address: _send(app, Asked(address, accept=BROWSER)) for address in WITHOUT_ANSWER}
    for name, answer in answers.items():
        for line in [f"status: {answer.status_code}", *list_headers(answer.headers)]:
            having.setdefault(line, set()).add(name)
    everything = set(answers)
    entries: Entries = {}
    for line, names in having.items():
        missing = everything - names
        form, fewer = ("all-but", missing) if len(missing) < len(names) else ("of", names)
        entries[line, form] = ", ".join(sorted(fewer))
    return entries


def _send(app: Starlette, asked: Asked) -> httpx.Response:
    return ask(app, f"{BASE}{asked.address}", asked.method, accept=asked.accept, accept_encoding="identity")


def _describe(answer: httpx.Response, asked: Asked) -> str:
    """Status, if it is not 200, and a hash of the body and of the headers that belong to it."""
    body = mask_metrics(answer.content) if asked.address == "/metrics" else answer.content
    body = BUILT_AT.sub(b"?", body) if "build=" in asked.address else body
    headers = [line for line in list_headers(answer.headers) if line.startswith(HEADERS_OF_ANSWERS)]
    hashed = digest("\n".join(headers).encode() + b"\n\n" + body)
    return hashed if answer.status_code == 200 else f"{answer.status_code} {hashed}"


def _ask_selections() -> Iterator[Asked]:
    for operation in operations():
        names = {parameter.name for parameter in operation.parameters}
        if operation.method != "get" or "as_of" not in names:
            continue
        is_of_chart = CHART in names
        for chart_id in CATALOGUE if is_of_chart else ("",):
            path = operation.path.replace(f"{{{CHART}}}", chart_id)
            for place, selection in enumerate(_choose_selections(operation)):
                if {name for name, _ in parse_qsl(selection, keep_blank_values=True)} <= names:
                    is_by_day = place == 0 and is_of_chart and path.endswith(IN_ALL_SELECTIONS)
                    yield Asked(f"{path}?{selection}", is_by_day=is_by_day)


def _choose_selections(operation: Operation) -> tuple[str, ...]:
    if operation.cost == "file":
        return FEW
    is_form = operation.path.startswith("/charts/") and not operation.path.endswith(IN_ALL_SELECTIONS)
    is_table = operation.path.startswith(("/extracts/", "/odata/")) and "/actions" not in operation.path
    return LIGHT if is_form or is_table else SELECTIONS


def _ask_examples(snapshot: Snapshot) -> Iterator[Asked]:
    """Yield the first try, and the example of each parameter alone; for charts in the endings in which they differ."""
    for operation in operations():
        examples = list_examples(operation, snapshot) if operation.can_be_tried else []
        are_all = not operation.path.startswith("/charts/") or operation.path.endswith((*IN_ALL_SELECTIONS, ".png"))
        for place, address in enumerate(examples if are_all and operation.cost != "file" else examples[:1]):
            is_by_day = place == 0 and (operation.cost != "file" or operation.operation_id in FILES_BY_DAY)
            yield Asked(address.removeprefix(BASE), is_by_day=is_by_day)


def _ask_pages() -> Iterator[Asked]:
    """Yield the first answer to whoever opens a page, before anything is drawn on it."""
    for page_id in PAGES.titles:
        for lang in LANGUAGES:
            yield Asked(write_page("", page_id, [("lang", lang)]), accept=BROWSER, is_by_day=lang == "fr")


def _ask_forms() -> Iterator[Asked]:
    """Yield requests beyond links: forms that are sent empty, and addresses that a mail or a page makes."""
    for operation in operations():
        if not operation.can_be_tried:
            path = operation.path
            for parameter in operation.parameters:
                path = path.replace(f"{{{parameter.name}}}", "unknown")
            yield Asked(f"{path}?lang=fr", operation.method.upper(), is_by_day=True)
