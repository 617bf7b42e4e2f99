"""The handles of files and sheets in everything public, since their own names may reveal whose they are.

A file's handle is its recipe and a number made of its name, so that it stays the same whatever other files come and go.
(Where two files of one recipe get the same number, one of them takes the next.) A sheet's handle is its place in the
workbook, unless a program gave it its name. The table `input_names` of the private store has the names themselves.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from etl.readers.files import WORKBOOK_EXTENSIONS
from etl.readers.sheets import Sheet
from etl.texts.contacts import without_contacts
from etl.texts.phones import EVERY_REGION

UNREAD = "Unread file"
"""The name of a file without a recipe, beside others in one archive."""
_FIRST, _COUNT = 1_000, 9_000
_GIVEN_BY_PROGRAMS = re.compile(
    r"(?:sheet|feuil|hoja|tabelle|form|table|page)\d{1,3}|(?:form responses|réponses au formulaire|"
    r"respuestas de formulario) \d{1,3}|worksheet|form responses",
    re.IGNORECASE,
)


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
