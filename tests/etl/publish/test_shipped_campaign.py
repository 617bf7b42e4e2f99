"""The campaign of `make run` is the shipped one, which fills the gaps of others: it can be changed, too."""

import shutil
import sys

import pytest

from dashboard import paths
from dashboard.campaign.folder import CampaignFolder
from etl.publish import holding
from tests.etl.campaigns import ACTIONS_RECIPE, publish_campaign
from tests.etl.changing import bring, preview
from tests.etl.program import published, published_titles
from tests.etl.registers import HEADER, action

TAKEN_AWAY = "recipes/qualtrics_actions.toml"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Publish a copy of the shipped campaign, with one action, and have the program take it for the shipped one."""
    root = (tmp_path / "data").resolve()
    for name in ("codelists", "recipes"):
        shutil.copytree(paths.SHIPPED_CAMPAIGN / name, root / name)
    shutil.copyfile(paths.SHIPPED_CAMPAIGN / "campaign.toml", root / "campaign.toml")
    (root / "recipes" / "office_actions.toml").write_text(ACTIONS_RECIPE)
    (root / "inbox").mkdir()
    (root / "inbox" / "first.csv").write_text(HEADER + action("1", promise="First"))
    before = paths.SHIPPED_CAMPAIGN
    for module in list(sys.modules.values()):
        if getattr(module, "SHIPPED_CAMPAIGN", None) == before:
            monkeypatch.setattr(module, "SHIPPED_CAMPAIGN", root)
    publish_campaign(CampaignFolder(root))
    return CampaignFolder(root)


def test_lists_known_headers_and_recipes_of_the_shipped_campaign_are_changed_by_a_draft(shipped):
    changes = {
        "codelists/themes.csv": lambda text: text + "space,Space,Espace,Espacio,,990\n",
        "codelists/categories.csv": lambda text: "".join(text.splitlines(keepends=True)[:-2] + [text.splitlines()[-1]]),
        "recipes/_headers.toml": lambda text: text + "\n[mood.fields.title]\nheaders = ['Mood of the promise']\n",
        TAKEN_AWAY: lambda _: "",
    }
    texts = {name: change((shipped.root / name).read_text(encoding="utf-8")) for name, change in changes.items()}
    place = bring(shipped, settings=texts)
    before, draft = published(shipped)["build_id"], preview(shipped, place)
    holding.publish_draft(shipped, place)
    assert published(shipped)["build_id"] == draft.build_id != before
    assert {name: (shipped.root / name).exists() for name in texts} == {name: name != TAKEN_AWAY for name in texts}
    publish_campaign(shipped)
    assert published(shipped)["build_id"] == draft.build_id
    assert published_titles(shipped) == {"First"}
