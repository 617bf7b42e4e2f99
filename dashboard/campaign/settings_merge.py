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
    own, others = _compare(lines, mine), _compare(lines, theirs)
    alike = [hunk for hunk in own if hunk in others]
    own = [hunk for hunk in own if hunk not in alike]
    if any(one.start <= other.end and other.start <= one.end for one in own for other in others):
        return None
    merged, at = [], 0
    for hunk in sorted((*own, *others)):
        merged += lines[at : hunk.start] + hunk.lines
        at = hunk.end
    return "".join(merged + lines[at:])


def _compare(base: list[str], text: str) -> list[_Hunk]:
    lines = text.splitlines(keepends=True)
    blocks = SequenceMatcher(None, base, lines, autojunk=False).get_opcodes()
    return [_Hunk(start, end, lines[left:right]) for tag, start, end, left, right in blocks if tag != "equal"]
