"""What is sent by the forms of plain pages: fields, and files, which wait on the disk until the answer is made."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import NamedTuple

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from dashboard.errors import TooLargeError, TooOftenError, UserError
from dashboard.i18n import N_
from dashboard.web.guard.allowances import take_turn
from dashboard.web.guard.limits import read_length
from dashboard.web.http import read_form

LARGEST_FORM = 16_000
MOST_FIELDS, MOST_FILES = 1_500, 25
"""Of a form with files: twenty actions with all that is asked about them, and the files that a link may hand in."""
LANE = "evidence"
"""In it large forms of one client, such as the one address of a hall, are read in turn."""
MULTIPART = "multipart/form-data"


class SentForm(NamedTuple):
    """What was sent.

    Attributes:
        files: The files, by the names of their fields; a field without a chosen file is left out.
        problem: Why nothing of it could be read; None where it was read, or is no form.
    """

    fields: Mapping[str, list[str]] = {}
    files: Mapping[str, list[UploadFile]] = {}
    problem: UserError | None = None

    async def close(self) -> None:
        """Remove the files from the disk."""
        for file in (file for files in self.files.values() for file in files):
            await file.close()


FormReader = Callable[[Request], Awaitable[SentForm]]


async def read_sent_form(request: Request, largest: int = LARGEST_FORM) -> SentForm:
    """Read a form without files; a body that is too long counts as no form."""
    return SentForm(read_form(await read_body(request, largest)))


async def read_body(request: Request, largest: int = LARGEST_FORM) -> bytes:
    """Read the body of a form; none where it is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > largest:
            return b""
    return body


async def read_form_with_files(request: Request, largest: int, largest_text: int) -> SentForm:
    """Read a form that may have files; large ones of one client in turn.

    `largest_text`: the most bytes of its fields; they alone are held in memory.
    """
    has_files = request.headers.get("content-type", "").lower().startswith(MULTIPART)
    length = read_length(request.scope)
    try:
        if length > (largest if has_files else largest_text):
            raise MultiPartException("too large")
        if not has_files:
            return await read_sent_form(request, largest_text)
        if 0 < length <= largest_text:  # 0 where no length is stated
            return await _parse(request, largest, largest_text)
        with await take_turn(request.scope, LANE):
            return await _parse(request, largest, largest_text)
    except TooOftenError as error:
        return SentForm(problem=error)
    except MultiPartException:
        what = N_("What you sent is too large, or was cut on its way.")
        return SentForm(problem=TooLargeError(what, N_("Go back, shorten it or leave files out, and send it again.")))


async def _parse(request: Request, largest: int, largest_text: int) -> SentForm:
    """Parse a form with files, as far as it is not too large.

    Raises:
        MultiPartException: it is no such form, or too large, or has too many fields or files.
    """

    async def read_stream() -> AsyncGenerator[bytes, None]:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > largest or sum(len(value) for _, value in parser.items if isinstance(value, str)) > largest_text:
                raise MultiPartException("too large")
            yield part

    limits = {"max_files": MOST_FILES, "max_fields": MOST_FIELDS, "max_part_size": largest_text}
    parser = MultiPartParser(request.headers, read_stream(), **limits)
    fields: dict[str, list[str]] = {}
    files: dict[str, list[UploadFile]] = {}
    for name, value in (await parser.parse()).multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
        elif value.filename:
            files.setdefault(name, []).append(value)
    return SentForm(fields, files)
