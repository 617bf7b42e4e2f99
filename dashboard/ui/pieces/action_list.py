"""Actions as a list that one reads: titles that lead to them, who promised them, how far they are, where and when."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures import register
from dashboard.measures.register import SEPARATOR
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import highlight, reader_list, status_mark
from dashboard.ui.pieces.highlight import Span, Spans
from dashboard.ui.pieces.reader_list import Column, Order
from dashboard.ui.pieces.status_mark import StatusMark

MOST_NAMES = 3
"""How many countries or themes of an action are named; behind them stands how many more there are."""


class Field(NamedTuple):
    """A column that may be shown: its heading, how it is set, and which order its heading begins with."""

    label: str
    kind: str = "words"
    begins_with_latest: bool = False


FIELDS: dict[str, Field] = {
    "title": Field(N_("Title"), "name"),
    "stakeholder": Field(N_("Stakeholder")),
    "status": Field(N_("Status"), "short"),
    "place": Field(N_("Place")),
    "themes": Field(N_("Themes")),
    "due_on": Field(N_("Deadline"), "short"),
    "reported_on": Field(N_("Last report"), "short", begins_with_latest=True),
    "percent": Field(N_("Percent done"), "figure", begins_with_latest=True),
    "evidence": Field(N_("Evidence")),
    "milestones": Field(N_("Milestones reached"), "figure"),
    "category": Field(N_("Category")),
    "group": Field(N_("Stakeholder group")),
    "regions": Field(N_("Regions")),
    "countries": Field(N_("Countries")),
    "groupings": Field(N_("Groupings of countries")),
    "is_overdue": Field(N_("Overdue"), "short", begins_with_latest=True),
    "submitted_on": Field(N_("Submission date"), "short"),
    "completed_on": Field(N_("Completed on"), "short", begins_with_latest=True),
    "language": Field(N_("Language")),
    "action_id": Field(N_("Action ID"), "short"),
}
"""The columns that may be shown, in the order in which they are offered; the title is always the first."""
SHOWN = ("title", "stakeholder", "status", "place", "themes", "due_on", "reported_on")
"""Those that are shown where the reader has chosen none."""


class Title(NamedTuple):
    """The title of an action as the way to it, with the words that are searched for marked."""

    link: PageLink
    spans: Spans


Cell = Title | PageLink | StatusMark | str


@dataclass(frozen=True)
class ActionList:
    """A page of actions: the columns, the title first, and by their names the cells of each line."""

    columns: tuple[Column, ...]
    lines: tuple[Mapping[str, Cell], ...]
    order: Order | None = None


def make_list(
    view: View,
    frame: pd.DataFrame,
    columns: Sequence[str],
    kept: Iterable[tuple[str, str]],
    *,
    order: Order | None = None,
    sorts: Mapping[str, str] | None = None,
) -> ActionList:
    """A page of actions in words.

    Args:
        view: The page; the words it searches for are marked in titles.
        frame: A page of `register.page`.
        columns: Names of `FIELDS`, the title first.
        kept: What the link to an action carries beside its id: the selection, the order …
        order: What the list is sorted by.
        sorts: What it may be sorted by: as of `reader_list.parse_order`.
    """
    shown = register.labelled(frame, view.snapshot, view.lang).assign(
        base_status=frame["status"], own_status=frame["status_code"], places=_name_places(view, frame)
    )
    titles = [title for title in shown["title"] if isinstance(title, str)]
    writer = _Writer(view, tuple(kept), highlight.mark_words(view.snapshot, view.selection.q, titles))
    lines = tuple({name: writer.write(name, row) for name in columns} for row in shown.to_dict("records"))
    return ActionList(tuple(_head(view, name, order, sorts or {}) for name in columns), lines, order)


def _head(view: View, name: str, order: Order | None, sorts: Mapping[str, str]) -> Column:
    field = FIELDS[name]
    way = reader_list.turn(view, sorts, order, name, begins_with_latest=field.begins_with_latest)
    return Column(name, view.t(field.label), field.kind, way)


def show(view: View, actions: ActionList) -> None:
    """Draw a page of actions."""
    lines = [{name: _draw(view, cell) for name, cell in line.items()} for line in actions.lines]
    reader_list.show(view, view.t("Actions"), actions.columns, lines, actions.order)


def _draw(view: View, cell: Cell) -> str:
    """A cell as HTML."""
    if isinstance(cell, Title):
        return cell.link.wrap(highlight.draw(cell.spans), view.page_id)
    return status_mark.draw(cell) if isinstance(cell, StatusMark) else page_link.render(cell, view.page_id)


def kept_pairs(view: View) -> list[tuple[str, str]]:
    """The day, the build and the language: what stays in the link to another thing, whatever the filters."""
    kept = view.selection
    return Selection(as_of=kept.as_of, build=kept.build, lang=view.lang).query_pairs()


def link_stakeholder(view: View, stakeholder_id: Any, name: Any) -> str:
    """A stakeholder's name as the way to its page, as HTML; empty where none is stated."""
    return page_link.render(name_stakeholder(view, stakeholder_id, name), view.page_id)


