"""Who was asked when: letters that went out, by action and stakeholder, in the campaign's private folder.

It holds ids, days, channels and what staff add in their own words, and neither addresses nor names. What is noted
decides who may be asked again: nobody is asked twice within some days, however many people make letters at once.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from dashboard.campaign.private_store import Store
from dashboard.letters.recipients import Addressee
from dashboard.queries import query_text

USUAL_DAYS = 14
"""How many days lie between two letters to one recipient, unless staff say otherwise."""

Channel = Literal["files", "mail", "elsewhere"]


class Times(NamedTuple):
    """How often an action was asked about, and when last."""

    times: int
    last_on: date


class Plan(NamedTuple):
    """What letters are noted with.

    Attributes:
        day: When they go out.
        days_apart: How many days must lie between two letters to one recipient.
        wave: The wave of the survey that they ask for; empty for none.
        channel: How they go out.
        own_words: A paragraph of staff's own by language.
    """

    day: date
    days_apart: int
    wave: str
    channel: Channel
    own_words: Mapping[str, str] = {}


class Held(NamedTuple):
    """A recipient who gets no letter now, and the day on which they were asked."""

    addressee: Addressee
    asked_on: date


class Noted(NamedTuple):
    """Letters that were noted together.

    Attributes:
        batch_id: Names them; empty where none was noted.
        letters: How many.
        held: Who was left out, having been asked too short a time ago.
    """

    batch_id: str
    letters: int
    held: tuple[Held, ...]


class Batch(NamedTuple):
    """Letters that went out together: how many, about how many actions, and how many were taken back."""

    batch_id: str
    asked_on: date
    wave: str
    channel: str
    noted_at: str
    letters: int
    taken_back: int
    actions: int


class NotedLetter(NamedTuple):
    """One letter as it was noted: its id, its language, its actions and stakeholders, and whether it counts."""

    letter_id: str
    lang: str
    action_ids: tuple[str, ...]
    stakeholder_ids: tuple[str, ...]
    is_taken_back: bool


class Asked:
    """The notes in `private/asked.sqlite`; those about the fictional sample are kept apart."""

    def __init__(self, private: Path, *, is_sample: bool) -> None:
        """Point at the campaign's private folder; nothing is made before something is noted."""
        self._store = Store(private, "asked")
        self._is_sample = int(is_sample)

    def times(self) -> dict[str, Times]:
        """Every action that was asked about, with how often."""
        rows = self._store.ask("by_action", is_sample=self._is_sample)
        return {row["action_id"]: Times(row["times"], date.fromisoformat(row["last_on"])) for row in rows}

    def days(self) -> list[tuple[date, str]]:
        """On which days which actions were asked about, the earliest day first."""
        rows = self._store.ask("asked_on", is_sample=self._is_sample)
        return [(date.fromisoformat(row["asked_on"]), row["action_id"]) for row in rows]

    def hold(self, addressees: Sequence[Addressee], day: date, days_apart: int) -> tuple[Held, ...]:
        """The recipients who were asked, or are to be, fewer than `days_apart` days from a day."""
        rows = self._store.ask("near", is_sample=self._is_sample, day=day.isoformat(), days=days_apart)
        return _hold(addressees, {row["action_id"]: date.fromisoformat(row["asked_on"]) for row in rows})

    def note(self, addressees: Sequence[Addressee], plan: Plan) -> Noted:
        """Note a letter to each recipient who was not asked too short a time ago; all of it or nothing."""
        batch_id = f"{plan.day:%Y%m%d}-{secrets.token_hex(4)}"
        common: dict[str, str | int]
        common = {"batch_id": batch_id, "asked_on": plan.day.isoformat(), "wave": plan.wave, "channel": plan.channel}
        common |= {"is_sample": self._is_sample, "noted_at": _now()}
        with self._store.transaction() as connection:  # who else makes letters now waits, and then sees these
            near = {"is_sample": self._is_sample, "day": plan.day.isoformat(), "days": plan.days_apart}
            rows = connection.execute(query_text("asked/near"), near).fetchall()
            held_back = _hold(addressees, {row["action_id"]: date.fromisoformat(row["asked_on"]) for row in rows})
            left_out = {one.addressee for one in held_back}
            chosen = [one for one in addressees if one not in left_out]
            ids = [f"{batch_id}-{number:05}" for number in range(1, len(chosen) + 1)]
            letters = [{**common, "letter_id": key, "lang": one.lang} for key, one in zip(ids, chosen, strict=True)]
            connection.executemany(query_text("asked/put_letter"), letters)
            actions = [
                {"letter_id": key, "action_id": action_id, "stakeholder_id": stakeholder_id}
                for key, one in zip(ids, chosen, strict=True)
                for action_id, stakeholder_id in zip(one.action_ids, one.stakeholder_ids, strict=True)
            ]
            connection.executemany(query_text("asked/put_action"), actions)
            words = [
                {"batch_id": batch_id, "lang": lang, "words": text} for lang, text in plan.own_words.items() if text
            ]
            connection.executemany(query_text("asked/put_words"), words if chosen else [])
        return Noted(batch_id if chosen else "", len(chosen), held_back)

    def batches(self, batch_id: str | None = None) -> list[Batch]:
        """What went out, the latest first; or one of them."""
        rows = self._store.ask("batches", is_sample=self._is_sample, batch_id=batch_id)
        return [Batch(**{**dict(row), "asked_on": date.fromisoformat(row["asked_on"])}) for row in rows]

    def letters(self, batch_id: str) -> list[NotedLetter]:
        """The letters of a batch, in the order in which they were noted."""
        letters: dict[str, NotedLetter] = {}
        for row in self._store.ask("letters_of", batch_id=batch_id):
            key, is_taken_back = row["letter_id"], row["taken_back_at"] is not None
            before = letters.get(key, NotedLetter(key, row["lang"], (), (), is_taken_back))
            letters[key] = before._replace(
                action_ids=(*before.action_ids, row["action_id"]),
                stakeholder_ids=(*before.stakeholder_ids, row["stakeholder_id"] or ""),
            )
        return list(letters.values())

    def own_words(self, batch_id: str) -> dict[str, str]:
        """What staff say in their own words in the letters of a batch, by language."""
        return {row["lang"]: row["words"] for row in self._store.ask("words_of", batch_id=batch_id)}

    def take_back(self, letter_ids: Collection[str]) -> int:
        """Let letters count for nothing, since they did not go out after all; gives how many counted until now."""
        count = 0
        with self._store.transaction() as connection:
            for letter_id in letter_ids:
                values = {"letter_id": letter_id, "now": _now()}
                count += connection.execute(query_text("asked/take_back"), values).rowcount
        return count


def _hold(addressees: Sequence[Addressee], asked_on: dict[str, date]) -> tuple[Held, ...]:
    """Those of whose actions one was asked about; also one that is none of the letter's, if it went to the same one."""
    near = ((one, one.kin & asked_on.keys()) for one in addressees)
    return tuple(Held(one, max(asked_on[action_id] for action_id in actions)) for one, actions in near if actions)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
