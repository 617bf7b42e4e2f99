"""Answer below `/odata/`: the service document, the metadata, and pages of rows, by OData 4.0 (minimal conformance).

A page is one statement: that of the table, narrowed, ordered and cut by options that are read against its columns. The
link to the next page names the build, so that pages of one reading belong together. The selection stands in the query
string as everywhere; the addresses in the service document keep it.
"""

import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import duckdb
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.campaign.builds import is_build_id
from dashboard.errors import SelectionError, UserError
from dashboard.files.extracts.open_files import MOST_SECONDS, Writer
from dashboard.files.extracts.rows import Source, select
from dashboard.files.extracts.tables import Table
from dashboard.ground.processes.runner import WorkerError
from dashboard.i18n import N_, translator
from dashboard.measures.rates_by_member import list_rates
from dashboard.settings import Settings
from dashboard.snapshot import kept_builds
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.query_templates import fill_slots
from dashboard.snapshot.selection import Selection, parse
from dashboard.web.api_route import ApiRoute, link_description
from dashboard.web.guard.link_tokens import find_link_key
from dashboard.web.handouts import Handout, hand_out, hold_text
from dashboard.web.http import FOREVER, FRESH, OPEN, answer_json, edition, hash_parts, read_query
from dashboard.web.odata.entity_sets import MEASURES, SETS, bind_selection, find_set, write_metadata
from dashboard.web.odata.filter_sql import UnsupportedError, write_filter
from dashboard.web.operation import DATA, JSON, SELECTION, TEXT, Operation, Parameter, Reply, refer
from dashboard.web.refusals import explain_by, refuse
from dashboard.web.site import find_base

ROOT, FAMILY, XML = "/odata", N_("OData 4.0"), "application/xml"
METADATA = "$metadata"
_COUNT = {"type": "string", "pattern": "^[0-9]{1,9}$"}
_FORMAT = Parameter("$format", N_("The form of the answer."), {"enum": ["json"]}, "json")
OPTIONS = (
    Parameter("$filter", N_("Which rows, by conditions on the columns."), TEXT, depends_on=("data",)),
    Parameter("$select", N_("The columns, with commas between them."), TEXT, depends_on=("data",)),
    Parameter("$orderby", N_("The columns to sort by, each with asc or desc."), TEXT, depends_on=("data",)),
    Parameter("$top", N_("How many rows at most."), _COUNT, "5"),
    Parameter("$skip", N_("How many rows to leave out first."), _COUNT, "5"),
    Parameter("$count", N_("Whether the answer says how many rows there are."), {"enum": ["true", "false"]}, "true"),
    _FORMAT,
    Parameter(
        "$skiptoken", N_("Where a page begins; it stands in the link to the next one."), TEXT, depends_on=("data",)
    ),
)
UNSUPPORTED = ("$expand", "$search", "$apply", "$compute", "$deltatoken", "$id", "$index", "$schemaversion")
LARGEST_PAGE = 2_000

_HEADERS = {**OPEN, "odata-version": "4.0", "link": link_description("../"), "vary": "Accept, Accept-Encoding, Prefer"}
_JSON_TYPE = "application/json;odata.metadata={};odata.streaming=false;charset=utf-8"
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_TOKEN = re.compile(r"([^.]+)\.([0-9]{1,9})\.([0-9]{1,9})(?:\..*)?", re.ASCII)
_PAGE_SIZE = re.compile(r"(?:odata\.)?maxpagesize\s*=\s*\"?([0-9]{1,9})\b", re.ASCII)
_ORDER = re.compile(r"\s*(\w+)(?:\s+(asc|desc))?\s*", re.ASCII)


class PageToken(NamedTuple):
    """What the link to a page names: its build, how many rows were before it, how many it has at most."""

    build: str
    done: int
    size: int

    def write(self, link_key: str) -> str:
        """Write it; the readers of a signed link go on in a build that its answers have named, and open no other."""
        place = ".".join(map(str, self))
        return f"{place}.{hash_parts([link_key, place])}" if link_key else place


