"""Fixtures of charts by country."""

import pytest

from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.database import Snapshot


@pytest.fixture
def world(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """The fixture snapshot with all countries of the shipped codelist."""
    shipped = load_codelists(CampaignFolder(SHIPPED_CAMPAIGN))
    for name in ("subregions", "countries"):
        known = snapshot.codes[name]
        codes = {code.code: known.get(code.code, code) for code in shipped[name]}
        monkeypatch.setitem(snapshot.codes, name, codes | {"unclassified": known["unclassified"]})
    return snapshot
