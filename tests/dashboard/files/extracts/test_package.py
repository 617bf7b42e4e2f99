"""The package of every table: its content, its descriptor, and the agreement of both."""

import io
import json
import zipfile

import pyarrow.parquet as pq
import pytest

from dashboard.files.extracts import order
from dashboard.files.extracts.choice import Choice
from dashboard.files.extracts.package import describe_package, write_package
from dashboard.files.extracts.tables import TABLES
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.shipped import find_bare_signs

AFRICA = Selection(regions=("africa",), lang="fr")
BASE = "https://actions.example.org"


@pytest.fixture(scope="module")
def archive(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    target = tmp_path_factory.mktemp("package") / "x.zip"
    report = write_package(snapshot, AFRICA, target, BASE)
    assert report["rows"] > 0
    assert [path.name for path in target.parent.iterdir()] == ["x.zip"]
    return zipfile.ZipFile(target)


def test_every_table_is_there_in_every_open_format_and_the_words_are_in_the_readers_language(archive) -> None:
    package = dict(json.loads(archive.read("datapackage.json")))
    tables = [f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet", "json")]
    assert archive.namelist() == [*tables, "datapackage.json", "README.txt", "CITATION.txt"]
    assert archive.testzip() is None
    for resource in (one for one in package["resources"] if one["format"] == "parquet"):
        table = pq.read_table(io.BytesIO(archive.read(resource["path"])))
        assert not {"bytes", "hash"} & set(resource), "validators do not count them and would call them wrong"
        assert resource["rows"] == table.num_rows
        assert table.schema.names == [field["name"] for field in resource["schema"]["fields"]]
    readme = archive.read("README.txt").decode("utf-8-sig")
    for words in ("Campagne d’essai", "Région\u00a0: Afrique", "actions.csv", package["citation"]):
        assert words in readme
    citation = archive.read("CITATION.txt").decode("utf-8-sig")
    assert f"{BASE}/actions?region=africa&lang=fr" in citation
    assert "fixture" in citation
    assert "Secrétariat d’essai. Registre des actions – Afrique. " in citation
    assert package["description"].startswith(citation.split(":")[0])
    page = {"path": "https://example.org/office"}
    assert package["contributors"] == [{"title": "Secrétariat d’essai", **page, "role": "publisher"}]
    assert package["sources"] == [{"title": "Secrétariat d’essai, Campagne d’essai", **page}]
    (licence,) = package["licenses"]
    assert licence["path"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (licence["name"], licence["title"]) == ("CC-BY-4.0", "CC BY 4.0")
    assert "\n" not in readme.replace("\r\n", "")


def test_addresses_on_the_web_keep_the_filters(snapshot: Snapshot) -> None:
    package = describe_package(snapshot, AFRICA, BASE, on_the_web=True)
    actions, places = package["resources"][0], package["resources"][3]
    assert actions["path"] == f"{BASE}/extracts/actions.csv?region=africa&lang=fr"
    assert actions["schema"]["primaryKey"] == [actions["schema"]["fields"][0]["name"]]
    assert "primaryKey" not in places["schema"], "of places the country may be empty"


@pytest.mark.nightly
@pytest.mark.usefixtures("workers_here")
def test_a_worker_makes_the_same_bytes_and_the_descriptor_says_how_csv_is_written(snapshot: Snapshot, tmp_path) -> None:
    tables, settings = ("themes_countries",), Settings.from_environment({"DASHBOARD_BASE_URL": BASE})
    choice = Choice(file_format="zip", include=tables, csv="semicolon")
    export = order.submit_extract(snapshot, AFRICA, choice, settings).result()
    assert order.name_extract(snapshot, AFRICA, choice) == "sample_2021-themes-countries_africa_2021-12-31_fr.zip"
    write_package(snapshot, AFRICA, tmp_path / "x.zip", BASE, tables, "semicolon")
    assert export.content == (tmp_path / "x.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        described = json.loads(archive.read("datapackage.json"))["resources"][0]
        lines = archive.read("themes_countries.csv").decode("utf-8-sig").splitlines()
        readme, package = (archive.read(name).decode("utf-8-sig") for name in ("README.txt", "datapackage.json"))
        assert "points-virgules" in readme
        assert find_bare_signs(f"{readme}{json.loads(package)['description']}") == []
    fields = described["schema"]["fields"]
    assert described["dialect"]["delimiter"] == ";"
    assert next(field for field in fields if field["type"] == "number")["decimalChar"] == ","
    assert lines[0].split(";") == [field["name"] for field in fields]
    web = describe_package(snapshot, AFRICA, BASE, on_the_web=True, csv="semicolon")["resources"]
    assert [r["path"].endswith("&csv=semicolon") for r in web[:3]] == [True, False, False]
