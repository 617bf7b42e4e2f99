"""Plain pages of words and forms: they need no script, load nothing, and nobody keeps them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from starlette.requests import Request

from dashboard.i18n import N_, Translator
from dashboard.languages import write_attributes
from dashboard.web import refusals
from dashboard.web.http import Answer, answer_body, hash_source
from dashboard.web.operation import HTML, Operation, Parameter, Reply, Schema

LARGEST_FORM = 16_000
STYLE = refusals.STYLE + Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
HEADERS = {
    "cache-control": "private, no-store",
    "referrer-policy": "same-origin",  # the address may hold a token; the form needs a referrer of its own server
    "x-robots-tag": "noindex, nofollow",
    "content-type": "text/html; charset=utf-8",
}
PAGE_LANG = Parameter(
    "lang", N_("The language of the page; else that of the browser."), {"type": "string"}, example="fr"
)
NO_MORE: Mapping[str, str] = MappingProxyType({})


def describe_page(
    path: str, operation_id: str, tag: str, family: str, summary: str, parameters: tuple[Parameter, ...], **more: Any
) -> Operation:
    """Describe a plain page; `more` as of `Operation`."""
    return Operation(
        path, operation_id, tag, family, summary, (Reply(HTML, None, ("Cache-Control",)),), parameters, **more
    )


def describe_button(
    page: Operation,
    summary: str,
    form: Mapping[str, Schema] | None = None,
    refusals: Mapping[int, tuple[str, ...]] | None = None,
) -> Operation:
    """Describe the button of a plain page, with the fields that it sends and its further refusals."""
    return replace(
        page,
        operation_id=f"{page.operation_id}_post",
        summary=summary,
        method="post",
        form=form or {},
        refusals={**page.refusals, **(refusals or {})},
    )


async def read_body(request: Request) -> bytes:
    """Read the form that was sent; a body that is too long counts as no form."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            return b""
    return body


def answer_plain(
    request: Request,
    t: Translator,
    heading: str,
    body: str,
    home: tuple[str, str],
    status: int = 200,
    headers: Mapping[str, str] = NO_MORE,
) -> Answer:
    """Answer with a page whose policy lets it load nothing and send its forms to its own server alone.

    `body`: the HTML below the heading. `home`: the words and the address of the link to the dashboard; empty words are
    “Overview”.
    """
    words, address = home
    all_headers = HEADERS | {"content-security-policy": _write_policy(), "content-language": t.language, **headers}
    page = (
        f'<!doctype html><html {write_attributes(t.language)}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex,nofollow">'
        f'<meta name="referrer" content="{all_headers["referrer-policy"]}">'
        f"<title>{escape(heading)}</title><style>{STYLE}</style></head><body><main>"
        f'<p class="kicker"><a href="{escape(address)}">{escape(words or t(N_("Overview")))}</a></p>'
        f"<h1>{escape(heading)}</h1>{body}</main></body></html>\n"
    )
    return answer_body(request, page.encode(), all_headers, status)


def draw_words(*sentences: str, kind: str = "") -> str:
    """Draw sentences as paragraphs; leave out empty ones."""
    mark = f' class="{kind}" role="alert"' if kind else ""
    return "".join(f"<p{mark}>{escape(sentence)}</p>" for sentence in sentences if sentence)


def draw_button(words: str, action: str = "") -> str:
    """Draw a form's button."""
    name = f' name="action" value="{action}"' if action else ""
    return f'<button type="submit"{name}>{escape(words)}</button>'


@cache
def _write_policy() -> str:
    style = hash_source(STYLE)
    return f"default-src 'none'; style-src {style}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
