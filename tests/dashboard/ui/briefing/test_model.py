"""The page Briefing as data: the chart in use, the briefing and the catalogue, in every language."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.charts.catalogue import CATALOGUE, RESULTS
from dashboard.charts.chart import build_chart
from dashboard.charts.options import Options
from dashboard.charts.svg.surround import SIZES
from dashboard.files.briefings.order import BriefingRequest, Item
from dashboard.formats import format_count, format_percent
from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing import model
from dashboard.ui.briefing.choice import PRESETS
from dashboard.ui.briefing.model import make_model, write_screen
from dashboard.ui.pieces.chart_share import make_embed
from tests.charts_over_http import ask, make_app

SITE = "https://example.org/dash"
AFRICA = {"regions": ("africa",)}
HOSTILE = '<img src=x onerror=alert(1)> "quoted" & \u202egnirts'


@pytest.fixture
def settings(campaign_folder):
    """Return a dashboard that others can open."""
    return Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign_folder), "DASHBOARD_BASE_URL": SITE})


@pytest.fixture
def make(snapshot, settings):
    """Return the page as a link asks for it: its own parameters, and the attributes of a selection."""

    def make(parameters=None, lang="en", template="", **selection):
        chosen = Selection(lang=lang, **selection)
        return make_model(snapshot, chosen, translator(lang), parameters or {}, settings, template=template)

    return make


def test_every_chart_is_there_with_its_picture_title_and_figures(make, snapshot, lang):
    shown = make(lang=lang)
    cards = shown.catalogue.cards
    assert [card.chart_id for card in cards] == [*CATALOGUE, *RESULTS]
    for card in cards:
        assert card.preview.title == build_chart(snapshot, card.chart_id, Selection(lang=lang)).title
        assert card.preview.picture.startswith("data:image/svg+xml,")  # its styles and scripts stay inside
        assert not set(card.preview.picture) & set("<>#'()\"")  # it stands in quotes of CSS, in an attribute
        assert len(card.preview.alt) > 20
    total = headline(snapshot, Selection(lang=lang))
    completed, actions = (format_count(n, lang) for n in (total.completed, total.actions))
    said = " ".join(card.preview.highlight for card in cards)
    assert re.search(rf"\b{completed}\b.*\b{actions}\b|\b{actions}\b.*\b{completed}\b", said)
    assert shown.lead == translator(lang)(model.LEAD)
    assert (shown.in_use, shown.unknown, shown.refused, shown.empty) == (None, "", (), None)
    assert shown.catalogue.explore.page_id == "explore"
    some = make({"charts": "completion-by-theme,status-overview"}).catalogue.cards
    assert {card.chart_id for card in some if card.name} == {"completion-by-theme", "status-overview"}
    sorted_one = make({"charts": "completion-by-theme", "sort": "completion-by-theme:name"})
    assert not any(card.name for card in sorted_one.catalogue.cards), "which is not in the briefing as it is here"
    versus = make(versus=(("region", ("americas",)),), **AFRICA).catalogue
    assert versus.note.startswith("Only those that show two selections side by side")
    assert 0 < len(versus.cards) < len(CATALOGUE)
    assert dict(versus.explore.pairs) == {"region": "africa", "lang": "en"}


@pytest.mark.nightly
def test_one_chart_comes_with_everything_that_can_be_had_of_it(make, snapshot, settings, lang):
    t = translator(lang)
    parameters = {"chart": "completion-by-region", "title": "Where we stand", "size": "square"}
    shown = make(parameters, lang=lang, **AFRICA)
    used, africa = shown.in_use, Selection(lang=lang, **AFRICA)
    assert used.item == Item("completion-by-region", "Where we stand")
    assert (used.request.size, used.is_added, used.anew, shown.lead) == ("square", False, None, "")
    assert list(used.sizes) == list(SIZES)
    assert f"{SIZES['square'].width} × {SIZES['square'].height}" in used.about_size
    assert used.chart.alt == build_chart(snapshot, "completion-by-region", africa).alt
    total = headline(snapshot, africa)
    assert format_percent(total.completed, total.actions, lang) in used.chart.alt
    assert {menu.name for menu in used.menus} >= {"sort", "measure", "peers"}
    embed = make_embed(snapshot, t, used.chart, used.request, settings)
    split = urlsplit(embed.address)
    assert split.path == "/dash/charts/completion-by-region"
    assert parse_qs(split.query) == {"region": ["africa"], "lang": [lang], "title": ["Where we stand"]}
    title = f"Where we stand – {snapshot.codes['regions']['africa'].labels[lang]}. "
    assert used.source.startswith(title) and used.source.endswith(embed.address)
    assert title in used.citation and used.citation.endswith(embed.address)
    assert make(parameters | {"charts": "completion-by-region:Where we stand"}, lang=lang).in_use.is_added
    explored = make({"chart": "explore", "by": "group"}, lang=lang, **AFRICA).in_use.anew
    assert explored.label == t("Edit")
    assert (explored.page_id, dict(explored.pairs)) == ("explore", {"by": "group", "region": "africa", "lang": lang})


@pytest.mark.nightly
def test_words_to_go_with_a_chart_name_source_day_and_licence(make, snapshot, settings):
    used = make({"chart": "completion-by-region", "title": "Where we stand", "size": "square"}, **AFRICA).in_use
    assert "Source: Sample Secretariat, Fixture campaign · data of 31 December 2021 · CC BY 4.0. " in used.source
    assert "Sample Secretariat. Where we stand – Africa. Fixture campaign, data of 31 December 2021. " in used.citation
    assert f"Snapshot {snapshot.build_id}. CC BY 4.0. " in used.citation


def test_hostile_titles_stay_text(make, snapshot, settings):
    shown = make({"chart": "completion-by-region", "title": HOSTILE, "charts": f"status-overview:{HOSTILE}"})
    frame = make_embed(snapshot, translator("en"), shown.in_use.chart, shown.in_use.request, settings).code
    assert "<img" not in frame
    assert frame.count("<") == 6  # a script, a frame and its container
    assert shown.pack.rows[0].own_title == HOSTILE


def test_the_briefing_lists_its_charts_with_their_choices_and_files(make, snapshot, lang):
    t = translator(lang)
    begin = make(lang=lang).pack
    assert begin.note == t("Several charts as one file: add them from the list below, or begin with a ready-made set.")
    assert (begin.rows, begin.request, begin.can_clear) == ((), None, False)
    assert [preset[:2] for preset in begin.presets] == [(preset.id, t(preset.label)) for preset in PRESETS]
    assert begin.regions["africa"] == snapshot.codes["regions"]["africa"].labels[lang]
    link = {"charts": "status-overview:Own,completion-by-theme", "sort": "completion-by-theme:name", "heading": "Ours"}
    pack = make(link | {"size": "square"}, lang=lang, **AFRICA).pack
    first, second = pack.rows
    assert (first.number, first.is_last, second.number, second.is_last) == (1, False, 2, True)
    assert (first.own_title, second.own_title) == ("Own", "")
    assert first.words["up"] == t("Move up: {chart}", chart=first.title)
    assert first.chosen == t("Default")
    assert second.chosen == second.offered["sort:name"]
    assert second.offered["sort:name"].startswith(f"{t('Sort by')}{t(': ')}")
    charts = (Item("status-overview", "Own"), Item("completion-by-theme", options=Options(sort="name")))
    assert pack.request == BriefingRequest(charts, Selection(lang=lang, **AFRICA), "Ours", "square")
    pack.request.check()
    assert (pack.heading, pack.placeholder) == ("Ours", snapshot.campaign[f"title_{lang}"])
    assert "template.pptx" in make(link, lang=lang, template="template.pptx").pack.about
    assert "template.pptx" not in pack.about


def test_what_the_link_asks_in_vain_is_said_and_the_others_shown(make, lang):
    t = translator(lang)
    shown = make({"charts": "status-overview,no-such*chart", "chart": "nonsense"}, lang=lang)
    asked = "The link asks for charts that do not exist here: {names}. Choose others below."
    assert shown.unknown == t(asked, names=r"no-such\*chart, nonsense")
    assert [row.name for row in shown.pack.rows] == ["status-overview"]
    assert shown.in_use is None
    refused = make({"charts": "status-overview", "sort": "status-overview:size,completion-map:name"}, lang=lang).refused
    said = " ".join(refused).replace("\\", "")
    assert "sort=size" in said and "completion-map:name" in said
    survey = make({"charts": "survey-answers", "question": "survey-answers:nonsense"})
    assert "question=nonsense" in survey.refused[0]
    assert survey.pack.rows[0].title == "Which support did you receive?"
    empty = make({"charts": "status-overview"}, lang=lang, q="no action has these words")
    assert empty.empty.sentence == t("No action matches these filters.")
    assert [offer.parameter for offer in empty.empty.offers] == ["q"]
    assert (empty.in_use, empty.pack, empty.catalogue) == (None, None, None)
    assert [item.chart_id for item in empty.chosen.items] == ["status-overview"], "the briefing is kept"


def test_the_charts_have_an_address_for_the_screen_of_a_hall(make, store, campaign_folder, monkeypatch):
    items = make({"charts": "completion-by-theme,status-overview"}).pack.items
    address = write_screen(SITE, items, Selection(lang="fr", **AFRICA), 40, "light")
    query = {"seconds": ["40"], "scheme": ["light"], "region": ["africa"], "lang": ["fr"]}
    assert address.startswith(f"{SITE}/show?")
    assert parse_qs(urlsplit(address).query) == query | {"chart": ["completion-by-theme", "status-overview"]}
    answer = ask(make_app(campaign_folder, monkeypatch), f"/show?{urlsplit(address).query}")
    assert answer.text.count('<section class="slide"') == 2
    own = Options(sort="name"), Options(by="theme", form="multiples")
    charts = (Item("completion-by-region", options=own[0]), Item("explore", options=own[1]), Item("explore"))
    shown = parse_qs(urlsplit(write_screen(SITE, charts, Selection(), 20, "dark")).query)
    assert shown["chart"] == ["completion-by-region", "explore", "explore.2"]
    assert (shown["sort"], shown["as"]) == (["completion-by-region:name"], ["explore:multiples"])
