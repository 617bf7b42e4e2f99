"""The lists for readers: actions, stakeholders, milestones, reports, and the entries of the journey."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from dashboard.i18n import N_
from dashboard.lists.declaration import Chips, Column, List, ListRequest, Rows, Way
from dashboard.measures import facts, latest, register, stakeholders
from dashboard.measures.counts import headline
from dashboard.measures.latest import Entry, Window
from dashboard.measures.register import MilestoneState, list_milestones
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

TO_ACTION = Way("actions", "action", "action_id")
TO_STAKEHOLDER = Way("stakeholders", "stakeholder", "stakeholder_id")
ACTION = Column(
    "title", N_("Action"), way=TO_ACTION, language="language", missing=N_("Untitled action"), is_searched=True,
    longest=40,
)  # fmt: skip
DUE_ON = Column("due_on", N_("Due on"), "date", missing=N_("without a date"))
REPORTED_ON = Column("reported_on", N_("Last report"), "date", begins="descending")
STATUS = Column("status", N_("Status"), "status", begins="ascending")
STAKEHOLDER = Column("stakeholder", N_("Stakeholder"), way=TO_STAKEHOLDER, begins="ascending", longest=40)
NAME, STATE = "name", "state"
"""The links' parameters for words in a stakeholder's name, and for the outcome of milestones."""


def _coded(name: str, label: str, *codelists: str, begins: Any = "") -> Column:
    return Column(name, label, "codes", codelists=codelists, begins=begins)


def _dated(name: str, label: str, begins: Any = "ascending") -> Column:
    return Column(name, label, "date", begins=begins)


def _read_actions(request: ListRequest) -> Rows:
    frame = register.page(request.snapshot, request.selection, **request.slice._asdict())
    persons, lang = request.snapshot.person_names, request.selection.lang
    frame = frame.assign(
        stakeholder=frame["stakeholder"].map(lambda name: register.name_stakeholder(name, persons, lang)),
        place=frame["countries"].where(frame["countries"].map(len) > 0, frame["regions"]),
        milestones=frame["milestones_reached"],
    )
    return Rows(frame, headline(request.snapshot, request.selection).actions)


_STATUSES = {"overdue": N_("Overdue"), "not_reported": N_("No report yet"), "completed": N_("Completed")}


def _count_statuses(request: ListRequest) -> dict[str, int]:
    counts = headline(request.snapshot, replace(request.selection, statuses=()))
    return {status: getattr(counts, status) for status in _STATUSES}


ACTIONS = List(
    "actions",
    N_("Actions"),
    (
        replace(ACTION, label=N_("Title"), way=TO_ACTION._replace(keeps="list"), begins="ascending", longest=0),
        STAKEHOLDER,
        STATUS,
        _coded("place", N_("Place"), "countries", "regions"),
        _coded("themes", N_("Themes"), "themes"),
        _dated("due_on", N_("Deadline")),
        REPORTED_ON,
        Column("percent", N_("Percent done"), "percent", begins="descending"),
        _coded("evidence", N_("Evidence"), "evidence"),
        Column("milestones", N_("Milestones reached"), "part", of="milestones_due"),
        Column("results_met", N_("Targets met"), "part", of="results"),
        _coded("category", N_("Category"), "categories", begins="ascending"),
        _coded("group", N_("Stakeholder group"), "stakeholder_groups", begins="ascending"),
        _coded("regions", N_("Regions"), "regions"),
        _coded("countries", N_("Countries"), "countries"),
        _coded("groupings", N_("Groupings of countries"), "groupings"),
        Column("is_overdue", N_("Overdue"), "flag", begins="descending"),
        _dated("submitted_on", N_("Submission date")),
        _dated("completed_on", N_("Completed on"), "descending"),
        Column("language", N_("Language"), "language", begins="ascending"),
        Column("action_id", N_("Action ID"), letters=14, begins="ascending"),
    ),
    _read_actions,
    order="submitted_on",
    summary=N_("Actions {first} to {last} of {total}."),
    chips=Chips("status", _STATUSES, _count_statuses),
)

THEIR_ACTIONS = replace(
    ACTIONS,
    columns=tuple(
        replace(column, begins="", way=column.way and column.way._replace(keeps="selection"))
        for column in ACTIONS.choose(("title", "status", "place", "themes", "due_on", "reported_on"))
    ),
    read=lambda request: _read_actions(
        replace(request, slice=request.slice._replace(sort="reported_on", descending=True))
    ),
    order="",
    chips=None,
)
"""The actions of one stakeholder, the last reported first."""


def _read_stakeholders(request: ListRequest) -> Rows:
    words = request.parameters.get(NAME, "")
    frame = stakeholders.page(request.snapshot, request.selection, words=words, **request.slice._asdict())
    total = stakeholders.count(request.snapshot, request.selection, words).stakeholders
    return Rows(frame.assign(group=frame["groups"], milestones=frame["milestones_reached"]), total)


STAKEHOLDERS = List(
    "stakeholders",
    N_("Stakeholders"),
    (
        Column("name", N_("Name"), way=TO_STAKEHOLDER, begins="ascending"),
        _coded("group", N_("Stakeholder group"), "stakeholder_groups", begins="ascending"),
        Column(
            "actions", N_("Number of actions"), "count", begins="descending",
            way=TO_STAKEHOLDER._replace(page_id="actions", keeps="selection"),
        ),
        Column("completed", N_("Completed"), "part", of="actions", begins="descending"),
        Column("reported", N_("Reported"), "part", of="actions", begins="descending"),
        Column("milestones", N_("Milestones reached"), "part", of="milestones_due", begins="descending"),
        REPORTED_ON,
    ),
    _read_stakeholders,
    order="name",
    summary=N_("Stakeholders {first} to {last} of {total}."),
    empty=N_("No stakeholder in this selection has this name."),
)  # fmt: skip


def _count_states(request: ListRequest) -> dict[MilestoneState, int]:
    counts = facts.count_in_all(request.snapshot, request.selection, facts.MILESTONES)
    return {state: counts[f"milestones_{state}"] for state in _STATES}


def _read_milestones(request: ListRequest) -> Rows:
    (state,) = BY_STATE.read(request).codes
    limit, offset = request.slice.limit, request.slice.offset
    frame = list_milestones(request.snapshot, request.selection, state, limit=limit, offset=offset)
    return Rows(frame, _count_states(request)[state])


def _find_first_state(request: ListRequest) -> tuple[MilestoneState]:
    """Find the first state: the next due ones; without any, the missed ones."""
    counts = _count_states(request)
    return ("missed",) if counts["missed"] and not counts["soon"] else ("soon",)


_STATES: dict[MilestoneState, str] = {
    "soon": N_("Due in the next 30 days"),
    "missed": N_("Missed"),
    "unknown": N_("Unknown"),
    "ahead": N_("Reached before due"),
    "undated": N_("Without a date"),
}
BY_STATE = Chips(STATE, _STATES, _count_states, _find_first_state)
_MILESTONE = Column("label", N_("Milestone"), language="language")
MILESTONES = List(
    "milestones",
    N_("Milestones"),
    (_MILESTONE, DUE_ON, ACTION, replace(STAKEHOLDER, begins=""), replace(REPORTED_ON, begins="")),
    _read_milestones,
    chips=BY_STATE,
)


def _read_first(query: Callable[[Snapshot, Selection, int], pd.DataFrame], request: ListRequest) -> Rows:
    """Read the first rows of a query with the number of all in each."""
    frame = query(request.snapshot, request.selection, request.slice.limit)
    return Rows(frame, int(frame["found"].iloc[0]) if len(frame) else 0)


REPORTS = List(
    "reports",
    N_("Progress reports, the latest first"),
    (
        ACTION,
        Column("reported_on", N_("Reported on"), "date"),
        replace(STATUS, begins=""),
        Column("percent", N_("Percent done"), "percent"),
        Column("narrative", N_("Text"), language="narrative_language", longest=280),
    ),
    partial(_read_first, stakeholders.list_reports),
    empty=N_("No progress reported yet."),
    page_rows=30,
)
OUTCOMES = {
    "milestones_reached": N_("Reached"),
    "milestones_missed": N_("Missed"),
    "milestones_unknown": N_("Not known"),
    "milestones_ahead": N_("Reached before due"),
    "milestones_coming": N_("Upcoming"),
    "milestones_undated": N_("Without a date"),
}
"""The outcomes of a milestone, in words."""
THEIR_MILESTONES = List(
    "their-milestones",
    N_("Milestones"),
    (
        _MILESTONE,
        Column(
            "outcome_no",
            N_("Outcome"),
            "words",
            words={facts.OUTCOME_PLACES[name]: word for name, word in OUTCOMES.items()},
        ),
        DUE_ON,
        Column("reached_on", N_("Reached on"), "date"),
        ACTION,
    ),
    partial(_read_first, stakeholders.list_milestones),
    empty=N_("No milestones were submitted."),
    page_rows=30,
)


def list_entries(window: Window) -> List:
    """List the entries of the journey in a window, newest first; all kinds where it has a first day, else `NEWS`."""
    chips = Chips(
        "kind",
        {kind: latest.KINDS[kind] for kind in window.kinds},
        partial(_count_entries, window),
        lambda request: tuple(kind for kind in window.kinds if kind in latest.NEWS or window.since),
        is_several=True,
    )
    to_action = TO_ACTION._replace(keeps="selection")
    columns = (
        Column("title", N_("Title"), language="language", address="address", way=to_action, files="files"),
        Column("kind", N_("Kind"), "words", letters=16, words=latest.ONE, style="kind"),
        Column("when", N_("Date"), letters=16, way=Way("latest", "entry", "entry_id", "selection")),
        *([Column("known_on", N_("Published"), "date")] if window.by == "known" else []),
        Column("about", N_("About")),
        Column("action_title", N_("Action"), way=to_action, longest=40),
    )
    return List(
        "entries",
        N_("Entries"),
        columns,
        partial(_read_entries, window, chips),
        summary=N_("Entries {first} to {last} of {total}."),
        empty=N_("No entries of these kinds in this period."),
        chips=chips,
    )


def _count_entries(window: Window, request: ListRequest) -> dict[str, int]:
    return latest.count_latest(request.snapshot, request.selection, window)


def _read_entries(window: Window, chips: Chips, request: ListRequest) -> Rows:
    kinds = chips.read(request).codes
    counts = _count_entries(window, request)
    frame = latest.list_latest(
        request.snapshot,
        request.selection,
        replace(window, kinds=kinds),
        limit=request.slice.limit,
        offset=request.slice.offset,
    )
    return Rows(frame_entries(request, latest.read_entries(frame)), sum(counts[kind] for kind in kinds))


def frame_entries(request: ListRequest, entries: Iterable[Entry]) -> pd.DataFrame:
    """Make entries the rows of their list."""
    t, snapshot = request.t, request.snapshot
    rows = [
        {
            "entry_id": entry.entry_id,
            "kind": entry.kind,
            "title": latest.name_entry(entry, t),
            "language": entry.language,
            "address": entry.own_address if entry.kind in latest.POSTS else None,
            "when": latest.say_when(entry, t),
            "known_on": entry.known_on,
            "summary": entry.summary,
            "about": " · ".join(fact for fact in latest.list_facts(entry, snapshot, t) if fact != entry.action_title),
            "action_id": entry.action_id,
            "action_title": entry.action_title if entry.kind in (*latest.POSTS, "milestone") else None,
            "files": entry.files,
        }
        for entry in entries
    ]
    return pd.DataFrame(rows, dtype=object)


def _read_posts(request: ListRequest) -> Rows:
    window = Window(kinds=latest.POSTS)
    frame = latest.list_latest(request.snapshot, request.selection, window, limit=request.slice.limit)
    return Rows(frame, sum(_count_entries(window, request).values()))


THEIR_POSTS = List(
    "their-posts",
    N_("Events and stories"),
    (
        Column("title", N_("Title"), language="language", way=Way("latest", "entry", "entry_id")),
        Column("kind", N_("Kind"), "words", letters=16, words=latest.ONE),
        Column("on_date", N_("Date"), "date"),
        Column("action_title", N_("Action"), way=TO_ACTION, longest=40),
    ),
    _read_posts,
    empty=N_("No event or story is linked to these actions."),
    page_rows=30,
)