class Page(NamedTuple):
    """A page of rows: which follow after how many, in which columns and order; `condition` binds `values`.

    `link_key`: that of the signed link by which it is read.
    """

    table: Table
    columns: tuple[str, ...]
    condition: str
    values: Mapping[str, Any]
    order: str
    top: int | None
    skip: int
    done: int
    size: int
    is_counted: bool
    link_key: str

    @property
    def take(self) -> int:
        """How many rows it has at most."""
        return self.size if self.top is None else min(self.size, max(self.top - self.done, 0))

    @property
    def is_plain(self) -> bool:
        """Whether it is of the register as it stands: then the actions before it are counted and not read."""
        return self.table.name == "actions" and self.condition == "true" and not self.order


class UnacceptableError(UserError):
    """The client takes none of the forms, or no version, of these answers."""


def answer_error(request: Request, error: UserError) -> Response:
    """Answer with a refusal in the form of OData."""
    status, content, headers = refuse(error)
    if isinstance(error, UnsupportedError | UnacceptableError):
        status = 501 if isinstance(error, UnsupportedError) else 406
    problem: dict[str, Any] = {"code": HTTPStatus(status).phrase.replace(" ", ""), "message": str(error)}
    if isinstance(error, SelectionError):
        problem |= {} if status == HTTPStatus.NOT_FOUND else {"target": error.parameter}
        problem["details"] = [{"code": "Allowed", "message": one} for one in content["allowed"]]
    return answer_json(request, {"error": problem}, {**_HEADERS, **headers}, status)


def read(request: Request) -> Handout:
    """Read a request; errors as in `parse`, `find_set`, `write_filter`, and where a header or option is not met."""
    settings, query = Settings.from_environment(), read_query(request)
    _check_version(request)
    name, _, rest = str(request.path_params["name"]).strip("/").partition("/")
    option_names = [one.name for one in {"": (_FORMAT,), METADATA: ()}.get(name, OPTIONS)]
    options = _take_options(query, option_names)
    token = _read_token(options.get("$skiptoken", ""), find_link_key(request.scope))
    snapshot = kept_builds.open_seen(settings, token.build) if token else kept_builds.find(settings, query)
    selection, root = parse(query, snapshot, option_names).in_order(), f"{find_base(request, settings)}{ROOT}"
    if token and selection.build not in ("", token.build):
        raise SelectionError("$skiptoken names another build.", "$skiptoken", (), options["$skiptoken"])
    if name == METADATA:
        return hold_text(XML, ("odata", selection.lang), lambda: write_metadata(translator(selection.lang)), _HEADERS)
    is_number = rest == "$count"
    form = "text/plain; charset=utf-8" if is_number else _JSON_TYPE.format(_choose_metadata(request, options))
    if not name:
        pairs = urlencode(selection.query_pairs()) if query else ""
        return hold_text(form, (root, pairs), partial(_write_service, root, pairs), _HEADERS)
    table = find_set(name if rest in ("", "$count") else f"{name}/{rest}")
    page = _read_page(request, table, options, token)
    link_options = [(name, text) for name, text in options.items() if name not in ("$count", "$format", "$skiptoken")]
    address = f"{root}/{table.name}?{urlencode([*selection.query_pairs(), *link_options], safe='$,', quote_via=quote)}"
    context = "" if form == _JSON_TYPE.format("none") else _write_context(root, page, "$select" in options)
    is_frozen = selection.build or token is not None
    headers = {**_HEADERS, "cache-control": FOREVER if is_frozen else FRESH, "content-language": selection.lang}
    if page.size < LARGEST_PAGE and _PAGE_SIZE.search(request.headers.get("prefer", "")):
        headers["preference-applied"] = f"odata.maxpagesize={page.size}"
    write = _count_rows if is_number else partial(_write_rows, address=address, context=context)
    key = hash_parts([snapshot.build_id, edition(), form, address, context, str(page[1:])])
    return Handout(key, form, headers, partial(write, snapshot, selection, page), "odata", "table")


def _check_version(request: Request) -> None:
    """Check that the client takes an answer of this version; what it says of earlier protocols does not count."""
    if request.headers.get("odata-maxversion", "4.0").startswith(("1", "2", "3")):
        raise UnacceptableError("The answers here are OData 4.0.", "Allowed: OData-MaxVersion: 4.0.")


