"""Mails that came back: reports that mail servers send to the sender (RFC 3464), read from saved files."""

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import NamedTuple

from dashboard.errors import UserError
from dashboard.mail.outbox import Outbox

LARGEST = 20_000_000
_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Found(NamedTuple):
    """Reports that were read, mails that are noted as bounced, and reports of mails that nobody here knows."""

    reports: int
    noted: int
    unknown: int


def note_bounces(outbox: Outbox, files: Iterable[Path]) -> Found:
    """Note the mails that are reported as not delivered for good; what is no such report is passed over.

    Raises:
        UserError: a file is not there or cannot be read.
    """
    reports = bounced = 0
    for path in _list_files(files):
        try:
            raw = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}.") from error
        report = read_report(raw)
        if report is not None:
            reports += 1
            bounced += outbox.note_bounce(*report)
    return Found(reports, bounced, reports - bounced)


def read_report(raw: bytes) -> tuple[str, str] | None:
    """The Message-ID of the mail that a report speaks of, and the code; None for a delay, and for what is no report."""
    message = message_from_bytes(raw, policy=default)
    parts = list(message.walk())
    states = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    blocks = [block for state in states for block in _list_blocks(state)]
    failed = [block for block in blocks if str(block.get("Action", "")).strip().lower() == "failed"]
    message_id = next((part_id for part in parts if (part_id := _find_id(part))), "")
    if not failed or not message_id:
        return None
    code = _CODE.search(str(failed[0].get("Status", "")))
    return message_id, code.group() if code else ""


def _list_blocks(state: Message) -> Iterator[Message]:
    payload = state.get_payload()
    yield from (block for block in payload if isinstance(block, Message)) if isinstance(payload, list) else ()


def _find_id(part: Message) -> str:
    """The id of the mail that a part holds whole, or the headers of."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        return str(inner["Message-ID"] or "").strip() if isinstance(inner, Message) else ""
    if kind == "text/rfc822-headers" and isinstance(part, EmailMessage):
        return str(message_from_bytes(str(part.get_content()).encode())["Message-ID"] or "").strip()
    return ""


def _list_files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from sorted(path for path in place.rglob("*") if path.is_file())
        elif place.is_file():
            yield place
        else:
            raise UserError(f"{place} is not there.", "Name saved mails, or folders of them.")
