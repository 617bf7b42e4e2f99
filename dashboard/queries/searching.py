"""How words are looked for in the texts of actions: by reading every text, or by a large snapshot's list of words.

A word without a blank inside stands in a text exactly where it stands in one of the text's words, so that the list
answers by itself. One with blanks inside is looked for by one of its parts first, and then in those texts alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

MOST_LISTED = 6
"""Words of one search that the list is asked for; a search with more is narrow enough by then."""


class Ways(NamedTuple):
    """How each word of a search is looked for.

    Attributes:
        by_list: What the list is asked for, as SQL over the words `q`: a word, or a part of it.
        by_text: The places, from 1, of the words that are looked for in the texts of what the list found.
    """

    by_list: tuple[str, ...]
    by_text: tuple[int, ...]

    @property
    def name(self) -> str:
        """What tells these ways from others, as part of a macro's name."""
        letters = str.maketrans(dict.fromkeys("[],() '", "_"))
        return "__".join((*self.by_list, "in", *map(str, self.by_text))).translate(letters)


def list_parts(words: Sequence[str]) -> list[str]:
    """What the list of words can be asked for: the parts without a blank of every word."""
    return [part for word in words for part in word.split(" ")]


def choose_ways(words: Sequence[str], is_listed: Sequence[bool]) -> Ways | None:
    """How to look for each word; None where all texts have to be read.

    Args:
        words: The folded words.
        is_listed: For each of `list_parts(words)`, whether the list finds it sooner.
    """
    by_list: list[str] = []
    by_text: list[int] = []
    rarities = iter(is_listed)
    for place, word in enumerate(words, 1):
        parts = [(part, next(rarities)) for part in word.split(" ")]
        listed_parts = [number for number, (part, is_rare) in enumerate(parts, 1) if is_rare and part]
        if listed_parts and len(by_list) < MOST_LISTED:
            # The longest part is, as a rule, the rarest.
            part = max(listed_parts, key=lambda number: len(parts[number - 1][0]))
            by_list.append(f"q[{place}]" if len(parts) == 1 else f"string_split(q[{place}], ' ')[{part}]")
        if not by_list or by_list[-1] != f"q[{place}]":
            by_text.append(place)
    return Ways(tuple(by_list), tuple(by_text)) if by_list else None


def among_found(rows: str, ways: Ways) -> str:
    """The rows of the actions that have every word; the texts of those that the list gives are read where need be.

    What is found stands in a subquery of its own, so that of the rows no column is read that nobody asks for.
    """
    return f"(select r.* from {rows} as r inner join ({find_listed(ways)}) as f on r.action_no = f.action_no)"  # noqa: S608


def find_listed(ways: Ways) -> str:
    """The statement that gives the number of each action that has every word, once."""
    first, *further_words = ways.by_list
    parts = ["select distinct u.action_no", f"from uses_of({first}) as u", "where true"]
    parts += [f"and u.action_no in (select o.action_no from uses_of({word}) as o)" for word in further_words]  # noqa: S608
    statement = "\n".join(parts)
    if not ways.by_text:
        return statement
    texts = ", ".join(f"q[{place}]" for place in ways.by_text)
    # Materialized, or the words would be looked for in every text before the list is asked.
    return (
        f"with listed as materialized (\nselect *, [{texts}]::varchar[] as texts from ({statement})\n)\n"
        "select l.action_no from listed as l\n"
        "inner join actions as t on l.action_no = t.action_no and contains_every(l.texts, t.search_text)"
    )