def _choose_metadata(request: Request, options: Mapping[str, str]) -> str:
    """Choose how much metadata the client wants beside the rows: minimal or none; browsers show JSON too.

    Raises:
        UnacceptableError: it takes no JSON.
    """
    media_types = options.get("$format") or request.headers.get("accept", "*/*")
    if not re.search(r"(?i)\bjson\b|\*/\*|application/\*|text/html", media_types):
        raise UnacceptableError("The answers here are JSON.", "Allowed: application/json, $format=json.")
    return "none" if re.search(r"(?i)metadata=none", media_types) else "minimal"


def _take_options(query: dict[str, list[str]], names: Sequence[str]) -> dict[str, str]:
    """Take the options of these names out of a query string.

    Raises:
        UnsupportedError: one is not offered here.
        SelectionError: one is given twice.
    """
    for name in query:
        if name in UNSUPPORTED:
            raise UnsupportedError(f"{name} is not offered here.", f"Allowed: {', '.join(names)}.")
        if name in names and len(query[name]) > 1:
            raise SelectionError(f"{name} stands twice.", name, ("one value",), query[name][-1])
    return {name: query.pop(name)[0] for name in names if name in query}


def _read_token(text: str, link_key: str) -> PageToken | None:
    """Read what `$skiptoken` names; None without it."""
    if not text:
        return None
    match = _TOKEN.fullmatch(text)
    token = PageToken(match[1], int(match[2]), int(match[3])) if match and is_build_id(match[1]) else None
    if token is None or not hmac.compare_digest(text.encode(), token.write(link_key).encode()):
        raise SelectionError("$skiptoken is none that these answers gave.", "$skiptoken", (), text)
    return token


def _read_number(options: Mapping[str, str], name: str) -> int | None:
    if name in options and not _WHOLE.fullmatch(options[name]):
        raise SelectionError(f"{name} takes a whole number.", name, ("0", "1", "2"), options[name])
    return int(options[name]) if name in options else None


def _read_page(request: Request, table: Table, options: Mapping[str, str], token: PageToken | None) -> Page:
    chosen = [one.strip() for one in options.get("$select", "").split(",") if one.strip()]
    columns = table.choose([] if "*" in chosen else chosen, "$select")
    condition, values = write_filter(options["$filter"], table.fields) if "$filter" in options else ("true", {})
    count_option = options.get("$count", "false")
    if count_option not in ("true", "false"):
        raise SelectionError("$count takes true or false.", "$count", ("true", "false"), count_option)
    preferred_size = _PAGE_SIZE.search(request.headers.get("prefer", ""))
    size = token.size if token else int(preferred_size[1]) if preferred_size else LARGEST_PAGE
    return Page(
        table,
        tuple(field.name for field in columns),
        condition,
        values,
        _read_order(table, options.get("$orderby", "")),
        _read_number(options, "$top"),
        _read_number(options, "$skip") or 0,
        token.done if token else 0,
        min(max(size, 1), LARGEST_PAGE),
        count_option == "true" and token is None,
        find_link_key(request.scope),
    )


def _read_order(table: Table, text: str) -> str:
    """Read `$orderby` as SQL; a null comes before all values, and after them in descending order."""
    order = ""
    for part in text.split(",") if text else ():
        match = _ORDER.fullmatch(part)
        if match is None:
            raise SelectionError("$orderby takes columns, each with asc or desc.", "$orderby", ("due_on desc",), part)
        [field] = table.choose([match[1]], "$orderby")
        order += f'"{field.name}" desc nulls last, ' if match[2] == "desc" else f'"{field.name}" asc nulls first, '
    return order


def _write_service(root: str, pairs: str) -> str:
    """Write the service document; the addresses of its sets keep the selection."""
    sets = [{"name": name, "kind": "EntitySet", "url": f"{name}?{pairs}" if pairs else name} for name in SETS]
    return json.dumps({"@odata.context": f"{root}/{METADATA}", "value": sets})


def _write_context(root: str, page: Page, is_selected: bool) -> str:
    columns = f"({','.join(page.columns)})" if is_selected else ""
    return f"{root}/{METADATA}#{page.table.name}{columns}"


def _write_rows(snapshot: Snapshot, selection: Selection, page: Page, address: str, context: str) -> bytes:
    """Write a page of rows, with the link to the next one where there are more: `address` with the page's place."""
    records, count = _read_records(snapshot, selection, page)
    parts = [f'"@odata.context":{json.dumps(context)}'] if context else []
    parts += [f'"@odata.count":{count}'] if page.is_counted else []
    parts.append(f'"value":[{",".join(records[: page.take])}]')
    done = page.done + page.take
    if len(records) > page.take and (page.top is None or done < page.top):
        link = f"{address}&$skiptoken={PageToken(snapshot.build_id, done, page.size).write(page.link_key)}"
        parts.append(f'"@odata.nextLink":{json.dumps(link)}')
    return f"{{{','.join(parts)}}}".encode()


