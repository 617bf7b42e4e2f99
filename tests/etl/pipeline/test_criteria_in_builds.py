"""The criteria of commitments in a build: fields decide before words, and a text in another language is not judged."""

from dashboard.campaign.commitments.criteria import CRITERIA
from tests.etl.campaigns import ask, built, make_campaign
from tests.etl.registers import action, register

LATE, VAGUE = "Train 30 inspectors on child labour by June 2021", "Solidarity"


def test_each_action_is_judged_by_its_own_fields_and_its_text(tmp_path):
    rows = (
        action("1", promise=LATE, Due="2022-06-01"),
        action("2", promise=VAGUE, Due="2021-12-30", Themes="Education", Where="Kenya"),
        action("3", promise=f"{VAGUE} in Kenya", How="We publish a law on schools in Kenya\ntogether with two unions."),
        action("4", promise="Solidarität mit Kindern", Language="German"),
    )
    with built(make_campaign(tmp_path, {"a.csv": register(*rows)})) as connection:
        found = ask(
            connection,
            "select submission_id[-1:], list(reason order by list_position($criteria, criterion)), "
            "list(words) filter (criterion = 'measurable') "
            "from snapshot.commitment_criteria inner join snapshot.actions using (action_no) group by all order by 1",
            {"criteria": list(CRITERIA)},
        )
    assert found == [
        ("1", ["states_action", "states_number", "no_steps_or_means", "names_subject", "after_deadline"], ["30"]),
        ("2", ["no_action", "no_number_or_finish_line", "no_steps_or_means", "has_theme", "has_due_day"], [None]),
        ("3", ["states_action", "states_number", "names_partner", "names_subject", "no_day"], ["two"]),
    ]
