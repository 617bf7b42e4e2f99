"""What stands in public in the place of ids and names that may reveal somebody, the same in every build.

An id that is somebody's e-mail address or phone number joins rows, so it is not masked but replaced by a code, which is
made with the campaign's key: nobody without the key can try whether a code stands for an address. The ids of persons
without a name use it too (the macro `hidden_id`). The key, `private/id_key.txt`, is made at the first need; with
another one the same ids get other codes.

The names of files and sheets may reveal whose they are: they have handles. A file's handle is its recipe and a number
made of its name, so that it stays the same whatever other files come and go. (Where two files of one recipe get the
same number, one of them takes the next.) A sheet's handle is its place in the workbook, unless a program gave it its
name. The table `input_names` of the private store has the names themselves.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from dashboard.campaign.folder import CampaignFolder
from dashboard.ground.files import private_store
from etl.readers.files import WORKBOOK_EXTENSIONS
from etl.readers.sheets import Sheet
from etl.texts.contacts import without_contacts
from etl.texts.phones import EVERY_REGION

KEY = "id_key.txt"
UNREAD = "Unread file"
"""The name of a file without a recipe, beside others in one archive."""
_FIRST, _COUNT = 1_000, 9_000
_GIVEN_BY_PROGRAMS = re.compile(
    r"(?:sheet|feuil|hoja|tabelle|form|table|page)\d{1,3}|(?:form responses|réponses au formulaire|"
    r"respuestas de formulario) \d{1,3}|worksheet|form responses",
    re.IGNORECASE,
)


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


def name_files(titles: Mapping[str, str | None]) -> dict[str, str]:
    """Make a handle for each file, by its name; `titles`: those of their recipes."""
    handles: dict[str, str] = {}
    used_handles: set[str] = set()
    for digest, name in sorted((_digest(name), name) for name in titles):
        title = without_contacts(titles[name] or UNREAD, EVERY_REGION)
        number = int(digest, 16)
        while (handle := f"{title} {_FIRST + number % _COUNT}") in used_handles:
            number += 1
        used_handles.add(handle)
        handles[name] = handle
    return handles


def name_sheet(sheet: Sheet, sheets: Iterable[Sheet]) -> str | None:
    """Make the handle of one of a workbook's sheets; a text file's has no name."""
    if sheet.name is None or _GIVEN_BY_PROGRAMS.fullmatch(sheet.name):
        return sheet.name
    return str([sibling.name for sibling in sheets].index(sheet.name) + 1)


def _digest(name: str) -> str:
    stem = name.removesuffix(".xlsx")  # a workbook of another kind that was rewritten is called `people.ods.xlsx`
    name = stem if PurePosixPath(stem).suffix.lower() in WORKBOOK_EXTENSIONS else name
    return hashlib.sha256(unicodedata.normalize("NFC", name).encode(errors="surrogateescape")).hexdigest()
