"""The ZIP and the description on the web are valid Frictionless packages, and the validator would find it otherwise."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from starlette.applications import Starlette

from dashboard import server
from dashboard.files.extracts.package import write_package
from dashboard.files.extracts.tables import TABLES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.charts_over_http import answer_alone, ask

BASE = "https://actions.example.org"


@pytest.fixture
def frictionless() -> ModuleType:
    """Return the validator, which takes a second to load."""
    import frictionless.resources

    return frictionless


def faults(report: Any) -> list[str]:
    """List the validator's complaints, by file."""
    return [*(error.message for error in report.errors)] + [
        f"{task.name}: {error.message}" for task in report.tasks for error in task.errors
    ]


@pytest.fixture(scope="module")
def package(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the ZIP of everything, in English."""
    file = tmp_path_factory.mktemp("package") / "x.zip"
    write_package(snapshot, Selection(), file, BASE)
    return file


SELECTIONS = some([Selection(), Selection(lang="fr", regions=("africa",)), Selection(lang="es", q="cocoa")], 1)


@pytest.mark.parametrize("selection", SELECTIONS)
def test_the_zip_validates(
    snapshot: Snapshot, package: Path, tmp_path: Path, frictionless: ModuleType, selection: Selection
) -> None:
    file = package if selection == Selection() else tmp_path / "x.zip"
    if file != package:
        write_package(snapshot, selection, file, BASE)
    report = frictionless.validate(str(file))
    assert faults(report) == []
    assert report.valid
    assert report.stats["tasks"] == 3 * len(TABLES)


CHANGES = {
    "reports": (b"2021-06-30", b"30.06.2021", "type"),
    "actions": (b"Title", b"Heading", "does not match the field name"),
    "milestones": (b"true", b"perhaps", "type"),
}
"""By table: the change to its CSV file, the new cell, and the validator's name for it."""


@pytest.mark.nightly
def test_a_package_changed_afterwards_does_not(package: Path, tmp_path: Path, frictionless: ModuleType) -> None:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path)
    for table, (text, written, _) in CHANGES.items():
        content = (tmp_path / f"{table}.csv").read_bytes()
        assert text in content
        (tmp_path / f"{table}.csv").write_bytes(content.replace(text, written, 1))
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    described["resources"] = [resource for resource in described["resources"] if resource["format"] == "csv"]
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert len(report.tasks) == len(TABLES)
    assert not report.valid
    complaints = {task.name: " ".join(error.message for error in task.errors) for task in report.tasks}
    assert {name for name, said in complaints.items() if said} == {f"{table}-csv" for table in CHANGES}
    assert {task.name for task in report.tasks if not task.valid} == {f"{table}-csv" for table in CHANGES}
    for table, (_, _, fault) in CHANGES.items():
        assert fault in complaints[f"{table}-csv"]


@pytest.fixture
def routes(campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starlette]:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)
    with answer_alone(monkeypatch):
        yield Starlette(routes=server.routes())


@pytest.mark.nightly
def test_the_description_on_the_web_fits_what_its_addresses_give(
    routes: Starlette, tmp_path: Path, frictionless: ModuleType
) -> None:
    package = ask(routes, "/extracts/datapackage.json?region=africa&lang=fr").json()
    assert len(package["resources"]) == 3 * len(TABLES)
    assert all(resource["path"].startswith(f"{BASE}/extracts/") for resource in package["resources"])
    package["resources"] = package["resources"][:3]  # of one table, as the others in each format
    for resource in package["resources"]:
        answer = ask(routes, resource["path"].removeprefix(BASE))
        assert answer.status_code == 200
        resource["path"] = resource["path"].partition("?")[0].rpartition("/")[2]
        (tmp_path / resource["path"]).write_bytes(answer.content)
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert faults(report) == []
    assert report.stats["tasks"] == 3


@pytest.mark.nightly
def test_a_program_reads_the_values_with_their_types(package: Path, frictionless: ModuleType) -> None:
    opened = frictionless.Package(str(package))
    by_name = {}
    for ending in ("csv", "parquet"):
        resource = opened.get_resource(f"milestones-{ending}")
        assert isinstance(resource, frictionless.resources.TableResource)
        rows = resource.read_rows()
        values = [list(row.to_dict().values()) for row in rows]
        # In CSV files formulas begin with an apostrophe.
        by_name[ending] = [[v.removeprefix("'") if isinstance(v, str) else v for v in row] for row in values]
    assert len(by_name["csv"]) > 5
    kinds = {type(value).__name__ for row in by_name["csv"] for value in row}
    assert kinds == {"str", "date", "bool", "int", "NoneType"}
    assert by_name["csv"] == by_name["parquet"]
