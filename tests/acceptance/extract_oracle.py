"""The expected content of extracts, reckoned from the snapshot's raw tables by `tests/tables.py`."""

from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, parse
from tests.tables import DIMENSIONS, Tables

Filters = dict[str, list[str]]
"""Codes, words or a day by parameter of a link."""


class Oracle(Tables):
    """The tables of a snapshot, asked with the filters of a link."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Read the tables."""
        super().__init__(snapshot)
        self.snapshot = snapshot

    def asked(self, filters: Filters) -> Selection:
        """Return the selection that a link states."""
        return parse(filters, self.snapshot)

    def chosen(self, filters: Filters) -> pd.DataFrame:
        """Return the actions that every filter lets through, in their own order."""
        selection = self.asked(filters)
        frame = self.select(selection, selection.day(self.snapshot)).sort_values("action_no")
        frame["completed_on"] = frame["done_on"].where(frame["completed"])
        status = frame["status"].where(frame["reported"], "not_reported")
        return frame.assign(status=status.fillna("unclassified"), is_overdue=frame["overdue"])

    def told(self, filters: Filters) -> pd.DataFrame:
        """Return the reports by the day of those actions; without a filter also those that match no action."""
        reports, selection = self.all_reports, self.asked(filters)
        kept = reports["action_id"].isin(self.chosen(filters)["action_id"])
        if not set(filters) & {*DIMENSIONS, "status", "q"}:
            kept |= reports["action_id"].isna()
        reports = reports[kept & (reports["reported_on"] <= pd.Timestamp(selection.day(self.snapshot)))]
        return reports.sort_values(["action_no", "report_no"], na_position="last")

    def planned(self, filters: Filters) -> pd.DataFrame:
        """Return the milestones of those actions."""
        kept = self.milestones["action_id"].isin(self.chosen(filters)["action_id"])
        return self.milestones[kept].sort_values(["action_no", "due_on", "milestone_no"], na_position="last")

    @cached_property
    def places(self) -> dict[str, set[tuple[Any, ...]]]:
        """Return by action its places as (region, subregion, country): its countries, and its places beyond them."""
        region_of, found = self.parents["subregions"], {}
        subregions, regions = (dict(list(self.members[name].groupby("action_id"))) for name in ("subregion", "region"))
        countries = dict(list(self.countries.groupby("action_id")[["region", "subregion", "iso3"]]))
        for action in self.actions["action_id"]:
            own: set[tuple[Any, ...]] = set(countries[action].itertuples(index=False)) if action in countries else set()
            stated = set(subregions[action]["member"]) if action in subregions else set()
            own |= {(region_of[s], s, None) for s in stated - {place[1] for place in own} - {"unclassified"}}
            own |= {(r, None, None) for r in set(regions[action]["member"]) - {place[0] for place in own}}
            found[action] = set(map(tuple, own))
        return found

    def themes_countries(self, filters: Filters) -> set[tuple[Any, ...]]:
        """Action, theme, region, subregion and country of each row."""
        themes = self.members["theme"].groupby("action_id")["member"].agg(set)
        return {
            (action, theme, *place)
            for action in self.chosen(filters)["action_id"]
            for theme in themes[action]
            for place in self.places[action]
        }
