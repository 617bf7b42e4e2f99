"""The prepared data of a large snapshot, so that pages need not count or read it: answers, a list of words.

Prepared answers are for all actions or one member. Any other filter, and for all but curves any other day than the
last, is counted from the actions themselves. The journey's entries are counted for all actions, on any day, unless it
matters when they became known.

Searches use the list of words: a word without a blank inside is in a text exactly where it is in one of the text's
words, so that the list answers by itself. For one with blanks inside, the list finds one of its parts first, and then
only those texts are read.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from dashboard.snapshot.query_templates import MEMBER, name_count

MEMBERS = {
    "regions": "region",
    "subregions": "subregion",
    "groupings": "grouping",
    "countries": "country",
    "categories": "category",
    "themes": "theme",
    "groups": "group",
}
"""Filters that choose the actions of members of a dimension."""
NOT_OF_JOURNEY = ("known_after", "known_until", "entry_id")
"""The parameters of the journey without prepared answers."""


class Prepared(NamedTuple):
    """A prepared answer.

    Attributes:
        file: The query in `dashboard/queries/derived` that reads it.
        parameters: Those of that query; `of_dimension` and `of_member` choose the actions.
        of: Its scope: all actions and those of any one member, all actions alone (a member would be a third dimension),
            or everything, also entries without an action.
        is_of_last_day: Whether it is for the last day alone.
    """

    file: str
    parameters: tuple[str, ...]
    of: Literal["a member", "all", "everything"]
    is_of_last_day: bool = False


_OF_JOURNEY = ("as_of", "posts_until", "this_day", "kinds", "coming", "since", "until")
_BY_MEMBER, _PAIRS = name_count("actions", MEMBER), name_count("actions", MEMBER, MEMBER)
_PREPARED = {
    "headline": Prepared("headline", ("of_dimension", "of_member"), "a member", True),
    _BY_MEMBER: Prepared("counted_by", ("of_dimension", "of_member", "dimension"), "a member", True),
    _PAIRS: Prepared("counted_pairs", ("row_dimension", "column_dimension"), "all", True),
    "changes/in_all": Prepared("changes", ("of_dimension", "of_member", "as_of"), "a member"),
    "changes/by_member": Prepared("changes", ("of_dimension", "of_member", "as_of"), "all"),
    "entry_counts/by_kind": Prepared("entries_by_kind", _OF_JOURNEY, "everything"),
    "entry_counts/by_day": Prepared("entries_by_day", _OF_JOURNEY, "everything"),
    "extract_counts": Prepared("extract_counts", ("as_of",), "everything"),
}


def prepare(
    name: str, parameters: Mapping[str, Any], used_filters: Collection[str], last_date: date
) -> tuple[str, dict[str, Any]] | None:
    """Return the prepared query in `dashboard/queries/derived`, and its parameters; None if there is none.

    `name`: the query's name.
    `used_filters`: those of its filters that are not idle.
    `last_date`: the snapshot's.
    """
    prepared = _PREPARED.get(name)
    if prepared is None or len(used_filters) > (prepared.of == "a member"):
        return None
    if prepared.is_of_last_day and parameters["as_of"] != last_date:
        return None
    if prepared.of == "everything":
        narrower = [parameters.get("by_known") or None, *map(parameters.get, NOT_OF_JOURNEY)]
        if not parameters["everything"] or any(one is not None for one in narrower):
            return None
    if prepared.of == "all":
        derived_parameters = dict(parameters, of_dimension=parameters.get("dimension"), of_member=None)
    else:
        derived_parameters = dict(parameters, of_dimension="all", of_member="all")
    for filtered in used_filters:
        if filtered not in MEMBERS or len(parameters[filtered]) != 1:
            return None
        derived_parameters |= {"of_dimension": MEMBERS[filtered], "of_member": parameters[filtered][0]}
    return f"derived/{prepared.file}", {parameter: derived_parameters[parameter] for parameter in prepared.parameters}


MOST_LISTED = 6
"""The most words of one search to look up in the list; a search with more is narrow enough by then."""


class Ways(NamedTuple):
    """The way to search each word.

    Attributes:
        by_list: The lookups in the list, as SQL over the words `q`: a word, or a part of it.
        by_text: The places, from 1, of the words to search in the texts of the list's results.
    """

    by_list: tuple[str, ...]
    by_text: tuple[int, ...]

    @property
    def name(self) -> str:
        """The identifier of these ways, as part of a macro's name."""
        letters = str.maketrans(dict.fromkeys("[],() '", "_"))
        return "__".join((*self.by_list, "in", *map(str, self.by_text))).translate(letters)


def list_parts(words: Sequence[str]) -> list[str]:
    """List the possible lookups in the list of words: the parts without a blank of every word."""
    return [part for word in words for part in word.split(" ")]


def choose_ways(words: Sequence[str], is_listed: Sequence[bool]) -> Ways | None:
    """Choose the way to search each word; None where all texts must be read.

    `words`: the folded words.
    `is_listed`: for each of `list_parts(words)`, whether the list finds it sooner.
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
    """Return the rows of the actions that have every word; read the texts of the list's results where need be.

    The results are in a separate subquery, so that only requested columns of the rows are read.
    """
    return f"(select r.* from {rows} as r inner join ({find_listed(ways)}) as f on r.action_no = f.action_no)"  # noqa: S608


def find_listed(ways: Ways) -> str:
    """Return the statement that lists the number of each action that has every word, once."""
    first, *further_words = ways.by_list
    parts = ["select distinct u.action_no", f"from uses_of({first}) as u", "where true"]
    parts += [f"and u.action_no in (select o.action_no from uses_of({word}) as o)" for word in further_words]  # noqa: S608
    statement = "\n".join(parts)
    if not ways.by_text:
        return statement
    texts = ", ".join(f"q[{place}]" for place in ways.by_text)
    # Materialized, or every text would be searched for the words before the list.
    return (
        f"with listed as materialized (\nselect *, [{texts}]::varchar[] as texts from ({statement})\n)\n"
        "select l.action_no from listed as l\n"
        "inner join actions as t on l.action_no = t.action_no and contains_every(l.texts, t.search_text)"
    )
