"""Which words of a file are offered as members of the campaign's own lists, and which are asked about one by one."""

import pandas as pd

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.quality.differences import _part_words

WORDS = pd.DataFrame(
    {
        "field": ["themes", "themes", "status", "category"],
        "word": ["Water", "Foresst", "Halfway", "Law"],
        "row_count": [3, 2, 2, 1],
        "nearest_code": [None, "forest", None, None],
        "words_in_all": 4,
    }
)


def test_a_new_word_of_an_own_list_is_offered_and_a_likely_misspelling_is_asked_about(tmp_path):
    (tmp_path / "codelists").mkdir()
    (tmp_path / "codelists" / "themes.csv").write_text("code,label_en,aliases,sort_order\nforest,Forest,,10\n")
    asked, new = _part_words(CampaignFolder(tmp_path), WORDS)
    assert new == {"themes": [("Water", 3)]}
    assert asked[["word", "words_in_all"]].to_dict("list") == {
        "word": ["Foresst", "Halfway", "Law"],
        "words_in_all": [3] * 3,
    }


def test_the_shipped_lists_take_no_word_in():
    asked, new = _part_words(CampaignFolder(SHIPPED_CAMPAIGN), WORDS)
    assert new == {} and len(asked) == 4
