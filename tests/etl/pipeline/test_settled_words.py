"""Words that match no code are settled once, for all files or one recipe: figures move as was said, and move back."""

import json

import duckdb
import pytest

from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import STAFF_FILES, CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.inputs.spellings_file import SpellingError, Vocabulary, read_words
from etl.texts.folding import Folding
from tests.etl.campaigns import ask, built, make_campaign, open_published, publish_campaign
from tests.etl.program import published, run_on

REGISTER = """Ref,Maker,Promise,Where,Themes,Category,Status,Sent
1,Sample Trust A,Promise one,Zambbia,Tea gardens,Train things,Suspended,2021-05-01
2,Sample Trust B,Promise two,ZAMBBIA; Ghana,Education; tea  gardens,,Completed?,2021-05-01
3,Sample Trust C,Promise three,Zambbia; Peru,Mining,,Suspended,2021-05-01
4,Sample Trust D,Promise four,Global; Zambbia,,,Closed out,2021-05-01
5,Sample Trust E,Promise five,Land of Oz,,,Completed,2021-05-01
6,Sample Trust F,Promise six,Land of Nod,,,In progress,2021-05-01
7,Sample Trust G,Promise seven,Peru,,,In progress,2021-05-01
8,Sample Trust H,Promise eight,Peru,,,In progress,2021-05-01
"""
REPORTS = """Report,Ref,State,Sent
R1,1,suspended,2021-06-01
R2,2,In progress,2021-06-01
R3,3,Closed out,2021-06-02
R4,3,Suspended,2021-06-01
R5,7,In progress,2021-06-01
R6,8,In progress,2021-06-01
"""
MONTHS = {
    f"{month}.csv": "Ref,Maker,Promise,Where,Status,Sent\n"
    f"{n},Sample Guild {n},To do {n},Here and there,Asleep,2021-05-01\n"
    for n, month in enumerate(("may", "june", "july"), start=10)
}
SHEET = """Ref,Coded by staff,Where
5,yes,Zambbia
"""


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """Return a campaign whose files hold words that match no code, published once."""
    exports = {"register.csv": REGISTER, "reports.csv": REPORTS, "sheet.csv": SHEET, **MONTHS}
    folder = make_campaign(tmp_path_factory.mktemp("words") / "c", exports)
    (folder.root / "answers.csv").write_text("kind,recipe,is\nday,office_actions,rows\n")  # statuses of the submission
    publish_campaign(folder)
    return folder


@pytest.fixture(scope="module")
def vocabulary():
    """Return the possible meanings in the shipped campaign."""
    with duckdb.connect() as connection:
        yield Vocabulary(load_codelists(CampaignFolder(SHIPPED_CAMPAIGN)), Folding(connection))


def say(folder, *words):
    return run_on(folder, "spelling", *words).stdout


def figures(connection):
    """Count actions by dimension and member; count those in force by base status."""
    members = ask(connection, "select dimension, member, count(distinct action_no) from action_members group by all")
    statuses = ask(
        connection,
        "select 'status', status, count(*) from report_spells s, campaign c"
        " where s.valid_from <= c.last_date and c.last_date < s.valid_to group by all",
    )
    return {(dimension, member): count for dimension, member, count in members + statuses}


def unmatched(connection):
    return {value for (value,) in ask(connection, "select value from unmatched_values")}


SAID: tuple[tuple[dict[str, str], dict[str, int | tuple[int, int]]], ...] = (
    ({"word": "Zambbia", "means": "Zambie", "codelist": "countries"}, {"Zambia": 5, "Africa": 3}),
    ({"word": "Tea gardens", "means": "agriculture|mining"}, {"Agriculture": 2, "Mining": 2}),
    ({"word": "Train things", "means": "training_or_capacity"}, {"Training and capacity building": 1}),
    ({"word": "Land of Nod", "means": "asia_pacific"}, {"Asia and the Pacific": 1}),
    ({"word": "closed out", "means": "Achevée"}, {"completed": (1, 3)}),
    ({"word": "Suspended", "means": "nothing"}, {}),
    ({"word": "Suspended", "means": "discontinued", "recipe": "office_reports"}, {"discontinued": (0, 1)}),
)
"""Meanings of words, and the command's answer: how many actions move where."""


def say_many(folder, *wishes, code=0):
    given = "\n".join(json.dumps(wish) for wish in wishes)
    return run_on(folder, "spelling", "--lines", "--json", code=code, stdin=given)


def test_what_is_said_to_move_moves_in_the_next_build_and_is_taken_back(folder):
    with open_published(folder) as connection:
        before = figures(connection)
        labels = dict(ask(connection, "select lower(label_en), code from codes"))
    wishes = [wish for wish, _ in SAID]
    refused = say_many(folder, *wishes, {"word": "Tea gardens", "means": "tee"}, code=1)
    assert "“tee” is no code of themes" in refused.stderr
    assert not folder.spellings_file.exists()  # many are written at once or none
    kept = json.loads(say_many(folder, *wishes).stdout)
    assert kept["changed"] == len(SAID)
    moves = {}
    for (_, moved), answer in zip(SAID, kept["did"], strict=True):
        for name, count in moved.items():
            if isinstance(count, tuple):
                assert f"{name} {count[0]} → {count[1]}" in answer
                count = count[1] - count[0]
            else:
                assert f"{count} action{'s move' if count > 1 else ' moves'} to {name}" in answer
            moves[labels[name.casefold()]] = count
    with built(folder) as connection:
        after = figures(connection)
        assert {value.casefold() for value in unmatched(connection)} == {
            "land of oz",
            "completed?",
            "asleep",
            "here and there",
        }
        of_actions = (
            "select named(source_file), count(status) from progress_reports "
            "where lower(action_id) in ('off-1', 'off-3') group by 1 order by 1"
        )
        assert ask(connection, of_actions) == [("register.csv", 0), ("reports.csv", 3)]
        assert ask(connection, "select recipe, rows from settled_words where word = 'Suspended'") == [
            (None, 2), ("office_reports", 2),
        ]  # fmt: skip
    more = {key[1]: after[key] - before.get(key, 0) for key in after}
    follow = {"eastern_africa", "african_union", "sub_saharan_africa"}  # for places the answer names the region alone
    assert {code: count for code, count in more.items() if count > 0 and code not in follow} == moves
    say(folder, "Zambbia", "--undo")
    text = folder.spellings_file.read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == len(SAID)  # with the header
    assert "Zambbia" not in text


