"""Cards of charts as data: the choices of each, the requests of a link, and a card's words in every language."""

import re
from datetime import date
from html import escape
from types import SimpleNamespace
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.options import Options
from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot.attribution import say_source
from dashboard.snapshot.selection import Selection
from dashboard.ui.dimension import CHARTS
from dashboard.ui.pieces import chart_card, chart_marks, chart_options, chart_share
from dashboard.ui.pieces.chart_card import CardModel
from dashboard.ui.pieces.chart_marks import Form
from dashboard.web.charts.requests import ChartRequest, read

REGIONS, STATUSES = "completion-by-region", "status-overview"
ALL = (*dict.fromkeys(chart_id for page in CHARTS.values() for chart_id in page), "completion-over-time")


def model(chart_id: str, selection: Selection | None = None, **parameters: str) -> CardModel:
    selection = selection or Selection()
    return chart_card.make_model(selection, translator(selection.lang), parameters, chart_id)


@pytest.fixture
def make(snapshot):
    """Return a chart as its card has it."""

    def make(chart_id: str, selection: Selection) -> Chart:
        return chart_card.find_chart(snapshot, chart_id, selection, Options(peers=True))

    return make


@pytest.mark.parametrize("chart_id", ALL)
def test_a_card_says_the_same_to_those_who_do_not_see_and_whose_figures_they_are(make, snapshot, chart_id, lang):
    selection = Selection(lang=lang)
    chart, total = make(chart_id, selection), headline(snapshot, selection)
    for form in get_args(Form):
        assert re.findall(r"<desc[^>]*>([^<]+)</desc>", chart_marks.draw(chart, form).svg)[0]
    caption = chart.caption
    assert chart.title and caption.finding
    assert say_source(snapshot.campaign, lang, total.day) in caption.source_line
    assert not any(name in caption.source_line for name in total.source_files)
    assert total.source_files[0] in caption.files_line


@pytest.mark.parametrize("chart_id", CHARTS["themes"])
def test_rows_of_the_table_are_links_to_what_their_mark_does(make, snapshot, chart_id):
    selection = Selection(regions=("africa",), as_of=date(2021, 9, 15))
    chart = make(chart_id, selection)
    table = chart_marks.render(translator(selection.lang), chart, snapshot, selection)
    linked = re.findall(r'<a href="([^"]*)" data-chart="([^"]*)" data-mark="([^"]*)"([^>]*)>', table)
    assert {chart for _, chart, _, _ in linked} == {chart_id}
    marks = {mark: (address, rest) for address, _, mark, rest in linked}
    assert marks.keys() >= set(re.findall(r'data-mark="([^"]+)"', chart_marks.draw(chart, "wide").svg)) != set()
    for mark, (address, rest) in marks.items():
        chosen = chart_marks.pick(selection, chart_marks.read_mark(mark, snapshot))
        assert address == f"?{chosen.query_string()}".replace("&", "&amp;")
        assert ("aria-current" in rest) == (mark in chart_marks.in_force(selection))


def test_a_long_table_says_how_many_rows_it_has_and_shows_all_of_them(snapshot, monkeypatch, lang):
    chart, t = build_chart(snapshot, REGIONS, Selection(lang=lang)), translator(lang)
    words = t("Show all {n} rows", n=str(len(chart.frame)))
    assert words not in chart_marks.render(t, chart, snapshot, Selection(lang=lang))
    monkeypatch.setattr(chart_marks, "LONG_TABLE", 1)
    shown = chart_marks.render(t, chart, snapshot, Selection(lang=lang))
    assert f'<details class="show-all"><summary>{words}</summary></details><div class="figures long"' in shown


def test_each_chart_has_its_own_sort_and_measure_of_the_link():
    stated = {"sort": f"{REGIONS}:name,{STATUSES}:rate", "measure": f"{REGIONS}:reporting"}
    selection = Selection(regions=("africa", "americas"), lang="fr")
    regions, statuses = (model(chart_id, selection, **stated) for chart_id in (REGIONS, STATUSES))
    assert regions.options == Options(sort="name", measure="reporting", peers=True)
    assert statuses.options == Options(sort="rate", peers=True)
    assert {menu.name: menu.chosen for menu in regions.menus} == {"sort": "name", "measure": "reporting"}
    taken = {"chart": REGIONS, "sort": "name", "measure": "reporting", "peers": "1", "lang": "fr"}
    assert {name: value for name, value in regions.pairs if name != "region"} == taken
    assert "peers" not in dict(model(REGIONS).pairs)  # there are none to take along


def test_a_choice_is_put_into_the_link_beside_those_of_other_charts():
    spec, parameters = CATALOGUE[REGIONS], {"sort": f"{STATUSES}:rate"}
    both = chart_options.state_choice(parameters, spec, "sort", "name")
    assert both is not None and set(both.split(",")) == {f"{STATUSES}:rate", f"{REGIONS}:name"}
    assert chart_options.state_choice({}, spec, "measure", "reporting") == f"{REGIONS}:reporting"
    # Its own order is left out of the link.
    assert chart_options.state_choice({"sort": both}, spec, "sort", spec.order) == f"{STATUSES}:rate"
    assert chart_options.state_choice({"sort": f"{REGIONS}:name"}, spec, "sort", spec.order) is None


