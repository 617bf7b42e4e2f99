"""The shapes of JSON answers, as JSON Schema 2020-12, by the names under which operations refer to them.

Objects are closed: tests that hold an answer against its shape find a field that the shape lacks.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from dashboard.charts.options import PEERS
from dashboard.files.extracts.tables import TABLES, Table
from dashboard.i18n import Translator
from dashboard.languages import PATTERN
from dashboard.measures.latest import KINDS
from dashboard.snapshot.receipts.receipt import VERSION, Receipt
from dashboard.snapshot.selection import PARAMETERS, VERSUS
from dashboard.web.operation import Schema
from dashboard.web.verifying.deviation import State

ADDRESS = {"type": "string", "format": "uri"}
DAY = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
COUNT = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
YES = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}

Fields = Mapping[str, Schema]
_CLOSED = {"additionalProperties": False}
_TYPES: Mapping[str, Schema] = {
    "text": {"type": ["string", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "percent": {"type": ["number", "null"], "minimum": 0, "maximum": 100},
    "number": {"type": ["number", "null"]},
    "amount": {"type": ["number", "null"]},
    "integer": {"type": ["integer", "null"]},
    "boolean": {"type": ["boolean", "null"]},
}


def name_record(table: str) -> str:
    """Name the shape of one record of a table."""
    return f"Record_{table}"


def hold(fields: Fields) -> dict[str, Any]:
    """Describe an object of exactly these fields; it has all but those whose name ends in a question mark."""
    properties = {name.removesuffix("?"): schema for name, schema in fields.items()}
    needed = {"required": [name for name in fields if not name.endswith("?")]}
    return {"type": "object", "properties": properties, **(needed if needed["required"] else {}), **_CLOSED}


def texts(names: str) -> dict[str, Schema]:
    """Describe fields with texts, by their names."""
    return dict.fromkeys(names.split(), TEXT)


def map_to(schema: Schema) -> dict[str, Any]:
    """Describe an object with any names, each with a value of one shape."""
    return {"type": "object", "additionalProperties": dict(schema)}


def list_of(schema: Schema) -> dict[str, Any]:
    """Describe a list of values of one shape."""
    return {"type": "array", "items": dict(schema)}


_MAYBE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_COPY = hold({"checked_at": _MAYBE_MOMENT, "taken_at": _MAYBE_MOMENT, "store_is_read": YES})
"""How a server stands that takes its builds from an object store."""


def list_shapes(t: Translator) -> dict[str, Schema]:
    """List every shape by its name; columns are described in a language."""
    records = {name_record(table.name): _describe_record(table, t) for table in TABLES.values()}
    return {**_SHAPES, **records}


def _describe_record(table: Table, t: Translator) -> dict[str, Any]:
    """Describe a row of a table; the link chooses which columns it has."""
    fields = {
        f"{field.name}?": {**_TYPES[field.kind], "title": t(field.header), "description": t(field.description)}
        for field in table.fields
    }
    return {"title": t(table.title)} | hold(fields)


LANGUAGE = {"type": "string", "pattern": PATTERN}
"""The code of a language; `lang` names those that are offered."""

_RECEIPT_FIELDS = [field for field in fields(Receipt) if field.name != "slide"]
_RECEIPT = hold(
    {"receipt": {"const": VERSION}}
    | {f"{field.name}{'?' if field.default == '' else ''}": TEXT for field in _RECEIPT_FIELDS}
)
_CODES = map_to(TEXTS)
_TOTALS = hold({"actions": COUNT, "reported": COUNT, "completed": COUNT})
_HEAD: Fields = {"title": TEXT, "is_sample": YES, "build_id": TEXT, "as_of": DAY}
_DAYS = {name: list_of({"type": "integer"}) for name in ("days", "completed", "known", "reported")}
_STEPS = hold({"actions": COUNT, **_DAYS})
_LISTED_CHART: Fields = {
    **texts("id title"),
    "titles": map_to(TEXT),
    "kind": TEXT,
    "dimensions": TEXTS,
    "measures": TEXTS,
    "options": hold({"sort": TEXTS, "measure": TEXTS, "peers": list_of({"enum": list(PEERS)}), "expected?": TEXTS}),
    "is_compared": YES,
    "addresses": map_to(ADDRESS),
}
_PACKAGE_FIELD: Fields = {
    "name": TEXT,
    "type": {"enum": ["string", "date", "number", "integer", "boolean"]},
    **texts("format? decimalChar? title description column"),
}
_RESOURCE: Fields = {
    **texts("name path profile title description format mediatype encoding?"),
    "dialect?": hold(texts("delimiter lineTerminator")),
    "schema": hold({"fields": list_of(hold(_PACKAGE_FIELD)), "missingValues": TEXTS, "primaryKey?": TEXTS}),
}
_COLUMN: Fields = {"name": TEXT, "title": TEXT, "kind": {"enum": list(_TYPES)}, "description": TEXT}
_TABLE: Fields = {
    "name": {"enum": list(TABLES)},
    **texts("title description"),
    "files": map_to(ADDRESS),
    "columns": list_of(hold(_COLUMN)),
}
_PLACES = {name: list_of(hold(texts(f"place says {name}"))) for name in ("should", "now")}
_CHECKED: Fields = {"state": {"enum": list(State)}, "says": TEXT, "compared": COUNT}
_CHECK: Fields = {
    **texts("file program"),
    **_CHECKED,
    "ok": YES,
    "is_readable": YES,
    "parts": list_of(
        hold(
            {
                **texts("place build? of?"),
                **_CHECKED,
                "changed": _PLACES["should"],
                "now": _PLACES["now"],
                "more": COUNT,
                "own_words": TEXTS,
                "remarks": TEXTS,
            }
        )
    ),
}
_ENTRY: Fields = {
    "kind": {"enum": list(KINDS)},
    "on_date": {"type": ["string", "null"], "format": "date"},
    "known_at": {"type": ["string", "null"], "format": "date-time"},
    "action_id": {"type": ["string", "null"]},
    "address": ADDRESS,
}
_FEED_ITEM: Fields = {
    "id": TEXT,
    "url": ADDRESS,
    "external_url?": ADDRESS,
    **texts("title content_text summary?"),
    "date_published": MOMENT,
    "date_modified": MOMENT,
    "authors?": list_of(hold({"name": TEXT})),
    "tags": TEXTS,
    "language?": TEXT,
    "image?": ADDRESS,
    "attachments?": list_of(hold({"url": ADDRESS, "mime_type": TEXT, "title": TEXT, "size_in_bytes": COUNT})),
    "_entry": hold(_ENTRY),
}

_REFUSAL: Fields = {
    "error": {"type": ["string", "object"], "description": "What is wrong, in a sentence; by OData in an object."},
    "parameter?": TEXT | {"description": "The parameter at fault."},
    "value?": {"type": ["string", "null"], "description": "The value at fault; null where the name is unknown."},
    "allowed?": TEXTS | {"description": "What would be accepted."},
    "near?": TEXTS | {"description": "What may have been meant."},
    "request_id?": TEXT | {"description": "The number of the request in the server's log."},
}
_CATALOGUE: Fields = {
    **_HEAD,
    "parameters": hold({name: TEXTS for name in PARAMETERS}),
    "versus": list_of({"enum": list(VERSUS)}),
    "format_parameters": _CODES,
    "formats": _CODES,
    "sizes": map_to(hold({"width": COUNT, "height": {"type": ["integer", "null"]}})),
    "oembed": TEXT,
    "charts": list_of(hold(_LISTED_CHART)),
    "explore": hold(
        {
            "id": TEXT,
            "by": map_to(hold({"as": TEXTS, "and": _CODES})),
            "measure": TEXTS,
            "addresses": map_to(ADDRESS),
        }
    ),
    "survey": hold({"id": TEXT, "question": _CODES, "addresses": map_to(ADDRESS)}),
    "measured": _CODES,
}
_CHART: Fields = {
    **texts("id title full_title description kind"),
    "lang": LANGUAGE,
    "campaign": TEXT,
    "is_sample": YES,
    "build_id": TEXT,
    "is_frozen": YES,
    "as_of": DAY,
    "selection": hold({"query": TEXT, "parameters": _CODES, "words": list_of(hold(texts("name value")))}),
    "options?": map_to(TEXT),
    "totals": _TOTALS,
    "sides?": list_of(hold({"name": TEXT, "totals": _TOTALS})),
    **texts("finding key_message summary"),
    "notes": TEXTS,
    "definitions": list_of(hold(texts("id name sentence formula"))),
    "sources": TEXTS,
    "publisher?": hold({"name?": TEXT, "url?": ADDRESS}),
    "licence?": hold({"name?": TEXT, "spdx?": TEXT, "url?": ADDRESS}),
    **texts("source_line citation"),
    "columns": list_of(hold(texts("name type unit? title? description?"))),
    "addresses": map_to(ADDRESS),
    "receipt": _RECEIPT,
}
_REPLAY: Fields = {
    "first": DAY,
    **{name: TEXTS for name in ("dates", "elapsed", "percents")},
    "few": COUNT,
    "steps": list_of({"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}),
    **texts("unclassified possible mean"),
    "names": map_to(TEXT),
    "total": _STEPS,
    "ranks": map_to(_STEPS),
    "map": map_to(_STEPS),
    "titles": hold(texts("curve ranks map")),
    "drawings": hold({"curve": TEXTS, "map": TEXTS}),
    "style": TEXT,
}
_OEMBED: Fields = {
    "type": {"const": "rich"},
    "version": {"const": "1.0"},
    **texts("title description author_name?"),
    "author_url?": ADDRESS,
    "provider_name": TEXT,
    "provider_url": ADDRESS,
    **dict.fromkeys(("cache_age", "width", "height"), COUNT),
    "html": TEXT,
    "receipt": _RECEIPT,
    "thumbnail_url?": ADDRESS,
    "thumbnail_width?": COUNT,
    "thumbnail_height?": COUNT,
}
_EXTRACT_LIST: Fields = {
    **_HEAD,
    "parameters": hold({name: TEXTS for name in (*PARAMETERS, "columns", "include", "csv")}),
    "tables": list_of(hold(_TABLE)),
    "package": ADDRESS,
    "datapackage": ADDRESS,
}
_DATA_PACKAGE: Fields = {
    **texts("profile name title description version"),
    "created": MOMENT,
    "homepage?": ADDRESS,  # missing where the dashboard has no address
    "languages": TEXTS,
    "citation": TEXT,
    "receipt": _RECEIPT,
    "sources": list_of(hold({"title": TEXT, "path?": ADDRESS})),
    "contributors?": list_of(hold({"title": TEXT, "path?": ADDRESS, "role": {"const": "publisher"}})),
    "licenses?": list_of(hold({"name?": TEXT, "path?": ADDRESS, "title": TEXT})),
    "resources": list_of(hold(_RESOURCE)),
}
_ODATA_ROWS: Fields = {
    "@odata.context?": ADDRESS,
    "@odata.count?": COUNT,
    "value": list_of({"type": "object"}),
    "@odata.nextLink?": ADDRESS,
}
_FEED: Fields = {
    "version": {"const": "https://jsonfeed.org/version/1.1"},
    "title": TEXT,
    "home_page_url": ADDRESS,
    "feed_url": ADDRESS,
    "description": TEXT,
    "language": LANGUAGE,
    "authors": list_of(hold({"name": TEXT, "url?": ADDRESS})),
    "items": list_of(hold(_FEED_ITEM)),
}
_BUILD: Fields = {"build_id": TEXT, "built_at": MOMENT, "actions": COUNT}
_READINESS: Fields = {"ready": YES, "build_id?": TEXT, "built_at?": MOMENT, "reason?": TEXT, "copy?": _COPY}
_PLOTLY = {
    "type": "object",
    "description": "As Plotly takes it: Plotly.newPlot(element, data, layout).",
    "properties": {"data": list_of({"type": "object"}), "layout": {"type": "object"}},
    "required": ["data", "layout"],
}
_SHAPES: dict[str, Schema] = {
    "Refusal": hold(_REFUSAL),
    "Catalogue": hold(_CATALOGUE),
    "Chart": hold(_CHART),
    "PlotlyFigure": _PLOTLY,
    "Replay": hold(_REPLAY),
    "OEmbed": hold(_OEMBED),
    "ExtractList": hold(_EXTRACT_LIST),
    "DataPackage": hold(_DATA_PACKAGE),
    "ODataService": hold({"@odata.context": ADDRESS, "value": list_of(hold(texts("name kind url")))}),
    "ODataRows": hold(_ODATA_ROWS),
    "Feed": hold(_FEED),
    "Build": hold(_BUILD),
    "Readiness": hold(_READINESS),
    "Check": hold(_CHECK),
    "Subscriber": {"type": "object", "description": "All that is kept about one subscriber."},
}
