"""No browser draws charts: every form is made by this program's own interpreter, of fonts and scripts it brings."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.paths import PROJECT
from dashboard.web.charts.requests import FORMATS

BROWSERS = (
    "chrom", "firefox", "kaleido", "choreographer", "playwright", "selenium", "pyppeteer", "webkit", "phantomjs",
)  # fmt: skip
# Makes a chart in every form in one process, its workers' part too, and reports started processes and loaded modules.
PROGRAM = """
import json, sys
started = []
sys.addaudithook(lambda event, said: started.append(said[0]) if event in ("subprocess.Popen", "os.exec") else None)
import app
from dashboard import server, __main__
from dashboard.files.briefings import excel, html, pack
from dashboard.files.briefings.slides import deck
from dashboard.snapshot import database
from dashboard.web.charts import making
from dashboard.ground.processes import runner
from dashboard.web.charts.requests import FORMATS, read
from dashboard.settings import Settings
from tests.worked_here import WorkersHere
here = WorkersHere()
runner.default_workers = lambda: here
settings = Settings.from_environment()
published, sizes = database.current(settings), {}
for name in FORMATS:
    wanted = read("completion-by-region", name, {"lang": ["fr"]}, published)
    sizes[name] = len(making.make(published, wanted, settings))
print(json.dumps({"started": [str(one) for one in started], "loaded": sorted(sys.modules), "sizes": sizes}))
"""


@pytest.mark.nightly
def test_every_form_is_made_without_a_browser_or_any_program_of_the_machine(campaign_folder: Path) -> None:
    """Without a display and without a home."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=PROJECT,
        env={"PATH": "/nowhere", "PYTHONPATH": str(PROJECT), "DASHBOARD_CAMPAIGN": str(campaign_folder)}
        | {name: os.environ[name] for name in ("SYSTEMROOT", "TMPDIR") if name in os.environ},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.splitlines()[-1])
    assert set(made["sizes"]) == set(FORMATS)
    assert min(made["sizes"].values()) > 500
    assert made["started"] == []
    tops = {name.partition(".")[0].lower() for name in made["loaded"]}
    assert {"resvg", "pptx", "openpyxl"} <= tops  # the makers of pictures and files were covered too
    assert not [name for name in tops if any(browser in name for browser in BROWSERS)]


def test_no_requirement_brings_a_browser() -> None:
    pinned = re.findall(
        r"^([A-Za-z0-9._-]+)==", (PROJECT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(pinned) > 20
    assert not [name for name in pinned if any(browser in name.lower() for browser in BROWSERS)]
