"""The sources on the page Upload: the state of each, waiting drafts, failures, fetching now."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.campaign import source_notes
from dashboard.campaign.source_notes import DRAFT_OF, FetchNote, FileNote, Outcome, SourceNote
from dashboard.campaign.sources import Source
from dashboard.errors import UserError, sentence
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.ui.pieces import draft_work
from tests.app.conftest import press, text_of
from tests.app.uploads import ACTIONS_CSV, drafts, has_button
from tests.proposed_recipes import propose
from tests.shipped import LANGUAGES

STATED = """
[[source]]
name = "midyear"
title = "Mid-year survey"
tool = "kobotoolbox"
address = "https://kf.example.org"
form = "aFj8thaf9GEtNBeAaVhRKt"
"""
WAITING = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def note(campaign):
    """Return a writer of the one source's note."""
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text("utf-8")
    (campaign / "campaign.toml").write_text(shipped + STATED, "utf-8")

    def note(fetch=None, **known):
        source = SourceNote(**known)
        source_notes.write(campaign / "private", "midyear", source.after(fetch) if fetch else source)

    return note


def since(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def test_how_a_source_stands_is_said_to_staff_with_what_went_wrong_and_it_is_fetched_now(
    open_upload, note, stand_in, campaign, monkeypatch
):
    note()
    app = open_upload(lang="fr")
    assert "jamais" in text_of(app) and not app.button(key="source-fetch-midyear").disabled
    press(app, "source-fetch-midyear")
    assert stand_in.asked[-1][:2] == ["fetch", "midyear"]

    files = {"midyear.csv": FileNote("x", answers=233, gone=("5", "7"))}
    note(FetchNote(since(4), Outcome.SAME), next_at=since(-11.4), files=files)
    text = text_of(app.run()).replace("\u00a0", " ").replace("\\", "")
    words = ("Mid-year survey", "KoboToolbox", "5, 7", "233 réponses", "il y a 4 minutes", "dans 11 minutes")
    assert [word for word in words if word not in text] == []
    note(FetchNote(since(1), Outcome.FAILED, what="It does not let [this] in.", remedy="Set a token."), failures=2)
    assert "It does not let \\[this\\] in. Set a token." in text_of(app.run())
    monkeypatch.setenv("DASHBOARD_STAFF", "closed")
    assert "Mid-year survey" not in text_of(app.run())
    assert not has_button(app, "source-change-midyear") and not has_button(app, "source-add")
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    (campaign / "campaign.toml").unlink()
    assert has_button(app.run(), "source-add") and not has_button(app, "source-fetch-midyear")


def make_waiting(campaign, name: str, content: bytes) -> Path:
    """Make the draft of a source's delivery, with its upload."""
    place = campaign / "private" / "drafts" / WAITING
    (place / "uploads").mkdir(parents=True)
    (place / "uploads" / name).write_bytes(content)
    (place / DRAFT_OF).write_text('{"source": "midyear"}')
    return place


def test_what_came_waits_is_looked_at_kept_when_the_session_ends_and_published(open_upload, note, stand_in, campaign):
    place = make_waiting(campaign, *ACTIONS_CSV[:2])
    stand_in.make_draft(place)
    note(FetchNote(since(1), Outcome.WAITS, added=3), waits_in=WAITING)
    app, second = open_upload(), open_upload()
    press(app, "source-look-midyear")
    assert not stand_in.asked and has_button(app, "publish-upload")
    draft_work._abandon(place, None, "")
    assert drafts(campaign) == [place], "it goes on waiting where the session ends"
    press(app, "publish-upload")
    assert stand_in.asked[-1][:2] == ["publish-draft", str(place)]
    press(second, "source-look-midyear", "discard-upload")
    assert stand_in.asked[-1][0] == "discard-draft", "and is dropped, and that recorded, by who says so"
    assert str(place) in stand_in.asked[-1]


def test_a_source_is_added_on_the_page_looked_at_removed_and_put_back(
    open_upload, stand_in, ran, campaign, monkeypatch
):
    monkeypatch.setenv("DASHBOARD_SOURCE_FINAL_SURVEY_2021_TOKEN_FILE", "/somewhere")
    form = {"form": "aFj8thaf9GEtNBeAaVhRKt", "title": "Final", "answers": 3}
    ran.answer = {"forms": [form], "former": {"name": "final_survey_2021", "title": "Final survey 2021"}}
    (campaign / "campaign.toml").write_text((SHIPPED_CAMPAIGN / "campaign.toml").read_text("utf-8") + STATED, "utf-8")
    app = open_upload()
    assert app.button(key="source-add").disabled
    app.text_input(key="source-title").set_value("Midyear")
    app.text_input(key="source-address-kobotoolbox").set_value("https://kf.example.org")
    app.text_input(key="source-form").set_value("aFj8thaf9GEtNBeAaVhRKt").run()
    assert app.button(key="source-add").disabled and "already a source with this name" in text_of(app)
    app.text_input(key="source-form").set_value("")
    app.text_input(key="source-title").set_value("Final survey (2021)").run()
    said = text_of(app)
    assert "`DASHBOARD_SOURCE_FINAL_SURVEY_2021_TOKEN`: set" in said
    assert "`DASHBOARD_SOURCE_FINAL_SURVEY_2021_HOST`: not set" in said
    ran.refusal = UserError("kf.example.org does not know this token.", "Set it anew.")
    press(app, "source-forms")
    drawn = list(app.main)  # in their order
    [refused] = [at for at, one in enumerate(drawn) if one.type == "error"]
    assert "does not know this token" in drawn[refused].value
    assert [one.key for one in (drawn[refused - 1], drawn[refused + 1])] == ["source-forms", "source-form"]
    ran.refusal = None
    press(app, "source-forms")
    assert "does not know" not in text_of(app)
    stand_in.refuse["source"] = UserError("kf.example.org broke off.", "Wait.")
    press(app, "source-try")
    assert "kf.example.org broke off. Wait." in text_of(app).replace("\\", "")
    press(app, "source-add")
    assert [words[:2] for words, _ in ran] == [["source", "forms"], ["source", "add"]]
    stated = json.loads(ran[1][1])
    assert stated["form"] == "aFj8thaf9GEtNBeAaVhRKt" and Source.model_validate(stated).name == "final_survey_2021"
    assert stand_in.asked[-1][:2] == ["fetch", "final_survey_2021"] and "was added as a source" in app.success[0].value

    press(app, "source-remove-midyear")
    words, _ = ran[-1]
    assert (words[:2], words[-1]) == (["source", "remove"], "midyear") and "was removed" in app.success[0].value
    press(app, "source-undo")
    words, stated = ran[-1]
    assert words[:2] == ["source", "add"] and json.loads(stated)["name"] == "final_survey_2021"


ROW = {"file": "midyear.csv", "sheet": None, "row": 2, "action_id": "A1", "stakeholder": "Imaginary <b>office</b>"}
ROW |= {"title": "One", "category": None, "countries": ["KEN"], "status": "completed", "percent": 80.0}
NEW_COUNT = {
    "account": {"read": 3, "accepted": 2, "merged": 0, "rejected": 1},
    "labels": {
        "KEN": dict.fromkeys(LANGUAGES, "Kenya"),
        "completed": {"en": "Completed", "fr": "Achevée", "es": "Completada"},
    },
    "rows": [ROW | {"on_date": "2021-07-01"}],
}


def test_a_source_is_changed_in_its_place_after_its_first_rows_were_seen_and_put_back(
    open_upload, note, stand_in, ran, monkeypatch
):
    note(FetchNote(since(1), Outcome.SAME))
    monkeypatch.setenv("DASHBOARD_SOURCE_MIDYEAR_HOST", "kf.example.org")
    app = open_upload(lang="fr")
    press(app, "source-change-midyear")
    assert app.button(key="change-midyear-save").disabled and not has_button(app, "source-fetch-midyear")
    app.selectbox(key="change-midyear-every").set_value("5m")
    app.text_input(key="change-midyear-address-kobotoolbox").set_value("https://eu.example.org").run()
    assert "DASHBOARD_SOURCE_MIDYEAR_HOST" in next(one.value for one in app.warning).replace("\\", "")
    stand_in.waits = True
    press(app, "change-midyear-try", "source-trial-cancel")
    stand_in.waits, stand_in.told = False, NEW_COUNT
    press(app, "change-midyear-try")
    assert stand_in.asked[-1][:4] == ["source", "test", "--stated", "-"]
    assert json.loads(stand_in.given[-1])["address"] == "https://eu.example.org"
    told = text_of(app)
    assert [word for word in ("A1", "Imaginary <b>office</b>", "Kenya", "Achevée", "80") if word not in told] == []
    press(app, "change-midyear-save")
    words, stdin = ran[-1]
    source = Source.model_validate(json.loads(stdin))
    assert words[:2] == ["source", "add"] and (source.name, source.every) == ("midyear", timedelta(minutes=5))
    assert stand_in.asked[-1][:2] == ["fetch", "midyear"], "another place is asked at once"
    assert not has_button(app, "change-midyear-save") and "est modifiée" in app.success[0].value
    press(app, "source-undo")
    assert json.loads(ran[-1][1])["address"] == "https://kf.example.org"
    assert "rétablie" in app.success[0].value and not has_button(app, "source-undo")


def test_what_no_recipe_reads_leads_to_where_one_is_made_in_the_readers_language(open_upload, note, stand_in, campaign):
    make_waiting(campaign, "midyear.csv", b"what;is\n")
    template = "No recipe recognises {name}. Its first line reads: {headers}."
    what = sentence(template, name="midyear.csv", headers="what, is")
    note(FetchNote(since(1), Outcome.FAILED, what=what, remedy="Run a command."), failures=1, waits_in=WAITING)
    app = open_upload(lang="es")
    said = text_of(app).replace("\\", "")
    assert "Ninguna receta reconoce midyear.csv" in said and "Run a command" not in said
    assert app.button(key="source-look-midyear").label == "Asignar sus columnas"
    stand_in.refuse["draft"] = UserError(what, "Run a command.")
    stand_in.told = {"recipes": [propose()]}
    press(app, "source-look-midyear")
    assert has_button(app, "new-0-use") and "midyear.csv" in text_of(app)


def test_data_quality_and_the_builds_say_which_source_brought_a_file(open_upload, campaign):
    origin = {"source": "midyear", "title": "Mid-year survey", "tool": "kobotoolbox", "at": "2021-07-01T09:00:00+00:00"}
    (campaign / "private" / "builds").mkdir(parents=True, exist_ok=True)
    noted = campaign / "private" / "builds" / "fixture.json"
    noted.write_text(json.dumps({"origins": {"classification.xlsx": origin}}), "utf-8")
    app = open_upload("quality", section="files", lang="fr")
    told = text_of(app).replace("\u00a0", " ")
    assert "classification.xlsx · récupéré depuis KoboToolbox, Mid-year survey, le 1er juillet 2021, 09:00 UTC" in told
    noted.write_text("[]", "utf-8")
    assert "récupéré depuis" not in text_of(app.run())
