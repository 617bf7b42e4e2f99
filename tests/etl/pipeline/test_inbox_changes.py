"""The inbox changes during a build: the published snapshot is one state of it, whole, or one sentence says why."""

import pytest

from etl import steps
from etl.publish.build_again import find_kept, made_again
from etl.steps import Step
from tests.etl.campaigns import copy_campaign, make_published
from tests.etl.program import published, published_titles, run_on
from tests.etl.registers import HEADER, action

FIRST, SECOND = (
    HEADER + action("1", promise=f"{name} 1") + action("2", promise=f"{name} 2") for name in ("Old", "New")
)
OTHER = HEADER + action("9", "Imaginary Council", "Of another file")
WHOLE = [{"Old 1", "Old 2", "Of another file"}, {"New 1", "New 2", "Of another file"}]
CHANGES = {
    "replaced": lambda inbox: (inbox / "a.csv").write_text(SECOND),
    "truncated": lambda inbox: (inbox / "a.csv").write_text(FIRST[: len(FIRST) - 30]),
    "emptied": lambda inbox: (inbox / "a.csv").write_text(""),
    "renamed": lambda inbox: (inbox / "a.csv").rename(inbox / "c.csv"),
    "removed": lambda inbox: (inbox / "a.csv").unlink(),
    "joined": lambda inbox: (inbox / "c.csv").write_text(HEADER + action("7", "Imaginary Council", "Came late")),
}
STEPS = (
    Step.SWEEP, Step.READ, Step.MAKE, Step.CHECK, Step.KEEP_INPUTS, Step.NOTE_INPUTS, Step.PLACE_SNAPSHOT, Step.POINT,
)  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Return a campaign of two files that was published before."""
    folder = make_published(tmp_path_factory.mktemp("changes") / "c", {"b.csv": OTHER})
    (folder.inbox / "a.csv").write_text(FIRST)
    return folder


def change_at(template, tmp_path, step, change, nth=1):
    """Build while one change happens before the n-th time that a step is reached."""
    folder = copy_campaign(template, tmp_path / f"{step.name} {change} {nth}")
    before, seen = published_titles(folder), []

    def meddle(reached: Step) -> None:
        if reached is step:
            seen.append(reached)
            if len(seen) == nth:
                CHANGES[change](folder.inbox)

    end = steps.listen(meddle)
    try:
        done = run_on(folder, "build", "--quiet", code=None)
    finally:
        end()
    assert len(seen) >= nth, step
    return folder, before, done


def check(template, tmp_path, step, change, nth=1):
    folder, before, done = change_at(template, tmp_path, step, change, nth)
    where, titles = f"{change} before {step.name}, time {nth}", published_titles(folder)
    if done.returncode:
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), f"{where}: {done.stderr}"
        assert titles == before, where
    else:
        kept = find_kept(folder, published(folder)["build_id"])
        assert kept.changed == [], where
        with made_again(folder, kept, tmp_path / f"again {step.name} {change} {nth}") as again:
            assert again.content_id == published(folder)["content_id"], where
        # A file cut short in the middle of a line is a state that somebody chose; the build reads it or refuses it.
        assert titles in WHOLE or change in ("truncated", "renamed", "removed", "joined"), where
    return done


@pytest.mark.parametrize(
    ("step", "change", "said"),
    [(Step.READ, "removed", "a.csv"), (Step.KEEP_INPUTS, "replaced", "a.csv changed during the build")],
)
def test_a_file_that_changes_while_it_is_built_refuses_the_build(template, tmp_path, step, change, said):
    done = check(template, tmp_path, step, change)
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.nightly
@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_the_inbox_at_any_step_is_one_state_or_a_sentence(template, tmp_path, change):
    for step in STEPS:
        for nth in (1, 2) if step in (Step.READ, Step.MAKE) else (1,):
            check(template, tmp_path, step, change, nth)
