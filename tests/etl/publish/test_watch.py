"""`etl watch`: a build whenever what it reads has changed and has come to rest."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from dashboard.paths import PROJECT
from etl.publish import watch
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.program import history_file, published, published_titles
from tests.etl.registers import HEADER, action

PATIENCE_SECONDS = 90


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A campaign of one action, not built yet; files count as settled soon."""
    monkeypatch.setattr(watch, "SETTLED_SECONDS", 0.6)
    monkeypatch.setattr(watch, "LOOK_AGAIN_MS", 500)
    return make_campaign(tmp_path / "c", {"first.csv": HEADER + action("1", promise="First")})


@contextmanager
def watching_of(folder):
    """Watch in a thread; gives what it has said so far."""
    said: list[str] = []
    stop = threading.Event()
    thread = threading.Thread(target=watch.watch, args=(folder, said.append, stop))
    thread.start()
    try:
        yield said
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def wait_for(condition):
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_builds_at_the_start_and_at_every_change(folder):
    with watching_of(folder) as said:
        wait_for(lambda: len(said) == 1)
        assert published_titles(folder) == {"First"}
        assert history_file(folder)[0]["how"] == "watch"
        (folder.inbox / "second.csv").write_text(HEADER + action("2", promise="Second"))
        wait_for(lambda: len(said) == 2)
        assert published_titles(folder) == {"First", "Second"}
        (folder.inbox / "second.csv").unlink()
        wait_for(lambda: len(said) == 3)
        assert published_titles(folder) == {"First"}
        recipe = folder.root / "recipes" / "office_actions.toml"
        recipe.write_text(recipe.read_text() + "\n")
        wait_for(lambda: len(said) == 4)


def test_refused_build_is_told_and_watching_goes_on(folder):
    build_id = publish_campaign(folder)["build_id"]
    with watching_of(folder) as said:
        wait_for(lambda: said == [f"Nothing has changed since build {build_id}."])
        (folder.inbox / "strange.csv").write_text("colour\nred\n")
        wait_for(lambda: len(said) == 2)
        assert said[1].startswith("Refused: No recipe recognises strange.csv")
        assert published(folder)["build_id"] == build_id
        (folder.inbox / "strange.csv").write_text(HEADER + action("2", promise="Second"))
        wait_for(lambda: len(said) == 3)
        assert published_titles(folder) == {"First", "Second"}


def test_half_copied_files_are_waited_for(folder):
    publish_campaign(folder)
    with watching_of(folder) as said:
        wait_for(lambda: len(said) == 1)
        part = folder.inbox / "second.csv.part"
        with part.open("w") as stream:
            for number in range(2, 12):
                stream.write(HEADER if number == 2 else "")
                stream.write(action(str(number), promise=f"Number {number}"))
                stream.flush()
                time.sleep(0.1)
        time.sleep(1.5)  # longer than it takes to count as settled
        assert len(said) == 1
        part.rename(folder.inbox / "second.csv")
        wait_for(lambda: len(said) == 2)
        assert len(published_titles(folder)) == 11


def test_signs_of_open_workbooks_do_not_matter(folder):
    publish_campaign(folder)
    before = watch.read_state(folder)
    (folder.inbox / "~$first.xlsx").write_bytes(b"x")
    (folder.inbox / ".~lock.first.csv#").write_bytes(b"x")
    assert watch.read_state(folder) == before
    (folder.published / "x").write_bytes(b"x")
    assert watch.read_state(folder) == before


def test_inbox_that_is_not_there_yet(folder):
    kept = folder.root.parent / "kept.csv"
    (folder.inbox / "first.csv").rename(kept)
    shutil.rmtree(folder.inbox)
    with watching_of(folder) as said:
        wait_for(lambda: len(said) == 1)
        assert "nothing to build from" in said[0]
        folder.inbox.mkdir()
        shutil.copy(kept, folder.inbox / "first.csv")
        wait_for(lambda: len(said) == 2)
        assert published_titles(folder) == {"First"}


@pytest.mark.skipif(os.name == "nt", reason="SIGINT is a POSIX signal")
def test_control_c_ends_quietly(folder):
    # Where the tests run in the background of a shell, Ctrl+C is ignored and the command would inherit that.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(
        [sys.executable, "-m", "etl", "watch", "--campaign", str(folder.root)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGINT, before)
    try:
        wait_for(lambda: (folder.published / "history.json").exists())
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0
    assert err == ""
    assert "Watching" in out
