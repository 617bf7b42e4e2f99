"""From a new answer to every open page with nobody at hand. An hour of it is run by hand (`make unattended`)."""

import subprocess
import sys

import pytest

from dashboard.paths import PROJECT


@pytest.mark.browser
@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize("minutes", [12])
def test_every_answer_reaches_every_open_page_though_the_tools_fail_meanwhile(minutes, tmp_path):
    words = ["--minutes", str(minutes), "--gap", "40", "--slack", "60", "--log", str(tmp_path / "unattended.log")]
    command = [sys.executable, "-m", "benchmarks.unattended", *words]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
