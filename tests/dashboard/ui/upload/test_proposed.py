"""Recipes in progress: the uses of columns, the missing ones, and the changes of a colleague meanwhile."""

import tomllib
from pathlib import Path

import pytest

from dashboard.campaign.answers.answer import NEW_MEMBER, Meaning
from dashboard.campaign.recipe_edit import CHOICE
from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.lists.quality.word_meanings import WordKey
from dashboard.ui.frame.view import Frame
from dashboard.ui.upload import brought, recipe_form
from dashboard.ui.upload.draft_answers import Answers
from dashboard.ui.upload.proposed import Proposed, read_proposal
from dashboard.ui.upload.state import Upload
from tests.proposed_recipes import CHOICE_COLUMNS, PROPOSED, as_choice, column, propose
from tests.shipped import LANGUAGES

T = translator("en")
OWN = PROPOSED.replace("export_actions", "ours")
LABELS = {"africa": "Africa", "GHA": "Ghana", "education": "Education"}
CHOICES = ["Themes/Educatoin and training", "Themes/Climate acton", "Themes/Health"]
GUESSED = """
[fields.themes.choices] # CHECK: 30% sure
"Educatoin and training" = ["Themes/Educatoin and training"]
# CHECK: which code? … = ["Themes/Climate acton"]
"""


def name_codes(_field: str) -> dict[str, str]:
    """Return labels for the codes of every field."""
    return LABELS


def say_unread(proposal: Proposed, lang: str = "en") -> list[str]:
    """List the unread questions, in a language."""
    return recipe_form.list_unread(Frame(page_id="upload", t=translator(lang)), proposal)


def test_what_is_said_of_choices_is_asked_until_each_means_something_and_is_read_again():
    one = read_proposal(T, propose(columns=CHOICE_COLUMNS))
    _, africa, elsewhere, about = one.columns
    for seen in (africa, elsewhere):
        one.say(seen, CHOICE + "regions")
    one.say(about, CHOICE + "themes")
    assert one.members == {"Africa": "africa", "About/Education": "education"}, "what their headers spell"
    assert recipe_form.list_faults(T, one) == ["Choose which of “Regions” the column “Elsewhere” means."]
    one.members["Elsewhere"] = "GHA"
    assert recipe_form.list_faults(T, one) == []
    assert recipe_form.list_first_rows(one, name_codes) == {
        "title": ["One"],
        "regions": ["Africa · Ghana"],
        "themes": ["Education"],
    }
    again = read_proposal(T, propose(columns=CHOICE_COLUMNS, known_by="ours", known_text=one.write("ours")))
    assert again.is_known
    assert again.members == {"Africa": "africa", "Elsewhere": "GHA", "About/Education": "education"}


NUMBERS = """
[[results]]
indicator = "children_withdrawn"

[results.fields.target]
headers = ["Children (target)"]

[[results]]
indicator = "money_spent"
unit = "eur_2021"

[results.fields.target]
headers = ["Euros promised"]

[[results]] # CHECK: no indicator of the list is called “trees”
indicator = "trees"

[results.fields.actual]
headers = ["Trees reached"]
"""


