"""A campaign of one's own, from a folder that is not there to its first figures: by the pages alone."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access.audit.entries import find_entries
from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.folder import CampaignFolder
from dashboard.ground.processes import commands
from tests.app.conftest import OpenPage, link_labels, press, switch, text_of
from tests.app.uploads import choose_use, field, preview, run_here
from tests.etl.program import published_titles

REGISTER = """N°;Structure engagée;Ce qui est promis;Thématique;Où en est-on ?;À réaliser avant le;Contact
E-01;Ministère imaginaire de l'emploi;Former 200 inspecteurs;Formation;Terminé;05/03/2026;one@example.org
E-02;Union imaginaire des paysans;Ouvrir dix écoles rurales;Écoles rurales;En cours;06/04/2026;two@example.org
E-03;Fédération imaginaire du cacao;Suivre la traçabilité des fèves;Filières;En cours;07/05/2026;three@example.org
E-04;Ville imaginaire de Lac;Aider les familles à revenu faible;Formation;Pas commencé;08/06/2026;four@example.org
"""


@pytest.fixture
def root(open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is not there yet, which the pages show."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path / "own"))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    monkeypatch.setattr(commands, "start", run_here)
    monkeypatch.setattr(commands, "prepare", lambda draft=None: None)
    return tmp_path / "own"


def steps(app: AppTest) -> str:
    """Return the step that is the reader's next one."""
    [drawn] = [one.proto.body for one in app.get("html") if 'class="first-steps"' in one.proto.body]
    return drawn.split('aria-current="step"><b>')[1].split("<")[0]


def test_a_campaign_is_made_and_shows_its_first_figures_without_an_editor(open_page, root):
    app = open_page("overview", lang="fr")
    assert "Nouvelle campagne" in link_labels(app)
    switch(app, "new_campaign")
    field(app, "text_input", "publisher-email", "campaign").set_value("office@example.org")
    press(app, "campaign-keep")
    assert [error.value for error in app.error] == [
        "Donnez un titre à la campagne dans au moins une langue.",
        "Indiquez aussi le nom de l’éditeur.",
    ]
    assert not root.exists()
    field(app, "text_input", "title-fr", "campaign").set_value("Nos engagements")
    field(app, "radio", "register", "campaign").set_value("own")
    field(app, "text_input", "publisher-name", "campaign").set_value("Bureau imaginaire")
    field(app, "date_input", "end", "campaign").set_value(date(2029, 6, 30))  # and the button at once
    press(app, "campaign-keep")
    assert not app.error
    assert CampaignFolder(root).load().end == date(2029, 6, 30)
    assert CampaignFolder(root).load().titles["fr"] == "Nos engagements"
    assert list(find_entries(root).entries["event"]) == ["campaign_made"]

    switch(app, "upload")  # where the page itself has led
    assert steps(app) == "Déposer un fichier"
    preview(app, ("registre.csv", REGISTER.encode(), "text/csv"))
    assert steps(app) == "Attribuer ses colonnes"
    assert "one@example.org" not in text_of(app)
    offered = [str(one.key) for one in app.button if str(one.key).endswith("-yes")]
    assert offered and app.button(key="new-0-use").disabled, "what the proposal is not sure of is not chosen beforehand"
    press(app, offered[0])
    assert len([one for one in app.button if str(one.key).endswith("-yes")]) == len(offered) - 1
    press(app, "new-0-0-all-offered")
    order = app.radio(key="new-0-0-order")
    assert order.value is None
    order.set_value("dmy")
    choose_use(app, "new-0-0-5-", "title")
    assert app.button(key="new-0-use").disabled, "two columns are the title"
    choose_use(app, "new-0-0-5-", "due_on")
    press(app, "new-0-use")

    [day] = [box for box in app.date_input if str(box.key).endswith("-day")]
    assert (steps(app), day.value) == ("Attribuer ses colonnes", None)
    day.set_value(date(2026, 3, 1)).run()
    words = [str(box.key) for box in app.multiselect if str(box.key).startswith("draft-word")]
    assert len(words) == 3 and not any(app.multiselect(key=key).value for key in words), "nothing is chosen beforehand"
    for key in words[1:]:  # the most frequent one, Formation, stays open
        app.multiselect(key=key).set_value(["+"]).run()
    press(app, "try-answers")
    assert steps(app) == "Voir les chiffres"
    [left] = [box for box in app.multiselect if str(box.key).startswith("draft-word")]
    assert not left.value and "Formation" in text_of(app) and "Filières" in text_of(app)
    assert not (root / "recipes").exists(), "nothing is kept before it is published"
    press(app, "publish-upload")
    assert "**Voir les chiffres**" in link_labels(app)
    assert len(published_titles(CampaignFolder(root))) == 4

    [recipe] = [tomllib.loads(path.read_text("utf-8")) for path in (root / "recipes").glob("*.toml")]
    assert recipe["fields"]["due_on"]["headers"] == ["À réaliser avant le"]
    assert recipe["fields"]["action_id"]["headers"] == ["N°"] and recipe["read"]["date_order"] == "dmy"
    assert "CHECK" not in "".join(path.read_text("utf-8") for path in (root / "recipes").glob("*.toml"))
    themes = {entry.labels["fr"] for entry in load_codelist(CampaignFolder(root), "themes")}
    assert {"Écoles rurales", "Filières"} <= themes and "Formation" not in themes
