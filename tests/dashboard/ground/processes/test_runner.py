"""Work in processes of its own: bounded, killable, and never a danger to who asked for it."""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from dashboard.errors import UserError
from dashboard.ground.processes import runner
from dashboard.ground.processes.progress import tell_progress
from dashboard.ground.processes.runner import Job, Progress, Result, Spare, StandingProcess, WorkerError, Workers
from dashboard.paths import PROJECT
from tests.cases import of_which

PATIENCE = 60
BROKEN = ("It could not be done.", "Try again.")
HEAD = """
import json, os, pathlib, subprocess, sys, time
from dashboard.errors import UserError
from dashboard.ground.processes import child, progress
pids = pathlib.Path(os.environ["PYTHONPATH"].split(os.pathsep)[-1], "pids")
"""
"""The beginning of every module of a test; `pids` is a file beside it."""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Writes a module that a process can find, and gives its name."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    numbers = iter(range(100))

    def write(body: str) -> str:
        name = f"work_{next(numbers)}"
        (tmp_path / f"{name}.py").write_text(HEAD + textwrap.dedent(body), encoding="utf-8")
        return name

    return write


@pytest.fixture
def work(module: Callable[[str], str]) -> Callable[..., Job]:
    """Makes a job of the body of a function `work(arguments)`."""

    def make(body: str, **arguments: object) -> Job:
        function = f"def work(arguments):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
        return Job(module(f'{function}if __name__ == "__main__":\n    sys.exit(child.answer(work))\n'), arguments)

    return make


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the processes' directories."""
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def workers(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Yield the shared workers, one at a time and one waiting, which leave nothing behind after any test."""
    made = Workers(processes=1, waiting=1, seconds=PATIENCE)
    monkeypatch.setattr(runner, "default_workers", lambda: made)
    yield made
    made.close()
    wait_until(lambda: not list(scratch.iterdir()))


WRITE = 'pathlib.Path(arguments["to"]).write_bytes(b"done " + arguments["word"].encode())\nreturn {"words": 1}'


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def waits_for(file: Path) -> str:
    """Return the body of a job that says that it has begun, and waits until a file is there."""
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
    """Whether a process is there and is no zombie that nobody has collected yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


# the result of the work


def test_a_job_gives_its_file_and_its_report_and_nothing_is_held_afterwards(workers, work):
    before = threading.active_count()
    Workers(), StandingProcess("json", 1, BROKEN)
    assert threading.active_count() == before, "nothing is started before it is needed"
    handle = runner.submit(work(WRITE, word="élan"))
    made = handle.result()
    assert (made.content, made.report) == ("done élan".encode(), {"words": 1})
    assert not handle.cancel(), "cancelling what is done changes nothing"
    assert handle.result() == made
    wait_until(lambda: not workers._open)


def test_work_gives_all_that_it_printed_and_the_last_object_and_tells_progress_on_the_way(workers, module, tmp_path):
    handle = workers.start(
        module("""
        print("Déclarations")
        print(json.dumps({"early": 1}))
        print(json.dumps({"figures": {"actions": 3}}))
        print(json.dumps({"what": "writing", "done": 3, "total": 4}))
        while not pathlib.Path(sys.argv[1]).exists():
            time.sleep(0.01)
        print(json.dumps({"given": sys.stdin.read()}))
        print("{no object")
        """),
        [str(tmp_path / "gate")],
        "first;second",
    )
    wait_until(lambda: handle.progress)
    assert handle.progress == Progress("writing", 3, 4)
    assert handle.progress.share == 0.75
    assert handle.figures == {"actions": 3}
    assert not handle.done()
    (tmp_path / "gate").touch()
    assert handle.result() == Result(
        {"given": "first;second"}, 'Déclarations\n{"early": 1}\n{"given": "first;second"}\n{no object\n', b""
    )


def test_a_job_tells_how_far_it_is_by_stages_and_nothing_outside_a_worker(workers, work, tmp_path, capsys):
    go = tmp_path / "go"
    told = "with progress.stage(2, 4, 8):\n    progress.tell_progress(5, 10)\n"
    handle = runner.submit(work(told + textwrap.dedent(waits_for(go))))
    wait_until(lambda: handle.progress)
    assert handle.progress.share == 0.375  # half of the way from 2 to 4, of 8
    go.touch()
    assert handle.result().content == b"waited"
    tell_progress(1, 2)
    tell_progress(0, 0)
    assert capsys.readouterr().out == ""


def test_work_runs_in_another_process_that_knows_little(workers, work, monkeypatch):
    for name in ("SOME_SECRET", "DASHBOARD_STAFF_PASSWORD", "DASHBOARD_SMTP_PASSWORD"):
        monkeypatch.setenv(name, "imaginary")
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "3")
    monkeypatch.setenv("USERNAME", "who works on Windows")
    job = work(
        """
        pathlib.Path(arguments["to"]).write_bytes(b"")
        pathlib.Path("left behind").write_text("x")
        from dashboard.scratch import find_shared_temporary
        names = sorted(name for name in sys.modules if name in ("streamlit", "openpyxl", "app"))
        return {"pid": os.getpid(), "environment": dict(os.environ), "modules": names,
                "nice": os.nice(0), "directory": os.getcwd(), "tmp": os.environ["TMPDIR"],
                "shared": find_shared_temporary()}
        """
    )
    report = runner.run(job).report
    assert report["pid"] != os.getpid() and report["nice"] > os.nice(0)
    assert "imaginary" not in report["environment"].values()
    assert (report["environment"]["DASHBOARD_BUILDS_KEPT"], report["modules"]) == ("3", [])
    assert report["environment"]["USERNAME"] == "who works on Windows"
    assert report["directory"] == os.path.realpath(report["tmp"])
    assert report["shared"] == tempfile.gettempdir()  # where the fonts of pictures stay
    assert not Path(report["tmp"]).exists()


