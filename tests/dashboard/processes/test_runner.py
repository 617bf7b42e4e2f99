"""Work in processes of its own: bounded, killable, and never a danger to who asked for it."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.errors import UserError
from dashboard.paths import PROJECT
from dashboard.processes.runner import Job, Result, WorkerError, Workers, tell_progress

PATIENCE = 60


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Job]:
    """Makes a job of the body of a function `work(arguments)`, with a module that a worker can find."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    numbers = iter(range(100))

    def make(body: str, **arguments: object) -> Job:
        name = f"job_{next(numbers)}"
        text = f"""\
import os, pathlib, sys, time
from dashboard.processes import runner
from dashboard.errors import UserError

def work(arguments):
{textwrap.indent(textwrap.dedent(body), "    ")}

if __name__ == "__main__":
    sys.exit(runner.answer(work))
"""
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        return Job(name, arguments)

    return make


@pytest.fixture
def workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Workers whose scratch directories are in a place that each test finds empty again."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    made = Workers(processes=1, waiting=1, seconds=PATIENCE)
    yield made
    made.close()
    wait_until(lambda: not list(scratch.iterdir()))


WRITE = 'pathlib.Path(arguments["to"]).write_bytes(b"done " + arguments["word"].encode())\nreturn {"words": 1}'


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def waits_for(file: Path) -> str:
    """The body of a job that says that it has begun, and waits until a file is there."""
    return f"""
        pathlib.Path({str(file)!r} + ".begun").write_text(str(os.getpid()))
        while not pathlib.Path({str(file)!r}).exists():
            time.sleep(0.01)
        pathlib.Path(arguments["to"]).write_bytes(b"waited")
        return {{}}
    """


def begun(file: Path) -> int:
    marker = Path(f"{file}.begun")
    wait_until(lambda: marker.exists() and marker.read_text() != "")
    return int(marker.read_text())


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_job_gives_its_file_and_its_report(workers, work) -> None:
    assert workers.run(work(WRITE, word="élan")) == Result("done élan".encode(), {"words": 1})


def test_a_job_runs_in_another_process_that_knows_little(workers, work, monkeypatch) -> None:
    monkeypatch.setenv("SOME_SECRET", "hush")
    job = work(
        """
        pathlib.Path(arguments["to"]).write_bytes(b"")
        scratch = pathlib.Path("left behind")
        scratch.write_text("x")
        names = sorted(name for name in sys.modules if name in ("streamlit", "openpyxl", "app"))
        return {"pid": os.getpid(), "secret": os.environ.get("SOME_SECRET"), "modules": names,
                "nice": os.nice(0), "directory": os.getcwd(), "tmp": os.environ["TMPDIR"]}
        """
    )
    report = workers.run(job).report
    assert report["pid"] != os.getpid()
    assert report["secret"] is None
    assert report["modules"] == []
    assert report["nice"] > os.nice(0)
    assert report["directory"] == os.path.realpath(report["tmp"])
    assert not Path(report["tmp"]).exists()


def test_what_a_job_refuses_is_said_in_its_words(workers, work) -> None:
    with pytest.raises(UserError) as refused:
        workers.run(work('raise UserError("Too wide.", "Make it narrow.")'))
    assert (refused.value.what, refused.value.remedy) == ("Too wide.", "Make it narrow.")


@pytest.mark.parametrize(
    "body",
    ["raise ValueError('a bug')", "os._exit(0)", "os._exit(1)", "os.kill(os.getpid(), 9)", "import no_such_module"],
)
def test_a_job_that_dies_is_a_clear_error_and_the_next_one_works(workers, work, body) -> None:
    with pytest.raises(WorkerError, match="stopped before it was finished"):
        workers.run(work(body))
    assert workers.run(work(WRITE, word="next")).content == b"done next"


def test_a_job_without_a_file_is_a_clear_error(workers, work) -> None:
    with pytest.raises(WorkerError, match="stopped before it was finished"):
        workers.run(work("return {}"))


def test_a_module_that_does_not_exist_is_a_clear_error(workers) -> None:
    with pytest.raises(WorkerError):
        workers.run(Job("no_such_module_anywhere", {}))


