"""The Briefing page: one chart to take away, and several as a briefing that its link holds."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.briefings.bookmarks import read_items, write_items
from dashboard.briefings.order import TEMPLATES, BriefingRequest, Item
from dashboard.campaign import builds
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.errors import UserError
from dashboard.extracts.order import Export
from dashboard.formats import format_count, format_percent
from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing import chart_files as briefing_files
from dashboard.ui.briefing import choice, several_charts
from dashboard.ui.frame import link as address
from dashboard.web.charts.requests import ChartRequest
from tests.app.conftest import file_links, kept_query, page_links, text_of
from tests.cases import of_which
from tests.charts_over_http import ask, make_app
from tests.snapshots import copy_published


def keys(app, kind: str) -> list[str]:
    return [element.key for element in app.get(kind) if getattr(element, "key", None)]


def codes(app) -> list[str]:
    """The texts to copy: embed code, link, source line, alternative text."""
    return [element.value for element in app.code if not element.value.startswith("?")]  # the link of the page


def chosen(app) -> list[Item]:
    return list(read_items(kept_query(app).get("charts", [""])[0]).values())


def press(app, key: str):
    app.button(key=key).click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize("lang", of_which(["en", "fr", "es"], lambda _, lang: lang == "fr"))
def test_every_chart_is_there_with_its_picture_title_and_figures(open_page, snapshot, lang):
    app = open_page("briefing", lang=lang)
    assert not app.exception
    pages = [element.proto.body for element in app.get("html") if 'class="preview"' in element.proto.body]
    assert len(pages) == len(CATALOGUE)
    for body, chart_id in zip(pages, CATALOGUE, strict=True):
        chart = build_chart(snapshot, chart_id, Selection(lang=lang))
        assert chart.title.replace("’", "'") in body.replace("’", "'").replace("&#x27;", "'")
        assert 'src="data:image/svg+xml;base64,' in body
        assert re.search(r'alt="[^"]{20,}"', body)
    total = headline(snapshot, Selection(lang=lang))
    completed, actions = (format_count(n, lang) for n in (total.completed, total.actions))
    assert re.search(rf"\b{completed}\b.*\b{actions}\b|\b{actions}\b.*\b{completed}\b", text_of(app))
    assert translator(lang)("Use this chart") in text_of(app)


def test_styles_and_scripts_of_a_picture_cannot_reach_the_page(open_page):
    app = open_page("briefing")
    bodies = " ".join(element.proto.body for element in app.get("html") if 'class="preview"' in element.proto.body)
    assert "<svg" not in bodies
    assert "<style" not in bodies


def test_a_link_opens_one_chart_with_everything_that_can_be_had_of_it(open_page, snapshot):
    link = {"chart": "completion-by-region", "title": "Where we stand", "size": "square", "region": "africa"}
    app = open_page("briefing", **link, lang="en")
    assert not app.exception
    assert kept_query(app) == {name: [value] for name, value in {**link, "lang": "en"}.items()}
    files = {key for key in file_links(app) if key.startswith("use-")}
    assert files == {f"use-{key}" for key in ("png", "fine", "svg", "pptx", "pdf", "xlsx", "csv", "zip")}
    fitting, address, source, citation, alt = codes(app)
    next(group for group in app.get("button_group") if group.key == "use-fit").set_value("plain").run()
    frame, *others = codes(app)
    assert others == [address, source, citation, alt]
    assert frame.startswith("<iframe ")
    assert fitting == f"{fitting.partition('</script>')[0]}</script>{frame}"
    assert 'title="Where we stand"' in frame
    assert 'width="100%"' in frame
    assert int(re.search(r'height="(\d+)"', frame)[1]) > 200
    split = urlsplit(address)
    assert split.path == "/charts/completion-by-region"
    assert parse_qs(split.query) == {"region": ["africa"], "lang": ["en"], "title": ["Where we stand"]}
    assert source.startswith("Where we stand. Region: Africa. ")
    assert "Source: Sample Secretariat, Fixture campaign · data of 31 December 2021 · CC BY 4.0. " in source
    assert "Sample Secretariat. Where we stand. Fixture campaign, data of 31 December 2021. " in citation
    assert f"Snapshot {snapshot.build_id}. CC BY 4.0. " in citation
    assert citation.endswith(address)
    africa = Selection(regions=("africa",))
    assert alt == build_chart(snapshot, "completion-by-region", africa).alt
    total = headline(snapshot, africa)
    assert format_percent(total.completed, total.actions, "en") in alt


def test_the_embed_is_frozen_at_the_build_shown_and_the_build_is_kept(
    open_page, snapshot, campaign_folder, tmp_path, monkeypatch
):
    folder = tmp_path / "campaign"
    copy_published(campaign_folder, folder)
    app = open_page("briefing", chart="completion-by-region", lang="en")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder))
    app.run()
    assert not app.exception
    assert "build=" not in "".join(codes(app))
    assert builds.read_kept(folder) == frozenset()
    kind = next(group for group in app.get("button_group") if group.key == "use-embed")
    kind.set_value("frozen").run()
    assert not app.exception
    frame, address, *_ = codes(app)
    assert parse_qs(urlsplit(address).query)["build"] == [snapshot.build_id]
    assert f"build={snapshot.build_id}" in frame
    assert builds.read_kept(folder) == {snapshot.build_id}


def test_where_the_build_cannot_be_kept_no_frozen_code_is_handed_out(open_page, monkeypatch):
    def refuse(*_):
        raise UserError("The list of builds kept for embeds is in use.", "Try again in a minute.")

    monkeypatch.setattr(builds, "keep", refuse)
    app = open_page("briefing", chart="completion-by-region")
    next(group for group in app.get("button_group") if group.key == "use-embed").set_value("frozen").run()
    assert "Try again in a minute" in text_of(app).replace("\\", "")
    assert not any("iframe" in code for code in codes(app))


def test_charts_are_added_moved_renamed_and_taken_out_and_the_link_says_so(open_page):
    app = open_page("briefing", lang="en")
    for chart_id in ("completion-by-region", "status-overview", "completion-by-theme"):
        press(app, f"add-{chart_id}")
    press(app, "up-completion-by-theme")
    app.text_input(key="briefing-title-status-overview").set_value("  Status: 5, maybe 6 %  ").run()
    assert chosen(app) == [
        Item("completion-by-region"), Item("completion-by-theme"), Item("status-overview", "Status: 5, maybe 6 %"),
    ]  # fmt: skip
    app.text_input(key="briefing-heading").set_value("March briefing").run()
    assert kept_query(app)["heading"] == ["March briefing"]
    press(app, "out-completion-by-region")
    assert [item.chart_id for item in chosen(app)] == ["completion-by-theme", "status-overview"]
    press(app, "briefing-undo")
    assert [item.chart_id for item in chosen(app)] == ["completion-by-region", "completion-by-theme", "status-overview"]
    press(app, "briefing-clear")
    assert "charts" not in kept_query(app)
    press(app, "briefing-undo")
    assert chosen(app)[2] == Item("status-overview", "Status: 5, maybe 6 %")
    again = open_page("briefing", **{name: values[0] for name, values in kept_query(app).items()})
    assert again.text_input(key="briefing-title-status-overview").value == "Status: 5, maybe 6 %"
    assert again.text_input(key="briefing-heading").value == "March briefing"


@pytest.mark.parametrize("title", ["", "Plain", "a:b,c%2C 100 %", "Émigré « ça »", "%%%,,,:::"])
def test_an_own_title_survives_the_link(title):
    items = (Item("completion-by-region", title), Item("status-overview"), Item("completion-by-region"))
    assert tuple(read_items(write_items(items)).values()) == items


def test_ready_made_sets(open_page):
    app = press(open_page("briefing"), "preset-overview")
    assert [item.chart_id for item in chosen(app)] == list(choice.PRESETS[0].charts)
    assert len(chosen(app)) == 5
    press(app, "preset-all")
    assert [item.chart_id for item in chosen(app)] == list(CATALOGUE)
    press(app, "region-set-americas")
    assert [item.chart_id for item in chosen(app)] == list(choice.REGION_CHARTS)
    assert kept_query(app)["region"] == ["americas"]
    for preset in choice.PRESETS:
        assert set(preset.charts) <= set(CATALOGUE)
    assert set(choice.REGION_CHARTS) <= set(CATALOGUE)


class Work:
    """A file that is ready, under way, or refused."""

    def __init__(self, outcome: Export | UserError | None):
        self.outcome, self.is_cancelled = outcome, False
        self.share: float | None = None

    def done(self) -> bool:
        return self.outcome is not None

    def result(self) -> Export:
        if isinstance(self.outcome, UserError):
            raise self.outcome
        return self.outcome

    def progress(self) -> float | None:
        return self.share

    def cancel(self) -> None:
        self.is_cancelled = True


def test_the_deck_is_asked_for_with_what_the_page_shows(open_page, monkeypatch):
    asked = []

    def submit(snapshot, request, file_format):
        asked.append((snapshot.build_id, request, file_format))
        return Work(Export(b"deck", "briefing.pptx", "x/y"))

    monkeypatch.setattr(several_charts, "submit_briefing", submit)
    link = {"charts": "status-overview:Own,completion-by-theme", "heading": "Ours", "size": "square"}
    app = open_page("briefing", **link, region="africa", lang="fr")
    press(app, "briefing-file-pptx")
    app.run()
    (build_id, request, file_format), *more = asked
    assert not more
    assert file_format == "pptx"
    charts = (Item("status-overview", "Own"), Item("completion-by-theme"))
    assert request == BriefingRequest(charts, Selection(regions=("africa",), lang="fr"), "Ours", "square")
    request.check()
    assert "briefing-file-download" in keys(app, "download_button")


def test_a_briefing_under_way_can_be_called_off_and_is_dropped_when_it_changes(open_page, monkeypatch):
    works = []

    def submit(*_):
        works.append(Work(None))
        return works[-1]

    monkeypatch.setattr(several_charts, "submit_briefing", submit)
    app = press(open_page("briefing", charts="status-overview,completion-by-theme"), "briefing-file-html")
    bar = app.get("progress")[0].proto
    assert "0 s so far" in bar.text
    assert app.button(key="briefing-file-zip").disabled
    works[0].share = 0.4
    app.run()
    assert (bar := app.get("progress")[0].proto).value == 40
    assert "40" in bar.text
    press(app, "briefing-file-cancel")
    assert works[0].is_cancelled
    assert not app.get("progress")
    press(app, "briefing-file-zip")
    press(app, "out-status-overview")
    assert works[1].is_cancelled
    assert not app.get("progress")


def test_what_went_wrong_is_said_in_a_sentence(open_page, monkeypatch):
    refused = UserError("Too many exports are being made at once.", "Try again in a minute.")
    monkeypatch.setattr(several_charts, "submit_briefing", lambda *_: Work(refused))
    app = press(open_page("briefing", charts="status-overview", lang="fr"), "briefing-file-pptx")
    app.run()
    t = translator("fr")
    words = [error.value.replace("\\", "") for error in app.error]
    assert words == [f"{t(refused.what)} {t(refused.remedy)}"]


def test_unknown_charts_of_a_link_are_named_and_the_others_shown(open_page):
    app = open_page("briefing", charts="status-overview,no-such-chart", chart="nonsense")
    assert not app.exception
    assert "no-such-chart" in app.warning[0].value.replace("\\", "")
    assert "nonsense" in app.warning[0].value
    assert "out-status-overview" in keys(app, "button")
    assert not file_links(app)


def test_without_actions_the_page_offers_to_drop_a_filter_and_keeps_the_briefing(open_page):
    app = open_page("briefing", q="no action has these words", charts="status-overview")
    assert not app.exception
    assert "No action matches these filters." in text_of(app)
    assert not [key for key in keys(app, "button") if key.startswith("use-")]
    assert [item.chart_id for item in chosen(app)] == ["status-overview"]
    press(app, "drop-q")
    assert "out-status-overview" in keys(app, "button")


def test_the_briefing_waits_while_the_reader_looks_at_another_page(open_page):
    app = press(open_page("briefing", lang="en"), "add-status-overview")
    app.text_input(key="briefing-heading").set_value("Ours").run()
    app.switch_page("../../pages/themes.py").run()
    assert "charts" not in kept_query(app)
    app.switch_page("../../pages/briefing.py").run()
    assert not app.exception
    assert [item.chart_id for item in chosen(app)] == ["status-overview"]
    assert app.text_input(key="briefing-heading").value == "Ours"


def test_hostile_titles_stay_text(open_page):
    title = '<img src=x onerror=alert(1)> "quoted" & \u202egnirts'
    app = open_page("briefing", chart="completion-by-region", title=title, charts=f"status-overview:{title}")
    assert not app.exception
    assert not any("<img src=x" in element.proto.body for element in app.get("html"))
    frame = codes(app)[0]
    assert "<img" not in frame
    assert frame.count("<") == 4  # a script, a frame


def test_file_names_say_chart_and_size(snapshot):
    wanted = ChartRequest("status-overview", "png", Selection(), snapshot.build_id, size="square", scale=2)
    assert briefing_files.name_inside(wanted) == "status-overview-square-2x"
    assert briefing_files.name_inside(replace(wanted, file_format="csv")) == "status-overview"


@pytest.mark.parametrize(
    ("here", "public", "expected"),
    [
        ("https://example.org/dash/briefing?lang=fr", "http://127.0.0.1:8501", "https://example.org/dash"),
        ("https://example.org/briefing", "https://other.example.org", "https://example.org"),
        ("http://127.0.0.1:8501/briefing", "https://example.org/dash", "https://example.org/dash"),
        ("http://localhost:8501/briefing", "http://127.0.0.1:8501", "http://localhost:8501"),
        ("", "https://example.org", "https://example.org"),
    ],
)
def test_links_for_others_have_the_readers_address_or_the_public_one(monkeypatch, here, public, expected):
    monkeypatch.setenv("DASHBOARD_BASE_URL", public)
    monkeypatch.setattr(address, "page_address", lambda: here.split("?")[0])
    assert address.site_address("briefing") == expected


def test_an_address_of_this_computer_only_is_said_to_be_one(open_page, monkeypatch):
    words = "work on this computer only"
    monkeypatch.setenv("DASHBOARD_BASE_URL", "http://127.0.0.1:8501")
    assert words in text_of(open_page("briefing", chart="completion-by-region"))
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://example.org")
    app = open_page("briefing", chart="completion-by-region")
    assert words not in text_of(app)
    assert codes(app)[1].startswith("https://example.org/charts/completion-by-region?")


def test_each_chart_of_the_other_pages_leads_here_with_its_filters(open_page):
    app = open_page("regions", region="africa", as_of="2021-10-01", lang="fr")
    links = [element.proto for element in app.get("page_link") if element.proto.label == "Utiliser ce graphique"]
    assert [parse_qs(link.query_string)["chart"] for link in links][:2] == [
        ["completion-by-region"],
        ["completion-map"],
    ]
    for link in links:
        query = parse_qs(link.query_string)
        assert link.page == "briefing"
        assert (query["region"], query["as_of"], query["lang"]) == (["africa"], ["2021-10-01"], ["fr"])


def test_a_template_in_the_campaign_folder_is_named(open_page, campaign_folder, tmp_path, monkeypatch):
    assert TEMPLATES[0] not in text_of(open_page("briefing", charts="status-overview"))
    folder = tmp_path / "campaign"
    copy_published(campaign_folder, folder)
    (folder / TEMPLATES[0]).write_bytes(b"a presentation")
    app = open_page("briefing", charts="status-overview")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder))
    assert TEMPLATES[0] in text_of(app.run())


def test_the_briefings_charts_have_a_link_to_the_screen_of_a_hall(open_page, campaign_folder, desk, monkeypatch):
    app = open_page("briefing", charts="completion-by-theme,status-overview", region=["africa"], lang="fr")
    app.segmented_control(key="screen-seconds").set_value(40).run()
    app.segmented_control(key="screen-scheme").set_value("light").run()
    (address,) = (code.value for code in app.code if "/show?" in code.value)
    query = parse_qs(urlsplit(address).query)
    assert query == {
        "chart": ["completion-by-theme", "status-overview"],
        "seconds": ["40"],
        "scheme": ["light"],
        "region": ["africa"],
        "lang": ["fr"],
    }
    answer = ask(make_app(campaign_folder, monkeypatch), f"/show?{urlsplit(address).query}")
    assert answer.text.count('<section class="slide"') == 2


def test_what_a_card_shows_is_what_is_used_added_and_sent_to_the_hall(open_page):
    card = open_page("regions")
    for name, value in {"sort": "completion-by-region:name", "measure": "completion-by-region:pace"}.items():
        card.query_params[name] = value
    card.query_params["region"] = "africa"
    handed, *others = page_links(card.run())["briefing"][1:]  # the first is the way to the page
    stated = {"chart": ["completion-by-region"], "sort": ["name"], "measure": ["pace"], "peers": ["1"]}
    assert handed == {**stated, "region": ["africa"], "lang": ["en"]}
    assert not any({"sort", "measure"} & set(other) for other in others)
    explored = {"charts": "explore,explore.2:Ours", "by": "explore:theme,explore.2:group", "as": "explore:multiples"}
    app = open_page("briefing", **{name: values[0] for name, values in handed.items()} | explored)
    assert not app.warning
    assert "/charts/completion-by-region?region=africa&lang=en&sort=name&measure=pace&peers=1" in codes(app)[1]
    press(app, "use-add")
    app.menu_button(key="peers-use").click("0").run()  # of the one in use, which is then another one
    assert "peers" in kept_query(press(app, "use-add"))
    app.menu_button(key="choices-explore.2").click("measure:reporting").run()
    press(app, "up-completion-by-region")
    assert not app.exception
    link = kept_query(app)
    assert link["charts"] == ["explore,completion-by-region,explore.2:Ours,completion-by-region.2"]
    chosen = "name,completion-by-region:name,completion-by-region.2:name"
    assert link["sort"] == [chosen]
    assert link["measure"] == ["pace,completion-by-region:pace,explore.2:reporting,completion-by-region.2:pace"]
    assert link["peers"] == ["completion-by-region:1"]
    (hall,) = (code.value for code in app.code if "/show?" in code.value)
    shown = parse_qs(urlsplit(hall).query)
    assert shown["chart"] == ["explore", "completion-by-region", "explore.2", "completion-by-region.2"]
    assert shown["sort"] == [chosen.removeprefix("name,")]
    assert shown["as"] == ["explore:multiples"]


def test_choices_wait_with_the_briefing_while_another_chart_is_fetched(open_page):
    app = open_page("briefing", charts="completion-by-theme", sort="completion-by-theme:name")
    app.switch_page("../../pages/explore.py").run()
    app.query_params.update({"chart": "explore", "by": "group", "sort": "name"})  # as its *Use this chart* leads back
    app.switch_page("../../pages/briefing.py").run()
    assert not app.exception
    link = kept_query(app)
    assert (link["charts"], link["chart"], link["by"]) == (["completion-by-theme"], ["explore"], ["group"])
    assert link["sort"] == ["name,completion-by-theme:name"]


def test_a_choice_that_is_not_offered_or_for_no_chart_is_said(open_page):
    app = open_page("briefing", charts="status-overview", sort="status-overview:size,completion-map:name")
    assert not app.exception
    words = " ".join(warning.value for warning in app.warning).replace("\\", "")
    assert "sort=size" in words
    assert "completion-map:name" in words
    asked = open_page("briefing", charts="survey-answers", question="survey-answers:nonsense", lang="en")
    assert "question=nonsense" in asked.warning[0].value
    assert asked.text_input(key="briefing-title-survey-answers").placeholder == "Which support did you receive?"
