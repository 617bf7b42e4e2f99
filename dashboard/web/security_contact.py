"""`/.well-known/security.txt` (RFC 9116): whom somebody tells who has found a weakness; 404 where nobody is set."""

from datetime import UTC, datetime, time, timedelta

from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.i18n import N_
from dashboard.languages import list_languages
from dashboard.settings import Settings
from dashboard.web import unknown
from dashboard.web.kept_texts import answer_text
from dashboard.web.openapi.api_route import ApiRoute
from dashboard.web.openapi.operation import EITHER, Operation, Reply
from dashboard.web.site import find_base

PATH = "/.well-known/security.txt"
HOLDS = timedelta(days=180)
"""For how long what is answered today may be believed; RFC 9116 advises less than a year."""
OPERATION = Operation(
    PATH,
    "security_txt",
    "operation",
    N_("For operators"),
    N_("Whom to tell about a weakness"),
    (Reply("text/plain"),),
    refusals={404: EITHER},
    details=N_("By RFC 9116; the operator states the contact."),
)


def routes() -> list[ApiRoute]:
    """The route for `st.App`."""
    return [ApiRoute(PATH, answer_security_contact, (OPERATION,), AccessClass.EVERYBODY)]


async def answer_security_contact(request: Request) -> Response:
    """The contact, or 404 where none is set."""
    settings = Settings.from_environment()
    if not settings.security_contact:
        return unknown.answer_nothing(request)
    contact = write_security_contact(settings, find_base(request, settings), datetime.now(UTC))
    return answer_text(request, "text/plain; charset=utf-8", (contact,), lambda: contact)


def write_security_contact(settings: Settings, base: str, now: datetime) -> str:
    """The content of `security.txt`: the same for a whole day.

    Args:
        settings: State contact and policy.
        base: The dashboard's address, without a slash at its end.
        now: The hour that it is asked for.
    """
    expires = datetime.combine(now.date(), time(), UTC) + HOLDS
    lines = [f"Contact: {contact}" for contact in settings.security_contact]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", f"Preferred-Languages: {', '.join(list_languages())}"]
    lines += [f"Canonical: {base}{PATH}"]
    if settings.security_policy:
        lines.append(f"Policy: {settings.security_policy}")
    return "\n".join([*lines, ""])
