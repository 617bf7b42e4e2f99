"""Who asked to be forgotten: salted hashes of e-mail addresses in `private/forgotten.csv`, never the addresses."""

import csv
import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError

FORGOTTEN = "forgotten.csv"
_COLUMNS = ("forgotten_on", "salt", "sha256")
# What may stand beside an address without being part of it. The step 96_write_contacts knows the same characters.
_SEPARATORS = frozenset('<>()[]{},;:"@|/\\&=%?!')
_EDGES = ".'’‘“”*_`"
_ENDING = re.compile(
    r"\.(?:csv|tsv|tab|txt|ssv|psv|xlsx|xlsm|xls|xlsb|ods|zip|md|docx?|pdf|json|xml|rss|atom|ics|html?)$", re.IGNORECASE
)
_WITHHELD = "withheld"


@dataclass(frozen=True)
class Forgotten:
    """The salt of this campaign and the hashes under it."""

    salt: str = ""
    hashes: tuple[str, ...] = ()

    def hash(self, address: str) -> str:
        """The hash of an address, whatever its case."""
        return hashlib.sha256((self.salt + address.strip().lower()).encode()).hexdigest()


def read_forgotten(folder: CampaignFolder) -> Forgotten:
    """The campaign's list; an empty one where nobody has asked yet.

    Raises:
        UserError: the list is damaged.
    """
    path = folder.private / FORGOTTEN
    if not path.exists():
        return Forgotten()
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            lines = list(csv.DictReader(stream))
        return Forgotten(lines[0]["salt"], tuple(line["sha256"] for line in lines)) if lines else Forgotten()
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"The list of persons to be forgotten ({path}) is damaged.", "Restore it from a backup."
        ) from error


def add_forgotten(folder: CampaignFolder, address: str) -> None:
    """Add an address to the list, which only its owner can read."""
    listed = read_forgotten(folder)
    if not listed.salt:
        listed = Forgotten(secrets.token_hex(16))
    digest = listed.hash(address)
    if digest in listed.hashes:
        return
    path = folder.private / FORGOTTEN
    lines = path.read_text(encoding="utf-8") if listed.hashes else f"{','.join(_COLUMNS)}\n"
    draft = path.with_name(f"{path.name}.new")
    try:
        with draft.open("w", encoding="utf-8", newline="") as stream:
            draft.chmod(0o600)
            stream.write(lines)
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow((datetime.now(UTC).date().isoformat(), listed.salt, digest))
        draft.replace(path)  # half a line, where the disk is full, would make the list unreadable
    finally:
        draft.unlink(missing_ok=True)


def holds(text: str, address: str) -> bool:
    """Whether the address stands in a text as a whole, whatever its case."""
    return next(_find(text, address), None) is not None


def is_only(text: str, address: str) -> bool:
    """Whether a text is nothing but the address."""
    return text.strip().strip(_EDGES).lower().removeprefix("mailto:") == address


def without(text: str, address: str) -> str:
    """The text with a mark in place of the address."""
    pieces, end = [], 0
    for start, stop in _find(text, address):
        pieces += [text[end:start], "[…]"]
        end = stop
    return "".join([*pieces, text[end:]])


def name_without(name: str, address: str) -> str:
    """The name of a file (with its folders), sheet or member of an archive with a word in place of the address.

    In names an underscore is a blank, and an ending is no part of an address.
    """
    return "/".join(_part_without(part, address) for part in name.split("/"))


def _part_without(part: str, address: str) -> str:
    stem, ending = part, ""
    while (found := _ENDING.search(stem)) and found.start():
        stem, ending = stem[: found.start()], found[0] + ending
    pieces, end = [], 0
    for start, stop in _find(stem.replace("_", " "), address):
        pieces += [stem[end:start], _WITHHELD]
        end = stop
    return "".join([*pieces, stem[end:], ending]) if pieces else part


def _find(text: str, address: str) -> Iterator[tuple[int, int]]:
    """Where the address stands: a longer address that merely contains it is another one."""
    pattern = re.escape(address).replace("@", "(?:@|%40)")
    for match in re.finditer(pattern, text, re.IGNORECASE):
        left, right = match.start() - 1, match.end()
        while left >= 0 and text[left] in _EDGES:
            left -= 1
        while right < len(text) and text[right] in _EDGES:
            right += 1
        if all(_ends(text[i]) for i in (left, right) if 0 <= i < len(text)):
            yield match.span()


def _ends(character: str) -> bool:
    return character in _SEPARATORS or character.isspace() or not character.isprintable()
