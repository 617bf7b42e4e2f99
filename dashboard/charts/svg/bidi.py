"""The order in which a line is seen when it has right-to-left letters: the Unicode Bidirectional Algorithm (UAX #9).

Own code, since no installed library gives the order itself: one turns text around, the other draws it. Embeddings
and isolates are not read; the drawings' texts have none inside (`texts.clean`).
"""

import re
import unicodedata
from itertools import groupby
from typing import NamedTuple

_CLASSES = {
    "L": "L", "R": "R", "AL": "A", "EN": "E", "AN": "N", "ES": "+", "ET": "$", "CS": ",", "NSM": "M", "BN": "M",
}  # fmt: skip
"""One letter for each class; all others are neutral, `O`."""
_NUMBERS = str.maketrans("EN", "RR")
_OPENING = {"(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "【": "】"}
_PAIRED = {**_OPENING, "«": "»", "‹": "›", "<": ">"}
_MIRRORED = _PAIRED | {closing: opening for opening, closing in _PAIRED.items()}


class Stretch(NamedTuple):
    """Letters that are read in one direction, in the order of writing."""

    text: str
    is_turned: bool


def is_turned(letter: str) -> bool:
    """Whether a letter is read from right to left."""
    return unicodedata.bidirectional(letter) in ("R", "AL")


def mirror(text: str) -> str:
    """Signs between right-to-left letters as they are seen: in reverse, brackets turned."""
    return "".join(_MIRRORED.get(letter, letter) for letter in reversed(text))


def order(text: str) -> list[Stretch]:
    """The stretches of a line from left to right as they are seen; the first strong letter decides where it begins."""
    if not any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text):
        return [Stretch(text, False)] if text else []
    levels = _levels(text)
    runs = [list(group) for _, group in groupby(range(len(text)), key=lambda n: levels[n])]
    depth = [levels[run[0]] for run in runs]
    for level in range(max(depth), 0, -1):
        runs, depth = _turn(runs, depth, level)
    return [Stretch(text[run[0] : run[-1] + 1], level % 2 == 1) for run, level in zip(runs, depth, strict=True)]


def _turn(runs: list[list[int]], depth: list[int], level: int) -> tuple[list[list[int]], list[int]]:
    """Reverse every sequence of runs at a level or above (rule L2)."""
    turned: list[tuple[list[int], int]] = []
    for is_deep, group in groupby(zip(runs, depth, strict=True), key=lambda pair: pair[1] >= level):
        group_runs = list(group)
        turned += group_runs[::-1] if is_deep else group_runs
    return [run for run, _ in turned], [at for _, at in turned]


def _levels(text: str) -> list[int]:
    """The embedding level of each letter, by the rules W, N and I."""
    classes = "".join(_CLASSES.get(unicodedata.bidirectional(letter), "O") for letter in text)
    strong = re.search("[LRA]", classes)
    base = "L" if strong is None or strong[0] == "L" else "R"
    directions = _resolve_neutrals(text, _resolve_weak(base + classes)[1:], base)
    if base == "L":
        return [{"L": 0, "R": 1}.get(kind, 2) for kind in directions]
    return [1 if kind == "R" else 2 for kind in directions]


def _resolve_weak(classes: str) -> str:
    """Marks and numbers by what stands before and beside them (rules W1 to W7)."""
    classes = re.sub("(.)(M+)", lambda m: m[1] * len(m[0]), classes)
    classes = re.sub("A[^LRA]*", lambda m: m[0].replace("E", "N"), classes).replace("A", "R")
    classes = re.sub("(?<=E)[+,](?=E)", "E", classes)
    classes = re.sub("(?<=N),(?=N)", "N", classes)
    classes = re.sub(r"\$*E[E$]*", lambda m: "E" * len(m[0]), classes)
    classes = re.sub("[+,$]", "O", classes)
    return re.sub("L[^LR]*", lambda m: m[0].replace("E", "L"), classes)


def _resolve_neutrals(text: str, classes: str, base: str) -> str:
    """Brackets and other neutral signs by what is inside and around them (rules N0 to N2)."""
    directions = list(classes)
    for opening, closing in _pairs(text, classes):
        inside = {kind.translate(_NUMBERS) for kind in directions[opening + 1 : closing]} & {"L", "R"}
        if not inside:
            continue
        before = next(
            (kind for kind in reversed("".join(directions[:opening]).translate(_NUMBERS)) if kind in "LR"), base
        )
        directions[opening] = directions[closing] = base if base in inside else before
    framed = base + "".join(directions) + base

    def between(match: re.Match[str]) -> str:
        left, right = (framed[n].translate(_NUMBERS) for n in (match.start() - 1, match.end()))
        return (left if left == right else base) * len(match[0])

    return re.sub("O+", between, framed)[1:-1]


def _pairs(text: str, classes: str) -> list[tuple[int, int]]:
    """Where brackets open and close, in the order of opening."""
    waiting: list[tuple[str, int]] = []
    pairs = []
    for place, letter in enumerate(text):
        if classes[place] != "O":
            continue
        if letter in _OPENING:
            waiting.append((_OPENING[letter], place))
        elif at := next((n for n in range(len(waiting), 0, -1) if waiting[n - 1][0] == letter), 0):
            pairs.append((waiting[at - 1][1], place))
            del waiting[at - 1 :]
    return sorted(pairs)
