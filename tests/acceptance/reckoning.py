"""The measures reckoned with pandas alone, from plain frames: the program's numbers are compared with them.

The only part of the program in it is the name of a selection's filters. The frames:

- actions: `action`, `due_on`
- members: `dimension`, `action`, `member` (one row each; an action without one has the member `unclassified`)
- reports: `action`, `reported_on`, `submitted_at`, `order`, `base`, `code`, `completed_on`
"""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from dashboard.measures.counts import by_dimension, cross, headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

DIMENSIONS = ("region", "subregion", "country", "category", "theme", "group")
FILTERS = dict(zip(("regions", "subregions", "countries", "categories", "themes", "groups"), DIMENSIONS, strict=True))
COUNTS = (
    "actions", "reported", "completed", "not_started", "in_progress", "discontinued", "status_unclassified",
    "not_reported", "unknown", "overdue", "on_time", "on_time_unknown",
)  # fmt: skip


@dataclass
class Reckoning:
    """A campaign in pandas; `inside` has the places (region, subregion) around a country or subregion."""

    actions: pd.DataFrame
    members: pd.DataFrame
    reports: pd.DataFrame
    inside: dict[str, set[str]] = field(default_factory=dict)
    _states: dict[date, pd.DataFrame] = field(default_factory=dict)

    def state(self, day: date) -> pd.DataFrame:
        """Return one row an action: its last report by that day."""
        if day not in self._states:
            self._states[day] = self._reckon_state(day)
        return self._states[day]

    def _reckon_state(self, day: date) -> pd.DataFrame:
        known = self.reports[self.reports["reported_on"] <= pd.Timestamp(day)]
        known = known.sort_values(["reported_on", "submitted_at", "order"], na_position="first", kind="stable")
        last = known.groupby("action").tail(1).set_index("action")
        state = self.actions.set_index("action").join(last)
        state["reported"] = state["reported_on"].notna()
        state["status"] = state["base"].where(state["base"].notna(), "unclassified")
        state.loc[~state["reported"], "status"] = "not_reported"
        run = known[::-1]
        is_same = run["base"].eq(run["action"].map(last["base"]))
        run = run[is_same.groupby(run["action"]).cummin()]  # the latest in a row that say the same
        state["completed_on"] = run.dropna(subset="completed_on").groupby("action")["completed_on"].first()
        first_on = run.groupby("action")["reported_on"].min()
        done_on = state["completed_on"].where(state["completed_on"].notna(), first_on)
        state["on_time"] = (state["status"] == "completed") & (done_on <= state["due_on"])
        untold = (state["status"] == "completed") & state["completed_on"].isna() & (done_on > state["due_on"])
        state["overdue"] = (pd.Timestamp(day) > state["due_on"]) & ~state["status"].isin(["completed", "discontinued"])
        state["actions"] = True
        for status in ("completed", "not_started", "in_progress", "discontinued", "not_reported"):
            state[status] = state["status"] == status
        state["status_unclassified"] = state["status"] == "unclassified"
        state["unknown"] = ~state["base"].isin(["completed", "not_started", "in_progress", "discontinued"])
        state["on_time_unknown"] = state["unknown"] | untold
        return state

    def chosen(self, state: pd.DataFrame, selection: Selection) -> pd.DataFrame:
        """Return the actions of a selection."""
        keep = pd.Series(True, index=state.index)
        for attribute, dimension in FILTERS.items():
            wanted = getattr(selection, attribute)
            if wanted:
                of = self.members[(self.members["dimension"] == dimension) & self.members["member"].isin(wanted)]
                keep &= state.index.isin(of["action"])
        if selection.statuses:
            wanted = list(selection.statuses)
            stated = state["status"].isin(wanted) | state["code"].isin(wanted)
            keep &= stated | (state["overdue"] if "overdue" in wanted else False)
        return state[keep]

    def listed(self, dimension: str, selection: Selection) -> pd.DataFrame:
        """Return the members of a dimension that a breakdown of the selection lists."""
        rows = self.members[self.members["dimension"] == dimension]
        own = getattr(selection, next(a for a, d in FILTERS.items() if d == dimension))
        if own:
            rows = rows[rows["member"].isin(own)]
        around = [set(selection.regions)] if dimension in ("subregion", "country") else []
        around += [set(selection.subregions)] if dimension == "country" else []
        if dimension == "subregion" and selection.countries:
            rows = rows[rows["member"].isin(set().union(*(self.inside[code] for code in selection.countries)))]
        for places in filter(None, around):
            rows = rows[[bool(places & self.inside.get(member, {"unclassified"})) for member in rows["member"]]]
        return rows.set_index("action")["member"]


