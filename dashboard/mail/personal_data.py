"""The personal data of somebody with an address in the exports, and the link that shows them to that person alone.

The link goes to the address on file, holds for thirty minutes and opens once. Its handle is that of a report link whose
origin names no person: whose it is follows from the addresses of its actions and a keyed hash.
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from itsdangerous import BadData, URLSafeTimedSerializer

from dashboard.campaign.file_names import find_store
from dashboard.campaign.reporting.links import KEY, PATH, PERSONAL, ReportLink, ReportLinkError, ReportLinks, find_today
from dashboard.engines import lend
from dashboard.errors import UserError
from dashboard.faults import computer_faults
from dashboard.ground.base_urls import shareable
from dashboard.ground.files.private_store import read_key
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_, translator
from dashboard.mail.asked import find_addresses
from dashboard.mail.forgetting import find_person
from dashboard.mail.message import Mail, make_dressed, write_notice
from dashboard.mail.outbox import CONFIRMATION, Outbox, now
from dashboard.mail.sending import send_confirmations
from dashboard.mail.subscribers import MOST_ASKS
from dashboard.settings import Settings
from dashboard.snapshot import database

LOG = logging.getLogger(__name__)
MINUTES = 30


class PersonalCell(NamedTuple):
    """One cell of an export with personal data: its place by handles, its heading, its text."""

    source_file: str
    source_sheet: str | None
    source_row: int
    header: str
    value: str


class PersonalData(NamedTuple):
    """What is held of one person: cells of exports, and other places with what stands there."""

    cells: tuple[PersonalCell, ...]
    places: Mapping[str, tuple[Mapping[str, object], ...]]


def send_personal_links(settings: Settings, link: ReportLink, lang: str) -> None:
    """Mail a link to each address on file of a link's actions, and not too often a day.

    Nobody waits for it: whoever asked has their answer already, and a fault is logged.
    """
    try:
        with computer_faults():
            addresses = _find_addresses(settings, link) if shareable(settings.base_url) else []
            is_put = [_put_mail(settings, address, lang, link) for address in addresses]
            if any(is_put):
                send_confirmations(settings)
    except Exception as error:  # its words might hold an address
        LOG.error(
            "A personal link could not be sent: %s", error if isinstance(error, UserError) else type(error).__name__
        )


def read_personal_link(settings: Settings, token: str) -> tuple[ReportLink, str]:
    """Find the unused link of a token, and the address of its person.

    Raises:
        ReportLinkError: it opens nothing, for whatever reason.
    """
    try:
        handle = _sign(settings).loads(token, max_age=MINUTES * 60)
    except BadData:
        raise ReportLinkError from None
    link = ReportLinks(settings.campaign / "private").find(str(handle))
    if link is None or not link.is_open():
        raise ReportLinkError
    for address in _find_addresses(settings, link):
        if hmac.compare_digest(link.origin, _name_origin(settings, address)):
            return link, address
    raise ReportLinkError


def find_personal_data(settings: Settings, address: str) -> PersonalData:
    """Find what the campaign holds of a person by an address in small letters."""
    store, cells = find_store(database.current(settings).path), []
    if store is not None:
        with lend({"private": store}) as connection:
            connection.execute("use private")
            cells = connection.execute(read_sql_file("private/held_of_person"), {"address": address}).fetchall()
    return PersonalData(
        tuple(PersonalCell(*cell) for cell in cells), find_person(settings.campaign / "private", address)
    )


def _find_addresses(settings: Settings, link: ReportLink) -> list[str]:
    addresses = find_addresses(database.current(settings).path)
    return sorted({addresses[action_id] for action_id in link.action_ids if action_id in addresses})


def _sign(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(read_key(settings.campaign / "private", KEY), salt="personal-data")


def _name_origin(settings: Settings, address: str) -> str:
    key = read_key(settings.campaign / "private", KEY)
    return PERSONAL + hmac.new(key.encode(), address.encode(), hashlib.sha256).hexdigest()


def _put_mail(settings: Settings, address: str, lang: str, link: ReportLink) -> bool:
    return Outbox(settings.campaign / "private").put_limited(
        CONFIRMATION, f"reports-{now()[:10]}", address, f"report-personal/{secrets.token_hex(8)}",
        lambda: make_dressed(_write_mail(settings, address, lang, link), settings), most=MOST_ASKS,
    )  # fmt: skip


def _write_mail(settings: Settings, address: str, lang: str, link: ReportLink) -> Mail:
    """Write the mail with a link of its own: a sentence, the link, its end."""
    links, origin, tomorrow = ReportLinks(settings.campaign / "private"), _name_origin(settings, address), timedelta(1)
    new = links.make(origin, link.action_ids, find_today() + tomorrow)
    way = f"{settings.base_url}{PATH}/personal?t={_sign(settings).dumps(new.handle)}&lang={lang}"
    t, campaign = translator(lang), str(database.current(settings).campaign[f"title_{lang}"])
    before = t(N_("Somebody, hopefully you, has asked to see the personal data that the campaign holds of you."))
    after = t(
        N_("The link works once, within {minutes} minutes. If you did not ask for it, you do not need to do anything."),
        minutes=str(MINUTES),
    )
    heading, button = t(N_("What is held of you: {campaign}"), campaign=campaign), t(N_("Show my personal data"))
    return write_notice(address, t, campaign, heading, [("", before)], button=button, way=way, remarks=[after])
