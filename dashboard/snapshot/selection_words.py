"""A selection in words: its filters by name, a line that names all of it, the names of two that are compared."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from dashboard.formats import format_date, join_list, shorten
from dashboard.i18n import N_, Phrase, phrase, translator
from dashboard.snapshot.attribution import SEPARATOR
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Filter, Selection, chosen_codes, options
from dashboard.snapshot.shared import shared

MOST_NAMED = 2
"""The most values of a filter that the name of a side has; it counts the others."""
MOST_IN_PLACE = 4
"""The same of the words of a selection."""
_LEAST_TITLE = 12
"""The characters of a title below which it says nothing."""


def list_filters(selection: Selection, snapshot: Snapshot) -> list[tuple[str, str | date]]:
    """List the filters in force: their English labels, and the words of the values; the as-of day is always last."""
    filters: list[tuple[str, str | date]] = []
    for f in FILTERS:
        labels = [code.labels[selection.lang] for code in chosen_codes(snapshot, selection, f)]
        if labels:
            filters.append((f.label, join_list(labels, selection.lang)))
    if selection.q.strip():
        filters.append((N_("Words"), selection.q.strip()))
    return [*filters, (N_("As of"), selection.day(snapshot))]


def describe(
    selection: Selection, snapshot: Snapshot, t: Callable[..., str], format_day: Callable[[date], str]
) -> list[tuple[str, str]]:
    """Write the selection in words: (label, values) pairs, filters in force only, the as-of day always."""
    filters = list_filters(selection, snapshot)
    return [(t(label), value if isinstance(value, str) else format_day(value)) for label, value in filters]


def name_sides(snapshot: Snapshot, first: Selection, second: Selection) -> tuple[str, str]:
    """Name two selections in their language by the filters in which they differ."""
    say = translator(first.lang).say
    names = []
    for side, beside in ((first, second), (second, first)):
        parts: list[Phrase] = list(_name_filters(snapshot, side, beside))
        if side.q.strip() != beside.q.strip() and side.q.strip():
            parts.append(phrase(N_("“{words}”"), words=side.q.strip()))
        is_filtered = replace(side, as_of=beside.as_of) != beside
        if not parts and (is_filtered or side.day(snapshot) == beside.day(snapshot)):
            parts = [phrase(f.everything) for f in FILTERS if side.codes(f) != beside.codes(f)] or [
                phrase(N_("All actions"))
            ]
        if side.day(snapshot) != beside.day(snapshot):
            parts.append(phrase("{day}", day=side.day(snapshot)))
        names.append(say(phrase("{parts}", parts=parts)))
    return names[0], names[1]


def _name_filters(snapshot: Snapshot, side: Selection, beside: Selection) -> Iterator[Phrase]:
    """Name the values of a side in the filters in which it differs from another."""
    for f in FILTERS:
        if side.codes(f) != beside.codes(f) and (labels := _list_labels(snapshot, side, f)):
            yield _name_first(labels, MOST_NAMED)


def _list_labels(snapshot: Snapshot, selection: Selection, chosen: Filter) -> list[str]:
    return [code.labels[selection.lang] for code in chosen_codes(snapshot, selection, chosen)]


def _name_first(labels: list[str], most: int) -> Phrase:
    rest = len(labels) - most
    return (
        phrase(N_("{names} and {n} more"), names=labels[:most], n=rest) if rest > 0 else phrase("{names}", names=labels)
    )


def compare_names(first: str | Phrase, second: str | Phrase) -> Phrase:
    """Name two selections side by side."""
    return phrase(N_("{one} compared with {other}"), one=first, other=second)


def entitle(title: str, place: str, longest: int | None = None) -> str:
    """Set the words of a selection behind a title; where both have no room, the title is cut rather than they."""
    full_title = f"{title} – {place}" if place else title
    if longest is None or len(full_title) <= longest:
        return full_title
    room = longest - (len(full_title) - len(title))
    return f"{shorten(title, room)} – {place}" if place and room >= _LEAST_TITLE else shorten(full_title, longest)


@shared
def name_shared(snapshot: Snapshot, selection: Selection) -> str:
    """Name the values of the filters in force, without the day, in the selection's language: `Africa · Education`.

    The same filters are the same words, in whatever order a link has them. Of two selections those that both have. A
    label that another filter has too stands behind the name of its own.
    """
    selection = selection.in_order()
    first, second = selection.first, selection.other or selection.first
    parts: list[Phrase] = []
    for f in FILTERS:
        labels = _list_labels(snapshot, first, f) if first.codes(f) == second.codes(f) else []
        if labels:
            names = _name_first(labels, MOST_IN_PLACE)
            other_labels = (
                code.labels[first.lang] for one in FILTERS if one is not f for code in options(snapshot, one)
            )
            is_double = not set(labels).isdisjoint(other_labels)
            parts.append(phrase(N_("{name}: {value}"), name=phrase(f.label), value=names) if is_double else names)
    if first.q.strip() and first.q.strip() == second.q.strip():
        parts.append(phrase(N_("“{words}”"), words=first.q.strip()))
    return SEPARATOR.join(map(translator(first.lang).say, parts))


def name_place(snapshot: Snapshot, selection: Selection, *, has_day: bool = False) -> str:
    """Name what is selected, of a comparison with both sides; empty for everything.

    `has_day`: with the day as well, where one was chosen. A chart has the same words in its caption.
    """
    parts = [name_shared(snapshot, selection)]
    if selection.other is not None:
        names = name_sides(snapshot, selection.first, selection.other)
        parts += [translator(selection.lang).say(compare_names(*names))] if names[0] != names[1] else []
    elif has_day and selection.as_of is not None:
        parts.append(format_date(selection.as_of, selection.lang))
    return SEPARATOR.join(filter(None, parts))
