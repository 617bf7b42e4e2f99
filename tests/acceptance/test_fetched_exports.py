"""Real exports, served by local servers as their tools would and fetched in two parts, count as if dropped."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import Outcome
from dashboard.campaign.sources import Source
from etl.pipeline.build import build
from etl.publish import history
from etl.publish.holding import only_build
from etl.publish.publish import publish
from etl.sources import limesurvey
from etl.sources.fetching import fetch
from etl.sources.network import Reach
from tests.acceptance.published import EXPORTS, needs_exports
from tests.cases import some
from tests.etl.sources.far_sides import FarSide, LimeSurvey, OdkCentral, read_table, serving, write_table

pytestmark = needs_exports
RECIPES = Path(__file__).parent / "recipes"
FLORA = EXPORTS / "odk-central"
FLORA_NAME = "build_Flora-Quadrat-0-4_1564384341"


def read(path: Path, delimiter: str) -> tuple[list[str], list[list[str]]]:
    header, rows = read_table(path.read_text("utf-8-sig"), delimiter)
    return header, [row + [""] * (len(header) - len(row)) for row in rows]


def serve_lime() -> FarSide:
    """Its real answers; their numbers were taken out of the file, and get gaps here, as where answers were deleted."""
    header, rows = read(EXPORTS / "limesurvey" / "results-survey673185.csv", ";")
    return LimeSurvey(header, [[str(place * 700), *row[1:]] for place, row in enumerate(rows, start=1)])


def serve_odk() -> FarSide:
    names = (f"{FLORA_NAME}{part}.csv" for part in ("", "-taxon_encounter", "-vegetation_stratum"))
    return OdkCentral({name: read(FLORA / name, ",") for name in names})


def hold_back(side: FarSide) -> list[list[str]]:
    """Take the newest answers away, as if they came later; gives what `let_come` puts back."""
    if isinstance(side, OdkCentral):
        return [side.root[1].pop(0)]
    assert isinstance(side, LimeSurvey)
    late, side.rows[:] = side.rows[-5:], side.rows[:-5]
    return late


def let_come(side: FarSide, late: list[list[str]]) -> None:
    if isinstance(side, OdkCentral):
        key = side.root[0].index("KEY")
        side.changed[late[0][key]] = "2100-01-01T00:00:00.000Z"
        side.root[1][:0] = late
    elif isinstance(side, LimeSurvey):
        side.rows += late


CASES: dict[str, tuple[Callable[[], Any], tuple[str, ...], str]] = {
    "limesurvey": (serve_lime, ("lime_materials",), LimeSurvey.form),
    "odk_central": (serve_odk, ("odk_flora", "odk_repeats"), f"{OdkCentral.project}/{OdkCentral.form}"),
}


@pytest.mark.parametrize("tool", some(CASES, 1))
def test_what_is_fetched_in_parts_counts_as_the_file_that_is_dropped(tool, tmp_path, monkeypatch):
    make, recipes, form = CASES[tool]
    monkeypatch.setattr(limesurvey, "_MOST_EMPTY", 500)
    (tmp_path / "recipes").mkdir()
    for name in recipes:
        (tmp_path / "recipes" / f"{name}.toml").write_text((RECIPES / f"{name}.toml").read_text("utf-8"), "utf-8")
    folder, side = CampaignFolder(tmp_path), make()
    with serving(side) as address:
        secrets = {"USER": side.user, "PASSWORD": side.password, "HOST": address.removeprefix("http://")}
        for kind, value in secrets.items():
            monkeypatch.setenv(f"DASHBOARD_SOURCE_SURVEY_{kind}", value)
        stated = {"name": "survey", "tool": tool, "address": address, "form": form, "publish": "at_once"}
        late = hold_back(side)
        for come in ([], late):
            let_come(side, come) if come else None
            note = fetch(folder, Source.model_validate(stated), lambda *_: None, reach=Reach("127.0.0.1"))
            assert note.outcome is Outcome.NEW, note.what
    assert note.added == len(late)
    fetched = history.read_pointer(folder)["content_id"]
    name = next(path.name for path in folder.inbox.iterdir())
    dropped = side._export("") if tool == "odk_central" else write_table(side.header, side.rows, ";", "\ufeff")
    (folder.inbox / name).write_bytes(dropped)
    with only_build(folder), build(folder, folder.published) as built:
        publish(folder, built)
    assert history.read_pointer(folder)["content_id"] == fetched
