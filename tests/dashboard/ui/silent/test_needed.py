"""The fewest answers of the page Missing reports as data, in every language."""

from html import escape

import pytest

from dashboard.formats import format_count
from dashboard.i18n import translator
from dashboard.measures.silent import find_gap, list_silent
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import html_tables
from dashboard.ui.silent import needed


@pytest.fixture
def propose(snapshot):
    """Return the model of a margin in points, with the proposal that it tells."""

    def propose(lang: str, points: int, dimensions: tuple[str, ...] = ("region",)):
        unknown = list_silent(snapshot, Selection(), "unknown")
        gap = find_gap(snapshot, Selection(), dimensions, unknown)
        proposal = gap.propose(points)
        shown = needed.make_model(snapshot, translator(lang), unknown, gap, proposal, points)
        return shown, unknown, gap, proposal

    return propose


def test_the_answers_to_ask_for_are_told_in_their_order_with_what_they_close(propose, snapshot, lang):
    t = translator(lang)
    shown, unknown, gap, proposal = propose(lang, 5)
    number = len(proposal.answers)
    assert shown.conclusions[0].startswith(format_count(number, lang)) and len(shown.conclusions) == 2
    assert [row[2].rpartition(" · ")[2] for row in shown.answers] == [
        unknown["action_id"].iloc[answer.row] for answer in proposal.answers
    ]
    assert shown.answers[0][3].split(", ")[0] == t("Total")
    title, stakeholder = shown.answers[0][2], shown.answers[0][1]
    table = html_tables.render(html_tables.words("", "", "", ""), shown.answers)
    language = unknown["language"].iloc[proposal.answers[0].row]
    assert f'<bdi lang="{language}">{escape(title)}</bdi>' in table
    assert f"<bdi>{escape(stakeholder)}</bdi>" in table
    total = shown.members[0]
    assert (total[0], total[3]) == (t("Total"), format_count(number, lang))
    wide = [member for member, need in zip(gap.members, proposal.needs, strict=True) if need and member.dimension]
    assert [row[0] for row in shown.members[1:]] == [
        f"{snapshot.codes['regions'][member.code].labels[lang]} ({t('Region')})" for member in wide
    ]
    assert shown.note == ""
    shown, *_ = propose(lang, 50)  # every rate is narrow enough
    assert (shown.answers, len(shown.conclusions), len(shown.members)) == ((), 1, 1)
    assert shown.left_out.startswith(t("“Not yet classified” does not count as a member."))


def test_of_many_answers_and_members_the_first_are_named_and_how_many_more(propose, monkeypatch):
    monkeypatch.setattr(needed, "MOST_SHOWN", 1)
    monkeypatch.setattr(needed, "MOST_NAMED", 1)
    shown, *_, proposal = propose("en", 5)
    assert (
        len(shown.answers) == 1
        and shown.note == f"The first 1 of {len(proposal.answers)}; the letters go to all of them."
    )
    assert shown.answers[0][3].startswith("Total and ")
