"""`kill -9` at every step of every command that changes a campaign: before or after, never between, and nothing lost.

A moment is a step of `etl.steps`, or a change of a file within one. After each kill the published snapshot is whole,
every content is still somewhere, and the next command (the same one again, or a build) works without help, finishes
a change of several files that had begun, and leaves nothing lying about.
"""

import os
import shutil
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from dashboard.campaign.folder import STAFF_FILES, CampaignFolder
from dashboard.paths import PROJECT
from etl.steps import Step
from tests.etl.campaigns import make_published, publish_campaign
from tests.etl.changing import (
    ACCEPT,
    ANSWERS,
    SENT_FILE,
    bring_settings,
    copy_with_drafts,
    list_leftovers,
    make_draft,
    preview,
    put_reports,
    put_uploads,
    read_state,
    write_actions,
)
from tests.etl.killed import kill_at, list_moments
from tests.etl.program import history_file, run_etl, run_on
from tests.etl.registers import action, register

pytestmark = [pytest.mark.kills, pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX signal")]

ADDRESS = "person1@example.org"
MOST = 28
WORDS = '{"word": "Lobbbying", "means": "advocacy", "codelist": "categories"}\n'
CLASSES = '{"action_id": "OFF-1", "themes": ["education"]}\n{"action_id": "OFF-2", "category": "research"}\n'


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> CampaignFolder:
    """Return a campaign with two builds: an earlier one, and the published one with a further file and a decision."""
    folder = make_published(tmp_path_factory.mktemp("killed") / "c", {"a.csv": write_actions("First")})
    (folder.inbox / "a.csv").write_text(write_actions("Second"))
    (folder.inbox / "b.csv").write_text(register(action("9", "Imaginary Council", "Of another file")))
    run_on(folder, "decide", "different", "action", "OFF-1", "OFF-2")
    publish_campaign(folder)
    return folder


class Scenario(NamedTuple):
    """A command: its words by the campaign, the commands before it, and its input."""

    words: Callable[[CampaignFolder], list[Any]]
    prepare: Callable[[CampaignFolder], object] = lambda _folder: None
    stdin: str = ""

    def arguments(self, folder: CampaignFolder) -> list[str]:
        return [*map(str, self.words(folder)), "--campaign", str(folder.root)]


def change_export(folder):
    (folder.inbox / "a.csv").write_text(write_actions("Third"))


def draft_settings(folder):
    preview(folder, bring_settings(folder))


def earlier(folder):
    return history_file(folder)[1]["build_id"]


def put_accepted_reports(folder):
    put_reports(folder)
    run_on(folder, *ACCEPT)
    run_on(folder, "build", "--quiet")


SCENARIOS = {
    "build": Scenario(lambda _f: ["build", "--quiet"], change_export),
    "draft": Scenario(
        lambda f: ["draft", "--uploads", f.private / "drafts/1/uploads", "--to", f.private / "drafts/1"], put_uploads
    ),
    "publish-draft": Scenario(lambda f: ["publish-draft", f.private / "drafts/1"], make_draft),
    "publish settings": Scenario(lambda f: ["publish-draft", f.private / "drafts/1"], draft_settings),
    "restore": Scenario(lambda f: ["restore", earlier(f)]),
    "undo the first": Scenario(lambda _f: ["restore", "nothing"]),
    "decide": Scenario(lambda _f: ["decide", "rename", "stakeholder", "Imaginary Council", "Imaginary Board"]),
    "undo a decision": Scenario(lambda _f: ["decide", "different", "action", "OFF-1", "OFF-2", "--undo"]),
    "column": Scenario(lambda _f: ["column", "--list", "-"], stdin=ANSWERS),
    "spelling": Scenario(lambda _f: ["spelling", "--lines"], stdin=WORDS),
    "classify": Scenario(lambda _f: ["classify"], stdin=CLASSES),
    "reports": Scenario(lambda _f: list(ACCEPT), put_reports),
    "withdraw": Scenario(
        lambda _f: ["reports", "--withdraw", SENT_FILE.sha256, "--note", "Asked to"], put_accepted_reports
    ),
    "forget": Scenario(lambda _f: ["forget", ADDRESS], make_draft),
}
REFUSED_WHEN_DONE = {"undo a decision", "undo the first", "publish-draft", "publish settings"}
"""The commands that answer, in a sentence, that there is nothing to do, where the kill came after all was done."""


def list_contents(folder) -> set[bytes]:
    """List every content of exports and of staff's files, wherever it lies."""
    places = [folder.inbox, folder.private / "inputs", folder.private / "set_aside", folder.private / "drafts"]
    files = [path for place in places for path in place.rglob("*") if path.suffix in ("", ".csv")]
    files += [folder.root / name for name in STAFF_FILES]
    return {path.read_bytes() for path in files if path.is_file()}


def try_kills(template, tmp_path, name, choose) -> set[str]:
    """Kill a command at chosen moments; the steps that it has."""
    scenario = SCENARIOS[name]
    base = copy_with_drafts(template, tmp_path / "base")
    scenario.prepare(base)
    before, contents = read_state(base), list_contents(base)
    done = copy_with_drafts(base, tmp_path / "done")
    moments = list_moments(done.root, *scenario.arguments(done), stdin=scenario.stdin)
    after = read_state(done)
    lost = contents - list_contents(done)  # the contents that the command removes when nothing stops it
    assert lost <= {"build": {write_actions("First").encode()}, "forget": contents}.get(name, set())
    for turn, number in enumerate(choose(moments)):
        where = f"{name}: {moments[number]}"
        folder = copy_with_drafts(base, tmp_path / f"{number}")
        arguments = scenario.arguments(folder)
        assert kill_at(folder.root, number, *arguments, stdin=scenario.stdin), where
        found = read_state(folder)
        assert found["published"] in (before["published"], after["published"]), where
        assert contents - list_contents(folder) <= lost, where
        if turn % 2:
            finish_by_a_build(folder, before, after, where)
        else:
            again = run_etl(*arguments, stdin=scenario.stdin)
            assert again.returncode == 0 or name in REFUSED_WHEN_DONE, f"{where}: {again.stderr}"
            assert read_state(folder) == after, where
        left = [path for path in list_leftovers(folder) if turn % 2 == 0 or "drafts" not in path]
        assert left == [], where  # previews are made beside other commands: leftovers of one go with it
        shutil.rmtree(folder.root)
    return {moment.step for moment in moments}


def finish_by_a_build(folder, before, after, where) -> None:
    """Another command than the killed one finds an inbox that somebody chose: that of before, or that of after."""
    built = run_on(folder, "build", "--quiet", code=None)
    nothing_left = "nothing to build from" in built.stderr and not after["inbox"]
    assert built.returncode == 0 or nothing_left, f"{where}: {built.stderr}"
    found = read_state(folder)
    chosen = ("inbox", "staff", "settings")
    assert [found[name] for name in chosen] in [[state[name] for name in chosen] for state in (before, after)], where


def spread(moments):
    """Return the first moment of each step, and as many as `MOST` spread over the command."""
    first = {moment.step: number for number, moment in reversed(list(enumerate(moments)))}
    last = len(moments) - 1
    return sorted({*first.values(), *(round(place * last / (MOST - 1)) for place in range(MOST))})


@pytest.mark.nightly
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_command_killed_at_its_steps_leaves_the_campaign_whole(template, tmp_path, monkeypatch, name):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "2" if name == "build" else "5")
    try_kills(template, tmp_path, name, spread)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("publish-draft", Step.TAKE_OUT),
        ("reports", Step.DECIDE),
        pytest.param("restore", Step.POINT, marks=pytest.mark.nightly),
        pytest.param("decide", Step.SAY, marks=pytest.mark.nightly),
        pytest.param("reports", Step.SAY, marks=pytest.mark.nightly),
    ],
)
def test_a_command_killed_at_one_step_leaves_the_campaign_whole(template, tmp_path, name, at):
    try_kills(
        template, tmp_path, name, lambda moments: [max(n for n, one in enumerate(moments) if one.step == at.name)]
    )


def test_every_step_is_reached_somewhere():
    program = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "etl").rglob("*.py"))
    for step in Step:
        assert f"reached(Step.{step.name})" in program