def test_much_output_on_both_channels_does_not_block(workers, module):
    body = """
    for number in range(4_000):
        print(json.dumps({"what": "x" * 50, "done": number, "total": 4_000}))
        print("complaint " * 5, file=sys.stderr)
    print(json.dumps({"ok": True}))
    """
    assert workers.start(module(body)).result().report == {"ok": True}


# work that is not done


def test_what_is_refused_is_said_in_its_words_also_on_standard_error_alone(workers, work, module):
    with pytest.raises(UserError) as refused:
        runner.run(work('raise UserError("Too wide.", "Make it narrow.")'))
    assert (refused.value.what, refused.value.remedy) == ("Too wide.", "Make it narrow.")
    with pytest.raises(UserError, match=r"^The file is empty\. Save it\.$"):
        workers.start(module('sys.exit("The file is empty.\\nSave it.")')).result()


def test_any_other_end_is_told_in_general_words_and_the_next_one_works(workers, work, caplog, monkeypatch):
    for body in (
        "raise ValueError('cell A1')", "os._exit(0)", "os._exit(1)", "sys.exit(2)", "os.kill(os.getpid(), 9)",
        "import no_such_module", "return {}",  # without a file
    ):  # fmt: skip
        caplog.clear()
        with pytest.raises(WorkerError, match="stopped before it finished") as error:
            runner.run(work(body))
        assert "cell A1" not in f"{error.value} {caplog.text}"
        assert ("ValueError" in body) == ("ValueError" in caplog.text)
        assert not caplog.text or "exit code" in caplog.text
    assert runner.run(work(WRITE, word="next")).content == b"done next"
    for executable, name in ((sys.executable, "no_such_module_anywhere"), (os.devnull, "json")):  # cannot be started
        monkeypatch.setattr("sys.executable", executable)
        with pytest.raises(WorkerError, match="stopped before"):
            runner.run(Job(name, {}))


STARTS_ANOTHER = """
started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])  # it holds the output open
print(json.dumps({"what": str(started.pid), "done": 0, "total": 1}))
"""


@pytest.mark.parametrize("end", ["took too long", "cancelled"])
def test_work_that_takes_too_long_or_is_cancelled_ends_with_what_it_started(workers, work, tmp_path, end):
    workers.seconds = 2 if end == "took too long" else PATIENCE
    handle = runner.submit(work(STARTS_ANOTHER + textwrap.dedent(waits_for(tmp_path / "never"))))
    pid = begun(tmp_path / "never")
    wait_until(lambda: handle.progress)
    assert workers.seconds == 2 or handle.cancel()
    with pytest.raises(WorkerError, match=end):
        handle.result()
    wait_until(lambda: not is_alive(pid) and not is_alive(int(handle.progress.what)))
    assert not handle.cancel()
    workers.seconds = PATIENCE
    assert runner.run(work(WRITE, word="next")).content == b"done next"


