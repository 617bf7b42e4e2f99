"""A build done ahead, and finished with other answers of staff: what one from nothing gives."""

import sys
import time
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.campaign.answers.answer import NOTHING, Answer, Meaning
from dashboard.errors import UserError
from dashboard.ground.processes import commands
from dashboard.ground.processes.runner import Child
from etl.pipeline import ahead, build, intake
from etl.publish import drafts
from tests.etl.campaigns import RECIPES, copy_campaign, make_campaign
from tests.etl.changing import bring, preview
from tests.etl.registers import HEADER, MERGED_RECIPE, action, reports, write_register

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="builds are done ahead where a process can fork safely")
PATIENCE = 30.0
MOOD = "".join(
    f"{line.strip()},{word}\n"
    for line, word in [
        (HEADER, "Mood"),
        (action("1", Sent="01/02/2021", Category="Lobbbying", Where="Kenya", Email="a@example.org"), "fair"),
        (action("2", promise="Second", Sent="03/04/2021", Category="Research", Where="Fictionland"), "good"),
        (action("3", promise="Third", Sent="05/06/2021", Status="Begun", Progress="1"), "call +41 22 799 61 11"),
        (action("4", maker="Total", promise="", Where="Kenya"), ""),
        (action("test", promise="Test of the form", Where="Fictionland"), ""),
    ]
)
REPORTS = reports(
    "r1,1,Fictional Union,Train inspectors,2021-05-01,Nearly there,0.5",
    "r2,2,Fictional Union,Second,2021-06-01,Done,1",
    "r3,3,Fictional Union,Third,,Done",
)
WITHOUT_DAY = reports("r4,2,Fictional Union,Second,,Begun", "r5,2,Fictional Union,Second,,Done")
ANSWERS: list[Answer | Meaning] = [
    Answer(0, "percent_of", "office_reports", "", "", "percent", "1"),
    Answer(0, "percent_of", "office_reports", "", "", "percent", "100"),
    Answer(0, "date_order", "office_actions", "", "", "submitted_at", "mdy"),
    Answer(0, "date_order", "office_actions", "", "", "submitted_at", "dmy"),
    Answer(0, "column", "office_actions", "", "", "Mood", "nothing"),
    Answer(0, "column", "office_actions", "", "", "Mood", "question"),
    Answer(0, "column", "office_actions", "", "", "Mood", "description"),
    Answer(0, "column", "office_actions", "", "", "Mood", "personal"),
    Answer(0, "sheet", "", "two.xlsx", "May", "", "data"),
    Answer(0, "sheet", "", "two.xlsx", "June", "", "nothing"),
    Answer(0, "sheet", "", "two.xlsx", "June", "", "round"),
    Answer(0, "test_rows", "", "mood.csv", "", "", "count"),
    Answer(0, "two_statuses", "", "days.csv", "", "", "lower"),
    Answer(0, "day", "", "days.csv", "", "", "rows"),
    Meaning("Lobbbying", "categories", "awareness_advocacy"),
    Meaning("Fictionland", "countries", "Kenya"),
    Meaning("Fictionland", "countries", NOTHING, file="mood.csv"),
    Meaning("Begun", "statuses", "in_progress", recipe="office_actions"),
    Meaning("Begun", "statuses", based_on="not_started"),
    Meaning("Done", "statuses", "completed"),
    Meaning("Done", "statuses", "discontinued"),
]
FILES = {"mood.csv": MOOD, "reports.csv": REPORTS, "days.csv": WITHOUT_DAY}
CHANGED = {
    "reports.csv": REPORTS.replace("0.5", "0.6"),
    "added.csv": HEADER + action("9", promise="Added"),
    "days.csv": None,
}
EDITS = ("nothing", "recipe", "words", "decisions", *CHANGED)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Return a campaign whose files ask about columns, words, sheets, dates and numbers."""
    folder = make_campaign(tmp_path_factory.mktemp("asked") / "c", FILES, RECIPES)
    write_register(folder.inbox / "two.xlsx", {"May": "Ongoing", "June": "Completed"})
    (folder.root / "recipes" / "merged_register.toml").write_text(MERGED_RECIPE)
    return folder


def go_ahead(folder, place):
    """Go ahead with a preview, and wait until no process goes further."""
    drafts.prepare_draft(folder, place / "uploads", place, inbox_alone=True)
    assert ahead._ahead is not None
    for connection in ahead._ahead._connections:
        assert connection.poll(PATIENCE)


def edit(folder, place, what):
    """Change one input of a campaign beside the answers."""
    if what == "recipe":
        path = folder.root / "recipes" / "office_reports.toml"
        path.write_text(path.read_text().replace("Nearly there", "Almost there"))
    elif what == "decisions":
        text = "this,same_as,not_same_as,note,decided_by,decided_on\n"
        folder.decisions_file.write_text(text)
    elif what == "words":
        folder.spellings_file.write_text("codelist,word,means\nstatuses,Begun,completed\n")
    elif what in CHANGED and CHANGED[what] is None:
        (folder.inbox / what).unlink()
    elif what in CHANGED:
        (place / "uploads" / what).write_text(CHANGED[what])


def outcome(folder, place, answers):
    """Make a preview: its content, figures told half way and account, or why it is refused."""
    told = list[dict[str, int]]()
    try:
        draft = preview(folder, place, answers=answers, inbox_alone=True, tell_figures=told.append)
    except UserError as error:
        return str(error)
    with duckdb.connect(place / "snapshot.duckdb", read_only=True) as connection:
        contents = connection.execute("select content_id, build_id from campaign").fetchall()
        account = connection.execute("from input_files order by all").fetchall()
        questions = connection.execute("select kind, field, answer from questions order by all").fetchall()
    assert (place / "contacts.duckdb").is_file()
    assert not list(place.glob(".build-*")), "nothing is left of what was done ahead"
    return contents, told[-1], account, questions, draft.inputs


chosen = st.lists(
    st.sampled_from(ANSWERS),
    max_size=4,
    unique_by=lambda answer: answer[:3] if isinstance(answer, Meaning) else answer.kind + answer.sheet,
)


@settings(max_examples=max(2, settings.default.max_examples // 5 - 2))
@example(before=[], after=[ANSWERS[0]], what="nothing")
@example(before=[ANSWERS[14]], after=[ANSWERS[19]], what="nothing")
@example(before=[ANSWERS[18]], after=[ANSWERS[6], ANSWERS[15]], what="nothing")
@given(before=chosen, after=chosen, what=st.sampled_from(EDITS))
def test_a_preview_from_what_is_ahead_is_that_from_nothing(asked, tmp_path_factory, before, after, what):
    folder = copy_campaign(asked, tmp_path_factory.mktemp("edited") / "c")
    place = bring(folder)
    outcome(folder, place, before)
    go_ahead(folder, place)
    edit(folder, place, what)
    from_ahead = outcome(folder, place, after)
    assert ahead._ahead is None
    assert outcome(folder, place, after) == from_ahead


WORK = [
    (intake.Intake, "add"), (intake.Intake, "clean"), (intake.Intake, "stage"), (build, "resolve_cells"),
    (build, "identify"), (build, "note_content"),
]  # fmt: skip
"""Parts of a build, in their order."""


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        (ANSWERS[0], ["note_content"]),
        (ANSWERS[14], ["resolve_cells", "note_content"]),
        (Meaning("Ruritania", "countries", "Kenya"), ["resolve_cells", "identify", "note_content"]),
        (Meaning("Rooms", "units", "schools"), ["stage", "resolve_cells", "identify", "note_content"]),
        (ANSWERS[4], ["stage", "resolve_cells", "identify", "note_content"]),
        (ANSWERS[7], ["clean", "stage", "resolve_cells", "identify", "note_content"]),
    ],
)
def test_only_what_depends_on_an_answer_is_done_again(asked, tmp_path, monkeypatch, answer, again):
    folder = copy_campaign(asked, tmp_path / "c")
    place, done = bring(folder), tmp_path / "done"

    def note(name, work):
        def noted(*arguments, **options):
            with done.open("a") as file:  # in whatever process it is
                file.write(name + "\n")
            return work(*arguments, **options)

        return noted

    for owner, name in WORK:
        monkeypatch.setattr(owner, name, note(name, getattr(owner, name)))
    outcome(folder, place, ())
    go_ahead(folder, place)
    done.unlink()
    outcome(folder, place, [answer])
    assert done.read_text().split() == again


def test_the_process_that_waits_comes_to_every_mark_and_leaves_nothing(asked, tmp_path):
    folder = copy_campaign(asked, tmp_path / "c")
    place = bring(folder)
    outcome(folder, place, ())
    child = Child(commands.MODULE, preload="etl.ready")
    try:
        there = {"campaign": str(folder.root), "uploads": str(place / "uploads"), "to": str(place)}
        child.go_ahead({**there, "inbox_alone": True})
        until = time.monotonic() + PATIENCE
        while (waiting := count_descendants(child.pid)) < len(intake.Mark) - 1 and time.monotonic() < until:
            time.sleep(0.05)
        assert waiting == len(intake.Mark) - 1, "one waits at each mark but the first"
    finally:
        child.dismiss()
    assert not list(place.glob(".build-*"))


def count_descendants(process):
    """Count the processes that one has started, and those that they have."""
    started = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return len(started) + sum(count_descendants(int(one)) for one in started)
