"""Two servers on one campaign folder: whatever both have done at once, each of it is done or refused in a sentence."""

import pytest

from dashboard.snapshot import database
from dashboard.snapshot.database import OpenSnapshots
from etl.inputs.decisions import read_decisions
from tests.etl.campaigns import make_published
from tests.etl.changing import bring, list_leftovers, preview, read_whole
from tests.etl.killed import start
from tests.etl.program import history_file, leave_out_campaign, published, run_etl, run_on
from tests.etl.registers import action, register

ROUNDS = 9
BUSY = "Another build of this campaign is running"


def draft(folder, name):
    """Return a preview as the upload page of one of the servers makes it."""
    lines = register(action(name, f"Imaginary {name}", f"Uploaded by {name}"))
    place = bring(folder, name, uploads={f"{name}.csv": lines})
    preview(folder, place)
    return place


@pytest.mark.nightly
def test_both_publish_decide_and_build_at_once(tmp_path):
    rows = register(*(action(str(n), f"Imaginary Office {n}", f"Promise {n}") for n in range(2 * ROUNDS + 2)))
    folder = make_published(tmp_path / "c", {"a.csv": rows})
    servers = OpenSnapshots(), OpenSnapshots()
    for turn in range(ROUNDS):
        here, there = draft(folder, f"here{turn}"), draft(folder, f"there{turn}")
        rename = ["decide", "rename", "stakeholder"]
        renames = [[*rename, f"Imaginary Office {n}", f"Renamed {n}"] for n in (2 * turn, 2 * turn + 1)]
        told = [["publish-draft", here], ["publish-draft", there], *renames, ["build", "--quiet"]]
        commands = [[*words, "--campaign", folder.root] for words in told]
        logs = [tmp_path / f"{number}.txt" for number in range(len(commands))]
        started = [start(*words, said=log) for words, log in zip(commands, logs, strict=True)]
        for words, process, log in zip(commands, started, logs, strict=True):
            process.join(120)
            said = leave_out_campaign(log.read_text(encoding="utf-8"))
            if process.exitcode:
                assert (process.exitcode, said.count("\n")) == (1, 1), f"{words}: {said}"
                assert BUSY in said or "since the preview was made" in said, f"{words}: {said}"
            if process.exitcode and words[0] == "decide":
                assert run_etl(*words).returncode == 0
        assert len(read_decisions(folder.decisions_file)) == 2 * (turn + 1)
        run_on(folder, "build", "--quiet")
        build_id = published(folder)["build_id"]
        assert read_whole(folder)[0] == build_id == history_file(folder)[0]["build_id"]
        pointer = folder.published / "current.json"
        assert [server.open(database._look(pointer), 16).build_id for server in servers] == [build_id] * 2
        assert [path for path in list_leftovers(folder) if "drafts" not in path] == []
