"""What is chosen of a chart: its sort, against the published tables read with pandas; and what is refused."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.charts.marks import sort_key
from dashboard.charts.options import SORTS, Options, fit, offered_sorts, parse_options
from dashboard.errors import SelectionError
from dashboard.measures.definitions import FEW
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

DAY = date(2021, 12, 15)
SORTED = (
    "completion-by-region",
    "completion-by-country",
    "completion-by-group",
    "reporting-by-region",
    "status-by-category",
    "region-by-theme",
)


def tally(snapshot: Snapshot, dimension: str, **only: str) -> pd.DataFrame:
    """Each member's actions, and how many have reported, are completed, completed on time and unknown on the day.

    Args:
        snapshot: The published tables.
        dimension: `theme`, `region`, `country`, `category` or `group`.
        only: A member of another dimension, to which the actions are limited.
    """
    with snapshot.cursor() as cursor:
        actions = cursor.execute(
            'select action_id, category, stakeholder_group as "group", due_on, scope from actions'
        ).df()
        reports = cursor.execute("select * from progress_reports where action_id is not null").df()
        bridges = {
            "theme": cursor.execute("select action_id, theme from action_themes").df(),
            "region": cursor.execute("select action_id, region from action_regions").df(),
            "country": cursor.execute("select action_id, iso3 as country from action_countries").df(),
        }
    told = reports[reports["reported_on"] <= pd.Timestamp(DAY)].sort_values(["reported_on", "submitted_at"])
    facts = actions.merge(told.groupby("action_id").tail(1), how="left", on="action_id", suffixes=("", "_told"))
    facts["reported"] = facts["reported_on"].notna()
    facts["completed"] = facts["status"] == "completed"
    done_on = facts["completed_on"].fillna(facts["reported_on"])
    facts["on_time"] = facts["completed"] & (done_on <= facts["due_on"])
    facts["unknown"] = ~facts["status"].isin(["completed", "in_progress", "not_started", "discontinued"])
    facts["actions"] = 1
    for name, member in only.items():
        facts = facts[facts["action_id"].isin(bridges[name].loc[bridges[name][name] == member, "action_id"])]
    if dimension == "country":  # one that names only a region, or the whole world, is not unclassified
        facts = facts[facts["scope"].isna() | facts["action_id"].isin(bridges["country"]["action_id"])]
    if dimension in bridges:
        facts = facts.merge(bridges[dimension], how="left", on="action_id")
    counts = ["actions", "reported", "completed", "on_time", "unknown"]
    return facts.fillna({dimension: "unclassified"}).groupby(dimension)[counts].sum().astype(int)


def order_by(frame: pd.DataFrame, *keys: str) -> list[Any]:
    """The codes of a tally in descending order of some keys, the first one first; unclassified last."""
    return frame.sort_values(["last", *keys], ascending=[True, *[False] * len(keys)])["code"].tolist()


@pytest.mark.parametrize("chart_id", SORTED)
@pytest.mark.parametrize("sort", SORTS)
def test_members_stand_as_sorted_and_unclassified_last(chart_id: str, sort: str, snapshot: Snapshot) -> None:
    spec = CATALOGUE[chart_id]
    chart = build_chart(snapshot, chart_id, Selection(as_of=DAY, lang="fr"), Options(sort=sort))
    shown = chart.frame.drop_duplicates("code")
    frame = tally(snapshot, spec.dimension).reindex(shown["code"], fill_value=0).reset_index()
    assert chart.spec.kind == "grid" or shown["actions"].tolist() == frame["actions"].tolist()
    frame["label"] = shown["label"].tolist()
    frame["last"] = frame["code"] == "unclassified"
    frame["enough"] = frame["actions"] >= FEW
    rate = "reported" if sort == "reporting" or (sort, chart_id) == ("rate", "reporting-by-region") else "completed"
    frame["rate"] = (frame[rate] / frame["actions"]).fillna(-1)
    keys = {"actions": ("actions", "rate"), "name": (), "codelist": ()}.get(sort, ("enough", "rate", "actions"))
    if keys:
        assert frame["code"].tolist() == order_by(frame, *keys)
    elif sort == "name":
        named = frame[~frame["last"]]
        assert named["label"].tolist() == sorted(named["label"], key=sort_key)
    else:
        assert frame["code"].tolist() == [
            code for code in snapshot.codes[_codelist(spec.dimension)] if code in set(frame["code"])
        ]
    assert frame["last"].tolist() == sorted(frame["last"])


def _codelist(dimension: str) -> str:
    return {"group": "stakeholder_groups", "category": "categories", "country": "countries"}.get(
        dimension, f"{dimension}s"
    )


def test_tiles_are_sorted_in_their_region_and_panels_with_their_curves(snapshot: Snapshot) -> None:
    tiles = build_chart(snapshot, "completion-tiles", Selection(as_of=DAY), Options(sort="actions")).frame
    assert tiles["region"].drop_duplicates().tolist() == [
        r for r in snapshot.codes["regions"] if r in set(tiles["region"])
    ]
    for _, block in tiles.groupby("region"):
        assert block["actions"].is_monotonic_decreasing
    panels = build_chart(snapshot, "over-time-by-region", Selection(as_of=DAY), Options(sort="rate"))
    ranked = build_chart(snapshot, "completion-by-region", Selection(as_of=DAY), Options(sort="rate")).frame
    assert panels.frame["code"].drop_duplicates().tolist() == panels.blocks["code"].tolist() == ranked["code"].tolist()
    assert panels.frame.groupby("code")["on_date"].is_monotonic_increasing.all()


def test_what_a_chart_does_not_offer_is_refused_with_what_it_does(snapshot: Snapshot) -> None:
    for chart_id, spec in CATALOGUE.items():
        with pytest.raises(SelectionError) as refused:
            build_chart(snapshot, chart_id, Selection(), Options(sort="moon"))
        assert refused.value.allowed == (tuple(offered_sorts(spec)) or ("no value",))
        assert spec.kind == "curve" or parse_options({"sort": [spec.order.upper()]}, spec) == Options()
        assert fit(Options(sort="moon"), spec) == Options()
    assert parse_options({"sort": ["", "rate"]}, CATALOGUE["completion-by-region"]) == Options(sort="rate")
