"""Forgetting a person: every place that holds an e-mail address is found and emptied, and the list remembers it.

In a table, the cells of a row that are personal belong to the person whose address stands in it, so they go
together. Files keep their rows and everything else; what cannot be changed safely is named, to be done by hand.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from dashboard.campaign import CampaignFolder
from dashboard.errors import UserError
from dashboard.paths import quote_path
from etl import history, kept_inputs
from etl.forget_files import Erasure, Found, erase
from etl.forgotten import FORGOTTEN, add_forgotten, holds
from etl.kept_inputs import DECISIONS, KeptFile, Manifest, kept_path
from etl.publish import remove_old
from etl.readers.files import hash_file
from etl.sqlfiles import SQL


@dataclass
class Forgetting:
    """What was found (and, unless it was a dry run, erased).

    Attributes:
        places: Every cell, with the file it is in.
        by_hand: Files that must be changed by hand, each with the reason.
        drafts: Previews that held the person and are gone.
        builds: Kept builds whose data itself held the address and which are gone.
        is_inbox_changed: Whether the next build reads other files than the last.
    """

    places: list[Found] = field(default_factory=list)
    by_hand: list[tuple[str, str]] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    builds: list[str] = field(default_factory=list)
    is_inbox_changed: bool = False


def check_address(address: str) -> str:
    """The address in small letters.

    Raises:
        UserError: it is no e-mail address.
    """
    plain = address.strip().lower()
    if not holds(plain, plain):
        raise UserError("That is no e-mail address.", "Write it as name@example.org.")
    return plain
