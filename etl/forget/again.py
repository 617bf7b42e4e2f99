"""Forgetting again: an older copy of a campaign holds persons who asked to be forgotten after it was made.

The list has hashes of their addresses and no address. So every address in the copy is hashed and looked up, and a
person on the list is erased as by `forget`.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.faults import raise_explained
from etl.forget import databases
from etl.forget.cleaned_file import list_views
from etl.forget.forget import forget, rebuild
from etl.inputs.forgotten import Forgotten, list_addresses, merge_forgotten
from etl.publish.holding import only_build
from etl.publish.kept_inputs import make_private, read_manifests
from etl.readers.archives import ZIP_FAULTS

_WINDOW = 8 << 20
_OVERLAP = 1 << 10


@dataclass
class Again:
    """The result of forgetting again.

    Attributes:
        persons: The number of persons found and erased again.
        by_hand: Files that must be changed by hand, each with the reason.
        refused: The error of the new build; empty where there was none, or where nothing had changed.
    """

    persons: int = 0
    by_hand: list[tuple[str, str]] = field(default_factory=list)
    refused: str = ""


def forget_again(folder: CampaignFolder, later: Forgotten) -> Again:
    """Put a later list into force in an older copy of a campaign; its own list gets the new entries.

    Raises:
        UserError: the copy cannot be read.
    """
    make_private(folder)
    new = merge_forgotten(folder, later)
    again = Again()
    if not new.lines:
        return again
    addresses = {address for text in _list_texts(folder) for address in list_addresses(text) if new.knows(address)}
    for address in sorted(addresses):
        with only_build(folder):
            done = forget(folder, address)
            refused = rebuild(folder, done)
        again.persons += 1
        again.by_hand += done.by_hand
        again.refused = str(refused) if refused else ""
    return again


def _list_texts(folder: CampaignFolder) -> Iterator[str]:
    """List every text of a campaign that may hold an address, and the names of its files."""
    for manifest in read_manifests(folder):
        for kept_file in (*manifest.files, *manifest.settings):
            yield kept_file.name.replace("_", " ")
    for path in sorted(folder.root.rglob("*")):
        if folder.published in path.parents or not path.is_file():
            continue
        yield f"{path.stem} {path.name}".replace("_", " ")
        if databases.is_database(path):
            with suppress(*databases.FAULTS):  # a damaged one reveals nothing; `forget` names it
                yield from (text for _, text in databases.list_rows(path, "@"))
        else:
            yield from _list_windows(path)


def _list_windows(path: Path) -> Iterator[str]:
    """List the possible texts in a file's bytes, window by window, so that memory stays flat; archives unpacked."""
    try:
        with path.open("rb") as stream:
            rest = b""
            while data := stream.read(_WINDOW):
                if not rest and data.startswith(b"PK\x03\x04"):
                    yield from list_views(path.read_bytes(), path.name)
                    return
                for text in list_views(rest + data, path.name):
                    yield text
                    yield text.replace("_", " ")
                rest = data[-_OVERLAP:]
    except (UserError, OSError, *ZIP_FAULTS) as error:  # an unreadable archive was none to the build either
        raise_explained(error)
