"""The public side as files: `python -m dashboard publish-public`."""

import json
import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import obstore
import pandas as pd
import pytest
from lxml import html
from obstore.store import MemoryStore, from_url
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.copies.object_store import Objects
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.errors import UserError
from dashboard.files.extracts import package
from dashboard.files.extracts.tables import TABLES
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import embed_page, index_page
from dashboard.web.charts.requests import STATIC
from dashboard.web.charts.words_font import copies
from dashboard.web.http import FOREVER, FRESH
from dashboard.web.news_feeds import FORMS
from dashboard.web.public_files import files_of_build, publishing
from dashboard.web.public_files.files_of_build import PublicSide, name_headers
from dashboard.web.public_files.publishing import Bucket, Folder
from dashboard.web.verifying.remade_files import read_place
from tests.annotations import DOCUMENT, OF_EVENT, OF_STORY, PICTURE, STANDING, publish_annotated, withdraw
from tests.moto_server import MissingMotoError, serving
from tests.signed_in import write_roles
from tests.snapshots import copy_published

HERE = re.compile(rb"127\.0\.0\.1|localhost")
CHARTS = ("region-by-theme",)
ONCE = {
    "index.html", "charts.json", "llms.txt", "_headers", "robots.txt", "sitemap.xml", "current.json",
    publishing.MANIFEST,
}  # fmt: skip


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


def draw_only(patch: pytest.MonkeyPatch, *charts: str) -> None:
    """Reduce the catalogue to a few charts."""
    for module in (files_of_build, index_page):
        patch.setattr(module, "CATALOGUE", {name: CATALOGUE[name] for name in charts})
        patch.setattr(module, "list_beside", lambda *_: ())


