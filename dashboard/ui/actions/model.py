"""What the page Actions shows as a list: the register in the reader's columns and order, one page of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from dashboard import formats
from dashboard.extracts.choice import Choice
from dashboard.i18n import N_
from dashboard.measures import register
from dashboard.measures.counts import headline
from dashboard.ui.frame.link import PAGE
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import action_list, paging, reader_list
from dashboard.ui.pieces.action_list import FIELDS, SHOWN, ActionList
from dashboard.ui.pieces.paging import PageWays
from dashboard.ui.pieces.reader_list import Chip, Order

COLUMNS = "columns"
"""The link's parameter: names of columns, parted by commas. The title need not be named: it is always there."""
IN_FILES = {"place": ("regions", "countries"), "language": ("language_code",), "milestones": ()}
"""The columns of extracts that say what a column of the list says, where they have other names."""
PAGE_ROWS = 50
CHIPS = ("overdue", "not_reported", "completed")
"""The statuses that one click chooses, each the name of its count as well."""
SORTS = {
    "submitted_on": N_("Submission date"),
    "title": N_("Title"),
    "stakeholder": N_("Stakeholder"),
    "group": N_("Stakeholder group"),
    "category": N_("Category"),
    "status": N_("Status"),
    "percent": N_("Percent done"),
    "reported_on": N_("Last report"),
    "completed_on": N_("Completed on"),
    "due_on": N_("Deadline"),
    "is_overdue": N_("Overdue"),
    "language": N_("Language"),
    "action_id": N_("Action ID"),
}
VIEW_WORDS = {
    "label": N_("Name of this view (filters, columns and order)"),
    "save": N_("Save"),
    "empty": N_("No views saved in this browser yet."),
    "note": N_("Views are kept in this browser only. To share one, copy its link."),
    "copy": N_("Copy the link"),
    "rename": N_("Rename"),
    "remove": N_("Remove"),
    "of": N_("{action}: {name}"),
    "new_name": N_("New name of “{name}”"),
    "cancel": N_("Cancel"),
    "saved": N_("“{name}” was saved."),
    "replaced": N_("“{name}” now saves what you see."),
    "taken": N_("Another view is already called “{name}”."),
    "renamed": N_("It is now called “{name}”."),
    "removed": N_("“{name}” was removed."),
    "copied": N_("The link to “{name}” was copied."),
    "select": N_("Copy this link:"),
    "full": N_("This browser cannot save more views. Remove one, or allow this site to store data."),
}
"""What the browser part of saved views says."""
_TITLE = "title"


@dataclass(frozen=True)
class RegisterModel:
    """The register as a list.

    Attributes:
        total: How many actions the filters choose; where there are none, nothing else is shown but the saved views.
        warnings: What the link asks of columns and order, and is not there.
        columns: The names of the columns, the title first.
        order: What the list is sorted by.
        actions: The page of the list that is open.
        said: Which of how many actions these are.
        chips: What narrows it with one click.
        page_warning: That the link names no page of the list.
        page_ways: The ways to the other pages.
        file: The file of the register with these columns.
        views: What the browser part of the saved views gets.
    """

    total: int
    views: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    columns: tuple[str, ...] = SHOWN
    order: Order = Order("submitted_on", is_descending=False)
    actions: ActionList = ActionList((), ())
    said: str = ""
    chips: tuple[Chip, ...] = ()
    page_warning: str = ""
    page_ways: PageWays = ()
    file: Choice = Choice()


def make_model(view: View, page_rows: int = PAGE_ROWS) -> RegisterModel:
    """What the register shows of a selection, and how its link asks for it."""
    total = register.count(view.snapshot, view.selection)
    views = describe_views(view)
    if total == 0:
        return RegisterModel(total, views)
    columns, unknown = read_columns(view.own.get(COLUMNS))
    order, refused = reader_list.parse_order(view, SORTS)
    page, page_warning = paging.read(view.t, view.own.get(PAGE), page_rows, total)
    frame = register.page(
        view.snapshot,
        view.selection,
        sort=order.sort,
        descending=order.is_descending,
        limit=page.size,
        offset=page.offset,
    )
    return RegisterModel(
        total,
        views,
        warnings=(*((paging.say_unknown(view.t, COLUMNS, ",".join(unknown)),) if unknown else ()), *refused),
        columns=columns,
        order=order,
        actions=action_list.make_list(view, frame, columns, view.own_pairs(), order=order, sorts=SORTS),
        said=view.t("Actions {first} to {last} of {total}.", **paging.name_range(view.t, page, len(frame), total)),
        chips=tuple(_list_chips(view)),
        page_warning=page_warning,
        page_ways=paging.list_ways(view, page, total),
        file=Choice(columns=name_in_files(columns)),
    )


def _list_chips(view: View) -> Iterator[Chip]:
    """One status each: how many actions there are of it, whatever statuses are chosen, and the way to these alone."""
    counts = headline(view.snapshot, replace(view.selection, statuses=()))
    labels = view.snapshot.codes["statuses"]
    for code in CHIPS:
        is_on = view.selection.statuses == (code,)
        chosen = replace(view, selection=replace(view.selection, statuses=() if is_on else (code,)))
        way = PageLink(labels[code].labels[view.lang], view.page_id, chosen.own_pairs(**{PAGE: None}))
        yield Chip(code, way, formats.format_count(getattr(counts, code), view.lang), is_on)


def read_columns(stated: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns that a link states, the title first, and the names in it that are no columns."""
    if stated is None:
        return SHOWN, ()
    names = dict.fromkeys(name.strip().lower() for name in stated.split(",") if name.strip())
    columns = (_TITLE, *(name for name in names if name in FIELDS and name != _TITLE))
    return columns, tuple(name for name in names if name not in FIELDS)


def write_columns(others: Iterable[str]) -> str | None:
    """The link's parameter for the columns that a reader has chosen beside the title; the usual ones need none."""
    chosen = (_TITLE, *others)
    return None if chosen == SHOWN else ",".join(chosen[1:]) or _TITLE


def offer_columns(view: View) -> dict[str, str]:
    """The columns that may stand beside the title: their names, and their headings in the reader's language."""
    return {name: view.t(field.label) for name, field in FIELDS.items() if name != _TITLE}


def name_in_files(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a file for those that the reader has chosen; none, that is all of them, for the usual ones."""
    if columns == SHOWN:
        return ()
    return tuple(dict.fromkeys(own for name in ("action_id", *columns) for own in IN_FILES.get(name, (name,))))


def describe_views(view: View) -> dict[str, Any]:
    """What the browser part of the saved views gets: what a view is of what is shown, and its words."""
    pairs = [pair for pair in view.own_pairs(action=None, **{PAGE: None}) if pair[0] != "lang"]
    return {
        "query": urlencode(pairs),
        "lang": view.lang,
        "words": {name: view.t(text, name="{name}", action="{action}") for name, text in VIEW_WORDS.items()},
    }
