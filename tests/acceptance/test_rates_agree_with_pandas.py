"""Every measure agrees exactly with pandas, which reads the same exports by itself.

As-of days: before the first report, on and one day before a report's day, the deadline, after the campaign.
"""

from datetime import date, timedelta
from itertools import product

import pytest

from dashboard.snapshot.selection import Selection
from tests.acceptance import messy, messy_reckoned, samples
from tests.acceptance.published import account, publish
from tests.acceptance.reckoning import Reckoning, assert_agrees
from tests.cases import some

DAYS = ("before", "eve", "report", "middle", "deadline", "day after", "after")


def days_of(reckoning: Reckoning) -> dict[str, date]:
    """The days at which numbers are easily wrong."""
    reported = sorted(reckoning.reports["reported_on"].dt.date.unique())
    middle = reported[len(reported) // 2]
    return {
        "before": reported[0] - timedelta(days=1),
        "eve": middle - timedelta(days=1),
        "report": middle,
        "middle": date(2021, 8, 31),
        "deadline": date(2021, 12, 30),
        "day after": date(2021, 12, 31),
        "after": date(2022, 3, 1),
    }


@pytest.fixture(scope="module", params=[20, pytest.param(2021, marks=pytest.mark.nightly)])
def campaign(request, tmp_path_factory):
    """A campaign made from a seed, as the program published it and as pandas read it."""
    files = messy.make_exports(request.param)
    return publish(tmp_path_factory.mktemp("messy") / "campaign", files, messy.RECIPES), messy_reckoned.reckon(files)


def test_the_made_campaign_has_every_difficulty(campaign):
    snapshot, reckoning = campaign
    end = reckoning.state(date(2022, 3, 1))
    assert set(end["status"]) >= {"completed", "in_progress", "not_started", "discontinued", "unclassified"}
    assert "not_reported" in set(end["status"])
    assert (end["on_time"] != end["completed"]).any()
    assert len(account(snapshot)) == 6
    assert sum(merged for _, _, merged, _ in account(snapshot).values()) > 20
    members = reckoning.members
    assert set(members["member"]) >= {"global", "unclassified", "arab_states", "western_africa", "CIV", "covid_19"}
    assert members[members["dimension"] == "theme"].groupby("action").size().max() > 1


@pytest.mark.parametrize("day", DAYS)
def test_all_actions(campaign, day):
    snapshot, reckoning = campaign
    assert_agrees(snapshot, reckoning, Selection(as_of=days_of(reckoning)[day]))


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.nightly)])
def test_members_chosen_alone(campaign, step):
    """Every so many of them, and what has none."""
    snapshot, reckoning = campaign
    as_of = days_of(reckoning)["day after"]
    members = reckoning.members
    for attribute, dimension in (("regions", "region"), ("themes", "theme")):
        codes = sorted(set(members.loc[members["dimension"] == dimension, "member"]))
        for member in {*codes[::step], "unclassified"}:
            assert_agrees(snapshot, reckoning, Selection(as_of=as_of, **{attribute: (member,)}))


@pytest.mark.parametrize(
    ("day", "filters"),
    some(
        [
            ("report", {"regions": ("africa",), "categories": ("research",)}),
            ("after", {"regions": ("africa", "global"), "themes": ("education", "mining")}),
            ("report", {"regions": ("unclassified",), "groups": ("government", "unclassified")}),
            ("after", {"countries": ("CIV",), "themes": ("unclassified",)}),
            ("report", {"countries": ("BRA", "NPL"), "regions": ("americas",)}),
            ("after", {"regions": ("arab_states",), "countries": ("FRA",)}),
            ("report", {"statuses": ("completed",)}),
            ("after", {"statuses": ("in_progress",), "regions": ("africa",)}),
            ("report", {"statuses": ("adapted", "withdrawn")}),
            ("after", {"statuses": ("overdue",)}),
            ("report", {"statuses": ("overdue", "completed"), "themes": ("agriculture",)}),
            ("after", {"statuses": ("not_reported", "unclassified"), "groups": ("business",)}),
            ("report", {"categories": ("unclassified",), "statuses": ("overdue",)}),
            ("after", {"themes": ("data",)}),
        ],
        8,
    ),
    ids=str,
)
def test_filters_together(campaign, day, filters):
    snapshot, reckoning = campaign
    assert_agrees(snapshot, reckoning, Selection(as_of=days_of(reckoning)[day], **filters))


def test_region_and_theme_chosen_together(campaign):
    snapshot, reckoning = campaign
    as_of = days_of(reckoning)["deadline"]
    for region, theme in product(("africa", "americas", "global", "unclassified"), ("education", "unclassified")):
        assert_agrees(snapshot, reckoning, Selection(as_of=as_of, regions=(region,), themes=(theme,)))


@pytest.fixture(scope="module")
def sample(sample_snapshot):
    """The shipped sample campaign, as the program published it and as pandas read it."""
    return sample_snapshot, samples.reckon()


@pytest.mark.parametrize("day", some(DAYS, 3))
def test_the_shipped_sample(sample, day):
    snapshot, reckoning = sample
    assert len(reckoning.actions) == 330
    assert_agrees(snapshot, reckoning, Selection(as_of=days_of(reckoning)[day]))


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.nightly)])
def test_the_shipped_sample_filtered(sample, step):
    snapshot, reckoning = sample
    as_of = days_of(reckoning)["after"]
    for region in sorted(set(reckoning.members.query("dimension == 'region'")["member"]))[::step]:
        assert_agrees(snapshot, reckoning, Selection(as_of=as_of, regions=(region,), statuses=("overdue", "completed")))
        assert_agrees(snapshot, reckoning, Selection(as_of=as_of, regions=(region,), themes=("education",)))
    assert_agrees(snapshot, reckoning, Selection(as_of=as_of, groups=("government",), categories=("research", "other")))
