"""Texts made from what is published: kept compressed while there is room, and known by what they are made from."""

from collections.abc import Callable, Mapping
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from dashboard.cache import Cache
from dashboard.web.http import (
    FRESH,
    answer_body,
    answer_unmodified,
    choose_encoding,
    compress,
    edition,
    encoding_headers,
    hash_parts,
    name_type,
)

MEGABYTES = 8
"""Memory for finished texts, compressed."""


def answer_text(
    request: Request,
    media_type: str,
    parts: tuple[object, ...],
    write: Callable[[], str],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A text, made unless it is there. Blocks while it is made.

    Args:
        request: What is answered.
        media_type: What it is.
        parts: What it is made from beside the program; they tell it from all other texts.
        write: Makes it.
        headers: Further headers of the answer.
    """
    encoding = choose_encoding(request.headers.get("accept-encoding", ""))
    key = hash_parts([edition(), media_type, *parts])
    all_headers = {
        **encoding_headers(key, encoding, name_type(media_type)),
        "cache-control": FRESH,
        **(headers or {}),
    }
    unmodified = answer_unmodified(request, all_headers)
    if unmodified is not None:
        return unmodified
    return answer_body(
        request, _finished().get(all_headers["etag"], lambda: compress(write().encode(), encoding)), all_headers
    )


@cache
def _finished() -> Cache[str, bytes]:
    return Cache[str, bytes](MEGABYTES * 1_000_000, len)
