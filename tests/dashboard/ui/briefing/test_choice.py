"""A presenter's choice: its link, and the result of each change."""

import pytest

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.options import Options
from dashboard.charts.sides import COMPARED
from dashboard.files.briefings.order import MOST_CHARTS, USED, Item, list_items, read_items, write_items
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing import choice
from dashboard.ui.briefing.choice import PRESETS, REGION_CHARTS, BriefingChoice, parse
from dashboard.ui.pieces import chart_card

REGION, STATUS, THEME = Item("completion-by-region"), Item("status-overview"), Item("completion-by-theme")
ALL = Selection()
THREE = BriefingChoice((REGION, STATUS, THEME))


@pytest.fixture
def read(snapshot):
    """Return a reader of links."""
    return lambda parameters, selection=ALL: parse(parameters, selection, lambda: snapshot)


def test_charts_are_moved_renamed_and_taken_out(read):
    assert THREE.move("completion-by-theme", -1).items == (REGION, THEME, STATUS)
    assert THREE.move("completion-by-theme", 1) == THREE.move("completion-by-region", -1) == THREE
    named = THREE.rename("status-overview", "Status: 5, maybe 6 %")
    assert named.items[1] == Item("status-overview", "Status: 5, maybe 6 %")
    assert named.remove("completion-by-region").items == named.items[1:]
    assert named.take_items(()).items == ()
    assert read(named.write()) == named


def test_a_chart_is_added_once_with_the_same_choices_and_takes_the_new_title():
    sorted_theme = THEME._replace(options=Options(sort="name"))
    both = THREE.add(sorted_theme)
    assert both.items == (*THREE.items, sorted_theme)
    assert both.find_plain() == {item.chart_id: item.chart_id for item in THREE.items}
    titled = both.add(sorted_theme._replace(title="Ours"))
    assert titled.items == (*THREE.items, sorted_theme._replace(title="Ours"))
    assert list(titled.name_items())[-1] == "completion-by-theme.2"


def test_what_is_chosen_of_a_chart_is_kept_and_equal_charts_become_one(read):
    chosen = THREE.choose("completion-by-theme", "sort", "name")
    assert chosen.items[2].options == Options(sort="name")
    assert read(chosen.write()) == chosen
    twice = chosen.add(THEME)
    assert twice.choose("completion-by-theme.2", "sort", "name").items == chosen.items
    used = THREE.use("completion-by-region")
    assert used.choose(USED, "measure", "pace").in_use == REGION._replace(options=Options(measure="pace"))
    assert used.rename(USED, "Ours").in_use == Item("completion-by-region", "Ours")
    assert used.remove(USED) == THREE == THREE.rename(USED, "Ours") == THREE.choose(USED, "measure", "pace")


def test_an_own_title_survives_the_link():
    for title in ("", "Plain", "a:b,c%2C 100 %", "Émigré « ça »", "%%%,,,:::"):
        items = (Item("completion-by-region", title), Item("status-overview"), Item("completion-by-region"))
        assert tuple(read_items(write_items(items)).values()) == items


def test_ready_made_sets_keep_the_titles_of_charts_that_stay():
    overview = BriefingChoice((Item("status-overview", "Own"),)).take_set(PRESETS[0].charts)
    assert [item.chart_id for item in overview.items] == list(PRESETS[0].charts)
    assert len(overview.items) == 5
    assert Item("status-overview", "Own") in overview.items
    assert len(overview.take_set(CATALOGUE).items) == min(len(CATALOGUE), MOST_CHARTS)
    assert PRESETS[-1].charts == tuple(CATALOGUE)
    for charts in (*(preset.charts for preset in PRESETS), REGION_CHARTS):
        assert {item.chart_id for item in list_items(charts)} <= set(CATALOGUE)
    silent = BriefingChoice().take_set(next(preset.charts for preset in PRESETS if preset.id == "silent"))
    assert silent.items[1].options == Options(measure="reporting")


