"""Figures about countries on their way: uploaded, previewed, published, kept, taken back."""

import duckdb
import pytest

from dashboard.campaign.settings_history import list_changes
from dashboard.errors import CampaignError
from etl.publish import holding, kept_inputs
from tests.etl.changing import bring, preview
from tests.etl.program import inbox, published, titles

FIGURES = (
    "iso3,indicator,year,value,source,address\n"
    "KEN,child_labour_prevalence,2019,12.5,Example Institute (one@example.org),\n"
)


def read_figures(path):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select iso3, value, source, file, line from context_figures").fetchall()


@pytest.mark.nightly
def test_an_uploaded_file_of_figures_becomes_a_setting_and_changes_no_action(folder):
    before = published(folder), inbox(folder), titles(folder.published / published(folder)["snapshot"])
    place = bring(folder, uploads={"Prevalence 2019.csv": FIGURES})
    draft = preview(folder, place)
    assert (draft.files, list(draft.settings)) == ((), ["context/Prevalence 2019.csv"])
    (figure,) = read_figures(place / "snapshot.duckdb")
    assert figure[:2] == ("KEN", 12.5) and figure[3:] == ("Prevalence 2019.csv", 2)
    assert "one@example.org" not in figure[2], "contacts leave the source too"
    assert titles(place / "snapshot.duckdb") == before[2]

    holding.publish_draft(folder, place)
    assert published(folder)["build_id"] == draft.build_id != before[0]["build_id"]
    assert inbox(folder) == before[1] and (folder.root / "context" / "Prevalence 2019.csv").read_text() == FIGURES
    manifest = kept_inputs.read_manifest(folder, draft.build_id)
    assert "context/Prevalence 2019.csv" in {file.name for file in manifest.settings}
    (change,) = list_changes(folder.root)
    assert change.list_back() == {"context/Prevalence 2019.csv": ""}

    place = bring(folder, name="2", settings=change.list_back())
    preview(folder, place, inbox_alone=True)
    holding.publish_draft(folder, place)
    assert published(folder)["build_id"] == before[0]["build_id"], "without the file it is the build from before"
    assert not read_figures(folder.published / published(folder)["snapshot"])


def test_a_file_with_a_fault_publishes_nothing(folder):
    place = bring(folder, uploads={"x.csv": FIGURES.replace("KEN", "Kenya")})
    with pytest.raises(CampaignError, match=r"context/x.csv, line 2: Kenya is not the code of a country"):
        preview(folder, place)
