"""Whoever sends something about actions by a plain page: where it is taken, and what is answered where it is not.

A server that only shows figures leads to the one that takes what is sent. Where a form cannot be shown again, what was
written comes back in words.
"""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from dashboard.campaign.copies.reading_copy import is_copy, read_note
from dashboard.campaign.reporting.links import KEY, ReportLinkError
from dashboard.campaign.reporting.reports import ReportBox
from dashboard.errors import UserError
from dashboard.faults import computer_faults
from dashboard.ground.files.private_store import read_key
from dashboard.i18n import N_
from dashboard.languages import name_language
from dashboard.mail.subscribers import UnwrittenError
from dashboard.snapshot.database import list_offered
from dashboard.web import refusals
from dashboard.web.http import lead
from dashboard.web.operation import PAGE
from dashboard.web.plain_fields import Part, draw_faults, list_words
from dashboard.web.plain_pages import HEADERS, NO_MORE, PlainReader, draw_words
from dashboard.web.sent_forms import SentForm

STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
REFUSED: dict[int, tuple[str, ...]] = {400: PAGE, 404: PAGE, 503: PAGE}
OFTEN: dict[int, tuple[str, ...]] = {429: PAGE}
SEND_AGAIN = N_("Please send this again: it came back faster than anybody can write, or from a page that is not ours.")
TOO_MANY_FORMS = N_("Too many forms came from here. Try again in an hour; keep this page open.")


class ClosedError(UserError):
    """The campaign does not take what somebody would send, or not at this server."""


class Sender(PlainReader):
    """Whoever sends something.

    Attributes:
        path: What the addresses of its pages begin with.
        salt: What tells the signatures of its forms from those of other pages.
        closed: The heading where nothing is taken, in English.
        elsewhere: What a server says that only shows figures, in English.
        text_fields: The names of the fields whose words are given back.
    """

    style = STYLE
    path = salt = closed = elsewhere = ""
    text_fields: tuple[str, ...] = ()

    def __init__(self, request: Request, sent_form: SentForm) -> None:
        """Read the link and the form."""
        super().__init__(request, sent_form)
        self.private = self.settings.campaign / "private"
        self.box = ReportBox(self.private)

    def check_open(self) -> None:
        """Refuse what is sent while the campaign takes none of it."""

    def draw_way_on(self) -> str:
        """Draw what can be done where a link opens nothing."""
        return ""

    def sign(self) -> URLSafeTimedSerializer:
        """Return what signs the tokens of forms."""
        return URLSafeTimedSerializer(read_key(self.private, KEY), salt=f"{self.salt}-form")

    def sign_files(self) -> URLSafeSerializer:
        """Return what signs the files that a form which came back has kept."""
        return URLSafeSerializer(read_key(self.private, KEY), salt=f"{self.salt}-files")

    def write_query(self, **more: object) -> str:
        """Write the query of the link in this language."""
        return urlencode({**({"t": self.token} if self.token else {}), "lang": self.t.language, **more})

    def draw_languages(self) -> str:
        """Draw the links to the page in the other languages."""
        return "".join(
            f'<a href="?{escape(self.write_query(lang=lang))}" lang="{lang}">{name_language(lang)}</a> '
            for lang in list_offered()
            if lang != self.t.language
        )

    def head_form(self, heading: str, parts: Sequence[Part], problem: str = "") -> tuple[str, str]:
        """Return the heading of a form, `heading` unless it comes back, and the HTML of what is wrong in it.

        `problem`: why what was sent is not kept, where no single answer is wrong.
        """
        if count := sum(len(part.faults) for part in parts):
            heading = self.t.plural("{n} answer needs a correction", "{n} answers need a correction", count)
            return heading, draw_faults(parts, self.t)
        return self.t(N_("Not sent yet")) if problem else heading, draw_words(problem, kind="wrong")


SenderT = TypeVar("SenderT", bound=Sender)


def answer_sender(reader: SenderT, answerer: Callable[[SenderT], Response]) -> Response:
    """Answer with a page, or with one that says what is wrong and gives back what was written."""
    t, settings = reader.t, reader.settings
    try:
        if is_copy(settings):
            made_at, url = read_note(settings.campaign).made_at.rstrip("/"), reader.request.url
            if made_at:
                return lead(
                    f"{made_at}{url.path[url.path.rindex(reader.path) :]}?{url.query}",
                    HEADERS,
                )
            raise ClosedError(reader.elsewhere, N_("Ask the secretariat of the campaign for the address."))
        reader.check_open()
        if reader.sent.problem is not None:
            raise reader.sent.problem
        with computer_faults():
            return answerer(reader)
    except ReportLinkError as error:
        heading, status, headers = t(error.what), 400, NO_MORE
        words = draw_words(t(error.remedy)) + reader.draw_way_on()
    except ClosedError as error:
        heading, status, headers = t(reader.closed), 404, NO_MORE
        words = draw_words(t(error.what), t(error.remedy))
    except UnwrittenError as error:
        heading, words = t(N_("That did not work")), draw_words(t(error.what), t(error.remedy))
        status, headers = 503, {"retry-after": refusals.SECONDS_TO_RETRY}
    except UserError as error:
        refusal = refusals.tell(error)
        heading, words = t(N_("That did not work")), draw_words(t(refusal.what), t(refusal.remedy))
        status, _, headers = refusals.refuse(refusal)
    if words_back := list_words(reader.form, reader.text_fields):
        words += f"<h2>{escape(t(N_('What you wrote, to copy')))}</h2>{draw_words(*words_back)}"
    return reader.answer(heading, words, status, headers)
