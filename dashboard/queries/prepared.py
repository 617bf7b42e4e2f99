"""Which questions a large snapshot has the answers to since it was built: those of all actions or of one member.

Any other filter, and for all but curves any other day than the last, is counted from the actions themselves. Of the
journey's entries those of all actions are counted, on any day, unless it matters when they became known.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from dashboard.queries.query_templates import MEMBER, name_count

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
"""What is not prepared of the journey."""


class Prepared(NamedTuple):
    """A prepared answer.

    Attributes:
        file: The query in `dashboard/queries/derived` that reads it.
        parameters: Those of that query; `of_dimension` and `of_member` say of which actions.
        of: Whether it is there of all actions and of those of any one member, of all actions alone (a member would be
            a third dimension), or of everything there is, also what belongs to no action.
        is_of_last_day: Whether it is that of the last day alone.
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
    """The question in `dashboard/queries/derived` that has the answer already, and its parameters; None if none has.

    Args:
        name: The question as it is asked.
        parameters: Its parameters.
        used_filters: Those of its filters that are not idle.
        last_date: The snapshot's.
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