def test_which_number_a_column_is_and_of_what_is_asked_and_read_again():
    headers = ("Name", "Children (target)", "Children out", "Euros promised", "Trees reached")
    columns = [column([as_choice(header, "5", False)]) for header in headers]
    one = read_proposal(T, propose(text=PROPOSED + NUMBERS, columns=columns))
    _, target, out, euros, trees = one.columns
    assert [one.uses[c.headers] for c in (target, out, euros, trees)] == ["result target", "", "result target", ""]
    assert one.list_offered() == [(trees, "result actual")]
    assert {"result target", "result indicator"} <= set(one.list_choices(out))
    one.say(out, "result target")
    assert recipe_form.list_faults(T, one) == ["Choose which of “Indicator” the column “Children out” means."]
    one.members["Children out"] = "children_withdrawn"
    assert recipe_form.list_faults(T, one) == ["Several columns are assigned to “Target”: choose one."]
    one.say(out, "result actual")
    one.say(trees, "result actual")
    assert one.members == {"Children (target)": "children_withdrawn", "Euros promised": "money_spent|eur_2021"}
    one.members |= {"Children out": "children_withdrawn", "Trees reached": "people_reached"}
    assert recipe_form.list_faults(T, one) == []
    text = one.write("ours")
    assert tomllib.loads(text)["results"] == [
        {"indicator": "children_withdrawn",
         "fields": {"target": {"headers": ["Children (target)"]}, "actual": {"headers": ["Children out"]}}},
        {"indicator": "money_spent", "unit": "eur_2021", "fields": {"target": {"headers": ["Euros promised"]}}},
        {"indicator": "people_reached", "fields": {"actual": {"headers": ["Trees reached"]}}},
    ]  # fmt: skip
    again = read_proposal(T, propose(columns=columns[:4], known_by="ours", known_text=text))
    assert (again.is_for_editors, again.members) == (False, {h: one.members[h] for h in headers[1:4]})
    assert tomllib.loads(again.write())["results"] == tomllib.loads(text)["results"], (
        "also of columns that are not here"
    )


def test_a_column_may_say_what_is_counted_in_the_row():
    columns = [column([as_choice(header, "5", False)]) for header in ("Name", "What", "How many")]
    one = read_proposal(T, propose(columns=columns))
    one.say(one.columns[2], "result target")
    assert recipe_form.list_faults(T, one) == ["Choose which of “Indicator” the column “How many” means."]
    one.say(one.columns[1], "result indicator")
    assert recipe_form.list_faults(T, one) == []
    assert tomllib.loads(one.write("ours"))["results"] == [
        {"fields": {"indicator": {"headers": ["What"]}, "target": {"headers": ["How many"]}}}
    ]


def test_a_word_of_no_list_is_no_answer_and_what_stays_unread_of_a_question_is_said():
    asked = column([as_choice(header, "1", True) for header in CHOICES])
    whole = column([as_choice("Subjects", "Schools", False)])
    one = read_proposal(T, propose(text=PROPOSED + GUESSED, columns=[CHOICE_COLUMNS[0], asked, whole]))
    assert [one.members.get(header) for header in CHOICES] == [None] * 3
    assert recipe_form.list_faults(T, one) == [
        f"No column of the question “{CHOICES[0]} …” is assigned yet: choose which “Themes” each means."
    ]
    assert say_unread(one) == []
    one.members[CHOICES[0]] = "education"
    assert recipe_form.list_faults(T, one) == []
    assert say_unread(one) == [
        f"Columns of the question “{CHOICES[0]} …” that mean no “Themes” and are not read: 2 of 3."
    ]
    others = {sentence for lang in LANGUAGES for sentence in say_unread(one, lang)}
    assert len(others) == len(LANGUAGES) and "{" not in "".join(others)
    one.say(one.columns[2], "themes")
    rows = recipe_form.list_first_rows(one, name_codes)
    assert rows == {"title": ["One"], "themes": ["Education"]}, "one cell of both"
    assert tomllib.loads(one.write())["fields"]["themes"] == {
        "headers": ["Subjects"], "separators": [], "choices": {"education": CHOICES[:1]}
    }  # fmt: skip


@pytest.fixture
def change(tmp_path: Path) -> tuple[Path, Path, Proposed]:
    """Return the campaign's own recipe, a draft's folder, and a change of that recipe: Colour is the stakeholder."""
    own, draft = tmp_path / "campaign" / "recipes" / "ours.toml", tmp_path / "draft"
    own.parent.mkdir(parents=True)
    own.write_text(OWN, encoding="utf-8")
    draft.mkdir()
    one = read_proposal(T, propose(known_by="ours", known_text=OWN))
    one.say(one.columns[1], "stakeholder")
    one.is_used = True
    return own, draft, one


