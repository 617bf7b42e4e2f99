"""From a new answer to every open page with nobody at hand. An hour of it is run by hand (`make unattended`)."""

import subprocess
import sys

import pytest

from benchmarks.unattended import Fault, find_wait, join_faults
from dashboard.paths import PROJECT


@pytest.mark.browser
@pytest.mark.nightly
@pytest.mark.parametrize("minutes", [12])
def test_every_answer_reaches_every_open_page_though_the_tools_fail_meanwhile(minutes, tmp_path):
    words = ["--minutes", str(minutes), "--gap", "40", "--slack", "60", "--log", str(tmp_path / "unattended.log")]
    command = [sys.executable, "-m", "benchmarks.unattended", *words]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_faults_between_which_a_tool_is_not_asked_count_as_one():
    first, second, other = Fault("kobo", "500", 0, 130), Fault("kobo", "away", 300, 370), Fault("lime", "cut", 310, 380)
    later = Fault("kobo", "500", 2000, 2010)
    joined = join_faults([second, first, other, later], 60)
    assert [(one.source, one.start, one.end) for one in joined] == [
        ("kobo", 0, 370),
        ("kobo", 2000, 2010),
        ("lime", 310, 380),
    ]
    assert find_wait(joined[0], 60) == pytest.approx(430 * 1.1)
