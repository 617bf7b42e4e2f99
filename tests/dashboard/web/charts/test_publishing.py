"""Charts as files: `python -m dashboard publish-embeds` and `chart`."""

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree, html
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.briefings import order
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.errors import UserError
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import embed_page, publishing
from dashboard.web.charts.words_font import copies


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


ONE_A_KIND = {spec.kind: chart_id for chart_id, spec in reversed(CATALOGUE.items())}.values()


@pytest.fixture(scope="module")
def published(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chart of each kind as files, in two languages."""
    folder = tmp_path_factory.mktemp("published") / "charts"
    options = ("--campaign", campaign_folder, "--langs", "fr,en", "--base-url", "https://web.example/c/")
    assert vars(publishing)["CATALOGUE"] is CATALOGUE
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "CATALOGUE", {name: CATALOGUE[name] for name in ONE_A_KIND})
        code, said, _ = run("publish-embeds", folder, *options)
    assert code == 0
    assert "fictional" in said
    return folder


def test_every_chart_is_there_in_every_language_and_form(published: Path) -> None:
    found = {path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()}
    expected = {
        f"{lang}/{chart}.{form}" for lang in ("fr", "en") for chart in ONE_A_KIND for form in publishing.FORMATS
    }
    assert found == expected | {"index.html", publishing.MANIFEST} | {f"assets/{name}" for name in copies().files}
    assert not [path for path in published.iterdir() if path.name.startswith(".")]


def test_every_link_between_the_files_leads_to_one(published: Path) -> None:
    for page in published.rglob("*.html"):
        links = html.fromstring(page.read_text(encoding="utf-8")).xpath("//a/@href")
        near = [link for link in links if not link.startswith("http")]
        assert near
        assert all((page.parent / link).is_file() for link in near)


def test_a_published_page_has_numbers_words_and_previews(published: Path, snapshot: Snapshot) -> None:
    page = html.fromstring((published / "fr" / "region-by-theme.html").read_text(encoding="utf-8"))
    chart = build_chart(snapshot, "region-by-theme", Selection(lang="fr"))
    assert page.get("lang") == "fr"
    assert page.xpath("string(//h1)") == chart.title
    assert page.xpath("//meta[@property='og:image']/@content") == ["https://web.example/c/fr/region-by-theme.png"]
    assert page.xpath("//script/text()") == [embed_page.TELLING]
    data = pd.read_csv(published / "fr" / "region-by-theme.csv", encoding="utf-8-sig")
    assert data["completed"].tolist() == chart.frame["completed"].tolist()
    picture = (published / "fr" / "region-by-theme.png").read_bytes()
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)


@pytest.fixture
def two_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of two charts, where it matters which files are written and not what is in them."""
    few = {name: CATALOGUE[name] for name in ("completion-by-region", "status-overview")}
    monkeypatch.setattr(publishing, "CATALOGUE", few)


@pytest.mark.usefixtures("two_charts")
def test_publishing_again_replaces_its_own_files_and_no_others(snapshot: Snapshot, tmp_path: Path) -> None:
    settings = Settings.from_environment({})
    publishing.publish(snapshot, tmp_path, ["en", "es"], settings)
    (tmp_path / "es" / "ours.txt").write_text("x")
    (tmp_path / "robots.txt").write_text("x")
    (tmp_path / "en" / "status-overview.csv").write_text("old")
    made = publishing.publish(snapshot, tmp_path, ["en"], settings)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {*made, publishing.MANIFEST, "robots.txt", "es/ours.txt"}
    assert (tmp_path / "en" / "status-overview.csv").read_text() != "old"


@pytest.mark.usefixtures("two_charts")
def test_a_file_of_somebody_else_is_not_overwritten(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(UserError, match="not written by this command"):
        publishing.publish(snapshot, tmp_path, ["en"], Settings.from_environment({}))
    assert [path.name for path in tmp_path.rglob("*")] == ["index.html"]
    assert (tmp_path / "index.html").read_text() == "mine"


@pytest.mark.usefixtures("two_charts")
def test_a_list_that_leads_out_of_the_folder_removes_nothing_there(snapshot: Snapshot, tmp_path: Path) -> None:
    outside = tmp_path / "keep.txt"
    outside.write_text("x")
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / publishing.MANIFEST).write_text(json.dumps({"files": ["../keep.txt", str(outside)]}))
    publishing.publish(snapshot, folder, ["en"], Settings.from_environment({}))
    assert outside.exists()


@pytest.mark.parametrize("ending", ["svg", "png", "html", "csv", "json", "metadata.json"])
def test_the_command_writes_a_chart(campaign_folder: Path, snapshot: Snapshot, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"chart.{ending}"
    code, said, _ = run(
        "chart", "completion-by-region", "--campaign", campaign_folder, "--to", target,
        "--region", "africa", "--region", "global", "--lang", "fr",
    )  # fmt: skip
    assert code == 0
    assert str(target) in said
    chart = build_chart(snapshot, "completion-by-region", Selection(("africa", "global"), lang="fr"))
    body = target.read_bytes()
    if ending == "csv":
        data = pd.read_csv(io.BytesIO(body), encoding="utf-8-sig")
        assert data["actions"].tolist() == chart.frame["actions"].tolist()
    elif ending == "png":
        assert body.startswith(b"\x89PNG")
    elif ending == "svg":
        assert chart.title in " ".join(etree.fromstring(body).itertext())
    else:
        assert chart.title in body.decode() or ending == "json"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_the_command_takes_size_scale_and_title(campaign_folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "chart.png"
    code, _, _ = run(
        "chart", "completion-by-theme", "--campaign", campaign_folder, "--to", target,
        "--size", "square", "--scale", "2", "--title", "My own",
    )  # fmt: skip
    assert code == 0
    assert int.from_bytes(target.read_bytes()[16:20]) == 2160


def test_the_command_takes_another_side(campaign_folder: Path, tmp_path: Path) -> None:
    target, versus = tmp_path / "beside.csv", ("--vs", "region=americas", "--vs", "region=global", "--vs", "theme=")
    chosen = ("--theme", "education", "--region", "africa")
    code, _, _ = run("chart", "completion-by-group", "--campaign", campaign_folder, "--to", target, *chosen, *versus)
    assert code == 0
    assert set(pd.read_csv(target)["side_label"]) == {"Africa, Education", "Americas, Global"}


@pytest.mark.parametrize(
    ("arguments", "column"),
    [
        (("explore", "--by", "completed"), "completed"),
        (("survey-answers", "--question", "support_received", "--wave", "each"), "wave_label"),
    ],
)
def test_the_command_takes_what_a_chart_is_put_together_of(
    campaign_folder: Path, tmp_path: Path, arguments: tuple[str, ...], column: str
) -> None:
    target = tmp_path / "own.csv"
    assert run("chart", *arguments, "--campaign", campaign_folder, "--to", target)[0] == 0
    assert column in pd.read_csv(target)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("survey-answers", "--to", "x.svg", "--question", "nonsense"), "support_received"),
        (("no-such-chart", "--to", "x.svg"), "completion-by-region"),
        (("completion-by-region", "--to", "x.gif"), ".svg"),
        (("completion-by-region", "--to", "x.svg", "--size", "huge"), "social"),
        (("completion-by-region", "--to", "x.csv", "--size", "slide"), "size"),
        (("completion-by-region", "--to", "x.svg", "--region", "mars"), "africa"),
        (("completion-by-region", "--to", "x.svg", "--lang", "de"), "fr"),
        (("completion-by-region", "--to", "x.svg", "--vs", "region=mars"), "africa"),
    ],
)
def test_a_wrong_command_is_refused_with_what_is_allowed(
    campaign_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, refused = run("chart", *arguments, "--campaign", campaign_folder)
    assert code == 2
    assert said in refused
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_done_ends_with_one(campaign_folder: Path, tmp_path: Path) -> None:
    assert (
        run("chart", "completion-by-region", "--campaign", campaign_folder, "--to", tmp_path / "no" / "x.svg")[0] == 1
    )
    assert run("chart", "completion-by-region", "--campaign", tmp_path, "--to", tmp_path / "x.svg")[0] == 1
    assert run("publish-embeds", tmp_path / "x", "--campaign", campaign_folder, "--langs", "de")[0] == 2


def test_a_file_can_be_made_by_a_worker_for_the_command(
    campaign_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Made:
        content = b"slides"

        def result(self) -> "Made":
            return self

    monkeypatch.setattr(order, "submit_chart_file", lambda *_: Made())
    target = tmp_path / "x.pptx"
    assert run("chart", "region-by-theme", "--campaign", campaign_folder, "--to", target)[0] == 0
    assert target.read_bytes() == b"slides"