def test_what_was_started_by_work_that_died_does_not_outlive_the_time(workers, work):
    workers.seconds = 2
    handle = runner.submit(work(f"{STARTS_ANOTHER}os.kill(os.getpid(), 9)"))
    with pytest.raises(WorkerError, match="took too long"):
        handle.result()
    wait_until(lambda: not is_alive(int(handle.progress.what)))


# the queue


def test_the_queue_is_bounded_keeps_its_order_and_is_free_again_afterwards(workers, work, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    running = runner.submit(work(waits_for(first)))
    queued = runner.submit(work(waits_for(second)))
    begun(first)
    with pytest.raises(WorkerError, match="Try again in a minute"):
        runner.submit(work(WRITE, word="too many"))
    assert not Path(f"{second}.begun").exists()  # one at a time
    first.touch()
    assert running.result().content == b"waited"
    begun(second)
    behind = runner.submit(work(WRITE, word="behind"))
    second.touch()
    assert queued.result().content == b"waited"
    assert behind.result().content == b"done behind"


def test_waiting_work_can_be_cancelled_and_gives_its_place_away(workers, work, tmp_path):
    gate = tmp_path / "gate"
    running = runner.submit(work(waits_for(gate)))
    begun(gate)
    given_up = runner.submit(work(waits_for(tmp_path / "never")))
    given_up.cancel()
    assert given_up.done()
    with pytest.raises(WorkerError, match="cancelled"):
        given_up.result()
    instead = runner.submit(work(WRITE, word="instead"))
    gate.touch()
    assert running.result().content == b"waited"
    assert instead.result().content == b"done instead"
    assert not Path(f"{tmp_path / 'never'}.begun").exists()


# a process that stays


@pytest.fixture
def standing(scratch: Path, module: Callable[[str], str]) -> Iterator[StandingProcess]:
    made = StandingProcess(
        module("""
        def work(body, text):
            return (str(os.getpid()) + " " + eval(body)).encode() + text.encode()

        if __name__ == "__main__":
            child.serve(work)
        """),
        PATIENCE,
        BROKEN,
    )
    yield made
    made.close()
    assert not list(scratch.iterdir())


def test_a_standing_worker_answers_again_and_one_that_dies_or_takes_too_long_is_replaced(standing, caplog):
    pid, text = standing.ask("'x'", "é" * 1_000_000).split(maxsplit=1)
    assert text.decode() == "x" + "é" * 1_000_000
    assert standing.ask("'x'", "").split()[0] == pid
    for body in ("1 / 0", "os._exit(0)", "os.kill(os.getpid(), 9)", "time.sleep(600)"):
        caplog.clear()
        standing._seconds = 0.5 if "sleep" in body else PATIENCE
        with caplog.at_level(logging.ERROR), pytest.raises(WorkerError, match="could not be done"):
            standing.ask(body, "")
        assert ("ZeroDivisionError" in caplog.text) == (body == "1 / 0")
        standing._seconds = PATIENCE
        pid, former = standing.ask("'x'", "").split()[0], pid
        assert pid != former, body
    os.kill(int(pid), signal.SIGKILL)  # between two requests
    wait_until(lambda: not is_alive(int(pid)))
    assert standing.ask("'x'", "").split()[0] != pid


# a process that waits, ready


@pytest.fixture
def ready(scratch: Path, module: Callable[[str], str]) -> Iterator[Workers]:
    """Return workers whose work reports its process, the modules loaded there, and its input."""
    loaded = module(
        "made = []\ndef make_ready():\n    made.append(os.getpid())\ndef go_ahead(**told):\n    made.append(told)\n"
        f"def stop():\n    pathlib.Path({str(scratch.parent / 'stopped')!r}).touch()\n"
    )
    work = module(f"""
        print(json.dumps({{
            "pid": os.getpid(), "loaded": __import__({loaded!r}).made,
            "given": [*sys.argv[1:], sys.stdin.read(), os.environ.get("TOLD"), os.environ.get("SINCE")],
        }}))
    """)
    made = Workers(1, 0, PATIENCE, spare=Spare(work, loaded, PATIENCE))
    yield made
    made.close()
    wait_until(lambda: not list(scratch.iterdir()))


def report(workers: Workers) -> dict[str, object]:
    done = workers.start(workers.spare.module, ["--one", "two"], "three\n", {"TOLD": "four"}).result().report
    wait_until(lambda: not workers._open)
    return done


def test_work_begins_where_a_process_waits_and_is_told_what_any_is(ready, monkeypatch):
    ready.spare.prepare()
    waiting = ready.spare._child
    ready.spare.prepare()
    assert ready.spare._child is waiting
    monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", "an imaginary password")
    monkeypatch.setenv("SINCE", "not told")
    done = report(ready)
    assert done == {"pid": waiting.pid, "loaded": [waiting.pid], "given": ["--one", "two", "three\n", "four", None]}
    another = report(ready)
    assert another["pid"] != waiting.pid
    assert another == {**done, "pid": another["pid"], "loaded": []}


def test_what_a_process_does_ahead_it_is_told_once_and_ends_itself(ready, scratch):
    for told in ({"draft": "a"}, None, {"draft": "a"}, {"draft": "b"}):
        ready.spare.prepare(told)
    waiting = ready.spare._child
    assert report(ready)["loaded"] == [waiting.pid, {"draft": "a"}, {"draft": "b"}]
    ready.spare.prepare({"draft": "b"})
    ready.spare.close()
    wait_until((scratch.parent / "stopped").exists)


def test_without_the_process_that_waited_another_does_the_work(ready):
    for end in (lambda waiting: (waiting.kill(), waiting.wait(PATIENCE)), lambda _: ready.spare.close()):
        ready.spare.prepare()
        waiting = ready.spare._child
        end(waiting)
        assert not is_alive(waiting.pid)
        assert report(ready)["given"][0] == "--one"


# a server that ends

SERVER = f"""{HEAD}
from dashboard.ground.processes.runner import Job, Spare, StandingProcess, Workers, submit
kind, module, end = sys.argv[1:]
if kind == "waiting":
    spare = Spare(module, module, 60)
    spare.prepare()
    while not pids.exists() or not pids.read_text():
        time.sleep(0.01)
elif kind == "standing":
    StandingProcess(module, 60, ("", "")).ask()
    standing = True
else:
    handle = submit(Job(module, {{}}))
    while handle.progress is None:
        time.sleep(0.01)
print("begun", flush=True)
if end == "killed":
    time.sleep(600)
"""
JOB = """
def work(arguments):
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pids.write_text(f"{os.getpid()} {started.pid}")
    progress.tell_progress(1, 2)
    while True:
        pathlib.Path("left behind").write_text("x")
        BODY

if __name__ == "__main__":
    sys.exit(child.answer(work))
"""
WAITING = """
def make_ready():
    pids.write_text(str(os.getpid()))
"""
STANDING = """
def work():
    pathlib.Path("left behind").write_text("x")
    pids.write_text(str(os.getpid()))
    return b""

if __name__ == "__main__":
    child.serve(work)
"""
ENDING = {
    "job that waits": ("job", JOB.replace("BODY", "time.sleep(0.001)")),
    "job that talks": ("job", JOB.replace("BODY", "print('nobody hears this')")),
    "job that counts": ("job", JOB.replace("BODY", "sum(range(10_000))")),
    "standing": ("standing", STANDING),
    "waiting": ("waiting", WAITING),
}


@pytest.mark.parametrize(
    ("name", "end"),
    of_which(list(product(ENDING, ("stopped", "killed"))), lambda place, _: place in (0, 3, 7, 8)),
)
def test_work_ends_with_its_server_however_that_ends_and_leaves_nothing(module, scratch, tmp_path, name, end):
    kind, body = ENDING[name]
    environment = {**os.environ, "PYTHONPATH": f"{PROJECT}{os.pathsep}{tmp_path}", "TMPDIR": str(scratch)}
    command = [sys.executable, "-c", SERVER, kind, module(body), end]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as server:
        assert server.stdout.readline() == b"begun\n"
        pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
        if end == "killed":
            assert list(scratch.iterdir())
            assert all(map(is_alive, pids))
            server.kill()
    wait_until(lambda: not any(map(is_alive, pids)))
    assert not list(scratch.iterdir())
