"""`python -m etl decide`: make decisions on published rows, one line at a time, and take them back."""

import pytest

from etl.inputs.decisions import Verb, read_decisions
from tests.etl.campaigns import make_campaign, make_published, open_published, publish_campaign
from tests.etl.program import last_json, run_on
from tests.etl.registers import HEADER, REPORT_HEADER, action

ACTIONS = HEADER + "".join(
    [
        action("1", "IFU", "Train inspectors"),
        action("2", "International Fictional Union", "Open a school"),
        action("3", "Sample Union", "Plant"),
        action("4", "SAMPLE UNION Ltd", "Plant"),
        action("5", "Ministry of Labour", "A", Where="Ghana"),
        action("6", "Ministry of Labour", "B", Where="Peru"),
        action("7", "Ann Zzyzx", "Read", Kind_of_maker="Individual"),
        action("8", "Bea Qwyxx", "Sing", Kind_of_maker="Individual"),
    ]
)
REPORTS = REPORT_HEADER + "r1,77,Nobody Fictional,Nothing,2021-07-01,Completed,,,\nr2,3,,,2021-07-01,Completed,,,\n"
PROOF = ("evidenced", "--source", "https://example.org/proof", "--on", "2021-05-01", "--note", "Sent by post")


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """Return a campaign of eight actions, a report about none and one about the third."""
    return make_published(tmp_path_factory.mktemp("decide") / "c", {"a.csv": ACTIONS, "r.csv": REPORTS})


@pytest.fixture
def keys(published_once):
    """Return the keys of the report about no action, and of the other one."""
    with open_published(published_once) as con:
        rows = con.execute("select report_key from progress_reports order by action_id nulls first").fetchall()
    return [key for (key,) in rows]


def decide(folder, *words):
    done = run_on(folder, "decide", *words, "--json", code=None)
    return done.returncode, last_json(done)


def test_decisions_are_written_applied_by_a_build_and_persons_taken_back_as_the_page_shows_them(folder, keys):
    for words in (
        ("same", "stakeholder", "ifu", "International Fictional Union", "--note", "They said so; by mail"),
        ("rename", "stakeholder", "IFU", "International Fictional Union (IFU)"),
        ("different", "action", "OFF-3", "OFF-4"),
        ("assign", keys[0], "off-01"),
        ("evidence", "report", keys[1], *PROOF),
        ("same", "stakeholder", "ANN zzyzx", "Bea Qwyxx"),
        ("rename", "stakeholder", "Ann Zzyzx", "Ann Bea"),
    ):
        code, answer = decide(folder, *words)
        assert (code, answer["ok"], answer["changed"]) == (0, True, True), answer
    assert answer["line"] == 8
    decisions = read_decisions(folder.decisions_file)
    verbs = [Verb.SAME, Verb.RENAME, Verb.DIFFERENT, Verb.ASSIGN, Verb.EVIDENCE, Verb.SAME, Verb.RENAME]
    assert ([one.verb for one in decisions], decisions[0].note) == (verbs, "They said so; by mail")
    publish_campaign(folder)
    with open_published(folder) as con:
        assert con.execute("select count(*) from decisions where is_applied").fetchone() == (7,)
        assert con.execute("select count(*) from actions").fetchone() == (8,)
        assert con.execute("select action_id from progress_reports order by 1").fetchall() == [("OFF-1",), ("OFF-3",)]
        assert con.execute("select stakeholder from actions where action_id = 'OFF-2'").fetchone() == (
            "International Fictional Union (IFU)",
        )
        told = "select step, on_date::varchar, source, decided_by from evidence_steps where line is not null"
        assert con.execute(told).fetchall() == [("evidenced", "2021-05-01", "https://example.org/proof", "staff")]
        assert con.execute("select actions from stakeholders where name = 'Individual'").fetchall() == [(2,)]
        lines = con.execute("select decision, subject, this, that from decisions order by line").fetchall()[-2:]
    assert len({lines[0][2], lines[0][3], "[…]"}) == 3
    for line in lines:
        assert decide(folder, *line, "--undo")[0] == 0, line
    assert read_decisions(folder.decisions_file) == decisions[:-2]


