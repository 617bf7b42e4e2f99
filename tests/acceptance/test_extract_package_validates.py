"""The ZIP and the description on the web are valid Frictionless packages, and the validator would find it otherwise."""

import asyncio
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from dashboard import server
from dashboard.extracts.package import write_package
from dashboard.extracts.tables import TABLES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web import extracts
from dashboard.web.extracts import Store
from tests.cases import some

BASE = "https://actions.example.org"
SELECTIONS = [Selection(lang="en"), Selection(lang="fr", regions=("africa",)), Selection(lang="es", q="cocoa")]


@pytest.fixture
def frictionless() -> ModuleType:
    """The validator, which takes a second to load."""
    import frictionless.resources

    return frictionless


def faults(report: Any) -> list[str]:
    """What the validator says, by file."""
    return [*(error.message for error in report.errors)] + [
        f"{task.name}: {error.message}" for task in report.tasks for error in task.errors
    ]


@pytest.mark.parametrize("selection", some(SELECTIONS, 1), ids=lambda selection: selection.lang)
def test_the_zip_validates(snapshot: Snapshot, tmp_path: Path, frictionless: ModuleType, selection: Selection) -> None:
    write_package(snapshot, selection, tmp_path / "x.zip", BASE)
    report = frictionless.validate(str(tmp_path / "x.zip"))
    assert faults(report) == []
    assert report.valid
    assert report.stats["tasks"] == 3 * len(TABLES)


@pytest.mark.parametrize(
    ("file", "found", "written", "fault"),
    [
        ("reports.csv", b"2021-06-30", b"30.06.2021", "type"),
        ("actions.csv", b"Title", b"Heading", "does not match the field name"),
        ("milestones.csv", b"true", b"perhaps", "type"),
    ],
)
def test_a_package_changed_afterwards_does_not(
    snapshot: Snapshot, tmp_path: Path, frictionless: ModuleType, file: str, found: bytes, written: bytes, fault: str
) -> None:
    write_package(snapshot, Selection(), tmp_path / "x.zip", BASE)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        archive.extractall(tmp_path)
    content = (tmp_path / file).read_bytes()
    assert found in content
    (tmp_path / file).write_bytes(content.replace(found, written, 1))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert not report.valid
    assert all(task.valid for task in report.tasks if task.name != f"{Path(file).stem}-csv")
    assert fault in " ".join(faults(report))


@pytest.fixture
def routes(campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starlette]:
    store = Store(threads=2)
    monkeypatch.setattr(extracts, "store", lambda: store)
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)
    yield Starlette(routes=server.routes())
    store.close()


def test_the_description_on_the_web_fits_what_its_addresses_give(
    routes: Starlette, tmp_path: Path, frictionless: ModuleType
) -> None:
    async def fetch() -> dict[str, object]:
        transport = httpx.ASGITransport(app=routes)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            package = (await client.get("/extracts/datapackage.json?region=africa&lang=fr")).json()
            for resource in package["resources"]:
                assert resource["path"].startswith(f"{BASE}/extracts/")
                answer = await client.get(resource["path"])
                assert answer.status_code == 200
                resource["path"] = httpx.URL(resource["path"]).path.rpartition("/")[2]
                (tmp_path / resource["path"]).write_bytes(answer.content)
            return dict(package)

    package = asyncio.run(fetch())
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert faults(report) == []
    assert report.stats["tasks"] == 3 * len(TABLES)


def test_a_program_reads_the_values_with_their_types(
    snapshot: Snapshot, tmp_path: Path, frictionless: ModuleType
) -> None:
    write_package(snapshot, Selection(), tmp_path / "x.zip", BASE)
    package = frictionless.Package(str(tmp_path / "x.zip"))
    by_name = {}
    for ending in ("csv", "parquet"):
        resource = package.get_resource(f"milestones-{ending}")
        assert isinstance(resource, frictionless.resources.TableResource)
        rows = resource.read_rows()
        values = [list(row.to_dict().values()) for row in rows]
        # In CSV files formulas begin with an apostrophe.
        by_name[ending] = [[v.removeprefix("'") if isinstance(v, str) else v for v in row] for row in values]
    assert len(by_name["csv"]) > 5
    assert {type(value).__name__ for row in by_name["csv"] for value in row} == {
        "str",
        "date",
        "bool",
        "int",
        "NoneType",
    }
    assert by_name["csv"] == by_name["parquet"]
