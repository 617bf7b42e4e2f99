"""The results of the header's search, as data: by name in every language, with the day and without the filters."""

from datetime import date

import pytest

from dashboard.access.rights import AccessClass
from dashboard.formats import format_date
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import header, search_box
from dashboard.ui.frame.header import Reader
from tests.models import assert_filled

SHOWN = Selection(themes=("mining",), as_of=date(2021, 7, 31))


@pytest.fixture
def find(snapshot):
    """Return a function that finds links, by their page; each by its parameters, all of one day."""

    def find(words: str, lang: str = "en", reader: Reader | None = None, day: str = "2021-07-31"):
        t = translator(lang)
        titles = header.list_titles(t, reader or Reader())
        found = search_box.make_model(snapshot, SHOWN, t, titles, words)
        assert_filled(found)
        ways: dict[str, list[dict[str, str]]] = {}
        for one in (one for group in found.groups for one in group.links):
            assert dict(one.pairs).items() >= {"as_of": day, "lang": lang}.items()
            ways.setdefault(one.page_id, []).append(
                {name: value for name, value in one.pairs if name not in ("as_of", "lang")}
            )
        return found, ways

    return find


def test_codes_lead_to_the_page_of_their_dimension(find, lang):
    assert find("ghana", lang)[1]["country"] == [{"country": "GHA"}]
    assert {"theme": "education"} in find({"es": "Educación"}.get(lang, "Éducation"), lang)[1]["themes"]
    found, ways = find("league imaginary river")
    assert {"grouping": "river_league"} in ways["regions"]
    assert found.groups[0].title == "Grouping of countries"


def test_actions_and_stakeholders_are_found_and_of_more_than_are_shown_all_are_led_to(find, snapshot, monkeypatch):
    found, ways = find("fix-003")
    assert ways["actions"][0] == {"action": "FIX-003"}
    assert found.groups[0].links[0].help.endswith(" · FIX-003")
    [maker] = snapshot.ask("select stakeholder_id from stakeholders where name like '%Cocoa Company'")["stakeholder_id"]
    assert {"stakeholder": maker} in find("company cocoa")[1]["stakeholders"]
    monkeypatch.setattr("dashboard.measures.search.MOST", 1)
    [number] = snapshot.ask("select count(*) as n from stakeholders where lower(name) like '%ministry%'")["n"]
    assert number > 1
    found, ways = find(" ministry ")
    (group,) = [group for group in found.groups if group.title.startswith("Stakeholders")]
    assert group.title == f"Stakeholders (1 of {number})"
    assert ways["stakeholders"][-1] == {"name": "ministry"}
    assert group.links[-1].label == f"Show all {number} stakeholders"
    found, ways = find("fix")
    assert ways["actions"][-1] == {"q": "fix"}
    assert len(ways["actions"]) == 2


def test_pages_are_found_by_their_titles_where_they_are_open_and_where_nothing_is_found_it_says_so(
    find, snapshot, lang
):
    t = translator(lang)
    assert {} in find(t("Extracts"), lang)[1]["download"]
    assert {} in find(t("Help"), lang)[1]["help"]
    staff = Reader(frozenset({AccessClass.PUBLIC, AccessClass.STAFF}))
    assert "quality" not in find(t("Data quality"), lang)[1]
    assert find(t("Data quality"), lang, staff)[1]["quality"] == [{}]
    assert "country" not in header.list_titles(t, staff)
    assert header.list_titles(translator("en"), staff)["upload"] == "Files · Upload"  # found by its page too
    found, ways = find("zebra", lang)
    assert (ways, found.sentence) == ({}, t("Nothing contains all of these words. Try fewer words."))
    assert search_box.make_model(snapshot, SHOWN, t, {}, "m ") is None, "nothing before the second letter"


def test_slips_and_left_out_accents_are_forgiven_and_said_where_nothing_is_written_so(find):
    for typed, meant, code in (
        ("cote d'ivoire", "", "CIV"),
        ("COTE DIVOIRE", "cote ivoire", "CIV"),
        ("gahna", "ghana", "GHA"),
        ("nepla", "nepal", "NPL"),
    ):
        found, ways = find(typed)
        assert ways.get("country") == [{"country": code}], (typed, found)
        assert found.sentence.endswith(f"for “{meant}”" if meant else " results"), typed
    assert [query["theme"] for query in find("mi")[1]["themes"]] == ["mining"], "from the second letter"
    assert find("xyzzyx")[1] == {}


def test_tasks_are_found_by_the_words_of_any_language_and_narrowed_by_what_else_is_typed(find):
    overdue = {"status": "overdue"}
    for typed, page_id, pairs in (
        ("excel", "download", {}),
        ("embed", "briefing", {"chart": "completion-by-region"}),
        ("overdue", "actions", overdue),
        ("en retard", "actions", overdue),
        ("vencid", "actions", overdue),
        ("overdeu", "actions", overdue),
        ("overdue in ghana", "actions", {**overdue, "country": "GHA"}),
    ):
        assert pairs in find(typed)[1][page_id], typed
    assert "upload" not in find("undo")[1], "what a reader may not open is not offered"
    staff = Reader(frozenset({AccessClass.PUBLIC, AccessClass.STAFF}))
    assert find("undo", reader=staff)[1]["upload"] == [{}]


def test_every_task_leads_to_a_page_with_parameters_that_it_takes_and_has_words_in_every_language(lang):
    t = translator(lang)
    for task in search_box.TASKS:
        assert header.find(task.page_id), task
        assert lang == "en" or (t(task.title) != task.title and t(task.words) != task.words), task


def test_a_question_in_words_comes_first_with_what_was_understood_and_what_was_not(find, lang, snapshot):
    t = translator(lang)
    found, _ = find("zebras: qui est en retard au Ghana fin juin ?", lang, day="2021-06-30")
    assert found.groups[0].title == t("Your question")
    (asked,) = found.groups[0].links
    overdue = snapshot.codes["statuses"]["overdue"].labels[lang]
    assert (asked.page_id, asked.help) == (
        "stakeholders",
        " · ".join(("Ghana", overdue, t("As of {day}", day=format_date(date(2021, 6, 30), lang)))),
    )
    assert {*asked.pairs} == {("country", "GHA"), ("status", "overdue"), ("as_of", "2021-06-30"), ("lang", lang)}
    assert found.sentence.endswith(t("Not understood: “{words}”.", words="zebras"))


def test_both_readings_are_offered_with_names_that_tell_them_apart(find):
    found, _ = find("compare africa and americas")
    assert [one.label for one in found.groups[0].links] == ["Africa compared with Americas"]
    found, ways = find("research by region")
    assert [one.label for one in found.groups[0].links] == ["Completion rate by region"]
    assert ways["explore"] == [{"category": "research", "by": "region"}]
    assert find("ghana")[0].groups[0].title == "Country", "a name alone is no question"
