"""Every kind of question that a build can ask: its sentence, its rows and its buttons, on the page in each language."""

import csv
import io
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from dashboard.campaign.answers.question import Key
from dashboard.campaign.answers.question_kinds import ANSWERS, KINDS, UNKNOWN
from dashboard.ground.processes import commands
from dashboard.i18n import translator
from dashboard.lists.quality.file_questions import read_kept, read_questions
from dashboard.snapshot.database import Snapshot
from dashboard.ui.upload.draft_answers import Answers
from dashboard.ui.upload.open_questions import list_cards, take_answer
from etl.pipeline import build as builds
from tests.app.conftest import press, text_of
from tests.app.uploads import find_group, has_button, preview
from tests.etl.asking import make_asking

FACTS = {name: "7" for kind in KINDS for words in kind.asks.values() for name in re.findall(r"\{(\w+)\}", words)}
FACTS |= {"words": "#N/A", "word": "maybe"}
EDITOR = re.compile(
    r"toml|copy of the recipe|\[fields|date_order|decimal_mark|percent_of|not_taken|fill_down|= ?[\"\[]"
)
"""Tasks that need a text editor."""


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """Yield the snapshot of a build whose files leave something of every kind open."""
    folder = make_asking(tmp_path_factory.mktemp("asking") / "c")
    with builds.build(folder, folder.published) as result:
        yield Snapshot(result.snapshot, "asking", "2022-01-01T00:00:00+00:00", cache_mb=1)


def test_every_question_has_buttons_and_rows_and_none_wants_a_text_editor(asking, lang):
    t, questions = translator(lang), read_questions(asking)
    assert {one.kind for one in questions} == {kind for kind in KINDS if kind.file == ANSWERS}
    for asked in questions:
        [card] = list_cards(t, lang, [asked], {})
        choices = [one.value for one in asked.candidates]
        assert [*card.choices] == choices and len(set(card.choices.values())) == len(choices), asked
        assert card.takes_day or {*choices} <= {*asked.kind.choices, UNKNOWN}, asked
        assert card.is_open and card.chosen is None, "nothing is chosen beforehand"
        effects = [one.value for one in asked.candidates if one.effects]
        assert [*card.effects] == effects + [""] * bool(asked.effects), asked
        assert len(card.rows) == len(asked.evidence), asked
        assert len({len(cells) for cells in (card.headings, *card.rows)}) == 1, asked
        shown = (card.title, card.place, card.what, card.changes, card.unknown, card.correct, *card.choices.values())
        wordings = [t(asked.kind.say_what(variant, FACTS)) for variant in asked.kind.asks]
        assert not [text for text in (*shown, *wordings) if EDITOR.search(text) or "{" in text], asked
        assert lang == "en" or card.title != asked.kind.title, asked


def test_what_is_decided_says_by_what_and_another_answer_goes_before_it(asking):
    t = translator("en")
    [asked] = [one for one in read_questions(asking) if one.kind.name == "date_order"]
    question = replace(asked, answer="dmy", decided_by="recipe")
    [card] = list_cards(t, "en", [question], {})
    assert (card.chosen, card.why, card.is_open) == ("dmy", "Decided by: The recipe.", False)
    assert list_cards(t, "en", [question], {question.key: "mdy"})[0].chosen == "mdy"
    assert card.rows == (
        ("2", "03/04/2021", "3 April 2021", "4 March 2021"), ("3", "05/06/2021", "5 June 2021", "6 May 2021"),
    )  # fmt: skip
    assert card.effects == dict.fromkeys(("dmy", "mdy"), "Dates that are read: 0 → 2")


def test_a_browser_that_sends_the_reading_it_was_shown_answers_nothing(asking):
    [asked] = [one for one in read_questions(asking) if one.kind.name == "date_order"]
    [card] = list_cards(translator("en"), "en", [replace(asked, answer="dmy", decided_by="cells")], {})
    answers = Answers()
    for sent, answer in (("dmy", None), ("mdy", "mdy"), ("dmy", "dmy"), (None, None)):
        take_answer(SimpleNamespace(answers=answers), card, sent)
        assert answers.questions.get(card.key) == answer, sent


def read_others(stand_in):
    """Read the answers that the last draft was given, of all kinds that are not columns, sheets or words."""
    lines = csv.DictReader(io.StringIO(stand_in.read_tried("--others")))
    return [(one["kind"], one["recipe"], one["file"], one["is"]) for one in lines]


def test_the_page_asks_all_questions_at_once_and_sends_what_was_answered_alone(
    open_upload, stand_in, asking, monkeypatch
):
    prepared = []
    monkeypatch.setattr(commands, "prepare", lambda draft=None: prepared.append(draft))
    app = open_upload()
    stand_in.change = f"attach '{asking.path}' as asking (read_only); insert into questions from asking.questions"
    app = preview(app)
    text = text_of(app)
    places = [text.index(f". {kind.title}") for kind in KINDS if kind.file == ANSWERS and kind.name != "words"]
    assert places == sorted(places) and app.button(key="publish-upload").disabled
    for kind in KINDS:
        if kind.file == ANSWERS:
            assert find_group(app, kind.title).value is None
    assert len([asked for asked in stand_in.asked if asked[0] == "draft"]) == 1
    find_group(app, "Does the day or the month come first?").set_value("mdy").run()
    find_group(app, "What do cells with an error mean?").set_value(UNKNOWN).run()
    assert len([asked for asked in stand_in.asked if asked[0] == "draft"]) == 1, "no build between two answers"
    (asked,) = (asked for asked in stand_in.asked if asked[0] == "draft")
    assert prepared[-1]["to"] == asked[asked.index("--to") + 1], "a process goes ahead with the preview with answers"
    press(app, "try-answers")
    said = read_others(stand_in)
    asked = asking.query("questions").set_index("kind")["source_file"]
    assert said == [("date_order", "office_actions", "", "mdy"), ("error_cells", "", asked["error_cells"], UNKNOWN)]
    stand_in.waits, stand_in.figures = True, {"completed": 4711}
    press(app, "drop-answer-1")
    assert "4,711" in text_of(app), "the figures are there before the preview"
    stand_in.waits = False
    app.run()
    assert read_others(stand_in) == said[:1], "one is taken back, and not the other"
    press(app, "keep-answers")
    kept = next(asked for asked in stand_in.asked if asked[0] == "answer")
    assert kept[1:3] == ["--from", "-"]
    assert not has_button(app, "keep-answers")


@pytest.mark.nightly
def test_a_preview_of_which_no_report_counts_says_so_and_cannot_be_published(open_upload, stand_in):
    app = open_upload()
    stand_in.change = "update progress_reports set reported_on = date '2999-01-01'"
    app = preview(app)
    [error] = app.error
    assert "(2999-01-01\\) is in the future." in error.value
    assert app.button(key="publish-upload").disabled


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_the_page_reads_answers_as_a_build_does_whatever_alphabet_a_spreadsheet_saved(tmp_path, encoding):
    line = "merged_cells,,Ação.xlsx,,country,ALL"
    (tmp_path / ANSWERS).write_bytes(f"Kind,recipe,file,sheet,field,is\n\n{line}\n".encode(encoding))
    assert read_kept(tmp_path) == [(Key("merged_cells", "", "Ação.xlsx", "", "country"), "all")]
    (tmp_path / ANSWERS).write_bytes(b"")
    assert read_kept(tmp_path) == []
