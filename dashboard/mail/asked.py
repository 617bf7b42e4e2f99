"""The recipients of letters and the notes on earlier ones: by action and stakeholder, in the campaign's private folder.

The e-mail addresses that exports have beside actions come from the private store of a build, for staff only, and are in
no other store, log or error. Notes of letters that went out hold ids, days, channels and staff's additions, and neither
addresses nor names. They decide who may get a letter again (nobody gets two within some days, however many people make
letters at once), and the order of letters.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from sqlite3 import Row
from typing import Any, Literal, NamedTuple

import duckdb
import pandas as pd

from dashboard.campaign.file_names import find_store
from dashboard.errors import UserError
from dashboard.ground.files.private_store import Store, change
from dashboard.ground.query_files import read_sql_file
from dashboard.mail.addresses import check_address
from dashboard.paths import quote_path
from dashboard.snapshot.database import Snapshot

USUAL_DAYS = 14
"""The days between two letters to one recipient, unless staff say otherwise."""

Channel = Literal["files", "mail", "elsewhere"]


def find_addresses(snapshot: Path) -> dict[str, str]:
    """Find the address of each action that has one, in small letters, by the action's id; leave out invalid ones.

    An action's row comes first, then its reports, rows that were merged into it, and other actions of its
    stakeholder. A build (a snapshot file) whose private store is not kept here has none.
    """
    store = find_store(snapshot)
    if store is None:
        return {}
    try:
        stat = store.stat()
    except OSError:  # it was removed with its build just now
        return {}
    return _read(snapshot, store, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=2)
def _read(snapshot: Path, store: Path, _mtime: int, _file: int) -> dict[str, str]:
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            for path, name in ((snapshot, "snapshot"), (store, "private")):
                connection.execute(f"attach {quote_path(path)} as {name} (read_only)")
            rows = connection.execute(read_sql_file("private/addresses")).fetchall()
    except duckdb.Error:  # it is being replaced
        return {}
    return {action_id: plain for action_id, address in rows if (plain := _clean(address))}


def _clean(address: str) -> str:
    """Return a plain address; empty where mail programs could not use it."""
    try:
        return check_address(address)
    except UserError:
        return ""


class Addressee(NamedTuple):
    """One recipient of a letter, and its silent actions, the one silent for longest first.

    Address and stakeholders are empty where unknown; `kin` is every action with this address.
    """

    address: str
    lang: str
    action_ids: tuple[str, ...]
    stakeholder_ids: tuple[str, ...]
    kin: frozenset[str]


def find_recipients(snapshot: Snapshot, silent: pd.DataFrame) -> list[Addressee]:
    """Find the recipients of letters about silent actions, by the addresses and languages of a build."""
    default = str(snapshot.campaign["default_language"])
    return list_addressees(silent, find_addresses(snapshot.path), default, snapshot.languages)


def list_addressees(
    silent: pd.DataFrame, addresses: Mapping[str, str], default_lang: str, languages: Sequence[str]
) -> list[Addressee]:
    """List the recipients of letters about silent actions, one an address; without one, one a stakeholder.

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
    """Gather the recipient of some actions; of several languages, take the most frequent, the first of equal ones."""
    action_ids, makers, langs = zip(*rows, strict=True)
    address = addresses.get(action_ids[0], "")
    same_recipient = kin[address] if address else set()
    lang = Counter(langs).most_common(1)[0][0]
    return Addressee(address, lang, action_ids, makers, frozenset(same_recipient | set(action_ids)))


class Times(NamedTuple):
    """The number of letters about an action, and the day of the last one."""

    times: int
    last_on: date


class Plan(NamedTuple):
    """The time, channel, least days between two letters to one recipient, and request of some letters.

    `wave` is the wave of the survey, or empty; `own_words` is a paragraph by staff, by language.
    """

    day: date
    days_apart: int
    wave: str
    channel: Channel
    own_words: Mapping[str, str] = {}


class RecentlyAsked(NamedTuple):
    """A recipient who gets no letter now, and the day of their last one."""

    addressee: Addressee
    asked_on: date


class LetterBatch(NamedTuple):
    """Letters noted together: their number, and the recipients left out; `batch_id` is empty where none was noted."""

    batch_id: str
    letters: int
    left_out: tuple[RecentlyAsked, ...]


class Batch(NamedTuple):
    """Letters sent together: their number, that of their actions, and that of those taken back."""

    batch_id: str
    asked_on: date
    wave: str
    channel: str
    letters: int
    taken_back: int
    actions: int


class NotedLetter(NamedTuple):
    """One noted letter, and whether it counts for nothing."""

    letter_id: str
    lang: str
    action_ids: tuple[str, ...]
    is_taken_back: bool


