"""A soak: the server stays as it is while it is read and published anew. Longer ones are run by hand (`make soak`)."""

import subprocess
import sys

import pytest

from benchmarks.soak import find_growth
from dashboard.paths import PROJECT


@pytest.mark.nightly
def test_twelve_minutes_of_readers_downloads_embeds_and_publications(tmp_path):
    words = ["--minutes", "12", "--readers", "15", "--downloads", "15", "--most-growth", "0.15"]
    command = [sys.executable, "-m", "benchmarks.soak", *words, "--log", str(tmp_path / "soak.log")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_memory_that_grows_once_it_has_settled_is_seen():
    warming = [(minute, 300 + 40 * minute) for minute in range(10)]
    flat = [*warming, *((minute, 700 + minute % 3) for minute in range(10, 31))]
    rising = [*warming, *((minute, 600 + 5 * minute) for minute in range(10, 31))]
    assert abs(find_growth(flat, 30)[1]) < 0.01
    slope, growth = find_growth(rising, 30)
    assert (round(slope, 6), round(growth, 3)) == (5, round(100 / 700, 3))
