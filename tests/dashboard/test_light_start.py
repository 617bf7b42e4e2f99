"""The modules that a process loads before it begins: commands and the server do not wait for unused ones."""

import os
import subprocess
import sys

import pytest

from dashboard import __main__
from dashboard.commands import written_files
from dashboard.paths import PROJECT
from dashboard.web.charts.requests import FILES

OFFICE = {"pptx", "openpyxl", "xlsxwriter", "resvg", "typst", "pikepdf"}
DRAWING = {
    "dashboard.charts.svg", "dashboard.web.charts", "dashboard.charts.chart", "fontTools", "pptx", "resvg", "plotly",
}  # fmt: skip


BUILDS = """
from pathlib import Path
from tempfile import TemporaryDirectory
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import PROJECT
from etl.pipeline.build import build
with TemporaryDirectory() as place, build(CampaignFolder(PROJECT / "data"), Path(place)): pass"""
READS = "from etl.readers.sheets import make_texts, strip_texts; strip_texts(make_texts(['a', None]))"


@pytest.mark.parametrize(
    "steps",
    [
        [
            ("import dashboard.files.briefings.order, dashboard.files.extracts.order", OFFICE),
            ("import dashboard.__main__", DRAWING),
        ],
        [(READS, {"pandas"}), ("import dashboard.charts.svg", {"fontTools.subset", "fontTools.varLib.instancer"})],
        [(BUILDS, {"pandas"})],
        [("import dashboard.charts.svg.painting", {"pandas", "duckdb", "fontTools"})],
    ],
    ids=["commands", "readers", "builds", "painter"],
)
def test_nothing_is_loaded_that_is_not_used(steps: list[tuple[str, set[str]]]) -> None:
    """Each step is taken by a process that has taken those before it."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys\n" + "".join(f"{step}\nprint(*sys.modules)\n" for step, _ in steps)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    for (step, unwanted), loaded in zip(steps, done.stdout.splitlines(), strict=True):
        assert not set(loaded.split()) & unwanted, step


def test_the_lists_of_endings_and_commands_have_those_that_there_are() -> None:
    assert set(written_files.ENDINGS) == {"html", *FILES}
    commands = {one.name or one.callback.__name__.replace("_", "-") for one in __main__.app.registered_commands}
    assert commands | {group.name for group in __main__.app.registered_groups} == set(__main__.COMMANDS)


@pytest.mark.parametrize("program", ["etl", "dashboard"])
def test_a_python_without_the_packages_is_told_which_to_take(program: str) -> None:
    bare = [sys.executable, "-S", "-m", program, "--help"]
    done = subprocess.run(bare, cwd=PROJECT, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert "typer is not installed for" in done.stderr and "Type . .venv/bin/activate" in done.stderr
