"""Check a file against the builds that are here; as a worker's job, for a file that anybody may have handed in.

Such a file is read here and nowhere else: in a process of its own, with limits of memory and time. Nothing of it stays.
"""

import json
import sys
from pathlib import Path
from typing import Any

from dashboard.errors import UserError
from dashboard.ground.processes.child import answer, limit_memory
from dashboard.i18n import translator
from dashboard.settings import Settings
from dashboard.snapshot.receipts.kinds import open_package
from dashboard.snapshot.receipts.receipt import read_receipt
from dashboard.web.verifying.proof import AGAIN, DAMAGED, Prover

MOST_MEMORY = 4 << 30
"""Bytes of addresses that the process may have; the database and the painter of PDF reserve more than they use."""
MOST_UNPACKED = 300_000_000
"""The most bytes of all parts of a packed file that is handed in."""


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
    """Check the file `path`, which then is gone, or what the `receipt` of a figure states of itself.

    What is found is written in the language `lang`.

    Raises:
        UserError: as `Prover.prove`; or nothing is published.
    """
    limit_memory(MOST_MEMORY)
    prover = Prover(Settings.from_environment())
    try:
        if "receipt" in arguments:
            receipt = read_receipt(arguments["receipt"])
            proof = prover.prove(prover.make_published(receipt), [receipt])
        else:
            path = Path(arguments["path"])
            content = path.read_bytes()
            path.unlink()
            if content.startswith(b"PK"):
                _refuse_entities(content)
            proof = prover.prove(content)
    except UserError:
        raise
    except Exception as error:  # parsers meet what nobody has foreseen, and say so in many ways
        raise UserError(DAMAGED, AGAIN) from error
    verdict = proof.write(translator(arguments["lang"]))
    Path(arguments["to"]).write_text(json.dumps(verdict), encoding="utf-8")
    return {}


if __name__ == "__main__":
    sys.exit(answer(work))
