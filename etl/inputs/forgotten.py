"""The persons who asked to be forgotten: salted hashes of their e-mail addresses in `private/forgotten.csv`."""

import csv
import hashlib
import io
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.ground.files.writing import PRIVATE, write_file

FORGOTTEN = "forgotten.csv"
_COLUMNS = ("forgotten_on", "salt", "sha256")
# Characters beside an address that are no part of it. The step 96_write_contacts has the same characters.
_SEPARATORS = frozenset('<>()[]{},;:"@|/\\&=%?!')
_EDGES = ".'’‘“”*_`"
_ENDING = re.compile(
    r"\.(?:csv|tsv|tab|txt|ssv|psv|xlsx|xlsm|xls|xlsb|ods|zip|md|docx?|pdf|json|xml|rss|atom|ics|html?)$", re.IGNORECASE
)
_WITHHELD = "withheld"
_PART = r"[^\s<>()\[\]{},;:\"@|/\\&=%?!\x00-\x1f\x7f-\x9f]{1,200}"
_ADDRESS = re.compile(rf"{_PART}(?:@|%40){_PART}")
_HASH = re.compile(r"[0-9a-f]{64}")


Line = tuple[str, str, str]
"""The day, the salt and the hash of one entry."""


@dataclass(frozen=True)
class Forgotten:
    """The entries of a list: mostly under one salt, under several where lists of two computers came together."""

    lines: tuple[Line, ...] = ()

    @property
    def salts(self) -> tuple[str, ...]:
        """Return the salts, the first one first."""
        return tuple(dict.fromkeys(salt for _, salt, _ in self.lines))

    @property
    def hashes(self) -> tuple[str, ...]:
        """Return the hashes, each under one of the salts."""
        return tuple(digest for *_, digest in self.lines)

    def knows(self, address: str) -> bool:
        """Whether an address is on the list, in any case."""
        hashes = set(self.hashes)
        return any(_hash(salt, address) in hashes for salt in self.salts)

    def without(self, excluded: "Forgotten") -> "Forgotten":
        """Return the entries that another list lacks."""
        excluded_lines = {line[1:] for line in excluded.lines}
        return Forgotten(tuple(line for line in self.lines if line[1:] not in excluded_lines))


def _hash(salt: str, address: str) -> str:
    return hashlib.sha256((salt + address.strip().lower()).encode()).hexdigest()


def read_forgotten(folder: CampaignFolder) -> Forgotten:
    """Read the campaign's list; it is empty where nobody has asked yet.

    Raises:
        UserError: the list is damaged.
    """
    path = folder.private / FORGOTTEN
    try:
        return parse_forgotten(path.read_text(encoding="utf-8"), str(path)) if path.exists() else Forgotten()
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(str(path)) from error


def parse_forgotten(text: str, name: str) -> Forgotten:
    """Parse the entries of a list.

    Raises:
        UserError: it is no such list.
    """
    lines = list(csv.DictReader(text.splitlines()))
    entries = [tuple(line.get(column) or "" for column in _COLUMNS) for line in lines]
    if not text.startswith(",".join(_COLUMNS)) or not all(salt and _HASH.fullmatch(sha) for _, salt, sha in entries):
        raise _damaged(name)
    return Forgotten(tuple((day, salt, sha256) for day, salt, sha256 in entries))


def _damaged(name: str) -> UserError:
    return UserError(f"The list of persons to be forgotten ({name}) is damaged.", "Restore it from a backup.")


def add_forgotten(folder: CampaignFolder, address: str) -> None:
    """Add an address to the list, which only its owner can read."""
    forgotten = read_forgotten(folder)
    if not forgotten.knows(address):
        salt = forgotten.salts[0] if forgotten.lines else secrets.token_hex(16)
        _write(folder, (*forgotten.lines, (datetime.now(UTC).date().isoformat(), salt, _hash(salt, address))))


def merge_forgotten(folder: CampaignFolder, addition: Forgotten) -> Forgotten:
    """Add the entries of another list; gives those that are new."""
    forgotten = read_forgotten(folder)
    new = addition.without(forgotten)
    if new.lines:
        _write(folder, (*forgotten.lines, *new.lines))
    return new


def _write(folder: CampaignFolder, lines: tuple[Line, ...]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((_COLUMNS, *lines))
    write_file(folder.private / FORGOTTEN, text.getvalue(), PRIVATE)  # half a line would make the list unreadable


def holds(text: str, address: str) -> bool:
    """Whether the whole address stands in a text, in any case."""
    return next(_find(text, address), None) is not None


def is_only(text: str, address: str) -> bool:
    """Whether a text is nothing but the address."""
    return text.strip().strip(_EDGES).lower().removeprefix("mailto:") == address


def without(text: str, address: str) -> str:
    """Return the text with a mark in place of the address."""
    pieces, end = [], 0
    for start, stop in _find(text, address):
        pieces += [text[end:start], "[…]"]
        end = stop
    return "".join([*pieces, text[end:]])


def name_without(name: str, address: str) -> str:
    """Return the name of a file (with its folders), sheet or member of an archive with a word in place of the address.

    In names an underscore is a blank, and an ending is no part of an address.
    """
    return "/".join(_part_without(part, address) for part in name.split("/"))


def _part_without(part: str, address: str) -> str:
    stem, ending = part, ""
    while (match := _ENDING.search(stem)) and match.start():
        stem, ending = stem[: match.start()], match[0] + ending
    pieces, end = [], 0
    for start, stop in _find(stem.replace("_", " "), address):
        pieces += [stem[end:start], _WITHHELD]
        end = stop
    return "".join([*pieces, stem[end:], ending]) if pieces else part


def list_addresses(text: str) -> Iterator[str]:
    """Yield every possible e-mail address in a text, in small letters, without the signs beside it."""
    for match in _ADDRESS.finditer(text):
        address = match[0].lower().replace("%40", "@").strip(_EDGES)
        if "@" in address[1:-1]:
            yield address


def _find(text: str, address: str) -> Iterator[tuple[int, int]]:
    """Find the address in a text: a longer address that merely contains it is another one."""
    pattern = re.escape(address).replace("@", "(?:@|%40)")
    for match in re.finditer(pattern, text, re.IGNORECASE):
        before, after = match.start() - 1, match.end()
        while before >= 0 and text[before] in _EDGES:
            before -= 1
        while after < len(text) and text[after] in _EDGES:
            after += 1
        if all(_ends(text[i]) for i in (before, after) if 0 <= i < len(text)):
            yield match.span()


def _ends(character: str) -> bool:
    return character in _SEPARATORS or character.isspace() or not character.isprintable()
