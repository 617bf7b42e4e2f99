"""Every measure agrees exactly with pandas, which reads the same exports by itself, in whatever order they stand.

As-of days: before the first report, on and one day before a report's day, the deadline, after the campaign.
"""

import io
import random
from datetime import date, timedelta
from itertools import product

import openpyxl
import pytest

from dashboard.measures.counts import by_dimension, cross, headline
from dashboard.snapshot.selection import Selection
from tests.acceptance import messy, messy_reckoned, samples
from tests.acceptance.plain_text import read_csv
from tests.acceptance.published import account, publish
from tests.acceptance.reckoning import COUNTS, DIMENSIONS, Reckoning, assert_agrees
from tests.cases import some
from tests.etl.files import make_workbook

DAYS = ("before", "eve", "report", "middle", "deadline", "day after", "after")


def days_of(reckoning: Reckoning) -> dict[str, date]:
    """List the days on which numbers are easily wrong."""
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
    """Return a campaign made from a seed, as the program published it and as pandas read it."""
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


@pytest.mark.parametrize(
    ("day", "filters"),
    [
        *((day, {}) for day in DAYS),
        *some(
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
    ],
    ids=str,
)
def test_every_measure_of_a_selection(campaign, day, filters):
    snapshot, reckoning = campaign
    assert_agrees(snapshot, reckoning, Selection(as_of=days_of(reckoning)[day], **filters))


@pytest.mark.parametrize("step", [12, pytest.param(1, marks=pytest.mark.nightly)])
def test_members_chosen_alone_and_two_together(campaign, step):
    """Every so many of them, and the actions without any."""
    snapshot, reckoning = campaign
    days, members = days_of(reckoning), reckoning.members
    for attribute, dimension in (("regions", "region"), ("themes", "theme")):
        codes = sorted(set(members.loc[members["dimension"] == dimension, "member"]))
        for member in {*codes[::step], "unclassified"}:
            assert_agrees(snapshot, reckoning, Selection(as_of=days["day after"], **{attribute: (member,)}))
    pairs = list(product(("africa", "americas", "global", "unclassified"), ("education", "unclassified")))
    for region, theme in pairs if step == 1 else pairs[::3]:
        assert_agrees(snapshot, reckoning, Selection(as_of=days["deadline"], regions=(region,), themes=(theme,)))


@pytest.fixture(scope="module")
def sample(sample_snapshot):
    """Return the shipped sample campaign, as the program published it and as pandas read it."""
    return sample_snapshot, samples.reckon()


@pytest.mark.parametrize("day", some(DAYS, 2))
def test_the_shipped_sample(sample, day):
    snapshot, reckoning = sample
    assert len(reckoning.actions) == 330
    assert_agrees(snapshot, reckoning, Selection(as_of=days_of(reckoning)[day]))


def numbers(snapshot) -> dict[object, object]:
    """Return every count by every dimension, on two days."""
    found: dict[object, object] = {}
    for day in (date(2021, 7, 15), date(2022, 3, 1)):
        selection = Selection(as_of=day)
        total = headline(snapshot, selection)
        found[day] = {name: getattr(total, name) for name in (*COUNTS, "unmatched_reports")}
        for dimension in DIMENSIONS:
            found[day, dimension] = by_dimension(snapshot, selection, dimension).fillna(-1).to_dict("records")
        found[day, "pairs"] = cross(snapshot, selection, "region", "theme").fillna(-1).to_dict("records")
    return found


def shuffled(content: bytes, name: str, order: random.Random) -> bytes:
    """Return the same lines in another order, in the same encoding."""
    if name.endswith(".xlsx"):
        header, *lines = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
        order.shuffle(lines)
        return make_workbook({"Sheet": [header, *lines]})
    encoding = "utf-16" if name == messy.LINKED else "utf-8-sig"
    first, *rest = content.decode(encoding).splitlines(keepends=True)
    order.shuffle(rest)
    return (first + "".join(rest)).encode(encoding)


def without_ties(files: dict[str, bytes]) -> dict[str, bytes]:
    """Leave out the lines that repeat an earlier line's moment for the same maker, else "the latest" has no meaning."""
    frame = read_csv(files[messy.AGAIN], ";", "utf-8")
    first = read_csv(files[messy.DOWNLOAD], ",", "utf-8-sig")
    clean = frame[~frame["Sent"].isin(first["Sent"])].drop_duplicates("Sent")
    return {**files, messy.AGAIN: clean.to_csv(sep=";", index=False).encode()}


@pytest.mark.nightly
@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.nightly)])
def test_neither_the_order_of_lines_and_columns_nor_how_files_are_named_and_cut_changes_a_number(tmp_path, seed):
    files, order = without_ties(messy.make_exports(7, 70)), random.Random(seed)  # noqa: S311  (test data, nothing secret)
    snapshot = publish(tmp_path / "as made", files, messy.RECIPES)
    mixed = {name: shuffled(content, name, order) for name, content in files.items()}
    assert all(content != mixed[name] for name, content in files.items())
    survey = read_csv(mixed.pop(messy.SURVEY), ";", "utf-8-sig")
    turned, half = survey[list(reversed(survey.columns))], len(survey) // 2
    names = {name: f"{number} {name[::-1].split('.', 1)[1]}.{name.rsplit('.', 1)[1]}" for number, name in
             enumerate(sorted(mixed, reverse=True))}  # fmt: skip
    parts = {f"survey {number}.csv": part.to_csv(sep="\t", index=False).encode() for number, part in
             enumerate((turned.iloc[half:], turned.iloc[:half]))}  # fmt: skip
    renamed = {names[name]: content for name, content in mixed.items()}
    other = publish(tmp_path / "in another order", {**renamed, **parts}, messy.RECIPES)
    assert numbers(other) == numbers(snapshot)
    rows, counted = account(snapshot), account(other)
    assert {name: counted[new] for name, new in names.items()} == {name: rows[name] for name in names}
    assert tuple(map(sum, zip(*(counted[part] for part in parts), strict=True))) == rows[messy.SURVEY]
