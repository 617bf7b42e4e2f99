"""The expected register of the fixture, reckoned from its published tables by `tests/tables.py`."""

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from tests.snapshots import open_fixture
from tests.tables import Tables

LAST_DAY = date(2021, 12, 31)
MEMBERS = {
    "themes": "theme",
    "regions": "region",
    "subregions": "subregion",
    "countries": "country",
    "groupings": "grouping",
}
COLUMNS = (
    "action_id", "title", "stakeholder", "group", "category", *MEMBERS, "submitted_on", "due_on", "language",
    "source_file", "source_row", "status", "status_code", "percent", "reported_on", "completed_on", "is_overdue",
    "is_on_time",
)  # fmt: skip


@cache
def _read_tables() -> Tables:
    with TemporaryDirectory() as folder:
        return Tables(open_fixture(Path(folder)))


@cache
def labels(codelist: str, lang: str) -> dict[str, str]:
    """Return the label of each code, in the codelist's order."""
    codes = _read_tables().codes.sort_values("sort_order", kind="stable")
    own = codes[codes["codelist"] == codelist]
    return dict(zip(own["code"], own[f"label_{lang}"], strict=True))


def join(codes: set[str], codelist: str, lang: str) -> str | None:
    """Labels in the codelist's order, None for no code at all."""
    return "; ".join(label for code, label in labels(codelist, lang).items() if code in codes) or None


def expected_register(day: date = LAST_DAY) -> pd.DataFrame:
    """Return one row an action, in the file's order: its members as sets of codes, and its state on the day."""
    tables = _read_tables()
    frame = tables.on_day(day).sort_values("action_no", ignore_index=True)
    for column, dimension in MEMBERS.items():
        sets = tables.members[dimension].groupby("action_id")["member"].agg(set).to_dict()
        frame[column] = [sets.get(action, set()) for action in frame["action_id"]]
    done_on = frame["done_on"].where(frame["completed"])
    for column in ("submitted_on", "due_on", "reported_on"):
        frame[column] = frame[column].dt.date
    register = frame.assign(
        group=frame["stakeholder_group"].fillna("unclassified"),
        category=frame["category"].fillna("unclassified"),
        status=frame["status"].fillna("unclassified").where(frame["reported"], "not_reported"),
        completed_on=done_on.dt.date,
        is_overdue=frame["overdue"],
        is_on_time=frame["on_time"].astype("boolean").mask(frame["is_untold"]),
    )
    return register[list(COLUMNS)]


def matching(register: pd.DataFrame, **filters: set[str]) -> pd.DataFrame:
    """Return the rows that hold any of the codes of every filter, by column."""
    kept = register
    for column, codes in filters.items():
        kept = kept[[bool(codes & (value if isinstance(value, set) else {value})) for value in kept[column]]]
    return kept
