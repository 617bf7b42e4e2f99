"""The page Milestones: totals, one list of milestones at a time with the ways to their actions, and charts."""

from dashboard.formats import format_percent
from dashboard.measures.facts import MILESTONES, count_in_all
from dashboard.snapshot.selection import Selection
from tests.app.conftest import drawings, kept_query, list_lines, text_of


def test_it_counts_what_became_of_milestones_and_lists_those_due_next_or_others_by_its_link(open_page, snapshot):
    app = open_page("milestones", as_of="2021-11-10", state="lost")
    assert "state=lost" in app.warning[0].value
    counts = count_in_all(snapshot, Selection(as_of=snapshot.last_date.replace(month=11, day=10)), MILESTONES)
    assert tuple(counts[f"milestones_{name}"] for name in ("soon", "unknown", "undated")) == (1, 2, 1)
    reached, number = counts["milestones_reached"], counts["milestones_due"]
    due = f"{reached} of {number} milestones due were reached"
    most = format_percent(reached + counts["milestones_unknown"], number, "en")
    assert all(words in text_of(app) for words in (due, f"Up to {most} if", "Due in the next 30 days: 1."))
    (line,) = list_lines(app, "Milestones")
    assert line.cells["Milestone"] == 'Adoption; signature, and "launch"'
    assert line.cells["Due on"] == "30 Nov 2021"
    assert line.links["Action"] == {"action": ["FIX-001"], "as_of": ["2021-11-10"], "lang": ["en"]}
    assert set(drawings(app)) == {"milestones-by-month", "milestones-by-region", "milestones-by-category"}

    app = open_page("milestones", state="missed", lang="fr")
    assert [line.cells["Jalon"] for line in list_lines(app, "Jalons")] == ["Questionnaire ready"]
    app.query_params["state"] = "undated"  # as its chip has it
    app.run()
    assert kept_query(app) == {"state": ["undated"], "lang": ["fr"]}
    (line,) = list_lines(app, "Jalons")
    assert line.cells["Échéance le"] == "sans date"
    assert "Date non indiquée" in drawings(app)["milestones-by-month"]["svg"]
    app.query_params["q"], app.query_params["lang"] = "FIX-003", "en"  # which has none
    assert "No action of this selection has a milestone." in text_of(app.run())
    assert not drawings(app)
