"""A chart as a file: `python -m dashboard chart`."""

from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.charts.chart import build_chart
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.charts_over_http import read_csv


def run(chart_id: str, *arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["chart", chart_id, *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.usefixtures("workers_here")
def test_the_command_writes_a_chart_in_every_form(campaign_folder: Path, snapshot: Snapshot, tmp_path: Path) -> None:
    chart = build_chart(snapshot, "completion-by-region", Selection(("africa", "global"), lang="fr"))
    for ending in ("svg", "png", "html", "csv", "json", "metadata.json", "xlsx"):
        target = tmp_path / f"chart.{ending}"
        code, printed, _ = run(
            "completion-by-region", "--campaign", campaign_folder, "--to", target,
            "--region", "africa", "--region", "global", "--lang", "fr",
        )  # fmt: skip
        assert (code, str(target) in printed) == (0, True)
        body = target.read_bytes()
        if ending == "csv":
            assert read_csv(body)["actions"].tolist() == chart.frame["actions"].tolist()
        elif ending in ("png", "xlsx"):
            assert body.startswith(b"\x89PNG" if ending == "png" else b"PK")
        elif ending == "svg":
            assert chart.title in " ".join(etree.fromstring(body).itertext())
        else:
            assert chart.title in body.decode() or ending == "json"
        assert [path.name for path in tmp_path.iterdir()] == [target.name]
        target.unlink()


def test_the_command_takes_size_scale_and_title_or_ends_with_one(campaign_folder: Path, tmp_path: Path) -> None:
    target, size = tmp_path / "chart.png", ("--size", "square", "--scale", "2", "--title", "My own")
    assert run("completion-by-theme", "--campaign", campaign_folder, "--to", target, *size)[0] == 0
    assert int.from_bytes(target.read_bytes()[16:20]) == 2160
    for campaign, target in ((campaign_folder, tmp_path / "no" / "x.svg"), (tmp_path, tmp_path / "x.svg")):
        assert run("completion-by-region", "--campaign", campaign, "--to", target)[0] == 1


SIDES = (
    "--theme", "education", "--region", "africa", "--vs", "region=americas", "--vs", "region=global", "--vs", "theme=",
)  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "column", "values"),
    [
        (("completion-by-group", *SIDES), "side_label", {"Africa, Education", "Americas, Global"}),
        (("explore", "--by", "completed"), "completed", set()),
        (("survey-answers", "--question", "support_received", "--wave", "each"), "wave_label", set()),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_command_takes_another_side_and_what_a_chart_is_put_together_of(
    campaign_folder: Path, tmp_path: Path, arguments: tuple[str, ...], column: str, values: set[str]
) -> None:
    target = tmp_path / "own.csv"
    assert run(*arguments, "--campaign", campaign_folder, "--to", target)[0] == 0
    found = set(read_csv(target.read_bytes())[column])
    assert found == values or not values


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
    code, _, refused = run(*arguments, "--campaign", campaign_folder)
    assert code == 2
    assert said in refused
    assert not list(tmp_path.iterdir())
