"""`python -m etl build --profile`: where the time went, as a table that adds up and a trace that says no names."""

import json
import time

import pytest

from etl.pipeline.content_id import read_content
from etl.profiling import part, profiled, stage, timed
from etl.sqlfiles import SQL, open_snapshot
from tests.etl.campaigns import make_campaign
from tests.etl.program import published, run_on
from tests.etl.registers import action, register, reports

STAGES = ["prepare", "read", "stage", "codes", "identify", "make", "suggest", "check", "content id", "publish"]


@pytest.mark.nightly
def test_the_table_adds_up_and_the_trace_nests_without_a_name(tmp_path):
    actions = register(action("1", maker="Sample Union 002", Email="sample003@example.org"))
    told = reports("r1,1,,,2021-07-01,Completed,,,A story of Sample Person 004")
    folder = make_campaign(tmp_path / "c", {"Sample Person 001.csv": actions, "reports.csv": told})
    done = run_on(folder, "build", "--profile", "--quiet")
    file = folder.private / "profile.json"
    assert str(file) in done.stdout.replace("\n", "")
    assert file.stat().st_mode & 0o077 == 0
    text = file.read_text()
    assert not any(name in text + done.stdout for name in ("Sample", "reports.csv", "sample003"))
    events = json.loads(text)["traceEvents"]
    found = [event["name"] for event in events if event["cat"] == "stage"]
    assert [name for name in found if name in STAGES] == STAGES
    names = {event["name"] for event in events}
    steps = {f"steps/{path.stem}" for path in (SQL / "steps").glob("*.sql")}
    assert {"steps/40_latest_submissions", "checks/unique_actions", "file 2", "waiting for the disk"} <= names
    made = next(event for event in events if event["name"] == "make")
    assert sum(_contains(made, event) for event in events if event["name"] in steps) > 30
    statements = [event for event in events if event["cat"] == "detail" and _contains(made, event)]
    assert any(event["name"].startswith("create") and event["args"].get("rows") for event in statements)
    rows = {event["name"]: event["args"].get("rows") for event in events}
    assert rows["file 1"] == rows["file 2"] == 1
    with open_snapshot(folder.published / published(folder)["snapshot"]) as connection:
        assert read_content(connection) == published(folder)["content_id"]

    file.unlink()
    assert run_on(folder, "build", "--quiet").stdout == ""
    assert not file.exists()
    answer = run_on(folder, "build", "--profile", "--json").stdout.splitlines()[-1]
    assert json.loads(answer)["profile"] == str(file)


def _contains(outer, inner):
    return outer["ts"] <= inner["ts"] and inner["ts"] + inner["dur"] <= outer["ts"] + outer["dur"]


def test_lines_are_what_each_did_itself_and_add_up():
    @timed("inner")
    def work(rows):
        time.sleep(0.002)
        return rows

    with profiled() as profile:
        with stage("first"), part("outer") as noted:
            noted.count(3)
            assert work(1) == 1
            work(2)
        with stage("second"):
            work(3)
        work(4)
    assert part("unnoticed").__enter__() is None
    lines = {(line.stage, line.name): line for line in profile.list_lines()}
    named = [" ".join(line) for line in lines]
    assert named == ["first inner", "first outer", "first ", "second inner", "second ", "elsewhere inner"]
    assert lines["first", "inner"].times == 2
    assert lines["first", "outer"].rows == 3
    assert lines["first", "outer"].wall < lines["first", "inner"].wall
    before = time.perf_counter() - profile.began
    whole = sum(line.wall for line in [*lines.values(), profile.read_rest()])
    assert before <= whole <= time.perf_counter() - profile.began
