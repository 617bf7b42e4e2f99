"""Which questions a large snapshot has the answers to since it was built: those of all actions or of one member.

Any other filter, and for all but curves any other day than the last, is counted from the actions themselves. Of the
journey's entries those of all actions are counted, on any day, unless it matters when they became known.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

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
_BY_MEMBER, _PAIRS = name_count("actions", MEMBER), name_count("actions", MEMBER, MEMBER)
ON_LAST_DAY = ("headline", _BY_MEMBER, _PAIRS)
OF_ALL = (_PAIRS, "changes_by")
"""Questions that are prepared for all actions alone; a member of these would be a third dimension."""
QUESTIONS = (*ON_LAST_DAY, "changes", "changes_by")
OF_JOURNEY = ("latest_counts", "latest_days")
OF_EVERYTHING = (*OF_JOURNEY, "extract_counts")
"""Questions that are prepared for everything there is, also what belongs to no action."""
NOT_OF_JOURNEY = ("known_after", "known_until", "entry_id")
"""What is not prepared of the journey."""

_TAKEN = {
    "headline": ("of_dimension", "of_member"),
    _BY_MEMBER: ("of_dimension", "of_member", "dimension"),
    _PAIRS: ("row_dimension", "column_dimension"),
    "changes": ("of_dimension", "of_member", "as_of"),
    "changes_by": ("dimension", "as_of"),
    **dict.fromkeys(OF_JOURNEY, ("as_of", "posts_until", "this_day", "kinds", "coming", "since", "until")),
    "extract_counts": ("as_of",),
}


_FILES = {_BY_MEMBER: "counted_by", _PAIRS: "counted_pairs"}


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
    if name in OF_EVERYTHING:
        narrower = [parameters.get("by_known") or None, *map(parameters.get, NOT_OF_JOURNEY)]
        if used_filters or not parameters["everything"] or any(one is not None for one in narrower):
            return None
        return f"derived/{name}", {parameter: parameters[parameter] for parameter in _TAKEN[name]}
    if name not in QUESTIONS or len(used_filters) > 1 or (used_filters and name in OF_ALL):
        return None
    if name in ON_LAST_DAY and parameters["as_of"] != last_date:
        return None
    derived_parameters = dict(parameters, of_dimension="all", of_member="all")
    for filtered in used_filters:
        if filtered not in MEMBERS or len(parameters[filtered]) != 1:
            return None
        derived_parameters |= {"of_dimension": MEMBERS[filtered], "of_member": parameters[filtered][0]}
    return f"derived/{_FILES.get(name, name)}", {parameter: derived_parameters[parameter] for parameter in _TAKEN[name]}
