"""What extracts should hold, computed with pandas from the snapshot's raw tables alone.

Members, status and overdue are derived here from actions, themes, countries, subregions, regions and reports; what the
build derived for the program (members, spells) is not looked at.
"""

import unicodedata
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

TABLES = (
    "actions",
    "action_themes",
    "action_countries",
    "action_subregions",
    "action_regions",
    "progress_reports",
    "milestones",
    "evidence_spells",
    "codes",
    "grouping_countries",
)
DIMENSIONS = ("region", "subregion", "grouping", "country", "category", "theme", "group")
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
Filters = dict[str, list[str]]
"""Codes, words or a day by parameter of a link."""


def fold_words(words: str) -> str:
    """Words without accents and case."""
    parts = unicodedata.normalize("NFKD", words.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


class Oracle:
    """The raw tables of a snapshot file, and what follows from them."""

    def __init__(self, file: Path) -> None:
        """Read the tables."""
        with duckdb.connect(file, read_only=True) as connection:
            self.raw = {name: connection.table(name).df() for name in TABLES}
            row = connection.execute("select last_date from campaign").fetchone()
        assert row is not None
        self.last_date: date = row[0]

    @cached_property
    def parents(self) -> dict[str, str]:
        """The region of every subregion."""
        codes = self.raw["codes"]
        own = codes[codes["codelist"] == "subregions"]
        return dict(zip(own["code"], own["parent"], strict=True))

    @cached_property
    def places(self) -> dict[int, set[tuple[str | None, str | None, str | None]]]:
        """By action, its places as (region, subregion, country): a country, else what the action states."""
        countries, found = self.raw["action_countries"], {}
        stated = self._sets("action_subregions", "subregion")
        regions = self._sets("action_regions", "region")
        for action in self.raw["actions"]["action_no"]:
            own = countries[countries["action_no"] == action]
            places: set[tuple[Any, Any, Any]] = set(zip(own["region"], own["subregion"], own["iso3"], strict=True))
            named = {subregion for _, subregion, _ in places}
            places |= {(self.parents[s], s, None) for s in stated.get(action, set()) - named}
            named = {region for region, _, _ in places}
            places |= {(region, None, None) for region in regions.get(action, set()) - named}
            found[int(action)] = places or {("unclassified", None, None)}
        return found

    @cached_property
    def members(self) -> dict[str, dict[int, set[str]]]:
        """By dimension and action, the codes that a filter may ask for."""
        actions = self.raw["actions"]
        themes = self._sets("action_themes", "theme")
        groupings = self.raw["grouping_countries"].groupby("grouping_code")["iso3"].agg(set)
        found: dict[str, dict[int, set[str]]] = {name: {} for name in DIMENSIONS}
        for number, category, group in zip(
            actions["action_no"], actions["category"], actions["stakeholder_group"], strict=True
        ):
            places = self.places[number]
            nowhere = {"unclassified"} if places == {("unclassified", None, None)} else set()
            found["region"][number] = {region for region, _, _ in places if region}
            found["subregion"][number] = {subregion for _, subregion, _ in places if subregion} or nowhere
            found["country"][number] = {country for _, _, country in places if country} or nowhere
            named = found["country"][number]
            found["grouping"][number] = {code for code, inside in groupings.items() if inside & named} or nowhere
            found["theme"][number] = themes.get(number) or {"unclassified"}
            found["category"][number] = {"unclassified" if pd.isna(category) else category}
            found["group"][number] = {"unclassified" if pd.isna(group) else group}
        return found

    def register(self, day: date) -> pd.DataFrame:
        """Every action in its own order with what its latest report by the day says."""
        reports = self.raw["progress_reports"]
        by_then = reports[(reports["reported_on"].dt.date <= day) & reports["action_no"].notna()]
        latest = by_then.sort_values(["reported_on", "submitted_at", "report_no"], na_position="first")
        latest = latest.drop_duplicates("action_no", keep="last").assign(reported=True)
        columns = ["action_no", "reported", "reported_on", "status", "status_code", "percent", "completed_on"]
        frame = self.raw["actions"].sort_values("action_no").merge(latest[columns], on="action_no", how="left")
        is_reported = frame["reported"].notna()
        frame["status"] = (
            frame["status"].where(frame["status"].notna(), "unclassified").where(is_reported, "not_reported")
        )
        done_on = frame["completed_on"].fillna(frame["reported_on"])
        frame["completed_on"] = done_on.where(frame["status"] == "completed")
        closed = frame["status"].isin(["completed", "discontinued"])
        frame["is_overdue"] = (frame["due_on"].dt.date < day) & ~closed
        return frame

    def day(self, filters: Filters) -> date:
        """The day the figures stand at."""
        return date.fromisoformat(filters["as_of"][0]) if "as_of" in filters else self.last_date

    def actions(self, filters: Filters) -> pd.DataFrame:
        """The actions that every filter lets through."""
        frame = self.register(self.day(filters))
        for name in DIMENSIONS:
            if name in filters:
                wanted, members = set(filters[name]), self.members[name]
                frame = frame[[bool(wanted & members[number]) for number in frame["action_no"]]]
        if "status" in filters:
            wanted = set(filters["status"])
            by_code = frame["status"].isin(wanted) | frame["status_code"].isin(wanted)
            frame = frame[by_code | (frame["is_overdue"] & ("overdue" in wanted))]
        if "q" in filters:
            for word in fold_words(filters["q"][0]).split():
                frame = frame[frame["search_text"].str.contains(word, regex=False)]
        return frame

    def reports(self, filters: Filters) -> pd.DataFrame:
        """The reports by the day of those actions; without a filter also those that match no action."""
        reports = self.raw["progress_reports"]
        kept = reports["action_no"].isin(self.actions(filters)["action_no"])
        if not set(filters) & {*DIMENSIONS, "status", "q"}:
            kept |= reports["action_no"].isna()
        reports = reports[kept & (reports["reported_on"].dt.date <= self.day(filters))]
        return reports.sort_values(["action_no", "report_no"], na_position="last")

    def milestones(self, filters: Filters) -> pd.DataFrame:
        """The milestones of those actions."""
        milestones = self.raw["milestones"]
        kept = milestones[milestones["action_no"].isin(self.actions(filters)["action_no"])]
        return kept.sort_values(["action_no", "due_on", "milestone_no"], na_position="last")

    def themes_countries(self, filters: Filters) -> set[tuple[str, str, str | None, str | None, str | None]]:
        """Action, theme, region, subregion and country of each row."""
        chosen = self.actions(filters)
        return {
            (action_id, theme, *place)
            for number, action_id in zip(chosen["action_no"], chosen["action_id"], strict=True)
            for theme in self.members["theme"][number]
            for place in self.places[number]
        }

    def labels(self, codelist: str, codes: list[str], lang: str) -> list[str]:
        """The labels of codes."""
        table = self.raw["codes"]
        own = table[table["codelist"] == codelist].set_index("code")[f"label_{lang}"]
        return [str(own[code]) for code in codes]

    def _sets(self, table: str, column: str) -> dict[int, set[str]]:
        return {int(number): set(own) for number, own in self.raw[table].groupby("action_no")[column]}
