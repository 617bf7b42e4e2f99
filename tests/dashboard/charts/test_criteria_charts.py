"""The charts of commitments' criteria against pandas: shares, no ranking, and who is completed more often."""

from datetime import date

import pandas as pd
import pytest

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.charts.chart import build_chart
from dashboard.charts.options import Options
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.tables import Tables

DAY = date(2021, 12, 31)
SELECTIONS = (Selection(as_of=DAY), Selection(as_of=DAY, regions=("africa",)))


@pytest.fixture(scope="module")
def findings(snapshot: Snapshot) -> pd.DataFrame:
    with snapshot.cursor() as cursor:
        return cursor.execute("select * from commitment_criteria").df()


@pytest.fixture(scope="module")
def tables(snapshot: Snapshot) -> Tables:
    return Tables(snapshot)


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize(("chart_id", "dimension"), [("criteria-by-group", "group"), ("criteria-by-theme", "theme")])
def test_shares_are_those_of_the_rows_and_nobody_is_ranked(
    chart_id: str, dimension: str, selection: Selection, snapshot: Snapshot, tables: Tables, findings: pd.DataFrame
) -> None:
    chosen = tables.select(selection, DAY)[["action_id", "completed", "unknown"]]
    for criterion in CRITERIA:
        judged = chosen.merge(findings[findings["criterion"] == criterion], on="action_id")
        by_member = judged.merge(tables.members[dimension], on="action_id").groupby("member")["is_met"]
        chart = build_chart(snapshot, chart_id, selection, Options(measure=criterion))
        frame = chart.frame[chart.frame["judged"] > 0].set_index("code")
        assert frame["judged"].to_dict() == by_member.size().to_dict()
        assert frame[criterion].to_dict() == by_member.sum().to_dict()
        met, unmet = judged[judged["is_met"]], judged[~judged["is_met"]]
        word = {"time_bound": "time-bound"}.get(criterion, criterion)
        assert chart.caption.findings == (f"{len(met)} of {len(judged)} commitments {word}.",)
        said = [note for note in chart.caption.notes if "The others: " in note]
        if min(len(met), len(unmet)) < 5:
            assert said == [], "nothing is said of few"
            continue
        bounds = []
        for side in (met, unmet):
            completed, unknown = int(side["completed"].sum()), int(side["unknown"].sum())
            bounds.append((completed / len(side), (completed + unknown) / len(side)))
            assert f"{completed} of {len(side)} completed" in said[0]
        (low, high), (other_low, other_high) = bounds
        verdict = "more often" if low > other_high else "less often" if high < other_low else "cannot be told"
        assert verdict in said[0].rpartition(". ")[2]
    by_status = build_chart(snapshot, chart_id, Selection(statuses=("completed",)))
    assert not any("The others: " in note for note in by_status.caption.notes)
