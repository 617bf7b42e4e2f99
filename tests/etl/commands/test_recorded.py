"""Every command that changes something of a campaign stands in its audit log, with who gave it."""

import ast
import json

import pytest

from dashboard.access.audit import log
from dashboard.access.audit.entries import find_entries
from dashboard.access.audit.events import Event
from dashboard.access.audit.log import write_actor
from dashboard.access.rights import Person, Role, SignInWay
from dashboard.ground.logs import request_id
from dashboard.paths import PROJECT
from etl.__main__ import COMMANDS, READING, RECORDED
from tests.etl.campaigns import copy_campaign, make_published
from tests.etl.changing import bring
from tests.etl.program import published, run_on
from tests.etl.registers import HEADER, action, register

ONE = Person(
    role=Role.STAFF, way=SignInWay.PROVIDER, key="oidc:001", name="Sample Person 001", address="one@example.org"
)
ELSEWHERE = {"backup", "restore-backup", "tidy", "store", "fetch", "source", "new"}
"""Commands that tests/etl/backup, tests/etl/publish and tests/etl/sources give; `new` is in test_new.py."""


def test_each_command_is_declared_as_reading_or_with_its_events():
    assert set(COMMANDS) == READING | set(RECORDED)
    assert not READING & set(RECORDED)
    assert {event for events in RECORDED.values() for event in events} <= set(Event)


def test_what_holds_the_campaign_records_it():
    """A command that takes the lock, without which no campaign changes, records its work in the same place."""
    for path in (PROJECT / "etl" / "commands").glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                called = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
                assert "only_build" not in called or "acting_here" in called, f"{path.name}: {function.name}"


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Give each command once to a campaign, in the name of a page's user; return the entries."""
    lines = action("1", "IFU", "Train") + action("2", "I. F. U.", "Open", Where="Zambbia")
    exports = {"first.csv": HEADER.strip() + ",Mail\n" + lines}
    folder = make_published(tmp_path_factory.mktemp("walked") / "c", exports)
    before = published(folder)["build_id"]
    changed = folder.campaign_file.read_text(encoding="utf-8") + "# Changed\n"
    third = register(action("3", promise="Third"))
    place = bring(folder, "0123", uploads={"second.csv": third}, settings={"campaign.toml": changed})
    classes = json.dumps({"action_id": "OFF-1", "category": "awareness_raising"})
    column, sheet = ["column", "first.csv", "Mail"], ["sheet", "first.csv", "Sheet"]
    same = ["same", "stakeholder", "IFU", "I. F. U."]
    request_id.adopt("r1")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DASHBOARD_ACTOR", write_actor(ONE)["DASHBOARD_ACTOR"])
        for words, stdin in [
            (["decide", *same], None),
            (["decide", *same, "--undo"], None),
            (["decide", "evidence", "r_nothing", "reviewed", "--source", "A letter"], None),
            (["decide", "evidence", "r_nothing", "reviewed", "--undo"], None),
            (["classify", "--by", "SP"], classes),
            (["classify", "--undo", "--by", "SP"], None),
            ([*column, "--is", "staff"], None),
            ([*column, "--undo"], None),
            ([*sheet, "--is", "nothing"], None),
            ([*sheet, "--undo"], None),
            (["answer", "error_cells", "--file", "first.csv", "--field", "status", "--is", "empty"], None),
            (["answer", "error_cells", "--file", "first.csv", "--field", "status", "--undo"], None),
            (["spelling", "Zambbia", "--means", "ZMB"], None),
            (["spelling", "Zambbia", "--undo"], None),
            (["draft", "--uploads", f"{place}/uploads", "--to", str(place)], None),
            (["publish-draft", str(place)], None),
            (["discard-draft", str(place)], None),
            (["build", "--quiet"], None),
            (["reports", "--accept", "R-22222-22222"], None),
            (["reports", "--ask", "R-22222-22222", "--note", "How many?"], None),
            (["reports", "--withdraw", "R-22222-22222", "--note", "Asked by telephone"], None),
            (["reports", "--set-aside", "R-22222-22222", "--note", "Twice"], None),
            (["restore", before], None),
            (["forget", "nobody@example.org"], None),
            (["restore", "nothing"], None),
            (["restore", "nothing", "--dry-run"], None),
            (["history"], None),
        ]:
            run_on(folder, *words, code=None, stdin=stdin)
    request_id.adopt("")
    return folder, find_entries(folder.root).entries


def test_each_command_is_recorded_with_who_gave_it_and_how_it_ended(walked):
    folder, entries = walked
    walked_through = {name: events for name, events in RECORDED.items() if name not in ELSEWHERE}
    assert {name for events in walked_through.values() for name in events} == set(entries["event"])
    assert set(entries["person_name"]) == {"Sample Person 001"}
    assert set(entries["request"]) == {"r1"}
    oldest = entries[::-1][["event", "outcome", "about"]].apply(tuple, axis=1).tolist()
    build_id = json.loads(entries[entries["event"] == "uploaded"].iloc[0]["details"])["build"]
    assert oldest[:2] == [("decided", "done", "same stakeholder"), ("decision_undone", "done", "same stakeholder")]
    assert ("evidence_settled", "refused", "evidence report r_nothing reviewed") in oldest
    assert ("spelling_confirmed", "done", "Zambbia") in oldest
    assert ("column_confirmed", "done", "first.csv: Mail") in oldest
    assert ("uploaded", "done", "second.csv") in oldest
    assert ("published", "done", build_id) in oldest
    assert ("setting_changed", "done", "campaign.toml") in oldest
    assert [event for event, _, _ in oldest].count("withdrawn") == 1  # a rehearsal changes nothing
    assert "nobody@example.org" not in "".join(path.read_text() for path in log.find_folder(folder.root).glob("*"))


def test_a_command_that_cannot_be_recorded_changes_nothing(walked, tmp_path, monkeypatch):
    folder = copy_campaign(walked[0], tmp_path / "c")
    monkeypatch.setattr(log, "_write_all", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    before = sorted(path.name for path in folder.published.iterdir())
    assert "The disk is full: there is no room left in " in run_on(folder, "build", "--quiet", code=1).stderr
    assert sorted(path.name for path in folder.published.iterdir()) == before
