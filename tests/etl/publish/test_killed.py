"""`kill -9` of a build at moments that nobody chose: what is published stays whole, and the next command works.

Two in three moments lie anywhere in the run; the others are found by watching the campaign's folders from outside and
killing right after one of their changes. (`test_killed_at_steps.py` kills every command at each of its steps.)
Three kills are for every run of the tests, 21 at other moments for `make test-nightly`.
"""

import os
import random
import signal
import subprocess
import sys
import time

import duckdb
import pytest

from dashboard.paths import PROJECT
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.program import history_file, published
from tests.etl.registers import HEADER, action

pytestmark = [
    pytest.mark.kills,
    pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX signal"),
]

SEED = 2021
PATIENCE_SECONDS = 120
WATCHED = ("published", "private", "private/builds", "private/contacts", "private/inputs", "inbox")
STATES = {name: HEADER + "".join(action(str(i), promise=f"{name} {i}") for i in range(20)) for name in ("Odd", "Even")}


def few_and_many(few, many):
    """Runs a test with a few kills, and in `make test-nightly` with many at other moments."""
    return pytest.mark.parametrize("kills", [few, pytest.param(many, marks=pytest.mark.nightly)])


@pytest.fixture(autouse=True)
def one_build_kept(monkeypatch):
    """Each build puts every file of its own in place anew."""
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")


def start(folder, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "etl", *map(str, arguments), "--campaign", str(folder.root)],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def changes(folder):
    """A value that is another one after every change in the campaign's folders."""
    moments = []
    for place in WATCHED:
        try:
            moments.append((folder.root / place).stat().st_mtime_ns)
        except OSError:
            moments.append(0)
    return moments


def kill_after_seconds(process, seconds):
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE_SECONDS)


def kill_after_changes(folder, process, number, pause):
    """Kill a process a moment after the folders have changed so many times."""
    state = changes(folder)
    end = time.monotonic() + PATIENCE_SECONDS
    while number and process.poll() is None and time.monotonic() < end:
        now = changes(folder)
        number -= now != state
        state = now
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE_SECONDS)


def read_contents(folder):
    """What the published snapshot holds, by table: rows and their hash; its build is the pointer's."""
    pointer = published(folder)
    with duckdb.connect(str(folder.published / pointer["snapshot"]), read_only=True) as connection:
        assert connection.execute("select build_id from campaign").fetchall() == [(pointer["build_id"],)]
        tables = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        return {
            table: connection.execute(f'select count(*), bit_xor(hash(t)) from "{table}" as t').fetchall()  # noqa: S608
            for table in tables
            if table != "campaign"
        }


def check_history(folder):
    """The history is readable and speaks of whole snapshots."""
    entries = history_file(folder)
    assert entries
    assert all(entry["figures"]["actions"] for entry in entries)


@few_and_many(3, 21)
def test_build_killed_at_any_moment(tmp_path, kills):
    moments = random.Random(SEED + kills)  # noqa: S311  (moments, no secrets)
    folder = make_campaign(tmp_path / "c", {"a.csv": STATES["Even"]})
    whole = {}
    for name in ("Even", "Odd"):
        (folder.inbox / "a.csv").write_text(STATES[name])
        publish_campaign(folder)
        whole[name] = read_contents(folder)
    assert whole["Even"] != whole["Odd"]
    now = "Odd"
    (folder.inbox / "a.csv").write_text(STATES["Even"])
    started = time.monotonic()
    assert start(folder, "build", "--quiet").wait(PATIENCE_SECONDS) == 0
    duration, now = time.monotonic() - started, "Even"
    seen = set()
    for number in range(kills):
        new = "Odd" if now == "Even" else "Even"
        (folder.inbox / "a.csv").write_text(STATES[new])
        process = start(folder, "build", "--quiet")
        if number % 3:
            kill_after_seconds(process, moments.uniform(0, duration))
        else:
            # The first change of all, the build's own folder, is long before the switch.
            change = moments.randint(2, 14) if number else 1
            kill_after_changes(folder, process, change, moments.uniform(0, 0.004))
        contents = read_contents(folder)
        torn = [table for table in contents if contents[table] not in (whole[now].get(table), whole[new].get(table))]
        assert contents in (whole[now], whole[new]), f"kill {number}: {torn}"
        check_history(folder)
        seen.add(contents == whole[new])
        now = new if contents == whole[new] else now
    assert False in seen, "no kill came before the switch"
    publish_campaign(folder)
    assert history_file(folder)[0]["build_id"] == published(folder)["build_id"]
    assert not list(folder.published.glob(".build-*"))
    assert len(list(folder.published.glob("*.duckdb"))) == 1
    assert not list(folder.root.rglob("*.new"))
