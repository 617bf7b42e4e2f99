"""A column with mostly unknown words is not published as nothing: the build asks for their meaning first."""

import csv
import io
from typing import NamedTuple

import pytest

from tests.etl.campaigns import ask, built, make_campaign, open_published, publish_campaign, recipe
from tests.etl.program import published, run_on

RECIPE = recipe(
    "small_register", "actions", "Maker|Promise", stakeholder="Maker", title=("Promise", "required = true"),
    status="State", countries="Where", category="Kind", themes="About", reported_on="Told on",
)  # fmt: skip
COMPLETED = "select count(*) from progress_reports where status = 'completed'"
QUESTIONS = (
    "select field, facts['n'], facts['filled'] from questions where kind = 'words' and answer is null order by 1"
)


class Register(NamedTuple):
    """Twelve rows with unknown words in the column of statuses.

    Attributes:
        states: The cells, which repeat.
        means: A careful person's meanings for words.
        completed: The number of completed actions then.
    """

    states: tuple[str, ...]
    means: dict[str, str]
    completed: int


REGISTERS = {
    "codes": Register(("1", "2", "3"), {"1": "not_started", "2": "in_progress", "3": "completed"}, 4),
    "yes and no": Register(("Yes", "No", "No"), {"Yes": "completed", "No": "nothing"}, 4),
    "sí and no": Register(("Sí", "No"), {"Sí": "completed", "No": "not_started"}, 6),
    "signs": Register(("✓", "✗", "✗"), {"✓": "completed", "✗": "nothing"}, 4),
    "crosses": Register(("x", "", ""), {"x": "completed"}, 4),
    "true and false": Register(("TRUE", "FALSE"), {"TRUE": "completed", "false": "nothing"}, 6),
    "other words": Register(("Green", "Amber", "In progress"), {"Green": "completed", "Amber": "nothing"}, 4),
}


def write(states, where="Kenya", kind="", rows=12, of=""):
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(("Maker", "Promise", "State", "Where", "Kind", "About", "Told on"))
    for n in range(rows):
        lines.writerow(
            (
                f"Fictional Union {n}",
                f"Promise {n} {of}",
                states[n % len(states)],
                where,
                kind,
                "Tea and coal",
                "2021-07-01",
            )
        )
    return text.getvalue()


ANSWERS = (0, -1, None)
"""To where the words of each register are answered: none, all but the last, all."""
OTHERS = {
    "half": write(("Green", "Completed"), of="half"),
    "small": write(("Green",), rows=2, of="small"),
    "places": write(("Completed",), where="Land of Oz", kind="Nothing known", of="places"),
    "not known": write(("Green", "Amber"), of="not known"),
}


@pytest.fixture(scope="module")
def ask_file(tmp_path_factory):
    """Asks about one file of a build: of `OTHERS`, or of a register with so many answers."""
    cases = {f"{name} {end}": (register, end) for name, register in REGISTERS.items() for end in ANSWERS}
    exports = OTHERS | {case: write(register.states, of=case) for case, (register, _) in cases.items()}
    named = {f"{name}.csv": text for name, text in exports.items()}
    folder = make_campaign(tmp_path_factory.mktemp("words") / "c", named, {"small_register": RECIPE})
    lines = [
        f"statuses,{word},{code},{case}.csv"
        for case, (register, end) in cases.items()
        for word, code in [*register.means.items()][:end]
    ]
    folder.spellings_file.write_text("\n".join(["codelist,word,means,file", *lines]) + "\n", encoding="utf-8")
    answer = ("answer", "words", "--file", "not known.csv", "--field", "status", "--is", "unknown")
    run_on(folder, *answer)
    with built(folder) as connection:
        yield lambda file, query: ask(
            connection, query.replace("where", f"where named(source_file) = '{file}.csv' and")
        )


@pytest.mark.parametrize(("name", "register"), REGISTERS.items(), ids=REGISTERS)
def test_a_status_column_that_is_not_understood_is_asked_about_and_right_by_its_answers(name, register, ask_file):
    before, partly, after = (
        ([field for field, *_ in ask_file(f"{name} {end}", QUESTIONS)], ask_file(f"{name} {end}", COMPLETED)[0][0])
        for end in ANSWERS
    )
    assert (before, after) == ((["status"], 0), ([], register.completed))
    assert bool(partly[0]) is (2 * ask_left(register) > sum(bool(state) for state in register.states))


def ask_left(register):
    """Count the repeating cells with the last word that has no meaning yet."""
    last = [*register.means][-1].casefold()
    return sum(state.casefold() == last for state in register.states)


@pytest.mark.nightly
def test_half_of_a_column_two_cells_and_fields_that_are_no_headline_are_not_asked_about(ask_file):
    asked = {name: ask_file(name, QUESTIONS) for name in OTHERS}
    assert asked == dict.fromkeys(OTHERS, []) | {"places": [("category", "12", "12"), ("countries", "12", "12")]}


def test_words_of_which_nobody_knows_what_they_mean_count_as_unknown(ask_file):
    assert ask_file("not known", COMPLETED) == [(0,)]
    assert ask_file("not known", "select count(*) from progress_reports where status is null") == [(12,)]


def test_nothing_is_published_until_the_command_that_the_refusal_names_was_given(tmp_path):
    folder = make_campaign(tmp_path / "c", {"register.csv": write(("Completed",))}, {"small_register": RECIPE})
    first = publish_campaign(folder)
    (folder.inbox / "register.csv").write_text(write(("Sí", "No", "No")), encoding="utf-8")
    refused = run_on(folder, "build", code=1)
    said = " ".join(refused.stderr.split()).replace(f" --campaign {folder.root}", "")
    assert "register.csv, column “State”" in said
    assert "(12 of 12)" in said and "No, Sí" in said
    assert 'python -m etl spelling "No" --list statuses --means CODE' in said
    assert published(folder)["build_id"] == first["build_id"]
    for word, means in (("No", "nothing"), ("Sí", "completed")):
        run_on(folder, "spelling", word, "--list", "statuses", "--means", means)
    assert publish_campaign(folder)["build_id"] != first["build_id"]
    with open_published(folder) as connection:
        assert ask(connection, COMPLETED) == [(4,)]