def test_a_job_that_takes_too_long_is_killed(workers, work, tmp_path) -> None:
    workers.seconds = 2
    handle = workers.submit(work(waits_for(tmp_path / "never")))
    pid = begun(tmp_path / "never")
    with pytest.raises(WorkerError, match="took too long"):
        handle.result()
    assert not is_alive(pid)
    workers.seconds = PATIENCE
    assert workers.run(work(WRITE, word="next")).content == b"done next"


def test_a_job_ends_itself_when_nobody_is_left_to_kill_it(work, tmp_path) -> None:
    job = work(waits_for(tmp_path / "never"))
    child = subprocess.Popen(
        [sys.executable, "-m", job.module],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={"PYTHONPATH": os.pathsep.join([str(PROJECT), str(tmp_path)])},
    )
    assert child.stdin is not None
    with child.stdin:
        child.stdin.write('{"to": "nowhere", "seconds": -4}')  # five seconds more are its own
    assert child.wait(PATIENCE) == -signal.SIGALRM


def test_the_queue_is_bounded_and_free_again_afterwards(workers, work, tmp_path) -> None:
    gate = tmp_path / "gate"
    running = workers.submit(work(waits_for(gate)))
    begun(gate)
    queued = workers.submit(work(WRITE, word="queued"))
    with pytest.raises(WorkerError, match="Try again in a minute"):
        workers.submit(work(WRITE, word="too many"))
    assert not running.done()
    assert not queued.done()
    gate.touch()
    assert running.result().content == b"waited"
    assert queued.result().content == b"done queued"
    assert workers.run(work(WRITE, word="after")).content == b"done after"


def test_one_job_at_a_time_where_there_is_one_process(workers, work, tmp_path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    one = workers.submit(work(waits_for(first)))
    two = workers.submit(work(waits_for(second)))
    begun(first)
    assert not Path(f"{second}.begun").exists()
    first.touch()
    begun(second)
    assert one.done() or one.result()
    second.touch()
    assert two.result().content == b"waited"


def test_a_running_job_can_be_cancelled(workers, work, tmp_path) -> None:
    handle = workers.submit(work(waits_for(tmp_path / "never")))
    pid = begun(tmp_path / "never")
    handle.cancel()
    with pytest.raises(WorkerError, match="cancelled"):
        handle.result()
    wait_until(lambda: not is_alive(pid))
    assert workers.run(work(WRITE, word="next")).content == b"done next"


def test_a_waiting_job_can_be_cancelled_and_gives_its_place_away(workers, work, tmp_path) -> None:
    gate = tmp_path / "gate"
    running = workers.submit(work(waits_for(gate)))
    begun(gate)
    given_up = workers.submit(work(waits_for(tmp_path / "never")))
    given_up.cancel()
    assert given_up.done()
    with pytest.raises(WorkerError, match="cancelled"):
        given_up.result()
    instead = workers.submit(work(WRITE, word="instead"))
    gate.touch()
    assert running.result().content == b"waited"
    assert instead.result().content == b"done instead"
    assert not Path(f"{tmp_path / 'never'}.begun").exists()


def test_cancelling_what_is_done_changes_nothing(workers, work) -> None:
    handle = workers.submit(work(WRITE, word="kept"))
    assert handle.result().content == b"done kept"
    handle.cancel()
    assert handle.result().content == b"done kept"


def test_jobs_do_not_start_before_they_are_asked_for() -> None:
    before = threading.active_count()
    Workers()
    assert threading.active_count() == before


def test_a_job_tells_how_far_it_is(workers, work, tmp_path) -> None:
    go = tmp_path / "go"
    handle = workers.submit(
        work(f"""
        with runner.stage(2, 4, 8):
            runner.tell_progress(5, 10)
        {textwrap.indent(textwrap.dedent(waits_for(go)), "        ").strip()}
        """)
    )
    wait_until(lambda: handle.progress() is not None)
    assert handle.progress() == 0.375  # half of the way from 2 to 4, of 8
    go.touch()
    handle.result()
    assert handle.progress() == 0.375  # what was told last, although the directory is gone


def test_who_tells_nothing_has_no_progress_and_outside_a_worker_nothing_is_written(workers, work, tmp_path) -> None:
    handle = workers.submit(work(WRITE, word="quiet"))
    handle.result()
    assert handle.progress() is None
    before = set(tmp_path.rglob("*"))
    tell_progress(1, 2)
    tell_progress(0, 0)
    assert set(tmp_path.rglob("*")) == before
