"""Overview concludes: a sentence of state, and who is ahead, behind and silent."""

from datetime import UTC, datetime

import pytest

from dashboard.charts import clock
from dashboard.charts.chart import build_chart
from dashboard.measures.standing import count_silence, rank
from dashboard.snapshot.selection import Selection
from tests.app.conftest import elements, kept_query, text_of


def bodies(app) -> list[str]:
    return [element.proto.body for element in app.get("html")]


def state(app) -> str:
    """The sentence of state, with its tags."""
    (body,) = (body for body in bodies(app) if '<p class="state">' in body)
    return body


def entries(app) -> list[str]:
    """The links of the lists, each a member with what is known of it."""
    return [link.proto.label for link in elements(app, "page_link") if " of " in link.proto.label]


@pytest.mark.parametrize("day", ["2021-03-01", "2021-07-20", "2021-12-31"])
def test_the_page_begins_with_a_sentence_of_state(open_page, snapshot, day):
    app = open_page("overview", as_of=day, lang="en")
    assert not app.exception
    selection = Selection(as_of=datetime.fromisoformat(day).date())
    chart = build_chart(snapshot, "completion-over-time", selection)
    said = state(app)
    assert all(sentence in said for sentence in chart.caption.findings)
    repeated = [body for body in bodies(app) if '<p class="finding">' in body and chart.caption.findings[0] in body]
    assert len(repeated) == (not chart.total.reported)  # where all is silent, the chart of statuses says so too
    silence = count_silence(snapshot, selection)
    counts = f"{silence.silent} of {silence.stakeholders} stakeholders have not reported on any"
    assert (counts in said) == (chart.total.reported > 0)
    assert "Today" not in said


def test_the_day_is_called_today_only_while_the_campaign_runs(open_page, monkeypatch):
    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2021, 7, 20, 12, tzinfo=UTC)

    monkeypatch.setattr(clock, "datetime", Then)
    assert "Today, 20 July 2021" in state(open_page("overview", as_of="2021-07-20"))
    assert "Today" not in state(open_page("overview", as_of="2021-07-19"))


def test_the_lists_name_whom_the_bounds_place_and_filter_by_a_click(open_page, snapshot):
    app = open_page("overview", as_of="2021-07-20", lang="en")
    selection = Selection(as_of=datetime(2021, 7, 20).date())
    ranking = rank(snapshot, selection, "group")
    assert ranking.behind or ranking.ahead
    labels = {code: known.labels["en"] for code, known in snapshot.codes["stakeholder_groups"].items()}
    links = [link.proto for link in elements(app, "page_link") if " of " in link.proto.label]
    for known in (*ranking.ahead[:3], *ranking.behind[:3], *ranking.silent[:3]):
        shown = [
            link for link in links if link.label.startswith(f"{labels[known.code]}: **{known.part} of {known.whole}")
        ]
        assert shown
        assert all(
            f"group={known.code}" in link.query_string and "as_of=2021-07-20" in link.query_string for link in shown
        )


def test_a_selection_of_few_actions_has_no_lists(open_page):
    app = open_page("overview", region="africa", theme="mining", lang="en")
    assert not app.exception
    assert entries(app) == []
    assert "Behind the clock" not in text_of(app)
    assert kept_query(app)["theme"] == ["mining"]
