"""The outside of the program equals its record: routes, headers, pages, files, commands, builds.

By day some of each; `make test-nightly` all of it, and that nothing is missing.
"""

from collections.abc import Iterator

import pytest

from tests.acceptance.published import needs_exports
from tests.outside.entries import list_differences, read_entries
from tests.outside.record import PARTS, Outside, find_file, open_outside

BY_DAY = [part for part in PARTS if part != "files"]
BY_NIGHT = [pytest.param(part, marks=needs_exports) if part == "builds" else part for part in PARTS]
MOST_SHOWN = 60
HOW_TO_RECORD = """
If that is meant: record it anew by `python -m tests.outside.record {part}`, read what `git diff` says of
tests/outside/recorded, and name the difference in the commit. `--bodies FOLDER` keeps all that is hashed."""


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    with open_outside() as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("part", BY_DAY)
def test_some_of_the_outside_is_as_it_is_recorded(outside: Outside, part: str) -> None:
    assert_recorded(outside, part, by_day=True)


@pytest.mark.nightly
@pytest.mark.parametrize("part", BY_NIGHT)
def test_all_of_the_outside_is_as_it_is_recorded(outside: Outside, part: str) -> None:
    assert_recorded(outside, part, by_day=False)


def assert_recorded(outside: Outside, part: str, *, by_day: bool) -> None:
    now = outside.read_part(part, by_day=by_day)
    assert now
    different = list_differences(read_entries(find_file(part)), now, is_whole=not by_day or part == "headers")
    shown = "\n".join(different[:MOST_SHOWN])
    assert not different, f"{len(different)} of {part} differ:\n{shown}\n{HOW_TO_RECORD.format(part=part)}"