@pytest.mark.nightly
def test_a_status_of_its_own_counts_as_its_base_and_all_that_is_settled_belongs_to_the_build(folder):
    assert "discontinued 0 → 1" in say(folder, "Suspended", "--based-on", "discontinued")
    say(folder, "Closed out", "--means", "suspended")
    say(folder, "Completed?", "--based-on", "in_progress")  # a question is no answer: a code of its own
    say(folder, "Zambbia", "--means", "ZMB", "--note", "Ask Amara, amara@example.org")
    first = published(folder)["build_id"]
    assert publish_campaign(folder)["build_id"] != first  # settled words belong to the build
    with open_published(folder) as connection:
        codes = ask(connection, "select base_status, label_fr from codes where code = 'suspended'")
        assert codes == [("discontinued", "Suspended")]
        reported = "select count(*) from progress_reports where status_code = 'suspended'"
        assert ask(connection, reported) == [(6,)]
        assert ask(connection, "select line, word, codes, based_on, rows, note from settled_words") == [
            (2, "Suspended", ["suspended"], "discontinued", 4, None),
            (3, "Closed out", ["suspended"], None, 2, None),
            (4, "Completed?", ["completed_in_progress"], "in_progress", 1, None),
            (5, "Zambbia", ["ZMB"], None, 5, "Ask Amara, […]"),
        ]
    assert "“Closed out” (row 3) means suspended" in run_on(folder, "spelling", "Suspended", "--undo", code=1).stderr
    assert folder.spellings_file.name in STAFF_FILES
    run_on(folder, "restore", first)
    assert not folder.spellings_file.exists()


@pytest.mark.nightly
def test_a_word_said_of_one_file_holds_for_that_file_and_the_next_one_asks(folder):
    gone = "statuses,Asleep,in_progress,gone.csv\n"
    folder.spellings_file.write_text(f"codelist,word,means,file\nstatuses,Asleep,nothing,\n{gone}")
    said = say(folder, "Here and there", "--means", "KEN", "--means", "Uganda", "--only", "june.csv")
    moves = "1 action moves to Kenya; 1 action moves to Africa; 1 action moves"
    assert f"means KEN and UGA, only in june.csv. {moves}" in said
    say(folder, "Asleep", "--means", "discontinued", "--recipe", "office_actions")
    say(folder, "Asleep", "--based-on", "in_progress", "--only", "june.csv")
    with built(folder) as connection:
        read = ask(
            connection,
            "select named(r.source_file) as file, r.status, list_sort(list(c.iso3)) from progress_reports r "
            "left join action_countries c using (action_no) where file in ('may.csv', 'june.csv', 'july.csv') "
            "group by all order by 1",
        )
        assert read == [
            ("july.csv", "discontinued", [None]), ("june.csv", "in_progress", ["KEN", "UGA"]),
            ("may.csv", "discontinued", [None]),
        ]  # fmt: skip
        left = ask(connection, "select named(source_file), value from unmatched_values order by 1")
        assert [row for row in left if row[0] in MONTHS] == [(f"{m}.csv", "Here and there") for m in ("july", "may")]
        assert ask(connection, "select word, recipe, named(source_file), rows from settled_words") == [
            ("Asleep", None, None, 0), ("Here and there", None, "june.csv", 1), ("Asleep", "office_actions", None, 2),
            ("Asleep", None, "june.csv", 1),
        ]  # fmt: skip
    say(folder, "Here and there", "--only", "june.csv", "--undo")
    assert "Uganda" not in folder.spellings_file.read_text(encoding="utf-8")
    refused = run_on(folder, "spelling", "Halt", "--means", "nothing", "--only", "gone.csv", code=1)
    assert "There is no file gone.csv in the inbox" in refused.stderr


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("themes,Tea gardens,agriculture,,\nthemes,TEA gardens,mining,,", "row 3: .* mean mining, but row 2 says agri"),
        ("regions,Zambbia,africa,,\ncountries,Zambbia,ZMB,,", "row 3: .* mean ZMB, but row 2 says africa"),
        ("themes,Tea gardens,topics,,", "row 2: “topics” is no code of themes"),
        ("subjects,Tea gardens,mining,,", "row 2: “subjects” is no codelist"),
        ("themes,,mining,,", 'row 2: the column "word" is empty'),
        ("themes,Tea,,completed,", "row 2: only a status can be based"),
        ("statuses,Suspended,,paused,", "row 2: “paused” is no base status"),
        ("statuses,Suspended,adapted,completed,", "row 2: the codelist has a status adapted"),
        ("statuses,Halt,halt,in_progress,\nstatuses,Halte,halt,completed,", "row 3: .* but row 2 bases it on in_pro"),
        ("statuses,Halt,completed|in_progress,,", "row 2: it can mean only one code"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_by_its_row(tmp_path, vocabulary, lines, what):
    path = tmp_path / "spellings.csv"
    path.write_text(f"codelist,word,means,based_on,recipe\n{lines}\n", encoding="utf-8")
    with pytest.raises(SpellingError, match=what):
        read_words(path, vocabulary, [])
