"""Every kind of question that a build can ask: its sentence, its rows and its buttons, on the page in each language."""

import csv
import json
import re
from pathlib import Path

import pytest

from dashboard.answers.from_snapshot import make_questions
from dashboard.answers.question_kinds import ANSWERS, KINDS, UNKNOWN
from dashboard.campaign.file_names import FileNames
from dashboard.i18n import translator
from dashboard.ui.upload.open_questions import list_cards
from tests.app.conftest import press, text_of
from tests.app.uploads import button, find_group, has_button, preview

DAY = "2021-12-31"
FACTS = {name: "7" for kind in KINDS for words in kind.asks.values() for name in re.findall(r"\{(\w+)\}", words)}
FACTS |= {"words": "#N/A", "word": "maybe", "name": DAY}
EDITOR = re.compile(
    r"toml|copy of the recipe|\[fields|date_order|decimal_mark|percent_of|not_taken|fill_down|= ?[\"\[]"
)
"""What only somebody with a text editor can do."""


def row(kind, variant: str, number: int) -> dict[str, object]:
    """The row of a question in the snapshot."""
    rows = ["2021-04-03"] if kind.name.startswith("date") else ["A", "B"]
    return {
        "kind": kind.name,
        "variant": variant,
        "recipe": "actions_register",
        "source_file": f"{number}.csv",
        "sheet": None,
        "field": "due_on" if kind.is_of_field else None,
        "header": "Due" if kind.is_of_field else None,
        "facts": FACTS,
        "evidence": [{"number": 2, "words": "03/04/2021"}, {"number": 5, "words": ""}],
        "candidates": [
            {"value": value, "rows": rows, "effects": [{"figure": "actions", "before": 1200, "after": 7}]}
            for value in ([DAY] if kind.takes_day else kind.choices)
        ],
        "answer": None,
        "decided_by": None,
    }


ASKED = [
    row(kind, variant, number)
    for number, (kind, variant) in enumerate((kind, variant) for kind in KINDS for variant in sorted(kind.asks))
]


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_every_question_has_buttons_and_rows_and_none_wants_a_text_editor(lang):
    for asked in ASKED:
        [question] = make_questions([asked], FileNames())
        [card] = list_cards(translator(lang), lang, [question], {})
        choices = list(card.choices)
        assert choices == [*([DAY] if card.takes_day else question.kind.choices), UNKNOWN] and len(
            set(card.choices.values())
        ) == len(choices), asked
        assert card.is_open and card.chosen is None, "nothing is chosen beforehand"
        assert [*card.effects] == choices[:-1] and all(" → 7" in words for words in card.effects.values()), asked
        assert card.rows and len({len(cells) for cells in (card.headings, *card.rows)}) == 1, asked
        words = (card.title, card.place, card.what, card.changes, card.unknown, card.correct, *card.choices.values())
        assert not [text for text in words if EDITOR.search(text) or "{" in text], asked
        assert lang == "en" or card.title != question.kind.title, asked
    assert {asked["kind"] for asked in ASKED} == {kind.name for kind in KINDS if kind.file == ANSWERS}


def test_what_is_decided_says_by_what_and_another_answer_goes_before_it():
    t = translator("en")
    [asked] = [one for one in ASKED if (one["kind"], one["variant"]) == ("date_order", "read")]
    [question] = make_questions([asked | {"answer": "dmy", "decided_by": "recipe"}], FileNames())
    [card] = list_cards(t, "en", [question], {})
    assert (card.chosen, card.why, card.is_open) == ("dmy", "Decided by: The recipe.", False)
    assert list_cards(t, "en", [question], {question.key: "mdy"})[0].chosen == "mdy"
    assert card.rows == (("2", "03/04/2021", "3 April 2021", "3 April 2021"), ("5", "", "", ""))


STRUCT = json.dumps(
    {
        **dict.fromkeys(("kind", "variant", "recipe", "source_file", "sheet", "field", "header"), "VARCHAR"),
        "facts": "MAP(VARCHAR, VARCHAR)",
        "evidence": [{"number": "BIGINT", "words": "VARCHAR"}],
        "candidates": [
            {
                "value": "VARCHAR",
                "rows": ["VARCHAR"],
                "effects": [{"figure": "VARCHAR", "before": "BIGINT", "after": "BIGINT"}],
            }
        ],
        **dict.fromkeys(("answer", "decided_by"), "VARCHAR"),
    }
)


def insert(rows: list[dict[str, object]]) -> str:
    """What puts questions into a snapshot."""
    literal = json.dumps(rows).replace("'", "''")
    columns = ", ".join(f"r.{name}" for name in rows[0])
    return f"insert into questions select {columns} from (select unnest(from_json('{literal}', '[{STRUCT}]')) as r)"  # noqa: S608  (its own rows)


def test_the_page_asks_all_questions_at_once_and_sends_what_was_answered_alone(open_upload, stand_in):
    app = open_upload()
    firsts = list({one["kind"]: one for one in ASKED}.values())
    stand_in.change = insert(firsts)
    app = preview(app)
    text = text_of(app)
    places = [text.index(f". {kind.title}") for kind in KINDS if kind.file == ANSWERS and kind.name != "words"]
    assert places == sorted(places) and button(app, "publish-upload").disabled
    for kind in KINDS:
        if kind.file == ANSWERS:
            assert find_group(app, kind.title).value is None
    assert len([asked for asked in stand_in.asked if asked[0] == "draft"]) == 1
    find_group(app, "Does the day or the month come first?").set_value("mdy").run()
    find_group(app, "What do cells with an error mean?").set_value(UNKNOWN).run()
    assert len([asked for asked in stand_in.asked if asked[0] == "draft"]) == 1, "no build between two answers"
    press(app, "try-answers")
    made = [asked for asked in stand_in.asked if asked[0] == "draft"][-1]
    with Path(made[made.index("--others") + 1]).open(newline="") as file:
        said = [(one["kind"], one["recipe"], one["file"], one["is"]) for one in csv.DictReader(file)]
    [file_of_errors] = [one["source_file"] for one in firsts if one["kind"] == "error_cells"]
    assert said == [("date_order", "actions_register", "", "mdy"), ("error_cells", "", file_of_errors, UNKNOWN)]
    assert "--answers" not in made and "--sheets" not in made
    press(app, "keep-answers")
    kept = next(asked for asked in stand_in.asked if asked[0] == "answer")
    assert kept[1:3] == ["--from", "-"]
    assert not has_button(app, "keep-answers")


def test_a_preview_of_which_no_report_counts_says_so_and_cannot_be_published(open_upload, stand_in):
    app = open_upload()
    stand_in.change = "update progress_reports set reported_on = date '2999-01-01'"
    app = preview(app)
    [error] = app.error
    assert "(2999-01-01\\) is in the future." in error.value
    assert button(app, "publish-upload").disabled
