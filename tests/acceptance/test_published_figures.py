"""Published figures of similar campaigns come out of the program as they were published.

The numbers stand here as literals, with their source; the makers in the files are invented.

Sources:
    Buenos Aires 2017 (IV Global Conference, 96 pledges by group): counts from readkong.com/page/pledges-original-
    language-buenos-aires-argentina-14-16-5348242, percents from childlabour2017.org/en/resources/updates/pledges.
    Global Refugee Forum 2019 (301 updates by status): globalcompactrefugees.org, "Successes, challenges and progress".
    Our Ocean Conference (status shares of each year's commitments): ouroceanconference.vercel.app/10-year-report.
"""

from collections.abc import Iterator

import pandas as pd
import pytest

from dashboard.formats import format_percent
from dashboard.measures.counts import by_dimension, headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.acceptance.published import account, publish, write_recipe

REGISTER_RECIPE = write_recipe(
    "register",
    ("Pledge maker", "Pledge"),
    {
        "stakeholder": "Pledge maker", "title": {"headers": ["Pledge"], "required": True},
        "stakeholder_group": "Group", "category": "Conference", "status": "Status of the update",
    },
)  # fmt: skip

PLEDGES = {  # group as published → (code, pledges, percent as published)
    "Governments and regional groups": ("government", 54, "56%"),
    "Workers' organizations": ("workers_organisation", 12, "13%"),
    "Employers' organizations": ("employers_organisation", 1, "1%"),
    "UN and international organizations": ("un_international_organisation", 11, "11%"),
    "Civil society organizations": ("civil_society", 18, "19%"),
}
UPDATES = {  # status as published → (the measure that counts it, updates)
    "in progress": ("in_progress", 212),
    "planning stage": ("not_started", 67),
    "fulfilled": ("completed", 22),
}
OCEAN = {  # year → commitments complete, in progress, not started; their percents as published
    2014: ((30, 0, 0), ("100%", "0%", "0%")),
    2015: ((63, 13, 5), ("78%", "16%", "6%")),
    2016: ((116, 29, 22), ("69%", "17%", "13%")),
    2017: ((253, 107, 72), ("59%", "25%", "17%")),
    2018: ((176, 60, 78), ("56%", "19%", "25%")),
    2019: ((177, 152, 46), ("47%", "41%", "12%")),
    2022: ((173, 182, 57), ("42%", "44%", "14%")),
    2023: ((88, 208, 47), ("26%", "61%", "14%")),
}


CONFERENCES = ("buenos_aires", "refugee_forum", *(f"ocean_{year}" for year in OCEAN))


def list_rows() -> Iterator[tuple[str, str, str]]:
    """Conference, group and status of each pledge."""
    for group, (_, pledges, _) in PLEDGES.items():
        yield from [("buenos_aires", group, "")] * pledges
    for status, (_, updates) in UPDATES.items():
        yield from [("refugee_forum", "", status)] * updates
    for year, (counts, _) in OCEAN.items():
        for status, number in zip(("Complete", "In progress", "Not started"), counts, strict=True):
            yield from [(f"ocean_{year}", "", status)] * number


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The pledges of all conferences in one register, one invented maker a line."""
    rows = pd.DataFrame(list_rows(), columns=["Conference", "Group", "Status of the update"])
    rows["Pledge maker"] = [f"Fictional Maker {number}" for number in rows.index]
    rows["Pledge"] = [f"{number:b} Pledge" for number in rows.index]
    root = tmp_path_factory.mktemp("published") / "c"
    (root / "codelists").mkdir(parents=True)
    lines = [f"{name},{name},{name},{name},,{number}" for number, name in enumerate(CONFERENCES)]
    text = "\n".join(["code,label_en,label_fr,label_es,aliases,sort_order", *lines])
    (root / "codelists" / "categories.csv").write_text(text, encoding="utf-8")
    snapshot = publish(root, {"pledges.csv": rows.to_csv(index=False)}, {"register": REGISTER_RECIPE})
    assert account(snapshot) == {"pledges.csv": (96 + 301 + 2154, 96 + 301 + 2154, 0, 0)}
    return snapshot


def test_96_pledges_by_group(snapshot: Snapshot) -> None:
    of_conference = Selection(categories=("buenos_aires",))
    total = headline(snapshot, of_conference).actions
    groups = by_dimension(snapshot, of_conference, "group").set_index("code")["actions"]
    shown = {code: (count, format_percent(count, total, "en")) for code, count in groups.items()}
    assert shown == {code: (pledges, percent) for code, pledges, percent in PLEDGES.values()}


def test_301_updates_by_status(snapshot: Snapshot) -> None:
    total = headline(snapshot, Selection(categories=("refugee_forum",)))
    assert (total.actions, total.reported) == (301, 301)
    assert {name: getattr(total, name) for name, _ in UPDATES.values()} == dict(UPDATES.values())
    assert format_percent(total.in_progress, total.actions, "en", 1) == "70.4%"
    # The page cuts 22.26 to 22.2; this program rounds.
    assert format_percent(total.not_started, total.actions, "en", 1) == "22.3%"
    assert format_percent(total.not_started, total.actions, "en") == "22%"
    assert format_percent(*total.fraction("completion_rate"), "en") == "7%"
    assert total.completion_rate == total.upper_bound == total.completion_rate_reporting == 22 / 301


def test_shares_of_eight_conferences_need_not_add_up_to_100(snapshot: Snapshot) -> None:
    frame = by_dimension(snapshot, Selection(), "category").set_index("code")
    assert tuple(frame.index) == CONFERENCES
    for year, (counts, percents) in OCEAN.items():
        row = frame.loc[f"ocean_{year}"]
        assert row["actions"] == row["reported"] == sum(counts)
        statuses = [row[name] for name in ("completed", "in_progress", "not_started")]
        assert tuple(format_percent(count, row["actions"], "en") for count in statuses) == percents
