"""The campaigns that the guides' pictures are taken of: the fictional sample, and it before its last survey came.

What arrives then is that survey with what real ones bring: a column that nobody has heard of, and a word that no
codelist has.
"""

import csv
import io
import shutil
from pathlib import Path

from dashboard.paths import SHIPPED_CAMPAIGN
from tests.etl.program import run_etl

SAMPLES = SHIPPED_CAMPAIGN / "samples"
LAST_SURVEY = "Progress_of_the_2021_Actions_-_final_-_2022-01-17.csv"
NEW_COLUMN, NEW_WORD = "Status (January 2022)", "Suspended"
_STATUS = "Progress/Where does your action stand?"
_CELLS = ("Completed", "In progress", "")


def publish_sample(root: Path) -> None:
    """Publish the sample as it is shown where nothing has been uploaded yet."""
    _copy_shipped(root)
    _build(root)


def publish_before_the_last_survey(root: Path) -> None:
    """Publish the sample's files but the last survey, as a campaign has them in its inbox."""
    _copy_shipped(root)
    (root / "inbox").mkdir()
    for file in SAMPLES.iterdir():
        if file.suffix in (".xlsx", ".csv", ".xml", ".ics") and file.name != LAST_SURVEY:
            shutil.copyfile(file, root / "inbox" / file.name)
    _build(root)


def write_last_survey() -> bytes:
    """The last survey with a column and a word that are new."""
    text = (SAMPLES / LAST_SURVEY).read_text(encoding="utf-8-sig")
    header, *rows = (row for row in csv.reader(io.StringIO(text), delimiter=";") if any(row))
    status = header.index(_STATUS)
    going_on = [number for number, row in enumerate(rows) if row[status] == "In progress"]
    for number in going_on[:3]:
        rows[number][status] = NEW_WORD
    widened = ([*row, _CELLS[number % len(_CELLS)]] for number, row in enumerate(rows))
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows([[*header, NEW_COLUMN], *widened])
    return written.getvalue().encode("utf-8-sig")


def _copy_shipped(root: Path) -> None:
    root.mkdir(parents=True)
    shutil.copyfile(SHIPPED_CAMPAIGN / "campaign.toml", root / "campaign.toml")
    shutil.copytree(SAMPLES, root / "samples", ignore=shutil.ignore_patterns("*.py", "*.toml", "__pycache__"))


def _build(root: Path) -> None:
    built = run_etl("build", "--campaign", root, "--quiet")
    assert built.returncode == 0, built.stderr
