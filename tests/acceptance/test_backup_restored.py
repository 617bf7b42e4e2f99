"""A campaign restored on an empty folder says the same: build, every table, every measure and chart."""

import shutil
from pathlib import Path

import duckdb
import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.charts.catalogue import CATALOGUE
from dashboard.measures.counts import DIMENSIONS, by_dimension, headline
from dashboard.paths import quote_path
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from etl.backup import sealed
from tests.acceptance.published import REAL, needs_pledges, open_published, publish
from tests.acceptance.test_real_pledges import FILE, RECIPE
from tests.charts_over_http import address, ask_all, make_app
from tests.etl.backup.test_backup import CHEAP, PASSPHRASE, make, restore


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_BACKUP_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(sealed, "WORK", CHEAP)


def read_tables(snapshot: Snapshot) -> dict[str, list[tuple[object, ...]]]:
    """Read every row of every table."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach {quote_path(snapshot.path)} as held (read_only)")
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        return {name: connection.execute(f'from held."{name}" order by all').fetchall() for name in names}


def back_up_and_restore(folder: Path, place: Path) -> Path:
    """Return the backup of a campaign that must not be written into, restored; it is found to hold the same."""
    copy = shutil.copytree(folder, place / "copy")
    restored = place / "restored"
    done = restore(make(CampaignFolder(copy), place / "b.tar"), restored)
    one, other = open_published(folder), open_published(restored)
    assert (done["proof"], done["build_id"]) == ("equal", one.build_id)
    assert (one.build_id, one.path != other.path) == (other.build_id, True)
    tables = read_tables(one)
    assert len(tables) > 30
    assert tables == read_tables(other)
    return restored


@needs_pledges
@pytest.mark.nightly  # tests/etl/backup/test_backup.py compares all files
def test_a_restored_campaign_with_real_data_has_the_same_figures_and_charts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "campaign", {FILE: (REAL / FILE).read_bytes()}, {"real_pledges": RECIPE})
    roots = tmp_path / "campaign", back_up_and_restore(tmp_path / "campaign", tmp_path)
    one, other = map(open_published, roots)
    assert headline(one, Selection()) == headline(other, Selection())
    for dimension in DIMENSIONS:
        assert by_dimension(one, Selection(), dimension).equals(by_dimension(other, Selection(), dimension)), dimension
    paths = [address(chart, file_format) for chart in CATALOGUE for file_format in ("csv", "svg", "metadata.json")]
    answers = [[(a.status_code, a.content) for a in ask_all(make_app(root, monkeypatch), paths)] for root in roots]
    assert answers[0] == answers[1]
    assert {status for status, _ in answers[0]} == {200}
