"""What the register should say about the fixture, computed with pandas from the hand-written CSV files alone."""

from datetime import date
from functools import cache

import pandas as pd

from tests.snapshots import FIXTURES

LAST_DAY = date(2021, 12, 31)
GROUPINGS = {"cocoa_coast": {"CIV", "GHA"}, "river_league": {"BRA", "EGY", "GHA"}, "empty_circle": {"JOR"}}


@cache
def read(name: str) -> pd.DataFrame:
    return pd.read_csv(FIXTURES / f"{name}.csv", dtype=str, keep_default_na=False)


def split(text: str) -> set[str]:
    return {part for part in text.split(";") if part}


@cache
def parents(codelist: str) -> dict[str, str]:
    codes = read("codes")
    own = codes[codes["codelist"] == codelist]
    return dict(zip(own["code"], own["parent"], strict=True))


@cache
def labels(codelist: str, lang: str) -> dict[str, str]:
    codes = read("codes")
    own = codes[codes["codelist"] == codelist]
    ordered = own.assign(order=own["sort_order"].astype(int)).sort_values("order", kind="stable")
    return dict(zip(ordered["code"], ordered[f"label_{lang}"], strict=True))


def join(codes: set[str], codelist: str, lang: str) -> str | None:
    """Labels in the codelist's order, None for no code at all."""
    return "; ".join(label for code, label in labels(codelist, lang).items() if code in codes) or None


def expected_register(day: date = LAST_DAY) -> pd.DataFrame:
    """One row an action, in the file's order: its members as sets of codes, and what it says on the day."""
    actions = read("actions")
    rows = [
        _expected_action({name: actions[name].iloc[n] for name in actions.columns}, day) for n in range(len(actions))
    ]
    return pd.DataFrame(rows)


def matching(register: pd.DataFrame, **filters: set[str]) -> pd.DataFrame:
    """The rows that hold any of the codes of every filter, by column."""
    kept = register
    for column, codes in filters.items():
        kept = kept[[bool(codes & (value if isinstance(value, set) else {value})) for value in kept[column]]]
    return kept


def _expected_action(action: dict[str, str], day: date) -> dict[str, object]:
    subregion_of, region_of = parents("countries"), parents("subregions")
    countries = split(action["countries"])
    subregions = split(action["subregions"]) | {subregion_of[iso] for iso in countries}
    regions = split(action["regions"]) | {region_of[subregion_of[iso]] for iso in countries}
    nowhere = set() if action["scope"] else {"unclassified"}
    return {
        "action_id": action["action_id"],
        "title": action["title"],
        "stakeholder": action["stakeholder"],
        "group": action["stakeholder_group"] or "unclassified",
        "category": action["category"] or "unclassified",
        "themes": split(action["themes"]) or {"unclassified"},
        "regions": regions or {"unclassified"},
        "subregions": subregions or nowhere,
        "countries": countries or nowhere,
        "groupings": {code for code, members in GROUPINGS.items() if members & countries} or nowhere,
        "submitted_on": date.fromisoformat(action["submitted_on"]),
        "due_on": date.fromisoformat(action["due_on"]),
        "language": action["language"],
        "source_file": action["source_file"],
        "source_row": int(action["source_row"]),
        **_expected_progress(action, day),
    }


def _expected_progress(action: dict[str, str], day: date) -> dict[str, object]:
    reports = read("reports")
    own = reports[(reports["action_no"] == action["action_no"]) & (reports["reported_on"] <= day.isoformat())]
    due_on = date.fromisoformat(action["due_on"])
    if own.empty:
        nothing = {"status_code": None, "percent": None, "reported_on": None, "completed_on": None}
        return {"status": "not_reported", **nothing, "is_overdue": day > due_on, "is_on_time": False}
    report = own.sort_values(["reported_on", "submitted_at"]).iloc[-1]
    completed_on = None
    if report["status"] == "completed":
        completed_on = date.fromisoformat(report["completed_on"] or report["reported_on"])
    return {
        "status": report["status"] or "unclassified",
        "status_code": report["status_code"] or None,
        "percent": float(report["percent"]) if report["percent"] else None,
        "reported_on": date.fromisoformat(report["reported_on"]),
        "completed_on": completed_on,
        "is_overdue": day > due_on and report["status"] not in ("completed", "discontinued"),
        "is_on_time": completed_on is not None and completed_on <= due_on,
    }
