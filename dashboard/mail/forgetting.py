"""A person taken out of all that has to do with mails, of sign-ins, and of what they gave others: signed links."""

from collections.abc import Iterator
from email import message_from_bytes
from email.utils import getaddresses
from pathlib import Path

from dashboard.access.signed_links import open_links
from dashboard.campaign.private_store import Store
from dashboard.mail.outbox import Outbox
from dashboard.mail.sending import FOLDER
from dashboard.mail.subscribers import Subscribers
from dashboard.queries import query_text


def forget_person(private: Path, address: str, *, dry_run: bool = False) -> list[str]:
    """Remove a person, or only look for them.

    Args:
        private: The campaign's private folder.
        address: In small letters.
        dry_run: Only look.

    Returns:
        Where the person stood, as `private/mail.sqlite: subscribers`; no address is in it.
    """
    outbox, subscribers = Outbox(private), Subscribers(private)
    places = []
    if subscribers.find(address=address) is not None:
        places.append(f"private/{outbox.store.path.name}: subscribers")
    if outbox.count_to(address):
        places.append(f"private/{outbox.store.path.name}: deliveries")
    if places and not dry_run:
        subscribers.erase(address)
        outbox.forget(address)
        outbox.store.wipe()
    places += _forget_words(Store(private, "asked"), address, dry_run=dry_run)
    places += _forget_links(private, address, dry_run=dry_run)
    places += _forget_sessions(Store(private, "sessions"), address, dry_run=dry_run)
    for path in _find_files(private / FOLDER, address):
        places.append(f"private/{path.relative_to(private).as_posix()}")
        if not dry_run:
            path.unlink()
    return places


def _forget_words(store: Store, address: str, *, dry_run: bool) -> list[str]:
    """Remove paragraphs that staff added to letters and that name the address; letters themselves are kept nowhere."""
    if not sum(row["paragraphs"] for row in store.ask("count_words_with", address=address)):
        return []
    if not dry_run:
        with store.open() as connection:
            connection.execute(query_text("asked/forget_words"), {"address": address})
        store.wipe()
    return [f"private/{store.path.name}: own_words"]


def _forget_links(private: Path, address: str, *, dry_run: bool) -> list[str]:
    """Take a person out of the signed links that they made, which end by that."""
    links = open_links(private)
    link_count = links.count_by(address) if dry_run else links.forget(address)
    return [f"private/{links.store.path.name}: links"] if link_count else []


def _forget_sessions(store: Store, address: str, *, dry_run: bool) -> list[str]:
    """End the sessions of somebody who has signed in."""
    if not store.ask("of_address", address=address):
        return []
    if not dry_run:
        store.change("forget", address=address)
        store.wipe()
    return [f"private/{store.path.name}: sessions"]


def _find_files(folder: Path, address: str) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.eml")):
        with path.open("rb") as file:
            head = file.read(32_000)
        recipients = getaddresses([str(value) for value in message_from_bytes(head).get_all("To", [])])
        if any(recipient.lower() == address for _, recipient in recipients):
            yield path
