"""A recipe keeps its remarks, and its other statements, when a person changes the use of columns."""

import tomllib

from dashboard.campaign.recipe_edit import (
    CHOICE,
    RecipeAnswers,
    is_columns_alone,
    list_doubtful,
    read_guesses,
    read_members,
    read_uses,
    write_recipe,
)
from tests.etl.campaigns import read_recipe_file

PROPOSED = """\
# Proposed for list.csv, written by: Plain table.
# Save it as <campaign>/recipes/export_actions.toml, settle what is marked CHECK:
id = "export_actions"
title = "Plain table: actions"
holds = "actions" # CHECK: 64% sure

[recognise]
headers = ["Maker", "Promise"]

[read]
# CHECK: nothing tells day from month in “By”. Write what is true:
# date_order = "dmy"

[fields.title] # CHECK: 40% sure
headers = ["Promise"]
required = true

[fields.submitted_at]
headers = ["By"]

[fields.themes.choices]
farms = ["Farms?"]
mines = ["Mines?"]

[fields.status]
headers = ["State"]

[values.status]
"nearly done" = "completed" # CHECK: looks misspelt, in 3 rows
finished = "completed"

[personal]
headers = ["Mail", "Name"]

# Left open: nothing of these columns is counted or published until you say here what they are
#   No: texts in 4 rows
"""
OURS = 'id = "ours"\ntitle = "Ours"\nholds = "actions"\n'
COLUMNS = [("No",), ("Promise",), ("By",), ("Farms?", "Mines?"), ("State",), ("Mail",), ("Name",)]


def test_what_is_said_stands_in_the_recipe_and_nothing_else_changes():
    uses = read_uses(PROPOSED, COLUMNS)
    assert uses == {
        ("No",): "", ("Promise",): "title", ("By",): "submitted_at", ("Farms?", "Mines?"): CHOICE + "themes",
        ("State",): "status", ("Mail",): "personal", ("Name",): "personal",
    }  # fmt: skip
    assert list_doubtful(PROPOSED) == {"title"}
    assert read_guesses(PROPOSED) == [("status", "nearly done", "completed")]
    said = uses | {("No",): "submission_id", ("By",): "due_on", ("Farms?", "Mines?"): "nothing", ("Name",): "staff"}
    more = {"date_order": "dmy"}
    text = write_recipe(PROPOSED, RecipeAnswers("ours", "Our list", said, **more))
    assert read_uses(text, COLUMNS) == said
    assert tomllib.loads(text) == {
        "id": "ours", "title": "Our list", "holds": "actions", "recognise": {"headers": ["Maker", "Promise"]},
        "read": {"date_order": "dmy"},
        "fields": {
            "title": {"headers": ["Promise"], "required": True}, "status": {"headers": ["State"]},
            "action_id": {"headers": ["No"]}, "due_on": {"headers": ["By"]},
        },
        "values": {"status": {"finished": "completed"}},
        "personal": {"headers": ["Mail"]}, "staff_only": {"headers": ["Name"]},
        "set_aside": {"headers": ["Farms?", "Mines?"]},
    }  # fmt: skip
    assert "# Proposed for list.csv" in text and "CHECK" not in text and "Left open" not in text


def test_a_recipe_of_the_campaigns_own_keeps_the_headers_of_other_files_and_its_remarks():
    own = f'# Ours.\n{OURS}\n[fields.title]\nheaders = ["Promise", "Pledge"]\n'
    uses = {("Pledge",): "", ("Commitment",): "title"}
    text = write_recipe(own, RecipeAnswers("ours", "Ours", uses))
    assert tomllib.loads(text)["fields"]["title"]["headers"] == ["Commitment", "Promise"]
    assert text.startswith("# Ours.\n") and text.count("title") == own.count("title")


SPLIT = f"""{OURS}use = ["submission_form"]

[fields.title]
required = true

[fields.themes]
separators = [";"]

[fields.category]
headers = ["Kind"]

[values.category]
reserach = "research" # CHECK: looks misspelt, in 3 rows
surveys = "research" # CHECK: looks misspelt, in 3 rows
"""


def test_what_is_said_of_a_field_without_columns_stays_and_of_its_words_those_are_read_that_are_said_to_be():
    text = write_recipe(SPLIT, RecipeAnswers("ours", "Ours", {("Kind",): "nothing"}))
    assert tomllib.loads(text)["fields"] == {"title": {"required": True}, "themes": {"separators": [";"]}}
    others = (SPLIT, PROPOSED.replace('"Promise"]', '"*promise*"]'))
    assert is_columns_alone(PROPOSED) and not any(is_columns_alone(other) for other in others)
    uses = {("Kind",): "", ("Sort",): "category"}
    guessed = frozenset({("category", "reserach")})
    text = write_recipe(SPLIT, RecipeAnswers("ours", "Ours", uses, guessed=guessed))
    assert tomllib.loads(text)["fields"]["category"] == {"headers": ["Sort"]}
    text = write_recipe(SPLIT, RecipeAnswers("ours", "Ours", {("Kind",): "category"}, guessed=guessed))
    assert tomllib.loads(text)["values"]["category"] == {"reserach": "research"}  # of the other nobody has said so