def test_a_recipe_that_a_colleague_has_changed_meanwhile_is_not_written_over(change):
    own, draft, one = change
    root, made = own.parents[1], draft / "settings" / "recipes" / "ours.toml"
    published = OWN.replace("title =", "# Of a colleague.\ntitle =")
    own.write_text(published, encoding="utf-8")
    brought.write(draft, root, [one], {})
    assert "# Of a colleague." in made.read_text("utf-8")
    assert tomllib.loads(made.read_text("utf-8"))["fields"]["stakeholder"] == {"headers": ["Colour"]}
    own.write_text(published.replace("Plain table", "List"), encoding="utf-8")
    brought.write(draft, root, [], {})  # somebody else goes on with the draft
    assert tomllib.loads(made.read_text("utf-8"))["title"] == "List: actions"
    assert "stakeholder" in made.read_text("utf-8")


def test_a_recipe_of_which_a_colleague_has_changed_the_same_place_is_refused(change):
    own, draft, one = change
    own.write_text(OWN + '\n[fields.category]\nheaders = ["Colour"]\n', encoding="utf-8")
    with pytest.raises(UserError, match="Somebody else has changed the recipe ours"):
        brought.write(draft, own.parents[1], [one], {})
    assert not (draft / "settings").exists()


def test_what_was_said_of_columns_is_kept_in_the_draft_and_said_again_where_the_page_is_loaded_anew(tmp_path):
    upload, one = Upload(tmp_path), read_proposal(T, propose(columns=CHOICE_COLUMNS))
    upload.proposals = {"a.csv": [one]}
    upload.remember()
    assert Upload(tmp_path).forms == [], "what was only proposed is nothing that was said"
    one.say(one.columns[0], "stakeholder")
    one.date_order = "mdy"
    upload.remember()
    [form] = Upload(tmp_path).forms
    again = read_proposal(T, propose(columns=CHOICE_COLUMNS))
    again.restore(form)
    assert again.state() == one.state() != again.proposed


def test_words_that_a_draft_brings_are_known_to_who_goes_on_with_it(tmp_path):
    """They are saved with all other answers of the draft."""
    words = {WordKey("themes", "reef mending"): Meaning("Reef mending", "themes", NEW_MEMBER)}
    (tmp_path / "campaign").mkdir()
    brought.write(tmp_path, tmp_path / "campaign", [], Answers(words=words).new_members)
    assert "Reef mending" in (tmp_path / "settings" / "codelists" / "themes.csv").read_text("utf-8")
    upload = Upload(tmp_path)
    upload.answers = upload.tried = Answers(words=words)
    upload.remember()
    assert Upload(tmp_path).tried.new_members == {"themes": ["Reef mending"]} and upload.settings == [
        "codelists/themes.csv"
    ]
    brought.write(tmp_path, tmp_path / "campaign", [], {})
    assert upload.settings == [], "taken back"


def test_of_many_columns_those_have_a_card_of_which_more_is_to_be_said_and_the_others_a_line_of_a_table():
    few = read_proposal(T, propose(columns=CHOICE_COLUMNS))
    assert recipe_form.list_cards(few) == few.columns
    plain = [column([as_choice(f"Column {number}", "x", False)]) for number in range(12)]
    day = column([as_choice("Planned until", "x", False)], is_other_day=True)
    many = read_proposal(T, propose(columns=[*CHOICE_COLUMNS, *plain, day]))
    assert [seen.headers[0] for seen in recipe_form.list_cards(many)] == ["About/Education", "Planned until"]
    themes, place = many.columns[4:6]
    many.say(themes, "themes")
    many.say(place, CHOICE + "regions")
    many.say(many.columns[-1], "due_on")
    assert recipe_form.list_cards(many) == [many.columns[3], themes, place], "what stands between values, which region"
