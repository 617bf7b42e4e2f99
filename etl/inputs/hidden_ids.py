"""Codes for ids that are somebody's e-mail address or phone number, the same in every build and file.

Ids join rows, so they are not masked but replaced by a code, which is made with the campaign's key: nobody
without the key can try whether a code stands for an address. The ids of persons without a name use it too
(the macro `hidden_id`). The key, `private/id_key.txt`, is made at the first need; with another one the same ids
get other codes.
"""

import hmac
from collections.abc import Iterable
from pathlib import Path

from dashboard.campaign.folder import CampaignFolder
from dashboard.ground.files import private_store
from etl.texts.contacts import without_contacts

KEY = "id_key.txt"


def key_file(folder: CampaignFolder) -> Path:
    """Return the path of the campaign's key, whether or not it exists."""
    return folder.private / KEY


def read_key(folder: CampaignFolder) -> bytes:
    """Read the campaign's key; make it where there is none yet."""
    return private_store.read_key(folder.private, KEY).encode()


def holds_contact(text: str) -> bool:
    """Whether an id holds an e-mail address or an international phone number: others are numbers like any."""
    return without_contacts(text) != text


class HiddenIds:
    """Gives the codes of one campaign."""

    def __init__(self, folder: CampaignFolder, prefixes: Iterable[str] = (), key: bytes = b"") -> None:
        """Begin; read, or make, the key at the first need, unless a rehearsal gives another one.

        `prefixes` are those that recipes put before ids: they stay, so that both ways to write an id agree.
        """
        self._folder = folder
        self._prefixes = sorted({prefix for prefix in prefixes if prefix}, key=len, reverse=True)
        self._key = key

    def hide(self, text: str) -> str:
        """Return the code for an id that holds a contact; any other id unchanged."""
        if not holds_contact(text):
            return text
        prefix = next((p for p in self._prefixes if text.startswith(p) and holds_contact(text[len(p) :])), "")
        identifier = text[len(prefix) :].strip().lower().encode()
        self._key = self._key or read_key(self._folder)
        return f"{prefix}id_{hmac.digest(self._key, identifier, 'sha256').hex()[:12]}"
