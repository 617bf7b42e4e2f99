"""A person taken out of all that has to do with mails, of sign-ins, and of what they gave others: signed links."""

from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.utils import getaddresses
from pathlib import Path

from dashboard.access.signed_links import open_links
from dashboard.campaign.private_store import Store
from dashboard.mail.outbox import Outbox
from dashboard.mail.sending import FOLDER
from dashboard.mail.subscribers import Subscribers


def forget_person(private: Path, address: str, *, dry_run: bool = False) -> list[str]:
    """Remove a person, or only look for them.

    Their signed links end by that, and their sessions. Paragraphs that staff added to letters go where they name the
    address; letters themselves are kept nowhere.

    Args:
        private: The campaign's private folder.
        address: In small letters.
        dry_run: Only look.

    Returns:
        Where the person stood, as `private/mail.sqlite: subscribers`; no address is in it.
    """
    outbox, subscribers, links = Outbox(private), Subscribers(private), open_links(private)
    asked, sessions = Store(private, "asked"), Store(private, "sessions")
    tables: tuple[tuple[Store, str, object, Callable[[], object]], ...] = (
        (outbox.store, "subscribers", subscribers.find(address=address), lambda: subscribers.erase(address)),
        (outbox.store, "deliveries", outbox.count_to(address), lambda: outbox.forget(address)),
        (
            asked,
            "own_words",
            sum(row["paragraphs"] for row in asked.ask("count_words_with", address=address)),
            lambda: asked.change("forget_words", address=address),
        ),
        (links.store, "links", links.count_by(address), lambda: links.forget(address)),
        (
            sessions,
            "sessions",
            sessions.ask("of_address", address=address),
            lambda: sessions.change("forget", address=address),
        ),
    )
    places = []
    for store, table, entries, erase in tables:
        if entries:
            places.append(f"private/{store.path.name}: {table}")
            if not dry_run:
                erase()
                store.wipe()
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
