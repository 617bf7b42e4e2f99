"""The page Stakeholders: the makers of actions, and one of them with its actions and reports."""

from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.i18n import translator
from dashboard.lists.for_readers import OUTCOMES, STAKEHOLDERS
from dashboard.measures import register, stakeholders
from dashboard.measures.counts import headline
from dashboard.measures.facts import MILESTONES, count_in_all
from dashboard.measures.latest import find_entry
from dashboard.snapshot.selection import Selection
from tests.app.conftest import bodies, kept_query, list_lines, page_links, text_of
from tests.cases import some


@pytest.fixture
def busy(snapshot) -> str:
    """Return the stakeholder with the most reports."""
    frame = stakeholders.page(snapshot, Selection(), sort="reported", descending=True, limit=1)
    return frame["stakeholder_id"].iloc[0]


@pytest.fixture(scope="module")
def truth(snapshot) -> pd.DataFrame:
    """Count for each stakeholder of the register with pandas, by id."""
    frame = register.page(snapshot, Selection(), limit=1_000)
    assert stakeholders.count(snapshot, Selection()).actions_of_none == int(frame["stakeholder_id"].isna().sum())
    return frame.groupby("stakeholder_id").agg(
        name=("stakeholder", "first"),
        actions=("action_id", "count"),
        completed=("status", lambda statuses: int((statuses == "completed").sum())),
        reported=("status", lambda statuses: int((statuses != "not_reported").sum())),
        reported_on=("reported_on", "max"),
    )


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", some(stakeholders.SORTS, 2))
def test_the_list_counts_what_the_register_holds_in_any_order(snapshot, truth, sort, descending):
    frame = stakeholders.page(snapshot, Selection(), sort=sort, descending=descending, limit=1_000)
    found = frame.set_index("stakeholder_id").loc[truth.index]
    pd.testing.assert_frame_equal(found[truth.columns], truth, check_dtype=False, check_column_type=False)
    assert stakeholders.count(snapshot, Selection()).stakeholders == len(frame) == len(truth)
    if sort in ("actions", "completed", "reported"):
        assert frame[sort].tolist() == sorted(frame[sort], reverse=descending)
    if sort == "reported_on":
        known = frame["reported_on"].dropna()
        assert known.tolist() == sorted(known, reverse=descending)
        assert frame["reported_on"].isna().tolist() == sorted(frame["reported_on"].isna())  # unknown ones last
    if sort == "milestones":
        assert found["milestones_due"].sum() > found["milestones_reached"].sum() > 0
        for stakeholder_id, row in found.iterrows():
            told = count_in_all(snapshot, Selection(stakeholders=(str(stakeholder_id),)), MILESTONES)
            assert all(row[name] == told[name] for name in ("milestones_due", "milestones_reached"))
        due = frame[frame["milestones_due"] > 0]["milestones_reached"].tolist()
        assert due == frame["milestones_reached"].tolist()[: len(due)] == sorted(due, reverse=descending)


def test_the_list_is_filtered_searched_sorted_and_leads_to_each(open_page, snapshot):
    app = open_page("stakeholders", region="africa", as_of="2021-09-30")
    selection = Selection(regions=("africa",), as_of=pd.Timestamp("2021-09-30").date())
    app.query_params["sort"], app.query_params["order"] = "actions", "desc"
    app.run()
    expected = stakeholders.page(snapshot, selection, sort="actions", descending=True, limit=20)
    lines = list_lines(app, "Stakeholders")
    assert [line.cells["Name"] for line in lines] == expected["name"].tolist()
    first = expected.iloc[0]
    assert lines[0].cells["Completed"] == f"{first['completed']} of {first['actions']}"
    reached = f"{first['milestones_reached']} of {first['milestones_due']}" if first["milestones_due"] else "—"
    assert lines[0].cells["Milestones reached"] == reached
    kept = {"as_of": ["2021-09-30"], "lang": ["en"]}
    assert lines[0].links["Name"] == {"stakeholder": [first["stakeholder_id"]], **kept}
    theirs = {"region": ["africa"], "stakeholder": [first["stakeholder_id"]], **kept}
    assert lines[0].links["Number of actions"] == theirs
    assert set(STAKEHOLDERS.sorts) == set(stakeholders.SORTS)

    word = first["name"].split()[-1]
    app.text_input(key="stakeholders-name").set_value(word.upper()).run()
    assert kept_query(app)["name"] == [word.upper()]
    found = list_lines(app, "Stakeholders")
    assert 0 < len(found) <= stakeholders.count(snapshot, selection, word).stakeholders
    assert all(word.casefold() in line.cells["Name"].casefold() for line in found)
    app.text_input(key="stakeholders-name").set_value("nobody is called this").run()
    assert "No stakeholder in this selection has this name." in text_of(app)


def test_a_stakeholder_has_a_page_with_what_it_promised_and_reported_by_the_day(open_page, snapshot, busy, monkeypatch):
    app = open_page("stakeholders", stakeholder=busy, lang="fr")
    t, chosen = translator("fr"), Selection(stakeholders=(busy,), lang="fr")
    name, total = stakeholders.find(snapshot, busy).names["fr"], headline(snapshot, chosen)
    assert f'<h1 data-place="stakeholders/{busy}">{name}</h1>' in bodies(app)
    lines = list_lines(app, t("Actions"))
    assert len(lines) == total.actions
    reports = pd.to_datetime(stakeholders.list_reports(snapshot, chosen, 100)["reported_on"])
    truth = [len(register.details(snapshot, line.links[t("Title")]["action"][0]).reports) for line in lines]
    assert len(list_lines(app, t("Progress reports, the latest first"))) == len(reports) == sum(truth) > 1
    assert reports.tolist() == sorted(reports, reverse=True)
    milestones = list_lines(app, t("Milestones"))
    counts = count_in_all(snapshot, chosen, MILESTONES)
    assert len(milestones) == counts["milestones"] > 0
    became = Counter(line.cells[t("Outcome")] for line in milestones)
    assert became == {t(word): n for name, word in OUTCOMES.items() if (n := counts[name])}
    assert {"stakeholder": [busy], "lang": ["fr"]} in page_links(app)["download"]
    before = (reports.max() - pd.Timedelta(days=1)).date()
    app.query_params["as_of"] = before.isoformat()
    earlier = int((reports.dt.date <= before).sum())
    assert len(list_lines(app.run(), t("Progress reports, the latest first"))) == earlier < len(reports)

    one = replace(stakeholders.find(snapshot, busy), spellings=("The Sample Union", "Union, Sample (the)"))
    for gate, is_person in (("closed", False), ("open", False), ("open", True)):  # spellings that were joined
        monkeypatch.setenv("DASHBOARD_STAFF", gate)
        monkeypatch.setattr(stakeholders, "find", lambda *_, p=is_person: replace(one, is_person=p))
        text = text_of(app.run())
        assert {spelling in text for spelling in one.spellings} == {gate == "open" and not is_person}


@pytest.mark.nightly
def test_the_events_and_stories_of_a_stakeholders_actions_lead_to_their_place_among_the_news(open_page, snapshot):
    maker = register.details(snapshot, "FIX-001").facts["stakeholder_id"]
    [line] = list_lines(open_page("stakeholders", stakeholder=maker), "Events and stories")
    assert line.cells["Title"] == "One more school (a made-up story)"
    assert (line.cells["Kind"], line.links["Action"]["action"]) == ("Story", ["FIX-001"])
    found = find_entry(snapshot, Selection(), line.links["Title"]["entry"][0])
    assert found["title"].tolist() == [line.cells["Title"]]
