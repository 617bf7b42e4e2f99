"""Check a file against the builds that are here; as a worker's job, for a file that anybody may have handed in.

Such a file is read here and nowhere else: in a process of its own, with limits of memory and time. Nothing of it stays.
"""

import json
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from dashboard.errors import SelectionError, UserError
from dashboard.ground.processes.child import answer
from dashboard.i18n import N_, translator
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.snapshot.receipts.receipt import Receipt
from dashboard.web.verifying.deviation import WHOLE_FILE, State
from dashboard.web.verifying.kinds import find_receipts, open_package, tell_kind
from dashboard.web.verifying.proof import Part, Proof, Prover, UnknownAddressError

if sys.platform != "win32":
    import resource

MOST_MEMORY = 4 << 30
"""Bytes of addresses that the process may have; the database and the painter of PDF reserve more than they use."""
MOST_UNPACKED = 300_000_000
"""The most bytes of all parts of a packed file that is handed in."""
_ROWS = N_("Rows of text have no place for a receipt: compare them with the address that they came from.")
_PICTURE = N_(
    "A photo, a screenshot or a picture that a network or a messenger has passed on has lost its receipt: ask for the "
    "original."
)
_OTHER = N_("It is not the dashboard’s, or another program has taken the receipt out of it.")
_PHOTOS = (b"\xff\xd8\xff", b"GIF8", b"RIFF")
_DAMAGED = N_("The file cannot be read: it is damaged, protected, or too large once unpacked.")
_AGAIN = N_("Take it again from the dashboard.")


def make_prover(
    settings: Settings, templates: Mapping[str, Path] | None = None, *, is_made_again: bool = False
) -> Prover:
    """Make a prover that knows every build that is kept.

    `templates`: designs in place of the campaign folder's. `is_made_again`: whether the campaign's
    published build is that of all files, made again.

    Raises:
        SnapshotError: nothing is published.
    """
    open_build = None if is_made_again else partial(kept_builds.kept_builds().open, settings)
    return Prover(database.current(settings), settings, templates, open_build)


def prove(content: bytes, prover: Prover, receipts: list[Receipt] | None = None) -> Proof:
    """Compare a file with what the builds of its receipts give; of one without a receipt nothing can be said.

    `receipts`: what it is, where it does not carry them.

    Raises:
        UserError: it cannot be read, or its receipt leads to nothing.
    """
    try:
        kind = tell_kind(content)
        receipts = receipts or find_receipts(content, kind)
        if not receipts:
            part = Part(WHOLE_FILE, State.NO_RECEIPT)
            is_picture = kind == "png" or content.startswith(_PHOTOS)
            part.comparison.remark(_PICTURE if is_picture else _ROWS if kind in ("csv", "json") else _OTHER)
            return Proof([], [part])
        return prover.prove(content, receipts)
    except (SelectionError, UnknownAddressError) as error:
        what = N_("The receipt’s address leads to nothing that this program makes.")
        raise UserError(what, N_("Check it where it was made.")) from error
    except (OSError, ValueError, KeyError, MemoryError) as error:
        raise UserError(_DAMAGED, _AGAIN) from error


def _refuse_entities(content: bytes) -> None:
    """Refuse a packed file that is too large once unpacked, or whose XML declares entities, as no Office program does.

    Raises:
        ValueError: it is such a file.
    """
    with open_package(content) as package:
        if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
            raise ValueError("too large")
        for part in package.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with package.open(part) as stream:
                    start = stream.read(4_096).replace(b"\0", b"")
                if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                    raise ValueError("entities")


def work(arguments: dict[str, Any]) -> dict[str, Any]:
    """Check the file `path`, which then is gone, and write what is found in the language `lang`.

    Raises:
        UserError: as `prove`; or nothing is published.
    """
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    path = Path(arguments["path"])
    content = path.read_bytes()
    path.unlink()
    try:
        if content.startswith(b"PK"):
            _refuse_entities(content)
        proof = prove(content, make_prover(Settings.from_environment()))
    except UserError:
        raise
    except Exception as error:  # parsers meet what nobody has foreseen, and say so in many ways
        raise UserError(_DAMAGED, _AGAIN) from error
    verdict = proof.write(translator(arguments["lang"]))
    Path(arguments["to"]).write_text(json.dumps(verdict), encoding="utf-8")
    return {}


if __name__ == "__main__":
    sys.exit(answer(work))
