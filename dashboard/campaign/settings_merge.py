"""Two people's changes of one file put together, line by line, where they do not touch each other.

Own code: difflib compares two texts, and nothing in the standard library puts three together.
"""

from difflib import SequenceMatcher
from typing import NamedTuple


class _Hunk(NamedTuple):
    """Lines `start` to `end` of the common text that somebody has written otherwise."""

    start: int
    end: int
    lines: list[str]


def merge(base: str, mine: str, theirs: str) -> str | None:
    """The text with both changes; None where both have changed the same lines or lines beside each other.

    Args:
        base: The text that both began with.
        mine: What one has made of it.
        theirs: What the other has made of it.
    """
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    lines = base.splitlines(keepends=True)
    my_hunks, their_hunks = _compare(lines, mine), _compare(lines, theirs)
    alike = [hunk for hunk in my_hunks if hunk in their_hunks]
    my_hunks = [hunk for hunk in my_hunks if hunk not in alike]
    if any(
        one.start <= their_hunk.end and their_hunk.start <= one.end for one in my_hunks for their_hunk in their_hunks
    ):
        return None
    merged, at = [], 0
    for hunk in sorted((*my_hunks, *their_hunks)):
        merged += lines[at : hunk.start] + hunk.lines
        at = hunk.end
    return "".join(merged + lines[at:])


def _compare(base: list[str], text: str) -> list[_Hunk]:
    lines = text.splitlines(keepends=True)
    blocks = SequenceMatcher(None, base, lines, autojunk=False).get_opcodes()
    return [_Hunk(start, end, lines[first:last]) for tag, start, end, first, last in blocks if tag != "equal"]
