"""The register of actions: their number, one page of them, the place of one in it, everything about one of them.

Frames hold codes; `labelled` replaces them by the words of a language for display. Similar actions are near by theme,
kind of action, place and words; only texts in one language have words in common (`queries/similar_actions.sql`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from dashboard.campaign.commitments.criteria import Finding
from dashboard.errors import UserError
from dashboard.ground.codelist_codes import Code
from dashboard.measures.facts import OUTCOME_PLACES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

CODED = {
    "group": "stakeholder_groups",
    "category": "categories",
    "status": "statuses",
    "status_code": "statuses",
    "evidence": "evidence",
}
LISTED = {name: name for name in ("themes", "regions", "subregions", "countries", "groupings")}
SORTS = (
    "action_id",
    "title",
    "stakeholder",
    "group",
    "category",
    "status",
    "percent",
    "reported_on",
    "completed_on",
    "due_on",
    "is_overdue",
    "submitted_on",
    "language",
)
TEXTS = ("action_id", "title", "stakeholder", "language")
DATES = ("submitted_on", "due_on", "reported_on", "completed_on")
"""The columns that sort as dates and as texts; everything else sorts by numbers."""
SEPARATOR = "; "


class Titled(NamedTuple):
    """An action as its link names it; None for unknown values."""

    action_id: str
    title: str | None
    language: str | None


class Place(NamedTuple):
    """The place of an action in the register of a selection, from 1, of how many, and its neighbours."""

    number: int
    actions: int
    before: Titled | None
    after: Titled | None


@dataclass(frozen=True)
class ActionDetails:
    """Everything the snapshot holds about one action.

    Attributes:
        facts: The columns of `queries/action_details.sql`; codes, None where unknown, lists as tuples.
        milestones: label, due_on, reached_on (by the day), outcome (reached, missed, unknown where nothing has been
            reported since it was due, coming, undated), on_date (of the reaching, else of the deadline), source_file,
            source_sheet, source_row; the earliest first, those without a day last.
        reports: report_no, reported_on, submitted_at, status, status_code, percent, completed_on, wave, language,
            narrative, matched_by, source_file, source_sheet, source_row, and of the report before it reported_before,
            status_before, status_code_before, percent_before; the latest first, those after the day too.
        merged: Rows of the inputs that stand for the same action: source_file, source_sheet, source_row, why.
    """

    facts: dict[str, Any]
    milestones: pd.DataFrame
    reports: pd.DataFrame
    merged: pd.DataFrame


def count(snapshot: Snapshot, selection: Selection) -> int:
    """Count the actions of the selection."""
    return int(snapshot.query("register_count", selection.sql_parameters(snapshot))["actions"].iloc[0])


def page(
    snapshot: Snapshot,
    selection: Selection,
    *,
    sort: str = "submitted_on",
    descending: bool = False,
    limit: int = 500,
    offset: int = 0,
) -> pd.DataFrame:
    """List one page of the register, one row an action.

    Codes sort in their codelist's order, texts without regard to case and accents; unknown values come last in both
    directions, and equal actions keep the register's order.

    Args:
        snapshot: The snapshot to read.
        selection: The filters in force.
        sort: One of `SORTS`.
        descending: Largest, latest or last in the alphabet first.
        limit: Rows at most.
        offset: Rows to skip before the first.

    Returns:
        action_id, title, stakeholder_id, stakeholder, group, category, themes, regions, subregions, countries,
        groupings (arrays of codes), status, status_code, percent (0 to 100), reported_on, completed_on, due_on,
        is_overdue, is_on_time, evidence (the furthest stated step), milestones_due, milestones_reached (of
        those that were due), submitted_on, language, source_file, source_sheet, source_row.

    Raises:
        UserError: `sort` is no column to sort by, or `limit` or `offset` is negative.
    """
    parameters = _order_parameters(snapshot, selection, sort, descending)
    if limit < 0 or offset < 0:
        raise UserError("A page of the register cannot have fewer than no rows.", "Use 0 or a positive number.")
    order = f"register_page/{_kind(sort)}"
    action_numbers = snapshot.columns(order, parameters | {"row_limit": limit, "row_offset": offset})["action_no"]
    return snapshot.query("register_rows", {"as_of": parameters["as_of"], "numbers": action_numbers.tolist()})


def find_place(
    snapshot: Snapshot, selection: Selection, action_id: str, *, sort: str = "submitted_on", descending: bool = False
) -> Place | None:
    """Find the place of an action in the register of a selection; None where the selection lacks it.

    Raises:
        UserError: `sort` is no column to sort by.
    """
    parameters = _order_parameters(snapshot, selection, sort, descending)
    frame = snapshot.query(f"register_place/{_kind(sort)}", parameters | {"action_id": action_id})
    if frame.empty:
        return None
    row = plain_row(frame.iloc[0])

    def name(side: str) -> Titled | None:
        action_id = row[f"id_{side}"]
        return Titled(action_id, row[f"title_{side}"], row[f"language_{side}"]) if action_id is not None else None

    return Place(row["place"], row["actions"], name("before"), name("after"))


def _order_parameters(snapshot: Snapshot, selection: Selection, sort: str, descending: bool) -> dict[str, Any]:
    """Return the parameters of queries that sort the register."""
    if sort not in SORTS:
        raise UserError(f"The register cannot be sorted by {sort!r}.", f"Use one of {', '.join(SORTS)}.")
    parameters = selection.sql_parameters(snapshot) | {"sort": sort, "descending": descending}
    if _kind(sort) == "number":
        parameters["code_order"] = list(snapshot.codes.get(CODED[sort], {})) if sort in CODED else None
    return parameters


def _kind(sort: str) -> str:
    """Return the sort type of a column, as in the names of the sorting queries."""
    return "text" if sort in TEXTS else "date" if sort in DATES else "number"


def details(snapshot: Snapshot, action_id: str, day: date | None = None) -> ActionDetails | None:
    """Read everything about one action, its status as of `day` (default: the snapshot's last); None if unknown."""
    one_action = {"action_id": action_id}
    on_day = one_action | {"as_of": day or snapshot.last_date}
    facts = snapshot.query("action_details", on_day)
    if facts.empty:
        return None
    return ActionDetails(
        facts=plain_row(facts.iloc[0]),
        milestones=snapshot.query("action_milestones", on_day),
        reports=snapshot.query("action_reports", one_action),
        merged=snapshot.query("action_merged", one_action),
    )


def list_criteria(snapshot: Snapshot, action_id: str) -> list[Finding]:
    """List which criteria of a good commitment an action meets, and why; none where its text was not read."""
    rows = snapshot.query("action_criteria", {"action_id": action_id})
    return [Finding(*map(plain_cell, row)) for row in rows.itertuples(index=False)]


def evidence(snapshot: Snapshot, action_id: str, day: date | None = None) -> pd.DataFrame:
    """Read the evidence behind an action's status on a day (default: the snapshot's last), step by step.

    One row a report and step, as in `queries/action_evidence.sql`; none without a known status.
    """
    return snapshot.query("action_evidence", {"action_id": action_id, "as_of": day or snapshot.last_date})


def posts(snapshot: Snapshot, action_id: str, lang: str, until: date | None = None) -> pd.DataFrame:
    """Read the events and stories of one action, without the stories after a chosen day.

    Returns:
        One row an event or story × language version: kind (event, story), id, on_date, ends_on, place, language, title,
        summary, url; the latest first, each in the reader's language first, else in its own.
    """
    return snapshot.query("action_posts", {"action_id": action_id, "lang": lang, "posts_until": until})


def labelled(frame: pd.DataFrame, snapshot: Snapshot, lang: str) -> pd.DataFrame:
    """Replace the codes in `frame` by labels; several labels are joined in their codelist's order."""
    labels: dict[str, pd.Series] = {}
    for column, codelist in (CODED | LISTED).items():
        if column not in frame:
            continue
        entries = snapshot.codes.get(codelist, {})
        codes = frame[column] if column in CODED else frame[column].map(tuple)
        words = {code: join_labels(code, entries, lang) for code in codes.dropna().unique()}
        labels[column] = codes.map(words)
    if "stakeholder" in frame:
        persons = snapshot.person_names
        labels["stakeholder"] = frame["stakeholder"].map(lambda name: name_stakeholder(name, persons, lang))
    return frame.assign(**labels)


def name_stakeholder(name: Any, persons: Mapping[str, Mapping[str, str]], lang: str) -> Any:
    """Return a stakeholder's name in tables; for an unnamed person, the replacement in the language.

    `name`: the name, alone or before a colon and the title of an action.
    `persons`: a snapshot's `person_names`.
    """
    if not persons or not isinstance(name, str):
        return name
    if name in persons:
        return persons[name][lang]
    maker, colon, title = name.partition(": ")
    return f"{persons[maker][lang]}{colon}{title}" if maker in persons else name


def join_labels(codes: str | Iterable[str], codelist: dict[str, Code], lang: str) -> str:
    """Join the labels of one or several codes, in the codelist's order; a code without a label stands for itself."""
    code_list = [codes] if isinstance(codes, str) else list(codes)
    position = {code: place for place, code in enumerate(codelist)}
    ordered = sorted(code_list, key=lambda code: (position.get(code, len(position)), code))
    return SEPARATOR.join(codelist[code].labels[lang] if code in codelist else code for code in ordered)


def plain_cell(value: Any) -> Any:
    """Return a cell of a frame as plain Python: dates as dates, missing as None, arrays as tuples."""
    if isinstance(value, np.ndarray):
        return tuple(value.tolist())
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value


def plain_row(row: "Mapping[Any, Any] | pd.Series[Any]") -> dict[str, Any]:
    """Return a row of a frame as plain Python, by the names of its columns."""
    return {str(name): plain_cell(value) for name, value in row.items()}


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain Python."""
    return [plain_row(row) for row in frame.to_dict("records")]


MilestoneState = Literal["soon", "missed", "unknown", "undated", "ahead", "reached", "coming"]
"""The lists of milestones; those due soon are some of the coming ones."""


def list_milestones(
    snapshot: Snapshot, selection: Selection, state: MilestoneState, *, limit: int = 500, offset: int = 0
) -> pd.DataFrame:
    """List milestones of one state with their actions, the earliest due first.

    Returns:
        action_id, label, due_on, reached_on, title, stakeholder (in the language), status (base status of the
        action), reported_on (its latest report), language (of the action's texts); dates are NaT where unknown.

    Raises:
        UserError: `limit` or `offset` is negative.
    """
    if limit < 0 or offset < 0:
        raise UserError("A list of milestones cannot have fewer than no rows.", "Use 0 or a positive number.")
    parameters = selection.sql_parameters(snapshot) | {"lang": selection.lang, "row_limit": limit, "row_offset": offset}
    outcome = OUTCOME_PLACES["milestones_coming" if state == "soon" else f"milestones_{state}"]
    return snapshot.query("milestones_listed", parameters | {"outcome": outcome, "is_soon": state == "soon"})


MOST = 8
"""The most similar actions: of other stakeholders, and of the same one."""
LEAST = 0.38
"""The least likeness of a near action: one theme alone is not enough, nor one kind of action in one region."""
WORDS = 4
"""The most words in common."""
PLACES = ("country", "subregion", "region")
"""The kinds of places, the nearest first."""


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """An action near another one; codes, None where unknown.

    Attributes:
        is_own: Whether it is the same stakeholder's.
        likeness: From `LEAST` to 1.25, the nearer the larger.
        shared: The traits of both, by kind (theme, category, the nearest kind of place, word): codes, and words as
            written in the action that this one is near to; the most telling first.
    """

    action_id: str
    title: str | None
    language: str | None
    stakeholder_id: str | None
    stakeholder: str | None
    status: str
    status_code: str | None
    is_completed: bool
    completed_on: date | None
    is_own: bool
    likeness: float
    shared: dict[str, tuple[str, ...]]


def find_similar(snapshot: Snapshot, action_id: str, day: date | None = None, most: int = MOST) -> list[Neighbour]:
    """Find the actions nearest to one, the completed ones first, then the nearest; leave out distant ones.

    `day`: the day of statuses; the snapshot's last by default.
    `most`: the most results, of other stakeholders and of the same one each.
    """
    traits = snapshot.query("similar_actions", {"action_id": action_id, "least": LEAST, "most": most})
    if traits.empty:
        return []
    near: dict[Any, pd.DataFrame] = dict(iter(traits.groupby("action_no", sort=False)))
    parameters: dict[str, Any] = {"numbers": [int(number) for number in near], "as_of": day or snapshot.last_date}
    facts = snapshot.query("actions_named", parameters).set_index("action_no").loc[list(near)]
    neighbours = [_describe(near[number], row) for number, row in zip(near, facts.to_dict("records"), strict=True)]
    return sorted(neighbours, key=lambda neighbour: not neighbour.is_completed)


def _describe(rows: pd.DataFrame, facts: Mapping[Any, Any]) -> Neighbour:
    """Describe one near action by the shared traits."""
    shared = {str(kind): tuple(texts) for kind, texts in rows.groupby("kind", sort=False)["written"]}
    place = next((kind for kind in PLACES if kind in shared), "")
    shown_traits = {kind: shared[kind] for kind in ("theme", "category", place, "word") if kind in shared}
    if "word" in shown_traits:
        shown_traits["word"] = shown_traits["word"][:WORDS]
    is_own, likeness = rows.iloc[0][["is_own", "likeness"]]
    return Neighbour(**plain_row(facts), is_own=bool(is_own), likeness=float(likeness), shared=shown_traits)
