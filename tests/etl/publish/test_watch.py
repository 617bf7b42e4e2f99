"""`etl watch`: a build whenever its inputs have changed and come to rest."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import date
from unittest.mock import Mock

import pytest

from dashboard import stopping
from dashboard.campaign.reporting.withdrawal import withdraw
from dashboard.paths import PROJECT
from etl.commands import watch
from tests.etl.campaigns import ask, make_campaign, open_published
from tests.etl.changing import ACCEPT, SENT_FILE, list_leftovers, put_reports
from tests.etl.program import history_file, leave_out_campaign, published, published_titles, run_on
from tests.etl.registers import HEADER, action

PATIENCE_SECONDS = 90


@pytest.fixture
def unbuilt(tmp_path, monkeypatch):
    """Return a campaign of one action, not built yet; files count as settled soon."""
    monkeypatch.setattr(watch, "SETTLED_SECONDS", 0.3)
    monkeypatch.setattr(watch, "_STEP_SECONDS", 0.05)
    monkeypatch.setattr(watch, "LOOK_AGAIN_MS", 200)
    return make_campaign(tmp_path / "c", {"first.csv": HEADER + action("1", promise="First")})


@contextmanager
def watching_of(folder):
    """Watch in a thread; yield the output so far."""
    said: list[str] = []
    stop = threading.Event()
    thread = threading.Thread(target=watch.watch_inputs, args=(folder, said.append, stop))
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


def test_builds_at_the_start_and_at_every_change_that_has_come_to_rest(unbuilt):
    folder, titles = unbuilt, lambda: published_titles(unbuilt)
    kept = folder.inbox.rename(folder.root.parent / "kept")
    with watching_of(folder) as said:

        def wait_for_word(number):
            wait_for(lambda: len(said) >= number)
            assert len(said) == number
            return said[-1]

        assert "nothing to build from" in wait_for_word(1)
        shutil.copytree(kept, folder.inbox)
        assert wait_for_word(2).startswith("Published build")
        assert (titles(), history_file(folder)[0]["how"]) == ({"First"}, "watch")
        (folder.inbox / "second.csv").write_text("colour\nred\n")
        assert wait_for_word(3).startswith("Refused: No recipe recognises second.csv")
        assert titles() == {"First"}
        (folder.inbox / "second.csv").unlink()
        assert wait_for_word(4).startswith("Nothing has changed since build")
        part = folder.inbox / "second.csv.part"
        with part.open("w") as stream:
            for text in (HEADER, action("2", promise="Second"), action("3", promise="Third")):
                stream.write(text)
                stream.flush()
                time.sleep(0.2)
        time.sleep(4 * watch.SETTLED_SECONDS)
        assert len(said) == 4
        part.rename(folder.inbox / "second.csv")
        wait_for_word(5)
        assert titles() == {"First", "Second", "Third"}


@pytest.mark.nightly
def test_what_a_stakeholder_withdraws_leaves_the_figures_unasked(unbuilt):
    put_reports(unbuilt)
    run_on(unbuilt, *ACCEPT)
    with watching_of(unbuilt) as said:
        wait_for(lambda: said)
        with open_published(unbuilt) as connection:
            assert ask(connection, "select kind from annotations order by kind") == [("document",), ("reply",)]
        withdraw(unbuilt.root, "l", SENT_FILE.sha256, date(2021, 7, 9))
        wait_for(lambda: len(history_file(unbuilt)) > 1)
        with open_published(unbuilt) as connection:
            assert ask(connection, "select kind from annotations") == [("reply",)]


def test_what_is_published_already_is_not_built_at_the_start(folder, monkeypatch):
    monkeypatch.setattr(watch, "_build", Mock(side_effect=AssertionError("it builds")))
    with watching_of(folder) as said:
        wait_for(lambda: said == [f"Nothing has changed since build {published(folder)['build_id']}."])


def test_settings_matter_and_signs_of_open_workbooks_do_not(folder):
    recipe, placed = folder.root / "recipes" / "office_actions.toml", folder.published / "x"
    assert (watch._is_read(folder, recipe), watch._is_read(folder, placed)) == (True, False)
    before = watch.read_state(folder)
    (folder.inbox / "~$first.xlsx").write_bytes(b"x")
    (folder.inbox / ".~lock.first.csv#").write_bytes(b"x")
    assert watch.read_state(folder) == before
    placed.write_bytes(b"x")
    assert watch.read_state(folder) == before
    recipe.write_text(recipe.read_text() + "\n")
    assert watch.read_state(folder) != before


@contextmanager
def stoppable(*command, **environment):
    """Run a command that Ctrl+C reaches; from tests in a shell's background it would inherit that it does not."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(
        [sys.executable, "-m", "etl", *map(str, command)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    signal.signal(signal.SIGINT, before)
    try:
        yield process
    finally:
        process.kill()


@pytest.mark.nightly
@pytest.mark.skipif(os.name == "nt", reason="SIGINT is a POSIX signal")
def test_control_c_ends_quietly(folder):
    with stoppable("watch", "--campaign", folder.root) as process:
        said = [process.stdout.readline() for _ in range(2)]
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, leave_out_campaign(err)) == (0, "")
    assert "Watching" in said[0]
    assert said[1].startswith("Nothing has changed since build")


@pytest.mark.nightly
@pytest.mark.skipif(os.name == "nt", reason="SIGINT is a POSIX signal")
def test_control_c_while_a_build_is_loaded_or_works_is_told_in_a_sentence_and_publishes_nothing(folder):
    before = published(folder)
    with stoppable("build", "--campaign", folder.root, PYTHONPROFILEIMPORTTIME="1") as process:
        while "dashboard.stopping" not in process.stderr.readline():
            assert process.poll() is None
        process.stderr.readline()  # what is loaded next
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    said = [line for line in err.splitlines() if not line.startswith("import time:")]
    assert (process.returncode, said) == (130, [stopping.SENTENCE])

    with stoppable("build", "--from-nothing", "--quiet", "--campaign", folder.root) as process:
        wait_for(lambda: list(folder.published.glob(".build-*/*.duckdb")))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, out, err.splitlines()) == (130, "", [stopping.SENTENCE])
    assert published(folder) == before and list_leftovers(folder) == []
