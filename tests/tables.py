"""The expected measures of a snapshot, reckoned with pandas from its tables of actions, places, reports and steps.

The tables that the build derives for the program (members, spells) are not used. The parts of a selection that name
a snapshot's codes are read, its SQL is not.
"""

import re
from datetime import date, timedelta
from unicodedata import combining, normalize

import pandas as pd

from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

DIMENSIONS = {
    "region": "regions",
    "subregion": "subregions",
    "grouping": "groupings",
    "country": "countries",
    "category": "categories",
    "theme": "themes",
    "group": "groups",
}
"""By dimension, the part of a selection that chooses among its members."""
STATED = ("completed", "in_progress", "not_started", "discontinued")
STEPS = ("claimed", "evidenced", "reviewed", "verified")


def on(selection: Selection, day: date) -> Selection:
    """Return the selection as of a day."""
    return Selection(**{**selection.__dict__, "as_of": day})


class Tables:
    """The published tables, read whole; members and reports in force are worked out here, not read."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Read them."""
        with snapshot.cursor() as cursor:
            read = lambda table: cursor.execute(f"select * from {table}").df()  # noqa: E731, S608
            self.actions, self.codes, self.milestones = read("actions"), read("codes"), read("milestones")
            self.all_reports, self.steps = read("progress_reports"), read("evidence_steps")
            themes, regions, subregions = read("action_themes"), read("action_regions"), read("action_subregions")
            self.countries, groupings = read("action_countries"), read("grouping_countries")
        self.last_date, self.reports = snapshot.last_date, self.all_reports.dropna(subset="action_id")
        self.parents = {
            codelist: dict(zip(own["code"], own["parent"], strict=True))
            for codelist, own in self.codes.groupby("codelist")
        }
        """By codelist of places, the places around each of its codes."""
        self.days: dict[date, pd.DataFrame] = {}
        self.selected: dict[tuple[Selection, date], pd.DataFrame] = {}
        grouped = self.countries.merge(groupings, on="iso3").drop_duplicates(["action_id", "grouping_code"])
        self.members = {
            "theme": self._members(themes, "theme"),
            "region": self._members(regions, "region"),
            "subregion": self._places(subregions, "subregion"),
            "grouping": self._places(grouped, "grouping_code"),
            "country": self._places(self.countries, "iso3"),
            "category": self._own("category"),
            "group": self._own("stakeholder_group"),
        }
        """By dimension: action and member, a row each."""

    def _members(self, bridge: pd.DataFrame, column: str) -> pd.DataFrame:
        joined = self.actions[["action_id"]].merge(bridge[["action_id", column]], how="left", on="action_id")
        return joined.rename(columns={column: "member"}).fillna("unclassified")

    def _places(self, bridge: pd.DataFrame, column: str) -> pd.DataFrame:
        named = bridge[["action_id", column]].rename(columns={column: "member"})
        nowhere = self.actions.loc[self.actions["scope"].isna(), ["action_id"]].assign(member="unclassified")
        return pd.concat([named, nowhere])

    def _own(self, column: str) -> pd.DataFrame:
        return self.actions[["action_id"]].assign(member=self.actions[column].fillna("unclassified"))

    def on_day(self, day: date) -> pd.DataFrame:
        """Return every action with its latest report by the day."""
        if day not in self.days:
            self.days[day] = self._reckon_day(day)
        return self.days[day].copy()

    def _reckon_day(self, day: date) -> pd.DataFrame:
        latest = self._reports_by(day).groupby("action_id").tail(1)
        latest = latest[["action_id", "reported_on", "status", "status_code", "percent", "completed_on", "source_file"]]
        latest = latest.rename(columns={"source_file": "report_file"})
        frame = self.actions.merge(latest.assign(reported=True), how="left", on="action_id")
        frame["reported"] = frame["reported"].eq(True)
        for status in STATED:
            frame[status] = frame["status"].eq(status)
        frame["status_unclassified"] = frame["reported"] & frame["status"].isna()
        frame["not_reported"] = ~frame["reported"]
        frame["unknown"] = ~frame["status"].isin(STATED)
        frame["overdue"] = (frame["due_on"] < pd.Timestamp(day)) & ~frame["completed"] & ~frame["discontinued"]
        run = self._latest_run(day)
        stated = run.dropna(subset="completed_on").drop_duplicates("action_id").set_index("action_id")["completed_on"]
        first_on = run.groupby("action_id")["reported_on"].min().rename("first_on")
        frame = frame.drop(columns="completed_on").join(stated, on="action_id").join(first_on, on="action_id")
        frame["done_on"] = frame["completed_on"].fillna(frame["first_on"])
        frame["on_time"] = frame["completed"] & (frame["done_on"] <= frame["due_on"])
        frame["is_untold"] = frame["completed"] & ~frame["on_time"] & frame["completed_on"].isna()
        frame["on_time_unknown"] = frame["unknown"] | frame["is_untold"]
        return frame.assign(actions=True)

    def _reports_by(self, day: date) -> pd.DataFrame:
        """Return the reports about actions by a day, those that decide last."""
        by_then = self.reports[self.reports["reported_on"] <= pd.Timestamp(day)]
        return by_then.sort_values(["reported_on", "submitted_at", "report_no"], na_position="first")

    def _latest_run(self, day: date) -> pd.DataFrame:
        """Return each action's latest reports in a row of one same status, the last one first."""
        told = self._reports_by(day).iloc[::-1]
        last = told.drop_duplicates("action_id").set_index("action_id")["status"]
        is_same = told["status"].eq(told["action_id"].map(last))
        return told[is_same.groupby(told["action_id"]).cummin()]

    def furthest_steps(self, day: date) -> pd.Series:
        """Return by action the place in STEPS of the furthest step among the latest reports of one same status."""
        latest = self._latest_run(day)
        taken = self.steps.merge(latest[["report_no", "reported_on"]], on="report_no")
        taken_on = taken["on_date"].fillna(taken["reported_on"]).clip(upper=pd.Timestamp(self.last_date))
        taken = taken[taken_on <= pd.Timestamp(day)]  # a step after the last day counts on that day
        return taken["step"].map(STEPS.index).groupby(taken["action_id"]).max()

    def select(self, selection: Selection, day: date) -> pd.DataFrame:
        """Select the actions of a selection; several tests ask the same."""
        if (selection, day) not in self.selected:
            self.selected[selection, day] = self._reckon(selection, day)
        return self.selected[selection, day].copy()

    def _reckon(self, selection: Selection, day: date) -> pd.DataFrame:
        frame = self.on_day(day)
        for dimension, chosen in DIMENSIONS.items():
            members, codes = self.members[dimension], getattr(selection, chosen)
            if codes:
                frame = frame[frame["action_id"].isin(members.loc[members["member"].isin(codes), "action_id"])]
        if selection.stakeholders:
            frame = frame[frame["stakeholder_id"].isin(selection.stakeholders)]
        if selection.evidence:  # a step counts among those before it
            least = min([STEPS.index(step) for step in selection.evidence if step in STEPS], default=len(STEPS))
            furthest = frame["action_id"].map(self.furthest_steps(day)).fillna(-1)
            frame = frame[(furthest >= least) | (furthest.eq(0) & ("claimed_only" in selection.evidence))]
        if selection.statuses:
            wanted = selection.statuses
            stated = frame["status"].isin(wanted) | frame["status_code"].isin(wanted)
            for derived, column in (
                ("unclassified", "status_unclassified"), ("not_reported", "not_reported"), ("overdue", "overdue")
            ):  # fmt: skip
                stated |= frame[column] & (derived in wanted)
            frame = frame[stated]
        for word in selection.q.split():
            folded = "".join(c for c in normalize("NFKD", word.lower()) if not combining(c))
            found = frame["search_text"].str.contains(re.sub(r"[^a-z0-9]+", " ", folded).strip(), regex=False)
            frame = frame[found]
        return frame

    def judge(self, chosen: pd.DataFrame, day: date) -> pd.DataFrame:
        """Return the milestones of the chosen actions, with a column of truths for each count."""
        frame = self.milestones.merge(chosen[["action_id", "reported_on"]], on="action_id")
        today = pd.Timestamp(day)
        known = frame["told_on"].fillna(frame["reported_on"])
        is_due, is_reached = frame["due_on"].le(today), frame["reached_on"].le(today)
        is_told = known.ge(frame["due_on"]) & known.le(today)
        return frame.assign(
            milestones=True,
            milestones_due=is_due,
            milestones_reached=is_due & is_reached,
            milestones_missed=is_due & ~is_reached & is_told,
            milestones_unknown=is_due & ~is_reached & ~is_told,
            milestones_ahead=~is_due & is_reached,
            milestones_coming=frame["due_on"].gt(today) & ~is_reached,
            milestones_undated=frame["due_on"].isna() & ~is_reached,
            milestones_late=is_due & is_reached & frame["reached_on"].gt(frame["due_on"]),
            milestones_soon=frame["due_on"].gt(today) & ~is_reached & frame["due_on"].le(today + timedelta(days=30)),
        )

    def weigh(self, chosen: pd.DataFrame, day: date) -> pd.DataFrame:
        """Return the completed ones of the chosen actions, with a column of truths for each count of evidence."""
        done = chosen[chosen["completed"]].copy()
        furthest = done["action_id"].map(self.furthest_steps(day)).fillna(-1)
        for place, step in enumerate(STEPS[1:], start=1):
            done[step] = furthest >= place
        done["claimed_only"], done["evidenced_only"], done["reviewed_only"] = furthest < 1, furthest == 1, furthest == 2
        return done

    def labels(self, codelist: str, lang: str) -> dict[str, str]:
        """Return the label of each code of a codelist."""
        own = self.codes[self.codes["codelist"] == codelist]
        return dict(zip(own["code"], own[f"label_{lang}"], strict=True))
