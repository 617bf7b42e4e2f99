"""Codelists changed as on the page: refusals, lines that stay as written, and remarks on a change."""

from dataclasses import replace

import pytest

from dashboard.campaign import codelist_edit, settings_words
from dashboard.campaign.codelist_edit import add_members
from dashboard.campaign.codelists import is_code, load_codelist, load_codelists, read_codes
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.ground.codelist_codes import Code
from dashboard.i18n import translator
from dashboard.languages import Texts
from dashboard.paths import SHIPPED_CAMPAIGN

THEMES = (
    "\ufeffcode;label_en;label_fr;aliases;sort_order;notes\r\n"
    "farms;Farms;Fermes;Agriculture | Farming;10;by hand\r\n"
    'mines;"Mines; pits";Mines;;20;\r\n'
    "schools;Schools;Écoles;School;30;\r\n"
)
STATUSES = (SHIPPED_CAMPAIGN / "codelists" / "statuses.csv").read_bytes().decode()


def parse(text, name="themes"):
    """Return the members of a text."""
    codes = read_codes(text.removeprefix("\ufeff").replace("\r\n", "\n"), name, f"{name}.csv")
    return sorted(codes, key=lambda code: (code.sort_order, code.code))


def find(text, code, name="themes"):
    """Return a member of a text."""
    return next(one for one in parse(text, name) if one.code == code)


def change(text, code, name="themes", **wanted):
    """Return the text with a member changed."""
    return codelist_edit.change_member(text, parse(text, name), replace(find(text, code, name), **wanted), "en")


def list_other_lines(before, after):
    """List the lines of either text that the other has not."""
    old, new = before.split("\r\n"), after.split("\r\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_only_what_is_changed_is_written_otherwise():
    more = change(THEMES, "farms", labels=Texts({"en": "Farms", "fr": "Fermes; champs"}))
    assert list_other_lines(THEMES, more) == (
        ["farms;Farms;Fermes;Agriculture | Farming;10;by hand"],
        ['farms;Farms;"Fermes; champs";Agriculture | Farming;10;by hand'],
    )
    spelled = change(THEMES, "mines", aliases=("Quarry", "Pit work"))
    assert find(spelled, "mines").aliases == ("Quarry", "Pit work")
    assert change(THEMES, "farms") == THEMES
    emptied = change(THEMES, "farms", labels=Texts({"en": "Farms"}))
    assert list_other_lines(THEMES, emptied)[1] == ["farms;Farms;;Agriculture | Farming;10;by hand"]
    further = change(THEMES, "schools", labels=Texts({"en": "Schools", "fr": "Écoles", "es": "Escuelas"}))
    assert find(further, "schools").labels["es"] == "Escuelas"
    assert list_other_lines(THEMES, further)[1] == [
        "\ufeffcode;label_en;label_fr;aliases;sort_order;notes;label_es",
        "schools;Schools;Écoles;School;30;;Escuelas",
    ]


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"aliases": ("SCHOOL",)}, "“SCHOOL” already means Schools"),
        ({"labels": Texts({"en": "écoles"})}, "already means Schools"),
        ({"labels": Texts({})}, "no label"),
        ({"aliases": ("a|b",)}, "vertical bar"),
    ],
)
def test_a_member_that_could_not_be_told_from_another_is_refused(wanted, refusal):
    with pytest.raises(UserError, match=refusal):
        change(THEMES, "farms", **wanted)


def test_a_member_is_added_with_a_code_made_of_its_label_and_before_those_in_no_class():
    codes = load_codelist(CampaignFolder(SHIPPED_CAMPAIGN), "statuses")
    taken = [code.code for code in codes]
    paused = Code("statuses", codelist_edit.propose_code("En pause, à revoir", taken), Texts({"fr": "En pause"}), (), 0)
    with pytest.raises(UserError, match="no base status"):
        codelist_edit.add_member(STATUSES, codes, paused, "en")
    text = codelist_edit.add_member(STATUSES, codes, replace(paused, extra={"base_status": "in_progress"}), "en")
    order = codelist_edit.list_order(text)
    assert paused.code == "en_pause_a_revoir"
    assert order.index("superseded") + 1 == order.index(paused.code) < order.index("not_reported")
    assert find(text, paused.code, "statuses").base_status == "in_progress"
    assert [line for line in text.splitlines() if not line.startswith("en_pause")] == STATUSES.splitlines()
    assert codelist_edit.propose_code("Adapted", taken) == "adapted_2"
    assert codelist_edit.propose_code("2021 年", ()) == "code_2021"
    for code, refusal in (("Adapted!", "cannot be a code"), ("adapted", "in the list already")):
        with pytest.raises(UserError, match=refusal):
            codelist_edit.add_member(STATUSES, codes, replace(paused, code=code), "en")


def test_a_grouping_needs_countries_and_a_source_and_a_country_lies_where_its_subregion_does():
    lists = load_codelists(CampaignFolder(SHIPPED_CAMPAIGN))
    text = (SHIPPED_CAMPAIGN / "codelists" / "groupings.csv").read_bytes().decode()
    rivers = Code("groupings", "rivers", Texts({"en": "River States"}), (), 0, extra={"countries": "", "source": ""})
    whole = {"countries": "KEN|UGA", "source": "River Commission, 1 March 2021"}
    for extra, refusal in (({}, "no country"), ({"countries": "KEN"}, "no source")):
        with pytest.raises(UserError, match=refusal):
            codelist_edit.add_member(text, lists["groupings"], replace(rivers, extra=rivers.extra | extra), "en")
    added = codelist_edit.add_member(text, lists["groupings"], replace(rivers, extra=whole), "en")
    assert find(added, "rivers", "groupings").members == ("KEN", "UGA")
    moved = codelist_edit.fill_parents({"iso2": "KE", "region": "africa", "subregion": "western_asia"}, lists)
    assert moved["region"] == "europe_and_central_asia"


