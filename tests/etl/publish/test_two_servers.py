"""Two servers on one campaign folder: whatever both have done at once, each of it is done or refused in a sentence."""

import subprocess
import sys

import pytest

from dashboard.paths import PROJECT
from dashboard.snapshot import database
from dashboard.snapshot.database import OpenSnapshots
from etl.inputs.decisions_file import read_decisions
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.changing import list_leftovers, read_whole
from tests.etl.program import history_file, published, run_etl
from tests.etl.registers import HEADER, action

BUSY = "Another build of this campaign is running"


def start(folder, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "etl", *map(str, words), "--campaign", str(folder.root)],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def draft(folder, name):
    """A preview as the upload page of one of the servers makes it."""
    place = folder.private / "drafts" / name
    (place / "uploads").mkdir(parents=True)
    (place / "uploads" / f"{name}.csv").write_text(HEADER + action(name, f"Imaginary {name}", f"Uploaded by {name}"))
    made = run_etl("draft", "--uploads", place / "uploads", "--to", place, "--campaign", folder.root)
    assert made.returncode == 0
    return place


@pytest.mark.parametrize("rounds", [1, pytest.param(8, marks=pytest.mark.nightly)])
def test_both_publish_decide_and_build_at_once(tmp_path, rounds):
    rows = "".join(action(str(n), f"Imaginary Office {n}", f"Promise {n}") for n in range(2 * rounds + 2))
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + rows})
    publish_campaign(folder)
    servers = OpenSnapshots(), OpenSnapshots()
    for turn in range(rounds):
        here, there = draft(folder, f"here{turn}"), draft(folder, f"there{turn}")
        commands = [
            ["publish-draft", here],
            ["publish-draft", there],
            ["decide", "rename", "stakeholder", f"Imaginary Office {2 * turn}", f"Renamed {2 * turn}"],
            ["decide", "rename", "stakeholder", f"Imaginary Office {2 * turn + 1}", f"Renamed {2 * turn + 1}"],
            ["build", "--quiet"],
        ]
        for words, process in [(words, start(folder, *words)) for words in commands]:
            said = process.communicate(timeout=120)[1]
            if process.returncode:
                assert (process.returncode, said.count("\n")) == (1, 1), f"{words}: {said}"
                assert BUSY in said or "since the preview was made" in said, f"{words}: {said}"
            if process.returncode and words[0] == "decide":
                assert run_etl(*words, "--campaign", folder.root).returncode == 0
        assert len(read_decisions(folder.decisions_file)) == 2 * (turn + 1)
        assert run_etl("build", "--quiet", "--campaign", folder.root).returncode == 0
        build_id = published(folder)["build_id"]
        assert read_whole(folder)[0] == build_id == history_file(folder)[0]["build_id"]
        pointer = folder.published / "current.json"
        assert [server.open(database._look(pointer), 16).build_id for server in servers] == [build_id] * 2
        assert [path for path in list_leftovers(folder) if "drafts" not in path] == []