CHOICES = f"""{OURS}
# Where it is done.
[fields.regions.choices]
africa = ["Afrique", "Africa"] # both forms
asia = [
  "Asia", # from the old form
  "Asie",
]

[fields.title]
headers = ["Promise"]
"""


def test_what_a_choices_column_means_changes_alone_and_the_rest_keeps_its_order_and_remarks():
    columns = [("Africa",), ("Asia",), ("Farms", "Mines", "Other"), ("Promise",)]
    uses, members = read_uses(CHOICES, columns), read_members(CHOICES, columns)
    assert uses[("Africa",)] == uses[("Asia",)] == CHOICE + "regions"
    assert members == {"Africa": "africa", "Asia": "asia"}
    assert write_recipe(CHOICES, RecipeAnswers("ours", "Ours", uses, members=members)) == CHOICES
    said = uses | {("Farms", "Mines", "Other"): CHOICE + "themes"}
    members |= {"Asia": "europe", "Farms": "agriculture", "Mines": "mining"}
    text = write_recipe(CHOICES, RecipeAnswers("ours", "Ours", said, members=members))
    assert list(tomllib.loads(text)["fields"]) == ["regions", "title", "themes"]
    assert tomllib.loads(text)["fields"] == {
        "regions": {"choices": {"africa": ["Afrique", "Africa"], "asia": ["Asie"], "europe": ["Asia"]}},
        "title": {"headers": ["Promise"]},
        "themes": {"choices": {"agriculture": ["Farms"], "mining": ["Mines"]}},
    }
    assert "# Where it is done.\n[fields.regions.choices]" in text and "# both forms" in text
    assert read_uses(text, columns) == said and read_members(text, columns) == members
    aside = write_recipe(
        text, RecipeAnswers("ours", "Ours", said | {("Asia",): "nothing", ("Africa",): ""}, members=members)
    )
    assert tomllib.loads(aside)["fields"]["regions"] == {"choices": {"africa": ["Afrique"], "asia": ["Asie"]}}
    assert tomllib.loads(aside)["set_aside"] == {"headers": ["Asia"]}


BOTH = f"""{OURS}
[fields.title]
headers = ["Promise"]

# What it is about.
[fields.themes]
not_taken = ["2"] # 1 is yes

[fields.themes.choices]
education = ["Schools"] # both forms
mining = ["Mines"]

[fields.status]
first_of = ["State", ["Old state", "Stand"]]
"""


def test_a_column_joins_what_a_field_has_already_and_a_field_without_choices_is_gone(tmp_path):
    columns = [("Promise",), ("Schools",), ("Mines",), ("Subjects",), ("Now",)]
    said = read_uses(BOTH, columns) | {("Subjects",): "themes", ("Now",): "status"}
    members = read_members(BOTH, columns)
    path = tmp_path / "ours.toml"
    path.write_text(
        write_recipe(BOTH, RecipeAnswers("ours", "Ours", said, {"themes": ";"}, members=members)), encoding="utf-8"
    )
    text = path.read_text(encoding="utf-8")
    assert read_uses(text, columns) == said and read_members(text, columns) == members
    assert all(remark in text for remark in ("# What it is about.\n[fields.themes]", "# 1 is yes", "# both forms"))
    themes, status = (read_recipe_file(path).fields[name] for name in ("themes", "status"))
    assert (themes.headers, themes.separators, themes.not_taken) == (("Subjects",), (";",), ("2",))
    assert themes.choices == {"education": ("Schools",), "mining": ("Mines",)}
    assert status.first_of == (("Now",), ("State",), ("Old state", "Stand")) and not status.headers
    columns = [("Promise",), ("Schools",), ("Mines",)]
    uses = read_uses(BOTH, columns)
    fields = tomllib.loads(write_recipe(BOTH, RecipeAnswers("ours", "Ours", uses, members={"Mines": "education"})))[
        "fields"
    ]
    assert fields["themes"] == {"not_taken": ["2"], "choices": {"education": ["Mines"]}}
    assert list(tomllib.loads(write_recipe(BOTH, RecipeAnswers("ours", "Ours", uses)))["fields"]) == ["title", "status"]
