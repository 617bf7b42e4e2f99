"""Remove a person from all data about mails, from sign-ins, and from the signed links that they gave others."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import getaddresses
from pathlib import Path

from dashboard.ground.files.private_store import Store
from dashboard.mail.outbox import now
from dashboard.mail.sending import FOLDER

HOLDERS = (
    ("mail", "subscribers", "find_subscribers", "drop_subscribers"),
    ("mail", "deliveries", "deliveries_to", "forget_deliveries"),
    ("asked", "own_words", "words_with", "forget_words"),
    ("links", "links", "made_by_address", "forget"),
    ("sessions", "sessions", "of_address", "forget"),
)
"""Stores of `private/` with addresses: the table, and the statements that find a person in it and erase them.

`own_words` are paragraphs that staff added to letters; letters themselves are stored nowhere. This ends a person's
links and sessions.
"""


def find_person(private: Path, address: str) -> dict[str, tuple[dict[str, object], ...]]:
    """Find what the stores of `HOLDERS` have of a person by an address in small letters: the rows of each table."""
    parameters = {"address": address, "subscriber_id": None}
    rows_by_table = {table: Store(private, name).ask(find, **parameters) for name, table, find, _ in HOLDERS}
    return {table: tuple(map(dict, rows)) for table, rows in rows_by_table.items() if rows}


def forget_person(private: Path, address: str, *, dry_run: bool = False) -> list[str]:
    """Remove a person by an address in small letters from a campaign's private folder, or only look for them.

    Returns:
        The places of the person, as `private/mail.sqlite: subscribers`, without the address.
    """
    shared = {"address": address, "subscriber_id": None, "before": None, "kinds": None}
    parameters = {**shared, "now": now(), "today": datetime.now(UTC).date().isoformat()}
    places = []
    for name, table, find, erase in HOLDERS:
        store = Store(private, name)
        if store.ask(find, **parameters):
            places.append(f"private/{store.path.name}: {table}")
            if not dry_run:
                store.change(erase, **parameters)
                store.wipe()
    for path in sorted((private / FOLDER).rglob("*.eml")):
        with path.open("rb") as file:
            head = file.read(32_000)
        recipients = getaddresses([str(value) for value in message_from_bytes(head).get_all("To", [])])
        if any(recipient.lower() == address for _, recipient in recipients):
            places.append(f"private/{path.relative_to(private).as_posix()}")
            if not dry_run:
                path.unlink()
    return places
