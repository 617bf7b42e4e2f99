"""`kill -9` of a build at random moments: the published snapshot stays whole, and the next command works.

Two in three moments lie anywhere in the run; the others follow right after one of the changes in the campaign's
folders, seen from outside. (`test_killed_at_steps.py` kills every command at each of its steps.)
"""

import os
import random
import signal
import time

import pytest

from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.changing import list_leftovers, read_whole
from tests.etl.killed import start
from tests.etl.program import history_file, published
from tests.etl.registers import HEADER, action

pytestmark = [pytest.mark.nightly, pytest.mark.kills, pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")]

SEED, KILLS = 2021, 24
PATIENCE_SECONDS = 120
WATCHED = ("published", "private", "private/builds", "private/contacts", "private/inputs", "inbox")
STATES = {name: HEADER + "".join(action(str(i), promise=f"{name} {i}") for i in range(20)) for name in ("Odd", "Even")}


def changes(folder):
    """Return a value that is another one after every change in the campaign's folders."""
    places = (folder.root / place for place in WATCHED)
    return [place.stat().st_mtime_ns if place.is_dir() else 0 for place in places]


def kill_after_changes(folder, process, number, pause):
    """Kill a process a moment after the folders have changed so many times."""
    before = state = changes(folder)
    end = time.monotonic() + PATIENCE_SECONDS
    while number and process.is_alive() and time.monotonic() < end:
        now = changes(folder)
        number -= now != state
        state = now
        if state == before:
            time.sleep(0.001)  # the process loads; between its changes there is no time to sleep
    time.sleep(pause)
    process.kill()


def test_build_killed_at_any_moment(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")  # each build puts every file of its own in place anew
    moments = random.Random(SEED)  # noqa: S311  (moments, no secrets)
    folder = make_campaign(tmp_path / "c", {"a.csv": STATES["Even"]})
    command = ("build", "--quiet", "--campaign", folder.root)
    whole = {}
    for name in ("Even", "Odd"):
        (folder.inbox / "a.csv").write_text(STATES[name])
        began = time.monotonic()
        publish_campaign(folder)
        duration, now = 1.5 * (time.monotonic() - began), name  # a process of its own has more to load
        whole[name] = read_whole(folder)
    assert whole["Even"] != whole["Odd"]
    seen = set()
    for number in range(KILLS):
        new = "Odd" if now == "Even" else "Even"
        (folder.inbox / "a.csv").write_text(STATES[new])
        process = start(*command)
        if number % 3:
            process.join(moments.uniform(0, duration))
            process.kill()
        else:
            # The first change of all, the build's own folder, is long before the switch.
            change = moments.randint(2, 14) if number else 1
            kill_after_changes(folder, process, change, moments.uniform(0, 0.004))
        process.join(PATIENCE_SECONDS)
        assert process.exitcode in (0, -signal.SIGKILL)
        found = read_whole(folder)
        assert found in (whole[now], whole[new]), f"kill {number}"
        entries = history_file(folder)
        assert entries and all(entry["figures"]["actions"] for entry in entries)
        seen.add(found == whole[new])
        now = new if found == whole[new] else now
    assert False in seen, "no kill came before the switch"
    publish_campaign(folder)
    assert history_file(folder)[0]["build_id"] == published(folder)["build_id"]
    assert list_leftovers(folder) == []
    assert len(list(folder.published.glob("*.duckdb"))) == 1
