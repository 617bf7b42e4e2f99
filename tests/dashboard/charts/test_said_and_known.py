"""What was said and is known now: the chart in its forms, and the page's changes publication by publication."""

import csv
import io
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dashboard.campaign.builds import REVISIONS
from dashboard.charts.catalogue import SAID_AND_KNOWN
from dashboard.charts.chart import Chart, build_chart, list_beside
from dashboard.charts.csv import write_csv
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.errors import SelectionError
from dashboard.files.briefings.series import bars_of
from dashboard.i18n import translator
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from dashboard.ui.compare import make_spoken
from etl.sqlfiles import run_file
from tests.drawings import assert_tidy, parsed
from tests.shipped import LANGUAGES
from tests.snapshots import publish_fixture

MADE = """
insert into revisions values
(1, '2021-07-02 08:00Z', 'a', true, '2021-07-01', 'all', 'all', 'published', 0, 0, 0, 0),
(1, '2021-07-02 08:00Z', 'a', true, '2021-07-01', 'all', 'all', 'said', 210, 76, 34, 132),
(1, '2021-07-02 08:00Z', 'a', true, '2021-07-01', 'region', 'africa', 'said', 80, 20, 10, 60),
(2, '2021-10-02 08:00Z', 'b', true, '2021-10-01', 'all', 'all', 'said', 211, 120, 90, 88),
(2, '2021-10-02 08:00Z', 'b', true, '2021-07-01', 'all', 'all', 'new_actions', 1, 0, 0, 1),
(2, '2021-10-02 08:00Z', 'b', true, '2021-07-01', 'all', 'all', 'new_reports', 0, 40, 38, -40),
(2, '2021-10-02 08:00Z', 'b', true, '2021-07-01', 'region', 'africa', 'new_reports', 0, 5, 5, -5),
(3, '2022-01-10 09:00Z', 'fixture', true, '2021-07-01', 'all', 'all', 'corrections', 0, 0, -1, 0),
(3, '2022-01-10 09:00Z', 'fixture', true, '2021-12-20', 'all', 'all', 'said', 211, 150, 100, 60),
(4, '2022-01-11 09:00Z', 'later', true, '2021-07-01', 'all', 'all', 'decisions', 0, 0, 99, 0),
(1, '2021-07-02 08:00Z', 'x', false, '2021-05-01', 'all', 'all', 'said', 9, 9, 9, 0)
"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory) -> Snapshot:
    """Open the fixture snapshot beside a file of publications: two before it, one after it, one of other data."""
    root: Path = tmp_path_factory.mktemp("spoken")
    file = publish_fixture(root)
    with duckdb.connect() as connection:
        run_file(connection, "revisions/begin")
        connection.execute(MADE)
        connection.table("revisions").write_parquet(str(file.with_name(REVISIONS)))
    return current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(root)}))


def build(snapshot: Snapshot, **selection) -> Chart:
    return build_chart(snapshot, SAID_AND_KNOWN.id, Selection(**selection))


def test_what_was_said_and_what_is_known_stand_side_by_side_with_their_causes(spoken: Snapshot) -> None:
    chart = build(spoken, as_of=date(2021, 9, 1))
    assert chart.caption.finding == (
        "Of 1 July 2021 it was said: 34 of 210 completed (16%, up to 79%). "
        "Known of that day now: 71 of 211 (34%, up to 78%)."
    )
    assert chart.caption.summary == (
        "Changes of the completed actions of 1 July 2021 – New reports: +38, Corrections: −1."
    )
    assert chart.cells().rows == [
        ("1 July 2021", "16% (34/210)", "79%", "34% (71/211)", "78%", "34 → 71; unknown 132 → 93", "+38", "−1")
    ]
    latest = build(spoken)
    assert latest.frame["code"].tolist() == ["2021-10-01"] * 2 + ["2021-07-01"] * 2  # not the build's own last day
    rows = list(csv.DictReader(io.StringIO(write_csv(latest).decode("utf-8-sig"))))
    for said, known in zip(rows[::2], rows[1::2], strict=True):
        assert (said["side"], known["side"]) == ("said", "known")
        for name in ("actions", "reported", "completed", "unknown"):
            parts = [int(value) for column, value in known.items() if column.startswith(f"{name}_") and value.isdigit()]
            parts += [
                int(value) for column, value in known.items() if column.startswith(f"{name}_") and value[:1] == "-"
            ]
            assert int(said[name]) + sum(parts) == int(known[name])
    africa = build(spoken, regions=("africa",), as_of=date(2021, 7, 1))
    assert africa.frame["completed"].tolist() == [10, 15]


@pytest.mark.nightly
@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_drawn_in_every_form(lang: str, spoken: Snapshot) -> None:
    chart = build(spoken, lang=lang)
    for size in (None, "slide", "column"):
        assert_tidy(parsed(draw_svg(chart, size)))
    assert draw(chart).data
    assert len(bars_of(chart).series[0].values) == len(chart.frame) == 4


def test_other_filters_are_refused_and_without_earlier_publications_it_says_so(
    spoken: Snapshot, snapshot: Snapshot
) -> None:
    for selection in (Selection(countries=("GHA",)), Selection(regions=("africa", "americas")), Selection(q="school")):
        with pytest.raises(SelectionError, match="cannot be filtered otherwise"):
            build_chart(spoken, SAID_AND_KNOWN.id, selection)
        assert SAID_AND_KNOWN.id not in list_beside(spoken, selection)
        assert "otherwise" in make_spoken(spoken, selection, translator("en")).sentence
    with pytest.raises(SelectionError, match="does not put two selections side by side"):
        build_chart(spoken, SAID_AND_KNOWN.id, Selection(versus=(("as_of", ("2021-07-01",)),)))
    assert SAID_AND_KNOWN.id in list_beside(spoken, Selection())
    assert SAID_AND_KNOWN.id not in list_beside(snapshot, Selection())
    alone = build(snapshot)
    assert alone.is_empty
    assert alone.nothing == alone.caption.finding == make_spoken(snapshot, Selection(), translator("en")).sentence
    assert "No earlier publication is on record" in alone.nothing
    assert_tidy(parsed(draw_svg(alone, None)))


def test_the_page_lists_the_changes_of_a_day_publication_by_publication(spoken: Snapshot) -> None:
    model = make_spoken(spoken, Selection(as_of=date(2021, 8, 1)), translator("en"))
    assert (model.days, model.chosen) == ((date(2021, 10, 1), date(2021, 7, 1)), date(2021, 7, 1))
    assert model.columns == ("Published on", "New actions", "New reports", "Corrections", "Completed after this")
    assert [row[1:] for row in model.rows] == [
        ("actions +1, unknown +1", "reported +40, completed +38, unknown −40", "", "72/211"),
        ("", "", "completed −1", "71/211"),
    ]
    assert make_spoken(spoken, Selection(), translator("en")).rows == ()  # of 1 October nothing has changed