def test_words_stand_among_the_charts_and_a_chart_becomes_a_table_or_message(read):
    words = THREE.add(Item(kind="heading")).add(Item(kind="text")).add(Item(kind="text"))
    written = words.rename("text~.2", "Last {completed}").annotate("text~.2", "Slowly, please").move_to("text~.2", 0)
    assert [item.subject for item in written.items[:2]] == ["text~", "completion-by-region"]
    assert read(written.write()) == written
    assert THREE.add(Item(kind="break"), "completion-by-region").items == (REGION, Item(kind="break"), STATUS, THEME)
    table = written.rename("status-overview", "Ours").choose("status-overview", "kind", "table")
    assert table.items[2] == Item("status-overview", "Ours", kind="table")
    assert table.choose("table~status-overview", "kind", "message").items[2] == Item("status-overview", kind="message")
    assert table.remove("heading~").move_to("text~", 99).items == table.remove("heading~").items


def test_a_comparison_holds_what_can_stand_side_by_side(read):
    beside = Selection(regions=("africa",), versus=(("region", ("americas",)),))
    assert (choice.offered(beside), choice.offered(Selection())) == (COMPARED, tuple(CATALOGUE))
    alone = next(chart_id for chart_id in CATALOGUE if chart_id not in COMPARED)
    assert read({"charts": alone}, beside).unknown == (alone,)


def test_size_and_heading_are_those_of_the_link_or_the_usual_ones():
    assert (choice.read_size({"size": "square"}), choice.read_size({"size": "huge"})) == ("square", "slide")
    assert (choice.read_heading({"heading": "  March   briefing "}), choice.read_heading({})) == ("March briefing", "")


def test_a_briefing_waits_while_another_chart_is_fetched(read):
    parameters = {"charts": "completion-by-theme", "sort": "completion-by-theme:name", "heading": "Ours"}
    kept = choice.remember(parameters | {"chart": "status-overview"}, read(parameters).use("status-overview"))
    assert kept == parameters
    # as *Use this chart* of another page leads back
    back = {"chart": "explore", "by": "group", "sort": "name"}
    whole = kept | back | choice.bring_back(back, kept)
    assert (whole["charts"], whole["chart"], whole["by"]) == ("completion-by-theme", "explore", "group")
    assert whole["sort"] == "name,completion-by-theme:name"
    chosen = read(whole)
    assert chosen.in_use == Item("explore", options=Options(by="group", sort="name"))
    assert chosen.items == (THEME._replace(options=Options(sort="name")),)


def test_what_a_card_shows_is_what_is_used_and_added(read):
    selection = Selection(regions=("africa",))
    own = {"sort": "completion-by-region:name", "measure": "completion-by-region:pace"}
    card = chart_card.make_model(selection, translator("en"), own, "completion-by-region")
    other = chart_card.make_model(selection, translator("en"), own, "completion-map")
    handed = dict(card.pairs)
    stated = {"chart": "completion-by-region", "sort": "name", "measure": "pace", "peers": "1"}
    assert handed == {**stated, "region": "africa", "lang": "en"}
    assert not {"sort", "measure"} & set(dict(other.pairs))
    explored = {"charts": "explore,explore.2:Ours", "by": "explore:theme,explore.2:group", "as": "explore:multiples"}
    chosen = read({**stated, **explored}, selection)
    assert not chosen.refused and not chosen.unknown
    first = chosen.add(chosen.in_use).choose(USED, "peers", "0")  # of the one in use, which is then another one
    second = first.add(first.in_use)
    whole = second.choose("explore.2", "measure", "reporting").move("completion-by-region", -1).write()
    assert whole["charts"] == "explore,completion-by-region,explore.2:Ours,completion-by-region.2"
    assert whole["sort"] == "name,completion-by-region:name,completion-by-region.2:name"
    assert whole["measure"] == "pace,completion-by-region:pace,explore.2:reporting,completion-by-region.2:pace"
    assert whole["peers"] == "completion-by-region:1"
    assert whole["as"] == "explore:multiples"
