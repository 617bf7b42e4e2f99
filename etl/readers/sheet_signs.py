"""The content of a piece of an XLSX sheet's XML, read from all its bytes at once.

A sheet has millions of cells: searching its text for one sign after another takes longer than unpacking it. Comparing
whole pieces, byte by byte in one call, takes a third of that, and leaves the interpreter free meanwhile.
"""

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_PREFIXED = re.compile(rb"<\w+:c[\s>/]")
_BEHIND_TAG = np.zeros(256, np.bool_)
_BEHIND_TAG[list(b" \t\n\r\f\v/>")] = True
_PAD = bytes(32)  # behind a piece, so that the bytes behind a cell's tag exist for the last one as well
_LONGEST_ROW = 7  # digits
_LONGEST_PREFIX = 16  # of a longer one only the exact look tells; no program writes such

_Bytes = npt.NDArray[np.uint8]
_Mask = npt.NDArray[np.bool_]


class Signs(NamedTuple):
    """The content, certain or possible, of a piece.

    Attributes:
        reach: The last row and the last column (from 1) of its cells; None where a cell does not state its place in
            the usual way, or is none of this sheet's.
    """

    reach: tuple[int, int] | None
    formulas: bool
    merged: bool
    hidden: bool
    errors: bool


def find_signs(piece: bytes, prefix: bytes = b"") -> Signs:
    """Look through a piece of a sheet that cuts no tag; `prefix` is that of its tags, as `x:`."""
    if len(prefix) > _LONGEST_PREFIX:
        return Signs(None, formulas=True, merged=True, hidden=True, errors=True)
    padded = piece + _PAD
    signs = np.frombuffer(padded, np.uint8)
    begins = signs == ord("<")
    return Signs(
        reach=None if _has_foreign(piece, signs, prefix) else _find_reach(padded, signs, begins, prefix),
        formulas=bool(_find_tag(signs, begins, prefix + b"f").any()),
        merged=_has(signs, b"g", 2, b"C") and b"mergeCell " in piece,
        hidden=_has(signs, b"n", 1, b"=") and b"hidden=" in piece,
        errors=any(_has(signs, quote, 2, quote, within=ord("e")) for quote in (b'"', b"'")),
    )


def find_reach(piece: bytes, prefix: bytes = b"") -> tuple[int, int] | None:
    """Find the last row and column of a piece's cells alone, as `Signs.reach`."""
    if len(prefix) > _LONGEST_PREFIX:
        return None
    padded = piece + _PAD
    signs = np.frombuffer(padded, np.uint8)
    return None if _has_foreign(piece, signs, prefix) else _find_reach(padded, signs, signs == ord("<"), prefix)


def _has(signs: _Bytes, first: bytes, distance: int, last: bytes, within: int | None = None) -> bool:
    """Whether two bytes stand somewhere at a distance, with a certain one right behind the first if need be."""
    hits = signs[:-distance] == ord(first)
    hits &= signs[distance:] == ord(last)
    if within is not None:
        hits &= signs[1 : 1 - distance] == within
    return bool(hits.any())


def _find_tag(signs: _Bytes, begins: _Mask, tag: bytes) -> _Mask:
    """Find each `<` with these letters behind it."""
    hits: _Mask = begins[: -len(tag)] & (signs[1 : 1 - len(tag) or None][: len(signs) - len(tag)] == tag[0])
    for place, letter in enumerate(tag[1:], 2):
        hits &= signs[place : place + len(hits)] == letter
    return hits


def _has_foreign(piece: bytes, signs: _Bytes, prefix: bytes) -> bool:
    """Whether there are cells whose tags are not those of this sheet."""
    if prefix:
        return b"<c " in piece
    return _has(signs, b":", 1, b"c") and _PREFIXED.search(piece) is not None


def _find_reach(padded: bytes, signs: _Bytes, begins: _Mask, prefix: bytes) -> tuple[int, int] | None:
    tags = np.flatnonzero(_find_tag(signs, begins, prefix + b"c")) + len(prefix) + 2
    tags = tags[_BEHIND_TAG[signs[tags]]]
    if not len(tags):
        return 0, 0
    words = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))  # eight bytes from each place on
    attribute = words[tags] & 0xFFFFFFFF
    if not np.isin(attribute, [int.from_bytes(text, "little") for text in (b' r="', b" r='")]).all():
        return None
    places = tags + 4
    columns = signs[places].astype(np.int32) - 64
    more = _are_letters(signs[places + 1])
    if ((columns < 1) | (columns > 26)).any():
        return None
    places += 1
    if more.any():
        columns, places = _add_letters(signs, columns, places, more)
    row = _find_last_row(words[places])
    return None if row is None else (row, int(columns.max()))


def _are_letters(signs: _Bytes) -> _Mask:
    return (signs >= ord("A")) & (signs <= ord("Z"))


def _add_letters(
    signs: _Bytes, columns: npt.NDArray[np.int32], places: npt.NDArray[np.intp], more: _Mask
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp]]:
    """Add the columns' second and third letters, and find where their rows begin."""
    for _ in range(2):
        letters = signs[places]
        columns = np.where(more, columns * 26 + letters - 64, columns)
        places = places + more
        more = more & _are_letters(signs[places])
    return columns, places


def _find_last_row(words: npt.NDArray[np.uint64]) -> int | None:
    """Find the highest of the numbers in quotes; each word holds digits and the mark behind them."""
    differs = np.ones(len(words), np.bool_)  # the cells of a row mostly follow each other, and say the same number
    np.not_equal(words[1:], words[:-1], out=differs[1:])
    remaining = words[differs]
    numbers = np.zeros(len(remaining), np.int64)
    is_open = np.ones(len(remaining), np.bool_)
    for place in range(_LONGEST_ROW + 1):
        sign = (remaining & 0xFF).astype(np.int64)
        is_digit = is_open & (sign >= ord("0")) & (sign <= ord("9"))
        ends = is_open & ~is_digit
        if ends.any() and (place == 0 or not ((sign == ord('"')) | (sign == ord("'")))[ends].all()):
            return None
        numbers = np.where(is_digit, numbers * 10 + sign - ord("0"), numbers)
        is_open = is_digit
        if not is_open.any():
            return int(numbers.max())
        remaining = remaining >> np.uint64(8)
    return None
