"""Files that open pages have ordered and wait for, so that another server of the campaign can make them.

The page that moves to another server says which it was: its tab, a name that only its browser has. By a hash of that
an order is found again; what it is of the page itself says, so that nothing of the selection stands here.
"""

import contextlib
import hashlib
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from dashboard.ground.files.writing import PRIVATE, write_file

FOLDER = "orders"
KEPT_SECONDS = 3600.0
"""An order that nobody took up is forgotten after so long."""


@dataclass(frozen=True)
class Order:
    """A file that is waited for.

    Attributes:
        offer: Which of the page's files.
        content: A hash of what it is made from.
    """

    offer: str
    content: str


def hash_content(content: object) -> str:
    """A name for what a file is made from, the same in every process."""
    return hashlib.sha256(repr(content).encode("utf-8", "replace")).hexdigest()


def note(campaign: Path, tab: str, place: str, order: Order) -> None:
    """Note what a tab waits for in a place of its page; where it cannot be written, no other server will know of it."""
    path = _find(campaign, tab, place)
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_old(path.parent)
        write_file(path, json.dumps(asdict(order)), PRIVATE, is_shared=True, is_durable=False)


def find(campaign: Path, tab: str, place: str) -> Order | None:
    """What a tab waits for."""
    try:
        stated = json.loads(_find(campaign, tab, place).read_text(encoding="utf-8"))
        return Order(str(stated["offer"]), str(stated["content"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def drop(campaign: Path, tab: str, place: str) -> None:
    """Note that a tab waits no longer."""
    with contextlib.suppress(OSError):
        _find(campaign, tab, place).unlink(missing_ok=True)


def _find(campaign: Path, tab: str, place: str) -> Path:
    name = hashlib.sha256(f"{tab}\n{place}".encode("utf-8", "replace")).hexdigest()[:32]
    return campaign / "private" / FOLDER / f"{name}.json"


def _forget_old(folder: Path) -> None:
    before = time.time() - KEPT_SECONDS
    for path in folder.glob("*.json"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()
