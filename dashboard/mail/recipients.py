"""To whom letters go: the e-mail addresses that exports have beside actions, and one recipient an address.

They are read from the private store of a build, for staff only, and not kept elsewhere, logged or told in an error.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd

from dashboard.campaign.file_names import find_store
from dashboard.errors import UserError
from dashboard.mail.addresses import check_address
from dashboard.paths import quote_path
from dashboard.queries import query_text


def find_addresses(snapshot: Path) -> dict[str, str]:
    """The address of each action that has one, in small letters, by the action's id; what is no address is left out.

    An action's own row comes first, then its reports, rows that were merged into it, and other actions of its
    stakeholder. A build (a snapshot file) whose private store is not kept here has none.
    """
    store = find_store(snapshot)
    if store is None:
        return {}
    try:
        stat = store.stat()
    except OSError:  # it went with its build just now
        return {}
    return _read(snapshot, store, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=2)
def _read(snapshot: Path, store: Path, _mtime: int, _file: int) -> dict[str, str]:
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            for path, name in ((snapshot, "snapshot"), (store, "private")):
                connection.execute(f"attach {quote_path(path)} as {name} (read_only)")
            rows = connection.execute(query_text("private/addresses")).fetchall()
    except duckdb.Error:  # it is being replaced
        return {}
    return {action_id: plain for action_id, address in rows if (plain := _clean(address))}


def _clean(address: str) -> str:
    """A plain address; empty where mail programs could not use it."""
    try:
        return check_address(address)
    except UserError:
        return ""


class Addressee(NamedTuple):
    """One recipient of a letter, and the silent actions that it is about, the one silent for longest first.

    Address and stakeholders are empty where they are not known; `kin` is every action for which one would write to
    this address.
    """

    address: str
    lang: str
    action_ids: tuple[str, ...]
    stakeholder_ids: tuple[str, ...]
    kin: frozenset[str]


def list_addressees(
    silent: pd.DataFrame, addresses: Mapping[str, str], default_lang: str, languages: Sequence[str]
) -> list[Addressee]:
    """The recipients of letters about silent actions, one an address; actions without one go together by stakeholder.

    A letter can be written in any of `languages`; an action of another one counts as of `default_lang`.
    """
    kin: dict[str, set[str]] = defaultdict(set)
    for action_id, address in addresses.items():
        kin[address].add(action_id)
    langs = silent["language"].where(silent["language"].isin(languages), default_lang)
    makers = silent["stakeholder_id"].fillna("")
    groups: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in zip(silent["action_id"], makers, langs, strict=True):
        action_id, maker, _ = row
        groups[addresses.get(action_id) or f" {maker or action_id}"].append(row)
    return [_gather(addresses, kin, rows) for rows in groups.values()]


def _gather(
    addresses: Mapping[str, str], kin: Mapping[str, set[str]], rows: Sequence[tuple[str, str, str]]
) -> Addressee:
    """The recipient of some actions; of several languages the most frequent one, the first of equal ones."""
    action_ids, makers, langs = zip(*rows, strict=True)
    address = addresses.get(action_ids[0], "")
    same_recipient = kin[address] if address else set()
    lang = Counter(langs).most_common(1)[0][0]
    return Addressee(address, lang, action_ids, makers, frozenset(same_recipient | set(action_ids)))