def name_stakeholder(view: View, stakeholder_id: Any, name: Any) -> PageLink | str:
    """A stakeholder's name as the way to its page; empty where none is stated."""
    if not isinstance(name, str) or not isinstance(stakeholder_id, str):
        return name if isinstance(name, str) else ""
    return PageLink(name, "stakeholders", (("stakeholder", stakeholder_id), *kept_pairs(view)))


class _Writer(NamedTuple):
    """What puts one cell into words."""

    view: View
    kept: tuple[tuple[str, str], ...]
    mark: Callable[[str], Spans]

    def write(self, name: str, row: Mapping[Any, Any]) -> Cell:
        """The cell of a column in the line of an action."""
        if name == "title":
            return self._write_title(row)
        if name == "stakeholder":
            return name_stakeholder(self.view, row["stakeholder_id"], row["stakeholder"])
        if name == "status":
            return status_mark.say(self.view, row["base_status"], row["own_status"], is_overdue=bool(row["is_overdue"]))
        if name == "milestones":
            return self._count(row["milestones_reached"], row["milestones_due"])
        return self._write_value(name, row["places"] if name == "place" else row[name])

    def _count(self, part: int, whole: int) -> str:
        counts = {
            "part": formats.format_count(part, self.view.lang),
            "whole": formats.format_count(whole, self.view.lang),
        }
        return self.view.t("{part} of {whole}", **counts) if whole else ""

    def _write_title(self, row: Mapping[Any, Any]) -> Title:
        is_titled = isinstance(row["title"], str) and bool(row["title"].strip())
        title = row["title"] if is_titled else self.view.t("Untitled action")
        language = row["language"] if is_titled and isinstance(row["language"], str) else ""
        link = PageLink(title, "actions", (*self.kept, ("action", row["action_id"])), lang=language)
        return Title(link, self.mark(title) if is_titled else (Span(title),))

    def _write_value(self, name: str, value: Any) -> str:
        lang = self.view.lang
        if pd.isna(value):
            return ""
        if name.endswith("_on"):
            return formats.format_short_date(pd.Timestamp(value).date(), lang)
        if name == "percent":
            return formats.format_share(value / 100, lang)
        if name == "is_overdue":
            return self.view.t("Yes") if value else ""
        if name == "language":
            return formats.format_language(value, lang)
        return _shorten(value) if name in ("themes", "countries", "groupings") else str(value)


def _shorten(labels: str) -> str:
    """The first of several names, and how many more there are."""
    names = labels.split(SEPARATOR)
    more = len(names) - MOST_NAMES
    return labels if more <= 1 else f"{SEPARATOR.join(names[:MOST_NAMES])} +{more}"


def _name_places(view: View, frame: pd.DataFrame) -> pd.Series:
    """Where actions take place: their countries, else their regions; a global one says so."""
    codes = view.snapshot.codes
    places = frame["countries"].map(tuple).where(frame["countries"].map(len) > 0, frame["regions"].map(tuple))
    known = codes.get("countries", {}) | codes.get("regions", {})
    words = {place: _shorten(register.join_labels(place, known, view.lang)) for place in places.unique()}
    return places.map(words)
