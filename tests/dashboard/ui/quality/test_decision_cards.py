"""The decisions to make, as cards of plain data: the subject of each, and the decision of each of its buttons."""

import pytest

from dashboard.i18n import translator
from dashboard.ui.quality.decision_cards import DECIDED, KINDS, Choice, list_cards
from tests.quality_rows import POSTS, publish_quality
from tests.views import make_view


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """Build with something of every kind to decide; do not write into it."""
    return publish_quality(tmp_path_factory.mktemp("cards"), POSTS)


def test_every_kind_has_cards_whose_buttons_decide_about_what_they_show(listed, lang):
    view = make_view(listed, "quality", lang=lang)
    for kind_id in KINDS.keys() - {DECIDED}:
        cards = list_cards(view, kind_id, None, 0, 10)
        assert cards, kind_id
        for card in cards:
            assert all(side.title for side in card.sides) and len(card.sides) <= 2, kind_id
            choices = [choice for one in (card, *card.candidates) for _, choice in one.choices]
            assert len({choice.this for choice in choices}) == 1, "all of a card is about one thing"
            assert len(set(choices)) == len(choices) and all(label for label, _ in card.choices)
            assert bool(card.candidates) == (choices[0].that == "none") == (card.choices[0][1].verb == "assign")
            assert all(one.why and one.sides[0].action_id == one.choices[0][1].that for one in card.candidates)
            assert card.takes_others == (kind_id == "post")


def test_a_report_is_about_one_action_and_a_post_about_several_or_none():
    report, other, none = (Choice("assign", "report", "R", that) for that in ("A", "B", "none"))
    assert report.excludes(other) and report.excludes(none)
    assert report.words == ["assign", "R", "A"], "of a report the command needs no kind"
    story, further, never = (Choice("assign", "story", "S", that) for that in ("A", "B", "none"))
    assert not story.excludes(further) and story.excludes(never) and never.excludes(story)
    assert story.words == ["assign", "story", "S", "A"]
    assert not Choice("same", "action", "A", "B").excludes(story)
    assert (story.say(translator("en")), never.say(translator("en"))) == (
        "Decided: it belongs to the action A.", "Decided: it belongs to no action.",
    )  # fmt: skip
