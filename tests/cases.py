"""Cases that `make test` tries in part and `make test-nightly` in full."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet


def some(cases: Collection[Any], few: int) -> list[ParameterSet]:
    """Return the cases as parameters: so many, spread over them with the first and the last, in every run.

    Args:
        cases: A value a case, or a tuple of values for tests of several parameters.
        few: How many `make test` tries.
    """
    listed: Sequence[Any] = list(cases)
    tried = {round(place * (len(listed) - 1) / max(few - 1, 1)) for place in range(min(few, len(listed)))}
    return of_which(listed, lambda place, _: place in tried)


def of_which(cases: Collection[Any], is_tried: Callable[[int, Any], bool]) -> list[ParameterSet]:
    """Return the cases as parameters: `is_tried` chooses those of every run by their place and value."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=() if is_tried(place, case) else pytest.mark.nightly,
        )
        for place, case in enumerate(cases)
    ]
