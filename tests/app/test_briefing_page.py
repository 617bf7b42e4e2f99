"""The page Briefing is drawn as its model says, and its buttons change the link as the model's choices do."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.access.audit.entries import Filters, find_entries
from dashboard.access.audit.events import Event, Outcome
from dashboard.campaign import builds
from dashboard.campaign.folder import TEMPLATES
from dashboard.campaign.settings_history import list_changes
from dashboard.charts.catalogue import CATALOGUE, RESULTS
from dashboard.errors import SelectionError, UserError
from dashboard.files.briefings.order import BriefingRequest, Item, read_items
from dashboard.files.briefings.saved import read
from dashboard.i18n import translator
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing import body, choice, page_pictures
from dashboard.ui.briefing.model import FILE_WORDS, make_model
from dashboard.web.page_preview import PageLink, preview_page
from tests.app.conftest import (
    assert_drawn,
    bodies,
    codes,
    file_links,
    kept_query,
    mounted,
    pills,
    press,
    switch,
    text_of,
    trigger,
)
from tests.app.uploads import Making
from tests.offers import look_for
from tests.snapshots import copy_published

HOSTILE = '<img src=x onerror=alert(1)> "quoted" & \u202egnirts'


def keys(app, kind: str) -> list[str]:
    return [element.key for element in app.get(kind) if getattr(element, "key", None)]


def chosen(app) -> list[Item]:
    return list(read_items(kept_query(app).get("charts", [""])[0]).values())


@pytest.mark.nightly
def test_a_chart_is_opened_with_its_files_codes_and_words_and_frozen(
    open_page, snapshot, campaign_folder, tmp_path, monkeypatch
):
    folder = tmp_path / "campaign"
    copy_published(campaign_folder, folder)
    (folder / TEMPLATES["pptx"][0]).write_bytes(b"a presentation")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder))
    monkeypatch.setenv("DASHBOARD_BASE_URL", "https://example.org")
    link = {"chart": "completion-by-region", "title": HOSTILE, "size": "square", "region": "africa", "lang": "en"}
    app = open_page("briefing", **link, charts=f"status-overview:{HOSTILE}")
    assert not app.warning
    assert TEMPLATES["pptx"][0] in text_of(app)
    parameters = {"chart": link["chart"], "title": HOSTILE, "size": "square", "charts": f"status-overview:{HOSTILE}"}
    selection, settings = Selection(regions=("africa",)), Settings.from_environment()
    shown = make_model(snapshot, selection, translator("en"), parameters, settings, template=TEMPLATES["pptx"][0])
    used, pack = shown.in_use, shown.pack
    assert_drawn(app, (used.sizes, used.about_size, used.source, used.citation, used.chart.title))
    assert_drawn(app, [words[:2] for words in FILE_WORDS.values()])
    assert_drawn(app, [(row.title, row.own_title, row.chosen, row.words) for row in pack.rows])
    assert_drawn(app, (pack.title, [preset[:3] for preset in pack.presets], pack.regions, pack.about, shown.catalogue))
    html = [element.proto.body for element in app.get("html")]
    previews = [body for body in html if 'class="preview"' in body]
    assert len(previews) == len(CATALOGUE) + len(RESULTS)
    assert all('role="img" aria-label="' in body and "url('data:image/svg+xml,%3Csvg" in body for body in previews)
    assert not any("<svg" in body or "<style" in body for body in previews)  # nothing of a picture reaches the page
    assert not any("<img src=x" in body for body in html)
    files = {key for key in file_links(app) if key.startswith("use-")}
    assert files == {f"use-{key}" for key in ("png", "fine", "svg", "pptx", "pdf", "xlsx", "csv", "zip")}
    code, address, source, citation, alt, _hall = codes(app)
    assert code.count("<iframe ") == code.count("<script>") == 1
    assert urlsplit(address).path == "/charts/completion-by-region"
    assert source.endswith(address) and citation.endswith(address)
    assert "%" in alt

    def refuse(*_):
        raise UserError("The list of builds kept for embeds is in use.", "Try again in a minute.")

    keep = builds.keep
    monkeypatch.setattr(builds, "keep", refuse)
    pills(app, "use-embed").set_value("frozen").run()
    assert "Try again in a minute" in text_of(app).replace("\\", "")
    assert not any("iframe" in code for code in codes(app)), "no frozen code is handed out where its build is not kept"
    assert builds.read_kept(folder) == frozenset()
    monkeypatch.setattr(builds, "keep", keep)
    app.run()
    frame, address, *_ = codes(app)
    assert parse_qs(urlsplit(address).query)["build"] == [snapshot.build_id]
    assert f"build={snapshot.build_id}" in frame
    assert builds.read_kept(folder) == {snapshot.build_id}
    app.menu_button(key="peers-use").click("1")
    app.text_input(key="use-title").set_value(" Ours ").run()
    assert (kept_query(app)["peers"], kept_query(app)["title"]) == (["1"], ["Ours"])
    press(app, "use-add")
    assert [item.chart_id for item in chosen(app)] == ["status-overview", "completion-by-region"]
    press(app, "use-close")
    assert not {"chart", "title"} & set(kept_query(app))
    assert not [key for key in file_links(app) if key.startswith("use-")]


def test_charts_are_added_moved_renamed_and_taken_out_and_the_link_says_so(open_page):
    """The result of each change: `tests/dashboard/ui/briefing/test_choice.py`."""
    app = open_page("briefing", lang="en", charts="completion-by-region,status-overview")
    press(app, "add-completion-by-theme", "up-completion-by-theme")
    app.text_input(key="briefing-heading").set_value("March briefing")
    app.text_input(key="briefing-title-status-overview").set_value("  Status: 5, maybe 6 %  ").run()
    named = Item("status-overview", "Status: 5, maybe 6 %")
    assert chosen(app) == [Item("completion-by-region"), Item("completion-by-theme"), named]
    assert kept_query(app)["heading"] == ["March briefing"]
    app.menu_button(key="choices-completion-by-theme").click("sort:name").run()
    assert kept_query(app)["sort"] == ["completion-by-theme:name"]
    app.segmented_control(key="screen-seconds").set_value(40)
    app.segmented_control(key="screen-scheme").set_value("light").run()
    (hall,) = (parse_qs(urlsplit(code.value).query) for code in app.code if "/show?" in code.value)
    assert (hall["seconds"], hall["scheme"], hall["sort"]) == (["40"], ["light"], ["completion-by-theme:name"])
    assert hall["chart"] == ["completion-by-region", "completion-by-theme", "status-overview"]
    press(app, "out-completion-by-region")
    assert [item.chart_id for item in chosen(app)] == ["completion-by-theme", "status-overview"]
    press(app, "briefing-clear")
    assert "charts" not in kept_query(app)
    press(app, "briefing-undo")
    assert chosen(app)[1] == named
    assert app.text_input(key="briefing-title-status-overview").value == named.title
    press(app, "region-set-americas")
    taken = [item.chart_id for item in chosen(app)]
    assert taken == [chart_id for chart_id in choice.REGION_CHARTS if chart_id in taken]
    assert "completion-by-country" in taken
    assert "completion-by-subregion" not in taken  # it would have one bar
    assert kept_query(app)["region"] == ["americas"]
    press(app, "preset-themes")
    taken = [item.chart_id for item in chosen(app)]
    assert "completion-by-theme" in taken and "region-by-theme" not in taken  # it would have one column


@pytest.mark.nightly
def test_words_are_written_between_the_charts_with_figures_talking_points_and_a_warning(open_page, snapshot):
    app = open_page("briefing", lang="en", charts="completion-by-region", region="africa")
    press(app, "add-heading", "add-text")
    app.text_input(key="briefing-title-heading~").set_value("Part one")
    app.text_area(key="briefing-title-text~").set_value("We did 98765 and").run()
    assert "98765" in text_of(app)
    app.selectbox(key="figures-text~").set_value("completed").run()
    assert app.selectbox(key="figures-text~").value is None
    app.text_area(key="briefing-notes-text~").set_value("Slowly").run()
    app.menu_button(key="choices-completion-by-region").click("kind:message").run()
    press(app, "up-text~")
    query = kept_query(app)
    assert query["charts"] == ["message~completion-by-region,text~:We did 98765 and {completed},heading~:Part one"]
    assert query["notes"] == ["text~:Slowly"]
    app.menu_button(key="after-message~completion-by-region").click("break").run()
    app.checkbox(key="briefing-with-notes").set_value(True).run()
    assert [item.kind for item in chosen(app)] == ["message", "break", "text", "heading"]
    assert kept_query(app)["with_notes"] == ["1"]


def field(app, name: str):
    """Find a field of the form that saves; its key ends with what it held."""
    return next(one for one in (*app.text_input, *app.checkbox) if one.key.startswith(f"saved-{name}-"))


def test_staff_save_a_briefing_change_it_bring_a_former_one_back_and_readers_open_it(
    open_upload, snapshot, campaign, monkeypatch
):
    def open_as_reader():
        app = open_upload("briefing", staff="closed", saved="ete-un", lang="en")
        monkeypatch.setenv("DASHBOARD_STAFF", "open")
        return app

    blocks = {"charts": "text~:a%2Cb {completed},status-overview", "notes": "text~:Slowly"}
    link = {**blocks, "sort": "status-overview:name", "region": ["africa", "americas"], "lang": "fr"}
    app = open_upload("briefing", **link, heading="Été: un")
    press(app, "saved-keep")
    (file,) = (campaign / "briefings").iterdir()
    assert (file.name, kept_query(app)["saved"]) == ("ete-un.toml", ["ete-un"])
    (entry,) = find_entries(campaign, Filters(outcomes=(Outcome.DONE,)), most=5).entries.to_dict("records")
    assert (entry["event"], entry["about"]) == (Event.SETTING_CHANGED, "briefings/ete-un.toml")
    shown = open_upload("briefing", saved="ete-un")
    whole = {name: [value] if isinstance(value, str) else value for name, value in link.items()}
    assert kept_query(shown) == {**whole, "heading": ["Été: un"], "saved": ["ete-un"]}
    t = translator("en")
    assert "not shared" in text_of(open_as_reader())
    press(shown, "out-status-overview", "add-completion-by-theme")
    page = PageLink("briefing", "Briefing", (("saved", "ete-un"),))
    with pytest.raises(SelectionError):
        preview_page(snapshot, page, Settings.from_environment())
    field(shown, "is_shared").set_value(True)
    press(shown, "saved-keep")
    reader = open_as_reader()
    assert "Afrique" in preview_page(snapshot, page, Settings.from_environment()).preview.title
    assert [item.chart_id for item in chosen(reader)] == ["", "completion-by-theme"]
    assert kept_query(reader)["lang"] == ["en"] and t("Saved briefings") not in text_of(reader)
    press(app, "saved-keep")
    assert translator("fr")("Somebody else has changed it meanwhile.") in text_of(app)
    shown = open_upload("briefing", saved="ete-un", lang="en")
    press(shown, next(key for key in keys(shown, "button") if key.startswith("saved-version-")))
    assert [item.chart_id for item in chosen(shown)] == ["", "status-overview"]
    field(shown, "title").set_value("Renamed")
    press(shown, "saved-keep", "saved-undo", "saved-out-ete-un")
    assert not file.exists()
    press(shown, "saved-undo")
    assert read(campaign, "ete-un").query["charts"] == kept_query(reader)["charts"]
    assert len(list_changes(campaign)) == 6
    field(shown, "is_another").set_value(True)
    press(shown, "saved-keep")
    assert kept_query(shown)["saved"] == ["ete-un-2"]


def test_files_are_asked_for_called_off_dropped_refused_and_offered(open_page, monkeypatch):
    works: list[Making] = []
    asked = []

    def submit(snapshot, request, file_format):
        asked.append((request, file_format))
        works.append(Making())
        return works[-1]

    monkeypatch.setattr(body, "submit_briefing", submit)
    link = {"charts": "status-overview:Own,completion-by-theme", "heading": "Ours", "size": "square"}
    app = open_page("briefing", **link, region="africa", lang="fr")
    address = {name: file["address"] for name, file in file_links(app).items()}
    assert (look_for(address["html"]).status_code, look_for(address["html"]).json()) == (202, {"share": None})
    works[0].share = 0.4
    assert look_for(address["html"]).json() == {"share": 0.4}
    [place] = [name for name, _ in mounted(app, "file_links") if name.endswith("briefing-file-links")]
    trigger(app, place, "stop", "html")
    assert works[0].is_cancelled
    look_for(address["pptx"])
    charts = (Item("status-overview", "Own"), Item("completion-by-theme"))
    selection = Selection(regions=("africa",), lang="fr")
    assert asked[-1] == (BriefingRequest(charts, selection, "Ours", "square"), "pptx")
    refused = works[1].outcome = UserError("Too many files are being prepared at once.", "Try again in a minute.")
    t = translator("fr")
    assert look_for(address["pptx"]).json() == {"error": f"{t(refused.what)} {t(refused.remedy)}"}
    look_for(address["pptx"])
    works[2].outcome = b"deck"
    assert look_for(address["pptx"]).content == b"deck"
    assert [file_format for _, file_format in asked] == ["html", "pptx", "pptx"], "what is made is not ordered again"
    look_for(address["zip"])
    press(app, "out-status-overview")
    assert works[3].is_cancelled, "a briefing that changes gives up its file"


def test_the_briefing_waits_while_the_reader_looks_at_another_page(open_page):
    app = open_page("briefing", lang="en", charts="completion-by-theme", sort="completion-by-theme:name")
    app.text_input(key="briefing-heading").set_value("Ours").run()
    switch(app, "help")
    assert "charts" not in kept_query(app)
    app.query_params.update({"chart": "explore", "by": "group", "sort": "name"})  # as *Use this chart* leads back
    switch(app, "briefing")
    link = kept_query(app)
    assert (link["charts"], link["chart"], link["by"]) == (["completion-by-theme"], ["explore"], ["group"])
    assert link["sort"] == ["name,completion-by-theme:name"]
    assert app.text_input(key="briefing-heading").value == "Ours"


def test_what_a_link_asks_in_vain_is_said_and_without_actions_a_filter_is_dropped(open_page):
    app = open_page("briefing", q="no action has these words", charts="status-overview,no-such-chart", sort="size")
    assert "No action matches these filters." in text_of(app)
    assert "no-such-chart" in app.warning[0].value.replace("\\", "")
    assert "sort=size" in app.warning[1].value
    assert not [key for key in keys(app, "button") if key.startswith("use-")]
    assert [item.chart_id for item in chosen(app)] == ["status-overview", "no-such-chart"]
    press(app, "drop-q")
    assert "out-status-overview" in keys(app, "button")
    assert not [key for key in file_links(app) if key.startswith("use-")]


def test_pages_are_previewed_and_follow_changes_while_the_last_ones_stay(open_page, monkeypatch):
    works: list[tuple[str, Making]] = []

    def submit(_snapshot, _request, form, *, is_preview):
        assert is_preview
        works.append((form, Making(0.4)))
        return works[-1][1]

    monkeypatch.setattr(page_pictures, "submit_briefing", submit)
    app = open_page("briefing", charts="completion-by-region,status-overview", lang="fr")
    assert not works  # nobody has asked
    pills(app, "preview-form").set_value("pptx").run()
    (form, work), (bar,) = works[-1], app.get("progress")
    assert (form, bar.proto.value) == ("pptx", 40)
    page = {"picture": "iVBORw0", "title": 'A "title"', "overfull": ["Too many words"]}
    work.outcome = json.dumps({"pages": [page], "count": 3}).encode()
    app.run()
    drawn = bodies(app)
    assert 'alt="Diapositive 1 sur 3\xa0: A &quot;title&quot;"' in drawn
    assert "Too many words" in drawn
    assert not app.get("progress")
    press(app, "down-completion-by-region")
    assert len(works) == 2
    assert app.get("progress")
    assert "Diapositive 1 sur 3" in bodies(app)  # of the order before
    press(app, "up-completion-by-region")
    assert works[1][1].is_cancelled
    assert len(works) == 2  # these pages are kept
    pills(app, "preview-form").set_value("pdf").run()
    works[-1][1].outcome = UserError("The template cannot be read.", "Remove it.")
    app.run()
    assert "Remove it." in " ".join(error.value for error in app.error)
    assert file_links(app)