class LetterLedger:
    """The notes in `private/asked.sqlite`; those about the fictional sample are separate."""

    def __init__(self, private: Path, *, is_sample: bool) -> None:
        """Point at the campaign's private folder; make nothing before the first note."""
        self._store = Store(private, "asked")
        self._is_sample = int(is_sample)

    def times(self) -> dict[str, Times]:
        """List every action that letters asked about, with how often."""
        rows = self._store.ask("by_action", is_sample=self._is_sample)
        return {row["action_id"]: Times(row["times"], date.fromisoformat(row["last_on"])) for row in rows}

    def days(self) -> list[tuple[date, str]]:
        """List the actions of letters by day, the earliest day first."""
        rows = self._store.ask("asked_on", is_sample=self._is_sample)
        return [(date.fromisoformat(row["asked_on"]), row["action_id"]) for row in rows]

    def hold(self, addressees: Sequence[Addressee], day: date, days_apart: int) -> tuple[RecentlyAsked, ...]:
        """List the recipients with a letter, or a planned one, fewer than `days_apart` days from a day."""
        return _hold(addressees, self._store.ask("near", **self._near(day, days_apart)))

    def note(self, addressees: Sequence[Addressee], plan: Plan) -> LetterBatch:
        """Note a letter to each recipient without a recent one; all of it or nothing."""
        batch_id = f"{plan.day:%Y%m%d}-{secrets.token_hex(4)}"
        shared = {"batch_id": batch_id, "asked_on": plan.day.isoformat(), "wave": plan.wave, "channel": plan.channel}
        with self._store.transaction() as connection:  # others who make letters now wait, and then see these
            near = connection.execute(read_sql_file("asked/near"), self._near(plan.day, plan.days_apart)).fetchall()
            held_back = _hold(addressees, near)
            left_out = {one.addressee for one in held_back}
            chosen = [one for one in addressees if one not in left_out]
            for number, one in enumerate(chosen, start=1):
                letter = {"letter_id": f"{batch_id}-{number:05}", "lang": one.lang, "is_sample": self._is_sample}
                change(connection, "asked/put_letter", noted_at=_now(), **letter, **shared)
                for action_id, maker in zip(one.action_ids, one.stakeholder_ids, strict=True):
                    action = {"action_id": action_id, "stakeholder_id": maker}
                    change(connection, "asked/put_action", letter_id=letter["letter_id"], **action)
            for lang, words in plan.own_words.items():
                if words and chosen:
                    change(connection, "asked/put_words", batch_id=batch_id, lang=lang, words=words)
        return LetterBatch(batch_id if chosen else "", len(chosen), held_back)

    def _near(self, day: date, days_apart: int) -> dict[str, Any]:
        return {"is_sample": self._is_sample, "day": day.isoformat(), "days": days_apart}

    def batches(self, batch_id: str | None = None) -> list[Batch]:
        """List the sent batches, the latest first; or one of them."""
        rows = self._store.ask("batches", is_sample=self._is_sample, batch_id=batch_id)
        return [Batch(**{**dict(row), "asked_on": date.fromisoformat(row["asked_on"])}) for row in rows]

    def letters(self, batch_id: str) -> list[NotedLetter]:
        """List the letters of a batch, in the order of their notes."""
        letters: dict[str, NotedLetter] = {}
        for row in self._store.ask("letters_of", batch_id=batch_id):
            letter = NotedLetter(row["letter_id"], row["lang"], (), row["taken_back_at"] is not None)
            before = letters.get(letter.letter_id, letter)
            letters[letter.letter_id] = before._replace(action_ids=(*before.action_ids, row["action_id"]))
        return list(letters.values())

    def own_words(self, batch_id: str) -> dict[str, str]:
        """Return staff's paragraph in the letters of a batch, by language."""
        return {row["lang"]: row["words"] for row in self._store.ask("words_of", batch_id=batch_id)}

    def take_back(self, letter_ids: Collection[str]) -> int:
        """Let letters count for nothing, since they did not go out after all; return how many counted until now."""
        with self._store.transaction() as connection:
            return sum(change(connection, "asked/take_back", letter_id=one, now=_now()) for one in letter_ids)


def _hold(addressees: Sequence[Addressee], near: Sequence[Row]) -> tuple[RecentlyAsked, ...]:
    """List the recipients with a recent letter about one of their actions, even one that is not in the new letter."""
    asked_on = {row["action_id"]: date.fromisoformat(row["asked_on"]) for row in near}
    asked_lately = ((one, one.kin & asked_on.keys()) for one in addressees)
    return tuple(
        RecentlyAsked(one, max(asked_on[action_id] for action_id in actions))
        for one, actions in asked_lately
        if actions
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def open_asked(campaign: Path, snapshot: Snapshot) -> LetterLedger:
    """Open the notes of a campaign folder, about actions as in a build."""
    return LetterLedger(campaign / "private", is_sample=snapshot.is_sample)


def find_notes(campaign: Path, snapshot: Snapshot, silent: pd.DataFrame) -> pd.DataFrame:
    """Return silent actions of a build, with the columns of `add_notes`."""
    return add_notes(silent, open_asked(campaign, snapshot).times(), find_addresses(snapshot.path))


def add_notes(silent: pd.DataFrame, times: Mapping[str, Times], reached: Collection[str]) -> pd.DataFrame:
    """Add to silent actions (`list_silent`) how often letters asked about each (`asked`), and when last (`asked_on`).

    `has_address` is true where a letter reaches the action.
    """
    ids = silent["action_id"]
    return silent.assign(
        asked=ids.map({action_id: number for action_id, (number, _) in times.items()}).fillna(0).astype(int),
        asked_on=pd.to_datetime(ids.map({action_id: last_on for action_id, (_, last_on) in times.items()})),
        has_address=ids.isin(list(reached)),
    )


def prefer(silent_actions: pd.DataFrame, today: date) -> pd.DataFrame:
    """Sort silent actions (`add_notes`) in the order of asking, with a column `is_pending`.

    First those asked within the usual days: their answers are pending, and nobody replaces them. Then those with an
    address, asked least often, silent for longest.
    """
    is_pending = (pd.Timestamp(today) - silent_actions["asked_on"]).dt.days < USUAL_DAYS
    ranks = {"is_settled": ~is_pending, "is_unreached": ~silent_actions["has_address"]}
    ranked = silent_actions.assign(is_pending=is_pending, **ranks)
    ranked = ranked.sort_values([*ranks, "asked"], kind="stable", ignore_index=True)
    return ranked.drop(columns=list(ranks))
