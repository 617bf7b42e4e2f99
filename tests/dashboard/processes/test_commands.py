"""Commands run for a page: their progress, answers and refusals; one heavy one at a time; killed with their own."""

import os
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.errors import UserError
from dashboard.processes.commands import Job, JobError, Jobs, Progress

PATIENCE = 60
Program = Callable[[str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Writes the body of the module that the jobs run, in place of `etl`."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def write(body: str) -> None:
        text = f"import json, os, pathlib, subprocess, sys, time\n{textwrap.dedent(body)}"
        (tmp_path / "stand_in.py").write_text(text, encoding="utf-8")

    return write


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs("stand_in", seconds=PATIENCE, short=2)
    yield made
    made.close()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_running(process_id: int) -> bool:
    """Whether a process is there and is no zombie that nobody has collected yet."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_answer_is_the_last_object_and_progress_is_told_on_the_way(program: Program, jobs: Jobs) -> None:
    program("""
        print(json.dumps({"what": "reading", "done": 1, "total": 4}))
        print("a line for people")
        print(json.dumps({"what": "writing", "done": 3, "total": 4}))
        print(json.dumps({"ok": True, "build_id": sys.argv[2], "given": sys.stdin.read()}))
    """)
    told: list[Progress] = []
    job = jobs.start(["draft", "b1"], stdin="first;second", on_progress=told.append)
    assert job.result() == {"ok": True, "build_id": "b1", "given": "first;second"}
    assert told == [Progress("reading", 1, 4), Progress("writing", 3, 4)]
    assert job.progress == told[-1]
    assert job.progress.share == 0.75
    assert job.done()


def test_text_is_everything_but_progress(program: Program, jobs: Jobs) -> None:
    program("""
        print(json.dumps({"what": "reading", "done": 1, "total": 4}))
        print('id = "new"\\ntitle = "Déclarations"')
    """)
    job = jobs.start(["recipe"])
    assert job.text() == 'id = "new"\ntitle = "Déclarations"\n'
    assert job.result() == {}


def test_a_refusal_comes_with_both_its_sentences(program: Program, jobs: Jobs) -> None:
    program("""
        print(json.dumps({"ok": False, "what": "The file is empty.", "remedy": "Export it again."}))
        print("The file is empty. Export it again.", file=sys.stderr)
        sys.exit(1)
    """)
    with pytest.raises(UserError) as refused:
        jobs.start(["draft"]).result()
    assert (refused.value.what, refused.value.remedy) == ("The file is empty.", "Export it again.")


def test_a_refusal_on_stderr_alone_is_told_too(program: Program, jobs: Jobs) -> None:
    program('sys.exit("The file is empty.")')
    with pytest.raises(UserError, match=r"^The file is empty\.$"):
        jobs.start(["recipe"]).result()


@pytest.mark.parametrize(
    "body", ['raise ValueError("cell A1")', "os._exit(7)", "sys.exit(2)", "os.kill(os.getpid(), 9)"]
)
def test_any_other_end_is_told_in_general_words(program: Program, jobs: Jobs, body: str) -> None:
    program(body)
    with pytest.raises(JobError) as refused:
        jobs.start(["build"]).result()
    assert "stopped before it was finished" in refused.value.what
    assert "cell A1" not in str(refused.value)


def test_one_heavy_command_at_a_time_and_short_ones_beside_it(program: Program, jobs: Jobs, tmp_path: Path) -> None:
    program("""
        while sys.argv[1] == "build" and not pathlib.Path(sys.argv[2]).exists():
            time.sleep(0.01)
        print(json.dumps({"ok": True}))
    """)
    gate = tmp_path / "gate"
    heavy = jobs.start(["build", str(gate)])
    with pytest.raises(JobError, match="Another build is running"):
        jobs.start(["draft", str(gate)])
    assert jobs.start(["row", "1"]).result() == {"ok": True}
    assert not heavy.done()
    gate.touch()
    assert heavy.result() == {"ok": True}
    assert jobs.start(["build", str(gate)]).result() == {"ok": True}


def test_only_a_few_short_commands_at_a_time(program: Program, jobs: Jobs) -> None:
    program("time.sleep(600)")
    running = [jobs.start(["row"]) for _ in range(2)]
    with pytest.raises(JobError, match="Several commands"):
        jobs.start(["row"])
    running[0].cancel()
    with pytest.raises(JobError, match="cancelled"):
        running[0].result()
    jobs.start(["row"])


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc which processes run")
def test_a_cancelled_command_ends_with_what_it_started_and_nothing_else(program: Program, jobs: Jobs) -> None:
    program("""
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        print(json.dumps({"what": f"{os.getpid()} {child.pid}", "done": 0, "total": 1}), flush=True)
        time.sleep(600)
    """)
    job, other = jobs.start(["draft"]), jobs.start(["row"])
    wait_until(lambda: job.progress is not None and other.progress is not None)
    job.cancel()
    with pytest.raises(JobError, match="cancelled"):
        job.result()
    wait_until(lambda: not any(map(is_running, process_ids(job))))
    assert all(map(is_running, process_ids(other)))


def process_ids(job: Job) -> list[int]:
    return [int(number) for number in job.progress.what.split()]


def test_a_command_that_takes_too_long_is_stopped(program: Program) -> None:
    program("time.sleep(600)")
    with pytest.raises(JobError, match="took too long"):
        Jobs("stand_in", seconds=0.3).start(["draft"]).result()


def test_cancelling_twice_or_after_the_end_does_no_harm(program: Program, jobs: Jobs) -> None:
    program('print(json.dumps({"ok": True}))')
    job = jobs.start(["draft"])
    assert job.result() == {"ok": True}
    job.cancel()
    job.cancel()
    assert job.result() == {"ok": True}


def test_much_output_on_both_channels_does_not_block(program: Program, jobs: Jobs) -> None:
    program("""
        for number in range(20_000):
            print(json.dumps({"what": "x" * 50, "done": number, "total": 20_000}))
            print("complaint " * 5, file=sys.stderr)
        print(json.dumps({"ok": True}))
    """)
    assert jobs.start(["draft"]).result() == {"ok": True}


def test_the_command_knows_the_settings_but_no_secrets(
    program: Program, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", "imaginary")
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "3")
    monkeypatch.setenv("SOME_TOKEN", "imaginary")
    program("print(json.dumps(dict(os.environ)))")
    seen = jobs.start(["row"]).result()
    assert seen["DASHBOARD_BUILDS_KEPT"] == "3"
    assert "imaginary" not in seen.values()


def test_a_job_without_a_program_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, jobs: Jobs) -> None:
    monkeypatch.setattr("sys.executable", os.devnull)
    with pytest.raises(JobError, match="stopped before"):
        jobs.start(["row"]).result()
