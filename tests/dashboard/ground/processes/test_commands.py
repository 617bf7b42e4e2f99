"""Commands run for a page: one that works through the inputs at a time, a few short ones beside it, their own words."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.errors import UserError
from dashboard.ground.processes import commands
from dashboard.ground.processes.runner import WorkerError

NOBODY = {"DASHBOARD_ACTOR": "{}"}

WAITS = """
if sys.argv[2] == "7":
    sys.exit(7)
while not pathlib.Path(sys.argv[-1]).exists():
    time.sleep(0.01)
print(json.dumps({"ok": True, "command": sys.argv[1], "given": sys.stdin.read()}))
"""


def write_module(folder: Path, body: str) -> None:
    head = "import json, logging, os, pathlib, sys, time\n"
    (folder / "stand_in.py").write_text(f"{head}{body}", encoding="utf-8")


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the file that the commands wait for; a module of the test's own stands in for `etl`."""
    write_module(tmp_path, WAITS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(commands, "MODULE", "stand_in")
    yield tmp_path / "gate"
    for workers in (commands.alone, commands.beside):
        workers.close()
        while workers._open:  # a cancelled process has ended, and is in no later test's way
            time.sleep(0.01)


def test_one_heavy_command_at_a_time_and_short_ones_beside_it(gate: Path, tmp_path: Path):
    heavy = commands.start(["build", str(gate)], NOBODY)
    with pytest.raises(WorkerError, match="Another build is running"):
        commands.start(["draft", str(gate)], NOBODY)
    assert commands.run_etl(["row", str(tmp_path)], NOBODY, stdin="first;é")["given"] == "first;é"
    assert not heavy.done()
    gate.touch()
    assert heavy.result().report == {"ok": True, "command": "build", "given": ""}
    assert commands.run_etl(["publish-draft", str(gate)], NOBODY)["command"] == "publish-draft"


TELLS = """
logging.getLogger("dashboard.audit").info("published", extra={"audit": {"event": "published"}})
print(json.dumps({name: os.environ.get(name) for name in ("DASHBOARD_ACTOR", "AWS_SECRET_ACCESS_KEY")}))
"""


def test_who_acts_is_told_by_the_page_alone_credentials_to_what_publishes_and_entries_reach_the_log(
    gate, monkeypatch, caplog
):
    write_module(gate.parent, TELLS)
    monkeypatch.setenv("DASHBOARD_ACTOR", "somebody else")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sample")
    caplog.set_level(logging.INFO, "dashboard.audit")
    assert commands.run_etl(["publish-draft"], NOBODY) == {"DASHBOARD_ACTOR": "{}", "AWS_SECRET_ACCESS_KEY": None}
    (entry,) = [entry for entry in caplog.records if entry.name == "dashboard.audit"]
    assert (entry.getMessage(), vars(entry)["audit"]) == ("published", {"event": "published"})
    monkeypatch.setenv("DASHBOARD_STORE", "s3://copies/campaign")
    assert commands.run_etl(["publish-draft"], {}) == {"DASHBOARD_ACTOR": None, "AWS_SECRET_ACCESS_KEY": "sample"}
    assert commands.run_etl(["draft"], NOBODY)["AWS_SECRET_ACCESS_KEY"] is None


def test_only_a_few_short_commands_at_a_time(gate: Path, monkeypatch: pytest.MonkeyPatch):
    running = [commands.start(["row", str(gate)], NOBODY) for _ in range(4)]
    with pytest.raises(WorkerError, match="Several operations"):
        commands.start(["row", str(gate)], NOBODY)
    running[0].cancel()
    with pytest.raises(WorkerError, match="The operation was cancelled"):
        running[0].result()
    commands.start(["row", str(gate)], NOBODY)


def test_what_did_not_work_is_told_in_words_of_its_own(gate, tmp_path, monkeypatch):
    for exit_code, what, remedy in (
        ("7", "The operation stopped before it finished.", "Nothing was changed. Try again."),
        ("late", "The operation took too long and was stopped.", "Try again with fewer or smaller files."),
    ):
        if exit_code == "late":
            monkeypatch.setattr(commands.alone, "seconds", 0.5)
        with pytest.raises(WorkerError) as error:
            commands.start(["build", exit_code, str(gate)], NOBODY).result()
        assert (error.value.what, error.value.remedy) == (what, remedy)
    monkeypatch.setattr(commands, "MODULE", "etl")  # the program itself, in its own words
    with pytest.raises(UserError) as refused:
        commands.run_etl(["history", "--campaign", str(tmp_path / "nowhere"), "--json"], NOBODY)
    assert "nowhere" in refused.value.what
    assert refused.value.remedy