def _count_rows(snapshot: Snapshot, selection: Selection, page: Page) -> bytes:
    return str(_read_records(snapshot, selection, page._replace(top=0, is_counted=True))[1]).encode()


def _read_records(snapshot: Snapshot, selection: Selection, page: Page) -> tuple[list[str], int]:
    """Read the rows of a page and the first one after it, as JSON, and how many there are in all, where it is counted.

    Statements consist of declared names; what a reader wrote is bound. Where no row is asked for none is read: a count
    alone needs no texts and lists.
    """
    skip, take = page.skip + page.done, page.take + bool(page.take)
    names = ", ".join(f"'{name}': \"{name}\"" for name in page.columns)
    record = f"to_json({{{names}}})::varchar as record"
    if page.is_plain:
        source = Source(snapshot, selection, page.table)
        pieces = [(select(record, piece.statement), piece.values) for piece in source.pieces(skip, take)]
        return [text for rows in _run(snapshot, selection, page, pieces) for (text,) in rows], source.rows
    slots = {
        "listed_rows": f"({query_text(page.table.query)}\n)",
        "-- record": f"{record},",
        "-- filter": f"{page.condition} and",
        "-- order": page.order,
    }
    statement = fill_slots(query_text("odata_rows"), slots)
    values = bind_selection(snapshot, selection) | dict(page.values) | {"skip": skip, "take": take}
    rows, total = f"{select('record', statement)} limit $take offset $skip", select("count(*)", statement)
    statements = [*([rows] if page.take else []), *([total] if page.is_counted else [])]
    answers = _run(snapshot, selection, page, [(each, values) for each in statements])
    count = answers.pop()[0][0] if page.is_counted else 0
    return [text for (text,) in answers[0]] if answers else [], count


def _run(
    snapshot: Snapshot, selection: Selection, page: Page, statements: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[list[Any]]:
    """Run statements, each with its values, over the rows of a selection.

    Raises:
        WorkerError: it took longer than `MOST_SECONDS`.
    """
    answers = []
    with snapshot.bulk_cursor() as cursor, Writer(cursor, {}, MOST_SECONDS) as writer:
        if page.table.name == MEASURES.name:
            cursor.register("rates_by_member", list_rates(snapshot, selection))
        try:
            for statement, values in statements:
                writer.values = dict(values)
                answers.append(writer.run(statement))
        except duckdb.InterruptException:
            raise WorkerError("Reading the rows took too long and was stopped.", "Ask for fewer.") from None
    return answers


_REPLY_HEADERS = ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "Link")
_REFUSED = {400: DATA, 404: DATA, 406: DATA, 410: DATA, 501: DATA, 503: DATA}


def _describe(path: str, name: str, summary: str, reply: Reply, parameters: tuple[Parameter, ...]) -> Operation:
    return Operation(
        f"{ROOT}/{path}", f"odata_{name}", "extracts", FAMILY, summary, (reply,), parameters, _REFUSED,
        tried=("lang", "$top"), is_open=True, takes_link=True,
    )  # fmt: skip


SERVICE = _describe(
    "",
    "service",
    N_("All tables and measures, for Power BI and Excel"),
    Reply(JSON, refer("ODataService"), _REPLY_HEADERS),
    (_FORMAT, *SELECTION),
)
OPERATIONS = (
    SERVICE,
    _describe(METADATA, "metadata", N_("Their columns and types (CSDL)"), Reply(XML, None, _REPLY_HEADERS), SELECTION),
    *(
        _describe(
            table.name, table.name, table.title, Reply(JSON, refer("ODataRows"), _REPLY_HEADERS), (*OPTIONS, *SELECTION)
        )
        for table in SETS.values()
    ),
)


def routes() -> list[ApiRoute]:
    """The one route for `st.App`, of all that is below `/odata`."""
    return [ApiRoute(f"{ROOT}{{name:path}}", hand_out(read, explain_by(answer_error)), OPERATIONS, AccessClass.PUBLIC)]