@pytest.mark.parametrize(("name", "stated"), [("sort", f"{REGIONS}:size"), ("measure", f"{REGIONS}:colour")])
def test_a_choice_that_is_not_offered_is_said_and_the_chart_shows_its_own(name, stated, lang):
    shown = model(REGIONS, Selection(lang=lang), **{name: stated})
    assert f"{name}={stated.partition(':')[2]}" in shown.warning
    assert shown.options == Options(peers=True)
    assert not model(STATUSES, Selection(lang=lang), **{name: stated}).warning


def test_the_large_view_is_opened_by_the_link_and_a_page_with_choices_of_its_own_has_no_menus(lang):
    shown = (model(REGIONS, large=REGIONS), model(STATUSES, large=REGIONS), model(REGIONS))
    assert [one.is_large for one in shown] == [True, False, False]
    t, chosen = translator(lang), Options(sort="name")
    own = chart_card.make_model(Selection(lang=lang), t, {"sort": f"{REGIONS}:rate"}, REGIONS, options=chosen)
    assert (own.options, own.menus, own.warning) == (chosen, (), "")
    assert dict(own.pairs)["sort"] == "name"


@pytest.fixture
def share(snapshot, monkeypatch):
    """Return a function that shares a page's chart: its files and its place in a web page."""

    def share(lang="en", options=None, newest=snapshot, site="https://dashboard.example.org/year", **selection):
        monkeypatch.setattr(chart_share, "current", lambda _: newest)
        chosen, t, settings = Selection(lang=lang, **selection), translator(lang), Settings(base_url=site)
        request = chart_share.find_request(SimpleNamespace(snapshot=snapshot), REGIONS, chosen, options or Options())
        chart = build_chart(snapshot, REGIONS, chosen, options or Options())
        files = chart_share.list_files(snapshot, t, request, settings, "use", "/year")
        embeds = (chart_share.make_embed(snapshot, t, chart, request, settings, kind) for kind in chart_share.EMBEDS)
        return SimpleNamespace(files=files, live=next(embeds), frozen=next(embeds))

    return share


def test_what_a_card_shares_are_its_files_its_address_and_its_code_with_the_filters_and_choices(share, snapshot, lang):
    chosen, selection = Options(sort="name", peers=True), Selection(regions=("africa", "americas"), lang=lang)
    shared = share(lang, chosen, regions=("americas", "africa"))
    assert [file.key for file in shared.files] == [f"use-{key}" for key in chart_share.FORMS]
    for (key, form), file in zip(chart_share.FORMS.items(), shared.files, strict=True):
        assert "africa" in file.file_name and file.file_name.endswith(f"_{lang}.{'png' if key == 'fine' else key}")
        name, _, query = file.address.partition("?")
        if form.file_format != "zip":
            assert name == f"/year/charts/{REGIONS}.{form.file_format}"
            asked = read(REGIONS, form.file_format, parse_qs(query), snapshot)  # as the address is answered
            assert (asked.selection, asked.options, asked.scale) == (selection, chosen, form.scale)
    live = shared.live
    assert live.address.startswith(f"https://dashboard.example.org/year/charts/{REGIONS}?")
    assert f'src="{escape(live.address)}"' in live.code and not live.warning
    assert share(site="http://127.0.0.1:8501").live.warning


def test_an_embed_follows_the_data_keeps_a_day_or_is_frozen_at_the_build(share, snapshot, lang):
    shared = share(lang)
    assert "build=" not in shared.live.address + shared.live.code
    assert parse_qs(urlsplit(shared.frozen.address).query)["build"] == [snapshot.build_id]
    assert f"build={snapshot.build_id}" in shared.frozen.code
    assert shared.live.sentence == translator(lang)("Shows new data as it arrives; no need to copy it again.")
    assert snapshot.build_id[:12] in shared.frozen.sentence
    assert "2021" in share(lang, as_of=date(2021, 10, 1)).live.sentence


def test_what_a_session_sees_of_an_earlier_build_is_shared_from_that_build(share, snapshot):
    shared = share(newest=SimpleNamespace(build_id="0" * 64))
    assert all(f"build={snapshot.build_id}" in file.address for file in shared.files if file.address)
    assert "build=" not in shared.live.address  # who is given the link sees new data as it comes in


def test_names_and_addresses_of_pictures_say_their_size():
    request = ChartRequest(REGIONS, "png", Selection(), "0" * 64, size="square")
    print_form, csv = chart_share.FORMS["fine"], chart_share.FORMS["csv"]
    assert chart_share.name_inside(request, print_form) == f"{REGIONS}-square-print"
    assert chart_share.name_inside(request, csv) == REGIONS
    assert "size=square" in chart_share.find_address(request, "", print_form)
