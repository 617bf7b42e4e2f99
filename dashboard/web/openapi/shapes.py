"""The shapes of JSON answers, as JSON Schema 2020-12, by the names under which operations refer to them.

Objects are closed: a field that an answer has and its shape has not is found by the tests that hold both together.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from dashboard.charts.options import PEERS
from dashboard.extracts.tables import TABLES, Table
from dashboard.i18n import Translator
from dashboard.languages import PATTERN
from dashboard.measures.latest import KINDS
from dashboard.receipts.receipt import VERSION, Receipt
from dashboard.snapshot.selection import PARAMETERS, VERSUS
from dashboard.web.openapi.operation import Schema

ADDRESS = {"type": "string", "format": "uri"}
DAY = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
COUNT = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
YES = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}

_TYPES: Mapping[str, Schema] = {
    "text": {"type": ["string", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "percent": {"type": ["number", "null"], "minimum": 0, "maximum": 100},
    "number": {"type": ["number", "null"]},
    "integer": {"type": ["integer", "null"]},
    "boolean": {"type": ["boolean", "null"]},
}


def name_record(table: str) -> str:
    """The name of the shape of one record of a table."""
    return f"Record_{table}"


def hold(properties: Mapping[str, Schema], *optional: str, **keywords: Any) -> dict[str, Any]:
    """An object of these fields and no others, all of which it has but for the `optional` ones."""
    needed = [name for name in properties if name not in optional]
    closed = {"additionalProperties": False} | keywords
    return {"type": "object", "properties": dict(properties), **({"required": needed} if needed else {}), **closed}


def map_to(schema: Schema) -> dict[str, Any]:
    """An object with any names, each with a value of one shape."""
    return {"type": "object", "additionalProperties": dict(schema)}


def list_of(schema: Schema) -> dict[str, Any]:
    """A list of values of one shape."""
    return {"type": "array", "items": dict(schema)}


_MAYBE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_COPY = hold({"checked_at": _MAYBE_MOMENT, "taken_at": _MAYBE_MOMENT, "store_is_read": YES})
"""How a server stands that takes its builds from an object store."""


def list_shapes(t: Translator) -> dict[str, Schema]:
    """Every shape by its name; columns are described in a language."""
    records = {name_record(table.name): _describe_record(table, t) for table in TABLES.values()}
    return {**_SHAPES, **records}


def _describe_record(table: Table, t: Translator) -> dict[str, Any]:
    """A row of a table; which columns it has is chosen in the link."""
    properties = {
        field.name: {**_TYPES[field.kind], "title": t(field.header), "description": t(field.description)}
        for field in table.fields
    }
    return {"title": t(table.title)} | hold(properties, *properties)


LANGUAGE = {"type": "string", "pattern": PATTERN}
"""The code of a language; `lang` names those that are offered."""

_RECEIPT = hold(
    {"receipt": {"const": VERSION}, **{field.name: TEXT for field in fields(Receipt) if field.name != "slide"}},
    *(field.name for field in fields(Receipt) if field.default == "" and field.name != "slide"),
)
_CODES = map_to(TEXTS)
_TOTALS = hold({"actions": COUNT, "reported": COUNT, "completed": COUNT})
_HEAD = {"title": TEXT, "is_sample": YES, "build_id": TEXT, "as_of": DAY}
_NAMED_VALUE = hold({"name": TEXT, "value": TEXT})
_LISTED_CHART = hold(
    {
        "id": TEXT,
        "title": TEXT,
        "titles": map_to(TEXT),
        "kind": TEXT,
        "dimensions": TEXTS,
        "measures": TEXTS,
        "options": hold({"sort": TEXTS, "measure": TEXTS, "peers": list_of({"enum": list(PEERS)})}),
        "is_compared": YES,
        "addresses": map_to(ADDRESS),
    }
)
_COLUMN = hold(
    {"name": TEXT, "type": TEXT, "unit": TEXT, "title": TEXT, "description": TEXT}, "unit", "title", "description"
)
_STEPS = hold(
    {
        "actions": COUNT,
        **{name: list_of({"type": "integer"}) for name in ("days", "completed", "known", "reported")},
    }
)
_DRAWN = ("curve", "ranks", "map")
_PACKAGE_FIELD = hold(
    {
        "name": TEXT,
        "type": {"enum": ["string", "date", "number", "integer", "boolean"]},
        "format": TEXT,
        "decimalChar": TEXT,
        "title": TEXT,
        "description": TEXT,
        "column": TEXT,
    },
    "format",
    "decimalChar",
)
_FEED_ITEM = hold(
    {
        "id": TEXT,
        "url": ADDRESS,
        "external_url": ADDRESS,
        "title": TEXT,
        "content_text": TEXT,
        "summary": TEXT,
        "date_published": MOMENT,
        "date_modified": MOMENT,
        "authors": list_of(hold({"name": TEXT})),
        "tags": TEXTS,
        "language": TEXT,
        "_entry": hold(
            {
                "kind": {"enum": list(KINDS)},
                "on_date": {"type": ["string", "null"], "format": "date"},
                "known_at": {"type": ["string", "null"], "format": "date-time"},
                "action_id": {"type": ["string", "null"]},
                "address": ADDRESS,
            }
        ),
    },
    "external_url",
    "summary",
    "authors",
    "language",
)

_SHAPES: dict[str, Schema] = {
    "Refusal": hold(
        {
            "error": TEXT | {"description": "What is wrong, in a sentence."},
            "parameter": TEXT | {"description": "The parameter at fault."},
            "value": {"type": ["string", "null"], "description": "The value at fault; null where the name is unknown."},
            "allowed": TEXTS | {"description": "What would be accepted."},
            "near": TEXTS | {"description": "What may have been meant."},
            "request_id": TEXT | {"description": "The number of the request in the server's log."},
        },
        "request_id",
        "parameter",
        "value",
        "allowed",
        "near",
    ),
    "Catalogue": hold(
        {
            **_HEAD,
            "parameters": hold({name: TEXTS for name in PARAMETERS}),
            "versus": list_of({"enum": list(VERSUS)}),
            "format_parameters": _CODES,
            "formats": _CODES,
            "sizes": map_to(hold({"width": COUNT, "height": {"type": ["integer", "null"]}})),
            "oembed": TEXT,
            "charts": list_of(_LISTED_CHART),
            "explore": hold(
                {
                    "id": TEXT,
                    "by": map_to(hold({"as": TEXTS, "and": _CODES})),
                    "measure": TEXTS,
                    "addresses": map_to(ADDRESS),
                }
            ),
            "survey": hold({"id": TEXT, "question": _CODES, "addresses": map_to(ADDRESS)}),
        }
    ),
    "Chart": hold(
        {
            "id": TEXT,
            "title": TEXT,
            "description": TEXT,
            "kind": TEXT,
            "lang": LANGUAGE,
            "campaign": TEXT,
            "is_sample": YES,
            "build_id": TEXT,
            "is_frozen": YES,
            "as_of": DAY,
            "selection": hold({"query": TEXT, "parameters": _CODES, "words": list_of(_NAMED_VALUE)}),
            "options": map_to(TEXT),
            "totals": _TOTALS,
            "sides": list_of(hold({"name": TEXT, "totals": _TOTALS})),
            "finding": TEXT,
            "summary": TEXT,
            "notes": TEXTS,
            "definitions": list_of(hold({"id": TEXT, "name": TEXT, "sentence": TEXT, "formula": TEXT})),
            "sources": TEXTS,
            "publisher": hold({"name": TEXT, "url": ADDRESS}, "name", "url"),
            "licence": hold({"name": TEXT, "spdx": TEXT, "url": ADDRESS}, "name", "spdx", "url"),
            "source_line": TEXT,
            "citation": TEXT,
            "columns": list_of(_COLUMN),
            "addresses": map_to(ADDRESS),
            "receipt": _RECEIPT,
        },
        "options",
        "sides",
        "publisher",
        "licence",
    ),
    "PlotlyFigure": {
        "type": "object",
        "description": "As Plotly takes it: Plotly.newPlot(element, data, layout).",
        "properties": {"data": list_of({"type": "object"}), "layout": {"type": "object"}},
        "required": ["data", "layout"],
    },
    "Replay": hold(
        {
            "first": DAY,
            **{name: TEXTS for name in ("dates", "elapsed", "percents")},
            "few": COUNT,
            "unclassified": TEXT,
            "possible": TEXT,
            "total": _STEPS,
            "ranks": map_to(_STEPS),
            "map": map_to(_STEPS),
            "titles": hold({name: TEXT for name in _DRAWN}),
            "drawings": hold({name: TEXTS for name in _DRAWN}),
            "style": TEXT,
        }
    ),
    "OEmbed": hold(
        {
            "type": {"const": "rich"},
            "version": {"const": "1.0"},
            "title": TEXT,
            "description": TEXT,
            "author_name": TEXT,
            "author_url": ADDRESS,
            "provider_name": TEXT,
            "provider_url": ADDRESS,
            "cache_age": COUNT,
            "width": COUNT,
            "height": COUNT,
            "html": TEXT,
            "receipt": _RECEIPT,
            "thumbnail_url": ADDRESS,
            "thumbnail_width": COUNT,
            "thumbnail_height": COUNT,
        },
        "author_name",
        "author_url",
        "thumbnail_url",
        "thumbnail_width",
        "thumbnail_height",
    ),
    "ExtractList": hold(
        {
            **_HEAD,
            "parameters": hold({name: TEXTS for name in (*PARAMETERS, "columns", "include", "csv")}),
            "tables": list_of(
                hold(
                    {
                        "name": {"enum": list(TABLES)},
                        "title": TEXT,
                        "description": TEXT,
                        "files": map_to(ADDRESS),
                        "columns": list_of(
                            hold({"name": TEXT, "title": TEXT, "kind": {"enum": list(_TYPES)}, "description": TEXT})
                        ),
                    }
                )
            ),
            "package": ADDRESS,
            "datapackage": ADDRESS,
        }
    ),
    "DataPackage": hold(
        {
            **{name: TEXT for name in ("profile", "name", "title", "description", "version")},
            "created": MOMENT,
            "homepage": ADDRESS,
            "languages": TEXTS,
            "citation": TEXT,
            "receipt": _RECEIPT,
            "sources": list_of(hold({"title": TEXT, "path": ADDRESS}, "path")),
            "contributors": list_of(hold({"title": TEXT, "path": ADDRESS, "role": {"const": "publisher"}}, "path")),
            "licenses": list_of(hold({"name": TEXT, "path": ADDRESS, "title": TEXT}, "name", "path")),
            "resources": list_of(
                hold(
                    {
                        **{name: TEXT for name in ("name", "path", "profile", "title", "description", "format")},
                        "mediatype": TEXT,
                        "encoding": TEXT,
                        "dialect": hold({"delimiter": TEXT, "lineTerminator": TEXT}),
                        "schema": hold(
                            {"fields": list_of(_PACKAGE_FIELD), "missingValues": TEXTS, "primaryKey": TEXTS},
                            "primaryKey",
                        ),
                    },
                    "encoding",
                    "dialect",
                )
            ),
        },
        "contributors",
        "licenses",
        "homepage",  # where the dashboard has no address
    ),
    "Feed": hold(
        {
            "version": {"const": "https://jsonfeed.org/version/1.1"},
            "title": TEXT,
            "home_page_url": ADDRESS,
            "feed_url": ADDRESS,
            "description": TEXT,
            "language": LANGUAGE,
            "authors": list_of(hold({"name": TEXT, "url": ADDRESS}, "url")),
            "items": list_of(_FEED_ITEM),
        }
    ),
    "Build": hold({"build_id": TEXT, "built_at": MOMENT, "actions": COUNT}),
    "Readiness": hold(
        {"ready": YES, "build_id": TEXT, "built_at": MOMENT, "reason": TEXT, "copy": _COPY},
        "build_id",
        "built_at",
        "reason",
        "copy",
    ),
    "Subscriber": {"type": "object", "description": "All that is kept about one subscriber."},
}
