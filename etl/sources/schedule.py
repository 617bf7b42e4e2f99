"""When a source is asked again: on its schedule, spread a little; after failures later and later."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from dashboard.campaign.source_notes import SourceNote, moment
from dashboard.campaign.sources import Source

LONGEST_PAUSE = timedelta(hours=6)
"""At the latest after so long a source that fails is asked again, unless its own schedule is rarer."""
WHOLE_EVERY = timedelta(days=1)
"""How often all of a source is fetched, which shows what was changed or removed on the far side."""
SPREAD = 0.1
"""By what part of its time a fetch comes earlier, so that many sources and servers do not ask at once; later after
failures, and where the server asks for a pause."""
Chance = Callable[[], float]


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def plan(source: Source, failures: int, pause: float | None, at: datetime, chance: Chance = random.random) -> datetime:
    """When a source is asked again that was asked at a moment.

    `failures` counts the fetches that failed one after the other, this one included; `pause` are the seconds that the
    server asks for. `chance` gives numbers from 0 to 1.
    """
    if not failures and pause is None:
        return at + source.every * (1 - SPREAD * chance())  # nothing new waits for longer than the source says
    wait = source.every
    if failures:
        wait = min(source.every * 2 ** min(failures - 1, 20), max(LONGEST_PAUSE, source.every))
    if pause is not None:
        wait = max(wait, timedelta(seconds=min(pause, LONGEST_PAUSE.total_seconds())))
    return at + wait * (1 + SPREAD * chance())


def is_due(source: Source, note: SourceNote, at: datetime) -> bool:
    """Whether it is time to ask; a moment so far off that the clock must have been put back counts for nothing."""
    planned = moment(note.next_at)
    longest = max(source.every, LONGEST_PAUSE) * (1 + SPREAD)
    return planned is None or at >= planned or planned - at > longest


def is_whole_due(note: SourceNote, at: datetime) -> bool:
    """Whether all is to be fetched again."""
    before = moment(note.whole_at)
    return before is None or not timedelta(0) <= at - before < WHOLE_EVERY