def place(places: set[str], inside: dict[str, set[str]], subregions: set[str]) -> dict[str, set[str]]:
    """Return the regions, subregions and countries of an action that names these: its countries', else as named."""
    countries = {code for code in places if code in inside and code not in subregions}
    around = set().union(*(inside[code] for code in countries))
    wide = set().union(*(inside[code] if code in subregions else {code} for code in places - countries))
    regions = {"global"} if "global" in places else around - subregions if countries else wide
    parts = around & subregions if countries else places & subregions
    return {"region": regions, "country": countries, "subregion": set() if "global" in places else parts}


def list_members(belonging: dict[int, dict[str, set[str]]]) -> pd.DataFrame:
    """Return one row a member; actions without a class have a separate one."""
    found = []
    for action, dimensions in belonging.items():
        for dimension, members in dimensions.items():
            # A global or regional action that names no country is not one that waits to be classified.
            is_wide = dimension in ("country", "subregion") and dimensions["region"]
            found += [(dimension, action, one) for one in sorted(members or (set() if is_wide else {"unclassified"}))]
    return pd.DataFrame(found, columns=["dimension", "action", "member"])


def counts(state: pd.DataFrame) -> dict[str, int]:
    """Return the eleven counts of some actions."""
    return {name: int(state[name].sum()) for name in COUNTS}


def assert_agrees(snapshot: Snapshot, reckoning: Reckoning, selection: Selection) -> None:
    """Check that a selection's totals, breakdowns and region × theme equal those of pandas exactly."""
    assert selection.as_of is not None
    state = reckoning.chosen(reckoning.state(selection.as_of), selection)
    total = headline(snapshot, selection)
    assert {name: getattr(total, name) for name in COUNTS} == counts(state), selection
    number = len(state)
    if number:
        assert total.completion_rate == (state["status"] == "completed").sum() / number, selection
        assert (
            total.upper_bound == state["status"].isin(["completed", "unclassified", "not_reported"]).sum() / number
        ), selection
    else:
        assert total.completion_rate is None
        assert total.upper_bound is None
    for dimension in DIMENSIONS:
        _assert_breakdown(snapshot, reckoning, selection, state, dimension)
    for rows, columns in (("region", "theme"), ("category", "group"), ("country", "theme")):
        _assert_crossed(snapshot, reckoning, selection, state, rows, columns)


def _assert_breakdown(
    snapshot: Snapshot, reckoning: Reckoning, selection: Selection, state: pd.DataFrame, dimension: str
) -> None:
    listed = reckoning.listed(dimension, selection)
    joined = state.join(listed.rename("member"), how="inner")
    expected = _records(joined.groupby("member")[list(COUNTS)].sum())
    shown = by_dimension(snapshot, selection, dimension).set_index("code")
    nonzero = shown[shown["actions"] > 0]
    assert _records(nonzero[list(COUNTS)]) == expected, (dimension, selection)
    assert (nonzero["upper_bound"] == (nonzero["completed"] + nonzero["unknown"]) / nonzero["actions"]).all()
    assert (nonzero["completion_rate"] == nonzero["completed"] / nonzero["actions"]).all()
    assert shown[shown["actions"] == 0]["completion_rate"].isna().all()


def _assert_crossed(
    snapshot: Snapshot, reckoning: Reckoning, selection: Selection, state: pd.DataFrame, rows: str, columns: str
) -> None:
    joined = state.join(reckoning.listed(rows, selection).rename("row"), how="inner")
    joined = joined.join(reckoning.listed(columns, selection).rename("column"), how="inner")
    four = ["actions", "reported", "completed", "unknown"]
    expected = _records(joined.groupby(["row", "column"])[four].sum())
    shown = cross(snapshot, selection, rows, columns).set_index(["row_code", "column_code"])
    assert _records(shown[four]) == expected, (rows, columns, selection)


def _records(frame: pd.DataFrame) -> dict[object, dict[str, int]]:
    """Return a frame of counts as plain numbers by key."""
    return {
        key: dict(zip(frame.columns, map(int, row), strict=True))
        for key, row in zip(frame.index, frame.to_numpy(), strict=True)
    }
