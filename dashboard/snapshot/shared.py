"""Results that are the same for all readers of a build: made once, however many ask for them, and cached.

A page is drawn again at each click. Its text follows from the build, the selection, the language and the present day;
most of it was drawn for somebody else before.
"""

from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from dashboard.cache import Cache
from dashboard.snapshot.database import Snapshot

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")
Maker = Callable[Concatenate[Snapshot, Arguments], Made]
MOST_KEPT = 400


def shared(make: Maker[Arguments, Made]) -> Maker[Arguments, Made]:
    """Cache the latest `MOST_KEPT` results of a function of a snapshot, for all who ask for the same.

    `make`: returns the same result for the same arguments on the same day; nobody changes it. Its arguments are
    hashable, or mappings of hashable ones.
    """
    cache: Cache[tuple[Hashable, ...], tuple[Made]] = Cache(MOST_KEPT)  # in a tuple, because a result may be None

    @wraps(make)
    def find(snapshot: Snapshot, /, *arguments: Arguments.args, **options: Arguments.kwargs) -> Made:
        today = datetime.now(UTC).date()
        argument_key = (*map(_freeze, arguments), *((name, _freeze(value)) for name, value in sorted(options.items())))
        key = (snapshot.build_id, str(snapshot.path), today, *argument_key)
        return cache.get(key, lambda: (make(snapshot, *arguments, **options),))[0]

    return find


def _freeze(value: Any) -> Hashable:
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value