@pytest.fixture(scope="module")
def published(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish a chart and all else as files, in two languages; the open tables in English, in French one of them."""
    folder = tmp_path_factory.mktemp("published") / "charts"
    options = ("--campaign", campaign_folder, "--langs", "fr,en", "--base-url", "https://web.example/c/")
    write = package.write_package

    def write_few(of: Snapshot, selection: Selection, *words: Any) -> dict[str, int]:
        return write(of, selection, *words, *([("actions",)] if selection.lang == "fr" else []))

    with pytest.MonkeyPatch.context() as patch:
        draw_only(patch, *CHARTS)
        patch.setattr(package, "write_package", write_few)
        code, said, warned = run("publish-public", folder, *options)
    assert code == 0
    assert "fictional" in said
    assert "DASHBOARD_BASE_URL" in warned and "https://web.example/c" in warned
    return folder


def list_names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_public_is_there_in_every_language_and_links_lead_to_files(published, snapshot: Snapshot) -> None:
    found = list_names(published)
    langs, build = ("fr", "en"), f"builds/{snapshot.build_id}"
    charts = {f"{lang}/{chart}.{form}" for lang in langs for chart in CHARTS for form in STATIC}
    lists = {f"{lang}/index.html" for lang in langs} | {f"{lang}/latest.{form}" for lang in langs for form in FORMS}
    data = {name for name in found if "/data/" in name}
    expected = charts | {f"{build}/{name}" for name in charts} | lists | ONCE
    assert found == expected | data | {f"assets/{name}" for name in copies().files}
    assert {"fr/data/actions.parquet", *(f"en/data/{table}.parquet" for table in TABLES)} < data
    assert {name for name in data if name.startswith("builds")} == {
        f"{build}/{name}" for name in data if not name.startswith("builds")
    }
    assert not [path for path in published.iterdir() if path.name.startswith(".")]
    for page in published.rglob("*.html"):
        links = html.fromstring(page.read_text(encoding="utf-8")).xpath("//a/@href")
        near = [link for link in links if not link.startswith("http")]
        assert near
        assert all((page.parent / link).is_file() for link in near)
    sitemap = ElementTree.parse(published / "sitemap.xml")  # noqa: S314  (our own file)
    places = [node.text or "" for node in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(places) == 2 * (1 + len(CHARTS))
    assert all((published / place.removeprefix("https://web.example/c/")).is_file() for place in places)


def test_a_page_has_numbers_words_and_previews_and_a_twin_that_stays(published: Path, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "region-by-theme", Selection(lang="fr"))
    for folder in ("fr", f"builds/{snapshot.build_id}/fr"):
        page = html.fromstring((published / folder / "region-by-theme.html").read_text(encoding="utf-8"))
        assert page.get("lang") == "fr"
        assert page.xpath("string(//h1)") == chart.title
        place = f"https://web.example/c/{folder}/region-by-theme"
        assert page.xpath("//meta[@property='og:image']/@content") == [f"{place}.png"]
        assert page.xpath("//link[@rel='canonical']/@href") == [f"{place}.html"]
        assert page.xpath("//script/text()") == [embed_page.TELLING]
        assert (published / folder / page.xpath("//style/text()")[0].split("url(")[1].split(")")[0]).is_file()
        data = pd.read_csv(published / folder / "region-by-theme.csv", encoding="utf-8-sig")
        assert data["completed"].tolist() == chart.frame["completed"].tolist()
        told = json.loads((published / folder / "region-by-theme.metadata.json").read_text(encoding="utf-8"))
        assert told["is_frozen"] == folder.startswith("builds")
    picture = (published / "fr" / "region-by-theme.png").read_bytes()
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)


def test_without_a_dashboard_that_others_can_open_the_folder_stands_in_for_it(published, drawn) -> None:
    for name in list_names(published):
        assert not HERE.search((published / name).read_bytes()), name
    page = "https://web.example/c/fr/region-by-theme"
    assert f">{page}.html</text>" in (published / "fr" / "region-by-theme.svg").read_text(encoding="utf-8")
    told = json.loads((published / "fr" / "region-by-theme.metadata.json").read_text(encoding="utf-8"))
    assert told["addresses"] == {form: f"{page}.{form}" for form in STATIC}
    assert (published / "fr" / "data" / "CITATION.txt").read_text().rstrip().endswith("/c/fr/index.html")
    receipts = [
        told["receipt"]["of"],
        json.loads((published / "fr/data/datapackage.json").read_text())["receipt"]["of"],
    ]
    assert [read_place(of)[:3] for of in receipts] == [
        ("https://web.example/c/fr/", "charts", "region-by-theme.metadata.json"),
        ("https://web.example/c/fr/", "extracts", "all-tables.zip"),
    ]
    relative = dict(drawn["es"])
    for name, content in relative.items():
        assert not HERE.search(content), name
    assert b"://" not in relative["es/status-overview.svg"].replace(b"http://www.w3.org/", b"")
    assert json.loads(relative["es/status-overview.metadata.json"])["addresses"]["png"] == "./status-overview.png"
    links = ElementTree.fromstring(relative["es/latest.atom"]).findall("{http://www.w3.org/2005/Atom}link")  # noqa: S314
    assert [link.get("href") for link in links[:2]] == ["./latest.atom", "./index.html"]


def test_machines_find_data_feeds_and_the_build(published: Path, snapshot: Snapshot) -> None:
    data, feed = published / "en" / "data", json.loads((published / "fr" / "latest.json").read_text())
    resources = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert {resource["path"] for resource in resources} == {p.name for p in data.iterdir() if p.stem in TABLES}
    assert feed["feed_url"] == "https://web.example/c/fr/latest.json"
    listed = json.loads((published / "charts.json").read_text())["charts"]
    addresses = [address for one in listed for address in one["files"]["fr"].values()]
    assert addresses and all(address.startswith("https://web.example/c/fr/") for address in addresses)
    current = json.loads((published / "current.json").read_text())
    assert (current["build_id"], current["files"]) == (snapshot.build_id, f"builds/{snapshot.build_id}")
    assert "Sitemap: https://web.example/c/sitemap.xml" in (published / "robots.txt").read_text()
    places = re.findall(r"\]\(https://web\.example/c/(.+?)\)", (published / "llms.txt").read_text())
    assert len(places) == 3 and all((published / place).is_file() for place in places)


def test_each_file_says_what_it_is_and_how_long_it_may_be_kept() -> None:
    kept = {
        "fr/index.html": ("text/html; charset=utf-8", FRESH),
        "builds/0123/fr/x.metadata.json": ("application/json", FOREVER),
        "assets/font-1.woff2": ("font/woff2", FOREVER),
        "fr/latest.json": ("application/feed+json; charset=utf-8", FRESH),
        "fr/data/actions.parquet": ("application/vnd.apache.parquet", FRESH),
    }
    for name, (kind, lifetime) in kept.items():
        assert name_headers(name) == {"content-type": kind, "cache-control": lifetime}


@pytest.fixture
def campaign(campaign_folder: Path, tmp_path: Path) -> Path:
    return copy_published(campaign_folder, tmp_path / "campaign")


@pytest.fixture(scope="module")
def drawn(snapshot: Snapshot) -> dict[str, list[tuple[str, bytes]]]:
    """Return the files of one chart in each language."""
    side = PublicSide(snapshot, ["en", "es"], Settings.from_environment({}), has_data=False)
    with pytest.MonkeyPatch.context() as patch:
        draw_only(patch, "status-overview")
        return {lang: list(side._draw_language(lang)) for lang in side.languages}


@pytest.fixture
def side(
    campaign: Path, snapshot: Snapshot, drawn: dict[str, list[tuple[str, bytes]]], monkeypatch: pytest.MonkeyPatch
) -> PublicSide:
    """Return one chart in two languages, for tests of the written files and not of their content."""
    draw_only(monkeypatch, "status-overview")
    monkeypatch.setattr(PublicSide, "_draw_language", lambda _, lang: iter(drawn[lang]))
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign)})
    return PublicSide(snapshot, ["en", "es"], settings, has_data=False)


def test_only_what_has_changed_is_written_and_only_what_is_ours_is_removed(side: PublicSide, tmp_path: Path) -> None:
    place = Folder(tmp_path / "web")
    first = publishing.publish(side, place)
    assert first.changed == first.files
    assert publishing.publish(side, place) == (first.files, 0, 0, ())
    (place.root / "es" / "ours.txt").write_text("x")
    (place.root / "en" / "status-overview.csv").unlink()
    unchanged = (place.root / "en" / "status-overview.png").stat().st_ino
    done = publishing.publish(replace(side, languages=["en"]), place)
    names = list_names(place.root)
    assert {name for name in names if "es/" in name} == {"es/ours.txt"}
    assert (place.root / "en" / "status-overview.csv").is_file()
    assert (place.root / "en" / "status-overview.png").stat().st_ino == unchanged
    assert 0 < done.changed < 6 and len(names) == done.files + 2


def test_a_file_of_somebody_else_is_not_overwritten_nor_a_closed_campaign_laid_open(side, campaign, tmp_path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "index.html").write_text("mine")
    with pytest.raises(UserError, match="not written by this command"):
        publishing.publish(side, Folder(tmp_path / "web"))
    assert list_names(tmp_path / "web") == {"index.html"}
    assert (tmp_path / "web" / "index.html").read_text() == "mine"
    write_roles(campaign, closed=True)
    with pytest.raises(UserError, match="closed to the public"):
        publishing.publish(side, Folder(tmp_path / "elsewhere"))
    assert list_names(tmp_path / "elsewhere") == set()


@pytest.mark.nightly
def test_the_list_of_a_former_version_is_read_and_one_that_leads_out_removes_nothing(side, tmp_path) -> None:
    outside, folder = tmp_path / "keep.txt", tmp_path / "web"
    (folder / "en").mkdir(parents=True)
    for file in (outside, folder / "index.html", folder / "en" / "old.csv"):
        file.write_text("x")
    listed = {"files": ["../keep.txt", str(outside), "index.html", "en/old.csv"]}
    (folder / publishing.MANIFEST).write_text(json.dumps(listed))
    publishing.publish(side, Folder(folder))
    assert outside.exists() and (folder / "index.html").read_text() != "x"
    assert not (folder / "en" / "old.csv").exists()


class Stopped(Folder):
    """A folder that breaks off in the middle."""

    def put_all(self, files: Mapping[str, Path]) -> None:
        super().put_all(dict(islice(files.items(), 6)))
        if len(files) > 6:
            raise KeyboardInterrupt


def test_what_was_stopped_is_brought_to_its_end(side: PublicSide, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        publishing.publish(side, Stopped(tmp_path / "web"))
    done = publishing.publish(side, Folder(tmp_path / "web"))
    assert len(list_names(tmp_path / "web")) == done.files + 1
    assert files_of_build.CURRENT in list_names(tmp_path / "web")


def test_former_builds_stay_until_somebody_is_erased(side: PublicSide, campaign: Path, tmp_path: Path) -> None:
    place = Folder(tmp_path / "web")
    publishing.publish(side, place)
    listed = json.loads((place.root / publishing.MANIFEST).read_text())
    for build in ("former", "pruned"):  # as builds of earlier days left them; the campaign still has the first
        shutil.copytree(place.root / side.build_folder, place.root / "builds" / build)
        listed["files"] |= {name: "" for name in list_names(place.root) if name.startswith(f"builds/{build}")}
        listed["builds"][build] = datetime.now(UTC).isoformat()
    (campaign / "published" / "snapshot-former.duckdb").touch()
    (place.root / publishing.MANIFEST).write_text(json.dumps({**listed, "made_of": "another build"}))
    publishing.publish(side, place)
    assert {path.name for path in (place.root / "builds").iterdir()} == {"former", "pruned", side.snapshot.build_id}
    with acting_here(campaign, Event.ERASED):
        pass
    assert publishing.publish(side, place).erased == ("pruned",)
    assert {path.name for path in (place.root / "builds").iterdir()} == {"former", side.snapshot.build_id}


@pytest.mark.nightly
def test_files_of_reports_stand_there_until_they_are_withdrawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_only(monkeypatch, "status-overview")
    publish_annotated(tmp_path)
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(tmp_path)})
    side = PublicSide(current(settings), ["fr"], settings, "https://web.example", has_data=False)
    store, folder = Objects(MemoryStore(), "s3://sample"), Folder(tmp_path / "web")
    places = (Bucket(store), folder)
    for place in places:
        publishing.publish(side, place)
        assert {name for name in place.list_names() if name.startswith("evidence/")} == {
            f"evidence/{name}" for name in STANDING
        }
    assert (folder.root / "evidence" / PICTURE).read_bytes() == PICTURE.encode() * 1_000
    items = json.loads((folder.root / "fr/latest.json").read_text())["items"]
    images = {item["image"] for item in items if "image" in item}
    assert images == {f"https://web.example/evidence/{name}" for name in (OF_STORY, OF_EVENT)}
    headers = name_headers(f"evidence/{DOCUMENT}")
    assert headers == {
        "content-type": "application/pdf",
        "cache-control": "public, max-age=600, must-revalidate",
        "content-disposition": "attachment",
    }
    block = (folder.root / "_headers").read_text().partition("/evidence/*\n")[2].partition("\n/")[0]
    assert "content-security-policy: default-src 'none'; sandbox" in block and "attachment" in block

    withdraw(tmp_path, OF_STORY)
    for place in places:  # of the same build
        publishing.publish(PublicSide(side.snapshot, ["fr"], settings, "https://web.example", has_data=False), place)
        assert f"evidence/{OF_STORY}" not in place.list_names()
        assert f"evidence/{PICTURE}" in place.list_names()
    assert OF_STORY not in "".join((folder.root / f"fr/latest.{ending}").read_text() for ending in FORMS)


def test_an_object_store_has_the_same_files_each_with_its_headers(side: PublicSide, tmp_path: Path) -> None:
    store = MemoryStore()
    done = publishing.publish(side, Bucket(Objects(store, "s3://sample")))
    publishing.publish(side, Folder(tmp_path / "web"))
    names = list_names(tmp_path / "web")
    assert {one["path"] for portion in obstore.list(store) for one in portion} == names and len(names) == done.files + 1
    for name in ("en/status-overview.csv", f"{side.build_folder}/en/status-overview.png", "current.json"):
        found = obstore.get(store, name)
        assert {key.lower(): value for key, value in found.attributes.items()} == name_headers(name)
        assert bytes(found.bytes()) == (tmp_path / "web" / name).read_bytes()
    again = publishing.publish(replace(side, languages=["en"]), Bucket(Objects(store, "s3://sample")))
    left = {one["path"] for portion in obstore.list(store) for one in portion}
    assert 0 < again.changed < done.changed and not any("es/" in name for name in left)


@pytest.mark.nightly
def test_the_command_writes_to_s3(campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_only(monkeypatch, "status-overview")
    try:
        with serving("public") as environment:
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            options = ("--campaign", campaign_folder, "--langs", "fr", "--base-url", "https://web.example")
            code, said, refused = run("publish-public", "s3://public/site", *options)
            assert code == 0, refused
            assert "0 of them new" in run("publish-public", "s3://public/site", *options)[1]
            store = from_url("s3://public/site", client_options={"allow_http": True})
            sent = obstore.get(store, "fr/status-overview.html").attributes
            assert {name.lower(): value for name, value in sent.items()} == name_headers("fr/x.html")
    except MissingMotoError as error:
        pytest.skip(str(error))


def test_the_command_refuses_what_it_cannot_do_and_has_its_former_name(campaign_folder: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    code, _, said = run("publish-public", taken, "--campaign", campaign_folder, "--charts-only")
    assert code == 1 and "State --base-url" in said
    code, _, said = run("publish-embeds", tmp_path / "x", "--campaign", campaign_folder, "--langs", "de")
    assert code == 2 and "fr" in said