@pytest.mark.nightly
def test_a_second_time_changes_nothing_and_undo_takes_it_back(folder):
    assert decide(folder, "same", "action", "OFF-1", "OFF-2")[0] == 0
    once = folder.decisions_file.read_bytes()
    code, answer = decide(folder, "same", "action", "off-2", "OFF-1")
    assert (code, answer["changed"], answer["line"]) == (0, False, 2)
    assert folder.decisions_file.read_bytes() == once
    code, answer = decide(folder, "same", "action", "OFF-2", "OFF-1", "--undo")
    assert (code, answer["changed"]) == (0, True)
    assert read_decisions(folder.decisions_file) == []
    code, answer = decide(folder, "same", "action", "OFF-2", "OFF-1", "--undo")
    assert (code, answer["what"]) == (1, "There is no such decision in decisions.csv.")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("same", "stakeholder", "IFU", "Sampel Union"), 'No published stakeholder is called "Sampel Union".'),
        (("rename", "stakeholder", "Cleo", "Nobody"), 'No published stakeholder is called "Cleo".'),
        (("same", "stakeholder", "IFU", "Ministry of Labour"), '"Ministry of Labour" means several: st_'),
        (("same", "stakeholder", "Sample Union", "The SAMPLE Union"), "are one already"),
        (("same", "action", "OFF-1", "OFF-99"), 'No published action has the id "OFF-99".'),
        (("rename", "action", "OFF-99", "Title"), 'No published action has the id "OFF-99".'),
        (("assign", "report", "r_nothing", "OFF-1"), "No published report has the key r_nothing."),
        (("merge", "action", "OFF-1", "OFF-2"), '"merge" is no decision here'),
        (("same", "action", "OFF-1"), 'the column "that" is empty'),
        (("same", "action"), "A decision has two sides; 0 were given."),
    ],
)
def test_what_is_not_published_is_refused(folder, words, what):
    code, answer = decide(folder, *words)
    assert code == 1
    assert what in answer["what"]
    assert ("SAMPLE UNION" if "Sampel Union" in words else "") in answer["remedy"] != ""
    assert not folder.decisions_file.exists()


def test_what_stands_behind_a_status_is_decided_once_and_taken_back(folder, keys):
    assert decide(folder, "evidence", keys[0], "reviewed")[1]["what"].startswith("No published report about an action")
    for words, what in (
        (("reviewed", "--on", "2021-06-30"), "On 2021-06-30 the report of 2021-07-01 was not there yet."),
        (("reviewed", "--on", "2999-01-01"), "2999-01-01 has not come yet."),
        (("evidenced", "--on", "2021-07-01"), 'This decision: the column "source" is empty.'),
        (("proven",), 'This decision: "proven" is no that here.'),
    ):
        code, answer = decide(folder, "evidence", keys[1], *words)
        assert (code, answer["what"]) == (1, what)
    code, answer = decide(folder, "evidence", "report", keys[1], *PROOF)
    assert (code, answer["changed"], answer["line"]) == (0, True, 2)
    assert decide(folder, "evidence", keys[1], *PROOF)[1]["changed"] is False
    code, answer = decide(folder, "evidence", keys[1], *PROOF[:-4], "--on", "2021-05-02")
    assert code == 1 and "row 3" in answer["what"] and "row 2" in answer["what"]
    assert decide(folder, "evidence", keys[1], "claimed")[0] == 1
    assert decide(folder, "evidence", keys[1], "evidenced", "--undo")[1]["changed"] is True
    assert read_decisions(folder.decisions_file) == []


def test_contradiction_is_refused_and_nothing_is_written(folder):
    assert decide(folder, "same", "stakeholder", "IFU", "International Fictional Union")[0] == 0
    before = folder.decisions_file.read_bytes()
    code, answer = decide(folder, "different", "stakeholder", "The International Fictional Union", "ifu")
    assert code == 1
    assert "row 3" in answer["what"] and "row 2 makes them the same" in answer["what"]
    assert folder.decisions_file.read_bytes() == before


def test_samples_and_unpublished_campaigns_are_refused(tmp_path):
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + action()})
    assert decide(folder, "same", "action", "1", "2")[1]["what"] == "Nothing is published yet."
    (folder.inbox / "a.csv").rename(folder.root / "a.csv")
    folder.samples.mkdir()
    (folder.root / "a.csv").rename(folder.samples / "a.csv")
    code, answer = decide(folder, "same", "action", "1", "2")
    assert code == 1
    assert "fictional sample data" in answer["what"]
