"""The objections to publishing a draft, from its preview."""

from dataclasses import fields, replace

import pandas as pd
import pytest

from dashboard.i18n import translator
from dashboard.lists.quality.differences import Preview
from dashboard.measures.counts import Headline, headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces.comparison import list_concerns, say_criteria
from tests.shipped import LANGUAGES

NO_TITLE, BLANK = "has neither title nor id", "the row is blank"


@pytest.fixture
def before(snapshot) -> Headline:
    """Return the figures that are published."""
    return headline(snapshot, Selection())


def make_preview(before: Headline | None, after: Headline, *reasons: str) -> Preview:
    """Make a preview of a hundred rows, some of them rejected."""
    rejected = pd.DataFrame({"reason": reasons, "rows_of_reason": [reasons.count(reason) for reason in reasons]})
    account = pd.DataFrame({"rows_rejected": [len(reasons)], "rows_read": [100]})
    given = {"account": account, "rejected": rejected, "before": before, "after": after}
    return Preview(**{field.name: given.get(field.name) for field in fields(Preview)})


def test_only_much_that_is_rejected_or_lost_speaks_against_it_in_every_language(before):
    few = replace(before, actions=before.actions - 1, completed=before.completed + 9)
    assert before.actions - few.actions < 0.05 * before.actions
    assert list_concerns(translator("en"), make_preview(before, few, *[NO_TITLE] * 4)) == []
    preview = make_preview(before, replace(before, completed=0), *[NO_TITLE] * 4, BLANK)
    assert list_concerns(translator("en"), preview) == [
        "- Rejected rows, which count nowhere (5 of 100, 5%):",
        "  - 4 × Has neither title nor id",
        "  - 1 × The row is blank",
        f"- Completed falls from {before.completed} to 0",
    ]
    said = {tuple(list_concerns(translator(lang), preview)) for lang in LANGUAGES}
    assert len(said) == len(LANGUAGES) and "{" not in "".join(map("".join, said))
    assert len(list_concerns(translator("en"), replace(preview, before=None))) == 3, "nothing can fall"


def test_a_preview_counts_the_criteria_of_its_files_and_what_their_commitments_lack(snapshot):
    files = snapshot.query("input_files")["source_file"].tolist()
    frame = snapshot.query("draft_criteria", {"files": files})
    missing = frame[frame["missing"].notna()].set_index("criterion")
    assert missing["commitments"].to_dict() == {
        "specific": 5, "measurable": 13, "achievable": 20, "relevant": 3, "time_bound": 10,
    }  # fmt: skip
    assert missing["missing"]["time_bound"] == "after_deadline"
    said = say_criteria(translator("en"), frame)
    assert said.startswith("40 commitments of these files were read. Specific 35, Measurable 27, Achievable 20,")
    assert len({say_criteria(translator(lang), frame) for lang in LANGUAGES}) == len(LANGUAGES)
    assert snapshot.query("draft_criteria", {"files": ["none of these"]}).empty
