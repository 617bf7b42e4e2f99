"""Words become members of a list, with codes that are free; what stands in the file stays."""

from dashboard.campaign.codelists import is_code
from dashboard.campaign.new_members import add_members


def test_words_are_added_below_what_is_there_in_the_files_own_way():
    text = "\ufeffcode;label_en;aliases;sort_order\nfarms;Farms;Farming;20\n"
    added = add_members(text, ["Écoles rurales", "Farms!", "Eau; air"], "fr")
    assert added == (
        "\ufeffcode;label_en;aliases;sort_order;label_fr\nfarms;Farms;Farming;20\n"
        'ecoles_rurales;;;30;Écoles rurales\nfarms_2;;;40;Farms!\neau_air;;;50;"Eau; air"\n'
    )


def test_every_word_gets_a_code_of_its_own():
    words = ["2030", "教育", "语言", "a" * 90]
    codes = [line.split(",")[0] for line in add_members("code,label_en,sort_order\n", words, "en").splitlines()[1:]]
    assert all(map(is_code, codes)) and len(set(codes)) == len(words)
