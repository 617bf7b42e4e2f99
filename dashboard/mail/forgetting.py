"""A person taken out of all that has to do with mails: subscribers, outbox, and the mails that became files."""

from collections.abc import Iterator
from email import message_from_bytes
from email.utils import getaddresses
from pathlib import Path

from dashboard.mail.outbox import Outbox
from dashboard.mail.sending import FOLDER
from dashboard.mail.subscribers import Subscribers


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
    for path in _find_files(private / FOLDER, address):
        places.append(f"private/{path.relative_to(private).as_posix()}")
        if not dry_run:
            path.unlink()
    return places


def _find_files(folder: Path, address: str) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.eml")):
        with path.open("rb") as file:
            head = file.read(32_000)
        recipients = getaddresses([str(value) for value in message_from_bytes(head).get_all("To", [])])
        if any(recipient.lower() == address for _, recipient in recipients):
            yield path
