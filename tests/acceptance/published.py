"""Publishing a campaign made by a test, and the accounts and counts that every acceptance test asks for."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest

from dashboard.campaign.file_names import find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.measures.counts import by_dimension
from dashboard.paths import PROJECT
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from tests.etl.campaigns import make_campaign, publish_campaign

DATA = PROJECT.parent / "shared" / "data"
EXPORTS = DATA / "exports"
REAL = DATA / "real"
needs_exports = pytest.mark.skipif(not EXPORTS.is_dir(), reason=f"the real exports are not here ({EXPORTS})")
needs_pledges = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real pledges are not here ({REAL})")


def write_recipe(
    name: str,
    recognised: Sequence[str],
    fields: Mapping[str, str | Mapping[str, object]],
    more: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
) -> str:
    """Write a recipe of a register: its identifying headers, the header (or all) of each field, other tables."""
    of_fields = {
        f"fields.{field}": {"headers": [said]} if isinstance(said, str) else said for field, said in fields.items()
    }
    lines = [f'id = "{name}"', f'title = "{name}"', 'holds = "actions"']
    for table, said in {"recognise": {"headers": recognised}, **of_fields, **more}.items():
        lines += [f"[{table}]", *(f'"{key}" = {json.dumps(value)}' for key, value in said.items())]
    return "\n".join(lines)


def publish(root: Path, exports: Mapping[str, str | bytes], recipes: Mapping[str, str]) -> Snapshot:
    """Make a campaign of these exports and recipes, build, publish and open it."""
    return publish_folder(make_campaign(root, exports, recipes))


def publish_folder(folder: CampaignFolder) -> Snapshot:
    """Build and publish a campaign folder, and open the snapshot that the pages would."""
    publish_campaign(folder)
    return open_published(folder.root)


def open_published(root: Path) -> Snapshot:
    """Open the snapshot that the pages would open for a campaign folder."""
    return current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(root)}))


def ask(snapshot: Snapshot, question: str) -> list[tuple]:
    """Return the rows of a question put to the snapshot in SQL."""
    with snapshot.cursor() as cursor:
        return cursor.execute(question).fetchall()


def account(snapshot: Snapshot) -> dict[str, tuple[int, int, int, int]]:
    """Return rows read, accepted, merged and rejected, by file; every file's account must add up."""
    rows = ask(snapshot, "select source_file, rows_read, rows_accepted, rows_merged, rows_rejected from input_files")
    for name, read, *parts in rows:
        assert read == sum(parts), name
    names = find_names(snapshot.path)
    return {names.file(handle): tuple(numbers) for handle, *numbers in rows}


def column(snapshot: Snapshot, name: str, table: str) -> Counter:
    """Count each value of a column in a table; None for null."""
    return Counter(dict(ask(snapshot, f"select {name}, count(*) from {table} group by all")))  # noqa: S608 - names of the tests


def actions_by(snapshot: Snapshot, dimension: str, selection: Selection | None = None) -> dict[str, int]:
    """Actions of each member of a dimension that has any, as the pages would show them."""
    frame: pd.DataFrame = by_dimension(snapshot, selection or Selection(), dimension)
    return {code: count for code, count in zip(frame["code"], frame["actions"], strict=True) if count}