def test_a_member_is_moved_by_one_number_and_the_list_numbered_anew_where_there_is_no_room():
    once = codelist_edit.move_member(THEMES, "schools", 0)
    assert codelist_edit.list_order(once) == ["schools", "farms", "mines"]
    assert len(list_other_lines(THEMES, once)[1]) == 1
    text = THEMES
    for code in ("farms", "schools", "mines") * 4:
        text = codelist_edit.move_member(text, code, 1)
        assert codelist_edit.list_order(text)[1] == code
    assert codelist_edit.move_member(THEMES, "mines", 9).endswith("schools;Schools;Écoles;School;30;\r\n")


def test_members_go_and_are_renamed_but_not_those_that_the_program_gives():
    left = codelist_edit.remove_member(THEMES, "themes", "mines")
    assert left == THEMES.replace('mines;"Mines; pits";Mines;;20;\r\n', "")
    renamed = codelist_edit.rename_member(THEMES, parse(THEMES), "themes", "mines", "mining")
    assert renamed == THEMES.replace("mines;", "mining;")
    with pytest.raises(UserError, match="is set by the program"):
        codelist_edit.remove_member(STATUSES, "statuses", "completed")
    with pytest.raises(UserError, match="in the list already"):
        codelist_edit.rename_member(THEMES, parse(THEMES), "themes", "mines", "farms")


def test_a_list_that_came_back_from_a_spreadsheet_changes_only_what_was_changed():
    columns = ("code", "label_en", "label_fr", "aliases", "sort_order")
    lines = ("schools;Schools;Écoles;School|College;5", "farms;Farms;Fermes;Agriculture|Farming;10", "sport;Sport;;;40")
    rows = [dict(zip(columns, line.split(";"), strict=True)) for line in lines]
    text = codelist_edit.take_table(THEMES, "themes", rows)
    assert codelist_edit.list_order(text) == ["schools", "farms", "sport"]
    assert "farms;Farms;Fermes;Agriculture | Farming;10;by hand\r\n" in text
    assert settings_words.describe_codelist(translator("en"), "themes", THEMES, text) == [
        "Removed: Mines; pits (mines)",
        "Schools, new spellings: “College”",
        "Schools comes first",
        "New: Sport (sport)",
    ]
    with pytest.raises(UserError, match="appears twice"):
        codelist_edit.take_table(THEMES, "themes", [*rows, rows[0]])


def test_what_differs_between_two_versions_is_told_in_the_readers_words():
    lists = CampaignFolder(SHIPPED_CAMPAIGN)
    before = lists.codelist_file("groupings").read_bytes().decode()
    asean = find(before, "asean", "groupings")
    extra = asean.extra | {"countries": "|".join([*asean.members[1:], "KEN"]), "source": "Elsewhere"}
    after = change(before, "asean", "groupings", extra=extra, labels=Texts({**asean.labels, "es": "Otra"}))
    told = settings_words.describe_codelist(translator("en"), "groupings", before, after)
    assert told == [
        f"ASEAN, label in Spanish: “{asean.labels['es']}” → “Otra”",
        "ASEAN, countries added: Kenya",
        "ASEAN, countries removed: Brunei Darussalam",
        f"ASEAN, source: {asean.extra['source']} → Elsewhere",
    ]
    status = change(STATUSES, "adapted", "statuses", extra={"base_status": "completed"})
    assert settings_words.describe_codelist(translator("en"), "statuses", STATUSES, status) == [
        "In progress, adapted, counts as: In progress → Completed"
    ]
    places = lists.codelist_file("subregions").read_bytes().decode()
    moved = change(places, "western_africa", "subregions", extra={"region": "americas"})
    assert settings_words.describe_codelist(translator("fr"), "subregions", places, moved) == [
        "Afrique de l’Ouest, région\u00a0: Afrique → Amériques"
    ]


@pytest.mark.parametrize("name", ["groupings", "statuses"])
def test_a_list_goes_to_a_spreadsheet_and_comes_back_unchanged(name):
    text = (SHIPPED_CAMPAIGN / "codelists" / f"{name}.csv").read_bytes().decode()
    workbook = codelist_edit.write_workbook(text, name)
    for data in (workbook, text.replace("\n", "\r\n").encode()):
        rows = codelist_edit.read_rows(data, "list.xlsx")
        assert codelist_edit.take_table(text, name, rows) == text
    for data, refusal in ((b"PK\x03\x04 not a workbook", "cannot be read"), (b"a,b\n1,2\n", "no column code")):
        with pytest.raises(UserError, match=refusal):
            codelist_edit.read_rows(data, "list.xlsx")


def test_words_are_added_below_what_is_there_in_the_files_own_way_each_with_a_code_of_its_own():
    text = "\ufeffcode;label_en;aliases;sort_order\nfarms;Farms;Farming;20\n"
    added = add_members(text, ["Écoles rurales", "Farms!", "Eau; air"], "fr")
    assert added == (
        "\ufeffcode;label_en;aliases;sort_order;label_fr\nfarms;Farms;Farming;20\n"
        'ecoles_rurales;;;30;Écoles rurales\nfarms_2;;;40;Farms!\neau_air;;;50;"Eau; air"\n'
    )
    words = ["2030", "教育", "语言", "a" * 90]
    codes = [line.split(",")[0] for line in add_members("code,label_en,sort_order\n", words, "en").splitlines()[1:]]
    assert all(map(is_code, codes)) and len(set(codes)) == len(words)
