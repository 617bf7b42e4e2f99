"""The page Milestones: totals, one list of milestones at a time with the ways to their actions, and charts."""

import pytest

from dashboard.measures.evidence import count_evidence
from dashboard.measures.milestones import count_milestones
from dashboard.snapshot.selection import Selection
from tests.app.conftest import drawings, kept_query, list_lines, page_links, text_of


def test_it_counts_what_became_of_milestones_and_lists_those_due_next(open_page, snapshot):
    app = open_page("milestones", as_of="2021-11-10")
    assert not app.exception
    counts = count_milestones(snapshot, Selection(as_of=snapshot.last_date.replace(month=11, day=10)))
    assert (counts.milestones_soon, counts.milestones_unknown, counts.milestones_undated) == (1, 2, 1)
    text = text_of(app)
    for words in (
        "Milestone rate",
        f"{counts.milestones_reached} of {counts.milestones_due} due",
        "1 in the next 30 days",
    ):
        assert words in text
    (line,) = list_lines(app, "Due in the next 30 days")
    assert line.cells["Milestone"] == 'Adoption; signature, and "launch"'
    assert line.cells["Due on"] == "30 Nov 2021"
    assert line.links["Action"] == {"action": ["FIX-001"], "as_of": ["2021-11-10"], "lang": ["en"]}
    assert set(drawings(app)) == {"milestones-by-month", "milestones-by-region", "milestones-by-category"}


def test_another_list_is_chosen_and_kept_in_the_link(open_page):
    app = open_page("milestones", state="missed", lang="fr")
    assert [line.cells["Jalon"] for line in list_lines(app, "Manqués")] == ["Questionnaire ready"]
    app.segmented_control(key="milestone-state").set_value("undated").run()
    assert not app.exception
    assert kept_query(app) == {"state": ["undated"], "lang": ["fr"]}
    (line,) = list_lines(app, "Sans date")
    assert line.cells["Échéance le"] == "sans date"
    assert "Date non indiquée" in drawings(app)["milestones-by-month"]["wide"]
    wrong = open_page("milestones", state="lost")
    assert "Choose one below" in text_of(wrong)


def test_without_milestones_it_says_so(open_page):
    app = open_page("milestones", q="FIX-003")
    assert not app.exception
    assert "No action of this selection has a milestone." in text_of(app)
    assert not drawings(app)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_overview_tells_of_them_and_of_evidence_and_leads_on(open_page, snapshot, lang):
    app = open_page("overview", region=["africa"], lang=lang)
    counts = count_milestones(snapshot, Selection(regions=("africa",)))
    evidence = count_evidence(snapshot, Selection(regions=("africa",)))
    told = {
        "en": (f"{counts.milestones_reached} of {counts.milestones_due} milestones due were reached",
               f"evidenced {evidence.evidenced}, of these reviewed {evidence.reviewed}"),
        "es": (f"Hitos vencidos alcanzados: {counts.milestones_reached} de {counts.milestones_due} ",
               f"documentadas {evidence.evidenced}, de ellas revisadas {evidence.reviewed}"),
    }[lang]  # fmt: skip
    assert all(words in text_of(app) for words in told)
    ways = page_links(app)
    assert {"region": ["africa"], "lang": [lang]} in ways["milestones"]
    assert {"chart": ["evidence-by-region"], "region": ["africa"], "lang": [lang]} in ways["regions"]
