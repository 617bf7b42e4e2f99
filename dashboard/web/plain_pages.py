"""Plain pages of words and forms: they need no script, load nothing, and nobody keeps them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import cache, wraps
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.sessions import is_closed
from dashboard.errors import SnapshotError
from dashboard.i18n import N_, Translator
from dashboard.languages import write_attributes
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.web import refusals
from dashboard.web.http import Answer, answer_body, hash_source
from dashboard.web.operation import HTML, Operation, Parameter, Reply, Schema
from dashboard.web.sent_forms import FormReader, SentForm, read_sent_form
from dashboard.web.site import write_way

AnswererT = TypeVar("AnswererT", bound=Callable[..., Response])

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
TRAP = "website"


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
    replies: tuple[Reply, ...] = (),
) -> Operation:
    """Describe the button of a plain page, with the fields that it sends, its further refusals and its own replies."""
    return replace(
        page,
        operation_id=f"{page.operation_id}_post",
        summary=summary,
        method="post",
        form=form or {},
        replies=replies or page.replies,
        refusals={**page.refusals, **(refusals or {})},
    )


def answer_in_thread(
    work: Callable[[Request, AnswererT, SentForm], Response],
    get: AnswererT,
    post: AnswererT | None = None,
    read: FormReader = read_sent_form,
) -> Callable[[Request], Awaitable[Response]]:
    """Make a route whose `work` is done in a thread, by the answerer of the method and the form that was sent."""

    @wraps(get)
    async def answer(request: Request) -> Response:
        if request.method != "POST" or post is None:
            return await run_in_threadpool(work, request, get, SentForm())
        sent_form = await read(request)
        try:
            return await run_in_threadpool(work, request, post, sent_form)
        finally:
            await sent_form.close()

    return answer


def answer_plain(
    request: Request,
    t: Translator,
    heading: str,
    body: str,
    home: tuple[str, str],
    status: int = 200,
    headers: Mapping[str, str] = NO_MORE,
    style: str = "",
    script: str = "",
) -> Answer:
    """Answer with a page whose policy lets it load nothing and send its forms to its own server alone.

    `body`: the HTML below the heading. `home`: the words and the address of the link to the dashboard; empty words are
    “Overview”. `style`: rules besides those of all plain pages. `script`: the page's only script; without it nothing is
    missing.
    """
    words, address = home
    style = STYLE + style
    policy = _write_policy(style, script)
    all_headers = {**HEADERS, "content-security-policy": policy, "content-language": t.language, **headers}
    page = (
        f'<!doctype html><html {write_attributes(t.language)}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex,nofollow">'
        f'<meta name="referrer" content="{all_headers["referrer-policy"]}">'
        f"<title>{escape(heading)}</title><style>{style}</style></head><body><main>"
        f'<p class="kicker"><a href="{escape(address)}">{escape(words or t(N_("Overview")))}</a></p>'
        f"<h1>{escape(heading)}</h1>{body}</main>{script and f'<script>{script}</script>'}</body></html>\n"
    )
    return answer_body(request, page.encode(), all_headers, status)


class PlainReader:
    """Whoever asks for a plain page: the language, the token of the link, and the form that was sent.

    Attributes:
        style: Rules besides those of all plain pages.
    """

    style = ""

    def __init__(self, request: Request, sent_form: SentForm) -> None:
        """Read the link and the form."""
        self.request, self.sent, self.form = request, sent_form, sent_form.fields
        self.token = request.query_params.get("t", "")
        self.t = refusals.read_language(request)
        self.settings = Settings.from_environment()

    def field(self, name: str) -> str:
        """Return what a field of the form holds."""
        return "".join(self.form.get(name, []))

    def find_home(self) -> tuple[str, str]:
        """Find the words and the address of the link to the dashboard."""
        return find_home(self.t, self.settings)

    def answer(
        self, heading: str, body: str, status: int = 200, headers: Mapping[str, str] = NO_MORE, script: str = ""
    ) -> Answer:
        """Answer with a page."""
        home = self.find_home()
        return answer_plain(self.request, self.t, heading, body, home, status, headers, self.style, script)


def draw_words(*sentences: str, kind: str = "") -> str:
    """Draw sentences as paragraphs; leave out empty ones."""
    mark = f' class="{kind}" role="alert"' if kind else ""
    return "".join(f"<p{mark}>{escape(sentence)}</p>" for sentence in sentences if sentence)


def draw_button(words: str, action: str = "") -> str:
    """Draw a form's button."""
    name = f' name="action" value="{action}"' if action else ""
    return f'<button type="submit"{name}>{escape(words)}</button>'


def draw_link(address: str, words: str) -> str:
    """Draw a link in a paragraph of its own."""
    return f'<p><a href="{escape(address)}">{escape(words)}</a></p>'


def draw_trap() -> str:
    """Draw the field `TRAP`, which nobody sees; programs that fill in every field do."""
    return f'<p class="trap" aria-hidden="true"><label>Website<input name="{TRAP}" tabindex="-1"></label></p>'


def find_home(t: Translator, settings: Settings) -> tuple[str, str]:
    """Find the words and the address of the link to the dashboard; leave out a closed campaign's title."""
    address = write_way(settings, lang=t.language, way="/")
    if is_closed(settings):
        return t(N_("Dashboard")), address
    try:
        return str(database.current(settings).campaign[f"title_{t.language}"]), address
    except SnapshotError:
        return "", address


@cache
def _write_policy(style: str, script: str) -> str:
    sources = f"style-src {hash_source(style)}" + (f"; script-src {hash_source(script)}" if script else "")
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
